/* Pieces to a dataset: one dictionary and one scale a column, whoever parsed which piece. */
#include "private.h"

#include <string.h>

/* ---- dictionaries -------------------------------------------------------------------------- */

typedef struct {
	StetText text;
	guint32 code; /* in the joined dictionary, before sorting */
} Entry;

static int by_bytes(gconstpointer a, gconstpointer b)
{
	const Entry *x = a, *y = b;
	int order = memcmp(x->text.ptr, y->text.ptr, MIN(x->text.len, y->text.len));
	if (order != 0)
		return order;
	return x->text.len < y->text.len ? -1 : x->text.len > y->text.len;
}

/* The sorted texts as one block; `rank` maps a code of `all` to its place. */
static void sort_dictionary(StetColumn *column, const DsDictionary *all, guint32 *rank)
{
	Entry *entries = g_new(Entry, all->n + 1);
	gsize bytes = 1;
	for (guint i = 0; i < all->n; i++) {
		entries[i] = (Entry){all->texts[i], i};
		bytes += all->texts[i].len + 1;
	}
	qsort(entries, all->n, sizeof *entries, by_bytes);
	char *block = g_malloc(bytes);
	column->dictionary_size = all->n;
	column->dictionary = g_new0(char *, all->n + 1);
	for (guint i = 0; i < all->n; i++) {
		rank[entries[i].code] = i;
		column->dictionary[i] = block;
		memcpy(block, entries[i].text.ptr, entries[i].text.len);
		block += entries[i].text.len;
		*block++ = 0;
	}
	if (all->n == 0)
		g_free(block);
	g_free(entries);
}

/* For each worker, its codes as codes of the sorted dictionary. */
static guint32 **join_dictionaries(DsLoad *load, guint c)
{
	guint n = load->n_workers;
	DsDictionary all;
	guint32 **maps = g_new0(guint32 *, n + 1);
	ds_dictionary_init(&all);
	for (guint w = 0; w < n; w++) {
		const DsDictionary *d = ds_pass_dictionary(load, w, c);
		maps[w] = g_new0(guint32, d->n + 1);
		for (guint i = 0; i < d->n; i++) {
			gboolean fresh;
			if (d->verdicts[i] == DS_FINE)
				maps[w][i] = ds_dictionary_code(&all, d->texts[i], &fresh);
		}
	}
	g_autofree guint32 *rank = g_new0(guint32, all.n + 1);
	sort_dictionary(&load->dataset->public.columns[c], &all, rank);
	for (guint w = 0; w < n; w++) {
		const DsDictionary *d = ds_pass_dictionary(load, w, c);
		for (guint i = 0; i < d->n; i++)
			maps[w][i] = d->verdicts[i] == DS_FINE ? rank[maps[w][i]] : 0;
	}
	ds_dictionary_clear(&all);
	return maps;
}

static void join_codes(DsLoad *load, guint c)
{
	guint32 **maps = join_dictionaries(load, c);
	for (guint p = 0; p < load->pieces->len; p++) {
		const DsPiece *piece = g_ptr_array_index(load->pieces, p);
		const guint32 *map = maps[piece->worker];
		guint32 *values = piece->vectors[c].values;
		for (gsize i = 0; i < piece->rows; i++)
			values[i] = map[values[i]];
	}
	for (guint w = 0; w < load->n_workers; w++)
		g_free(maps[w]);
	g_free(maps);
}

/* ---- decimals ------------------------------------------------------------------------------ */

/* One scale for all pieces. FALSE if a value does not fit it: the column must become DOUBLE. */
static void join_decimals(DsLoad *load, guint c)
{
	int scale = MAX(load->columns[c].scale, 0);
	for (guint p = 0; p < load->pieces->len; p++)
		scale = MAX(scale, ((DsPiece *)g_ptr_array_index(load->pieces, p))->scales[c]);
	for (guint p = 0; p < load->pieces->len; p++) {
		DsPiece *piece = g_ptr_array_index(load->pieces, p);
		gint64 *values = piece->vectors[c].values;
		for (gsize i = 0; piece->scales[c] < scale && i < piece->rows; i++)
			if (!ds_rescale(&values[i], piece->scales[c], scale))
				piece->wants_double[c] = TRUE;
	}
	load->dataset->public.columns[c].scale = scale;
}

