/* The whole site in its order, and the one way by which files leave it. */
#include "site/private.h"

#include <string.h>

/* ---- files --------------------------------------------------------------------------------- */

const char *site_keep(Site *site, const char *text)
{
	if (!text)
		return NULL;
	g_mutex_lock(&site->lock);
	const char *kept = g_string_chunk_insert_const(site->texts, text);
	g_mutex_unlock(&site->lock);
	return kept;
}

/* Which of the two came first may depend on the threads: the message must not. */
static void report_taken(Site *site, const char *path, const char *a, const char *b)
{
	gboolean ordered = strcmp(a, b) <= 0;
	const char *first = ordered ? a : b, *second = ordered ? b : a;
	if (strcmp(first, second) == 0)
		stet_diagnose(site->diags, STET_ERROR, "path-taken", (StetPlace){second, 0, 0},
					  "give one of them another id or path", "'%s' is written twice", path);
	else
		stet_diagnose(site->diags, STET_ERROR, "path-taken", (StetPlace){second, 0, 0},
					  "give one of them another path", "'%s' is written from '%s' and from '%s'", path, first,
					  second);
}

/* The file's entry, made if need be; `*other` is who announced it before. Called with the lock held. */
static SiteFile *file_entry(Site *site, const char *path, const char *from, const char **other)
{
	SiteFile *file = g_hash_table_lookup(site->files, path);
	*other = file ? file->from : NULL;
	if (file)
		return file;
	file = g_new0(SiteFile, 1);
	file->path = g_string_chunk_insert_const(site->texts, path);
	file->from = g_string_chunk_insert_const(site->texts, from);
	g_hash_table_insert(site->files, (gpointer)file->path, file);
	return file;
}

gboolean site_expect(Site *site, const char *path, const char *from)
{
	const char *other = NULL;
	if (!stet_path_is_inside(path)) {
		stet_diagnose(site->diags, STET_ERROR, "path-outside", (StetPlace){from, 0, 0},
					  "paths stay inside the site", "'%s' is no path inside the site", path);
		return FALSE;
	}
	g_mutex_lock(&site->lock);
	file_entry(site, path, from, &other);
	g_mutex_unlock(&site->lock);
	if (other)
		report_taken(site, path, other, from);
	return other == NULL;
}

gboolean site_expects(Site *site, const char *path)
{
	g_mutex_lock(&site->lock);
	gboolean known = g_hash_table_contains(site->files, path);
	g_mutex_unlock(&site->lock);
	return known;
}

gboolean site_stopped(const Site *site)
{
	return g_atomic_int_get(&site->stopped) != 0;
}

static void emit_twin(Site *site, const char *path, const char *from, GBytes *bytes)
{
	g_autofree char *twin = g_strconcat(path, ".gz", NULL);
	g_autoptr(GBytes) packed = site_compress(bytes);
	if (site->memory)
		memory_note_file(site, twin);
	site_emit(site, twin, from, packed, NULL);
}

gboolean site_emit(Site *site, const char *path, const char *from, GBytes *bytes, const StetHash *hash)
{
	gsize length = 0;
	const char *data = g_bytes_get_data(bytes, &length), *other = NULL;
	if (site_stopped(site))
		return FALSE;
	StetHash own = hash ? *hash : stet_hash(data, length);
	g_mutex_lock(&site->lock);
	SiteFile *file = file_entry(site, path, from, &other);
	gboolean again = file->written || (other && strcmp(other, from) != 0);
	if (!again) {
		file->hash = own;
		file->bytes = length;
		file->written = TRUE;
	}
	g_mutex_unlock(&site->lock);
	if (again) {
		report_taken(site, path, other ? other : from, from);
		return TRUE;
	}
	if (!site->options->sink(path, bytes, site->options->sink_data))
		g_atomic_int_set(&site->stopped, 1);
	if (site_is_compressed(site, path, length))
		emit_twin(site, path, from, bytes);
	return !site_stopped(site);
}

void site_take_over(Site *site, const char *path, const char *from, const StetHash *hash, guint64 bytes)
{
	const char *other = NULL;
	g_mutex_lock(&site->lock);
	SiteFile *file = file_entry(site, path, from, &other);
	gboolean again = file->written || (other && strcmp(other, from) != 0);
	if (!again) {
		file->hash = *hash;
		file->bytes = bytes;
		file->written = TRUE;
	}
	g_mutex_unlock(&site->lock);
	if (again)
		report_taken(site, path, other ? other : from, from);
	else if (!site->options->keep(path, site->options->sink_data))
		g_atomic_int_set(&site->stopped, 1);
	else if (site_is_compressed(site, path, bytes))
		memory_take_twin(site, path, from);
}

StetHash site_file_hash(Site *site, const char *path, guint64 *bytes)
{
	g_mutex_lock(&site->lock);
	const SiteFile *file = g_hash_table_lookup(site->files, path);
	StetHash hash = file ? file->hash : (StetHash){{0}};
	*bytes = file ? file->bytes : 0;
	g_mutex_unlock(&site->lock);
	return hash;
}

gboolean site_emit_text(Site *site, const char *path, const char *from, GString *text)
{
	g_autoptr(GBytes) bytes = g_string_free_to_bytes(text);
	return site_emit(site, path, from, bytes, NULL);
}

static int compare_files(gconstpointer a, gconstpointer b)
{
	return strcmp((*(SiteFile *const *)a)->path, (*(SiteFile *const *)b)->path);
}

