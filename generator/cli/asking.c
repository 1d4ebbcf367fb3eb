/* `stet query`, `stet metrics`: what the data say, without a site. */
#include "cli/private.h"

#include <string.h>

/* ---- what they share ----------------------------------------------------------------------- */

void stet_asking_init(StetAsking *asking, const StetOptions *options, const char *root)
{
	*asking = (StetAsking){.options = options};
	stet_session_init(&asking->session, root, (guint)options->jobs, stet_progress_new(FALSE),
					  stet_diagnostics_new());
}

StetStatus stet_asking_end(StetAsking *asking)
{
	StetSession *session = &asking->session;
	g_autofree char *shown = stet_shown_path(asking->options, session->root);
	StetPrinter printer = {asking->options->format, stet_wants_colour(stderr), session->root, shown};
	if (asking->error)
		stet_diagnose(session->diags, STET_ERROR, "machine", (StetPlace){NULL, 0, 0}, NULL, "%s",
					  asking->error->message);
	stet_print_diagnostics(&printer, session->diags, stderr);
	StetStatus status = asking->error                                            ? STET_STATUS_MACHINE
						: stet_diagnostics_count(session->diags, STET_ERROR) > 0 ? STET_STATUS_ERRORS
																				 : STET_STATUS_DONE;
	StetDiagnostics *diags = session->diags;
	StetProgress *progress = session->progress;
	stet_session_clear(session);
	stet_progress_free(progress);
	stet_diagnostics_free(diags);
	g_clear_error(&asking->error);
	return status;
}

gboolean stet_asking_prepare(StetAsking *asking)
{
	return stet_session_read(&asking->session, &asking->error) &&
		   stet_session_run(&asking->session, FALSE, &asking->error);
}

static void diagnose_fault(StetAsking *asking, const char *sql, StetFault *fault)
{
	g_auto(GStrv) lines = g_strsplit(sql, "\n", -1);
	gboolean shown = fault->line > 0 && fault->line <= g_strv_length(lines);
	g_autofree char *text =
		shown ? g_strdup_printf("%s (at '%s')", fault->message,
								lines[fault->line - 1] + MIN(strlen(lines[fault->line - 1]),
															 fault->column > 0 ? fault->column - 1 : 0))
			  : g_strdup(fault->message);
	stet_diagnose(asking->session.diags, STET_ERROR, "query-sql", (StetPlace){NULL, 0, 0}, fault->mend, "%s", text);
	stet_fault_clear(fault);
}

/* ---- query --------------------------------------------------------------------------------- */

/* Metrics are tables like the datasets: those the question names are put beside them. */
static gboolean offer_metrics(StetAsking *asking, const char *sql)
{
	StetSession *session = &asking->session;
	StetFault fault = {0};
	g_auto(GStrv) names = stet_engine_tables(session->engine, sql, &fault);
	if (!names) {
		diagnose_fault(asking, sql, &fault);
		return FALSE;
	}
	for (guint i = 0; names[i]; i++)
		if (!stet_metrics_offer(session->metrics, session->engine, names[i], &asking->error))
			return FALSE;
	return TRUE;
}

/* The engine that --engine names, with all that `sql` may ask for; the server has its own tables only. */
static StetEngine *engine_for(StetAsking *asking, const char *sql)
{
	StetSession *session = &asking->session;
	if (g_strcmp0(asking->options->engine, "warehouse") == 0) {
		stet_signals_watch();
		session->project = stet_project_load(session->root, session->diags, &asking->error);
		return session->project && stet_session_open_warehouse(session, FALSE, &asking->error)
				   ? session->warehouse
				   : NULL;
	}
	return stet_asking_prepare(asking) && stet_session_open_engine(session, &asking->error) &&
				   offer_metrics(asking, sql)
			   ? session->engine
			   : NULL;
}

static char *read_sql(const char *argument, GError **error)
{
	g_autoptr(GIOChannel) input = NULL;
	char *sql = NULL;
	if (strcmp(argument, "-") != 0)
		return g_strdup(argument);
	input = g_io_channel_unix_new(0);
	g_io_channel_read_to_end(input, &sql, NULL, error);
	return sql;
}

