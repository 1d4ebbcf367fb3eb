/* Rendering: variables, expressions, filters, errors, limits. */
#include "liquid.h"

#define OUTPUT_CAP ((gsize)64 * 1024 * 1024)
#define LOOP_CAP ((gsize)10 * 1000 * 1000)
#define COMPLAINTS_MAX 1000
#define TRACE_MAX 5

/* ---- errors and limits --------------------------------------------------------------------- */

/* One error at one place is told once, however often a loop passes there. */
typedef struct Complaint Complaint;
struct Complaint {
	Complaint *next;
	const StetTemplate *t;
	const char *code;
	guint32 at;
};

static gboolean already_told(StetRender *r, const char *code)
{
	guint n = 0;
	for (const Complaint *c = r->complaints; c; c = c->next, n++)
		if (c->t == r->frame->t && c->at == r->at && strcmp(c->code, code) == 0)
			return TRUE;
	if (n >= COMPLAINTS_MAX)
		return TRUE;
	Complaint *complaint = stet_arena_alloc(r->arena, sizeof *complaint);
	*complaint = (Complaint){r->complaints, r->frame->t, stet_arena_text(r->arena, code, -1), r->at};
	r->complaints = complaint;
	return FALSE;
}

static void append_trace(const StetRender *r, GString *message)
{
	const Loop *loop = r->space->loop;
	if (loop)
		g_string_append_printf(message, ", in item %" G_GINT64_FORMAT " of '%s'", loop->index + 1,
							   loop->label);
	guint shown = 0;
	for (const Frame *frame = r->frame; frame->outer; frame = frame->outer) {
		if (shown++ == TRACE_MAX) {
			g_string_append(message, ", and so on");
			break;
		}
		StetPlace place = liquid_place(frame->outer->t, frame->at);
		g_string_append_printf(message, ", in '%s' from %s:%u:%u", frame->name, place.file, place.line,
							   place.column);
	}
}

void stet_render_fail(StetRender *r, const char *code, const char *mend, const char *format, ...)
{
	r->failed = TRUE;
	if (already_told(r, code))
		return;
	GString *message = g_string_new(NULL);
	va_list args;
	va_start(args, format);
	g_string_append_vprintf(message, format, args);
	va_end(args);
	append_trace(r, message);
	stet_diagnose(r->diags, STET_ERROR, code, liquid_place(r->frame->t, r->at), mend, "%s", message->str);
	g_string_free(message, TRUE);
}

gboolean render_spend(StetRender *r, gsize n)
{
	r->steps += n;
	if (r->steps <= r->step_cap)
		return TRUE;
	if (!r->stopped)
		stet_render_fail(r, "liquid-loops", NULL, "more than %" G_GSIZE_FORMAT " loop items and includes",
						 r->step_cap);
	r->stopped = TRUE;
	return FALSE;
}

static gboolean within_cap(StetRender *r, gsize bytes)
{
	if (bytes <= r->output_cap)
		return TRUE;
	if (!r->stopped)
		stet_render_fail(r, "liquid-size", NULL, "more than %" G_GSIZE_FORMAT " bytes of output",
						 r->output_cap);
	r->stopped = TRUE;
	return FALSE;
}

/* Texts made on the way may take eight times what the output may. */
char *render_buffer(StetRender *r, gsize length)
{
	r->text_bytes += length;
	if (!within_cap(r, length) || !within_cap(r, r->text_bytes / 8))
		return NULL;
	char *buffer = stet_arena_alloc(r->arena, length + 1);
	return buffer;
}

/* ---- variables ----------------------------------------------------------------------------- */

static guint scope_slot(const Scope *scope, const char *name)
{
	guint mask = scope->cap - 1;
	guint slot = (guint)((guintptr)name >> 4) * 2654435761u >> 7 & mask;
	while (scope->names[slot] && scope->names[slot] != name)
		slot = (slot + 1) & mask;
	return slot;
}

const StetValue *scope_get(const Scope *scope, const char *name)
{
	if (scope->n == 0)
		return NULL;
	guint slot = scope_slot(scope, name);
	return scope->names[slot] ? &scope->values[slot] : NULL;
}

static void scope_grow(StetRender *r, Scope *scope)
{
	Scope old = *scope;
	scope->cap = old.cap ? old.cap * 2 : 16;
	scope->names = stet_arena_alloc(r->arena, sizeof *scope->names * scope->cap);
	scope->values = stet_arena_alloc(r->arena, sizeof *scope->values * scope->cap);
	for (guint i = 0; i < old.cap; i++) {
		if (old.names[i]) {
			guint slot = scope_slot(scope, old.names[i]);
			scope->names[slot] = old.names[i];
			scope->values[slot] = old.values[i];
		}
	}
}

