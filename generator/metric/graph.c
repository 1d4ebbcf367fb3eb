/* graph: which metric rests on which, in what order they run, and what the scenarios touch. */
#include "metric/private.h"

#include <string.h>

/* ---- tables of each SQL ---- */

/* Asks the engine's parser for the tables of one file's SQL. */
static void ask_tables(MetricRun *run, StetEngine *engine, StetDiagnostics *diags)
{
	MetricFile *file = run->file;
	StetFault fault = {0};
	file->tables = stet_engine_tables(engine, file->sql, &fault);
	/* SQL of the server's own kind is for the server to judge */
	if (!file->tables && run->metric.warehouse) {
		file->tables = warehouse_tables(file->sql);
		stet_fault_clear(&fault);
	}
	if (file->tables)
		return;
	report_fault(run, &fault, 0, diags);
	stet_fault_clear(&fault);
	file->broken = TRUE;
}

static gboolean know_tables(StetMetrics *metrics, StetEngine *engine, StetDiagnostics *diags)
{
	tables_restore(metrics);
	for (guint i = 0; i < metrics->base->len; i++) {
		MetricRun *run = g_ptr_array_index(metrics->base, i);
		if (run->file->broken || run->file->tables)
			continue;
		if (!engine)
			return FALSE;
		ask_tables(run, engine, diags);
		metrics->tables_changed = TRUE;
	}
	if (metrics->tables_changed)
		tables_keep(metrics);
	return TRUE;
}

/* ---- names to metrics and datasets ---- */

static const StetResource *find_dataset(const StetMetrics *metrics, const char *name)
{
	const StetResource *resource = stet_project_resource(metrics->project, name);
	for (guint i = 0; !resource && i < metrics->project->n_resources; i++)
		if (g_ascii_strcasecmp(metrics->project->resources[i].name, name) == 0)
			resource = &metrics->project->resources[i];
	return resource;
}

static void report_unknown(const StetMetrics *metrics, const MetricRun *run, const char *name,
						   StetDiagnostics *diags)
{
	const char *near = stet_nearest(name, metrics->tables_known);
	g_autofree char *mend =
		near ? g_strdup_printf("did you mean '%s'?", near)
			 : g_strdup("name a dataset of data/datapackage.json or a metric of data/metrics");
	stet_diagnose(diags, STET_ERROR, "metric-unknown-table",
				  metric_sql_place(run->file, &run->metric, sql_find_name(run->metric.sql, name)), mend,
				  "there is no dataset and no metric '%s'", name);
}

/* Sorts the tables of one run into metrics and datasets. */
static gboolean resolve(const StetMetrics *metrics, MetricRun *run, StetDiagnostics *diags)
{
	g_autoptr(GPtrArray) datasets = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func(g_free);
	gboolean whole = TRUE;
	for (char **name = run->file->tables; name && *name; name++) {
		g_autofree char *lower = g_ascii_strdown(*name, -1);
		MetricRun *input = metric_base(metrics, lower);
		const StetResource *dataset = input ? NULL : find_dataset(metrics, *name);
		if (input) {
			g_ptr_array_add(run->inputs, input);
			g_ptr_array_add(inputs, g_strdup(input->metric.name));
		} else if (dataset) {
			g_ptr_array_add(datasets, g_strdup(dataset->name));
			run->metric.synthetic = run->metric.synthetic || dataset->synthetic;
		} else if (!run->metric.warehouse) { /* the server may have tables that no package describes */
			if (diags)
				report_unknown(metrics, run, *name, diags);
			whole = FALSE;
		}
	}
	g_ptr_array_add(datasets, NULL);
	g_ptr_array_add(inputs, NULL);
	run->metric.dataset_inputs = g_strdupv((char **)datasets->pdata);
	run->metric.metric_inputs = g_strdupv((char **)inputs->pdata);
	return whole;
}

/* ---- order ---- */

typedef enum { UNSEEN, OPEN, CLOSED } Mark;

typedef struct {
	StetMetrics *metrics;
	StetDiagnostics *diags; /* NULL: quiet */
	GHashTable *marks;      /* MetricRun * -> Mark */
	GHashTable *levels;     /* MetricRun * -> 1 + the longest way down */
	GPtrArray *path;
	gboolean cycle;
} Walk;

