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

char *ds_rows_other_way(DsRows *rows, const char *record, const char *next)
{
	static const char *const delimiters[] = {",", ";", "\t", "|"};
	const DsDialect *own = rows->dialect;
	gboolean rest_empty;
	DsDialect trial = *own;
	if (rows->columns < 2)
		return NULL;
	if (split_as(rows, &trial, record, next, &rest_empty) > rows->columns && rest_empty)
		return g_strdup("without the empty cells behind its last column");
	for (guint i = 0; i < G_N_ELEMENTS(delimiters); i++) {
		if (strcmp(delimiters[i], own->delimiter) == 0)
			continue;
		g_strlcpy(trial.delimiter, delimiters[i], sizeof trial.delimiter);
		if (split_as(rows, &trial, record, next, &rest_empty) == rows->columns)
			return g_strdup_printf("with '%s' as its delimiter",
								   *delimiters[i] == '\t' ? "\\t" : delimiters[i]);
	}
	trial = *own;
	trial.quote = own->quote == '"' ? '\'' : '"';
	if (memchr(record, trial.quote, (gsize)(next - record)) != NULL &&
		split_as(rows, &trial, record, next, &rest_empty) == rows->columns)
		return g_strdup_printf("with %c as its quote", trial.quote);
	trial.quote = 0;
	if (own->quote != 0 && split_as(rows, &trial, record, next, &rest_empty) == rows->columns &&
		!begins_with(rows, own->quote))
		return g_strdup_printf("with %c as part of its text", own->quote);
	return NULL;
}

gboolean ds_rows_rescue(DsRows *rows, const char *record, const char *next)
{
	g_autofree char *how = ds_rows_other_way(rows, record, next);
	if (how != NULL)
		ds_fault(rows->faults, STET_WARNING, "csv-mended", rows->line, 1, g_strdup_printf("row read %s", how),
				 NULL);
	return how != NULL;
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

/* What notes below a table begin with. */
static const char *const NOTES[] = {"*",      "note",        "notes",   "source", "sources", "footnote",
									"anmerkung", "anmerkungen", "quelle", "quellen", "fuente", "fonte"};

/* Such a word and nothing else in the row. */
static gboolean is_note(const DsRows *rows)
{
	StetText first = cell_at(rows, 0);
	if (rows->columns < 3 || first.len < 2 || strchr("*nsfaqNSFAQ", *first.ptr) == NULL)
		return FALSE;
	for (guint c = 1; c < rows->columns; c++)
		if (cell_at(rows, c).len > 0)
			return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(NOTES); i++) {
		gsize n = strlen(NOTES[i]);
		if (first.len > n && g_ascii_strncasecmp(first.ptr, NOTES[i], n) == 0 &&
			(*NOTES[i] == '*' || strchr(" :.", first.ptr[n]) != NULL))
			return TRUE;
	}
	return FALSE;
}

/* After a blank line, names stand where the row above had values: the header of another table as wide. */
static gboolean is_other_header(const DsRows *rows)
{
	guint values = 0;
	if (rows->batch->n == 0 || !(rows->was_blank || (rows->blank_line > 0 && rows->line == rows->blank_line)))
		return FALSE;
	for (guint c = 0; c < rows->columns; c++) {
		StetText above = rows->batch->cells[(gsize)c * DS_BATCH + rows->batch->n - 1], cell = cell_at(rows, c);
		if (cell.len == 0 || ds_is_value(cell))
			return FALSE;
		values += ds_is_value(above) != 0;
	}
	return values > 0;
}

/* Rows that belong to another table are told apart from it only one after another. */
static gboolean is_other_table(DsRows *rows, const char *record, const char *next)
{
	if (rows->other_table) {
		ds_rows_refuse(rows, record, next, "csv-second-table", rows->line, 1,
					   g_strdup("a row of another table"), NULL);
		return TRUE;
	}
	if (!is_other_header(rows))
		return FALSE;
	if (rows->mode.lenient && !rows->mode.careful)
		*rows->broken = TRUE;
	rows->other_table = rows->mode.lenient;
	ds_rows_refuse(rows, record, next, "csv-second-table", rows->line, 1,
				   g_strdup("another table begins here, after a blank line"),
				   g_strdup("put it into a file of its own"));
	return TRUE;
}

gboolean ds_rows_is_extra(DsRows *rows, const char *record, const char *next)
{
	if (rows->dialect->keep || rows->mode.ragged)
		return FALSE;
	if (is_header_again(rows)) {
		ds_rows_refuse(rows, record, next, "csv-header-again", rows->line, 1,
					   g_strdup("the header stands here once more"), g_strdup("remove this row"));
		return TRUE;
	}
	if (is_total(rows)) {
		ds_rows_refuse(rows, record, next, "csv-total", rows->line, 1,
					   g_strdup("this looks like a sum of the rows above, not like a row of its own"),
					   g_strdup("remove the row: the report computes its own sums; or set the dialect's "
								"'stet:keep' to true"));
		return TRUE;
	}
	if (is_note(rows)) {
		ds_rows_refuse(rows, record, next, "csv-note", rows->line, 1,
					   g_strdup("this looks like a note below the table, not like a row of its own"),
					   g_strdup("move it into the dataset's description, or set the dialect's 'stet:keep' "
								"to true"));
		return TRUE;
	}
	return is_other_table(rows, record, next);
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
