/* template: the Liquid language, with values that remember where they came from.
 *
 * In:     template text and a context of values. Out: text; every printed value passes one callback.
 * Owns:   a template owns its parse; values live in the caller's StetArena (one a render).
 * Threads: a parsed template is const and may be rendered by many threads, each with its own arena.
 *
 * The engine knows nothing of metrics or HTML: hosts add objects (StetClass), filters and tags, and
 * decide in `print` how a value enters the output.
 *
 *     g_autoptr(StetTemplate) t = stet_template_parse("a.md", 1, stet_text("Hi {{ name }}"), NULL, diags);
 *     StetValue name = stet_value_text(NULL, "Ada", -1);
 *     stet_template_render(t, &host, arena, 1, (const char *[]){"name"}, &name, output, diags);
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
	/* As a list, for loops and list filters; gives `first`, `last`, `size` and [n] too. */
	gboolean (*list)(gconstpointer self, StetRender *render, StetValue *out);
	/* The plain value it stands for when printed, compared or calculated with (a figure's number). */
	gboolean (*plain)(gconstpointer self, StetRender *render, StetValue *out);
};

StetValue stet_value_nil(void);
StetValue stet_value_bool(gboolean b);
StetValue stet_value_int(gint64 i);
StetValue stet_value_float(double d);
/* Copies into the arena; NULL: points to `text`, which must outlive the value. Length -1: to the NUL. */
StetValue stet_value_text(StetArena *arena, const char *text, gssize length);
StetValue stet_value_markup(StetArena *arena, const char *text, gssize length);
StetValue stet_value_list(StetArena *arena, const StetValue *items, gsize n);
/* `keys` and `values` are copied (the keys' bytes are not). */
StetValue stet_value_map(StetArena *arena, const StetText *keys, const StetValue *values, gsize n);
StetValue stet_value_object(const StetClass *class_, gconstpointer self);
/* A cell as a value, without origin; dates become ISO 8601 texts. */
StetValue stet_value_cell(StetArena *arena, const StetCell *cell);
/* A YAML or JSON tree as a value. Texts are borrowed from the tree. */
StetValue stet_value_node(StetArena *arena, const StetNode *node);

/* TRUE unless nil or false. */
gboolean stet_value_truthy(const StetValue *value);

/* ---- hosts --------------------------------------------------------------------------------- */

/* A filter: input and arguments in, value out. FALSE after stet_render_fail. Named arguments come as
 * a MAP in `named`, or NULL. A result without origin gets the input's if it is a text or number. */
typedef gboolean (*StetFilter)(StetRender *render, const StetValue *input, const StetValue *args,
                               guint n_args, const StetValue *named, StetValue *out, gpointer host);

typedef struct {
	const char *name;
	StetFilter call;
	guint min_args, max_args;
} StetFilterEntry;

/* A tag without a body: `{% cite 'id', page: 3 %}`. Appends to `out`. FALSE after stet_render_fail. */
typedef gboolean (*StetTag)(StetRender *render, const StetValue *args, guint n_args,
                            const StetValue *named, GString *out, gpointer host);

typedef struct {
	const char *name;
	StetTag call;
	guint min_args, max_args;
	gboolean words;               /* a bare word is text, not a variable: {% cite smith-2024 %} */
} StetTagEntry;

typedef struct {
	/* Further filters; they win over the standard ones of the same name. Ends with a NULL name. */
	const StetFilterEntry *filters;
	/* Called for each printed value; appends to `out` whatever the host puts in its place. NULL: the
	 * text of stet_value_print. */
	void (*print)(StetRender *render, const StetValue *value, StetPlace place, GString *out,
	              gpointer host);
	/* Captured text holds what `print` appended (tokens, escaped text). It is a TEXT with `markup` set;
	 * printing it passes through `print`, which should append it as it is. When a filter or a comparison
	 * looks into such a text, this turns it into the plain text a reader would see (arena); the result
	 * is data, no longer markup. NULL: captured text is plain already. */
	StetText (*resolve)(StetRender *render, StetText captured, gpointer host);
	/* The source of a partial or layout by name; NULL if there is none (then `partial_names`, which may
	 * be NULL, suggests). */
	const struct StetTemplate *(*partial)(const char *name, gpointer host);
	const char *const *(*partial_names)(gpointer host);
	gboolean lax;                 /* undefined variables are nil, unknown filters pass their input on */
	gsize output_cap;             /* bytes; 0: 64 MiB */
	gsize loop_cap;               /* iterations and includes in one render; 0: 10 million */
	gint64 now;                   /* seconds since 1970 for `'now' | date`, where SOURCE_DATE_EPOCH is not set;
	                               * 0: none, and 'now' is an error, as no build may depend on its day */
	gpointer host;
} StetHost;

