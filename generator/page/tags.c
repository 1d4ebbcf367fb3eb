/* Tags of pages: {% cite id %}, {% claim id %}, {% ref id %}, {% term word %}. Each leaves markup whose words are tokens. */
#include "page/private.h"

#include <string.h>

void append_token(Maker *maker, StetValue value, StetPlace place, GString *out)
{
	Printed printed = {value, place};
	g_string_append_printf(out, TOKEN_OPEN "%u" TOKEN_CLOSE, maker->printed->len);
	g_array_append_val(maker->printed, printed);
}

static const char *text_of(StetRender *render, const StetValue *value)
{
	StetText text = stet_value_string(render, value);
	return stet_arena_text(stet_render_arena(render), text.ptr, (gssize)text.len);
}

/* ---- rows by name -------------------------------------------------------------------------- */

static int column_named(const StetDataset *dataset, const char *name)
{
	for (guint i = 0; dataset && i < dataset->n_columns; i++)
		if (strcmp(dataset->columns[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* The row whose `column` holds `text` (with `slugs`: whose slug is the text's slug); G_MAXSIZE if none. */
static gsize row_named(const StetDataset *dataset, const char *column, const char *text, gboolean slugs)
{
	int index = column_named(dataset, column);
	g_autofree char *wanted = slugs ? short_slug(text) : g_strdup(text);
	for (gsize row = 0; index >= 0 && row < dataset->rows; row++) {
		g_autofree char *cell = stet_dataset_cell_text(dataset, (guint)index, row);
		g_autofree char *have = cell && slugs ? short_slug(cell) : g_strdup(cell);
		if (g_strcmp0(have, wanted) == 0)
			return row;
	}
	return G_MAXSIZE;
}

static void fail_row(StetRender *render, const StetDataset *dataset, const char *column, const char *what, const char *text)
{
	int index = column_named(dataset, column);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	for (gsize row = 0; index >= 0 && row < MIN(dataset->rows, 5000); row++) {
		char *cell = stet_dataset_cell_text(dataset, (guint)index, row);
		if (cell)
			g_ptr_array_add(names, cell);
	}
	g_ptr_array_add(names, NULL);
	const char *near = stet_nearest(text, (const char *const *)names->pdata);
	g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near)
	                             : g_strdup_printf("add it to the dataset '%s'", strcmp(what, "source") == 0 ? "sources" : "glossary");
	g_autofree char *code = g_strconcat(what, "-unknown", NULL);
	stet_render_fail(render, code, mend, "there is no %s '%s'", what, text);
}

static StetValue cell_value(StetArena *arena, const StetDataset *dataset, const char *column, gsize row)
{
	int index = column_named(dataset, column);
	g_autofree char *cell = index >= 0 ? stet_dataset_cell_text(dataset, (guint)index, row) : NULL;
	return stet_value_text(arena, cell ? cell : "", -1);
}

/* ---- tags ---------------------------------------------------------------------------------- */

/* A source's number is its place in sources.csv, so that it is the same on every page. */
static gboolean tag_cite(StetRender *render, const StetValue *args, guint n_args, const StetValue *named, GString *out, gpointer host)
{
	Maker *maker = host;
	(void)named;
	const StetDataset *sources = book_dataset(maker->book, "sources");
	gboolean sound = TRUE;
	g_string_append(out, "<sup class=\"cite\">");
	for (guint i = 0; i < n_args; i++) {
		const char *id = text_of(render, &args[i]);
		gsize row = row_named(sources, "id", id, FALSE);
		if (row == G_MAXSIZE) {
			fail_row(render, sources, "id", "source", id);
			sound = FALSE;
			continue;
		}
		g_string_append(out, "<a href=\"/sources/#");
		append_token(maker, stet_value_text(maker->arena, id, -1), stet_render_place(render), out);
		g_string_append(out, "\" title=\"");
		append_token(maker, cell_value(maker->arena, sources, "title", row), stet_render_place(render), out);
		g_string_append_printf(out, "\">[%" G_GSIZE_FORMAT "]</a>", row + 1);
	}
	g_string_append(out, "</sup>");
	return sound;
}

/* Numbers are known once the whole page is: an element holds the place. */
static gboolean tag_ref(StetRender *render, const StetValue *args, guint n_args, const StetValue *named, GString *out, gpointer host)
{
	Maker *maker = host;
	(void)named;
	(void)n_args;
	g_string_append(out, "<a class=\"ref\" href=\"#");
	append_token(maker, stet_value_text(maker->arena, text_of(render, &args[0]), -1), stet_render_place(render), out);
	g_string_append(out, "\"></a>");
	return TRUE;
}

static gboolean tag_term(StetRender *render, const StetValue *args, guint n_args, const StetValue *named, GString *out, gpointer host)
{
	Maker *maker = host;
	(void)named;
	const StetDataset *glossary = book_dataset(maker->book, "glossary");
	const char *word = text_of(render, &args[0]), *shown = n_args > 1 ? text_of(render, &args[1]) : word;
	gsize row = row_named(glossary, "term", word, TRUE);
	if (row == G_MAXSIZE) {
		fail_row(render, glossary, "term", "term", word);
		return FALSE;
	}
	g_autofree char *slug = short_slug(word);
	g_string_append_printf(out, "<a class=\"term\" href=\"/glossary/#%s\" title=\"", slug);
	append_token(maker, cell_value(maker->arena, glossary, "definition", row), stet_render_place(render), out);
	g_string_append(out, "\">");
	append_token(maker, stet_value_text(maker->arena, shown, -1), stet_render_place(render), out);
	g_string_append(out, "</a>");
	return TRUE;
}

/* What a claim's mark says (arena). */
static const char *verdict_words(Maker *maker, const StetClaim *claim)
{
	if (claim->verdict == STET_VERDICT_AGREES)
		return say(maker, "agrees");
	if (claim->verdict == STET_VERDICT_UNCHECKED)
		return say(maker, "unchecked");
	StetValue actual = claim_number(maker->arena, claim, claim->actual);
	g_autofree char *words = say_with(maker, "differs", display_value(maker, &actual), NULL);
	return stet_arena_text(maker->arena, words, -1);
}

/* A published number with the verdict on it, both leading to the claim. */
static gboolean tag_claim(StetRender *render, const StetValue *args, guint n_args, const StetValue *named, GString *out, gpointer host)
{
	static const struct {
		const char *class_, *mark;
	} looks[] = {[STET_VERDICT_AGREES] = {"agrees", "✓"}, [STET_VERDICT_DIFFERS] = {"differs", "≠"}, [STET_VERDICT_UNCHECKED] = {"unchecked", "○"}};
	Maker *maker = host;
	const StetMetrics *metrics = maker->book->world->metrics;
	(void)named;
	(void)n_args;
	const char *id = text_of(render, &args[0]);
	const StetClaim *claim = stet_claims_get(metrics, id);
	note_read(maker, "claim", id);
	if (!claim) {
		guint n = stet_claims_count(metrics);
		g_autofree const char **ids = g_new0(const char *, n + 1);
		for (guint i = 0; i < n; i++)
			ids[i] = stet_claims_at(metrics, i)->id;
		const char *near = stet_nearest(id, ids);
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : g_strdup("see data/claims.csv for the ids");
		stet_render_fail(render, "claim-unknown", mend, "there is no claim '%s'", id);
		return FALSE;
	}
	const char *words = verdict_words(maker, claim);
	g_string_append(out, "<span class=\"claimed\">");
	append_token(maker, claim_number(maker->arena, claim, claim->value), stet_render_place(render), out);
	if (claim->op == STET_CLAIM_BETWEEN) {
		g_string_append(out, "–");
		append_token(maker, claim_number(maker->arena, claim, claim->upper), stet_render_place(render), out);
	}
	g_string_append_printf(out, "<sup class=\"verdict-mark %s\" role=\"img\" aria-label=\"", looks[claim->verdict].class_);
	append_token(maker, stet_value_text(maker->arena, words, -1), stet_render_place(render), out);
	g_string_append(out, "\" title=\"");
	append_token(maker, stet_value_text(maker->arena, words, -1), stet_render_place(render), out);
	g_string_append_printf(out, "\">%s</sup></span>", looks[claim->verdict].mark);
	return TRUE;
}

const StetTagEntry page_tags[] = {
	{"cite", tag_cite, 1, 8, TRUE}, {"claim", tag_claim, 1, 1, TRUE}, {"ref", tag_ref, 1, 1, TRUE}, {"term", tag_term, 1, 2, TRUE}, {NULL, NULL, 0, 0, FALSE},
};
