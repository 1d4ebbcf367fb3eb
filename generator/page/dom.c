/* The tree of a page: parsed by libxml2, values put where their tokens stand, links and ids seen to. */
#include "page/private.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <math.h>
#include <string.h>

#define XML_OPTIONS (XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_COMPACT)

/* ---- parsing ------------------------------------------------------------------------------- */

typedef struct {
	Maker *maker;
	PlaceOf place_of;
	gpointer data;
	guint errors;
} Parsing;

static const char *mend_for(int code)
{
	switch (code) {
	case XML_ERR_TAG_NAME_MISMATCH:
	case XML_ERR_TAG_NOT_FINISHED: return "close every element, void ones as <br />";
	case XML_ERR_ATTRIBUTE_NOT_STARTED: return "put the attribute's value in quotes";
	case XML_ERR_ATTRIBUTE_WITHOUT_VALUE: return "give the attribute a value: hidden=\"hidden\"";
	case XML_ERR_NAME_REQUIRED: return "write & as &amp; and < as &lt;";
	default: return NULL;
	}
}

static void on_error(void *data, xmlError *error)
{
	xmlParserCtxt *context = data;
	Parsing *parsing = context->_private;
	/* What follows the first only echoes it. */
	if (error->level < XML_ERR_ERROR || parsing->errors++ > 0)
		return;
	g_autofree char *message = error->code == XML_ERR_TAG_NAME_MISMATCH && error->str1 && error->str2
		? g_strdup_printf("<%s> is not closed before </%s>", error->str1, error->str2)
		: g_strstrip(g_strdup(error->message ? error->message : "not well-formed"));
	message[0] = g_ascii_tolower(message[0]);
	StetPlace place = parsing->place_of(parsing->maker, (guint)MAX(1, error->line), parsing->data);
	stet_diagnose(parsing->maker->diags, STET_ERROR, "html-malformed", place, mend_for(error->code), "%s", message);
}

/* Named entities of HTML as characters: XML knows only its own five. */
static void expand_entities(GString *out, const char *text, gsize length)
{
	static const char *const own[] = {"amp", "lt", "gt", "quot", "apos", NULL};
	const char *p = text, *end = text + length, *amp;
	while ((amp = memchr(p, '&', (gsize)(end - p)))) {
		const char *q = amp + 1;
		while (q < end && q - amp < 32 && g_ascii_isalnum(*q))
			q++;
		g_string_append_len(out, p, amp - p);
		p = amp;
		if (q == end || *q != ';' || q == amp + 1) {
			g_string_append_c(out, *p++);
			continue;
		}
		g_autofree char *name = g_strndup(amp + 1, (gsize)(q - amp - 1));
		const htmlEntityDesc *entity = g_strv_contains(own, name) ? NULL : htmlEntityLookup((const xmlChar *)name);
		if (!entity) {
			g_string_append_c(out, *p++);
			continue;
		}
		g_string_append_unichar(out, entity->value);
		p = q + 1;
	}
	g_string_append_len(out, p, end - p);
}

xmlDoc *parse_markup(Maker *maker, const char *text, gsize length, PlaceOf place_of, gpointer data)
{
	Parsing parsing = {maker, place_of, data, 0};
	g_autoptr(GString) xml = g_string_sized_new(length + 64);
	expand_entities(xml, text, length);
	xmlParserCtxt *context = xmlNewParserCtxt();
	context->_private = &parsing;
	context->sax->serror = on_error;
	xmlDoc *doc = xmlCtxtReadMemory(context, xml->str, (int)xml->len, NULL, "UTF-8", XML_OPTIONS);
	gboolean well_formed = context->wellFormed;
	xmlFreeParserCtxt(context);
	if (doc && well_formed)
		return doc;
	if (parsing.errors == 0)
		stet_diagnose(maker->diags, STET_ERROR, "html-malformed", place_of(maker, 1, data), NULL, "the page is no well-formed HTML");
	xmlFreeDoc(doc);
	return NULL;
}

