#include "layout.h"

#include <math.h>
#include <string.h>

/* ---- columns -------------------------------------------------------------------------------- */

static const StetTableColumn *column_at(const ChartSketch *sketch, int column)
{
	return &sketch->data->table->columns[column];
}

gboolean chart_is_measure(const ChartSketch *sketch, int column)
{
	StetKind kind = column_at(sketch, column)->kind;
	return (kind == STET_INT || kind == STET_NUMBER) && !sketch->data->columns[column].is_period;
}

int chart_column(ChartSketch *sketch, const char *name, const char *key)
{
	const StetTable *table = sketch->data->table;
	int found = stet_table_column(table, name);
	if (found >= 0)
		return found;
	g_autofree const char **names = g_new0(const char *, table->n_columns + 1);
	for (guint i = 0; i < table->n_columns; i++)
		names[i] = table->columns[i].name;
	g_autofree char *all = g_strjoinv(", ", (char **)(gpointer)names);
	const char *near = stet_nearest(name, names);
	g_autofree char *mend =
		near ? g_strdup_printf("did you mean '%s'?", near) : g_strdup_printf("the data has %s", all);
	stet_diagnose(sketch->diags, STET_ERROR, "chart-column", chart_key_place(sketch->chart, key), mend,
				  "'%s' names no column of the data: '%s'", key, name);
	return -1;
}

static gboolean varies(const ChartSketch *sketch, guint column)
{
	const StetTable *table = sketch->data->table;
	for (gsize i = 1; i < sketch->n_rows; i++)
		if (stet_cell_compare(stet_table_cell(table, sketch->rows[0], column),
							  stet_table_cell(table, sketch->rows[i], column)) != 0)
			return TRUE;
	return FALSE;
}

static gboolean is_spoken_for(const ChartSketch *sketch, guint column)
{
	const StetChart *c = sketch->chart;
	const char *name = column_at(sketch, (int)column)->name;
	const char *const named[] = {c->x,     c->series, c->facet, c->size,   c->label,
								 c->value, c->low,    c->high,  c->target, c->projected};
	for (guint i = 0; i < G_N_ELEMENTS(named); i++)
		if (named[i] && strcmp(named[i], name) == 0)
			return TRUE;
	for (guint i = 0; i < c->n_y; i++)
		if (strcmp(c->y[i], name) == 0)
			return TRUE;
	return FALSE;
}

/* First column nobody named: a period that varies, else a text that varies, else any text or period. */
static int habit_x(const ChartSketch *sketch)
{
	const StetChartData *data = sketch->data;
	for (int pass = 0; pass < 3; pass++)
		for (guint i = 0; i < data->table->n_columns; i++) {
			gboolean label = !chart_is_measure(sketch, (int)i);
			gboolean period = data->columns[i].is_period || column_at(sketch, (int)i)->kind == STET_DATE;
			if (label && !is_spoken_for(sketch, i) &&
				(pass == 2 || ((pass == 0) == period && varies(sketch, i))))
				return (int)i;
		}
	return -1;
}

static int habit_y(const ChartSketch *sketch, int x)
{
	for (guint i = 0; i < sketch->data->table->n_columns; i++)
		if (chart_is_measure(sketch, (int)i) && (int)i != x && !is_spoken_for(sketch, i))
			return (int)i;
	return -1;
}

static int habit_series(const ChartSketch *sketch, int x)
{
	for (guint i = 0; i < sketch->data->table->n_columns; i++)
		if (column_at(sketch, (int)i)->kind == STET_TEXT && (int)i != x &&
			!sketch->data->columns[i].is_period && !is_spoken_for(sketch, i) && varies(sketch, i))
			return (int)i;
	return -1;
}

