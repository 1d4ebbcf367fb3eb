/* Bars, upright or lying, side by side or stacked. They always start at zero. */
#include "layout.h"

#include <math.h>
#include <string.h>

typedef struct {
	ChartSketch *sketch;
	ChartGrid *grid;
	ChartPlot plot; /* of lying bars, y is the value scale along x */
	gboolean lying, stacked, percent, labelled;
	double slot, thick; /* px of a category and of one bar */
} Bars;

static const double lying_bar = 22, lying_gap = 12, thin_bar = 15;

/* ---- values --------------------------------------------------------------------------------- */

static double share(const Bars *bars, guint s, guint x)
{
	const ChartGrid *grid = bars->grid;
	double value = chart_grid_value(grid, s, x), total = 0;
	if (!bars->percent || isnan(value))
		return value;
	for (guint k = 0; k < grid->n_series; k++)
		total += isnan(chart_grid_value(grid, k, x)) ? 0 : fabs(chart_grid_value(grid, k, x));
	return total > 0 ? 100 * value / total : NAN;
}

/* Where a stacked bar's segment begins: after those of its own sign. */
static double stack_base(const Bars *bars, guint s, guint x)
{
	double base = 0, value = share(bars, s, x);
	for (guint k = 0; k < s; k++) {
		double below = share(bars, k, x);
		if (!isnan(below) && (below < 0) == (value < 0))
			base += below;
	}
	return base;
}

static void extent(const Bars *bars, double *low, double *high)
{
	*low = *high = 0;
	for (guint x = 0; x < bars->grid->n_x; x++)
		for (guint s = 0; s < bars->grid->n_series; s++) {
			double value = share(bars, s, x), base = bars->stacked ? stack_base(bars, s, x) : 0;
			if (isnan(value))
				continue;
			*low = fmin(*low, base + value);
			*high = fmax(*high, base + value);
		}
	*high = chart_whole(bars->grid->unit, *high);
	if (bars->percent) {
		*low = *low < 0 ? -100 : 0;
		*high = *high > 0 ? 100 : 0;
	}
}

/* ---- colours and texts ---------------------------------------------------------------------- */

static gboolean is_named(const StetChart *chart, const char *key, const char *label)
{
	for (guint i = 0; i < chart->n_highlight; i++)
		if (strcmp(chart->highlight[i], key) == 0 || strcmp(chart->highlight[i], label) == 0)
			return TRUE;
	return FALSE;
}

/* A highlight may name series or categories. */
static ChartInk ink_of(const Bars *bars, guint s, guint x)
{
	const ChartGrid *grid = bars->grid;
	const StetChart *chart = bars->sketch->chart;
	gboolean any = FALSE;
	gboolean signs =
		grid->n_series == 1 && strcmp(chart->type->name, "diverging-bar") == 0 && !chart->n_highlight;
	if (signs || (chart->color && strcmp(chart->color, "sign") == 0))
		return chart_grid_value(grid, s, x) < 0 ? INK_DOWN : INK_UP;
	for (guint i = 0; chart->n_highlight && i < grid->n_x && !any; i++)
		any = is_named(chart, grid->keys[i], grid->labels[i]);
	if (any && !is_named(chart, grid->keys[x], grid->labels[x]))
		return INK_GREY;
	if (grid->n_series > 1)
		return grid->inks[s];
	if (chart->other && strcmp(grid->keys[x], chart_other(bars->sketch)) == 0)
		return INK_GREY;
	if (chart->color && strcmp(chart->color, "category") == 0) {
		const char *dimension = bars->sketch->data->table->columns[grid->x].name;
		int colour = chart_theme_colour(bars->sketch->theme, dimension, grid->keys[x]);
		colour = colour < 0 ? (int)x : colour;
		return colour < CHART_CATEGORIES ? (ChartInk)(INK_C1 + colour) : INK_GREY;
	}
	return grid->inks[s];
}

/* Shares inside a stack are rounded, for room, unless the spec or the measure says how. */
static char *shown_value(const Bars *bars, double value)
{
	const ChartGrid *grid = bars->grid;
	gboolean part =
		bars->stacked && grid->n_series > 1 && grid->display < 0 && g_strcmp0(grid->unit, "percent") == 0;
	if (!bars->percent && !part)
		return chart_value(bars->sketch, grid, value);
	return stet_locale_quantity(bars->sketch->data->locale, bars->sketch->sides ? fabs(value) : value, "percent", 0,
								STET_COMPACT);
}

