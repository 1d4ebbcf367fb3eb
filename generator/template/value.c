/* Values: made, printed, compared, searched. */
#include "liquid.h"

static StetValue value_of(StetValueKind kind)
{
	return (StetValue){.kind = kind, .display = -1};
}

StetValue stet_value_nil(void)
{
	return value_of(STET_VALUE_NIL);
}

StetValue stet_value_bool(gboolean b)
{
	StetValue value = value_of(STET_VALUE_BOOL);
	value.v.boolean = b != FALSE;
	return value;
}

StetValue stet_value_int(gint64 i)
{
	StetValue value = value_of(STET_VALUE_INT);
	value.v.integer = i;
	return value;
}

StetValue stet_value_float(double d)
{
	StetValue value = value_of(STET_VALUE_FLOAT);
	value.v.number = d;
	return value;
}

StetValue value_text_of(StetText text)
{
	StetValue value = value_of(STET_VALUE_TEXT);
	value.v.text = text;
	return value;
}

StetValue stet_value_text(StetArena *arena, const char *text, gssize length)
{
	gsize n = length < 0 ? strlen(text) : (gsize)length;
	return value_text_of((StetText){arena ? stet_arena_text(arena, text, (gssize)n) : text, n});
}

StetValue stet_value_markup(StetArena *arena, const char *text, gssize length)
{
	StetValue value = stet_value_text(arena, text, length);
	value.markup = TRUE;
	return value;
}

StetValue stet_value_list(StetArena *arena, const StetValue *items, gsize n)
{
	StetValue value = value_of(STET_VALUE_LIST);
	StetValue *copy = stet_arena_alloc(arena, sizeof *copy * n);
	if (n > 0)
		memcpy(copy, items, sizeof *copy * n);
	value.v.list.items = copy;
	value.v.list.n = n;
	return value;
}

StetValue stet_value_map(StetArena *arena, const StetText *keys, const StetValue *values, gsize n)
{
	StetValue value = value_of(STET_VALUE_MAP);
	StetText *key_copy = stet_arena_alloc(arena, sizeof *key_copy * n);
	StetValue *value_copy = stet_arena_alloc(arena, sizeof *value_copy * n);
	if (n > 0) {
		memcpy(key_copy, keys, sizeof *key_copy * n);
		memcpy(value_copy, values, sizeof *value_copy * n);
	}
	value.v.map.keys = key_copy;
	value.v.map.values = value_copy;
	value.v.map.n = n;
	return value;
}

StetValue stet_value_object(const StetClass *class_, gconstpointer self)
{
	StetValue value = value_of(STET_VALUE_OBJECT);
	value.v.object.class_ = class_;
	value.v.object.self = self;
	return value;
}

