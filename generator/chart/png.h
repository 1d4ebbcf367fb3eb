/* PNG (ISO/IEC 15948) from Cairo's pixels. */
#ifndef CHART_PNG_H
#define CHART_PNG_H

#include <glib.h>

/* Rows of native-endian xRGB, `stride` bytes apart. Drawings have few colours, so they become indexes into a
 * palette of at most 256: exact where there are no more; else the common colours are exact and the rare ones,
 * blends at edges, within PNG_OFF_MAX of their own. A picture that 256 colours cannot serve that well keeps
 * three bytes a pixel. */
GBytes *chart_png(const guint8 *pixels, int width, int height, int stride, GError **error);

#define PNG_OFF_MAX 24 /* of 255, in any of red, green, blue */

#endif
