#include "stet/base.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX ((goffset)2 << 30)

static void set_errno(GError **error, const char *what, const char *path)
{
	int code = errno;
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "%s '%s': %s", what, path,
	            g_strerror(code));
}

char *stet_file_read(const char *path, gsize *length, GError **error)
{
	struct stat info;
	if (stat(path, &info) != 0) {
		set_errno(error, "cannot read", path);
		return NULL;
	}
	if (!S_ISREG(info.st_mode) || info.st_size > FILE_MAX) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "cannot read '%s': %s", path,
		            S_ISDIR(info.st_mode) ? "it is a folder" : S_ISREG(info.st_mode) ? "over 2 GiB" : "no regular file");
		return NULL;
	}
	char *data = NULL;
	g_autoptr(GError) inner = NULL;
	if (!g_file_get_contents(path, &data, length, &inner)) {
		g_propagate_error(error, g_steal_pointer(&inner));
		return NULL;
	}
	return data;
}

static gboolean write_all(int fd, const char *data, gsize length)
{
	while (length > 0) {
		gssize n = write(fd, data, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		data += n;
		length -= (gsize)n;
	}
	return TRUE;
}

gboolean stet_file_write(const char *path, const char *data, gsize length, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *part = g_strconcat(path, ".part", NULL);
	if (g_mkdir_with_parents(folder, 0777) != 0) {
		set_errno(error, "cannot make folder", folder);
		return FALSE;
	}
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		set_errno(error, "cannot write", part);
		return FALSE;
	}
	gboolean written = write_all(fd, data, length);
	int code = errno;
	if (close(fd) != 0 && written) {
		written = FALSE;
		code = errno;
	}
	if (written && rename(part, path) == 0)
		return TRUE;
	errno = written ? errno : code;
	set_errno(error, "cannot write", path);
	unlink(part);
	return FALSE;
}

/* ---- folders ------------------------------------------------------------------------------- */

#define DEPTH_MAX 64

static void list_into(GPtrArray *list, const char *dir, const char *prefix, guint depth)
{
	g_autoptr(GDir) handle = depth < DEPTH_MAX ? g_dir_open(dir, 0, NULL) : NULL;
	const char *name;
	while (handle && (name = g_dir_read_name(handle))) {
		if (name[0] == '.')
			continue;
		g_autofree char *path = g_build_filename(dir, name, NULL);
		g_autofree char *relative = *prefix ? g_strconcat(prefix, "/", name, NULL) : g_strdup(name);
		struct stat info;
		if (stat(path, &info) != 0)
			continue;
		if (S_ISDIR(info.st_mode))
			list_into(list, path, relative, depth + 1);
		else if (S_ISREG(info.st_mode))
			g_ptr_array_add(list, g_steal_pointer(&relative));
	}
}

static int compare_paths(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *stet_files_list(const char *dir)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	list_into(list, dir, "", 0);
	g_ptr_array_sort(list, compare_paths);
	return list;
}

gboolean stet_path_is_inside(const char *path)
{
	if (!path || !*path || *path == '/')
		return FALSE;
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);
	for (guint i = 0; parts[i]; i++)
		if (strcmp(parts[i], "..") == 0)
			return FALSE;
	return TRUE;
}

gboolean stet_folder_remove(const char *dir, GError **error)
{
	struct stat info;
	if (lstat(dir, &info) != 0)
		return errno == ENOENT ? TRUE : (set_errno(error, "cannot remove", dir), FALSE);
	if (S_ISDIR(info.st_mode)) {
		g_autoptr(GDir) handle = g_dir_open(dir, 0, error);
		if (!handle)
			return FALSE;
		const char *name;
		while ((name = g_dir_read_name(handle))) {
			g_autofree char *path = g_build_filename(dir, name, NULL);
			if (!stet_folder_remove(path, error))
				return FALSE;
		}
	}
	if (g_remove(dir) == 0)
		return TRUE;
	set_errno(error, "cannot remove", dir);
	return FALSE;
}
