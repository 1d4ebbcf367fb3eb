/* The tags of the language, as they are parsed. */
#include "liquid.h"

/* ---- plain tags ---------------------------------------------------------------------------- */

static void parse_assign(Parser *p, Body *body)
{
	AssignNode *node = node_new(p, sizeof *node, render_assign, TRUE);
	parser_next(p);
	node->name = parser_name(p, "a variable's name");
	if (!p->failed && parser_expect(p, TOKEN_ASSIGN, "'='"))
		node->piped = parser_piped(p);
	body_add(body, node);
}

static void parse_echo(Parser *p, Body *body)
{
	OutputNode *node = node_new(p, sizeof *node, render_output_node, FALSE);
	parser_next(p);
	node->piped = parser_piped(p);
	body_add(body, node);
}

static void parse_counter(Parser *p, Body *body)
{
	CounterNode *node = node_new(p, sizeof *node, render_counter, FALSE);
	node->step = *p->tag.ptr == 'i' ? 1 : -1;
	parser_next(p);
	node->name = parser_name(p, "a counter's name");
	if (!p->failed)
		parser_finish(p);
	body_add(body, node);
}

static void parse_interrupt(Parser *p, Body *body)
{
	InterruptNode *node = node_new(p, sizeof *node, render_interrupt, FALSE);
	node->leave = *p->tag.ptr == 'b';
	parser_next(p);
	parser_finish(p);
	body_add(body, node);
}

static void parse_hash(Parser *p, Body *body)
{
	for (const char *c = p->p; c < p->end; c++) {
		if (*c != '\n')
			continue;
		while (c + 1 < p->end && g_ascii_isspace(c[1]))
			c++;
		if (c + 1 < p->end && c[1] != '#') {
			parser_fail(p, (guint32)(c + 1 - p->text), "liquid-syntax", "begin each line with '#'",
						"a line of this comment does not begin with '#'");
			break;
		}
	}
	body_add(body, node_new(p, sizeof(Node), render_nothing, TRUE));
}

static void parse_liquid(Parser *p, Body *body)
{
	gsize pos = p->pos, limit = p->limit;
	gboolean lines = p->lines, trims = p->tag_trims;
	p->pos = (gsize)(p->p - p->text);
	p->limit = (gsize)(p->end - p->text);
	p->lines = TRUE;
	Open *open = p->open;
	p->open = NULL;
	Body inner = {NULL, NULL, TRUE};
	p->depth++;
	if (p->depth < LIQUID_NESTING_MAX)
		parser_body(p, NULL, &inner);
	else
		parser_fail(p, p->tag_at, "liquid-nesting", NULL, "blocks nested more than %d deep",
					LIQUID_NESTING_MAX);
	p->depth--;
	p->open = open;
	p->lines = lines;
	p->limit = limit;
	p->pos = pos;
	p->trim = trims;
	if (p->failed || !inner.first)
		return;
	gboolean blank = body->blank && inner.blank;
	if (body->last)
		body->last->next = inner.first;
	else
		body->first = inner.first;
	body->last = inner.last;
	body->blank = blank;
}

/* ---- texts that are not parsed ------------------------------------------------------------- */

static void parse_raw(Parser *p, Body *body)
{
	StetText inside;
	TextNode *node = node_new(p, sizeof *node, render_raw_node, FALSE);
	parser_next(p);
	parser_finish(p);
	if (!parser_raw(p, "raw", &inside))
		return;
	/* Not a text node, so that neither trimming nor blank blocks touch it. */
	node->text = inside;
	node->node.at = (guint32)(inside.ptr - p->text);
	node->node.blank = inside.len == 0;
	p->before = NULL;
	body_add(body, node);
}

static void parse_doc(Parser *p, Body *body)
{
	StetText inside;
	parser_next(p);
	parser_finish(p);
	Node *node = node_new(p, sizeof *node, render_nothing, TRUE);
	if (parser_raw(p, "doc", &inside))
		body_add(body, node);
}

