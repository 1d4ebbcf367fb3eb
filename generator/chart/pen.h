/* A pen: one thread's Pango font map, what it has measured, and a Cairo context to build paths on. */
#ifndef CHART_PEN_H
#define CHART_PEN_H

#include "scene.h"

#include <pango/pangocairo.h>

#define NUMERALS 24 /* characters that numbers are written with */

#define GLYPHS_MAX 20000 /* outlines remembered: glyphs of the world's larger fonts */

typedef struct {
	PangoFont *font;
	PangoGlyph index;
	char *shape; /* the value of an SVG `d`, its origin on the baseline */
} ChartGlyph;

struct StetPen {
	PangoFontMap *map;
	PangoContext *context;
	PangoLayout *layout;
	PangoFontDescription *fonts[FONT_END];
	GHashTable *widths; /* font letter and text -> width in Pango units */
	/* the same for the characters of numbers and pairs of them, 0: not measured yet */
	int singles[FONT_END][NUMERALS], pairs[FONT_END][NUMERALS][NUMERALS];
	GHashTable *glyphs; /* ChartGlyph *, a set; made when first needed */
	cairo_t *path;      /* marks are built here and taken by chart_scene_path */
};

/* Width of `text` in px, with a little slack: a reader's fallback font may be wider. */
double chart_pen_width(StetPen *pen, ChartFont font, const char *text);
/* `text` in at most `max_lines` lines of at most `width` px, the last one cut with an ellipsis where it
 * must be (char *, owned by the array). */
GPtrArray *chart_pen_wrap(StetPen *pen, ChartFont font, const char *text, double width, guint max_lines);
/* `text` cut to `width` px with an ellipsis (g_free); "" where not even one letter fits. */
char *chart_pen_fit(StetPen *pen, ChartFont font, const char *text, double width);

#endif
