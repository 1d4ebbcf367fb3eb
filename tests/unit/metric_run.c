/* Metrics from file to result: the graph, its faults, kept results, scenarios. */
#include "metric_help.h"

#define SALES                                                                                                \
	"quarter,platform,usd\n2024Q1,Azure,60\n2024Q1,AWS,40\n2024Q2,Azure,90\n2024Q2,AWS,60\n2024Q3,Azure,"    \
	"99\n"                                                                                                   \
	"2024Q3,AWS,51\n"
#define TOTAL                                                                                                \
	"/*\ntitle: Total\nunit: currency:USD\nperiod: quarter\nvalue: usd\n*/\n"                                \
	"select quarter, sum(usd) as usd\nfrom sales\ngroup by quarter order by quarter desc;\n"
#define SHARE                                                                                                \
	"/*\ntitle: Share\nunit: percent\nperiod: quarter\ndimensions: [platform]\nvalue: share\ndecimals: "     \
	"2\n*/\n"                                                                                                \
	"select s.quarter, s.platform, 100.0 * s.usd / t.usd as share\n"                                         \
	"from sales s join total t on t.quarter = s.quarter\n"
#define PLAN                                                                                                 \
	"/*\ntitle: Plan\nunit: currency:USD\nperiod: quarter\nvalue: usd\n*/\n"                                 \
	"select quarter, usd * cast($pace as double precision) as usd from total -- $not_this\n"
#define DOUBLED                                                                                              \
	"/*\ntitle: Doubled\nunit: currency:USD\nperiod: quarter\nvalue: usd\n*/\n"                              \
	"with p as (select * from plan) select quarter, 2 * usd as usd from p\n"
#define SITE                                                                                                 \
	"title: Test\nparams:\n  pace: {value: 1.5, title: Pace}\nscenarios:\n  slow: {params: {pace: 1}}\n"

static const HelpFile market[] = {
	{"templates/site.yaml", SITE},
	{"data/sales.csv", SALES},
	{"data/metrics/total.sql", TOTAL},
	{"data/metrics/share.sql", SHARE},
	{"data/metrics/plan.sql", PLAN},
	{"data/metrics/doubled.sql", DOUBLED},
	{NULL, NULL},
};

static const StetMetric *get(const HelpReport *report, const char *name)
{
	const StetMetric *metric = stet_metrics_get(report->metrics, name);
	g_assert_nonnull(metric);
	return metric;
}

static void expect_csv(const StetMetric *metric, const char *expected)
{
	g_autofree char *csv = help_csv(metric);
	g_assert_cmpstr(csv, ==, expected);
}

static void test_results(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir, market);
	HelpReport report;
	help_load(&report, dir);
	help_run(&report, 2);
	help_expect_clean(&report);
	expect_csv(get(&report, "total"), "quarter,usd\n2024Q1,100\n2024Q2,150\n2024Q3,150\n");
	expect_csv(get(&report, "share"),
			   "quarter,platform,share\n2024Q1,AWS,40\n2024Q1,Azure,60\n2024Q2,AWS,40\n"
			   "2024Q2,Azure,60\n2024Q3,AWS,34\n2024Q3,Azure,66\n");
	expect_csv(get(&report, "doubled"), "quarter,usd\n2024Q1,300\n2024Q2,450\n2024Q3,450\n");
	g_autofree char *inputs = g_strjoinv(",", get(&report, "share")->metric_inputs);
	g_assert_cmpstr(inputs, ==, "total");
	g_autofree char *all = g_strjoinv(",", get(&report, "doubled")->all_datasets);
	g_assert_cmpstr(all, ==, "sales");
	g_autofree char *parameters = g_strjoinv(",", get(&report, "plan")->parameters);
	g_assert_cmpstr(parameters, ==, "pace");
	help_close(&report);
	stet_folder_remove(dir, NULL);
}

