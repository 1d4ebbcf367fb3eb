/* metric: metric files, their graph and results; figures with provenance; claims; the ledger.
 *
 * In:     DIR/data/metrics/NAME.sql, claims.csv, a sealed engine. Out: StetMetrics, const once run.
 * Owns:   StetMetrics owns every metric, result and claim; an origin lives as long as its arena.
 *         StetMetrics borrows the project, which must outlive it.
 * Threads: loading is single-threaded; running uses up to `jobs` threads; results may be read from
 *         any thread, and stet_ledger_add called from any.
 *
 *     StetMetrics *m = stet_metrics_load(project, diags);
 *     stet_metrics_keep_in(m, ".stet");
 *     if (stet_metrics_restore(m, jobs, diags) > 0)     // something changed: the engine is needed
 *         stet_metrics_run(m, engine, jobs, diags);
 *     const StetMetric *rate = stet_metrics_get(m, "consolidation_rate");
 */
#ifndef STET_METRIC_H
#define STET_METRIC_H

#include "stet/engine.h"

typedef enum { STET_GOOD_NEUTRAL, STET_GOOD_UP, STET_GOOD_DOWN } StetGood;

/* A measure: a result column that holds values, the metric's main one or another. */
typedef struct {
	const char *name, *title, *unit; /* unit may be NULL */
	int display;              /* decimals shown; -1: the unit's habit */
	StetGood good;            /* which way is good news */
	guint column;             /* in the result */
} StetMeasure;

typedef struct StetMetric {
	const char *name, *file;  /* file relative to the report's folder */
	const char *title, *description, *unit;
	const char *formula, *notes; /* or NULL */
	const char *period;       /* column name, or NULL */
	guint n_dimensions;
	const char **dimensions;
	guint n_measures;
	StetMeasure *measures;    /* [0] is the main one */
	StetGood good;
	int decimals;             /* rounding on arrival; -1: 12 significant digits */
	const char *tolerance;    /* of a restatement: "absolute:0.1", "relative:1%"; NULL: none */
	gboolean warehouse;       /* the engine it runs on: the header's, else site.yaml's */
	const char *sql;          /* as written, without the header comment */
	const char *full_sql;     /* as it runs: the market pack's functions written out */
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
	gint64 took;              /* us its query took in this run; 0: a kept result */
	gboolean local;           /* a page's own query: `file` is the page's */
	const char *scenario;     /* name of the scenario whose parameters it was run with; NULL: none */
	struct StetRowIndex *rows; /* private; NULL until there is a result */
} StetMetric;

typedef struct StetMetrics StetMetrics;

/* Reads and checks every metric file's header. Faults go to `diags`. */
StetMetrics *stet_metrics_load(const StetProject *project, StetDiagnostics *diags);
void stet_metrics_free(StetMetrics *metrics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetMetrics, stet_metrics_free)

/* A query that stands in a page: a metric with a name of its own that needs no header. */
typedef struct {
	const char *name, *file, *title;
	guint line;               /* of `file`, where `sql` begins */
	StetText sql;             /* with its header comment, if it has one */
} StetLocalQuery;

/* Adds it to the metrics that stet_metrics_restore and _run see; call before them. Texts are copied. Without
 * a header the columns of numbers are measures (the first is the main one), a column named period, date,
 * day, month, quarter or year the period, all others dimensions. FALSE after a diagnostic. */
gboolean stet_metrics_add(StetMetrics *metrics, const StetLocalQuery *query, StetDiagnostics *diags);

/* ---- running ------------------------------------------------------------------------------- */

/* Builds the graph, runs the metrics in its order (those that do not depend on each other side by
 * side) and checks each result against its header. Faults go to `diags`, at the line and column of
 * the .sql file. What stet_metrics_restore brought back is not run again. */
void stet_metrics_run(StetMetrics *metrics, StetEngine *engine, guint jobs, StetDiagnostics *diags);

/* Most rows a result may have, brought back or new; 0: the engine's limit alone. Call before restore or run. */
void stet_metrics_limit_rows(StetMetrics *metrics, gsize rows);

