/* What a site has besides its pages: style sheet, downloads, Data Package, sitemap, ledger, manifest. */
#include "site_help.h"

#include <glib/gstdio.h>
#include <unistd.h>
#include <zlib.h>

#define NO_DATA                                                                                              \
	{                                                                                                        \
		"data/none.txt", ""                                                                                  \
	}
#define HOME                                                                                                 \
	{                                                                                                        \
		"templates/pages/index.md", "---\ntitle: Home\n---\nHello.\n"                                        \
	}
#define END                                                                                                  \
	{                                                                                                        \
		NULL, NULL                                                                                           \
	}

/* ---- style --------------------------------------------------------------------------------- */

static char *style_path(const HelpSite *site)
{
	g_autofree char *paths = help_paths(site, NULL);
	const char *end = strstr(paths, ".css\n"), *at = end ? g_strrstr_len(paths, end - paths, "assets/stet-") : NULL;
	g_assert_nonnull(at);
	return g_strndup(at, strcspn(at, "\n"));
}

/* The name follows the content, so that a cache never shows an old style with a new page. */
static void test_style(void)
{
	HelpSite plain, own;
	help_site(&plain, (HelpFile[]){NO_DATA, HOME, END});
	help_site(&own,
			  (HelpFile[]){NO_DATA, HOME, {"templates/assets/site.css", "p { color: rebeccapurple }"}, END});
	g_autofree char *plain_path = style_path(&plain), *own_path = style_path(&own);
	g_assert_cmpstr(plain_path, !=, own_path);
	g_autofree char *css = help_text(&own, own_path);
	g_assert_true(g_str_has_suffix(css, "p { color: rebeccapurple }\n"));
	StetHash hash = stet_hash(css, strlen(css));
	g_assert_cmpint(strncmp(own_path + strlen("assets/stet-"), hash.hex, 8), ==, 0);
	g_assert_true(help_holds(&own, "index.html", own_path));
	g_assert_null(g_hash_table_lookup(own.files, "assets/site.css"));
	help_site_clear(&plain);
	help_site_clear(&own);
}

static void test_asset_outside(void)
{
	g_autofree char *dir = help_folder(), *inside = NULL, *outside = NULL, *near = NULL;
	help_write(dir, (HelpFile[]){NO_DATA, HOME, {"templates/assets/a.txt", "a"}, END});
	outside = g_build_filename(dir, "templates", "assets", "passwd", NULL);
	near = g_build_filename(dir, "templates", "assets", "b.txt", NULL);
	g_assert_cmpint(symlink("/etc/passwd", outside), ==, 0);
	g_assert_cmpint(symlink("a.txt", near), ==, 0);
	HelpSite site;
	help_make(&site, dir, 1, 0);
	g_autofree char *text = help_diagnostics(&site.report);
	g_assert_cmpstr(text, ==,
					"templates/assets/passwd:0:0: this asset is a link to a file outside the report (put a "
					"copy in place of the link) [asset-outside]\n");
	g_assert_null(g_hash_table_lookup(site.files, "assets/passwd"));
	g_assert_true(help_holds(&site, "assets/b.txt", "a"));
	help_site_clear(&site);
}

/* ---- downloads ----------------------------------------------------------------------------- */