static void test_scenarios(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir, market);
	HelpReport report;
	help_load(&report, dir);
	help_run(&report, 2);
	help_expect_clean(&report);
	g_assert_cmpuint(stet_scenarios_count(report.metrics), ==, 2);
	g_assert_cmpstr(stet_scenarios_at(report.metrics, 1)->name, ==, "slow");
	expect_csv(stet_scenario_metric(report.metrics, 1, "plan"),
			   "quarter,usd\n2024Q1,100\n2024Q2,150\n2024Q3,150\n");
	expect_csv(stet_scenario_metric(report.metrics, 1, "doubled"),
			   "quarter,usd\n2024Q1,200\n2024Q2,300\n2024Q3,300\n");
	g_assert_true(stet_scenario_metric(report.metrics, 1, "share") == get(&report, "share"));
	g_assert_cmpstr(stet_scenario_parameter(report.metrics, 1, "pace")->text, ==, "1");
	help_close(&report);
	stet_folder_remove(dir, NULL);
}

/* Runs the report again after one file changed; returns how many metrics the engine had to run. */
static guint again(const char *dir, const char *path, const char *text)
{
	HelpFile change[] = {{path, text}, {NULL, NULL}};
	if (path)
		help_write(dir, change);
	HelpReport report;
	help_load(&report, dir);
	help_run(&report, 2);
	help_expect_clean(&report);
	expect_csv(get(&report, "share"),
			   "quarter,platform,share\n2024Q1,AWS,40\n2024Q1,Azure,60\n2024Q2,AWS,40\n"
			   "2024Q2,Azure,60\n2024Q3,AWS,34\n2024Q3,Azure,66\n");
	guint left = report.left;
	help_close(&report);
	return left;
}

static void test_kept(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir, market);
	g_assert_cmpuint(again(dir, NULL, NULL), ==, 4); /* nothing is known: all four files */
	g_assert_cmpuint(again(dir, NULL, NULL), ==, 0);
	/* a parameter: plan and what rests on it, not the scenario that overrides it */
	g_assert_cmpuint(again(dir, "templates/site.yaml",
						   "title: Test\nparams: {pace: 3}\nscenarios:\n  slow: {params: {pace: 1}}\n"),
					 ==, 2);
	g_assert_cmpuint(again(dir, NULL, NULL), ==, 0);
	/* the same SQL under another title */
	g_assert_cmpuint(again(dir, "data/metrics/share.sql",
						   "/*\ntitle: Part\nunit: percent\nperiod: quarter\n"
						   "dimensions: [platform]\nvalue: share\ndecimals: 2\n*/\n"
						   "select s.quarter, s.platform, 100.0 * s.usd / t.usd as share\n"
						   "from sales s join total t on t.quarter = s.quarter\n"),
					 ==, 1);
	/* all data: everything is in doubt until its inputs are known to be as they were */
	g_assert_cmpuint(again(dir, "data/sales.csv", SALES "\n"), >=, 1);
	g_assert_cmpuint(again(dir, NULL, NULL), ==, 0);
	stet_folder_remove(dir, NULL);
}

static void test_damaged_results(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir, market);
	again(dir, NULL, NULL);
	g_autofree char *results = g_build_filename(dir, ".stet", "results", NULL);
	g_autoptr(GPtrArray) files = stet_files_list(results);
	g_assert_cmpuint(files->len, ==, 6);
	for (guint i = 0; i < files->len; i++) {
		g_autofree char *path = g_build_filename(results, files->pdata[i], NULL);
		gsize length = 0;
		g_autofree char *data = stet_file_read(path, &length, NULL);
		if (i % 2)
			data[length / 2] ^= 1;
		g_assert_true(stet_file_write(path, data, i % 2 ? length : length / 2, NULL));
	}
	g_autofree char *tables = g_build_filename(dir, ".stet", "tables", NULL);
	g_assert_true(stet_file_write(tables, "x\ty\n", 4, NULL));
	g_assert_cmpuint(again(dir, NULL, NULL), ==, 4);
	g_assert_cmpuint(again(dir, NULL, NULL), ==, 0);
	stet_folder_remove(dir, NULL);
}