static gboolean find_columns(ChartSketch *sketch, ChartGrid *grid)
{
	const StetChart *chart = sketch->chart;
	grid->series = -1;
	grid->x = chart->x ? chart_column(sketch, chart->x, "x") : habit_x(sketch);
	if (chart->x && grid->x < 0)
		return FALSE;
	grid->y = chart->n_y ? chart_column(sketch, chart->y[0], "y") : habit_y(sketch, grid->x);
	if (chart->n_y && grid->y < 0)
		return FALSE;
	for (guint i = 0; i < chart->n_y; i++) {
		int y = chart_column(sketch, chart->y[i], "y");
		if (y < 0)
			return FALSE;
		StetKind kind = column_at(sketch, y)->kind;
		if (kind != STET_INT && kind != STET_NUMBER && kind != STET_NULL) {
			stet_diagnose(sketch->diags, STET_ERROR, "chart-column", chart_key_place(chart, "y"),
						  "name a column of numbers", "'y' names a column that holds no numbers: '%s'",
						  chart->y[i]);
			return FALSE;
		}
	}
	if (grid->x < 0 || grid->y < 0) {
		stet_diagnose(sketch->diags, STET_ERROR, "chart-column", chart->node->place,
					  grid->y < 0 ? "name it with 'y:'" : "name it with 'x:'",
					  grid->y < 0 ? "the data has no column of numbers to draw"
								  : "the data has no column to draw along x");
		return FALSE;
	}
	if (chart->n_y <= 1)
		grid->series =
			chart->series ? chart_column(sketch, chart->series, "series") : habit_series(sketch, grid->x);
	return chart->n_y > 1 || !chart->series || grid->series >= 0;
}

/* ---- positions and series ------------------------------------------------------------------- */

typedef struct {
	GHashTable *index; /* text -> number + 1 */
	GPtrArray *texts;  /* in order of appearance */
} Names;

static void names_init(Names *names)
{
	names->index = g_hash_table_new(g_str_hash, g_str_equal);
	names->texts = g_ptr_array_new_with_free_func(g_free);
}

static void names_clear(Names *names)
{
	g_hash_table_unref(names->index);
	g_ptr_array_unref(names->texts);
}

/* Takes `text`. */
static guint names_add(Names *names, char *text)
{
	guint found = GPOINTER_TO_UINT(g_hash_table_lookup(names->index, text));
	if (found) {
		g_free(text);
		return found - 1;
	}
	g_ptr_array_add(names->texts, text);
	g_hash_table_insert(names->index, text, GUINT_TO_POINTER(names->texts->len));
	return names->texts->len - 1;
}

static ChartXKind kind_of(const ChartSketch *sketch, const ChartGrid *grid, const Names *xs)
{
	gboolean period = sketch->data->columns[grid->x].is_period;
	StetKind cells = column_at(sketch, grid->x)->kind;
	double at;
	ChartXKind kind = xs->texts->len ? chart_period_read(xs->texts->pdata[0], &at) : X_CATEGORY;
	for (guint i = 1; i < xs->texts->len && kind != X_CATEGORY; i++)
		if (chart_period_read(xs->texts->pdata[i], &at) != kind)
			kind = X_CATEGORY;
	if (kind == X_YEAR && !period)
		kind = X_CATEGORY;
	if (kind == X_CATEGORY && !period && (cells == STET_INT || cells == STET_NUMBER))
		kind = X_NUMBER;
	return kind;
}

typedef struct {
	double at;
	char *key;
} Position;

static int compare_positions(gconstpointer a, gconstpointer b)
{
	const Position *pa = a, *pb = b;
	return pa->at < pb->at ? -1 : pa->at > pb->at;
}

/* Periods of equal length get a place even where the data has none: a gap must look like one. */
static guint fill_periods(ChartGrid *grid, Position *positions, guint n)
{
	double first = positions[0].at, last = positions[n - 1].at;
	guint full = last - first < CHART_X_MAX ? (guint)(last - first) + 1 : n;
	if (grid->kind == X_DATE || grid->kind == X_NUMBER || full > n * 8 + 8)
		full = n;
	grid->keys = g_new0(char *, full + 1);
	grid->at = g_new(double, full);
	for (guint i = 0, k = 0; i < full; i++) {
		gboolean there = full == n || positions[k].at <= first + i;
		grid->at[i] = full == n ? positions[i].at : first + i;
		grid->keys[i] = there ? g_strdup(positions[k++].key) : chart_period_write(grid->kind, first + i);
	}
	return full;
}

