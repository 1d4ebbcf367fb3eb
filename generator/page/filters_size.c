/* Filters that say how large a figure or its move is, in words that stay true when the data change. */
#include "page/filters.h"

#include <math.h>
#include <string.h>

#define STEADY 0.5 /* as of `moved` */

/* ---- {{ figure | grew: 4 }}: "more than doubled", "halved", else rose, fell, held steady ---------- */

static const struct {
	double from, below; /* of value / earlier value */
	const char *words;
} sizes[] = {
	{4.05, INFINITY, "quadrupled_over"}, {3.95, 4.05, "quadrupled"}, {3.05, 3.95, "tripled_over"}, {2.95, 3.05, "tripled"},
	{2.05, 2.95, "doubled_over"},        {1.95, 2.05, "doubled"},    {1.8, 1.95, "doubled_nearly"}, {0.475, 0.525, "halved"},
	{0, 0.475, "halved_over"},
};

FILTER(words_grew)
{
	UNUSED;
	static const char *const moves[] = {"fell", "held", "rose", "held"}; /* by StetDirection, from -1 */
	Selection selection;
	double given = 1;
	if (!one_row(render, input, "grew", &selection))
		return FALSE;
	if (n_args > 0 && !stet_value_number(render, &args[0], &given))
		return fail(render, "filter-number", NULL, "filter 'grew' wants a number of periods");
	guint steps = (guint)CLAMP(given, 1, 1000);
	const StetMetric *metric = selection.metric;
	StetDerived growth = stet_metric_derive(metric, selection.measure, selection.rows[0], "growth", steps);
	double ratio = 1 + growth.value / 100;
	for (guint i = 0; !isnan(ratio) && i < G_N_ELEMENTS(sizes); i++)
		if (ratio >= sizes[i].from && ratio < sizes[i].below)
			return word(render, input, say(host, sizes[i].words), out);
	StetDirection direction = stet_metric_direction(metric, selection.measure, selection.rows[0], steps, STEADY);
	return word(render, input, say(host, moves[direction + 1]), out);
}

/* ---- {{ share | fraction }}: "two in three" ------------------------------------------------------ */

#define NONE 2.5   /* percent: fewer are hardly any */
#define ALL 97.5   /* percent: more are nearly all */
#define EXACT 0.5  /* percentage points within which a fraction is said plainly */

static const struct {
	guint part, whole;
} fractions[] = {{1, 20}, {1, 10}, {1, 5}, {1, 4}, {1, 3}, {2, 5}, {1, 2}, {3, 5}, {2, 3}, {3, 4}, {4, 5}, {9, 10}, {19, 20}};

static guint nearest_fraction(double percent, double *beyond)
{
	guint best = 0;
	*beyond = INFINITY;
	for (guint i = 0; i < G_N_ELEMENTS(fractions); i++) {
		double distance = percent - 100.0 * fractions[i].part / fractions[i].whole;
		if (fabs(distance) < fabs(*beyond)) {
			*beyond = distance;
			best = i;
		}
	}
	return best;
}

static char *fraction_words(const Maker *maker, guint index)
{
	if (fractions[index].whole == 2)
		return g_strdup(say(maker, "half"));
	g_autofree char *part = stet_locale_number_words(maker_locale(maker), fractions[index].part);
	g_autofree char *whole = stet_locale_number_words(maker_locale(maker), fractions[index].whole);
	GString *out = g_string_new(say(maker, "part_of_whole"));
	g_string_replace(out, "{part}", part, 1);
	g_string_replace(out, "{whole}", whole, 1);
	return g_string_free(out, FALSE);
}

FILTER(words_fraction)
{
	UNUSED;
	const StetValue plain = plain_value(render, input);
	double number = 0, beyond = 0;
	if (!stet_value_number(render, &plain, &number))
		return fail(render, "filter-number", "give it one figure", "filter 'fraction' wants a share");
	double percent = g_strcmp0(plain.unit, "percent") == 0 ? number : 100 * number;
	if (percent < 0 || percent > 100)
		return fail(render, "filter-number", "give it a percentage, or a ratio from 0 to 1", "filter 'fraction' wants a share of a whole");
	if (percent <= NONE || percent >= ALL)
		return word(render, input, say(host, percent <= NONE ? percent == 0 ? "none" : "hardly_any" : percent == 100 ? "all" : "nearly_all"), out);
	g_autofree char *words = fraction_words(host, nearest_fraction(percent, &beyond));
	if (fabs(beyond) <= EXACT)
		return word(render, input, words, out);
	g_autofree char *about = say_with(host, beyond > 0 ? "more_than" : "almost", words, NULL);
	return word(render, input, about, out);
}
