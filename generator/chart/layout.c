#include "layout.h"

#include <math.h>
#include <string.h>

#define DRAWN_MAX 4000
#define NARROW_BELOW 480 /* px */

/* ---- text ----------------------------------------------------------------------------------- */

double chart_width(ChartSketch *sketch, ChartRole role, const char *text)
{
	return chart_pen_width(sketch->pen, chart_looks[role].font, text);
}

void chart_take(ChartSketch *sketch, ChartBox box)
{
	g_array_append_val(sketch->taken, box);
}

static gboolean meets(const GArray *boxes, ChartBox box)
{
	for (guint i = 0; i < boxes->len; i++) {
		const ChartBox *other = &g_array_index(boxes, ChartBox, i);
		if (box.x0 < other->x1 && other->x0 < box.x1 && box.y0 < other->y1 && other->y0 < box.y1)
			return TRUE;
	}
	return FALSE;
}

gboolean chart_is_free(const ChartSketch *sketch, ChartBox box, ChartClear clear)
{
	if (box.x0 < 0 || box.x1 > sketch->scene->width || box.y0 < 0 || meets(sketch->taken, box))
		return FALSE;
	return (clear < CLEAR_DATA || !meets(sketch->drawn, box)) && (clear < CLEAR_ALL || !meets(sketch->ruled, box));
}

void chart_keep_off(ChartSketch *sketch, double x0, double y0, double x1, double y1)
{
	guint n = (guint)CLAMP(hypot(x1 - x0, y1 - y0) / 5, 1, 60);
	for (guint i = 0; i <= n && sketch->drawn->len < DRAWN_MAX; i++) {
		double x = x0 + (x1 - x0) * i / n, y = y0 + (y1 - y0) * i / n;
		ChartBox box = {x - 2, y - 2, x + 2, y + 2};
		g_array_append_val(sketch->drawn, box);
	}
}

gboolean chart_labels_fit(ChartSketch *sketch, char **labels, guint n, double width, guint lines)
{
	for (guint i = 0; i < n; i++) {
		g_autoptr(GPtrArray) cut = chart_pen_wrap(sketch->pen, FONT_TEXT, labels[i], width, lines);
		for (guint k = 0; k < cut->len; k++)
			if (*(const char *)cut->pdata[k] == 0 ||
				(g_str_has_suffix(cut->pdata[k], "…") && !g_str_has_suffix(labels[i], "…")))
				return FALSE;
	}
	return TRUE;
}

void chart_turned_text(ChartSketch *sketch, ChartRole role, double x, double y, const char *text)
{
	ChartMark *mark = chart_scene_add(sketch->scene, MARK_TEXT, role, INK_NONE);
	double size = chart_fonts[chart_looks[role].font].size;
	mark->turned = TRUE;
	mark->x = CLAMP(x, 0.76 * size, sketch->scene->width - 0.22 * size);
	mark->y = y;
	mark->w = chart_width(sketch, role, text);
	mark->text = chart_scene_keep(sketch->scene, text);
	chart_take(sketch, chart_mark_box(mark));
}

ChartBox chart_text(ChartSketch *sketch, ChartRole role, ChartInk ink, ChartAnchor anchor, double x, double y,
					const char *text)
{
	double room = sketch->scene->width;
	g_autofree char *cut = NULL;
	double width = chart_width(sketch, role, text);
	if (!*text)
		return (ChartBox){x, y, x, y};
	if (width > room) {
		cut = chart_pen_fit(sketch->pen, chart_looks[role].font, text, room);
		text = cut;
		width = chart_width(sketch, role, text);
	}
	double x0 = x - (anchor == ANCHOR_START ? 0 : anchor == ANCHOR_END ? width : width / 2);
	double over = x0 < 0 ? -x0 : x0 + width > room ? room - x0 - width : 0;
	ChartMark *mark = chart_scene_add(sketch->scene, MARK_TEXT, role, ink);
	mark->anchor = (guint8)anchor;
	mark->x = x + over;
	mark->y = y;
	mark->w = width;
	mark->text = chart_scene_keep(sketch->scene, text);
	ChartBox box = chart_mark_box(mark);
	chart_take(sketch, box);
	return box;
}

