/* Rows of dots on a value axis - dots, lollipops, dumbbells - and slopes between two periods. */
#include "layout.h"

#include <math.h>
#include <string.h>

/* Two values of each name: two series of a category, or the first and last period of a series. */
typedef struct {
	guint n;
	const char **names;
	double *from, *to;
	guint8 *inks;
	gboolean *back;
	const char *from_label, *to_label;
} Pairs;

static void pairs_clear(Pairs *pairs)
{
	g_free(pairs->names);
	g_free(pairs->from);
	g_free(pairs->to);
	g_free(pairs->inks);
	g_free(pairs->back);
}

static gboolean pairs_of(ChartSketch *sketch, const ChartGrid *grid, Pairs *pairs)
{
	gboolean periods = grid->kind != X_CATEGORY;
	if ((periods ? grid->n_x : grid->n_series) < 2) {
		stet_diagnose(sketch->diags, STET_ERROR, "chart-pairs", sketch->data->place,
					  "give two periods, two 'y' columns or a 'series' of two",
					  "a %s needs two values of each name", sketch->chart->type->name);
		return FALSE;
	}
	guint n = pairs->n = periods ? grid->n_series : grid->n_x;
	pairs->names = g_new(const char *, n);
	pairs->from = g_new(double, n);
	pairs->to = g_new(double, n);
	pairs->inks = g_new(guint8, n);
	pairs->back = g_new0(gboolean, n);
	pairs->from_label = periods ? grid->labels[0] : grid->names[0];
	pairs->to_label = periods ? grid->labels[grid->n_x - 1] : grid->names[grid->n_series - 1];
	for (guint i = 0; i < n; i++) {
		pairs->names[i] = periods ? grid->names[i] : grid->labels[i];
		pairs->from[i] = periods ? chart_grid_value(grid, i, 0) : chart_grid_value(grid, 0, i);
		pairs->to[i] = periods ? chart_grid_value(grid, i, grid->n_x - 1)
							   : chart_grid_value(grid, grid->n_series - 1, i);
		pairs->back[i] = sketch->chart->n_highlight > 0 && !chart_highlights(sketch, pairs->names[i]);
		pairs->inks[i] = periods && n <= CHART_CATEGORIES ? grid->inks[i] : (guint8)INK_C1;
		if (pairs->back[i])
			pairs->inks[i] = INK_GREY;
	}
	return TRUE;
}

/* ---- rows on a value axis ------------------------------------------------------------------- */

typedef struct {
	ChartBox plot;
	ChartScale x;
	double row; /* px */
} Rows;

static void set_rows(ChartSketch *sketch, Rows *rows, const char *const *names, guint n, double low,
					 double high, gboolean zero, const char *unit)
{
	double widest = 0, full = sketch->frame.x1 - sketch->frame.x0;
	for (guint i = 0; i < n; i++)
		widest = fmax(widest, chart_width(sketch, ROLE_LABEL, names[i]));
	widest = fmin(widest, full * (sketch->narrow ? 0.42 : 0.34));
	rows->row = n > 20 ? 20 : 28;
	chart_room_least(sketch, n * rows->row + 26, n * 18.0 + 26);
	rows->plot = sketch->frame;
	rows->plot.y1 -= 24;
	rows->plot.x0 += widest + 14;
	rows->plot.x1 -= sketch->narrow ? 34 : 48;
	rows->row = (rows->plot.y1 - rows->plot.y0) / n;
	rows->x =
		chart_value_scale(sketch, low, high, zero, (guint)CLAMP((rows->plot.x1 - rows->plot.x0) / 90, 3, 7));
	rows->x.from = rows->plot.x0;
	rows->x.to = rows->plot.x1;
	chart_x_value_axis(sketch, &rows->x, rows->plot.y0, rows->plot.y1, unit);
	for (guint i = 0; i < n; i++) {
		g_autoptr(GPtrArray) lines =
			chart_pen_wrap(sketch->pen, FONT_TEXT, names[i], widest + 0.5, rows->row >= 32 ? 2 : 1);
		double y = rows->plot.y0 + (i + 0.5) * rows->row;
		chart_lines(sketch, ROLE_LABEL, INK_NONE, ANCHOR_END, sketch->frame.x0 + widest,
					y + 4.5 - (lines->len - 1) * 8.0, lines);
	}
}

