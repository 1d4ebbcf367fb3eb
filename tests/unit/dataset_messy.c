/* A survey of messy files: what is certain in each is loaded, the rest is left out. Each NAME.csv stands
 * beside the table it holds, NAME.expected, and what an author would declare of it, NAME.json (dialect,
 * encoding). A file scores 10 times the harmonic mean of its rows' precision and recall, once with that
 * declared and once with all of it sniffed. */
#include "stet/dataset.h"

#include <string.h>

#define FOLDER "tests/golden/dataset/messy"
#define LEAST_DECLARED 9.96 /* mean scores; the best published ones for a comparable survey */
#define LEAST_SNIFFED 9.08

/* Records of RFC 4180 text: a line end inside quotes is none. */
static GPtrArray *records(const char *text)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
	gboolean inside = FALSE;
	const char *start = text;
	for (const char *p = text; *p != 0; p++) {
		inside ^= *p == '"';
		if (*p != '\n' || inside)
			continue;
		g_ptr_array_add(all, g_strndup(start, (gsize)(p - start)));
		start = p + 1;
	}
	return all;
}

/* Each record found counts once for one of the same text. */
static double score(const char *got, const char *wanted)
{
	g_autoptr(GPtrArray) found = records(got);
	g_autoptr(GPtrArray) expected = records(wanted);
	guint n_found = found->len, hits = 0;
	for (guint i = 0; i < expected->len; i++)
		for (guint k = 0; k < found->len; k++)
			if (strcmp(expected->pdata[i], found->pdata[k]) == 0) {
				g_ptr_array_remove_index(found, k);
				hits++;
				break;
			}
	return n_found + expected->len > 0 ? 20.0 * hits / (n_found + expected->len) : 10;
}

static double try_file(const char *name, gboolean declared)
{
	g_autofree char *csv = g_strdup_printf(FOLDER "/%s.csv", name),
					*json = g_strdup_printf(FOLDER "/%s.json", name);
	g_autofree char *expected = g_strdup_printf(FOLDER "/%s.expected", name);
	g_autofree char *wanted = stet_file_read(expected, NULL, NULL), *text = NULL;
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(GString) out = g_string_new(NULL);
	StetDocument *document = NULL;
	gsize length = 0;
	if (declared && (text = stet_file_read(json, &length, NULL)) != NULL)
		document = stet_document_parse(json, 1, 1, (StetText){text, length}, diags);
	const StetNode *root = document != NULL ? stet_document_root(document) : NULL;
	stet_csv_clean(csv, stet_node_get(root, "dialect"), stet_node_text(root, "encoding", NULL), TRUE, out,
				   diags);
	double points = score(out->str, wanted);
	if (points < 10)
		g_test_message("%s, %s: %.2f\n%s", name, declared ? "declared" : "sniffed", points, out->str);
	if (document != NULL)
		stet_document_free(document);
	return points;
}

static void test_survey(void)
{
	g_autoptr(GPtrArray) files = stet_files_list(FOLDER);
	double sums[2] = {0, 0};
	guint n = 0, exact[2] = {0, 0};
	for (guint i = 0; i < files->len; i++) {
		const char *file = files->pdata[i];
		if (!g_str_has_suffix(file, ".csv"))
			continue;
		g_autofree char *name = g_strndup(file, strlen(file) - strlen(".csv"));
		n++;
		for (int declared = 0; declared < 2; declared++) {
			double points = try_file(name, declared);
			sums[declared] += points;
			exact[declared] += points >= 10;
		}
	}
	g_assert_cmpuint(n, >=, 40);
	g_test_message("%u files: %.2f of 10 declared (%u exact), %.2f sniffed (%u exact)", n, sums[1] / n,
				   exact[1], sums[0] / n, exact[0]);
	g_assert_cmpfloat(sums[1] / n, >, LEAST_DECLARED);
	g_assert_cmpfloat(sums[0] / n, >, LEAST_SNIFFED);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/dataset/messy/survey", test_survey);
	return g_test_run();
}
