/* Sources of pages - the report's and stet's own - planned; addresses checked; the navigation ordered. */
#include "site/private.h"

#include <gio/gio.h>
#include <string.h>

/* A file that gives more pages than this with `foreach` stays out of the navigation: a menu of
 * thousands helps nobody, and every page would carry it. */
#define NAV_PER_SOURCE_MAX 40

GResource *stet_own_get_resource(void);

/* ---- sources ------------------------------------------------------------------------------- */

static void plan_text(Site *site, const char *file, GBytes *bytes, GPtrArray *plans)
{
	gsize length = 0;
	const char *text = g_bytes_get_data(bytes, &length);
	g_ptr_array_add(site->sources, bytes);
	const StetPageSource *source =
		stet_book_add_source(site->book, file, (StetText){text ? text : "", length}, site->diags);
	if (source)
		stet_book_plan(site->book, source, plans, site->diags);
}

static GPtrArray *plan_authors(Site *site)
{
	g_autofree char *dir = stet_project_path(site->world->project, "templates/pages");
	g_autoptr(GPtrArray) files = stet_files_list(dir);
	GPtrArray *plans = g_ptr_array_new();
	for (guint i = 0; i < files->len; i++) {
		const char *name = files->pdata[i];
		g_autofree char *file = g_strconcat("templates/pages/", name, NULL);
		GBytes *bytes =
			g_str_has_suffix(name, ".md") || g_str_has_suffix(name, ".html") ? site_read(site, file) : NULL;
		if (bytes)
			plan_text(site, site_keep(site, file), bytes, plans);
	}
	return plans;
}

static gboolean any_metric(const Site *site)
{
	return stet_metrics_count(site->world->metrics) > 0;
}

static gboolean any_dataset(const Site *site)
{
	return site->world->project->n_resources > 0;
}

static gboolean any_claim(const Site *site)
{
	return stet_claims_count(site->world->metrics) > 0;
}

static gboolean any_edition(const Site *site)
{
	return site->world->editions && site->world->editions->len > 0;
}

static gboolean any_scenario(const Site *site)
{
	return stet_scenarios_count(site->world->metrics) > 1;
}

/* Built-in pages that would be empty without what they list. */
static const struct {
	const char *name;
	gboolean (*wanted)(const Site *site);
} lists[] = {
	{"metrics.md", any_metric},
	{"datasets.md", any_dataset},
	{"claims.md", any_claim},
	{"changes.md", any_edition},
	{"scenarios.md", any_scenario},
};

static gboolean is_wanted(const Site *site, const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
		if (strcmp(lists[i].name, name) == 0)
			return lists[i].wanted(site);
	return TRUE;
}

GBytes *site_own(const char *name)
{
	g_autofree char *path = g_strconcat("/stet/site/", name, NULL);
	return g_resource_lookup_data(stet_own_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
}

static void plan_own(Site *site, const char *name, GPtrArray *plans)
{
	g_autofree char *file = g_strconcat("built-in/", name, NULL);
	GBytes *bytes = site_own(name);
	if (bytes)
		plan_text(site, site_keep(site, file), bytes, plans);
}

static GPtrArray *plan_builtin(Site *site)
{
	g_auto(GStrv) names = stet_builtin_list("pages");
	GPtrArray *plans = g_ptr_array_new();
	for (guint i = 0; names && names[i]; i++) {
		g_autofree char *name = g_strconcat("pages/", names[i], NULL);
		g_autofree char *file = g_strconcat("built-in/", names[i], NULL);
		GBytes *bytes = is_wanted(site, names[i]) ? stet_builtin(name) : NULL;
		if (bytes)
			plan_text(site, site_keep(site, file), bytes, plans);
	}
	/* The front page of a report that has written none: its figures and its contents. */
	plan_own(site, "index.md", plans);
	return plans;
}

/* ---- addresses ----------------------------------------------------------------------------- */

static void report_address(Site *site, const StetPlan *plan, const StetPlan *other)
{
	const char *shown = *plan->url ? plan->url : "/";
	if (plan->source == other->source)
		stet_diagnose(site->diags, STET_ERROR, "url-taken", (StetPlace){plan->file, 0, 0},
					  "put something into 'path' that tells its items apart",
					  "two pages of this file have the address '%s': '%s' and '%s'", shown, other->title,
					  plan->title);
	else
		stet_diagnose(site->diags, STET_ERROR, "url-taken", (StetPlace){plan->file, 0, 0},
					  "give one of them another 'path'", "'%s' has the address of '%s': '%s'", plan->title,
					  other->file, shown);
}

/* The author's pages first; a built-in one at an address that is taken gives way. */
static void add_plans(Site *site, const GPtrArray *plans, gboolean gives_way, GHashTable *taken)
{
	for (guint i = 0; i < plans->len; i++) {
		const StetPlan *plan = plans->pdata[i],
					   *other = plan->draft ? NULL : g_hash_table_lookup(taken, plan->url);
		if (plan->draft || (other && gives_way))
			continue;
		if (other) {
			report_address(site, plan, other);
			continue;
		}
		g_hash_table_insert(taken, (gpointer)plan->url, (gpointer)plan);
		if (site->plans->len < SITE_PAGES_MAX)
			g_ptr_array_add(site->plans, (gpointer)plan);
		else
			stet_diagnose(site->diags, STET_ERROR, "too-many-pages", (StetPlace){plan->file, 0, 0},
						  "make fewer with 'foreach'", "a report has at most %d pages", SITE_PAGES_MAX);
	}
}

/* The index lists all other pages, so it is planned when they are. */
static void plan_letters(Site *site, GHashTable *taken)
{
	g_autoptr(GPtrArray) plans = g_ptr_array_new();
	if (site_gather_letters(site)) {
		plan_own(site, "index-a-z.md", plans);
	} else {
		plan_own(site, "index-letters.md", plans);
		plan_own(site, "index-letter.md", plans);
	}
	add_plans(site, plans, TRUE, taken);
}

const StetPlan *site_plan_at(const Site *site, const char *url)
{
	for (guint i = 0; i < site->plans->len; i++)
		if (strcmp(((const StetPlan *)site->plans->pdata[i])->url, url) == 0)
			return site->plans->pdata[i];
	return NULL;
}

void site_plan(Site *site)
{
	g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) own = plan_authors(site), builtin = plan_builtin(site);
	add_plans(site, own, FALSE, taken);
	add_plans(site, builtin, TRUE, taken);
	plan_letters(site, taken);
}

