/* Feeds of published editions and of the figures that changed since the last: Atom (RFC 4287) and JSON Feed 1.1.
 * Days come from what the editions and figures are about, never from the clock. */
#include "site/private.h"

#include <math.h>
#include <string.h>

#define CHANGES_MAX 50 /* figures in the feed; the page changes/ has them all */

typedef struct {
	char *id;      /* tag: URI (RFC 4151) */
	char *url, *title, *html;
	char *day;     /* ISO */
	guint order;   /* among those of a day */
} Entry;

static void entry_free(gpointer data)
{
	Entry *entry = data;
	g_free(entry->id);
	g_free(entry->url);
	g_free(entry->title);
	g_free(entry->html);
	g_free(entry->day);
	g_free(entry);
}

static gboolean any_edition(const Site *site)
{
	return site->world->editions && site->world->editions->len > 0;
}

gboolean site_has_feeds(const Site *site)
{
	return site_extra(site, SITE_FEEDS) && any_edition(site) && site_url(site);
}

/* ---- days and names ------------------------------------------------------------------------ */

static char *later(char *a, char *b)
{
	gboolean first = a && (!b || strcmp(a, b) >= 0);
	g_free(first ? b : a);
	return first ? a : b;
}

/* The day of an edition: what its name says ("2025Q4"), else the end of the latest period of its figures. */
static char *edition_day(const StetEdition *edition)
{
	char *named = stet_period_end(stet_edition_name(edition)), *day = NULL;
	for (guint i = 0; !named && i < stet_edition_count(edition); i++) {
		const StetMetric *metric = stet_edition_at(edition, i);
		if (metric->period_column < 0 || !metric->table || metric->table->n_rows == 0)
			continue;
		g_autofree char *last = stet_cell_text(stet_table_cell(metric->table, metric->table->n_rows - 1, (guint)metric->period_column));
		day = later(day, last ? stet_period_end(last) : NULL);
	}
	day = later(day, named);
	return day ? day : g_strdup("1970-01-01");
}

/* "tag:example.org,2025-12-31:editions/2025Q4": the same for ever, whatever becomes of the address. */
static char *tag_of(const Site *site, const char *day, const char *what)
{
	const char *scheme = strstr(site_url(site), "://"), *host = scheme ? scheme + 3 : site_url(site);
	g_autofree char *name = g_strndup(host, strcspn(host, "/:?#")), *escaped = g_uri_escape_string(what, "/", FALSE);
	return g_strdup_printf("tag:%s,%s:%s", name, day, escaped);
}

/* ---- changes ------------------------------------------------------------------------------- */

/* "Consolidation rate, Azure, Q4 2025". */
static char *figure_name(const Site *site, const StetDifference *change)
{
	const StetMetric *metric = change->metric;
	const StetMeasure *measure = &metric->measures[change->measure];
	GString *name = g_string_new(metric->title);
	if (change->measure > 0)
		g_string_append_printf(name, ": %s", measure->title ? measure->title : measure->name);
	for (guint d = 0; d < metric->n_dimensions; d++) {
		g_autofree char *text = stet_cell_text(stet_table_cell(metric->table, change->row, metric->dimension_columns[d]));
		g_string_append_printf(name, ", %s", text ? text : "");
	}
	if (metric->period_column >= 0) {
		g_autofree char *text = stet_cell_text(stet_table_cell(metric->table, change->row, (guint)metric->period_column));
		g_autofree char *shown = stet_locale_period(site->world->project->locale, text);
		g_string_append_printf(name, ", %s", shown);
	}
	return g_string_free(name, FALSE);
}

static char *value_text(const Site *site, const StetDifference *change, double value)
{
	const StetMeasure *measure = &change->metric->measures[change->measure];
	return isnan(value) ? g_strdup("–") : stet_locale_quantity(site->world->project->locale, value, measure->unit, measure->display, STET_FULL);
}

static char *row_day(const StetDifference *change, const char *otherwise)
{
	const StetMetric *metric = change->metric;
	g_autofree char *text = metric->period_column < 0 ? NULL
		: stet_cell_text(stet_table_cell(metric->table, change->row, (guint)metric->period_column));
	char *day = text ? stet_period_end(text) : NULL;
	return day ? day : g_strdup(otherwise);
}

static guint count_kind(const GArray *changes, StetDiffKind kind)
{
	guint n = 0;
	for (guint i = 0; i < changes->len; i++)
		n += g_array_index(changes, StetDifference, i).kind == kind;
	return n;
}

