/* What the files of the page stage share. */
#ifndef STET_PAGE_PRIVATE_H
#define STET_PAGE_PRIVATE_H

#include "stet/page.h"

#include <cmark.h>
#include <libxml/tree.h>

/* A value printed by Liquid leaves TOKEN_OPEN, its decimal index and TOKEN_CLOSE in the text: two
 * characters of the private use area, which Markdown and XML take for letters. */
#define TOKEN_OPEN "\xEE\x80\x80"
#define TOKEN_CLOSE "\xEE\x80\x81"

#define PAGES_FOLDER "templates/pages/"

struct StetPageSource {
	const char *file;
	const StetNode *front;
	const StetTemplate *body;
	StetHash hash;                /* of the whole text */
	const StetTemplate *title, *description, *path, *lead, *eyebrow; /* NULL where the front matter has none */
	gboolean is_html;
	const char *queries;          /* what the page's own queries begin with; NULL: it has none */
};

struct StetBook {
	const StetWorld *world;
	StetArena *arena;             /* plans and their items */
	GPtrArray *sources;           /* StetPageSource * */
	GPtrArray *documents;         /* StetDocument * of front matters */
	GPtrArray *plans;
	GHashTable *templates;        /* "layouts/page" or "name" of a partial -> StetTemplate */
	GHashTable *template_hashes;  /* the same names -> StetHash of the text */
	char **partial_names;         /* NULL-terminated, borrowed keys */
	GPtrArray *texts;             /* kept strings and blocks */
	const StetPlan **nav;
	guint n_nav;
	const char *css_path;
	GHashTable *uses;             /* metric name -> GArray of StetUse */
	GMutex index_lock;            /* guards `indexes` while pages are made */
	GHashTable *indexes;          /* StetMetric -> its rows by value, of index.c */
	GHashTable *by_url;           /* url -> StetPlan; filled with the navigation */
	GHashTable *locales;          /* tag -> StetLocale, of the languages beside the report's own */
	GHashTable *themes;           /* tag -> StetTheme whose charts speak it; none where they speak English */
	gboolean downloads[3];        /* by StetFileKind: which files each chart gets */
	gboolean data_files, cards;   /* each page has those of files.c */
	GPtrArray *letters;           /* StetValue *: the index from A to Z, a letter each, of letters.c */
	StetHash index_hash;          /* of the same */
};

typedef struct {
	StetValue value;
	StetPlace place;
} Printed;

/* The making of one page (or of a plan's titles, then `page` is NULL). */
typedef struct {
	const StetBook *book;
	const StetPlan *plan;
	StetPen *pen;
	StetDiagnostics *diags;
	StetArena *arena;
	StetPage *page;
	GArray *printed;              /* of Printed, by token */
	GPtrArray *slots;             /* char *: markup of components, by slot number */
	StetOutput *output;           /* of the body, for places */
	char *root;                   /* relative prefix to the site's root: "../../" */
	GHashTable *ids;              /* every id so far */
	GHashTable *awaited_ids;      /* registered already, their elements yet to come by in the tree */
	GHashTable *metric_uses;      /* metric name -> count */
	GPtrArray *toc;               /* TocEntry * in the arena */
	GHashTable *reads;            /* char *: "kind name" of all that was read; NULL while planning */
	const StetMetric *last_read;  /* noted already: rows are read by the thousand */
	GPtrArray *notes;             /* footnotes, of notes.c */
	GPtrArray *restated;          /* what is said of restated figures (arena), each once; NULL: there are none */
	guint n_notes;                /* referred to so far */
	GHashTable *labels;           /* id -> "Figure 3" (arena) */
	guint n_labels[2];            /* by Label */
	gboolean numbered;            /* captions show their numbers */
	const char *last_data;        /* latest period of the metrics shown, canonical (arena) */
	guint words;                  /* of the content */
	GString *data;                /* rows of charts and tables as JSON, of files.c */
} Maker;

typedef struct {
	guint level;
	const char *title, *id;
} TocEntry;

/* ---- reads.c: what a page was made from ---- */
/* Everything a page's bytes can depend on is noted when it is read, under a kind that stet_book_hash knows.
 * Whoever lets templates or components see something new notes it here, or pages go stale. `name` may be NULL. */
