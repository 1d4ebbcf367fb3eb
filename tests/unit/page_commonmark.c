/* The examples of the CommonMark specification (npm's commonmark-spec) through the whole page: what comes out
 * is what the specification says, but for what a page of a report does on purpose - ids of headings, links
 * made relative, schemes that are no addresses, markup that is not well-formed refused with its place. */
#include "page_help.h"

#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>

#define SPEC "tests/node_modules/commonmark-spec/spec.txt"
#define FENCE "````````````````````````````````"

/* Examples whose markup no page may hold: raw HTML that is not well-formed XML, or that the content
 * security policy forbids. Each must be refused with a diagnostic, none may pass silently. */
static const guint refused[] = {
	/* elements left open, attributes without values or quotes */
	21, 31, 148, 150, 151, 155, 156, 157, 158, 165, 173, 174, 175, 184, 187, 201, 344, 476, 477, 491, 494, 524, 536, 613, 615, 616,
	623, 630, 631, 642, 643,
	/* scripts, styles, declarations, processing instructions, CDATA */
	170, 172, 176, 178, 180, 181, 182, 627, 628, 629,
	/* schemes that are no addresses of a page */
	500, 596, 598, 599, 601,
};

/* What version 0.31 of the specification changed since cmark's 0.30: symbols are punctuation, comments end
 * where HTML's do. */
static const guint newer[] = {354, 625, 626};

/* An image alone with a title is a figure with a caption: a feature of stet's. */
static const guint captioned[] = {572, 573, 576, 577, 584, 585, 586, 588, 589, 591};

typedef struct {
	guint number;
	char *markdown, *html;
} Example;

static void free_example(gpointer data)
{
	Example *example = data;
	g_free(example->markdown);
	g_free(example->html);
	g_free(example);
}

/* "→" stands for a tab in the specification. */
static char *tabs(const char *text, gsize length)
{
	g_autofree char *copy = g_strndup(text, length);
	g_auto(GStrv) parts = g_strsplit(copy, "\xE2\x86\x92", -1);
	return g_strjoinv("\t", parts);
}

static GPtrArray *read_examples(const char *text)
{
	GPtrArray *examples = g_ptr_array_new_with_free_func(free_example);
	const char *open;
	while ((open = strstr(text, "\n" FENCE " example\n"))) {
		const char *markdown = open + strlen("\n" FENCE " example\n"), *dot, *close;
		dot = *markdown == '.' ? markdown - 1 : strstr(markdown - 1, "\n.\n");
		close = strstr(dot, "\n" FENCE);
		Example *example = g_new0(Example, 1);
		example->number = examples->len + 1;
		example->markdown = tabs(markdown, dot + 1 > markdown ? (gsize)(dot + 1 - markdown) : 0);
		example->html = close > dot + 3 ? tabs(dot + 3, (gsize)(close + 1 - dot - 3)) : g_strdup("");
		g_ptr_array_add(examples, example);
		text = close + 1;
	}
	return examples;
}

/* ---- one way to write HTML ----------------------------------------------------------------- */

static gboolean is_space_between(const xmlNode *node)
{
	static const char *const inlines[] = {"p", "pre", "code", "a", "em", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "td", "del", "i", "b", "ins", NULL};
	return node->type == XML_TEXT_NODE && strspn((const char *)node->content, " \n\t") == strlen((const char *)node->content) &&
		!(node->parent && g_strv_contains(inlines, (const char *)node->parent->name));
}

static void write_attributes(const xmlNode *node, GString *out)
{
	gboolean heading = node->name[0] == 'h' && g_ascii_isdigit(node->name[1]);
	for (const xmlAttr *a = node->properties; a; a = a->next) {
		const char *name = (const char *)a->name;
		xmlChar *value = xmlNodeGetContent((const xmlNode *)a);
		const char *text = (const char *)value;
		gboolean url = strcmp(name, "href") == 0 || strcmp(name, "src") == 0;
		/* The page lies at the site's root: "/url" is "url" there. */
		if (url && text[0] == '/' && text[1] != '/')
			text++;
		/* XML 1.0, 3.3.3: a line end in an attribute is a space. */
		for (xmlChar *c = value; *c; c++)
			if (*c == '\n')
				*c = ' ';
		if (!(heading && strcmp(name, "id") == 0) && strcmp(name, "loading") != 0)
			g_string_append_printf(out, " %s=[%s]", name, text);
		xmlFree(value);
	}
}

