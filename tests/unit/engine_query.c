/* The embedded engine on small datasets: results, faults with their places, and the seal. */
#include "stet/engine.h"

#include <string.h>

static const char PACKAGE[] =
	"{\"resources\": [{\"name\": \"sales\", \"path\": \"sales.csv\", \"schema\": {\"fields\": ["
	"{\"name\": \"quarter\", \"type\": \"date\", \"format\": \"quarter\"}, {\"name\": \"order\", \"type\": "
	"\"string\"},"
	"{\"name\": \"amount\", \"type\": \"number\"}, {\"name\": \"units\", \"type\": \"integer\"},"
	"{\"name\": \"day\", \"type\": \"date\"}, {\"name\": \"open\", \"type\": \"boolean\"}]}}]}";

static const char CSV[] = "quarter,order,amount,units,day,open\n"
						  "2025Q1,a,0.1,3,2025-01-31,true\n"
						  "2025Q1,\"b, with a long name\",0.2,,2025-02-28,false\n"
						  "2025Q2,a,0.30,5,2025-04-30,\n";

typedef struct {
	char *dir;
	StetProject *project;
	StetDataset *dataset;
	StetEngine *engine;
} Fixture;

static void put(const char *dir, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_assert_true(stet_file_write(path, text, strlen(text), NULL));
}

static void set_up(Fixture *f, gconstpointer data)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(GError) error = NULL;
	(void)data;
	f->dir = g_dir_make_tmp("stet-XXXXXX", NULL);
	put(f->dir, "data/datapackage.json", PACKAGE);
	put(f->dir, "data/sales.csv", CSV);
	put(f->dir, "templates/site.yaml", "title: t\n");
	f->project = stet_project_load(f->dir, diags, NULL);
	f->dataset =
		stet_dataset_load(f->project, &f->project->resources[0], &(StetLoadOptions){.jobs = 2}, diags);
	g_assert_nonnull(f->dataset);
	f->engine = stet_engine_open(&(StetEngineOptions){.threads = 2, .row_cap = 1000}, &error);
	g_assert_no_error(error);
	g_assert_true(stet_engine_add(f->engine, f->dataset, &error));
	g_assert_true(stet_engine_seal(f->engine, &error));
}

static void tear_down(Fixture *f, gconstpointer data)
{
	(void)data;
	stet_engine_close(f->engine);
	stet_dataset_free(f->dataset);
	stet_project_free(f->project);
	stet_folder_remove(f->dir, NULL);
	g_free(f->dir);
}

/* ---- results ------------------------------------------------------------------------------- */

static const struct {
	const char *sql, *csv;
	int decimals;
} RESULTS[] = {
	{"select quarter, sum(amount) as s, count(*) as n from sales group by quarter order by quarter",
	 "quarter,s,n\n2025Q1,0.3,2\n2025Q2,0.3,1\n", -1},
	{"select \"order\", units from sales order by \"order\", units",
	 "order,units\na,3\na,5\n\"b, with a long name\",\n", -1},
	{"select day, open from sales order by day", "day,open\n2025-01-31,true\n2025-02-28,false\n2025-04-30,\n",
	 -1},
	{"select sum(units) as u, avg(amount) as a from sales", "u,a\n8,0.2\n", -1},
	{"select 1 / 3.0 as third, 2 / 3.0::double as two", "third,two\n0.333333333333,0.666666666667\n", -1},
	{"select 2.345 as x, -2.5 as y", "x,y\n2.35,-2.5\n", 2},
	{"select 1 / 0 as z, 1e308 * 10 as inf", "z,inf\n,\n", -1},
	{"select timestamp '1969-12-31 23:59:59.5' as t", "t\n1969-12-31T23:59:59.500000\n", -1},
	{"select 9007199254740993::bigint as big", "big\n9007199254740993\n", -1},
	{"select null as nothing", "nothing\n\"\"\n", -1},
	{"select count(*) as n from sales where day > $since and amount >= $least", "n\n2\n", -1},
	{"select coalesce(quarter, 'none') as q from sales where quarter = 'never'", "q\n", -1},
};