static gboolean draw_dots(ChartSketch *sketch, gboolean stems)
{
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	double low, high;
	Rows rows;
	if (!grid)
		return FALSE;
	chart_grid_order(sketch, grid, FALSE);
	if (!chart_grid_extent(grid, &low, &high))
		low = 0, high = 1;
	chart_axis_title(sketch, grid->title, grid->unit);
	chart_legend(sketch, grid);
	set_rows(sketch, &rows, (const char *const *)grid->labels, grid->n_x, low, high, stems, grid->unit);
	double base = chart_scale_at(&rows.x, fmax(rows.x.low, fmin(0, rows.x.high)));
	for (guint i = 0; i < grid->n_x; i++)
		for (guint s = 0; s < grid->n_series; s++) {
			double value = chart_grid_value(grid, s, i), y = rows.plot.y0 + (i + 0.5) * rows.row;
			if (isnan(value))
				continue;
			gboolean back =
				sketch->chart->n_highlight && grid->n_series == 1 && !chart_highlights(sketch, grid->keys[i]);
			ChartInk ink = back ? INK_GREY : (ChartInk)grid->inks[s];
			g_autofree char *text = chart_value(sketch, grid, value);
			g_autofree char *tip =
				g_strdup_printf("%s%s%s: %s", grid->labels[i], grid->n_series > 1 ? ", " : "",
								grid->n_series > 1 ? grid->names[s] : "", text);
			double x = chart_scale_at(&rows.x, value);
			if (stems)
				chart_line(sketch, ROLE_CONNECT, ink, base, y, x, y);
			chart_circle(sketch, ROLE_DOT, ink, x, y, 6, tip);
			if (grid->n_series == 1)
				chart_text(sketch, ROLE_VALUE, INK_NONE, value < 0 && stems ? ANCHOR_END : ANCHOR_START,
						   x + (value < 0 && stems ? -10 : 10), y + 4.5, text);
		}
	sketch->scene->description = chart_describe(sketch, grid);
	return TRUE;
}

gboolean chart_draw_dot(ChartSketch *sketch)
{
	return draw_dots(sketch, FALSE);
}

gboolean chart_draw_lollipop(ChartSketch *sketch)
{
	const StetChart *chart = sketch->chart;
	if (chart->has_low && chart->domain[0] > 0) {
		stet_diagnose(sketch->diags, STET_ERROR, "chart-truncated", chart_key_place(chart, "domain"),
					  "use 'type: dot'", "a lollipop's stem must start at zero: its length is the value");
		return FALSE;
	}
	return draw_dots(sketch, TRUE);
}

/* The names of both ends, over the first row's dots. */
static void dumbbell_key(ChartSketch *sketch, const Pairs *pairs)
{
	double x = sketch->frame.x0, y = sketch->frame.y0 + 12;
	chart_circle(sketch, ROLE_DOT, INK_GREY, x + 6, y - 4, 6, NULL);
	x = chart_text(sketch, ROLE_LABEL, INK_NONE, ANCHOR_START, x + 17, y, pairs->from_label).x1 + 20;
	chart_circle(sketch, ROLE_DOT, INK_C1, x + 6, y - 4, 6, NULL);
	chart_text(sketch, ROLE_LABEL, INK_NONE, ANCHOR_START, x + 17, y, pairs->to_label);
	sketch->frame.y0 = y + 4 + CHART_GAP;
}

static void order_pairs(ChartSketch *sketch, ChartGrid *grid)
{
	chart_grid_order(sketch, grid, grid->kind != X_CATEGORY);
}