/* The next tag's name, without parsing it; FALSE at the end. */
static gboolean skip_to_tag(Parser *p, StetText *name, gboolean *trims)
{
	if (p->lines) {
		const char *start = p->text + p->pos;
		if (p->pos >= p->limit)
			return FALSE;
		const char *newline = memchr(start, '\n', p->limit - p->pos);
		const char *end = newline ? newline : p->text + p->limit;
		p->pos = (gsize)(end - p->text) + (newline != NULL);
		while (start < end && g_ascii_isspace(*start))
			start++;
		const char *stop = start;
		while (stop < end && (g_ascii_isalnum(*stop) || *stop == '_'))
			stop++;
		*name = (StetText){start, (gsize)(stop - start)};
		return TRUE;
	}
	const char *limit = p->text + p->limit;
	const char *at = memmem(p->text + p->pos, p->limit - p->pos, "{%", 2);
	const char *close = at ? memmem(at + 2, (gsize)(limit - at - 2), "%}", 2) : NULL;
	if (!close)
		return FALSE;
	const char *start = at + 2;
	start += start < close && *start == '-';
	while (start < close && g_ascii_isspace(*start))
		start++;
	const char *stop = start;
	while (stop < close && (g_ascii_isalnum(*stop) || *stop == '_'))
		stop++;
	*name = (StetText){start, (gsize)(stop - start)};
	*trims = close[-1] == '-';
	p->pos = (gsize)(close - p->text) + 2;
	p->tag_at = (guint32)(at - p->text);
	return TRUE;
}

static void fail_comment(Parser *p, guint32 at)
{
	StetPlace place = liquid_place(p->t, at);
	p->pos = p->limit;
	parser_fail(p, at, "liquid-unclosed", "add {% endcomment %}",
				"the 'comment' opened at line %u is not closed", place.line);
}

/* Comments nest; raw text inside them may hold anything. */
static void parse_comment(Parser *p, Body *body)
{
	guint32 at = p->tag_at;
	Node *node = node_new(p, sizeof *node, render_nothing, TRUE);
	guint depth = 1;
	StetText name;
	gboolean trims = FALSE;
	while (depth > 0) {
		if (!skip_to_tag(p, &name, &trims)) {
			fail_comment(p, at);
			return;
		}
		StetText inside;
		if (stet_text_equal(name, "comment"))
			depth++;
		else if (stet_text_equal(name, "endcomment"))
			depth--;
		else if (stet_text_equal(name, "raw") && !p->lines && !parser_raw(p, "raw", &inside))
			return;
	}
	if (!p->lines)
		p->trim = trims;
	p->before = NULL;
	body_add(body, node);
}

/* ---- conditions ---------------------------------------------------------------------------- */

static Branch *branch_new(Parser *p)
{
	return stet_arena_alloc(p->t->arena, sizeof(Branch));
}

/* The reference takes no notice of what follows `else`; most who write `else if` mean something by it. */
static void warn_else(Parser *p)
{
	parser_next(p);
	if (p->token.kind == TOKEN_END || !stet_text_equal(p->tag, "else"))
		return;
	gboolean meant = parser_is_word(p, "if");
	stet_diagnose(p->diags, STET_WARNING, "liquid-else", liquid_place(p->t, p->token.at),
				  meant ? "write 'elsif'" : NULL, "what follows 'else' has no effect");
}

static void parse_if(Parser *p, Body *body)
{
	static const char *const dividers[] = {"elsif", "else", NULL};
	gboolean unless = *p->tag.ptr == 'u';
	IfNode *node = node_new(p, sizeof *node, render_if, FALSE);
	Open open = {NULL, unless ? "unless" : "if", dividers, p->tag_at};
	Branch **tail = &node->branches;
	gboolean blank = TRUE, conditional = TRUE;
	Stop stop = STOP_DIVIDER;
	while (stop == STOP_DIVIDER) {
		Branch *branch = branch_new(p);
		*tail = branch;
		tail = &branch->next;
		branch->negate = unless && branch == node->branches;
		if (conditional) {
			parser_next(p);
			branch->condition = parser_condition(p);
		} else {
			warn_else(p);
		}
		stop = parser_body(p, &open, &branch->body);
		blank = blank && branch->body.blank;
		conditional = stop == STOP_DIVIDER && stet_text_equal(p->tag, "elsif");
	}
	node->node.blank = blank;
	for (Branch *branch = node->branches; blank && branch; branch = branch->next)
		body_drop_blank(&branch->body);
	body_add(body, node);
}

