/* What stet adds to Markdown and Liquid: pipe tables, footnotes, captions, citations, references, terms, blocks,
 * options of tables, words of a language. */
#include "page_help.h"

#define FRONT "---\ntitle: X\n---\n"
#define DATA {"data/prices.csv", "quarter,firm,kind,price,sold\n2025Q1,Alpha,new,10.5,100\n2025Q1,Beta,old,20,50\n2025Q2,Alpha,new,12,120\n2025Q2,Beta,old,19.25,40\n"}
#define PRICE {"data/metrics/price.sql", "/*\ntitle: Price\nperiod: quarter\ndimensions: [firm, kind]\nvalue: price\ncolumns:\n  sold: {title: Sold, unit: count}\n*/\nselect quarter, firm, kind, price, sold from prices\n"}
#define COST {"data/metrics/cost.sql", "/*\ntitle: Cost\nperiod: quarter\nvalue: cost\nunit: currency:USD\ndisplay: 0\n*/\nselect quarter, case when quarter = '2025Q1' then 15.25 else 27 end as cost from prices group by quarter\n"}
#define SOURCES {"data/sources.csv", "id,title,publisher,url\none,\"First <i>book</i>\",P,https://example.org/1\ntwo,Second,Q,\n"}
#define GLOSSARY {"data/glossary.csv", "term,definition\nHHI,\"Sum of squares, 0 to 10,000\"\nMarket share,Part of the whole\n"}

typedef struct {
	const char *name, *markdown;
	const char *holds[6];         /* the page holds each, in this order */
	const char *faults;
} Case;

static void expect_order(const char *html, const char *const *holds)
{
	const char *p = html;
	for (guint i = 0; i < 6 && holds[i]; i++) {
		const char *found = p ? strstr(p, holds[i]) : NULL;
		if (!found)
			g_test_message("no %s in:\n%s", holds[i], html);
		g_assert_nonnull(found);
		p = found ? found + strlen(holds[i]) : NULL;
	}
}

static void run_case(gconstpointer data)
{
	const Case *one = data;
	HelpBook book;
	g_autofree char *text = g_strconcat(FRONT, one->markdown, NULL);
	help_lint = strcmp(one->name, "raw") == 0;
	help_book(&book, (HelpFile[]){HELP_BARE, DATA, PRICE, COST, SOURCES, GLOSSARY, {"templates/pages/x.md", text}, HELP_END});
	g_autofree char *html = help_main(&book, "x/"), *faults = help_diagnostics(&book.report);
	g_assert_cmpstr(faults, ==, one->faults ? one->faults : "");
	if (one->holds[0]) {
		g_assert_nonnull(html);
		expect_order(html ? html : "", one->holds);
	} else {
		g_assert_null(html);
	}
	help_book_clear(&book);
}

#define TH "<th scope=\"col\""

