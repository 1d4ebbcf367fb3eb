/* Axes: tick labels that fit, grid lines, events and notes at places on them. */
#include "layout.h"

#include <math.h>
#include <string.h>

#define HITS_MAX 60    /* tooltip strips of one chart */
#define HIT_LEAST 10.0 /* px */

/* ---- values --------------------------------------------------------------------------------- */

ChartScale chart_value_scale(ChartSketch *sketch, double low, double high, gboolean zero, guint target)
{
	const StetChart *chart = sketch->chart;
	sketch->seen[0] = fmin(sketch->seen[0], low);
	sketch->seen[1] = fmax(sketch->seen[1], high);
	if (sketch->has_shared) {
		low = sketch->shared[0];
		high = sketch->shared[1];
	}
	if (chart->has_baseline) {
		low = fmin(low, chart->baseline);
		high = fmax(high, chart->baseline);
	}
	/* A line may leave zero out where the values are far from it; a bar may not. */
	gboolean near = low > 0 && low <= 0.6 * high;
	if (chart->scale != SCALE_LOG && (zero || near)) {
		low = fmin(low, 0);
		high = fmax(high, 0);
	}
	if (chart->has_low)
		low = chart->domain[0];
	if (chart->has_high)
		high = chart->domain[1];
	return chart_scale_new(chart->scale, low, high, chart->has_low, chart->has_high, target);
}

double chart_whole(const char *unit, double high)
{
	return unit && strcmp(unit, "percent") == 0 && high > 100 && high <= 101 ? 100 : high;
}

static char *tick_text(const ChartSketch *sketch, const ChartScale *scale, double tick, const char *unit)
{
	return stet_locale_quantity(sketch->data->locale, sketch->sides ? fabs(tick) : tick, unit,
								scale->kind == SCALE_LINEAR ? scale->decimals : -1, STET_AXIS);
}

double chart_ticks_width(ChartSketch *sketch, const ChartScale *scale, const char *unit)
{
	double width = 0;
	for (guint i = 0; i < scale->n_ticks; i++) {
		g_autofree char *text = tick_text(sketch, scale, scale->ticks[i], unit);
		width = fmax(width, chart_width(sketch, ROLE_TICK_LABEL, text));
	}
	return width;
}

void chart_y_axis(ChartSketch *sketch, ChartPlot *plot, const char *unit, int display)
{
	(void)display;
	double base = plot->y.low <= 0 && plot->y.high >= 0 ? 0 : NAN;
	if (sketch->chart->has_baseline)
		base = sketch->chart->baseline;
	for (guint i = 0; i < plot->y.n_ticks; i++) {
		double y = round(chart_scale_at(&plot->y, plot->y.ticks[i])) + 0.5;
		if (plot->y.ticks[i] != base)
			chart_line(sketch, ROLE_GRID, INK_NONE, plot->plot.x0, y, plot->plot.x1, y);
	}
	double last = INFINITY;
	for (guint i = 0; i < plot->y.n_ticks && sketch->first_cell; i++) {
		double y = chart_scale_at(&plot->y, plot->y.ticks[i]) + 4.5;
		g_autofree char *text = tick_text(sketch, &plot->y, plot->y.ticks[i], unit);
		if (last - y < 14)
			continue;
		chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_END, plot->plot.x0 - CHART_GAP, y, text);
		last = y;
	}
	if (!isnan(base) && base >= plot->y.low && base <= plot->y.high) {
		double y = round(chart_scale_at(&plot->y, base)) + 0.5;
		chart_line(sketch, ROLE_BASE, INK_NONE, plot->plot.x0, y, plot->plot.x1, y);
	}
}