static void test_dataset_as_it_is(void)
{
	static const char csv[] = "\xEF\xBB\xBFname;v\r\n\"a;\";\"1,5\"\r\n";
	HelpSite site;
	help_site(&site, (HelpFile[]){{"data/d.csv", csv},
								  {"data/datapackage.json",
								   "{\"name\": \"p\", \"resources\": [{\"name\": \"d\", \"path\": \"d.csv\", "
								   "\"dialect\": {\"delimiter\": \";\"},"
								   " \"schema\": {\"fields\": [{\"name\": \"name\"}, {\"name\": \"v\", "
								   "\"type\": \"number\", \"decimalChar\": \",\"}]}}]}"},
								  END});
	help_expect_clean(&site.report);
	g_autofree char *text = help_text(&site, "datasets/d/d.csv");
	g_assert_cmpstr(text, ==, csv);
	g_autofree char *package = help_text(&site, "datasets/datapackage.json");
	g_assert_cmpstr(package, ==,
					"{\n  \"name\": \"p\",\n  \"resources\": [\n    {\n      \"name\": \"d\",\n      "
					"\"path\": \"d/d.csv\",\n"
					"      \"dialect\": {\n        \"delimiter\": \";\"\n      },\n      \"schema\": {\n     "
					"   \"fields\": [\n"
					"          {\n            \"name\": \"name\"\n          },\n          {\n            "
					"\"name\": \"v\",\n"
					"            \"type\": \"number\",\n            \"decimalChar\": \",\"\n          }\n    "
					"    ]\n      }\n    }\n  ]\n}\n");
	help_site_clear(&site);
}

static void write_gzip(const char *dir, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	gzFile file = gzopen(path, "wb");
	g_assert_nonnull(file);
	g_assert_cmpint(gzputs(file, text), ==, (int)strlen(text));
	gzclose(file);
}

/* Several files, one packed: each as it is, and all rows in one. */
static void test_dataset_of_parts(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir,
			   (HelpFile[]){{"data/one.csv", "name,v\n\"a,b\",1\n"},
							HOME,
							{"data/datapackage.json",
							 "{\"resources\": [{\"name\": \"d\", \"path\": [\"one.csv\", \"two.csv.gz\"],"
							 " \"schema\": {\"fields\": [{\"name\": \"name\"}, {\"name\": \"v\", \"type\": "
							 "\"integer\"}]}}]}"},
							END});
	write_gzip(dir, "data/two.csv.gz", "name,v\n\"say \"\"hi\"\"\",\n");
	HelpSite site;
	help_make(&site, dir, 2, 0);
	help_expect_clean(&site.report);
	g_autofree char *all = help_text(&site, "datasets/d/d.csv"),
					*one = help_text(&site, "datasets/d/source/one.csv");
	g_assert_cmpstr(one, ==, "name,v\n\"a,b\",1\n");
	g_assert_cmpstr(all, ==, "name,v\n\"a,b\",1\n\"say \"\"hi\"\"\",\n");
	g_assert_nonnull(g_hash_table_lookup(site.files, "datasets/d/source/two.csv.gz"));
	g_assert_true(help_holds(&site, "datasets/datapackage.json",
							 "\"path\": [\"d/source/one.csv\", \"d/source/two.csv.gz\"]"));
	help_site_clear(&site);
}

static void test_metric(void)
{
	HelpSite site;
	help_site(
		&site,
		(HelpFile[]){
			{"data/d.csv", "q,who,v\n2025Q1,=A,1\n2025Q1,B,2\n2025Q2,=A,3\n2025Q2,B,4\n"},
			{"data/metrics/m.sql", "/*\ntitle: M\ndescription: What it is.\nunit: count\nperiod: "
								   "q\ndimensions: [who]\nvalue: v\n*/\nselect q, who, v from d\n"},
			{"templates/pages/index.md",
			 "---\ntitle: Home\n---\n\nIt is {{ metrics.m | where: \"who\", \"B\" | latest }}.\n"},
			{"templates/pages/a.md", "---\ntitle: Also\n---\n\nIt was {{ metrics.m | where: \"who\", \"B\" | "
									 "earliest }}, then {{ metrics.m | where: \"who\", \"B\" | latest }}.\n"},
			END});
	help_expect_clean(&site.report);
	g_autofree char *csv = help_text(&site, "metrics/m/m.csv"), *json = help_text(&site, "metrics/m/m.json");
	g_assert_cmpstr(csv, ==, "q,who,v\n2025Q1,'=A,1\n2025Q1,B,2\n2025Q2,'=A,3\n2025Q2,B,4\n");
	g_assert_nonnull(strstr(json, "\"=A\""));
	/* Where used: pages by title, with how many figures. */
	g_autofree char *page = help_text(&site, "metrics/m/index.html");
	const char *where = strstr(page, "id=\"where-it-is-used\"");
	g_assert_nonnull(where);
	const char *also = strstr(where, ">Also</a>"), *home = strstr(where, ">Home</a>");
	g_assert_nonnull(also);
	g_assert_nonnull(home);
	g_assert_true(also < home);
	g_autofree char *count = g_strndup(also + strlen(">Also</a>"), strcspn(also + strlen(">Also</a>"), "<"));
	g_assert_nonnull(strchr(count, '2'));
	g_autofree char *ledger = help_text(&site, "ledger.json");
	g_assert_nonnull(strstr(
		ledger,
		"{\"figure\": \"m.v[2025q2-b]\", \"value\": 4, \"unit\": \"count\", \"text\": \"4\", \"at\": [\"#"));
	g_assert_nonnull(strstr(ledger, ", \"a/#"));
	help_site_clear(&site);
}

