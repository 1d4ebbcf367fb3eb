/* Loaded datasets as a data package: their fields, and the keys their values allow. */
#include "private.h"

#include <string.h>

#define KEY_COLUMNS 6u /* the first so many may be part of a key of several columns */

/* ---- keys ---------------------------------------------------------------------------------- */

/* Amounts and free text are nobody's key. */
static gboolean may_be_key(const StetDataset *dataset, guint c)
{
	const StetColumn *column = &dataset->columns[c];
	const StetSummary *summary = &dataset->summaries[c];
	return summary->missing == 0 && column->kind != STET_COLUMN_DOUBLE &&
		   column->field->type != STET_FIELD_NUMBER && column->field->type != STET_FIELD_BOOLEAN;
}

static gboolean is_named_key(const char *name)
{
	static const char *const names[] = {"id", "key", "code", "iata", NULL};
	g_autofree char *lower = g_ascii_strdown(name, -1);
	return g_strv_contains(names, lower) || g_str_has_suffix(lower, "_id") ||
		   g_str_has_suffix(lower, "_code");
}

/* One column: the first named like a key, else the first one. NULL if none is unique. */
static const char *single_key(const StetDataset *dataset)
{
	const char *first = NULL;
	for (guint c = 0; c < dataset->n_columns; c++) {
		const StetColumn *column = &dataset->columns[c];
		if (!may_be_key(dataset, c) || dataset->summaries[c].distinct != dataset->rows)
			continue;
		if (is_named_key(column->name))
			return column->name;
		/* a count that happens to differ from row to row is no key unless it stands first */
		if (first == NULL && (c == 0 || column->kind != STET_COLUMN_INT))
			first = column->name;
	}
	return first;
}

/* The first two or three columns that tell all rows apart together. */
static gboolean joint_key(const StetDataset *dataset, const char *names[4])
{
	const char *may[KEY_COLUMNS] = {NULL};
	guint n = 0;
	for (guint c = 0; c < MIN(dataset->n_columns, KEY_COLUMNS); c++)
		if (may_be_key(dataset, c))
			may[n++] = dataset->columns[c].name;
	for (guint a = 0; a < n; a++)
		for (guint b = a + 1; b < n; b++) {
			names[0] = may[a];
			names[1] = may[b];
			names[2] = NULL;
			if (ds_is_key(dataset, names))
				return TRUE;
		}
	for (guint c = 2; c < n; c++) {
		names[0] = may[0];
		names[1] = may[1];
		names[2] = may[c];
		names[3] = NULL;
		if (ds_is_key(dataset, names))
			return TRUE;
	}
	return FALSE;
}

static gboolean find_key(const StetDataset *dataset, const char *names[4])
{
	names[0] = single_key(dataset);
	names[1] = NULL;
	/* with so few rows anything is unique */
	return dataset->rows > 2 && (names[0] != NULL || joint_key(dataset, names));
}

/* "country_id" of one refers to "id" of "countries"; "iata" to "iata". */
static gboolean names_agree(const char *column, const char *dataset, const char *key)
{
	g_autofree char *a = g_ascii_strdown(column, -1), *b = g_ascii_strdown(dataset, -1),
					*k = g_ascii_strdown(key, -1);
	gsize stem = MIN(strlen(b), 4);
	if (strcmp(a, k) == 0)
		return strcmp(k, "id") != 0;
	return g_str_has_suffix(a, k) && strlen(a) > strlen(k) && strncmp(a, b, stem) == 0;
}

static void write_foreign_keys(const StetDataset *dataset, const StetDataset *const *datasets, guint n,
							   GString *out)
{
	guint written = 0;
	for (guint c = 0; c < dataset->n_columns; c++)
		for (guint i = 0; i < n; i++) {
			const char *name = dataset->columns[c].name, *key = single_key(datasets[i]);
			if (datasets[i] == dataset || key == NULL ||
				!names_agree(name, datasets[i]->resource->name, key) ||
				!ds_is_within(dataset, name, datasets[i], key))
				continue;
			g_string_append(out,
							written++ > 0 ? ",\n          " : ",\n        \"foreignKeys\": [\n          ");
			g_string_append(out, "{\"fields\": [");
			stet_json_string(out, name);
			g_string_append(out, "], \"reference\": {\"resource\": ");
			stet_json_string(out, datasets[i]->resource->name);
			g_string_append(out, ", \"fields\": [");
			stet_json_string(out, key);
			g_string_append(out, "]}}");
			break;
		}
	if (written > 0)
		g_string_append(out, "\n        ]");
}

