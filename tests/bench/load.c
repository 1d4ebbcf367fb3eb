/* Loading a CSV file into the engine, against the engine's own reader and libcsv alone.
 *
 *   load panel FOLDER ROWS   writes a report of one dataset: ten columns, about 84 bytes a row
 *   load compare FOLDER [N]  loads the report's first dataset N times (default 3) by each of the loaders in
 *                            turn, one process a run, two threads; prints the least of each figure and ratios
 *   load run FOLDER LOADER   loads it once, for a profiler
 *
 * stet's load ends with columns that the engine scans where they lie; read_csv's ends with a table. So that
 * nothing is put off, "stet, read" and "read_csv, read" also run a query that reads every column.
 */
#include "stet/engine.h"

#include <csv.h>
#include <dlfcn.h>
#include <duckdb.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS 2

/* ---- the panel ----------------------------------------------------------------------------- */

static const char PACKAGE[] =
	"{\"resources\": [{\"name\": \"panel\", \"path\": \"panel.csv\", \"schema\": {\"fields\": [\n"
	"{\"name\": \"quarter\", \"type\": \"date\", \"format\": \"quarter\"}, {\"name\": \"enterprise_id\"},\n"
	"{\"name\": \"enterprise\"}, {\"name\": \"industry\"}, {\"name\": \"region\"}, {\"name\": "
	"\"platform\"},\n"
	"{\"name\": \"developer\"}, {\"name\": \"model\"}, {\"name\": \"tokens\", \"type\": \"integer\"},\n"
	"{\"name\": \"spend\", \"type\": \"number\", \"stet:decimals\": 2}]}}]}\n";

static guint64 next(guint64 *state, guint64 below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state % below;
}

static void write_rows(FILE *to, guint64 rows)
{
	static const char *const industries[] = {
		"Banking",  "\"Energy, Utilities\"", "Healthcare",    "Retail",
		"Software", "Public Sector",         "Manufacturing", "Telecoms"};
	static const char *const regions[] = {"EMEA", "North America", "APJ", "LATAM"};
	static const char *const platforms[] = {"Azure", "AWS", "Google Cloud", "Other"};
	static const char *const developers[] = {"OpenAI", "Anthropic", "Mistral AI", "Meta", "xAI"};
	static const char *const models[] = {"alpha-large", "beta-4-mini", "gamma-2", "delta-70b"};
	static const char *const names[] = {"Nord", "Crest", "Harbor", "Omni", "Ridge", "Lumen", "Terra"};
	guint64 state = 20260101, enterprise = 0, left = 0;
	for (guint64 i = 0; i < rows; i++, left--) {
		if (left == 0) {
			enterprise++;
			left = 1 + next(&state, 100);
		}
		guint64 mark = enterprise * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15) >> 32;
		const char *developer = developers[next(&state, G_N_ELEMENTS(developers))];
		fprintf(to,
				"202%" G_GUINT64_FORMAT "Q%" G_GUINT64_FORMAT ",E%06" G_GUINT64_FORMAT
				",%s %u,%s,%s,%s,%s,%s,",
				4 + i % 2, 1 + next(&state, 4), enterprise, names[mark % G_N_ELEMENTS(names)],
				(guint)(mark % 1000), industries[mark / 8 % G_N_ELEMENTS(industries)],
				regions[mark / 64 % G_N_ELEMENTS(regions)], platforms[next(&state, G_N_ELEMENTS(platforms))],
				developer, models[next(&state, G_N_ELEMENTS(models))]);
		fprintf(to, "%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT ".%02u\n", next(&state, 5000000),
				next(&state, 900000), (guint)next(&state, 100));
	}
}

static int write_panel(const char *folder, guint64 rows)
{
	g_autofree char *csv = g_build_filename(folder, "data", "panel.csv", NULL);
	g_autofree char *package = g_build_filename(folder, "data", "datapackage.json", NULL);
	if (!stet_file_write(package, PACKAGE, sizeof PACKAGE - 1, NULL))
		return 1;
	FILE *to = fopen(csv, "wb");
	if (to == NULL)
		return 1;
	fputs("quarter,enterprise_id,enterprise,industry,region,platform,developer,model,tokens,spend\n", to);
	write_rows(to, rows);
	return fclose(to) != 0;
}

/* ---- the loaders ----------------------------------------------------------------------------- */

