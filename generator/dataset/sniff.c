/* Guessing a dialect from the first bytes of a file: what makes most rows agree on their cells. */
#include "odd.h"

#include <string.h>

#define SNIFF_ROWS 200u

/* ---- rows of the sample -------------------------------------------------------------------- */

static const char *line_after(const char *at, const char *end)
{
	while (at < end && *at != '\n' && *at != '\r')
		at++;
	if (at < end && *at++ == '\r' && at < end && *at == '\n')
		at++;
	return at;
}

GPtrArray *ds_dialect_rows(const DsDialect *dialect, const char *sample, gsize length, guint most)
{
	const char *at = sample, *end = sample + length;
	GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	g_autoptr(GString) text = g_string_new(NULL);
	while (at < end && rows->len < most) {
		if (*at == '\n' || *at == '\r' || (dialect->comment != 0 && *at == dialect->comment)) {
			at = line_after(at, end);
			continue;
		}
		DsOdd odd = {.dialect = dialect, .at = at, .end = end, .last = length < DS_SNIFF_BYTES};
		GPtrArray *cells = g_ptr_array_new();
		while (ds_odd_cell(&odd, text))
			g_ptr_array_add(cells, g_strndup(text->str, text->len));
		g_ptr_array_add(cells, NULL);
		g_ptr_array_add(rows, g_ptr_array_free(cells, FALSE));
		if (odd.state == DS_ODD_OPEN)
			break;
		at = odd.state == DS_ODD_STRAY ? line_after(odd.at, end) : odd.at;
	}
	return rows;
}

/* Rows that have the commonest number of cells above one, and that number. */
static guint agreement(const GPtrArray *rows, guint *cells)
{
	guint best = 0, counts[SNIFF_ROWS] = {0};
	*cells = 1;
	for (guint i = 0; i < rows->len; i++)
		counts[i] = g_strv_length(rows->pdata[i]);
	for (guint i = 0; i < rows->len; i++) {
		guint same = 0;
		for (guint k = 0; k < rows->len; k++)
			same += counts[k] == counts[i];
		if (counts[i] > 1 && (same > best || (same == best && counts[i] > *cells))) {
			best = same;
			*cells = counts[i];
		}
	}
	return best;
}

/* ---- delimiter ----------------------------------------------------------------------------- */

/* Excel's first line "sep=;" (Microsoft's own habit, no standard). */
static gboolean read_sep_line(DsDialect *dialect, const char *sample, gsize length)
{
	if (length < 6 || g_ascii_strncasecmp(sample, "sep=", 4) != 0 || (sample[5] != '\n' && sample[5] != '\r'))
		return FALSE;
	dialect->delimiter[0] = sample[4];
	dialect->delimiter[1] = 0;
	return TRUE;
}

static void sniff_delimiter(DsDialect *dialect, const char *sample, gsize length, gboolean all)
{
	static const char *const candidates[] = {",", ";", "\t", "|", "::", "~", "^"};
	guint n = all ? G_N_ELEMENTS(candidates) : 4, best = 0, best_cells = 0, cells;
	DsDialect trial = *dialect;
	g_strlcpy(dialect->delimiter, ",", sizeof dialect->delimiter);
	for (guint c = 0; c < n; c++) {
		g_strlcpy(trial.delimiter, candidates[c], sizeof trial.delimiter);
		g_autoptr(GPtrArray) rows = ds_dialect_rows(&trial, sample, length, SNIFF_ROWS);
		guint same = agreement(rows, &cells);
		if (same < best || (same == best && cells <= best_cells))
			continue;
		best = same;
		best_cells = cells;
		g_strlcpy(dialect->delimiter, candidates[c], sizeof dialect->delimiter);
	}
	/* words are everywhere: a space parts cells only where every row has as many and nothing else does it */
	g_strlcpy(trial.delimiter, " ", sizeof trial.delimiter);
	g_autoptr(GPtrArray) words = ds_dialect_rows(&trial, sample, length, SNIFF_ROWS);
	if (all && words->len > 2 && agreement(words, &cells) == words->len && best < words->len && cells > 2)
		g_strlcpy(dialect->delimiter, " ", sizeof dialect->delimiter);
}

