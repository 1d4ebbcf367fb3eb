/* Which pages a site has, at which addresses, in which order; what goes wrong with them. */
#include "site_help.h"

#define NO_DATA                                                                                              \
	{                                                                                                        \
		"data/none.txt", ""                                                                                  \
	}
#define END                                                                                                  \
	{                                                                                                        \
		NULL, NULL                                                                                           \
	}

/* ---- files --------------------------------------------------------------------------------- */

static void test_files(void)
{
	HelpSite site;
	help_site(&site, (HelpFile[]){NO_DATA,
								  {"templates/pages/index.md", "---\ntitle: Home\n---\nHello.\n"},
								  {"templates/pages/how/index.md", "---\ntitle: How\n---\nSo.\n"},
								  {"templates/pages/faq.html", "---\ntitle: FAQ\n---\n<p>Why?</p>\n"},
								  {"templates/pages/notes.txt", "no page"},
								  {"templates/assets/img/a.svg", "<svg/>"},
								  END});
	help_expect_clean(&site.report);
	g_assert_true(site.made);
	g_autofree char *paths = help_paths(&site, "assets/stet-");
	g_assert_cmpstr(
		paths, ==,
		"404.html\nassets/icon.svg\nassets/img/a.svg\nfaq/index.html\nfaq/index.md\nhow/index.html\nhow/index.md\n"
		"index-a-z/index.html\nindex.html\nindex.md\nledger.json\nllms.txt\nmanifest.json\nrobots.txt\n"
		"search/d0.js\nsearch/index.js\nsearch/t0.js\nsections.json\n");
	g_assert_cmpuint(site.summary.pages, ==, 5);
	g_assert_cmpuint(site.summary.files, ==, 20);
	guint64 bytes = 0;
	GHashTableIter each;
	gpointer file;
	g_hash_table_iter_init(&each, site.files);
	while (g_hash_table_iter_next(&each, NULL, &file))
		bytes += g_bytes_get_size(file);
	g_assert_cmpuint(site.summary.bytes, ==, bytes);
	help_site_clear(&site);
}

static void test_own_page_wins(void)
{
	HelpSite site;
	help_site(&site,
			  (HelpFile[]){{"data/a.csv", "x\n1\n"},
						   {"templates/pages/datasets/a.md", "---\ntitle: My own\n---\nWords of mine.\n"},
						   {"templates/pages/404.md", "---\ntitle: Gone\n---\nNothing.\n"},
						   {"templates/assets/icon.svg", "<svg/>"},
						   END});
	help_expect_clean(&site.report);
	g_assert_true(help_holds(&site, "datasets/a/index.html", "Words of mine"));
	g_assert_true(help_holds(&site, "404.html", "Nothing."));
	g_assert_true(help_holds(&site, "assets/icon.svg", "<svg/>"));
	g_assert_true(help_holds(&site, "datasets/index.html", "Datasets"));
	g_assert_null(g_hash_table_lookup(site.files, "metrics/index.html"));
	g_assert_null(g_hash_table_lookup(site.files, "claims/index.html"));
	help_site_clear(&site);
}

/* ---- order --------------------------------------------------------------------------------- */

static void test_navigation(void)
{
	static const char *const wanted[] = {"Front",        "Alpha",  "Zulu", "Early",
										 "\xC3\x84pfel", "Birnen", "Late", NULL};
	HelpSite site;
	help_site(&site,
			  (HelpFile[]){
				  NO_DATA,
				  {"templates/pages/index.md", "---\ntitle: Front\nnav: {order: 50}\n---\n.\n"},
				  {"templates/pages/z.md", "---\ntitle: Zulu\nnav: {order: 2}\n---\n.\n"},
				  {"templates/pages/a.md", "---\ntitle: Alpha\nnav: {order: 2}\n---\n.\n"},
				  {"templates/pages/l.md", "---\ntitle: Late\nnav: {section: A, order: 7}\n---\n.\n"},
				  {"templates/pages/b.md", "---\ntitle: Birnen\nnav: {section: M, order: 9}\n---\n.\n"},
				  {"templates/pages/p.md", "---\ntitle: \xC3\x84pfel\nnav: {section: M, order: 9}\n---\n.\n"},
				  {"templates/pages/e.md", "---\ntitle: Early\nnav: {section: M, order: 1}\n---\n.\n"},
				  {"templates/pages/h.md", "---\ntitle: Hidden\nnav: false\n---\n.\n"},
				  END});
	help_expect_clean(&site.report);
	g_autofree char *html = help_text(&site, "z/index.html");
	const char *at = strstr(html, "<nav");
	for (guint i = 0; wanted[i]; i++) {
		g_assert_nonnull(at);
		g_autofree char *entry = g_strdup_printf(">%s</a>", wanted[i]);
		at = strstr(at, entry);
		g_test_message("%s", wanted[i]);
		g_assert_nonnull(at);
	}
	g_assert_null(strstr(html, "Hidden"));
	help_site_clear(&site);
}

