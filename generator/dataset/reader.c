/* The bytes of a source file as UTF-8: hashed as they are read, unpacked (gzip, Zstandard), decoded. */
#include "private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define RAW_BYTES (256u << 10)
#define DECODED_MAX (G_GUINT64_CONSTANT(2) << 30) /* a file that is decoded as a whole, bytes */

typedef enum { PLAIN, GZIP, ZSTD } Packing;

struct DsReader {
	int fd;
	char *path, *encoding; /* encoding NULL: UTF-8 */
	struct stat before;
	StetHasher *hasher;
	guint64 raw_bytes;
	gboolean raw_end;
	Packing packing;
	unsigned char *raw; /* packed bytes not yet unpacked */
	gsize raw_at, raw_length;
	z_stream gzip;
	gboolean gzip_open;
	ZSTD_DStream *zstd;
	gboolean in_frame; /* the packed stream stopped inside a member or frame */
	char *pending;     /* the first bytes, read to find a byte order mark, or decoded text */
	gsize pending_at, pending_length;
	gboolean decoded;
};

static gboolean fail(GError **error, const char *path, const char *what)
{
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot read '%s': %s", path, what);
	return FALSE;
}

/* Bytes of the file as they are; -1 on error. */
static gssize read_raw(DsReader *r, void *buffer, gsize size, GError **error)
{
	gsize done = 0;
	while (done < size && !r->raw_end) {
		gssize n = read(r->fd, (char *)buffer + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fail(error, r->path, errno == EISDIR ? "it is a folder" : g_strerror(errno));
			return -1;
		}
		if (n == 0)
			r->raw_end = TRUE;
		done += (gsize)n;
	}
	stet_hasher_add(r->hasher, buffer, done);
	r->raw_bytes += done;
	return (gssize)done;
}

static gboolean refill(DsReader *r, GError **error)
{
	if (r->raw_at < r->raw_length)
		return TRUE;
	gssize n = read_raw(r, r->raw, RAW_BYTES, error);
	r->raw_at = 0;
	r->raw_length = n < 0 ? 0 : (gsize)n;
	return n >= 0;
}

static gssize read_gzip(DsReader *r, char *buffer, gsize size, GError **error)
{
	r->gzip.next_out = (Bytef *)buffer;
	r->gzip.avail_out = (uInt)MIN(size, (gsize)G_MAXUINT32);
	uInt room = r->gzip.avail_out;
	while (r->gzip.avail_out > 0) {
		if (!refill(r, error))
			return -1;
		if (r->raw_at == r->raw_length)
			break;
		r->gzip.next_in = r->raw + r->raw_at;
		r->gzip.avail_in = (uInt)(r->raw_length - r->raw_at);
		int status = inflate(&r->gzip, Z_NO_FLUSH);
		r->raw_at = r->raw_length - r->gzip.avail_in;
		r->in_frame = status != Z_STREAM_END;
		/* a gzip file may hold several members, one after another (RFC 1952 2.2) */
		if (status == Z_STREAM_END && inflateReset(&r->gzip) == Z_OK)
			continue;
		if (status != Z_OK && status != Z_BUF_ERROR) {
			fail(error, r->path, "its gzip stream is damaged");
			return -1;
		}
	}
	if (r->gzip.avail_out == room && r->in_frame) {
		fail(error, r->path, "its gzip stream ends too early");
		return -1;
	}
	return (gssize)(room - r->gzip.avail_out);
}

static gssize read_zstd(DsReader *r, char *buffer, gsize size, GError **error)
{
	ZSTD_outBuffer out = {buffer, size, 0};
	while (out.pos < out.size) {
		if (!refill(r, error))
			return -1;
		if (r->raw_at == r->raw_length)
			break;
		ZSTD_inBuffer in = {r->raw, r->raw_length, r->raw_at};
		gsize status = ZSTD_decompressStream(r->zstd, &out, &in);
		r->raw_at = in.pos;
		if (ZSTD_isError(status)) {
			fail(error, r->path, "its Zstandard stream is damaged");
			return -1;
		}
		r->in_frame = status != 0;
	}
	if (out.pos == 0 && r->in_frame) {
		fail(error, r->path, "its Zstandard stream ends too early");
		return -1;
	}
	return (gssize)out.pos;
}

static gssize read_unpacked(DsReader *r, char *buffer, gsize size, GError **error)
{
	switch (r->packing) {
	case GZIP:
		return read_gzip(r, buffer, size, error);
	case ZSTD:
		return read_zstd(r, buffer, size, error);
	default:
		return read_raw(r, buffer, size, error);
	}
}

/* Reads all that is left and decodes it: ICU converters may keep state over any number of bytes. */
static gboolean decode_all(DsReader *r, GError **error)
{
	g_autoptr(GByteArray) all = g_byte_array_new();
	g_byte_array_append(all, (const guint8 *)r->pending + r->pending_at,
						(guint)(r->pending_length - r->pending_at));
	g_autofree char *buffer = g_malloc(RAW_BYTES);
	for (;;) {
		gssize n = read_unpacked(r, buffer, RAW_BYTES, error);
		if (n < 0)
			return FALSE;
		if (n == 0)
			break;
		if (all->len + (guint64)n > DECODED_MAX)
			return fail(error, r->path, "more than 2 GiB in an encoding other than UTF-8");
		g_byte_array_append(all, (const guint8 *)buffer, (guint)n);
	}
	gsize bad = 0, length = 0;
	g_autoptr(GError) cause = NULL;
	char *text = stet_utf8_from(r->encoding, (const char *)all->data, all->len, &length, &bad, &cause);
	if (text == NULL) {
		g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE,
					"'%s' is not %s at byte %" G_GSIZE_FORMAT ": %s", r->path, r->encoding, bad,
					cause->message);
		return FALSE;
	}
	g_free(r->pending);
	r->pending = text;
	r->pending_at = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	r->pending_length = length;
	r->decoded = TRUE;
	return TRUE;
}

