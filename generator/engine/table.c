/* Result tables: cells in row-major order, texts in one chunk. */
#include "private.h"

#include <math.h>
#include <string.h>

StetTable *stet_table_new(guint n_columns)
{
	StetTable *table = g_new0(StetTable, 1);
	table->n_columns = n_columns;
	table->columns = g_new0(StetTableColumn, n_columns + 1);
	table->texts = g_string_chunk_new(4096);
	return table;
}

void stet_table_free(StetTable *table)
{
	if (table == NULL)
		return;
	for (guint c = 0; c < table->n_columns; c++)
		g_free(table->columns[c].name);
	g_free(table->columns);
	g_free(table->cells);
	g_string_chunk_free(table->texts);
	g_free(table);
}

int stet_table_column(const StetTable *table, const char *name)
{
	for (guint c = 0; c < table->n_columns; c++)
		if (strcmp(table->columns[c].name, name) == 0)
			return (int)c;
	return -1;
}

const StetCell *stet_table_cell(const StetTable *table, gsize row, guint column)
{
	g_return_val_if_fail(row < table->n_rows && column < table->n_columns, NULL);
	return &table->cells[row * table->n_columns + column];
}

StetCell *stet_table_append(StetTable *table)
{
	gsize row = table->n_rows++;
	/* rooms double: a power of two of rows is full */
	if ((row & (row - 1)) == 0)
		table->cells = g_realloc_n(table->cells, MAX(row * 2, 1) * table->n_columns + 1, sizeof(StetCell));
	StetCell *cells = table->cells + row * table->n_columns;
	memset(cells, 0, table->n_columns * sizeof *cells);
	return cells;
}

StetCell stet_table_text(StetTable *table, const char *text)
{
	return (StetCell){STET_TEXT, {.s = g_string_chunk_insert_const(table->texts, text)}};
}

void stet_table_take_texts(StetTable *table, StetTable *from)
{
	GStringChunk *none = table->texts;
	table->texts = from->texts;
	from->texts = none;
}

double stet_cell_number(const StetCell *cell)
{
	switch (cell->kind) {
	case STET_BOOL:
		return cell->v.b ? 1 : 0;
	case STET_INT:
		return (double)cell->v.i;
	case STET_NUMBER:
		return cell->v.n;
	default:
		return NAN;
	}
}

static char *date_text(gint64 days)
{
	int year, month, day;
	stet_date_split((gint32)days, &year, &month, &day);
	return g_strdup_printf("%04d-%02d-%02d", year, month, day);
}

static char *timestamp_text(gint64 micros)
{
	const gint64 day = (gint64)86400 * G_USEC_PER_SEC;
	gint64 days = micros / day - (micros % day < 0), rest = micros - days * day;
	int seconds = (int)(rest / G_USEC_PER_SEC), fraction = (int)(rest % G_USEC_PER_SEC);
	g_autofree char *date = date_text(days);
	g_autofree char *part = fraction != 0 ? g_strdup_printf(".%06d", fraction) : g_strdup("");
	return g_strdup_printf("%sT%02d:%02d:%02d%s", date, seconds / 3600, seconds / 60 % 60, seconds % 60,
						   part);
}

char *stet_cell_text(const StetCell *cell)
{
	char number[STET_NUMBER_MAX];
	switch (cell->kind) {
	case STET_BOOL:
		return g_strdup(cell->v.b ? "true" : "false");
	case STET_INT:
		return g_strdup_printf("%" G_GINT64_FORMAT, cell->v.i);
	case STET_NUMBER:
		return g_strdup(stet_number_text(cell->v.n, number));
	case STET_TEXT:
		return g_strdup(cell->v.s);
	case STET_DATE:
		return date_text(cell->v.i);
	case STET_TIMESTAMP:
		return timestamp_text(cell->v.i);
	default:
		return g_strdup("");
	}
}

