/* A table's markup: cells in the page's language, and what an author asks for - totals, groups, bars, heat,
 * sparklines, notes. */
#include "page/private.h"

#include <math.h>
#include <string.h>

#define TABLE_COLUMNS_MAX 200
#define NOTES_MAX 26
#define SPARK_MAX 200

/* How one table is written. */
typedef struct {
	Maker *maker;
	const ComponentData *data;
	const StetNode *spec;         /* NULL: plain */
	GString *out;
	gsize limit;
	gboolean anchors, spark;
	int group;                    /* column whose values head groups, or -1 */
	gboolean bars[TABLE_COLUMNS_MAX], heat[TABLE_COLUMNS_MAX], total[TABLE_COLUMNS_MAX];
	StetReach reach[TABLE_COLUMNS_MAX];
	int display[TABLE_COLUMNS_MAX];
} Writer;

gboolean is_number_column(const StetTableColumn *column)
{
	return column->kind == STET_INT || column->kind == STET_NUMBER;
}

/* ---- cells --------------------------------------------------------------------------------- */

static char *shown_number(const Writer *writer, guint column, double number)
{
	const StetChartColumn *info = &writer->data->columns[column];
	return stet_locale_quantity(maker_locale(writer->maker), number, info->unit, writer->display[column], STET_COMPACT);
}

