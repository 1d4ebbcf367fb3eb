/* What a host relies on: objects, filters, tags, printed values with their origins, captured text, places. */
#include "stet/template.h"
#include <string.h>

/* ---- a small host -------------------------------------------------------------------------- */

typedef struct {
	const char *name;
	double number;
	StetOrigin origin;
} Figure;

static Figure figures[] = {
	{"azure", 67.5, {.row = 1}},
	{"aws", 12.25, {.row = 2}},
};

static gboolean figure_plain(gconstpointer self, StetRender *render, StetValue *out)
{
	(void)render;
	const Figure *figure = self;
	*out = stet_value_float(figure->number);
	out->unit = "percent";
	out->origin = &figure->origin;
	return TRUE;
}

static gboolean figure_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const Figure *figure = self;
	if (!stet_text_equal(key, "name"))
		return FALSE;
	*out = stet_value_text(stet_render_arena(render), figure->name, -1);
	return TRUE;
}

static const char *const *figure_keys(gconstpointer self)
{
	static const char *const names[] = {"name", NULL};
	(void)self;
	return names;
}

static const StetClass figure_class = {"figure", figure_get, figure_keys, NULL, figure_plain};

static gboolean metric_list(gconstpointer self, StetRender *render, StetValue *out)
{
	(void)self;
	StetValue items[G_N_ELEMENTS(figures)];
	for (guint i = 0; i < G_N_ELEMENTS(figures); i++)
		items[i] = stet_value_object(&figure_class, &figures[i]);
	*out = stet_value_list(stet_render_arena(render), items, G_N_ELEMENTS(figures));
	return TRUE;
}

static const StetClass metric_class = {.name = "metric", .list = metric_list};

/* How often each row was named by what was printed, and the form of the last origin. */
typedef struct {
	GString *log;
	GHashTable *partials;
} Host;

static void log_origin(GString *log, const StetOrigin *origin)
{
	if (origin->n_inputs == 0) {
		g_string_append_printf(log, "%s%u", origin->form ? origin->form : "row", (guint)origin->row);
		return;
	}
	g_string_append_printf(log, "%s(", origin->form);
	for (guint i = 0; i < origin->n_inputs; i++) {
		if (i > 0)
			g_string_append_c(log, ' ');
		log_origin(log, origin->inputs[i]);
	}
	g_string_append_c(log, ')');
}

/* Data is put in brackets, markup goes in as it is. */
static void host_print(StetRender *render, const StetValue *value, StetPlace place, GString *out,
					   gpointer data)
{
	Host *host = data;
	StetValue plain = *value;
	if (value->kind == STET_VALUE_OBJECT && value->v.object.class_->plain)
		g_assert_true(value->v.object.class_->plain(value->v.object.self, render, &plain));
	if (plain.origin) {
		log_origin(host->log, plain.origin);
		g_string_append_printf(host->log, "@%u:%u%s%s;", place.line, place.column, plain.unit ? " " : "",
							   plain.unit ? plain.unit : "");
	}
	StetText text = stet_value_print(render, value);
	if (value->kind == STET_VALUE_TEXT && value->markup)
		g_string_append_len(out, text.ptr, (gssize)text.len);
	else
		g_string_append_printf(out, "<%.*s>", (int)text.len, text.ptr);
}

/* The plain text of what host_print made: without the brackets. */
static StetText host_resolve(StetRender *render, StetText captured, gpointer data)
{
	(void)data;
	char *copy = stet_arena_text(stet_render_arena(render), captured.ptr, (gssize)captured.len);
	gsize n = 0;
	for (gsize i = 0; i < captured.len; i++)
		if (copy[i] != '<' && copy[i] != '>')
			copy[n++] = copy[i];
	return (StetText){copy, n};
}

static gboolean filter_raw(StetRender *render, const StetValue *input, const StetValue *args, guint n_args,
						   const StetValue *named, StetValue *out, gpointer host)
{
	(void)args, (void)n_args, (void)named, (void)host;
	StetText text = stet_value_string(render, input);
	*out = stet_value_markup(stet_render_arena(render), text.ptr, (gssize)text.len);
	return TRUE;
}

/* Wins over the standard filter of that name; says how it was called. */
static gboolean filter_compact(StetRender *render, const StetValue *input, const StetValue *args,
							   guint n_args, const StetValue *named, StetValue *out, gpointer host)
{
	double number;
	(void)args, (void)host;
	if (!stet_value_number(render, input, &number)) {
		stet_render_fail(render, "test-number", "give a number", "no number: '%.*s'",
						 (int)stet_value_print(render, input).len, stet_value_print(render, input).ptr);
		return FALSE;
	}
	g_autofree char *text = g_strdup_printf("%.0f/%u/%u", number, n_args, named ? (guint)named->v.map.n : 0);
	*out = stet_value_text(stet_render_arena(render), text, -1);
	return TRUE;
}

