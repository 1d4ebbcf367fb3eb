/* The stage: what is in out/ after a commit, an abort, a kill, a refusal. */
#include "stet/publish.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
	char *root, *out, *state;
	StetDiagnostics *diags;
} Report;

static void set_up(Report *report, gconstpointer data)
{
	(void)data;
	report->root = g_dir_make_tmp("stet-publish-XXXXXX", NULL);
	report->out = g_build_filename(report->root, "out", NULL);
	report->state = g_build_filename(report->root, ".stet", NULL);
	report->diags = stet_diagnostics_new();
}

static void tear_down(Report *report, gconstpointer data)
{
	(void)data;
	g_assert_true(stet_folder_remove(report->root, NULL));
	stet_diagnostics_free(report->diags);
	g_free(report->root);
	g_free(report->out);
	g_free(report->state);
}

static void add(StetStage *stage, const char *path, const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	g_autoptr(GError) error = NULL;
	stet_stage_add(stage, path, bytes, &error);
	g_assert_no_error(error);
}

/* One build of `n` files (pairs of path and text). */
static void build(Report *report, const char *const *pairs)
{
	g_autoptr(GError) error = NULL;
	StetStage *stage = stet_stage_open(report->out, report->state, &error);
	g_assert_no_error(error);
	for (guint i = 0; pairs[i]; i += 2)
		add(stage, pairs[i], pairs[i + 1]);
	stet_stage_commit(stage, report->diags, &error);
	g_assert_no_error(error);
}

static void put(const Report *report, const char *path, const char *text)
{
	g_autofree char *whole = g_build_filename(report->out, path, NULL);
	g_assert_true(stet_file_write(whole, text, strlen(text), NULL));
}

static void assert_holds(const Report *report, const char *path, const char *text)
{
	g_autofree char *whole = g_build_filename(report->out, path, NULL), *found = NULL;
	g_file_get_contents(whole, &found, NULL, NULL);
	g_assert_cmpstr(found, ==, text);
}

static struct stat stat_of(const Report *report, const char *path)
{
	struct stat info;
	g_autofree char *whole = g_build_filename(report->out, path, NULL);
	g_assert_cmpint(lstat(whole, &info), ==, 0);
	return info;
}

/* Entries of .stet that are staging folders. */
static guint stages_left(const Report *report)
{
	guint n = 0;
	g_autoptr(GDir) dir = g_dir_open(report->state, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir)))
		n += g_str_has_prefix(name, ".stage-") ? 1 : 0;
	return n;
}

static void test_first_and_second(Report *report, gconstpointer data)
{
	(void)data;
	build(report, (const char *const[]){"index.html", "one", "a/b/c.html", "deep", "gone.html", "x", NULL});
	struct stat same = stat_of(report, "a/b/c.html");
	build(report, (const char *const[]){"index.html", "two", "a/b/c.html", "deep", NULL});
	assert_holds(report, "index.html", "two");
	assert_holds(report, "a/b/c.html", "deep");
	assert_holds(report, "gone.html", NULL);
	struct stat after = stat_of(report, "a/b/c.html");
	g_assert_cmpuint(after.st_ino, ==, same.st_ino); /* linked: a web server sees no new time */
	g_assert_cmpint(after.st_mtim.tv_nsec, ==, same.st_mtim.tv_nsec);
	g_assert_cmpuint(stages_left(report), ==, 0);
	g_assert_cmpuint(stet_diagnostics_count(report->diags, STET_WARNING), ==, 0);
}

static void test_abort(Report *report, gconstpointer data)
{
	(void)data;
	build(report, (const char *const[]){"index.html", "one", NULL});
	StetStage *stage = stet_stage_open(report->out, report->state, NULL);
	add(stage, "index.html", "two");
	stet_stage_abort(stage);
	assert_holds(report, "index.html", "one");
	g_assert_cmpuint(stages_left(report), ==, 0);
}

