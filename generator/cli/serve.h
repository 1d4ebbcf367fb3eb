/* The preview: a web server on this machine, a watch on the report, and the loop that joins them. */
#ifndef STET_CLI_SERVE_H
#define STET_CLI_SERVE_H

#include <glib.h>

/* ---- watching ------------------------------------------------------------------------------ */

/* Notices saved, moved and deleted files below data/ and templates/ (inotify). */
typedef struct StetWatch StetWatch;
StetWatch *stet_watch_new(const char *root, GError **error);
void stet_watch_free(StetWatch *watch);
/* Waits up to `ms` for a change, then until saving has paused; TRUE if something changed. */
gboolean stet_watch_wait(StetWatch *watch, int ms);

/* ---- serving ------------------------------------------------------------------------------- */

typedef struct StetServer StetServer;
/* Listens on `host` (a numeric address). Port 0 picks a free one, a usual one if it can be had. Pages
 * come from `out_dir`; nothing outside it is ever read. */
StetServer *stet_server_start(const char *out_dir, const char *host, guint port, GError **error);
void stet_server_stop(StetServer *server);
/* "http://127.0.0.1:8300/"; borrowed. */
const char *stet_server_url(const StetServer *server);
/* Tells open pages: `built` counts the sites made, `faults` is what is wrong (JSON lines, taken over)
 * or NULL after a good build. */
void stet_server_announce(StetServer *server, guint built, char *faults);

#endif
