/* ledger: every figure of a build as canonical JSON, the same bytes for the same figures. */
#include "metric/private.h"

#include <math.h>
#include <string.h>

struct StetLedger {
	const StetMetrics *metrics;
	GMutex lock;
	GHashTable *figures; /* a figure's JSON up to "at" -> set of places (both char *) */
};

/* ---- origins as text ---- */

static void put_origin(GString *out, const StetOrigin *origin, guint depth)
{
	if (depth > 32) { /* forms of forms of forms: the ledger is no place for them */
		g_string_append(out, "...");
		return;
	}
	if (origin->form)
		g_string_append_printf(out, "%s(", origin->form);
	gboolean first = TRUE;
	if (origin->metric) {
		g_autofree char *row = stet_metric_row_id(origin->metric, origin->row);
		const char *measure = origin->measure < origin->metric->n_measures
								  ? origin->metric->measures[origin->measure].name
								  : "";
		const char *scenario = origin->metric->scenario;
		g_string_append_printf(out, "%s%s%s.%s[%s]", origin->metric->name, scenario ? "@" : "",
							   scenario ? scenario : "", measure, row);
		first = FALSE;
	}
	if (origin->claim) {
		g_string_append_printf(out, "%sclaim:%s", first ? "" : ", ", origin->claim);
		first = FALSE;
	}
	for (guint i = 0; i < origin->n_inputs; i++) {
		if (!first)
			g_string_append(out, ", ");
		first = FALSE;
		put_origin(out, origin->inputs[i], depth + 1);
	}
	if (origin->form)
		g_string_append_c(out, ')');
}

char *stet_origin_text(const StetOrigin *origin)
{
	GString *out = g_string_new(NULL);
	put_origin(out, origin, 0);
	return g_string_free(out, FALSE);
}

/* ---- adding ---- */

StetLedger *stet_ledger_new(const StetMetrics *metrics)
{
	StetLedger *ledger = g_new0(StetLedger, 1);
	ledger->metrics = metrics;
	ledger->figures =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
	g_mutex_init(&ledger->lock);
	return ledger;
}

void stet_ledger_free(StetLedger *ledger)
{
	if (!ledger)
		return;
	g_hash_table_unref(ledger->figures);
	g_mutex_clear(&ledger->lock);
	g_free(ledger);
}

void json_put_number(GString *out, double value)
{
	char buffer[STET_NUMBER_MAX];
	stet_number_text(value, buffer);
	g_string_append(out, buffer[0] ? buffer : "null");
}

static void put_text(GString *out, const char *text)
{
	if (text)
		stet_json_string(out, text);
	else
		g_string_append(out, "null");
}

char *stet_ledger_line(const StetLedgerEntry *entry)
{
	const StetOrigin *origin = entry->origin;
	gboolean cell = origin->metric && !origin->form && origin->measure < origin->metric->n_measures;
	double value =
		isnan(entry->value) && cell ? rows_value(origin->metric, origin->measure, origin->row) : entry->value;
	const char *unit = entry->unit || !cell ? entry->unit : origin->metric->measures[origin->measure].unit;
	g_autofree char *text = stet_origin_text(origin);
	GString *json = g_string_new("{\"figure\": ");
	put_text(json, text);
	g_string_append(json, ", \"value\": ");
	json_put_number(json, value);
	g_string_append(json, ", \"unit\": ");
	put_text(json, unit);
	g_string_append(json, ", \"text\": ");
	put_text(json, entry->text);
	if (origin->why_not) {
		g_string_append(json, ", \"why\": ");
		put_text(json, origin->why_not);
	}
	return g_string_free(json, FALSE);
}

void stet_ledger_put(StetLedger *ledger, const char *line, const char *page, const char *id)
{
	char *place = g_strdup_printf("%s#%s", page ? page : "", id ? id : "");
	g_mutex_lock(&ledger->lock);
	GHashTable *places = g_hash_table_lookup(ledger->figures, line);
	if (!places) {
		places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		g_hash_table_insert(ledger->figures, g_strdup(line), places);
	}
	g_hash_table_add(places, place); /* which takes it over */
	g_mutex_unlock(&ledger->lock);
	/* cppcheck-suppress memleak */
}

void stet_ledger_add(StetLedger *ledger, const StetLedgerEntry *entry)
{
	g_autofree char *line = stet_ledger_line(entry);
	stet_ledger_put(ledger, line, entry->page, entry->id);
}

/* ---- writing ---- */