double chart_lines(ChartSketch *sketch, ChartRole role, ChartInk ink, ChartAnchor anchor, double x, double y,
				   const GPtrArray *lines)
{
	for (guint i = 0; i < lines->len; i++) {
		chart_text(sketch, role, ink, anchor, x, y, lines->pdata[i]);
		y += chart_fonts[chart_looks[role].font].line;
	}
	return y;
}

gboolean chart_label_point(ChartSketch *sketch, ChartRole role, ChartInk ink, double x, double y,
						   double clear, const char *text)
{
	static const struct {
		double dx, dy;
		ChartAnchor anchor;
	} tries[] = {{1, 0, ANCHOR_START},     {-1, 0, ANCHOR_END},       {0, -1, ANCHOR_MIDDLE},
				 {0, 1, ANCHOR_MIDDLE},    {0.7, -0.9, ANCHOR_START}, {0.7, 0.9, ANCHOR_START},
				 {-0.7, -0.9, ANCHOR_END}, {-0.7, 0.9, ANCHOR_END}};
	double size = chart_fonts[chart_looks[role].font].size, width = chart_width(sketch, role, text);
	double top = sketch->frame.y0, bottom = sketch->frame.y1;
	for (guint t = 0; t < 2 * G_N_ELEMENTS(tries); t++) {
		/* First where it hits no data either. */
		guint i = t % G_N_ELEMENTS(tries);
		gboolean strict = t < G_N_ELEMENTS(tries);
		double tx = x + tries[i].dx * (clear + 3), middle = y + tries[i].dy * (clear + size * 0.65);
		double x0 = tx - (tries[i].anchor == ANCHOR_START ? 0
						  : tries[i].anchor == ANCHOR_END ? width
														  : width / 2);
		double base = middle + size * 0.35;
		ChartBox box = {x0 - 1, base - size * 0.8, x0 + width + 1, base + size * 0.25};
		if (box.y0 < top || box.y1 > bottom || !chart_is_free(sketch, box, strict ? CLEAR_ALL : CLEAR_LABELS))
			continue;
		chart_text(sketch, role, ink, tries[i].anchor, tx, base, text);
		return TRUE;
	}
	return FALSE;
}

static char *show(const ChartSketch *sketch, double value, const char *unit, int display, StetRoom room)
{
	return stet_locale_quantity(sketch->data->locale, sketch->sides ? fabs(value) : value, unit, display, room);
}

char *chart_value(const ChartSketch *sketch, const ChartGrid *grid, double value)
{
	return show(sketch, value, grid->unit, grid->display, sketch->chart->room);
}

char *chart_full_value(const ChartSketch *sketch, const ChartGrid *grid, double value)
{
	return show(sketch, value, grid->unit, grid->display, STET_FULL);
}

char *chart_column_value(const ChartSketch *sketch, int column, double value, StetRoom room)
{
	const StetChartColumn *c = &sketch->data->columns[column];
	const StetChart *chart = sketch->chart;
	return show(sketch, value, c->unit, chart->display >= 0 ? chart->display : c->display,
				room == STET_COMPACT ? chart->room : room);
}

/* ---- marks ---------------------------------------------------------------------------------- */

cairo_t *chart_path(ChartSketch *sketch)
{
	cairo_new_path(sketch->pen->path);
	return sketch->pen->path;
}

void chart_line(ChartSketch *sketch, ChartRole role, ChartInk ink, double x0, double y0, double x1, double y1)
{
	cairo_t *cr = chart_path(sketch);
	cairo_move_to(cr, x0, y0);
	cairo_line_to(cr, x1, y1);
	chart_scene_path(sketch->scene, role, ink, cr, NULL);
}

