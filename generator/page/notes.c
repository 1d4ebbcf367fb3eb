/* Footnotes: "[^name]" in the text, "[^name]: ..." anywhere on a line of its own (with indented lines after
 * it). Definitions are taken out before cmark parses, for it would read some as link references. */
#include "page/private.h"

#include <string.h>

#define NOTES_MAX 500

typedef struct {
	const char *name, *body;
	guint line;                   /* of the Markdown */
	guint number, references;     /* 0: not referred to yet */
} Note;

/* "[^name]" at `p`: its length, 0 if there is none. */
static gsize note_mark(const char *p, const char *end)
{
	if (end - p < 4 || p[0] != '[' || p[1] != '^')
		return 0;
	const char *q = p + 2;
	while (q < end && *q != ']' && *q != '[' && *q != '\n' && *q != ' ' && *q != '\t')
		q++;
	return q < end && *q == ']' && q > p + 2 ? (gsize)(q + 1 - p) : 0;
}

static gsize line_length(const char *p, const char *end)
{
	const char *newline = memchr(p, '\n', (gsize)(end - p));
	return newline ? (gsize)(newline + 1 - p) : (gsize)(end - p);
}

/* TRUE while `line` stands inside a fenced code block, its fences included. */
static gboolean in_fence(const char *line, const char *end, char *open, guint *width)
{
	gsize i = strspn(line, " "), n = 0;
	char mark = line + i < end ? line[i] : 0;
	if (i > 3 || (mark != '`' && mark != '~'))
		return *open != 0;
	while (line + i + n < end && line[i + n] == mark)
		n++;
	if (!*open && n >= 3) {
		*open = mark, *width = (guint)n;
		return TRUE;
	}
	gboolean inside = *open != 0;
	gsize rest = i + n;
	while (line + rest < end && (line[rest] == ' ' || line[rest] == '\t' || line[rest] == '\r'))
		rest++;
	if (*open == mark && n >= *width && (line + rest >= end || line[rest] == '\n'))
		*open = 0;
	return inside;
}

static void add_note(Maker *maker, const char *p, gsize mark, GString *body, guint line)
{
	Note *note = stet_arena_alloc(maker->arena, sizeof *note);
	note->name = stet_arena_text(maker->arena, p + 2, (gssize)mark - 3);
	note->body = stet_arena_text(maker->arena, body->str, (gssize)body->len);
	note->line = line;
	g_ptr_array_add(maker->notes, note);
}

/* Copies a definition's lines to a note and leaves blank ones, so that all lines keep their numbers. */
static const char *take_note(Maker *maker, const char *p, const char *end, gsize mark, guint *line, GString *out)
{
	g_autoptr(GString) body = g_string_new(NULL);
	guint first = *line;
	gsize length = line_length(p, end), skip = mark + 1;
	const char *begin = p;
	while (skip < length && (p[skip] == ' ' || p[skip] == '\t'))
		skip++;
	g_string_append_len(body, p + skip, (gssize)(length - skip));
	for (;;) {
		g_string_append_c(out, '\n');
		p += length;
		++*line;
		length = p < end ? line_length(p, end) : 0;
		gsize indent = 0;
		while (indent < length && indent < 4 && p[indent] == ' ')
			indent++;
		gboolean tab = length > 0 && *p == '\t';
		if (length == 0 || (indent < 4 && !tab))
			break;
		indent = tab ? 1 : indent;
		g_string_append_len(body, p + indent, (gssize)(length - indent));
	}
	add_note(maker, begin, mark, body, first);
	return p;
}

char *take_notes(Maker *maker, StetText text)
{
	const char *p = text.ptr, *end = text.ptr + text.len;
	if (!memmem(text.ptr, text.len, "[^", 2) || !memmem(text.ptr, text.len, "]:", 2))
		return g_strndup(text.ptr, text.len);
	GString *out = g_string_sized_new(text.len);
	char open = 0;
	guint width = 0, line = 1;
	while (p < end) {
		gsize length = line_length(p, end), indent = 0, mark;
		gboolean code = in_fence(p, end, &open, &width);
		while (indent < 3 && p[indent] == ' ')
			indent++;
		mark = code || maker->notes->len >= NOTES_MAX ? 0 : note_mark(p + indent, end);
		if (mark > 0 && p + indent + mark < end && p[indent + mark] == ':') {
			p = take_note(maker, p + indent, end, mark, &line, out);
			continue;
		}
		g_string_append_len(out, p, (gssize)length);
		p += length;
		line++;
	}
	return g_string_free(out, FALSE);
}

/* ---- references ---------------------------------------------------------------------------- */

static Note *find_note(Maker *maker, const char *name, gsize length)
{
	for (guint i = 0; i < maker->notes->len; i++) {
		Note *note = maker->notes->pdata[i];
		if (strlen(note->name) == length && strncmp(note->name, name, length) == 0)
			return note;
	}
	return NULL;
}

