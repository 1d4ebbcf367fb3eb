/* Tables: rows of a metric or dataset, as they are or pivoted. */
#include "page/private.h"

#include <math.h>
#include <string.h>

#define ROWS_SHOWN 500
#define PIVOT_MAX 24 /* columns a pivot may have */
#define SERIES_MAX 12 /* columns of the table under a chart */

static const StetKey table_keys[] = {
	{"metric", STET_NODE_TEXT, FALSE}, {"dataset", STET_NODE_TEXT, FALSE}, {"where", STET_NODE_MAP, FALSE},
	{"at", STET_NODE_TEXT, FALSE}, {"from", STET_NODE_TEXT, FALSE}, {"to", STET_NODE_TEXT, FALSE},
	{"scenario", STET_NODE_TEXT, FALSE}, {"scenarios", STET_NODE_LIST | STET_NODE_BOOL | STET_NODE_TEXT, FALSE},
	{"measure", STET_NODE_TEXT, FALSE}, {"columns", STET_NODE_LIST, FALSE}, {"pivot", STET_NODE_TEXT, FALSE},
	{"sort", STET_NODE_TEXT, FALSE}, {"limit", STET_NODE_INT | STET_NODE_TEXT, FALSE}, {"rows", STET_NODE_TEXT, FALSE},
	{"anchors", STET_NODE_BOOL, FALSE}, {"caption", STET_NODE_TEXT, FALSE}, {"title", STET_NODE_TEXT, FALSE},
	{"id", STET_NODE_TEXT, FALSE}, {"source", STET_NODE_BOOL, FALSE}, {"total", STET_NODE_BOOL | STET_NODE_LIST, FALSE},
	{"group", STET_NODE_TEXT, FALSE}, {"bars", STET_NODE_BOOL | STET_NODE_LIST, FALSE}, {"heat", STET_NODE_BOOL | STET_NODE_LIST, FALSE},
	{"spark", STET_NODE_BOOL, FALSE}, {"notes", STET_NODE_MAP, FALSE}, {NULL, 0, FALSE},
};

/* ---- order and columns --------------------------------------------------------------------- */

typedef struct {
	const StetTable *table;
	const StetLocale *locale;
	guint column;
	gboolean descending;
} Sort;

/* Words stand in the order of the page's language. */
static int compare_cells(const Sort *sort, const StetCell *a, const StetCell *b)
{
	return a->kind == STET_TEXT && b->kind == STET_TEXT ? stet_locale_compare(sort->locale, a->v.s, b->v.s) : stet_cell_compare(a, b);
}

static int compare_rows(gconstpointer a, gconstpointer b, gpointer user)
{
	const Sort *sort = user;
	gsize x = *(const gsize *)a, y = *(const gsize *)b;
	int order = compare_cells(sort, stet_table_cell(sort->table, x, sort->column), stet_table_cell(sort->table, y, sort->column));
	if (sort->descending)
		order = -order;
	return order ? order : x < y ? -1 : x > y;
}

int known_column(Maker *maker, const ComponentData *data, const char *name, StetPlace place)
{
	int column = strcmp(name, "value") == 0 && data->metric ? stet_table_column(data->table, data->metric->measures[data->measure].name)
	                                                        : stet_table_column(data->table, name);
	if (column >= 0)
		return column;
	g_autofree const char **names = g_new0(const char *, data->table->n_columns + 1);
	for (guint i = 0; i < data->table->n_columns; i++)
		names[i] = data->table->columns[i].name;
	const char *near = stet_nearest(name, names);
	g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
	stet_diagnose(maker->diags, STET_ERROR, "component-column", place, mend, "there is no column '%s'", name);
	return -1;
}

/* Where a pivoted table's cells come from, moved with them. */
static const gsize *moved_cells(Maker *maker, const ComponentData *data, const gsize *order, guint n, const guint *chosen)
{
	const StetTable *old = data->table;
	gsize *cells = stet_arena_alloc(maker->arena, (old->n_rows + 1) * (n + 1) * sizeof *cells);
	for (gsize row = 0; row < old->n_rows; row++)
		for (guint i = 0; i < n; i++)
			cells[row * n + i] = data->cells[order[row] * old->n_columns + chosen[i]];
	return cells;
}

