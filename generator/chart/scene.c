#include "scene.h"

#include <math.h>
#include <string.h>

const ChartFontSize chart_fonts[FONT_END] = {
	[FONT_TITLE] = {17, 600, 22},  [FONT_LEAD] = {14, 400, 19},  [FONT_TEXT] = {13, 400, 16},
	[FONT_STRONG] = {13, 600, 16}, [FONT_SMALL] = {12, 400, 15},
};

/* chart.css says the same for the page; the test of both compares them. */
const ChartLook chart_looks[ROLE_END] = {
	[ROLE_GRID] = {"ch-grid", PAINT_STROKE, 1, 0, 0, 1, 0, INK_RULE},
	[ROLE_BASE] = {"ch-base", PAINT_STROKE, 1, 0, 0, 1, 0, INK_TEXT},
	[ROLE_TICK] = {"ch-tick", PAINT_STROKE, 1, 0, 0, 1, 0, INK_RULE},
	[ROLE_REFERENCE] = {"ch-reference", PAINT_STROKE, 1, 4, 3, 1, 0, INK_QUIET},
	[ROLE_EVENT] = {"ch-event", PAINT_STROKE, 1, 2, 3, 1, 0, INK_QUIET},
	[ROLE_BAND] = {"ch-band", PAINT_TINT, 0, 0, 0, 0.18, 0, INK_NONE},
	[ROLE_AREA] = {"ch-area", PAINT_FILL, 1, 0, 0, 1, 0, INK_NONE},
	[ROLE_BAR] = {"ch-bar", PAINT_FILL, 0, 0, 0, 1, 0, INK_NONE},
	[ROLE_CELL] = {"ch-cell", PAINT_FILL, 1, 0, 0, 1, 0, INK_NONE},
	[ROLE_FLOW] = {"ch-flow", PAINT_TINT, 0, 0, 0, 0.4, 0, INK_NONE},
	[ROLE_CONNECT] = {"ch-connect", PAINT_STROKE, 2, 0, 0, 1, 0, INK_TEXT},
	[ROLE_LINE] = {"ch-line", PAINT_STROKE, 2.5, 0, 0, 1, 0, INK_TEXT},
	[ROLE_THIN] = {"ch-thin", PAINT_STROKE, 1.5, 0, 0, 1, 0, INK_TEXT},
	[ROLE_PROJECTED] = {"ch-projected", PAINT_STROKE, 2.5, 5, 4, 1, 0, INK_TEXT},
	[ROLE_TREND] = {"ch-trend", PAINT_STROKE, 1.5, 5, 4, 1, 0, INK_TEXT},
	[ROLE_DOT] = {"ch-dot", PAINT_FILL, 1.5, 0, 0, 1, 0, INK_NONE},
	[ROLE_BUBBLE] = {"ch-bubble", PAINT_FILL, 1, 0, 0, 0.75, 0, INK_NONE},
	[ROLE_SWARM] = {"ch-swarm", PAINT_STROKE, 4.5, 0, 0, 0.55, 0, INK_TEXT},
	[ROLE_TARGET] = {"ch-target", PAINT_STROKE, 2.5, 0, 0, 1, 0, INK_TEXT},
	[ROLE_LEADER] = {"ch-leader", PAINT_STROKE, 1, 0, 0, 1, 0, INK_QUIET},
	[ROLE_HIT] = {"ch-hit", PAINT_NONE, 0, 0, 0, 1, 0, INK_NONE},
	[ROLE_TITLE] = {"ch-title", PAINT_TEXT, 0, 0, 0, 1, FONT_TITLE, INK_TEXT},
	[ROLE_SUBTITLE] = {"ch-subtitle", PAINT_TEXT, 0, 0, 0, 1, FONT_LEAD, INK_QUIET},
	[ROLE_AXIS_TITLE] = {"ch-axis-title", PAINT_TEXT, 0, 0, 0, 1, FONT_TEXT, INK_QUIET},
	[ROLE_TICK_LABEL] = {"ch-tick-label", PAINT_TEXT, 0, 0, 0, 1, FONT_TEXT, INK_QUIET},
	[ROLE_LABEL] = {"ch-label", PAINT_TEXT, 0, 0, 0, 1, FONT_TEXT, INK_TEXT},
	[ROLE_STRONG] = {"ch-strong", PAINT_TEXT, 0, 0, 0, 1, FONT_STRONG, INK_TEXT},
	[ROLE_VALUE] = {"ch-value", PAINT_TEXT, 0, 0, 0, 1, FONT_TEXT, INK_TEXT},
	[ROLE_ON_FILL] = {"ch-on-fill", PAINT_TEXT, 0, 0, 0, 1, FONT_TEXT, INK_TEXT},
	[ROLE_NOTE] = {"ch-note", PAINT_TEXT, 0, 0, 0, 1, FONT_SMALL, INK_QUIET},
};

