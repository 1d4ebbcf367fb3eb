/* header: the YAML at the head of a metric file. */
#include "metric/private.h"

#include <math.h>
#include <string.h>

#define DIMENSION_MAX 8u
#define MEASURE_MAX 64u
#define DECIMALS_MAX 15 /* what a double holds */

static const StetKey header_keys[] = {
	{"title", STET_NODE_TEXT, TRUE},
	{"description", STET_NODE_TEXT, FALSE},
	{"unit", STET_NODE_TEXT, FALSE},
	{"period", STET_NODE_TEXT, FALSE},
	{"dimensions", STET_NODE_LIST | STET_NODE_TEXT, FALSE},
	{"value", STET_NODE_TEXT, TRUE},
	{"good", STET_NODE_TEXT, FALSE},
	{"decimals", STET_NODE_INT, FALSE},
	{"display", STET_NODE_INT, FALSE},
	{"columns", STET_NODE_MAP, FALSE},
	{"chart", STET_NODE_MAP, FALSE},
	{"sources", STET_NODE_LIST | STET_NODE_TEXT, FALSE},
	{"formula", STET_NODE_TEXT, FALSE},
	{"notes", STET_NODE_TEXT, FALSE},
	{"engine", STET_NODE_TEXT, FALSE},
	{"tolerance", STET_NODE_TEXT, FALSE},
	{NULL, 0, FALSE},
};

static const StetKey column_keys[] = {
	{"title", STET_NODE_TEXT, FALSE},
	{"unit", STET_NODE_TEXT, FALSE},
	{"display", STET_NODE_INT, FALSE},
	{"good", STET_NODE_TEXT, FALSE},
	{NULL, 0, FALSE},
};

static const char *const good_names[] = {"neutral", "up", "down", NULL};
static const char *const engine_names[] = {"embedded", "warehouse", NULL};

/* The index in `names` of the text under `key`, or 0. */
static int read_choice(const StetNode *map, const char *key, const char *const *names, StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(map, key);
	if (!node || !node->text)
		return 0;
	for (int i = 0; names[i]; i++)
		if (strcmp(node->text, names[i]) == 0)
			return i;
	const char *near = stet_nearest(node->text, names);
	g_autofree char *all = g_strjoinv(", ", (char **)names);
	g_autofree char *mend =
		near ? g_strdup_printf("did you mean '%s'?", near) : g_strdup_printf("one of: %s", all);
	stet_diagnose(diags, STET_ERROR, "metric-header", node->place, mend, "'%s' is no value of '%s'",
				  node->text, key);
	return 0;
}

static int read_places(const StetNode *map, const char *key, StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(map, key);
	if (!node || node->kind != STET_NODE_INT)
		return -1;
	if (node->integer >= 0 && node->integer <= DECIMALS_MAX)
		return (int)node->integer;
	stet_diagnose(diags, STET_ERROR, "metric-header", node->place, NULL,
				  "'%s' is a number of decimals, 0 to %d, not %s", key, DECIMALS_MAX, node->text);
	return -1;
}

static gboolean add_dimension(StetMetric *metric, const StetNode *item, StetDiagnostics *diags)
{
	const char *name = item->kind & STET_NODE_SCALAR ? item->text : NULL;
	if (!name) {
		stet_diagnose(diags, STET_ERROR, "metric-header", item->place,
					  "write column names: [platform, region]", "a dimension is the name of a column");
		return FALSE;
	}
	gboolean again = metric->period && strcmp(name, metric->period) == 0;
	for (guint i = 0; i < metric->n_dimensions; i++)
		again = again || g_strcmp0(metric->dimensions[i], name) == 0;
	if (again) {
		stet_diagnose(diags, STET_ERROR, "metric-header", item->place, "name each column once",
					  "the dimension '%s' is named already", name);
		return FALSE;
	}
	metric->dimensions[metric->n_dimensions++] = name;
	return TRUE;
}

static gboolean read_dimensions(StetMetric *metric, StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(metric->header, "dimensions");
	if (!node)
		return TRUE;
	guint n = node->kind == STET_NODE_LIST ? node->n : 1;
	if (n > DIMENSION_MAX) {
		stet_diagnose(diags, STET_ERROR, "metric-header", node->place, "split the metric",
					  "a metric has at most %u dimensions, this one %u", DIMENSION_MAX, n);
		return FALSE;
	}
	metric->dimensions = g_new0(const char *, n + 1);
	metric->dimension_columns = g_new0(guint, n + 1);
	gboolean whole = TRUE;
	for (guint i = 0; i < n; i++)
		whole = add_dimension(metric, node->kind == STET_NODE_LIST ? node->items[i] : node, diags) && whole;
	return whole;
}

static gboolean is_key_column(const StetMetric *metric, const char *name)
{
	if (metric->period && strcmp(metric->period, name) == 0)
		return TRUE;
	for (guint i = 0; i < metric->n_dimensions; i++)
		if (g_strcmp0(metric->dimensions[i], name) == 0)
			return TRUE;
	return FALSE;
}

