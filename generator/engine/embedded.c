/* The embedded engine: one DuckDB in memory, one connection a query. */
#include "private.h"

#include <string.h>
#include <unistd.h>

#define PLAIN "stet_texts" /* the schema in which enums are texts */

/* ---- settings ------------------------------------------------------------------------------ */

static guint64 half_of_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	return pages > 0 && size > 0 ? (guint64)pages * (guint64)size / 2 : G_GUINT64_CONSTANT(1) << 30;
}

static gboolean configure(const EnLibrary *lib, duckdb_config config, const StetEngineOptions *options,
						  GError **error)
{
	g_autofree char *threads = g_strdup_printf("%u", MAX(1, options->threads));
	guint64 bytes = options->memory_limit != 0 ? options->memory_limit : half_of_memory();
	g_autofree char *memory = g_strdup_printf("%" G_GUINT64_FORMAT "KiB", MAX(bytes >> 10, 65536));
	const char *const settings[][2] = {
		{"threads", threads},
		{"memory_limit", memory},
		{"temp_directory", options->spill_dir != NULL ? options->spill_dir : ""},
		{"autoinstall_known_extensions", "false"},
		{"autoload_known_extensions", "false"},
		{"allow_unsigned_extensions", "false"},
		{"default_order", "ASC"},
		{"default_null_order", "NULLS_LAST"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
		if (lib->set_config(config, settings[i][0], settings[i][1]) == DuckDBSuccess)
			continue;
		g_set_error(error, EN_ERROR, 0, "DuckDB refuses %s = '%s'", settings[i][0], settings[i][1]);
		return FALSE;
	}
	return TRUE;
}

gboolean en_run(EnEmbedded *engine, const char *sql, GError **error)
{
	duckdb_result result;
	gboolean fine = engine->lib->query(engine->connection, sql, &result) == DuckDBSuccess;
	if (!fine)
		g_set_error(error, EN_ERROR, 0, "%s", engine->lib->result_error(&result));
	engine->lib->destroy_result(&result);
	return fine;
}

static gboolean open_database(EnEmbedded *engine, const StetEngineOptions *options, GError **error)
{
	const EnLibrary *lib = engine->lib;
	duckdb_config config = NULL;
	char *message = NULL;
	if (lib->create_config(&config) != DuckDBSuccess)
		return FALSE;
	gboolean fine = configure(lib, config, options, error);
	if (fine && lib->open_ext(NULL, &engine->database, config, &message) != DuckDBSuccess) {
		g_set_error(error, EN_ERROR, 0, "cannot open DuckDB: %s", message != NULL ? message : "unknown");
		fine = FALSE;
	}
	if (message != NULL)
		lib->free(message);
	lib->destroy_config(&config);
	return fine;
}

static void embedded_close(StetEngine *base)
{
	EnEmbedded *engine = (EnEmbedded *)base;
	en_watch_clear(&engine->watch);
	if (engine->plain != NULL)
		engine->lib->disconnect(&engine->plain);
	if (engine->connection != NULL)
		engine->lib->disconnect(&engine->connection);
	if (engine->database != NULL)
		engine->lib->close(&engine->database);
	g_ptr_array_free(engine->relations, TRUE);
	g_string_free(engine->plain_views, TRUE);
	g_mutex_clear(&engine->plain_lock);
	g_mutex_clear(&engine->lock);
	g_free(engine);
}

/* ---- tables -------------------------------------------------------------------------------- */

/* Quotes inside are doubled (ISO 9075-2, 5.2 and 5.3). */
char *en_quoted(const char *text, char quote)
{
	GString *out = g_string_new(NULL);
	g_string_append_c(out, quote);
	for (const char *p = text; *p != 0; p++) {
		if (*p == quote)
			g_string_append_c(out, quote);
		g_string_append_c(out, *p);
	}
	g_string_append_c(out, quote);
	return g_string_free(out, FALSE);
}

static gboolean add_relation(EnEmbedded *engine, const char *name, EnRelation *relation, GError **error)
{
	g_mutex_lock(&engine->lock);
	guint index = engine->relations->len;
	g_ptr_array_add(engine->relations, relation);
	g_autofree char *identifier = en_quoted(name, '"');
	g_autofree char *sql =
		g_strdup_printf("CREATE VIEW %s AS SELECT * FROM stet_scan(%u)", identifier, index);
	gboolean fine = en_run(engine, sql, error);
	g_mutex_unlock(&engine->lock);
	if (fine && en_relation_has_words(relation)) {
		g_mutex_lock(&engine->plain_lock);
		g_string_append_printf(engine->plain_views, "CREATE OR REPLACE VIEW %s AS SELECT * FROM stet_scan(%d);",
							   identifier, ~(int)index);
		g_mutex_unlock(&engine->plain_lock);
	}
	return fine;
}

static gboolean embedded_add(StetEngine *base, const StetDataset *dataset, GError **error)
{
	return add_relation((EnEmbedded *)base, dataset->resource->name, en_relation_of_dataset(dataset), error);
}

static gboolean embedded_add_table(StetEngine *base, const char *name, const StetTable *table, GError **error)
{
	return add_relation((EnEmbedded *)base, name, en_relation_of_table(table), error);
}

/* A connection with a search path of its own, which can no longer be set once the engine is sealed. */
static gboolean open_plain(EnEmbedded *engine, GError **error)
{
	const EnLibrary *lib = engine->lib;
	if (engine->plain != NULL || engine->plain_views->len == 0)
		return TRUE;
	duckdb_result result;
	gboolean fine = lib->connect(engine->database, &engine->plain) == DuckDBSuccess &&
					lib->query(engine->plain, "CREATE SCHEMA " PLAIN "; SET search_path = '" PLAIN ",main'", &result) ==
						DuckDBSuccess;
	if (!fine)
		g_set_error(error, EN_ERROR, 0, "cannot set up DuckDB for texts");
	if (engine->plain != NULL)
		lib->destroy_result(&result);
	return fine;
}

static gboolean embedded_seal(StetEngine *base, GError **error)
{
	EnEmbedded *engine = (EnEmbedded *)base;
	g_mutex_lock(&engine->lock);
	gboolean fine = engine->sealed || (open_plain(engine, error) && en_run(engine, "SET enable_external_access = false", error) &&
									   en_run(engine, "SET lock_configuration = true", error));
	engine->sealed = fine;
	g_mutex_unlock(&engine->lock);
	return fine;
}

/* ---- queries ------------------------------------------------------------------------------- */

static duckdb_state bind_cell(const EnLibrary *lib, duckdb_prepared_statement statement, idx_t index,
							  const StetCell *cell)
{
	switch (cell->kind) {
	case STET_BOOL:
		return lib->bind_boolean(statement, index, cell->v.b != FALSE);
	case STET_INT:
		return lib->bind_int64(statement, index, cell->v.i);
	case STET_NUMBER:
		return lib->bind_double(statement, index, cell->v.n);
	case STET_TEXT:
		return lib->bind_varchar(statement, index, cell->v.s);
	case STET_DATE:
		return lib->bind_date(statement, index, (duckdb_date){(int32_t)cell->v.i});
	case STET_TIMESTAMP:
		return lib->bind_timestamp(statement, index, (duckdb_timestamp){cell->v.i});
	default:
		return lib->bind_null(statement, index);
	}
}

/* Line and column of `$name` in the SQL text. */
static void place_parameter(StetFault *fault, const char *sql, const char *name)
{
	g_autofree char *written = g_strconcat("$", name, NULL);
	const char *found = strstr(sql, written);
	if (found != NULL)
		en_fault_place(fault, sql, (gsize)(found - sql));
}

static gboolean bind_all(const EnLibrary *lib, duckdb_prepared_statement statement, const char *sql,
						 const StetQueryOptions *options, StetFault *fault)
{
	for (idx_t i = 1; i <= lib->nparams(statement); i++) {
		const char *name = lib->parameter_name(statement, i);
		const StetCell *cell = name != NULL ? en_parameter(options, name) : NULL;
		if (cell != NULL && bind_cell(lib, statement, i, cell) == DuckDBSuccess) {
			lib->free((void *)name);
			continue;
		}
		fault->message = g_strdup_printf("the parameter $%s has no value", name != NULL ? name : "?");
		if (name != NULL)
			place_parameter(fault, sql, name);
		lib->free((void *)name);
		return FALSE;
	}
	return TRUE;
}

static StetTable *execute(const EnEmbedded *engine, duckdb_prepared_statement statement, const char *sql,
						  const StetQueryOptions *options, StetFault *fault, gboolean *refused)
{
	const EnLibrary *lib = engine->lib;
	duckdb_result result;
	StetTable *table = NULL;
	if (lib->prepared_statement_type(statement) != DUCKDB_STATEMENT_TYPE_SELECT) {
		fault->message = g_strdup("only a SELECT is allowed");
		return NULL;
	}
	if (!bind_all(lib, statement, sql, options, fault))
		return NULL;
	*refused = lib->execute_prepared(statement, &result) != DuckDBSuccess;
	if (*refused)
		en_fault_set(fault, sql, lib->result_error(&result));
	else
		table = en_result_table(engine, &result, options != NULL ? options->decimals : -1, fault);
	lib->destroy_result(&result);
	return table;
}

/* The library only says that it was interrupted. */
static void explain_end(const EnWatch *watch, const EnRunning *query, StetFault *fault)
{
	stet_fault_clear(fault);
	fault->message = query->end == EN_STOPPED
						 ? g_strdup("stopped before it was done")
						 : g_strdup_printf("stopped after %u s ('limits.query_seconds' in site.yaml allows "
										   "more)",
										   watch->timeout);
}

/* `refused`: the engine did not take the SQL, or failed at it. */
static StetTable *attempt(EnEmbedded *engine, duckdb_connection connection, const char *sql,
						  const StetQueryOptions *options, StetFault *fault, gboolean *refused)
{
	const EnLibrary *lib = engine->lib;
	EnRunning running = {.connection = connection};
	duckdb_prepared_statement statement = NULL;
	StetTable *table = NULL;
	en_watch_begin(&engine->watch, &running);
	*refused = lib->prepare(connection, sql, &statement) != DuckDBSuccess;
	if (*refused)
		en_fault_set(fault, sql, lib->prepare_error(statement));
	else
		table = execute(engine, statement, sql, options, fault, refused);
	en_watch_end(&engine->watch, &running);
	if (table == NULL && running.end != EN_UNTOUCHED) {
		explain_end(&engine->watch, &running, fault);
		*refused = FALSE;
	}
	lib->destroy_prepare(&statement);
	return table;
}

/* Nearly all SQL means the same for enums as for texts; the rest - a collation, a text as a number - the engine
 * refuses, and is asked again with texts. Its message speaks of texts too. */
static StetTable *attempt_plain(EnEmbedded *engine, const char *sql, const StetQueryOptions *options, StetFault *fault)
{
	StetTable *table = NULL;
	gboolean refused = FALSE;
	duckdb_result result;
	g_mutex_lock(&engine->plain_lock);
	if (engine->plain != NULL && engine->plain_views->len > 0) {
		engine->lib->query(engine->plain, engine->plain_views->str, &result);
		engine->lib->destroy_result(&result);
		g_string_truncate(engine->plain_views, 0);
	}
	if (engine->plain != NULL) {
		stet_fault_clear(fault);
		table = attempt(engine, engine->plain, sql, options, fault, &refused);
	}
	g_mutex_unlock(&engine->plain_lock);
	return table;
}

static StetTable *embedded_query(StetEngine *base, const char *sql, const StetQueryOptions *options,
								 StetFault *fault)
{
	EnEmbedded *engine = (EnEmbedded *)base;
	duckdb_connection connection = NULL;
	gboolean refused = FALSE;
	if (engine->lib->connect(engine->database, &connection) != DuckDBSuccess) {
		fault->message = g_strdup("cannot connect to DuckDB");
		return NULL;
	}
	StetTable *table = attempt(engine, connection, sql, options, fault, &refused);
	engine->lib->disconnect(&connection);
	return table == NULL && refused ? attempt_plain(engine, sql, options, fault) : table;
}

/* ---- opening ------------------------------------------------------------------------------- */

StetEngine *stet_engine_open(const StetEngineOptions *options, GError **error)
{
	static const EnBackend backend = {
		"embedded",    embedded_close,     embedded_add,   embedded_add_table,
		embedded_seal, en_embedded_tables, embedded_query,
	};
	const EnLibrary *lib = en_library(error);
	if (lib == NULL)
		return NULL;
	EnEmbedded *engine = g_new0(EnEmbedded, 1);
	g_autoptr(StetEngine) base = &engine->base;
	base->backend = &backend;
	base->row_cap = options->row_cap != 0 ? options->row_cap : EN_ROW_CAP;
	engine->lib = lib;
	en_watch_init(&engine->watch, lib, options);
	engine->relations = g_ptr_array_new_with_free_func((GDestroyNotify)en_relation_free);
	g_mutex_init(&engine->lock);
	g_mutex_init(&engine->plain_lock);
	engine->plain_views = g_string_new(NULL);
	if (!open_database(engine, options, error))
		return NULL;
	if (lib->connect(engine->database, &engine->connection) != DuckDBSuccess ||
		!en_scan_register(lib, engine->connection, engine->relations)) {
		g_set_error(error, EN_ERROR, 0, "cannot connect to DuckDB");
		return NULL;
	}
	/* dates must not depend on the machine's time zone */
	if (!en_run(engine, "SET GLOBAL TimeZone = 'UTC'", error))
		return NULL;
	return g_steal_pointer(&base);
}
