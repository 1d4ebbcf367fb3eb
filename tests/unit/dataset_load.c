/* Loading as a user relies on it: the same columns for any number of threads, packed and split files,
 * quarantine, keys between datasets, inference, summaries. */
#include "stet/dataset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

typedef struct {
	char *dir;
	StetDiagnostics *diags;
	StetProject *project;
} Fixture;

static void put(const Fixture *f, const char *name, const char *text, gsize length)
{
	g_autofree char *path = g_build_filename(f->dir, name, NULL);
	g_assert_true(stet_file_write(path, text, length, NULL));
}

static void set_up(Fixture *f, gconstpointer data)
{
	(void)data;
	f->dir = g_dir_make_tmp("stet-XXXXXX", NULL);
	f->diags = stet_diagnostics_new();
	put(f, "templates/site.yaml", "title: t\n", 9);
}

static void tear_down(Fixture *f, gconstpointer data)
{
	(void)data;
	stet_project_free(f->project);
	stet_diagnostics_free(f->diags);
	stet_folder_remove(f->dir, NULL);
	g_free(f->dir);
}

static void open_project(Fixture *f, const char *package)
{
	if (package != NULL)
		put(f, "data/datapackage.json", package, strlen(package));
	f->project = stet_project_load(f->dir, f->diags, NULL);
	g_assert_nonnull(f->project);
}

static StetDataset *load(Fixture *f, const char *name, guint jobs)
{
	return stet_dataset_load(f->project, stet_project_resource(f->project, name),
							 &(StetLoadOptions){.jobs = jobs}, f->diags);
}

/* Every cell and every line number, as one hash. */
static StetHash fingerprint(const StetDataset *dataset)
{
	StetHasher *hasher = stet_hasher_new();
	for (gsize row = 0; row < dataset->rows; row++) {
		g_autofree char *place = g_strdup_printf("%u", stet_dataset_place(dataset, row).line);
		stet_hasher_add(hasher, place, strlen(place) + 1);
		for (guint c = 0; c < dataset->n_columns; c++) {
			g_autofree char *cell = stet_dataset_cell_text(dataset, c, row);
			stet_hasher_add(hasher, cell != NULL ? cell : "\x01", cell != NULL ? strlen(cell) + 1 : 2);
		}
	}
	return stet_hasher_end(hasher);
}

static void expect_cell(const StetDataset *dataset, guint column, gsize row, const char *expected)
{
	g_autofree char *cell = stet_dataset_cell_text(dataset, column, row);
	g_assert_cmpstr(cell, ==, expected);
}

/* ---- many pieces --------------------------------------------------------------------------- */

/* About 7 MB: quoted cells with line ends, delimiters and doubled quotes throughout, so that pieces are
 * cut beside them. */
static GString *large_csv(guint rows)
{
	GString *csv = g_string_new("id,group,text,value\n");
	for (guint i = 0; i < rows; i++) {
		g_string_append_printf(csv, "%u,g%u,", i, i * 7 % 13);
		if (i % 5 == 0)
			g_string_append_printf(csv, "\"line %u,\nsaid \"\"%u\"\"\"", i, i);
		else
			g_string_append_printf(csv, "row %u of a long table", i);
		g_string_append_printf(csv, ",%u.%02u\n", i / 100, i % 100);
	}
	return csv;
}

static const char LARGE_PACKAGE[] = "{\"resources\": [{\"name\": \"t\", \"path\": \"t.csv\", \"schema\": "
									"{\"fields\": [{\"name\": \"id\", \"type\": "
									"\"integer\"}, {\"name\": \"group\"}, {\"name\": \"text\"}, {\"name\": "
									"\"value\", \"type\": \"number\"}]}}]}";

