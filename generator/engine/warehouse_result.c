/* Results from the warehouse: columns bound to blocks of rows, each value turned into the cell that the
 * embedded engine would have made of it. */
#include "engine/warehouse.h"

#include <string.h>

#define BLOCK_BYTES (1u << 20) /* room for one block of rows */
#define BLOCK_ROWS 2000u
#define TEXT_CHARS 64u      /* room for a text of undeclared length, UTF-16 units: grown where it is short */
#define TEXT_DECLARED 512u  /* declared lengths up to this are believed */
#define TEXT_MAX (1u << 20) /* UTF-16 units of one value */
#define DECIMAL_CHARS 64u
#define DECIMAL_DIGITS 38 /* what 128 bits hold */

/* ---- values -------------------------------------------------------------------------------- */

typedef struct Column Column;
typedef gboolean (*Reader)(const Column *column, const void *value, gsize bytes, StetCell *cell);

typedef struct {
	SQLSMALLINT type;
	StetKind kind;
	SQLSMALLINT c_type;
	gsize width; /* bytes a value; 0: by the column's length */
	Reader read;
} Type;

struct Column {
	const Type *type;
	StetTable *table;
	GString *scratch;
	int decimals;
	gsize width;
	guint8 *values;
	SQLLEN *lengths;
};

static gboolean read_bit(const Column *column, const void *value, gsize bytes, StetCell *cell)
{
	(void)column, (void)bytes;
	cell->v.b = *(const guint8 *)value != 0;
	return TRUE;
}

static gboolean read_integer(const Column *column, const void *value, gsize bytes, StetCell *cell)
{
	(void)column, (void)bytes;
	memcpy(&cell->v.i, value, sizeof cell->v.i);
	return TRUE;
}

static gboolean read_double(const Column *column, const void *value, gsize bytes, StetCell *cell)
{
	double number;
	(void)bytes;
	memcpy(&number, value, sizeof number);
	return en_number(number, column->decimals, cell);
}

/* Digits and point as one integer over a power of ten, as the embedded engine's decimals are; FALSE where
 * they are too many, or something else. */
static gboolean exact(const char *text, double *number)
{
	gboolean negative = *text == '-', point = FALSE;
	__int128 whole = 0;
	long double unit = 1;
	int digits = 0;
	for (text += negative; *text != 0; text++) {
		if (*text == '.' && !point) {
			point = TRUE;
			continue;
		}
		if (!g_ascii_isdigit(*text) || (digits += whole != 0 || *text != '0') > DECIMAL_DIGITS)
			return FALSE;
		whole = whole * 10 + (*text - '0');
		unit *= point ? 10 : 1;
	}
	*number = (double)((long double)(negative ? -whole : whole) / unit);
	return TRUE;
}

static gboolean read_decimal(const Column *column, const void *value, gsize bytes, StetCell *cell)
{
	g_string_truncate(column->scratch, 0);
	g_string_append_len(column->scratch, value, (gssize)bytes);
	double number;
	if (!exact(column->scratch->str, &number))
		number = g_ascii_strtod(column->scratch->str, NULL);
	return en_number(number, column->decimals, cell);
}

static gboolean read_date(const Column *column, const void *value, gsize bytes, StetCell *cell)
{
	SQL_DATE_STRUCT date;
	(void)column, (void)bytes;
	memcpy(&date, value, sizeof date);
	cell->v.i = stet_date_days(date.year, date.month, date.day);
	return TRUE;
}

static gboolean read_timestamp(const Column *column, const void *value, gsize bytes, StetCell *cell)
{
	SQL_TIMESTAMP_STRUCT t;
	(void)column, (void)bytes;
	memcpy(&t, value, sizeof t);
	gint64 seconds =
		(gint64)stet_date_days(t.year, t.month, t.day) * 86400 + t.hour * 3600 + t.minute * 60 + t.second;
	cell->v.i = seconds * G_USEC_PER_SEC + t.fraction / 1000;
	return TRUE;
}

static gboolean read_time(const Column *column, const void *value, gsize bytes, StetCell *cell)
{
	SQL_TIME_STRUCT t;
	(void)bytes;
	memcpy(&t, value, sizeof t);
	g_autofree char *text = g_strdup_printf("%02d:%02d:%02d", t.hour, t.minute, t.second);
	*cell = stet_table_text(column->table, text);
	return TRUE;
}

