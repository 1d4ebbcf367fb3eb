/* What all pages share: layouts and partials, sources, plans, navigation. */
#include "page/private.h"

#include <gio/gio.h>
#include <string.h>

#define PREFIX "/stet/builtin/"
#define PLANS_MAX 200000

GResource *stet_builtin_get_resource(void);

GBytes *stet_builtin(const char *name)
{
	g_autofree char *path = g_strconcat(PREFIX, name, NULL);
	GBytes *bytes = g_resource_lookup_data(stet_builtin_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	/* The bytes are the program's own, not a copy: dropping the reference keeps them. */
	if (bytes)
		g_bytes_unref(g_bytes_ref(bytes));
	return bytes;
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

static char *keep(StetBook *book, char *text)
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
	StetTemplate *t = stet_template_parse(keep(book, g_strdup(file)), 1, text, NULL, diags);
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
		GBytes *bytes = stet_builtin(name);
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
	g_hash_table_unref(book->templates);
	g_hash_table_unref(book->template_hashes);
	g_free(book->partial_names);
	g_free(book->nav);
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
	{"date", STET_NODE_TEXT, FALSE}, {"audience", STET_NODE_TEXT, FALSE}, {"image", STET_NODE_TEXT, FALSE},
	{"redirect_from", STET_NODE_LIST | STET_NODE_TEXT, FALSE}, {NULL, 0, FALSE},
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
	source->file = keep(book, g_strdup(file));
	g_autofree char *queries = page_queries(book->world->metrics, file);
	source->queries = queries ? keep(book, g_steal_pointer(&queries)) : NULL;
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
	stet_node_check(source->front, front_keys, "x-", "front-matter", "the front matter", diags);
	source->title = front_template(source, "title", diags);
	source->description = front_template(source, "description", diags);
	source->path = front_template(source, "path", diags);
	source->lead = front_template(source, "lead", diags);
	source->eyebrow = front_template(source, "eyebrow", diags);
	source->body = stet_template_parse(source->file, 1 + count_lines(text.ptr, skip), (StetText){text.ptr + skip, text.len - skip}, NULL, diags);
	return stet_diagnostics_count(diags, STET_ERROR) == before ? source : NULL;
}

/* ---- plans --------------------------------------------------------------------------------- */

typedef struct {
	StetBook *book;
	const StetPageSource *source;
	GPtrArray *plans;
	StetDiagnostics *diags;
	Maker maker;              /* renders titles and paths */
} Planner;

/* "pages/how/index.md" -> "how/", "pages/faq.md" -> "faq/", "pages/404.md" -> "404.html". */
static char *default_url(const char *file)
{
	const char *relative = g_str_has_prefix(file, "templates/pages/") ? file + strlen("templates/pages/")
		: g_str_has_prefix(file, "built-in/") ? file + strlen("built-in/") : file;
	const char *dot = strrchr(relative, '.');
	g_autofree char *stem = g_strndup(relative, dot ? (gsize)(dot - relative) : strlen(relative));
	if (strcmp(stem, "404") == 0)
		return g_strdup("404.html");
	if (strcmp(stem, "index") == 0)
		return g_strdup("");
	if (g_str_has_suffix(stem, "/index"))
		stem[strlen(stem) - strlen("index")] = 0;
	return g_str_has_suffix(stem, "/") ? g_strdup(stem) : g_strconcat(stem, "/", NULL);
}

static gboolean sound_url(const char *url)
{
	return *url == 0 || (stet_path_is_inside(url) && !strpbrk(url, "?#\\:") && !strstr(url, "//"));
}

static const char *plan_text(Planner *planner, const StetTemplate *t, const StetPlan *plan)
{
	const StetBook *book = planner->book;
	const char *names[] = {"metrics", "claims", "datasets", plan->item_name ? plan->item_name : "item"};
	StetValue values[] = {metrics_value(book), claims_value(book), datasets_value(book), plan->item};
	return t ? text_of_template(&planner->maker, t, 4, names, values) : NULL;
}

static void plan_nav(StetPlan *plan, const StetNode *front, gboolean many)
{
	const StetNode *nav = stet_node_get(front, "nav");
	gboolean is_map = nav && nav->kind == STET_NODE_MAP;
	plan->in_nav = nav ? (is_map ? !stet_node_bool(nav, "hide", FALSE) : nav->boolean) : !many;
	plan->section = stet_node_text(nav, "section", NULL);
	plan->nav_title = stet_node_text(nav, "title", plan->title);
	plan->order = stet_node_number(nav, "order", 1000);
	if (many && is_map && stet_node_get(nav, "title"))
		plan->nav_title = plan->title;
}

static void add_plan(Planner *planner, StetValue item, const char *metric, const char *dataset, gboolean many)
{
	const StetNode *front = planner->source->front;
	StetPlan *plan = g_new0(StetPlan, 1);
	*plan = (StetPlan){.source = planner->source, .file = planner->source->file, .item = item, .metric = metric, .dataset = dataset};
	g_ptr_array_add(planner->book->plans, plan);
	plan->item_name = stet_node_text(front, "as", many ? "item" : NULL);
	plan->draft = stet_node_bool(front, "draft", FALSE);
	planner->maker.plan = plan;
	const char *path = plan_text(planner, planner->source->path, plan);
	plan->url = path ? path : keep(planner->book, default_url(planner->source->file));
	if (g_str_has_prefix(plan->url, "/"))
		plan->url++;
	if (many && !path)
		stet_diagnose(planner->diags, STET_ERROR, "front-matter", front->place, "path: things/{{ thing | slug }}/", "a page with 'foreach' needs a 'path'");
	if (!sound_url(plan->url))
		stet_diagnose(planner->diags, STET_ERROR, "page-path", front->place, "write a path inside the site: section/name/", "the path '%s' cannot be used", plan->url);
	plan->title = plan_text(planner, planner->source->title, plan);
	if (!plan->title || !*plan->title)
		plan->title = planner->book->world->project->site.title;
	plan->description = plan_text(planner, planner->source->description, plan);
	plan_nav(plan, front, many);
	if (planner->book->plans->len > PLANS_MAX)
		stet_diagnose(planner->diags, STET_ERROR, "page-count", front->place, NULL, "more than %d pages", PLANS_MAX);
	else
		g_ptr_array_add(planner->plans, plan);
}

/* One page a distinct value of a column, in order of first appearance. */
static void each_value(Planner *planner, gsize n_rows, char *(*text_of)(gconstpointer data, guint column, gsize row), gconstpointer data, guint column)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (gsize row = 0; row < n_rows && planner->book->plans->len <= PLANS_MAX; row++) {
		char *text = text_of(data, column, row);
		if (text && *text && g_hash_table_add(seen, g_strdup(text)))
			add_plan(planner, stet_value_text(planner->book->arena, text, -1), NULL, NULL, TRUE);
		g_free(text);
	}
}