static void set_positions(ChartSketch *sketch, ChartGrid *grid, const Names *xs)
{
	guint n = xs->texts->len;
	g_autofree Position *positions = g_new(Position, n + 1);
	grid->kind = kind_of(sketch, grid, xs);
	for (guint i = 0; i < n; i++) {
		positions[i] = (Position){i, xs->texts->pdata[i]};
		if (grid->kind == X_NUMBER)
			positions[i].at = g_ascii_strtod(positions[i].key, NULL);
		else if (grid->kind != X_CATEGORY)
			chart_period_read(positions[i].key, &positions[i].at);
	}
	if (grid->kind != X_CATEGORY)
		qsort(positions, n, sizeof *positions, compare_positions);
	if (grid->kind == X_CATEGORY) {
		grid->keys = g_new0(char *, n + 1);
		grid->at = g_new(double, n);
		for (guint i = 0; i < n; i++) {
			grid->keys[i] = g_strdup(positions[i].key);
			grid->at[i] = i;
		}
		grid->n_x = n;
	} else {
		grid->n_x = fill_periods(grid, positions, n);
	}
	grid->labels = g_new0(char *, grid->n_x + 1);
	for (guint i = 0; i < grid->n_x; i++)
		grid->labels[i] =
			grid->kind == X_NUMBER     ? chart_column_value(sketch, grid->x, grid->at[i], STET_COMPACT)
			: grid->kind == X_CATEGORY ? g_strdup(*grid->keys[i] ? grid->keys[i] : "–")
									   : stet_locale_period(sketch->data->locale, grid->keys[i]);
}

/* ---- colours -------------------------------------------------------------------------------- */

gboolean chart_highlights(const ChartSketch *sketch, const char *name)
{
	const StetChart *chart = sketch->chart;
	for (guint i = 0; i < chart->n_highlight; i++)
		if (strcmp(chart->highlight[i], name) == 0)
			return TRUE;
	return FALSE;
}

ChartInk chart_front_ink(const ChartSketch *sketch, char **names, guint n, guint i, ChartInk ink)
{
	gboolean any = FALSE;
	for (guint k = 0; k < n && !any; k++)
		any = chart_highlights(sketch, names[k]);
	return any && !chart_highlights(sketch, names[i]) ? INK_GREY : ink;
}

static guint8 palette_ink(const ChartSketch *sketch, const char *name)
{
	for (guint i = 0; i < sketch->palette->len && i < CHART_CATEGORIES; i++)
		if (strcmp(sketch->palette->pdata[i], name) == 0)
			return (guint8)(INK_C1 + i);
	return INK_GREY;
}

static void set_inks(ChartSketch *sketch, ChartGrid *grid)
{
	const char *dimension = grid->series >= 0 ? column_at(sketch, grid->series)->name : NULL;
	if (sketch->palette && grid->series >= 0) {
		for (guint s = 0; s < grid->n_series; s++)
			grid->inks[s] = palette_ink(sketch, grid->names[s]);
		return;
	}
	gboolean used[CHART_CATEGORIES] = {FALSE}, any = FALSE;
	for (guint s = 0; s < grid->n_series; s++)
		any |= chart_highlights(sketch, grid->names[s]);
	for (int pass = 0; pass < 2; pass++)
		for (guint s = 0; s < grid->n_series; s++) {
			int colour = chart_theme_colour(sketch->theme, dimension, grid->names[s]);
			gboolean fixed = colour >= 0 && colour < CHART_CATEGORIES;
			grid->back[s] = any && !chart_highlights(sketch, grid->names[s]);
			if (grid->back[s] || fixed != (pass == 0)) {
				if (grid->back[s])
					grid->inks[s] = INK_GREY;
				continue;
			}
			for (colour = fixed ? colour : 0; colour < CHART_CATEGORIES && used[colour];)
				colour++;
			grid->inks[s] = (guint8)(colour < CHART_CATEGORIES ? INK_C1 + colour : INK_GREY);
			if (colour < CHART_CATEGORIES)
				used[colour] = TRUE;
		}
}

