/* include and render; layouts and their blocks. */
#include "liquid.h"

/* ---- partials ------------------------------------------------------------------------------ */

static const StetTemplate *find_partial(StetRender *r, const char *name)
{
	const StetTemplate *t = r->host->partial ? r->host->partial(name, r->host->host) : NULL;
	if (t)
		return t;
	const char *const *names = r->host->partial_names ? r->host->partial_names(r->host->host) : NULL;
	const char *nearest = names ? stet_nearest(name, names) : NULL;
	g_autofree char *mend = nearest ? g_strdup_printf("did you mean '%s'?", nearest) : NULL;
	stet_render_fail(r, "liquid-partial", mend, "there is no partial '%s'", name);
	return NULL;
}

static gboolean may_enter(StetRender *r)
{
	if (!render_spend(r, 1))
		return FALSE;
	if (r->partials < LIQUID_PARTIAL_MAX)
		return TRUE;
	stet_render_fail(r, "liquid-nesting", "does a partial include itself?",
					 "includes nested more than %d deep", LIQUID_PARTIAL_MAX);
	r->stopped = TRUE;
	return FALSE;
}

/* Renders `t` as a partial called at `at` of the present template. */
static void enter(StetRender *r, const StetTemplate *t, const char *name, guint32 at, gboolean layout)
{
	if (!may_enter(r))
		return;
	Frame frame = {r->frame, t, name, at};
	r->frame = &frame;
	r->partials++;
	render_document(r, t, layout);
	r->partials--;
	r->frame = frame.outer;
	r->at = at;
}

/* What the partial's own value is called: the alias, or the last part of its name. */
static const char *value_name(const PartialNode *node, const char *name)
{
	if (node->alias)
		return node->alias;
	const char *slash = strrchr(name, '/');
	return g_intern_string(slash ? slash + 1 : name);
}

static void bind_named(StetRender *r, const PartialNode *node, Scope *scope)
{
	for (guint i = 0; i < node->n_named; i++) {
		StetValue scratch;
		StetValue value = *render_evaluate(r, node->named[i].value, &scratch);
		if (scope)
			scope_set(r, scope, node->named[i].name, &value);
		else
			render_bind(r, node->named[i].name, &value);
	}
}

static void render_include(StetRender *r, const PartialNode *node, const char *name, const StetTemplate *t)
{
	StetValue scratch, value = stet_value_nil();
	if (node->with) {
		value = *render_evaluate(r, node->with, &scratch);
	} else {
		const StetValue *found = render_find(r, g_intern_string(name));
		value = found ? *found : value;
	}
	guint mark = r->n_bindings;
	const char *called = value_name(node, name);
	bind_named(r, node, NULL);
	guint slot = r->n_bindings;
	render_bind(r, called, &value);
	if (value.kind == STET_VALUE_LIST) {
		for (gsize i = 0; i < value.v.list.n && !r->stopped && r->interrupt == INTERRUPT_NONE; i++) {
			r->bindings[slot].value = value.v.list.items[i];
			enter(r, t, name, node->node.at, FALSE);
		}
	} else {
		enter(r, t, name, node->node.at, FALSE);
	}
	r->n_bindings = mark;
}

/* One rendering of an isolated partial: it sees its own values and the report's, nothing else. */
static void render_isolated(StetRender *r, const PartialNode *node, const char *name, const StetTemplate *t,
							const StetValue *value, Loop *loop)
{
	Space inner = {.isolated = TRUE, .base = r->n_bindings}, *outer = r->space;
	Interrupt interrupt = r->interrupt;
	guint mark = r->n_bindings;
	if (loop) {
		StetValue object = stet_value_object(&loop_class, loop);
		scope_set(r, &inner.locals, g_intern_static_string("forloop"), &object);
	}
	bind_named(r, node, &inner.locals);
	if (value->kind != STET_VALUE_NIL)
		scope_set(r, &inner.locals, value_name(node, name), value);
	r->space = &inner;
	enter(r, t, name, node->node.at, FALSE);
	r->space = outer;
	r->n_bindings = mark;
	r->interrupt = interrupt;
}

static gboolean can_be_walked(const StetValue *value)
{
	return value->kind == STET_VALUE_LIST || value->kind == STET_VALUE_MAP ||
		   value->kind == STET_VALUE_RANGE ||
		   (value->kind == STET_VALUE_OBJECT && value->v.object.class_->list);
}

static void render_rendered(StetRender *r, const PartialNode *node, const char *name, const StetTemplate *t)
{
	StetValue scratch, value = stet_value_nil();
	if (node->with)
		value = *render_evaluate(r, node->with, &scratch);
	if (!node->each || !can_be_walked(&value)) {
		render_isolated(r, node, name, t, &value, NULL);
		return;
	}
	Sequence sequence = sequence_of(r, &value);
	Loop *loop = loop_new(r, name, sequence.n);
	for (; loop->index < sequence.n && !r->stopped; loop->index++) {
		StetValue item = sequence_item(r, &sequence, loop->index);
		render_isolated(r, node, name, t, &item, loop);
	}
	loop_done(r, loop);
}

void render_partial(StetRender *r, const Node *node)
{
	const PartialNode *partial = (const PartialNode *)node;
	StetValue scratch, plain;
	const StetValue *value = value_plain(r, render_evaluate(r, partial->name, &scratch), &plain);
	if (!partial->isolated && r->space->isolated) {
		stet_render_fail(r, "liquid-include", "use 'render'",
						 "'include' is not allowed inside a rendered partial");
		return;
	}
	if (value->kind != STET_VALUE_TEXT) {
		if (value->kind != STET_VALUE_NIL || r->host->lax)
			stet_render_fail(r, "liquid-partial", NULL, "the name of a partial must be a text, not %s",
							 value_kind_name(value));
		return;
	}
	StetText text = stet_value_string(r, value);
	const char *name = stet_arena_text(r->arena, text.ptr, (gssize)text.len);
	const StetTemplate *t = find_partial(r, name);
	if (!t)
		return;
	if (partial->isolated)
		render_rendered(r, partial, name, t);
	else
		render_include(r, partial, name, t);
}

