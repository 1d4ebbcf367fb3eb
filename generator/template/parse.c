/* A template's text into nodes: text, outputs and tags, blocks matched, whitespace trimmed. */
#include "liquid.h"

StetPlace liquid_place(const StetTemplate *t, guint32 at)
{
	guint low = 0, high = t->n_lines;
	while (high - low > 1) {
		guint middle = low + (high - low) / 2;
		if (t->lines[middle] <= at)
			low = middle;
		else
			high = middle;
	}
	return (StetPlace){t->file, t->first_line + low, at - t->lines[low] + 1};
}

static void index_lines(StetTemplate *t)
{
	guint n = 1;
	for (gsize i = 0; i < t->text.len; i++)
		n += t->text.ptr[i] == '\n';
	t->lines = stet_arena_alloc(t->arena, sizeof *t->lines * n);
	t->n_lines = 1;
	for (gsize i = 0; i < t->text.len; i++)
		if (t->text.ptr[i] == '\n')
			t->lines[t->n_lines++] = (guint32)(i + 1);
}

gpointer node_new(Parser *p, gsize size, NodeRender render, gboolean blank)
{
	Node *node = stet_arena_alloc(p->t->arena, size);
	node->render = render;
	node->at = p->tag_at;
	node->blank = blank;
	return node;
}

void body_add(Body *body, gpointer added)
{
	Node *node = added;
	if (body->last)
		body->last->next = node;
	else
		body->first = node;
	body->last = node;
	body->blank = body->blank && node->blank;
}

/* A block that prints nothing but whitespace prints nothing at all. */
void body_drop_blank(Body *body)
{
	Node **link = &body->first;
	body->last = NULL;
	while (*link) {
		if ((*link)->render == render_text_node) {
			*link = (*link)->next;
		} else {
			body->last = *link;
			link = &(*link)->next;
		}
	}
}

/* What String#strip of the reference takes for blank. */
static gboolean is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static void trim_before(Parser *p)
{
	if (!p->before)
		return;
	StetText *text = &p->before->text;
	while (text->len > 0 && is_blank(text->ptr[text->len - 1]))
		text->len--;
}

static void add_text(Parser *p, Body *body, gsize from, gsize to)
{
	if (p->trim)
		while (from < to && is_blank(p->text[from]))
			from++;
	p->trim = FALSE;
	p->before = NULL;
	if (from == to)
		return;
	gboolean blank = TRUE;
	for (gsize i = from; i < to && blank; i++)
		blank = is_blank(p->text[i]);
	p->tag_at = (guint32)from;
	TextNode *node = node_new(p, sizeof *node, render_text_node, blank);
	node->text = (StetText){p->text + from, to - from};
	body_add(body, &node->node);
	p->before = node;
}

/* Sets the markup of the tag or output that spans from..to, dashes and all. */
static void enter_tag(Parser *p, gsize from, gsize to)
{
	p->tag_at = (guint32)from;
	p->failed = FALSE;
	p->p = p->text + from + 2;
	p->end = p->text + to - 2;
	if (p->p < p->end && *p->p == '-') {
		trim_before(p);
		p->p++;
	}
	p->tag_trims = p->p < p->end && p->end[-1] == '-';
	if (p->tag_trims)
		p->end--;
	p->trim = p->tag_trims;
	p->before = NULL;
	p->pos = to;
}

static void add_output(Parser *p, Body *body, gsize from, gsize to)
{
	enter_tag(p, from, to);
	parser_next(p);
	OutputNode *node = node_new(p, sizeof *node, render_output_node, FALSE);
	node->piped = parser_piped(p);
	body_add(body, &node->node);
}

/* Reads the tag's name; '#' is the name of a comment. */
static void read_tag_name(Parser *p)
{
	while (p->p < p->end && (g_ascii_isspace(*p->p) || *p->p == '\v'))
		p->p++;
	const char *start = p->p;
	if (p->p < p->end && *p->p == '#')
		p->p++;
	else
		while (p->p < p->end && (g_ascii_isalnum(*p->p) || *p->p == '_'))
			p->p++;
	p->tag = (StetText){start, (gsize)(p->p - start)};
	p->token.at = (guint32)(start - p->text);
}

/* ---- the scanner --------------------------------------------------------------------------- */

typedef enum { ITEM_END, ITEM_DONE, ITEM_TAG } Item;

static gboolean at_opening(const Parser *p, gsize i)
{
	return p->text[i] == '{' && i + 1 < p->limit && (p->text[i + 1] == '{' || p->text[i + 1] == '%');
}

/* The offset just after the closing pair, or 0. */
static gsize find_close(const Parser *p, gsize from, const char *pair)
{
	const char *at = from < p->limit ? memmem(p->text + from, p->limit - from, pair, 2) : NULL;
	return at ? (gsize)(at - p->text) + 2 : 0;
}

