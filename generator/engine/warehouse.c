/* The warehouse engine: SQL run by a server behind ODBC, on a pool of read-only connections. */
#include "engine/warehouse.h"

#include <string.h>

#define TIMEOUT 300u        /* s a statement may take */
#define CONNECT_TIMEOUT 15u /* s */
#define CONNECTIONS 4u
#define ATTEMPTS 3u
#define FIRST_PAUSE 200000 /* us before the second attempt; doubles with each */
#define WATCH_EVERY 50000  /* us between two looks at `stop` */
#define SYNTAX_ERROR "42601"
#define WIDEN_MAX 8u /* times a statement is run again for its long texts */

/* ---- states -------------------------------------------------------------------------------- */

static gboolean state_in(const char *state, const char *const *prefixes)
{
	for (; *prefixes != NULL; prefixes++)
		if (g_str_has_prefix(state, *prefixes))
			return TRUE;
	return FALSE;
}

gboolean wh_is_lost(const char *state)
{
	/* connection exceptions; PostgreSQL's shutdown states */
	static const char *const states[] = {"08", "57P01", "57P02", "57P03", "HYT01", NULL};
	return state_in(state, states);
}

gboolean wh_is_passing(const char *state)
{
	/* serialisation failure and deadlock; too many connections */
	static const char *const states[] = {"40001", "40P01", "53300", NULL};
	return wh_is_lost(state) || state_in(state, states);
}

/* ---- one statement ------------------------------------------------------------------------- */

/* The bytes a bound parameter needs while its statement runs. */
typedef struct {
	SQLSMALLINT c_type, sql_type;
	SQLULEN size;
	union {
		SQLCHAR bit;
		SQLBIGINT integer;
		SQLDOUBLE number;
		char text[40];
	} value;
	gunichar2 *wide;
	SQLLEN length; /* bytes, or SQL_NULL_DATA */
} Bound;

static void fill_bound(Bound *bound, const StetCell *cell)
{
	glong units = 0;
	g_autofree char *text = cell->kind == STET_TEXT ? NULL : stet_cell_text(cell);
	*bound = (Bound){.c_type = SQL_C_CHAR, .sql_type = SQL_VARCHAR, .size = 1, .length = SQL_NULL_DATA};
	switch (cell->kind) {
	case STET_NULL:
		break;
	case STET_BOOL:
		*bound = (Bound){SQL_C_BIT, SQL_BIT, 1, {.bit = cell->v.b ? 1 : 0}, NULL, 1};
		break;
	case STET_INT:
		*bound = (Bound){SQL_C_SBIGINT, SQL_BIGINT, 19, {.integer = cell->v.i}, NULL, 8};
		break;
	case STET_NUMBER:
		*bound = (Bound){SQL_C_DOUBLE, SQL_DOUBLE, 15, {.number = cell->v.n}, NULL, 8};
		break;
	case STET_TEXT:
		bound->wide = g_utf8_to_utf16(cell->v.s, -1, NULL, &units, NULL);
		bound->c_type = SQL_C_WCHAR;
		bound->sql_type = SQL_WVARCHAR;
		bound->size = (SQLULEN)MAX(units, 1);
		bound->length = bound->wide != NULL ? units * 2 : SQL_NULL_DATA;
		break;
	default:
		bound->sql_type = cell->kind == STET_DATE ? SQL_TYPE_DATE : SQL_TYPE_TIMESTAMP;
		g_strlcpy(bound->value.text, g_strdelimit(text, "T", ' '), sizeof bound->value.text);
		bound->length = (SQLLEN)strlen(bound->value.text);
		bound->size = (SQLULEN)bound->length;
	}
}

typedef struct {
	Warehouse *warehouse;
	const char *sql; /* as given */
	gunichar2 *text; /* as sent: with '?' */
	const StetQueryOptions *options;
	GPtrArray *names; /* of the parameters, in order */
	GArray *shifts;   /* WhShift */
	Bound *bound;
	GArray *widths;
} Query;

