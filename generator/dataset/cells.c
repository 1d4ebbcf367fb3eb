/* A batch of one column's cells to values. Whatever depends on a text alone (missing, encoding, format,
 * constraints) is decided once a different text, when the dictionary first meets it. */
#include "private.h"

#include <string.h>

void ds_cell_fault(DsWork *work, DsBatch *batch, guint column, guint row, const char *code, char *message,
				   char *mend)
{
	guint line = 0, byte_column = 1;
	const char *start = batch->start[row], *end = batch->end[row];
	const StetText *cell = &batch->cells[(gsize)column * DS_BATCH + row];
	if (work->dialect->records)
		byte_column = column + 1;
	else if (cell->ptr >= start && cell->ptr <= end)
		byte_column = (guint)(cell->ptr - start) + 1;
	else
		ds_rows_locate(work->dialect, start, (gsize)(end - start), column, &line, &byte_column);
	batch->bad[row] = TRUE;
	DsFault *fault =
		ds_fault(work->faults, STET_ERROR, code, batch->line[row] + line, byte_column, message, mend);
	if (fault != NULL) {
		fault->row = row;
		fault->column = (int)column;
	}
}

/* A missing value in row `row`. */
static void miss(const DsColumn *column, DsWork *work, DsBatch *batch, guint at, guint row)
{
	gsize i = work->rows + row;
	work->valid[i / 64] &= ~(G_GUINT64_CONSTANT(1) << (i % 64));
	work->missing++;
	if (column->field->required)
		ds_cell_fault(work, batch, at, row, "value-required",
					  g_strdup_printf("'%s' is required but missing", column->field->name), NULL);
}

static void wrong(const DsColumn *column, DsWork *work, DsBatch *batch, guint at, guint row, const char *code,
				  char *why, char *mend)
{
	g_autofree char *excerpt = ds_excerpt(batch->cells[(gsize)at * DS_BATCH + row]);
	g_autofree char *reason = why;
	gsize i = work->rows + row;
	work->valid[i / 64] &= ~(G_GUINT64_CONSTANT(1) << (i % 64));
	work->missing++;
	ds_cell_fault(work, batch, at, row, code,
				  g_strdup_printf("'%s' %s: %s", column->field->name, reason, excerpt), mend);
}

/* ---- text ---------------------------------------------------------------------------------- */

static guint8 judge(const DsColumn *column, StetText cell)
{
	const char *code = NULL;
	g_autofree char *mend = NULL;
	if (ds_is_missing(column, cell))
		return DS_MISSING;
	g_autofree char *why = column->check(column, cell, &code, &mend);
	return why == NULL ? DS_FINE : DS_WRONG;
}

static void accuse(const DsColumn *column, DsWork *work, DsBatch *batch, guint at, guint row)
{
	const char *code = "value-type";
	char *mend = NULL;
	char *why = column->check(column, batch->cells[(gsize)at * DS_BATCH + row], &code, &mend);
	wrong(column, work, batch, at, row, code, why, mend);
}

static void parse_codes(const DsColumn *column, DsWork *work, DsBatch *batch, guint at)
{
	const StetText *cells = batch->cells + (gsize)at * DS_BATCH;
	DsDictionary *dictionary = &work->dictionary;
	guint32 *values = (guint32 *)work->values + work->rows;
	StetText last = {NULL, 0};
	guint32 last_code = 0;
	for (guint row = 0; row < batch->n; row++) {
		StetText cell = cells[row];
		/* neighbours are often alike */
		if (row > 0 && cell.len == last.len && memcmp(cell.ptr, last.ptr, cell.len) == 0) {
			values[row] = last_code;
		} else {
			gboolean fresh;
			values[row] = last_code = ds_dictionary_code(dictionary, cell, &fresh);
			last = cell;
			if (fresh)
				dictionary->verdicts[last_code] = judge(column, cell);
		}
		guint8 verdict = dictionary->verdicts[last_code];
		if (verdict == DS_MISSING)
			miss(column, work, batch, at, row);
		else if (verdict == DS_WRONG)
			accuse(column, work, batch, at, row);
	}
}

static void parse_text(const DsColumn *column, DsWork *work, DsBatch *batch, guint at)
{
	const StetText *cells = batch->cells + (gsize)at * DS_BATCH;
	guint64 *offsets = (guint64 *)work->values + work->rows;
	for (guint row = 0; row < batch->n; row++) {
		guint8 verdict = judge(column, cells[row]);
		offsets[row] = work->bytes->len;
		if (verdict == DS_FINE)
			g_byte_array_append(work->bytes, (const guint8 *)cells[row].ptr, (guint)cells[row].len);
		else if (verdict == DS_MISSING)
			miss(column, work, batch, at, row);
		else
			accuse(column, work, batch, at, row);
	}
	offsets[batch->n] = work->bytes->len;
}

