/* chart: spec + result -> scales -> layout -> scene -> inline SVG, SVG, PNG, PDF.
 *
 * In:     a chart's YAML and a StetTable. Out: StetScene, const once laid out; then text or bytes.
 * Owns:   a chart borrows its StetNode; a scene owns all its marks and texts and borrows nothing.
 * Threads: one StetPen a thread (it holds that thread's Pango font map); charts, themes and scenes
 *         may be shared. Call stet_chart_warm_up once before the first thread starts.
 *
 * A spec is YAML: `type` (stet_chart_types), the columns `x`, `y` (one or a list), `series`, `facet`, and
 * `title`, `subtitle`. Beyond these, by type; a key that does nothing in a type is refused there with the reason:
 *   all but timelines     format (full, compact), display (decimals), height (px)
 *   with parts to name    highlight (names that stay in colour)
 *   lines, areas, bars    events [{x, text}], annotate [{x, y, series, text}]
 *   lines                 band [low, high], projected (first period, or a column)
 *   scatter, bubble       size, label, trend, annotate [{x: number or label, y, text}]
 *   with a value axis     domain [0, 100], log (true, symlog; no bars, no areas), baseline (lines, bars, heatmaps)
 *   with categories       sort (none, value, up, name), top, other (true or a name)
 *   bars                  orientation (vertical, horizontal), color (category, sign)
 *   bars, areas           percent or normalise, legend (false: none)
 *   timeline              label
 *   heatmap               value (where `y` names the rows), color (sequential, diverging)
 *   histogram             bins
 *   waterfall, bullet     total (name of the sum, or false); target, ranges
 * `metric`, `where`, `at`, `id`, `caption`, `source`, `measure`, `forms` are the page's.
 *
 * Inline, <div class="chart-frame chart-TYPE"> holds <svg class="chart wide"> and <svg class="chart narrow">;
 * generator/chart/chart.css shows one of them by the frame's width. Groups carry one class for what their
 * marks are (ch-grid, ch-bar, ch-line, ch-label, ch-note...: chart_looks in generator/chart/scene.c) and one
 * for their colour: ink, quiet, paper, rule, grey, up, down, c1-c8 (categories), s1-s9 (sequential), d1-d9
 * (diverging). Each colour class is a custom property --chart-CLASS, with --chart-cN-text for text on paper and
 * --chart-CLASS-on for text on the colour; --chart-font is the page's to set. Tables may use the ramps too.
 *
 *     StetChart *chart = stet_chart_parse(node, diags);
 *     StetScene *wide = stet_chart_layout(chart, &data, theme, pen, STET_WIDE, diags);
 *     stet_scene_write_inline(wide, narrow, "c1", out);
 */
#ifndef STET_CHART_H
#define STET_CHART_H

#include "stet/engine.h"

/* Widths a chart is laid out for, in px; the style sheet picks one. */
typedef enum { STET_WIDE = 720, STET_NARROW = 340 } StetWidth;

typedef struct StetTheme StetTheme;
/* From site.yaml's `theme` (NULL: the house theme): `font` (the family measured and drawn in files), `line` (weight of
 * lines, px), `corners` (radius, px), `palette` (up to 8 colours), `sequential` and `diverging` (2 or 3 ends), `paper`,
 * `ink`, `quiet`, `rule`, `grey`, and the same colours under `dark`. Faults of the palette (contrast on paper,
 * look-alikes under colour blindness), lengths out of reach and unknown keys are warnings; `diags` may be NULL. */
StetTheme *stet_theme_new(const StetNode *node, StetDiagnostics *diags);
/* The same theme for another language: it shares the categories' colours, its sentences are its own. */
StetTheme *stet_theme_copy(const StetTheme *theme);
void stet_theme_free(StetTheme *theme);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetTheme, stet_theme_free)
/* Gives `category` of dimension `dimension` the next free colour of the categorical palette, the same
 * on every page. Call for all categories, in a fixed order, before the first layout. */
void stet_theme_assign(StetTheme *theme, const char *dimension, const char *category);
/* Custom properties for light, dark and forced colours, as CSS, appended to `out`. */
void stet_theme_write_css(const StetTheme *theme, GString *out);
/* What charts see of the theme, as a hash: its colours, font and sentences, or with a `dimension` the categories of that
 * dimension and their colours. */
StetHash stet_theme_hash(const StetTheme *theme, const char *dimension);

/* The sentences that findings, notices and tooltips are made of, for a catalogue of another language: the English
 * of sentence `index` (0, 1, ...) and its stable key, NULL past the last; and the sentence said in its place, with
 * any of the English one's {blanks} in any order. FALSE: no such key, or a blank that nothing fills. Numbers and
 * periods in the blanks follow the data's locale. Call before the first layout. */
const char *stet_chart_sentence(guint index, const char **key);
gboolean stet_theme_say(StetTheme *theme, const char *key, const char *sentence);

typedef struct StetPen StetPen;
void stet_chart_warm_up(void);
StetPen *stet_pen_new(const StetTheme *theme);
void stet_pen_free(StetPen *pen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetPen, stet_pen_free)

