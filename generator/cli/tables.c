/* Result tables on standard output: aligned for a person, CSV or JSON for a program. */
#include "cli/private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CELL_COLUMNS 60 /* longer texts are cut, on a terminal alone */

static guint columns_of(const char *text)
{
	guint columns = 0;
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		columns += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
	}
	return columns;
}

/* Cuts a text that is too long; takes it over. */
static char *fit(char *text, gboolean cut)
{
	if (!cut || g_utf8_strlen(text, -1) <= CELL_COLUMNS)
		return text;
	g_autofree char *head = g_utf8_substring(text, 0, CELL_COLUMNS - 1);
	g_free(text);
	return g_strconcat(head, "…", NULL);
}

static void print_cell(const char *text, guint width, gboolean right, gboolean last, FILE *to)
{
	guint pad = width > columns_of(text) ? width - columns_of(text) : 0;
	if (right)
		fprintf(to, "%*s%s", (int)pad, "", text);
	else
		fprintf(to, "%s%*s", text, last ? 0 : (int)pad, "");
	fputs(last ? "\n" : "  ", to);
}

static void print_aligned(const StetTable *table, FILE *to)
{
	gboolean cut = isatty(fileno(to)) != 0;
	gsize n = table->n_columns;
	g_autofree guint *widths = g_new0(guint, n + 1);
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	for (gsize c = 0; c < n; c++) {
		g_ptr_array_add(texts, stet_printable(table->columns[c].name, -1));
		widths[c] = columns_of(texts->pdata[c]);
	}
	for (gsize i = 0; n > 0 && i < table->n_rows * n; i++) {
		g_autofree char *text = stet_cell_text(&table->cells[i]);
		char *shown = fit(stet_printable(text, -1), cut);
		widths[i % n] = MAX(widths[i % n], columns_of(shown));
		g_ptr_array_add(texts, shown);
	}
	for (gsize i = 0; n > 0 && i < texts->len; i++) {
		StetKind kind = table->columns[i % n].kind;
		print_cell(texts->pdata[i], widths[i % n], kind == STET_INT || kind == STET_NUMBER, i % n == n - 1,
				   to);
	}
}

gboolean stet_table_form(const StetOptions *options, StetTableForm *form)
{
	static const char *const names[] = {"table", "csv", "json", NULL};
	*form = options->as_csv ? STET_FORM_CSV : options->as_json ? STET_FORM_JSON : STET_FORM_TABLE;
	for (guint i = 0; options->as && names[i]; i++)
		if (strcmp(options->as, names[i]) == 0) {
			*form = (StetTableForm)i;
			return TRUE;
		}
	if (options->as)
		stet_complain(STET_STATUS_USAGE, "--as must be table, csv or json, not '%s'", options->as);
	return options->as == NULL;
}

void stet_table_print(const StetTable *table, StetTableForm form, FILE *to)
{
	if (form == STET_FORM_TABLE) {
		print_aligned(table, to);
		return;
	}
	g_autoptr(GString) text = g_string_new(NULL);
	if (form == STET_FORM_CSV)
		stet_table_write_csv(table, FALSE, text);
	else
		stet_table_write_json(table, text);
	fwrite(text->str, 1, text->len, to);
	if (text->len > 0 && text->str[text->len - 1] != '\n')
		fputc('\n', to);
}

StetTable *stet_table_of(const char *const *names, const StetKind *kinds)
{
	guint n = g_strv_length((char **)names);
	StetTable *table = stet_table_new(n);
	for (guint i = 0; i < n; i++) {
		table->columns[i].name = g_strdup(names[i]);
		table->columns[i].kind = kinds[i];
	}
	return table;
}
