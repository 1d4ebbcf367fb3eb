/* Rendering of nodes: text, outputs, assignments, conditions; and the output with its spans. */
#include "liquid.h"

/* ---- output -------------------------------------------------------------------------------- */

StetOutput *stet_output_new(void)
{
	StetOutput *output = g_new0(StetOutput, 1);
	output->text = g_string_sized_new(4096);
	output->spans = g_array_sized_new(FALSE, FALSE, sizeof(StetSpan), 128);
	output->lines = g_array_new(FALSE, FALSE, sizeof(gsize));
	return output;
}

void stet_output_free(StetOutput *output)
{
	if (!output)
		return;
	g_string_free(output->text, TRUE);
	if (output->spans)
		g_array_free(output->spans, TRUE);
	if (output->lines)
		g_array_free(output->lines, TRUE);
	g_free(output);
}

StetPlace stet_output_place(const StetOutput *output, gsize offset)
{
	guint low = 0, high = output->spans->len;
	if (high == 0)
		return (StetPlace){NULL, 0, 0};
	while (high - low > 1) {
		guint middle = low + (high - low) / 2;
		if (g_array_index(output->spans, StetSpan, middle).offset <= offset)
			low = middle;
		else
			high = middle;
	}
	const StetSpan *span = &g_array_index(output->spans, StetSpan, low);
	StetPlace place = span->place;
	offset = MIN(offset, output->text->len);
	if (!span->verbatim || offset <= span->offset)
		return place;
	gsize line_start = span->offset;
	guint column = place.column;
	for (gsize i = span->offset; i < offset; i++) {
		if (output->text->str[i] == '\n') {
			place.line++;
			line_start = i + 1;
			column = 1;
		}
	}
	place.column = column + (guint)(offset - line_start);
	return place;
}

/* Counted once: a page of many links asks for the place of each. */
static void find_lines(const StetOutput *output)
{
	GArray *lines = output->lines;
	gsize length = output->text->len, start = 0;
	if (lines->len > 0 && g_array_index(lines, gsize, lines->len - 1) == length)
		return;
	g_array_set_size(lines, 0);
	g_array_append_val(lines, start);
	for (const char *p = output->text->str, *end = p + length; (p = memchr(p, '\n', (gsize)(end - p))) != NULL;) {
		start = (gsize)(++p - output->text->str);
		g_array_append_val(lines, start);
	}
	g_array_append_val(lines, length);
}

StetPlace stet_output_line_place(const StetOutput *output, guint line)
{
	find_lines(output);
	return stet_output_place(output, g_array_index(output->lines, gsize, MIN(line > 0 ? line - 1 : 0, output->lines->len - 1)));
}

static void add_span(StetRender *r, gsize offset, guint32 at, gboolean verbatim)
{
	if (!r->out->spans || r->out->text->len == offset)
		return;
	StetSpan span = {offset, liquid_place(r->frame->t, at), verbatim};
	g_array_append_val(r->out->spans, span);
}

static void check_output(StetRender *r)
{
	if (r->out->text->len <= r->output_cap || r->stopped)
		return;
	stet_render_fail(r, "liquid-size", NULL, "more than %" G_GSIZE_FORMAT " bytes of output", r->output_cap);
	r->stopped = TRUE;
}

void render_text(StetRender *r, const char *text, gsize length, guint32 at, gboolean verbatim)
{
	gsize offset = r->out->text->len;
	g_string_append_len(r->out->text, text, (gssize)length);
	add_span(r, offset, at, verbatim);
	check_output(r);
}

void render_value(StetRender *r, const StetValue *value, guint32 at)
{
	GString *out = r->out->text;
	gsize offset = out->len;
	r->at = at;
	if (r->host->print)
		r->host->print(r, value, liquid_place(r->frame->t, at), out, r->host->host);
	else
		value_append(r, value, out);
	add_span(r, offset, at, FALSE);
	check_output(r);
}

/* ---- bodies -------------------------------------------------------------------------------- */

void render_body(StetRender *r, const Body *body)
{
	if (r->depth >= LIQUID_RENDER_DEPTH_MAX) {
		if (!r->stopped)
			stet_render_fail(r, "liquid-nesting", NULL, "blocks and includes nested more than %d deep",
							 LIQUID_RENDER_DEPTH_MAX);
		r->stopped = TRUE;
		return;
	}
	r->depth++;
	for (const Node *node = body->first; node && !r->stopped && r->interrupt == INTERRUPT_NONE;
		 node = node->next) {
		r->at = node->at;
		node->render(r, node);
	}
	r->depth--;
}

StetValue render_to_text(StetRender *r, const Body *body)
{
	StetOutput capture = {.text = g_string_new(NULL)}, *outer = r->out;
	r->out = &capture;
	render_body(r, body);
	r->out = outer;
	StetValue value = value_take_text(r, capture.text);
	if (value.kind != STET_VALUE_TEXT)
		return stet_value_markup(NULL, "", 0);
	value.markup = TRUE;
	return value;
}

