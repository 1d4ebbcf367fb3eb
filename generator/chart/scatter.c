/* Scatter and bubble: two measures against each other, labels that avoid each other, a trend line. */
#include "points.h"

#include <math.h>
#include <string.h>

#define SINGLE_MAX 800 /* points that are marks of their own, with tooltips; beyond, one path a group */
#define LABELS_MAX 60
#define KEY_LEAST 260 /* px, height of a chart that has room for a key of sizes */
#define LED_MAX 40 /* points of which each gets its name, if need be by a leading line */

typedef struct {
	ChartSketch *sketch;
	const ChartPoints *points;
	ChartPlot plot;
	ChartScale x;
	double largest; /* size of the greatest bubble */
} Scatter;

/* Areas are as the sizes. */
static double bubble_radius(const Scatter *scatter, double size)
{
	double most = scatter->sketch->narrow ? 20 : 30;
	return isfinite(size) && size > 0 ? fmax(2, most * sqrt(size / scatter->largest)) : 2;
}

static double radius_of(const Scatter *scatter, const ChartPoint *point)
{
	if (scatter->points->size < 0 || scatter->largest <= 0)
		return scatter->points->n > 200 ? 3 : 5;
	return bubble_radius(scatter, point->size);
}

static char *point_label(const Scatter *scatter, const ChartPoint *point)
{
	const ChartSketch *sketch = scatter->sketch;
	int column = scatter->points->label;
	return column < 0 ? NULL
					  : stet_cell_text(
							stet_table_cell(sketch->data->table, sketch->rows[point->row], (guint)column));
}

static char *point_tip(const Scatter *scatter, const ChartPoint *point)
{
	const ChartPoints *p = scatter->points;
	g_autofree char *label = point_label(scatter, point);
	g_autofree char *x = chart_column_value(scatter->sketch, p->x, point->x, STET_FULL);
	g_autofree char *y = chart_column_value(scatter->sketch, p->y, point->y, STET_FULL);
	const char *name = label ? label : p->groups[point->group];
	GString *tip = g_string_new(NULL);
	g_string_append_printf(tip, "%s%s%s: %s\n%s: %s", name, *name ? "\n" : "",
						   chart_column_title(scatter->sketch, p->x), x,
						   chart_column_title(scatter->sketch, p->y), y);
	if (p->size >= 0 && p->size != p->x && p->size != p->y) {
		g_autofree char *size = chart_column_value(scatter->sketch, p->size, point->size, STET_FULL);
		g_string_append_printf(tip, "\n%s: %s", chart_column_title(scatter->sketch, p->size), size);
	}
	return g_string_free(tip, FALSE);
}

static void extents(Scatter *scatter, double box[4])
{
	box[0] = box[2] = INFINITY;
	box[1] = box[3] = -INFINITY;
	for (guint i = 0; i < scatter->points->n; i++) {
		const ChartPoint *p = &scatter->points->points[i];
		box[0] = fmin(box[0], p->x);
		box[1] = fmax(box[1], p->x);
		box[2] = fmin(box[2], p->y);
		box[3] = fmax(box[3], p->y);
		if (isfinite(p->size))
			scatter->largest = fmax(scatter->largest, p->size);
	}
}

