/* Claims, the ledger, editions, what changed between them, and the guard over restated figures. */
#include "metric_help.h"

#define SALES                                                                                                \
	"quarter,platform,usd\n2024Q1,Azure,60\n2024Q1,AWS,40\n2024Q2,Azure,90\n2024Q2,AWS,60\n2024Q3,Azure,"    \
	"99\n"                                                                                                   \
	"2024Q3,AWS,51\n"
#define SHARE                                                                                                \
	"/*\ntitle: Share\nunit: percent\nperiod: quarter\ndimensions: [platform]\nvalue: share\ndecimals: 6\n"  \
	"tolerance: absolute:0.5\ncolumns: {usd: {unit: currency:USD}}\n*/\n"                                    \
	"select s.quarter, s.platform, 100.0 * s.usd / t.usd as share, s.usd\n"                                  \
	"from sales s join total t on t.quarter = s.quarter\n"
#define TOTAL                                                                                                \
	"/*\ntitle: Total\nunit: currency:USD\nperiod: quarter\nvalue: usd\n*/\n"                                \
	"select quarter, sum(usd) as usd from sales group by quarter"
#define BEST                                                                                                 \
	"/*\ntitle: Best\nunit: currency:USD\ndimensions: [platform]\nvalue: best\n*/\n"                         \
	"select platform, max(usd) as best from sales group by platform"
#define HEAD                                                                                                 \
	"id,statement,operator,value,upper,unit,tolerance,metric,where,at,measure,note,acknowledged,until\n"

static const HelpFile market[] = {
	{"templates/site.yaml", "title: Test\n"}, {"data/sales.csv", SALES},
	{"data/metrics/total.sql", TOTAL},        {"data/metrics/share.sql", SHARE},
	{"data/metrics/best.sql", BEST},          {NULL, NULL},
};

static void open_report(HelpReport *report, const char *dir, const char *path, const char *text)
{
	if (path)
		help_write(dir, (HelpFile[]){{path, text}, {NULL, NULL}});
	help_load(report, dir);
	help_run(report, 2);
}

/* A line of claims.csv, its verdict, actual value and what is reported. */
static const struct {
	const char *line;
	StetVerdict verdict;
	double actual;
	const char *code; /* NULL: nothing is reported */
} claims[] = {
	{"a,s,equal,60,,percent,,share,platform=Azure,2024Q1,,,,", STET_VERDICT_AGREES, 60, NULL},
	{"a,s,equal,60.4,,percent,absolute:0.5,share,platform=Azure,2024Q1,share,,,", STET_VERDICT_AGREES, 60,
	 NULL},
	{"a,s,equal,60.4,,percent,,share,platform=Azure,2024Q1,,,,", STET_VERDICT_DIFFERS, 60, "claim-differs"},
	{"a,s,equal,60.4,,percent,,share,platform=Azure,2024Q1,,,known,2030-01-01", STET_VERDICT_DIFFERS, 60,
	 NULL},
	{"a,s,equal,62,,percent,relative:4%,share, platform = Azure ;,2024Q1,,,,", STET_VERDICT_AGREES, 60, NULL},
	{"a,s,equal,0.66,,ratio,,share,platform=Azure,latest,,,,", STET_VERDICT_AGREES, 0.66, NULL},
	{"a,s,equal,66,,percent,,share,platform=Azure,,,,,", STET_VERDICT_AGREES, 66, NULL},
	{"a,s,at_least,59,,percent,,share,platform=Azure,2024Q1,,,,", STET_VERDICT_AGREES, 60, NULL},
	{"a,s,at_least,61,,percent,,share,platform=Azure,2024Q1,,,,", STET_VERDICT_DIFFERS, 60, "claim-differs"},
	{"a,s,at_least,61,,percent,absolute:1,share,platform=Azure,2024Q1,,,,", STET_VERDICT_AGREES, 60, NULL},
	{"a,s,between,50,60,percent,,share,platform=Azure,2024Q1,,,,", STET_VERDICT_AGREES, 60, NULL},
	{"a,s,between,50,59,percent,,share,platform=Azure,2024Q1,,,,", STET_VERDICT_DIFFERS, 60, "claim-differs"},
	{"a,s,between,50,,percent,,share,platform=Azure,2024Q1,,,,", STET_VERDICT_UNCHECKED, NAN, "claim-value"},
	{"a,s,equal,0.15,,USD k,,total,,2024Q2,,,,", STET_VERDICT_AGREES, 0.15, NULL},
	{"a,s,equal,150,,EUR,,total,,2024Q2,,,,", STET_VERDICT_UNCHECKED, NAN, "claim-unchecked"},
	{"a,s,equal,1,,percent,,,,,,nobody counts it,,", STET_VERDICT_UNCHECKED, NAN, NULL},
	{"a,s,equal,1,,percent,,shaer,platform=Azure,2024Q1,,,,", STET_VERDICT_UNCHECKED, NAN, "claim-metric"},
	{"a,s,equal,1,,percent,,share,platfrom=Azure,2024Q1,,,,", STET_VERDICT_UNCHECKED, NAN, "claim-where"},
	{"a,s,equal,1,,percent,,share,Azure,2024Q1,,,,", STET_VERDICT_UNCHECKED, NAN, "claim-where"},
	{"a,s,equal,1,,percent,,share,platform=Azure,2023Q1,,,,", STET_VERDICT_UNCHECKED, NAN, "claim-row"},
	{"a,s,equal,1,,percent,,share,,2024Q1,,,,", STET_VERDICT_UNCHECKED, NAN, "claim-row"},
	{"a,s,equal,1,,percent,,share,platform=Azure,2024Q1,rate,,,", STET_VERDICT_UNCHECKED, NAN,
	 "claim-measure"},
	{"a,s,equal,1,,percent,about 5,share,platform=Azure,2024Q1,,,,", STET_VERDICT_UNCHECKED, NAN,
	 "claim-tolerance"},
	{"a,s,equals,1,,percent,,share,platform=Azure,2024Q1,,,,", STET_VERDICT_UNCHECKED, NAN, "claim-operator"},
};

