/* How values enter a page: tokens while Liquid runs, a reader's text when they take their place. */
#include "page/private.h"

#include <math.h>
#include <string.h>

StetValue plain_value(StetRender *render, const StetValue *value)
{
	StetValue plain = *value;
	if (value->kind == STET_VALUE_OBJECT && value->v.object.class_->plain &&
	    !value->v.object.class_->plain(value->v.object.self, render, &plain))
		return *value;
	return plain;
}

/* ---- tokens -------------------------------------------------------------------------------- */

gboolean read_token(const char *p, const char *end, guint *index, const char **after)
{
	const gsize mark = strlen(TOKEN_OPEN);
	if ((gsize)(end - p) < 2 * mark + 1 || memcmp(p, TOKEN_OPEN, mark) != 0)
		return FALSE;
	guint number = 0;
	const char *q = p + mark;
	for (; q < end && g_ascii_isdigit(*q) && q - p < 12; q++)
		number = number * 10 + (guint)(*q - '0');
	if (q == p + mark || (gsize)(end - q) < mark || memcmp(q, TOKEN_CLOSE, mark) != 0)
		return FALSE;
	*index = number;
	*after = q + mark;
	return TRUE;
}

static const char *number_text(Maker *maker, const StetValue *value)
{
	double number = value->kind == STET_VALUE_INT ? (double)value->v.integer : value->v.number;
	g_autofree char *text = NULL;
	if (value->unit || value->origin)
		text = stet_locale_quantity(maker_locale(maker), number, value->unit, value->display, STET_FULL);
	else if (value->kind == STET_VALUE_INT)
		text = g_strdup_printf("%" G_GINT64_FORMAT, value->v.integer);
	else {
		char buffer[STET_NUMBER_MAX];
		text = g_strdup(stet_number_text(number, buffer));
	}
	return stet_arena_text(maker->arena, text, -1);
}

const char *display_value(Maker *maker, const StetValue *value)
{
	switch (value->kind) {
	case STET_VALUE_INT:
	case STET_VALUE_FLOAT:
		return number_text(maker, value);
	case STET_VALUE_TEXT:
		if (value->markup)
			return resolve_tokens(maker, value->v.text);
		return stet_arena_text(maker->arena, value->v.text.ptr, (gssize)value->v.text.len);
	case STET_VALUE_BOOL:
		return value->v.boolean ? "true" : "false";
	default:
		return "";
	}
}

const char *resolve_tokens(Maker *maker, StetText text)
{
	const char *p = text.ptr, *end = text.ptr + text.len;
	if (!memmem(text.ptr, text.len, TOKEN_OPEN, strlen(TOKEN_OPEN)))
		return stet_arena_text(maker->arena, text.ptr, (gssize)text.len);
	g_autoptr(GString) out = g_string_new(NULL);
	while (p < end) {
		guint index;
		const char *after;
		if (read_token(p, end, &index, &after) && index < maker->printed->len) {
			g_string_append(out, display_value(maker, &g_array_index(maker->printed, Printed, index).value));
			p = after;
		} else {
			g_string_append_c(out, *p++);
		}
	}
	return stet_arena_text(maker->arena, out->str, (gssize)out->len);
}

static StetText resolve_captured(StetRender *render, StetText captured, gpointer host)
{
	(void)render;
	return stet_text(resolve_tokens(host, captured));
}

/* No row, or more than one, where a figure is to stand. */
static void refuse_selection(StetRender *render, const Selection *selection)
{
	const StetMetric *metric = selection->metric;
	if (selection->n > 0) {
		stet_render_fail(render, "figure-ambiguous", "narrow it: where: \"dimension\", \"value\" | latest",
		                 "metric '%s' has %" G_GSIZE_FORMAT " rows here, one is needed to print", metric->name, selection->n);
	} else if (selection->missed) {
		g_autofree char *near = nearest_text(metric, selection->missed_column, selection->missed);
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
		stet_render_fail(render, "figure-ambiguous", mend, "metric '%s' has no row here whose %s is '%s'", metric->name,
		                 metric->table->columns[selection->missed_column].name, selection->missed);
	} else {
		stet_render_fail(render, "figure-ambiguous", "check the 'where' and 'at' before it",
		                 "no row of metric '%s' is left to print", metric->name);
	}
}

/* Lists and objects are flattened by Liquid's own printing; a selection of many rows is a mistake. */
static gboolean printable(StetRender *render, const StetValue *value, StetValue *out)
{
	Selection selection;
	*out = plain_value(render, value);
	if (out->kind == STET_VALUE_NIL || out->kind == STET_VALUE_EMPTY || out->kind == STET_VALUE_BLANK)
		return FALSE;
	if (out->kind == STET_VALUE_OBJECT && as_selection(render, out, &selection)) {
		refuse_selection(render, &selection);
		return FALSE;
	}
	if (out->kind == STET_VALUE_LIST || out->kind == STET_VALUE_MAP || out->kind == STET_VALUE_RANGE || out->kind == STET_VALUE_OBJECT) {
		StetText text = stet_value_print(render, out);
		*out = stet_value_text(NULL, text.ptr, (gssize)text.len);
	}
	return TRUE;
}

