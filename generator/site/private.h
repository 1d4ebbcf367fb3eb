/* What the files of the site stage share. */
#ifndef STET_SITE_PRIVATE_H
#define STET_SITE_PRIVATE_H

#include "stet/site.h"

#define SITE_PAGES_MAX 1000000 /* pages of one report */
#define SITE_SECTIONS_MAX 5000 /* pages of a site that gets a sections.json */

/* One file of out/: expected before the pages are made, so that links can be held against it. */
typedef struct {
	const char *path, *from; /* `from`: the report's file it comes from */
	StetHash hash;
	guint64 bytes;
	gboolean written;
} SiteFile;

/* A link that could not be judged when its page was made. */
typedef struct {
	const char *path, *fragment; /* fragment may be NULL */
	StetPlace place;
} SiteLink;

typedef struct {
	guint metric, count; /* index of the metric; figures, charts and tables that show it */
} SiteUse;

/* Why a page was made, or that it was not. Numbers are kept on disk. */
typedef enum {
	SITE_KEPT,
	SITE_MADE_FIRST,   /* no build is remembered, or all was asked for */
	SITE_MADE_PROGRAM, /* another program, or other settings of it */
	SITE_MADE_NEW,     /* the page was not there */
	SITE_MADE_PLAN,    /* its own text, title, address or item */
	SITE_MADE_READS,   /* something else it was made from: see `changed` */
	SITE_MADE_FILES    /* its files in out/ are gone or were touched */
} SiteReason;

/* What is kept of a page once its text has gone to the sink. */
typedef struct {
	const char *path;
	StetHash plan;
	SiteReason reason;
	GArray *changed;    /* of guint: numbers of reads, or NULL; of memory.c */
	const guint8 *body; /* as remembered; of memory.c */
	gsize body_length;
	guint8 *own_body; /* the same where the page was made by this build */
	char *ids;        /* each with its NUL, one after the other */
	gsize ids_length;
	GArray *links;  /* of SiteLink, or NULL */
	GArray *uses;   /* of SiteUse, or NULL */
	char *sections; /* its object in sections.json, or NULL */
	const char *updated; /* day of its newest content, ISO, or NULL; the site's */
	char *search;   /* its sections as search.c has them, or NULL */
	guint charts, figures;
	gboolean made;
} SitePage;

/* A page's part under one heading; the first has neither heading nor id. */
typedef struct {
	guint level;
	char *id, *title; /* either may be NULL */
	char *text;       /* in one line, without tables and charts */
} SiteSection;

/* What a publisher may do without: site.yaml's `extras`, of extras.c. */
typedef enum { SITE_SEARCH, SITE_MARKDOWN, SITE_FEEDS, SITE_CARDS, SITE_DATA, N_SITE_EXTRAS } SiteExtra;

typedef struct Memory Memory;

typedef struct {
	const StetWorld *world;
	const StetSiteOptions *options;
	Memory *memory; /* NULL: nothing is remembered */
	StetDiagnostics *diags;
	guint jobs;
	StetBook *book;
	GPtrArray *sources;  /* GBytes *: texts the book was given */
	GPtrArray *plans;    /* const StetPlan *, in the order they are made */
	SitePage *pages;     /* parallel to plans */
	GHashTable *numbers; /* path of a page -> its index + 1 */
	gboolean *plain;     /* parallel to the datasets: published by its one file as it stands */
	StetLedger *ledger;
	StetPen **pens;    /* one a worker */
	gboolean compress;            /* a FILE.gz beside each text file */
	gboolean extras[N_SITE_EXTRAS];
	const char *script; /* its path in out/ */
	guint mends;       /* broken links that were given one */
	gint *linked;      /* by plan: whether another page leads to it; NULL where nobody asks (`stet check` does) */
	guint done;        /* pages; atomic */
	gint stopped;      /* the sink wants no more; atomic */
	GMutex lock;       /* guards the two below */
	GHashTable *files; /* path -> SiteFile */
	GStringChunk *texts;
} Site;

