/* What templates see of published editions: `changes` since the last one, `editions` in the archive; and the
 * mark that a restated figure carries. */
#include "page/private.h"

#include <math.h>
#include <string.h>

#define CHANGES_MAX 500u   /* of each kind, in a template */
#define RESTATED_MAX 20u   /* restated figures listed at a page's end */
#define CHANGES_PAGE "built-in/changes.md" /* lists them itself */
#define ARCHIVE_ROWS 60u   /* of each metric in an archived edition, the latest */

static StetValue copy_or_nil(StetArena *arena, const char *text)
{
	return text ? stet_value_text(arena, text, -1) : stet_value_nil();
}

/* ---- changes since the last edition --------------------------------------------------------- */

static const StetEdition *last_edition(const StetBook *book)
{
	const GPtrArray *editions = book->world->editions;
	return editions && editions->len > 0 ? editions->pdata[editions->len - 1] : NULL;
}

static StetValue number_value(double number, const StetMeasure *measure)
{
	if (!isfinite(number))
		return stet_value_nil();
	StetValue value = stet_value_float(number);
	value.unit = measure->unit;
	value.display = measure->display;
	return value;
}

/* "2025Q4", "Azure, mid": the period, and the dimensions as one text. */
static void put_key(StetArena *arena, const StetDifference *difference, StetValue *period, StetValue *key)
{
	const StetMetric *metric = difference->metric;
	g_autoptr(GString) text = g_string_new(NULL);
	*period = *key = stet_value_nil();
	if (metric->period_column >= 0)
		*period = stet_value_cell(arena, stet_table_cell(metric->table, difference->row, (guint)metric->period_column));
	for (guint d = 0; d < metric->n_dimensions; d++) {
		g_autofree char *part = stet_cell_text(stet_table_cell(metric->table, difference->row, metric->dimension_columns[d]));
		g_string_append_printf(text, "%s%s", d > 0 ? ", " : "", part);
	}
	if (text->len > 0)
		*key = stet_value_text(arena, text->str, -1);
}

static StetValue change_value(const StetBook *book, StetArena *arena, const StetDifference *difference)
{
	static const char *const names[] = {"metric", "title", "measure", "period", "key", "before", "after", "change", "reason", "url"};
	const StetMeasure *measure = &difference->metric->measures[difference->measure];
	const StetMetric *now = stet_metrics_get(book->world->metrics, difference->metric->name);
	const StetRestatement *found = now && difference->kind == STET_DIFF_RESTATED
	                                   ? stet_restatement_of(book->world->metrics, now, difference->row, difference->measure) : NULL;
	StetText keys[G_N_ELEMENTS(names)];
	StetValue values[G_N_ELEMENTS(names)];
	g_autofree char *url = now ? g_strdup_printf("/metrics/%s/", now->name) : NULL;
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		keys[i] = stet_text(names[i]);
	values[0] = stet_value_text(arena, difference->metric->name, -1);
	values[1] = copy_or_nil(arena, difference->metric->title);
	values[2] = copy_or_nil(arena, now && measure->title ? measure->title : measure->name);
	put_key(arena, difference, &values[3], &values[4]);
	values[5] = number_value(difference->before, measure);
	values[6] = now && difference->kind != STET_DIFF_GONE ? figure_value(arena, now, difference->measure, difference->row)
	                                                      : number_value(difference->after, measure);
	double change = 100 * (difference->after - difference->before) / fabs(difference->before);
	values[7] = isfinite(change) ? stet_value_float(stet_round_decimals(change, 1)) : stet_value_nil();
	values[8] = copy_or_nil(arena, found ? found->reason : NULL);
	values[9] = copy_or_nil(arena, url);
	return stet_value_map(arena, keys, values, G_N_ELEMENTS(names));
}

static const char *const kind_names[] = {
	[STET_DIFF_RESTATED] = "restated", [STET_DIFF_MOVED] = "moved", [STET_DIFF_NEW] = "new", [STET_DIFF_GONE] = "gone"};

static StetValue changes_of(const StetBook *book, StetArena *arena, const GArray *differences, StetDiffKind kind)
{
	StetValue *items = stet_arena_alloc(arena, (MIN(differences->len, CHANGES_MAX) + 1) * sizeof *items);
	guint n = 0;
	for (guint i = 0; i < differences->len && n < CHANGES_MAX; i++) {
		const StetDifference *difference = &g_array_index(differences, StetDifference, i);
		if (difference->kind == kind)
			items[n++] = change_value(book, arena, difference);
	}
	return stet_value_list(arena, items, n);
}

static guint count_of(const GArray *differences, StetDiffKind kind)
{
	guint n = 0;
	for (guint i = 0; i < differences->len; i++)
		n += g_array_index(differences, StetDifference, i).kind == kind;
	return n;
}

