/* What templates see: metrics and their rows, claims, datasets. */
#include "page/private.h"

#include <math.h>
#include <string.h>

#define ROWS_MAX 20000 /* of a dataset, in a template's loop */

static gboolean key_is(StetText key, const char *name)
{
	return stet_text_equal(key, name);
}

static StetValue text_or_nil(const char *text)
{
	return text ? stet_value_text(NULL, text, -1) : stet_value_nil();
}

typedef struct {
	const char *keys[16];
	StetValue values[16];
	guint n;
} MapBuilder;

static void map_add(MapBuilder *map, const char *key, StetValue value)
{
	map->keys[map->n] = key;
	map->values[map->n++] = value;
}

static StetValue map_end(const MapBuilder *map, StetArena *arena)
{
	StetText keys[16];
	for (guint i = 0; i < map->n; i++)
		keys[i] = stet_text(map->keys[i]);
	return stet_value_map(arena, keys, map->values, map->n);
}

static StetValue texts_value(StetArena *arena, const char *const *texts, guint n)
{
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++)
		items[i] = stet_value_text(NULL, texts[i], -1);
	return stet_value_list(arena, items, n);
}

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

static StetValue metric_link(StetArena *arena, const StetMetric *metric)
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

static StetValue uses_value(const StetBook *book, StetArena *arena, const char *metric)
{
	const GArray *uses = g_hash_table_lookup(book->uses, metric);
	guint n = uses ? uses->len : 0;
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

static StetValue parameters_value(const StetBook *book, StetArena *arena, char **names)
{
	guint n = names ? g_strv_length(names) : 0;
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++) {
		const StetNode *node = stet_scenario_parameter(book->world->metrics, 0, names[i]);
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
	METRIC_PARAMETERS, METRIC_ROWS, METRIC_ROW_COUNT, METRIC_URL, METRIC_GOOD, METRIC_FIELDS
} MetricField;

static const char *const metric_fields[] = {
	"name", "title", "description", "formula", "notes", "unit", "file", "sql", "period", "dimensions", "measures", "synthetic",
	"inputs", "uses", "used_on", "parameters", "rows", "row_count", "url", "good", NULL,
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
	else if (field != METRIC_USED_ON)
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
	case METRIC_PARAMETERS: *out = parameters_value(book, arena, metric->parameters); break;
	case METRIC_ROWS: *out = rows_value(selection, arena); break;
	case METRIC_ROW_COUNT: *out = stet_value_int((gint64)selection->n); break;
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

/* ---- claims -------------------------------------------------------------------------------- */

typedef struct {
	const StetBook *book;
	const StetClaim *claim;
} ClaimSelf;

static const char *const claim_keys[] = {"id", "statement", "value", "upper", "operator", "unit", "period", "source", "note",
	"tolerance", "verdict", "actual", "reason", "metric", "acknowledged", NULL};

static StetValue claim_number(StetArena *arena, const StetClaim *claim, double number)
{
	if (isnan(number))
		return stet_value_nil();
	StetOrigin *origin = stet_arena_alloc(arena, sizeof *origin);
	*origin = (StetOrigin){.claim = claim->id};
	StetValue value = stet_value_float(number);
	value.unit = claim->unit;
	/* As published: 67 stays 67, 3.2 stays 3.2. */
	value.display = number == floor(number) ? 0 : stet_round_decimals(number, 1) == number ? 1 : 2;
	value.origin = origin;
	return value;
}

static gboolean claim_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	static const char *const verdicts[] = {"agrees", "differs", "unchecked"}, *const operators[] = {"equal", "at_least", "between"};
	const ClaimSelf *of = self;
	const StetClaim *claim = of->claim;
	StetArena *arena = stet_render_arena(render);
	const struct { const char *key, *text; } texts[] = {
		{"id", claim->id}, {"statement", claim->statement}, {"unit", claim->unit}, {"period", claim->period},
		{"source", claim->source}, {"note", claim->note}, {"tolerance", claim->tolerance}, {"reason", claim->reason},
		{"acknowledged", claim->acknowledged}, {"verdict", verdicts[claim->verdict]}, {"operator", operators[claim->op]},
	};
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		if (key_is(key, texts[i].key)) {
			*out = text_or_nil(texts[i].text && *texts[i].text ? texts[i].text : NULL);
			return TRUE;
		}
	if (key_is(key, "value"))
		*out = claim_number(arena, claim, claim->value);
	else if (key_is(key, "upper"))
		*out = claim_number(arena, claim, claim->upper);
	else if (key_is(key, "actual"))
		note_metric(stet_render_host(render), claim->metric), *out = claim->row == G_MAXSIZE || !claim->metric ? stet_value_nil() : figure_value(arena, claim->metric, claim->measure, claim->row);
	else if (key_is(key, "metric"))
		*out = claim->metric ? metric_value(of->book, arena, claim->metric) : stet_value_nil();
	else
		return FALSE;
	return TRUE;
}

static const char *const *claim_key_names(gconstpointer self)
{
	(void)self;
	return claim_keys;
}

static gboolean claim_plain(gconstpointer self, StetRender *render, StetValue *out)
{
	const ClaimSelf *of = self;
	*out = claim_number(stet_render_arena(render), of->claim, of->claim->value);
	return TRUE;
}

static const StetClass claim_class = {"claim", claim_get, claim_key_names, NULL, claim_plain};

StetValue claim_value(const StetBook *book, const StetClaim *claim)
{
	ClaimSelf *self = stet_arena_alloc(book->arena, sizeof *self);
	*self = (ClaimSelf){book, claim};
	return stet_value_object(&claim_class, self);
}

static StetValue claim_in(const StetBook *book, StetArena *arena, const StetClaim *claim)
{
	ClaimSelf *self = stet_arena_alloc(arena, sizeof *self);
	*self = (ClaimSelf){book, claim};
	return stet_value_object(&claim_class, self);
}

static gboolean claims_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	g_autofree char *id = g_strndup(key.ptr, key.len);
	const StetClaim *claim = stet_claims_get(book->world->metrics, id);
	note_read(stet_render_host(render), "claim", id);
	if (claim)
		*out = claim_in(book, stet_render_arena(render), claim);
	return claim != NULL;
}

