/* What a dataset page says of each column. */
#include "private.h"

#include <math.h>
#include <string.h>

#define BINS 20
#define TOP 5

static void keep_top(StetSummary *summary, const char *text, gsize count)
{
	guint at = summary->n_top;
	/* ties stay in byte order: values come sorted, and only a larger count moves ahead */
	while (at > 0 && summary->top_count[at - 1] < count)
		at--;
	if (at == TOP)
		return;
	if (summary->n_top == TOP)
		g_free(summary->top[--summary->n_top]);
	memmove(&summary->top[at + 1], &summary->top[at], (summary->n_top - at) * sizeof summary->top[0]);
	memmove(&summary->top_count[at + 1], &summary->top_count[at],
			(summary->n_top - at) * sizeof summary->top_count[0]);
	summary->top[at] = g_strdup(text);
	summary->top_count[at] = count;
	summary->n_top++;
}

static gboolean is_valid(const StetVector *v, gsize row)
{
	return v->valid == NULL || ((v->valid[row / 64] >> (row % 64)) & 1);
}

/* ---- text ---------------------------------------------------------------------------------- */

static void summarise_codes(const StetDataset *dataset, const StetColumn *column, StetSummary *summary)
{
	g_autofree gsize *counts = g_new0(gsize, column->dictionary_size + 1);
	for (guint p = 0; p < dataset->n_pieces; p++) {
		const StetVector *v = &column->vectors[p];
		const guint32 *codes = v->values;
		for (gsize i = 0; i < v->rows; i++)
			if (is_valid(v, i))
				counts[codes[i]]++;
	}
	for (guint code = 0; code < column->dictionary_size; code++) {
		if (counts[code] == 0)
			continue;
		const char *text = column->dictionary[code];
		summary->count += counts[code];
		summary->distinct++;
		if (summary->minimum == NULL)
			summary->minimum = g_strdup(text);
		g_free(summary->maximum);
		summary->maximum = g_strdup(text);
		keep_top(summary, text, counts[code]);
	}
}

static int by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void summarise_text(const StetDataset *dataset, const StetColumn *column, StetSummary *summary)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	for (guint p = 0; p < dataset->n_pieces; p++)
		for (gsize i = 0; i < column->vectors[p].rows; i++)
			if (is_valid(&column->vectors[p], i))
				g_ptr_array_add(texts, ds_cell_text(column, p, i));
	g_ptr_array_sort(texts, by_text);
	summary->count = texts->len;
	for (guint i = 0, run; i < texts->len; i += run) {
		const char *text = texts->pdata[i];
		for (run = 1; i + run < texts->len && g_str_equal(texts->pdata[i + run], text);)
			run++;
		summary->distinct++;
		keep_top(summary, text, run);
	}
	if (texts->len > 0) {
		summary->minimum = g_strdup(texts->pdata[0]);
		summary->maximum = g_strdup(texts->pdata[texts->len - 1]);
	}
}

/* ---- numbers, dates ------------------------------------------------------------------------ */

/* A cell as an unsigned number in the column's order, and back: what a radix sort wants. */
#define SIGN (G_GUINT64_CONSTANT(1) << 63)

static guint64 key_at(const StetColumn *column, guint p, gsize row)
{
	const void *values = column->vectors[p].values;
	guint64 bits;
	switch (column->kind) {
	case STET_COLUMN_DOUBLE:
		memcpy(&bits, &((const double *)values)[row], sizeof bits);
		return bits == SIGN ? SIGN : bits & SIGN ? ~bits : bits | SIGN; /* -0 is 0 */
	case STET_COLUMN_BOOL:
		return ((const guint8 *)values)[row] | SIGN;
	case STET_COLUMN_DATE:
		return (guint64)(gint64)((const gint32 *)values)[row] ^ SIGN;
	default:
		return (guint64)((const gint64 *)values)[row] ^ SIGN;
	}
}

static double key_number(const StetColumn *column, guint64 key)
{
	if (column->kind == STET_COLUMN_DOUBLE) {
		guint64 bits = key & SIGN ? key ^ SIGN : ~key;
		double number;
		memcpy(&number, &bits, sizeof number);
		return number;
	}
	double whole = (double)(gint64)(key ^ SIGN);
	return column->kind == STET_COLUMN_DECIMAL ? whole / (double)ds_powers[column->scale] : whole;
}

/* Least significant byte first; a byte that all keys share costs one count. Returns where they ended up. */
static guint64 *sort_keys(guint64 *keys, guint64 *spare, gsize n)
{
	for (guint shift = 0; shift < 64; shift += 8) {
		gsize starts[257] = {0};
		for (gsize i = 0; i < n; i++)
			starts[((keys[i] >> shift) & 255) + 1]++;
		if (starts[((keys[0] >> shift) & 255) + 1] == n)
			continue;
		for (guint b = 1; b < 257; b++)
			starts[b] += starts[b - 1];
		for (gsize i = 0; i < n; i++)
			spare[starts[(keys[i] >> shift) & 255]++] = keys[i];
		guint64 *sorted = spare;
		spare = keys;
		keys = sorted;
	}
	return keys;
}