static char *tip_of(const Bars *bars, guint s, guint x)
{
	const ChartGrid *grid = bars->grid;
	g_autofree char *value = chart_full_value(bars->sketch, grid, chart_grid_value(grid, s, x));
	g_autofree char *part = bars->percent ? shown_value(bars, share(bars, s, x)) : NULL;
	return g_strdup_printf("%s%s%s: %s%s%s%s", grid->labels[x], grid->n_series > 1 ? ", " : "",
						   grid->n_series > 1 ? grid->names[s] : "", value, part ? " (" : "",
						   part ? part : "", part ? ")" : "");
}

/* ---- one bar -------------------------------------------------------------------------------- */

static void label_end(const Bars *bars, guint s, guint x, double middle, double end, gboolean negative)
{
	g_autofree char *text = shown_value(bars, share(bars, s, x));
	if (bars->lying)
		chart_text(bars->sketch, ROLE_VALUE, INK_NONE, negative ? ANCHOR_END : ANCHOR_START,
				   end + (negative ? -5 : 5), middle + 4.5, text);
	else
		chart_text(bars->sketch, ROLE_VALUE, INK_NONE, ANCHOR_MIDDLE, middle, negative ? end + 15 : end - 5,
				   text);
}

/* Text inside a segment, where it has room. */
static void label_inside(const Bars *bars, guint s, guint x, double middle, double from, double to)
{
	g_autofree char *text = shown_value(bars, share(bars, s, x));
	double width = chart_width(bars->sketch, ROLE_ON_FILL, text), length = fabs(to - from);
	gboolean fits =
		bars->lying ? width + 8 <= length && bars->thick >= 16 : length >= 18 && width + 4 <= bars->thick;
	if (!fits)
		return;
	double along = (from + to) / 2;
	chart_text(bars->sketch, ROLE_ON_FILL, ink_of(bars, s, x), ANCHOR_MIDDLE, bars->lying ? along : middle,
			   (bars->lying ? middle : along) + 4.5, text);
}

static void draw_bar(const Bars *bars, guint s, guint x)
{
	double value = share(bars, s, x), base = bars->stacked ? stack_base(bars, s, x) : 0;
	if (isnan(value))
		return;
	double from = chart_scale_at(&bars->plot.y, base), to = chart_scale_at(&bars->plot.y, base + value);
	double begin = bars->lying ? bars->plot.plot.y0 : bars->plot.plot.x0;
	guint lanes = bars->stacked ? 1 : bars->grid->n_series;
	double group = bars->thick * lanes, lane = bars->stacked ? 0 : s * bars->thick;
	double near = begin + x * bars->slot + (bars->slot - group) / 2 + lane,
		   far = near + bars->thick - (lanes > 1 ? 1 : 0);
	g_autofree char *tip = tip_of(bars, s, x);
	ChartRole role = bars->stacked ? ROLE_CELL : ROLE_BAR;
	if (bars->lying)
		chart_rect(bars->sketch, role, ink_of(bars, s, x), from, near, to, far, tip);
	else
		chart_rect(bars->sketch, role, ink_of(bars, s, x), near, from, far, to, tip);
	if (!bars->labelled)
		return;
	if (bars->stacked && bars->grid->n_series > 1)
		label_inside(bars, s, x, (near + far) / 2, from, to);
	else
		label_end(bars, s, x, (near + far) / 2, to, value < 0);
}

static void draw_bars(const Bars *bars)
{
	const ChartGrid *grid = bars->grid;
	for (guint s = 0; s < grid->n_series; s++) {
		chart_section(bars->sketch, grid, s);
		for (guint x = 0; x < grid->n_x; x++)
			draw_bar(bars, s, x);
	}
	chart_section(bars->sketch, NULL, 0);
}

/* Widest value shown at a bar's end; also whether all fit in `most` px. */
static double value_width(const Bars *bars, gboolean negative)
{
	double widest = 0;
	for (guint x = 0; x < bars->grid->n_x; x++)
		for (guint s = 0; s < bars->grid->n_series; s++) {
			double value = share(bars, s, x);
			if (isnan(value) || (value < 0) != negative)
				continue;
			g_autofree char *text = shown_value(bars, value);
			widest = fmax(widest, chart_width(bars->sketch, ROLE_VALUE, text));
		}
	return widest;
}

/* ---- lying bars ----------------------------------------------------------------------------- */

static double name_width(const Bars *bars, double most)
{
	double widest = 0;
	for (guint i = 0; i < bars->grid->n_x; i++)
		widest = fmax(widest, chart_width(bars->sketch, ROLE_LABEL, bars->grid->labels[i]));
	return fmin(widest, most);
}

