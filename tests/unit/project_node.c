/* YAML and JSON trees: kinds, places, faults. Cases write '|' for a line end. */
#include "stet/project.h"

#include <string.h>

static StetDocument *parse(const char *text, StetDiagnostics *diags)
{
	g_autofree char *lines = g_strdelimit(g_strdup(text), "|", '\n');
	return stet_document_parse("t.yaml", 1, 1, stet_text(lines), diags);
}

static const StetNode *value_of(const StetDocument *document, const char *path)
{
	const StetNode *node = stet_document_root(document);
	g_auto(GStrv) parts = g_strsplit(path, ".", -1);
	for (guint i = 0; node && parts[i]; i++)
		node = node->kind == STET_NODE_LIST ? node->items[g_ascii_strtoull(parts[i], NULL, 10)]
											: stet_node_get(node, parts[i]);
	return node;
}

static void test_values(void)
{
	static const struct {
		const char *yaml, *path;
		StetNodeKind kind;
		const char *text;
		guint line, column;
	} cases[] = {
		{"a: 1", "a", STET_NODE_INT, "1", 1, 4},
		{"a: -12|b: 1.50", "b", STET_NODE_NUMBER, "1.50", 2, 4},
		{"a: 1e3", "a", STET_NODE_NUMBER, "1e3", 1, 4},
		{"a: true", "a", STET_NODE_BOOL, "true", 1, 4},
		{"a: yes", "a", STET_NODE_TEXT, "yes", 1, 4}, /* YAML 1.2: a word */
		{"a: '1'", "a", STET_NODE_TEXT, "1", 1, 5},
		{"a: \"true\"", "a", STET_NODE_TEXT, "true", 1, 5},
		{"a: 2025Q4", "a", STET_NODE_TEXT, "2025Q4", 1, 4},
		{"a: 2025-03-31", "a", STET_NODE_TEXT, "2025-03-31", 1, 4},
		{"a: 1.2.3", "a", STET_NODE_TEXT, "1.2.3", 1, 4},
		{"a: ~", "a", STET_NODE_NULL, "~", 1, 4},
		{"a: null", "a", STET_NODE_NULL, "null", 1, 4},
		{"a:|  - x|  - b: 7", "a.1.b", STET_NODE_INT, "7", 3, 8},
		{"a: [1, {k: v}]", "a.1.k", STET_NODE_TEXT, "v", 1, 12},
		{"{\"a\": {\"b\": [true, 2.5]}}", "a.b.1", STET_NODE_NUMBER, "2.5", 1, 20},
		{"a: >-|  two|  lines|b: 1", "a", STET_NODE_TEXT, "two lines", 2, 1},
		{"# only a comment|a: x # more", "a", STET_NODE_TEXT, "x", 2, 4},
		{"été: 1|a: x", "a", STET_NODE_TEXT, "x", 2, 4},
		{"a: 12345678901234567890", "a", STET_NODE_NUMBER, "12345678901234567890", 1, 4},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
		g_autoptr(StetDocument) document = parse(cases[i].yaml, diags);
		g_assert_nonnull(document);
		const StetNode *node = value_of(document, cases[i].path);
		g_assert_nonnull(node);
		g_assert_cmpint(node->kind, ==, cases[i].kind);
		g_assert_cmpstr(node->text, ==, cases[i].text);
		g_assert_cmpuint(node->place.line, ==, cases[i].line);
		g_assert_cmpuint(node->place.column, ==, cases[i].column);
		g_assert_cmpstr(node->place.file, ==, "t.yaml");
	}
}

static void test_getters(void)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetDocument) document = parse("t: text|n: 2.5|i: 3|b: true|l: [1]|z:", diags);
	const StetNode *root = stet_document_root(document);
	g_assert_cmpstr(stet_node_text(root, "t", "-"), ==, "text");
	g_assert_cmpstr(stet_node_text(root, "n", "-"), ==, "2.5");
	g_assert_cmpstr(stet_node_text(root, "l", "-"), ==, "-");
	g_assert_cmpstr(stet_node_text(root, "z", "-"), ==, "-");
	g_assert_cmpstr(stet_node_text(root, "none", "-"), ==, "-");
	g_assert_cmpstr(stet_node_text(NULL, "t", "-"), ==, "-");
	g_assert_cmpfloat(stet_node_number(root, "n", 0), ==, 2.5);
	g_assert_cmpfloat(stet_node_number(root, "i", 0), ==, 3);
	g_assert_cmpfloat(stet_node_number(root, "t", 9), ==, 9);
	g_assert_true(stet_node_bool(root, "b", FALSE));
	g_assert_true(stet_node_bool(root, "t", TRUE));
	g_assert_null(stet_node_get(value_of(document, "l"), "t"));
}

static void test_empty(void)
{
	static const char *const texts[] = {"", "|", "# nothing|", "---|", "~", NULL};
	for (guint i = 0; texts[i]; i++) {
		g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
		g_autoptr(StetDocument) document = parse(texts[i], diags);
		g_assert_nonnull(document);
		g_assert_cmpint(stet_document_root(document)->kind, ==, STET_NODE_MAP);
		g_assert_cmpuint(stet_document_root(document)->n, ==, 0);
	}
}

