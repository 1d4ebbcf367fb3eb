/* Lines and areas over a continuous or stepped x, named at their right ends. */
#include "layout.h"

#include <math.h>
#include <string.h>

#define LABEL_LINE 17.0 /* px a label at a line's end takes */

typedef struct {
	guint series;
	double y;  /* of the line's end */
	double at; /* of the label's centre */
	char *text;
} EndLabel;

/* The last position with a value, or n_x. */
static guint last_of(const ChartGrid *grid, guint s)
{
	for (guint i = grid->n_x; i > 0; i--)
		if (!isnan(chart_grid_value(grid, s, i - 1)))
			return i - 1;
	return grid->n_x;
}

/* ---- labels at the ends --------------------------------------------------------------------- */

/* Width for the names right of the plot; 0 where a legend must do. */
static double end_room(ChartSketch *sketch, const ChartGrid *grid, gboolean values)
{
	double widest = 0, most = sketch->scene->width * (sketch->narrow ? 0.38 : 0.28);
	guint named = 0;
	if (sketch->cell || grid->n_series < 2)
		return 0;
	for (guint s = 0; s < grid->n_series; s++) {
		guint last = last_of(grid, s);
		if (last == grid->n_x || (grid->back[s] && grid->n_series > 8))
			continue;
		g_autofree char *value = chart_value(sketch, grid, chart_grid_value(grid, s, last));
		double width = chart_width(sketch, ROLE_STRONG, grid->names[s]);
		if (values)
			width += 5 + chart_width(sketch, ROLE_VALUE, value);
		widest = fmax(widest, width);
		named++;
	}
	/* Cut names are worse than a legend, which has the whole width. */
	return named == 0 || (widest > most && !values) ? 0 : fmin(widest, most) + 11;
}

static void draw_end_labels(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot,
							EndLabel *labels, guint n, double room, gboolean values)
{
	double x = plot->plot.x1 + 9;
	g_autofree double *after = g_new(double, n + 1);
	for (guint i = 0; i < n; i++) {
		const EndLabel *label = &labels[i];
		ChartInk ink = grid->back[label->series] ? INK_QUIET : grid->inks[label->series];
		ChartRole role = grid->back[label->series] ? ROLE_LABEL : ROLE_STRONG;
		g_autofree char *value =
			chart_value(sketch, grid, chart_grid_value(grid, label->series, last_of(grid, label->series)));
		double value_width = values ? chart_width(sketch, ROLE_VALUE, value) + 5 : 0;
		g_autofree char *name = chart_pen_fit(sketch->pen, chart_looks[role].font, grid->names[label->series],
											  fmax(room - value_width, 24));
		if (fabs(label->at - label->y) > 9)
			chart_line(sketch, ROLE_LEADER, INK_NONE, plot->plot.x1 + 3, label->y, x - 2, label->at);
		after[i] = chart_text(sketch, role, ink, ANCHOR_START, x, label->at + 4.5, name).x1 + 5;
	}
	for (guint i = 0; values && i < n; i++) {
		guint s = labels[i].series;
		g_autofree char *value = chart_value(sketch, grid, chart_grid_value(grid, s, last_of(grid, s)));
		chart_text(sketch, ROLE_VALUE, INK_NONE, ANCHOR_START, after[i], labels[i].at + 4.5, value);
	}
}

/* A line alone carries its last value above its end. */
static void label_last(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	guint last = last_of(grid, 0);
	if (last == grid->n_x || sketch->cell)
		return;
	double x = chart_x_at(grid, plot, last), y = chart_scale_at(&plot->y, chart_grid_value(grid, 0, last));
	g_autofree char *text = chart_value(sketch, grid, chart_grid_value(grid, 0, last));
	double width = chart_width(sketch, ROLE_STRONG, text), x1 = fmin(x + width / 2, sketch->scene->width);
	for (int below = 0; below < 2; below++) {
		double base = below ? y + 20 : y - 10;
		ChartBox box = {x1 - width, base - 10, x1, base + 3};
		if (box.y0 >= plot->plot.y0 - 12 && box.y1 < plot->plot.y1 && chart_is_free(sketch, box, CLEAR_ALL)) {
			chart_text(sketch, ROLE_STRONG, grid->inks[0], ANCHOR_END, x1, base, text);
			return;
		}
	}
}

