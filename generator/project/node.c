/* YAML and JSON as trees that know where each node stands. libfyaml's events are used, not its
 * documents: they carry marks, and aliases (which can blow a small file up) are refused as they pass. */
#include "stet/project.h"

#include <libfyaml.h>
#include <string.h>

#define SIZE_MAX_BYTES (16u << 20)
#define DEPTH_MAX 64

struct StetDocument {
	GStringChunk *texts;
	GPtrArray *nodes;          /* every node, and the arrays of lists and maps */
	StetNode *root;
};

typedef struct {
	struct fy_parser *parser;
	StetDocument *document;
	const char *file;
	guint first_line, first_column;
	StetDiagnostics *diags;
	gboolean failed;
	StetText text;
	GArray *lines;             /* of gsize: where each line begins */
	StetPlace open;            /* the innermost '[' or '{' that was open when the text ended; line 0: none */
} Reader;

static GArray *find_lines(StetText text)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(gsize));
	gsize at = 0;
	g_array_append_val(lines, at);
	for (; at < text.len; at++)
		if (text.ptr[at] == '\n' && at + 1 < text.len) {
			gsize next = at + 1;
			g_array_append_val(lines, next);
		}
	return lines;
}

/* libfyaml counts characters, places count bytes. What lies behind the text is put at its end. */
static StetPlace place_of(const Reader *reader, int line, int column)
{
	guint at = line > 0 ? (guint)line : 0, over = 0;
	if (at >= reader->lines->len) {
		at = reader->lines->len - 1;
		column = G_MAXINT;
	}
	const char *p = reader->text.ptr + g_array_index(reader->lines, gsize, at), *end = reader->text.ptr + reader->text.len;
	for (const char *begin = p; column > 0 && p < end && *p != '\n'; column--) {
		p = g_utf8_next_char(p);
		over = (guint)(p - begin);
	}
	return (StetPlace){reader->file, reader->first_line + at, (at == 0 ? reader->first_column : 1) + over};
}

static StetPlace event_place(const Reader *reader, struct fy_event *event)
{
	const struct fy_mark *mark = fy_event_start_mark(event);
	return mark ? place_of(reader, mark->line, mark->column) : place_of(reader, 0, 0);
}

static StetNode *node_new(Reader *reader, StetNodeKind kind, StetPlace place)
{
	StetNode *node = g_new0(StetNode, 1);
	g_ptr_array_add(reader->document->nodes, node);
	node->kind = kind;
	node->place = place;
	return node;
}

/* YAML 1.2 core schema: which plain scalars are not text. */
static void resolve_plain(StetNode *node)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
	static const char *const trues[] = {"true", "True", "TRUE", NULL};
	static const char *const falses[] = {"false", "False", "FALSE", NULL};
	const char *text = node->text;
	if (g_strv_contains(nulls, text)) {
		node->kind = STET_NODE_NULL;
	} else if (g_strv_contains(trues, text) || g_strv_contains(falses, text)) {
		node->kind = STET_NODE_BOOL;
		node->boolean = g_strv_contains(trues, text);
	} else if (strspn(text, "+-.0123456789eE") == strlen(text) && strpbrk(text, "0123456789")) {
		char *end;
		double number = g_ascii_strtod(text, &end);
		if (*end)
			return;
		node->number = number;
		node->kind = STET_NODE_NUMBER;
		if (!strpbrk(text, ".eE") && strlen(text) < 19) {
			node->kind = STET_NODE_INT;
			node->integer = g_ascii_strtoll(text, NULL, 10);
		}
	}
}

static StetNode *read_scalar(Reader *reader, struct fy_event *event)
{
	struct fy_token *token = fy_event_get_token(event);
	gsize length = 0;
	const char *text = token ? fy_token_get_text(token, &length) : "";
	StetNode *node = node_new(reader, STET_NODE_TEXT, event_place(reader, event));
	g_autofree char *whole = g_strndup(text ? text : "", length);
	node->text = g_string_chunk_insert_const(reader->document->texts, whole);
	if (!token || fy_token_scalar_style(token) == FYSS_PLAIN)
		resolve_plain(node);
	return node;
}

static void fail(Reader *reader, StetPlace place, const char *mend, const char *message)
{
	reader->failed = TRUE;
	stet_diagnose(reader->diags, STET_ERROR, "yaml-syntax", place, mend, "%s", message);
}

static StetNode *read_node(Reader *reader, struct fy_event *event, guint depth);

static StetNode *next_node(Reader *reader, guint depth, enum fy_event_type closing, gboolean *closed)
{
	struct fy_event *event = fy_parser_parse(reader->parser);
	*closed = !event || event->type == closing;
	StetNode *node = *closed ? NULL : read_node(reader, event, depth);
	if (!event)
		reader->failed = TRUE;
	fy_parser_event_free(reader->parser, event);
	return node;
}

static StetNode **keep_array(Reader *reader, GPtrArray *array)
{
	gpointer *kept = g_ptr_array_free(array, FALSE);
	if (kept)
		g_ptr_array_add(reader->document->nodes, kept);
	return (StetNode **)kept;
}

