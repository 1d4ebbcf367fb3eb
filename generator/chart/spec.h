/* A chart's YAML, checked: what each key says, with defaults where it says nothing. */
#ifndef CHART_SPEC_H
#define CHART_SPEC_H

#include "stet/chart.h"

#define CHART_LIST_MAX 24 /* y columns, highlights, events, annotations */

typedef struct ChartSketch ChartSketch;

/* Keys beyond those every type takes, in the groups that types take together. */
enum {
	KEYS_DOMAIN = 1 << 0,
	KEYS_BASE = 1 << 1, /* baseline */
	KEYS_LOG = 1 << 2,
	KEYS_NOTES = 1 << 3, /* annotate */
	KEYS_EVENTS = 1 << 4,
	KEYS_BANDS = 1 << 5, /* band, projected */
	KEYS_SORT = 1 << 6,
	KEYS_TOP = 1 << 7,     /* top, other */
	KEYS_TURN = 1 << 8,    /* orientation */
	KEYS_SHARE = 1 << 9,   /* percent, normalise, legend */
	KEYS_POINTS = 1 << 10, /* size, trend */
	KEYS_LABEL = 1 << 11,
	KEYS_VALUE = 1 << 12,
	KEYS_BINS = 1 << 13,
	KEYS_TARGET = 1 << 14, /* target, ranges */
	KEYS_TOTAL = 1 << 15,
	KEYS_FRONT = 1 << 16,   /* highlight */
	KEYS_COLOR = 1 << 17,   /* color: category, sign */
	KEYS_RAMP = 1 << 18,    /* color: sequential, diverging */
	KEYS_NUMBERS = 1 << 19, /* format, display */
	KEYS_HEIGHT = 1 << 20,
};

/* One entry a chart type: adding a type is a line in types.c and a source file. */
typedef struct {
	const char *name;
	guint keys;
	gboolean (*draw)(ChartSketch *sketch);
	gboolean facets; /* may be drawn as small multiples */
} ChartType;

const ChartType *chart_type_find(const char *name);
/* "line, area": the types that take a group of keys (g_free). */
char *chart_types_taking(guint group);

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
