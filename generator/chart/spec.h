/* A chart's YAML, checked: what each key says, with defaults where it says nothing. */
#ifndef CHART_SPEC_H
#define CHART_SPEC_H

#include "stet/chart.h"

#define CHART_LIST_MAX 24 /* y columns, highlights, events, annotations */

typedef struct ChartSketch ChartSketch;

/* Keys beyond those every type takes. */
enum {
	KEYS_DOMAIN = 1,    /* domain, baseline */
	KEYS_LOG = 2,       /* log */
	KEYS_NOTES = 4,     /* annotate */
	KEYS_TIME = 8,      /* events, band, projected */
	KEYS_ORDER = 16,    /* sort, top, other */
	KEYS_BARS = 32,     /* orientation, percent, normalise, legend */
	KEYS_POINTS = 64,   /* size, trend */
	KEYS_LABEL = 128,   /* label */
	KEYS_VALUE = 256,   /* value */
	KEYS_BINS = 512,    /* bins */
	KEYS_TARGET = 1024, /* target, ranges */
	KEYS_TOTAL = 2048,  /* total */
	KEYS_AXES = KEYS_DOMAIN | KEYS_LOG | KEYS_NOTES | KEYS_TIME | KEYS_ORDER
};

/* One entry a chart type: adding a type is a line in types.c and a source file. */
typedef struct {
	const char *name;
	guint keys;
	gboolean (*draw)(ChartSketch *sketch);
	gboolean facets; /* may be drawn as small multiples */
} ChartType;

const ChartType *chart_type_find(const char *name);

typedef enum { SORT_HABIT, SORT_NONE, SORT_DOWN, SORT_UP, SORT_NAME } ChartSort;
typedef enum { SCALE_LINEAR, SCALE_LOG, SCALE_SYMLOG } ChartScaleKind;
typedef enum { TURN_HABIT, TURN_VERTICAL, TURN_HORIZONTAL } ChartTurn;

typedef struct {
	const char *x; /* period, category or number; NULL: a rule across at y */
	const char *text, *series;
	double y;
	gboolean has_y;
	StetPlace place;
} ChartNote;

struct StetChart {
	const StetNode *node;
	const ChartType *type;
	const char *x, *series, *facet, *size, *label, *value, *low, *high, *target;
	const char *y[CHART_LIST_MAX];
	guint n_y;
	const char *title, *subtitle, *other, *projected, *color;
	const char *head, *subhead; /* printed by the page above the chart: stet_chart_set_heading */
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
	int display; /* -1: the column's */
	StetRoom room;
};

StetPlace chart_key_place(const StetChart *chart, const char *key);

#endif
