/* Datasets and results in the layout of DuckDB's vectors. Numbers and dates of a dataset are scanned
 * where they lie; texts are handed out as the engine's 16-byte string headers that point to them. */
#include "private.h"

#include <string.h>

duckdb_string_t en_string(const char *text, gsize length)
{
	duckdb_string_t s = {0};
	s.value.inlined.length = (uint32_t)length;
	if (length <= sizeof s.value.inlined.inlined) {
		memcpy(s.value.inlined.inlined, text, length);
		return s;
	}
	memcpy(s.value.pointer.prefix, text, sizeof s.value.pointer.prefix);
	s.value.pointer.ptr = (char *)text;
	return s;
}

static const struct {
	duckdb_type type;
	EnLayout layout;
	gsize size;
} KINDS[] = {
	[STET_COLUMN_CODES] = {DUCKDB_TYPE_VARCHAR, EN_CODES, 0},
	[STET_COLUMN_TEXT] = {DUCKDB_TYPE_VARCHAR, EN_OFFSETS, 0},
	[STET_COLUMN_INT] = {DUCKDB_TYPE_BIGINT, EN_FLAT, 8},
	[STET_COLUMN_DECIMAL] = {DUCKDB_TYPE_DECIMAL, EN_FLAT, 8},
	[STET_COLUMN_DOUBLE] = {DUCKDB_TYPE_DOUBLE, EN_FLAT, 8},
	[STET_COLUMN_BOOL] = {DUCKDB_TYPE_BOOLEAN, EN_FLAT, 1},
	[STET_COLUMN_DATE] = {DUCKDB_TYPE_DATE, EN_FLAT, 4},
	[STET_COLUMN_TIME] = {DUCKDB_TYPE_TIME, EN_FLAT, 8},
	[STET_COLUMN_TIMESTAMP] = {DUCKDB_TYPE_TIMESTAMP, EN_FLAT, 8},
};

/* Grouping, joining and comparing codes takes a third of the time that texts take. A dictionary is sorted
 * bytewise, which is the engine's order of texts too, so an enum's order is theirs. Few rows, or hardly any two
 * alike, do not repay the making of the type. */
#define WORDS_MAX (1u << 18)
#define WORDS_ROWS 2048u

static void make_words(EnColumn *column, const StetColumn *from, gsize rows)
{
	const EnLibrary *lib = en_library(NULL);
	gsize n = from->dictionary_size;
	if (lib == NULL || column->layout != EN_CODES || rows < WORDS_ROWS || n == 0 || n > MIN(rows / 4, WORDS_MAX))
		return;
	column->words = lib->create_enum_type((const char **)from->dictionary, n);
	duckdb_type kept = lib->enum_internal_type(column->words);
	column->code_size = kept == DUCKDB_TYPE_UTINYINT ? 1 : kept == DUCKDB_TYPE_USMALLINT ? 2 : 4;
}

gboolean en_relation_has_words(const EnRelation *relation)
{
	for (guint c = 0; c < relation->n_columns; c++)
		if (relation->columns[c].words != NULL)
			return TRUE;
	return FALSE;
}

EnRelation *en_relation_of_dataset(const StetDataset *dataset)
{
	EnRelation *relation = g_new0(EnRelation, 1);
	relation->n_columns = dataset->n_columns;
	relation->n_pieces = dataset->n_pieces;
	relation->rows = dataset->rows;
	relation->piece_rows = g_memdup2(dataset->piece_rows, dataset->n_pieces * sizeof(gsize));
	relation->columns = g_new0(EnColumn, dataset->n_columns + 1);
	for (guint c = 0; c < dataset->n_columns; c++) {
		const StetColumn *from = &dataset->columns[c];
		EnColumn *to = &relation->columns[c];
		to->name = g_strdup(from->name);
		to->type = KINDS[from->kind].type;
		to->layout = KINDS[from->kind].layout;
		to->size = KINDS[from->kind].size;
		to->scale = from->scale;
		to->vectors = g_new0(EnVector, dataset->n_pieces + 1);
		for (guint p = 0; p < dataset->n_pieces; p++) {
			const StetVector *v = &from->vectors[p];
			to->vectors[p] = (EnVector){v->rows, v->values, v->bytes, v->valid};
		}
		to->strings = g_new(duckdb_string_t, from->dictionary_size + 1);
		for (guint i = 0; i < from->dictionary_size; i++)
			to->strings[i] = en_string(from->dictionary[i], strlen(from->dictionary[i]));
		make_words(to, from, dataset->rows);
	}
	return relation;
}

