/* Pictures: against recorded ones pixel by pixel with tolerance, of the size asked for, the same bytes each
 * time; and the PNG writer's palette. STET_GOLDEN=write records anew. */
#include "../../generator/chart/png.h"
#include "chart_case.h"

#include <cairo.h>
#include <stdlib.h>

#define CASES "tests/golden/chart"
#define WIDTH 480
#define HEIGHT 270

static StetTheme *theme;
static StetPen *pen;

static cairo_status_t read_bytes(void *closure, unsigned char *data, unsigned int length)
{
	GByteArray *left = closure;
	if (left->len < length)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(data, left->data, length);
	g_byte_array_remove_range(left, 0, length);
	return CAIRO_STATUS_SUCCESS;
}

/* Read back by libpng, through Cairo. */
static cairo_surface_t *decode(GBytes *png)
{
	gsize length;
	const guint8 *bytes = g_bytes_get_data(png, &length);
	GByteArray *left = g_byte_array_append(g_byte_array_new(), bytes, (guint)length);
	cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_bytes, left);
	g_byte_array_unref(left);
	g_assert_cmpint(cairo_surface_status(surface), ==, CAIRO_STATUS_SUCCESS);
	return surface;
}

static guint32 pixel(cairo_surface_t *surface, int x, int y)
{
	const guint8 *row =
		cairo_image_surface_get_data(surface) + (gsize)y * (gsize)cairo_image_surface_get_stride(surface);
	return ((const guint32 *)(gconstpointer)row)[x] & 0xffffff;
}

static int off(guint32 a, guint32 b)
{
	int most = 0;
	for (int shift = 0; shift < 24; shift += 8)
		most = MAX(most, abs((int)(a >> shift & 255) - (int)(b >> shift & 255)));
	return most;
}

static GBytes *draw(const char *name, guint width, guint height)
{
	g_autofree char *path = g_strdup_printf(CASES "/%s.yaml", name);
	g_autoptr(ChartCase) c = case_load(path);
	g_autoptr(GError) error = NULL;
	GBytes *png = stet_chart_picture(c->chart, &c->data, theme, pen, width, height, "A headline over it",
									 "Source: synthetic", &error);
	g_assert_no_error(error);
	return png;
}

/* Fonts and rasterisers differ a little from version to version: few pixels may be far off, all of them on
 * average hardly. */
static void test_pixels(gconstpointer name)
{
	g_autofree char *path = g_strdup_printf(CASES "/pixels/%s.png", (const char *)name);
	g_autoptr(GBytes) now = draw(name, WIDTH, HEIGHT);
	gsize length;
	const char *bytes = g_bytes_get_data(now, &length), *write = g_getenv("STET_GOLDEN");
	if (write && strcmp(write, "write") == 0) {
		g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
		return;
	}
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(path, &text, &length, NULL));
	g_autoptr(GBytes) then = g_bytes_new(text, length);
	cairo_surface_t *a = decode(now), *b = decode(then);
	guint far = 0;
	double sum = 0;
	g_assert_cmpint(cairo_image_surface_get_width(a), ==, cairo_image_surface_get_width(b));
	g_assert_cmpint(cairo_image_surface_get_height(a), ==, cairo_image_surface_get_height(b));
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			int by = off(pixel(a, x, y), pixel(b, x, y));
			far += by > 64;
			sum += by;
		}
	g_test_message("%s: %u pixels far off, %.3f on average", (const char *)name, far, sum / (WIDTH * HEIGHT));
	g_assert_cmpuint(far, <, WIDTH * HEIGHT / 100);
	g_assert_cmpfloat(sum / (WIDTH * HEIGHT), <, 2);
	cairo_surface_destroy(a);
	cairo_surface_destroy(b);
}

static void test_sizes(void)
{
	static const guint sizes[][2] = {{1200, 630}, {1600, 900}, {480, 270}, {640, 640}};
	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++)
		for (const char *const *name = (const char *const[]){"line", "bar", "treemap", "facet-line", NULL};
			 *name; name++) {
			g_autoptr(GBytes) first = draw(*name, sizes[i][0], sizes[i][1]);
			g_autoptr(GBytes) second = draw(*name, sizes[i][0], sizes[i][1]);
			cairo_surface_t *surface = decode(first);
			g_assert_cmpint(cairo_image_surface_get_width(surface), ==, (int)sizes[i][0]);
			g_assert_cmpint(cairo_image_surface_get_height(surface), ==, (int)sizes[i][1]);
			g_assert_cmphex(pixel(surface, 0, 0), ==, 0xffffff);
			g_assert_true(g_bytes_equal(first, second));
			cairo_surface_destroy(surface);
		}
}

static void test_too_small(void)
{
	g_autoptr(ChartCase) c = case_load(CASES "/line.yaml");
	g_autoptr(GError) error = NULL;
	g_assert_null(stet_chart_picture(c->chart, &c->data, theme, pen, 60, 40, NULL, NULL, &error));
	g_assert_nonnull(strstr(error->message, "too small"));
}

/* Colour `i` of many: anywhere, or a blend of one of four inks with paper, as edges in a drawing are. */
static guint32 colour_at(guint i, guint n, gboolean blends)
{
	static const guint32 inks[] = {0x2f5db3, 0xb85e12, 0x158f71, 0x101418};
	guint32 rgb = 0;
	if (!blends)
		return i * 2654435761u >> 8;
	for (int shift = 16; shift >= 0; shift -= 8)
		rgb = rgb << 8 | (255 - (255 - (inks[i % 4] >> shift & 255)) * (i + 1) / n);
	return rgb;
}

static void check_palette(guint colours, gboolean blends, int most_off, int type)
{
	enum { SIDE = 200 };
	g_autofree guint32 *pixels = g_new(guint32, SIDE * SIDE);
	for (guint i = 0; i < SIDE * SIDE; i++)
		pixels[i] = i % 3 ? 0xffffff : colour_at(i / 3 % colours, colours, blends);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) png = chart_png((const guint8 *)pixels, SIDE, SIDE, SIDE * 4, &error);
	g_assert_no_error(error);
	g_assert_cmpint(((const guint8 *)g_bytes_get_data(png, NULL))[25], ==, type);
	cairo_surface_t *surface = decode(png);
	for (int i = 0; i < SIDE * SIDE; i++)
		g_assert_cmpint(off(pixel(surface, i % SIDE, i / SIDE), pixels[i] & 0xffffff), <=, most_off);
	cairo_surface_destroy(surface);
}

static void test_palette(void)
{
	check_palette(1, FALSE, 0, 3);
	check_palette(200, FALSE, 0, 3);
	check_palette(255, FALSE, 0, 3);
	check_palette(3000, TRUE, 12, 3);
	check_palette(12000, FALSE, 0, 2);
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"line",   "stacked-area", "bar", "heatmap-diverging",
										"sankey", "scatter-many", "bubble"};
	g_test_init(&argc, &argv, NULL);
	stet_chart_warm_up();
	theme = stet_theme_new(NULL, NULL);
	pen = stet_pen_new(theme);
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_strdup_printf("/chart/pixels/%s", names[i]);
		g_test_add_data_func(path, names[i], test_pixels);
	}
	g_test_add_func("/chart/picture/sizes", test_sizes);
	g_test_add_func("/chart/picture/too-small", test_too_small);
	g_test_add_func("/chart/png/palette", test_palette);
	int result = g_test_run();
	stet_pen_free(pen);
	stet_theme_free(theme);
	return result;
}
