/* Tokens of a tag's markup, and expressions. */
#include "liquid.h"
#include <errno.h>

void parser_fail(Parser *p, guint32 at, const char *code, const char *mend, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *message = g_strdup_vprintf(format, args);
	va_end(args);
	if (!p->failed)
		stet_diagnose(p->diags, STET_ERROR, code, liquid_place(p->t, at), mend, "%s", message);
	p->failed = TRUE;
	p->any_failed = TRUE;
}

const char *parser_intern(StetText text)
{
	g_autofree char *copy = g_strndup(text.ptr, text.len);
	return g_intern_string(copy);
}

static gboolean is_name_start(char c)
{
	return g_ascii_isalpha(c) || c == '_' || (guchar)c >= 0x80;
}

static gboolean is_name_part(char c)
{
	return is_name_start(c) || g_ascii_isdigit(c) || c == '-';
}

static Token token_of(Parser *p, TokenKind kind, gsize length)
{
	Token token = {kind, {p->p, length}, (guint32)(p->p - p->text)};
	p->p += length;
	return token;
}

static Token lex_name(Parser *p)
{
	gsize n = 1;
	while (p->p + n < p->end && is_name_part(p->p[n]))
		n++;
	if (p->p + n < p->end && p->p[n] == '?')
		n++;
	/* `contains` is an operator only where a blank follows. */
	gboolean contains =
		n == 8 && memcmp(p->p, "contains", 8) == 0 && p->p + n < p->end && g_ascii_isspace(p->p[n]);
	return token_of(p, contains ? TOKEN_COMPARE : TOKEN_NAME, n);
}

static Token lex_string(Parser *p)
{
	const char *close = memchr(p->p + 1, *p->p, (gsize)(p->end - p->p - 1));
	if (!close)
		return token_of(p, TOKEN_BAD, (gsize)(p->end - p->p));
	Token token = {TOKEN_STRING, {p->p + 1, (gsize)(close - p->p - 1)}, (guint32)(p->p - p->text)};
	p->p = close + 1;
	return token;
}

static Token lex_number(Parser *p)
{
	gsize n = 1, left = (gsize)(p->end - p->p);
	while (n < left && g_ascii_isdigit(p->p[n]))
		n++;
	if (n + 1 < left && p->p[n] == '.' && g_ascii_isdigit(p->p[n + 1])) {
		n++;
		while (n < left && g_ascii_isdigit(p->p[n]))
			n++;
	}
	return token_of(p, TOKEN_NUMBER, n);
}

static Token lex_sign(Parser *p)
{
	static const struct {
		char text[3];
		TokenKind kind;
	} signs[] = {
		{"==", TOKEN_COMPARE},    {"!=", TOKEN_COMPARE},     {"<>", TOKEN_COMPARE},
		{"<=", TOKEN_COMPARE},    {">=", TOKEN_COMPARE},     {"<", TOKEN_COMPARE},
		{">", TOKEN_COMPARE},     {"..", TOKEN_DOTDOT},      {"|", TOKEN_PIPE},
		{".", TOKEN_DOT},         {":", TOKEN_COLON},        {",", TOKEN_COMMA},
		{"[", TOKEN_OPEN_SQUARE}, {"]", TOKEN_CLOSE_SQUARE}, {"(", TOKEN_OPEN_ROUND},
		{")", TOKEN_CLOSE_ROUND}, {"=", TOKEN_ASSIGN},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
		gsize n = strlen(signs[i].text);
		if ((gsize)(p->end - p->p) >= n && memcmp(p->p, signs[i].text, n) == 0)
			return token_of(p, signs[i].kind, n);
	}
	return token_of(p, TOKEN_BAD, 1);
}

void parser_next(Parser *p)
{
	while (p->p < p->end && (g_ascii_isspace(*p->p) || *p->p == '\v'))
		p->p++;
	if (p->p >= p->end) {
		p->token = (Token){TOKEN_END, {p->p, 0}, (guint32)(p->end - p->text)};
		return;
	}
	char c = *p->p;
	gboolean minus = c == '-' && p->p + 1 < p->end && g_ascii_isdigit(p->p[1]);
	if (g_ascii_isdigit(c) || minus)
		p->token = lex_number(p);
	else if (is_name_start(c))
		p->token = lex_name(p);
	else if (c == '"' || c == '\'')
		p->token = lex_string(p);
	else
		p->token = lex_sign(p);
}

