/* Filters that encode and decode: HTML, URLs, Base64. */
#include "liquid.h"

static const char *escape_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* Length of a character reference at text[i], or 0: &name; or &#digits; */
static gsize reference_at(StetText text, gsize i)
{
	gsize j = i + 1;
	gboolean number = j < text.len && text.ptr[j] == '#';
	j += number ? 1 : 0;
	gsize first = j;
	while (j < text.len && (number ? g_ascii_isdigit(text.ptr[j]) : g_ascii_isalpha(text.ptr[j])))
		j++;
	return j > first && j < text.len && text.ptr[j] == ';' ? j + 1 - i : 0;
}

static gboolean escape(StetRender *r, const StetValue *input, gboolean once, StetValue *out)
{
	StetText text = stet_value_string(r, input);
	GString *string = g_string_sized_new(text.len + 16);
	for (gsize i = 0; i < text.len; i++) {
		const char *by = escape_of(text.ptr[i]);
		if (by && !(once && text.ptr[i] == '&' && reference_at(text, i) > 0))
			g_string_append(string, by);
		else
			g_string_append_c(string, text.ptr[i]);
	}
	return give_text(r, string, out);
}

FILTER(filter_escape)
{
	return input->kind == STET_VALUE_NIL || escape(r, input, FALSE, out);
}

FILTER(filter_escape_once)
{
	return escape(r, input, TRUE, out);
}

FILTER(filter_newline_to_br)
{
	StetText text = stet_value_string(r, input);
	GString *string = g_string_sized_new(text.len + 16);
	for (gsize i = 0; i < text.len; i++) {
		gboolean pair = text.ptr[i] == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n';
		if (text.ptr[i] == '\n' || pair)
			g_string_append(string, "<br />\n");
		else
			g_string_append_c(string, text.ptr[i]);
		i += pair ? 1 : 0;
	}
	return give_text(r, string, out);
}

/* ---- strip_html ---------------------------------------------------------------------------- */

typedef struct {
	const char *open, *close;
} Element;

static const Element hidden[] = {{"<script", "</script>"}, {"<!--", "-->"}, {"<style", "</style>"}};

/* Drops scripts, comments and style sheets, contents and all. */
static GString *drop_hidden(StetText text)
{
	GString *out = g_string_sized_new(text.len);
	gboolean none[G_N_ELEMENTS(hidden)] = {FALSE};
	for (gsize i = 0; i < text.len;) {
		gsize skip = 0;
		for (gsize k = 0; text.ptr[i] == '<' && k < G_N_ELEMENTS(hidden) && skip == 0; k++) {
			gsize n = strlen(hidden[k].open);
			if (none[k] || text.len - i < n || memcmp(text.ptr + i, hidden[k].open, n) != 0)
				continue;
			const char *close =
				memmem(text.ptr + i + n, text.len - i - n, hidden[k].close, strlen(hidden[k].close));
			none[k] = close == NULL;
			skip = close ? (gsize)(close - text.ptr) + strlen(hidden[k].close) - i : 0;
		}
		if (skip == 0)
			g_string_append_c(out, text.ptr[i++]);
		i += skip;
	}
	return out;
}

FILTER(filter_strip_html)
{
	GString *shown = drop_hidden(stet_value_string(r, input));
	GString *string = g_string_sized_new(shown->len);
	const char *c = shown->str, *end = c + shown->len;
	while (c < end) {
		const char *close = *c == '<' ? memchr(c, '>', (gsize)(end - c)) : NULL;
		if (*c == '<' && !close) {
			g_string_append_len(string, c, end - c);
			break;
		}
		if (close)
			c = close + 1;
		else
			g_string_append_c(string, *c++);
	}
	g_string_free(shown, TRUE);
	return give_text(r, string, out);
}

/* ---- URLs ---------------------------------------------------------------------------------- */