static void print_token(StetRender *render, const StetValue *value, StetPlace place, GString *out, gpointer host)
{
	Maker *maker = host;
	StetValue plain;
	if (!printable(render, value, &plain))
		return;
	if (plain.kind == STET_VALUE_TEXT && plain.markup) {
		g_string_append_len(out, plain.v.text.ptr, (gssize)plain.v.text.len);
		return;
	}
	Printed printed = {plain, place};
	g_string_append_printf(out, TOKEN_OPEN "%u" TOKEN_CLOSE, maker->printed->len);
	g_array_append_val(maker->printed, printed);
}

static void print_text(StetRender *render, const StetValue *value, StetPlace place, GString *out, gpointer host)
{
	StetValue plain;
	(void)place;
	if (printable(render, value, &plain))
		g_string_append(out, display_value(host, &plain));
}

/* ---- the host ------------------------------------------------------------------------------ */

static const StetTemplate *find_partial(const char *name, gpointer host)
{
	Maker *maker = host;
	const StetTemplate *t = g_hash_table_lookup(maker->book->templates, name);
	note_read(maker, "template", name);
	if (t)
		return t;
	g_autofree char *layout = g_strconcat("layouts/", name, NULL);
	return g_hash_table_lookup(maker->book->templates, layout);
}

static const char *const *partial_names(gpointer host)
{
	return (const char *const *)((const Maker *)host)->book->partial_names;
}

const StetHost *host_for(Maker *maker, gboolean tokens, StetHost *host)
{
	*host = (StetHost){.filters = page_filters, .print = tokens ? print_token : print_text, .resolve = resolve_captured,
	                   .partial = find_partial, .partial_names = partial_names, .host = maker};
	return host;
}

const char *text_of_template(Maker *maker, const StetTemplate *t, guint n, const char *const *names, const StetValue *values)
{
	StetHost host;
	g_autoptr(StetOutput) output = stet_output_new();
	if (!stet_template_render(t, host_for(maker, FALSE, &host), maker->arena, n, names, values, output, maker->diags))
		return NULL;
	return g_strstrip(stet_arena_text(maker->arena, output->text->str, (gssize)output->text->len));
}

/* ---- globals ------------------------------------------------------------------------------- */

static gboolean site_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const StetSite *site = &((const StetBook *)self)->world->project->site;
	g_autofree char *name = g_strndup(key.ptr, key.len);
	const StetNode *node = stet_node_get(site->node, name);
	note_read(stet_render_host(render), "site", name);
	if (node)
		*out = stet_value_node(stet_render_arena(render), node);
	else if (strcmp(name, "title") == 0)
		*out = stet_value_text(NULL, site->title, -1);
	else if (strcmp(name, "locale") == 0)
		*out = stet_value_text(NULL, site->locale, -1);
	else
		*out = stet_value_nil();
	return TRUE;
}

static const StetClass site_class = {.name = "site", .get = site_get};

static gboolean params_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	g_autofree char *name = g_strndup(key.ptr, key.len);
	const StetNode *node = stet_scenario_parameter(book->world->metrics, 0, name);
	note_read(stet_render_host(render), "parameter", name);
	if (node)
		*out = stet_value_node(stet_render_arena(render), node);
	return node != NULL;
}

static const StetClass params_class = {.name = "params", .get = params_get};

/* A page's menu has the pages of its own language, and stet's own. */
static gboolean same_language(const StetPlan *page, const StetPlan *other)
{
	return g_strcmp0(page ? page->language : NULL, other->language) == 0 || g_str_has_prefix(other->file, "built-in/");
}

static gboolean nav_list(gconstpointer self, StetRender *render, StetValue *out)
{
	static const char *const keys[] = {"title", "url", "section", "current"};
	const Maker *maker = self;
	StetArena *arena = stet_render_arena(render);
	StetText names[G_N_ELEMENTS(keys)];
	note_read(stet_render_host(render), "navigation", NULL);
	for (guint k = 0; k < G_N_ELEMENTS(keys); k++)
		names[k] = stet_text(keys[k]);
	StetValue *items = stet_arena_alloc(arena, (maker->book->n_nav + 1) * sizeof *items);
	guint n = 0;
	for (guint i = 0; i < maker->book->n_nav; i++) {
		const StetPlan *plan = maker->book->nav[i];
		if (!same_language(maker->plan, plan))
			continue;
		g_autofree char *url = g_strconcat("/", plan->url, NULL);
		StetValue values[] = {
			stet_value_text(NULL, plan->nav_title, -1), stet_value_text(arena, url, -1),
			plan->section ? stet_value_text(NULL, plan->section, -1) : stet_value_nil(), stet_value_bool(plan == maker->plan),
		};
		items[n++] = stet_value_map(arena, names, values, G_N_ELEMENTS(keys));
	}
	*out = stet_value_list(arena, items, n);
	return TRUE;
}