static const Case cases[] = {
	/* pipe tables */
	{"pipe", "| a | b |\n|---|--:|\n| 1 | **2** |\n", {TH ">a</th>" TH " class=\"num\">b</th>", "<tbody>", "<td>1</td><td class=\"num\"><strong>2</strong></td>"}, NULL},
	{"pipe-bare", "a | b\n-|-\n1 | 2 | 3\n4\n", {TH ">a</th>" TH ">b</th>", "<td>1</td><td>2</td></tr>", "<td>4</td><td></td></tr>"}, NULL},
	{"pipe-escaped", "| a |\n|---|\n| `x \\| y` |\n", {"<td><code>x | y</code></td>"}, NULL},
	{"pipe-after-text", "Words.\n| a |\n|:-:|\n| 1 |\n", {"<p>Words.</p>", TH " class=\"center\">a</th>"}, NULL},
	{"pipe-in-quote", "> | a |\n> |---|\n> | 1 |\n", {"<blockquote>", "<td>1</td>", "</blockquote>"}, NULL},
	{"pipe-in-list", "- x\n\n  | a |\n  |---|\n  | 1 |\n", {"<li>", "<td>1</td>", "</li>"}, NULL},
	{"pipe-no-blocks", "| a |\n|---|\n| # 1 |\n| - 2 |\n", {"<td># 1</td>", "<td>- 2</td>"}, NULL},
	{"pipe-columns-differ", "| a | b |\n|---|\n| 1 |\n", {"<p>| a | b |\n|---|\n| 1 |</p>"}, NULL},
	{"pipe-in-code", "```\n| a |\n|---|\n```\n", {"<pre><code>| a |\n|---|\n</code></pre>"}, NULL},
	{"pipe-value", "{% assign p = 'a | b' %}| x | y |\n|---|---|\n| {{ p }} | 2 |\n", {"<td>a | b</td><td>2</td>"}, NULL},
	/* footnotes */
	{"note", "A[^n] b[^m] c[^n].\n\n[^m]: Word\n[^n]: Two *words*\n    and more.\n",
	 {"<sup class=\"footnote\"><a id=\"fnref-1\" href=\"#fn-1\" role=\"doc-noteref\">1</a></sup>", "href=\"#fn-2\"", "id=\"fnref-1-2\"", "<li id=\"fn-1\"><p>Two <em>words</em>\nand more. <a href=\"#fnref-1\"", "<li id=\"fn-2\"><p>Word <a"}, NULL},
	{"note-in-table", "| a |\n|---|\n| x[^1] |\n\n[^1]: N\n", {"<td>x<sup class=\"footnote\">", "<li id=\"fn-1\">"}, NULL},
	{"note-in-code", "`[^1]`[^1]\n\n```\n[^1]: no\n```\n\n[^1]: N\n", {"<code>[^1]</code><sup", "<code>[^1]: no\n</code>", "<p>N <a"}, NULL},
	{"note-none", "A [^1] b.\n", {"<p>A [^1] b.</p>"}, NULL},
	{"note-unknown", "A[^one] b[^two].\n\n[^one]: N\n", {NULL}, "templates/pages/x.md:4:1: there is no footnote 'two' (write it: [^two]: ...) [footnote-unknown]\n"},
	/* images */
	{"image", "![A cat](/assets/cat.png \"The cat\"){width=300 #cat}\n", {"<figure class=\"image-figure\" id=\"cat\">", "<img src=\"../assets/cat.png\" alt=\"A cat\"", "loading=\"lazy\"", "width=\"300\"", "<figcaption>The cat</figcaption></figure>"}, NULL},
	{"image-plain", "![A](/assets/a.png)\n", {"<p><img src=\"../assets/a.png\" alt=\"A\" loading=\"lazy\"></p>"}, NULL},
	/* citations, references, terms */
	{"cite", "Said{% cite two %} and{% cite one, two %}.\n", {"<sup class=\"cite\"><a href=\"../sources/index.html#two\" title=\"Second\">[2]</a></sup>", "title=\"First &lt;i&gt;book&lt;/i&gt;\">[1]</a><a"}, NULL},
	{"cite-unknown", "{% cite tow %}\n", {NULL}, "templates/pages/x.md:4:1: there is no source 'tow' (did you mean 'two'?) [source-unknown]\n"},
	{"ref", "See {% ref share %}, [](#fig:share) and {% ref t %}; {% ref part %}.\n\n```chart\nmetric: price\nid: share\nat: latest\ntype: bar\nx: firm\ny: price\n```\n\n```table\nmetric: price\nid: t\n```\n\n## Part\n",
	 {"See <a class=\"ref\" href=\"#share\">Figure\xC2\xA0" "1</a>, <a href=\"#share\">Figure\xC2\xA0" "1</a> and <a class=\"ref\" href=\"#t\">Table\xC2\xA0" "1</a>; <a class=\"ref\" href=\"#part\">Part</a>",
	  "<span class=\"figure-number\">Figure\xC2\xA0" "1</span> Price", "<caption>Table\xC2\xA0" "1. Price</caption>"}, NULL},
	{"ref-unknown", "See {% ref shar %}.\n\n```table\nmetric: price\nid: share\n```\n", {NULL}, "templates/pages/x.md:4:1: the page has no figure, table or section 'shar' (did you mean 'share'?) [ref-unknown]\n"},
	{"term", "The {% term hhi %} and the {% term 'market share', 'share' %}.\n", {"<a class=\"term\" href=\"../glossary/index.html#hhi\" title=\"Sum of squares, 0 to 10,000\">hhi</a>", "#market-share\" title=\"Part of the whole\">share</a>"}, NULL},
	/* charts and figures */
	{"chart-frame", "```chart\nmetric: price\nid: share\nat: latest\ntype: bar\nx: firm\ny: price\ntitle: Alpha is cheap\nsubtitle: Price a piece\n```\n",
	 {"<p class=\"figure-subtitle\">Price a piece</p></figcaption>\n<div class=\"chart-frame chart-bar\"><svg class=\"chart wide\"",
	  "<title id=\"share-t\">Alpha is cheap</title>", "<svg class=\"chart narrow\"", "aria-labelledby=\"share-t share-d\">", "</svg></div>\n<p class=\"figure-source\">"}, NULL},
	{"chart-empty", "```chart\nmetric: price\ntype: bar\nx: firm\ny: price\nwhere: {kind: old, firm: Alpa}\n```\n",
	 {">No data</text>", ">no row has firm 'Alpa'</text>"}, "templates/pages/x.md:9:26: the chart has no data: no row has firm 'Alpa' (did you mean 'Alpha'?) [chart-empty]\n"},
	{"display", "```figures\n- {metric: cost, at: 2025Q2, change: change}\n```\n\n{{ metrics.cost | at: \"2025Q2\" | change }}, {{ metrics.cost | at: \"2025Q2\" | moving_average: 2 }}, {{ metrics.cost | at: \"2025Q2\" | growth }}\n",
	 {"<dd class=\"value\">", ">$27</data>", "▲ $12 since", ">$12</data>", ">$21</data>", ">77.0%</data>"}, NULL},
	/* ids */
	{"id-twice", "<p id=\"a\">x</p>\n\n<p id=\"a\">y</p>\n", {NULL}, "templates/pages/x.md:6:1: the id 'a' is on the page already (give one of them another id) [id-duplicate]\n"},
	{"id-in-block", "Words.\n\n<div>\n  <p id=\"a\">x</p>\n  <p id=\"a\">y</p>\n</div>\n", {NULL}, "templates/pages/x.md:8:1: the id 'a' is on the page already (give one of them another id) [id-duplicate]\n"},
	{"id-of-figures", "```table\nmetric: price\nid: t\n```\n\n![A](/a.png \"B\"){#t}\n", {NULL}, "templates/pages/x.md:9:1: the id 't' is on the page already (give one of them another id) [id-duplicate]\n"},
	{"id-of-chart", "<b id=\"share\">x</b>\n\n```chart\nmetric: price\nid: share\nat: latest\ntype: bar\nx: firm\ny: price\n```\n", {NULL}, "templates/pages/x.md:4:1: the id 'share' is on the page already (give one of them another id) [id-duplicate]\n"},
	{"id-of-layout", "## Content\n\n## Menu\n", {"<h2 id=\"content-2\">", "<h2 id=\"menu-2\">"}, NULL},
	/* blocks */
	{"timeline", "```timeline\n- at: 2024Q2\n  title: Start\n  text: It *begins*\n- at: 2025-03-01\n  text: End\n```\n", {"<ol class=\"timeline\">", "<p class=\"when\">Q2 2024</p><p class=\"event-title\">Start</p><p>It *begins*</p>", "<time datetime=\"2025-03-01\">"}, NULL},
	{"timeline-dataset", "```timeline\ndataset: prices\nat: quarter\ntitle: firm\nwhere: {kind: new}\n```\n", {"Q1 2025</p><p class=\"event-title\">Alpha", "Q2 2025", "Source:"}, NULL},
	{"columns", "```columns\ntitle: Left\n- a\n+++\ntitle: Right\n**b**\n```\n", {"<div class=\"columns columns-2\">", "<div class=\"column\">", "Left</p>", "<li>a</li>", "Right</p>", "<strong>b</strong>"}, NULL},
	{"note-block", "````note\ntitle: Mind\n| a |\n|---|\n| {{ 1 | plus: 1 }} |\n````\n", {"<aside class=\"note\" role=\"note\">", "<p class=\"aside-title\">Mind</p>", "<td>2</td>", "</aside>"}, NULL},
	{"figures-in-order", "![A](/a.png \"One\"){#one}\n\n```chart\nmetric: price\nid: two\nat: latest\ntype: bar\nx: firm\ny: price\n```\n\n![C](/c.png \"Three\"){#three}\n\n{% ref one %}\n",
	 {"Figure\xC2\xA0" "1</span> One", "Figure\xC2\xA0" "2</span> Price", "Figure\xC2\xA0" "3</span> Three"}, NULL},
	{"csv", "```csv Sales\nname,value\n\"A, b\",1234.5\nC,\n```\n", {"<caption>Sales</caption>", TH " class=\"num\">value</th>", "<th scope=\"row\">A, b</th><td class=\"num\">1,234.5</td>", "</table></section>"}, NULL},
	{"csv-decimals", "```csv\nname,value\nA,1.5\nB,22.125\nC,3\n```\n", {">1.500</td>", ">22.125</td>", ">3.000</td>"}, NULL},
	{"csv-ragged", "```csv\na,b\n1\n```\n", {NULL}, "templates/pages/x.md:6:1: this row has 1 cell, the header 2 (put cells with commas in quotes) [csv-table]\n"},
	/* tables */
	{"total", "```table\nmetric: price\nat: latest\ncolumns: [firm, price, sold]\ntotal: true\n```\n", {"<td class=\"num\">12.00</td><td class=\"num\">120</td>", "<td class=\"num\">19.25</td>", "<tr class=\"total\"><th scope=\"row\">Total</th><td class=\"num\">31.25</td><td class=\"num\">160</td></tr>"}, NULL},
	{"group", "```table\nmetric: price\ncolumns: [firm, quarter, sold]\ngroup: firm\ntotal: [sold]\n```\n", {"<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"2\">Alpha</th></tr>", "Q1 2025", "Q2 2025", "Subtotal</th><td class=\"num\">220</td>", "Beta", "Total</th><td class=\"num\">310</td>"}, NULL},
	{"bars-heat", "```table\nmetric: price\nat: latest\nbars: [sold]\nheat: [price]\n```\n", {"<td class=\"num heat s", "<svg class=\"cell-bar\""}, NULL},
	{"spark", "```table\nmetric: price\nat: latest\nspark: true\n```\n", {"<th scope=\"col\">Trend</th>", "<td class=\"spark-cell\"><svg"}, NULL},
	{"table-notes", "```table\nmetric: price\nat: latest\ncolumns: [firm, sold]\nnotes:\n  sold: Units sold\n  Beta: Without exports\n```\n", {"Sold<sup class=\"table-note\">a</sup>", "Beta<sup class=\"table-note\">b</sup>", "<sup>a</sup> Units sold", "<sup>b</sup> Without exports"}, NULL},
	{"option-misspelt", "```table\nmetric: price\nheat: [prise]\n```\n", {NULL}, "templates/pages/x.md:6:8: there is no column 'prise' (did you mean 'price'?) [component-column]\n"},
	/* filters */
	{"sparkline", "Up {{ metrics.price | where: 'firm', 'Alpha' | sparkline }} there\n", {"<p>Up <svg class=\"spark\"", "</svg> there</p>"}, NULL},
	{"sparkline-many", "{{ metrics.price | sparkline }}\n", {NULL}, "templates/pages/x.md:4:20: filter 'sparkline' wants rows of one series (narrow it to one series: where: \"dimension\", \"value\") [figure-ambiguous]\n"},
	{"link-to", "{{ 'A <b> *c*' | link_to: '/' }} {{ 'x' | link_to: 'https://example.org/?a=1&b' }}\n", {"<a href=\"../index.html\">A &lt;b&gt; *c*</a> <a href=\"https://example.org/?a=1&amp;b\">x</a>"}, NULL},
	{"link-to-script", "{{ 'x' | link_to: 'javascript:alert(1)' }}\n", {"<p><a>x</a></p>"}, "templates/pages/x.md:4:1: the address 'javascript:alert(1)' is left out: its scheme is not allowed (use http, https, mailto or a path of the site) [url-scheme]\n"},
	{"raw", "{{ '<b>x</b>' | raw }}\n", {"<p><b>x</b></p>"}, "templates/pages/x.md:4:17: 'raw' puts this value in as markup, unescaped [raw-used]\n"},
	{"compact", "{{ 1234567 | compact }} {{ 'b,a' | split: ',' | compact | join: '+' }} {{ datasets.prices.rows | compact: 'kind' | size }}\n", {"<p>1.2M b+a 4</p>"}, NULL},
	{"date", "{{ '2025-03-31' | date: 'long' }} {{ '2025-03-31' | date: '%d/%m' }}\n", {"<p>March 31, 2025 31/03</p>"}, NULL},
	{"words", "{{ 3 | words }} {{ 22 | ordinal }} {{ 'x' | quote }} {{ 'data_table' | t }} {{ 1 | plural: 'row', 'rows' }}\n", {"<p>three 22nd \xE2\x80\x9Cx\xE2\x80\x9D Data table row</p>"}, NULL},
	{"word-unknown", "{{ 'data_tabel' | t }}\n", {NULL}, "templates/pages/x.md:4:19: no language has a word for 'data_tabel' (did you mean 'data_table'?) [word-unknown]\n"},
};

