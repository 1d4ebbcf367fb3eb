/* The datasets: found by name, and what templates see of them. */
#include "page/private.h"

#include <math.h>
#include <string.h>

#define ROWS_MAX 20000 /* of a dataset, in a template's loop */

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
	if (field && name)
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

/* Least, lower quartile, median, upper quartile, greatest. */
static StetValue quantiles_value(StetArena *arena, const StetSummary *summary)
{
	guint n = G_N_ELEMENTS(summary->quantiles);
	StetValue *items = stet_arena_alloc(arena, n * sizeof *items);
	for (guint i = 0; i < n; i++)
		items[i] = stet_value_float(stet_round_significant(summary->quantiles[i], 4));
	return stet_value_list(arena, items, n);
}

#define BIN_WIDTH 4   /* px */
#define BINS_HEIGHT 20 /* px of the fullest; one that holds anything shows a pixel */

/* The histogram as rectangles that stand on a line. */
static StetValue bins_value(StetArena *arena, const StetSummary *summary)
{
	guint n = G_N_ELEMENTS(summary->histogram), most = 1;
	StetValue *items = stet_arena_alloc(arena, n * sizeof *items);
	for (guint i = 0; i < n; i++)
		most = MAX(most, summary->histogram[i]);
	for (guint i = 0; i < n; i++) {
		guint count = summary->histogram[i];
		guint height = (guint)(((guint64)count * BINS_HEIGHT + most - 1) / most);
		MapBuilder map = {.n = 0};
		map_add(&map, "x", stet_value_int(i * BIN_WIDTH));
		map_add(&map, "y", stet_value_int(BINS_HEIGHT - (gint64)height));
		map_add(&map, "height", stet_value_int(height));
		map_add(&map, "count", stet_value_int(count));
		items[i] = map_end(&map, arena);
	}
	return stet_value_list(arena, items, n);
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
		map_add(&map, "quantiles", isnan(summary->mean) ? stet_value_nil() : quantiles_value(arena, summary));
		map_add(&map, "bins", isnan(summary->mean) ? stet_value_nil() : bins_value(arena, summary));
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
	"sources", "used_by", "url", "quarantined", "descriptor", "primary_key",
	"quarantine_url", "rules", "checks", "left_out", "remarks", "unused", NULL};

static StetValue dataset_rows(const StetDataset *dataset, StetRender *render)
{
	StetArena *arena = stet_render_arena(render);
	if (!dataset)
		return stet_value_nil();
	if (dataset->rows > ROWS_MAX)
		stet_render_fail(render, "dataset-loop", "write a metric that sums it up",
		                 "dataset '%s' has %" G_GSIZE_FORMAT " rows, too many for a loop (at most %d)",
		                 dataset->resource->name, dataset->rows, ROWS_MAX);
	gsize n = MIN(dataset->rows, ROWS_MAX);
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (gsize i = 0; i < n; i++)
		items[i] = dataset_row_value(arena, dataset, i);
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
		*out = dataset_rows(book_dataset(of->book, resource->name), render);
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
		return validation_get(of->book, book_dataset_head(of->book, resource->name), key, render, out);
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

void hash_dataset_value(StetHasher *hasher, const StetValue *value)
{
	const StetClass *of = value->v.object.class_;
	if (of == &dataset_row_class) {
		const DatasetRow *row = value->v.object.self;
		hash_cells(hasher, row->dataset, row->row);
	} else if (of == &dataset_class) {
		const char *name = ((const DatasetSelf *)value->v.object.self)->dataset->resource->name;
		stet_hasher_add(hasher, name, strlen(name) + 1);
	}
}