/* changes.edition; changes.restated, .moved, .new, .gone: lists, the largest first; changes.counts.restated... */
static gboolean changes_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	const StetEdition *last = last_edition(book);
	StetArena *arena = stet_render_arena(render);
	note_read(stet_render_host(render), "editions", NULL);
	if (stet_text_equal(key, "edition")) {
		*out = copy_or_nil(arena, last ? stet_edition_name(last) : NULL);
		return TRUE;
	}
	if (!last)
		return FALSE;
	/* a page about all metrics reads them all */
	for (guint i = 0; i < stet_metrics_count(book->world->metrics); i++)
		note_metric(stet_render_host(render), stet_metrics_at(book->world->metrics, i));
	g_autoptr(StetEdition) now = stet_edition_now(book->world->metrics);
	g_autoptr(GArray) differences = stet_diff(last, now);
	if (stet_text_equal(key, "counts")) {
		StetText keys[G_N_ELEMENTS(kind_names)];
		StetValue values[G_N_ELEMENTS(kind_names)];
		for (guint i = 0; i < G_N_ELEMENTS(kind_names); i++) {
			keys[i] = stet_text(kind_names[i]);
			values[i] = stet_value_int(count_of(differences, (StetDiffKind)i));
		}
		*out = stet_value_map(arena, keys, values, G_N_ELEMENTS(kind_names));
		return TRUE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(kind_names); i++)
		if (stet_text_equal(key, kind_names[i])) {
			*out = changes_of(book, arena, differences, (StetDiffKind)i);
			return TRUE;
		}
	return FALSE;
}

static const StetClass changes_class = {.name = "changes", .get = changes_get};

StetValue changes_value(const StetBook *book)
{
	return stet_value_object(&changes_class, book);
}

/* ---- the archive --------------------------------------------------------------------------- */

static StetValue texts_of_row(StetArena *arena, const StetMetric *metric, gsize row)
{
	const StetTable *table = metric->table;
	StetValue *cells = stet_arena_alloc(arena, (table->n_columns + 1) * sizeof *cells);
	for (guint c = 0; c < table->n_columns; c++)
		cells[c] = stet_value_cell(arena, stet_table_cell(table, row, c));
	return stet_value_list(arena, cells, table->n_columns);
}

/* An edition keeps no table of its own: its columns are named by the metric's header. */
static const char *column_title(const StetMetric *metric, guint column)
{
	if (metric->period && metric->period_column == (int)column)
		return metric->period;
	for (guint d = 0; d < metric->n_dimensions; d++)
		if (metric->dimension_columns[d] == column)
			return metric->dimensions[d];
	for (guint m = 0; m < metric->n_measures; m++)
		if (metric->measures[m].column == column)
			return metric->measures[m].name;
	return "";
}

static StetValue archived_metric(StetArena *arena, const StetMetric *metric)
{
	static const char *const names[] = {"name", "title", "columns", "rows", "size"};
	const StetTable *table = metric->table;
	gsize shown = MIN(table->n_rows, ARCHIVE_ROWS);
	StetText keys[G_N_ELEMENTS(names)];
	StetValue values[G_N_ELEMENTS(names)];
	StetValue *columns = stet_arena_alloc(arena, (table->n_columns + 1) * sizeof *columns);
	StetValue *rows = stet_arena_alloc(arena, (shown + 1) * sizeof *rows);
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		keys[i] = stet_text(names[i]);
	for (guint c = 0; c < table->n_columns; c++)
		columns[c] = stet_value_text(arena, column_title(metric, c), -1);
	for (gsize r = 0; r < shown; r++)
		rows[r] = texts_of_row(arena, metric, table->n_rows - shown + r);
	values[0] = stet_value_text(arena, metric->name, -1);
	values[1] = copy_or_nil(arena, metric->title);
	values[2] = stet_value_list(arena, columns, table->n_columns);
	values[3] = stet_value_list(arena, rows, shown);
	values[4] = stet_value_int((gint64)table->n_rows);
	return stet_value_map(arena, keys, values, G_N_ELEMENTS(names));
}

static StetValue archived_metrics(StetArena *arena, const StetEdition *edition)
{
	guint n = stet_edition_count(edition);
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	for (guint i = 0; i < n; i++)
		items[i] = archived_metric(arena, stet_edition_at(edition, i));
	return stet_value_list(arena, items, n);
}

/* name, sha256, url, metrics */
static gboolean edition_get(gconstpointer self, StetText key, StetRender *render, StetValue *out)
{
	const StetEdition *edition = self;
	StetArena *arena = stet_render_arena(render);
	note_read(stet_render_host(render), "editions", NULL);
	if (stet_text_equal(key, "name")) {
		*out = stet_value_text(arena, stet_edition_name(edition), -1);
	} else if (stet_text_equal(key, "sha256")) {
		*out = stet_value_text(arena, stet_edition_hash(edition), -1);
	} else if (stet_text_equal(key, "url")) {
		g_autofree char *slug = stet_slug(stet_edition_name(edition)), *url = g_strdup_printf("/editions/%s/", slug);
		*out = stet_value_text(arena, url, -1);
	} else if (stet_text_equal(key, "metrics")) {
		*out = archived_metrics(arena, edition);
	} else {
		return FALSE;
	}
	return TRUE;
}