static void test_threads(Fixture *f, gconstpointer data)
{
	const guint rows = 150000;
	g_autoptr(GString) csv = large_csv(rows);
	(void)data;
	put(f, "data/t.csv", csv->str, csv->len);
	open_project(f, LARGE_PACKAGE);
	g_autoptr(StetDataset) one = load(f, "t", 1);
	g_autoptr(StetDataset) four = load(f, "t", 4);
	g_assert_nonnull(one);
	g_assert_nonnull(four);
	g_assert_cmpuint(one->rows, ==, rows);
	g_assert_cmpuint(one->n_pieces, >, 2);
	g_assert_cmpuint(one->n_pieces, ==, four->n_pieces);
	StetHash a = fingerprint(one), b = fingerprint(four);
	g_assert_cmpstr(a.hex, ==, b.hex);
	/* each fifth row takes two lines */
	g_assert_cmpuint(stet_dataset_place(four, rows - 1).line, ==, rows + rows / 5 + 1);
	expect_cell(four, 2, 100000, "line 100000,\nsaid \"100000\"");
	expect_cell(four, 3, 149999, "1499.99");
	g_assert_cmpint(four->columns[1].kind, ==, STET_COLUMN_CODES);
	g_assert_cmpint(four->columns[2].kind, ==, STET_COLUMN_TEXT);
	g_assert_cmpstr(four->columns[1].dictionary[0], ==, "g0");
	g_assert_cmpstr(four->columns[1].dictionary[12], ==, "g9");
}

/* A stray quote far down shifts the parity for every later piece; the place must still be exact. */
static void test_stray_quote(Fixture *f, gconstpointer data)
{
	g_autoptr(GString) csv = large_csv(150000);
	(void)data;
	char *at = strstr(csv->str, "row 90001 of");
	at[3] = '"';
	put(f, "data/t.csv", csv->str, csv->len);
	open_project(f, LARGE_PACKAGE);
	g_assert_null(load(f, "t", 3));
	g_assert_cmpuint(stet_diagnostics_count(f->diags, STET_ERROR), ==, 1);
	const StetDiagnostic *d = stet_diagnostics_sorted(f->diags)->pdata[0];
	g_assert_cmpstr(d->code, ==, "csv-quote");
	g_assert_cmpuint(d->line, ==, 90001 + 90001 / 5 + 1 + 2);
	g_assert_cmpuint(d->column, ==, strlen("90001,g9,row") + 1);
}

/* ---- packed and split files ---------------------------------------------------------------- */