static const StetClass nav_class = {.name = "nav", .list = nav_list};

static StetValue toc_value(const Maker *maker)
{
	static const char *const keys[] = {"level", "title", "id"};
	StetText names[G_N_ELEMENTS(keys)];
	for (guint k = 0; k < G_N_ELEMENTS(keys); k++)
		names[k] = stet_text(keys[k]);
	guint n = maker->toc ? maker->toc->len : 0;
	StetValue *items = stet_arena_alloc(maker->arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++) {
		const TocEntry *entry = maker->toc->pdata[i];
		StetValue values[] = {stet_value_int(entry->level), stet_value_text(NULL, entry->title, -1), stet_value_text(NULL, entry->id, -1)};
		items[i] = stet_value_map(maker->arena, names, values, G_N_ELEMENTS(keys));
	}
	return stet_value_list(maker->arena, items, n);
}

static const char *render_front(Maker *maker, const StetTemplate *t)
{
	const StetPlan *plan = maker->plan;
	StetValue values[] = {metrics_value(maker->book), claims_value(maker->book), datasets_value(maker->book), plan->item};
	const char *names[] = {"metrics", "claims", "datasets", plan->item_name ? plan->item_name : "item"};
	return t ? text_of_template(maker, t, 4, names, values) : NULL;
}

static StetValue link_value(Maker *maker, const StetPlan *plan, const char *language)
{
	static const char *const names[] = {"title", "url", "language", "name"};
	if (!plan)
		return stet_value_nil();
	const StetLocale *locale = language ? g_hash_table_lookup(maker->book->locales, language) : NULL;
	StetText keys[G_N_ELEMENTS(names)];
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		keys[i] = stet_text(names[i]);
	g_autofree char *url = g_strconcat("/", plan->url, NULL);
	StetValue values[] = {stet_value_text(NULL, plan->title, -1), stet_value_text(maker->arena, url, -1),
	                      language ? stet_value_text(NULL, language, -1) : stet_value_nil(),
	                      language ? stet_value_text(NULL, language_name(locale ? locale : maker->book->world->project->locale), -1) : stet_value_nil()};
	return stet_value_map(maker->arena, keys, values, G_N_ELEMENTS(names));
}

/* The page in each language it exists in, itself among them; empty where there is but one. */
static StetValue alternates_value(Maker *maker)
{
	const StetBook *book = maker->book;
	const StetPlan *plan = maker->plan;
	const char *own = stet_locale_tag(book->world->project->locale);
	const char *base = plan->language ? plan->url + MIN(strlen(plan->url), strlen(plan->language) + 1) : plan->url;
	GList *tags = g_list_sort(g_hash_table_get_keys(book->locales), (GCompareFunc)strcmp);
	StetValue items[STET_LANGUAGES_MAX + 1];
	guint n = 0;
	note_read(maker, "addresses", NULL);
	const StetPlan *first = g_hash_table_lookup(book->by_url, base);
	if (first && !first->language)
		items[n++] = link_value(maker, first, own);
	for (GList *tag = tags; tag && n < STET_LANGUAGES_MAX; tag = tag->next) {
		g_autofree char *url = g_strconcat(tag->data, "/", base, NULL);
		const StetPlan *other = g_hash_table_lookup(book->by_url, url);
		if (other && other->language)
			items[n++] = link_value(maker, other, tag->data);
	}
	g_list_free(tags);
	return stet_value_list(maker->arena, items, n > 1 ? n : 0);
}

/* The first page of the page's language, or of the site. */
static StetValue home_value(Maker *maker)
{
	g_autofree char *url = maker->plan->language ? g_strconcat(maker->plan->language, "/", NULL) : NULL;
	note_read(maker, "addresses", NULL);
	if (!url || !g_hash_table_contains(maker->book->by_url, url))
		return stet_value_text(NULL, "/", -1);
	g_autofree char *rooted = g_strconcat("/", url, NULL);
	return stet_value_text(maker->arena, rooted, -1);
}

/* What stands on pages with synthetic data: the report's own words, maybe a map of languages, or stet's. */
static StetValue notice_value(Maker *maker)
{
	const StetNode *own = stet_node_get(maker->book->world->project->site.node, "notice");
	note_read(maker, "site", "notice");
	if (own && own->kind == STET_NODE_MAP)
		own = stet_node_get(own, stet_locale_tag(maker_locale(maker)));
	return stet_value_text(NULL, own && own->text ? own->text : say(maker, "synthetic_notice"), -1);
}

