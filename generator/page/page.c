/* One page: Liquid, Markdown, the layout around it, values into their places, HTML out. */
#include "page/private.h"

#include <string.h>

static void free_asset(gpointer data)
{
	StetAsset *asset = data;
	g_free(asset->path);
	g_bytes_unref(asset->bytes);
	g_free(asset);
}

static void free_figure(gpointer data)
{
	StetFigure *figure = data;
	g_free(figure->text);
	g_free(figure->id);
	g_free(figure);
}

static void free_link(gpointer data)
{
	StetLink *link = data;
	g_free(link->path);
	g_free(link->fragment);
	g_free(link);
}

void stet_page_free(StetPage *page)
{
	if (!page)
		return;
	g_free(page->path);
	g_free(page->updated);
	g_free(page->card);
	g_clear_pointer(&page->html, g_bytes_unref);
	g_ptr_array_unref(page->assets);
	g_ptr_array_unref(page->figures);
	g_ptr_array_unref(page->links);
	g_ptr_array_unref(page->ids);
	g_array_unref(page->metric_uses);
	if (page->reads)
		g_ptr_array_unref(page->reads);
	stet_arena_free(page->arena);
	g_free(page);
}

static StetPage *page_new(const StetPlan *plan)
{
	StetPage *page = g_new0(StetPage, 1);
	page->plan = plan;
	page->path = stet_url_path(plan->url);
	page->assets = g_ptr_array_new_with_free_func(free_asset);
	page->figures = g_ptr_array_new_with_free_func(free_figure);
	page->links = g_ptr_array_new_with_free_func(free_link);
	page->ids = g_ptr_array_new_with_free_func(g_free);
	page->metric_uses = g_array_new(FALSE, FALSE, sizeof(StetMetricUse));
	page->arena = stet_arena_new();
	return page;
}

char *short_slug(const char *text)
{
	char *slug = stet_slug(text);
	if (strlen(slug) > SLUG_MAX) {
		StetHash hash = stet_hash(text, strlen(text));
		g_strlcpy(slug + SLUG_MAX - 9, "-", 2);
		g_strlcpy(slug + SLUG_MAX - 8, hash.hex, 9);
	}
	return slug;
}

static void keep_id(Maker *maker, char *id)
{
	g_ptr_array_add(maker->page->ids, g_strdup(id));
	g_hash_table_add(maker->ids, id);
}

const char *fresh_id(Maker *maker, const char *wanted)
{
	static const char *const layouts_own[] = {"content", "menu", "search", NULL};
	char *id = g_strdup(*wanted ? wanted : "x");
	for (guint n = 2; g_hash_table_contains(maker->ids, id) || g_strv_contains(layouts_own, id); n++) {
		g_free(id);
		id = g_strdup_printf("%s-%u", wanted, n);
	}
	const char *kept = stet_arena_text(maker->arena, id, -1);
	keep_id(maker, id);
	return kept;
}

void check_id(Maker *maker, const char *id, StetPlace place)
{
	if (g_hash_table_contains(maker->ids, id))
		stet_diagnose(maker->diags, STET_ERROR, "id-duplicate", place, "give one of them another id", "the id '%s' is on the page already", id);
}

void written_id(Maker *maker, const char *id, StetPlace place)
{
	if (g_hash_table_remove(maker->awaited_ids, id))
		return;
	check_id(maker, id, place);
	if (!g_hash_table_contains(maker->ids, id))
		keep_id(maker, g_strdup(id));
}

/* ---- stages -------------------------------------------------------------------------------- */

static StetPlace place_in_content(Maker *maker, guint line, gpointer data)
{
	/* The last block that began before this line of the markup knows its line of the Markdown. */
	const char *html = data, *stop = strchrnul(html, '\n'), *found = NULL;
	for (guint i = 1; i < line && *stop; i++)
		stop = strchrnul(stop + 1, '\n');
	static const char mark[] = "data-sourcepos=\"";
	for (const char *p = strstr(html, mark); p && p < stop; p = strstr(p + 1, mark))
		found = p;
	guint at = found ? (guint)g_ascii_strtoull(found + strlen(mark), NULL, 10) : 1;
	return stet_output_line_place(maker->output, MAX(1, at));
}