/* ---- pages ----------------------------------------------------------------------------------- */

#define MADE {"templates/layouts/page.html", "<html lang=\"{{ page.language }}\" dir=\"{{ page.direction }}\"><head>{% for a in page.alternates %}<link rel=\"alternate\" hreflang=\"{{ a.language }}\" href=\"{{ a.url }}\"/>{% endfor %}</head>" \
	"<body><main>{% if page.previous %}<i>{{ page.previous.title }}</i>{% endif %}{% if page.next %}<b>{{ page.next.title }}</b>{% endif %}<u>{{ page.words }} {{ page.reading_time }} {{ page.data_as_of | period }}</u>{{ content }}</main></body></html>\n"}

static void test_neighbours(void)
{
	HelpBook book;
	help_book(&book, (HelpFile[]){MADE, DATA, PRICE, {"templates/pages/f.md", "---\nforeach: {metric: price, by: quarter}\nas: q\npath: q/{{ q }}/\ntitle: \"{{ q }}\"\n---\nOne two three {{ metrics.price | where: 'firm', 'Alpha' | at: q }}.\n"}, HELP_END});
	help_expect_clean(&book.report);
	g_autofree char *first = help_main(&book, "q/2025Q1/"), *last = help_main(&book, "q/2025Q2/");
	g_assert_true(g_str_has_prefix(first, "<b>2025Q2</b><u>4 1 Q2 2025</u>"));
	g_assert_true(g_str_has_prefix(last, "<i>2025Q1</i><u>"));
	help_book_clear(&book);
}