/* UTF-16 (RFC 2781) to UTF-8; half a pair becomes U+FFFD. */
static gboolean read_text(const Column *column, const void *value, gsize bytes, StetCell *cell)
{
	const gunichar2 *units = value;
	gsize n = bytes / 2;
	GString *out = column->scratch;
	g_string_truncate(out, 0);
	/* fixed lengths are filled up with spaces, which are no part of the text */
	while ((column->type->type == SQL_CHAR || column->type->type == SQL_WCHAR) && n > 0 &&
		   units[n - 1] == ' ')
		n--;
	for (gsize i = 0; i < n; i++) {
		gunichar c = units[i];
		gboolean high = c >= 0xD800 && c < 0xDC00;
		if (high && i + 1 < n && units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000)
			c = 0x10000 + ((c - 0xD800) << 10) + (units[++i] - 0xDC00u);
		else if (c >= 0xD800 && c < 0xE000)
			c = 0xFFFD;
		if (c < 0x80)
			g_string_append_c(out, (char)c);
		else
			g_string_append_unichar(out, c);
	}
	*cell = stet_table_text(column->table, out->str);
	return TRUE;
}

/* PostgreSQL's driver describes booleans as text: '1' or '0'. */
static gboolean read_boolean_text(const Column *column, const void *value, gsize bytes, StetCell *cell)
{
	(void)column;
	gunichar2 first = bytes >= 2 ? *(const gunichar2 *)value : '0';
	cell->v.b = first == '1' || first == 't' || first == 'T';
	return TRUE;
}

/* clang-format off */
static const Type types[] = {
	{SQL_BIT, STET_BOOL, SQL_C_BIT, 1, read_bit},
	{SQL_TINYINT, STET_INT, SQL_C_SBIGINT, 8, read_integer},
	{SQL_SMALLINT, STET_INT, SQL_C_SBIGINT, 8, read_integer},
	{SQL_INTEGER, STET_INT, SQL_C_SBIGINT, 8, read_integer},
	{SQL_BIGINT, STET_INT, SQL_C_SBIGINT, 8, read_integer},
	{SQL_REAL, STET_NUMBER, SQL_C_DOUBLE, 8, read_double},
	{SQL_FLOAT, STET_NUMBER, SQL_C_DOUBLE, 8, read_double},
	{SQL_DOUBLE, STET_NUMBER, SQL_C_DOUBLE, 8, read_double},
	{SQL_NUMERIC, STET_NUMBER, SQL_C_CHAR, DECIMAL_CHARS, read_decimal},
	{SQL_DECIMAL, STET_NUMBER, SQL_C_CHAR, DECIMAL_CHARS, read_decimal},
	{SQL_TYPE_DATE, STET_DATE, SQL_C_TYPE_DATE, sizeof(SQL_DATE_STRUCT), read_date},
	{SQL_TYPE_TIME, STET_TEXT, SQL_C_TYPE_TIME, sizeof(SQL_TIME_STRUCT), read_time},
	{SQL_TYPE_TIMESTAMP, STET_TIMESTAMP, SQL_C_TYPE_TIMESTAMP, sizeof(SQL_TIMESTAMP_STRUCT), read_timestamp},
	{SQL_CHAR, STET_TEXT, SQL_C_WCHAR, 0, read_text},
	{SQL_VARCHAR, STET_TEXT, SQL_C_WCHAR, 0, read_text},
	{SQL_LONGVARCHAR, STET_TEXT, SQL_C_WCHAR, 0, read_text},
	{SQL_WCHAR, STET_TEXT, SQL_C_WCHAR, 0, read_text},
	{SQL_WVARCHAR, STET_TEXT, SQL_C_WCHAR, 0, read_text},
	{SQL_WLONGVARCHAR, STET_TEXT, SQL_C_WCHAR, 0, read_text},
	{SQL_GUID, STET_TEXT, SQL_C_WCHAR, 0, read_text},
};
static const Type boolean_text = {SQL_WVARCHAR, STET_BOOL, SQL_C_WCHAR, 0, read_boolean_text};
/* clang-format on */

static const Type *type_of(SQLSMALLINT type, const char *name)
{
	if (g_ascii_strcasecmp(name, "bool") == 0 || g_ascii_strcasecmp(name, "boolean") == 0)
		return type == SQL_BIT ? &types[0] : &boolean_text;
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (types[i].type == type)
			return &types[i];
	return NULL;
}

