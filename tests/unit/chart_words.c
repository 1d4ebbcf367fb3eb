/* Words: sentences of a catalogue, headings that the page prints; the inline writer's stops for the keyboard;
 * bars and heat in the cells of tables. */
#include "../../generator/chart/theme.h"
#include "chart_case.h"

#include <math.h>

#define LINE                                                                                                 \
	"columns: [{name: quarter, period: true}, {name: platform}, {name: rate, title: Rate, unit: percent}]\n" \
	"rows: [['2025Q1', Azure, 60.5], ['2025Q2', Azure, 61], ['2025Q1', AWS, 30], ['2025Q2', AWS, 20]]\n"     \
	"locale: de\nchart: {type: line}\n"

static StetPen *pen;

static StetScene *lay_out(ChartCase *c, const StetTheme *theme)
{
	StetScene *scene = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
	g_assert_nonnull(scene);
	return scene;
}

/* Blanks may stand in any order; a blank that the English does not fill is refused. */
static void test_catalogue(void)
{
	g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
	g_autoptr(ChartCase) c = case_parse("a.md", LINE);
	g_assert_true(
		stet_theme_say(theme, "latest", "{when} liegt {first} mit {high} vorn, {last} mit {low} hinten."));
	g_assert_true(stet_theme_say(theme, "in-quarter", "Im {period}"));
	g_assert_true(stet_theme_say(theme, "largest-move", "Am meisten bewegt: {course}."));
	g_assert_true(stet_theme_say(theme, "fell", "{series}, von {from} auf {to}"));
	g_assert_false(stet_theme_say(theme, "fell", "{series}, von {from} auf {amount}"));
	g_assert_false(stet_theme_say(theme, "no-such-sentence", "x"));
	g_autoptr(StetScene) scene = lay_out(c, theme);
	g_assert_cmpstr(stet_scene_description(scene), ==,
					"Im 2. Quartal 2025 liegt Azure mit 61,0\u00a0% vorn, AWS mit 20,0\u00a0% hinten. "
					"Am meisten bewegt: AWS, von 30,0\u00a0% auf 20,0\u00a0%.");
}

static void test_sentences(void)
{
	const char *key = NULL, *english;
	guint n = 0;
	while ((english = stet_chart_sentence(n, &key))) {
		g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
		g_assert_true(stet_theme_say(theme, key, english));
		n++;
	}
	g_assert_cmpuint(n, >, 30);
}

/* What the page prints is not said again over the plot. */
static void test_heading(void)
{
	static const struct {
		const char *title, *subtitle;
		gboolean named;
	} cases[] = {{NULL, NULL, TRUE},
				 {"Azure is ahead", NULL, TRUE},
				 {"The rate of each platform", NULL, FALSE},
				 {"Azure is ahead", "Rate, %", FALSE}};
	g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(ChartCase) c = case_parse("a.md", LINE);
		stet_chart_set_heading(c->chart, cases[i].title, cases[i].subtitle);
		g_autoptr(StetScene) scene = lay_out(c, theme);
		g_autofree char *dump = stet_scene_dump(scene);
		g_assert_cmpint(strstr(dump, "text axis-title") != NULL, ==, cases[i].named);
		g_assert_nonnull(strstr(dump, cases[i].title ? cases[i].title : "title Line chart"));
		g_assert_null(strstr(dump, "text title"));
	}
}

static guint count(const char *text, const char *part)
{
	guint n = 0;
	for (const char *p = strstr(text, part); p; p = strstr(p + 1, part))
		n++;
	return n;
}

