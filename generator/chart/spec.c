#include "spec.h"

#include "words.h"

#include <math.h>
#include <string.h>

#define TEXTS (STET_NODE_TEXT | STET_NODE_INT | STET_NODE_NUMBER)
#define KEYS_ALL 0
#define KEYS_COUNT 64

/* Every key of a chart with the group that takes it; group 0 is taken by all types. */
static const struct {
	StetKey key;
	guint group;
} keys[] = {
	{{"type", STET_NODE_TEXT, TRUE}, KEYS_ALL},
	{{"x", STET_NODE_TEXT, FALSE}, KEYS_ALL},
	{{"y", STET_NODE_TEXT | STET_NODE_LIST, FALSE}, KEYS_ALL},
	{{"series", STET_NODE_TEXT, FALSE}, KEYS_ALL},
	{{"facet", STET_NODE_TEXT, FALSE}, KEYS_ALL},
	{{"title", TEXTS, FALSE}, KEYS_ALL},
	{{"subtitle", TEXTS, FALSE}, KEYS_ALL},
	{{"highlight", TEXTS | STET_NODE_LIST, FALSE}, KEYS_FRONT},
	{{"color", STET_NODE_TEXT, FALSE}, KEYS_COLOR | KEYS_RAMP},
	{{"format", STET_NODE_TEXT, FALSE}, KEYS_NUMBERS},
	{{"display", STET_NODE_INT, FALSE}, KEYS_NUMBERS},
	{{"height", STET_NODE_NUMBER, FALSE}, KEYS_HEIGHT},
	{{"domain", STET_NODE_LIST, FALSE}, KEYS_DOMAIN},
	{{"log", STET_NODE_BOOL | STET_NODE_TEXT, FALSE}, KEYS_LOG},
	{{"baseline", STET_NODE_NUMBER, FALSE}, KEYS_BASE},
	{{"annotate", STET_NODE_LIST | STET_NODE_MAP, FALSE}, KEYS_NOTES},
	{{"events", STET_NODE_LIST | STET_NODE_MAP, FALSE}, KEYS_EVENTS},
	{{"band", STET_NODE_LIST, FALSE}, KEYS_BANDS},
	{{"projected", TEXTS, FALSE}, KEYS_BANDS},
	{{"sort", STET_NODE_TEXT, FALSE}, KEYS_SORT},
	{{"top", STET_NODE_INT, FALSE}, KEYS_TOP},
	{{"other", STET_NODE_TEXT | STET_NODE_BOOL, FALSE}, KEYS_TOP},
	{{"orientation", STET_NODE_TEXT, FALSE}, KEYS_TURN},
	{{"percent", STET_NODE_BOOL, FALSE}, KEYS_SHARE},
	{{"normalise", STET_NODE_BOOL, FALSE}, KEYS_SHARE},
	{{"legend", STET_NODE_BOOL, FALSE}, KEYS_SHARE},
	{{"size", STET_NODE_TEXT, FALSE}, KEYS_POINTS},
	{{"label", STET_NODE_TEXT, FALSE}, KEYS_LABEL},
	{{"trend", STET_NODE_BOOL, FALSE}, KEYS_POINTS},
	{{"value", STET_NODE_TEXT, FALSE}, KEYS_VALUE},
	{{"bins", STET_NODE_INT, FALSE}, KEYS_BINS},
	{{"target", STET_NODE_TEXT, FALSE}, KEYS_TARGET},
	{{"ranges", STET_NODE_LIST, FALSE}, KEYS_TARGET},
	{{"total", STET_NODE_BOOL | STET_NODE_TEXT, FALSE}, KEYS_TOTAL},
};

/* What the page reads itself. */
static const char *const page_keys[] = {"metric",  "where",  "at",      "id",
										"caption", "source", "measure", "forms"};