/* ---- indexes ------------------------------------------------------------------------------- */

static void test_sitemap(void)
{
	HelpSite none, site;
	help_site(&none, (HelpFile[]){NO_DATA, HOME, END});
	g_assert_null(g_hash_table_lookup(none.files, "sitemap.xml"));
	g_autofree char *robots = help_text(&none, "robots.txt");
	g_assert_cmpstr(robots, ==, "User-agent: *\nAllow: /\n");
	help_site_clear(&none);
	help_site(&site, (HelpFile[]){NO_DATA,
								  HOME,
								  {"templates/site.yaml", "url: https://example.org/report\n"},
								  {"templates/pages/a.md", "---\ntitle: A\npath: a & \xC3\xA4/\n---\n.\n"},
								  END});
	help_expect_clean(&site.report);
	g_autofree char *map = help_text(&site, "sitemap.xml");
	g_assert_cmpstr(map, ==,
					"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset "
					"xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
					"<url><loc>https://example.org/report/a%20%26%20%C3%A4/</loc></url>\n<url><loc>https://"
					"example.org/report/</loc></url>\n<url><loc>https://example.org/report/index-a-z/</loc></url>\n"
					"</urlset>\n");
	g_assert_true(help_holds(&site, "robots.txt", "Sitemap: https://example.org/report/sitemap.xml\n"));
	help_site_clear(&site);
}

static void test_manifest(void)
{
	HelpSite site;
	help_site(&site, (HelpFile[]){{"data/d.csv", "x\n1\n"}, HOME, END});
	GString *wanted = g_string_new("{\"stet\": \"manifest\", \"schema\": 1, \"files\": [");
	GList *keys = g_list_sort(g_hash_table_get_keys(site.files), (GCompareFunc)strcmp);
	const char *comma = "";
	for (const GList *key = keys; key; key = key->next) {
		gsize length = 0;
		const char *data = g_bytes_get_data(g_hash_table_lookup(site.files, key->data), &length);
		if (strcmp(key->data, "manifest.json") == 0)
			continue;
		g_string_append_printf(wanted, "%s\n{\"path\": \"%s\", \"sha256\": \"%s\", \"bytes\": %zu}", comma,
							   (const char *)key->data, stet_hash(data, length).hex, length);
		comma = ",";
	}
	g_list_free(keys);
	g_string_append(wanted, "\n]}\n");
	g_autofree char *manifest = help_text(&site, "manifest.json");
	g_assert_cmpstr(manifest, ==, wanted->str);
	g_string_free(wanted, TRUE);
	help_site_clear(&site);
}

/* ---- readers ------------------------------------------------------------------------------- */

