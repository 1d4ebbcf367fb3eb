/* Two thousand random specs, a thousand scenes, over random results: no crash, no mark outside the frame, no
 * half-drawn scene. */
#include "../../generator/chart/scene.h"
#include "chart_case.h"

#include <math.h>

static StetTheme *theme;
static StetPen *pen;

static const char *pick(const char *const *words, guint n)
{
	return words[g_test_rand_int_range(0, (gint32)n)];
}

static void put_number(GString *out)
{
	static const char *const odd[] = {"null", "0", "-0.0001", "1e14", "-99999999999", "3", "1e-9", "100"};
	if (g_test_rand_int_range(0, 6) == 0)
		g_string_append(out, pick(odd, G_N_ELEMENTS(odd)));
	else
		g_string_append_printf(out, "%.3f", g_test_rand_double_range(-50, 150));
}

static void put_rows(GString *out, gboolean negative)
{
	static const char *const names[] = {"Azure",   "AWS",     "Google Cloud",
										"x",       "العربية", "A very long name that goes on and on and on",
										"<&\\\">", ""};
	int rows = g_test_rand_int_range(0, 40), kind = g_test_rand_int_range(0, 4);
	g_string_append(out, "rows:\n");
	for (int i = 0; i < rows; i++) {
		if (kind == 0)
			g_string_append_printf(out, "  - ['%dQ%d'", 2020 + i / 8, i / 2 % 4 + 1);
		else if (kind == 1)
			g_string_append_printf(out, "  - ['20%02d-%02d-%02d'", g_test_rand_int_range(0, 99), i % 12 + 1,
								   i % 28 + 1);
		else if (kind == 2)
			g_string_append_printf(out, "  - ['%d'", 1900 + i * 3);
		else
			g_string_append_printf(out, "  - ['Case %d'", i / 2);
		g_string_append_printf(out, ", \"%s\", ",
							   kind == 0 || kind == 3 ? names[i % 2] : pick(names, G_N_ELEMENTS(names)));
		for (int k = 0; k < 3; k++) {
			if (negative)
				put_number(out);
			else
				g_string_append_printf(out, "%.2f", g_test_rand_double_range(0, 99));
			g_string_append(out, k < 2 ? ", " : "]\n");
		}
	}
}

static void put_spec(GString *out)
{
	static const char *const extras[] = {
		"  title: A title that may be long enough to need a second line on a narrow screen\n",
		"  subtitle: words\n",
		"  sort: up\n",
		"  top: 3\n",
		"  other: true\n",
		"  highlight: [Azure, Case 1]\n",
		"  domain: [0, 10]\n",
		"  log: symlog\n",
		"  log: true\n",
		"  baseline: 20\n",
		"  orientation: horizontal\n",
		"  orientation: vertical\n",
		"  percent: true\n",
		"  height: 120\n",
		"  height: 900\n",
		"  facet: b\n",
		"  series: b\n",
		"  y: v\n",
		"  y: [v, w]\n",
		"  x: a\n",
		"  x: b\n",
		"  x: w\n",
		"  size: u\n",
		"  label: b\n",
		"  trend: true\n",
		"  color: diverging\n",
		"  color: sign\n",
		"  color: category\n",
		"  target: w\n",
		"  ranges: [10, 50]\n",
		"  bins: 40\n",
		"  band: [w, u]\n",
		"  projected: 2023Q1\n",
		"  display: 4\n",
		"  format: full\n",
		"  legend: false\n",
		"  annotate: [{y: 12, text: A line that says something}, {x: 2021Q1, text: here}]\n",
		"  events: [{x: 2021Q3, text: An event with quite some text}, {x: '2022', text: two}, {x: 2022-02, "
		"text: three}]\n",
	};
	guint types = 0;
	while (stet_chart_types()[types])
		types++;
	g_string_append_printf(out, "chart:\n  type: %s\n", pick(stet_chart_types(), types));
	gboolean used[G_N_ELEMENTS(extras)] = {FALSE};
	for (int i = g_test_rand_int_range(0, 6); i > 0; i--) {
		int at = g_test_rand_int_range(0, G_N_ELEMENTS(extras));
		g_autofree char *key = g_strndup(extras[at], strcspn(extras[at] + 2, ":") + 3);
		if (!used[at] && !strstr(strstr(out->str, "chart:"), key))
			g_string_append(out, extras[at]);
		used[at] = TRUE;
	}
}

static void check(const StetScene *scene, const char *text)
{
	for (guint i = 0; i < scene->marks->len; i++) {
		const ChartMark *mark = &g_array_index(scene->marks, ChartMark, i);
		ChartBox b = chart_mark_box(mark);
		if (mark->kind == MARK_PATH && mark->path->num_data == 0)
			continue;
		gboolean good = isfinite(b.x0) && isfinite(b.y1) && b.x0 > -3 && b.x1 < scene->width + 3 &&
						b.y0 > -3 && b.y1 < scene->height + 3;
		if (!good) {
			g_test_message("mark %u of %s: %s '%s' at %.1f,%.1f %.1f,%.1f in %.0fx%.0f\n%s", i, scene->type,
						   chart_looks[mark->role].class_, mark->text ? mark->text : "", b.x0, b.y0, b.x1,
						   b.y1, scene->width, scene->height, text);
			g_test_fail();
			return;
		}
	}
}

static void test_random(void)
{
	guint drawn = 0;
	for (int round = 0; round < 2000; round++) {
		g_autoptr(GString) text = g_string_new("columns: [{name: a, period: ");
		g_string_append(text, g_test_rand_bit() ? "true" : "false");
		g_string_append(text, "}, {name: b, title: Bee}, {name: v, title: Value, unit: ");
		static const char *const units[] = {"percent", "models", "currency:USD", "index"};
		g_string_append_printf(text, "%s}, {name: w}, {name: u}]\n", pick(units, G_N_ELEMENTS(units)));
		put_rows(text, round % 2 == 0);
		put_spec(text);
		g_autoptr(ChartCase) c = case_parse("random.md", text->str);
		g_assert_nonnull(c);
		for (int narrow = 0; c->chart && narrow < 2; narrow++) {
			g_autoptr(StetScene) scene =
				stet_chart_layout(c->chart, &c->data, theme, pen, narrow ? STET_NARROW : STET_WIDE, c->diags);
			if (!scene && stet_diagnostics_count(c->diags, STET_ERROR) == 0)
				g_test_message("no scene and no error:\n%s", text->str);
			g_assert_true(scene || stet_diagnostics_count(c->diags, STET_ERROR) > 0);
			if (!scene)
				continue;
			drawn++;
			check(scene, text->str);
			g_autoptr(GString) out = g_string_new(NULL);
			stet_scene_write_inline(scene, scene, "r", out);
			g_assert_null(strstr(out->str, "nan"));
		}
	}
	g_test_message("%u scenes drawn", drawn);
	g_assert_cmpuint(drawn, >, 1000);
}

/* The same specs at every run; `--seed` gives others. */
int main(int given, char **words)
{
	static char seed[] = "--seed=R02S7c1f3a5e9b2d4680ace013579bdf2468";
	char *args[8] = {words[0], seed};
	char **argv = args;
	int argc = 2;
	for (int i = 1; i < given && argc < 7; i++)
		args[argc++] = words[i];
	g_test_init(&argc, &argv, NULL);
	theme = stet_theme_new(NULL, NULL);
	pen = stet_pen_new(theme);
	g_test_add_func("/chart/random", test_random);
	int result = g_test_run();
	stet_pen_free(pen);
	stet_theme_free(theme);
	return result;
}