static gboolean bind_parameters(const Query *query, SQLHSTMT statement)
{
	for (guint i = 0; i < query->names->len; i++) {
		Bound *b = &query->bound[i];
		SQLPOINTER value = b->wide != NULL ? (SQLPOINTER)b->wide : (SQLPOINTER)&b->value;
		SQLSMALLINT digits = b->sql_type == SQL_TYPE_TIMESTAMP ? 6 : 0;
		if (!SQL_SUCCEEDED(query->warehouse->lib->BindParameter(
				statement, (SQLUSMALLINT)(i + 1), SQL_PARAM_INPUT, b->c_type, b->sql_type, b->size, digits,
				value, b->length > 0 ? b->length : 0, &b->length)))
			return FALSE;
	}
	return TRUE;
}

/* Runs the query once, and again for as long as a text does not fit its buffer. */
static StetTable *run_on(const Query *query, WhConnection *connection, WhTrouble *trouble)
{
	Warehouse *warehouse = query->warehouse;
	const WhLibrary *lib = warehouse->lib;
	StetTable *table = NULL;
	gboolean wider = TRUE;
	SQLHSTMT statement = wh_begin(warehouse, connection, trouble);
	if (statement == NULL)
		return NULL;
	int decimals = query->options != NULL ? query->options->decimals : -1;
	lib->SetStmtAttr(statement, SQL_ATTR_MAX_ROWS, (SQLPOINTER)(warehouse->base.row_cap + 1),
					 SQL_IS_UINTEGER);
	for (guint i = 0; wider && table == NULL && i < WIDEN_MAX; i++) {
		wider = FALSE;
		if (bind_parameters(query, statement) &&
			SQL_SUCCEEDED(lib->ExecDirectW(statement, (SQLWCHAR *)query->text, SQL_NTS)))
			table = wh_result_table(warehouse, statement, decimals, query->widths, &wider, trouble);
		else
			wh_trouble_read(warehouse, SQL_HANDLE_STMT, statement, trouble);
		lib->FreeStmt(statement, SQL_CLOSE);
		lib->FreeStmt(statement, SQL_UNBIND);
	}
	wh_end(warehouse, connection);
	return table;
}

/* ---- faults -------------------------------------------------------------------------------- */

/* How servers say where: PostgreSQL's excerpt and character; Snowflake, Databricks, Trino, ClickHouse. */
static const struct {
	const char *pattern;
	guint first_column; /* what they count columns from */
} places[] = {
	{"line ([0-9]+) at position ([0-9]+)", 0},
	{"line ([0-9]+), pos(?:ition)? ([0-9]+)", 0},
	{"line ([0-9]+), col(?:umn)? ([0-9]+)", 1},
	{"line ([0-9]+):([0-9]+)", 1},
	{"()at character ([0-9]+)", 1},
};

/* Byte offset of a line and column; of the end where there are not as many. */
static gsize offset_of(const char *sql, guint64 line, guint64 column)
{
	const char *at = sql;
	for (; line > 1 && strchr(at, '\n') != NULL; line--)
		at = strchr(at, '\n') + 1;
	return (gsize)(at - sql) + MIN(strcspn(at, "\n"), column > 0 ? column - 1 : 0);
}

static gboolean place_by_number(const Query *query, const char *sent, const char *message, StetFault *fault)
{
	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autoptr(GRegex) regex = g_regex_new(places[i].pattern, G_REGEX_CASELESS, 0, NULL);
		g_autoptr(GMatchInfo) match = NULL;
		if (!g_regex_match(regex, message, 0, &match))
			continue;
		g_autofree char *line = g_match_info_fetch(match, 1), *column = g_match_info_fetch(match, 2);
		guint64 number = g_ascii_strtoull(column, NULL, 10) + 1 - places[i].first_column;
		gsize offset = *line != 0 ? offset_of(sent, g_ascii_strtoull(line, NULL, 10), number)
								  : MIN(strlen(sent), number > 0 ? number - 1 : 0);
		en_fault_place(fault, query->sql, wh_unshift(query->shifts, offset));
		return TRUE;
	}
	return FALSE;
}

