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

static void write_sitemaps(Site *site)
{
	static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
	static const char space[] = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
	guint count = sitemap_count(site), at = 0;
	for (guint number = 1; number <= count; number++) {
		g_autofree char *path = count == 1 ? g_strdup("sitemap.xml") : sitemap_path(number);
		GString *out = g_string_new(head);
		g_string_append_printf(out, "<urlset %s>\n", space);
		for (guint n = 0; at < site->plans->len && n < SITEMAP_MAX; at++) {
			const StetPlan *plan = site->plans->pdata[at];
			g_autofree char *url = site_is_listed(plan) ? xml_url(site, plan->url) : NULL;
			if (url)
				g_string_append_printf(out, "<url><loc>%s</loc></url>\n", url);
			n += url != NULL;
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

/* ---- ledger and manifest ------------------------------------------------------------------- */

static void write_ledger(Site *site)
{
	GString *out = g_string_new(NULL);
	stet_ledger_write(site->ledger, out);
	site_emit_text(site, "ledger.json", "ledger", out);
}

/* Every file but the manifest itself. */
static void write_manifest(Site *site)
{
	g_autoptr(GPtrArray) files = site_files(site);
	GString *out = g_string_new("{\"stet\": \"manifest\", \"schema\": 1, \"files\": [");
	gboolean first = TRUE;
	for (guint i = 0; i < files->len; i++) {
		const SiteFile *file = files->pdata[i];
		if (!file->written)
			continue;
		g_string_append(out, first ? "\n{\"path\": " : ",\n{\"path\": ");
		stet_json_string(out, file->path);
		g_string_append_printf(out, ", \"sha256\": \"%s\", \"bytes\": %" G_GUINT64_FORMAT "}", file->hash.hex,
							   file->bytes);
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
	if (site_url(site))
		write_sitemaps(site);
	write_ledger(site);
	if (!site_stopped(site))
		write_manifest(site);
}
