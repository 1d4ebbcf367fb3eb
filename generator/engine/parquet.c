/* Parquet by way of CSV: the engine unpacks the file, the dataset stage checks every cell as it does any
 * other's. Types the file declares become the fields of a schema, so nothing is guessed. */
#include "private.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Types by how their names begin; `cast` turns a column into text that the field's type reads. */
static const struct {
	const char *type, *field, *cast;
} TYPES[] = {
	{"VARCHAR", "string", "%s"},
	{"BOOLEAN", "boolean", "%s"},
	{"TINYINT", "integer", "%s"},
	{"SMALLINT", "integer", "%s"},
	{"INTEGER", "integer", "%s"},
	{"BIGINT", "integer", "%s"},
	{"UTINYINT", "integer", "%s"},
	{"USMALLINT", "integer", "%s"},
	{"UINTEGER", "integer", "%s"},
	{"UBIGINT", "number", "%s"},
	{"HUGEINT", "number", "%s"},
	{"DECIMAL", "number", "%s"},
	{"FLOAT", "number", "%s"},
	{"DOUBLE", "number", "%s"},
	{"DATE", "date", "strftime(%s, '%%Y-%%m-%%d')"},
	{"TIMESTAMP", "datetime", "strftime(%s::timestamp, '%%Y-%%m-%%dT%%H:%%M:%%S.%%f')"},
	{"TIME", "time", "%s::time::varchar"},
	{"", "string", "%s::varchar"}, /* lists, structures, blobs: as the engine writes them */
};

static guint type_index(const char *type)
{
	guint i = 0;
	while (!g_str_has_prefix(type, TYPES[i].type) && i + 1 < G_N_ELEMENTS(TYPES))
		i++;
	/* INTEGER[] is no integer */
	return strchr(type, '[') != NULL ? G_N_ELEMENTS(TYPES) - 1 : i;
}

/* `%s` in a cast is the column. */
static void append_cast(GString *sql, const char *cast, const char *column)
{
	for (const char *p = cast; *p != 0; p++) {
		if (p[0] == '%' && p[1] == 's') {
			g_string_append(sql, column);
			p++;
		} else {
			p += p[0] == '%' && p[1] == '%';
			g_string_append_c(sql, *p);
		}
	}
}

static void describe(const StetTable *columns, GString *select, GString *fields)
{
	g_string_append(fields, "{\"fields\": [");
	for (gsize row = 0; row < columns->n_rows; row++) {
		const char *name = stet_table_cell(columns, row, 0)->v.s;
		guint type = type_index(stet_table_cell(columns, row, 1)->v.s);
		g_autofree char *column = en_quoted(name, '"');
		g_string_append(select, row > 0 ? ", " : "");
		/* a row of nothing but a missing value would be a blank line, which is no row */
		g_string_append(select, columns->n_rows == 1 ? "coalesce(" : "");
		append_cast(select, TYPES[type].cast, column);
		g_string_append(select, columns->n_rows == 1 ? "::varchar, '')" : "");
		g_string_append_printf(select, " as %s", column);
		g_string_append(fields, row > 0 ? ",\n{\"name\": " : "\n{\"name\": ");
		stet_json_string(fields, name);
		g_string_append_printf(fields, ", \"type\": \"%s\"}", TYPES[type].field);
	}
	g_string_append(fields, "\n]}\n");
}

static StetTable *columns_of(StetEngine *engine, const char *file, const char *shown, GError **error)
{
	StetFault fault = {0};
	g_autofree char *sql = g_strdup_printf(
		"select column_name, column_type from (describe select * from read_parquet(%s))", file);
	StetTable *columns = stet_engine_query(engine, sql, NULL, &fault);
	if (columns == NULL)
		g_set_error(error, EN_ERROR, 0, "cannot read '%s': %s", shown, fault.message);
	stet_fault_clear(&fault);
	return columns;
}

/* A new empty file in `folder` (g_free). */
static char *new_file(const char *folder, GError **error)
{
	char *path = g_build_filename(folder, "parquet.XXXXXX", NULL);
	int fd = g_mkdir_with_parents(folder, 0777) == 0 ? g_mkstemp(path) : -1;
	if (fd >= 0 && close(fd) == 0)
		return path;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot write into '%s'", folder);
	g_free(path);
	return NULL;
}

gboolean stet_engine_unpack(const char *path, char **csv, char **fields, gpointer folder, GError **error)
{
	g_autofree char *spill = g_build_filename(folder, "spill", NULL);
	g_autoptr(StetEngine) engine =
		stet_engine_open(&(StetEngineOptions){.threads = 2, .spill_dir = spill}, error);
	if (engine == NULL)
		return FALSE;
	g_autofree char *file = en_quoted(path, '\'');
	g_autoptr(StetTable) columns = columns_of(engine, file, path, error);
	char *to = columns != NULL ? new_file(folder, error) : NULL;
	if (to == NULL)
		return FALSE;
	g_autofree char *target = en_quoted(to, '\'');
	g_autoptr(GString) sql = g_string_new("copy (select ");
	GString *schema = g_string_new(NULL);
	describe(columns, sql, schema);
	g_string_append_printf(sql,
						   " from read_parquet(%s)) to %s (format csv, header, delimiter ',', quote '\"', "
						   "escape '\"', nullstr ''%s)",
						   file, target, columns->n_rows == 1 ? ", force_quote *" : "");
	*fields = g_string_free(schema, FALSE);
	*csv = to;
	if (en_run((EnEmbedded *)engine, sql->str, error))
		return TRUE;
	g_unlink(to);
	g_clear_pointer(csv, g_free);
	g_clear_pointer(fields, g_free);
	return FALSE;
}