void chart_x_value_axis(ChartSketch *sketch, const ChartScale *scale, double y0, double y1, const char *unit)
{
	double right = -INFINITY;
	for (guint i = 0; i < scale->n_ticks; i++) {
		double x = round(chart_scale_at(scale, scale->ticks[i])) + 0.5;
		chart_line(sketch, scale->ticks[i] == 0 ? ROLE_BASE : ROLE_GRID, INK_NONE, x, y0, x, y1);
	}
	for (guint i = 0; i < scale->n_ticks; i++) {
		double x = chart_scale_at(scale, scale->ticks[i]);
		g_autofree char *text = tick_text(sketch, scale, scale->ticks[i], unit);
		double half = chart_width(sketch, ROLE_TICK_LABEL, text) / 2;
		if (x - half < right + 10)
			continue;
		right = chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_MIDDLE, x, y1 + 17, text).x1;
	}
}

/* ---- positions ------------------------------------------------------------------------------ */

double chart_x_at(const ChartGrid *grid, const ChartPlot *plot, guint x)
{
	double width = plot->plot.x1 - plot->plot.x0;
	if (plot->band > 0)
		return plot->plot.x0 + plot->band * (x + 0.5);
	if (plot->last <= plot->first)
		return plot->plot.x0 + width / 2;
	return plot->plot.x0 + width * (grid->at[x] - plot->first) / (plot->last - plot->first);
}

gboolean chart_x_of(const ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot, const char *text,
					double *px)
{
	double at;
	(void)sketch;
	for (guint i = 0; i < grid->n_x; i++)
		if (strcmp(grid->keys[i], text) == 0 || strcmp(grid->labels[i], text) == 0) {
			*px = chart_x_at(grid, plot, i);
			return TRUE;
		}
	/* A date between the axis' periods. */
	ChartXKind kind = chart_period_read(text, &at);
	if (kind == X_CATEGORY || grid->kind < X_YEAR || grid->n_x == 0)
		return FALSE;
	if (kind != grid->kind) {
		int year, part;
		static const double parts[] = {[X_YEAR] = 1, [X_QUARTER] = 4, [X_MONTH] = 12, [X_DATE] = 365.25};
		chart_period_split(kind, at, &year, &part);
		double year_at = year + (part - 1) / parts[kind];
		at = grid->kind == X_DATE ? stet_date_days(year, 1, 1) + (part - 1) / parts[kind] * 365.25
								  : year_at * parts[grid->kind];
	}
	double first = grid->at[0], last = grid->at[grid->n_x - 1];
	if (at < first - 0.5 || at > last + 0.99)
		return FALSE;
	double share = last > first ? CLAMP((at - first) / (last - first), 0, 1) : 0;
	double x0 = chart_x_at(grid, plot, 0), x1 = chart_x_at(grid, plot, grid->n_x - 1);
	*px = x0 + (x1 - x0) * share;
	return TRUE;
}

/* ---- the x axis ----------------------------------------------------------------------------- */

/* "Q4 2025" without its year: "Q4"; "März 2025": "Mär". */
static char *part_label(const ChartGrid *grid, guint x, int year)
{
	char number[16];
	g_snprintf(number, sizeof number, "%d", year);
	g_auto(GStrv) pieces = g_strsplit(grid->labels[x], number, 2);
	g_autofree char *text = g_strjoinv("", pieces);
	g_strstrip(text);
	return grid->kind == X_MONTH ? g_utf8_substring(text, 0, MIN(3, g_utf8_strlen(text, -1)))
								 : g_strdup(text);
}

/* Years below parts: every part is named where all fit, else only the years are. */
static gboolean parts_fit(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	double right = -INFINITY;
	if (grid->kind != X_QUARTER && grid->kind != X_MONTH)
		return FALSE;
	for (guint i = 0; i < grid->n_x; i++) {
		int year, part;
		chart_period_split(grid->kind, grid->at[i], &year, &part);
		g_autofree char *text = part_label(grid, i, year);
		double half = chart_width(sketch, ROLE_TICK_LABEL, text) / 2, x = chart_x_at(grid, plot, i);
		if (x - half < right + 8)
			return FALSE;
		right = x + half;
	}
	return TRUE;
}