/* Words that name no type of ours, or one under another name. */
static const struct {
	const char *word, *type;
	const char *why; /* NULL: a plain synonym */
} words[] = {
	{"pie", "bar", "angles are hard to compare"},
	{"donut", "bar", "angles are hard to compare"},
	{"doughnut", "bar", "angles are hard to compare"},
	{"radar", "dot", "the order of its spokes makes the shape"},
	{"gauge", "bullet", "it spends a circle on one number"},
	{"funnel", "bar", "its areas mislead"},
	{"dual-axis", "line", "two scales make any two lines agree; use small multiples (facet)"},
	{"columns", "column", NULL},
	{"bars", "bar", NULL},
	{"lines", "line", NULL},
	{"stacked-column", "stacked-bar", NULL},
	{"matrix", "heatmap", NULL},
	{"bridge", "waterfall", NULL},
	{"mekko", "marimekko", NULL},
};

StetPlace chart_key_place(const StetChart *chart, const char *key)
{
	const StetNode *node = stet_node_get(chart->node, key);
	return node ? node->place : chart->node->place;
}

static const ChartType *find_type(const StetNode *node, StetDiagnostics *diags)
{
	const StetNode *type = stet_node_get(node, "type");
	if (!type || !type->text) {
		stet_diagnose(diags, STET_ERROR, "chart-type", node->place, "add 'type: line'",
					  "a chart needs its 'type'");
		return NULL;
	}
	g_autofree char *name = g_ascii_strdown(type->text, -1);
	g_strdelimit(name, "_ ", '-');
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(words[i].word, name) != 0)
			continue;
		if (!words[i].why)
			return chart_type_find(words[i].type);
		stet_diagnose(diags, STET_ERROR, "chart-refused", type->place, NULL, "no '%s' charts: %s; use '%s'",
					  type->text, words[i].why, words[i].type);
		return NULL;
	}
	const ChartType *found = chart_type_find(name);
	if (!found) {
		const char *near = stet_nearest(name, stet_chart_types());
		g_autofree char *all = g_strjoinv(", ", (char **)stet_chart_types());
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : g_strconcat("known are ", all, NULL);
		stet_diagnose(diags, STET_ERROR, "chart-type", type->place, mend, "there is no chart type '%s'",
					  type->text);
	}
	return found;
}

/* Why a type does not take a group that others take. */
static const struct {
	guint group;
	const char *why;
} reasons[] = {
	{KEYS_DOMAIN | KEYS_BASE | KEYS_LOG, "it has no axis of values that could be set"},
	{KEYS_NOTES, "no place on it has a name that a note could point at"},
	{KEYS_EVENTS, "no time runs along it"},
	{KEYS_BANDS, "only lines have bands and dashes"},
	{KEYS_SORT, "its order is that of its sizes or of the data"},
	{KEYS_TOP, "it shows every row"},
	{KEYS_TURN, "it lies one way only"},
	{KEYS_SHARE, "it has no stacks and no key"},
	{KEYS_POINTS, "only points have a size and a trend"},
	{KEYS_LABEL, "its marks are named by 'x' and 'series'"},
	{KEYS_VALUE, "'y' names what it shows"},
	{KEYS_BINS, "it counts no rows"},
	{KEYS_TARGET, "it is not measured against anything"},
	{KEYS_TOTAL, "it sums nothing up"},
	{KEYS_FRONT, "nothing in it could stand back"},
	{KEYS_COLOR | KEYS_RAMP, "its colours are those of its series"},
	{KEYS_NUMBERS, "it shows no numbers"},
	{KEYS_HEIGHT, "it is as tall as its texts need"},
};

/* A key of other types would be passed over in silence: it is refused, with the reason. */
static gboolean check_idle(const StetNode *node, const ChartType *type, StetDiagnostics *diags)
{
	gboolean good = TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const StetNode *item = stet_node_get(node, keys[i].key.name);
		if (!item || keys[i].group == KEYS_ALL || (keys[i].group & type->keys))
			continue;
		const char *why = "";
		for (guint k = 0; k < G_N_ELEMENTS(reasons); k++)
			if (reasons[k].group & keys[i].group)
				why = reasons[k].why;
		g_autofree char *takers = chart_types_taking(keys[i].group);
		g_autofree char *mend = g_strdup_printf("leave it out; it is for %s", takers);
		stet_diagnose(diags, STET_ERROR, "chart-key", item->place, mend, "'%s' does nothing in a %s: %s",
					  keys[i].key.name, type->name, why);
		good = FALSE;
	}
	return good;
}

