/* concentration: how the values of one period are spread over their dimensions. */
#include "metric/private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	double *values; /* ascending, none negative */
	gsize n;
	double total; /* above zero */
} Spread;

static StetDerived refuse(const char *why_not)
{
	return (StetDerived){NAN, NULL, why_not, G_MAXSIZE};
}

static int compare_numbers(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* TRUE if `other` agrees with `row` in every dimension but `over`. */
static gboolean is_peer(const StetMetric *metric, gsize row, gsize other, const char *over)
{
	for (guint d = 0; over && d < metric->n_dimensions; d++) {
		guint column = metric->dimension_columns[d];
		if (strcmp(metric->dimensions[d], over) != 0 &&
			stet_cell_compare(stet_table_cell(metric->table, row, column),
							  stet_table_cell(metric->table, other, column)) != 0)
			return FALSE;
	}
	return TRUE;
}

static gboolean has_dimension(const StetMetric *metric, const char *name)
{
	for (guint d = 0; d < metric->n_dimensions; d++)
		if (strcmp(metric->dimensions[d], name) == 0)
			return TRUE;
	return FALSE;
}

/* Values of the row's peers, smallest first; FALSE and a reason where they have no shares. A value that is
 * missing counts as no peer. Summed in order of size, so the order of the rows never shows. */
static gboolean spread_of(const StetMetric *metric, guint measure, gsize row, const char *over,
						  Spread *spread, const char **why_not)
{
	gsize first = 0, end = 0;
	*why_not = "the metric has no such row";
	if (!metric->rows || row >= metric->table->n_rows || measure >= metric->n_measures)
		return FALSE;
	*why_not = "the metric has no such dimension";
	if (over && !has_dimension(metric, over))
		return FALSE;
	rows_peers(metric, row, &first, &end);
	spread->values = g_new(double, end - first + 1);
	for (gsize other = first; other < end; other++) {
		double value = rows_value(metric, measure, other);
		if (!isnan(value) && is_peer(metric, row, other, over))
			spread->values[spread->n++] = value;
	}
	qsort(spread->values, spread->n, sizeof(double), compare_numbers);
	*why_not = "one of the values is negative";
	if (spread->n > 0 && spread->values[0] < 0)
		return FALSE;
	for (gsize i = 0; i < spread->n; i++)
		spread->total += spread->values[i];
	*why_not = "the total is zero";
	return spread->total > 0;
}

static double share(const Spread *spread, gsize i)
{
	return spread->values[i] / spread->total;
}

static double sum_of_squares(const Spread *spread)
{
	double sum = 0;
	for (gsize i = 0; i < spread->n; i++)
		sum += share(spread, i) * share(spread, i);
	return sum;
}

/* CR n: what the `n` largest hold together. */
static double concentration_ratio(const Spread *spread, guint n)
{
	double sum = 0;
	for (gsize i = spread->n - MIN(spread->n, (gsize)n); i < spread->n; i++)
		sum += share(spread, i);
	return 100 * sum;
}

static double hhi(const Spread *spread, guint n)
{
	(void)n;
	return 10000 * sum_of_squares(spread);
}

static double entropy(const Spread *spread, guint n)
{
	(void)n;
	double sum = 0;
	for (gsize i = 0; i < spread->n; i++)
		sum -= share(spread, i) > 0 ? share(spread, i) * log(share(spread, i)) : 0;
	return sum;
}

static double effective_number(const Spread *spread, guint n)
{
	(void)n;
	return 1 / sum_of_squares(spread);
}

static double effective_entropy(const Spread *spread, guint n)
{
	return exp(entropy(spread, n));
}

static double gini(const Spread *spread, guint n)
{
	(void)n;
	double count = (double)spread->n, sum = 0;
	for (gsize i = 0; i < spread->n; i++)
		sum += (2 * (double)(i + 1) - count - 1) * share(spread, i);
	return sum / count;
}

static const struct {
	const char *name;
	double (*measure)(const Spread *spread, guint n);
	guint n;
	const char *unit, *formula;
} forms[] = {
	{"cr1", concentration_ratio, 1, "percent", "the largest share"},
	{"cr2", concentration_ratio, 2, "percent", "sum of the 2 largest shares"},
	{"cr3", concentration_ratio, 3, "percent", "sum of the 3 largest shares"},
	{"cr4", concentration_ratio, 4, "percent", "sum of the 4 largest shares"},
	{"cr5", concentration_ratio, 5, "percent", "sum of the 5 largest shares"},
	{"hhi", hhi, 0, "index", "sum of (share in percent)^2"},
	{"entropy", entropy, 0, "nats", "-sum of share x ln(share)"},
	{"effective_number", effective_number, 0, NULL, "1 / sum of share^2"},
	{"effective_entropy", effective_entropy, 0, NULL, "exp(-sum of share x ln(share))"},
	{"gini", gini, 0, "ratio", "sum of (2 place - n - 1) x value / (n x total), values ascending"},
};

const char *const *stet_concentration_forms(void)
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

/* The entry for `form`, without its "_change"; G_N_ELEMENTS(forms) if there is none. */
static guint find_form(const char *form, gboolean *change)
{
	gsize length = strlen(form);
	*change = g_str_has_suffix(form, "_change");
	if (*change)
		length -= strlen("_change");
	guint i = 0;
	while (i < G_N_ELEMENTS(forms) &&
		   (strlen(forms[i].name) != length || strncmp(forms[i].name, form, length) != 0))
		i++;
	return i;
}

const char *concentration_formula(const char *form)
{
	gboolean change = FALSE;
	guint i = find_form(form, &change);
	if (i == G_N_ELEMENTS(forms) || !change)
		return i == G_N_ELEMENTS(forms) ? NULL : forms[i].formula;
	g_autofree char *text = g_strconcat("change since the period before of ", forms[i].formula, NULL);
	return g_intern_string(text); /* one a form */
}

static StetDerived concentration_at(const StetMetric *metric, guint measure, gsize row, const char *over,
									guint form)
{
	Spread spread = {0};
	const char *why_not = NULL;
	StetDerived derived = {.unit = forms[form].unit, .base_row = G_MAXSIZE};
	if (spread_of(metric, measure, row, over, &spread, &why_not))
		derived.value = stet_round_significant(forms[form].measure(&spread, forms[form].n), 12);
	else
		derived = refuse(why_not);
	g_free(spread.values);
	return derived;
}

/* A row of the period before whose peers are those of `row` then; G_MAXSIZE if there is none. */
static gsize earlier_peer(const StetMetric *metric, gsize row, const char *over)
{
	gsize first = 0, end = 0;
	if (!metric->rows || !rows_period_before(metric, row, 1, &first, &end))
		return G_MAXSIZE;
	for (gsize other = first; other < end; other++)
		if (is_peer(metric, row, other, over))
			return other;
	return G_MAXSIZE;
}

StetDerived stet_metric_concentration(const StetMetric *metric, guint measure, gsize row, const char *over,
									  const char *form)
{
	gboolean change = FALSE;
	guint i = find_form(form, &change);
	if (i == G_N_ELEMENTS(forms))
		return refuse("there is no such form");
	StetDerived now = concentration_at(metric, measure, row, over, i);
	if (!change || isnan(now.value))
		return now;
	gsize base = earlier_peer(metric, row, over);
	if (base == G_MAXSIZE)
		return refuse("no earlier period");
	StetDerived then = concentration_at(metric, measure, base, over, i);
	if (isnan(then.value))
		return then;
	const char *unit = g_strcmp0(now.unit, "percent") == 0 ? "percentage points"
					   : g_strcmp0(now.unit, "index") == 0 ? "points"
														   : now.unit;
	return (StetDerived){stet_round_significant(now.value - then.value, 12), unit, NULL, base};
}

guint stet_metric_lorenz(const StetMetric *metric, guint measure, gsize row, const char *over,
						 double (*points)[2], guint max)
{
	Spread spread = {0};
	const char *why_not = NULL;
	guint n = 0;
	if (spread_of(metric, measure, row, over, &spread, &why_not) && spread.n < max) {
		double sum = 0;
		points[n][0] = points[n][1] = 0;
		for (n = 1; n <= spread.n; n++) {
			sum += spread.values[n - 1];
			points[n][0] = stet_round_significant((double)n / (double)spread.n, 12);
			points[n][1] = stet_round_significant(sum / spread.total, 12);
		}
	}
	g_free(spread.values);
	return n;
}