static guint stops(const char *name, const char *role)
{
	g_autofree char *path = g_strdup_printf("tests/golden/chart/%s.yaml", name);
	g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
	g_autoptr(ChartCase) c = case_load(path);
	g_autoptr(StetScene) scene = lay_out(c, theme);
	g_autoptr(GString) out = g_string_new(NULL);
	stet_scene_write_inline(scene, NULL, "x", out);
	g_assert_nonnull(strstr(out->str, "role=\"group\" aria-labelledby="));
	g_assert_cmpuint(count(out->str, "<g "), ==, count(out->str, "</g>"));
	g_autofree char *part = g_strdup_printf("tabindex=\"0\" role=\"%s\"", role);
	g_assert_cmpuint(count(out->str, "tabindex="), ==, count(out->str, part));
	return count(out->str, part);
}

/* Few marks are stops each; many are by series, row or cell; where there is neither, all are one. */
static void test_stops(void)
{
	g_assert_cmpuint(stops("line", "graphics-symbol"), ==, 4);
	g_assert_cmpuint(stops("bar", "graphics-symbol"), ==, 12);
	g_assert_cmpuint(stops("stacked-bar", "graphics-object"), ==, 5);  /* streams */
	g_assert_cmpuint(stops("heatmap", "graphics-object"), ==, 5);      /* rows */
	g_assert_cmpuint(stops("facet-column", "graphics-object"), ==, 4); /* cells */
	g_assert_cmpuint(stops("scatter", "graphics-object"), ==, 1);
}

static void test_cells(void)
{
	const double shares[] = {0, NAN, 50, 100}, changes[] = {-10, 5, NAN};
	StetReach share = stet_reach(shares, 4), change = stet_reach(changes, 3), none = stet_reach(NULL, 0);
	g_assert_false(share.diverging);
	g_assert_true(change.diverging);
	g_assert_cmpstr(stet_heat_class(&share, 0), ==, "heat s1");
	g_assert_cmpstr(stet_heat_class(&share, 100), ==, "heat s9");
	g_assert_cmpstr(stet_heat_class(&share, NAN), ==, "");
	g_assert_cmpstr(stet_heat_class(&change, -10), ==, "heat d1");
	g_assert_cmpstr(stet_heat_class(&change, 0), ==, "heat d5");
	g_assert_cmpstr(stet_heat_class(&change, 5), ==, "heat d7");
	g_assert_cmpstr(stet_heat_class(&none, 3), ==, "heat s5");
	g_autoptr(GString) out = g_string_new(NULL);
	stet_cell_bar_write(&share, NAN, out);
	g_assert_cmpuint(out->len, ==, 0);
	stet_cell_bar_write(&share, 50, out);
	g_assert_nonnull(strstr(out->str, "class=\"c1\" x=\"0.0\" y=\"0\" width=\"50.0\""));
	stet_cell_bar_write(&change, -10, out);
	g_assert_nonnull(strstr(out->str, "class=\"down\" x=\"0.0\" y=\"0\" width=\"66.7\""));
	g_assert_null(strstr(out->str, "style="));
}

/* Every class that a cell can have is in the style sheet. */
static void test_cell_styles(void)
{
	g_autofree char *css = stet_file_read("generator/chart/chart.css", NULL, NULL);
	for (guint i = INK_S1; i < INK_END; i++) {
		g_autofree char *rule = g_strdup_printf(
			".heat.%s{--fill:var(--chart-%s);--on:var(--chart-%s-on)}", chart_ink_class((ChartInk)i),
			chart_ink_class((ChartInk)i), chart_ink_class((ChartInk)i));
		g_assert_nonnull(strstr(css, rule));
	}
	g_assert_nonnull(strstr(css, ".heat{background:var(--fill);color:var(--on)}"));
	g_assert_nonnull(strstr(css, ".cell-bar{"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
	pen = stet_pen_new(theme);
	g_test_add_func("/chart/words/catalogue", test_catalogue);
	g_test_add_func("/chart/words/sentences", test_sentences);
	g_test_add_func("/chart/words/heading", test_heading);
	g_test_add_func("/chart/stops", test_stops);
	g_test_add_func("/chart/cells/classes", test_cells);
	g_test_add_func("/chart/cells/styles", test_cell_styles);
	int result = g_test_run();
	stet_pen_free(pen);
	return result;
}
