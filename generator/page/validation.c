/* What a dataset was held against, as templates see it: the rules of its schema, its own checks, rows that were
 * left out, what there was to remark, and the keys of its description that mean nothing to stet. */
#include "page/private.h"

#include <string.h>

/* ---- rules of the schema ------------------------------------------------------------------- */

/* A rule holds for the columns that declare one of its constraints; faults of it have one of its codes. */
static const struct {
	const char *name, *title;   /* the title is a key of the catalogue */
	const char *constraints[5]; /* none: every column */
	const char *codes[5];       /* the first letters will do */
} rules[] = {
	{"syntax", "rule_syntax", {NULL}, {"csv-"}},
	{"type", "rule_type", {NULL}, {"value-type", "value-overflow", "value-not-finite", "value-scale"}},
	{"required", "rule_required", {"required"}, {"value-required"}},
	{"length", "rule_length", {"minLength", "maxLength"}, {"value-length"}},
	{"range", "rule_range",
	 {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}, {"value-minimum", "value-maximum"}},
	{"pattern", "rule_pattern", {"pattern"}, {"value-pattern", "pattern-cost"}},
	{"enum", "rule_enum", {"enum", "categories"}, {"value-enum"}},
	{"unique", "rule_unique", {"unique"}, {"value-unique"}},
};

static gboolean is_under(const StetField *field, const char *const *constraints)
{
	const StetNode *node = stet_node_get(field->node, "constraints");
	for (; *constraints; constraints++) {
		const StetNode *value = stet_node_get(node, *constraints);
		if (!value && strcmp(*constraints, "categories") == 0)
			value = stet_node_get(field->node, "categories");
		if (value && !(value->kind == STET_NODE_BOOL && !stet_node_bool(node, *constraints, FALSE)))
			return TRUE;
	}
	return FALSE;
}

/* The names of the columns under a rule, NULL-terminated; n of them. */
static StetValue columns_under(StetArena *arena, const StetResource *resource, const char *const *constraints, guint *n)
{
	StetValue *names = stet_arena_alloc(arena, (resource->n_fields + 1) * sizeof *names);
	*n = 0;
	for (guint i = 0; *constraints && i < resource->n_fields; i++)
		if (is_under(&resource->fields[i], constraints))
			names[(*n)++] = stet_value_text(NULL, resource->fields[i].name, -1);
	return stet_value_list(arena, names, *n);
}

static gsize rejects_by(const StetDataset *dataset, const char *const *codes)
{
	gsize n = 0;
	for (guint i = 0; dataset && dataset->rejects && i < dataset->rejects->len; i++) {
		const StetReject *reject = dataset->rejects->pdata[i];
		for (const char *const *code = codes; *code; code++)
			n += reject->rule && g_str_has_prefix(reject->rule, *code);
	}
	return n;
}

static StetValue rule_map(StetArena *arena, const char *name, const char *title, StetValue columns, gsize left_out)
{
	MapBuilder map = {.n = 0};
	map_add(&map, "name", text_or_nil(name));
	map_add(&map, "title", text_or_nil(title));
	map_add(&map, "columns", columns);
	map_add(&map, "left_out", stet_value_int((gint64)left_out));
	return map_end(&map, arena);
}

static StetValue foreign_rule(const Maker *maker, StetArena *arena, const StetResource *resource, const StetForeignKey *key)
{
	const StetResource *to = key->reference ? stet_project_resource(maker->book->world->project, key->reference) : resource;
	g_autofree char *title = say_with(maker, "rule_foreign_key", to ? to->title : key->reference, NULL);
	StetText kept = {stet_arena_text(arena, title, -1), strlen(title)};
	return rule_map(arena, "foreign-key", kept.ptr, texts_value(arena, (const char *const *)key->fields, g_strv_length((char **)key->fields)), 0);
}

static StetValue rules_value(const Maker *maker, StetArena *arena, const StetDataset *dataset)
{
	const StetResource *resource = dataset->resource;
	guint n = 0, under;
	StetValue *items = stet_arena_alloc(arena, (G_N_ELEMENTS(rules) + resource->n_foreign_keys + resource->n_unique_keys + 2) * sizeof *items);
	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		StetValue columns = columns_under(arena, resource, rules[i].constraints, &under);
		if (under > 0 || !rules[i].constraints[0])
			items[n++] = rule_map(arena, rules[i].name, say(maker, rules[i].title), columns, rejects_by(dataset, rules[i].codes));
	}
	if (resource->primary_key && resource->primary_key[0])
		items[n++] = rule_map(arena, "primary-key", say(maker, "rule_primary_key"),
		                      texts_value(arena, resource->primary_key, g_strv_length((char **)resource->primary_key)), 0);
	for (guint i = 0; i < resource->n_unique_keys; i++)
		items[n++] = rule_map(arena, "unique-key", say(maker, "rule_unique_key"),
		                      texts_value(arena, resource->unique_keys[i], g_strv_length((char **)resource->unique_keys[i])), 0);
	for (guint i = 0; i < resource->n_foreign_keys; i++)
		items[n++] = foreign_rule(maker, arena, resource, &resource->foreign_keys[i]);
	return stet_value_list(arena, items, n);
}

