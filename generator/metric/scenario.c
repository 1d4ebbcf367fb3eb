/* scenario: the parameters of site.yaml and the named sets of values that override them. */
#include "metric/private.h"

#include <string.h>

static const StetKey parameter_keys[] = {
	{"value", STET_NODE_SCALAR, TRUE}, {"title", STET_NODE_TEXT, FALSE},
	{"unit", STET_NODE_TEXT, FALSE},   {"description", STET_NODE_TEXT, FALSE},
	{"display", STET_NODE_INT, FALSE}, {NULL, 0, FALSE},
};

static const StetKey scenario_keys[] = {
	{"title", STET_NODE_TEXT, FALSE},
	{"description", STET_NODE_TEXT, FALSE},
	{"params", STET_NODE_MAP, TRUE},
	{NULL, 0, FALSE},
};
static const StetKey base_keys[] = {
	{"title", STET_NODE_TEXT, FALSE},
	{"description", STET_NODE_TEXT, FALSE},
	{NULL, 0, FALSE},
};

/* A name that may stand behind '$' and '@'. */
static gboolean is_name(const char *name)
{
	if (!g_ascii_isalpha(name[0]) || strlen(name) > 60)
		return FALSE;
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen(name);
}

static const StetNode *scalar_of(const StetNode *node)
{
	if (node && node->kind == STET_NODE_MAP)
		node = stet_node_get(node, "value");
	return node && (node->kind & STET_NODE_SCALAR) ? node : NULL;
}

static const StetNode *base_params(const StetMetrics *metrics)
{
	const StetNode *params = stet_node_get(metrics->project->site.node, "params");
	return params && params->kind == STET_NODE_MAP ? params : NULL;
}

static void check_params(const StetNode *params, StetDiagnostics *diags)
{
	for (guint i = 0; params && i < params->n; i++) {
		const StetNode *key = params->keys[i], *value = params->items[i];
		if (!is_name(key->text))
			stet_diagnose(diags, STET_ERROR, "parameter-name", key->place, "use letters, digits and '_'",
						  "'%s' cannot be a parameter's name", key->text);
		if (value->kind == STET_NODE_MAP)
			stet_node_check(value, parameter_keys, "x-", "parameter-value", "the parameter", diags);
		else if (!(value->kind & STET_NODE_SCALAR))
			stet_diagnose(diags, STET_ERROR, "parameter-value", value->place,
						  "write a number, a text, true or false", "the parameter '%s' has no value",
						  key->text);
	}
}

/* The keys of a map, for stet_nearest (g_free). */
static const char **keys_of(const StetNode *map)
{
	guint n = map ? map->n : 0;
	const char **keys = g_new0(const char *, n + 1);
	for (guint i = 0; i < n; i++)
		keys[i] = map->keys[i]->text;
	return keys;
}

static char *mend_for(const char *word, const StetNode *map)
{
	g_autofree const char **keys = keys_of(map);
	const char *near = stet_nearest(word, keys);
	if (near)
		return g_strdup_printf("did you mean '%s'?", near);
	return g_strdup_printf("define '%s' under params in templates/site.yaml", word);
}

static void check_overrides(const StetNode *base, const StetNode *params, StetDiagnostics *diags)
{
	for (guint i = 0; i < params->n; i++) {
		const StetNode *key = params->keys[i];
		if (stet_node_get(base, key->text))
			continue;
		g_autofree char *mend = mend_for(key->text, base);
		stet_diagnose(diags, STET_ERROR, "parameter-unknown", key->place, mend,
					  "the scenario overrides '%s', which params does not define", key->text);
	}
}

/* The report as it stands: `base` names it and has no parameters of its own. */
static void read_base(StetMetrics *metrics, const StetNode *node, StetDiagnostics *diags)
{
	if (!stet_node_check(node, base_keys, "x-", "scenario-key", "the scenario 'base'", diags))
		return;
	StetScenario *base = &g_array_index(metrics->scenarios, Scenario, 0).public;
	base->title = stet_node_text(node, "title", base->title);
	base->description = stet_node_text(node, "description", NULL);
}

