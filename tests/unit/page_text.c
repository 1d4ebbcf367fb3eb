/* What Markdown, values, links, headings and components become on a page, and the faults they are told of. */
#include "page_help.h"

#define DATA {"data/prices.csv", "quarter,firm,price\n2025Q1,Alpha,10.5\n2025Q1,\"B & <b>C</b>\",20\n2025Q2,Alpha,12\n2025Q2,\"B & <b>C</b>\",19\n"}
#define PRICE {"data/metrics/price.sql", "/*\ntitle: Price\nunit: \"currency:USD\"\nperiod: quarter\ndimensions: [firm]\nvalue: price\n*/\nselect quarter, firm, price from prices\n"}
#define FRONT "---\ntitle: X\n---\n"
#define HOSTILE "---\ntitle: X\n---\n{% assign t = datasets.hostile.rows | first %}"

typedef struct {
	const char *name, *markdown, *html, *faults;
} Case;

/* One page "x/" over the two firms' prices. */
static void run_case(gconstpointer data)
{
	const Case *one = data;
	HelpBook book;
	g_autofree char *text = g_strconcat(FRONT, one->markdown, NULL);
	help_book(&book, (HelpFile[]){HELP_BARE, DATA, PRICE, {"data/hostile.csv", "a,n\n\"<script>alert(1)</script>*b*](javascript:x) {{ y }} \"\"q\"\" &amp;\",7\n"},
	                              {"templates/pages/x.md", text}, HELP_END});
	g_autofree char *html = help_main(&book, "x/"), *faults = help_diagnostics(&book.report);
	g_assert_cmpstr(faults, ==, one->faults ? one->faults : "");
	if (one->html)
		g_assert_cmpstr(html, ==, one->html);
	else
		g_assert_null(html);
	help_book_clear(&book);
}

#define CELL "&lt;script&gt;alert(1)&lt;/script&gt;*b*](javascript:x) {{ y }} &quot;q&quot; &amp;amp;"
#define ASSIGN "{% assign t = datasets.hostile.rows | first %}"

