/* derive: growth, shares, ranks and the like of any metric with a period, without SQL. */
#include "metric/private.h"

#include <math.h>
#include <string.h>

#define POINTS "percentage points"
#define FIGURES 12 /* significant digits of a derived value, as of a value on arrival */

typedef struct {
	const StetMetric *metric;
	guint measure;
	gsize row;
	guint n;      /* as asked for; 0: the form's habit */
	double value; /* at row; never NaN */
	const char *unit;
} Ask;

static StetDerived refuse(const char *why_not)
{
	return (StetDerived){NAN, NULL, why_not, G_MAXSIZE};
}

static StetDerived answer(double value, const char *unit, gsize base_row)
{
	if (!isfinite(value))
		return refuse("the result is too large");
	return (StetDerived){stet_round_significant(value, FIGURES), unit, NULL, base_row};
}

static gboolean unit_is(const char *unit, const char *name)
{
	return unit && strcmp(unit, name) == 0;
}

static const char *unit_of_change(const char *unit)
{
	if (unit_is(unit, "percent"))
		return POINTS;
	return unit_is(unit, "index") ? "points" : unit;
}

/* Why values of this unit are not summed; NULL if they may be. */
static const char *why_no_sum(const char *unit)
{
	if (unit_is(unit, "percent") || unit_is(unit, POINTS))
		return "percentages cannot be added up";
	if (unit_is(unit, "ratio"))
		return "ratios cannot be added up";
	return unit_is(unit, "index") ? "index values cannot be added up" : NULL;
}

/* The row to compare with, `steps` periods earlier; G_MAXSIZE and a reason if there is no value. */
static gsize base_of(const Ask *ask, guint steps, const char **why_not)
{
	gsize first = 0, end = 0, base = stet_metric_row_before(ask->metric, ask->row, steps);
	if (base == G_MAXSIZE)
		*why_not = rows_period_before(ask->metric, ask->row, steps, &first, &end)
					   ? "no value in the earlier period"
					   : "no earlier period";
	else if (isnan(rows_value(ask->metric, ask->measure, base)))
		*why_not = "the earlier value is missing";
	else
		return base;
	return G_MAXSIZE;
}

/* The first row of the series with a value. */
static gsize first_of(const Ask *ask)
{
	return stet_metric_pick(ask->metric, ask->measure, ask->row, "first");
}

static StetDerived change_over(const Ask *ask, guint steps)
{
	const char *why_not = NULL;
	gsize base = base_of(ask, steps, &why_not);
	if (base == G_MAXSIZE)
		return refuse(why_not);
	return answer(ask->value - rows_value(ask->metric, ask->measure, base), unit_of_change(ask->unit), base);
}

static const char *bad_base(double base)
{
	return base == 0 ? "the base is zero" : base < 0 ? "the base is negative" : NULL;
}

static StetDerived growth_over(const Ask *ask, guint steps)
{
	const char *why_not = NULL;
	gsize base = base_of(ask, steps, &why_not);
	if (base == G_MAXSIZE)
		return refuse(why_not);
	double from = rows_value(ask->metric, ask->measure, base);
	if (bad_base(from))
		return refuse(bad_base(from));
	return answer(100 * (ask->value - from) / from, "percent", base);
}

static StetDerived form_change(const Ask *ask)
{
	return change_over(ask, ask->n > 0 ? ask->n : 1);
}

static StetDerived form_growth(const Ask *ask)
{
	return growth_over(ask, ask->n > 0 ? ask->n : 1);
}

static StetDerived form_yoy(const Ask *ask)
{
	guint year = stet_metric_year_length(ask->metric);
	return year > 0 ? growth_over(ask, year) : refuse("the periods are no quarters, months or years");
}

static StetDerived form_yoy_change(const Ask *ask)
{
	guint year = stet_metric_year_length(ask->metric);
	return year > 0 ? change_over(ask, year) : refuse("the periods are no quarters, months or years");
}

/* The base of cagr and index: `n` periods back, or the first of the series. */
static gsize far_base(const Ask *ask, const char **why_not)
{
	if (ask->n > 0)
		return base_of(ask, ask->n, why_not);
	gsize first = first_of(ask);
	if (first == ask->row) {
		*why_not = "no earlier period";
		return G_MAXSIZE;
	}
	return first;
}