static Item next_in_text(Parser *p, Body *body)
{
	gsize from = p->pos, i = from;
	while (i < p->limit && !at_opening(p, i)) {
		const char *brace = memchr(p->text + i + 1, '{', p->limit - i - 1);
		i = brace ? (gsize)(brace - p->text) : p->limit;
	}
	if (i > from) {
		add_text(p, body, from, i);
		p->pos = i;
		return ITEM_DONE;
	}
	if (i >= p->limit)
		return ITEM_END;
	gboolean output = p->text[i + 1] == '{';
	gsize close = find_close(p, i + 2, output ? "}}" : "%}");
	if (close == 0) {
		p->failed = FALSE;
		parser_fail(p, (guint32)i, "liquid-unclosed", NULL, "'%s' is not closed: '%s' is missing",
					output ? "{{" : "{%", output ? "}}" : "%}");
		p->pos = p->limit;
		return ITEM_END;
	}
	if (output) {
		add_output(p, body, i, close);
		return ITEM_DONE;
	}
	enter_tag(p, i, close);
	read_tag_name(p);
	return ITEM_TAG;
}

/* Inside {% liquid %} each line is a tag. */
static Item next_in_lines(Parser *p)
{
	while (p->pos < p->limit) {
		const char *start = p->text + p->pos;
		const char *newline = memchr(start, '\n', p->limit - p->pos);
		gsize end = newline ? (gsize)(newline - p->text) : p->limit;
		p->pos = newline ? end + 1 : end;
		p->p = start;
		p->end = p->text + end;
		while (p->p < p->end && (g_ascii_isspace(*p->p) || *p->p == '\v'))
			p->p++;
		if (p->p == p->end)
			continue;
		p->failed = FALSE;
		p->tag_at = (guint32)(p->p - p->text);
		read_tag_name(p);
		return ITEM_TAG;
	}
	return ITEM_END;
}

/* ---- blocks -------------------------------------------------------------------------------- */

static gboolean is_divider(const Open *open, StetText tag)
{
	for (gsize i = 0; open->dividers && open->dividers[i]; i++)
		if (stet_text_equal(tag, open->dividers[i]))
			return TRUE;
	return FALSE;
}

static gboolean is_end_of(const Open *open, StetText tag)
{
	return tag.len > 3 && memcmp(tag.ptr, "end", 3) == 0 &&
		   stet_text_equal((StetText){tag.ptr + 3, tag.len - 3}, open->name);
}

static void fail_unclosed(Parser *p, const Open *open)
{
	StetPlace place = liquid_place(p->t, open->at);
	p->failed = FALSE;
	g_autofree char *mend = g_strdup_printf("add {%% end%s %%}", open->name);
	parser_fail(p, open->at, "liquid-unclosed", mend, "the '%s' opened at line %u is not closed", open->name,
				place.line);
}

static gboolean belongs_to_outer(const Parser *p)
{
	for (const Open *open = p->open ? p->open->outer : NULL; open; open = open->outer)
		if (is_end_of(open, p->tag))
			return TRUE;
	return FALSE;
}

static void fail_unknown_tag(Parser *p)
{
	g_autofree char *name = g_strndup(p->tag.ptr, MIN(p->tag.len, 40));
	p->failed = FALSE;
	if (p->tag.len == 0) {
		parser_fail(p, p->tag_at, "liquid-syntax", NULL, "tag without a name");
		return;
	}
	static const char *const parts[] = {"else", "elsif", "when", NULL};
	gboolean part = g_strv_contains(parts, name);
	if (part || g_str_has_prefix(name, "end")) {
		g_autofree char *inside = p->open ? g_strdup_printf(" inside '%s'", p->open->name) : NULL;
		parser_fail(p, p->tag_at, "liquid-tag", NULL, "'%s' does not belong here%s", name,
					inside ? inside : ": no block is open");
		return;
	}
	g_autoptr(GPtrArray) known = g_ptr_array_new();
	for (gsize i = 0; liquid_tags[i].name; i++)
		g_ptr_array_add(known, (gpointer)liquid_tags[i].name);
	for (const StetTagEntry *entry = p->tags; entry && entry->name; entry++)
		g_ptr_array_add(known, (gpointer)entry->name);
	g_ptr_array_add(known, NULL);
	const char *nearest = stet_nearest(name, (const char *const *)known->pdata);
	g_autofree char *mend = nearest ? g_strdup_printf("did you mean '%s'?", nearest) : NULL;
	parser_fail(p, p->tag_at, "liquid-tag", mend, "unknown tag '%s'", name);
}

static void add_host_tag(Parser *p, Body *body, const StetTagEntry *entry)
{
	HostNode *node = node_new(p, sizeof *node, render_host_tag, FALSE);
	node->entry = entry;
	parser_next(p);
	if (p->token.kind != TOKEN_END) {
		Arguments arguments = parser_arguments(p, entry->words, FALSE);
		node->args = arguments.args;
		node->n_args = arguments.n_args;
		node->named = arguments.named;
		node->n_named = arguments.n_named;
		parser_finish(p);
	}
	if (!p->failed && (node->n_args < entry->min_args || node->n_args > entry->max_args))
		parser_fail(p, p->tag_at, "liquid-arguments", NULL, "'%s' takes %u to %u arguments, not %u",
					entry->name, entry->min_args, entry->max_args, node->n_args);
	body_add(body, &node->node);
}