void scope_set(StetRender *r, Scope *scope, const char *name, const StetValue *value)
{
	if (scope->n * 2 >= scope->cap)
		scope_grow(r, scope);
	guint slot = scope_slot(scope, name);
	if (!scope->names[slot])
		scope->n++;
	scope->names[slot] = name;
	scope->values[slot] = *value;
}

void render_bind(StetRender *r, const char *name, const StetValue *value)
{
	if (r->n_bindings == r->cap_bindings) {
		Binding *old = r->bindings;
		r->cap_bindings = old ? r->cap_bindings * 2 : 32;
		r->bindings = stet_arena_alloc(r->arena, sizeof *old * r->cap_bindings);
		if (old)
			memcpy(r->bindings, old, sizeof *old * r->n_bindings);
	}
	r->bindings[r->n_bindings++] = (Binding){name, *value};
}

const StetValue *render_find(StetRender *r, const char *name)
{
	for (guint i = r->n_bindings; i > r->space->base; i--)
		if (r->bindings[i - 1].name == name)
			return &r->bindings[i - 1].value;
	const StetValue *value = scope_get(&r->space->locals, name);
	if (!value)
		value = scope_get(&r->space->counters, name);
	return value ? value : scope_get(&r->globals, name);
}

static void add_names(const Scope *scope, GPtrArray *names)
{
	for (guint i = 0; i < scope->cap; i++)
		if (scope->names[i])
			g_ptr_array_add(names, (gpointer)scope->names[i]);
}

static int by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void fail_variable(StetRender *r, const char *name)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = r->space->base; i < r->n_bindings; i++)
		g_ptr_array_add(names, (gpointer)r->bindings[i].name);
	add_names(&r->space->locals, names);
	add_names(&r->space->counters, names);
	add_names(&r->globals, names);
	g_ptr_array_sort(names, by_text);
	g_ptr_array_add(names, NULL);
	const char *nearest = stet_nearest(name, (const char *const *)names->pdata);
	g_autofree char *mend = nearest ? g_strdup_printf("did you mean '%s'?", nearest) : NULL;
	stet_render_fail(r, "liquid-undefined", mend, "undefined variable '%s'", name);
}

/* ---- expressions --------------------------------------------------------------------------- */

static const StetValue nil_value = {.kind = STET_VALUE_NIL, .display = -1};

static const StetValue *list_command(const StetValue *items, gsize n, Command command, StetValue *scratch)
{
	switch (command) {
	case COMMAND_SIZE:
		*scratch = stet_value_int((gint64)n);
		return scratch;
	case COMMAND_FIRST:
		return n > 0 ? &items[0] : &nil_value;
	case COMMAND_LAST:
		return n > 0 ? &items[n - 1] : &nil_value;
	default:
		return NULL;
	}
}

static const StetValue *list_item(const StetValue *items, gsize n, const StetValue *key, Command command,
								  StetValue *scratch)
{
	if (key->kind != STET_VALUE_INT)
		return list_command(items, n, command, scratch);
	gint64 index = key->v.integer < 0 ? key->v.integer + (gint64)n : key->v.integer;
	return index >= 0 && index < (gint64)n ? &items[index] : &nil_value;
}

static StetValue map_pair(StetRender *r, const StetValue *map, gsize i)
{
	StetValue pair[2] = {value_text_of(map->v.map.keys[i]), map->v.map.values[i]};
	return stet_value_list(r->arena, pair, 2);
}

static const StetValue *map_item(StetRender *r, const StetValue *map, const StetValue *key, Command command,
								 StetValue *scratch)
{
	const StetValue *found = key->kind == STET_VALUE_TEXT ? map_find(map, stet_value_string(r, key)) : NULL;
	if (found || command == COMMAND_NONE || command == COMMAND_LAST)
		return found;
	gsize n = map->v.map.n;
	*scratch = command == COMMAND_SIZE ? stet_value_int((gint64)n) : n > 0 ? map_pair(r, map, 0) : nil_value;
	return scratch;
}

