#include "layout.h"

#include <string.h>

#define SHOWN (KEYS_NUMBERS | KEYS_HEIGHT)
#define RANKED (KEYS_SORT | KEYS_TOP)
#define STACKED (SHOWN | RANKED | KEYS_DOMAIN | KEYS_LOG | KEYS_NOTES | KEYS_EVENTS | KEYS_SHARE | KEYS_FRONT)
#define BARS (STACKED | KEYS_BASE | KEYS_TURN | KEYS_COLOR)
#define ROWS (SHOWN | RANKED | KEYS_DOMAIN | KEYS_FRONT)
#define POINTS (SHOWN | KEYS_DOMAIN | KEYS_LOG | KEYS_POINTS | KEYS_LABEL | KEYS_NOTES | KEYS_FRONT)
#define LINES                                                                                                \
	(SHOWN | RANKED | KEYS_DOMAIN | KEYS_BASE | KEYS_LOG | KEYS_NOTES | KEYS_EVENTS | KEYS_BANDS | KEYS_FRONT)

/* Areas and bars take `log` only to be told why not. */
static const ChartType types[] = {
	{"line", LINES, chart_draw_line, TRUE},
	{"area", STACKED, chart_draw_area, TRUE},
	{"stacked-area", STACKED, chart_draw_stacked_area, TRUE},
	{"bar", BARS, chart_draw_bar, TRUE},
	{"column", BARS, chart_draw_bar, TRUE},
	{"stacked-bar", BARS, chart_draw_stacked_bar, TRUE},
	{"diverging-bar", BARS, chart_draw_stacked_bar, FALSE},
	{"lollipop", ROWS, chart_draw_lollipop, FALSE},
	{"dot", ROWS | KEYS_LOG, chart_draw_dot, FALSE},
	{"dumbbell", ROWS | KEYS_LOG, chart_draw_dumbbell, FALSE},
	{"slope", SHOWN | RANKED | KEYS_FRONT, chart_draw_slope, FALSE},
	{"scatter", POINTS, chart_draw_scatter, FALSE},
	{"bubble", POINTS, chart_draw_scatter, FALSE},
	{"heatmap", SHOWN | RANKED | KEYS_DOMAIN | KEYS_BASE | KEYS_VALUE | KEYS_RAMP, chart_draw_heatmap, FALSE},
	{"histogram", SHOWN | KEYS_BINS, chart_draw_histogram, FALSE},
	{"box", SHOWN | KEYS_DOMAIN | KEYS_LOG | KEYS_SORT, chart_draw_box, FALSE},
	{"strip", SHOWN | KEYS_DOMAIN | KEYS_LOG | KEYS_SORT, chart_draw_strip, FALSE},
	{"waterfall", SHOWN | KEYS_TOTAL, chart_draw_waterfall, FALSE},
	{"bullet", SHOWN | KEYS_TARGET, chart_draw_bullet, FALSE},
	{"timeline", KEYS_LABEL, chart_draw_timeline, FALSE},
	{"treemap", SHOWN | KEYS_TOP | KEYS_FRONT, chart_draw_treemap, FALSE},
	{"marimekko", SHOWN | RANKED | KEYS_FRONT, chart_draw_marimekko, FALSE},
	{"sankey", SHOWN | RANKED | KEYS_FRONT, chart_draw_sankey, FALSE},
	{"sparkline", SHOWN | KEYS_FRONT, chart_draw_sparkline, FALSE},
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

char *chart_types_taking(guint group)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < G_N_ELEMENTS(types); i++)
		if (types[i].keys & group)
			g_string_append_printf(out, "%s%s", out->len ? ", " : "", types[i].name);
	return g_string_free(out, FALSE);
}
