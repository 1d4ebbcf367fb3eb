/* for, tablerow and cycle. */
#include "liquid.h"
#include <math.h>

/* ---- what is walked over ------------------------------------------------------------------- */

Sequence sequence_of(StetRender *r, const StetValue *value)
{
	Sequence sequence = {.kind = value->kind};
	StetValue list;
	if (value->kind == STET_VALUE_OBJECT) {
		const StetClass *class_ = value->v.object.class_;
		sequence.kind = STET_VALUE_NIL;
		if (!class_->list || !class_->list(value->v.object.self, r, &list) || list.kind != STET_VALUE_LIST)
			return sequence;
		sequence.kind = STET_VALUE_LIST;
		value = &list;
	}
	switch (value->kind) {
	case STET_VALUE_LIST:
		sequence.items = value->v.list.items;
		sequence.n = (gint64)value->v.list.n;
		break;
	case STET_VALUE_MAP:
		sequence.items = value->v.map.values;
		sequence.keys = value->v.map.keys;
		sequence.n = (gint64)value->v.map.n;
		break;
	case STET_VALUE_RANGE:
		sequence.first = value->v.range.first;
		if (value->v.range.last >= value->v.range.first &&
			(__builtin_sub_overflow(value->v.range.last, value->v.range.first, &sequence.n) ||
			 __builtin_add_overflow(sequence.n, (gint64)1, &sequence.n)))
			sequence.n = G_MAXINT64;
		else if (value->v.range.last < value->v.range.first)
			sequence.n = 0;
		break;
	case STET_VALUE_TEXT:
		sequence.single = *value;
		sequence.n = value->v.text.len > 0;
		break;
	default:
		sequence.kind = STET_VALUE_NIL;
	}
	return sequence;
}

StetValue sequence_item(StetRender *r, const Sequence *sequence, gint64 index)
{
	switch (sequence->kind) {
	case STET_VALUE_RANGE:
		return stet_value_int(sequence->first + index);
	case STET_VALUE_MAP: {
		StetValue pair[2] = {value_text_of(sequence->keys[index]), sequence->items[index]};
		return stet_value_list(r->arena, pair, 2);
	}
	case STET_VALUE_TEXT:
		return sequence->single;
	default:
		return sequence->items ? sequence->items[index] : stet_value_nil();
	}
}

/* ---- forloop and tablerowloop -------------------------------------------------------------- */

static gint64 loop_length(const Loop *loop)
{
	return loop->length;
}

static gint64 loop_index(const Loop *loop)
{
	return loop->index + 1;
}

static gint64 loop_index0(const Loop *loop)
{
	return loop->index;
}

static gint64 loop_rindex(const Loop *loop)
{
	return loop->length - loop->index;
}

static gint64 loop_rindex0(const Loop *loop)
{
	return loop->length - loop->index - 1;
}

static gint64 loop_first(const Loop *loop)
{
	return loop->index == 0;
}

static gint64 loop_last(const Loop *loop)
{
	return loop->index == loop->length - 1;
}

static gint64 loop_col(const Loop *loop)
{
	return loop->col;
}

static gint64 loop_col0(const Loop *loop)
{
	return loop->col - 1;
}

static gint64 loop_row(const Loop *loop)
{
	return loop->row;
}

static gint64 loop_col_first(const Loop *loop)
{
	return loop->col == 1;
}

static gint64 loop_col_last(const Loop *loop)
{
	return loop->col == loop->cols;
}

/* The first seven are forloop's, all are tablerowloop's. */
static const struct {
	const char *name;
	gint64 (*get)(const Loop *);
	gboolean boolean;
} loop_properties[] = {
	{"length", loop_length, FALSE},      {"index", loop_index, FALSE},
	{"index0", loop_index0, FALSE},      {"rindex", loop_rindex, FALSE},
	{"rindex0", loop_rindex0, FALSE},    {"first", loop_first, TRUE},
	{"last", loop_last, TRUE},           {"col", loop_col, FALSE},
	{"col0", loop_col0, FALSE},          {"row", loop_row, FALSE},
	{"col_first", loop_col_first, TRUE}, {"col_last", loop_col_last, TRUE},
};
#define FORLOOP_PROPERTIES 7

