/* Parts of a whole: treemap, Marimekko, Sankey. */
#include "layout.h"

#include <math.h>
#include <string.h>

#define NAMES_BELOW 56.0 /* px under a Marimekko for the names of its columns */

static double value_of(const ChartGrid *grid, guint s, guint x)
{
	double value = chart_grid_value(grid, s, x);
	return isnan(value) ? 0 : fmax(0, value);
}

static gboolean refuse_negative(ChartSketch *sketch, const ChartGrid *grid)
{
	double low, high;
	if (!chart_grid_extent(grid, &low, &high) || low >= 0)
		return FALSE;
	stet_diagnose(sketch->diags, STET_ERROR, "chart-negative", sketch->data->place, "use 'type: bar'",
				  "a %s shows parts of a whole and cannot show a negative value", sketch->chart->type->name);
	return TRUE;
}

static double total_of(const ChartGrid *grid)
{
	double total = 0;
	for (guint s = 0; s < grid->n_series; s++)
		for (guint x = 0; x < grid->n_x; x++)
			total += value_of(grid, s, x);
	return total;
}

static char *share_text(const ChartSketch *sketch, double value, double total)
{
	return stet_locale_quantity(sketch->data->locale, total > 0 ? 100 * value / total : 0, "percent", 1,
								STET_COMPACT);
}

static char *largest_finding(const ChartSketch *sketch, const ChartGrid *grid, double total)
{
	guint best_s = 0, best_x = 0;
	for (guint s = 0; s < grid->n_series; s++)
		for (guint x = 0; x < grid->n_x; x++)
			if (value_of(grid, s, x) > value_of(grid, best_s, best_x))
				best_s = s, best_x = x;
	g_autofree char *value = chart_value(sketch, grid, value_of(grid, best_s, best_x));
	g_autofree char *share = share_text(sketch, value_of(grid, best_s, best_x), total);
	g_autofree char *both =
		chart_say(sketch, SAY_NAME_IN, "series", grid->names[best_s], "name", grid->labels[best_x], NULL);
	return chart_say(sketch, SAY_PART, "measure", grid->title, "first",
					 grid->n_series > 1 ? both : grid->labels[best_x], "high", value, "share", share, NULL);
}

/* ---- treemap (squarified: Bruls, Huizing, van Wijk 2000) ------------------------------------ */

typedef struct {
	guint s, x;
	double value;
	ChartBox box;
} Tile;

static int by_size(gconstpointer a, gconstpointer b)
{
	const Tile *ta = a, *tb = b;
	return ta->value > tb->value   ? -1
		   : ta->value < tb->value ? 1
		   : ta->s != tb->s        ? (ta->s < tb->s ? -1 : 1)
								   : (ta->x < tb->x ? -1 : ta->x > tb->x);
}

/* The worst side ratio of tiles [from, to) laid as one row along `side`. */
static double worst(const Tile *tiles, guint from, guint to, double side, double scale)
{
	double sum = 0, ratio = 0;
	for (guint i = from; i < to; i++)
		sum += tiles[i].value * scale;
	double depth = sum / side;
	for (guint i = from; i < to; i++) {
		double length = tiles[i].value * scale / depth;
		ratio = fmax(ratio, fmax(length / depth, depth / length));
	}
	return ratio;
}

static void squarify(Tile *tiles, guint n, ChartBox box, double total)
{
	double scale = (box.x1 - box.x0) * (box.y1 - box.y0) / total;
	for (guint from = 0; from < n;) {
		gboolean upright = box.x1 - box.x0 >= box.y1 - box.y0;
		double side = fmax(upright ? box.y1 - box.y0 : box.x1 - box.x0, 0.01), sum = 0, at = 0;
		guint to = from + 1;
		while (to < n && worst(tiles, from, to + 1, side, scale) <= worst(tiles, from, to, side, scale))
			to++;
		for (guint i = from; i < to; i++)
			sum += tiles[i].value * scale;
		double depth = sum / side;
		for (guint i = from; i < to; i++) {
			double length = tiles[i].value * scale / depth;
			tiles[i].box = upright ? (ChartBox){box.x0, box.y0 + at, box.x0 + depth, box.y0 + at + length}
								   : (ChartBox){box.x0 + at, box.y0, box.x0 + at + length, box.y0 + depth};
			at += length;
		}
		if (upright)
			box.x0 += depth;
		else
			box.y0 += depth;
		from = to;
	}
}

