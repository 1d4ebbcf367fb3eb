/* Derived forms, rows and concentration against values worked out by hand. */
#include "metric_help.h"

#define REVENUE                                                                                              \
	"/*\ntitle: Revenue\nunit: currency:USD\nperiod: quarter\ndimensions: [platform]\nvalue: usd\n"          \
	"columns:\n  rate: {unit: percent}\n*/\nselect 1"

/* 2024Q3 is missing for C, which comes in 2024Q2; 2025Q2 is missing for all. */
static const struct {
	const char *quarter, *platform;
	double usd, rate;
} given[] = {
	{"2024Q1", "A", 100, 40}, {"2024Q1", "B", 60, 0},  {"2024Q2", "A", 120, 42}, {"2024Q2", "B", 60, -5},
	{"2024Q2", "C", 20, NAN}, {"2024Q3", "A", 90, 41}, {"2024Q3", "B", 0, 7},    {"2024Q4", "A", 150, 45},
	{"2024Q4", "B", 30, 8},   {"2024Q4", "C", 20, 9},  {"2025Q1", "A", 121, 50}, {"2025Q1", "B", 90, 10},
	{"2025Q1", "C", 39, 12},  {"2025Q3", "A", 200, 1}, {"2025Q3", "B", -10, 2},
};

typedef struct {
	HelpReport report;
	char *dir;
	const StetMetric *metric;
} World;

static StetCell number(double value)
{
	return isnan(value) ? (StetCell){STET_NULL, {0}} : (StetCell){STET_NUMBER, {.n = value}};
}

/* The table with its rows backwards: ordering is the stage's. */
static StetTable *table_of_given(void)
{
	StetTable *table = stet_table_new(4);
	const char *const names[] = {"rate", "platform", "quarter", "usd"};
	const StetKind kinds[] = {STET_NUMBER, STET_TEXT, STET_TEXT, STET_NUMBER};
	for (guint c = 0; c < 4; c++) {
		g_free(table->columns[c].name);
		table->columns[c].name = g_strdup(names[c]);
		table->columns[c].kind = kinds[c];
	}
	for (guint i = G_N_ELEMENTS(given); i-- > 0;) {
		StetCell platform = stet_table_text(table, given[i].platform),
				 quarter = stet_table_text(table, given[i].quarter);
		StetCell *cells = stet_table_append(table);
		cells[0] = number(given[i].rate);
		cells[1] = platform;
		cells[2] = quarter;
		cells[3] = number(given[i].usd);
	}
	return table;
}

static void set_up(World *world, gconstpointer data)
{
	(void)data;
	world->dir = help_folder();
	help_write(world->dir, (HelpFile[]){{"data/metrics/revenue.sql", REVENUE}, {NULL, NULL}});
	help_load(&world->report, world->dir);
	g_assert_true(
		stet_metrics_accept(world->report.metrics, "revenue", table_of_given(), world->report.diags));
	help_expect_clean(&world->report);
	world->metric = stet_metrics_get(world->report.metrics, "revenue");
}

static void tear_down(World *world, gconstpointer data)
{
	(void)data;
	help_close(&world->report);
	stet_folder_remove(world->dir, NULL);
	g_free(world->dir);
}

static gsize row_of(const StetMetric *metric, const char *quarter, const char *platform)
{
	const char *why_not = NULL;
	gsize row = stet_metric_row_find(metric, quarter, 1, &(StetWhere){"platform", platform}, &why_not);
	g_assert_cmpuint(row, !=, G_MAXSIZE);
	return row;
}

