/* Columns kept between builds: the same as parsed anew, used only where nothing has changed, and never
 * where the file that keeps them is damaged. */
#include "stet/dataset.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
	char *dir, *keep;
	StetProject *project;
} Fixture;

static const char PACKAGE[] =
	"{\"resources\": [{\"name\": \"all\", \"path\": \"all.csv\", \"stet:onError\": \"quarantine\", "
	"\"schema\": "
	"{\"fields\": [{\"name\": \"id\", \"type\": \"integer\"}, {\"name\": \"group\"}, {\"name\": \"text\"}, "
	"{\"name\": \"value\", \"type\": \"number\"}, {\"name\": \"day\", \"type\": \"date\"}, "
	"{\"name\": \"flag\", \"type\": \"boolean\"}]}}, {\"name\": \"guessed\", \"path\": \"guessed.csv\"}]}";

static void put(const Fixture *f, const char *name, const char *text, gsize length)
{
	g_autofree char *path = g_build_filename(f->dir, name, NULL);
	g_assert_true(stet_file_write(path, text, length, NULL));
}

/* The file gets this time, so that it counts as settled. */
static void set_time(const Fixture *f, const char *name, time_t seconds)
{
	g_autofree char *path = g_build_filename(f->dir, name, NULL);
	struct timespec times[2] = {{seconds, 0}, {seconds, 0}};
	g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
}

static void set_up(Fixture *f, gconstpointer data)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(GString) csv = g_string_new("id,group,text,value,day,flag\n");
	static const char guessed[] = "when,n\n03/04/2025,1\n05/06/2025,NA\n";
	(void)data;
	for (guint i = 0; i < 120000; i++)
		g_string_append_printf(csv, "%u,g%u,\"text of row %u%s\",%u.%02u,2025-01-%02u,%s\n", i, i % 7, i,
							   i % 9 == 0 ? "\nand more" : "", i, i % 100, i % 28 + 1,
							   i % 3 == 0 ? "" : "true");
	g_string_append(csv, "bad,row,x,1,2025-01-01,true\n");
	f->dir = g_dir_make_tmp("stet-XXXXXX", NULL);
	f->keep = g_build_filename(f->dir, ".stet", "columns", NULL);
	put(f, "templates/site.yaml", "title: t\n", 9);
	put(f, "data/datapackage.json", PACKAGE, sizeof PACKAGE - 1);
	put(f, "data/all.csv", csv->str, csv->len);
	put(f, "data/guessed.csv", guessed, sizeof guessed - 1);
	set_time(f, "data/all.csv", 1000000);
	set_time(f, "data/guessed.csv", 1000000);
	f->project = stet_project_load(f->dir, diags, NULL);
}

static void tear_down(Fixture *f, gconstpointer data)
{
	(void)data;
	stet_project_free(f->project);
	stet_folder_remove(f->dir, NULL);
	g_free(f->dir);
	g_free(f->keep);
}

static StetDataset *load(const Fixture *f, guint resource, guint *warnings)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	StetDataset *dataset = stet_dataset_load(f->project, &f->project->resources[resource],
											 &(StetLoadOptions){.jobs = 2, .keep_dir = f->keep}, diags);
	if (warnings != NULL)
		*warnings = stet_diagnostics_count(diags, STET_WARNING);
	return dataset;
}