/* "AI spend: o $5M O $20M": two round sizes and their bubbles, above the plot. */
static void draw_size_key(const Scatter *scatter)
{
	ChartSketch *sketch = scatter->sketch;
	int column = scatter->points->size;
	gboolean low = sketch->chart->height > 0 && sketch->chart->height < KEY_LEAST;
	if (column < 0 || !(scatter->largest > 0) || scatter->points->n > SINGLE_MAX || low)
		return;
	double ten = pow(10, floor(log10(scatter->largest / 2))), digit = floor(scatter->largest / 2 / ten);
	double sizes[] = {0, ten * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1)};
	sizes[0] = sizes[1] / 5;
	double reach = bubble_radius(scatter, sizes[1]), y = sketch->frame.y0 + fmax(reach, 8), x = sketch->frame.x0;
	g_autofree char *small = chart_column_value(sketch, column, sizes[0], STET_COMPACT),
					*large = chart_column_value(sketch, column, sizes[1], STET_COMPACT);
	const char *texts[] = {small, large}, *title = chart_column_title(sketch, column);
	double width = chart_width(sketch, ROLE_AXIS_TITLE, title) + chart_width(sketch, ROLE_LABEL, small) +
				   chart_width(sketch, ROLE_LABEL, large) + 2 * (reach + bubble_radius(scatter, sizes[0])) + 40;
	if (width > sketch->frame.x1 - x)
		return;
	x = chart_text(sketch, ROLE_AXIS_TITLE, INK_NONE, ANCHOR_START, x, y + 4.5, title).x1 + 12;
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		double r = bubble_radius(scatter, sizes[i]);
		chart_circle(sketch, ROLE_BUBBLE, INK_GREY, x + r, y, r, NULL);
		x = chart_text(sketch, ROLE_LABEL, INK_NONE, ANCHOR_START, x + 2 * r + 6, y + 4.5, texts[i]).x1 + 14;
	}
	sketch->frame.y0 = y + fmax(reach, 8) + CHART_GAP;
}

static void lay_out(Scatter *scatter)
{
	ChartSketch *sketch = scatter->sketch;
	const ChartPoints *p = scatter->points;
	const StetChartColumn *columns = sketch->data->columns;
	double box[4];
	extents(scatter, box);
	draw_size_key(scatter);
	chart_room(sketch, sketch->narrow ? 330 : 420);
	ChartPlot *plot = &scatter->plot;
	plot->plot = sketch->frame;
	plot->plot.y1 -= 44;
	plot->plot.y0 +=
		p->size >= 0 ? (sketch->narrow ? 20 : 30) : 8; /* half a bubble may stand out at the top */
	plot->y = chart_value_scale(sketch, box[2], box[3], FALSE,
								(guint)CLAMP((plot->plot.y1 - plot->plot.y0) / 60, 3, 7));
	plot->plot.x0 += chart_ticks_width(sketch, &plot->y, columns[p->y].unit) + CHART_GAP;
	plot->plot.x1 -= 12;
	plot->y.from = plot->plot.y1;
	plot->y.to = plot->plot.y0;
	gboolean near = box[0] > 0 && box[0] <= 0.5 * box[1];
	scatter->x =
		chart_scale_new(sketch->chart->scale, near && sketch->chart->scale != SCALE_LOG ? 0 : box[0], box[1],
						FALSE, FALSE, (guint)CLAMP((plot->plot.x1 - plot->plot.x0) / 90, 3, 8));
	scatter->x.from = plot->plot.x0;
	scatter->x.to = plot->plot.x1;
	chart_y_axis(sketch, plot, columns[p->y].unit, -1);
	chart_x_value_axis(sketch, &scatter->x, plot->plot.y0, plot->plot.y1, columns[p->x].unit);
	g_autofree char *title =
		chart_pen_fit(sketch->pen, FONT_TEXT, chart_column_title(sketch, p->x), sketch->scene->width - 40);
	g_autofree char *arrow = g_strconcat(title, " →", NULL);
	chart_text(sketch, ROLE_AXIS_TITLE, INK_NONE, ANCHOR_END, plot->plot.x1, plot->plot.y1 + 38, arrow);
}

static int by_size(gconstpointer a, gconstpointer b, gpointer data)
{
	const ChartPoint *points = data;
	const ChartPoint *pa = &points[*(const guint *)a], *pb = &points[*(const guint *)b];
	return pa->size > pb->size ? -1 : pa->size < pb->size ? 1 : pa->row < pb->row ? -1 : pa->row > pb->row;
}

/* Large bubbles first, so that small ones stay in sight and the large get their labels. */
static guint *drawing_order(const ChartPoints *points)
{
	guint *order = g_new(guint, points->n + 1);
	for (guint i = 0; i < points->n; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)points->n, sizeof *order, by_size, points->points);
	return order;
}

