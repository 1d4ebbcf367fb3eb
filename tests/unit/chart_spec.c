/* Faulty specs and misleading charts: each is named, at its line, with a mend. */
#include "chart_case.h"

#define DATA                                                                                                 \
	"columns: [{name: quarter, period: true}, {name: platform}, {name: rate, unit: percent}]\n"              \
	"rows: [['2025Q1', Azure, 60.5], ['2025Q2', Azure, 61], ['2025Q1', AWS, 70], ['2025Q2', AWS, "           \
	"20]]\nchart:\n"

static StetTheme *theme;
static StetPen *pen;

typedef struct {
	const char *name, *spec, *code, *message, *mend;
	guint line; /* 0: not checked */
} Fault;

/* What is drawn has no fault; message and mend are parts of the texts. */
static const Fault faults[] = {
	{"no-type", "  x: quarter\n", "chart-type", "needs its 'type'", "type: line", 4},
	{"type", "  type: lien\n", "chart-type", "no chart type 'lien'", "line", 4},
	{"pie", "  type: pie\n", "chart-refused", "hard to compare; use 'bar'", NULL, 4},
	{"dual", "  type: line\n  y2: rate\n", "chart-refused", "no second y axis", "facet", 5},
	{"key", "  type: line\n  titel: x\n", "chart-key", "titel", "title", 5},
	{"key-of-other-type", "  type: treemap\n  log: true\n", "chart-key", "log", NULL, 5},
	{"kind", "  type: line\n  domain: 5\n", "chart-key", "domain", NULL, 5},
	{"domain", "  type: line\n  domain: [5, 1]\n", "chart-domain", "lower and a greater", "[0, 100]", 5},
	{"sort", "  type: bar\n  sort: sideways\n", "chart-value", "'sideways' is no value of 'sort'", "name", 5},
	{"height", "  type: bar\n  height: 9\n", "chart-value", "80 to 2000", NULL, 5},
	{"top", "  type: bar\n  top: 0\n", "chart-value", "1 to 100", NULL, 5},
	{"band", "  type: line\n  band: [low]\n", "chart-band", "lower and upper", "[low, high]", 5},
	{"note", "  type: line\n  annotate: [{text: where}]\n", "chart-note", "says not where", "x:", 5},
	{"column", "  type: line\n  y: rat\n", "chart-column", "'y' names no column of the data: 'rat'", "rate",
	 5},
	{"text-y", "  type: line\n  y: platform\n", "chart-column", "holds no numbers", "numbers", 5},
	{"duplicate", "  type: bar\n  x: platform\n  y: [rate]\n  series: platform\n", "chart-duplicate",
	 "several rows", "facet", 0},
	{"truncated", "  type: column\n  domain: [50, 100]\n", "chart-truncated", "must start at zero",
	 "begin at 0", 5},
	{"baseline", "  type: column\n  baseline: 50\n", "chart-truncated", "must start at zero", NULL, 5},
	{"log-bar", "  type: column\n  log: true\n", "chart-log-bar", "no honest length", "line", 5},
	{"log-area", "  type: area\n  log: true\n", "chart-log-area", "no honest size", "line", 5},
	{"percent-sum", "  type: stacked-bar\n", "chart-percent-sum", "'2025Q1' add up to 130.5", "side by side",
	 0},
	{"event", "  type: line\n  events: [{x: 1999Q1, text: long ago}]\n", "chart-event", "outside the chart",
	 NULL, 5},
	{"facet", "  type: sankey\n  facet: platform\n", "chart-facet", "small multiples", NULL, 5},
	{"idle-sort", "  type: treemap\n  sort: up\n", "chart-key", "'sort' does nothing in a treemap: its order",
	 "leave it out; it is for line", 5},
	{"idle-band", "  type: column\n  band: [a, b]\n", "chart-key", "only lines have bands", "line", 5},
	{"idle-highlight", "  type: histogram\n  highlight: [Azure]\n", "chart-key", "'highlight' does nothing",
	 NULL, 5},
	{"idle-color", "  type: line\n  color: sign\n", "chart-key", "'color' does nothing in a line", "bar", 5},
	{"idle-ramp", "  type: column\n  color: diverging\n", "chart-value", "'color: diverging' does nothing",
	 "'sign'", 5},
	{"idle-and-unknown", "  type: pie\n  sort: up\n", "chart-refused", "use 'bar'", NULL, 4},
	{"truncated-area", "  type: area\n  domain: [50, 100]\n", "chart-truncated", "areas must start at zero",
	 NULL, 5},
	{"symlog-bar", "  type: column\n  log: symlog\n", "chart-log-bar", "symlog scale", "line", 5},
	{"percent-sum-area", "  type: stacked-area\n", "chart-percent-sum", "add up to 130.5", "side by side", 0},
	{"sort-over-time", "  type: line\n  sort: up\n", "chart-sort", "keep their order", "leave it out", 5},
	{"notes-on-lying-bars", "  type: bar\n  orientation: horizontal\n  annotate: [{y: 5, text: five}]\n",
	 "chart-note", "lying bars", "vertical", 6},
	{"trend-on-log", "  type: scatter\n  x: rate\n  y: rate\n  trend: true\n  log: true\n", "chart-trend",
	 "no meaning on a log scale", "trend", 7},
	{"scatter-note", "  type: scatter\n  x: rate\n  y: rate\n  annotate: [{x: nobody, text: here}]\n",
	 "chart-note", "no place for the note 'here'", "label", 7},
	{"pairs", "  type: slope\n  x: platform\n  series: platform\n", NULL, NULL, NULL, 0},
};

