/* `stet why`: what a page is made from. `stet verify`: the site held against one made from nothing. */
#include "cli/private.h"

#include <glib/gstdio.h>
#include <string.h>

/* ---- why ----------------------------------------------------------------------------------- */

static void put_text_cell(StetTable *table, StetCell *cell, const char *text)
{
	*cell = stet_table_text(table, text);
}

/* "metric hhi" in two columns, and whether it had changed. */
static void print_reads(const StetSiteWhy *why, StetTableForm form)
{
	static const char *const names[] = {"page", "kind", "name", "changed", NULL};
	static const StetKind kinds[] = {STET_TEXT, STET_TEXT, STET_TEXT, STET_BOOL};
	StetTable *table = stet_table_of(names, kinds);
	for (guint i = 0; i < why->reads->len; i++) {
		const char *read = why->reads->pdata[i], *space = strchr(read, ' ');
		g_autofree char *kind = g_strndup(read, space ? (gsize)(space - read) : strlen(read));
		StetCell *cells = stet_table_append(table);
		put_text_cell(table, &cells[0], why->url);
		put_text_cell(table, &cells[1], kind);
		put_text_cell(table, &cells[2], space ? space + 1 : "");
		cells[3] = (StetCell){.kind = STET_BOOL,
							  .v.b = g_ptr_array_find_with_equal_func(why->changed, read, g_str_equal, NULL)};
	}
	stet_table_print(table, form, stdout);
	stet_table_free(table);
}

static void print_why(const StetSiteWhy *why, StetTableForm form)
{
	if (form == STET_FORM_TABLE) {
		g_autofree char *changed = NULL;
		g_ptr_array_add(why->changed, NULL);
		changed = g_strjoinv(", ", (char **)why->changed->pdata);
		g_ptr_array_remove_index(why->changed, why->changed->len - 1);
		printf("/%s, from %s\n%s%s%s\n\n", why->url, why->file, why->reason, *changed ? ": " : "", changed);
	}
	print_reads(why, form);
}

StetStatus stet_command_why(const StetOptions *options, char **args)
{
	StetTableForm form;
	if (!stet_table_form(options, &form) || !stet_is_report(options, "."))
		return STET_STATUS_USAGE;
	g_autoptr(GBytes) memory = stet_note_load(options->out ? options->out : "out", ".stet", STET_PAGES_NOTE);
	if (!memory)
		return stet_complain(STET_STATUS_ERRORS, "no build is remembered here ('stet build' makes one)");
	g_autoptr(GPtrArray) found = stet_site_why(memory, args[0]);
	if (found->len == 0)
		return stet_complain(STET_STATUS_ERRORS,
							 "the last build made no page '%s' (name an address, a file of out/ or a source)",
							 args[0]);
	for (guint i = 0; i < found->len; i++) {
		if (i > 0 && form == STET_FORM_TABLE)
			putchar('\n');
		print_why(found->pdata[i], form);
	}
	return STET_STATUS_DONE;
}

/* ---- verify -------------------------------------------------------------------------------- */

typedef struct {
	const char *out, *shown;
	StetDiagnostics *diags;
	GMutex lock;
	GHashTable *paths; /* of the site made anew */
	guint64 bytes;
} Verifying;

/* Holds one file, as made anew, against the one that is there. */
static gboolean compare_file(const char *path, GBytes *bytes, gpointer data)
{
	Verifying *verifying = data;
	g_autofree char *file = g_build_filename(verifying->out, path, NULL);
	g_autofree char *shown = g_build_filename(verifying->shown, path, NULL);
	g_autoptr(GError) error = NULL;
	gsize length = 0;
	const char *text = g_bytes_get_data(bytes, &length);
	StetHash there, made = stet_hash(text, length);
	if (!stet_hash_file(file, &there, NULL, &error))
		stet_diagnose(verifying->diags, STET_ERROR, "verify-missing", (StetPlace){shown, 0, 0}, NULL,
					  "the report gives '%s', but the site has no such file", path);
	else if (strcmp(there.hex, made.hex) != 0)
		stet_diagnose(verifying->diags, STET_ERROR, "verify-differs", (StetPlace){shown, 0, 0}, NULL,
					  "'%s' is not what the report gives: SHA-256 %.16s..., not %.16s...", path, there.hex,
					  made.hex);
	g_mutex_lock(&verifying->lock);
	g_hash_table_add(verifying->paths, g_strdup(path));
	verifying->bytes += length;
	g_mutex_unlock(&verifying->lock);
	return !stet_signal_seen();
}