static void write_node(const xmlNode *node, GString *out)
{
	if (node->type == XML_TEXT_NODE && !is_space_between(node)) {
		g_autofree char *text = g_strdup((const char *)node->content);
		gboolean keep = node->parent && (strcmp((const char *)node->parent->name, "pre") == 0 || strcmp((const char *)node->parent->name, "code") == 0);
		g_string_append(out, keep ? text : g_strstrip(text));
		return;
	}
	if (node->type != XML_ELEMENT_NODE)
		return;
	g_string_append_printf(out, "<%s", (const char *)node->name);
	write_attributes(node, out);
	g_string_append(out, ">\n");
	for (const xmlNode *child = node->children; child; child = child->next)
		write_node(child, out);
	g_string_append_printf(out, "</%s>\n", (const char *)node->name);
}

static char *canonical(const char *html)
{
	g_autofree char *whole = g_strconcat("<html><body>", html, "</body></html>", NULL);
	htmlDocPtr doc = htmlReadMemory(whole, (int)strlen(whole), NULL, "UTF-8", HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
	GString *out = g_string_new(NULL);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	if (root)
		write_node(root, out);
	xmlFreeDoc(doc);
	return g_string_free(out, FALSE);
}

/* ---- all at once --------------------------------------------------------------------------- */

static gboolean is_in(const guint *numbers, guint n, guint number)
{
	for (guint i = 0; i < n; i++)
		if (numbers[i] == number)
			return TRUE;
	return FALSE;
}

static gboolean is_refused(guint number)
{
	return is_in(refused, G_N_ELEMENTS(refused), number);
}

static void test_examples(void)
{
	g_autofree char *text = NULL;
	if (!g_file_get_contents(SPEC, &text, NULL, NULL)) {
		g_test_skip("commonmark-spec is not installed");
		return;
	}
	g_autoptr(GPtrArray) examples = read_examples(text);
	g_assert_cmpuint(examples->len, >, 640);
	g_autoptr(GArray) files = g_array_new(TRUE, TRUE, sizeof(HelpFile));
	HelpFile bare = HELP_BARE;
	g_array_append_val(files, bare);
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < examples->len; i++) {
		const Example *example = examples->pdata[i];
		char *name = g_strdup_printf("templates/pages/e%03u.md", example->number);
		/* Front matter always: an example may begin with "---" itself. */
		char *page = g_strdup_printf("---\ntitle: X\npath: e%03u.html\n---\n%s", example->number, example->markdown);
		g_ptr_array_add(texts, name);
		g_ptr_array_add(texts, page);
		HelpFile file = {name, page};
		g_array_append_val(files, file);
	}
	HelpBook book;
	help_book(&book, (const HelpFile *)(gpointer)files->data);
	guint same = 0, told = 0;
	g_autoptr(GString) list = g_string_new(NULL);
	for (guint i = 0; i < examples->len; i++) {
		const Example *example = examples->pdata[i];
		g_autofree char *url = g_strdup_printf("e%03u.html", example->number), *html = help_main(&book, url);
		if (!html) {
			told++;
			if (!is_refused(example->number))
				g_string_append_printf(list, "%u refused\n", example->number);
			continue;
		}
		g_autofree char *have = canonical(html), *want = canonical(example->html);
		if (is_refused(example->number))
			g_string_append_printf(list, "%u is no longer refused\n", example->number);
		else if (strcmp(have, want) == 0)
			same++;
		else if (is_in(newer, G_N_ELEMENTS(newer), example->number) || is_in(captioned, G_N_ELEMENTS(captioned), example->number))
			told++;
		else
			g_string_append_printf(list, "%u differs:\n%s--- have\n%s\n--- want\n%s\n", example->number, example->markdown, html, example->html);
	}
	g_test_message("%u examples: %u the same, %u refused, captioned or newer than cmark", examples->len, same, told);
	if (list->len > 0)
		g_error("%s", list->str);
	help_book_clear(&book);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/page/commonmark", test_examples);
	return g_test_run();
}