static void append_cell(const Writer *writer, guint column, const StetCell *cell)
{
	if (cell->kind == STET_NULL) {
		g_string_append(writer->out, "–");
		return;
	}
	g_autofree char *shown = NULL;
	if (cell->kind == STET_INT || cell->kind == STET_NUMBER) {
		if (writer->data->columns[column].is_period) {
			g_autofree char *text = stet_cell_text(cell);
			shown = stet_locale_period(maker_locale(writer->maker), text);
		} else {
			shown = shown_number(writer, column, stet_cell_number(cell));
		}
	} else if (cell->kind == STET_TEXT && !writer->data->columns[column].is_period) {
		append_escaped(writer->out, cell->v.s);
		return;
	} else {
		shown = stet_cell_text(cell);
		if (writer->data->columns[column].is_period) {
			char *period = stet_locale_period(maker_locale(writer->maker), shown);
			g_free(shown);
			shown = period;
		}
	}
	append_escaped(writer->out, shown);
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

/* The letter of the note on a column or row; 0 if it has none. */
static char note_letter(const Writer *writer, const char *name)
{
	const StetNode *notes = stet_node_get(writer->spec, "notes");
	for (guint i = 0; notes && notes->kind == STET_NODE_MAP && i < MIN(notes->n, NOTES_MAX); i++)
		if (strcmp(notes->keys[i]->text, name) == 0)
			return (char)('a' + i);
	return 0;
}

static void append_note_mark(const Writer *writer, const char *name)
{
	char letter = writer->spec ? note_letter(writer, name) : 0;
	if (letter)
		g_string_append_printf(writer->out, "<sup class=\"table-note\">%c</sup>", letter);
}

/* A column that nobody named is called by its name, the usual ones of periods in the page's language. */
static char *plain_heading(const Writer *writer, const char *name)
{
	static const char *const periods[] = {"date", "day", "month", "period", "quarter", "year", NULL};
	if (g_strv_contains(periods, name))
		return g_strdup(say(writer->maker, name));
	char *plain = g_strdelimit(g_strdup(name), "_", ' ');
	plain[0] = g_ascii_toupper(plain[0]);
	return plain;
}

static void append_heading(const Writer *writer, guint column)
{
	const StetChartColumn *info = &writer->data->columns[column];
	const char *name = writer->data->table->columns[column].name;
	GString *out = writer->out;
	g_string_append_printf(out, "<th scope=\"col\"%s>", is_number_column(&writer->data->table->columns[column]) ? " class=\"num\"" : "");
	if (info->title) {
		append_escaped(out, info->title);
	} else {
		g_autofree char *plain = plain_heading(writer, name);
		append_escaped(out, plain);
	}
	if (heading_unit(info->unit, info->title ? info->title : name)) {
		g_string_append(out, " <span class=\"unit\">");
		append_escaped(out, info->unit);
		g_string_append(out, "</span>");
	}
	append_note_mark(writer, name);
	g_string_append(out, "</th>");
}

void open_table(Maker *maker, const char *caption, GString *out)
{
	g_string_append(out, "<section class=\"table-scroll\" tabindex=\"0\" aria-label=\"");
	append_escaped(out, caption && *caption ? caption : say(maker, "table"));
	g_string_append(out, "\"><table class=\"data\">");
	if (caption && *caption) {
		g_string_append(out, "<caption>");
		append_escaped(out, caption);
		g_string_append(out, "</caption>");
	}
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void append_spark_cell(const Writer *writer, gsize row)
{
	const StetMetric *metric = writer->data->metric;
	double values[SPARK_MAX];
	gsize n = 0;
	const gsize *series = stet_metric_series(metric, writer->data->rows[row], &n);
	guint count = 0, column = metric->measures[writer->data->measure].column;
	for (gsize i = n > SPARK_MAX ? n - SPARK_MAX : 0; i < n; i++)
		values[count++] = stet_cell_number(stet_table_cell(metric->table, series[i], column));
	g_string_append(writer->out, "<td class=\"spark-cell\">");
	if (count > 1)
		stet_sparkline_write(values, count, metric->measures[writer->data->measure].title, writer->out);
	g_string_append(writer->out, "</td>");
}

/* Of a cell that was published otherwise (g_free); NULL: it was not. */
static char *cell_note(const Writer *writer, gsize row, guint column)
{
	const ComponentData *data = writer->data;
	const GPtrArray *editions = writer->maker->book->world->editions;
	if (!data->metric || !editions || editions->len == 0)
		return NULL;
	int measure = data->cells ? (int)data->measure : stet_metric_measure(data->metric, data->table->columns[column].name);
	gsize of = data->cells ? data->cells[row * data->table->n_columns + column] : data->rows[row];
	return measure < 0 || of == G_MAXSIZE ? NULL : restatement_note(writer->maker, data->metric, (guint)measure, of);
}

static void append_number_cell(const Writer *writer, gsize row, guint column, const StetCell *cell)
{
	double number = stet_cell_number(cell);
	const char *heat = writer->heat[column] ? stet_heat_class(&writer->reach[column], number) : "";
	g_autofree char *note = cell_note(writer, row, column);
	g_string_append_printf(writer->out, "<td class=\"num%s%s%s\"", *heat ? " " : "", heat, note ? " restated" : "");
	if (note) {
		g_string_append(writer->out, " title=\"");
		append_escaped(writer->out, note);
		g_string_append_c(writer->out, '"');
	}
	g_string_append_c(writer->out, '>');
	if (writer->bars[column] && !isnan(number))
		stet_cell_bar_write(&writer->reach[column], number, writer->out);
	append_cell(writer, column, cell);
	g_string_append(writer->out, "</td>");
}

static void append_row(const Writer *writer, gsize row)
{
	const StetTable *table = writer->data->table;
	gboolean first = TRUE;
	g_string_append(writer->out, "<tr");
	if (writer->anchors && writer->data->metric) {
		g_autofree char *id = stet_metric_row_id(writer->data->metric, writer->data->rows[row]);
		g_autofree char *anchor = g_strconcat("row-", id, NULL);
		g_string_append_printf(writer->out, " id=\"%s\"", fresh_id(writer->maker, anchor));
	}
	g_string_append_c(writer->out, '>');
	for (guint i = 0; i < table->n_columns; i++) {
		const StetCell *cell = stet_table_cell(table, row, i);
		if ((int)i == writer->group)
			continue;
		if (first) {
			g_string_append_printf(writer->out, "<th scope=\"row\"%s>", is_number_column(&table->columns[i]) ? " class=\"num\"" : "");
			append_cell(writer, i, cell);
			g_autofree char *name = writer->spec ? stet_cell_text(cell) : NULL;
			if (name)
				append_note_mark(writer, name);
			g_string_append(writer->out, "</th>");
		} else if (is_number_column(&table->columns[i])) {
			append_number_cell(writer, row, i, cell);
		} else {
			g_string_append(writer->out, "<td>");
			append_cell(writer, i, cell);
			g_string_append(writer->out, "</td>");
		}
		first = FALSE;
	}
	if (writer->spark)
		append_spark_cell(writer, row);
	g_string_append(writer->out, "</tr>\n");
}

/* Sums of the rows that `in` marks (NULL: all). */
static void append_total(const Writer *writer, const char *word, const gboolean *in)
{
	const StetTable *table = writer->data->table;
	gboolean first = TRUE;
	g_string_append(writer->out, in ? "<tr class=\"subtotal\">" : "<tr class=\"total\">");
	for (guint i = 0; i < table->n_columns; i++) {
		if ((int)i == writer->group)
			continue;
		double sum = 0;
		for (gsize row = 0; row < table->n_rows && row < writer->limit; row++) {
			double number = !in || in[row] ? stet_cell_number(stet_table_cell(table, row, i)) : NAN;
			sum += isnan(number) ? 0 : number;
		}
		g_autofree char *shown = writer->total[i] ? shown_number(writer, i, sum) : NULL;
		g_string_append(writer->out, first ? "<th scope=\"row\">" : shown ? "<td class=\"num\">" : "<td>");
		append_escaped(writer->out, first ? say(writer->maker, word) : shown ? shown : "");
		g_string_append(writer->out, first ? "</th>" : "</td>");
		first = FALSE;
	}
	g_string_append(writer->out, writer->spark ? "<td></td></tr>\n" : "</tr>\n");
}

static gboolean has_total(const Writer *writer)
{
	for (guint i = 0; i < MIN(writer->data->table->n_columns, TABLE_COLUMNS_MAX); i++)
		if (writer->total[i])
			return TRUE;
	return FALSE;
}

/* Groups in the order in which their first rows come. */
static void append_groups(const Writer *writer)
{
	const StetTable *table = writer->data->table;
	gsize n = MIN(table->n_rows, writer->limit);
	g_autofree gboolean *done = g_new0(gboolean, n + 1), *in = g_new0(gboolean, table->n_rows + 1);
	for (gsize row = 0; row < n; row++) {
		const StetCell *head = stet_table_cell(table, row, (guint)writer->group);
		if (done[row])
			continue;
		memset(in, 0, (table->n_rows + 1) * sizeof *in);
		g_string_append_printf(writer->out, "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%u\">", table->n_columns - 1 + (writer->spark ? 1 : 0));
		append_cell(writer, (guint)writer->group, head);
		g_autofree char *name = stet_cell_text(head);
		if (name)
			append_note_mark(writer, name);
		g_string_append(writer->out, "</th></tr>\n");
		for (gsize other = row; other < n; other++)
			if (stet_cell_compare(stet_table_cell(table, other, (guint)writer->group), head) == 0) {
				done[other] = in[other] = TRUE;
				append_row(writer, other);
			}
		if (has_total(writer))
			append_total(writer, "group_total", in);
	}
}

/* ---- options ------------------------------------------------------------------------------- */

/* `key: true` marks every column of numbers, `key: [a, b]` those. */
static void mark_columns(const Writer *writer, const char *key, gboolean marks[TABLE_COLUMNS_MAX])
{
	const StetTable *table = writer->data->table;
	const StetNode *node = stet_node_get(writer->spec, key);
	for (guint i = 0; node && node->kind == STET_NODE_BOOL && i < table->n_columns; i++)
		marks[i] = node->boolean && is_number_column(&table->columns[i]) && !writer->data->columns[i].is_period;
	for (guint i = 0; node && node->kind == STET_NODE_LIST && i < node->n; i++) {
		int column = known_column(writer->maker, writer->data, node->items[i]->text ? node->items[i]->text : "", node->items[i]->place);
		if (column >= 0)
			marks[column] = TRUE;
	}
}

/* Shares, rates and indices have no sums. */
static gboolean adds_up(const StetChartColumn *column)
{
	return !column->unit || (strcmp(column->unit, "percent") != 0 && strcmp(column->unit, "ratio") != 0 && strcmp(column->unit, "index") != 0);
}

static void find_reach(Writer *writer, guint column)
{
	const StetTable *table = writer->data->table;
	gsize n = MIN(table->n_rows, writer->limit);
	g_autofree double *values = g_new(double, n + 1);
	for (gsize row = 0; row < n; row++)
		values[row] = stet_cell_number(stet_table_cell(table, row, column));
	writer->reach[column] = stet_reach(values, (guint)n);
}

/* Decimals that put the decimal marks of a column below each other: as many as its least round value needs, at
 * most two. Units with a habit of their own keep it. */
static int aligned_decimals(const Writer *writer, guint column)
{
	const StetChartColumn *info = &writer->data->columns[column];
	const StetTable *table = writer->data->table;
	int needed = 0;
	double largest = 0;
	if (info->display >= 0 || !is_number_column(&table->columns[column]) || (info->unit && !adds_up(info)) || g_strcmp0(info->unit, "count") == 0)
		return info->display;
	/* "USD m" is shown in three digits, whatever its magnitude. */
	if (info->unit && stet_unit_is_money(info->unit) && !g_str_has_prefix(info->unit, "currency:"))
		return -1;
	for (gsize row = 0; row < table->n_rows && row < writer->limit; row++) {
		double number = stet_cell_number(stet_table_cell(table, row, column));
		if (isnan(number))
			continue;
		largest = MAX(largest, fabs(number));
		for (int d = needed; d < 2 && stet_round_decimals(number, d) != number; d++)
			needed = d + 1;
	}
	if (info->unit && stet_unit_is_money(info->unit))
		return largest >= 1000 || needed == 0 ? 0 : 2;
	return largest >= 1000 ? 0 : needed;
}

static void read_options(Writer *writer)
{
	const StetTable *table = writer->data->table;
	const StetNode *group = stet_node_get(writer->spec, "group");
	writer->group = group && group->text ? known_column(writer->maker, writer->data, group->text, group->place) : -1;
	mark_columns(writer, "bars", writer->bars);
	mark_columns(writer, "heat", writer->heat);
	mark_columns(writer, "total", writer->total);
	for (guint i = 0; i < table->n_columns; i++) {
		writer->total[i] = writer->total[i] && adds_up(&writer->data->columns[i]);
		if (writer->bars[i] || writer->heat[i])
			find_reach(writer, i);
	}
	writer->spark = stet_node_bool(writer->spec, "spark", FALSE) && writer->data->metric && writer->data->metric->period_column >= 0 &&
		!stet_node_get(writer->spec, "pivot");
}

static void append_table_notes(const Writer *writer)
{
	const StetNode *notes = stet_node_get(writer->spec, "notes");
	for (guint i = 0; notes && notes->kind == STET_NODE_MAP && i < MIN(notes->n, NOTES_MAX); i++) {
		g_string_append_printf(writer->out, "<p class=\"table-notes\"><sup>%c</sup> ", 'a' + i);
		append_escaped(writer->out, notes->items[i]->text ? notes->items[i]->text : "");
		g_string_append(writer->out, "</p>\n");
	}
}

void write_table_with(Maker *maker, const ComponentData *data, const StetNode *spec, const TableFrame *frame, GString *out)
{
	const StetTable *table = data->table;
	Writer *writer = stet_arena_alloc(maker->arena, sizeof *writer);
	*writer = (Writer){.maker = maker, .data = data, .spec = spec, .out = out, .limit = frame->limit, .anchors = frame->anchors, .group = -1};
	if (table->n_columns > TABLE_COLUMNS_MAX) {
		stet_diagnose(maker->diags, STET_ERROR, "table-wide", data->place, "choose some with 'columns'", "%u columns are more than a table can show (%d)",
		              table->n_columns, TABLE_COLUMNS_MAX);
		return;
	}
	for (guint i = 0; i < table->n_columns; i++)
		writer->display[i] = aligned_decimals(writer, i);
	if (spec)
		read_options(writer);
	open_table(maker, frame->caption, out);
	g_string_append(out, "<thead><tr>");
	for (guint i = 0; i < table->n_columns; i++)
		if ((int)i != writer->group)
			append_heading(writer, i);
	if (writer->spark)
		g_string_append_printf(out, "<th scope=\"col\">%s</th>", say(maker, "trend"));
	g_string_append(out, "</tr></thead><tbody>\n");
	if (writer->group >= 0)
		append_groups(writer);
	for (gsize row = 0; writer->group < 0 && row < table->n_rows && row < frame->limit; row++)
		append_row(writer, row);
	g_string_append(out, "</tbody>");
	if (spec && has_total(writer)) {
		g_string_append(out, "<tfoot>\n");
		append_total(writer, "total", NULL);
		g_string_append(out, "</tfoot>");
	}
	g_string_append(out, "</table></section>\n");
	if (spec)
		append_table_notes(writer);
}

void write_table(Maker *maker, const ComponentData *data, const char *caption, gsize limit, gboolean anchors, GString *out)
{
	write_table_with(maker, data, NULL, &(TableFrame){caption, limit, anchors}, out);
}
