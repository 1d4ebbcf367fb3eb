/* The bundle: all of a site, readable by others, the same bytes in every time zone. */
#include "stet/site.h"

#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

static const struct {
	const char *path, *text;
} files[] = {
	{"index.html", "<p>Home</p>"},
	{"manifest.json", "{}"},
	{"a/b/caf\xC3\xA9.txt", "caf\xC3\xA9"},
	{"empty.txt", ""},
};

static char *make_site(void)
{
	char *dir = g_dir_make_tmp("stet-bundle-XXXXXX", NULL);
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(dir, "out", files[i].path, NULL);
		g_assert_true(stet_file_write(path, files[i].text, strlen(files[i].text), NULL));
	}
	return dir;
}

static char *bundle(const char *dir, const char *name, gsize *length)
{
	g_autofree char *site = g_build_filename(dir, "out", NULL), *path = g_build_filename(dir, name, NULL);
	g_autoptr(GError) error = NULL;
	g_assert_true(stet_site_bundle(site, path, &error));
	g_assert_no_error(error);
	return stet_file_read(path, length, NULL);
}

/* Another program reads what is in it. */
static void test_contents(void)
{
	g_autofree char *dir = make_site(), *path = g_build_filename(dir, "site.zip", NULL), *listed = NULL;
	gsize length = 0;
	g_autofree char *bytes = bundle(dir, "site.zip", &length);
	static const char script[] =
		"import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n"
		"for i in z.infolist(): print(i.filename, i.date_time, oct(i.external_attr >> 16), "
		"z.read(i).decode())";
	const char *argv[] = {"python3", "-X", "utf8", "-c", script, path, NULL};
	g_autoptr(GError) error = NULL;
	int status = 0;
	if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &listed, NULL, &status,
					  &error)) {
		g_test_skip("python3 is not installed");
	} else {
		g_assert_cmpint(status, ==, 0);
		g_assert_cmpstr(listed, ==,
						"a/b/caf\xC3\xA9.txt (1980, 1, 1, 0, 0, 0) 0o100644 caf\xC3\xA9\nempty.txt (1980, 1, "
						"1, 0, 0, 0) 0o100644 \n"
						"index.html (1980, 1, 1, 0, 0, 0) 0o100644 <p>Home</p>\nmanifest.json (1980, 1, 1, "
						"0, 0, 0) 0o100644 {}\n");
	}
	g_assert_true(stet_folder_remove(dir, NULL));
}

static void test_same_bytes(void)
{
	static const char *const zones[] = {"UTC", "Pacific/Kiritimati", "Pacific/Honolulu"};
	g_autofree char *first = NULL;
	gsize first_length = 0;
	for (guint i = 0; i < G_N_ELEMENTS(zones); i++) {
		g_autofree char *dir = make_site();
		gsize length = 0;
		g_setenv("TZ", zones[i], TRUE);
		tzset();
		g_autofree char *bytes = bundle(dir, "site.zip", &length);
		g_assert_true(!first || (length == first_length && memcmp(bytes, first, length) == 0));
		g_free(first);
		first = g_steal_pointer(&bytes);
		first_length = length;
		g_assert_true(stet_folder_remove(dir, NULL));
	}
}

static void test_refusals(void)
{
	g_autofree char *dir = make_site(), *none = g_build_filename(dir, "out", "a", NULL),
					*site = g_build_filename(dir, "out", NULL);
	g_autofree char *path = g_build_filename(dir, "x.zip", NULL),
					*nowhere = g_build_filename(dir, "missing", "x.zip", NULL);
	g_autoptr(GError) no_site = NULL, no_folder = NULL;
	g_assert_false(stet_site_bundle(none, path, &no_site));
	g_assert_nonnull(strstr(no_site->message, "is no built site"));
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	g_assert_false(stet_site_bundle(site, nowhere, &no_folder));
	g_assert_nonnull(strstr(no_folder->message, "cannot write"));
	g_assert_true(stet_folder_remove(dir, NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/site/bundle/contents", test_contents);
	g_test_add_func("/site/bundle/same-bytes", test_same_bytes);
	g_test_add_func("/site/bundle/refusals", test_refusals);
	return g_test_run();
}