static gboolean is_utf8(const char *name)
{
	return name == NULL || g_ascii_strcasecmp(name, "utf-8") == 0 || g_ascii_strcasecmp(name, "utf8") == 0 ||
		   g_ascii_strcasecmp(name, "utf-8-sig") == 0 || g_ascii_strcasecmp(name, "us-ascii") == 0 ||
		   g_ascii_strcasecmp(name, "ascii") == 0;
}

/* A byte order mark outranks the declared encoding (Unicode 23.8). */
static gboolean find_encoding(DsReader *r, const char *declared, GError **error)
{
	if (r->packing != PLAIN) {
		r->pending = g_malloc(RAW_BYTES);
		gssize n = read_unpacked(r, r->pending, RAW_BYTES, error);
		if (n < 0)
			return FALSE;
		r->pending_length = (gsize)n;
	}
	const char *head = r->pending;
	if (r->pending_length >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0) {
		r->pending_at = 3;
		return TRUE;
	}
	if (r->pending_length >= 2 && (memcmp(head, "\xFF\xFE", 2) == 0 || memcmp(head, "\xFE\xFF", 2) == 0))
		r->encoding = g_strdup("UTF-16");
	else if (!is_utf8(declared))
		r->encoding = g_strdup(declared);
	return r->encoding == NULL || decode_all(r, error);
}

static gboolean find_packing(DsReader *r, GError **error)
{
	gssize n = read_raw(r, r->raw, RAW_BYTES, error);
	if (n < 0)
		return FALSE;
	r->raw_length = (gsize)n;
	if (n >= 2 && r->raw[0] == 0x1F && r->raw[1] == 0x8B) {
		r->packing = GZIP;
		/* 16: expect a gzip header, not a zlib one */
		r->gzip_open = inflateInit2(&r->gzip, MAX_WBITS + 16) == Z_OK;
		return r->gzip_open || fail(error, r->path, "zlib could not start");
	}
	if (n >= 4 && memcmp(r->raw, "\x28\xB5\x2F\xFD", 4) == 0) {
		r->packing = ZSTD;
		r->zstd = ZSTD_createDStream();
		return r->zstd != NULL || fail(error, r->path, "zstd could not start");
	}
	/* plain: what was read is the start of the text */
	r->pending = (char *)r->raw;
	r->pending_length = r->raw_length;
	r->raw = NULL;
	return TRUE;
}

DsReader *ds_reader_open(const char *path, const char *encoding, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fail(error, path, g_strerror(errno));
		return NULL;
	}
	g_autoptr(DsReader) r = g_new0(DsReader, 1);
	r->fd = fd;
	r->path = g_strdup(path);
	r->hasher = stet_hasher_new();
	r->raw = g_malloc(RAW_BYTES);
	if (fstat(fd, &r->before) != 0) {
		fail(error, path, g_strerror(errno));
		return NULL;
	}
	if (S_ISDIR(r->before.st_mode)) {
		fail(error, path, "it is a folder");
		return NULL;
	}
	if (!find_packing(r, error) || !find_encoding(r, encoding, error))
		return NULL;
	return g_steal_pointer(&r);
}

gssize ds_reader_read(DsReader *r, char *buffer, gsize size, GError **error)
{
	gsize done = 0;
	while (done < size) {
		gsize left = r->pending_length - r->pending_at;
		if (left > 0) {
			gsize n = MIN(left, size - done);
			memcpy(buffer + done, r->pending + r->pending_at, n);
			r->pending_at += n;
			done += n;
			continue;
		}
		if (r->decoded)
			break;
		gssize n = read_unpacked(r, buffer + done, size - done, error);
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (gsize)n;
	}
	return (gssize)done;
}

guint64 ds_reader_raw_bytes(const DsReader *r)
{
	return r->raw_bytes;
}

guint64 ds_reader_size(const DsReader *r)
{
	return (guint64)r->before.st_size;
}

gboolean ds_reader_end(DsReader *r, StetHash *hash, GError **error)
{
	struct stat after;
	*hash = stet_hasher_end(g_steal_pointer(&r->hasher));
	if (fstat(r->fd, &after) != 0)
		return fail(error, r->path, g_strerror(errno));
	if (S_ISREG(after.st_mode) &&
		((guint64)after.st_size != r->raw_bytes || after.st_mtim.tv_sec != r->before.st_mtim.tv_sec ||
		 after.st_mtim.tv_nsec != r->before.st_mtim.tv_nsec))
		return fail(error, r->path, "it changed while it was read");
	return TRUE;
}

void ds_reader_free(DsReader *r)
{
	if (r == NULL)
		return;
	if (r->hasher != NULL)
		(void)stet_hasher_end(r->hasher);
	if (r->gzip_open)
		inflateEnd(&r->gzip);
	ZSTD_freeDStream(r->zstd);
	if (r->fd >= 0)
		close(r->fd);
	g_free(r->path);
	g_free(r->encoding);
	g_free(r->raw);
	g_free(r->pending);
	g_free(r);
}