/* The engine of metrics with `warehouse` set (borrowed; NULL: there is none, they fail). Call before run. */
void stet_metrics_use_warehouse(StetMetrics *metrics, StetEngine *warehouse);
/* TRUE if any metric runs on the warehouse. */
gboolean stet_metrics_on_warehouse(const StetMetrics *metrics);
/* What the warehouse holds, as a hash; call before restore. Without it every result from there is new each
 * time, because nobody can know that the data are still the same. */
void stet_metrics_set_warehouse_version(StetMetrics *metrics, StetHash version);
/* Makes the result of metric `name` queryable in the embedded engine; one that ran there may be already.
 * TRUE too where there is no such metric. */
gboolean stet_metrics_offer(StetMetrics *metrics, StetEngine *engine, const char *name, GError **error);
/* Which engines have something left to run. Before the graph is known the embedded one always has: its
 * parser is needed. */
void stet_metrics_pending(const StetMetrics *metrics, gboolean *embedded, gboolean *warehouse);

/* Results are kept in `dir`/results, the table names of each SQL in `dir`/tables, so that unchanged
 * metrics need no engine. `dir` is a path to open (the report's .stet); call before restore or run. */
void stet_metrics_keep_in(StetMetrics *metrics, const char *dir);
/* What dataset `name` holds, as a hash: results that rest on it are found again by it. Datasets never
 * named here are taken to be new each time, and what rests on them is not kept. */
void stet_metrics_set_content(StetMetrics *metrics, const char *name, StetHash content);
/* How many rows dataset `name` has, for the ledger. */
void stet_metrics_set_rows(StetMetrics *metrics, const char *name, gsize rows);
/* The hash for stet_metrics_set_content: the resource's description and the hashes of its files. */
StetHash stet_dataset_content(const StetResource *resource, const StetSource *sources, guint n,
                              gboolean lenient);
/* Brings back every result whose SQL, header, parameters and inputs are as they were, without an
 * engine. Returns how many metrics (scenarios' included) remain to be run. */
guint stet_metrics_restore(StetMetrics *metrics, guint jobs, StetDiagnostics *diags);
/* Names of the datasets that metrics still to be run read, sorted (g_strfreev); NULL: not known before
 * an engine has parsed the SQL, load them all. */
char **stet_metrics_needed_datasets(const StetMetrics *metrics);
/* Deletes kept results that this run did not use. */
void stet_metrics_prune(const StetMetrics *metrics);

/* The key a metric's result is kept under: hash of its file, its parameters' values, the contents of
 * its datasets and the results of its metrics. An empty hash where an input has no known content. */
StetHash stet_metric_key(const StetMetrics *metrics, const StetMetric *metric);
/* All that a page can see of the metric as a hash: its file, its result, the parameters' values, what it
 * rests on. Two metrics with the same hash look the same; an empty hash equals none, not even itself. */
StetHash stet_metric_content(const StetMetrics *metrics, const StetMetric *metric);
/* One result file, whole and checked by its hash; the hash of its content in `*content`. */
gboolean stet_result_save(const char *path, const StetTable *table, StetHash *content, GError **error);
StetTable *stet_result_load(const char *path, StetHash *content, GError **error);

/* Gives the metric `name` a result as if it had been run (for tests and for results made elsewhere):
 * takes `table`, orders and checks it. FALSE and a diagnostic where it does not fit the header. */
gboolean stet_metrics_accept(StetMetrics *metrics, const char *name, StetTable *table, StetDiagnostics *diags);

/* Sorted by name. */
guint stet_metrics_count(const StetMetrics *metrics);
const StetMetric *stet_metrics_at(const StetMetrics *metrics, guint index);
const StetMetric *stet_metrics_get(const StetMetrics *metrics, const char *name);
/* NULL-terminated names, for stet_nearest; borrowed. */
const char *const *stet_metrics_names(const StetMetrics *metrics);

/* Which rows of a dataset a metric is run on again: an SQL condition on its columns. */
typedef struct {
	const char *dataset, *condition;
} StetRowFilter;
/* Runs a metric's SQL on datasets cut down to some rows, the metrics it selects from computed anew from the
 * same rows (embedded engine). NULL and `fault` where that cannot be. */
