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

typedef struct {
	double number;
	guint piece;
	gsize row;
} Value;

static double number_at(const StetColumn *column, guint p, gsize row)
{
	const void *values = column->vectors[p].values;
	switch (column->kind) {
	case STET_COLUMN_DOUBLE:
		return ((const double *)values)[row];
	case STET_COLUMN_BOOL:
		return ((const guint8 *)values)[row];
	case STET_COLUMN_DATE:
		return ((const gint32 *)values)[row];
	case STET_COLUMN_DECIMAL:
		return (double)((const gint64 *)values)[row] / (double)ds_powers[column->scale];
	default:
		return (double)((const gint64 *)values)[row];
	}
}

/* The exact order of two cells: 64-bit integers do not fit a double. */
static int by_value(gconstpointer a, gconstpointer b, gpointer data)
{
	const StetColumn *column = data;
	const Value *x = a, *y = b;
	if (ds_kind_size(column->kind) == 8 && column->kind != STET_COLUMN_DOUBLE) {
		gint64 i = ((const gint64 *)column->vectors[x->piece].values)[x->row];
		gint64 k = ((const gint64 *)column->vectors[y->piece].values)[y->row];
		return i < k ? -1 : i > k;
	}
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Linear interpolation between the closest ranks (Hyndman and Fan's type 7, R's default). */
static double quantile(const Value *values, gsize n, double q)
{
	double at = q * (double)(n - 1);
	gsize low = (gsize)at;
	double next = values[MIN(low + 1, n - 1)].number;
	return values[low].number + (at - (double)low) * (next - values[low].number);
}

static void fill_numbers(const StetColumn *column, const Value *values, gsize n, StetSummary *summary)
{
	if (column->kind != STET_COLUMN_INT && column->kind != STET_COLUMN_DECIMAL &&
		column->kind != STET_COLUMN_DOUBLE)
		return;
	double sum = 0, low = values[0].number, width = (values[n - 1].number - low) / BINS;
	for (gsize i = 0; i < n; i++) {
		sum += values[i].number;
		gsize bin = width > 0 ? (gsize)((values[i].number - low) / width) : 0;
		summary->histogram[MIN(bin, BINS - 1)]++;
	}
	summary->mean = sum / (double)n;
	for (int i = 0; i < 5; i++)
		summary->quantiles[i] = quantile(values, n, i * 0.25);
}

static void summarise_values(const StetDataset *dataset, const StetColumn *column, StetSummary *summary)
{
	g_autofree Value *values = g_new(Value, dataset->rows + 1);
	gsize n = 0;
	for (guint p = 0; p < dataset->n_pieces; p++)
		for (gsize i = 0; i < column->vectors[p].rows; i++)
			if (is_valid(&column->vectors[p], i))
				values[n++] = (Value){number_at(column, p, i), p, i};
	summary->count = n;
	if (n == 0)
		return;
	g_qsort_with_data(values, (gint)MIN(n, (gsize)G_MAXINT), sizeof *values, by_value, (gpointer)column);
	for (gsize i = 0, run; i < n; i += run) {
		for (run = 1; i + run < n && by_value(&values[i], &values[i + run], (gpointer)column) == 0;)
			run++;
		summary->distinct++;
		if (summary->n_top == TOP && summary->top_count[TOP - 1] >= run)
			continue;
		g_autofree char *text = ds_cell_text(column, values[i].piece, values[i].row);
		keep_top(summary, text, run);
	}
	summary->minimum = ds_cell_text(column, values[0].piece, values[0].row);
	summary->maximum = ds_cell_text(column, values[n - 1].piece, values[n - 1].row);
	fill_numbers(column, values, n, summary);
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
