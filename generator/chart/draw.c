/* The file writer: the scene painted by Cairo as PNG and PDF, and its paths written as SVG. */
#include "outline.h"
#include "png.h"
#include "spec.h"
#include "theme.h"

#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

#define MARGIN 24.0 /* px around the chart */
#define PIXELS 2.0  /* PNG pixels a px */
#define POINTS 0.75 /* PDF points a px */
#define PNG_PIXELS_MAX (64 * 1000 * 1000)

/* A picture: the scene with its caption above and source below. */
typedef struct {
	const StetScene *scene;
	const StetTheme *theme;
	StetPen *pen;
	GPtrArray *caption, *subhead, *source; /* lines, or NULL */
	double width, height, top;   /* whole size; where the scene begins */
	double shrink;               /* of the scene where it must fit a given height, 0-1 */
} Picture;

static GPtrArray *wrap(const Picture *picture, ChartFont font, const char *text)
{
	return text && *text ? chart_pen_wrap(picture->pen, font, text, picture->scene->width, 4) : NULL;
}

static double lines_height(ChartFont font, const GPtrArray *lines)
{
	return lines ? lines->len * chart_fonts[font].line : 0;
}

static void compose(Picture *picture, const char *caption, const char *source)
{
	picture->caption = wrap(picture, FONT_TITLE, caption);
	picture->subhead = wrap(picture, FONT_LEAD, picture->scene->subhead);
	picture->source = wrap(picture, FONT_SMALL, source);
	picture->width = picture->scene->width + 2 * MARGIN;
	picture->top = MARGIN + lines_height(FONT_TITLE, picture->caption) + lines_height(FONT_LEAD, picture->subhead) +
				   (picture->caption || picture->subhead ? 6 : 0);
	picture->height = picture->top + picture->scene->height + MARGIN +
					  (picture->source ? lines_height(FONT_SMALL, picture->source) + 10 : 0);
}

/* The first baseline of the subtitle, and of the source: from the bottom, which a picture of a given size keeps. */
static double subhead_line(const Picture *picture)
{
	return MARGIN + lines_height(FONT_TITLE, picture->caption) + 13;
}

static double source_line(const Picture *picture)
{
	return picture->height - MARGIN - lines_height(FONT_SMALL, picture->source) + 12;
}

static void picture_clear(Picture *picture)
{
	g_clear_pointer(&picture->caption, g_ptr_array_unref);
	g_clear_pointer(&picture->subhead, g_ptr_array_unref);
	g_clear_pointer(&picture->source, g_ptr_array_unref);
}

static guint32 colour_of(const Picture *picture, const ChartMark *mark)
{
	const ChartLook *look = &chart_looks[mark->role];
	const StetTheme *theme = picture->theme;
	ChartInk ink = mark->ink ? (ChartInk)mark->ink : look->ink;
	if (mark->role == ROLE_ON_FILL && mark->ink)
		return theme->on[MODE_LIGHT][ink];
	if (mark->role == ROLE_STRONG)
		return theme->text[MODE_LIGHT][ink == INK_GREY ? INK_QUIET : ink];
	if (look->paint == PAINT_TEXT)
		return theme->ink[MODE_LIGHT][ink == INK_GREY ? INK_QUIET : look->ink];
	return theme->ink[MODE_LIGHT][ink];
}

/* Of a stroke, px: the theme has its own weight of lines. */
static double weight_of(const Picture *picture, const ChartLook *look)
{
	const ChartLook *line = &chart_looks[ROLE_LINE];
	gboolean themed = look == line || look == &chart_looks[ROLE_THIN] || look == &chart_looks[ROLE_PROJECTED];
	return themed ? look->width * picture->theme->line / line->width : look->width;
}

double chart_text_left(StetPen *pen, double x, ChartAnchor anchor)
{
	int width;
	pango_layout_get_size(pen->layout, &width, NULL);
	double px = (double)width / PANGO_SCALE;
	return x - (anchor == ANCHOR_START ? 0 : anchor == ANCHOR_END ? px : px / 2);
}