static const StetValue *object_item(StetRender *r, const StetValue *object, const StetValue *key,
									Command command, StetValue *scratch)
{
	const StetClass *class_ = object->v.object.class_;
	gconstpointer self = object->v.object.self;
	StetValue list;
	if (key->kind == STET_VALUE_TEXT && class_->get) {
		StetValue got = nil_value;
		if (class_->get(self, stet_value_string(r, key), r, &got)) {
			*scratch = got;
			return scratch;
		}
	}
	if ((command != COMMAND_NONE || key->kind == STET_VALUE_INT) && class_->list &&
		class_->list(self, r, &list) && list.kind == STET_VALUE_LIST)
		return list_item(list.v.list.items, list.v.list.n, key, command, scratch);
	return NULL;
}

static const StetValue *text_command(StetRender *r, const StetValue *text, Command command,
									 StetValue *scratch)
{
	if (command == COMMAND_NONE)
		return NULL;
	StetText string = stet_value_string(r, text);
	if (command == COMMAND_SIZE)
		*scratch = stet_value_int(g_utf8_strlen(string.ptr, (gssize)string.len));
	else
		*scratch = value_text_of(end_character(string, command == COMMAND_LAST));
	return scratch;
}

static const StetValue *range_command(const StetValue *range, Command command, StetValue *scratch)
{
	gint64 first = range->v.range.first, last = range->v.range.last, n;
	if (command == COMMAND_NONE)
		return NULL;
	if (last < first || __builtin_sub_overflow(last, first, &n) || n == G_MAXINT64)
		n = last < first ? -1 : G_MAXINT64 - 1;
	*scratch = stet_value_int(command == COMMAND_SIZE ? n + 1 : command == COMMAND_FIRST ? first : last);
	return scratch;
}

/* object[key]; NULL if it has no such thing. May answer in `scratch`, where `object` may lie itself. */
static const StetValue *item_of(StetRender *r, const StetValue *object, const StetValue *key, Command command,
								StetValue *scratch)
{
	switch (object->kind) {
	case STET_VALUE_MAP:
		return map_item(r, object, key, command, scratch);
	case STET_VALUE_LIST:
		return list_item(object->v.list.items, object->v.list.n, key, command, scratch);
	case STET_VALUE_OBJECT:
		return object_item(r, object, key, command, scratch);
	case STET_VALUE_TEXT:
		return text_command(r, object, command, scratch);
	case STET_VALUE_RANGE:
		return range_command(object, command, scratch);
	case STET_VALUE_INT: /* as the filter `size` has it */
		*scratch = stet_value_int(sizeof(gint64));
		return command == COMMAND_SIZE ? scratch : NULL;
	default:
		return NULL;
	}
}

#define KEYS_SHOWN 8 /* properties named where none is near the wrong one */

static const char *nearest_key(const StetValue *object, const char *key)
{
	if (object->kind == STET_VALUE_OBJECT && object->v.object.class_->keys)
		return stet_nearest(key, object->v.object.class_->keys(object->v.object.self));
	if (object->kind != STET_VALUE_MAP)
		return NULL;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < MIN(object->v.map.n, 1000); i++)
		g_ptr_array_add(names, g_strndup(object->v.map.keys[i].ptr, object->v.map.keys[i].len));
	g_ptr_array_add(names, NULL);
	const char *nearest = stet_nearest(key, (const char *const *)names->pdata);
	return nearest ? g_intern_string(nearest) : NULL;
}

/* What there is, where that is little. NULL otherwise; g_free. */
static char *known_keys(const StetValue *object)
{
	const char *const *keys = object->kind == STET_VALUE_OBJECT && object->v.object.class_->keys
								  ? object->v.object.class_->keys(object->v.object.self)
								  : NULL;
	guint n = keys ? g_strv_length((char **)keys) : KEYS_SHOWN + 1;
	if (n > KEYS_SHOWN)
		return NULL;
	g_autofree char *list = g_strjoinv(", ", (char **)keys);
	return n == 0 ? g_strdup("there are none yet") : g_strconcat(n == 1 ? "there is only " : "there are ", list, NULL);
}

static void fail_property(StetRender *r, const StetValue *object, const StetValue *key)
{
	StetText text = stet_value_string(r, key);
	g_autofree char *name = g_strndup(text.ptr, MIN(text.len, 80));
	const char *nearest = nearest_key(object, name);
	g_autofree char *mend = nearest ? g_strdup_printf("did you mean '%s'?", nearest) : known_keys(object);
	stet_render_fail(r, "liquid-undefined", mend, "%s has no property '%s'", value_kind_name(object), name);
}

