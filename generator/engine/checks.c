/* Checks of datasets: a resource's `stet:checks`, each an SQL query whose rows are the failures, or a ready
 * one by name. Checks that passed are noted with all they rest on, so that the engine is not opened to
 * find the same once more. */
#include "checks.h"

#include <string.h>

#define NOTE_FILE "checks"
#define SHOWN_COLUMNS 6u /* of a failing row */

/* ---- reading ------------------------------------------------------------------------------- */

static const StetKey COMMON_KEYS[] = {
	{"name", STET_NODE_TEXT, FALSE},        {"title", STET_NODE_TEXT, FALSE},
	{"description", STET_NODE_TEXT, FALSE}, {"severity", STET_NODE_TEXT, FALSE},
	{"sql", STET_NODE_TEXT, FALSE},         {"check", STET_NODE_TEXT, FALSE},
};

/* The keys all checks may have and those of `ready`. */
static gboolean check_keys(const StetNode *node, const EnReady *ready, StetDiagnostics *diags)
{
	StetKey keys[G_N_ELEMENTS(COMMON_KEYS) + EN_READY_KEYS + 1];
	guint n = G_N_ELEMENTS(COMMON_KEYS);
	memset(keys, 0, sizeof keys);
	memcpy(keys, COMMON_KEYS, sizeof COMMON_KEYS);
	for (guint i = 0; ready != NULL && ready->keys[i].name != NULL; i++)
		keys[n++] = ready->keys[i];
	return stet_node_check(node, keys, "stet:", "check", "a check", diags);
}

static gboolean no_such_check(const StetNode *node, const char *name, StetDiagnostics *diags)
{
	g_autofree const char **names = en_ready_names();
	const char *near = stet_nearest(name, names);
	g_autofree char *all = g_strjoinv("', '", (char **)names);
	g_autofree char *mend =
		near != NULL ? g_strdup_printf("did you mean '%s'?", near) : g_strdup_printf("one of '%s'", all);
	stet_diagnose(diags, STET_ERROR, "check", stet_node_get(node, "check")->place, mend,
				  "there is no ready check '%s'", name);
	return FALSE;
}

static gboolean read_severity(StetCheck *check, const StetNode *node, gboolean mild, StetDiagnostics *diags)
{
	const char *severity = stet_node_text(node, "severity", mild ? "warning" : "error");
	check->severity = strcmp(severity, "warning") == 0 ? STET_WARNING : STET_ERROR;
	if (check->severity == STET_WARNING || strcmp(severity, "error") == 0)
		return TRUE;
	stet_diagnose(diags, STET_ERROR, "check", stet_node_get(node, "severity")->place, NULL,
				  "a check's severity is error or warning, not '%s'", severity);
	return FALSE;
}

static gboolean read_check(StetCheck *check, const StetNode *node, const StetDataset *dataset,
						   const StetCheckContext *context, StetDiagnostics *diags)
{
	const char *sql = stet_node_text(node, "sql", NULL), *name = stet_node_text(node, "check", NULL);
	const EnReady *ready = name != NULL ? en_ready_find(name) : NULL;
	check->place = node->place;
	check->dataset = dataset->resource->name;
	if (name != NULL && ready == NULL)
		return no_such_check(node, name, diags);
	if (!check_keys(node, ready, diags) || !read_severity(check, node, ready != NULL && ready->mild, diags))
		return FALSE;
	if ((sql == NULL) == (name == NULL)) {
		stet_diagnose(diags, STET_ERROR, "check", node->place,
					  "write \"sql\": \"select ...\" or \"check\": \"freshness\"",
					  "a check needs 'sql' or 'check', one of the two");
		return FALSE;
	}
	check->name = stet_node_text(node, "name", name != NULL ? name : "sql");
	check->title = stet_node_text(node, "title", ready != NULL ? ready->title : check->name);
	if (sql != NULL) {
		check->sql = g_strdup(sql);
		return TRUE;
	}
	EnReadyCheck of = {node, dataset, context, diags};
	GString *text = g_string_new(NULL);
	gboolean fine = ready->write(&of, text);
	check->sql = g_string_free(text, FALSE);
	return fine;
}

/* All the check rests on: its SQL and what the datasets whose names stand in it hold. A name that stands
 * there by chance only makes the check run once more. */
