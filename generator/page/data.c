/* The rows a component asks for: a metric or dataset, narrowed by where, at, from and to. */
#include "page/private.h"

#include <string.h>

#define COMPONENT_ROWS_MAX 20000

/* Quarters, months, years and days compared by their last day. */
static gboolean later_period(const char *a, const char *b)
{
	char ends[2][16];
	const char *const periods[] = {a, b};
	for (guint i = 0; i < 2; i++) {
		const char *p = periods[i];
		gsize n = strlen(p);
		if (n == 6 && p[4] == 'Q')
			g_snprintf(ends[i], sizeof ends[i], "%.4s-%02d-31", p, (p[5] - '0') * 3);
		else
			g_snprintf(ends[i], sizeof ends[i], "%.10s%s", p, n == 4 ? "-12-31" : n == 7 ? "-31" : "");
	}
	return strcmp(ends[0], ends[1]) > 0;
}

void use_metric(Maker *maker, const StetMetric *metric)
{
	if (!maker->page)
		return;
	note_metric(maker, metric);
	guint count = GPOINTER_TO_UINT(g_hash_table_lookup(maker->metric_uses, metric->name));
	g_hash_table_replace(maker->metric_uses, (gpointer)metric->name, GUINT_TO_POINTER(count + 1));
	if (metric->synthetic)
		maker->page->synthetic = TRUE;
	if (metric->period_column >= 0 && metric->table && metric->table->n_rows > 0) {
		/* Rows are ordered by period. */
		g_autofree char *last = stet_cell_text(stet_table_cell(metric->table, metric->table->n_rows - 1, (guint)metric->period_column));
		if (!maker->last_data || later_period(last, maker->last_data))
			maker->last_data = stet_arena_text(maker->arena, last, -1);
	}
}

static StetPlace place_of_key(const StetNode *spec, const char *key)
{
	const StetNode *node = stet_node_get(spec, key);
	return node ? node->place : spec->place;
}

static gboolean named_metric(Maker *maker, const StetNode *spec, ComponentData *data)
{
	const char *name = stet_node_text(spec, "metric", NULL);
	data->metric = find_metric(maker, name);
	if (!data->metric) {
		report_metric(maker, place_of_key(spec, "metric"), name);
		return FALSE;
	}
	int measure = stet_metric_measure(data->metric, stet_node_text(spec, "measure", ""));
	if (measure < 0) {
		stet_diagnose(maker->diags, STET_ERROR, "measure-unknown", place_of_key(spec, "measure"), NULL,
		              "metric '%s' has no measure '%s'", name, stet_node_text(spec, "measure", ""));
		return FALSE;
	}
	data->measure = (guint)measure;
	return data->metric->table != NULL && scenario_choose(maker, spec, &data->metric);
}

/* ---- a dataset as a table ------------------------------------------------------------------ */

static void dataset_cell(StetTable *table, const StetDataset *dataset, guint column, gsize row, StetCell *cell)
{
	g_autofree char *text = stet_dataset_cell_text(dataset, column, row);
	StetColumnKind kind = dataset->columns[column].kind;
	if (!text)
		return;
	if (kind == STET_COLUMN_INT)
		*cell = (StetCell){STET_INT, {.i = g_ascii_strtoll(text, NULL, 10)}};
	else if (kind == STET_COLUMN_DECIMAL || kind == STET_COLUMN_DOUBLE)
		*cell = (StetCell){STET_NUMBER, {.n = g_ascii_strtod(text, NULL)}};
	else
		*cell = stet_table_text(table, text);
	table->columns[column].kind = cell->kind;
}

static StetTable *dataset_table(const StetDataset *dataset)
{
	StetTable *table = stet_table_new(dataset->n_columns);
	for (guint i = 0; i < dataset->n_columns; i++) {
		g_free(table->columns[i].name);
		table->columns[i].name = g_strdup(dataset->columns[i].name);
	}
	for (gsize row = 0; row < dataset->rows; row++) {
		StetCell *cells = stet_table_append(table);
		for (guint i = 0; i < dataset->n_columns; i++)
			dataset_cell(table, dataset, i, row, &cells[i]);
	}
	return table;
}

