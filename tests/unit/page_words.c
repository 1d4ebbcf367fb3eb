/* What charts say on pages in other languages: every sentence in each, whole, and each page in its own. */
#include "../../generator/page/private.h"
#include "page_help.h"

#include <string.h>

static const char *const tags[] = {"de", "fr", "es", "ja", "ar"};

/* Every {blank} of `one` stands in `two`. */
static void expect_blanks(const char *one, const char *two)
{
	for (const char *open = strchr(one, '{'); open; open = strchr(open + 1, '{')) {
		const char *close = strchr(open, '}');
		g_assert_nonnull(close);
		g_autofree char *blank = g_strndup(open, (gsize)(close - open) + 1);
		if (!strstr(two, blank))
			g_test_message("no %s in: %s", blank, two);
		g_assert_nonnull(strstr(two, blank));
	}
}

static void test_sentences(void)
{
	const char *key = NULL, *english;
	for (guint i = 0; (english = stet_chart_sentence(i, &key)); i++)
		for (guint k = 0; k < G_N_ELEMENTS(tags); k++) {
			const char *sentence = chart_sentence(tags[k], key);
			if (!sentence)
				g_test_message("no '%s' in %s", key, tags[k]);
			g_assert_nonnull(sentence);
			expect_blanks(english, sentence);
			expect_blanks(sentence, english);
		}
	g_assert_null(chart_sentence("en", "rose"));
	g_assert_null(chart_sentence("de", "no-such-sentence"));
	g_assert_cmpstr(chart_sentence("de-CH", "total"), ==, "Summe");
}

static guint count(const char *text, const char *part)
{
	guint n = 0;
	for (const char *p = strstr(text, part); p; p = strstr(p + 1, part))
		n++;
	return n;
}

/* Each text of stet's own is there in every language and takes as many values as the English. */
static void test_texts(void)
{
	g_autoptr(StetLocale) english = stet_locale_new("en", NULL);
	const char *const *keys = catalogue_keys();
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint k = 0; k < G_N_ELEMENTS(tags); k++) {
		g_autoptr(StetLocale) locale = stet_locale_new(tags[k], NULL);
		for (guint i = 0; keys[i]; i++) {
			const char *text = catalogue_text(locale, keys[i]);
			if (!text || count(text, "%s") != count(catalogue_text(english, keys[i]), "%s"))
				g_test_message("'%s' in %s: %s", keys[i], tags[k], text);
			g_assert_true(text && *text);
			g_assert_cmpuint(count(text, "%s"), ==, count(catalogue_text(english, keys[i]), "%s"));
			g_assert_true(k > 0 || g_hash_table_add(seen, (gpointer)keys[i]));
		}
	}
}

#define RATE {"data/metrics/rate.sql", "/*\ntitle: Rate\nperiod: quarter\nvalue: rate\nunit: percent\n*/\nselect quarter, case when quarter = '2025Q1' then 60.5 else 61 end as rate from prices group by quarter\n"}
#define PRICES {"data/prices.csv", "quarter,price\n2025Q1,10.5\n2025Q2,12\n"}
#define CHART "```chart\nmetric: rate\ntype: line\n```\n\n```chart\nmetric: rate\ntype: line\nwhere: {quarter: \"2025Q1\"}\nat: \"2025Q2\"\n```\n"

static void expect(const HelpBook *book, const char *url, const char *const *holds)
{
	g_autofree char *html = help_main(book, url);
	for (; *holds; holds++) {
		if (!html || !strstr(html, *holds))
			g_test_message("no %s in:\n%s", *holds, html);
		g_assert_true(html && strstr(html, *holds));
	}
}

static void test_pages(void)
{
	HelpBook book;
	help_book(&book, (HelpFile[]){HELP_BARE, PRICES, RATE,
	                              {"templates/site.yaml", "languages: [de, ja, pt]\nwords:\n  chart-total: {de: Gesamt}\n  chart-rose: {pt: \"{series} subiu para {to}\"}\n"},
	                              {"templates/pages/x.md", "---\ntitle: X\n---\n" CHART},
	                              {"templates/pages/de/x.md", "---\ntitle: X\n---\n" CHART},
	                              {"templates/pages/ja/x.md", "---\ntitle: X\n---\n" CHART},
	                              {"templates/pages/pt/x.md", "---\ntitle: X\n---\n" CHART}, HELP_END});
	expect(&book, "x/", (const char *const[]){"Rate rose from 60.5% in Q1 2025 to 61.0% in Q2 2025.", "No data", NULL});
	expect(&book, "de/x/", (const char *const[]){"Rate stieg von 60,5\u00a0% im 1. Quartal 2025 auf 61,0\u00a0% im 2. Quartal 2025.",
	                                             "Der höchste Wert war", "Keine Daten: keine Zeile der Daten passt.", NULL});
	expect(&book, "ja/x/", (const char *const[]){"Rateは2025年第1四半期の60.5%から2025年第2四半期の61.0%へ上昇。最高は", "データなし", NULL});
	expect(&book, "pt/x/", (const char *const[]){"Rate subiu para 61,0%.", NULL});
	StetHash english = stet_book_hash(book.book, "theme"), german = stet_book_hash(book.book, "theme de");
	g_assert_cmpstr(english.hex, !=, german.hex);
	help_book_clear(&book);
}

/* A sentence with a blank that nothing fills is told, at its place. */
static void test_blank(void)
{
	HelpBook book;
	help_book(&book, (HelpFile[]){HELP_BARE, {"data/none.txt", ""},
	                              {"templates/site.yaml", "words:\n  chart-rose: \"{series} grew by {amount}\"\n"},
	                              {"templates/pages/x.md", "---\ntitle: X\n---\nText\n"}, HELP_END});
	g_autofree char *faults = help_diagnostics(&book.report);
	g_assert_nonnull(strstr(faults, "word-blank"));
	help_book_clear(&book);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/page/words/sentences", test_sentences);
	g_test_add_func("/page/words/texts", test_texts);
	g_test_add_func("/page/words/pages", test_pages);
	g_test_add_func("/page/words/blank", test_blank);
	return g_test_run();
}
