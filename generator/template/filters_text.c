/* Filters on texts. Lengths and positions count characters, not bytes. */
#include "liquid.h"

#define ASCII_BLANKS " \t\n\v\f\r"

static StetText text_of(StetRender *r, const StetValue *value)
{
	return stet_value_string(r, value);
}

static gboolean give_part(StetText text, StetValue *out)
{
	*out = value_text_of(text);
	return TRUE;
}

/* A limit or position: a whole number. */
static gboolean whole(StetRender *r, const StetValue *args, guint n, guint i, gint64 fallback, gint64 *value)
{
	*value = fallback;
	if (i < n && !render_integer(r, &args[i], value))
		return FALSE;
	*value = CLAMP(*value, -G_MAXINT64 / 4, G_MAXINT64 / 4);
	return TRUE;
}

/* ---- joining ------------------------------------------------------------------------------- */

static gboolean join_two(StetRender *r, StetText a, StetText b, StetValue *out)
{
	char *buffer = render_buffer(r, a.len + b.len);
	if (!buffer)
		return FALSE;
	memcpy(buffer, a.ptr, a.len);
	memcpy(buffer + a.len, b.ptr, b.len);
	return give_part((StetText){buffer, a.len + b.len}, out);
}

FILTER(filter_append)
{
	return join_two(r, text_of(r, input), text_of(r, &args[0]), out);
}

FILTER(filter_prepend)
{
	return join_two(r, text_of(r, &args[0]), text_of(r, input), out);
}

/* ---- case ---------------------------------------------------------------------------------- */

static gboolean changed_case(StetRender *r, StetText text, char *(*change)(const char *, gssize),
							 StetValue *out)
{
	char *changed = change(text.ptr, (gssize)text.len);
	GString *string = g_string_new(changed);
	g_free(changed);
	return give_text(r, string, out);
}

FILTER(filter_upcase)
{
	return changed_case(r, text_of(r, input), g_utf8_strup, out);
}

FILTER(filter_downcase)
{
	return changed_case(r, text_of(r, input), g_utf8_strdown, out);
}

FILTER(filter_capitalize)
{
	StetText text = text_of(r, input);
	if (text.len == 0)
		return give_part(text, out);
	gsize first = (gsize)(g_utf8_next_char(text.ptr) - text.ptr);
	first = MIN(first, text.len);
	g_autofree char *head = g_utf8_strup(text.ptr, (gssize)first);
	g_autofree char *tail = g_utf8_strdown(text.ptr + first, (gssize)(text.len - first));
	GString *string = g_string_new(head);
	g_string_append(string, tail);
	return give_text(r, string, out);
}

/* ---- trimming ------------------------------------------------------------------------------ */

static gboolean is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Captured text stays markup when only blanks go. */
static gboolean trimmed(StetRender *r, const StetValue *input, gboolean left, gboolean right, StetValue *out)
{
	gboolean markup = input->kind == STET_VALUE_TEXT && input->markup;
	StetText text = markup ? input->v.text : text_of(r, input);
	while (left && text.len > 0 && (is_space(*text.ptr) || *text.ptr == '\0')) {
		text.ptr++;
		text.len--;
	}
	while (right && text.len > 0 && (is_space(text.ptr[text.len - 1]) || text.ptr[text.len - 1] == '\0'))
		text.len--;
	give_part(text, out);
	out->markup = markup;
	return TRUE;
}

FILTER(filter_strip)
{
	return trimmed(r, input, TRUE, TRUE, out);
}

FILTER(filter_lstrip)
{
	return trimmed(r, input, TRUE, FALSE, out);
}

FILTER(filter_rstrip)
{
	return trimmed(r, input, FALSE, TRUE, out);
}

FILTER(filter_strip_newlines)
{
	gboolean markup = input->kind == STET_VALUE_TEXT && input->markup;
	StetText text = markup ? input->v.text : text_of(r, input);
	GString *string = g_string_sized_new(text.len);
	for (gsize i = 0; i < text.len; i++) {
		gboolean pair = text.ptr[i] == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n';
		if (text.ptr[i] != '\n' && !pair)
			g_string_append_c(string, text.ptr[i]);
	}
	if (!give_text(r, string, out))
		return FALSE;
	out->markup = markup;
	return TRUE;
}

/* ---- replacing ----------------------------------------------------------------------------- */

static const char *find_part(StetText text, const char *from, StetText part)
{
	gsize left = (gsize)(text.ptr + text.len - from);
	return memmem(from, left, part.ptr, part.len);
}

