/* The file writer: the scene painted by Cairo as PNG and PDF, and its paths written as SVG. */
#include "pen.h"
#include "theme.h"

#include <cairo-pdf.h>
#include <math.h>
#include <string.h>
#include <zlib.h>

#define MARGIN 24.0 /* px around the chart */
#define PIXELS 2.0  /* PNG pixels a px */
#define POINTS 0.75 /* PDF points a px */
#define PNG_PIXELS_MAX (64 * 1000 * 1000)

/* A picture: the scene with its caption above and source below. */
typedef struct {
	const StetScene *scene;
	const StetTheme *theme;
	StetPen *pen;
	GPtrArray *caption, *source; /* lines, or NULL */
	double width, height, top;   /* whole size; where the scene begins */
} Picture;

static void compose(Picture *picture, const char *caption, const char *source)
{
	double width = picture->scene->width;
	picture->caption =
		caption && *caption ? chart_pen_wrap(picture->pen, FONT_TITLE, caption, width, 4) : NULL;
	picture->source = source && *source ? chart_pen_wrap(picture->pen, FONT_SMALL, source, width, 4) : NULL;
	picture->width = width + 2 * MARGIN;
	picture->top = MARGIN + (picture->caption ? picture->caption->len * chart_fonts[FONT_TITLE].line + 6 : 0);
	picture->height = picture->top + picture->scene->height + MARGIN +
					  (picture->source ? picture->source->len * chart_fonts[FONT_SMALL].line + 10 : 0);
}

