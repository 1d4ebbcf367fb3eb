/* template: the Liquid language, with values that remember where they came from.
 *
 * In:     template text and a context of values. Out: text; every printed value passes one callback.
 * Owns:   a template owns its parse; values live in the caller's StetArena (one a render).
 * Threads: a parsed template is const and may be rendered by many threads, each with its own arena.
 *
 * The engine knows nothing of metrics or HTML: hosts add objects (StetClass), filters and tags, and
 * decide in `print` how a value enters the output.
 */
#ifndef STET_TEMPLATE_H
#define STET_TEMPLATE_H

#include "stet/metric.h"

typedef enum {
	STET_VALUE_NIL, STET_VALUE_BOOL, STET_VALUE_INT, STET_VALUE_FLOAT, STET_VALUE_TEXT,
	STET_VALUE_LIST, STET_VALUE_MAP, STET_VALUE_RANGE, STET_VALUE_OBJECT,
	STET_VALUE_EMPTY, STET_VALUE_BLANK
} StetValueKind;

typedef struct StetValue StetValue;
typedef struct StetClass StetClass;
typedef struct StetRender StetRender;

struct StetValue {
	StetValueKind kind;
	gboolean markup;              /* TEXT written by the template's author (capture, raw), not data */
	union {
		gboolean boolean;
		gint64 integer;
		double number;
		StetText text;            /* in the arena or static */
		struct { const StetValue *items; gsize n; } list;
		struct { const StetText *keys; const StetValue *values; gsize n; } map; /* file order */
		struct { gint64 first, last; } range;
		struct { const StetClass *class_; gconstpointer self; } object;
	} v;
	const char *unit;             /* of a number, or NULL */
	int display;                  /* decimals to show; -1: the unit's habit */
	const StetOrigin *origin;     /* where it came from, or NULL */
};

/* An object a host offers to templates; any member may be NULL. */
struct StetClass {
	const char *name;             /* for messages: "metric" */
	/* FALSE if it has no such property. */
	gboolean (*get)(gconstpointer self, StetText key, StetRender *render, StetValue *out);
	/* Names of its properties (NULL-terminated, borrowed), for "did you mean". */
	const char *const *(*keys)(gconstpointer self);
	/* As a list, for loops and list filters. */
	gboolean (*list)(gconstpointer self, StetRender *render, StetValue *out);
	/* The plain value it stands for when printed, compared or calculated with (a figure's number). */
	gboolean (*plain)(gconstpointer self, StetRender *render, StetValue *out);
};

StetValue stet_value_nil(void);
StetValue stet_value_bool(gboolean b);
StetValue stet_value_int(gint64 i);
StetValue stet_value_float(double d);
/* Copies into the render's arena. */
StetValue stet_value_text(StetRender *render, const char *text, gssize length);
StetValue stet_value_markup(StetRender *render, const char *text, gssize length);
StetValue stet_value_list(StetRender *render, const StetValue *items, gsize n);
StetValue stet_value_object(const StetClass *class_, gconstpointer self);
/* A cell as a value, without origin. */
StetValue stet_value_cell(StetRender *render, const StetCell *cell);
/* A YAML or JSON tree as a value. */
StetValue stet_value_node(StetRender *render, const StetNode *node);

/* Text as Liquid prints it (arena). Lists are joined, nil is "". */
StetText stet_value_print(StetRender *render, const StetValue *value);
/* TRUE unless nil or false. */
gboolean stet_value_truthy(const StetValue *value);

/* ---- hosts --------------------------------------------------------------------------------- */

/* A filter: input and arguments in, value out. FALSE after stet_render_fail. Named arguments come as
 * a MAP in `named`. */
typedef gboolean (*StetFilter)(StetRender *render, const StetValue *input, const StetValue *args, guint n_args,
                               const StetValue *named, StetValue *out, gpointer host);

typedef struct {
	const char *name;
	StetFilter call;
	guint min_args, max_args;
} StetFilterEntry;

typedef struct {
	/* Further filters, besides the standard ones; ends with a NULL name. May be NULL. */
	const StetFilterEntry *filters;
	/* Called for each printed value; appends to `out` whatever the host puts in its place. NULL: the
	 * text of stet_value_print. */
	void (*print)(StetRender *render, const StetValue *value, StetPlace place, GString *out, gpointer host);
	/* The source of a partial or layout by name; NULL if there is none (then `names` suggests). */
	const struct StetTemplate *(*partial)(const char *name, gpointer host);
	const char *const *(*partial_names)(gpointer host);
	gboolean lax;                 /* undefined variables and filters are nil, not errors */
	gsize output_cap;             /* bytes; 0: 64 MiB */
	gsize loop_cap;               /* iterations in one render; 0: 10 million */
	gpointer host;
} StetHost;

/* ---- parsing and rendering ----------------------------------------------------------------- */

typedef struct StetTemplate StetTemplate;

/* `first_line` places the text in its file (after front matter). Faults go to `diags`, all of them;
 * NULL if there was an error. The text is copied. */
StetTemplate *stet_template_parse(const char *file, guint first_line, StetText text, StetDiagnostics *diags);
void stet_template_free(StetTemplate *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetTemplate, stet_template_free)

/* Where each stretch of the output came from: pieces sorted by offset. */
typedef struct {
	gsize offset;
	StetPlace place;
} StetSpan;

typedef struct {
	GString *text;
	GArray *spans;                /* of StetSpan */
} StetOutput;
StetOutput *stet_output_new(void);
void stet_output_free(StetOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetOutput, stet_output_free)
/* The author's place of an output offset, and of an output line (1-based). */
StetPlace stet_output_place(const StetOutput *output, gsize offset);
StetPlace stet_output_line_place(const StetOutput *output, guint line);

/* Renders with `names`/`values` as the outermost variables. Errors go to `diags` with the place in
 * the author's file and a trace of includes; FALSE if there was one. */
gboolean stet_template_render(const StetTemplate *t, const StetHost *host, StetArena *arena, guint n,
                              const char *const *names, const StetValue *values, StetOutput *output,
                              StetDiagnostics *diags);

/* For hosts, inside callbacks. */
StetArena *stet_render_arena(StetRender *render);
StetPlace stet_render_place(const StetRender *render);
gpointer stet_render_host(const StetRender *render);
/* Reports an error at the tag or output being rendered; the render goes on and finally fails. */
void stet_render_fail(StetRender *render, const char *code, const char *mend, const char *format, ...) G_GNUC_PRINTF(4, 5);
/* An origin that joins those of `values` under `form` (NULL where none has one). */
const StetOrigin *stet_origin_join(StetRender *render, const char *form, const StetValue *const *values, guint n);

#endif