static void report_cycle(Walk *walk, MetricRun *back)
{
	walk->cycle = TRUE;
	if (!walk->diags)
		return;
	guint from = 0;
	g_ptr_array_find(walk->path, back, &from);
	g_autoptr(GString) path = g_string_new(NULL);
	for (guint i = from; i < walk->path->len; i++) {
		MetricRun *run = g_ptr_array_index(walk->path, i);
		g_string_append_printf(path, "%s -> ", run->metric.name);
		run->file->broken = TRUE;
	}
	g_string_append(path, back->metric.name);
	const MetricRun *last = g_ptr_array_index(walk->path, walk->path->len - 1);
	StetPlace place =
		metric_sql_place(last->file, &last->metric, sql_find_name(last->metric.sql, back->metric.name));
	stet_diagnose(walk->diags, STET_ERROR, "metric-cycle", place,
				  "let one of them select from a dataset instead", "the metrics rest on each other: %s",
				  path->str);
}

static guint walk_down(Walk *walk, MetricRun *run)
{
	Mark mark = (Mark)GPOINTER_TO_UINT(g_hash_table_lookup(walk->marks, run));
	if (mark == OPEN)
		report_cycle(walk, run);
	if (mark != UNSEEN)
		return GPOINTER_TO_UINT(g_hash_table_lookup(walk->levels, run));
	g_hash_table_insert(walk->marks, run, GUINT_TO_POINTER(OPEN));
	g_ptr_array_add(walk->path, run);
	guint level = 0;
	for (guint i = 0; i < run->inputs->len; i++) {
		guint below = walk_down(walk, g_ptr_array_index(run->inputs, i));
		level = MAX(level, below);
	}
	g_ptr_array_set_size(walk->path, (int)walk->path->len - 1);
	g_hash_table_insert(walk->marks, run, GUINT_TO_POINTER(CLOSED));
	g_hash_table_insert(walk->levels, run, GUINT_TO_POINTER(level + 1));
	return level + 1;
}

static int compare_levels(gconstpointer a, gconstpointer b, gpointer data)
{
	GHashTable *levels = data;
	const MetricRun *x = *(MetricRun *const *)a, *y = *(MetricRun *const *)b;
	guint first = GPOINTER_TO_UINT(g_hash_table_lookup(levels, x));
	guint second = GPOINTER_TO_UINT(g_hash_table_lookup(levels, y));
	return first != second ? (first < second ? -1 : 1) : strcmp(x->metric.name, y->metric.name);
}

/* Fills metrics->order with the base runs, lowest level first; FALSE at a cycle. */
static gboolean order_base(StetMetrics *metrics, StetDiagnostics *diags)
{
	Walk walk = {
		.metrics = metrics,
		.diags = diags,
		.marks = g_hash_table_new(NULL, NULL),
		.levels = g_hash_table_new(NULL, NULL),
		.path = g_ptr_array_new(),
	};
	for (guint i = 0; i < metrics->base->len; i++) {
		walk_down(&walk, g_ptr_array_index(metrics->base, i));
		g_ptr_array_add(metrics->order, g_ptr_array_index(metrics->base, i));
	}
	g_ptr_array_sort_with_data(metrics->order, compare_levels, walk.levels);
	g_ptr_array_unref(walk.path);
	g_hash_table_unref(walk.marks);
	g_hash_table_unref(walk.levels);
	return !walk.cycle;
}

/* What a metric rests on through others; its inputs have been through this already. */
static void gather(MetricRun *run)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	for (char **name = run->metric.dataset_inputs; *name; name++)
		g_ptr_array_add(all, *name);
	for (guint i = 0; i < run->inputs->len; i++) {
		const MetricRun *input = g_ptr_array_index(run->inputs, i);
		for (char **name = input->metric.all_datasets; name && *name; name++)
			g_ptr_array_add(all, *name);
		run->metric.synthetic = run->metric.synthetic || input->metric.synthetic;
	}
	g_ptr_array_sort(all, compare_text_pointers);
	g_autoptr(GPtrArray) unique = g_ptr_array_new();
	for (guint i = 0; i < all->len; i++)
		if (i == 0 || strcmp(all->pdata[i], all->pdata[i - 1]) != 0)
			g_ptr_array_add(unique, all->pdata[i]);
	g_ptr_array_add(unique, NULL);
	run->metric.all_datasets = g_strdupv((char **)unique->pdata);
}

/* ---- scenarios ---- */

