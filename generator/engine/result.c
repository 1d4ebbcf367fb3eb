/* The engine's results and messages in stet's terms. */
#include "private.h"

#include <math.h>
#include <string.h>

/* ---- messages ------------------------------------------------------------------------------ */

/* Line `number` of the SQL text (from 1) without its end. */
static StetText sql_line(const char *sql, guint number)
{
	for (guint line = 1; line < number; line++) {
		const char *end = strchr(sql, '\n');
		if (end == NULL)
			return (StetText){"", 0};
		sql = end + 1;
	}
	return (StetText){sql, strcspn(sql, "\n")};
}

/* Byte after the first `chars` characters. */
static gsize after_chars(const char *text, gsize bytes, gsize chars)
{
	gsize at = 0;
	while (chars > 0 && at < bytes) {
		at++;
		while (at < bytes && ((guint8)text[at] & 0xC0) == 0x80)
			at++;
		chars--;
	}
	return at;
}

/* DuckDB shows a window of the line with a caret below: LINE 3: ...from deploymnts where x...
 *                                                                       ^
 * The window is found again in the SQL text, which gives the column. */
static void find_place(StetFault *fault, const char *sql, const char *excerpt)
{
	char *end = NULL;
	guint line = (guint)g_ascii_strtoull(excerpt + strlen("LINE "), &end, 10);
	const char *caret_line = strchr(excerpt, '\n');
	const char *caret = caret_line != NULL ? strchr(caret_line, '^') : NULL;
	if (line == 0 || end == NULL || strncmp(end, ": ", 2) != 0 || caret == NULL)
		return;
	const char *window = end + 2;
	gsize window_bytes = (gsize)(caret_line - window), label = (gsize)(window - excerpt);
	gsize caret_at = (gsize)(caret - caret_line - 1);
	fault->line = line;
	fault->column = 1;
	if (caret_at < label)
		return;
	gsize chars = caret_at - label;
	if (window_bytes >= 3 && memcmp(window, "...", 3) == 0 && chars >= 3) {
		window += 3;
		window_bytes -= 3;
		chars -= 3;
	}
	if (window_bytes >= 3 && memcmp(window + window_bytes - 3, "...", 3) == 0)
		window_bytes -= 3;
	StetText text = sql_line(sql, line);
	g_autofree char *shown = g_strndup(window, window_bytes);
	const char *found = g_strstr_len(text.ptr, (gssize)text.len, shown);
	if (found != NULL)
		fault->column = (guint)((gsize)(found - text.ptr) + after_chars(shown, window_bytes, chars)) + 1;
}

void en_fault_set(StetFault *fault, const char *sql, const char *message)
{
	const char *excerpt = message != NULL ? strstr(message, "\nLINE ") : NULL;
	gsize length = excerpt != NULL ? (gsize)(excerpt - message) : strlen(message != NULL ? message : "");
	stet_fault_clear(fault);
	if (message == NULL || length == 0) {
		fault->message = g_strdup("the engine gave no reason");
		return;
	}
	fault->message = en_wording(message, length, &fault->mend);
	if (excerpt != NULL && sql != NULL)
		find_place(fault, sql, excerpt + 1);
}

/* ---- values -------------------------------------------------------------------------------- */

typedef struct {
	duckdb_type type;
	duckdb_type storage; /* decimals and enums: how they are kept */
	int scale;
	duckdb_logical_type logical; /* enums: to ask for words */
	char **words;                /* of an enum, each read when first met */
	gsize n_words;
	int decimals;
	const EnLibrary *lib;
	StetTable *table;
} Column;

typedef struct {
	duckdb_type type;
	StetKind kind;
	gboolean (*read)(const Column *column, const void *data, gsize row, StetCell *cell);
} Reader;

static gboolean number(const Column *column, double value, StetCell *cell)
{
	return en_number(value, column->decimals, cell);
}

#define READ_INT(name, ctype)                                                                                \
	static gboolean name(const Column *column, const void *data, gsize row, StetCell *cell)                  \
	{                                                                                                        \
		(void)column;                                                                                        \
		cell->v.i = (gint64)((const ctype *)data)[row];                                                      \
		return TRUE;                                                                                         \
	}
READ_INT(read_i8, gint8)
READ_INT(read_i16, gint16)
READ_INT(read_i32, gint32)
READ_INT(read_i64, gint64)
READ_INT(read_u8, guint8)
READ_INT(read_u16, guint16)
READ_INT(read_u32, guint32)

static gboolean read_bool(const Column *column, const void *data, gsize row, StetCell *cell)
{
	(void)column;
	cell->v.b = ((const guint8 *)data)[row] != 0;
	return TRUE;
}

static gboolean read_u64(const Column *column, const void *data, gsize row, StetCell *cell)
{
	return number(column, (double)((const guint64 *)data)[row], cell);
}

static gboolean read_float(const Column *column, const void *data, gsize row, StetCell *cell)
{
	return number(column, (double)((const float *)data)[row], cell);
}