StetTable *stet_metric_recompute(const StetMetrics *metrics, const StetMetric *metric, StetEngine *engine, guint n,
                                 const StetRowFilter *filters, StetFault *fault);

/* The market pack: functions that stand where SQL has its tables. Written out as SQL of both engines (g_free);
 * NULL and `fault` where one is called wrongly. The first arguments are always a table, metric or (select...), the
 * column of the period and that of the entity; results have the columns
 *
 *   pack.concentration(source, period, entity, value)   period, entities, cr1..cr5, hhi, hhi_change, entropy,
 *                                                       effective_number, effective_entropy, gini
 *   pack.cr(source, period, entity, value, n)           period, cr
 *   pack.lorenz(source, period, entity, value)          period, place, entities_share, value_share
 *   pack.switch_matrix(source, period, entity, choice, value)    period, choice_before, choice, entities, share
 *   pack.cohort_adoption(source, period, entity, choice, wanted) cohort, age, adoption, adopters
 *   pack.repertoire(source, period, entity, choice)     period, choices, share, entities
 *   pack.bridge(source, period, entity, value)          period, step, amount, entities
 *
 * stet-metrics(7) gives formulas and sources. */
char *stet_pack_expand(const char *sql, StetFault *fault);

/* ---- parameters and scenarios -------------------------------------------------------------- */

/* site.yaml's `params` maps a name to a value, or to {value, title, unit, description}; `scenarios`
 * maps a name to {title, description, params: {name: value}}. Scenario 0 is the report as it stands; an entry
 * named `base` without params gives it a title. */
typedef struct {
	const char *name, *title, *description; /* description may be NULL */
} StetScenario;

guint stet_scenarios_count(const StetMetrics *metrics);
const StetScenario *stet_scenarios_at(const StetMetrics *metrics, guint scenario);
/* Its index, or G_MAXUINT. */
guint stet_scenarios_find(const StetMetrics *metrics, const char *name);
/* The metric with the scenario's parameters: its own copy where a parameter reaches it, else the same
 * as stet_metrics_get. NULL if there is no such metric. */
const StetMetric *stet_scenario_metric(const StetMetrics *metrics, guint scenario, const char *name);
/* TRUE if any scenario gives the metric other parameters. */
gboolean stet_metric_has_scenarios(const StetMetrics *metrics, const StetMetric *metric);
/* The value of a parameter in a scenario; NULL if there is none. A scalar node. */
const StetNode *stet_scenario_parameter(const StetMetrics *metrics, guint scenario, const char *name);

/* ---- rows ---------------------------------------------------------------------------------- */

/* The fragment that names a row on its metric's page: "2025q4-azure" (g_free). Unique in the metric. */
char *stet_metric_row_id(const StetMetric *metric, gsize row);
/* The row of an id, or G_MAXSIZE. */
gsize stet_metric_row_by_id(const StetMetric *metric, const char *id);

/* A condition on a row: `column` must hold `text` (canonical text of a cell). */
typedef struct {
	const char *column, *text;
} StetWhere;

/* The one row at period `at` (NULL or "latest": the latest period in which the conditions hold) that
 * meets all conditions. G_MAXSIZE and the reason in `*why_not` (static text) if there is none or more
 * than one. */
gsize stet_metric_row_find(const StetMetric *metric, const char *at, guint n, const StetWhere *where,
                           const char **why_not);
/* The row with row's dimensions and `steps` periods earlier, or G_MAXSIZE. Quarters, months and years
 * are counted by the calendar, other periods by their order in the result. */
gsize stet_metric_row_before(const StetMetric *metric, gsize row, guint steps);
/* The rows with row's dimensions, by period; borrowed. */
const gsize *stet_metric_series(const StetMetric *metric, gsize row, gsize *n);
/* In the series of `row`: the row of its "first", "latest", "max" or "min" value (the earliest of
 * equals); G_MAXSIZE if all are missing or `which` is none of these. */
gsize stet_metric_pick(const StetMetric *metric, guint measure, gsize row, const char *which);
/* Periods in a year by the period's format: quarters 4, months 12, years 1; 0 if unknown. */
guint stet_metric_year_length(const StetMetric *metric);
/* Index into metric->measures, or -1. NULL and "" name the main one. */
int stet_metric_measure(const StetMetric *metric, const char *name);

