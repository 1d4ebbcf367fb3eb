/* Sources planned: which pages they give, at which addresses, under which titles. */
#include "page/lint.h"

#include <string.h>

#define PLANS_MAX 200000

/* ---- plans --------------------------------------------------------------------------------- */

typedef struct {
	StetBook *book;
	const StetPageSource *source;
	GPtrArray *plans;
	StetDiagnostics *diags;
	Maker maker;              /* renders titles and paths */
	GArray *items;            /* of StetValue: gathered for the pages of a list, or NULL */
	StetPlan *last;           /* of this source */
	StetArena *scratch;       /* for one text */
	const char *url;          /* of the next plan, where its source's path does not say; or NULL */
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
	if (!t)
		return NULL;
	/* Each of a hundred thousand titles would keep what its template worked with. */
	Maker *maker = &planner->maker;
	maker->arena = planner->scratch;
	const char *text = text_of_template(maker, t, 4, names, values);
	text = text ? stet_arena_text(book->arena, text, -1) : NULL;
	maker->arena = book->arena;
	maker->last_data = NULL;
	stet_arena_reset(planner->scratch);
	return text;
}

static void plan_nav(const Maker *maker, StetPlan *plan, const StetNode *front, gboolean many)
{
	const StetNode *nav = stet_node_get(front, "nav");
	gboolean is_map = nav && nav->kind == STET_NODE_MAP;
	plan->in_nav = nav ? (is_map ? !stet_node_bool(nav, "hide", FALSE) : nav->boolean) : !many;
	plan->alone = stet_node_get(stet_node_get(front, "lint"), lint_rules[LINT_ORPHAN].code) != NULL;
	plan->section = stet_node_text(nav, "section", NULL);
	/* The pages about data name their group in the report's language. */
	if (plan->section && g_str_has_prefix(plan->file, "built-in/") && strcmp(plan->section, "Data") == 0)
		plan->section = say(maker, "data_section");
	plan->nav_title = stet_node_text(nav, "title", plan->title);
	plan->order = stet_node_number(nav, "order", 1000);
	if (many && is_map && stet_node_get(nav, "title"))
		plan->nav_title = plan->title;
}

/* The language whose folder the page lies in, or NULL: the report's own. */
static const char *language_of(const StetBook *book, const char *file)
{
	const char *relative = g_str_has_prefix(file, PAGES_FOLDER) ? file + strlen(PAGES_FOLDER) : "";
	const char *slash = strchr(relative, '/');
	g_autofree char *folder = slash ? g_strndup(relative, (gsize)(slash - relative)) : NULL;
	gpointer key = NULL;
	return folder && g_hash_table_lookup_extended(book->locales, folder, &key, NULL) ? key : NULL;
}

/* Neighbours among the pages of one source. */
static void chain(Planner *planner, StetPlan *plan)
{
	plan->previous = planner->last;
	if (planner->last)
		planner->last->next = plan;
	planner->last = plan;
}

static void add_plan(Planner *planner, StetValue item, const char *metric, const char *dataset, gboolean many)
{
	const StetNode *front = planner->source->front;
	if (planner->items) {
		g_array_append_val(planner->items, item);
		return;
	}
	StetPlan *plan = g_new0(StetPlan, 1);
	*plan = (StetPlan){.source = planner->source, .file = planner->source->file, .item = item, .metric = metric, .dataset = dataset};
	g_ptr_array_add(planner->book->plans, plan);
	plan->item_name = stet_node_text(front, "as", many ? "item" : NULL);
	plan->draft = stet_node_bool(front, "draft", FALSE);
	plan->language = language_of(planner->book, plan->file);
	if (many)
		chain(planner, plan);
	planner->maker.plan = plan;
	const char *path = planner->url ? planner->url : plan_text(planner, planner->source->path, plan);
	plan->url = path ? path : book_keep(planner->book, default_url(planner->source->file));
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
	plan_nav(&planner->maker, plan, front, many);
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
	} else if (strcmp(each->text, "letters") == 0) {
		for (guint i = 0; book->letters && i < book->letters->len; i++)
			add_plan(planner, *(const StetValue *)book->letters->pdata[i], NULL, NULL, TRUE);
	} else if (strcmp(each->text, "editions") == 0) {
		for (guint i = 0; world->editions && i < world->editions->len; i++)
			add_plan(planner, edition_value(world->editions->pdata[i]), NULL, NULL, TRUE);
	} else {
		stet_diagnose(planner->diags, STET_ERROR, "foreach-each", each->place, "metrics, datasets, claims, editions or letters", "there is no '%s' to make pages of", each->text);
		return FALSE;
	}
	return TRUE;
}

static const StetKey foreach_keys[] = {
	{"metric", STET_NODE_TEXT, FALSE}, {"dataset", STET_NODE_TEXT, FALSE}, {"each", STET_NODE_TEXT, FALSE},
	{"by", STET_NODE_TEXT, FALSE}, {"sql", STET_NODE_TEXT, FALSE}, {"size", STET_NODE_INT, FALSE}, {NULL, 0, FALSE},
};