static StetTable *find_dataset(Maker *maker, const StetNode *spec, ComponentData *data)
{
	const char *name = stet_node_text(spec, "dataset", NULL);
	data->dataset = name ? book_dataset(maker->book, name) : NULL;
	if (name)
		note_read(maker, "dataset", name);
	if (!data->dataset) {
		stet_diagnose(maker->diags, STET_ERROR, "dataset-unknown", name ? place_of_key(spec, "dataset") : spec->place,
		              "name one: 'metric: NAME' or 'dataset: NAME'", name ? "there is no dataset '%s'" : "no data is named%s", name ? name : "");
		return NULL;
	}
	if (data->dataset->rows > COMPONENT_ROWS_MAX) {
		stet_diagnose(maker->diags, STET_ERROR, "dataset-large", place_of_key(spec, "dataset"), "write a metric that sums it up",
		              "dataset '%s' has %" G_GSIZE_FORMAT " rows, too many to show", name, data->dataset->rows);
		return NULL;
	}
	return dataset_table(data->dataset);
}

/* ---- conditions ---------------------------------------------------------------------------- */

typedef struct {
	const StetTable *table;
	int period;
	const StetNode *where;
	const char *at, *from, *to;
	const gsize *rows;            /* those worth looking at, ascending; NULL: all */
	gsize n;
} Filter;

static gsize candidate(const Filter *filter, gsize i)
{
	return filter->rows ? filter->rows[i] : i;
}

/* The first single value that a metric's rows must hold leaves few of many to look at. */
static void find_candidates(const Maker *maker, const StetMetric *metric, Filter *filter)
{
	filter->n = filter->table->n_rows;
	for (guint i = 0; metric && filter->where && i < filter->where->n && !filter->rows; i++) {
		const char *text = filter->where->items[i]->text;
		int column = stet_table_column(filter->table, filter->where->keys[i]->text);
		if (text && column >= 0)
			filter->rows = rows_where(maker->book, metric, (guint)column, text, &filter->n);
	}
}

static gboolean matches(const char *text, const StetNode *wanted)
{
	if (wanted->kind != STET_NODE_LIST)
		return wanted->text && strcmp(text, wanted->text) == 0;
	for (guint i = 0; i < wanted->n; i++)
		if (wanted->items[i]->text && strcmp(text, wanted->items[i]->text) == 0)
			return TRUE;
	return FALSE;
}

static gboolean keeps(const Filter *filter, gsize row)
{
	for (guint i = 0; filter->where && i < filter->where->n; i++) {
		int column = stet_table_column(filter->table, filter->where->keys[i]->text);
		const StetCell *cell = stet_table_cell(filter->table, row, (guint)column);
		g_autofree char *text = cell->kind == STET_TEXT ? NULL : stet_cell_text(cell);
		if (!matches(text ? text : cell->v.s, filter->where->items[i]))
			return FALSE;
	}
	if (filter->period < 0 || (!filter->at && !filter->from && !filter->to))
		return TRUE;
	g_autofree char *period = stet_cell_text(stet_table_cell(filter->table, row, (guint)filter->period));
	return (!filter->at || strcmp(period, filter->at) == 0) && (!filter->from || strcmp(period, filter->from) >= 0) &&
		(!filter->to || strcmp(period, filter->to) <= 0);
}

static gboolean check_where(Maker *maker, const StetTable *table, const StetNode *where)
{
	gboolean sound = TRUE;
	g_autofree const char **names = g_new0(const char *, table->n_columns + 1);
	for (guint i = 0; i < table->n_columns; i++)
		names[i] = table->columns[i].name;
	if (where && where->kind != STET_NODE_MAP) {
		stet_diagnose(maker->diags, STET_ERROR, "component-where", where->place, "where: {column: value}", "'where' must be a map");
		return FALSE;
	}
	for (guint i = 0; where && i < where->n; i++) {
		if (stet_table_column(table, where->keys[i]->text) >= 0)
			continue;
		const char *near = stet_nearest(where->keys[i]->text, names);
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
		stet_diagnose(maker->diags, STET_ERROR, "component-where", where->keys[i]->place, mend, "there is no column '%s'", where->keys[i]->text);
		sound = FALSE;
	}
	return sound;
}

