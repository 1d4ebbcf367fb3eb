#include "words.h"

#include "layout.h"

#include <stdarg.h>
#include <string.h>

#define PARTS_MAX 12 /* of one sentence */

const struct ChartSentence chart_sentences[SAY_END] = {
	[SAY_IN_YEAR] = {"in-year", "in {period}"},
	[SAY_IN_QUARTER] = {"in-quarter", "in {period}"},
	[SAY_IN_MONTH] = {"in-month", "in {period}"},
	[SAY_ON_DATE] = {"on-date", "on {period}"},
	[SAY_AT_NUMBER] = {"at-number", "at {period}"},
	[SAY_ONE] = {"one-value", "{series}: {to} {then}"},
	[SAY_STOOD] = {"stood", "{series} stood at {to} {then} as {when}"},
	[SAY_ROSE] = {"rose", "{series} rose from {from} {when} to {to} {then}"},
	[SAY_FELL] = {"fell", "{series} fell from {from} {when} to {to} {then}"},
	[SAY_COURSE] = {"course", "{course}."},
	[SAY_MOVER] = {"largest-move", "Largest move: {course}."},
	[SAY_LATEST_ONE] = {"latest-one", "{measure} {when}: {first} is highest at {high}."},
	[SAY_LATEST] = {"latest", "{measure} {when}: {first} is highest at {high}, {last} lowest at {low}."},
	[SAY_RANGE_ONE] = {"range-one", "Its highest was {high} {when}."},
	[SAY_RANGE] = {"range", "Its highest was {high} {when}, its lowest {low} {then}."},
	[SAY_NAMES_ONE] = {"names-one", "{measure}: {first} is highest at {high}."},
	[SAY_NAMES] = {"names", "{measure}: {first} is highest at {high}, {last} lowest at {low}."},
	[SAY_CELLS] = {"cells", "{measure} is highest for {first} ({high}) and lowest for {last} ({low})."},
	[SAY_FACETS] = {"facets",
					"{count} small charts, one for each {name}, on the same scale. {last}: {finding}"},
	[SAY_PART] = {"largest-part",
				  "{measure}: the largest part is {first} with {high}, {share} of the whole."},
	[SAY_NAME_IN] = {"name-in", "{series}, {name}"},
	[SAY_RISES_WITH] = {"rises-with", "{y} rises with {x} over {count} points (correlation {r})."},
	[SAY_FALLS_WITH] = {"falls-with", "{y} falls with {x} over {count} points (correlation {r})."},
	[SAY_HARDLY_WITH] = {"hardly-with", "{y} hardly moves with {x} over {count} points (correlation {r})."},
	[SAY_NO_POINTS] = {"no-points", "No row has both numbers."},
	[SAY_SPREAD] = {"spread",
					"{measure} of {count} rows runs from {low} to {high}; half lie below {middle}."},
	[SAY_COUNT_BY] = {"count-by", "Number by {measure}"},
	[SAY_BIN] = {"bin", "{low} to {high}: {count}"},
	[SAY_MEDIANS] = {"medians", "Median {measure}: {first} {high}, {last} {low}."},
	[SAY_MEDIAN] = {"median", "Median {measure}: {high}."},
	[SAY_BOX] = {"box", "{name}: median {middle}, middle half {low} to {high}, {count} rows"},
	[SAY_STRIP] = {"strip", "{name}: median {middle}, {count} rows"},
	[SAY_BRIDGE] = {"bridge",
					"{measure}: from {from} ({first}) to {to} ({last}); largest change: {name}, {change}."},
	[SAY_TARGETS] = {"targets", "{met} of {count} reach their target."},
	[SAY_TARGET] = {"target", "{name}: {value}, target {target}"},
	[SAY_EVENTS] = {"events", "{count} events, from {when} ({first}) to {then} ({last})."},
	[SAY_TOTAL] = {"total", "Total"},
	[SAY_OTHER] = {"other", "Other"},
	[SAY_NO_DATA] = {"no-data", "No data"},
	[SAY_NO_ROWS] = {"no-rows", "no row of the data matches"},
	[SAY_NO_VALUE] = {"no-value", "no row has {column} '{value}'"},
	[SAY_EMPTY] = {"empty", "{notice}: {reason}."},
	[SAY_SERIES_OF] = {"series-of", "{series}, {count} values"},
};

/* ---- the catalogue -------------------------------------------------------------------------- */

/* The length of "{name}" at `text`, or 0. */
static gsize blank_at(const char *text)
{
	gsize n = text[0] == '{' ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz") : 0;
	return n && text[n + 1] == '}' ? n + 2 : 0;
}

/* Every blank of the sentence is one that the English has, and so will be filled. */
static gboolean blanks_known(const char *sentence, const char *english)
{
	for (const char *p = sentence; *p; p++) {
		gsize n = blank_at(p);
		g_autofree char *blank = n ? g_strndup(p, n) : NULL;
		if (blank && !strstr(english, blank))
			return FALSE;
	}
	return TRUE;
}

gboolean stet_theme_say(StetTheme *theme, const char *key, const char *sentence)
{
	for (guint i = 0; i < SAY_END; i++)
		if (strcmp(chart_sentences[i].key, key) == 0) {
			if (!blanks_known(sentence, chart_sentences[i].english))
				return FALSE;
			g_free(theme->sentences[i]);
			theme->sentences[i] = g_strdup(sentence);
			return TRUE;
		}
	return FALSE;
}

const char *stet_chart_sentence(guint index, const char **key)
{
	if (index >= SAY_END)
		return NULL;
	*key = chart_sentences[index].key;
	return chart_sentences[index].english;
}

/* ---- saying --------------------------------------------------------------------------------- */

static const char *value_of(const char *const *names, const char *const *values, guint n, const char *blank,
							gsize length)
{
	for (guint i = 0; i < n; i++)
		if (strlen(names[i]) == length && strncmp(names[i], blank, length) == 0)
			return values[i];
	return "";
}

char *chart_say(const ChartSketch *sketch, ChartSay what, ...)
{
	const char *sentence = sketch->theme->sentences[what], *names[PARTS_MAX], *values[PARTS_MAX];
	guint n = 0;
	va_list rest;
	va_start(rest, what);
	while (n < PARTS_MAX && (names[n] = va_arg(rest, const char *))) /* NOLINT(clang-analyzer-valist.Uninitialized) */
		values[n++] = va_arg(rest, const char *);
	va_end(rest);
	GString *out = g_string_new(NULL);
	for (const char *p = sentence ? sentence : chart_sentences[what].english; *p;) {
		gsize length = blank_at(p);
		if (length)
			g_string_append(out, value_of(names, values, n, p + 1, length - 2));
		else
			g_string_append_c(out, *p);
		p += length ? length : 1;
	}
	return g_string_free(out, FALSE);
}

const char *chart_other(const ChartSketch *sketch)
{
	const char *named = sketch->chart->other, *own = sketch->theme->sentences[SAY_OTHER];
	return own && named == chart_sentences[SAY_OTHER].english ? own : named;
}

char *chart_say_count(const ChartSketch *sketch, guint count)
{
	return stet_locale_number(sketch->data->locale, count, 0, 0);
}
