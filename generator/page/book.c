/* What all pages share: layouts and partials, sources, plans, navigation. */
#include "page/private.h"

#include <gio/gio.h>
#include <string.h>

#define PREFIX "/stet/builtin/"

GResource *stet_builtin_get_resource(void);

GBytes *stet_builtin(const char *name)
{
	g_autofree char *path = g_strconcat(PREFIX, name, NULL);
	return g_resource_lookup_data(stet_builtin_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **stet_builtin_list(const char *folder)
{
	g_autofree char *path = g_strconcat(PREFIX, folder, "/", NULL);
	char **names = g_resource_enumerate_children(stet_builtin_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	if (names)
		qsort(names, g_strv_length(names), sizeof *names, compare_names);
	return names ? names : g_new0(char *, 1);
}

char *book_keep(StetBook *book, char *text)
{
	g_ptr_array_add(book->texts, text);
	return text;
}

/* ---- layouts and partials ------------------------------------------------------------------ */

static char *template_name(const char *folder, const char *file)
{
	const char *dot = strrchr(file, '.');
	g_autofree char *stem = g_strndup(file, dot ? (gsize)(dot - file) : strlen(file));
	return strcmp(folder, "layouts") == 0 ? g_strconcat("layouts/", stem, NULL) : g_strdup(stem);
}

static void add_template(StetBook *book, const char *folder, const char *name, const char *file, StetText text, StetDiagnostics *diags)
{
	g_autofree char *key = template_name(folder, name);
	if (g_hash_table_contains(book->templates, key))
		return;
	StetTemplate *t = stet_template_parse(book_keep(book, g_strdup(file)), 1, text, page_tags, diags);
	if (!t)
		return;
	StetHash hash = stet_hash(text.ptr, text.len);
	g_hash_table_insert(book->template_hashes, g_strdup(key), g_memdup2(&hash, sizeof hash));
	g_hash_table_insert(book->templates, g_steal_pointer(&key), t);
}

static void add_templates(StetBook *book, const char *folder, StetDiagnostics *diags)
{
	g_autofree char *relative = g_strconcat("templates/", folder, NULL), *dir = stet_project_path(book->world->project, relative);
	g_autoptr(GPtrArray) files = stet_files_list(dir);
	for (guint i = 0; i < files->len; i++) {
		g_autofree char *path = g_build_filename(dir, files->pdata[i], NULL), *file = g_strconcat(relative, "/", files->pdata[i], NULL);
		g_autoptr(GError) error = NULL;
		gsize length = 0;
		g_autofree char *text = stet_file_read(path, &length, &error);
		if (text)
			add_template(book, folder, files->pdata[i], file, (StetText){text, length}, diags);
		else
			stet_diagnose(diags, STET_ERROR, "file-unreadable", (StetPlace){file, 0, 0}, NULL, "%s", error->message);
	}
	g_auto(GStrv) names = stet_builtin_list(folder);
	for (guint i = 0; names[i]; i++) {
		g_autofree char *name = g_strconcat(folder, "/", names[i], NULL), *file = g_strconcat("built-in/", name, NULL);
		g_autoptr(GBytes) bytes = stet_builtin(name);
		gsize length = 0;
		const char *text = g_bytes_get_data(bytes, &length);
		add_template(book, folder, names[i], file, (StetText){text, length}, diags);
	}
}

static void read_downloads(StetBook *book)
{
	static const char *const names[] = {[STET_FILE_SVG] = "svg", [STET_FILE_PNG] = "png", [STET_FILE_PDF] = "pdf"};
	const StetNode *list = stet_node_get(book->world->project->site.node, "downloads");
	for (guint kind = 0; kind < G_N_ELEMENTS(names); kind++) {
		book->downloads[kind] = !list && kind == STET_FILE_SVG;
		for (guint i = 0; list && i < list->n; i++)
			if (g_strcmp0(list->items[i]->text, names[kind]) == 0)
				book->downloads[kind] = TRUE;
	}
}

static void free_locale(gpointer data)
{
	stet_locale_free(data);
}

/* site.yaml's `languages`: those that have a folder of their own below templates/pages. */
static void read_languages(StetBook *book, StetDiagnostics *diags)
{
	const StetSite *site = &book->world->project->site;
	const StetNode *list = stet_node_get(site->node, "languages");
	book->locales = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_locale);
	for (guint i = 0; list && list->kind == STET_NODE_LIST && i < list->n; i++) {
		g_autoptr(GError) error = NULL;
		const char *tag = list->items[i]->text ? list->items[i]->text : "";
		StetLocale *locale = strcmp(tag, stet_locale_tag(book->world->project->locale)) != 0 ? stet_locale_new(tag, &error) : NULL;
		if (locale)
			g_hash_table_insert(book->locales, g_strdup(tag), locale);
		else if (error)
			stet_diagnose(diags, STET_ERROR, "site-language", list->items[i]->place, NULL, "%s", error->message);
	}
}

/* Plain English needs no theme of its own. */
static void add_theme(StetBook *book, const StetLocale *locale, StetDiagnostics *diags)
{
	const StetNode *words = stet_node_get(book->world->project->site.node, "words");
	if (book->world->theme && (words || !stet_locale_is_english(locale)))
		g_hash_table_insert(book->themes, g_strdup(stet_locale_tag(locale)),
		                    theme_in(book->world->theme, words, stet_locale_tag(locale), diags));
}

static void make_themes(StetBook *book, StetDiagnostics *diags)
{
	book->themes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)stet_theme_free);
	add_theme(book, book->world->project->locale, diags);
	g_autoptr(GList) tags = g_list_sort(g_hash_table_get_keys(book->locales), (GCompareFunc)strcmp);
	for (const GList *tag = tags; tag; tag = tag->next)
		add_theme(book, g_hash_table_lookup(book->locales, tag->data), diags);
}