StetStatus stet_command_query(const StetOptions *options, char **args)
{
	StetAsking asking;
	StetTableForm form;
	if (!stet_table_form(options, &form) || !stet_engine_named(options) || !stet_is_report(options, "."))
		return STET_STATUS_USAGE;
	stet_asking_init(&asking, options, ".");
	StetFault wrong = {0};
	g_autofree char *written = read_sql(args[0], &asking.error);
	g_autofree char *sql = written ? stet_pack_expand(written, &wrong) : NULL;
	if (written && !sql)
		diagnose_fault(&asking, written, &wrong);
	StetEngine *engine = sql ? engine_for(&asking, sql) : NULL;
	if (engine) {
		StetFault fault = {0};
		g_autoptr(StetTable) table = stet_engine_query(engine, sql, NULL, &fault);
		if (table)
			stet_table_print(table, form, stdout);
		else
			diagnose_fault(&asking, sql, &fault);
	}
	return stet_asking_end(&asking);
}

/* ---- metrics ------------------------------------------------------------------------------- */

static StetCell text_cell(StetTable *table, const char *text)
{
	return text && *text ? stet_table_text(table, text) : (StetCell){.kind = STET_NULL};
}

static void describe_metric(StetTable *table, const StetMetric *metric)
{
	g_autofree char *dimensions =
		metric->n_dimensions ? g_strjoinv(", ", (char **)metric->dimensions) : g_strdup("");
	g_autofree char *datasets = g_strjoinv(", ", metric->all_datasets);
	StetCell *cells = stet_table_append(table);
	cells[0] = stet_table_text(table, metric->name);
	cells[1] = stet_table_text(table, metric->title);
	cells[2] = text_cell(table, metric->unit);
	cells[3] = text_cell(table, metric->period);
	cells[4] = text_cell(table, dimensions);
	cells[5] = (StetCell){.kind = STET_INT, .v.i = metric->table ? (gint64)metric->table->n_rows : 0};
	cells[6] = text_cell(table, datasets);
}

/* The scenario behind the '@', by index; G_MAXUINT after a diagnostic. */
static guint scenario_behind(StetAsking *asking, const char *at)
{
	const StetMetrics *metrics = asking->session.metrics;
	guint scenario = at ? stet_scenarios_find(metrics, at + 1) : 0;
	if (scenario == G_MAXUINT)
		stet_diagnose(asking->session.diags, STET_ERROR, "scenario-unknown", (StetPlace){NULL, 0, 0},
					  "see scenarios in templates/site.yaml", "there is no scenario '%s'", at + 1);
	return scenario;
}

const StetMetric *stet_asked_metric(StetAsking *asking, const char *text)
{
	const StetMetrics *metrics = asking->session.metrics;
	const char *at = strchr(text, '@');
	g_autofree char *name = g_strndup(text, at ? (gsize)(at - text) : strlen(text));
	guint scenario = scenario_behind(asking, at);
	const StetMetric *metric = scenario == G_MAXUINT ? NULL : stet_scenario_metric(metrics, scenario, name);
	if (metric || scenario == G_MAXUINT)
		return metric && metric->table ? metric : NULL;
	const char *near = stet_nearest(name, stet_metrics_names(metrics));
	g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
	stet_diagnose(asking->session.diags, STET_ERROR, "metric-unknown", (StetPlace){NULL, 0, 0}, mend,
				  "there is no metric '%s'", name);
	return NULL;
}

static const StetTable *result_of(StetAsking *asking, const char *name)
{
	const StetMetric *metric = stet_asked_metric(asking, name);
	return metric ? metric->table : NULL;
}

StetStatus stet_command_metrics(const StetOptions *options, char **args)
{
	static const char *const names[] = {"metric",     "title", "unit",     "period",
										"dimensions", "rows",  "datasets", NULL};
	static const StetKind kinds[] = {STET_TEXT, STET_TEXT, STET_TEXT, STET_TEXT,
									 STET_TEXT, STET_INT,  STET_TEXT};
	const char *name = args[0] && !g_file_test(args[0], G_FILE_TEST_IS_DIR) ? args[0] : NULL;
	const char *root = args[0] && !name ? args[0] : ".";
	StetAsking asking;
	StetTableForm form;
	if (!stet_table_form(options, &form) || !stet_is_report(options, root))
		return STET_STATUS_USAGE;
	stet_asking_init(&asking, options, root);
	if (stet_asking_prepare(&asking)) {
		g_autoptr(StetTable) table = name ? NULL : stet_table_of(names, kinds);
		for (guint i = 0; table && i < stet_metrics_count(asking.session.metrics); i++)
			describe_metric(table, stet_metrics_at(asking.session.metrics, i));
		const StetTable *shown = name ? result_of(&asking, name) : table;
		if (shown)
			stet_table_print(shown, form, stdout);
	}
	return stet_asking_end(&asking);
}
