/* One build: each stage in turn, stopping where the next would only echo what is wrong already. */
#include "cli/private.h"

#include <string.h>
#include <sys/stat.h>

#define DATA_NOTE "data"
#define SAID_NOTE "said"
#define CATEGORIES_MAX 64 /* a dimension with more values than this has no fixed colours */

typedef struct {
	const StetBuildRequest *request;
	StetBuildResult *result;
	StetDiagnostics *diags;
	StetSession session;
	GPtrArray *editions; /* StetEdition *: as published, the last one last; NULL before they are read */
	StetState *state;
	StetStage *stage;
	StetTheme *theme;
	char *salt;
	GBytes *memory, *remember; /* of the pages: the last build's, and for the next */
	GBytes *facts;             /* of the data, from the last build */
	GMutex mutex; /* guards result->error while pages are made */
} Build;

static gboolean machine_failed(Build *build, GError *error)
{
	g_mutex_lock(&build->mutex);
	if (build->result->error)
		g_error_free(error);
	else
		build->result->error = error;
	g_mutex_unlock(&build->mutex);
	return FALSE;
}

static gboolean healthy(const Build *build)
{
	return !stet_signal_seen() && stet_diagnostics_count(build->diags, STET_ERROR) == 0;
}

/* ---- before the work ----------------------------------------------------------------------- */

/* What decides the site besides the report's files: this very program. */
static char *make_salt(gboolean lenient)
{
	struct stat self = {0};
	const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
	if (stat("/proc/self/exe", &self) != 0)
		memset(&self, 0, sizeof self);
	return g_strdup_printf("stet " STET_VERSION " %" G_GINT64_FORMAT ".%ld %" G_GINT64_FORMAT " %s%s",
						   (gint64)self.st_mtim.tv_sec, self.st_mtim.tv_nsec, (gint64)self.st_size,
						   epoch ? epoch : "", lenient ? " lenient" : "");
}

/* What the last build said of the report, a line a word: severity, code, file, line, column, message, mend. */
static GBytes *said_bytes(StetDiagnostics *diags)
{
	const GPtrArray *list = stet_diagnostics_sorted(diags);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < list->len; i++) {
		const StetDiagnostic *entry = list->pdata[i];
		const char *const texts[] = {entry->code, entry->file, entry->message, entry->mend};
		g_string_append_printf(out, "%d %u %u", (int)entry->severity, entry->line, entry->column);
		for (guint k = 0; k < G_N_ELEMENTS(texts); k++) {
			g_autofree char *escaped = g_strescape(texts[k] ? texts[k] : "", NULL);
			g_string_append_printf(out, "\t%s", escaped);
		}
		g_string_append_c(out, '\n');
	}
	if (out->len > 0)
		return g_string_free_to_bytes(out);
	g_string_free(out, TRUE);
	return NULL;
}

/* A report in which nothing changed still has the faults it had. */
static void repeat(Build *build)
{
	g_autoptr(GBytes) note = stet_note_load(build->request->out, build->session.state_dir, SAID_NOTE);
	gsize length = 0;
	const char *data = note ? g_bytes_get_data(note, &length) : NULL;
	g_autofree char *text = g_strndup(data ? data : "", length);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] && *lines[i]; i++) {
		g_auto(GStrv) parts = g_strsplit(lines[i], "\t", -1);
		if (g_strv_length(parts) != 5)
			continue;
		char *at = parts[0];
		guint64 severity = g_ascii_strtoull(at, &at, 10), line = g_ascii_strtoull(at, &at, 10);
		guint64 column = g_ascii_strtoull(at, &at, 10);
		g_autofree char *code = g_strcompress(parts[1]), *file = g_strcompress(parts[2]);
		g_autofree char *message = g_strcompress(parts[3]), *mend = g_strcompress(parts[4]);
		stet_diagnose(build->diags, (StetSeverity)MIN(severity, STET_WARNING), code,
					  (StetPlace){*file ? file : NULL, (guint)line, (guint)column}, *mend ? mend : NULL, "%s",
					  message);
	}
}

static gboolean scan(Build *build)
{
	const StetBuildRequest *request = build->request;
	GError *error = NULL;
	build->salt = make_salt(request->lenient);
	stet_progress_stage(request->progress, "looking for changes");
	build->state = stet_state_scan(request->root, build->salt, &error);
	if (!build->state)
		return machine_failed(build, error);
	build->result->nothing_to_do = !request->force && !stet_rests_on_warehouse(&build->session) &&
								   stet_state_is_current(build->state, request->out);
	if (build->result->nothing_to_do) {
		repeat(build);
		return FALSE;
	}
	build->stage = stet_stage_open(request->out, build->session.state_dir, &error);
	if (!build->stage)
		return machine_failed(build, error);
	if (request->hasty)
		stet_stage_hasten(build->stage);
	if (!request->force)
		build->memory = stet_stage_note(build->stage, STET_PAGES_NOTE);
	if (!request->force)
		build->facts = stet_stage_note(build->stage, DATA_NOTE);
	build->session.state = build->state;
	build->session.salt = build->salt;
	build->session.facts = build->facts;
	return TRUE;
}