void chart_rect(ChartSketch *sketch, ChartRole role, ChartInk ink, double x0, double y0, double x1, double y1,
				const char *tip)
{
	ChartMark *mark = chart_scene_add(sketch->scene, MARK_RECT, role, ink);
	mark->x = fmin(x0, x1);
	mark->y = fmin(y0, y1);
	mark->w = fabs(x1 - x0);
	mark->h = fabs(y1 - y0);
	mark->tip = chart_scene_keep(sketch->scene, tip);
}

void chart_circle(ChartSketch *sketch, ChartRole role, ChartInk ink, double x, double y, double r,
				  const char *tip)
{
	ChartMark *mark = chart_scene_add(sketch->scene, MARK_CIRCLE, role, ink);
	mark->x = x;
	mark->y = y;
	mark->w = r;
	mark->tip = chart_scene_keep(sketch->scene, tip);
}

/* ---- frame ---------------------------------------------------------------------------------- */

void chart_room_least(ChartSketch *sketch, double height, double least)
{
	if (sketch->cell)
		return;
	if (sketch->chart->height > 0)
		height = fmax(sketch->chart->height, least);
	sketch->frame.y1 = sketch->frame.y0 + height;
}

void chart_room(ChartSketch *sketch, double height)
{
	chart_room_least(sketch, height, height * 0.4);
}

static void begin(ChartSketch *sketch)
{
	const StetChart *chart = sketch->chart;
	double width = sketch->scene->width, y = 0;
	sketch->frame = (ChartBox){0, 0, width, 0};
	if (chart->title) {
		g_autoptr(GPtrArray) lines = chart_pen_wrap(sketch->pen, FONT_TITLE, chart->title, width, 3);
		y = chart_lines(sketch, ROLE_TITLE, INK_NONE, ANCHOR_START, 0, y + 17, lines) - 17;
	}
	if (chart->subtitle) {
		g_autoptr(GPtrArray) lines = chart_pen_wrap(sketch->pen, FONT_LEAD, chart->subtitle, width, 3);
		y = chart_lines(sketch, ROLE_SUBTITLE, INK_NONE, ANCHOR_START, 0, y + 15, lines) - 15;
	}
	sketch->frame.y0 = y > 0 ? y + CHART_GAP : 2;
}

/* Whether a heading says so already, however it is written. */
static gboolean says(const char *heading, const char *title)
{
	if (!heading)
		return FALSE;
	g_autofree char *a = g_utf8_casefold(heading, -1), *b = g_utf8_casefold(title, -1);
	return strstr(a, b) != NULL;
}

void chart_axis_title(ChartSketch *sketch, const char *title, const char *unit)
{
	const StetChart *chart = sketch->chart;
	if (!chart->subtitle && !chart->subhead && !sketch->cell && !says(chart->title, title) &&
		!says(chart->head, title))
		chart_y_title(sketch, title, unit);
}

void chart_y_title(ChartSketch *sketch, const char *title, const char *unit)
{
	static const char *const shown[] = {"percent", "count", "ratio", "index"};
	gboolean worded = unit && !stet_unit_is_money(unit);
	for (guint i = 0; i < G_N_ELEMENTS(shown); i++)
		worded = worded && strcmp(unit, shown[i]) != 0;
	g_autofree char *small = g_utf8_strdown(title, -1);
	g_autofree char *text =
		worded && !strstr(small, unit) ? g_strdup_printf("%s, %s", title, unit) : g_strdup(title);
	g_autoptr(GPtrArray) lines = chart_pen_wrap(sketch->pen, FONT_TEXT, text, sketch->scene->width, 2);
	double y = chart_lines(sketch, ROLE_AXIS_TITLE, INK_NONE, ANCHOR_START, sketch->frame.x0,
						   sketch->frame.y0 + 12, lines);
	sketch->frame.y0 = y - 12 + CHART_GAP;
}