static void read_list(Reader *reader, StetNode *list, guint depth)
{
	GPtrArray *items = g_ptr_array_new();
	gboolean closed = FALSE;
	while (!reader->failed) {
		StetNode *item = next_node(reader, depth + 1, FYET_SEQUENCE_END, &closed);
		if (closed || !item)
			break;
		g_ptr_array_add(items, item);
	}
	list->n = items->len;
	list->items = keep_array(reader, items);
}

static void read_map(Reader *reader, StetNode *map, guint depth)
{
	GPtrArray *keys = g_ptr_array_new(), *items = g_ptr_array_new();
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	gboolean closed = FALSE;
	while (!reader->failed) {
		StetNode *key = next_node(reader, depth + 1, FYET_MAPPING_END, &closed);
		if (closed || !key)
			break;
		if (!key->text)
			fail(reader, key->place, "write the key as plain text", "a key must be a single word or text");
		else if (!g_hash_table_add(seen, (gpointer)key->text))
			stet_diagnose(reader->diags, STET_ERROR, "yaml-duplicate-key", key->place, "remove one of the two",
			              "key '%s' stands twice in this map", key->text), reader->failed = TRUE;
		StetNode *item = next_node(reader, depth + 1, FYET_NONE, &closed);
		if (!item)
			break;
		g_ptr_array_add(keys, key);
		g_ptr_array_add(items, item);
	}
	map->n = items->len;
	map->keys = keep_array(reader, keys);
	map->items = keep_array(reader, items);
}

static StetNode *read_node(Reader *reader, struct fy_event *event, guint depth)
{
	StetPlace place = event_place(reader, event);
	StetNode *node;
	if (depth > DEPTH_MAX) {
		fail(reader, place, NULL, "nested more than 64 levels deep");
		return NULL;
	}
	gboolean bracket = fy_event_get_node_style(event) == FYNS_FLOW;
	switch (event->type) {
	case FYET_SCALAR:
		return read_scalar(reader, event);
	case FYET_SEQUENCE_START:
		node = node_new(reader, STET_NODE_LIST, place);
		read_list(reader, node, depth);
		break;
	case FYET_MAPPING_START:
		node = node_new(reader, STET_NODE_MAP, place);
		read_map(reader, node, depth);
		break;
	case FYET_ALIAS:
		fail(reader, place, "write the value out", "aliases (*name) are not supported");
		return NULL;
	default:
		fail(reader, place, NULL, "unexpected end");
		return NULL;
	}
	if (reader->failed && bracket && reader->open.line == 0)
		reader->open = place;
	return node;
}

/* A second document in the same text is a mistake here: say so instead of dropping it. */
static void read_stream(Reader *reader)
{
	guint documents = 0;
	struct fy_event *event;
	while (!reader->failed && (event = fy_parser_parse(reader->parser))) {
		gboolean structural = event->type == FYET_STREAM_START || event->type == FYET_STREAM_END ||
			event->type == FYET_DOCUMENT_START || event->type == FYET_DOCUMENT_END;
		if (event->type == FYET_DOCUMENT_START && documents++ > 0)
			fail(reader, event_place(reader, event), "remove the '---' line", "a second YAML document begins here");
		else if (!structural)
			reader->document->root = read_node(reader, event, 0);
		fy_parser_event_free(reader->parser, event);
	}
}

static void report_syntax(Reader *reader, struct fy_diag *diag)
{
	void *state = NULL;
	struct fy_diag_error *error;
	guint reported = 0;
	while ((error = fy_diag_errors_iterate(diag, &state)) && reported++ < 5) {
		g_autofree char *message = g_strstrip(g_strdup(error->msg ? error->msg : "not YAML"));
		gboolean ended = error->line > 0 && (guint)error->line > reader->lines->len;
		if (ended && reader->open.line > 0)
			fail(reader, reader->open, "close it with ']' or '}'", "this bracket is never closed");
		else
			fail(reader, place_of(reader, error->line - 1, error->column - 1), NULL, message);
	}
	if (reported == 0 && reader->parser && fy_parser_get_stream_error(reader->parser))
		fail(reader, place_of(reader, 0, 0), NULL, "this is no YAML");
}

StetDocument *stet_document_parse(const char *file, guint first_line, guint first_column, StetText text,
                                  StetDiagnostics *diags)
{
	StetDocument *document = g_new0(StetDocument, 1);
	document->texts = g_string_chunk_new(4096);
	document->nodes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) lines = find_lines(text);
	Reader reader = {.document = document, .file = g_string_chunk_insert(document->texts, file), .first_line = first_line,
	                 .first_column = first_column, .diags = diags, .text = text, .lines = lines};
	if (text.len > SIZE_MAX_BYTES || memchr(text.ptr, 0, text.len) || !g_utf8_validate(text.ptr, (gssize)text.len, NULL)) {
		fail(&reader, place_of(&reader, 0, 0), "save the file as UTF-8 text",
		     text.len > SIZE_MAX_BYTES ? "over 16 MiB of YAML" : "not UTF-8 text");
		stet_document_free(document);
		return NULL;
	}
	struct fy_diag_cfg quiet = {.level = FYET_ERROR, .module_mask = ~0u};
	struct fy_diag *diag = fy_diag_create(&quiet);
	fy_diag_set_collect_errors(diag, true);
	struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2, .diag = diag};
	reader.parser = fy_parser_create(&config);
	if (text.len > 0 && fy_parser_set_string(reader.parser, text.ptr, text.len) == 0)
		read_stream(&reader);
	report_syntax(&reader, diag);
	fy_parser_destroy(reader.parser);
	fy_diag_destroy(diag);
	if (reader.failed) {
		stet_document_free(document);
		return NULL;
	}
	if (!document->root || document->root->kind == STET_NODE_NULL)
		document->root = node_new(&reader, STET_NODE_MAP, place_of(&reader, 0, 0));
	return document;
}