/* ---- quotes, escapes, comments ------------------------------------------------------------- */

/* How often `quote` opens and closes a cell: it stands beside a delimiter or a line's end. */
static void count_quotes(const DsDialect *dialect, const char *sample, gsize length, char quote, guint *opens,
						 guint *closes)
{
	gsize width = MAX(strlen(dialect->delimiter), 1);
	*opens = *closes = 0;
	for (gsize i = 0; i < length; i++) {
		if (sample[i] != quote)
			continue;
		const char *at = sample + i, *after = at + 1, *end = sample + length;
		*opens += i == 0 || at[-1] == '\n' || at[-1] == '\r' ||
				  (i >= width && memcmp(at - width, dialect->delimiter, width) == 0);
		*closes += after == end || *after == '\n' || *after == '\r' ||
				   ((gsize)(end - after) >= width && memcmp(after, dialect->delimiter, width) == 0);
	}
}

static void sniff_quote(DsDialect *dialect, const char *sample, gsize length)
{
	guint doubles, singles, closes;
	count_quotes(dialect, sample, length, '"', &doubles, &closes);
	count_quotes(dialect, sample, length, '\'', &singles, &closes);
	if (dialect->quote == '"' && doubles == 0 && singles > 1 && singles == closes)
		dialect->quote = '\'';
}

static void sniff_escape(DsDialect *dialect, const char *sample, gsize length)
{
	guint escaped = 0, doubled = 0;
	for (gsize i = 1; i + 1 < length; i++) {
		if (sample[i] != dialect->quote)
			continue;
		escaped += sample[i - 1] == '\\';
		/* in "48\"" the second of the two closes the cell */
		doubled += sample[i + 1] == dialect->quote && sample[i - 1] != dialect->delimiter[0] &&
				   sample[i - 1] != '\n' && sample[i - 1] != '\\';
	}
	if (dialect->escape == 0 && escaped > 0 && doubled == 0)
		dialect->escape = '\\';
}

/* A space between a delimiter and a quote is neither's. */
static void sniff_space(DsDialect *dialect, const char *sample, gsize length)
{
	g_autofree char *sign = g_strdup_printf("%s %c", dialect->delimiter, dialect->quote);
	dialect->skip_initial_space |= dialect->quote != 0 && g_strstr_len(sample, (gssize)length, sign) != NULL;
}

/* Lines that begin with '#' are comments, unless the first of them is the only one and as wide as a row. */
static void sniff_comment(DsDialect *dialect, const char *sample, gsize length)
{
	g_autoptr(GPtrArray) rows = ds_dialect_rows(dialect, sample, length, SNIFF_ROWS);
	guint cells, marked = 0, wide = 0;
	agreement(rows, &cells);
	for (guint i = 0; i < rows->len; i++) {
		char **row = rows->pdata[i];
		if (row[0] == NULL || row[0][0] != '#')
			continue;
		marked++;
		wide += g_strv_length(row) == cells;
	}
	if (dialect->comment == 0 && marked > 0 && wide < marked && marked * 2 < rows->len)
		dialect->comment = '#';
}

/* ---- header -------------------------------------------------------------------------------- */

gboolean ds_is_value(StetText text)
{
	double number;
	gint64 days;
	return ds_parse_double(text, &number) || ds_parse_date(text, "any", &days) || ds_is_quarter(text) ||
		   ds_is_yearmonth(text);
}

static gboolean is_value(const char *cell)
{
	return ds_is_value(stet_text(cell));
}

static gboolean is_year(const char *cell)
{
	return strlen(cell) == 4 && (g_str_has_prefix(cell, "19") || g_str_has_prefix(cell, "20")) &&
		   strspn(cell, "0123456789") == 4;
}

static guint filled(char *const *row)
{
	guint n = 0;
	for (; *row != NULL; row++)
		n += **row != 0;
	return n;
}

/* Columns whose cells from row `from` on are all values; `*wrong` of them hold none in row `row`, `*years`
 * hold a year there, which a wide table's header does too. */