static void test_lists(void)
{
	HelpBook book;
	help_book(&book, (HelpFile[]){HELP_BARE, DATA, {"templates/pages/l.md", "---\ntitle: L\npath: l/\npaginate: {dataset: prices, size: 3}\n---\n{% for row in paginator.items %}{{ row.price }} {% endfor %}({{ paginator.page }}/{{ paginator.pages }} of {{ paginator.total }}) [n]({{ paginator.next_url }})\n"}, HELP_END});
	help_expect_clean(&book.report);
	g_autofree char *first = help_main(&book, "l/"), *second = help_main(&book, "l/page/2/");
	g_assert_cmpstr(first, ==, "<p>10.5 20 12 (1/2 of 4) <a href=\"../l/page/2/index.html\">n</a></p>");
	g_assert_cmpstr(second, ==, "<p>19.25 (2/2 of 4) <a href=\"\">n</a></p>");
	help_book_clear(&book);
}

static void test_former_addresses(void)
{
	HelpBook book;
	help_book(&book, (HelpFile[]){HELP_BARE, DATA, {"templates/pages/new/place.md", "---\ntitle: A & B\nredirect_from: [/old/, a/b/c/]\n---\nHere.\n"},
	                              {"templates/pages/bad.md", "---\ntitle: X\nredirect_from: ../x/\n---\n"}, {"templates/pages/date.md", "---\ntitle: X\ndate: 31.3.2025\n---\n"}, HELP_END});
	const StetPage *page = help_page(&book, "new/place/");
	g_assert_cmpuint(page->assets->len, ==, 2);
	const StetAsset *asset = page->assets->pdata[1];
	g_assert_cmpstr(asset->path, ==, "a/b/c/index.html");
	const char *html = g_bytes_get_data(asset->bytes, NULL);
	g_assert_nonnull(strstr(html, "content=\"0; url=../../../new/place/index.html\"") );
	g_assert_nonnull(strstr(html, ">A &amp; B</a>"));
	g_autofree char *faults = help_diagnostics(&book.report);
	g_assert_cmpstr(faults, ==, "templates/pages/bad.md:1:1: 'redirect_from' cannot use '../x/' (write a former path of the site: old/page/) [page-path]\n"
	                            "templates/pages/date.md:3:7: '31.3.2025' is no date (write it as 2025-03-31) [front-matter]\n");
	help_book_clear(&book);
}

