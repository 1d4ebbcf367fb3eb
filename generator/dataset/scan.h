/* Finding bytes 64 at a time: bit i of a mask says whether byte i is one of those looked for. */
#ifndef STET_DATASET_SCAN_H
#define STET_DATASET_SCAN_H

#include <glib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>

static inline guint64 scan_equal(const char *p, char c)
{
	__m128i want = _mm_set1_epi8(c);
	guint64 mask = 0;
	for (int i = 0; i < 4; i++) {
		__m128i block = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
		mask |= (guint64)(guint32)_mm_movemask_epi8(_mm_cmpeq_epi8(block, want)) << (16 * i);
	}
	return mask;
}

static inline guint64 scan_any4(const char *p, char a, char b, char c, char d)
{
	__m128i wa = _mm_set1_epi8(a), wb = _mm_set1_epi8(b), wc = _mm_set1_epi8(c), wd = _mm_set1_epi8(d);
	guint64 mask = 0;
	for (int i = 0; i < 4; i++) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
		__m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, wa), _mm_cmpeq_epi8(x, wb)),
								   _mm_or_si128(_mm_cmpeq_epi8(x, wc), _mm_cmpeq_epi8(x, wd)));
		mask |= (guint64)(guint32)_mm_movemask_epi8(hit) << (16 * i);
	}
	return mask;
}

#else

/* Bytes equal to `c` have their bit set; exact, byte by byte without carries between them. */
static inline guint64 scan_equal(const char *p, char c)
{
	const guint64 low = G_GUINT64_CONSTANT(0x7F7F7F7F7F7F7F7F);
	guint64 want = G_GUINT64_CONSTANT(0x0101010101010101) * (guint8)c, mask = 0;
	for (int i = 0; i < 8; i++) {
		guint64 x;
		memcpy(&x, p + 8 * i, 8);
		x = GUINT64_FROM_LE(x) ^ want;
		guint64 hit = ~(((x & low) + low) | x | low) >> 7;
		mask |= ((hit * G_GUINT64_CONSTANT(0x0102040810204080)) >> 56) << (8 * i);
	}
	return mask;
}

static inline guint64 scan_any4(const char *p, char a, char b, char c, char d)
{
	return scan_equal(p, a) | scan_equal(p, b) | scan_equal(p, c) | scan_equal(p, d);
}

#endif
#endif