static void test_claim(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	g_autofree char *dir = help_folder();
	g_autofree char *text = g_strconcat(HEAD, "z,s,equal,1,,,,,,,,,,\n", claims[i].line, "\n", NULL);
	help_write(dir, market);
	HelpReport report;
	open_report(&report, dir, "data/claims.csv", text);
	stet_claims_check(report.metrics, help_dataset(&report, "claims"), report.diags);
	g_test_message("%s", claims[i].line);
	const StetClaim *claim = stet_claims_get(report.metrics, "a");
	g_assert_nonnull(claim);
	g_assert_cmpint(claim->verdict, ==, claims[i].verdict);
	if (isnan(claims[i].actual))
		g_assert_true(isnan(claim->actual));
	else
		g_assert_cmpfloat(claim->actual, ==, claims[i].actual);
	const GPtrArray *list = stet_diagnostics_sorted(report.diags);
	g_assert_cmpuint(list->len, ==, claims[i].code ? 1 : 0);
	if (claims[i].code) {
		const StetDiagnostic *found = list->pdata[0];
		g_assert_cmpstr(found->code, ==, claims[i].code);
		g_assert_cmpstr(found->file, ==, "data/claims.csv");
		g_assert_cmpuint(found->line, ==, 3);
	}
	help_close(&report);
	stet_folder_remove(dir, NULL);
}

static char *ledger_of(const HelpReport *report)
{
	g_autoptr(StetLedger) ledger = stet_ledger_new(report->metrics);
	GString *out = g_string_new(NULL);
	stet_ledger_write(ledger, out);
	return g_string_free(out, FALSE);
}

static void test_ledger_figures(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir, market);
	HelpReport report;
	open_report(&report, dir, NULL, NULL);
	const StetMetric *share = stet_metrics_get(report.metrics, "share");
	StetOrigin cell = {.metric = share, .row = 1}, growth = {.metric = share, .row = 3, .form = "growth"};
	const StetOrigin *const inputs[] = {&cell, &growth};
	StetOrigin sum = {.form = "plus", .n_inputs = 2, .inputs = inputs}, claim = {.claim = "x"};
	StetLedgerEntry entries[] = {
		{&sum, "b/", "f1", "60 \"or\" so", 60, "percent"},
		{&cell, "b/", "f2", "60.0%", NAN, NULL},
		{&cell, "a/", "f9", "60.0%", NAN, NULL},
		{&claim, "a/", "f1", "3", 3, NULL},
	};
	g_autofree char *first = NULL;
	for (guint turn = 0; turn < 2; turn++) {
		g_autoptr(StetLedger) ledger = stet_ledger_new(report.metrics);
		for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
			stet_ledger_add(ledger, &entries[turn == 0 ? i : G_N_ELEMENTS(entries) - 1 - i]);
		g_autoptr(GString) out = g_string_new(NULL);
		stet_ledger_write(ledger, out);
		if (turn == 0)
			first = g_strdup(strstr(out->str, "\"figures\""));
		g_assert_cmpstr(strstr(out->str, "\"figures\""), ==, first);
	}
	g_assert_cmpstr(
		first, ==,
		"\"figures\": [\n"
		"{\"figure\": \"claim:x\", \"value\": 3, \"unit\": null, \"text\": \"3\", \"at\": [\"a/#f1\"]},\n"
		"{\"figure\": \"plus(share.share[2024q1-azure], growth(share.share[2024q2-azure]))\", \"value\": 60, "
		"\"unit\": \"percent\", \"text\": \"60 \\\"or\\\" so\", \"at\": [\"b/#f1\"]},\n"
		"{\"figure\": \"share.share[2024q1-azure]\", \"value\": 60, \"unit\": \"percent\", \"text\": "
		"\"60.0%\", "
		"\"at\": [\"a/#f9\", \"b/#f2\"]}\n]}\n");
	help_close(&report);
	stet_folder_remove(dir, NULL);
}