static gboolean claims_list(gconstpointer self, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	StetArena *arena = stet_render_arena(render);
	note_read(stet_render_host(render), "claims", NULL);
	guint n = stet_claims_count(book->world->metrics);
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++)
		items[i] = claim_in(book, arena, stet_claims_at(book->world->metrics, i));
	*out = stet_value_list(arena, items, n);
	return TRUE;
}

static const StetClass claims_class = {"claims", claims_get, NULL, claims_list, NULL};

StetValue claims_value(const StetBook *book)
{
	return stet_value_object(&claims_class, book);
}

static int resource_index(const StetBook *book, const char *name)
{
	const StetProject *project = book->world->project;
	for (guint i = 0; i < project->n_resources; i++)
		if (strcmp(project->resources[i].name, name) == 0)
			return (int)i;
	return -1;
}

const StetDataset *book_dataset_head(const StetBook *book, const char *name)
{
	int index = resource_index(book, name);
	return index < 0 ? NULL : book->world->datasets[index];
}

const StetDataset *stet_world_dataset(const StetWorld *world, guint index)
{
	const StetDataset *head = world->datasets[index];
	return head && world->whole ? world->whole(index, world->whole_data) : head;
}

const StetDataset *book_dataset(const StetBook *book, const char *name)
{
	int index = resource_index(book, name);
	return index < 0 ? NULL : stet_world_dataset(book->world, (guint)index);
}

/* ---- datasets ------------------------------------------------------------------------------ */

typedef struct {
	const StetDataset *dataset;
	gsize row;
} DatasetRow;

static gboolean is_numeric(StetColumnKind kind)
{
	return kind == STET_COLUMN_INT || kind == STET_COLUMN_DECIMAL || kind == STET_COLUMN_DOUBLE;
}

