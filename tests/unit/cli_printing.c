/* Diagnostics as printed: the caret stands under the fault whatever stands before it. */
#include "cli/private.h"

#include <stdlib.h>
#include <string.h>

/* Prints one diagnostic about line 1 of a file that holds `source`; returns what was printed. */
static char *print(const char *source, guint column, const char *message, const char *mend, StetFormat format)
{
	g_autofree char *root = g_dir_make_tmp("stet-cli-XXXXXX", NULL), *path = g_build_filename(root, "a,b.csv", NULL);
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_assert_true(stet_file_write(path, source, strlen(source), NULL));
	stet_diagnose(diags, STET_ERROR, "code", (StetPlace){"a,b.csv", 1, column}, mend, "%s", message);
	char *text = NULL;
	gsize length = 0;
	FILE *memory = open_memstream(&text, &length);
	stet_print_diagnostics(&(StetPrinter){format, FALSE, root, "my report"}, diags, memory);
	fclose(memory);
	char *copy = g_strdup(text);
	free(text);
	g_assert_true(stet_folder_remove(root, NULL));
	return copy;
}

static void test_caret(void)
{
	static const struct {
		const char *source;
		guint column;
		const char *shown, *caret; /* the two lines below the message */
	} cases[] = {
		{"abc\n", 1, "abc", "^"},
		{"abc\n", 3, "abc", "  ^"},
		{"abc", 4, "abc", "   ^"},
		{"abc\r\nd", 2, "abc", " ^"},
		{"abc\n", 99, "abc", "   ^"},
		{"\tab\n", 2, "    ab", "    ^"},
		{"a\tb\n", 3, "a    b", "     ^"},
		{"é,b\n", 4, "é,b", "  ^"},       /* the column counts bytes */
		{"日本,b\n", 8, "日本,b", "     ^"}, /* two columns a letter */
		{"e\u0301,b\n", 5, "e\u0301,b", "  ^"},
		{"\xff,b\n", 3, "\uFFFD,b", "  ^"},
		{"\033[31mred\n", 6, "\uFFFD[31mred", "     ^"},
		{"\n", 1, "", "^"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *printed = print(cases[i].source, cases[i].column, "m", NULL, STET_FORMAT_HUMAN);
		g_autofree char *wanted = g_strdup_printf("my report/a,b.csv:1:%u: error: m [code]\n    1 | %s\n      | %s\n",
		                                          cases[i].column, cases[i].shown, cases[i].caret);
		g_assert_cmpstr(printed, ==, wanted);
	}
}

/* A long line is cut around the fault, and the caret stays under it. */
static void test_long_line(void)
{
	for (guint column = 1; column <= 5000; column += 37) {
		g_autoptr(GString) source = g_string_new(NULL);
		while (source->len < 5000)
			g_string_append(source, source->len % 7 == 3 ? "\t" : "x");
		source->str[column - 1] = '!';
		g_autofree char *printed = print(source->str, column, "m", NULL, STET_FORMAT_HUMAN);
		g_auto(GStrv) lines = g_strsplit(printed, "\n", -1);
		const char *mark = strchr(lines[1], '!');
		g_assert_nonnull(mark);
		glong place = g_utf8_pointer_to_offset(lines[1], mark);
		g_assert_cmpint(place, ==, g_utf8_pointer_to_offset(lines[2], strchr(lines[2], '^')));
		g_assert_cmpint(g_utf8_strlen(lines[1], -1), <, 130);
	}
}

static void test_forms(void)
{
	g_autofree char *json = print("x\n", 1, "a \"b\"\n", "do: it", STET_FORMAT_JSON);
	g_assert_cmpstr(json, ==,
	                "{\"severity\":\"error\",\"code\":\"code\",\"file\":\"my report/a,b.csv\",\"line\":1,\"column\":1,"
	                "\"message\":\"a \\\"b\\\"\\n\",\"mend\":\"do: it\"}\n");
	g_autofree char *github = print("x\n", 1, "50%, a:b\nc", "do: it", STET_FORMAT_GITHUB);
	g_assert_cmpstr(github, ==,
	                "::error file=my report/a%2Cb.csv,line=1,col=1,title=code::50%25, a:b%0Ac%0Ado: it\n");
	g_autofree char *human = print("x\n", 0, "from \033[2J the data", "do: it", STET_FORMAT_HUMAN);
	g_assert_cmpstr(human, ==, "my report/a,b.csv:1: error: from \uFFFD[2J the data [code]\n    1 | x\n  mend: do: it\n");
}

static void test_counts(void)
{
	static const struct {
		guint errors, warnings;
		const char *text;
	} cases[] = {{0, 0, ""}, {1, 0, "1 error"}, {2, 1, "2 errors, 1 warning"}, {0, 3, "3 warnings"}};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = stet_counts_text(cases[i].errors, cases[i].warnings);
		g_assert_cmpstr(text, ==, cases[i].text);
	}
}

/* Many faults end with a count by rule, the cap's notes not counted. */
static void test_rules(void)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	char *text = NULL;
	gsize length = 0;
	for (guint i = 0; i < 25; i++)
		stet_diagnose(diags, STET_ERROR, i < 2 ? "ragged" : "type", (StetPlace){"a.csv", i + 1, 0}, NULL, "m");
	stet_diagnose(diags, STET_ERROR, "type", (StetPlace){"b.csv", 1, 0}, NULL, "m");
	FILE *memory = open_memstream(&text, &length);
	stet_print_diagnostics(&(StetPrinter){STET_FORMAT_HUMAN, FALSE, ".", "."}, diags, memory);
	fclose(memory);
	g_assert_true(g_str_has_suffix(text, "\nby rule: type 24, ragged 2\n"));
	free(text);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cli/printing/caret", test_caret);
	g_test_add_func("/cli/printing/long-line", test_long_line);
	g_test_add_func("/cli/printing/forms", test_forms);
	g_test_add_func("/cli/printing/counts", test_counts);
	g_test_add_func("/cli/printing/rules", test_rules);
	return g_test_run();
}
