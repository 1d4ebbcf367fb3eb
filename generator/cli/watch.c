#include "cli/serve.h"

#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define EVENTS (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ONLYDIR)
#define PAUSE 8 /* ms without a change: the editor is done */
#define PAUSES_MAX 50
#define DEPTH_MAX 64

struct StetWatch {
	int fd;
	char *root;
	GHashTable *folders; /* watch descriptor -> path */
};

static void watch_folder(StetWatch *watch, const char *path, guint depth)
{
	int descriptor = inotify_add_watch(watch->fd, path, EVENTS);
	if (descriptor < 0 || depth > DEPTH_MAX)
		return;
	g_hash_table_replace(watch->folders, GINT_TO_POINTER(descriptor), g_strdup(path));
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *below = g_build_filename(path, name, NULL);
		if (name[0] != '.' && g_file_test(below, G_FILE_TEST_IS_DIR))
			watch_folder(watch, below, depth + 1);
	}
}

static const char *const parts[] = {"data", "templates", NULL};

/* The report's own folder is watched for its parts alone: they may be taken away and put back as others. */
static void watch_report(StetWatch *watch)
{
	int descriptor = inotify_add_watch(watch->fd, watch->root, EVENTS);
	if (descriptor >= 0)
		g_hash_table_replace(watch->folders, GINT_TO_POINTER(descriptor), g_strdup(watch->root));
	for (guint i = 0; parts[i]; i++) {
		g_autofree char *path = g_build_filename(watch->root, parts[i], NULL);
		watch_folder(watch, path, 0);
	}
}

StetWatch *stet_watch_new(const char *root, GError **error)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (fd < 0) {
		g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(errno), "cannot watch the report: %s",
					g_strerror(errno));
		return NULL;
	}
	StetWatch *watch = g_new0(StetWatch, 1);
	watch->fd = fd;
	watch->root = g_strdup(root);
	watch->folders = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	watch_report(watch);
	return watch;
}

void stet_watch_free(StetWatch *watch)
{
	close(watch->fd);
	g_hash_table_unref(watch->folders);
	g_free(watch->root);
	g_free(watch);
}

/* Files editors keep beside the one being written. */
static gboolean is_scratch(const char *name)
{
	return name[0] == '.' || name[0] == '#' || g_str_has_suffix(name, "~") ||
		   g_str_has_suffix(name, ".part") || g_str_has_suffix(name, ".tmp");
}

static gboolean take_event(StetWatch *watch, const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW) {
		watch_report(watch);
		return TRUE;
	}
	if (event->mask & IN_IGNORED) {
		g_hash_table_remove(watch->folders, GINT_TO_POINTER(event->wd));
		return FALSE;
	}
	if (event->len == 0 || is_scratch(event->name))
		return FALSE;
	const char *folder = g_hash_table_lookup(watch->folders, GINT_TO_POINTER(event->wd));
	if (g_strcmp0(folder, watch->root) == 0 && !g_strv_contains(parts, event->name))
		return FALSE;
	if ((event->mask & IN_ISDIR) && (event->mask & (IN_CREATE | IN_MOVED_TO)) && folder) {
		g_autofree char *path = g_build_filename(folder, event->name, NULL);
		watch_folder(watch, path, 0);
	}
	/* A file just created is not yet written: its IN_CLOSE_WRITE follows. A link has no writing to follow. */
	return !(event->mask & IN_CREATE) || (event->mask & IN_ISDIR);
}

static gboolean take_events(StetWatch *watch)
{
	_Alignas(struct inotify_event) char buffer[16384];
	gboolean changed = FALSE;
	gssize n;
	while ((n = read(watch->fd, buffer, sizeof buffer)) > 0)
		for (char *at = buffer; at < buffer + n;) {
			const struct inotify_event *event = (const struct inotify_event *)(const void *)at;
			changed = take_event(watch, event) || changed;
			at += sizeof *event + event->len;
		}
	return changed;
}

gboolean stet_watch_wait(StetWatch *watch, int ms)
{
	struct pollfd ready = {watch->fd, POLLIN, 0};
	if (poll(&ready, 1, ms) <= 0 || !take_events(watch))
		return FALSE;
	for (guint i = 0; i < PAUSES_MAX && poll(&ready, 1, PAUSE) > 0; i++)
		take_events(watch);
	return TRUE;
}