/* "latest" and "earliest" among the rows that meet the other conditions. */
static char *edge_period(Filter filter, gboolean last)
{
	char *edge = NULL;
	filter.at = NULL;
	for (gsize i = 0; filter.period >= 0 && i < filter.n; i++) {
		gsize row = candidate(&filter, i);
		if (!keeps(&filter, row))
			continue;
		char *period = stet_cell_text(stet_table_cell(filter.table, row, (guint)filter.period));
		if (!edge || (strcmp(period, edge) > 0) == last) {
			g_free(edge);
			edge = period;
		} else {
			g_free(period);
		}
	}
	return edge;
}

/* ---- the table ----------------------------------------------------------------------------- */

static const StetMeasure *measure_of(const StetMetric *metric, guint column)
{
	for (guint i = 0; metric && i < metric->n_measures; i++)
		if (metric->measures[i].column == column)
			return &metric->measures[i];
	return NULL;
}

static gboolean is_period_type(StetFieldType type)
{
	return type == STET_FIELD_DATE || type == STET_FIELD_QUARTER || type == STET_FIELD_YEAR || type == STET_FIELD_YEARMONTH;
}

static void describe_column(const ComponentData *data, guint from, StetChartColumn *column)
{
	*column = (StetChartColumn){.display = -1};
	const StetMeasure *measure = measure_of(data->metric, from);
	if (measure) {
		column->title = measure->title;
		column->unit = measure->unit;
		column->display = measure->display;
	} else if (data->metric) {
		column->is_period = data->metric->period_column == (int)from;
	} else {
		const StetColumn *source = &data->dataset->columns[from];
		column->title = source->title;
		column->unit = source->unit;
		column->is_period = source->field && is_period_type(source->field->type);
	}
}

/* Columns from `first` on hold the value in each scenario; the value itself is named by the report as it stands. */
static void describe_scenarios(const Beside *beside, ComponentData *data, guint first)
{
	const StetMeasure *measure = data->metric ? &data->metric->measures[data->measure] : NULL;
	int own = measure && beside->n > 0 ? stet_table_column(data->table, measure->name) : -1;
	if (own >= 0)
		data->columns[own].title = beside->base;
	for (guint i = 0; measure && i < beside->n; i++) {
		StetTableColumn *column = &data->table->columns[first + i];
		g_free(column->name);
		column->name = g_strdup(beside->scenarios[i]->name);
		column->kind = beside->metrics[i]->table->columns[beside->metrics[i]->measures[data->measure].column].kind;
		data->columns[first + i] = (StetChartColumn){.title = beside->scenarios[i]->title, .unit = measure->unit, .display = measure->display};
	}
}

/* Copies the kept rows; with one_measure the metric's other measures are left out. */
static void choose(Maker *maker, const Filter *filter, gboolean one_measure, const Beside *beside, ComponentData *data)
{
	const StetTable *from = filter->table;
	g_autofree guint *columns = g_new(guint, from->n_columns + 1);
	guint n = 0;
	for (guint i = 0; i < from->n_columns; i++) {
		const StetMeasure *measure = measure_of(data->metric, i);
		if (!one_measure || !measure || measure == &data->metric->measures[data->measure])
			columns[n++] = i;
	}
	data->table = stet_table_new(n + beside->n);
	data->columns = stet_arena_alloc(maker->arena, (n + beside->n + 1) * sizeof *data->columns);
	gsize *rows = stet_arena_alloc(maker->arena, (filter->n + 1) * sizeof *rows), kept = 0;
	for (guint i = 0; i < n; i++) {
		g_free(data->table->columns[i].name);
		data->table->columns[i].name = g_strdup(from->columns[columns[i]].name);
		data->table->columns[i].kind = from->columns[columns[i]].kind;
		describe_column(data, columns[i], &data->columns[i]);
	}
	describe_scenarios(beside, data, n);
	for (gsize k = 0; k < filter->n; k++) {
		gsize row = candidate(filter, k);
		if (!keeps(filter, row))
			continue;
		StetCell *cells = stet_table_append(data->table);
		rows[kept++] = row;
		for (guint i = 0; i < n; i++) {
			const StetCell *cell = stet_table_cell(from, row, columns[i]);
			cells[i] = cell->kind == STET_TEXT && data->dataset ? stet_table_text(data->table, cell->v.s) : *cell;
		}
		scenario_cells(beside, data->metric, data->measure, row, cells + n);
	}
	data->rows = rows;
}

