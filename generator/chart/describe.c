/* Findings in words, and the faults that make a chart mislead. */
#include "layout.h"

#include <math.h>
#include <string.h>

#define SERIES_WARNED 7
#define CATEGORIES_WARNED 50

void chart_check_series(ChartSketch *sketch, const ChartGrid *grid)
{
	guint front = 0;
	for (guint s = 0; s < grid->n_series; s++)
		front += !grid->back[s];
	if (front > SERIES_WARNED && !sketch->chart->top && !sketch->narrow && !sketch->cell)
		stet_diagnose(sketch->diags, STET_WARNING, "chart-many-series", sketch->data->place,
					  "name the ones that matter with 'highlight', or keep some with 'top' and 'other'",
					  "%u series are more than a reader can tell apart", front);
}

void chart_check_categories(const ChartSketch *sketch, const ChartGrid *grid)
{
	if (grid->kind == X_CATEGORY && grid->n_x > CATEGORIES_WARNED && !sketch->narrow && !sketch->cell)
		stet_diagnose(sketch->diags, STET_WARNING, "chart-many-categories", chart_key_place(sketch->chart, "x"),
					  sketch->chart->type->keys & KEYS_TOP ? "keep the largest: 'top: 20', the rest as 'other: true'"
														   : "narrow the data with 'where'",
					  "%u categories are more than a reader can compare (%d)", grid->n_x, CATEGORIES_WARNED);
}

gboolean chart_check_zero(const ChartSketch *sketch)
{
	const StetChart *chart = sketch->chart;
	gboolean area = g_str_has_suffix(chart->type->name, "area");
	gboolean cut = (chart->has_low && chart->domain[0] > 0) || (chart->has_high && chart->domain[1] < 0);
	if (cut || (chart->has_baseline && chart->baseline != 0)) {
		stet_diagnose(sketch->diags, STET_ERROR, "chart-truncated",
					  chart_key_place(chart, cut ? "domain" : "baseline"),
					  "let it begin at 0, or draw dots or a line",
					  area ? "areas must start at zero: their height is the value"
						   : "bars must start at zero: their length is the value");
		return FALSE;
	}
	if (chart->scale == SCALE_LINEAR)
		return TRUE;
	const char *how = chart->scale == SCALE_LOG ? "log" : "symlog";
	if (area)
		stet_diagnose(sketch->diags, STET_ERROR, "chart-log-area", chart_key_place(chart, "log"),
					  "use a line", "an area on a %s scale has no honest size", how);
	else
		stet_diagnose(sketch->diags, STET_ERROR, "chart-log-bar", chart_key_place(chart, "log"),
					  "use dots or a line", "a bar on a %s scale has no honest length", how);
	return FALSE;
}

void chart_check_sums(const ChartSketch *sketch, const ChartGrid *grid)
{
	if (sketch->narrow || !grid->unit || strcmp(grid->unit, "percent") != 0)
		return;
	for (guint x = 0; x < grid->n_x; x++) {
		double total = 0;
		for (guint s = 0; s < grid->n_series; s++)
			total += isnan(chart_grid_value(grid, s, x)) ? 0 : chart_grid_value(grid, s, x);
		if (total > 101) {
			stet_diagnose(sketch->diags, STET_WARNING, "chart-percent-sum", sketch->data->place,
						  "draw them side by side with 'type: bar', or as lines",
						  "stacked percentages at '%s' add up to %.1f", grid->keys[x], total);
			return;
		}
	}
}

static char *when_of(const ChartSketch *sketch, const ChartGrid *grid, guint x)
{
	static const ChartSay says[] = {[X_CATEGORY] = SAY_AT_NUMBER, [X_NUMBER] = SAY_AT_NUMBER,
									[X_YEAR] = SAY_IN_YEAR,       [X_QUARTER] = SAY_IN_QUARTER,
									[X_MONTH] = SAY_IN_MONTH,     [X_DATE] = SAY_ON_DATE};
	g_autofree char *quarter =
		grid->kind == X_QUARTER ? stet_locale_period_words(sketch->data->locale, grid->keys[x]) : NULL;
	return chart_say(sketch, says[grid->kind], "period", quarter ? quarter : grid->labels[x], NULL);
}

static gboolean ends_of(const ChartGrid *grid, guint s, guint *first, guint *last)
{
	guint n = 0;
	for (guint i = 0; i < grid->n_x; i++)
		if (!isnan(chart_grid_value(grid, s, i))) {
			*first = n++ ? *first : i;
			*last = i;
		}
	return n > 0;
}

char *chart_course(const ChartSketch *sketch, const ChartGrid *grid, guint s)
{
	guint first = 0, last = 0;
	if (!ends_of(grid, s, &first, &last))
		return NULL;
	double from = chart_grid_value(grid, s, first), to = chart_grid_value(grid, s, last);
	g_autofree char *a = chart_value(sketch, grid, from), *b = chart_value(sketch, grid, to);
	g_autofree char *when = when_of(sketch, grid, first), *then = when_of(sketch, grid, last);
	ChartSay what = first == last ? SAY_ONE : strcmp(a, b) == 0 ? SAY_STOOD : to > from ? SAY_ROSE : SAY_FELL;
	return chart_say(sketch, what, "series", grid->names[s], "from", a, "to", b, "when", when, "then", then,
					 NULL);
}

static void add(GString *out, char *sentence)
{
	if (out->len && !g_str_has_suffix(out->str, "。"))
		g_string_append_c(out, ' ');
	g_string_append(out, sentence);
	g_free(sentence);
}

