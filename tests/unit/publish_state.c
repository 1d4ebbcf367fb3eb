/* The state: when is a site current? Each case changes one thing after a build. */
#include "stet/publish.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
	char *root, *out, *state;
} Report;

static void put(const Report *report, const char *path, const char *text)
{
	g_autofree char *whole = g_build_filename(report->root, path, NULL);
	g_assert_true(stet_file_write(whole, text, strlen(text), NULL));
}

/* Sets the time of an input back, so that it is no longer suspected to be in the midst of a change. */
static void age(const Report *report, const char *path, long seconds)
{
	g_autofree char *whole = g_build_filename(report->root, path, NULL);
	struct timespec times[2] = {{time(NULL) - seconds, 5}, {time(NULL) - seconds, 5}};
	g_assert_cmpint(utimensat(AT_FDCWD, whole, times, 0), ==, 0);
}

static void build(const Report *report, const char *salt)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetState) state = stet_state_scan(report->root, salt, &error);
	StetStage *stage = stet_stage_open(report->out, report->state, &error);
	g_assert_no_error(error);
	g_autoptr(GBytes) bytes = g_bytes_new("page", 4);
	stet_stage_add(stage, "index.html", bytes, &error);
	stet_stage_commit(stage, diags, &error);
	g_assert_no_error(error);
	stet_state_save(state, report->out, &error);
	g_assert_no_error(error);
}

static gboolean is_current(const Report *report, const char *salt)
{
	g_autoptr(StetState) state = stet_state_scan(report->root, salt, NULL);
	return stet_state_is_current(state, report->out);
}

static void set_up(Report *report, gconstpointer data)
{
	(void)data;
	report->root = g_dir_make_tmp("stet-state-XXXXXX", NULL);
	report->out = g_build_filename(report->root, "out", NULL);
	report->state = g_build_filename(report->root, ".stet", NULL);
	put(report, "data/a.csv", "x\n1\n");
	put(report, "data/sub/b c.sql", "select 1");
	put(report, "templates/site.yaml", "title: T\n");
	build(report, "1");
}

static void tear_down(Report *report, gconstpointer data)
{
	(void)data;
	g_assert_true(stet_folder_remove(report->root, NULL));
	g_free(report->root);
	g_free(report->out);
	g_free(report->state);
}

static void remove_file(const Report *report, const char *path)
{
	g_autofree char *whole = g_build_filename(report->root, path, NULL);
	g_assert_cmpint(g_unlink(whole), ==, 0);
}

static void nothing(const Report *report)
{
	(void)report;
}
static void same_size(const Report *report)
{
	put(report, "data/a.csv", "x\n2\n");
}
static void same_size_old_time(const Report *report)
{
	put(report, "data/a.csv", "x\n2\n");
	age(report, "data/a.csv", 9999);
}
static void other_size(const Report *report)
{
	put(report, "data/a.csv", "x\n22\n");
}
static void rewritten(const Report *report)
{
	put(report, "data/a.csv", "x\n1\n");
}
static void touched(const Report *report)
{
	age(report, "templates/site.yaml", 50);
}
static void new_input(const Report *report)
{
	put(report, "templates/pages/new.md", "hello");
}
static void lost_input(const Report *report)
{
	remove_file(report, "data/sub/b c.sql");
}
static void hidden_input(const Report *report)
{
	put(report, "data/.a.csv.swp", "editor");
}
static void renamed(const Report *report)
{
	remove_file(report, "data/a.csv");
	put(report, "data/z.csv", "x\n1\n");
}
static void page_edited(const Report *report)
{
	put(report, "out/index.html", "edit");
}
static void page_lost(const Report *report)
{
	remove_file(report, "out/index.html");
}
static void foreign_page(const Report *report)
{
	put(report, "out/CNAME", "example.org");
}
static void state_lost(const Report *report)
{
	remove_file(report, ".stet/state");
}
static void state_empty(const Report *report)
{
	put(report, ".stet/state", "");
}
static void state_garbage(const Report *report)
{
	put(report, ".stet/state", "stet state 1\nbuilt\ninput 1 2\nsha256 00\n");
}

