/* What the files with the filters of pages share. */
#ifndef STET_PAGE_FILTERS_H
#define STET_PAGE_FILTERS_H

#include "page/private.h"

#define FILTER(name)                                                                                                     \
	gboolean name(StetRender *render, const StetValue *input, const StetValue *args, guint n_args,                       \
	              const StetValue *named, StetValue *out, gpointer host)
#define UNUSED ((void)render, (void)input, (void)args, (void)n_args, (void)named, (void)out, (void)host)

/* ---- filters.c ---- */
/* Reports and returns FALSE. */
gboolean fail(StetRender *render, const char *code, const char *mend, const char *message);
/* Argument `index` as text (arena), or `fallback`. */
const char *text_arg(StetRender *render, const StetValue *args, guint n_args, guint index, const char *fallback);
/* A text said of a figure: it rests on the figure's metric, but is none itself. */
gboolean word(StetRender *render, const StetValue *input, const char *text, StetValue *out);
/* A derived figure, or "n/a" with the reason in its origin. */
void derived_value(StetArena *arena, const StetDerived *derived, const char *form, guint n_inputs, const StetOrigin *const *inputs,
                   StetValue *out);
/* The one row a form or a word is about. */
gboolean one_row(StetRender *render, const StetValue *input, const char *filter, Selection *selection);
gboolean need_selection(StetRender *render, const StetValue *input, const char *filter, Selection *selection);

/* ---- filters_compare.c ---- */
FILTER(figure_difference);
FILTER(figure_concentration);

/* ---- filters_size.c ---- */
FILTER(words_grew);
FILTER(words_fraction);

/* ---- scenarios.c ---- */
FILTER(figure_scenario);

/* ---- filters_words.c ---- */
FILTER(words_plural);
FILTER(words_list);
FILTER(words_sort_natural);
FILTER(words_words);
FILTER(words_ordinal);
FILTER(words_quote);
FILTER(words_t);
FILTER(words_date);
FILTER(words_raw);
FILTER(words_link_to);
FILTER(words_sparkline);

#endif
