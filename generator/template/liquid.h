/* The parts of the template stage: expressions and nodes as parsed, the state of a render.
 *
 * A template's parse lives in one arena. Names of variables are interned (g_intern_string), so that
 * scopes compare pointers. Nodes remember a byte offset; lines and columns are found when asked for. */
#ifndef STET_LIQUID_H
#define STET_LIQUID_H

#include "stet/template.h"
#include <string.h>

#define LIQUID_NESTING_MAX 100      /* blocks in blocks, brackets in brackets */
#define LIQUID_PARTIAL_MAX 100      /* includes in includes */
#define LIQUID_RENDER_DEPTH_MAX 600 /* blocks and includes together */
#define LIQUID_ARGS_MAX 16          /* of one filter or tag */
#define LIQUID_RANGE_MAX 1000000    /* items of a range written out as a list */
#define LIQUID_TEXT_MAX ((gsize)64 * 1024 * 1024)

/* ---- expressions --------------------------------------------------------------------------- */

typedef struct Expr Expr;

typedef enum { COMMAND_NONE, COMMAND_SIZE, COMMAND_FIRST, COMMAND_LAST } Command;

/* One step of a path: `.name` or `[index]`. */
typedef struct {
	StetValue name;  /* a text */
	Expr *index;     /* NULL for `.name` */
	Command command; /* what `.name` means on lists and texts */
} Step;

typedef enum { EXPR_LITERAL, EXPR_PATH, EXPR_RANGE } ExprKind;

struct Expr {
	ExprKind kind;
	guint32 at;
	union {
		StetValue literal;
		struct {
			const char *name;
			Expr *dynamic;
			Step *steps;
			guint n;
		} path; /* `dynamic` for [name] */
		struct {
			Expr *first, *last;
		} range;
	} v;
};

typedef struct {
	const char *name;
	Expr *value;
} NamedExpr;

typedef struct FilterCall FilterCall;
typedef struct StandardFilter StandardFilter;
struct FilterCall {
	FilterCall *next;
	const char *name;               /* interned */
	const StandardFilter *standard; /* NULL: only a host can know it */
	Expr **args;
	NamedExpr *named;
	guint32 at;
	guint8 n_args, n_named;
};

/* An expression with its filters, as in {{ }} and assign. */
typedef struct {
	Expr *value; /* NULL: empty output */
	FilterCall *filters;
	gboolean tolerant; /* `default` comes first: the variable may be undefined */
} Piped;

typedef enum { OP_NONE, OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_CONTAINS } Operator;
typedef enum { JOIN_END, JOIN_AND, JOIN_OR } Join;

/* A chain: `a and b or c` is a and (b or c). */
typedef struct Condition Condition;
struct Condition {
	Expr *left, *right;
	Operator op;
	Join join;
	Condition *next;
};

/* ---- nodes --------------------------------------------------------------------------------- */

typedef struct Node Node;
typedef void (*NodeRender)(StetRender *render, const Node *node);

struct Node {
	NodeRender render;
	Node *next;
	guint32 at;     /* byte offset in the template's text */
	gboolean blank; /* prints nothing: whitespace, assign, comment... */
};

typedef struct {
	Node *first, *last;
	gboolean blank;
} Body;

typedef struct {
	Node node;
	StetText text;
} TextNode;
typedef struct {
	Node node;
	Piped piped;
} OutputNode;
typedef struct {
	Node node;
	const char *name;
	Piped piped;
} AssignNode;
typedef struct {
	Node node;
	const char *name;
	Body body;
} CaptureNode;
typedef struct {
	Node node;
	const char *name;
	gint64 step;
} CounterNode;
typedef struct {
	Node node;
	gboolean leave;
} InterruptNode;
typedef struct {
	Node node;
	Body body;
} ChangedNode;

typedef struct Branch Branch;
struct Branch {
	Branch *next;
	Condition *condition; /* NULL: else */
	gboolean negate;      /* unless */
	Expr **whens;         /* of case */
	guint n_whens;
	Body body;
};
typedef struct {
	Node node;
	Branch *branches;
} IfNode;
typedef struct {
	Node node;
	Expr *subject;
	Branch *branches;
} CaseNode;