static void test_many_stay_out_of_navigation(void)
{
	GString *rows = g_string_new("name\n");
	for (guint i = 0; i < 60; i++)
		g_string_append_printf(rows, "item %u\n", i);
	static const char page[] = "---\ntitle: \"The {{ it.name }}\"\nforeach: {dataset: d}\nas: it\npath: x/{{ "
							   "it.name | slug }}/\nnav: {section: S}\n---\n.\n";
	HelpSite site;
	help_site(&site, (HelpFile[]){{"data/d.csv", rows->str}, {"templates/pages/x.md", page}, END});
	help_expect_clean(&site.report);
	g_assert_true(help_holds(&site, "x/item-59/index.html", "The item 59"));
	g_assert_false(help_holds(&site, "x/item-59/index.html", "The item 5<"));
	help_site_clear(&site);
	g_string_free(rows, TRUE);
}

/* ---- faults -------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	HelpFile files[5];
	const char *wanted; /* a line of the diagnostics */
} faults[] = {
	{"two files, one address",
	 {NO_DATA,
	  {"templates/pages/a.md", "---\ntitle: A\npath: x/\n---\n.\n"},
	  {"templates/pages/b.md", "---\ntitle: B\npath: x/\n---\n.\n"},
	  END},
	 "templates/pages/b.md:0:0: 'B' has the address of 'templates/pages/a.md': 'x/' (give one of them "
	 "another 'path') [url-taken]\n"},
	{"two items, one address",
	 {{"data/d.csv", "name\nA b\nA-B\n"},
	  {"templates/pages/d.md",
	   "---\ntitle: \"{{ i.name }}\"\nforeach: {dataset: d}\nas: i\npath: d/{{ i.name | slug }}/\n---\n.\n"},
	  END},
	 "templates/pages/d.md:0:0: two pages of this file have the address 'd/a-b/': 'A b' and 'A-B' (put "
	 "something into 'path' that tells its items apart) [url-taken]\n"},
	{"broken link",
	 {NO_DATA,
	  {"templates/pages/index.md", "---\ntitle: A\n---\n\nSee [it](/quetsions/).\n"},
	  {"templates/pages/questions.md", "---\ntitle: Q\n---\n.\n"},
	  END},
	 "templates/pages/index.md:5:1: the site has no '/quetsions/' (did you mean '/questions/'?) "
	 "[link-broken]\n"},
	{"broken image",
	 {NO_DATA,
	  {"templates/pages/index.md", "---\ntitle: A\n---\n\n![x](/assets/logo.sgv)\n"},
	  {"templates/assets/logo.svg", "<svg/>"},
	  END},
	 "templates/pages/index.md:5:1: the site has no '/assets/logo.sgv' (did you mean '/assets/logo.svg'?) "
	 "[link-broken]\n"},
	{"broken fragment",
	 {NO_DATA,
	  {"templates/pages/index.md", "---\ntitle: A\n---\n\nSee [it](/q/#how-muhc).\n"},
	  {"templates/pages/q.md", "---\ntitle: Q\n---\n\n## How much\n\n.\n"},
	  END},
	 "templates/pages/index.md:5:1: '/q/' has no element with the id 'how-muhc' (did you mean "
	 "'/q/#how-much'?) [link-broken]\n"},
	{"broken fragment of the page itself",
	 {NO_DATA,
	  {"templates/pages/index.md", "---\ntitle: A\n---\n\nSee [it](#ther).\n\n## There\n\n.\n"},
	  END},
	 "templates/pages/index.md:5:1: '/' has no element with the id 'ther' (did you mean '/#there'?) "
	 "[link-broken]\n"},
	{"link to a draft",
	 {NO_DATA,
	  {"templates/pages/index.md", "---\ntitle: A\n---\n\nSee [it](/later/).\n"},
	  {"templates/pages/later.md", "---\ntitle: L\ndraft: true\n---\n.\n"},
	  END},
	 "templates/pages/index.md:5:1: the site has no '/later/' [link-broken]\n"},
	{"a page where a download goes",
	 {{"data/d.csv", "x\n1\n"},
	  {"templates/pages/d.md", "---\ntitle: D\npath: datasets/d/d.csv\n---\n.\n"},
	  END},
	 "templates/pages/d.md:0:0: 'datasets/d/d.csv' is written from 'data/d.csv' and from "
	 "'templates/pages/d.md' (give one of them another path) [path-taken]\n"},
};