/* ---- columns ------------------------------------------------------------------------------- */

typedef struct {
	Warehouse *warehouse;
	SQLHSTMT statement;
	StetTable *table;
	Column *columns;
	GArray *widths; /* gsize: UTF-16 units a column that must have at least */
	GString *scratch;
	WhTrouble *trouble;
	SQLULEN fetched;
	gboolean *wider;
} Fetch;

static gboolean driver_failed(const Fetch *fetch)
{
	wh_trouble_read(fetch->warehouse, SQL_HANDLE_STMT, fetch->statement, fetch->trouble);
	return FALSE;
}

static gsize text_units(const Fetch *fetch, guint c, SQLULEN declared)
{
	gsize known = g_array_index(fetch->widths, gsize, c);
	gsize units = declared > 0 && declared <= TEXT_DECLARED ? declared : TEXT_CHARS;
	return MAX(known, units) + 1; /* the NUL drivers end with */
}

/* Where names are folded to upper case, those of SQL in lower case come back as they were written. */
static char *column_name(const WhDialect *dialect, const char *name)
{
	gboolean folded = dialect->upper;
	for (const char *c = name; *c != 0; c++)
		folded = folded && !g_ascii_islower(*c);
	return folded ? g_ascii_strdown(name, -1) : g_strdup(name);
}

static gboolean describe(Fetch *fetch, guint c, int decimals)
{
	const WhLibrary *lib = fetch->warehouse->lib;
	SQLUSMALLINT number = (SQLUSMALLINT)(c + 1);
	SQLWCHAR name[512] = {0}, type_name[128] = {0};
	SQLSMALLINT type = 0, digits = 0, nullable = 0, length = 0;
	SQLULEN size = 0;
	if (!SQL_SUCCEEDED(lib->DescribeColW(fetch->statement, number, name, G_N_ELEMENTS(name) - 1, &length,
										 &type, &size, &digits, &nullable)))
		return driver_failed(fetch);
	lib->ColAttributeW(fetch->statement, number, SQL_DESC_TYPE_NAME, type_name, sizeof type_name - 2, &length,
					   NULL);
	g_autofree char *utf8 = g_utf16_to_utf8(name, -1, NULL, NULL, NULL);
	g_autofree char *type_text = g_utf16_to_utf8(type_name, -1, NULL, NULL, NULL);
	const Type *known = type_of(type, type_text != NULL ? type_text : "");
	fetch->table->columns[c].name = column_name(fetch->warehouse->dialect, utf8 != NULL ? utf8 : "?");
	if (known == NULL) {
		fetch->trouble->message =
			g_strdup_printf("column '%s' has a type that reports have no use for (%s); cast it to varchar",
							fetch->table->columns[c].name, type_text != NULL ? type_text : "unnamed");
		return FALSE;
	}
	fetch->table->columns[c].kind = known->kind;
	gsize known_width = known->c_type == SQL_C_CHAR ? g_array_index(fetch->widths, gsize, c) + 1 : 0;
	gsize width = known->width != 0 ? MAX(known->width, known_width) : text_units(fetch, c, size) * 2;
	fetch->columns[c] = (Column){.type = known,
								 .table = fetch->table,
								 .scratch = fetch->scratch,
								 .decimals = decimals,
								 .width = width};
	return TRUE;
}