static void draw_parts(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	double right = -INFINITY;
	for (guint i = 0; i < grid->n_x; i++) {
		int year, part;
		chart_period_split(grid->kind, grid->at[i], &year, &part);
		g_autofree char *text = part_label(grid, i, year);
		chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_MIDDLE, chart_x_at(grid, plot, i),
				   plot->plot.y1 + 17, text);
	}
	for (guint i = 0; i < grid->n_x; i++) {
		int year, part;
		char number[16];
		chart_period_split(grid->kind, grid->at[i], &year, &part);
		g_snprintf(number, sizeof number, "%d", year);
		double half = chart_width(sketch, ROLE_TICK_LABEL, number) / 2, x = chart_x_at(grid, plot, i);
		if ((part == 1 || i == 0) && x - half > right + 4) {
			/* A first year of which one part is left would crowd the next year's label. */
			gboolean crowded = i == 0 && part > 1 && grid->n_x > 1 &&
							   chart_x_at(grid, plot, 1) - x < 2 * half + 6 &&
							   (grid->kind == X_QUARTER ? part == 4 : part == 12);
			if (!crowded)
				right = chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_MIDDLE, x, plot->plot.y1 + 33,
								   number)
							.x1;
		}
	}
}

/* Positions where a year begins, with the year's number. */
static guint year_starts(const ChartGrid *grid, guint *starts, int *years)
{
	guint n = 0;
	int before = G_MININT;
	for (guint i = 0; i < grid->n_x; i++) {
		int year, part;
		chart_period_split(grid->kind, grid->at[i], &year, &part);
		gboolean begins =
			grid->kind == X_DATE ? year != before && (before != G_MININT || part <= 20) : part == 1;
		before = year;
		if (begins) {
			starts[n] = i;
			years[n++] = year;
		}
	}
	return n;
}

static void draw_tick(ChartSketch *sketch, const ChartPlot *plot, double x)
{
	chart_line(sketch, ROLE_TICK, INK_NONE, round(x) + 0.5, plot->plot.y1, round(x) + 0.5, plot->plot.y1 + 5);
}

static gboolean draw_years(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	g_autofree guint *starts = g_new(guint, grid->n_x + 1);
	g_autofree int *years = g_new(int, grid->n_x + 1);
	guint n = year_starts(grid, starts, years);
	if (n < 2)
		return FALSE;
	static const int steps[] = {1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000};
	double each = (chart_x_at(grid, plot, starts[n - 1]) - chart_x_at(grid, plot, starts[0])) /
				  (years[n - 1] - years[0]);
	double need = chart_width(sketch, ROLE_TICK_LABEL, "2000") + 14;
	guint s = 0;
	while (s + 1 < G_N_ELEMENTS(steps) && each * steps[s] < need)
		s++;
	double right = -INFINITY;
	guint shown = 0;
	for (guint i = 0; i < n; i++)
		draw_tick(sketch, plot, chart_x_at(grid, plot, starts[i]));
	for (guint i = 0; i < n; i++) {
		double x = chart_x_at(grid, plot, starts[i]);
		char number[16];
		g_snprintf(number, sizeof number, "%d", years[i]);
		if (years[i] % steps[s] == 0 && x - need / 2 > right) {
			right =
				chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_MIDDLE, x, plot->plot.y1 + 19, number)
					.x1;
			shown++;
		}
	}
	return shown > 0;
}

/* First, last and as many between as fit, evenly. */
static void draw_thinned(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	double widest = 0, room = chart_x_at(grid, plot, grid->n_x - 1) - chart_x_at(grid, plot, 0);
	for (guint i = 0; i < grid->n_x; i++)
		widest = fmax(widest, chart_width(sketch, ROLE_TICK_LABEL, grid->labels[i]));
	guint fit = (guint)CLAMP(room / (widest + 16), 1, 12), every = MAX(1, (grid->n_x - 1 + fit - 1) / fit);
	double right = -INFINITY;
	for (guint i = 0; i < grid->n_x; i += every)
		draw_tick(sketch, plot, chart_x_at(grid, plot, i));
	for (guint i = 0; i < grid->n_x; i += every) {
		double x = chart_x_at(grid, plot, i),
			   half = chart_width(sketch, ROLE_TICK_LABEL, grid->labels[i]) / 2;
		double x1 = fmin(x + half, sketch->scene->width);
		if (x1 - 2 * half < right + 6)
			continue;
		right = chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_MIDDLE, x, plot->plot.y1 + 19,
						   grid->labels[i])
					.x1;
	}
}