/* Every difference, one a line: kind metric.measure[row] before -> after. */
static char *differences(const StetEdition *a, const StetEdition *b)
{
	static const char *const kinds[] = {"restated", "moved", "new", "gone"};
	g_autoptr(GArray) found = stet_diff(a, b);
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < found->len; i++) {
		const StetDifference *d = &g_array_index(found, StetDifference, i);
		char before[STET_NUMBER_MAX], after[STET_NUMBER_MAX];
		g_autofree char *id = stet_metric_row_id(d->metric, d->row);
		g_string_append_printf(out, "%s %s.%s[%s] %s -> %s\n", kinds[d->kind], d->metric->name,
							   d->metric->measures[d->measure].name, id, stet_number_text(d->before, before),
							   stet_number_text(d->after, after));
	}
	return g_string_free(out, FALSE);
}

static void freeze(const char *dir, const char *name)
{
	HelpReport report;
	open_report(&report, dir, NULL, NULL);
	help_expect_clean(&report);
	g_autofree char *ledger = ledger_of(&report);
	g_autoptr(GError) error = NULL;
	stet_edition_freeze(report.project, name, ledger, &error);
	g_assert_no_error(error);
	g_assert_false(stet_edition_freeze(report.project, name, ledger, &error));
	g_assert_nonnull(strstr(error->message, "published already"));
	help_close(&report);
}

/* A change of the data and what differs then from the edition frozen before. */
static const struct {
	const char *name, *sales, *expected;
} changes[] = {
	{"nothing", SALES, ""},
	{"one past value",
	 "quarter,platform,usd\n2024Q1,Azure,60\n2024Q1,AWS,40\n2024Q2,Azure,90\n2024Q2,AWS,30\n"
	 "2024Q3,Azure,99\n2024Q3,AWS,51\n",
	 "restated share.usd[2024q2-aws] 60 -> 30\n"
	 "restated share.share[2024q2-aws] 40 -> 25\n"
	 "restated share.share[2024q2-azure] 60 -> 75\n"
	 "restated total.usd[2024q2] 150 -> 120\n"
	 "moved best.best[aws] 60 -> 51\n"},
	{"another quarter", SALES "2024Q4,Azure,120\n2024Q4,Oracle,80\n",
	 "moved total.usd[2024q4] 150 -> 200\n"
	 "moved best.best[azure] 99 -> 120\n"
	 "moved share.usd[2024q4-azure] 99 -> 120\n"
	 "moved share.share[2024q4-azure] 66 -> 60\n"
	 "new best.best[oracle]  -> 80\n"
	 "new share.share[2024q4-oracle]  -> 40\n"
	 "new share.usd[2024q4-oracle]  -> 80\n"},
	{"a quarter less",
	 "quarter,platform,usd\n2024Q1,Azure,60\n2024Q1,AWS,40\n2024Q2,Azure,90\n2024Q2,AWS,60\n",
	 "moved best.best[azure] 99 -> 90\n"
	 "gone share.share[2024q3-aws] 34 -> \n"
	 "gone share.usd[2024q3-aws] 51 -> \n"
	 "gone share.share[2024q3-azure] 66 -> \n"
	 "gone share.usd[2024q3-azure] 99 -> \n"
	 "gone total.usd[2024q3] 150 -> \n"},
};

