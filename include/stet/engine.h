/* engine: columns and SQL in, result tables out.
 *
 * In:     StetDatasets and SQL text. Out: StetTable, const once made.
 * Owns:   an engine owns its connection; a table owns its cells and texts and outlives the engine.
 * Threads: one engine may be used by several threads at once, each query on its own connection.
 *
 * The embedded engine is DuckDB, loaded when first opened. It scans dataset columns in place through
 * a table function. After stet_engine_seal no SQL can reach files, the network or the settings. The
 * warehouse engine is any ODBC data source; see stet_warehouse_open.
 *
 *     StetEngine *engine = stet_engine_open(&options, &error);
 *     stet_engine_add(engine, dataset, &error);
 *     stet_engine_seal(engine, &error);
 *     StetTable *t = stet_engine_query(engine, "select count(*) as n from deployments", NULL, &fault);
 */
#ifndef STET_ENGINE_H
#define STET_ENGINE_H

#include "stet/dataset.h"

/* ---- result tables ------------------------------------------------------------------------- */

typedef enum { STET_NULL, STET_BOOL, STET_INT, STET_NUMBER, STET_TEXT, STET_DATE, STET_TIMESTAMP } StetKind;

/* One value. DECIMAL, HUGEINT and DOUBLE results arrive as STET_NUMBER rounded to the query's
 * decimals (default 12 significant digits), so both engines give the same bytes. */
typedef struct {
	StetKind kind;
	union {
		gboolean b;
		gint64 i;         /* STET_INT; STET_DATE days, STET_TIMESTAMP microseconds since 1970 UTC */
		double n;
		const char *s;    /* owned by the table */
	} v;
} StetCell;

typedef struct {
	char *name;
	StetKind kind;        /* of all its non-null cells */
} StetTableColumn;

typedef struct StetTable {
	guint n_columns;
	StetTableColumn *columns;
	gsize n_rows;
	StetCell *cells;      /* row-major: cells[row * n_columns + column] */
	GStringChunk *texts;
} StetTable;

StetTable *stet_table_new(guint n_columns);
void stet_table_free(StetTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetTable, stet_table_free)

/* Index of the column, or -1. */
int stet_table_column(const StetTable *table, const char *name);
const StetCell *stet_table_cell(const StetTable *table, gsize row, guint column);
/* Appends an all-null row and returns its cells, valid until the next append. */
StetCell *stet_table_append(StetTable *table);
/* A text cell whose text the table keeps. */
StetCell stet_table_text(StetTable *table, const char *text);
/* From now on `table`, which must have none yet, keeps the texts of `from`: cells may be copied as they are. */
void stet_table_take_texts(StetTable *table, StetTable *from);

/* Value as a number; NaN for null, text, dates. */
double stet_cell_number(const StetCell *cell);
/* Canonical text (g_free): "" for null, dates ISO 8601, numbers by stet_number_text. */
char *stet_cell_text(const StetCell *cell);
/* Total order: nulls first, numbers by value, text bytewise. */
int stet_cell_compare(const StetCell *a, const StetCell *b);

/* RFC 4180 CSV with a header, LF line ends; JSON array of objects. Appended to `out`. With `guard`,
 * CSV text cells a spreadsheet would take for a formula are prefixed with an apostrophe. */
void stet_table_write_csv(const StetTable *table, gboolean guard, GString *out);
void stet_table_write_json(const StetTable *table, GString *out);

/* ---- engines ------------------------------------------------------------------------------- */

typedef struct {
	guint threads;
	guint64 memory_limit; /* bytes; 0: half of the machine's */
	const char *spill_dir; /* for what does not fit, inside .stet/ */
	gsize row_cap;        /* most rows a result may have; 0: 1,000,000 */
	guint timeout;        /* most seconds a query may take; 0: no end */
	/* Asked every 50 ms while a query runs, from a thread of the engine's: TRUE interrupts it. May be NULL. */
	gboolean (*stop)(gpointer data);
	gpointer stop_data;
} StetEngineOptions;

typedef struct StetEngine StetEngine;

/* What went wrong in one query, with its place inside the SQL text. */
typedef struct {
	char *message;
	char *mend;           /* what to do; NULL if that is not known */
	guint line, column;   /* 1-based in the SQL text; 0 if the engine did not say */
} StetFault;
void stet_fault_clear(StetFault *fault);

/* One parameter of a query, `$name` in its SQL. */
typedef struct {
	const char *name;
	StetCell value;
} StetParameter;

typedef struct {
	int decimals;         /* round numbers to this many places; -1: 12 significant digits */
	guint n_parameters;
	const StetParameter *parameters;
} StetQueryOptions;

StetEngine *stet_engine_open(const StetEngineOptions *options, GError **error);
void stet_engine_close(StetEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetEngine, stet_engine_close)

/* Makes a dataset queryable under its resource's name. The dataset must outlive the engine. */
gboolean stet_engine_add(StetEngine *engine, const StetDataset *dataset, GError **error);
/* Makes a result queryable under `name` (copied). */
gboolean stet_engine_add_table(StetEngine *engine, const char *name, const StetTable *table, GError **error);
/* Unpacks the Parquet file `path` into a CSV file of its own in `folder`: a StetLoadOptions.convert. */
gboolean stet_engine_unpack(const char *path, char **csv, char **fields, gpointer folder, GError **error);
/* Closes files, network and settings for good. */
gboolean stet_engine_seal(StetEngine *engine, GError **error);