static StetPlace place_in_layout(Maker *maker, guint line, gpointer data)
{
	(void)data;
	return stet_output_line_place(maker->output, line);
}

static gboolean render(Maker *maker, const StetTemplate *t, const char *content, StetOutput *output)
{
	const char *names[GLOBALS_MAX + 1];
	StetValue values[GLOBALS_MAX + 1];
	StetHost host;
	guint n = page_globals(maker, names, values);
	if (content)
		names[n] = "content", values[n++] = stet_value_markup(NULL, content, -1);
	return stet_template_render(t, host_for(maker, TRUE, &host), maker->arena, n, names, values, output, maker->diags);
}

/* Words of running text. Scripts without spaces between words count two letters as one. */
static guint count_words(const xmlNode *node)
{
	guint words = 0;
	if (node->type == XML_TEXT_NODE) {
		gboolean inside = FALSE;
		guint wide = 0;
		for (const char *p = (const char *)node->content; *p; p = g_utf8_next_char(p)) {
			gunichar c = g_utf8_get_char(p);
			gboolean letter = g_unichar_isalnum(c), ideograph = g_unichar_iswide(c);
			words += letter && !inside && !ideograph;
			wide += letter && ideograph;
			inside = (letter && !ideograph) || (inside && (c == '\'' || c == 0x2019 || c == '.' || c == ','));
		}
		return words + wide / 2;
	}
	if (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, "pre") == 0)
		return 0;
	for (const xmlNode *child = node->type == XML_ELEMENT_NODE ? node->children : NULL; child; child = child->next)
		words += count_words(child);
	return words;
}

static xmlDoc *make_content(Maker *maker)
{
	const StetPageSource *source = maker->plan->source;
	g_autoptr(StetOutput) output = stet_output_new();
	maker->output = output;
	if (!render(maker, source->body, NULL, output))
		return NULL;
	StetText text = {output->text->str, output->text->len};
	/* Numbers stand where something is referred to by its number. */
	maker->numbered = strstr(text.ptr, "class=\"ref\"") || strstr(text.ptr, "[](#") || stet_node_bool(source->front, "numbered", FALSE);
	g_autofree char *html = source->is_html ? g_strndup(text.ptr, text.len) : markdown_to_xml(maker, text);
	g_autofree char *whole = g_strconcat("<div>", html, "</div>", NULL);
	xmlDoc *doc = parse_markup(maker, whole, strlen(whole), source->is_html ? place_in_layout : place_in_content, whole);
	if (doc) {
		finish_dom(maker, doc, !source->is_html);
		append_restatements(maker, xmlDocGetRootElement(doc));
		maker->words = count_words(xmlDocGetRootElement(doc));
		/* A page a row repeats its template's faults: the first speaks for all. */
		if (maker->book->world->lint && g_str_has_prefix(source->file, PAGES_FOLDER) && !maker->plan->previous)
			lint_page(maker, xmlDocGetRootElement(doc));
	}
	maker->output = NULL;
	return doc;
}

static const StetTemplate *find_layout(Maker *maker)
{
	const StetNode *node = stet_node_get(maker->plan->source->front, "layout");
	g_autofree char *key = g_strconcat("layouts/", node && node->text ? node->text : "page", NULL);
	const StetTemplate *layout = g_hash_table_lookup(maker->book->templates, key);
	note_read(maker, "template", key);
	if (layout)
		return layout;
	g_autofree char *name = g_strconcat("layouts/", node ? node->text : "page", NULL);
	const char *near = stet_nearest(name, (const char *const *)maker->book->partial_names);
	g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near + (g_str_has_prefix(near, "layouts/") ? 8 : 0)) : NULL;
	stet_diagnose(maker->diags, STET_ERROR, "layout-unknown", node ? node->place : (StetPlace){maker->plan->file, 1, 1}, mend,
	              "there is no layout '%s'", node ? node->text : "page");
	return NULL;
}