static const StetDiagnostic *find(ChartCase *c, const char *code)
{
	const GPtrArray *all = stet_diagnostics_sorted(c->diags);
	for (guint i = 0; i < all->len; i++)
		if (strcmp(((const StetDiagnostic *)all->pdata[i])->code, code) == 0)
			return all->pdata[i];
	return NULL;
}

static void test_fault(gconstpointer data)
{
	const Fault *fault = data;
	g_autofree char *text = g_strconcat(DATA, fault->spec, NULL);
	g_autoptr(ChartCase) c = case_parse("report.md", text);
	g_assert_nonnull(c);
	if (c->chart) {
		g_autoptr(StetScene) scene = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
		g_assert_true(scene || stet_diagnostics_count(c->diags, STET_ERROR) > 0);
	} else {
		g_assert_cmpuint(stet_diagnostics_count(c->diags, STET_ERROR), >, 0);
	}
	if (!fault->code)
		return;
	const StetDiagnostic *found = find(c, fault->code);
	g_assert_nonnull(found);
	g_assert_nonnull(strstr(found->message, fault->message));
	if (fault->mend)
		g_assert_nonnull(found->mend ? strstr(found->mend, fault->mend) : NULL);
	if (fault->line)
		g_assert_cmpuint(found->line, ==, fault->line);
}

/* A warning does not keep the chart from being drawn. */
static void test_many_series(void)
{
	g_autoptr(GString) text =
		g_string_new("columns: [{name: q, period: true}, {name: s}, {name: v}]\nrows:\n");
	for (int s = 0; s < 9; s++)
		g_string_append_printf(text, "  - ['2025Q1', 'S%d', %d]\n  - ['2025Q2', 'S%d', %d]\n", s, s, s,
							   s * 2);
	g_autofree char *plain = g_strconcat(text->str, "chart: {type: line}\n", NULL);
	g_autofree char *named = g_strconcat(text->str, "chart: {type: line, highlight: [S3]}\n", NULL);
	g_autoptr(ChartCase) a = case_parse("a.md", plain);
	g_autoptr(ChartCase) b = case_parse("b.md", named);
	g_autoptr(StetScene) first = stet_chart_layout(a->chart, &a->data, theme, pen, STET_WIDE, a->diags);
	g_autoptr(StetScene) second = stet_chart_layout(b->chart, &b->data, theme, pen, STET_WIDE, b->diags);
	g_assert_nonnull(first);
	g_assert_nonnull(second);
	g_assert_nonnull(find(a, "chart-many-series"));
	g_assert_null(find(b, "chart-many-series"));
}

/* `n` categories, with more YAML for the chart. */
static ChartCase *categories(guint n, const char *more)
{
	g_autoptr(GString) text = g_string_new("columns: [{name: c}, {name: v}]\nrows:\n");
	for (guint i = 0; i < n; i++)
		g_string_append_printf(text, "  - ['Case %u', %u]\n", i, i + 1);
	g_string_append_printf(text, "chart:\n  type: bar\n  x: c\n%s", more);
	return case_parse("a.md", text->str);
}

