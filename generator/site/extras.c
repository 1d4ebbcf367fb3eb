/* What a site has beyond its pages, their charts and the files about them, and may do without. */
#include "site/private.h"

#include <string.h>

#define LARGE_SITE 2000 /* pages; beyond, what comes with every page is left out unless asked for */

static const struct {
	const char *name;
	gboolean every_page; /* a file or more for every page */
} extras[N_SITE_EXTRAS] = {
	[SITE_SEARCH] = {"search", FALSE}, [SITE_MARKDOWN] = {"markdown", TRUE}, [SITE_FEEDS] = {"feeds", FALSE},
	[SITE_CARDS] = {"cards", TRUE},    [SITE_DATA] = {"data", TRUE},
};

static int extra_named(const char *name)
{
	for (guint i = 0; i < N_SITE_EXTRAS; i++)
		if (g_strcmp0(extras[i].name, name) == 0)
			return (int)i;
	return -1;
}

static void report_unknown(Site *site, const StetNode *node)
{
	const char *names[N_SITE_EXTRAS + 1] = {NULL};
	for (guint i = 0; i < N_SITE_EXTRAS; i++)
		names[i] = extras[i].name;
	const char *text = node->text ? node->text : "", *near = stet_nearest(text, names);
	g_autofree char *known = g_strjoinv(", ", (char **)names);
	g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : g_strdup_printf("there are %s", known);
	stet_diagnose(site->diags, STET_ERROR, "site-extra", node->place, mend, "there is no extra '%s'", text);
}

void site_read_extras(Site *site)
{
	const StetNode *list = stet_node_get(site->world->project->site.node, "extras");
	for (guint i = 0; i < N_SITE_EXTRAS; i++)
		site->extras[i] = !list && (!extras[i].every_page || site->plans->len <= LARGE_SITE);
	for (guint i = 0; list && i < list->n; i++) {
		int extra = extra_named(list->items[i]->text);
		if (extra < 0)
			report_unknown(site, list->items[i]);
		else
			site->extras[extra] = TRUE;
	}
}

gboolean site_extra(const Site *site, SiteExtra extra)
{
	return site->extras[extra];
}
