/* Filters that templates of pages have besides Liquid's own: narrowing metrics to figures, derived
 * forms, formats in the site's language, words that follow numbers. */
#include "page/filters.h"

#include <math.h>
#include <string.h>

gboolean fail(StetRender *render, const char *code, const char *mend, const char *message)
{
	stet_render_fail(render, code, mend, "%s", message);
	return FALSE;
}

const char *text_arg(StetRender *render, const StetValue *args, guint n_args, guint index, const char *fallback)
{
	if (index >= n_args)
		return fallback;
	StetText text = stet_value_string(render, &args[index]);
	return stet_arena_text(stet_render_arena(render), text.ptr, (gssize)text.len);
}

static gint64 int_arg(StetRender *render, const StetValue *args, guint n_args, guint index, gint64 fallback)
{
	double number;
	return index < n_args && stet_value_number(render, &args[index], &number) && fabs(number) < 1e15 ? (gint64)number : fallback;
}

/* A word or a period said of a figure: it rests on the metric, but is no figure of its own. */
const char word_form[] = "word";

gboolean word(StetRender *render, const StetValue *input, const char *text, StetValue *out)
{
	StetArena *arena = stet_render_arena(render);
	const StetValue plain = plain_value(render, input);
	StetOrigin *origin = stet_arena_alloc(arena, sizeof *origin);
	*out = stet_value_text(arena, text, -1);
	origin->form = word_form;
	if (plain.origin) {
		const StetOrigin **inputs = stet_arena_alloc(arena, sizeof *inputs);
		inputs[0] = plain.origin;
		origin->inputs = inputs;
		origin->n_inputs = 1;
	}
	out->origin = origin;
	return TRUE;
}

/* ---- narrowing ----------------------------------------------------------------------------- */

gboolean need_selection(StetRender *render, const StetValue *input, const char *filter, Selection *selection)
{
	if (as_selection(render, input, selection) && selection->metric->table)
		return TRUE;
	stet_render_fail(render, "figure-filter", "begin with metrics.NAME", "filter '%s' wants rows of a metric", filter);
	return FALSE;
}

static gboolean equals(const StetTable *table, gsize row, guint column, const char *text)
{
	const StetCell *cell = stet_table_cell(table, row, column);
	if (cell->kind == STET_TEXT)
		return strcmp(cell->v.s, text) == 0;
	g_autofree char *have = stet_cell_text(cell);
	return strcmp(have, text) == 0;
}

static void narrow(StetRender *render, Selection *selection, guint column, const char *text)
{
	gsize before = selection->n;
	selection->narrowed = TRUE;
	if (selection->rows == all_rows(selection->book, selection->metric) && selection->n == selection->metric->table->n_rows) {
		selection->rows = rows_where(selection->book, selection->metric, column, text, &selection->n);
	} else {
		gsize *rows = stet_arena_alloc(stet_render_arena(render), (selection->n + 1) * sizeof *rows), n = 0;
		for (gsize i = 0; i < selection->n; i++)
			if (equals(selection->metric->table, selection->rows[i], column, text))
				rows[n++] = selection->rows[i];
		selection->rows = rows;
		selection->n = n;
	}
	if (before > 0 && selection->n == 0) {
		selection->missed_column = column;
		selection->missed = stet_arena_text(stet_render_arena(render), text, -1);
	}
}

static gboolean list_where(StetRender *render, const StetValue *input, const StetValue *args, guint n_args, StetValue *out)
{
	StetValue items = stet_value_items(render, input);
	const char *key = text_arg(render, args, n_args, 0, "");
	StetValue *kept = stet_arena_alloc(stet_render_arena(render), (items.v.list.n + 1) * sizeof *kept);
	gsize n = 0;
	for (gsize i = 0; i < items.v.list.n; i++) {
		StetValue have = stet_value_get(render, &items.v.list.items[i], key);
		const char *text = text_arg(render, &have, 1, 0, "");
		if (n_args < 2 ? stet_value_truthy(&have) : strcmp(text, text_arg(render, args, n_args, 1, "")) == 0)
			kept[n++] = items.v.list.items[i];
	}
	*out = stet_value_list(stet_render_arena(render), kept, n);
	return TRUE;
}

