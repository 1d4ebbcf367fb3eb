/* `stet bundle`: the site, built first, as one file to hand on. */
#include "cli/private.h"

static gboolean write_html(const char *out, const char *state_dir, const char *target, GError **error)
{
	g_autoptr(GBytes) memory = stet_note_load(out, state_dir, STET_PAGES_NOTE);
	g_autoptr(GString) html = g_string_new(NULL);
	if (!memory) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the site in '%s' was not made by the last build", out);
		return FALSE;
	}
	return stet_site_document(out, memory, html, error) && stet_file_write(target, html->str, html->len, error);
}

StetStatus stet_command_bundle(const StetOptions *options, char **args)
{
	const char *root = args[0] ? args[0] : ".";
	g_autofree char *target = options->out ? g_strdup(options->out) : g_build_filename(root, "bundle.html", NULL);
	gboolean zip = g_str_has_suffix(target, ".zip");
	if (!zip && !g_str_has_suffix(target, ".html"))
		return stet_complain(STET_STATUS_USAGE, "--out must end in .html or .zip, not '%s'", target);
	StetOptions build = *options;
	build.out = NULL;
	StetStatus status = stet_command_build(&build, args);
	if (status != STET_STATUS_DONE)
		return status;
	g_autofree char *out = g_build_filename(root, "out", NULL), *state_dir = g_build_filename(root, ".stet", NULL);
	g_autofree char *shown = stet_shown_path(options, target);
	g_autoptr(GError) error = NULL;
	if (!(zip ? stet_site_bundle(out, target, &error) : write_html(out, state_dir, target, &error)))
		return stet_complain(STET_STATUS_MACHINE, "%s", error->message);
	if (!options->quiet)
		fprintf(stderr, "wrote %s\n", shown);
	return STET_STATUS_DONE;
}
