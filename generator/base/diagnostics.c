#include "stet/base.h"

#include <string.h>

#define KEPT_PER_CODE 20

struct StetDiagnostics {
	GMutex lock;
	gboolean keep_all;
	GPtrArray *entries;
	GPtrArray *sorted;     /* made on demand from entries, with the notes on what was left out */
	GPtrArray *extra;      /* those notes, owned here */
	GHashTable *seen;      /* "file\ncode" -> number reported */
	GHashTable *words;     /* place, code and message of each: a layout's fault shows on every page */
	guint counts[3];
};

static void diagnostic_free(gpointer data)
{
	StetDiagnostic *entry = data;
	g_free(entry->code);
	g_free(entry->file);
	g_free(entry->message);
	g_free(entry->mend);
	g_free(entry);
}

StetDiagnostics *stet_diagnostics_new(void)
{
	StetDiagnostics *diags = g_new0(StetDiagnostics, 1);
	g_mutex_init(&diags->lock);
	diags->entries = g_ptr_array_new_with_free_func(diagnostic_free);
	diags->extra = g_ptr_array_new_with_free_func(diagnostic_free);
	diags->sorted = g_ptr_array_new();
	diags->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	diags->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return diags;
}

void stet_diagnostics_free(StetDiagnostics *diags)
{
	if (!diags)
		return;
	g_ptr_array_unref(diags->sorted);
	g_ptr_array_unref(diags->extra);
	g_ptr_array_unref(diags->entries);
	g_hash_table_unref(diags->seen);
	g_hash_table_unref(diags->words);
	g_mutex_clear(&diags->lock);
	g_free(diags);
}

void stet_diagnostics_keep_all(StetDiagnostics *diags)
{
	diags->keep_all = TRUE;
}

static StetDiagnostic *diagnostic_new(StetSeverity severity, const char *code, StetPlace place,
                                      const char *mend, char *message)
{
	StetDiagnostic *entry = g_new0(StetDiagnostic, 1);
	*entry = (StetDiagnostic){severity, g_strdup(code), g_strdup(place.file), place.line, place.column,
	                          message, g_strdup(mend)};
	return entry;
}

/* Takes the entry over. The same words about the same place are said once. */
static void add_entry(StetDiagnostics *diags, StetDiagnostic *entry)
{
	char *words = g_strdup_printf("%s\n%u\n%u\n%s\n%s", entry->file ? entry->file : "", entry->line, entry->column,
	                              entry->code, entry->message);
	if (entry->line > 0 && g_hash_table_contains(diags->words, words)) {
		g_free(words);
		diagnostic_free(entry);
		return;
	}
	g_hash_table_add(diags->words, words);
	diags->counts[entry->severity]++;
	char *kind = g_strconcat(entry->file ? entry->file : "", "\n", entry->code, NULL);
	guint before = GPOINTER_TO_UINT(g_hash_table_lookup(diags->seen, kind));
	g_hash_table_replace(diags->seen, kind, GUINT_TO_POINTER(before + 1));
	g_ptr_array_add(diags->entries, entry);
}

void stet_diagnose(StetDiagnostics *diags, StetSeverity severity, const char *code, StetPlace place,
                   const char *mend, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *message = g_strdup_vprintf(format, args);
	va_end(args);
	StetDiagnostic *entry = diagnostic_new(severity, code, place, mend, message);
	g_mutex_lock(&diags->lock);
	add_entry(diags, entry);
	g_mutex_unlock(&diags->lock);
}

void stet_diagnostics_take(StetDiagnostics *into, StetDiagnostics *from)
{
	g_mutex_lock(&into->lock);
	for (guint i = 0; i < from->entries->len; i++)
		add_entry(into, g_steal_pointer(&from->entries->pdata[i]));
	g_mutex_unlock(&into->lock);
	g_ptr_array_set_free_func(from->entries, NULL);
	g_ptr_array_set_size(from->entries, 0);
	g_ptr_array_set_free_func(from->entries, diagnostic_free);
	memset(from->counts, 0, sizeof from->counts);
	g_hash_table_remove_all(from->seen);
	g_hash_table_remove_all(from->words);
}

guint stet_diagnostics_count(StetDiagnostics *diags, StetSeverity severity)
{
	g_mutex_lock(&diags->lock);
	guint count = diags->counts[severity];
	g_mutex_unlock(&diags->lock);
	return count;
}

guint stet_diagnostics_count_code(StetDiagnostics *diags, const char *code)
{
	g_autofree char *ending = g_strconcat("\n", code, NULL);
	GHashTableIter iter;
	gpointer kind, number;
	guint count = 0;
	g_mutex_lock(&diags->lock);
	g_hash_table_iter_init(&iter, diags->seen);
	while (g_hash_table_iter_next(&iter, &kind, &number))
		if (g_str_has_suffix(kind, ending))
			count += GPOINTER_TO_UINT(number);
	g_mutex_unlock(&diags->lock);
	return count;
}

static int compare_entries(gconstpointer a, gconstpointer b)
{
	const StetDiagnostic *x = *(StetDiagnostic *const *)a, *y = *(StetDiagnostic *const *)b;
	int order = g_strcmp0(x->file, y->file);
	if (order == 0)
		order = x->line < y->line ? -1 : x->line > y->line;
	if (order == 0)
		order = x->column < y->column ? -1 : x->column > y->column;
	if (order == 0)
		order = strcmp(x->code, y->code);
	return order ? order : strcmp(x->message, y->message);
}

/* Says how many of a kind were left out, after the last one kept. */
static void note_left_out(StetDiagnostics *diags, const StetDiagnostic *like, guint left_out)
{
	StetPlace place = {like->file, like->line, like->column};
	StetDiagnostic *note = diagnostic_new(STET_NOTE, like->code, place, NULL,
		g_strdup_printf("%u more of this kind in this file (--all shows them)", left_out));
	g_ptr_array_add(diags->extra, note);
	g_ptr_array_add(diags->sorted, note);
}

/* The cap is applied after sorting, so that which entries are kept does not depend on threads. */
const GPtrArray *stet_diagnostics_sorted(StetDiagnostics *diags)
{
	g_mutex_lock(&diags->lock);
	g_autoptr(GHashTable) kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_ptr_array_set_size(diags->sorted, 0);
	g_ptr_array_set_size(diags->extra, 0);
	g_ptr_array_sort(diags->entries, compare_entries);
	for (guint i = 0; i < diags->entries->len; i++) {
		StetDiagnostic *entry = diags->entries->pdata[i];
		char *kind = g_strconcat(entry->file ? entry->file : "", "\n", entry->code, NULL);
		guint count = GPOINTER_TO_UINT(g_hash_table_lookup(kept, kind)) + 1;
		guint all = GPOINTER_TO_UINT(g_hash_table_lookup(diags->seen, kind));
		g_hash_table_replace(kept, kind, GUINT_TO_POINTER(count));
		if (!diags->keep_all && count > KEPT_PER_CODE)
			continue;
		g_ptr_array_add(diags->sorted, entry);
		if (!diags->keep_all && count == KEPT_PER_CODE && all > count)
			note_left_out(diags, entry, all - count);
	}
	g_mutex_unlock(&diags->lock);
	return diags->sorted;
}
