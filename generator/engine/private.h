/* Inside engine: what every engine offers; the DuckDB library, loaded when first needed, and what it scans. */
#ifndef STET_ENGINE_PRIVATE_H
#define STET_ENGINE_PRIVATE_H

#include "stet/engine.h"

#include <duckdb.h>

#define EN_ERROR g_quark_from_static_string("stet-engine")
#define EN_ROW_CAP 1000000u

/* ---- engines ------------------------------------------------------------------------------- */

/* What an engine can do; a NULL member is what it cannot. */
typedef struct {
	const char *name;
	void (*close)(StetEngine *engine);
	gboolean (*add)(StetEngine *engine, const StetDataset *dataset, GError **error);
	gboolean (*add_table)(StetEngine *engine, const char *name, const StetTable *table, GError **error);
	gboolean (*seal)(StetEngine *engine, GError **error);
	char **(*tables)(StetEngine *engine, const char *sql, StetFault *fault);
	StetTable *(*query)(StetEngine *engine, const char *sql, const StetQueryOptions *options,
						StetFault *fault);
} EnBackend;

/* The head of every engine. */
struct StetEngine {
	const EnBackend *backend;
	gsize row_cap;
};

/* A number as it stands in results: rounded to `decimals` places (-1: 12 significant digits). FALSE where
 * it is none: division by zero is a missing value on every engine, never NaN or infinity on a page. */
gboolean en_number(double value, int decimals, StetCell *cell);
/* TRUE, and the fault set, where `table` has more rows than a report should. */
gboolean en_too_many_rows(const StetEngine *engine, const StetTable *table, StetFault *fault);
/* Line and column of byte `offset` of the SQL text. */
void en_fault_place(StetFault *fault, const char *sql, gsize offset);
/* The parameter `name`, or NULL. */
const StetCell *en_parameter(const StetQueryOptions *options, const char *name);

/* Every function of the library that stet calls; each becomes a member of EnLibrary. */
/* clang-format off */
#define EN_FUNCTIONS(X) \
	X(library_version) X(create_config) X(set_config) X(destroy_config) X(open_ext) X(close) \
	X(connect) X(disconnect) X(free) X(query) X(bind_get_parameter) X(get_type_id) \
	X(table_function_set_function) X(table_function_set_name) X(destroy_result) \
	X(result_error) X(destroy_value) X(get_int64) X(vector_size) X(create_logical_type) \
	X(create_decimal_type) X(destroy_logical_type) X(decimal_scale) X(decimal_internal_type) \
	X(create_enum_type) X(enum_internal_type) X(enum_dictionary_size) X(enum_dictionary_value) \
	X(create_table_function) \
	X(destroy_table_function) X(table_function_add_parameter) X(table_function_set_extra_info) \
	X(table_function_set_bind) X(table_function_set_init) X(table_function_set_local_init) \
	X(table_function_supports_projection_pushdown) X(register_table_function) \
	X(bind_get_extra_info) X(bind_add_result_column) X(bind_set_bind_data) \
	X(bind_set_cardinality) X(bind_set_error) X(init_get_bind_data) X(init_set_init_data) \
	X(init_get_column_count) X(init_get_column_index) X(init_set_max_threads) \
	X(function_get_bind_data) X(function_get_init_data) X(function_get_local_init_data) \
	X(data_chunk_get_vector) X(data_chunk_set_size) X(data_chunk_get_size) \
	X(destroy_data_chunk) X(vector_get_data) X(vector_get_validity) \
	X(vector_ensure_validity_writable) X(prepare) X(destroy_prepare) \
	X(prepare_error) X(prepared_statement_type) X(nparams) X(parameter_name) \
	X(bind_parameter_index) X(bind_boolean) X(bind_int64) X(bind_double) X(bind_varchar) \
	X(bind_date) X(bind_timestamp) X(bind_null) X(execute_prepared) X(fetch_chunk) \
	X(column_count) X(column_name) X(column_logical_type) X(interrupt)
/* clang-format on */

#define EN_MEMBER(name) __typeof__(duckdb_##name) *name;
typedef struct {
	EN_FUNCTIONS(EN_MEMBER)
} EnLibrary;
#undef EN_MEMBER

/* The library, loaded on the first call; NULL and `error` if it cannot be. */
const EnLibrary *en_library(GError **error);

