/* site.yaml and datapackage.json: what is read, and where each fault is put. '|' stands for a line end. */
#include "stet/project.h"

#include <glib/gstdio.h>
#include <string.h>

static char *make_report(const char *package, const char *site)
{
	char *root = g_dir_make_tmp("stet-project-XXXXXX", NULL);
	g_autofree char *data = g_build_filename(root, "data", "datapackage.json", NULL);
	g_autofree char *yaml = g_build_filename(root, "templates", "site.yaml", NULL);
	g_autofree char *package_lines = package ? g_strdelimit(g_strdup(package), "|", '\n') : NULL;
	g_autofree char *site_lines = g_strdelimit(g_strdup(site), "|", '\n');
	if (package)
		g_assert_true(stet_file_write(data, package_lines, strlen(package_lines), NULL));
	g_assert_true(stet_file_write(yaml, site_lines, strlen(site_lines), NULL));
	return root;
}

#define FIELDS "\"schema\": {\"fields\": [{\"name\": \"id\"}, {\"name\": \"day\", \"type\": \"date\"}]"

static void test_good(void)
{
	static const char *const package =
		"{\"missingValues\": [\"\", \"NA\"], \"resources\": [|"
		"{\"name\": \"sales\", \"path\": [\"a.csv\", \"more/b.csv\"], \"title\": \"Sales\", "
		"\"stet:synthetic\": true, \"schema\": {|"
		"  \"fields\": [{\"name\": \"id\", \"constraints\": {\"required\": true, \"unique\": true}},|"
		"    {\"name\": \"q\", \"type\": \"date\", \"format\": \"quarter\"},|"
		"    {\"name\": \"usd\", \"type\": \"number\", \"stet:unit\": \"currency:USD\"}],|"
		"  \"primaryKey\": \"id\", \"missingValues\": [\"-\"],|"
		"  \"foreignKeys\": [{\"fields\": [\"id\"], \"reference\": {\"resource\": \"who\", \"fields\": "
		"[\"id\"]}}]}},|"
		"{\"name\": \"who\", \"path\": \"who.csv\", " FIELDS ", \"primaryKey\": [\"id\", \"day\"]}}]}";
	g_autofree char *root =
		make_report(package, "title: My report|locale: de|url: https://example.org|params: {a: 1}");
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetProject) project = stet_project_load(root, diags, NULL);
	g_assert_cmpuint(stet_diagnostics_sorted(diags)->len, ==, 0);
	g_assert_cmpstr(project->site.title, ==, "My report");
	g_assert_cmpstr(stet_locale_tag(project->locale), ==, "de");
	g_assert_cmpuint(project->n_resources, ==, 2);
	const StetResource *sales = stet_project_resource(project, "sales"),
					   *who = stet_project_resource(project, "who");
	g_assert_null(stet_project_resource(project, "nobody"));
	g_assert_cmpstr(sales->paths[1], ==, "data/more/b.csv");
	g_assert_null(sales->paths[2]);
	g_assert_true(sales->synthetic && sales->has_schema && !who->synthetic);
	g_assert_cmpint(sales->fields[1].type, ==, STET_FIELD_QUARTER);
	g_assert_cmpint(sales->fields[2].type, ==, STET_FIELD_NUMBER);
	g_assert_cmpstr(sales->fields[2].unit, ==, "currency:USD");
	g_assert_true(sales->fields[0].required && sales->fields[0].unique && !sales->fields[1].required);
	g_assert_cmpint(sales->fields[0].type, ==, STET_FIELD_STRING);
	g_assert_cmpstr(sales->missing_values[0], ==, "-");
	g_assert_cmpstr(who->missing_values[1], ==, "NA"); /* inherited from the package */
	g_assert_cmpstr(who->primary_key[1], ==, "day");
	g_assert_cmpstr(sales->foreign_keys[0].reference, ==, "who");
	g_assert_true(stet_folder_remove(root, NULL));
}

/* Without a package every CSV is a dataset; hidden files and other files are not. */
static void test_no_package(void)
{
	g_autofree char *root = make_report(NULL, "title: T");
	static const char *const files[] = {"data/b.csv",     "data/a.csv",     "data/.c.csv",
										"data/notes.txt", "data/sub/d.csv", NULL};
	for (guint i = 0; files[i]; i++) {
		g_autofree char *path = g_build_filename(root, files[i], NULL);
		g_assert_true(stet_file_write(path, "x\n1\n", 4, NULL));
	}
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetProject) project = stet_project_load(root, diags, NULL);
	g_assert_cmpuint(project->n_resources, ==, 2);
	g_assert_cmpstr(project->resources[0].name, ==, "a");
	g_assert_cmpstr(project->resources[1].paths[0], ==, "data/b.csv");
	g_assert_false(project->resources[0].has_schema);
	g_assert_cmpstr(project->resources[0].missing_values[0], ==, "");
	g_assert_true(stet_folder_remove(root, NULL));
}

