/* The language's cases in tests/golden/template: each template rendered with its context and partials. */
#include "stet/template.h"
#include <string.h>

typedef struct {
	char *name, *file, *context, *template, *output, *fault;
	GHashTable *partials;
	gboolean lax;
	guint line;
} Case;

typedef struct {
	const Case *c;
	StetDiagnostics *diags;
	GHashTable *parsed;
} Partials;

static char *unescaped(const char *text)
{
	GString *out = g_string_new(NULL);
	for (const char *c = text; *c; c++) {
		if (*c == '\\' && c[1] && strchr("ntr\\", c[1])) {
			c++;
			g_string_append_c(out, *c == 'n' ? '\n' : *c == 't' ? '\t' : *c == 'r' ? '\r' : '\\');
		} else {
			g_string_append_c(out, *c);
		}
	}
	return g_string_free(out, FALSE);
}

static void free_case(gpointer data)
{
	Case *c = data;
	g_free(c->name);
	g_free(c->file);
	g_free(c->context);
	g_free(c->template);
	g_free(c->output);
	g_free(c->fault);
	g_hash_table_destroy(c->partials);
	g_free(c);
}

/* What the lines @* and @@* say for the rest of their file. */
typedef struct {
	char *context;
	GPtrArray *partials; /* lines */
} Common;

static Case *case_new(const char *file, const char *name, guint line)
{
	Case *c = g_new0(Case, 1);
	c->file = g_strdup(file);
	c->name = g_strdup(name);
	c->line = line;
	c->context = g_strdup("{}");
	c->partials = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return c;
}

static void add_partial(Case *c, const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line, " ", 2);
	g_hash_table_insert(c->partials, g_strdup(parts[0]), unescaped(parts[1] ? parts[1] : ""));
}

/* The text after the mark and its space; templates and outputs may be empty. */
static const char *after(const char *line, gsize mark)
{
	return line[mark] == ' ' ? line + mark + 1 : line + mark;
}

static void set_text(char **to, const char *text)
{
	g_free(*to);
	*to = g_strdup(text);
}

static gboolean read_common(Common *common, const char *line)
{
	if (g_str_has_prefix(line, "@@*"))
		g_ptr_array_add(common->partials, g_strdup(after(line, 3)));
	else if (!g_str_has_prefix(line, "@*"))
		return FALSE;
	else
		set_text(&common->context, after(line, 2));
	return TRUE;
}

/* A case of a file with a common context is lax. */
static Case *common_case(const Common *common, const char *file, const char *name, guint number)
{
	Case *c = case_new(file, name, number);
	if (!common->context)
		return c;
	c->lax = TRUE;
	set_text(&c->context, common->context);
	for (guint i = 0; i < common->partials->len; i++)
		add_partial(c, g_ptr_array_index(common->partials, i));
	return c;
}

static void read_line(GPtrArray *cases, Common *common, const char *file, const char *line, guint number)
{
	if (g_str_has_prefix(line, "- ")) {
		g_ptr_array_add(cases, common_case(common, file, line + 2, number));
		return;
	}
	if (read_common(common, line))
		return;
	if (cases->len == 0 || *line == '#' || *line == '\0')
		return;
	Case *c = g_ptr_array_index(cases, cases->len - 1);
	if (g_str_has_prefix(line, "@@")) {
		add_partial(c, after(line, 2));
	} else if (*line == '@') {
		set_text(&c->context, after(line, 1));
	} else if (*line == '?') {
		c->lax = TRUE;
	} else if (*line == '<') {
		c->template = unescaped(after(line, 1));
	} else if (*line == '>') {
		c->output = unescaped(after(line, 1));
	} else if (*line == '!') {
		c->fault = g_strdup(after(line, 1));
	}
}

static void read_cases(GPtrArray *cases, const char *path)
{
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autofree char *file = g_path_get_basename(path);
	Common common = {NULL, g_ptr_array_new_with_free_func(g_free)};
	for (guint i = 0; lines[i]; i++)
		read_line(cases, &common, file, lines[i], i + 1);
	g_ptr_array_free(common.partials, TRUE);
	g_free(common.context);
}