static guint category_lines(ChartSketch *sketch, const ChartGrid *grid, double band)
{
	guint most = 1;
	for (guint i = 0; i < grid->n_x; i++) {
		g_autoptr(GPtrArray) lines = chart_pen_wrap(sketch->pen, FONT_TEXT, grid->labels[i], band - 6, 3);
		most = MAX(most, lines->len);
	}
	return most;
}

static void draw_categories(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	for (guint i = 0; i < grid->n_x; i++) {
		g_autoptr(GPtrArray) lines =
			chart_pen_wrap(sketch->pen, FONT_TEXT, grid->labels[i], plot->band - 6, 3);
		chart_lines(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_MIDDLE, chart_x_at(grid, plot, i),
					plot->plot.y1 + 17, lines);
	}
}

double chart_x_axis_height(ChartSketch *sketch, const ChartGrid *grid, double width)
{
	if (grid->kind == X_CATEGORY)
		return 8 + 16.0 * category_lines(sketch, grid, width / MAX(grid->n_x, 1));
	/* Parts of years and years below them, where every part has room for its name. */
	gboolean parts = grid->kind == X_QUARTER || grid->kind == X_MONTH;
	return parts && width / MAX(grid->n_x, 1) > 26 ? 38 : 24;
}

void chart_x_axis(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	if (grid->n_x == 0)
		return;
	if (grid->kind == X_CATEGORY && plot->band > 24)
		draw_categories(sketch, grid, plot);
	else if (sketch->frame.y1 - plot->plot.y1 >= 37 && parts_fit(sketch, grid, plot))
		draw_parts(sketch, grid, plot);
	else if (grid->kind < X_YEAR || !draw_years(sketch, grid, plot))
		draw_thinned(sketch, grid, plot);
}

/* ---- events and notes ----------------------------------------------------------------------- */

#define EVENT_LINE 15.0
#define EVENT_ROWS 24

typedef struct {
	double x, x0, x1; /* line, edges of the text */
	guint row;
	gboolean good;
	GPtrArray *lines; /* of the text */
} Event;

static void event_clear(gpointer data)
{
	Event *event = data;
	if (event->lines)
		g_ptr_array_unref(event->lines);
}

/* The text stands right of its line, in two lines if it must; left of it where the edge is near. */
static void set_event_text(ChartSketch *sketch, Event *event, const char *text)
{
	double right = sketch->scene->width - event->x - 5, width = chart_width(sketch, ROLE_NOTE, text),
		   widest = 0;
	gboolean left = width > right && right < 90;
	event->lines = chart_pen_wrap(sketch->pen, FONT_SMALL, text, left ? event->x - 5 : right, 2);
	for (guint i = 0; i < event->lines->len; i++)
		widest = fmax(widest, chart_width(sketch, ROLE_NOTE, event->lines->pdata[i]));
	event->x0 = left ? fmax(event->x - 5 - widest, 0) : event->x + 5;
	event->x1 = event->x0 + widest;
}

/* A text keeps clear of other texts in its rows and of the lines that come down from rows above. */
static gboolean event_fits(const GArray *events, const Event *event)
{
	for (guint i = 0; i < events->len; i++) {
		const Event *other = &g_array_index(events, Event, i);
		if (!other->good)
			continue;
		gboolean rows =
			event->row < other->row + other->lines->len && other->row < event->row + event->lines->len;
		if (rows && event->x0 < other->x1 + 8 && other->x0 < event->x1 + 8)
			return FALSE;
		if (other->row < event->row && other->x > event->x0 - 3 && other->x < event->x1 + 3)
			return FALSE;
		if (event->row < other->row && event->x > other->x0 - 3 && event->x < other->x1 + 3)
			return FALSE;
	}
	return TRUE;
}