/* ---- checks -------------------------------------------------------------------------------- */

/* Rows that did not pass a check. A check that is not among those that ran passed an earlier build. */
gsize check_failures(const StetBook *book, const StetNode *node)
{
	const GPtrArray *checks = book->world->checks;
	for (guint i = 0; checks && i < checks->len; i++) {
		const StetCheck *check = checks->pdata[i];
		if (check->place.line == node->place.line && check->place.column == node->place.column)
			return check->failures;
	}
	return 0;
}

static StetValue check_map(const StetBook *book, StetArena *arena, const StetNode *node)
{
	const char *name = stet_node_text(node, "name", stet_node_text(node, "check", "sql"));
	const char *check = stet_node_text(node, "check", NULL);
	gsize failures = check_failures(book, node);
	MapBuilder map = {.n = 0};
	map_add(&map, "name", text_or_nil(name));
	map_add(&map, "title", text_or_nil(stet_node_text(node, "title", check ? stet_check_title(check) : name)));
	map_add(&map, "description", text_or_nil(stet_node_text(node, "description", NULL)));
	map_add(&map, "sql", text_or_nil(stet_node_text(node, "sql", NULL)));
	map_add(&map, "passed", stet_value_bool(failures == 0));
	map_add(&map, "failures", stet_value_int((gint64)failures));
	return map_end(&map, arena);
}

static StetValue checks_value(const StetBook *book, StetArena *arena, const StetDataset *dataset)
{
	const StetNode *list = stet_node_get(dataset->resource->node, "stet:checks");
	guint n = list && list->kind == STET_NODE_LIST ? list->n : 0;
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++)
		items[i] = check_map(book, arena, list->items[i]);
	return stet_value_list(arena, items, n);
}

/* ---- rows left out, remarks ---------------------------------------------------------------- */

static StetValue reject_map(StetArena *arena, const StetDataset *dataset, const StetReject *reject)
{
	MapBuilder map = {.n = 0};
	map_add(&map, "file", text_or_nil(dataset->sources[reject->source].path));
	map_add(&map, "line", stet_value_int(reject->line));
	map_add(&map, "rule", text_or_nil(reject->rule));
	map_add(&map, "reason", text_or_nil(reject->reason));
	return map_end(&map, arena);
}

/* The first of them: the whole list is the quarantine's file. */
static StetValue left_out_value(StetArena *arena, const StetDataset *dataset)
{
	guint n = dataset && dataset->rejects ? MIN(dataset->rejects->len, STET_REMARKS_SHOWN) : 0;
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++)
		items[i] = reject_map(arena, dataset, dataset->rejects->pdata[i]);
	return stet_value_list(arena, items, n);
}

static StetValue remarks_map(StetArena *arena, const StetRemarks *remarks)
{
	const StetDiagnostic *first = remarks->first->pdata[0];
	StetValue *items = stet_arena_alloc(arena, (remarks->first->len + 1) * sizeof *items);
	MapBuilder map = {.n = 0};
	for (guint i = 0; i < remarks->first->len; i++) {
		const StetDiagnostic *d = remarks->first->pdata[i];
		MapBuilder one = {.n = 0};
		map_add(&one, "file", text_or_nil(d->file));
		map_add(&one, "line", stet_value_int(d->line));
		map_add(&one, "column", stet_value_int(d->column));
		map_add(&one, "message", text_or_nil(d->message));
		items[i] = map_end(&one, arena);
	}
	map_add(&map, "rule", text_or_nil(first->code));
	map_add(&map, "count", stet_value_int((gint64)remarks->count));
	map_add(&map, "warning", stet_value_bool(remarks->severity == STET_WARNING));
	map_add(&map, "first", stet_value_list(arena, items, remarks->first->len));
	return map_end(&map, arena);
}

static StetValue remarks_value(StetArena *arena, const StetDataset *dataset)
{
	guint n = dataset && dataset->remarks ? dataset->remarks->len : 0;
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++)
		items[i] = remarks_map(arena, dataset->remarks->pdata[i]);
	return stet_value_list(arena, items, n);
}

/* ---- keys that mean nothing to stet -------------------------------------------------------- */

