/* Every case of tests/golden/chart, wide and narrow: the scene as recorded, nothing outside the frame, no
 * two texts on each other, well-formed inline SVG. STET_GOLDEN=write records anew. */
#include "../../generator/chart/scene.h"
#include "chart_case.h"

#include <stdlib.h>

#define CASES "tests/golden/chart"

static StetTheme *theme;
static StetPen *pen;

static void check_frame(const char *name, const StetScene *scene)
{
	for (guint i = 0; i < scene->marks->len; i++) {
		const ChartMark *mark = &g_array_index(scene->marks, ChartMark, i);
		ChartBox box = chart_mark_box(mark);
		if (mark->kind == MARK_PATH && mark->path->num_data == 0)
			continue;
		if (box.x0 < -1 || box.y0 < -1 || box.x1 > scene->width + 1 || box.y1 > scene->height + 1) {
			g_autofree char *dump = stet_scene_dump(scene);
			g_test_message("%s: mark %u (%s) leaves the frame: %.1f,%.1f %.1f,%.1f of %.0fx%.0f", name, i,
						   mark->text ? mark->text : chart_looks[mark->role].class_, box.x0, box.y0, box.x1,
						   box.y1, scene->width, scene->height);
			g_test_fail();
		}
	}
}

static void check_overlap(const char *name, const StetScene *scene)
{
	for (guint i = 0; i < scene->marks->len; i++)
		for (guint k = 0; k < i; k++) {
			const ChartMark *a = &g_array_index(scene->marks, ChartMark, i),
							*b = &g_array_index(scene->marks, ChartMark, k);
			if (a->kind != MARK_TEXT || b->kind != MARK_TEXT)
				continue;
			ChartBox p = chart_mark_box(a), q = chart_mark_box(b);
			if (p.x0 + 0.5 < q.x1 && q.x0 + 0.5 < p.x1 && p.y0 + 0.5 < q.y1 && q.y0 + 0.5 < p.y1) {
				g_test_message("%s: '%s' lies on '%s'", name, a->text, b->text);
				g_test_fail();
			}
		}
}

static void check_inline(const char *name, const StetScene *wide, const StetScene *narrow)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	stet_scene_write_inline(wide, narrow, "c1", out);
	GMarkupParser none = {0};
	GMarkupParseContext *context = g_markup_parse_context_new(&none, 0, NULL, NULL);
	gboolean good = g_markup_parse_context_parse(context, out->str, (gssize)out->len, &error) &&
					g_markup_parse_context_end_parse(context, &error);
	g_markup_parse_context_free(context);
	if (!good)
		g_test_message("%s: %s", name, error->message);
	g_assert_true(good);
	g_assert_null(strstr(out->str, " style="));
	g_assert_null(strstr(out->str, "fill=\""));
	g_assert_nonnull(strstr(out->str, "aria-labelledby=\"c1-t c1-d\""));
}

static void check_golden(const char *base, const char *width, const StetScene *scene)
{
	g_autofree char *path = g_strdup_printf("%s.%s.txt", base, width);
	g_autofree char *now = stet_scene_dump(scene);
	const char *write = g_getenv("STET_GOLDEN");
	if (write && strcmp(write, "write") == 0) {
		g_assert_true(g_file_set_contents(path, now, -1, NULL));
		return;
	}
	g_autofree char *then = stet_file_read(path, NULL, NULL);
	if (!then || strcmp(then, now) != 0) {
		g_autofree char *got = g_strdup_printf("%s/stet-%s.got", g_get_tmp_dir(), strrchr(path, '/') + 1);
		g_file_set_contents(got, now, -1, NULL);
		g_test_message("%s differs: see %s", path, got);
		g_test_fail();
	}
}

