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
	{"measure", STET_NODE_TEXT, FALSE}, {"columns", STET_NODE_LIST, FALSE}, {"pivot", STET_NODE_TEXT, FALSE},
	{"sort", STET_NODE_TEXT, FALSE}, {"limit", STET_NODE_INT | STET_NODE_TEXT, FALSE}, {"rows", STET_NODE_TEXT, FALSE},
	{"anchors", STET_NODE_BOOL, FALSE}, {"caption", STET_NODE_TEXT, FALSE}, {"title", STET_NODE_TEXT, FALSE},
	{"id", STET_NODE_TEXT, FALSE}, {"source", STET_NODE_BOOL, FALSE}, {NULL, 0, FALSE},
};

static gboolean is_number(const StetTableColumn *column)
{
	return column->kind == STET_INT || column->kind == STET_NUMBER;
}

static void append_cell(Maker *maker, const ComponentData *data, guint column, const StetCell *cell, GString *out)
{
	const StetLocale *locale = maker->book->world->project->locale;
	const StetChartColumn *info = &data->columns[column];
	if (cell->kind == STET_NULL) {
		g_string_append(out, "–");
		return;
	}
	g_autofree char *text = stet_cell_text(cell), *shown = NULL;
	if (info->is_period)
		shown = stet_locale_period(locale, text);
	else if (cell->kind == STET_INT || cell->kind == STET_NUMBER)
		shown = stet_locale_quantity(locale, stet_cell_number(cell), info->unit, info->display, STET_COMPACT);
	append_escaped(out, shown ? shown : text);
}

/* Whether a heading names the unit: where neither the cells show it, as with percent and money, nor the
 * title has it ("Models in use"). */
static gboolean heading_unit(const char *unit, const char *title)
{
	static const char *const silent[] = {"percent", "count", "index", "ratio", NULL};
	if (!unit || g_strv_contains(silent, unit) || stet_unit_is_money(unit))
		return FALSE;
	g_autofree char *folded = g_utf8_casefold(title, -1), *word = g_utf8_casefold(unit, -1);
	return strstr(folded, word) == NULL;
}

static void append_heading(const ComponentData *data, guint column, GString *out)
{
	const StetChartColumn *info = &data->columns[column];
	const char *name = data->table->columns[column].name;
	g_string_append_printf(out, "<th scope=\"col\"%s>", is_number(&data->table->columns[column]) ? " class=\"num\"" : "");
	if (info->title) {
		append_escaped(out, info->title);
	} else {
		g_autofree char *plain = g_strdelimit(g_strdup(name), "_", ' ');
		plain[0] = g_ascii_toupper(plain[0]);
		append_escaped(out, plain);
	}
	if (heading_unit(info->unit, info->title ? info->title : name)) {
		g_string_append(out, " <span class=\"unit\">");
		append_escaped(out, info->unit);
		g_string_append(out, "</span>");
	}
	g_string_append(out, "</th>");
}

static void open_table(const char *caption, GString *out)
{
	g_string_append(out, "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
	append_escaped(out, caption && *caption ? caption : "Table");
	g_string_append(out, "\"><table class=\"data\">");
	if (caption && *caption) {
		g_string_append(out, "<caption>");
		append_escaped(out, caption);
		g_string_append(out, "</caption>");
	}
}

void write_table(Maker *maker, const ComponentData *data, const char *caption, gsize limit, gboolean anchors, GString *out)
{
	const StetTable *table = data->table;
	open_table(caption, out);
	g_string_append(out, "<thead><tr>");
	for (guint i = 0; i < table->n_columns; i++)
		append_heading(data, i, out);
	g_string_append(out, "</tr></thead><tbody>\n");
	for (gsize row = 0; row < table->n_rows && row < limit; row++) {
		g_string_append(out, "<tr");
		if (anchors && data->metric) {
			g_autofree char *id = stet_metric_row_id(data->metric, data->rows[row]);
			g_string_append_printf(out, " id=\"%s\"", fresh_id(maker, id));
		}
		g_string_append_c(out, '>');
		for (guint i = 0; i < table->n_columns; i++) {
			const char *tag = i == 0 ? "th scope=\"row\"" : "td";
			g_string_append_printf(out, "<%s%s>", tag, is_number(&table->columns[i]) ? " class=\"num\"" : "");
			append_cell(maker, data, i, stet_table_cell(table, row, i), out);
			g_string_append(out, i == 0 ? "</th>" : "</td>");
		}
		g_string_append(out, "</tr>\n");
	}
	g_string_append(out, "</tbody></table></div>\n");
}

/* ---- order and columns --------------------------------------------------------------------- */

typedef struct {
	const StetTable *table;
	guint column;
	gboolean descending;
} Sort;

static int compare_rows(gconstpointer a, gconstpointer b, gpointer user)
{
	const Sort *sort = user;
	gsize x = *(const gsize *)a, y = *(const gsize *)b;
	int order = stet_cell_compare(stet_table_cell(sort->table, x, sort->column), stet_table_cell(sort->table, y, sort->column));
	if (sort->descending)
		order = -order;
	return order ? order : x < y ? -1 : x > y;
}

static int known_column(Maker *maker, const ComponentData *data, const char *name, StetPlace place)
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

/* `data` with its rows reordered and its columns chosen: a new table in place of the old. */
static gboolean rearrange(Maker *maker, const StetNode *spec, ComponentData *data)
{
	const StetNode *columns = stet_node_get(spec, "columns"), *sort_node = stet_node_get(spec, "sort");
	const StetTable *old = data->table;
	g_autofree gsize *order = g_new(gsize, old->n_rows + 1);
	for (gsize i = 0; i < old->n_rows; i++)
		order[i] = i;
	if (sort_node && sort_node->text) {
		gboolean descending = sort_node->text[0] == '-';
		int column = known_column(maker, data, sort_node->text + descending, sort_node->place);
		if (column < 0)
			return FALSE;
		Sort sort = {old, (guint)column, descending};
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
		for (guint i = 0; i < n; i++) {
			const StetCell *cell = stet_table_cell(old, order[row], chosen[i]);
			cells[i] = cell->kind == STET_TEXT ? stet_table_text(table, cell->v.s) : *cell;
		}
	}
	stet_table_free(data->table);
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

static void fill_pivot(const ComponentData *data, guint row_column, guint over, guint value, Labels *down, Labels *across, StetTable *table)
{
	for (gsize row = 0; row < data->table->n_rows; row++) {
		guint r = label_index(down, stet_table_cell(data->table, row, row_column));
		guint c = label_index(across, stet_table_cell(data->table, row, over));
		while (table->n_rows <= r)
			stet_table_append(table);
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
	fill_pivot(data, rows, over, value, &down, across, table);
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
		                                : is_number(&data->table->columns[i]);
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
	    is_number(&data->table->columns[over]) || !is_number(&data->table->columns[value]) ||
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
		if (id)
			g_string_append_printf(out, " id=\"%s\"", fresh_id(maker, id));
		g_string_append(out, ">");
		write_table(maker, &data, caption ? caption : data.metric ? data.metric->title : data.dataset->resource->title, shown,
		            stet_node_bool(spec, "anchors", FALSE) && !pivoted, out);
		g_autoptr(GString) extra = g_string_new(NULL);
		if (data.table->n_rows > shown)
			g_string_append_printf(extra, ". The first %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " rows", shown, data.table->n_rows);
		if (stet_node_bool(spec, "source", TRUE))
			component_source(maker, &data, extra->str, out);
		g_string_append(out, "</div>\n");
	}
	component_data_clear(&data);
	return sound;
}
