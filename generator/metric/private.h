/* What the sources of the metric stage share. */
#ifndef STET_METRIC_PRIVATE_H
#define STET_METRIC_PRIVATE_H

#include "stet/metric.h"

#define METRIC_FILE_MAX (1u << 20) /* bytes of one .sql file */
#define METRIC_COUNT_MAX 4096u
#define SCENARIO_MAX 32u

/* ---- sql.c: names and their places ------------------------------------------------------------ */

/* Offset of the first use of `name` as a table (after from, join or a comma), else as any word;
 * G_MAXSIZE if it does not occur. */
gsize sql_find_name(const char *sql, const char *name);
/* Names of the $parameters, sorted, each once (g_strfreev). */
char **sql_parameters(const char *sql);
gsize sql_find_parameter(const char *sql, const char *name);

/* For arrays of char *. */
int compare_text_pointers(gconstpointer a, gconstpointer b);

/* ---- pack.c: the market pack ------------------------------------------------------------------ */

/* A call [begin, end) of the written SQL that became [from, to) of the one that runs. */
typedef struct {
	gsize begin, end, from, to;
} PackShift;

/* The SQL with its calls written out (g_free); NULL, a fault and its offset in `*wrong` otherwise. */
char *pack_expand(const char *sql, GArray *shifts, gsize *wrong, StetFault *fault);
/* The offset in the written SQL of a fault in the other: inside a call, that of the name the message quotes. */
gsize pack_fault(const GArray *shifts, const char *written, gsize offset, const char *message);
/* The offset in the written SQL of one in the other. */
gsize pack_unshift(const GArray *shifts, gsize offset);

/* ---- the parts of StetMetrics --------------------------------------------------------------- */

/* One .sql file. */
typedef struct {
	char *name, *file, *text;
	StetDocument *document;
	StetHash hash; /* of the whole file */
	StetHash sql_hash;
	char *written; /* the SQL as it stands in the file */
	char *sql;     /* as it runs: with the market pack written out */
	GArray *shifts; /* PackShift */
	guint sql_column; /* of the SQL's first byte in its line */
	char **tables;    /* as the engine's parser named them; NULL until known */
	gboolean broken;  /* its header or graph is at fault: not run */
} MetricFile;

typedef enum { RUN_PENDING, RUN_DONE, RUN_FAILED } RunState;

/* One metric under one scenario. */
typedef struct MetricRun MetricRun;
struct MetricRun {
	StetMetric metric; /* first: what the public sees */
	MetricFile *file;
	guint scenario;
	RunState state;
	gboolean offered;  /* its table has been given to the engine */
	StetHash key;      /* empty where it cannot be kept */
	StetHash content;  /* of the result; set once done */
	GPtrArray *inputs; /* MetricRun *: the runs it selects from */
	char *table_name;  /* in the engine: name, or name@scenario */
};

typedef struct {
	StetScenario public;
	const StetNode *params; /* NULL for the base */
} Scenario;

struct StetMetrics {
	const StetProject *project;
	GPtrArray *files;    /* MetricFile *, sorted by name */
	GPtrArray *base;     /* MetricRun *, parallel to files */
	GPtrArray *variants; /* MetricRun *: of the scenarios, by scenario, then name */
	GPtrArray *order;    /* MetricRun *, borrowed: all of them, inputs before what uses them */
	GArray *scenarios;   /* Scenario; [0] is the base */
	char **names;
	const char **tables_known; /* metric and dataset names, for stet_nearest */
	GHashTable *contents;      /* dataset name -> StetHash * */
	GHashTable *row_counts;    /* dataset name -> gsize * */
	char *keep_dir;
	gboolean tables_changed;
	gboolean graph_built;
	gsize row_cap; /* 0: none beside the engine's */
	GMutex lock; /* while running: states, what the engine has been offered */
	GCond done;
	StetEngine *warehouse; /* borrowed; NULL: none */
	StetHash warehouse_version; /* empty: not known */
	GPtrArray *claims; /* Claim *, of claims.c */
	char today[16];    /* ISO; "": claims that differ are warnings */
	GArray *restated;  /* Restated, of errata.c; NULL before the guard ran */
};

/* Reports at byte `offset` of the metric's SQL. */
StetPlace metric_sql_place(const MetricFile *file, const StetMetric *metric, gsize offset);
/* The place of `key` in the metric's header, or its first line. */
StetPlace metric_key_place(const StetMetric *metric, const char *key);
MetricRun *metric_base(const StetMetrics *metrics, const char *name);

/* ---- header.c ------------------------------------------------------------------------------- */

/* Takes the file's header apart into `run->metric`; FALSE and diagnostics where it is at fault. */
gboolean metric_header_read(StetMetrics *metrics, MetricRun *run, StetDiagnostics *diags);
void metric_header_clear(StetMetric *metric);

/* ---- local.c: queries that stand in pages ---------------------------------------------------- */