static const Case cases[] = {
	/* values are data */
	{"value-in-text", ASSIGN "A {{ t.a }} b", "<p>A " CELL " b</p>", NULL},
	{"value-in-emphasis", ASSIGN "*{{ t.a }}*", "<p><em>" CELL "</em></p>", NULL},
	{"value-in-code", ASSIGN "`{{ t.a }}`", "<p><code>" CELL "</code></p>", NULL},
	{"value-in-fence", ASSIGN "```text\n{{ t.a }}\n```", "<pre><code class=\"language-text\">" CELL "\n</code></pre>", NULL},
	{"value-in-attribute", ASSIGN "<p title=\"{{ t.a }}\">x</p>", "<p title=\"" CELL "\">x</p>", NULL},
	{"value-in-list", ASSIGN "- {{ t.n }}\n- b", "<ul>\n<li>7</li>\n<li>b</li>\n</ul>", NULL},
	{"value-captured", ASSIGN "{% capture c %}**{{ t.n }}**{% endcapture %}{{ c }}", "<p><strong>7</strong></p>", NULL},
	{"value-compared", ASSIGN "{% if t.n == 7 %}seven{% endif %}", "<p>seven</p>", NULL},
	/* addresses */
	{"url-root", "[a](/)", "<p><a href=\"../index.html\">a</a></p>", NULL},
	{"url-elsewhere", "[a](https://example.org/?q=1#z)", "<p><a href=\"https://example.org/?q=1#z\">a</a></p>", NULL},
	{"url-mail", "[a](mailto:a@example.org)", "<p><a href=\"mailto:a@example.org\">a</a></p>", NULL},
	{"url-script", "[a](javascript:alert(1))", NULL, "templates/pages/x.md:4:1: the address 'javascript:alert(1)' is left out: its scheme is not allowed (use http, https, mailto or a path of the site) [url-scheme]\n"},
	{"url-script-blank", "<a href=\" java\tscript:alert(1)\">a</a>", NULL, "templates/pages/x.md:4:1: the address ' java script:alert(1)' is left out: its scheme is not allowed (use http, https, mailto or a path of the site) [url-scheme]\n"},
	{"url-data", "[a](data:text/html,x)", NULL, "templates/pages/x.md:4:1: the address 'data:text/html,x' is left out: its scheme is not allowed (use http, https, mailto or a path of the site) [url-scheme]\n"},
	/* headings */
	{"heading-ids", "## A b\n\n## A b\n\n### C", "<h2 id=\"a-b\">A b</h2>\n<h2 id=\"a-b-2\">A b</h2>\n<h3 id=\"c\">C</h3>", NULL},
	{"heading-own-id", "<h2 id=\"z\">A</h2>", "<h2 id=\"z\">A</h2>", NULL},
	{"heading-value", ASSIGN "## {{ t.n }} up", "<h2 id=\"7-up\">7 up</h2>", NULL},
	/* figures */
	{"figure", "{{ metrics.price | where: 'firm', 'Alpha' | latest }}",
	 "<p><a class=\"figure\" href=\"../metrics/price/index.html#row-2025q2-alpha\"><data id=\"f1\" value=\"12\">$12</data></a></p>", NULL},
	{"figure-form", "{{ metrics.price | where: 'firm', 'Alpha' | latest | change }}",
	 "<p><a class=\"figure\" href=\"../metrics/price/index.html#row-2025q2-alpha\"><data id=\"f1\" value=\"1.5\" title=\"change = value - earlier value\">$1.50</data></a></p>", NULL},
	{"figure-in-heading", "## {{ metrics.price | where: 'firm', 'Alpha' | latest }}",
	 "<h2 id=\"12\"><data id=\"f1\" value=\"12\" class=\"figure\">$12</data></h2>", NULL},
	{"figure-in-link", "[{{ metrics.price | where: 'firm', 'Alpha' | latest }}](/)",
	 "<p><a href=\"../index.html\"><data id=\"f1\" value=\"12\" class=\"figure\">$12</data></a></p>", NULL},
	{"figure-period", "{{ metrics.price | where: 'firm', 'Alpha' | latest | period }}", "<p>Q2 2025</p>", NULL},
	{"figure-many", "{{ metrics.price }}", NULL, "templates/pages/x.md:4:1: metric 'price' has 4 rows here, one is needed to print (narrow it: where: \"dimension\", \"value\" | latest) [figure-ambiguous]\n"},
	{"figure-none", "{{ metrics.price | at: '1999Q1' }}", NULL, "templates/pages/x.md:4:1: metric 'price' has no row here whose quarter is '1999Q1' [figure-ambiguous]\n"},
	{"figure-value", "{{ metrics.price | where: 'firm', 'Alhpa' | latest }}", NULL, "templates/pages/x.md:4:1: metric 'price' has no row here whose firm is 'Alhpa' (did you mean 'Alpha'?) [figure-ambiguous]\n"},
	{"figure-misspelt", "{{ metrics.prise }}", NULL, "templates/pages/x.md:4:4: metrics has no property 'prise' (did you mean 'price'?) [liquid-undefined]\n"},
	{"figure-column", "{{ metrics.price | where: 'frim', 'Alpha' }}", NULL, "templates/pages/x.md:4:20: metric 'price' has no column 'frim' (did you mean 'firm'?) [figure-column]\n"},
	{"filter-misspelt", "{{ 1 | persent }}", NULL, "templates/pages/x.md:4:8: unknown filter 'persent' (did you mean 'percent'?) [liquid-filter]\n"},
	/* queries in pages */
	{"query", "```sql dear\nselect firm, max(price) as top from prices group by firm\n```\n{{ metrics.dear | where: 'firm', 'Alpha' }}",
	 "<p><a class=\"figure\" href=\"../metrics/x__dear/index.html#row-alpha\"><data id=\"f1\" value=\"12\">12</data></a></p>", NULL},
	{"query-unit", "```sql dear\n/* unit: \"currency:USD\" */\nselect max(price) as top from prices\n```\n{{ metrics.dear }}",
	 "<p><a class=\"figure\" href=\"../metrics/x__dear/index.html#row-value\"><data id=\"f1\" value=\"20\">$20</data></a></p>", NULL},
	{"query-fault", "```sql dear\nselect firm,\n  max(prise) as top from prices group by firm\n```\n", "",
	 "templates/pages/x.md:6:7: referenced column 'prise' not found in FROM clause (did you mean 'price'?) [metric-sql]\n"},
	{"query-words", "```sql dear\nselect firm from prices\n```\n", "",
	 "templates/pages/x.md:5:1: the query has no column of numbers (select a number beside the names: count(*) as n) [metric-column]\n"},
	{"query-misspelt", "```sql dear\nselect firm, max(price) as top from prices group by firm\n```\n```chart\nmetric: deer\n```", NULL,
	 "templates/pages/x.md:8:9: there is no metric 'deer' (did you mean 'dear'?) [metric-unknown]\n"},
	/* faults of the markup */
	{"unclosed", "a <em>b", NULL, "templates/pages/x.md:4:1: <em> is not closed before </p> (close every element, void ones as <br />) [html-malformed]\n"},
	{"style", "<p style=\"color:red\">x</p>", NULL, "templates/pages/x.md:4:1: <p> has a 'style' attribute, which the site's content security policy forbids (give it a class and style that in templates/assets/site.css) [inline-style]\n"},
	{"handler", "<p onclick=\"x()\">x</p>", NULL, "templates/pages/x.md:4:1: <p> has a 'onclick' attribute, which the site's content security policy forbids (leave it out: pages work without scripts) [inline-script]\n"},
	{"script", "<script>x()</script>", NULL, "templates/pages/x.md:4:1: an inline <script>, which the site's content security policy forbids (leave it out: pages work without scripts) [inline-script]\n"},
	/* components' faults */
	{"chart-unknown", "```chart\nmetric: prise\n```", NULL, "templates/pages/x.md:5:9: there is no metric 'prise' (did you mean 'price'?) [metric-unknown]\n"},
	{"chart-where", "```chart\nmetric: price\nwhere: {frim: Alpha}\n```", NULL, "templates/pages/x.md:6:9: there is no column 'frim' (did you mean 'firm'?) [component-where]\n"},
	{"table-key", "```table\nmetric: price\nlimt: 3\n```", NULL, "templates/pages/x.md:6:1: a table has no key 'limt' (did you mean 'limit'?) [table-key]\n"},
	{"table-column", "```table\nmetric: price\ncolumns: [firm, prise]\n```", NULL, "templates/pages/x.md:6:17: there is no column 'prise' (did you mean 'price'?) [component-column]\n"},
	{"figures-two", "```figures\n- metric: price\n  at: latest\n```", NULL, "templates/pages/x.md:5:3: no single row of metric 'price': more than one row meets the conditions (narrow it with 'where' and 'at' to one row) [figure-ambiguous]\n"},
	{"component-yaml", "```chart\nmetric: [price\n```", NULL, NULL},
};