static gboolean dataset_row_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const DatasetRow *row = self;
	for (guint i = 0; i < row->dataset->n_columns; i++) {
		const StetColumn *column = &row->dataset->columns[i];
		if (!key_is(key, column->name))
			continue;
		g_autofree char *text = stet_dataset_cell_text(row->dataset, i, row->row);
		if (!text)
			*out = stet_value_nil();
		else if (column->kind == STET_COLUMN_INT)
			*out = stet_value_int(g_ascii_strtoll(text, NULL, 10));
		else if (is_numeric(column->kind))
			*out = stet_value_float(g_ascii_strtod(text, NULL));
		else if (column->kind == STET_COLUMN_BOOL)
			*out = stet_value_bool(strcmp(text, "true") == 0);
		else
			*out = stet_value_text(stet_render_arena(render), text, -1);
		if (text && is_numeric(column->kind))
			out->unit = column->unit;
		return TRUE;
	}
	return FALSE;
}

static const StetClass dataset_row_class = {.name = "row", .get = dataset_row_get};

StetValue dataset_row_value(StetArena *arena, const StetDataset *dataset, gsize row)
{
	DatasetRow *self = stet_arena_alloc(arena, sizeof *self);
	*self = (DatasetRow){dataset, row};
	return stet_value_object(&dataset_row_class, self);
}

static const char *type_name(const StetField *field)
{
	const char *name = stet_node_text(field ? field->node : NULL, "type", NULL);
	if (name)
		return field->type == STET_FIELD_QUARTER ? "quarter" : name;
	static const char *const names[] = {"string", "integer", "number", "boolean", "date", "time", "datetime", "year",
		"yearmonth", "quarter", "duration", "geopoint", "list", "object", "array", "any"};
	return field ? names[field->type] : "any";
}

static StetValue top_value(StetArena *arena, const StetSummary *summary)
{
	StetValue *items = stet_arena_alloc(arena, (summary->n_top + 1) * sizeof *items);
	for (guint i = 0; i < summary->n_top; i++) {
		MapBuilder map = {.n = 0};
		map_add(&map, "value", text_or_nil(summary->top[i]));
		map_add(&map, "count", stet_value_int((gint64)summary->top_count[i]));
		items[i] = map_end(&map, arena);
	}
	return stet_value_list(arena, items, summary->n_top);
}

static StetValue column_map(StetArena *arena, const StetDataset *dataset, guint index)
{
	const StetColumn *column = &dataset->columns[index];
	const StetField *field = column->field;
	const StetSummary *summary = dataset->summaries ? &dataset->summaries[index] : NULL;
	MapBuilder map = {.n = 0};
	map_add(&map, "name", text_or_nil(column->name));
	map_add(&map, "title", text_or_nil(column->title));
	map_add(&map, "type", text_or_nil(type_name(field)));
	map_add(&map, "unit", text_or_nil(column->unit));
	map_add(&map, "description", text_or_nil(field ? field->description : NULL));
	map_add(&map, "required", stet_value_bool(field && field->required));
	map_add(&map, "unique", stet_value_bool(field && field->unique));
	if (summary) {
		map_add(&map, "count", stet_value_int((gint64)summary->count));
		map_add(&map, "missing", stet_value_int((gint64)summary->missing));
		map_add(&map, "distinct", stet_value_int((gint64)summary->distinct));
		map_add(&map, "minimum", text_or_nil(summary->minimum));
		map_add(&map, "maximum", text_or_nil(summary->maximum));
		map_add(&map, "mean", isnan(summary->mean) ? stet_value_nil() : stet_value_float(stet_round_significant(summary->mean, 4)));
		map_add(&map, "top", top_value(arena, summary));
	}
	return map_end(&map, arena);
}

static StetValue columns_value(StetArena *arena, const StetDataset *dataset)
{
	StetValue *items = stet_arena_alloc(arena, (dataset->n_columns + 1) * sizeof *items);
	for (guint i = 0; i < dataset->n_columns; i++)
		items[i] = column_map(arena, dataset, i);
	return stet_value_list(arena, items, dataset->n_columns);
}