static void test_results(Fixture *f, gconstpointer data)
{
	const StetParameter parameters[] = {
		{"since", {STET_DATE, {.i = stet_date_days(2025, 2, 1)}}},
		{"least", {STET_NUMBER, {.n = 0.15}}},
	};
	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(RESULTS); i++) {
		StetFault fault = {0};
		StetQueryOptions options = {RESULTS[i].decimals, G_N_ELEMENTS(parameters), parameters};
		g_autoptr(StetTable) table = stet_engine_query(f->engine, RESULTS[i].sql, &options, &fault);
		g_assert_cmpstr(fault.message, ==, NULL);
		g_autoptr(GString) csv = g_string_new(NULL);
		stet_table_write_csv(table, FALSE, csv);
		g_assert_cmpstr(csv->str, ==, RESULTS[i].csv);
	}
}

/* ---- texts of few words -------------------------------------------------------------------- */

/* The engine has these as enums; SQL must not notice. `%s` is the table, once so and once with texts. */
static const char *const WORDY[] = {
	"select town, code, count(*) as n from %s t group by town, code order by town, code",
	"select min(town) as a, max(town) as b, count(distinct code) as c from %s t",
	"select town from %s t where town > 'M' group by town order by town desc",
	"select count(*) as n from %s t where town = 'Nowhere' or town in ('Århus', 'Rome')",
	"select case when code = '10' then town else 'other' end as k, count(*) as n from %s t group by k order by k",
	"select upper(town) || '-' || code as k, length(town) as l from %s t group by town, code order by k",
	"select sum(code::integer) as s, sum(case when code ~ '^1' then 1 end) as ones from %s t",
	"select a.town, count(*) as n from %s a join (values ('Rome')) v(town) on v.town = a.town group by a.town",
	"select town, rank() over (order by town, code) as r from (select distinct town, code from %s x) t order by r",
	"select coalesce(town, 'none') as k, count(*) as n from %s t group by k union all select 'all', 3000 order by k",
	"select town collate nocase as k, count(*) as n from %s t group by town order by k, town",
	"select string_agg(distinct code, ',' order by code) as codes from %s t",
};

static char *answer(StetEngine *engine, const char *sql, const char *table)
{
	StetFault fault = {0};
	g_auto(GStrv) parts = g_strsplit(sql, "%s", 2);
	g_autofree char *whole = g_strjoinv(table, parts);
	g_autoptr(StetTable) result = stet_engine_query(engine, whole, NULL, &fault);
	g_autoptr(GString) csv = g_string_new(fault.message);
	if (result)
		stet_table_write_csv(result, FALSE, csv);
	stet_fault_clear(&fault);
	return g_string_free(g_steal_pointer(&csv), FALSE);
}

