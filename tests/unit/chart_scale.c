/* Scales: ticks lie inside the domain, are round, and number 4 to 10 whatever the values (3 where there is room for
 * no more). */
#include "../../generator/chart/layout.h"

#include <math.h>

/* A maximum that passes a tick by a rounding does not open another step. */
static void test_nearly(void)
{
	static const struct {
		double low, high, ends;
	} cases[] = {{0, 100, 100}, {0, 100.00000001, 100},        {0, 100.04, 100},
				 {0, 101, 120}, {0, 0.30000000000000004, 0.3}, {0, 80.1, 80},
				 {0, 7.009, 7}};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		ChartScale s = chart_scale_new(SCALE_LINEAR, cases[i].low, cases[i].high, FALSE, FALSE, 6);
		g_assert_cmpfloat(s.high, ==, cases[i].ends);
		g_assert_cmpfloat(s.low, ==, 0);
	}
}

/* 1, 2, 2.5 or 5 times a power of ten. */
static gboolean is_round(double step)
{
	static const double nice[] = {1, 2, 2.5, 5, 10};
	double mantissa = step / pow(10, floor(log10(step)));
	for (guint i = 0; i < G_N_ELEMENTS(nice); i++)
		if (fabs(mantissa - nice[i]) < 1e-3)
			return TRUE;
	return FALSE;
}

static void check(ChartScaleKind kind, double low, double high, guint target)
{
	ChartScale s = chart_scale_new(kind, low, high, FALSE, FALSE, target);
	s.from = 0;
	s.to = 100;
	g_assert_cmpuint(s.n_ticks, >=, 2);
	g_assert_cmpuint(s.n_ticks, <=, CHART_TICKS_MAX);
	g_assert_true(isfinite(s.low) && isfinite(s.high) && s.low < s.high);
	for (guint i = 0; i < s.n_ticks; i++) {
		double slack = 1e-9 * (fabs(s.high) + fabs(s.low));
		g_assert_cmpfloat(s.ticks[i], >=, s.low - slack);
		g_assert_cmpfloat(s.ticks[i], <=, s.high + slack);
		if (i && kind == SCALE_LINEAR && fabs(high - low) > 1e-3 * (fabs(high) + fabs(low))) {
			double step = s.ticks[1] - s.ticks[0];
			g_assert_true(is_round(step));
			g_assert_cmpfloat_with_epsilon(s.ticks[i] / step, round(s.ticks[i] / step), 1e-4);
		}
		if (i) {
			g_assert_cmpfloat(s.ticks[i], >, s.ticks[i - 1]);
			g_assert_cmpfloat(chart_scale_at(&s, s.ticks[i]), >, chart_scale_at(&s, s.ticks[i - 1]));
		}
	}
	if (kind == SCALE_LINEAR && isfinite(low) && isfinite(high) && low < high && fabs(low) < 1e15 &&
		fabs(high) < 1e15) {
		double step = s.n_ticks > 1 ? s.ticks[1] - s.ticks[0] : 0;
		g_assert_cmpfloat(s.low, <=, low + 0.0101 * step + 1e-9 * fabs(low));
		g_assert_cmpfloat(s.high, >=, high - 0.0101 * step - 1e-9 * fabs(high));
	}
}

static void test_linear(void)
{
	for (int i = 0; i < 20000; i++) {
		double size = pow(10, g_test_rand_double_range(-8, 13)), low = g_test_rand_double_range(-1, 1) * size;
		double high = low + g_test_rand_double_range(0.01, 2) * size;
		guint target = (guint)g_test_rand_int_range(3, 8);
		check(SCALE_LINEAR, low, high, target);
		ChartScale s = chart_scale_new(SCALE_LINEAR, low, high, FALSE, FALSE, target);
		g_assert_cmpuint(s.n_ticks, >=, target >= 4 ? 4 : 2);
		g_assert_cmpuint(s.n_ticks, <=, 10);
	}
}

static void test_bent(void)
{
	for (int i = 0; i < 20000; i++) {
		double low = pow(10, g_test_rand_double_range(-6, 10)),
			   high = low * pow(10, g_test_rand_double_range(0.01, 9));
		check(SCALE_LOG, low, high, 5);
		check(SCALE_SYMLOG, -low, high, 5);
		check(SCALE_SYMLOG, -high, -low, 5);
	}
}