/* `self` is the present scope, where no variable of that name is: {{ self.title }}, {{ self[name] }}. */
static gboolean self_get(gconstpointer self, StetText key, StetRender *r, StetValue *out)
{
	(void)self;
	g_autofree char *name = g_strndup(key.ptr, key.len);
	GQuark quark = g_quark_try_string(name);
	const StetValue *found = quark ? render_find(r, g_quark_to_string(quark)) : NULL;
	if (found)
		*out = *found;
	return found != NULL;
}

static const StetClass self_class = {.name = "self", .get = self_get};
static const StetValue self_value = {
	.kind = STET_VALUE_OBJECT, .display = -1, .v.object = {&self_class, NULL}};

static const StetValue *find_root(StetRender *r, const Expr *expr)
{
	const char *name = expr->v.path.name;
	if (!name) {
		StetValue scratch;
		StetText text = stet_value_string(r, render_evaluate(r, expr->v.path.dynamic, &scratch));
		name = stet_arena_text(r->arena, text.ptr, (gssize)text.len);
		GQuark quark = g_quark_try_string(name);
		const StetValue *found = quark ? render_find(r, g_quark_to_string(quark)) : NULL;
		if (found)
			return found;
	} else {
		const StetValue *found = render_find(r, name);
		if (found)
			return found;
	}
	if (expr->v.path.n > 0 && strcmp(name, "self") == 0)
		return &self_value;
	if (!r->host->lax && !r->tolerate) {
		r->at = expr->at;
		fail_variable(r, name);
	}
	return NULL;
}

static const StetValue *evaluate_path(StetRender *r, const Expr *expr, StetValue *scratch)
{
	gboolean tolerate = r->tolerate;
	const StetValue *object = find_root(r, expr);
	for (guint i = 0; object && i < expr->v.path.n; i++) {
		const Step *step = &expr->v.path.steps[i];
		StetValue key_scratch, plain;
		const StetValue *key = &step->name;
		if (step->index) {
			r->tolerate = FALSE;
			key = value_plain(r, render_evaluate(r, step->index, &key_scratch), &plain);
			r->tolerate = tolerate;
		}
		const StetValue *item = item_of(r, object, key, step->command, scratch);
		if (!item && !r->host->lax && !tolerate) {
			r->at = expr->at;
			fail_property(r, object, key);
		}
		object = item;
	}
	return object ? object : &nil_value;
}

static gint64 range_bound(StetRender *r, const Expr *expr)
{
	StetValue scratch, plain;
	const StetValue *value = value_plain(r, render_evaluate(r, expr, &scratch), &plain);
	gint64 bound = 0;
	switch (value->kind) {
	case STET_VALUE_INT:
		return value->v.integer;
	case STET_VALUE_NIL:
		return 0;
	case STET_VALUE_TEXT:
		return text_to_integer(stet_value_string(r, value));
	case STET_VALUE_FLOAT:
		/* A written 2.5 is cut, a variable must be whole. */
		if (value->v.number > -9e18 && value->v.number < 9e18 &&
			(expr->kind == EXPR_LITERAL || (double)(gint64)value->v.number == value->v.number))
			return (gint64)value->v.number;
		G_GNUC_FALLTHROUGH;
	default:
		r->at = expr->at;
		render_integer(r, value, &bound);
		return bound;
	}
}

const StetValue *render_evaluate(StetRender *r, const Expr *expr, StetValue *scratch)
{
	switch (expr->kind) {
	case EXPR_LITERAL:
		return &expr->v.literal;
	case EXPR_PATH:
		return evaluate_path(r, expr, scratch);
	default:
		*scratch = nil_value;
		scratch->v.range.first = range_bound(r, expr->v.range.first);
		scratch->v.range.last = range_bound(r, expr->v.range.last);
		scratch->kind = STET_VALUE_RANGE;
		return scratch;
	}
}

/* ---- conditions ---------------------------------------------------------------------------- */

static gboolean has_order(const StetValue *value)
{
	return value->kind == STET_VALUE_INT || value->kind == STET_VALUE_FLOAT || value->kind == STET_VALUE_TEXT;
}

static gboolean ordered(StetRender *r, const StetValue *a, Operator op, const StetValue *b)
{
	StetValue scratch_a, scratch_b;
	a = value_plain(r, a, &scratch_a);
	b = value_plain(r, b, &scratch_b);
	if (!has_order(a) || !has_order(b))
		return FALSE;
	int order = value_compare(r, a, b);
	if (order == 2) {
		stet_render_fail(r, "liquid-compare", "convert one of them, as in `x | plus: 0`",
						 "a %s cannot be compared with a %s", value_kind_name(a), value_kind_name(b));
		return FALSE;
	}
	return op == OP_LT ? order < 0 : op == OP_LE ? order <= 0 : op == OP_GT ? order > 0 : order >= 0;
}