static StetValue sources_value(StetArena *arena, const StetDataset *dataset)
{
	StetValue *items = stet_arena_alloc(arena, (dataset->n_sources + 1) * sizeof *items);
	for (guint i = 0; i < dataset->n_sources; i++) {
		const StetSource *source = &dataset->sources[i];
		MapBuilder map = {.n = 0};
		map_add(&map, "path", text_or_nil(source->path));
		map_add(&map, "sha256", text_or_nil(source->hash.hex));
		map_add(&map, "bytes", stet_value_int((gint64)source->bytes));
		map_add(&map, "rows", stet_value_int((gint64)source->rows));
		items[i] = map_end(&map, arena);
	}
	return stet_value_list(arena, items, dataset->n_sources);
}

static StetValue used_by_value(const StetBook *book, StetRender *render, const char *dataset)
{
	StetArena *arena = stet_render_arena(render);
	note_read(stet_render_host(render), "used-by", dataset);
	guint n = stet_metrics_count(book->world->metrics), filled = 0;
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++) {
		const StetMetric *metric = stet_metrics_at(book->world->metrics, i);
		if (metric->all_datasets && g_strv_contains((const char *const *)metric->all_datasets, dataset))
			items[filled++] = metric_link(arena, metric);
	}
	return stet_value_list(arena, items, filled);
}

/* "licenses" of the resource, else of the package: the first one's title, name or path. */
static StetValue licence_value(const StetResource *resource)
{
	const StetNode *list = stet_node_get(resource->node, "licenses");
	if (!list)
		list = stet_node_get(resource->package, "licenses");
	const StetNode *first = list && list->kind == STET_NODE_LIST && list->n > 0 ? list->items[0] : NULL;
	return text_or_nil(stet_node_text(first, "title", stet_node_text(first, "name", stet_node_text(first, "path", NULL))));
}

typedef struct {
	const StetBook *book;
	const StetDataset *dataset;
} DatasetSelf;

static const char *const dataset_keys[] = {"name", "title", "description", "row_count", "rows", "synthetic", "licence", "columns",
	"sources", "used_by", "url", "quarantined", "descriptor", "primary_key", NULL};

static StetValue dataset_rows(const DatasetSelf *of, StetRender *render)
{
	StetArena *arena = stet_render_arena(render);
	if (of->dataset->rows > ROWS_MAX)
		stet_render_fail(render, "dataset-loop", "write a metric that sums it up",
		                 "dataset '%s' has %" G_GSIZE_FORMAT " rows, too many for a loop (at most %d)",
		                 of->dataset->resource->name, of->dataset->rows, ROWS_MAX);
	gsize n = MIN(of->dataset->rows, ROWS_MAX);
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (gsize i = 0; i < n; i++)
		items[i] = dataset_row_value(arena, of->dataset, i);
	return stet_value_list(arena, items, n);
}

static gboolean dataset_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const DatasetSelf *of = self;
	const StetResource *resource = of->dataset->resource;
	note_read(stet_render_host(render), "dataset", resource->name);
	StetArena *arena = stet_render_arena(render);
	if (key_is(key, "name"))
		*out = text_or_nil(resource->name);
	else if (key_is(key, "title"))
		*out = text_or_nil(resource->title);
	else if (key_is(key, "description"))
		*out = text_or_nil(resource->description);
	else if (key_is(key, "row_count"))
		*out = stet_value_int((gint64)of->dataset->rows);
	else if (key_is(key, "quarantined"))
		*out = stet_value_int((gint64)of->dataset->quarantined);
	else if (key_is(key, "rows"))
		*out = dataset_rows(&(DatasetSelf){of->book, book_dataset(of->book, resource->name)}, render);
	else if (key_is(key, "synthetic"))
		*out = stet_value_bool(resource->synthetic);
	else if (key_is(key, "licence"))
		*out = licence_value(resource);
	else if (key_is(key, "columns"))
		*out = columns_value(arena, book_dataset(of->book, resource->name));
	else if (key_is(key, "sources"))
		*out = sources_value(arena, of->dataset);
	else if (key_is(key, "used_by"))
		*out = used_by_value(of->book, render, resource->name);
	else if (key_is(key, "descriptor"))
		*out = resource->node ? stet_value_node(arena, resource->node) : stet_value_nil();
	else if (key_is(key, "primary_key"))
		*out = texts_value(arena, resource->primary_key, g_strv_length((char **)resource->primary_key));
	else if (key_is(key, "url")) {
		g_autofree char *url = g_strdup_printf("/datasets/%s/", resource->name);
		*out = stet_value_text(arena, url, -1);
	} else
		return FALSE;
	return TRUE;
}

