/* Charts a CPU second on one core, by kind and writer, and how threads scale, each with its own font map:
 * `chart [SECONDS]` prints a line each. */
#include "../unit/chart_case.h"

#include <stdio.h>
#include <time.h>

static StetTheme *theme;
static StetPen *first_pen;

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

static double wall_seconds(void)
{
	return (double)g_get_monotonic_time() / 1e6;
}

/* One chart by one writer: 0 is the inline writer, which lays out both widths, 4 a picture of 1600 x 900. */
static gsize draw_once(ChartCase *c, StetPen *pen, int writer)
{
	if (writer == 4) {
		g_autoptr(GBytes) png =
			stet_chart_picture(c->chart, &c->data, theme, pen, 1600, 900, "Caption", "Source", NULL);
		return g_bytes_get_size(png);
	}
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

typedef struct {
	ChartCase *chart;
	StetPen *pens[2];
} Threads;

static void draw_one(gsize index, guint worker, gpointer data)
{
	Threads *t = data;
	(void)index;
	draw_once(t->chart, t->pens[worker], 0);
}

/* Line charts a second by the clock with one thread and with two, and their ratio. */
static void scale_threads(double seconds)
{
	g_autofree char *text = lines_case();
	g_autoptr(ChartCase) c = case_parse("bench.yaml", text);
	Threads t = {c, {stet_pen_new(theme), stet_pen_new(theme)}};
	double rates[2], costs[2];
	for (guint threads = 1; threads <= 2; threads++) {
		guint n = 0;
		double start = wall_seconds(), spent = 0, cpu = cpu_seconds();
		while (spent < seconds) {
			stet_parallel(threads, 200, draw_one, &t);
			n += 200;
			spent = wall_seconds() - start;
		}
		rates[threads - 1] = n / spent;
		costs[threads - 1] = (cpu_seconds() - cpu) * 1e3 / n;
	}
	printf("chart line 4 x 40 inline by the clock: 1 thread %.0f a second, %.3f ms CPU each; 2 threads %.0f "
		   "(%.2f "
		   "times), %.3f ms\n",
		   rates[0], costs[0], rates[1], rates[1] / rates[0], costs[1]);
	stet_pen_free(t.pens[0]);
	stet_pen_free(t.pens[1]);
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
	static const char *const writers[] = {"inline", "svg", "png", "pdf", "picture"};
	double seconds = argc > 1 ? g_ascii_strtod(argv[1], NULL) : 1;
	theme = stet_theme_new(NULL, NULL);
	stet_chart_warm_up();
	first_pen = stet_pen_new(theme);
	for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
		g_autofree char *text = kinds[k].make();
		g_autoptr(ChartCase) c = case_parse("bench.yaml", text);
		for (int w = 0; w < (int)G_N_ELEMENTS(writers); w++) {
			gsize bytes = draw_once(c, first_pen, w);
			guint n = 0;
			double start = cpu_seconds(), spent = 0;
			while (spent < seconds) {
				draw_once(c, first_pen, w);
				n++;
				spent = cpu_seconds() - start;
			}
			printf("chart %-16s %-7s %9.0f a second %9.3f ms %8" G_GSIZE_FORMAT " bytes\n", kinds[k].name,
				   writers[w], n / spent, spent * 1e3 / n, bytes);
		}
	}
	scale_threads(seconds);
	stet_pen_free(first_pen);
	stet_theme_free(theme);
	return 0;
}