static void test_words(Fixture *f, gconstpointer data)
{
	static const char *const towns[] = {"Rome", "Århus", "", "a town with quite a long name", "Oslo", "oslo"};
	g_autoptr(GString) csv = g_string_new("town,code\n");
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	(void)data;
	for (guint i = 0; i < 3000; i++)
		g_string_append_printf(csv, "%s,%02u\n", towns[i * 7 % G_N_ELEMENTS(towns)], i % 13);
	put(f->dir, "data/datapackage.json",
		"{\"resources\": [{\"name\": \"wordy\", \"path\": \"wordy.csv\", \"schema\": {\"fields\": ["
		"{\"name\": \"town\", \"type\": \"string\"}, {\"name\": \"code\", \"type\": \"string\"}]}}]}");
	put(f->dir, "data/wordy.csv", csv->str);
	StetProject *project = stet_project_load(f->dir, diags, NULL);
	StetDataset *dataset = stet_dataset_load(project, &project->resources[0], &(StetLoadOptions){.jobs = 2}, diags);
	StetEngine *engine = stet_engine_open(&(StetEngineOptions){.threads = 2}, NULL);
	g_assert_true(stet_engine_add(engine, dataset, NULL) && stet_engine_seal(engine, NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(WORDY); i++) {
		g_autofree char *words = answer(engine, WORDY[i], "wordy");
		g_autofree char *texts = answer(engine, WORDY[i], "(select town::varchar as town, code::varchar as code from wordy)");
		g_assert_cmpstr(words, ==, texts);
		g_assert_nonnull(strchr(words, '\n'));
	}
	g_autofree char *kind = answer(engine, "select typeof(code)[:4] as kind from %s t limit 1", "wordy");
	g_assert_cmpstr(kind, ==, "kind\nENUM\n");
	g_autofree char *fault = answer(engine, "select sum(town) from %s t", "wordy");
	g_assert_nonnull(strstr(fault, "sum(VARCHAR)"));
	stet_engine_close(engine);
	stet_dataset_free(dataset);
	stet_project_free(project);
}

/* ---- faults -------------------------------------------------------------------------------- */

static const struct {
	const char *sql, *part;
	guint line, column;
} FAULTS[] = {
	{"select quarter frm sales", "syntax error", 1, 20},
	{"select quarter,\n  amont\nfrom sales", "amont", 2, 3},
	{"select *\nfrom sale", "sale", 2, 6},
	{"select 'Zürich' as a, amont from sales", "amont", 1, 24},
	{"select amount from sales where quarter = $quarter", "$quarter has no value", 1, 42},
	{"select 1; select 2", "ultiple statements", 0, 0},
	{"", "o statement", 0, 0},
	{"insert into sales values (1)", "sales", 0, 0},
	{"create table x (a int)", "only a SELECT", 0, 0},
	{"copy sales to '/tmp/stet-never.csv'", "disabled", 0, 0},
	{"select * from read_csv('/etc/passwd')", "disabled", 1, 15},
	{"select * from 'http://localhost/x.csv'", "disabled", 0, 0},
	{"set threads = 1", "only a SELECT", 0, 0},
	{"attach '/tmp/stet-never.db' as d", "only a SELECT", 0, 0},
	{"install httpfs", "only a SELECT", 0, 0},
	{"select [1, 2] as l", "cast it", 0, 0},
	{"select * from range(2000)", "more than 1000 rows", 0, 0},
};

static void test_faults(Fixture *f, gconstpointer data)
{
	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(FAULTS); i++) {
		StetFault fault = {0};
		g_assert_null(stet_engine_query(f->engine, FAULTS[i].sql, NULL, &fault));
		g_test_message("%s: %s", FAULTS[i].sql, fault.message);
		g_assert_nonnull(strstr(fault.message, FAULTS[i].part));
		g_assert_cmpuint(fault.line, ==, FAULTS[i].line);
		g_assert_cmpuint(fault.column, ==, FAULTS[i].column);
		stet_fault_clear(&fault);
	}
	g_assert_false(g_file_test("/tmp/stet-never.csv", G_FILE_TEST_EXISTS));
}

/* ---- names --------------------------------------------------------------------------------- */

static const struct {
	const char *sql, *names;
} NAMES[] = {
	{"select 1", ""},
	{"select * from sales", "sales"},
	{"select * from nowhere n join sales s using (quarter)", "nowhere sales"},
	{"with sales as (select * from sales where amount > $x) select * from sales, other", "other sales"},
	{"with own as (select 1 as a) select a from own", ""},
	{"select (select max(a) from inner_one) from outer_one where '$text' = \"$name\" -- $c\n",
	 "inner_one outer_one"},
	{"select a from t where b = $x and c in (select c from t)", "t"},
};

static void test_names(Fixture *f, gconstpointer data)
{
	(void)data;
	for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
		StetFault fault = {0};
		char **names = stet_engine_tables(f->engine, NAMES[i].sql, &fault);
		g_assert_cmpstr(fault.message, ==, NULL);
		g_autofree char *joined = g_strjoinv(" ", names);
		g_assert_cmpstr(joined, ==, NAMES[i].names);
		g_strfreev(names);
	}
	StetFault fault = {0};
	g_assert_null(stet_engine_tables(f->engine, "select quarter frm sales", &fault));
	g_assert_cmpuint(fault.column, ==, 20);
	g_assert_null(stet_engine_tables(f->engine, "create table x (a int)", &fault));
	g_assert_nonnull(strstr(fault.message, "only a SELECT"));
	stet_fault_clear(&fault);
}