static void test_sections(void)
{
	static const char page[] = "---\ntitle: T\ndescription: What it\n is.\n---\n\nOpening &amp; "
							   "*more*.\n\n## One *a*\n\nText  of\none.\n\n"
							   "<table class=\"data\"><tr><td>1</td></tr></table>\n\n- x\n- y\n\n### "
							   "Two\n\n<p title=\"a > b\">Of<br/>two, {{ \"<b>&amp;\" "
							   "}}</p>\n\n<svg><text>no</text><svg><text>no</text></svg></svg>\n\nend\n";
	HelpSite site;
	help_site(&site, (HelpFile[]){NO_DATA, HOME, {"templates/pages/t.md", page}, END});
	help_expect_clean(&site.report);
	g_autofree char *text = help_text(&site, "sections.json");
	g_assert_nonnull(
		strstr(text, "{\"url\": \"\", \"title\": \"Home\", \"sections\": [{\"text\": \"Hello.\"}]}"));
	const char *at = strstr(text, "{\"url\": \"t/\"");
	g_assert_nonnull(at);
	g_autofree char *line = g_strndup(at, strcspn(at, "\n"));
	g_assert_cmpstr(line, ==,
					"{\"url\": \"t/\", \"title\": \"T\", \"description\": \"What it is.\", \"sections\": "
					"[{\"text\": \"Opening & more.\"}, "
					"{\"id\": \"one-a\", \"title\": \"One a\", \"text\": \"Text of one. x y\"}, "
					"{\"id\": \"two\", \"title\": \"Two\", \"text\": \"Of two, <b>&amp; end\"}]}");
	help_site_clear(&site);
}

static void test_llms(void)
{
	HelpSite site;
	help_site(&site, (HelpFile[]){{"data/d.csv", "x\n1\n"},
								  {"templates/site.yaml", "title: A report\ndescription: On a thing.\n"},
								  HOME,
								  {"templates/pages/a.md",
								   "---\ntitle: A\ndescription: First.\nnav: {section: S}\n---\n.\n"},
								  END});
	help_expect_clean(&site.report);
	g_autofree char *text = help_text(&site, "llms.txt");
	g_assert_true(
		g_str_has_prefix(text, "# A report\n\n> On a thing.\n\n## Pages\n\n- [Home](index.md)\n\n## "
							   "Data\n\n- [Datasets](datasets/index.md): "));
	g_assert_nonnull(strstr(
		text, "\n## S\n\n- [A](a/index.md): First.\n\n## Optional\n\n- [d](datasets/d/index.md)\n"));
	g_assert_null(strstr(text, "404"));
	help_site_clear(&site);
}

/* What stands in the page's JSON-LD, as it is written; no data may end the script. */
static void test_structured(void)
{
	static const struct {
		const char *path, *part;
	} wanted[] = {
		{"index.html",
		 "<script "
		 "type=\"application/ld+json\">{\"@context\":\"https://"
		 "schema.org\",\"@graph\":[{\"@type\":\"Report\",\"name\":\"R \\u003c/script> &\","
		 "\"url\":\"https://example.org/"
		 "\",\"inLanguage\":\"en\",\"author\":{\"@type\":\"Organization\",\"name\":\"Me\"}}]}</script>"},
		{"a/b/index.html",
		 "{\"@type\":\"ListItem\",\"position\":2,\"name\":\"A\",\"item\":\"https://example.org/a/\"},"
		 "{\"@type\":\"ListItem\",\"position\":3,\"name\":\"B\",\"item\":\"https://example.org/a/b/\"}]}"},
		{"a/index.html", "{\"@type\":\"FAQPage\",\"mainEntity\":[{\"@type\":\"Question\",\"name\":\"Why?\","
						 "\"acceptedAnswer\":{\"@type\":\"Answer\",\"text\":\"So.\"}},"
						 "{\"@type\":\"Question\",\"name\":\"How?\",\"acceptedAnswer\":{\"@type\":\"Answer\","
						 "\"text\":\"Thus.\"}}]}"},
		{"datasets/d/index.html",
		 "{\"@type\":\"Dataset\",\"name\":\"D\",\"description\":\"Things.\",\"url\":\"https://example.org/"
		 "datasets/d/\","
		 "\"license\":\"https://example.org/"
		 "free\",\"creator\":{\"@type\":\"Organization\",\"name\":\"Me\"},\"isAccessibleForFree\":true,"
		 "\"variableMeasured\":[{\"@type\":\"PropertyValue\",\"name\":\"x\"}],\"distribution\":[{\"@type\":"
		 "\"DataDownload\","
		 "\"encodingFormat\":\"text/csv\",\"contentUrl\":\"https://example.org/datasets/d/d.csv\"}]}"},
	};
	HelpSite site;
	help_site(
		&site,
		(HelpFile[]){
			{"data/d.csv", "x\n1\n"},
			{"data/datapackage.json",
			 "{\"licenses\": [{\"path\": \"https://example.org/free\"}], \"resources\": [{\"name\": \"d\", "
			 "\"path\": \"d.csv\", \"title\": \"D\","
			 " \"description\": \"Things.\", \"schema\": {\"fields\": [{\"name\": \"x\", \"type\": "
			 "\"integer\"}]}}]}"},
			{"templates/site.yaml", "title: R </script> &\nurl: https://example.org\nauthor: Me\n"},
			HOME,
			{"templates/pages/a/index.md", "---\ntitle: A\n---\n\n## Why?\n\nSo.\n\n## How?\n\nThus.\n"},
			{"templates/pages/a/b.md", "---\ntitle: B\n---\n\n## Why?\n\nSo.\n\n## What else\n\nThat.\n"},
			END});
	help_expect_clean(&site.report);
	for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
		g_autofree char *text = help_text(&site, wanted[i].path);
		g_test_message("%s", wanted[i].path);
		if (!strstr(text, wanted[i].part))
			g_error("no %s in %s", wanted[i].part, strstr(text, "<script"));
	}
	g_assert_false(help_holds(&site, "a/b/index.html", "FAQPage"));
	g_assert_false(help_holds(&site, "404.html", "ld+json"));
	help_site_clear(&site);
}