void stet_document_free(StetDocument *document)
{
	if (!document)
		return;
	g_ptr_array_unref(document->nodes);
	g_string_chunk_free(document->texts);
	g_free(document);
}

const StetNode *stet_document_root(const StetDocument *document)
{
	return document->root;
}

/* ---- reading ------------------------------------------------------------------------------- */

const StetNode *stet_node_get(const StetNode *map, const char *key)
{
	for (guint i = 0; map && map->kind == STET_NODE_MAP && i < map->n; i++)
		if (strcmp(map->keys[i]->text, key) == 0)
			return map->items[i];
	return NULL;
}

const char *stet_node_text(const StetNode *map, const char *key, const char *fallback)
{
	const StetNode *node = stet_node_get(map, key);
	return node && (node->kind & STET_NODE_SCALAR) ? node->text : fallback;
}

gboolean stet_node_bool(const StetNode *map, const char *key, gboolean fallback)
{
	const StetNode *node = stet_node_get(map, key);
	return node && node->kind == STET_NODE_BOOL ? node->boolean : fallback;
}

double stet_node_number(const StetNode *map, const char *key, double fallback)
{
	const StetNode *node = stet_node_get(map, key);
	return node && (node->kind & (STET_NODE_INT | STET_NODE_NUMBER)) ? (node->kind == STET_NODE_INT ? (double)node->integer : node->number) : fallback;
}

/* ---- checking ------------------------------------------------------------------------------ */

static const char *kind_name(guint kinds)
{
	if (kinds & STET_NODE_MAP)
		return "a map";
	if (kinds & STET_NODE_LIST)
		return kinds & STET_NODE_TEXT ? "a text or a list" : "a list";
	if (kinds & STET_NODE_TEXT)
		return "a text";
	return kinds & STET_NODE_BOOL ? "true or false" : kinds & STET_NODE_NUMBER ? "a number" : "a whole number";
}

static const StetKey *find_key(const StetKey *keys, const char *name)
{
	for (; keys->name; keys++)
		if (strcmp(keys->name, name) == 0)
			return keys;
	return NULL;
}

static void report_unknown(const StetNode *key, const StetKey *keys, const char *code, const char *what,
                           StetDiagnostics *diags)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (const StetKey *k = keys; k->name; k++)
		g_ptr_array_add(names, (gpointer)k->name);
	g_ptr_array_add(names, NULL);
	const char *near = stet_nearest(key->text, (const char *const *)names->pdata);
	g_ptr_array_set_size(names, (gint)names->len - 1);
	g_ptr_array_add(names, NULL);
	g_autofree char *all = g_strjoinv(", ", (char **)names->pdata);
	g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : g_strdup_printf("known are %s", all);
	stet_diagnose(diags, STET_ERROR, code, key->place, mend, "%s has no key '%s'", what, key->text);
}

gboolean stet_node_check(const StetNode *map, const StetKey *keys, const char *open_prefix, const char *code,
                         const char *what, StetDiagnostics *diags)
{
	guint before = stet_diagnostics_count(diags, STET_ERROR);
	if (map->kind != STET_NODE_MAP) {
		stet_diagnose(diags, STET_ERROR, code, map->place, "write it as 'key: value' lines", "%s must be a map", what);
		return FALSE;
	}
	for (guint i = 0; i < map->n; i++) {
		const StetNode *key = map->keys[i], *value = map->items[i];
		const StetKey *known = find_key(keys, key->text);
		if (!known && open_prefix && g_str_has_prefix(key->text, open_prefix))
			continue;
		if (!known)
			report_unknown(key, keys, code, what, diags);
		else if (!(value->kind & known->kinds) && !(value->kind == STET_NODE_INT && (known->kinds & STET_NODE_NUMBER)) &&
		         !((value->kind & STET_NODE_SCALAR) && (known->kinds & STET_NODE_TEXT)))
			stet_diagnose(diags, STET_ERROR, code, value->place, NULL, "'%s' of %s must be %s", key->text, what,
			              kind_name(known->kinds));
	}
	for (const StetKey *k = keys; k->name; k++)
		if (k->required && !stet_node_get(map, k->name))
			stet_diagnose(diags, STET_ERROR, code, map->place, NULL, "%s lacks the key '%s'", what, k->name);
	return stet_diagnostics_count(diags, STET_ERROR) == before;
}