static gboolean is_overridden(const StetMetrics *metrics, const MetricRun *run, guint scenario)
{
	for (char **name = run->metric.parameters; name && *name; name++) {
		const StetNode *base = stet_scenario_parameter(metrics, 0, *name);
		const StetNode *mine = stet_scenario_parameter(metrics, scenario, *name);
		if (base && mine && (base->kind != mine->kind || strcmp(base->text, mine->text) != 0))
			return TRUE;
	}
	return FALSE;
}

static MetricRun *make_variant(const StetMetrics *metrics, const MetricRun *base, guint scenario)
{
	MetricRun *run = g_new0(MetricRun, 1);
	StetMetric *metric = &run->metric;
	*metric = base->metric;
	metric->dimensions =
		g_memdup2(metric->dimensions, (metric->n_dimensions + 1) * sizeof *metric->dimensions);
	metric->dimension_columns = g_new0(guint, metric->n_dimensions + 1);
	metric->measures = g_memdup2(metric->measures, metric->n_measures * sizeof *metric->measures);
	metric->metric_inputs = g_strdupv(metric->metric_inputs);
	metric->dataset_inputs = g_strdupv(metric->dataset_inputs);
	metric->all_datasets = g_strdupv(metric->all_datasets);
	metric->parameters = g_strdupv(metric->parameters);
	metric->table = NULL;
	metric->rows = NULL;
	metric->scenario = stet_scenarios_at(metrics, scenario)->name;
	run->file = base->file;
	run->scenario = scenario;
	run->inputs = g_ptr_array_new();
	run->table_name = g_strdup_printf("%s@%s", metric->name, stet_scenarios_at(metrics, scenario)->name);
	return run;
}

/* Makes the runs that scenario `scenario` changes, behind all others in the order. */
static void add_variants(StetMetrics *metrics, guint scenario)
{
	g_autoptr(GHashTable) variants = g_hash_table_new(NULL, NULL); /* base run -> its variant */
	for (guint i = 0; i < metrics->base->len; i++) {
		MetricRun *base = g_ptr_array_index(metrics->order, i);
		gboolean touched = is_overridden(metrics, base, scenario);
		for (guint k = 0; !touched && k < base->inputs->len; k++)
			touched = g_hash_table_contains(variants, g_ptr_array_index(base->inputs, k));
		if (!touched || base->file->broken)
			continue;
		MetricRun *run = make_variant(metrics, base, scenario);
		for (guint k = 0; k < base->inputs->len; k++) {
			gpointer input = g_ptr_array_index(base->inputs, k);
			gpointer changed = g_hash_table_lookup(variants, input);
			g_ptr_array_add(run->inputs, changed ? changed : input);
		}
		g_hash_table_insert(variants, base, run);
		g_ptr_array_add(metrics->variants, run);
		g_ptr_array_add(metrics->order, run);
	}
}

/* ---- all of it ---- */

static void clear(StetMetrics *metrics)
{
	g_ptr_array_set_size(metrics->order, 0);
	g_ptr_array_set_size(metrics->variants, 0);
	for (guint i = 0; i < metrics->base->len; i++) {
		MetricRun *run = g_ptr_array_index(metrics->base, i);
		g_ptr_array_set_size(run->inputs, 0);
		g_clear_pointer(&run->metric.metric_inputs, g_strfreev);
		g_clear_pointer(&run->metric.dataset_inputs, g_strfreev);
		g_clear_pointer(&run->metric.all_datasets, g_strfreev);
		run->metric.synthetic = FALSE;
	}
}

gboolean graph_build(StetMetrics *metrics, StetEngine *engine, StetDiagnostics *diags)
{
	if (metrics->graph_built)
		return TRUE;
	clear(metrics);
	if (!know_tables(metrics, engine, diags))
		return FALSE;
	gboolean whole = TRUE;
	for (guint i = 0; i < metrics->base->len; i++) {
		MetricRun *run = g_ptr_array_index(metrics->base, i);
		gboolean known = resolve(metrics, run, diags);
		if (!known && diags)
			run->file->broken = TRUE;
		whole = whole && known;
	}
	whole = order_base(metrics, diags) && whole;
	if (!whole && !diags) /* the engine's caller will hear of it */
		return FALSE;
	for (guint i = 0; i < metrics->base->len; i++) {
		MetricRun *run = g_ptr_array_index(metrics->order, i);
		gather(run);
		if (run->file->broken)
			run->state = RUN_FAILED;
	}
	for (guint s = 1; whole && s < metrics->scenarios->len; s++)
		add_variants(metrics, s);
	metrics->graph_built = TRUE;
	return TRUE;
}