static void parse_whens(Parser *p, Branch *branch)
{
	g_autoptr(GPtrArray) whens = g_ptr_array_new();
	parser_next(p);
	for (;;) {
		Expr *expr = parser_expression(p);
		if (!expr)
			return;
		g_ptr_array_add(whens, expr);
		if (!parser_take(p, TOKEN_COMMA) && !parser_take_word(p, "or"))
			break;
	}
	parser_finish(p);
	branch->n_whens = whens->len;
	branch->whens = stet_arena_alloc(p->t->arena, sizeof(Expr *) * whens->len);
	memcpy(branch->whens, whens->pdata, sizeof(Expr *) * whens->len);
}

static void parse_case(Parser *p, Body *body)
{
	static const char *const dividers[] = {"when", "else", NULL};
	CaseNode *node = node_new(p, sizeof *node, render_case, FALSE);
	Open open = {NULL, "case", dividers, p->tag_at};
	parser_next(p);
	node->subject = parser_expression(p);
	if (!p->failed)
		parser_finish(p);
	Branch **tail = &node->branches;
	Body before;
	Stop stop = parser_body(p, &open, &before);
	gboolean blank = before.blank;
	while (stop == STOP_DIVIDER) {
		Branch *branch = branch_new(p);
		*tail = branch;
		tail = &branch->next;
		if (stet_text_equal(p->tag, "when")) {
			parse_whens(p, branch);
		} else {
			parser_next(p);
			parser_finish(p);
		}
		stop = parser_body(p, &open, &branch->body);
		blank = blank && branch->body.blank;
	}
	node->node.blank = blank;
	for (Branch *branch = node->branches; blank && branch; branch = branch->next)
		body_drop_blank(&branch->body);
	body_add(body, node);
}

/* ---- loops --------------------------------------------------------------------------------- */

static void set_loop_option(Parser *p, LoopNode *node, const char *name, gboolean table)
{
	if (strcmp(name, "limit") == 0) {
		node->limit = parser_expression(p);
	} else if (strcmp(name, "offset") == 0) {
		node->resume = !table && parser_take_word(p, "continue");
		node->offset = node->resume ? NULL : parser_expression(p);
	} else if (table && strcmp(name, "cols") == 0) {
		node->cols = parser_expression(p);
	} else {
		parser_fail(p, p->token.at, "liquid-syntax",
					table ? "use limit, offset or cols" : "use limit, offset or reversed",
					"'%s' has no option '%s'", table ? "tablerow" : "for", name);
	}
}

static void parse_loop_head(Parser *p, LoopNode *node, gboolean table)
{
	parser_next(p);
	node->name = parser_name(p, "a variable's name");
	if (!node->name)
		return;
	if (!parser_is_word(p, "in")) {
		parser_fail(p, p->token.at, "liquid-syntax", NULL, "'in' expected after '%s'", node->name);
		return;
	}
	const char *from = p->p;
	parser_next(p);
	from = p->token.kind == TOKEN_STRING ? from : p->text + p->token.at;
	node->list = parser_expression(p);
	if (!node->list)
		return;
	const char *to = p->text + p->token.at;
	while (to > from && g_ascii_isspace(to[-1]))
		to--;
	g_autofree char *list = g_strndup(from, (gsize)(to - from));
	g_autofree char *label = g_strconcat(node->name, "-", list, NULL);
	node->label = stet_arena_text(p->t->arena, label, -1);
	while (!p->failed && p->token.kind != TOKEN_END) {
		if (parser_take(p, TOKEN_COMMA))
			continue;
		if (!table && !node->reversed && parser_take_word(p, "reversed")) {
			node->reversed = TRUE;
			continue;
		}
		const char *option = parser_name(p, "an option or the end of the tag");
		if (option && parser_expect(p, TOKEN_COLON, "':'"))
			set_loop_option(p, node, option, table);
	}
}