static const char *const *dataset_key_names(gconstpointer self)
{
	(void)self;
	return dataset_keys;
}

static const StetClass dataset_class = {"dataset", dataset_get, dataset_key_names, NULL, NULL};

static StetValue dataset_in(const StetBook *book, StetArena *arena, const StetDataset *dataset)
{
	DatasetSelf *self = stet_arena_alloc(arena, sizeof *self);
	*self = (DatasetSelf){book, dataset};
	return stet_value_object(&dataset_class, self);
}

StetValue dataset_value(const StetBook *book, const StetDataset *dataset)
{
	return dataset_in(book, book->arena, dataset);
}

static gboolean datasets_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	g_autofree char *name = g_strndup(key.ptr, key.len);
	const StetDataset *dataset = book_dataset_head(book, name);
	note_read(stet_render_host(render), "dataset", name);
	if (dataset)
		*out = dataset_in(book, stet_render_arena(render), dataset);
	return dataset != NULL;
}

static gboolean datasets_list(gconstpointer self, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	StetArena *arena = stet_render_arena(render);
	guint n = book->world->project->n_resources, filled = 0;
	note_read(stet_render_host(render), "datasets", NULL);
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++)
		if (book->world->datasets[i])
			items[filled++] = dataset_in(book, arena, book->world->datasets[i]);
	*out = stet_value_list(arena, items, filled);
	return TRUE;
}

static const StetClass datasets_class = {"datasets", datasets_get, NULL, datasets_list, NULL};

StetValue datasets_value(const StetBook *book)
{
	return stet_value_object(&datasets_class, book);
}

/* ---- items of foreach ---------------------------------------------------------------------- */

/* Kinds of numbers are told apart, and texts end, so that two items never give the same bytes. */
static void hash_cells(StetHasher *hasher, const StetDataset *dataset, gsize row)
{
	for (guint i = 0; i < dataset->n_columns; i++) {
		g_autofree char *text = stet_dataset_cell_text(dataset, i, row);
		const StetColumn *column = &dataset->columns[i];
		g_autofree char *head = g_strdup_printf("%s %d %s %d", column->name, (int)column->kind,
		                                        column->unit ? column->unit : "", text != NULL);
		stet_hasher_add(hasher, head, strlen(head) + 1);
		stet_hasher_add(hasher, text ? text : "", text ? strlen(text) + 1 : 1);
	}
}

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
	const StetClass *of = item->v.object.class_;
	gconstpointer self = item->v.object.self;
	if (of == &dataset_row_class) {
		const DatasetRow *row = self;
		hash_cells(hasher, row->dataset, row->row);
	} else if (of == &selection_class) {
		const Selection *selection = self;
		stet_hasher_add(hasher, selection->metric->name, strlen(selection->metric->name) + 1);
		stet_hasher_add(hasher, selection->rows, selection->n * sizeof *selection->rows);
	} else if (of == &claim_class) {
		const char *id = ((const ClaimSelf *)self)->claim->id;
		stet_hasher_add(hasher, id, strlen(id) + 1);
	} else if (of == &dataset_class) {
		const char *name = ((const DatasetSelf *)self)->dataset->resource->name;
		stet_hasher_add(hasher, name, strlen(name) + 1);
	}
}

void note_item(Maker *maker, const StetValue *item)
{
	const StetClass *of = item->kind == STET_VALUE_OBJECT ? item->v.object.class_ : NULL;
	if (of == &claim_class)
		note_read(maker, "claim", ((const ClaimSelf *)item->v.object.self)->claim->id);
}