static void write_keys(const StetDataset *dataset, const StetDataset *const *datasets, guint n, GString *out)
{
	const char *names[4];
	if (find_key(dataset, names)) {
		g_string_append(out, ",\n        \"primaryKey\": [");
		for (guint i = 0; names[i] != NULL; i++) {
			g_string_append(out, i > 0 ? ", " : "");
			stet_json_string(out, names[i]);
		}
		g_string_append_c(out, ']');
	}
	write_foreign_keys(dataset, datasets, n, out);
}

/* ---- fields -------------------------------------------------------------------------------- */

static const char *const TYPE_NAMES[] = {
	[STET_FIELD_STRING] = "string",       [STET_FIELD_INTEGER] = "integer",
	[STET_FIELD_NUMBER] = "number",       [STET_FIELD_BOOLEAN] = "boolean",
	[STET_FIELD_DATE] = "date",           [STET_FIELD_TIME] = "time",
	[STET_FIELD_DATETIME] = "datetime",   [STET_FIELD_YEAR] = "year",
	[STET_FIELD_YEARMONTH] = "yearmonth", [STET_FIELD_QUARTER] = "date",
	[STET_FIELD_DURATION] = "duration",   [STET_FIELD_GEOPOINT] = "geopoint",
	[STET_FIELD_LIST] = "list",           [STET_FIELD_OBJECT] = "object",
	[STET_FIELD_ARRAY] = "array",         [STET_FIELD_ANY] = "any",
};

static void write_pair(const char *key, const char *value, GString *out)
{
	g_string_append_printf(out, ", \"%s\": ", key);
	stet_json_string(out, value);
}

static void write_missing(const StetNode *list, GString *out)
{
	g_string_append(out, ", \"missingValues\": [");
	for (guint i = 0; i < list->n; i++) {
		g_string_append(out, i > 0 ? ", " : "");
		stet_json_string(out, list->items[i]->text != NULL ? list->items[i]->text : "");
	}
	g_string_append_c(out, ']');
}

static void write_field(const StetField *field, GString *out)
{
	static const char *const number_keys[] = {"decimalChar", "groupChar"};
	const StetNode *missing = stet_node_get(field->node, "missingValues");
	g_string_append(out, "          {\"name\": ");
	stet_json_string(out, field->name);
	write_pair("type", TYPE_NAMES[field->type], out);
	if (field->format != NULL && strcmp(field->format, "default") != 0)
		write_pair("format", field->format, out);
	for (gsize i = 0; i < G_N_ELEMENTS(number_keys) && field->type == STET_FIELD_NUMBER; i++) {
		const char *value = stet_node_text(field->node, number_keys[i], NULL);
		if (value != NULL)
			write_pair(number_keys[i], value, out);
	}
	if (missing != NULL && missing->kind == STET_NODE_LIST && field->type != STET_FIELD_STRING)
		write_missing(missing, out);
	g_string_append_c(out, '}');
}

/* Paths of a package are relative to it: it stands in data/. */
static void write_paths(const StetDataset *dataset, GString *out)
{
	g_string_append(out, dataset->n_sources > 1 ? "      \"path\": [" : "      \"path\": ");
	for (guint i = 0; i < dataset->n_sources; i++) {
		const char *path = dataset->sources[i].path;
		g_string_append(out, i > 0 ? ", " : "");
		stet_json_string(out, g_str_has_prefix(path, "data/") ? path + strlen("data/") : path);
	}
	g_string_append(out, dataset->n_sources > 1 ? "],\n" : ",\n");
}

static void write_dataset(const StetDataset *dataset, const StetDataset *const *datasets, guint n,
						  GString *out)
{
	const DsDataset *whole = (const DsDataset *)dataset;
	g_string_append(out, "    {\n      \"name\": ");
	stet_json_string(out, dataset->resource->name);
	g_string_append(out, ",\n");
	write_paths(dataset, out);
	if (strcmp(whole->delimiter, ",") != 0) {
		g_string_append(out, "      \"dialect\": {\"delimiter\": ");
		stet_json_string(out, whole->delimiter);
		g_string_append(out, "},\n");
	}
	g_string_append(out, "      \"schema\": {\n        \"fields\": [\n");
	for (guint c = 0; c < dataset->n_columns; c++) {
		write_field(dataset->columns[c].field, out);
		g_string_append(out, c + 1 < dataset->n_columns ? ",\n" : "\n");
	}
	g_string_append(out, "        ]");
	write_keys(dataset, datasets, n, out);
	g_string_append(out, "\n      }\n    }");
}

void stet_dataset_infer(const StetDataset *const *datasets, guint n, GString *out)
{
	g_string_append(
		out,
		"{\n  \"$schema\": \"https://datapackage.org/profiles/2.0/datapackage.json\",\n  \"resources\": [\n");
	for (guint i = 0; i < n; i++) {
		write_dataset(datasets[i], datasets, n, out);
		g_string_append(out, i + 1 < n ? ",\n" : "\n");
	}
	g_string_append(out, "  ]\n}\n");
}
