/* The inline SVG writer: geometry as attributes, everything else by class, so that the page's style
 * sheet, dark mode and the reader's settings decide the looks. */
#include "scene.h"

#include <math.h>
#include <string.h>

#define SWARM_MAX 4096 /* px, of a scene that a swarm is in */
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

/* A text that stands on y, or begins at x, with all others of its group: the group says it once. */
typedef enum { SHARED_NONE, SHARED_X, SHARED_Y } Shared;

/* One layout being written. */
typedef struct Writer Writer;
struct Writer {
	GString *out;
	const StetScene *scene;
	const char *id;
	const ChartMark **marks; /* in the order that they are written in */
	guint n;
	gboolean each;       /* the Tab key stops at each mark, as they are few; else at each section */
	guint first, last;   /* without sections: the marks that make one stop, first > last: none */
	const Writer *other; /* the wide layout, whose strips the narrow one uses again; NULL: no strips are shared */
	guint n_strips;      /* groups of strips written */
};

static gboolean is_stop(const ChartMark *mark)
{
	return mark->tip && mark->role != ROLE_HIT;
}

/* Texts come after the shapes of their section, by kind: fewer groups, the same picture. A note stays where it
 * is, as its halo hides what lies under it. */
static guint rank_of(const ChartMark *mark)
{
	gboolean last = mark->kind == MARK_TEXT && mark->role != ROLE_NOTE;
	return last ? 1 + mark->role * 4u + mark->anchor : 0;
}

static int compare_marks(gconstpointer a, gconstpointer b, gpointer data)
{
	const ChartMark *const *one = a, *const *two = b;
	guint first = rank_of(*one), second = rank_of(*two);
	(void)data;
	return first != second ? (first < second ? -1 : 1) : (*one < *two ? -1 : *one > *two);
}

static void order_marks(Writer *writer)
{
	const GArray *marks = writer->scene->marks;
	writer->n = marks->len;
	writer->marks = g_new(const ChartMark *, marks->len + 1);
	for (guint i = 0; i < marks->len; i++)
		writer->marks[i] = &g_array_index(marks, ChartMark, i);
	for (guint i = 0, end; i < writer->n; i = end) {
		for (end = i + 1; end < writer->n && writer->marks[end]->section == writer->marks[i]->section;)
			end++;
		g_qsort_with_data(writer->marks + i, (gint)(end - i), sizeof *writer->marks, compare_marks, NULL);
	}
}

static void plan_stops(Writer *writer)
{
	guint stops = 0;
	writer->first = 1;
	for (guint i = 0; i < writer->n; i++)
		if (is_stop(writer->marks[i])) {
			writer->first = stops++ ? writer->first : i;
			writer->last = i;
		}
	writer->each = stops <= STOPS_MAX;
	if (writer->each || writer->scene->sections->len > 0) {
		writer->first = 1;
		writer->last = 0;
	}
}

/* ---- marks ------------------------------------------------------------------------------------ */

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

/* A quarter of a circle, clockwise. */
static void put_corner(GString *out, double r, int dx, int dy)
{
	if (r <= 0)
		return;
	g_string_append_c(out, 'a');
	put(out, r);
	g_string_append_c(out, ' ');
	put(out, r);
	g_string_append(out, " 0 0 1 ");
	put(out, dx * r);
	g_string_append_c(out, ' ');
	put(out, dy * r);
}

/* A rectangle in its shortest form. Edges are rounded, not sizes, so that neighbours still meet; those of the
 * unseen strips, the most numerous marks of a line chart, to whole px. */
static void put_rect(const Writer *writer, const ChartMark *mark)
{
	GString *out = writer->out;
	double unit = mark->role == ROLE_HIT ? 1 : 0.1;
	double x0 = round(mark->x / unit) * unit, x1 = round((mark->x + mark->w) / unit) * unit;
	double y0 = round(mark->y / unit) * unit, y1 = round((mark->y + mark->h) / unit) * unit;
	double r = floor(chart_mark_corners(writer->scene, mark) * 10) / 10;
	g_string_append(out, " d=\"M");
	put(out, x0 + r);
	g_string_append_c(out, ' ');
	put(out, y0);
	g_string_append_c(out, 'h');
	put(out, x1 - x0 - 2 * r);
	put_corner(out, r, 1, 1);
	g_string_append_c(out, 'v');
	put(out, y1 - y0 - 2 * r);
	put_corner(out, r, -1, 1);
	g_string_append_c(out, 'h');
	put(out, x0 - x1 + 2 * r);
	put_corner(out, r, -1, -1);
	if (r > 0) {
		g_string_append_c(out, 'v');
		put(out, y0 - y1 + 2 * r);
		put_corner(out, r, 1, -1);
	}
	g_string_append(out, "z\"");
	put_tip(writer, mark, "path");
}

