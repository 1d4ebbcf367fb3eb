/* Scenarios on pages: results under other parameters, beside those of the report as it stands. */
#include "page/filters.h"

#include <string.h>

/* ---- names --------------------------------------------------------------------------------- */

/* Names of the scenarios, NULL-terminated (g_free). */
static const char **scenario_names(const StetMetrics *metrics)
{
	guint n = stet_scenarios_count(metrics);
	const char **names = g_new0(const char *, n + 1);
	for (guint i = 0; i < n; i++)
		names[i] = stet_scenarios_at(metrics, i)->name;
	return names;
}

static char *mend_of(const StetMetrics *metrics, const char *name)
{
	g_autofree const char **names = scenario_names(metrics);
	const char *near = stet_nearest(name, names);
	return near ? g_strdup_printf("did you mean '%s'?", near)
	            : g_strdup("describe it under scenarios in templates/site.yaml");
}

/* The index of the scenario a component names, or G_MAXUINT after a diagnostic. */
static guint named_scenario(Maker *maker, const StetNode *node)
{
	const StetMetrics *metrics = maker->book->world->metrics;
	const char *name = node->text ? node->text : "";
	guint index = stet_scenarios_find(metrics, name);
	note_read(maker, "scenarios", NULL);
	if (index != G_MAXUINT)
		return index;
	g_autofree char *mend = mend_of(metrics, name);
	stet_diagnose(maker->diags, STET_ERROR, "scenario-unknown", node->place, mend, "there is no scenario '%s'", name);
	return G_MAXUINT;
}

/* ---- `scenario: NAME`, `scenarios: true` of components --------------------------------------- */

gboolean scenario_choose(Maker *maker, const StetNode *spec, const StetMetric **metric)
{
	const StetNode *node = stet_node_get(spec, "scenario");
	if (!node)
		return TRUE;
	guint index = named_scenario(maker, node);
	if (index == G_MAXUINT)
		return FALSE;
	*metric = stet_scenario_metric(maker->book->world->metrics, index, (*metric)->name);
	return (*metric)->table != NULL;
}

static gboolean add_beside(Maker *maker, const StetMetric *metric, guint index, StetPlace place, Beside *beside)
{
	const StetMetrics *metrics = maker->book->world->metrics;
	const StetScenario *scenario = stet_scenarios_at(metrics, index);
	if (index == 0 || beside->n == SCENARIOS_MAX)
		return TRUE;
	if (stet_table_column(metric->table, scenario->name) >= 0) {
		stet_diagnose(maker->diags, STET_ERROR, "scenario-column", place, "rename the column, or the scenario",
		              "'%s' is a scenario and also a column of the metric '%s'", scenario->name, metric->name);
		return FALSE;
	}
	const StetMetric *other = stet_scenario_metric(metrics, index, metric->name);
	if (!other->table)
		return FALSE;
	note_metric(maker, other);
	beside->scenarios[beside->n] = scenario;
	beside->metrics[beside->n++] = other;
	return TRUE;
}

gboolean scenarios_beside(Maker *maker, const StetNode *spec, const StetMetric *metric, Beside *beside)
{
	const StetNode *node = metric ? stet_node_get(spec, "scenarios") : NULL;
	const StetMetrics *metrics = maker->book->world->metrics;
	gboolean sound = TRUE;
	*beside = (Beside){.base = stet_scenarios_at(metrics, 0)->title};
	if (!node || (node->kind == STET_NODE_BOOL && !node->boolean))
		return TRUE;
	note_read(maker, "scenarios", NULL);
	for (guint i = 1; node->kind == STET_NODE_BOOL && sound && i < stet_scenarios_count(metrics); i++)
		sound = add_beside(maker, metric, i, node->place, beside);
	guint n = node->kind == STET_NODE_LIST ? node->n : node->kind == STET_NODE_BOOL ? 0 : 1;
	for (guint i = 0; sound && i < n; i++) {
		guint index = named_scenario(maker, node->kind == STET_NODE_LIST ? node->items[i] : node);
		sound = index != G_MAXUINT && add_beside(maker, metric, index, node->place, beside);
	}
	return sound;
}

void scenario_cells(const Beside *beside, const StetMetric *metric, guint measure, gsize row, StetCell *cells)
{
	g_autofree char *id = beside->n > 0 ? stet_metric_row_id(metric, row) : NULL;
	for (guint i = 0; i < beside->n; i++) {
		const StetMetric *other = beside->metrics[i];
		gsize found = stet_metric_row_by_id(other, id);
		if (found != G_MAXSIZE)
			cells[i] = *stet_table_cell(other->table, found, other->measures[measure].column);
	}
}

