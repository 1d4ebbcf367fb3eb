/* datapackage.json (Frictionless Data Package, v1 and v2 spellings) as checked resources. */
#include "project/private.h"

#include <string.h>

static const struct {
	const char *name;
	StetFieldType type;
} field_types[] = {
	{"string", STET_FIELD_STRING}, {"integer", STET_FIELD_INTEGER}, {"number", STET_FIELD_NUMBER},
	{"boolean", STET_FIELD_BOOLEAN}, {"date", STET_FIELD_DATE}, {"time", STET_FIELD_TIME},
	{"datetime", STET_FIELD_DATETIME}, {"year", STET_FIELD_YEAR}, {"yearmonth", STET_FIELD_YEARMONTH},
	{"duration", STET_FIELD_DURATION}, {"geopoint", STET_FIELD_GEOPOINT}, {"list", STET_FIELD_LIST},
	{"object", STET_FIELD_OBJECT}, {"geojson", STET_FIELD_OBJECT}, {"array", STET_FIELD_ARRAY},
	{"any", STET_FIELD_ANY},
};

static void read_type(StetField *field, const StetNode *node, StetDiagnostics *diags)
{
	const char *name = stet_node_text(node, "type", "string");
	const char *names[G_N_ELEMENTS(field_types) + 1] = {NULL};
	for (guint i = 0; i < G_N_ELEMENTS(field_types); i++) {
		names[i] = field_types[i].name;
		if (strcmp(names[i], name) == 0) {
			field->type = field_types[i].type;
			if (field->type == STET_FIELD_DATE && strcmp(field->format, "quarter") == 0)
				field->type = STET_FIELD_QUARTER;
			return;
		}
	}
	const char *near = stet_nearest(name, names);
	g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
	stet_diagnose(diags, STET_ERROR, "package-field-type", stet_node_get(node, "type")->place, mend,
	              "field '%s' has unknown type '%s'", field->name, name);
}

/* A text or a list of texts as a NULL-terminated list owned by the project. */
static const char **text_list(StetProject *project, const StetNode *node, const char *prefix)
{
	guint n = !node ? 0 : node->kind == STET_NODE_LIST ? node->n : 1;
	const char **list = stet_project_keep(project, g_new0(const char *, n + 1));
	for (guint i = 0, filled = 0; i < n; i++) {
		const StetNode *item = node->kind == STET_NODE_LIST ? node->items[i] : node;
		/* a missing value may come with its label (Table Schema v2) */
		if (item->kind == STET_NODE_MAP && stet_node_get(item, "value"))
			item = stet_node_get(item, "value");
		if (item->text)
			list[filled++] = stet_project_keep(project, g_strconcat(prefix, item->text, NULL));
	}
	return list;
}

static void read_fields(StetProject *project, StetResource *resource, const StetNode *fields, StetDiagnostics *diags)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	resource->fields = stet_project_keep(project, g_new0(StetField, fields->n + 1));
	for (guint i = 0; i < fields->n; i++) {
		const StetNode *node = fields->items[i];
		StetField *field = &resource->fields[resource->n_fields];
		field->name = stet_node_text(node, "name", NULL);
		if (!field->name || !*field->name) {
			stet_diagnose(diags, STET_ERROR, "package-field-name", node->place, "give it a \"name\"",
			              "field %u of '%s' has no name", i + 1, resource->name);
			continue;
		}
		if (!g_hash_table_add(seen, (gpointer)field->name))
			stet_diagnose(diags, STET_ERROR, "package-field-name", node->place, "names must differ",
			              "'%s' has two fields called '%s'", resource->name, field->name);
		const StetNode *constraints = stet_node_get(node, "constraints");
		field->title = stet_node_text(node, "title", NULL);
		field->description = stet_node_text(node, "description", NULL);
		field->unit = stet_node_text(node, "stet:unit", NULL);
		field->format = stet_node_text(node, "format", "default");
		field->required = stet_node_bool(constraints, "required", FALSE);
		field->unique = stet_node_bool(constraints, "unique", FALSE);
		field->node = node;
		field->place = node->place;
		read_type(field, node, diags);
		resource->n_fields++;
	}
}

static gboolean has_field(const StetResource *resource, const char *name)
{
	for (guint i = 0; i < resource->n_fields; i++)
		if (strcmp(resource->fields[i].name, name) == 0)
			return TRUE;
	return FALSE;
}

static void check_key_fields(const StetResource *resource, const char **names, StetPlace place, const char *what,
                             StetDiagnostics *diags)
{
	g_autofree const char **known = g_new0(const char *, resource->n_fields + 1);
	for (guint i = 0; i < resource->n_fields; i++)
		known[i] = resource->fields[i].name;
	for (guint i = 0; names[i]; i++) {
		const char *near = has_field(resource, names[i]) ? NULL : stet_nearest(names[i], known);
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
		if (!has_field(resource, names[i]))
			stet_diagnose(diags, STET_ERROR, "package-key", place, mend, "the %s of '%s' names a field '%s' it does not have",
			              what, resource->name, names[i]);
	}
}

