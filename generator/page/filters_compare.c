/* Filters that set figures against each other: differences, and the concentration of a period's rows. */
#include "page/filters.h"

#include <math.h>
#include <string.h>

#define PEERS_MAX 24u /* rows named in the origin of a concentration; of more the first stands for all */

static const StetOrigin *cell_origin(StetArena *arena, const StetMetric *metric, guint measure, gsize row)
{
	StetOrigin *origin = stet_arena_alloc(arena, sizeof *origin);
	*origin = (StetOrigin){.metric = metric, .row = row, .measure = measure};
	return origin;
}

void derived_value(StetArena *arena, const StetDerived *derived, const char *form, guint n_inputs, const StetOrigin *const *inputs,
                   StetValue *out)
{
	StetOrigin *origin = stet_arena_alloc(arena, sizeof *origin);
	*origin = (StetOrigin){.form = form, .n_inputs = n_inputs, .inputs = inputs};
	if (isnan(derived->value)) {
		*out = stet_value_text(arena, "n/a", -1);
		origin->why_not = derived->why_not;
	} else {
		*out = stet_value_float(derived->value);
		out->unit = derived->unit;
		out->display = -1;
	}
	out->origin = origin;
}

/* {{ figure | difference: other }} */
FILTER(figure_difference)
{
	UNUSED;
	Selection selection, other;
	if (!one_row(render, input, "difference", &selection) || !one_row(render, &args[0], "difference", &other))
		return FALSE;
	StetArena *arena = stet_render_arena(render);
	const StetFigureCell cells[] = {{selection.metric, selection.measure, selection.rows[0]}, {other.metric, other.measure, other.rows[0]}};
	const char *const units[] = {selection.metric->measures[selection.measure].unit, other.metric->measures[other.measure].unit};
	if (g_strcmp0(units[0], units[1]) != 0) {
		stet_render_fail(render, "figure-units", "take figures of one unit", "'%s' less '%s' has no meaning",
		                 units[0] ? units[0] : "no unit", units[1] ? units[1] : "no unit");
		return FALSE;
	}
	const StetOrigin **inputs = stet_arena_alloc(arena, G_N_ELEMENTS(cells) * sizeof *inputs);
	for (guint i = 0; i < G_N_ELEMENTS(cells); i++)
		inputs[i] = cell_origin(arena, cells[i].metric, cells[i].measure, cells[i].row);
	StetDerived derived = stet_metric_difference(cells[0], cells[1]);
	derived_value(arena, &derived, "difference", G_N_ELEMENTS(cells), inputs, out);
	out->display = selection.metric->measures[selection.measure].display;
	return TRUE;
}

static gboolean is_concentration(const char *form)
{
	g_autofree char *level = g_strndup(form, strlen(form) - (g_str_has_suffix(form, "_change") ? strlen("_change") : 0));
	return g_strv_contains(stet_concentration_forms(), level);
}

static gboolean same_period(const Selection *selection)
{
	const StetMetric *metric = selection->metric;
	for (gsize i = 1; metric->period_column >= 0 && i < selection->n; i++)
		if (stet_cell_compare(stet_table_cell(metric->table, selection->rows[i], (guint)metric->period_column),
		                      stet_table_cell(metric->table, selection->rows[0], (guint)metric->period_column)) != 0)
			return FALSE;
	return selection->n > 0;
}

/* {{ metrics.NAME | latest | concentration: "hhi" }}, `over: "dimension"` */
FILTER(figure_concentration)
{
	UNUSED;
	Selection selection;
	if (!need_selection(render, input, "concentration", &selection))
		return FALSE;
	StetArena *arena = stet_render_arena(render);
	const char *form = text_arg(render, args, n_args, 0, "");
	StetValue named_over = named ? stet_value_get(render, named, "over") : stet_value_nil();
	const char *over = text_arg(render, &named_over, named_over.kind == STET_VALUE_TEXT ? 1 : 0, 0, NULL);
	if (!is_concentration(form)) {
		const char *near = stet_nearest(form, stet_concentration_forms());
		g_autofree char *all = g_strjoinv(", ", (char **)stet_concentration_forms());
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : g_strdup_printf("one of: %s", all);
		stet_render_fail(render, "form-unknown", mend, "there is no measure of concentration '%s'", form);
		return FALSE;
	}
	if (!same_period(&selection))
		return fail(render, "figure-period", "narrow it with 'latest' or 'at'", "filter 'concentration' wants the rows of one period");
	guint n = selection.n <= PEERS_MAX && !over ? (guint)selection.n : 1;
	const StetOrigin **inputs = stet_arena_alloc(arena, n * sizeof *inputs);
	for (guint i = 0; i < n; i++)
		inputs[i] = cell_origin(arena, selection.metric, selection.measure, selection.rows[i]);
	StetDerived derived = stet_metric_concentration(selection.metric, selection.measure, selection.rows[0], over, form);
	derived_value(arena, &derived, form, n, inputs, out);
	return TRUE;
}
