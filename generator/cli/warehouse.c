/* The warehouse as a report names it: site.yaml's `engine` and STET_WAREHOUSE. */
#include "cli/private.h"

#include <glib/gstdio.h>
#include <string.h>

#define CONNECTIONS_MAX 64

static const StetKey engine_keys[] = {
	{"name", STET_NODE_TEXT, FALSE},           {"warehouse", STET_NODE_TEXT, FALSE},
	{"connect_timeout", STET_NODE_INT, FALSE}, {"connections", STET_NODE_INT, FALSE},
	{"version_query", STET_NODE_TEXT, FALSE},  {NULL, 0, FALSE},
};

gboolean stet_engine_named(const StetOptions *options)
{
	if (!options->engine || strcmp(options->engine, "warehouse") == 0 ||
		strcmp(options->engine, "embedded") == 0)
		return TRUE;
	stet_complain(STET_STATUS_USAGE, "--engine must be embedded or warehouse, not '%s'", options->engine);
	return FALSE;
}

static guint read_count(const StetNode *map, const char *key, StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(map, key);
	if (!node || node->kind != STET_NODE_INT)
		return 0;
	if (node->integer > 0 && node->integer <= 86400)
		return (guint)node->integer;
	stet_diagnose(diags, STET_ERROR, "engine-setting", node->place, "write a number from 1 to 86400",
				  "'%s' cannot be %s", key, node->text);
	return 0;
}

/* `engine` as a name alone, or as a map; FALSE where it is at fault. */
static gboolean check_setting(const StetNode *node, StetDiagnostics *diags)
{
	static const char *const names[] = {"embedded", "warehouse", NULL};
	guint before = stet_diagnostics_count(diags, STET_ERROR);
	const StetNode *name = node && node->kind == STET_NODE_MAP ? stet_node_get(node, "name") : node;
	if (node && node->kind == STET_NODE_MAP)
		stet_node_check(node, engine_keys, "x-", "engine-setting", "'engine'", diags);
	if (name && name->text && !g_strv_contains(names, name->text))
		stet_diagnose(diags, STET_ERROR, "engine-setting", name->place, "write embedded or warehouse",
					  "there is no engine '%s'", name->text);
	const StetNode *connection = stet_node_get(node, "warehouse");
	if (connection && connection->text && stet_warehouse_has_secret(connection->text))
		stet_diagnose(diags, STET_ERROR, "engine-secret", connection->place,
					  "put it into the environment: STET_WAREHOUSE=\"Uid=...;Pwd=...\"",
					  "the connection holds a secret, and site.yaml is no place for one");
	return stet_diagnostics_count(diags, STET_ERROR) == before;
}

/* Both parts as one connection string; of a keyword given twice the first counts (ODBC, SQLDriverConnect). */
static char *connection_of(const StetNode *engine)
{
	const char *secret = g_getenv("STET_WAREHOUSE"), *open = stet_node_text(engine, "warehouse", NULL);
	if (secret && *secret && open)
		return g_strconcat(secret, g_str_has_suffix(secret, ";") ? "" : ";", open, NULL);
	return g_strdup(secret && *secret ? secret : open);
}

static gboolean wants_stop(gpointer data)
{
	(void)data;
	return stet_signal_seen() != 0;
}

gboolean stet_session_open_warehouse(StetSession *session, gboolean writable, GError **error)
{
	const StetNode *engine = stet_node_get(session->project->site.node, "engine");
	StetLimits limits;
	if (session->warehouse)
		return TRUE;
	if (!check_setting(engine, session->diags) || !stet_limits_read(session->project, &limits, session->diags))
		return FALSE;
	g_autofree char *connection = connection_of(engine);
	if (!connection) {
		stet_diagnose(session->diags, STET_ERROR, "engine-connection",
					  (StetPlace){"templates/site.yaml", engine ? engine->place.line : 0, 0},
					  "add engine: {warehouse: \"Driver=...;Server=...\"}, or set STET_WAREHOUSE",
					  "the warehouse is asked for, but no connection to one is given");
		return FALSE;
	}
	StetWarehouseOptions options = {
		.timeout = limits.seconds,
		.row_cap = limits.rows,
		.connect_timeout = read_count(engine, "connect_timeout", session->diags),
		.connections = MIN(read_count(engine, "connections", session->diags), CONNECTIONS_MAX),
		.writable = writable,
		.stop = wants_stop,
	};
	session->warehouse = stet_warehouse_open(connection, &options, error);
	memset(connection, 0, strlen(connection));
	return session->warehouse != NULL;
}

/* What `engine.version_query` gives stands for all that the warehouse holds. */
static gboolean ask_version(StetSession *session, const StetNode *query)
{
	StetFault fault = {0};
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(StetTable) table = stet_engine_query(session->warehouse, query->text, NULL, &fault);
	if (!table) {
		stet_diagnose(session->diags, STET_ERROR, "engine-version", query->place, NULL, "%s", fault.message);
		stet_fault_clear(&fault);
		return FALSE;
	}
	stet_table_write_csv(table, FALSE, text);
	stet_metrics_set_warehouse_version(session->metrics, stet_hash(text->str, text->len));
	return TRUE;
}

gboolean stet_session_know_warehouse(StetSession *session, GError **error)
{
	const StetNode *engine = stet_node_get(session->project->site.node, "engine");
	const StetNode *query = stet_node_get(engine, "version_query");
	if (!check_setting(engine, session->diags))
		return FALSE;
	if (!query || !query->text || !stet_metrics_on_warehouse(session->metrics))
		return TRUE;
	return stet_session_open_warehouse(session, FALSE, error) && ask_version(session, query);
}

/* ---- what the next build must know --------------------------------------------------------- */

static char *note_path(const StetSession *session)
{
	return g_build_filename(session->state_dir, "warehouse", NULL);
}

gboolean stet_rests_on_warehouse(const StetSession *session)
{
	g_autofree char *path = note_path(session);
	return g_file_test(path, G_FILE_TEST_EXISTS);
}

void stet_note_warehouse(const StetSession *session)
{
	g_autofree char *path = note_path(session);
	if (stet_metrics_on_warehouse(session->metrics))
		stet_file_write(path, "", 0, NULL);
	else
		g_unlink(path);
}