/* Tables that `sql` reads, sorted, by the engine's own parser (NULL-terminated, g_strfreev). NULL
 * and `fault` where it is no single SELECT. */
char **stet_engine_tables(StetEngine *engine, const char *sql, StetFault *fault);
/* Runs one SELECT. NULL and `fault` on failure. `options` may be NULL. */
StetTable *stet_engine_query(StetEngine *engine, const char *sql, const StetQueryOptions *options,
                             StetFault *fault);

/* ---- SQL's lexis --------------------------------------------------------------------------- */

typedef enum {
	STET_SQL_END, STET_SQL_WORD, STET_SQL_QUOTED_WORD, STET_SQL_STRING, STET_SQL_NUMBER, STET_SQL_PARAMETER,
	STET_SQL_OTHER
} StetSqlKind;

typedef struct {
	StetSqlKind kind;
	const char *ptr;      /* a parameter's begins after the '$', a quoted word's after its quote */
	gsize len;
	gsize offset;         /* of the token's first byte */
} StetSqlToken;

/* The token at or after `*offset`; moves `*offset` behind it. Comments and spaces are skipped. */
StetSqlToken stet_sql_next(const char *sql, gsize *offset);

/* ---- the warehouse ------------------------------------------------------------------------- */

/* Any ODBC data source. The SQL runs there, in read-only transactions; results come back in blocks of
 * rows. unixODBC is loaded when first opened. */
typedef struct {
	guint timeout;        /* seconds a statement may take; 0: 300 */
	guint connect_timeout; /* seconds; 0: 15 */
	guint connections;    /* most at a time; 0: 4 */
	guint attempts;       /* at a statement that fails for a passing reason (SQLSTATE 08*, 40001...); 0: 3 */
	gsize row_cap;        /* as of StetEngineOptions */
	gboolean writable;    /* to load tables; metrics need none of it */
	gboolean (*stop)(gpointer data); /* as of StetEngineOptions */
	gpointer stop_data;
} StetWarehouseOptions;

/* `connection` is an ODBC connection string: "Driver=PostgreSQL Unicode;Server=...;Database=...". Its
 * secrets (Pwd, Token...) stand in no message. stet_engine_query takes `$name` parameters as of the
 * embedded engine; datasets and results cannot be added: the tables are the server's own. */
StetEngine *stet_warehouse_open(const char *connection, const StetWarehouseOptions *options, GError **error);
/* TRUE if a connection string holds a secret. */
gboolean stet_warehouse_has_secret(const char *connection);
/* Appends a SELECT that yields `table`'s rows in the server's SQL, so that SQL there can select from a
 * result made here. FALSE where the server has no way to write it or it would be over 4 MiB. */
gboolean stet_warehouse_values(StetEngine *warehouse, const StetTable *table, GString *out);

typedef struct {
	gboolean replace;     /* delete the rows that are there; else they are an error */
	void (*progress)(gsize rows, gpointer data);
	gpointer progress_data;
} StetWarehouseLoad;
/* Writes a dataset into the table of its name, in one transaction. The table is made where it is not
 * there; one that is there (partitioned, over other servers...) is filled as it is. */
gboolean stet_warehouse_load(StetEngine *warehouse, const StetDataset *dataset, const StetWarehouseLoad *load,
                             GError **error);

/* ---- checks -------------------------------------------------------------------------------- */

/* One entry of a resource's `stet:checks`: {name, title, sql} with a query whose rows are the failures, or
 * {check: NAME, ...} for a ready one: row-count (minimum, maximum, change against the last edition as a
 * ratio), freshness (field, since), references (fields, resource, reference_fields, every), shares (value,
 * by, total, tolerance), periods (period, by, step), outliers (value, by, limit; by median absolute
 * deviation). `severity: warning` lets a report be built all the same. */
typedef struct {
	const char *dataset, *name, *title; /* borrowed from the project */
	StetSeverity severity;
	StetPlace place;      /* in datapackage.json */
	char *sql;
	StetHash key;         /* of all it rests on */
	gboolean done;        /* ran, or is known to have passed */
	gsize failures;       /* rows */
} StetCheck;

typedef struct {
	guint n;
	const StetDataset *const *datasets; /* may hold NULLs */
	/* Rows a dataset had in the last edition, -1 if that is not known. May be NULL. */
	gint64 (*rows_before)(const char *dataset, gpointer data);
	gpointer data;
} StetCheckContext;

/* What a ready check is called in words; its name where there is none such. */
const char *stet_check_title(const char *name);
/* Every check of the datasets (StetCheck *; g_ptr_array_unref). Faults of their descriptions go to `diags`. */
GPtrArray *stet_checks_read(const StetCheckContext *context, StetDiagnostics *diags);
/* Marks those that passed an earlier build and rest on nothing that changed; returns how many are left. */
guint stet_checks_restore(const GPtrArray *checks, const char *state_dir);
/* Runs what is left; each failing row is a diagnostic. */
void stet_checks_run(const GPtrArray *checks, StetEngine *engine, StetDiagnostics *diags);
/* Notes those that passed, for stet_checks_restore. */
void stet_checks_keep(const GPtrArray *checks, const char *state_dir);

#endif