static void shape(cairo_t *cr, const StetScene *scene, const ChartMark *mark)
{
	double r = mark->kind == MARK_RECT ? chart_mark_corners(scene, mark) : 0;
	cairo_new_path(cr);
	if (r > 0) {
		cairo_arc(cr, mark->x + mark->w - r, mark->y + r, r, -G_PI / 2, 0);
		cairo_arc(cr, mark->x + mark->w - r, mark->y + mark->h - r, r, 0, G_PI / 2);
		cairo_arc(cr, mark->x + r, mark->y + mark->h - r, r, G_PI / 2, G_PI);
		cairo_arc(cr, mark->x + r, mark->y + r, r, G_PI, 1.5 * G_PI);
		cairo_close_path(cr);
	} else if (mark->kind == MARK_RECT)
		cairo_rectangle(cr, mark->x, mark->y, mark->w, mark->h);
	else if (mark->kind == MARK_CIRCLE)
		cairo_arc(cr, mark->x, mark->y, mark->w, 0, 2 * G_PI);
	else
		cairo_append_path(cr, mark->path);
}

/* ---- Cairo ---------------------------------------------------------------------------------- */

static void set_colour(cairo_t *cr, guint32 rgb, double opacity)
{
	cairo_set_source_rgba(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0,
						  opacity);
}

static void paint_text(cairo_t *cr, StetPen *pen, ChartFont font, const char *text, double x, double y,
					   ChartAnchor anchor, guint32 rgb)
{
	chart_set_layout(pen, font, text);
	pango_cairo_update_layout(cr, pen->layout);
	double left = chart_text_left(pen, x, anchor),
		   top = y - (double)pango_layout_get_baseline(pen->layout) / PANGO_SCALE;
	set_colour(cr, rgb, 1);
	cairo_move_to(cr, left, top);
	pango_cairo_show_layout(cr, pen->layout);
}

/* Notes may cross lines: a rim of paper keeps them legible. */
static void paint_rim(const Picture *picture, cairo_t *cr, const ChartMark *mark)
{
	StetPen *pen = picture->pen;
	chart_set_layout(pen, chart_looks[mark->role].font, mark->text);
	pango_cairo_update_layout(cr, pen->layout);
	cairo_move_to(cr, chart_text_left(pen, 0, mark->anchor),
				  -(double)pango_layout_get_baseline(pen->layout) / PANGO_SCALE);
	pango_cairo_layout_path(cr, pen->layout);
	set_colour(cr, picture->theme->ink[MODE_LIGHT][INK_PAPER], 1);
	cairo_set_dash(cr, NULL, 0, 0);
	cairo_set_line_width(cr, 3);
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	cairo_stroke(cr);
}

#define PARTS 4 /* places of a stamp between two pixels, each way */

/* One dot of `radius` pixels as coverage, its centre `part` / PARTS past that of the middle pixel. */
static cairo_surface_t *make_stamp(double radius, guint part)
{
	int reach = (int)ceil(radius) + 1;
	cairo_surface_t *stamp = cairo_image_surface_create(CAIRO_FORMAT_A8, 2 * reach + 1, 2 * reach + 1);
	cairo_t *cr = cairo_create(stamp);
	guint right = part % PARTS, down = part / PARTS;
	cairo_arc(cr, reach + right / (double)PARTS, reach + down / (double)PARTS, radius, 0, 2 * G_PI);
	cairo_fill(cr);
	cairo_destroy(cr);
	cairo_surface_flush(stamp);
	return stamp;
}

/* Lays a stamp over what is there; `left`, `top` may lie outside. */
static void press(cairo_surface_t *onto, cairo_surface_t *stamp, int left, int top)
{
	int width = cairo_image_surface_get_width(onto), height = cairo_image_surface_get_height(onto);
	int size = cairo_image_surface_get_width(stamp);
	gsize onto_stride = (gsize)cairo_image_surface_get_stride(onto),
		  stamp_stride = (gsize)cairo_image_surface_get_stride(stamp);
	guint8 *under = cairo_image_surface_get_data(onto);
	const guint8 *over = cairo_image_surface_get_data(stamp);
	for (int y = MAX(0, -top); y < size && top + y < height; y++)
		for (int x = MAX(0, -left); x < size && left + x < width; x++) {
			guint8 *at = under + (gsize)(top + y) * onto_stride + (gsize)(left + x);
			guint a = over[(gsize)y * stamp_stride + (gsize)x];
			*at = (guint8)(a + *at * (255 - a) / 255);
		}
}