static void test_files(Fixture *f, gconstpointer data)
{
	static const char one[] = "a,b\nx,1\n", two[] = "b,a\n2,y\n", three[] = "a,b\nz,3\n";
	Bytef packed[200];
	uLongf packed_length = 0;
	(void)data;
	z_stream z = {0};
	g_assert_cmpint(deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
	z.next_in = (Bytef *)one;
	z.avail_in = sizeof one - 1;
	z.next_out = packed;
	z.avail_out = sizeof packed;
	g_assert_cmpint(deflate(&z, Z_FINISH), ==, Z_STREAM_END);
	packed_length = z.total_out;
	deflateEnd(&z);
	put(f, "data/p1.csv.gz", (char *)packed, packed_length);
	put(f, "data/cut.csv.gz", (char *)packed, packed_length - 12);
	gsize zstd_length = ZSTD_compress(packed, sizeof packed, two, sizeof two - 1, 3);
	put(f, "data/p2.csv.zst", (char *)packed, zstd_length);
	put(f, "data/p3.csv", three, sizeof three - 1);
	open_project(
		f,
		"{\"resources\": [{\"name\": \"list\", \"path\": [\"p3.csv\", \"p1.csv.gz\"]}, {\"name\": \"glob\", "
		"\"path\": \"p*\"}, {\"name\": \"cut\", \"path\": \"cut.csv.gz\"}, {\"name\": \"none\", \"path\": "
		"\"q*\"}, {\"name\": \"folder\", \"path\": \".\"}]}");
	g_autoptr(StetDataset) list = load(f, "list", 2);
	g_assert_nonnull(list);
	expect_cell(list, 0, 0, "z");
	expect_cell(list, 0, 1, "x");
	g_autoptr(StetDataset) glob = load(f, "glob", 2);
	g_assert_nonnull(glob);
	g_assert_cmpuint(glob->n_sources, ==, 3);
	expect_cell(glob, 0, 1, "y");
	expect_cell(glob, 1, 1, "2");
	g_assert_cmpstr(stet_dataset_place(glob, 1).file, ==, "data/p2.csv.zst");
	g_assert_null(load(f, "cut", 2));
	g_assert_null(load(f, "none", 2));
	g_assert_null(load(f, "folder", 2));
	g_assert_cmpuint(stet_diagnostics_count(f->diags, STET_ERROR), ==, 3);
}

/* A schema and a dialect that stand in files of their own, as Data Package v1 and v2 allow. */
static void test_named_files(Fixture *f, gconstpointer data)
{
	static const char csv[] = "n;s\n1;x\n2;y\n", dialect[] = "{\"delimiter\": \";\"}",
					  schema[] = "{\"fields\": [{\"name\": \"n\", \"type\": \"number\"}, {\"name\": \"s\"}], "
								 "\"primaryKey\": \"n\"}",
					  other[] = "{\"fields\": [{\"name\": \"n\", \"type\": \"boolean\"}, {\"name\": \"s\"}]}";
	(void)data;
	put(f, "data/t.csv", csv, sizeof csv - 1);
	put(f, "data/t.dialect.json", dialect, sizeof dialect - 1);
	put(f, "data/t.schema.json", schema, sizeof schema - 1);
	open_project(f, "{\"resources\": [{\"name\": \"t\", \"path\": \"t.csv\", \"schema\": \"t.schema.json\", "
					"\"dialect\": \"t.dialect.json\"}]}");
	g_autofree char *keep = g_build_filename(f->dir, "keep", NULL);
	StetLoadOptions options = {.jobs = 1, .keep_dir = keep};
	const StetResource *resource = stet_project_resource(f->project, "t");
	g_assert_cmpstr(resource->primary_key[0], ==, "n");
	g_autoptr(StetDataset) dataset = stet_dataset_load(f->project, resource, &options, f->diags);
	g_assert_nonnull(dataset);
	g_assert_cmpint(dataset->columns[0].kind, ==, STET_COLUMN_DECIMAL);
	expect_cell(dataset, 1, 1, "y");
	/* the kept columns rest on the schema's file, too */
	put(f, "data/t.schema.json", other, sizeof other - 1);
	stet_project_free(f->project);
	f->project = stet_project_load(f->dir, f->diags, NULL);
	g_assert_null(stet_dataset_load(f->project, stet_project_resource(f->project, "t"), &options, f->diags));
}

/* ---- quarantine ---------------------------------------------------------------------------- */

static void test_quarantine(Fixture *f, gconstpointer data)
{
	static const char csv[] = "a,b,c\nx,1,p\ny,zz,q\nshort\n\"u\"v,2,r\nw,3,\nlast,4,s\n";
	(void)data;
	put(f, "data/t.csv", csv, sizeof csv - 1);
	open_project(
		f,
		"{\"resources\": [{\"name\": \"t\", \"path\": \"t.csv\", \"stet:onError\": \"quarantine\", "
		"\"schema\": "
		"{\"fields\": [{\"name\": \"a\"}, {\"name\": \"b\", \"type\": \"integer\"}, {\"name\": \"c\"}]}}]}");
	g_autoptr(StetDataset) dataset = load(f, "t", 2);
	g_assert_nonnull(dataset);
	g_assert_cmpuint(dataset->rows, ==, 3);
	g_assert_cmpuint(dataset->quarantined, ==, 3);
	expect_cell(dataset, 0, 1, "w");
	expect_cell(dataset, 2, 1, NULL);
	expect_cell(dataset, 1, 2, "4");
	g_assert_cmpuint(stet_dataset_place(dataset, 2).line, ==, 7);
	const StetReject *reject = dataset->rejects->pdata[0];
	g_assert_cmpuint(reject->line, ==, 3);
	g_assert_cmpstr(reject->record, ==, "y,zz,q");
	g_assert_cmpstr(reject->reason, ==, "'b' is not an integer: 'zz'");
	reject = dataset->rejects->pdata[2];
	g_assert_cmpstr(reject->record, ==, "\"u\"v,2,r");
	g_autoptr(GString) out = g_string_new(NULL);
	stet_dataset_quarantine(dataset, out);
	g_assert_true(g_str_has_prefix(out->str,
								   "file,line,reason,record\ndata/t.csv,3,'b' is not an integer: 'zz',"
								   "\"y,zz,q\"\ndata/t.csv,4,"));
}

/* ---- keys ---------------------------------------------------------------------------------- */

static void test_foreign_keys(Fixture *f, gconstpointer data)
{
	static const char parents[] = "id,boss\na,\nb,a\nc,q\n", children[] = "n,parent\n1,a\n2,z\n3,\n";
	(void)data;
	put(f, "data/parents.csv", parents, sizeof parents - 1);
	put(f, "data/children.csv", children, sizeof children - 1);
	open_project(
		f,
		"{\"resources\": [{\"name\": \"parents\", \"path\": \"parents.csv\", \"schema\": {\"fields\": "
		"[{\"name\": "
		"\"id\"}, {\"name\": \"boss\"}], \"foreignKeys\": [{\"fields\": \"boss\", \"reference\": "
		"{\"resource\": "
		"\"\", \"fields\": \"id\"}}]}}, {\"name\": \"children\", \"path\": \"children.csv\", \"schema\": "
		"{\"fields\": [{\"name\": \"n\", \"type\": \"integer\"}, {\"name\": \"parent\"}], \"foreignKeys\": "
		"[{\"fields\": [\"parent\"], \"reference\": {\"resource\": \"parents\", \"fields\": [\"id\"]}}]}}]}");
	StetDataset *datasets[] = {load(f, "parents", 2), load(f, "children", 2)};
	stet_datasets_check_keys(datasets, 2, f->diags);
	g_assert_cmpuint(stet_diagnostics_count(f->diags, STET_ERROR), ==, 2);
	const GPtrArray *all = stet_diagnostics_sorted(f->diags);
	const StetDiagnostic *child = all->pdata[0], *parent = all->pdata[1];
	g_assert_cmpstr(child->file, ==, "data/children.csv");
	g_assert_cmpuint(child->line, ==, 3);
	g_assert_cmpuint(parent->line, ==, 4);
	g_assert_cmpstr(parent->code, ==, "key-foreign");
	stet_dataset_free(datasets[0]);
	stet_dataset_free(datasets[1]);
}

/* ---- inference and summaries --------------------------------------------------------------- */

static const struct {
	const char *name, *cells[3];
	StetFieldType type;
} GUESSES[] = {
	{"integer", {"1", "-20", ""}, STET_FIELD_INTEGER},
	{"decimal", {"1", "2.5", "NA"}, STET_FIELD_NUMBER},
	{"zip", {"01234", "99999", "10115"}, STET_FIELD_STRING},
	{"grouped", {"1,234.5", "12", "1,234,567"}, STET_FIELD_NUMBER},
	{"flag", {"true", "false", "true"}, STET_FIELD_BOOLEAN},
	{"day", {"2025-01-31", "2024-02-29", ""}, STET_FIELD_DATE},
	{"dotted", {"31.01.2025", "01.02.2025", ""}, STET_FIELD_DATE},
	{"quarter", {"2025Q1", "2025Q2", "2025Q3"}, STET_FIELD_QUARTER},
	{"month", {"2025-01", "2025-02", "2025-12"}, STET_FIELD_YEARMONTH},
	{"moment", {"2025-01-31T10:00:00Z", "2025-01-31 10:00:00", ""}, STET_FIELD_DATETIME},
	{"country", {"NA", "DE", "FR"}, STET_FIELD_STRING},
	{"big", {"9223372036854775808", "1", "2"}, STET_FIELD_NUMBER},
	{"empty", {"", "", ""}, STET_FIELD_STRING},
};

static void test_inference(Fixture *f, gconstpointer data)
{
	g_autoptr(GString) csv = g_string_new(NULL);
	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(GUESSES); i++)
		g_string_append_printf(csv, "%s%s", i > 0 ? ";" : "", GUESSES[i].name);
	for (guint row = 0; row < 3; row++)
		for (gsize i = 0; i < G_N_ELEMENTS(GUESSES); i++)
			g_string_append_printf(csv, "%s%s", i > 0 ? ";" : "\n", GUESSES[i].cells[row]);
	put(f, "data/t.csv", csv->str, csv->len);
	open_project(f, NULL);
	g_autoptr(StetDataset) dataset = load(f, "t", 2);
	g_assert_nonnull(dataset);
	for (guint c = 0; c < G_N_ELEMENTS(GUESSES); c++)
		if (dataset->columns[c].field->type != GUESSES[c].type)
			g_test_message("%s is guessed wrong", GUESSES[c].name), g_test_fail();
	expect_cell(dataset, 3, 2, "1234567");
	expect_cell(dataset, 6, 0, "2025-01-31");
	expect_cell(dataset, 1, 2, NULL);
	expect_cell(dataset, 10, 0, "NA");
}