static gboolean is_back(const Scatter *scatter, const ChartPoint *point)
{
	const StetChart *chart = scatter->sketch->chart;
	if (chart->n_highlight == 0)
		return FALSE;
	g_autofree char *label = point_label(scatter, point);
	for (guint i = 0; i < chart->n_highlight; i++)
		if (strcmp(chart->highlight[i], scatter->points->groups[point->group]) == 0 ||
			(label && strcmp(chart->highlight[i], label) == 0))
			return FALSE;
	return TRUE;
}

static void draw_singly(const Scatter *scatter, const guint *order)
{
	const ChartPoints *p = scatter->points;
	ChartRole role = p->size >= 0 ? ROLE_BUBBLE : ROLE_DOT;
	for (guint k = 0; k < p->n; k++) {
		const ChartPoint *point = &p->points[order[k]];
		double x = chart_scale_at(&scatter->x, point->x), y = chart_scale_at(&scatter->plot.y, point->y);
		double r = radius_of(scatter, point);
		double room =
			fmin(fmin(x, scatter->sketch->scene->width - x), fmin(y, scatter->sketch->frame.y1 - y));
		g_autofree char *tip = point_tip(scatter, point);
		chart_circle(scatter->sketch, role,
					 is_back(scatter, point) ? INK_GREY : (ChartInk)p->inks[point->group], x, y,
					 fmin(r, room), tip);
		chart_take(scatter->sketch, (ChartBox){x - r * 0.7, y - r * 0.7, x + r * 0.7, y + r * 0.7});
	}
}

/* Thousands of points as one path a group: a line of no length with round ends is a dot. */
static void draw_swarm(const Scatter *scatter)
{
	const ChartPoints *p = scatter->points;
	for (guint g = 0; g < p->n_groups; g++) {
		cairo_t *cr = chart_path(scatter->sketch);
		for (guint i = 0; i < p->n; i++)
			if (p->points[i].group == g) {
				double x = chart_scale_at(&scatter->x, p->points[i].x);
				double y = chart_scale_at(&scatter->plot.y, p->points[i].y);
				cairo_move_to(cr, x, y);
				cairo_line_to(cr, x, y);
			}
		chart_scene_path(scatter->sketch->scene, ROLE_SWARM, p->inks[g], cr, NULL);
	}
}

/* Least squares through all points, clipped to the plot. */
static void draw_trend(const Scatter *scatter)
{
	const ChartPoints *p = scatter->points;
	double mx = 0, my = 0, sxx = 0, sxy = 0;
	for (guint i = 0; i < p->n; i++) {
		mx += p->points[i].x / p->n;
		my += p->points[i].y / p->n;
	}
	for (guint i = 0; i < p->n; i++) {
		sxx += (p->points[i].x - mx) * (p->points[i].x - mx);
		sxy += (p->points[i].x - mx) * (p->points[i].y - my);
	}
	if (!(sxx > 0) || p->n < 3 || scatter->x.kind != SCALE_LINEAR)
		return;
	double slope = sxy / sxx, from = scatter->x.low, to = scatter->x.high;
	double low = scatter->plot.y.low, high = scatter->plot.y.high;
	if (slope != 0) {
		double a = mx + (low - my) / slope, b = mx + (high - my) / slope;
		from = fmax(from, fmin(a, b));
		to = fmin(to, fmax(a, b));
	}
	if (from < to)
		chart_line(scatter->sketch, ROLE_TREND, INK_TEXT, chart_scale_at(&scatter->x, from),
				   chart_scale_at(&scatter->plot.y, my + slope * (from - mx)),
				   chart_scale_at(&scatter->x, to), chart_scale_at(&scatter->plot.y, my + slope * (to - mx)));
}