StetScene *chart_scene_new(double width, const char *type)
{
	StetScene *scene = g_new0(StetScene, 1);
	scene->width = width;
	scene->type = type;
	scene->marks = g_array_new(FALSE, TRUE, sizeof(ChartMark));
	scene->texts = g_string_chunk_new(1024);
	scene->sections = g_ptr_array_new();
	return scene;
}

void stet_scene_free(StetScene *scene)
{
	if (!scene)
		return;
	for (guint i = 0; i < scene->marks->len; i++)
		if (g_array_index(scene->marks, ChartMark, i).path)
			cairo_path_destroy(g_array_index(scene->marks, ChartMark, i).path);
	g_array_unref(scene->marks);
	g_ptr_array_unref(scene->sections);
	g_string_chunk_free(scene->texts);
	g_free(scene->title);
	g_free(scene->description);
	g_free(scene->subhead);
	g_free(scene);
}

const char *stet_scene_description(const StetScene *scene)
{
	return scene->description ? scene->description : "";
}

const char *chart_scene_keep(StetScene *scene, const char *text)
{
	return text ? g_string_chunk_insert_const(scene->texts, text) : NULL;
}

ChartMark *chart_scene_add(StetScene *scene, ChartMarkKind kind, ChartRole role, ChartInk ink)
{
	/* The layouts stop short of the cap themselves; past it the last mark is written over. */
	if (scene->marks->len < CHART_MARKS_MAX)
		g_array_set_size(scene->marks, scene->marks->len + 1);
	ChartMark *mark = &g_array_index(scene->marks, ChartMark, scene->marks->len - 1);
	if (mark->path) /* NOLINT(clang-analyzer-core.NullDereference): the array is never empty here */
		cairo_path_destroy(mark->path);
	*mark = (ChartMark){
		.kind = (guint8)kind, .role = (guint8)role, .ink = (guint8)ink, .section = scene->section};
	return mark;
}

void chart_scene_section(StetScene *scene, const char *name)
{
	if (name && scene->sections->len < 250)
		g_ptr_array_add(scene->sections, (gpointer)chart_scene_keep(scene, name));
	scene->section = name ? (guint8)scene->sections->len : 0;
}

static void merge_path(ChartMark *mark, cairo_t *cr)
{
	cairo_path_t *fresh = cairo_copy_path(cr);
	cairo_new_path(cr);
	cairo_append_path(cr, mark->path);
	cairo_append_path(cr, fresh);
	cairo_path_destroy(fresh);
	cairo_path_destroy(mark->path);
	mark->path = cairo_copy_path(cr);
}

void chart_scene_path(StetScene *scene, ChartRole role, ChartInk ink, cairo_t *cr, const char *tip)
{
	ChartMark *last =
		scene->marks->len ? &g_array_index(scene->marks, ChartMark, scene->marks->len - 1) : NULL;
	gboolean strokes = chart_looks[role].paint == PAINT_STROKE;
	if (last && strokes && last->kind == MARK_PATH && last->role == role && last->ink == ink && !tip &&
		!last->tip && last->path->num_data < 2000) {
		merge_path(last, cr);
	} else {
		ChartMark *mark = chart_scene_add(scene, MARK_PATH, role, ink);
		mark->path = cairo_copy_path(cr);
		mark->tip = chart_scene_keep(scene, tip);
	}
	cairo_new_path(cr);
}

const char *chart_ink_class(ChartInk ink)
{
	static const char *const names[INK_END] = {
		"",   "ink", "quiet", "paper", "rule", "grey", "up", "down", "c1", "c2", "c3", "c4",
		"c5", "c6",  "c7",    "c8",    "s1",   "s2",   "s3", "s4",   "s5", "s6", "s7", "s8",
		"s9", "d1",  "d2",    "d3",    "d4",   "d5",   "d6", "d7",   "d8", "d9",
	};
	return names[ink];
}

