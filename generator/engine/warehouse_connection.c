/* Connections to the warehouse: opened when wanted, handed from thread to thread, closed when lost. */
#include "engine/warehouse.h"

#include <string.h>

#define MESSAGE_MAX 4096 /* UTF-16 units of one diagnostic record */
#define RECORDS_MAX 4

/* ---- what went wrong ----------------------------------------------------------------------- */

void wh_trouble_clear(WhTrouble *trouble)
{
	g_clear_pointer(&trouble->message, g_free);
	trouble->state[0] = 0;
}

/* Who speaks ("[unixODBC][Driver Manager]") and where the driver was at the time help nobody. */
static const char *without_speakers(const char *text)
{
	while (*text == '[' && strchr(text, ']') != NULL)
		text = strchr(text, ']') + 1;
	text += strspn(text, " ");
	return g_str_has_prefix(text, "ERROR: ") ? text + strlen("ERROR: ") : text;
}

static char *clean(const Warehouse *warehouse, const char *raw)
{
	g_autofree char *text = g_strdup(without_speakers(raw));
	char *tail = strstr(text, ";\nError while executing the query");
	if (tail != NULL)
		*tail = 0;
	GString *out = g_string_new(g_strstrip(g_strdelimit(text, "\r\n\t", ' ')));
	for (guint i = 0; i < warehouse->secrets->len; i++)
		g_string_replace(out, warehouse->secrets->pdata[i], "***", 0);
	return g_string_free(out, FALSE);
}

void wh_trouble_read(const Warehouse *warehouse, SQLSMALLINT type, SQLHANDLE handle, WhTrouble *trouble)
{
	g_autofree SQLWCHAR *text = g_new0(SQLWCHAR, MESSAGE_MAX);
	wh_trouble_clear(trouble);
	for (SQLSMALLINT record = 1; record <= RECORDS_MAX; record++) {
		SQLWCHAR state[6] = {0};
		SQLINTEGER native;
		SQLSMALLINT length = 0;
		if (!SQL_SUCCEEDED(warehouse->lib->GetDiagRecW(type, handle, record, state, &native, text,
													   MESSAGE_MAX - 1, &length)))
			break;
		/* a warning may stand before the error */
		gboolean warning = state[0] == '0' && state[1] == '1';
		if (trouble->message != NULL && (warning || !g_str_has_prefix(trouble->state, "01")))
			continue;
		g_autofree char *raw = g_utf16_to_utf8(text, -1, NULL, NULL, NULL);
		wh_trouble_clear(trouble);
		for (guint i = 0; i < 5; i++)
			trouble->state[i] = (char)state[i];
		trouble->message = clean(warehouse, raw != NULL ? raw : "");
	}
	if (trouble->message == NULL)
		trouble->message = g_strdup("the driver gave no reason");
}

/* ---- connecting ---------------------------------------------------------------------------- */

static char *info_text(const Warehouse *warehouse, SQLHDBC dbc, SQLUSMALLINT what)
{
	SQLWCHAR text[256] = {0};
	SQLSMALLINT bytes = 0;
	if (!SQL_SUCCEEDED(warehouse->lib->GetInfoW(dbc, what, text, sizeof text - 2, &bytes)))
		return g_strdup("");
	g_autofree char *utf8 = g_utf16_to_utf8(text, -1, NULL, NULL, NULL);
	return g_strdup(utf8 != NULL ? utf8 : "");
}

static void know_server(Warehouse *warehouse, SQLHDBC dbc)
{
	g_autofree char *name = info_text(warehouse, dbc, SQL_DBMS_NAME);
	g_autofree char *version = info_text(warehouse, dbc, SQL_DBMS_VER);
	const WhDialect *dialect = wh_dialect(name, version);
	g_mutex_lock(&warehouse->lock);
	warehouse->dialect = dialect;
	g_mutex_unlock(&warehouse->lock);
}

gboolean wh_run(Warehouse *warehouse, WhConnection *connection, const char *sql, WhTrouble *trouble)
{
	g_autofree gunichar2 *text = g_utf8_to_utf16(sql, -1, NULL, NULL, NULL);
	SQLHSTMT statement = wh_begin(warehouse, connection, trouble);
	if (statement == NULL)
		return FALSE;
	SQLRETURN code = warehouse->lib->ExecDirectW(statement, (SQLWCHAR *)text, SQL_NTS);
	gboolean fine = SQL_SUCCEEDED(code) || code == SQL_NO_DATA;
	if (!fine)
		wh_trouble_read(warehouse, SQL_HANDLE_STMT, statement, trouble);
	wh_end(warehouse, connection);
	return fine;
}

static gboolean prepare_session(Warehouse *warehouse, WhConnection *connection, WhTrouble *trouble)
{
	const WhDialect *dialect = warehouse->dialect;
	for (const char *const *sql = dialect->session; *sql != NULL; sql++)
		if (!wh_run(warehouse, connection, *sql, trouble))
			return FALSE;
	return warehouse->options.writable || dialect->read_only == NULL ||
		   wh_run(warehouse, connection, dialect->read_only, trouble);
}

