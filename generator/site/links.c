/* Links inside the site held against the files and ids that are there. */
#include "site/private.h"

#include <string.h>

#define NEAR_MAX 5000 /* paths looked at for a mend: beyond, the search would outlast the build */
#define MENDS_MAX 200 /* broken links that get one */

/* ---- ids ----------------------------------------------------------------------------------- */

static void keep_ids(const StetPage *page, SitePage *kept)
{
	GString *all = g_string_new(NULL);
	for (guint i = 0; i < page->ids->len; i++) {
		const char *id = page->ids->pdata[i];
		g_string_append_len(all, id, (gssize)strlen(id) + 1);
	}
	kept->ids_length = all->len;
	kept->ids = g_string_free(all, FALSE);
}

GHashTable *site_id_set(const SitePage *kept)
{
	GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);
	for (const char *id = kept->ids, *end = kept->ids + kept->ids_length; id < end; id += strlen(id) + 1)
		g_hash_table_add(set, (gpointer)id);
	return set;
}

static void report_doubles(Site *site, const StetPage *page)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal),
						  told = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < page->ids->len; i++) {
		char *id = page->ids->pdata[i];
		if (!g_hash_table_add(seen, id) && g_hash_table_add(told, id))
			stet_diagnose(site->diags, STET_ERROR, "id-duplicate", (StetPlace){page->plan->file, 0, 0},
						  "give one of them another id", "two elements of '/%s' have the id '%s'",
						  page->plan->url, id);
	}
}

/* ---- judging ------------------------------------------------------------------------------- */

/* The file a link asks for, as the site names it; NULL if there is none. Percent signs may stand for
 * characters (RFC 3986, 2.1). */
static const char *target_of(Site *site, const char *path)
{
	if (site_expects(site, path))
		return site_keep(site, path);
	g_autofree char *plain = strchr(path, '%') ? g_uri_unescape_string(path, NULL) : NULL;
	return plain && site_expects(site, plain) ? site_keep(site, plain) : NULL;
}

void site_take_link(Site *site, const SiteLink *link, GHashTable *own, SitePage *kept)
{
	const char *path = target_of(site, link->path);
	if (path &&
		(!link->fragment || (strcmp(path, kept->path) == 0 && g_hash_table_contains(own, link->fragment))))
		return;
	/* A page may link to a row a hundred times, one after the other: once is enough. */
	const SiteLink *last = kept->links && kept->links->len > 0
							   ? &g_array_index(kept->links, SiteLink, kept->links->len - 1)
							   : NULL;
	if (path && last && last->path == path && last->fragment == link->fragment)
		return;
	SiteLink waiting = {path ? path : link->path, link->fragment, link->place};
	if (!kept->links)
		kept->links = g_array_new(FALSE, FALSE, sizeof(SiteLink));
	g_array_append_val(kept->links, waiting);
}

/* The index from A to Z leads to every page there is: that counts for nothing here. */
static void note_target(Site *site, const StetPage *page, const char *path)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(site->numbers, path));
	if (number && site->plans->pdata[number - 1] != page->plan &&
		strcmp(page->plan->file, "built-in/index-a-z.md") != 0)
		g_atomic_int_set(&site->linked[number - 1], TRUE);
}

void site_take_links(Site *site, const StetPage *page, SitePage *kept)
{
	keep_ids(page, kept);
	report_doubles(site, page);
	g_autoptr(GHashTable) own = site_id_set(kept);
	for (guint i = 0; i < page->links->len; i++) {
		const StetLink *link = page->links->pdata[i];
		SiteLink copy = {site_keep(site, link->path), site_keep(site, link->fragment), link->place};
		copy.place.file = site_keep(site, link->place.file);
		if (site->linked)
			note_target(site, page, link->path);
		site_take_link(site, &copy, own, kept);
	}
}

