/* The staging folder: opened under the build lock, filled file by file, committed or aborted. */
#include "publish/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

#define FRESH_MAX 64 /* files written that are synced one by one */
#ifndef XFS_SUPER_MAGIC
#define XFS_SUPER_MAGIC 0x58465342
#endif

static void stage_free(StetStage *stage)
{
	if (!stage)
		return;
	if (stage->out_fd >= 0)
		close(stage->out_fd);
	if (stage->folder_fd >= 0)
		close(stage->folder_fd);
	if (stage->lock >= 0)
		close(stage->lock); /* gives the build lock back */
	if (stage->paths)
		g_hash_table_unref(stage->paths);
	if (stage->folders)
		g_hash_table_unref(stage->folders);
	if (stage->known)
		g_hash_table_unref(stage->known);
	if (stage->fresh)
		g_ptr_array_unref(stage->fresh);
	stet_record_free(stage->before);
	g_mutex_clear(&stage->mutex);
	g_free(stage->state_dir);
	g_free(stage->out);
	g_free(stage->shown);
	g_free(stage->key);
	g_free(stage->folder);
	g_free(stage);
}

/* ---- opening ------------------------------------------------------------------------------- */

static gboolean take_lock(StetStage *stage, GError **error)
{
	g_autofree char *path = g_build_filename(stage->state_dir, "lock", NULL);
	if (g_mkdir_with_parents(stage->state_dir, 0777) != 0)
		return stet_publish_errno(error, "cannot make folder", stage->state_dir);
	stage->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (stage->lock < 0)
		return stet_publish_errno(error, "cannot write", path);
	if (flock(stage->lock, LOCK_EX | LOCK_NB) != 0) {
		char owner[24] = "";
		gssize n = errno == EWOULDBLOCK ? pread(stage->lock, owner, sizeof owner - 1, 0) : -1;
		if (n < 0)
			return stet_publish_errno(error, "cannot lock", path);
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN,
					"another build of this report is at work (process %s)", g_strstrip(owner));
		return FALSE;
	}
	char owner[24];
	int length = g_snprintf(owner, sizeof owner, "%d\n", (int)getpid());
	/* Only for the message above: a lock that cannot be signed still locks. */
	if (ftruncate(stage->lock, 0) == 0 && pwrite(stage->lock, owner, (gsize)length, 0) < 0)
		errno = 0;
	return TRUE;
}

static gboolean lies_in(const char *path, const char *folder)
{
	gsize n = strlen(folder);
	return strncmp(path, folder, n) == 0 &&
		   (path[n] == 0 || path[n] == '/' || (n > 0 && folder[n - 1] == '/'));
}

static gboolean is_empty(const char *dir)
{
	g_autoptr(GDir) handle = g_dir_open(dir, 0, NULL);
	return handle && !g_dir_read_name(handle);
}

/* The swap replaces a whole folder: make sure that it is the site's and nobody else's. */
static gboolean check_out(StetStage *stage, const char *out_dir, GError **error)
{
	g_autofree char *state = stet_site_resolve(stage->state_dir, NULL);
	g_autofree char *report = g_path_get_dirname(state);
	static const char *const sources[] = {"data", "templates", ".stet", ".git", NULL};
	gboolean holds_report = lies_in(report, stage->out);
	for (guint i = 0; sources[i]; i++) {
		g_autofree char *source = g_build_filename(report, sources[i], NULL);
		holds_report = holds_report || lies_in(stage->out, source);
	}
	if (holds_report) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
					"the site cannot go to '%s': the report itself is kept there", out_dir);
		return FALSE;
	}
	stage->out_fd = open(stage->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (stage->out_fd < 0)
		return errno == ENOENT ? TRUE : stet_publish_errno(error, "cannot open", out_dir);
	if (access(stage->out, W_OK) != 0)
		return stet_publish_errno(error, "cannot write to", out_dir);
	if (!stage->before && strcmp(stage->shown, "out") != 0 && !is_empty(stage->out)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
					"'%s' holds files that no build of this report wrote (name a new or empty folder)",
					out_dir);
		return FALSE;
	}
	return TRUE;
}

/* In .stet/ where that lies on the site's file system, else hidden beside the site. */
char *stet_stage_parent(const StetStage *stage)
{
	struct stat state, beside;
	g_autofree char *parent = g_path_get_dirname(stage->out);
	if (stat(stage->state_dir, &state) == 0 && stat(parent, &beside) == 0 && state.st_dev == beside.st_dev)
		return g_strdup(stage->state_dir);
	return g_steal_pointer(&parent);
}

char *stet_stage_prefix(const StetStage *stage)
{
	return g_strdup_printf(".stage-%s-", stage->key);
}