static const struct {
	const char *form, *quarter, *platform;
	guint measure, n;
	double value; /* NAN: refused, with `text` the reason, else the unit */
	const char *text;
} cases[] = {
	{"change", "2024Q2", "A", 0, 0, 20, "currency:USD"},
	{"change", "2024Q4", "A", 0, 2, 30, "currency:USD"},
	{"change", "2024Q2", "A", 1, 0, 2, "percentage points"},
	{"change", "2024Q2", "C", 1, 0, NAN, "the value is missing"},
	{"change", "2024Q1", "A", 0, 0, NAN, "no earlier period"},
	{"change", "2025Q3", "A", 0, 0, NAN, "no earlier period"}, /* 2025Q2 is missing: no silent jump */
	{"change", "2024Q2", "C", 0, 0, NAN, "no value in the earlier period"},
	{"growth", "2024Q2", "A", 0, 0, 20, "percent"},
	{"growth", "2024Q4", "B", 0, 0, NAN, "the base is zero"},
	{"growth", "2024Q3", "B", 1, 0, NAN, "the base is negative"},
	{"growth", "2024Q3", "B", 0, 0, -100, "percent"},
	{"yoy", "2025Q1", "A", 0, 0, 21, "percent"},
	{"yoy_change", "2025Q1", "A", 1, 0, 10, "percentage points"},
	{"cagr", "2025Q1", "A", 0, 0, 21, "percent"},
	{"cagr", "2024Q3", "A", 0, 2, -19, "percent"}, /* (90 / 100)^(4 / 2) - 1 */
	{"cagr", "2024Q1", "A", 0, 0, NAN, "no earlier period"},
	{"cagr", "2025Q3", "B", 0, 0, NAN, "the value is negative"},
	{"index", "2025Q1", "A", 0, 0, 121, "index"},
	{"index", "2024Q1", "A", 0, 0, 100, "index"},
	{"index", "2025Q1", "C", 0, 0, 195, "index"},
	{"cumulative", "2024Q3", "A", 0, 0, 310, "currency:USD"},
	{"cumulative", "2024Q3", "A", 1, 0, NAN, "percentages cannot be added up"},
	{"moving_average", "2024Q4", "A", 0, 0, 115, "currency:USD"}, /* (100 + 120 + 90 + 150) / 4 */
	{"moving_average", "2024Q4", "A", 0, 2, 120, "currency:USD"},
	{"moving_average", "2024Q3", "A", 0, 0, NAN, "too few earlier periods"},
	{"share", "2024Q4", "A", 0, 0, 75, "percent"},
	{"share", "2025Q3", "A", 0, 0, NAN, "one of the values is negative"},
	{"share", "2024Q4", "A", 1, 0, NAN, "percentages cannot be added up"},
	{"rank", "2024Q4", "C", 0, 0, 3, NULL},
	{"rank", "2024Q4", "A", 0, 0, 1, NULL},
	{"rank_change", "2025Q1", "C", 1, 0, 0, "places"},                /* second of three in both quarters */
	{"contribution", "2025Q1", "B", 0, 0, 30, "percentage points"},   /* (90 - 30) / 200 */
	{"contribution", "2024Q2", "C", 0, 0, 12.5, "percentage points"}, /* new: 20 / 160 */
	{"contribution", "2024Q1", "A", 0, 0, NAN, "no earlier period"},
	{"growht", "2024Q2", "A", 0, 0, NAN, "there is no such form"},
};

static void test_forms(World *world, gconstpointer data)
{
	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gsize row = row_of(world->metric, cases[i].quarter, cases[i].platform);
		StetDerived found =
			stet_metric_derive(world->metric, cases[i].measure, row, cases[i].form, cases[i].n);
		g_test_message("%s %s %s", cases[i].form, cases[i].quarter, cases[i].platform);
		if (isnan(cases[i].value)) {
			g_assert_true(isnan(found.value));
			g_assert_cmpstr(found.why_not, ==, cases[i].text);
			g_assert_cmpuint(found.base_row, ==, G_MAXSIZE);
		} else {
			g_assert_cmpfloat(found.value, ==, cases[i].value);
			g_assert_cmpstr(found.unit, ==, cases[i].text);
			g_assert_null(found.why_not);
		}
	}
}

