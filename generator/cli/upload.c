/* `stet load`: the datasets of a report into the warehouse, each in one transaction. */
#include "cli/private.h"

#include <string.h>

typedef struct {
	StetProgress *progress;
	gsize total;
} Counting;

static void count_rows(gsize rows, gpointer data)
{
	Counting *counting = data;
	stet_progress_count(counting->progress, rows, counting->total);
}

/* `--only a,b`: every name must be a dataset. */
static gboolean names_are_datasets(const StetSession *session, char **only)
{
	for (guint i = 0; only[i]; i++)
		if (!stet_project_resource(session->project, only[i])) {
			stet_diagnose(session->diags, STET_ERROR, "load-unknown", (StetPlace){NULL, 0, 0}, NULL,
						  "there is no dataset '%s'", only[i]);
			return FALSE;
		}
	return TRUE;
}

static gboolean load_all(StetSession *session, const StetOptions *options, GError **error)
{
	g_auto(GStrv) only = options->only ? g_strsplit(options->only, ",", -1) : NULL;
	if (only && !names_are_datasets(session, only))
		return FALSE;
	for (guint i = 0; i < session->project->n_resources; i++) {
		const StetDataset *dataset = session->datasets[i];
		const char *name = session->project->resources[i].name;
		if (only && !g_strv_contains((const char *const *)only, name))
			continue;
		Counting counting = {session->progress, dataset->rows};
		StetWarehouseLoad load = {options->replace, count_rows, &counting};
		stet_progress_stage(session->progress, "loading the warehouse");
		if (stet_signal_seen() || !stet_warehouse_load(session->warehouse, dataset, &load, error))
			return FALSE;
		stet_progress_clear(session->progress);
		if (!options->quiet)
			fprintf(stderr, "loaded %s: %" G_GSIZE_FORMAT " rows\n", name, dataset->rows);
	}
	return TRUE;
}

StetStatus stet_command_load(const StetOptions *options, char **args)
{
	const char *root = args[0] ? args[0] : ".";
	if (options->engine && strcmp(options->engine, "warehouse") != 0)
		return stet_complain(STET_STATUS_USAGE, "only the warehouse is loaded: --engine warehouse");
	if (!stet_is_report(options, root))
		return STET_STATUS_USAGE;
	StetAsking asking;
	stet_asking_init(&asking, options, root);
	StetSession *session = &asking.session;
	stet_signals_watch();
	if (stet_session_read(session, &asking.error) &&
		stet_session_open_warehouse(session, TRUE, &asking.error))
		load_all(session, options, &asking.error);
	return stet_asking_end(&asking);
}