static char *metric_text(gconstpointer data, guint column, gsize row)
{
	return stet_cell_text(stet_table_cell(((const StetMetric *)data)->table, row, column));
}

static char *dataset_text(gconstpointer data, guint column, gsize row)
{
	return stet_dataset_cell_text(data, column, row);
}

static gboolean unknown_column(Planner *planner, const StetNode *by)
{
	stet_diagnose(planner->diags, STET_ERROR, "foreach-column", by->place, NULL, "there is no column '%s' to make pages by", by->text);
	return FALSE;
}

static gboolean each_metric_row(Planner *planner, const StetNode *foreach, const char *name)
{
	const StetNode *by = stet_node_get(foreach, "by");
	const StetMetric *metric = find_metric(&planner->maker, name);
	if (!metric || !metric->table) {
		report_metric(&planner->maker, foreach->place, name);
		return FALSE;
	}
	if (by) {
		int column = stet_table_column(metric->table, by->text);
		if (column < 0)
			return unknown_column(planner, by);
		each_value(planner, metric->table->n_rows, metric_text, metric, (guint)column);
		return TRUE;
	}
	StetValue whole = metric_value(planner->book, planner->book->arena, metric);
	const Selection *selection = whole.v.object.self;
	for (gsize row = 0; row < metric->table->n_rows; row++) {
		Selection one = *selection;
		one.rows = &selection->rows[row];
		one.n = 1;
		one.narrowed = TRUE;
		add_plan(planner, selection_value(planner->book->arena, &one), NULL, NULL, TRUE);
	}
	return TRUE;
}

static gboolean each_dataset_row(Planner *planner, const StetNode *foreach)
{
	const StetNode *name = stet_node_get(foreach, "dataset"), *by = stet_node_get(foreach, "by");
	const StetDataset *dataset = book_dataset(planner->book, name->text);
	if (!dataset) {
		stet_diagnose(planner->diags, STET_ERROR, "dataset-unknown", name->place, NULL, "there is no dataset '%s'", name->text);
		return FALSE;
	}
	for (guint i = 0; by && i < dataset->n_columns; i++)
		if (strcmp(dataset->columns[i].name, by->text) == 0) {
			each_value(planner, dataset->rows, dataset_text, dataset, i);
			return TRUE;
		}
	if (by)
		return unknown_column(planner, by);
	for (gsize row = 0; row < dataset->rows && planner->book->plans->len <= PLANS_MAX; row++)
		add_plan(planner, dataset_row_value(planner->book->arena, dataset, row), NULL, NULL, TRUE);
	return TRUE;
}

