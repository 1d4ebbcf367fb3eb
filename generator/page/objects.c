/* What templates see of metrics and their rows; the items that pages are made for. */
#include "page/private.h"

#include <math.h>
#include <string.h>

#define USES_SHOWN 100 /* pages named on a metric's own */

/* ---- rows ---------------------------------------------------------------------------------- */

typedef struct {
	Selection of;
	gsize row;
} Row;

StetValue figure_value(StetArena *arena, const StetMetric *metric, guint measure, gsize row)
{
	const StetMeasure *m = &metric->measures[measure];
	const StetCell *cell = stet_table_cell(metric->table, row, m->column);
	if (cell->kind == STET_NULL)
		return stet_value_nil();
	StetOrigin *origin = stet_arena_alloc(arena, sizeof *origin);
	*origin = (StetOrigin){.metric = metric, .row = row, .measure = measure};
	StetValue value = stet_value_cell(arena, cell);
	value.unit = m->unit;
	value.display = m->display;
	value.origin = origin;
	return value;
}

/* A column of a row: a measure is a figure, anything else plain. */
static gboolean column_value(const StetMetric *metric, StetText key, gsize row, StetRender *render, StetValue *out)
{
	char name[64];
	if (key.len >= sizeof name || !metric->table)
		return FALSE;
	memcpy(name, key.ptr, key.len);
	name[key.len] = 0;
	int column = stet_table_column(metric->table, name);
	if (column < 0)
		return FALSE;
	for (guint i = 0; i < metric->n_measures; i++)
		if (metric->measures[i].column == (guint)column) {
			*out = figure_value(stet_render_arena(render), metric, i, row);
			return TRUE;
		}
	*out = stet_value_cell(stet_render_arena(render), stet_table_cell(metric->table, row, (guint)column));
	return TRUE;
}

static gboolean row_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const Row *row = self;
	const StetMetric *metric = row->of.metric;
	note_metric(stet_render_host(render), metric);
	if (column_value(metric, key, row->row, render, out))
		return TRUE;
	if (key_is(key, "value")) {
		*out = figure_value(stet_render_arena(render), metric, row->of.measure, row->row);
	} else if (key_is(key, "period") && metric->period_column >= 0) {
		*out = stet_value_cell(stet_render_arena(render), stet_table_cell(metric->table, row->row, (guint)metric->period_column));
	} else if (key_is(key, "id")) {
		g_autofree char *id = stet_metric_row_id(metric, row->row);
		*out = stet_value_text(stet_render_arena(render), id, -1);
	} else {
		return FALSE;
	}
	return TRUE;
}

static gboolean row_plain(gconstpointer self, StetRender *render, StetValue *out)
{
	const Row *row = self;
	note_metric(stet_render_host(render), row->of.metric);
	*out = figure_value(stet_render_arena(render), row->of.metric, row->of.measure, row->row);
	return TRUE;
}

const StetClass row_class = {.name = "row", .get = row_get, .plain = row_plain};

static StetValue row_value(StetArena *arena, const Selection *of, gsize row)
{
	Row *self = stet_arena_alloc(arena, sizeof *self);
	*self = (Row){*of, row};
	return stet_value_object(&row_class, self);
}

/* ---- selections, metrics ------------------------------------------------------------------- */

gboolean as_selection(StetRender *render, const StetValue *value, Selection *out)
{
	StetArena *arena = stet_render_arena(render);
	if (value->kind != STET_VALUE_OBJECT)
		return FALSE;
	if (value->v.object.class_ == &selection_class) {
		*out = *(const Selection *)value->v.object.self;
		note_metric(stet_render_host(render), out->metric);
		return TRUE;
	}
	if (value->v.object.class_ != &row_class)
		return FALSE;
	const Row *row = value->v.object.self;
	gsize *rows = stet_arena_alloc(arena, sizeof *rows);
	rows[0] = row->row;
	*out = row->of;
	note_metric(stet_render_host(render), out->metric);
	out->rows = rows;
	out->n = 1;
	return TRUE;
}

StetValue selection_value(StetArena *arena, const Selection *selection)
{
	Selection *self = stet_arena_alloc(arena, sizeof *self);
	*self = *selection;
	return stet_value_object(&selection_class, self);
}

StetValue metric_value(const StetBook *book, StetArena *arena, const StetMetric *metric)
{
	gsize n = metric->table ? metric->table->n_rows : 0;
	Selection whole = {.book = book, .metric = metric, .n = n, .rows = all_rows(book, metric)};
	return selection_value(arena, &whole);
}

