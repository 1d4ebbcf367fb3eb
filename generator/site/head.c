/* What the site stage puts into a page's head: its canonical address, its other languages, what a link to it
 * shows elsewhere (Open Graph), its twin for machines, the feeds, the script. */
#include "site/private.h"

#include <string.h>

static void append_attribute(GString *out, const char *name, const char *value)
{
	g_autofree char *escaped = g_markup_escape_text(value, -1);
	g_string_append_printf(out, " %s=\"%s\"", name, escaped);
}

static void append_link(GString *out, const char *relation, const char *type, const char *title, const char *href)
{
	g_string_append_printf(out, "<link rel=\"%s\"", relation);
	if (type)
		append_attribute(out, "type", type);
	if (title)
		append_attribute(out, "title", title);
	append_attribute(out, "href", href);
	g_string_append(out, ">\n");
}

static void append_property(GString *out, const char *property, const char *content)
{
	if (!content || !*content)
		return;
	g_string_append_printf(out, "<meta property=\"%s\"", property);
	append_attribute(out, "content", content);
	g_string_append(out, ">\n");
}

/* The page for what is not there is shown at any address: its root is the site's own path, where that is known. */
static char *root_from(const Site *site, const StetPlan *plan)
{
	g_autoptr(GUri) uri = !site_is_listed(plan) && site_url(site) ? g_uri_parse(site_url(site), G_URI_FLAGS_ENCODED, NULL) : NULL;
	if (uri)
		return g_strconcat(g_uri_get_path(uri), g_str_has_suffix(g_uri_get_path(uri), "/") ? NULL : "/", NULL);
	GString *root = g_string_new(NULL);
	for (const char *p = strchr(plan->url, '/'); p; p = strchr(p + 1, '/'))
		g_string_append(root, "../");
	return g_string_free(root, FALSE);
}

char *site_twin_path(const StetPlan *plan)
{
	g_autofree char *path = stet_url_path(plan->url);
	if (!g_str_has_suffix(path, ".html"))
		return NULL;
	path[strlen(path) - strlen(".html")] = 0;
	return g_strconcat(path, ".md", NULL);
}

/* ---- languages ----------------------------------------------------------------------------- */

static const StetPlan *plan_at_path(const Site *site, const char *url)
{
	g_autofree char *path = stet_url_path(url);
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(site->numbers, path));
	return number ? site->plans->pdata[number - 1] : NULL;
}

static void add_language(GArray *list, const char *tag, const StetPlan *plan)
{
	SiteAlternate alternate = {tag, plan};
	g_array_append_val(list, alternate);
}

GArray *site_alternates(const Site *site, const StetPlan *plan)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(SiteAlternate));
	const StetProject *project = site->world->project;
	const StetNode *languages = stet_node_get(project->site.node, "languages");
	if (!languages || g_str_has_prefix(plan->file, "built-in/"))
		return list;
	const char *base = plan->language ? plan->url + MIN(strlen(plan->url), strlen(plan->language) + 1) : plan->url;
	const StetPlan *own = plan_at_path(site, base);
	if (own && !own->language)
		add_language(list, stet_locale_tag(project->locale), own);
	for (guint i = 0; i < languages->n; i++) {
		const char *tag = languages->items[i]->text;
		g_autofree char *url = tag ? g_strconcat(tag, "/", base, NULL) : NULL;
		const StetPlan *other = url ? plan_at_path(site, url) : NULL;
		if (other && other->language)
			add_language(list, other->language, other);
	}
	if (list->len < 2)
		g_array_set_size(list, 0);
	return list;
}

/* Whole addresses, as search engines ask for; x-default is the report's own language. */
static void append_alternates(const Site *site, const StetPlan *plan, GString *out)
{
	g_autoptr(GArray) list = site_alternates(site, plan);
	for (guint i = 0; i < list->len; i++) {
		const SiteAlternate *each = &g_array_index(list, SiteAlternate, i);
		g_autofree char *url = site_full_url(site, each->plan->url);
		g_string_append(out, "<link rel=\"alternate\"");
		append_attribute(out, "hreflang", each->language);
		append_attribute(out, "href", url);
		g_string_append(out, ">\n");
		if (i == 0 && !each->plan->language) {
			g_string_append(out, "<link rel=\"alternate\" hreflang=\"x-default\"");
			append_attribute(out, "href", url);
			g_string_append(out, ">\n");
		}
	}
}

/* ---- elsewhere ----------------------------------------------------------------------------- */

static void append_card(const Site *site, const char *card, GString *out)
{
	if (!card)
		return;
	g_autofree char *url = site_full_url(site, card);
	append_property(out, "og:image", url);
	g_string_append(out, "<meta name=\"twitter:card\" content=\"summary_large_image\">\n");
}

static void append_open_graph(const Site *site, const StetPlan *plan, GString *out)
{
	const StetSite *of = &site->world->project->site;
	g_autofree char *url = site_full_url(site, plan->url), *locale = g_strdup(plan->language ? plan->language : of->locale);
	g_strdelimit(locale ? locale : (locale = g_strdup("en")), "-", '_');
	append_property(out, "og:type", *plan->url ? "article" : "website");
	append_property(out, "og:title", plan->title);
	append_property(out, "og:description", plan->description ? plan->description : of->description);
	append_property(out, "og:url", url);
	append_property(out, "og:site_name", of->title);
	append_property(out, "og:locale", locale);
}

/* ---- the whole ----------------------------------------------------------------------------- */

void site_head(const Site *site, const StetPlan *plan, const char *card, GString *out)
{
	g_autofree char *root = root_from(site, plan), *script = g_strconcat(root, site->script, NULL);
	if (site_is_listed(plan)) {
		if (site_url(site)) {
			g_autofree char *url = site_full_url(site, plan->url);
			append_link(out, "canonical", NULL, NULL, url);
			append_alternates(site, plan, out);
			append_open_graph(site, plan, out);
			append_card(site, card, out);
		}
		g_autofree char *twin = site_extra(site, SITE_MARKDOWN) && site_is_text(plan) ? site_twin_path(plan) : NULL;
		if (twin)
			append_link(out, "alternate", "text/markdown", NULL, strrchr(twin, '/') ? strrchr(twin, '/') + 1 : twin);
		if (site_has_feeds(site)) {
			g_autofree char *atom = g_strconcat(root, SITE_ATOM, NULL), *json = g_strconcat(root, SITE_JSON_FEED, NULL);
			append_link(out, "alternate", "application/atom+xml", site->world->project->site.title, atom);
			append_link(out, "alternate", "application/feed+json", site->world->project->site.title, json);
		}
	}
	g_string_append(out, "<script");
	append_attribute(out, "src", script);
	g_string_append(out, " defer></script>\n");
}