void render_text_node(StetRender *r, const Node *node)
{
	const TextNode *text = (const TextNode *)node;
	render_text(r, text->text.ptr, text->text.len, node->at, TRUE);
}

void render_raw_node(StetRender *r, const Node *node)
{
	render_text_node(r, node);
}

void render_nothing(StetRender *r, const Node *node)
{
	(void)r;
	(void)node;
}

void render_output_node(StetRender *r, const Node *node)
{
	StetValue value;
	render_piped(r, &((const OutputNode *)node)->piped, &value);
	render_value(r, &value, node->at);
}

void render_assign(StetRender *r, const Node *node)
{
	const AssignNode *assign = (const AssignNode *)node;
	StetValue value;
	render_piped(r, &assign->piped, &value);
	scope_set(r, &r->space->locals, assign->name, &value);
}

void render_capture(StetRender *r, const Node *node)
{
	const CaptureNode *capture = (const CaptureNode *)node;
	StetValue value = render_to_text(r, &capture->body);
	scope_set(r, &r->space->locals, capture->name, &value);
}

/* increment prints, then adds; decrement takes away, then prints. A counter starts where the context's number
 * of that name stands. */
void render_counter(StetRender *r, const Node *node)
{
	const CounterNode *counter = (const CounterNode *)node;
	const StetValue *now = scope_get(&r->space->counters, counter->name);
	if (!now && !r->space->isolated)
		now = scope_get(&r->globals, counter->name);
	gint64 value = now && now->kind == STET_VALUE_INT ? now->v.integer : 0, after;
	if (__builtin_add_overflow(value, counter->step, &after)) {
		stet_render_fail(r, "liquid-number", NULL, "the counter '%s' has no further number", counter->name);
		return;
	}
	StetValue next = stet_value_int(after);
	scope_set(r, &r->space->counters, counter->name, &next);
	StetValue shown = stet_value_int(counter->step > 0 ? value : after);
	render_value(r, &shown, node->at);
}

void render_interrupt(StetRender *r, const Node *node)
{
	r->interrupt = ((const InterruptNode *)node)->leave ? INTERRUPT_BREAK : INTERRUPT_CONTINUE;
}

void render_changed(StetRender *r, const Node *node)
{
	Space *space = r->space;
	StetText text = render_to_text(r, &((const ChangedNode *)node)->body).v.text;
	if (space->has_changed && space->changed.len == text.len &&
		memcmp(space->changed.ptr, text.ptr, text.len) == 0)
		return;
	space->changed = text;
	space->has_changed = TRUE;
	render_text(r, text.ptr, text.len, node->at, FALSE);
}

void render_if(StetRender *r, const Node *node)
{
	for (const Branch *branch = ((const IfNode *)node)->branches; branch; branch = branch->next) {
		if (!branch->condition || render_condition(r, branch->condition) != branch->negate) {
			render_body(r, &branch->body);
			return;
		}
	}
}

/* As the reference does: every matching `when` is rendered, once a matching value, and every `else` as
 * long as no `when` above it matched. */
void render_case(StetRender *r, const Node *node)
{
	const CaseNode *choice = (const CaseNode *)node;
	StetValue scratch = stet_value_nil(), when_scratch;
	StetValue subject = *render_evaluate(r, choice->subject, &scratch);
	gboolean matched = FALSE;
	for (const Branch *branch = choice->branches; branch; branch = branch->next) {
		if (branch->n_whens == 0 && !matched)
			render_body(r, &branch->body);
		for (guint i = 0; branch->whens && i < branch->n_whens && r->interrupt == INTERRUPT_NONE; i++) {
			if (value_equal(r, &subject, render_evaluate(r, branch->whens[i], &when_scratch))) {
				matched = TRUE;
				render_body(r, &branch->body);
			}
		}
	}
}

void render_host_tag(StetRender *r, const Node *node)
{
	const HostNode *tag = (const HostNode *)node;
	StetValue args[LIQUID_ARGS_MAX], values[LIQUID_ARGS_MAX], scratch, named = stet_value_nil();
	StetText keys[LIQUID_ARGS_MAX];
	for (guint i = 0; i < tag->n_args; i++)
		args[i] = *render_evaluate(r, tag->args[i], &scratch);
	for (guint i = 0; i < tag->n_named; i++) {
		keys[i] = stet_text(tag->named[i].name);
		values[i] = *render_evaluate(r, tag->named[i].value, &scratch);
	}
	named.kind = STET_VALUE_MAP;
	named.v.map.keys = keys;
	named.v.map.values = values;
	named.v.map.n = tag->n_named;
	gsize offset = r->out->text->len;
	r->at = node->at;
	tag->entry->call(r, args, tag->n_args, tag->n_named > 0 ? &named : NULL, r->out->text, r->host->host);
	add_span(r, offset, node->at, FALSE);
	check_output(r);
}