/* ---- results as inputs --------------------------------------------------------------------- */

static void test_add_table(Fixture *f, gconstpointer data)
{
	StetFault fault = {0};
	g_autoptr(GError) error = NULL;
	(void)data;
	const char *sql = "select quarter, \"order\", day, open, units, amount from sales order by day";
	g_autoptr(StetTable) first = stet_engine_query(f->engine, sql, NULL, &fault);
	g_assert_true(stet_engine_add_table(f->engine, "copy of \"sales\"", first, &error));
	g_autoptr(StetTable) second =
		stet_engine_query(f->engine, "select * from \"copy of \"\"sales\"\"\" order by day", NULL, &fault);
	g_assert_cmpstr(fault.message, ==, NULL);
	g_autoptr(GString) a = g_string_new(NULL), b = g_string_new(NULL);
	stet_table_write_json(first, a);
	stet_table_write_json(second, b);
	g_assert_cmpstr(a->str, ==, b->str);
	g_assert_false(stet_engine_add_table(f->engine, "sales", first, &error));
}

/* ---- queries that take too long ------------------------------------------------------------ */

static const char ENDLESS[] =
	"select count(*) from range(1000000000) a, range(1000000000) b where a.range + b.range = 7";

static gboolean is_set(gpointer data)
{
	return g_atomic_int_get((gint *)data) != 0;
}

static gpointer set_later(gpointer data)
{
	g_usleep(100000);
	g_atomic_int_set((gint *)data, 1);
	return NULL;
}

static void test_ends(void)
{
	StetFault fault = {0};
	gint flag = 0;
	StetEngine *timed = stet_engine_open(&(StetEngineOptions){.threads = 2, .timeout = 1}, NULL);
	g_assert_null(stet_engine_query(timed, ENDLESS, NULL, &fault));
	g_assert_cmpstr(fault.message, ==, "stopped after 1 s ('limits.query_seconds' in site.yaml allows more)");
	/* the engine is as good as new */
	g_autoptr(StetTable) table = stet_engine_query(timed, "select 1", NULL, &fault);
	g_assert_nonnull(table);
	stet_engine_close(timed);
	StetEngine *stopped =
		stet_engine_open(&(StetEngineOptions){.threads = 2, .stop = is_set, .stop_data = &flag}, NULL);
	GThread *thread = g_thread_new("later", set_later, &flag);
	g_assert_null(stet_engine_query(stopped, ENDLESS, NULL, &fault));
	g_assert_cmpstr(fault.message, ==, "stopped before it was done");
	g_thread_join(thread);
	stet_fault_clear(&fault);
	stet_engine_close(stopped);
}

/* ---- Parquet ------------------------------------------------------------------------------- */