static void put_words(const Writer *writer, const ChartMark *mark, Shared shared)
{
	GString *out = writer->out;
	/* Whole px, to which browsers set the baseline anyway. */
	if (shared != SHARED_X)
		put_attribute(out, "x", round(mark->x));
	if (shared != SHARED_Y)
		put_attribute(out, "y", round(mark->y));
	if (mark->turned)
		g_string_append_printf(out, " transform=\"rotate(-90 %.0f %.0f)\"", mark->x, mark->y);
	g_string_append_c(out, '>');
	put_text(out, mark->text);
	g_string_append(out, "</text>");
}

/* The dots of a swarm, from left to right, in steps of whole px; those on the same spot once, as the path is painted
 * at once. One bit a px says where they are. */
static void put_swarm(GString *out, const StetScene *scene, const cairo_path_t *path)
{
	guint wide = (guint)CLAMP(scene->width, 0, SWARM_MAX) + 1, tall = (guint)CLAMP(scene->height, 0, SWARM_MAX) + 1;
	g_autofree guint8 *bits = g_malloc0((gsize)wide * tall / 8 + 1);
	for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
		const cairo_path_data_t *d = &path->data[i];
		if (d->header.type != CAIRO_PATH_LINE_TO)
			continue;
		gsize at = (gsize)lround(CLAMP(d[1].point.x, 0, wide - 1)) * tall + (gsize)lround(CLAMP(d[1].point.y, 0, tall - 1));
		bits[at / 8] |= (guint8)(1u << at % 8);
	}
	int x = 0, y = 0;
	for (gsize at = 0; at < (gsize)wide * tall; at++) {
		if (bits[at / 8] == 0) {
			at |= 7;
			continue;
		}
		if (!(bits[at / 8] >> at % 8 & 1))
			continue;
		int to_x = (int)(at / tall), to_y = (int)(at % tall);
		g_string_append_c(out, 'm');
		put(out, to_x - x);
		if (to_y >= y)
			g_string_append_c(out, ' ');
		put(out, to_y - y);
		g_string_append(out, "h0");
		x = to_x;
		y = to_y;
	}
}

/* `own`: the mark says its ink, its group does not. */
static void put_mark(const Writer *writer, const ChartMark *mark, gboolean own, Shared shared)
{
	static const char *const elements[] = {
		[MARK_RECT] = "<path", [MARK_CIRCLE] = "<circle", [MARK_PATH] = "<path", [MARK_TEXT] = "<text"};
	GString *out = writer->out;
	const char *ink = own ? chart_ink_class(mark->ink) : "";
	g_string_append(out, elements[mark->kind]);
	if (*ink)
		g_string_append_printf(out, " class=\"%s\"", ink);
	switch ((ChartMarkKind)mark->kind) {
	case MARK_RECT:
		put_rect(writer, mark);
		break;
	case MARK_CIRCLE:
		put_attribute(out, "cx", mark->x);
		put_attribute(out, "cy", mark->y);
		put_attribute(out, "r", mark->w);
		put_tip(writer, mark, "circle");
		break;
	case MARK_PATH:
		g_string_append(out, " d=\"");
		if (mark->role == ROLE_SWARM)
			put_swarm(out, writer->scene, mark->path);
		else
			put_path(out, mark->path);
		g_string_append_c(out, '"');
		put_tip(writer, mark, "path");
		break;
	case MARK_TEXT:
		put_words(writer, mark, shared);
		break;
	}
}

/* ---- groups ----------------------------------------------------------------------------------- */

