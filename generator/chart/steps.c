/* Waterfall (a bridge of changes), bullet (value against target) and timeline. */
#include "points.h"

#include <math.h>
#include <string.h>

#define VALUES_MOST 0.4 /* of the width, for the values beside the bars */
#define BULLETS_MAX 40
#define EVENTS_MAX 100

/* ---- waterfall ------------------------------------------------------------------------------ */

typedef struct {
	char *name;
	double from, to;
	gboolean total;
} Step;

static void add_step(GArray *steps, const char *name, double from, double to, gboolean total)
{
	Step step = {g_strdup(name), from, to, total};
	g_array_append_val(steps, step);
}

static void step_clear(gpointer data)
{
	g_free(((Step *)data)->name);
}

/* Between two periods: the first's total, each series' change, the last's total. */
static void bridge_periods(const ChartGrid *grid, GArray *steps)
{
	double first = 0, level;
	guint last = grid->n_x - 1;
	for (guint s = 0; s < grid->n_series; s++)
		first += isnan(chart_grid_value(grid, s, 0)) ? 0 : chart_grid_value(grid, s, 0);
	add_step(steps, grid->labels[0], 0, first, TRUE);
	level = first;
	for (guint s = 0; s < grid->n_series; s++) {
		double a = chart_grid_value(grid, s, 0), b = chart_grid_value(grid, s, last);
		double change = (isnan(b) ? 0 : b) - (isnan(a) ? 0 : a);
		add_step(steps, grid->names[s], level, level + change, FALSE);
		level += change;
	}
	add_step(steps, grid->labels[last], 0, level, TRUE);
}

/* Changes in the order of the data, and their sum. */
static void bridge_rows(const ChartSketch *sketch, const ChartGrid *grid, GArray *steps)
{
	double level = 0;
	for (guint i = 0; i < grid->n_x; i++) {
		double change = chart_grid_value(grid, 0, i);
		if (isnan(change))
			continue;
		add_step(steps, grid->labels[i], level, level + change, i == 0);
		level += change;
	}
	const StetNode *total = stet_node_get(sketch->chart->node, "total");
	g_autofree char *name =
		total && total->kind == STET_NODE_TEXT ? g_strdup(total->text) : chart_say(sketch, SAY_TOTAL, NULL);
	if (sketch->chart->total)
		add_step(steps, name, 0, level, TRUE);
}