/* ---- values --------------------------------------------------------------------------------- */

static gboolean set_values(ChartSketch *sketch, ChartGrid *grid, const guint *xs, const guint *series)
{
	const StetTable *table = sketch->data->table;
	const StetChart *chart = sketch->chart;
	int low = chart->low ? chart_column(sketch, chart->low, "band") : -1;
	int high = chart->high ? chart_column(sketch, chart->high, "band") : -1;
	gsize size = (gsize)grid->n_series * grid->n_x;
	if (chart->low && (low < 0 || high < 0))
		return FALSE;
	g_autofree guint8 *filled = g_new0(guint8, size + 1);
	grid->values = g_new(double, size + 1);
	grid->low = low >= 0 ? g_new(double, size + 1) : NULL;
	grid->high = low >= 0 ? g_new(double, size + 1) : NULL;
	for (gsize i = 0; i < size; i++) {
		grid->values[i] = NAN;
		if (grid->low)
			grid->low[i] = grid->high[i] = NAN;
	}
	for (gsize i = 0; i < sketch->n_rows; i++)
		for (guint k = 0; k < MAX(chart->n_y, 1); k++) {
			guint s = chart->n_y > 1 ? k : series[i];
			gsize at = (gsize)s * grid->n_x + xs[i];
			int y = chart->n_y > 1 ? stet_table_column(table, chart->y[k]) : grid->y;
			double value = stet_cell_number(stet_table_cell(table, sketch->rows[i], (guint)y));
			if (filled[at] && chart->n_y <= 1) {
				stet_diagnose(
					sketch->diags, STET_ERROR, "chart-duplicate", sketch->data->place,
					"name the column that tells them apart as 'series' or 'facet', or narrow 'where'",
					"several rows have %s '%s'%s%s%s", column_at(sketch, grid->x)->name, grid->keys[xs[i]],
					grid->series >= 0 ? " and " : "", grid->series >= 0 ? grid->names[s] : "", "");
				return FALSE;
			}
			filled[at] = 1;
			grid->values[at] = isfinite(value) && fabs(value) < 1e15 ? value : NAN;
			if (grid->low) {
				grid->low[at] = stet_cell_number(stet_table_cell(table, sketch->rows[i], (guint)low));
				grid->high[at] = stet_cell_number(stet_table_cell(table, sketch->rows[i], (guint)high));
			}
		}
	return TRUE;
}

/* `projected` is a first period, or a column that is true for projected rows. */
static void set_projected(ChartSketch *sketch, ChartGrid *grid, const guint *xs)
{
	const char *named = sketch->chart->projected;
	const StetTable *table = sketch->data->table;
	grid->projected = grid->n_x;
	if (!named)
		return;
	int column = stet_table_column(table, named);
	for (gsize i = 0; column >= 0 && i < sketch->n_rows; i++) {
		g_autofree char *text = stet_cell_text(stet_table_cell(table, sketch->rows[i], (guint)column));
		gboolean flagged = *text && strcmp(text, "0") != 0 && g_ascii_strcasecmp(text, "false") != 0 &&
						   g_ascii_strcasecmp(text, "actual") != 0;
		if (flagged)
			grid->projected = MIN(grid->projected, xs[i]);
	}
	for (guint i = 0; column < 0 && i < grid->n_x; i++)
		if (strcmp(grid->keys[i], named) >= 0) {
			grid->projected = i;
			break;
		}
}

static const char *column_title(const ChartSketch *sketch, int column)
{
	const char *title = sketch->data->columns[column].title;
	return title ? title : column_at(sketch, column)->name;
}

