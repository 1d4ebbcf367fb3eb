/* Fenced blocks that are no charts: timelines, columns side by side, tables of CSV; images with captions. */
#include "page/private.h"

#include <string.h>

#define CSV_COLUMNS_MAX 64
#define CSV_ROWS_MAX 5000

/* ---- timelines ----------------------------------------------------------------------------- */

static const StetKey timeline_keys[] = {
	{"dataset", STET_NODE_TEXT, FALSE}, {"at", STET_NODE_TEXT, FALSE}, {"title", STET_NODE_TEXT, FALSE}, {"text", STET_NODE_TEXT, FALSE},
	{"where", STET_NODE_MAP, FALSE}, {"id", STET_NODE_TEXT, FALSE}, {"source", STET_NODE_BOOL, FALSE}, {NULL, 0, FALSE},
};
static const StetKey event_keys[] = {
	{"at", STET_NODE_SCALAR, TRUE}, {"title", STET_NODE_TEXT, FALSE}, {"text", STET_NODE_TEXT, FALSE}, {NULL, 0, FALSE},
};

static void append_event(Maker *maker, const char *at, const char *title, const char *text, GString *out)
{
	g_autofree char *shown = stet_locale_period_words(maker_locale(maker), at);
	g_string_append(out, "<li><p class=\"when\">");
	/* HTML's time element takes days, months and years, not quarters. */
	gboolean machine = strlen(at) >= 4 && strspn(at, "0123456789-") == strlen(at);
	if (machine) {
		g_string_append(out, "<time datetime=\"");
		append_escaped(out, at);
		g_string_append(out, "\">");
	}
	append_escaped(out, shown);
	g_string_append(out, machine ? "</time></p>" : "</p>");
	if (title && *title) {
		g_string_append(out, "<p class=\"event-title\">");
		append_escaped(out, title);
		g_string_append(out, "</p>");
	}
	if (text && *text) {
		g_string_append(out, "<p>");
		append_escaped(out, text);
		g_string_append(out, "</p>");
	}
	g_string_append(out, "</li>\n");
}

static char *cell_of(const ComponentData *data, gsize row, const char *column)
{
	int index = column ? stet_table_column(data->table, column) : -1;
	return index < 0 ? NULL : stet_cell_text(stet_table_cell(data->table, row, (guint)index));
}

static gboolean dataset_timeline(Maker *maker, const StetNode *spec, GString *out)
{
	ComponentData data;
	if (!stet_node_check(spec, timeline_keys, NULL, "timeline-key", "a timeline", maker->diags))
		return FALSE;
	StetNode *plain = stet_arena_alloc(maker->arena, sizeof *plain);
	*plain = *spec;
	static const char *const own[] = {"at", "title", "text", "id", "source", NULL};
	plain->keys = stet_arena_alloc(maker->arena, (spec->n + 1) * sizeof *plain->keys);
	plain->items = stet_arena_alloc(maker->arena, (spec->n + 1) * sizeof *plain->items);
	plain->n = 0;
	for (guint i = 0; i < spec->n; i++)
		if (!g_strv_contains(own, spec->keys[i]->text)) {
			plain->keys[plain->n] = spec->keys[i];
			plain->items[plain->n++] = spec->items[i];
		}
	if (!component_data(maker, plain, FALSE, &data))
		return FALSE;
	const char *at = stet_node_text(spec, "at", "date");
	gboolean sound = known_column(maker, &data, at, spec->place) >= 0;
	g_string_append(out, "<ol class=\"timeline\">\n");
	for (gsize row = 0; sound && row < data.table->n_rows; row++) {
		g_autofree char *when = cell_of(&data, row, at), *title = cell_of(&data, row, stet_node_text(spec, "title", NULL)),
		                *text = cell_of(&data, row, stet_node_text(spec, "text", NULL));
		append_event(maker, when, title, text, out);
	}
	g_string_append(out, "</ol>\n");
	if (stet_node_bool(spec, "source", TRUE))
		component_source(maker, &data, "", out);
	component_data_clear(&data);
	return sound;
}

gboolean component_timeline(Maker *maker, const StetNode *spec, GString *out)
{
	gboolean sound = TRUE;
	if (spec->kind != STET_NODE_LIST)
		return dataset_timeline(maker, spec, out);
	g_string_append(out, "<ol class=\"timeline\">\n");
	for (guint i = 0; i < spec->n; i++) {
		const StetNode *event = spec->items[i];
		if (stet_node_check(event, event_keys, NULL, "timeline-key", "an event", maker->diags))
			append_event(maker, stet_node_text(event, "at", ""), stet_node_text(event, "title", NULL), stet_node_text(event, "text", NULL), out);
		else
			sound = FALSE;
	}
	g_string_append(out, "</ol>\n");
	return sound;
}

