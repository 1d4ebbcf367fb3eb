/* project: a report's folder described - YAML and JSON trees with places, site.yaml, datapackage.json.
 *
 * In:     DIR/templates/site.yaml, DIR/data/datapackage.json. Out: StetProject, const once loaded.
 * Owns:   a StetProject owns all it points to; a StetDocument owns its nodes.
 * Threads: loading is single-threaded; a loaded project may be read from any thread.
 *
 *     g_autoptr(StetProject) project = stet_project_load("my-report", diags, &error);
 *     const StetResource *r = stet_project_resource(project, "deployments");
 */
#ifndef STET_PROJECT_H
#define STET_PROJECT_H

#include "stet/base.h"

/* ---- YAML and JSON trees ------------------------------------------------------------------- */

typedef enum {
	STET_NODE_NULL = 1,
	STET_NODE_BOOL = 2,
	STET_NODE_INT = 4,
	STET_NODE_NUMBER = 8,
	STET_NODE_TEXT = 16,
	STET_NODE_LIST = 32,
	STET_NODE_MAP = 64
} StetNodeKind;

#define STET_NODE_SCALAR (STET_NODE_BOOL | STET_NODE_INT | STET_NODE_NUMBER | STET_NODE_TEXT)

typedef struct StetNode StetNode;
struct StetNode {
	StetNodeKind kind;
	StetPlace place;
	const char *text;   /* every scalar as written, unquoted; NULL for lists and maps */
	gboolean boolean;
	gint64 integer;
	double number;      /* also set for integers */
	guint n;            /* items of a list, entries of a map */
	StetNode **items;   /* list items, or map values in file order */
	StetNode **keys;    /* map keys (text nodes), NULL for lists */
};

typedef struct StetDocument StetDocument;

/* Parses YAML 1.2 (JSON is a subset). `first_line` and `first_column` place the text inside a larger
 * file (front matter, a fenced block, an SQL comment). Faults go to `diags` and give NULL. An empty
 * text gives a document whose root is an empty map. Depth is at most 64, size 16 MiB. */
StetDocument *stet_document_parse(const char *file, guint first_line, guint first_column,
                                  StetText text, StetDiagnostics *diags);
void stet_document_free(StetDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetDocument, stet_document_free)
const StetNode *stet_document_root(const StetDocument *document);

/* The value of `key`, or NULL if `map` is NULL, no map, or has no such key. */
const StetNode *stet_node_get(const StetNode *map, const char *key);
/* Text of a scalar under `key`, or `fallback`. */
const char *stet_node_text(const StetNode *map, const char *key, const char *fallback);
gboolean stet_node_bool(const StetNode *map, const char *key, gboolean fallback);
double stet_node_number(const StetNode *map, const char *key, double fallback);

/* One key a map may have. `kinds` is a set of StetNodeKind. A table ends with a NULL name. */
typedef struct {
	const char *name;
	guint kinds;
	gboolean required;
} StetKey;

/* Checks `map` against the table: unknown keys (with the nearest known one), wrong kinds and missing
 * keys are errors with code `code`. Keys that begin with `open_prefix` (may be NULL) pass. */
gboolean stet_node_check(const StetNode *map, const StetKey *keys, const char *open_prefix,
                         const char *code, const char *what, StetDiagnostics *diags);

/* ---- Data Package -------------------------------------------------------------------------- */

typedef enum {
	STET_FIELD_STRING, STET_FIELD_INTEGER, STET_FIELD_NUMBER, STET_FIELD_BOOLEAN, STET_FIELD_DATE,
	STET_FIELD_TIME, STET_FIELD_DATETIME, STET_FIELD_YEAR, STET_FIELD_YEARMONTH, STET_FIELD_QUARTER,
	STET_FIELD_DURATION, STET_FIELD_GEOPOINT, STET_FIELD_LIST, STET_FIELD_OBJECT, STET_FIELD_ARRAY,
	STET_FIELD_ANY
} StetFieldType;

/* One column as the schema declares it (Table Schema names). */
typedef struct {
	const char *name, *title, *description, *unit;
	StetFieldType type;
	const char *format;      /* "default" unless declared; quarters have their own type */
	gboolean required, unique;
	const StetNode *node;    /* the whole descriptor: constraints, decimalChar, missingValues... */
	StetPlace place;
} StetField;

/* Columns of `resource` whose tuples must exist in `reference` (NULL: the same resource). */
typedef struct {
	const char **fields;     /* NULL-terminated */
	const char *reference;
	const char **reference_fields;
	StetPlace place;
} StetForeignKey;

typedef struct {
	const char *name, *title, *description, *encoding;
	const char **paths;      /* NULL-terminated, relative to the report's folder: data/x.csv */
	gboolean synthetic;      /* stet:synthetic */
	gboolean lenient;        /* FALSE; set before loading: what is in doubt is left out (`--lenient`) */
	gboolean has_schema;     /* FALSE: the dataset stage infers one */
	guint n_fields;
	StetField *fields;
	const char **primary_key; /* NULL-terminated, may be empty */
	guint n_foreign_keys;
	StetForeignKey *foreign_keys;
	const char **missing_values; /* NULL-terminated; default {""} */
	guint n_unique_keys;
	const char ***unique_keys;   /* `uniqueKeys` of Table Schema v2, each NULL-terminated */
	const StetNode *node;    /* the whole descriptor: licenses, sources, stet:checks... */
	const StetNode *schema, *dialect; /* its own, or those of the files it names; NULL: none */
	const StetNode *package; /* the package's root, for what resources inherit */
	StetPlace place;
} StetResource;

/* ---- the report ---------------------------------------------------------------------------- */

typedef struct {
	const char *title, *description, *url, *author, *locale;
	const StetNode *node;    /* the whole of site.yaml: params, theme, nav, engine... */
} StetSite;

typedef struct StetProject {
	char *root;              /* the report's folder as given */
	StetSite site;
	guint n_resources;
	StetResource *resources;
	const StetNode *package; /* root of datapackage.json, NULL if there is none */
	StetLocale *locale;
} StetProject;

/* Reads and checks both files. Without a datapackage.json every data/NAME.csv that is not reserved
 * becomes a resource NAME to be inferred. Faults of the report go to `diags`; NULL and `error` only
 * where the folder itself cannot be read. A project with faults is returned as far as it goes. */
StetProject *stet_project_load(const char *dir, StetDiagnostics *diags, GError **error);
void stet_project_free(StetProject *project);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetProject, stet_project_free)

/* NULL if there is none of that name. */
const StetResource *stet_project_resource(const StetProject *project, const char *name);
/* `relative` inside the report's folder, as a path to open (g_free). */
char *stet_project_path(const StetProject *project, const char *relative);

#endif