/* Each text has one fault, at a place a reader would look. */
static void test_faults(void)
{
	static const struct {
		const char *yaml, *code;
		guint line; /* 0: at the end, where it was missed */
		const char *says;
	} cases[] = {
		{"a: 1|b: 2|a: 3", "yaml-duplicate-key", 3, "'a'"},
		{"x:|  k: 1|  k: 2", "yaml-duplicate-key", 3, "'k'"},
		{"a: [1, 2|b: 3", "yaml-syntax", 0, "bracket"},
		{"a: 1|b: [1, 2", "yaml-syntax", 2, "never closed"},
		{"a: 1|b:|  c: {d: [1], e: 2", "yaml-syntax", 3, "never closed"},
		{"a: 'open", "yaml-syntax", 1, NULL},
		{"a: 1|  b: 2", "yaml-syntax", 1, NULL},
		{"a: &x 1|b: *x", "yaml-syntax", 2, "aliases"},
		{"a: 1|---|b: 2", "yaml-syntax", 2, "second"},
		{"? [1, 2]|: 3", "yaml-syntax", 1, "key"},
		{"{\"a\": 1,, \"b\": 2}", "yaml-syntax", 1, NULL},
		{"a:|\t- b", "yaml-syntax", 2, NULL},
		{"a: \xff\xfe", "yaml-syntax", 1, "UTF-8"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
		g_assert_null(parse(cases[i].yaml, diags));
		const GPtrArray *found = stet_diagnostics_sorted(diags);
		g_assert_cmpuint(found->len, >=, 1);
		const StetDiagnostic *d = found->pdata[0];
		g_test_message("%s -> %s:%u:%u %s", cases[i].yaml, d->code, d->line, d->column, d->message);
		g_assert_cmpint(d->severity, ==, STET_ERROR);
		g_assert_cmpstr(d->code, ==, cases[i].code);
		if (cases[i].line > 0)
			g_assert_cmpuint(d->line, ==, cases[i].line);
		if (cases[i].says)
			g_assert_nonnull(strstr(d->message, cases[i].says));
	}
}

/* Front matter and SQL comments begin somewhere inside a file. */
static void test_embedded_places(void)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetDocument) document = stet_document_parse("m.sql", 10, 5, stet_text("a: 1\nb: 2"), diags);
	StetPlace a = value_of(document, "a")->place, b = value_of(document, "b")->place;
	g_assert_cmpuint(a.line, ==, 10);
	g_assert_cmpuint(a.column, ==, 8);
	g_assert_cmpuint(b.line, ==, 11);
	g_assert_cmpuint(b.column, ==, 4);
}

static void test_depth(void)
{
	for (guint depth = 60; depth <= 100000; depth *= 40) {
		g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
		g_autoptr(GString) text = g_string_new("a: ");
		for (guint i = 0; i < depth; i++)
			g_string_append_c(text, '[');
		for (guint i = 0; i < depth; i++)
			g_string_append_c(text, ']');
		g_autoptr(StetDocument) document = stet_document_parse("t.yaml", 1, 1, stet_text(text->str), diags);
		g_assert_cmpint(document != NULL, ==, depth == 60);
	}
}

static void test_check(void)
{
	static const StetKey keys[] = {
		{"title", STET_NODE_TEXT, TRUE},    {"decimals", STET_NODE_INT, FALSE},
		{"limit", STET_NODE_NUMBER, FALSE}, {"tags", STET_NODE_LIST, FALSE},
		{"draft", STET_NODE_BOOL, FALSE},   {NULL, 0, FALSE},
	};
	static const struct {
		const char *yaml;
		guint errors, line, column;
		const char *says, *mend;
	} cases[] = {
		{"title: T|decimals: 2|limit: 3|tags: [a]|draft: false", 0, 0, 0, NULL, NULL},
		{"title: 2025|x-mine: 1", 0, 0, 0, NULL, NULL}, /* a number does for a text */
		{"title: T|decmals: 2", 1, 2, 1, "'decmals'", "did you mean 'decimals'?"},
		{"title: T|decimals: two", 1, 2, 11, "a whole number", NULL},
		{"title: T|tags: a", 1, 2, 7, "a list", NULL},
		{"title: T|draft: 1", 1, 2, 8, "true or false", NULL},
		{"decimals: 2", 1, 1, 1, "lacks the key 'title'", NULL},
		{"- a", 1, 1, 1, "must be a map", NULL},
		{"zzz: 1|title: [a]", 2, 1, 1, "'zzz'", "known are title, decimals, limit, tags, draft"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
		g_autoptr(StetDocument) document = parse(cases[i].yaml, diags);
		gboolean good = stet_node_check(stet_document_root(document), keys, "x-", "t-key", "the test", diags);
		const GPtrArray *found = stet_diagnostics_sorted(diags);
		g_assert_cmpuint(found->len, ==, cases[i].errors);
		g_assert_cmpint(good, ==, cases[i].errors == 0);
		if (good)
			continue;
		const StetDiagnostic *d = found->pdata[0];
		g_assert_cmpstr(d->code, ==, "t-key");
		g_assert_cmpuint(d->line, ==, cases[i].line);
		g_assert_cmpuint(d->column, ==, cases[i].column);
		g_assert_nonnull(strstr(d->message, cases[i].says));
		if (cases[i].mend)
			g_assert_cmpstr(d->mend, ==, cases[i].mend);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/project/node/values", test_values);
	g_test_add_func("/project/node/getters", test_getters);
	g_test_add_func("/project/node/empty", test_empty);
	g_test_add_func("/project/node/faults", test_faults);
	g_test_add_func("/project/node/embedded-places", test_embedded_places);
	g_test_add_func("/project/node/depth", test_depth);
	g_test_add_func("/project/node/check", test_check);
	return g_test_run();
}
