/* page: Markdown, layouts and components in, a checked page out.
 *
 * In:     a page's source (front matter, Markdown, Liquid), layouts, metrics, charts. Out: StetPage.
 * Owns:   StetBook owns what all pages share - layouts, sources, plans; a page owns its HTML, assets,
 *         figures and links.
 * Threads: a book is filled by one thread (sources, plans, navigation, uses) and const while pages are
 *         made; one page is made by one thread, with that thread's StetPen.
 *
 * Liquid runs first and leaves a token where a value is printed; cmark and libxml2 parse the text;
 * only then do the values take their tokens' places, as text nodes or attribute values, so data can
 * never become markup.
 *
 *     StetBook *book = stet_book_new(&world, diags);
 *     const StetPageSource *source = stet_book_add_source(book, "templates/pages/index.md", text, diags);
 *     stet_book_plan(book, source, plans, diags);
 *     StetPage *page = stet_page_make(book, plans->pdata[0], pen, diags);
 */
#ifndef STET_PAGE_H
#define STET_PAGE_H

#include "stet/chart.h"
#include "stet/template.h"

/* What all pages of a build rest on; borrowed by the book. */
typedef struct {
	const StetProject *project;
	const StetMetrics *metrics;
	StetDataset *const *datasets; /* parallel to project->resources; NULL where a load failed */
	const StetTheme *theme;
	const GPtrArray *editions;    /* StetEdition *, published ones, oldest first; NULL: there are none */
	const GPtrArray *checks;      /* StetCheck *, of the datasets, as they ran; NULL: all passed */
	gboolean lint;                /* the editorial rules are checked too (`stet check`) */
	/* Where this is set, `datasets` may hold heads: resource, sources and row counts, but no columns. It
	 * gives the whole dataset, loading it if need be; from any thread. NULL after a diagnostic. */
	const StetDataset *(*whole)(guint index, gpointer data);
	gpointer whole_data;
} StetWorld;

/* The dataset with its columns. Whoever reads cells, columns or summaries must ask for it in this way. */
const StetDataset *stet_world_dataset(const StetWorld *world, guint index);

/* Tells the metric stage of the queries that stand in templates/pages: ```sql NAME blocks and
 * `foreach: {sql: ...}`. Call after stet_metrics_load, before stet_metrics_restore. */
void stet_queries_collect(const StetProject *project, StetMetrics *metrics, StetDiagnostics *diags);

typedef struct StetBook StetBook;
/* Parses every layout and partial: the report's own first, then the built-in ones. */
StetBook *stet_book_new(const StetWorld *world, StetDiagnostics *diags);
void stet_book_free(StetBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetBook, stet_book_free)

/* A text built into stet: "pages/metric.md", "assets/stet.css". NULL if there is none (g_bytes_unref). */
GBytes *stet_builtin(const char *name);
/* Names of the built-in texts in `folder` ("pages"), sorted (g_strfreev). */
char **stet_builtin_list(const char *folder);

/* ---- planning ------------------------------------------------------------------------------ */

/* A page's file: front matter and body, parsed. Owned by the book. */
typedef struct StetPageSource StetPageSource;

/* `file` is the author's ("templates/pages/faq.md") or "built-in/metric.md". NULL on error. */
const StetPageSource *stet_book_add_source(StetBook *book, const char *file, StetText text, StetDiagnostics *diags);

/* One page to be made. Texts are owned by the book. */
typedef struct StetPlan StetPlan;
struct StetPlan {
	const StetPageSource *source;
	const char *file;             /* of its source */
	const char *url;              /* "metrics/hhi/"; "" for the home page; "404.html" */
	const char *title, *description;
	const char *section;          /* group in the navigation; NULL: the top level */
	const char *nav_title;
	double order;
	gboolean in_nav;
	gboolean alone;               /* its front matter says why nothing leads to it */
	gboolean draft;
	const char *metric;           /* name of the metric whose own page this is, or NULL */
	const char *dataset;
	const char *language;         /* tag of the language whose folder it lies in; NULL: the report's own */
	const StetPlan *previous, *next; /* among the pages of one `foreach` or list */
	const char *item_name;        /* what the template calls its item, or NULL */
	StetValue item;
};

/* Adds the page, or with `foreach` the pages, of a source to `plans` (StetPlan *, owned by the book). */
gboolean stet_book_plan(StetBook *book, const StetPageSource *source, GPtrArray *plans, StetDiagnostics *diags);

/* The navigation: plans with in_nav, in the order to be shown. Borrowed. `css_path` is the style sheet's
 * path in out/. */
void stet_book_set_nav(StetBook *book, const GPtrArray *plans, const char *css_path);