static StetValue input_value(const StetBook *book, StetRender *render, const char *name)
{
	StetArena *arena = stet_render_arena(render);
	const StetDataset *dataset = book_dataset_head(book, name);
	note_read(stet_render_host(render), "dataset", name);
	const StetResource *resource = stet_project_resource(book->world->project, name);
	MapBuilder map = {.n = 0};
	map_add(&map, "name", text_or_nil(name));
	map_add(&map, "title", text_or_nil(resource ? resource->title : name));
	g_autofree char *url = g_strdup_printf("/datasets/%s/", name);
	map_add(&map, "url", stet_value_text(arena, url, -1));
	map_add(&map, "synthetic", stet_value_bool(resource && resource->synthetic));
	map_add(&map, "path", text_or_nil(dataset && dataset->n_sources ? dataset->sources[0].path : NULL));
	map_add(&map, "rows", stet_value_int(dataset ? (gint64)dataset->rows : 0));
	map_add(&map, "sha256", text_or_nil(dataset && dataset->n_sources ? dataset->sources[0].hash.hex : NULL));
	return map_end(&map, arena);
}

static StetValue inputs_value(const StetBook *book, StetRender *render, char **names)
{
	StetArena *arena = stet_render_arena(render);
	guint n = names ? g_strv_length(names) : 0;
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++)
		items[i] = input_value(book, render, names[i]);
	return stet_value_list(arena, items, n);
}

StetValue metric_link(StetArena *arena, const StetMetric *metric)
{
	MapBuilder map = {.n = 0};
	g_autofree char *url = g_strdup_printf("/metrics/%s/", metric->name);
	map_add(&map, "name", text_or_nil(metric->name));
	map_add(&map, "title", text_or_nil(metric->title));
	map_add(&map, "url", stet_value_text(arena, url, -1));
	return map_end(&map, arena);
}

static StetValue metric_links(const StetBook *book, StetRender *render, char **names)
{
	StetArena *arena = stet_render_arena(render);
	guint n = names ? g_strv_length(names) : 0, filled = 0;
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++) {
		const StetMetric *metric = stet_metrics_get(book->world->metrics, names[i]);
		note_read(stet_render_host(render), "metric-header", names[i]);
		if (metric)
			items[filled++] = metric_link(arena, metric);
	}
	return stet_value_list(arena, items, filled);
}

static guint uses_count(const StetBook *book, const char *metric)
{
	const GArray *uses = g_hash_table_lookup(book->uses, metric);
	return uses ? uses->len : 0;
}

/* The first USES_SHOWN: a metric may have a page for each of a hundred thousand firms. */
static StetValue uses_value(const StetBook *book, StetArena *arena, const char *metric)
{
	const GArray *uses = g_hash_table_lookup(book->uses, metric);
	guint n = MIN(uses_count(book, metric), USES_SHOWN);
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++) {
		const StetUse *use = &g_array_index(uses, StetUse, i);
		g_autofree char *url = g_strconcat("/", use->url, NULL);
		MapBuilder map = {.n = 0};
		map_add(&map, "title", text_or_nil(use->title));
		map_add(&map, "url", stet_value_text(arena, url, -1));
		map_add(&map, "count", stet_value_int(use->count));
		items[i] = map_end(&map, arena);
	}
	return stet_value_list(arena, items, n);
}

static StetValue parameters_value(const StetBook *book, StetArena *arena, const StetMetric *metric)
{
	char **names = metric->parameters;
	guint scenario = metric->scenario ? stet_scenarios_find(book->world->metrics, metric->scenario) : 0;
	guint n = names ? g_strv_length(names) : 0;
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++) {
		const StetNode *node = stet_scenario_parameter(book->world->metrics, scenario, names[i]);
		MapBuilder map = {.n = 0};
		map_add(&map, "name", text_or_nil(names[i]));
		map_add(&map, "value", node ? stet_value_node(arena, node) : stet_value_nil());
		items[i] = map_end(&map, arena);
	}
	return stet_value_list(arena, items, n);
}

