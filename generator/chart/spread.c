/* Distributions: histogram, box plot, strip plot. */
#include "points.h"

#include <math.h>
#include <string.h>

#define BINS_MAX (CHART_TICKS_MAX * 8)
#define GROUPS_MAX 40 /* rows of boxes or strips */

static int by_value(gconstpointer a, gconstpointer b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* Quantile of sorted values, linear between neighbours (Hyndman and Fan 1996, type 7). */
static double quantile(const double *sorted, guint n, double q)
{
	double at = q * (n - 1);
	guint low = (guint)floor(at), high = MIN(low + 1, n - 1);
	return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/* ---- histogram ------------------------------------------------------------------------------ */

typedef struct {
	double first, width;
	guint n, most;
	guint counts[BINS_MAX];
} Bins;

/* Round bin edges; as many as asked for, or as the cube root rule has it (Rice: 2 n^(1/3)). */
static void fill_bins(const double *values, guint n, guint wanted, Bins *bins)
{
	guint target = wanted ? wanted : (guint)CLAMP(2 * cbrt(n), 5, 24);
	ChartScale scale =
		chart_scale_new(SCALE_LINEAR, values[0], values[n - 1], FALSE, FALSE, target > 14 ? 14 : target);
	bins->first = scale.ticks[0];
	bins->width = scale.n_ticks > 1 ? scale.ticks[1] - scale.ticks[0] : 1;
	if (target > 14)
		bins->width /= 2;
	bins->n = (guint)CLAMP(ceil((values[n - 1] - bins->first) / bins->width - 1e-9), 1, BINS_MAX);
	/* The greatest value belongs to the last bin even on its edge. */
	for (guint i = 0; i < n; i++) {
		guint at = (guint)CLAMP((values[i] - bins->first) / bins->width + 1e-9, 0, (double)bins->n - 1);
		bins->counts[at]++;
		bins->most = MAX(bins->most, bins->counts[at]);
	}
}

static void draw_bins(ChartSketch *sketch, const ChartPoints *points, const Bins *bins)
{
	ChartPlot plot = {0};
	const StetChartColumn *column = &sketch->data->columns[points->y];
	chart_room(sketch, sketch->narrow ? 260 : 320);
	plot.plot = sketch->frame;
	plot.plot.y1 -= 24;
	plot.plot.y0 += 10;
	plot.y = chart_value_scale(sketch, 0, bins->most, TRUE,
							   (guint)CLAMP((plot.plot.y1 - plot.plot.y0) / 60, 3, 6));
	plot.plot.x0 += chart_ticks_width(sketch, &plot.y, NULL) + CHART_GAP;
	plot.plot.x1 -= 14;
	plot.y.from = plot.plot.y1;
	plot.y.to = plot.plot.y0;
	ChartScale x = chart_scale_new(SCALE_LINEAR, bins->first, bins->first + bins->n * bins->width, TRUE, TRUE,
								   sketch->narrow ? 4 : 8);
	x.from = plot.plot.x0;
	x.to = plot.plot.x1;
	chart_y_axis(sketch, &plot, NULL, 0);
	for (guint i = 0; i < bins->n; i++) {
		double from = bins->first + i * bins->width;
		g_autofree char *low = chart_column_value(sketch, points->y, from, STET_COMPACT);
		g_autofree char *high = chart_column_value(sketch, points->y, from + bins->width, STET_COMPACT);
		g_autofree char *count = chart_say_count(sketch, bins->counts[i]);
		g_autofree char *tip = chart_say(sketch, SAY_BIN, "low", low, "high", high, "count", count, NULL);
		if (bins->counts[i])
			chart_rect(sketch, ROLE_CELL, INK_C1, chart_scale_at(&x, from), chart_scale_at(&plot.y, 0),
					   chart_scale_at(&x, from + bins->width), chart_scale_at(&plot.y, bins->counts[i]), tip);
	}
	double base = round(chart_scale_at(&plot.y, 0)) + 0.5, right = -INFINITY;
	chart_line(sketch, ROLE_BASE, INK_NONE, plot.plot.x0, base, plot.plot.x1, base);
	for (guint i = 0; i < x.n_ticks; i++) {
		g_autofree char *text =
			stet_locale_quantity(sketch->data->locale, x.ticks[i], column->unit, x.decimals, STET_AXIS);
		double at = chart_scale_at(&x, x.ticks[i]), half = chart_width(sketch, ROLE_TICK_LABEL, text) / 2;
		if (at - half > right + 8)
			right =
				chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_MIDDLE, at, plot.plot.y1 + 18, text).x1;
	}
}

gboolean chart_draw_histogram(ChartSketch *sketch)
{
	StetChart chart = *sketch->chart;
	const StetChart *given = sketch->chart;
	/* The measured column may be given as x, as it lies along x. */
	if (chart.n_y == 0 && chart.x) {
		chart.y[0] = chart.x;
		chart.n_y = 1;
		chart.x = NULL;
	}
	sketch->chart = &chart;
	g_autoptr(ChartPoints) points = chart_points_new(sketch, FALSE);
	gboolean good = points && points->n > 0;
	if (good) {
		g_autofree double *values = g_new(double, points->n);
		Bins bins = {0};
		for (guint i = 0; i < points->n; i++)
			values[i] = points->points[i].y;
		qsort(values, points->n, sizeof *values, by_value);
		fill_bins(values, points->n, chart.bins, &bins);
		g_autofree char *title =
			chart_say(sketch, SAY_COUNT_BY, "measure", chart_column_title(sketch, points->y), NULL);
		g_autofree char *count = chart_say_count(sketch, points->n);
		chart_axis_title(sketch, title, sketch->data->columns[points->y].unit);
		draw_bins(sketch, points, &bins);
		g_autofree char *middle =
			chart_column_value(sketch, points->y, quantile(values, points->n, 0.5), STET_COMPACT);
		g_autofree char *low = chart_column_value(sketch, points->y, values[0], STET_COMPACT);
		g_autofree char *high = chart_column_value(sketch, points->y, values[points->n - 1], STET_COMPACT);
		sketch->scene->description =
			chart_say(sketch, SAY_SPREAD, "measure", chart_column_title(sketch, points->y), "count", count,
					  "low", low, "high", high, "middle", middle, NULL);
	}
	sketch->chart = given;
	return points != NULL;
}

/* ---- box and strip -------------------------------------------------------------------------- */

typedef struct {
	const char *name;
	double *values; /* sorted */
	guint n, index;
	double middle;
} Group;

static int compare_groups(gconstpointer a, gconstpointer b, gpointer data)
{
	const Group *ga = a, *gb = b;
	const ChartSketch *sketch = data;
	ChartSort sort = sketch->chart->sort;
	int sign = sort == SORT_NAME          ? stet_locale_compare(sketch->data->locale, ga->name, gb->name)
			   : ga->middle == gb->middle ? 0
			   : ga->middle > gb->middle  ? (sort == SORT_UP ? 1 : -1)
			   : sort == SORT_UP          ? -1
										  : 1;
	return sign ? sign : ga->index < gb->index ? -1 : ga->index > gb->index;
}

static Group *groups_of(const ChartSketch *sketch, const ChartPoints *points)
{
	Group *groups = g_new0(Group, points->n_groups + 1);
	for (guint i = 0; i < points->n; i++)
		groups[points->points[i].group].n++;
	for (guint g = 0; g < points->n_groups; g++)
		groups[g] = (Group){.name = points->groups[g], .values = g_new(double, groups[g].n + 1), .index = g};
	for (guint i = 0; i < points->n; i++) {
		Group *group = &groups[points->points[i].group];
		if (group->values)
			group->values[group->n++] = points->points[i].y;
	}
	for (guint g = 0; g < points->n_groups; g++) {
		qsort(groups[g].values, groups[g].n, sizeof(double), by_value);
		groups[g].middle = groups[g].n ? quantile(groups[g].values, groups[g].n, 0.5) : 0;
	}
	if (sketch->chart->sort != SORT_NONE)
		g_qsort_with_data(groups, (gint)points->n_groups, sizeof *groups, compare_groups, (gpointer)sketch);
	return groups;
}

/* Box from the first to the third quartile, whiskers to the last value within 1.5 box lengths, the rest as
 * dots (Tukey 1977). */
static void draw_box(ChartSketch *sketch, const ChartPoints *points, const Group *group, const ChartScale *x,
					 double y, double half)
{
	double q1 = quantile(group->values, group->n, 0.25), q3 = quantile(group->values, group->n, 0.75);
	double reach = 1.5 * (q3 - q1), low = q1, high = q3;
	for (guint i = 0; i < group->n; i++) {
		if (group->values[i] >= q1 - reach && group->values[i] < low)
			low = group->values[i];
		if (group->values[i] <= q3 + reach && group->values[i] > high)
			high = group->values[i];
	}
	g_autofree char *a = chart_column_value(sketch, points->y, q1, STET_COMPACT);
	g_autofree char *m = chart_column_value(sketch, points->y, group->middle, STET_COMPACT);
	g_autofree char *b = chart_column_value(sketch, points->y, q3, STET_COMPACT);
	g_autofree char *count = chart_say_count(sketch, group->n);
	g_autofree char *tip = chart_say(sketch, SAY_BOX, "name", group->name, "middle", m, "low", a, "high", b,
									 "count", count, NULL);
	chart_line(sketch, ROLE_CONNECT, INK_GREY, chart_scale_at(x, low), y, chart_scale_at(x, high), y);
	chart_rect(sketch, ROLE_BAR, INK_C1, chart_scale_at(x, q1), y - half, chart_scale_at(x, q3), y + half,
			   tip);
	double middle = chart_scale_at(x, group->middle);
	chart_line(sketch, ROLE_TARGET, INK_NONE, middle, y - half - 2, middle, y + half + 2);
	guint shown = 0;
	for (guint i = 0; i < group->n && shown < 60; i++)
		if (group->values[i] < low || group->values[i] > high) {
			chart_circle(sketch, ROLE_DOT, INK_GREY, chart_scale_at(x, group->values[i]), y, 3, NULL);
			shown++;
		}
}

/* Rows as dots, spread across the lane by a fixed sequence (golden ratio), so that no two builds differ. */
static void draw_strip(ChartSketch *sketch, const ChartPoints *points, const Group *group,
					   const ChartScale *x, double y, double half)
{
	cairo_t *cr = chart_path(sketch);
	g_autofree char *value = chart_column_value(sketch, points->y, group->middle, STET_COMPACT);
	g_autofree char *count = chart_say_count(sketch, group->n);
	g_autofree char *tip =
		chart_say(sketch, SAY_STRIP, "name", group->name, "middle", value, "count", count, NULL);
	for (guint i = 0; i < group->n; i++) {
		double across = fmod(i * 0.6180339887, 1) * 2 - 1, at = chart_scale_at(x, group->values[i]);
		cairo_move_to(cr, at, y + across * half);
		cairo_line_to(cr, at, y + across * half);
	}
	if (group->n)
		chart_scene_path(sketch->scene, ROLE_SWARM, INK_C1, cr, tip);
	double middle = chart_scale_at(x, group->middle);
	chart_line(sketch, ROLE_TARGET, INK_NONE, middle, y - half - 3, middle, y + half + 3);
}

static gboolean draw_groups(ChartSketch *sketch, gboolean boxes)
{
	g_autoptr(ChartPoints) points = chart_points_new(sketch, FALSE);
	double low = INFINITY, high = -INFINITY, widest = 0, full = sketch->frame.x1 - sketch->frame.x0;
	if (!points)
		return FALSE;
	for (guint i = 0; i < points->n; i++) {
		low = fmin(low, points->points[i].y);
		high = fmax(high, points->points[i].y);
	}
	guint n = MIN(points->n_groups, GROUPS_MAX);
	if (points->n_groups > n && !sketch->narrow)
		stet_diagnose(sketch->diags, STET_WARNING, "chart-too-many", sketch->data->place,
					  "narrow the data with 'where'", "%u groups are more than a %s shows (%d)",
					  points->n_groups, sketch->chart->type->name, GROUPS_MAX);
	for (guint g = 0; g < n; g++)
		widest = fmax(widest, chart_width(sketch, ROLE_LABEL, points->groups[g]));
	widest = fmin(widest, full * (sketch->narrow ? 0.4 : 0.3));
	const char *unit = sketch->data->columns[points->y].unit;
	chart_axis_title(sketch, chart_column_title(sketch, points->y), unit);
	chart_room_least(sketch, n * 34 + 28, n * 20 + 28);
	ChartBox plot = sketch->frame;
	plot.x0 += widest + 14;
	plot.x1 -= 14;
	plot.y1 -= 24;
	double row = (plot.y1 - plot.y0) / n;
	ChartScale x = chart_value_scale(sketch, low, high, FALSE, (guint)CLAMP((plot.x1 - plot.x0) / 90, 3, 7));
	x.from = plot.x0;
	x.to = plot.x1;
	chart_x_value_axis(sketch, &x, plot.y0, plot.y1, unit);
	Group *groups = groups_of(sketch, points);
	for (guint g = 0; g < n; g++) {
		double y = plot.y0 + (g + 0.5) * row, half = fmin(row * 0.3, 11);
		g_autofree char *name = chart_pen_fit(sketch->pen, FONT_TEXT, groups[g].name, widest + 0.5);
		chart_text(sketch, ROLE_LABEL, INK_NONE, ANCHOR_END, sketch->frame.x0 + widest, y + 4.5, name);
		if (groups[g].n)
			(boxes ? draw_box : draw_strip)(sketch, points, &groups[g], &x, y, half);
	}
	g_autofree char *a = chart_column_value(sketch, points->y, groups[0].middle, STET_COMPACT);
	g_autofree char *b = chart_column_value(sketch, points->y, groups[n - 1].middle, STET_COMPACT);
	sketch->scene->description =
		chart_say(sketch, n > 1 ? SAY_MEDIANS : SAY_MEDIAN, "measure", chart_column_title(sketch, points->y),
				  "first", groups[0].name, "high", a, "last", groups[n - 1].name, "low", b, NULL);
	for (guint g = 0; g < points->n_groups; g++)
		g_free(groups[g].values);
	g_free(groups);
	return TRUE;
}

gboolean chart_draw_box(ChartSketch *sketch)
{
	return draw_groups(sketch, TRUE);
}

gboolean chart_draw_strip(ChartSketch *sketch)
{
	return draw_groups(sketch, FALSE);
}
