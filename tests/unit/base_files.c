/* Files, hashes, diagnostics and the worker pool. */
#include "stet/base.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *in(const char *dir, const char *name)
{
	return g_build_filename(dir, name, NULL);
}

static void write_text(const char *dir, const char *name, const char *text)
{
	g_autofree char *path = in(dir, name);
	g_autoptr(GError) error = NULL;
	stet_file_write(path, text, strlen(text), &error);
	g_assert_no_error(error);
}

static void test_files(void)
{
	g_autofree char *dir = g_dir_make_tmp("stet-base-XXXXXX", NULL);
	write_text(dir, "b/2.txt", "two");
	write_text(dir, "a.txt", "one");
	write_text(dir, "b/.hidden", "x");
	write_text(dir, "b-c", "three");
	write_text(dir, "a.txt", "one again");
	g_autofree char *link = in(dir, "b/loop");
	g_assert_cmpint(symlink("..", link), ==, 0); /* a link back up must not hang the listing */
	g_autoptr(GPtrArray) list = stet_files_list(dir);
	g_assert_cmpuint(list->len, >=, 3);
	g_assert_cmpstr(list->pdata[0], ==, "a.txt");
	g_assert_cmpstr(list->pdata[1], ==, "b-c");
	g_assert_cmpstr(list->pdata[2], ==, "b/2.txt");

	g_autofree char *path = in(dir, "a.txt");
	gsize length = 0;
	g_autofree char *text = stet_file_read(path, &length, NULL);
	g_assert_cmpstr(text, ==, "one again");
	g_assert_cmpuint(length, ==, 9);

	g_autoptr(GError) folder = NULL, missing = NULL;
	g_autofree char *none = in(dir, "none");
	g_assert_null(stet_file_read(dir, &length, &folder));
	g_assert_nonnull(strstr(folder->message, "folder"));
	g_assert_null(stet_file_read(none, &length, &missing));
	g_assert_error(missing, G_FILE_ERROR, G_FILE_ERROR_NOENT);
	g_autoptr(GPtrArray) empty = stet_files_list(none);
	g_assert_cmpuint(empty->len, ==, 0);
	g_assert_true(stet_folder_remove(dir, NULL));
	g_assert_false(g_file_test(dir, G_FILE_TEST_EXISTS));
	g_assert_true(stet_folder_remove(dir, NULL));
}

/* Removing a folder removes its links, not what they point to. */
static void test_remove_follows_no_links(void)
{
	g_autofree char *dir = g_dir_make_tmp("stet-base-XXXXXX", NULL), *keep = in(dir, "keep"),
					*drop = in(dir, "drop");
	write_text(keep, "file", "precious");
	g_assert_cmpint(g_mkdir(drop, 0777), ==, 0);
	g_autofree char *link = in(drop, "link"), *file = in(keep, "file");
	g_assert_cmpint(symlink(keep, link), ==, 0);
	g_assert_true(stet_folder_remove(drop, NULL));
	g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
	g_assert_true(stet_folder_remove(dir, NULL));
}

static void test_inside(void)
{
	static const struct {
		const char *path;
		gboolean inside;
	} cases[] = {
		{"a", TRUE},   {"a/b.html", TRUE}, {"a..b", TRUE},    {"...", TRUE},   {"", FALSE},
		{"/a", FALSE}, {"..", FALSE},      {"a/../b", FALSE}, {"a/..", FALSE}, {"../a", FALSE},
	};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpint(stet_path_is_inside(cases[i].path), ==, cases[i].inside);
	g_assert_false(stet_path_is_inside(NULL));
}

/* SHA-256 of the empty text and of "abc": FIPS 180-4's examples. */
static void test_hash(void)
{
	static const char *const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	static const char *const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	g_assert_cmpstr(stet_hash("", 0).hex, ==, empty);
	g_assert_cmpstr(stet_hash("abc", 3).hex, ==, abc);
	StetHasher *hasher = stet_hasher_new();
	stet_hasher_add(hasher, "a", 1);
	stet_hasher_add(hasher, "bc", 2);
	g_assert_cmpstr(stet_hasher_end(hasher).hex, ==, abc);

	g_autofree char *dir = g_dir_make_tmp("stet-base-XXXXXX", NULL), *path = in(dir, "f");
	write_text(dir, "f", "abc");
	StetHash hash;
	guint64 bytes = 0;
	g_assert_true(stet_hash_file(path, &hash, &bytes, NULL));
	g_assert_cmpstr(hash.hex, ==, abc);
	g_assert_cmpuint(bytes, ==, 3);
	g_autoptr(GError) error = NULL;
	g_assert_false(stet_hash_file(dir, &hash, NULL, &error));
	g_assert_nonnull(error);
	g_assert_true(stet_folder_remove(dir, NULL));
}

