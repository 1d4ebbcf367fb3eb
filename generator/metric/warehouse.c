/* warehouse: metrics whose SQL runs on the server that holds the data. What they select from other metrics
 * goes there with the SQL: as values where the result is small, else as the input's own SQL. */
#include "metric/private.h"

#include <string.h>

void stet_metrics_use_warehouse(StetMetrics *metrics, StetEngine *warehouse)
{
	metrics->warehouse = warehouse;
}

void stet_metrics_set_warehouse_version(StetMetrics *metrics, StetHash version)
{
	metrics->warehouse_version = version;
}

gboolean stet_metrics_on_warehouse(const StetMetrics *metrics)
{
	for (guint i = 0; i < metrics->base->len; i++) {
		const MetricRun *run = g_ptr_array_index(metrics->base, i);
		if (run->metric.warehouse && !run->file->broken)
			return TRUE;
	}
	return FALSE;
}

void stet_metrics_pending(const StetMetrics *metrics, gboolean *embedded, gboolean *warehouse)
{
	*embedded = !metrics->graph_built;
	*warehouse = !metrics->graph_built && stet_metrics_on_warehouse(metrics);
	for (guint i = 0; metrics->graph_built && i < metrics->order->len; i++) {
		const MetricRun *run = g_ptr_array_index(metrics->order, i);
		if (run->state == RUN_PENDING)
			*(run->metric.warehouse ? warehouse : embedded) = TRUE;
	}
}

/* ---- tables -------------------------------------------------------------------------------- */

/* The words that follow FROM and JOIN, for SQL the embedded engine's parser does not know: metrics among
 * them are inputs, all else is the server's business. */
char **warehouse_tables(const char *sql)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	gsize at = 0;
	gboolean wanted = FALSE;
	for (StetSqlToken token = stet_sql_next(sql, &at); token.kind != STET_SQL_END;
		 token = stet_sql_next(sql, &at)) {
		gboolean word = token.kind == STET_SQL_WORD || token.kind == STET_SQL_QUOTED_WORD;
		g_autofree char *text = g_ascii_strdown(token.ptr, (gssize)token.len);
		if (wanted && word && !g_ptr_array_find_with_equal_func(names, text, g_str_equal, NULL))
			g_ptr_array_add(names, g_strdup(text));
		wanted = (token.kind == STET_SQL_WORD && (strcmp(text, "from") == 0 || strcmp(text, "join") == 0)) ||
				 (token.kind == STET_SQL_OTHER && token.len == 1 && *token.ptr == ',');
	}
	g_ptr_array_sort(names, compare_text_pointers);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

/* ---- SQL with what it selects from --------------------------------------------------------- */

typedef struct {
	StetEngine *engine;
	GString *with;
	GPtrArray *written;  /* MetricRun *: in `with` already */
	GPtrArray *expanded; /* MetricRun *: whose SQL is part of the statement */
	const MetricRun *too_large;
} Writing;

static void write_input(Writing *writing, MetricRun *input)
{
	if (writing->too_large || g_ptr_array_find(writing->written, input, NULL))
		return;
	g_autoptr(GString) values = g_string_new(NULL);
	gboolean small = stet_warehouse_values(writing->engine, input->metric.table, values);
	if (!small && !input->metric.warehouse) {
		writing->too_large = input;
		return;
	}
	for (guint i = 0; !small && i < input->inputs->len; i++)
		write_input(writing, g_ptr_array_index(input->inputs, i));
	g_ptr_array_add(writing->written, input);
	if (!small)
		g_ptr_array_add(writing->expanded, input);
	g_string_append_printf(writing->with, "%s%s as (\n%s\n)", writing->with->len > 0 ? ", " : "with ",
						   input->metric.name, small ? values->str : input->metric.full_sql);
}

static guint lines_of(const char *text)
{
	guint lines = 0;
	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* The parameters of the SQL itself and of every SQL written into it. */
static StetParameter *all_parameters(const StetMetrics *metrics, const MetricRun *run,
									 const GPtrArray *expanded, guint *n)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(StetParameter));
	for (guint i = 0; i <= expanded->len; i++) {
		const MetricRun *from = i < expanded->len ? expanded->pdata[i] : run;
		g_autofree StetParameter *own = parameters_of(metrics, from);
		g_array_append_vals(all, own, g_strv_length(from->metric.parameters));
	}
	*n = all->len;
	return (StetParameter *)(void *)g_array_free(g_steal_pointer(&all), FALSE);
}

StetTable *warehouse_compute(const StetMetrics *metrics, const MetricRun *run, StetDiagnostics *diags)
{
	if (!metrics->warehouse) {
		stet_diagnose(diags, STET_ERROR, "metric-engine", metric_key_place(&run->metric, "engine"),
					  "name it under engine.warehouse in templates/site.yaml or in STET_WAREHOUSE",
					  "the metric '%s' runs on the warehouse, but no connection is given", run->metric.name);
		return NULL;
	}
	g_autoptr(GString) with = g_string_new(NULL);
	g_autoptr(GPtrArray) written = g_ptr_array_new(), expanded = g_ptr_array_new();
	Writing writing = {metrics->warehouse, with, written, expanded, NULL};
	for (guint i = 0; i < run->inputs->len; i++)
		write_input(&writing, g_ptr_array_index(run->inputs, i));
	if (writing.too_large) {
		stet_diagnose(diags, STET_ERROR, "metric-engine",
					  metric_sql_place(run->file, &run->metric,
									   sql_find_name(run->metric.sql, writing.too_large->metric.name)),
					  "run both on one engine", "the result of '%s' is too large to be sent to the warehouse",
					  writing.too_large->metric.name);
		return NULL;
	}
	guint lines_before = with->len > 0 ? lines_of(with->str) + 1 : 0, n = 0;
	g_autofree char *sql =
		with->len > 0 ? g_strdup_printf("%s select * from (\n%s\n) as whole", with->str, run->metric.full_sql)
					  : g_strdup(run->metric.full_sql);
	g_autofree StetParameter *parameters = all_parameters(metrics, run, expanded, &n);
	StetQueryOptions options = {run->metric.decimals, n, parameters};
	StetFault fault = {0};
	StetTable *table = stet_engine_query(metrics->warehouse, sql, &options, &fault);
	if (!table) {
		report_fault(run, &fault, lines_before, diags);
		stet_fault_clear(&fault);
	}
	return table;
}