static void test_title_in_text(void)
{
	static const struct {
		const char *text, *title, *body;
	} rows[] = {{"# Rents & *more*\n\nOk.\n", "Rents & *more*", "<p>Ok.</p>"},
	            {"---\nlead: L\n---\n\n# {{ 1 | plus: 1 }} rents ##\r\nOk.\n", "2 rents", "<p>Ok.</p>"},
	            {"---\ntitle: T\n---\n# Other\n", "T", "<h1>Other</h1>"},
	            {"---\ntitle: T\n---\n# T\nOk.\n", "T", "<p>Ok.</p>"},
	            {"# C# and F#\n", "C# and F#", ""},
	            {"Ok.\n\n# Late\n", "S", "<p>Ok.</p>\n<h1>Late</h1>"},
	            {"#nothing\n", "S", "<p>#nothing</p>"},
	            {"# Last", "Last", ""}};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		HelpBook book;
		help_book(&book, (HelpFile[]){HELP_BARE, DATA, {"templates/site.yaml", "title: S\n"}, {"templates/pages/a.md", rows[i].text}, HELP_END});
		help_expect_clean(&book.report);
		g_autofree char *body = help_main(&book, "a/");
		g_assert_cmpstr(help_page(&book, "a/")->plan->title, ==, rows[i].title);
		g_assert_cmpstr(body, ==, rows[i].body);
		help_book_clear(&book);
	}
}