static void picture_clear(Picture *picture)
{
	if (picture->caption)
		g_ptr_array_unref(picture->caption);
	if (picture->source)
		g_ptr_array_unref(picture->source);
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

static void set_layout(StetPen *pen, ChartFont font, const char *text)
{
	pango_layout_set_font_description(pen->layout, pen->fonts[font]);
	pango_layout_set_width(pen->layout, -1);
	pango_layout_set_single_paragraph_mode(pen->layout, TRUE);
	pango_layout_set_text(pen->layout, text, -1);
}

/* Where the layout's left end belongs, by its own width. */
static double text_left(StetPen *pen, double x, ChartAnchor anchor)
{
	int width;
	pango_layout_get_size(pen->layout, &width, NULL);
	double px = (double)width / PANGO_SCALE;
	return x - (anchor == ANCHOR_START ? 0 : anchor == ANCHOR_END ? px : px / 2);
}

static void shape(cairo_t *cr, const ChartMark *mark)
{
	cairo_new_path(cr);
	if (mark->kind == MARK_RECT)
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
	set_layout(pen, font, text);
	pango_cairo_update_layout(cr, pen->layout);
	double left = text_left(pen, x, anchor),
		   top = y - (double)pango_layout_get_baseline(pen->layout) / PANGO_SCALE;
	set_colour(cr, rgb, 1);
	cairo_move_to(cr, left, top);
	pango_cairo_show_layout(cr, pen->layout);
}

/* Notes may cross lines: a rim of paper keeps them legible. */
static void paint_rim(const Picture *picture, cairo_t *cr, const ChartMark *mark)
{
	StetPen *pen = picture->pen;
	set_layout(pen, chart_looks[mark->role].font, mark->text);
	pango_cairo_update_layout(cr, pen->layout);
	cairo_move_to(cr, text_left(pen, 0, mark->anchor),
				  -(double)pango_layout_get_baseline(pen->layout) / PANGO_SCALE);
	pango_cairo_layout_path(cr, pen->layout);
	set_colour(cr, picture->theme->ink[MODE_LIGHT][INK_PAPER], 1);
	cairo_set_dash(cr, NULL, 0, 0);
	cairo_set_line_width(cr, 3);
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	cairo_stroke(cr);
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
	shape(cr, mark);
	set_colour(cr, rgb, look->opacity);
	if (look->paint == PAINT_STROKE) {
		const double dashes[] = {look->dash, look->gap};
		cairo_set_dash(cr, dashes, look->dash > 0 ? 2 : 0, 0);
		cairo_set_line_width(cr, look->width);
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
	cairo_save(cr);
	cairo_translate(cr, MARGIN, picture->top);
	for (guint i = 0; i < picture->scene->marks->len; i++)
		paint_mark(picture, cr, &g_array_index(picture->scene->marks, ChartMark, i));
	cairo_restore(cr);
	paint_lines(picture, cr, FONT_SMALL, picture->source, picture->top + picture->scene->height + 22,
				INK_QUIET);
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

/* ---- PNG (ISO/IEC 15948) -------------------------------------------------------------------- */

static void put_chunk(GByteArray *out, const char *type, const guint8 *data, gsize length)
{
	guint32 size = GUINT32_TO_BE((guint32)length);
	uLong sum = crc32(0, (const Bytef *)type, 4);
	/* zlib takes a NULL buffer for a request to begin anew. */
	if (length)
		sum = crc32(sum, data, (uInt)length);
	guint32 check = GUINT32_TO_BE((guint32)sum);
	g_byte_array_append(out, (const guint8 *)&size, 4);
	g_byte_array_append(out, (const guint8 *)type, 4);
	if (length)
		g_byte_array_append(out, data, (guint)length);
	g_byte_array_append(out, (const guint8 *)&check, 4);
}

/* Cairo's rows (native-endian xRGB) as PNG scanlines of three bytes a pixel. No filter: on flat drawings it
 * gives both the smallest and the quickest result, as rows repeat within deflate's window. */
static guint8 *scanlines(const guint8 *pixels, int width, int height, int stride, gsize *length)
{
	gsize row = 1 + 3 * (gsize)width;
	guint8 *out = g_malloc(row * (gsize)height), *to = out;
	*length = row * (gsize)height;
	for (int y = 0; y < height; y++) {
		const guint32 *now = (const guint32 *)(gconstpointer)(pixels + (gsize)y * (gsize)stride);
		*to++ = 0;
		for (int x = 0; x < width; x++) {
			*to++ = (guint8)(now[x] >> 16);
			*to++ = (guint8)(now[x] >> 8);
			*to++ = (guint8)now[x];
		}
	}
	return out;
}

static GBytes *encode_png(const guint8 *pixels, int width, int height, int stride, GError **error)
{
	static const guint8 signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
	gsize length;
	g_autofree guint8 *raw = scanlines(pixels, width, height, stride, &length);
	z_stream z = {0};
	/* Level 1 is several times quicker than the default and costs a few percent of bytes on flat drawings. */
	if (deflateInit2(&z, 1, Z_DEFLATED, 15, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOMEM, "cannot compress the picture");
		return NULL;
	}
	uLong bound = deflateBound(&z, (uLong)length);
	g_autofree guint8 *packed = g_malloc(bound);
	z.next_in = raw;
	z.avail_in = (uInt)length;
	z.next_out = packed;
	z.avail_out = (uInt)bound;
	int result = deflate(&z, Z_FINISH);
	gsize written = z.total_out;
	deflateEnd(&z);
	if (result != Z_STREAM_END) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot compress the picture");
		return NULL;
	}
	guint32 head[2] = {GUINT32_TO_BE((guint32)width), GUINT32_TO_BE((guint32)height)};
	guint8 header[13] = {0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0}; /* 8 bits, RGB */
	memcpy(header, head, 8);
	GByteArray *out = g_byte_array_sized_new((guint)written + 100);
	g_byte_array_append(out, signature, sizeof signature);
	put_chunk(out, "IHDR", header, sizeof header);
	put_chunk(out, "IDAT", packed, written);
	put_chunk(out, "IEND", NULL, 0);
	return g_byte_array_free_to_bytes(out);
}

static GBytes *draw_png(const Picture *picture, GError **error)
{
	int width = (int)ceil(picture->width * PIXELS), height = (int)ceil(picture->height * PIXELS);
	if ((gint64)width * height > PNG_PIXELS_MAX) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the picture would be %d x %d pixels", width,
					height);
		return NULL;
	}
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	cairo_t *cr = cairo_create(surface);
	cairo_scale(cr, PIXELS, PIXELS);
	paint(picture, cr);
	cairo_status_t status = cairo_status(cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	GBytes *bytes = NULL;
	if (!cairo_failed(status, error))
		bytes = encode_png(cairo_image_surface_get_data(surface), width, height,
						   cairo_image_surface_get_stride(surface), error);
	cairo_surface_destroy(surface);
	return bytes;
}

/* ---- SVG ------------------------------------------------------------------------------------ */

/* Hundredths of a pixel, written by hand: outlines are nearly all numbers, and printf took half the time. */
static void put_number(GString *out, double value)
{
	char text[24], *p = text + sizeof text;
	gint64 hundredths = (gint64)(value < 0 ? value * 100 - 0.5 : value * 100 + 0.5);
	guint64 left = (guint64)ABS(hundredths);
	guint fraction = (guint)(left % 100);
	if (fraction % 10)
		*--p = (char)('0' + fraction % 10);
	if (fraction) {
		*--p = (char)('0' + fraction / 10);
		*--p = '.';
	}
	left /= 100;
	do
		*--p = (char)('0' + left % 10);
	while (left /= 10);
	if (hundredths < 0)
		*--p = '-';
	g_string_append_len(out, p, text + sizeof text - p);
}

static void put_outline(GString *out, cairo_t *cr)
{
	static const char letters[] = "MLCZ";
	cairo_path_t *path = cairo_copy_path(cr);
	g_string_append(out, "<path d=\"");
	for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
		gboolean idle = path->data[i].header.type == CAIRO_PATH_MOVE_TO && i + 2 >= path->num_data;
		if (idle)
			break;
		g_string_append_c(out, letters[path->data[i].header.type]);
		for (int k = 1; k < path->data[i].header.length; k++) {
			if (k > 1)
				g_string_append_c(out, ' ');
			put_number(out, path->data[i + k].point.x);
			g_string_append_c(out, ' ');
			put_number(out, path->data[i + k].point.y);
		}
	}
	g_string_append_c(out, '"');
	cairo_path_destroy(path);
	cairo_new_path(cr);
}