/* Opens the next entry of a list: a comma behind all but the first, each on a line of its own. */
static void next_line(GString *out, gboolean *first)
{
	g_string_append(out, *first ? "\n" : ",\n");
	*first = FALSE;
}

static void put_names(GString *out, const char *key, const char *const *names, guint n)
{
	g_string_append_printf(out, ", \"%s\": [", key);
	for (guint i = 0; i < n; i++) {
		g_string_append(out, i > 0 ? ", " : "");
		put_text(out, names[i]);
	}
	g_string_append_c(out, ']');
}

static void put_cell(GString *out, const StetCell *cell)
{
	if (cell->kind == STET_NULL) {
		g_string_append(out, "null");
	} else if (cell->kind == STET_BOOL) {
		g_string_append(out, cell->v.b ? "true" : "false");
	} else if (cell->kind == STET_NUMBER) {
		json_put_number(out, cell->v.n);
	} else {
		g_autofree char *text = stet_cell_text(cell);
		if (cell->kind == STET_INT)
			g_string_append(out, text);
		else
			put_text(out, text);
	}
}

static void put_row(GString *out, const StetMetric *metric, gsize row)
{
	gboolean first = TRUE;
	g_string_append_c(out, '[');
	if (metric->period_column >= 0) {
		put_cell(out, stet_table_cell(metric->table, row, (guint)metric->period_column));
		first = FALSE;
	}
	for (guint d = 0; d < metric->n_dimensions; d++) {
		g_string_append(out, first ? "" : ", ");
		put_cell(out, stet_table_cell(metric->table, row, metric->dimension_columns[d]));
		first = FALSE;
	}
	for (guint m = 0; m < metric->n_measures; m++) {
		g_string_append(out, first ? "" : ", ");
		put_cell(out, stet_table_cell(metric->table, row, metric->measures[m].column));
		first = FALSE;
	}
	g_string_append_c(out, ']');
}

static void put_metric(GString *out, const MetricRun *run)
{
	const StetMetric *metric = &run->metric;
	g_string_append(out, "{\"name\": ");
	put_text(out, metric->name);
	g_string_append(out, ", \"title\": ");
	put_text(out, metric->title);
	g_string_append(out, ", \"file\": ");
	put_text(out, metric->file);
	g_string_append_printf(out, ", \"sha256\": \"%s\", \"synthetic\": %s, \"period\": ", run->file->hash.hex,
						   metric->synthetic ? "true" : "false");
	put_text(out, metric->period);
	put_names(out, "dimensions", metric->dimensions, metric->n_dimensions);
	g_string_append(out, ", \"measures\": [");
	for (guint m = 0; m < metric->n_measures; m++) {
		g_string_append(out, m > 0 ? ", {\"name\": " : "{\"name\": ");
		put_text(out, metric->measures[m].name);
		g_string_append(out, ", \"unit\": ");
		put_text(out, metric->measures[m].unit);
		g_string_append_c(out, '}');
	}
	g_string_append(out, "], \"rows\": [");
	gboolean first = TRUE;
	for (gsize row = 0; row < metric->table->n_rows; row++) {
		next_line(out, &first);
		put_row(out, metric, row);
	}
	g_string_append(out, "\n]}");
}

static void put_datasets(GString *out, const StetMetrics *metrics)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < metrics->project->n_resources; i++)
		g_ptr_array_add(names, (gpointer)metrics->project->resources[i].name);
	g_ptr_array_sort(names, compare_text_pointers);
	gboolean first = TRUE;
	g_string_append(out, "\"datasets\": [");
	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		const StetHash *content = g_hash_table_lookup(metrics->contents, name);
		next_line(out, &first);
		g_string_append(out, "{\"name\": ");
		put_text(out, name);
		g_string_append(out, ", \"content\": ");
		put_text(out, content ? content->hex : NULL);
		const gsize *rows = g_hash_table_lookup(metrics->row_counts, name);
		if (rows)
			g_string_append_printf(out, ", \"rows\": %" G_GSIZE_FORMAT, *rows);
		g_string_append_printf(out, ", \"synthetic\": %s}",
							   stet_project_resource(metrics->project, name)->synthetic ? "true" : "false");
	}
	g_string_append(out, "\n],\n");
}

