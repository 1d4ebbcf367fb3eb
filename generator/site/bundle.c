/* The whole site as one ZIP file, to be sent or kept. */
#include "stet/site.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define PIECE ((gsize)1 << 20) /* bytes handed to libarchive at a time */

static gboolean fail(struct archive *zip, const char *path, GError **error)
{
	const char *why = archive_error_string(zip);
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot write '%s': %s", path,
				why ? why : "unknown reason");
	return FALSE;
}

/* Entries carry no time: libarchive would write it in the zone of the machine. Readers show 1 January 1980,
 * where the format's count begins. */
static gboolean add_file(struct archive *zip, const char *dir, const char *name, const char *path,
						 GError **error)
{
	g_autofree char *source = g_build_filename(dir, name, NULL);
	g_autoptr(GMappedFile) file = g_mapped_file_new(source, FALSE, error);
	if (!file)
		return FALSE;
	struct archive_entry *entry = archive_entry_new();
	gsize length = g_mapped_file_get_length(file), at = 0;
	const char *data = g_mapped_file_get_contents(file);
	archive_entry_set_pathname_utf8(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)length);
	gboolean good = archive_write_header(zip, entry) == ARCHIVE_OK;
	archive_entry_free(entry);
	while (good && at < length) {
		la_ssize_t n = archive_write_data(zip, data + at, MIN(PIECE, length - at));
		good = n > 0;
		at += good ? (gsize)n : 0;
	}
	return good || fail(zip, path, error);
}

static gboolean write_all(const char *dir, const GPtrArray *names, const char *path, GError **error)
{
	struct archive *zip = archive_write_new();
	gboolean good = archive_write_set_format_zip(zip) == ARCHIVE_OK &&
					archive_write_set_format_option(zip, "zip", "hdrcharset", "UTF-8") == ARCHIVE_OK &&
					archive_write_open_filename(zip, path) == ARCHIVE_OK;
	if (!good)
		fail(zip, path, error);
	for (guint i = 0; good && i < names->len; i++)
		good = add_file(zip, dir, names->pdata[i], path, error);
	if (good && archive_write_close(zip) != ARCHIVE_OK)
		good = fail(zip, path, error);
	archive_write_free(zip);
	return good;
}

gboolean stet_site_bundle(const char *dir, const char *path, GError **error)
{
	g_autoptr(GPtrArray) names = stet_files_list(dir);
	g_autofree char *part = g_strconcat(path, ".part", NULL),
					*index = g_build_filename(dir, "manifest.json", NULL);
	if (!g_file_test(index, G_FILE_TEST_IS_REGULAR)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
					"'%s' is no built site: it has no manifest.json ('stet build' makes one)", dir);
		return FALSE;
	}
	if (!write_all(dir, names, part, error)) {
		g_unlink(part);
		return FALSE;
	}
	if (g_rename(part, path) == 0)
		return TRUE;
	int code = errno;
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot write '%s': %s", path,
				g_strerror(code));
	g_unlink(part);
	return FALSE;
}