static void test_bad_paths(Report *report, gconstpointer data)
{
	(void)data;
	static const char *const bad[] = {"", "/etc/x", "../x", "a/../../x", "a/", NULL};
	StetStage *stage = stet_stage_open(report->out, report->state, NULL);
	g_autoptr(GBytes) bytes = g_bytes_new("x", 1);
	add(stage, "twice", "x");
	for (guint i = 0; bad[i]; i++) {
		g_autoptr(GError) error = NULL;
		g_assert_false(stet_stage_add(stage, bad[i], bytes, &error));
		g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
	}
	g_autoptr(GError) error = NULL;
	g_assert_false(stet_stage_add(stage, "twice", bytes, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
	stet_stage_abort(stage);
}

static void test_foreign(Report *report, gconstpointer data)
{
	(void)data;
	build(report, (const char *const[]){"index.html", "one", "old/page.html", "x", NULL});
	put(report, "CNAME", "example.org");
	put(report, ".git/HEAD", "ref");
	put(report, ".git/objects/1", "blob");
	put(report, "old/notes.txt", "mine");
	put(report, "new.html", "a draft of mine");
	g_autofree char *link = g_build_filename(report->out, "link", NULL);
	g_assert_cmpint(symlink("CNAME", link), ==, 0);

	build(report, (const char *const[]){"index.html", "two", "new.html", "stet's", NULL});
	assert_holds(report, "CNAME", "example.org");
	assert_holds(report, ".git/objects/1", "blob");
	assert_holds(report, "old/notes.txt", "mine");
	assert_holds(report, "old/page.html", NULL);
	assert_holds(report, "new.html", "stet's");
	g_assert_true(S_ISLNK(stat_of(report, "link").st_mode));

	static const char *const expected[] = {"out/.git/ out-foreign", "out/CNAME out-foreign",
										   "out/link out-foreign", "out/new.html out-replaced",
										   "out/old/notes.txt out-foreign"};
	const GPtrArray *found = stet_diagnostics_sorted(report->diags);
	g_assert_cmpuint(found->len, ==, G_N_ELEMENTS(expected));
	for (guint i = 0; i < found->len; i++) {
		const StetDiagnostic *d = found->pdata[i];
		g_autofree char *text = g_strdup_printf("%s %s", d->file, d->code);
		g_assert_cmpstr(text, ==, expected[i]);
	}
}

/* A user's folder where a page must go: nothing is lost, the build says so. */
static void test_foreign_in_the_way(Report *report, gconstpointer data)
{
	(void)data;
	build(report, (const char *const[]){"index.html", "one", NULL});
	put(report, "about/mine.txt", "mine");
	StetStage *stage = stet_stage_open(report->out, report->state, NULL);
	add(stage, "about", "a file");
	g_autoptr(GError) error = NULL;
	g_assert_false(stet_stage_commit(stage, report->diags, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
	assert_holds(report, "index.html", "one");
	assert_holds(report, "about/mine.txt", "mine");
}

static void test_lock(Report *report, gconstpointer data)
{
	(void)data;
	StetStage *stage = stet_stage_open(report->out, report->state, NULL);
	g_autoptr(GError) error = NULL;
	g_assert_null(stet_stage_open(report->out, report->state, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_AGAIN);
	g_assert_nonnull(strstr(error->message, "another build"));
	stet_stage_abort(stage);
	stage = stet_stage_open(report->out, report->state, NULL);
	g_assert_nonnull(stage);
	stet_stage_abort(stage);
}

/* A child dies with the stage open; the next build clears up after it. */
static void test_killed(Report *report, gconstpointer data)
{
	(void)data;
	build(report, (const char *const[]){"index.html", "one", NULL});
	pid_t child = fork();
	if (child == 0) {
		StetStage *stage = stet_stage_open(report->out, report->state, NULL);
		add(stage, "index.html", "half");
		_exit(0);
	}
	g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
	assert_holds(report, "index.html", "one");
	g_assert_cmpuint(stages_left(report), ==, 1);
	build(report, (const char *const[]){"index.html", "two", NULL});
	assert_holds(report, "index.html", "two");
	g_assert_cmpuint(stages_left(report), ==, 0);
}

static void test_symbolic_link(Report *report, gconstpointer data)
{
	(void)data;
	g_autofree char *target = g_build_filename(report->root, "www", NULL);
	g_assert_cmpint(g_mkdir(target, 0750), ==, 0);
	g_assert_cmpint(symlink("www", report->out), ==, 0);
	build(report, (const char *const[]){"index.html", "one", NULL});
	struct stat info;
	g_assert_cmpint(lstat(report->out, &info), ==, 0);
	g_assert_true(S_ISLNK(info.st_mode));
	g_assert_cmpint(stat(report->out, &info), ==, 0);
	g_assert_cmpuint(info.st_mode & 07777, ==, 0750); /* the folder's own mode is kept */
	assert_holds(report, "index.html", "one");
}

static void test_refused(Report *report, gconstpointer data)
{
	(void)data;
	static const char *const bad[] = {"", "data", "data/site", "templates/x/y", ".stet", "..", NULL};
	g_autofree char *other = g_build_filename(report->root, "mine", NULL),
					*file = g_build_filename(other, "f", NULL);
	for (guint i = 0; bad[i]; i++) {
		g_autofree char *out = g_build_filename(report->root, bad[i], NULL);
		g_autoptr(GError) error = NULL;
		g_assert_null(stet_stage_open(out, report->state, &error));
		g_assert_nonnull(error);
	}
	g_autoptr(GError) error = NULL;
	g_assert_true(stet_file_write(file, "x", 1, NULL));
	g_assert_null(
		stet_stage_open(other, report->state, &error)); /* --out of a folder with somebody's files */
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
	g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
}

typedef struct {
	StetStage *stage;
	gint failed;
} Many;

static void add_many(gsize index, guint worker, gpointer data)
{
	(void)worker;
	Many *many = data;
	g_autofree char *path = g_strdup_printf("%zu/%zu.html", index % 7, index);
	g_autoptr(GBytes) bytes = g_bytes_new(path, strlen(path));
	if (!stet_stage_add(many->stage, path, bytes, NULL))
		g_atomic_int_inc(&many->failed);
}

static void test_threads(Report *report, gconstpointer data)
{
	(void)data;
	Many many = {stet_stage_open(report->out, report->state, NULL), 0};
	stet_parallel(4, 500, add_many, &many);
	g_assert_cmpint(many.failed, ==, 0);
	g_assert_true(stet_stage_commit(many.stage, report->diags, NULL));
	g_autoptr(GPtrArray) files = stet_files_list(report->out);
	g_assert_cmpuint(files->len, ==, 500);
	assert_holds(report, "3/17.html", "3/17.html");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	static const struct {
		const char *name;
		void (*test)(Report *, gconstpointer);
	} tests[] = {
		{"first-and-second", test_first_and_second},
		{"abort", test_abort},
		{"bad-paths", test_bad_paths},
		{"foreign", test_foreign},
		{"foreign-in-the-way", test_foreign_in_the_way},
		{"lock", test_lock},
		{"killed", test_killed},
		{"symbolic-link", test_symbolic_link},
		{"refused", test_refused},
		{"threads", test_threads},
	};
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat("/publish/stage/", tests[i].name, NULL);
		g_test_add(path, Report, NULL, set_up, tests[i].test, tear_down);
	}
	return g_test_run();
}
