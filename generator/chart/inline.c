/* The inline SVG writer: geometry as attributes, everything else by class, so that the page's style
 * sheet, dark mode and the reader's settings decide the looks. */
#include "scene.h"

#include <math.h>
#include <string.h>

#define STOPS_MAX 12 /* marks that the Tab key stops at one by one */

/* Appends a length in px with at most one decimal: 12, 12.5, -3. */
static void put(GString *out, double value)
{
	char digits[24];
	gint64 tenths = (gint64)lround(CLAMP(value, -1e6, 1e6) * 10);
	guint n = 0;
	if (tenths < 0) {
		g_string_append_c(out, '-');
		tenths = -tenths;
	}
	gint64 whole = tenths / 10;
	do
		digits[n++] = (char)('0' + whole % 10);
	while ((whole /= 10) > 0);
	while (n > 0)
		g_string_append_c(out, digits[--n]);
	if (tenths % 10) {
		g_string_append_c(out, '.');
		g_string_append_c(out, (char)('0' + tenths % 10));
	}
}

static void put_attribute(GString *out, const char *name, double value)
{
	g_string_append_c(out, ' ');
	g_string_append(out, name);
	g_string_append(out, "=\"");
	put(out, value);
	g_string_append_c(out, '"');
}

/* XML 1.0 text: markup escaped, control characters that XML cannot hold left out. */
static void put_text(GString *out, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '&')
			g_string_append(out, "&amp;");
		else if (*p == '<')
			g_string_append(out, "&lt;");
		else if (*p == '>')
			g_string_append(out, "&gt;");
		else if (*p == '"')
			g_string_append(out, "&quot;");
		else if ((guchar)*p >= 0x20 || *p == '\n' || *p == '\t')
			g_string_append_c(out, *p);
	}
}

static gint64 tenth(double value)
{
	return (gint64)lround(CLAMP(value, -1e6, 1e6) * 10);
}

/* One point relative to the last, in the shortest form. Rounded positions are subtracted, so errors do
 * not add up along the path. */
static void put_step(GString *out, gint64 dx, gint64 dy, char *last)
{
	char letter = dy == 0 ? 'h' : dx == 0 ? 'v' : 'l';
	gsize before = out->len;
	if (*last != letter)
		g_string_append_c(out, letter);
	gboolean bare = *last == letter;
	if (bare && !((letter == 'v' ? dy : dx) < 0))
		g_string_append_c(out, ' ');
	put(out, (double)(letter == 'v' ? dy : dx) / 10);
	if (letter == 'l') {
		if (dy >= 0)
			g_string_append_c(out, ' ');
		put(out, (double)dy / 10);
	}
	*last = out->len > before ? letter : *last;
}

static void put_path(GString *out, const cairo_path_t *path)
{
	gint64 x = 0, y = 0;
	char last = 0;
	for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
		const cairo_path_data_t *d = &path->data[i];
		guint n = d->header.type == CAIRO_PATH_CURVE_TO ? 3 : d->header.type == CAIRO_PATH_CLOSE_PATH ? 0 : 1;
		gint64 px = n ? tenth(d[n].point.x) : x, py = n ? tenth(d[n].point.y) : y;
		if (d->header.type == CAIRO_PATH_MOVE_TO) {
			/* Cairo repeats the start after a closed path; only the last of several moves counts. */
			gboolean idle = i + d->header.length >= path->num_data ||
							path->data[i + d->header.length].header.type == CAIRO_PATH_MOVE_TO;
			if (idle)
				continue;
			g_string_append_c(out, 'M');
			put(out, d[1].point.x);
			g_string_append_c(out, ' ');
			put(out, d[1].point.y);
			last = 'M';
		} else if (d->header.type == CAIRO_PATH_LINE_TO) {
			if (px == x && py == y) {
				/* A line of no length is a dot where its ends are round. */
				if (last == 'M') {
					g_string_append(out, "h0");
					last = 'h';
				}
				continue;
			}
			put_step(out, px - x, py - y, &last);
		} else if (d->header.type == CAIRO_PATH_CURVE_TO) {
			g_string_append_c(out, 'C');
			for (guint k = 1; k <= 3; k++) {
				if (k > 1)
					g_string_append_c(out, ' ');
				put(out, d[k].point.x);
				g_string_append_c(out, ' ');
				put(out, d[k].point.y);
			}
			last = 'C';
		} else {
			g_string_append_c(out, 'z');
			last = 'z';
		}
		x = px;
		y = py;
	}
}