static const StetFilterEntry filters[] = {{"raw", filter_raw, 0, 0}, {"compact", filter_compact, 0, 2}, {0}};

static gboolean tag_cite(StetRender *render, const StetValue *args, guint n_args, const StetValue *named,
						 GString *out, gpointer host)
{
	(void)render, (void)host, (void)n_args;
	g_string_append_printf(out, "[%.*s", (int)args[0].v.text.len, args[0].v.text.ptr);
	for (gsize i = 0; named && i < named->v.map.n; i++)
		g_string_append_printf(out, " %.*s=%" G_GINT64_FORMAT, (int)named->v.map.keys[i].len,
							   named->v.map.keys[i].ptr, named->v.map.values[i].v.integer);
	g_string_append_c(out, ']');
	return TRUE;
}

static const StetTagEntry tags[] = {{"cite", tag_cite, 1, 1, TRUE}, {0}};

static const StetTemplate *find_partial(const char *name, gpointer data)
{
	return g_hash_table_lookup(((Host *)data)->partials, name);
}

static void free_template(gpointer t)
{
	stet_template_free(t);
}

/* Renders `text` with the metric `m`, figures `a` and `b`; partial "p" is `partial`. */
static char *run(const char *text, const char *partial, GString *log, StetOutput *output,
				 StetDiagnostics *diags)
{
	Host host = {log, g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_template)};
	StetHost callbacks = {.filters = filters,
						  .print = host_print,
						  .resolve = host_resolve,
						  .partial = find_partial,
						  .host = &host};
	g_autoptr(StetArena) arena = stet_arena_new();
	if (partial)
		g_hash_table_insert(host.partials, (gpointer) "p",
							stet_template_parse("p.html", 1, stet_text(partial), tags, diags));
	static const char *const names[] = {"m", "a", "b"};
	StetValue values[] = {stet_value_object(&metric_class, NULL),
						  stet_value_object(&figure_class, &figures[0]),
						  stet_value_object(&figure_class, &figures[1])};
	g_autoptr(StetTemplate) t = stet_template_parse("page.md", 10, stet_text(text), tags, diags);
	char *faults = NULL;
	if (t)
		stet_template_render(t, &callbacks, arena, 3, names, values, output, diags);
	const GPtrArray *sorted = stet_diagnostics_sorted(diags);
	if (sorted->len > 0) {
		const StetDiagnostic *d = g_ptr_array_index(sorted, 0);
		faults = g_strdup_printf("%s:%u:%u %s|%s", d->file, d->line, d->column, d->message,
								 d->mend ? d->mend : "");
	}
	g_hash_table_destroy(host.partials);
	return faults;
}

/* ---- what is printed and where it comes from ----------------------------------------------- */