/* ---- figures ------------------------------------------------------------------------------- */

/* Where a value comes from: one cell of a metric's result, a claim, or a derivation of others. Made in
 * the arena of whoever prints it. */
typedef struct StetOrigin StetOrigin;
struct StetOrigin {
	const StetMetric *metric; /* NULL: not a cell of a metric */
	gsize row;
	guint measure;            /* index into metric->measures */
	const char *claim;        /* id of a claim, or NULL */
	const char *form;         /* how it was derived: "growth", "sum"...; NULL: taken as it is */
	const char *why_not;      /* why a derived one has no value (static text); NULL: it has one */
	guint n_inputs;
	const StetOrigin *const *inputs;
};

/* ---- derived forms ------------------------------------------------------------------------- */

/* Forms any metric with a period offers. A form's value at one row comes from that row's series (same
 * dimensions) or its peers (same period). v is the value, b the value `n` periods earlier:
 *
 *   change          v - b                                  n: periods back, 1
 *   growth          100 (v / b - 1), percent               n: periods back, 1
 *   yoy             growth over a year
 *   yoy_change      change over a year
 *   cagr            100 ((v / b)^(1 / years) - 1), percent n: periods back, all
 *   index           100 v / b                              n: periods back, all
 *   cumulative      sum of the series up to here
 *   moving_average  mean of the last n                     n: periods, a year
 *   share           100 v / sum of peers, percent
 *   rank            1 + number of peers above
 *   rank_change     places gained                          n: periods back, 1
 *   contribution    100 (v - b) / sum of peers then, percentage points; n: periods back, 1
 *
 * A change of percents is in percentage points. Percents, ratios and indices are not summed. */
typedef struct {
	double value;             /* rounded to 12 significant digits; NaN if it cannot be had */
	const char *unit;         /* "percentage points" for a change of percents, ...; NULL: none */
	const char *why_not;      /* reason when NaN: "no earlier period", "the base is zero" */
	gsize base_row;           /* the row it was compared with; G_MAXSIZE if none */
} StetDerived;

/* NULL-terminated names of the forms. */
const char *const *stet_forms(void);
/* The formula of a form, of "difference" or of a concentration form as a reader would write it, or NULL if there
 * is none of that name. */
const char *stet_form_formula(const char *form);
/* `n` is the form's number as in the table above, 0 for its habit. */
StetDerived stet_metric_derive(const StetMetric *metric, guint measure, gsize row, const char *form, guint n);
/* One cell of a result. */
typedef struct {
	const StetMetric *metric;
	guint measure;
	gsize row;
} StetFigureCell;
/* A cell less another of the same unit: one dimension against another, one period against any, one scenario
 * or metric against another. */
StetDerived stet_metric_difference(StetFigureCell cell, StetFigureCell other);

typedef enum {
	STET_DIRECTION_DOWN = -1,
	STET_DIRECTION_STEADY,
	STET_DIRECTION_UP,
	STET_DIRECTION_UNKNOWN    /* there is nothing to compare with */
} StetDirection;
/* Which way the value went over `steps` periods. Moves smaller than `threshold` are steady: in percent
 * of the earlier value, or in points where the unit is percent. */
StetDirection stet_metric_direction(const StetMetric *metric, guint measure, gsize row, guint steps,
                                    double threshold);

/* Concentration of the main values of row's peers: the market pack. Peers are the rows with row's
 * period and, but for dimension `over`, row's dimensions (NULL: all dimensions vary).
 *
 *   cr1..cr5             sum of the largest shares, percent
 *   hhi                  sum of squared shares in percent, 0-10,000 (US DOJ/FTC Merger Guidelines)
 *   entropy              -sum s ln s, nats (Shannon; Theil's measure of dispersion)
 *   effective_number     1 / sum s^2 (Laakso and Taagepera's N, Hirschman's numbers equivalent)
 *   effective_entropy    exp(entropy) (Hill's number of order 1)
 *   gini                 sum (2i - n - 1) x / (n sum x), values ascending, 0-1
 *
 * With "_change" behind its name (hhi_change), a form gives its difference to the period before. */