/* ---- data and metrics ---------------------------------------------------------------------- */

static gboolean prepare(Build *build)
{
	StetSession *session = &build->session;
	GError *error = NULL;
	gboolean ready =
		stet_session_read(session, &error) && stet_session_run(session, build->request->force, &error);
	return error ? machine_failed(build, error) : ready;
}

/* Inputs whose hash is known by now are not read once more when the build is remembered. */
static void tell_hashes(Build *build)
{
	for (guint i = 0; i < build->session.project->n_resources; i++) {
		const StetDataset *dataset = build->session.datasets[i];
		for (guint k = 0; dataset && k < dataset->n_sources; k++)
			stet_state_tell(build->state, dataset->sources[k].path, &dataset->sources[k].hash);
	}
}

/* A check writes no site, so it may look at the calendar: acknowledgements end. */
static void insist_on_claims(StetMetrics *metrics)
{
	const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
	g_autoptr(GDateTime) now = epoch ? g_date_time_new_from_unix_utc(g_ascii_strtoll(epoch, NULL, 10))
									 : g_date_time_new_now_utc();
	g_autofree char *today = now ? g_date_time_format(now, "%Y-%m-%d") : NULL;
	if (today)
		stet_claims_insist(metrics, today);
}

/* The results against what others published, and against what this report published before. */
static gboolean check_published(Build *build)
{
	StetSession *session = &build->session;
	const StetDataset *claims = stet_session_dataset(session, "claims"),
					  *errata = stet_session_dataset(session, "errata");
	stet_progress_stage(build->request->progress, "checking claims");
	if (build->request->check)
		insist_on_claims(session->metrics);
	if (claims)
		stet_claims_check(session->metrics, claims, build->diags);
	g_autoptr(GPtrArray) editions = stet_editions_list(session->project);
	build->editions = g_ptr_array_new_with_free_func((GDestroyNotify)stet_edition_free);
	for (guint i = 0; i < editions->len; i++) {
		StetEdition *edition = stet_edition_load(session->project, editions->pdata[i], build->diags);
		if (edition)
			g_ptr_array_add(build->editions, edition);
	}
	if (build->editions->len > 0)
		stet_restatements_check(session->metrics, build->editions->pdata[build->editions->len - 1], errata,
								build->diags);
	return healthy(build);
}

/* ---- colours ------------------------------------------------------------------------------- */

static int compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The values a dimension takes in one metric, sorted; those in `seen` ("dimension\nvalue") are left out. */
static GPtrArray *dimension_values(const StetMetric *metric, guint dimension, GHashTable *seen)
{
	GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
	guint column = metric->dimension_columns[dimension];
	for (gsize row = 0; row < metric->table->n_rows && values->len <= CATEGORIES_MAX; row++) {
		const StetCell *cell = stet_table_cell(metric->table, row, column);
		g_autofree char *text = cell->kind == STET_NULL ? NULL : stet_cell_text(cell);
		if (text && g_hash_table_add(seen, g_strconcat(metric->dimensions[dimension], "\n", text, NULL)))
			g_ptr_array_add(values, g_steal_pointer(&text));
	}
	g_ptr_array_sort(values, compare_texts);
	return values;
}

/* site.yaml's `categories` first, in its order; then what the metrics hold, in theirs. */
static void make_theme(Build *build)
{
	const StetNode *site = build->session.project->site.node, *categories = stet_node_get(site, "categories");
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	build->theme = stet_theme_new(stet_node_get(site, "theme"), build->diags);
	for (guint i = 0; categories && i < categories->n; i++) {
		const StetNode *list = categories->items[i];
		for (guint k = 0; list->kind == STET_NODE_LIST && k < list->n; k++)
			if (list->items[k]->text && g_hash_table_add(seen, g_strconcat(categories->keys[i]->text, "\n",
																		   list->items[k]->text, NULL)))
				stet_theme_assign(build->theme, categories->keys[i]->text, list->items[k]->text);
	}
	for (guint m = 0; m < stet_metrics_count(build->session.metrics); m++) {
		const StetMetric *metric = stet_metrics_at(build->session.metrics, m);
		for (guint d = 0; metric->table && d < metric->n_dimensions; d++) {
			g_autoptr(GPtrArray) values = dimension_values(metric, d, seen);
			for (guint v = 0; values->len <= CATEGORIES_MAX && v < values->len; v++)
				stet_theme_assign(build->theme, metric->dimensions[d], values->pdata[v]);
		}
	}
}

/* ---- pages --------------------------------------------------------------------------------- */

static gboolean take_file(const char *path, GBytes *bytes, gpointer data)
{
	Build *build = data;
	GError *error = NULL;
	if (stet_signal_seen())
		return FALSE;
	if (build->request->sink)
		return build->request->sink(path, bytes, build->request->sink_data);
	if (!build->stage || stet_stage_add(build->stage, path, bytes, &error))
		return TRUE;
	return machine_failed(build, error);
}

static gboolean holds_file(const char *path, gpointer data)
{
	return stet_stage_holds(((Build *)data)->stage, path);
}