/* ---- layouts ------------------------------------------------------------------------------- */

static void append_output(StetRender *r, const StetOutput *ready)
{
	gsize offset = r->out->text->len;
	g_string_append_len(r->out->text, ready->text->str, (gssize)ready->text->len);
	if (!r->out->spans)
		return;
	for (guint i = 0; i < ready->spans->len; i++) {
		StetSpan span = g_array_index(ready->spans, StetSpan, i);
		span.offset += offset;
		g_array_append_val(r->out->spans, span);
	}
}

static void show_override(StetRender *r, const Override *override);

static gboolean block_get(gconstpointer self, StetText key, StetRender *r, StetValue *out)
{
	const Override *override = self;
	if (stet_text_equal(key, "name")) {
		*out = stet_value_text(NULL, override->name, -1);
		return TRUE;
	}
	if (!stet_text_equal(key, "super"))
		return FALSE;
	*out = stet_value_markup(NULL, "", 0);
	if (!override->parent)
		return TRUE;
	StetOutput capture = {.text = g_string_new(NULL)}, *outer = r->out;
	r->out = &capture;
	show_override(r, override->parent);
	r->out = outer;
	StetValue value = value_take_text(r, capture.text);
	if (value.kind == STET_VALUE_TEXT)
		*out = value;
	out->markup = TRUE;
	return TRUE;
}

static const char *const *block_keys(gconstpointer self)
{
	static const char *const names[] = {"super", "name", NULL};
	(void)self;
	return names;
}

const StetClass block_class = {.name = "block", .get = block_get, .keys = block_keys};

static void show_override(StetRender *r, const Override *override)
{
	if (override->ready) {
		append_output(r, override->ready);
		return;
	}
	Frame frame = {r->frame, override->t, override->name, r->at};
	Frame *outer = r->frame;
	guint mark = r->n_bindings;
	StetValue block = stet_value_object(&block_class, override);
	render_bind(r, g_intern_static_string("block"), &block);
	if (override->t != outer->t)
		r->frame = &frame;
	render_body(r, override->body);
	r->frame = outer;
	r->n_bindings = mark;
}

static Override *find_override(Override *first, const char *name)
{
	while (first && first->name != name)
		first = first->next;
	return first;
}

/* A block of a layout: the innermost template's body, which may ask for those it replaces. */
void render_block(StetRender *r, const Node *node)
{
	const BlockNode *block = (const BlockNode *)node;
	if (r->skip_blocks_of == r->frame->t)
		return;
	Override *own = stet_arena_alloc(r->arena, sizeof *own);
	*own = (Override){.name = block->name, .body = &block->body, .t = r->frame->t};
	Override *override = find_override(r->overrides, block->name), *last = override;
	while (last && last->parent)
		last = last->parent;
	if (last)
		last->parent = own;
	show_override(r, override ? override : own);
	if (last)
		last->parent = NULL;
	r->at = node->at;
}

static void add_override(StetRender *r, Override override)
{
	Override *added = stet_arena_alloc(r->arena, sizeof *added);
	*added = override;
	Override *first = find_override(r->overrides, override.name);
	if (!first) {
		added->next = r->overrides;
		r->overrides = added;
		return;
	}
	while (first->parent)
		first = first->parent;
	first->parent = added;
}

/* What stands outside the blocks of a template with a layout, rendered before the layout so that its
 * assignments count there. */
static StetOutput *render_outside(StetRender *r, const StetTemplate *t)
{
	StetOutput *outside = stet_output_new(), *outer = r->out;
	const StetTemplate *skipped = r->skip_blocks_of;
	r->out = outside;
	r->skip_blocks_of = t;
	render_body(r, &t->body);
	r->skip_blocks_of = skipped;
	r->out = outer;
	return outside;
}

static const StetTemplate *find_layout(StetRender *r, const StetTemplate *t, const char **name)
{
	StetValue scratch;
	r->at = t->layout_at;
	const StetValue *value = render_evaluate(r, t->layout, &scratch);
	r->at = t->layout_at;
	if (value->kind != STET_VALUE_TEXT) {
		stet_render_fail(r, "liquid-layout", NULL, "the name of a layout must be a text, not %s",
						 value_kind_name(value));
		return NULL;
	}
	StetText text = stet_value_string(r, value);
	*name = stet_arena_text(r->arena, text.ptr, (gssize)text.len);
	return find_partial(r, *name);
}

/* `as_layout`: it is the layout of the template just rendered, whose blocks are waiting. */
void render_document(StetRender *r, const StetTemplate *t, gboolean as_layout)
{
	if (!t->layout) {
		render_body(r, &t->body);
		return;
	}
	const char *name = NULL;
	const char *content = g_intern_static_string("content");
	Override *outer = r->overrides;
	if (!as_layout)
		r->overrides = NULL;
	StetOutput *outside = render_outside(r, t);
	for (const BlockNode *block = t->blocks; block; block = block->sibling)
		add_override(r, (Override){.name = block->name, .body = &block->body, .t = t});
	if (!find_override(r->overrides, content))
		add_override(r, (Override){.name = content, .t = t, .ready = outside});
	r->interrupt = INTERRUPT_NONE;
	const StetTemplate *layout = find_layout(r, t, &name);
	if (layout)
		enter(r, layout, name, t->layout_at, TRUE);
	stet_output_free(outside);
	r->overrides = outer;
}
