#include "outline.h"

/* ---- paths --------------------------------------------------------------------------------- */

/* Hundredths of a pixel, written by hand: outlines are nearly all numbers, and printf took half the time. */
void chart_put_number(GString *out, double value)
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

void chart_outline_path(GString *out, cairo_t *cr)
{
	static const char letters[] = "MLCZ";
	cairo_path_t *path = cairo_copy_path(cr);
	for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
		gboolean idle = path->data[i].header.type == CAIRO_PATH_MOVE_TO && i + 2 >= path->num_data;
		if (idle)
			break;
		g_string_append_c(out, letters[path->data[i].header.type]);
		for (int k = 1; k < path->data[i].header.length; k++) {
			if (k > 1)
				g_string_append_c(out, ' ');
			chart_put_number(out, path->data[i + k].point.x);
			g_string_append_c(out, ' ');
			chart_put_number(out, path->data[i + k].point.y);
		}
	}
	cairo_path_destroy(path);
	cairo_new_path(cr);
}

/* ---- glyphs -------------------------------------------------------------------------------- */

static guint glyph_hash(gconstpointer key)
{
	const ChartGlyph *glyph = key;
	return g_direct_hash(glyph->font) * 31 + glyph->index;
}

static gboolean glyph_equal(gconstpointer a, gconstpointer b)
{
	const ChartGlyph *x = a, *y = b;
	return x->font == y->font && x->index == y->index;
}

static void glyph_free(gpointer data)
{
	ChartGlyph *glyph = data;
	g_object_unref(glyph->font);
	g_free(glyph->shape);
	g_free(glyph);
}

/* The glyph with its outline, which the pen remembers. */
static const ChartGlyph *find_glyph(StetPen *pen, PangoFont *font, PangoGlyph index)
{
	ChartGlyph wanted = {font, index, NULL}, *glyph = g_hash_table_lookup(pen->glyphs, &wanted);
	if (glyph)
		return glyph;
	cairo_t *cr = pen->path;
	cairo_glyph_t drawn = {index, 0, 0};
	GString *shape = g_string_new(NULL);
	cairo_new_path(cr);
	cairo_save(cr);
	cairo_set_scaled_font(cr, pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)));
	cairo_glyph_path(cr, &drawn, 1);
	cairo_restore(cr);
	chart_outline_path(shape, cr);
	glyph = g_new(ChartGlyph, 1);
	*glyph = (ChartGlyph){g_object_ref(font), index, g_string_free(shape, FALSE)};
	g_hash_table_add(pen->glyphs, glyph);
	return glyph;
}

static guint number_in_picture(ChartOutlines *outlines, const ChartGlyph *glyph)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(outlines->numbers, glyph));
	if (number > 0)
		return number;
	number = g_hash_table_size(outlines->numbers) + 1;
	g_hash_table_insert(outlines->numbers, (gpointer)glyph, GUINT_TO_POINTER(number));
	g_string_append_printf(outlines->shapes, "<path id=\"g%u\" d=\"%s\"/>\n", number, glyph->shape);
	return number;
}

/* ---- one picture's -------------------------------------------------------------------------- */

void chart_outlines_init(ChartOutlines *outlines, StetPen *pen)
{
	*outlines = (ChartOutlines){pen, g_hash_table_new(NULL, NULL), g_string_new(NULL)};
	if (!pen->glyphs)
		pen->glyphs = g_hash_table_new_full(glyph_hash, glyph_equal, glyph_free, NULL);
	else if (g_hash_table_size(pen->glyphs) > GLYPHS_MAX)
		g_hash_table_remove_all(pen->glyphs); /* between pictures, whose numbers point at them */
}

void chart_outlines_clear(ChartOutlines *outlines)
{
	g_hash_table_unref(outlines->numbers);
	g_string_free(outlines->shapes, TRUE);
}

/* ---- texts --------------------------------------------------------------------------------- */

void chart_set_layout(StetPen *pen, ChartFont font, const char *text)
{
	pango_layout_set_font_description(pen->layout, pen->fonts[font]);
	pango_layout_set_width(pen->layout, -1);
	pango_layout_set_single_paragraph_mode(pen->layout, TRUE);
	pango_layout_set_text(pen->layout, text, -1);
}

/* One outline for the whole text: what no font has a glyph for is a box with its code in it. */
static void put_whole(ChartOutlines *outlines, GString *out, double left)
{
	cairo_t *cr = outlines->pen->path;
	cairo_new_path(cr);
	cairo_move_to(cr, left, -(double)pango_layout_get_baseline(outlines->pen->layout) / PANGO_SCALE);
	pango_cairo_layout_path(cr, outlines->pen->layout);
	g_string_append(out, "<path d=\"");
	chart_outline_path(out, cr);
	g_string_append(out, "\"/>");
}

static void put_run(ChartOutlines *outlines, GString *out, const PangoGlyphItem *run, double x)
{
	for (int i = 0; i < run->glyphs->num_glyphs; i++) {
		const PangoGlyphInfo *info = &run->glyphs->glyphs[i];
		const ChartGlyph *glyph =
			info->glyph != PANGO_GLYPH_EMPTY ? find_glyph(outlines->pen, run->item->analysis.font, info->glyph) : NULL;
		if (glyph && *glyph->shape) {
			g_string_append_printf(out, "<use xlink:href=\"#g%u\" x=\"", number_in_picture(outlines, glyph));
			chart_put_number(out, x + (double)info->geometry.x_offset / PANGO_SCALE);
			if (info->geometry.y_offset) {
				g_string_append(out, "\" y=\"");
				chart_put_number(out, (double)info->geometry.y_offset / PANGO_SCALE);
			}
			g_string_append(out, "\"/>");
		}
		x += (double)info->geometry.width / PANGO_SCALE;
	}
}

void chart_outline_text(ChartOutlines *outlines, GString *out, ChartFont font, const char *text, double x, double y,
						ChartAnchor anchor, gboolean turned, guint32 rgb)
{
	StetPen *pen = outlines->pen;
	chart_set_layout(pen, font, text);
	double left = chart_text_left(pen, 0, anchor);
	g_string_append_printf(out, "<g fill=\"#%06x\" transform=\"translate(", rgb);
	chart_put_number(out, x);
	g_string_append_c(out, ' ');
	chart_put_number(out, y);
	g_string_append(out, turned ? ")rotate(-90)\">" : ")\">");
	if (pango_layout_get_unknown_glyphs_count(pen->layout) > 0) {
		put_whole(outlines, out, left);
	} else {
		PangoLayoutIter *iter = pango_layout_get_iter(pen->layout);
		do {
			PangoRectangle place;
			const PangoGlyphItem *run = pango_layout_iter_get_run_readonly(iter);
			pango_layout_iter_get_run_extents(iter, NULL, &place);
			if (run)
				put_run(outlines, out, run, left + (double)place.x / PANGO_SCALE);
		} while (pango_layout_iter_next_run(iter));
		pango_layout_iter_free(iter);
	}
	g_string_append(out, "</g>\n");
}