/* `data` with its rows reordered and its columns chosen: a new table in place of the old. */
static gboolean rearrange(Maker *maker, const StetNode *spec, ComponentData *data)
{
	const StetNode *columns = stet_node_get(spec, "columns"), *sort_node = stet_node_get(spec, "sort");
	StetTable *old = data->table;
	if (!columns && !(sort_node && sort_node->text))
		return TRUE;
	g_autofree gsize *order = g_new(gsize, old->n_rows + 1);
	for (gsize i = 0; i < old->n_rows; i++)
		order[i] = i;
	if (sort_node && sort_node->text) {
		gboolean descending = sort_node->text[0] == '-';
		int column = known_column(maker, data, sort_node->text + descending, sort_node->place);
		if (column < 0)
			return FALSE;
		Sort sort = {old, maker_locale(maker), (guint)column, descending};
		g_qsort_with_data(order, (gint)old->n_rows, sizeof *order, compare_rows, &sort);
	}
	guint n = columns ? columns->n : old->n_columns;
	g_autofree guint *chosen = g_new(guint, n + 1);
	for (guint i = 0; i < n; i++) {
		int column = columns ? known_column(maker, data, columns->items[i]->text ? columns->items[i]->text : "", columns->items[i]->place) : (int)i;
		if (column < 0)
			return FALSE;
		chosen[i] = (guint)column;
	}
	StetTable *table = stet_table_new(n);
	StetChartColumn *infos = stet_arena_alloc(maker->arena, (n + 1) * sizeof *infos);
	gsize *rows = stet_arena_alloc(maker->arena, (old->n_rows + 1) * sizeof *rows);
	for (guint i = 0; i < n; i++) {
		g_free(table->columns[i].name);
		table->columns[i].name = g_strdup(old->columns[chosen[i]].name);
		table->columns[i].kind = old->columns[chosen[i]].kind;
		infos[i] = data->columns[chosen[i]];
	}
	for (gsize row = 0; row < old->n_rows; row++) {
		StetCell *cells = stet_table_append(table);
		rows[row] = data->rows[order[row]];
		for (guint i = 0; i < n; i++)
			cells[i] = *stet_table_cell(old, order[row], chosen[i]);
	}
	data->cells = data->cells ? moved_cells(maker, data, order, n, chosen) : NULL;
	stet_table_take_texts(table, old);
	stet_table_free(old);
	data->table = table;
	data->columns = infos;
	data->rows = rows;
	return TRUE;
}

/* ---- pivots -------------------------------------------------------------------------------- */

typedef struct {
	GPtrArray *labels;        /* char *, in order of first appearance */
	GHashTable *index;        /* label -> index + 1 */
} Labels;

static guint label_index(Labels *labels, const StetCell *cell)
{
	g_autofree char *text = stet_cell_text(cell);
	guint found = GPOINTER_TO_UINT(g_hash_table_lookup(labels->index, text));
	if (found)
		return found - 1;
	char *kept = g_strdup(text);
	g_ptr_array_add(labels->labels, kept);
	g_hash_table_insert(labels->index, kept, GUINT_TO_POINTER(labels->labels->len));
	return labels->labels->len - 1;
}

static void labels_init(Labels *labels)
{
	labels->labels = g_ptr_array_new_with_free_func(g_free);
	labels->index = g_hash_table_new(g_str_hash, g_str_equal);
}

static void labels_clear(Labels *labels)
{
	g_hash_table_unref(labels->index);
	g_ptr_array_unref(labels->labels);
}

static void fill_pivot(const ComponentData *data, guint row_column, guint over, guint value, Labels *down, Labels *across, StetTable *table,
                       gsize *cells)
{
	for (gsize row = 0; row < data->table->n_rows; row++) {
		guint r = label_index(down, stet_table_cell(data->table, row, row_column));
		guint c = label_index(across, stet_table_cell(data->table, row, over));
		for (; table->n_rows <= r; stet_table_append(table))
			for (guint i = 0; i < table->n_columns; i++)
				cells[table->n_rows * table->n_columns + i] = G_MAXSIZE;
		cells[(gsize)r * table->n_columns + c + 1] = data->rows ? data->rows[row] : G_MAXSIZE;
		table->cells[(gsize)r * table->n_columns] = stet_table_text(table, down->labels->pdata[r]);
		table->cells[(gsize)r * table->n_columns + c + 1] = *stet_table_cell(data->table, row, value);
	}
}