static void add_tag(Parser *p, Body *body)
{
	for (const StetTagEntry *entry = p->tags; entry && entry->name; entry++) {
		if (stet_text_equal(p->tag, entry->name)) {
			add_host_tag(p, body, entry);
			return;
		}
	}
	for (gsize i = 0; liquid_tags[i].name; i++) {
		if (stet_text_equal(p->tag, liquid_tags[i].name)) {
			liquid_tags[i].parse(p, body);
			return;
		}
	}
	fail_unknown_tag(p);
}

/* What a tag means to the block being parsed; STOP_* or -1 to go on. */
static int close_or_add(Parser *p, Open *open, Body *body, gsize before)
{
	if (open && is_divider(open, p->tag))
		return STOP_DIVIDER;
	if (open && is_end_of(open, p->tag))
		return STOP_END;
	if (open && belongs_to_outer(p)) {
		fail_unclosed(p, open);
		p->pos = before;
		return STOP_LOST;
	}
	add_tag(p, body);
	return -1;
}

Stop parser_body(Parser *p, Open *open, Body *body)
{
	*body = (Body){NULL, NULL, TRUE};
	if (open) {
		if (p->depth >= LIQUID_NESTING_MAX) {
			p->failed = FALSE;
			parser_fail(p, open->at, "liquid-nesting", NULL, "blocks nested more than %d deep",
						LIQUID_NESTING_MAX);
			p->pos = p->limit;
			return STOP_LOST;
		}
		open->outer = p->open;
		p->open = open;
		p->depth++;
	}
	int stop = -1;
	while (stop < 0) {
		gsize before = p->pos;
		Item item = p->lines ? next_in_lines(p) : next_in_text(p, body);
		if (item == ITEM_TAG)
			stop = close_or_add(p, open, body, before);
		else if (item == ITEM_END)
			break;
	}
	if (open) {
		p->open = open->outer;
		p->depth--;
		if (stop < 0) {
			fail_unclosed(p, open);
			stop = STOP_LOST;
		}
	}
	if (stop == STOP_END || stop == STOP_DIVIDER)
		p->before = NULL;
	return stop < 0 ? STOP_END : (Stop)stop;
}

/* {% endNAME %} from `from` on; its start and end. */
static gboolean find_end_tag(const Parser *p, gsize from, const char *name, gsize *start, gsize *end)
{
	g_autofree char *word = g_strconcat("end", name, NULL);
	gsize n = strlen(word);
	for (gsize i = from; i < p->limit;) {
		const char *at = memmem(p->text + i, p->limit - i, "{%", 2);
		if (!at)
			return FALSE;
		gsize j = (gsize)(at - p->text) + 2;
		i = j;
		if (j < p->limit && p->text[j] == '-')
			j++;
		while (j < p->limit && g_ascii_isspace(p->text[j]))
			j++;
		if (j + n > p->limit || memcmp(p->text + j, word, n) != 0)
			continue;
		gsize close = find_close(p, j + n, "%}");
		if (close == 0 || g_ascii_isalnum(p->text[j + n]))
			continue;
		*start = i - 2;
		*end = close;
		return TRUE;
	}
	return FALSE;
}

gboolean parser_raw(Parser *p, const char *name, StetText *inside)
{
	gsize from = p->pos, start, end;
	guint32 at = p->tag_at;
	if (p->lines || !find_end_tag(p, from, name, &start, &end)) {
		Open open = {NULL, name, NULL, at};
		fail_unclosed(p, &open);
		p->pos = p->limit;
		return FALSE;
	}
	*inside = (StetText){p->text + from, start - from};
	p->pos = end;
	p->trim = p->text[end - 3] == '-';
	p->before = NULL;
	return TRUE;
}

/* ---- public -------------------------------------------------------------------------------- */

StetTemplate *stet_template_parse(const char *file, guint first_line, StetText text, const StetTagEntry *tags,
								  StetDiagnostics *diags)
{
	if (text.len > LIQUID_TEXT_MAX) {
		stet_diagnose(diags, STET_ERROR, "liquid-size", (StetPlace){file, first_line, 1}, NULL,
					  "template of more than %" G_GSIZE_FORMAT " bytes", LIQUID_TEXT_MAX);
		return NULL;
	}
	StetArena *arena = stet_arena_new();
	StetTemplate *t = stet_arena_alloc(arena, sizeof *t);
	t->arena = arena;
	t->file = stet_arena_text(arena, file, -1);
	t->first_line = first_line;
	t->text = (StetText){stet_arena_text(arena, text.ptr, (gssize)text.len), text.len};
	index_lines(t);
	Parser parser = {.t = t, .diags = diags, .tags = tags, .text = t->text.ptr, .limit = text.len};
	parser_body(&parser, NULL, &t->body);
	if (parser.any_failed) {
		stet_template_free(t);
		return NULL;
	}
	return t;
}

void stet_template_free(StetTemplate *t)
{
	if (t)
		stet_arena_free(t->arena);
}