/* Rows count from the top; returns how many there are. */
static guint place_events(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot, GArray *events)
{
	guint rows = 0;
	g_array_set_clear_func(events, event_clear);
	for (guint i = 0; i < sketch->chart->n_events; i++) {
		const ChartNote *note = &sketch->chart->events[i];
		Event event = {.good = note->x && chart_x_of(sketch, grid, plot, note->x, &event.x)};
		if (event.good) {
			set_event_text(sketch, &event, note->text);
			while (event.row < EVENT_ROWS && !event_fits(events, &event))
				event.row++;
			rows = MAX(rows, event.row + event.lines->len);
		}
		g_array_append_val(events, event);
	}
	return rows;
}

double chart_events_room(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	if (sketch->chart->n_events == 0 || sketch->cell)
		return 0;
	g_autoptr(GArray) events = g_array_new(FALSE, TRUE, sizeof(Event));
	return place_events(sketch, grid, plot, events) * EVENT_LINE + 6;
}

void chart_events(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	g_autoptr(GArray) events = g_array_new(FALSE, TRUE, sizeof(Event));
	guint rows = place_events(sketch, grid, plot, events);
	for (guint i = 0; i < events->len; i++) {
		const ChartNote *note = &sketch->chart->events[i];
		const Event *event = &g_array_index(events, Event, i);
		double x = round(event->x) + 0.5, y = plot->plot.y0 - (rows - event->row - 1) * EVENT_LINE - 11;
		if (!event->good) {
			if (!sketch->narrow && !sketch->cell)
				stet_diagnose(sketch->diags, STET_WARNING, "chart-event", note->place, NULL,
							  "the event '%s' lies outside the chart: '%s'", note->text,
							  note->x ? note->x : "");
			continue;
		}
		chart_line(sketch, ROLE_EVENT, INK_NONE, x, sketch->cell ? plot->plot.y0 : y - 10, x, plot->plot.y1);
		ChartBox line = {x - 2, plot->plot.y0, x + 2, plot->plot.y1};
		g_array_append_val(sketch->ruled, line);
		if (!sketch->cell)
			chart_lines(sketch, ROLE_NOTE, INK_NONE, ANCHOR_START, event->x0, y, event->lines);
	}
}

static gboolean note_point(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot,
						   const ChartNote *note, double *px, double *py)
{
	if (!chart_x_of(sketch, grid, plot, note->x, px))
		return FALSE;
	double value = note->y;
	for (guint i = 0; !note->has_y && i < grid->n_x; i++)
		for (guint s = 0; s < grid->n_series && strcmp(grid->keys[i], note->x) == 0; s++)
			if (!note->series || strcmp(note->series, grid->names[s]) == 0) {
				value = chart_grid_value(grid, s, i);
				break;
			}
	*py = isnan(value) ? plot->plot.y0 : chart_scale_at(&plot->y, value);
	return TRUE;
}

static gboolean try_reference(ChartSketch *sketch, const ChartPlot *plot, double y, const GPtrArray *lines,
									ChartClear clear)
{
	double width = 0, more = (lines->len - 1) * chart_fonts[FONT_SMALL].line;
	for (guint i = 0; i < lines->len; i++)
		width = fmax(width, chart_width(sketch, ROLE_NOTE, lines->pdata[i]));
	double room = fmax(plot->plot.x1 - plot->plot.x0 - width - 8, 0);
	for (guint i = 0; i <= 16; i++) {
		double x = plot->plot.x0 + 4 + room * floor(i / 2.0) / 8, base = i % 2 ? y + 14 : y - 5 - more;
		ChartBox box = {x - 2, base - 10, x + width + 2, base + more + 3};
		if (box.y0 < plot->plot.y0 || box.y1 > plot->plot.y1 || !chart_is_free(sketch, box, clear))
			continue;
		chart_lines(sketch, ROLE_NOTE, INK_NONE, ANCHOR_START, x, base, lines);
		return TRUE;
	}
	return FALSE;
}

