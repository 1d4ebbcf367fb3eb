/* Cutting a file into pieces at line ends that stand outside quotes. Whether a byte stands inside
 * quotes is the parity of the quotes before it: one pass of counting, no parsing. A stray quote makes
 * the parity wrong from there on, but the piece that holds the first one begins rightly, so its
 * parser always finds it. */
#include "private.h"
#include "scan.h"

struct DsCut {
	DsReader *reader;
	char quote;
	char *tail; /* bytes after the last cut */
	gsize tail_length;
	guint index;
	gboolean end;
};

DsCut *ds_cut_new(DsReader *reader, char quote)
{
	DsCut *cut = g_new0(DsCut, 1);
	cut->reader = reader;
	cut->quote = quote;
	return cut;
}

void ds_cut_free(DsCut *cut)
{
	if (cut == NULL)
		return;
	g_free(cut->tail);
	g_free(cut);
}

/* TRUE if an odd number of `quote` stands in the bytes. */
static gboolean odd_quotes(const char *bytes, gsize length, char quote)
{
	if (quote == 0)
		return FALSE;
	guint64 parity = 0;
	gsize i = 0;
	for (; i + 64 <= length; i += 64)
		parity ^= scan_equal(bytes + i, quote);
	int odd = __builtin_parityll(parity);
	for (; i < length; i++)
		odd ^= bytes[i] == quote;
	return odd;
}

/* Offset after the last line end outside quotes, 0 if there is none. `inside`: the end of the bytes
 * stands inside quotes. A CR at the very end may be half of a CRLF and does not count. */
static gsize last_line_end(const char *bytes, gsize length, char quote, gboolean inside)
{
	for (gsize i = length; i > 0; i--) {
		char c = bytes[i - 1];
		if (quote != 0 && c == quote)
			inside = !inside;
		else if (!inside && (c == '\n' || (c == '\r' && i < length)))
			return i;
	}
	return 0;
}

static void reserve(DsChunk *chunk, gsize capacity)
{
	if (chunk->capacity >= capacity)
		return;
	chunk->bytes = g_realloc(chunk->bytes, capacity + DS_PAD);
	chunk->capacity = capacity;
}

gboolean ds_cut_next(DsCut *cut, DsChunk *chunk, GError **error)
{
	if (cut->end)
		return FALSE;
	gsize want = MAX(DS_PIECE_BYTES, MIN(cut->tail_length * 2, cut->tail_length + DS_PIECE_BYTES));
	gsize length = cut->tail_length, end = 0;
	reserve(chunk, want);
	if (length > 0)
		memcpy(chunk->bytes, cut->tail, length);
	gboolean inside = odd_quotes(chunk->bytes, length, cut->quote);
	for (;;) {
		gssize n = ds_reader_read(cut->reader, chunk->bytes + length, want - length, error);
		if (n < 0)
			return FALSE;
		inside ^= odd_quotes(chunk->bytes + length, (gsize)n, cut->quote);
		length += (gsize)n;
		cut->end = length < want;
		end = cut->end ? length : last_line_end(chunk->bytes, length, cut->quote, inside);
		/* a record longer than allowed goes to the parser as it is, which reports it */
		if (end > 0 || cut->end || length > DS_RECORD_MAX)
			break;
		want = MIN(want * 2, (gsize)DS_RECORD_MAX + DS_PIECE_BYTES);
		reserve(chunk, want);
	}
	if (end == 0)
		end = length;
	g_free(cut->tail);
	cut->tail_length = length - end;
	cut->tail = cut->tail_length > 0 ? g_memdup2(chunk->bytes + end, cut->tail_length) : NULL;
	chunk->length = end;
	memset(chunk->bytes + end, 0, DS_PAD);
	chunk->index = cut->index++;
	chunk->last = cut->end;
	return end > 0;
}

void ds_cut_return(DsCut *cut, const char *bytes, gsize length)
{
	char *tail = g_malloc(length + cut->tail_length);
	memcpy(tail, bytes, length);
	if (cut->tail_length > 0)
		memcpy(tail + length, cut->tail, cut->tail_length);
	g_free(cut->tail);
	cut->tail = tail;
	cut->tail_length += length;
}

void ds_chunk_clear(DsChunk *chunk)
{
	g_free(chunk->bytes);
	*chunk = (DsChunk){0};
}
