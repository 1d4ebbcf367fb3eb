/* Nothing a template holds may crash, hang or overrun: malformed text, depth, size, loops. */
#include "stet/template.h"
#include <glib/gstdio.h>
#include <string.h>

static const StetTemplate *find_partial(const char *name, gpointer data)
{
	const StetTemplate *const *pair = data;
	return strcmp(name, "a") == 0 ? pair[0] : strcmp(name, "b") == 0 ? pair[1] : NULL;
}

/* The code of the first fault, or "" (g_free). Time is limited: no case may take two seconds. */
static char *code_of(const char *text, gsize length, const StetHost *host)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetOutput) output = stet_output_new();
	g_autoptr(StetArena) arena = stet_arena_new();
	gint64 before = g_get_monotonic_time();
	g_autoptr(StetTemplate) t = stet_template_parse("t", 1, (StetText){text, length}, NULL, diags);
	StetValue values[] = {stet_value_text(NULL, "text", -1), stet_value_int(3)};
	if (t)
		stet_template_render(t, host, arena, 2, (const char *[]){"s", "n"}, values, output, diags);
	g_assert_cmpint(g_get_monotonic_time() - before, <, 2 * G_USEC_PER_SEC);
	const GPtrArray *sorted = stet_diagnostics_sorted(diags);
	return g_strdup(sorted->len > 0 ? ((const StetDiagnostic *)g_ptr_array_index(sorted, 0))->code : "");
}

/* ---- malformed templates ------------------------------------------------------------------- */

static const char *const malformed[] = {"{",
										"{{",
										"{%",
										"{{}",
										"{{-",
										"{%-",
										"{{-}}",
										"{%-%}",
										"{% -%}",
										"{{--}}",
										"{{ - }}",
										"{%%}",
										"{% %}",
										"{% - %}",
										"{{ . }}",
										"{{ a. }}",
										"{{ a.. }}",
										"{{ .a }}",
										"{{ a[ }}",
										"{{ a[] }}",
										"{{ a[1 }}",
										"{{ ] }}",
										"{{ [ }}",
										"{{ [] }}",
										"{{ ( }}",
										"{{ (1 }}",
										"{{ (1.. }}",
										"{{ (1..2 }}",
										"{{ (..2) }}",
										"{{ 1.2.3 }}",
										"{{ 1. }}",
										"{{ -- }}",
										"{{ | }}",
										"{{ a | }}",
										"{{ a || b }}",
										"{{ a | b: }}",
										"{{ a | b: , }}",
										"{{ a | b: c: }}",
										"{{ a | b: c, }}",
										"{{ a | 1 }}",
										"{{ ' }}",
										"{{ \" }}",
										"{{ 'a\" }}",
										"{{ @ }}",
										"{{ # }}",
										"{{ a = b }}",
										"{{ a == b }}",
										"{{ \x01 }}",
										"{{ \xff }}",
										"{% if %}",
										"{% if a %}",
										"{% if a == %}{% endif %}",
										"{% if == a %}{% endif %}",
										"{% if a and %}{% endif %}",
										"{% if or a %}{% endif %}",
										"{% if a b %}{% endif %}",
										"{% if a = 1 %}{% endif %}",
										"{% endif %}",
										"{% else %}",
										"{% elsif a %}",
										"{% when 1 %}",
										"{% if true %}{% endfor %}",
										"{% for %}{% endfor %}",
										"{% for a %}{% endfor %}",
										"{% for a in %}{% endfor %}",
										"{% for in in in %}{% endfor %}",
										"{% for a of b %}{% endfor %}",
										"{% for a in b limit %}{% endfor %}",
										"{% for a in b limit: %}{% endfor %}",
										"{% for 1 in (1..2) %}{% endfor %}",
										"{% for a in (1..2) %}",
										"{% for a in (1..2) %}{% else %}",
										"{% case %}{% endcase %}",
										"{% case 1 %}{% when %}{% endcase %}",
										"{% case 1 %}{% when 1, %}{% endcase %}",
										"{% case 1 %}{% when 1 or %}{% endcase %}",
										"{% case 1 %}{% else 2 %}{% endcase %}",
										"{% case 1 %}",
										"{% unless %}{% endunless %}",
										"{% tablerow %}{% endtablerow %}",
										"{% tablerow a in b reversed %}{% endtablerow %}",
										"{% cycle %}",
										"{% cycle : %}",
										"{% cycle a: %}",
										"{% cycle ,, %}",
										"{% assign %}",
										"{% assign a %}",
										"{% assign = 1 %}",
										"{% assign a == 1 %}",
										"{% assign 'a' = 1 %}",
										"{% capture %}{% endcapture %}",
										"{% capture a %}",
										"{% increment %}",
										"{% increment 1 %}",
										"{% include %}",
										"{% include 1 %}",
										"{% include 'a' with %}",
										"{% include 'a' as %}",
										"{% include 'a', b %}",
										"{% render %}",
										"{% render a %}",
										"{% render 'a' for %}",
										"{% render 'a', b: %}",
										"{% raw %}",
										"{% raw x %}{% endraw %}",
										"{% endraw %}",
										"{% comment %}",
										"{% comment %}{% comment %}{% endcomment %}",
										"{% comment %}{% raw %}",
										"{% doc %}",
										"{% liquid",
										"{% liquid if %}",
										"{% liquid\nif true\n%}{% endif %}",
										"{% if true %}{% liquid\nendif\n%}",
										"{% liquid liquid liquid %}",
										"{% # %}",
										"{% #\na %}",
										"{% layout %}",
										"{% layout 1 %}",
										"{% block %}{% endblock %}",
										"{% block a %}",
										"{% break 1 %}",
										"{% continue x %}",
										"{% ifchanged x %}{% endifchanged %}",
										"{% 1 %}",
										"{% 'a' %}",
										"{% if true %}{% if true %}{% endif %}",
										"{% if true %}{% for a in b %}{% endif %}",
										"}}%}{{",
										"{%{%%}%}",
										"{{{{}}}}",
										"{{%}}"};

