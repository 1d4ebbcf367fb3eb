/* Files for those who want the numbers: every metric as CSV and JSON, every dataset, the Data Package. */
#include "site/private.h"

#include <string.h>

#define PACKAGE "data/datapackage.json"

/* ---- where they go ------------------------------------------------------------------------- */

/* Gzip (RFC 1952) and Zstandard (RFC 8878) by their first bytes, as the loader tells them. */
static gboolean is_packed(const Site *site, const char *relative)
{
	g_autofree char *path = stet_project_path(site->world->project, relative);
	guchar head[4] = {0};
	FILE *file = fopen(path, "rbe");
	gsize n = file ? fread(head, 1, sizeof head, file) : 0;
	if (file)
		fclose(file);
	return (n >= 2 && memcmp(head, "\x1f\x8b", 2) == 0) ||
		   (n == 4 && memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0);
}

/* What spreadsheets take for the start of a formula (OWASP, CSV injection). */
static gboolean is_formula(const char *text)
{
	return text && *text && strchr("=+-@\t\r", *text) != NULL;
}

static gboolean piece_has_formula(const StetVector *piece)
{
	const guint64 *offsets = piece->values;
	for (gsize row = 0; row < piece->rows; row++) {
		const char first[2] = {offsets[row] < offsets[row + 1] ? piece->bytes[offsets[row]] : 0, 0};
		if (is_formula(first))
			return TRUE;
	}
	return FALSE;
}

/* What a source's file is made from, as stet_book_hash knows it (g_free). */
static char *source_read(const StetDataset *dataset)
{
	return g_strconcat("source ", dataset->resource->name, NULL);
}

static gboolean column_has_formula(const StetDataset *dataset, const StetColumn *column)
{
	for (guint i = 0; column->kind == STET_COLUMN_CODES && i < column->dictionary_size; i++)
		if (is_formula(column->dictionary[i]))
			return TRUE;
	for (guint piece = 0; column->kind == STET_COLUMN_TEXT && piece < dataset->n_pieces; piece++)
		if (piece_has_formula(&column->vectors[piece]))
			return TRUE;
	return FALSE;
}

/* Whether texts of the file must be guarded: then it is published twice, guarded and as it is. What the last build
 * found of the same file is taken over. */
static gboolean has_formula(Site *site, guint index)
{
	const StetDataset *head = site->world->datasets[index];
	if (!stet_book_guards(site->book))
		return FALSE;
	g_autofree char *plain = site_source_path(head, 0, TRUE), *apart = site_source_path(head, 0, FALSE), *read = source_read(head);
	if (memory_had_file(site, apart, read))
		return TRUE;
	if (memory_had_file(site, plain, read))
		return FALSE;
	const StetDataset *dataset = stet_world_dataset(site->world, index);
	for (guint c = 0; dataset && c < dataset->n_columns; c++)
		if (column_has_formula(dataset, &dataset->columns[c]))
			return TRUE;
	return FALSE;
}

static gboolean is_plain(Site *site, guint index)
{
	const StetDataset *dataset = site->world->datasets[index];
	return dataset->n_sources == 1 && !is_packed(site, dataset->sources[0].path) && !has_formula(site, index);
}

char *site_source_path(const StetDataset *dataset, guint source, gboolean plain)
{
	const char *name = dataset->resource->name;
	if (plain)
		return g_strdup_printf("datasets/%s/%s.csv", name, name);
	/* Below data/, so that two parts of the same name in two folders stay apart. */
	const char *path = dataset->sources[source].path;
	return g_strdup_printf("datasets/%s/source/%s", name,
						   g_str_has_prefix(path, "data/") ? path + strlen("data/") : path);
}

static char *metric_path(const StetMetric *metric, const char *extension)
{
	return g_strdup_printf("metrics/%s/%s.%s", metric->name, metric->name, extension);
}

static void expect(Site *site, char *path, const char *from)
{
	site_expect(site, path, from);
	g_free(path);
}

static char *quarantine_path(const StetDataset *dataset)
{
	return g_strdup_printf("datasets/%s/quarantine.csv", dataset->resource->name);
}

static void expect_dataset(Site *site, guint index)
{
	const StetDataset *dataset = site->world->datasets[index];
	if (dataset->quarantined > 0)
		expect(site, quarantine_path(dataset), dataset->sources[0].path);
	site->plain[index] = is_plain(site, index);
	if (!site->plain[index])
		expect(site, site_source_path(dataset, 0, TRUE), dataset->sources[0].path);
	for (guint s = 0; s < dataset->n_sources; s++)
		expect(site, site_source_path(dataset, s, site->plain[index]), dataset->sources[s].path);
}

void site_expect_downloads(Site *site)
{
	const StetWorld *world = site->world;
	site->plain = g_new0(gboolean, world->project->n_resources + 1);
	for (guint m = 0; m < stet_metrics_count(world->metrics); m++) {
		const StetMetric *metric = stet_metrics_at(world->metrics, m);
		if (!metric->table)
			continue;
		expect(site, metric_path(metric, "csv"), metric->file);
		expect(site, metric_path(metric, "json"), metric->file);
	}
	for (guint d = 0; d < world->project->n_resources; d++)
		if (world->datasets[d])
			expect_dataset(site, d);
	if (world->project->package)
		expect(site, g_strdup("datasets/datapackage.json"), PACKAGE);
}

/* ---- what they hold ------------------------------------------------------------------------ */

