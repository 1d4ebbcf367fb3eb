/* A chart's YAML, checked: what each key says, with defaults where it says nothing. */
#ifndef CHART_SPEC_H
#define CHART_SPEC_H

#include "stet/chart.h"

#define CHART_LIST_MAX 24     /* y columns, highlights, events, annotations */

typedef struct ChartSketch ChartSketch;

/* Keys beyond those every type takes. */
enum {
	KEYS_SCALE = 1,           /* domain, log, baseline, annotate, reference */
	KEYS_TIME = 2,            /* events, band, projected */
	KEYS_ORDER = 4,           /* sort, top, other */
	KEYS_BARS = 8,            /* orientation, percent, legend */
	KEYS_POINTS = 16,         /* size, label, trend */
	KEYS_FLOW = 32,           /* value */
	KEYS_BINS = 64,           /* bins */
	KEYS_TARGET = 128         /* target, ranges, end */
};

/* One entry a chart type: adding a type is a line in types.c and a source file. */
typedef struct {
	const char *name;
	guint keys;
	gboolean (*draw)(ChartSketch *sketch);
	gboolean horizontal;      /* bars lie unless told otherwise */
	gboolean facets;          /* may be drawn as small multiples */
} ChartType;

const ChartType *chart_type_find(const char *name);

typedef enum { SORT_HABIT, SORT_NONE, SORT_DOWN, SORT_UP, SORT_NAME } ChartSort;
typedef enum { SCALE_LINEAR, SCALE_LOG, SCALE_SYMLOG } ChartScaleKind;
typedef enum { TURN_HABIT, TURN_VERTICAL, TURN_HORIZONTAL } ChartTurn;

typedef struct {
	const char *x;            /* period, category or number; NULL: a rule across at y */
	const char *text, *series;
	double y;
	gboolean has_y;
	StetPlace place;
} ChartNote;

struct StetChart {
	const StetNode *node;
	const ChartType *type;
	const char *x, *series, *facet, *size, *label, *value, *low, *high, *end, *target;
	const char *y[CHART_LIST_MAX];
	guint n_y;
	const char *title, *subtitle, *other, *projected, *color;
	const char *highlight[CHART_LIST_MAX];
	guint n_highlight;
	ChartNote notes[CHART_LIST_MAX], events[CHART_LIST_MAX];
	guint n_notes, n_events;
	double ranges[CHART_LIST_MAX];
	guint n_ranges;
	ChartSort sort;
	ChartScaleKind scale;
	ChartTurn turn;
	guint top, bins;
	double domain[2], baseline, height;
	gboolean has_low, has_high, has_baseline; /* bounds of the domain */
	gboolean percent, no_legend, trend, total;
	int display;              /* -1: the column's */
	StetRoom room;
};

StetPlace chart_key_place(const StetChart *chart, const char *key);

#endif