static guint value_columns(const GPtrArray *rows, guint from, guint cells, char *const *row, guint *wrong,
						   guint *years)
{
	guint n = 0;
	*wrong = *years = 0;
	for (guint c = 0; c < cells; c++) {
		guint seen = 0, fit = 0;
		for (guint i = from; i < rows->len; i++) {
			char *const *other = rows->pdata[i];
			if (g_strv_length((char **)other) != cells || *other[c] == 0)
				continue;
			seen++;
			fit += is_value(other[c]) != 0;
		}
		if (seen < 2 || fit < seen)
			continue;
		n++;
		*wrong += !is_value(row[c]);
		*years += is_year(row[c]) != 0;
	}
	return n;
}

/* A header of two rows: groups above, with gaps, and a name for each column below. */
static gboolean has_second_row(const GPtrArray *rows, guint at, guint cells)
{
	char *const *first = rows->pdata[at];
	char *const *second = at + 1 < rows->len ? rows->pdata[at + 1] : NULL;
	if (second == NULL || g_strv_length((char **)second) != cells || filled(first) == cells ||
		filled(second) < cells)
		return FALSE;
	for (guint c = 0; c < cells; c++)
		if (is_value(second[c]))
			return FALSE;
	guint wrong, years;
	return value_columns(rows, at + 2, cells, second, &wrong, &years) > 0;
}

/* A title, or nothing, filled up with delimiters as spreadsheets do. */
static gboolean is_padding(char *const *row, guint cells)
{
	guint n = filled(row);
	return n == 0 || (cells > 2 && n == 1 && *row[0] != 0);
}

/* Rows end with a delimiter that the header lacks. */
static gboolean is_one_short(const GPtrArray *rows, guint cells)
{
	if (g_strv_length(rows->pdata[0]) + 1 != cells || filled(rows->pdata[0]) + 1 != cells)
		return FALSE;
	for (guint i = 1; i < rows->len; i++) {
		char *const *row = rows->pdata[i];
		if (g_strv_length((char **)row) == cells && *row[cells - 1] != 0)
			return FALSE;
	}
	return TRUE;
}

/* The first row as wide as most is the header, unless it is a title padded with delimiters: what stands
 * before is preamble. With `all` there may be two rows of it, or none. */
static void sniff_header(DsDialect *dialect, const char *sample, gsize length, gboolean all)
{
	g_autoptr(GPtrArray) rows = ds_dialect_rows(dialect, sample, length, SNIFF_ROWS);
	guint cells, at = 0;
	if (agreement(rows, &cells) == 0)
		return;
	while (at < rows->len && (g_strv_length(rows->pdata[at]) != cells || is_padding(rows->pdata[at], cells)))
		at++;
	if (at == 1 && is_one_short(rows, cells))
		at = 0;
	if (at == rows->len)
		return;
	dialect->header_row = at + 1;
	if (!all)
		return;
	guint wrong, years, typed = value_columns(rows, at + 1, cells, rows->pdata[at], &wrong, &years);
	if (has_second_row(rows, at, cells))
		dialect->header_rows = 2;
	else if (at == 0 && typed > 0 && wrong == 0 && years < typed && filled(rows->pdata[at]) == cells)
		dialect->header = FALSE;
}

/* ---- all ----------------------------------------------------------------------------------- */

void ds_dialect_sniff(DsDialect *dialect, const char *sample, gsize length, gboolean all)
{
	gboolean free_hand = all && !dialect->declared, sep = FALSE;
	length = MIN(length, DS_SNIFF_BYTES);
	if (*dialect->delimiter == 0) {
		sep = all && read_sep_line(dialect, sample, length);
		if (!sep)
			sniff_delimiter(dialect, sample, length, free_hand);
		if (free_hand) {
			sniff_quote(dialect, sample, length);
			sniff_escape(dialect, sample, length);
			sniff_space(dialect, sample, length);
			sniff_comment(dialect, sample, length);
		}
	}
	if (all && dialect->header && dialect->header_row == 1 && dialect->header_rows == 1 &&
		!dialect->sniffed) {
		gsize skip = sep ? (gsize)(line_after(sample, sample + length) - sample) : 0;
		sniff_header(dialect, sample + skip, length - skip, free_hand);
		dialect->header_row += sep ? 1 : 0;
	}
	dialect->sniffed = TRUE;
}