static StetDerived form_cagr(const Ask *ask)
{
	const char *why_not = NULL;
	guint year = stet_metric_year_length(ask->metric);
	gsize base = far_base(ask, &why_not);
	if (year == 0)
		return refuse("the periods are no quarters, months or years");
	if (base == G_MAXSIZE)
		return refuse(why_not);
	double from = rows_value(ask->metric, ask->measure, base);
	double periods = rows_periods_between(ask->metric, base, ask->row);
	if (bad_base(from))
		return refuse(bad_base(from));
	if (ask->value < 0)
		return refuse("the value is negative");
	if (periods <= 0)
		return refuse("no earlier period");
	return answer(100 * (pow(ask->value / from, year / periods) - 1), "percent", base);
}

static StetDerived form_index(const Ask *ask)
{
	const char *why_not = NULL;
	gsize base = ask->n > 0 ? base_of(ask, ask->n, &why_not) : first_of(ask);
	if (base == G_MAXSIZE)
		return refuse(why_not);
	double from = rows_value(ask->metric, ask->measure, base);
	if (bad_base(from))
		return refuse(bad_base(from));
	return answer(100 * ask->value / from, "index", base);
}

static StetDerived form_cumulative(const Ask *ask)
{
	if (why_no_sum(ask->unit))
		return refuse(why_no_sum(ask->unit));
	gsize n = 0;
	const gsize *series = stet_metric_series(ask->metric, ask->row, &n);
	double sum = 0;
	for (gsize i = 0; i < n && series[i] <= ask->row; i++) {
		double value = rows_value(ask->metric, ask->measure, series[i]);
		if (isnan(value))
			return refuse("an earlier value is missing");
		sum += value;
	}
	return answer(sum, ask->unit, n > 0 ? series[0] : G_MAXSIZE);
}

static StetDerived form_moving_average(const Ask *ask)
{
	guint year = stet_metric_year_length(ask->metric);
	guint window = ask->n > 0 ? ask->n : year > 1 ? year : 3;
	double sum = ask->value;
	gsize base = ask->row;
	const char *why_not = NULL;
	for (guint steps = 1; steps < window; steps++) {
		base = base_of(ask, steps, &why_not);
		if (base == G_MAXSIZE)
			return refuse("too few earlier periods");
		sum += rows_value(ask->metric, ask->measure, base);
	}
	return answer(sum / window, ask->unit, base);
}

/* Sum of the measure over rows [first, end); NaN and a reason where a share of it would mean nothing. */
static double sum_of(const Ask *ask, gsize first, gsize end, const char **why_not)
{
	double sum = 0;
	for (gsize row = first; row < end; row++) {
		double value = rows_value(ask->metric, ask->measure, row);
		if (value < 0) {
			*why_not = "one of the values is negative";
			return NAN;
		}
		sum += isnan(value) ? 0 : value;
	}
	*why_not = "the total is zero";
	return sum > 0 ? sum : NAN;
}

static StetDerived form_share(const Ask *ask)
{
	if (why_no_sum(ask->unit))
		return refuse(why_no_sum(ask->unit));
	gsize first = 0, end = 0;
	const char *why_not = NULL;
	rows_peers(ask->metric, ask->row, &first, &end);
	double total = sum_of(ask, first, end, &why_not);
	return isnan(total) ? refuse(why_not) : answer(100 * ask->value / total, "percent", G_MAXSIZE);
}

/* Competition ranking: equals share the better place (1, 2, 2, 4). */
static guint rank_at(const StetMetric *metric, guint measure, gsize row)
{
	gsize first = 0, end = 0;
	guint above = 0;
	double value = rows_value(metric, measure, row);
	rows_peers(metric, row, &first, &end);
	for (gsize r = first; r < end; r++)
		above += rows_value(metric, measure, r) > value;
	return above + 1;
}

static StetDerived form_rank(const Ask *ask)
{
	return answer(rank_at(ask->metric, ask->measure, ask->row), NULL, G_MAXSIZE);
}

static StetDerived form_rank_change(const Ask *ask)
{
	const char *why_not = NULL;
	gsize base = base_of(ask, ask->n > 0 ? ask->n : 1, &why_not);
	if (base == G_MAXSIZE)
		return refuse(why_not);
	double then = rank_at(ask->metric, ask->measure, base),
		   now = rank_at(ask->metric, ask->measure, ask->row);
	return answer(then - now, "places", base);
}

/* A row that is new since the base period contributes all of its value: the contributions of a period add
 * up to the growth of the total, less what has gone. */