/* One entry of `columns`: a further measure, or the main one's or a key column's own title. */
static gboolean read_column(StetMetric *metric, const StetNode *key, const StetNode *node,
							StetDiagnostics *diags)
{
	static const StetNode none = {.kind = STET_NODE_MAP};
	if (node->kind == STET_NODE_NULL)
		node = &none;
	else if (node->kind & STET_NODE_SCALAR) { /* the short form: name: Title */
		metric->measures[metric->n_measures++] =
			(StetMeasure){.name = key->text, .title = node->text, .display = -1, .good = STET_GOOD_NEUTRAL};
		return TRUE;
	} else if (!stet_node_check(node, column_keys, NULL, "metric-header", "the column", diags)) {
		return FALSE;
	}
	StetMeasure read = {
		.name = key->text,
		.title = stet_node_text(node, "title", key->text),
		.unit = stet_node_text(node, "unit", NULL),
		.display = read_places(node, "display", diags),
		.good = (StetGood)read_choice(node, "good", good_names, diags),
	};
	if (strcmp(key->text, metric->measures[0].name) == 0) {
		metric->measures[0].title = read.title;
		metric->measures[0].unit = read.unit ? read.unit : metric->measures[0].unit;
		metric->measures[0].display = read.display >= 0 ? read.display : metric->measures[0].display;
	} else if (!is_key_column(metric, key->text)) {
		metric->measures[metric->n_measures++] = read;
	}
	return TRUE;
}

static gboolean read_measures(StetMetric *metric, StetDiagnostics *diags)
{
	const StetNode *columns = stet_node_get(metric->header, "columns"),
				   *value = stet_node_get(metric->header, "value");
	guint n = columns ? columns->n : 0;
	if (n >= MEASURE_MAX) {
		stet_diagnose(diags, STET_ERROR, "metric-header", columns->place, "split the metric",
					  "a metric has at most %u columns", MEASURE_MAX);
		return FALSE;
	}
	metric->measures = g_new0(StetMeasure, n + 1);
	metric->n_measures = 1;
	metric->measures[0] = (StetMeasure){
		.name = value->text,
		.title = metric->title,
		.unit = metric->unit,
		.display = read_places(metric->header, "display", diags),
		.good = metric->good,
	};
	if (is_key_column(metric, value->text)) {
		stet_diagnose(diags, STET_ERROR, "metric-header", value->place,
					  "name the column that holds the figures",
					  "'%s' is the value and also a period or dimension", value->text);
		return FALSE;
	}
	gboolean whole = TRUE;
	for (guint i = 0; i < n; i++)
		whole = read_column(metric, columns->keys[i], columns->items[i], diags) && whole;
	return whole;
}

static void read_tolerance(StetMetric *metric, StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(metric->header, "tolerance");
	metric->tolerance = node ? node->text : NULL;
	if (node && isnan(stet_tolerance(node->text, 1)))
		stet_diagnose(diags, STET_ERROR, "metric-header", node->place, "write absolute:0.5 or relative:5%",
					  "'%s' is no tolerance", node->text);
}

static gboolean runs_on_warehouse(const StetMetrics *metrics, const StetMetric *metric,
								  StetDiagnostics *diags)
{
	if (stet_node_get(metric->header, "engine"))
		return read_choice(metric->header, "engine", engine_names, diags) == 1;
	const StetNode *site = stet_node_get(metrics->project->site.node, "engine");
	if (site && site->kind == STET_NODE_MAP)
		site = stet_node_get(site, "name");
	return site && site->text && strcmp(site->text, "warehouse") == 0;
}

gboolean metric_header_read(StetMetrics *metrics, MetricRun *run, StetDiagnostics *diags)
{
	StetMetric *metric = &run->metric;
	const StetNode *header = metric->header;
	guint before = stet_diagnostics_count(diags, STET_ERROR);
	if (header->kind == STET_NODE_MAP && header->n == 0) {
		stet_diagnose(diags, STET_ERROR, "metric-header", (StetPlace){metric->file, 1, 1},
					  "give at least title and value", "the header is empty");
		return FALSE;
	}
	if (!stet_node_check(header, header_keys, "x-", "metric-header", "the header", diags))
		return FALSE;
	metric->title = stet_node_text(header, "title", metric->name);
	metric->description = stet_node_text(header, "description", NULL);
	metric->unit = stet_node_text(header, "unit", NULL);
	metric->formula = stet_node_text(header, "formula", NULL);
	metric->notes = stet_node_text(header, "notes", NULL);
	metric->period = stet_node_text(header, "period", NULL);
	metric->good = (StetGood)read_choice(header, "good", good_names, diags);
	metric->decimals = read_places(header, "decimals", diags);
	metric->warehouse = runs_on_warehouse(metrics, metric, diags);
	read_tolerance(metric, diags);
	if (read_dimensions(metric, diags))
		read_measures(metric, diags);
	metric->parameters = sql_parameters(metric->sql);
	gboolean known = parameters_check(metrics, run, diags);
	return known && stet_diagnostics_count(diags, STET_ERROR) == before;
}

void metric_header_clear(StetMetric *metric)
{
	g_free(metric->dimensions);
	g_free(metric->dimension_columns);
	g_free(metric->measures);
	g_strfreev(metric->metric_inputs);
	g_strfreev(metric->dataset_inputs);
	g_strfreev(metric->all_datasets);
	g_strfreev(metric->parameters);
}