static void test_many_categories(void)
{
	g_autoptr(ChartCase) a = categories(60, "");
	g_autoptr(ChartCase) b = categories(60, "  top: 20\n  other: true\n");
	g_autoptr(ChartCase) c = categories(4001, "");
	g_autoptr(StetScene) first = stet_chart_layout(a->chart, &a->data, theme, pen, STET_WIDE, a->diags);
	g_autoptr(StetScene) second = stet_chart_layout(b->chart, &b->data, theme, pen, STET_WIDE, b->diags);
	g_autoptr(StetScene) third = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
	g_assert_nonnull(first);
	g_assert_nonnull(second);
	g_assert_null(third);
	const StetDiagnostic *many = find(a, "chart-many-categories");
	g_assert_nonnull(many);
	g_assert_cmpuint(many->line, ==, 65);
	g_assert_nonnull(strstr(many->mend, "top: 20"));
	g_assert_null(find(b, "chart-many-categories"));
	g_assert_nonnull(find(c, "chart-too-many"));
}

static void test_empty(void)
{
	g_autoptr(ChartCase) c = case_parse("a.md", "columns: [q, v]\nrows: []\nchart: {type: bar, title: T}\n");
	g_autoptr(StetScene) scene = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
	g_autofree char *dump = stet_scene_dump(scene);
	g_assert_nonnull(strstr(dump, "'No data'"));
	g_assert_cmpstr(find(c, "chart-empty")->message, ==, "the chart has no data: its result has no rows");
}

/* Missing quarters are gaps, not bridges: the line has two runs. */
static void test_gap(void)
{
	g_autoptr(ChartCase) c = case_parse("a.md", "columns: [{name: q, period: true}, v]\n"
												"rows: [[2024Q1, 1], [2024Q2, 2], [2024Q4, 3], [2025Q1, 4]]\n"
												"chart: {type: line}\n");
	g_autoptr(StetScene) scene = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
	g_autofree char *dump = stet_scene_dump(scene);
	char *line = strstr(dump, "path line c1 M");
	g_assert_nonnull(line);
	line[strcspn(line, "\n")] = 0;
	g_auto(GStrv) runs = g_strsplit(line, " M", -1);
	g_assert_cmpuint(g_strv_length(runs), ==, 3);
}

/* Every row is counted, once. */
static void test_histogram(void)
{
	g_autoptr(ChartCase) c =
		case_parse("a.md", "columns: [v]\n"
						   "rows: [[1], [1.5], [2], [3], [3], [3], [4.5], [7], [9], [10]]\n"
						   "chart: {type: histogram}\n");
	g_autoptr(StetScene) scene = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
	g_autofree char *dump = stet_scene_dump(scene);
	g_auto(GStrv) lines = g_strsplit(dump, "\n", -1);
	guint64 rows = 0;
	for (char **line = lines; *line; line++)
		if (g_str_has_prefix(*line, "rect cell") && strstr(*line, " to "))
			rows += g_ascii_strtoull(strrchr(*line, ' ') + 1, NULL, 10);
	g_assert_cmpuint(rows, ==, 10);
}

static void test_types(void)
{
	guint n = 0;
	for (const char *const *type = stet_chart_types(); *type; type++)
		n++;
	g_assert_cmpuint(n, >=, 20);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	theme = stet_theme_new(NULL, NULL);
	pen = stet_pen_new(theme);
	for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
		g_autofree char *name = g_strdup_printf("/chart/fault/%s", faults[i].name);
		g_test_add_data_func(name, &faults[i], test_fault);
	}
	g_test_add_func("/chart/many-series", test_many_series);
	g_test_add_func("/chart/many-categories", test_many_categories);
	g_test_add_func("/chart/empty", test_empty);
	g_test_add_func("/chart/gap", test_gap);
	g_test_add_func("/chart/histogram", test_histogram);
	g_test_add_func("/chart/types", test_types);
	int result = g_test_run();
	stet_pen_free(pen);
	stet_theme_free(theme);
	return result;
}