typedef struct StetChart StetChart;
/* Checks a chart's YAML: type, x, y, series, title, and what its type takes. Keys that name the data
 * (`metric`, `where`, `at`, `id`, `caption`) are left to the page. NULL on error. */
StetChart *stet_chart_parse(const StetNode *node, StetDiagnostics *diags);
void stet_chart_free(StetChart *chart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetChart, stet_chart_free)
/* What the page prints above the chart (NULL: nothing; borrowed until the chart is freed). The chart draws neither,
 * but is named by the title, and leaves out a measure's name that they say. */
void stet_chart_set_heading(StetChart *chart, const char *title, const char *subtitle);
/* NULL-terminated names of the chart types. */
const char *const *stet_chart_types(void);

/* What a column of the data is, for titles, units and colours; parallel to table->columns. */
typedef struct {
	const char *title;        /* NULL: the column's name */
	const char *unit;         /* NULL: none */
	int display;              /* decimals shown, -1: the unit's habit */
	gboolean is_period;       /* quarters, dates, years: ordered, thinned, never rotated */
} StetChartColumn;

typedef struct {
	const StetTable *table;   /* long form */
	const StetChartColumn *columns;
	const StetLocale *locale;
	StetPlace place;          /* of the spec, for diagnostics */
	/* Why the table is empty, where that is known: a column, the value of it that no row has, and what may have
	 * been meant. NULL: not known. */
	struct {
		const char *column, *value, *nearest;
		StetPlace place;
	} absent;
} StetChartData;

typedef struct StetScene StetScene;
/* Columns that the spec does not name get the type's defaults (first period column to x, first
 * measure to y). Unknown columns, honesty rules and empty results go to `diags`; NULL on error. */
StetScene *stet_chart_layout(const StetChart *chart, const StetChartData *data, const StetTheme *theme,
                             StetPen *pen, StetWidth width, StetDiagnostics *diags);
void stet_scene_free(StetScene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetScene, stet_scene_free)

/* The chart's finding in one or two sentences (range, latest, largest mover); borrowed. */
const char *stet_scene_description(const StetScene *scene);
/* The scene as stable text, one mark a line, for tests. */
char *stet_scene_dump(const StetScene *scene);

/* Both layouts as one well-formed XML element (see above; `narrow` may be NULL). Real text, <title> tooltips on
 * marks (along lines and areas: on a strip a position, with every series' value there), no style attributes, no
 * namespace declaration (HTML needs none). Ids: ID-t and ID-d for the title and description, which name both
 * layouts; ID-h1, ID-h2... for the strips, which the narrow layout uses again. The svg is a group; the Tab key stops
 * at each mark where there are at most 12, else at each series, row or cell (WAI-ARIA Graphics Module:
 * graphics-symbol, graphics-object, named by what it shows). */
void stet_scene_write_inline(const StetScene *wide, const StetScene *narrow, const char *id, GString *out);

/* A line of `n` values (NaN: a gap) as a small inline SVG for running text and table cells, 80 x 20 px,
 * class "spark"; `label` says in words what it shows. */
void stet_sparkline_write(const double *values, guint n, const char *label, GString *out);

typedef enum { STET_FILE_SVG, STET_FILE_PNG, STET_FILE_PDF } StetFileKind;
/* The scene as a download, drawn by Cairo; text as outlines in SVG, 2x pixels in PNG. `caption` and
 * `source` are printed above and below the chart (NULL: none). Deterministic. */
GBytes *stet_scene_draw(const StetScene *scene, const StetTheme *theme, StetPen *pen, StetFileKind kind,
                        const char *caption, const char *source, GError **error);

/* The chart laid out anew for a PNG of exactly width x height pixels: 1200 x 630 as a card for links shared
 * elsewhere (og:image), 480 x 270 as a thumbnail, 1600 x 900 as a slide. `headline` and `source` (NULL: none)
 * are printed above and below; events and notes are left out. Diagnostics go nowhere: the page's layout gave
 * them. */
GBytes *stet_chart_picture(const StetChart *chart, const StetChartData *data, const StetTheme *theme, StetPen *pen,
                           guint width, guint height, const char *headline, const char *source, GError **error);

/* A picture of that size with words alone: a title, a text under it and a source (NULL: none). */
GBytes *stet_title_picture(const StetTheme *theme, StetPen *pen, guint width, guint height, const char *title,
                           const char *text, const char *source, GError **error);

/* ---- bars and heat in the cells of tables ---- */
/* Reach of a column: all cells share it. A bar's begins at 0; `diverging` heat lies about 0. */
typedef struct {
	double low, high;
	gboolean diverging;
} StetReach;

/* Of `n` values (NaN: none); diverging where they lie on both sides of 0. */
StetReach stet_reach(const double *values, guint n);
/* The class list of a <td> whose background is coloured by `value`: "heat s4"; "" where it is NaN. The text's
 * colour is chosen with it (4.5:1). */
const char *stet_heat_class(const StetReach *reach, double value);
/* A bar for a <td>, before or after its number: <svg class="cell-bar">, 100 x 12 units stretched to the cell's
 * style, in the up and down colours where the column diverges; hidden from readers, as the number says it. */
void stet_cell_bar_write(const StetReach *reach, double value, GString *out);

#endif