/* A changed figure is news of the day its edition's successor is about: the later of the last edition's and its own. */
static Entry *change_entry(const Site *site, const StetDifference *change, const char *last_day)
{
	Entry *entry = g_new0(Entry, 1);
	g_autofree char *name = figure_name(site, change), *before = value_text(site, change, change->before),
					*after = value_text(site, change, change->after), *row = stet_metric_row_id(change->metric, change->row);
	const StetMetric *now = stet_metrics_get(site->world->metrics, change->metric->name);
	char number[STET_NUMBER_MAX];
	g_autofree char *what = g_strdup_printf("metrics/%s/%s/%s/%s", change->metric->name, change->metric->measures[change->measure].name,
	                                        row, stet_number_text(change->after, number));
	g_autofree char *path = stet_metric_row_url(now ? now : change->metric, change->row);
	const char *hash = strchr(path, '#');
	g_autofree char *page = g_strndup(path, hash ? (gsize)(hash - path) : strlen(path)), *url = site_full_url(site, page);
	const char *word = change->kind == STET_DIFF_RESTATED ? "restated" : "moved";
	g_autofree char *own = row_day(change, last_day);
	entry->day = g_strdup(strcmp(own, last_day) > 0 ? own : last_day);
	entry->id = tag_of(site, entry->day, what);
	entry->url = g_strconcat(url, hash ? hash : "", NULL);
	entry->title = g_strdup_printf("%s: %s (%s)", name, after, word);
	g_autofree char *html = g_markup_printf_escaped("<p>%s: %s, %s before.</p>", name, after, before);
	entry->html = g_steal_pointer(&html);
	return entry;
}

static void add_changes(const Site *site, GPtrArray *entries)
{
	const GPtrArray *editions = site->world->editions;
	const StetEdition *last = editions->pdata[editions->len - 1];
	g_autoptr(StetEdition) now = stet_edition_now(site->world->metrics);
	g_autoptr(GArray) changes = stet_diff(last, now);
	g_autofree char *day = edition_day(last);
	guint n = 0;
	for (guint i = 0; i < changes->len && n < CHANGES_MAX; i++) {
		const StetDifference *change = &g_array_index(changes, StetDifference, i);
		if (change->kind != STET_DIFF_RESTATED && change->kind != STET_DIFF_MOVED)
			continue;
		Entry *entry = change_entry(site, change, day);
		entry->order = ++n;
		g_ptr_array_add(entries, entry);
	}
}

/* ---- editions ------------------------------------------------------------------------------ */

static void append_changes(const Site *site, const StetEdition *before, const StetEdition *edition, GString *html)
{
	static const struct {
		StetDiffKind kind;
		const char *word;
	} kinds[] = {{STET_DIFF_RESTATED, "restated"}, {STET_DIFF_MOVED, "moved"}, {STET_DIFF_NEW, "new"}, {STET_DIFF_GONE, "gone"}};
	g_autoptr(GArray) changes = stet_diff(before, edition);
	g_string_append_printf(html, "<p>Figures since edition %s:", stet_edition_name(before));
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		g_string_append_printf(html, "%s %u %s", i > 0 ? "," : "", count_kind(changes, kinds[i].kind), kinds[i].word);
	g_string_append(html, ".</p>");
	gboolean open = FALSE;
	for (guint i = 0, n = 0; i < changes->len && n < CHANGES_MAX; i++) {
		const StetDifference *change = &g_array_index(changes, StetDifference, i);
		if (change->kind != STET_DIFF_RESTATED && change->kind != STET_DIFF_MOVED)
			continue;
		g_autofree char *name = figure_name(site, change), *from = value_text(site, change, change->before),
						*to = value_text(site, change, change->after);
		g_autofree char *item = g_markup_printf_escaped("<li>%s: %s, %s before</li>", name, to, from);
		g_string_append(html, open ? "" : "<ul>");
		g_string_append(html, item);
		open = TRUE;
		n++;
	}
	g_string_append(html, open ? "</ul>" : "");
}

static void add_editions(const Site *site, GPtrArray *entries)
{
	const GPtrArray *editions = site->world->editions;
	for (guint i = 0; i < editions->len; i++) {
		const StetEdition *edition = editions->pdata[i];
		const char *name = stet_edition_name(edition);
		Entry *entry = g_new0(Entry, 1);
		g_autofree char *slug = stet_slug(name), *path = g_strdup_printf("editions/%s/", slug), *what = g_strconcat("editions/", name, NULL);
		const StetPlan *page = site_plan_at(site, path);
		GString *html = g_string_new(NULL);
		g_string_append_printf(html, "<p>%u metrics. SHA-256 of the ledger: %s</p>", stet_edition_count(edition), stet_edition_hash(edition));
		if (i > 0)
			append_changes(site, editions->pdata[i - 1], edition, html);
		*entry = (Entry){.day = edition_day(edition), .html = g_string_free(html, FALSE), .url = site_full_url(site, page ? path : "")};
		entry->title = page ? g_strdup(page->title) : g_strdup(name);
		entry->id = tag_of(site, entry->day, what);
		g_ptr_array_add(entries, entry);
	}
}

