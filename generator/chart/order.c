/* The order of a grid's categories and series, and what is summed up as 'other'. */
#include "layout.h"

#include <math.h>
#include <string.h>

typedef struct {
	double rank;
	const char *name;
	guint index;
	gboolean last; /* kept at the end: no value */
} Ranked;

typedef struct {
	ChartSort sort;
	const StetLocale *locale;
} Order;

static int compare_ranked(gconstpointer a, gconstpointer b, gpointer data)
{
	const Ranked *ra = a, *rb = b;
	const Order *order = data;
	int sign = 0;
	if (ra->last != rb->last)
		return ra->last ? 1 : -1;
	if (order->sort == SORT_NAME)
		sign = stet_locale_compare(order->locale, ra->name, rb->name);
	else if (order->sort != SORT_NONE && ra->rank != rb->rank)
		sign = (ra->rank < rb->rank) == (order->sort == SORT_UP) ? -1 : 1;
	return sign ? sign : ra->index < rb->index ? -1 : ra->index > rb->index;
}

static double total_of(const ChartGrid *grid, guint index, gboolean series)
{
	double sum = NAN;
	guint n = series ? grid->n_x : grid->n_series;
	for (guint i = 0; i < n; i++) {
		double value = series ? chart_grid_value(grid, index, i) : chart_grid_value(grid, i, index);
		if (!isnan(value))
			sum = isnan(sum) ? value : sum + value;
	}
	return sum;
}

/* Order of `n` names; entries are indexes. */
static guint *ranking(ChartSketch *sketch, const ChartGrid *grid, gboolean series, ChartSort sort)
{
	guint n = series ? grid->n_series : grid->n_x;
	g_autofree Ranked *ranked = g_new(Ranked, n);
	guint *order = g_new(guint, n);
	for (guint i = 0; i < n; i++) {
		double total = total_of(grid, i, series);
		ranked[i] = (Ranked){isnan(total) ? 0 : total, series ? grid->names[i] : grid->labels[i], i,
							 isnan(total) && sort != SORT_NONE && sort != SORT_NAME};
	}
	Order how = {sort, sketch->data->locale};
	g_qsort_with_data(ranked, (gint)n, sizeof *ranked, compare_ranked, &how);
	for (guint i = 0; i < n; i++)
		order[i] = ranked[i].index;
	return order;
}

static void permute_texts(char **texts, const guint *order, guint n)
{
	g_autofree char **old = g_memdup2(texts, n * sizeof *texts);
	for (guint i = 0; i < n; i++)
		texts[i] = old[order[i]];
}

static void permute_cells(const ChartGrid *grid, double *cells, const guint *order, gboolean series)
{
	gsize n = (gsize)grid->n_series * grid->n_x;
	if (!cells)
		return;
	g_autofree double *old = g_memdup2(cells, n * sizeof *cells);
	for (guint s = 0; s < grid->n_series; s++)
		for (guint x = 0; x < grid->n_x; x++)
			cells[s * grid->n_x + x] = series ? old[order[s] * grid->n_x + x] : old[s * grid->n_x + order[x]];
}

static void apply(ChartGrid *grid, const guint *order, gboolean series)
{
	permute_cells(grid, grid->values, order, series);
	permute_cells(grid, grid->low, order, series);
	permute_cells(grid, grid->high, order, series);
	if (!series) {
		permute_texts(grid->keys, order, grid->n_x);
		permute_texts(grid->labels, order, grid->n_x);
		return;
	}
	permute_texts(grid->names, order, grid->n_series);
	g_autofree guint8 *inks = g_memdup2(grid->inks, grid->n_series);
	g_autofree gboolean *back = g_memdup2(grid->back, grid->n_series * sizeof *back);
	for (guint i = 0; i < grid->n_series; i++) {
		grid->inks[i] = inks[order[i]];
		grid->back[i] = back[order[i]];
	}
}