/* Text of a value, from any row that holds it (g_free). */
static char *key_text(const StetDataset *dataset, const StetColumn *column, guint64 key)
{
	for (guint p = 0; p < dataset->n_pieces; p++)
		for (gsize i = 0; i < column->vectors[p].rows; i++)
			if (key_at(column, p, i) == key && is_valid(&column->vectors[p], i))
				return ds_cell_text(column, p, i);
	return NULL;
}

/* Linear interpolation between the closest ranks (Hyndman and Fan's type 7, R's default). */
static double quantile(const StetColumn *column, const guint64 *keys, gsize n, double q)
{
	double at = q * (double)(n - 1);
	gsize low = (gsize)at;
	double number = key_number(column, keys[low]), next = key_number(column, keys[MIN(low + 1, n - 1)]);
	return number + (at - (double)low) * (next - number);
}

static void fill_numbers(const StetColumn *column, const guint64 *keys, gsize n, StetSummary *summary)
{
	if (column->kind != STET_COLUMN_INT && column->kind != STET_COLUMN_DECIMAL &&
		column->kind != STET_COLUMN_DOUBLE)
		return;
	double sum = 0, low = key_number(column, keys[0]), width = (key_number(column, keys[n - 1]) - low) / BINS;
	for (gsize i = 0; i < n; i++) {
		double number = key_number(column, keys[i]);
		sum += number;
		gsize bin = width > 0 ? (gsize)((number - low) / width) : 0;
		summary->histogram[MIN(bin, BINS - 1)]++;
	}
	summary->mean = sum / (double)n;
	for (int i = 0; i < 5; i++)
		summary->quantiles[i] = quantile(column, keys, n, i * 0.25);
}

/* Distinct values and the most frequent ones: at most TOP texts are made, not one a value. */
static void count_runs(const StetDataset *dataset, const StetColumn *column, const guint64 *keys, gsize n,
					   StetSummary *summary)
{
	guint64 top[TOP];
	gsize counts[TOP];
	guint n_top = 0;
	for (gsize i = 0, run; i < n; i += run) {
		for (run = 1; i + run < n && keys[i + run] == keys[i];)
			run++;
		summary->distinct++;
		guint at = n_top;
		while (at > 0 && counts[at - 1] < run)
			at--;
		if (at == TOP)
			continue;
		n_top = MIN(n_top + 1, TOP);
		memmove(&top[at + 1], &top[at], (n_top - 1 - at) * sizeof top[0]);
		memmove(&counts[at + 1], &counts[at], (n_top - 1 - at) * sizeof counts[0]);
		top[at] = keys[i];
		counts[at] = run;
	}
	for (guint i = 0; i < n_top; i++) {
		summary->top[i] = key_text(dataset, column, top[i]);
		summary->top_count[i] = counts[i];
	}
	summary->n_top = n_top;
}

static void summarise_values(const StetDataset *dataset, const StetColumn *column, StetSummary *summary)
{
	g_autofree guint64 *room = g_new(guint64, 2 * dataset->rows + 2);
	gsize n = 0;
	for (guint p = 0; p < dataset->n_pieces; p++)
		for (gsize i = 0; i < column->vectors[p].rows; i++)
			if (is_valid(&column->vectors[p], i))
				room[n++] = key_at(column, p, i);
	summary->count = n;
	if (n == 0)
		return;
	const guint64 *keys = sort_keys(room, room + dataset->rows + 1, n);
	count_runs(dataset, column, keys, n, summary);
	summary->minimum = key_text(dataset, column, keys[0]);
	summary->maximum = key_text(dataset, column, keys[n - 1]);
	fill_numbers(column, keys, n, summary);
}

static void summarise(gsize index, guint worker, gpointer data)
{
	const StetDataset *dataset = data;
	const StetColumn *column = &dataset->columns[index];
	StetSummary *summary = &dataset->summaries[index];
	(void)worker;
	summary->mean = NAN;
	for (int i = 0; i < 5; i++)
		summary->quantiles[i] = NAN;
	if (column->kind == STET_COLUMN_CODES)
		summarise_codes(dataset, column, summary);
	else if (column->kind == STET_COLUMN_TEXT)
		summarise_text(dataset, column, summary);
	else
		summarise_values(dataset, column, summary);
	summary->missing = dataset->rows - summary->count;
}

void stet_dataset_summarise(StetDataset *dataset, guint jobs)
{
	if (dataset->summaries != NULL)
		return;
	dataset->summaries = g_new0(StetSummary, dataset->n_columns + 1);
	stet_parallel(jobs, dataset->n_columns, summarise, dataset);
}