static gboolean loop_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	(void)render;
	const Loop *loop = self;
	gsize n = loop->table ? G_N_ELEMENTS(loop_properties) : FORLOOP_PROPERTIES;
	for (gsize i = 0; i < n; i++) {
		if (stet_text_equal(key, loop_properties[i].name)) {
			gint64 value = loop_properties[i].get(loop);
			*out = loop_properties[i].boolean ? stet_value_bool(value != 0) : stet_value_int(value);
			return TRUE;
		}
	}
	if (!loop->table && stet_text_equal(key, "parentloop")) {
		*out = loop->outer ? stet_value_object(&loop_class, loop->outer) : stet_value_nil();
		return TRUE;
	}
	if (!loop->table && stet_text_equal(key, "name")) {
		*out = stet_value_text(NULL, loop->label, -1);
		return TRUE;
	}
	return FALSE;
}

static const char *const *loop_keys(gconstpointer self)
{
	static const char *const names[] = {"length", "index", "index0",     "rindex", "rindex0",
										"first",  "last",  "parentloop", "name",   NULL};
	static const char *const table_names[] = {"length",    "index",    "index0", "rindex", "rindex0",
											  "first",     "last",     "col",    "col0",   "row",
											  "col_first", "col_last", NULL};
	return ((const Loop *)self)->table ? table_names : names;
}

const StetClass loop_class = {.name = "forloop", .get = loop_get, .keys = loop_keys};
const StetClass tablerow_class = {.name = "tablerowloop", .get = loop_get, .keys = loop_keys};

/* Loops are used again once done. One kept by assign then shows another loop's state, but stays valid. */
Loop *loop_new(StetRender *r, const char *label, gint64 length)
{
	Loop *loop = r->spare_loops;
	if (loop)
		r->spare_loops = loop->outer;
	else
		loop = stet_arena_alloc(r->arena, sizeof *loop);
	*loop = (Loop){.label = label, .length = length, .col = 1, .row = 1};
	return loop;
}

void loop_done(StetRender *r, Loop *loop)
{
	loop->outer = r->spare_loops;
	r->spare_loops = loop;
}

/* ---- for ----------------------------------------------------------------------------------- */

Register *render_register(StetRender *r, char kind, StetText key, gboolean make)
{
	for (Register *reg = r->space->registers; reg; reg = reg->next)
		if (reg->kind == kind && reg->key.len == key.len && memcmp(reg->key.ptr, key.ptr, key.len) == 0)
			return reg;
	if (!make)
		return NULL;
	Register *reg = stet_arena_alloc(r->arena, sizeof *reg);
	*reg = (Register){
		r->space->registers, kind, {stet_arena_text(r->arena, key.ptr, (gssize)key.len), key.len}, 0};
	r->space->registers = reg;
	return reg;
}

/* An optional whole number: `fallback` for no expression and nil. */
static gint64 option(StetRender *r, const Expr *expr, gint64 fallback, gint64 least)
{
	StetValue scratch;
	gint64 value = fallback;
	if (!expr)
		return fallback;
	const StetValue *given = render_evaluate(r, expr, &scratch);
	if (given->kind == STET_VALUE_NIL)
		return fallback;
	if (!render_integer(r, given, &value))
		return fallback;
	return CLAMP(value, least, G_MAXINT64 / 4);
}

/* The part of a sequence that offset and limit leave: *start, and how many. A text is one item whatever
 * they say. */
static gint64 slice(StetRender *r, const LoopNode *node, const Sequence *sequence, gint64 from, gint64 *start)
{
	gint64 limit = option(r, node->limit, G_MAXINT64 / 4, -G_MAXINT64 / 4);
	*start = sequence->kind == STET_VALUE_TEXT ? 0 : MAX(from, 0);
	if (sequence->kind == STET_VALUE_TEXT)
		return sequence->n;
	return MAX(MIN(from + limit, sequence->n) - *start, 0);
}

/* Consumes an interrupt; TRUE to leave the loop. */
static gboolean interrupted(StetRender *r)
{
	Interrupt interrupt = r->interrupt;
	r->interrupt = INTERRUPT_NONE;
	return interrupt == INTERRUPT_BREAK || r->stopped;
}

static void run_loop(StetRender *r, const LoopNode *node, const Sequence *sequence, gint64 start, gint64 n)
{
	static const char *forloop;
	if (g_once_init_enter(&forloop))
		g_once_init_leave(&forloop, g_intern_static_string("forloop"));
	guint mark = r->n_bindings;
	Loop *loop = loop_new(r, node->label, n);
	loop->outer = r->space->loop;
	r->space->loop = loop;
	StetValue object = stet_value_object(&loop_class, loop);
	StetValue item = stet_value_nil();
	render_bind(r, forloop, &object);
	render_bind(r, node->name, &item);
	for (gint64 i = 0; i < n && render_spend(r, 1); i++) {
		loop->index = i;
		r->bindings[mark + 1].value =
			sequence_item(r, sequence, node->reversed ? start + n - 1 - i : start + i);
		render_body(r, &node->body);
		if (interrupted(r))
			break;
	}
	loop->index = n;
	r->n_bindings = mark;
	r->space->loop = loop->outer;
	loop_done(r, loop);
}

