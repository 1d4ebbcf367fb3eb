/* Charts: a component's YAML over the metric's own default, laid out twice, with its downloads. */
#include "page/private.h"

#include <string.h>

#define VALUES_COMPARED 200 /* of a column, with one that none of its rows has */
#define TABLE_ROWS 40 /* under a chart; the rest is in the CSV */

/* Keys of a chart's block that name its data or its surroundings; the rest is the chart's own. */
static const char *const page_keys[] = {"metric", "dataset", "scenario", "scenarios", "where", "at", "from", "to", "measure", "id", "caption", "title",
                                        "subtitle", "source", NULL};

static StetNode *new_node(Maker *maker, StetNodeKind kind, const char *text, StetPlace place)
{
	StetNode *node = stet_arena_alloc(maker->arena, sizeof *node);
	*node = (StetNode){.kind = kind, .text = text, .place = place};
	return node;
}

/* A page of stet's own, whose charts nobody asked for. */
static gboolean is_own_page(const Maker *maker)
{
	return g_str_has_prefix(maker->plan->file, "built-in/");
}

typedef struct {
	StetNode *map;
	Maker *maker;
} MapMaker;

static void put(MapMaker *to, StetNode *key, StetNode *item)
{
	if (stet_node_get(to->map, key->text))
		return;
	to->map->keys[to->map->n] = key;
	to->map->items[to->map->n++] = item;
}

static void put_text(MapMaker *to, const char *key, const char *text)
{
	put(to, new_node(to->maker, STET_NODE_TEXT, key, to->map->place), new_node(to->maker, STET_NODE_TEXT, text, to->map->place));
}

#define SERIES_MAX 12 /* lines, bars and rows of cells that a chart nobody described may have */
#define CELLS_MAX 30

/* Distinct values of a dimension, counted no further than `most` + 1. */
static guint distinct_values(const StetMetric *metric, guint dimension, guint most)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (gsize row = 0; metric->table && row < metric->table->n_rows && g_hash_table_size(seen) <= most; row++)
		g_hash_table_add(seen, stet_cell_text(stet_table_cell(metric->table, row, metric->dimension_columns[dimension])));
	return g_hash_table_size(seen);
}

/* One period is drawn, the last: the chart says which. */
static void put_latest(MapMaker *to, const StetMetric *metric, const char *before)
{
	if (!metric->period || !metric->table || metric->table->n_rows == 0) {
		put_text(to, "subtitle", stet_arena_text(to->maker->arena, before, -1));
		return;
	}
	g_autofree char *cell = stet_cell_text(stet_table_cell(metric->table, metric->table->n_rows - 1, (guint)metric->period_column));
	g_autofree char *period = stet_locale_period(maker_locale(to->maker), cell);
	g_autofree char *text = g_strconcat(before, *before ? ", " : "", period, NULL);
	put_text(to, "at", "latest");
	put_text(to, "subtitle", stet_arena_text(to->maker->arena, text, -1));
}

static void put_bars(MapMaker *to, const StetMetric *metric, const char *value)
{
	put_text(to, "type", "bar");
	put_text(to, "x", metric->dimensions[0]);
	put_text(to, "y", value);
}

/* The largest of too many, in the latest period. */
static void put_largest(MapMaker *to, const StetMetric *metric, const char *value)
{
	StetNode *top = new_node(to->maker, STET_NODE_INT, G_STRINGIFY(SERIES_MAX), to->map->place);
	StetNode *key = new_node(to->maker, STET_NODE_TEXT, "top", to->map->place);
	top->integer = SERIES_MAX;
	top->number = SERIES_MAX;
	put_bars(to, metric, value);
	put(to, key, top);
	g_autofree char *subtitle = say_with(to->maker, "largest", G_STRINGIFY(SERIES_MAX), NULL);
	put_latest(to, metric, subtitle);
}