/* ---- results ------------------------------------------------------------------------------- */

static const struct {
	duckdb_type type;
	gsize size;
} CELLS[] = {
	[STET_NULL] = {DUCKDB_TYPE_VARCHAR, sizeof(duckdb_string_t)},
	[STET_BOOL] = {DUCKDB_TYPE_BOOLEAN, 1},
	[STET_INT] = {DUCKDB_TYPE_BIGINT, 8},
	[STET_NUMBER] = {DUCKDB_TYPE_DOUBLE, 8},
	[STET_TEXT] = {DUCKDB_TYPE_VARCHAR, sizeof(duckdb_string_t)},
	[STET_DATE] = {DUCKDB_TYPE_DATE, 4},
	[STET_TIMESTAMP] = {DUCKDB_TYPE_TIMESTAMP, 8},
};

static void copy_cell(EnRelation *relation, EnColumn *column, gsize row, const StetCell *cell, StetKind kind)
{
	guint8 *to = (guint8 *)column->own + row * column->size;
	if (cell->kind == STET_NULL) {
		column->own_valid[row / 64] &= ~(G_GUINT64_CONSTANT(1) << (row % 64));
		return;
	}
	if (kind == STET_TEXT) {
		const char *text = g_string_chunk_insert(relation->texts, cell->v.s);
		duckdb_string_t header = en_string(text, strlen(text));
		memcpy(to, &header, sizeof header);
	} else if (kind == STET_BOOL) {
		*to = cell->v.b ? 1 : 0;
	} else if (kind == STET_DATE) {
		gint32 days = (gint32)cell->v.i;
		memcpy(to, &days, sizeof days);
	} else if (kind == STET_NUMBER) {
		double number = stet_cell_number(cell);
		memcpy(to, &number, sizeof number);
	} else {
		memcpy(to, &cell->v.i, sizeof cell->v.i);
	}
}

EnRelation *en_relation_of_table(const StetTable *table)
{
	EnRelation *relation = g_new0(EnRelation, 1);
	relation->n_columns = table->n_columns;
	relation->n_pieces = 1;
	relation->rows = table->n_rows;
	relation->piece_rows = g_new0(gsize, 1);
	relation->piece_rows[0] = table->n_rows;
	relation->columns = g_new0(EnColumn, table->n_columns + 1);
	relation->texts = g_string_chunk_new(4096);
	for (guint c = 0; c < table->n_columns; c++) {
		StetKind kind = table->columns[c].kind;
		EnColumn *to = &relation->columns[c];
		to->name = g_strdup(table->columns[c].name);
		to->type = CELLS[kind].type;
		to->size = CELLS[kind].size;
		to->own = g_malloc0_n(table->n_rows + 1, to->size);
		to->own_valid = g_new(guint64, table->n_rows / 64 + 1);
		memset(to->own_valid, 0xFF, (table->n_rows / 64 + 1) * sizeof(guint64));
		for (gsize row = 0; row < table->n_rows; row++)
			copy_cell(relation, to, row, stet_table_cell(table, row, c), kind);
		to->vectors = g_new0(EnVector, 1);
		to->vectors[0] = (EnVector){table->n_rows, to->own, NULL, to->own_valid};
	}
	return relation;
}

void en_relation_free(EnRelation *relation)
{
	if (relation == NULL)
		return;
	for (guint c = 0; c < relation->n_columns; c++) {
		EnColumn *column = &relation->columns[c];
		if (column->words != NULL)
			en_library(NULL)->destroy_logical_type(&column->words);
		g_free(column->name);
		g_free(column->strings);
		g_free(column->vectors);
		g_free(column->own);
		g_free(column->own_valid);
	}
	g_free(relation->columns);
	g_free(relation->piece_rows);
	if (relation->texts != NULL)
		g_string_chunk_free(relation->texts);
	g_free(relation);
}