/* A page that shows a metric's figures or charts, for 'where used' on the metric's page. */
typedef struct {
	const char *title, *url;
	guint count;
} StetUse;
/* Told before the metric pages are made; `uses` is copied. */
void stet_book_set_uses(StetBook *book, const char *metric, const StetUse *uses, guint n);

/* An entry of the index from A to Z: a page, or a term of one. */
typedef struct {
	const char *letter, *title, *url; /* url: "metrics/hhi/", "glossary/#hhi" */
	const char *note;                 /* tells entries of one title apart, or NULL */
} StetIndexEntry;
/* Told once all other pages are planned, in the order to be shown, entries of a letter side by side; copied.
 * Templates see it as `index`, a list of {letter, id, entries}; `foreach: {each: letters}` makes a page a letter. */
void stet_book_set_index(StetBook *book, const StetIndexEntry *entries, guint n);

/* Which files come with each page: CSV and JSON of its charts and tables; a picture for links shown elsewhere. */
void stet_book_set_files(StetBook *book, gboolean data, gboolean cards);
/* Whether texts in CSV files that a spreadsheet would take for formulas are guarded: site.yaml's `formula_guard`. */
gboolean stet_book_guards(const StetBook *book);

/* A word that stet itself puts on pages ("search") in a language ("de"; NULL: the report's), as site.yaml's
 * `words` or the catalogue has it. */
const char *stet_book_word(const StetBook *book, const char *language, const char *key);
/* The former addresses of a page, from its front matter (g_strfreev). */
char **stet_plan_redirects(const StetPlan *plan);
/* Where a row of a metric is shown: "metrics/hhi/#row-2025q4", without the row where its page leaves it out
 * (g_free). */
char *stet_metric_row_url(const StetMetric *metric, gsize row);

/* ---- editorial rules ------------------------------------------------------------------------ */

/* Why a rule is one, its `*title`, and whether it may be put aside; NULL if there is no rule of that code. Some
 * faults of pages are explained too. */
const char *stet_lint_explain(const char *code, const char **title, gboolean *ignorable);
/* NULL-terminated codes of the rules. */
const char *const *stet_lint_codes(void);

/* ---- what pages are made from -------------------------------------------------------------- */

/* The plan itself - its source's text, title, address, item - as a hash. With the same hash, and the same hashes
 * of all it read when it was last made, a page comes out the same. */
StetHash stet_book_plan_hash(const StetBook *book, const StetPlan *plan);
/* The present hash of something a page read: "metric hhi", "template page"; an empty hash equals none. From
 * any thread. */
StetHash stet_book_hash(const StetBook *book, const char *read);

/* ---- pages --------------------------------------------------------------------------------- */

/* A file a page brings along: chart downloads. */
typedef struct {
	char *path;                   /* relative to out/ */
	GBytes *bytes;
} StetAsset;

/* A figure as printed. */
typedef struct {
	const StetOrigin *origin;     /* lives as long as the page */
	char *text;                   /* as shown */
	char *id;                     /* of its element on the page */
	double value;
	const char *unit;             /* or NULL */
} StetFigure;

/* A link or image inside the site. */
typedef struct {
	char *path;                   /* file in out/ it needs: "metrics/hhi/index.html" */
	char *fragment;               /* or NULL */
	StetPlace place;
} StetLink;

typedef struct {
	const char *metric;           /* name */
	guint count;                  /* figures, charts and tables that show it */
} StetMetricUse;

typedef struct {
	char *path;                   /* relative to out/: "metrics/hhi/index.html" */
	const StetPlan *plan;
	GBytes *html;
	GPtrArray *assets;            /* StetAsset * */
	GPtrArray *figures;           /* StetFigure * */
	GPtrArray *links;             /* StetLink * */
	GPtrArray *ids;               /* char *: every id on the page */
	GArray *metric_uses;          /* of StetMetricUse, sorted by name */
	guint n_charts;
	char *updated;                /* day of its newest content, ISO: its `date`, else the end of the latest period it
	                               * shows; NULL: unknown */
	char *card;                   /* picture for links shown elsewhere, its path in out/; NULL: there is none */
	gboolean synthetic;           /* shows a value that rests on synthetic data */
	GPtrArray *reads;             /* char *, sorted: what it was made from, as stet_book_hash knows it */
	StetArena *arena;             /* what the figures' origins live in */
} StetPage;

/* Where a page with this url is written: "" -> "index.html", "a/" -> "a/index.html", "404.html" (g_free). */
char *stet_url_path(const char *url);

/* Makes one page. Faults go to `diags`; NULL on error. */
StetPage *stet_page_make(const StetBook *book, const StetPlan *plan, StetPen *pen, StetDiagnostics *diags);
void stet_page_free(StetPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetPage, stet_page_free)

#endif