const StetTheme *book_theme(const StetBook *book, const char *language)
{
	const char *tag = language ? language : stet_locale_tag(book->world->project->locale);
	const StetTheme *own = g_hash_table_lookup(book->themes, tag);
	return own ? own : book->world->theme;
}

const StetLocale *maker_locale(const Maker *maker)
{
	const StetLocale *own = maker->plan && maker->plan->language ? g_hash_table_lookup(maker->book->locales, maker->plan->language) : NULL;
	return own ? own : maker->book->world->project->locale;
}

static void free_uses(gpointer data)
{
	g_array_unref(data);
}

static void free_plan(gpointer data)
{
	g_free(data);
}

StetBook *stet_book_new(const StetWorld *world, StetDiagnostics *diags)
{
	StetBook *book = g_new0(StetBook, 1);
	book->world = world;
	book->arena = stet_arena_new();
	book->sources = g_ptr_array_new_with_free_func(g_free);
	book->documents = g_ptr_array_new_with_free_func((GDestroyNotify)stet_document_free);
	book->plans = g_ptr_array_new_with_free_func(free_plan);
	book->texts = g_ptr_array_new_with_free_func(g_free);
	book->by_url = g_hash_table_new(g_str_hash, g_str_equal);
	indexes_init(book);
	read_languages(book, diags);
	make_themes(book, diags);
	book->templates = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)stet_template_free);
	book->template_hashes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	book->uses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_uses);
	read_downloads(book);
	add_templates(book, "layouts", diags);
	add_templates(book, "partials", diags);
	book->partial_names = (char **)g_hash_table_get_keys_as_array(book->templates, NULL);
	qsort(book->partial_names, g_strv_length(book->partial_names), sizeof *book->partial_names, compare_names);
	xmlInitParser();
	return book;
}

void stet_book_free(StetBook *book)
{
	if (!book)
		return;
	for (guint i = 0; i < book->sources->len; i++) {
		StetPageSource *source = book->sources->pdata[i];
		const StetTemplate *templates[] = {source->body, source->title, source->description, source->path, source->lead, source->eyebrow};
		for (guint k = 0; k < G_N_ELEMENTS(templates); k++)
			stet_template_free((StetTemplate *)templates[k]);
	}
	g_hash_table_unref(book->uses);
	g_hash_table_unref(book->by_url);
	indexes_clear(book);
	g_hash_table_unref(book->locales);
	g_hash_table_unref(book->themes);
	g_hash_table_unref(book->templates);
	g_hash_table_unref(book->template_hashes);
	g_free(book->partial_names);
	g_free(book->nav);
	if (book->letters)
		g_ptr_array_unref(book->letters);
	g_ptr_array_unref(book->plans);
	g_ptr_array_unref(book->sources);
	g_ptr_array_unref(book->documents);
	g_ptr_array_unref(book->texts);
	stet_arena_free(book->arena);
	g_free(book);
}

/* ---- sources ------------------------------------------------------------------------------- */