typedef struct {
	Node node;
	const char *name;  /* loop variable */
	const char *label; /* "item-collection": forloop.name, key of offset:continue */
	Expr *list, *limit, *offset, *cols;
	gboolean reversed, resume;
	Body body, otherwise;
} LoopNode;

typedef struct {
	Node node;
	Expr *group;     /* NULL: unnamed */
	const char *key; /* of an unnamed cycle: its text */
	Expr **values;
	guint n;
} CycleNode;

typedef struct {
	Node node;
	gboolean isolated; /* render, not include */
	gboolean each;     /* for, not with */
	Expr *name, *with;
	const char *alias;
	NamedExpr *named;
	guint n_named;
} PartialNode;

typedef struct BlockNode BlockNode;
struct BlockNode {
	Node node;
	const char *name;
	BlockNode *sibling; /* next block of the template */
	Body body;
};

typedef struct {
	Node node;
	const StetTagEntry *entry;
	Expr **args;
	NamedExpr *named;
	guint n_args, n_named;
} HostNode;

struct StetTemplate {
	StetArena *arena;
	char *file;
	guint first_line;
	StetText text;
	guint32 *lines; /* offsets of line starts */
	guint n_lines;
	Body body;
	Expr *layout;
	guint32 layout_at;
	BlockNode *blocks; /* top to bottom */
};

StetPlace liquid_place(const StetTemplate *t, guint32 at);

/* ---- parsing ------------------------------------------------------------------------------- */

typedef enum {
	TOKEN_END,
	TOKEN_NAME,
	TOKEN_STRING,
	TOKEN_NUMBER,
	TOKEN_COMPARE,
	TOKEN_DOTDOT,
	TOKEN_PIPE,
	TOKEN_DOT,
	TOKEN_COLON,
	TOKEN_COMMA,
	TOKEN_OPEN_SQUARE,
	TOKEN_CLOSE_SQUARE,
	TOKEN_OPEN_ROUND,
	TOKEN_CLOSE_ROUND,
	TOKEN_ASSIGN,
	TOKEN_BAD
} TokenKind;

typedef struct {
	TokenKind kind;
	StetText text; /* strings without quotes */
	guint32 at;
} Token;

/* A block being parsed: which tags may end or divide it. */
typedef struct Open Open;
struct Open {
	Open *outer;
	const char *name;
	const char *const *dividers; /* "elsif", "else"; NULL-terminated, may be NULL */
	guint32 at;
};

typedef struct {
	StetTemplate *t;
	StetDiagnostics *diags;
	const StetTagEntry *tags;
	const char *text;
	gsize pos, limit; /* what is still to be scanned */
	gboolean lines;   /* inside {% liquid %} */
	gboolean trim;    /* the last tag ended with a dash */
	TextNode *before; /* text just before the tag, for a leading dash */
	Open *open;
	guint depth, brackets;
	gboolean failed; /* an error was reported in the present tag */
	gboolean any_failed;
	/* The present tag. */
	StetText tag;
	guint32 tag_at;
	gboolean tag_trims;
	const char *p, *end; /* its markup */
	Token token;
} Parser;

void parser_fail(Parser *p, guint32 at, const char *code, const char *mend, const char *format, ...)
	G_GNUC_PRINTF(5, 6);
void parser_next(Parser *p);
gboolean parser_is_word(const Parser *p, const char *word);
gboolean parser_take_word(Parser *p, const char *word);
gboolean parser_take(Parser *p, TokenKind kind);
gboolean parser_expect(Parser *p, TokenKind kind, const char *what);
/* Complains of anything left in the tag. */
void parser_finish(Parser *p);
/* NULL after a complaint. */
Expr *parser_expression(Parser *p);
Piped parser_piped(Parser *p);
Condition *parser_condition(Parser *p);
const char *parser_name(Parser *p, const char *what);
const char *parser_intern(StetText text);
/* `name: value` pairs and bare values, split by commas. */
typedef struct {
	Expr **args;
	guint n_args;
	NamedExpr *named;
	guint n_named;
} Arguments;
Arguments parser_arguments(Parser *p, gboolean words, gboolean commas);