/* ---- writing ------------------------------------------------------------------------------- */

/* The newest first. */
static int compare_entries(gconstpointer a, gconstpointer b)
{
	const Entry *x = *(Entry *const *)a, *y = *(Entry *const *)b;
	int order = strcmp(y->day, x->day);
	if (!order)
		order = (x->order > y->order) - (x->order < y->order);
	return order ? order : strcmp(x->id, y->id);
}

static void append_element(GString *out, const char *name, const char *text)
{
	g_autofree char *escaped = g_markup_escape_text(text, -1);
	g_string_append_printf(out, "<%s>%s</%s>\n", name, escaped, name);
}

static const char *feed_language(const Site *site)
{
	return site->world->project->locale ? stet_locale_tag(site->world->project->locale) : "en";
}

static void write_atom(Site *site, const GPtrArray *entries)
{
	const StetSite *of = &site->world->project->site;
	g_autofree char *home = site_full_url(site, ""), *self = site_full_url(site, SITE_ATOM);
	g_autofree char *home_xml = g_markup_escape_text(home, -1), *self_xml = g_markup_escape_text(self, -1);
	GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	g_string_append_printf(out, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n", feed_language(site));
	append_element(out, "title", of->title);
	if (of->description)
		append_element(out, "subtitle", of->description);
	append_element(out, "id", home);
	g_string_append_printf(out, "<updated>%sT00:00:00Z</updated>\n", ((const Entry *)entries->pdata[0])->day);
	g_string_append_printf(out, "<link rel=\"alternate\" type=\"text/html\" href=\"%s\"/>\n", home_xml);
	g_string_append_printf(out, "<link rel=\"self\" type=\"application/atom+xml\" href=\"%s\"/>\n<author>", self_xml);
	append_element(out, "name", of->author ? of->author : of->title);
	g_string_append(out, "</author>\n<generator>stet</generator>\n");
	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];
		g_autofree char *url = g_markup_escape_text(entry->url, -1), *html = g_markup_escape_text(entry->html, -1);
		g_string_append(out, "<entry>\n");
		append_element(out, "id", entry->id);
		append_element(out, "title", entry->title);
		g_string_append_printf(out, "<updated>%sT00:00:00Z</updated>\n<link rel=\"alternate\" type=\"text/html\" href=\"%s\"/>\n", entry->day, url);
		g_string_append_printf(out, "<content type=\"html\">%s</content>\n</entry>\n", html);
	}
	g_string_append(out, "</feed>\n");
	site_emit_text(site, SITE_ATOM, "feeds", out);
}

static void append_member(GString *out, const char *before, const char *key, const char *text)
{
	g_string_append_printf(out, "%s\"%s\": ", before, key);
	stet_json_string(out, text);
}

static void write_json_feed(Site *site, const GPtrArray *entries)
{
	const StetSite *of = &site->world->project->site;
	g_autofree char *home = site_full_url(site, ""), *self = site_full_url(site, SITE_JSON_FEED);
	GString *out = g_string_new("{\"version\": \"https://jsonfeed.org/version/1.1\"");
	append_member(out, ", ", "title", of->title);
	append_member(out, ", ", "home_page_url", home);
	append_member(out, ", ", "feed_url", self);
	if (of->description)
		append_member(out, ", ", "description", of->description);
	append_member(out, ", ", "language", feed_language(site));
	if (of->author) {
		append_member(out, ", \"authors\": [{", "name", of->author);
		g_string_append(out, "}]");
	}
	g_string_append(out, ", \"items\": [");
	for (guint i = 0; i < entries->len; i++) {
		const Entry *entry = entries->pdata[i];
		append_member(out, i > 0 ? ",\n{" : "\n{", "id", entry->id);
		append_member(out, ", ", "url", entry->url);
		append_member(out, ", ", "title", entry->title);
		append_member(out, ", ", "content_html", entry->html);
		g_string_append_printf(out, ", \"date_published\": \"%sT00:00:00Z\"}", entry->day);
	}
	g_string_append(out, "\n]}\n");
	site_emit_text(site, SITE_JSON_FEED, "feeds", out);
}

void site_feeds(Site *site)
{
	if (any_edition(site) && site_extra(site, SITE_FEEDS) && !site_url(site))
		stet_diagnose(site->diags, STET_NOTE, "feed-url", (StetPlace){"templates/site.yaml", 0, 0},
		              "add the site's address: url: https://...", "no feed is written: feeds need the site's whole address");
	if (!site_has_feeds(site))
		return;
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(entry_free);
	add_editions(site, entries);
	add_changes(site, entries);
	g_ptr_array_sort(entries, compare_entries);
	write_atom(site, entries);
	write_json_feed(site, entries);
}