static const StetKey front_keys[] = {
	{"title", STET_NODE_TEXT, FALSE}, {"description", STET_NODE_TEXT, FALSE}, {"layout", STET_NODE_TEXT, FALSE},
	{"path", STET_NODE_TEXT, FALSE}, {"nav", STET_NODE_MAP | STET_NODE_BOOL, FALSE}, {"foreach", STET_NODE_MAP, FALSE},
	{"as", STET_NODE_TEXT, FALSE}, {"eyebrow", STET_NODE_TEXT, FALSE}, {"lead", STET_NODE_TEXT, FALSE},
	{"synthetic", STET_NODE_BOOL, FALSE}, {"toc", STET_NODE_BOOL, FALSE}, {"draft", STET_NODE_BOOL, FALSE},
	{"numbered", STET_NODE_BOOL, FALSE},
	{"date", STET_NODE_TEXT, FALSE}, {"audience", STET_NODE_TEXT | STET_NODE_LIST, FALSE}, {"image", STET_NODE_TEXT, FALSE},
	{"redirect_from", STET_NODE_LIST | STET_NODE_TEXT, FALSE}, {"paginate", STET_NODE_MAP, FALSE}, {"needs", STET_NODE_TEXT, FALSE},
	{"lint", STET_NODE_MAP, FALSE}, {"pairs", STET_NODE_LIST, FALSE}, {"entities", STET_NODE_INT, FALSE}, {NULL, 0, FALSE},
};

gsize front_matter(StetText text, StetText *inner)
{
	const char *end = text.ptr + text.len, *p;
	if (text.len < 4 || strncmp(text.ptr, "---", 3) != 0 || (text.ptr[3] != '\n' && text.ptr[3] != '\r'))
		return 0;
	const char *first = memchr(text.ptr, '\n', text.len);
	if (!first)
		return 0;
	inner->ptr = first + 1;
	for (p = first + 1; p < end; p++) {
		if (end - p >= 3 && strncmp(p, "---", 3) == 0 && (end - p == 3 || p[3] == '\n' || p[3] == '\r')) {
			inner->len = (gsize)(p - inner->ptr);
			const char *line = memchr(p, '\n', (gsize)(end - p));
			return (gsize)((line ? line + 1 : end) - text.ptr);
		}
		p = memchr(p, '\n', (gsize)(end - p));
		if (!p)
			return 0;
	}
	return 0;
}

static guint count_lines(const char *text, gsize length)
{
	guint lines = 0;
	for (gsize i = 0; i < length; i++)
		lines += text[i] == '\n';
	return lines;
}

/* A front-matter text that may hold Liquid. */
static const StetTemplate *front_template(const StetPageSource *source, const char *key, StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(source->front, key);
	return node && node->text ? stet_template_parse(source->file, node->place.line, stet_text(node->text), NULL, diags) : NULL;
}

/* The text of "# text ##" behind the first mark: a closing run of marks stands behind a blank (CommonMark 4.2). */
static StetText heading_text(const char *line, gsize length)
{
	g_autofree char *copy = g_strchomp(g_strndup(line, length));
	gsize whole = strlen(copy), marks = 0;
	while (marks < whole && copy[whole - marks - 1] == '#')
		marks++;
	if (marks > 0 && (marks == whole || strchr(" \t", copy[whole - marks - 1])))
		copy[whole - marks] = 0;
	return (StetText){line, strlen(g_strchomp(copy))};
}

/* Where the front matter gives no title, a heading of the first level that opens the text does, as everywhere else in
 * Markdown; where it gives the same, the heading would stand there twice. Returns where the text goes on. */
static gsize take_heading(StetPageSource *source, StetText text, gsize skip, StetDiagnostics *diags)
{
	gsize at = skip;
	while (at < text.len && strchr("\r\n", text.ptr[at]))
		at++;
	if (source->is_html || at + 2 > text.len || strncmp(text.ptr + at, "# ", 2) != 0)
		return skip;
	const char *line = text.ptr + at + 2, *end = memchr(line, '\n', text.len - at - 2), *given = stet_node_text(source->front, "title", NULL);
	gsize length = end ? (gsize)(end - line) : text.len - at - 2;
	StetText title = heading_text(line, length);
	if (given && (strlen(given) != title.len || memcmp(given, title.ptr, title.len) != 0))
		return skip;
	if (!given)
		source->title = stet_template_parse(source->file, 1 + count_lines(text.ptr, at), title, NULL, diags);
	return (gsize)(line - text.ptr) + length;
}