/* Dots pressed into pixels: a stroke each took five times as long. */
static void press_swarm(cairo_t *cr, const ChartMark *mark, const ChartLook *look, guint32 rgb)
{
	cairo_surface_t *target = cairo_get_target(cr), *stamps[PARTS * PARTS] = {NULL};
	cairo_surface_t *all = cairo_image_surface_create(CAIRO_FORMAT_A8, cairo_image_surface_get_width(target),
													  cairo_image_surface_get_height(target));
	double across = look->width / 2, none = 0;
	cairo_user_to_device_distance(cr, &across, &none);
	int reach = (int)ceil(across) + 1;
	cairo_surface_flush(all);
	for (int i = 0; i < mark->path->num_data; i += mark->path->data[i].header.length) {
		const cairo_path_data_t *d = &mark->path->data[i];
		if (d->header.type != CAIRO_PATH_LINE_TO)
			continue;
		double x = d[1].point.x, y = d[1].point.y;
		cairo_user_to_device(cr, &x, &y);
		long column = lround(x * PARTS), row = lround(y * PARTS);
		guint part = (guint)(column & (PARTS - 1)) + PARTS * (guint)(row & (PARTS - 1));
		if (!stamps[part])
			stamps[part] = make_stamp(across, part);
		press(all, stamps[part], (int)((column - (column & (PARTS - 1))) / PARTS) - reach,
			  (int)((row - (row & (PARTS - 1))) / PARTS) - reach);
	}
	cairo_surface_mark_dirty(all);
	cairo_save(cr);
	cairo_identity_matrix(cr);
	set_colour(cr, rgb, look->opacity);
	cairo_mask_surface(cr, all, 0, 0);
	cairo_restore(cr);
	for (guint i = 0; i < G_N_ELEMENTS(stamps); i++)
		g_clear_pointer(&stamps[i], cairo_surface_destroy);
	cairo_surface_destroy(all);
}

/* Each dot by itself, opaque, then all of them at once at their opacity: the same picture as one stroke along
 * the whole path, whose crossings Cairo would all have to find. */
static void paint_swarm(cairo_t *cr, const ChartMark *mark, const ChartLook *look, guint32 rgb)
{
	if (cairo_surface_get_type(cairo_get_target(cr)) == CAIRO_SURFACE_TYPE_IMAGE) {
		press_swarm(cr, mark, look, rgb);
		return;
	}
	cairo_push_group(cr);
	set_colour(cr, rgb, 1);
	cairo_set_dash(cr, NULL, 0, 0);
	cairo_set_line_width(cr, look->width);
	cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
	for (int i = 0; i < mark->path->num_data; i += mark->path->data[i].header.length) {
		const cairo_path_data_t *d = &mark->path->data[i];
		if (d->header.type != CAIRO_PATH_LINE_TO)
			continue;
		cairo_move_to(cr, d[1].point.x, d[1].point.y);
		cairo_line_to(cr, d[1].point.x, d[1].point.y);
		cairo_stroke(cr);
	}
	cairo_pop_group_to_source(cr);
	cairo_paint_with_alpha(cr, look->opacity);
}