typedef struct {
	StetProject *project;
	const StetResource *resource;
	const char *path;
} Task;

#define COUNT "select count(*) from "
#define READ_ALL "select count(*), min(columns(*)) from "

static guint64 load_by_stet(const Task *task, const char *query)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(GError) error = NULL;
	StetFault fault = {0};
	StetLoadOptions load = {.jobs = THREADS};
	StetEngine *engine = stet_engine_open(&(StetEngineOptions){.threads = THREADS}, &error);
	StetDataset *dataset = stet_dataset_load(task->project, task->resource, &load, diags);
	if (engine == NULL || dataset == NULL || !stet_engine_add(engine, dataset, &error))
		return 0;
	g_autofree char *sql = g_strdup_printf("%s\"%s\"", query, task->resource->name);
	StetTable *table = stet_engine_query(engine, sql, NULL, &fault);
	return table != NULL ? (guint64)table->cells[0].v.i : 0;
}

static guint64 by_stet(const Task *task)
{
	return load_by_stet(task, COUNT);
}

static guint64 by_stet_read(const Task *task)
{
	return load_by_stet(task, READ_ALL);
}

static const char *engine_type(const StetField *field)
{
	static char decimal[32];
	int decimals = (int)stet_node_number(field->node, "stet:decimals", 2);
	switch (field->type) {
	case STET_FIELD_INTEGER:
		return "BIGINT";
	case STET_FIELD_NUMBER:
		g_snprintf(decimal, sizeof decimal, "DECIMAL(18,%d)", decimals);
		return decimal;
	case STET_FIELD_DATE:
		return "DATE";
	case STET_FIELD_BOOLEAN:
		return "BOOLEAN";
	default:
		return "VARCHAR";
	}
}

static char *create_table(const Task *task)
{
	GString *sql = g_string_new("create table t as from read_csv('");
	g_string_append_printf(sql, "%s', header = true, delim = ',', quote = '\"', columns = {", task->path);
	for (guint i = 0; i < task->resource->n_fields; i++)
		g_string_append_printf(sql, "%s'%s': '%s'", i > 0 ? ", " : "", task->resource->fields[i].name,
							   engine_type(&task->resource->fields[i]));
	g_string_append(sql, "})");
	return g_string_free(sql, FALSE);
}

#define CALL(name) ((__typeof__(duckdb_##name) *)dlsym(library, "duckdb_" #name))

static guint64 load_by_engine(const Task *task, const char *query)
{
	void *library = dlopen(STET_DUCKDB_LIB, RTLD_NOW);
	duckdb_config config;
	duckdb_database database;
	duckdb_connection connection;
	duckdb_result result;
	g_autofree char *threads = g_strdup_printf("%d", THREADS), *sql = create_table(task);
	if (library == NULL)
		return 0;
	CALL(create_config)(&config);
	CALL(set_config)(config, "threads", threads);
	if (CALL(open_ext)(NULL, &database, config, NULL) != DuckDBSuccess ||
		CALL(connect)(database, &connection) != DuckDBSuccess)
		return 0;
	if (CALL(query)(connection, sql, &result) != DuckDBSuccess) {
		fprintf(stderr, "%s\n", CALL(result_error)(&result));
		return 0;
	}
	CALL(query)(connection, query, &result);
	duckdb_data_chunk chunk = CALL(fetch_chunk)(result);
	return (guint64)((gint64 *)CALL(vector_get_data)(CALL(data_chunk_get_vector)(chunk, 0)))[0];
}

static guint64 by_engine(const Task *task)
{
	return load_by_engine(task, COUNT "t");
}

static guint64 by_engine_read(const Task *task)
{
	return load_by_engine(task, READ_ALL "t");
}

static void count_row(int c, void *data)
{
	(void)c;
	++*(guint64 *)data;
}

static guint64 by_libcsv(const Task *task)
{
	const size_t size = 1u << 20;
	g_autofree char *buffer = g_malloc(size);
	struct csv_parser parser;
	guint64 rows = 0;
	ssize_t n;
	int fd = open(task->path, O_RDONLY);
	csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
	while (fd >= 0 && (n = read(fd, buffer, size)) > 0)
		csv_parse(&parser, buffer, (size_t)n, NULL, count_row, &rows);
	csv_fini(&parser, NULL, count_row, &rows);
	csv_free(&parser);
	return rows - 1;
}