/* ---- site.c ---- */
/* The text kept as long as the site, each once; NULL stays NULL. */
const char *site_keep(Site *site, const char *text);
/* Announces a file. FALSE and an error in the diagnostics if another already goes there. */
gboolean site_expect(Site *site, const char *path, const char *from);
gboolean site_expects(Site *site, const char *path);
/* Hands a file to the sink, announcing it where that has not been done. `hash` may be NULL: it is taken
 * of the bytes. FALSE: stop. */
gboolean site_emit(Site *site, const char *path, const char *from, GBytes *bytes, const StetHash *hash);
/* The same for a text; takes it over. */
gboolean site_emit_text(Site *site, const char *path, const char *from, GString *text);
gboolean site_stopped(const Site *site);
/* Takes a file over from the site that is in place; the sink's owner holds it. */
void site_take_over(Site *site, const char *path, const char *from, const StetHash *hash, guint64 bytes);
/* Of a file that was emitted. */
StetHash site_file_hash(Site *site, const char *path, guint64 *bytes);
/* Every file announced so far, sorted by path (SiteFile *, borrowed). */
GPtrArray *site_files(Site *site);
/* A file of the report as bytes; NULL after a diagnostic. */
GBytes *site_read(Site *site, const char *relative);

/* ---- plan.c: sources in, plans and navigation out ---- */
void site_plan(Site *site);
/* A text of this stage's own: "index.md", "stet.js" (g_bytes_unref). */
GBytes *site_own(const char *name);
/* The page at an address; NULL if there is none. */
const StetPlan *site_plan_at(const Site *site, const char *url);
/* The navigation in its order, for the book. */
GPtrArray *site_navigation(Site *site);

/* ---- letters.c ---- */
/* Gives the book its index from A to Z. FALSE: it is too long for one page. */
gboolean site_gather_letters(Site *site);

/* ---- assets.c ---- */
/* The style sheet under a name made from its content, and the report's own assets. Returns the style
 * sheet's path. */
const char *site_assets(Site *site);

/* ---- downloads.c, package.c ---- */
void site_expect_downloads(Site *site);
void site_downloads(Site *site);
/* Where a source file of a dataset is published: "datasets/a/a.csv" if it is the dataset's one `plain`
 * file, else "datasets/a/source/part-1.csv.gz" (g_free). */
char *site_source_path(const StetDataset *dataset, guint source, gboolean plain);
/* datapackage.json with its paths turned to where the site has the files. */
void site_package(const Site *site, GString *out);

/* ---- pages.c ---- */
/* All pages but the metrics' own, then those, which tell where their figures are used. */
void site_pages(Site *site);
void site_add_use(Site *site, SitePage *kept, const char *metric, guint count);

/* ---- memory.c: pages that need not be made again ---- */
void memory_open(Site *site, GBytes *bytes, const char *salt);
void memory_close(Memory *memory);
/* Takes the page over as it is where all it was made from is as it was; else FALSE, and kept->reason says
 * why. What a later module wants to know of pages that are not made again must be remembered here. */
gboolean memory_recall(Site *site, guint index);
/* Remembers a page whose files were emitted, and what was said of it; its figures go to the ledger. */
void memory_store(Site *site, guint index, const StetPage *page, StetDiagnostics *diags);
/* Whether a file of the last site, and its compressed twin where it should have one, can be taken over. */
gboolean memory_holds(const Site *site, const char *path, guint64 bytes);
/* The same for a file that is no page's, made from `read` alone (as stet_book_hash knows it). FALSE: it must be
 * emitted. */
gboolean memory_recall_file(Site *site, const char *path, const char *from, const char *read);
/* Whether the last build published a file at `path` that was made from `read` as it is now. */
gboolean memory_had_file(Site *site, const char *path, const char *read);
/* What a page was made from, sorted (const char *; g_ptr_array_unref). */
GPtrArray *memory_reads(Site *site, guint index);
/* Remembers a file that goes with another: a compressed twin. */
void memory_note_file(Site *site, const char *path);
void memory_take_twin(Site *site, const char *path, const char *from);
GBytes *memory_write(Site *site, const char *salt);

/* ---- links.c ---- */
/* Judges what it can of a page's links and ids at once; keeps the rest in `kept`. */
void site_take_links(Site *site, const StetPage *page, SitePage *kept);
/* One link of a page that has the ids `own` (site_id_set). Its texts are the site's. */
void site_take_link(Site *site, const SiteLink *link, GHashTable *own, SitePage *kept);
/* The page's ids as a set that borrows them. */
GHashTable *site_id_set(const SitePage *kept);
/* Judges the rest when all pages are made. */
void site_check_links(Site *site);

