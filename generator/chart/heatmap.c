/* Heatmap: a matrix of cells coloured by value, with the value in each where it fits. */
#include "layout.h"

#include <math.h>
#include <string.h>

#define TURNED_MAX 110.0 /* px of a column name read upward */

typedef struct {
	ChartSketch *sketch;
	ChartGrid *grid;
	ChartBox plot;
	double cell_w, cell_h;
	double low, high, middle;
	gboolean diverging, valued, turned; /* turned: column names read upward */
} Heat;

static ChartInk ink_of(const Heat *heat, double value)
{
	double span = heat->high - heat->low, at = span > 0 ? (value - heat->low) / span : 0.5;
	if (heat->diverging) {
		double far = fmax(heat->high - heat->middle, heat->middle - heat->low);
		at = far > 0 ? 0.5 + (value - heat->middle) / far / 2 : 0.5;
		return (ChartInk)(INK_D1 + CLAMP((int)(at * CHART_STEPS), 0, CHART_STEPS - 1));
	}
	return (ChartInk)(INK_S1 + CLAMP((int)(at * CHART_STEPS), 0, CHART_STEPS - 1));
}

/* Diverging if asked for, or if the values lie on both sides of the middle (0 unless told). */
static void set_colours(Heat *heat)
{
	const StetChart *chart = heat->sketch->chart;
	heat->middle = chart->has_baseline ? chart->baseline : 0;
	heat->diverging = chart->color ? strcmp(chart->color, "diverging") == 0
								   : chart->has_baseline || (heat->low < 0 && heat->high > 0);
	if (chart->has_low)
		heat->low = chart->domain[0];
	if (chart->has_high)
		heat->high = chart->domain[1];
	/* Amounts that begin near zero begin at it. */
	if (!heat->diverging && heat->low > 0 && heat->low < 0.3 * heat->high && !chart->has_low)
		heat->low = 0;
}

static gboolean values_fit(const Heat *heat)
{
	const ChartGrid *grid = heat->grid;
	if (heat->cell_h < 17)
		return FALSE;
	for (gsize i = 0; i < (gsize)grid->n_series * grid->n_x; i++) {
		if (isnan(grid->values[i]))
			continue;
		g_autofree char *text = chart_value(heat->sketch, grid, grid->values[i]);
		if (chart_width(heat->sketch, ROLE_ON_FILL, text) + 4 > heat->cell_w)
			return FALSE;
	}
	return TRUE;
}

/* What the colours mean, where the cells cannot say it: a row of swatches between two values. */
static void draw_key(Heat *heat)
{
	ChartSketch *sketch = heat->sketch;
	double y = sketch->frame.y0 + 12, x = sketch->frame.x0,
		   far = fmax(heat->high - heat->middle, heat->middle - heat->low);
	double first = heat->diverging ? heat->middle - far : heat->low,
		   last = heat->diverging ? heat->middle + far : heat->high;
	double most = (sketch->frame.x1 - x - CHART_STEPS * 14 - 12) / 2;
	g_autofree char *from = chart_value(sketch, heat->grid, first),
					*to = chart_value(sketch, heat->grid, last);
	g_autofree char *low = chart_pen_fit(sketch->pen, FONT_TEXT, from, most),
					*high = chart_pen_fit(sketch->pen, FONT_TEXT, to, most);
	x = chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_START, x, y, low).x1 + 6;
	for (guint i = 0; i < CHART_STEPS; i++) {
		chart_rect(sketch, ROLE_CELL, (ChartInk)((heat->diverging ? INK_D1 : INK_S1) + i), x, y - 11, x + 14,
				   y + 1, NULL);
		x += 14;
	}
	chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_START, x + 6, y, high);
	sketch->frame.y0 = y + 4 + CHART_GAP;
}

static void draw_row_names(const Heat *heat, double room)
{
	const ChartGrid *grid = heat->grid;
	for (guint s = 0; s < grid->n_series; s++) {
		double middle = heat->plot.y0 + (s + 0.5) * heat->cell_h;
		g_autoptr(GPtrArray) lines =
			chart_pen_wrap(heat->sketch->pen, FONT_TEXT, grid->names[s], room, heat->cell_h >= 30 ? 2 : 1);
		chart_lines(heat->sketch, ROLE_LABEL, INK_NONE, ANCHOR_END, heat->plot.x0 - CHART_GAP,
					middle + 4.5 - (lines->len - 1) * 8.0, lines);
	}
}

static guint column_lines(const Heat *heat)
{
	guint most = 1;
	for (guint i = 0; i < heat->grid->n_x && heat->grid->kind == X_CATEGORY; i++) {
		g_autoptr(GPtrArray) lines =
			chart_pen_wrap(heat->sketch->pen, FONT_TEXT, heat->grid->labels[i], heat->cell_w - 4, 3);
		most = MAX(most, lines->len);
	}
	return most;
}