GPtrArray *site_files(Site *site)
{
	GPtrArray *list = g_ptr_array_new();
	GHashTableIter each;
	gpointer file;
	g_mutex_lock(&site->lock);
	g_hash_table_iter_init(&each, site->files);
	while (g_hash_table_iter_next(&each, NULL, &file))
		g_ptr_array_add(list, file);
	g_mutex_unlock(&site->lock);
	g_ptr_array_sort(list, compare_files);
	return list;
}

GBytes *site_read(Site *site, const char *relative)
{
	g_autofree char *path = stet_project_path(site->world->project, relative);
	g_autoptr(GError) error = NULL;
	gsize length = 0;
	char *text = stet_file_read(path, &length, &error);
	if (text)
		return g_bytes_new_take(text, length);
	stet_diagnose(site->diags, STET_ERROR, "file-unreadable", (StetPlace){relative, 0, 0}, NULL, "%s",
				  error->message);
	return NULL;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void set_up(Site *site)
{
	site->jobs = MAX(site->options->jobs, 1u);
	g_mutex_init(&site->lock);
	site->texts = g_string_chunk_new(16384);
	site->files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	site->numbers = g_hash_table_new(g_str_hash, g_str_equal);
	site->sources = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	site->plans = g_ptr_array_new();
	site->ledger = stet_ledger_new(site->world->metrics);
	site->pens = g_new0(StetPen *, site->jobs);
}

static void clear(Site *site)
{
	for (guint i = 0; i < site->jobs; i++)
		stet_pen_free(site->pens[i]);
	g_free(site->pens);
	memory_close(site->memory);
	for (guint i = 0; site->pages && i < site->plans->len; i++) {
		g_free(site->pages[i].own_body);
		g_clear_pointer(&site->pages[i].changed, g_array_unref);
		g_free(site->pages[i].ids);
		g_free(site->pages[i].sections);
		g_free(site->pages[i].search);
		g_clear_pointer(&site->pages[i].links, g_array_unref);
		g_clear_pointer(&site->pages[i].uses, g_array_unref);
	}
	g_free(site->pages);
	g_free(site->linked);
	g_free(site->plain);
	stet_ledger_free(site->ledger);
	g_ptr_array_unref(site->plans);
	stet_book_free(site->book);
	g_ptr_array_unref(site->sources);
	g_hash_table_unref(site->numbers);
	g_hash_table_unref(site->files);
	g_string_chunk_free(site->texts);
	g_mutex_clear(&site->lock);
}

static void summarise(Site *site, StetSiteSummary *summary)
{
	g_autoptr(GPtrArray) files = site_files(site);
	*summary = (StetSiteSummary){0};
	for (guint i = 0; i < site->plans->len; i++) {
		summary->pages += site->pages[i].made ? 1 : 0;
		summary->made += site->pages[i].made && site->pages[i].reason != SITE_KEPT ? 1 : 0;
		summary->charts += site->pages[i].charts;
		summary->figures += site->pages[i].figures;
	}
	for (guint i = 0; i < files->len; i++) {
		const SiteFile *file = files->pdata[i];
		summary->files += file->written ? 1 : 0;
		summary->bytes += file->bytes;
	}
}

/* Every file whose path is known without making a page is announced before the first page is made. */
static void announce(Site *site)
{
	for (guint i = 0; i < site->plans->len; i++) {
		const StetPlan *plan = site->plans->pdata[i];
		g_autofree char *path = stet_url_path(plan->url);
		site->pages[i].path = site_keep(site, path);
		g_hash_table_insert(site->numbers, (gpointer)site->pages[i].path, GUINT_TO_POINTER(i + 1));
		site_expect(site, path, plan->file);
	}
	site_expect_downloads(site);
	site_expect_indexes(site);
}

static void make(Site *site)
{
	site->book = stet_book_new(site->world, site->diags);
	if (!site->book)
		return;
	site_plan(site);
	site_read_extras(site);
	stet_book_set_files(site->book, site_extra(site, SITE_DATA), site_extra(site, SITE_CARDS) && site_url(site));
	/* Links to pages that could not be planned would only echo why. */
	gboolean planned = stet_diagnostics_count(site->diags, STET_ERROR) == 0;
	site->pages = g_new0(SitePage, site->plans->len + 1);
	if (site->world->lint)
		site->linked = g_new0(gint, site->plans->len + 1);
	if (site->options->remember)
		memory_open(site, site->options->memory, site->options->salt);
	announce(site);
	site_hosting(site);
	g_autoptr(GPtrArray) nav = site_navigation(site);
	stet_book_set_nav(site->book, nav, site_assets(site));
	site->script = site_script(site);
	site_pages(site);
	if (planned && !site_stopped(site))
		site_check_links(site);
	if (stet_diagnostics_count(site->diags, STET_ERROR) > 0 || site_stopped(site))
		return;
	site_downloads(site);
	site_search(site);
	site_readers(site, nav);
	site_indexes(site);
	if (site->memory && !site_stopped(site))
		*site->options->remember = memory_write(site, site->options->salt);
}

gboolean stet_site_make(const StetWorld *world, const StetSiteOptions *options, StetSiteSummary *summary,
						StetDiagnostics *diags)
{
	Site site = {.world = world, .options = options, .diags = diags};
	*summary = (StetSiteSummary){0};
	set_up(&site);
	make(&site);
	if (site.pages)
		summarise(&site, summary);
	gboolean good = site.pages && !site_stopped(&site) && stet_diagnostics_count(diags, STET_ERROR) == 0;
	clear(&site);
	return good;
}
