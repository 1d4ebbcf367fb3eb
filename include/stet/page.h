/* page: Markdown, layouts and components in, a checked page out.
 *
 * In:     a page's source (front matter, Markdown, Liquid), layouts, metrics, charts. Out: StetPage.
 * Owns:   StetBook owns what all pages share; a page owns its DOM, texts, origins and downloads.
 * Threads: a book is const once made; one page is made by one thread, with that thread's StetPen.
 *
 * Liquid runs first and leaves a token where a value is printed; cmark and libxml2 parse the text;
 * only then do the values take their tokens' places, as text nodes or attribute values, so data can
 * never become markup.
 */
#ifndef STET_PAGE_H
#define STET_PAGE_H

#include "stet/chart.h"
#include "stet/template.h"

/* Front matter and body of one file under templates/pages, or of a page stet makes by itself. */
typedef struct StetSource_ StetPageSource;

/* What all pages of a build share. Filled by the site stage; const while pages are made. */
typedef struct {
	const StetProject *project;
	const StetMetrics *metrics;
	StetDataset *const *datasets; /* parallel to project->resources; NULL where a load failed */
	const StetTheme *theme;
	const char *css_path;         /* of the style sheet in out/ */
} StetWorld;

typedef struct StetBook StetBook;
/* Parses every layout and partial: the report's own first, then the built-in ones. */
StetBook *stet_book_new(const StetWorld *world, StetDiagnostics *diags);
void stet_book_free(StetBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetBook, stet_book_free)

/* A place in the navigation. */
typedef struct {
	const char *title, *url;      /* url relative to the site's root: "platforms/azure/" */
	const char *section;          /* groups the menu; NULL: the top level */
	double order;
} StetNavEntry;

/* One page to be made. */
typedef struct {
	const char *file;             /* of the author, or "built-in/metric.md" */
	const char *url;              /* "metrics/hhi/", "" for the home page, "404.html" */
	const char *title, *description, *layout;
	const StetNode *front;        /* whole front matter, may be NULL */
	const StetTemplate *body;
	StetValue item;               /* `page.item`: the row of a foreach, metric or dataset */
	const char *item_name;        /* what the item is called in the template, or NULL */
	StetNavEntry nav;
} StetPlan;

/* A file a page brings along: chart downloads, tables. */
typedef struct {
	char *path;                   /* relative to out/ */
	GBytes *bytes;
} StetAsset;

/* A figure as printed. */
typedef struct {
	const StetOrigin *origin;
	char *text;                   /* as shown */
	char *id;                     /* of its element on the page */
} StetFigure;

typedef struct {
	char *path;                   /* relative to out/: "metrics/hhi/index.html" */
	char *url;
	char *title;
	GBytes *html;
	GPtrArray *assets;            /* StetAsset * */
	GPtrArray *figures;           /* StetFigure * */
	GPtrArray *links;             /* StetLink * */
	GPtrArray *ids;               /* char *: every id on the page */
	guint n_charts;
	gboolean synthetic;           /* uses a figure that rests on synthetic data */
} StetPage;

typedef struct {
	char *href;                   /* as written, resolved against the page */
	StetPlace place;
} StetLink;

/* Makes one page. `nav` is the whole site's, in order. Faults go to `diags`; NULL on error. */
StetPage *stet_page_make(const StetBook *book, const StetPlan *plan, const StetNavEntry *nav, guint n_nav,
                         StetPen *pen, StetDiagnostics *diags);
void stet_page_free(StetPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetPage, stet_page_free)

#endif