/* A guess that a late row refutes is widened; nothing is lost. */
static void test_late_text(Fixture *f, gconstpointer data)
{
	g_autoptr(GString) csv = g_string_new("a,b\n");
	(void)data;
	for (guint i = 0; i < 30000; i++)
		g_string_append_printf(csv, "%u,x\n", i);
	g_string_append(csv, "unknown,y\n");
	put(f, "data/t.csv", csv->str, csv->len);
	open_project(f, NULL);
	g_autoptr(StetDataset) dataset = load(f, "t", 2);
	g_assert_nonnull(dataset);
	expect_cell(dataset, 0, 29999, "29999");
	expect_cell(dataset, 0, 30000, "unknown");
}

static void test_summary(Fixture *f, gconstpointer data)
{
	static const char csv[] = "n,s\n1,b\n2,a\n2,b\n4,\n,c\n";
	(void)data;
	put(f, "data/t.csv", csv, sizeof csv - 1);
	open_project(f, NULL);
	g_autoptr(StetDataset) dataset = load(f, "t", 2);
	stet_dataset_summarise(dataset, 2);
	const StetSummary *n = &dataset->summaries[0], *s = &dataset->summaries[1];
	g_assert_cmpuint(n->count, ==, 4);
	g_assert_cmpuint(n->missing, ==, 1);
	g_assert_cmpuint(n->distinct, ==, 3);
	g_assert_cmpfloat(n->mean, ==, 2.25);
	g_assert_cmpfloat(n->quantiles[1], ==, 1.75);
	g_assert_cmpfloat(n->quantiles[2], ==, 2);
	g_assert_cmpstr(n->maximum, ==, "4");
	g_assert_cmpstr(n->top[0], ==, "2");
	g_assert_cmpuint(n->histogram[0], ==, 1);
	g_assert_cmpuint(n->histogram[19], ==, 1);
	g_assert_cmpstr(s->minimum, ==, "a");
	g_assert_cmpuint(s->distinct, ==, 3);
	g_assert_cmpstr(s->top[0], ==, "b");
	g_assert_cmpuint(s->top_count[0], ==, 2);
	g_assert_cmpstr(s->top[1], ==, "a");
	g_assert_true(isnan(s->mean));
}