void render_for(StetRender *r, const Node *node)
{
	const LoopNode *loop = (const LoopNode *)node;
	StetValue scratch;
	Sequence sequence = sequence_of(r, render_evaluate(r, loop->list, &scratch));
	StetText label = stet_text(loop->label);
	Register *place = render_register(r, 'o', label, TRUE);
	gint64 from = loop->resume ? place->value : option(r, loop->offset, 0, -G_MAXINT64 / 4), start;
	gint64 n = slice(r, loop, &sequence, from, &start);
	place->value = from + n;
	if (n > 0)
		run_loop(r, loop, &sequence, start, n);
	else
		render_body(r, &loop->otherwise);
}

/* ---- tablerow ------------------------------------------------------------------------------ */

/* How many cells a row has: a number is cut to a whole one, a text read as far as it is one, nil is none. */
static gint64 columns(StetRender *r, const Expr *expr, gint64 fallback)
{
	StetValue scratch, plain;
	if (!expr)
		return fallback;
	const StetValue *value = value_plain(r, render_evaluate(r, expr, &scratch), &plain);
	switch (value->kind) {
	case STET_VALUE_NIL:
		return 0;
	case STET_VALUE_TEXT:
		return text_to_integer(stet_value_string(r, value));
	case STET_VALUE_FLOAT:
		return fabs(value->v.number) < 9e18 ? (gint64)value->v.number : 0;
	default:
		return option(r, expr, fallback, 0);
	}
}

static void render_cell(StetRender *r, const LoopNode *node, const Loop *loop, guint32 at)
{
	char text[64];
	int n = g_snprintf(text, sizeof text, "<td class=\"col%" G_GINT64_FORMAT "\">", loop->col);
	render_text(r, text, (gsize)n, at, FALSE);
	render_body(r, &node->body);
	render_text(r, "</td>", 5, at, FALSE);
}

static void next_cell(StetRender *r, Loop *loop, guint32 at)
{
	char text[64];
	gboolean wrap = loop->col == loop->cols;
	if (wrap && loop->index < loop->length - 1) {
		int n = g_snprintf(text, sizeof text, "</tr>\n<tr class=\"row%" G_GINT64_FORMAT "\">", loop->row + 1);
		render_text(r, text, (gsize)n, at, FALSE);
	}
	loop->index++;
	loop->col = wrap ? 1 : loop->col + 1;
	loop->row += wrap;
}

void render_tablerow(StetRender *r, const Node *node)
{
	const LoopNode *table = (const LoopNode *)node;
	StetValue scratch, item = stet_value_nil();
	const StetValue *list = render_evaluate(r, table->list, &scratch);
	if (!stet_value_truthy(list))
		return;
	Sequence sequence = sequence_of(r, list);
	gint64 start, n = slice(r, table, &sequence, option(r, table->offset, 0, 0), &start);
	Loop *loop = loop_new(r, table->label, n);
	loop->table = TRUE;
	loop->cols = columns(r, table->cols, n);
	guint mark = r->n_bindings;
	StetValue object = stet_value_object(&tablerow_class, loop);
	render_bind(r, g_intern_static_string("tablerowloop"), &object);
	render_bind(r, table->name, &item);
	render_text(r, "<tr class=\"row1\">\n", 18, node->at, FALSE);
	for (gint64 i = 0; i < n && render_spend(r, 1); i++) {
		r->bindings[mark + 1].value = sequence_item(r, &sequence, start + i);
		render_cell(r, table, loop, node->at);
		if (interrupted(r))
			break;
		next_cell(r, loop, node->at);
	}
	r->n_bindings = mark;
	render_text(r, "</tr>\n", 6, node->at, FALSE);
	loop_done(r, loop);
}

/* ---- cycle --------------------------------------------------------------------------------- */

void render_cycle(StetRender *r, const Node *node)
{
	const CycleNode *cycle = (const CycleNode *)node;
	StetValue scratch, value = stet_value_nil();
	StetText key = stet_text(cycle->key);
	if (cycle->group)
		key = stet_value_string(r, render_evaluate(r, cycle->group, &scratch));
	Register *turn = render_register(r, cycle->group ? 'g' : 'c', key, TRUE);
	if (turn->value < cycle->n)
		value = *render_evaluate(r, cycle->values[turn->value], &scratch);
	turn->value = turn->value + 1 >= cycle->n ? 0 : turn->value + 1;
	render_value(r, &value, node->at);
}
