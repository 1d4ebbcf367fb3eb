#include "layout.h"

#include <string.h>

static const ChartType types[] = {
	{"line", KEYS_SCALE | KEYS_TIME | KEYS_ORDER, chart_draw_line, FALSE, TRUE},
	{"area", KEYS_SCALE | KEYS_TIME | KEYS_ORDER, chart_draw_area, FALSE, TRUE},
	{"stacked-area", KEYS_SCALE | KEYS_TIME | KEYS_ORDER | KEYS_BARS, chart_draw_stacked_area, FALSE, TRUE},
	{"bar", KEYS_SCALE | KEYS_TIME | KEYS_ORDER | KEYS_BARS, chart_draw_bar, FALSE, TRUE},
	{"column", KEYS_SCALE | KEYS_TIME | KEYS_ORDER | KEYS_BARS, chart_draw_bar, FALSE, TRUE},
	{"stacked-bar", KEYS_SCALE | KEYS_TIME | KEYS_ORDER | KEYS_BARS, chart_draw_stacked_bar, FALSE, TRUE},
	{"diverging-bar", KEYS_SCALE | KEYS_TIME | KEYS_ORDER | KEYS_BARS, chart_draw_stacked_bar, TRUE, FALSE},
	{"lollipop", KEYS_SCALE | KEYS_ORDER, chart_draw_lollipop, TRUE, FALSE},
	{"dot", KEYS_SCALE | KEYS_ORDER, chart_draw_dot, TRUE, FALSE},
	{"dumbbell", KEYS_SCALE | KEYS_ORDER, chart_draw_dumbbell, TRUE, FALSE},
	{"slope", KEYS_SCALE | KEYS_ORDER, chart_draw_slope, FALSE, FALSE},
	{"scatter", KEYS_SCALE | KEYS_POINTS, chart_draw_scatter, FALSE, FALSE},
	{"bubble", KEYS_SCALE | KEYS_POINTS, chart_draw_scatter, FALSE, FALSE},
	{"heatmap", KEYS_SCALE | KEYS_ORDER | KEYS_FLOW, chart_draw_heatmap, FALSE, FALSE},
	{"histogram", KEYS_SCALE | KEYS_BINS, chart_draw_histogram, FALSE, FALSE},
	{"box", KEYS_SCALE | KEYS_ORDER, chart_draw_box, TRUE, FALSE},
	{"strip", KEYS_SCALE | KEYS_ORDER, chart_draw_strip, TRUE, FALSE},
	{"waterfall", KEYS_TARGET, chart_draw_waterfall, TRUE, FALSE},
	{"bullet", KEYS_TARGET, chart_draw_bullet, TRUE, FALSE},
	{"timeline", KEYS_POINTS, chart_draw_timeline, FALSE, FALSE},
	{"treemap", KEYS_ORDER, chart_draw_treemap, FALSE, FALSE},
	{"marimekko", KEYS_ORDER, chart_draw_marimekko, FALSE, FALSE},
	{"sankey", KEYS_ORDER, chart_draw_sankey, FALSE, FALSE},
	{"sparkline", 0, chart_draw_sparkline, FALSE, FALSE},
};

const ChartType *chart_type_find(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

const char *const *stet_chart_types(void)
{
	static const char *names[G_N_ELEMENTS(types) + 1];
	static gsize once;
	if (g_once_init_enter(&once)) {
		for (guint i = 0; i < G_N_ELEMENTS(types); i++)
			names[i] = types[i].name;
		g_once_init_leave(&once, 1);
	}
	return names;
}