static void put_claims(GString *out, const StetMetrics *metrics)
{
	static const char *const verdicts[] = {"agrees", "differs", "unchecked"};
	gboolean first = TRUE;
	g_string_append(out, "\"claims\": [");
	for (guint i = 0; i < stet_claims_count(metrics); i++) {
		const StetClaim *claim = stet_claims_at(metrics, i);
		next_line(out, &first);
		g_string_append(out, "{\"id\": ");
		put_text(out, claim->id);
		g_string_append(out, ", \"value\": ");
		json_put_number(out, claim->value);
		g_string_append(out, ", \"upper\": ");
		json_put_number(out, claim->upper);
		g_string_append(out, ", \"unit\": ");
		put_text(out, claim->unit);
		g_string_append_printf(out, ", \"verdict\": \"%s\", \"actual\": ", verdicts[claim->verdict]);
		json_put_number(out, claim->actual);
		g_string_append(out, ", \"metric\": ");
		put_text(out, claim->metric ? claim->metric->name : NULL);
		g_string_append_c(out, '}');
	}
	g_string_append(out, "\n],\n");
}

static void put_parameters(GString *out, const StetMetrics *metrics, guint scenario)
{
	const StetNode *params = stet_node_get(metrics->project->site.node, "params");
	gboolean first = TRUE;
	g_string_append(out, ", \"parameters\": {");
	for (guint i = 0; params && i < params->n; i++) {
		const StetNode *value = stet_scenario_parameter(metrics, scenario, params->keys[i]->text);
		if (!value)
			continue;
		g_string_append(out, first ? "" : ", ");
		first = FALSE;
		put_text(out, params->keys[i]->text);
		g_string_append(out, ": ");
		put_text(out, value->text);
	}
	g_string_append_c(out, '}');
}

/* What each scenario changes: the metrics that its parameters reach. */
static void put_scenarios(GString *out, const StetMetrics *metrics)
{
	gboolean first = TRUE;
	if (metrics->scenarios->len < 2)
		return;
	g_string_append(out, "\"scenarios\": [");
	for (guint s = 1; s < metrics->scenarios->len; s++) {
		const StetScenario *scenario = stet_scenarios_at(metrics, s);
		gboolean inner = TRUE;
		next_line(out, &first);
		g_string_append(out, "{\"name\": ");
		put_text(out, scenario->name);
		g_string_append(out, ", \"title\": ");
		put_text(out, scenario->title);
		put_parameters(out, metrics, s);
		g_string_append(out, ", \"metrics\": [");
		for (guint i = 0; i < metrics->variants->len; i++) {
			const MetricRun *run = g_ptr_array_index(metrics->variants, i);
			if (run->scenario != s || !run->metric.table)
				continue;
			next_line(out, &inner);
			put_metric(out, run);
		}
		g_string_append(out, "\n]}");
	}
	g_string_append(out, "\n],\n");
}

/* The keys of a set of texts, sorted (the array is the caller's). */
static GPtrArray *sorted_keys(GHashTable *table)
{
	GPtrArray *keys = g_ptr_array_new();
	GHashTableIter iter;
	gpointer key;
	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		g_ptr_array_add(keys, key);
	g_ptr_array_sort(keys, compare_text_pointers);
	return keys;
}

static void put_figures(GString *out, const StetLedger *ledger)
{
	g_autoptr(GPtrArray) figures = sorted_keys(ledger->figures);
	gboolean first = TRUE;
	g_string_append(out, "\"figures\": [");
	for (guint i = 0; i < figures->len; i++) {
		g_autoptr(GPtrArray) places = sorted_keys(g_hash_table_lookup(ledger->figures, figures->pdata[i]));
		next_line(out, &first);
		g_string_append(out, figures->pdata[i]);
		put_names(out, "at", (const char *const *)places->pdata, places->len);
		g_string_append_c(out, '}');
	}
	g_string_append(out, "\n]}\n");
}

void stet_ledger_write(StetLedger *ledger, GString *out)
{
	const StetMetrics *metrics = ledger->metrics;
	g_mutex_lock(&ledger->lock);
	g_string_append(out, "{\"stet\": \"ledger\", \"schema\": 1, \"title\": ");
	put_text(out, metrics->project->site.title);
	g_string_append(out, ",\n");
	put_datasets(out, metrics);
	gboolean first = TRUE;
	g_string_append(out, "\"metrics\": [");
	for (guint i = 0; i < metrics->base->len; i++) {
		const MetricRun *run = g_ptr_array_index(metrics->base, i);
		if (!run->metric.table)
			continue;
		next_line(out, &first);
		put_metric(out, run);
	}
	g_string_append(out, "\n],\n");
	put_scenarios(out, metrics);
	put_claims(out, metrics);
	put_figures(out, ledger);
	g_mutex_unlock(&ledger->lock);
}