/* Shown at any address that is not there: its links must not start from that address. */
static void test_not_found(void)
{
	static const struct {
		const char *site, *link;
	} rows[] = {{"title: S\n", "a/index.html"},
	            {"title: S\nurl: https://x.example\n", "/a/index.html"},
	            {"title: S\nurl: https://x.example/reports/2025/\n", "/reports/2025/a/index.html"},
	            {"title: S\nurl: https://x.example/r%20s\n", "/r%20s/a/index.html"}};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		HelpBook book;
		help_book(&book, (HelpFile[]){HELP_BARE, DATA, {"templates/site.yaml", rows[i].site}, {"templates/pages/a.md", "---\ntitle: A\n---\n[a](/404.html)\n"},
		                              {"templates/pages/404.md", "---\ntitle: Lost\n---\n[a](/a/)\n"}, HELP_END});
		help_expect_clean(&book.report);
		g_autofree char *lost = help_main(&book, "404.html"), *wanted = g_strdup_printf("<p><a href=\"%s\">a</a></p>", rows[i].link);
		g_autofree char *other = help_main(&book, "a/");
		g_assert_cmpstr(lost, ==, wanted);
		g_assert_cmpstr(other, ==, "<p><a href=\"../404.html\">a</a></p>");
		help_book_clear(&book);
	}
}