static gboolean bind(Fetch *fetch, gsize rows)
{
	const WhLibrary *lib = fetch->warehouse->lib;
	for (guint c = 0; c < fetch->table->n_columns; c++) {
		Column *column = &fetch->columns[c];
		column->values = g_malloc_n(rows, column->width);
		column->lengths = g_new0(SQLLEN, rows);
		if (!SQL_SUCCEEDED(lib->BindCol(fetch->statement, (SQLUSMALLINT)(c + 1), column->type->c_type,
										column->values, (SQLLEN)column->width, column->lengths)))
			return driver_failed(fetch);
	}
	lib->SetStmtAttr(fetch->statement, SQL_ATTR_ROW_BIND_TYPE, SQL_BIND_BY_COLUMN, 0);
	lib->SetStmtAttr(fetch->statement, SQL_ATTR_ROW_ARRAY_SIZE, (SQLPOINTER)rows, 0);
	lib->SetStmtAttr(fetch->statement, SQL_ATTR_ROWS_FETCHED_PTR, &fetch->fetched, 0);
	return TRUE;
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* Room a value of `length` bytes wants, in units; drivers that do not know the length get eight times what
 * was not enough. */
static gsize units_wanted(const Column *column, SQLLEN length)
{
	gsize unit = column->type->c_type == SQL_C_WCHAR ? 2 : 1;
	return length == SQL_NO_TOTAL ? column->width / unit * 8 : (gsize)length / unit;
}

static gboolean is_cut(const Column *column, SQLLEN length)
{
	gboolean text = column->type->c_type == SQL_C_WCHAR || column->type->c_type == SQL_C_CHAR;
	gsize nul = column->type->c_type == SQL_C_WCHAR ? 2 : 1;
	return text && (length == SQL_NO_TOTAL || length + (SQLLEN)nul > (SQLLEN)column->width);
}

static gboolean take_column(Fetch *fetch, guint c, gsize first)
{
	const Column *column = &fetch->columns[c];
	for (gsize r = 0; r < fetch->fetched; r++) {
		SQLLEN length = column->lengths[r];
		StetCell value = {column->type->kind, {0}};
		if (length == SQL_NULL_DATA)
			continue;
		if (is_cut(column, length)) {
			gsize wanted = units_wanted(column, length), *known = &g_array_index(fetch->widths, gsize, c);
			*known = MAX(*known, wanted);
			*fetch->wider = wanted <= TEXT_MAX;
			if (!*fetch->wider)
				fetch->trouble->message =
					g_strdup_printf("a text in column '%s' is longer than %u characters",
									fetch->table->columns[c].name, TEXT_MAX);
			return FALSE;
		}
		if (column->type->read(column, column->values + r * column->width, (gsize)length, &value))
			fetch->table->cells[(first + r) * fetch->table->n_columns + c] = value;
	}
	return TRUE;
}

static gboolean take_rows(Fetch *fetch)
{
	const WhLibrary *lib = fetch->warehouse->lib;
	for (;;) {
		SQLRETURN code = lib->Fetch(fetch->statement);
		if (code == SQL_NO_DATA)
			return TRUE;
		if (!SQL_SUCCEEDED(code))
			return driver_failed(fetch);
		gsize first = fetch->table->n_rows;
		for (gsize r = 0; r < fetch->fetched; r++)
			stet_table_append(fetch->table);
		for (guint c = 0; c < fetch->table->n_columns; c++)
			if (!take_column(fetch, c, first))
				return FALSE;
		if (fetch->table->n_rows > fetch->warehouse->base.row_cap)
			return TRUE; /* whoever asked says so */
	}
}

static gboolean fetch_all(Fetch *fetch, int decimals)
{
	gsize row_bytes = 0;
	for (guint c = 0; c < fetch->table->n_columns; c++) {
		if (!describe(fetch, c, decimals))
			return FALSE;
		row_bytes += fetch->columns[c].width + sizeof(SQLLEN);
	}
	return bind(fetch, CLAMP(BLOCK_BYTES / MAX(row_bytes, 1), 1, BLOCK_ROWS)) && take_rows(fetch);
}

StetTable *wh_result_table(Warehouse *warehouse, SQLHSTMT statement, int decimals, GArray *widths,
						   gboolean *wider, WhTrouble *trouble)
{
	SQLSMALLINT n = 0;
	if (!SQL_SUCCEEDED(warehouse->lib->NumResultCols(statement, &n)) || n <= 0) {
		trouble->message = g_strdup("the statement gives no columns");
		return NULL;
	}
	if (widths->len == 0)
		g_array_set_size(widths, (guint)n);
	Fetch fetch = {.warehouse = warehouse,
				   .statement = statement,
				   .table = stet_table_new((guint)n),
				   .columns = g_new0(Column, n),
				   .widths = widths,
				   .scratch = g_string_new(NULL),
				   .trouble = trouble,
				   .wider = wider};
	gboolean fine = fetch_all(&fetch, decimals);
	for (SQLSMALLINT c = 0; c < n; c++) {
		g_free(fetch.columns[c].values);
		g_free(fetch.columns[c].lengths);
	}
	g_free(fetch.columns);
	g_string_free(fetch.scratch, TRUE);
	if (!fine)
		stet_table_free(fetch.table);
	return fine ? fetch.table : NULL;
}
