/* Numbers, texts and hashes as bytes: the form of what is remembered between builds. */
#include "site/form.h"

#include <string.h>

void form_put_number(GByteArray *out, guint64 value)
{
	guint8 bytes[10];
	guint n = 0;
	do {
		bytes[n++] = (guint8)((value & 127) | (value > 127 ? 128 : 0));
		value >>= 7;
	} while (value > 0);
	g_byte_array_append(out, bytes, n);
}

void form_put_bytes(GByteArray *out, const void *data, gsize length)
{
	form_put_number(out, length);
	if (length > 0)
		g_byte_array_append(out, data, (guint)length);
}

void form_put_text(GByteArray *out, const char *text)
{
	form_put_bytes(out, text ? text : "", text ? strlen(text) + 1 : 1); /* with its NUL: read in place */
}

void form_put_hash(GByteArray *out, const StetHash *hash)
{
	guint8 bytes[STET_HASH_LEN / 2] = {0}; /* as it stays where a file could not be written */
	for (guint i = 0; hash->hex[0] && i < sizeof bytes; i++)
		bytes[i] = (guint8)(g_ascii_xdigit_value(hash->hex[2 * i]) << 4 |
							g_ascii_xdigit_value(hash->hex[2 * i + 1]));
	g_byte_array_append(out, bytes, sizeof bytes);
}

guint64 form_get_number(FormReader *in)
{
	guint64 value = 0;
	for (guint shift = 0; shift < 64 && in->at < in->end; shift += 7) {
		guint8 byte = *in->at++;
		value |= (guint64)(byte & 127) << shift;
		if (byte < 128)
			return value;
	}
	in->bad = TRUE;
	return 0;
}

/* A count of things that take at least a byte each. */
guint form_get_count(FormReader *in)
{
	guint64 n = form_get_number(in);
	in->bad = in->bad || n > (guint64)(in->end - in->at);
	return in->bad ? 0 : (guint)n;
}

FormReader form_get_bytes(FormReader *in)
{
	guint length = form_get_count(in);
	FormReader part = {in->at, in->at + length, in->bad};
	in->at += length;
	return part;
}

const char *form_get_text(FormReader *in)
{
	FormReader part = form_get_bytes(in);
	if (part.at == part.end || part.end[-1] != 0)
		in->bad = TRUE;
	return in->bad ? "" : (const char *)part.at;
}

const guint8 *form_get_raw_hash(FormReader *in)
{
	static const guint8 none[STET_HASH_LEN / 2];
	in->bad = in->bad || in->end - in->at < STET_HASH_LEN / 2;
	const guint8 *hash = in->bad ? none : in->at;
	in->at += in->bad ? 0 : STET_HASH_LEN / 2;
	return hash;
}

StetHash form_hash_of_raw(const guint8 *raw)
{
	static const char digits[] = "0123456789abcdef";
	StetHash hash = {{0}};
	for (guint i = 0; i < STET_HASH_LEN / 2; i++) {
		hash.hex[2 * i] = digits[raw[i] >> 4];
		hash.hex[2 * i + 1] = digits[raw[i] & 15];
	}
	return hash;
}
