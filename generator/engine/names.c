/* The tables a query reads, by the engine's own parser. */
#include "private.h"

#include <string.h>

/* ---- parameters ---------------------------------------------------------------------------- */

static gboolean is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_' || ((guint8)c & 0x80) != 0;
}

/* After what begins at `p` and holds no parameters: a string, an identifier in quotes, a comment, a
 * dollar-quoted text; `p` itself if there is none. */
static const char *pass_opaque(const char *p)
{
	const char *end = NULL;
	if (*p == '\'' || *p == '"') {
		/* a doubled quote ends one text and begins the next, which comes to the same */
		end = strchr(p + 1, *p);
		return end != NULL ? end + 1 : p + strlen(p);
	}
	if (strncmp(p, "--", 2) == 0)
		return p + strcspn(p, "\n");
	if (strncmp(p, "/*", 2) == 0) {
		end = strstr(p + 2, "*/");
		return end != NULL ? end + 2 : p + strlen(p);
	}
	if (*p != '$')
		return p;
	gsize tag = 1;
	while (is_word(p[tag]))
		tag++;
	if (p[tag] != '$')
		return p;
	g_autofree char *mark = g_strndup(p, tag + 1);
	end = strstr(p + tag + 1, mark);
	return end != NULL ? end + tag + 1 : p + strlen(p);
}

/* The SQL text with NULL in the place of each parameter: the name finder takes none. */
static char *without_parameters(const char *sql)
{
	GString *out = g_string_new(NULL);
	for (const char *p = sql; *p != 0;) {
		const char *after = pass_opaque(p);
		if (after > p) {
			g_string_append_len(out, p, after - p);
			p = after;
		} else if (*p == '$' && is_word(p[1])) {
			for (p++; is_word(*p);)
				p++;
			g_string_append(out, "NULL");
		} else {
			g_string_append_c(out, *p++);
		}
	}
	return g_string_free(out, FALSE);
}

/* ---- names --------------------------------------------------------------------------------- */

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Exactly one statement, and no syntax error. */
static gboolean check_syntax(const StetEngine *engine, duckdb_connection connection, const char *sql,
							 StetFault *fault)
{
	const EnLibrary *lib = engine->lib;
	duckdb_extracted_statements statements = NULL;
	idx_t n = lib->extract_statements(connection, sql, &statements);
	const char *message = n == 0 ? lib->extract_statements_error(statements) : NULL;
	if (n == 0)
		en_fault_set(fault, sql, message != NULL && *message != 0 ? message : "there is no statement");
	else if (n > 1)
		fault->message = g_strdup_printf("one SELECT is wanted, there are %u statements", (guint)n);
	lib->destroy_extracted(&statements);
	return n == 1;
}

static char **names_from(const EnLibrary *lib, duckdb_value list)
{
	GPtrArray *names = g_ptr_array_new();
	for (idx_t i = 0; i < lib->get_list_size(list); i++) {
		duckdb_value item = lib->get_list_child(list, i);
		char *text = lib->get_varchar(item);
		g_ptr_array_add(names, g_strdup(text));
		lib->free(text);
		lib->destroy_value(&item);
	}
	g_ptr_array_sort(names, by_name);
	for (guint i = 1; i < names->len;) {
		if (strcmp(names->pdata[i - 1], names->pdata[i]) == 0)
			g_free(g_ptr_array_remove_index(names, i));
		else
			i++;
	}
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

/* Why the name finder gave up: what preparing the query says. */
static void explain(StetEngine *engine, const char *sql, StetFault *fault)
{
	const EnLibrary *lib = engine->lib;
	duckdb_connection connection = NULL;
	duckdb_prepared_statement statement = NULL;
	if (lib->connect(engine->database, &connection) != DuckDBSuccess)
		return;
	if (lib->prepare(connection, sql, &statement) != DuckDBSuccess)
		en_fault_set(fault, sql, lib->prepare_error(statement));
	else
		fault->message = g_strdup("only a SELECT is allowed");
	lib->destroy_prepare(&statement);
	lib->disconnect(&connection);
}

/* The finder puts views' own tables in the place of their names, so it looks at the query in an empty
 * database, where every name is unknown and none is replaced. */
static duckdb_value find_names(const EnLibrary *lib, duckdb_connection connection, const char *sql)
{
	duckdb_result result;
	g_autofree char *plain = without_parameters(sql);
	gboolean fine = lib->query(connection, "USE bare", &result) == DuckDBSuccess;
	lib->destroy_result(&result);
	return fine ? lib->get_table_names(connection, plain, false) : NULL;
}

char **stet_engine_tables(StetEngine *engine, const char *sql, StetFault *fault)
{
	const EnLibrary *lib = engine->lib;
	duckdb_connection connection = NULL;
	char **names = NULL;
	stet_fault_clear(fault);
	if (lib->connect(engine->database, &connection) != DuckDBSuccess) {
		fault->message = g_strdup("cannot connect to DuckDB");
		return NULL;
	}
	if (check_syntax(engine, connection, sql, fault)) {
		duckdb_value list = find_names(lib, connection, sql);
		if (list != NULL) {
			names = names_from(lib, list);
			lib->destroy_value(&list);
		} else {
			explain(engine, sql, fault);
		}
	}
	lib->disconnect(&connection);
	return names;
}