/* The table of `value` with one row a value of column `rows` and one column a label of `across`. */
static void pivot_into(Maker *maker, ComponentData *data, guint rows, guint over, guint value, Labels *across)
{
	Labels down;
	labels_init(&down);
	guint n = across->labels->len;
	StetTable *table = stet_table_new(n + 1);
	StetChartColumn *infos = stet_arena_alloc(maker->arena, (n + 2) * sizeof *infos);
	gsize *cells = stet_arena_alloc(maker->arena, (data->table->n_rows + 1) * (n + 1) * sizeof *cells);
	fill_pivot(data, rows, over, value, &down, across, table, cells);
	int measure = data->metric ? stet_metric_measure(data->metric, data->table->columns[value].name) : -1;
	data->measure = measure < 0 ? data->measure : (guint)measure;
	infos[0] = data->columns[rows];
	for (guint i = 0; i <= n; i++) {
		g_free(table->columns[i].name);
		table->columns[i].name = g_strdup(i == 0 ? data->table->columns[rows].name : across->labels->pdata[i - 1]);
		table->columns[i].kind = i == 0 ? STET_TEXT : data->table->columns[value].kind;
		if (i > 0) {
			infos[i] = data->columns[value];
			infos[i].title = stet_arena_text(maker->arena, across->labels->pdata[i - 1], -1);
		}
	}
	stet_table_free(data->table);
	data->table = table;
	data->columns = infos;
	data->cells = cells;
	labels_clear(&down);
}

static gboolean varies(const ComponentData *data, guint column)
{
	for (gsize row = 1; row < data->table->n_rows; row++)
		if (stet_cell_compare(stet_table_cell(data->table, row, column), stet_table_cell(data->table, 0, column)) != 0)
			return TRUE;
	return FALSE;
}

/* One row a period (or, where there is only one, a value of the next key column), one column a value of
 * `over`. */
static gboolean pivot(Maker *maker, const StetNode *spec, ComponentData *data)
{
	const StetNode *node = stet_node_get(spec, "pivot");
	int over = known_column(maker, data, node->text, node->place), rows = -1, value = -1;
	if (over < 0)
		return FALSE;
	for (guint i = 0; i < data->table->n_columns; i++) {
		gboolean measure = data->metric ? strcmp(data->table->columns[i].name, data->metric->measures[data->measure].name) == 0
		                                : is_number_column(&data->table->columns[i]);
		if (measure && value < 0)
			value = (int)i;
		else if (!measure && (int)i != over && (rows < 0 || (!varies(data, (guint)rows) && varies(data, i))))
			rows = (int)i;
	}
	Labels across;
	labels_init(&across);
	for (gsize row = 0; row < data->table->n_rows; row++)
		label_index(&across, stet_table_cell(data->table, row, (guint)over));
	guint n = across.labels->len;
	gboolean sound = rows >= 0 && value >= 0 && n <= PIVOT_MAX;
	if (!sound)
		stet_diagnose(maker->diags, STET_ERROR, "table-pivot", node->place, "narrow it with 'where', or pivot another column",
		              n > PIVOT_MAX ? "'%s' has %u values, too many for columns" : "there is nothing to pivot '%s' against (%u values)", node->text, n);
	else
		pivot_into(maker, data, (guint)rows, (guint)over, (guint)value, &across);
	labels_clear(&across);
	return sound;
}

/* ---- the table under a chart --------------------------------------------------------------- */

static int named_column(const ComponentData *data, const StetNode *spec, const char *key)
{
	const char *name = stet_node_text(spec, key, NULL);
	return name ? stet_table_column(data->table, name) : -1;
}

/* Whether each pair of values stands in one row only, so that a pivot loses none. */
static gboolean pairs_are_single(const ComponentData *data, guint rows, guint over)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (gsize row = 0; row < data->table->n_rows; row++) {
		g_autofree char *a = stet_cell_text(stet_table_cell(data->table, row, rows));
		g_autofree char *b = stet_cell_text(stet_table_cell(data->table, row, over));
		if (!g_hash_table_add(seen, g_strconcat(a, "\x1f", b, NULL)))
			return FALSE;
	}
	return TRUE;
}