static void draw_tile(ChartSketch *sketch, const ChartGrid *grid, const Tile *tile, double total)
{
	const ChartBox *b = &tile->box;
	ChartInk ink = grid->n_series > 1 ? (ChartInk)grid->inks[tile->s]
									  : chart_front_ink(sketch, grid->labels, grid->n_x, tile->x, INK_C1);
	const char *name = grid->labels[tile->x];
	g_autofree char *value = chart_value(sketch, grid, tile->value),
					*share = share_text(sketch, tile->value, total);
	g_autofree char *tip = g_strdup_printf("%s%s%s: %s, %s", grid->n_series > 1 ? grid->names[tile->s] : "",
										   grid->n_series > 1 ? ", " : "", name, value, share);
	chart_rect(sketch, ROLE_CELL, ink, b->x0, b->y0, b->x1, b->y1, tip);
	double room = b->x1 - b->x0 - 14, tall = b->y1 - b->y0;
	if (tall < 22 || !(chart_width(sketch, ROLE_ON_FILL, name) <= room || tall >= 60))
		return;
	g_autoptr(GPtrArray) lines = chart_pen_wrap(sketch->pen, FONT_TEXT, name, room, tall >= 60 ? 2 : 1);
	for (guint i = 0; i < lines->len; i++)
		if (g_utf8_strlen(lines->pdata[i], -1) < 5 && g_str_has_suffix(lines->pdata[i], "…"))
			return;
	double y = chart_lines(sketch, ROLE_ON_FILL, ink, ANCHOR_START, b->x0 + 7, b->y0 + 17, lines);
	if (y + 4 < b->y1 && chart_width(sketch, ROLE_ON_FILL, value) <= room)
		chart_text(sketch, ROLE_ON_FILL, ink, ANCHOR_START, b->x0 + 7, y, value);
}

gboolean chart_draw_treemap(ChartSketch *sketch)
{
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	if (!grid || refuse_negative(sketch, grid))
		return FALSE;
	chart_grid_order(sketch, grid, FALSE);
	g_autofree Tile *tiles = g_new0(Tile, (gsize)grid->n_series * grid->n_x + 1);
	double total = total_of(grid);
	guint n = 0;
	for (guint s = 0; s < grid->n_series; s++)
		for (guint x = 0; x < grid->n_x; x++)
			if (value_of(grid, s, x) > total * 1e-5)
				tiles[n++] = (Tile){.s = s, .x = x, .value = value_of(grid, s, x)};
	qsort(tiles, n, sizeof *tiles, by_size);
	chart_axis_title(sketch, grid->title, grid->unit);
	chart_legend(sketch, grid);
	chart_room(sketch, sketch->narrow ? 340 : 400);
	if (n > 0)
		squarify(tiles, n, sketch->frame, total);
	for (guint i = 0; i < n; i++)
		draw_tile(sketch, grid, &tiles[i], total);
	sketch->scene->description = largest_finding(sketch, grid, total);
	return TRUE;
}

/* ---- Marimekko ------------------------------------------------------------------------------ */

static void draw_column(ChartSketch *sketch, const ChartGrid *grid, guint x, double x0, double x1, double y0,
						double y1, double total)
{
	double y = y1, sum = 0;
	for (guint s = 0; s < grid->n_series; s++)
		sum += value_of(grid, s, x);
	chart_scene_section(sketch->scene, grid->labels[x]);
	for (guint s = 0; s < grid->n_series && sum > 0; s++) {
		double value = value_of(grid, s, x), tall = (y1 - y0) * value / sum;
		g_autofree char *share =
			stet_locale_quantity(sketch->data->locale, 100 * value / sum, "percent", 0, STET_COMPACT);
		g_autofree char *full = chart_value(sketch, grid, value);
		g_autofree char *tip =
			g_strdup_printf("%s, %s: %s (%s)", grid->labels[x], grid->names[s], full, share);
		if (value > 0)
			chart_rect(sketch, ROLE_CELL, grid->inks[s], x0, y - tall, x1, y, tip);
		if (tall >= 18 && chart_width(sketch, ROLE_ON_FILL, share) + 6 <= x1 - x0)
			chart_text(sketch, ROLE_ON_FILL, grid->inks[s], ANCHOR_MIDDLE, (x0 + x1) / 2, y - tall / 2 + 4.5,
					   share);
		y -= tall;
	}
	chart_scene_section(sketch->scene, NULL);
	g_autoptr(GPtrArray) lines = chart_pen_wrap(sketch->pen, FONT_TEXT, grid->labels[x], x1 - x0 - 4, 2);
	gboolean cut = g_str_has_suffix(lines->pdata[lines->len - 1], "…") || *(const char *)lines->pdata[0] == 0;
	double tall = chart_width(sketch, ROLE_LABEL, grid->labels[x]);
	if (cut && x1 - x0 >= 14 && tall <= NAMES_BELOW - 8)
		chart_turned_text(sketch, ROLE_LABEL, (x0 + x1) / 2 + 4.5, y1 + 6 + tall, grid->labels[x]);
	if (cut)
		return;
	double below = chart_lines(sketch, ROLE_LABEL, INK_NONE, ANCHOR_MIDDLE, (x0 + x1) / 2, y1 + 17, lines);
	g_autofree char *part =
		stet_locale_quantity(sketch->data->locale, 100 * sum / total, "percent", 0, STET_COMPACT);
	if (chart_width(sketch, ROLE_NOTE, part) <= x1 - x0)
		chart_text(sketch, ROLE_NOTE, INK_NONE, ANCHOR_MIDDLE, (x0 + x1) / 2, below, part);
}

