/* Texts to codes: open addressing with linear probing; the hash is kept beside the code so that most
 * misses touch one cache line. */
#include "private.h"

#include <string.h>

#define FIRST_SLOTS 256u
#define CODES_MAX (1u << 31)

void ds_dictionary_init(DsDictionary *d)
{
	*d = (DsDictionary){.mask = FIRST_SLOTS - 1, .capacity = FIRST_SLOTS / 2};
	d->slots = g_new0(guint64, FIRST_SLOTS);
	d->texts = g_new(StetText, d->capacity);
	d->verdicts = g_new(guint8, d->capacity);
}

void ds_dictionary_clear(DsDictionary *d)
{
	g_free(d->slots);
	g_free(d->texts);
	g_free(d->verdicts);
	ds_arena_clear(&d->bytes);
	*d = (DsDictionary){0};
}

static inline guint64 mix(guint64 a, guint64 b)
{
	unsigned __int128 product = (unsigned __int128)a * b;
	return (guint64)product ^ (guint64)(product >> 64);
}

/* Eight bytes at a time; the last up to eight are masked, so the padding's content does not matter. */
static inline guint32 hash_text(StetText text)
{
	const guint64 k0 = G_GUINT64_CONSTANT(0x9E3779B97F4A7C15), k1 = G_GUINT64_CONSTANT(0xC2B2AE3D27D4EB4F);
	guint64 hash = text.len * k0, word;
	const char *p = text.ptr;
	gsize left = text.len;
	for (; left > 8; left -= 8, p += 8) {
		memcpy(&word, p, 8);
		hash = mix(hash ^ word, k1);
	}
	if (left > 0) {
		memcpy(&word, p, 8);
		word = GUINT64_FROM_LE(word) & (G_MAXUINT64 >> (64 - 8 * left));
		hash = mix(hash ^ word, k1);
	}
	return (guint32)(hash ^ (hash >> 32));
}

static void grow(DsDictionary *d)
{
	guint32 mask = d->mask * 2 + 1;
	guint64 *slots = g_new0(guint64, (gsize)mask + 1);
	for (gsize i = 0; i <= d->mask; i++) {
		if (d->slots[i] == 0)
			continue;
		guint32 at = (guint32)(d->slots[i] >> 32) & mask;
		while (slots[at] != 0)
			at = (at + 1) & mask;
		slots[at] = d->slots[i];
	}
	g_free(d->slots);
	d->slots = slots;
	d->mask = mask;
	d->capacity = (mask + 1) / 2;
	d->texts = g_renew(StetText, d->texts, d->capacity);
	d->verdicts = g_renew(guint8, d->verdicts, d->capacity);
}

guint32 ds_dictionary_code(DsDictionary *d, StetText text, gboolean *fresh)
{
	guint32 hash = hash_text(text), at = hash & d->mask;
	for (; d->slots[at] != 0; at = (at + 1) & d->mask) {
		if ((guint32)(d->slots[at] >> 32) != hash)
			continue;
		guint32 code = (guint32)d->slots[at] - 1;
		StetText known = d->texts[code];
		if (known.len == text.len && memcmp(known.ptr, text.ptr, text.len) == 0) {
			*fresh = FALSE;
			return code;
		}
	}
	if (d->n == d->capacity) {
		g_assert(d->n < CODES_MAX / 2);
		grow(d);
		for (at = hash & d->mask; d->slots[at] != 0;)
			at = (at + 1) & d->mask;
	}
	guint32 code = d->n++;
	d->slots[at] = (guint64)hash << 32 | (code + 1);
	d->texts[code] = ds_arena_copy(&d->bytes, text.ptr, text.len);
	d->verdicts[code] = DS_FINE;
	*fresh = TRUE;
	return code;
}