static void test_same_for_any_jobs(void)
{
	g_autofree char *first = NULL;
	for (guint jobs = 1; jobs <= 4; jobs++) {
		g_autofree char *dir = help_folder();
		help_write(dir, market);
		HelpReport report;
		help_load(&report, dir);
		help_run(&report, jobs);
		g_autoptr(StetLedger) ledger = stet_ledger_new(report.metrics);
		g_autoptr(GString) text = g_string_new(NULL);
		stet_ledger_write(ledger, text);
		if (!first)
			first = g_strdup(text->str);
		g_assert_cmpstr(text->str, ==, first);
		help_close(&report);
		stet_folder_remove(dir, NULL);
	}
}

/* Faults of one metric file among the market's; what is reported, and where. */
static const struct {
	const char *name, *file, *text, *expected;
} faults[] = {
	{"no-header", "data/metrics/a.sql", "select 1 as x",
	 "data/metrics/a.sql:1:1: no header: the file does not begin with a comment (begin the file with a "
	 "comment: /* "
	 "title: ... */) [metric-header]\n"},
	{"unclosed", "data/metrics/a.sql", "\n/* title: x\nselect 1",
	 "data/metrics/a.sql:2:1: the header comment is never closed (close it with */ before the SQL) "
	 "[metric-header]\n"},
	{"no-sql", "data/metrics/a.sql", "/*\ntitle: x\nvalue: y\n*/ ;\n",
	 "data/metrics/a.sql:4:4: there is no SQL after the header (write one select after the header) "
	 "[metric-header]\n"},
	{"unknown-key", "data/metrics/a.sql", "/*\ntitle: x\nvalue: usd\nperoid: quarter\n*/\nselect 1 as usd",
	 "data/metrics/a.sql:4:1: the header has no key 'peroid' (did you mean 'period'?) [metric-header]\n"},
	{"choice", "data/metrics/a.sql", "/*\ntitle: x\nvalue: usd\ngood: upp\n*/\nselect 1 as usd",
	 "data/metrics/a.sql:4:7: 'upp' is no value of 'good' (did you mean 'up'?) [metric-header]\n"},
	{"unknown-table", "data/metrics/a.sql",
	 "/*\ntitle: x\nvalue: usd\n*/\nselect sum(usd) as usd -- from salse\n  from salse",
	 "data/metrics/a.sql:6:8: there is no dataset and no metric 'salse' (did you mean 'sales'?) "
	 "[metric-unknown-table]\n"},
	{"unknown-column", "data/metrics/a.sql",
	 "/*\ntitle: x\nvalue: usd\n*/\nselect\n  sum(uds) as usd\nfrom sales", "data/metrics/a.sql:6:7: "},
	{"syntax", "data/metrics/a.sql", "/*\ntitle: x\nvalue: usd\n*/\nselect sum(usd) as usd\nform sales",
	 "data/metrics/a.sql:6:"},
	{"parameter", "data/metrics/a.sql",
	 "/*\ntitle: x\nvalue: usd\n*/\nselect '$no' as note, sum(usd) *\n  $pase as usd from sales",
	 "data/metrics/a.sql:6:3: no value is given for the parameter '$pase' (did you mean 'pace'?) "
	 "[parameter-unknown]\n"},
	{"missing-column", "data/metrics/a.sql",
	 "/*\ntitle: x\nvalue: usd\ndimensions: [platfrom]\n*/\nselect platform, sum(usd) as usd from sales "
	 "group by platform",
	 "data/metrics/a.sql:4:14: the result has no column 'platfrom', which 'dimensions' names (did you mean "
	 "'platform'?) "
	 "[metric-column]\n"},
	{"unlisted-column", "data/metrics/a.sql",
	 "/*\ntitle: x\nvalue: usd\n*/\nselect sum(usd) as usd,\n       count(*) as n from sales",
	 "data/metrics/a.sql:6:20: the header does not name the column 'n' (add 'n: {title: ..., unit: ...}' "
	 "under columns, "
	 "or select it no more) [metric-column-unlisted]\n"},
	{"key-twice", "data/metrics/a.sql",
	 "/*\ntitle: x\nvalue: usd\nperiod: quarter\n*/\nselect quarter, usd from sales",
	 "data/metrics/a.sql:4:9: 3 rows repeat another row's period and dimensions, first at '2024Q1' (group by "
	 "these "
	 "columns, or add the dimension that tells the rows apart) [metric-key-twice]\n"},
	{"key-null", "data/metrics/a.sql",
	 "/*\ntitle: x\nvalue: usd\nperiod: quarter\n*/\nselect nullif(quarter, '2024Q2') as quarter, sum(usd) "
	 "as usd\n"
	 "from sales group by 1",
	 "data/metrics/a.sql:4:9: 1 of 3 rows have no 'quarter' (leave such rows out (where ... is not null) or "
	 "name them "
	 "(coalesce)) [metric-key-null]\n"},
	{"text-value", "data/metrics/a.sql", "/*\ntitle: x\nvalue: p\n*/\nselect max(platform) as p from sales",
	 "data/metrics/a.sql:3:8: the column 'p' is a text; 'value' takes numbers [metric-column-type]\n"},
	{"dataset-name", "data/metrics/sales.sql", "/*\ntitle: x\nvalue: usd\n*/\nselect 1 as usd",
	 "data/metrics/sales.sql:0:0: the metric 'sales' has the name of a dataset (rename the file) "
	 "[metric-name]\n"},
	{"bad-name", "data/metrics/A b.sql", "/*\ntitle: x\nvalue: usd\n*/\nselect 1 as usd",
	 "data/metrics/A b.sql:0:0: 'A b' cannot be a metric's name (use lower-case letters, digits and '_', "
	 "right under "
	 "data/metrics) [metric-name]\n"},
	{"cycle", "data/metrics/total.sql",
	 "/*\ntitle: Total\nperiod: quarter\nvalue: usd\n*/\nselect quarter, sum(usd) as usd\nfrom doubled group "
	 "by quarter",
	 "data/metrics/total.sql:7:6: the metrics rest on each other: doubled -> plan -> total -> doubled (let "
	 "one of them "
	 "select from a dataset instead) [metric-cycle]\n"},
};

static void test_fault(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	g_autofree char *dir = help_folder();
	help_write(dir, market);
	help_write(dir, (HelpFile[]){{faults[i].file, faults[i].text}, {NULL, NULL}});
	HelpReport report;
	help_load(&report, dir);
	help_run(&report, 2);
	g_autofree char *found = help_diagnostics(&report);
	gsize length = strlen(faults[i].expected);
	if (length > 0 && faults[i].expected[length - 1] != '\n' && g_str_has_prefix(found, faults[i].expected)) {
		g_test_message("%s", found); /* the engine's own words differ between its releases */
		g_assert_nonnull(strstr(found, "[metric-sql]"));
	} else {
		g_assert_cmpstr(found, ==, faults[i].expected);
	}
	help_close(&report);
	stet_folder_remove(dir, NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/metric/results", test_results);
	g_test_add_func("/metric/scenarios", test_scenarios);
	g_test_add_func("/metric/kept", test_kept);
	g_test_add_func("/metric/damaged-results", test_damaged_results);
	g_test_add_func("/metric/same-for-any-jobs", test_same_for_any_jobs);
	for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
		g_autofree char *path = g_strconcat("/metric/fault/", faults[i].name, NULL);
		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_fault);
	}
	return g_test_run();
}
