#include "layout.h"

#include <string.h>

static const ChartType types[] = {
	{"line", KEYS_AXES, chart_draw_line, TRUE},
	{"area", KEYS_AXES | KEYS_BARS, chart_draw_area, TRUE},
	{"stacked-area", KEYS_AXES | KEYS_BARS, chart_draw_stacked_area, TRUE},
	{"bar", KEYS_AXES | KEYS_BARS, chart_draw_bar, TRUE},
	{"column", KEYS_AXES | KEYS_BARS, chart_draw_bar, TRUE},
	{"stacked-bar", KEYS_AXES | KEYS_BARS, chart_draw_stacked_bar, TRUE},
	{"diverging-bar", KEYS_AXES | KEYS_BARS, chart_draw_stacked_bar, FALSE},
	{"lollipop", KEYS_DOMAIN | KEYS_ORDER, chart_draw_lollipop, FALSE},
	{"dot", KEYS_DOMAIN | KEYS_LOG | KEYS_ORDER, chart_draw_dot, FALSE},
	{"dumbbell", KEYS_DOMAIN | KEYS_LOG | KEYS_ORDER, chart_draw_dumbbell, FALSE},
	{"slope", KEYS_ORDER, chart_draw_slope, FALSE},
	{"scatter", KEYS_DOMAIN | KEYS_LOG | KEYS_POINTS | KEYS_LABEL, chart_draw_scatter, FALSE},
	{"bubble", KEYS_DOMAIN | KEYS_LOG | KEYS_POINTS | KEYS_LABEL, chart_draw_scatter, FALSE},
	{"heatmap", KEYS_DOMAIN | KEYS_ORDER | KEYS_VALUE, chart_draw_heatmap, FALSE},
	{"histogram", KEYS_BINS, chart_draw_histogram, FALSE},
	{"box", KEYS_DOMAIN | KEYS_LOG | KEYS_ORDER, chart_draw_box, FALSE},
	{"strip", KEYS_DOMAIN | KEYS_LOG | KEYS_ORDER, chart_draw_strip, FALSE},
	{"waterfall", KEYS_TOTAL, chart_draw_waterfall, FALSE},
	{"bullet", KEYS_TARGET, chart_draw_bullet, FALSE},
	{"timeline", KEYS_LABEL, chart_draw_timeline, FALSE},
	{"treemap", KEYS_ORDER, chart_draw_treemap, FALSE},
	{"marimekko", KEYS_ORDER, chart_draw_marimekko, FALSE},
	{"sankey", KEYS_ORDER, chart_draw_sankey, FALSE},
	{"sparkline", 0, chart_draw_sparkline, FALSE},
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