/* ---- threads ------------------------------------------------------------------------------- */

static void test_threads(void)
{
	g_autofree char *first = NULL;
	for (guint jobs = 1; jobs <= 7; jobs += 3) {
		g_autofree char *dir = help_folder();
		help_write(dir,
				   (HelpFile[]){{"data/d.csv", "q,who,v\n2025Q1,A,1\n2025Q1,B,2\n2025Q2,A,3\n2025Q2,B,4\n"},
								{"data/metrics/m.sql",
								 "/*\ntitle: M\ndescription: What it is.\nunit: count\nperiod: "
								 "q\ndimensions: [who]\nvalue: v\n*/\nselect q, who, v from d\n"},
								{"templates/pages/w.md",
								 "---\ntitle: \"{{ who }}\"\nforeach: {metric: m, by: who}\nas: who\npath: "
								 "w/{{ who | slug }}/\n---\n\n"
								 "{{ metrics.m | where: \"who\", who | latest }}\n\n```chart\nmetric: "
								 "m\nwhere: {who: \"{{ who }}\"}\ntitle: T\n```\n"},
								END});
		HelpSite site;
		help_make(&site, dir, jobs, 0);
		help_expect_clean(&site.report);
		g_autofree char *manifest = help_text(&site, "manifest.json");
		if (first)
			g_assert_cmpstr(manifest, ==, first);
		g_assert_cmpuint(site.summary.charts, ==, 3);
		g_free(first);
		first = g_steal_pointer(&manifest);
		help_site_clear(&site);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/site/files/style", test_style);
	g_test_add_func("/site/files/asset-outside", test_asset_outside);
	g_test_add_func("/site/files/dataset-as-it-is", test_dataset_as_it_is);
	g_test_add_func("/site/files/dataset-of-parts", test_dataset_of_parts);
	g_test_add_func("/site/files/metric", test_metric);
	g_test_add_func("/site/files/sitemap", test_sitemap);
	g_test_add_func("/site/files/manifest", test_manifest);
	g_test_add_func("/site/files/sections", test_sections);
	g_test_add_func("/site/files/llms", test_llms);
	g_test_add_func("/site/files/structured", test_structured);
	g_test_add_func("/site/files/threads", test_threads);
	return g_test_run();
}