static void draw_names(const Bars *bars, double x)
{
	for (guint i = 0; i < bars->grid->n_x; i++) {
		double middle = bars->plot.plot.y0 + (i + 0.5) * bars->slot;
		guint most = (guint)CLAMP(bars->slot / 16, 1, 2);
		g_autoptr(GPtrArray) lines = chart_pen_wrap(bars->sketch->pen, FONT_TEXT, bars->grid->labels[i],
													x - bars->sketch->frame.x0 + 0.5, most);
		chart_lines(bars->sketch, ROLE_LABEL, INK_NONE, ANCHOR_END, x, middle + 4.5 - (lines->len - 1) * 8.0,
					lines);
	}
}

static gboolean draw_lying(Bars *bars)
{
	ChartSketch *sketch = bars->sketch;
	ChartGrid *grid = bars->grid;
	ChartPlot *plot = &bars->plot;
	guint lanes = bars->stacked ? 1 : grid->n_series;
	double full = sketch->frame.x1 - sketch->frame.x0, low, high;
	bars->thick = lanes > 1 ? thin_bar : grid->n_x > 20 ? 14 : lying_bar;
	bars->slot = bars->thick * lanes + (grid->n_x > 20 ? 5 : lying_gap);
	double names = name_width(bars, full * (sketch->narrow ? 0.42 : 0.34));
	double ends_width = value_width(bars, FALSE) + value_width(bars, TRUE) + 12;
	bars->labelled = grid->n_x * lanes <= 60 && ends_width < (full - names) * 0.6;
	gboolean axis = (bars->stacked && grid->n_series > 1) || !bars->labelled;
	chart_room_least(sketch, grid->n_x * bars->slot + (axis ? 26 : 2),
					 grid->n_x * fmax(19, 14.0 * lanes) + 26);
	sketch->wanted = grid->n_x * fmax(19, 14.0 * lanes) + 26;
	plot->plot = sketch->frame;
	plot->plot.y1 -= axis ? 26 : 2;
	bars->slot = (plot->plot.y1 - plot->plot.y0) / grid->n_x;
	bars->thick = fmin(bars->thick, bars->slot * 0.9 / lanes);
	plot->plot.x0 += names + CHART_GAP;
	extent(bars, &low, &high);
	gboolean ends = bars->labelled && !(bars->stacked && grid->n_series > 1);
	plot->plot.x0 += ends && low < 0 ? value_width(bars, TRUE) + 6 : 0;
	plot->plot.x1 -= ends && high > 0 ? value_width(bars, FALSE) + 6 : 8;
	/* Without an axis the longest bar may use the whole width. */
	ChartScale scale = chart_value_scale(sketch, low, high, TRUE, (guint)CLAMP(full / 110, 3, 6));
	if (!axis && !sketch->has_shared && !sketch->chart->has_high && !sketch->chart->has_low && high > low) {
		scale.low = low;
		scale.high = high;
	}
	plot->y = scale;
	plot->y.from = plot->plot.x0;
	plot->y.to = plot->plot.x1;
	if (axis)
		chart_x_value_axis(sketch, &plot->y, plot->plot.y0, plot->plot.y1,
						   bars->percent ? "percent" : grid->unit);
	draw_names(bars, sketch->frame.x0 + names);
	draw_bars(bars);
	double zero = round(chart_scale_at(&plot->y, 0)) + 0.5;
	chart_line(sketch, ROLE_BASE, INK_NONE, zero, plot->plot.y0, zero, plot->plot.y1);
	return TRUE;
}

/* ---- upright bars --------------------------------------------------------------------------- */

/* Names of the stack's layers at the right of the last bar. */
static void layer_names(const Bars *bars, double room)
{
	const ChartGrid *grid = bars->grid;
	guint last = grid->n_x - 1, n = 0;
	g_autofree double *at = g_new(double, grid->n_series), *wanted = g_new(double, grid->n_series);
	g_autofree guint *which = g_new(guint, grid->n_series);
	for (guint s = 0; s < grid->n_series; s++) {
		double value = share(bars, s, last), base = stack_base(bars, s, last);
		value = isnan(value) ? 0 : value;
		wanted[n] = at[n] = chart_scale_at(&bars->plot.y, base + value / 2);
		which[n++] = s;
	}
	if (!chart_spread(at, n, 17, bars->plot.plot.y0 - 4, bars->plot.plot.y1 + 4))
		return;
	double x = bars->plot.plot.x1;
	for (guint i = 0; i < n; i++) {
		g_autofree char *name =
			chart_pen_fit(bars->sketch->pen, FONT_STRONG, grid->names[which[i]], room - 9.5);
		if (fabs(at[i] - wanted[i]) > 9)
			chart_line(bars->sketch, ROLE_LEADER, INK_NONE, x - (bars->slot - bars->thick) / 2 + 1, wanted[i],
					   x + 6, at[i]);
		chart_text(bars->sketch, ROLE_STRONG, grid->back[which[i]] ? INK_QUIET : grid->inks[which[i]],
				   ANCHOR_START, x + 8, at[i] + 4.5, name);
	}
}