static StetValue measures_value(StetArena *arena, const StetMetric *metric)
{
	StetValue *items = stet_arena_alloc(arena, (metric->n_measures + 1) * sizeof *items);
	for (guint i = 0; i < metric->n_measures; i++) {
		const StetMeasure *m = &metric->measures[i];
		MapBuilder map = {.n = 0};
		map_add(&map, "name", text_or_nil(m->name));
		map_add(&map, "title", text_or_nil(m->title));
		map_add(&map, "unit", text_or_nil(m->unit));
		items[i] = map_end(&map, arena);
	}
	return stet_value_list(arena, items, metric->n_measures);
}

typedef enum {
	METRIC_NAME, METRIC_TITLE, METRIC_DESCRIPTION, METRIC_FORMULA, METRIC_NOTES, METRIC_UNIT, METRIC_FILE, METRIC_SQL,
	METRIC_PERIOD, METRIC_DIMENSIONS, METRIC_MEASURES, METRIC_SYNTHETIC, METRIC_INPUTS, METRIC_USES, METRIC_USED_ON,
	METRIC_USED_ON_COUNT, METRIC_PARAMETERS, METRIC_ROWS, METRIC_ROW_COUNT, METRIC_URL, METRIC_GOOD, METRIC_SCENARIOS, METRIC_FIELDS
} MetricField;

static const char *const metric_fields[] = {
	"name", "title", "description", "formula", "notes", "unit", "file", "sql", "period", "dimensions", "measures", "synthetic",
	"inputs", "uses", "used_on", "used_on_count", "parameters", "rows", "row_count", "url", "good", "scenarios", NULL,
};

static StetValue rows_value(const Selection *selection, StetArena *arena)
{
	StetValue *items = stet_arena_alloc(arena, (selection->n + 1) * sizeof *items);
	for (gsize i = 0; i < selection->n; i++)
		items[i] = row_value(arena, selection, selection->rows[i]);
	return stet_value_list(arena, items, selection->n);
}

static StetValue metric_text_field(const StetMetric *metric, guint field, StetArena *arena)
{
	static const char *const goods[] = {"neutral", "up", "down"};
	g_autofree char *sql = NULL, *url = NULL;
	switch (field) {
	case METRIC_NAME: return text_or_nil(metric->name);
	case METRIC_TITLE: return text_or_nil(metric->title);
	case METRIC_DESCRIPTION: return text_or_nil(metric->description);
	case METRIC_FORMULA: return text_or_nil(metric->formula);
	case METRIC_NOTES: return text_or_nil(metric->notes);
	case METRIC_UNIT: return text_or_nil(metric->unit);
	case METRIC_FILE: return text_or_nil(metric->file);
	case METRIC_PERIOD: return text_or_nil(metric->period);
	case METRIC_GOOD: return text_or_nil(goods[metric->good]);
	case METRIC_SQL:
		sql = g_strstrip(g_strdup(metric->sql));
		return stet_value_text(arena, sql, -1);
	default:
		url = g_strdup_printf("/metrics/%s/", metric->name);
		return stet_value_text(arena, url, -1);
	}
}

/* Fields that come from the header alone: a list of metrics need not be made again for their rows. */
static gboolean is_header_field(guint field)
{
	return field <= METRIC_FILE || field == METRIC_PERIOD || field == METRIC_URL || field == METRIC_GOOD;
}

static gboolean metric_field(const Selection *selection, guint field, StetRender *render, StetValue *out)
{
	const StetMetric *metric = selection->metric;
	const StetBook *book = selection->book;
	StetArena *arena = stet_render_arena(render);
	Maker *maker = stet_render_host(render);
	if (is_header_field(field))
		note_read(maker, "metric-header", metric->name);
	else if (field != METRIC_USED_ON && field != METRIC_USED_ON_COUNT)
		note_metric(maker, metric);
	else if (maker->plan && maker->plan->metric)
		note_read(maker, "used-on", metric->name); /* other pages are made before it is known */
	switch (field) {
	case METRIC_DIMENSIONS: *out = texts_value(arena, metric->dimensions, metric->n_dimensions); break;
	case METRIC_MEASURES: *out = measures_value(arena, metric); break;
	case METRIC_SYNTHETIC: *out = stet_value_bool(metric->synthetic); break;
	case METRIC_INPUTS: *out = inputs_value(book, render, metric->all_datasets); break;
	case METRIC_USES: *out = metric_links(book, render, metric->metric_inputs); break;
	case METRIC_USED_ON: *out = uses_value(book, arena, metric->name); break;
	case METRIC_USED_ON_COUNT: *out = stet_value_int(uses_count(book, metric->name)); break;
	case METRIC_PARAMETERS: *out = parameters_value(book, arena, metric); break;
	case METRIC_ROWS: *out = rows_value(selection, arena); break;
	case METRIC_ROW_COUNT: *out = stet_value_int((gint64)selection->n); break;
	case METRIC_SCENARIOS: *out = scenarios_value(book, render, metric); break;
	case METRIC_FIELDS: return FALSE;
	default: *out = metric_text_field(metric, field, arena);
	}
	return TRUE;
}