/* Every cell, line, summary and quarantined row, as one hash. */
static StetHash fingerprint(const StetDataset *d)
{
	StetHasher *hasher = stet_hasher_new();
	for (gsize row = 0; row < d->rows; row += row < 1000 ? 1 : 97) {
		guint line = stet_dataset_place(d, row).line;
		stet_hasher_add(hasher, &line, sizeof line);
		for (guint c = 0; c < d->n_columns; c++) {
			g_autofree char *cell = stet_dataset_cell_text(d, c, row);
			stet_hasher_add(hasher, cell != NULL ? cell : "\x01", cell != NULL ? strlen(cell) + 1 : 2);
		}
	}
	for (guint c = 0; c < d->n_columns; c++) {
		const StetSummary *s = &d->summaries[c];
		g_autofree char *text =
			g_strdup_printf("%s %d %zu %zu %zu %s %s %g %g %u %u", d->columns[c].name,
							(int)d->columns[c].field->type, s->count, s->missing, s->distinct, s->minimum,
							s->maximum, s->mean, s->quantiles[2], s->n_top, s->histogram[3]);
		stet_hasher_add(hasher, text, strlen(text));
	}
	for (guint i = 0; i < d->rejects->len; i++) {
		const StetReject *reject = d->rejects->pdata[i];
		stet_hasher_add(hasher, reject->record, strlen(reject->record));
		stet_hasher_add(hasher, reject->reason, strlen(reject->reason));
	}
	return stet_hasher_end(hasher);
}

static void test_same(Fixture *f, gconstpointer data)
{
	(void)data;
	for (guint r = 0; r < 2; r++) {
		guint said = 0, repeated = 0;
		g_autoptr(StetDataset) parsed = load(f, r, &said);
		g_autoptr(StetDataset) kept = load(f, r, &repeated);
		g_assert_nonnull(kept);
		StetHash a = fingerprint(parsed), b = fingerprint(kept);
		g_assert_cmpstr(a.hex, ==, b.hex);
		g_assert_cmpstr(parsed->sources[0].hash.hex, ==, kept->sources[0].hash.hex);
		g_assert_cmpuint(said, ==, repeated);
		g_assert_cmpuint(said, ==, 1); /* the row left out; the ambiguous dates */
		g_assert_cmpuint(kept->quarantined, ==, 1 - r);
	}
}

/* The file is trusted by size and time; where the time differs, by its hash. */
static void test_changed(Fixture *f, gconstpointer data)
{
	static const char other[] = "when,n\n13/04/2025,7\n05/06/2025,NA\n";
	(void)data;
	stet_dataset_free(load(f, 1, NULL));
	put(f, "data/guessed.csv", other, sizeof other - 1);
	g_autoptr(StetDataset) dataset = load(f, 1, NULL);
	g_autofree char *cell = stet_dataset_cell_text(dataset, 1, 0);
	g_assert_cmpstr(cell, ==, "7");
	set_time(f, "data/guessed.csv", 2000000);
	g_autoptr(StetDataset) touched = load(f, 1, NULL);
	StetHash a = fingerprint(dataset), b = fingerprint(touched);
	g_assert_cmpstr(a.hex, ==, b.hex);
}

static void test_damage(Fixture *f, gconstpointer data)
{
	(void)data;
	g_autoptr(StetDataset) parsed = load(f, 0, NULL);
	StetHash whole = fingerprint(parsed);
	g_autoptr(GPtrArray) files = stet_files_list(f->keep);
	g_assert_cmpuint(files->len, ==, 1);
	g_autofree char *path = g_build_filename(f->keep, files->pdata[0], NULL);
	gsize length = 0;
	for (guint i = 0; i < 16; i++) {
		g_autofree char *bytes = stet_file_read(path, &length, NULL);
		gsize at = i < 8 ? i * 19 : length / 8 * (i - 8) + 5;
		bytes[at] = (char)(bytes[at] ^ 0x5A);
		g_assert_true(stet_file_write(path, bytes, i % 7 == 0 ? at : length, NULL));
		g_autoptr(StetDataset) again = load(f, 0, NULL);
		g_assert_nonnull(again);
		StetHash hash = fingerprint(again);
		g_assert_cmpstr(hash.hex, ==, whole.hex);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add("/dataset/keep/same", Fixture, NULL, set_up, test_same, tear_down);
	g_test_add("/dataset/keep/changed", Fixture, NULL, set_up, test_changed, tear_down);
	g_test_add("/dataset/keep/damage", Fixture, NULL, set_up, test_damage, tear_down);
	return g_test_run();
}