/* ---- reader.c ---- */
/* The sections of a finished page (SiteSection *), at level 2 and 3; the opening first. */
GPtrArray *site_read_sections(GBytes *html);
void site_section_free(gpointer section);

/* ---- structured.c ---- */
/* The page with its schema.org description in its head. */
GBytes *site_add_structured(Site *site, const StetPlan *plan, GBytes *html, const GPtrArray *sections, const char *card);
/* The plan's hash with that of what this stage adds to the page by itself. */
StetHash site_page_hash(Site *site, const StetPlan *plan);

/* ---- head.c ---- */
typedef struct {
	const char *language; /* tag */
	const StetPlan *plan;
} SiteAlternate;
/* The page in each language it exists in, itself among them (of SiteAlternate); empty where there is but one. */
GArray *site_alternates(const Site *site, const StetPlan *plan);
/* The elements for a page's head. `card`: the picture that a link to it shows, its path in out/, or NULL. */
void site_head(const Site *site, const StetPlan *plan, const char *card, GString *out);
/* Where a page's text as Markdown lies: "metrics/hhi/index.md"; NULL: it has none (g_free). */
char *site_twin_path(const StetPlan *plan);

/* ---- feeds.c ---- */
#define SITE_ATOM "feed.xml"
#define SITE_JSON_FEED "feed.json"
gboolean site_has_feeds(const Site *site);
void site_feeds(Site *site);

/* ---- markdown.c ---- */
/* The text of a finished page as Markdown; NULL: it has no <main> (g_string_free). */
GString *site_markdown(GBytes *html);

/* ---- extras.c ---- */
/* Reads site.yaml's `extras`. Without it a site has them all, but a large one those alone that do not multiply
 * its files. Call when the pages are planned. */
void site_read_extras(Site *site);
gboolean site_extra(const Site *site, SiteExtra extra);

/* ---- script.c ---- */
/* Writes the script under a name made from its content; returns its path. */
const char *site_script(Site *site);

/* ---- tokens.c ---- */
typedef void (*SiteToken)(const char *word, gsize length, gpointer data);
/* Calls `token` with each word of `text`; a word that comes twice is told twice. */
void site_tokens(const char *text, SiteToken token, gpointer data);

/* ---- search.c, figures.c ---- */
/* What the search keeps of a page (g_free). */
char *site_search_text(const GPtrArray *sections);
/* All of search/ but the metrics' figures. */
void site_search(Site *site);
gboolean site_has_figures(const Site *site, const StetMetric *metric);
/* A metric's series by the file that has them: the last row of each (GArray of gsize; g_ptr_array_unref). */
GPtrArray *site_figure_files(const StetMetric *metric);
void site_write_figures(Site *site, const StetMetric *metric);

/* ---- readers.c ---- */
/* Whether the site is small enough for sections.json. */
gboolean site_has_sections(const Site *site);
char *site_sections_json(const StetPlan *plan, const GPtrArray *sections);
/* llms.txt and sections.json. */
void site_readers(Site *site, const GPtrArray *nav);

/* ---- hosting.c ---- */
/* Reads site.yaml's `hosting` and writes the headers it asks for. Call before anything else is emitted. */
void site_hosting(Site *site);
gboolean site_is_compressed(const Site *site, const char *path, guint64 bytes);
GBytes *site_compress(GBytes *bytes);

/* ---- indexes.c ---- */
/* The site's own address, or NULL. */
const char *site_url(const Site *site);
/* The whole address of `path`, percent-encoded (g_free). Only where site_url has one. */
char *site_full_url(const Site *site, const char *path);
/* Whether a page is for readers to find: the page for lost ones is not. */
gboolean site_is_listed(const StetPlan *plan);
/* Whether it also has something to say by itself: the index from A to Z has not. */
gboolean site_is_text(const StetPlan *plan);
void site_expect_indexes(Site *site);
/* robots.txt, sitemap.xml, ledger.json, and last manifest.json. */
void site_indexes(Site *site);

#endif