static void check_malformed(void)
{
	StetHost host = {0};
	guint faulty = 0;
	for (guint i = 0; i < G_N_ELEMENTS(malformed); i++) {
		g_autofree char *code = code_of(malformed[i], strlen(malformed[i]), &host);
		faulty += *code != '\0';
		/* Every beginning of it, too: a file cut short. */
		for (gsize n = 0; n < strlen(malformed[i]); n++)
			g_free(code_of(malformed[i], n, &host));
	}
	g_assert_cmpuint(faulty, >, 120);
}

static const char *const pieces[] = {"{{",
									 "}}",
									 "{%",
									 "%}",
									 "-",
									 " ",
									 "\n",
									 "if",
									 "endif",
									 "for",
									 "endfor",
									 "in",
									 "(",
									 "1",
									 "..",
									 "3",
									 ")",
									 "a",
									 "s",
									 "n",
									 ".",
									 "[",
									 "]",
									 "'",
									 "\"",
									 "|",
									 ":",
									 ",",
									 "upcase",
									 "plus",
									 "split",
									 "join",
									 "sort",
									 "date",
									 "slice",
									 "{% if n > 2 %}",
									 "{% else %}",
									 "{% endif %}",
									 "{% for i in (1..n) %}",
									 "{% endfor %}",
									 "{{ s | ",
									 "assign",
									 "=",
									 "{% assign a = s %}",
									 "{% capture a %}",
									 "{% endcapture %}",
									 "case",
									 "when",
									 "{% case n %}{% when 3 %}",
									 "{% endcase %}",
									 "raw",
									 "endraw",
									 "comment",
									 "endcomment",
									 "liquid",
									 "echo",
									 "{% raw %}",
									 "{% endraw %}",
									 "cycle",
									 "contains",
									 "and",
									 "or",
									 "==",
									 "<",
									 "reversed",
									 "limit:",
									 "offset:",
									 "continue",
									 "{% break %}",
									 "{% continue %}",
									 "\xc3\xa4",
									 "\xff",
									 "#",
									 "%Y",
									 "0.1",
									 "-5",
									 "nil",
									 "empty",
									 "forloop"};

/* Texts put together at random from the language's pieces. */
static void check_fuzz(void)
{
	StetHost host = {.lax = TRUE, .loop_cap = 10000, .output_cap = 1 << 20};
	g_autoptr(GRand) random = g_rand_new_with_seed(20260101);
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < 20000; i++) {
		g_string_truncate(text, 0);
		for (gint n = g_rand_int_range(random, 1, 40); n > 0; n--)
			g_string_append(text, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
		g_free(code_of(text->str, text->len, &host));
	}
	g_string_free(text, TRUE);
}

