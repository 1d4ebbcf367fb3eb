/* The editorial rules over a page's finished content. */
#include "page/lint.h"

#include <string.h>

typedef struct {
	Maker *maker;
	gboolean english;
	gboolean off[LINT_RULES];     /* for the whole page */
	gboolean ignored[LINT_RULES]; /* for the block that follows */
	GHashTable *names;
	const char *heading;          /* of the section whose first paragraph is yet to come */
	guint level;
} Lint;

static void complain(Lint *lint, LintCode code, const xmlNode *node, const char *mend, const char *format, ...) G_GNUC_PRINTF(5, 6);

static void complain(Lint *lint, LintCode code, const xmlNode *node, const char *mend, const char *format, ...)
{
	if (lint->off[code] || lint->ignored[code])
		return;
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	StetPlace place = node ? node_place(lint->maker, node) : (StetPlace){lint->maker->plan->file, 1, 1};
	stet_diagnose(lint->maker->diags, STET_WARNING, lint_rules[code].code, place, mend, "%s", text);
}

/* ---- putting rules aside ------------------------------------------------------------------- */

static int code_index(const char *code)
{
	for (int i = 0; i < LINT_RULES; i++)
		if (strcmp(lint_rules[i].code, code) == 0)
			return i;
	return -1;
}

static void put_aside(Lint *lint, const char *code, const char *reason, StetPlace place, gboolean marks[LINT_RULES])
{
	int index = code_index(code);
	if (index < 0) {
		const char *near = stet_nearest(code, lint_codes());
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
		stet_diagnose(lint->maker->diags, STET_WARNING, lint_rules[LINT_REASON].code, place, mend, "there is no rule '%s'", code);
		return;
	}
	marks[index] = TRUE;
	if (!reason || !*reason)
		stet_diagnose(lint->maker->diags, STET_WARNING, lint_rules[LINT_REASON].code, place, "say why: 'CODE: reason'",
		              "the rule '%s' is put aside without a reason", code);
}

/* <!-- stet-ignore CODE: reason --> is about the block that it stands in, or that follows it. */
static void read_comment(Lint *lint, const xmlNode *comment)
{
	static const char mark[] = "stet-ignore";
	const char *text = (const char *)comment->content;
	text = text ? strstr(text, mark) : NULL;
	if (!text)
		return;
	text += strlen(mark);
	text += strspn(text, " \t");
	gsize n = strcspn(text, ": \t\n");
	g_autofree char *code = g_strndup(text, n), *reason = g_strstrip(g_strdup(text[n] == ':' ? text + n + 1 : ""));
	put_aside(lint, code, reason, node_place(lint->maker, comment->parent), lint->ignored);
}

static void read_map(Lint *lint, const StetNode *map)
{
	for (guint i = 0; map && map->kind == STET_NODE_MAP && i < map->n; i++)
		put_aside(lint, map->keys[i]->text, map->items[i]->text, map->keys[i]->place, lint->off);
}

/* ---- texts --------------------------------------------------------------------------------- */

/* What a reader sees of an element, blanks joined; figures are left out with `bare`, for they are not typed. */
static void gather(const xmlNode *node, gboolean bare, GString *out)
{
	for (const xmlNode *child = node->children; child; child = child->next) {
		const char *name = (const char *)child->name;
		if (child->type == XML_TEXT_NODE)
			g_string_append(out, (const char *)child->content);
		else if (child->type == XML_ELEMENT_NODE && bare && (strcmp(name, "data") == 0 || strcmp(name, "code") == 0))
			g_string_append_c(out, '_');
		else if (child->type == XML_ELEMENT_NODE)
			gather(child, bare, out);
	}
}

static const char *text_of(Lint *lint, const xmlNode *node, gboolean bare)
{
	g_autoptr(GString) text = g_string_new(NULL);
	gather(node, bare, text);
	gsize to = 0;
	for (gsize from = 0; from < text->len; from++) {
		gboolean blank = g_ascii_isspace(text->str[from]) != 0;
		if (!blank || (to > 0 && text->str[to - 1] != ' '))
			text->str[to++] = blank ? ' ' : text->str[from];
	}
	while (to > 0 && text->str[to - 1] == ' ')
		to--;
	return stet_arena_text(lint->maker->arena, text->str, (gssize)to);
}

/* TRUE if a value that Liquid printed on this page holds the number: then no one typed it. */
static gboolean is_printed(Maker *maker, const char *number)
{
	number += strspn(number, "$\xE2\x82\xAC");
	for (guint i = 0; i < maker->printed->len; i++) {
		const char *text = display_value(maker, &g_array_index(maker->printed, Printed, i).value);
		for (const char *p = strstr(text, number); p; p = strstr(p + 1, number))
			if (!strchr("0123456789.,", p[strlen(number)]) || !p[strlen(number)])
				return TRUE;
	}
	return FALSE;
}