/* ---- places -------------------------------------------------------------------------------- */

static StetPlace place_of_node(Maker *maker, xmlNode *node, gboolean is_content)
{
	if (!is_content)
		return stet_output_line_place(maker->output, (guint)MAX(1, xmlGetLineNo(node)));
	for (xmlNode *up = node; up && up->type == XML_ELEMENT_NODE; up = up->parent) {
		xmlChar *position = xmlGetNoNsProp(up, (const xmlChar *)"data-sourcepos");
		if (!position)
			continue;
		/* Inside a block, lines of the markup follow those of the text. */
		long inner = xmlGetLineNo(node) - xmlGetLineNo(up);
		guint line = (guint)g_ascii_strtoull((const char *)position, NULL, 10);
		xmlFree(position);
		return stet_output_line_place(maker->output, MAX(1, line) + (guint)CLAMP(inner, 0, 10000));
	}
	return stet_output_line_place(maker->output, 1);
}

StetPlace node_place(Maker *maker, const xmlNode *node)
{
	return place_of_node(maker, (xmlNode *)node, TRUE);
}

/* ---- links --------------------------------------------------------------------------------- */

char *stet_url_path(const char *url)
{
	if (!*url || g_str_has_suffix(url, "/"))
		return g_strconcat(url, "index.html", NULL);
	return g_strdup(url);
}

static void add_link(Maker *maker, const char *path, const char *fragment, StetPlace place)
{
	StetLink *link = g_new0(StetLink, 1);
	*link = (StetLink){g_strdup(path), fragment && *fragment ? g_strdup(fragment) : NULL, place};
	if (maker->page)
		g_ptr_array_add(maker->page->links, link);
	else {
		g_free(link->path);
		g_free(link->fragment);
		g_free(link);
	}
}

/* A url from the site's root ("metrics/hhi/#x") as seen from the page (g_free). */
static char *relative_url(Maker *maker, const char *url, StetPlace place)
{
	const char *hash = strchr(url, '#'), *query = strchr(url, '?');
	gsize length = MIN(hash ? (gsize)(hash - url) : strlen(url), query ? (gsize)(query - url) : strlen(url));
	g_autofree char *bare = g_strndup(url, length), *path = stet_url_path(bare);
	g_autofree char *own = stet_url_path(maker->plan->url);
	add_link(maker, path, hash ? hash + 1 : NULL, place);
	if (hash && strcmp(path, own) == 0)
		return g_strdup(hash);
	return g_strconcat(maker->root, path, url + length, NULL);
}

void append_link(Maker *maker, GString *out, const char *url)
{
	g_autofree char *relative = relative_url(maker, url, (StetPlace){maker->plan->file, 0, 0});
	append_escaped(out, relative);
}

static gboolean scheme_allowed(const char *url)
{
	static const char *const allowed[] = {"http:", "https:", "mailto:"};
	gsize n = strcspn(url, ":/?#");
	if (url[n] != ':')
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(allowed); i++)
		if (g_ascii_strncasecmp(url, allowed[i], strlen(allowed[i])) == 0)
			return TRUE;
	return FALSE;
}

static gboolean is_url_attribute(const char *name)
{
	static const char *const names[] = {"href", "src", "action", "formaction", "poster", "cite", "data", NULL};
	return g_strv_contains(names, name);
}

/* Browsers drop control characters and blanks before they look for a scheme: so do we. */
static char *clean_url(const char *url)
{
	GString *clean = g_string_new(NULL);
	for (const char *p = url; *p; p++)
		if ((guchar)*p > 0x20)
			g_string_append_c(clean, *p);
	return g_string_free(clean, FALSE);
}

