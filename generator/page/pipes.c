/* Pipe tables (GitHub Flavored Markdown, section 4.10) on cmark's tree: a paragraph whose second line is a row
 * of dashes becomes a table. cmark has settled by then what is a paragraph - code, quotes and lists are none -
 * and a value's token holds no pipe, so data cannot add a column. */
#include "page/private.h"

#include <string.h>

#define PIPE_COLUMNS_MAX 64

/* Splits a line at its pipes; "\|" is a pipe in a cell. */
static GPtrArray *split_row(const char *line)
{
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	GString *cell = g_string_new(NULL);
	const char *p = line + strspn(line, " \t");
	p += *p == '|';
	for (; *p; p++) {
		if (*p == '\\' && p[1] == '|') {
			g_string_append_c(cell, *++p);
		} else if (*p == '|') {
			g_ptr_array_add(cells, g_strstrip(g_strdup(cell->str)));
			g_string_truncate(cell, 0);
		} else {
			g_string_append_c(cell, *p);
		}
	}
	if (cell->str[strspn(cell->str, " \t\r")])
		g_ptr_array_add(cells, g_strstrip(g_strdup(cell->str)));
	g_string_free(cell, TRUE);
	return cells;
}

typedef enum { ALIGN_NONE, ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTER } Align;

/* ":---", "---:", ":-:" and "-"; FALSE if the cell is no such thing. */
static gboolean delimiter(const char *cell, Align *align)
{
	gsize n = strlen(cell), dashes;
	gboolean left = *cell == ':', right = n > 1 && cell[n - 1] == ':';
	dashes = strspn(cell + left, "-");
	*align = left && right ? ALIGN_CENTER : right ? ALIGN_RIGHT : left ? ALIGN_LEFT : ALIGN_NONE;
	return dashes > 0 && (gsize)left + dashes + (gsize)right == n;
}

/* The columns a delimiter row gives, 0 if the line is none. */
static guint delimiter_row(const char *line, Align aligns[PIPE_COLUMNS_MAX])
{
	if (!strchr(line, '|') || line[strspn(line, " \t|:-\r")])
		return 0;
	g_autoptr(GPtrArray) cells = split_row(line);
	for (guint i = 0; i < cells->len; i++)
		if (i >= PIPE_COLUMNS_MAX || !delimiter(cells->pdata[i], &aligns[i]))
			return 0;
	return cells->len;
}

/* ---- lines --------------------------------------------------------------------------------- */

static gboolean is_quoted(cmark_node *node)
{
	for (cmark_node *up = node; up; up = cmark_node_parent(up))
		if (cmark_node_get_type(up) == CMARK_NODE_BLOCK_QUOTE)
			return TRUE;
	return FALSE;
}

/* The paragraph's lines as written, without what its containers put before them. */
static GPtrArray *paragraph_lines(cmark_node *paragraph, const GPtrArray *lines)
{
	GPtrArray *own = g_ptr_array_new_with_free_func(g_free);
	gboolean quoted = is_quoted(paragraph);
	int first = cmark_node_get_start_line(paragraph), last = cmark_node_get_end_line(paragraph);
	for (int i = first; i <= last && i >= 1 && i <= (int)lines->len; i++) {
		const char *line = lines->pdata[i - 1];
		gsize skip = i == first ? (gsize)MAX(0, cmark_node_get_start_column(paragraph) - 1) : strspn(line, quoted ? " \t>" : " \t");
		g_ptr_array_add(own, g_strdup(skip <= strlen(line) ? line + skip : ""));
	}
	return own;
}

/* ---- markup -------------------------------------------------------------------------------- */

/* A cell's Markdown as inline markup. A letter in front keeps "- x" and "# x" from becoming blocks. */
#define GUARD "\xEE\x80\x82"

static void append_inline(Maker *maker, const char *markdown, GString *out)
{
	g_autofree char *guarded = g_strconcat(GUARD " ", markdown, NULL);
	cmark_node *document = cmark_parse_document(guarded, strlen(guarded), MARKDOWN_OPTIONS);
	note_references(maker, document);
	char *html = cmark_render_html(document, CMARK_OPT_UNSAFE);
	const char *begin = strstr(html, GUARD " "), *end = g_strrstr(html, "</p>");
	if (begin && end && end > begin)
		g_string_append_len(out, begin + strlen(GUARD " "), end - begin - (gssize)strlen(GUARD " "));
	else if (begin && end)
		g_string_append(out, "");
	free(html);
	cmark_node_free(document);
}

