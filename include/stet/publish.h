/* publish: finished files into out/, all or nothing; and the memory of what a build was made from.
 *
 * In:     files by path. Out: an atomically swapped out/; DIR/.stet/state and a record a site.
 * Owns:   a stage owns its staging folder and the build lock until it is committed or aborted.
 * Threads: stet_stage_add may be called from any thread; the rest from one.
 *
 *     StetStage *stage = stet_stage_open("report/out", "report/.stet", &error);
 *     stet_stage_add(stage, "index.html", bytes, &error);
 *     stet_stage_commit(stage, diags, &error);    (or stet_stage_abort)
 *
 * What happens at any moment - kill -9, a full disk, a folder that may not be written - leaves out/ as
 * it was or as it is to be, never in between: out/ is changed by one rename alone. (Where the file
 * system cannot exchange two folders, two renames are used and the next build mends a kill between.)
 */
#ifndef STET_PUBLISH_H
#define STET_PUBLISH_H

#include "stet/base.h"

typedef struct StetStage StetStage;

/* Takes the report's build lock (error if another build holds it), clears what killed builds left and
 * makes an empty staging folder on the same file system as `out_dir`, which may be missing or a
 * symbolic link. Refused: folders that hold the report itself or lie in its data/ or templates/, and a
 * folder other than DIR/out with files in it that no build of this report wrote. */
StetStage *stet_stage_open(const char *out_dir, const char *state_dir, GError **error);
/* Do not wait for the disk before the swap: for previews, where a power cut costs nothing. */
void stet_stage_hasten(StetStage *stage);
/* Writes one file to the staging folder; a file equal to the one in out/ is linked, not written, and
 * so keeps its time. No path may be added twice. */
gboolean stet_stage_add(StetStage *stage, const char *path, GBytes *bytes, GError **error);
/* TRUE if the site has this file just as the last build of this report left it, by size, time and inode. */
gboolean stet_stage_holds(const StetStage *stage, const char *path);
/* Takes such a file over into the new site, unread. */
gboolean stet_stage_keep(StetStage *stage, const char *path, GError **error);
/* What stet_note_save remembered with the site in out/ as it was made; NULL if there is none, or the site
 * is no longer that one. `name` is a plain word. */
GBytes *stet_stage_note(const StetStage *stage, const char *name);
/* Waits until everything is on the disk, swaps the staging folder in with one rename and removes the
 * old one. Files in out/ that no build of stet wrote are carried over and reported as warnings.
 * Frees the stage in any case. */
gboolean stet_stage_commit(StetStage *stage, StetDiagnostics *diags, GError **error);
/* The same, but the old site is removed and the stage freed by stet_stage_abort, which must follow: the lock
 * is held until then, and whoever waits for the new site need not wait for that. */
gboolean stet_stage_publish(StetStage *stage, StetDiagnostics *diags, GError **error);
/* Removes the staging folder; out/ stays as it was. Frees the stage. NULL is nothing. */
void stet_stage_abort(StetStage *stage);

/* Remembers `bytes` with the site that was just committed to `out_dir`; NULL: forgets. */
gboolean stet_note_save(const char *out_dir, const char *state_dir, const char *name, GBytes *bytes,
						GError **error);
/* The same note without a stage, for reading alone. */
GBytes *stet_note_load(const char *out_dir, const char *state_dir, const char *name);

/* The files a build reads. */
typedef struct StetState StetState;
/* Looks at everything below data/ and templates/ of `root` (sizes and times only). `salt` stands for
 * what else decides the site: program, options. */
StetState *stet_state_scan(const char *root, const char *salt, GError **error);
/* TRUE if the last build that succeeded saw the very same inputs and out/ is as it left it. Contents
 * are hashed only where the time differs and the size does not. */
gboolean stet_state_is_current(StetState *state, const char *out_dir);
/* The hash and size of an input, where that is known without reading more than a file whose size is as it
 * was; FALSE: the file is new, gone, or surely another. */
gboolean stet_state_hash(StetState *state, const char *path, StetHash *hash, guint64 *bytes);
/* Tells the hash of an input's bytes (path relative to root), where some stage has it already. */
void stet_state_tell(StetState *state, const char *path, const StetHash *hash);
/* Remembers this state for next time, after a commit. Where an input changed since the scan, the site
 * is remembered as not current: the next build makes it again. */
gboolean stet_state_save(StetState *state, const char *out_dir, GError **error);
void stet_state_free(StetState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetState, stet_state_free)

#endif