static void put_look(GString *out, const Picture *picture, const ChartLook *look, guint32 rgb)
{
	if (look->paint == PAINT_STROKE) {
		g_string_append_printf(out, " fill=\"none\" stroke=\"#%06x\" stroke-width=\"", rgb);
		put_number(out, look->width);
		g_string_append(out, "\" stroke-linejoin=\"round\"");
		if (look->opacity < 1) {
			g_string_append(out, " stroke-opacity=\"");
			put_number(out, look->opacity);
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
			put_number(out, look->opacity);
			g_string_append_c(out, '"');
		}
		if (look->width > 0) {
			g_string_append_printf(out, " stroke=\"#%06x\" stroke-width=\"",
								   picture->theme->ink[MODE_LIGHT][INK_PAPER]);
			put_number(out, look->width);
			g_string_append_c(out, '"');
		}
	}
	g_string_append(out, "/>\n");
}

static void put_text_outline(GString *out, const Picture *picture, ChartFont font, const char *text, double x,
							 double y, ChartAnchor anchor, gboolean turned, guint32 rgb)
{
	cairo_t *cr = picture->pen->path;
	cairo_new_path(cr);
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_rotate(cr, turned ? -G_PI / 2 : 0);
	set_layout(picture->pen, font, text);
	pango_cairo_update_layout(cr, picture->pen->layout);
	cairo_move_to(cr, text_left(picture->pen, 0, anchor), 0);
	cairo_rel_move_to(cr, 0, -(double)pango_layout_get_baseline(picture->pen->layout) / PANGO_SCALE);
	pango_cairo_layout_path(cr, picture->pen->layout);
	cairo_restore(cr);
	put_outline(out, cr);
	g_string_append_printf(out, " fill=\"#%06x\"/>\n", rgb);
}

static void put_lines(GString *out, const Picture *picture, ChartFont font, const GPtrArray *lines, double y,
					  ChartInk ink)
{
	for (guint i = 0; lines && i < lines->len; i++)
		put_text_outline(out, picture, font, lines->pdata[i], MARGIN, y + i * chart_fonts[font].line,
						 ANCHOR_START, FALSE, picture->theme->ink[MODE_LIGHT][ink]);
}

/* Written here and not by Cairo's SVG surface, whose ids count up over the whole process. */
static GBytes *draw_svg(const Picture *picture)
{
	GString *out = g_string_sized_new(16384);
	g_string_append_printf(
		out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f "
		"%.0f\" role=\"img\">\n",
		picture->width, picture->height, picture->width, picture->height);
	g_autofree char *title = g_markup_escape_text(picture->scene->title ? picture->scene->title : "", -1);
	g_autofree char *finding = g_markup_escape_text(stet_scene_description(picture->scene), -1);
	g_string_append_printf(
		out, "<title>%s</title><desc>%s</desc>\n<path d=\"M0 0H%.0fV%.0fH0Z\" fill=\"#%06x\"/>\n", title,
		finding, picture->width, picture->height, picture->theme->ink[MODE_LIGHT][INK_PAPER]);
	put_lines(out, picture, FONT_TITLE, picture->caption, MARGIN + 15, INK_TEXT);
	g_string_append_printf(out, "<g transform=\"translate(%.0f %.0f)\">\n", MARGIN, picture->top);
	for (guint i = 0; i < picture->scene->marks->len; i++) {
		const ChartMark *mark = &g_array_index(picture->scene->marks, ChartMark, i);
		const ChartLook *look = &chart_looks[mark->role];
		if (look->paint == PAINT_NONE)
			continue;
		if (mark->kind == MARK_TEXT) {
			put_text_outline(out, picture, look->font, mark->text, mark->x, mark->y, mark->anchor,
							 mark->turned, colour_of(picture, mark));
			continue;
		}
		shape(picture->pen->path, mark);
		put_outline(out, picture->pen->path);
		put_look(out, picture, look, colour_of(picture, mark));
	}
	g_string_append(out, "</g>\n");
	put_lines(out, picture, FONT_SMALL, picture->source, picture->top + picture->scene->height + 22,
			  INK_QUIET);
	g_string_append(out, "</svg>\n");
	return g_string_free_to_bytes(out);
}

GBytes *stet_scene_draw(const StetScene *scene, const StetTheme *theme, StetPen *pen, StetFileKind kind,
						const char *caption, const char *source, GError **error)
{
	Picture picture = {.scene = scene, .theme = theme, .pen = pen};
	compose(&picture, caption, source);
	GBytes *bytes = kind == STET_FILE_SVG   ? draw_svg(&picture)
					: kind == STET_FILE_PNG ? draw_png(&picture, error)
											: draw_pdf(&picture, error);
	picture_clear(&picture);
	return bytes;
}