static void test_languages(void)
{
	HelpBook book;
	help_book(&book, (HelpFile[]){MADE, DATA, PRICE, {"templates/site.yaml", "title: S\nlocale: en\nlanguages: [en, de, ar]\n"},
	                              {"templates/pages/a.md", "---\ntitle: A\n---\nOne.\n"},
	                              {"templates/pages/de/a.md", "---\ntitle: A\n---\n{{ 1234.5 | number: 1 }} {{ '2025Q4' | period }} {{ 'data_table' | t }} {{ 'x' | quote }} {{ '2025-03-31' | date: 'long' }} {{ 3 | ordinal }}\n\n```chart\nmetric: price\nwhere: {kind: new}\ntype: line\nx: quarter\ny: price\nseries: firm\n```\n"},
	                              {"templates/pages/ar/a.md", "---\ntitle: A\n---\n{{ 3 | plural: one: 'a', few: 'b', other: 'c' }} {{ 100 | plural: one: 'a', few: 'b', other: 'c' }}\n"}, HELP_END});
	help_expect_clean(&book.report);
	g_autofree char *en = help_html(&book, "a/"), *de = help_html(&book, "de/a/"), *ar = help_html(&book, "ar/a/");
	g_assert_true(g_str_has_prefix(en, "<!doctype html>\n<html lang=\"en\" dir=\"ltr\"><head><link rel=\"alternate\" hreflang=\"en\" href=\"../a/index.html\"><link rel=\"alternate\" hreflang=\"ar\" href=\"../ar/a/index.html\"><link rel=\"alternate\" hreflang=\"de\" href=\"../de/a/index.html\"></head>"));
	g_assert_nonnull(strstr(de, "<p>1.234,5 4. Quartal 2025 Datentabelle \xE2\x80\x9Ex\xE2\x80\x9C 31. M\xC3\xA4rz 2025 3.</p>"));
	g_assert_nonnull(strstr(de, "<summary>Datentabelle</summary>"));
	g_assert_nonnull(strstr(de, "Quelle: <a"));
	g_assert_nonnull(strstr(de, "10,5</td>"));
	g_assert_nonnull(strstr(ar, "<html lang=\"ar\" dir=\"rtl\">"));
	g_assert_nonnull(strstr(ar, "<p>b c</p>"));
	help_book_clear(&book);
}

/* What the six languages make of a quarter, numbers, a day, quotation, a list, an order of words. */
static void test_six_languages(void)
{
	static const struct { const char *tag, *wanted; } languages[] = {
		{"en", "Q4 2025 | 1,234.5 | 1.2M | March 31, 2025 | “x” | a, b and c | a ö z | other | Total"},
		{"de", "4. Quartal 2025 | 1.234,5 | 1,2\xC2\xA0" "Mio. | 31. März 2025 | „x“ | a, b und c | a ö z | other | Summe"},
		{"fr", "4e trimestre 2025 | 1\xE2\x80\xAF" "234,5 | 1,2\xC2\xA0" "M | 31 mars 2025 | «\xE2\x80\xAFx\xE2\x80\xAF» | a, b et c | a ö z | other | Total"},
		{"es", "4.º trimestre de 2025 | 1234,5 | 1,2\xC2\xA0" "M | 31 de marzo de 2025 | «x» | a, b y c | a ö z | other | Total"},
		{"ja", "2025年第4四半期 | 1,234.5 | 123.5万 | 2025年3月31日 | 「x」 | a、b、c | a ö z | other | 合計"},
		{"ar", "الربع الرابع ٢٠٢٥ | ١٬٢٣٤٫٥ | ١٫٢\xC2\xA0" "مليون | ٣١ مارس ٢٠٢٥ | ”x“ | a وb وc | a ö z | two | المجموع"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(languages); i++) {
		HelpBook book;
		g_autofree char *site = g_strdup_printf("title: S\nlocale: %s\n", languages[i].tag);
		help_book(&book, (HelpFile[]){HELP_BARE, DATA, {"templates/site.yaml", site}, {"templates/pages/x.md", FRONT
			"{{ '2025Q4' | period }} | {{ 1234.5 | number: 1 }} | {{ 1234567 | compact }} | {{ '2025-03-31' | date: 'long' }} | {{ 'x' | quote }} | "
			"{{ 'a,b,c' | split: ',' | list }} | {{ 'z,ö,a' | split: ',' | sort_natural | join: ' ' }} | {{ 2 | plural: one: 'one', two: 'two', other: 'other' }} | {{ 'total' | t }}\n"}, HELP_END});
		help_expect_clean(&book.report);
		g_autofree char *html = help_main(&book, "x/"), *wanted = g_strdup_printf("<p>%s</p>", languages[i].wanted);
		g_assert_cmpstr(html, ==, wanted);
		help_book_clear(&book);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/page/features/", cases[i].name, NULL);
		g_test_add_data_func(path, &cases[i], run_case);
	}
	g_test_add_func("/page/neighbours", test_neighbours);
	g_test_add_func("/page/six-languages", test_six_languages);
	g_test_add_func("/page/lists", test_lists);
	g_test_add_func("/page/former-addresses", test_former_addresses);
	g_test_add_func("/page/title-in-text", test_title_in_text);
	g_test_add_func("/page/not-found", test_not_found);
	g_test_add_func("/page/languages", test_languages);
	return g_test_run();
}
