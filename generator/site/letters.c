/* The index from A to Z: every page and every term of the glossary, in the order of the site's language. It does
 * without a script what the search does with one. */
#include "site/private.h"

#include <string.h>

#define ONE_PAGE_MAX 1500 /* entries of an index that stands on one page; a larger one has a page a letter */

typedef struct {
	const StetLocale *locale;
	GArray *entries; /* of StetIndexEntry; texts are the site's */
} Gathering;

static void add_entry(Site *site, Gathering *to, const char *title, const char *url, const char *note)
{
	g_autofree char *letter = stet_locale_letter(to->locale, title);
	StetIndexEntry entry = {site_keep(site, letter), site_keep(site, title), site_keep(site, url), note};
	g_array_append_val(to->entries, entry);
}

static const char *note_of(const Site *site, const StetPlan *plan)
{
	return plan->metric    ? stet_book_word(site->book, NULL, "metrics")
		   : plan->dataset ? stet_book_word(site->book, NULL, "datasets")
						   : plan->section;
}

/* Terms stand on the built-in page; an author's own glossary has ids of its own. */
static void add_terms(Site *site, Gathering *to)
{
	const StetProject *project = site->world->project;
	const StetPlan *page = site_plan_at(site, "glossary/");
	const StetDataset *terms = NULL;
	if (!page || !g_str_has_prefix(page->file, "built-in/"))
		return;
	for (guint i = 0; i < project->n_resources; i++)
		if (strcmp(project->resources[i].name, "glossary") == 0 && site->world->datasets[i])
			terms = stet_world_dataset(site->world, i);
	for (guint c = 0; terms && c < terms->n_columns; c++)
		for (gsize row = 0; strcmp(terms->columns[c].name, "term") == 0 && row < terms->rows; row++) {
			g_autofree char *term = stet_dataset_cell_text(terms, c, row);
			g_autofree char *id = term ? stet_slug(term) : NULL, *url = term ? g_strconcat("glossary/#", id, NULL) : NULL;
			if (term)
				add_entry(site, to, term, url, page->title);
		}
}

static int compare_entries(gconstpointer a, gconstpointer b, gpointer data)
{
	const StetIndexEntry *x = a, *y = b;
	/* What has no letter comes last. */
	int order = (strcmp(x->letter, "#") == 0) - (strcmp(y->letter, "#") == 0);
	if (!order)
		order = stet_locale_compare(data, x->letter, y->letter);
	if (!order)
		order = stet_locale_compare(data, x->title, y->title);
	return order ? order : strcmp(x->url, y->url);
}

/* A note is for titles that more than one page has. */
static void drop_notes(GArray *entries)
{
	StetIndexEntry *list = (StetIndexEntry *)(gpointer)entries->data;
	gboolean like_last = FALSE;
	for (guint i = 0; i < entries->len; i++) {
		gboolean like_next = i + 1 < entries->len && strcmp(list[i].title, list[i + 1].title) == 0;
		if (!like_last && !like_next)
			list[i].note = NULL;
		like_last = like_next;
	}
}

/* The second page of a list has nothing the first has not. */
static gboolean is_entry(const StetPlan *plan)
{
	return site_is_listed(plan) && *plan->title && !(plan->previous && g_strcmp0(plan->item_name, "paginator") == 0);
}

gboolean site_gather_letters(Site *site)
{
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(StetIndexEntry));
	Gathering to = {site->world->project->locale, entries};
	for (guint i = 0; i < site->plans->len; i++) {
		const StetPlan *plan = site->plans->pdata[i];
		if (is_entry(plan))
			add_entry(site, &to, plan->title, plan->url, note_of(site, plan));
	}
	add_terms(site, &to);
	g_array_sort_with_data(entries, compare_entries, (gpointer)to.locale);
	drop_notes(entries);
	stet_book_set_index(site->book, (const StetIndexEntry *)(gpointer)entries->data, entries->len);
	return entries->len <= ONE_PAGE_MAX;
}