/* An empty text stands before each character and at the end. */
static void replace_between(StetText text, StetText by, GString *out, gsize cap)
{
	const char *c = text.ptr, *end = text.ptr + text.len;
	while (c < end && out->len <= cap) {
		const char *next = g_utf8_find_next_char(c, end);
		next = next ? next : end;
		g_string_append_len(out, by.ptr, (gssize)by.len);
		g_string_append_len(out, c, next - c);
		c = next;
	}
	g_string_append_len(out, by.ptr, (gssize)by.len);
}

static gboolean replace_all(StetRender *r, StetText text, StetText part, StetText by, StetValue *out)
{
	GString *string = g_string_sized_new(text.len);
	const char *from = text.ptr, *end = text.ptr + text.len, *found;
	if (part.len == 0) {
		replace_between(text, by, string, r->output_cap);
		return give_text(r, string, out);
	}
	while ((found = find_part(text, from, part)) && string->len <= r->output_cap) {
		g_string_append_len(string, from, found - from);
		g_string_append_len(string, by.ptr, (gssize)by.len);
		from = found + part.len;
	}
	g_string_append_len(string, from, end - from);
	return give_text(r, string, out);
}

static const char *find_last(StetText text, StetText part)
{
	const char *last = NULL, *from = text.ptr, *found;
	if (part.len == 0)
		return text.ptr + text.len;
	while ((found = find_part(text, from, part))) {
		last = found;
		from = found + 1;
	}
	return last;
}

static gboolean replace_at(StetRender *r, StetText text, const char *at, StetText part, StetText by,
						   StetValue *out)
{
	if (!at)
		return give_part(text, out);
	GString *string = g_string_new_len(text.ptr, at - text.ptr);
	g_string_append_len(string, by.ptr, (gssize)by.len);
	g_string_append_len(string, at + part.len, text.ptr + text.len - at - (gssize)part.len);
	return give_text(r, string, out);
}

static StetText replacement(StetRender *r, const StetValue *args, guint n)
{
	return n > 1 ? text_of(r, &args[1]) : (StetText){"", 0};
}

FILTER(filter_replace)
{
	return replace_all(r, text_of(r, input), text_of(r, &args[0]), replacement(r, args, n), out);
}

FILTER(filter_replace_first)
{
	StetText text = text_of(r, input), part = text_of(r, &args[0]);
	return replace_at(r, text, find_part(text, text.ptr, part), part, replacement(r, args, n), out);
}

FILTER(filter_replace_last)
{
	StetText text = text_of(r, input), part = text_of(r, &args[0]);
	return replace_at(r, text, find_last(text, part), part, replacement(r, args, n), out);
}

FILTER(filter_remove)
{
	return filter_replace(r, input, args, 1, NULL, out, NULL);
}

FILTER(filter_remove_first)
{
	return filter_replace_first(r, input, args, 1, NULL, out, NULL);
}

FILTER(filter_remove_last)
{
	return filter_replace_last(r, input, args, 1, NULL, out, NULL);
}

/* ---- cutting ------------------------------------------------------------------------------- */

static gsize characters(StetText text)
{
	return (gsize)MAX(g_utf8_strlen(text.ptr, (gssize)text.len), 0);
}

/* Bytes of the first `n` characters. */
static gsize bytes_of(StetText text, gsize n)
{
	const char *c = text.ptr, *end = text.ptr + text.len;
	while (n-- > 0 && c < end) {
		const char *next = g_utf8_find_next_char(c, end);
		c = next ? next : end;
	}
	return (gsize)(c - text.ptr);
}

FILTER(filter_truncate)
{
	gint64 length;
	if (input->kind == STET_VALUE_NIL)
		return TRUE;
	if (!whole(r, args, n, 0, 50, &length))
		return FALSE;
	StetText text = text_of(r, input), tail = n > 1 ? text_of(r, &args[1]) : (StetText){"...", 3};
	if ((gint64)characters(text) <= length)
		return give_part(text, out);
	gint64 keep = MAX(length - (gint64)characters(tail), 0);
	return join_two(r, (StetText){text.ptr, bytes_of(text, (gsize)keep)}, tail, out);
}

/* The next word from *from on; FALSE at the end. */
static gboolean next_word(StetText text, gsize *from, StetText *word)
{
	while (*from < text.len && is_space(text.ptr[*from]))
		(*from)++;
	gsize start = *from;
	while (*from < text.len && !is_space(text.ptr[*from]))
		(*from)++;
	*word = (StetText){text.ptr + start, *from - start};
	return *from > start;
}