static void write_metric(Site *site, const StetMetric *metric)
{
	g_autofree char *csv_path = metric_path(metric, "csv"), *json_path = metric_path(metric, "json");
	g_autofree char *read = g_strconcat("metric ", metric->name, NULL), *csv_read = g_strconcat("csv ", metric->name, NULL);
	site_write_figures(site, metric);
	if (!memory_recall_file(site, csv_path, metric->file, csv_read)) {
		GString *csv = g_string_new(NULL);
		stet_table_write_csv(metric->table, stet_book_guards(site->book), csv);
		site_emit_text(site, csv_path, metric->file, csv);
	}
	if (!memory_recall_file(site, json_path, metric->file, read)) {
		GString *json = g_string_new(NULL);
		stet_table_write_json(metric->table, json);
		site_emit_text(site, json_path, metric->file, json);
	}
}

/* Mapped, not read: a source may be larger than memory. */
static void write_source(Site *site, const StetDataset *dataset, guint number, const char *target)
{
	const StetSource *source = &dataset->sources[number];
	g_autofree char *read = source_read(dataset);
	if (memory_recall_file(site, target, source->path, read))
		return;
	g_autofree char *path = stet_project_path(site->world->project, source->path);
	g_autoptr(GError) error = NULL;
	g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &error);
	if (!file) {
		stet_diagnose(site->diags, STET_ERROR, "file-unreadable", (StetPlace){source->path, 0, 0}, NULL, "%s",
					  error->message);
		return;
	}
	g_autoptr(GBytes) bytes = g_mapped_file_get_bytes(file);
	site_emit(site, target, source->path, bytes,
			  g_bytes_get_size(bytes) == source->bytes ? &source->hash : NULL);
}

static void append_field(GString *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		g_string_append(out, text);
		return;
	}
	g_string_append_c(out, '"');
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *p);
	}
	g_string_append_c(out, '"');
}

/* Only texts can be formulas; an apostrophe makes a spreadsheet show them as they are. */
static void append_cell(GString *out, const StetColumn *column, const char *text, gboolean guard)
{
	gboolean is_text = column->kind == STET_COLUMN_TEXT || column->kind == STET_COLUMN_CODES;
	g_autofree char *guarded = guard && is_text && is_formula(text) ? g_strconcat("'", text, NULL) : NULL;
	append_field(out, guarded ? guarded : text ? text : "");
}

/* The rows as loaded, for a dataset of several or of packed files, or with texts to be guarded (RFC 4180, LF line
 * ends). */
static void write_rows(Site *site, guint index)
{
	g_autofree char *path = site_source_path(site->world->datasets[index], 0, TRUE);
	g_autofree char *read = source_read(site->world->datasets[index]);
	if (memory_recall_file(site, path, site->world->datasets[index]->sources[0].path, read))
		return;
	const StetDataset *dataset = stet_world_dataset(site->world, index);
	gboolean guard = stet_book_guards(site->book);
	if (!dataset)
		return;
	GString *csv = g_string_new(NULL);
	for (guint c = 0; c < dataset->n_columns; c++) {
		g_string_append(csv, c > 0 ? "," : "");
		append_field(csv, dataset->columns[c].name);
	}
	g_string_append_c(csv, '\n');
	for (gsize row = 0; row < dataset->rows; row++) {
		for (guint c = 0; c < dataset->n_columns; c++) {
			g_autofree char *text = stet_dataset_cell_text(dataset, c, row);
			g_string_append(csv, c > 0 ? "," : "");
			append_cell(csv, &dataset->columns[c], text, guard);
		}
		g_string_append_c(csv, '\n');
	}
	site_emit_text(site, path, dataset->sources[0].path, csv);
}

/* Rows left out for their faults, each with its place and the reason. */
static void write_quarantine(Site *site, guint index)
{
	const char *from = site->world->datasets[index]->sources[0].path;
	g_autofree char *path = quarantine_path(site->world->datasets[index]);
	g_autofree char *read = g_strconcat("dataset ", site->world->project->resources[index].name, NULL);
	if (memory_recall_file(site, path, from, read))
		return;
	const StetDataset *dataset = stet_world_dataset(site->world, index);
	if (!dataset)
		return;
	GString *csv = g_string_new(NULL);
	stet_dataset_quarantine(dataset, csv);
	site_emit_text(site, path, from, csv);
}

static void write_dataset(Site *site, guint index)
{
	const StetDataset *dataset = site->world->datasets[index];
	if (dataset->quarantined > 0)
		write_quarantine(site, index);
	for (guint s = 0; s < dataset->n_sources; s++) {
		g_autofree char *target = site_source_path(dataset, s, site->plain[index]);
		write_source(site, dataset, s, target);
	}
	if (!site->plain[index])
		write_rows(site, index);
}

/* Index 0 up: metrics, then datasets. */
static void write_one(gsize index, guint worker, gpointer data)
{
	Site *site = data;
	guint metrics = stet_metrics_count(site->world->metrics);
	(void)worker;
	if (site_stopped(site))
		return;
	if (index < metrics) {
		const StetMetric *metric = stet_metrics_at(site->world->metrics, (guint)index);
		if (metric->table)
			write_metric(site, metric);
	} else if (site->world->datasets[index - metrics]) {
		write_dataset(site, (guint)(index - metrics));
	}
}

void site_downloads(Site *site)
{
	const StetWorld *world = site->world;
	stet_parallel(site->jobs, (gsize)stet_metrics_count(world->metrics) + world->project->n_resources,
				  write_one, site);
	if (!world->project->package || site_stopped(site))
		return;
	GString *package = g_string_new(NULL);
	site_package(site, package);
	site_emit_text(site, "datasets/datapackage.json", PACKAGE, package);
}