gboolean component_data(Maker *maker, const StetNode *spec, gboolean one_measure, ComponentData *data)
{
	*data = (ComponentData){.place = spec->place, .spec = spec};
	g_autoptr(StetTable) own = NULL;
	if (spec->kind != STET_NODE_MAP) {
		stet_diagnose(maker->diags, STET_ERROR, "component-spec", spec->place, "metric: NAME", "a component's description must be 'key: value' lines");
		return FALSE;
	}
	if (stet_node_get(spec, "metric") ? !named_metric(maker, spec, data) : !(own = find_dataset(maker, spec, data)))
		return FALSE;
	Filter filter = {.table = data->metric ? data->metric->table : own, .where = stet_node_get(spec, "where"),
	                 .from = stet_node_text(spec, "from", NULL), .to = stet_node_text(spec, "to", NULL),
	                 .at = stet_node_text(spec, "at", NULL), .period = data->metric ? data->metric->period_column : -1};
	for (guint i = 0; data->dataset && i < data->dataset->n_columns && filter.period < 0; i++)
		if (data->dataset->columns[i].field && is_period_type(data->dataset->columns[i].field->type))
			filter.period = (int)i;
	if (!filter.table || !check_where(maker, filter.table, filter.where))
		return FALSE;
	find_candidates(maker, data->metric, &filter);
	g_autofree char *edge = NULL;
	if (filter.at && (strcmp(filter.at, "latest") == 0 || strcmp(filter.at, "earliest") == 0)) {
		edge = edge_period(filter, *filter.at == 'l');
		filter.at = edge;
	}
	Beside beside;
	if (!scenarios_beside(maker, spec, data->metric, &beside))
		return FALSE;
	choose(maker, &filter, one_measure || beside.n > 0, &beside, data);
	if (data->metric)
		use_metric(maker, data->metric);
	else if (data->dataset->resource->synthetic && maker->page)
		maker->page->synthetic = TRUE;
	return TRUE;
}

void component_data_clear(ComponentData *data)
{
	if (data->table)
		stet_table_free(data->table);
}

/* ---- the source line ----------------------------------------------------------------------- */

static void link_to(Maker *maker, GString *out, const char *folder, const char *name, const char *title)
{
	g_autofree char *url = g_strdup_printf("%s/%s/", folder, name);
	g_string_append(out, "<a href=\"");
	append_link(maker, out, url);
	g_string_append(out, "\">");
	append_escaped(out, title);
	g_string_append(out, "</a>");
}

void component_source(Maker *maker, const ComponentData *data, const char *extra, GString *out)
{
	g_string_append_printf(out, "<p class=\"figure-source\">%s: ", say(maker, "source"));
	gboolean synthetic = FALSE;
	if (data->metric) {
		link_to(maker, out, "metrics", data->metric->name, data->metric->title);
		if (data->metric->scenario) {
			guint scenario = stet_scenarios_find(maker->book->world->metrics, data->metric->scenario);
			g_string_append(out, ", ");
			append_escaped(out, stet_scenarios_at(maker->book->world->metrics, scenario)->title);
		}
		for (guint i = 0; data->metric->all_datasets && data->metric->all_datasets[i]; i++) {
			const StetResource *resource = stet_project_resource(maker->book->world->project, data->metric->all_datasets[i]);
			g_string_append(out, i ? ", " : say(maker, "from"));
			link_to(maker, out, "datasets", data->metric->all_datasets[i], resource ? resource->title : data->metric->all_datasets[i]);
		}
		synthetic = data->metric->synthetic;
	} else {
		link_to(maker, out, "datasets", data->dataset->resource->name, data->dataset->resource->title);
		synthetic = data->dataset->resource->synthetic;
	}
	if (synthetic)
		g_string_append_printf(out, " (%s)", say(maker, "synthetic"));
	g_string_append(out, extra);
	g_string_append(out, "</p>\n");
}
