/* Datasets into the warehouse: tables made from their columns, many rows inserted by each statement. Arrays
 * of parameters would be the drivers' way, but some of them send each row on its own. */
#include "engine/warehouse.h"

#include <string.h>

#define BATCH_ROWS 1000u       /* most rows of one statement */
#define BATCH_PARAMETERS 2000u /* most parameters: servers stop at 2,100 (SQL Server) to 65,535 */

typedef struct {
	gboolean wide; /* text as UTF-16; the rest is ASCII */
	SQLSMALLINT sql_type, digits;
	GPtrArray *texts; /* of the batch: char *, NULL where missing */
	gsize width;      /* bytes a value */
	guint8 *values;
	SQLLEN *lengths;
} Lane;

typedef struct {
	Warehouse *warehouse;
	WhConnection *connection;
	const StetDataset *dataset;
	const StetWarehouseLoad *load;
	Lane *lanes;
	char *table; /* quoted */
	WhTrouble trouble;
} Loading;

/* ---- the table ----------------------------------------------------------------------------- */

static gboolean table_is_there(Loading *loading)
{
	g_autofree char *sql = g_strdup_printf("select * from %s where 1 = 0", loading->table);
	return wh_run(loading->warehouse, loading->connection, sql, &loading->trouble);
}

static gboolean make_table(Loading *loading)
{
	const StetDataset *dataset = loading->dataset;
	g_autoptr(GString) sql = g_string_new(NULL);
	g_string_printf(sql, "create table %s (", loading->table);
	for (guint c = 0; c < dataset->n_columns; c++) {
		g_autofree char *name = wh_name(loading->warehouse->dialect, dataset->columns[c].name);
		g_autofree char *type = wh_column_type(loading->warehouse->dialect, &dataset->columns[c]);
		g_string_append_printf(sql, "%s%s %s", c > 0 ? ", " : "", name, type);
	}
	g_string_append_c(sql, ')');
	return wh_run(loading->warehouse, loading->connection, sql->str, &loading->trouble);
}

/* TRUE if the table holds no row. Where that cannot be asked, the answer is no. */
static gboolean table_is_empty(Loading *loading)
{
	g_autofree char *sql = g_strdup_printf("select count(*) from %s", loading->table);
	g_autofree gunichar2 *text = g_utf8_to_utf16(sql, -1, NULL, NULL, NULL);
	const WhLibrary *lib = loading->warehouse->lib;
	SQLBIGINT count = 1;
	SQLHSTMT statement = wh_begin(loading->warehouse, loading->connection, &loading->trouble);
	if (statement == NULL)
		return FALSE;
	if (!SQL_SUCCEEDED(lib->ExecDirectW(statement, (SQLWCHAR *)text, SQL_NTS)) ||
		!SQL_SUCCEEDED(lib->BindCol(statement, 1, SQL_C_SBIGINT, &count, sizeof count, NULL)) ||
		!SQL_SUCCEEDED(lib->Fetch(statement)))
		wh_trouble_read(loading->warehouse, SQL_HANDLE_STMT, statement, &loading->trouble);
	wh_end(loading->warehouse, loading->connection);
	return count == 0;
}