static void read_keys(StetProject *project, StetResource *resource, const StetNode *schema, StetDiagnostics *diags)
{
	const StetNode *primary = stet_node_get(schema, "primaryKey");
	resource->primary_key = text_list(project, primary, "");
	if (primary)
		check_key_fields(resource, resource->primary_key, primary->place, "primary key", diags);
	const StetNode *unique = stet_node_get(schema, "uniqueKeys");
	guint n_unique = unique && unique->kind == STET_NODE_LIST ? unique->n : 0;
	resource->unique_keys = stet_project_keep(project, g_new0(const char **, n_unique + 1));
	for (guint i = 0; i < n_unique; i++) {
		resource->unique_keys[resource->n_unique_keys++] = text_list(project, unique->items[i], "");
		check_key_fields(resource, resource->unique_keys[i], unique->items[i]->place, "unique key", diags);
	}
	const StetNode *foreign = stet_node_get(schema, "foreignKeys");
	guint n = foreign && foreign->kind == STET_NODE_LIST ? foreign->n : 0;
	resource->foreign_keys = stet_project_keep(project, g_new0(StetForeignKey, n + 1));
	for (guint i = 0; i < n; i++) {
		const StetNode *node = foreign->items[i], *reference = stet_node_get(node, "reference");
		StetForeignKey *key = &resource->foreign_keys[resource->n_foreign_keys++];
		const char *target = stet_node_text(reference, "resource", "");
		key->fields = text_list(project, stet_node_get(node, "fields"), "");
		key->reference = *target ? target : NULL;
		key->reference_fields = text_list(project, stet_node_get(reference, "fields"), "");
		key->place = node->place;
		check_key_fields(resource, key->fields, node->place, "foreign key", diags);
	}
}

/* Foreign keys can be checked against the package only when every resource is known. */
static void check_references(const StetProject *project, StetDiagnostics *diags)
{
	g_autofree const char **names = g_new0(const char *, project->n_resources + 1);
	for (guint i = 0; i < project->n_resources; i++)
		names[i] = project->resources[i].name;
	for (guint i = 0; i < project->n_resources; i++) {
		const StetResource *from = &project->resources[i];
		for (guint k = 0; k < from->n_foreign_keys; k++) {
			const StetForeignKey *key = &from->foreign_keys[k];
			const StetResource *to = key->reference ? stet_project_resource(project, key->reference) : from;
			const char *near = to ? NULL : stet_nearest(key->reference, names);
			g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
			if (!to)
				stet_diagnose(diags, STET_ERROR, "package-key", key->place, mend,
				              "a foreign key of '%s' refers to '%s', which is not in the package", from->name, key->reference);
			else if (to->has_schema)
				check_key_fields(to, key->reference_fields, key->place, "key referred to", diags);
		}
	}
}

/* A schema or a dialect may stand in a file of its own, named in its place. */
static const StetNode *resolve(StetProject *project, const StetResource *resource, const char *key, StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(resource->node, key);
	StetDocument *document = NULL;
	if (!node || node->kind == STET_NODE_MAP || node->kind == STET_NODE_NULL)
		return node && node->kind == STET_NODE_MAP ? node : NULL;
	g_autofree char *path = g_strconcat("data/", node->text, NULL);
	if (!node->text || strstr(node->text, "://") || !stet_path_is_inside(path))
		stet_diagnose(diags, STET_ERROR, "package-path", node->place, "write it out, or keep the file in the report's data folder",
		              "the %s of '%s' is neither an object nor a file beside the package", key, resource->name);
	else if (!stet_project_read_yaml(project, stet_project_keep(project, g_steal_pointer(&path)), &document, diags))
		stet_diagnose(diags, STET_ERROR, "package-path", node->place, NULL, "there is no file 'data/%s' with the %s of '%s'",
		              node->text, key, resource->name);
	return document ? stet_document_root(document) : NULL;
}