/* "metrics/hhi/index.html" as an author writes it: "/metrics/hhi/". */
static char *shown_path(const char *path)
{
	gsize length = strlen(path);
	if (g_str_has_suffix(path, "/index.html") || strcmp(path, "index.html") == 0)
		length -= strlen("index.html");
	return g_strdup_printf("/%.*s", (int)length, path);
}

static char *near_path(Site *site, const char *path)
{
	g_autoptr(GPtrArray) files = site_files(site), names = g_ptr_array_new();
	for (guint i = 0; i < files->len && i < NEAR_MAX; i++)
		g_ptr_array_add(names, (gpointer)((const SiteFile *)files->pdata[i])->path);
	g_ptr_array_add(names, NULL);
	const char *near = stet_nearest(path, (const char *const *)names->pdata);
	return near ? shown_path(near) : NULL;
}

static void report_path(Site *site, const SiteLink *link)
{
	g_autofree char *near = site->mends++ < MENDS_MAX ? near_path(site, link->path) : NULL,
					*shown = shown_path(link->path);
	g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
	stet_diagnose(site->diags, STET_ERROR, "link-broken", link->place, mend, "the site has no '%s'", shown);
}

static void report_fragment(Site *site, const SiteLink *link)
{
	const SitePage *page = &site->pages[GPOINTER_TO_UINT(g_hash_table_lookup(site->numbers, link->path)) - 1];
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (const char *id = page->ids, *end = page->ids + page->ids_length; id < end; id += strlen(id) + 1)
		g_ptr_array_add(names, (gpointer)id);
	g_ptr_array_add(names, NULL);
	g_autofree char *shown = shown_path(link->path);
	const char *near =
		site->mends++ < MENDS_MAX ? stet_nearest(link->fragment, (const char *const *)names->pdata) : NULL;
	g_autofree char *mend = near ? g_strdup_printf("did you mean '%s#%s'?", shown, near) : NULL;
	stet_diagnose(site->diags, STET_ERROR, "link-broken", link->place, mend,
				  "'%s' has no element with the id '%s'", shown, link->fragment);
}

/* ---- what had to wait ---------------------------------------------------------------------- */

/* The ids of the page at `path`, made a set when first asked for; NULL where the file is no page of
 * ours or failed. */
static GHashTable *ids_at(Site *site, GHashTable *sets, const char *path)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(site->numbers, path));
	GHashTable *set = number ? g_hash_table_lookup(sets, path) : NULL;
	if (!number || set || !site->pages[number - 1].made)
		return set;
	set = site_id_set(&site->pages[number - 1]);
	g_hash_table_insert(sets, (gpointer)path, set);
	return set;
}

static void judge(Site *site, const SiteLink *link, GHashTable *sets)
{
	const char *path = target_of(site, link->path);
	if (!path) {
		report_path(site, link);
		return;
	}
	GHashTable *ids = link->fragment ? ids_at(site, sets, path) : NULL;
	if (ids && !g_hash_table_contains(ids, link->fragment))
		report_fragment(site, link);
}

static void report_orphans(Site *site)
{
	for (guint i = 0; i < site->plans->len; i++) {
		const StetPlan *plan = site->plans->pdata[i];
		if (g_atomic_int_get(&site->linked[i]) || plan->in_nav || plan->alone || !*plan->url ||
			g_str_has_prefix(plan->file, "built-in/"))
			continue;
		g_autofree char *shown = shown_path(site->pages[i].path ? site->pages[i].path : plan->url);
		stet_diagnose(site->diags, STET_ERROR, "page-orphan", (StetPlace){plan->file, 1, 1},
					  "link to it, or give it a place in the navigation", "no page leads to '%s'", shown);
	}
}

void site_check_links(Site *site)
{
	if (site->linked)
		report_orphans(site);
	g_autoptr(GHashTable) sets =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_hash_table_unref);
	for (guint i = 0; i < site->plans->len; i++) {
		const GArray *links = site->pages[i].links;
		for (guint k = 0; links && k < links->len; k++)
			judge(site, &g_array_index(links, SiteLink, k), sets);
	}
}
