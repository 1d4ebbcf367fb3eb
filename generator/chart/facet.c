/* Small multiples: the same chart for each value of a column, on one scale, and sparklines. */
#include "layout.h"

#include <math.h>
#include <string.h>

#define CELLS_MAX 48
#define CELL_LEAST 110.0 /* px */

typedef struct {
	char *name;
	GArray *rows; /* gsize */
} Cell;

static void cell_clear(gpointer data)
{
	Cell *cell = data;
	g_free(cell->name);
	g_array_unref(cell->rows);
}

/* In order of appearance. */
static GArray *split(const ChartSketch *sketch, int column)
{
	GArray *cells = g_array_new(FALSE, FALSE, sizeof(Cell));
	GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_array_set_clear_func(cells, cell_clear);
	for (gsize i = 0; i < sketch->n_rows; i++) {
		char *name = stet_cell_text(stet_table_cell(sketch->data->table, sketch->rows[i], (guint)column));
		guint at = GPOINTER_TO_UINT(g_hash_table_lookup(index, name));
		if (at == 0) {
			Cell cell = {g_strdup(name), g_array_new(FALSE, FALSE, sizeof(gsize))};
			g_array_append_val(cells, cell);
			at = cells->len;
			g_hash_table_insert(index, g_strdup(name), GUINT_TO_POINTER(at));
		}
		g_array_append_val(g_array_index(cells, Cell, at - 1).rows, sketch->rows[i]);
		g_free(name);
	}
	g_hash_table_unref(index);
	return cells;
}

/* Draws one cell into `scene` with the frame given; the value scale's reach goes to sketch->seen. */
static gboolean draw_cell(ChartSketch *sketch, StetScene *scene, const Cell *cell, ChartBox frame,
						  gboolean first)
{
	ChartSketch inner = *sketch;
	inner.scene = scene;
	inner.cell = TRUE;
	inner.first_cell = first;
	inner.rows = (const gsize *)(gconstpointer)cell->rows->data;
	inner.n_rows = cell->rows->len;
	inner.frame = frame;
	gboolean good = sketch->chart->type->draw(&inner);
	sketch->seen[0] = fmin(sketch->seen[0], inner.seen[0]);
	sketch->seen[1] = fmax(sketch->seen[1], inner.seen[1]);
	sketch->wanted = fmax(sketch->wanted, inner.wanted);
	return good;
}

/* A first drawing, thrown away, tells how far all cells reach. */
static gboolean find_reach(ChartSketch *sketch, const GArray *cells)
{
	sketch->seen[0] = INFINITY;
	sketch->seen[1] = -INFINITY;
	for (guint i = 0; i < cells->len; i++) {
		StetScene *scratch = chart_scene_new(sketch->scene->width, sketch->chart->type->name);
		ChartSketch trial = *sketch;
		g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(ChartBox));
		trial.taken = taken;
		gboolean good =
			draw_cell(&trial, scratch, &g_array_index(cells, Cell, i), (ChartBox){0, 0, 200, 150}, TRUE);
		sketch->seen[0] = fmin(sketch->seen[0], trial.seen[0]);
		sketch->seen[1] = fmax(sketch->seen[1], trial.seen[1]);
		sketch->wanted = fmax(sketch->wanted, trial.wanted);
		stet_scene_free(scratch);
		if (!good)
			return FALSE;
	}
	if (sketch->seen[0] <= sketch->seen[1]) {
		sketch->shared[0] = sketch->seen[0];
		sketch->shared[1] = sketch->seen[1];
		sketch->has_shared = TRUE;
	}
	return TRUE;
}

static guint columns_for(const ChartSketch *sketch, guint n)
{
	if (sketch->narrow)
		return n > 1 ? 2 : 1;
	return n <= 3 ? MAX(n, 1) : n == 4 || n >= 10 ? 4 : 3;
}

/* A name stands on each cell; the legend above counts for all. */
static void draw_cells(ChartSketch *sketch, const GArray *cells)
{
	guint columns = columns_for(sketch, cells->len), rows = (cells->len + columns - 1) / columns;
	double gap = sketch->narrow ? 22 : 28, ticks = sketch->narrow ? 34 : 40, head = 22;
	double full = sketch->frame.x1 - sketch->frame.x0, x0 = sketch->frame.x0;
	double inner = (full - ticks - gap * (columns - 1)) / columns;
	double tall = sketch->chart->height > 0 ? (sketch->chart->height - rows * gap) / rows
				  : sketch->narrow          ? 150
											: 176;
	tall = fmax(tall, fmax(CELL_LEAST, sketch->wanted + head));
	double top = sketch->frame.y0;
	for (guint i = 0; i < cells->len; i++) {
		const Cell *cell = &g_array_index(cells, Cell, i);
		guint column = i % columns, row = i / columns;
		double left = x0 + ticks + column * (inner + gap), y = top + row * (tall + gap);
		gboolean first = column == 0;
		g_autofree char *name =
			chart_pen_fit(sketch->pen, FONT_STRONG, *cell->name ? cell->name : "–", inner);
		chart_text(sketch, ROLE_STRONG, INK_NONE, ANCHOR_START, left, y + 13, name);
		chart_scene_section(sketch->scene, *cell->name ? cell->name : "–");
		draw_cell(sketch, sketch->scene, cell,
				  (ChartBox){first ? x0 : left, y + head, left + inner, y + tall}, first);
		if (i + 1 < cells->len)
			g_clear_pointer(&sketch->scene->description, g_free);
	}
	chart_scene_section(sketch->scene, NULL);
	sketch->frame.y1 = top + rows * (tall + gap) - gap;
}