static gboolean make_folder(StetStage *stage, GError **error)
{
	g_autofree char *parent = stet_stage_parent(stage), *prefix = stet_stage_prefix(stage);
	for (guint attempt = 0; attempt < 100; attempt++) {
		g_autofree char *name = g_strdup_printf("%s%d-%u", prefix, (int)getpid(), attempt);
		g_autofree char *folder = g_build_filename(parent, name, NULL);
		if (mkdir(folder, 0777) != 0 && errno == EEXIST)
			continue;
		stage->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (stage->folder_fd < 0)
			return stet_publish_errno(error, "cannot make folder", folder);
		stage->folder = g_steal_pointer(&folder);
		/* Held while this build lives: a folder whose lock is free was left by a killed one. */
		if (flock(stage->folder_fd, LOCK_EX | LOCK_NB) != 0)
			return stet_publish_errno(error, "cannot lock", stage->folder);
		struct stat old;
		if (stage->out_fd >= 0 && fstat(stage->out_fd, &old) == 0 &&
			fchmod(stage->folder_fd, old.st_mode & 07777) != 0)
			return stet_publish_errno(error, "cannot set the mode of", stage->folder);
		return TRUE;
	}
	errno = EEXIST;
	return stet_publish_errno(error, "cannot make a staging folder in", parent);
}

StetStage *stet_stage_open(const char *out_dir, const char *state_dir, GError **error)
{
	StetStage *stage = g_new0(StetStage, 1);
	stage->lock = stage->folder_fd = stage->out_fd = -1;
	g_mutex_init(&stage->mutex);
	stage->state_dir = g_canonicalize_filename(state_dir, NULL);
	stage->paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	stage->fresh = g_ptr_array_new_with_free_func(g_free);
	stage->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (!take_lock(stage, error) || !(stage->out = stet_site_resolve(out_dir, error))) {
		stage_free(stage);
		return NULL;
	}
	stage->shown = stet_site_shown(stage->out, stage->state_dir);
	stage->key = stet_site_key(stage->shown);
	stage->before = stet_record_load(stage->state_dir, stage->key);
	stage->known = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; stage->before && i < stage->before->files->len; i++) {
		StetRecordFile *file = stage->before->files->pdata[i];
		g_hash_table_insert(stage->known, file->path, file);
	}
	stet_stage_clear_stale(stage);
	if (check_out(stage, out_dir, error) && make_folder(stage, error))
		return stage;
	stet_stage_abort(stage);
	return NULL;
}

void stet_stage_hasten(StetStage *stage)
{
	stage->hasty = TRUE;
}

/* ---- adding -------------------------------------------------------------------------------- */

/* Makes the folders above `path`; those made before are remembered. Called with the mutex held. */
static gboolean make_parents(StetStage *stage, const char *path, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(path);
	if (strcmp(parent, ".") == 0 || g_hash_table_contains(stage->folders, parent))
		return TRUE;
	if (!make_parents(stage, parent, error))
		return FALSE;
	if (mkdirat(stage->folder_fd, parent, 0777) != 0 && errno != EEXIST)
		return stet_publish_errno(error, "cannot make folder", parent);
	g_hash_table_add(stage->folders, g_steal_pointer(&parent));
	return TRUE;
}

static gboolean register_path(StetStage *stage, const char *path, GError **error)
{
	if (!stet_path_is_inside(path) || g_str_has_suffix(path, "/")) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "'%s' is no path inside the site", path);
		return FALSE;
	}
	g_mutex_lock(&stage->mutex);
	gboolean fresh = g_hash_table_add(stage->paths, g_strdup(path));
	gboolean made = fresh && make_parents(stage, path, error);
	g_mutex_unlock(&stage->mutex);
	if (!fresh)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST, "'%s' is written twice", path);
	return made;
}

