/* Laying out: a sketch is one chart on its way to a scene; these helpers draw what types share. */
#ifndef CHART_LAYOUT_H
#define CHART_LAYOUT_H

#include "grid.h"
#include "pen.h"
#include "theme.h"

struct ChartSketch {
	StetScene *scene;
	const StetChart *chart;
	const StetChartData *data;
	const StetTheme *theme;
	StetPen *pen;
	StetDiagnostics *diags;
	gboolean sides; /* values to either side of zero are shown without their signs */
	gboolean narrow, cell; /* cell: of small multiples; its frame is given */
	ChartBox frame;        /* what is still free, px */
	const gsize *rows;     /* rows of the table shown */
	gsize n_rows;
	double shared[2]; /* domain of all cells */
	gboolean has_shared;
	double wanted;            /* least height of a cell, px */
	double seen[2];           /* what the value scale was asked to hold */
	const GPtrArray *palette; /* names of all cells' series, in the order of their colours; NULL: no cells */
	gboolean first_cell;      /* of its row: carries the tick labels */
	GArray *taken;            /* ChartBox: labels placed, which others keep clear of */
	GArray *drawn; /* ChartBox: small boxes along the data, kept clear of where there is a choice */
	GArray *ruled; /* ChartBox: events' lines, which a label may cross before it crosses data */
};

#define CHART_GAP 8.0 /* px between things that belong apart */

/* ---- text ---- */
double chart_width(ChartSketch *sketch, ChartRole role, const char *text);
/* Text with its baseline at y, pushed back into the chart's width; its box is taken. */
ChartBox chart_text(ChartSketch *sketch, ChartRole role, ChartInk ink, ChartAnchor anchor, double x, double y,
					const char *text);
/* Lines of text, the first baseline at y; returns the y below the last. */
double chart_lines(ChartSketch *sketch, ChartRole role, ChartInk ink, ChartAnchor anchor, double x, double y,
				   const GPtrArray *lines);
typedef enum { CLEAR_LABELS, CLEAR_DATA, CLEAR_ALL } ChartClear;
/* No label there, inside the chart; and no data; and no event's line. */
gboolean chart_is_free(const ChartSketch *sketch, ChartBox box, ChartClear clear);
/* TRUE if every label fits `width` in `lines` lines without being cut. */
gboolean chart_labels_fit(ChartSketch *sketch, char **labels, guint n, double width, guint lines);
void chart_take(ChartSketch *sketch, ChartBox box);
/* Text read upward from (x, y). */
void chart_turned_text(ChartSketch *sketch, ChartRole role, double x, double y, const char *text);
/* The stretch from one point to the next carries data: notes and labels keep off it. */
void chart_keep_off(ChartSketch *sketch, double x0, double y0, double x1, double y1);
/* Text beside the point where it hits nothing; FALSE if there is no such place. */
gboolean chart_label_point(ChartSketch *sketch, ChartRole role, ChartInk ink, double x, double y,
						   double clear, const char *text);
/* A value as shown in the chart, and as shown in tooltips (g_free). */
char *chart_value(const ChartSketch *sketch, const ChartGrid *grid, double value);
char *chart_full_value(const ChartSketch *sketch, const ChartGrid *grid, double value);
char *chart_column_value(const ChartSketch *sketch, int column, double value, StetRoom room);

/* ---- marks ---- */
cairo_t *chart_path(ChartSketch *sketch);
void chart_line(ChartSketch *sketch, ChartRole role, ChartInk ink, double x0, double y0, double x1,
				double y1);
void chart_rect(ChartSketch *sketch, ChartRole role, ChartInk ink, double x0, double y0, double x1, double y1,
				const char *tip);
void chart_circle(ChartSketch *sketch, ChartRole role, ChartInk ink, double x, double y, double r,
				  const char *tip);

/* ---- frame ---- */
/* Gives the plot `height` px unless the spec or a cell fixes it; a spec's height is raised to `least` (of the
 * habit, 2/5) where texts would meet. */
void chart_room(ChartSketch *sketch, double height);
void chart_room_least(ChartSketch *sketch, double height, double least);
/* "Platform: [blue] Azure [orange] AWS" above the plot; highlights only where there are any. */
void chart_legend(ChartSketch *sketch, const ChartGrid *grid);
void chart_palette_legend(ChartSketch *sketch);
/* The measure's name and unit above the plot, unless a subtitle or the title says it. */
void chart_axis_title(ChartSketch *sketch, const char *title, const char *unit);
/* The same in any case: of two axes each needs its name. */
void chart_y_title(ChartSketch *sketch, const char *title, const char *unit);

typedef struct {
	ChartBox plot;
	ChartScale y;
	double first, last; /* positions on x at the plot's edges */
	double band;        /* px a category has; 0 on a continuous axis */
} ChartPlot;

