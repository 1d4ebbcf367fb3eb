#include "points.h"

#include <math.h>
#include <string.h>

const char *chart_column_title(const ChartSketch *sketch, int column)
{
	const char *title = sketch->data->columns[column].title;
	return title ? title : sketch->data->table->columns[column].name;
}

/* The nth column of numbers that is not `but`. */
static int measure_at(const ChartSketch *sketch, guint nth, int but)
{
	for (guint i = 0; i < sketch->data->table->n_columns; i++)
		if (chart_is_measure(sketch, (int)i) && (int)i != but && nth-- == 0)
			return (int)i;
	return -1;
}

static int first_text(const ChartSketch *sketch)
{
	for (guint i = 0; i < sketch->data->table->n_columns; i++)
		if (sketch->data->table->columns[i].kind == STET_TEXT)
			return (int)i;
	return -1;
}

static gboolean named(ChartSketch *sketch, const char *name, const char *key, int *column)
{
	*column = name ? chart_column(sketch, name, key) : -1;
	return !name || *column >= 0;
}

static gboolean find_columns(ChartSketch *sketch, ChartPoints *points, gboolean numeric_x)
{
	const StetChart *chart = sketch->chart;
	if (!named(sketch, chart->x, "x", &points->x) ||
		!named(sketch, chart->n_y ? chart->y[0] : NULL, "y", &points->y) ||
		!named(sketch, chart->size, "size", &points->size) ||
		!named(sketch, chart->series, "series", &points->series) ||
		!named(sketch, chart->label, "label", &points->label))
		return FALSE;
	if (points->x < 0)
		points->x = numeric_x ? measure_at(sketch, 0, points->y) : first_text(sketch);
	if (points->y < 0)
		points->y = measure_at(sketch, 0, points->x);
	if (points->y < 0 || (numeric_x && points->x < 0)) {
		stet_diagnose(sketch->diags, STET_ERROR, "chart-column", sketch->data->place,
					  "name them with 'x' and 'y'",
					  numeric_x ? "a %s needs two columns of numbers" : "a %s needs a column of numbers",
					  sketch->chart->type->name);
		return FALSE;
	}
	gboolean good =
		chart_is_measure(sketch, points->y) && (!numeric_x || chart_is_measure(sketch, points->x));
	if (!good)
		stet_diagnose(sketch->diags, STET_ERROR, "chart-column", chart_key_place(chart, "y"),
					  "name columns of numbers", "a %s draws numbers, which '%s' or '%s' does not hold",
					  chart->type->name, points->x >= 0 ? sketch->data->table->columns[points->x].name : "x",
					  sketch->data->table->columns[points->y].name);
	return good;
}

static guint group_of(ChartPoints *points, GHashTable *index, GPtrArray *names, char *text)
{
	(void)points;
	guint found = GPOINTER_TO_UINT(g_hash_table_lookup(index, text));
	if (found) {
		g_free(text);
		return found - 1;
	}
	g_ptr_array_add(names, text);
	g_hash_table_insert(index, text, GUINT_TO_POINTER(names->len));
	return names->len - 1;
}

static void read_rows(ChartSketch *sketch, ChartPoints *points, gboolean numeric_x)
{
	GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *names = g_ptr_array_new();
	int group = points->series >= 0 ? points->series : numeric_x ? -1 : points->x;
	points->points = g_new0(ChartPoint, sketch->n_rows + 1);
	for (gsize i = 0; i < sketch->n_rows && points->n < CHART_POINTS_MAX; i++) {
		const StetCell *row = stet_table_cell(sketch->data->table, sketch->rows[i], 0);
		ChartPoint point = {.x = numeric_x ? stet_cell_number(row + points->x) : 0,
							.y = stet_cell_number(row + points->y),
							.size = points->size >= 0 ? stet_cell_number(row + points->size) : 0,
							.row = (guint)i};
		if (!isfinite(point.x) || !isfinite(point.y) || fabs(point.x) > 1e15 || fabs(point.y) > 1e15)
			continue;
		point.group = group >= 0 ? group_of(points, index, names, stet_cell_text(row + group)) : 0;
		points->points[points->n++] = point;
	}
	g_hash_table_unref(index);
	if (names->len == 0)
		g_ptr_array_add(names, g_strdup(""));
	points->n_groups = names->len;
	g_ptr_array_add(names, NULL);
	points->groups = (char **)g_ptr_array_free(names, FALSE);
}

static void set_inks(ChartSketch *sketch, ChartPoints *points)
{
	const char *dimension = points->series >= 0 ? sketch->data->table->columns[points->series].name : NULL;
	points->inks = g_new(guint8, points->n_groups);
	for (guint i = 0; i < points->n_groups; i++) {
		int colour = chart_theme_colour(sketch->theme, dimension, points->groups[i]);
		colour = colour >= 0 ? colour : points->series >= 0 ? (int)i : 0;
		points->inks[i] = (guint8)(colour < CHART_CATEGORIES ? INK_C1 + colour : INK_GREY);
	}
}

ChartPoints *chart_points_new(ChartSketch *sketch, gboolean numeric_x)
{
	g_autoptr(ChartPoints) points = g_new0(ChartPoints, 1);
	if (!find_columns(sketch, points, numeric_x))
		return NULL;
	read_rows(sketch, points, numeric_x);
	set_inks(sketch, points);
	return g_steal_pointer(&points);
}

void chart_points_free(ChartPoints *points)
{
	if (!points)
		return;
	g_free(points->points);
	g_strfreev(points->groups);
	g_free(points->inks);
	g_free(points);
}