/* The series of all cells, whose colours every cell keeps to. */
static GPtrArray *series_names(ChartSketch *sketch)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	int series = chart_column(sketch, sketch->chart->series, "series");
	for (gsize i = 0; series >= 0 && i < sketch->n_rows; i++) {
		char *name = stet_cell_text(stet_table_cell(sketch->data->table, sketch->rows[i], (guint)series));
		guint at = 0;
		while (at < names->len && strcmp(names->pdata[at], name) != 0)
			at++;
		if (at < names->len || names->len >= CHART_SERIES_MAX)
			g_free(name);
		else
			g_ptr_array_add(names, name);
	}
	return names;
}

/* What is measured, once for all cells. */
static void head_all(ChartSketch *sketch)
{
	const StetTable *table = sketch->data->table;
	int y = sketch->chart->n_y ? stet_table_column(table, sketch->chart->y[0]) : -1;
	for (guint i = 0; y < 0 && sketch->chart->n_y == 0 && i < table->n_columns; i++)
		if (chart_is_measure(sketch, (int)i))
			y = (int)i;
	if (y >= 0)
		chart_axis_title(
			sketch, sketch->data->columns[y].title ? sketch->data->columns[y].title : table->columns[y].name,
			sketch->data->columns[y].unit);
}

gboolean chart_draw_facets(ChartSketch *sketch)
{
	int column = chart_column(sketch, sketch->chart->facet, "facet");
	if (column < 0)
		return FALSE;
	if (!sketch->chart->type->facets) {
		stet_diagnose(sketch->diags, STET_ERROR, "chart-facet", chart_key_place(sketch->chart, "facet"),
					  "take a line, area, bar or stacked chart", "a %s cannot be drawn as small multiples",
					  sketch->chart->type->name);
		return FALSE;
	}
	g_autoptr(GArray) cells = split(sketch, column);
	if (cells->len > CELLS_MAX) {
		stet_diagnose(sketch->diags, STET_ERROR, "chart-too-many", chart_key_place(sketch->chart, "facet"),
					  "narrow the data with 'where'", "%u small multiples are more than a page can show (%d)",
					  cells->len, CELLS_MAX);
		return FALSE;
	}
	head_all(sketch);
	g_autoptr(GPtrArray) names = sketch->chart->series ? series_names(sketch) : NULL;
	if (names) {
		sketch->palette = names;
		chart_palette_legend(sketch);
	}
	if (!find_reach(sketch, cells))
		return FALSE;
	draw_cells(sketch, cells);
	g_autofree char *last = g_steal_pointer(&sketch->scene->description);
	const char *title = sketch->data->columns[column].title;
	g_autofree char *count = chart_say_count(sketch, cells->len);
	sketch->scene->description =
		chart_say(sketch, SAY_FACETS, "count", count, "name", title ? title : sketch->chart->facet, "last",
				  g_array_index(cells, Cell, cells->len - 1).name, "finding", last ? last : "", NULL);
	return TRUE;
}

/* ---- sparklines ----------------------------------------------------------------------------- */

gboolean chart_draw_sparkline(ChartSketch *sketch)
{
	g_autoptr(ChartGrid) grid = chart_grid_new(sketch);
	double low, high;
	if (!grid)
		return FALSE;
	chart_room(sketch, 48);
	chart_grid_extent(grid, &low, &high);
	ChartPlot plot = {.plot = sketch->frame, .first = grid->at[0], .last = grid->at[grid->n_x - 1]};
	plot.plot.x0 += 4;
	plot.plot.x1 -= 6;
	plot.y = chart_scale_new(SCALE_LINEAR, low, high, TRUE, TRUE, 2);
	plot.y.from = sketch->frame.y1 - 6;
	plot.y.to = sketch->frame.y0 + 6;
	for (guint s = 0; s < grid->n_series; s++)
		chart_draw_series(sketch, grid, &plot, s);
	chart_hits(sketch, grid, &plot);
	sketch->scene->description = chart_describe(sketch, grid);
	return TRUE;
}

/* Tenths of a px as text, without trailing zeros. */
static void put(GString *out, double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	g_ascii_formatd(text, sizeof text, "%.1f", value);
	if (g_str_has_suffix(text, ".0"))
		text[strlen(text) - 2] = 0;
	g_string_append(out, text);
}

void stet_sparkline_write(const double *values, guint n, const char *label, GString *out)
{
	double low = INFINITY, high = -INFINITY, x = 0, y = 0;
	gboolean open = FALSE;
	for (guint i = 0; i < n; i++)
		if (isfinite(values[i])) {
			low = fmin(low, values[i]);
			high = fmax(high, values[i]);
		}
	g_autofree char *escaped = g_markup_escape_text(label, -1);
	g_string_append_printf(
		out,
		"<svg class=\"spark\" viewBox=\"0 0 80 20\" width=\"80\" height=\"20\" role=\"img\" "
		"aria-label=\"%s\"><title>%s</title>",
		escaped, escaped);
	if (low <= high) {
		g_string_append(out, "<path class=\"ch-line c1\" d=\"");
		for (guint i = 0; i < n; i++) {
			if (!isfinite(values[i])) {
				open = FALSE;
				continue;
			}
			x = 3 + 73.0 * (n > 1 ? (double)i / (n - 1) : 0.5);
			y = high > low ? 17 - 14 * (values[i] - low) / (high - low) : 10;
			g_string_append_c(out, open ? 'L' : 'M');
			put(out, x);
			g_string_append_c(out, ' ');
			put(out, y);
			open = TRUE;
		}
		g_string_append(out, "\"/><circle class=\"ch-dot c1\" r=\"2.5\" cx=\"");
		put(out, x);
		g_string_append(out, "\" cy=\"");
		put(out, y);
		g_string_append(out, "\"/>");
	}
	g_string_append(out, "</svg>");
}