/* Room at the right for the layers' names, 0 for a legend above. */
static double layer_room(const Bars *bars)
{
	double widest = 0, most = bars->sketch->scene->width * (bars->sketch->narrow ? 0.3 : 0.26);
	if (!bars->stacked || bars->grid->n_series < 2 || bars->sketch->cell || bars->grid->n_series > 12)
		return 0;
	for (guint s = 0; s < bars->grid->n_series; s++)
		widest = fmax(widest, chart_width(bars->sketch, ROLE_STRONG, bars->grid->names[s]));
	return widest > most ? 0 : widest + 10;
}

static gboolean draw_upright(Bars *bars)
{
	ChartSketch *sketch = bars->sketch;
	ChartGrid *grid = bars->grid;
	ChartPlot *plot = &bars->plot;
	const char *unit = bars->percent ? "percent" : grid->unit;
	double low, high, room = layer_room(bars);
	if (room <= 0)
		chart_legend(sketch, grid);
	chart_room_least(sketch, sketch->narrow ? 280 : 340, 120 + 17.0 * (room > 0 ? grid->n_series : 0));
	extent(bars, &low, &high);
	plot->plot = sketch->frame;
	plot->plot.x1 -= room > 0 ? room : 2;
	plot->y =
		chart_value_scale(sketch, low, high, TRUE, (guint)CLAMP((plot->plot.y1 - plot->plot.y0) / 60, 3, 6));
	plot->plot.x0 += sketch->first_cell ? chart_ticks_width(sketch, &plot->y, unit) + CHART_GAP : 2;
	bars->slot = plot->band = (plot->plot.x1 - plot->plot.x0) / grid->n_x;
	plot->plot.y1 -= chart_x_axis_height(sketch, grid, plot->plot.x1 - plot->plot.x0);
	plot->plot.y0 += 12;
	plot->plot.y0 += chart_events_room(sketch, grid, plot);
	plot->y.from = plot->plot.y1 - (low < 0 ? 16 : 0); /* room for values below negative bars */
	plot->y.to = plot->plot.y0;
	guint lanes = bars->stacked ? 1 : grid->n_series;
	bars->thick = fmin(bars->slot * (lanes > 1 ? 0.82 : 0.72), 64.0 * lanes) / lanes;
	double widest = fmax(value_width(bars, FALSE), value_width(bars, TRUE));
	gboolean segments = bars->stacked && grid->n_series > 1;
	bars->labelled = (segments && widest + 4 <= bars->thick) ||
					 (!segments && widest + 4 <= (lanes > 1 ? bars->thick : bars->slot) && !sketch->cell);
	chart_y_axis(sketch, plot, unit, grid->display);
	draw_bars(bars);
	double zero = round(chart_scale_at(&plot->y, 0)) + 0.5;
	chart_line(sketch, ROLE_BASE, INK_NONE, plot->plot.x0, zero, plot->plot.x1, zero);
	chart_x_axis(sketch, grid, plot);
	chart_events(sketch, grid, plot);
	if (room > 0)
		layer_names(bars, room);
	chart_annotate(sketch, grid, plot);
	return TRUE;
}

/* ---- for and against ------------------------------------------------------------------------ */

/* Layers against in one end's colours of the diverging ramp, those for in the other's, the outermost
 * strongest. */
