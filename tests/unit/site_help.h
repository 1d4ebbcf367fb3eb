/* A small report made into a site in memory, for the site stage's tests. */
#ifndef SITE_HELP_H
#define SITE_HELP_H

#include "metric_help.h"
#include "stet/site.h"

typedef struct {
	char *dir;
	HelpReport report;
	GHashTable *files; /* path -> GBytes */
	GMutex lock;
	guint room; /* files the sink takes before it stops; 0: all */
	StetSiteSummary summary;
	gboolean made;
} HelpSite;

static inline gboolean help_sink(const char *path, GBytes *bytes, gpointer data)
{
	HelpSite *site = data;
	g_mutex_lock(&site->lock);
	gboolean fresh = !g_hash_table_contains(site->files, path);
	g_assert_true(fresh);
	g_hash_table_insert(site->files, g_strdup(path), g_bytes_ref(bytes));
	gboolean more = site->room == 0 || g_hash_table_size(site->files) < site->room;
	g_mutex_unlock(&site->lock);
	return more;
}

/* Makes the site of the report in `dir`, which must lie in a folder of its own. */
static inline void help_make(HelpSite *site, const char *dir, guint jobs, guint room)
{
	*site = (HelpSite){.dir = g_strdup(dir), .room = room};
	g_mutex_init(&site->lock);
	site->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
	help_load(&site->report, dir);
	for (guint i = 0; i < site->report.project->n_resources; i++)
		if (site->report.datasets[i])
			stet_dataset_summarise(site->report.datasets[i], jobs);
	if (stet_metrics_count(site->report.metrics) > 0)
		help_run(&site->report, jobs);
	const StetDataset *claims = help_dataset(&site->report, "claims");
	if (claims)
		stet_claims_check(site->report.metrics, claims, site->report.diags);
	help_expect_clean(&site->report);
	StetTheme *theme = stet_theme_new(NULL, site->report.diags);
	StetWorld world = {.project = site->report.project,
					   .metrics = site->report.metrics,
					   .datasets = site->report.datasets,
					   .theme = theme};
	StetSiteOptions options = {.jobs = jobs, .sink = help_sink, .sink_data = site};
	site->made = stet_site_make(&world, &options, &site->summary, site->report.diags);
	stet_theme_free(theme);
}

/* Writes the files to a new folder and makes their site. */
static inline void help_site(HelpSite *site, const HelpFile *files)
{
	g_autofree char *dir = help_folder();
	help_write(dir, files);
	help_make(site, dir, 2, 0);
}

static inline void help_site_clear(HelpSite *site)
{
	help_close(&site->report);
	g_hash_table_unref(site->files);
	g_mutex_clear(&site->lock);
	if (g_file_test(site->dir, G_FILE_TEST_EXISTS))
		g_assert_true(stet_folder_remove(site->dir, NULL));
	g_free(site->dir);
}

/* A made file as text; it must be there. */
static inline char *help_text(const HelpSite *site, const char *path)
{
	GBytes *bytes = g_hash_table_lookup(site->files, path);
	if (!bytes)
		g_error("the site has no '%s'", path);
	gsize length = 0;
	const char *data = g_bytes_get_data(bytes, &length);
	return g_strndup(length > 0 ? data : "", length);
}

static inline gboolean help_holds(const HelpSite *site, const char *path, const char *part)
{
	g_autofree char *text = help_text(site, path);
	return strstr(text, part) != NULL;
}

/* The paths of all files, sorted, a line each; those with the prefix `without` left out. */
static inline char *help_paths(const HelpSite *site, const char *without)
{
	GList *keys = g_list_sort(g_hash_table_get_keys(site->files), (GCompareFunc)strcmp);
	GString *out = g_string_new(NULL);
	for (const GList *key = keys; key; key = key->next)
		if (!without || !g_str_has_prefix(key->data, without))
			g_string_append_printf(out, "%s\n", (const char *)key->data);
	g_list_free(keys);
	return g_string_free(out, FALSE);
}

#endif