/* ---- {{ metrics.NAME | scenario: "slow" }} --------------------------------------------------- */

/* The scenario's rows of the same keys. */
static void same_rows(StetRender *render, const Selection *from, Selection *to)
{
	gsize *rows = stet_arena_alloc(stet_render_arena(render), (from->n + 1) * sizeof *rows), n = 0;
	for (gsize i = 0; i < from->n; i++) {
		g_autofree char *id = stet_metric_row_id(from->metric, from->rows[i]);
		gsize row = stet_metric_row_by_id(to->metric, id);
		if (row != G_MAXSIZE)
			rows[n++] = row;
	}
	to->rows = rows;
	to->n = n;
}

FILTER(figure_scenario)
{
	UNUSED;
	Selection selection;
	if (!need_selection(render, input, "scenario", &selection))
		return FALSE;
	const StetMetrics *metrics = selection.book->world->metrics;
	const char *name = text_arg(render, args, n_args, 0, "");
	guint index = stet_scenarios_find(metrics, name);
	note_read(host, "scenarios", NULL);
	if (index == G_MAXUINT) {
		g_autofree char *mend = mend_of(metrics, name);
		stet_render_fail(render, "scenario-unknown", mend, "there is no scenario '%s'", name);
		return FALSE;
	}
	Selection other = selection;
	other.metric = stet_scenario_metric(metrics, index, selection.metric->name);
	if (!other.metric->table)
		return FALSE;
	note_metric(host, other.metric);
	if (selection.narrowed) {
		same_rows(render, &selection, &other);
	} else {
		other.rows = all_rows(selection.book, other.metric);
		other.n = other.metric->table->n_rows;
	}
	*out = selection_value(stet_render_arena(render), &other);
	return TRUE;
}

/* ---- `scenarios`, `metric.scenarios` --------------------------------------------------------- */

/* {name, title, value, changed}: every parameter with its value in the scenario. */
static StetValue parameters_value(const StetBook *book, StetArena *arena, guint scenario)
{
	const StetNode *params = stet_node_get(book->world->project->site.node, "params");
	guint n = params && params->kind == STET_NODE_MAP ? params->n : 0, filled = 0;
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++) {
		const char *name = params->keys[i]->text;
		const StetNode *base = stet_scenario_parameter(book->world->metrics, 0, name);
		const StetNode *own = stet_scenario_parameter(book->world->metrics, scenario, name);
		if (!base || !own)
			continue;
		MapBuilder map = {.n = 0};
		map_add(&map, "name", text_or_nil(name));
		map_add(&map, "title", text_or_nil(stet_node_text(params->items[i], "title", name)));
		map_add(&map, "value", stet_value_node(arena, own));
		map_add(&map, "changed", stet_value_bool(g_strcmp0(own->text, base->text) != 0));
		items[filled++] = map_end(&map, arena);
	}
	return stet_value_list(arena, items, filled);
}

StetValue scenarios_value(const StetBook *book, StetRender *render, const StetMetric *metric)
{
	const StetMetrics *metrics = book->world->metrics;
	StetArena *arena = stet_render_arena(render);
	guint n = stet_scenarios_count(metrics), filled = 0;
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	note_read(stet_render_host(render), "scenarios", NULL);
	for (guint i = metric ? 1 : 0; i < n; i++) {
		const StetScenario *scenario = stet_scenarios_at(metrics, i);
		if (metric && stet_scenario_metric(metrics, i, metric->name) == stet_metrics_get(metrics, metric->name))
			continue;
		MapBuilder map = {.n = 0};
		map_add(&map, "name", text_or_nil(scenario->name));
		map_add(&map, "title", text_or_nil(scenario->title));
		map_add(&map, "description", text_or_nil(scenario->description));
		map_add(&map, "params", parameters_value(book, arena, i));
		items[filled++] = map_end(&map, arena);
	}
	return stet_value_list(arena, items, filled);
}

static gboolean scenarios_list(gconstpointer self, StetRender *render, StetValue *out)
{
	*out = scenarios_value(self, render, NULL);
	return TRUE;
}

const StetClass scenarios_class = {.name = "scenarios", .list = scenarios_list};