static StetHash check_key(const StetCheck *check, const StetCheckContext *context)
{
	StetHasher *hasher = stet_hasher_new();
	stet_hasher_add(hasher, STET_VERSION, sizeof STET_VERSION);
	stet_hasher_add(hasher, check->sql, strlen(check->sql) + 1);
	for (guint i = 0; i < context->n; i++) {
		const StetDataset *dataset = context->datasets[i];
		if (dataset == NULL || strstr(check->sql, dataset->resource->name) == NULL)
			continue;
		stet_hasher_add(hasher, dataset->resource->name, strlen(dataset->resource->name) + 1);
		stet_hasher_add(hasher, dataset->content.hex, STET_HASH_LEN);
	}
	return stet_hasher_end(hasher);
}

static void check_free(gpointer data)
{
	StetCheck *check = data;
	g_free(check->sql);
	g_free(check);
}

static void read_resource(GPtrArray *checks, const StetDataset *dataset, const StetCheckContext *context,
						  StetDiagnostics *diags)
{
	const StetNode *list = stet_node_get(dataset->resource->node, "stet:checks");
	if (list != NULL && list->kind != STET_NODE_LIST) {
		stet_diagnose(diags, STET_ERROR, "check", list->place, NULL, "'stet:checks' must be a list");
		return;
	}
	for (guint i = 0; list != NULL && i < list->n; i++) {
		StetCheck *check = g_new0(StetCheck, 1);
		if (!read_check(check, list->items[i], dataset, context, diags)) {
			check_free(check);
			continue;
		}
		check->key = check_key(check, context);
		g_ptr_array_add(checks, check);
	}
}

GPtrArray *stet_checks_read(const StetCheckContext *context, StetDiagnostics *diags)
{
	GPtrArray *checks = g_ptr_array_new_with_free_func(check_free);
	for (guint i = 0; i < context->n; i++)
		if (context->datasets[i] != NULL)
			read_resource(checks, context->datasets[i], context, diags);
	return checks;
}

/* ---- running ------------------------------------------------------------------------------- */

static char *row_text(const StetTable *table, gsize row)
{
	GString *out = g_string_new(NULL);
	guint shown = MIN(table->n_columns, SHOWN_COLUMNS);
	for (guint c = 0; c < shown; c++) {
		g_autofree char *cell = stet_cell_text(stet_table_cell(table, row, c));
		g_string_append_printf(out, "%s%s %s", c > 0 ? ", " : "", table->columns[c].name, cell);
	}
	if (shown < table->n_columns)
		g_string_append(out, ", ...");
	return g_string_free(out, FALSE);
}

static void run_check(StetCheck *check, StetEngine *engine, StetDiagnostics *diags)
{
	StetFault fault = {0};
	g_autoptr(StetTable) table = stet_engine_query(engine, check->sql, NULL, &fault);
	if (table == NULL) {
		stet_diagnose(diags, STET_ERROR, "check-sql", check->place, fault.mend, "check '%s' of '%s': %s",
					  check->name, check->dataset, fault.message);
		stet_fault_clear(&fault);
		return;
	}
	check->done = TRUE;
	check->failures = table->n_rows;
	for (gsize row = 0; row < table->n_rows; row++) {
		g_autofree char *text = row_text(table, row);
		stet_diagnose(diags, check->severity, "check-failed", check->place, NULL,
					  "'%s' does not hold for '%s': %s", check->title, check->dataset, text);
	}
}

void stet_checks_run(const GPtrArray *checks, StetEngine *engine, StetDiagnostics *diags)
{
	for (guint i = 0; i < checks->len; i++)
		if (!((StetCheck *)checks->pdata[i])->done)
			run_check(checks->pdata[i], engine, diags);
}

/* ---- what passed before -------------------------------------------------------------------- */

guint stet_checks_restore(const GPtrArray *checks, const char *state_dir)
{
	g_autofree char *path = g_build_filename(state_dir, NOTE_FILE, NULL);
	g_autofree char *text = checks->len > 0 ? stet_file_read(path, NULL, NULL) : NULL;
	guint left = 0;
	for (guint i = 0; i < checks->len; i++) {
		StetCheck *check = checks->pdata[i];
		check->done = text != NULL && strstr(text, check->key.hex) != NULL;
		left += !check->done;
	}
	return left;
}

void stet_checks_keep(const GPtrArray *checks, const char *state_dir)
{
	g_autofree char *path = g_build_filename(state_dir, NOTE_FILE, NULL);
	g_autoptr(GString) out = g_string_new(NULL);
	for (guint i = 0; i < checks->len; i++) {
		const StetCheck *check = checks->pdata[i];
		if (check->done && check->failures == 0)
			g_string_append_printf(out, "%s\n", check->key.hex);
	}
	if (checks->len > 0)
		stet_file_write(path, out->str, out->len, NULL);
}