/* Drivers that drop the server's position still quote the name at fault. A name nobody knows is wrong
 * wherever it stands; a word out of place only where it stands once. */
static void place_by_name(const char *sql, const WhTrouble *trouble, StetFault *fault)
{
	const char *open = strchr(trouble->message, '"'), *close = open != NULL ? strchr(open + 1, '"') : NULL;
	if (close == NULL || close == open + 1)
		return;
	gsize length = (gsize)(close - open - 1), found = G_MAXSIZE, at = 0;
	guint times = 0;
	for (StetSqlToken token = stet_sql_next(sql, &at); token.kind != STET_SQL_END;
		 token = stet_sql_next(sql, &at)) {
		if (token.len != length || g_ascii_strncasecmp(token.ptr, open + 1, length) != 0)
			continue;
		found = MIN(found, token.offset);
		times++;
	}
	if (times == 1 || (times > 1 && strcmp(trouble->state, SYNTAX_ERROR) != 0))
		en_fault_place(fault, sql, found);
}

static void set_fault(const Query *query, const char *sent, const WhTrouble *trouble, StetFault *fault)
{
	stet_fault_clear(fault);
	if (wh_is_cancelled(query->warehouse))
		fault->message = g_strdup("cancelled");
	else if (*trouble->state != 0)
		fault->message =
			g_strdup_printf("the warehouse says: %s (SQLSTATE %s)", trouble->message, trouble->state);
	else
		fault->message =
			g_strdup(trouble->message != NULL ? trouble->message : "the warehouse gave no reason");
	/* class 42: syntax error or access rule violation */
	if (trouble->message != NULL && !place_by_number(query, sent, trouble->message, fault) &&
		g_str_has_prefix(trouble->state, "42"))
		place_by_name(query->sql, trouble, fault);
}

/* ---- queries ------------------------------------------------------------------------------- */

static gboolean wait_before(Warehouse *warehouse, guint attempt)
{
	for (gint64 left = (gint64)FIRST_PAUSE << attempt; left > 0 && !wh_is_cancelled(warehouse);
		 left -= WATCH_EVERY)
		g_usleep((gulong)MIN(left, WATCH_EVERY));
	return !wh_is_cancelled(warehouse);
}

static StetTable *attempt(const Query *query, WhTrouble *trouble)
{
	Warehouse *warehouse = query->warehouse;
	for (guint i = 0;; i++) {
		wh_trouble_clear(trouble);
		WhConnection *connection = wh_take(warehouse, trouble);
		StetTable *table = connection != NULL ? run_on(query, connection, trouble) : NULL;
		if (connection != NULL)
			wh_give(warehouse, connection, table == NULL && wh_is_lost(trouble->state));
		gboolean again =
			table == NULL && wh_is_passing(trouble->state) && i + 1 < warehouse->options.attempts;
		if (!again || !wait_before(warehouse, i))
			return table;
	}
}

static gboolean find_parameters(Query *query, StetFault *fault)
{
	query->bound = g_new0(Bound, query->names->len + 1);
	for (guint i = 0; i < query->names->len; i++) {
		const char *name = query->names->pdata[i];
		const StetCell *cell = en_parameter(query->options, name);
		if (cell != NULL) {
			fill_bound(&query->bound[i], cell);
			continue;
		}
		g_autofree char *written = g_strconcat("$", name, NULL);
		const char *found = strstr(query->sql, written);
		fault->message = g_strdup_printf("the parameter $%s has no value", name);
		en_fault_place(fault, query->sql, found != NULL ? (gsize)(found - query->sql) : 0);
		return FALSE;
	}
	return TRUE;
}