void note_read(Maker *maker, const char *kind, const char *name);
void note_metric(Maker *maker, const StetMetric *metric);
/* The reads as the page keeps them, sorted. */
GPtrArray *list_reads(const Maker *maker);
/* ---- values.c: texts, lists and maps built up ---- */
#define MAP_KEYS_MAX 16

typedef struct {
	const char *keys[MAP_KEYS_MAX];
	StetValue values[MAP_KEYS_MAX];
	guint n;
} MapBuilder;

gboolean key_is(StetText key, const char *name);
StetValue text_or_nil(const char *text);
void map_add(MapBuilder *map, const char *key, StetValue value);
StetValue map_end(const MapBuilder *map, StetArena *arena);
StetValue texts_value(StetArena *arena, const char *const *texts, guint n);

/* Adds what an item of `foreach` is to the hash of its plan; of objects.c. */
void hash_item(StetHasher *hasher, const StetValue *item);
/* Notes what an item rests on beyond its own text. */
void note_item(Maker *maker, const StetValue *item);

#define STET_LANGUAGES_MAX 64

/* ---- host.c: the host of page templates ---- */
const StetHost *host_for(Maker *maker, gboolean tokens, StetHost *host);
extern const StetFilterEntry page_filters[];
/* The form of an origin that belongs to a word, not a figure; compared by address. */
extern const char word_form[];
/* What a reader sees of a value (arena). */
const char *display_value(Maker *maker, const StetValue *value);
/* Text with its tokens replaced by what a reader sees (arena). */
const char *resolve_tokens(Maker *maker, StetText text);
/* Reads a token at `p`: its index, and the end in `*after`. FALSE if there is none. */
gboolean read_token(const char *p, const char *end, guint *index, const char **after);
/* The value an object stands for, or the value itself. */
StetValue plain_value(StetRender *render, const StetValue *value);
/* Renders a small template (title, path) to text without markup (arena); NULL on error. */
const char *text_of_template(Maker *maker, const StetTemplate *t, guint n, const char *const *names, const StetValue *values);

/* ---- objects.c: what templates see of the world ---- */
typedef struct {
	const StetBook *book;
	const StetMetric *metric;
	guint measure;
	gsize n;
	const gsize *rows;            /* ascending */
	gboolean narrowed;            /* by a filter: no longer the whole metric */
	guint missed_column;          /* where no row is left: the condition that none met... */
	const char *missed;           /* ...and its text, or NULL */
} Selection;

extern const StetClass selection_class, row_class;
/* TRUE and the selection if the value is one (a row is a selection of one). */
gboolean as_selection(StetRender *render, const StetValue *value, Selection *out);
StetValue selection_value(StetArena *arena, const Selection *selection);
StetValue metric_value(const StetBook *book, StetArena *arena, const StetMetric *metric);
/* One measure of one row, with unit and origin; nil if missing. */
/* Decimals of a form's value: amounts of the measure as the measure's own, -1 the unit's habit. */
int derived_display(const StetMeasure *measure, const char *form);
StetValue figure_value(StetArena *arena, const StetMetric *metric, guint measure, gsize row);
StetValue metrics_value(const StetBook *book);
/* Name, title and address of a metric. */
StetValue metric_link(StetArena *arena, const StetMetric *metric);
/* ---- claims.c ---- */
StetValue claims_value(const StetBook *book);
StetValue claim_value(const StetBook *book, const StetClaim *claim);
/* A number of the claim's - value, upper, actual - as a figure that leads to it; nil where it is NaN. */
StetValue claim_number(StetArena *arena, const StetClaim *claim, double number);
/* The claim a value stands for, or NULL. */
const StetClaim *as_claim(const StetValue *value);
/* ---- datasets.c ---- */
StetValue datasets_value(const StetBook *book);
/* The list of the page's restated figures, at the end of its content. */
void append_restatements(Maker *maker, xmlNode *root);
/* What a restated cell was before, and why it changed (g_free); NULL: it is as published. */
char *restatement_note(Maker *maker, const StetMetric *metric, guint measure, gsize row);
StetValue dataset_value(const StetBook *book, const StetDataset *dataset);
StetValue dataset_row_value(StetArena *arena, const StetDataset *dataset, gsize row);
/* The same for an item that is a dataset or a row of one; nothing for others. */
void hash_dataset_value(StetHasher *hasher, const StetValue *value);
/* ---- editions.c ---- */
StetValue changes_value(const StetBook *book);
StetValue editions_value(const StetBook *book);
StetValue edition_value(const StetEdition *edition);
/* What pointing at a figure tells: its form's formula, or what it was before (g_free); NULL: nothing. */
char *figure_note(Maker *maker, const StetValue *value, gboolean *restated);
/* Whole; the head has no columns and costs nothing. NULL if there is none. */
const StetDataset *book_dataset(const StetBook *book, const char *name);
/* Rows that did not pass a check of a dataset; `node` is its description. */
gsize check_failures(const StetBook *book, const StetNode *node);
/* What a dataset was held against and what became of it: a property of its object. FALSE: it is none of these. */
gboolean validation_get(const StetBook *book, const StetDataset *dataset, StetText key, StetRender *render, StetValue *out);
const StetDataset *book_dataset_head(const StetBook *book, const char *name);
/* Names and values every template of a page starts with; returns their number (at most GLOBALS_MAX). */
#define GLOBALS_MAX 16
guint page_globals(Maker *maker, const char *names[GLOBALS_MAX], StetValue values[GLOBALS_MAX]);