static void test_editions(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir, market);
	freeze(dir, "2024Q3");
	for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
		HelpReport report;
		open_report(&report, dir, "data/sales.csv", changes[i].sales);
		help_expect_clean(&report);
		g_autoptr(StetEdition) edition = stet_edition_load(report.project, "2024Q3", report.diags);
		g_autoptr(StetEdition) now = stet_edition_now(report.metrics);
		g_assert_nonnull(edition);
		g_autofree char *found = differences(edition, now);
		g_test_message("%s", changes[i].name);
		g_assert_cmpstr(found, ==, changes[i].expected);
		help_close(&report);
	}
	freeze(dir, "2024Q4");
	HelpReport report;
	open_report(&report, dir, NULL, NULL);
	g_autoptr(GPtrArray) names = stet_editions_list(report.project);
	g_assert_cmpuint(names->len, ==, 2);
	g_assert_cmpstr(names->pdata[1], ==, "2024Q4");
	g_autoptr(StetEdition) a = stet_edition_load(report.project, "2024Q3", report.diags);
	g_autoptr(StetEdition) b = stet_edition_load(report.project, "2024Q4", report.diags);
	g_autofree char *found = differences(a, b); /* both read from files */
	g_assert_cmpstr(found, ==, changes[G_N_ELEMENTS(changes) - 1].expected);
	help_close(&report);
	stet_folder_remove(dir, NULL);
}

/* Each byte of an edition that is changed, and each place where it is cut, is found. */
static void test_damaged_editions(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir, market);
	freeze(dir, "2024Q3");
	HelpReport report;
	open_report(&report, dir, NULL, NULL);
	g_autofree char *path = g_build_filename(dir, "data/editions/2024Q3.json", NULL);
	gsize length = 0;
	g_autofree char *text = stet_file_read(path, &length, NULL);
	for (gsize i = 0; i < 2 * length; i += 7) {
		gsize at = i / 2, kept = i % 2 ? length : at;
		g_autofree char *damaged = g_memdup2(text, length + 1);
		damaged[at] ^= 4;
		g_assert_true(stet_file_write(path, damaged, kept, NULL));
		g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
		g_assert_null(stet_edition_load(report.project, "2024Q3", diags));
		g_assert_cmpuint(stet_diagnostics_count(diags, STET_ERROR), ==, 1);
	}
	g_assert_null(stet_edition_load(report.project, "../2024Q3", report.diags));
	help_close(&report);
	stet_folder_remove(dir, NULL);
}

/* Ledgers with a true hash that nobody's stet has written: never a crash, always "cannot be read". */
static void test_odd_editions(void)
{
	static const char *const ledgers[] = {
		"",
		"{",
		"[]",
		"{\"metrics\"",
		"{\"metrics\": 1}",
		"{\"metrics\": [1]}",
		"{\"metrics\": [{}]}",
		"{\"metrics\": [{\"name\": \"a\", \"rows\": []}]}",
		"{\"metrics\": [{\"name\": \"a\", \"measures\": [{\"name\": \"v\"}], \"rows\": [[1, 2]]}]}",
		"{\"metrics\": [{\"name\": \"a\", \"measures\": [{\"name\": \"v\"}], \"rows\": [[]]}]}",
		"{\"metrics\": [{\"name\": \"a\", \"measures\": [{\"name\": \"v\"}], \"rows\": [[1]], \"rows\": "
		"[[1]]}]}",
		"{\"metrics\": [{\"name\": \"a\", \"measures\": [{\"name\": \"v\"}], \"rows\": [[1]]} {}]}",
		"{\"metrics\": [{\"name\": \"a\", \"measures\": [{\"name\": \"v\"}], \"rows\": [[1e999]]}]}",
		"{\"metrics\": [{\"name\": \"a\", \"measures\": [{}], \"rows\": [[1]]}]}",
		"{\"metrics\": [{\"measures\": [{\"name\": \"v\"}], \"rows\": [[1]]}]}",
		"{\"x\": \"\\ud800\"}",
		"{\"x\": \"\\u00",
		"{\"x\": \"\\q\"}",
		"{\"x\": --1}",
		"{\"x\": tru}",
		"{\"x\" 1}",
	};
	g_autofree char *dir = help_folder();
	help_write(dir, market);
	HelpReport report;
	help_load(&report, dir);
	for (guint i = 0; i < G_N_ELEMENTS(ledgers); i++) {
		g_autofree char *name = g_strdup_printf("e%u", i);
		g_assert_true(stet_edition_freeze(report.project, name, ledgers[i], NULL));
		g_test_message("%s", ledgers[i]);
		g_assert_null(stet_edition_load(report.project, name, report.diags));
	}
	g_autoptr(GString) deep = g_string_new("{\"x\": ");
	for (guint i = 0; i < 100000; i++)
		g_string_append_c(deep, '[');
	g_assert_true(stet_edition_freeze(report.project, "deep", deep->str, NULL));
	g_assert_null(stet_edition_load(report.project, "deep", report.diags));
	g_assert_cmpuint(stet_diagnostics_count(report.diags, STET_ERROR), ==, G_N_ELEMENTS(ledgers) + 1);
	help_close(&report);
	stet_folder_remove(dir, NULL);
}