typedef enum { STOP_END, STOP_DIVIDER, STOP_LOST } Stop;
/* Parses nodes into `body` up to the block's end or one of its dividers (then p->tag is that tag and its
 * first token is read). STOP_LOST after an unclosed block was reported. */
Stop parser_body(Parser *p, Open *open, Body *body);
/* The text up to {% endNAME %}; FALSE after a complaint. */
gboolean parser_raw(Parser *p, const char *name, StetText *inside);
/* `added` is any of the nodes above. */
void body_add(Body *body, gpointer added);
void body_drop_blank(Body *body);
gpointer node_new(Parser *p, gsize size, NodeRender render, gboolean blank);

typedef struct {
	const char *name;
	void (*parse)(Parser *p, Body *body);
} TagParser;
extern const TagParser liquid_tags[];

/* ---- rendering ----------------------------------------------------------------------------- */

/* Variables by interned name; grows in the arena. */
typedef struct {
	const char **names;
	StetValue *values;
	guint n, cap; /* cap is a power of two or 0 */
} Scope;

typedef struct {
	const char *name;
	StetValue value;
} Binding;

typedef struct Loop Loop;
struct Loop {
	Loop *outer;
	const char *label;
	gint64 length, index, cols, col, row;
	gboolean table;
};

/* Text-keyed numbers: states of cycles and of offset:continue. */
typedef struct Register Register;
struct Register {
	Register *next;
	char kind;
	StetText key;
	gint64 value;
};

/* What {% render %} hides from its partial. */
typedef struct {
	Scope locals, counters;
	Register *registers;
	Loop *loop;
	StetText changed; /* last output of ifchanged */
	gboolean has_changed, isolated;
	guint base; /* bindings below it are not seen */
} Space;

/* Where we are: one a template being rendered, for the trace. */
typedef struct Frame Frame;
struct Frame {
	Frame *outer;
	const StetTemplate *t;
	const char *name; /* of the partial; NULL for the outermost */
	guint32 at;       /* where the outer frame's template calls it */
};

/* A block's body: from a template with a layout, or the layout's own. */
typedef struct Override Override;
struct Override {
	Override *next;   /* next name */
	Override *parent; /* the same block, one layout further out */
	const char *name;
	const Body *body;
	const StetTemplate *t;
	const StetOutput *ready; /* already rendered: the block `content`; else NULL */
};

typedef enum { INTERRUPT_NONE, INTERRUPT_BREAK, INTERRUPT_CONTINUE } Interrupt;

#define FILTER_CACHE 64

struct StetRender {
	const StetHost *host;
	StetArena *arena;
	StetDiagnostics *diags;
	StetOutput *out;
	Frame *frame;
	guint32 at;
	Scope globals;
	Space *space;
	Binding *bindings;
	guint n_bindings, cap_bindings;
	Override *overrides;
	Loop *spare_loops;
	Interrupt interrupt;
	guint depth, partials;
	gsize steps, step_cap, output_cap, text_bytes;
	gboolean failed, stopped;
	gboolean tolerate;                  /* an undefined variable is nil just now */
	const StetTemplate *skip_blocks_of; /* what stands outside its blocks is being rendered */
	struct Complaint *complaints;
	struct {
		const char *name;
		const StetFilterEntry *entry;
	} filters[FILTER_CACHE];
};

void render_body(StetRender *r, const Body *body);
void render_text(StetRender *r, const char *text, gsize length, guint32 at, gboolean verbatim);
void render_value(StetRender *r, const StetValue *value, guint32 at);
/* FALSE and an error where a limit is reached; `n` iterations or includes more. */
gboolean render_spend(StetRender *r, gsize n);
const StetValue *render_evaluate(StetRender *r, const Expr *expr, StetValue *scratch);
void render_piped(StetRender *r, const Piped *piped, StetValue *out);
gboolean render_condition(StetRender *r, const Condition *condition);
void render_bind(StetRender *r, const char *name, const StetValue *value);
void scope_set(StetRender *r, Scope *scope, const char *name, const StetValue *value);
const StetValue *scope_get(const Scope *scope, const char *name);
/* NULL if undefined. */
const StetValue *render_find(StetRender *r, const char *name);
/* A body's output as a text. */
StetValue render_to_text(StetRender *r, const Body *body);
Register *render_register(StetRender *r, char kind, StetText key, gboolean make);
gboolean render_integer(StetRender *r, const StetValue *value, gint64 *out);

