/* Cells of a loaded dataset as text, and rows as places. */
#include "private.h"

#include <string.h>

/* Piece of a row of the dataset; `row` becomes its number in the piece. */
static guint piece_of(const StetDataset *dataset, gsize *row)
{
	guint p = 0;
	while (p + 1 < dataset->n_pieces && *row >= dataset->piece_rows[p])
		*row -= dataset->piece_rows[p++];
	return p;
}

StetPlace stet_dataset_place(const StetDataset *dataset, gsize row)
{
	g_return_val_if_fail(row < dataset->rows, ((StetPlace){NULL, 0, 0}));
	guint p = piece_of(dataset, &row);
	guint line = dataset->piece_lines[p] != NULL ? dataset->piece_lines[p][row]
												 : dataset->piece_first_line[p] + (guint)row;
	return (StetPlace){dataset->sources[dataset->piece_source[p]].path, line, 0};
}

static char *date_text(gint64 days)
{
	int year, month, day;
	stet_date_split((gint32)days, &year, &month, &day);
	return g_strdup_printf("%04d-%02d-%02d", year, month, day);
}

static char *clock_text(gint64 micros)
{
	int seconds = (int)(micros / G_USEC_PER_SEC), rest = (int)(micros % G_USEC_PER_SEC);
	char *whole = g_strdup_printf("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
	if (rest == 0)
		return whole;
	char *text = g_strdup_printf("%s.%06d", whole, rest);
	g_free(whole);
	return text;
}

static char *moment_text(gint64 micros)
{
	const gint64 day = (gint64)86400 * G_USEC_PER_SEC;
	gint64 days = micros / day - (micros % day < 0);
	g_autofree char *date = date_text(days), *clock = clock_text(micros - days * day);
	return g_strconcat(date, "T", clock, NULL);
}

static char *decimal_text(gint64 mantissa, int scale)
{
	guint64 size = mantissa < 0 ? -(guint64)mantissa : (guint64)mantissa, unit = (guint64)ds_powers[scale];
	if (scale == 0)
		return g_strdup_printf("%" G_GINT64_FORMAT, mantissa);
	char *text = g_strdup_printf("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT, mantissa < 0 ? "-" : "",
								 size / unit, scale, size % unit);
	/* canonical numbers carry no zeros they do not need */
	gsize n = strlen(text);
	while (text[n - 1] == '0')
		text[--n] = 0;
	if (text[n - 1] == '.')
		text[n - 1] = 0;
	return text;
}

static char *double_text(double value)
{
	char buffer[STET_NUMBER_MAX];
	return g_strdup(stet_number_text(value, buffer));
}

char *ds_cell_text(const StetColumn *column, guint piece, gsize row)
{
	const StetVector *v = &column->vectors[piece];
	const guint64 *offsets = v->values;
	if (v->valid != NULL && !((v->valid[row / 64] >> (row % 64)) & 1))
		return NULL;
	switch (column->kind) {
	case STET_COLUMN_CODES:
		return g_strdup(column->dictionary[((const guint32 *)v->values)[row]]);
	case STET_COLUMN_TEXT:
		return g_strndup(v->bytes + offsets[row], offsets[row + 1] - offsets[row]);
	case STET_COLUMN_INT:
		return g_strdup_printf("%" G_GINT64_FORMAT, ((const gint64 *)v->values)[row]);
	case STET_COLUMN_DECIMAL:
		return decimal_text(((const gint64 *)v->values)[row], column->scale);
	case STET_COLUMN_DOUBLE:
		return double_text(((const double *)v->values)[row]);
	case STET_COLUMN_BOOL:
		return g_strdup(((const guint8 *)v->values)[row] ? "true" : "false");
	case STET_COLUMN_DATE:
		return date_text(((const gint32 *)v->values)[row]);
	case STET_COLUMN_TIME:
		return clock_text(((const gint64 *)v->values)[row]);
	case STET_COLUMN_TIMESTAMP:
		return moment_text(((const gint64 *)v->values)[row]);
	}
	g_assert_not_reached();
}

char *stet_dataset_cell_text(const StetDataset *dataset, guint column, gsize row)
{
	g_return_val_if_fail(row < dataset->rows && column < dataset->n_columns, NULL);
	guint p = piece_of(dataset, &row);
	return ds_cell_text(&dataset->columns[column], p, row);
}
