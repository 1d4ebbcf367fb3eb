/* PNG, quick: a third of the bytes to deflate by a palette, level 1, no filter. */
#include "png.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define SLOTS 16384     /* of the table of colours; a power of two */
#define SHADES_MAX 8192 /* colours counted; more are no drawing */
#define PALETTE 256
#define FREQUENT 128 /* palette entries given by frequency; the rest go to what is farthest off */

typedef struct {
	guint32 rgb, count;
	guint8 index; /* in the palette */
} Shade;

typedef struct {
	Shade *slots; /* count 0: free */
	guint n;
	guint32 palette[PALETTE];
	guint n_palette;
} Shades;

/* ---- colours -------------------------------------------------------------------------------- */

static Shade *slot_of(const Shades *shades, guint32 rgb)
{
	guint at = (rgb * 2654435761u) >> 18; /* 14 bits */
	while (shades->slots[at].count && shades->slots[at].rgb != rgb)
		at = (at + 1) & (SLOTS - 1);
	return &shades->slots[at];
}

static const guint32 *row_at(const guint8 *pixels, int stride, int y)
{
	return (const guint32 *)(gconstpointer)(pixels + (gsize)y * (gsize)stride);
}

/* FALSE: too many colours. */
static gboolean count_colours(Shades *shades, const guint8 *pixels, int width, int height, int stride)
{
	for (int y = 0; y < height; y++) {
		const guint32 *row = row_at(pixels, stride, y);
		for (int x = 0, from = 0; x < width; from = x) {
			guint32 pixel = row[x];
			while (x < width && row[x] == pixel)
				x++;
			Shade *shade = slot_of(shades, pixel & 0xffffff);
			if (shade->count == 0) {
				if (++shades->n > SHADES_MAX)
					return FALSE;
				shade->rgb = pixel & 0xffffff;
			}
			shade->count += (guint32)(x - from);
		}
	}
	return TRUE;
}

static int by_count(gconstpointer a, gconstpointer b)
{
	const Shade *sa = *(Shade *const *)a, *sb = *(Shade *const *)b;
	return sa->count != sb->count ? (sa->count > sb->count ? -1 : 1) : sa->rgb < sb->rgb ? -1 : 1;
}

/* The greatest difference of a channel. */
static guint off(guint32 a, guint32 b)
{
	int red = abs((int)(a >> 16 & 255) - (int)(b >> 16 & 255)),
		green = abs((int)(a >> 8 & 255) - (int)(b >> 8 & 255));
	int blue = abs((int)(a & 255) - (int)(b & 255));
	return (guint)MAX(red, MAX(green, blue));
}

/* Takes `colour` into the palette and moves to it the shades that lie nearer to it than to their own. */
static void take(Shades *shades, Shade **list, guint *far, guint32 colour)
{
	guint8 index = (guint8)shades->n_palette;
	shades->palette[shades->n_palette++] = colour;
	for (guint i = 0; i < shades->n; i++) {
		guint distance = off(list[i]->rgb, colour);
		if (distance < far[i]) {
			far[i] = distance;
			list[i]->index = index;
		}
	}
}

/* The commonest colours as they are, then always the one farthest from all taken so far (Gonzalez 1985). */
static gboolean choose_palette(Shades *shades)
{
	g_autofree Shade **list = g_new(Shade *, shades->n + 1);
	g_autofree guint *far = g_new(guint, shades->n + 1);
	guint n = 0;
	for (guint i = 0; i < SLOTS; i++)
		if (shades->slots[i].count)
			list[n++] = &shades->slots[i];
	qsort(list, n, sizeof *list, by_count);
	for (guint i = 0; i < n; i++)
		far[i] = G_MAXUINT;
	for (guint i = 0; i < n && i < (n <= PALETTE ? PALETTE : FREQUENT); i++)
		take(shades, list, far, list[i]->rgb);
	while (shades->n_palette < PALETTE) {
		guint worst = 0;
		for (guint i = 0; i < n; i++)
			worst = far[i] > far[worst] ? i : worst;
		if (far[worst] == 0)
			break;
		take(shades, list, far, list[worst]->rgb);
	}
	for (guint i = 0; i < n; i++)
		if (far[i] > PNG_OFF_MAX)
			return FALSE;
	return TRUE;
}

/* ---- scanlines ------------------------------------------------------------------------------ */

/* No filter: on flat drawings it gives both the smallest and the quickest result, as rows repeat within
 * deflate's window. */