static gboolean holds_same(int fd, const char *data, gsize length)
{
	char piece[65536];
	gsize at = 0;
	for (;;) {
		gssize n = read(fd, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 && at == length;
		if ((gsize)n > length - at || memcmp(piece, data + at, (gsize)n) != 0)
			return FALSE;
		at += (gsize)n;
	}
}

/* Whether the file of the last site could take the new one's place; then it is linked. */
static gboolean link_same(const StetStage *stage, const char *path, const char *data, gsize length)
{
	if (stage->out_fd < 0)
		return FALSE;
	int fd = openat(stage->out_fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return FALSE;
	struct stat info;
	gboolean same = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && (guint64)info.st_size == length &&
					holds_same(fd, data, length);
	close(fd);
	return same && linkat(stage->out_fd, path, stage->folder_fd, path, 0) == 0;
}

static gboolean write_new(const StetStage *stage, const char *path, const char *data, gsize length,
						  GError **error)
{
	int fd = openat(stage->folder_fd, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return stet_publish_errno(error, "cannot write", path);
	while (length > 0) {
		gssize n = write(fd, data, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			stet_publish_errno(error, "cannot write", path);
			close(fd);
			return FALSE;
		}
		data += n;
		length -= (gsize)n;
	}
	return close(fd) == 0 ? TRUE : stet_publish_errno(error, "cannot write", path);
}

static void note_written(StetStage *stage, const char *path)
{
	g_mutex_lock(&stage->mutex);
	if (stage->written++ < FRESH_MAX)
		g_ptr_array_add(stage->fresh, g_strdup(path));
	g_mutex_unlock(&stage->mutex);
}

gboolean stet_stage_add(StetStage *stage, const char *path, GBytes *bytes, GError **error)
{
	gsize length = 0;
	const char *data = g_bytes_get_data(bytes, &length);
	if (!register_path(stage, path, error))
		return FALSE;
	if (link_same(stage, path, data, length))
		return TRUE;
	if (!write_new(stage, path, data, length, error))
		return FALSE;
	note_written(stage, path);
	return TRUE;
}

gboolean stet_stage_holds(const StetStage *stage, const char *path)
{
	const StetRecordFile *file = stage->out_fd >= 0 ? g_hash_table_lookup(stage->known, path) : NULL;
	struct stat info;
	return file && fstatat(stage->out_fd, path, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode) &&
		   (guint64)info.st_size == file->size && (guint64)info.st_ino == file->inode &&
		   stet_stat_mtime(&info) == file->mtime;
}

gboolean stet_stage_keep(StetStage *stage, const char *path, GError **error)
{
	if (!register_path(stage, path, error))
		return FALSE;
	if (linkat(stage->out_fd, path, stage->folder_fd, path, 0) == 0)
		return TRUE;
	/* A file system without links: read it and write it anew. */
	g_autofree char *file = g_build_filename(stage->out, path, NULL);
	gsize length = 0;
	g_autofree char *text = stet_file_read(file, &length, error);
	if (!text || !write_new(stage, path, text, length, error))
		return FALSE;
	note_written(stage, path);
	return TRUE;
}

/* ---- closing ------------------------------------------------------------------------------- */

/* What this build wrote and, until the swap has happened, what the one before it wrote. */
static StetRecord *make_record(StetStage *stage, gboolean with_before, gboolean *longer, GError **error)
{
	g_autoptr(StetRecord) record = stet_record_new();
	GHashTableIter each;
	gpointer path;
	struct stat info;
	g_hash_table_iter_init(&each, stage->paths);
	while (g_hash_table_iter_next(&each, &path, NULL)) {
		if (fstatat(stage->folder_fd, path, &info, AT_SYMLINK_NOFOLLOW) != 0) {
			stet_publish_errno(error, "cannot read", path);
			return NULL;
		}
		stet_record_add(record, path, &info);
	}
	*longer = FALSE;
	memset(&info, 0, sizeof info);
	for (guint i = 0; with_before && stage->before && i < stage->before->files->len; i++) {
		const StetRecordFile *file = stage->before->files->pdata[i];
		if (g_hash_table_contains(stage->paths, file->path))
			continue;
		stet_record_add(record, file->path, &info);
		*longer = TRUE;
	}
	return g_steal_pointer(&record);
}

/* File systems with one ordered journal: whatever is on the disk of a file written last, all names made
 * before are too. */
static gboolean is_journalled(int fd)
{
	struct statfs info;
	return fstatfs(fd, &info) == 0 && (info.f_type == EXT4_SUPER_MAGIC || info.f_type == XFS_SUPER_MAGIC);
}

/* A few files are sent to the disk one by one: the rest of the machine's writing is none of ours. */
static gboolean sync_files(const StetStage *stage)
{
	for (guint i = 0; i < stage->fresh->len; i++) {
		int fd = openat(stage->folder_fd, stage->fresh->pdata[i], O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		gboolean done = fd >= 0 && fsync(fd) == 0;
		if (fd >= 0)
			close(fd);
		if (!done)
			return FALSE;
	}
	return fsync(stage->folder_fd) == 0;
}

static gboolean sync_stage(const StetStage *stage, GError **error)
{
	if (stage->hasty || stage->written == 0)
		return TRUE;
	gboolean few = stage->written <= stage->fresh->len && is_journalled(stage->folder_fd);
	return (few ? sync_files(stage) : syncfs(stage->folder_fd) == 0)
			   ? TRUE
			   : stet_publish_errno(error, "cannot write to disk", stage->folder);
}

gboolean stet_stage_publish(StetStage *stage, StetDiagnostics *diags, GError **error)
{
	gboolean longer = FALSE;
	if (stage->out_fd >= 0 && !stet_stage_carry(stage, diags, error))
		return FALSE;
	g_autoptr(StetRecord) both = make_record(stage, TRUE, &longer, error);
	if (!both || !stet_record_save(both, stage->state_dir, stage->key, error) || !sync_stage(stage, error))
		return FALSE;
	if (!stet_stage_swap(stage, error))
		return FALSE;
	if (!longer)
		return TRUE;
	/* The site is in place: a record that names a few files too many is no reason to fail. */
	g_autoptr(StetRecord) own = make_record(stage, FALSE, &longer, NULL);
	if (own)
		stet_record_save(own, stage->state_dir, stage->key, NULL);
	return TRUE;
}

gboolean stet_stage_commit(StetStage *stage, StetDiagnostics *diags, GError **error)
{
	gboolean done = stet_stage_publish(stage, diags, error);
	stet_stage_abort(stage); /* what is in the staging folder's place by now is the old site */
	return done;
}

void stet_stage_abort(StetStage *stage)
{
	if (!stage)
		return;
	if (stage->folder)
		stet_folder_remove(stage->folder, NULL); /* what stays is cleared by the next build */
	stage_free(stage);
}
