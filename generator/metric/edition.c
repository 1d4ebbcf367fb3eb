/* edition: ledgers frozen as files, read back and verified.
 *
 * data/editions/NAME.json is one JSON object; its first line holds name and hash, then comes the ledger as
 * it was written, then a closing line:
 *
 *     {"stet": "edition", "schema": 1, "name": "2025Q4", "sha256": "...", "ledger":
 *     {"stet": "ledger", ...
 *     }
 */
#include "metric/private.h"

#include <string.h>

#define EDITION_CLOSE "}\n"
#define EDITION_COLUMNS_MAX 128u

/* A metric as published: the public part, and what it points to. */
typedef struct {
	StetMetric metric;
	GPtrArray *dimensions, *measures, *units; /* char * of the edition's texts; units may hold NULL */
} Published;

struct StetEdition {
	char *name;
	StetHash hash;
	GStringChunk *texts;
	GPtrArray *metrics;   /* StetMetric *: borrowed from StetMetrics, or of `published` */
	GPtrArray *published; /* Published * */
};

static void published_free(Published *published)
{
	rows_free(published->metric.rows);
	stet_table_free(published->metric.table);
	g_free(published->metric.measures);
	g_free(published->metric.dimension_columns);
	g_ptr_array_unref(published->dimensions);
	g_ptr_array_unref(published->measures);
	g_ptr_array_unref(published->units);
	g_free(published);
}

static StetEdition *edition_new(const char *name)
{
	StetEdition *edition = g_new0(StetEdition, 1);
	edition->name = g_strdup(name);
	edition->texts = g_string_chunk_new(4096);
	edition->metrics = g_ptr_array_new();
	edition->published = g_ptr_array_new_with_free_func((GDestroyNotify)published_free);
	return edition;
}

void stet_edition_free(StetEdition *edition)
{
	if (!edition)
		return;
	g_ptr_array_unref(edition->metrics);
	g_ptr_array_unref(edition->published);
	g_string_chunk_free(edition->texts);
	g_free(edition->name);
	g_free(edition);
}

const char *stet_edition_name(const StetEdition *edition)
{
	return edition->name;
}

const char *stet_edition_hash(const StetEdition *edition)
{
	return edition->hash.hex;
}

const StetMetric *stet_edition_metric(const StetEdition *edition, const char *name)
{
	for (guint i = 0; i < edition->metrics->len; i++) {
		const StetMetric *metric = g_ptr_array_index(edition->metrics, i);
		if (strcmp(metric->name, name) == 0)
			return metric;
	}
	return NULL;
}

guint stet_edition_count(const StetEdition *edition)
{
	return edition_metrics(edition)->len;
}

const StetMetric *stet_edition_at(const StetEdition *edition, guint index)
{
	return edition_metrics(edition)->pdata[index];
}

const GPtrArray *edition_metrics(const StetEdition *edition)
{
	return edition->metrics;
}

StetEdition *stet_edition_now(const StetMetrics *metrics)
{
	StetEdition *edition = edition_new("now");
	for (guint i = 0; i < metrics->base->len; i++) {
		MetricRun *run = g_ptr_array_index(metrics->base, i);
		if (run->metric.table)
			g_ptr_array_add(edition->metrics, &run->metric);
	}
	return edition;
}

/* ---- files ---- */

static gboolean is_edition_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	return g_ascii_isalnum(name[0]) && strlen(name) <= 60 && strspn(name, allowed) == strlen(name);
}

GPtrArray *stet_editions_list(const StetProject *project)
{
	g_autofree char *dir = stet_project_path(project, "data/editions");
	g_autoptr(GPtrArray) files = stet_files_list(dir);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < files->len; i++) {
		const char *file = g_ptr_array_index(files, i);
		g_autofree char *name = g_str_has_suffix(file, ".json") ? g_strndup(file, strlen(file) - 5) : NULL;
		if (name && is_edition_name(name))
			g_ptr_array_add(names, g_steal_pointer(&name));
	}
	g_ptr_array_sort(names, compare_text_pointers);
	return names;
}

static char *edition_file(const char *name)
{
	return g_strconcat("data/editions/", name, ".json", NULL);
}

static char *first_line(const char *name, const StetHash *hash)
{
	return g_strdup_printf(
		"{\"stet\": \"edition\", \"schema\": 1, \"name\": \"%s\", \"sha256\": \"%s\", \"ledger\":\n", name,
		hash->hex);
}

