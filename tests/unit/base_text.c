/* Text, numbers, dates, arenas. */
#include "stet/base.h"

#include <math.h>
#include <string.h>

static void test_number_text(void)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{0, "0"},
		{-0.0, "0"},
		{1, "1"},
		{-12, "-12"},
		{0.1, "0.1"},
		{0.1 + 0.2, "0.3"},
		{1.0 / 3, "0.333333333333333"},
		{200.0 / 3, "66.6666666666667"},
		{123456.789, "123456.789"},
		{-0.001, "-0.001"},
		{1e-7, "0.0000001"},
		{1.5e-8, "1.5e-8"},
		{999999999999999, "999999999999999"},
		{1e14, "100000000000000"},
		{1e15, "1e15"},
		{1e21, "1e21"},
		{-2.5e-300, "-2.5e-300"},
		{1.7976931348623157e308, "1.79769313486232e308"},
		{5e-324, "4.94065645841247e-324"},
		{(double)NAN, ""},
		{(double)INFINITY, ""},
		{-(double)INFINITY, ""},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		char text[STET_NUMBER_MAX];
		g_assert_cmpstr(stet_number_text(cases[i].value, text), ==, cases[i].text);
	}
}

/* Whatever the text, it reads back as the value rounded to 15 digits. */
static void test_number_text_reads_back(void)
{
	for (guint i = 0; i < 20000; i++) {
		double value = (g_test_rand_double_range(-1, 1)) * pow(10, g_test_rand_int_range(-40, 40));
		char text[STET_NUMBER_MAX];
		stet_number_text(value, text);
		g_assert_cmpfloat(g_ascii_strtod(text, NULL), ==, stet_round_significant(value, 15));
		g_assert_cmpuint(strlen(text), <, STET_NUMBER_MAX);
	}
}

static void test_round_decimals(void)
{
	static const struct {
		double value;
		int decimals;
		double rounded;
	} cases[] = {
		{1.005, 2, 1.01},   {2.675, 2, 2.68}, {0.285, 2, 0.29},     {-1.005, 2, -1.01},
		{2.5, 0, 3},        {-2.5, 0, -3},    {0.4999, 0, 0},       {-0.4, 0, 0},
		{12345, -2, 12300}, {1e20, 2, 1e20},  {0.1 + 0.2, 12, 0.3}, {1e300, 3, 1e300},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		double rounded = stet_round_decimals(cases[i].value, cases[i].decimals);
		g_assert_cmpfloat(rounded, ==, cases[i].rounded);
		g_assert_false(rounded == 0 && signbit(rounded)); /* no "-0" */
	}
	g_assert_true(isnan(stet_round_decimals((double)NAN, 2)));
}

static void test_round_significant(void)
{
	static const struct {
		double value;
		int digits;
		double rounded;
	} cases[] = {
		{123456, 3, 123000}, {0.00012345, 2, 0.00012}, {0.1 + 0.2, 12, 0.3}, {-9.99, 1, -10},
		{0, 5, 0},           {1e-300, 3, 1e-300},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpfloat(stet_round_significant(cases[i].value, cases[i].digits), ==, cases[i].rounded);
}

static void test_nearest(void)
{
	static const char *const names[] = {"quarter", "platform", "spend_usd", "share", "region", NULL};
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{"quater", "quarter"},
		{"paltform", "platform"},
		{"Platform", "platform"},
		{"spend_usd", "spend_usd"},
		{"spendusd", "spend_usd"},
		{"shares", "share"},
		{"hare", "share"},
		{"revenue", NULL},
		{"x", NULL},
		{"", NULL},
		{"platformplatformplatformplatformplatformplatformplatformplatformplatform", NULL},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpstr(stet_nearest(cases[i].word, names), ==, cases[i].nearest);
	g_assert_null(stet_nearest("any", NULL));
}

static void test_json_string(void)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
		{"", "\"\""},
		{"plain", "\"plain\""},
		{"a\"b\\c", "\"a\\\"b\\\\c\""},
		{"a\nb\tc", "\"a\\nb\\tc\""},
		{"\x01\x1f", "\"\\u0001\\u001f\""},
		{"Société 日", "\"Société 日\""},
		{"bad \xff byte", "\"bad \xef\xbf\xbd byte\""},
		{"</script>", "\"</script>\""},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new("");
		stet_json_string(out, cases[i].text);
		g_assert_cmpstr(out->str, ==, cases[i].json);
	}
}

static void test_dates(void)
{
	static const struct {
		int year, month, day;
		gboolean valid;
		gint32 days;
	} cases[] = {
		{1970, 1, 1, TRUE, 0},      {1969, 12, 31, TRUE, -1},    {2000, 2, 29, TRUE, 11016},
		{2025, 3, 31, TRUE, 20178}, {1600, 1, 1, TRUE, -135140}, {1, 1, 1, TRUE, -719162},
		{1900, 2, 29, FALSE, 0},    {2024, 2, 30, FALSE, 0},     {2024, 13, 1, FALSE, 0},
		{2024, 0, 1, FALSE, 0},     {2024, 4, 31, FALSE, 0},     {2024, 1, 0, FALSE, 0},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_assert_cmpint(stet_date_valid(cases[i].year, cases[i].month, cases[i].day), ==, cases[i].valid);
		if (cases[i].valid)
			g_assert_cmpint(stet_date_days(cases[i].year, cases[i].month, cases[i].day), ==, cases[i].days);
	}
	for (gint32 days = -800000; days < 800000; days += 13) {
		int year, month, day;
		stet_date_split(days, &year, &month, &day);
		g_assert_true(stet_date_valid(year, month, day));
		g_assert_cmpint(stet_date_days(year, month, day), ==, days);
	}
}

/* Pieces of every size are aligned, zeroed, and do not overlap. */
static void test_arena(void)
{
	enum { PIECES = 400 };
	g_autoptr(StetArena) arena = stet_arena_new();
	for (guint round = 0; round < 3; round++) {
		guchar *pieces[PIECES];
		gsize sizes[PIECES];
		for (guint i = 0; i < PIECES; i++) {
			sizes[i] = i % 50 == 49 ? 300000 : (gsize)i * 7;
			pieces[i] = stet_arena_alloc(arena, sizes[i]);
			g_assert_cmpuint((guintptr)pieces[i] % 16, ==, 0);
			for (gsize k = 0; k < sizes[i]; k++)
				g_assert_cmpuint(pieces[i][k], ==, 0);
			memset(pieces[i], (int)(i % 255) + 1, sizes[i]);
		}
		for (guint i = 0; i < PIECES; i++)
			for (gsize k = 0; k < sizes[i]; k++)
				g_assert_cmpuint(pieces[i][k], ==, i % 255 + 1);
		stet_arena_reset(arena);
		g_assert_cmpuint(stet_arena_used(arena), ==, 0);
	}
	g_assert_cmpstr(stet_arena_text(arena, "abcdef", 3), ==, "abc");
	g_assert_cmpstr(stet_arena_text(arena, "", -1), ==, "");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/number-text", test_number_text);
	g_test_add_func("/base/number-text-reads-back", test_number_text_reads_back);
	g_test_add_func("/base/round-decimals", test_round_decimals);
	g_test_add_func("/base/round-significant", test_round_significant);
	g_test_add_func("/base/nearest", test_nearest);
	g_test_add_func("/base/json-string", test_json_string);
	g_test_add_func("/base/dates", test_dates);
	g_test_add_func("/base/arena", test_arena);
	return g_test_run();
}
