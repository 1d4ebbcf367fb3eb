/* A row of headline figures: label, value, change, sparkline. */
#include "page/private.h"

#include <math.h>
#include <string.h>

#define SPARK_MAX 200

static const StetKey figure_keys[] = {
	{"metric", STET_NODE_TEXT, FALSE}, {"claim", STET_NODE_TEXT, FALSE}, {"where", STET_NODE_MAP, FALSE},
	{"scenario", STET_NODE_TEXT, FALSE}, {"at", STET_NODE_TEXT, FALSE}, {"measure", STET_NODE_TEXT, FALSE}, {"label", STET_NODE_TEXT, FALSE},
	{"change", STET_NODE_TEXT, FALSE}, {"spark", STET_NODE_BOOL, FALSE}, {"note", STET_NODE_TEXT, FALSE}, {NULL, 0, FALSE},
};

#define CONDITIONS_MAX 8

static gsize find_row(Maker *maker, const StetNode *spec, const StetMetric *metric)
{
	const StetNode *where = stet_node_get(spec, "where");
	StetWhere conditions[CONDITIONS_MAX];
	guint n = where ? MIN(where->n, CONDITIONS_MAX) : 0;
	const char *why = NULL;
	for (guint i = 0; i < n; i++)
		conditions[i] = (StetWhere){where->keys[i]->text, where->items[i]->text ? where->items[i]->text : ""};
	gsize row = stet_metric_row_find(metric, stet_node_text(spec, "at", NULL), n, conditions, &why);
	if (row == G_MAXSIZE)
		stet_diagnose(maker->diags, STET_ERROR, "figure-ambiguous", spec->place, "narrow it with 'where' and 'at' to one row",
		              "no single row of metric '%s': %s", metric->name, why ? why : "none fits");
	return row;
}

static void append_linked(Maker *maker, const StetValue *value, GString *out)
{
	const char *text = display_value(maker, value);
	g_autofree char *url = value->origin ? origin_url(value->origin) : NULL;
	char number[STET_NUMBER_MAX] = "", name[24];
	StetFigure *figure = g_new0(StetFigure, 1);
	g_snprintf(name, sizeof name, "f%u", maker->page->figures->len + 1);
	figure->origin = value->origin;
	figure->text = g_strdup(text);
	figure->id = g_strdup(fresh_id(maker, name));
	figure->value = value->kind == STET_VALUE_INT ? (double)value->v.integer : value->kind == STET_VALUE_FLOAT ? value->v.number : (double)NAN;
	figure->unit = value->unit;
	g_ptr_array_add(maker->page->figures, figure);
	stet_number_text(figure->value, number);
	if (url) {
		g_string_append(out, "<a class=\"figure\" href=\"");
		append_link(maker, out, url);
		g_string_append(out, "\">");
	}
	gboolean restated = FALSE;
	g_autofree char *note = value->origin ? figure_note(maker, value, &restated) : NULL;
	g_string_append_printf(out, "<data id=\"%s\" value=\"%s\"%s", figure->id, number, restated ? " class=\"restated\"" : "");
	if (note) {
		g_string_append(out, " title=\"");
		append_escaped(out, note);
		g_string_append_c(out, '"');
	}
	g_string_append_c(out, '>');
	append_escaped(out, text);
	g_string_append(out, url ? "</data></a>" : "</data>");
}

static void append_change(Maker *maker, const StetNode *spec, const StetMetric *metric, guint measure, gsize row, GString *out)
{
	const StetNode *node = stet_node_get(spec, "change");
	if (!node)
		return;
	if (!g_strv_contains(stet_forms(), node->text)) {
		const char *near = stet_nearest(node->text, stet_forms());
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
		stet_diagnose(maker->diags, STET_ERROR, "form-unknown", node->place, mend, "there is no form '%s'", node->text);
		return;
	}
	StetDerived derived = stet_metric_derive(metric, measure, row, node->text, 0);
	if (isnan(derived.value)) {
		g_string_append(out, "<dd class=\"change flat\">");
		append_escaped(out, derived.why_not ? derived.why_not : "n/a");
		g_string_append(out, "</dd>");
		return;
	}
	const StetLocale *locale = maker_locale(maker);
	g_autofree char *text = stet_locale_quantity(locale, fabs(derived.value), derived.unit, derived_display(&metric->measures[measure], node->text), STET_FULL);
	gboolean up = derived.value > 0, flat = derived.value == 0;
	gboolean good = metric->measures[measure].good == STET_GOOD_NEUTRAL || flat ? FALSE : (metric->measures[measure].good == STET_GOOD_UP) == up;
	gboolean bad = metric->measures[measure].good != STET_GOOD_NEUTRAL && !flat && !good;
	g_string_append_printf(out, "<dd class=\"change %s%s\">", flat ? "flat" : up ? "up" : "down", good ? " good" : bad ? " bad" : "");
	g_string_append(out, flat ? say(maker, "unchanged") : up ? "▲ " : "▼ ");
	if (!flat)
		append_escaped(out, text);
	if (derived.base_row != G_MAXSIZE && metric->period_column >= 0) {
		g_autofree char *base = stet_cell_text(stet_table_cell(metric->table, derived.base_row, (guint)metric->period_column));
		g_autofree char *period = stet_locale_period(locale, base);
		g_string_append_printf(out, " %s ", say(maker, "since"));
		append_escaped(out, period);
	}
	g_string_append(out, "</dd>");
}