/* ---- scenarios.c ---- */
#define SCENARIOS_MAX 32
/* Scenarios whose values stand beside those of a metric's rows, each in a column of its name. */
typedef struct {
	guint n;
	const StetScenario *scenarios[SCENARIOS_MAX];
	const StetMetric *metrics[SCENARIOS_MAX];
	const char *base;             /* title of the report as it stands */
} Beside;
/* The metric under the block's `scenario`, if it names one. FALSE after a diagnostic. */
gboolean scenario_choose(Maker *maker, const StetNode *spec, const StetMetric **metric);
/* The block's `scenarios` (true, or names). FALSE after a diagnostic. */
gboolean scenarios_beside(Maker *maker, const StetNode *spec, const StetMetric *metric, Beside *beside);
/* The values of a row's measure in each scenario; cells of rows that are not there are left alone. */
void scenario_cells(const Beside *beside, const StetMetric *metric, guint measure, gsize row, StetCell *cells);
/* The scenarios that reach the metric; NULL: all, the report as it stands among them. */
StetValue scenarios_value(const StetBook *book, StetRender *render, const StetMetric *metric);
extern const StetClass scenarios_class;

/* ---- queries.c: SQL that stands in pages ---- */
#define QUERY_NAME_MAX 32
#define FOREACH_QUERY "foreach" /* the name of a page's `foreach: {sql: ...}` */
/* What the names of a page's queries begin with, or NULL where it has none (g_free). */
char *page_queries(const StetMetrics *metrics, const char *file);
/* The name in a fence's info string "sql NAME". FALSE if it is another. */
gboolean sql_fence_name(const char *info, char name[QUERY_NAME_MAX]);
/* A metric as the page names it: its own query first. NULL if there is none. */
const StetMetric *find_metric(const Maker *maker, const char *name);
void report_metric(Maker *maker, StetPlace place, const char *name);

/* ---- book.c ---- */
/* Keeps a text as long as the book; takes it. */
char *book_keep(StetBook *book, char *text);
/* The length of a leading `---` block with both its lines, and what stands between them. 0: none. */
gsize front_matter(StetText text, StetText *inner);

/* ---- data.c: the rows a component asks for ---- */
typedef struct {
	const StetMetric *metric;     /* NULL: a dataset's rows */
	const StetDataset *dataset;
	guint measure;
	StetTable *table;             /* chosen rows, chosen columns; free with stet_table_free */
	StetChartColumn *columns;     /* arena, parallel to the table's */
	const gsize *rows;            /* arena: row of the metric behind each row of the table */
	const gsize *cells;           /* arena: where it was pivoted, row of the metric behind each cell, or G_MAXSIZE */
	StetPlace place;
	const StetNode *spec;
} ComponentData;
/* Reads metric/dataset, where, at, from, to, measure of a component's YAML. FALSE after a diagnostic. */
gboolean component_data(Maker *maker, const StetNode *spec, gboolean one_measure, ComponentData *data);
void component_data_clear(ComponentData *data);
/* "Source: ..." line with links and downloads, appended as markup. */
void component_source(Maker *maker, const ComponentData *data, const char *extra, GString *out);
void use_metric(Maker *maker, const StetMetric *metric);

