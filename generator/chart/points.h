/* Points: rows as numbers, for types that show each row by itself. */
#ifndef CHART_POINTS_H
#define CHART_POINTS_H

#include "layout.h"

#define CHART_POINTS_MAX 50000

typedef struct {
	double x, y, size;
	guint group; /* series or category */
	guint row;   /* of the sketch's rows */
} ChartPoint;

typedef struct {
	guint n, n_groups;
	ChartPoint *points;
	char **groups;
	guint8 *inks;
	int x, y, size, series, label; /* columns, -1: none */
} ChartPoints;

/* Rows with a number in `y` (and in `x`, where `numeric_x`). Groups are the values of `series`, or of `x`
 * where that is no number. NULL after a diagnostic. */
ChartPoints *chart_points_new(ChartSketch *sketch, gboolean numeric_x);
void chart_points_free(ChartPoints *points);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChartPoints, chart_points_free)
const char *chart_column_title(const ChartSketch *sketch, int column);

#endif