static gboolean read_double(const Column *column, const void *data, gsize row, StetCell *cell)
{
	return number(column, ((const double *)data)[row], cell);
}

static gboolean read_huge(const Column *column, const void *data, gsize row, StetCell *cell)
{
	const duckdb_hugeint *h = (const duckdb_hugeint *)data + row;
	__int128 whole = (__int128)((unsigned __int128)(guint64)h->upper << 64 | h->lower);
	return number(column, (double)whole, cell);
}

static gboolean read_uhuge(const Column *column, const void *data, gsize row, StetCell *cell)
{
	const duckdb_uhugeint *h = (const duckdb_uhugeint *)data + row;
	return number(column, (double)((unsigned __int128)h->upper << 64 | h->lower), cell);
}

static gboolean read_decimal(const Column *column, const void *data, gsize row, StetCell *cell)
{
	__int128 whole;
	switch (column->storage) {
	case DUCKDB_TYPE_SMALLINT:
		whole = ((const gint16 *)data)[row];
		break;
	case DUCKDB_TYPE_INTEGER:
		whole = ((const gint32 *)data)[row];
		break;
	case DUCKDB_TYPE_BIGINT:
		whole = ((const gint64 *)data)[row];
		break;
	default: {
		const duckdb_hugeint *h = (const duckdb_hugeint *)data + row;
		whole = (__int128)((unsigned __int128)(guint64)h->upper << 64 | h->lower);
	}
	}
	long double unit = 1;
	for (int i = 0; i < column->scale; i++)
		unit *= 10;
	return number(column, (double)((long double)whole / unit), cell);
}

static StetCell text_cell(const Column *column, const char *text, gsize length)
{
	g_autofree char *copy = g_strndup(text, length);
	return stet_table_text(column->table, copy);
}

static gboolean read_text(const Column *column, const void *data, gsize row, StetCell *cell)
{
	const duckdb_string_t *s = (const duckdb_string_t *)data + row;
	gsize length = s->value.inlined.length;
	*cell = text_cell(
		column, length <= sizeof s->value.inlined.inlined ? s->value.inlined.inlined : s->value.pointer.ptr,
		length);
	return TRUE;
}

static gboolean read_enum(const Column *column, const void *data, gsize row, StetCell *cell)
{
	guint32 code = column->storage == DUCKDB_TYPE_UTINYINT    ? ((const guint8 *)data)[row]
				   : column->storage == DUCKDB_TYPE_USMALLINT ? ((const guint16 *)data)[row]
															  : ((const guint32 *)data)[row];
	if (column->words[code] == NULL) {
		char *word = column->lib->enum_dictionary_value(column->logical, code);
		column->words[code] = g_strdup(word);
		column->lib->free(word);
	}
	*cell = stet_table_text(column->table, column->words[code]);
	return TRUE;
}