static const char *const package_keys[] = {"resources", "name", "title", "description", "licenses", "missingValues", "$schema", "profile", NULL};
static const char *const resource_keys[] = {"name", "path", "title", "description", "encoding", "dialect", "schema", "licenses",
	"sources", "type", "format", "bytes", "hash", "$schema", "profile", "scheme", NULL};
static const char *const schema_keys[] = {"fields", "missingValues", "primaryKey", "foreignKeys", "fieldsMatch", "uniqueKeys", "$schema", NULL};
static const char *const field_keys[] = {"name", "type", "format", "title", "description", "constraints", "missingValues", "decimalChar",
	"groupChar", "bareNumber", "trueValues", "falseValues", "delimiter", "itemType", "categories", "categoriesOrdered", NULL};

static void write_node(const StetNode *node, gboolean nested, GString *out)
{
	if (node->kind != STET_NODE_MAP && node->kind != STET_NODE_LIST) {
		if (nested && node->kind == STET_NODE_TEXT)
			stet_json_string(out, node->text);
		else
			g_string_append(out, node->text ? node->text : "null");
		return;
	}
	g_string_append_c(out, node->kind == STET_NODE_MAP ? '{' : '[');
	for (guint i = 0; i < node->n; i++) {
		g_string_append(out, i > 0 ? ", " : "");
		if (node->kind == STET_NODE_MAP) {
			stet_json_string(out, node->keys[i]->text);
			g_string_append(out, ": ");
		}
		write_node(node->items[i], TRUE, out);
	}
	g_string_append_c(out, node->kind == STET_NODE_MAP ? '}' : ']');
}

/* Adds the keys of `node` that are not among `known` to `list`; `of` says whose they are. */
static void add_unused(GArray *list, StetArena *arena, const StetNode *node, const char *const *known, const char *of)
{
	for (guint i = 0; node && node->kind == STET_NODE_MAP && i < node->n; i++) {
		const char *key = node->keys[i]->text;
		if (g_strv_contains(known, key) || g_str_has_prefix(key, "stet:"))
			continue;
		g_autoptr(GString) text = g_string_new(NULL);
		MapBuilder map = {.n = 0};
		write_node(node->items[i], FALSE, text);
		map_add(&map, "of", stet_value_text(arena, of, -1));
		map_add(&map, "key", text_or_nil(key));
		map_add(&map, "value", stet_value_text(arena, text->str, (gssize)text->len));
		StetValue value = map_end(&map, arena);
		g_array_append_val(list, value);
	}
}

static StetValue unused_value(StetArena *arena, const StetResource *resource)
{
	g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(StetValue));
	const StetNode *schema = resource->schema;
	add_unused(list, arena, resource->node, resource_keys, "dataset");
	add_unused(list, arena, schema, schema_keys, "schema");
	for (guint i = 0; resource->has_schema && i < resource->n_fields; i++)
		add_unused(list, arena, resource->fields[i].node, field_keys, resource->fields[i].name);
	add_unused(list, arena, resource->package, package_keys, "package");
	return stet_value_list(arena, (const StetValue *)(gconstpointer)list->data, list->len);
}

/* ---- all ----------------------------------------------------------------------------------- */

gboolean validation_get(const StetBook *book, const StetDataset *dataset, StetText key, StetRender *render, StetValue *out)
{
	StetArena *arena = stet_render_arena(render);
	const char *name = dataset->resource->name;
	/* a head knows how many rows were left out, not which; there is one only where there was nothing to remark */
	gboolean asks_rows = stet_text_equal(key, "rules") || stet_text_equal(key, "left_out");
	const StetDataset *whole = asks_rows && dataset->quarantined > 0 ? book_dataset(book, name) : dataset;
	if (stet_text_equal(key, "rules")) {
		*out = rules_value(stet_render_host(render), arena, whole ? whole : dataset);
	} else if (stet_text_equal(key, "left_out")) {
		*out = left_out_value(arena, whole);
	} else if (stet_text_equal(key, "remarks")) {
		*out = remarks_value(arena, dataset);
	} else if (stet_text_equal(key, "checks")) {
		note_read(stet_render_host(render), "checks", name);
		*out = checks_value(book, arena, dataset);
	} else if (stet_text_equal(key, "unused")) {
		note_read(stet_render_host(render), "package", NULL);
		*out = unused_value(arena, dataset->resource);
	} else if (stet_text_equal(key, "quarantine_url")) {
		g_autofree char *url = dataset->quarantined > 0 ? g_strdup_printf("/datasets/%s/quarantine.csv", name) : NULL;
		*out = url ? stet_value_text(arena, url, -1) : stet_value_nil();
	} else {
		return FALSE;
	}
	return TRUE;
}
