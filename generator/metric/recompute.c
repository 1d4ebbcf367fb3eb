/* recompute: a metric's SQL with that of every metric it rests on in front, on datasets cut down by
 * conditions. Where a figure comes out the same, the rows that are left are all it needs. */
#include "metric/private.h"

#include <string.h>

typedef struct {
	GString *with;
	GPtrArray *written; /* MetricRun * */
	GArray *parameters; /* StetParameter */
	const StetMetrics *metrics;
} Statement;

static void add_cte(Statement *statement, const char *name, const char *sql)
{
	g_string_append_printf(statement->with, "%s\"%s\" as (\n%s\n)", statement->with->len > 0 ? ", " : "with ",
						   name, sql);
}

static void add_parameters(Statement *statement, const MetricRun *run)
{
	g_autofree StetParameter *own = parameters_of(statement->metrics, run);
	g_array_append_vals(statement->parameters, own, g_strv_length(run->metric.parameters));
}

static void add_inputs(Statement *statement, const MetricRun *run)
{
	for (guint i = 0; i < run->inputs->len; i++) {
		MetricRun *input = g_ptr_array_index(run->inputs, i);
		if (g_ptr_array_find(statement->written, input, NULL))
			continue;
		g_ptr_array_add(statement->written, input);
		add_inputs(statement, input);
		add_cte(statement, input->metric.name, input->metric.full_sql);
		add_parameters(statement, input);
	}
}

StetTable *stet_metric_recompute(const StetMetrics *metrics, const StetMetric *metric, StetEngine *engine,
								 guint n, const StetRowFilter *filters, StetFault *fault)
{
	const MetricRun *run = (const MetricRun *)metric; /* its first member */
	g_autoptr(GString) with = g_string_new(NULL);
	g_autoptr(GPtrArray) written = g_ptr_array_new();
	g_autoptr(GArray) parameters = g_array_new(FALSE, FALSE, sizeof(StetParameter));
	Statement statement = {with, written, parameters, metrics};
	for (guint i = 0; i < n; i++) {
		/* the schema tells the table from the name that stands for it from here on */
		g_autofree char *sql =
			g_strdup_printf("select * from main.\"%s\" where %s", filters[i].dataset, filters[i].condition);
		add_cte(&statement, filters[i].dataset, sql);
	}
	add_inputs(&statement, run);
	add_parameters(&statement, run);
	g_autofree char *sql = g_strdup_printf("%s select * from (\n%s\n) as whole", with->str, metric->full_sql);
	StetQueryOptions options = {metric->decimals, parameters->len,
								(const StetParameter *)(void *)parameters->data};
	return stet_engine_query(engine, sql, &options, fault);
}