static gboolean read_time(const Column *column, const void *data, gsize row, StetCell *cell)
{
	gint64 micros = ((const gint64 *)data)[row];
	int seconds = (int)(micros / G_USEC_PER_SEC);
	g_autofree char *text =
		g_strdup_printf("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
	*cell = stet_table_text(column->table, text);
	return TRUE;
}

static gboolean read_seconds(const Column *column, const void *data, gsize row, StetCell *cell)
{
	(void)column;
	cell->v.i = ((const gint64 *)data)[row] * G_USEC_PER_SEC;
	return TRUE;
}

static gboolean read_millis(const Column *column, const void *data, gsize row, StetCell *cell)
{
	(void)column;
	cell->v.i = ((const gint64 *)data)[row] * 1000;
	return TRUE;
}

static gboolean read_nanos(const Column *column, const void *data, gsize row, StetCell *cell)
{
	(void)column;
	cell->v.i = ((const gint64 *)data)[row] / 1000;
	return TRUE;
}

static gboolean read_nothing(const Column *column, const void *data, gsize row, StetCell *cell)
{
	(void)column, (void)data, (void)row, (void)cell;
	return FALSE;
}

static const Reader READERS[] = {
	{DUCKDB_TYPE_BOOLEAN, STET_BOOL, read_bool},
	{DUCKDB_TYPE_TINYINT, STET_INT, read_i8},
	{DUCKDB_TYPE_SMALLINT, STET_INT, read_i16},
	{DUCKDB_TYPE_INTEGER, STET_INT, read_i32},
	{DUCKDB_TYPE_BIGINT, STET_INT, read_i64},
	{DUCKDB_TYPE_UTINYINT, STET_INT, read_u8},
	{DUCKDB_TYPE_USMALLINT, STET_INT, read_u16},
	{DUCKDB_TYPE_UINTEGER, STET_INT, read_u32},
	{DUCKDB_TYPE_UBIGINT, STET_NUMBER, read_u64},
	{DUCKDB_TYPE_HUGEINT, STET_NUMBER, read_huge},
	{DUCKDB_TYPE_UHUGEINT, STET_NUMBER, read_uhuge},
	{DUCKDB_TYPE_FLOAT, STET_NUMBER, read_float},
	{DUCKDB_TYPE_DOUBLE, STET_NUMBER, read_double},
	{DUCKDB_TYPE_DECIMAL, STET_NUMBER, read_decimal},
	{DUCKDB_TYPE_VARCHAR, STET_TEXT, read_text},
	{DUCKDB_TYPE_ENUM, STET_TEXT, read_enum},
	{DUCKDB_TYPE_DATE, STET_DATE, read_i32},
	{DUCKDB_TYPE_TIME, STET_TEXT, read_time},
	{DUCKDB_TYPE_TIMESTAMP, STET_TIMESTAMP, read_i64},
	{DUCKDB_TYPE_TIMESTAMP_TZ, STET_TIMESTAMP, read_i64},
	{DUCKDB_TYPE_TIMESTAMP_S, STET_TIMESTAMP, read_seconds},
	{DUCKDB_TYPE_TIMESTAMP_MS, STET_TIMESTAMP, read_millis},
	{DUCKDB_TYPE_TIMESTAMP_NS, STET_TIMESTAMP, read_nanos},
	{DUCKDB_TYPE_SQLNULL, STET_TEXT, read_nothing},
};

static const Reader *reader_of(duckdb_type type)
{
	for (gsize i = 0; i < G_N_ELEMENTS(READERS); i++)
		if (READERS[i].type == type)
			return &READERS[i];
	return NULL;
}

static void fill_column(const Column *column, const Reader *reader, duckdb_vector vector, gsize n,
						guint index, gsize first)
{
	const void *data = column->lib->vector_get_data(vector);
	const uint64_t *valid = column->lib->vector_get_validity(vector);
	StetTable *table = column->table;
	for (gsize row = 0; row < n; row++) {
		StetCell *cell = &table->cells[(first + row) * table->n_columns + index];
		StetCell value = {reader->kind, {0}};
		if (valid != NULL && !((valid[row / 64] >> (row % 64)) & 1))
			continue;
		if (reader->read(column, data, row, &value))
			*cell = value;
	}
}

/* ---- columns ------------------------------------------------------------------------------- */

static void describe(Column *column, duckdb_logical_type logical)
{
	const EnLibrary *lib = column->lib;
	column->type = lib->get_type_id(logical);
	if (column->type == DUCKDB_TYPE_DECIMAL) {
		column->storage = lib->decimal_internal_type(logical);
		column->scale = lib->decimal_scale(logical);
	} else if (column->type == DUCKDB_TYPE_ENUM) {
		column->storage = lib->enum_internal_type(logical);
		column->n_words = lib->enum_dictionary_size(logical);
		column->words = g_new0(char *, column->n_words + 1);
	}
}

static void column_clear(Column *column)
{
	for (gsize i = 0; i < column->n_words; i++)
		g_free(column->words[i]);
	g_free(column->words);
	column->lib->destroy_logical_type(&column->logical);
}

static gboolean take_chunks(const EnEmbedded *engine, duckdb_result *result, Column *columns,
							StetFault *fault)
{
	const EnLibrary *lib = engine->lib;
	duckdb_data_chunk chunk;
	gboolean fine = TRUE;
	while (fine && (chunk = lib->fetch_chunk(*result)) != NULL) {
		StetTable *table = columns[0].table;
		gsize n = lib->data_chunk_get_size(chunk), first = table->n_rows;
		for (gsize i = 0; i < n; i++)
			stet_table_append(table);
		for (guint c = 0; c < table->n_columns; c++) {
			duckdb_vector vector = lib->data_chunk_get_vector(chunk, c);
			fill_column(&columns[c], reader_of(columns[c].type), vector, n, c, first);
		}
		fine = !en_too_many_rows(&engine->base, table, fault);
		lib->destroy_data_chunk(&chunk);
	}
	return fine;
}

StetTable *en_result_table(const EnEmbedded *engine, duckdb_result *result, int decimals, StetFault *fault)
{
	const EnLibrary *lib = engine->lib;
	guint n = (guint)lib->column_count(result);
	g_autoptr(StetTable) table = stet_table_new(n);
	Column *columns = g_new0(Column, n + 1);
	gboolean fine = n > 0;
	for (guint c = 0; c < n; c++) {
		columns[c] = (Column){.lib = lib, .table = table, .decimals = decimals};
		columns[c].logical = lib->column_logical_type(result, c);
		describe(&columns[c], columns[c].logical);
		table->columns[c].name = g_strdup(lib->column_name(result, c));
		const Reader *reader = reader_of(columns[c].type);
		if (reader != NULL) {
			table->columns[c].kind = reader->kind;
			continue;
		}
		fine = FALSE;
		if (fault->message == NULL)
			fault->message =
				g_strdup_printf("column '%s' has a type that reports have no use for; cast it to VARCHAR",
								table->columns[c].name);
	}
	fine = fine && take_chunks(engine, result, columns, fault);
	for (guint c = 0; c < n; c++)
		column_clear(&columns[c]);
	g_free(columns);
	return fine ? g_steal_pointer(&table) : NULL;
}