static void finish_url(Maker *maker, xmlNode *node, const char *name, const char *value, gboolean from_data, StetPlace place)
{
	g_autofree char *clean = clean_url(value);
	if (!scheme_allowed(clean)) {
		stet_diagnose(maker->diags, from_data ? STET_WARNING : STET_ERROR, "url-scheme", place,
		              "use http, https, mailto or a path of the site", "the address '%.60s' is left out: its scheme is not allowed", value);
		xmlUnsetProp(node, (const xmlChar *)name);
		return;
	}
	if (value[0] == '/' && value[1] != '/') {
		g_autofree char *relative = relative_url(maker, value + 1, place);
		xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)relative);
	} else if (value[0] == '#' && value[1]) {
		g_autofree char *own = stet_url_path(maker->plan->url);
		add_link(maker, own, reference_target(value), place);
	} else if (maker->book->world->lint && g_ascii_strncasecmp(clean, "http", 4) == 0 && !g_str_has_prefix(place.file, "built-in/")) {
		stet_diagnose(maker->diags, STET_NOTE, "link-outside", place, NULL, "'%.200s' leads out of the site", clean);
	}
}

/* ---- values -------------------------------------------------------------------------------- */

/* Rows of one period begin here: the first row whose period is not before (or, with `after`, is after) that
 * of `row`. Rows are ordered by period. */