static void set_sides(const Bars *bars)
{
	gboolean pure = TRUE;
	const ChartGrid *grid = bars->grid;
	guint sides[2] = {0, 0}, seen[2] = {0, 0};
	g_autofree gboolean *against = g_new0(gboolean, grid->n_series);
	for (guint s = 0; s < grid->n_series; s++) {
		double sum = 0, size = 0;
		for (guint x = 0; x < grid->n_x; x++) {
			double value = chart_grid_value(grid, s, x);
			sum += isnan(value) ? 0 : value;
			size += isnan(value) ? 0 : fabs(value);
		}
		against[s] = sum < 0;
		pure = pure && fabs(sum) >= size;
		sides[against[s]]++;
	}
	/* A layer that lies on one side only is told by its name: "Disagree 12%". */
	bars->sketch->sides = pure;
	for (guint s = 0; s < grid->n_series; s++) {
		guint n = sides[against[s]], at = seen[against[s]]++;
		int step = n > 1 ? (int)lround(2.0 * at / (n - 1)) : 1; /* 0 next to zero, 2 outermost */
		grid->inks[s] = (guint8)(against[s] ? INK_D1 + 2 - step : INK_D1 + 6 + step);
	}
}

/* The key reads as the bars lie: from the outermost against to the outermost for. */
static void sides_legend(const Bars *bars)
{
	const ChartGrid *grid = bars->grid;
	guint n = 0;
	g_autofree char **names = g_new(char *, grid->n_series);
	g_autofree guint8 *inks = g_new(guint8, grid->n_series);
	g_autofree gboolean *back = g_new0(gboolean, grid->n_series);
	for (guint side = 0; side < 2; side++)
		for (guint k = 0; k < grid->n_series; k++) {
			guint s = side == 0 ? grid->n_series - 1 - k : k;
			if ((grid->inks[s] < INK_D1 + CHART_STEPS / 2) != (side == 0))
				continue;
			names[n] = grid->names[s];
			inks[n++] = grid->inks[s];
		}
	ChartGrid key = {.n_series = n, .names = names, .inks = inks, .back = back};
	chart_legend(bars->sketch, &key);
}

/* ---- both ----------------------------------------------------------------------------------- */

/* Upright for periods and for few short names; lying where names need room to be read. */
static gboolean lies(ChartSketch *sketch, const ChartGrid *grid)
{
	const StetChart *chart = sketch->chart;
	if (chart->turn != TURN_HABIT)
		return chart->turn == TURN_HORIZONTAL;
	if (strcmp(chart->type->name, "column") == 0 || grid->kind != X_CATEGORY)
		return FALSE;
	double band = (sketch->frame.x1 - sketch->frame.x0 - 50) / grid->n_x, widest = 0;
	gboolean ordinal = TRUE;
	for (guint i = 0; i < grid->n_x; i++) {
		widest = fmax(widest, chart_width(sketch, ROLE_LABEL, grid->labels[i]));
		ordinal &= g_ascii_isdigit(grid->keys[i][0]) != 0;
	}
	return !ordinal || widest > band - 6;
}

static gboolean draw(ChartSketch *sketch, gboolean stacked)
{
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	if (!grid || !chart_check_zero(sketch))
		return FALSE;
	Bars bars = {.sketch = sketch, .grid = grid, .stacked = stacked || sketch->chart->percent};
	bars.percent = bars.stacked && sketch->chart->percent;
	chart_check_series(sketch, grid);
	/* The layers of a diverging bar have an order of their own: agree, strongly agree. */
	chart_grid_order(sketch, grid, bars.stacked && strcmp(sketch->chart->type->name, "diverging-bar") != 0);
	if (bars.stacked && !bars.percent)
		chart_check_sums(sketch, grid);
	bars.lying = lies(sketch, grid);
	chart_axis_title(sketch, grid->title, bars.percent ? NULL : grid->unit);
	if (bars.lying && (sketch->chart->n_events || sketch->chart->n_notes) && !sketch->narrow)
		stet_diagnose(sketch->diags, STET_WARNING, "chart-note",
					  chart_key_place(sketch->chart, sketch->chart->n_events ? "events" : "annotate"),
					  "set 'orientation: vertical', or draw a line",
					  "lying bars carry no events and no notes: each bar has its value beside it");
	gboolean sides = strcmp(sketch->chart->type->name, "diverging-bar") == 0 && grid->n_series > 1 &&
					 !sketch->chart->n_highlight;
	sketch->scene->description = chart_describe(sketch, grid);
	if (sides)
		set_sides(&bars);
	if (sides && bars.lying)
		sides_legend(&bars);
	else if (bars.lying)
		chart_legend(sketch, grid);
	return bars.lying ? draw_lying(&bars) : draw_upright(&bars);
}

gboolean chart_draw_bar(ChartSketch *sketch)
{
	return draw(sketch, FALSE);
}

gboolean chart_draw_stacked_bar(ChartSketch *sketch)
{
	return draw(sketch, TRUE);
}