static StetDerived form_contribution(const Ask *ask)
{
	guint steps = ask->n > 0 ? ask->n : 1;
	if (why_no_sum(ask->unit))
		return refuse(why_no_sum(ask->unit));
	gsize first = 0, end = 0, base = stet_metric_row_before(ask->metric, ask->row, steps);
	if (!rows_period_before(ask->metric, ask->row, steps, &first, &end))
		return refuse("no earlier period");
	const char *why_not = NULL;
	double total = sum_of(ask, first, end, &why_not);
	if (isnan(total))
		return refuse(why_not);
	double from = base == G_MAXSIZE ? 0 : rows_value(ask->metric, ask->measure, base);
	if (isnan(from))
		return refuse("the earlier value is missing");
	return answer(100 * (ask->value - from) / total, POINTS, base);
}

static const struct {
	const char *name;
	StetDerived (*derive)(const Ask *ask);
	const char *formula;
} forms[] = {
	{"change", form_change, "value - earlier value"},
	{"growth", form_growth, "100 x (value / earlier value - 1)"},
	{"yoy", form_yoy, "100 x (value / value a year earlier - 1)"},
	{"yoy_change", form_yoy_change, "value - value a year earlier"},
	{"cagr", form_cagr, "100 x ((value / first value)^(1 / years) - 1)"},
	{"index", form_index, "100 x value / first value"},
	{"cumulative", form_cumulative, "sum of all values up to the period"},
	{"moving_average", form_moving_average, "mean of the latest values"},
	{"share", form_share, "100 x value / total of the period"},
	{"rank", form_rank, "1 + number of larger values in the period"},
	{"rank_change", form_rank_change, "earlier rank - rank"},
	{"contribution", form_contribution, "100 x (value - earlier value) / earlier total"},
};

#define DIFFERENCE "difference" /* of two figures: no form of a series */

const char *const *stet_forms(void)
{
	static const char *names[G_N_ELEMENTS(forms) + 1];
	static gsize made;
	if (g_once_init_enter(&made)) {
		for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
			names[i] = forms[i].name;
		g_once_init_leave(&made, 1);
	}
	return names;
}

const char *stet_form_formula(const char *form)
{
	for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
		if (strcmp(forms[i].name, form) == 0)
			return forms[i].formula;
	return strcmp(form, DIFFERENCE) == 0 ? "value - other value" : concentration_formula(form);
}

StetDerived stet_metric_derive(const StetMetric *metric, guint measure, gsize row, const char *form, guint n)
{
	if (!metric->rows || row >= metric->table->n_rows || measure >= metric->n_measures)
		return refuse("the metric has no such row");
	Ask ask = {metric, measure, row, n, rows_value(metric, measure, row), metric->measures[measure].unit};
	for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
		if (strcmp(forms[i].name, form) != 0)
			continue;
		return isnan(ask.value) ? refuse("the value is missing") : forms[i].derive(&ask);
	}
	return refuse("there is no such form");
}

StetDerived stet_metric_difference(StetFigureCell cell, StetFigureCell other)
{
	double value = rows_value(cell.metric, cell.measure, cell.row);
	double from = rows_value(other.metric, other.measure, other.row);
	const char *unit = cell.metric->measures[cell.measure].unit;
	if (g_strcmp0(unit, other.metric->measures[other.measure].unit) != 0)
		return refuse("the units are not the same");
	if (isnan(value))
		return refuse("the value is missing");
	if (isnan(from))
		return refuse("the other value is missing");
	return answer(value - from, unit_of_change(unit), other.row);
}

StetDirection stet_metric_direction(const StetMetric *metric, guint measure, gsize row, guint steps,
									double threshold)
{
	gboolean points = measure < metric->n_measures && unit_is(metric->measures[measure].unit, "percent");
	StetDerived move = stet_metric_derive(metric, measure, row, "change", steps);
	if (isnan(move.value))
		return STET_DIRECTION_UNKNOWN;
	double from = fabs(rows_value(metric, measure, move.base_row));
	double size = points                 ? fabs(move.value)
				  : from > 0             ? 100 * fabs(move.value) / from
				  : fabs(move.value) > 0 ? INFINITY
										 : 0;
	if (move.value == 0 || size < threshold)
		return STET_DIRECTION_STEADY;
	return move.value > 0 ? STET_DIRECTION_UP : STET_DIRECTION_DOWN;
}
