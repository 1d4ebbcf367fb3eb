/* The report read, its data loaded, its metrics run: what a build, a check and a query have in common. */
#include "cli/private.h"

#include <string.h>

static gboolean healthy(StetDiagnostics *diags)
{
	return !stet_signal_seen() && stet_diagnostics_count(diags, STET_ERROR) == 0;
}

static void check_datasets(StetSession *session)
{
	g_autofree char *columns = g_build_filename(session->state_dir, "columns", NULL);
	guint n = session->project->n_resources;
	StetCheckContext context = {.n = n,
								.datasets = (const StetDataset *const *)session->datasets,
								.rows_before = stet_rows_before,
								.data = session->project};
	stet_datasets_check_keys_kept(session->datasets, n, columns, session->diags);
	session->checks = stet_checks_read(&context, session->diags);
}

static guint said(StetDiagnostics *diags)
{
	return stet_diagnostics_count(diags, STET_ERROR) + stet_diagnostics_count(diags, STET_WARNING) +
		   stet_diagnostics_count(diags, STET_NOTE);
}

/* Loads the heads that are wanted, by the resource's index. */
static void fill_heads(StetSession *session, gboolean *wanted)
{
	guint n = session->project->n_resources, wants = 0;
	for (guint i = 0; i < n; i++) {
		wanted[i] = wanted[i] && session->datasets[i] && stet_is_head(session->datasets[i]);
		wants += wanted[i] ? 1 : 0;
	}
	if (wants == 0)
		return;
	StetDataset **loaded = stet_datasets_load(session->project, session->state_dir, wanted, session->jobs,
											  session->progress, session->diags);
	for (guint i = 0; i < n; i++)
		if (loaded[i]) {
			StetDataset *head = session->datasets[i];
			session->datasets[i] = loaded[i];
			loaded[i] = head;
		}
	stet_datasets_free(loaded, n);
}

/* Those that metrics still to be run read; all where that is not known. */
static void fill_for_metrics(StetSession *session)
{
	guint n = session->project->n_resources;
	g_auto(GStrv) names = stet_metrics_needed_datasets(session->metrics);
	g_autofree gboolean *wanted = g_new0(gboolean, n + 1);
	for (guint i = 0; i < n; i++)
		wanted[i] =
			!names || g_strv_contains((const char *const *)names, session->project->resources[i].name);
	fill_heads(session, wanted);
}

/* A schema that was inferred is known when the data are. */
static void fill_inferred(StetSession *session)
{
	guint n = session->project->n_resources;
	g_autofree gboolean *wanted = g_new0(gboolean, n + 1);
	for (guint i = 0; i < n; i++)
		wanted[i] = !session->project->resources[i].has_schema;
	fill_heads(session, wanted);
}

/* Data that are as they were, and sound then, are sound now. */
static void read_data(StetSession *session)
{
	guint before = said(session->diags);
	if (stet_heads_read(session)) {
		fill_inferred(session);
	} else {
		session->datasets = stet_datasets_load(session->project, session->state_dir, NULL, session->jobs,
											   session->progress, session->diags);
		if (healthy(session->diags))
			check_datasets(session);
	}
	session->quiet = said(session->diags) == before;
}

const StetDataset *stet_session_whole(guint index, gpointer data)
{
	StetSession *session = data;
	if (!session->datasets[index] || !stet_is_head(session->datasets[index]))
		return session->datasets[index];
	g_mutex_lock(&session->loading);
	if (!session->whole)
		session->whole = g_new0(StetDataset *, session->project->n_resources + 1);
	if (!session->whole[index]) {
		g_autofree gboolean *wanted = g_new0(gboolean, session->project->n_resources + 1);
		wanted[index] = TRUE;
		StetDataset **loaded = stet_datasets_load(session->project, session->state_dir, wanted, 1,
												  session->progress, session->diags);
		session->whole[index] = g_steal_pointer(&loaded[index]);
		stet_datasets_free(loaded, session->project->n_resources);
	}
	const StetDataset *whole = session->whole[index];
	g_mutex_unlock(&session->loading);
	return whole;
}

gboolean stet_session_read(StetSession *session, GError **error)
{
	stet_progress_stage(session->progress, "reading the report");
	session->project = stet_project_load(session->root, session->diags, error);
	if (!session->project)
		return FALSE;
	for (guint i = 0; i < session->project->n_resources; i++)
		session->project->resources[i].lenient = session->lenient;
	stet_progress_stage(session->progress, "loading data");
	read_data(session);
	session->metrics = stet_metrics_load(session->project, session->diags);
	stet_queries_collect(session->project, session->metrics, session->diags);
	return healthy(session->diags);
}