gboolean chart_draw_dumbbell(ChartSketch *sketch)
{
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	Pairs pairs = {0};
	Rows rows;
	double low, high;
	if (!grid)
		return FALSE;
	order_pairs(sketch, grid);
	if (!pairs_of(sketch, grid, &pairs))
		return FALSE;
	if (!chart_grid_extent(grid, &low, &high))
		low = 0, high = 1;
	chart_axis_title(sketch, grid->title, grid->unit);
	dumbbell_key(sketch, &pairs);
	set_rows(sketch, &rows, pairs.names, pairs.n, low, high, FALSE, grid->unit);
	for (guint i = 0; i < pairs.n; i++) {
		double y = rows.plot.y0 + (i + 0.5) * rows.row, x0 = chart_scale_at(&rows.x, pairs.from[i]);
		double x1 = chart_scale_at(&rows.x, pairs.to[i]);
		g_autofree char *from = chart_value(sketch, grid, pairs.from[i]),
						*to = chart_value(sketch, grid, pairs.to[i]);
		g_autofree char *tip =
			g_strdup_printf("%s: %s %s, %s %s", pairs.names[i], pairs.from_label, from, pairs.to_label, to);
		if (!isnan(pairs.from[i]) && !isnan(pairs.to[i]))
			chart_line(sketch, ROLE_CONNECT, INK_GREY, x0, y, x1, y);
		if (!isnan(pairs.from[i]))
			chart_circle(sketch, ROLE_DOT, INK_GREY, x0, y, 6, tip);
		if (!isnan(pairs.to[i])) {
			chart_circle(sketch, ROLE_DOT, pairs.back[i] ? INK_GREY : INK_C1, x1, y, 6, tip);
			gboolean left = pairs.to[i] < pairs.from[i];
			chart_text(sketch, ROLE_VALUE, INK_NONE, left ? ANCHOR_END : ANCHOR_START, x1 + (left ? -10 : 10),
					   y + 4.5, to);
		}
	}
	sketch->scene->description = chart_describe(sketch, grid);
	pairs_clear(&pairs);
	return TRUE;
}

/* ---- slopes --------------------------------------------------------------------------------- */

#define SIDE_LINE 16.0

/* How the two sides are labelled: names in full, in as many lines as they need. */
typedef struct {
	double room[2]; /* px left and right of the slopes */
	double line;    /* px a label takes */
	gboolean left;  /* names stand at the left too */
} Sides;

/* Labels of one side moved apart; values stand next to the line's end, names outside them. */
static void slope_side(ChartSketch *sketch, const ChartGrid *grid, const Pairs *pairs, const Sides *sides,
					   const ChartScale *scale, double x, gboolean right)
{
	const double *values = right ? pairs->to : pairs->from;
	g_autofree double *at = g_new(double, pairs->n);
	g_autofree guint *which = g_new(guint, pairs->n);
	guint n = 0;
	for (guint i = 0; i < pairs->n; i++)
		if (!isnan(values[i])) {
			at[n] = chart_scale_at(scale, values[i]);
			which[n++] = i;
		}
	if (!chart_spread(at, n, sides->line, fmin(scale->from, scale->to) - 8, fmax(scale->from, scale->to) + 8))
		return;
	for (guint k = 0; k < n; k++) {
		guint i = which[k];
		g_autofree char *full = chart_value(sketch, grid, values[i]);
		g_autofree char *value = chart_pen_fit(sketch->pen, FONT_TEXT, full, sides->room[right] - 12);
		double side = right ? 10 : -10, wide = chart_width(sketch, ROLE_VALUE, value) + 6;
		ChartAnchor anchor = right ? ANCHOR_START : ANCHOR_END;
		chart_text(sketch, ROLE_VALUE, INK_NONE, anchor, x + side, at[k] + 4.5, value);
		if (!right && !sides->left && !isnan(pairs->to[i]))
			continue;
		g_autoptr(GPtrArray) lines = chart_pen_wrap(sketch->pen, FONT_STRONG, pairs->names[i],
													fmax(sides->room[right] - wide - 12, 20), 4);
		chart_lines(sketch, pairs->back[i] ? ROLE_LABEL : ROLE_STRONG,
					pairs->back[i] ? INK_QUIET : pairs->inks[i], anchor, x + side + (right ? wide : -wide),
					at[k] + 4.5 - (lines->len - 1) * SIDE_LINE / 2, lines);
	}
}

static guint most_lines(ChartSketch *sketch, const Pairs *pairs, double room)
{
	guint most = 1;
	for (guint i = 0; i < pairs->n; i++) {
		g_autoptr(GPtrArray) lines = chart_pen_wrap(sketch->pen, FONT_STRONG, pairs->names[i], room, 4);
		most = MAX(most, lines->len);
	}
	return most;
}

/* Names on both sides where they leave the slopes their room, else on the right alone, over lines if they
 * must. */