static void test_wide(Fixture *f, gconstpointer data)
{
	g_autoptr(GString) csv = g_string_new(NULL);
	(void)data;
	for (guint c = 0; c < 5000; c++)
		g_string_append_printf(csv, "%sselect%u", c > 0 ? "," : "", c);
	for (guint c = 0; c < 5000; c++)
		g_string_append_printf(csv, "%s%u", c > 0 ? "," : "\n", c);
	put(f, "data/t.csv", csv->str, csv->len);
	open_project(f, NULL);
	g_autoptr(StetDataset) dataset = load(f, "t", 2);
	g_assert_nonnull(dataset);
	g_assert_cmpuint(dataset->n_columns, ==, 5000);
	expect_cell(dataset, 4999, 0, "4999");
}

/* One cell of 80 MiB: refused with the place where its quote opened, not read without end. */
static void test_huge_cell(Fixture *f, gconstpointer data)
{
	const gsize size = 80u << 20;
	(void)data;
	g_autofree char *csv = g_malloc(size);
	memset(csv, 'x', size);
	for (gsize i = 100; i < size; i += 100)
		csv[i] = '\n';
	memcpy(csv, "a,b\ny,\"", 7);
	put(f, "data/t.csv", csv, size);
	open_project(f, "{\"resources\": [{\"name\": \"t\", \"path\": \"t.csv\", \"schema\": {\"fields\": "
					"[{\"name\": \"a\"}, "
					"{\"name\": \"b\"}]}}]}");
	g_assert_null(load(f, "t", 2));
	const StetDiagnostic *d = stet_diagnostics_sorted(f->diags)->pdata[0];
	g_assert_cmpstr(d->code, ==, "csv-unclosed-quote");
	g_assert_cmpuint(d->line, ==, 2);
	g_assert_cmpuint(d->column, ==, 3);
}

