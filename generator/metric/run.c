/* run: metrics computed side by side, each once its inputs are there, or brought back from what is kept.
 *
 * Runs are handed out in an order in which inputs come first, so a run that waits for another waits for
 * one that is being worked on: there is no deadlock, whatever the number of threads. */
#include "metric/private.h"

#include <string.h>

typedef struct {
	StetMetrics *metrics;
	StetEngine *engine; /* the embedded one, or NULL */
	gboolean restoring; /* only bring back */
	StetDiagnostics *diags;
	gboolean *settled; /* by index in the order: this pass is through with it */
	GHashTable *index; /* MetricRun * -> index in the order */
} Pass;

/* Byte offset of a line and column; of the line's end where it is shorter. */
static gsize offset_at(const char *sql, guint line, guint column)
{
	const char *at = sql;
	for (; line > 1 && strchr(at, '\n'); line--)
		at = strchr(at, '\n') + 1;
	return (gsize)(at - sql) + MIN(strcspn(at, "\n"), column > 0 ? column - 1 : 0);
}

void report_fault(const MetricRun *run, const StetFault *fault, guint lines_before, StetDiagnostics *diags)
{
	const StetMetric *metric = &run->metric;
	StetPlace place = {metric->file, metric->sql_line, 0};
	if (fault->line > lines_before && run->file->shifts && run->file->shifts->len > 0) {
		gsize offset = offset_at(run->file->sql, fault->line - lines_before, fault->column);
		place = metric_sql_place(run->file, metric, pack_fault(run->file->shifts, metric->sql, offset, fault->message));
	} else if (fault->line > lines_before) {
		guint line = fault->line - lines_before;
		place.line = metric->sql_line + line - 1;
		place.column =
			fault->column > 0 && line == 1 ? fault->column + run->file->sql_column - 1 : fault->column;
	}
	stet_diagnose(diags, STET_ERROR, "metric-sql", place, fault->mend, "%s", fault->message);
}

/* ---- the engine ---- */

static gboolean offer(StetEngine *engine, MetricRun *run, GError **error)
{
	run->offered =
		run->offered || stet_engine_add_table(engine, run->table_name, run->metric.table, error);
	return run->offered;
}

gboolean stet_metrics_offer(StetMetrics *metrics, StetEngine *engine, const char *name, GError **error)
{
	MetricRun *run = metric_base(metrics, name);
	return !run || !run->metric.table || offer(engine, run, error);
}

/* Makes the results this run selects from queryable. One thread at a time: a table is added once. */
static gboolean offer_inputs(Pass *pass, const MetricRun *run)
{
	gboolean whole = TRUE;
	g_mutex_lock(&pass->metrics->lock);
	for (guint i = 0; whole && i < run->inputs->len; i++) {
		MetricRun *input = g_ptr_array_index(run->inputs, i);
		g_autoptr(GError) error = NULL;
		whole = offer(pass->engine, input, &error);
		if (!whole)
			stet_diagnose(pass->diags, STET_ERROR, "metric-engine", (StetPlace){input->metric.file, 0, 0},
						  NULL, "the result of '%s' cannot be handed on: %s", input->metric.name,
						  error->message);
	}
	g_mutex_unlock(&pass->metrics->lock);
	return whole;
}

/* The run's SQL. A scenario's inputs have other table names; a WITH in front, on a line of its own, makes
 * the SQL's names mean them, in any engine. */
static char *sql_of(const MetricRun *run, guint *lines_before)
{
	g_autoptr(GString) with = g_string_new(NULL);
	for (guint i = 0; i < run->inputs->len; i++) {
		const MetricRun *input = g_ptr_array_index(run->inputs, i);
		if (input->scenario > 0)
			g_string_append_printf(with, "%s%s as (select * from \"%s\")", with->len > 0 ? ", " : "with ",
								   input->metric.name, input->table_name);
	}
	*lines_before = with->len > 0 ? 1 : 0;
	if (with->len == 0)
		return g_strdup(run->metric.full_sql);
	return g_strdup_printf("%s select * from (\n%s\n) as whole", with->str, run->metric.full_sql);
}

static StetTable *compute(Pass *pass, const MetricRun *run)
{
	if (run->metric.warehouse)
		return warehouse_compute(pass->metrics, run, pass->diags);
	if (!offer_inputs(pass, run))
		return NULL;
	guint lines_before = 0;
	g_autofree char *sql = sql_of(run, &lines_before);
	g_autofree StetParameter *parameters = parameters_of(pass->metrics, run);
	StetQueryOptions options = {run->metric.decimals, g_strv_length(run->metric.parameters), parameters};
	StetFault fault = {0};
	StetTable *table = stet_engine_query(pass->engine, sql, &options, &fault);
	if (!table) {
		report_fault(run, &fault, lines_before, pass->diags);
		stet_fault_clear(&fault);
	}
	return table;
}

/* ---- one run ---- */

typedef enum { INPUTS_DONE, INPUTS_PENDING, INPUTS_FAILED } Inputs;

static Inputs wait_for_inputs(Pass *pass, const MetricRun *run)
{
	Inputs found = INPUTS_DONE;
	g_mutex_lock(&pass->metrics->lock);
	for (guint i = 0; i < run->inputs->len; i++) {
		const MetricRun *input = g_ptr_array_index(run->inputs, i);
		gsize index = GPOINTER_TO_SIZE(g_hash_table_lookup(pass->index, input));
		while (!pass->settled[index])
			g_cond_wait(&pass->metrics->done, &pass->metrics->lock);
		if (input->state == RUN_FAILED)
			found = INPUTS_FAILED;
		else if (input->state == RUN_PENDING && found == INPUTS_DONE)
			found = INPUTS_PENDING;
	}
	g_mutex_unlock(&pass->metrics->lock);
	return found;
}

