/* What a page was made from: noted while it is made, hashed to find out whether it must be made again. */
#include "page/private.h"

#include <string.h>

/* ---- noting -------------------------------------------------------------------------------- */

void note_read(Maker *maker, const char *kind, const char *name)
{
	if (maker->reads)
		g_hash_table_add(maker->reads, name ? g_strconcat(kind, " ", name, NULL) : g_strdup(kind));
}

void note_metric(Maker *maker, const StetMetric *metric)
{
	if (!metric || maker->last_read == metric)
		return;
	maker->last_read = metric;
	g_autofree char *variant = metric->scenario ? g_strconcat(metric->scenario, " ", metric->name, NULL) : NULL;
	note_read(maker, variant ? "scenario" : "metric", variant ? variant : metric->name);
}

static int compare_reads(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *list_reads(const Maker *maker)
{
	GPtrArray *reads = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter each;
	gpointer read;
	g_hash_table_iter_init(&each, maker->reads);
	while (g_hash_table_iter_next(&each, &read, NULL))
		g_ptr_array_add(reads, g_strdup(read));
	g_ptr_array_sort(reads, compare_reads);
	return reads;
}

/* ---- hashing ------------------------------------------------------------------------------- */

/* The NUL, and a mark for what is missing, keep parts apart. */
static void add(StetHasher *hasher, const char *text)
{
	stet_hasher_add(hasher, text ? text : "\1", text ? strlen(text) + 1 : 2);
}

static void add_node(StetHasher *hasher, const StetNode *node)
{
	guint head[2] = {node ? node->kind : 0, node ? node->n : 0};
	stet_hasher_add(hasher, head, sizeof head);
	if (node && node->text)
		add(hasher, node->text);
	for (guint i = 0; i < head[1]; i++) {
		if (node->kind == STET_NODE_MAP)
			add(hasher, node->keys[i]->text);
		add_node(hasher, node->items[i]);
	}
}

static void hash_settings(const StetBook *book, const char *name, StetHasher *hasher)
{
	const StetSite *site = &book->world->project->site;
	(void)name;
	add(hasher, site->locale);
	stet_hasher_add(hasher, book->downloads, sizeof book->downloads);
	const gboolean files[] = {book->data_files, book->cards, stet_book_guards(book)};
	stet_hasher_add(hasher, files, sizeof files);
	add(hasher, book->world->lint ? "lint" : "");
}

static void hash_site(const StetBook *book, const char *name, StetHasher *hasher)
{
	const StetSite *site = &book->world->project->site;
	add_node(hasher, stet_node_get(site->node, name));
	if (strcmp(name, "title") == 0)
		add(hasher, site->title);
}

static void hash_parameter(const StetBook *book, const char *name, StetHasher *hasher)
{
	add_node(hasher, stet_scenario_parameter(book->world->metrics, 0, name));
}

static void hash_template(const StetBook *book, const char *name, StetHasher *hasher)
{
	g_autofree char *layout = g_strconcat("layouts/", name, NULL);
	const StetHash *hash = g_hash_table_lookup(book->template_hashes, name);
	if (!hash)
		hash = g_hash_table_lookup(book->template_hashes, layout);
	add(hasher, hash ? hash->hex : NULL);
}

static void hash_navigation(const StetBook *book, const char *name, StetHasher *hasher)
{
	(void)name;
	for (guint i = 0; i < book->n_nav; i++) {
		add(hasher, book->nav[i]->nav_title);
		add(hasher, book->nav[i]->url);
		add(hasher, book->nav[i]->section);
	}
}

/* The addresses of all pages, for those that lead to themselves in another language. */
static void hash_addresses(const StetBook *book, const char *name, StetHasher *hasher)
{
	(void)name;
	for (guint i = 0; i < book->plans->len; i++)
		add(hasher, ((const StetPlan *)book->plans->pdata[i])->url);
}

static void hash_style(const StetBook *book, const char *name, StetHasher *hasher)
{
	(void)name;
	add(hasher, book->css_path);
}

static void hash_theme(const StetBook *book, const char *name, StetHasher *hasher)
{
	add(hasher, stet_theme_hash(book_theme(book, *name ? name : NULL), NULL).hex);
}

static void hash_colours(const StetBook *book, const char *name, StetHasher *hasher)
{
	add(hasher, stet_theme_hash(book->world->theme, name).hex);
}

static void add_header(StetHasher *hasher, const StetMetric *metric)
{
	const char *const texts[] = {metric->name, metric->file, metric->title, metric->description, metric->formula,
	                             metric->notes, metric->unit, metric->period};
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		add(hasher, texts[i]);
	stet_hasher_add(hasher, &metric->good, sizeof metric->good);
}

static void hash_header(const StetBook *book, const char *name, StetHasher *hasher)
{
	const StetMetric *metric = stet_metrics_get(book->world->metrics, name);
	if (metric)
		add_header(hasher, metric);
}

static void hash_metrics(const StetBook *book, const char *name, StetHasher *hasher)
{
	(void)name;
	for (guint i = 0; i < stet_metrics_count(book->world->metrics); i++)
		add(hasher, stet_metrics_at(book->world->metrics, i)->name);
}

static void hash_dataset(const StetBook *book, const char *name, StetHasher *hasher)
{
	const StetDataset *dataset = book_dataset_head(book, name);
	const StetResource *resource = stet_project_resource(book->world->project, name);
	if (!dataset || !resource)
		return;
	add(hasher, stet_dataset_content(resource, dataset->sources, dataset->n_sources, FALSE).hex);
	add_node(hasher, stet_node_get(resource->package, "licenses"));
}

/* A check may fail where nothing of its dataset has changed: it may read others, or the last edition. */
static void hash_checks(const StetBook *book, const char *name, StetHasher *hasher)
{
	const StetResource *resource = stet_project_resource(book->world->project, name);
	const StetNode *list = resource ? stet_node_get(resource->node, "stet:checks") : NULL;
	for (guint i = 0; list && i < list->n; i++) {
		gsize failures = check_failures(book, list->items[i]);
		stet_hasher_add(hasher, &failures, sizeof failures);
	}
}

/* The package without its resources. */
static void hash_package(const StetBook *book, const char *name, StetHasher *hasher)
{
	const StetNode *package = book->world->project->package;
	(void)name;
	for (guint i = 0; package && i < package->n; i++)
		if (strcmp(package->keys[i]->text, "resources") != 0) {
			add(hasher, package->keys[i]->text);
			add_node(hasher, package->items[i]);
		}
}

static void hash_datasets(const StetBook *book, const char *name, StetHasher *hasher)
{
	const StetProject *project = book->world->project;
	(void)name;
	for (guint i = 0; i < project->n_resources; i++)
		if (book->world->datasets[i])
			add(hasher, project->resources[i].name);
}

static void hash_used_by(const StetBook *book, const char *name, StetHasher *hasher)
{
	for (guint i = 0; i < stet_metrics_count(book->world->metrics); i++) {
		const StetMetric *metric = stet_metrics_at(book->world->metrics, i);
		if (metric->all_datasets && g_strv_contains((const char *const *)metric->all_datasets, name)) {
			add(hasher, metric->name);
			add(hasher, metric->title);
		}
	}
}

static void hash_used_on(const StetBook *book, const char *name, StetHasher *hasher)
{
	const GArray *uses = g_hash_table_lookup(book->uses, name);
	for (guint i = 0; uses && i < uses->len; i++) {
		const StetUse *use = &g_array_index(uses, StetUse, i);
		add(hasher, use->title);
		add(hasher, use->url);
		stet_hasher_add(hasher, &use->count, sizeof use->count);
	}
}

static void add_claim(StetHasher *hasher, const StetClaim *claim)
{
	const char *const texts[] = {claim->id, claim->statement, claim->unit, claim->period, claim->source, claim->note,
	                             claim->tolerance, claim->reason, claim->acknowledged, claim->until,
	                             claim->metric ? claim->metric->name : NULL};
	const double numbers[] = {claim->value, claim->upper, claim->actual};
	const gint64 choices[] = {claim->op, claim->verdict, claim->measure, (gint64)claim->row};
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		add(hasher, texts[i]);
	stet_hasher_add(hasher, numbers, sizeof numbers);
	stet_hasher_add(hasher, choices, sizeof choices);
}

static void hash_claim(const StetBook *book, const char *name, StetHasher *hasher)
{
	const StetClaim *claim = stet_claims_get(book->world->metrics, name);
	if (claim)
		add_claim(hasher, claim);
}

static void hash_claims(const StetBook *book, const char *name, StetHasher *hasher)
{
	(void)name;
	for (guint i = 0; i < stet_claims_count(book->world->metrics); i++)
		add_claim(hasher, stet_claims_at(book->world->metrics, i));
}

static void hash_scenarios(const StetBook *book, const char *name, StetHasher *hasher)
{
	const StetNode *site = book->world->project->site.node;
	(void)name;
	add_node(hasher, stet_node_get(site, "scenarios"));
	add_node(hasher, stet_node_get(site, "params"));
}

/* What was published, and the errata that explain what became of it. */
static void hash_editions(const StetBook *book, const char *name, StetHasher *hasher)
{
	const GPtrArray *editions = book->world->editions;
	(void)name;
	for (guint i = 0; editions && i < editions->len; i++)
		add(hasher, stet_edition_hash(editions->pdata[i]));
	hash_dataset(book, "errata", hasher);
}

static void hash_index(const StetBook *book, const char *name, StetHasher *hasher)
{
	(void)name;
	add(hasher, book->index_hash.hex);
}

/* A metric's CSV: its rows, and how they are written. */
static void hash_csv(const StetBook *book, const char *name, StetHasher *hasher)
{
	const StetMetric *metric = stet_metrics_get(book->world->metrics, name);
	add(hasher, stet_book_guards(book) ? "guarded" : "as it is");
	if (metric)
		add(hasher, stet_metric_content(book->world->metrics, metric).hex);
}

/* A dataset's files, and how they are published. */
static void hash_source(const StetBook *book, const char *name, StetHasher *hasher)
{
	add(hasher, stet_book_guards(book) ? "guarded" : "as it is");
	hash_dataset(book, name, hasher);
}

/* All that the search index shows of a metric's figures. */
static void hash_figures(const StetBook *book, const char *name, StetHasher *hasher)
{
	const StetMetric *metric = stet_metrics_get(book->world->metrics, name);
	hash_settings(book, name, hasher);
	if (!metric)
		return;
	add_header(hasher, metric);
	add_node(hasher, metric->header);
	add(hasher, stet_metric_content(book->world->metrics, metric).hex);
}

static const struct {
	const char *kind;
	void (*hash)(const StetBook *book, const char *name, StetHasher *hasher);
} kinds[] = {
	{"settings", hash_settings},     {"site", hash_site},         {"parameter", hash_parameter},
	{"template", hash_template},     {"style", hash_style},       {"navigation", hash_navigation},
	{"theme", hash_theme},           {"colours", hash_colours},   {"metric-header", hash_header},
	{"metrics", hash_metrics},       {"dataset", hash_dataset},   {"datasets", hash_datasets},
	{"used-by", hash_used_by},       {"used-on", hash_used_on},   {"claim", hash_claim},
	{"claims", hash_claims},         {"addresses", hash_addresses},
	{"editions", hash_editions},     {"checks", hash_checks},     {"package", hash_package},
	{"scenarios", hash_scenarios},
	{"index", hash_index},           {"figures", hash_figures},
	{"csv", hash_csv},               {"source", hash_source},
};

/* "slow market_size" -> what a page can see of that. */
static StetHash hash_variant(const StetBook *book, const char *name)
{
	const StetMetrics *metrics = book->world->metrics;
	g_auto(GStrv) parts = g_strsplit(name, " ", 2);
	guint scenario = parts[0] ? stet_scenarios_find(metrics, parts[0]) : G_MAXUINT;
	const StetMetric *metric = scenario != G_MAXUINT && parts[1] ? stet_scenario_metric(metrics, scenario, parts[1]) : NULL;
	return metric ? stet_metric_content(metrics, metric) : stet_hash("", 0);
}

StetHash stet_book_hash(const StetBook *book, const char *read)
{
	gsize length = strcspn(read, " ");
	const char *name = read[length] ? read + length + 1 : "";
	if (length == strlen("metric") && strncmp(read, "metric", length) == 0) {
		const StetMetric *metric = stet_metrics_get(book->world->metrics, name);
		return metric ? stet_metric_content(book->world->metrics, metric) : stet_hash("", 0);
	}
	if (length == strlen("scenario") && strncmp(read, "scenario", length) == 0)
		return hash_variant(book, name);
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strlen(kinds[i].kind) == length && strncmp(kinds[i].kind, read, length) == 0) {
			StetHasher *hasher = stet_hasher_new();
			kinds[i].hash(book, name, hasher);
			return stet_hasher_end(hasher);
		}
	return (StetHash){{0}};
}

StetHash stet_book_plan_hash(const StetBook *book, const StetPlan *plan)
{
	StetHasher *hasher = stet_hasher_new();
	const char *const texts[] = {plan->source->hash.hex, plan->file, plan->url, plan->title, plan->description,
	                             plan->section, plan->nav_title, plan->metric, plan->dataset, plan->item_name, plan->language,
	                             plan->previous ? plan->previous->url : NULL, plan->previous ? plan->previous->title : NULL,
	                             plan->next ? plan->next->url : NULL, plan->next ? plan->next->title : NULL};
	(void)book;
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		add(hasher, texts[i]);
	hash_item(hasher, &plan->item);
	return stet_hasher_end(hasher);
}
