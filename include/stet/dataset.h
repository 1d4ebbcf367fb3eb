/* dataset: CSV files checked to the cell and turned into typed columns with source line numbers.
 *
 * In:     a StetResource and the files it names. Out: StetDataset, const once loaded.
 * Owns:   a dataset owns its columns, dictionaries and texts.
 * Threads: a load uses up to `jobs` threads of its own; a loaded dataset may be read from any thread.
 *
 * A file is cut at line ends that stand outside quotes; each piece is parsed on its own thread by
 * libcsv straight into typed vectors, so a dataset is a list of pieces. Low-cardinality text is kept
 * as codes into one dictionary a column, sorted bytewise, so codes do not depend on the cutting.
 *
 *     StetDataset *d = stet_dataset_load(project, resource, &(StetLoadOptions){.jobs = 2}, diags);
 */
#ifndef STET_DATASET_H
#define STET_DATASET_H

#include "stet/project.h"

typedef enum {
	STET_COLUMN_CODES,    /* guint32 codes into `dictionary` */
	STET_COLUMN_TEXT,     /* guint64 offsets (n+1) into the piece's `bytes` */
	STET_COLUMN_INT,      /* gint64 */
	STET_COLUMN_DECIMAL,  /* gint64, value * 10^scale */
	STET_COLUMN_DOUBLE,   /* double */
	STET_COLUMN_BOOL,     /* guint8 */
	STET_COLUMN_DATE,     /* gint32 days since 1970-01-01 */
	STET_COLUMN_TIME,     /* gint64 microseconds since midnight */
	STET_COLUMN_TIMESTAMP /* gint64 microseconds since 1970-01-01 UTC */
} StetColumnKind;

/* The rows of one piece of one column. */
typedef struct {
	gsize rows;
	void *values;         /* by kind, see above; missing rows hold zeros */
	char *bytes;          /* STET_COLUMN_TEXT only */
	guint64 *valid;       /* bit i set: row i is not missing; NULL: none is missing */
} StetVector;

typedef struct {
	const char *name, *title, *unit;
	StetColumnKind kind;
	int scale;            /* STET_COLUMN_DECIMAL: digits after the point, 0-18 */
	guint dictionary_size;
	char **dictionary;    /* STET_COLUMN_CODES: sorted, unique, UTF-8 */
	const StetField *field; /* as declared or inferred */
	StetVector *vectors;  /* one a piece */
} StetColumn;

/* What a dataset page says of a column. Texts are owned by the dataset. */
typedef struct {
	gsize count, missing, distinct; /* distinct is exact */
	char *minimum, *maximum;        /* canonical text; NULL if all are missing */
	double mean;                    /* numbers only, else NaN */
	double quantiles[5];            /* 0, .25, .5, .75, 1; numbers only, else NaN */
	guint n_top;
	char *top[5];                   /* most frequent values, ties in byte order */
	gsize top_count[5];
	guint histogram[20];            /* equal-width bins from minimum to maximum; numbers only */
} StetSummary;

/* One source file of a dataset. */
typedef struct {
	char *path;           /* relative to the report's folder */
	StetHash hash;
	guint64 bytes;
	gsize rows;
} StetSource;

/* A row that was left out because of its faults (`stet:onError: quarantine`, or lenient loading). */
typedef struct {
	guint source;         /* index into sources */
	guint line;
	char *rule;           /* the code of the first fault: csv-ragged */
	char *record;         /* as it stands in the file */
	char *reason;
} StetReject;

#define STET_REMARKS_SHOWN 20u

/* What a load had to say by one rule, short of errors. */
typedef struct {
	StetSeverity severity;
	gsize count;
	GPtrArray *first;     /* StetDiagnostic *, at most STET_REMARKS_SHOWN, by file and line */
} StetRemarks;

