/* The form of what is remembered between builds. Numbers are LEB128, texts a length and their bytes with the
 * NUL (so that they are read where they lie), hashes 32 bytes. */
#ifndef STET_SITE_FORM_H
#define STET_SITE_FORM_H

#include "stet/base.h"

typedef struct {
	const guint8 *at, *end;
	gboolean bad; /* once set, everything reads as nothing */
} FormReader;

void form_put_number(GByteArray *out, guint64 value);
void form_put_bytes(GByteArray *out, const void *data, gsize length);
/* NULL is written as the empty text. */
void form_put_text(GByteArray *out, const char *text);
void form_put_hash(GByteArray *out, const StetHash *hash);

guint64 form_get_number(FormReader *in);
/* A count of things that take at least a byte each. */
guint form_get_count(FormReader *in);
FormReader form_get_bytes(FormReader *in);
/* "" where there is none. */
const char *form_get_text(FormReader *in);
const guint8 *form_get_raw_hash(FormReader *in);
StetHash form_hash_of_raw(const guint8 *raw);

#endif