static const StetClass edition_class = {.name = "edition", .get = edition_get};

StetValue edition_value(const StetEdition *edition)
{
	return stet_value_object(&edition_class, edition);
}

/* The newest first. */
static gboolean editions_list(gconstpointer self, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	const GPtrArray *editions = book->world->editions;
	StetArena *arena = stet_render_arena(render);
	guint n = editions ? editions->len : 0;
	StetValue *items = stet_arena_alloc(arena, (n + 1) * sizeof *items);
	note_read(stet_render_host(render), "editions", NULL);
	for (guint i = 0; i < n; i++)
		items[i] = edition_value(editions->pdata[n - 1 - i]);
	*out = stet_value_list(arena, items, n);
	return TRUE;
}

static const StetClass editions_class = {.name = "editions", .list = editions_list};

StetValue editions_value(const StetBook *book)
{
	return stet_value_object(&editions_class, book);
}

/* ---- marks on figures ---------------------------------------------------------------------- */

/* Notes what is said of a row, for the list at the page's end: "Market size, Q3 2024, Azure. Restated, ..." */
static void remember(Maker *maker, const StetMetric *metric, gsize row, const char *note)
{
	g_autoptr(GString) text = g_string_new(metric->title);
	if (metric->period_column >= 0) {
		g_autofree char *cell = stet_cell_text(stet_table_cell(metric->table, row, (guint)metric->period_column));
		g_autofree char *period = stet_locale_period(maker_locale(maker), cell);
		g_string_append_printf(text, ", %s", period);
	}
	for (guint d = 0; d < metric->n_dimensions; d++) {
		g_autofree char *cell = stet_cell_text(stet_table_cell(metric->table, row, metric->dimension_columns[d]));
		g_string_append_printf(text, ", %s", cell);
	}
	g_string_append_printf(text, ". %s", note);
	if (!maker->restated)
		maker->restated = g_ptr_array_new();
	if (maker->restated->len <= RESTATED_MAX && !g_ptr_array_find_with_equal_func(maker->restated, text->str, g_str_equal, NULL))
		g_ptr_array_add(maker->restated, stet_arena_text(maker->arena, text->str, (gssize)text->len));
}

char *restatement_note(Maker *maker, const StetMetric *metric, guint measure, gsize row)
{
	if (!last_edition(maker->book))
		return NULL;
	note_read(maker, "editions", NULL);
	const StetRestatement *found = stet_restatement_of(maker->book->world->metrics, metric, row, measure);
	if (!found)
		return NULL;
	const StetMeasure *of = &metric->measures[measure];
	g_autofree char *before = stet_locale_quantity(maker_locale(maker), found->before, of->unit, of->display, STET_FULL);
	char *note = say_with(maker, found->reason ? "restated_because" : "restated", before, found->reason ? found->reason : found->edition);
	remember(maker, metric, row, note);
	return note;
}

void append_restatements(Maker *maker, xmlNode *root)
{
	if (!maker->restated || strcmp(maker->plan->file, CHANGES_PAGE) == 0)
		return;
	xmlNode *aside = xmlNewChild(root, NULL, (const xmlChar *)"aside", NULL);
	xmlSetProp(aside, (const xmlChar *)"class", (const xmlChar *)"restatements");
	xmlSetProp(aside, (const xmlChar *)"role", (const xmlChar *)"note");
	xmlNode *title = xmlNewTextChild(aside, NULL, (const xmlChar *)"p", (const xmlChar *)say(maker, "restated_figures"));
	xmlSetProp(title, (const xmlChar *)"class", (const xmlChar *)"aside-title");
	xmlNode *list = xmlNewChild(aside, NULL, (const xmlChar *)"ul", NULL);
	for (guint i = 0; i < maker->restated->len; i++)
		xmlNewTextChild(list, NULL, (const xmlChar *)"li", (const xmlChar *)(i < RESTATED_MAX ? maker->restated->pdata[i] : "…"));
	g_clear_pointer(&maker->restated, g_ptr_array_unref);
}

/* What a reader is told of a figure on pointing at it: how it was derived, or what it was before. */
char *figure_note(Maker *maker, const StetValue *value, gboolean *restated)
{
	const StetOrigin *origin = value->origin;
	*restated = FALSE;
	if (origin->why_not)
		return g_strdup_printf("%s: %s", origin->form, origin->why_not);
	if (origin->form) {
		const char *formula = stet_form_formula(origin->form);
		return formula ? g_strdup_printf("%s = %s", origin->form, formula) : NULL;
	}
	char *note = origin->metric ? restatement_note(maker, origin->metric, origin->measure, origin->row) : NULL;
	*restated = note != NULL;
	return note;
}