/* ---- CSV ----------------------------------------------------------------------------------- */

/* The fields of one record (RFC 4180); moves `*p` behind it. */
static GPtrArray *read_record(const char **p)
{
	GPtrArray *fields = g_ptr_array_new_with_free_func(g_free);
	GString *field = g_string_new(NULL);
	gboolean quoted = FALSE;
	const char *q = *p;
	for (; *q && (quoted || *q != '\n'); q++) {
		if (*q == '"' && quoted && q[1] == '"')
			g_string_append_c(field, *q++);
		else if (*q == '"')
			quoted = !quoted;
		else if (*q == ',' && !quoted) {
			g_ptr_array_add(fields, g_strstrip(g_strdup(field->str)));
			g_string_truncate(field, 0);
		} else if (*q != '\r')
			g_string_append_c(field, *q);
	}
	g_ptr_array_add(fields, g_strstrip(g_string_free(field, FALSE)));
	*p = *q ? q + 1 : q;
	return fields;
}

static gboolean is_number_text(const char *text)
{
	char *end;
	g_ascii_strtod(text, &end);
	return *text && !*end;
}

typedef struct {
	gboolean numbers;
	int decimals; /* most of any cell: with the same everywhere the decimal marks stand below each other */
} CsvColumn;

/* A column is of numbers if every cell of it is one, or empty. */
static void find_numbers(const GPtrArray *records, guint n, CsvColumn *columns)
{
	for (guint c = 0; c < n; c++) {
		gboolean any = FALSE;
		columns[c] = (CsvColumn){TRUE, 0};
		for (guint r = 1; r < records->len; r++) {
			const GPtrArray *record = records->pdata[r];
			const char *cell = c < record->len ? record->pdata[c] : "", *dot = strchr(cell, '.');
			columns[c].numbers = columns[c].numbers && (!*cell || is_number_text(cell));
			columns[c].decimals = MAX(columns[c].decimals, dot ? (int)MIN(strlen(dot + 1), 12) : 0);
			any = any || *cell;
		}
		columns[c].numbers = columns[c].numbers && any;
	}
}

static void append_number(Maker *maker, const char *cell, int decimals, GString *out)
{
	if (strpbrk(cell, "eEnNxX")) {
		append_escaped(out, cell);
		return;
	}
	g_autofree char *text = stet_locale_number(maker_locale(maker), g_ascii_strtod(cell, NULL), decimals, decimals);
	append_escaped(out, text);
}

static void append_record(Maker *maker, const GPtrArray *record, guint n, const CsvColumn *columns, gboolean head, GString *out)
{
	g_string_append(out, "<tr>");
	for (guint c = 0; c < n; c++) {
		const char *cell = c < record->len ? record->pdata[c] : "", *tag = head || c == 0 ? "th" : "td";
		g_string_append_printf(out, "<%s%s%s>", tag, head ? " scope=\"col\"" : c == 0 ? " scope=\"row\"" : "", columns[c].numbers ? " class=\"num\"" : "");
		if (!head && columns[c].numbers && *cell)
			append_number(maker, cell, columns[c].decimals, out);
		else
			append_escaped(out, cell);
		g_string_append_printf(out, "</%s>", tag);
	}
	g_string_append(out, "</tr>\n");
}