/* Every form at every row: a number or a reason, never both, never neither. */
static void test_no_form_is_nan_without_reason(World *world, gconstpointer data)
{
	(void)data;
	for (const char *const *form = stet_forms(); *form; form++) {
		g_assert_nonnull(stet_form_formula(*form));
		for (gsize row = 0; row <= world->metric->table->n_rows; row++) {
			for (guint measure = 0; measure < 3; measure++) {
				for (guint n = 0; n < 6; n++) {
					StetDerived found = stet_metric_derive(world->metric, measure, row, *form, n);
					g_assert_true(isfinite(found.value) == (found.why_not == NULL));
				}
			}
		}
	}
}

static void test_difference_and_direction(World *world, gconstpointer data)
{
	(void)data;
	const StetMetric *metric = world->metric;
	StetDerived found =
		stet_metric_difference((StetFigureCell){metric, 1, row_of(metric, "2024Q4", "A")},
							   (StetFigureCell){metric, 1, row_of(metric, "2024Q4", "B")});
	g_assert_cmpfloat(found.value, ==, 37);
	g_assert_cmpstr(found.unit, ==, "percentage points");
	found = stet_metric_difference((StetFigureCell){metric, 0, row_of(metric, "2024Q4", "A")},
								   (StetFigureCell){metric, 1, row_of(metric, "2024Q4", "A")});
	g_assert_true(isnan(found.value));
	g_assert_cmpstr(found.why_not, ==, "the units are not the same");
	gsize row = row_of(metric, "2024Q2", "A"); /* 100 -> 120; 40 % -> 42 % */
	g_assert_cmpint(stet_metric_direction(metric, 0, row, 1, 20), ==, STET_DIRECTION_UP);
	g_assert_cmpint(stet_metric_direction(metric, 0, row, 1, 21), ==, STET_DIRECTION_STEADY);
	g_assert_cmpint(stet_metric_direction(metric, 1, row, 1, 2), ==, STET_DIRECTION_UP);
	g_assert_cmpint(stet_metric_direction(metric, 1, row, 1, 2.1), ==, STET_DIRECTION_STEADY);
	g_assert_cmpint(stet_metric_direction(metric, 0, row_of(metric, "2024Q3", "A"), 1, 1), ==,
					STET_DIRECTION_DOWN);
	g_assert_cmpint(stet_metric_direction(metric, 0, row_of(metric, "2024Q1", "A"), 1, 1), ==,
					STET_DIRECTION_UNKNOWN);
	g_assert_cmpint(stet_metric_direction(metric, 0, row_of(metric, "2024Q4", "B"), 1, 1), ==,
					STET_DIRECTION_UP);
}

static void test_rows(World *world, gconstpointer data)
{
	(void)data;
	const StetMetric *metric = world->metric;
	g_assert_cmpuint(stet_metric_year_length(metric), ==, 4);
	g_autofree char *id = stet_metric_row_id(metric, row_of(metric, "2024Q4", "B"));
	g_assert_cmpstr(id, ==, "2024q4-b");
	g_assert_cmpuint(stet_metric_row_by_id(metric, id), ==, row_of(metric, "2024Q4", "B"));
	g_assert_cmpuint(stet_metric_row_by_id(metric, "2024q4-z"), ==, G_MAXSIZE);
	g_assert_cmpuint(stet_metric_row_before(metric, row_of(metric, "2024Q4", "C"), 2), ==,
					 row_of(metric, "2024Q2", "C"));
	g_assert_cmpuint(row_of(metric, "latest", "C"), ==, row_of(metric, "2025Q1", "C"));
	g_assert_cmpuint(stet_metric_pick(metric, 0, 0, "max"), ==, row_of(metric, "2025Q3", "A"));
	g_assert_cmpuint(stet_metric_pick(metric, 0, 0, "min"), ==, row_of(metric, "2024Q3", "A"));
	g_assert_cmpuint(stet_metric_pick(metric, 1, row_of(metric, "2024Q2", "C"), "first"), ==,
					 row_of(metric, "2024Q4", "C"));
	g_assert_cmpuint(stet_metric_pick(metric, 0, 0, "middle"), ==, G_MAXSIZE);
	gsize n = 0;
	const gsize *series = stet_metric_series(metric, row_of(metric, "2024Q4", "C"), &n);
	g_assert_cmpuint(n, ==, 3);
	g_assert_cmpuint(series[0], ==, row_of(metric, "2024Q2", "C"));
	const char *why_not = NULL;
	g_assert_cmpuint(stet_metric_row_find(metric, "2024Q4", 0, NULL, &why_not), ==, G_MAXSIZE);
	g_assert_cmpstr(why_not, ==, "more than one row meets the conditions");
	stet_metric_row_find(metric, "2031Q4", 0, NULL, &why_not);
	g_assert_cmpstr(why_not, ==, "the metric has no such period");
	stet_metric_row_find(metric, NULL, 1, &(StetWhere){"region", "EU"}, &why_not);
	g_assert_cmpstr(why_not, ==, "the metric has no such column");
}

