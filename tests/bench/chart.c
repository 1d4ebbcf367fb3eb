/* Charts a CPU second on one core, by kind and writer: `chart [SECONDS]` prints a line each. */
#include "../unit/chart_case.h"

#include <stdio.h>
#include <time.h>

static StetTheme *theme;
static StetPen *pen;

static char *lines_case(void)
{
	GString *text =
		g_string_new("columns: [{name: month, period: true}, {name: s}, {name: v, unit: percent}]\nrows:\n");
	for (int s = 0; s < 4; s++)
		for (int i = 0; i < 40; i++)
			g_string_append_printf(text, "  - ['%d-%02d', 'Series %d', %d.%d]\n", 2022 + i / 12, i % 12 + 1,
								   s, 10 * s + i * 7 / 10, i * 7 % 10);
	g_string_append(text, "chart: {type: line}\n");
	return g_string_free(text, FALSE);
}

static char *bars_case(void)
{
	GString *text = g_string_new("columns: [{name: industry}, {name: v, unit: percent}]\nrows:\n");
	for (int i = 0; i < 12; i++)
		g_string_append_printf(text, "  - ['Industry %c', %d.5]\n", 'A' + i, 90 - i * 6);
	g_string_append(text, "chart: {type: bar}\n");
	return g_string_free(text, FALSE);
}

static char *heat_case(void)
{
	GString *text =
		g_string_new("columns: [{name: a}, {name: b}, {name: v, unit: percent, display: 0}]\nrows:\n");
	for (int i = 0; i < 144; i++)
		g_string_append_printf(text, "  - ['Column %d', 'Row %d', %d]\n", i % 12, i / 12, i * 37 % 100);
	g_string_append(text, "chart: {type: heatmap}\n");
	return g_string_free(text, FALSE);
}

static char *scatter_case(void)
{
	GString *text = g_string_new("columns: [x, y]\nrows:\n");
	guint32 seed = 1;
	for (int i = 0; i < 10000; i++) {
		seed = seed * 1664525u + 1013904223u;
		g_string_append_printf(text, "  - [%u, %u]\n", seed >> 20, (seed >> 8) & 4095);
	}
	g_string_append(text, "chart: {type: scatter, x: x, y: y}\n");
	return g_string_free(text, FALSE);
}

/* CPU time: what else the machine does must not count. */
static double cpu_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One chart by one writer; 0 is the inline writer, which lays out both widths. */
static gsize draw_once(ChartCase *c, int writer)
{
	g_autoptr(StetScene) wide = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
	if (writer == 0) {
		g_autoptr(StetScene) narrow =
			stet_chart_layout(c->chart, &c->data, theme, pen, STET_NARROW, c->diags);
		g_autoptr(GString) out = g_string_new(NULL);
		stet_scene_write_inline(wide, narrow, "c1", out);
		return out->len;
	}
	g_autoptr(GBytes) bytes =
		stet_scene_draw(wide, theme, pen, (StetFileKind)(writer - 1), "Caption", "Source", NULL);
	return g_bytes_get_size(bytes);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		char *(*make)(void);
	} kinds[] = {{"line 4 x 40", lines_case},
				 {"bar 12", bars_case},
				 {"heatmap 12 x 12", heat_case},
				 {"scatter 10,000", scatter_case}};
	static const char *const writers[] = {"inline", "svg", "png", "pdf"};
	double seconds = argc > 1 ? g_ascii_strtod(argv[1], NULL) : 1;
	theme = stet_theme_new(NULL, NULL);
	stet_chart_warm_up();
	pen = stet_pen_new(theme);
	for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
		g_autofree char *text = kinds[k].make();
		g_autoptr(ChartCase) c = case_parse("bench.yaml", text);
		for (int w = 0; w < 4; w++) {
			gsize bytes = draw_once(c, w);
			guint n = 0;
			double start = cpu_seconds(), spent = 0;
			while (spent < seconds) {
				draw_once(c, w);
				n++;
				spent = cpu_seconds() - start;
			}
			printf("chart %-16s %-7s %9.0f a second %9.3f ms %8" G_GSIZE_FORMAT " bytes\n", kinds[k].name,
				   writers[w], n / spent, spent * 1e3 / n, bytes);
		}
	}
	stet_pen_free(pen);
	stet_theme_free(theme);
	return 0;
}
