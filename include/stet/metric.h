/* metric: metric files, their graph and results; figures with provenance; claims; the ledger.
 *
 * In:     DIR/data/metrics/NAME.sql, claims.csv, a sealed engine. Out: StetMetrics, const once run.
 * Owns:   StetMetrics owns every metric, result and origin; an origin lives as long as they do.
 * Threads: loading is single-threaded; running uses up to `jobs` threads; results may be read from
 *         any thread, and stet_ledger_add called from any.
 *
 *     StetMetrics *m = stet_metrics_load(project, diags);
 *     stet_metrics_run(m, engine, jobs, diags);
 *     const StetMetric *rate = stet_metrics_get(m, "consolidation_rate");
 */
#ifndef STET_METRIC_H
#define STET_METRIC_H

#include "stet/engine.h"

typedef enum { STET_GOOD_NEUTRAL, STET_GOOD_UP, STET_GOOD_DOWN } StetGood;

/* A measure: a result column that holds values, the metric's main one or another. */
typedef struct {
	const char *name, *title, *unit;
	int display;              /* decimals shown; -1: the unit's habit */
	guint column;             /* in the result */
} StetMeasure;

typedef struct StetMetric {
	const char *name, *file;  /* file relative to the report's folder */
	const char *title, *description, *unit;
	const char *period;       /* column name, or NULL */
	guint n_dimensions;
	const char **dimensions;
	guint n_measures;
	StetMeasure *measures;    /* [0] is the main one */
	StetGood good;
	int decimals;             /* rounding on arrival; -1: 12 significant digits */
	const char *sql;          /* without the header comment */
	guint sql_line;           /* line of the file where `sql` begins */
	const StetNode *header;
	char **metric_inputs;     /* metrics it selects from, sorted */
	char **dataset_inputs;    /* datasets it selects from itself, sorted */
	char **all_datasets;      /* datasets it rests on, through other metrics too, sorted */
	char **parameters;        /* names of the $parameters its SQL uses, sorted */
	StetTable *table;         /* ordered by period, then dimensions; NULL if it failed */
	int period_column;        /* in the table, -1 if none */
	guint *dimension_columns;
	gboolean synthetic;       /* rests on a dataset marked synthetic */
} StetMetric;

typedef struct StetMetrics StetMetrics;

/* Reads and checks every metric file's header. Faults go to `diags`. */
StetMetrics *stet_metrics_load(const StetProject *project, StetDiagnostics *diags);
void stet_metrics_free(StetMetrics *metrics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetMetrics, stet_metrics_free)

/* Builds the graph, runs the metrics in its order (those that do not depend on each other side by
 * side) and checks each result against its header. Faults go to `diags`, at the line and column of
 * the .sql file. */
void stet_metrics_run(StetMetrics *metrics, StetEngine *engine, guint jobs, StetDiagnostics *diags);

/* Sorted by name. */
guint stet_metrics_count(const StetMetrics *metrics);
const StetMetric *stet_metrics_at(const StetMetrics *metrics, guint index);
const StetMetric *stet_metrics_get(const StetMetrics *metrics, const char *name);
/* NULL-terminated names, for stet_nearest; borrowed. */
const char *const *stet_metrics_names(const StetMetrics *metrics);

/* ---- figures ------------------------------------------------------------------------------- */

/* Where a value comes from: one cell of a metric's result, a claim, or a derivation of others. */
typedef struct StetOrigin StetOrigin;
struct StetOrigin {
	const StetMetric *metric; /* NULL: not a cell of a metric */
	gsize row;
	guint measure;            /* index into metric->measures */
	const char *claim;        /* id of a claim, or NULL */
	const char *form;         /* how it was derived: "growth", "sum"...; NULL: taken as it is */
	guint n_inputs;
	const StetOrigin *const *inputs;
};

/* Origins are made in an arena given by the caller (one a page), freed with it. */
typedef struct StetArena StetArena;
StetArena *stet_arena_new(void);
void stet_arena_free(StetArena *arena);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetArena, stet_arena_free)
gpointer stet_arena_alloc(StetArena *arena, gsize size);   /* zeroed, 16-byte aligned */
char *stet_arena_text(StetArena *arena, const char *text, gssize length);

/* The fragment that names a row on its metric's page: "2025q4-azure" (g_free). */
char *stet_metric_row_id(const StetMetric *metric, gsize row);

/* ---- derived forms ------------------------------------------------------------------------- */

/* Forms any metric with a period offers: change, growth, yoy, cagr, index, cumulative, moving_average,
 * share, rank, contribution. A form's value at one row from that row's series (same dimensions) or
 * its peers (same period). */
typedef struct {
	double value;             /* NaN if it cannot be had */
	const char *unit;         /* "percentage points" for a change of percents, ... */
	const char *why_not;      /* reason when NaN: "no earlier period", "base is zero" */
	gsize base_row;           /* the row it was compared with; G_MAXSIZE if none */
} StetDerived;

/* NULL-terminated names of the forms. */
const char *const *stet_forms(void);
/* `n` is the form's number (window of a moving average, periods back of a change), 0 for its habit. */
StetDerived stet_metric_derive(const StetMetric *metric, guint measure, gsize row, const char *form, guint n);
/* The row with row's dimensions and `steps` periods earlier, or G_MAXSIZE. */
gsize stet_metric_row_before(const StetMetric *metric, gsize row, guint steps);
/* Periods in a year by the period's format: quarters 4, months 12, years 1; 0 if unknown. */
guint stet_metric_year_length(const StetMetric *metric);

/* ---- claims -------------------------------------------------------------------------------- */

typedef enum { STET_VERDICT_AGREES, STET_VERDICT_DIFFERS, STET_VERDICT_UNCHECKED } StetVerdict;
typedef enum { STET_CLAIM_EQUAL, STET_CLAIM_AT_LEAST, STET_CLAIM_BETWEEN } StetClaimOperator;

typedef struct {
	const char *id, *statement, *unit, *period, *source, *note;
	StetClaimOperator op;
	double value, upper;
	const char *tolerance;    /* as written */
	const StetMetric *metric; /* NULL: the panel cannot check it */
	guint measure;
	gsize row;                /* of metric->table; G_MAXSIZE if unchecked */
	double actual;
	StetVerdict verdict;
	const char *reason;       /* why it cannot be checked or differs */
	StetPlace place;
} StetClaim;

/* Reads the dataset `claims` where the report has one. A claim that differs is a warning here. */
void stet_claims_check(StetMetrics *metrics, const StetDataset *claims, StetDiagnostics *diags);
guint stet_claims_count(const StetMetrics *metrics);
const StetClaim *stet_claims_at(const StetMetrics *metrics, guint index);
const StetClaim *stet_claims_get(const StetMetrics *metrics, const char *id);

#endif
