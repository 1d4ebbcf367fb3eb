/* Checks of datasets: each ready one and SQL of one's own, where they hold and where they do not; what
 * passed is not run again until its data change. */
#include "stet/engine.h"

#include <string.h>

static const char CSV[] = "quarter,month,day,platform,share,n\n"
						  "2024Q4,2024-11,2025-01-30,A,60,10\n"
						  "2024Q4,2024-11,2025-01-30,B,40,11\n"
						  "2025Q1,2024-12,2025-01-31,A,50,9\n"
						  "2025Q1,2024-12,2025-01-31,B,49,12\n"
						  "2025Q3,2025-01,2025-02-02,A,100,99\n";

static const char PLATFORMS[] = "id\nA\nC\n";

static const char FIELDS[] =
	"\"schema\": {\"fields\": [{\"name\": \"quarter\", \"type\": \"date\", \"format\": \"quarter\"}, "
	"{\"name\": \"month\", \"type\": \"yearmonth\"}, {\"name\": \"day\", \"type\": \"date\"}, {\"name\": "
	"\"platform\"}, {\"name\": \"share\", \"type\": \"number\"}, {\"name\": \"n\", \"type\": \"integer\"}]}";

static const struct {
	const char *check;    /* as JSON */
	const char *expected; /* the failing rows; "" where it holds; "!..." what is wrong with the check */
} CASES[] = {
	{"{'name': 'a', 'sql': 'select platform from t where n > 98'}", "platform A"},
	{"{'name': 'a', 'sql': 'select platform from t where n > 99'}", ""},
	{"{'name': 'a', 'sql': 'select nothing from t'}", "!check 'a' of 't': referenced column 'nothing' not found"},
	{"{'name': 'a', 'sql': 'drop view t'}", "!only a SELECT"},
	{"{'name': 'a'}", "!needs 'sql' or 'check'"},
	{"{'check': 'freshnes'}", "!no ready check 'freshnes'"},
	{"{'check': 'freshness', 'since': '2025'}", "!'field'"},
	{"{'check': 'freshness', 'field': 'quartr', 'since': '2025Q1'}", "!'t' has no column 'quartr'"},
	{"{'check': 'row-count'}", "!needs 'minimum'"},
	{"{'check': 'row-count', 'minimum': 5, 'maximum': 5}", ""},
	{"{'check': 'row-count', 'minimum': 6}", "rows 5"},
	{"{'check': 'row-count', 'change': 0.25}", ""},
	{"{'check': 'row-count', 'change': 0.2}", "rows 5, rows before 4"},
	{"{'check': 'freshness', 'field': 'quarter', 'since': '2025Q3'}", ""},
	{"{'check': 'freshness', 'field': 'quarter', 'since': '2025Q4'}", "newest 2025Q3"},
	{"{'check': 'freshness', 'field': 'day', 'since': '2025-02-03'}", "newest 2025-02-02"},
	{"{'check': 'references', 'fields': 'platform', 'resource': 'platforms', 'reference_fields': 'id'}",
	 "platform B"},
	{"{'check': 'references', 'fields': ['platform'], 'resource': 'platforms', 'reference_fields': ['id'], "
	 "'every': "
	 "true}",
	 "id C"},
	{"{'check': 'references', 'fields': 'platform', 'resource': 'platform', 'reference_fields': 'id'}",
	 "!no dataset 'platform'"},
	{"{'check': 'shares', 'value': 'share', 'by': 'quarter'}", "quarter 2025Q1, total 99"},
	{"{'check': 'shares', 'value': 'share', 'by': 'quarter', 'tolerance': 1}", ""},
	{"{'check': 'shares', 'value': 'share', 'total': 299}", ""},
	{"{'check': 'periods', 'period': 'quarter'}", "after 2025Q1, before 2025Q3"},
	{"{'check': 'periods', 'period': 'quarter', 'by': ['platform']}",
	 "platform A, after 2025Q1, before 2025Q3"},
	{"{'check': 'periods', 'period': 'month'}", ""},
	{"{'check': 'periods', 'period': 'day'}", "after 2025-01-31, before 2025-02-02"},
	{"{'check': 'periods', 'period': 'day', 'step': 'month'}", ""},
	{"{'check': 'periods', 'period': 'platform'}", "!'platform' is no period"},
	{"{'check': 'outliers', 'value': 'n'}",
	 "quarter 2025Q3, month 2025-01, day 2025-02-02, platform A, share 100, n 99"},
	{"{'check': 'outliers', 'value': 'n', 'by': 'platform', 'limit': 1000}", ""},
	{"{'check': 'outliers', 'value': 'n', 'severity': 'bad'}", "!severity is error or warning"},
};

typedef struct {
	char *dir;
	StetProject *project;
	StetDataset *datasets[2];
	StetEngine *engine;
	StetDiagnostics *diags;
} Fixture;

