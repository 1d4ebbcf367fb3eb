/* What the files of the cli share. */
#ifndef STET_CLI_PRIVATE_H
#define STET_CLI_PRIVATE_H

#include "stet/cli.h"
#include "stet/publish.h"
#include "stet/site.h"

typedef enum { STET_STATUS_DONE, STET_STATUS_ERRORS, STET_STATUS_USAGE, STET_STATUS_MACHINE } StetStatus;
typedef enum { STET_FORMAT_HUMAN, STET_FORMAT_JSON, STET_FORMAT_GITHUB } StetFormat;

/* What was given on the command line; fields a command has no option for stay zero. */
typedef struct {
	gint jobs, port;
	char *out, *format_name, *partials, *directory, *host, *as, *engine, *only;
	gboolean quiet, verbose, force, all, lax, profile, help, replace, as_csv, as_json;
	char *dialect, *encoding;
	gboolean strict, lenient, write, charts;
	StetFormat format;
	char *seen_from; /* the working folder (after -C) as seen from where stet was started; "" if the same */
} StetOptions;

/* Prints "stet: TEXT" to stderr and returns `status`. */
StetStatus stet_complain(StetStatus status, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The same path as the user would write it (g_free): below `seen_from`, without "./". */
char *stet_shown_path(const StetOptions *options, const char *path);

/* ---- commands: args end with NULL ---------------------------------------------------------- */

StetStatus stet_command_build(const StetOptions *options, char **args);
StetStatus stet_command_check(const StetOptions *options, char **args);
StetStatus stet_command_init(const StetOptions *options, char **args);
StetStatus stet_command_liquid(const StetOptions *options, char **args);
StetStatus stet_command_serve(const StetOptions *options, char **args);
StetStatus stet_command_query(const StetOptions *options, char **args);
StetStatus stet_command_metrics(const StetOptions *options, char **args);
StetStatus stet_command_explain(const StetOptions *options, char **args);
StetStatus stet_command_edition(const StetOptions *options, char **args);
StetStatus stet_command_diff(const StetOptions *options, char **args);
StetStatus stet_command_load(const StetOptions *options, char **args);
StetStatus stet_command_csv(const StetOptions *options, char **args);
StetStatus stet_command_infer(const StetOptions *options, char **args);
StetStatus stet_command_completion(const StetOptions *options, char **args);
StetStatus stet_command_bundle(const StetOptions *options, char **args);
StetStatus stet_command_why(const StetOptions *options, char **args);
StetStatus stet_command_verify(const StetOptions *options, char **args);
StetStatus stet_command_schedule(const StetOptions *options, char **args);
StetStatus stet_command_manual(const StetOptions *options, char **args);

/* FALSE, with a word to the user, where --engine names none. */
gboolean stet_engine_named(const StetOptions *options);
/* FALSE, with a word to the user, where `root` is no report: a mistake in the command. */
gboolean stet_is_report(const StetOptions *options, const char *root);

/* ---- diagnostics on a terminal, for machines, for GitHub ----------------------------------- */

typedef struct {
	StetFormat format;
	gboolean colour;
	const char *root;  /* the report's folder, to read source lines from */
	const char *shown; /* the same as the user would write it */
} StetPrinter;

/* `text` with what a terminal would obey or could not show made harmless (g_free). */
char *stet_printable(const char *text, gssize length);
/* TRUE if lines on `stream` can be rewritten; if it may be coloured too (no-color.org). */
gboolean stet_is_terminal(FILE *stream);
gboolean stet_wants_colour(FILE *stream);
void stet_print_diagnostics(const StetPrinter *printer, StetDiagnostics *diags, FILE *to);
/* "3 errors, 1 warning" (g_free); "" if there are none. */
char *stet_counts_text(guint errors, guint warnings);

/* ---- tables on standard output ------------------------------------------------------------- */

typedef enum { STET_FORM_TABLE, STET_FORM_CSV, STET_FORM_JSON } StetTableForm;
/* What --as asks for. FALSE, with a word to the user, where there is no such form. */
gboolean stet_table_form(const StetOptions *options, StetTableForm *form);
void stet_table_print(const StetTable *table, StetTableForm form, FILE *to);
/* An empty table with these columns; `names` ends with NULL. */
StetTable *stet_table_of(const char *const *names, const StetKind *kinds);
/* A column's type in a word: "date", "quarter". */
const char *stet_field_type_name(StetFieldType type);

/* ---- progress ------------------------------------------------------------------------------ */

/* One line on a terminal, rewritten in place; the time each stage took. */
typedef struct StetProgress StetProgress;
StetProgress *stet_progress_new(gboolean visible);
void stet_progress_free(StetProgress *progress);
/* Begins a stage, ending the one before. `name` must be static. */
void stet_progress_stage(StetProgress *progress, const char *name);
/* From any thread. */
void stet_progress_count(StetProgress *progress, guint64 done, guint64 total);
/* The same of bytes, in MiB. */
void stet_progress_bytes(StetProgress *progress, guint64 done, guint64 total);
/* Takes the line away, so that something else can be printed. */
void stet_progress_clear(StetProgress *progress);
double stet_progress_seconds(const StetProgress *progress);
/* What one thing took, in us: "pages", "/faq/". `kind` must be static. From any thread. */
void stet_progress_note(StetProgress *progress, const char *kind, const char *name, gint64 took);
/* The slowest of each kind, to stderr. */
void stet_progress_print_notes(StetProgress *progress);
/* "  stage   12.3 ms  45 %" lines to stderr. */
void stet_progress_print_times(StetProgress *progress);

/* ---- sessions ------------------------------------------------------------------------------ */

/* A report read, its data loaded, its metrics run. Frees all with stet_session_clear. */
typedef struct {
	const char *root;
	char *state_dir;
	guint jobs;
	StetProgress *progress;
	StetDiagnostics *diags;
	StetProject *project;
	StetDataset **datasets; /* parallel to project->resources; heads where they need not be read */
	StetDataset **whole;    /* loaded later, for those that are heads; see stet_session_whole */
	GMutex loading;
	StetState *state; /* borrowed; NULL: everything is read */
	const char *salt; /* of the facts */
	GBytes *facts;    /* borrowed: of the datasets at the last build, or NULL */
	gboolean quiet;   /* nothing was said of the data */
	GPtrArray *checks;      /* StetCheck *: of the datasets */
	StetMetrics *metrics;
	StetEngine *engine; /* NULL until something must be computed */
	StetEngine *warehouse; /* NULL until something must be asked there */
	gboolean lenient; /* rows in doubt are left out of every dataset */
} StetSession;

void stet_session_init(StetSession *session, const char *root, guint jobs, StetProgress *progress,
					   StetDiagnostics *diags);
void stet_session_clear(StetSession *session);
/* Each is FALSE where there are errors in the diagnostics, or an `error` of the machine. */
gboolean stet_session_read(StetSession *session, GError **error);
gboolean stet_session_open_engine(StetSession *session, GError **error);
/* site.yaml's `limits`. */
typedef struct {
	guint seconds;  /* a query may take */
	gsize rows;     /* a result may have; 0: the engine's own limit */
	guint64 memory; /* bytes the embedded engine may use before it spills into .stet/; 0: its own */
} StetLimits;
gboolean stet_limits_read(const StetProject *project, StetLimits *limits, StetDiagnostics *diags);
/* The warehouse of site.yaml and STET_WAREHOUSE; `writable` to load tables. */
gboolean stet_session_open_warehouse(StetSession *session, gboolean writable, GError **error);
/* Asks the warehouse for its version where the report says how, so that its results can be kept. */
gboolean stet_session_know_warehouse(StetSession *session, GError **error);
/* TRUE if the last build asked the warehouse: its data change without a file of the report changing. */
gboolean stet_rests_on_warehouse(const StetSession *session);
void stet_note_warehouse(const StetSession *session);
/* Results of earlier builds are used where nothing they rest on has changed, unless `anew`. */
gboolean stet_session_run(StetSession *session, gboolean anew, GError **error);
/* Both give the dataset whole, loading it if need be; the second from any thread. */
/* Rows dataset `name` had in the last edition of `project` (a StetProject), -1 if that is not known. */
gint64 stet_rows_before(const char *name, gpointer project);
const StetDataset *stet_session_dataset(StetSession *session, const char *name);
const StetDataset *stet_session_whole(guint index, gpointer session);

/* ---- heads: datasets that need not be read ------------------------------------------------- */

/* Heads for all datasets, where every one is as it was at the last build; else FALSE. */
gboolean stet_heads_read(StetSession *session);
/* What stet_heads_read will want to know. */
GBytes *stet_heads_write(const StetSession *session);
gboolean stet_is_head(const StetDataset *dataset);
void stet_datasets_free(StetDataset **datasets, guint n);

/* A command that asks a report something: its session, and what the machine failed at. */
typedef struct {
	const StetOptions *options;
	StetSession session;
	GError *error;
} StetAsking;

void stet_asking_init(StetAsking *asking, const StetOptions *options, const char *root);
/* Reads the report and runs its metrics. */
gboolean stet_asking_prepare(StetAsking *asking);
/* The metric NAME, or NAME@SCENARIO, with a result; NULL after a diagnostic. */
const StetMetric *stet_asked_metric(StetAsking *asking, const char *text);
/* Prints what went wrong, frees all, and gives the status. */
StetStatus stet_asking_end(StetAsking *asking);

/* ---- building ------------------------------------------------------------------------------ */

#define STET_PAGES_NOTE "pages" /* what is remembered of the pages, beside the site */

typedef struct {
	const char *root, *out; /* paths to open */
	const char *state_dir;  /* NULL: .stet of the report */
	StetSink sink;          /* of `check`: takes every file; may be NULL */
	gpointer sink_data;
	guint jobs;
	void (*published)(gpointer data); /* called as soon as the new site is in place; may be NULL */
	gpointer published_data;
	gboolean profile; /* note what each page and metric takes */
	gboolean check; /* go through everything, write no site */
	gboolean force; /* even if nothing changed */
	gboolean lenient; /* leave rows in doubt out of every dataset */
	gboolean hasty; /* a preview: do not wait for the disk */
	StetProgress *progress;
} StetBuildRequest;

typedef struct {
	StetStatus status;
	gboolean nothing_to_do, interrupted;
	GError *error; /* what the machine failed at, or NULL */
	StetSiteSummary summary;
} StetBuildResult;

/* One build from start to end. Faults of the report go to `diags`. */
void stet_build(const StetBuildRequest *request, StetDiagnostics *diags, StetBuildResult *result);

/* Loads the project's datasets, side by side; NULL where one failed. Free with stet_datasets_free. `wanted`
 * chooses, by the resource's index; NULL: all. Columns are kept below `state_dir` for the next time. */
StetDataset **stet_datasets_load(const StetProject *project, const char *state_dir, const gboolean *wanted,
								 guint jobs, StetProgress *progress, StetDiagnostics *diags);

/* ---- signals ------------------------------------------------------------------------------- */

/* From now on the first SIGINT or SIGTERM is noted, the second ends the process. */
void stet_signals_watch(void);
/* The signal that came, or 0. */
int stet_signal_seen(void);
/* The signal that came has been answered. */
void stet_signals_forget(void);
/* Ends the process by the signal that came, if one did. */
void stet_signals_obey(void);

#endif
