/* Files for machines that read: llms.txt (llmstxt.org) and every section of every page as JSON. */
#include "site/private.h"

#include <string.h>

#define LISTED_MAX 2000 /* pages named one by one in llms.txt */

/* ---- sections.json ------------------------------------------------------------------------- */

/* The page's sections as an object of sections.json (g_free). */
char *site_sections_json(const StetPlan *plan, const GPtrArray *sections)
{
	GString *out = g_string_new("{\"url\": ");
	gboolean first = TRUE;
	stet_json_string(out, plan->url);
	g_string_append(out, ", \"title\": ");
	stet_json_string(out, plan->title);
	if (plan->description && *plan->description) {
		g_string_append(out, ", \"description\": ");
		stet_json_string(out, plan->description);
	}
	g_string_append(out, ", \"sections\": [");
	for (guint i = 0; i < sections->len; i++) {
		const SiteSection *section = sections->pdata[i];
		if (!section->title && !*section->text)
			continue;
		g_string_append(out, first ? "{" : ", {");
		first = FALSE;
		if (section->id) {
			g_string_append(out, "\"id\": ");
			stet_json_string(out, section->id);
			g_string_append(out, ", \"title\": ");
			stet_json_string(out, section->title ? section->title : "");
			g_string_append(out, ", ");
		}
		g_string_append(out, "\"text\": ");
		stet_json_string(out, section->text);
		g_string_append_c(out, '}');
	}
	g_string_append(out, "]}");
	return g_string_free(out, FALSE);
}

gboolean site_has_sections(const Site *site)
{
	return site->plans->len <= SITE_SECTIONS_MAX;
}

static void write_sections(Site *site)
{
	GString *out = g_string_new("{\"stet\": \"sections\", \"schema\": 1, \"pages\": [");
	gboolean first = TRUE;
	for (guint i = 0; i < site->plans->len; i++) {
		if (!site->pages[i].sections)
			continue;
		g_string_append(out, first ? "\n" : ",\n");
		g_string_append(out, site->pages[i].sections);
		first = FALSE;
	}
	g_string_append(out, "\n]}\n");
	site_emit_text(site, "sections.json", "sections", out);
}

/* ---- llms.txt ------------------------------------------------------------------------------ */

/* One line, so that nothing in it can be taken for the list's own marks. */
static void append_line(GString *out, const char *text)
{
	for (const char *p = text; *p; p++)
		g_string_append_c(out, *p == '\n' || *p == '\r' ? ' ' : *p);
}

static void append_page(Site *site, const StetPlan *plan, GString *out)
{
	g_autofree char *twin = site_extra(site, SITE_MARKDOWN) && site_is_text(plan) ? site_twin_path(plan) : NULL;
	g_autofree char *path = twin ? g_strdup(twin) : site_url(site) ? g_strdup(plan->url) : stet_url_path(plan->url);
	g_autofree char *url = site_url(site) ? site_full_url(site, path) : g_uri_escape_string(path, "/", FALSE);
	g_string_append(out, "- [");
	append_line(out, plan->title);
	g_string_append_printf(out, "](%s)", url);
	if (plan->description && *plan->description) {
		g_string_append(out, ": ");
		append_line(out, plan->description);
	}
	g_string_append_c(out, '\n');
}

/* Pages under the headings of the navigation, in its order; then those that are not in it. */
static void write_llms(Site *site, const GPtrArray *nav)
{
	const StetSite *of = &site->world->project->site;
	g_autoptr(GHashTable) named = g_hash_table_new(NULL, NULL);
	GString *out = g_string_new("# ");
	const char *section = "";
	append_line(out, of->title);
	g_string_append_c(out, '\n');
	if (of->description) {
		g_string_append(out, "\n> ");
		append_line(out, of->description);
		g_string_append_c(out, '\n');
	}
	for (guint i = 0; i < nav->len; i++) {
		const StetPlan *plan = nav->pdata[i];
		const char *own = plan->section ? plan->section : "Pages";
		if (!site_is_text(plan))
			continue;
		if (strcmp(own, section) != 0)
			g_string_append_printf(out, "\n## %s\n\n", own);
		section = own;
		append_page(site, plan, out);
		g_hash_table_add(named, (gpointer)plan);
	}
	guint more = 0;
	for (guint i = 0; i < site->plans->len && more < LISTED_MAX; i++) {
		const StetPlan *plan = site->plans->pdata[i];
		if (!site_is_text(plan) || g_hash_table_contains(named, plan))
			continue;
		if (more++ == 0)
			g_string_append(out, "\n## Optional\n\n");
		append_page(site, plan, out);
	}
	site_emit_text(site, "llms.txt", "llms.txt", out);
}

void site_readers(Site *site, const GPtrArray *nav)
{
	write_llms(site, nav);
	if (site_has_sections(site))
		write_sections(site);
}
