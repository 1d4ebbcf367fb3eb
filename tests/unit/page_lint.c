/* The editorial rules: what each one finds, what it leaves alone, how it is put aside. */
#include "page_help.h"

#define DATA {"data/prices.csv", "quarter,firm,price\n2025Q1,Alpha,10.5\n2025Q2,Alpha,12\n"}
#define PRICE {"data/metrics/price.sql", "/*\ntitle: Price\nperiod: quarter\nvalue: price\nunit: percent\n*/\nselect quarter, price from prices\n"}
#define LATEST "{{ metrics.price | latest }}"

typedef struct {
	const char *name, *text, *faults; /* faults: "line code" of each, in order */
} Case;

static const Case cases[] = {
	{"clean", "## The price of bread\n\nBread cost Alpha " LATEST " in {{ metrics.price | latest | period }}.\n", ""},
	{"pronoun", "It rose.\n\nThis is why.\n\nThis price rose.\n\nIts price rose.\n", "4 lint-pronoun\n6 lint-pronoun\n10 lint-pronoun\n"},
	{"dangling", "The price rose, as above.\n", "4 lint-dangling\n"},
	{"heading", "## A price\n\nPrices rose.\n\n#### Deep\n", "8 lint-heading-order\n"},
	{"link", "Prices are [here](https://example.org/) and in the [price list](https://example.org/).\n", "4 link-outside\n4 lint-link-text\n"},
	{"alt", "<p><img src=\"https://example.org/a.png\" /></p>\n\n![](https://example.org/a.png)\n", "4 link-outside\n4 lint-image-alt\n6 link-outside\n"},
	{"typed", "Prices rose by 12% and $30bn in 2025, 4 times.\n\n`12%` and " LATEST " in 2025.\n\n{% assign n = 7 %}Shares of {{ n }}%.\n", "4 lint-typed-number\n"},
	{"typed-plain", "Prices of 640 firms.\n\nPrices of 3,200 firms.\n\nPrices of 3.2 each.\n\nPrices were £12 once.\n",
	 "4 lint-typed-number\n6 lint-typed-number\n8 lint-typed-number\n10 lint-typed-number\n"},
	{"typed-names", "Prices in 1999 and 2025Q1, of Maia 100 and SHA-256, on 2025-03-31 and by RFC 4180, version 1.5.6, from 0 to 10,000, of 12 firms.\n\n"
	                "The H100 and GPT-4o and the 3.5 Sonnet of Alpha.\n", ""},
	{"period", "Prices were " LATEST ".\n", "4 lint-figure-period\n"},
	{"subject", "## Bread\n\nnothing was said of what comes now.\n\n## Cake\n\nCakes rose.\n\n## Pies\n\nthe firm Alpha sold none.\n", "6 lint-subject\n"},
	{"sentence", "Prices rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and rose and fell. They fell.\n", "4 lint-long-sentence\n"},
	{"source", "```csv\na,b\nx,1\n```\n\nPrices rose.\n\n```csv\na,b\nx,1\n```\n\nSource: the firm Alpha.\n\n```table\nmetric: price\nsource: false\n```\n\n```table\nmetric: price\n```\n", "4 lint-figure-source\n18 lint-figure-source\n"},
	{"source-aside", "<!-- stet-ignore lint-figure-source: an example of no firm -->\n\n```csv\na,b\nx,1\n```\n", ""},
	{"aside", "<!-- stet-ignore lint-pronoun: a quotation -->\n\nIt rose.\n\nIt fell.\n", "8 lint-pronoun\n"},
	{"aside-same-line", "It rose. <!-- stet-ignore lint-pronoun: a quotation -->\n", ""},
	{"aside-no-reason", "<!-- stet-ignore lint-pronoun -->\n\nIt rose.\n", "4 lint-reason\n"},
	{"aside-misspelt", "<!-- stet-ignore lint-pronuon: x -->\n\nIt rose.\n", "4 lint-reason\n6 lint-pronoun\n"},
};

static char *found(const HelpBook *book)
{
	GString *out = g_string_new(NULL);
	const GPtrArray *list = stet_diagnostics_sorted(book->report.diags);
	for (guint i = 0; i < list->len; i++) {
		const StetDiagnostic *d = list->pdata[i];
		g_string_append_printf(out, "%u %s\n", d->line, d->code);
	}
	return g_string_free(out, FALSE);
}

static void check(const char *front, const char *text, const char *faults)
{
	HelpBook book;
	g_autofree char *page = g_strconcat("---\ntitle: X\n", front, "---\n", text, NULL);
	help_book(&book, (HelpFile[]){HELP_BARE, DATA, PRICE, {"templates/pages/x.md", page}, HELP_END});
	g_autofree char *have = found(&book);
	g_assert_cmpstr(have, ==, faults);
	help_book_clear(&book);
}

static void run_case(gconstpointer data)
{
	const Case *one = data;
	check("", one->text, one->faults);
}

static void test_pages(void)
{
	check("lint: {lint-pronoun: all of it is quoted}\n", "It rose.\n", "");
	check("pairs: [for, against]\n", "## For\n\nFor one.\n\n### A\n\n### B\n\n## Against\n\nAgainst it.\n\n### C\n", "3 lint-pairs\n");
	check("pairs: [for, against]\n", "## For\n\nFor one.\n\n- a\n- b\n\n## Against\n\nAgainst it.\n\n- c\n- d\n", "");
	check("entities: 3\n", "We saw Alpha and then Beta Inc in Rome.\n", "");
	check("entities: 4\n", "We saw Alpha and then Beta Inc in Rome. Alpha again.\n", "3 lint-entities\n");
}

static void test_explained(void)
{
	const char *title = NULL;
	gboolean ignorable = TRUE;
	g_assert_null(stet_lint_explain("lint-nothing", &title, &ignorable));
	g_assert_nonnull(stet_lint_explain("inline-style", &title, &ignorable));
	g_assert_false(ignorable);
	for (const char *const *code = stet_lint_codes(); *code; code++) {
		const char *why = stet_lint_explain(*code, &title, &ignorable);
		g_assert_nonnull(why);
		g_assert_cmpuint(strlen(why), >, 40);
		g_assert_true(ignorable);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	help_lint = TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/page/lint/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], run_case);
	}
	g_test_add_func("/page/lint-pages", test_pages);
	g_test_add_func("/page/lint-explained", test_explained);
	return g_test_run();
}
