/* Filters of words and markup: what a language says around numbers, links, sparklines, raw markup. */
#include "page/filters.h"

#include <math.h>
#include <string.h>

#define SPARK_MAX 200

FILTER(words_plural)
{
	UNUSED;
	static const char *const forms[] = {"zero", "one", "two", "few", "many", "other"};
	double number = 0;
	const char *form, *text = NULL;
	if (!stet_value_number(render, input, &number))
		return fail(render, "filter-number", NULL, "filter 'plural' wants a number");
	form = stet_locale_plural(maker_locale(host), number);
	for (guint i = 0; named && i < G_N_ELEMENTS(forms); i++) {
		StetValue value = stet_value_get(render, named, forms[i]);
		gboolean wanted = strcmp(forms[i], form) == 0, last = strcmp(forms[i], "other") == 0 && !text;
		if (value.kind != STET_VALUE_NIL && (wanted || last))
			text = text_arg(render, &value, 1, 0, "");
	}
	if (!text && n_args < 2)
		return fail(render, "filter-arguments", "plural: \"platform\", \"platforms\" or plural: one: \"...\", other: \"...\"",
		            "filter 'plural' wants its forms");
	return word(render, input, text ? text : text_arg(render, args, n_args, strcmp(form, "one") == 0 ? 0 : 1, ""), out);
}

FILTER(words_list)
{
	UNUSED;
	StetValue items = stet_value_items(render, input);
	const StetLocale *locale = maker_locale(host);
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	for (gsize i = 0; i < items.v.list.n; i++) {
		const StetValue plain = plain_value(render, &items.v.list.items[i]);
		g_ptr_array_add(texts, (gpointer)display_value(host, &plain));
	}
	g_autofree char *text = NULL;
	if (n_args == 0 && !stet_locale_is_english(locale))
		text = stet_locale_list(locale, (const char *const *)texts->pdata, texts->len);
	const char *last = text_arg(render, args, n_args, 0, "and");
	g_autoptr(GString) joined = g_string_new(text);
	for (guint i = 0; !text && i < texts->len; i++) {
		if (i > 0 && i + 1 == texts->len)
			g_string_append_printf(joined, " %s ", last);
		else if (i > 0)
			g_string_append(joined, ", ");
		g_string_append(joined, texts->pdata[i]);
	}
	*out = stet_value_text(stet_render_arena(render), joined->str, (gssize)joined->len);
	return TRUE;
}

/* ---- order --------------------------------------------------------------------------------- */

typedef struct {
	const char *key;              /* NULL: nil, which comes last */
	gsize at;
} Keyed;

