/* Findings in words, and the faults that make a chart mislead. */
#include "layout.h"

#include <math.h>
#include <string.h>

#define SERIES_WARNED 7

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

/* Before a period, as English has it. */
static const char *preposition(const ChartGrid *grid)
{
	return grid->kind == X_DATE ? "on" : grid->kind == X_NUMBER ? "at" : "in";
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

/* "rose from 3 in Q1 2023 to 5 in Q1 2026" */
static void add_course(const ChartSketch *sketch, const ChartGrid *grid, guint s, guint first, guint last,
					   GString *out)
{
	double from = chart_grid_value(grid, s, first), to = chart_grid_value(grid, s, last);
	g_autofree char *a = chart_value(sketch, grid, from), *b = chart_value(sketch, grid, to);
	if (first == last)
		g_string_append_printf(out, "%s: %s %s %s", grid->names[s], b, preposition(grid), grid->labels[last]);
	else if (strcmp(a, b) == 0)
		g_string_append_printf(out, "%s stood at %s %s %s as %s %s", grid->names[s], b, preposition(grid),
							   grid->labels[last], preposition(grid), grid->labels[first]);
	else
		g_string_append_printf(out, "%s %s from %s %s %s to %s %s %s", grid->names[s],
							   to > from ? "rose" : "fell", a, preposition(grid), grid->labels[first], b,
							   preposition(grid), grid->labels[last]);
}

static void add_mover(const ChartSketch *sketch, const ChartGrid *grid, GString *out)
{
	guint first = 0, last = 0, mover = 0;
	double most = -1;
	for (guint s = 0; s < grid->n_series; s++) {
		if (!ends_of(grid, s, &first, &last))
			continue;
		double moved = fabs(chart_grid_value(grid, s, last) - chart_grid_value(grid, s, first));
		if (moved > most) {
			most = moved;
			mover = s;
		}
	}
	if (most > 0 && ends_of(grid, mover, &first, &last) && first != last) {
		g_string_append(out, " Largest move: ");
		add_course(sketch, grid, mover, first, last, out);
		g_string_append_c(out, '.');
	}
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
	g_string_append_printf(out, "%s %s %s: %s is highest at %s", grid->title, preposition(grid),
						   grid->labels[at], grid->names[best], a);
	if (best != least)
		g_string_append_printf(out, ", %s lowest at %s", grid->names[least], b);
	g_string_append_c(out, '.');
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
	if (grid->kind == X_CATEGORY)
		g_string_append_printf(out, "%s: %s is highest at %s", grid->title, grid->labels[best], a);
	else
		g_string_append_printf(out, " Its highest was %s %s %s", a, preposition(grid), grid->labels[best]);
	if (best != least && grid->kind == X_CATEGORY)
		g_string_append_printf(out, ", %s lowest at %s", grid->labels[least], b);
	else if (best != least)
		g_string_append_printf(out, ", its lowest %s %s %s", b, preposition(grid), grid->labels[least]);
	g_string_append_c(out, '.');
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
	g_string_append_printf(out, "%s is highest for %s, %s (%s) and lowest for %s, %s (%s).", grid->title,
						   grid->names[best / grid->n_x], grid->labels[best % grid->n_x], a,
						   grid->names[least / grid->n_x], grid->labels[least % grid->n_x], b);
}

char *chart_describe(const ChartSketch *sketch, const ChartGrid *grid, gboolean stacked)
{
	g_autoptr(GString) out = g_string_new(NULL);
	guint first = 0, last = 0;
	(void)stacked;
	if (grid->kind == X_CATEGORY && grid->n_series > 1) {
		add_cells(sketch, grid, out);
	} else if (grid->kind == X_CATEGORY) {
		add_range(sketch, grid, out);
	} else if (grid->n_series == 1 && ends_of(grid, 0, &first, &last)) {
		add_course(sketch, grid, 0, first, last, out);
		g_string_append_c(out, '.');
		if (first != last)
			add_range(sketch, grid, out);
	} else {
		add_latest(sketch, grid, out);
		add_mover(sketch, grid, out);
	}
	return g_strdup(g_strstrip(out->str));
}