/* Beside the point, else further off with a line that leads to it, where there are few points. */
static gboolean label_point(const Scatter *scatter, double x, double y, double r, const char *label)
{
	ChartSketch *sketch = scatter->sketch;
	guint steps = scatter->points->n <= LED_MAX ? 3 : 0;
	if (chart_label_point(sketch, ROLE_NOTE, INK_NONE, x, y, r, label))
		return TRUE;
	for (guint i = 1; i <= steps; i++) {
		if (!chart_label_point(sketch, ROLE_NOTE, INK_NONE, x, y, r + 12 * i, label))
			continue;
		ChartBox box = chart_mark_box(&g_array_index(sketch->scene->marks, ChartMark, sketch->scene->marks->len - 1));
		double to_x = CLAMP(x, box.x0 - 2, box.x1 + 2), to_y = CLAMP(y, box.y0, box.y1), far = hypot(to_x - x, to_y - y);
		if (far > r)
			chart_line(sketch, ROLE_LEADER, INK_NONE, x + (to_x - x) * r / far, y + (to_y - y) * r / far, to_x, to_y);
		return TRUE;
	}
	return FALSE;
}

static void draw_labels(const Scatter *scatter, const guint *order)
{
	const ChartPoints *p = scatter->points;
	guint placed = 0;
	for (guint k = 0; p->label >= 0 && k < p->n && placed < LABELS_MAX; k++) {
		const ChartPoint *point = &p->points[order[k]];
		g_autofree char *label = point_label(scatter, point);
		if (!*label || is_back(scatter, point))
			continue;
		double x = chart_scale_at(&scatter->x, point->x), y = chart_scale_at(&scatter->plot.y, point->y);
		double r = radius_of(scatter, point), width = chart_width(scatter->sketch, ROLE_NOTE, label);
		if (width + 4 < 2 * r)
			chart_text(scatter->sketch, ROLE_ON_FILL, p->inks[point->group], ANCHOR_MIDDLE, x, y + 4, label),
				placed++;
		else
			placed += label_point(scatter, x, y, r, label) ? 1 : 0;
	}
}

/* The place of a note: a number on x, or the label of a point. */
static gboolean note_place(const Scatter *scatter, const ChartNote *note, double *x, double *y)
{
	char *end = NULL;
	double value = g_ascii_strtod(note->x, &end);
	*y = note->has_y ? note->y : NAN;
	if (end != note->x && *end == 0 && isfinite(value)) {
		*x = value;
		return value >= scatter->x.low && value <= scatter->x.high;
	}
	for (guint i = 0; i < scatter->points->n && scatter->points->label >= 0; i++) {
		g_autofree char *label = point_label(scatter, &scatter->points->points[i]);
		if (strcmp(label, note->x) != 0)
			continue;
		*x = scatter->points->points[i].x;
		*y = scatter->points->points[i].y;
		return TRUE;
	}
	return FALSE;
}

/* With x and y a point, with one of them a line across at it. */
static void draw_notes(const Scatter *scatter)
{
	ChartSketch *sketch = scatter->sketch;
	const ChartPlot *plot = &scatter->plot;
	for (guint i = 0; i < sketch->chart->n_notes; i++) {
		const ChartNote *note = &sketch->chart->notes[i];
		double x = 0, y = note->y;
		gboolean good = !note->x || note_place(scatter, note, &x, &y);
		double px = round(chart_scale_at(&scatter->x, x)) + 0.5,
			   py = round(chart_scale_at(&plot->y, y)) + 0.5;
		if (good && !note->x) {
			chart_line(sketch, ROLE_REFERENCE, INK_NONE, plot->plot.x0, py, plot->plot.x1, py);
			chart_label_reference(sketch, plot, py, note->text);
		} else if (good && isnan(y)) {
			chart_line(sketch, ROLE_REFERENCE, INK_NONE, px, plot->plot.y0, px, plot->plot.y1);
			good = chart_label_point(sketch, ROLE_NOTE, INK_NONE, px, plot->plot.y0 + 8, 2, note->text);
		} else if (good) {
			chart_circle(sketch, ROLE_DOT, INK_TEXT, px, py, 3.5, note->text);
			good = chart_label_point(sketch, ROLE_NOTE, INK_NONE, px, py, 6, note->text);
		}
		if (!good && !sketch->narrow)
			stet_diagnose(sketch->diags, STET_WARNING, "chart-note", note->place,
						  "give numbers within the axes, or a point's label", "no place for the note '%s'",
						  note->text);
	}
}