static FILTER(filter_where)
{
	UNUSED;
	Selection selection;
	if (!as_selection(render, input, &selection))
		return list_where(render, input, args, n_args, out);
	const char *name = text_arg(render, args, n_args, 0, ""), *text = text_arg(render, args, n_args, 1, "");
	if (!selection.metric->table)
		return FALSE;
	int column = stet_table_column(selection.metric->table, name);
	if (column < 0) {
		const char *near = selection.metric->n_dimensions ? stet_nearest(name, selection.metric->dimensions) : NULL;
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
		stet_render_fail(render, "figure-column", mend, "metric '%s' has no column '%s'", selection.metric->name, name);
		return FALSE;
	}
	narrow(render, &selection, (guint)column, text);
	*out = selection_value(stet_render_arena(render), &selection);
	return TRUE;
}

static gboolean at_edge(StetRender *render, const StetValue *input, gboolean last, const char *filter, StetValue *out)
{
	Selection selection;
	if (!need_selection(render, input, filter, &selection))
		return FALSE;
	int column = selection.metric->period_column;
	selection.narrowed = TRUE;
	if (column >= 0 && selection.n > 0) {
		/* Rows are ordered by period. */
		gsize edge = selection.rows[last ? selection.n - 1 : 0];
		g_autofree char *period = stet_cell_text(stet_table_cell(selection.metric->table, edge, (guint)column));
		narrow(render, &selection, (guint)column, period);
	}
	*out = selection_value(stet_render_arena(render), &selection);
	return TRUE;
}

static FILTER(filter_latest)
{
	UNUSED;
	return at_edge(render, input, TRUE, "latest", out);
}

static FILTER(filter_earliest)
{
	UNUSED;
	return at_edge(render, input, FALSE, "earliest", out);
}

static FILTER(filter_at)
{
	UNUSED;
	Selection selection;
	if (!need_selection(render, input, "at", &selection))
		return FALSE;
	const char *period = text_arg(render, args, n_args, 0, "");
	if (strcmp(period, "latest") == 0)
		return at_edge(render, input, TRUE, "at", out);
	if (selection.metric->period_column < 0)
		return fail(render, "figure-period", "leave 'at' out", "this metric has no period");
	narrow(render, &selection, (guint)selection.metric->period_column, period);
	*out = selection_value(stet_render_arena(render), &selection);
	return TRUE;
}

static FILTER(filter_before)
{
	UNUSED;
	Selection selection;
	if (!need_selection(render, input, "before", &selection))
		return FALSE;
	guint steps = (guint)CLAMP(int_arg(render, args, n_args, 0, 1), 1, 1000);
	gsize *rows = stet_arena_alloc(stet_render_arena(render), (selection.n + 1) * sizeof *rows), n = 0;
	for (gsize i = 0; i < selection.n; i++) {
		gsize row = stet_metric_row_before(selection.metric, selection.rows[i], steps);
		if (row != G_MAXSIZE)
			rows[n++] = row;
	}
	selection.rows = rows;
	selection.n = n;
	selection.narrowed = TRUE;
	*out = selection_value(stet_render_arena(render), &selection);
	return TRUE;
}

static FILTER(filter_measure)
{
	UNUSED;
	Selection selection;
	if (!need_selection(render, input, "measure", &selection))
		return FALSE;
	const char *name = text_arg(render, args, n_args, 0, "");
	int measure = stet_metric_measure(selection.metric, name);
	if (measure < 0) {
		stet_render_fail(render, "figure-column", NULL, "metric '%s' has no measure '%s'", selection.metric->name, name);
		return FALSE;
	}
	selection.measure = (guint)measure;
	*out = selection_value(stet_render_arena(render), &selection);
	return TRUE;
}

/* ---- order --------------------------------------------------------------------------------- */