static const char *const filters[] = {"append",
									  "prepend",
									  "upcase",
									  "downcase",
									  "capitalize",
									  "strip",
									  "lstrip",
									  "rstrip",
									  "strip_newlines",
									  "replace",
									  "replace_first",
									  "replace_last",
									  "remove",
									  "remove_first",
									  "remove_last",
									  "truncate",
									  "truncatewords",
									  "split",
									  "slice",
									  "size",
									  "default",
									  "date",
									  "escape",
									  "h",
									  "escape_once",
									  "strip_html",
									  "newline_to_br",
									  "url_encode",
									  "url_decode",
									  "base64_encode",
									  "base64_decode",
									  "base64_url_safe_encode",
									  "base64_url_safe_decode",
									  "plus",
									  "minus",
									  "times",
									  "divided_by",
									  "modulo",
									  "abs",
									  "round",
									  "ceil",
									  "floor",
									  "at_least",
									  "at_most",
									  "sum",
									  "join",
									  "first",
									  "last",
									  "reverse",
									  "sort",
									  "sort_natural",
									  "uniq",
									  "compact",
									  "map",
									  "concat",
									  "where",
									  "reject",
									  "find",
									  "find_index",
									  "has"};

static const char *const inputs[] = {"nil",
									 "true",
									 "false",
									 "''",
									 "' '",
									 "'a b'",
									 "'12'",
									 "'1.5'",
									 "'\xff\xc3'",
									 "0",
									 "-9223372036854775807",
									 "9223372036854775807",
									 "1.5",
									 "-0.0",
									 "99999999999999999999999999999999.0",
									 "0.000000000000000000001",
									 "(1..3)",
									 "(3..1)",
									 "(-9223372036854775807..9223372036854775807)",
									 "empty",
									 "blank",
									 "words",
									 "loops"};

/* Every standard filter with inputs and arguments of every kind. */
static void check_filter_kinds(void)
{
	StetHost host = {.output_cap = 1 << 20};
	const char *setup = "{% assign words = 'a,,b' | split: ',' %}{% for i in (1..1) %}{% assign loops = "
						"words | concat: words %}{% endfor %}";
	for (guint f = 0; f < G_N_ELEMENTS(filters); f++) {
		for (guint a = 0; a < G_N_ELEMENTS(inputs); a++) {
			for (guint b = 0; b < G_N_ELEMENTS(inputs); b++) {
				g_autofree char *text = g_strdup_printf(
					"%s{{ %s | %s }}{{ %s | %s: %s }}{{ %s | %s: %s, %s }}", setup, inputs[a], filters[f],
					inputs[a], filters[f], inputs[b], inputs[a], filters[f], inputs[b], inputs[a]);
				g_free(code_of(text, strlen(text), &host));
			}
		}
	}
}

/* ---- limits -------------------------------------------------------------------------------- */

static char *repeated(const char *text, guint n, const char *middle, const char *end)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < n; i++)
		g_string_append(out, text);
	g_string_append(out, middle);
	for (guint i = 0; i < n; i++)
		g_string_append(out, end);
	return g_string_free(out, FALSE);
}

static void check_depth(void)
{
	static const struct {
		const char *begin, *middle, *end;
		guint good, bad;
	} cases[] = {
		{"{% if true %}", "x", "{% endif %}", 100, 101},
		{"{% for i in (1..1) %}", "x", "{% endfor %}", 100, 200},
		{"{% if true %}", "x", "", 0, 100000},
		{"{{ (1..", "1", ")", 0, 100000},
		{"{{ s[", "1", "]", 0, 100000},
		{"{% comment %}", "x", "{% endcomment %}", 1000, 0},
		{"{% liquid ", "echo s", "\n %}", 1, 100000},
	};
	StetHost host = {.lax = TRUE};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		if (cases[i].good > 0) {
			g_autofree char *text = repeated(cases[i].begin, cases[i].good, cases[i].middle, cases[i].end);
			g_autofree char *code = code_of(text, strlen(text), &host);
			g_assert_cmpstr(code, ==, "");
		}
		if (cases[i].bad > 0) {
			g_autofree char *text = repeated(cases[i].begin, cases[i].bad, cases[i].middle, cases[i].end);
			g_autofree char *code = code_of(text, strlen(text), &host);
			g_assert_cmpstr(code, !=, "");
		}
	}
}

