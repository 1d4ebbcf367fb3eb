/* The palette: contrast on paper, difference under colour-blindness, legible text, the style sheet. */
#include "../../generator/chart/theme.h"

#include "chart_case.h"

#include <math.h>

static void test_contrast(void)
{
	g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
	for (int mode = 0; mode < MODE_END; mode++) {
		guint32 paper = theme->ink[mode][INK_PAPER];
		g_assert_cmpfloat(chart_contrast(theme->ink[mode][INK_TEXT], paper), >=, 7);
		g_assert_cmpfloat(chart_contrast(theme->ink[mode][INK_QUIET], paper), >=, 4.5);
		for (int i = INK_C1; i < INK_S1; i++) {
			g_assert_cmpfloat(chart_contrast(theme->ink[mode][i], paper), >=, 3);
			g_assert_cmpfloat(chart_contrast(theme->text[mode][i], paper), >=, 4.5);
		}
		for (int i = INK_C1; i < INK_END; i++)
			g_assert_cmpfloat(chart_contrast(theme->on[mode][i], theme->ink[mode][i]), >=, 4.5);
	}
}

static void test_difference(void)
{
	g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
	for (int mode = 0; mode < MODE_END; mode++)
		for (int i = INK_C1; i < INK_S1; i++)
			for (int k = INK_C1; k < i; k++)
				for (int d = 0; d < 4; d++)
					g_assert_cmpfloat(chart_difference(theme->ink[mode][i], theme->ink[mode][k], d), >=, 6);
	g_assert_cmpfloat_with_epsilon(chart_contrast(0xffffff, 0), 21, 0.01);
	g_assert_cmpfloat(chart_difference(0xff0000, 0x6f5c00, 1), <,
					  chart_difference(0xff0000, 0x6f5c00, 0) / 2);
}

/* Steps of a ramp go one way, so that more is always darker, or lighter on dark paper. */
static void test_ramps(void)
{
	g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
	for (int mode = 0; mode < MODE_END; mode++)
		for (int i = INK_S1; i + 1 < INK_D1; i++)
			g_assert_cmpfloat(chart_contrast(theme->ink[mode][i], theme->ink[mode][INK_PAPER]), <,
							  chart_contrast(theme->ink[mode][i + 1], theme->ink[mode][INK_PAPER]));
}

static guint warnings(const char *yaml, const char *code)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetDocument) document =
		stet_document_parse("templates/site.yaml", 1, 1, stet_text(yaml), diags);
	g_autoptr(StetTheme) theme = stet_theme_new(stet_document_root(document), diags);
	const GPtrArray *all = stet_diagnostics_sorted(diags);
	guint n = 0;
	for (guint i = 0; i < all->len; i++)
		n += strcmp(((const StetDiagnostic *)all->pdata[i])->code, code) == 0;
	return n;
}

static void test_custom(void)
{
	g_assert_cmpuint(warnings("palette: ['#2f6fdd', '#d77926']\n", "theme-alike"), ==, 0);
	g_assert_cmpuint(warnings("palette: ['#2f6fdd', '#d77926']\n", "theme-contrast"), ==, 0);
	g_assert_cmpuint(warnings("palette: ['#ffee88']\n", "theme-contrast"), >=, 1);
	g_assert_cmpuint(warnings("palette: ['#c0392b', '#5a7a1e']\n", "theme-alike"), >=, 1);
	g_assert_cmpuint(warnings("palette: [red]\n", "theme-colour"), ==, 1);
	g_assert_cmpuint(warnings("sequential: ['#fff']\n", "theme-ramp"), ==, 1);
	g_assert_cmpuint(warnings("line: 3\ncorners: 2\n", "theme-length"), ==, 0);
	g_assert_cmpuint(warnings("line: 40\ncorners: round\n", "theme-length"), ==, 2);
	g_assert_cmpuint(warnings("pallete: []\n", "theme-key"), ==, 1);
}

/* Lines and corners of the theme, in the page and in files. */
static void test_weights(void)
{
	g_autoptr(StetDocument) document =
		stet_document_parse("templates/site.yaml", 1, 1, stet_text("line: 4\ncorners: 3\n"), NULL);
	g_autoptr(StetTheme) theme = stet_theme_new(stet_document_root(document), NULL);
	g_autoptr(StetPen) pen = stet_pen_new(theme);
	g_autoptr(ChartCase) bar = case_parse("a.md", "columns: [c, v]\nrows: [[A, 4], [B, 2]]\nchart: {type: bar, x: c}\n");
	g_autoptr(ChartCase) line = case_parse(
		"a.md", "columns: [{name: q, period: true}, v]\nrows: [[2024Q1, 1], [2024Q2, 2]]\nchart: {type: line}\n");
	g_autoptr(StetScene) bars = stet_chart_layout(bar->chart, &bar->data, theme, pen, STET_WIDE, bar->diags);
	g_autoptr(StetScene) lines = stet_chart_layout(line->chart, &line->data, theme, pen, STET_WIDE, line->diags);
	g_autoptr(GString) html = g_string_new(NULL);
	g_autoptr(GString) css = g_string_new(NULL);
	stet_scene_write_inline(bars, NULL, "x", html);
	stet_theme_write_css(theme, css);
	g_assert_nonnull(strstr(html->str, "a3 3 0 0 1 3 3v"));
	g_assert_nonnull(strstr(css->str, "--chart-line:4;--chart-thin:2.4;"));
	g_autoptr(GBytes) svg = stet_scene_draw(lines, theme, pen, STET_FILE_SVG, NULL, NULL, NULL);
	g_autofree char *text = g_strndup(g_bytes_get_data(svg, NULL), g_bytes_get_size(svg));
	g_assert_nonnull(strstr(text, "stroke-width=\"4\""));
}