double chart_mark_corners(const StetScene *scene, const ChartMark *mark)
{
	gboolean rounded = mark->role == ROLE_BAR || mark->role == ROLE_CELL;
	return rounded ? fmin(scene->corners, fmin(mark->w, mark->h) / 2) : 0;
}

static ChartBox path_box(const cairo_path_t *path)
{
	ChartBox box = {1e9, 1e9, -1e9, -1e9};
	for (int i = 0; i < path->num_data; i += path->data[i].header.length)
		for (int k = 1; k < path->data[i].header.length; k++) {
			box.x0 = fmin(box.x0, path->data[i + k].point.x);
			box.y0 = fmin(box.y0, path->data[i + k].point.y);
			box.x1 = fmax(box.x1, path->data[i + k].point.x);
			box.y1 = fmax(box.y1, path->data[i + k].point.y);
		}
	return box;
}

/* Of text, the box of its letters: from the cap height to the descender. */
ChartBox chart_mark_box(const ChartMark *mark)
{
	if (mark->kind == MARK_PATH)
		return path_box(mark->path);
	if (mark->kind == MARK_CIRCLE)
		return (ChartBox){mark->x - mark->w, mark->y - mark->w, mark->x + mark->w, mark->y + mark->w};
	if (mark->kind == MARK_RECT)
		return (ChartBox){mark->x, mark->y, mark->x + mark->w, mark->y + mark->h};
	double size = chart_fonts[chart_looks[mark->role].font].size;
	if (mark->turned)
		return (ChartBox){mark->x - 0.76 * size, mark->y - mark->w, mark->x + 0.22 * size, mark->y};
	double x0 = mark->x - (mark->anchor == ANCHOR_START ? 0
						   : mark->anchor == ANCHOR_END ? mark->w
														: mark->w / 2);
	return (ChartBox){x0, mark->y - 0.76 * size, x0 + mark->w, mark->y + 0.22 * size};
}

/* ---- as text, for tests -------------------------------------------------------------------- */

static void dump_path(const cairo_path_t *path, GString *out)
{
	static const char letters[] = "MLCZ";
	for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
		g_string_append_printf(out, " %c", letters[path->data[i].header.type]);
		for (int k = 1; k < path->data[i].header.length; k++)
			g_string_append_printf(out, "%s%.1f,%.1f", k > 1 ? " " : "", path->data[i + k].point.x,
								   path->data[i + k].point.y);
	}
}

char *stet_scene_dump(const StetScene *scene)
{
	static const char *const kinds[] = {"rect", "circle", "path", "text"};
	static const char *const anchors[] = {"start", "middle", "end"};
	GString *out = g_string_new(NULL);
	g_string_append_printf(out, "scene %s %.0fx%.0f\ntitle %s\nfinding %s\n", scene->type, scene->width,
						   scene->height, scene->title ? scene->title : "", stet_scene_description(scene));
	for (guint i = 0; i < scene->marks->len; i++) {
		const ChartMark *m = &g_array_index(scene->marks, ChartMark, i);
		const char *ink = chart_ink_class(m->ink);
		g_string_append_printf(out, "%s %s%s%s", kinds[m->kind], chart_looks[m->role].class_ + 3,
							   *ink ? " " : "", ink);
		if (m->kind == MARK_PATH)
			dump_path(m->path, out);
		else
			g_string_append_printf(out, " %.1f,%.1f", m->x, m->y);
		if (m->kind == MARK_RECT)
			g_string_append_printf(out, " %.1fx%.1f", m->w, m->h);
		else if (m->kind == MARK_CIRCLE)
			g_string_append_printf(out, " r%.1f", m->w);
		else if (m->kind == MARK_TEXT)
			g_string_append_printf(out, " %s w%.1f '%s'", m->turned ? "turned" : anchors[m->anchor], m->w,
								   m->text);
		if (m->tip)
			g_string_append_printf(out, " | %s", m->tip);
		if (m->section && (i == 0 || (m - 1)->section != m->section))
			g_string_append_printf(out, " | section %s",
								   (const char *)scene->sections->pdata[m->section - 1]);
		g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}
