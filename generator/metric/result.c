/* result: a query's table held against the header that promised it. */
#include "metric/private.h"

#include <string.h>

#define CELL_MAX ((gsize)50 * 1000 * 1000)

/* The result's column names (g_free; the names are the table's). */
static const char **column_names(const StetTable *table)
{
	const char **names = g_new0(const char *, table->n_columns + 1);
	for (guint c = 0; c < table->n_columns; c++)
		names[c] = table->columns[c].name;
	return names;
}

/* The place of the scalar `name` under `key` (a list's item, a map's key, or the scalar itself). */
static StetPlace place_of(const StetMetric *metric, const char *key, const char *name)
{
	const StetNode *node = stet_node_get(metric->header, key);
	for (guint i = 0; node && i < node->n; i++) {
		const StetNode *item = node->kind == STET_NODE_MAP ? node->keys[i] : node->items[i];
		if (item->text && strcmp(item->text, name) == 0)
			return item->place;
	}
	return metric_key_place(metric, key);
}

/* The column `name`, which the header's `key` promises; -1 and a diagnostic if there is none. */
static int promised(const StetMetric *metric, const char *key, const char *name, StetDiagnostics *diags)
{
	int column = stet_table_column(metric->table, name);
	if (column >= 0)
		return column;
	g_autofree const char **names = column_names(metric->table);
	const char *near = stet_nearest(name, names);
	g_autofree char *all = g_strjoinv(", ", (char **)names);
	g_autofree char *mend =
		near ? g_strdup_printf("did you mean '%s'?", near) : g_strdup_printf("the columns are: %s", all);
	stet_diagnose(diags, STET_ERROR, "metric-column", place_of(metric, key, name), mend,
				  "the result has no column '%s', which '%s' names", name, key);
	return -1;
}

static const char *kind_names[] = {"nothing", "boolean", "integer", "number", "text", "date", "timestamp"};

static gboolean check_kind(const StetMetric *metric, const char *key, int column, guint kinds,
						   const char *wanted, StetDiagnostics *diags)
{
	const StetTableColumn *found = &metric->table->columns[column];
	if (found->kind == STET_NULL || (kinds & (1u << found->kind)))
		return TRUE;
	stet_diagnose(diags, STET_ERROR, "metric-column-type", place_of(metric, key, found->name), NULL,
				  "the column '%s' is a %s; '%s' takes %s", found->name, kind_names[found->kind], key,
				  wanted);
	return FALSE;
}

static gboolean find_columns(StetMetric *metric, StetDiagnostics *diags)
{
	const guint keys =
		1u << STET_TEXT | 1u << STET_INT | 1u << STET_DATE | 1u << STET_TIMESTAMP | 1u << STET_BOOL;
	gboolean whole = TRUE;
	if (metric->period) {
		metric->period_column = promised(metric, "period", metric->period, diags);
		whole = metric->period_column >= 0 &&
				check_kind(metric, "period", metric->period_column, keys & ~(1u << STET_BOOL),
						   "text, integers or dates", diags);
	}
	for (guint d = 0; d < metric->n_dimensions; d++) {
		int column = promised(metric, "dimensions", metric->dimensions[d], diags);
		whole = column >= 0 &&
				check_kind(metric, "dimensions", column, keys, "text, integers or dates", diags) && whole;
		metric->dimension_columns[d] = column < 0 ? 0 : (guint)column;
	}
	for (guint m = 0; m < metric->n_measures; m++) {
		int column = promised(metric, m == 0 ? "value" : "columns", metric->measures[m].name, diags);
		metric->measures[m].column = column < 0 ? 0 : (guint)column;
		whole = column >= 0 && whole;
		if (m == 0 && column >= 0)
			whole =
				check_kind(metric, "value", column, 1u << STET_INT | 1u << STET_NUMBER, "numbers", diags) &&
				whole;
	}
	return whole;
}

static gboolean is_listed(const StetMetric *metric, guint column)
{
	gboolean listed = metric->period_column == (int)column;
	for (guint d = 0; d < metric->n_dimensions; d++)
		listed = listed || metric->dimension_columns[d] == column;
	for (guint m = 0; m < metric->n_measures; m++)
		listed = listed || metric->measures[m].column == column;
	return listed;
}

/* Columns that nothing names would be figures without title or unit. */
static gboolean check_unlisted(const MetricRun *run, StetDiagnostics *diags)
{
	const StetMetric *metric = &run->metric;
	gboolean whole = TRUE;
	for (guint c = 0; c < metric->table->n_columns; c++) {
		const char *name = metric->table->columns[c].name;
		if (is_listed(metric, c))
			continue;
		gboolean twice = stet_table_column(metric->table, name) != (int)c;
		g_autofree char *mend =
			g_strdup_printf(twice ? "give one of them another name"
								  : "add '%s: {title: ..., unit: ...}' under columns, or select it no more",
							name);
		stet_diagnose(diags, STET_ERROR, twice ? "metric-column-twice" : "metric-column-unlisted",
					  metric_sql_place(run->file, metric, sql_find_name(metric->sql, name)), mend,
					  twice ? "the result has the column '%s' twice"
							: "the header does not name the column '%s'",
					  name);
		whole = FALSE;
	}
	return whole;
}

/* ---- order and keys ---- */