typedef struct {
	const Selection *selection;
	gboolean descending;
} Order;

static int compare_rows(gconstpointer a, gconstpointer b, gpointer data)
{
	const Order *order = data;
	gsize x = *(const gsize *)a, y = *(const gsize *)b;
	const StetMetric *metric = order->selection->metric;
	guint column = metric->measures[order->selection->measure].column;
	int by_value = stet_cell_compare(stet_table_cell(metric->table, x, column), stet_table_cell(metric->table, y, column));
	if (order->descending)
		by_value = -by_value;
	return by_value ? by_value : x < y ? -1 : x > y;
}

static gboolean ranked(StetRender *render, const StetValue *input, gsize count, gboolean descending, const char *filter, StetValue *out)
{
	Selection selection;
	if (!need_selection(render, input, filter, &selection))
		return FALSE;
	const StetMetric *metric = selection.metric;
	gsize *rows = stet_arena_alloc(stet_render_arena(render), (selection.n + 1) * sizeof *rows), n = 0;
	for (gsize i = 0; i < selection.n; i++)
		if (stet_table_cell(metric->table, selection.rows[i], metric->measures[selection.measure].column)->kind != STET_NULL)
			rows[n++] = selection.rows[i];
	Order order = {&selection, descending};
	g_qsort_with_data(rows, (gint)n, sizeof *rows, compare_rows, &order);
	selection.rows = rows;
	selection.n = MIN(n, count);
	selection.narrowed = TRUE;
	*out = selection_value(stet_render_arena(render), &selection);
	return TRUE;
}

static FILTER(filter_top)
{
	UNUSED;
	return ranked(render, input, (gsize)CLAMP(int_arg(render, args, n_args, 0, 1), 0, 100000), TRUE, "top", out);
}

static FILTER(filter_bottom)
{
	UNUSED;
	return ranked(render, input, (gsize)CLAMP(int_arg(render, args, n_args, 0, 1), 0, 100000), FALSE, "bottom", out);
}

static FILTER(filter_highest)
{
	UNUSED;
	return ranked(render, input, 1, TRUE, "highest", out);
}

static FILTER(filter_lowest)
{
	UNUSED;
	return ranked(render, input, 1, FALSE, "lowest", out);
}

/* ---- derived forms ------------------------------------------------------------------------- */

gboolean one_row(StetRender *render, const StetValue *input, const char *filter, Selection *selection)
{
	if (!need_selection(render, input, filter, selection))
		return FALSE;
	if (selection->n == 1)
		return TRUE;
	stet_render_fail(render, "figure-ambiguous", "narrow it: where: \"dimension\", \"value\" | latest",
	                 "filter '%s' wants one row of metric '%s', not %" G_GSIZE_FORMAT, filter, selection->metric->name, selection->n);
	return FALSE;
}

int derived_display(const StetMeasure *measure, const char *form)
{
	static const struct {
		const char *form;
		gboolean whole; /* else as the measure */
	} forms[] = {{"rank", TRUE}, {"rank_change", TRUE}, {"change", FALSE}, {"yoy_change", FALSE}, {"cumulative", FALSE}, {"moving_average", FALSE}};
	for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
		if (strcmp(forms[i].form, form) == 0)
			return forms[i].whole ? 0 : measure->display;
	return -1;
}

static gboolean derive(StetRender *render, const StetValue *input, const StetValue *args, guint n_args, const char *form, StetValue *out)
{
	Selection selection;
	if (!one_row(render, input, form, &selection))
		return FALSE;
	StetArena *arena = stet_render_arena(render);
	guint n = (guint)CLAMP(int_arg(render, args, n_args, 0, 0), 0, 10000);
	StetDerived derived = stet_metric_derive(selection.metric, selection.measure, selection.rows[0], form, n);
	StetOrigin *from = stet_arena_alloc(arena, sizeof *from);
	const StetOrigin **inputs = stet_arena_alloc(arena, sizeof *inputs);
	*from = (StetOrigin){.metric = selection.metric, .row = selection.rows[0], .measure = selection.measure};
	inputs[0] = from;
	derived_value(arena, &derived, form, 1, inputs, out);
	out->display = derived_display(&selection.metric->measures[selection.measure], form);
	return TRUE;
}

