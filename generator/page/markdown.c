/* Markdown with tokens to markup: cmark parses it, component fences become slots or asides. */
#include "page/private.h"

#include <string.h>

#define ASIDE_DEPTH_MAX 4

typedef gboolean (*Component)(Maker *maker, const StetNode *spec, GString *out);

static const struct {
	const char *info;
	Component make;
} components[] = {
	{"chart", component_chart},
	{"table", component_table},
	{"figures", component_figures},
	{"figure", component_figures},
	{"timeline", component_timeline},
};

/* Fences whose body is Markdown again. */
static const struct {
	const char *info, *title;
} asides[] = {
	{"note", NULL},
	{"warning", "warning"},
	{"exercise", "exercise"},
};

/* A token in YAML stands for its text; one that is all of a scalar and numeric counts as a number. */
static void resolve_node(Maker *maker, StetNode *node)
{
	for (guint i = 0; i < node->n; i++)
		resolve_node(maker, node->items[i]);
	if (!node->text || !strstr(node->text, TOKEN_OPEN))
		return;
	node->text = resolve_tokens(maker, stet_text(node->text));
	char *end;
	gint64 integer = g_ascii_strtoll(node->text, &end, 10);
	if (*node->text && !*end) {
		node->kind = STET_NODE_INT;
		node->integer = integer;
		node->number = (double)integer;
	}
}

static StetPlace line_place(Maker *maker, cmark_node *node, int after)
{
	return stet_output_line_place(maker->output, (guint)MAX(1, cmark_node_get_start_line(node) + after));
}

/* The markup of a component goes to a slot, past the XML parser: it is well-formed by construction. */
/* `sourced`: a source line stands below it. */
static void put_slot(Maker *maker, cmark_node *block, const GString *markup, gboolean sourced)
{
	int line = cmark_node_get_start_line(block);
	g_autofree char *slot = g_strdup_printf("<stet-slot n=\"%u\" data-sourcepos=\"%d:1-%d:1\"%s></stet-slot>\n", maker->slots->len, line, line,
	                                         sourced ? "" : " data-unsourced=\"\"");
	g_ptr_array_add(maker->slots, g_strdup(markup->str));
	cmark_node *custom = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
	cmark_node_set_on_enter(custom, slot);
	cmark_node_replace(block, custom);
	cmark_node_free(block);
}

static void make_component(Maker *maker, cmark_node *block, Component make)
{
	StetPlace place = line_place(maker, block, 1);
	const char *literal = cmark_node_get_literal(block);
	g_autoptr(StetDocument) document = stet_document_parse(place.file, place.line, 1, stet_text(literal), maker->diags);
	g_autoptr(GString) markup = g_string_new(NULL);
	gboolean sourced = TRUE;
	if (document) {
		StetNode *root = (StetNode *)stet_document_root(document);
		resolve_node(maker, root);
		sourced = stet_node_bool(root, "source", TRUE);
		make(maker, root, markup);
	}
	put_slot(maker, block, markup, sourced);
}

/* ---- Markdown inside fences ---------------------------------------------------------------- */

static void transform(Maker *maker, cmark_node *document, StetText text, guint depth);

/* `title: ...` on the first line names an aside or a column; what follows it, in `*body` (g_free). */
static char *own_title(const char **body)
{
	if (!g_str_has_prefix(*body, "title:"))
		return NULL;
	const char *end = strchr(*body, '\n');
	char *title = g_strstrip(g_strndup(*body + 6, end ? (gsize)(end - *body - 6) : strlen(*body + 6)));
	*body = end ? end + 1 : "";
	return title;
}

/* Parses `body` and moves its blocks into `custom`. Lines are counted from the fence's, by blank ones. */
static void append_blocks(Maker *maker, cmark_node *custom, const char *body, guint line, guint depth)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 1; i < line; i++)
		g_string_append_c(text, '\n');
	g_string_append(text, body);
	cmark_node *inner = cmark_parse_document(text->str, text->len, MARKDOWN_OPTIONS);
	transform(maker, inner, (StetText){text->str, text->len}, depth + 1);
	for (cmark_node *child = cmark_node_first_child(inner), *next; child; child = next) {
		next = cmark_node_next(child);
		cmark_node_append_child(custom, child);
	}
	cmark_node_free(inner);
}

static cmark_node *custom_block(const char *enter, const char *leave)
{
	cmark_node *custom = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
	cmark_node_set_on_enter(custom, enter);
	cmark_node_set_on_exit(custom, leave);
	return custom;
}

static void append_title(const char *class_, const char *title, GString *out)
{
	g_string_append_printf(out, "<p class=\"%s\">", class_);
	append_escaped(out, title);
	g_string_append(out, "</p>\n");
}

static guint lines_in(const char *from, const char *to)
{
	guint lines = 0;
	for (const char *p = from; p < to; p++)
		lines += *p == '\n';
	return lines;
}

static void make_aside(Maker *maker, cmark_node *block, const char *class_, const char *word, guint depth)
{
	const char *literal = cmark_node_get_literal(block), *body = literal;
	guint line = (guint)cmark_node_get_start_line(block) + 1;
	g_autofree char *own = own_title(&body);
	g_autoptr(GString) open = g_string_new(NULL);
	g_string_append_printf(open, "<aside class=\"%s\" role=\"note\" data-sourcepos=\"%u:1-%u:1\">\n", class_, line, line);
	g_autofree char *both = own && word ? g_strconcat(say(maker, word), ": ", own, NULL) : NULL;
	if (own || word)
		append_title("aside-title", both ? both : own ? own : say(maker, word), open);
	cmark_node *custom = custom_block(open->str, "</aside>\n");
	append_blocks(maker, custom, body, line + (body > literal ? 1 : 0), depth);
	cmark_node_replace(block, custom);
	cmark_node_free(block);
}