void render_text_node(StetRender *r, const Node *node);
void render_raw_node(StetRender *r, const Node *node);
void render_output_node(StetRender *r, const Node *node);
void render_assign(StetRender *r, const Node *node);
void render_capture(StetRender *r, const Node *node);
void render_counter(StetRender *r, const Node *node);
void render_interrupt(StetRender *r, const Node *node);
void render_changed(StetRender *r, const Node *node);
void render_if(StetRender *r, const Node *node);
void render_case(StetRender *r, const Node *node);
void render_for(StetRender *r, const Node *node);
void render_tablerow(StetRender *r, const Node *node);
void render_cycle(StetRender *r, const Node *node);
void render_partial(StetRender *r, const Node *node);
void render_block(StetRender *r, const Node *node);
void render_host_tag(StetRender *r, const Node *node);
void render_nothing(StetRender *r, const Node *node);
void render_document(StetRender *r, const StetTemplate *t, gboolean as_layout);
extern const StetClass loop_class, tablerow_class, block_class;
gboolean render_apply(StetRender *r, const FilterCall *call, StetValue *value);

/* What a loop walks over. */
typedef struct {
	StetValueKind kind; /* LIST, MAP, RANGE, TEXT (one item); NIL: nothing */
	const StetValue *items;
	StetValue single;
	gint64 n, first;
	const StetText *keys;
} Sequence;
Sequence sequence_of(StetRender *r, const StetValue *value);
StetValue sequence_item(StetRender *r, const Sequence *sequence, gint64 index);
Loop *loop_new(StetRender *r, const char *label, gint64 length);
void loop_done(StetRender *r, Loop *loop);

/* ---- values -------------------------------------------------------------------------------- */

/* The value an object stands for; others as they are. */
const StetValue *value_plain(StetRender *r, const StetValue *value, StetValue *scratch);
void value_append(StetRender *r, const StetValue *value, GString *out);
gboolean value_equal(StetRender *r, const StetValue *a, const StetValue *b);
/* Equal and of one kind: 1 and 1.0 differ. */
gboolean value_same(StetRender *r, const StetValue *a, const StetValue *b);
/* -1, 0, 1; 2 where they have no order. */
int value_compare(StetRender *r, const StetValue *a, const StetValue *b);
gboolean value_contains(StetRender *r, const StetValue *a, const StetValue *b);
const char *value_kind_name(const StetValue *value);
StetValue value_take_text(StetRender *r, GString *text);
StetValue value_text_of(StetText text);
/* Its first or last character; empty if the text is. */
StetText end_character(StetText text, gboolean last);
/* A new buffer counted against the limits. */
char *render_buffer(StetRender *r, gsize length);

/* What a[b] gives in list filters: PROPERTY_NONE where `a` has no items, PROPERTY_WRONG where `b` cannot
 * name one. */
typedef enum { PROPERTY_OK, PROPERTY_NONE, PROPERTY_WRONG } Property;
Property value_property(StetRender *r, const StetValue *item, const StetValue *key, StetValue *out);
const StetValue *map_find(const StetValue *map, StetText key);

/* ---- numbers ------------------------------------------------------------------------------- */

