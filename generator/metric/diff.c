/* diff: what is new, moved, restated or gone between two editions. */
#include "metric/private.h"

#include <math.h>
#include <string.h>

typedef struct {
	const StetMetric *a, *b;
	GArray *out;
} Pair;

/* An edition's dates are texts, the engine's are not; ISO dates sort alike either way. */
static int compare_keys(const StetCell *a, const StetCell *b)
{
	if (a->kind == b->kind)
		return stet_cell_compare(a, b);
	g_autofree char *x = stet_cell_text(a), *y = stet_cell_text(b);
	return strcmp(x, y);
}

static int compare_rows(const Pair *pair, gsize a, gsize b)
{
	int order = 0;
	if (pair->a->period_column >= 0)
		order = compare_keys(stet_table_cell(pair->a->table, a, (guint)pair->a->period_column),
							 stet_table_cell(pair->b->table, b, (guint)pair->b->period_column));
	for (guint d = 0; order == 0 && d < pair->a->n_dimensions; d++)
		order = compare_keys(stet_table_cell(pair->a->table, a, pair->a->dimension_columns[d]),
							 stet_table_cell(pair->b->table, b, pair->b->dimension_columns[d]));
	return order;
}

static double size_of(double before, double after)
{
	if (isnan(before) || isnan(after) || before == 0)
		return INFINITY;
	return fabs((after - before) / before);
}

static void put(GArray *out, StetDiffKind kind, const StetMetric *metric, gsize row, guint measure,
				double before, double after)
{
	StetDifference difference = {kind, metric, row, measure, before, after, size_of(before, after)};
	g_array_append_val(out, difference);
}

/* Figures of one row that is on one side alone. */
static void put_row(GArray *out, StetDiffKind kind, const StetMetric *metric, gsize row)
{
	for (guint m = 0; m < metric->n_measures; m++) {
		double value = rows_value(metric, m, row);
		if (!isnan(value))
			put(out, kind, metric, row, m, kind == STET_DIFF_GONE ? value : NAN,
				kind == STET_DIFF_GONE ? NAN : value);
	}
}

/* Figures of one row of `from` whose measure `to` does not have. */
static void put_other_measures(GArray *out, StetDiffKind kind, const StetMetric *from, const StetMetric *to,
							   gsize row)
{
	for (guint m = 0; m < from->n_measures; m++) {
		double value = rows_value(from, m, row);
		if (!isnan(value) && stet_metric_measure(to, from->measures[m].name) < 0)
			put(out, kind, from, row, m, kind == STET_DIFF_GONE ? value : NAN,
				kind == STET_DIFF_GONE ? NAN : value);
	}
}

/* A row that both sides have. */
static void compare_values(const Pair *pair, gsize a, gsize b)
{
	StetDiffKind kind = pair->b->period_column >= 0 ? STET_DIFF_RESTATED : STET_DIFF_MOVED;
	for (guint m = 0; m < pair->b->n_measures; m++) {
		int old = stet_metric_measure(pair->a, pair->b->measures[m].name);
		if (old < 0)
			continue;
		double before = rows_value(pair->a, (guint)old, a), after = rows_value(pair->b, m, b);
		gboolean same = before == after || (isnan(before) && isnan(after));
		if (!same)
			put(pair->out,
				isnan(before)  ? STET_DIFF_NEW
				: isnan(after) ? STET_DIFF_RESTATED
							   : kind,
				pair->b, b, m, before, after);
	}
	put_other_measures(pair->out, STET_DIFF_NEW, pair->b, pair->a, b);
	put_other_measures(pair->out, STET_DIFF_GONE, pair->a, pair->b, a);
}

static char *dimension_text(const StetMetric *metric, gsize row)
{
	GString *text = g_string_new(NULL);
	for (guint d = 0; d < metric->n_dimensions; d++) {
		g_autofree char *part =
			stet_cell_text(stet_table_cell(metric->table, row, metric->dimension_columns[d]));
		g_string_append_printf(text, "%s\x1f", part);
	}
	return g_string_free(text, FALSE);
}