void stet_metrics_limit_rows(StetMetrics *metrics, gsize rows)
{
	metrics->row_cap = rows;
}

/* A kept result is held to the limit too: what a build says must not depend on what it remembers. */
static gboolean within_limit(const Pass *pass, const MetricRun *run, const StetTable *table)
{
	gsize cap = pass->metrics->row_cap;
	if (cap == 0 || table->n_rows <= cap)
		return TRUE;
	stet_diagnose(pass->diags, STET_ERROR, "metric-rows", metric_sql_place(run->file, &run->metric, 0),
				  "group or filter it, or raise limits.rows in templates/site.yaml",
				  "the result has %" G_GSIZE_FORMAT " rows, more than the report allows (%" G_GSIZE_FORMAT ")",
				  table->n_rows, cap);
	return FALSE;
}

static RunState take_result(Pass *pass, MetricRun *run, StetTable *table, gboolean kept)
{
	run->metric.table = table;
	if (!within_limit(pass, run, table) || !result_accept(run, pass->diags)) {
		g_clear_pointer(&run->metric.table, stet_table_free);
		return RUN_FAILED;
	}
	if (!kept)
		result_keep(pass->metrics, run);
	return RUN_DONE;
}

static RunState settle(Pass *pass, MetricRun *run)
{
	if (run->state != RUN_PENDING) /* done before, or at fault: members of a cycle must not wait */
		return run->state;
	Inputs inputs = wait_for_inputs(pass, run);
	if (inputs != INPUTS_DONE)
		return inputs == INPUTS_FAILED ? RUN_FAILED : RUN_PENDING;
	StetHash content = {{0}};
	StetTable *table = run_key(pass->metrics, run) ? result_restore(pass->metrics, run, &content) : NULL;
	if (table) {
		run->content = content;
		return take_result(pass, run, table, TRUE);
	}
	if (pass->restoring || (!pass->engine && !run->metric.warehouse))
		return RUN_PENDING;
	gint64 began = g_get_monotonic_time();
	table = compute(pass, run);
	run->metric.took = MAX(1, g_get_monotonic_time() - began);
	return table ? take_result(pass, run, table, FALSE) : RUN_FAILED;
}

static void work(gsize index, guint worker, gpointer data)
{
	(void)worker;
	Pass *pass = data;
	MetricRun *run = g_ptr_array_index(pass->metrics->order, index);
	RunState state = settle(pass, run);
	g_mutex_lock(&pass->metrics->lock);
	run->state = state;
	pass->settled[index] = TRUE;
	g_cond_broadcast(&pass->metrics->done);
	g_mutex_unlock(&pass->metrics->lock);
}

static void run_pass(StetMetrics *metrics, StetEngine *engine, gboolean restoring, guint jobs,
					 StetDiagnostics *diags)
{
	guint n = metrics->order->len;
	Pass pass = {metrics, engine, restoring, diags, g_new0(gboolean, n + 1), g_hash_table_new(NULL, NULL)};
	for (guint i = 0; i < n; i++)
		g_hash_table_insert(pass.index, g_ptr_array_index(metrics->order, i), GUINT_TO_POINTER(i));
	stet_parallel(jobs, n, work, &pass);
	g_hash_table_unref(pass.index);
	g_free(pass.settled);
}

/* ---- all runs ---- */

static guint pending(const StetMetrics *metrics)
{
	guint n = 0;
	for (guint i = 0; i < metrics->order->len; i++)
		n += ((MetricRun *)g_ptr_array_index(metrics->order, i))->state == RUN_PENDING;
	return n;
}

void stet_metrics_run(StetMetrics *metrics, StetEngine *engine, guint jobs, StetDiagnostics *diags)
{
	if (!graph_build(metrics, engine, diags))
		return;
	run_pass(metrics, engine, FALSE, jobs, diags);
}

guint stet_metrics_restore(StetMetrics *metrics, guint jobs, StetDiagnostics *diags)
{
	if (!metrics->keep_dir || !graph_build(metrics, NULL, NULL))
		return metrics->base->len;
	run_pass(metrics, NULL, TRUE, jobs, diags);
	return pending(metrics);
}

char **stet_metrics_needed_datasets(const StetMetrics *metrics)
{
	if (!metrics->graph_built)
		return NULL;
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < metrics->project->n_resources; i++) {
		const char *name = metrics->project->resources[i].name;
		gboolean needed = FALSE;
		for (guint r = 0; !needed && r < metrics->order->len; r++) {
			const MetricRun *run = g_ptr_array_index(metrics->order, r);
			needed = run->state == RUN_PENDING && !run->metric.warehouse &&
					 g_strv_contains((const char *const *)run->metric.dataset_inputs, name);
		}
		if (needed)
			g_ptr_array_add(names, g_strdup(name));
	}
	g_ptr_array_sort(names, compare_text_pointers);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

gboolean stet_metrics_accept(StetMetrics *metrics, const char *name, StetTable *table, StetDiagnostics *diags)
{
	MetricRun *run = metric_base(metrics, name);
	if (!run || run->file->broken) {
		stet_table_free(table);
		return FALSE;
	}
	g_clear_pointer(&run->metric.rows, rows_free);
	stet_table_free(run->metric.table);
	run->metric.table = table;
	gboolean fits = result_accept(run, diags);
	if (!fits)
		g_clear_pointer(&run->metric.table, stet_table_free);
	run->state = fits ? RUN_DONE : RUN_FAILED;
	return fits;
}
