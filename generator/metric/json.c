/* json: a reader for frozen ledgers. It knows all of JSON (RFC 8259), takes nothing else, and gives what
 * it reads straight to tables: a ledger of a million figures never becomes a tree. */
#include "metric/private.h"

#include <math.h>
#include <string.h>

#define DEPTH_MAX 64u

static void skip_space(Json *json)
{
	while (json->at < json->end && strchr(" \t\r\n", *json->at) && *json->at)
		json->at++;
}

static gboolean fail(Json *json)
{
	json->bad = TRUE;
	return FALSE;
}

/* Takes `c` if it comes next. */
static gboolean accept(Json *json, char c)
{
	skip_space(json);
	if (json->bad || json->at >= json->end || *json->at != c)
		return FALSE;
	json->at++;
	return TRUE;
}

gboolean json_enter(Json *json, char open)
{
	return accept(json, open) ? TRUE : fail(json);
}

gboolean json_more(Json *json, char close, gboolean *first)
{
	if (json->bad || accept(json, close))
		return FALSE;
	if (!*first && !accept(json, ','))
		return fail(json);
	*first = FALSE;
	skip_space(json);
	return json->at < json->end ? TRUE : fail(json);
}

/* Four hexadecimal digits, or -1. */
static int take_hex(Json *json)
{
	int value = 0;
	for (int i = 0; i < 4; i++) {
		if (json->at >= json->end || !g_ascii_isxdigit(*json->at))
			return -1;
		value = value * 16 + g_ascii_xdigit_value(*json->at++);
	}
	return value;
}

static gboolean take_unicode(Json *json, GString *text)
{
	int high = take_hex(json);
	if (high >= 0xD800 && high < 0xDC00) { /* half of a surrogate pair: the other must follow */
		if (json->end - json->at < 2 || json->at[0] != '\\' || json->at[1] != 'u')
			return fail(json);
		json->at += 2;
		int low = take_hex(json);
		if (low < 0xDC00 || low > 0xDFFF)
			return fail(json);
		high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
	}
	if (high <= 0 || (high >= 0xDC00 && high <= 0xDFFF))
		return fail(json);
	g_string_append_unichar(text, (gunichar)high);
	return TRUE;
}

static gboolean take_escape(Json *json, GString *text)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	if (json->at >= json->end)
		return fail(json);
	char c = *json->at++;
	if (c == 'u')
		return take_unicode(json, text);
	const char *found = c ? strchr(names, c) : NULL;
	if (!found)
		return fail(json);
	g_string_append_c(text, values[found - names]);
	return TRUE;
}

gboolean json_string(Json *json, GString *text)
{
	g_string_truncate(text, 0);
	if (!accept(json, '"'))
		return fail(json);
	while (json->at < json->end && !json->bad) {
		const char *run = json->at;
		while (json->at < json->end && *json->at != '"' && *json->at != '\\' && (guchar)*json->at >= 0x20)
			json->at++;
		g_string_append_len(text, run, json->at - run);
		if (json->at >= json->end || (guchar)*json->at < 0x20)
			return fail(json);
		if (*json->at++ == '"')
			return TRUE;
		take_escape(json, text);
	}
	return fail(json);
}

gboolean json_key(Json *json, GString *text)
{
	return json_string(json, text) && (accept(json, ':') || fail(json));
}

static gboolean accept_word(Json *json, const char *word)
{
	gsize length = strlen(word);
	if ((gsize)(json->end - json->at) < length || memcmp(json->at, word, length) != 0)
		return FALSE;
	json->at += length;
	return TRUE;
}

static StetCell take_number(Json *json)
{
	char buffer[64];
	gsize length = 0;
	gboolean whole = TRUE;
	while (json->at < json->end && length < sizeof buffer - 1 && *json->at &&
		   strchr("+-.eE0123456789", *json->at)) {
		whole = whole && !strchr(".eE", *json->at);
		buffer[length++] = *json->at++;
	}
	buffer[length] = '\0';
	char *end = NULL;
	gint64 integer = whole ? g_ascii_strtoll(buffer, &end, 10) : 0;
	/* Whole numbers beyond 2^53 stay integers only where they fit 64 bits. */
	if (whole && end != buffer && *end == '\0' && integer != G_MAXINT64 && integer != G_MININT64)
		return (StetCell){STET_INT, {.i = integer}};
	double number = g_ascii_strtod(buffer, &end);
	if (end == buffer || *end != '\0' || !isfinite(number))
		fail(json);
	return (StetCell){STET_NUMBER, {.n = number}};
}

StetCell json_cell(Json *json, StetTable *table, GString *scratch)
{
	StetCell cell = {STET_NULL, {0}};
	skip_space(json);
	if (json->bad || json->at >= json->end || *json->at == '{' || *json->at == '[') {
		fail(json);
	} else if (*json->at == '"') {
		if (json_string(json, scratch))
			cell = stet_table_text(table, scratch->str);
	} else if (accept_word(json, "null")) {
		return cell;
	} else if (accept_word(json, "true")) {
		cell = (StetCell){STET_BOOL, {.b = TRUE}};
	} else if (accept_word(json, "false")) {
		cell = (StetCell){STET_BOOL, {.b = FALSE}};
	} else {
		cell = take_number(json);
	}
	return cell;
}

static void skip_at(Json *json, GString *scratch, guint depth)
{
	skip_space(json);
	if (json->bad || json->at >= json->end || depth > DEPTH_MAX) {
		fail(json);
		return;
	}
	char open = *json->at;
	gboolean first = TRUE;
	if (open == '{' || open == '[') {
		json->at++;
		while (json_more(json, open == '{' ? '}' : ']', &first)) {
			if (open == '{')
				json_key(json, scratch);
			skip_at(json, scratch, depth + 1);
		}
	} else if (open == '"') {
		json_string(json, scratch);
	} else if (!accept_word(json, "null") && !accept_word(json, "true") && !accept_word(json, "false")) {
		take_number(json);
	}
}

void json_skip(Json *json)
{
	g_autoptr(GString) scratch = g_string_new(NULL);
	skip_at(json, scratch, 0);
}