static gboolean end_labels(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot, double room,
						   gboolean values)
{
	g_autofree EndLabel *labels = g_new0(EndLabel, grid->n_series);
	g_autofree double *at = g_new(double, grid->n_series);
	guint n = 0;
	for (guint s = 0; s < grid->n_series; s++) {
		guint last = last_of(grid, s);
		if (last == grid->n_x || (grid->back[s] && grid->n_series > 8))
			continue;
		labels[n].series = s;
		labels[n].y = at[n] = chart_scale_at(&plot->y, chart_grid_value(grid, s, last));
		n++;
	}
	if (!chart_spread(at, n, LABEL_LINE, plot->plot.y0 - 6, plot->plot.y1 + 6))
		return FALSE;
	for (guint i = 0; i < n; i++)
		labels[i].at = at[i];
	draw_end_labels(sketch, grid, plot, labels, n, room - 10, values);
	return TRUE;
}

/* ---- marks ---------------------------------------------------------------------------------- */

/* One run of positions after another between gaps; `from` and `to` bound the positions. */
static void draw_runs(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot, guint s, guint from,
					  guint to, ChartRole role)
{
	cairo_t *cr = chart_path(sketch);
	gboolean open = FALSE, any = FALSE;
	for (guint i = from; i < to; i++) {
		double value = chart_grid_value(grid, s, i);
		double x = chart_x_at(grid, plot, i), y = isnan(value) ? 0 : chart_scale_at(&plot->y, value);
		gboolean next = i + 1 < to && !isnan(chart_grid_value(grid, s, i + 1));
		if (isnan(value)) {
			open = FALSE;
		} else if (open) {
			cairo_line_to(cr, x, y);
			if (grid->n_x <= 200)
				chart_keep_off(sketch, chart_x_at(grid, plot, i - 1),
							   chart_scale_at(&plot->y, chart_grid_value(grid, s, i - 1)), x, y);
		} else if (next) {
			cairo_move_to(cr, x, y);
			open = any = TRUE;
		} else {
			/* A value alone between gaps: no line reaches it, so it is a dot. */
			g_autofree char *text = chart_value(sketch, grid, value);
			g_autofree char *tip = g_strconcat(grid->labels[i], ": ", text, NULL);
			if (from == 0 || i >= from + 1)
				chart_circle(sketch, ROLE_DOT, grid->inks[s], x, y, 3, tip);
		}
	}
	gboolean told = role != ROLE_PROJECTED && role != ROLE_TREND && (!grid->back[s] || grid->n_series <= 8);
	g_autofree char *course = told ? chart_course(sketch, grid, s) : NULL;
	if (any)
		chart_scene_path(sketch->scene, role, grid->inks[s], cr, course);
}

void chart_draw_series(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot, guint s)
{
	gboolean back = grid->back[s] || (grid->inks[s] == INK_GREY);
	guint solid = MIN(grid->projected, grid->n_x);
	draw_runs(sketch, grid, plot, s, 0, solid, back ? ROLE_THIN : ROLE_LINE);
	if (solid < grid->n_x)
		draw_runs(sketch, grid, plot, s, solid ? solid - 1 : 0, grid->n_x,
				  back ? ROLE_TREND : ROLE_PROJECTED);
	guint last = last_of(grid, s);
	if (last < grid->n_x && !back && !sketch->cell)
		chart_circle(sketch, ROLE_DOT, grid->inks[s], chart_x_at(grid, plot, last),
					 chart_scale_at(&plot->y, chart_grid_value(grid, s, last)), 4, NULL);
}

static void band_run(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot, guint s, guint from,
					 guint to)
{
	cairo_t *cr = chart_path(sketch);
	for (guint i = from; i < to; i++)
		cairo_line_to(cr, chart_x_at(grid, plot, i), chart_scale_at(&plot->y, grid->high[s * grid->n_x + i]));
	for (guint i = to; i > from; i--)
		cairo_line_to(cr, chart_x_at(grid, plot, i - 1),
					  chart_scale_at(&plot->y, grid->low[s * grid->n_x + i - 1]));
	cairo_close_path(cr);
	chart_scene_path(sketch->scene, ROLE_BAND, grid->inks[s], cr, NULL);
}

static void draw_bands(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot)
{
	for (guint s = 0; grid->low && s < grid->n_series; s++)
		for (guint i = 0, from = 0; i <= grid->n_x; i++) {
			gsize at = (gsize)s * grid->n_x + i;
			gboolean there = i < grid->n_x && !isnan(grid->low[at]) && !isnan(grid->high[at]);
			if (there)
				continue;
			if (i > from + 1)
				band_run(sketch, grid, plot, s, from, i);
			from = i + 1;
		}
}