/* How the reader's keyboard goes through the marks: each by itself where they are few, else by section. */
typedef struct {
	GString *out;
	const StetScene *scene;
	gboolean each;
	guint first, last; /* without sections: the marks that make one stop, first > last: none */
} Writer;

static gboolean is_stop(const ChartMark *mark)
{
	return mark->tip && mark->role != ROLE_HIT;
}

static void plan_stops(Writer *writer)
{
	const GArray *marks = writer->scene->marks;
	guint stops = 0;
	writer->first = 1;
	for (guint i = 0; i < marks->len; i++)
		if (is_stop(&g_array_index(marks, ChartMark, i))) {
			writer->first = stops++ ? writer->first : i;
			writer->last = i;
		}
	writer->each = stops <= STOPS_MAX;
	if (writer->each || writer->scene->sections->len > 0) {
		writer->first = 1;
		writer->last = 0;
	}
}

/* WAI-ARIA Graphics Module: a symbol is a mark that has a meaning by itself. */
static void put_tip(const Writer *writer, const ChartMark *mark, const char *element)
{
	if (!mark->tip) {
		g_string_append(writer->out, "/>");
		return;
	}
	if (writer->each && is_stop(mark))
		g_string_append(writer->out, " tabindex=\"0\" role=\"graphics-symbol\"");
	g_string_append(writer->out, "><title>");
	put_text(writer->out, mark->tip);
	g_string_append_printf(writer->out, "</title></%s>", element);
}

/* The unseen strips of a line chart are its most numerous marks: the shortest form. */
static void put_strip(const Writer *writer, const ChartMark *mark)
{
	GString *out = writer->out;
	double wide = (double)(tenth(mark->x + mark->w) - tenth(mark->x)) / 10;
	g_string_append(out, "<path d=\"M");
	put(out, mark->x);
	g_string_append_c(out, ' ');
	put(out, mark->y);
	g_string_append_c(out, 'h');
	put(out, wide);
	g_string_append_c(out, 'v');
	put(out, mark->h);
	g_string_append_c(out, 'h');
	put(out, -wide);
	g_string_append(out, "z\"");
	put_tip(writer, mark, "path");
}

static void put_rect(const Writer *writer, const ChartMark *mark)
{
	/* Edges are rounded, not sizes, so that neighbours still meet. */
	GString *out = writer->out;
	g_string_append(out, "<rect");
	put_attribute(out, "x", mark->x);
	put_attribute(out, "y", mark->y);
	put_attribute(out, "width", (double)(tenth(mark->x + mark->w) - tenth(mark->x)) / 10);
	put_attribute(out, "height", (double)(tenth(mark->y + mark->h) - tenth(mark->y)) / 10);
	put_tip(writer, mark, "rect");
}

static void put_mark(const Writer *writer, const ChartMark *mark)
{
	GString *out = writer->out;
	switch ((ChartMarkKind)mark->kind) {
	case MARK_RECT:
		(mark->role == ROLE_HIT ? put_strip : put_rect)(writer, mark);
		break;
	case MARK_CIRCLE:
		g_string_append(out, "<circle");
		put_attribute(out, "cx", mark->x);
		put_attribute(out, "cy", mark->y);
		put_attribute(out, "r", mark->w);
		put_tip(writer, mark, "circle");
		break;
	case MARK_PATH:
		g_string_append(out, "<path d=\"");
		put_path(out, mark->path);
		g_string_append_c(out, '"');
		put_tip(writer, mark, "path");
		break;
	case MARK_TEXT:
		g_string_append(out, "<text");
		put_attribute(out, "x", mark->x);
		put_attribute(out, "y", mark->y);
		if (mark->turned)
			g_string_append_printf(out, " transform=\"rotate(-90 %.0f %.0f)\"", mark->x, mark->y);
		g_string_append_c(out, '>');
		put_text(out, mark->text);
		g_string_append(out, "</text>");
		break;
	}
}