static gboolean ready_table(Loading *loading)
{
	if (!table_is_there(loading)) {
		/* the failed look ended the transaction */
		loading->warehouse->lib->EndTran(SQL_HANDLE_DBC, loading->connection->dbc, SQL_ROLLBACK);
		wh_trouble_clear(&loading->trouble);
		return make_table(loading);
	}
	if (table_is_empty(loading))
		return TRUE;
	if (!loading->load->replace) {
		if (loading->trouble.message == NULL)
			loading->trouble.message = g_strdup("the table has rows already (--replace deletes them first)");
		return FALSE;
	}
	g_autofree char *sql = g_strconcat("delete from ", loading->table, NULL);
	return wh_run(loading->warehouse, loading->connection, sql, &loading->trouble);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static Lane lane_of(const StetColumn *column)
{
	static const SQLSMALLINT types[] = {
		[STET_COLUMN_CODES] = SQL_WVARCHAR,
		[STET_COLUMN_TEXT] = SQL_WVARCHAR,
		[STET_COLUMN_INT] = SQL_BIGINT,
		[STET_COLUMN_DECIMAL] = SQL_DECIMAL,
		[STET_COLUMN_DOUBLE] = SQL_DOUBLE,
		[STET_COLUMN_BOOL] = SQL_BIT,
		[STET_COLUMN_DATE] = SQL_TYPE_DATE,
		[STET_COLUMN_TIME] = SQL_TYPE_TIME,
		[STET_COLUMN_TIMESTAMP] = SQL_TYPE_TIMESTAMP,
	};
	return (Lane){.wide = types[column->kind] == SQL_WVARCHAR,
				  .sql_type = types[column->kind],
				  .digits = column->kind == STET_COLUMN_DECIMAL     ? (SQLSMALLINT)column->scale
							: column->kind == STET_COLUMN_TIMESTAMP ? 6
																	: 0,
				  .texts = g_ptr_array_new_with_free_func(g_free)};
}

/* The text the driver converts: ODBC's own forms of booleans and timestamps. */
static char *value_text(const StetDataset *dataset, guint c, gsize row)
{
	char *text = stet_dataset_cell_text(dataset, c, row);
	StetColumnKind kind = dataset->columns[c].kind;
	if (text != NULL && kind == STET_COLUMN_BOOL) {
		gboolean yes = strcmp(text, "true") == 0;
		g_free(text);
		return g_strdup(yes ? "1" : "0");
	}
	if (text != NULL && kind == STET_COLUMN_TIMESTAMP) {
		g_strdelimit(text, "TZ", ' ');
		g_strchomp(text);
	}
	return text;
}

static void fill_lane(Lane *lane, const StetDataset *dataset, guint c, gsize first, gsize rows)
{
	g_ptr_array_set_size(lane->texts, 0);
	lane->width = 2;
	for (gsize r = 0; r < rows; r++) {
		char *text = value_text(dataset, c, first + r);
		g_ptr_array_add(lane->texts, text);
		lane->width = MAX(lane->width, text != NULL ? (strlen(text) + 1) * (lane->wide ? 2 : 1) : 0);
	}
	g_free(lane->values);
	g_free(lane->lengths);
	lane->values = g_malloc0_n(rows, lane->width);
	lane->lengths = g_new(SQLLEN, rows);
	for (gsize r = 0; r < rows; r++) {
		const char *text = lane->texts->pdata[r];
		glong units = 0;
		g_autofree gunichar2 *wide =
			text != NULL && lane->wide ? g_utf8_to_utf16(text, -1, NULL, &units, NULL) : NULL;
		lane->lengths[r] = text == NULL ? SQL_NULL_DATA : lane->wide ? units * 2 : (SQLLEN)strlen(text);
		if (text != NULL)
			memcpy(lane->values + r * lane->width, lane->wide ? (const void *)wide : text,
				   (gsize)lane->lengths[r]);
	}
}

/* insert into t (a, b) values (?, ?), (?, ?)... */
static char *insert_sql(const Loading *loading, gsize rows)
{
	const StetDataset *dataset = loading->dataset;
	g_autoptr(GString) names = g_string_new(NULL), row = g_string_new(NULL), sql = g_string_new(NULL);
	for (guint c = 0; c < dataset->n_columns; c++) {
		g_autofree char *name = wh_name(loading->warehouse->dialect, dataset->columns[c].name);
		g_string_append_printf(names, "%s%s", c > 0 ? ", " : "", name);
		g_string_append(row, c > 0 ? ", ?" : "?");
	}
	g_string_printf(sql, "insert into %s (%s) values ", loading->table, names->str);
	for (gsize r = 0; r < rows; r++)
		g_string_append_printf(sql, "%s(%s)", r > 0 ? ", " : "", row->str);
	return g_string_free(g_steal_pointer(&sql), FALSE);
}

static gboolean send_batch(Loading *loading, SQLHSTMT statement, gsize first, gsize rows)
{
	const WhLibrary *lib = loading->warehouse->lib;
	guint n = loading->dataset->n_columns;
	for (guint c = 0; c < n; c++) {
		Lane *lane = &loading->lanes[c];
		fill_lane(lane, loading->dataset, c, first, rows);
		for (gsize r = 0; r < rows; r++)
			if (!SQL_SUCCEEDED(lib->BindParameter(
					statement, (SQLUSMALLINT)(r * n + c + 1), SQL_PARAM_INPUT,
					lane->wide ? SQL_C_WCHAR : SQL_C_CHAR, lane->sql_type, lane->width / (lane->wide ? 2 : 1),
					lane->digits, lane->values + r * lane->width, (SQLLEN)lane->width, &lane->lengths[r])))
				return FALSE;
	}
	return SQL_SUCCEEDED(lib->Execute(statement));
}

/* Rows [first, end) by statements of `batch` rows each. */
static gboolean send_range(Loading *loading, gsize first, gsize end, gsize batch)
{
	const WhLibrary *lib = loading->warehouse->lib;
	g_autofree char *sql = insert_sql(loading, batch);
	g_autofree gunichar2 *text = g_utf8_to_utf16(sql, -1, NULL, NULL, NULL);
	SQLHSTMT statement = wh_begin(loading->warehouse, loading->connection, &loading->trouble);
	if (statement == NULL)
		return FALSE;
	gboolean fine = SQL_SUCCEEDED(lib->PrepareW(statement, (SQLWCHAR *)text, SQL_NTS));
	for (gsize row = first; fine && row < end; row += batch) {
		fine = send_batch(loading, statement, row, batch);
		if (fine && loading->load->progress != NULL)
			loading->load->progress(row + batch, loading->load->progress_data);
	}
	if (!fine)
		wh_trouble_read(loading->warehouse, SQL_HANDLE_STMT, statement, &loading->trouble);
	wh_end(loading->warehouse, loading->connection);
	return fine;
}

static gboolean send_rows(Loading *loading)
{
	const StetDataset *dataset = loading->dataset;
	gsize batch = CLAMP(BATCH_PARAMETERS / MAX(dataset->n_columns, 1), 1, BATCH_ROWS);
	gsize whole = dataset->rows / batch * batch, rest = dataset->rows - whole;
	return (whole == 0 || send_range(loading, 0, whole, batch)) &&
		   (rest == 0 || send_range(loading, whole, dataset->rows, rest));
}

/* Plans for tables that a server knows nothing of can be slow ones; it is no fault if it cannot be told. */
static void analyze(Loading *loading)
{
	WhTrouble ignored = {"", NULL};
	g_autofree char *sql = g_strconcat("analyze ", loading->table, NULL);
	if (loading->warehouse->dialect->analyze)
		wh_run(loading->warehouse, loading->connection, sql, &ignored);
	wh_trouble_clear(&ignored);
}

/* ---- the whole ----------------------------------------------------------------------------- */

static gboolean load_on(Loading *loading)
{
	const WhLibrary *lib = loading->warehouse->lib;
	SQLHDBC dbc = loading->connection->dbc;
	if (!SQL_SUCCEEDED(lib->SetConnectAttr(dbc, SQL_ATTR_AUTOCOMMIT, SQL_AUTOCOMMIT_OFF, SQL_IS_UINTEGER))) {
		wh_trouble_read(loading->warehouse, SQL_HANDLE_DBC, dbc, &loading->trouble);
		return FALSE;
	}
	gboolean fine = ready_table(loading) && send_rows(loading);
	if (!SQL_SUCCEEDED(lib->EndTran(SQL_HANDLE_DBC, dbc, fine ? SQL_COMMIT : SQL_ROLLBACK)) && fine) {
		wh_trouble_read(loading->warehouse, SQL_HANDLE_DBC, dbc, &loading->trouble);
		fine = FALSE;
	}
	lib->SetConnectAttr(dbc, SQL_ATTR_AUTOCOMMIT, (SQLPOINTER)SQL_AUTOCOMMIT_ON, SQL_IS_UINTEGER);
	if (fine)
		analyze(loading);
	return fine;
}

gboolean stet_warehouse_load(StetEngine *engine, const StetDataset *dataset, const StetWarehouseLoad *load,
							 GError **error)
{
	Loading loading = {.warehouse = (Warehouse *)engine,
					   .dataset = dataset,
					   .load = load,
					   .lanes = g_new0(Lane, dataset->n_columns + 1)};
	for (guint c = 0; c < dataset->n_columns; c++)
		loading.lanes[c] = lane_of(&dataset->columns[c]);
	loading.table = wh_name(loading.warehouse->dialect, dataset->resource->name);
	loading.connection = wh_take(loading.warehouse, &loading.trouble);
	gboolean fine = loading.connection != NULL && load_on(&loading);
	if (loading.connection != NULL)
		wh_give(loading.warehouse, loading.connection, !fine);
	if (!fine)
		g_set_error(error, EN_ERROR, 0, "cannot load '%s' into the warehouse: %s%s%s%s",
					dataset->resource->name,
					loading.trouble.message != NULL ? loading.trouble.message : "no reason given",
					*loading.trouble.state != 0 ? " (SQLSTATE " : "", loading.trouble.state,
					*loading.trouble.state != 0 ? ")" : "");
	for (guint c = 0; c < dataset->n_columns; c++) {
		g_ptr_array_unref(loading.lanes[c].texts);
		g_free(loading.lanes[c].values);
		g_free(loading.lanes[c].lengths);
	}
	wh_trouble_clear(&loading.trouble);
	g_free(loading.lanes);
	g_free(loading.table);
	return fine;
}