/* ---- frame ---------------------------------------------------------------------------------- */

static gboolean plot_of(ChartSketch *sketch, const ChartGrid *grid, ChartPlot *plot, double low, double high,
						gboolean zero, double right)
{
	chart_room(sketch, sketch->narrow ? 290 : 360);
	ChartBox *plotted = &plot->plot;
	*plotted = sketch->frame;
	double axis = chart_x_axis_height(sketch, grid, plotted->x1 - plotted->x0 - 40);
	plot->first = grid->at[0];
	plot->last = grid->at[grid->n_x - 1];
	plotted->x1 -= right > 0 ? right : 10;
	plotted->y1 -= axis;
	plotted->y0 += sketch->cell ? 4 : 8;
	guint target = (guint)CLAMP((plotted->y1 - plotted->y0) / 56, 3, 7);
	plot->y = chart_value_scale(sketch, low, high, zero, target);
	plotted->x0 +=
		sketch->cell && !sketch->first_cell ? 6 : chart_ticks_width(sketch, &plot->y, grid->unit) + CHART_GAP;
	plotted->y0 += chart_events_room(sketch, grid, plot);
	plot->y.from = plotted->y1;
	plot->y.to = plotted->y0;
	return plotted->y1 - plotted->y0 > 20;
}

/* Lines end where their last label stands; where the names do not fit beside, a legend is set above. */
static double choose_names(ChartSketch *sketch, const ChartGrid *grid, gboolean *values)
{
	guint named = 0;
	for (guint s = 0; s < grid->n_series; s++)
		named += grid->back[s] && grid->n_series > 8 ? 0 : 1;
	*values = !sketch->narrow;
	double height = sketch->chart->height > 0 ? sketch->chart->height : sketch->narrow ? 290 : 360;
	double room = named * LABEL_LINE > height - 60 ? 0 : end_room(sketch, grid, *values);
	if (*values && room > sketch->scene->width * 0.28 + 10) {
		*values = FALSE;
		room = end_room(sketch, grid, FALSE);
	}
	if (room <= 0)
		chart_legend(sketch, grid);
	return room;
}

gboolean chart_draw_line(ChartSketch *sketch)
{
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	ChartPlot plot = {0};
	double low, high;
	gboolean values;
	if (!grid)
		return FALSE;
	chart_check_series(sketch, grid);
	chart_grid_order(sketch, grid, FALSE);
	chart_grid_extent(grid, &low, &high);
	chart_axis_title(sketch, grid->title, grid->unit);
	double room = choose_names(sketch, grid, &values);
	if (!plot_of(sketch, grid, &plot, low, high, FALSE, room))
		return TRUE;
	chart_y_axis(sketch, &plot, grid->unit, grid->display);
	chart_x_axis(sketch, grid, &plot);
	chart_events(sketch, grid, &plot);
	draw_bands(sketch, grid, &plot);
	for (int pass = 0; pass < 2; pass++)
		for (guint s = 0; s < grid->n_series; s++)
			if ((grid->back[s] || grid->inks[s] == INK_GREY) == (pass == 0))
				chart_draw_series(sketch, grid, &plot, s);
	if (room > 0)
		end_labels(sketch, grid, &plot, room, values);
	else if (grid->n_series == 1)
		label_last(sketch, grid, &plot);
	chart_annotate(sketch, grid, &plot);
	chart_hits(sketch, grid, &plot);
	sketch->scene->description = chart_describe(sketch, grid);
	return TRUE;
}

/* ---- areas ---------------------------------------------------------------------------------- */

static void area_between(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot, guint s,
						 const double *below, const double *above)
{
	cairo_t *cr = chart_path(sketch);
	for (guint i = 0; i < grid->n_x; i++)
		cairo_line_to(cr, chart_x_at(grid, plot, i), chart_scale_at(&plot->y, above[i]));
	for (guint i = grid->n_x; i > 0; i--)
		cairo_line_to(cr, chart_x_at(grid, plot, i - 1), chart_scale_at(&plot->y, below[i - 1]));
	cairo_close_path(cr);
	g_autofree char *course = chart_course(sketch, grid, s);
	chart_scene_path(sketch->scene, ROLE_AREA, grid->inks[s], cr, course);
}