static void parse_for(Parser *p, Body *body)
{
	static const char *const dividers[] = {"else", NULL};
	LoopNode *node = node_new(p, sizeof *node, render_for, FALSE);
	Open open = {NULL, "for", dividers, p->tag_at};
	parse_loop_head(p, node, FALSE);
	Stop stop = parser_body(p, &open, &node->body);
	node->otherwise.blank = TRUE;
	for (gboolean second = FALSE; stop == STOP_DIVIDER; second = TRUE) {
		if (second)
			parser_fail(p, p->tag_at, "liquid-tag", "keep one of them", "a second 'else' of one 'for'");
		stop = parser_body(p, &open, &node->otherwise);
	}
	node->node.blank = node->body.blank && node->otherwise.blank;
	if (node->node.blank) {
		body_drop_blank(&node->body);
		body_drop_blank(&node->otherwise);
	}
	body_add(body, node);
}

static void parse_tablerow(Parser *p, Body *body)
{
	LoopNode *node = node_new(p, sizeof *node, render_tablerow, FALSE);
	Open open = {NULL, "tablerow", NULL, p->tag_at};
	parse_loop_head(p, node, TRUE);
	parser_body(p, &open, &node->body);
	body_add(body, node);
}

/* Two unnamed cycles are one if they are written alike and hold no variables. */
static void parse_cycle(Parser *p, Body *body)
{
	CycleNode *node = node_new(p, sizeof *node, render_cycle, FALSE);
	g_autoptr(GPtrArray) values = g_ptr_array_new();
	parser_next(p);
	const char *from = p->text + p->token.at;
	Expr *first = parser_expression(p);
	if (first && parser_take(p, TOKEN_COLON)) {
		node->group = first;
		first = parser_expression(p);
	}
	gboolean constant = TRUE;
	for (Expr *value = first; value; value = parser_expression(p)) {
		g_ptr_array_add(values, value);
		constant = constant && value->kind == EXPR_LITERAL;
		if (!parser_take(p, TOKEN_COMMA) || p->token.kind == TOKEN_END)
			break;
	}
	if (!p->failed)
		parser_finish(p);
	GString *key = g_string_new(NULL);
	for (const char *c = from; c < p->end; c++)
		if (!g_ascii_isspace(*c))
			g_string_append_c(key, *c);
	if (!constant)
		g_string_append_printf(key, "@%u", p->tag_at);
	node->key = stet_arena_text(p->t->arena, key->str, (gssize)key->len);
	g_string_free(key, TRUE);
	node->n = values->len;
	node->values = stet_arena_alloc(p->t->arena, sizeof(Expr *) * (values->len + 1));
	if (values->len > 0)
		memcpy(node->values, values->pdata, sizeof(Expr *) * values->len);
	body_add(body, node);
}

/* ---- captures and partials ----------------------------------------------------------------- */

static void parse_capture(Parser *p, Body *body)
{
	CaptureNode *node = node_new(p, sizeof *node, render_capture, TRUE);
	Open open = {NULL, "capture", NULL, p->tag_at};
	parser_next(p);
	if (p->token.kind == TOKEN_STRING) {
		node->name = parser_intern(p->token.text);
		parser_next(p);
	} else {
		node->name = parser_name(p, "a variable's name");
	}
	if (!p->failed)
		parser_finish(p);
	parser_body(p, &open, &node->body);
	body_add(body, node);
}

static void parse_ifchanged(Parser *p, Body *body)
{
	ChangedNode *node = node_new(p, sizeof *node, render_changed, FALSE);
	Open open = {NULL, "ifchanged", NULL, p->tag_at};
	parser_next(p);
	parser_finish(p);
	parser_body(p, &open, &node->body);
	node->node.blank = node->body.blank;
	body_add(body, node);
}