/* Kinds in the order of a total order: nulls, then numbers together, then the rest. */
static int rank_of(StetKind kind)
{
	return kind == STET_NUMBER || kind == STET_BOOL ? STET_INT : (int)kind;
}

int stet_cell_compare(const StetCell *a, const StetCell *b)
{
	int ra = rank_of(a->kind), rb = rank_of(b->kind);
	if (ra != rb)
		return ra < rb ? -1 : 1;
	if (a->kind == STET_NULL)
		return 0;
	if (a->kind == STET_TEXT)
		return strcmp(a->v.s, b->v.s);
	if (a->kind == b->kind && a->kind != STET_NUMBER && a->kind != STET_BOOL)
		return a->v.i < b->v.i ? -1 : a->v.i > b->v.i;
	double x = stet_cell_number(a), y = stet_cell_number(b);
	return x < y ? -1 : x > y;
}

/* ---- writers ------------------------------------------------------------------------------- */

/* RFC 4180, 2.6: quoted where it holds a comma, a quote or a line end; also edge spaces. */
static void write_csv_text(const char *text, GString *out)
{
	gsize n = strlen(text);
	if (n > 0 && strpbrk(text, ",\"\r\n") == NULL && text[0] != ' ' && text[n - 1] != ' ') {
		g_string_append(out, text);
		return;
	}
	g_string_append_c(out, '"');
	for (const char *p = text; *p != 0; p++) {
		if (*p == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *p);
	}
	g_string_append_c(out, '"');
}

static void write_csv_cell(const StetCell *cell, gboolean guard, GString *out)
{
	g_autofree char *text = stet_cell_text(cell);
	if (cell->kind != STET_TEXT) {
		g_string_append(out, text);
		return;
	}
	/* what spreadsheets take for the start of a formula (OWASP, CSV injection) */
	if (guard && *text != 0 && strchr("=+-@\t\r", *text) != NULL) {
		g_autofree char *guarded = g_strconcat("'", text, NULL);
		write_csv_text(guarded, out);
		return;
	}
	/* an empty text is told from a null by its quotes */
	write_csv_text(text, out);
}

void stet_table_write_csv(const StetTable *table, gboolean guard, GString *out)
{
	for (guint c = 0; c < table->n_columns; c++) {
		if (c > 0)
			g_string_append_c(out, ',');
		write_csv_text(table->columns[c].name, out);
	}
	g_string_append_c(out, '\n');
	for (gsize row = 0; row < table->n_rows; row++) {
		for (guint c = 0; c < table->n_columns; c++) {
			if (c > 0)
				g_string_append_c(out, ',');
			const StetCell *cell = stet_table_cell(table, row, c);
			/* an empty line would be no row at all */
			if (cell->kind == STET_NULL && table->n_columns == 1)
				g_string_append(out, "\"\"");
			else
				write_csv_cell(cell, guard, out);
		}
		g_string_append_c(out, '\n');
	}
}

static void write_json_cell(const StetCell *cell, GString *out)
{
	g_autofree char *text = stet_cell_text(cell);
	switch (cell->kind) {
	case STET_NULL:
		g_string_append(out, "null");
		break;
	case STET_BOOL:
	case STET_INT:
		g_string_append(out, text);
		break;
	case STET_NUMBER:
		g_string_append(out, *text != 0 ? text : "null");
		break;
	default:
		stet_json_string(out, text);
	}
}

void stet_table_write_json(const StetTable *table, GString *out)
{
	g_string_append_c(out, '[');
	for (gsize row = 0; row < table->n_rows; row++) {
		g_string_append(out, row > 0 ? ",\n{" : "\n{");
		for (guint c = 0; c < table->n_columns; c++) {
			if (c > 0)
				g_string_append(out, ", ");
			stet_json_string(out, table->columns[c].name);
			g_string_append(out, ": ");
			write_json_cell(stet_table_cell(table, row, c), out);
		}
		g_string_append_c(out, '}');
	}
	g_string_append(out, table->n_rows > 0 ? "\n]\n" : "]\n");
}