static gboolean check_keys(const StetNode *node, const ChartType *type, StetDiagnostics *diags)
{
	StetKey known[KEYS_COUNT];
	guint n = 0;
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
		known[n++] = keys[i].key;
	for (guint i = 0; i < G_N_ELEMENTS(page_keys); i++)
		known[n++] = (StetKey){page_keys[i],
							   STET_NODE_SCALAR | STET_NODE_LIST | STET_NODE_MAP | STET_NODE_NULL, FALSE};
	known[n] = (StetKey){NULL, 0, FALSE};
	gboolean good = TRUE;
	static const char *const second[] = {"y2", "secondary", "right", "second_axis"};
	for (guint i = 0; i < G_N_ELEMENTS(second); i++)
		if (stet_node_get(node, second[i])) {
			stet_diagnose(diags, STET_ERROR, "chart-refused", stet_node_get(node, second[i])->place,
						  "draw two charts, or small multiples with 'facet'",
						  "no second y axis: two scales make any two lines agree");
			good = FALSE;
		}
	g_autofree char *what = g_strdup_printf("a chart of type '%s'", type->name);
	gboolean idle = !check_idle(node, type, diags);
	return good && stet_node_check(node, known, "stet:", "chart-key", what, diags) && !idle;
}

/* ---- values --------------------------------------------------------------------------------- */

static guint read_texts(const StetNode *node, const char **out)
{
	guint n = 0;
	if (node && node->text)
		out[n++] = node->text;
	for (guint i = 0; node && node->kind == STET_NODE_LIST && i < node->n && n < CHART_LIST_MAX; i++)
		if (node->items[i]->text)
			out[n++] = node->items[i]->text;
	return n;
}

static guint read_notes(const StetNode *node, ChartNote *out, const char *what, StetDiagnostics *diags)
{
	static const StetKey note_keys[] = {
		{"x", TEXTS | STET_NODE_BOOL, FALSE},
		{"at", TEXTS | STET_NODE_BOOL, FALSE},
		{"date", TEXTS, FALSE},
		{"y", STET_NODE_NUMBER, FALSE},
		{"series", TEXTS, FALSE},
		{"text", TEXTS, TRUE},
		{NULL, 0, FALSE},
	};
	guint n = 0, count = !node ? 0 : node->kind == STET_NODE_LIST ? node->n : 1;
	for (guint i = 0; i < count && n < CHART_LIST_MAX; i++) {
		const StetNode *item = node->kind == STET_NODE_LIST ? node->items[i] : node;
		if (!stet_node_check(item, note_keys, NULL, "chart-key", what, diags))
			continue;
		const char *x =
			stet_node_text(item, "x", stet_node_text(item, "at", stet_node_text(item, "date", NULL)));
		const StetNode *y = stet_node_get(item, "y");
		out[n++] = (ChartNote){.x = x,
							   .text = stet_node_text(item, "text", ""),
							   .place = item->place,
							   .series = stet_node_text(item, "series", NULL),
							   .y = y ? y->number : NAN,
							   .has_y = !!y};
		if (!x && !y)
			stet_diagnose(diags, STET_ERROR, "chart-note", item->place, "add 'x:' or 'y:'",
						  "%s says not where", what);
	}
	return n;
}