/* ---- navigation ---------------------------------------------------------------------------- */

typedef struct {
	const StetPlan *plan;
	double group; /* the smallest order in its section */
	const StetLocale *locale;
} NavEntry;

/* NaN and missing orders would break the sort's transitivity. */
static int compare_numbers(double a, double b)
{
	return a < b ? -1 : a > b;
}

static int compare_texts(const StetLocale *locale, const char *a, const char *b)
{
	int order = stet_locale_compare(locale, a, b);
	return order ? order : strcmp(a, b);
}

static int compare_entries(gconstpointer a, gconstpointer b)
{
	const NavEntry *x = a, *y = b;
	const char *section_x = x->plan->section, *section_y = y->plan->section;
	int order = (section_x != NULL) - (section_y != NULL);
	if (!order)
		order = (*x->plan->url != 0) - (*y->plan->url != 0); /* home first */
	if (!order)
		order = compare_numbers(x->group, y->group);
	if (!order && section_x)
		order = compare_texts(x->locale, section_x, section_y);
	if (!order)
		order = compare_numbers(x->plan->order, y->plan->order);
	if (!order)
		order = compare_texts(x->locale, x->plan->nav_title, y->plan->nav_title);
	return order ? order : strcmp(x->plan->url, y->plan->url);
}

/* How many pages each source puts into the navigation. */
static GHashTable *count_by_source(const Site *site)
{
	GHashTable *counts = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < site->plans->len; i++) {
		const StetPlan *plan = site->plans->pdata[i];
		guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, plan->source));
		if (plan->in_nav)
			g_hash_table_insert(counts, (gpointer)plan->source, GUINT_TO_POINTER(count + 1));
	}
	return counts;
}

static void set_groups(GArray *entries)
{
	g_autoptr(GHashTable) smallest = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < entries->len; i++) {
		NavEntry *entry = &g_array_index(entries, NavEntry, i);
		const NavEntry *first =
			entry->plan->section ? g_hash_table_lookup(smallest, entry->plan->section) : NULL;
		if (entry->plan->section && (!first || entry->plan->order < first->plan->order))
			g_hash_table_insert(smallest, (gpointer)entry->plan->section, entry);
	}
	for (guint i = 0; i < entries->len; i++) {
		NavEntry *entry = &g_array_index(entries, NavEntry, i);
		const NavEntry *first =
			entry->plan->section ? g_hash_table_lookup(smallest, entry->plan->section) : NULL;
		entry->group = first ? first->plan->order : 0;
	}
}

GPtrArray *site_navigation(Site *site)
{
	g_autoptr(GHashTable) counts = count_by_source(site);
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(NavEntry));
	GPtrArray *nav = g_ptr_array_new();
	for (guint i = 0; i < site->plans->len; i++) {
		NavEntry entry = {site->plans->pdata[i], 0, site->world->project->locale};
		if (entry.plan->in_nav &&
			GPOINTER_TO_UINT(g_hash_table_lookup(counts, entry.plan->source)) <= NAV_PER_SOURCE_MAX)
			g_array_append_val(entries, entry);
	}
	set_groups(entries);
	g_array_sort(entries, compare_entries);
	for (guint i = 0; i < entries->len; i++)
		g_ptr_array_add(nav, (gpointer)g_array_index(entries, NavEntry, i).plan);
	return nav;
}