static void state_cut(const Report *report)
{
	g_autofree char *path = g_build_filename(report->state, "state", NULL), *text = NULL;
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	text[strlen(text) / 2] = 0;
	put(report, ".stet/state", text);
}

static const struct {
	const char *name;
	void (*change)(const Report *);
	gboolean current;
} cases[] = {
	{"nothing", nothing, TRUE},
	{"same-size", same_size, FALSE},
	{"same-size-old-time", same_size_old_time, FALSE},
	{"other-size", other_size, FALSE},
	{"rewritten-alike", rewritten, TRUE},
	{"touched", touched, TRUE},
	{"new-input", new_input, FALSE},
	{"lost-input", lost_input, FALSE},
	{"hidden-input", hidden_input, TRUE},
	{"renamed", renamed, FALSE},
	{"page-edited", page_edited, FALSE},
	{"page-lost", page_lost, FALSE},
	{"foreign-page", foreign_page, TRUE},
	{"state-lost", state_lost, FALSE},
	{"state-empty", state_empty, FALSE},
	{"state-garbage", state_garbage, FALSE},
	{"state-cut", state_cut, FALSE},
};

static void test_case(Report *report, gconstpointer data)
{
	guint index = GPOINTER_TO_UINT(data);
	cases[index].change(report);
	g_assert_cmpint(is_current(report, "1"), ==, cases[index].current);
	g_assert_cmpint(is_current(report, "1"), ==,
					cases[index].current); /* looking does not change the answer */
	build(report, "1");
	g_assert_true(is_current(report, "1"));
}

static void test_salt(Report *report, gconstpointer data)
{
	(void)data;
	g_assert_false(is_current(report, "2"));
	g_assert_true(is_current(report, "1"));
}

/* An input that changes while the site is made: the site may hold either, so it is not current. */
static void test_changed_under_way(Report *report, gconstpointer data)
{
	(void)data;
	g_autoptr(StetState) state = stet_state_scan(report->root, "1", NULL);
	put(report, "data/a.csv", "x\n9\n");
	g_autoptr(GBytes) bytes = g_bytes_new("9", 1);
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	StetStage *stage = stet_stage_open(report->out, report->state, NULL);
	g_assert_true(stet_stage_add(stage, "index.html", bytes, NULL));
	g_assert_true(stet_stage_commit(stage, diags, NULL));
	g_assert_true(stet_state_save(state, report->out, NULL));
	put(report, "data/a.csv", "x\n1\n"); /* back to what the scan saw */
	g_assert_false(is_current(report, "1"));
}

/* Two sites of one report are remembered side by side, and a moved report is still current. */
static void test_two_sites_moved(Report *report, gconstpointer data)
{
	(void)data;
	char *first = report->out;
	report->out = g_build_filename(report->root, "second", NULL);
	g_assert_false(is_current(report, "1"));
	build(report, "1");
	g_assert_true(is_current(report, "1"));
	g_free(report->out);
	report->out = first;
	g_assert_true(is_current(report, "1"));

	char *moved = g_strconcat(report->root, "-moved", NULL);
	g_assert_cmpint(g_rename(report->root, moved), ==, 0);
	tear_down(&(Report){g_steal_pointer(&report->root), g_steal_pointer(&report->out),
						g_steal_pointer(&report->state)},
			  NULL);
	*report = (Report){moved, g_build_filename(moved, "out", NULL), g_build_filename(moved, ".stet", NULL)};
	g_assert_true(is_current(report, "1"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/publish/state/", cases[i].name, NULL);
		g_test_add(path, Report, GUINT_TO_POINTER(i), set_up, test_case, tear_down);
	}
	g_test_add("/publish/state/salt", Report, NULL, set_up, test_salt, tear_down);
	g_test_add("/publish/state/changed-under-way", Report, NULL, set_up, test_changed_under_way, tear_down);
	g_test_add("/publish/state/two-sites-moved", Report, NULL, set_up, test_two_sites_moved, tear_down);
	return g_test_run();
}
