/* Sealed files and the record of a site. */
#include "publish/private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_VERSION "stet site 1"
#define SEAL "sha256 "

gboolean stet_publish_errno(GError **error, const char *what, const char *path)
{
	int code = errno;
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "%s '%s': %s", what, path,
				g_strerror(code));
	return FALSE;
}

gint64 stet_stat_mtime(const struct stat *info)
{
	return (gint64)info->st_mtim.tv_sec * 1000000000 + info->st_mtim.tv_nsec;
}

gint64 stet_stat_ctime(const struct stat *info)
{
	return (gint64)info->st_ctim.tv_sec * 1000000000 + info->st_ctim.tv_nsec;
}

/* ---- sealed files -------------------------------------------------------------------------- */

gboolean stet_sealed_write(const char *path, GString *text, StetHash *seal, GError **error)
{
	StetHash hash = stet_hash(text->str, text->len);
	g_string_append_printf(text, SEAL "%s\n", hash.hex);
	if (seal)
		*seal = hash;
	return stet_file_write(path, text->str, text->len, error);
}

char **stet_sealed_read(const char *path, const char *version, StetHash *seal)
{
	gsize length = 0;
	g_autofree char *text = stet_file_read(path, &length, NULL);
	gsize tail = strlen(SEAL) + STET_HASH_LEN + 1, head = strlen(version);
	if (!text || length < tail + head + 1 || strncmp(text, version, head) != 0 || text[head] != '\n')
		return NULL;
	gsize body = length - tail;
	StetHash hash = stet_hash(text, body);
	if (strncmp(text + body, SEAL, strlen(SEAL)) != 0 ||
		strncmp(text + body + strlen(SEAL), hash.hex, STET_HASH_LEN) != 0)
		return NULL;
	if (seal)
		*seal = hash;
	text[body > head + 1 ? body - 1 : head + 1] = 0; /* the last line's end would give an empty line */
	return *(text + head + 1) ? g_strsplit(text + head + 1, "\n", -1) : g_new0(char *, 1);
}

/* ---- naming a site ------------------------------------------------------------------------- */

char *stet_site_resolve(const char *out_dir, GError **error)
{
	char *real = realpath(out_dir, NULL);
	if (real || errno != ENOENT) {
		char *copy = g_strdup(real);
		if (!real)
			stet_publish_errno(error, "cannot reach", out_dir);
		free(real);
		return copy;
	}
	g_autofree char *absolute = g_canonicalize_filename(out_dir, NULL);
	g_autofree char *parent = g_path_get_dirname(absolute), *name = g_path_get_basename(absolute);
	if (g_mkdir_with_parents(parent, 0777) != 0) {
		stet_publish_errno(error, "cannot make folder", parent);
		return NULL;
	}
	real = realpath(parent, NULL);
	char *whole = real ? g_build_filename(real, name, NULL) : NULL;
	if (!real)
		stet_publish_errno(error, "cannot reach", parent);
	free(real);
	return whole;
}

char *stet_site_shown(const char *out, const char *state_dir)
{
	g_autofree char *canonical = g_canonicalize_filename(state_dir, NULL);
	g_autofree char *folder = g_path_get_dirname(canonical);
	char *real = realpath(folder, NULL);
	g_autofree char *prefix =
		g_strconcat(real ? real : folder, strcmp(real ? real : folder, "/") == 0 ? "" : "/", NULL);
	free(real);
	return g_strdup(g_str_has_prefix(out, prefix) ? out + strlen(prefix) : out);
}

char *stet_site_key(const char *shown)
{
	return g_strndup(stet_hash(shown, strlen(shown)).hex, 12);
}

/* ---- the record ---------------------------------------------------------------------------- */

static void record_file_free(gpointer data)
{
	g_free(((StetRecordFile *)data)->path);
	g_free(data);
}

StetRecord *stet_record_new(void)
{
	StetRecord *record = g_new0(StetRecord, 1);
	record->files = g_ptr_array_new_with_free_func(record_file_free);
	return record;
}

void stet_record_free(StetRecord *record)
{
	if (!record)
		return;
	g_ptr_array_unref(record->files);
	g_free(record);
}

static char *record_path(const char *state_dir, const char *key)
{
	g_autofree char *name = g_strconcat("site-", key, NULL);
	return g_build_filename(state_dir, name, NULL);
}

void stet_record_add(StetRecord *record, const char *path, const struct stat *info)
{
	StetRecordFile *file = g_new(StetRecordFile, 1);
	*file = (StetRecordFile){g_strdup(path), (guint64)info->st_size, (guint64)info->st_ino,
							 stet_stat_mtime(info)};
	g_ptr_array_add(record->files, file);
}

static int compare_files(gconstpointer a, gconstpointer b)
{
	return strcmp((*(StetRecordFile *const *)a)->path, (*(StetRecordFile *const *)b)->path);
}

gboolean stet_record_save(StetRecord *record, const char *state_dir, const char *key, GError **error)
{
	g_autoptr(GString) text = g_string_new(RECORD_VERSION "\n");
	g_autofree char *path = record_path(state_dir, key);
	g_ptr_array_sort(record->files, compare_files);
	for (guint i = 0; i < record->files->len; i++) {
		const StetRecordFile *file = record->files->pdata[i];
		g_autofree char *escaped = g_strescape(file->path, NULL);
		g_string_append_printf(text, "%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT " %s\n",
							   file->size, file->mtime, file->inode, escaped);
	}
	return stet_sealed_write(path, text, &record->seal, error);
}

StetRecord *stet_record_load(const char *state_dir, const char *key)
{
	g_autofree char *path = record_path(state_dir, key);
	g_autoptr(StetRecord) record = stet_record_new();
	g_auto(GStrv) lines = stet_sealed_read(path, RECORD_VERSION, &record->seal);
	if (!lines)
		return NULL;
	for (guint i = 0; lines[i]; i++) {
		char *at = lines[i];
		StetRecordFile *file = g_new0(StetRecordFile, 1);
		g_ptr_array_add(record->files, file);
		file->size = g_ascii_strtoull(at, &at, 10);
		file->mtime = g_ascii_strtoll(at, &at, 10);
		file->inode = g_ascii_strtoull(at, &at, 10);
		if (*at != ' ')
			return NULL;
		file->path = g_strcompress(at + 1);
	}
	return g_steal_pointer(&record);
}