void scenarios_read(StetMetrics *metrics, StetDiagnostics *diags)
{
	metrics->scenarios = g_array_new(FALSE, TRUE, sizeof(Scenario));
	Scenario base = {.public = {.name = "base", .title = "As it stands"}};
	g_array_append_val(metrics->scenarios, base);
	const StetNode *params = base_params(metrics);
	check_params(params, diags);
	const StetNode *list = stet_node_get(metrics->project->site.node, "scenarios");
	if (!list || list->kind != STET_NODE_MAP)
		return;
	for (guint i = 0; i < list->n; i++) {
		const StetNode *key = list->keys[i], *node = list->items[i];
		if (strcmp(key->text, "base") == 0) {
			read_base(metrics, node, diags);
			continue;
		}
		if (metrics->scenarios->len == SCENARIO_MAX || !is_name(key->text)) {
			stet_diagnose(diags, STET_ERROR, "scenario-name", key->place, "use letters, digits and '_'",
						  "'%s' cannot be a scenario (at most %u, each with a name of its own)", key->text,
						  SCENARIO_MAX);
			continue;
		}
		if (!stet_node_check(node, scenario_keys, "x-", "scenario-key", "the scenario", diags))
			continue;
		const StetNode *overrides = stet_node_get(node, "params");
		check_params(overrides, diags);
		check_overrides(params, overrides, diags);
		Scenario read = {
			{key->text, stet_node_text(node, "title", key->text), stet_node_text(node, "description", NULL)},
			overrides};
		g_array_append_val(metrics->scenarios, read);
	}
}

guint stet_scenarios_count(const StetMetrics *metrics)
{
	return metrics->scenarios->len;
}

const StetScenario *stet_scenarios_at(const StetMetrics *metrics, guint scenario)
{
	return &g_array_index(metrics->scenarios, Scenario, scenario).public;
}

guint stet_scenarios_find(const StetMetrics *metrics, const char *name)
{
	for (guint i = 0; i < metrics->scenarios->len; i++)
		if (strcmp(stet_scenarios_at(metrics, i)->name, name) == 0)
			return i;
	return G_MAXUINT;
}

gboolean stet_metric_has_scenarios(const StetMetrics *metrics, const StetMetric *metric)
{
	for (guint i = 0; i < metrics->variants->len; i++) {
		const MetricRun *run = g_ptr_array_index(metrics->variants, i);
		if (strcmp(run->metric.name, metric->name) == 0)
			return TRUE;
	}
	return FALSE;
}

const StetNode *stet_scenario_parameter(const StetMetrics *metrics, guint scenario, const char *name)
{
	const StetNode *params = g_array_index(metrics->scenarios, Scenario, scenario).params;
	const StetNode *value = params ? scalar_of(stet_node_get(params, name)) : NULL;
	return value ? value : scalar_of(stet_node_get(base_params(metrics), name));
}

const StetMetric *stet_scenario_metric(const StetMetrics *metrics, guint scenario, const char *name)
{
	for (guint i = 0; scenario > 0 && i < metrics->variants->len; i++) {
		const MetricRun *run = g_ptr_array_index(metrics->variants, i);
		if (run->scenario == scenario && strcmp(run->metric.name, name) == 0)
			return &run->metric;
	}
	return stet_metrics_get(metrics, name);
}

gboolean parameters_check(StetMetrics *metrics, MetricRun *run, StetDiagnostics *diags)
{
	gboolean whole = TRUE;
	for (char **name = run->metric.parameters; *name; name++) {
		if (stet_scenario_parameter(metrics, 0, *name))
			continue;
		StetPlace place =
			metric_sql_place(run->file, &run->metric, sql_find_parameter(run->metric.sql, *name));
		g_autofree char *mend = mend_for(*name, base_params(metrics));
		stet_diagnose(diags, STET_ERROR, "parameter-unknown", place, mend,
					  "no value is given for the parameter '$%s'", *name);
		whole = FALSE;
	}
	return whole;
}

static StetCell cell_of(const StetNode *node)
{
	switch (node->kind) {
	case STET_NODE_BOOL:
		return (StetCell){STET_BOOL, {.b = node->boolean}};
	case STET_NODE_INT:
		return (StetCell){STET_INT, {.i = node->integer}};
	case STET_NODE_NUMBER:
		return (StetCell){STET_NUMBER, {.n = node->number}};
	default:
		return (StetCell){STET_TEXT, {.s = node->text}};
	}
}

StetParameter *parameters_of(const StetMetrics *metrics, const MetricRun *run)
{
	char **names = run->metric.parameters;
	StetParameter *parameters = g_new0(StetParameter, g_strv_length(names) + 1);
	for (guint i = 0; names[i]; i++)
		parameters[i] =
			(StetParameter){names[i], cell_of(stet_scenario_parameter(metrics, run->scenario, names[i]))};
	return parameters;
}