static void test_case(gconstpointer data)
{
	const char *path = data;
	g_autoptr(ChartCase) c = case_load(path);
	g_assert_nonnull(c);
	g_assert_nonnull(c->chart);
	g_autoptr(StetScene) wide = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
	g_autoptr(StetScene) narrow = stet_chart_layout(c->chart, &c->data, theme, pen, STET_NARROW, c->diags);
	g_assert_nonnull(wide);
	g_assert_nonnull(narrow);
	g_assert_cmpuint(stet_diagnostics_count(c->diags, STET_ERROR), ==, 0);
	g_assert_cmpuint(strlen(stet_scene_description(wide)), >, 10);
	g_autofree char *base = g_strndup(path, strlen(path) - strlen(".yaml"));
	/* Other scripts' widths hang on the fonts a machine has: such a case says `record: false`. */
	if (stet_node_bool(stet_document_root(c->document), "record", TRUE)) {
		check_golden(base, "wide", wide);
		check_golden(base, "narrow", narrow);
	}
	check_frame(path, wide);
	check_frame(path, narrow);
	check_overlap(path, wide);
	check_overlap(path, narrow);
	check_inline(path, wide, narrow);
}

/* The same bytes from a fresh pen, and files that begin as their formats do. */
static void test_files(void)
{
	static const char *const starts[] = {"<svg ", "\x89PNG\r\n", "%PDF-1."};
	g_autoptr(ChartCase) c = case_load(CASES "/line.yaml");
	g_autoptr(StetScene) scene = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
	for (int kind = STET_FILE_SVG; kind <= STET_FILE_PDF; kind++) {
		StetPen *other = stet_pen_new(theme);
		g_autoptr(GBytes) a =
			stet_scene_draw(scene, theme, pen, (StetFileKind)kind, "Caption & more", "Source: panel", NULL);
		g_autoptr(GBytes) b =
			stet_scene_draw(scene, theme, other, (StetFileKind)kind, "Caption & more", "Source: panel", NULL);
		g_assert_nonnull(a);
		g_assert_true(g_bytes_equal(a, b));
		g_assert_cmpint(strncmp(g_bytes_get_data(a, NULL), starts[kind], strlen(starts[kind])), ==, 0);
		gsize length;
		const char *bytes = g_bytes_get_data(a, &length);
		g_assert_null(memmem(bytes, length, "CreationDate", 12));
		if (kind == STET_FILE_SVG) { /* a glyph's shape stands once, however often it is used */
			g_autofree char *svg = g_strndup(bytes, length);
			g_auto(GStrv) shapes = g_strsplit(svg, "<path id=\"g", -1), uses = g_strsplit(svg, "<use xlink:href=\"#g", -1);
			g_assert_cmpuint(g_strv_length(shapes), >, 10);
			g_assert_cmpuint(g_strv_length(uses), >, 2 * g_strv_length(shapes));
			g_assert_null(strstr(strstr(svg, "id=\"g1\"") + 1, "id=\"g1\""));
		}
		stet_pen_free(other);
	}
}

#define ROUNDS 64

typedef struct {
	ChartCase *chart;
	StetPen *pens[4];
	char *dumps[ROUNDS];
} Threads;

static void lay_out_one(gsize index, guint worker, gpointer data)
{
	Threads *t = data;
	const ChartCase *c = t->chart;
	StetWidth width = index % 2 ? STET_NARROW : STET_WIDE;
	g_autoptr(StetScene) scene =
		stet_chart_layout(c->chart, &c->data, theme, t->pens[worker], width, c->diags);
	t->dumps[index] = stet_scene_dump(scene);
}

/* Four threads, each with its pen, one chart, theme and locale between them: the same scenes. */
static void test_threads(void)
{
	g_autoptr(ChartCase) c = case_load(CASES "/line.yaml");
	Threads t = {.chart = c};
	for (guint i = 0; i < 4; i++)
		t.pens[i] = stet_pen_new(theme);
	stet_parallel(4, ROUNDS, lay_out_one, &t);
	for (guint i = 2; i < ROUNDS; i++)
		g_assert_cmpstr(t.dumps[i], ==, t.dumps[i % 2]);
	for (guint i = 0; i < ROUNDS; i++)
		g_free(t.dumps[i]);
	for (guint i = 0; i < 4; i++)
		stet_pen_free(t.pens[i]);
}