static void join_column(gsize c, guint worker, gpointer data)
{
	DsLoad *load = data;
	(void)worker;
	StetColumn *column = &load->dataset->public.columns[c];
	const StetField *field = load->columns[c].field;
	column->name = field->name;
	column->title = field->title;
	column->unit = field->unit;
	column->field = field;
	column->kind = load->columns[c].kind;
	if (column->kind == STET_COLUMN_CODES)
		join_codes(load, (guint)c);
	else if (column->kind == STET_COLUMN_DECIMAL)
		join_decimals(load, (guint)c);
	column->vectors = g_new0(StetVector, load->pieces->len + 1);
	for (guint p = 0; p < load->pieces->len; p++) {
		DsPiece *piece = g_ptr_array_index(load->pieces, p);
		column->vectors[p] = piece->vectors[c];
		piece->vectors[c] = (StetVector){0};
	}
}

/* ---- all ----------------------------------------------------------------------------------- */

static void join_lines(StetDataset *dataset, DsPiece *piece, guint p)
{
	dataset->piece_rows[p] = piece->rows;
	dataset->piece_source[p] = piece->source;
	dataset->piece_first_line[p] = piece->first_line + piece->first_row_line;
	dataset->piece_lines[p] = g_steal_pointer(&piece->line_of);
	for (gsize i = 0; dataset->piece_lines[p] != NULL && i < piece->rows; i++)
		dataset->piece_lines[p][i] += piece->first_line;
	dataset->rows += piece->rows;
}

static void reject_free(gpointer data)
{
	StetReject *reject = data;
	g_free(reject->rule);
	g_free(reject->record);
	g_free(reject->reason);
	g_free(reject);
}

GPtrArray *ds_rejects_list_new(void)
{
	return g_ptr_array_new_with_free_func(reject_free);
}

static void join_rejects(StetDataset *dataset, const DsPiece *piece)
{
	for (guint i = 0; i < piece->rejects->len; i++) {
		DsReject *from = &g_array_index(piece->rejects, DsReject, i);
		StetReject *reject = g_new0(StetReject, 1);
		*reject =
			(StetReject){piece->source, piece->first_line + from->line, from->rule, from->record, from->reason};
		from->rule = from->record = from->reason = NULL;
		g_ptr_array_add(dataset->rejects, reject);
	}
	g_array_set_size(piece->rejects, 0);
}

static int by_line(gconstpointer a, gconstpointer b)
{
	const StetReject *x = *(StetReject *const *)a, *y = *(StetReject *const *)b;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

void ds_join(DsLoad *load)
{
	StetDataset *dataset = &load->dataset->public;
	guint n = load->pieces->len;
	dataset->n_pieces = n;
	dataset->piece_rows = g_new0(gsize, n + 1);
	dataset->piece_lines = g_new0(guint *, n + 1);
	dataset->piece_first_line = g_new0(guint, n + 1);
	dataset->piece_source = g_new0(guint, n + 1);
	dataset->rejects = ds_rejects_list_new();
	for (guint p = 0; p < n; p++) {
		join_lines(dataset, g_ptr_array_index(load->pieces, p), p);
		join_rejects(dataset, g_ptr_array_index(load->pieces, p));
	}
	g_ptr_array_sort(dataset->rejects, by_line);
	dataset->quarantined = dataset->rejects->len;
	dataset->n_columns = load->n_columns;
	dataset->columns = g_new0(StetColumn, load->n_columns + 1);
	stet_parallel(load->options->jobs, load->n_columns, join_column, load);
}
