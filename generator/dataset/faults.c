/* Faults of one piece, kept until the piece's place in the file is known. */
#include "private.h"

#define EXCERPT 60

static void fault_clear(gpointer data)
{
	DsFault *fault = data;
	g_free(fault->message);
	g_free(fault->mend);
}

void ds_faults_init(DsFaults *faults)
{
	faults->list = g_array_new(FALSE, FALSE, sizeof(DsFault));
	g_array_set_clear_func(faults->list, fault_clear);
	faults->more = 0;
}

void ds_faults_clear(DsFaults *faults)
{
	if (faults->list != NULL)
		g_array_free(faults->list, TRUE);
	*faults = (DsFaults){0};
}

DsFault *ds_fault(DsFaults *faults, StetSeverity severity, const char *code, guint line, guint column,
				  char *message, char *mend)
{
	DsFault fault = {line, column, severity, code, 0, -1, message, mend};
	if (faults->list->len < DS_FAULTS_MAX) {
		g_array_append_val(faults->list, fault);
		return &g_array_index(faults->list, DsFault, faults->list->len - 1);
	}
	faults->more += severity == STET_ERROR;
	fault_clear(&fault);
	return NULL;
}

static int by_place(gconstpointer a, gconstpointer b)
{
	const DsFault *x = a, *y = b;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->byte_column < y->byte_column ? -1 : x->byte_column > y->byte_column;
}

void ds_faults_report(DsFaults *faults, const char *file, guint first_line, StetDiagnostics *diags)
{
	g_array_sort(faults->list, by_place);
	for (guint i = 0; i < faults->list->len; i++) {
		const DsFault *f = &g_array_index(faults->list, DsFault, i);
		stet_diagnose(diags, f->severity, f->code, (StetPlace){file, first_line + f->line, f->byte_column},
					  f->mend, "%s", f->message);
	}
	if (faults->more > 0) {
		const DsFault *last = &g_array_index(faults->list, DsFault, faults->list->len - 1);
		stet_diagnose(diags, STET_ERROR, "csv-many-faults", (StetPlace){file, first_line + last->line, 0},
					  NULL, "%u more faults follow in the %u MiB from here", faults->more,
					  DS_PIECE_BYTES >> 20);
	}
}

char *ds_excerpt(StetText cell)
{
	g_autofree char *valid = g_utf8_make_valid(cell.ptr, (gssize)MIN(cell.len, EXCERPT));
	GString *out = g_string_new("'");
	for (const char *p = valid; *p != 0; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c == '\n')
			g_string_append(out, "\\n");
		else if (c == '\r')
			g_string_append(out, "\\r");
		else if (c == '\t')
			g_string_append(out, "\\t");
		else if (g_unichar_iscntrl(c))
			g_string_append_printf(out, "\\x%02x", c);
		else
			g_string_append_unichar(out, c);
	}
	g_string_append(out, cell.len > EXCERPT ? "...'" : "'");
	return g_string_free(out, FALSE);
}
