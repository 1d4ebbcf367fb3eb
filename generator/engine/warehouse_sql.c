/* SQL as servers want it: positional parameters, types, results written as VALUES, connection strings. */
#include "engine/warehouse.h"

#include <math.h>
#include <string.h>

#define VALUES_MAX (4u << 20) /* bytes of SQL that one result may become */

/* ---- what servers differ in ---------------------------------------------------------------- */

static const char *const no_session[] = {NULL};
static const char *const postgres_session[] = {"set timezone = 'UTC'", NULL};

/* Text compares bytewise where the server lets a column say so, as the embedded engine compares it. */
/* clang-format off */
static const WhDialect dialects[] = {
	{"PostgreSQL", postgres_session, "set session characteristics as transaction read only",
	 TRUE, FALSE, FALSE, TRUE, "text collate \"C\"", "double precision", '"'},
	{"Redshift", no_session, NULL, FALSE, FALSE, FALSE, TRUE, "varchar(65535)", "double precision", '"'},
	{"Snowflake", no_session, NULL, TRUE, TRUE, TRUE, FALSE, "varchar", "double precision", '"'},
	{"Spark", no_session, NULL, TRUE, TRUE, FALSE, FALSE, "string", "double", '`'},
	{"Databricks", no_session, NULL, TRUE, TRUE, FALSE, FALSE, "string", "double", '`'},
	{"Trino", no_session, NULL, TRUE, FALSE, FALSE, FALSE, "varchar", "double", '"'},
	{"ClickHouse", no_session, NULL, FALSE, TRUE, FALSE, FALSE, "String", "double precision", '`'},
	{NULL, no_session, NULL, TRUE, FALSE, FALSE, FALSE, "varchar(4000)", "double precision", '"'},
};
/* clang-format on */

const WhDialect *wh_dialect(const char *server, const char *version)
{
	guint i = 0;
	while (dialects[i].name != NULL &&
		   g_ascii_strncasecmp(dialects[i].name, server, strlen(dialects[i].name)) != 0)
		i++;
	/* Redshift, asked through PostgreSQL's driver, calls itself PostgreSQL 8.0.2. */
	if (i == 0 && g_ascii_strtoull(version, NULL, 10) < 9)
		i = 1;
	return &dialects[i];
}

char *wh_column_type(const WhDialect *dialect, const StetColumn *column)
{
	static const char *const names[] = {
		[STET_COLUMN_INT] = "bigint",   [STET_COLUMN_BOOL] = "boolean",        [STET_COLUMN_DATE] = "date",
		[STET_COLUMN_TIME] = "time(6)", [STET_COLUMN_TIMESTAMP] = "timestamp",
	};
	if (column->kind == STET_COLUMN_CODES || column->kind == STET_COLUMN_TEXT)
		return g_strdup(dialect->text);
	if (column->kind == STET_COLUMN_DECIMAL)
		return g_strdup_printf("decimal(18, %d)", column->scale);
	return g_strdup(column->kind == STET_COLUMN_DOUBLE ? dialect->real : names[column->kind]);
}

char *wh_name(const WhDialect *dialect, const char *name)
{
	gboolean plain = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
	return dialect->upper && plain ? g_strdup(name) : en_quoted(name, dialect->quote);
}

/* ---- parameters ---------------------------------------------------------------------------- */

/* Servers guess a parameter's type from what stands beside it: one of integers would refuse 2.5. */
static void put_parameter(const WhDialect *dialect, const StetCell *cell, GString *out)
{
	if (cell != NULL && cell->kind == STET_NUMBER)
		g_string_append_printf(out, "cast(? as %s)", dialect->real);
	else
		g_string_append_c(out, '?');
}

char *wh_positional(const WhDialect *dialect, const char *sql, const StetQueryOptions *options,
					GPtrArray *names, GArray *shifts)
{
	GString *out = g_string_new(NULL);
	gsize at = 0, copied = 0;
	for (StetSqlToken token = stet_sql_next(sql, &at); token.kind != STET_SQL_END;
		 token = stet_sql_next(sql, &at)) {
		if (token.kind != STET_SQL_PARAMETER)
			continue;
		char *name = g_strndup(token.ptr, token.len);
		g_ptr_array_add(names, name);
		g_string_append_len(out, sql + copied, (gssize)(token.offset - copied));
		put_parameter(dialect, en_parameter(options, name), out);
		copied = token.offset + 1 + token.len;
		WhShift shift = {out->len, copied};
		g_array_append_val(shifts, shift);
	}
	g_string_append(out, sql + copied);
	return g_string_free(out, FALSE);
}

gsize wh_unshift(const GArray *shifts, gsize offset)
{
	for (guint i = shifts->len; i-- > 0;) {
		const WhShift *shift = &g_array_index(shifts, WhShift, i);
		if (offset >= shift->ours)
			return offset - shift->ours + shift->given;
	}
	return offset;
}