static void test_parquet(Fixture *f, gconstpointer data)
{
	static const char *const rows[2][9] = {
		{"row \"0\", x", "0", "0", "0", "2025-01-31", "2025-01-31T10:00:00.500000", "true", "000", "[0, 1]"},
		{"row \"2\", x", "2", "2.5", "0.5", "2025-02-02", "2025-01-31T12:00:00.500000", "true", NULL,
		 "[2, 3]"},
	};
	g_autofree char *from = g_build_filename("tests", "golden", "engine", "types.parquet", NULL),
					*bytes = NULL;
	g_autofree char *to = g_build_filename(f->dir, "data", "types.parquet", NULL);
	g_autofree char *package = g_build_filename(f->dir, "data", "datapackage.json", NULL);
	g_autofree char *work = g_build_filename(f->dir, ".stet", NULL);
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	gsize length = 0;
	(void)data;
	bytes = stet_file_read(from, &length, NULL);
	g_assert_true(stet_file_write(to, bytes, length, NULL));
	put(f->dir, "data/datapackage.json",
		"{\"resources\": [{\"name\": \"types\", \"path\": \"types.parquet\"}]}");
	g_autoptr(StetProject) project = stet_project_load(f->dir, diags, NULL);
	StetLoadOptions options = {.jobs = 2, .convert = stet_engine_unpack, .convert_data = work};
	g_autoptr(StetDataset) dataset = stet_dataset_load(project, &project->resources[0], &options, diags);
	g_assert_nonnull(dataset);
	for (guint r = 0; r < 2; r++)
		for (guint c = 0; c < 9; c++) {
			g_autofree char *cell = stet_dataset_cell_text(dataset, c, 2 * r);
			g_assert_cmpstr(cell, ==, rows[r][c]);
		}
	g_assert_cmpint(dataset->columns[7].field->type, ==, STET_FIELD_STRING);
	StetHash hash = stet_hash(bytes, length);
	g_assert_cmpstr(dataset->sources[0].hash.hex, ==, hash.hex);
	g_autoptr(GPtrArray) left = stet_files_list(work);
	g_assert_cmpuint(left->len, ==, 0);
	/* without the engine, and where the file is damaged, it is refused */
	g_assert_null(stet_dataset_load(project, &project->resources[0], &(StetLoadOptions){.jobs = 2}, diags));
	memset(bytes + length / 2, 0, length / 2);
	g_assert_true(stet_file_write(to, bytes, length, NULL));
	g_assert_null(stet_dataset_load(project, &project->resources[0], &options, diags));
	g_assert_cmpuint(stet_diagnostics_count(diags, STET_ERROR), ==, 2);
}

/* ---- tables alone -------------------------------------------------------------------------- */

static void test_table(void)
{
	g_autoptr(StetTable) table = stet_table_new(2);
	table->columns[0].name = g_strdup("a,b");
	table->columns[1].name = g_strdup("n");
	for (int i = 0; i < 5; i++) {
		StetCell *cells = stet_table_append(table);
		cells[0] = stet_table_text(table, i == 0 ? "=1+1" : i == 1 ? "say \"hi\"" : "two\nlines");
		cells[1] = (StetCell){STET_NUMBER, {.n = i / 4.0}};
	}
	g_autoptr(GString) csv = g_string_new(NULL);
	stet_table_write_csv(table, TRUE, csv);
	g_assert_cmpstr(csv->str, ==,
					"\"a,b\",n\n'=1+1,0\n\"say "
					"\"\"hi\"\"\",0.25\n\"two\nlines\",0.5\n\"two\nlines\",0.75\n\"two\nlines\",1\n");
	g_assert_cmpint(stet_table_column(table, "n"), ==, 1);
	g_assert_cmpint(stet_table_column(table, "N"), ==, -1);
	StetCell null = {0}, one = {STET_INT, {.i = 1}}, half = {STET_NUMBER, {.n = 0.5}};
	g_assert_cmpint(stet_cell_compare(&null, &one), <, 0);
	g_assert_cmpint(stet_cell_compare(&one, &half), >, 0);
	g_assert_cmpint(stet_cell_compare(stet_table_cell(table, 0, 0), stet_table_cell(table, 1, 0)), <, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add("/engine/query/results", Fixture, NULL, set_up, test_results, tear_down);
	g_test_add("/engine/query/words", Fixture, NULL, set_up, test_words, tear_down);
	g_test_add("/engine/query/faults", Fixture, NULL, set_up, test_faults, tear_down);
	g_test_add("/engine/query/names", Fixture, NULL, set_up, test_names, tear_down);
	g_test_add("/engine/query/add table", Fixture, NULL, set_up, test_add_table, tear_down);
	g_test_add_func("/engine/query/ends", test_ends);
	g_test_add("/engine/parquet", Fixture, NULL, set_up, test_parquet, tear_down);
	g_test_add_func("/engine/table", test_table);
	return g_test_run();
}