/* ISO 8601 text of a day or a moment, UTC. */
static StetValue time_value(StetArena *arena, gint64 days, gint64 micros, gboolean with_time)
{
	int year, month, day;
	char text[64];
	stet_date_split((gint32)CLAMP(days, G_MININT32, G_MAXINT32), &year, &month, &day);
	gint64 seconds = micros / G_USEC_PER_SEC;
	if (with_time)
		g_snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
				   (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
	else
		g_snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
	return stet_value_text(arena, text, -1);
}

StetValue stet_value_cell(StetArena *arena, const StetCell *cell)
{
	const gint64 day = 86400 * (gint64)G_USEC_PER_SEC;
	switch (cell->kind) {
	case STET_BOOL:
		return stet_value_bool(cell->v.b);
	case STET_INT:
		return stet_value_int(cell->v.i);
	case STET_NUMBER:
		return stet_value_float(cell->v.n);
	case STET_TEXT:
		return stet_value_text(NULL, cell->v.s, -1);
	case STET_DATE:
		return time_value(arena, cell->v.i, 0, FALSE);
	case STET_TIMESTAMP: {
		gint64 days = cell->v.i / day - (cell->v.i % day < 0);
		return time_value(arena, days, cell->v.i - days * day, TRUE);
	}
	default:
		return stet_value_nil();
	}
}

static StetValue node_map(StetArena *arena, const StetNode *node)
{
	StetValue value = value_of(STET_VALUE_MAP);
	StetText *keys = stet_arena_alloc(arena, sizeof *keys * node->n);
	StetValue *values = stet_arena_alloc(arena, sizeof *values * node->n);
	for (guint i = 0; i < node->n; i++) {
		keys[i] = stet_text(node->keys[i]->text);
		values[i] = stet_value_node(arena, node->items[i]);
	}
	value.v.map.keys = keys;
	value.v.map.values = values;
	value.v.map.n = node->n;
	return value;
}

StetValue stet_value_node(StetArena *arena, const StetNode *node)
{
	if (!node)
		return stet_value_nil();
	switch (node->kind) {
	case STET_NODE_BOOL:
		return stet_value_bool(node->boolean);
	case STET_NODE_INT:
		return stet_value_int(node->integer);
	case STET_NODE_NUMBER:
		return stet_value_float(node->number);
	case STET_NODE_TEXT:
		return stet_value_text(NULL, node->text, -1);
	case STET_NODE_MAP:
		return node_map(arena, node);
	case STET_NODE_LIST: {
		StetValue value = value_of(STET_VALUE_LIST);
		StetValue *items = stet_arena_alloc(arena, sizeof *items * node->n);
		for (guint i = 0; i < node->n; i++)
			items[i] = stet_value_node(arena, node->items[i]);
		value.v.list.items = items;
		value.v.list.n = node->n;
		return value;
	}
	default:
		return stet_value_nil();
	}
}

gboolean stet_value_truthy(const StetValue *value)
{
	return value->kind != STET_VALUE_NIL && (value->kind != STET_VALUE_BOOL || value->v.boolean);
}

const char *value_kind_name(const StetValue *value)
{
	static const char *const names[] = {
		[STET_VALUE_NIL] = "nil",      [STET_VALUE_BOOL] = "true or false", [STET_VALUE_INT] = "number",
		[STET_VALUE_FLOAT] = "number", [STET_VALUE_TEXT] = "text",          [STET_VALUE_LIST] = "list",
		[STET_VALUE_MAP] = "map",      [STET_VALUE_RANGE] = "range",        [STET_VALUE_EMPTY] = "empty",
		[STET_VALUE_BLANK] = "blank",
	};
	if (value->kind != STET_VALUE_OBJECT)
		return names[value->kind];
	const char *name = value->v.object.class_->name;
	return name ? name : "object";
}

const StetValue *value_plain(StetRender *r, const StetValue *value, StetValue *scratch)
{
	if (value->kind != STET_VALUE_OBJECT || !value->v.object.class_->plain)
		return value;
	*scratch = stet_value_nil();
	return value->v.object.class_->plain(value->v.object.self, r, scratch) ? scratch : value;
}

/* ---- printing ------------------------------------------------------------------------------ */

static void append_inspected(StetRender *r, const StetValue *value, GString *out);

static void append_quoted(StetText text, GString *out)
{
	static const char plain[] = "\n\t\r\"\\\x1b", letters[] = "ntr\"\\e";
	g_string_append_c(out, '"');
	for (gsize i = 0; i < text.len; i++) {
		const char *found = text.ptr[i] ? strchr(plain, text.ptr[i]) : NULL;
		if (found) {
			g_string_append_c(out, '\\');
			g_string_append_c(out, letters[found - plain]);
		} else {
			g_string_append_c(out, text.ptr[i]);
		}
	}
	g_string_append_c(out, '"');
}

static void append_map(StetRender *r, const StetValue *map, GString *out)
{
	g_string_append_c(out, '{');
	for (gsize i = 0; i < map->v.map.n; i++) {
		if (i > 0)
			g_string_append(out, ", ");
		append_quoted(map->v.map.keys[i], out);
		g_string_append(out, "=>");
		append_inspected(r, &map->v.map.values[i], out);
	}
	g_string_append_c(out, '}');
}

/* A value inside a printed list or map, as the reference inspects it. */
static void append_inspected(StetRender *r, const StetValue *value, GString *out)
{
	StetValue scratch;
	value = value_plain(r, value, &scratch);
	switch (value->kind) {
	case STET_VALUE_NIL:
		g_string_append(out, "nil");
		break;
	case STET_VALUE_TEXT:
		append_quoted(stet_value_string(r, value), out);
		break;
	case STET_VALUE_LIST:
		g_string_append_c(out, '[');
		for (gsize i = 0; i < value->v.list.n; i++) {
			if (i > 0)
				g_string_append(out, ", ");
			append_inspected(r, &value->v.list.items[i], out);
		}
		g_string_append_c(out, ']');
		break;
	default:
		value_append(r, value, out);
	}
}

static void append_object(StetRender *r, const StetValue *value, GString *out)
{
	StetValue other;
	const StetClass *class_ = value->v.object.class_;
	if ((class_->plain && class_->plain(value->v.object.self, r, &other)) ||
		(class_->list && class_->list(value->v.object.self, r, &other)))
		value_append(r, &other, out);
	else if (class_->name)
		g_string_append(out, class_->name);
}

void value_append(StetRender *r, const StetValue *value, GString *out)
{
	char buffer[FLOAT_TEXT_MAX];
	switch (value->kind) {
	case STET_VALUE_NIL:
	case STET_VALUE_EMPTY:
	case STET_VALUE_BLANK:
		break;
	case STET_VALUE_BOOL:
		g_string_append(out, value->v.boolean ? "true" : "false");
		break;
	case STET_VALUE_INT:
		g_string_append_len(out, buffer, (gssize)integer_text(value->v.integer, buffer));
		break;
	case STET_VALUE_FLOAT:
		g_string_append_len(out, buffer, (gssize)float_text(value->v.number, buffer));
		break;
	case STET_VALUE_TEXT:
		g_string_append_len(out, value->v.text.ptr, (gssize)value->v.text.len);
		break;
	case STET_VALUE_LIST:
		for (gsize i = 0; i < value->v.list.n; i++)
			value_append(r, &value->v.list.items[i], out);
		break;
	case STET_VALUE_MAP:
		append_map(r, value, out);
		break;
	case STET_VALUE_RANGE:
		g_string_append_len(out, buffer, (gssize)integer_text(value->v.range.first, buffer));
		g_string_append(out, "..");
		g_string_append_len(out, buffer, (gssize)integer_text(value->v.range.last, buffer));
		break;
	case STET_VALUE_OBJECT:
		append_object(r, value, out);
		break;
	}
}

StetValue value_take_text(StetRender *r, GString *text)
{
	StetValue value = stet_value_nil();
	char *copy = render_buffer(r, text->len);
	if (copy) {
		memcpy(copy, text->str, text->len);
		value = value_text_of((StetText){copy, text->len});
	}
	g_string_free(text, TRUE);
	return value;
}

StetText end_character(StetText text, gboolean last)
{
	const char *end = text.ptr + text.len, *at = text.ptr;
	if (text.len == 0)
		return text;
	if (last)
		at = g_utf8_find_prev_char(text.ptr, end);
	const char *next = last ? end : g_utf8_find_next_char(text.ptr, end);
	return (StetText){at, (gsize)((next ? next : end) - at)};
}

static StetText printed(StetRender *r, const StetValue *value,
						void (*append)(StetRender *, const StetValue *, GString *))
{
	GString *text = g_string_new(NULL);
	append(r, value, text);
	StetValue taken = value_take_text(r, text);
	return taken.kind == STET_VALUE_TEXT ? taken.v.text : (StetText){"", 0};
}

StetText stet_value_print(StetRender *r, const StetValue *value)
{
	return value->kind == STET_VALUE_TEXT ? value->v.text : printed(r, value, value_append);
}

StetText stet_value_string(StetRender *r, const StetValue *value)
{
	StetValue scratch;
	value = value_plain(r, value, &scratch);
	if (value->kind == STET_VALUE_TEXT) {
		if (value->markup && r->host && r->host->resolve)
			return r->host->resolve(r, value->v.text, r->host->host);
		return value->v.text;
	}
	return printed(r, value, value->kind == STET_VALUE_LIST ? append_inspected : value_append);
}

/* ---- comparing ----------------------------------------------------------------------------- */

static gboolean is_number(const StetValue *value)
{
	return value->kind == STET_VALUE_INT || value->kind == STET_VALUE_FLOAT;
}

static gboolean text_is_blank(StetText text)
{
	for (gsize i = 0; i < text.len; i++)
		if (!g_ascii_isspace(text.ptr[i]))
			return FALSE;
	return TRUE;
}

static gboolean has_no_items(StetRender *r, const StetValue *value)
{
	StetValue list;
	switch (value->kind) {
	case STET_VALUE_TEXT:
		return value->v.text.len == 0;
	case STET_VALUE_LIST:
		return value->v.list.n == 0;
	case STET_VALUE_MAP:
		return value->v.map.n == 0;
	case STET_VALUE_OBJECT:
		return value->v.object.class_->list && value->v.object.class_->list(value->v.object.self, r, &list) &&
			   list.kind == STET_VALUE_LIST && list.v.list.n == 0;
	default: /* `empty` itself is not */
		return FALSE;
	}
}

static gboolean is_blank_value(StetRender *r, const StetValue *value)
{
	if (value->kind == STET_VALUE_TEXT)
		return text_is_blank(stet_value_string(r, value));
	return !stet_value_truthy(value) || has_no_items(r, value);
}

static gboolean lists_equal(StetRender *r, const StetValue *a, const StetValue *b)
{
	if (a->v.list.n != b->v.list.n)
		return FALSE;
	for (gsize i = 0; i < a->v.list.n; i++)
		if (!value_equal(r, &a->v.list.items[i], &b->v.list.items[i]))
			return FALSE;
	return TRUE;
}

static gboolean maps_equal(StetRender *r, const StetValue *a, const StetValue *b)
{
	if (a->v.map.n != b->v.map.n)
		return FALSE;
	for (gsize i = 0; i < a->v.map.n; i++) {
		const StetValue *other = map_find(b, a->v.map.keys[i]);
		if (!other || !value_equal(r, &a->v.map.values[i], other))
			return FALSE;
	}
	return TRUE;
}

static gboolean texts_equal(StetRender *r, const StetValue *a, const StetValue *b)
{
	StetText x = stet_value_string(r, a), y = stet_value_string(r, b);
	return x.len == y.len && memcmp(x.ptr, y.ptr, x.len) == 0;
}

gboolean value_equal(StetRender *r, const StetValue *a, const StetValue *b)
{
	StetValue scratch_a, scratch_b;
	a = value_plain(r, a, &scratch_a);
	b = value_plain(r, b, &scratch_b);
	if (b->kind == STET_VALUE_EMPTY || b->kind == STET_VALUE_BLANK) {
		const StetValue *swap = a;
		a = b;
		b = swap;
	}
	if (a->kind == STET_VALUE_EMPTY)
		return has_no_items(r, b);
	if (a->kind == STET_VALUE_BLANK)
		return is_blank_value(r, b);
	if (is_number(a) && is_number(b))
		return number_compare(number_of(r, a), number_of(r, b)) == 0;
	if (a->kind != b->kind)
		return FALSE;
	switch (a->kind) {
	case STET_VALUE_NIL:
		return TRUE;
	case STET_VALUE_BOOL:
		return a->v.boolean == b->v.boolean;
	case STET_VALUE_TEXT:
		return texts_equal(r, a, b);
	case STET_VALUE_LIST:
		return lists_equal(r, a, b);
	case STET_VALUE_MAP:
		return maps_equal(r, a, b);
	case STET_VALUE_RANGE:
		return a->v.range.first == b->v.range.first && a->v.range.last == b->v.range.last;
	default:
		return a->v.object.class_ == b->v.object.class_ && a->v.object.self == b->v.object.self;
	}
}

gboolean value_same(StetRender *r, const StetValue *a, const StetValue *b)
{
	return (!is_number(a) || !is_number(b) || a->kind == b->kind) && value_equal(r, a, b);
}

int value_compare(StetRender *r, const StetValue *a, const StetValue *b)
{
	StetValue scratch_a, scratch_b;
	a = value_plain(r, a, &scratch_a);
	b = value_plain(r, b, &scratch_b);
	if (is_number(a) && is_number(b))
		return number_compare(number_of(r, a), number_of(r, b));
	if (a->kind == STET_VALUE_TEXT && b->kind == STET_VALUE_TEXT) {
		StetText x = stet_value_string(r, a), y = stet_value_string(r, b);
		int order = memcmp(x.ptr, y.ptr, MIN(x.len, y.len));
		return order != 0 ? (order > 0) - (order < 0) : (x.len > y.len) - (x.len < y.len);
	}
	if (a->kind == STET_VALUE_LIST && b->kind == STET_VALUE_LIST) {
		gsize n = MIN(a->v.list.n, b->v.list.n);
		for (gsize i = 0; i < n; i++) {
			int order = value_compare(r, &a->v.list.items[i], &b->v.list.items[i]);
			if (order != 0)
				return order;
		}
		return (a->v.list.n > b->v.list.n) - (a->v.list.n < b->v.list.n);
	}
	return value_equal(r, a, b) ? 0 : 2;
}

static gboolean list_contains(StetRender *r, const StetValue *list, const StetValue *item)
{
	for (gsize i = 0; i < list->v.list.n; i++)
		if (value_equal(r, &list->v.list.items[i], item))
			return TRUE;
	return FALSE;
}

gboolean value_contains(StetRender *r, const StetValue *a, const StetValue *b)
{
	StetValue list, scratch;
	if (!stet_value_truthy(b))
		return FALSE;
	if (a->kind == STET_VALUE_OBJECT && a->v.object.class_->list &&
		a->v.object.class_->list(a->v.object.self, r, &list) && list.kind == STET_VALUE_LIST)
		return list_contains(r, &list, b);
	a = value_plain(r, a, &scratch);
	switch (a->kind) {
	case STET_VALUE_TEXT: {
		StetText whole = stet_value_string(r, a), part = stet_value_string(r, b);
		return memmem(whole.ptr, whole.len, part.ptr, part.len) != NULL;
	}
	case STET_VALUE_LIST:
		return list_contains(r, a, b);
	case STET_VALUE_MAP:
		return b->kind == STET_VALUE_TEXT && map_find(a, b->v.text) != NULL;
	case STET_VALUE_RANGE:
		return b->kind == STET_VALUE_INT && b->v.integer >= a->v.range.first &&
			   b->v.integer <= a->v.range.last;
	default:
		return FALSE;
	}
}

const StetValue *map_find(const StetValue *map, StetText key)
{
	for (gsize i = 0; i < map->v.map.n; i++)
		if (map->v.map.keys[i].len == key.len && memcmp(map->v.map.keys[i].ptr, key.ptr, key.len) == 0)
			return &map->v.map.values[i];
	return NULL;
}