static gboolean selection_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const Selection *selection = self;
	if (selection->narrowed && selection->n == 1) {
		Row row = {*selection, selection->rows[0]};
		if (row_get(&row, key, render, out))
			return TRUE;
	}
	for (guint i = 0; metric_fields[i]; i++)
		if (key_is(key, metric_fields[i]))
			return metric_field(selection, i, render, out);
	return FALSE;
}

static const char *const *selection_keys(gconstpointer self)
{
	(void)self;
	return metric_fields;
}

static gboolean selection_list(gconstpointer self, StetRender *render, StetValue *out)
{
	note_metric(stet_render_host(render), ((const Selection *)self)->metric);
	*out = rows_value(self, stet_render_arena(render));
	return TRUE;
}

static gboolean selection_plain(gconstpointer self, StetRender *render, StetValue *out)
{
	const Selection *selection = self;
	note_metric(stet_render_host(render), selection->metric);
	if (selection->n != 1)
		return FALSE;
	*out = figure_value(stet_render_arena(render), selection->metric, selection->measure, selection->rows[0]);
	return TRUE;
}

const StetClass selection_class = {"metric", selection_get, selection_keys, selection_list, selection_plain};

static gboolean metrics_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	g_autofree char *name = g_strndup(key.ptr, key.len);
	const StetMetric *metric = find_metric(stet_render_host(render), name);
	if (metric)
		*out = metric_value(book, stet_render_arena(render), metric);
	note_read(stet_render_host(render), "metric-header", metric ? metric->name : name);
	return metric != NULL;
}

static const char *const *metrics_keys(gconstpointer self)
{
	return stet_metrics_names(((const StetBook *)self)->world->metrics);
}

static gboolean metrics_list(gconstpointer self, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	guint n = stet_metrics_count(book->world->metrics);
	note_read(stet_render_host(render), "metrics", NULL);
	StetValue *items = stet_arena_alloc(stet_render_arena(render), (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++)
		items[i] = metric_value(book, stet_render_arena(render), stet_metrics_at(book->world->metrics, i));
	*out = stet_value_list(stet_render_arena(render), items, n);
	return TRUE;
}

static const StetClass metrics_class = {"metrics", metrics_get, metrics_keys, metrics_list, NULL};

StetValue metrics_value(const StetBook *book)
{
	return stet_value_object(&metrics_class, book);
}

/* ---- items of foreach ---------------------------------------------------------------------- */

void hash_item(StetHasher *hasher, const StetValue *item)
{
	guint8 kind = (guint8)item->kind;
	stet_hasher_add(hasher, &kind, 1);
	if (item->kind == STET_VALUE_TEXT) {
		stet_hasher_add(hasher, item->v.text.ptr, item->v.text.len);
		return;
	}
	for (gsize i = 0; item->kind == STET_VALUE_LIST && i < item->v.list.n; i++)
		hash_item(hasher, &item->v.list.items[i]);
	for (gsize i = 0; item->kind == STET_VALUE_MAP && i < item->v.map.n; i++)
		hash_item(hasher, &item->v.map.values[i]);
	if (item->kind == STET_VALUE_INT)
		stet_hasher_add(hasher, &item->v.integer, sizeof item->v.integer);
	if (item->kind != STET_VALUE_OBJECT)
		return;
	const StetClaim *claim = as_claim(item);
	if (item->v.object.class_ == &selection_class) {
		const Selection *selection = item->v.object.self;
		stet_hasher_add(hasher, selection->metric->name, strlen(selection->metric->name) + 1);
		stet_hasher_add(hasher, selection->rows, selection->n * sizeof *selection->rows);
	} else if (claim) {
		stet_hasher_add(hasher, claim->id, strlen(claim->id) + 1);
	} else {
		hash_dataset_value(hasher, item);
	}
}

void note_item(Maker *maker, const StetValue *item)
{
	const StetClaim *claim = as_claim(item);
	if (claim)
		note_read(maker, "claim", claim->id);
}