gboolean stet_edition_freeze(const StetProject *project, const char *name, const char *ledger, GError **error)
{
	if (!is_edition_name(name) || strcmp(name, "now") == 0) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
					"'%s' cannot be an edition's name: use letters, digits, '-', '_' and '.'; 'now' is taken",
					name);
		return FALSE;
	}
	g_autofree char *file = edition_file(name);
	g_autofree char *path = stet_project_path(project, file);
	if (g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
					"the edition '%s' is published already: %s is never written over", name, file);
		return FALSE;
	}
	StetHash hash = stet_hash(ledger, strlen(ledger));
	g_autofree char *head = first_line(name, &hash);
	g_autofree char *text = g_strconcat(head, ledger, EDITION_CLOSE, NULL);
	return stet_file_write(path, text, strlen(text), error);
}

/* ---- reading ---- */

static const char *keep(StetEdition *edition, const char *text)
{
	return g_string_chunk_insert(edition->texts, text);
}

/* A string or null as a text of the edition. */
static const char *read_text(StetEdition *edition, Json *json, GString *scratch)
{
	g_autoptr(StetTable) none = stet_table_new(1);
	StetCell cell = json_cell(json, none, scratch);
	return cell.kind == STET_TEXT ? keep(edition, cell.v.s) : NULL;
}

static void read_dimensions(StetEdition *edition, Published *published, Json *json, GString *scratch)
{
	gboolean first = TRUE;
	json_enter(json, '[');
	while (json_more(json, ']', &first)) {
		const char *name = read_text(edition, json, scratch);
		json->bad = json->bad || !name || published->dimensions->len == EDITION_COLUMNS_MAX;
		if (!json->bad)
			g_ptr_array_add(published->dimensions, (gpointer)name);
	}
}

static void read_measures(StetEdition *edition, Published *published, Json *json, GString *scratch)
{
	gboolean first = TRUE;
	json_enter(json, '[');
	while (json_more(json, ']', &first)) {
		const char *name = NULL, *unit = NULL;
		gboolean inner = TRUE;
		json_enter(json, '{');
		while (json_more(json, '}', &inner)) {
			json_key(json, scratch);
			if (strcmp(scratch->str, "name") == 0)
				name = read_text(edition, json, scratch);
			else if (strcmp(scratch->str, "unit") == 0)
				unit = read_text(edition, json, scratch);
			else
				json_skip(json);
		}
		json->bad = json->bad || !name || published->measures->len == EDITION_COLUMNS_MAX;
		if (json->bad)
			return;
		g_ptr_array_add(published->measures, (gpointer)name);
		g_ptr_array_add(published->units, (gpointer)unit);
	}
}

/* Gives the metric its columns: period, dimensions, measures, in the order of the rows' cells. */
static void lay_out(Published *published)
{
	StetMetric *metric = &published->metric;
	guint column = 0;
	metric->period_column = metric->period ? (int)column++ : -1;
	metric->n_dimensions = published->dimensions->len;
	metric->dimensions = (const char **)published->dimensions->pdata;
	metric->dimension_columns = g_new0(guint, metric->n_dimensions + 1);
	for (guint d = 0; d < metric->n_dimensions; d++)
		metric->dimension_columns[d] = column++;
	metric->n_measures = published->measures->len;
	metric->measures = g_new0(StetMeasure, metric->n_measures + 1);
	for (guint m = 0; m < metric->n_measures; m++) {
		const char *name = published->measures->pdata[m], *unit = published->units->pdata[m];
		metric->measures[m] = (StetMeasure){name, name, unit, -1, STET_GOOD_NEUTRAL, column++};
	}
	metric->table = stet_table_new(column);
}

static void read_rows(Published *published, Json *json, GString *scratch)
{
	gboolean first = TRUE;
	if (json->bad || published->metric.table || published->measures->len == 0) {
		json->bad = TRUE;
		return;
	}
	lay_out(published);
	StetTable *table = published->metric.table;
	json_enter(json, '[');
	while (json_more(json, ']', &first)) {
		StetCell *cells = stet_table_append(table);
		gboolean inner = TRUE;
		guint column = 0;
		json_enter(json, '[');
		while (json_more(json, ']', &inner)) {
			if (column == table->n_columns) {
				json->bad = TRUE;
				return;
			}
			cells[column++] = json_cell(json, table, scratch);
		}
		json->bad = json->bad || column != table->n_columns;
	}
}