/* ---- components ---- */
/* Appends the component's markup; FALSE after a diagnostic. */
gboolean component_chart(Maker *maker, const StetNode *spec, GString *out);
gboolean component_table(Maker *maker, const StetNode *spec, GString *out);
gboolean component_figures(Maker *maker, const StetNode *spec, GString *out);
/* A plain table of `data`, as tables and the tables under charts have it. */
typedef struct {
	const char *caption;          /* or NULL */
	gsize limit;                  /* rows shown */
	gboolean anchors;             /* rows have their ids */
} TableFrame;
/* The same with the options of a ```table block. */
void write_table_with(Maker *maker, const ComponentData *data, const StetNode *spec, const TableFrame *frame, GString *out);
/* "The first 60 of 1,200 rows". */
void append_rows_left(Maker *maker, gsize shown, gsize all, GString *out);
gboolean is_number_column(const StetTableColumn *column);
void write_table(Maker *maker, const ComponentData *data, const char *caption, gsize limit, gboolean anchors, GString *out);
/* Turns the data of a chart into the table that reads as it does: one row a value of x, one column a
 * series. Left as it is where that would lose a value. Afterwards its rows are no rows of the metric. */
void chart_table(Maker *maker, const StetNode *spec, ComponentData *data);
/* Text escaped for markup, appended. */
void append_escaped(GString *out, const char *text);
/* Attribute or text of a site-relative url ("metrics/hhi/", "#x" allowed), relative to the page. */
void append_link(Maker *maker, GString *out, const char *url);
/* stet_slug for names of files and ids: at most SLUG_MAX bytes, longer ones cut and hashed (g_free). */
#define SLUG_MAX 80
char *short_slug(const char *text);
/* An id not yet on the page, from `wanted` (arena); remembered. */
const char *fresh_id(Maker *maker, const char *wanted);
/* A diagnostic where an id that the author chose is taken. */
void check_id(Maker *maker, const char *id, StetPlace place);
/* Notes an id that stands in markup; a diagnostic where it is taken. */
void written_id(Maker *maker, const char *id, StetPlace place);
/* Rows on a metric's own page (builtin/pages/metric.md): figures of later ones link to the page alone. */
#define METRIC_ROWS_SHOWN 200
/* Metric page row: "metrics/hhi/#row-2025q4" (g_free). */
char *origin_url(const StetOrigin *origin);

gboolean component_timeline(Maker *maker, const StetNode *spec, GString *out);
/* Index of a column by name ("value": the measure), or -1 after a diagnostic. */
int known_column(Maker *maker, const ComponentData *data, const char *name, StetPlace place);
/* Opens a table in its scrolling frame; `caption` may be NULL. */
void open_table(Maker *maker, const char *caption, GString *out);
/* A ```csv block's table. */
gboolean block_csv(Maker *maker, const char *info, const char *literal, StetPlace place, GString *out);

/* ---- catalogue.c: words stet puts on pages, in the page's language ---- */
const char *say(const Maker *maker, const char *key);
/* With texts in place of its %s (g_free); `second` may be NULL. */
char *say_with(const Maker *maker, const char *key, const char *first, const char *second);
/* NULL if there is no such key. */
const char *catalogue_text(const StetLocale *locale, const char *key);
const char *language_name(const StetLocale *locale);
const char *const *catalogue_keys(void);
const StetLocale *maker_locale(const Maker *maker);
enum { EN, DE, FR, ES, JA, AR, N_LANGUAGES };

/* A text of stet's own in each language. */
typedef struct {
	const char *key, *texts[N_LANGUAGES];
} CatalogueEntry;

extern const CatalogueEntry catalogue_pages[]; /* of catalogue_pages.c */
extern const guint n_catalogue_pages;

/* What charts say in a language, of catalogue_charts.c; NULL where it is the English, or an unknown key. */
const char *chart_sentence(const char *tag, const char *key);
/* A copy of the theme whose charts speak a language; `words` are site.yaml's, or NULL. */
StetTheme *theme_in(const StetTheme *theme, const StetNode *words, const char *tag, StetDiagnostics *diags);
/* The theme in the language of a page (NULL: the report's own). */
const StetTheme *book_theme(const StetBook *book, const char *language);