/* Reports select; the server may not honour read-only transactions, so the text is looked at too. */
static gboolean is_select(const char *sql, StetFault *fault)
{
	gsize at = 0;
	StetSqlToken first = stet_sql_next(sql, &at);
	g_autofree char *word = g_ascii_strdown(first.ptr, (gssize)first.len);
	gboolean select = strcmp(word, "select") == 0 || strcmp(word, "with") == 0 ||
					  strcmp(word, "values") == 0 || strcmp(word, "(") == 0;
	if (!select)
		fault->message = g_strdup("only a SELECT is allowed");
	for (StetSqlToken token = first; select && token.kind != STET_SQL_END; token = stet_sql_next(sql, &at)) {
		if (token.kind != STET_SQL_OTHER || *token.ptr != ';')
			continue;
		gsize rest = token.offset + 1;
		if (stet_sql_next(sql, &rest).kind == STET_SQL_END)
			break;
		fault->message = g_strdup("one SELECT is wanted, there are several statements");
		en_fault_place(fault, sql, token.offset);
		return FALSE;
	}
	return select;
}

static StetTable *warehouse_query(StetEngine *base, const char *sql, const StetQueryOptions *options,
								  StetFault *fault)
{
	Warehouse *warehouse = (Warehouse *)base;
	if (!is_select(sql, fault))
		return NULL;
	Query query = {.warehouse = warehouse,
				   .sql = sql,
				   .options = options,
				   .names = g_ptr_array_new_with_free_func(g_free),
				   .shifts = g_array_new(FALSE, FALSE, sizeof(WhShift)),
				   .widths = g_array_new(FALSE, TRUE, sizeof(gsize))};
	g_autofree char *positional = wh_positional(warehouse->dialect, sql, options, query.names, query.shifts);
	query.text = g_utf8_to_utf16(positional, -1, NULL, NULL, NULL);
	WhTrouble trouble = {"", NULL};
	StetTable *table = NULL;
	if (query.text == NULL)
		fault->message = g_strdup("the SQL is not UTF-8");
	else if (find_parameters(&query, fault)) {
		table = attempt(&query, &trouble);
		if (table == NULL)
			set_fault(&query, positional, &trouble, fault);
	}
	for (guint i = 0; query.bound != NULL && i < query.names->len; i++)
		g_free(query.bound[i].wide);
	wh_trouble_clear(&trouble);
	g_ptr_array_unref(query.names);
	g_array_unref(query.shifts);
	g_array_unref(query.widths);
	g_free(query.bound);
	g_free(query.text);
	if (table != NULL && en_too_many_rows(base, table, fault))
		g_clear_pointer(&table, stet_table_free);
	return table;
}

/* ---- opening ------------------------------------------------------------------------------- */

/* Ends what runs once the user wants no more of it. */
static gpointer watch(gpointer data)
{
	Warehouse *warehouse = data;
	g_mutex_lock(&warehouse->lock);
	while (!warehouse->closing) {
		g_cond_wait_until(&warehouse->changed, &warehouse->lock, g_get_monotonic_time() + WATCH_EVERY);
		if (!warehouse->options.stop(warehouse->options.stop_data))
			continue;
		g_atomic_int_set(&warehouse->cancelled, TRUE);
		g_cond_broadcast(&warehouse->changed);
		for (guint i = 0; i < warehouse->busy->len; i++) {
			const WhConnection *connection = warehouse->busy->pdata[i];
			if (connection != NULL && connection->statement != NULL)
				warehouse->lib->Cancel(connection->statement);
		}
	}
	g_mutex_unlock(&warehouse->lock);
	return NULL;
}