static const struct {
	const char *name, *template, *output, *log;
} printed[] = {
	{"object", "{{ a }}", "<67.5>", "row1@10:1 percent;"},
	{"property", "{{ a.name }}", "<azure>", ""},
	{"assigned", "{% assign x = a %}{{ x }}", "<67.5>", "row1@10:19 percent;"},
	{"sum of two", "{{ a | plus: b }}", "<79.75>", "plus(row1 row2)@10:1 percent;"},
	{"of one and a number", "{{ a | times: 2 }}", "<135.0>", "times(row1)@10:1 percent;"},
	{"ratio of two has no unit", "{{ a | divided_by: b | round: 2 }}", "<5.51>",
	 "divided_by(row1 row2)@10:1;"},
	{"chain", "{{ a | minus: b | times: 100 }}", "<5525.0>", "times(minus(row1 row2))@10:1 percent;"},
	{"rounding keeps", "{{ a | round }}", "<68>", "row1@10:1 percent;"},
	{"text keeps", "{{ a | append: '!' | upcase }}", "<67.5!>", "append(row1)@10:1;"},
	{"loop", "{% for f in m %}{{ f }}{% endfor %}", "<67.5><12.25>",
	 "row1@10:17 percent;row2@10:17 percent;"},
	{"sum of a list", "{{ m | sum }}", "<79.75>", "sum(row1 row2)@10:1 percent;"},
	{"join", "{{ m | join: ' ' }}", "<67.5 12.25>", "join(row1 row2)@10:1;"},
	{"sort and first", "{% assign f = m | sort | first %}{{ f.name }}{{ f }}", "<aws><12.25>",
	 "row2@10:46 percent;"},
	{"first and size of an object list", "{{ m.first.name }}{{ m.size }}{{ m[1].name }}", "<azure><2><aws>",
	 ""},
	{"compared as a number", "{% if a > 60 and b < 20 %}yes{% endif %}", "yes", ""},
	{"captured", "{% capture x %}v{{ a }}{% endcapture %}{{ x }}", "v<67.5>", "row1@10:17 percent;"},
	{"captured is looked into as text",
	 "{% capture x %}{{ a }}{% endcapture %}{% if x == '67.5' %}yes{% endif %}{{ x | size }}", "yes<4>",
	 "row1@10:16 percent;"},
	{"captured and changed is data", "{% capture x %}<b>{{ 'q' }}{% endcapture %}{{ x | upcase }}", "<BQ>",
	 ""},
	{"captured and stripped is markup", "{% capture x %} <b>{{ 'q' }} {% endcapture %}{{ x | strip }}",
	 "<b><q>", ""},
	{"raw", "{{ '<i>' | raw }}{{ '<i>' }}", "<i><<i>>", ""},
	{"host filter wins", "{{ 12 | compact }}{{ 12 | compact: 1, x: 2 }}", "<12/0/0><12/1/1>", ""},
	{"host filter keeps the origin", "{{ a | compact }}", "<68/0/0>", "row1@10:1;"},
	{"host tag", "{% cite smith-2024, page: 3 %}{% cite 'x y' %}", "[smith-2024 page=3][x y]", ""},
	{"cycle prints values", "{% cycle a, b %}", "<67.5>", "row1@10:1 percent;"},
	{"increment prints values", "{% increment n %}", "<0>", ""},
	{"at_least joins", "{{ a | at_least: b }}", "<67.5>", "at_least(row1 row2)@10:1 percent;"},
	{"default passes the value", "{{ nosuch | default: a }}", "<67.5>", "row1@10:1 percent;"},
};

static void check_printed(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetOutput) output = stet_output_new();
	GString *log = g_string_new(NULL);
	g_autofree char *fault = run(printed[i].template, NULL, log, output, diags);
	g_assert_cmpstr(fault, ==, NULL);
	g_assert_cmpstr(output->text->str, ==, printed[i].output);
	g_assert_cmpstr(log->str, ==, printed[i].log);
	g_string_free(log, TRUE);
}

/* ---- errors at the author's place ---------------------------------------------------------- */

static const struct {
	const char *name, *template, *partial, *fault;
} faults[] = {
	{"line and column", "a\n b {{ nosuch }}", NULL, "page.md:11:7 undefined variable 'nosuch'|"},
	{"nearest variable", "{% assign revenue = 1 %}{{ revnue }}", NULL,
	 "page.md:10:28 undefined variable 'revnue'|did you mean 'revenue'?"},
	{"nearest property", "{{ a.nmae }}", NULL,
	 "page.md:10:4 figure has no property 'nmae'|did you mean 'name'?"},
	{"nearest filter", "{{ a | compct }}", NULL,
	 "page.md:10:8 unknown filter 'compct'|did you mean 'compact'?"},
	{"nearest tag", "{% cyte x %}", NULL, "page.md:10:1 unknown tag 'cyte'|did you mean 'cite'?"},
	{"host filter's own", "{{ 'x' | compact }}", NULL, "page.md:10:10 no number: 'x'|give a number"},
	{"in a partial", "\n{% render 'p' %}", "x\n {{ q }}",
	 "p.html:2:5 undefined variable 'q', in 'p' from page.md:11:1|"},
	{"in a loop", "{% for f in m %}{{ f.x }}{% endfor %}", NULL,
	 "page.md:10:20 figure has no property 'x', in item 1 of 'f-m'|there is only name"},
	{"unclosed in a partial", "{% include 'p' %}", "\n{% if true %}\n",
	 "p.html:2:1 the 'if' opened at line 2 is not closed|add {% endif %}"},
	{"tag arguments", "{% cite a, b %}", NULL, "page.md:10:1 'cite' takes 1 to 1 arguments, not 2|"},
};

static void check_fault(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetOutput) output = stet_output_new();
	GString *log = g_string_new(NULL);
	g_autofree char *fault = run(faults[i].template, faults[i].partial, log, output, diags);
	g_assert_cmpstr(fault, ==, faults[i].fault);
	g_string_free(log, TRUE);
}

