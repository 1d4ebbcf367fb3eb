/* Files in out/ that stet did not write: a CNAME, a .git folder. They go with the site and are named. */
#include "publish/private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define NAMED_MAX 20 /* reported one by one; the rest are counted */

typedef struct {
	StetStage *stage;
	StetDiagnostics *diags;
	GHashTable *before;  /* paths the last build wrote */
	GHashTable *folders; /* folders that hold, or held, something stet wrote */
	guint carried;
} Carry;

static void add_folders_of(GHashTable *folders, const char *path)
{
	for (char *parent = g_path_get_dirname(path);;) {
		if (strcmp(parent, ".") == 0 || !g_hash_table_add(folders, parent)) {
			if (strcmp(parent, ".") == 0)
				g_free(parent);
			return;
		}
		parent = g_path_get_dirname(parent);
	}
}

static void report(Carry *carry, const char *path, const char *tail)
{
	g_autofree char *file = g_strconcat(carry->stage->shown, "/", path, tail, NULL);
	if (++carry->carried <= NAMED_MAX)
		stet_diagnose(carry->diags, STET_WARNING, "out-foreign", (StetPlace){file, 0, 0},
					  "move it to templates/assets, or elsewhere",
					  "'%s' was not made by stet; it is kept as it is", file);
}

