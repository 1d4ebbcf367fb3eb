/* Loaded columns kept on disk: the format, shared by its writer and its reader.
 *
 * A file is a header (KeptHeader), the head and the body. The head is a run of numbers (little-endian u64)
 * and texts (length, bytes) that describe the dataset; vectors and dictionaries lie in the body, each from
 * a multiple of KEPT_ALIGN, and are used where they lie once the file is mapped. */
#ifndef STET_DATASET_KEPT_H
#define STET_DATASET_KEPT_H

#include "private.h"

#define KEPT_MAGIC "stetcol1"
#define KEPT_ALIGN 64u
#define KEPT_HEAD_MAX ((guint64)1 << 30) /* bytes */

typedef struct {
	char magic[8];
	guint64 head_length, body_length; /* bytes */
	guint64 body_sum;                 /* a KeptSum of the body */
	char head_hash[STET_HASH_LEN];    /* of the head */
	char program[32];                 /* the program that wrote it */
} KeptHeader;

G_STATIC_ASSERT(sizeof(KeptHeader) % KEPT_ALIGN == 0);

/* A number for bytes that come in pieces, each a multiple of KEPT_ALIGN. It finds damage, not malice: the
 * file is the user's own. Begins as zeros. */
typedef struct {
	guint64 lanes[4];
} KeptSum;
void kept_sum_add(KeptSum *sum, const char *bytes, gsize length);
guint64 kept_sum_end(const KeptSum *sum);

/* Where the dataset of this name is kept (g_free). */
char *kept_path(const char *dir, const char *name);
/* This very program, so that another one's columns are not taken for its own. */
void kept_program(char program[32]);
/* What decides the columns besides the files: the resource's description and how it is to be loaded. */
StetHash kept_plan(const StetResource *resource, gboolean quarantine);

#endif
