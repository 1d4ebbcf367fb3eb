/* `stet infer`: the columns of undescribed CSV files, written down as a Data Package to be mended by hand. */
#include "cli/private.h"

#include <string.h>

static const struct {
	StetFieldType type;
	const char *name, *format; /* as Table Schema has them; format NULL: the default */
} type_names[] = {
	{STET_FIELD_STRING, "string", NULL},       {STET_FIELD_INTEGER, "integer", NULL},
	{STET_FIELD_NUMBER, "number", NULL},       {STET_FIELD_BOOLEAN, "boolean", NULL},
	{STET_FIELD_DATE, "date", NULL},           {STET_FIELD_TIME, "time", NULL},
	{STET_FIELD_DATETIME, "datetime", NULL},   {STET_FIELD_YEAR, "year", NULL},
	{STET_FIELD_YEARMONTH, "yearmonth", NULL}, {STET_FIELD_QUARTER, "date", "quarter"},
	{STET_FIELD_DURATION, "duration", NULL},   {STET_FIELD_GEOPOINT, "geopoint", NULL},
	{STET_FIELD_LIST, "list", NULL},           {STET_FIELD_OBJECT, "object", NULL},
	{STET_FIELD_ARRAY, "array", NULL},         {STET_FIELD_ANY, "any", NULL},
};

const char *stet_field_type_name(StetFieldType type)
{
	for (guint i = 0; i < G_N_ELEMENTS(type_names); i++)
		if (type_names[i].type == type)
			return type_names[i].format ? type_names[i].format : type_names[i].name;
	return "any";
}

static void write_field(const StetField *field, gboolean last, GString *out)
{
	g_string_append(out, "          {\"name\": ");
	stet_json_string(out, field->name);
	for (guint i = 0; i < G_N_ELEMENTS(type_names); i++) {
		if (type_names[i].type != field->type)
			continue;
		g_string_append_printf(out, ", \"type\": \"%s\"", type_names[i].name);
		const char *format = type_names[i].format ? type_names[i].format : field->format;
		if (format && strcmp(format, "default") != 0) {
			g_string_append(out, ", \"format\": ");
			stet_json_string(out, format);
		}
	}
	g_string_append(out, last ? "}\n" : "},\n");
}

static void write_resource(const StetDataset *dataset, gboolean last, GString *out)
{
	const StetResource *resource = dataset->resource;
	g_string_append(out, "    {\n      \"name\": ");
	stet_json_string(out, resource->name);
	g_string_append(out, ",\n      \"path\": ");
	stet_json_string(out, resource->paths[0] + strlen("data/"));
	g_string_append(out, ",\n      \"schema\": {\n        \"fields\": [\n");
	for (guint i = 0; i < dataset->n_columns; i++)
		write_field(dataset->columns[i].field, i + 1 == dataset->n_columns, out);
	g_string_append_printf(out, "        ]\n      }\n    }%s\n", last ? "" : ",");
}

static StetStatus write_package(const StetOptions *options, const StetSession *session, const char *path)
{
	g_autoptr(GString) out = g_string_new("{\n  \"resources\": [\n");
	g_autoptr(GError) error = NULL;
	g_autofree char *shown = stet_shown_path(options, path);
	guint n = session->project->n_resources;
	for (guint i = 0; i < n; i++)
		write_resource(session->datasets[i], i + 1 == n, out);
	g_string_append(out, "  ]\n}\n");
	if (!stet_file_write(path, out->str, out->len, &error))
		return stet_complain(STET_STATUS_MACHINE, "%s", error->message);
	if (!options->quiet)
		fprintf(stderr, "described %u dataset%s in %s; add titles, units and constraints there\n", n,
				n == 1 ? "" : "s", shown);
	return STET_STATUS_DONE;
}

StetStatus stet_command_infer(const StetOptions *options, char **args)
{
	const char *root = args[0] ? args[0] : ".";
	g_autofree char *path = g_build_filename(root, "data", "datapackage.json", NULL),
					*shown = stet_shown_path(options, path);
	g_autoptr(GError) error = NULL;
	if (!stet_is_report(options, root))
		return STET_STATUS_USAGE;
	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return stet_complain(STET_STATUS_USAGE, "'%s' describes the data already (remove it first)", shown);
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	StetSession session;
	stet_session_init(&session, root, (guint)options->jobs, stet_progress_new(FALSE), diags);
	StetStatus status = STET_STATUS_ERRORS;
	stet_session_read(&session, &error);
	gboolean loaded = session.project != NULL;
	for (guint i = 0; loaded && i < session.project->n_resources; i++)
		loaded = session.datasets[i] != NULL;
	if (loaded)
		status = write_package(options, &session, path);
	else if (error)
		status = stet_complain(STET_STATUS_MACHINE, "%s", error->message);
	g_autofree char *folder = stet_shown_path(options, root);
	StetPrinter printer = {options->format, stet_wants_colour(stderr), root, folder};
	stet_print_diagnostics(&printer, diags, stderr);
	StetProgress *progress = session.progress;
	stet_session_clear(&session);
	stet_progress_free(progress);
	return status;
}