static const struct {
	const char *name, *template, *code;
} limits[] = {
	{"endless range", "{% for i in (1..9223372036854775807) %}{% endfor %}", "liquid-loops"},
	{"loops in loops", "{% for i in (1..100000) %}{% for j in (1..100000) %}x{% endfor %}{% endfor %}",
	 "liquid-loops"},
	{"tablerow", "{% tablerow i in (1..9223372036854775807) %}{% endtablerow %}", "liquid-size"},
	{"output",
	 "{% capture c %}0123456789{% endcapture %}{% for i in (1..900000) %}{{ c }}{{ c }}{% endfor %}",
	 "liquid-size"},
	{"doubling", "{% assign c = 'ab' %}{% for i in (1..100) %}{% assign c = c | append: c %}{% endfor %}",
	 "liquid-size"},
	{"doubling lists",
	 "{% assign c = 'a,b' | split: ',' %}{% for i in (1..100) %}{% assign c = c | concat: c %}{% endfor %}",
	 "liquid-size"},
	{"replace with nothing",
	 "{% assign c = 'ab' %}{% for i in (1..100) %}{% assign c = c | replace: '', c %}{% endfor %}",
	 "liquid-size"},
	{"range as a list", "{{ (1..9223372036854775807) | join }}", "liquid-size"},
	{"capture grows", "{% for i in (1..100) %}{% capture c %}{{ c }}{{ c }}aa{% endcapture %}{% endfor %}",
	 "liquid-size"},
	{"two partials in turn", "{% include 'a' %}", "liquid-nesting"},
	{"render in turn", "{% render 'a' %}", "liquid-nesting"},
};

static void check_limit(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	gboolean isolated = strstr(limits[i].template, "render") != NULL;
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetTemplate) a = stet_template_parse(
		"a", 1, stet_text(isolated ? "{% render 'b' %}" : "{% include 'b' %}{% include 'b' %}"), NULL, diags);
	g_autoptr(StetTemplate) b = stet_template_parse(
		"b", 1, stet_text(isolated ? "{% render 'a' %}" : "{% include 'a' %}{% include 'a' %}"), NULL, diags);
	const StetTemplate *pair[] = {a, b};
	StetHost host = {
		.partial = find_partial, .lax = TRUE, .loop_cap = 1000000, .output_cap = 4 << 20, .host = pair};
	g_autofree char *code = code_of(limits[i].template, strlen(limits[i].template), &host);
	g_assert_cmpstr(code, ==, limits[i].code);
}

static void check_large_input(void)
{
	StetHost host = {0};
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < 50000; i++)
		g_string_append(text, "{{ s }} {% if n == 3 %}<script {% endif %}\n");
	g_autofree char *code = code_of(text->str, text->len, &host);
	g_assert_cmpstr(code, ==, "");
	g_string_assign(text, "{{ '");
	for (guint i = 0; i < 100000; i++)
		g_string_append(text, "<script<!--<style<");
	g_string_append(text, "' | strip_html }}");
	g_free(code_of(text->str, text->len, &host));
	g_string_free(text, TRUE);
}

/* ---- the command --------------------------------------------------------------------------- */

static void write_file(const char *dir, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_assert_true(stet_file_write(path, text, strlen(text), NULL));
}

static void check_run(void)
{
	g_autofree char *dir = g_dir_make_tmp("stet-liquid-XXXXXX", NULL);
	g_autofree char *template = g_build_filename(dir, "t.liquid", NULL);
	g_autofree char *context = g_build_filename(dir, "c.json", NULL);
	g_autofree char *partials = g_build_filename(dir, "parts", NULL);
	write_file(dir, "t.liquid", "{{ a }} {{ b }} {{ c[0] }} {% render 'x' %}{% include 'y/z' %}{{ nosuch }}");
	write_file(dir, "c.json", "{\"a\": 1, \"b\": 1.0, \"c\": [\"<&\"]}");
	write_file(dir, "parts/x.liquid", "X{{ a }}");
	write_file(dir, "parts/y/z", "Z");
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(GError) error = NULL;
	GString *out = g_string_new(NULL);
	g_assert_true(stet_liquid_run(template, context, partials, TRUE, out, diags, &error));
	g_assert_cmpstr(out->str, ==, "1 1.0 <& X1Z");
	g_assert_false(stet_liquid_run(template, context, partials, FALSE, out, diags, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(stet_diagnostics_count(diags, STET_ERROR), ==, 1);
	write_file(dir, "c.json", "[1]");
	g_assert_false(stet_liquid_run(template, context, partials, TRUE, out, diags, &error));
	g_assert_no_error(error);
	g_assert_false(stet_liquid_run("/nonexistent", NULL, NULL, TRUE, out, diags, &error));
	g_assert_nonnull(error);
	g_string_free(out, TRUE);
	g_assert_true(stet_folder_remove(dir, NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/template/malformed", check_malformed);
	g_test_add_func("/template/fuzz", check_fuzz);
	g_test_add_func("/template/filter-kinds", check_filter_kinds);
	g_test_add_func("/template/depth", check_depth);
	for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
		g_autofree char *path = g_strconcat("/template/limit/", limits[i].name, NULL);
		g_test_add_data_func(path, GUINT_TO_POINTER(i), check_limit);
	}
	g_test_add_func("/template/large-input", check_large_input);
	g_test_add_func("/template/run", check_run);
	return g_test_run();
}