static void read_metric(StetEdition *edition, Json *json, GString *scratch)
{
	Published *published = g_new0(Published, 1);
	published->dimensions = g_ptr_array_new();
	published->measures = g_ptr_array_new();
	published->units = g_ptr_array_new();
	published->metric.decimals = -1;
	g_ptr_array_add(edition->published, published);
	gboolean first = TRUE;
	json_enter(json, '{');
	while (json_more(json, '}', &first)) {
		json_key(json, scratch);
		if (strcmp(scratch->str, "name") == 0)
			published->metric.name = read_text(edition, json, scratch);
		else if (strcmp(scratch->str, "title") == 0)
			published->metric.title = read_text(edition, json, scratch);
		else if (strcmp(scratch->str, "file") == 0)
			published->metric.file = read_text(edition, json, scratch);
		else if (strcmp(scratch->str, "period") == 0)
			published->metric.period = read_text(edition, json, scratch);
		else if (strcmp(scratch->str, "dimensions") == 0)
			read_dimensions(edition, published, json, scratch);
		else if (strcmp(scratch->str, "measures") == 0)
			read_measures(edition, published, json, scratch);
		else if (strcmp(scratch->str, "rows") == 0)
			read_rows(published, json, scratch);
		else
			json_skip(json);
	}
	json->bad = json->bad || !published->metric.name || !published->metric.table;
	if (json->bad)
		return;
	if (published->metric.n_measures > 0)
		published->metric.unit = published->metric.measures[0].unit;
	rows_index(&published->metric);
	g_ptr_array_add(edition->metrics, &published->metric);
}

static gboolean read_ledger(StetEdition *edition, const char *text, gsize length)
{
	Json json = {text, text + length, FALSE};
	g_autoptr(GString) scratch = g_string_new(NULL);
	gboolean first = TRUE;
	json_enter(&json, '{');
	while (json_more(&json, '}', &first)) {
		json_key(&json, scratch);
		if (strcmp(scratch->str, "metrics") != 0) {
			json_skip(&json);
			continue;
		}
		gboolean inner = TRUE;
		json_enter(&json, '[');
		while (json_more(&json, ']', &inner))
			read_metric(edition, &json, scratch);
	}
	return !json.bad;
}

static StetEdition *damaged(StetEdition *edition, const char *file, const char *what, StetDiagnostics *diags)
{
	stet_diagnose(diags, STET_ERROR, "edition-damaged", (StetPlace){file, 1, 0},
				  "bring the file back from version control", "the edition '%s' is damaged: %s",
				  edition->name, what);
	stet_edition_free(edition);
	return NULL;
}

StetEdition *stet_edition_load(const StetProject *project, const char *name, StetDiagnostics *diags)
{
	g_autofree char *file = edition_file(name);
	g_autofree char *path = stet_project_path(project, file);
	if (!is_edition_name(name) || !g_file_test(path, G_FILE_TEST_EXISTS)) {
		g_autoptr(GPtrArray) names = stet_editions_list(project);
		g_ptr_array_add(names, NULL);
		const char *near = stet_nearest(name, (const char *const *)names->pdata);
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
		stet_diagnose(diags, STET_ERROR, "edition-unknown", (StetPlace){"data/editions", 0, 0}, mend,
					  "there is no edition '%s'", name);
		return NULL;
	}
	StetEdition *edition = edition_new(name);
	g_autoptr(GError) error = NULL;
	gsize length = 0;
	g_autofree char *text = stet_file_read(path, &length, &error);
	if (!text)
		return damaged(edition, file, error->message, diags);
	const char *ledger = strchr(text, '\n') ? strchr(text, '\n') + 1 : text;
	gsize close = strlen(EDITION_CLOSE), head = (gsize)(ledger - text);
	if (!g_str_has_suffix(text, EDITION_CLOSE) || length < head + close)
		return damaged(edition, file, "it is cut short", diags);
	gsize body = length - head - close;
	edition->hash = stet_hash(ledger, body);
	g_autofree char *expected = first_line(name, &edition->hash);
	if (!g_str_has_prefix(text, expected))
		return damaged(edition, file, "its content does not match its hash", diags);
	if (!read_ledger(edition, ledger, body))
		return damaged(edition, file, "it cannot be read", diags);
	return edition;
}