static void check_front(const StetNode *front, StetDiagnostics *diags)
{
	const StetNode *date = stet_node_get(front, "date"), *moved = stet_node_get(front, "redirect_from");
	if (date && date->text && !stet_is_iso_date(date->text))
		stet_diagnose(diags, STET_ERROR, "front-matter", date->place, "write it as 2025-03-31", "'%s' is no date", date->text);
	for (guint i = 0; moved && moved->kind == STET_NODE_LIST && i < moved->n; i++)
		if (!moved->items[i]->text)
			stet_diagnose(diags, STET_ERROR, "front-matter", moved->items[i]->place, "redirect_from: [old/page/]", "'redirect_from' lists former paths");
	if (stet_node_get(front, "foreach") && stet_node_get(front, "paginate"))
		stet_diagnose(diags, STET_ERROR, "front-matter", stet_node_get(front, "paginate")->place, "leave one of them out",
		              "a page is made by 'foreach' or by 'paginate', not both");
}

static gboolean reserved(StetText text, const char *file, StetDiagnostics *diags)
{
	const char *found = memmem(text.ptr, text.len, TOKEN_OPEN, strlen(TOKEN_OPEN));
	if (!found)
		return FALSE;
	stet_diagnose(diags, STET_ERROR, "page-reserved", (StetPlace){file, count_lines(text.ptr, (gsize)(found - text.ptr)) + 1, 1},
	              "remove it", "the character U+E000 is reserved");
	return TRUE;
}

const StetPageSource *stet_book_add_source(StetBook *book, const char *file, StetText text, StetDiagnostics *diags)
{
	guint before = stet_diagnostics_count(diags, STET_ERROR);
	StetPageSource *source = g_new0(StetPageSource, 1);
	g_ptr_array_add(book->sources, source);
	source->file = book_keep(book, g_strdup(file));
	g_autofree char *queries = page_queries(book->world->metrics, file);
	source->queries = queries ? book_keep(book, g_steal_pointer(&queries)) : NULL;
	source->is_html = g_str_has_suffix(file, ".html");
	StetText inner = {"", 0};
	source->hash = stet_hash(text.ptr, text.len);
	gsize skip = front_matter(text, &inner);
	if (reserved(text, source->file, diags))
		return NULL;
	StetDocument *front = stet_document_parse(source->file, 2, 1, inner, diags);
	if (!front)
		return NULL;
	g_ptr_array_add(book->documents, front);
	source->front = stet_document_root(front);
	if (stet_node_check(source->front, front_keys, "x-", "front-matter", "the front matter", diags))
		check_front(source->front, diags);
	source->title = front_template(source, "title", diags);
	source->description = front_template(source, "description", diags);
	source->path = front_template(source, "path", diags);
	source->lead = front_template(source, "lead", diags);
	source->eyebrow = front_template(source, "eyebrow", diags);
	skip = take_heading(source, text, skip, diags);
	source->body = stet_template_parse(source->file, 1 + count_lines(text.ptr, skip), (StetText){text.ptr + skip, text.len - skip}, page_tags, diags);
	return stet_diagnostics_count(diags, STET_ERROR) == before ? source : NULL;
}

/* ---- what the site stage knows ------------------------------------------------------------- */

void stet_book_set_nav(StetBook *book, const GPtrArray *plans, const char *css_path)
{
	g_free(book->nav);
	book->nav = g_new0(const StetPlan *, plans->len + 1);
	book->n_nav = plans->len;
	for (guint i = 0; i < plans->len; i++)
		book->nav[i] = plans->pdata[i];
	book->css_path = book_keep(book, g_strdup(css_path));
	for (guint i = 0; i < book->plans->len; i++) {
		StetPlan *plan = book->plans->pdata[i];
		if (!plan->draft && !g_hash_table_contains(book->by_url, plan->url))
			g_hash_table_insert(book->by_url, (gpointer)plan->url, plan);
	}
}

void stet_book_set_uses(StetBook *book, const char *metric, const StetUse *uses, guint n)
{
	GArray *copy = g_array_new(FALSE, FALSE, sizeof(StetUse));
	for (guint i = 0; i < n; i++) {
		StetUse use = {book_keep(book, g_strdup(uses[i].title)), book_keep(book, g_strdup(uses[i].url)), uses[i].count};
		g_array_append_val(copy, use);
	}
	g_hash_table_replace(book->uses, g_strdup(metric), copy);
}