gboolean parser_is_word(const Parser *p, const char *word)
{
	return p->token.kind == TOKEN_NAME && stet_text_equal(p->token.text, word);
}

gboolean parser_take_word(Parser *p, const char *word)
{
	if (!parser_is_word(p, word))
		return FALSE;
	parser_next(p);
	return TRUE;
}

gboolean parser_take(Parser *p, TokenKind kind)
{
	if (p->token.kind != kind)
		return FALSE;
	parser_next(p);
	return TRUE;
}

/* "found '...'" for messages, or the end of the tag. */
static void fail_expected(Parser *p, const char *what)
{
	if (p->token.kind == TOKEN_END)
		parser_fail(p, p->token.at, "liquid-syntax", NULL, "%s expected before the end of the tag", what);
	else if (p->token.kind == TOKEN_BAD && (*p->token.text.ptr == '"' || *p->token.text.ptr == '\''))
		parser_fail(p, p->token.at, "liquid-syntax", "close it with the same quotation mark",
					"unclosed text: %.*s", (int)MIN(p->token.text.len, 40), p->token.text.ptr);
	else
		parser_fail(p, p->token.at, "liquid-syntax", NULL, "%s expected, found '%.*s'", what,
					(int)MIN(p->token.text.len, 40), p->token.text.ptr);
}

gboolean parser_expect(Parser *p, TokenKind kind, const char *what)
{
	if (parser_take(p, kind))
		return TRUE;
	fail_expected(p, what);
	return FALSE;
}

void parser_finish(Parser *p)
{
	if (p->token.kind != TOKEN_END)
		fail_expected(p, "the end of the tag");
}

const char *parser_name(Parser *p, const char *what)
{
	if (p->token.kind != TOKEN_NAME) {
		fail_expected(p, what);
		return NULL;
	}
	const char *name = parser_intern(p->token.text);
	parser_next(p);
	return name;
}

/* ---- expressions --------------------------------------------------------------------------- */

static Expr *expr_new(Parser *p, ExprKind kind)
{
	Expr *expr = stet_arena_alloc(p->t->arena, sizeof *expr);
	expr->kind = kind;
	expr->at = p->token.at;
	expr->v.literal = kind == EXPR_LITERAL ? stet_value_nil() : expr->v.literal;
	return expr;
}

static Expr *parse_number(Parser *p)
{
	Expr *expr = expr_new(p, EXPR_LITERAL);
	g_autofree char *text = g_strndup(p->token.text.ptr, p->token.text.len);
	char *end = NULL;
	if (strchr(text, '.')) {
		expr->v.literal = stet_value_float(text_to_double(text));
	} else {
		errno = 0;
		gint64 integer = g_ascii_strtoll(text, &end, 10);
		if (errno == ERANGE) {
			parser_fail(p, p->token.at, "liquid-number", NULL, "number too large: %s", text);
			return NULL;
		}
		expr->v.literal = stet_value_int(integer);
	}
	parser_next(p);
	return expr;
}

static gboolean literal_of(StetText word, StetValue *value)
{
	static const struct {
		const char *word;
		StetValueKind kind;
		gboolean boolean;
	} literals[] = {
		{"nil", STET_VALUE_NIL, FALSE},     {"null", STET_VALUE_NIL, FALSE},
		{"true", STET_VALUE_BOOL, TRUE},    {"false", STET_VALUE_BOOL, FALSE},
		{"blank", STET_VALUE_BLANK, FALSE}, {"empty", STET_VALUE_EMPTY, FALSE},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(literals); i++) {
		if (stet_text_equal(word, literals[i].word)) {
			*value = stet_value_nil();
			value->kind = literals[i].kind;
			value->v.boolean = literals[i].boolean;
			return TRUE;
		}
	}
	return FALSE;
}

static Command command_of(StetText name)
{
	return stet_text_equal(name, "size")    ? COMMAND_SIZE
		   : stet_text_equal(name, "first") ? COMMAND_FIRST
		   : stet_text_equal(name, "last")  ? COMMAND_LAST
											: COMMAND_NONE;
}