/* XML wants <!DOCTYPE in capitals; the page gets its own in any case. */
static const char *skip_doctype(const char *text)
{
	const char *p = text;
	while (g_ascii_isspace(*p))
		p++;
	const char *end = g_ascii_strncasecmp(p, "<!doctype", 9) == 0 ? strchr(p, '>') : NULL;
	return end ? end + 1 : text;
}

static gboolean make_layout(Maker *maker, xmlDoc *content, GString *out)
{
	const StetTemplate *layout = find_layout(maker);
	g_autoptr(StetOutput) output = stet_output_new();
	maker->output = output;
	if (!layout || !render(maker, layout, "<stet-slot n=\"content\"></stet-slot>", output))
		return FALSE;
	/* The doctype's line is blanked, not dropped, so that lines still count. */
	char *text = output->text->str;
	for (const char *body = skip_doctype(text); text < body; text++)
		if (*text != '\n')
			*text = ' ';
	text = output->text->str;
	while (g_ascii_isspace(*text) && *text != '\n')
		text++;
	gsize lead = strspn(text, " \n\r\t");
	g_autoptr(GString) xml = g_string_new(NULL);
	g_string_append(xml, text + lead);
	xmlDoc *doc = parse_markup(maker, xml->str, xml->len, place_in_layout, NULL);
	if (doc) {
		finish_dom(maker, doc, FALSE);
		g_string_append(out, "<!doctype html>\n");
		serialise(maker, xmlDocGetRootElement(doc), xmlDocGetRootElement(content), out);
		g_string_append_c(out, '\n');
		xmlFreeDoc(doc);
	}
	maker->output = NULL;
	return doc != NULL;
}

static char *root_prefix(const char *url)
{
	GString *root = g_string_new(NULL);
	for (const char *p = url; *p; p++)
		if (*p == '/')
			g_string_append(root, "../");
	return g_string_free(root, FALSE);
}

/* What leads from a page to the root of the site. The page for what is not there is shown at any address: from there
 * only the root's own path, where the site's address is known, leads anywhere. */
static char *page_root(const StetBook *book, const char *url)
{
	const char *site = book->world->project->site.url;
	g_autoptr(GUri) uri = strcmp(url, "404.html") == 0 && site ? g_uri_parse(site, G_URI_FLAGS_ENCODED, NULL) : NULL;
	if (!uri)
		return root_prefix(url);
	const char *path = g_uri_get_path(uri);
	return g_strconcat(path, g_str_has_suffix(path, "/") ? NULL : "/", NULL);
}

/* A page at a former address that leads on. It works without a server's help, and without scripts. */
static void add_redirect(Maker *maker, const char *from)
{
	const char *old = from + (*from == '/');
	g_autofree char *path = stet_url_path(old), *root = root_prefix(old), *to = stet_url_path(maker->plan->url);
	if (!stet_path_is_inside(path)) {
		stet_diagnose(maker->diags, STET_ERROR, "page-path", (StetPlace){maker->plan->file, 1, 1}, "write a former path of the site: old/page/",
		              "'redirect_from' cannot use '%s'", from);
		return;
	}
	g_autoptr(GString) html = g_string_new("<!doctype html>\n<html lang=\"");
	append_escaped(html, stet_locale_tag(maker_locale(maker)));
	g_string_append(html, "\"><head><meta charset=\"utf-8\"><title>");
	append_escaped(html, maker->plan->title);
	g_string_append(html, "</title><meta name=\"robots\" content=\"noindex\"><meta http-equiv=\"refresh\" content=\"0; url=");
	append_escaped(html, root);
	append_escaped(html, to);
	g_string_append(html, "\"></head><body><main><h1><a href=\"");
	append_escaped(html, root);
	append_escaped(html, to);
	g_string_append(html, "\">");
	append_escaped(html, maker->plan->title);
	g_string_append(html, "</a></h1></main></body></html>\n");
	add_asset(maker, g_steal_pointer(&path), g_bytes_new(html->str, html->len));
}