static void check_all_faults(void)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetOutput) output = stet_output_new();
	GString *log = g_string_new(NULL);
	g_autofree char *first =
		run("{{ x1 }}\n{% for f in m %}{{ x2 }}{% endfor %}\n{{ 1 | divided_by: 0 }}{{ a.x3 }}", NULL, log,
			output, diags);
	g_assert_nonnull(first);
	g_assert_cmpuint(stet_diagnostics_count(diags, STET_ERROR), ==, 4);
	g_autoptr(StetDiagnostics) parsing = stet_diagnostics_new();
	g_assert_null(stet_template_parse(
		"a", 1, stet_text("{{ a b }}{% nosuch %}{% if %}{% endif %}{% assign %}"), NULL, parsing));
	g_assert_cmpuint(stet_diagnostics_count(parsing, STET_ERROR), ==, 4);
	g_string_free(log, TRUE);
}

/* ---- output to file and line --------------------------------------------------------------- */

static void assert_place(const StetOutput *output, const char *text, const char *file, guint line,
						 guint column)
{
	const char *at = strstr(output->text->str, text);
	g_assert_nonnull(at);
	StetPlace place = stet_output_place(output, (gsize)(at - output->text->str));
	g_assert_cmpstr(place.file, ==, file);
	g_assert_cmpuint(place.line, ==, line);
	g_assert_cmpuint(place.column, ==, column);
}

static void check_spans(void)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetOutput) output = stet_output_new();
	g_autoptr(StetArena) arena = stet_arena_new();
	Host host = {g_string_new(NULL), g_hash_table_new(g_str_hash, g_str_equal)};
	StetHost callbacks = {.partial = find_partial, .host = &host};
	g_autoptr(StetTemplate) layout = stet_template_parse(
		"l.html", 1, stet_text("<h>\n{% block content %}{% endblock %}\n<f>"), NULL, diags);
	g_autoptr(StetTemplate) partial = stet_template_parse("p.html", 1, stet_text("P1\nP2\n"), NULL, diags);
	g_autoptr(StetTemplate) t = stet_template_parse(
		"a.md", 5, stet_text("{% layout 'l' -%}\n# One\n\ntwo {{ 'v\nw' }} three\n{% render 'p' %}\nlast"),
		NULL, diags);
	g_hash_table_insert(host.partials, (gpointer) "l", layout);
	g_hash_table_insert(host.partials, (gpointer) "p", partial);
	g_assert_true(stet_template_render(t, &callbacks, arena, 0, NULL, NULL, output, diags));
	g_assert_cmpstr(output->text->str, ==, "<h>\n# One\n\ntwo v\nw three\nP1\nP2\n\nlast\n<f>");
	assert_place(output, "<h>", "l.html", 1, 1);
	assert_place(output, "# One", "a.md", 6, 1);
	assert_place(output, "two", "a.md", 8, 1);
	assert_place(output, "v\n", "a.md", 8, 5);
	assert_place(output, "w three", "a.md", 8, 5);
	assert_place(output, "three", "a.md", 9, 7);
	assert_place(output, "P2", "p.html", 2, 1);
	assert_place(output, "last", "a.md", 11, 1);
	assert_place(output, "<f>", "l.html", 3, 1);
	StetPlace line = stet_output_line_place(output, 7);
	g_assert_cmpstr(line.file, ==, "p.html");
	g_assert_cmpuint(line.line, ==, 2);
	g_hash_table_destroy(host.partials);
	g_string_free(host.log, TRUE);
}

static void check_cells(void)
{
	g_autoptr(StetArena) arena = stet_arena_new();
	const StetCell date = {STET_DATE, {.i = 20088}}, stamp = {STET_TIMESTAMP, {.i = -1000000}},
				   number = {STET_NUMBER, {.n = 1.5}};
	StetValue value = stet_value_cell(arena, &date);
	g_assert_true(stet_text_equal(value.v.text, "2024-12-31"));
	value = stet_value_cell(arena, &stamp);
	g_assert_true(stet_text_equal(value.v.text, "1969-12-31T23:59:59Z"));
	value = stet_value_cell(arena, &number);
	g_assert_cmpint(value.kind, ==, STET_VALUE_FLOAT);
	g_assert_cmpfloat(value.v.number, ==, 1.5);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(printed); i++) {
		g_autofree char *path = g_strconcat("/template/printed/", printed[i].name, NULL);
		g_test_add_data_func(path, GUINT_TO_POINTER(i), check_printed);
	}
	for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
		g_autofree char *path = g_strconcat("/template/fault/", faults[i].name, NULL);
		g_test_add_data_func(path, GUINT_TO_POINTER(i), check_fault);
	}
	g_test_add_func("/template/all-faults", check_all_faults);
	g_test_add_func("/template/spans", check_spans);
	g_test_add_func("/template/cells", check_cells);
	return g_test_run();
}