static void put(const Fixture *f, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(f->dir, name, NULL);
	g_assert_true(stet_file_write(path, text, strlen(text), NULL));
}

static void open_with(Fixture *f, const char *check)
{
	g_autofree char *package = g_strdup_printf(
		"{\"resources\": [{\"name\": \"t\", \"path\": \"t.csv\", %s, \"stet:checks\": [%s]}, {\"name\": "
		"\"platforms\", \"path\": \"platforms.csv\"}]}",
		FIELDS, check);
	g_strdelimit(package, "'", '"');
	f->dir = g_dir_make_tmp("stet-XXXXXX", NULL);
	f->diags = stet_diagnostics_new();
	put(f, "data/t.csv", CSV);
	put(f, "data/platforms.csv", PLATFORMS);
	put(f, "data/datapackage.json", package);
	put(f, "templates/site.yaml", "title: t\n");
	f->project = stet_project_load(f->dir, f->diags, NULL);
	f->engine = stet_engine_open(&(StetEngineOptions){.threads = 1}, NULL);
	for (int i = 0; i < 2; i++) {
		f->datasets[i] =
			stet_dataset_load(f->project, &f->project->resources[i], &(StetLoadOptions){.jobs = 1}, f->diags);
		g_assert_nonnull(f->datasets[i]);
		g_assert_true(stet_engine_add(f->engine, f->datasets[i], NULL));
	}
}

static void close_all(Fixture *f)
{
	stet_engine_close(f->engine);
	stet_dataset_free(f->datasets[0]);
	stet_dataset_free(f->datasets[1]);
	stet_project_free(f->project);
	stet_diagnostics_free(f->diags);
	stet_folder_remove(f->dir, NULL);
	g_free(f->dir);
}

static gint64 four_rows(const char *dataset, gpointer data)
{
	(void)data;
	return strcmp(dataset, "t") == 0 ? 4 : -1;
}

static GPtrArray *read_checks(const Fixture *f)
{
	StetCheckContext context = {2, (const StetDataset *const *)f->datasets, four_rows, NULL};
	return stet_checks_read(&context, f->diags);
}

static void test_case(gconstpointer data)
{
	const char *expected = CASES[GPOINTER_TO_SIZE(data)].expected;
	Fixture f = {0};
	open_with(&f, CASES[GPOINTER_TO_SIZE(data)].check);
	g_autoptr(GPtrArray) checks = read_checks(&f);
	stet_checks_run(checks, f.engine, f.diags);
	const GPtrArray *all = stet_diagnostics_sorted(f.diags);
	g_assert_cmpuint(all->len, ==, *expected != 0 ? 1 : 0);
	if (all->len > 0) {
		const StetDiagnostic *d = all->pdata[0];
		g_assert_cmpstr(d->file, ==, "data/datapackage.json");
		g_test_message("%s", d->message);
		if (*expected == '!')
			g_assert_nonnull(strstr(d->message, expected + 1));
		else
			g_assert_true(g_str_has_suffix(d->message, expected) && strcmp(d->code, "check-failed") == 0);
	}
	close_all(&f);
}

static void test_memory(void)
{
	Fixture f = {0};
	open_with(
		&f, "{'name': 'a', 'sql': 'select 1 from t where n > 100'}, {'name': 'b', 'sql': 'select n from t', "
			"'severity': 'warning'}");
	g_autofree char *state = g_build_filename(f.dir, ".stet", NULL);
	g_autoptr(GPtrArray) first = read_checks(&f);
	g_assert_cmpuint(stet_checks_restore(first, state), ==, 2);
	stet_checks_run(first, f.engine, f.diags);
	stet_checks_keep(first, state);
	g_assert_cmpuint(stet_diagnostics_count(f.diags, STET_ERROR), ==, 0);
	g_assert_cmpuint(stet_diagnostics_count(f.diags, STET_WARNING), ==, 5);
	/* what failed is told again, what passed is not run again */
	g_autoptr(GPtrArray) second = read_checks(&f);
	g_assert_cmpuint(stet_checks_restore(second, state), ==, 1);
	g_assert_true(((StetCheck *)second->pdata[0])->done);
	/* other data: everything is */
	put(&f, "data/t.csv", "quarter,month,day,platform,share,n\n2024Q4,2024-11,2025-01-30,A,60,10\n");
	stet_dataset_free(f.datasets[0]);
	f.datasets[0] =
		stet_dataset_load(f.project, &f.project->resources[0], &(StetLoadOptions){.jobs = 1}, f.diags);
	g_autoptr(GPtrArray) third = read_checks(&f);
	g_assert_cmpuint(stet_checks_restore(third, state), ==, 2);
	close_all(&f);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
		g_autofree char *path = g_strdup_printf("/engine/checks/%zu", i);
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
	}
	g_test_add_func("/engine/checks/memory", test_memory);
	return g_test_run();
}