static void paint_mark(const Picture *picture, cairo_t *cr, const ChartMark *mark)
{
	const ChartLook *look = &chart_looks[mark->role];
	guint32 rgb = colour_of(picture, mark);
	if (look->paint == PAINT_NONE)
		return;
	if (mark->kind == MARK_TEXT) {
		cairo_save(cr);
		cairo_translate(cr, mark->x, mark->y);
		cairo_rotate(cr, mark->turned ? -G_PI / 2 : 0);
		if (mark->role == ROLE_NOTE)
			paint_rim(picture, cr, mark);
		paint_text(cr, picture->pen, look->font, mark->text, 0, 0, mark->anchor, rgb);
		cairo_restore(cr);
		return;
	}
	if (mark->role == ROLE_SWARM &&
		cairo_surface_get_type(cairo_get_target(cr)) == CAIRO_SURFACE_TYPE_IMAGE) {
		paint_swarm(cr, mark, look, rgb);
		return;
	}
	shape(cr, picture->scene, mark);
	set_colour(cr, rgb, look->opacity);
	if (look->paint == PAINT_STROKE) {
		const double dashes[] = {look->dash, look->gap};
		cairo_set_dash(cr, dashes, look->dash > 0 ? 2 : 0, 0);
		cairo_set_line_width(cr, weight_of(picture, look));
		cairo_set_line_cap(cr,
						   look->width > 1 && look->dash <= 0 ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
		cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
		cairo_stroke(cr);
		return;
	}
	cairo_fill_preserve(cr);
	if (look->width > 0) {
		cairo_set_dash(cr, NULL, 0, 0);
		cairo_set_line_width(cr, look->width);
		set_colour(cr, picture->theme->ink[MODE_LIGHT][INK_PAPER], 1);
		cairo_stroke_preserve(cr);
	}
	cairo_new_path(cr);
}

static void paint_lines(const Picture *picture, cairo_t *cr, ChartFont font, const GPtrArray *lines, double y,
						ChartInk ink)
{
	for (guint i = 0; lines && i < lines->len; i++)
		paint_text(cr, picture->pen, font, lines->pdata[i], MARGIN, y + i * chart_fonts[font].line,
				   ANCHOR_START, picture->theme->ink[MODE_LIGHT][ink]);
}

static void paint(const Picture *picture, cairo_t *cr)
{
	set_colour(cr, picture->theme->ink[MODE_LIGHT][INK_PAPER], 1);
	cairo_paint(cr);
	paint_lines(picture, cr, FONT_TITLE, picture->caption, MARGIN + 15, INK_TEXT);
	paint_lines(picture, cr, FONT_LEAD, picture->subhead, subhead_line(picture), INK_QUIET);
	cairo_save(cr);
	cairo_translate(cr, MARGIN, picture->top);
	cairo_scale(cr, picture->shrink, picture->shrink);
	for (guint i = 0; i < picture->scene->marks->len; i++)
		paint_mark(picture, cr, &g_array_index(picture->scene->marks, ChartMark, i));
	cairo_restore(cr);
	paint_lines(picture, cr, FONT_SMALL, picture->source, source_line(picture), INK_QUIET);
}

static gboolean cairo_failed(cairo_status_t status, GError **error)
{
	if (status == CAIRO_STATUS_SUCCESS)
		return FALSE;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot draw the chart: %s",
				cairo_status_to_string(status));
	return TRUE;
}

static cairo_status_t append_bytes(void *closure, const unsigned char *data, unsigned int length)
{
	g_byte_array_append(closure, data, length);
	return CAIRO_STATUS_SUCCESS;
}

static GBytes *draw_pdf(const Picture *picture, GError **error)
{
	GByteArray *out = g_byte_array_new();
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append_bytes, out, picture->width * POINTS,
																   picture->height * POINTS);
	/* Cairo stamps the time of day unless it is told a date; an empty one leaves it out. */
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
								   picture->scene->title ? picture->scene->title : "");
	cairo_t *cr = cairo_create(surface);
	cairo_scale(cr, POINTS, POINTS);
	paint(picture, cr);
	cairo_show_page(cr);
	cairo_status_t status = cairo_status(cr);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	status = status ? status : cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (cairo_failed(status, error)) {
		g_byte_array_unref(out);
		return NULL;
	}
	return g_byte_array_free_to_bytes(out);
}

/* ---- PNG ------------------------------------------------------------------------------------ */

static GBytes *draw_png(const Picture *picture, double pixels, GError **error)
{
	/* A size given in pixels comes back whole in spite of the division before. */
	int width = (int)ceil(picture->width * pixels - 1e-6),
		height = (int)ceil(picture->height * pixels - 1e-6);
	if ((gint64)width * height > PNG_PIXELS_MAX) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the picture would be %d x %d pixels", width,
					height);
		return NULL;
	}
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	cairo_t *cr = cairo_create(surface);
	cairo_scale(cr, pixels, pixels);
	paint(picture, cr);
	cairo_status_t status = cairo_status(cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	GBytes *bytes = NULL;
	if (!cairo_failed(status, error))
		bytes = chart_png(cairo_image_surface_get_data(surface), width, height,
						  cairo_image_surface_get_stride(surface), error);
	cairo_surface_destroy(surface);
	return bytes;
}

/* ---- SVG ------------------------------------------------------------------------------------ */

