#include "theme.h"

#include <math.h>
#include <string.h>

#define TEXT_CONTRAST 4.5    /* WCAG 1.4.3 */
#define MARK_CONTRAST 3.0    /* WCAG 1.4.11 */
#define LEAST_DIFFERENCE 6.0 /* OKLab x 100; below, two marks side by side look alike */

/* ---- colour arithmetic --------------------------------------------------------------------- */

typedef struct {
	double v[3];
} Triple;

static double to_linear(double c)
{
	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double from_linear(double c)
{
	return c <= 0.0031308 ? 12.92 * c : 1.055 * pow(c, 1 / 2.4) - 0.055;
}

static Triple linear_of(guint32 rgb)
{
	return (Triple){{to_linear((rgb >> 16 & 255) / 255.0), to_linear((rgb >> 8 & 255) / 255.0),
					 to_linear((rgb & 255) / 255.0)}};
}

static Triple times(const double m[3][3], Triple a)
{
	Triple out;
	for (int i = 0; i < 3; i++)
		out.v[i] = m[i][0] * a.v[0] + m[i][1] * a.v[1] + m[i][2] * a.v[2];
	return out;
}

/* OKLab by Björn Ottosson, 2020. */
static Triple oklab(Triple linear)
{
	static const double to_cone[3][3] = {{0.4122214708, 0.5363325363, 0.0514459929},
										 {0.2119034982, 0.6806995451, 0.1073969566},
										 {0.0883024619, 0.2817188376, 0.6299787005}};
	static const double to_lab[3][3] = {{0.2104542553, 0.7936177850, -0.0040720468},
										{1.9779984951, -2.4285922050, 0.4505937099},
										{0.0259040371, 0.7827717662, -0.8086757660}};
	Triple cone = times(to_cone, linear);
	for (int i = 0; i < 3; i++)
		cone.v[i] = cbrt(cone.v[i]);
	return times(to_lab, cone);
}

static guint32 from_oklab(Triple lab)
{
	static const double to_cone[3][3] = {{1, 0.3963377774, 0.2158037573},
										 {1, -0.1055613458, -0.0638541728},
										 {1, -0.0894841775, -1.2914855480}};
	static const double to_rgb[3][3] = {{4.0767416621, -3.3077115913, 0.2309699292},
										{-1.2684380046, 2.6097574011, -0.3413193965},
										{-0.0041960863, -0.7034186147, 1.7076147010}};
	Triple cone = times(to_cone, lab);
	for (int i = 0; i < 3; i++)
		cone.v[i] = cone.v[i] * cone.v[i] * cone.v[i];
	Triple rgb = times(to_rgb, cone);
	guint32 out = 0;
	for (int i = 0; i < 3; i++)
		out = out << 8 | (guint32)lround(255 * from_linear(CLAMP(rgb.v[i], 0, 1)));
	return out;
}

static double luminance(guint32 rgb)
{
	Triple l = linear_of(rgb);
	return 0.2126 * l.v[0] + 0.7152 * l.v[1] + 0.0722 * l.v[2];
}

double chart_contrast(guint32 a, guint32 b)
{
	double la = luminance(a), lb = luminance(b);
	return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

double chart_difference(guint32 a, guint32 b, int deficiency)
{
	static const double seen[4][3][3] = {
		{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
		{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
		{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
	};
	double sum = 0;
	Triple lab[2];
	for (int k = 0; k < 2; k++) {
		Triple l = times(seen[deficiency], linear_of(k ? b : a));
		for (int i = 0; i < 3; i++)
			l.v[i] = CLAMP(l.v[i], 0, 1);
		lab[k] = oklab(l);
	}
	for (int i = 0; i < 3; i++)
		sum += (lab[0].v[i] - lab[1].v[i]) * (lab[0].v[i] - lab[1].v[i]);
	return 100 * sqrt(sum);
}

static guint32 mix(guint32 a, guint32 b, double share)
{
	Triple la = oklab(linear_of(a)), lb = oklab(linear_of(b));
	for (int i = 0; i < 3; i++)
		la.v[i] += (lb.v[i] - la.v[i]) * share;
	return from_oklab(la);
}

/* `rgb` made darker or lighter until it has the contrast of text against `paper`. */
static guint32 legible(guint32 rgb, guint32 paper)
{
	Triple lab = oklab(linear_of(rgb));
	double step = luminance(paper) > 0.18 ? -0.01 : 0.01;
	while (chart_contrast(rgb, paper) < TEXT_CONTRAST && lab.v[0] > 0.02 && lab.v[0] < 0.98) {
		lab.v[0] += step;
		rgb = from_oklab(lab);
	}
	return rgb;
}

/* ---- the house theme ----------------------------------------------------------------------- */

/* Categorical colours found by search among middle lightnesses, which serve lines and fills alike: 3:1 on the
 * paper, and the largest least difference under full colour vision and the three dichromacies. */
static const guint32 base_inks[MODE_END][INK_C1 + CHART_CATEGORIES] = {
	{0, 0x16191d, 0x5a6169, 0xffffff, 0xdfe2e6, 0xa9b0b8, 0x1d7a55, 0xb5402c, 0x2f5db3, 0xb85e12, 0x158f71,
	 0x9c2c39, 0x8576d2, 0xb98e18, 0x34a1b8, 0x7a4877},
	{0, 0xeceef0, 0xa3abb4, 0x15181c, 0x30363d, 0x6a727c, 0x52c795, 0xf07c63, 0x699ff3, 0xe5843f, 0x93c8a0,
	 0xbb5b77, 0x8a6fca, 0xe9b850, 0x45cdf2, 0xc68db0},
};
static const guint32 sequential_ends[MODE_END][3] = {{0xe6f0fa, 0x5b9bd8, 0x0b3a75},
													 {0x1e2c3e, 0x3d7cc4, 0xcfe5ff}};
static const guint32 diverging_ends[MODE_END][3] = {{0x9c3d10, 0xf2f0ec, 0x0f5a9e},
													{0xf59a4e, 0x2b3036, 0x6fa8f2}};

static void fill_ramp(guint32 *out, const guint32 ends[3])
{
	for (int i = 0; i < CHART_STEPS; i++) {
		double at = 2.0 * i / (CHART_STEPS - 1);
		out[i] = at <= 1 ? mix(ends[0], ends[1], at) : mix(ends[1], ends[2], at - 1);
	}
}

static void complete(StetTheme *theme, ChartMode mode)
{
	guint32 *ink = theme->ink[mode], paper = ink[INK_PAPER];
	const guint32 dark = 0x101418, light = 0xffffff;
	for (guint i = 1; i < INK_END; i++) {
		theme->text[mode][i] = legible(ink[i], paper);
		theme->on[mode][i] = chart_contrast(dark, ink[i]) > chart_contrast(light, ink[i]) ? dark : light;
		/* Black or white always reaches 4.5:1; the softer black not quite. */
		if (chart_contrast(theme->on[mode][i], ink[i]) < TEXT_CONTRAST &&
			chart_contrast(0, ink[i]) >= TEXT_CONTRAST)
			theme->on[mode][i] = 0;
	}
}

/* ---- site.yaml ------------------------------------------------------------------------------ */

static gboolean read_colour(const StetNode *node, guint32 *out, StetDiagnostics *diags)
{
	const char *text = node && node->text ? node->text : "";
	guint64 value = 0;
	gsize length = strlen(text);
	gboolean good = text[0] == '#' && (length == 4 || length == 7) &&
					strspn(text + 1, "0123456789abcdefABCDEF") == length - 1;
	if (!good) {
		if (diags && node)
			stet_diagnose(diags, STET_ERROR, "theme-colour", node->place, "write it as '#1f6fb8'",
						  "'%s' is no colour", text);
		return FALSE;
	}
	value = g_ascii_strtoull(text + 1, NULL, 16);
	if (length == 4)
		value = (value >> 8 & 15) * 0x110000 + (value >> 4 & 15) * 0x1100 + (value & 15) * 0x11;
	*out = (guint32)value;
	return TRUE;
}

/* Two or three ends of a ramp. */
static void read_ramp(const StetNode *node, guint32 *out, StetDiagnostics *diags)
{
	guint32 ends[3];
	if (!node)
		return;
	if (node->kind != STET_NODE_LIST || node->n < 2 || node->n > 3) {
		if (diags)
			stet_diagnose(diags, STET_ERROR, "theme-ramp", node->place,
						  "give its two ends, or ends and middle", "a ramp takes two or three colours");
		return;
	}
	for (guint i = 0; i < node->n; i++)
		if (!read_colour(node->items[i], &ends[i], diags))
			return;
	if (node->n == 2) {
		ends[2] = ends[1];
		ends[1] = mix(ends[0], ends[2], 0.5);
	}
	fill_ramp(out, ends);
}

static void read_palette(const StetNode *node, guint32 *out, StetDiagnostics *diags)
{
	if (!node)
		return;
	if (node->kind != STET_NODE_LIST) {
		if (diags)
			stet_diagnose(diags, STET_ERROR, "theme-palette", node->place, NULL,
						  "a palette is a list of colours");
		return;
	}
	if (node->n > CHART_CATEGORIES && diags)
		stet_diagnose(diags, STET_WARNING, "theme-palette", node->place, "leave the rest out",
					  "a palette has at most %d colours; readers cannot tell more apart", CHART_CATEGORIES);
	for (guint i = 0; i < MIN(node->n, CHART_CATEGORIES); i++)
		read_colour(node->items[i], &out[i], diags);
}

static void check_palette(const StetTheme *theme, ChartMode mode, const StetNode *node,
						  StetDiagnostics *diags)
{
	static const char *const seen[] = {"", " with protanopia", " with deuteranopia", " with tritanopia"};
	const guint32 *ink = theme->ink[mode] + INK_C1;
	guint n = node && node->kind == STET_NODE_LIST ? MIN(node->n, CHART_CATEGORIES) : 0;
	for (guint i = 0; i < n; i++) {
		StetPlace place = node->items[i]->place;
		double contrast = chart_contrast(ink[i], theme->ink[mode][INK_PAPER]);
		if (contrast < MARK_CONTRAST)
			stet_diagnose(diags, STET_WARNING, "theme-contrast", place,
						  mode == MODE_LIGHT ? "take a darker one" : "take a lighter one",
						  "colour #%06x has a contrast of %.1f:1 on the paper, below 3:1 (WCAG 1.4.11)",
						  ink[i], contrast);
		for (guint k = 0; k < i; k++)
			for (int d = 0; d < 4; d++)
				if (chart_difference(ink[i], ink[k], d) < LEAST_DIFFERENCE) {
					stet_diagnose(diags, STET_WARNING, "theme-alike", place,
								  "make one of them darker or lighter",
								  "colours #%06x and #%06x look alike%s", ink[k], ink[i], seen[d]);
					break;
				}
	}
}

static void read_mode(StetTheme *theme, ChartMode mode, const StetNode *node, StetDiagnostics *diags)
{
	static const struct {
		const char *key;
		ChartInk ink;
	} singles[] = {{"paper", INK_PAPER},
				   {"ink", INK_TEXT},
				   {"quiet", INK_QUIET},
				   {"rule", INK_RULE},
				   {"grey", INK_GREY}};
	guint32 *ink = theme->ink[mode];
	for (guint i = 0; i < G_N_ELEMENTS(singles); i++)
		if (stet_node_get(node, singles[i].key))
			read_colour(stet_node_get(node, singles[i].key), &ink[singles[i].ink], diags);
	read_palette(stet_node_get(node, "palette"), ink + INK_C1, diags);
	read_ramp(stet_node_get(node, "sequential"), ink + INK_S1, diags);
	read_ramp(stet_node_get(node, "diverging"), ink + INK_D1, diags);
	complete(theme, mode);
	if (diags)
		check_palette(theme, mode, stet_node_get(node, "palette"), diags);
}

/* A palette given for light only serves dark too, each colour made light enough for it. */
static void derive_dark(StetTheme *theme, const StetNode *node)
{
	const StetNode *palette = stet_node_get(node, "palette"), *dark = stet_node_get(node, "dark");
	if (!palette || stet_node_get(dark, "palette"))
		return;
	for (guint i = INK_C1; i < INK_C1 + CHART_CATEGORIES; i++)
		theme->ink[MODE_DARK][i] = legible(theme->ink[MODE_LIGHT][i], theme->ink[MODE_DARK][INK_PAPER]);
}

static double read_length(const StetNode *node, double habit, double least, double most, StetDiagnostics *diags)
{
	gboolean number = node && (node->kind == STET_NODE_NUMBER || node->kind == STET_NODE_INT);
	if (!node || (number && node->number >= least && node->number <= most))
		return node ? node->number : habit;
	if (diags)
		stet_diagnose(diags, STET_WARNING, "theme-length", node->place, NULL, "a length of %g to %g px is wanted, not '%s'",
					  least, most, node->text ? node->text : "");
	return habit;
}

static void check_keys(const StetNode *node, StetDiagnostics *diags)
{
	static const char *const known[] = {"font", "line", "corners", "palette", "sequential", "diverging", "paper",
										"ink",  "quiet", "rule",   "grey",    "dark",       NULL};
	for (guint i = 0; node && node->kind == STET_NODE_MAP && i < node->n; i++) {
		if (g_strv_contains(known, node->keys[i]->text))
			continue;
		const char *near = stet_nearest(node->keys[i]->text, known);
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
		stet_diagnose(diags, STET_WARNING, "theme-key", node->keys[i]->place, mend, "'theme' has no key '%s'",
					  node->keys[i]->text);
	}
}

StetTheme *stet_theme_new(const StetNode *node, StetDiagnostics *diags)
{
	StetTheme *theme = g_new0(StetTheme, 1);
	for (guint mode = 0; mode < MODE_END; mode++) {
		memcpy(theme->ink[mode], base_inks[mode], sizeof base_inks[mode]);
		fill_ramp(theme->ink[mode] + INK_S1, sequential_ends[mode]);
		fill_ramp(theme->ink[mode] + INK_D1, diverging_ends[mode]);
	}
	read_mode(theme, MODE_LIGHT, node, diags);
	derive_dark(theme, node);
	read_mode(theme, MODE_DARK, stet_node_get(node, "dark"), diags);
	theme->font = g_strdup(stet_node_text(node, "font", "Inter"));
	theme->line = read_length(stet_node_get(node, "line"), 2.5, 0.5, 6, diags);
	theme->corners = read_length(stet_node_get(node, "corners"), 0, 0, 12, diags);
	if (diags)
		check_keys(node, diags);
	theme->assigned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	theme->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return theme;
}

StetTheme *stet_theme_copy(const StetTheme *theme)
{
	StetTheme *copy = g_memdup2(theme, sizeof *theme);
	copy->font = g_strdup(theme->font);
	g_hash_table_ref(copy->assigned);
	g_hash_table_ref(copy->counts);
	for (guint i = 0; i < SAY_END; i++)
		copy->sentences[i] = g_strdup(theme->sentences[i]);
	return copy;
}

void stet_theme_free(StetTheme *theme)
{
	if (!theme)
		return;
	g_hash_table_unref(theme->assigned);
	g_hash_table_unref(theme->counts);
	for (guint i = 0; i < SAY_END; i++)
		g_free(theme->sentences[i]);
	g_free(theme->font);
	g_free(theme);
}

/* ---- categories ----------------------------------------------------------------------------- */

void stet_theme_assign(StetTheme *theme, const char *dimension, const char *category)
{
	char *key = g_strconcat(dimension, "\x1f", category, NULL);
	if (g_hash_table_contains(theme->assigned, key)) {
		g_free(key);
		return;
	}
	int next = GPOINTER_TO_INT(g_hash_table_lookup(theme->counts, dimension)) + 1;
	g_hash_table_insert(theme->counts, g_strdup(dimension), GINT_TO_POINTER(next));
	g_hash_table_insert(theme->assigned, key, GINT_TO_POINTER(next));
}

int chart_theme_colour(const StetTheme *theme, const char *dimension, const char *category)
{
	if (!dimension || g_hash_table_size(theme->assigned) == 0)
		return -1;
	g_autofree char *key = g_strconcat(dimension, "\x1f", category, NULL);
	return GPOINTER_TO_INT(g_hash_table_lookup(theme->assigned, key)) - 1;
}

static int compare_keys(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static StetHash hash_categories(const StetTheme *theme, const char *dimension)
{
	g_autofree char *prefix = g_strconcat(dimension, "\x1f", NULL);
	g_autoptr(GPtrArray) keys = g_ptr_array_new();
	g_autoptr(GString) text = g_string_new(prefix);
	GHashTableIter each;
	gpointer key;
	g_hash_table_iter_init(&each, theme->assigned);
	while (g_hash_table_iter_next(&each, &key, NULL))
		if (g_str_has_prefix(key, prefix))
			g_ptr_array_add(keys, key);
	g_ptr_array_sort(keys, compare_keys);
	for (guint i = 0; i < keys->len; i++)
		g_string_append_printf(text, "%s\n%d\n", (char *)keys->pdata[i],
							   GPOINTER_TO_INT(g_hash_table_lookup(theme->assigned, keys->pdata[i])));
	return stet_hash(text->str, text->len);
}

StetHash stet_theme_hash(const StetTheme *theme, const char *dimension)
{
	if (dimension)
		return hash_categories(theme, dimension);
	StetHasher *hasher = stet_hasher_new();
	stet_hasher_add(hasher, theme->ink, sizeof theme->ink);
	stet_hasher_add(hasher, theme->font, strlen(theme->font));
	stet_hasher_add(hasher, &theme->line, sizeof theme->line);
	stet_hasher_add(hasher, &theme->corners, sizeof theme->corners);
	for (guint i = 0; i < SAY_END; i++)
		if (theme->sentences[i]) {
			stet_hasher_add(hasher, chart_sentences[i].key, strlen(chart_sentences[i].key) + 1);
			stet_hasher_add(hasher, theme->sentences[i], strlen(theme->sentences[i]) + 1);
		}
	return stet_hasher_end(hasher);
}

/* ---- custom properties ---------------------------------------------------------------------- */

static void write_mode(const StetTheme *theme, ChartMode mode, GString *out)
{
	for (guint i = INK_TEXT; i < INK_END; i++) {
		const char *name = chart_ink_class((ChartInk)i);
		g_string_append_printf(out, "--chart-%s:#%06x;", name, theme->ink[mode][i]);
		if (i >= INK_C1 && i < INK_S1)
			g_string_append_printf(out, "--chart-%s-text:#%06x;", name, theme->text[mode][i]);
		if (i >= INK_GREY)
			g_string_append_printf(out, "--chart-%s-on:#%06x;", name, theme->on[mode][i]);
	}
}

/* Forced colours leave SVG fills alone, so the inks become the reader's system colours and shades of them:
 * `percent` of `colour` on Canvas, kept away from the middle, where no text would read on them. Lines are told apart
 * by their labels and by dashes as well (chart.css). */
static void put_shade(GString *out, const char *colour, guint percent)
{
	if (percent == 100)
		g_string_append(out, colour);
	else
		g_string_append_printf(out, "color-mix(in srgb,%s %u%%,Canvas)", colour, percent);
}

static void write_forced(GString *out)
{
	static const struct {
		const char *colour, *on;
		guint percent;
	} shades[INK_END] = {
		[INK_TEXT] = {"CanvasText", NULL, 100},
		[INK_QUIET] = {"CanvasText", NULL, 100},
		[INK_PAPER] = {"Canvas", NULL, 100},
		[INK_RULE] = {"GrayText", NULL, 100},
		[INK_GREY] = {"GrayText", "Canvas", 100},
		[INK_UP] = {"CanvasText", "Canvas", 100},
		[INK_DOWN] = {"CanvasText", "CanvasText", 25},
		[INK_C1] = {"CanvasText", "Canvas", 100},
		{"Highlight", "HighlightText", 100},
		{"CanvasText", "CanvasText", 25},
		{"LinkText", "Canvas", 100},
		{"CanvasText", "Canvas", 70},
		{"Highlight", "CanvasText", 35},
		{"LinkText", "CanvasText", 30},
		{"CanvasText", "CanvasText", 10},
		[INK_S1] = {"Canvas", "CanvasText", 100},
		{"CanvasText", "CanvasText", 8},
		{"CanvasText", "CanvasText", 16},
		{"CanvasText", "CanvasText", 24},
		{"CanvasText", "CanvasText", 32},
		{"CanvasText", "Canvas", 72},
		{"CanvasText", "Canvas", 80},
		{"CanvasText", "Canvas", 90},
		{"CanvasText", "Canvas", 100},
		[INK_D1] = {"CanvasText", "Canvas", 100},
		{"CanvasText", "Canvas", 75},
		{"CanvasText", "CanvasText", 30},
		{"CanvasText", "CanvasText", 12},
		{"Canvas", "CanvasText", 100},
		{"Highlight", "CanvasText", 15},
		{"Highlight", "CanvasText", 35},
		{"Highlight", "HighlightText", 100},
		{"Highlight", "HighlightText", 100},
	};
	for (guint i = INK_TEXT; i < INK_END; i++) {
		const char *name = chart_ink_class((ChartInk)i);
		g_string_append_printf(out, "--chart-%s:", name);
		put_shade(out, shades[i].colour, shades[i].percent);
		if (i >= INK_C1 && i < INK_S1)
			g_string_append_printf(out, ";--chart-%s-text:CanvasText", name);
		if (shades[i].on)
			g_string_append_printf(out, ";--chart-%s-on:%s", name, shades[i].on);
		g_string_append_c(out, ';');
	}
}

/* Where there are no colours, on paper or on an e-reader, neighbours differ by their shade: grey levels of those that
 * are told apart by colour elsewhere, texts on them white below half, black above. */
static void write_monochrome(GString *out)
{
	static const struct {
		ChartInk ink;
		guint grey;
	} shades[] = {{INK_UP, 0x33},     {INK_DOWN, 0xb0},   {INK_C1, 0x22},     {INK_C1 + 1, 0x9a}, {INK_C1 + 2, 0x55},
				  {INK_C1 + 3, 0xc8}, {INK_C1 + 4, 0x70}, {INK_C1 + 5, 0xe2}, {INK_C1 + 6, 0x3c}, {INK_C1 + 7, 0xb0}};
	for (guint i = 0; i < G_N_ELEMENTS(shades); i++) {
		const char *name = chart_ink_class(shades[i].ink), *on = shades[i].grey < 0x80 ? "fff" : "000";
		guint grey = shades[i].grey;
		g_string_append_printf(out, "--chart-%s:#%02x%02x%02x;--chart-%s-on:#%s;", name, grey, grey, grey, name, on);
		if (shades[i].ink >= INK_C1)
			g_string_append_printf(out, "--chart-%s-text:#222;", name);
	}
}

void stet_theme_write_css(const StetTheme *theme, GString *out)
{
	g_string_append(out, ":root{");
	write_mode(theme, MODE_LIGHT, out);
	if (theme->line != chart_looks[ROLE_LINE].width) {
		char line[G_ASCII_DTOSTR_BUF_SIZE], thin[G_ASCII_DTOSTR_BUF_SIZE];
		g_ascii_formatd(line, sizeof line, "%.4g", theme->line);
		g_ascii_formatd(thin, sizeof thin, "%.4g", theme->line * 0.6);
		g_string_append_printf(out, "--chart-line:%s;--chart-thin:%s;", line, thin);
	}
	g_string_append(out, "}\n@media screen and (prefers-color-scheme:dark){:root{");
	write_mode(theme, MODE_DARK, out);
	g_string_append(out, "}}\n@media (forced-colors:active){:root{");
	write_forced(out);
	g_string_append(out, "}}\n@media (monochrome){:root{");
	write_monochrome(out);
	g_string_append(out, "}}\n");
}
