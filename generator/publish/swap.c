/* Putting the staging folder in the site's place, and clearing up after builds that were killed. */
#include "publish/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define OLD ".old"

/* For file systems that cannot exchange two folders. */
static gboolean swap_in_two_steps(StetStage *stage, GError **error)
{
	g_autofree char *old = g_strconcat(stage->folder, OLD, NULL);
	if (rename(stage->out, old) != 0)
		return stet_publish_errno(error, "cannot replace", stage->shown);
	if (rename(stage->folder, stage->out) != 0) {
		stet_publish_errno(error, "cannot replace", stage->shown);
		if (rename(old, stage->out) != 0) /* the next build tries again, by stet_stage_clear_stale */
			g_prefix_error(error, "the last site is at '%s' now; ", old);
		return FALSE;
	}
	rename(old, stage->folder);
	return TRUE;
}

gboolean stet_stage_swap(StetStage *stage, GError **error)
{
	if (stage->out_fd < 0) {
		if (renameat2(AT_FDCWD, stage->folder, AT_FDCWD, stage->out, RENAME_NOREPLACE) == 0 ||
			((errno == EINVAL || errno == ENOSYS) && rename(stage->folder, stage->out) == 0))
			return TRUE;
		return stet_publish_errno(error, "cannot make", stage->shown);
	}
	if (renameat2(AT_FDCWD, stage->folder, AT_FDCWD, stage->out, RENAME_EXCHANGE) == 0)
		return TRUE;
	if (errno == EINVAL || errno == ENOSYS)
		return swap_in_two_steps(stage, error);
	if (errno == EBUSY || errno == EXDEV) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
					"cannot replace '%s': it is a mount point (use --out with a folder inside it)",
					stage->shown);
		return FALSE;
	}
	return stet_publish_errno(error, "cannot replace", stage->shown);
}

static void remove_unless_held(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		stet_folder_remove(folder, NULL);
	close(fd);
}

void stet_stage_clear_stale(const StetStage *stage)
{
	g_autofree char *parent = stet_stage_parent(stage), *prefix = stet_stage_prefix(stage);
	g_autoptr(GDir) handle = g_dir_open(parent, 0, NULL);
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
	const char *name;
	while (handle && (name = g_dir_read_name(handle)))
		if (g_str_has_prefix(name, prefix))
			g_ptr_array_add(found, g_build_filename(parent, name, NULL));
	struct stat info;
	gboolean gone = lstat(stage->out, &info) != 0 && errno == ENOENT;
	for (guint i = 0; i < found->len; i++) {
		const char *folder = found->pdata[i];
		if (gone && g_str_has_suffix(folder, OLD) && rename(folder, stage->out) == 0)
			gone = FALSE;
		else
			remove_unless_held(folder);
	}
}