/* Reads the optional header of a page's query; what it leaves out is inferred from the result. */
gboolean local_header_read(MetricRun *run, StetDiagnostics *diags);
/* Period, dimensions and measures of a result whose header names none. FALSE and a diagnostic where it
 * has no numbers. */
gboolean local_shape(MetricRun *run, StetDiagnostics *diags);

/* ---- scenario.c ----------------------------------------------------------------------------- */

void scenarios_read(StetMetrics *metrics, StetDiagnostics *diags);
/* Checks that every $parameter has a value. */
gboolean parameters_check(StetMetrics *metrics, MetricRun *run, StetDiagnostics *diags);
/* The parameters of one run, in the order of metric.parameters (g_free). */
StetParameter *parameters_of(const StetMetrics *metrics, const MetricRun *run);

/* ---- graph.c -------------------------------------------------------------------------------- */

/* Asks the engine (or, where NULL, what is kept) for the tables of every SQL, resolves them, orders
 * the runs and makes those of the scenarios. Without an engine nothing is reported and FALSE means
 * "not known yet". */
gboolean graph_build(StetMetrics *metrics, StetEngine *engine, StetDiagnostics *diags);

/* ---- run.c ---------------------------------------------------------------------------------- */

void metric_run_free(MetricRun *run);
/* Reports what the engine said of the run's SQL, at its place in the file. `lines_before` were put in
 * front of the SQL. */
void report_fault(const MetricRun *run, const StetFault *fault, guint lines_before, StetDiagnostics *diags);

/* ---- warehouse.c ---------------------------------------------------------------------------- */

/* The words that stand where SQL has its tables, sorted (g_strfreev). */
char **warehouse_tables(const char *sql);
/* Runs a metric on the warehouse; its inputs are done. */
StetTable *warehouse_compute(const StetMetrics *metrics, const MetricRun *run, StetDiagnostics *diags);

/* ---- result.c ------------------------------------------------------------------------------- */

/* Finds the header's columns in the run's table, orders its rows, checks its keys and indexes it. The
 * table is the run's already. FALSE and diagnostics where it does not fit. */
gboolean result_accept(MetricRun *run, StetDiagnostics *diags);

/* ---- json.c: reading what ledger.c wrote ---------------------------------------------------- */

typedef struct {
	const char *at, *end;
	gboolean bad; /* once set, everything fails */
} Json;

/* Enters an object or list: `open` is its bracket. */
gboolean json_enter(Json *json, char open);
/* TRUE if another entry follows; FALSE and past the bracket `close` if not. `*first` starts TRUE. */
gboolean json_more(Json *json, char close, gboolean *first);
/* A string, or an object's key with its colon, into `text`. */
gboolean json_string(Json *json, GString *text);
gboolean json_key(Json *json, GString *text);
/* A string, number, boolean or null as a cell of `table`. */
StetCell json_cell(Json *json, StetTable *table, GString *scratch);
void json_skip(Json *json);

/* ---- edition.c ------------------------------------------------------------------------------ */

/* StetMetric *, sorted by name. */
const GPtrArray *edition_metrics(const StetEdition *edition);

/* ---- ledger.c ------------------------------------------------------------------------------- */

/* A number as JSON: null where it is NaN. */
void json_put_number(GString *out, double value);

/* ---- errata.c ------------------------------------------------------------------------------- */

void restated_free(StetMetrics *metrics);

/* ---- claims.c ------------------------------------------------------------------------------- */

void claims_free(StetMetrics *metrics);

/* ---- concentration.c ------------------------------------------------------------------------ */

/* The formula of a form of concentration, or NULL. */
const char *concentration_formula(const char *form);

/* ---- rows.c --------------------------------------------------------------------------------- */

typedef struct StetRowIndex StetRowIndex;
/* Indexes the ordered table of a metric. */
void rows_index(StetMetric *metric);
void rows_free(StetRowIndex *rows);
/* Rows of one period: [first, end) of the ordered table. */
void rows_peers(const StetMetric *metric, gsize row, gsize *first, gsize *end);
/* Number of periods between two rows; 0 where unknown. */
guint rows_periods_between(const StetMetric *metric, gsize earlier, gsize later);
/* TRUE if the table has the period `steps` before that of `row`; its peers in [*first, *end). */
gboolean rows_period_before(const StetMetric *metric, gsize row, guint steps, gsize *first, gsize *end);
/* Value of a measure; NaN where it is missing. */
double rows_value(const StetMetric *metric, guint measure, gsize row);
/* The key of a row as a reader would write it: "2025Q4, Azure" (g_free). */
char *rows_key_text(const StetMetric *metric, gsize row);

/* ---- store.c -------------------------------------------------------------------------------- */

void tables_restore(StetMetrics *metrics);
void tables_keep(StetMetrics *metrics);
gboolean hash_is_set(const StetHash *hash);
/* Sets run->key; FALSE where the result cannot be kept. */
gboolean run_key(const StetMetrics *metrics, MetricRun *run);
StetTable *result_restore(const StetMetrics *metrics, const MetricRun *run, StetHash *content);
void result_keep(const StetMetrics *metrics, MetricRun *run);

#endif
