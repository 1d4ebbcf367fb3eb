/* Pages made side by side, in two waves: a metric's own page tells where its figures are used. */
#include "site/private.h"

#include <string.h>

/* ---- one page ------------------------------------------------------------------------------ */

static void add_figures(Site *site, const StetPage *page)
{
	for (guint i = 0; i < page->figures->len; i++) {
		const StetFigure *figure = page->figures->pdata[i];
		if (figure->origin)
			stet_ledger_add(site->ledger, &(StetLedgerEntry){.origin = figure->origin,
															 .page = page->plan->url,
															 .id = figure->id,
															 .text = figure->text,
															 .value = figure->value,
															 .unit = figure->unit});
	}
}

/* Metrics are sorted by name, so a name's index is found by halving. */
static int metric_index(const StetMetrics *metrics, const char *name)
{
	guint low = 0, high = stet_metrics_count(metrics);
	while (low < high) {
		guint middle = low + (high - low) / 2;
		int order = strcmp(stet_metrics_at(metrics, middle)->name, name);
		if (order == 0)
			return (int)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

void site_add_use(Site *site, SitePage *kept, const char *metric, guint count)
{
	int index = metric_index(site->world->metrics, metric);
	SiteUse entry = {(guint)index, count};
	if (index < 0)
		return;
	if (!kept->uses)
		kept->uses = g_array_new(FALSE, FALSE, sizeof(SiteUse));
	g_array_append_val(kept->uses, entry);
}

static void keep_uses(Site *site, const StetPage *page, SitePage *kept)
{
	for (guint i = 0; i < page->metric_uses->len; i++) {
		const StetMetricUse *use = &g_array_index(page->metric_uses, StetMetricUse, i);
		site_add_use(site, kept, use->metric, use->count);
	}
}

/* Goes with the page's other files, and is remembered with them. */
static void add_twin(Site *site, const StetPage *page)
{
	g_autofree char *path = site_extra(site, SITE_MARKDOWN) && site_is_text(page->plan) ? site_twin_path(page->plan) : NULL;
	GString *text = path ? site_markdown(page->html) : NULL;
	if (!text)
		return;
	StetAsset *asset = g_new0(StetAsset, 1);
	*asset = (StetAsset){g_steal_pointer(&path), g_string_free_to_bytes(text)};
	g_ptr_array_add(page->assets, asset);
}

static void hand_over(Site *site, const StetPage *page, SitePage *kept)
{
	add_twin(site, page);
	kept->updated = site_keep(site, page->updated);
	g_autoptr(GPtrArray) sections = site_read_sections(page->html);
	g_autoptr(GBytes) html = site_add_structured(site, page->plan, page->html, sections, page->card);
	if (site_has_sections(site) && site_is_text(page->plan))
		kept->sections = site_sections_json(page->plan, sections);
	if (site_extra(site, SITE_SEARCH) && site_has_sections(site) && site_is_text(page->plan))
		kept->search = site_search_text(sections);
	site_emit(site, page->path, page->plan->file, html, NULL);
	for (guint i = 0; i < page->assets->len && !site_stopped(site); i++) {
		const StetAsset *asset = page->assets->pdata[i];
		site_emit(site, asset->path, page->plan->file, asset->bytes, NULL);
	}
}

static void make_page(Site *site, guint index, guint worker)
{
	const StetPlan *plan = site->plans->pdata[index];
	SitePage *kept = &site->pages[index];
	if (!site->pens[worker])
		site->pens[worker] = stet_pen_new(site->world->theme);
	g_autoptr(StetDiagnostics) said = stet_diagnostics_new();
	stet_diagnostics_keep_all(said);
	g_autoptr(StetPage) page = stet_page_make(site->book, plan, site->pens[worker], said);
	if (!page) {
		stet_diagnostics_take(site->diags, said);
		return;
	}
	kept->made = TRUE;
	kept->charts = page->n_charts;
	kept->figures = page->figures->len;
	if (!plan->metric)
		keep_uses(site, page, kept);
	hand_over(site, page, kept);
	site_take_links(site, page, kept);
	if (site->memory)
		memory_store(site, index, page, said);
	else
		add_figures(site, page);
	stet_diagnostics_take(site->diags, said);
}

static void time_page(Site *site, guint index, guint worker)
{
	const StetPlan *plan = site->plans->pdata[index];
	gint64 began = site->options->timed ? g_get_monotonic_time() : 0;
	make_page(site, index, worker);
	if (site->options->timed)
		site->options->timed(plan->url, plan->file, g_get_monotonic_time() - began, site->options->progress_data);
}

/* ---- waves --------------------------------------------------------------------------------- */

typedef struct {
	Site *site;
	GArray *indices; /* of guint, into plans */
} Wave;

static void make_indexed(gsize index, guint worker, gpointer data)
{
	const Wave *wave = data;
	Site *site = wave->site;
	if (site_stopped(site))
		return;
	guint page = g_array_index(wave->indices, guint, index);
	if (!site->memory || !memory_recall(site, page))
		time_page(site, page, worker);
	guint done = __atomic_add_fetch(&site->done, 1, __ATOMIC_RELAXED);
	if (site->options->progress)
		site->options->progress(done, site->plans->len, site->options->progress_data);
}

static void run_wave(Site *site, gboolean metric_pages)
{
	g_autoptr(GArray) indices = g_array_new(FALSE, FALSE, sizeof(guint));
	for (guint i = 0; i < site->plans->len; i++)
		if ((((const StetPlan *)site->plans->pdata[i])->metric != NULL) == metric_pages)
			g_array_append_val(indices, i);
	Wave wave = {site, indices};
	stet_parallel(site->jobs, indices->len, make_indexed, &wave);
}

/* ---- uses ---------------------------------------------------------------------------------- */

static int compare_uses(gconstpointer a, gconstpointer b, gpointer data)
{
	const StetUse *x = a, *y = b;
	int order = stet_locale_compare(data, x->title, y->title);
	return order ? order : strcmp(x->url, y->url);
}

static void tell_uses(Site *site)
{
	guint n = stet_metrics_count(site->world->metrics);
	g_autofree GArray **uses = g_new0(GArray *, n + 1);
	for (guint i = 0; i < site->plans->len; i++) {
		const StetPlan *plan = site->plans->pdata[i];
		const GArray *kept = site->pages[i].uses;
		for (guint k = 0; kept && k < kept->len; k++) {
			const SiteUse *use = &g_array_index(kept, SiteUse, k);
			StetUse told = {plan->title, plan->url, use->count};
			if (!uses[use->metric])
				uses[use->metric] = g_array_new(FALSE, FALSE, sizeof(StetUse));
			g_array_append_val(uses[use->metric], told);
		}
	}
	for (guint m = 0; m < n; m++) {
		if (!uses[m])
			continue;
		g_array_sort_with_data(uses[m], compare_uses, site->world->project->locale);
		stet_book_set_uses(site->book, stet_metrics_at(site->world->metrics, m)->name,
						   (const StetUse *)(gpointer)uses[m]->data, uses[m]->len);
		g_array_unref(uses[m]);
	}
}

void site_pages(Site *site)
{
	stet_chart_warm_up();
	run_wave(site, FALSE);
	tell_uses(site);
	run_wave(site, TRUE);
}
