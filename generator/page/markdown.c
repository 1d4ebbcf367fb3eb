/* Markdown with tokens to markup: cmark parses it, component fences become slots or asides. */
#include "page/private.h"

#include <cmark.h>
#include <string.h>

#define OPTIONS (CMARK_OPT_UNSAFE | CMARK_OPT_SOURCEPOS | CMARK_OPT_VALIDATE_UTF8)

typedef gboolean (*Component)(Maker *maker, const StetNode *spec, GString *out);

static const struct {
	const char *info;
	Component make;
} components[] = {
	{"chart", component_chart},
	{"table", component_table},
	{"figures", component_figures},
	{"figure", component_figures},
};

/* Fences whose body is Markdown again. */
static const struct {
	const char *info, *title;
} asides[] = {
	{"note", NULL},
	{"warning", "Warning"},
	{"exercise", "Exercise"},
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
static void make_component(Maker *maker, cmark_node *block, Component make)
{
	StetPlace place = line_place(maker, block, 1);
	const char *literal = cmark_node_get_literal(block);
	g_autoptr(StetDocument) document = stet_document_parse(place.file, place.line, 1, stet_text(literal), maker->diags);
	g_autoptr(GString) markup = g_string_new(NULL);
	if (document) {
		StetNode *root = (StetNode *)stet_document_root(document);
		resolve_node(maker, root);
		make(maker, root, markup);
	}
	g_autofree char *slot = g_strdup_printf("<stet-slot n=\"%u\"></stet-slot>\n", maker->slots->len);
	g_ptr_array_add(maker->slots, g_strdup(markup->str));
	cmark_node *custom = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
	cmark_node_set_on_enter(custom, slot);
	cmark_node_replace(block, custom);
	cmark_node_free(block);
}

/* `title: ...` on the first line of an aside names it. */
static void make_aside(cmark_node *block, const char *class_, const char *title)
{
	const char *body = cmark_node_get_literal(block);
	g_autofree char *own = NULL;
	if (g_str_has_prefix(body, "title:")) {
		const char *end = strchr(body, '\n');
		g_autofree char *text = g_strstrip(g_strndup(body + 6, end ? (gsize)(end - body - 6) : strlen(body + 6)));
		own = title ? g_strconcat(title, ": ", text, NULL) : g_strdup(text);
		title = own;
		body = end ? end + 1 : "";
	}
	g_autoptr(GString) open = g_string_new(NULL);
	g_string_append_printf(open, "<aside class=\"%s\" role=\"note\">\n", class_);
	if (title) {
		g_string_append(open, "<p class=\"aside-title\">");
		append_escaped(open, title);
		g_string_append(open, "</p>\n");
	}
	cmark_node *custom = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK);
	cmark_node_set_on_enter(custom, open->str);
	cmark_node_set_on_exit(custom, "</aside>\n");
	cmark_node *inner = cmark_parse_document(body, strlen(body), OPTIONS);
	for (cmark_node *child = cmark_node_first_child(inner), *next; child; child = next) {
		next = cmark_node_next(child);
		cmark_node_append_child(custom, child);
	}
	cmark_node_free(inner);
	cmark_node_replace(block, custom);
	cmark_node_free(block);
}

static gboolean info_is(const char *info, const char *name)
{
	gsize n = strlen(name);
	return strncmp(info, name, n) == 0 && (info[n] == 0 || info[n] == ' ');
}

static void replace_fence(Maker *maker, cmark_node *block)
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
	for (guint i = 0; i < G_N_ELEMENTS(asides); i++)
		if (info_is(info, asides[i].info)) {
			make_aside(block, asides[i].info, asides[i].title);
			return;
		}
}

static void collect_fences(cmark_node *document, GPtrArray *fences)
{
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		if (event == CMARK_EVENT_ENTER && cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK)
			g_ptr_array_add(fences, node);
	}
	cmark_iter_free(iter);
}

char *markdown_to_xml(Maker *maker, StetText text)
{
	cmark_node *document = cmark_parse_document(text.ptr, text.len, OPTIONS);
	g_autoptr(GPtrArray) fences = g_ptr_array_new();
	collect_fences(document, fences);
	for (guint i = 0; i < fences->len; i++)
		replace_fence(maker, fences->pdata[i]);
	char *html = cmark_render_html(document, OPTIONS);
	char *copy = g_strdup(html);
	free(html);
	cmark_node_free(document);
	return copy;
}