static gboolean each_of(Planner *planner, const StetNode *each)
{
	StetBook *book = planner->book;
	const StetWorld *world = book->world;
	if (strcmp(each->text, "metrics") == 0) {
		for (guint i = 0; i < stet_metrics_count(world->metrics); i++) {
			const StetMetric *metric = stet_metrics_at(world->metrics, i);
			if (metric->table)
				add_plan(planner, metric_value(book, book->arena, metric), metric->name, NULL, TRUE);
		}
	} else if (strcmp(each->text, "datasets") == 0) {
		for (guint i = 0; i < world->project->n_resources; i++)
			if (world->datasets[i])
				add_plan(planner, dataset_value(book, world->datasets[i]), NULL, world->project->resources[i].name, TRUE);
	} else if (strcmp(each->text, "claims") == 0) {
		for (guint i = 0; i < stet_claims_count(world->metrics); i++)
			add_plan(planner, claim_value(book, stet_claims_at(world->metrics, i)), NULL, NULL, TRUE);
	} else {
		stet_diagnose(planner->diags, STET_ERROR, "foreach-each", each->place, "metrics, datasets or claims", "there is no '%s' to make pages of", each->text);
		return FALSE;
	}
	return TRUE;
}

static const StetKey foreach_keys[] = {
	{"metric", STET_NODE_TEXT, FALSE}, {"dataset", STET_NODE_TEXT, FALSE}, {"each", STET_NODE_TEXT, FALSE},
	{"by", STET_NODE_TEXT, FALSE}, {"sql", STET_NODE_TEXT, FALSE}, {NULL, 0, FALSE},
};

gboolean stet_book_plan(StetBook *book, const StetPageSource *source, GPtrArray *plans, StetDiagnostics *diags)
{
	guint before = stet_diagnostics_count(diags, STET_ERROR);
	Planner planner = {.book = book, .source = source, .plans = plans, .diags = diags,
	                   .maker = {.book = book, .diags = diags, .arena = book->arena, .root = ""}};
	StetPlan nowhere = {.source = source, .file = source->file};
	planner.maker.plan = &nowhere;
	planner.maker.printed = g_array_new(FALSE, FALSE, sizeof(Printed));
	const StetNode *foreach = stet_node_get(source->front, "foreach");
	if (!foreach)
		add_plan(&planner, stet_value_nil(), NULL, NULL, FALSE);
	else if (stet_node_check(foreach, foreach_keys, NULL, "foreach-key", "'foreach'", diags)) {
		const char *metric = stet_node_get(foreach, "sql") ? FOREACH_QUERY : stet_node_text(foreach, "metric", NULL);
		if (metric)
			each_metric_row(&planner, foreach, metric);
		else if (stet_node_get(foreach, "dataset"))
			each_dataset_row(&planner, foreach);
		else if (stet_node_get(foreach, "each"))
			each_of(&planner, stet_node_get(foreach, "each"));
		else
			stet_diagnose(diags, STET_ERROR, "foreach-key", foreach->place, "foreach: {metric: NAME, by: COLUMN}", "'foreach' names nothing to make pages of");
	}
	g_array_unref(planner.maker.printed);
	return stet_diagnostics_count(diags, STET_ERROR) == before;
}

/* ---- what the site stage knows ------------------------------------------------------------- */

void stet_book_set_nav(StetBook *book, const GPtrArray *plans, const char *css_path)
{
	g_free(book->nav);
	book->nav = g_new0(const StetPlan *, plans->len + 1);
	book->n_nav = plans->len;
	for (guint i = 0; i < plans->len; i++)
		book->nav[i] = plans->pdata[i];
	book->css_path = keep(book, g_strdup(css_path));
}

void stet_book_set_uses(StetBook *book, const char *metric, const StetUse *uses, guint n)
{
	GArray *copy = g_array_new(FALSE, FALSE, sizeof(StetUse));
	for (guint i = 0; i < n; i++) {
		StetUse use = {keep(book, g_strdup(uses[i].title)), keep(book, g_strdup(uses[i].url)), uses[i].count};
		g_array_append_val(copy, use);
	}
	g_hash_table_replace(book->uses, g_strdup(metric), copy);
}