gboolean chart_draw_marimekko(ChartSketch *sketch)
{
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	if (!grid || refuse_negative(sketch, grid))
		return FALSE;
	chart_check_series(sketch, grid);
	chart_grid_order(sketch, grid, TRUE);
	double total = total_of(grid);
	chart_axis_title(sketch, grid->title, grid->unit);
	chart_legend(sketch, grid);
	chart_room(sketch, sketch->narrow ? 340 : 400);
	double x = sketch->frame.x0, width = sketch->frame.x1 - sketch->frame.x0;
	for (guint i = 0; i < grid->n_x && total > 0; i++) {
		double sum = 0;
		for (guint s = 0; s < grid->n_series; s++)
			sum += value_of(grid, s, i);
		double next = x + width * sum / total;
		draw_column(sketch, grid, i, x, next, sketch->frame.y0, sketch->frame.y1 - NAMES_BELOW, total);
		x = next;
	}
	sketch->scene->description = largest_finding(sketch, grid, total);
	return TRUE;
}

/* ---- Sankey: x flows to series ---------------------------------------------------------------- */

typedef struct {
	double at, size; /* px */
} Node;

static void place_nodes(Node *nodes, guint n, double y0, double y1, double gap, double scale,
						const double *sums)
{
	double used = 0;
	for (guint i = 0; i < n; i++)
		used += sums[i] * scale + (i ? gap : 0);
	double y = y0 + fmax(0, (y1 - y0 - used) / 2);
	for (guint i = 0; i < n; i++) {
		nodes[i] = (Node){y, sums[i] * scale};
		y += nodes[i].size + gap;
	}
}

static void draw_flow(ChartSketch *sketch, ChartInk ink, double x0, double y0, double x1, double y1,
					  double thick, const char *tip)
{
	cairo_t *cr = chart_path(sketch);
	double middle = (x0 + x1) / 2;
	cairo_move_to(cr, x0, y0);
	cairo_curve_to(cr, middle, y0, middle, y1, x1, y1);
	cairo_line_to(cr, x1, y1 + thick);
	cairo_curve_to(cr, middle, y1 + thick, middle, y0 + thick, x0, y0 + thick);
	cairo_close_path(cr);
	chart_scene_path(sketch->scene, ROLE_FLOW, ink, cr, tip);
}

static void node_labels(ChartSketch *sketch, const ChartGrid *grid, const Node *nodes, char **names,
						const double *sums, guint n, double x, gboolean right, double room)
{
	g_autofree double *at = g_new(double, n + 1);
	for (guint i = 0; i < n; i++)
		at[i] = nodes[i].at + nodes[i].size / 2;
	if (!chart_spread(at, n, 17, sketch->frame.y0, sketch->frame.y1))
		return;
	for (guint i = 0; i < n; i++) {
		g_autofree char *value = chart_value(sketch, grid, sums[i]);
		double wide = sketch->narrow ? 0 : chart_width(sketch, ROLE_VALUE, value) + 6;
		g_autofree char *name = chart_pen_fit(sketch->pen, FONT_STRONG, names[i], fmax(room - wide - 8, 20));
		ChartAnchor anchor = right ? ANCHOR_START : ANCHOR_END;
		ChartBox box = chart_text(sketch, ROLE_STRONG, INK_NONE, anchor, x, at[i] + 4.5, name);
		if (!sketch->narrow)
			chart_text(sketch, ROLE_VALUE, INK_NONE, anchor, right ? box.x1 + 6 : box.x0 - 6, at[i] + 4.5,
					   value);
	}
}

