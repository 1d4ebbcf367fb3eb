/* The theme: every ink in light and dark, what is legible on it, and which category has which. */
#ifndef CHART_THEME_H
#define CHART_THEME_H

#include "scene.h"
#include "words.h"

typedef enum { MODE_LIGHT, MODE_DARK, MODE_END } ChartMode;

struct StetTheme {
	guint32 ink[MODE_END][INK_END];  /* 0xRRGGBB */
	guint32 text[MODE_END][INK_END]; /* the ink moved until it reads as text on paper (4.5:1) */
	guint32 on[MODE_END][INK_END];   /* text colour on the ink as a fill */
	char *font;
	double line, corners;     /* weight of lines, radius of the corners of bars and cells, px */
	GHashTable *assigned;     /* "dimension\x1f" "category" -> colour number + 1 */
	GHashTable *counts;       /* dimension -> colours given */
	char *sentences[SAY_END]; /* of a catalogue; NULL: the English */
};

/* The category's colour number (0-...), or -1 where none was assigned. */
int chart_theme_colour(const StetTheme *theme, const char *dimension, const char *category);

/* WCAG 2.2 contrast ratio, 1-21. */
double chart_contrast(guint32 a, guint32 b);
/* Difference of two colours in OKLab (x 100) as seen with full colour vision (deficiency 0), protanopia 1,
 * deuteranopia 2, tritanopia 3 (Machado, Oliveira, Fernandes 2009). */
double chart_difference(guint32 a, guint32 b, int deficiency);

#endif