/* Vertical value axis: domain from the spec, ticks, grid lines, labels at the left. `zero` keeps 0 in it. */
ChartScale chart_value_scale(ChartSketch *sketch, double low, double high, gboolean zero, guint target);
/* The top of a stack of shares: 100 where rounded shares add up to a little more. */
double chart_whole(const char *unit, double high);
/* Widest tick label, px. */
double chart_ticks_width(ChartSketch *sketch, const ChartScale *scale, const char *unit);
void chart_y_axis(ChartSketch *sketch, ChartPlot *plot, const char *unit, int display);
void chart_x_value_axis(ChartSketch *sketch, const ChartScale *scale, double y0, double y1, const char *unit);
/* Room below the plot for the x axis of the grid, px. */
double chart_x_axis_height(ChartSketch *sketch, const ChartGrid *grid, double width);
void chart_x_axis(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot);
double chart_x_at(const ChartGrid *grid, const ChartPlot *plot, guint x);
/* Position on x of a text from the spec; FALSE if the grid has none such. */
gboolean chart_x_of(const ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot, const char *text,
					double *px);

/* Event lines; takes room above the plot first (returns its px), then draws. */
double chart_events_room(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot);
void chart_events(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot);
/* Text along the line at y, above or below it, where it hits least, in two lines where one does not fit. */
void chart_label_reference(ChartSketch *sketch, const ChartPlot *plot, double y, const char *text);
void chart_annotate(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot);
/* Strips that carry each position's values as a tooltip. */
void chart_hits(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot);

/* Labels at one edge moved apart: `at` wanted centres in, placed centres out, all `height` tall within
 * [low, high]; FALSE if they cannot fit. */
gboolean chart_spread(double *at, guint n, double height, double low, double high);

/* ---- words ---- */
/* A sentence with its blanks filled: name, value, name, value, ..., NULL (g_free). */
char *chart_say(const ChartSketch *sketch, ChartSay what, ...) G_GNUC_NULL_TERMINATED;
/* What the sum of the rest is called; NULL: the rest is left out. */
const char *chart_other(const ChartSketch *sketch);
char *chart_say_count(const ChartSketch *sketch, guint count);
/* "Azure rose from 60 % in Q1 2024 to 67 % in Q1 2025" (g_free), or NULL: the series has no value. */
char *chart_course(const ChartSketch *sketch, const ChartGrid *grid, guint series);
/* The marks of a series from here on are one stop for the keyboard; NULL: they end. In cells the cell is. */
void chart_section(ChartSketch *sketch, const ChartGrid *grid, guint series);

/* Whether `highlight` names this. */
gboolean chart_highlights(const ChartSketch *sketch, const char *name);
/* `ink`, or grey where the highlight names others among `names`. */
ChartInk chart_front_ink(const ChartSketch *sketch, char **names, guint n, guint i, ChartInk ink);

/* ---- findings and faults ---- */
char *chart_describe(const ChartSketch *sketch, const ChartGrid *grid);
void chart_check_series(ChartSketch *sketch, const ChartGrid *grid);
void chart_check_categories(const ChartSketch *sketch, const ChartGrid *grid);
/* FALSE after a diagnostic: the spec cuts the axis of bars or areas, whose size is the value, or bends it. */
gboolean chart_check_zero(const ChartSketch *sketch);
/* Warns of shares stacked that add up to more than their whole. */
void chart_check_sums(const ChartSketch *sketch, const ChartGrid *grid);

/* A line with its gaps, projection and end. */
void chart_draw_series(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot, guint s);

/* ---- types ---- */
gboolean chart_draw_facets(ChartSketch *sketch);
gboolean chart_draw_dot(ChartSketch *sketch);
gboolean chart_draw_lollipop(ChartSketch *sketch);
gboolean chart_draw_dumbbell(ChartSketch *sketch);
gboolean chart_draw_slope(ChartSketch *sketch);
gboolean chart_draw_scatter(ChartSketch *sketch);
gboolean chart_draw_histogram(ChartSketch *sketch);
gboolean chart_draw_box(ChartSketch *sketch);
gboolean chart_draw_strip(ChartSketch *sketch);
gboolean chart_draw_waterfall(ChartSketch *sketch);
gboolean chart_draw_bullet(ChartSketch *sketch);
gboolean chart_draw_timeline(ChartSketch *sketch);
gboolean chart_draw_treemap(ChartSketch *sketch);
gboolean chart_draw_marimekko(ChartSketch *sketch);
gboolean chart_draw_sankey(ChartSketch *sketch);
gboolean chart_draw_sparkline(ChartSketch *sketch);
gboolean chart_draw_line(ChartSketch *sketch);
gboolean chart_draw_area(ChartSketch *sketch);
gboolean chart_draw_stacked_area(ChartSketch *sketch);
gboolean chart_draw_bar(ChartSketch *sketch);
gboolean chart_draw_stacked_bar(ChartSketch *sketch);
gboolean chart_draw_heatmap(ChartSketch *sketch);

#endif