/* Lying steps: names and changes always have room, at both widths. */
static void draw_steps(ChartSketch *sketch, const ChartGrid *grid, const GArray *steps)
{
	double low = 0, high = 0, names = 0, values = 0, full = sketch->frame.x1 - sketch->frame.x0;
	for (guint i = 0; i < steps->len; i++) {
		const Step *step = &g_array_index(steps, Step, i);
		g_autofree char *text = chart_value(sketch, grid, step->total ? step->to : step->to - step->from);
		low = fmin(low, fmin(step->from, step->to));
		high = fmax(high, fmax(step->from, step->to));
		names = fmax(names, chart_width(sketch, ROLE_STRONG, step->name));
		values = fmax(values, chart_width(sketch, ROLE_VALUE, text) + 12);
	}
	names = fmin(names, full * (sketch->narrow ? 0.4 : 0.32));
	chart_room_least(sketch, steps->len * 34.0 + 2, steps->len * 20.0 + 2);
	double x0 = sketch->frame.x0 + names + CHART_GAP;
	values = fmin(values, (sketch->frame.x1 - x0) * VALUES_MOST);
	double x1 = sketch->frame.x1 - values - 6;
	double row = (sketch->frame.y1 - sketch->frame.y0 - 2) / steps->len;
	ChartScale x = chart_value_scale(sketch, low, high, TRUE, 5);
	x.low = low;
	x.high = high > low ? high : low + 1;
	x.from = x0 + (low < 0 ? values : 0);
	x.to = x1;
	for (guint i = 0; i < steps->len; i++) {
		const Step *step = &g_array_index(steps, Step, i);
		double y = sketch->frame.y0 + (i + 0.5) * row, half = fmin(11, row * 0.4),
			   change = step->to - step->from;
		g_autofree char *value = chart_value(sketch, grid, step->total ? step->to : change);
		g_autofree char *text = g_strconcat(!step->total && change > 0 ? "+" : "", value, NULL);
		g_autofree char *tip = g_strdup_printf("%s: %s", step->name, text);
		g_autofree char *shown = chart_pen_fit(sketch->pen, FONT_TEXT, text, values);
		g_autofree char *name =
			chart_pen_fit(sketch->pen, step->total ? FONT_STRONG : FONT_TEXT, step->name, names + 0.5);
		double a = chart_scale_at(&x, step->from), b = chart_scale_at(&x, step->to);
		gboolean negative = change < 0;
		chart_rect(sketch, ROLE_BAR,
				   step->total ? INK_C1
				   : negative  ? INK_DOWN
							   : INK_UP,
				   a, y - half, b, y + half, tip);
		if (i + 1 < steps->len)
			chart_line(sketch, ROLE_LEADER, INK_NONE, round(b) + 0.5, y + half, round(b) + 0.5,
					   y + row - half);
		chart_text(sketch, step->total ? ROLE_STRONG : ROLE_LABEL, INK_NONE, ANCHOR_END,
				   sketch->frame.x0 + names, y + 4.5, name);
		chart_text(sketch, ROLE_VALUE, INK_NONE, ANCHOR_START, fmax(a, b) + 6, y + 4.5, shown);
	}
	double zero = round(chart_scale_at(&x, 0)) + 0.5;
	chart_line(sketch, ROLE_BASE, INK_NONE, zero, sketch->frame.y0, zero, sketch->frame.y1);
}

gboolean chart_draw_waterfall(ChartSketch *sketch)
{
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(Step));
	g_array_set_clear_func(steps, step_clear);
	if (!grid)
		return FALSE;
	if (grid->kind != X_CATEGORY && grid->n_x > 1 && grid->series >= 0)
		bridge_periods(grid, steps);
	else
		bridge_rows(sketch, grid, steps);
	if (steps->len == 0)
		add_step(steps, "–", 0, 0, TRUE);
	chart_axis_title(sketch, grid->title, grid->unit);
	draw_steps(sketch, grid, steps);
	const Step *first = &g_array_index(steps, Step, 0), *last = &g_array_index(steps, Step, steps->len - 1),
			   *most = first;
	for (guint i = 1; i + 1 < steps->len; i++) {
		const Step *step = &g_array_index(steps, Step, i);
		if (most == first || fabs(step->to - step->from) > fabs(most->to - most->from))
			most = step;
	}
	g_autofree char *a = chart_value(sketch, grid, first->to), *b = chart_value(sketch, grid, last->to);
	g_autofree char *c = chart_value(sketch, grid, most->to - most->from);
	sketch->scene->description =
		chart_say(sketch, SAY_BRIDGE, "measure", grid->title, "from", a, "first", first->name, "to", b,
				  "last", last->name, "name", most->name, "change", c, NULL);
	return TRUE;
}

/* ---- bullet --------------------------------------------------------------------------------- */

typedef struct {
	double value, target;
	char *name;
} Bullet;

static double number_at(const ChartSketch *sketch, guint row, int column)
{
	return column < 0
			   ? NAN
			   : stet_cell_number(stet_table_cell(sketch->data->table, sketch->rows[row], (guint)column));
}