static void set_series(ChartSketch *sketch, ChartGrid *grid, const Names *series)
{
	const StetChart *chart = sketch->chart;
	grid->n_series = chart->n_y > 1 ? chart->n_y : MAX(series->texts->len, 1);
	grid->names = g_new0(char *, grid->n_series + 1);
	for (guint s = 0; s < grid->n_series; s++)
		grid->names[s] = g_strdup(
			chart->n_y > 1      ? column_title(sketch, stet_table_column(sketch->data->table, chart->y[s]))
			: grid->series >= 0 ? (const char *)series->texts->pdata[s]
								: column_title(sketch, grid->y));
	grid->inks = g_new0(guint8, grid->n_series);
	grid->back = g_new0(gboolean, grid->n_series);
	grid->unit = sketch->data->columns[grid->y].unit;
	grid->title = column_title(sketch, grid->y);
	grid->display = chart->display >= 0 ? chart->display : sketch->data->columns[grid->y].display;
}

static gboolean index_rows(ChartSketch *sketch, ChartGrid *grid, guint *xs, guint *series)
{
	const StetTable *table = sketch->data->table;
	Names x_names, s_names;
	names_init(&x_names);
	names_init(&s_names);
	for (gsize i = 0; i < sketch->n_rows; i++) {
		const StetCell *row = stet_table_cell(table, sketch->rows[i], 0);
		xs[i] = names_add(&x_names, stet_cell_text(row + grid->x));
		series[i] = grid->series >= 0 ? names_add(&s_names, stet_cell_text(row + grid->series)) : 0;
	}
	gboolean good = x_names.texts->len <= CHART_X_MAX && s_names.texts->len <= CHART_SERIES_MAX;
	if (good) {
		set_positions(sketch, grid, &x_names);
		set_series(sketch, grid, &s_names);
		g_autofree guint *place = g_new0(guint, x_names.texts->len + 1);
		GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);
		for (guint i = 0; i < grid->n_x; i++)
			g_hash_table_insert(index, grid->keys[i], GUINT_TO_POINTER(i));
		for (guint i = 0; i < x_names.texts->len; i++)
			place[i] = GPOINTER_TO_UINT(g_hash_table_lookup(index, x_names.texts->pdata[i]));
		for (gsize i = 0; i < sketch->n_rows; i++)
			xs[i] = place[xs[i]];
		g_hash_table_unref(index);
	} else {
		stet_diagnose(sketch->diags, STET_ERROR, "chart-too-many", sketch->data->place,
					  "narrow the data with 'where', or keep the largest with 'top' in SQL",
					  "%u positions and %u series are more than a chart can show (%d and %d)",
					  x_names.texts->len, s_names.texts->len, CHART_X_MAX, CHART_SERIES_MAX);
	}
	names_clear(&x_names);
	names_clear(&s_names);
	return good;
}

ChartGrid *chart_grid_new(ChartSketch *sketch)
{
	g_autoptr(ChartGrid) grid = g_new0(ChartGrid, 1);
	if (!find_columns(sketch, grid))
		return NULL;
	g_autofree guint *xs = g_new0(guint, sketch->n_rows + 1), *series = g_new0(guint, sketch->n_rows + 1);
	if (!index_rows(sketch, grid, xs, series) || !set_values(sketch, grid, xs, series))
		return NULL;
	set_projected(sketch, grid, xs);
	set_inks(sketch, grid);
	return g_steal_pointer(&grid);
}

void chart_grid_free(ChartGrid *grid)
{
	if (!grid)
		return;
	g_strfreev(grid->keys);
	g_strfreev(grid->labels);
	g_strfreev(grid->names);
	g_free(grid->at);
	g_free(grid->inks);
	g_free(grid->back);
	g_free(grid->values);
	g_free(grid->low);
	g_free(grid->high);
	g_free(grid);
}

gboolean chart_grid_extent(const ChartGrid *grid, double *low, double *high)
{
	*low = INFINITY;
	*high = -INFINITY;
	for (gsize i = 0; i < (gsize)grid->n_series * grid->n_x; i++) {
		const double candidates[] = {grid->values[i], grid->low ? grid->low[i] : NAN,
									 grid->high ? grid->high[i] : NAN};
		for (guint k = 0; k < 3; k++) {
			*low = fmin(*low, candidates[k]);
			*high = fmax(*high, candidates[k]);
		}
	}
	return *low <= *high;
}