static gsize period_edge(const StetMetric *metric, gsize row, gboolean after)
{
	guint column = (guint)metric->period_column;
	const StetCell *period = stet_table_cell(metric->table, row, column);
	gsize low = 0, high = metric->table->n_rows;
	while (low < high) {
		gsize middle = low + (high - low) / 2;
		int order = stet_cell_compare(stet_table_cell(metric->table, middle, column), period);
		if (order < 0 || (after && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The metric's own page shows its latest rows: METRIC_ROWS_SHOWN of them. */
static gboolean is_shown(const StetMetric *metric, gsize row)
{
	gsize n = metric->table->n_rows;
	if (n <= METRIC_ROWS_SHOWN)
		return TRUE;
	if (metric->period_column < 0)
		return row < METRIC_ROWS_SHOWN;
	return n - period_edge(metric, row, TRUE) + (row - period_edge(metric, row, FALSE)) < METRIC_ROWS_SHOWN;
}

char *origin_url(const StetOrigin *origin)
{
	if (origin->claim)
		return g_strconcat("claims/#", origin->claim, NULL);
	if (origin->metric && origin->metric->scenario)
		return g_strdup_printf("metrics/%s/#scenarios", origin->metric->name);
	if (origin->metric && !is_shown(origin->metric, origin->row))
		return g_strdup_printf("metrics/%s/", origin->metric->name);
	if (origin->metric) {
		g_autofree char *id = stet_metric_row_id(origin->metric, origin->row);
		return g_strdup_printf("metrics/%s/#row-%s", origin->metric->name, id);
	}
	for (guint i = 0; i < origin->n_inputs; i++) {
		char *url = origin_url(origin->inputs[i]);
		if (url)
			return url;
	}
	return NULL;
}

static void use_origin(Maker *maker, const StetOrigin *origin)
{
	if (origin->metric)
		use_metric(maker, origin->metric);
	for (guint i = 0; i < origin->n_inputs; i++)
		use_origin(maker, origin->inputs[i]);
}

typedef enum { CONTEXT_LINKED, CONTEXT_DATA, CONTEXT_PLAIN, CONTEXT_SCRIPT } Context;

/* What a value may become inside this element: a link, a data element, or bare text. */
static Context context_of(xmlNode *parent)
{
	static const char *const unlinked[] = {"a", "button", "summary", "h1", "h2", "h3", "h4", "h5", "h6", "label", "legend", "dt", "nav", NULL};
	static const char *const plain[] = {"code", "pre", "title", "option", "textarea", "kbd", "samp", "time", "data", "svg", NULL};
	Context context = CONTEXT_LINKED;
	for (xmlNode *up = parent; up && up->type == XML_ELEMENT_NODE; up = up->parent) {
		const char *name = (const char *)up->name;
		if (strcmp(name, "script") == 0)
			return CONTEXT_SCRIPT;
		if (g_strv_contains(plain, name))
			context = CONTEXT_PLAIN;
		else if (g_strv_contains(unlinked, name) && context == CONTEXT_LINKED)
			context = CONTEXT_DATA;
	}
	return context;
}

static const char *register_figure(Maker *maker, const StetValue *value, const char *text)
{
	char name[24];
	g_snprintf(name, sizeof name, "f%u", maker->page->figures->len + 1);
	StetFigure *figure = g_new0(StetFigure, 1);
	figure->origin = value->origin;
	figure->text = g_strdup(text);
	figure->id = g_strdup(fresh_id(maker, name));
	figure->value = value->kind == STET_VALUE_INT ? (double)value->v.integer : value->kind == STET_VALUE_FLOAT ? value->v.number : (double)NAN;
	figure->unit = value->unit;
	g_ptr_array_add(maker->page->figures, figure);
	use_origin(maker, value->origin);
	return figure->id;
}

/* The number behind a figure, for data-value: its own, or that of the cell it came from. */
static gboolean figure_number(const StetValue *value, char buffer[STET_NUMBER_MAX])
{
	double number = NAN;
	if (value->kind == STET_VALUE_INT)
		number = (double)value->v.integer;
	else if (value->kind == STET_VALUE_FLOAT)
		number = value->v.number;
	else if (value->origin->metric && !value->origin->form)
		number = stet_cell_number(stet_table_cell(value->origin->metric->table, value->origin->row,
		                                          value->origin->metric->measures[value->origin->measure].column));
	return *stet_number_text(number, buffer) != 0;
}

static void insert_value(Maker *maker, xmlNode *before, const StetValue *value, Context context, StetPlace place)
{
	const char *text = display_value(maker, value);
	char number[STET_NUMBER_MAX];
	g_autofree char *valid = g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
	gboolean is_word = value->origin && value->origin->form == word_form;
	if (is_word && maker->page)
		use_origin(maker, value->origin);
	if (!value->origin || is_word || context == CONTEXT_PLAIN || !maker->page) {
		xmlAddPrevSibling(before, xmlNewDocText(before->doc, (const xmlChar *)(valid ? valid : text)));
		return;
	}
	const char *id = register_figure(maker, value, text);
	gboolean known = figure_number(value, number);
	/* A data element must have a value; a text worked out of a figure may have none. */
	xmlNode *data = xmlNewDocNode(before->doc, NULL, (const xmlChar *)(known ? "data" : "span"), NULL);
	xmlSetProp(data, (const xmlChar *)"id", (const xmlChar *)id);
	if (known)
		xmlSetProp(data, (const xmlChar *)"value", (const xmlChar *)number);
	xmlAddChild(data, xmlNewDocText(before->doc, (const xmlChar *)(valid ? valid : text)));
	gboolean restated = FALSE;
	g_autofree char *note = figure_note(maker, value, &restated);
	if (note)
		xmlSetProp(data, (const xmlChar *)"title", (const xmlChar *)note);
	g_autofree char *url = context == CONTEXT_LINKED ? origin_url(value->origin) : NULL;
	if (!url) {
		xmlSetProp(data, (const xmlChar *)"class", (const xmlChar *)(restated ? "figure restated" : "figure"));
		xmlAddPrevSibling(before, data);
		return;
	}
	if (restated)
		xmlSetProp(data, (const xmlChar *)"class", (const xmlChar *)"restated");
	xmlNode *link = xmlNewDocNode(before->doc, NULL, (const xmlChar *)"a", NULL);
	g_autofree char *relative = relative_url(maker, url, place);
	xmlSetProp(link, (const xmlChar *)"class", (const xmlChar *)"figure");
	xmlSetProp(link, (const xmlChar *)"href", (const xmlChar *)relative);
	xmlAddChild(link, data);
	xmlAddPrevSibling(before, link);
}

/* JSON string contents, safe inside a script element. */
static void insert_json(Maker *maker, xmlNode *before, const StetValue *value)
{
	g_autoptr(GString) json = g_string_new(NULL), safe = g_string_new(NULL);
	stet_json_string(json, display_value(maker, value));
	for (gsize i = 1; i + 1 < json->len; i++)
		if (json->str[i] == '<')
			g_string_append(safe, "\\u003c");
		else
			g_string_append_c(safe, json->str[i]);
	xmlAddPrevSibling(before, xmlNewDocText(before->doc, (const xmlChar *)safe->str));
}

static void insert_text(xmlNode *before, const char *text, gsize length)
{
	if (length > 0)
		xmlAddPrevSibling(before, xmlNewDocTextLen(before->doc, (const xmlChar *)text, (int)length));
}

static void finish_text(Maker *maker, xmlNode *node, StetPlace place)
{
	Context context = context_of(node->parent);
	const char *p = (const char *)node->content, *end = p + strlen(p), *run = p;
	/* libxml2 joins neighbouring texts: an element holds the place while the old text lives on. */
	xmlNode *mark = xmlNewDocNode(node->doc, NULL, (const xmlChar *)"mark", NULL);
	xmlReplaceNode(node, mark);
	while (p < end) {
		guint index;
		const char *after;
		if (!read_token(p, end, &index, &after) || index >= maker->printed->len) {
			p++;
			continue;
		}
		insert_text(mark, run, (gsize)(p - run));
		const StetValue *value = &g_array_index(maker->printed, Printed, index).value;
		if (context == CONTEXT_SCRIPT)
			insert_json(maker, mark, value);
		else
			insert_value(maker, mark, value, context, place);
		p = run = after;
	}
	insert_text(mark, run, (gsize)(end - run));
	xmlUnlinkNode(mark);
	xmlFreeNode(mark);
	xmlFreeNode(node);
}

/* cmark writes an address with its token percent-encoded. */
static char *decode_tokens(const char *value)
{
	static const char open[] = "%EE%80%80", close[] = "%EE%80%81";
	if (!strstr(value, open))
		return g_strdup(value);
	g_auto(GStrv) parts = g_strsplit(value, open, -1);
	g_autofree char *opened = g_strjoinv(TOKEN_OPEN, parts);
	g_auto(GStrv) halves = g_strsplit(opened, close, -1);
	return g_strjoinv(TOKEN_CLOSE, halves);
}

/* ---- attributes ---------------------------------------------------------------------------- */

static void refuse_inline(Maker *maker, xmlNode *node, const char *name, StetPlace place)
{
	gboolean style = strcmp(name, "style") == 0;
	stet_diagnose(maker->diags, STET_ERROR, style ? "inline-style" : "inline-script", place,
	              style ? "give it a class and style that in templates/assets/site.css" : "leave it out: pages work without scripts",
	              "<%s> has a '%s' attribute, which the site's content security policy forbids", (const char *)node->name, name);
}

/* Places take a search through the lines of the page: they are looked for where something needs one. */
static void finish_attributes(Maker *maker, xmlNode *node, gboolean is_content)
{
	for (xmlAttr *attribute = node->properties, *next; attribute; attribute = next) {
		next = attribute->next;
		const char *name = (const char *)attribute->name;
		if (strcmp(name, "data-sourcepos") == 0)
			continue;
		if (strcmp(name, "style") == 0 || g_str_has_prefix(name, "on"))
			refuse_inline(maker, node, name, place_of_node(maker, node, is_content));
		gboolean is_url = is_url_attribute(name), is_id = strcmp(name, "id") == 0;
		xmlChar *raw = xmlNodeListGetString(node->doc, attribute->children, 1);
		g_autofree char *value = is_url ? decode_tokens(raw ? (const char *)raw : "") : g_strdup(raw ? (const char *)raw : "");
		xmlFree(raw);
		gboolean from_data = strstr(value, TOKEN_OPEN) != NULL;
		const char *text = from_data ? resolve_tokens(maker, stet_text(value)) : value;
		if (from_data) {
			g_autofree char *valid = g_utf8_make_valid(text, -1);
			xmlSetProp(node, attribute->name, (const xmlChar *)valid);
		}
		if (is_url)
			finish_url(maker, node, name, text, from_data, place_of_node(maker, node, is_content));
		else if (is_id)
			written_id(maker, text, place_of_node(maker, node, is_content));
	}
}

/* ---- the walk ------------------------------------------------------------------------------ */

static void finish_heading(Maker *maker, xmlNode *node)
{
	xmlChar *own = xmlGetNoNsProp(node, (const xmlChar *)"id"), *content = xmlNodeGetContent(node);
	const char *title = stet_arena_text(maker->arena, (const char *)content, -1), *id;
	if (own) {
		id = stet_arena_text(maker->arena, (const char *)own, -1);
	} else {
		g_autofree char *slug = short_slug(title);
		id = fresh_id(maker, slug);
		xmlSetProp(node, (const xmlChar *)"id", (const xmlChar *)id);
	}
	xmlFree(own);
	xmlFree(content);
	TocEntry *entry = stet_arena_alloc(maker->arena, sizeof *entry);
	*entry = (TocEntry){(guint)(node->name[1] - '0'), title, id};
	if (entry->level == 2 || entry->level == 3)
		g_ptr_array_add(maker->toc, entry);
}

static gboolean is_heading(const xmlNode *node)
{
	return node->name[0] == 'h' && node->name[1] >= '2' && node->name[1] <= '6' && !node->name[2];
}

static void check_script(Maker *maker, xmlNode *node, StetPlace place)
{
	xmlChar *type = xmlGetNoNsProp(node, (const xmlChar *)"type"), *src = xmlGetNoNsProp(node, (const xmlChar *)"src");
	gboolean data = type && strstr((const char *)type, "json");
	if (!src && !data)
		stet_diagnose(maker->diags, STET_ERROR, "inline-script", place, "leave it out: pages work without scripts",
		              "an inline <script>, which the site's content security policy forbids");
	xmlFree(type);
	xmlFree(src);
}

/* Images load when they come into view; a figure's width is its image's. */
static void finish_image(xmlNode *image)
{
	xmlChar *width = image->parent ? xmlGetNoNsProp(image->parent, (const xmlChar *)"data-width") : NULL;
	if (!xmlHasProp(image, (const xmlChar *)"loading"))
		xmlSetProp(image, (const xmlChar *)"loading", (const xmlChar *)"lazy");
	if (width) {
		xmlSetProp(image, (const xmlChar *)"width", width);
		xmlUnsetProp(image->parent, (const xmlChar *)"data-width");
	}
	xmlFree(width);
}

static void finish_node(Maker *maker, xmlNode *node, gboolean is_content)
{
	if (node->type == XML_CDATA_SECTION_NODE)
		stet_diagnose(maker->diags, STET_ERROR, "html-malformed", place_of_node(maker, node->parent, is_content),
		              "write the text itself, & as &amp; and < as &lt;", "a CDATA section is no HTML");
	if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
		if (node->content && strstr((const char *)node->content, TOKEN_OPEN))
			finish_text(maker, node, place_of_node(maker, node->parent, is_content));
		return;
	}
	if (node->type == XML_PI_NODE)
		stet_diagnose(maker->diags, STET_ERROR, "html-malformed", place_of_node(maker, node->parent, is_content), "leave it out",
		              "<?%s is no HTML", (const char *)node->name);
	if (node->type != XML_ELEMENT_NODE)
		return;
	if (strcmp((const char *)node->name, "script") == 0)
		check_script(maker, node, place_of_node(maker, node, is_content));
	else if (strcmp((const char *)node->name, "style") == 0)
		refuse_inline(maker, node, "style", place_of_node(maker, node, is_content));
	if (node->properties)
		finish_attributes(maker, node, is_content);
	if (is_content && strcmp((const char *)node->name, "img") == 0)
		finish_image(node);
	for (xmlNode *child = node->children, *next; child; child = next) {
		next = child->next;
		finish_node(maker, child, is_content);
	}
	if (is_content && is_heading(node))
		finish_heading(maker, node);
}

void finish_dom(Maker *maker, xmlDoc *doc, gboolean is_content)
{
	finish_node(maker, xmlDocGetRootElement(doc), is_content);
	if (is_content)
		fill_references(maker, xmlDocGetRootElement(doc));
}

/* ---- writing ------------------------------------------------------------------------------- */

static gboolean is_void(const char *name)
{
	static const char *const names[] = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", NULL};
	return g_strv_contains(names, name);
}

void append_escaped(GString *out, const char *text)
{
	const char *run = text, *p;
	for (p = text; *p; p++) {
		const char *escape = *p == '&' ? "&amp;" : *p == '<' ? "&lt;" : *p == '>' ? "&gt;" : *p == '"' ? "&quot;" : NULL;
		if (!escape)
			continue;
		g_string_append_len(out, run, p - run);
		g_string_append(out, escape);
		run = p + 1;
	}
	g_string_append_len(out, run, p - run);
}

/* Attributes that are there or not: HTML writes their name alone. */
static gboolean is_switch(const char *name)
{
	static const char *const names[] = {"checked", "disabled", "hidden", "open", "readonly", "required", "reversed", "selected", NULL};
	return g_strv_contains(names, name);
}

static void serialise_attributes(const xmlNode *node, GString *out)
{
	for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
		const char *name = (const char *)attribute->name;
		if (strcmp(name, "data-sourcepos") == 0)
			continue;
		xmlChar *value = xmlNodeListGetString(node->doc, attribute->children, 1);
		g_string_append_c(out, ' ');
		if (attribute->ns && attribute->ns->prefix)
			g_string_append_printf(out, "%s:", (const char *)attribute->ns->prefix);
		g_string_append(out, name);
		if (!is_switch(name)) {
			g_string_append(out, "=\"");
			append_escaped(out, value ? (const char *)value : "");
			g_string_append_c(out, '"');
		}
		xmlFree(value);
	}
}

static void fill_slot(Maker *maker, const xmlNode *node, xmlNode *content, GString *out)
{
	xmlChar *n = xmlGetNoNsProp((xmlNode *)node, (const xmlChar *)"n");
	guint slot = n ? (guint)g_ascii_strtoull((const char *)n, NULL, 10) : 0;
	if (n && strcmp((const char *)n, "content") == 0)
		serialise(maker, content, NULL, out);
	else if (n && slot < maker->slots->len)
		g_string_append(out, maker->slots->pdata[slot]);
	xmlFree(n);
}

static void serialise_node(Maker *maker, xmlNode *node, xmlNode *content, GString *out)
{
	const char *name = (const char *)node->name;
	if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
		const char *text = node->content ? (const char *)node->content : "";
		if (node->parent && strcmp((const char *)node->parent->name, "script") == 0)
			g_string_append(out, text);
		else
			append_escaped(out, text);
		return;
	}
	if (node->type != XML_ELEMENT_NODE)
		return;
	if (strcmp(name, "stet-slot") == 0) {
		fill_slot(maker, node, content, out);
		return;
	}
	g_string_append_c(out, '<');
	g_string_append(out, name);
	serialise_attributes(node, out);
	g_string_append_c(out, '>');
	if (is_void(name))
		return;
	for (xmlNode *child = node->children; child; child = child->next)
		serialise_node(maker, child, content, out);
	g_string_append(out, "</");
	g_string_append(out, name);
	g_string_append_c(out, '>');
}

void serialise(Maker *maker, xmlNode *root, xmlNode *content, GString *out)
{
	if (content) {
		serialise_node(maker, root, content, out);
		return;
	}
	for (xmlNode *child = root ? root->children : NULL; child; child = child->next)
		serialise_node(maker, child, NULL, out);
}