static gboolean open_handle(Warehouse *warehouse, WhConnection *connection, WhTrouble *trouble)
{
	const WhLibrary *lib = warehouse->lib;
	g_autofree gunichar2 *text = g_utf8_to_utf16(warehouse->connection, -1, NULL, NULL, NULL);
	SQLPOINTER seconds = GUINT_TO_POINTER(warehouse->options.connect_timeout);
	if (text == NULL || !SQL_SUCCEEDED(lib->AllocHandle(SQL_HANDLE_DBC, warehouse->env, &connection->dbc))) {
		trouble->message = g_strdup("unixODBC has no connection to give");
		return FALSE;
	}
	lib->SetConnectAttr(connection->dbc, SQL_ATTR_LOGIN_TIMEOUT, seconds, SQL_IS_UINTEGER);
	/* a hint to drivers (ODBC, SQL_ATTR_ACCESS_MODE); the session's own setting is what binds */
	if (!warehouse->options.writable)
		lib->SetConnectAttr(connection->dbc, SQL_ATTR_ACCESS_MODE, GUINT_TO_POINTER(SQL_MODE_READ_ONLY),
							SQL_IS_UINTEGER);
	SQLRETURN code = lib->DriverConnectW(connection->dbc, NULL, (SQLWCHAR *)text, SQL_NTS, NULL, 0, NULL,
										 SQL_DRIVER_NOPROMPT);
	if (SQL_SUCCEEDED(code))
		return TRUE;
	wh_trouble_read(warehouse, SQL_HANDLE_DBC, connection->dbc, trouble);
	lib->FreeHandle(SQL_HANDLE_DBC, connection->dbc);
	return FALSE;
}

static WhConnection *open_connection(Warehouse *warehouse, WhTrouble *trouble)
{
	WhConnection *connection = g_new0(WhConnection, 1);
	if (!open_handle(warehouse, connection, trouble)) {
		g_free(connection);
		return NULL;
	}
	know_server(warehouse, connection->dbc);
	if (prepare_session(warehouse, connection, trouble))
		return connection;
	warehouse->lib->Disconnect(connection->dbc);
	warehouse->lib->FreeHandle(SQL_HANDLE_DBC, connection->dbc);
	g_free(connection);
	return NULL;
}

/* ---- the pool ------------------------------------------------------------------------------ */

WhConnection *wh_take(Warehouse *warehouse, WhTrouble *trouble)
{
	WhConnection *taken = NULL;
	g_mutex_lock(&warehouse->lock);
	while (warehouse->idle->len == 0 && warehouse->busy->len >= warehouse->options.connections &&
		   !wh_is_cancelled(warehouse))
		g_cond_wait(&warehouse->changed, &warehouse->lock);
	gboolean cancelled = wh_is_cancelled(warehouse);
	if (!cancelled && warehouse->idle->len > 0)
		taken = g_ptr_array_remove_index(warehouse->idle, warehouse->idle->len - 1);
	/* the place of one that is being opened is taken already */
	if (!cancelled)
		g_ptr_array_add(warehouse->busy, taken);
	g_mutex_unlock(&warehouse->lock);
	if (cancelled)
		trouble->message = g_strdup("cancelled");
	if (cancelled || taken != NULL)
		return taken;
	taken = open_connection(warehouse, trouble);
	g_mutex_lock(&warehouse->lock);
	g_ptr_array_remove(warehouse->busy, NULL);
	if (taken != NULL)
		g_ptr_array_add(warehouse->busy, taken);
	g_cond_broadcast(&warehouse->changed);
	g_mutex_unlock(&warehouse->lock);
	return taken;
}

void wh_give(Warehouse *warehouse, WhConnection *connection, gboolean broken)
{
	if (broken) {
		warehouse->lib->Disconnect(connection->dbc);
		warehouse->lib->FreeHandle(SQL_HANDLE_DBC, connection->dbc);
	}
	g_mutex_lock(&warehouse->lock);
	g_ptr_array_remove(warehouse->busy, connection);
	if (!broken)
		g_ptr_array_add(warehouse->idle, connection);
	g_cond_broadcast(&warehouse->changed);
	g_mutex_unlock(&warehouse->lock);
	if (broken)
		g_free(connection);
}

SQLHSTMT wh_begin(Warehouse *warehouse, WhConnection *connection, WhTrouble *trouble)
{
	SQLHSTMT statement = NULL;
	if (!SQL_SUCCEEDED(warehouse->lib->AllocHandle(SQL_HANDLE_STMT, connection->dbc, &statement))) {
		wh_trouble_read(warehouse, SQL_HANDLE_DBC, connection->dbc, trouble);
		return NULL;
	}
	warehouse->lib->SetStmtAttr(statement, SQL_ATTR_QUERY_TIMEOUT,
								GUINT_TO_POINTER(warehouse->options.timeout), SQL_IS_UINTEGER);
	g_mutex_lock(&warehouse->lock);
	connection->statement = statement;
	g_mutex_unlock(&warehouse->lock);
	return statement;
}

void wh_end(Warehouse *warehouse, WhConnection *connection)
{
	g_mutex_lock(&warehouse->lock);
	SQLHSTMT statement = connection->statement;
	connection->statement = NULL;
	g_mutex_unlock(&warehouse->lock);
	warehouse->lib->FreeHandle(SQL_HANDLE_STMT, statement);
}