typedef struct StetDataset {
	StetHash content;             /* of what it holds: its description and its files' bytes */
	const StetResource *resource; /* where there is no schema: the resource with its inferred fields */
	gsize rows, quarantined;
	GPtrArray *rejects;   /* StetReject *, by source and line; `quarantined` of them */
	GPtrArray *remarks;   /* StetRemarks *, by the rule's code; NULL: there is nothing to say */
	guint n_sources;
	StetSource *sources;
	guint n_pieces;
	gsize *piece_rows;
	guint **piece_lines;  /* line of each row in its file; NULL where row i stands at first_line + i */
	guint *piece_first_line;
	guint *piece_source;  /* index into sources */
	guint n_columns;
	StetColumn *columns;
	StetSummary *summaries; /* NULL until stet_dataset_summarise */
} StetDataset;

typedef struct {
	guint jobs;
	gboolean lenient;     /* quarantine rows in doubt instead of failing */
	void (*progress)(const char *name, guint64 done, guint64 total, gpointer data);
	gpointer progress_data;
	/* Turns a Parquet file into CSV: the path of a file that is deleted once it is read (g_free) and
	 * `{"fields": [...]}`, a schema for it (g_free). NULL: such files are errors. */
	gboolean (*convert)(const char *path, char **csv, char **fields, gpointer data, GError **error);
	gpointer convert_data;
	/* Asked from the load's threads: TRUE ends it as soon as can be, with an error. May be NULL. */
	gboolean (*stop)(gpointer data);
	gpointer stop_data;
	/* Folder to keep the columns in, NULL: none. What is unchanged since it was kept there is not parsed
	 * again. The dataset comes with its summaries. */
	const char *keep_dir;
} StetLoadOptions;

/* Loads and validates one dataset: types, constraints, primary key. Every fault goes to `diags` with
 * file, line, column. NULL when the dataset cannot be used (any error). */
StetDataset *stet_dataset_load(const StetProject *project, const StetResource *resource,
                               const StetLoadOptions *options, StetDiagnostics *diags);
void stet_dataset_free(StetDataset *dataset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetDataset, stet_dataset_free)

/* Foreign keys of every dataset against the others (`datasets` may hold NULLs for failed loads). */
void stet_datasets_check_keys(StetDataset *const *datasets, guint n, StetDiagnostics *diags);

/* The same; what was found sound is noted in `keep_dir` and not checked again while nothing changes. */
void stet_datasets_check_keys_kept(StetDataset *const *datasets, guint n, const char *keep_dir,
                                   StetDiagnostics *diags);

/* Removes from `keep_dir` what is kept of datasets that `project` no longer has, and what loads that were killed
 * left there and beside it. */
void stet_datasets_prune(const StetProject *project, const char *keep_dir);

/* Fills dataset->summaries; one column a worker. */
void stet_dataset_summarise(StetDataset *dataset, guint jobs);

/* Row `row` (0-based over the whole dataset) as file and line; in Parquet, which has no lines, the number of the
 * row. Faults in it have the number of the column in place of a byte. */
StetPlace stet_dataset_place(const StetDataset *dataset, gsize row);

/* One cell as canonical text (dates ISO, numbers with a point); NULL if missing (g_free). */
char *stet_dataset_cell_text(const StetDataset *dataset, guint column, gsize row);

/* The quarantined rows as CSV (RFC 4180, LF line ends) with the columns file, line, reason and record,
 * appended to `out`. */
void stet_dataset_quarantine(const StetDataset *dataset, GString *out);

/* A datapackage.json that describes `datasets` as they were loaded, appended to `out`: their inferred
 * fields, a primary key where values allow one, foreign keys where the names of columns agree as well. The
 * datasets must be summarised. */
void stet_dataset_infer(const StetDataset *const *datasets, guint n, GString *out);

/* The table in a CSV file of any dialect as RFC 4180 (LF line ends, quotes where needed), appended to
 * `out`. `dialect` is a descriptor's dialect or NULL, `encoding` NULL for UTF-8. Strict: any fault of
 * syntax is an error and FALSE is returned. Lenient: lines before the table are passed over, rows in
 * doubt are left out, each with a warning. */
gboolean stet_csv_clean(const char *path, const StetNode *dialect, const char *encoding, gboolean lenient, GString *out,
                        StetDiagnostics *diags);

#endif