static void append_row(Maker *maker, const char *line, guint columns, const Align *aligns, const char *tag, GString *out)
{
	static const char *const classes[] = {"", "", " class=\"num\"", " class=\"center\""};
	g_autoptr(GPtrArray) cells = split_row(line);
	g_string_append(out, "<tr>");
	for (guint i = 0; i < columns; i++) {
		g_string_append_printf(out, "<%s%s%s>", tag, strcmp(tag, "th") == 0 ? " scope=\"col\"" : "", classes[aligns[i]]);
		if (i < cells->len)
			append_inline(maker, cells->pdata[i], out);
		g_string_append_printf(out, "</%s>", tag);
	}
	g_string_append(out, "</tr>\n");
}

static void replace_paragraph(Maker *maker, cmark_node *paragraph, const GPtrArray *lines, guint head, guint columns, const Align *aligns)
{
	g_autoptr(GString) out = g_string_new(NULL);
	int line = cmark_node_get_start_line(paragraph);
	if (head > 0) {
		g_autoptr(GString) before = g_string_new(NULL);
		for (guint i = 0; i < head; i++)
			g_string_append_printf(before, "%s%s", i ? "\n" : "", (const char *)lines->pdata[i]);
		g_string_append_printf(out, "<p data-sourcepos=\"%d:1-%d:1\">", line, line);
		append_inline(maker, before->str, out);
		g_string_append(out, "</p>\n");
	}
	g_string_append_printf(out, "<section class=\"table-scroll\" tabindex=\"0\" data-sourcepos=\"%d:1-%d:1\" aria-label=\"", line + (int)head,
	                       line + (int)head);
	append_escaped(out, say(maker, "table"));
	g_string_append(out, "\"><table class=\"data\">\n<thead>");
	append_row(maker, lines->pdata[head], columns, aligns, "th", out);
	g_string_append(out, "</thead>\n");
	if (head + 2 < lines->len)
		g_string_append(out, "<tbody>\n");
	for (guint i = head + 2; i < lines->len; i++)
		append_row(maker, lines->pdata[i], columns, aligns, "td", out);
	g_string_append(out, head + 2 < lines->len ? "</tbody></table></section>\n" : "</table></section>\n");
	cmark_node *custom = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
	cmark_node_set_on_enter(custom, out->str);
	cmark_node_replace(paragraph, custom);
	cmark_node_free(paragraph);
}

static void try_paragraph(Maker *maker, cmark_node *paragraph, const GPtrArray *all)
{
	Align aligns[PIPE_COLUMNS_MAX];
	if (cmark_node_get_end_line(paragraph) <= cmark_node_get_start_line(paragraph))
		return;
	g_autoptr(GPtrArray) lines = paragraph_lines(paragraph, all);
	for (guint i = 1; i < lines->len; i++) {
		guint columns = delimiter_row(lines->pdata[i], aligns);
		if (columns == 0)
			continue;
		g_autoptr(GPtrArray) head = split_row(lines->pdata[i - 1]);
		if (head->len != columns)
			continue;
		replace_paragraph(maker, paragraph, lines, i - 1, columns, aligns);
		return;
	}
}

void pipe_tables(Maker *maker, cmark_node *document, StetText text)
{
	if (!memchr(text.ptr, '|', text.len))
		return;
	g_autofree char *copy = g_strndup(text.ptr, text.len);
	g_autoptr(GPtrArray) lines = g_ptr_array_new(), paragraphs = g_ptr_array_new();
	for (char *p = copy, *next; p; p = next) {
		next = strchr(p, '\n');
		if (next)
			*next++ = 0;
		g_ptr_array_add(lines, p);
	}
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
		if (event == CMARK_EVENT_ENTER && cmark_node_get_type(cmark_iter_get_node(iter)) == CMARK_NODE_PARAGRAPH)
			g_ptr_array_add(paragraphs, cmark_iter_get_node(iter));
	cmark_iter_free(iter);
	for (guint i = 0; i < paragraphs->len; i++)
		try_paragraph(maker, paragraphs->pdata[i], lines);
}
