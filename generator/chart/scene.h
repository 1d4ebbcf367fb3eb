/* A scene: the marks of one laid-out chart in px, colours as inks of the theme, looks as roles. */
#ifndef CHART_SCENE_H
#define CHART_SCENE_H

#include "stet/chart.h"

#include <cairo.h>

#define CHART_CATEGORIES 8    /* colours of the categorical palette */
#define CHART_STEPS 9         /* steps of a ramp; the middle of a diverging one is step 5 */
#define CHART_MARKS_MAX 60000 /* marks of one scene; more are dropped with a warning */

/* Colour tokens: CSS class and custom property inline, RGB in files. */
typedef enum {
	INK_NONE,
	INK_TEXT,  /* text proper */
	INK_QUIET, /* ticks, notes */
	INK_PAPER,
	INK_RULE, /* grid lines */
	INK_GREY, /* series that stand back */
	INK_UP,
	INK_DOWN,
	INK_C1,                             /* categorical */
	INK_S1 = INK_C1 + CHART_CATEGORIES, /* sequential */
	INK_D1 = INK_S1 + CHART_STEPS,      /* diverging */
	INK_END = INK_D1 + CHART_STEPS
} ChartInk;

/* Fonts by size in px and weight; the style sheet repeats them by class. */
typedef enum { FONT_TITLE, FONT_LEAD, FONT_TEXT, FONT_STRONG, FONT_SMALL, FONT_END } ChartFont;

typedef struct {
	double size;
	int weight;
	double line; /* px from baseline to baseline */
} ChartFontSize;

extern const ChartFontSize chart_fonts[FONT_END];

/* What a mark is. Its look is one entry of chart_looks. */
typedef enum {
	ROLE_GRID,
	ROLE_BASE,      /* the zero or base line */
	ROLE_TICK,      /* short line at an axis */
	ROLE_REFERENCE, /* dashed line at a value */
	ROLE_EVENT,
	ROLE_BAND, /* uncertainty */
	ROLE_AREA,
	ROLE_BAR,
	ROLE_CELL,
	ROLE_FLOW,
	ROLE_CONNECT, /* dumbbell, lollipop stem, whisker */
	ROLE_LINE,
	ROLE_THIN, /* line of a series that stands back */
	ROLE_PROJECTED,
	ROLE_TREND,
	ROLE_DOT,
	ROLE_BUBBLE,
	ROLE_SWARM,  /* many dots as one path of lines of no length */
	ROLE_TARGET, /* bullet's target, median of a box */
	ROLE_LEADER, /* from a label to what it names */
	ROLE_HIT,    /* unseen, carries a tooltip */
	ROLE_TITLE,
	ROLE_SUBTITLE,
	ROLE_AXIS_TITLE,
	ROLE_TICK_LABEL,
	ROLE_LABEL,  /* names a category or series */
	ROLE_STRONG, /* names a series directly, in its colour */
	ROLE_VALUE,
	ROLE_ON_FILL, /* text inside a coloured mark */
	ROLE_NOTE,
	ROLE_END
} ChartRole;

typedef enum { PAINT_FILL, PAINT_STROKE, PAINT_TEXT, PAINT_TINT, PAINT_NONE } ChartPaint;

typedef struct {
	const char *class_;
	ChartPaint paint;
	double width;     /* of the stroke, px; a fill's is its paper-coloured edge */
	double dash, gap; /* 0: solid */
	double opacity;
	ChartFont font;
	ChartInk ink; /* where the mark has none of its own */
} ChartLook;

extern const ChartLook chart_looks[ROLE_END];

typedef enum { MARK_RECT, MARK_CIRCLE, MARK_PATH, MARK_TEXT } ChartMarkKind;
typedef enum { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END } ChartAnchor;

typedef struct {
	guint8 kind, role, ink, anchor;
	guint8 section;         /* of the scene's, 0: none */
	gboolean turned;        /* text read upward */
	double x, y;            /* corner, centre, or where the text's baseline is anchored */
	double w, h;            /* size; circle: w is the radius; text: w its measured width */
	cairo_path_t *path;     /* MARK_PATH, owned */
	const char *text, *tip; /* in the scene's chunk */
} ChartMark;

typedef struct {
	double x0, y0, x1, y1;
} ChartBox;

struct StetScene {
	double width, height;
	GArray *marks; /* of ChartMark */
	GStringChunk *texts;
	const char *type;
	char *title, *description;
	char *subhead; /* printed by the page above the chart; by files too */
	GPtrArray *sections; /* names of parts that belong together, as a series or a row; in `texts` */
	guint8 section;      /* that marks are added to */
	double corners;      /* radius of the corners of bars and cells, px */
};

StetScene *chart_scene_new(double width, const char *type);
ChartBox chart_mark_box(const ChartMark *mark);
/* Radius of a rectangle's corners, px. */
double chart_mark_corners(const StetScene *scene, const ChartMark *mark);
/* Class of an ink: "c1", "s3", "grey"; "" for INK_NONE. */
const char *chart_ink_class(ChartInk ink);

/* The path of a mark built on `cr`, which starts the next one empty; merges into the mark before where
 * role and ink are the same and neither has a tooltip. */
void chart_scene_path(StetScene *scene, ChartRole role, ChartInk ink, cairo_t *cr, const char *tip);
ChartMark *chart_scene_add(StetScene *scene, ChartMarkKind kind, ChartRole role, ChartInk ink);
/* Marks from here on belong together under `name`; NULL: to nothing. Past 250 sections the last goes on. */
void chart_scene_section(StetScene *scene, const char *name);
const char *chart_scene_keep(StetScene *scene, const char *text);

#endif
