/* Files about the site as a whole: robots.txt, sitemap.xml, the ledger, the manifest. */
#include "site/private.h"

#include <string.h>

#define SITEMAP_MAX 50000 /* addresses in one sitemap, sitemaps.org */

const char *site_url(const Site *site)
{
	const char *url = site->world->project->site.url;
	return url && *url ? url : NULL;
}

char *site_full_url(const Site *site, const char *path)
{
	const char *base = site_url(site);
	g_autofree char *encoded = g_uri_escape_string(path, "/", FALSE);
	return g_strconcat(base, g_str_has_suffix(base, "/") ? "" : "/", encoded, NULL);
}

/* The same for XML (g_free). */
static char *xml_url(const Site *site, const char *path)
{
	g_autofree char *url = site_full_url(site, path);
	return g_markup_escape_text(url, -1);
}

/* ---- sitemaps ------------------------------------------------------------------------------ */

gboolean site_is_listed(const StetPlan *plan)
{
	return strcmp(plan->url, "404.html") != 0;
}

gboolean site_is_text(const StetPlan *plan)
{
	return site_is_listed(plan) && !g_str_has_prefix(plan->file, "built-in/index-");
}

static guint sitemap_count(const Site *site)
{
	guint listed = 0;
	for (guint i = 0; i < site->plans->len; i++)
		if (site_is_listed(site->plans->pdata[i]))
			listed++;
	return listed <= SITEMAP_MAX ? 1 : (listed + SITEMAP_MAX - 1) / SITEMAP_MAX;
}

static char *sitemap_path(guint number)
{
	return g_strdup_printf("sitemap-%u.xml", number);
}

/* lastmod is the day of the page's newest content; other languages as sitemaps name them (XHTML links). */
static void append_address(const Site *site, guint number, GString *out)
{
	const StetPlan *plan = site->plans->pdata[number];
	g_autofree char *url = xml_url(site, plan->url);
	g_autoptr(GArray) languages = site_alternates(site, plan);
	g_string_append_printf(out, "<url><loc>%s</loc>", url);
	if (site->pages[number].updated)
		g_string_append_printf(out, "<lastmod>%s</lastmod>", site->pages[number].updated);
	for (guint i = 0; i < languages->len; i++) {
		const SiteAlternate *each = &g_array_index(languages, SiteAlternate, i);
		g_autofree char *other = xml_url(site, each->plan->url);
		g_string_append_printf(out, "<xhtml:link rel=\"alternate\" hreflang=\"%s\" href=\"%s\"/>", each->language, other);
	}
	g_string_append(out, "</url>\n");
}

static void write_sitemaps(Site *site)
{
	static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
	static const char space[] = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
	guint count = sitemap_count(site), at = 0;
	gboolean many = stet_node_get(site->world->project->site.node, "languages") != NULL;
	for (guint number = 1; number <= count; number++) {
		g_autofree char *path = count == 1 ? g_strdup("sitemap.xml") : sitemap_path(number);
		GString *out = g_string_new(head);
		g_string_append_printf(out, "<urlset %s%s>\n", space, many ? " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\"" : "");
		for (guint n = 0; at < site->plans->len && n < SITEMAP_MAX; at++)
			if (site_is_listed(site->plans->pdata[at])) {
				append_address(site, at, out);
				n++;
			}
		g_string_append(out, "</urlset>\n");
		site_emit_text(site, path, "sitemap", out);
	}
	if (count == 1)
		return;
	GString *out = g_string_new(head);
	g_string_append_printf(out, "<sitemapindex %s>\n", space);
	for (guint number = 1; number <= count; number++) {
		g_autofree char *path = sitemap_path(number), *url = xml_url(site, path);
		g_string_append_printf(out, "<sitemap><loc>%s</loc></sitemap>\n", url);
	}
	g_string_append(out, "</sitemapindex>\n");
	site_emit_text(site, "sitemap.xml", "sitemap", out);
}

static void write_robots(Site *site)
{
	GString *out = g_string_new("User-agent: *\nAllow: /\n");
	if (site_url(site)) {
		g_autofree char *url = site_full_url(site, "sitemap.xml");
		g_string_append_printf(out, "Sitemap: %s\n", url);
	}
	site_emit_text(site, "robots.txt", "robots.txt", out);
}

/* Former addresses as hosts such as Netlify and Cloudflare Pages read them; the pages that lead on lie there too. */
static void write_redirects(Site *site)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	for (guint i = 0; i < site->plans->len; i++) {
		const StetPlan *plan = site->plans->pdata[i];
		g_auto(GStrv) from = stet_plan_redirects(plan);
		for (guint k = 0; from[k]; k++) {
			g_autofree char *old = g_uri_escape_string(from[k], "/", FALSE), *to = g_uri_escape_string(plan->url, "/", FALSE);
			g_string_append_printf(lines, "/%s /%s 301\n", old, to);
		}
	}
	if (lines->len > 0)
		site_emit_text(site, "_redirects", "redirects", g_string_new(lines->str));
}