#define RESTATED                                                                                             \
	"quarter,platform,usd\n2024Q1,Azure,60\n2024Q1,AWS,40\n2024Q2,Azure,90\n2024Q2,AWS,61\n2024Q3,Azure,"    \
	"99\n"                                                                                                   \
	"2024Q3,AWS,51\n"

/* The shares move by less than their tolerance; the sums have none. */
static void test_guard(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir, market);
	freeze(dir, "2024Q3");
	HelpReport report;
	open_report(&report, dir, "data/sales.csv", RESTATED);
	g_autoptr(StetEdition) edition = stet_edition_load(report.project, "2024Q3", report.diags);
	stet_restatements_check(report.metrics, edition, NULL, report.diags);
	g_autofree char *found = help_diagnostics(&report);
	g_assert_cmpstr(
		found, ==,
		"data/metrics/share.sql:11:0: 'usd' of share at '2024Q2, AWS' was published as 60 in the edition "
		"'2024Q3' and is 61 now (explain it in data/errata.csv: share,2024q2-aws,2024Q3,reason) "
		"[figure-restated]\n"
		"data/metrics/total.sql:7:0: 'usd' of total at '2024Q2' was published as 150 in the edition '2024Q3' "
		"and is 151 now (explain it in data/errata.csv: total,2024q2,2024Q3,reason) [figure-restated]\n");
	g_assert_cmpuint(stet_diagnostics_count(report.diags, STET_ERROR), ==, 2);
	const StetMetric *total = stet_metrics_get(report.metrics, "total");
	const StetRestatement *restated = stet_restatement_of(report.metrics, total, 1, 0);
	g_assert_nonnull(restated);
	g_assert_cmpfloat(restated->before, ==, 150);
	g_assert_null(restated->reason);
	g_assert_null(stet_restatement_of(report.metrics, total, 0, 0));
	help_close(&report);

	open_report(
		&report, dir, "data/errata.csv",
		"metric,key,edition,reason\ntotal,2024q2,2024Q3,AWS filed anew\nshare,*,2024Q3,AWS filed anew\n"
		"best,azure,2024Q3,never needed\n");
	g_autoptr(StetEdition) again = stet_edition_load(report.project, "2024Q3", report.diags);
	stet_restatements_check(report.metrics, again, help_dataset(&report, "errata"), report.diags);
	g_autofree char *left = help_diagnostics(&report);
	g_assert_cmpstr(
		left, ==,
		"data/errata.csv:4:0: the erratum explains no restated figure (check its metric, key and edition) "
		"[erratum-unused]\n");
	total = stet_metrics_get(report.metrics, "total");
	g_assert_cmpstr(stet_restatement_of(report.metrics, total, 1, 0)->reason, ==, "AWS filed anew");
	help_close(&report);
	stet_folder_remove(dir, NULL);
}

static void test_tolerance(void)
{
	static const struct {
		const char *rule;
		double reference, distance;
	} rules[] = {
		{NULL, 5, 0},
		{"", 5, 0},
		{"absolute:1.5", 5, 1.5},
		{"relative:5%", -200, 10},
		{"relative:0.05", 200, 10},
		{"absolute:-1", 5, NAN},
		{"absolute:", 5, NAN},
		{"absolute:1%", 5, NAN},
		{"5%", 5, NAN},
		{"relative:1,5%", 5, NAN},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		double found = stet_tolerance(rules[i].rule, rules[i].reference);
		g_assert_true(isnan(rules[i].distance) ? isnan(found) : found == rules[i].distance);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(claims); i++) {
		g_autofree char *path = g_strdup_printf("/metric/claim/%02u", i);
		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_claim);
	}
	g_test_add_func("/metric/tolerance", test_tolerance);
	g_test_add_func("/metric/ledger-figures", test_ledger_figures);
	g_test_add_func("/metric/editions", test_editions);
	g_test_add_func("/metric/damaged-editions", test_damaged_editions);
	g_test_add_func("/metric/odd-editions", test_odd_editions);
	g_test_add_func("/metric/guard", test_guard);
	return g_test_run();
}