static void add_redirects(Maker *maker)
{
	const StetNode *from = stet_node_get(maker->plan->source->front, "redirect_from");
	if (!from || maker->plan->previous)
		return;
	if (from->text)
		add_redirect(maker, from->text);
	for (guint i = 0; i < from->n; i++)
		if (from->items[i]->text)
			add_redirect(maker, from->items[i]->text);
}

static int compare_uses(gconstpointer a, gconstpointer b)
{
	return strcmp(((const StetMetricUse *)a)->metric, ((const StetMetricUse *)b)->metric);
}

static void list_uses(Maker *maker)
{
	GHashTableIter iter;
	gpointer name, count;
	g_hash_table_iter_init(&iter, maker->metric_uses);
	while (g_hash_table_iter_next(&iter, &name, &count)) {
		StetMetricUse use = {name, GPOINTER_TO_UINT(count)};
		g_array_append_val(maker->page->metric_uses, use);
	}
	g_array_sort(maker->page->metric_uses, compare_uses);
}

/* The page's own date, else the end of the latest period it shows. */
static char *date_of(const Maker *maker)
{
	const char *own = stet_node_text(maker->plan->source->front, "date", maker->last_data);
	return own ? stet_period_end(own) : NULL;
}

StetPage *stet_page_make(const StetBook *book, const StetPlan *plan, StetPen *pen, StetDiagnostics *diags)
{
	g_autoptr(StetDiagnostics) own = stet_diagnostics_new();
	StetPage *page = page_new(plan);
	Maker maker = {.book = book, .plan = plan, .pen = pen, .diags = own, .arena = page->arena, .page = page,
	               .printed = g_array_new(FALSE, FALSE, sizeof(Printed)), .slots = g_ptr_array_new_with_free_func(g_free),
	               .root = page_root(book, plan->url), .ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	               .awaited_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	               .metric_uses = g_hash_table_new(g_str_hash, g_str_equal), .toc = g_ptr_array_new(),
	               .reads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	               .notes = g_ptr_array_new(), .data = g_string_new(NULL), .labels = g_hash_table_new(g_str_hash, g_str_equal)};
	note_read(&maker, "settings", NULL);
	note_read(&maker, "site", "words"); /* no page is without a word of ours */
	if (strcmp(plan->url, "404.html") == 0)
		note_read(&maker, "site", "url");
	note_item(&maker, &plan->item);
	g_autoptr(GString) html = g_string_sized_new(32768);
	xmlDoc *content = make_content(&maker);
	gboolean made = content && make_layout(&maker, content, html);
	if (made) {
		add_redirects(&maker);
		end_files(&maker);
	}
	g_string_free(maker.data, TRUE);
	if (content)
		xmlFreeDoc(content);
	list_uses(&maker);
	page->reads = list_reads(&maker);
	page->updated = date_of(&maker);
	g_hash_table_unref(maker.reads);
	g_ptr_array_unref(maker.notes);
	g_clear_pointer(&maker.restated, g_ptr_array_unref);
	g_hash_table_unref(maker.labels);
	page->html = g_bytes_new(html->str, html->len);
	g_array_unref(maker.printed);
	g_ptr_array_unref(maker.slots);
	g_ptr_array_unref(maker.toc);
	g_hash_table_unref(maker.ids);
	g_hash_table_unref(maker.awaited_ids);
	g_hash_table_unref(maker.metric_uses);
	g_free(maker.root);
	gboolean sound = made && stet_diagnostics_count(own, STET_ERROR) == 0;
	stet_diagnostics_take(diags, own);
	if (sound)
		return page;
	stet_page_free(page);
	return NULL;
}