/* Where neither the block nor the metric says how to draw it: by the shape of its key. With `whole` no block
 * narrows the rows: what would be too much to see is cut down, or left to the table. */
static void put_defaults(MapMaker *to, const ComponentData *data, gboolean whole)
{
	const StetMetric *metric = data->metric;
	if (!metric)
		return;
	const char *value = metric->measures[data->measure].name;
	guint n = metric->n_dimensions;
	if (whole && (n > 2 || (n == 2 && (distinct_values(metric, 0, CELLS_MAX) > CELLS_MAX || distinct_values(metric, 1, CELLS_MAX) > CELLS_MAX))))
		return;
	if (whole && n == 1 && distinct_values(metric, 0, SERIES_MAX) > SERIES_MAX) {
		put_largest(to, metric, value);
	} else if (metric->period && n <= 1) {
		put_text(to, "type", "line");
		put_text(to, "x", metric->period);
		put_text(to, "y", value);
		if (n == 1)
			put_text(to, "series", metric->dimensions[0]);
	} else if (n == 1) {
		put_bars(to, metric, value);
	} else if (n >= 2) {
		put_text(to, "type", "heatmap");
		put_text(to, "x", metric->dimensions[1]);
		put_text(to, "y", metric->dimensions[0]);
		put_text(to, "value", value);
		if (metric->period && !stet_node_get(to->map, "from") && !stet_node_get(to->map, "to") && !stet_node_get(to->map, "at"))
			put_latest(to, metric, "");
	}
}

static StetNode *list_of(MapMaker *to, guint n, const char *const *texts)
{
	StetNode *list = new_node(to->maker, STET_NODE_LIST, NULL, to->map->place);
	list->items = stet_arena_alloc(to->maker->arena, (n + 1) * sizeof *list->items);
	for (guint i = 0; i < n; i++)
		list->items[list->n++] = new_node(to->maker, STET_NODE_TEXT, texts[i], to->map->place);
	return list;
}

/* Lines of a metric beside its scenarios: `low` and `high` are the edges of a band, others lines of their own. */
static void put_scenarios(MapMaker *to, const ComponentData *data)
{
	static const char *const edges[] = {"low", "high"};
	const StetMetric *metric = data->metric;
	Beside beside;
	if (!metric || !metric->period || !stet_node_get(to->map, "scenarios") || !scenarios_beside(to->maker, to->map, metric, &beside))
		return;
	const char *lines[SCENARIOS_MAX + 1];
	guint n = 0, found = 0;
	lines[n++] = metric->measures[data->measure].name;
	for (guint i = 0; i < beside.n; i++)
		found += strcmp(beside.scenarios[i]->name, edges[0]) == 0 || strcmp(beside.scenarios[i]->name, edges[1]) == 0;
	for (guint i = 0; i < beside.n && metric->n_dimensions == 0; i++)
		if (found < 2 || (strcmp(beside.scenarios[i]->name, edges[0]) != 0 && strcmp(beside.scenarios[i]->name, edges[1]) != 0))
			lines[n++] = beside.scenarios[i]->name;
	if (found == 2) {
		const StetScenario *low = stet_scenarios_at(to->maker->book->world->metrics, stet_scenarios_find(to->maker->book->world->metrics, edges[0]));
		const StetScenario *high = stet_scenarios_at(to->maker->book->world->metrics, stet_scenarios_find(to->maker->book->world->metrics, edges[1]));
		g_autofree char *subtitle = g_strdup_printf("%s – %s", low->title, high->title);
		put_text(to, "subtitle", stet_arena_text(to->maker->arena, subtitle, -1));
		put(to, new_node(to->maker, STET_NODE_TEXT, "band", to->map->place), list_of(to, 2, edges));
	}
	if (n > 1)
		put(to, new_node(to->maker, STET_NODE_TEXT, "y", to->map->place), list_of(to, n, lines));
}