FILTER(filter_url_encode)
{
	if (input->kind == STET_VALUE_NIL)
		return TRUE;
	StetText text = stet_value_string(r, input);
	GString *string = g_string_sized_new(text.len * 2);
	for (gsize i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (g_ascii_isalnum(c) || (c != '\0' && strchr("-._~", c)))
			g_string_append_c(string, c);
		else if (c == ' ')
			g_string_append_c(string, '+');
		else
			g_string_append_printf(string, "%%%02X", (guint)(guchar)c);
	}
	return give_text(r, string, out);
}

FILTER(filter_url_decode)
{
	if (input->kind == STET_VALUE_NIL)
		return TRUE;
	StetText text = stet_value_string(r, input);
	GString *string = g_string_sized_new(text.len);
	for (gsize i = 0; i < text.len; i++) {
		if (text.ptr[i] == '%' && i + 2 < text.len && g_ascii_isxdigit(text.ptr[i + 1]) &&
			g_ascii_isxdigit(text.ptr[i + 2])) {
			int byte = g_ascii_xdigit_value(text.ptr[i + 1]) * 16 + g_ascii_xdigit_value(text.ptr[i + 2]);
			g_string_append_c(string, (char)byte);
			i += 2;
		} else {
			g_string_append_c(string, text.ptr[i] == '+' ? ' ' : text.ptr[i]);
		}
	}
	if (!g_utf8_validate_len(string->str, string->len, NULL)) {
		g_string_free(string, TRUE);
		stet_render_fail(r, "liquid-encoding", NULL, "url_decode gives bytes that are no UTF-8");
		return FALSE;
	}
	return give_text(r, string, out);
}

/* ---- Base64 (RFC 4648) --------------------------------------------------------------------- */

static gboolean encode(StetRender *r, const StetValue *input, gboolean url_safe, StetValue *out)
{
	StetText text = stet_value_string(r, input);
	char *encoded = g_base64_encode((const guchar *)text.ptr, text.len);
	for (char *c = encoded; url_safe && *c; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
	GString *string = g_string_new(encoded);
	g_free(encoded);
	return give_text(r, string, out);
}

FILTER(filter_base64_encode)
{
	return encode(r, input, FALSE, out);
}

FILTER(filter_base64_url_safe_encode)
{
	return encode(r, input, TRUE, out);
}

static gboolean fail_base64(StetRender *r)
{
	stet_render_fail(r, "liquid-encoding", NULL, "not a text in Base64");
	return FALSE;
}

/* Only the alphabet, padded to fours (the URL-safe form may leave the padding out). */
static gboolean decode(StetRender *r, const StetValue *input, gboolean url_safe, StetValue *out)
{
	StetText text = stet_value_string(r, input);
	GString *string = g_string_new_len(text.ptr, (gssize)text.len);
	for (gsize i = 0; url_safe && i < string->len; i++)
		string->str[i] = string->str[i] == '-' ? '+' : string->str[i] == '_' ? '/' : string->str[i];
	while (url_safe && string->len % 4 != 0)
		g_string_append_c(string, '=');
	gsize data = string->len;
	while (data > 0 && string->len - data < 2 && string->str[data - 1] == '=')
		data--;
	gboolean good = string->len % 4 == 0;
	for (gsize i = 0; good && i < data; i++)
		good = g_ascii_isalnum(string->str[i]) || string->str[i] == '+' || string->str[i] == '/';
	gsize length = 0;
	guchar *decoded = good ? g_base64_decode(string->str, &length) : NULL;
	g_string_free(string, TRUE);
	good = good && g_utf8_validate_len((const char *)decoded, length, NULL);
	GString *result = good ? g_string_new_len((const char *)decoded, (gssize)length) : NULL;
	g_free(decoded);
	return result ? give_text(r, result, out) : fail_base64(r);
}

FILTER(filter_base64_decode)
{
	return decode(r, input, FALSE, out);
}

FILTER(filter_base64_url_safe_decode)
{
	return decode(r, input, TRUE, out);
}