FILTER(filter_truncatewords)
{
	gint64 words, count = 0;
	if (input->kind == STET_VALUE_NIL)
		return TRUE;
	if (!whole(r, args, n, 0, 15, &words))
		return FALSE;
	words = MAX(words, 1);
	StetText text = text_of(r, input), tail = n > 1 ? text_of(r, &args[1]) : (StetText){"...", 3}, word;
	GString *string = g_string_new(NULL);
	gsize from = 0;
	while (next_word(text, &from, &word) && count < words) {
		if (count++ > 0)
			g_string_append_c(string, ' ');
		g_string_append_len(string, word.ptr, (gssize)word.len);
	}
	/* The reference looks for one piece more; blanks after the last word make an empty one. */
	gboolean more = word.len > 0 || (count == words && text.len > 0 && is_space(text.ptr[text.len - 1]));
	if (count < words || !more) {
		g_string_free(string, TRUE);
		return give_part(text, out);
	}
	g_string_append_len(string, tail.ptr, (gssize)tail.len);
	return give_text(r, string, out);
}

static void split_words(StetText text, GArray *parts)
{
	StetText word;
	gsize from = 0;
	while (next_word(text, &from, &word)) {
		StetValue part = value_text_of(word);
		g_array_append_val(parts, part);
	}
}

static void split_characters(StetText text, GArray *parts)
{
	for (gsize i = 0; i < text.len;) {
		gsize size = bytes_of((StetText){text.ptr + i, text.len - i}, 1);
		StetValue part = value_text_of((StetText){text.ptr + i, size});
		g_array_append_val(parts, part);
		i += size;
	}
}

static void split_by(StetText text, StetText by, GArray *parts)
{
	const char *from = text.ptr, *end = text.ptr + text.len, *found;
	for (;; from = found + by.len) {
		found = find_part(text, from, by);
		const char *stop = found ? found : end;
		StetValue part = value_text_of((StetText){from, (gsize)(stop - from)});
		g_array_append_val(parts, part);
		if (!found)
			break;
	}
	/* Empty pieces at the end are dropped. */
	while (parts->len > 0 && g_array_index(parts, StetValue, parts->len - 1).v.text.len == 0)
		g_array_set_size(parts, parts->len - 1);
}

FILTER(filter_split)
{
	StetText text = text_of(r, input), by = text_of(r, &args[0]);
	g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(StetValue));
	if (text.len > r->output_cap / 64) {
		stet_render_fail(r, "liquid-size", NULL, "a text of %" G_GSIZE_FORMAT " bytes is too long to split",
						 text.len);
		return FALSE;
	}
	if (by.len == 1 && *by.ptr == ' ')
		split_words(text, parts);
	else if (by.len == 0)
		split_characters(text, parts);
	else
		split_by(text, by, parts);
	char *counted = render_buffer(r, parts->len * sizeof(StetValue));
	if (!counted)
		return FALSE;
	*out = stet_value_list(r->arena, (const StetValue *)(gpointer)parts->data, parts->len);
	return TRUE;
}

/* The part of `n` items that `offset` and `length` name; FALSE if there is none. */
static gboolean clip(gint64 n, gint64 *offset, gint64 *length)
{
	if (*offset < 0)
		*offset += n;
	if (*offset < 0 || *offset > n || *length < 0)
		return FALSE;
	*length = MIN(*length, n - *offset);
	return TRUE;
}

FILTER(filter_slice)
{
	gint64 offset, length = 1;
	StetValue list;
	if (!whole(r, args, n, 0, 0, &offset))
		return FALSE;
	if (n > 1 && stet_value_truthy(&args[1]) && !whole(r, args, n, 1, 1, &length))
		return FALSE;
	gboolean is_list = input->kind == STET_VALUE_LIST;
	if (is_list)
		list = *input;
	else if (input->kind == STET_VALUE_OBJECT && input->v.object.class_->list)
		is_list =
			input->v.object.class_->list(input->v.object.self, r, &list) && list.kind == STET_VALUE_LIST;
	if (is_list) {
		gboolean some = clip((gint64)list.v.list.n, &offset, &length);
		*out = stet_value_list(r->arena, some ? list.v.list.items + offset : NULL, some ? (gsize)length : 0);
		return TRUE;
	}
	StetText text = text_of(r, input);
	if (!clip((gint64)characters(text), &offset, &length))
		return give_part((StetText){"", 0}, out);
	gsize start = bytes_of(text, (gsize)offset);
	StetText rest = {text.ptr + start, text.len - start};
	return give_part((StetText){rest.ptr, bytes_of(rest, (gsize)length)}, out);
}