static void draw_bullet(ChartSketch *sketch, const ChartPoints *points, const ChartPoint *point,
						double target, const ChartScale *x, double y)
{
	const StetChart *chart = sketch->chart;
	double from = x->from;
	for (guint i = 0; i < chart->n_ranges; i++) {
		double to = chart_scale_at(x, chart->ranges[i]);
		if (to > from)
			chart_rect(sketch, ROLE_CELL, (ChartInk)(INK_S1 + MIN(i, 3u)), from, y - 12, to, y + 12, NULL);
		from = fmax(from, to);
	}
	g_autofree char *value = chart_column_value(sketch, points->y, point->y, STET_COMPACT);
	g_autofree char *aim = isnan(target) ? NULL : chart_column_value(sketch, points->y, target, STET_COMPACT);
	const char *name = points->groups[point->group];
	g_autofree char *tip =
		aim ? chart_say(sketch, SAY_TARGET, "name", name, "value", value, "target", aim, NULL)
			: g_strconcat(name, ": ", value, NULL);
	double at = chart_scale_at(x, point->y), mark = chart_scale_at(x, target);
	chart_rect(sketch, ROLE_BAR, INK_C1, chart_scale_at(x, 0), y - 6, at, y + 6, tip);
	double zero = round(chart_scale_at(x, 0)) + 0.5;
	chart_line(sketch, ROLE_BASE, INK_NONE, zero, y - 12, zero, y + 12);
	if (aim)
		chart_line(sketch, ROLE_TARGET, INK_NONE, mark, y - 11, mark, y + 11);
	g_autofree char *shown = chart_pen_fit(sketch->pen, FONT_TEXT, value, sketch->frame.x1 - x->to - 10);
	chart_text(sketch, ROLE_VALUE, INK_NONE, ANCHOR_START, x->to + 10, y + 4.5, shown);
}

gboolean chart_draw_bullet(ChartSketch *sketch)
{
	g_autoptr(ChartPoints) points = chart_points_new(sketch, FALSE);
	const StetChart *chart = sketch->chart;
	double low = 0, high = 0, names = 0, values = 0, full = sketch->frame.x1 - sketch->frame.x0;
	guint met = 0, aimed = 0;
	if (!points)
		return FALSE;
	int target = chart->target ? chart_column(sketch, chart->target, "target") : -1;
	if (chart->target && target < 0)
		return FALSE;
	guint n = MIN(points->n, BULLETS_MAX);
	if (points->n > n && !sketch->narrow)
		stet_diagnose(sketch->diags, STET_WARNING, "chart-too-many", sketch->data->place,
					  "narrow the data with 'where'", "%u rows are more than a bullet chart shows (%d)",
					  points->n, BULLETS_MAX);
	for (guint i = 0; i < n; i++) {
		double aim = number_at(sketch, points->points[i].row, target), value = points->points[i].y;
		g_autofree char *text = chart_column_value(sketch, points->y, value, STET_COMPACT);
		names = fmax(names, chart_width(sketch, ROLE_LABEL, points->groups[points->points[i].group]));
		values = fmax(values, chart_width(sketch, ROLE_VALUE, text));
		low = fmin(low, fmin(value, aim));
		high = fmax(high, fmax(value, aim));
		aimed += isnan(aim) ? 0 : 1;
		met += value >= aim ? 1 : 0;
	}
	for (guint i = 0; i < chart->n_ranges; i++)
		high = fmax(high, chart->ranges[i]);
	const char *unit = sketch->data->columns[points->y].unit;
	chart_axis_title(sketch, chart_column_title(sketch, points->y), unit);
	names = fmin(names, full * (sketch->narrow ? 0.38 : 0.3));
	chart_room_least(sketch, MAX(n, 1) * 40.0 + 26, MAX(n, 1) * 26.0 + 26);
	double y0 = sketch->frame.y0, y1 = sketch->frame.y1 - 24, row = (y1 - y0) / MAX(n, 1);
	ChartScale x = chart_value_scale(sketch, low, high, TRUE, sketch->narrow ? 3 : 6);
	x.from = sketch->frame.x0 + names + 12;
	x.to = sketch->frame.x1 - fmin(values, (sketch->frame.x1 - x.from) * VALUES_MOST) - 14;
	chart_x_value_axis(sketch, &x, y0, y1, unit);
	for (guint i = 0; i < n; i++) {
		const ChartPoint *point = &points->points[i];
		double y = y0 + (i + 0.5) * row;
		g_autofree char *name =
			chart_pen_fit(sketch->pen, FONT_TEXT, points->groups[point->group], names + 0.5);
		chart_text(sketch, ROLE_LABEL, INK_NONE, ANCHOR_END, sketch->frame.x0 + names, y + 4.5, name);
		draw_bullet(sketch, points, point, number_at(sketch, point->row, target), &x, y);
	}
	g_autofree char *reach = chart_say_count(sketch, met), *all = chart_say_count(sketch, aimed);
	sketch->scene->description = chart_say(sketch, SAY_TARGETS, "met", reach, "count", all, NULL);
	return TRUE;
}