static void read_resource(StetProject *project, const StetNode *node, StetDiagnostics *diags)
{
	StetResource *resource = &project->resources[project->n_resources];
	*resource = (StetResource){.name = stet_node_text(node, "name", NULL), .node = node, .package = project->package,
	                           .place = node->place};
	const StetNode *path = stet_node_get(node, "path");
	if (!resource->name || !*resource->name || !path) {
		stet_diagnose(diags, STET_ERROR, "package-resource", node->place, "give it a \"name\" and a \"path\"",
		              "a resource lacks its %s", !resource->name ? "name" : "path");
		return;
	}
	if (stet_project_resource(project, resource->name))
		stet_diagnose(diags, STET_ERROR, "package-resource", node->place, "names must differ",
		              "two resources are called '%s'", resource->name);
	resource->paths = text_list(project, path, "data/");
	for (guint i = 0; resource->paths[i]; i++)
		if (!stet_path_is_inside(resource->paths[i]) || strstr(resource->paths[i], "://"))
			stet_diagnose(diags, STET_ERROR, "package-path", path->place, "keep the file in the report's data folder",
			              "the path '%s' of '%s' leads out of the report", resource->paths[i], resource->name);
	resource->title = stet_node_text(node, "title", resource->name);
	resource->description = stet_node_text(node, "description", NULL);
	resource->encoding = stet_node_text(node, "encoding", "utf-8");
	resource->synthetic = stet_node_bool(node, "stet:synthetic", FALSE);
	resource->schema = resolve(project, resource, "schema", diags);
	resource->dialect = resolve(project, resource, "dialect", diags);
	const StetNode *schema = resource->schema;
	const StetNode *fields = stet_node_get(schema, "fields"), *missing = stet_node_get(schema, "missingValues");
	resource->has_schema = fields && fields->kind == STET_NODE_LIST && fields->n > 0;
	if (resource->has_schema)
		read_fields(project, resource, fields, diags);
	read_keys(project, resource, schema, diags);
	if (!missing)
		missing = stet_node_get(project->package, "missingValues");
	resource->missing_values = text_list(project, missing, "");
	if (!missing) {
		const char **empty = stet_project_keep(project, g_new0(const char *, 2));
		empty[0] = "";
		resource->missing_values = empty;
	}
	project->n_resources++;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What a file in data/ must end with to be a dataset. */
static const char *const data_endings[] = {".csv", ".csv.gz", ".csv.zst", ".parquet"};

static const char *data_ending(const char *file)
{
	for (guint i = 0; i < G_N_ELEMENTS(data_endings); i++)
		if (g_str_has_suffix(file, data_endings[i]) && file[0] != '.')
			return data_endings[i];
	return NULL;
}

/* The names of the data files right in data/, sorted. */
static GPtrArray *data_files(const StetProject *project)
{
	g_autofree char *dir = stet_project_path(project, "data");
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) handle = g_dir_open(dir, 0, NULL);
	const char *entry;
	while (handle && (entry = g_dir_read_name(handle)))
		if (data_ending(entry))
			g_ptr_array_add(names, g_strdup(entry));
	g_ptr_array_sort(names, compare_names);
	return names;
}

/* A file put beside the others and not described is read by nobody: most likely it was forgotten. */
static void report_undescribed(const StetProject *project, StetDiagnostics *diags)
{
	g_autoptr(GHashTable) described = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) names = data_files(project);
	for (guint i = 0; i < project->n_resources; i++)
		for (const char *const *path = project->resources[i].paths; path && *path; path++)
			g_hash_table_add(described, (gpointer)*path);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_strconcat("data/", (char *)names->pdata[i], NULL);
		g_autofree char *mend = g_strdup_printf("add what 'stet infer %s' prints to its resources", path);
		if (!g_hash_table_contains(described, path))
			stet_diagnose(diags, STET_WARNING, "data-undescribed", (StetPlace){"data/datapackage.json", 0, 0}, mend,
			              "the data package does not describe '%s': it is not read", path);
	}
}

/* Without a package, each data/NAME.csv is a dataset whose schema is inferred. */
static void scan_data(StetProject *project)
{
	static const char *const none[] = {NULL};
	g_autoptr(GPtrArray) names = data_files(project);
	project->resources = stet_project_keep(project, g_new0(StetResource, names->len + 1));
	for (guint i = 0; i < names->len; i++) {
		const char *file = names->pdata[i];
		char *name = stet_project_keep(project, g_strndup(file, strlen(file) - strlen(data_ending(file))));
		/* a.csv and a.csv.gz: the first is taken */
		if (stet_project_resource(project, name))
			continue;
		StetResource *resource = &project->resources[project->n_resources++];
		const char **paths = stet_project_keep(project, g_new0(const char *, 2));
		const char **missing = stet_project_keep(project, g_new0(const char *, 2));
		resource->name = resource->title = name;
		paths[0] = stet_project_keep(project, g_strconcat("data/", file, NULL));
		missing[0] = "";
		resource->paths = paths;
		resource->missing_values = missing;
		resource->encoding = "utf-8";
		resource->primary_key = (const char **)stet_project_keep(project, g_memdup2(none, sizeof none));
		resource->place = (StetPlace){paths[0], 0, 0};
	}
}

void stet_package_read(StetProject *project, StetDiagnostics *diags)
{
	StetDocument *document = NULL;
	gboolean exists = stet_project_read_yaml(project, "data/datapackage.json", &document, diags);
	if (!exists) {
		scan_data(project);
		return;
	}
	project->package = document ? stet_document_root(document) : NULL;
	const StetNode *resources = stet_node_get(project->package, "resources");
	if (project->package && (!resources || resources->kind != STET_NODE_LIST))
		stet_diagnose(diags, STET_ERROR, "package-resource", project->package->place, "add \"resources\": [...]",
		              "the data package lists no resources");
	guint n = resources && resources->kind == STET_NODE_LIST ? resources->n : 0;
	project->resources = stet_project_keep(project, g_new0(StetResource, n + 1));
	for (guint i = 0; i < n; i++)
		read_resource(project, resources->items[i], diags);
	check_references(project, diags);
	if (project->package)
		report_undescribed(project, diags);
}