/* TRUE if a figure inside the element comes from a metric with a period. */
static gboolean has_timed_figure(const Maker *maker, const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type != XML_ELEMENT_NODE)
			continue;
		xmlChar *id = strcmp((const char *)child->name, "data") == 0 ? xmlGetNoNsProp((xmlNode *)child, (const xmlChar *)"id") : NULL;
		guint number = id && id[0] == 'f' ? (guint)g_ascii_strtoull((const char *)id + 1, NULL, 10) : 0;
		xmlFree(id);
		const StetFigure *figure = number > 0 && number <= maker->page->figures->len ? maker->page->figures->pdata[number - 1] : NULL;
		const StetOrigin *origin = figure ? figure->origin : NULL;
		while (origin && !origin->metric && origin->n_inputs > 0)
			origin = origin->inputs[0];
		if ((origin && origin->metric && origin->metric->period_column >= 0) || has_timed_figure(maker, child))
			return TRUE;
	}
	return FALSE;
}

/* ---- rules by element ---------------------------------------------------------------------- */

static void check_prose(Lint *lint, const xmlNode *node, gboolean paragraph)
{
	StetArena *arena = lint->maker->arena;
	const char *text = text_of(lint, node, FALSE), *bare = text_of(lint, node, TRUE), *found;
	guint words = 0;
	lint_names(text, lint->names);
	if (!lint->english || !*text)
		return;
	if (paragraph && (found = lint_bare_pronoun(arena, text)))
		complain(lint, LINT_PRONOUN, node, "name the subject", "the paragraph opens with the bare '%s'", found);
	if ((found = lint_dangling(text)))
		complain(lint, LINT_DANGLING, node, "name what is meant, and link to it", "'%s' points to nothing once the section stands alone", found);
	if ((found = lint_long_sentence(arena, text, &words)))
		complain(lint, LINT_SENTENCE, node, "cut it in two", "the sentence '%s...' has %u words", found, words);
	if ((found = lint_typed_number(arena, bare)) && !is_printed(lint->maker, found))
		complain(lint, LINT_TYPED, node, "print it from a metric or a claim", "the number '%s' is typed by hand", found);
	if (paragraph && has_timed_figure(lint->maker, node) && !lint_says_period(text))
		complain(lint, LINT_PERIOD, node, "say the quarter or year: {{ figure | period }}", "figures stand here without a time");
	if (paragraph && lint->heading) {
		if (!lint_names_subject(lint->heading, text))
			complain(lint, LINT_SUBJECT, node, "take up a word of the heading, or name who it is about",
			         "the first sentence under '%s' does not name its subject", lint->heading);
		lint->heading = NULL;
	}
}

/* A component without a source line is followed by a paragraph that cites one or names it. */
static void check_source(Lint *lint, const xmlNode *slot)
{
	const xmlNode *next = slot->next;
	while (next && (next->type == XML_TEXT_NODE || next->type == XML_COMMENT_NODE))
		next = next->next;
	const char *text = next && strcmp((const char *)next->name, "p") == 0 ? text_of(lint, next, FALSE) : "";
	g_autofree char *word = g_utf8_strdown(say(lint->maker, "source"), -1), *lower = g_utf8_strdown(text, -1);
	if (!strstr(lower, word) && !g_regex_match_simple("\\[[0-9]+\\]", text, 0, 0))
		complain(lint, LINT_SOURCE, slot, "add a paragraph after it: Source: ...{% cite ID %}", "numbers stand here without a source");
}

static void check_heading(Lint *lint, const xmlNode *node)
{
	guint level = (guint)(node->name[1] - '0');
	if (level > lint->level + 1)
		complain(lint, LINT_HEADING, node, "use the level between", "a heading of level %u follows one of level %u", level, lint->level);
	lint->level = level;
	lint->heading = level == 2 || level == 3 ? text_of(lint, node, FALSE) : NULL;
}

static void check_inside(Lint *lint, const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type != XML_ELEMENT_NODE)
			continue;
		const char *name = (const char *)child->name, *text;
		if (strcmp(name, "img") == 0 && !xmlHasProp((xmlNode *)child, (const xmlChar *)"alt"))
			complain(lint, LINT_ALT, child, "alt=\"what it says\", or alt=\"\"", "an image has no alternative text");
		if (strcmp(name, "a") == 0 && (text = text_of(lint, child, FALSE)) && lint_empty_link(text))
			complain(lint, LINT_LINK, child, "let the link be the name of its page", "the link '%s' does not say where it leads", text);
		check_inside(lint, child);
	}
}