void chart_legend(ChartSketch *sketch, const ChartGrid *grid)
{
	double x = sketch->frame.x0, y = sketch->frame.y0 + 12, right = sketch->frame.x1;
	gboolean greys = FALSE;
	if (sketch->chart->no_legend || sketch->cell || grid->n_series < 2)
		return;
	for (guint s = 0; s < grid->n_series; s++)
		greys |= grid->back[s];
	for (guint s = 0; s < grid->n_series; s++) {
		if (greys && grid->back[s])
			continue;
		g_autofree char *name =
			chart_pen_fit(sketch->pen, FONT_TEXT, grid->names[s], right - sketch->frame.x0 - 18);
		double width = 18 + chart_width(sketch, ROLE_LABEL, name);
		if (x > sketch->frame.x0 && x + width > right) {
			x = sketch->frame.x0;
			y += 20;
		}
		chart_rect(sketch, ROLE_BAR, grid->inks[s], x, y - 10, x + 12, y + 1, NULL);
		chart_text(sketch, ROLE_LABEL, INK_NONE, ANCHOR_START, x + 18, y, name);
		x += width + 18;
	}
	sketch->frame.y0 = y + 4 + CHART_GAP;
}

/* Of all cells, by the colours they share. */
void chart_palette_legend(ChartSketch *sketch)
{
	guint n = MIN(sketch->palette->len, CHART_CATEGORIES);
	guint8 inks[CHART_CATEGORIES];
	gboolean back[CHART_CATEGORIES] = {FALSE};
	for (guint i = 0; i < n; i++)
		inks[i] = (guint8)(INK_C1 + i);
	ChartGrid key = {.n_series = n, .names = (char **)sketch->palette->pdata, .inks = inks, .back = back};
	chart_legend(sketch, &key);
}