static Sides sides_of(ChartSketch *sketch, const ChartGrid *grid, const Pairs *pairs)
{
	double full = sketch->frame.x1 - sketch->frame.x0, names = 0, values[2] = {0, 0};
	for (guint i = 0; i < pairs->n; i++) {
		g_autofree char *from = chart_value(sketch, grid, pairs->from[i]),
						*to = chart_value(sketch, grid, pairs->to[i]);
		values[0] = fmax(values[0], chart_width(sketch, ROLE_VALUE, from) + 24);
		values[1] = fmax(values[1], chart_width(sketch, ROLE_VALUE, to) + 24);
		names = fmax(names, chart_width(sketch, ROLE_STRONG, pairs->names[i]));
	}
	Sides sides = {{values[0] + names, values[1] + names}, 17, TRUE};
	if (sides.room[0] + sides.room[1] <= full * 0.6)
		return sides;
	values[0] = fmin(values[0], full * 0.38);
	values[1] = fmin(values[1], full * 0.38);
	gboolean ended = FALSE; /* a line that ends before the last period is named where it begins */
	for (guint i = 0; i < pairs->n; i++)
		ended |= isnan(pairs->to[i]) && !isnan(pairs->from[i]);
	sides.left = FALSE;
	sides.room[0] = ended ? fmin(sides.room[0], full * 0.32) : values[0];
	sides.room[1] = fmin(sides.room[1], fmax(full * 0.66 - sides.room[0], full * 0.4));
	guint lines = most_lines(sketch, pairs, fmax(sides.room[1] - values[1] + 6, 20));
	if (ended)
		lines = MAX(lines, most_lines(sketch, pairs, fmax(sides.room[0] - values[0] + 6, 20)));
	sides.line += (lines - 1) * SIDE_LINE;
	return sides;
}

static void draw_slopes(ChartSketch *sketch, const ChartGrid *grid, const Pairs *pairs)
{
	double low = INFINITY, high = -INFINITY;
	for (guint i = 0; i < pairs->n; i++) {
		low = fmin(low, fmin(pairs->from[i], pairs->to[i]));
		high = fmax(high, fmax(pairs->from[i], pairs->to[i]));
	}
	Sides sides = sides_of(sketch, grid, pairs);
	double least = pairs->n * sides.line + 50;
	chart_room_least(sketch, fmax(sketch->narrow ? 300 : 360, least), least);
	ChartScale scale = chart_value_scale(sketch, low, high, FALSE, 5);
	if (low < high && scale.kind == SCALE_LINEAR) {
		scale.low = low;
		scale.high = high;
	}
	scale.from = sketch->frame.y1 - 12;
	scale.to = sketch->frame.y0 + 32;
	double x0 = sketch->frame.x0 + sides.room[0], x1 = sketch->frame.x1 - sides.room[1];
	chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_MIDDLE, x0, sketch->frame.y0 + 12,
			   pairs->from_label);
	chart_text(sketch, ROLE_TICK_LABEL, INK_NONE, ANCHOR_MIDDLE, x1, sketch->frame.y0 + 12, pairs->to_label);
	chart_line(sketch, ROLE_GRID, INK_NONE, x0, scale.to - 8, x0, scale.from + 8);
	chart_line(sketch, ROLE_GRID, INK_NONE, x1, scale.to - 8, x1, scale.from + 8);
	for (int pass = 0; pass < 2; pass++)
		for (guint i = 0; i < pairs->n; i++) {
			double y0 = chart_scale_at(&scale, pairs->from[i]), y1 = chart_scale_at(&scale, pairs->to[i]);
			if (pairs->back[i] != (pass == 0))
				continue;
			if (!isnan(pairs->from[i]) && !isnan(pairs->to[i]))
				chart_line(sketch, pairs->back[i] ? ROLE_THIN : ROLE_LINE, pairs->inks[i], x0, y0, x1, y1);
			if (!isnan(pairs->from[i]))
				chart_circle(sketch, ROLE_DOT, pairs->inks[i], x0, y0, 4, pairs->names[i]);
			if (!isnan(pairs->to[i]))
				chart_circle(sketch, ROLE_DOT, pairs->inks[i], x1, y1, 4, pairs->names[i]);
		}
	slope_side(sketch, grid, pairs, &sides, &scale, x0, FALSE);
	slope_side(sketch, grid, pairs, &sides, &scale, x1, TRUE);
}

gboolean chart_draw_slope(ChartSketch *sketch)
{
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	Pairs pairs = {0};
	if (!grid)
		return FALSE;
	order_pairs(sketch, grid);
	if (!pairs_of(sketch, grid, &pairs))
		return FALSE;
	chart_axis_title(sketch, grid->title, grid->unit);
	draw_slopes(sketch, grid, &pairs);
	sketch->scene->description = chart_describe(sketch, grid);
	pairs_clear(&pairs);
	return TRUE;
}