static gboolean same_group(const ChartMark *a, const ChartMark *b)
{
	return a->role == b->role && (a->kind == MARK_TEXT) == (b->kind == MARK_TEXT) && a->anchor == b->anchor &&
		   a->section == b->section;
}

/* The group that begins at `i` ends before this. Inks change within it if that is shorter than a group for
 * each ink. */
static guint group_end(const Writer *writer, guint i, gboolean *mixed)
{
	const ChartMark **marks = writer->marks;
	guint end = i + 1, changes = 0, ink_end = 0;
	for (; end < writer->n && same_group(marks[i], marks[end]); end++) {
		/* What makes one stop of several groups must begin and end one. */
		if (writer->first <= writer->last && (end == writer->first || end == writer->last + 1))
			break;
		if (marks[end]->ink != marks[end - 1]->ink) {
			changes++;
			ink_end = ink_end ? ink_end : end;
		}
	}
	*mixed = changes * (marks[i]->kind == MARK_TEXT ? 60 : 25) > (end - i) * 11;
	return changes > 0 && !*mixed ? ink_end : end;
}

static Shared shared_place(const Writer *writer, guint i, guint end)
{
	gboolean x = TRUE, y = TRUE;
	for (guint k = i; k < end; k++) {
		x = x && !writer->marks[k]->turned && round(writer->marks[k]->x) == round(writer->marks[i]->x);
		y = y && !writer->marks[k]->turned && round(writer->marks[k]->y) == round(writer->marks[i]->y);
	}
	return writer->marks[i]->kind != MARK_TEXT || end - i < 4 ? SHARED_NONE
		   : y											      ? SHARED_Y
		   : x											      ? SHARED_X
															  : SHARED_NONE;
}

/* Text that only repeats the marks' own words - axes, labels, keys - is not read out; a shape without a title
 * has no voice anyway (SVG-AAM). */
static void open_group(GString *out, const ChartMark *mark, gboolean mixed, Shared shared)
{
	static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
	const char *ink = mixed ? "" : chart_ink_class(mark->ink);
	g_string_append_printf(out, "<g class=\"%s%s%s\"%s%s", chart_looks[mark->role].class_, *ink ? " " : "", ink,
						   mark->kind == MARK_TEXT ? anchors[mark->anchor] : "",
						   mark->kind != MARK_TEXT || mark->role == ROLE_NOTE ? "" : " aria-hidden=\"true\"");
	if (shared) {
		g_string_append(out, " transform=\"translate(");
		put(out, shared == SHARED_X ? round(mark->x) : 0);
		g_string_append_c(out, ' ');
		put(out, shared == SHARED_Y ? round(mark->y) : 0);
		g_string_append(out, ")\"");
	}
}

/* ---- strips: unseen, each with the values of a position on x --------------------------------- */

/* The strips of group `index`, counted from 1; their number in `n`. */
static const ChartMark **find_strips(const Writer *writer, guint index, guint *n)
{
	for (guint i = 0, end; i < writer->n; i = end) {
		for (end = i + 1; end < writer->n && same_group(writer->marks[i], writer->marks[end]);)
			end++;
		if (writer->marks[i]->role == ROLE_HIT && --index == 0) {
			*n = end - i;
			return writer->marks + i;
		}
	}
	return NULL;
}

/* The narrow layout's strips as the wide one's, moved: the same values at the same places along x. */
static gboolean put_use(const Writer *writer, guint index, const ChartMark **strips, guint n)
{
	guint n_wide = 0;
	const ChartMark **wide = writer->other ? find_strips(writer->other, index, &n_wide) : NULL;
	if (!wide || n_wide != n || n < 2)
		return FALSE;
	const ChartMark *a = wide[0], *b = wide[n - 1], *c = strips[0], *d = strips[n - 1];
	double along = (d->x + d->w - c->x) / fmax(b->x + b->w - a->x, 1), down = c->h / fmax(a->h, 1);
	for (guint i = 0; i < n; i++)
		if (g_strcmp0(wide[i]->tip, strips[i]->tip) != 0 ||
			fabs(c->x + (wide[i]->x - a->x) * along - strips[i]->x) > 1)
			return FALSE;
	char numbers[4][G_ASCII_DTOSTR_BUF_SIZE];
	const double values[] = {along, down, c->x - a->x * along, c->y - a->y * down};
	for (guint i = 0; i < G_N_ELEMENTS(values); i++)
		g_ascii_formatd(numbers[i], sizeof numbers[i], i < 2 ? "%.4g" : "%.1f", values[i]);
	g_string_append_printf(writer->out, "<use href=\"#%s-h%u\" transform=\"matrix(%s 0 0 %s %s %s)\"/>", writer->id,
						   index, numbers[0], numbers[1], numbers[2], numbers[3]);
	return TRUE;
}