/* ---- timeline ------------------------------------------------------------------------------- */

typedef struct {
	char *key, *date, *text, *group;
	gsize row;
} Happening;

static int by_date(gconstpointer a, gconstpointer b)
{
	const Happening *ha = a, *hb = b;
	int sign = strcmp(ha->key, hb->key);
	return sign ? sign : ha->row < hb->row ? -1 : ha->row > hb->row;
}

static void happening_clear(gpointer data)
{
	Happening *h = data;
	g_free(h->key);
	g_free(h->date);
	g_free(h->text);
	g_free(h->group);
}

/* Columns for the date, the text and the group: named, or the first period and the first text. */
static gboolean timeline_columns(ChartSketch *sketch, int *when, int *what, int *group)
{
	const StetChart *chart = sketch->chart;
	const StetTable *table = sketch->data->table;
	*when = chart->x ? chart_column(sketch, chart->x, "x") : -1;
	*what = chart->label ? chart_column(sketch, chart->label, "label") : -1;
	*group = chart->series ? chart_column(sketch, chart->series, "series") : -1;
	if ((chart->x && *when < 0) || (chart->label && *what < 0) || (chart->series && *group < 0))
		return FALSE;
	for (guint i = 0; i < table->n_columns && *when < 0; i++)
		if (sketch->data->columns[i].is_period || table->columns[i].kind == STET_DATE)
			*when = (int)i;
	for (guint i = 0; i < table->n_columns && *what < 0; i++)
		if (table->columns[i].kind == STET_TEXT && (int)i != *when && (int)i != *group)
			*what = (int)i;
	if (*when < 0 || *what < 0)
		stet_diagnose(sketch->diags, STET_ERROR, "chart-column", sketch->data->place,
					  "name them with 'x' and 'label'",
					  "a timeline needs a column of dates and one of texts");
	return *when >= 0 && *what >= 0;
}