/* The block's keys, then the metric header's `chart:` where the block names no type of its own. The
 * header's `where` and `at` are taken over unless the block has its own. */
static StetNode *merged_spec(Maker *maker, const StetNode *block)
{
	const StetMetric *metric = find_metric(maker, stet_node_text(block, "metric", ""));
	/* Scenarios are columns that the metric's own chart does not know. */
	gboolean own = stet_node_get(block, "type") || stet_node_get(block, "scenarios");
	const StetNode *header = metric && !own ? stet_node_get(metric->header, "chart") : NULL;
	guint most = block->n + (header ? header->n : 0) + 12;
	/* Faults of a chart that the metric's header describes are told at the header. */
	StetNode *map = new_node(maker, STET_NODE_MAP, NULL, header ? header->place : block->place);
	map->keys = stet_arena_alloc(maker->arena, most * sizeof *map->keys);
	map->items = stet_arena_alloc(maker->arena, most * sizeof *map->items);
	MapMaker to = {map, maker};
	for (guint i = 0; i < block->n; i++)
		put(&to, block->keys[i], block->items[i]);
	gboolean other_measure = stet_node_get(block, "measure") != NULL;
	for (guint i = 0; header && header->kind == STET_NODE_MAP && i < header->n; i++) {
		gboolean named = strcmp(header->keys[i]->text, "y") == 0 || strcmp(header->keys[i]->text, "value") == 0;
		if (!(named && other_measure) || (header->items[i]->text && metric && stet_metric_measure(metric, header->items[i]->text) < 0))
			put(&to, header->keys[i], header->items[i]);
	}
	if (other_measure && header && strcmp(stet_node_text(map, "type", ""), "heatmap") != 0)
		put_text(&to, "y", stet_node_text(block, "measure", ""));
	else if (other_measure && header)
		put_text(&to, "value", stet_node_text(block, "measure", ""));
	if (!stet_node_get(map, "type") && metric) {
		int measure = stet_metric_measure(metric, stet_node_text(block, "measure", ""));
		ComponentData shape = {.metric = metric, .measure = measure < 0 ? 0 : (guint)measure};
		put_scenarios(&to, &shape);
		put_defaults(&to, &shape, is_own_page(maker));
	}
	return map;
}

/* The spec without what belongs to the page. */
static StetNode *chart_keys(Maker *maker, const StetNode *spec)
{
	StetNode *map = new_node(maker, STET_NODE_MAP, NULL, spec->place);
	map->keys = stet_arena_alloc(maker->arena, (spec->n + 1) * sizeof *map->keys);
	map->items = stet_arena_alloc(maker->arena, (spec->n + 1) * sizeof *map->items);
	for (guint i = 0; i < spec->n; i++)
		if (!g_strv_contains(page_keys, spec->keys[i]->text)) {
			map->keys[map->n] = spec->keys[i];
			map->items[map->n++] = spec->items[i];
		}
	return map;
}

/* ---- writing ------------------------------------------------------------------------------- */

static const struct {
	const char *name, *extension, *label;
} kinds[] = {
	[STET_FILE_SVG] = {"svg", "svg", "SVG"},
	[STET_FILE_PNG] = {"png", "png", "PNG"},
	[STET_FILE_PDF] = {"pdf", "pdf", "PDF"},
};

static gboolean add_download(Maker *maker, const StetScene *scene, StetFileKind kind, const char *id, const char *title,
                             const char *source, GString *links)
{
	g_autoptr(GError) error = NULL;
	GBytes *bytes = stet_scene_draw(scene, book_theme(maker->book, maker->plan->language), maker->pen, kind, title, source, &error);
	if (!bytes) {
		stet_diagnose(maker->diags, STET_ERROR, "chart-file", (StetPlace){maker->plan->file, 0, 0}, NULL, "%s", error->message);
		return FALSE;
	}
	char *path = path_beside(maker, id, kinds[kind].extension);
	add_asset(maker, path, bytes);
	g_string_append_printf(links, " <a download=\"%s.%s\" href=\"", id, kinds[kind].extension);
	append_link(maker, links, path);
	g_string_append_printf(links, "\">%s</a>", kinds[kind].label);
	return TRUE;
}