static cairo_status_t read_bytes(void *closure, unsigned char *data, unsigned int length)
{
	GByteArray *left = closure;
	if (left->len < length)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(data, left->data, length);
	g_byte_array_remove_range(left, 0, length);
	return CAIRO_STATUS_SUCCESS;
}

/* Another reader (libpng, through Cairo) takes the PNG and finds paper at its corner and colour within. */
static void test_png(void)
{
	g_autoptr(ChartCase) c = case_load(CASES "/bar.yaml");
	g_autoptr(StetScene) scene = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
	GBytes *png = stet_scene_draw(scene, theme, pen, STET_FILE_PNG, NULL, NULL, NULL);
	GByteArray *left = g_bytes_unref_to_array(png);
	cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_bytes, left);
	g_assert_cmpint(cairo_surface_status(surface), ==, CAIRO_STATUS_SUCCESS);
	g_assert_cmpint(cairo_image_surface_get_width(surface), ==, 2 * (STET_WIDE + 48));
	const guint32 *pixels = (const guint32 *)(gconstpointer)cairo_image_surface_get_data(surface);
	gsize n = (gsize)cairo_image_surface_get_stride(surface) / 4 *
			  (gsize)cairo_image_surface_get_height(surface),
		  blue = 0;
	g_assert_cmphex(pixels[0] & 0xffffff, ==, 0xffffff);
	for (gsize i = 0; i < n; i++)
		blue += (pixels[i] & 0xffffff) == 0x2f5db3;
	g_assert_cmpuint(blue, >, 1000);
	cairo_surface_destroy(surface);
	g_byte_array_unref(left);
}

/* A line chart of 4 series and 40 points stays small enough for a page. */
static void test_size(void)
{
	g_autoptr(GString) text =
		g_string_new("columns: [{name: month, period: true}, {name: s}, {name: v, unit: percent}]\nrows:\n");
	for (int s = 0; s < 4; s++)
		for (int i = 0; i < 40; i++)
			g_string_append_printf(text, "  - ['%d-%02d', 'Series %d', %.1f]\n", 2022 + i / 12, i % 12 + 1, s,
								   10.0 * s + i * 0.7);
	g_string_append(text, "chart: {type: line}\n");
	g_autoptr(ChartCase) c = case_parse("size.yaml", text->str);
	g_autoptr(StetScene) wide = stet_chart_layout(c->chart, &c->data, theme, pen, STET_WIDE, c->diags);
	g_autoptr(StetScene) narrow = stet_chart_layout(c->chart, &c->data, theme, pen, STET_NARROW, c->diags);
	g_autoptr(GString) one = g_string_new(NULL);
	g_autoptr(GString) both = g_string_new(NULL);
	stet_scene_write_inline(wide, NULL, "a", one);
	stet_scene_write_inline(wide, narrow, "a", both);
	g_test_message("one layout %" G_GSIZE_FORMAT " bytes, both %" G_GSIZE_FORMAT, one->len, both->len);
	g_assert_cmpuint(both->len, <, 15360);
	g_assert_cmpuint(one->len, <, 10240);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	stet_chart_warm_up();
	theme = stet_theme_new(NULL, NULL);
	pen = stet_pen_new(theme);
	GPtrArray *files = stet_files_list(CASES);
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < files->len; i++) {
		if (!g_str_has_suffix(files->pdata[i], ".yaml"))
			continue;
		char *path = g_strdup_printf("%s/%s", CASES, (char *)files->pdata[i]);
		g_autofree char *name = g_strdup_printf("/chart/golden/%s", (char *)files->pdata[i]);
		g_ptr_array_add(paths, path);
		g_test_add_data_func(name, path, test_case);
	}
	g_test_add_func("/chart/files", test_files);
	g_test_add_func("/chart/threads", test_threads);
	g_test_add_func("/chart/png", test_png);
	g_test_add_func("/chart/size", test_size);
	int result = g_test_run();
	g_ptr_array_unref(paths);
	g_ptr_array_unref(files);
	stet_pen_free(pen);
	stet_theme_free(theme);
	return result;
}