static Expr *bracketed(Parser *p)
{
	if (p->brackets >= LIQUID_NESTING_MAX) {
		parser_fail(p, p->token.at, "liquid-nesting", NULL, "brackets nested more than %d deep",
					LIQUID_NESTING_MAX);
		return NULL;
	}
	parser_next(p);
	p->brackets++;
	Expr *index = parser_expression(p);
	p->brackets--;
	if (!index || !parser_expect(p, TOKEN_CLOSE_SQUARE, "']'"))
		return NULL;
	return index;
}

/* The steps after a name; FALSE after a complaint. */
static gboolean parse_steps(Parser *p, Expr *path)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(Step));
	for (;;) {
		Step step = {0};
		if (p->token.kind == TOKEN_OPEN_SQUARE) {
			step.index = bracketed(p);
			if (!step.index)
				return FALSE;
		} else if (parser_take(p, TOKEN_DOT)) {
			if (p->token.kind != TOKEN_NAME &&
				!(p->token.kind == TOKEN_COMPARE && *p->token.text.ptr == 'c')) {
				fail_expected(p, "a property's name after '.'");
				return FALSE;
			}
			step.name = value_text_of(p->token.text);
			step.command = command_of(p->token.text);
			parser_next(p);
		} else {
			break;
		}
		g_array_append_val(steps, step);
	}
	path->v.path.n = steps->len;
	path->v.path.steps = stet_arena_alloc(p->t->arena, sizeof(Step) * (steps->len + 1));
	if (steps->len > 0)
		memcpy(path->v.path.steps, steps->data, sizeof(Step) * steps->len);
	return TRUE;
}

static Expr *parse_path(Parser *p)
{
	Token token = p->token;
	Expr *path = expr_new(p, EXPR_PATH);
	if (token.kind == TOKEN_OPEN_SQUARE) {
		path->v.path.dynamic = bracketed(p);
		if (!path->v.path.dynamic)
			return NULL;
	} else {
		parser_next(p);
	}
	if (!parse_steps(p, path))
		return NULL;
	StetValue literal;
	if (token.kind == TOKEN_NAME && path->v.path.n == 0 && literal_of(token.text, &literal)) {
		path->kind = EXPR_LITERAL;
		path->v.literal = literal;
	} else if (token.kind == TOKEN_NAME) {
		path->v.path.name = parser_intern(token.text);
	}
	return path;
}

static Expr *parse_range(Parser *p)
{
	Expr *range = expr_new(p, EXPR_RANGE);
	if (p->brackets >= LIQUID_NESTING_MAX) {
		parser_fail(p, p->token.at, "liquid-nesting", NULL, "brackets nested more than %d deep",
					LIQUID_NESTING_MAX);
		return NULL;
	}
	parser_next(p);
	p->brackets++;
	range->v.range.first = parser_expression(p);
	gboolean good = range->v.range.first && parser_expect(p, TOKEN_DOTDOT, "'..'");
	if (good)
		range->v.range.last = parser_expression(p);
	p->brackets--;
	return good && range->v.range.last && parser_expect(p, TOKEN_CLOSE_ROUND, "')'") ? range : NULL;
}

Expr *parser_expression(Parser *p)
{
	switch (p->token.kind) {
	case TOKEN_NAME:
	case TOKEN_OPEN_SQUARE:
		return parse_path(p);
	case TOKEN_NUMBER:
		return parse_number(p);
	case TOKEN_OPEN_ROUND:
		return parse_range(p);
	case TOKEN_STRING: {
		Expr *expr = expr_new(p, EXPR_LITERAL);
		expr->v.literal = value_text_of(p->token.text);
		parser_next(p);
		return expr;
	}
	default:
		fail_expected(p, "a value");
		return NULL;
	}
}

/* ---- filters and arguments ----------------------------------------------------------------- */

/* TRUE if the token after the present one is a colon. */
static gboolean colon_follows(const Parser *p)
{
	const char *q = p->p;
	while (q < p->end && g_ascii_isspace(*q))
		q++;
	return q < p->end && *q == ':';
}

static Expr *word_literal(Parser *p)
{
	Expr *expr = expr_new(p, EXPR_LITERAL);
	expr->v.literal = value_text_of(p->token.text);
	parser_next(p);
	return expr;
}