void chart_table(Maker *maker, const StetNode *spec, ComponentData *data)
{
	int rows = named_column(data, spec, "x"), over = named_column(data, spec, "series"), value = named_column(data, spec, "value");
	if (value < 0)
		value = named_column(data, spec, "y");
	else if (over < 0)
		over = named_column(data, spec, "y");
	if (rows < 0 || over < 0 || value < 0 || rows == over || stet_node_get(spec, "size") || stet_node_get(spec, "facet") ||
	    is_number_column(&data->table->columns[over]) || !is_number_column(&data->table->columns[value]) ||
	    !pairs_are_single(data, (guint)rows, (guint)over))
		return;
	Labels across;
	labels_init(&across);
	for (gsize row = 0; row < data->table->n_rows; row++)
		label_index(&across, stet_table_cell(data->table, row, (guint)over));
	if (across.labels->len > 1 && across.labels->len <= SERIES_MAX)
		pivot_into(maker, data, (guint)rows, (guint)over, (guint)value, &across);
	labels_clear(&across);
}

/* ---- the component ------------------------------------------------------------------------- */

/* "Table 2. Caption" where the page numbers its tables (g_free). */
static char *numbered_caption(Maker *maker, const char *id, const char *caption)
{
	const char *label = id && maker->numbered ? g_hash_table_lookup(maker->labels, id) : NULL;
	return label ? g_strconcat(label, ". ", caption, NULL) : g_strdup(caption);
}

void append_rows_left(Maker *maker, gsize shown, gsize all, GString *out)
{
	g_autofree char *some = stet_locale_number(maker_locale(maker), (double)shown, 0, 0), *whole = stet_locale_number(maker_locale(maker), (double)all, 0, 0);
	g_autofree char *text = say_with(maker, "first_of_rows", some, whole);
	append_escaped(out, text);
}

gboolean component_table(Maker *maker, const StetNode *spec, GString *out)
{
	ComponentData data = {0};
	gboolean pivoted = stet_node_get(spec, "pivot") != NULL;
	if (!stet_node_check(spec, table_keys, NULL, "table-key", "a table", maker->diags) || !component_data(maker, spec, FALSE, &data))
		return FALSE;
	gboolean sound = (!pivoted || pivot(maker, spec, &data)) && rearrange(maker, spec, &data);
	if (sound) {
		const char *caption = stet_node_text(spec, "caption", stet_node_text(spec, "title", NULL));
		const char *id = stet_node_text(spec, "id", NULL);
		double limit = stet_node_number(spec, "limit", ROWS_SHOWN);
		gsize shown = (gsize)CLAMP(limit, 1, ROWS_SHOWN);
		g_string_append(out, "<div class=\"table-figure\"");
		if (id) {
			check_id(maker, id, stet_node_get(spec, "id")->place);
			id = register_label(maker, id, LABEL_TABLE);
			g_string_append(out, " id=\"");
			append_escaped(out, id);
			g_string_append_c(out, '"');
		}
		g_string_append(out, ">");
		g_autofree char *numbered = numbered_caption(maker, id, caption ? caption : data.metric ? data.metric->title : data.dataset->resource->title);
		TableFrame frame = {numbered, shown, stet_node_bool(spec, "anchors", FALSE) && !pivoted};
		write_table_with(maker, &data, spec, &frame, out);
		g_autoptr(GString) extra = g_string_new(NULL);
		if (data.table->n_rows > shown)
			append_rows_left(maker, shown, data.table->n_rows, g_string_append(extra, ". "));
		const char *name = caption ? caption : data.metric ? data.metric->title : data.dataset->resource->title;
		g_string_append(extra, ". <span class=\"downloads\">");
		append_data_links(maker, &data, "table", id ? id : name, name, extra);
		g_string_append(extra, "</span>");
		if (stet_node_bool(spec, "source", TRUE))
			component_source(maker, &data, extra->str, out);
		g_string_append(out, "</div>\n");
	}
	component_data_clear(&data);
	return sound;
}