/* ---- labels.c: numbers of figures and tables, references to them ---- */
typedef enum { LABEL_FIGURE, LABEL_TABLE } Label;
/* Numbers what is to have the id `wanted` and remembers the number for references. Returns the id. */
const char *register_label(Maker *maker, const char *wanted, Label kind);
/* "<span class=figure-number>Figure 3</span> " where the page numbers its figures. */
void append_number_of(Maker *maker, Label kind, const char *id, GString *out);
/* "#fig:share" and "#share" mean the element "share". */
const char *reference_target(const char *href);
/* Fills the references of a finished tree. */
void fill_references(Maker *maker, xmlNode *root);

/* ---- files.c: what comes with a page ---- */
/* A file of the page; takes both. */
void add_asset(Maker *maker, char *path, GBytes *bytes);
/* The path of a file in the page's folder: "platforms/azure/share.csv" (g_free). */
char *path_beside(const Maker *maker, const char *name, const char *extension);
/* Links to the data of a chart or table, named `wanted`: files of its own, or the metric's where it shows all. */
void append_data_links(Maker *maker, const ComponentData *data, const char *kind, const char *wanted, const char *title, GString *links);
/* The page's first chart is its card. */
void add_chart_card(Maker *maker, const StetChart *chart, const StetChartData *data, const char *title);
void end_files(Maker *maker);

/* ---- letters.c: the index from A to Z ---- */
StetValue letters_value(const StetBook *book);

/* ---- index.c: rows found by value; from any thread, borrowed from the book ---- */
void indexes_init(StetBook *book);
void indexes_clear(StetBook *book);
/* 0, 1, 2...: the same array for every call on one metric. */
const gsize *all_rows(const StetBook *book, const StetMetric *metric);
/* The text in a metric's column that is most like `text` (g_free), or NULL. */
char *nearest_text(const StetMetric *metric, guint column, const char *text);
/* The rows, ascending, whose cell in `column` has this canonical text. */
const gsize *rows_where(const StetBook *book, const StetMetric *metric, guint column, const char *text, gsize *n);

/* ---- tags.c ---- */
extern const StetTagEntry page_tags[];
void append_token(Maker *maker, StetValue value, StetPlace place, GString *out);

/* ---- pipes.c, notes.c, blocks.c: what stet adds to CommonMark ---- */
#define MARKDOWN_OPTIONS (CMARK_OPT_UNSAFE | CMARK_OPT_SOURCEPOS | CMARK_OPT_VALIDATE_UTF8)
void pipe_tables(Maker *maker, cmark_node *document, StetText text);
/* A paragraph that is one image with a title, or with options behind it, becomes a figure. */
void image_figure(Maker *maker, cmark_node *paragraph);
/* The text without its footnotes' definitions, which are remembered (g_free). */
char *take_notes(Maker *maker, StetText text);
void note_references(Maker *maker, cmark_node *document);
void append_notes(Maker *maker, GString *out);

/* ---- lint.c ---- */
/* Holds the content against the editorial rules. */
void lint_page(Maker *maker, xmlNode *root);

/* ---- markdown.c ---- */
/* Renders Markdown (with tokens) to an XML fragment; components become slots (g_free). */
char *markdown_to_xml(Maker *maker, StetText text);

/* ---- dom.c ---- */
/* The author's place of an element of the content. */
StetPlace node_place(Maker *maker, const xmlNode *node);
/* Parses a fragment or a whole layout. `place_of` maps a line of `text` to the author's. */
typedef StetPlace (*PlaceOf)(Maker *maker, guint line, gpointer data);
xmlDoc *parse_markup(Maker *maker, const char *text, gsize length, PlaceOf place_of, gpointer data);
/* Values into tokens, links made relative and collected, ids and headings. */
void finish_dom(Maker *maker, xmlDoc *doc, gboolean is_content);
/* HTML of the tree, slots filled. `content` takes the place of slot "content". */
void serialise(Maker *maker, xmlNode *root, xmlNode *content, GString *out);

#endif
