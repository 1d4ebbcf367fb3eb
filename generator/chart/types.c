#include "layout.h"

#include <string.h>

static const ChartType types[] = {
	{"line", KEYS_SCALE | KEYS_TIME | KEYS_ORDER, chart_draw_line, FALSE, TRUE},
	{"area", KEYS_SCALE | KEYS_TIME | KEYS_ORDER, chart_draw_area, FALSE, TRUE},
	{"stacked-area", KEYS_SCALE | KEYS_TIME | KEYS_ORDER | KEYS_BARS, chart_draw_stacked_area, FALSE, TRUE},
	{"bar", KEYS_SCALE | KEYS_TIME | KEYS_ORDER | KEYS_BARS, chart_draw_bar, FALSE, TRUE},
	{"column", KEYS_SCALE | KEYS_TIME | KEYS_ORDER | KEYS_BARS, chart_draw_bar, FALSE, TRUE},
	{"stacked-bar", KEYS_SCALE | KEYS_TIME | KEYS_ORDER | KEYS_BARS, chart_draw_stacked_bar, FALSE, TRUE},
	{"heatmap", KEYS_SCALE | KEYS_ORDER | KEYS_FLOW, chart_draw_heatmap, FALSE, FALSE},
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
