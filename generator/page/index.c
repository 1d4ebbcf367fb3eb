/* Rows of metrics found again: by the value of a column, without looking at every row on every page. */
#include "page/private.h"

#include <string.h>

#define NEAR_MAX 5000u /* texts looked at for one like a misspelt one */

/* One metric's; filled as pages ask, under the book's lock. */
typedef struct {
	gsize *all;                   /* 0, 1, 2... */
	GHashTable **columns;         /* by column: text -> GArray of gsize; NULL until asked for */
	guint n_columns;
} MetricIndex;

static void free_rows(gpointer data)
{
	g_array_unref(data);
}

static void free_index(gpointer data)
{
	MetricIndex *index = data;
	for (guint i = 0; i < index->n_columns; i++)
		g_clear_pointer(&index->columns[i], g_hash_table_unref);
	g_free(index->columns);
	g_free(index->all);
	g_free(index);
}

void indexes_init(StetBook *book)
{
	g_mutex_init(&book->index_lock);
	book->indexes = g_hash_table_new_full(NULL, NULL, NULL, free_index);
}

void indexes_clear(StetBook *book)
{
	g_hash_table_unref(book->indexes);
	g_mutex_clear(&book->index_lock);
}

/* The lock behind a const book guards memory of work done, not state. */
static StetBook *memory_of(const StetBook *book)
{
	union { const StetBook *in; StetBook *out; } cast = {book};
	return cast.out;
}

static MetricIndex *index_of(StetBook *book, const StetMetric *metric)
{
	MetricIndex *index = g_hash_table_lookup(book->indexes, metric);
	if (index)
		return index;
	gsize n = metric->table ? metric->table->n_rows : 0;
	index = g_new0(MetricIndex, 1);
	index->n_columns = metric->table ? metric->table->n_columns : 0;
	index->columns = g_new0(GHashTable *, index->n_columns + 1);
	index->all = g_new(gsize, n + 1);
	for (gsize row = 0; row < n; row++)
		index->all[row] = row;
	g_hash_table_insert(book->indexes, (gpointer)metric, index);
	return index;
}

const gsize *all_rows(const StetBook *book, const StetMetric *metric)
{
	StetBook *memory = memory_of(book);
	g_mutex_lock(&memory->index_lock);
	const gsize *rows = index_of(memory, metric)->all;
	g_mutex_unlock(&memory->index_lock);
	return rows;
}

static GHashTable *index_column(const StetMetric *metric, guint column)
{
	GHashTable *texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_rows);
	for (gsize row = 0; row < metric->table->n_rows; row++) {
		char *text = stet_cell_text(stet_table_cell(metric->table, row, column));
		GArray *rows = g_hash_table_lookup(texts, text);
		if (rows) {
			g_free(text);
		} else {
			rows = g_array_new(FALSE, FALSE, sizeof(gsize));
			g_hash_table_insert(texts, text, rows);
		}
		g_array_append_val(rows, row);
	}
	return texts;
}

const gsize *rows_where(const StetBook *book, const StetMetric *metric, guint column, const char *text, gsize *n)
{
	StetBook *memory = memory_of(book);
	g_mutex_lock(&memory->index_lock);
	MetricIndex *index = index_of(memory, metric);
	if (!index->columns[column])
		index->columns[column] = index_column(metric, column);
	const GArray *rows = g_hash_table_lookup(index->columns[column], text);
	g_mutex_unlock(&memory->index_lock);
	*n = rows ? rows->len : 0;
	return rows ? (const gsize *)(gconstpointer)rows->data : index->all;
}

char *nearest_text(const StetMetric *metric, guint column, const char *text)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (gsize row = 0; row < metric->table->n_rows && texts->len < NEAR_MAX; row++) {
		g_autofree char *found = stet_cell_text(stet_table_cell(metric->table, row, column));
		if (!found || g_hash_table_contains(seen, found))
			continue;
		g_hash_table_add(seen, found);
		g_ptr_array_add(texts, g_steal_pointer(&found));
	}
	g_ptr_array_add(texts, NULL);
	return g_strdup(stet_nearest(text, (const char *const *)texts->pdata));
}