/* The language's own filter of this name, for a host's filter that only adds to it; NULL if there is none. */
const StetFilterEntry *stet_filter_standard(const char *name);

/* ---- parsing and rendering ----------------------------------------------------------------- */

typedef struct StetTemplate StetTemplate;

/* `first_line` places the text in its file (after front matter). `tags` are the host's own, ended by a
 * NULL name; may be NULL; must outlive the template. Faults go to `diags`, all of them; NULL if there
 * was an error. The text is copied. */
StetTemplate *stet_template_parse(const char *file, guint first_line, StetText text,
                                  const StetTagEntry *tags, StetDiagnostics *diags);
void stet_template_free(StetTemplate *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetTemplate, stet_template_free)

/* Where each stretch of the output came from: pieces sorted by offset. */
typedef struct {
	gsize offset;
	StetPlace place;              /* its file is the template's, which must outlive the output */
	gboolean verbatim;            /* copied from the file: lines advance as in the output */
} StetSpan;

typedef struct {
	GString *text;
	GArray *spans;                /* of StetSpan */
	GArray *lines;                /* of gsize: where the lines begin, then the length they were counted at */
} StetOutput;
StetOutput *stet_output_new(void);
void stet_output_free(StetOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetOutput, stet_output_free)
/* The author's place of an output offset, and of an output line (1-based). */
StetPlace stet_output_place(const StetOutput *output, gsize offset);
StetPlace stet_output_line_place(const StetOutput *output, guint line);

/* Renders with `names`/`values` as the outermost variables. Errors go to `diags` with the place in
 * the author's file and a trace of includes; FALSE if there was one.
 *
 * `{% layout 'name' %}` renders the partial `name` around this template: its `{% block x %}` bodies
 * replace the layout's, `{{ block.super }}` is the replaced body, and what stands outside blocks is
 * the layout's block `content`. */
gboolean stet_template_render(const StetTemplate *t, const StetHost *host, StetArena *arena, guint n,
                              const char *const *names, const StetValue *values, StetOutput *output,
                              StetDiagnostics *diags);

/* For hosts, inside callbacks. */
StetArena *stet_render_arena(StetRender *render);
StetPlace stet_render_place(const StetRender *render);
gpointer stet_render_host(const StetRender *render);
/* Reports an error at the tag or output being rendered; the render goes on and finally fails. */
void stet_render_fail(StetRender *render, const char *code, const char *mend, const char *format, ...)
	G_GNUC_PRINTF(4, 5);
/* An origin that joins those of `values` under `form`: NULL where none has one; the one origin itself
 * where `form` is NULL and there is but one. */
const StetOrigin *stet_origin_join(StetRender *render, const char *form, const StetValue *const *values,
                                   guint n);

/* Text as Liquid prints it (arena). Lists are joined, nil is "", objects print their plain value. */
StetText stet_value_print(StetRender *render, const StetValue *value);
/* Text as string filters see it: like print, but lists are written as [1, "a"] and captured text is
 * resolved. */
StetText stet_value_string(StetRender *render, const StetValue *value);
/* The value as a number: of numbers, numeric texts and objects with a plain number. FALSE otherwise. */
gboolean stet_value_number(StetRender *render, const StetValue *value, double *number);
/* A list's items, flattened, as list filters see them: nil is empty, anything else one item. */
StetValue stet_value_items(StetRender *render, const StetValue *value);
/* A property of a map, list or object without complaint: nil if there is none. */
StetValue stet_value_get(StetRender *render, const StetValue *value, const char *key);

/* ---- stet liquid --------------------------------------------------------------------------- */

/* Renders the file `template_path` with the JSON object in `context_path` (NULL: empty), partials from
 * the folder `partials` (NULL: none; NAME, NAME.liquid or NAME.html), nothing escaped. Faults of the
 * template and the context go to `diags`; `error` is for files that cannot be read. */
gboolean stet_liquid_run(const char *template_path, const char *context_path, const char *partials,
                         gboolean lax, GString *out, StetDiagnostics *diags, GError **error);

#endif
