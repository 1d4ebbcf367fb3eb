/* Texts of SVG files as outlines, which look the same wherever the file is opened: a glyph's shape once a
 * picture, and a <use> wherever it stands. */
#ifndef CHART_OUTLINE_H
#define CHART_OUTLINE_H

#include "pen.h"

typedef struct {
	StetPen *pen;
	GHashTable *numbers; /* shape of a glyph, of the pen's -> its number in this picture, from 1 */
	GString *shapes;     /* <path>s for the picture's <defs> */
} ChartOutlines;

void chart_outlines_init(ChartOutlines *outlines, StetPen *pen);
void chart_outlines_clear(ChartOutlines *outlines);
/* Appends `text` with its anchor at x, y px, the whole turned to read upwards if `turned`. */
void chart_outline_text(ChartOutlines *outlines, GString *out, ChartFont font, const char *text, double x, double y,
						ChartAnchor anchor, gboolean turned, guint32 rgb);
/* Appends the context's path as the value of an SVG `d`, and begins a new one. */
void chart_outline_path(GString *out, cairo_t *cr);
/* Appends hundredths of a pixel: 12, 12.5, -0.25. */
void chart_put_number(GString *out, double value);
/* The pen's layout holds `text` on one line; where its left end belongs, by its own width. */
void chart_set_layout(StetPen *pen, ChartFont font, const char *text);
double chart_text_left(StetPen *pen, double x, ChartAnchor anchor);

#endif