/* domain: [lo, hi], either may be null. */
static void read_domain(StetChart *chart, StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(chart->node, "domain");
	if (!node)
		return;
	gboolean good = node->n == 2;
	for (guint i = 0; good && i < 2; i++) {
		const StetNode *end = node->items[i];
		if (end->kind == STET_NODE_NULL)
			continue;
		good = (end->kind & (STET_NODE_INT | STET_NODE_NUMBER)) && isfinite(end->number) &&
			   fabs(end->number) < 1e15;
		chart->domain[i] = end->number;
		*(i ? &chart->has_high : &chart->has_low) = good;
	}
	if (!good || (chart->has_low && chart->has_high && chart->domain[0] >= chart->domain[1])) {
		chart->has_low = chart->has_high = FALSE;
		stet_diagnose(diags, STET_ERROR, "chart-domain", node->place,
					  "write it as [0, 100]; null leaves an end free",
					  "'domain' takes a lower and a greater number");
	}
}

/* The place of `word` among `names`, or -1 with a diagnostic. */
static int read_choice(const StetChart *chart, const char *key, const char *const *names,
					   StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(chart->node, key);
	if (!node)
		return -1;
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], node->text) == 0)
			return i;
	g_autofree char *all = g_strjoinv(", ", (char **)(gpointer)names);
	g_autofree char *mend = g_strdup_printf("one of %s", all);
	stet_diagnose(diags, STET_ERROR, "chart-value", node->place, mend, "'%s' is no value of '%s'", node->text,
				  key);
	return -1;
}

static void read_choices(StetChart *chart, StetDiagnostics *diags)
{
	static const char *const sorts[] = {"none", "value", "down", "desc", "-value", "up", "asc", "name", NULL};
	static const ChartSort sort_of[] = {SORT_NONE, SORT_DOWN, SORT_DOWN, SORT_DOWN,
										SORT_DOWN, SORT_UP,   SORT_UP,   SORT_NAME};
	static const char *const turns[] = {"vertical", "horizontal", NULL};
	static const char *const logs[] = {"true", "log", "symlog", "false", NULL};
	static const ChartScaleKind scale_of[] = {SCALE_LOG, SCALE_LOG, SCALE_SYMLOG, SCALE_LINEAR};
	static const char *const rooms[] = {"full", "compact", NULL};
	static const char *const ramps[] = {"sequential", "diverging", "category", "sign", NULL};
	int i = read_choice(chart, "sort", sorts, diags);
	chart->sort = i < 0 ? SORT_HABIT : sort_of[i];
	i = read_choice(chart, "orientation", turns, diags);
	chart->turn = i < 0 ? TURN_HABIT : i == 0 ? TURN_VERTICAL : TURN_HORIZONTAL;
	i = read_choice(chart, "log", logs, diags);
	chart->scale = i < 0 ? SCALE_LINEAR : scale_of[i];
	i = read_choice(chart, "format", rooms, diags);
	chart->room = i == 0 ? STET_FULL : STET_COMPACT;
	i = read_choice(chart, "color", ramps, diags);
	chart->color = i < 0 ? NULL : ramps[i];
	if (i >= 0 && !(chart->type->keys & (i < 2 ? KEYS_RAMP : KEYS_COLOR)))
		stet_diagnose(diags, STET_ERROR, "chart-value", chart_key_place(chart, "color"),
					  i < 2 ? "take 'category' or 'sign'" : "take 'sequential' or 'diverging'",
					  "'color: %s' does nothing in a %s", ramps[i], chart->type->name);
}

static guint read_count(const StetChart *chart, const char *key, guint most, StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(chart->node, key);
	if (node && (node->integer < 1 || node->integer > most))
		stet_diagnose(diags, STET_ERROR, "chart-value", node->place, NULL, "'%s' takes 1 to %u, not %s", key,
					  most, node->text);
	return node && node->integer >= 1 && node->integer <= most ? (guint)node->integer : 0;
}