/* Edges of the layers: sums[(s) * n_x + i] is the lower edge of series s, s + 1 its upper. */
static double *layer_edges(const ChartGrid *grid, gboolean percent)
{
	double *edges = g_new0(double, (gsize)(grid->n_series + 1) * grid->n_x);
	for (guint i = 0; i < grid->n_x; i++) {
		double total = 0;
		for (guint s = 0; s < grid->n_series; s++)
			total += fmax(0, isnan(chart_grid_value(grid, s, i)) ? 0 : chart_grid_value(grid, s, i));
		for (guint s = 0; s < grid->n_series; s++) {
			double value = fmax(0, isnan(chart_grid_value(grid, s, i)) ? 0 : chart_grid_value(grid, s, i));
			edges[(s + 1) * grid->n_x + i] =
				edges[s * grid->n_x + i] + (percent && total > 0 ? 100 * value / total : value);
		}
	}
	return edges;
}

/* Names at the right, at the height of each layer's last slice. */
static void layer_labels(ChartSketch *sketch, const ChartGrid *grid, const ChartPlot *plot,
						 const double *edges, double room)
{
	g_autofree double *at = g_new(double, grid->n_series), *wanted = g_new(double, grid->n_series);
	guint last = grid->n_x - 1;
	for (guint s = 0; s < grid->n_series; s++)
		wanted[s] = at[s] = (chart_scale_at(&plot->y, edges[s * grid->n_x + last]) +
							 chart_scale_at(&plot->y, edges[(s + 1) * grid->n_x + last])) /
							2;
	if (!chart_spread(at, grid->n_series, LABEL_LINE, plot->plot.y0 - 6, plot->plot.y1 + 6))
		return;
	for (guint s = 0; s < grid->n_series; s++) {
		g_autofree char *name = chart_pen_fit(sketch->pen, FONT_STRONG, grid->names[s], room - 10);
		if (fabs(at[s] - wanted[s]) > 9)
			chart_line(sketch, ROLE_LEADER, INK_NONE, plot->plot.x1 + 2, wanted[s], plot->plot.x1 + 7, at[s]);
		chart_text(sketch, ROLE_STRONG, grid->back[s] ? INK_QUIET : grid->inks[s], ANCHOR_START,
				   plot->plot.x1 + 9, at[s] + 4.5, name);
	}
}

static gboolean draw_layers(ChartSketch *sketch, ChartGrid *grid, gboolean percent)
{
	ChartPlot plot = {0};
	gboolean values;
	double high = 0;
	g_autofree double *edges = layer_edges(grid, percent);
	for (guint i = 0; i < grid->n_x; i++)
		high = fmax(high, edges[grid->n_series * grid->n_x + i]);
	if (percent)
		grid->unit = "percent";
	double room = choose_names(sketch, grid, &values);
	room = room > 0 ? end_room(sketch, grid, FALSE) : 0;
	high = percent ? 100 : chart_whole(grid->unit, high);
	if (!plot_of(sketch, grid, &plot, 0, high, TRUE, room))
		return TRUE;
	for (guint s = 0; s < grid->n_series; s++)
		area_between(sketch, grid, &plot, s, edges + (gsize)s * grid->n_x,
					 edges + (gsize)(s + 1) * grid->n_x);
	chart_y_axis(sketch, &plot, grid->unit, grid->display);
	chart_x_axis(sketch, grid, &plot);
	chart_events(sketch, grid, &plot);
	if (room > 0)
		layer_labels(sketch, grid, &plot, edges, room);
	chart_annotate(sketch, grid, &plot);
	chart_hits(sketch, grid, &plot);
	return TRUE;
}

gboolean chart_draw_stacked_area(ChartSketch *sketch)
{
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	if (!grid || !chart_check_zero(sketch))
		return FALSE;
	chart_check_series(sketch, grid);
	chart_grid_order(sketch, grid, TRUE);
	sketch->scene->description = chart_describe(sketch, grid);
	if (!sketch->chart->percent && grid->n_series > 1)
		chart_check_sums(sketch, grid);
	chart_axis_title(sketch, grid->title, sketch->chart->percent ? NULL : grid->unit);
	return draw_layers(sketch, grid, sketch->chart->percent);
}

/* One series is a filled line; several are stacked, as areas over each other hide one another. */
gboolean chart_draw_area(ChartSketch *sketch)
{
	return chart_draw_stacked_area(sketch);
}