/* `with x`, `for x`, `as y`, then named values. */
static void parse_partial_options(Parser *p, PartialNode *node)
{
	node->each = parser_is_word(p, "for");
	if (parser_take_word(p, "with") || parser_take_word(p, "for"))
		node->with = parser_expression(p);
	if (!p->failed && parser_take_word(p, "as"))
		node->alias = parser_name(p, "a variable's name after 'as'");
	parser_take(p, TOKEN_COMMA);
	if (p->failed || p->token.kind == TOKEN_END)
		return;
	Arguments arguments = parser_arguments(p, FALSE, FALSE);
	if (!p->failed && arguments.n_args > 0)
		parser_fail(p, p->tag_at, "liquid-syntax", "name each value: NAME: value", "a value without a name");
	node->named = arguments.named;
	node->n_named = arguments.n_named;
}

/* What a partial's own value is called: the last part of its name. */
static const char *own_name(StetText name)
{
	const char *slash = memrchr(name.ptr, '/', name.len);
	const char *from = slash ? slash + 1 : name.ptr;
	return parser_intern((StetText){from, (gsize)(name.ptr + name.len - from)});
}

static void parse_partial(Parser *p, Body *body)
{
	PartialNode *node = node_new(p, sizeof *node, render_partial, FALSE);
	node->isolated = *p->tag.ptr == 'r';
	parser_next(p);
	if (node->isolated && p->token.kind != TOKEN_STRING)
		parser_fail(p, p->token.at, "liquid-syntax", "put the name in quotation marks",
					"'render' takes a partial's name as a text");
	else
		node->name = parser_expression(p);
	if (!p->failed)
		parse_partial_options(p, node);
	if (!p->failed)
		parser_finish(p);
	if (!p->failed && !node->alias && node->name->kind == EXPR_LITERAL &&
		node->name->v.literal.kind == STET_VALUE_TEXT)
		node->alias = own_name(node->name->v.literal.v.text);
	body_add(body, node);
}

static void parse_layout(Parser *p, Body *body)
{
	(void)body;
	guint32 at = p->tag_at;
	parser_next(p);
	Expr *name = parser_expression(p);
	if (!p->failed)
		parser_finish(p);
	if (p->open)
		parser_fail(p, at, "liquid-layout", "move it to the top", "'layout' inside '%s'", p->open->name);
	else if (p->t->layout)
		parser_fail(p, at, "liquid-layout", "keep one of them", "a second 'layout'; the first is at line %u",
					liquid_place(p->t, p->t->layout_at).line);
	p->t->layout = name;
	p->t->layout_at = at;
}

static void parse_block(Parser *p, Body *body)
{
	BlockNode *node = node_new(p, sizeof *node, render_block, FALSE);
	Open open = {NULL, "block", NULL, p->tag_at};
	parser_next(p);
	if (p->token.kind == TOKEN_STRING) {
		node->name = parser_intern(p->token.text);
		parser_next(p);
	} else {
		node->name = parser_name(p, "a block's name");
	}
	if (!p->failed)
		parser_finish(p);
	BlockNode **tail = &p->t->blocks;
	for (; *tail; tail = &(*tail)->sibling)
		if ((*tail)->name == node->name && node->name)
			parser_fail(p, node->node.at, "liquid-block", NULL,
						"a second block '%s'; the first is at line %u", node->name,
						liquid_place(p->t, (*tail)->node.at).line);
	*tail = node;
	parser_body(p, &open, &node->body);
	body_add(body, node);
}

const TagParser liquid_tags[] = {
	{"if", parse_if},
	{"unless", parse_if},
	{"case", parse_case},
	{"for", parse_for},
	{"tablerow", parse_tablerow},
	{"cycle", parse_cycle},
	{"assign", parse_assign},
	{"capture", parse_capture},
	{"increment", parse_counter},
	{"decrement", parse_counter},
	{"break", parse_interrupt},
	{"continue", parse_interrupt},
	{"comment", parse_comment},
	{"raw", parse_raw},
	{"doc", parse_doc},
	{"#", parse_hash},
	{"echo", parse_echo},
	{"liquid", parse_liquid},
	{"include", parse_partial},
	{"render", parse_partial},
	{"ifchanged", parse_ifchanged},
	{"layout", parse_layout},
	{"block", parse_block},
	{NULL, NULL},
};