/* Downwards, one event a row: reads alike at every width. */
static void draw_happenings(ChartSketch *sketch, const GArray *happenings, gboolean grouped)
{
	double dates = 0, y = sketch->frame.y0 + 6, top = y;
	GPtrArray *groups = g_ptr_array_new();
	for (guint i = 0; i < happenings->len; i++)
		dates =
			fmax(dates, chart_width(sketch, ROLE_TICK_LABEL, g_array_index(happenings, Happening, i).date));
	dates = fmin(dates, sketch->scene->width * 0.4);
	double axis = round(sketch->frame.x0 + dates + 16) + 0.5, left = axis + 16;
	guint line = sketch->scene->marks->len;
	chart_line(sketch, ROLE_BASE, INK_NONE, axis, top, axis, top + 1);
	for (guint i = 0; i < happenings->len; i++) {
		const Happening *h = &g_array_index(happenings, Happening, i);
		guint at = 0;
		while (at < groups->len && strcmp(groups->pdata[at], h->group) != 0)
			at++;
		if (at == groups->len)
			g_ptr_array_add(groups, h->group);
		g_autoptr(GPtrArray) lines =
			chart_pen_wrap(sketch->pen, FONT_TEXT, h->text, sketch->frame.x1 - left, 4);
		g_autofree char *date = chart_pen_fit(sketch->pen, FONT_TEXT, h->date, dates + 0.5);
		g_autofree char *tip = g_strdup_printf("%s: %s", h->date, h->text);
		ChartInk ink = grouped ? at < CHART_CATEGORIES ? (ChartInk)(INK_C1 + at) : INK_GREY : INK_C1;
		chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_END, axis - 16, y + 12, date);
		chart_circle(sketch, ROLE_DOT, ink, axis, y + 8, 6, tip);
		y = chart_lines(sketch, ROLE_LABEL, INK_NONE, ANCHOR_START, left, y + 12, lines) + 2;
	}
	/* The axis was drawn first, to lie under the dots; now its length is known. */
	ChartMark *mark = &g_array_index(sketch->scene->marks, ChartMark, line);
	cairo_t *cr = chart_path(sketch);
	cairo_move_to(cr, axis, top);
	cairo_line_to(cr, axis, y - 4);
	cairo_path_destroy(mark->path);
	mark->path = cairo_copy_path(cr);
	cairo_new_path(cr);
	sketch->frame.y1 = y;
	g_ptr_array_unref(groups);
}

gboolean chart_draw_timeline(ChartSketch *sketch)
{
	int when, what, group;
	if (!timeline_columns(sketch, &when, &what, &group))
		return FALSE;
	g_autoptr(GArray) happenings = g_array_new(FALSE, FALSE, sizeof(Happening));
	g_array_set_clear_func(happenings, happening_clear);
	for (gsize i = 0; i < sketch->n_rows && i < EVENTS_MAX; i++) {
		const StetCell *row = stet_table_cell(sketch->data->table, sketch->rows[i], 0);
		Happening h = {.key = stet_cell_text(row + when), .text = stet_cell_text(row + what), .row = i};
		h.date = stet_locale_period(sketch->data->locale, h.key);
		h.group = group >= 0 ? stet_cell_text(row + group) : g_strdup("");
		g_array_append_val(happenings, h);
	}
	if (sketch->n_rows > EVENTS_MAX && !sketch->narrow)
		stet_diagnose(sketch->diags, STET_WARNING, "chart-too-many", sketch->data->place,
					  "narrow the data with 'where'", "%u events are more than a timeline shows (%d)",
					  (guint)sketch->n_rows, EVENTS_MAX);
	qsort(happenings->data, happenings->len, sizeof(Happening), by_date);
	if (group >= 0) {
		ChartGrid key = {0};
		GPtrArray *names = g_ptr_array_new();
		guint8 inks[CHART_CATEGORIES];
		gboolean back[CHART_CATEGORIES] = {FALSE};
		for (guint i = 0; i < happenings->len; i++) {
			char *name = g_array_index(happenings, Happening, i).group;
			gboolean known = FALSE;
			for (guint k = 0; k < names->len; k++)
				known |= strcmp(names->pdata[k], name) == 0;
			if (!known && names->len < CHART_CATEGORIES) {
				inks[names->len] = (guint8)(INK_C1 + names->len);
				g_ptr_array_add(names, name);
			}
		}
		key.n_series = names->len;
		key.names = (char **)names->pdata;
		key.inks = inks;
		key.back = back;
		chart_legend(sketch, &key);
		g_ptr_array_unref(names);
	}
	draw_happenings(sketch, happenings, group >= 0);
	const Happening *first = &g_array_index(happenings, Happening, 0);
	const Happening *last = &g_array_index(happenings, Happening, happenings->len - 1);
	g_autofree char *count = chart_say_count(sketch, happenings->len);
	sketch->scene->description = chart_say(sketch, SAY_EVENTS, "count", count, "when", first->date, "first",
										   first->text, "then", last->date, "last", last->text, NULL);
	return TRUE;
}