StetDerived stet_metric_concentration(const StetMetric *metric, guint measure, gsize row, const char *over,
                                      const char *form);
const char *const *stet_concentration_forms(void);
/* Points of the Lorenz curve of the same peers: cumulative share of peers and of values, both 0-1,
 * beginning at (0, 0). Returns the number of points, at most `max`; 0 if it cannot be had. */
guint stet_metric_lorenz(const StetMetric *metric, guint measure, gsize row, const char *over, double (*points)[2],
                         guint max);

/* ---- claims -------------------------------------------------------------------------------- */

typedef enum { STET_VERDICT_AGREES, STET_VERDICT_DIFFERS, STET_VERDICT_UNCHECKED } StetVerdict;
typedef enum { STET_CLAIM_EQUAL, STET_CLAIM_AT_LEAST, STET_CLAIM_BETWEEN } StetClaimOperator;

typedef struct {
	const char *id, *statement, *unit, *period, *source, *note;
	StetClaimOperator op;
	double value, upper;      /* upper: NaN unless between */
	const char *tolerance;    /* as written */
	const StetMetric *metric; /* NULL: the data cannot check it */
	guint measure;
	gsize row;                /* of metric->table; G_MAXSIZE if unchecked */
	double actual;            /* in the claim's unit; NaN if unchecked */
	StetVerdict verdict;
	const char *reason;       /* why it cannot be checked or differs; NULL if it agrees */
	const char *acknowledged; /* why a difference is accepted, or NULL */
	const char *until;        /* the acknowledgement's last day, ISO, or NULL */
	StetPlace place;
} StetClaim;

/* Reads the dataset `claims` where the report has one: columns id, statement, operator (equal,
 * at_least, between), value, upper, unit, period, tolerance (`absolute:1.5`, `relative:5%`; empty:
 * none), metric, measure, where (`platform=Azure; role=x`), at, source, note,
 * acknowledged, until (ISO date). A claim that differs is a warning here. NULL: there are none. */
void stet_claims_check(StetMetrics *metrics, const StetDataset *claims, StetDiagnostics *diags);
/* Call before: a claim that differs is an error then, unless it is acknowledged and its acknowledgement
 * has an end, not before `today` (ISO date). */
void stet_claims_insist(StetMetrics *metrics, const char *today);
guint stet_claims_count(const StetMetrics *metrics);
const StetClaim *stet_claims_at(const StetMetrics *metrics, guint index);
const StetClaim *stet_claims_get(const StetMetrics *metrics, const char *id);

/* A tolerance rule against a reference value, as a distance; NaN if `rule` cannot be read. NULL and ""
 * give 0. */
double stet_tolerance(const char *rule, double reference);

/* ---- the ledger ---------------------------------------------------------------------------- */

/* An origin as text: "hhi.share[2025q4-azure]", "growth(hhi.share[2025q4])", "claim:bank-models"; of a scenario
 * "hhi@slow.share[2025q4]" (g_free). */
char *stet_origin_text(const StetOrigin *origin);

/* A figure as it stands on a page. All texts are copied. */
typedef struct {
	const StetOrigin *origin;
	const char *page, *id;    /* where it stands: "metrics/hhi/", "f12" */
	const char *text;         /* as printed */
	double value;             /* NaN: the origin's own, if it is a cell */
	const char *unit;         /* NULL: the origin's own */
} StetLedgerEntry;

typedef struct StetLedger StetLedger;
StetLedger *stet_ledger_new(const StetMetrics *metrics);
void stet_ledger_free(StetLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetLedger, stet_ledger_free)
/* From any thread, in any order: what is written depends on what was added alone. */
void stet_ledger_add(StetLedger *ledger, const StetLedgerEntry *entry);
/* The two halves of stet_ledger_add: a figure's line, without its place (g_free), and a line put in the
 * ledger at a place. Lines outlive the metrics they came from: they may be kept from build to build. */