/* TRUE, after a diagnostic, where the header seems to stand further down: then every row would be faulty. */
gboolean ds_dialect_has_preamble(const DsDialect *dialect, const char *bytes, gsize length, const char *file,
								 StetDiagnostics *diags)
{
	DsDialect trial = *dialect;
	DsHeader header = {0};
	length = MIN(length, DS_SNIFF_BYTES);
	if (!dialect->header || dialect->header_row != 1 || dialect->header_rows != 1)
		return FALSE;
	sniff_header(&trial, bytes, length, FALSE);
	if (trial.header_row == 1)
		return FALSE;
	guint wrong, years, row = trial.header_row - 1;
	g_autoptr(GPtrArray) rows = ds_dialect_rows(&trial, bytes, length, SNIFF_ROWS);
	guint cells, same = agreement(rows, &cells);
	if (same < 2 * row || g_strv_length(rows->pdata[row]) != cells)
		return FALSE;
	guint typed = value_columns(rows, row + 1, cells, rows->pdata[row], &wrong, &years);
	if (typed == 0 || wrong < typed)
		return FALSE;
	g_autoptr(StetDiagnostics) unheard = stet_diagnostics_new();
	gboolean found = ds_header_read(&header, &trial, bytes, length, file, unheard);
	if (found) {
		g_autofree char *mend =
			g_strdup_printf("set the dialect's 'headerRows' to [%u], or load leniently", trial.header_row);
		stet_diagnose(diags, STET_ERROR, "csv-preamble", (StetPlace){file, header.line, 1}, mend,
					  "the table seems to begin here, below %u other line%s", header.line - 1,
					  header.line == 2 ? "" : "s");
	}
	ds_header_clear(&header);
	return found;
}

/* ---- what to declare ----------------------------------------------------------------------- */

static void add_char(GString *json, const char *key, char value)
{
	char text[2] = {value, 0};
	g_string_append_printf(json, "%s\"%s\": ", json->len > 0 ? ", " : "", key);
	stet_json_string(json, text);
}

/* The keys in which the two differ, as JSON without its braces. */
static void compare_dialects(const DsDialect *used, const DsDialect *seen, GString *json)
{
	if (seen->quote != used->quote)
		add_char(json, "quoteChar", seen->quote);
	if (seen->escape != used->escape)
		add_char(json, "escapeChar", seen->escape);
	if (seen->comment != used->comment)
		add_char(json, "commentChar", seen->comment);
	if (seen->skip_initial_space != used->skip_initial_space)
		g_string_append_printf(json, "%s\"skipInitialSpace\": true", json->len > 0 ? ", " : "");
	/* lines above the header are told by their own fault */
	if (seen->header_rows < 2)
		return;
	g_string_append_printf(json, "%s\"headerRows\": [", json->len > 0 ? ", " : "");
	for (guint i = 0; i < seen->header_rows; i++)
		g_string_append_printf(json, "%s%u", i > 0 ? ", " : "", seen->header_row + i);
	g_string_append_c(json, ']');
}

void ds_dialect_suggest(const DsDialect *used, const char *sample, gsize length, const char *file,
						StetDiagnostics *diags)
{
	DsDialect seen = {.quote = '"', .header = TRUE, .header_row = 1, .header_rows = 1, .header_join = " "};
	g_autoptr(GString) json = g_string_new(NULL);
	if (used->declared || used->lenient)
		return;
	ds_dialect_sniff(&seen, sample, length, TRUE);
	if (strcmp(seen.delimiter, used->delimiter) != 0)
		return;
	compare_dialects(used, &seen, json);
	g_autofree char *mend = g_strdup_printf("declare \"dialect\": {%s}, or load leniently", json->str);
	if (json->len > 0)
		stet_diagnose(diags, STET_NOTE, "csv-dialect", (StetPlace){file, 1, 0}, mend,
					  "the file looks like one of another dialect");
}