#define FORM(name)                                                                                                       \
	static FILTER(form_##name)                                                                                                  \
	{                                                                                                                    \
		UNUSED;                                                                                                          \
		return derive(render, input, args, n_args, #name, out);                                                          \
	}
FORM(change)
FORM(growth)
FORM(yoy)
FORM(yoy_change)
FORM(cagr)
FORM(index)
FORM(cumulative)
FORM(moving_average)
FORM(share)
FORM(rank)
FORM(rank_change)
FORM(contribution)

/* ---- words --------------------------------------------------------------------------------- */

#define STEADY 0.5 /* percent of the earlier value, or points: smaller moves are no news */

static FILTER(filter_moved)
{
	UNUSED;
	Selection selection;
	if (!one_row(render, input, "moved", &selection))
		return FALSE;
	guint steps = (guint)CLAMP(int_arg(render, args, n_args, 0, 1), 1, 1000);
	StetDirection direction = stet_metric_direction(selection.metric, selection.measure, selection.rows[0], steps, STEADY);
	static const char *const words[] = {"rose", "fell", "held"};
	guint which = direction == STET_DIRECTION_UP ? 0 : direction == STET_DIRECTION_DOWN ? 1 : 2;
	return word(render, input, text_arg(render, args, n_args, which + 1, say(host, words[which])), out);
}

static FILTER(filter_direction)
{
	UNUSED;
	double number = 0;
	if (!stet_value_number(render, input, &number))
		return fail(render, "filter-number", NULL, "filter 'direction' wants a number");
	return word(render, input, text_arg(render, args, n_args, number > 0 ? 0 : number < 0 ? 1 : 2, ""), out);
}

static FILTER(filter_slug)
{
	UNUSED;
	g_autofree char *slug = short_slug(text_arg(render, input, 1, 0, ""));
	return word(render, input, slug, out);
}

/* ---- formats ------------------------------------------------------------------------------- */

static gboolean formatted(StetRender *render, const StetValue *input, const char *unit, int decimals, StetRoom room, gpointer host,
                          StetValue *out)
{
	StetValue plain = plain_value(render, input);
	double number = 0;
	if (plain.kind == STET_VALUE_TEXT || plain.kind == STET_VALUE_NIL) {
		*out = plain;
		return TRUE;
	}
	if (!stet_value_number(render, &plain, &number))
		return fail(render, "filter-number", "give it one figure", "a format wants a number");
	const Maker *maker = host;
	g_autofree char *text = stet_locale_quantity(maker_locale(maker), number, unit, decimals, room);
	*out = stet_value_text(stet_render_arena(render), text, -1);
	out->origin = plain.origin;
	return TRUE;
}

static const char *unit_of(StetRender *render, const StetValue *input)
{
	return plain_value(render, input).unit;
}

static FILTER(filter_number)
{
	UNUSED;
	return formatted(render, input, unit_of(render, input), (int)int_arg(render, args, n_args, 0, -1), STET_FULL, host, out);
}

static FILTER(filter_percent)
{
	UNUSED;
	return formatted(render, input, "percent", (int)int_arg(render, args, n_args, 0, 1), STET_FULL, host, out);
}

static FILTER(filter_currency)
{
	UNUSED;
	g_autofree char *unit = g_strconcat("currency:", text_arg(render, args, n_args, 0, "USD"), NULL);
	return formatted(render, input, unit, (int)int_arg(render, args, n_args, 1, -1), STET_FULL, host, out);
}

/* A number in short; a list without its nils, as Liquid has it. */
static FILTER(filter_compact)
{
	UNUSED;
	if (input->kind == STET_VALUE_LIST || input->kind == STET_VALUE_NIL || input->kind == STET_VALUE_RANGE || n_args > 0)
		return stet_filter_standard("compact")->call(render, input, args, n_args, named, out, host);
	return formatted(render, input, unit_of(render, input), -1, STET_COMPACT, host, out);
}

static FILTER(filter_bare)
{
	UNUSED;
	StetValue plain = plain_value(render, input);
	return formatted(render, &plain, NULL, (int)int_arg(render, args, n_args, 0, plain.display), STET_FULL, host, out);
}

static FILTER(filter_period)
{
	UNUSED;
	Selection selection;
	const Maker *maker = host;
	const char *period;
	g_autofree char *cell = NULL;
	if (as_selection(render, input, &selection)) {
		if (selection.metric->period_column < 0 || selection.n == 0)
			return fail(render, "figure-period", NULL, "there is no period to print");
		cell = stet_cell_text(stet_table_cell(selection.metric->table, selection.rows[selection.n - 1], (guint)selection.metric->period_column));
		period = cell;
	} else {
		period = text_arg(render, input, 1, 0, "");
	}
	g_autofree char *text = stet_locale_period_words(maker_locale(maker), period);
	return word(render, input, text, out);
}

static FILTER(filter_dimension)
{
	UNUSED;
	Selection selection;
	if (!one_row(render, input, "dimension", &selection))
		return FALSE;
	const char *first = selection.metric->n_dimensions ? selection.metric->dimensions[0] : "";
	int column = stet_table_column(selection.metric->table, text_arg(render, args, n_args, 0, first));
	if (column < 0)
		return fail(render, "figure-column", NULL, "the metric has no such dimension");
	g_autofree char *text = stet_cell_text(stet_table_cell(selection.metric->table, selection.rows[0], (guint)column));
	return word(render, input, text, out);
}

const StetFilterEntry page_filters[] = {
	{"difference", figure_difference, 1, 1}, {"concentration", figure_concentration, 1, 1}, {"where", filter_where, 1, 2}, {"at", filter_at, 1, 1}, {"scenario", figure_scenario, 1, 1}, {"latest", filter_latest, 0, 0}, {"earliest", filter_earliest, 0, 0},
	{"before", filter_before, 0, 1}, {"measure", filter_measure, 1, 1}, {"top", filter_top, 1, 1}, {"bottom", filter_bottom, 1, 1},
	{"highest", filter_highest, 0, 0}, {"lowest", filter_lowest, 0, 0}, {"change", form_change, 0, 1}, {"growth", form_growth, 0, 1},
	{"yoy", form_yoy, 0, 1}, {"yoy_change", form_yoy_change, 0, 1}, {"cagr", form_cagr, 0, 1}, {"index", form_index, 0, 1},
	{"cumulative", form_cumulative, 0, 0}, {"moving_average", form_moving_average, 0, 1}, {"share", form_share, 0, 0},
	{"rank", form_rank, 0, 0}, {"rank_change", form_rank_change, 0, 1}, {"contribution", form_contribution, 0, 1},
	{"moved", filter_moved, 0, 4}, {"grew", words_grew, 0, 1}, {"fraction", words_fraction, 0, 0}, {"direction", filter_direction, 3, 3}, {"plural", words_plural, 0, 2}, {"list", words_list, 0, 1}, {"sort_natural", words_sort_natural, 0, 1},
	{"slug", filter_slug, 0, 0}, {"words", words_words, 0, 0}, {"ordinal", words_ordinal, 0, 0}, {"number", filter_number, 0, 1},
	{"percent", filter_percent, 0, 1}, {"currency", filter_currency, 0, 2}, {"compact", filter_compact, 0, 1}, {"bare", filter_bare, 0, 1},
	{"period", filter_period, 0, 0}, {"dimension", filter_dimension, 0, 1},
	{"date", words_date, 0, 1}, {"quote", words_quote, 0, 0}, {"t", words_t, 0, 2}, {"raw", words_raw, 0, 0}, {"link_to", words_link_to, 1, 1},
	{"sparkline", words_sparkline, 0, 0}, {NULL, NULL, 0, 0},
};
