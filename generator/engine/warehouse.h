/* Inside the warehouse engine: unixODBC, loaded when first needed, a pool of connections, and what the
 * servers' SQL differs in. */
#ifndef STET_ENGINE_WAREHOUSE_H
#define STET_ENGINE_WAREHOUSE_H

#include "engine/private.h"

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

/* Every function of unixODBC that stet calls. Texts go as UTF-16 (the W functions): drivers agree on what
 * that is, while "ANSI" means the locale of the process. */
/* clang-format off */
#define WH_FUNCTIONS(X) \
	X(AllocHandle) X(FreeHandle) X(SetEnvAttr) X(DriverConnectW) X(Disconnect) X(SetConnectAttr) \
	X(SetStmtAttr) X(GetInfoW) X(ExecDirectW) X(PrepareW) X(Execute) X(NumResultCols) X(DescribeColW) \
	X(ColAttributeW) X(BindCol) X(BindParameter) X(Fetch) X(FreeStmt) X(GetDiagRecW) X(EndTran) X(Cancel)
/* clang-format on */

#define WH_MEMBER(name) __typeof__(SQL##name) *name;
typedef struct {
	WH_FUNCTIONS(WH_MEMBER)
} WhLibrary;
#undef WH_MEMBER

/* unixODBC, loaded on the first call; NULL and `error` if it cannot be. */
const WhLibrary *wh_library(GError **error);

/* ---- servers ------------------------------------------------------------------------------- */

/* What the servers' SQL differs in, by the name they give themselves (SQL_DBMS_NAME). */
typedef struct {
	const char *name;           /* a prefix of the server's; NULL: any other */
	const char *const *session; /* statements for each new connection */
	const char *read_only;      /* one that makes its transactions read-only; NULL: none is known */
	gboolean values;            /* `from (values ...) as t(...)` */
	gboolean backslash;         /* is an escape inside a string literal */
	gboolean upper;             /* names without quotes are folded to upper case */
	gboolean analyze;           /* has a statement ANALYZE */
	const char *text, *real;    /* types of text and double columns */
	char quote;                 /* around names */
} WhDialect;

const WhDialect *wh_dialect(const char *server, const char *version);
/* The type a column of a dataset has on the server (g_free). */
char *wh_column_type(const WhDialect *dialect, const StetColumn *column);
/* Behind a parameter: the same place in the SQL as sent and as given, bytes. */
typedef struct {
	gsize ours, given;
} WhShift;
/* The SQL with '?' for its `$name` parameters (g_free); their names, in order, go to `names` (of char *,
 * owned), where the text has shifted to `shifts` (of WhShift). */
char *wh_positional(const WhDialect *dialect, const char *sql, const StetQueryOptions *options,
					GPtrArray *names, GArray *shifts);
/* The place in the SQL as given of one in the SQL as sent. */
gsize wh_unshift(const GArray *shifts, gsize offset);
/* A name as SQL there that leaves it unquoted would mean it (g_free). */
char *wh_name(const WhDialect *dialect, const char *name);
/* Values of the secret keywords of a connection string (char *; g_ptr_array_unref). */
GPtrArray *wh_secrets(const char *connection);

/* ---- connections --------------------------------------------------------------------------- */

typedef struct {
	char state[6]; /* SQLSTATE (ISO 9075-2, 24.1); "" if there is none */
	char *message; /* the server's own, without secrets */
} WhTrouble;
void wh_trouble_clear(WhTrouble *trouble);

typedef struct {
	SQLHDBC dbc;
	SQLHSTMT statement; /* that runs now, or NULL; under the warehouse's lock */
} WhConnection;

typedef struct {
	StetEngine base;
	const WhLibrary *lib;
	SQLHENV env;
	char *connection; /* the connection string: never shown, never written */
	GPtrArray *secrets;
	StetWarehouseOptions options;
	const WhDialect *dialect;
	GMutex lock;
	GCond changed;
	GPtrArray *idle, *busy; /* WhConnection * */
	GThread *watcher;
	gboolean closing;
	gint cancelled; /* atomic: the user wants no more of it */
} Warehouse;

static inline gboolean wh_is_cancelled(const Warehouse *warehouse)
{
	return g_atomic_int_get(&warehouse->cancelled);
}

/* A connection of one's own until it is given back; NULL and `trouble` if there is none to be had. */
WhConnection *wh_take(Warehouse *warehouse, WhTrouble *trouble);
/* `broken` ones are closed. */
void wh_give(Warehouse *warehouse, WhConnection *connection, gboolean broken);
/* A new statement on the connection, which Ctrl-C cancels; ended with wh_end. NULL and `trouble`. */
SQLHSTMT wh_begin(Warehouse *warehouse, WhConnection *connection, WhTrouble *trouble);
void wh_end(Warehouse *warehouse, WhConnection *connection);
/* What the driver said of the handle's last call. */
void wh_trouble_read(const Warehouse *warehouse, SQLSMALLINT type, SQLHANDLE handle, WhTrouble *trouble);
/* Runs a statement without result. */
gboolean wh_run(Warehouse *warehouse, WhConnection *connection, const char *sql, WhTrouble *trouble);
/* A passing state is worth another attempt; a lost one also needs another connection. */
gboolean wh_is_passing(const char *state);
gboolean wh_is_lost(const char *state);

/* ---- results ------------------------------------------------------------------------------- */

/* The rows of an executed statement as a table. `*wider` is set where a text did not fit its buffer: then
 * the statement is to be run again with `widths` (chars a column, grown here; NULL entries at first). */
StetTable *wh_result_table(Warehouse *warehouse, SQLHSTMT statement, int decimals, GArray *widths,
						   gboolean *wider, WhTrouble *trouble);

#endif