static void warehouse_close(StetEngine *base)
{
	Warehouse *warehouse = (Warehouse *)base;
	g_mutex_lock(&warehouse->lock);
	warehouse->closing = TRUE;
	g_cond_broadcast(&warehouse->changed);
	g_mutex_unlock(&warehouse->lock);
	if (warehouse->watcher != NULL)
		g_thread_join(warehouse->watcher);
	while (warehouse->idle->len > 0) {
		WhConnection *connection = g_ptr_array_remove_index(warehouse->idle, warehouse->idle->len - 1);
		g_ptr_array_add(warehouse->busy, connection);
		wh_give(warehouse, connection, TRUE);
	}
	if (warehouse->env != NULL)
		warehouse->lib->FreeHandle(SQL_HANDLE_ENV, warehouse->env);
	g_ptr_array_unref(warehouse->idle);
	g_ptr_array_unref(warehouse->busy);
	g_ptr_array_unref(warehouse->secrets);
	g_mutex_clear(&warehouse->lock);
	g_cond_clear(&warehouse->changed);
	memset(warehouse->connection, 0, strlen(warehouse->connection));
	g_free(warehouse->connection);
	g_free(warehouse);
}

static void take_options(Warehouse *warehouse, const StetWarehouseOptions *options)
{
	StetWarehouseOptions *own = &warehouse->options;
	*own = *options;
	own->timeout = own->timeout != 0 ? own->timeout : TIMEOUT;
	own->connect_timeout = own->connect_timeout != 0 ? own->connect_timeout : CONNECT_TIMEOUT;
	own->connections = own->connections != 0 ? own->connections : CONNECTIONS;
	own->attempts = own->attempts != 0 ? own->attempts : ATTEMPTS;
	warehouse->base.row_cap = own->row_cap != 0 ? own->row_cap : EN_ROW_CAP;
}

/* The first connection tells at once, and once only, that the server is not there. */
static gboolean connect_first(Warehouse *warehouse, GError **error)
{
	WhTrouble trouble = {"", NULL};
	WhConnection *connection = NULL;
	for (guint i = 0; connection == NULL && i < warehouse->options.attempts; i++) {
		wh_trouble_clear(&trouble);
		connection = wh_take(warehouse, &trouble);
		if (connection == NULL && (!wh_is_passing(trouble.state) || i + 1 == warehouse->options.attempts ||
								   !wait_before(warehouse, i)))
			break;
	}
	if (connection != NULL)
		wh_give(warehouse, connection, FALSE);
	else
		g_set_error(error, EN_ERROR, 0, "cannot connect to the warehouse: %s (SQLSTATE %s)",
					trouble.message != NULL ? trouble.message : "no reason given", trouble.state);
	wh_trouble_clear(&trouble);
	return connection != NULL;
}

StetEngine *stet_warehouse_open(const char *connection, const StetWarehouseOptions *options, GError **error)
{
	static const EnBackend backend = {"warehouse", warehouse_close, NULL, NULL, NULL, NULL, warehouse_query};
	const WhLibrary *lib = wh_library(error);
	if (lib == NULL)
		return NULL;
	Warehouse *warehouse = g_new0(Warehouse, 1);
	g_autoptr(StetEngine) base = &warehouse->base;
	base->backend = &backend;
	take_options(warehouse, options);
	warehouse->lib = lib;
	warehouse->connection = g_strdup(connection);
	warehouse->secrets = wh_secrets(connection);
	warehouse->idle = g_ptr_array_new();
	warehouse->busy = g_ptr_array_new();
	g_mutex_init(&warehouse->lock);
	g_cond_init(&warehouse->changed);
	if (!SQL_SUCCEEDED(lib->AllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &warehouse->env)) ||
		!SQL_SUCCEEDED(lib->SetEnvAttr(warehouse->env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0))) {
		g_set_error(error, EN_ERROR, 0, "unixODBC cannot be initialised");
		return NULL;
	}
	if (options->stop != NULL)
		warehouse->watcher = g_thread_new("stet-watch", watch, warehouse);
	return connect_first(warehouse, error) ? g_steal_pointer(&base) : NULL;
}
