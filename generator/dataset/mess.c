/* Rows that are not what the header promises: read leniently where there is but one way to read them,
 * told apart where they belong to no row of the table. */
#include "rows.h"

#include <string.h>

/* ---- another way to read a row ------------------------------------------------------------- */

/* The record's cells under another dialect, kept as the batch's; their number, 0 where it cannot be read. */
static guint split_as(DsRows *rows, const DsDialect *trial, const char *record, const char *next,
					  gboolean *rest_empty)
{
	DsOdd odd = {.dialect = trial, .at = record, .end = next, .last = TRUE};
	g_autoptr(GString) text = g_string_new(NULL);
	DsBatch *batch = rows->batch;
	guint cells = 0;
	*rest_empty = TRUE;
	for (; ds_odd_cell(&odd, text); cells++) {
		if (cells < rows->columns)
			batch->cells[(gsize)cells * DS_BATCH + batch->n] =
				ds_arena_copy(&batch->texts, text->str, text->len);
		else
			*rest_empty = *rest_empty && text->len == 0;
	}
	return odd.state == DS_ODD_FINE && odd.at == next ? cells : 0;
}

static gboolean begins_with(const DsRows *rows, char c)
{
	for (guint i = 0; i < rows->columns; i++) {
		StetText cell = rows->batch->cells[(gsize)i * DS_BATCH + rows->batch->n];
		if (cell.len > 0 && *cell.ptr == c)
			return TRUE;
	}
	return FALSE;
}

static gboolean mended(DsRows *rows, char *how)
{
	ds_fault(rows->faults, STET_WARNING, "csv-mended", rows->line, 1, g_strdup_printf("row read %s", how),
			 NULL);
	g_free(how);
	return TRUE;
}

gboolean ds_rows_rescue(DsRows *rows, const char *record, const char *next)
{
	static const char *const delimiters[] = {",", ";", "\t", "|"};
	const DsDialect *own = rows->dialect;
	gboolean rest_empty;
	DsDialect trial = *own;
	if (rows->columns < 2)
		return FALSE;
	if (split_as(rows, &trial, record, next, &rest_empty) > rows->columns && rest_empty)
		return mended(rows, g_strdup("without the empty cells behind its last column"));
	for (guint i = 0; i < G_N_ELEMENTS(delimiters); i++) {
		if (strcmp(delimiters[i], own->delimiter) == 0)
			continue;
		g_strlcpy(trial.delimiter, delimiters[i], sizeof trial.delimiter);
		if (split_as(rows, &trial, record, next, &rest_empty) == rows->columns)
			return mended(rows, g_strdup_printf("with '%s' as its delimiter",
												*delimiters[i] == '\t' ? "\\t" : delimiters[i]));
	}
	trial = *own;
	trial.quote = own->quote == '"' ? '\'' : '"';
	if (memchr(record, trial.quote, (gsize)(next - record)) != NULL &&
		split_as(rows, &trial, record, next, &rest_empty) == rows->columns)
		return mended(rows, g_strdup_printf("with %c as its quote", trial.quote));
	trial.quote = 0;
	if (own->quote != 0 && split_as(rows, &trial, record, next, &rest_empty) == rows->columns &&
		!begins_with(rows, own->quote))
		return mended(rows, g_strdup_printf("with %c as part of its text", own->quote));
	return FALSE;
}

/* ---- rows that are none of the table's ----------------------------------------------------- */

static StetText cell_at(const DsRows *rows, guint column)
{
	return rows->batch->cells[(gsize)column * DS_BATCH + rows->batch->n];
}

static gboolean is_header_again(const DsRows *rows)
{
	if (rows->names == NULL || rows->columns < 2)
		return FALSE;
	for (guint c = 0; c < rows->columns; c++)
		if (!stet_text_equal(cell_at(rows, c), rows->names[c]))
			return FALSE;
	return TRUE;
}

/* What spreadsheets write before a sum, in some languages of Europe. */
static const char *const TOTALS[] = {"total",  "totals", "grand total", "subtotal",  "sub-total",
									 "sum",    "summe",  "gesamt",      "insgesamt", "zwischensumme",
									 "totale", "somme",  "suma",        "razem"};

static gboolean is_total_word(StetText cell)
{
	char word[24];
	while (cell.len > 0 && strchr(" :", cell.ptr[cell.len - 1]) != NULL)
		cell.len--;
	if (cell.len == 0 || cell.len >= sizeof word)
		return FALSE;
	for (gsize i = 0; i < cell.len; i++)
		word[i] = g_ascii_tolower(cell.ptr[i]);
	word[cell.len] = 0;
	for (guint i = 0; i < G_N_ELEMENTS(TOTALS); i++)
		if (strcmp(word, TOTALS[i]) == 0)
			return TRUE;
	return FALSE;
}

/* The word stands first, and where the rows above have a value there is none. */
static gboolean is_total(const DsRows *rows)
{
	StetText first = cell_at(rows, 0);
	gboolean gaps = FALSE;
	if (rows->columns < 2 || first.len == 0 || strchr("tgsizrTGSIZR", *first.ptr) == NULL ||
		!is_total_word(first))
		return FALSE;
	for (guint c = 1; c < rows->columns; c++)
		gaps |= cell_at(rows, c).len == 0;
	return gaps;
}

gboolean ds_rows_is_extra(DsRows *rows, const char *record, const char *next)
{
	if (is_header_again(rows)) {
		ds_rows_refuse(rows, record, next, "csv-header-again", rows->line, 1,
					   g_strdup("the header stands here once more"), g_strdup("remove this row"));
		return TRUE;
	}
	if (!is_total(rows))
		return FALSE;
	if (!rows->mode.lenient) {
		ds_fault(rows->faults, STET_WARNING, "csv-total", rows->line, 1,
				 g_strdup("this looks like a sum of the rows above, not like a row of its own"),
				 g_strdup("remove the row: the report computes its own sums"));
		return FALSE;
	}
	ds_rows_refuse(rows, record, next, "csv-total", rows->line, 1, g_strdup("a sum of the rows above"), NULL);
	return TRUE;
}

void ds_rows_note_width(DsRows *rows, guint cells)
{
	gboolean after_blank = rows->blank_line > 0 && rows->line == rows->blank_line;
	if (after_blank) {
		rows->other_cells = cells;
		rows->other_n = 1;
	} else if (rows->other_n > 0 && cells == rows->other_cells && cells > 1) {
		if (++rows->other_n == 2)
			ds_fault(rows->faults, STET_WARNING, "csv-second-table", rows->line - 1, 1,
					 g_strdup_printf("another table of %u columns begins here, after a blank line", cells),
					 g_strdup("put it into a file of its own"));
	} else {
		rows->other_n = 0;
	}
}
