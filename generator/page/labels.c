/* Numbers of figures and tables, and the references that name them. */
#include "page/private.h"

#include <string.h>

static const char *const label_words[] = {[LABEL_FIGURE] = "figure", [LABEL_TABLE] = "table"};

const char *register_label(Maker *maker, const char *wanted, Label kind)
{
	const char *id = fresh_id(maker, wanted);
	g_autofree char *text = g_strdup_printf("%s\xC2\xA0%u", say(maker, label_words[kind]), ++maker->n_labels[kind]);
	g_hash_table_insert(maker->labels, (gpointer)id, stet_arena_text(maker->arena, text, -1));
	return id;
}

void append_number_of(Maker *maker, Label kind, const char *id, GString *out)
{
	const char *text = id ? g_hash_table_lookup(maker->labels, id) : NULL;
	(void)kind;
	if (!maker->numbered || !text)
		return;
	g_string_append(out, "<span class=\"figure-number\">");
	append_escaped(out, text);
	g_string_append(out, "</span> ");
}

/* "#fig:share", "#table:x" and "#share" mean the element "share". */
const char *reference_target(const char *href)
{
	static const char *const prefixes[] = {"fig:", "figure:", "tab:", "table:", "sec:"};
	const char *id = href + 1;
	for (guint i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (g_str_has_prefix(id, prefixes[i]))
			return id + strlen(prefixes[i]);
	return id;
}

static const char *text_for(const Maker *maker, const char *id)
{
	const char *label = g_hash_table_lookup(maker->labels, id);
	for (guint i = 0; !label && i < maker->toc->len; i++) {
		const TocEntry *entry = maker->toc->pdata[i];
		if (strcmp(entry->id, id) == 0)
			label = entry->title;
	}
	return label;
}

static void unknown(Maker *maker, const xmlNode *node, const char *id)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	GList *keys = g_list_sort(g_hash_table_get_keys(maker->labels), (GCompareFunc)strcmp);
	for (GList *key = keys; key; key = key->next)
		g_ptr_array_add(names, key->data);
	g_list_free(keys);
	for (guint i = 0; i < maker->toc->len; i++)
		g_ptr_array_add(names, (gpointer)((const TocEntry *)maker->toc->pdata[i])->id);
	g_ptr_array_add(names, NULL);
	const char *near = stet_nearest(id, (const char *const *)names->pdata);
	g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : g_strdup("give the chart, table or image that 'id'");
	stet_diagnose(maker->diags, STET_ERROR, "ref-unknown", node_place(maker, node), mend, "the page has no figure, table or section '%s'", id);
}

/* An empty link to a place of the page says what stands there. */
static void fill(Maker *maker, xmlNode *node)
{
	xmlChar *href = xmlGetNoNsProp(node, (const xmlChar *)"href");
	if (href && href[0] == '#' && href[1] && !node->children) {
		const char *id = reference_target((const char *)href), *text = text_for(maker, id);
		g_autofree char *own = g_strconcat("#", id, NULL);
		if (text) {
			xmlSetProp(node, (const xmlChar *)"href", (const xmlChar *)own);
			xmlAddChild(node, xmlNewDocText(node->doc, (const xmlChar *)text));
		} else {
			unknown(maker, node, id);
		}
	}
	xmlFree(href);
}

void fill_references(Maker *maker, xmlNode *root)
{
	for (xmlNode *node = root; node; node = node->next) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		if (strcmp((const char *)node->name, "a") == 0)
			fill(maker, node);
		fill_references(maker, node->children);
	}
}
