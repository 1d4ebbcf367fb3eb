/* local: what a page's own query leaves unsaid, read off its result. */
#include "metric/private.h"

#include <string.h>

#define DIMENSION_MAX 8u

static const StetKey local_keys[] = {
	{"title", STET_NODE_TEXT, FALSE},  {"description", STET_NODE_TEXT, FALSE}, {"unit", STET_NODE_TEXT, FALSE},
	{"display", STET_NODE_INT, FALSE}, {"decimals", STET_NODE_INT, FALSE},     {NULL, 0, FALSE},
};

gboolean local_header_read(MetricRun *run, StetDiagnostics *diags)
{
	StetMetric *metric = &run->metric;
	const StetNode *header = metric->header;
	metric->decimals = -1;
	if (header->n == 0)
		return TRUE;
	if (!stet_node_check(header, local_keys, "x-", "metric-header", "a query's header without 'value'", diags))
		return FALSE;
	metric->title = stet_node_text(header, "title", metric->title);
	metric->description = stet_node_text(header, "description", NULL);
	metric->unit = stet_node_text(header, "unit", NULL);
	metric->decimals = (int)CLAMP(stet_node_number(header, "decimals", -1), -1, 15);
	return TRUE;
}

static gboolean is_period_name(const char *name)
{
	static const char *const names[] = {"period", "date", "day", "month", "quarter", "year", NULL};
	return g_strv_contains(names, name);
}

/* "spend_usd" -> "Spend usd"; interned, as there are few. */
static const char *title_of(const char *name)
{
	g_autofree char *title = g_strdelimit(g_strdup(name), "_", ' ');
	title[0] = g_ascii_toupper(title[0]);
	return g_intern_string(title);
}

static void add_measure(StetMetric *metric, guint column)
{
	const char *name = metric->table->columns[column].name;
	gboolean first = metric->n_measures == 0;
	int display = (int)stet_node_number(metric->header, "display", -1);
	metric->measures[metric->n_measures++] = (StetMeasure){.name = name,
														   .title = title_of(name),
														   .unit = first ? metric->unit : NULL,
														   .display = first ? CLAMP(display, -1, 15) : -1,
														   .good = STET_GOOD_NEUTRAL,
														   .column = column};
}

gboolean local_shape(MetricRun *run, StetDiagnostics *diags)
{
	StetMetric *metric = &run->metric;
	const StetTable *table = metric->table;
	g_free(metric->measures);
	g_free(metric->dimensions);
	g_free(metric->dimension_columns);
	metric->measures = g_new0(StetMeasure, table->n_columns + 1);
	metric->dimensions = g_new0(const char *, table->n_columns + 1);
	metric->dimension_columns = g_new0(guint, table->n_columns + 1);
	metric->n_measures = metric->n_dimensions = 0;
	metric->period = NULL;
	for (guint c = 0; c < table->n_columns; c++) {
		const StetTableColumn *column = &table->columns[c];
		if (!metric->period && is_period_name(column->name) && column->kind != STET_NUMBER)
			metric->period = column->name;
		else if (column->kind == STET_INT || column->kind == STET_NUMBER)
			add_measure(metric, c);
		else if (metric->n_dimensions < DIMENSION_MAX)
			metric->dimensions[metric->n_dimensions++] = column->name;
	}
	if (metric->n_measures > 0 || table->n_rows == 0)
		return TRUE;
	stet_diagnose(diags, STET_ERROR, "metric-column", metric_sql_place(run->file, metric, G_MAXSIZE),
				  "select a number beside the names: count(*) as n", "the query has no column of numbers");
	return FALSE;
}