/* The marks from `i` up to `end`, which make one group. */
static void put_group(Writer *writer, guint i, guint end, gboolean mixed)
{
	Shared shared = shared_place(writer, i, end);
	guint strips = writer->marks[i]->role == ROLE_HIT ? ++writer->n_strips : 0;
	if (strips && put_use(writer, strips, writer->marks + i, end - i))
		return;
	open_group(writer->out, writer->marks[i], mixed, shared);
	if (strips && !writer->other)
		g_string_append_printf(writer->out, " id=\"%s-h%u\"", writer->id, strips);
	g_string_append_c(writer->out, '>');
	for (; i < end; i++)
		put_mark(writer, writer->marks[i], mixed, shared);
	g_string_append(writer->out, "</g>");
}

/* ---- sections ---------------------------------------------------------------------------------- */

/* The name of the section that begins with mark `i`, or NULL. */
static const char *section_at(const Writer *writer, guint i)
{
	if (writer->each)
		return NULL;
	if (i == writer->first && writer->first <= writer->last)
		return stet_scene_description(writer->scene);
	guint section = writer->marks[i]->section;
	return section && (i == 0 || writer->marks[i - 1]->section != section)
			   ? writer->scene->sections->pdata[section - 1]
			   : NULL;
}

/* Whether the section ends before mark `end`. */
static gboolean section_ends(const Writer *writer, guint end)
{
	if (writer->each)
		return FALSE;
	if (writer->first <= writer->last)
		return end == writer->last + 1;
	guint section = writer->marks[end - 1]->section;
	return section && (end == writer->n || writer->marks[end]->section != section);
}

static void put_marks(Writer *writer)
{
	gboolean mixed = FALSE;
	for (guint i = 0, end; i < writer->n; i = end) {
		const char *section = section_at(writer, i);
		if (section) {
			g_string_append(writer->out, "<g tabindex=\"0\" role=\"graphics-object\" aria-label=\"");
			put_text(writer->out, section);
			g_string_append(writer->out, "\">");
		}
		end = group_end(writer, i, &mixed);
		put_group(writer, i, end, mixed);
		if (section_ends(writer, end))
			g_string_append(writer->out, "</g>");
	}
}

/* Both layouts are named and described by the wide one's words, which need not be shown to be read out. */
static void write_one(Writer *writer, const char *width)
{
	GString *out = writer->out;
	const char *id = writer->id;
	order_marks(writer);
	plan_stops(writer);
	g_string_append_printf(
		out, "<svg class=\"chart %s\" viewBox=\"0 0 %.0f %.0f\" role=\"group\" aria-labelledby=\"%s-t %s-d\">", width,
		writer->scene->width, writer->scene->height, id, id);
	if (!writer->other) {
		g_string_append_printf(out, "<title id=\"%s-t\">", id);
		put_text(out, writer->scene->title ? writer->scene->title : writer->scene->type);
		g_string_append_printf(out, "</title><desc id=\"%s-d\">", id);
		put_text(out, stet_scene_description(writer->scene));
		g_string_append(out, "</desc>");
	}
	put_marks(writer);
	g_string_append(out, "</svg>");
}

void stet_scene_write_inline(const StetScene *wide, const StetScene *narrow, const char *id, GString *out)
{
	Writer one = {.out = out, .scene = wide, .id = id}, two = {.out = out, .scene = narrow, .id = id, .other = &one};
	g_string_append_printf(out, "<div class=\"chart-frame chart-%s\">", wide->type);
	write_one(&one, "wide");
	if (narrow)
		write_one(&two, "narrow");
	g_string_append(out, "</div>");
	g_free(one.marks);
	g_free(two.marks);
}