static void append_downloads(Maker *maker, const ComponentData *data, const StetScene *scene, const char *id, const char *title, GString *out)
{
	gboolean synthetic = data->metric ? data->metric->synthetic : data->dataset->resource->synthetic;
	g_autofree char *of = synthetic ? g_strdup_printf(" (%s)", say(maker, "synthetic")) : g_strdup("");
	g_autofree char *source = g_strdup_printf("%s: %s%s", say(maker, "source"), data->metric ? data->metric->title : data->dataset->resource->title, of);
	g_string_append_printf(out, ". <span class=\"downloads\">%s:", say(maker, "download"));
	for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++)
		if (maker->book->downloads[kind])
			add_download(maker, scene, (StetFileKind)kind, id, title, source, out);
	append_data_links(maker, data, "chart", id, title, out);
	g_string_append(out, "</span>");
}

static void append_captions(Maker *maker, const char *id, const char *title, const char *subtitle, GString *out)
{
	g_string_append(out, "<figcaption>");
	if (title) {
		g_string_append(out, "<p class=\"figure-title\">");
		append_number_of(maker, LABEL_FIGURE, id, out);
		append_escaped(out, title);
		g_string_append(out, "</p>");
	}
	if (subtitle) {
		g_string_append(out, "<p class=\"figure-subtitle\">");
		append_escaped(out, subtitle);
		g_string_append(out, "</p>");
	}
	g_string_append(out, "</figcaption>\n");
}

static const char *chart_title(const StetNode *spec, const ComponentData *data)
{
	return stet_node_text(spec, "title", data->metric ? data->metric->title : data->dataset->resource->title);
}

static void write_chart(Maker *maker, const StetNode *spec, ComponentData *data, const StetScene *wide, const StetScene *narrow, GString *out)
{
	const char *title = chart_title(spec, data), *subtitle = stet_node_text(spec, "subtitle", NULL);
	const char *caption = stet_node_text(spec, "caption", NULL);
	g_autofree char *wanted = short_slug(stet_node_text(spec, "id", title));
	if (stet_node_get(spec, "id"))
		check_id(maker, wanted, stet_node_get(spec, "id")->place);
	const char *id = register_label(maker, wanted, LABEL_FIGURE);
	g_string_append_printf(out, "<figure class=\"chart-figure\" id=\"%s\">", id);
	append_captions(maker, id, title, subtitle, out);
	stet_scene_write_inline(wide, narrow, id, out);
	g_string_append_c(out, '\n');
	if (caption) {
		g_string_append(out, "<p class=\"figure-caption\">");
		append_escaped(out, caption);
		g_string_append(out, "</p>\n");
	}
	g_autoptr(GString) extra = g_string_new(NULL);
	append_downloads(maker, data, wide, id, title, extra);
	component_source(maker, data, extra->str, out);
	g_string_append_printf(out, "<details class=\"figure-data\"><summary>%s</summary>\n", say(maker, "data_table"));
	chart_table(maker, spec, data);
	write_table(maker, data, title, TABLE_ROWS, FALSE, out);
	if (data->table->n_rows > TABLE_ROWS) {
		g_string_append(out, "<p class=\"figure-source\">");
		append_rows_left(maker, TABLE_ROWS, data->table->n_rows, out);
		g_string_append(out, "</p>");
	}
	g_string_append(out, "</details></figure>\n");
	maker->page->n_charts++;
}

static char *source_text(const ComponentData *data, gsize row, guint column)
{
	return data->metric ? stet_cell_text(stet_table_cell(data->metric->table, row, column)) : stet_dataset_cell_text(data->dataset, column, row);
}