static void read_numbers(StetChart *chart, StetDiagnostics *diags)
{
	const StetNode *base = stet_node_get(chart->node, "baseline"),
				   *display = stet_node_get(chart->node, "display");
	const StetNode *ranges = stet_node_get(chart->node, "ranges"),
				   *height = stet_node_get(chart->node, "height");
	chart->has_baseline = base && isfinite(base->number) && fabs(base->number) < 1e15;
	chart->baseline = chart->has_baseline ? base->number : 0;
	chart->display = display ? (int)CLAMP(display->integer, 0, 9) : -1;
	chart->top = read_count(chart, "top", 100, diags);
	chart->bins = read_count(chart, "bins", 100, diags);
	if (height && !(height->number >= 80 && height->number <= 2000))
		stet_diagnose(diags, STET_ERROR, "chart-value", height->place, NULL,
					  "'height' takes 80 to 2000 px, not %s", height->text);
	else
		chart->height = height ? height->number : 0;
	for (guint i = 0; ranges && i < ranges->n && chart->n_ranges < CHART_LIST_MAX; i++)
		if (isfinite(ranges->items[i]->number))
			chart->ranges[chart->n_ranges++] = ranges->items[i]->number;
	read_domain(chart, diags);
}

static void read_columns(StetChart *chart, StetDiagnostics *diags)
{
	static const struct {
		const char *key;
		gsize offset;
	} columns[] = {
		{"x", offsetof(StetChart, x)},
		{"series", offsetof(StetChart, series)},
		{"facet", offsetof(StetChart, facet)},
		{"size", offsetof(StetChart, size)},
		{"label", offsetof(StetChart, label)},
		{"value", offsetof(StetChart, value)},
		{"target", offsetof(StetChart, target)},
		{"title", offsetof(StetChart, title)},
		{"subtitle", offsetof(StetChart, subtitle)},
		{"projected", offsetof(StetChart, projected)},
	};
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++)
		*(const char **)(gpointer)((char *)chart + columns[i].offset) =
			stet_node_text(chart->node, columns[i].key, NULL);
	chart->n_y = read_texts(stet_node_get(chart->node, "y"), chart->y);
	const StetNode *band = stet_node_get(chart->node, "band");
	if (band && (band->n != 2 || !band->items[0]->text || !band->items[1]->text)) {
		stet_diagnose(diags, STET_ERROR, "chart-band", band->place, "write it as [low, high]",
					  "'band' takes the columns of its lower and upper edge");
	} else if (band) {
		chart->low = band->items[0]->text;
		chart->high = band->items[1]->text;
	}
}

StetChart *stet_chart_parse(const StetNode *node, StetDiagnostics *diags)
{
	const ChartType *type = node->kind == STET_NODE_MAP ? find_type(node, diags) : NULL;
	if (node->kind != STET_NODE_MAP)
		stet_diagnose(diags, STET_ERROR, "chart-key", node->place, "write it as 'key: value' lines",
					  "a chart must be a map");
	if (!type || !check_keys(node, type, diags))
		return NULL;
	guint before = stet_diagnostics_count(diags, STET_ERROR);
	StetChart *chart = g_new0(StetChart, 1);
	chart->node = node;
	chart->type = type;
	read_columns(chart, diags);
	read_choices(chart, diags);
	read_numbers(chart, diags);
	const StetNode *other = stet_node_get(node, "other");
	chart->other = !other                          ? NULL
				   : other->kind == STET_NODE_BOOL ? (other->boolean ? chart_sentences[SAY_OTHER].english : NULL)
												   : other->text;
	chart->n_highlight = read_texts(stet_node_get(node, "highlight"), chart->highlight);
	chart->n_notes = read_notes(stet_node_get(node, "annotate"), chart->notes, "an annotation", diags);
	chart->n_events = read_notes(stet_node_get(node, "events"), chart->events, "an event", diags);
	chart->percent = stet_node_bool(node, "percent", FALSE) || stet_node_bool(node, "normalise", FALSE);
	chart->no_legend = !stet_node_bool(node, "legend", TRUE);
	chart->trend = stet_node_bool(node, "trend", FALSE);
	chart->total = stet_node_bool(node, "total", TRUE);
	if (stet_diagnostics_count(diags, STET_ERROR) > before) {
		stet_chart_free(chart);
		return NULL;
	}
	return chart;
}

void stet_chart_set_heading(StetChart *chart, const char *title, const char *subtitle)
{
	chart->head = title;
	chart->subhead = subtitle;
}

void stet_chart_free(StetChart *chart)
{
	g_free(chart);
}