static void find_comments(Lint *lint, const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_COMMENT_NODE)
			read_comment(lint, child);
		else if (child->type == XML_ELEMENT_NODE)
			find_comments(lint, child);
	}
}

static void check_block(Lint *lint, const xmlNode *node);

static void check_children(Lint *lint, const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_COMMENT_NODE)
			read_comment(lint, child);
		else if (child->type == XML_ELEMENT_NODE)
			check_block(lint, child);
	}
}

static void check_block(Lint *lint, const xmlNode *node)
{
	static const char *const containers[] = {"div", "section", "aside", "blockquote", "ul", "ol", "dl", "figure", "article", NULL};
	const char *name = (const char *)node->name;
	if (g_strv_contains(containers, name)) {
		check_children(lint, node);
		memset(lint->ignored, 0, sizeof lint->ignored);
		return;
	}
	find_comments(lint, node);
	if (name[0] == 'h' && g_ascii_isdigit(name[1]) && !name[2])
		check_heading(lint, node);
	else if (strcmp(name, "stet-slot") == 0 && xmlHasProp((xmlNode *)node, (const xmlChar *)"data-unsourced"))
		check_source(lint, node);
	else if (strcmp(name, "p") == 0)
		check_prose(lint, node, strcmp((const char *)node->parent->name, "blockquote") != 0);
	else if (strcmp(name, "li") == 0 || strcmp(name, "dd") == 0)
		check_prose(lint, node, FALSE);
	check_inside(lint, node);
	memset(lint->ignored, 0, sizeof lint->ignored);
}

/* ---- rules by page ------------------------------------------------------------------------- */

/* Entries of the section with this id: headings one level down, else items of its lists. */
static guint count_entries(const xmlNode *root, const char *id)
{
	guint level = 0, headings = 0, items = 0;
	for (const xmlNode *node = root->children; node; node = node->next) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		const char *name = (const char *)node->name;
		gboolean heading = name[0] == 'h' && g_ascii_isdigit(name[1]) && !name[2];
		guint own = heading ? (guint)(name[1] - '0') : 0;
		xmlChar *value = heading ? xmlGetNoNsProp((xmlNode *)node, (const xmlChar *)"id") : NULL;
		if (level && heading && own <= level)
			level = G_MAXUINT;
		else if (level && level < G_MAXUINT && own == level + 1)
			headings++;
		else if (level && level < G_MAXUINT && (strcmp(name, "ul") == 0 || strcmp(name, "ol") == 0))
			items += (guint)xmlChildElementCount((xmlNode *)node);
		if (value && strcmp((const char *)value, id) == 0)
			level = own;
		xmlFree(value);
	}
	return headings ? headings : items;
}

static void check_pairs(Lint *lint, const xmlNode *root)
{
	const StetNode *pairs = stet_node_get(lint->maker->plan->source->front, "pairs");
	for (guint i = 1; pairs && i < pairs->n; i++) {
		const char *a = pairs->items[0]->text, *b = pairs->items[i]->text;
		guint first = a ? count_entries(root, a) : 0, other = b ? count_entries(root, b) : 0;
		if (first != other && !lint->off[LINT_PAIRS])
			stet_diagnose(lint->maker->diags, STET_WARNING, lint_rules[LINT_PAIRS].code, pairs->items[i]->place, "give both the same number",
			              "'%s' has %u entries, '%s' %u", a ? a : "", first, b ? b : "", other);
	}
}

static void check_entities(Lint *lint)
{
	const StetNode *node = stet_node_get(lint->maker->plan->source->front, "entities");
	guint found = g_hash_table_size(lint->names);
	if (node && (gint64)found < node->integer && !lint->off[LINT_ENTITIES])
		stet_diagnose(lint->maker->diags, STET_WARNING, lint_rules[LINT_ENTITIES].code, node->place, "say who is meant",
		              "the page names %u people, firms and products, not %" G_GINT64_FORMAT, found, node->integer);
}

void lint_page(Maker *maker, xmlNode *root)
{
	Lint lint = {.maker = maker, .english = stet_locale_is_english(maker_locale(maker)), .level = 1,
	             .names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
	read_map(&lint, stet_node_get(maker->book->world->project->site.node, "lint"));
	read_map(&lint, stet_node_get(maker->plan->source->front, "lint"));
	check_children(&lint, root);
	check_pairs(&lint, root);
	check_entities(&lint);
	g_hash_table_unref(lint.names);
}