/* 2024Q4: 150, 30, 20 of 200, shares 0.75, 0.15, 0.10. */
static const struct {
	const char *form;
	double value;
} spread[] = {
	{"cr1", 75},
	{"cr2", 90},
	{"cr4", 100},
	{"hhi", 5950},                        /* 75^2 + 15^2 + 10^2 */
	{"entropy", 0.730588061371},          /* -(.75 ln .75 + .15 ln .15 + .1 ln .1) */
	{"effective_number", 1.68067226891},  /* 1 / 0.595 */
	{"effective_entropy", 2.07630124129}, /* e^0.730588061371 */
	{"gini", 0.433333333333},             /* (-2 x 0.10 + 0 x 0.15 + 2 x 0.75) / 3 */
};

static void test_concentration(World *world, gconstpointer data)
{
	(void)data;
	gsize row = row_of(world->metric, "2024Q4", "B");
	for (guint i = 0; i < G_N_ELEMENTS(spread); i++) {
		StetDerived found = stet_metric_concentration(world->metric, 0, row, NULL, spread[i].form);
		g_test_message("%s %.12g", spread[i].form, found.value);
		g_assert_cmpfloat_with_epsilon(found.value, spread[i].value, 1e-10);
		StetDerived over = stet_metric_concentration(world->metric, 0, row, "platform", spread[i].form);
		g_assert_cmpfloat(over.value, ==, found.value);
	}
	/* 2025Q1: 121, 90, 39 of 250; 48.4^2 + 36^2 + 15.6^2 = 3881.92 */
	StetDerived moved =
		stet_metric_concentration(world->metric, 0, row_of(world->metric, "2025Q1", "A"), NULL, "hhi_change");
	g_assert_cmpfloat(moved.value, ==, -2068.08);
	g_assert_cmpstr(moved.unit, ==, "points");
	moved =
		stet_metric_concentration(world->metric, 0, row_of(world->metric, "2024Q1", "A"), NULL, "cr1_change");
	g_assert_cmpstr(moved.why_not, ==, "no earlier period");
	double points[5][2];
	g_assert_cmpuint(stet_metric_lorenz(world->metric, 0, row, NULL, points, 5), ==, 4);
	g_assert_cmpfloat(points[0][1], ==, 0);
	g_assert_cmpfloat(points[1][1], ==, 0.1);
	g_assert_cmpfloat(points[2][1], ==, 0.25);
	g_assert_cmpfloat(points[3][0], ==, 1);
	g_assert_cmpfloat(points[3][1], ==, 1);
	g_assert_cmpuint(stet_metric_lorenz(world->metric, 0, row, NULL, points, 3), ==, 0);
	StetDerived refused =
		stet_metric_concentration(world->metric, 0, row_of(world->metric, "2025Q3", "A"), NULL, "hhi");
	g_assert_cmpstr(refused.why_not, ==, "one of the values is negative");
}

