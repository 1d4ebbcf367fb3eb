/* The table function stet_scan(index): each thread of the engine takes piece after piece. Only the
 * columns a query names are touched. */
#include "private.h"

#include <string.h>

typedef struct {
	const EnLibrary *lib;
	const EnRelation *relation;
	gboolean plain; /* enums come as texts */
} Bind;

typedef struct {
	guint n_columns;
	idx_t *columns; /* of the relation, in the order asked for */
	gint next_piece;
} Global;

typedef struct {
	guint piece;
	gsize row;
	gboolean started;
} Local;

static void global_free(void *data)
{
	Global *global = data;
	g_free(global->columns);
	g_free(global);
}

static duckdb_logical_type type_of(const EnLibrary *lib, const EnColumn *column)
{
	return column->type == DUCKDB_TYPE_DECIMAL ? lib->create_decimal_type(18, (uint8_t)column->scale)
											   : lib->create_logical_type(column->type);
}

static void scan_bind(duckdb_bind_info info)
{
	const EnLibrary *lib = en_library(NULL);
	const GPtrArray *relations = lib->bind_get_extra_info(info);
	duckdb_value value = lib->bind_get_parameter(info, 0);
	gint64 index = lib->get_int64(value);
	lib->destroy_value(&value);
	gboolean plain = index < 0;
	index = plain ? ~index : index;
	if (index >= (gint64)relations->len) {
		lib->bind_set_error(info, "no such table");
		return;
	}
	const EnRelation *relation = g_ptr_array_index(relations, (guint)index);
	for (guint c = 0; c < relation->n_columns; c++) {
		const EnColumn *column = &relation->columns[c];
		if (column->words != NULL && !plain) {
			lib->bind_add_result_column(info, column->name, column->words);
			continue;
		}
		duckdb_logical_type type = type_of(lib, column);
		lib->bind_add_result_column(info, column->name, type);
		lib->destroy_logical_type(&type);
	}
	Bind *bind = g_new0(Bind, 1);
	*bind = (Bind){lib, relation, plain};
	lib->bind_set_cardinality(info, relation->rows, true);
	lib->bind_set_bind_data(info, bind, g_free);
}

static void scan_init(duckdb_init_info info)
{
	const EnLibrary *lib = en_library(NULL);
	const Bind *bind = lib->init_get_bind_data(info);
	Global *global = g_new0(Global, 1);
	global->n_columns = (guint)lib->init_get_column_count(info);
	global->columns = g_new0(idx_t, global->n_columns + 1);
	for (guint i = 0; i < global->n_columns; i++)
		global->columns[i] = lib->init_get_column_index(info, i);
	lib->init_set_max_threads(info, MAX(1, bind->relation->n_pieces));
	lib->init_set_init_data(info, global, global_free);
}

static void scan_local(duckdb_init_info info)
{
	en_library(NULL)->init_set_init_data(info, g_new0(Local, 1), g_free);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void copy_validity(const EnLibrary *lib, duckdb_vector vector, const guint64 *valid, gsize from,
						  gsize n)
{
	if (valid == NULL)
		return;
	lib->vector_ensure_validity_writable(vector);
	uint64_t *to = lib->vector_get_validity(vector);
	memset(to, 0, (n + 63) / 64 * 8);
	for (gsize i = 0; i < n; i++)
		to[i / 64] |= ((valid[(from + i) / 64] >> ((from + i) % 64)) & 1) << (i % 64);
}

static void narrow(const guint32 *codes, gsize n, gsize size, void *to)
{
	if (size == 4)
		memcpy(to, codes, n * sizeof *codes);
	else if (size == 2)
		for (gsize i = 0; i < n; i++)
			((guint16 *)to)[i] = (guint16)codes[i];
	else
		for (gsize i = 0; i < n; i++)
			((guint8 *)to)[i] = (guint8)codes[i];
}

static void fill(const Bind *bind, const EnColumn *column, duckdb_vector vector, guint piece, gsize from, gsize n)
{
	const EnLibrary *lib = bind->lib;
	const EnVector *v = &column->vectors[piece];
	duckdb_string_t *strings = lib->vector_get_data(vector);
	if (column->words != NULL && !bind->plain) {
		narrow((const guint32 *)v->values + from, n, column->code_size, strings);
	} else if (column->layout == EN_FLAT) {
		memcpy(strings, (const char *)v->values + from * column->size, n * column->size);
	} else if (column->layout == EN_CODES) {
		const guint32 *codes = (const guint32 *)v->values + from;
		for (gsize i = 0; i < n; i++)
			strings[i] = column->strings[codes[i]];
	} else {
		const guint64 *offsets = (const guint64 *)v->values + from;
		for (gsize i = 0; i < n; i++)
			strings[i] = en_string(v->bytes + offsets[i], offsets[i + 1] - offsets[i]);
	}
	copy_validity(lib, vector, v->valid, from, n);
}

static void scan_rows(duckdb_function_info info, duckdb_data_chunk output)
{
	const EnLibrary *lib = en_library(NULL);
	const Bind *bind = lib->function_get_bind_data(info);
	Global *global = lib->function_get_init_data(info);
	Local *local = lib->function_get_local_init_data(info);
	const EnRelation *relation = bind->relation;
	while (!local->started || local->row >= relation->piece_rows[local->piece]) {
		local->piece = (guint)g_atomic_int_add(&global->next_piece, 1);
		local->row = 0;
		local->started = local->piece < relation->n_pieces;
		if (local->started)
			continue;
		lib->data_chunk_set_size(output, 0);
		return;
	}
	gsize n = MIN(relation->piece_rows[local->piece] - local->row, (gsize)lib->vector_size());
	for (guint i = 0; i < global->n_columns; i++)
		/* count(*) asks for a column that is none */
		if (global->columns[i] < relation->n_columns)
			fill(bind, &relation->columns[global->columns[i]], lib->data_chunk_get_vector(output, i),
				 local->piece, local->row, n);
	local->row += n;
	lib->data_chunk_set_size(output, n);
}

gboolean en_scan_register(const EnLibrary *lib, duckdb_connection connection, GPtrArray *relations)
{
	duckdb_table_function function = lib->create_table_function();
	duckdb_logical_type integer = lib->create_logical_type(DUCKDB_TYPE_BIGINT);
	lib->table_function_set_name(function, "stet_scan");
	lib->table_function_add_parameter(function, integer);
	lib->table_function_set_extra_info(function, relations, NULL);
	lib->table_function_set_bind(function, scan_bind);
	lib->table_function_set_init(function, scan_init);
	lib->table_function_set_local_init(function, scan_local);
	lib->table_function_set_function(function, scan_rows);
	lib->table_function_supports_projection_pushdown(function, true);
	gboolean fine = lib->register_table_function(connection, function) == DuckDBSuccess;
	lib->destroy_logical_type(&integer);
	lib->destroy_table_function(&function);
	return fine;
}
