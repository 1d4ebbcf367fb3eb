/* What the files of the publish stage share. */
#ifndef STET_PUBLISH_PRIVATE_H
#define STET_PUBLISH_PRIVATE_H

#include "stet/publish.h"

#include <sys/stat.h>

#define STET_TREE_DEPTH 64 /* folders within folders, in out/ */

/* Sets `error` from errno: "WHAT 'PATH': reason". Returns FALSE. */
gboolean stet_publish_errno(GError **error, const char *what, const char *path);

/* ---- sealed files: text with a version in its first line and its SHA-256 in the last ------- */

/* Adds the last line and writes the file whole. `seal` (may be NULL) gets the hash. */
gboolean stet_sealed_write(const char *path, GString *text, StetHash *seal, GError **error);
/* The lines between (g_strfreev), or NULL where the file is missing, damaged or of another version. */
char **stet_sealed_read(const char *path, const char *version, StetHash *seal);

/* ---- the record of a site: what the last build wrote to one out/ --------------------------- */

typedef struct {
	char *path; /* relative to out/ */
	guint64 size, inode;
	gint64 mtime; /* ns since 1970 UTC */
} StetRecordFile;

typedef struct {
	GPtrArray *files; /* StetRecordFile *, sorted by path */
	StetHash seal;
} StetRecord;

/* How a site is called: relative to the report's folder where it lies inside, else absolute; and the
 * short name its record goes by. Both g_free. */
char *stet_site_shown(const char *out, const char *state_dir);
char *stet_site_key(const char *shown);
/* The real path of `out_dir`, which may not exist yet (g_free). NULL and `error` if it cannot be. */
char *stet_site_resolve(const char *out_dir, GError **error);

void stet_record_add(StetRecord *record, const char *path, const struct stat *info);
StetRecord *stet_record_new(void);
StetRecord *stet_record_load(const char *state_dir, const char *key);
gboolean stet_record_save(StetRecord *record, const char *state_dir, const char *key, GError **error);
void stet_record_free(StetRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetRecord, stet_record_free)

gint64 stet_stat_mtime(const struct stat *info);
gint64 stet_stat_ctime(const struct stat *info);

/* ---- the stage ----------------------------------------------------------------------------- */

struct StetStage {
	char *state_dir;
	char *out; /* real path of the site, which may not exist yet */
	char *shown, *key;
	char *folder;                /* the staging folder */
	int lock, folder_fd, out_fd; /* out_fd: -1 where there is no site yet */
	gboolean hasty;
	gsize written;       /* files written, not linked */
	GPtrArray *fresh;    /* char *: the first of them */
	GMutex mutex;        /* guards the two sets, the count and the list */
	GHashTable *paths;   /* added */
	GHashTable *folders; /* made */
	StetRecord *before;  /* NULL: no build of this report wrote to this out/, as far as is known */
	GHashTable *known;   /* its files by path; borrowed from it */
};

/* Brings over what is in out/ and was not written by stet. FALSE if something could not be. */
gboolean stet_stage_carry(StetStage *stage, StetDiagnostics *diags, GError **error);
/* Makes the staging folder the site; the old site is then in the staging folder's place. */
gboolean stet_stage_swap(StetStage *stage, GError **error);
/* Removes staging folders that no living build holds, and brings a site back that a kill between two
 * renames took away. */
void stet_stage_clear_stale(const StetStage *stage);
/* The folder staging folders are made in, on the file system of the site, and how they begin. Both
 * g_free. */
char *stet_stage_parent(const StetStage *stage);
char *stet_stage_prefix(const StetStage *stage);

#endif