static gboolean same_group(const ChartMark *a, const ChartMark *b)
{
	return a->role == b->role && a->ink == b->ink && (a->kind == MARK_TEXT) == (b->kind == MARK_TEXT) &&
		   a->anchor == b->anchor && !a->tip == !b->tip && a->section == b->section;
}

/* Text that only repeats the marks' own words - axes, labels, keys - is not read out; a shape without a title
 * has no voice anyway (SVG-AAM). */
static void open_group(GString *out, const ChartMark *mark)
{
	static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
	const char *ink = chart_ink_class(mark->ink);
	g_string_append_printf(out, "<g class=\"%s%s%s\"%s%s>", chart_looks[mark->role].class_, *ink ? " " : "",
						   ink, mark->kind == MARK_TEXT ? anchors[mark->anchor] : "",
						   mark->kind != MARK_TEXT || mark->role == ROLE_NOTE ? "" : " aria-hidden=\"true\"");
}

/* The name of the section that begins with mark `i`, or NULL. */
static const char *section_at(const Writer *writer, const ChartMark *marks, guint i)
{
	if (writer->each)
		return NULL;
	if (i == writer->first && writer->first <= writer->last)
		return stet_scene_description(writer->scene);
	guint section = marks[i].section;
	return section && (i == 0 || marks[i - 1].section != section)
			   ? writer->scene->sections->pdata[section - 1]
			   : NULL;
}

static gboolean section_ends(const Writer *writer, const ChartMark *marks, guint i)
{
	if (writer->each)
		return FALSE;
	if (writer->first <= writer->last)
		return i == writer->last;
	return marks[i].section &&
		   (i + 1 == writer->scene->marks->len || marks[i + 1].section != marks[i].section);
}

static void put_marks(const Writer *writer)
{
	const ChartMark *marks = (const ChartMark *)(gconstpointer)writer->scene->marks->data;
	gboolean open = FALSE;
	for (guint i = 0; i < writer->scene->marks->len; i++) {
		const char *section = section_at(writer, marks, i);
		if (open && (section || !same_group(&marks[i - 1], &marks[i]))) {
			g_string_append(writer->out, "</g>");
			open = FALSE;
		}
		if (section) {
			g_string_append(writer->out, "<g tabindex=\"0\" role=\"graphics-object\" aria-label=\"");
			put_text(writer->out, section);
			g_string_append(writer->out, "\">");
		}
		if (!open)
			open_group(writer->out, &marks[i]);
		open = TRUE;
		put_mark(writer, &marks[i]);
		if (section_ends(writer, marks, i)) {
			g_string_append(writer->out, "</g></g>");
			open = FALSE;
		}
	}
	if (open)
		g_string_append(writer->out, "</g>");
}

static void write_one(const StetScene *scene, const char *width, const char *id, GString *out)
{
	char letter = width[0];
	Writer writer = {.out = out, .scene = scene};
	plan_stops(&writer);
	g_string_append_printf(out,
						   "<svg class=\"chart %s\" viewBox=\"0 0 %.0f %.0f\" role=\"group\" "
						   "aria-labelledby=\"%s-%c-t %s-%c-d\"><title id=\"%s-%c-t\">",
						   width, scene->width, scene->height, id, letter, id, letter, id, letter);
	put_text(out, scene->title ? scene->title : scene->type);
	g_string_append_printf(out, "</title><desc id=\"%s-%c-d\">", id, letter);
	put_text(out, stet_scene_description(scene));
	g_string_append(out, "</desc>");
	put_marks(&writer);
	g_string_append(out, "</svg>");
}

void stet_scene_write_inline(const StetScene *wide, const StetScene *narrow, const char *id, GString *out)
{
	g_string_append_printf(out, "<div class=\"chart-frame chart-%s\">", wide->type);
	write_one(wide, "wide", id, out);
	if (narrow)
		write_one(narrow, "narrow", id, out);
	g_string_append(out, "</div>");
}