static void free_template(gpointer t)
{
	stet_template_free(t);
}

static const StetTemplate *find_partial(const char *name, gpointer data)
{
	Partials *partials = data;
	const char *text = g_hash_table_lookup(partials->c->partials, name);
	StetTemplate *t = g_hash_table_lookup(partials->parsed, name);
	if (!t && text) {
		t = stet_template_parse(name, 1, stet_text(text), NULL, partials->diags);
		if (t)
			g_hash_table_insert(partials->parsed, g_strdup(name), t);
	}
	return t;
}

/* "line:column message [code]" of the first error; NULL if there is none. */
static char *first_fault(StetDiagnostics *diags)
{
	const GPtrArray *sorted = stet_diagnostics_sorted(diags);
	for (guint i = 0; i < sorted->len; i++) {
		const StetDiagnostic *d = g_ptr_array_index(sorted, i);
		if (d->severity == STET_ERROR)
			return g_strdup_printf("%u:%u %s [%s]", d->line, d->column, d->message, d->code);
	}
	return NULL;
}

static void render_case(const Case *c, StetOutput *output, StetDiagnostics *diags)
{
	Partials partials = {c, diags, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_template)};
	StetHost host = {.partial = find_partial, .lax = c->lax, .host = &partials};
	g_autoptr(StetArena) arena = stet_arena_new();
	g_autoptr(StetDocument) context = stet_document_parse("context", 1, 1, stet_text(c->context), diags);
	g_assert_nonnull(context);
	const StetNode *root = stet_document_root(context);
	g_autofree const char **names = g_new0(const char *, root->n + 1);
	g_autofree StetValue *values = g_new0(StetValue, root->n + 1);
	for (guint i = 0; i < root->n; i++) {
		names[i] = root->keys[i]->text;
		values[i] = stet_value_node(arena, root->items[i]);
	}
	g_autoptr(StetTemplate) t = stet_template_parse("t", 1, stet_text(c->template), NULL, diags);
	if (t) {
		gboolean good = stet_template_render(t, &host, arena, root->n, names, values, output, diags);
		g_assert_cmpint(good, ==, stet_diagnostics_count(diags, STET_ERROR) == 0);
	}
	g_hash_table_destroy(partials.parsed);
}

static void check_case(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetOutput) output = stet_output_new();
	g_assert_nonnull(c->template);
	g_assert_true((c->output != NULL) != (c->fault != NULL));
	render_case(c, output, diags);
	g_autofree char *fault = first_fault(diags);
	g_assert_cmpstr(fault, ==, c->fault);
	if (c->output)
		g_assert_cmpstr(output->text->str, ==, c->output);
}

static void check_clock(void)
{
	Case c = {.context = "{}", .template = "{{ 'now' | date: '%F %T' }} {{ 'today' | date: '%s' }}"};
	c.partials = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetOutput) output = stet_output_new();
	g_setenv("SOURCE_DATE_EPOCH", "1457968166", TRUE);
	render_case(&c, output, diags);
	g_unsetenv("SOURCE_DATE_EPOCH");
	g_assert_cmpstr(output->text->str, ==, "2016-03-14 15:09:26 1457968166");
	g_hash_table_destroy(c.partials);
}

int main(int argc, char **argv)
{
	static const char *const files[] = {"tags",  "loops",    "values",  "filters",
										"dates", "partials", "corners", "agreed"};
	g_test_init(&argc, &argv, NULL);
	g_unsetenv("SOURCE_DATE_EPOCH");
	g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func(free_case);
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_strdup_printf("tests/golden/template/%s.txt", files[i]);
		read_cases(cases, path);
	}
	g_assert_cmpuint(cases->len, >, 800);
	for (guint i = 0; i < cases->len; i++) {
		const Case *c = g_ptr_array_index(cases, i);
		g_autofree char *path = g_strdup_printf("/template/%s:%u/%s", c->file, c->line, c->name);
		g_test_add_data_func(path, c, check_case);
	}
	g_test_add_func("/template/clock", check_clock);
	return g_test_run();
}
