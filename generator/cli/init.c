/* `stet init`: a small report that builds at once, to be changed into one's own; or the gallery of charts. */
#include "cli/private.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>

/* Made by glib-compile-resources from starter.gresource.xml and gallery.gresource.xml. */
GResource *stet_starter_get_resource(void);
GResource *stet_gallery_get_resource(void);

/* Resource names cannot begin with a dot in every tool that touches them; on disk the file does. */
static const char *name_on_disk(const char *path)
{
	return strcmp(path, "gitignore") == 0 ? ".gitignore" : path;
}

static gboolean write_below(GResource *report, const char *prefix, const char *dir, const char *path, guint *written,
							GError **error)
{
	g_autofree char *name = g_strconcat(prefix, path, NULL);
	if (*path && !g_str_has_suffix(path, "/")) {
		g_autoptr(GBytes) bytes = g_resource_lookup_data(report, name, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
		g_autofree char *target = g_build_filename(dir, name_on_disk(path), NULL);
		if (!bytes || !stet_file_write(target, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), error))
			return FALSE;
		(*written)++;
		return TRUE;
	}
	g_auto(GStrv) children =
		g_resource_enumerate_children(report, name, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
	for (guint i = 0; children && children[i]; i++) {
		g_autofree char *child = g_strconcat(path, children[i], NULL);
		if (!write_below(report, prefix, dir, child, written, error))
			return FALSE;
	}
	return children != NULL;
}

static gboolean is_free(const char *dir)
{
	g_autoptr(GDir) handle = g_dir_open(dir, 0, NULL);
	return handle ? !g_dir_read_name(handle) : !g_file_test(dir, G_FILE_TEST_EXISTS);
}

StetStatus stet_command_init(const StetOptions *options, char **args)
{
	const char *dir = args[0];
	g_autofree char *shown = stet_shown_path(options, dir);
	g_autoptr(GError) error = NULL;
	guint written = 0;
	if (!is_free(dir))
		return stet_complain(STET_STATUS_USAGE, "'%s' is not an empty folder (name a new one)", shown);
	if (!(options->charts ? write_below(stet_gallery_get_resource(), "/stet/gallery/", dir, "", &written, &error)
						  : write_below(stet_starter_get_resource(), "/stet/starter/", dir, "", &written, &error)))
		return stet_complain(STET_STATUS_MACHINE, "%s", error->message);
	if (!options->quiet)
		fprintf(stderr, "wrote %u files to %s; next: stet build %s\n", written, shown, shown);
	return STET_STATUS_DONE;
}
