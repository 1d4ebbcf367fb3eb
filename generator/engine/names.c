/* The tables a query reads. The engine's own parser turns the SQL text into a tree (json_serialize_sql);
 * walking it with the scopes of WITH clauses tells tables from names the query defines itself. Binding
 * is not wanted: the tables may not exist yet. */
#include "private.h"

#include <string.h>

#define DEPTH_MAX 4000 /* the engine's parser stops at a depth of 1000 expressions, a few levels each */

/* ---- the tree ------------------------------------------------------------------------------ */

typedef struct Node Node;
struct Node {
	char *key;  /* in an object */
	char *text; /* of strings */
	Node *child, *next;
};

typedef struct {
	const char *at;
	guint depth;
} Reader;

static void node_free(Node *node)
{
	while (node != NULL) {
		Node *next = node->next;
		node_free(node->child);
		g_free(node->key);
		g_free(node->text);
		g_free(node);
		node = next;
	}
}

/* A JSON string without its quotes (RFC 8259, 7); \u escapes are kept as written, no name needs them:
 * the engine writes them for control characters only. */
static char *read_string(Reader *reader)
{
	static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
	GString *out = g_string_new(NULL);
	for (reader->at++; *reader->at != 0 && *reader->at != '"'; reader->at++) {
		if (*reader->at != '\\') {
			g_string_append_c(out, *reader->at);
			continue;
		}
		char c = *++reader->at;
		gboolean known = FALSE;
		for (const char *e = escapes; *e != 0 && !known; e += 2) {
			known = *e == c;
			if (known)
				g_string_append_c(out, e[1]);
		}
		if (!known)
			g_string_append_printf(out, "\\%c", c);
		if (c == 0)
			break;
	}
	if (*reader->at == '"')
		reader->at++;
	return g_string_free(out, FALSE);
}

static Node *read_value(Reader *reader)
{
	Node *node = g_new0(Node, 1), **last = &node->child;
	char open = *reader->at;
	if (open == '"') {
		node->text = read_string(reader);
		return node;
	}
	if (open != '{' && open != '[') {
		reader->at += strcspn(reader->at, ",]}");
		return node;
	}
	reader->at++;
	while (*reader->at != 0 && *reader->at != ']' && *reader->at != '}' && reader->depth < DEPTH_MAX) {
		char *key = open == '{' ? read_string(reader) : NULL;
		reader->at += open == '{' && *reader->at == ':';
		reader->depth++;
		*last = read_value(reader);
		reader->depth--;
		(*last)->key = key;
		last = &(*last)->next;
		reader->at += *reader->at == ',';
	}
	reader->at += *reader->at != 0;
	return node;
}

static const Node *get(const Node *object, const char *key)
{
	for (const Node *n = object != NULL ? object->child : NULL; n != NULL; n = n->next)
		if (n->key != NULL && strcmp(n->key, key) == 0)
			return n;
	return NULL;
}

static const char *text_of(const Node *object, const char *key)
{
	const Node *node = get(object, key);
	return node != NULL && node->text != NULL ? node->text : "";
}

/* ---- scopes -------------------------------------------------------------------------------- */

/* Names that WITH clauses have defined so far, innermost first. */
typedef struct Scope Scope;
struct Scope {
	const char *name;
	const Scope *outer;
};

static gboolean in_scope(const Scope *scope, const char *name)
{
	for (; scope != NULL; scope = scope->outer)
		if (g_ascii_strcasecmp(scope->name, name) == 0)
			return TRUE;
	return FALSE;
}

static void visit(const Node *node, const Scope *scope, GPtrArray *names);

static void visit_children(const Node *node, const Scope *scope, GPtrArray *names)
{
	for (const Node *n = node->child; n != NULL; n = n->next)
		if (n->key == NULL || strcmp(n->key, "cte_map") != 0)
			visit(n, scope, names);
}

/* Each entry of a WITH clause sees those before it, the query sees them all. */
static void visit_with(const Node *node, const Node *entry, const Scope *scope, GPtrArray *names)
{
	if (entry == NULL) {
		visit_children(node, scope, names);
		return;
	}
	Scope defined = {text_of(entry, "key"), scope};
	const Node *value = get(entry, "value");
	if (value != NULL)
		visit(value, scope, names);
	visit_with(node, entry->next, &defined, names);
}

static void visit(const Node *node, const Scope *scope, GPtrArray *names)
{
	const char *type = text_of(node, "type"), *table = text_of(node, "table_name");
	const Node *map = get(get(node, "cte_map"), "map");
	if (strcmp(type, "BASE_TABLE") == 0 && (*text_of(node, "schema_name") != 0 || !in_scope(scope, table)))
		g_ptr_array_add(names, g_strdup(table));
	/* a recursive query sees itself */
	Scope itself = {text_of(node, "cte_name"), scope};
	if (strcmp(type, "RECURSIVE_CTE_NODE") == 0)
		scope = &itself;
	if (map != NULL)
		visit_with(node, map->child, scope, names);
	else
		visit_children(node, scope, names);
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **names_in(const Node *tree)
{
	GPtrArray *names = g_ptr_array_new();
	visit(tree, NULL, names);
	g_ptr_array_sort(names, by_name);
	for (guint i = 1; i < names->len;) {
		if (strcmp(names->pdata[i - 1], names->pdata[i]) == 0)
			g_free(g_ptr_array_remove_index(names, i));
		else
			i++;
	}
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

/* ---- public -------------------------------------------------------------------------------- */

/* The parser's own complaint, with its byte offset in the text. */
static void complain(const Node *tree, const char *sql, StetFault *fault)
{
	const char *message = text_of(tree, "error_message"), *position = text_of(tree, "position");
	if (strcmp(text_of(tree, "error_type"), "not implemented") == 0) {
		fault->message = g_strdup("only a SELECT is allowed");
		return;
	}
	fault->message = en_wording(message, strlen(message), &fault->mend);
	guint64 offset = g_ascii_strtoull(position, NULL, 10);
	if (*position == 0 || offset > strlen(sql))
		return;
	en_fault_place(fault, sql, (gsize)offset);
}

/* The engine's tree of the query as JSON text; NULL and `fault` if it could not be asked. */
static char *serialize(StetEngine *engine, const char *sql, StetFault *fault)
{
	const StetParameter text = {"sql", {STET_TEXT, {.s = sql}}};
	const StetQueryOptions options = {-1, 1, &text};
	g_autoptr(StetTable) table =
		stet_engine_query(engine, "select json_serialize_sql($sql::varchar)", &options, fault);
	return table != NULL && table->n_rows == 1 ? stet_cell_text(&table->cells[0]) : NULL;
}

char **en_embedded_tables(StetEngine *engine, const char *sql, StetFault *fault)
{
	char **names = NULL;
	g_autofree char *json = serialize(engine, sql, fault);
	if (json == NULL)
		return NULL;
	Reader reader = {json, 0};
	Node *tree = read_value(&reader);
	const Node *statements = get(tree, "statements");
	if (statements == NULL)
		complain(tree, sql, fault);
	else if (statements->child == NULL)
		fault->message = g_strdup("there is no statement");
	else if (statements->child->next != NULL)
		fault->message = g_strdup("one SELECT is wanted, there are several statements");
	else
		names = names_in(statements);
	node_free(tree);
	return names;
}