/* A name has its colour whatever else a chart shows. */
static void test_constant(void)
{
	g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
	g_autoptr(StetPen) pen = stet_pen_new(theme);
	const char *const all[] = {"Azure", "AWS", "Oracle"};
	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		stet_theme_assign(theme, "platform", all[i]);
	for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autofree char *alone = g_strdup_printf("columns: [{name: q, period: true}, platform, v]\n"
												 "rows: [[2024Q1, %s, 1], [2024Q2, %s, 2], [2024Q1, New, 3], [2024Q2, New, 4]]\n"
												 "chart: {type: line}\n", all[i], all[i]);
		g_autoptr(ChartCase) c = case_parse("a.md", alone);
		g_autoptr(StetScene) scene = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
		g_autofree char *dump = stet_scene_dump(scene), *wanted = g_strdup_printf("text strong c%u ", i + 1);
		char *named = strstr(dump, wanted);
		g_assert_nonnull(named);
		named[strcspn(named, "\n")] = 0;
		g_assert_nonnull(strstr(named, all[i]));
	}
}

static void test_assign(void)
{
	g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
	stet_theme_assign(theme, "platform", "Azure");
	stet_theme_assign(theme, "platform", "AWS");
	stet_theme_assign(theme, "developer", "OpenAI");
	stet_theme_assign(theme, "platform", "Azure");
	g_assert_cmpint(chart_theme_colour(theme, "platform", "AWS"), ==, 1);
	g_assert_cmpint(chart_theme_colour(theme, "developer", "OpenAI"), ==, 0);
	g_assert_cmpint(chart_theme_colour(theme, "platform", "Oracle"), ==, -1);
	g_assert_cmpint(chart_theme_colour(theme, NULL, "Azure"), ==, -1);
}

/* In greys, each category differs from the next, and what stands on it reads. */
static void check_monochrome(const char *css)
{
	double before = 0;
	g_assert_nonnull(css);
	for (guint i = 1; i <= CHART_CATEGORIES; i++) {
		g_autofree char *fill = g_strdup_printf("--chart-c%u:#", i), *text = g_strdup_printf("--chart-c%u-on:#", i);
		const char *a = strstr(css, fill), *b = strstr(css, text);
		g_assert_nonnull(a);
		g_assert_nonnull(b);
		guint32 grey = (guint32)g_ascii_strtoull(a + strlen(fill), NULL, 16),
				on = b[strlen(text)] == 'f' ? 0xffffff : 0;
		g_assert_cmpfloat(chart_contrast(grey, on), >=, 4.5);
		double light = chart_contrast(grey, 0);
		g_assert_cmpfloat(fmax(light, before) / fmin(light, fmax(before, 0.5)), >=, 1.5);
		before = light;
	}
}

/* The style sheet knows every class that the writer can emit, with the same dashes and widths. */
static void test_css(void)
{
	g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
	g_autoptr(GString) properties = g_string_new(NULL);
	g_autofree char *css = stet_file_read("generator/chart/chart.css", NULL, NULL);
	stet_theme_write_css(theme, properties);
	g_assert_nonnull(css);
	for (guint i = 0; i < ROLE_END; i++) {
		g_autofree char *class_ = g_strdup_printf(".%s", chart_looks[i].class_);
		g_assert_nonnull(strstr(css, class_));
		g_autofree char *dash =
			g_strdup_printf("stroke-dasharray:%.0f %.0f", chart_looks[i].dash, chart_looks[i].gap);
		if (chart_looks[i].dash > 0)
			g_assert_nonnull(strstr(css, dash));
	}
	for (guint i = INK_TEXT; i < INK_END; i++) {
		g_autofree char *rule = g_strdup_printf(".chart .%s", chart_ink_class((ChartInk)i));
		g_autofree char *property = g_strdup_printf("--chart-%s:", chart_ink_class((ChartInk)i));
		g_assert_nonnull(strstr(css, rule));
		g_assert_nonnull(strstr(properties->str, property));
	}
	g_assert_nonnull(strstr(properties->str, "prefers-color-scheme:dark"));
	g_assert_nonnull(strstr(properties->str, "forced-colors:active"));
	check_monochrome(strstr(properties->str, "@media (monochrome)"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/chart/theme/contrast", test_contrast);
	g_test_add_func("/chart/theme/difference", test_difference);
	g_test_add_func("/chart/theme/ramps", test_ramps);
	g_test_add_func("/chart/theme/custom", test_custom);
	g_test_add_func("/chart/theme/assign", test_assign);
	g_test_add_func("/chart/theme/weights", test_weights);
	g_test_add_func("/chart/theme/constant", test_constant);
	g_test_add_func("/chart/theme/css", test_css);
	return g_test_run();
}
