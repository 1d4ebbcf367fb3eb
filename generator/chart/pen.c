#include "pen.h"

#include "theme.h"

#include <math.h>
#include <string.h>

#define WIDTHS_MAX 20000 /* measured texts remembered */
#define SLACK 1.02

void stet_chart_warm_up(void)
{
	/* Fontconfig reads its configuration once a process and must not be raced to it. */
	g_autoptr(StetTheme) theme = stet_theme_new(NULL, NULL);
	StetPen *pen = stet_pen_new(theme);
	chart_pen_width(pen, FONT_TEXT, "0");
	stet_pen_free(pen);
}

StetPen *stet_pen_new(const StetTheme *theme)
{
	StetPen *pen = g_new0(StetPen, 1);
	pen->map = pango_cairo_font_map_new();
	pen->context = pango_font_map_create_context(pen->map);
	/* Unhinted: widths scale, and do not depend on the machine's font settings. */
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(pen->context, options);
	cairo_font_options_destroy(options);
	pango_context_set_round_glyph_positions(pen->context, FALSE);
	pango_context_set_language(pen->context, pango_language_from_string("en"));
	pen->layout = pango_layout_new(pen->context);
	pango_layout_set_auto_dir(pen->layout, TRUE);
	for (guint i = 0; i < FONT_END; i++) {
		pen->fonts[i] = pango_font_description_new();
		pango_font_description_set_family(pen->fonts[i], theme->font);
		pango_font_description_set_weight(pen->fonts[i], (PangoWeight)chart_fonts[i].weight);
		pango_font_description_set_absolute_size(pen->fonts[i], chart_fonts[i].size * PANGO_SCALE);
	}
	pen->widths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	/* Unbounded: Cairo leaves out the outlines of glyphs that lie outside a surface. */
	cairo_surface_t *nowhere = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
	pen->path = cairo_create(nowhere);
	cairo_surface_destroy(nowhere);
	return pen;
}

void stet_pen_free(StetPen *pen)
{
	if (!pen)
		return;
	cairo_destroy(pen->path);
	g_clear_pointer(&pen->glyphs, g_hash_table_unref);
	g_hash_table_unref(pen->widths);
	for (guint i = 0; i < FONT_END; i++)
		pango_font_description_free(pen->fonts[i]);
	g_object_unref(pen->layout);
	g_object_unref(pen->context);
	g_object_unref(pen->map);
	g_free(pen);
}

static int measure(StetPen *pen, ChartFont font, const char *text)
{
	int width = 0;
	pango_layout_set_font_description(pen->layout, pen->fonts[font]);
	pango_layout_set_width(pen->layout, -1);
	pango_layout_set_single_paragraph_mode(pen->layout, TRUE);
	pango_layout_set_text(pen->layout, text, -1);
	pango_layout_get_size(pen->layout, &width, NULL);
	return width;
}

/* The place of a character among those of numbers, or -1. */
static int numeral(gunichar c)
{
	static const gunichar others[NUMERALS - 10] = {'.', ',', '%', '$', '+', '-', 'K', 'M', 'B', 'T', 0xA0, 0x20AC, 0xA3, 0x2212};
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	for (int i = 0; i < NUMERALS - 10; i++)
		if (others[i] == c)
			return i + 10;
	return -1;
}

static int measured(StetPen *pen, ChartFont font, const char *text, gsize bytes, int *memory)
{
	char piece[16];
	if (*memory == 0) {
		g_strlcpy(piece, text, bytes + 1);
		*memory = measure(pen, font, piece);
	}
	return *memory;
}

/* Most texts of charts are numbers, hardly two alike. Fonts move figures by nothing but kerning, which goes by
 * pairs: the width is that of all pairs less the characters counted twice. 0: no number. */
static int number_width(StetPen *pen, ChartFont font, const char *text)
{
	int width = 0, before = -1;
	const char *start = text;
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		int here = numeral(g_utf8_get_char(p));
		if (here < 0 || p - text > 32)
			return 0;
		gsize bytes = (gsize)(g_utf8_next_char(p) - p);
		if (before < 0) {
			width = measured(pen, font, p, bytes, &pen->singles[font][here]);
		} else {
			gsize both = (gsize)(p - start) + bytes;
			width += measured(pen, font, start, both, &pen->pairs[font][before][here]) -
					 measured(pen, font, start, (gsize)(p - start), &pen->singles[font][before]);
		}
		before = here;
		start = p;
	}
	return width;
}

double chart_pen_width(StetPen *pen, ChartFont font, const char *text)
{
	char key[128];
	gsize length = strlen(text);
	gpointer found = NULL;
	int number = number_width(pen, font, text);
	if (number > 0)
		return number * SLACK / PANGO_SCALE;
	if (length + 2 > sizeof key)
		return measure(pen, font, text) * SLACK / PANGO_SCALE;
	key[0] = (char)('a' + font);
	memcpy(key + 1, text, length + 1);
	if (!g_hash_table_lookup_extended(pen->widths, key, NULL, &found)) {
		if (g_hash_table_size(pen->widths) >= WIDTHS_MAX)
			g_hash_table_remove_all(pen->widths);
		found = GINT_TO_POINTER(measure(pen, font, text));
		g_hash_table_insert(pen->widths, g_strdup(key), found);
	}
	return GPOINTER_TO_INT(found) * SLACK / PANGO_SCALE;
}

char *chart_pen_fit(StetPen *pen, ChartFont font, const char *text, double width)
{
	if (chart_pen_width(pen, font, text) <= width)
		return g_strdup(text);
	glong low = 0, high = g_utf8_strlen(text, 2000);
	while (low < high) {
		glong middle = (low + high + 1) / 2;
		g_autofree char *head = g_utf8_substring(text, 0, middle);
		g_autofree char *cut = g_strconcat(g_strchomp(head), "…", NULL);
		if (chart_pen_width(pen, font, cut) <= width)
			low = middle;
		else
			high = middle - 1;
	}
	if (low == 0)
		return g_strdup("");
	g_autofree char *head = g_utf8_substring(text, 0, low);
	return g_strconcat(g_strchomp(head), "…", NULL);
}

/* Pango breaks the lines, so that every script breaks where it may. */
GPtrArray *chart_pen_wrap(StetPen *pen, ChartFont font, const char *text, double width, guint max_lines)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	if (chart_pen_width(pen, font, text) <= width) {
		g_ptr_array_add(lines, g_strdup(text));
		return lines;
	}
	measure(pen, font, text);
	pango_layout_set_width(pen->layout, (int)(fmax(width, 1) / SLACK * PANGO_SCALE));
	pango_layout_set_wrap(pen->layout, PANGO_WRAP_WORD);
	int count = pango_layout_get_line_count(pen->layout);
	g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(int));
	for (int i = 0; i < count; i++)
		g_array_append_val(starts, pango_layout_get_line_readonly(pen->layout, i)->start_index);
	for (guint i = 0; i < starts->len && i < max_lines; i++) {
		int from = g_array_index(starts, int, i);
		gboolean rest = i + 1 == max_lines || i + 1 == starts->len;
		g_autofree char *line =
			rest ? g_strdup(text + from)
				 : g_strndup(text + from, (gsize)(g_array_index(starts, int, i + 1) - from));
		g_ptr_array_add(lines, chart_pen_fit(pen, font, g_strstrip(line), width));
	}
	return lines;
}