/* ---- foreach ------------------------------------------------------------------------------- */

static void test_foreach(void)
{
	HelpBook book;
	help_book(&book, (HelpFile[]){HELP_BARE, DATA, PRICE,
	                              {"templates/pages/f.md", "---\nforeach: {metric: price, by: firm}\nas: firm\npath: firms/{{ firm | slug }}/\ntitle: \"{{ firm }}\"\n---\n"
	                                                       "{{ firm }}: {{ metrics.price | where: 'firm', firm | latest }}\n"},
	                              {"templates/pages/q.md", "---\nforeach: {sql: \"select quarter, count(*) as n from prices group by quarter\"}\nas: row\n"
	                                                       "path: q/{{ row.quarter }}/\ntitle: \"{{ row.quarter | period }}\"\n---\n{{ row.n }}\n"},
	                              HELP_END});
	help_expect_clean(&book.report);
	g_autofree char *alpha = help_main(&book, "firms/alpha/"), *other = help_main(&book, "firms/b-b-c-b/"), *quarter = help_main(&book, "q/2025Q1/");
	g_assert_cmpstr(alpha, ==, "<p>Alpha: <a class=\"figure\" href=\"../../metrics/price/index.html#row-2025q2-alpha\"><data id=\"f1\" value=\"12\">$12</data></a></p>");
	g_assert_nonnull(other);
	g_assert_true(g_str_has_prefix(other, "<p>B &amp; &lt;b&gt;C&lt;/b&gt;: <a"));
	g_assert_nonnull(quarter);
	g_assert_nonnull(strstr(quarter, ">2</data>"));
	g_assert_cmpstr(help_page(&book, "q/2025Q1/")->plan->title, ==, "Q1 2025");
	help_book_clear(&book);
}

/* All pages' faults in one run. */
static void test_all_faults(void)
{
	HelpBook book;
	help_book(&book, (HelpFile[]){HELP_BARE, DATA, {"templates/pages/a.md", FRONT "{{ nothing }}\n"}, {"templates/pages/b.md", FRONT "{{ 1 | nofilter }}\n\n{% if %}"},
	                              {"templates/pages/c.md", "---\ntitel: C\n---\nC\n"}, {"templates/partials/p.html", "<p>{{ x.y }}</p>\n"},
	                              {"templates/pages/d.md", FRONT "{% for i in (1..2) %}{% include 'p' %}{% endfor %}"}, HELP_END});
	g_autofree char *faults = help_diagnostics(&book.report);
	const char *const wanted[] = {"templates/pages/a.md:4:4: undefined variable 'nothing'", "templates/pages/b.md:6:1:", "templates/pages/c.md:2:1: the front matter has no key 'titel' (did you mean 'title'?)",
	                              "templates/partials/p.html:1:7: undefined variable 'x', in item 1 of 'i-(1..2)', in 'p' from templates/pages/d.md:4:22"};
	for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
		if (!strstr(faults, wanted[i]))
			g_error("no '%s' in:\n%s", wanted[i], faults);
	help_book_clear(&book);
}

/* ---- contents ------------------------------------------------------------------------------ */

static void test_contents(void)
{
	HelpBook book;
	help_book(&book, (HelpFile[]){{"templates/layouts/page.html", "<html><body>{% for e in page.toc %}<i>{{ e.level }} {{ e.id }} {{ e.title }}</i>{% endfor %}{{ content }}</body></html>"}, DATA,
	                              {"templates/pages/x.md", FRONT "## One *two*\n\n### Three\n\n#### Four\n\n## Five & six\n"}, HELP_END});
	help_expect_clean(&book.report);
	g_autofree char *html = help_html(&book, "x/");
	g_assert_nonnull(strstr(html, "<i>2 one-two One two</i><i>3 three Three</i><i>2 five-six Five &amp; six</i>"));
	help_book_clear(&book);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/page/text/", cases[i].name, NULL);
		if (cases[i].html || cases[i].faults)
			g_test_add_data_func(path, &cases[i], run_case);
	}
	g_test_add_func("/page/foreach", test_foreach);
	g_test_add_func("/page/all-faults", test_all_faults);
	g_test_add_func("/page/contents", test_contents);
	return g_test_run();
}
