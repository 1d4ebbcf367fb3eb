/* Messy files as clean CSV, and inferred packages that load the same data again. */
#include "stet/dataset.h"

#include <string.h>

typedef struct {
	const char *name, *csv, *strict, *lenient; /* NULL: refused */
} Case;

static const Case CASES[] = {
	{"clean", "a,b\n1,2\n", "a,b\n1,2\n", "a,b\n1,2\n"},
	{"semicolons", "a;b\n1,5;x\n2,5;y\n", "a,b\n\"1,5\",x\n\"2,5\",y\n", "a,b\n\"1,5\",x\n\"2,5\",y\n"},
	{"tabs, crlf, quotes", "a\tb\r\n\"x\ty\"\t\"say \"\"hi\"\"\"\r\n", "a,b\nx\ty,\"say \"\"hi\"\"\"\n",
	 "a,b\nx\ty,\"say \"\"hi\"\"\"\n"},
	{"lines in cells", "a,b\n\"x\n\ny\",1\n", "a,b\n\"x\n\ny\",1\n", "a,b\n\"x\n\ny\",1\n"},
	{"preamble", "Report of 2025\n\na,b\n1,2\n3,4\n5,6\n", NULL, "a,b\n1,2\n3,4\n5,6\n"},
	{"notes after the table", "a,b\n1,2\n3,4\nSource: survey\n", NULL, "a,b\n1,2\n3,4\n"},
	{"a delimiter too many", "a,b\n1,2,3\n4,5\n", NULL, "a,b\n4,5\n"},
	{"stray quote", "a,b\n1\" pipe,2\n4,5\n", NULL, "a,b\n\"1\"\" pipe\",2\n4,5\n"},
	{"empty rows", "a,b\n\n,\n1,2\n", "a,b\n1,2\n", "a,b\n1,2\n"},
	{"another table as wide", "a,b\nx,1\n\nc,d\ny,2\nz,3\n", NULL, "a,b\nx,1\n"},
	{"a padded note", "a,b,c\nx,1,2\nNote: by hand,,\n", NULL, "a,b,c\nx,1,2\n"},
	{"spaces between cells", "a b c\nx \"y z\" 1\nu v 2\n", NULL, "a,b,c\nx,y z,1\nu,v,2\n"},
	{"nothing", "", NULL, NULL},
};

static void test_clean(gconstpointer data)
{
	const Case *c = data;
	g_autofree char *dir = g_dir_make_tmp("stet-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "t.csv", NULL);
	g_assert_true(stet_file_write(path, c->csv, strlen(c->csv), NULL));
	for (int lenient = 0; lenient < 2; lenient++) {
		const char *expected = lenient ? c->lenient : c->strict;
		g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
		g_autoptr(GString) out = g_string_new(NULL);
		gboolean fine = stet_csv_clean(path, NULL, NULL, lenient, out, diags);
		g_assert_true(fine == (expected != NULL));
		if (expected != NULL)
			g_assert_cmpstr(out->str, ==, expected);
	}
	stet_folder_remove(dir, NULL);
}

static void test_infer(void)
{
	static const char csv[] = "day;share;note\n31.01.2025;1,5;x\n28.02.2025;n/a;y\n";
	g_autofree char *dir = g_dir_make_tmp("stet-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "data", "t.csv", NULL);
	g_autofree char *package = g_build_filename(dir, "data", "datapackage.json", NULL);
	g_autofree char *site = g_build_filename(dir, "templates", "site.yaml", NULL);
	g_autofree char *first = NULL;
	g_assert_true(stet_file_write(path, csv, sizeof csv - 1, NULL));
	g_assert_true(stet_file_write(site, "title: t\n", 9, NULL));
	/* the second round reads what the first wrote down */
	for (int round = 0; round < 2; round++) {
		g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
		g_autoptr(StetProject) project = stet_project_load(dir, diags, NULL);
		g_autoptr(StetDataset) dataset =
			stet_dataset_load(project, &project->resources[0], &(StetLoadOptions){.jobs = 1}, diags);
		g_assert_nonnull(dataset);
		g_assert_true(project->resources[0].has_schema == (round == 1));
		g_autofree char *day = stet_dataset_cell_text(dataset, 0, 1),
						*share = stet_dataset_cell_text(dataset, 1, 0);
		g_assert_cmpstr(day, ==, "2025-02-28");
		g_assert_cmpstr(share, ==, "1.5");
		g_autoptr(GString) json = g_string_new(NULL);
		stet_dataset_summarise(dataset, 1);
		stet_dataset_infer((const StetDataset *const[]){dataset}, 1, json);
		if (round == 0) {
			g_assert_true(stet_file_write(package, json->str, json->len, NULL));
			first = g_strdup(json->str);
		}
		g_assert_cmpstr(json->str, ==, first);
	}
	stet_folder_remove(dir, NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *path = g_strdup_printf("/dataset/clean/%s", CASES[i].name);
		g_test_add_data_func(path, &CASES[i], test_clean);
	}
	g_test_add_func("/dataset/infer", test_infer);
	return g_test_run();
}