static int compare_keyed(gconstpointer a, gconstpointer b, gpointer locale)
{
	const Keyed *x = a, *y = b;
	int order = x->key && y->key ? stet_locale_compare(locale, x->key, y->key) : (x->key == NULL) - (y->key == NULL);
	return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* As Liquid's, but in the order of the page's language. */
FILTER(words_sort_natural)
{
	UNUSED;
	StetValue items = stet_value_items(render, input);
	const char *property = text_arg(render, args, n_args, 0, "");
	gsize n = items.v.list.n;
	g_autofree Keyed *keyed = g_new(Keyed, n + 1);
	for (gsize i = 0; i < n; i++) {
		StetValue value = *property ? stet_value_get(render, &items.v.list.items[i], property) : items.v.list.items[i];
		value = plain_value(render, &value);
		keyed[i] = (Keyed){NULL, i};
		if (value.kind != STET_VALUE_NIL) {
			StetText text = stet_value_string(render, &value);
			keyed[i].key = stet_arena_text(stet_render_arena(render), text.ptr, (gssize)text.len);
		}
	}
	g_qsort_with_data(keyed, (gint)MIN(n, G_MAXINT), sizeof *keyed, compare_keyed, (gpointer)maker_locale(host));
	StetValue *sorted = stet_arena_alloc(stet_render_arena(render), (n + 1) * sizeof *sorted);
	for (gsize i = 0; i < n; i++)
		sorted[i] = items.v.list.items[keyed[i].at];
	*out = stet_value_list(stet_render_arena(render), sorted, n);
	return TRUE;
}

FILTER(words_words)
{
	UNUSED;
	double number = 0;
	if (!stet_value_number(render, input, &number))
		return fail(render, "filter-number", NULL, "filter 'words' wants a number");
	if (number != floor(number) || number < 0 || number > 12) {
		*out = plain_value(render, input);
		return TRUE;
	}
	g_autofree char *text = number == 0 ? g_strdup(say(host, "none")) : stet_locale_number_words(maker_locale(host), (gint64)number);
	*out = stet_value_text(stet_render_arena(render), text, -1);
	return TRUE;
}

FILTER(words_ordinal)
{
	UNUSED;
	double number = 0;
	if (!stet_value_number(render, input, &number) || fabs(number) > 1e15)
		return fail(render, "filter-number", NULL, "filter 'ordinal' wants a number");
	g_autofree char *text = stet_locale_ordinal(maker_locale(host), (gint64)number);
	*out = stet_value_text(stet_render_arena(render), text, -1);
	return TRUE;
}

FILTER(words_quote)
{
	UNUSED;
	g_autofree char *text = stet_locale_quote(maker_locale(host), text_arg(render, input, 1, 0, ""));
	*out = stet_value_text(stet_render_arena(render), text, -1);
	return TRUE;
}

FILTER(words_t)
{
	UNUSED;
	Maker *maker = host;
	const char *key = text_arg(render, input, 1, 0, "");
	const char *words = say(maker, key);
	if (words == key) {
		const char *near = stet_nearest(key, catalogue_keys());
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : g_strdup("add it to 'words' in site.yaml");
		stet_render_fail(render, "word-unknown", mend, "no language has a word for '%s'", key);
		return FALSE;
	}
	if (!strchr(words, '%')) {
		*out = stet_value_text(NULL, words, -1);
		return TRUE;
	}
	g_autofree char *text = say_with(maker, key, text_arg(render, args, n_args, 0, "%s"), text_arg(render, args, n_args, 1, NULL));
	*out = stet_value_text(stet_render_arena(render), text, -1);
	return TRUE;
}

/* `date: "long"` in the page's language; any other format is Liquid's. */
FILTER(words_date)
{
	UNUSED;
	const char *style = text_arg(render, args, n_args, 0, "long");
	g_autofree char *text = stet_locale_date(maker_locale(host), text_arg(render, input, 1, 0, ""), style);
	if (!text && n_args == 0)
		return fail(render, "filter-date", "dates are written 2025-03-31", "filter 'date' wants a date");
	if (!text)
		return stet_filter_standard("date")->call(render, input, args, n_args, named, out, host);
	*out = stet_value_text(stet_render_arena(render), text, -1);
	return TRUE;
}

/* ---- markup -------------------------------------------------------------------------------- */

/* The one way in which data become markup; `stet check` lists each use. */
FILTER(words_raw)
{
	UNUSED;
	Maker *maker = host;
	const StetValue plain = plain_value(render, input);
	const char *text = display_value(maker, &plain);
	*out = stet_value_markup(stet_render_arena(render), text, -1);
	if (maker->book->world->lint && !g_str_has_prefix(stet_render_place(render).file, "built-in/"))
		stet_diagnose(maker->diags, STET_NOTE, "raw-used", stet_render_place(render), NULL, "'raw' puts this value in as markup, unescaped");
	return TRUE;
}

FILTER(words_link_to)
{
	UNUSED;
	Maker *maker = host;
	g_autoptr(GString) markup = g_string_new("<a href=\"");
	append_token(maker, stet_value_text(maker->arena, text_arg(render, args, n_args, 0, ""), -1), stet_render_place(render), markup);
	g_string_append(markup, "\">");
	append_token(maker, plain_value(render, input), stet_render_place(render), markup);
	g_string_append(markup, "</a>");
	*out = stet_value_markup(stet_render_arena(render), markup->str, (gssize)markup->len);
	return TRUE;
}

/* A picture of the series that leads up to the figure. */
FILTER(words_sparkline)
{
	UNUSED;
	Maker *maker = host;
	Selection selection;
	double values[SPARK_MAX];
	guint count = 0;
	gsize n = 0;
	if (!need_selection(render, input, "sparkline", &selection) || selection.n == 0)
		return fail(render, "figure-ambiguous", "narrow it to one series: where: \"dimension\", \"value\"", "filter 'sparkline' wants rows of one series");
	const StetMetric *metric = selection.metric;
	const gsize *series = stet_metric_series(metric, selection.rows[selection.n - 1], &n);
	for (gsize i = 0; i < selection.n; i++) {
		gsize other = 0;
		if (stet_metric_series(metric, selection.rows[i], &other) != series)
			return fail(render, "figure-ambiguous", "narrow it to one series: where: \"dimension\", \"value\"", "filter 'sparkline' wants rows of one series");
	}
	for (gsize i = n > SPARK_MAX ? n - SPARK_MAX : 0; i < n; i++)
		values[count++] = stet_cell_number(stet_table_cell(metric->table, series[i], metric->measures[selection.measure].column));
	g_autoptr(GString) svg = g_string_new(NULL);
	if (count > 1)
		stet_sparkline_write(values, count, metric->measures[selection.measure].title, svg);
	if (maker->page)
		use_metric(maker, metric);
	g_autofree char *slot = g_strdup_printf("<stet-slot n=\"%u\"></stet-slot>", maker->slots ? maker->slots->len : 0);
	if (maker->slots)
		g_ptr_array_add(maker->slots, g_strdup(svg->str));
	*out = stet_value_markup(stet_render_arena(render), maker->slots ? slot : "", -1);
	return TRUE;
}
