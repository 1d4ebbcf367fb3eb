/* `stet infer`: undescribed data files, written down as a Data Package to be mended by hand. The package
 * goes to standard output or beside the files, what speaks for it to standard error. */
#include "cli/private.h"

#include <string.h>

static const struct {
	StetFieldType type;
	const char *name;
} type_names[] = {
	{STET_FIELD_STRING, "string"},     {STET_FIELD_INTEGER, "integer"},   {STET_FIELD_NUMBER, "number"},
	{STET_FIELD_BOOLEAN, "boolean"},   {STET_FIELD_DATE, "date"},         {STET_FIELD_TIME, "time"},
	{STET_FIELD_DATETIME, "datetime"}, {STET_FIELD_YEAR, "year"},         {STET_FIELD_YEARMONTH, "yearmonth"},
	{STET_FIELD_QUARTER, "quarter"},   {STET_FIELD_DURATION, "duration"}, {STET_FIELD_GEOPOINT, "geopoint"},
	{STET_FIELD_LIST, "list"},         {STET_FIELD_OBJECT, "object"},     {STET_FIELD_ARRAY, "array"},
	{STET_FIELD_ANY, "any"},
};

const char *stet_field_type_name(StetFieldType type)
{
	for (guint i = 0; i < G_N_ELEMENTS(type_names); i++)
		if (type_names[i].type == type)
			return type_names[i].name;
	return "any";
}

/* ---- the files ----------------------------------------------------------------------------- */

/* Files outside any report, as a project without a package. */
typedef struct {
	const StetOptions *options;
	char *folder;
	StetProject project;
	StetDataset **datasets;
	StetDiagnostics *diags;
} Inferring;

static const char *const endings[] = {".csv", ".tsv", ".txt", ".csv.gz", ".csv.zst", ".parquet"};

/* The file's name without what says how it is written. */
static char *dataset_name(const char *file)
{
	for (guint i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(file, endings[i]) && strlen(file) > strlen(endings[i]))
			return g_strndup(file, strlen(file) - strlen(endings[i]));
	return g_strdup(file);
}

/* A package describes files of one folder: those named, or all of a folder's. */
static gboolean find_files(Inferring *inferring, char **args, GPtrArray *files)
{
	if (g_file_test(args[0], G_FILE_TEST_IS_DIR)) {
		g_autofree char *data = g_build_filename(args[0], "data", NULL);
		inferring->folder =
			g_file_test(data, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&data) : g_strdup(args[0]);
		g_autoptr(GPtrArray) all = stet_files_list(inferring->folder);
		for (guint i = 0; i < all->len; i++) {
			g_autofree char *name = dataset_name(all->pdata[i]);
			if (!strchr(all->pdata[i], '/') && strcmp(name, all->pdata[i]) != 0)
				g_ptr_array_add(files, g_strdup(all->pdata[i]));
		}
	} else {
		inferring->folder = g_path_get_dirname(args[0]);
	}
	for (guint i = 0; files->len <= i && args[i]; i++) {
		g_autofree char *folder = g_path_get_dirname(args[i]);
		if (strcmp(folder, inferring->folder) != 0) {
			stet_complain(STET_STATUS_USAGE,
						  "'%s' and '%s' lie in different folders, a package describes one", args[0],
						  args[i]);
			return FALSE;
		}
		g_ptr_array_add(files, g_path_get_basename(args[i]));
	}
	if (files->len == 0)
		stet_complain(STET_STATUS_USAGE, "'%s' holds no data files", args[0]);
	return files->len > 0;
}

static void load_file(Inferring *inferring, guint index, const char *file)
{
	static const char *const none[] = {NULL}, *const empty[] = {"", NULL};
	StetResource *resource = &inferring->project.resources[index];
	const char **paths = g_new0(const char *, 2);
	g_autofree char *unpacked = g_build_filename(inferring->folder, ".stet", NULL);
	gboolean there = g_file_test(unpacked, G_FILE_TEST_EXISTS);
	paths[0] = g_strdup(file);
	*resource = (StetResource){.name = dataset_name(file),
							   .title = file,
							   .encoding = "utf-8",
							   .paths = paths,
							   .primary_key = (const char **)none,
							   .missing_values = (const char **)empty,
							   .place = {file, 0, 0}};
	StetLoadOptions load = {
		.jobs = (guint)inferring->options->jobs, .convert = stet_engine_unpack, .convert_data = unpacked};
	inferring->datasets[index] = stet_dataset_load(&inferring->project, resource, &load, inferring->diags);
	if (!there)
		stet_folder_remove(unpacked, NULL);
	if (inferring->datasets[index])
		stet_dataset_summarise(inferring->datasets[index], load.jobs);
}

static void inferring_clear(Inferring *inferring)
{
	stet_datasets_free(inferring->datasets, inferring->project.n_resources);
	for (guint i = 0; i < inferring->project.n_resources; i++) {
		StetResource *resource = &inferring->project.resources[i];
		g_free((char *)resource->name);
		g_free((char *)resource->paths[0]);
		g_free(resource->paths);
	}
	g_free(inferring->project.resources);
	g_free(inferring->folder);
	stet_diagnostics_free(inferring->diags);
}