static gboolean copy_bytes(int from, int to)
{
	char piece[65536];
	gssize n;
	while ((n = read(from, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
		for (gssize done = 0; done < n;) {
			gssize put = write(to, piece + done, (gsize)(n - done));
			if (put < 0 && errno != EINTR)
				return FALSE;
			done += put > 0 ? put : 0;
		}
	return n == 0;
}

/* For file systems without hard links, and files of another owner. */
static gboolean copy_file(const StetStage *stage, const char *path, const struct stat *info)
{
	if (S_ISLNK(info->st_mode)) {
		char target[4096];
		gssize n = readlinkat(stage->out_fd, path, target, sizeof target - 1);
		if (n < 0)
			return FALSE;
		target[n] = 0;
		return symlinkat(target, stage->folder_fd, path) == 0;
	}
	if (!S_ISREG(info->st_mode)) {
		errno = ENOTSUP;
		return FALSE;
	}
	int from = openat(stage->out_fd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int to = from < 0 ? -1
					  : openat(stage->folder_fd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
							   info->st_mode & 0777);
	gboolean done = to >= 0 && copy_bytes(from, to);
	if (done) {
		struct timespec times[2] = {info->st_atim, info->st_mtim};
		done = futimens(to, times) == 0;
	}
	if (from >= 0)
		close(from);
	if (to >= 0)
		done = close(to) == 0 && done;
	return done;
}

static gboolean carry_file(Carry *carry, const char *path, const struct stat *info, GError **error)
{
	const StetStage *stage = carry->stage;
	if (linkat(stage->out_fd, path, stage->folder_fd, path, 0) == 0 || copy_file(stage, path, info)) {
		carry->stage->written++; /* a copy, or a new name, that must be on the disk before the swap */
		return TRUE;
	}
	g_autofree char *shown = g_strconcat(stage->shown, "/", path, NULL);
	return stet_publish_errno(error, "cannot keep the file", shown);
}

static gboolean make_folder(Carry *carry, const char *path, const struct stat *info, GError **error)
{
	if (mkdirat(carry->stage->folder_fd, path, info->st_mode & 0777) == 0 || errno == EEXIST)
		return TRUE;
	return stet_publish_errno(error, "cannot make folder", path);
}

/* The folders above `path`, which the new site may have no use for itself. */
static gboolean make_folders_above(Carry *carry, const char *path, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(path);
	struct stat info;
	if (strcmp(parent, ".") == 0 || fstatat(carry->stage->folder_fd, parent, &info, AT_SYMLINK_NOFOLLOW) == 0)
		return TRUE;
	if (!make_folders_above(carry, parent, error))
		return FALSE;
	if (fstatat(carry->stage->out_fd, parent, &info, 0) != 0)
		return stet_publish_errno(error, "cannot read", parent);
	return make_folder(carry, parent, &info, error);
}

static gboolean walk(Carry *carry, const char *folder, gboolean foreign, guint depth, GError **error);

/* TRUE if what stands at `path` in out/ and what the new site has there can both be had. */
static gboolean fits(const Carry *carry, const char *path, gboolean is_folder, GError **error)
{
	const StetStage *stage = carry->stage;
	gboolean clash =
		is_folder ? g_hash_table_contains(stage->paths, path) : g_hash_table_contains(stage->folders, path);
	if (clash)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
					"'%s/%s' was not made by stet and is where the site needs %s (move it away)",
					stage->shown, path, is_folder ? "a file" : "a folder");
	return !clash;
}

static gboolean carry_folder(Carry *carry, const char *path, const struct stat *info, gboolean foreign,
							 guint depth, GError **error)
{
	if (!foreign && g_hash_table_contains(carry->folders, path))
		return walk(carry, path, FALSE, depth + 1, error);
	if (!fits(carry, path, TRUE, error) || !make_folders_above(carry, path, error) ||
		!make_folder(carry, path, info, error))
		return FALSE;
	if (!foreign)
		report(carry, path, "/");
	return walk(carry, path, TRUE, depth + 1, error);
}

/* A file of the user's that a page of the new site replaces: said, where there is a record to know by. */
static void report_replaced(Carry *carry, const char *path, const struct stat *old)
{
	const StetStage *stage = carry->stage;
	struct stat now;
	if (!stage->before || g_hash_table_contains(carry->before, path) ||
		fstatat(stage->folder_fd, path, &now, AT_SYMLINK_NOFOLLOW) != 0 || now.st_ino == old->st_ino)
		return;
	g_autofree char *file = g_strconcat(stage->shown, "/", path, NULL);
	stet_diagnose(carry->diags, STET_WARNING, "out-replaced", (StetPlace){file, 0, 0}, NULL,
				  "'%s' was not made by stet and has been replaced by a page of the site", file);
}

static gboolean carry_entry(Carry *carry, const char *path, gboolean foreign, guint depth, GError **error)
{
	struct stat info;
	StetStage *stage = carry->stage;
	if (fstatat(stage->out_fd, path, &info, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? TRUE : stet_publish_errno(error, "cannot read", path);
	if (S_ISDIR(info.st_mode))
		return carry_folder(carry, path, &info, foreign, depth, error);
	if (g_hash_table_contains(stage->paths, path)) {
		report_replaced(carry, path, &info);
		return TRUE;
	}
	if (!foreign && g_hash_table_contains(carry->before, path))
		return TRUE;
	if (!fits(carry, path, FALSE, error) || !make_folders_above(carry, path, error))
		return FALSE;
	if (!foreign)
		report(carry, path, "");
	return carry_file(carry, path, &info, error);
}

static gboolean walk(Carry *carry, const char *folder, gboolean foreign, guint depth, GError **error)
{
	g_autofree char *path = g_build_filename(carry->stage->out, folder, NULL);
	g_autoptr(GDir) handle = depth < STET_TREE_DEPTH ? g_dir_open(path, 0, error) : NULL;
	if (!handle) {
		if (error && !*error)
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "'%s' is nested more than %d deep", path,
						STET_TREE_DEPTH);
		return FALSE;
	}
	const char *name;
	while ((name = g_dir_read_name(handle))) {
		g_autofree char *entry = *folder ? g_strconcat(folder, "/", name, NULL) : g_strdup(name);
		if (!carry_entry(carry, entry, foreign, depth, error))
			return FALSE;
	}
	return TRUE;
}

gboolean stet_stage_carry(StetStage *stage, StetDiagnostics *diags, GError **error)
{
	g_autoptr(GHashTable) before = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter each;
	gpointer path;
	g_hash_table_iter_init(&each, stage->paths);
	while (g_hash_table_iter_next(&each, &path, NULL))
		add_folders_of(folders, path);
	for (guint i = 0; stage->before && i < stage->before->files->len; i++) {
		const StetRecordFile *file = stage->before->files->pdata[i];
		g_hash_table_add(before, file->path);
		add_folders_of(folders, file->path);
	}
	Carry carry = {stage, diags, before, folders, 0};
	gboolean done = walk(&carry, "", FALSE, 0, error);
	if (carry.carried > NAMED_MAX)
		stet_diagnose(diags, STET_WARNING, "out-foreign", (StetPlace){stage->shown, 0, 0}, NULL,
					  "%u more files and folders were not made by stet and are kept",
					  carry.carried - NAMED_MAX);
	return done;
}