/* ---- values -------------------------------------------------------------------------------- */

static inline gboolean is_missing(const DsColumn *column, StetText cell)
{
	return column->only_empty_missing ? cell.len == 0 : ds_is_missing(column, cell);
}

/* One cell in full: type, then constraints. FALSE after a fault. */
static gboolean read_value(const DsColumn *column, DsWork *work, DsBatch *batch, guint at, guint row,
						   DsValue *value)
{
	StetText cell = batch->cells[(gsize)at * DS_BATCH + row];
	const char *code = "value-type";
	char *mend = NULL;
	char *why = ds_value_read(column, cell, value, &code, &mend);
	if (why == NULL)
		why = ds_limits_value(column, value, cell, &code, &mend);
	if (why == NULL)
		return TRUE;
	wrong(column, work, batch, at, row, code, why, mend);
	return FALSE;
}

#define PARSE_VALUES(function, ctype, member)                                                                \
	static void function(const DsColumn *column, DsWork *work, DsBatch *batch, guint at)                     \
	{                                                                                                        \
		const StetText *cells = batch->cells + (gsize)at * DS_BATCH;                                         \
		ctype *values = (ctype *)work->values + work->rows; /* NOLINT(bugprone-macro-parentheses): a type */ \
		for (guint row = 0; row < batch->n; row++) {                                                         \
			DsValue value = {0};                                                                             \
			values[row] = 0;                                                                                 \
			if (is_missing(column, cells[row]))                                                              \
				miss(column, work, batch, at, row);                                                          \
			else if (read_value(column, work, batch, at, row, &value))                                       \
				values[row] = (ctype)value.member;                                                           \
		}                                                                                                    \
	}

PARSE_VALUES(parse_long, gint64, integer)
PARSE_VALUES(parse_day, gint32, integer)
PARSE_VALUES(parse_byte, guint8, integer)
PARSE_VALUES(parse_double, double, number)

/* Brings the rows so far to a larger scale. */
static void widen(DsWork *work, const gint64 *end, int scale)
{
	for (gint64 *v = work->values; v < end; v++)
		if (!ds_rescale(v, work->scale, scale))
			work->wants_double = TRUE;
	work->scale = scale;
}

static void parse_decimal(const DsColumn *column, DsWork *work, DsBatch *batch, guint at)
{
	const StetText *cells = batch->cells + (gsize)at * DS_BATCH;
	gint64 *values = (gint64 *)work->values + work->rows;
	gboolean plain = column->decimal == '.' && column->group == 0 && column->bare;
	const DsLimits *limits = &column->limits;
	gboolean limited = limits->has_min || limits->has_max || limits->n_allowed > 0;
	if (column->scale >= 0)
		work->scale = column->scale;
	for (guint row = 0; row < batch->n; row++) {
		DsValue value = {0};
		values[row] = 0;
		if (is_missing(column, cells[row])) {
			miss(column, work, batch, at, row);
			continue;
		}
		if (!plain || limited || !ds_parse_decimal(cells[row], &value.integer, &value.scale) ||
			(column->scale >= 0 && value.scale > column->scale)) {
			value.scale = 0;
			if (!read_value(column, work, batch, at, row, &value))
				continue;
			if (value.scale < 0) {
				work->wants_double = TRUE;
				continue;
			}
		}
		if (value.scale > work->scale)
			widen(work, values + row, value.scale);
		if (value.scale < work->scale && !ds_rescale(&value.integer, value.scale, work->scale)) {
			value.integer = 0;
			if (column->scale >= 0)
				wrong(column, work, batch, at, row, "value-overflow",
					  g_strdup("is too large for an exact decimal"), NULL);
			else
				work->wants_double = TRUE;
		}
		values[row] = value.integer;
	}
}

DsParse ds_parse_of(StetColumnKind kind)
{
	static const DsParse parsers[] = {
		[STET_COLUMN_CODES] = parse_codes,   [STET_COLUMN_TEXT] = parse_text,
		[STET_COLUMN_INT] = parse_long,      [STET_COLUMN_DECIMAL] = parse_decimal,
		[STET_COLUMN_DOUBLE] = parse_double, [STET_COLUMN_BOOL] = parse_byte,
		[STET_COLUMN_DATE] = parse_day,      [STET_COLUMN_TIME] = parse_long,
		[STET_COLUMN_TIMESTAMP] = parse_long};
	return parsers[kind];
}