static void test_faults(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
		HelpSite site;
		help_site(&site, faults[i].files);
		g_autofree char *text = help_diagnostics(&site.report);
		g_test_message("%s", faults[i].name);
		g_assert_cmpstr(text, ==, faults[i].wanted);
		g_assert_false(site.made);
		help_site_clear(&site);
	}
}

/* Faults of all pages in one run, the same whatever the threads. */
static void test_all_faults_at_once(void)
{
	g_autofree char *before = NULL;
	for (guint jobs = 1; jobs <= 4; jobs++) {
		g_autofree char *dir = help_folder();
		help_write(dir,
				   (HelpFile[]){NO_DATA,
								{"templates/pages/a.md", "---\ntitle: A\n---\n{{ nothing.here }}\n"},
								{"templates/pages/b.md", "---\ntitle: B\n---\n{{ 1 | divided_by: 0 }}\n"},
								{"templates/pages/c.md", "---\ntitle: C\n---\n[x](/d/)\n"},
								END});
		HelpSite site;
		help_make(&site, dir, jobs, 0);
		g_autofree char *text = help_diagnostics(&site.report);
		g_assert_false(site.made);
		g_assert_nonnull(strstr(text, "pages/a.md:4"));
		g_assert_nonnull(strstr(text, "pages/b.md:4"));
		g_assert_nonnull(strstr(text, "pages/c.md:4"));
		if (before)
			g_assert_cmpstr(text, ==, before);
		g_free(before);
		before = g_steal_pointer(&text);
		help_site_clear(&site);
	}
}

static void test_good_links(void)
{
	static const char page[] = "---\ntitle: A\n---\n\n[a](/b/) [b](/b/#part-two) [c](#here) "
							   "[d](/assets/a%20b.txt) [e](/datasets/d/d.csv)\n"
							   "[f](/manifest.json) [g](https://example.org/x#y) "
							   "[h](/datasets/datapackage.json) [i](/b/index.html)\n\n## Here\n\n.\n";
	HelpSite site;
	help_site(&site, (HelpFile[]){{"data/d.csv", "x\n1\n"},
								  {"data/datapackage.json",
								   "{\"resources\": [{\"name\": \"d\", \"path\": \"d.csv\"}]}"},
								  {"templates/assets/a b.txt", "text"},
								  {"templates/pages/index.md", page},
								  {"templates/pages/b.md", "---\ntitle: B\n---\n\n## Part two\n\n.\n"},
								  END});
	help_expect_clean(&site.report);
	g_assert_true(site.made);
	help_site_clear(&site);
}

static void test_sink_stops(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir, (HelpFile[]){NO_DATA,
								 {"templates/pages/a.md", "---\ntitle: A\n---\n.\n"},
								 {"templates/pages/b.md", "---\ntitle: B\n---\n.\n"},
								 END});
	HelpSite site;
	help_make(&site, dir, 1, 2);
	g_assert_false(site.made);
	g_assert_cmpuint(g_hash_table_size(site.files), ==, 2);
	help_expect_clean(&site.report);
	help_site_clear(&site);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/site/pages/files", test_files);
	g_test_add_func("/site/pages/own-page-wins", test_own_page_wins);
	g_test_add_func("/site/pages/navigation", test_navigation);
	g_test_add_func("/site/pages/many-stay-out-of-navigation", test_many_stay_out_of_navigation);
	g_test_add_func("/site/pages/faults", test_faults);
	g_test_add_func("/site/pages/all-faults-at-once", test_all_faults_at_once);
	g_test_add_func("/site/pages/good-links", test_good_links);
	g_test_add_func("/site/pages/sink-stops", test_sink_stops);
	return g_test_run();
}