Arguments parser_arguments(Parser *p, gboolean words, gboolean commas)
{
	Expr *args[LIQUID_ARGS_MAX];
	NamedExpr named[LIQUID_ARGS_MAX];
	guint n_args = 0, n_named = 0;
	for (;;) {
		if (n_args == LIQUID_ARGS_MAX || n_named == LIQUID_ARGS_MAX) {
			parser_fail(p, p->token.at, "liquid-syntax", NULL, "more than %d arguments", LIQUID_ARGS_MAX);
			break;
		}
		if (p->token.kind == TOKEN_NAME && colon_follows(p)) {
			NamedExpr pair = {parser_name(p, "a name"), NULL};
			parser_next(p);
			pair.value = parser_expression(p);
			named[n_named++] = pair;
		} else {
			gboolean word = words && p->token.kind == TOKEN_NAME;
			args[n_args++] = word ? word_literal(p) : parser_expression(p);
		}
		gboolean comma = parser_take(p, TOKEN_COMMA);
		gboolean ended = p->token.kind == TOKEN_END && !(comma && commas);
		if (p->failed || ended || (!comma && commas))
			break;
	}
	Arguments out = {NULL, n_args, NULL, n_named};
	out.args = stet_arena_alloc(p->t->arena, sizeof *out.args * (n_args + 1));
	out.named = stet_arena_alloc(p->t->arena, sizeof *out.named * (n_named + 1));
	memcpy(out.args, args, sizeof *args * n_args);
	memcpy(out.named, named, sizeof *named * n_named);
	return out;
}

static FilterCall *parse_filter(Parser *p)
{
	FilterCall *call = stet_arena_alloc(p->t->arena, sizeof *call);
	call->at = p->token.at;
	call->name = parser_name(p, "a filter's name after '|'");
	if (!call->name)
		return NULL;
	call->standard = standard_filter(call->name);
	if (parser_take(p, TOKEN_COLON)) {
		Arguments arguments = parser_arguments(p, FALSE, TRUE);
		call->args = arguments.args;
		call->n_args = (guint8)arguments.n_args;
		call->named = arguments.named;
		call->n_named = (guint8)arguments.n_named;
	}
	return call;
}

Piped parser_piped(Parser *p)
{
	Piped piped = {0};
	if (p->token.kind == TOKEN_END)
		return piped;
	piped.value = parser_expression(p);
	FilterCall **tail = &piped.filters;
	while (!p->failed && parser_take(p, TOKEN_PIPE)) {
		*tail = parse_filter(p);
		if (!*tail)
			break;
		tail = &(*tail)->next;
	}
	if (!p->failed)
		parser_finish(p);
	piped.tolerant = piped.filters && strcmp(piped.filters->name, "default") == 0;
	return piped;
}

/* ---- conditions ---------------------------------------------------------------------------- */

static Operator operator_of(StetText sign)
{
	static const struct {
		const char *sign;
		Operator op;
	} operators[] = {
		{"==", OP_EQ}, {"!=", OP_NE}, {"<>", OP_NE}, {"<", OP_LT},
		{"<=", OP_LE}, {">", OP_GT},  {">=", OP_GE}, {"contains", OP_CONTAINS},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(operators); i++)
		if (stet_text_equal(sign, operators[i].sign))
			return operators[i].op;
	return OP_NONE;
}

Condition *parser_condition(Parser *p)
{
	Condition *first = NULL, **tail = &first;
	for (;;) {
		Condition *condition = stet_arena_alloc(p->t->arena, sizeof *condition);
		*tail = condition;
		tail = &condition->next;
		condition->left = parser_expression(p);
		if (!p->failed && p->token.kind == TOKEN_COMPARE) {
			condition->op = operator_of(p->token.text);
			parser_next(p);
			condition->right = parser_expression(p);
		}
		if (p->failed)
			return first;
		condition->join = parser_take_word(p, "and")  ? JOIN_AND
						  : parser_take_word(p, "or") ? JOIN_OR
													  : JOIN_END;
		if (condition->join == JOIN_END)
			break;
	}
	if (p->token.kind == TOKEN_ASSIGN)
		parser_fail(p, p->token.at, "liquid-syntax", "write '==' to compare", "'=' is no comparison");
	else
		parser_finish(p);
	return first;
}
