/* A grid: the rows of a result as values by series and position on x, gaps as NaN. */
#ifndef CHART_GRID_H
#define CHART_GRID_H

#include "scale.h"

#define CHART_X_MAX 4000 /* positions on x */
#define CHART_SERIES_MAX 60

typedef struct {
	int x, y, series; /* columns of the table, -1: none */
	ChartXKind kind;
	guint n_x, n_series;
	char **keys, **labels;    /* of x: canonical text, as shown */
	double *at;               /* position on x: time, number, or index */
	char **names;             /* of the series */
	guint8 *inks;             /* of the series */
	gboolean *back;           /* series that stand back while others are highlighted */
	double *values;           /* [series * n_x + x], NaN where there is none */
	double *low, *high;       /* band, NULL if none */
	guint projected;          /* first projected x; n_x if none */
	const char *unit, *title; /* of the measure */
	int display;
} ChartGrid;

/* NULL after a diagnostic. */
ChartGrid *chart_grid_new(ChartSketch *sketch);
void chart_grid_free(ChartGrid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChartGrid, chart_grid_free)

static inline double chart_grid_value(const ChartGrid *grid, guint series, guint x)
{
	return grid->values[series * grid->n_x + x];
}

/* Orders the positions on x and the series, keeps the `top` ones and sums the rest as `other`. `lasting`
 * keeps periods in time's order. */
void chart_grid_order(ChartSketch *sketch, ChartGrid *grid, gboolean series_too);
/* Least and greatest finite value, band included; FALSE if there is none. */
gboolean chart_grid_extent(const ChartGrid *grid, double *low, double *high);
/* The column by name, or by the type's habit: -1 after a diagnostic. */
int chart_column(ChartSketch *sketch, const char *name, const char *key);
gboolean chart_is_measure(const ChartSketch *sketch, int column);

#endif