/* Periods of several formats: the year's length, and how many steps apart the last two are. */
static const struct {
	const char *periods[4];
	guint year_length;
	guint steps; /* from the third to the second */
} formats[] = {
	{{"2023", "2024", "2026"}, 1, 2},
	{{"2024-11", "2024-12", "2025-02"}, 12, 2},
	{{"2024-01-01", "2024-04-01", "2024-10-01"}, 4, 2},
	{{"2024-01-31", "2024-02-29", "2024-04-30"}, 12, 2},
	{{"2022-12-31", "2023-12-31", "2025-12-31"}, 1, 2},
	{{"2024-01-05", "2024-01-08", "2024-01-12"}, 0, 1},
	{{"2023-2024", "before", "since"}, 0, 1},
	{{"2024Q4", "2025Q1", "later"}, 0, 1},
};

static void test_period_formats(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir, (HelpFile[]){{"data/metrics/m.sql", "/*\ntitle: x\nperiod: p\nvalue: v\n*/\nselect 1"},
								 {NULL, NULL}});
	HelpReport report;
	help_load(&report, dir);
	for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
		StetTable *table = stet_table_new(2);
		g_free(table->columns[0].name);
		g_free(table->columns[1].name);
		table->columns[0] = (StetTableColumn){g_strdup("p"), STET_TEXT};
		table->columns[1] = (StetTableColumn){g_strdup("v"), STET_INT};
		for (guint p = 0; p < 3; p++) {
			StetCell period = stet_table_text(table, formats[i].periods[p]);
			StetCell *cells = stet_table_append(table);
			cells[0] = period;
			cells[1] = (StetCell){STET_INT, {.i = p}};
		}
		g_assert_true(stet_metrics_accept(report.metrics, "m", table, report.diags));
		const StetMetric *metric = stet_metrics_get(report.metrics, "m");
		g_test_message("%s", formats[i].periods[0]);
		g_assert_cmpuint(stet_metric_year_length(metric), ==, formats[i].year_length);
		g_assert_cmpuint(stet_metric_row_before(metric, 2, formats[i].steps), ==, 1);
	}
	help_close(&report);
	stet_folder_remove(dir, NULL);
}

/* Keys whose slugs are alike still have ids of their own. */
static void test_ids_are_unique(void)
{
	g_autofree char *dir = help_folder();
	help_write(dir,
			   (HelpFile[]){{"data/metrics/m.sql", "/*\ntitle: x\ndimensions: [d]\nvalue: v\n*/\nselect 1"},
							{NULL, NULL}});
	HelpReport report;
	help_load(&report, dir);
	StetTable *table = stet_table_new(2);
	const char *const keys[] = {"A B", "a-b", "A+B", "C"};
	g_free(table->columns[0].name);
	g_free(table->columns[1].name);
	table->columns[0] = (StetTableColumn){g_strdup("d"), STET_TEXT};
	table->columns[1] = (StetTableColumn){g_strdup("v"), STET_INT};
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		StetCell key = stet_table_text(table, keys[i]);
		StetCell *cells = stet_table_append(table);
		cells[0] = key;
		cells[1] = (StetCell){STET_INT, {.i = i}};
	}
	g_assert_true(stet_metrics_accept(report.metrics, "m", table, report.diags));
	const StetMetric *metric = stet_metrics_get(report.metrics, "m");
	for (gsize row = 0; row < G_N_ELEMENTS(keys); row++) {
		g_autofree char *id = stet_metric_row_id(metric, row);
		g_assert_cmpuint(stet_metric_row_by_id(metric, id), ==, row);
		g_assert_true(g_str_has_prefix(id, row == 2 ? "c" : "a-b"));
	}
	help_close(&report);
	stet_folder_remove(dir, NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/metric/forms", World, NULL, set_up, test_forms, tear_down);
	g_test_add("/metric/forms-give-reasons", World, NULL, set_up, test_no_form_is_nan_without_reason,
			   tear_down);
	g_test_add("/metric/difference-direction", World, NULL, set_up, test_difference_and_direction, tear_down);
	g_test_add("/metric/rows", World, NULL, set_up, test_rows, tear_down);
	g_test_add("/metric/concentration", World, NULL, set_up, test_concentration, tear_down);
	g_test_add_func("/metric/period-formats", test_period_formats);
	g_test_add_func("/metric/ids-are-unique", test_ids_are_unique);
	return g_test_run();
}