const StetDataset *stet_session_dataset(StetSession *session, const char *name)
{
	for (guint i = 0; i < session->project->n_resources; i++)
		if (strcmp(session->project->resources[i].name, name) == 0)
			return stet_session_whole(i, session);
	return NULL;
}

/* Results are found again by what their datasets hold. */
static void name_contents(StetSession *session)
{
	for (guint i = 0; i < session->project->n_resources; i++) {
		const StetDataset *dataset = session->datasets[i];
		const StetResource *resource = &session->project->resources[i];
		if (!dataset)
			continue;
		stet_metrics_set_content(session->metrics, resource->name,
								 stet_dataset_content(resource, dataset->sources, dataset->n_sources, FALSE));
		stet_metrics_set_rows(session->metrics, resource->name, dataset->rows);
	}
}

static gboolean stop_seen(gpointer data)
{
	(void)data;
	return stet_signal_seen() != 0;
}

gboolean stet_session_open_engine(StetSession *session, GError **error)
{
	g_autofree char *spill = g_build_filename(session->state_dir, "spill", NULL);
	StetLimits limits;
	if (session->engine)
		return TRUE;
	if (!stet_limits_read(session->project, &limits, session->diags))
		return FALSE;
	StetEngineOptions options = {.threads = session->jobs,
								 .memory_limit = limits.memory,
								 .spill_dir = spill,
								 .row_cap = limits.rows,
								 .timeout = limits.seconds,
								 .stop = stop_seen};
	session->engine = stet_engine_open(&options, error);
	gboolean ready = session->engine != NULL;
	for (guint i = 0; ready && i < session->project->n_resources; i++)
		if (session->datasets[i] && !stet_is_head(session->datasets[i]))
			ready = stet_engine_add(session->engine, session->datasets[i], error);
	return ready && stet_engine_seal(session->engine, error);
}

/* The datasets' own checks: those that passed before on the same data are not run again. */
static gboolean run_checks(StetSession *session, gboolean anew, GError **error)
{
	if (!session->checks || session->checks->len == 0 ||
		(!anew && stet_checks_restore(session->checks, session->state_dir) == 0))
		return TRUE;
	stet_progress_stage(session->progress, "checking data");
	if (!stet_session_open_engine(session, error))
		return FALSE;
	guint before = said(session->diags);
	stet_checks_run(session->checks, session->engine, session->diags);
	session->quiet = session->quiet && said(session->diags) == before;
	stet_checks_keep(session->checks, session->state_dir);
	return healthy(session->diags);
}

gboolean stet_session_run(StetSession *session, gboolean anew, GError **error)
{
	if (!run_checks(session, anew, error))
		return FALSE;
	StetLimits limits;
	if (!stet_limits_read(session->project, &limits, session->diags))
		return FALSE;
	stet_progress_stage(session->progress, "running metrics");
	stet_metrics_limit_rows(session->metrics, limits.rows);
	stet_metrics_keep_in(session->metrics, session->state_dir);
	name_contents(session);
	if (!stet_session_know_warehouse(session, error))
		return FALSE;
	if (!anew && stet_metrics_restore(session->metrics, session->jobs, session->diags) == 0)
		return healthy(session->diags);
	gboolean embedded = FALSE, warehouse = FALSE;
	stet_metrics_pending(session->metrics, &embedded, &warehouse);
	fill_for_metrics(session);
	if ((embedded && !stet_session_open_engine(session, error)) ||
		(warehouse && !stet_session_open_warehouse(session, FALSE, error)))
		return FALSE;
	stet_metrics_use_warehouse(session->metrics, session->warehouse);
	stet_metrics_run(session->metrics, session->engine, session->jobs, session->diags);
	return healthy(session->diags);
}

void stet_session_init(StetSession *session, const char *root, guint jobs, StetProgress *progress,
					   StetDiagnostics *diags)
{
	*session = (StetSession){.root = root,
							 .state_dir = g_build_filename(root, ".stet", NULL),
							 .jobs = jobs,
							 .progress = progress,
							 .diags = diags};
	g_mutex_init(&session->loading);
}

void stet_session_clear(StetSession *session)
{
	stet_engine_close(session->engine);
	stet_engine_close(session->warehouse);
	if (session->metrics)
		stet_metrics_free(session->metrics);
	if (session->checks)
		g_ptr_array_unref(session->checks);
	if (session->project) {
		stet_datasets_free(session->datasets, session->project->n_resources);
		stet_datasets_free(session->whole, session->project->n_resources);
	}
	g_mutex_clear(&session->loading);
	stet_project_free(session->project);
	g_free(session->state_dir);
}