static void append_spark(const StetMetric *metric, guint measure, gsize row, const char *label, GString *out)
{
	double values[SPARK_MAX];
	gsize n = 0;
	const gsize *series = stet_metric_series(metric, row, &n);
	gsize skip = n > SPARK_MAX ? n - SPARK_MAX : 0;
	guint count = 0;
	for (gsize i = skip; i < n; i++)
		values[count++] = stet_cell_number(stet_table_cell(metric->table, series[i], metric->measures[measure].column));
	if (count < 2)
		return;
	g_string_append(out, "<dd class=\"spark\">");
	stet_sparkline_write(values, count, label, out);
	g_string_append(out, "</dd>");
}

static void open_figure(const char *label, GString *out)
{
	g_string_append(out, "<div class=\"big\"><dt>");
	append_escaped(out, label);
	g_string_append(out, "</dt><dd class=\"value\">");
}

static gboolean metric_figure(Maker *maker, const StetNode *spec, GString *out)
{
	const char *name = stet_node_text(spec, "metric", "");
	const StetMetric *metric = find_metric(maker, name);
	if (!metric) {
		report_metric(maker, spec->place, name);
		return FALSE;
	}
	int measure = stet_metric_measure(metric, stet_node_text(spec, "measure", ""));
	if (measure < 0) {
		stet_diagnose(maker->diags, STET_ERROR, "measure-unknown", spec->place, NULL, "metric '%s' has no measure '%s'", name,
		              stet_node_text(spec, "measure", ""));
		return FALSE;
	}
	if (!scenario_choose(maker, spec, &metric))
		return FALSE;
	gsize row = find_row(maker, spec, metric);
	if (row == G_MAXSIZE)
		return FALSE;
	const StetMeasure *m = &metric->measures[measure];
	const char *label = stet_node_text(spec, "label", m->title ? m->title : metric->title);
	use_metric(maker, metric);
	open_figure(label, out);
	StetValue value = figure_value(maker->arena, metric, (guint)measure, row);
	append_linked(maker, &value, out);
	g_string_append(out, "</dd>");
	if (metric->period_column >= 0) {
		g_autofree char *period = stet_cell_text(stet_table_cell(metric->table, row, (guint)metric->period_column));
		g_autofree char *shown = stet_locale_period(maker_locale(maker), period);
		g_string_append(out, "<dd class=\"when\">");
		append_escaped(out, shown);
		g_string_append(out, "</dd>");
	}
	append_change(maker, spec, metric, (guint)measure, row, out);
	if (stet_node_bool(spec, "spark", FALSE))
		append_spark(metric, (guint)measure, row, label, out);
	return TRUE;
}

static gboolean claim_figure(Maker *maker, const StetNode *spec, GString *out)
{
	const char *id = stet_node_text(spec, "claim", "");
	const StetClaim *claim = stet_claims_get(maker->book->world->metrics, id);
	note_read(maker, "claim", id);
	if (!claim) {
		stet_diagnose(maker->diags, STET_ERROR, "claim-unknown", spec->place, "see data/claims.csv for the ids", "there is no claim '%s'", id);
		return FALSE;
	}
	StetOrigin *origin = stet_arena_alloc(maker->arena, sizeof *origin);
	*origin = (StetOrigin){.claim = claim->id};
	StetValue value = stet_value_float(claim->value);
	value.unit = claim->unit;
	value.display = claim->value == floor(claim->value) ? 0 : 1;
	value.origin = origin;
	open_figure(stet_node_text(spec, "label", claim->statement), out);
	append_linked(maker, &value, out);
	g_string_append(out, "</dd><dd class=\"when\">");
	append_escaped(out, claim->period ? claim->period : "");
	g_string_append(out, "</dd><dd class=\"change flat\">");
	append_escaped(out, say(maker, "as_published"));
	g_string_append(out, "</dd>");
	return TRUE;
}

static gboolean one_figure(Maker *maker, const StetNode *spec, GString *out)
{
	if (!stet_node_check(spec, figure_keys, NULL, "figure-key", "a figure", maker->diags))
		return FALSE;
	gboolean sound = stet_node_get(spec, "claim") ? claim_figure(maker, spec, out) : metric_figure(maker, spec, out);
	const char *note = stet_node_text(spec, "note", NULL);
	if (sound && note) {
		g_string_append(out, "<dd class=\"note\">");
		append_escaped(out, note);
		g_string_append(out, "</dd>");
	}
	if (sound)
		g_string_append(out, "</div>\n");
	return sound;
}

gboolean component_figures(Maker *maker, const StetNode *spec, GString *out)
{
	gboolean sound = TRUE;
	g_string_append(out, "<dl class=\"figures\">\n");
	if (spec->kind == STET_NODE_LIST)
		for (guint i = 0; i < spec->n; i++)
			sound = one_figure(maker, spec->items[i], out) && sound;
	else
		sound = one_figure(maker, spec, out);
	g_string_append(out, "</dl>\n");
	return sound;
}