/* What `top` leaves over, summed into the entry after it, or dropped. */
static void fold_series(ChartGrid *grid, guint top, const char *other)
{
	for (guint s = top; s < grid->n_series; s++) {
		for (guint x = 0; s > top && x < grid->n_x; x++) {
			double *sum = &grid->values[top * grid->n_x + x], add = chart_grid_value(grid, s, x);
			*sum = isnan(*sum) ? add : isnan(add) ? *sum : *sum + add;
		}
		g_free(grid->names[s]);
		grid->names[s] = NULL;
	}
	if (other) {
		grid->names[top] = g_strdup(other);
		grid->inks[top] = INK_GREY;
	}
	grid->n_series = top + (other ? 1 : 0);
}

static void fold_x(ChartGrid *grid, guint top, const char *other)
{
	guint keep = top + (other ? 1 : 0);
	g_clear_pointer(&grid->low, g_free);
	g_clear_pointer(&grid->high, g_free);
	for (guint s = 0; s < grid->n_series; s++) {
		double sum = NAN;
		for (guint x = top; x < grid->n_x; x++) {
			double add = chart_grid_value(grid, s, x);
			sum = isnan(sum) ? add : isnan(add) ? sum : sum + add;
		}
		for (guint x = 0; x < keep; x++)
			grid->values[s * keep + x] = x < top ? grid->values[s * grid->n_x + x] : sum;
	}
	for (guint x = top; x < grid->n_x; x++) {
		g_free(grid->keys[x]);
		g_free(grid->labels[x]);
		grid->keys[x] = grid->labels[x] = NULL;
	}
	if (other) {
		grid->keys[top] = g_strdup(other);
		grid->labels[top] = g_strdup(other);
	}
	grid->n_x = keep;
	grid->projected = MIN(grid->projected, keep);
}

/* Labels such as "1", "2-3", "5+" carry their own order. */
static gboolean is_ordinal(const ChartGrid *grid)
{
	guint numbered = 0;
	for (guint i = 0; i < grid->n_x; i++)
		numbered += g_ascii_isdigit(grid->keys[i][0]) || strchr("<>≤≥", grid->keys[i][0]) ? 1 : 0;
	return numbered * 2 > grid->n_x;
}

void chart_grid_order(ChartSketch *sketch, ChartGrid *grid, gboolean series_too)
{
	const StetChart *chart = sketch->chart;
	const char *other = chart_other(sketch);
	ChartSort sort = chart->sort;
	if (sort != SORT_HABIT && grid->kind != X_CATEGORY && !series_too && !sketch->narrow && !sketch->cell)
		stet_diagnose(sketch->diags, STET_WARNING, "chart-sort", chart_key_place(chart, "sort"),
					  "leave it out",
					  "'sort' does nothing here: periods and numbers along x keep their order");
	if (grid->kind == X_CATEGORY) {
		if (sort == SORT_HABIT)
			sort = is_ordinal(grid) ? SORT_NONE : SORT_DOWN;
		if (chart->top && chart->top < grid->n_x && sort != SORT_UP) {
			g_autofree guint *largest = ranking(sketch, grid, FALSE, SORT_DOWN);
			apply(grid, largest, FALSE);
			fold_x(grid, chart->top, other);
		}
		g_autofree guint *order = ranking(sketch, grid, FALSE, sort);
		gboolean keep_other =
			other && grid->n_x && strcmp(grid->keys[grid->n_x - 1], other) == 0;
		if (!keep_other)
			apply(grid, order, FALSE);
		chart_check_categories(sketch, grid);
	} else if (chart->top && chart->top < grid->n_series) {
		g_autofree guint *largest = ranking(sketch, grid, TRUE, SORT_DOWN);
		apply(grid, largest, TRUE);
		fold_series(grid, chart->top, other);
		return;
	}
	if (series_too && grid->n_series > 1) {
		ChartSort how = grid->kind == X_CATEGORY || chart->sort == SORT_HABIT ? SORT_DOWN : chart->sort;
		g_autofree guint *order = ranking(sketch, grid, TRUE, chart->sort == SORT_NONE ? SORT_NONE : how);
		apply(grid, order, TRUE);
	}
}
