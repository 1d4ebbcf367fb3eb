/* The pages of a small report in memory, for the page stage's tests. */
#ifndef PAGE_HELP_H
#define PAGE_HELP_H

#include "metric_help.h"
#include "stet/page.h"

/* A layout that adds nothing: what stands in <main> is the page's own. */
#define HELP_BARE {"templates/layouts/page.html", "<html><body><main>{{ content }}</main></body></html>\n"}
#define HELP_END {NULL, NULL}

static gboolean help_lint; /* the editorial rules are checked too */

typedef struct {
	HelpReport report;
	StetTheme *theme;
	StetPen *pen;
	StetWorld world;
	StetBook *book;
	GPtrArray *texts;  /* sources: the book does not copy them */
	GPtrArray *plans;
	GHashTable *pages; /* url -> StetPage */
} HelpBook;

static inline void help_add_sources(HelpBook *book)
{
	g_autofree char *dir = g_build_filename(book->report.dir, "templates/pages", NULL);
	g_autoptr(GPtrArray) files = stet_files_list(dir);
	for (guint i = 0; i < files->len; i++) {
		g_autofree char *path = g_build_filename(dir, files->pdata[i], NULL);
		g_autofree char *file = g_strconcat("templates/pages/", files->pdata[i], NULL);
		gsize length = 0;
		char *text = stet_file_read(path, &length, NULL);
		g_ptr_array_add(book->texts, text);
		const StetPageSource *source = stet_book_add_source(book->book, file, (StetText){text, length}, book->report.diags);
		if (source)
			stet_book_plan(book->book, source, book->plans, book->report.diags);
	}
}

/* Writes the files, runs what metrics there are, plans and makes every page of templates/pages. */
static inline void help_book(HelpBook *book, const HelpFile *files)
{
	g_autofree char *dir = help_folder();
	help_write(dir, files);
	*book = (HelpBook){.texts = g_ptr_array_new_with_free_func(g_free), .plans = g_ptr_array_new(),
	                   .pages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)stet_page_free)};
	help_load(&book->report, dir);
	stet_queries_collect(book->report.project, book->report.metrics, book->report.diags);
	if (stet_metrics_count(book->report.metrics) > 0)
		help_run(&book->report, 1);
	const StetDataset *claims = help_dataset(&book->report, "claims");
	if (claims)
		stet_claims_check(book->report.metrics, claims, book->report.diags);
	book->theme = stet_theme_new(NULL, NULL);
	book->pen = stet_pen_new(book->theme);
	book->world = (StetWorld){.project = book->report.project, .metrics = book->report.metrics, .datasets = book->report.datasets,
	                          .theme = book->theme, .lint = help_lint};
	book->book = stet_book_new(&book->world, book->report.diags);
	help_add_sources(book);
	stet_book_set_nav(book->book, book->plans, "assets/stet.css");
	for (guint i = 0; i < book->plans->len; i++) {
		const StetPlan *plan = book->plans->pdata[i];
		StetPage *page = stet_page_make(book->book, plan, book->pen, book->report.diags);
		if (page)
			g_hash_table_insert(book->pages, g_strdup(plan->url), page);
	}
}

static inline const StetPage *help_page(const HelpBook *book, const char *url)
{
	return g_hash_table_lookup(book->pages, url);
}

static inline char *help_html(const HelpBook *book, const char *url)
{
	const StetPage *page = help_page(book, url);
	if (!page)
		return NULL;
	gsize length = 0;
	const char *html = g_bytes_get_data(page->html, &length);
	return g_strndup(html, length);
}

/* What stands in <main> of the page, without its own line ends around. */
static inline char *help_main(const HelpBook *book, const char *url)
{
	g_autofree char *html = help_html(book, url);
	const char *open = html ? strstr(html, "<main>") : NULL, *close = open ? g_strrstr(open, "</main>") : NULL;
	return close ? g_strstrip(g_strndup(open + 6, (gsize)(close - open - 6))) : NULL;
}

static inline void help_book_clear(HelpBook *book)
{
	g_hash_table_unref(book->pages);
	stet_book_free(book->book);
	g_ptr_array_unref(book->plans);
	g_ptr_array_unref(book->texts);
	stet_pen_free(book->pen);
	stet_theme_free(book->theme);
	g_autofree char *dir = g_strdup(book->report.dir);
	help_close(&book->report);
	stet_folder_remove(dir, NULL);
}

/* One page of Markdown at "x/": what it becomes, or NULL; `faults` gets the diagnostics (g_free). */
static inline char *help_markdown(const char *markdown, char **faults)
{
	HelpBook book;
	help_book(&book, (HelpFile[]){HELP_BARE, {"data/none.txt", ""}, {"templates/pages/x.md", markdown}, HELP_END});
	char *out = help_main(&book, "x/");
	*faults = help_diagnostics(&book.report);
	help_book_clear(&book);
	return out;
}

#endif