static void test_diagnostics_order(void)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	stet_diagnose(diags, STET_ERROR, "z", (StetPlace){"b.csv", 2, 1}, NULL, "four");
	stet_diagnose(diags, STET_WARNING, "a", (StetPlace){"a.csv", 10, 1}, "mend it", "three %d", 3);
	stet_diagnose(diags, STET_ERROR, "a", (StetPlace){"a.csv", 9, 5}, NULL, "two");
	stet_diagnose(diags, STET_NOTE, "a", (StetPlace){NULL, 0, 0}, NULL, "one");
	static const char *const order[] = {"one", "two", "three 3", "four"};
	const GPtrArray *sorted = stet_diagnostics_sorted(diags);
	g_assert_cmpuint(sorted->len, ==, 4);
	for (guint i = 0; i < 4; i++)
		g_assert_cmpstr(((StetDiagnostic *)sorted->pdata[i])->message, ==, order[i]);
	g_assert_cmpstr(((StetDiagnostic *)sorted->pdata[2])->mend, ==, "mend it");
	g_assert_cmpuint(stet_diagnostics_count(diags, STET_ERROR), ==, 2);
}

static void report_one(gsize index, guint worker, gpointer data)
{
	(void)worker;
	guint line = (guint)(index * 7919 % 1000) + 1;
	stet_diagnose(data, STET_ERROR, index % 2 ? "odd" : "even", (StetPlace){"a.csv", line, 1}, NULL, "row %u",
				  line);
}

/* A thousand faults from four threads: the same twenty of each kind are kept, and all are counted. */
static void test_diagnostics_cap(void)
{
	g_autoptr(StetDiagnostics) one = stet_diagnostics_new(), four = stet_diagnostics_new();
	stet_parallel(1, 1000, report_one, one);
	stet_parallel(4, 1000, report_one, four);
	g_assert_cmpuint(stet_diagnostics_count(four, STET_ERROR), ==, 1000);
	const GPtrArray *a = stet_diagnostics_sorted(one), *b = stet_diagnostics_sorted(four);
	g_assert_cmpuint(a->len, ==, 42);
	g_assert_cmpuint(b->len, ==, 42);
	for (guint i = 0; i < a->len; i++)
		g_assert_cmpstr(((StetDiagnostic *)a->pdata[i])->message, ==,
						((StetDiagnostic *)b->pdata[i])->message);
	const StetDiagnostic *last = a->pdata[a->len - 1];
	g_assert_cmpint(last->severity, ==, STET_NOTE);
	g_assert_nonnull(strstr(last->message, "480 more"));
	stet_diagnostics_keep_all(four);
	g_assert_cmpuint(stet_diagnostics_sorted(four)->len, ==, 1000);
}

typedef struct {
	guint seen[1000];
	guint workers;
} Visits;

static void visit(gsize index, guint worker, gpointer data)
{
	Visits *visits = data;
	visits->seen[index]++;
	g_assert_cmpuint(worker, <, visits->workers);
}

static void test_parallel(void)
{
	static const struct {
		guint jobs;
		gsize n;
	} cases[] = {{1, 10}, {4, 1000}, {16, 3}, {0, 5}, {4, 0}, {4, 1}};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		Visits visits = {{0}, MAX(cases[i].jobs, 1)};
		stet_parallel(cases[i].jobs, cases[i].n, visit, &visits);
		for (gsize k = 0; k < G_N_ELEMENTS(visits.seen); k++)
			g_assert_cmpuint(visits.seen[k], ==, k < cases[i].n ? 1 : 0);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/files", test_files);
	g_test_add_func("/base/remove-follows-no-links", test_remove_follows_no_links);
	g_test_add_func("/base/inside", test_inside);
	g_test_add_func("/base/hash", test_hash);
	g_test_add_func("/base/diagnostics/order", test_diagnostics_order);
	g_test_add_func("/base/diagnostics/cap", test_diagnostics_cap);
	g_test_add_func("/base/parallel", test_parallel);
	return g_test_run();
}