static void test_odd(void)
{
	static const double odd[] = {0, 1, -1, 1e300, -1e300, 1e-300, INFINITY, -INFINITY, NAN, 5};
	for (guint i = 0; i < G_N_ELEMENTS(odd); i++)
		for (guint k = 0; k < G_N_ELEMENTS(odd); k++)
			for (int kind = SCALE_LINEAR; kind <= SCALE_SYMLOG; kind++)
				check((ChartScaleKind)kind, odd[i], odd[k], 5);
}

static void test_familiar(void)
{
	static const struct {
		double low, high;
		guint target;
		double first, step;
		int decimals;
	} cases[] = {{0, 67, 6, 0, 10, 0},
				 {0, 1, 5, 0, 0.2, 1},
				 {0, 3.2, 6, 0, 0.5, 1},
				 {-4, 6, 5, -4, 2, 0},
				 {0, 1e9, 5, 0, 2e8, 0}};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		ChartScale s =
			chart_scale_new(SCALE_LINEAR, cases[i].low, cases[i].high, FALSE, FALSE, cases[i].target);
		g_assert_cmpfloat_with_epsilon(s.ticks[0], cases[i].first, 1e-12);
		g_assert_cmpfloat_with_epsilon(s.ticks[1] - s.ticks[0], cases[i].step, 1e-12);
		g_assert_cmpint(s.decimals, ==, cases[i].decimals);
	}
}

static void test_periods(void)
{
	static const struct {
		const char *text;
		ChartXKind kind;
		double at;
	} cases[] = {
		{"2025", X_YEAR, 2025},
		{"2025Q4", X_QUARTER, 2025 * 4 + 3},
		{"2025-03", X_MONTH, 2025 * 12 + 2},
		{"1970-01-02", X_DATE, 1},
		{"2025Q5", X_CATEGORY, 0},
		{"2025-13", X_CATEGORY, 0},
		{"2025-02-30", X_CATEGORY, 0},
		{"Azure", X_CATEGORY, 0},
		{"", X_CATEGORY, 0},
		{"20251", X_CATEGORY, 0},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		double at = 0;
		g_assert_cmpint(chart_period_read(cases[i].text, &at), ==, cases[i].kind);
		if (cases[i].kind == X_CATEGORY)
			continue;
		g_assert_cmpfloat(at, ==, cases[i].at);
		g_autofree char *back = chart_period_write(cases[i].kind, at);
		g_assert_cmpstr(back, ==, cases[i].text);
	}
}

/* Labels at an edge: in order, apart, inside, and not moved where they need not be. */
static void test_spread(void)
{
	for (int round = 0; round < 5000; round++) {
		double at[12], was[12];
		guint n = (guint)g_test_rand_int_range(1, 13);
		for (guint i = 0; i < n; i++)
			was[i] = at[i] = g_test_rand_double_range(-20, 320);
		g_assert_true(chart_spread(at, n, 17, 0, 300));
		for (guint i = 0; i < n; i++) {
			g_assert_cmpfloat(at[i], >=, 8.5 - 1e-6);
			g_assert_cmpfloat(at[i], <=, 291.5 + 1e-6);
			for (guint k = 0; k < n; k++)
				if (was[i] < was[k])
					g_assert_cmpfloat(at[k] - at[i], >=, 17 - 1e-6);
		}
	}
	double free[] = {50, 100, 150}, none[] = {1, 2, 3};
	g_assert_true(chart_spread(free, 3, 17, 0, 300));
	g_assert_cmpfloat_with_epsilon(free[0], 50, 1e-9);
	g_assert_cmpfloat_with_epsilon(free[2], 150, 1e-9);
	g_assert_false(chart_spread(none, 3, 17, 0, 40));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/chart/scale/linear", test_linear);
	g_test_add_func("/chart/scale/log", test_bent);
	g_test_add_func("/chart/scale/odd", test_odd);
	g_test_add_func("/chart/scale/nearly", test_nearly);
	g_test_add_func("/chart/scale/familiar", test_familiar);
	g_test_add_func("/chart/periods", test_periods);
	g_test_add_func("/chart/spread", test_spread);
	return g_test_run();
}