/* A row of 1 GiB without a quote or a line end: refused by its place after 64 MiB of it. */
static void test_huge_row(Fixture *f, gconstpointer data)
{
	g_autofree char *path = g_build_filename(f->dir, "data", "t.csv", NULL);
	(void)data;
	put(f, "data/t.csv", "a,b\n1,2\n3,", 10);
	g_assert_cmpint(truncate(path, 1 << 30), ==, 0);
	open_project(f, "{\"resources\": [{\"name\": \"t\", \"path\": \"t.csv\", \"schema\": {\"fields\": "
					"[{\"name\": \"a\"}, "
					"{\"name\": \"b\"}]}}]}");
	g_assert_null(load(f, "t", 2));
	g_assert_cmpuint(stet_diagnostics_count(f->diags, STET_ERROR), ==, 1);
	const StetDiagnostic *d = stet_diagnostics_sorted(f->diags)->pdata[0];
	g_assert_cmpstr(d->code, ==, "csv-too-long");
	g_assert_cmpuint(d->line, ==, 3);
	g_assert_cmpuint(d->column, ==, 3);
}

/* A writer truncates the file while it is read. */
static gboolean shrink(gpointer data)
{
	Fixture *f = data;
	g_autofree char *path = g_build_filename(f->dir, "data", "t.csv", NULL);
	g_assert_cmpint(truncate(path, 3 << 20), ==, 0);
	return FALSE;
}

static void test_shrinking(Fixture *f, gconstpointer data)
{
	g_autoptr(GString) csv = large_csv(150000);
	(void)data;
	put(f, "data/t.csv", csv->str, csv->len);
	open_project(f, LARGE_PACKAGE);
	StetLoadOptions options = {.jobs = 2, .stop = shrink, .stop_data = f};
	g_assert_null(stet_dataset_load(f->project, stet_project_resource(f->project, "t"), &options, f->diags));
	const GPtrArray *all = stet_diagnostics_sorted(f->diags);
	const StetDiagnostic *last = all->pdata[0];
	g_assert_cmpstr(last->code, ==, "csv-read");
	g_assert_nonnull(strstr(last->message, "it changed while it was read"));
}

static gboolean stop_at_once(gpointer data)
{
	(void)data;
	return TRUE;
}

static void test_stopped(Fixture *f, gconstpointer data)
{
	g_autoptr(GString) csv = large_csv(150000);
	(void)data;
	put(f, "data/t.csv", csv->str, csv->len);
	open_project(f, LARGE_PACKAGE);
	StetLoadOptions options = {.jobs = 2, .stop = stop_at_once};
	g_assert_null(stet_dataset_load(f->project, stet_project_resource(f->project, "t"), &options, f->diags));
	const StetDiagnostic *d = stet_diagnostics_sorted(f->diags)->pdata[0];
	g_assert_nonnull(strstr(d->message, "stopped"));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Fixture *f, gconstpointer data);
	} tests[] = {
		{"/dataset/load/threads", test_threads},
		{"/dataset/load/stray quote", test_stray_quote},
		{"/dataset/load/files", test_files},
		{"/dataset/load/named files", test_named_files},
		{"/dataset/load/quarantine", test_quarantine},
		{"/dataset/load/foreign keys", test_foreign_keys},
		{"/dataset/load/inference", test_inference},
		{"/dataset/load/late text", test_late_text},
		{"/dataset/load/summary", test_summary},
		{"/dataset/load/wide", test_wide},
		{"/dataset/load/huge cell", test_huge_cell},
		{"/dataset/load/huge row", test_huge_row},
		{"/dataset/load/shrinking file", test_shrinking},
		{"/dataset/load/stopped", test_stopped},
	};
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