#define WORDS_A_MINUTE 230

/* What is known of the page once its content is made; FALSE if `name` is none of it. */
static gboolean made_property(Maker *maker, const char *name, StetValue *out)
{
	const StetPlan *plan = maker->plan;
	if (strcmp(name, "previous") == 0)
		*out = link_value(maker, plan->previous, NULL);
	else if (strcmp(name, "next") == 0)
		*out = link_value(maker, plan->next, NULL);
	else if (strcmp(name, "language") == 0)
		*out = stet_value_text(NULL, stet_locale_tag(maker_locale(maker)), -1);
	else if (strcmp(name, "direction") == 0)
		*out = stet_value_text(NULL, stet_locale_is_rtl(maker_locale(maker)) ? "rtl" : "ltr", -1);
	else if (strcmp(name, "notice") == 0)
		*out = notice_value(maker);
	else if (strcmp(name, "home") == 0)
		*out = home_value(maker);
	else if (strcmp(name, "alternates") == 0)
		*out = g_hash_table_size(maker->book->locales) > 0 ? alternates_value(maker) : stet_value_list(maker->arena, NULL, 0);
	else if (strcmp(name, "words") == 0)
		*out = stet_value_int(maker->words);
	else if (strcmp(name, "reading_time") == 0)
		*out = stet_value_int(MAX(1u, (maker->words + WORDS_A_MINUTE / 2) / WORDS_A_MINUTE));
	else if (strcmp(name, "data_as_of") == 0)
		*out = maker->last_data ? stet_value_text(NULL, maker->last_data, -1) : stet_value_nil();
	else
		return FALSE;
	return TRUE;
}

static gboolean page_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	Maker *maker = (Maker *)self;
	const StetPlan *plan = maker->plan;
	const StetPageSource *source = plan->source;
	g_autofree char *name = g_strndup(key.ptr, key.len);
	const struct { const char *key, *text; } texts[] = {
		{"title", plan->title}, {"description", plan->description}, {"url", plan->url}, {"section", plan->section},
		{"root", maker->root}, {"file", plan->file},
	};
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		if (strcmp(texts[i].key, name) == 0) {
			*out = texts[i].text ? stet_value_text(NULL, texts[i].text, -1) : stet_value_nil();
			return TRUE;
		}
	const char *text = NULL;
	if (made_property(maker, name, out))
		return TRUE;
	if (strcmp(name, "css") == 0) {
		note_read(maker, "style", NULL);
		text = g_strconcat("/", maker->book->css_path ? maker->book->css_path : "assets/stet.css", NULL);
		*out = stet_value_text(maker->arena, text, -1);
		g_free((char *)text);
	} else if (strcmp(name, "toc") == 0) {
		*out = stet_node_bool(source->front, "toc", TRUE) ? toc_value(maker) : stet_value_list(maker->arena, NULL, 0);
	} else if (strcmp(name, "synthetic") == 0) {
		*out = stet_value_bool((maker->page && maker->page->synthetic) || stet_node_bool(source->front, "synthetic", FALSE));
	} else if (strcmp(name, "lead") == 0 || strcmp(name, "eyebrow") == 0) {
		text = render_front(maker, *name == 'l' ? source->lead : source->eyebrow);
		*out = text ? stet_value_text(NULL, text, -1) : stet_value_nil();
	} else {
		const StetNode *node = stet_node_get(source->front, name);
		*out = node ? stet_value_node(stet_render_arena(render), node) : stet_value_nil();
	}
	return TRUE;
}

static const StetClass page_class = {.name = "page", .get = page_get};

guint page_globals(Maker *maker, const char *names[GLOBALS_MAX], StetValue values[GLOBALS_MAX])
{
	guint n = 0;
	const StetBook *book = maker->book;
	names[n] = "metrics", values[n++] = metrics_value(book);
	names[n] = "claims", values[n++] = claims_value(book);
	names[n] = "datasets", values[n++] = datasets_value(book);
	names[n] = "changes", values[n++] = changes_value(book);
	names[n] = "editions", values[n++] = editions_value(book);
	names[n] = "scenarios", values[n++] = stet_value_object(&scenarios_class, book);
	names[n] = "params", values[n++] = stet_value_object(&params_class, book);
	names[n] = "site", values[n++] = stet_value_object(&site_class, book);
	names[n] = "page", values[n++] = stet_value_object(&page_class, maker);
	names[n] = "nav", values[n++] = stet_value_object(&nav_class, maker);
	names[n] = "index", values[n++] = letters_value(book);
	if (maker->plan && maker->plan->item_name)
		names[n] = maker->plan->item_name, values[n++] = maker->plan->item;
	return n;
}
