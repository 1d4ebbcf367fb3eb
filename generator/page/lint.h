/* The editorial rules of `stet check`. */
#ifndef STET_PAGE_LINT_H
#define STET_PAGE_LINT_H

#include "page/private.h"

typedef enum {
	LINT_DANGLING, LINT_ENTITIES, LINT_HEADING, LINT_ALT, LINT_LINK, LINT_SENTENCE, LINT_PAIRS, LINT_PERIOD, LINT_SOURCE, LINT_PRONOUN,
	LINT_REASON, LINT_SUBJECT, LINT_TYPED, LINT_ORPHAN, LINT_RULES
} LintCode;

typedef struct {
	const char *code, *title, *why;
} LintRule;
extern const LintRule lint_rules[];
/* NULL-terminated. */
const char *const *lint_codes(void);

/* What the rules see of one text: a paragraph, heading, list item or cell. */
typedef struct {
	const char *text;             /* as a reader sees it, spaces joined (arena) */
	const xmlNode *node;
} LintText;

/* ---- lint_text.c: English prose ---- */
/* The word at fault, or NULL. Each gives a text in the arena or static. */
const char *lint_bare_pronoun(StetArena *arena, const char *text);
const char *lint_dangling(const char *text);
const char *lint_long_sentence(StetArena *arena, const char *text, guint *words);
const char *lint_typed_number(StetArena *arena, const char *text);
gboolean lint_says_period(const char *text);
/* TRUE if the first sentence takes up a word of the heading, or a name. */
gboolean lint_names_subject(const char *heading, const char *text);
gboolean lint_empty_link(const char *text);
/* Adds the names of a text (runs of capitalised words, not a sentence's first) to a set of char *. */
void lint_names(const char *text, GHashTable *names);

#endif