static gboolean comparison(StetRender *r, const Condition *c)
{
	StetValue scratch_left, scratch_right, plain;
	const StetValue *left = render_evaluate(r, c->left, &scratch_left);
	if (c->op == OP_NONE)
		return stet_value_truthy(value_plain(r, left, &plain));
	const StetValue *right = render_evaluate(r, c->right, &scratch_right);
	r->at = c->left->at;
	switch (c->op) {
	case OP_EQ:
		return value_equal(r, left, right);
	case OP_NE:
		return !value_equal(r, left, right);
	case OP_CONTAINS:
		return value_contains(r, left, right);
	default:
		return ordered(r, left, c->op, right);
	}
}

gboolean render_condition(StetRender *r, const Condition *condition)
{
	for (;; condition = condition->next) {
		gboolean result = comparison(r, condition);
		if (condition->join == JOIN_END || result == (condition->join == JOIN_OR))
			return result;
	}
}

/* ---- filters ------------------------------------------------------------------------------- */

/* The host's filter of that name, or NULL; remembered for the render. */
static const StetFilterEntry *host_filter(StetRender *r, const char *name)
{
	if (!r->host->filters)
		return NULL;
	guint slot = (guint)((guintptr)name >> 4) % FILTER_CACHE;
	if (r->filters[slot].name == name)
		return r->filters[slot].entry;
	const StetFilterEntry *entry = r->host->filters;
	while (entry->name && strcmp(entry->name, name) != 0)
		entry++;
	r->filters[slot].name = name;
	r->filters[slot].entry = entry->name ? entry : NULL;
	return r->filters[slot].entry;
}

static void fail_filter(StetRender *r, const char *name)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (const StetFilterEntry *entry = r->host->filters; entry && entry->name; entry++)
		g_ptr_array_add(names, (gpointer)entry->name);
	for (const char *const *known = filter_names(); *known; known++)
		g_ptr_array_add(names, (gpointer)*known);
	g_ptr_array_add(names, NULL);
	const char *nearest = stet_nearest(name, (const char *const *)names->pdata);
	g_autofree char *mend = nearest ? g_strdup_printf("did you mean '%s'?", nearest) : NULL;
	stet_render_fail(r, "liquid-filter", mend, "unknown filter '%s'", name);
}

static gboolean check_arguments(StetRender *r, const StetFilterEntry *entry, guint n)
{
	if (n >= entry->min_args && n <= entry->max_args)
		return TRUE;
	if (entry->min_args == entry->max_args)
		stet_render_fail(r, "liquid-arguments", NULL, "filter '%s' takes %u argument%s, not %u", entry->name,
						 entry->min_args, entry->min_args == 1 ? "" : "s", n);
	else
		stet_render_fail(r, "liquid-arguments", NULL, "filter '%s' takes %u to %u arguments, not %u",
						 entry->name, entry->min_args, entry->max_args, n);
	return FALSE;
}

static void trace_result(StetRender *r, const char *name, Trace trace, const StetValue *input,
						 const StetValue *args, guint n, StetValue *out)
{
	const StetValue *all[LIQUID_ARGS_MAX + 1];
	StetValue plain;
	if (out->origin || trace == TRACE_NONE)
		return;
	if (input->kind == STET_VALUE_OBJECT)
		input = value_plain(r, input, &plain);
	if (trace == TRACE_KEEP) {
		out->origin = input->origin;
		return;
	}
	gboolean any = input->origin != NULL;
	all[0] = input;
	for (guint i = 0; i < n; i++) {
		all[i + 1] = &args[i];
		any = any || args[i].origin || args[i].kind == STET_VALUE_OBJECT;
	}
	if (any)
		out->origin = stet_origin_join(r, name, all, n + 1);
}

static gboolean is_scalar(const StetValue *value)
{
	return value->kind == STET_VALUE_TEXT || value->kind == STET_VALUE_INT || value->kind == STET_VALUE_FLOAT;
}