char *stet_ledger_line(const StetLedgerEntry *entry);
void stet_ledger_put(StetLedger *ledger, const char *line, const char *page, const char *id);
/* Canonical JSON (schema 1), sorted, one row a line, appended to `out`:
 *
 *   {"stet": "ledger", "schema": 1, "title": ...,
 *    "datasets": [{"name", "content", "rows", "synthetic"}],    content: as given to stet_metrics_set_content
 *    "metrics": [{"name", "title", "file", "sha256", "synthetic", "period", "dimensions": [...],
 *                 "measures": [{"name", "unit"}], "rows": [[period, dimensions..., measures...]]}],
 *    "scenarios": [{"name", "title", "parameters": {...}, "metrics": [as above]}],   where there are any
 *    "claims": [{"id", "value", "upper", "unit", "verdict", "actual", "metric"}],
 *    "figures": [{"figure": stet_origin_text, "value", "unit", "text", "why" (there is no value), "at": ["page#id"]}]}
 *
 * stet-metrics(7) describes it to its readers; a change that would break one takes another schema number. */
void stet_ledger_write(StetLedger *ledger, GString *out);

/* ---- editions ------------------------------------------------------------------------------ */

/* A ledger frozen as data/editions/NAME.json, with its SHA-256; or the report as it stands now. */
typedef struct StetEdition StetEdition;

/* Names of the frozen editions, sorted; the last is the newest (char *). */
GPtrArray *stet_editions_list(const StetProject *project);
/* Writes an edition. An existing one is never written over: that is an error. */
gboolean stet_edition_freeze(const StetProject *project, const char *name, const char *ledger, GError **error);
/* Reads and verifies an edition. Missing and damaged ones are errors in `diags`; NULL then. */
StetEdition *stet_edition_load(const StetProject *project, const char *name, StetDiagnostics *diags);
/* The results at hand as an edition named "now"; borrows `metrics`. */
StetEdition *stet_edition_now(const StetMetrics *metrics);
void stet_edition_free(StetEdition *edition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetEdition, stet_edition_free)
const char *stet_edition_name(const StetEdition *edition);
/* Its metrics, by name. */
guint stet_edition_count(const StetEdition *edition);
const StetMetric *stet_edition_at(const StetEdition *edition, guint index);
/* SHA-256 of its ledger; "" for the one at hand. */
const char *stet_edition_hash(const StetEdition *edition);
/* The metric's rows as published, or NULL. Has title, period, dimensions, measures and table only. */
const StetMetric *stet_edition_metric(const StetEdition *edition, const char *name);

/* RESTATED: the value of a period published in A differs in B. MOVED: the newest value of a series, or the
 * value of a metric without period, is another. NEW, GONE: the row is in B, in A alone. */
typedef enum { STET_DIFF_RESTATED, STET_DIFF_MOVED, STET_DIFF_NEW, STET_DIFF_GONE } StetDiffKind;

typedef struct {
	StetDiffKind kind;
	const StetMetric *metric; /* of B, of A where GONE; lives as long as its edition */
	gsize row;
	guint measure;
	double before, after;     /* NaN where there is none */
	double size;              /* relative change, 0 up; infinite from zero and for NEW and GONE */
} StetDifference;

/* What changed from A to B: by kind, the largest relative changes first, then by metric and row (array of
 * StetDifference; g_array_unref). */
GArray *stet_diff(const StetEdition *a, const StetEdition *b);

/* A restated figure, as the guard found it. */
typedef struct {
	const char *edition;      /* that published the earlier value */
	double before;
	const char *reason;       /* of the erratum; NULL where none explains it */
} StetRestatement;

/* Holds the results against what `edition` published: a value that differs beyond its metric's tolerance is
 * an error, unless the dataset `errata` (columns metric, key, edition, reason; NULL: the report has none)
 * explains it. `key` is a row's id or "*". Errata that explain nothing are warnings. */
void stet_restatements_check(StetMetrics *metrics, const StetEdition *edition, const StetDataset *errata,
                             StetDiagnostics *diags);
/* What the guard found of one figure, or NULL. */
const StetRestatement *stet_restatement_of(const StetMetrics *metrics, const StetMetric *metric, gsize row,
                                           guint measure);

#endif