static void plan_items(Planner *planner, const StetNode *foreach, const char *what)
{
	const char *metric = stet_node_get(foreach, "sql") ? FOREACH_QUERY : stet_node_text(foreach, "metric", NULL);
	if (!stet_node_check(foreach, foreach_keys, NULL, "foreach-key", what, planner->diags))
		return;
	if (metric)
		each_metric_row(planner, foreach, metric);
	else if (stet_node_get(foreach, "dataset"))
		each_dataset_row(planner, foreach);
	else if (stet_node_get(foreach, "each"))
		each_of(planner, stet_node_get(foreach, "each"));
	else
		stet_diagnose(planner->diags, STET_ERROR, "foreach-key", foreach->place, "metric: NAME or dataset: NAME, by: COLUMN",
		              "%s names nothing to make pages of", what);
}

/* ---- pages of a list ----------------------------------------------------------------------- */

/* "things/" -> "things/page/2/": where page `number` of a list lies (g_free). */
static char *list_url(const char *first, guint number)
{
	return number == 1 ? g_strdup(first) : g_strdup_printf("%spage/%u/", first, number);
}

static StetValue paginator(StetArena *arena, const GArray *items, guint from, guint size, const char *first)
{
	static const char *const names[] = {"items", "page", "pages", "total", "previous_url", "next_url"};
	guint pages = MAX(1u, (items->len + size - 1) / size), page = from / size + 1;
	StetText keys[G_N_ELEMENTS(names)];
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		keys[i] = stet_text(names[i]);
	g_autofree char *before = list_url(first, page - 1), *after = list_url(first, page + 1);
	g_autofree char *before_root = g_strconcat("/", before, NULL), *after_root = g_strconcat("/", after, NULL);
	StetValue values[] = {
		stet_value_list(arena, &g_array_index(items, StetValue, from), MIN(size, items->len - from)), stet_value_int(page), stet_value_int(pages),
		stet_value_int(items->len), page > 1 ? stet_value_text(arena, before_root, -1) : stet_value_nil(),
		page < pages ? stet_value_text(arena, after_root, -1) : stet_value_nil(),
	};
	return stet_value_map(arena, keys, values, G_N_ELEMENTS(names));
}

#define LIST_SIZE 50 /* items a page, where the author names none */

static void plan_pages(Planner *planner, const StetNode *node)
{
	g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(StetValue));
	guint size = (guint)CLAMP(stet_node_number(node, "size", LIST_SIZE), 1, 10000);
	planner->items = items;
	plan_items(planner, node, "'paginate'");
	planner->items = NULL;
	const StetPageSource *source = planner->source;
	StetPlan nowhere = {.source = source, .file = source->file};
	const char *path = plan_text(planner, source->path, &nowhere);
	const char *first = path ? path + (*path == '/') : book_keep(planner->book, default_url(source->file));
	for (guint from = 0; from == 0 || from < items->len; from += size) {
		StetValue value = paginator(planner->book->arena, items, from, size, first);
		char *url = list_url(first, from / size + 1);
		planner->url = book_keep(planner->book, url);
		add_plan(planner, value, NULL, NULL, FALSE);
		StetPlan *plan = planner->book->plans->pdata[planner->book->plans->len - 1];
		plan->item_name = "paginator";
		plan->in_nav = plan->in_nav && from == 0;
		chain(planner, plan);
	}
	planner->url = NULL;
}

/* A page that needs a dataset is none where the report has not got it. */
static gboolean is_needed(const StetBook *book, const StetNode *front)
{
	const char *dataset = stet_node_text(front, "needs", NULL);
	return !dataset || book_dataset_head(book, dataset);
}

gboolean stet_book_plan(StetBook *book, const StetPageSource *source, GPtrArray *plans, StetDiagnostics *diags)
{
	guint before = stet_diagnostics_count(diags, STET_ERROR);
	StetPlan nowhere = {.source = source, .file = source->file};
	Planner planner = {.book = book, .source = source, .plans = plans, .diags = diags, .scratch = stet_arena_new(),
	                   .maker = {.book = book, .diags = diags, .arena = book->arena, .root = "", .plan = &nowhere}};
	planner.maker.printed = g_array_new(FALSE, FALSE, sizeof(Printed));
	const StetNode *foreach = stet_node_get(source->front, "foreach"), *paginate = stet_node_get(source->front, "paginate");
	if (!is_needed(book, source->front))
		;
	else if (paginate)
		plan_pages(&planner, paginate);
	else if (foreach)
		plan_items(&planner, foreach, "'foreach'");
	else
		add_plan(&planner, stet_value_nil(), NULL, NULL, FALSE);
	g_array_unref(planner.maker.printed);
	stet_arena_free(planner.scratch);
	return stet_diagnostics_count(diags, STET_ERROR) == before;
}