/* ---- evidence ------------------------------------------------------------------------------ */

static StetCell count_cell(gsize n)
{
	return (StetCell){.kind = STET_INT, .v.i = (gint64)n};
}

static StetCell text_cell(StetTable *table, const char *text)
{
	return text && *text ? stet_table_text(table, text) : (StetCell){.kind = STET_NULL};
}

static void describe_column(StetTable *table, const StetDataset *dataset, guint index)
{
	const StetColumn *column = &dataset->columns[index];
	const StetSummary *summary = &dataset->summaries[index];
	const char *format = column->field->format;
	gboolean plain = !format || strcmp(format, "default") == 0 || column->field->type == STET_FIELD_QUARTER;
	g_autofree char *type = g_strdup_printf("%s%s%s", stet_field_type_name(column->field->type),
											plain ? "" : " ", plain ? "" : format);
	StetCell *cells = stet_table_append(table);
	cells[0] = stet_table_text(table, dataset->resource->name);
	cells[1] = stet_table_text(table, column->name);
	cells[2] = stet_table_text(table, type);
	cells[3] = count_cell(summary->count);
	cells[4] = count_cell(summary->missing);
	cells[5] = count_cell(summary->distinct);
	cells[6] = text_cell(table, summary->minimum);
	cells[7] = text_cell(table, summary->maximum);
	cells[8] = text_cell(table, summary->n_top > 0 ? summary->top[0] : NULL);
}

/* What speaks for each type: how many cells there are of it, from the least to the greatest. */
static void print_evidence(const Inferring *inferring)
{
	static const char *const names[] = {"dataset",  "column", "type",     "values",        "missing",
										"distinct", "least",  "greatest", "most frequent", NULL};
	static const StetKind kinds[] = {STET_TEXT, STET_TEXT, STET_TEXT, STET_INT, STET_INT,
									 STET_INT,  STET_TEXT, STET_TEXT, STET_TEXT};
	g_autoptr(StetTable) table = stet_table_of(names, kinds);
	for (guint i = 0; i < inferring->project.n_resources; i++)
		for (guint c = 0; c < inferring->datasets[i]->n_columns; c++)
			describe_column(table, inferring->datasets[i], c);
	stet_table_print(table, STET_FORM_TABLE, stderr);
}

/* ---- the package --------------------------------------------------------------------------- */

static StetStatus put_package(const Inferring *inferring, const GString *json)
{
	const StetOptions *options = inferring->options;
	guint n = inferring->project.n_resources;
	g_autofree char *path = g_build_filename(inferring->folder, "datapackage.json", NULL),
					*shown = stet_shown_path(options, path);
	g_autoptr(GError) error = NULL;
	if (!options->write) {
		fwrite(json->str, 1, json->len, stdout);
		return STET_STATUS_DONE;
	}
	if (!stet_file_write(path, json->str, json->len, &error))
		return stet_complain(STET_STATUS_MACHINE, "%s", error->message);
	if (!options->quiet)
		fprintf(stderr, "described %u dataset%s in %s; add titles, units and constraints there\n", n,
				n == 1 ? "" : "s", shown);
	return STET_STATUS_DONE;
}

static StetStatus infer_files(Inferring *inferring, const GPtrArray *files)
{
	const StetOptions *options = inferring->options;
	guint n = files->len;
	gboolean loaded = TRUE;
	inferring->project = (StetProject){.root = inferring->folder, .n_resources = n};
	inferring->project.resources = g_new0(StetResource, n + 1);
	inferring->datasets = g_new0(StetDataset *, n + 1);
	for (guint i = 0; i < n; i++) {
		load_file(inferring, i, files->pdata[i]);
		loaded = loaded && inferring->datasets[i];
	}
	StetPrinter printer = {options->format, stet_wants_colour(stderr), inferring->folder,
						   stet_shown_path(options, inferring->folder)};
	stet_print_diagnostics(&printer, inferring->diags, stderr);
	g_free((char *)printer.shown);
	if (!loaded)
		return STET_STATUS_ERRORS;
	g_autoptr(GString) json = g_string_new(NULL);
	stet_dataset_infer((const StetDataset *const *)inferring->datasets, n, json);
	if (!options->quiet && options->format == STET_FORMAT_HUMAN)
		print_evidence(inferring);
	return put_package(inferring, json);
}

StetStatus stet_command_infer(const StetOptions *options, char **args)
{
	char *here[] = {(char *)".", NULL};
	Inferring inferring = {.options = options, .diags = stet_diagnostics_new()};
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	StetStatus status = STET_STATUS_USAGE;
	if (find_files(&inferring, args[0] ? args : here, files)) {
		g_autofree char *path = g_build_filename(inferring.folder, "datapackage.json", NULL),
						*shown = stet_shown_path(options, path);
		if (options->write && !options->force && g_file_test(path, G_FILE_TEST_EXISTS))
			stet_complain(STET_STATUS_USAGE, "'%s' describes the data already (without --write, what to add to its resources is printed)", shown);
		else
			status = infer_files(&inferring, files);
	}
	inferring_clear(&inferring);
	return status;
}