/* An integer or decimal number, as arithmetic sees it. */
typedef struct {
	gboolean decimal;
	gint64 integer;
	double number;
} Number;
#define FLOAT_TEXT_MAX 40
Number number_of(StetRender *r, const StetValue *value);
StetValue number_value(Number n);
int number_compare(Number a, Number b);
gsize float_text(double value, char buffer[FLOAT_TEXT_MAX]);
gsize integer_text(gint64 value, char buffer[FLOAT_TEXT_MAX]);
/* '+', '-', '*', '/', '%'. FALSE after a complaint (division by zero, overflow). */
gboolean number_apply(StetRender *r, char op, Number a, Number b, Number *out);
gboolean number_round(StetRender *r, Number n, gint64 digits, Number *out);
gboolean number_to_integer(StetRender *r, Number n, int direction, Number *out);
double text_to_double(const char *text);
gint64 text_to_integer(StetText text);

/* ---- dates --------------------------------------------------------------------------------- */

/* A moment, read from a number of seconds since 1970 or from a date in words; offset in seconds east. */
typedef struct {
	gint64 seconds;
	gint64 nanoseconds;
	gint offset;
	gboolean utc;
} Moment;
gboolean moment_parse(StetText text, Moment *moment);
gboolean moment_of_seconds(gint64 seconds, Moment *moment);
/* Appends `moment` in strftime's notation as Ruby extends it, in English. */
void moment_format(const Moment *moment, StetText format, GString *out);

/* ---- filters ------------------------------------------------------------------------------- */

/* How the origin of a filter's result follows from its input and arguments. */
typedef enum { TRACE_NONE, TRACE_KEEP, TRACE_JOIN } Trace;

struct StandardFilter {
	StetFilterEntry entry;
	Trace trace;
};
const StandardFilter *standard_filter(const char *name);
/* NULL-terminated. */
const char *const *filter_names(void);

/* Every filter has StetFilter's parameters; FILTER names them and says that not all are used. */
#define FILTER(name)                                                                                         \
	gboolean name(StetRender *r G_GNUC_UNUSED, const StetValue *input G_GNUC_UNUSED,                         \
				  const StetValue *args G_GNUC_UNUSED, guint n G_GNUC_UNUSED,                                \
				  const StetValue *named G_GNUC_UNUSED, StetValue *out G_GNUC_UNUSED,                        \
				  gpointer host G_GNUC_UNUSED)

FILTER(filter_append);
FILTER(filter_prepend);
FILTER(filter_upcase);
FILTER(filter_downcase);
FILTER(filter_capitalize);
FILTER(filter_strip);
FILTER(filter_lstrip);
FILTER(filter_rstrip);
FILTER(filter_strip_newlines);
FILTER(filter_replace);
FILTER(filter_replace_first);
FILTER(filter_replace_last);
FILTER(filter_remove);
FILTER(filter_remove_first);
FILTER(filter_remove_last);
FILTER(filter_truncate);
FILTER(filter_truncatewords);
FILTER(filter_split);
FILTER(filter_slice);
FILTER(filter_size);
FILTER(filter_default);
FILTER(filter_date);
FILTER(filter_escape);
FILTER(filter_escape_once);
FILTER(filter_strip_html);
FILTER(filter_newline_to_br);
FILTER(filter_url_encode);
FILTER(filter_url_decode);
FILTER(filter_base64_encode);
FILTER(filter_base64_decode);
FILTER(filter_base64_url_safe_encode);
FILTER(filter_base64_url_safe_decode);
FILTER(filter_plus);
FILTER(filter_minus);
FILTER(filter_times);
FILTER(filter_divided_by);
FILTER(filter_modulo);
FILTER(filter_abs);
FILTER(filter_round);
FILTER(filter_ceil);
FILTER(filter_floor);
FILTER(filter_at_least);
FILTER(filter_at_most);
FILTER(filter_sum);
FILTER(filter_join);
FILTER(filter_first);
FILTER(filter_last);
FILTER(filter_reverse);
FILTER(filter_sort);
FILTER(filter_sort_natural);
FILTER(filter_uniq);
FILTER(filter_compact);
FILTER(filter_map);
FILTER(filter_concat);
FILTER(filter_where);
FILTER(filter_reject);
FILTER(filter_find);
FILTER(filter_find_index);
FILTER(filter_has);

/* Text for a filter's result, from a buffer that is freed. FALSE after a complaint. */
gboolean give_text(StetRender *r, GString *text, StetValue *out);

#endif