static void add_mover(const ChartSketch *sketch, const ChartGrid *grid, GString *out)
{
	guint first = 0, last = 0, mover = 0;
	double most = 0;
	for (guint s = 0; s < grid->n_series; s++) {
		if (!ends_of(grid, s, &first, &last))
			continue;
		double moved = fabs(chart_grid_value(grid, s, last) - chart_grid_value(grid, s, first));
		if (moved > most) {
			most = moved;
			mover = s;
		}
	}
	g_autofree char *course = most > 0 ? chart_course(sketch, grid, mover) : NULL;
	if (course)
		add(out, chart_say(sketch, SAY_MOVER, "course", course, NULL));
}

/* Greatest and least of the latest values. */
static void add_latest(const ChartSketch *sketch, const ChartGrid *grid, GString *out)
{
	guint at = grid->n_x, best = 0, least = 0;
	for (guint s = 0; s < grid->n_series; s++) {
		guint first = 0, last = 0;
		if (ends_of(grid, s, &first, &last))
			at = at == grid->n_x ? last : MAX(at, last);
	}
	if (at == grid->n_x)
		return;
	double high = -INFINITY, low = INFINITY;
	for (guint s = 0; s < grid->n_series; s++) {
		double value = chart_grid_value(grid, s, at);
		if (value > high)
			high = value, best = s;
		if (value < low)
			low = value, least = s;
	}
	g_autofree char *a = chart_value(sketch, grid, high), *b = chart_value(sketch, grid, low);
	g_autofree char *when = when_of(sketch, grid, at);
	add(out,
		chart_say(sketch, best == least ? SAY_LATEST_ONE : SAY_LATEST, "measure", grid->title, "when", when,
				  "first", grid->names[best], "high", a, "last", grid->names[least], "low", b, NULL));
}

static void add_range(const ChartSketch *sketch, const ChartGrid *grid, GString *out)
{
	guint best = grid->n_x, least = grid->n_x;
	for (guint i = 0; i < grid->n_x; i++) {
		double value = chart_grid_value(grid, 0, i);
		if (isnan(value))
			continue;
		best = best == grid->n_x || value > chart_grid_value(grid, 0, best) ? i : best;
		least = least == grid->n_x || value < chart_grid_value(grid, 0, least) ? i : least;
	}
	if (best == grid->n_x)
		return;
	g_autofree char *a = chart_value(sketch, grid, chart_grid_value(grid, 0, best));
	g_autofree char *b = chart_value(sketch, grid, chart_grid_value(grid, 0, least));
	if (grid->kind == X_CATEGORY) {
		add(out, chart_say(sketch, best == least ? SAY_NAMES_ONE : SAY_NAMES, "measure", grid->title, "first",
						   grid->labels[best], "high", a, "last", grid->labels[least], "low", b, NULL));
		return;
	}
	g_autofree char *when = when_of(sketch, grid, best), *then = when_of(sketch, grid, least);
	add(out, chart_say(sketch, best == least ? SAY_RANGE_ONE : SAY_RANGE, "high", a, "when", when, "low", b,
					   "then", then, NULL));
}

static char *cell_name(const ChartSketch *sketch, const ChartGrid *grid, gsize at)
{
	return chart_say(sketch, SAY_NAME_IN, "series", grid->names[at / grid->n_x], "name",
					 grid->labels[at % grid->n_x], NULL);
}

static void add_cells(const ChartSketch *sketch, const ChartGrid *grid, GString *out)
{
	gsize best = 0, least = 0;
	gboolean any = FALSE;
	for (gsize i = 0; i < (gsize)grid->n_series * grid->n_x; i++) {
		if (isnan(grid->values[i]))
			continue;
		best = !any || grid->values[i] > grid->values[best] ? i : best;
		least = !any || grid->values[i] < grid->values[least] ? i : least;
		any = TRUE;
	}
	if (!any)
		return;
	g_autofree char *a = chart_value(sketch, grid, grid->values[best]);
	g_autofree char *b = chart_value(sketch, grid, grid->values[least]);
	g_autofree char *first = cell_name(sketch, grid, best), *last = cell_name(sketch, grid, least);
	add(out, chart_say(sketch, SAY_CELLS, "measure", grid->title, "first", first, "high", a, "last", last,
					   "low", b, NULL));
}

char *chart_describe(const ChartSketch *sketch, const ChartGrid *grid)
{
	GString *out = g_string_new(NULL);
	guint first = 0, last = 0;
	if (grid->kind == X_CATEGORY && grid->n_series > 1) {
		add_cells(sketch, grid, out);
	} else if (grid->kind == X_CATEGORY) {
		add_range(sketch, grid, out);
	} else if (grid->n_series == 1 && ends_of(grid, 0, &first, &last)) {
		g_autofree char *course = chart_course(sketch, grid, 0);
		add(out, chart_say(sketch, SAY_COURSE, "course", course, NULL));
		if (first != last)
			add_range(sketch, grid, out);
	} else {
		add_latest(sketch, grid, out);
		add_mover(sketch, grid, out);
	}
	return g_string_free(out, FALSE);
}

void chart_section(ChartSketch *sketch, const ChartGrid *grid, guint series)
{
	if (sketch->cell)
		return;
	g_autofree char *count = grid ? chart_say_count(sketch, grid->n_x) : NULL;
	g_autofree char *name = !grid                      ? NULL
							: grid->kind != X_CATEGORY ? chart_course(sketch, grid, series)
													   : chart_say(sketch, SAY_SERIES_OF, "series",
																   grid->names[series], "count", count, NULL);
	chart_scene_section(sketch->scene, name);
}