/* Whether a row of the source has `wanted` in the column; if none, what may have been meant (arena). */
static gboolean has_value(Maker *maker, const ComponentData *data, guint column, const char *wanted, const char **nearest)
{
	g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
	gsize rows = data->metric ? data->metric->table->n_rows : data->dataset->rows;
	for (gsize row = 0; row < rows; row++) {
		g_autofree char *text = source_text(data, row, column);
		if (g_strcmp0(text, wanted) == 0)
			return TRUE;
		if (text && values->len < VALUES_COMPARED && !g_ptr_array_find_with_equal_func(values, text, g_str_equal, NULL))
			g_ptr_array_add(values, g_steal_pointer(&text));
	}
	g_ptr_array_add(values, NULL);
	const char *near = stet_nearest(wanted, (const char *const *)values->pdata);
	*nearest = near ? stet_arena_text(maker->arena, near, -1) : NULL;
	return FALSE;
}

/* Why there is no row: the first value of `where` that no row at all has. */
static void find_absent(Maker *maker, const StetNode *spec, const ComponentData *data, StetChartData *input)
{
	const StetNode *where = stet_node_get(spec, "where");
	guint n = data->metric ? data->metric->table->n_columns : data->dataset->n_columns;
	for (guint i = 0; where && i < where->n; i++)
		for (guint column = 0; column < n && where->items[i]->text; column++) {
			const char *name = data->metric ? data->metric->table->columns[column].name : data->dataset->columns[column].name;
			if (strcmp(name, where->keys[i]->text) != 0 ||
			    has_value(maker, data, column, where->items[i]->text, &input->absent.nearest))
				continue;
			input->absent.column = name;
			input->absent.value = where->items[i]->text;
			input->absent.place = where->items[i]->place;
			return;
		}
}

gboolean component_chart(Maker *maker, const StetNode *block, GString *out)
{
	ComponentData data = {0};
	gboolean sound = FALSE;
	if (block->kind != STET_NODE_MAP)
		return component_data(maker, block, FALSE, &data);
	const StetNode *spec = merged_spec(maker, block);
	if (!component_data(maker, spec, FALSE, &data))
		return FALSE;
	/* A page of stet's own goes without a chart that no one asked for and that cannot be drawn. */
	gboolean unasked = is_own_page(maker) && !(data.metric && stet_node_get(data.metric->header, "chart"));
	gboolean shapeless = unasked && !stet_node_get(spec, "type");
	g_autoptr(StetChart) chart = shapeless ? NULL : stet_chart_parse(chart_keys(maker, spec), maker->diags);
	if (chart)
		stet_chart_set_heading(chart, chart_title(spec, &data), stet_node_text(spec, "subtitle", NULL));
	const StetTheme *theme = book_theme(maker->book, maker->plan->language);
	note_read(maker, "theme", maker->plan->language);
	for (guint i = 0; i < data.table->n_columns; i++)
		note_read(maker, "colours", data.table->columns[i].name);
	StetChartData input = {.table = data.table, .columns = data.columns, .locale = maker_locale(maker), .place = spec->place};
	if (data.table->n_rows == 0)
		find_absent(maker, spec, &data, &input);
	if (chart && maker->page) {
		/* What the wide layout reported need not be said twice. */
		g_autoptr(StetDiagnostics) said = stet_diagnostics_new();
		g_autoptr(StetScene) wide = stet_chart_layout(chart, &input, theme, maker->pen, STET_WIDE, unasked ? said : maker->diags);
		g_autoptr(StetScene) narrow = wide ? stet_chart_layout(chart, &input, theme, maker->pen, STET_NARROW, said) : NULL;
		if (wide && narrow) {
			add_chart_card(maker, chart, &input, chart_title(spec, &data));
			write_chart(maker, spec, &data, wide, narrow, out);
			sound = TRUE;
		}
	}
	component_data_clear(&data);
	return sound || unasked;
}