static void test_undescribed(void)
{
	g_autofree char *root =
		make_report("{\"resources\": [{\"name\": \"a\", \"path\": \"a.csv\", " FIELDS "}}]}", "title: T");
	static const char *const files[] = {"data/a.csv", "data/b.csv", "data/notes.txt", "data/more/c.csv"};
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(root, files[i], NULL);
		g_assert_true(stet_file_write(path, "id\n1\n", 5, NULL));
	}
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetProject) project = stet_project_load(root, diags, NULL);
	const GPtrArray *said = stet_diagnostics_sorted(diags);
	g_assert_cmpuint(said->len, ==, 1);
	const StetDiagnostic *one = said->pdata[0];
	g_assert_cmpint(one->severity, ==, STET_WARNING);
	g_assert_cmpstr(one->message, ==, "the data package does not describe 'data/b.csv': it is not read");
}

static void test_no_report(void)
{
	g_autofree char *empty = g_dir_make_tmp("stet-project-XXXXXX", NULL);
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(GError) no_report = NULL, no_folder = NULL;
	g_assert_null(stet_project_load(empty, diags, &no_report));
	g_assert_nonnull(strstr(no_report->message, "stet init"));
	g_assert_true(stet_folder_remove(empty, NULL));
	g_assert_null(stet_project_load(empty, diags, &no_folder));
	g_assert_nonnull(strstr(no_folder->message, "no folder"));
}

#define R(rest) "{\"resources\": [|{\"name\": \"a\", \"path\": \"a.csv\", " rest "}]}"

