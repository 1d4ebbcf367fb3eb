/* Growing vectors of one piece. */
#include "private.h"

#include <string.h>

gsize ds_kind_size(StetColumnKind kind)
{
	static const guint8 sizes[] = {
		[STET_COLUMN_CODES] = 4,   [STET_COLUMN_TEXT] = 8,   [STET_COLUMN_INT] = 8,
		[STET_COLUMN_DECIMAL] = 8, [STET_COLUMN_DOUBLE] = 8, [STET_COLUMN_BOOL] = 1,
		[STET_COLUMN_DATE] = 4,    [STET_COLUMN_TIME] = 8,   [STET_COLUMN_TIMESTAMP] = 8};
	return sizes[kind];
}

void ds_work_grow(DsWork *work, StetColumnKind kind, gsize n)
{
	gsize want = work->rows + n;
	if (want <= work->capacity)
		return;
	gsize capacity = MAX(want, work->capacity * 2);
	/* one more for the end offset of texts; whole words of validity */
	work->values = g_realloc_n(work->values, capacity + 1, ds_kind_size(kind));
	work->valid = g_renew(guint64, work->valid, capacity / 64 + 1);
	for (gsize i = (work->capacity + 63) / 64; i <= capacity / 64; i++)
		work->valid[i] = G_MAXUINT64;
	if (work->capacity == 0)
		memset(work->valid, 0xFF, (capacity / 64 + 1) * 8);
	work->capacity = capacity;
	if (kind == STET_COLUMN_TEXT && work->bytes == NULL)
		work->bytes = g_byte_array_new();
}

static gboolean is_valid(const DsWork *work, gsize row)
{
	return (work->valid[row / 64] >> (row % 64)) & 1;
}

static void set_valid(DsWork *work, gsize row, gboolean valid)
{
	guint64 bit = G_GUINT64_CONSTANT(1) << (row % 64);
	work->valid[row / 64] = valid ? work->valid[row / 64] | bit : work->valid[row / 64] & ~bit;
}

/* Offsets of texts stay as they are for kept rows: a dropped row's bytes are given to no row, which
 * only the end offset of the row before it would show, so the bytes are moved together as well. */
static void drop_texts(DsWork *work, const DsBatch *batch, gsize first)
{
	guint64 *offsets = work->values;
	gsize to = first;
	guint64 end = offsets[first];
	for (guint i = 0; i < batch->n; i++) {
		guint64 from = offsets[first + i], length = offsets[first + i + 1] - from;
		if (batch->bad[i])
			continue;
		memmove(work->bytes->data + end, work->bytes->data + from, length);
		offsets[to] = end;
		end += length;
		to++;
	}
	offsets[to] = end;
	g_byte_array_set_size(work->bytes, (guint)end);
}

void ds_work_drop(DsWork *work, StetColumnKind kind, const DsBatch *batch)
{
	gsize first = work->rows - batch->n, to = first, size = ds_kind_size(kind);
	char *values = work->values;
	/* lengths of texts are read before their validity moves */
	if (kind == STET_COLUMN_TEXT)
		drop_texts(work, batch, first);
	work->missing = 0;
	for (guint i = 0; i < batch->n; i++) {
		if (batch->bad[i])
			continue;
		if (kind != STET_COLUMN_TEXT)
			memmove(values + to * size, values + (first + i) * size, size);
		set_valid(work, to, is_valid(work, first + i));
		to++;
	}
	for (gsize i = to; i < work->rows; i++)
		set_valid(work, i, TRUE);
	work->rows = to;
	for (gsize i = 0; i < to; i++)
		work->missing += !is_valid(work, i);
}

StetVector ds_work_take(DsWork *work, StetColumnKind kind)
{
	gsize n = work->rows, extra = kind == STET_COLUMN_TEXT ? 1 : 0;
	StetVector vector = {.rows = n};
	if (kind == STET_COLUMN_TEXT && work->bytes == NULL)
		work->bytes = g_byte_array_new();
	if (n > 0)
		vector.values = g_memdup2(work->values, (n + extra) * ds_kind_size(kind));
	else
		vector.values = g_malloc0(8);
	if (kind == STET_COLUMN_TEXT) {
		vector.bytes = g_memdup2(work->bytes->data, work->bytes->len);
		g_byte_array_set_size(work->bytes, 0);
	}
	if (work->missing > 0) {
		vector.valid = g_memdup2(work->valid, (n + 63) / 64 * 8);
		memset(work->valid, 0xFF, (n + 63) / 64 * 8);
	}
	work->rows = 0;
	work->missing = 0;
	work->scale = 0;
	work->last = (StetText){NULL, 0};
	return vector;
}