gboolean chart_spread(double *at, guint n, double height, double low, double high)
{
	/* Pool neighbours that overlap and set each pool about its mean: the least moved, in order. */
	if (n * height > high - low + 0.01)
		return FALSE;
	g_autofree guint *order = g_new(guint, n + 1);
	g_autofree double *sum = g_new(double, n + 1);
	g_autofree guint *count = g_new(guint, n + 1);
	for (guint i = 0; i < n; i++) {
		guint k = i;
		for (; k > 0 && at[order[k - 1]] > at[i]; k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
	guint pools = 0;
	double low_centre = low + height / 2, high_centre = high - height / 2;
	for (guint i = 0; i < n; i++) {
		/* In coordinates where each label is moved up by those before it, order is all that counts. */
		sum[pools] = CLAMP(at[order[i]], low_centre, high_centre) - i * height;
		count[pools++] = 1;
		while (pools > 1 && sum[pools - 1] / count[pools - 1] < sum[pools - 2] / count[pools - 2]) {
			sum[pools - 2] += sum[pools - 1];
			count[pools - 2] += count[pools - 1];
			pools--;
		}
	}
	for (guint p = 0, i = 0; p < pools; p++)
		for (guint k = 0; k < count[p]; k++, i++)
			at[order[i]] = CLAMP(sum[p] / count[p], low_centre, high_centre - (n - 1) * height) + i * height;
	return TRUE;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void draw_empty(ChartSketch *sketch)
{
	double width = sketch->scene->width;
	const StetChartData *data = sketch->data;
	g_autofree char *notice = chart_say(sketch, SAY_NO_DATA, NULL);
	g_autofree char *reason = data->absent.value ? chart_say(sketch, SAY_NO_VALUE, "column", data->absent.column, "value",
															 data->absent.value, NULL)
												 : chart_say(sketch, SAY_NO_ROWS, NULL);
	chart_room(sketch, 120);
	chart_rect(sketch, ROLE_HIT, INK_NONE, 0, sketch->frame.y0, width, sketch->frame.y1, NULL);
	double middle = (sketch->frame.y0 + sketch->frame.y1) / 2;
	chart_line(sketch, ROLE_GRID, INK_NONE, 0, sketch->frame.y0, width, sketch->frame.y0);
	chart_line(sketch, ROLE_GRID, INK_NONE, 0, sketch->frame.y1, width, sketch->frame.y1);
	chart_text(sketch, ROLE_STRONG, INK_NONE, ANCHOR_MIDDLE, width / 2, middle - 4, notice);
	g_autoptr(GPtrArray) lines = chart_pen_wrap(sketch->pen, FONT_TEXT, reason, width - 24, 2);
	chart_lines(sketch, ROLE_AXIS_TITLE, INK_NONE, ANCHOR_MIDDLE, width / 2, middle + 14, lines);
	sketch->scene->description = chart_say(sketch, SAY_EMPTY, "notice", notice, "reason", reason, NULL);
}

static void report_empty(const ChartSketch *sketch)
{
	const StetChartData *data = sketch->data;
	g_autofree char *mend =
		data->absent.nearest ? g_strdup_printf("did you mean '%s'?", data->absent.nearest) : NULL;
	if (data->absent.value)
		stet_diagnose(sketch->diags, STET_WARNING, "chart-empty", data->absent.place, mend,
					  "the chart has no data: no row has %s '%s'", data->absent.column, data->absent.value);
	else
		stet_diagnose(sketch->diags, STET_WARNING, "chart-empty", data->place, "check 'where' and 'at'",
					  "the chart has no data: its result has no rows");
}

static void set_title(ChartSketch *sketch)
{
	const StetChart *chart = sketch->chart;
	g_autofree char *kind = g_strdup(chart->type->name);
	g_strdelimit(kind, "-", ' ');
	kind[0] = g_ascii_toupper(kind[0]);
	const char *title = chart->title ? chart->title : chart->head;
	sketch->scene->subhead = g_strdup(chart->subhead);
	sketch->scene->title =
		title ? g_strdup(title)
			  : g_strdup_printf("%s%s", kind, strstr(kind, "map") || strstr(kind, "plot") ? "" : " chart");
}

StetScene *stet_chart_layout(const StetChart *chart, const StetChartData *data, const StetTheme *theme,
							 StetPen *pen, StetWidth width, StetDiagnostics *diags)
{
	g_autoptr(StetScene) scene = chart_scene_new(width, chart->type->name);
	ChartSketch sketch = {.scene = scene,
						  .chart = chart,
						  .data = data,
						  .theme = theme,
						  .pen = pen,
						  .diags = diags,
						  .narrow = width < NARROW_BELOW,
						  .first_cell = TRUE,
						  .seen = {INFINITY, -INFINITY},
						  .n_rows = data->table->n_rows};
	g_autofree gsize *rows = g_new(gsize, sketch.n_rows + 1);
	g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(ChartBox));
	g_autoptr(GArray) drawn = g_array_new(FALSE, FALSE, sizeof(ChartBox));
	g_autoptr(GArray) ruled = g_array_new(FALSE, FALSE, sizeof(ChartBox));
	for (gsize i = 0; i < sketch.n_rows; i++)
		rows[i] = i;
	sketch.rows = rows;
	sketch.taken = taken;
	sketch.drawn = drawn;
	sketch.ruled = ruled;
	scene->corners = theme->corners;
	set_title(&sketch);
	begin(&sketch);
	if (sketch.n_rows == 0) {
		if (!sketch.narrow)
			report_empty(&sketch);
		draw_empty(&sketch);
	} else if (!(chart->facet ? chart_draw_facets(&sketch) : chart->type->draw(&sketch))) {
		return NULL;
	} else if (!scene->description) {
		scene->description = g_strdup("");
	}
	scene->height = ceil(sketch.frame.y1);
	return g_steal_pointer(&scene);
}