/* ---- results as SQL ------------------------------------------------------------------------ */

static void put_literal(const WhDialect *dialect, const char *text, GString *out)
{
	g_string_append_c(out, '\'');
	for (; *text != 0; text++) {
		if (*text == '\'' || (*text == '\\' && dialect->backslash))
			g_string_append_c(out, *text);
		g_string_append_c(out, *text);
	}
	g_string_append_c(out, '\'');
}

static void put_cell(const WhDialect *dialect, const StetCell *cell, GString *out)
{
	g_autofree char *text = stet_cell_text(cell);
	if (cell->kind == STET_NULL || (cell->kind == STET_NUMBER && !isfinite(cell->v.n)))
		g_string_append(out, "null");
	else if (cell->kind == STET_BOOL || cell->kind == STET_INT || cell->kind == STET_NUMBER)
		g_string_append(out, text);
	else
		put_literal(dialect, text, out);
}

/* The columns get their types outside of VALUES, where literals of several kinds may stand in one. */
static void put_columns(const WhDialect *dialect, const StetTable *table, GString *out)
{
	for (guint c = 0; c < table->n_columns; c++) {
		static const char *const types[] = {
			[STET_INT] = "bigint", [STET_DATE] = "date", [STET_TIMESTAMP] = "timestamp"};
		StetKind kind = table->columns[c].kind;
		const char *type = kind == STET_NUMBER                                               ? dialect->real
						   : kind == STET_INT || kind == STET_DATE || kind == STET_TIMESTAMP ? types[kind]
																							 : NULL;
		g_autofree char *name = wh_name(dialect, table->columns[c].name);
		g_string_append(out, c > 0 ? ", " : "");
		if (type != NULL)
			g_string_append_printf(out, "cast(%s as %s) as ", name, type);
		g_string_append(out, name);
	}
}

gboolean stet_warehouse_values(StetEngine *engine, const StetTable *table, GString *out)
{
	const WhDialect *dialect = ((Warehouse *)engine)->dialect;
	gsize start = out->len;
	if (!dialect->values || table->n_columns == 0)
		return FALSE;
	g_string_append(out, "select ");
	put_columns(dialect, table, out);
	g_string_append(out, " from (values ");
	/* a result without rows is one row that is left out again */
	for (gsize row = 0; row < MAX(table->n_rows, 1); row++) {
		for (guint c = 0; c < table->n_columns; c++) {
			g_string_append(out, c > 0 ? "," : row > 0 ? ",(" : "(");
			if (table->n_rows > 0)
				put_cell(dialect, stet_table_cell(table, row, c), out);
			else
				g_string_append(out, "null");
		}
		g_string_append_c(out, ')');
		if (out->len - start > VALUES_MAX) {
			g_string_truncate(out, start);
			return FALSE;
		}
	}
	g_string_append(out, ") as v(");
	for (guint c = 0; c < table->n_columns; c++) {
		g_autofree char *name = wh_name(dialect, table->columns[c].name);
		g_string_append_printf(out, "%s%s", c > 0 ? ", " : "", name);
	}
	g_string_append(out, table->n_rows > 0 ? ")" : ") where 1 = 0");
	return TRUE;
}

/* ---- connection strings -------------------------------------------------------------------- */

static gboolean is_secret_key(const char *key)
{
	static const char *const words[] = {"pwd", "password", "token", "secret", "apikey", "passphrase"};
	g_autofree char *lower = g_ascii_strdown(key, -1);
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (strstr(lower, words[i]) != NULL)
			return TRUE;
	return FALSE;
}

/* KEY=VALUE;... where a value in braces may hold semicolons, with '}' doubled (ODBC, Connection Strings). */
GPtrArray *wh_secrets(const char *connection)
{
	GPtrArray *secrets = g_ptr_array_new_with_free_func(g_free);
	for (const char *at = connection; *at != 0;) {
		gsize key_length = strcspn(at, "=;");
		g_autofree char *key = g_strstrip(g_strndup(at, key_length));
		at += key_length;
		g_autoptr(GString) value = g_string_new(NULL);
		gboolean braced = *at == '=' && at[1] == '{';
		at += *at == '=' ? 1 + braced : 0;
		while (*at != 0 && (braced ? *at != '}' || at[1] == '}' : *at != ';')) {
			at += braced && *at == '}';
			g_string_append_c(value, *at++);
		}
		at += strcspn(at, ";");
		at += *at == ';';
		if (value->len > 0 && is_secret_key(key))
			g_ptr_array_add(secrets, g_string_free(g_steal_pointer(&value), FALSE));
	}
	return secrets;
}

gboolean stet_warehouse_has_secret(const char *connection)
{
	g_autoptr(GPtrArray) secrets = wh_secrets(connection);
	return secrets->len > 0;
}