static void report_foreign(const Verifying *verifying)
{
	g_autoptr(GPtrArray) files = stet_files_list(verifying->out);
	for (guint i = 0; i < files->len; i++) {
		if (g_hash_table_contains(verifying->paths, files->pdata[i]))
			continue;
		g_autofree char *shown = g_build_filename(verifying->shown, files->pdata[i], NULL);
		stet_diagnose(verifying->diags, STET_WARNING, "verify-foreign", (StetPlace){shown, 0, 0}, NULL,
					  "'%s' does not come from the report", (char *)files->pdata[i]);
	}
}

static void print_verified(const StetOptions *options, Verifying *verifying, const char *root,
						   StetBuildResult *result)
{
	g_autofree char *shown = stet_shown_path(options, root);
	StetPrinter printer = {options->format, stet_wants_colour(stderr), root, shown};
	if (result->error)
		stet_diagnose(verifying->diags, STET_ERROR, "machine", (StetPlace){NULL, 0, 0}, NULL, "%s",
					  result->error->message);
	stet_print_diagnostics(&printer, verifying->diags, stderr);
	guint errors = stet_diagnostics_count(verifying->diags, STET_ERROR);
	if (errors == 0 && !options->quiet && options->format != STET_FORMAT_JSON)
		fprintf(stderr, "verified %u files, %.1f MB: %s is what the report gives\n",
				g_hash_table_size(verifying->paths), (double)verifying->bytes / 1e6, verifying->shown);
}

/* All is read and made anew, with no memory of earlier builds. */
StetStatus stet_command_verify(const StetOptions *options, char **args)
{
	const char *root = args[0] ? args[0] : ".";
	if (!stet_is_report(options, root))
		return STET_STATUS_USAGE;
	g_autofree char *out = options->out ? g_strdup(options->out) : g_build_filename(root, "out", NULL);
	g_autofree char *shown = stet_shown_path(options, out);
	g_autoptr(GError) error = NULL;
	g_autofree char *state = g_dir_make_tmp("stet-XXXXXX", &error);
	if (!state)
		return stet_complain(STET_STATUS_MACHINE, "%s", error->message);
	Verifying verifying = {.out = out, .shown = shown, .diags = stet_diagnostics_new()};
	verifying.paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_mutex_init(&verifying.lock);
	if (options->all)
		stet_diagnostics_keep_all(verifying.diags);
	gboolean live = !options->quiet && options->format == STET_FORMAT_HUMAN && stet_is_terminal(stderr);
	StetBuildRequest request = {.root = root, .out = out, .state_dir = state, .jobs = (guint)options->jobs,
								.check = TRUE, .force = TRUE, .progress = stet_progress_new(live),
								.sink = compare_file, .sink_data = &verifying};
	StetBuildResult result;
	stet_signals_watch();
	stet_build(&request, verifying.diags, &result);
	stet_progress_clear(request.progress);
	if (result.status == STET_STATUS_DONE)
		report_foreign(&verifying);
	print_verified(options, &verifying, root, &result);
	StetStatus status = result.status;
	if (status == STET_STATUS_DONE && stet_diagnostics_count(verifying.diags, STET_ERROR) > 0)
		status = STET_STATUS_ERRORS;
	stet_folder_remove(state, NULL);
	g_clear_error(&result.error);
	stet_progress_free(request.progress);
	g_hash_table_unref(verifying.paths);
	stet_diagnostics_free(verifying.diags);
	g_mutex_clear(&verifying.lock);
	return status;
}