/* Names stand on the cells they head; of periods as many as fit. */
static void draw_column_names(const Heat *heat)
{
	const ChartGrid *grid = heat->grid;
	double right = -INFINITY;
	for (guint i = 0; i < grid->n_x; i++) {
		double x = heat->plot.x0 + (i + 0.5) * heat->cell_w, y = heat->plot.y0 - 7;
		if (heat->turned) {
			g_autofree char *name = chart_pen_fit(heat->sketch->pen, FONT_TEXT, grid->labels[i], TURNED_MAX);
			chart_turned_text(heat->sketch, ROLE_TICK_LABEL, x + 4.5, y, name);
			continue;
		}
		if (grid->kind == X_CATEGORY) {
			g_autoptr(GPtrArray) lines =
				chart_pen_wrap(heat->sketch->pen, FONT_TEXT, grid->labels[i], heat->cell_w - 4, 3);
			chart_lines(heat->sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_MIDDLE, x,
						y - (lines->len - 1) * 16.0, lines);
			continue;
		}
		double half = chart_width(heat->sketch, ROLE_TICK_LABEL, grid->labels[i]) / 2;
		x = fmin(x, heat->sketch->scene->width - half);
		if (x - half > right + 8)
			right =
				chart_text(heat->sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_MIDDLE, x, y, grid->labels[i]).x1;
	}
}

static void draw_cells(const Heat *heat)
{
	const ChartGrid *grid = heat->grid;
	for (guint s = 0; s < grid->n_series; s++) {
		chart_section(heat->sketch, grid, s);
		for (guint i = 0; i < grid->n_x; i++) {
			double value = chart_grid_value(grid, s, i), x = heat->plot.x0 + i * heat->cell_w;
			double y = heat->plot.y0 + s * heat->cell_h;
			if (isnan(value))
				continue;
			g_autofree char *text = chart_value(heat->sketch, grid, value);
			g_autofree char *tip = g_strdup_printf("%s, %s: %s", grid->names[s], grid->labels[i], text);
			chart_rect(heat->sketch, ROLE_CELL, ink_of(heat, value), x, y, x + heat->cell_w, y + heat->cell_h,
					   tip);
		}
	}
	chart_section(heat->sketch, NULL, 0);
	for (guint s = 0; heat->valued && s < grid->n_series; s++)
		for (guint i = 0; i < grid->n_x; i++) {
			double value = chart_grid_value(grid, s, i);
			if (isnan(value))
				continue;
			g_autofree char *text = chart_value(heat->sketch, grid, value);
			chart_text(heat->sketch, ROLE_ON_FILL, ink_of(heat, value), ANCHOR_MIDDLE,
					   heat->plot.x0 + (i + 0.5) * heat->cell_w,
					   heat->plot.y0 + (s + 0.5) * heat->cell_h + 4.5, text);
		}
}

static double turned_height(const Heat *heat)
{
	double longest = 0;
	for (guint i = 0; i < heat->grid->n_x; i++)
		longest = fmax(longest, chart_width(heat->sketch, ROLE_TICK_LABEL, heat->grid->labels[i]));
	return fmin(longest, TURNED_MAX) + 12;
}

static void lay_out(Heat *heat)
{
	ChartSketch *sketch = heat->sketch;
	ChartGrid *grid = heat->grid;
	double widest = 0, full = sketch->frame.x1 - sketch->frame.x0;
	for (guint s = 0; s < grid->n_series; s++)
		widest = fmax(widest, chart_width(sketch, ROLE_LABEL, grid->names[s]));
	widest = fmin(widest, full * (sketch->narrow ? 0.3 : 0.26));
	heat->cell_w = fmin((full - widest - CHART_GAP) / grid->n_x, 120);
	heat->cell_h = grid->n_series > 16 ? 20 : sketch->narrow ? 32 : 34;
	heat->valued = values_fit(heat);
	if (!heat->valued)
		draw_key(heat);
	heat->turned =
		grid->kind == X_CATEGORY && !chart_labels_fit(sketch, grid->labels, grid->n_x, heat->cell_w - 4, 3);
	double head = heat->turned ? turned_height(heat) : 6 + 16.0 * column_lines(heat);
	chart_room_least(sketch, head + heat->cell_h * grid->n_series, head + 18.0 * grid->n_series);
	heat->plot = (ChartBox){sketch->frame.x0 + widest + CHART_GAP, sketch->frame.y0 + head, sketch->frame.x1,
							sketch->frame.y1};
	heat->cell_h = (heat->plot.y1 - heat->plot.y0) / grid->n_series;
	heat->plot.x1 = heat->plot.x0 + heat->cell_w * grid->n_x;
	draw_column_names(heat);
	draw_row_names(heat, widest + 0.5);
	draw_cells(heat);
}

/* `y` may name the column of the rows; then `value` (or the first measure) is what is shown. */
static StetChart rows_as_series(ChartSketch *sketch)
{
	StetChart chart = *sketch->chart;
	int y = chart.n_y ? stet_table_column(sketch->data->table, chart.y[0]) : -1;
	if (y >= 0 && !chart_is_measure(sketch, y)) {
		chart.series = chart.y[0];
		chart.n_y = 0;
	}
	if (chart.value && chart.n_y == 0) {
		chart.y[0] = chart.value;
		chart.n_y = 1;
	}
	return chart;
}

gboolean chart_draw_heatmap(ChartSketch *outer)
{
	StetChart chart = rows_as_series(outer);
	ChartSketch inner = *outer, *sketch = &inner;
	inner.chart = &chart;
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	if (!grid)
		return FALSE;
	if (grid->kind == X_NUMBER)
		grid->kind = X_CATEGORY;
	Heat heat = {.sketch = sketch, .grid = grid};
	chart_grid_order(sketch, grid, TRUE);
	chart_grid_extent(grid, &heat.low, &heat.high);
	set_colours(&heat);
	chart_axis_title(sketch, grid->title, grid->unit);
	lay_out(&heat);
	sketch->scene->description = chart_describe(sketch, grid);
	outer->frame = inner.frame;
	return TRUE;
}