/* ---- what can be scanned ------------------------------------------------------------------- */

/* Rows of one piece of one column, in the engine's own layout. */
typedef struct {
	gsize rows;
	const void *values;
	const char *bytes;    /* texts: `values` are offsets into it */
	const guint64 *valid; /* NULL: none is missing */
} EnVector;

typedef enum { EN_FLAT, EN_CODES, EN_OFFSETS } EnLayout;

typedef struct {
	char *name;
	duckdb_type type;
	int scale;
	EnLayout layout;
	gsize size;               /* bytes a value, EN_FLAT */
	duckdb_string_t *strings; /* EN_CODES: the dictionary */
	duckdb_logical_type words; /* EN_CODES, or NULL: the dictionary as an enum, whose values are the codes */
	gsize code_size;           /* bytes the engine gives one of its values */
	EnVector *vectors;        /* one a piece */
	void *own;                /* freed with the relation */
	guint64 *own_valid;
} EnColumn;

/* A table stet offers to SQL: a dataset in place, or a result that was copied. */
typedef struct {
	guint n_columns, n_pieces;
	gsize rows;
	gsize *piece_rows;
	EnColumn *columns;
	GStringChunk *texts;
} EnRelation;

/* The engine's header of a text: short ones inside it, longer ones where they lie. */
duckdb_string_t en_string(const char *text, gsize length);
EnRelation *en_relation_of_dataset(const StetDataset *dataset);
EnRelation *en_relation_of_table(const StetTable *table);
void en_relation_free(EnRelation *relation);

/* TRUE where some column is an enum to the engine. */
gboolean en_relation_has_words(const EnRelation *relation);

/* Registers the table function `stet_scan(index)` over `relations` (of EnRelation, grows later). With ~index,
 * enums come as texts. */
gboolean en_scan_register(const EnLibrary *lib, duckdb_connection connection, GPtrArray *relations);

/* ---- queries ------------------------------------------------------------------------------- */

typedef enum { EN_UNTOUCHED, EN_TOO_LONG, EN_STOPPED } EnEnd;

/* A query under watch. */
typedef struct {
	duckdb_connection connection;
	gint64 began; /* microseconds, monotonic */
	EnEnd end;    /* why it was interrupted, if it was */
} EnRunning;

/* Ends queries that take longer than `timeout` seconds (0: none), or when `stop` says so. */
typedef struct {
	const EnLibrary *lib;
	guint timeout;
	gboolean (*stop)(gpointer data);
	gpointer stop_data;
	GMutex lock;
	GCond wake;
	GThread *thread;
	GPtrArray *running; /* EnRunning *, borrowed */
	gboolean closing;
} EnWatch;

void en_watch_init(EnWatch *watch, const EnLibrary *lib, const StetEngineOptions *options);
void en_watch_clear(EnWatch *watch);
/* Between these `query` is under watch; it and its connection must live until the end. */
void en_watch_begin(EnWatch *watch, EnRunning *query);
void en_watch_end(EnWatch *watch, EnRunning *query);

typedef struct {
	StetEngine base;
	EnWatch watch;
	const EnLibrary *lib;
	duckdb_database database;
	duckdb_connection connection; /* for the engine's own statements; under `lock` */
	GMutex lock;
	GPtrArray *relations; /* EnRelation * */
	gboolean sealed;
	GMutex plain_lock;
	duckdb_connection plain; /* where enums are texts, or NULL; under `plain_lock` */
	GString *plain_views;    /* the statements that make them so, until they have run */
} EnEmbedded;

/* Runs a statement of stet's own on the engine's connection, one at a time. */
gboolean en_run(EnEmbedded *engine, const char *sql, GError **error);
/* `text` as an SQL identifier or string literal in its quotes (g_free). */
char *en_quoted(const char *text, char quote);

char **en_embedded_tables(StetEngine *engine, const char *sql, StetFault *fault);

/* The engine's message without its excerpt, and the place the excerpt points to. */
void en_fault_set(StetFault *fault, const char *sql, const char *message);
/* DuckDB's words as a complete message of ours; what to do in `*mend`, or NULL (g_free both). */
char *en_wording(const char *message, gsize length, char **mend);
/* A result as a table; takes nothing over. NULL and `fault` on failure. */
StetTable *en_result_table(const EnEmbedded *engine, duckdb_result *result, int decimals, StetFault *fault);

#endif
