/* Scales: numbers to px with round ticks; periods to positions in time. */
#ifndef CHART_SCALE_H
#define CHART_SCALE_H

#include "spec.h"

#define CHART_TICKS_MAX 16

typedef struct {
	ChartScaleKind kind;
	double low, high; /* domain */
	double from, to;  /* px of low and high */
	double linear;    /* symlog: below this size the scale is linear */
	double ticks[CHART_TICKS_MAX];
	guint n_ticks;
	int decimals; /* that the ticks need */
} ChartScale;

/* A scale over [low, high] with about `target` ticks at round numbers (1, 2, 2.5, 5 x 10^n). The domain grows
 * to the ticks on a side that is not fixed. Equal ends, infinite or reversed ones are mended. */
ChartScale chart_scale_new(ChartScaleKind kind, double low, double high, gboolean fixed_low,
						   gboolean fixed_high, guint target);
double chart_scale_at(const ChartScale *scale, double value);

typedef enum { X_CATEGORY, X_NUMBER, X_YEAR, X_QUARTER, X_MONTH, X_DATE } ChartXKind;

/* Reads "2025", "2025Q4", "2025-03", "2025-03-31" as years, quarters, months, days since year 0 or 1970. */
ChartXKind chart_period_read(const char *text, double *at);
/* The period at a position, as text (g_free). */
char *chart_period_write(ChartXKind kind, double at);
/* Its year, and which part of the year (quarter 1-4, month 1-12, day 1-366). */
void chart_period_split(ChartXKind kind, double at, int *year, int *part);

#endif