/* ---- runs ---------------------------------------------------------------------------------- */

typedef struct {
	double cpu, wall; /* seconds */
	double peak;      /* MB */
	guint64 rows;
} Run;

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static Run run_once(guint64 (*load)(const Task *task), const Task *task)
{
	Run run = {0};
	int ends[2];
	struct rusage usage;
	struct timespec from, to;
	if (pipe(ends) != 0)
		return run;
	clock_gettime(CLOCK_MONOTONIC, &from);
	pid_t child = fork();
	if (child == 0) {
		guint64 rows = load(task);
		_exit(write(ends[1], &rows, sizeof rows) != sizeof rows);
	}
	close(ends[1]);
	if (read(ends[0], &run.rows, sizeof run.rows) != sizeof run.rows)
		run.rows = 0;
	close(ends[0]);
	wait4(child, NULL, 0, &usage);
	clock_gettime(CLOCK_MONOTONIC, &to);
	run.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
	run.wall = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	run.peak = (double)usage.ru_maxrss / 1024;
	return run;
}

static const struct {
	const char *name;
	guint64 (*load)(const Task *task);
	int against; /* index of the loader its figures are divided by; -1: none */
} LOADERS[] = {
	{"stet", by_stet, 1},           {"read_csv", by_engine, -1},
	{"stet, read", by_stet_read, 3}, {"read_csv, read", by_engine_read, -1},
	{"libcsv", by_libcsv, -1},
};

static void keep_least(Run *least, const Run *run)
{
	gboolean first = least->rows == 0;
	least->cpu = first ? run->cpu : MIN(least->cpu, run->cpu);
	least->wall = first ? run->wall : MIN(least->wall, run->wall);
	least->peak = first ? run->peak : MIN(least->peak, run->peak);
	least->rows = run->rows;
}

static int compare(const Task *task, int times)
{
	Run least[G_N_ELEMENTS(LOADERS)] = {0};
	int status = 0;
	for (int i = 0; i < times; i++)
		for (guint l = 0; l < G_N_ELEMENTS(LOADERS); l++) {
			Run run = run_once(LOADERS[l].load, task);
			keep_least(&least[l], &run);
		}
	printf("%-16s %10s %8s %8s %9s\n", "loader", "rows", "CPU s", "wall s", "peak MB");
	for (guint l = 0; l < G_N_ELEMENTS(LOADERS); l++) {
		printf("%-16s %10" G_GUINT64_FORMAT " %8.2f %8.2f %9.0f\n", LOADERS[l].name, least[l].rows,
			   least[l].cpu, least[l].wall, least[l].peak);
		status |= least[l].rows != least[0].rows;
	}
	for (guint l = 0; l < G_N_ELEMENTS(LOADERS); l++) {
		const Run *other = LOADERS[l].against < 0 ? NULL : &least[LOADERS[l].against];
		if (other != NULL)
			printf("%s / %s: CPU %.2f, wall %.2f, peak %.2f\n", LOADERS[l].name,
				   LOADERS[LOADERS[l].against].name, least[l].cpu / other->cpu, least[l].wall / other->wall,
				   least[l].peak / other->peak);
	}
	return status;
}

static int run(const Task *task, const char *name)
{
	for (guint l = 0; l < G_N_ELEMENTS(LOADERS); l++)
		if (strcmp(LOADERS[l].name, name) == 0)
			return LOADERS[l].load(task) == 0;
	fprintf(stderr, "there is no loader '%s'\n", name);
	return 2;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "panel") == 0)
		return write_panel(argv[2], g_ascii_strtoull(argv[3], NULL, 10));
	gboolean one = argc == 4 && strcmp(argv[1], "run") == 0;
	if (!one && !(argc >= 3 && strcmp(argv[1], "compare") == 0)) {
		fputs("usage: load panel FOLDER ROWS | load compare FOLDER [TIMES] | load run FOLDER LOADER\n", stderr);
		return 2;
	}
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(StetProject) project = stet_project_load(argv[2], diags, NULL);
	if (project == NULL || project->n_resources == 0)
		return 1;
	g_autofree char *path = stet_project_path(project, project->resources[0].paths[0]);
	Task task = {project, &project->resources[0], path};
	return one ? run(&task, argv[3]) : compare(&task, argc > 3 ? (int)g_ascii_strtoll(argv[3], NULL, 10) : 3);
}
