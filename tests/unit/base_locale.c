/* Quantities, periods, order, slugs and encodings. Expected texts are CLDR's for each language. */
#include "stet/base.h"

#include <math.h>
#include <string.h>

#define NBSP "\u00a0"
#define NARROW "\u202f"
#define ALM "\u061c"
#define RLM "\u200f"

static void test_quantity(void)
{
	static const struct {
		const char *tag;
		double value;
		const char *unit;
		int decimals;
		StetRoom room;
		const char *text;
	} cases[] = {
		{"en", 67, "percent", -1, STET_FULL, "67.0%"},
		{"de", 67, "percent", -1, STET_FULL, "67,0" NBSP "%"},
		{"fr", 67, "percent", -1, STET_FULL, "67,0" NBSP "%"},
		{"ja", 67, "percent", -1, STET_FULL, "67.0%"},
		{"ar", 67, "percent", -1, STET_FULL, "٦٧٫٠٪" ALM},
		{"en", -3.25, "percent", 2, STET_FULL, "−3.25%"},
		{"en", 0.05, "percent", 1, STET_FULL, "0.1%"},
		{"en", 1234567.891, "currency:USD", -1, STET_FULL, "$1.23 million"},
		{"en", 123456.7, "currency:USD", -1, STET_FULL, "$123,457"},
		{"en", 1234567.891, "currency:USD", 0, STET_FULL, "$1,234,568"},
		{"de", 1234567.891, "currency:USD", 0, STET_FULL, "1.234.568" NBSP "$"},
		{"fr", 1234567.891, "currency:EUR", 0, STET_FULL, "1" NARROW "234" NARROW "568" NBSP "€"},
		{"ja", 1234567.891, "currency:JPY", 0, STET_FULL, "￥1,234,568"},
		{"en", 1234567.891, "currency:USD", -1, STET_COMPACT, "$1.2M"},
		{"de", 1234567.891, "currency:USD", -1, STET_COMPACT, "1,2" NBSP "Mio." NBSP "$"},
		{"ja", 1234567.891, "currency:USD", -1, STET_COMPACT, "$123.5万"},
		{"en", 1e9, "currency:USD", -1, STET_AXIS, "$1B"},
		{"en", 12.5, "currency:USD", -1, STET_FULL, "$12.50"},
		{"en", 12, "currency:USD", -1, STET_FULL, "$12"},
		{"en", -12.5, "currency:USD", -1, STET_FULL, "−$12.50"},
		{"en", 6770, "USD m", -1, STET_FULL, "$6.77 billion"},
		{"en", 6800, "USD m", -1, STET_FULL, "$6.80 billion"},
		{"en", 6770, "USD m", 1, STET_FULL, "$6.8 billion"},
		{"en", -6770, "USD m", -1, STET_FULL, "−$6.77 billion"},
		{"en", 30, "USD bn", -1, STET_FULL, "$30 billion"},
		{"en", 2, "EUR bn", -1, STET_FULL, "€2 billion"},
		{"en", 450, "USD k", -1, STET_FULL, "$450 thousand"},
		{"en", 1.5, "USD tn", -1, STET_FULL, "$1.50 trillion"},
		{"en", 0.0004, "USD m", -1, STET_FULL, "$400"},
		{"en", 0, "USD m", 0, STET_FULL, "$0"},
		{"en", 999.9, "USD m", -1, STET_FULL, "$1 billion"},
		{"en", 6770, "USD m", -1, STET_COMPACT, "$6.77B"},
		{"en", -6770, "USD m", 1, STET_COMPACT, "−$6.8B"},
		{"en", 2500, "USD m", 0, STET_AXIS, "$2.5B"},
		{"en", 10250, "USD m", 0, STET_AXIS, "$10.25B"},
		{"en", 0, "USD m", 0, STET_AXIS, "$0"},
		{"de", 6770, "USD m", -1, STET_FULL, "6,77 Milliarden" NBSP "$"},
		{"fr", -2, "EUR bn", -1, STET_FULL, "−2 milliards" NBSP "€"},
		{"ja", 6770, "USD m", -1, STET_FULL, "$67.7億"},
		{"en", 5, "USD x", -1, STET_FULL, "5" NBSP "USD x"},
		{"en", 5, "GB", -1, STET_FULL, "5" NBSP "GB"},
		{"en", 5, "", -1, STET_COMPACT, "5"},
		{"en", -0.04, "percent", 1, STET_FULL, "0.0%"},
		{"en", -0.4, "models", 0, STET_COMPACT, "0"},
		{"en", -1234567, "count", -1, STET_COMPACT, "−1.2M"},
		{"en", 1234567, "count", -1, STET_FULL, "1,234,567"},
		{"de-CH", 1234567, "count", -1, STET_FULL, "1’234’567"},
		{"en-IN", 1234567, "count", -1, STET_FULL, "12,34,567"},
		{"en", -0.0, "count", -1, STET_FULL, "0"},
		{"en", 0.1234, "ratio", -1, STET_FULL, "0.12"},
		{"en", 3.2, "models", -1, STET_FULL, "3.2" NBSP "models"},
		{"en", 3.2, "models", -1, STET_COMPACT, "3.2"},
		{"en", 3, "percentage points", -1, STET_FULL, "3.0" NBSP "percentage points"},
		{"en", 1.005, NULL, 2, STET_FULL, "1.01"},
		{"en", 0.25, NULL, -1, STET_AXIS, "0.25"},
		{"en", 10000, NULL, 0, STET_AXIS, "10,000"},
		{"en", 250000, NULL, 0, STET_AXIS, "250K"},
		{"en", (double)NAN, "count", -1, STET_FULL, "–"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(StetLocale) locale = stet_locale_new(cases[i].tag, NULL);
		g_autofree char *text =
			stet_locale_quantity(locale, cases[i].value, cases[i].unit, cases[i].decimals, cases[i].room);
		g_assert_cmpstr(text, ==, cases[i].text);
	}
}

static void test_period(void)
{
	static const struct {
		const char *tag, *period, *text;
	} cases[] = {
		{"en", "2025-03-31", "March 31, 2025"},
		{"en-GB", "2025-03-31", "31 March 2025"},
		{"de", "2025-03-31", "31. März 2025"},
		{"fr", "2025-03-31", "31 mars 2025"},
		{"ja", "2025-03-31", "2025年3月31日"},
		{"ar", "2025-03-31", "٣١ مارس ٢٠٢٥"},
		{"en", "2025Q4", "Q4 2025"},
		{"fr", "2025Q4", "T4 2025"},
		{"ja", "2025Q4", "2025/Q4"},
		{"en", "2025-03", "March 2025"},
		{"de", "2025-03", "März 2025"},
		{"en", "2025", "2025"},
		{"en", "1500-03-01", "March 1, 1500"},
		{"en", "1582-10-10", "October 10, 1582"},
		/* what is no period comes back as it is */
		{"en", "2025Q5", "2025Q5"},
		{"en", "2025-13", "2025-13"},
		{"en", "2025-02-30", "2025-02-30"},
		{"en", "Azure", "Azure"},
		{"en", "", ""},
		{"en", "2025-W01", "2025-W01"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(StetLocale) locale = stet_locale_new(cases[i].tag, NULL);
		for (guint again = 0; again < 2; again++) { /* the second comes from memory */
			g_autofree char *text = stet_locale_period(locale, cases[i].period);
			g_assert_cmpstr(text, ==, cases[i].text);
		}
	}
}

static void test_tags(void)
{
	static const char *const good[] = {"en", "de-CH", "fr-CA", "zh-Hant", "pt-BR", NULL};
	static const char *const bad[] = {"", "xx-", "english", "e", "zz", "de_DE", "und", NULL};
	for (guint i = 0; good[i]; i++) {
		g_autoptr(StetLocale) locale = stet_locale_new(good[i], NULL);
		g_assert_cmpstr(stet_locale_tag(locale), ==, good[i]);
	}
	for (guint i = 0; bad[i]; i++) {
		g_autoptr(GError) error = NULL;
		g_assert_null(stet_locale_new(bad[i], &error));
		g_assert_nonnull(strstr(error->message, "language tag"));
	}
}

static void test_order(void)
{
	static const struct {
		const char *tag, *first, *second;
	} cases[] = {
		{"en", "apple", "Banana"},  {"de", "Ärzte", "Bund"}, {"sv", "Zebra", "Ärla"},
		{"en", "resume", "résumé"}, {"en", "a", "b"},        {"en", "", "a"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(StetLocale) locale = stet_locale_new(cases[i].tag, NULL);
		g_assert_cmpint(stet_locale_compare(locale, cases[i].first, cases[i].second), <, 0);
		g_assert_cmpint(stet_locale_compare(locale, cases[i].second, cases[i].first), >, 0);
		g_assert_cmpint(stet_locale_compare(locale, cases[i].first, cases[i].first), ==, 0);
	}
}

static void test_slug(void)
{
	static const struct {
		const char *text, *slug;
	} cases[] = {
		{"Mistral AI", "mistral-ai"}, {"Société", "societe"}, {"  --A  B--", "a-b"},
		{"日本", "ri-ben"},           {"Straße", "strasse"},  {"it's", "its"},
		{"O'Neil & Co.", "oneil-co"}, {"Ελλάδα", "ellada"},   {"İstanbul", "istanbul"},
		{"a/b\\c", "a-b-c"},          {"2025Q4", "2025q4"},   {"../../etc/passwd", "etc-passwd"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *slug = stet_slug(cases[i].text);
		g_assert_cmpstr(slug, ==, cases[i].slug);
	}
	g_autofree char *dots = stet_slug(".."), *marks = stet_slug("!!!");
	g_assert_true(dots[0] == 'x' && strlen(dots) == 9);
	g_assert_cmpstr(dots, !=, marks);
	g_autofree char *latin = stet_anchor("Société, A"), *mixed = stet_anchor("qwen-2.5 (通义)"), *none = stet_anchor("!!!");
	g_assert_cmpstr(latin, ==, "societe-a");
	g_assert_cmpstr(mixed, ==, "qwen-2-5-u901au4e49");
	g_assert_cmpstr(none, ==, marks);
}

static void test_encodings(void)
{
	static const struct {
		const char *encoding, *bytes, *text;
		gsize bad; /* first byte that cannot be read, where `text` is NULL */
	} cases[] = {
		{"windows-1252", "caf\xe9 \x80", "café €", 0},
		{"iso-8859-15", "\xa4", "€", 0},
		{"shift_jis", "\x93\xfa\x96\x7b", "日本", 0},
		{"utf-8", "Société", "Société", 0},
		{"utf-8",
		 "ab\xff"
		 "cd",
		 NULL, 2},
		{"utf-8", "", "", 0},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gsize length = 99, bad = 99;
		g_autoptr(GError) error = NULL;
		g_autofree char *text =
			stet_utf8_from(cases[i].encoding, cases[i].bytes, strlen(cases[i].bytes), &length, &bad, &error);
		g_assert_cmpstr(text, ==, cases[i].text);
		if (text)
			g_assert_cmpuint(length, ==, strlen(text));
		else
			g_assert_cmpuint(bad, ==, cases[i].bad);
	}
	g_autoptr(GError) error = NULL;
	gsize length;
	g_assert_null(stet_utf8_from("no-such", "x", 1, &length, NULL, &error));
	g_assert_nonnull(strstr(error->message, "no-such"));
}

typedef struct {
	const StetLocale *locale;
	char *texts[400];
} Shared;

static void format_one(gsize index, guint worker, gpointer data)
{
	(void)worker;
	Shared *shared = data;
	g_autofree char *period = g_strdup_printf("20%02zuQ%zu", index % 80, index % 4 + 1);
	g_autofree char *shown = stet_locale_period(shared->locale, period),
					*slug = stet_slug("Société Générale");
	g_autofree char *number =
		stet_locale_quantity(shared->locale, (double)index / 7, "percent", (int)(index % 5), STET_FULL);
	shared->texts[index] = g_strdup_printf("%s %s %s", shown, number, slug);
}

/* One locale for all threads gives what one thread gets. */
static void test_threads(void)
{
	g_autoptr(StetLocale) a = stet_locale_new("de", NULL), b = stet_locale_new("de", NULL);
	Shared one = {a, {NULL}}, four = {b, {NULL}};
	stet_parallel(1, G_N_ELEMENTS(one.texts), format_one, &one);
	stet_parallel(4, G_N_ELEMENTS(four.texts), format_one, &four);
	for (guint i = 0; i < G_N_ELEMENTS(one.texts); i++) {
		g_assert_cmpstr(one.texts[i], ==, four.texts[i]);
		g_free(one.texts[i]);
		g_free(four.texts[i]);
	}
}

/* The letter of an index is what the language sorts by, not what the bytes say. */
static void test_letters(void)
{
	static const struct {
		const char *tag, *text, *letter;
	} rows[] = {
		{"en", "azure", "A"},          {"fr", "\xC3\x89lan", "E"},     {"de", "\xC3\x84rzte", "A"},   {"sv", "\xC3\x85ngstr\xC3\xB6m", "\xC3\x85"},
		{"da", "\xC3\x85lborg", "\xC3\x85"}, {"en", "\xC3\x85lborg", "A"}, {"en", "2025 in figures", "0\xE2\x80\x93" "9"},
		{"en", "\xE2\x80\x9CQuoted\xE2\x80\x9D", "Q"}, {"en", "...", "#"}, {"en", "", "#"}, {"ja", "\xE8\xA1\xA8", "\xE8\xA1\xA8"},
		{"es", "\xC3\xB1" "and\xC3\xBA", "\xC3\x91"}, {"en", "\xFF", "#"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(StetLocale) locale = stet_locale_new(rows[i].tag, NULL);
		g_autofree char *letter = stet_locale_letter(locale, rows[i].text);
		g_assert_cmpstr(letter, ==, rows[i].letter);
	}
}

static void test_period_end(void)
{
	static const struct {
		const char *period, *end;
	} rows[] = {
		{"2025Q4", "2025-12-31"}, {"2025Q1", "2025-03-31"}, {"2025", "2025-12-31"},  {"2024-02", "2024-02-29"}, {"2025-02", "2025-02-28"},
		{"2025-03-07", "2025-03-07"}, {"2025-03-07T10:00", "2025-03-07"}, {"2025-02-30", NULL}, {"2025-13", NULL}, {"2025Q5", NULL},
		{"spring", NULL}, {"", NULL}, {"202", NULL}, {"2025-", NULL}, {"2025-1", NULL}, {"2025-01-", NULL}, {"2025Q1b", NULL}, {"20255", NULL},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *end = stet_period_end(rows[i].period);
		g_assert_cmpstr(end, ==, rows[i].end);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/locale/quantity", test_quantity);
	g_test_add_func("/base/locale/period", test_period);
	g_test_add_func("/base/locale/tags", test_tags);
	g_test_add_func("/base/locale/order", test_order);
	g_test_add_func("/base/locale/slug", test_slug);
	g_test_add_func("/base/locale/encodings", test_encodings);
	g_test_add_func("/base/locale/threads", test_threads);
	g_test_add_func("/base/locale/letters", test_letters);
	g_test_add_func("/base/locale/period-end", test_period_end);
	return g_test_run();
}