/* The dimensions of each series, as text, to the row of its latest period + 1. */
static GHashTable *last_rows(const StetMetric *metric)
{
	GHashTable *last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (gsize row = 0; row < metric->table->n_rows; row++)
		g_hash_table_replace(last, dimension_text(metric, row), GSIZE_TO_POINTER(row + 1));
	return last;
}

/* A row that only B has: the newest of a series that A knows has moved, others are new. */
static void put_new(const Pair *pair, GHashTable *last, gsize row)
{
	gsize n = 0;
	const gsize *series = stet_metric_series(pair->b, row, &n);
	g_autofree char *text = dimension_text(pair->b, row);
	gsize old = GPOINTER_TO_SIZE(g_hash_table_lookup(last, text)) - 1;
	gboolean newest = pair->b->period_column >= 0 && n > 0 && series[n - 1] == row;
	if (!newest || old == G_MAXSIZE ||
		compare_keys(stet_table_cell(pair->a->table, old, (guint)pair->a->period_column),
					 stet_table_cell(pair->b->table, row, (guint)pair->b->period_column)) > 0) {
		put_row(pair->out, STET_DIFF_NEW, pair->b, row);
		return;
	}
	for (guint m = 0; m < pair->b->n_measures; m++) {
		int same = stet_metric_measure(pair->a, pair->b->measures[m].name);
		double before = same < 0 ? NAN : rows_value(pair->a, (guint)same, old),
			   after = rows_value(pair->b, m, row);
		if (!isnan(after))
			put(pair->out, isnan(before) ? STET_DIFF_NEW : STET_DIFF_MOVED, pair->b, row, m, before, after);
	}
}

static gboolean same_shape(const StetMetric *a, const StetMetric *b)
{
	gboolean same = a->n_dimensions == b->n_dimensions && g_strcmp0(a->period, b->period) == 0;
	for (guint d = 0; same && d < a->n_dimensions; d++)
		same = strcmp(a->dimensions[d], b->dimensions[d]) == 0;
	return same;
}

static void put_all(GArray *out, StetDiffKind kind, const StetMetric *metric)
{
	for (gsize row = 0; row < metric->table->n_rows; row++)
		put_row(out, kind, metric, row);
}

/* Both tables are in the order of their keys: one pass over both. */
static void compare_metrics(const Pair *pair)
{
	if (!same_shape(pair->a, pair->b)) {
		put_all(pair->out, STET_DIFF_GONE, pair->a);
		put_all(pair->out, STET_DIFF_NEW, pair->b);
		return;
	}
	g_autoptr(GHashTable) last = last_rows(pair->a);
	gsize a = 0, b = 0, n_a = pair->a->table->n_rows, n_b = pair->b->table->n_rows;
	while (a < n_a || b < n_b) {
		int order = a == n_a ? 1 : b == n_b ? -1 : compare_rows(pair, a, b);
		if (order < 0)
			put_row(pair->out, STET_DIFF_GONE, pair->a, a++);
		else if (order > 0)
			put_new(pair, last, b++);
		else
			compare_values(pair, a++, b++);
	}
}

static int compare_differences(gconstpointer x, gconstpointer y)
{
	const StetDifference *a = x, *b = y;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	int names = strcmp(a->metric->name, b->metric->name);
	if (names != 0)
		return names;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->measure < b->measure ? -1 : a->measure > b->measure;
}

GArray *stet_diff(const StetEdition *a, const StetEdition *b)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(StetDifference));
	const GPtrArray *before = edition_metrics(a), *after = edition_metrics(b);
	for (guint i = 0; i < before->len; i++) {
		const StetMetric *metric = g_ptr_array_index(before, i);
		const StetMetric *other = stet_edition_metric(b, metric->name);
		if (other)
			compare_metrics(&(Pair){metric, other, out});
		else
			put_all(out, STET_DIFF_GONE, metric);
	}
	for (guint i = 0; i < after->len; i++) {
		const StetMetric *metric = g_ptr_array_index(after, i);
		if (!stet_edition_metric(a, metric->name))
			put_all(out, STET_DIFF_NEW, metric);
	}
	g_array_sort(out, compare_differences);
	return out;
}