static void unknown_note(Maker *maker, cmark_node *text, const char *name, gsize length)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < maker->notes->len; i++)
		g_ptr_array_add(names, (gpointer)((const Note *)maker->notes->pdata[i])->name);
	g_ptr_array_add(names, NULL);
	g_autofree char *word = g_strndup(name, length);
	const char *near = stet_nearest(word, (const char *const *)names->pdata);
	g_autofree char *mend = near ? g_strdup_printf("did you mean '[^%s]'?", near) : g_strdup_printf("write it: [^%s]: ...", word);
	cmark_node *block = text;
	while (block && cmark_node_get_start_line(block) == 0)
		block = cmark_node_parent(block);
	stet_diagnose(maker->diags, STET_ERROR, "footnote-unknown", stet_output_line_place(maker->output, block ? (guint)cmark_node_get_start_line(block) : 1),
	              mend, "there is no footnote '%s'", word);
}

static cmark_node *reference(Maker *maker, Note *note)
{
	if (note->number == 0)
		note->number = ++maker->n_notes;
	note->references++;
	g_autofree char *again = note->references > 1 ? g_strdup_printf("-%u", note->references) : g_strdup("");
	g_autofree char *html = g_strdup_printf("<sup class=\"footnote\"><a id=\"fnref-%u%s\" href=\"#fn-%u\" role=\"doc-noteref\">%u</a></sup>", note->number,
	                                        again, note->number, note->number);
	cmark_node *node = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
	cmark_node_set_on_enter(node, html);
	return node;
}

static void insert_before(cmark_node *node, const char *text, gsize length)
{
	g_autofree char *copy = g_strndup(text, length);
	cmark_node *piece = cmark_node_new(CMARK_NODE_TEXT);
	cmark_node_set_literal(piece, copy);
	cmark_node_insert_before(node, piece);
}

static void split_text(Maker *maker, cmark_node *node)
{
	g_autofree char *text = g_strdup(cmark_node_get_literal(node));
	const char *p = text, *end = text + strlen(text), *run = text;
	while (p < end) {
		gsize mark = note_mark(p, end);
		Note *note = mark > 0 ? find_note(maker, p + 2, mark - 3) : NULL;
		if (mark > 0 && !note)
			unknown_note(maker, node, p + 2, mark - 3);
		if (!note) {
			p++;
			continue;
		}
		insert_before(node, run, (gsize)(p - run));
		cmark_node_insert_before(node, reference(maker, note));
		p = run = p + mark;
	}
	if (run > text)
		cmark_node_set_literal(node, run);
}

void note_references(Maker *maker, cmark_node *document)
{
	if (maker->notes->len == 0)
		return;
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	cmark_consolidate_text_nodes(document);
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
		if (event == CMARK_EVENT_ENTER && cmark_node_get_type(cmark_iter_get_node(iter)) == CMARK_NODE_TEXT)
			g_ptr_array_add(texts, cmark_iter_get_node(iter));
	cmark_iter_free(iter);
	for (guint i = 0; i < texts->len; i++)
		split_text(maker, texts->pdata[i]);
}

/* ---- the list ------------------------------------------------------------------------------ */

static void append_note(Maker *maker, const Note *note, GString *out)
{
	cmark_node *document = cmark_parse_document(note->body, strlen(note->body), MARKDOWN_OPTIONS);
	g_autoptr(GString) back = g_string_new(NULL);
	for (guint i = 1; i <= note->references; i++) {
		g_autofree char *again = i > 1 ? g_strdup_printf("-%u", i) : g_strdup("");
		g_string_append_printf(back, " <a href=\"#fnref-%u%s\" role=\"doc-backlink\" aria-label=\"", note->number, again);
		append_escaped(back, say(maker, "back_to_text"));
		g_string_append(back, "\">\xE2\x86\xA9</a>");
	}
	cmark_node *last = cmark_node_last_child(document), *mark = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
	cmark_node_set_on_enter(mark, back->str);
	if (!last || cmark_node_get_type(last) != CMARK_NODE_PARAGRAPH || !cmark_node_append_child(last, mark))
		cmark_node_free(mark);
	char *html = cmark_render_html(document, CMARK_OPT_UNSAFE);
	g_string_append_printf(out, "<li id=\"fn-%u\" data-sourcepos=\"%u:1-%u:1\">%s</li>\n", note->number, note->line, note->line, html);
	free(html);
	cmark_node_free(document);
}

void append_notes(Maker *maker, GString *out)
{
	if (maker->n_notes > 0) {
		g_string_append(out, "<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
		append_escaped(out, say(maker, "footnotes"));
		g_string_append(out, "\"><ol>\n");
	}
	for (guint number = 1; number <= maker->n_notes; number++)
		for (guint i = 0; i < maker->notes->len; i++)
			if (((const Note *)maker->notes->pdata[i])->number == number)
				append_note(maker, maker->notes->pdata[i], out);
	if (maker->n_notes > 0)
		g_string_append(out, "</ol></section>\n");
	for (guint i = 0; i < maker->notes->len; i++) {
		const Note *note = maker->notes->pdata[i];
		if (note->number == 0)
			stet_diagnose(maker->diags, STET_WARNING, "footnote-unused", stet_output_line_place(maker->output, note->line),
			              "refer to it, or leave it out", "nothing refers to the footnote '%s'", note->name);
	}
}