/* Markdown side by side: a line of "+++" ends a column. */
static void make_columns(Maker *maker, cmark_node *block, guint depth)
{
	g_autofree char *literal = g_strdup(cmark_node_get_literal(block));
	guint first = (guint)cmark_node_get_start_line(block) + 1, n = 1;
	for (const char *p = literal; (p = strstr(p, "\n+++\n")); p += 4)
		n++;
	g_autofree char *open = g_strdup_printf("<div class=\"columns columns-%u\">\n", MIN(n, 4));
	cmark_node *custom = custom_block(open, "</div>\n");
	for (char *p = literal, *next; p; p = next) {
		char *cut = strstr(p, "\n+++\n");
		next = cut ? cut + strlen("\n+++\n") : NULL;
		guint line = first + lines_in(literal, p);
		if (cut)
			cut[1] = 0;
		const char *body = p;
		g_autofree char *title = own_title(&body);
		g_autoptr(GString) begin = g_string_new(NULL);
		g_string_append_printf(begin, "<div class=\"column\" data-sourcepos=\"%u:1-%u:1\">\n", line, line);
		if (title)
			append_title("column-title", title, begin);
		cmark_node *column = custom_block(begin->str, "</div>\n");
		append_blocks(maker, column, body, line + (body > p ? 1 : 0), depth);
		if (cut)
			cut[1] = '+';
		cmark_node_append_child(custom, column);
	}
	cmark_node_replace(block, custom);
	cmark_node_free(block);
}

static void make_csv(Maker *maker, cmark_node *block)
{
	g_autoptr(GString) markup = g_string_new(NULL);
	block_csv(maker, cmark_node_get_fence_info(block), cmark_node_get_literal(block), line_place(maker, block, 1), markup);
	put_slot(maker, block, markup, FALSE);
}

static gboolean info_is(const char *info, const char *name)
{
	gsize n = strlen(name);
	return strncmp(info, name, n) == 0 && (info[n] == 0 || info[n] == ' ');
}

static void replace_fence(Maker *maker, cmark_node *block, guint depth)
{
	const char *info = cmark_node_get_fence_info(block);
	char name[QUERY_NAME_MAX];
	if (sql_fence_name(info, name)) {
		cmark_node_unlink(block);
		cmark_node_free(block);
		return;
	}
	for (guint i = 0; i < G_N_ELEMENTS(components); i++)
		if (info_is(info, components[i].info)) {
			make_component(maker, block, components[i].make);
			return;
		}
	for (guint i = 0; i < G_N_ELEMENTS(asides) && depth < ASIDE_DEPTH_MAX; i++)
		if (info_is(info, asides[i].info)) {
			make_aside(maker, block, asides[i].info, asides[i].title, depth);
			return;
		}
	if (info_is(info, "columns") && depth < ASIDE_DEPTH_MAX)
		make_columns(maker, block, depth);
	else if (info_is(info, "csv"))
		make_csv(maker, block);
}

/* Fences and the document's own paragraphs, in order: figures are numbered as they come. */
static void collect_blocks(cmark_node *document, GPtrArray *blocks)
{
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);
		if (event == CMARK_EVENT_ENTER && (type == CMARK_NODE_CODE_BLOCK || (type == CMARK_NODE_PARAGRAPH && cmark_node_parent(node) == document)))
			g_ptr_array_add(blocks, node);
	}
	cmark_iter_free(iter);
}

/* An HTML block's first element learns its line, as cmark tells it of its own. */
static void place_html(cmark_node *block)
{
	const char *literal = cmark_node_get_literal(block), *name = literal + strspn(literal, " ");
	gsize n = *name == '<' && g_ascii_isalpha(name[1]) ? 1 + strspn(name + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") : 0;
	int line = cmark_node_get_start_line(block);
	if (n == 0 || line < 1 || !strchr(" \t\n/>", name[n]) || strstr(literal, "data-sourcepos"))
		return;
	g_autofree char *placed = g_strdup_printf("%.*s data-sourcepos=\"%d:1-%d:1\"%s", (int)(name + n - literal), literal, line, line, name + n);
	cmark_node_set_literal(block, placed);
}

static void place_html_blocks(cmark_node *document)
{
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		if (event == CMARK_EVENT_ENTER && cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK)
			place_html(node);
	}
	cmark_iter_free(iter);
}

/* What stet adds to CommonMark, on the parsed tree. */
static void transform(Maker *maker, cmark_node *document, StetText text, guint depth)
{
	g_autoptr(GPtrArray) blocks = g_ptr_array_new();
	place_html_blocks(document);
	pipe_tables(maker, document, text);
	note_references(maker, document);
	collect_blocks(document, blocks);
	for (guint i = 0; i < blocks->len; i++)
		if (cmark_node_get_type(blocks->pdata[i]) == CMARK_NODE_PARAGRAPH)
			image_figure(maker, blocks->pdata[i]);
		else
			replace_fence(maker, blocks->pdata[i], depth);
}

char *markdown_to_xml(Maker *maker, StetText text)
{
	g_autofree char *plain = take_notes(maker, text);
	StetText body = stet_text(plain);
	cmark_node *document = cmark_parse_document(body.ptr, body.len, MARKDOWN_OPTIONS);
	transform(maker, document, body, 0);
	g_autofree char *html = cmark_render_html(document, MARKDOWN_OPTIONS);
	g_autoptr(GString) out = g_string_new(html);
	append_notes(maker, out);
	cmark_node_free(document);
	return g_strdup(out->str);
}