static void test_faults(void)
{
	static const struct {
		const char *package, *site, *file, *code;
		guint line, column; /* 0: at the end of the file, where it was missed */
		const char *says, *mend;
	} cases[] = {
		{NULL, "titel: T", "templates/site.yaml", "site-key", 1, 1, "'titel'", "did you mean 'title'?"},
		{NULL, "title: T|params: 3", "templates/site.yaml", "site-key", 2, 9, "a map", NULL},
		{NULL, "title: T|locale: german", "templates/site.yaml", "site-locale", 2, 9, "'german'",
		 "write a language tag"},
		{NULL, "title: [", "templates/site.yaml", "yaml-syntax", 0, 0, NULL, NULL},
		{"{", "title: T", "data/datapackage.json", "yaml-syntax", 0, 0, NULL, NULL},
		{"{}", "title: T", "data/datapackage.json", "package-resource", 1, 1, "lists no resources", NULL},
		{"{\"resources\": {}}", "title: T", "data/datapackage.json", "package-resource", 1, 1,
		 "lists no resources", NULL},
		{"{\"resources\": [|{\"path\": \"a.csv\"}]}", "title: T", "data/datapackage.json", "package-resource",
		 2, 1, "name", NULL},
		{"{\"resources\": [|{\"name\": \"a\"}]}", "title: T", "data/datapackage.json", "package-resource", 2,
		 1, "path", NULL},
		{"{\"resources\": [|{\"name\": \"a\", \"path\": \"a.csv\"},|{\"name\": \"a\", \"path\": \"b.csv\"}]}",
		 "title: T", "data/datapackage.json", "package-resource", 3, 1, "two resources are called 'a'", NULL},
		{"{\"resources\": [|{\"name\": \"a\", \"path\": \"../a.csv\"}]}", "title: T", "data/datapackage.json",
		 "package-path", 2, 24, "leads out of the report", NULL},
		{"{\"resources\": [|{\"name\": \"a\", \"path\": \"http://x/a.csv\"}]}", "title: T",
		 "data/datapackage.json", "package-path", 2, 24, "leads out of the report", NULL},
		{R("\"schema\": {\"fields\": [{\"name\": \"x\", \"type\": \"nubmer\"}]}"), "title: T",
		 "data/datapackage.json", "package-field-type", 2, 77, "'nubmer'", "did you mean 'number'?"},
		{R("\"schema\": {\"fields\": [{\"type\": \"date\"}]}"), "title: T", "data/datapackage.json",
		 "package-field-name", 2, 54, "has no name", NULL},
		{R("\"schema\": {\"fields\": [{\"name\": \"x\"}, {\"name\": \"x\"}]}"), "title: T",
		 "data/datapackage.json", "package-field-name", 2, 69, "two fields called 'x'", NULL},
		{R(FIELDS ", \"primaryKey\": \"idd\"}"), "title: T", "data/datapackage.json", "package-key", 2, 119,
		 "'idd'", "did you mean 'id'?"},
		{R(FIELDS ", \"foreignKeys\": [{\"fields\": \"id\", \"reference\": {\"resource\": \"b\", \"fields\": "
				  "\"id\"}}]}"),
		 "title: T", "data/datapackage.json", "package-key", 2, 120, "not in the package", NULL},
		{R(FIELDS ", \"foreignKeys\": [{\"fields\": \"id\", \"reference\": {\"resource\": \"\", \"fields\": "
				  "\"dya\"}}]}"),
		 "title: T", "data/datapackage.json", "package-key", 2, 120, "'dya'", "did you mean 'day'?"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *root = make_report(cases[i].package, cases[i].site);
		g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
		g_autoptr(StetProject) project = stet_project_load(root, diags, NULL);
		g_assert_nonnull(project); /* as far as it goes */
		const GPtrArray *found = stet_diagnostics_sorted(diags);
		g_assert_cmpuint(found->len, >=, 1);
		const StetDiagnostic *d = found->pdata[0];
		g_test_message("%u: %s:%u:%u: %s [%s] (%s)", i, d->file, d->line, d->column, d->message, d->code,
					   d->mend);
		g_assert_cmpstr(d->file, ==, cases[i].file);
		g_assert_cmpstr(d->code, ==, cases[i].code);
		if (cases[i].line)
			g_assert_cmpuint(d->line, ==, cases[i].line);
		if (cases[i].column)
			g_assert_cmpuint(d->column, ==, cases[i].column);
		if (cases[i].says)
			g_assert_nonnull(strstr(d->message, cases[i].says));
		if (cases[i].mend)
			g_assert_nonnull(d->mend && strstr(d->mend, cases[i].mend) ? d->mend : NULL);
		g_assert_true(stet_folder_remove(root, NULL));
	}
}

/* All faults of both files in one run. */
static void test_all_at_once(void)
{
	g_autofree char *root = make_report(
		R("\"schema\": {\"fields\": [{\"name\": \"x\", \"type\": \"nubmer\"}, {\"type\": \"date\"}]}"),
		"titel: T|locale: german");
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetProject) project = stet_project_load(root, diags, NULL);
	g_assert_cmpuint(stet_diagnostics_count(diags, STET_ERROR), ==, 4);
	g_assert_true(stet_folder_remove(root, NULL));
}

/* JSON of odd shapes: every value in the wrong place is reported or ignored, none crashes. */
static void test_odd_shapes(void)
{
	static const char *const packages[] = {
		"[]",
		"3",
		"\"x\"",
		"null",
		"{\"resources\": [1, null, \"x\", []]}",
		"{\"resources\": [{\"name\": [], \"path\": {}}]}",
		R("\"schema\": 3"),
		R("\"schema\": {\"fields\": {}}"),
		R("\"schema\": {\"fields\": [1, null, []]}"),
		R("\"schema\": {\"fields\": [{\"name\": 5, \"type\": []}]}"),
		R("\"schema\": {\"fields\": [{\"name\": \"x\", \"type\": {}}]}"),
		R("\"schema\": {\"fields\": [{\"name\": \"x\", \"constraints\": 3}]}"),
		R(FIELDS ", \"primaryKey\": {\"a\": 1}}"),
		R(FIELDS ", \"foreignKeys\": [1, {\"fields\": 3, \"reference\": 4}, {}]}"),
		R("\"missingValues\": 3"),
		NULL,
	};
	for (guint i = 0; packages[i]; i++) {
		g_autofree char *root = make_report(packages[i], "title: T");
		g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
		g_autoptr(StetProject) project = stet_project_load(root, diags, NULL);
		g_assert_nonnull(project);
		g_assert_true(stet_folder_remove(root, NULL));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/project/package/good", test_good);
	g_test_add_func("/project/package/no-package", test_no_package);
	g_test_add_func("/project/package/undescribed", test_undescribed);
	g_test_add_func("/project/package/no-report", test_no_report);
	g_test_add_func("/project/package/faults", test_faults);
	g_test_add_func("/project/package/all-at-once", test_all_at_once);
	g_test_add_func("/project/package/odd-shapes", test_odd_shapes);
	return g_test_run();
}