static double correlation(const ChartPoints *p)
{
	double mx = 0, my = 0, sxx = 0, sxy = 0, syy = 0;
	for (guint i = 0; i < p->n; i++) {
		mx += p->points[i].x / p->n;
		my += p->points[i].y / p->n;
	}
	for (guint i = 0; i < p->n; i++) {
		double dx = p->points[i].x - mx, dy = p->points[i].y - my;
		sxx += dx * dx;
		sxy += dx * dy;
		syy += dy * dy;
	}
	return sxx > 0 && syy > 0 ? sxy / sqrt(sxx * syy) : 0;
}

/* What was asked for and cannot be drawn. */
static void check_points(const Scatter *scatter)
{
	const ChartSketch *sketch = scatter->sketch;
	if (sketch->narrow)
		return;
	if (sketch->chart->trend && scatter->x.kind != SCALE_LINEAR)
		stet_diagnose(sketch->diags, STET_WARNING, "chart-trend", chart_key_place(sketch->chart, "trend"),
					  "leave out 'log' or 'trend'", "a straight trend has no meaning on a log scale");
	if (scatter->points->label >= 0 && scatter->points->n > SINGLE_MAX)
		stet_diagnose(sketch->diags, STET_WARNING, "chart-labels", chart_key_place(sketch->chart, "label"),
					  "narrow the data with 'where'", "%u points are too many to be labelled (%d)",
					  scatter->points->n, SINGLE_MAX);
}

static char *finding(const Scatter *scatter)
{
	const ChartPoints *p = scatter->points;
	double r = correlation(p);
	g_autofree char *text = stet_locale_number(scatter->sketch->data->locale, r, 2, 2);
	g_autofree char *count = chart_say_count(scatter->sketch, p->n);
	return chart_say(scatter->sketch,
					 fabs(r) < 0.2 ? SAY_HARDLY_WITH
					 : r > 0       ? SAY_RISES_WITH
								   : SAY_FALLS_WITH,
					 "y", chart_column_title(scatter->sketch, p->y), "x",
					 chart_column_title(scatter->sketch, p->x), "count", count, "r", text, NULL);
}

gboolean chart_draw_scatter(ChartSketch *sketch)
{
	g_autoptr(ChartPoints) points = chart_points_new(sketch, TRUE);
	if (!points)
		return FALSE;
	Scatter scatter = {.sketch = sketch, .points = points};
	ChartGrid key = {.n_series = points->n_groups, .names = points->groups, .inks = points->inks};
	key.back = g_new0(gboolean, points->n_groups);
	chart_y_title(sketch, chart_column_title(sketch, points->y), sketch->data->columns[points->y].unit);
	if (points->n_groups <= CHART_CATEGORIES)
		chart_legend(sketch, &key);
	g_free(key.back);
	if (points->n == 0) {
		sketch->scene->description = chart_say(sketch, SAY_NO_POINTS, NULL);
		chart_room(sketch, 60);
		return TRUE;
	}
	lay_out(&scatter);
	check_points(&scatter);
	g_autofree guint *order = drawing_order(points);
	if (points->n <= SINGLE_MAX)
		draw_singly(&scatter, order);
	else
		draw_swarm(&scatter);
	if (sketch->chart->trend)
		draw_trend(&scatter);
	draw_notes(&scatter);
	if (points->n <= SINGLE_MAX)
		draw_labels(&scatter, order);
	sketch->scene->description = finding(&scatter);
	return TRUE;
}