static int compare_rows(const StetMetric *metric, const StetCell *a, const StetCell *b)
{
	int order = metric->period_column < 0
					? 0
					: stet_cell_compare(&a[metric->period_column], &b[metric->period_column]);
	for (guint d = 0; order == 0 && d < metric->n_dimensions; d++)
		order = stet_cell_compare(&a[metric->dimension_columns[d]], &b[metric->dimension_columns[d]]);
	return order;
}

static int compare_row_pointers(gconstpointer a, gconstpointer b, gpointer metric)
{
	return compare_rows(metric, *(StetCell *const *)a, *(StetCell *const *)b);
}

static gboolean is_ordered(const StetMetric *metric)
{
	const StetTable *table = metric->table;
	for (gsize r = 1; r < table->n_rows; r++)
		if (compare_rows(metric, &table->cells[(r - 1) * table->n_columns],
						 &table->cells[r * table->n_columns]) > 0)
			return FALSE;
	return TRUE;
}

static void order_rows(StetMetric *metric)
{
	StetTable *table = metric->table;
	if (is_ordered(metric))
		return;
	gsize n = table->n_rows, width = table->n_columns;
	g_autofree StetCell **rows = g_new(StetCell *, n);
	for (gsize r = 0; r < n; r++)
		rows[r] = &table->cells[r * width];
	g_qsort_with_data(rows, (gint)n, sizeof *rows, compare_row_pointers, metric);
	g_autofree StetCell *sorted = g_new(StetCell, n * width);
	for (gsize r = 0; r < n; r++)
		memcpy(&sorted[r * width], rows[r], width * sizeof(StetCell));
	memcpy(table->cells, sorted, n * width * sizeof(StetCell));
}

static gboolean check_null(const MetricRun *run, const char *key, guint column, StetDiagnostics *diags)
{
	const StetMetric *metric = &run->metric;
	gsize missing = 0;
	for (gsize r = 0; r < metric->table->n_rows; r++)
		missing += stet_table_cell(metric->table, r, column)->kind == STET_NULL;
	if (missing == 0)
		return TRUE;
	const char *name = metric->table->columns[column].name;
	stet_diagnose(diags, STET_ERROR, "metric-key-null", place_of(metric, key, name),
				  "leave such rows out (where ... is not null) or name them (coalesce)",
				  "%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " rows have no '%s'", missing,
				  metric->table->n_rows, name);
	return FALSE;
}

static gboolean check_unique(const MetricRun *run, StetDiagnostics *diags)
{
	const StetMetric *metric = &run->metric;
	const StetTable *table = metric->table;
	gsize twice = 0, example = 0;
	for (gsize r = 1; r < table->n_rows; r++) {
		if (compare_rows(metric, &table->cells[(r - 1) * table->n_columns],
						 &table->cells[r * table->n_columns]) != 0)
			continue;
		example = twice++ == 0 ? r : example;
	}
	if (twice == 0)
		return TRUE;
	if (!metric->period && metric->n_dimensions == 0) {
		stet_diagnose(diags, STET_ERROR, "metric-key-twice", (StetPlace){metric->file, 1, 1},
					  "name the period or the dimensions in the header",
					  "%" G_GSIZE_FORMAT " rows, but neither period nor dimensions to tell them apart",
					  table->n_rows);
		return FALSE;
	}
	g_autofree char *key = rows_key_text(metric, example);
	stet_diagnose(diags, STET_ERROR, "metric-key-twice",
				  metric_key_place(metric, metric->n_dimensions > 0 ? "dimensions" : "period"),
				  "group by these columns, or add the dimension that tells the rows apart",
				  "%" G_GSIZE_FORMAT " rows repeat another row's period and dimensions, first at '%s'", twice,
				  key);
	return FALSE;
}

static gboolean check_keys(MetricRun *run, StetDiagnostics *diags)
{
	StetMetric *metric = &run->metric;
	gboolean whole =
		metric->period_column < 0 || check_null(run, "period", (guint)metric->period_column, diags);
	for (guint d = 0; d < metric->n_dimensions; d++)
		whole = check_null(run, "dimensions", metric->dimension_columns[d], diags) && whole;
	return whole && check_unique(run, diags);
}

gboolean result_accept(MetricRun *run, StetDiagnostics *diags)
{
	StetMetric *metric = &run->metric;
	const StetTable *table = metric->table;
	if (table->n_columns > 0 && table->n_rows > CELL_MAX / table->n_columns) {
		stet_diagnose(diags, STET_ERROR, "metric-too-large", (StetPlace){metric->file, metric->sql_line, 0},
					  "group by fewer columns",
					  "the result has %" G_GSIZE_FORMAT " rows of %u columns, too much for a report",
					  table->n_rows, table->n_columns);
		return FALSE;
	}
	if (metric->local && !stet_node_get(metric->header, "value") && !local_shape(run, diags))
		return FALSE;
	gboolean whole = find_columns(metric, diags);
	if (!whole || !check_unlisted(run, diags))
		return FALSE;
	order_rows(metric);
	if (!check_keys(run, diags))
		return FALSE;
	if (table->n_rows == 0)
		stet_diagnose(diags, STET_WARNING, "metric-empty", (StetPlace){metric->file, metric->sql_line, 0},
					  "look at its conditions with stet query", "the metric '%s' gives no rows",
					  metric->name);
	rows_index(metric);
	return TRUE;
}
