/* publish: finished files into out/, all or nothing; and the memory of what a build was made from.
 *
 * In:     files by path. Out: an atomically swapped out/, DIR/.stet/state.
 * Owns:   a stage owns its staging folder until it is committed or aborted.
 * Threads: stet_stage_add may be called from any thread; the rest from one.
 *
 *     StetStage *stage = stet_stage_open("report/out", "report/.stet", &error);
 *     stet_stage_add(stage, "index.html", bytes, &error);
 *     stet_stage_commit(stage, diags, &error);    (or stet_stage_abort)
 */
#ifndef STET_PUBLISH_H
#define STET_PUBLISH_H

#include "stet/base.h"

typedef struct StetStage StetStage;

/* Takes the report's build lock (error if another build holds it) and makes an empty staging folder
 * on the same file system as `out_dir`. */
StetStage *stet_stage_open(const char *out_dir, const char *state_dir, GError **error);
/* Writes one file to the staging folder; a file equal to the one in out/ is linked, not written. */
gboolean stet_stage_add(StetStage *stage, const char *path, GBytes *bytes, GError **error);
/* Swaps the staging folder in with one rename and removes the old one. Files in out/ that no build of
 * stet wrote are carried over and reported as warnings. Frees the stage. */
gboolean stet_stage_commit(StetStage *stage, StetDiagnostics *diags, GError **error);
/* Removes the staging folder; out/ stays as it was. Frees the stage. */
void stet_stage_abort(StetStage *stage);

/* The files a build read and the site it made. */
typedef struct StetState StetState;
/* Everything below data/ and templates/ of `root`, with `salt` (program version, options). Contents are
 * hashed only where size or time differ from the saved state. */
StetState *stet_state_scan(const char *root, const char *salt, GError **error);
/* TRUE if the last build that succeeded saw the very same inputs and out/ is as it left it. */
gboolean stet_state_is_current(const StetState *state, const char *out_dir);
/* Remembers this state for next time, after a commit. */
gboolean stet_state_save(const StetState *state, const char *out_dir, GError **error);
void stet_state_free(StetState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetState, stet_state_free)

#endif