static void put_look(GString *out, const Picture *picture, const ChartLook *look, guint32 rgb)
{
	if (look->paint == PAINT_STROKE) {
		g_string_append_printf(out, " fill=\"none\" stroke=\"#%06x\" stroke-width=\"", rgb);
		chart_put_number(out, weight_of(picture, look));
		g_string_append(out, "\" stroke-linejoin=\"round\"");
		if (look->opacity < 1) {
			g_string_append(out, " stroke-opacity=\"");
			chart_put_number(out, look->opacity);
			g_string_append_c(out, '"');
		}
		if (look->dash > 0)
			g_string_append_printf(out, " stroke-dasharray=\"%.0f %.0f\"", look->dash, look->gap);
		else if (look->width > 1)
			g_string_append(out, " stroke-linecap=\"round\"");
	} else {
		g_string_append_printf(out, " fill=\"#%06x\"", rgb);
		if (look->opacity < 1) {
			g_string_append(out, " fill-opacity=\"");
			chart_put_number(out, look->opacity);
			g_string_append_c(out, '"');
		}
		if (look->width > 0) {
			g_string_append_printf(out, " stroke=\"#%06x\" stroke-width=\"",
								   picture->theme->ink[MODE_LIGHT][INK_PAPER]);
			chart_put_number(out, look->width);
			g_string_append_c(out, '"');
		}
	}
	g_string_append(out, "/>\n");
}

static void put_lines(GString *out, ChartOutlines *outlines, const Picture *picture, ChartFont font,
					  const GPtrArray *lines, double y, ChartInk ink)
{
	for (guint i = 0; lines && i < lines->len; i++)
		chart_outline_text(outlines, out, font, lines->pdata[i], MARGIN, y + i * chart_fonts[font].line, ANCHOR_START,
						   FALSE, picture->theme->ink[MODE_LIGHT][ink]);
}

/* Written here and not by Cairo's SVG surface, whose ids count up over the whole process. */
static void put_scene(GString *out, ChartOutlines *outlines, const Picture *picture)
{
	g_string_append_printf(out, "<g transform=\"translate(%.0f %.0f)\">\n", MARGIN, picture->top);
	for (guint i = 0; i < picture->scene->marks->len; i++) {
		const ChartMark *mark = &g_array_index(picture->scene->marks, ChartMark, i);
		const ChartLook *look = &chart_looks[mark->role];
		if (look->paint == PAINT_NONE)
			continue;
		if (mark->kind == MARK_TEXT) {
			chart_outline_text(outlines, out, look->font, mark->text, mark->x, mark->y, mark->anchor, mark->turned,
							   colour_of(picture, mark));
			continue;
		}
		shape(picture->pen->path, picture->scene, mark);
		g_string_append(out, "<path d=\"");
		chart_outline_path(out, picture->pen->path);
		g_string_append_c(out, '"');
		put_look(out, picture, look, colour_of(picture, mark));
	}
	g_string_append(out, "</g>\n");
}

static GBytes *draw_svg(const Picture *picture)
{
	ChartOutlines outlines;
	GString *out = g_string_sized_new(16384);
	g_autoptr(GString) body = g_string_sized_new(16384);
	chart_outlines_init(&outlines, picture->pen);
	put_lines(body, &outlines, picture, FONT_TITLE, picture->caption, MARGIN + 15, INK_TEXT);
	put_lines(body, &outlines, picture, FONT_LEAD, picture->subhead, subhead_line(picture), INK_QUIET);
	put_scene(body, &outlines, picture);
	put_lines(body, &outlines, picture, FONT_SMALL, picture->source, source_line(picture), INK_QUIET);
	/* xlink, because many a program that imports SVG knows no plain href yet */
	g_string_append_printf(out,
						   "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
						   "width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n",
						   picture->width, picture->height, picture->width, picture->height);
	g_autofree char *title = g_markup_escape_text(picture->scene->title ? picture->scene->title : "", -1);
	g_autofree char *finding = g_markup_escape_text(stet_scene_description(picture->scene), -1);
	g_string_append_printf(
		out, "<title>%s</title><desc>%s</desc>\n<path d=\"M0 0H%.0fV%.0fH0Z\" fill=\"#%06x\"/>\n<defs>\n%s</defs>\n%s</svg>\n",
		title, finding, picture->width, picture->height, picture->theme->ink[MODE_LIGHT][INK_PAPER], outlines.shapes->str,
		body->str);
	chart_outlines_clear(&outlines);
	return g_string_free_to_bytes(out);
}