static guint8 *indexed_lines(const Shades *shades, const guint8 *pixels, int width, int height, int stride,
							 gsize *length)
{
	gsize line = 1 + (gsize)width;
	guint8 *out = g_malloc(line * (gsize)height), *to = out;
	*length = line * (gsize)height;
	for (int y = 0; y < height; y++) {
		const guint32 *row = row_at(pixels, stride, y);
		*to++ = 0;
		if (y > 0 && memcmp(row, row_at(pixels, stride, y - 1), 4 * (gsize)width) == 0) {
			memcpy(to, to - line, (gsize)width);
			to += width;
			continue;
		}
		for (int x = 0, from = 0; x < width; from = x) {
			guint32 pixel = row[x];
			while (x < width && row[x] == pixel)
				x++;
			memset(to, slot_of(shades, pixel & 0xffffff)->index, (gsize)(x - from));
			to += x - from;
		}
	}
	return out;
}

static guint8 *full_lines(const guint8 *pixels, int width, int height, int stride, gsize *length)
{
	gsize line = 1 + 3 * (gsize)width;
	guint8 *out = g_malloc(line * (gsize)height), *to = out;
	*length = line * (gsize)height;
	for (int y = 0; y < height; y++) {
		const guint32 *row = row_at(pixels, stride, y);
		*to++ = 0;
		for (int x = 0; x < width; x++) {
			*to++ = (guint8)(row[x] >> 16);
			*to++ = (guint8)(row[x] >> 8);
			*to++ = (guint8)row[x];
		}
	}
	return out;
}

/* ---- the file ------------------------------------------------------------------------------- */

static void put_chunk(GByteArray *out, const char *type, const guint8 *data, gsize length)
{
	guint32 size = GUINT32_TO_BE((guint32)length);
	uLong sum = crc32(0, (const Bytef *)type, 4);
	/* zlib takes a NULL buffer for a request to begin anew. */
	if (length)
		sum = crc32(sum, data, (uInt)length);
	guint32 check = GUINT32_TO_BE((guint32)sum);
	g_byte_array_append(out, (const guint8 *)&size, 4);
	g_byte_array_append(out, (const guint8 *)type, 4);
	if (length)
		g_byte_array_append(out, data, (guint)length);
	g_byte_array_append(out, (const guint8 *)&check, 4);
}

/* Level 1 is several times quicker than the default and costs a few percent of bytes on flat drawings. */
static guint8 *pack(const guint8 *raw, gsize length, gsize *written)
{
	z_stream z = {0};
	if (deflateInit2(&z, 1, Z_DEFLATED, 15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	uLong bound = deflateBound(&z, (uLong)length);
	guint8 *packed = g_malloc(bound);
	z.next_in = (Bytef *)(gpointer)raw;
	z.avail_in = (uInt)length;
	z.next_out = packed;
	z.avail_out = (uInt)bound;
	int result = deflate(&z, Z_FINISH);
	*written = z.total_out;
	deflateEnd(&z);
	if (result == Z_STREAM_END)
		return packed;
	g_free(packed);
	return NULL;
}

static void put_palette(GByteArray *out, const Shades *shades)
{
	guint8 entries[3 * PALETTE];
	for (guint i = 0; i < shades->n_palette; i++) {
		entries[3 * i] = (guint8)(shades->palette[i] >> 16);
		entries[3 * i + 1] = (guint8)(shades->palette[i] >> 8);
		entries[3 * i + 2] = (guint8)shades->palette[i];
	}
	put_chunk(out, "PLTE", entries, 3 * (gsize)shades->n_palette);
}

GBytes *chart_png(const guint8 *pixels, int width, int height, int stride, GError **error)
{
	static const guint8 signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
	g_autofree Shade *slots = g_new0(Shade, SLOTS);
	Shades shades = {.slots = slots};
	gsize length, written = 0;
	gboolean indexed = count_colours(&shades, pixels, width, height, stride) && choose_palette(&shades);
	g_autofree guint8 *raw = indexed ? indexed_lines(&shades, pixels, width, height, stride, &length)
									 : full_lines(pixels, width, height, stride, &length);
	g_autofree guint8 *packed = pack(raw, length, &written);
	if (!packed) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot compress the picture");
		return NULL;
	}
	guint32 head[2] = {GUINT32_TO_BE((guint32)width), GUINT32_TO_BE((guint32)height)};
	guint8 header[13] = {[8] = 8, [9] = indexed ? 3 : 2}; /* 8 bits, palette or RGB */
	memcpy(header, head, 8);
	GByteArray *out = g_byte_array_sized_new((guint)written + 1024);
	g_byte_array_append(out, signature, sizeof signature);
	put_chunk(out, "IHDR", header, sizeof header);
	if (indexed)
		put_palette(out, &shades);
	put_chunk(out, "IDAT", packed, written);
	put_chunk(out, "IEND", NULL, 0);
	return g_byte_array_free_to_bytes(out);
}