static double side_room(ChartSketch *sketch, const ChartGrid *grid, char **names, const double *sums, guint n)
{
	double widest = 0;
	for (guint i = 0; i < n; i++) {
		g_autofree char *value = chart_value(sketch, grid, sums[i]);
		widest = fmax(widest, chart_width(sketch, ROLE_STRONG, names[i]) +
								  (sketch->narrow ? 0 : chart_width(sketch, ROLE_VALUE, value) + 6) + 9);
	}
	return fmin(widest, sketch->scene->width * 0.3);
}

/* Of a source; grey where the highlight names others on this side, or a target that the flow does not reach.
 */
static ChartInk flow_ink(const ChartSketch *sketch, const ChartGrid *grid, guint x, guint s)
{
	ChartInk ink = x < CHART_CATEGORIES ? (ChartInk)(INK_C1 + x) : INK_GREY;
	ink = chart_front_ink(sketch, grid->labels, grid->n_x, x, ink);
	return s < grid->n_series ? chart_front_ink(sketch, grid->names, grid->n_series, s, ink) : ink;
}

static void draw_flows(ChartSketch *sketch, const ChartGrid *grid, const double *left, const double *right)
{
	double room_left = side_room(sketch, grid, grid->labels, left, grid->n_x);
	double room_right = side_room(sketch, grid, grid->names, right, grid->n_series), total = total_of(grid);
	guint most = MAX(grid->n_x, grid->n_series);
	chart_room_least(sketch, fmax(sketch->narrow ? 340 : 400, most * 22), most * 18);
	double gap = fmin(8, (sketch->frame.y1 - sketch->frame.y0) * 0.4 / most);
	double x0 = sketch->frame.x0 + room_left, x1 = sketch->frame.x1 - room_right;
	double scale = total > 0 ? fmax(0, sketch->frame.y1 - sketch->frame.y0 - (most - 1) * gap) / total : 0;
	g_autofree Node *from = g_new(Node, grid->n_x), *to = g_new(Node, grid->n_series);
	g_autofree double *used = g_new0(double, grid->n_series);
	place_nodes(from, grid->n_x, sketch->frame.y0, sketch->frame.y1, gap, scale, left);
	place_nodes(to, grid->n_series, sketch->frame.y0, sketch->frame.y1, gap, scale, right);
	for (guint x = 0; x < grid->n_x; x++) {
		double y = from[x].at;
		chart_scene_section(sketch->scene, grid->labels[x]);
		for (guint s = 0; s < grid->n_series; s++) {
			double thick = value_of(grid, s, x) * scale;
			g_autofree char *value = chart_value(sketch, grid, value_of(grid, s, x));
			g_autofree char *tip = g_strdup_printf("%s → %s: %s", grid->labels[x], grid->names[s], value);
			if (thick > 0)
				draw_flow(sketch, flow_ink(sketch, grid, x, s), x0 + 8, y, x1 - 8, to[s].at + used[s], thick,
						  tip);
			y += thick;
			used[s] += thick;
		}
	}
	chart_scene_section(sketch->scene, NULL);
	for (guint x = 0; x < grid->n_x; x++)
		chart_rect(sketch, ROLE_BAR, flow_ink(sketch, grid, x, grid->n_series), x0, from[x].at, x0 + 8,
				   from[x].at + from[x].size, NULL);
	for (guint s = 0; s < grid->n_series; s++)
		chart_rect(sketch, ROLE_BAR, INK_TEXT, x1 - 8, to[s].at, x1, to[s].at + to[s].size, NULL);
	node_labels(sketch, grid, from, grid->labels, left, grid->n_x, x0 - 8, FALSE, room_left);
	node_labels(sketch, grid, to, grid->names, right, grid->n_series, x1 + 8, TRUE, room_right);
}

gboolean chart_draw_sankey(ChartSketch *sketch)
{
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	if (!grid || refuse_negative(sketch, grid))
		return FALSE;
	chart_grid_order(sketch, grid, TRUE);
	g_autofree double *left = g_new0(double, grid->n_x + 1), *right = g_new0(double, grid->n_series + 1);
	for (guint s = 0; s < grid->n_series; s++)
		for (guint x = 0; x < grid->n_x; x++) {
			left[x] += value_of(grid, s, x);
			right[s] += value_of(grid, s, x);
		}
	chart_axis_title(sketch, grid->title, grid->unit);
	draw_flows(sketch, grid, left, right);
	sketch->scene->description = largest_finding(sketch, grid, total_of(grid));
	return TRUE;
}