static gboolean keep_file(const char *path, gpointer data)
{
	Build *build = data;
	GError *error = NULL;
	if (stet_signal_seen())
		return FALSE;
	return stet_stage_keep(build->stage, path, &error) ? TRUE : machine_failed(build, error);
}

static void page_done(guint done, guint total, gpointer data)
{
	stet_progress_count(((Build *)data)->request->progress, done, total);
}

/* Page by page, and by the source or template that gave them. */
static void page_timed(const char *url, const char *file, gint64 took, gpointer data)
{
	StetProgress *progress = ((Build *)data)->request->progress;
	g_autofree char *shown = g_strconcat("/", url, NULL);
	stet_progress_note(progress, "pages", shown, took);
	stet_progress_note(progress, "templates", file, took);
}

static void note_metrics(const Build *build)
{
	for (guint i = 0; i < stet_metrics_count(build->session.metrics); i++) {
		const StetMetric *metric = stet_metrics_at(build->session.metrics, i);
		if (metric->took > 0)
			stet_progress_note(build->request->progress, "metrics", metric->name, metric->took);
	}
}

static gboolean make_site(Build *build)
{
	StetWorld world = {.project = build->session.project,
					   .metrics = build->session.metrics,
					   .datasets = build->session.datasets,
					   .theme = build->theme,
					   .checks = build->session.checks,
					   .lint = build->request->check,
					   .editions = build->editions,
					   .whole = stet_session_whole,
					   .whole_data = &build->session};
	StetSiteOptions options = {.jobs = build->request->jobs,
							   .sink = take_file,
							   .sink_data = build,
							   .progress = page_done,
							   .progress_data = build,
							   .timed = build->request->profile ? page_timed : NULL,
							   .memory = build->memory,
							   .salt = build->salt,
							   .holds = holds_file,
							   .keep = keep_file,
							   /* the manifest says it too, of a site made to be compared */
							   .remember = build->stage || build->request->sink ? &build->remember : NULL};
	if (build->request->profile)
		note_metrics(build);
	stet_progress_stage(build->request->progress, "making pages");
	return stet_site_make(&world, &options, &build->result->summary, build->diags) && healthy(build) &&
		   !build->result->error;
}

/* What the next build wants to know, once the site is in place. */
static gboolean remember(Build *build, GError **error)
{
	const char *out = build->request->out, *state_dir = build->session.state_dir;
	tell_hashes(build);
	g_autoptr(GBytes) facts = build->session.quiet ? stet_heads_write(&build->session) : NULL;
	g_autoptr(GBytes) said = said_bytes(build->diags);
	return stet_note_save(out, state_dir, STET_PAGES_NOTE, build->remember, error) &&
		   stet_note_save(out, state_dir, DATA_NOTE, facts, error) &&
		   stet_note_save(out, state_dir, SAID_NOTE, said, error) &&
		   stet_state_save(build->state, out, error);
}

static void publish(Build *build)
{
	const StetBuildRequest *request = build->request;
	GError *error = NULL;
	if (request->check)
		return;
	stet_progress_stage(request->progress, "publishing");
	if (!stet_stage_publish(build->stage, build->diags, &error)) {
		machine_failed(build, error);
		return;
	}
	if (request->published)
		request->published(request->published_data);
	stet_metrics_prune(build->session.metrics);
	stet_note_warehouse(&build->session);
	if (!remember(build, &error)) {
		stet_diagnose(build->diags, STET_WARNING, "state-unsaved", (StetPlace){NULL, 0, 0}, NULL,
					  "the site is in place, but the next build will not know it: %s", error->message);
		g_error_free(error);
	}
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void clear(Build *build)
{
	stet_stage_abort(build->stage);
	stet_theme_free(build->theme);
	if (build->editions)
		g_ptr_array_unref(build->editions);
	stet_session_clear(&build->session);
	stet_state_free(build->state);
	g_clear_pointer(&build->memory, g_bytes_unref);
	g_clear_pointer(&build->remember, g_bytes_unref);
	g_clear_pointer(&build->facts, g_bytes_unref);
	g_free(build->salt);
	g_mutex_clear(&build->mutex);
}

void stet_build(const StetBuildRequest *request, StetDiagnostics *diags, StetBuildResult *result)
{
	Build build = {.request = request, .result = result, .diags = diags};
	*result = (StetBuildResult){0};
	g_mutex_init(&build.mutex);
	stet_session_init(&build.session, request->root, request->jobs, request->progress, diags);
	build.session.lenient = request->lenient;
	if (request->state_dir) {
		g_free(build.session.state_dir);
		build.session.state_dir = g_strdup(request->state_dir);
	}
	if ((request->check || scan(&build)) && prepare(&build) && check_published(&build)) {
		make_theme(&build);
		if (make_site(&build))
			publish(&build);
	}
	clear(&build);
	result->interrupted = stet_signal_seen() != 0;
	result->status = result->error ? STET_STATUS_MACHINE
					 : stet_diagnostics_count(diags, STET_ERROR) > 0 || result->interrupted
						 ? STET_STATUS_ERRORS
						 : STET_STATUS_DONE;
}