gboolean block_csv(Maker *maker, const char *info, const char *literal, StetPlace place, GString *out)
{
	const char *text = resolve_tokens(maker, stet_text(literal)), *p = text, *caption = info + strlen("csv");
	g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	CsvColumn columns[CSV_COLUMNS_MAX] = {{FALSE, 0}};
	while (*p && records->len <= CSV_ROWS_MAX)
		g_ptr_array_add(records, read_record(&p));
	guint n = records->len ? ((const GPtrArray *)records->pdata[0])->len : 0;
	if (n == 0 || n > CSV_COLUMNS_MAX || records->len > CSV_ROWS_MAX) {
		stet_diagnose(maker->diags, STET_ERROR, "csv-table", place, "keep large tables in data/", "a csv block holds a header and rows, at most %d of %d columns",
		              CSV_ROWS_MAX, CSV_COLUMNS_MAX);
		return FALSE;
	}
	for (guint r = 1; r < records->len; r++)
		if (((const GPtrArray *)records->pdata[r])->len != n) {
			place.line += r;
			stet_diagnose(maker->diags, STET_ERROR, "csv-table", place, "put cells with commas in quotes", "this row has %u cell%s, the header %u",
			              ((const GPtrArray *)records->pdata[r])->len, ((const GPtrArray *)records->pdata[r])->len == 1 ? "" : "s", n);
			return FALSE;
		}
	find_numbers(records, n, columns);
	caption += strspn(caption, " \t");
	open_table(maker, *caption ? resolve_tokens(maker, stet_text(caption)) : NULL, out);
	g_string_append(out, "<thead>");
	append_record(maker, records->pdata[0], n, columns, TRUE, out);
	g_string_append(out, "</thead><tbody>\n");
	for (guint r = 1; r < records->len; r++)
		append_record(maker, records->pdata[r], n, columns, FALSE, out);
	g_string_append(out, "</tbody></table></section>\n");
	return TRUE;
}

/* ---- images -------------------------------------------------------------------------------- */

/* "{width=400 #id}" behind an image: its keys. FALSE if the text is no such thing. */
static gboolean image_options(Maker *maker, const char *text, const char **width, const char **id)
{
	g_autofree char *inner = g_strstrip(g_strdup(text));
	gsize n = strlen(inner);
	*width = *id = NULL;
	if (n == 0)
		return TRUE;
	if (n < 3 || inner[0] != '{' || inner[n - 1] != '}')
		return FALSE;
	inner[n - 1] = 0;
	g_auto(GStrv) words = g_strsplit_set(inner + 1, " \t", -1);
	for (guint i = 0; words[i]; i++) {
		const char *digits = g_str_has_prefix(words[i], "width=") ? words[i] + 6 : NULL;
		if (digits && *digits && strlen(digits) <= 4 && strspn(digits, "0123456789") == strlen(digits))
			*width = stet_arena_text(maker->arena, digits, -1);
		else if (words[i][0] == '#' && words[i][1])
			*id = stet_arena_text(maker->arena, words[i] + 1, -1);
		else if (*words[i])
			return FALSE;
	}
	return TRUE;
}

void image_figure(Maker *maker, cmark_node *paragraph)
{
	cmark_node *image = cmark_node_first_child(paragraph), *rest = image ? cmark_node_next(image) : NULL;
	if (!image || cmark_node_get_type(image) != CMARK_NODE_IMAGE || (rest && (cmark_node_next(rest) || cmark_node_get_type(rest) != CMARK_NODE_TEXT)))
		return;
	const char *width = NULL, *id = NULL, *title = cmark_node_get_title(image);
	if (!image_options(maker, rest ? cmark_node_get_literal(rest) : "", &width, &id) || (!*title && !rest))
		return;
	g_autoptr(GString) open = g_string_new("<figure class=\"image-figure\""), close = g_string_new(NULL);
	int line = cmark_node_get_start_line(paragraph);
	if (id) {
		check_id(maker, id, stet_output_line_place(maker->output, (guint)MAX(line, 1)));
		id = register_label(maker, id, LABEL_FIGURE);
		g_hash_table_add(maker->awaited_ids, g_strdup(id));
		g_string_append(open, " id=\"");
		append_escaped(open, id);
		g_string_append_c(open, '"');
	}
	g_string_append_printf(open, " data-sourcepos=\"%d:1-%d:1\"", line, line);
	if (width)
		g_string_append_printf(open, " data-width=\"%s\"", width);
	g_string_append(open, ">");
	if (*title) {
		g_string_append(close, "<figcaption>");
		append_number_of(maker, LABEL_FIGURE, id, close);
		append_escaped(close, title);
		g_string_append(close, "</figcaption>");
	}
	g_string_append(close, "</figure>\n");
	cmark_node *custom = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK), *inner = cmark_node_new(CMARK_NODE_PARAGRAPH);
	cmark_node_set_title(image, "");
	cmark_node_append_child(inner, image);
	g_autofree char *markup = cmark_render_html(inner, CMARK_OPT_UNSAFE);
	const char *begin = strstr(markup, "<img"), *end = begin ? g_strrstr(begin, "</p>") : NULL;
	if (begin && end)
		g_string_append_len(open, begin, end - begin);
	cmark_node_set_on_enter(custom, open->str);
	cmark_node_set_on_exit(custom, close->str);
	cmark_node_free(inner);
	cmark_node_replace(paragraph, custom);
	cmark_node_free(paragraph);
}