GBytes *stet_scene_draw(const StetScene *scene, const StetTheme *theme, StetPen *pen, StetFileKind kind,
						const char *caption, const char *source, GError **error)
{
	Picture picture = {.scene = scene, .theme = theme, .pen = pen, .shrink = 1};
	compose(&picture, caption, source);
	GBytes *bytes = kind == STET_FILE_SVG   ? draw_svg(&picture)
					: kind == STET_FILE_PNG ? draw_png(&picture, PIXELS, error)
											: draw_pdf(&picture, error);
	picture_clear(&picture);
	return bytes;
}

/* ---- pictures of a given size --------------------------------------------------------------- */

#define CARD_HEIGHT                                                                                          \
	315.0 /* px that a card's texts are made for: at 630 pixels twice the size of the page's */
#define PIXELS_LEAST 1.25 /* a px, so that a thumbnail's texts stay texts */

/* Lays the chart out for a box, its height the whole of it. Texts that need more room make it taller, and it
 * is laid out wider as well, to fill the box once it is shrunk. Events and notes are for those who read the
 * page. */
static StetScene *lay_out_within(const StetChart *chart, const StetChartData *data, const StetTheme *theme,
								 StetPen *pen, double width, double height)
{
	StetChart fitted = *chart;
	g_autoptr(StetDiagnostics) unheard = stet_diagnostics_new();
	double wide = width, tall = height;
	fitted.title = fitted.head = NULL;
	fitted.subtitle = chart->subtitle ? chart->subtitle : chart->subhead;
	fitted.subhead = NULL;
	fitted.n_events = fitted.n_notes = 0;
	fitted.height = fmax(height, 80);
	StetScene *scene = stet_chart_layout(&fitted, data, theme, pen, (StetWidth)width, unheard);
	for (int pass = 0; scene && pass < 2 && scene->height > tall + 0.5; pass++) {
		fitted.height = fmax(fitted.height - (scene->height - tall), 80);
		if (pass) {
			double share = fmin(scene->height / tall, 2);
			wide = floor(width * share);
			fitted.height += tall * (share - 1);
		}
		stet_scene_free(scene);
		scene = stet_chart_layout(&fitted, data, theme, pen, (StetWidth)wide, unheard);
	}
	return scene;
}

GBytes *stet_chart_picture(const StetChart *chart, const StetChartData *data, const StetTheme *theme,
						   StetPen *pen, guint width, guint height, const char *headline, const char *source,
						   GError **error)
{
	double pixels = fmax(PIXELS_LEAST, height / CARD_HEIGHT), inner = width / pixels - 2 * MARGIN;
	Picture picture = {.theme = theme, .pen = pen, .shrink = 1};
	if (inner < 120 || height / pixels < 160) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "a picture of %u x %u pixels is too small",
					width, height);
		return NULL;
	}
	StetScene measured = {.width = floor(inner)};
	picture.scene = &measured;
	compose(&picture, headline, source);
	double room = height / pixels - picture.height;
	StetScene *scene = lay_out_within(chart, data, theme, pen, measured.width, room);
	GBytes *bytes = NULL;
	if (scene) {
		picture.scene = scene;
		picture.width = width / pixels;
		picture.height = height / pixels;
		picture.shrink = fmin(measured.width / scene->width, room / scene->height);
		bytes = draw_png(&picture, pixels, error);
	} else {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the chart has faults");
	}
	picture_clear(&picture);
	stet_scene_free(scene);
	return bytes;
}

#define TITLE_PIXELS 3.5 /* a px at 630 pixels' height: words alone may be large */

GBytes *stet_title_picture(const StetTheme *theme, StetPen *pen, guint width, guint height, const char *title,
						   const char *text, const char *source, GError **error)
{
	double pixels = fmax(PIXELS_LEAST, height * TITLE_PIXELS / (2 * CARD_HEIGHT)), inner = floor(width / pixels - 2 * MARGIN);
	g_autoptr(GArray) no_marks = g_array_new(FALSE, FALSE, sizeof(ChartMark));
	StetScene empty = {.width = inner, .subhead = (char *)text, .marks = no_marks};
	Picture picture = {.scene = &empty, .theme = theme, .pen = pen, .shrink = 1};
	if (inner < 60) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "a picture of %u x %u pixels is too small", width, height);
		return NULL;
	}
	compose(&picture, title, source);
	picture.width = width / pixels;
	picture.height = height / pixels;
	GBytes *bytes = draw_png(&picture, pixels, error);
	picture_clear(&picture);
	return bytes;
}