/* ---- ledger and manifest ------------------------------------------------------------------- */

static void write_ledger(Site *site)
{
	GString *out = g_string_new(NULL);
	stet_ledger_write(site->ledger, out);
	site_emit_text(site, "ledger.json", "ledger", out);
}

/* What pages are made from, each named once. */
typedef struct {
	GHashTable *numbers; /* read -> its number + 1 */
	GPtrArray *names;
} Reads;

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void append_names(Site *site, Reads *reads, GString *out)
{
	for (guint i = 0; i < site->plans->len; i++) {
		g_autoptr(GPtrArray) own = memory_reads(site, i);
		for (guint k = 0; k < own->len; k++)
			if (g_hash_table_add(reads->numbers, own->pdata[k]))
				g_ptr_array_add(reads->names, own->pdata[k]);
	}
	g_ptr_array_sort(reads->names, compare_names);
	g_string_append(out, "\"inputs\": [");
	for (guint i = 0; i < reads->names->len; i++) {
		g_string_append(out, i > 0 ? ", " : "");
		stet_json_string(out, reads->names->pdata[i]);
		g_hash_table_insert(reads->numbers, reads->names->pdata[i], GUINT_TO_POINTER(i + 1));
	}
	g_string_append(out, "],\n");
}

/* Of a page: its source, and the numbers of its inputs. */
static void append_inputs(Site *site, const Reads *reads, const char *path, GString *out)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(site->numbers, path));
	if (!site->memory || !number)
		return;
	g_autoptr(GPtrArray) own = memory_reads(site, number - 1);
	g_string_append(out, ", \"from\": ");
	stet_json_string(out, ((const StetPlan *)site->plans->pdata[number - 1])->file);
	g_string_append(out, ", \"inputs\": [");
	for (guint k = 0; k < own->len; k++)
		g_string_append_printf(out, "%s%u", k > 0 ? "," : "", GPOINTER_TO_UINT(g_hash_table_lookup(reads->numbers, own->pdata[k])) - 1);
	g_string_append_c(out, ']');
}

/* Every file but the manifest itself. */
static void write_manifest(Site *site)
{
	g_autoptr(GPtrArray) files = site_files(site), names = g_ptr_array_new();
	g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
	Reads reads = {numbers, names};
	GString *out = g_string_new("{\"stet\": \"manifest\", \"schema\": 1, ");
	gboolean first = TRUE;
	if (site->memory)
		append_names(site, &reads, out);
	g_string_append(out, "\"files\": [");
	for (guint i = 0; i < files->len; i++) {
		const SiteFile *file = files->pdata[i];
		if (!file->written)
			continue;
		g_string_append(out, first ? "\n{\"path\": " : ",\n{\"path\": ");
		stet_json_string(out, file->path);
		g_string_append_printf(out, ", \"sha256\": \"%s\", \"bytes\": %" G_GUINT64_FORMAT, file->hash.hex,
							   file->bytes);
		append_inputs(site, &reads, file->path, out);
		g_string_append_c(out, '}');
		first = FALSE;
	}
	g_string_append(out, "\n]}\n");
	site_emit_text(site, "manifest.json", "manifest", out);
}

void site_expect_indexes(Site *site)
{
	static const struct {
		const char *path, *from;
	} always[] = {{"robots.txt", "robots.txt"},
				  {"ledger.json", "ledger"},
				  {"manifest.json", "manifest"},
				  {"llms.txt", "llms.txt"}};
	for (guint i = 0; i < G_N_ELEMENTS(always); i++)
		site_expect(site, always[i].path, always[i].from);
	if (site_has_sections(site))
		site_expect(site, "sections.json", "sections");
	if (site_has_feeds(site)) {
		site_expect(site, SITE_ATOM, "feeds");
		site_expect(site, SITE_JSON_FEED, "feeds");
	}
	guint count = site_url(site) ? sitemap_count(site) : 0;
	if (count > 0)
		site_expect(site, "sitemap.xml", "sitemap");
	for (guint number = 1; count > 1 && number <= count; number++) {
		g_autofree char *path = sitemap_path(number);
		site_expect(site, path, "sitemap");
	}
}

void site_indexes(Site *site)
{
	write_robots(site);
	write_redirects(site);
	if (site_url(site))
		write_sitemaps(site);
	site_feeds(site);
	write_ledger(site);
	if (!site_stopped(site))
		write_manifest(site);
}