/* A value where no comparison is made: `empty` and `blank` are an empty text there. */
static StetValue settled(StetRender *r, const Expr *expr)
{
	StetValue scratch = nil_value;
	StetValue value = *render_evaluate(r, expr, &scratch);
	return value.kind == STET_VALUE_EMPTY || value.kind == STET_VALUE_BLANK ? stet_value_text(NULL, "", 0)
																			: value;
}

gboolean render_apply(StetRender *r, const FilterCall *call, StetValue *value)
{
	StetValue args[LIQUID_ARGS_MAX], named_values[LIQUID_ARGS_MAX], named, out = nil_value;
	StetText keys[LIQUID_ARGS_MAX];
	for (guint i = 0; i < call->n_args; i++)
		args[i] = settled(r, call->args[i]);
	for (guint i = 0; i < call->n_named; i++) {
		named_values[i] = settled(r, call->named[i].value);
		keys[i] = stet_text(call->named[i].name);
	}
	named = nil_value;
	named.kind = STET_VALUE_MAP;
	named.v.map.keys = keys;
	named.v.map.values = named_values;
	named.v.map.n = call->n_named;
	r->at = call->at;
	const StetFilterEntry *entry = host_filter(r, call->name);
	Trace trace = TRACE_KEEP;
	if (!entry && call->standard) {
		entry = &call->standard->entry;
		trace = call->standard->trace;
	}
	if (!entry) {
		if (r->host->lax)
			return TRUE;
		fail_filter(r, call->name);
		return FALSE;
	}
	if (!check_arguments(r, entry, call->n_args) ||
		!entry->call(r, value, args, call->n_args, call->n_named > 0 ? &named : NULL, &out, r->host->host))
		return FALSE;
	if (is_scalar(&out))
		trace_result(r, entry->name, trace, value, args, call->n_args, &out);
	*value = out;
	return TRUE;
}

void render_piped(StetRender *r, const Piped *piped, StetValue *out)
{
	*out = nil_value;
	if (!piped->value)
		return;
	r->tolerate = piped->tolerant;
	*out = settled(r, piped->value);
	r->tolerate = FALSE;
	for (const FilterCall *call = piped->filters; call; call = call->next) {
		if (!render_apply(r, call, out)) {
			*out = nil_value;
			return;
		}
	}
}

/* ---- origins ------------------------------------------------------------------------------- */

const StetOrigin *stet_origin_join(StetRender *r, const char *form, const StetValue *const *values, guint n)
{
	const StetOrigin *found[64];
	guint count = 0;
	for (guint i = 0; i < n && count < G_N_ELEMENTS(found); i++) {
		StetValue scratch;
		const StetOrigin *origin = value_plain(r, values[i], &scratch)->origin;
		gboolean seen = origin == NULL;
		for (guint j = 0; j < count && !seen; j++)
			seen = found[j] == origin;
		if (!seen)
			found[count++] = origin;
	}
	if (count == 0 || (count == 1 && !form))
		return count == 0 ? NULL : found[0];
	const StetOrigin **inputs = stet_arena_alloc(r->arena, sizeof *inputs * count);
	memcpy(inputs, found, sizeof *inputs * count);
	StetOrigin *origin = stet_arena_alloc(r->arena, sizeof *origin);
	origin->form = form ? stet_arena_text(r->arena, form, -1) : "text";
	origin->n_inputs = count;
	origin->inputs = inputs;
	return origin;
}

/* ---- public -------------------------------------------------------------------------------- */

gboolean stet_template_render(const StetTemplate *t, const StetHost *host, StetArena *arena, guint n,
							  const char *const *names, const StetValue *values, StetOutput *output,
							  StetDiagnostics *diags)
{
	static const StetHost plain_host;
	Frame frame = {NULL, t, NULL, 0};
	Space space = {0};
	StetRender render = {.host = host ? host : &plain_host, .arena = arena, .diags = diags, .out = output};
	StetRender *r = &render;
	r->frame = &frame;
	r->space = &space;
	r->output_cap = r->host->output_cap ? r->host->output_cap : OUTPUT_CAP;
	r->step_cap = r->host->loop_cap ? r->host->loop_cap : LOOP_CAP;
	for (guint i = 0; i < n; i++)
		scope_set(r, &r->globals, g_intern_string(names[i]), &values[i]);
	render_document(r, t, FALSE);
	return !r->failed;
}

StetArena *stet_render_arena(StetRender *r)
{
	return r->arena;
}

StetPlace stet_render_place(const StetRender *r)
{
	return liquid_place(r->frame->t, r->at);
}

gpointer stet_render_host(const StetRender *r)
{
	return r->host->host;
}