void chart_label_reference(ChartSketch *sketch, const ChartPlot *plot, double y, const char *text)
{
	static const struct {
		gboolean broken; /* in two lines */
		ChartClear clear;
	} tries[] = {{FALSE, CLEAR_ALL}, {TRUE, CLEAR_ALL}, {FALSE, CLEAR_DATA}, {TRUE, CLEAR_DATA},
				 {FALSE, CLEAR_LABELS}};
	double whole = chart_width(sketch, ROLE_NOTE, text);
	for (guint i = 0; i < G_N_ELEMENTS(tries); i++) {
		g_autoptr(GPtrArray) lines =
			chart_pen_wrap(sketch->pen, FONT_SMALL, text, tries[i].broken ? whole * 0.65 : whole + 1, 2);
		gboolean cut = lines->len > 0 && g_str_has_suffix(lines->pdata[lines->len - 1], "…") &&
					   !g_str_has_suffix(text, "…");
		if (!(cut && tries[i].broken) && try_reference(sketch, plot, y, lines, tries[i].clear))
			return;
	}
}

void chart_annotate(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	for (guint i = 0; i < sketch->chart->n_notes; i++) {
		const ChartNote *note = &sketch->chart->notes[i];
		double x = plot->plot.x0, y;
		if (!note->x) {
			y = round(chart_scale_at(&plot->y, note->y)) + 0.5;
			chart_line(sketch, ROLE_REFERENCE, INK_NONE, plot->plot.x0, y, plot->plot.x1, y);
			chart_label_reference(sketch, plot, y, note->text);
			continue;
		}
		gboolean good = note_point(sketch, grid, plot, note, &x, &y);
		if (good)
			chart_circle(sketch, ROLE_DOT, INK_TEXT, x, y, 3.5, note->text);
		if (good && chart_label_point(sketch, ROLE_NOTE, INK_NONE, x, y, 6, note->text))
			continue;
		if (!sketch->narrow && !sketch->cell)
			stet_diagnose(sketch->diags, STET_WARNING, "chart-note", note->place, good ? "shorten it" : NULL,
						  good ? "no room beside '%s' for the note '%s'" : "no place '%s' for the note '%s'",
						  note->x, note->text);
	}
}

/* ---- tooltips ------------------------------------------------------------------------------- */

void chart_hits(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	/* A strip is at least as wide as one can point at, which also keeps pages small. */
	double each = (plot->plot.x1 - plot->plot.x0) / MAX(grid->n_x, 1);
	guint every = MAX(grid->n_x / HITS_MAX + 1, (guint)ceil(HIT_LEAST / fmax(each, 0.1)));
	for (guint i = 0; i < grid->n_x; i += every) {
		double x = chart_x_at(grid, plot, i), before = i >= every ? chart_x_at(grid, plot, i - every) : x;
		double after = i + every < grid->n_x ? chart_x_at(grid, plot, i + every) : x;
		g_autoptr(GString) tip = g_string_new(grid->labels[i]);
		guint named = 0;
		for (guint s = 0; s < grid->n_series; s++) {
			if (isnan(chart_grid_value(grid, s, i)) || (grid->back[s] && grid->n_series > 10))
				continue;
			g_autofree char *value = chart_value(sketch, grid, chart_grid_value(grid, s, i));
			g_string_append_printf(tip, "\n%s%s%s", grid->n_series > 1 ? grid->names[s] : "",
								   grid->n_series > 1 ? " " : "", value);
			named++;
		}
		if (named)
			chart_rect(sketch, ROLE_HIT, INK_NONE, fmax((before + x) / 2, plot->plot.x0 - 6), plot->plot.y0,
					   fmin((x + after) / 2, plot->plot.x1 + 6), plot->plot.y1, tip->str);
	}
}
