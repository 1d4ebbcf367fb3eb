/* Records and their cells. libcsv parses every record that holds a quote, fed line by line so that the
 * number of lines and the place of a fault stay known. A record without a quote has no grammar but its
 * delimiters (RFC 4180, 2), so it is split where it lies, 64 bytes at a time, and nothing is copied.
 * Dialects that libcsv does not speak (long delimiters, escape characters, spaces before quotes) go
 * through the small automaton in odd.c. */
#include "rows.h"
#include "scan.h"

#define CELL_BYTES (1u << 20)

/* Spaces are part of a cell (RFC 4180, 2.4); libcsv would trim them. */
static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void parser_start(DsRows *rows)
{
	csv_init(&rows->parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_delim(&rows->parser, (unsigned char)rows->dialect->delimiter[0]);
	if (rows->dialect->quote != 0)
		csv_set_quote(&rows->parser, (unsigned char)rows->dialect->quote);
	csv_set_space_func(&rows->parser, no_space);
	/* libcsv's buffer grows by this much at a time: its usual 128 bytes would copy a long cell over and over
	 */
	csv_set_blk_size(&rows->parser, CELL_BYTES);
}

static void reject_clear(gpointer data)
{
	DsReject *reject = data;
	g_free(reject->rule);
	g_free(reject->record);
	g_free(reject->reason);
}

GArray *ds_rejects_new(void)
{
	GArray *rejects = g_array_new(FALSE, FALSE, sizeof(DsReject));
	g_array_set_clear_func(rejects, reject_clear);
	return rejects;
}

DsRows *ds_rows_new(const DsDialect *dialect, guint columns)
{
	DsRows *rows = g_new0(DsRows, 1);
	rows->dialect = dialect;
	rows->columns = columns;
	rows->odd = ds_dialect_is_odd(dialect);
	rows->batch = g_new0(DsBatch, 1);
	rows->batch->columns = columns;
	rows->batch->cells = g_new0(StetText, (gsize)columns * DS_BATCH);
	rows->rejects = ds_rejects_new();
	parser_start(rows);
	return rows;
}

void ds_rows_free(DsRows *rows)
{
	if (rows == NULL)
		return;
	csv_free(&rows->parser);
	ds_arena_clear(&rows->batch->texts);
	g_free(rows->batch->cells);
	g_free(rows->batch);
	g_array_free(rows->rejects, TRUE);
	g_free(rows);
}

void ds_rejects_add(GArray *rejects, guint line, StetText record, const char *rule, const char *reason)
{
	while (record.len > 0 && (record.ptr[record.len - 1] == '\n' || record.ptr[record.len - 1] == '\r'))
		record.len--;
	DsReject reject = {line, g_strdup(rule), g_strndup(record.ptr, record.len), g_strdup(reason)};
	g_array_append_val(rejects, reject);
}

void ds_rows_set_names(DsRows *rows, const char *const *names)
{
	rows->names = names;
}

void ds_rows_begin(DsRows *rows)
{
	rows->blank_line = rows->other_n = 0;
	rows->was_blank = rows->other_table = FALSE;
}

GArray *ds_rows_rejects(DsRows *rows)
{
	GArray *all = rows->rejects;
	rows->rejects = ds_rejects_new();
	return all;
}

static void flush(DsRows *rows)
{
	DsBatch *batch = rows->batch;
	if (batch->n > 0) {
		memset(batch->bad, 0, sizeof batch->bad);
		rows->sink(batch, rows->data);
	}
	batch->n = 0;
	ds_arena_reset(&batch->texts);
}

static inline void put(DsRows *rows, guint column, const char *from, const char *to)
{
	if (column < rows->columns)
		rows->batch->cells[(gsize)column * DS_BATCH + rows->batch->n] = (StetText){from, (gsize)(to - from)};
}

/* ---- faults of a record -------------------------------------------------------------------- */

void ds_rows_refuse(DsRows *rows, const char *record, const char *next, const char *code, guint line,
					guint column, char *message, char *mend)
{
	StetText text = {record, (gsize)(next - record)};
	if (rows->mode.lenient) {
		ds_rejects_add(rows->rejects, rows->line, text, code, message);
		g_free(message);
		g_free(mend);
		return;
	}
	ds_fault(rows->faults, STET_ERROR, code, line, column, message, mend);
}

static void refuse_ragged(DsRows *rows, const char *record, const char *next, guint cells)
{
	guint line = 0, column = 1;
	if (rows->faults->list->len >= DS_FAULTS_MAX && !rows->mode.lenient) {
		rows->faults->more++;
		return;
	}
	ds_rows_locate(rows->dialect, record, (gsize)(next - record), MIN(cells, rows->columns), &line, &column);
	g_autofree char *how = rows->mode.lenient ? NULL : ds_rows_other_way(rows, record, next);
	char *mend =
		how != NULL ? g_strdup_printf("it can be read %s: write it like the others, or load leniently", how)
		: cells < rows->columns
			? g_strdup("add the missing cells, or quote a cell that holds a line end")
			: g_strdup("remove the cells beyond the header, or quote a cell that holds the delimiter");
	ds_rows_refuse(
		rows, record, next, "csv-ragged", rows->line + line, column,
		g_strdup_printf("row has %u cell%s, the header %u", cells, cells == 1 ? "" : "s", rows->columns),
		mend);
}

static gboolean is_blank(const DsRows *rows)
{
	for (guint c = 0; c < rows->columns; c++)
		if (rows->batch->cells[(gsize)c * DS_BATCH + rows->batch->n].len > 0)
			return FALSE;
	return TRUE;
}

/* One record has ended: `next` is where the following one begins, `lines` the line ends it took. */
static void finish(DsRows *rows, const char *record, const char *next, guint cells, guint lines)
{
	DsBatch *batch = rows->batch;
	if (cells != rows->columns && rows->mode.ragged) {
		for (guint c = cells; c < rows->columns; c++)
			put(rows, c, record, record);
		cells = rows->columns;
	}
	if (cells != rows->columns && rows->mode.lenient && lines <= 1 && ds_rows_rescue(rows, record, next))
		cells = rows->columns;
	gboolean blank = !rows->dialect->records && cells == rows->columns && cells > 1 && batch->cells[batch->n].len == 0 && is_blank(rows);
	if (blank && !rows->was_blank)
		ds_fault(rows->faults, STET_NOTE, "csv-blank-row", rows->line, 1,
				 g_strdup("a row of delimiters alone is passed over"), NULL);
	if (cells != rows->columns) {
		ds_rows_note_width(rows, cells);
		refuse_ragged(rows, record, next, cells);
	} else if (!blank && !ds_rows_is_extra(rows, record, next)) {
		batch->start[batch->n] = record;
		batch->end[batch->n] = next;
		batch->line[batch->n] = rows->line;
		if (++batch->n == DS_BATCH)
			flush(rows);
	}
	rows->was_blank = blank;
	rows->line += rows->dialect->records ? 1 : lines;
}

/* ---- records without quotes ---------------------------------------------------------------- */

/* Splits records until one holds a quote or none is whole; returns where that one begins. */
static const char *split_plain(DsRows *rows, const char *record)
{
	char delimiter = rows->dialect->delimiter[0];
	char quote = rows->dialect->quote != 0 ? rows->dialect->quote : '\n';
	char comment = rows->dialect->comment;
	const char *cell = record, *end = rows->end;
	guint cells = 0;
	for (const char *block = record; block < end; block += 64) {
		guint64 mask = scan_any4(block, delimiter, quote, '\n', '\r');
		if (end - block < 64)
			mask &= ~(G_MAXUINT64 << (end - block));
		for (; mask != 0; mask &= mask - 1) {
			const char *at = block + __builtin_ctzll(mask);
			if (*at == delimiter) {
				put(rows, cells++, cell, at);
				cell = at + 1;
				continue;
			}
			if (*at != '\n' && *at != '\r')
				return record;
			if (*at == '\n' && at == record && at > rows->bytes && at[-1] == '\r') {
				/* the second half of CRLF */
			} else if (at == record || (comment != 0 && *record == comment)) {
				rows->line++;
				rows->blank_line = rows->line;
			} else {
				put(rows, cells++, cell, at);
				finish(rows, record, at + 1, cells, 1);
			}
			record = cell = at + 1;
			cells = 0;
		}
	}
	if (record < end && rows->mode.last && !(comment != 0 && *record == comment)) {
		put(rows, cells++, cell, end);
		finish(rows, record, end, cells, 0);
		return end;
	}
	return rows->mode.last ? end : record;
}

/* ---- records with quotes ------------------------------------------------------------------- */

static void on_cell(void *bytes, size_t length, void *data)
{
	DsRows *rows = data;
	if (rows->cells < rows->columns)
		rows->batch->cells[(gsize)rows->cells * DS_BATCH + rows->batch->n] =
			ds_arena_copy(&rows->batch->texts, bytes, length);
	rows->cells++;
}

static void on_row(int c, void *data)
{
	(void)c;
	((DsRows *)data)->done = TRUE;
}

/* After the line end that follows `from`; CRLF counts as one. */
static const char *line_after(const char *from, const char *end)
{
	while (from < end && *from != '\n' && *from != '\r')
		from++;
	if (from < end && *from++ == '\r' && from < end && *from == '\n')
		from++;
	return from;
}

static void restart(DsRows *rows)
{
	csv_free(&rows->parser);
	parser_start(rows);
}

/* A quote where none may be, at `at`. */
static const char *stray_quote(DsRows *rows, const char *record, const char *at, guint lines)
{
	gboolean after = rows->parser.quoted != 0;
	const char *line_start = at;
	while (line_start > record && line_start[-1] != '\n')
		line_start--;
	const char *next = line_after(at, rows->end);
	g_autofree char *excerpt = ds_excerpt((StetText){at, (gsize)MIN(next - at, 30)});
	restart(rows);
	if (!rows->mode.careful) {
		*rows->broken = TRUE;
		return record;
	}
	if (rows->mode.lenient && lines == 0 && ds_rows_rescue(rows, record, next)) {
		finish(rows, record, next, rows->columns, 1);
		return next;
	}
	/* the quote that opened lines above may be the stray one: only its line is given up */
	if (rows->mode.lenient)
		next = line_after(record, rows->end);
	char *message = after ? g_strdup_printf("text follows a closing quote: %s", excerpt)
						  : g_strdup_printf("a quote stands inside an unquoted cell: %s", excerpt);
	ds_rows_refuse(rows, record, next, "csv-quote", rows->line + lines, (guint)(at - line_start) + 1, message,
				   g_strdup("enclose the whole cell in quotes and double each quote inside it"));
	rows->line += rows->mode.lenient ? 1 : lines + 1;
	return next;
}

/* A record that does not end: nothing behind it can be read. */
static const char *endless(DsRows *rows, const char *record)
{
	guint line = 0, column = 1;
	gboolean quoted = rows->dialect->quote != 0 &&
					  memchr(record, rows->dialect->quote, (gsize)(rows->end - record)) != NULL;
	if (rows->mode.careful) {
		ds_rows_locate(rows->dialect, record, (gsize)(rows->end - record), rows->cells, &line, &column);
		ds_fault(rows->faults, STET_ERROR, quoted ? "csv-unclosed-quote" : "csv-too-long", rows->line + line,
				 column,
				 g_strdup_printf(quoted ? "a quote opens here and is not closed within %u MiB"
										: "a row is longer than %u MiB",
								 DS_RECORD_MAX >> 20),
				 g_strdup(quoted ? "close the quote, or double it if it belongs to the text"
								 : "look whether the file is CSV, and what ends its lines"));
	}
	restart(rows);
	*rows->broken = TRUE;
	return rows->end;
}

/* A quote that is never closed: the record's first line is given up, the next one tried. */
static const char *unclosed_quote(DsRows *rows, const char *record)
{
	guint line = 0, column = 1;
	ds_rows_locate(rows->dialect, record, (gsize)(rows->end - record), rows->cells, &line, &column);
	restart(rows);
	if (!rows->mode.careful) {
		*rows->broken = TRUE;
		return record;
	}
	const char *next = line_after(record, rows->end);
	for (guint i = 0; i < line; i++)
		next = line_after(next, rows->end);
	ds_rows_refuse(rows, record, next, "csv-unclosed-quote", rows->line + line, column,
				   g_strdup("this quote is never closed"),
				   g_strdup("close the quote, or double it if it belongs to the text"));
	rows->line += line + 1;
	return next;
}

/* Lines below the record's first that have as many delimiters as a row. */
static guint lines_like_rows(const DsRows *rows, const char *record, const char *next)
{
	guint alike = 0, delimiters = 0;
	for (const char *p = line_after(record, next); p < next; p++) {
		if (*p == rows->dialect->delimiter[0])
			delimiters++;
		if (*p != '\n')
			continue;
		alike += delimiters + 1 == rows->columns;
		delimiters = 0;
	}
	return alike;
}

/* Where a quoted cell begins that runs over a line end: line below the record's first, byte column. */
static void locate_open_cell(const DsRows *rows, const char *record, const char *next, guint *line,
							 guint *column)
{
	for (guint c = 0; c < rows->columns; c++) {
		guint end_line, end_column;
		ds_rows_locate(rows->dialect, record, (gsize)(next - record), c, line, column);
		ds_rows_locate(rows->dialect, record, (gsize)(next - record), c + 1, &end_line, &end_column);
		if (end_line > *line)
			return;
	}
}

/* A cell over several lines that look like rows themselves was probably opened by a stray quote. Lenient:
 * TRUE, and the record's first line alone is given up. */
static gboolean is_swallowing(DsRows *rows, const char *record, const char *next, guint lines)
{
	guint alike = lines_like_rows(rows, record, next), line = 0, column = 1;
	if (rows->columns < 2 || alike < (rows->columns > 2 ? 1 : 3))
		return FALSE;
	if (rows->mode.lenient) {
		ds_rows_refuse(rows, record, line_after(record, next), "csv-swallowed-rows", rows->line, 1,
					   g_strdup("a quote opens here and closes lines below, with rows between"), NULL);
		return TRUE;
	}
	locate_open_cell(rows, record, next, &line, &column);
	ds_fault(rows->faults, STET_WARNING, "csv-swallowed-rows", rows->line + line, column,
			 g_strdup_printf("a quoted cell runs over %u lines, %u of which look like rows of their own",
							 lines, alike),
			 g_strdup_printf("look for a stray quote in the first and the last of these %u lines", lines));
	return FALSE;
}

/* Parses the record at `record` by libcsv; returns where the next begins, or `record` if it is not
 * whole. */
static const char *parse_quoted(DsRows *rows, const char *record)
{
	const char *from = record;
	guint lines = 0;
	if (rows->dialect->comment != 0 && *record == rows->dialect->comment) {
		rows->line++;
		return line_after(record, rows->end);
	}
	rows->cells = 0;
	rows->done = FALSE;
	while (!rows->done && from < rows->end) {
		const char *to = line_after(from, rows->end);
		/* the LF of a CRLF outside quotes is nothing to libcsv, inside it is content */
		gsize used = csv_parse(&rows->parser, from, (gsize)(to - from), on_cell, on_row, rows);
		if (used < (gsize)(to - from))
			return stray_quote(rows, record, from + used, lines);
		from = to;
		lines++;
	}
	if (!rows->done && !rows->mode.last) {
		if ((gsize)(from - record) > DS_RECORD_MAX)
			return endless(rows, record);
		if (!rows->mode.careful)
			return unclosed_quote(rows, record);
		restart(rows);
		return record;
	}
	if (!rows->done && csv_fini(&rows->parser, on_cell, on_row, rows) != 0)
		return unclosed_quote(rows, record);
	if (lines > 2 && !rows->dialect->records && is_swallowing(rows, record, from, lines)) {
		rows->line++;
		return line_after(record, rows->end);
	}
	finish(rows, record, from, rows->cells, lines);
	return from;
}

/* ---- odd dialects -------------------------------------------------------------------------- */

static const char *parse_odd(DsRows *rows, const char *record)
{
	const DsDialect *dialect = rows->dialect;
	DsOdd odd = {.dialect = dialect, .at = record, .end = rows->end, .last = rows->mode.last};
	if (*record == '\n' || *record == '\r' || (dialect->comment != 0 && *record == dialect->comment)) {
		rows->line++;
		return line_after(record, rows->end);
	}
	guint cells = 0;
	g_autoptr(GString) text = g_string_new(NULL);
	while (ds_odd_cell(&odd, text))
		if (cells++ < rows->columns)
			rows->batch->cells[(gsize)(cells - 1) * DS_BATCH + rows->batch->n] =
				ds_arena_copy(&rows->batch->texts, text->str, text->len);
	if (odd.state == DS_ODD_STRAY) {
		rows->parser.quoted = TRUE;
		return stray_quote(rows, record, odd.at, odd.lines);
	}
	if (odd.state == DS_ODD_OPEN) {
		rows->cells = cells;
		if (!rows->mode.last && (gsize)(rows->end - record) > DS_RECORD_MAX)
			return endless(rows, record);
		if (rows->mode.last || !rows->mode.careful)
			return unclosed_quote(rows, record);
		return record;
	}
	finish(rows, record, odd.at, cells, odd.lines);
	return odd.at;
}

/* ---- public -------------------------------------------------------------------------------- */

gsize ds_rows_parse(DsRows *rows, const char *bytes, gsize length, DsRowsMode mode, guint *line,
					DsFaults *faults, gboolean *broken, DsSink sink, gpointer data)
{
	const char *record = bytes;
	rows->bytes = bytes;
	rows->end = bytes + length;
	rows->mode = mode;
	rows->line = *line;
	rows->faults = faults;
	rows->broken = broken;
	rows->sink = sink;
	rows->data = data;
	rows->batch->n = 0;
	while (record < rows->end && !*broken) {
		const char *before = record;
		if (rows->odd)
			record = parse_odd(rows, record);
		else if ((record = split_plain(rows, record)) < rows->end)
			record = parse_quoted(rows, record);
		if (record == before)
			break;
	}
	flush(rows);
	*line = rows->line;
	return (gsize)(record - bytes);
}

/* ---- places -------------------------------------------------------------------------------- */

static void count_cell(void *bytes, size_t length, void *data)
{
	(void)bytes;
	(void)length;
	(*(guint *)data)++;
}

static void ignore_row(int c, void *data)
{
	(void)c;
	(void)data;
}

/* Offset of cell `column` of the record, by libcsv a byte at a time: it says when a cell ends. */
static gsize offset_of(const DsDialect *dialect, const char *record, gsize length, guint column)
{
	DsRows rows = {.dialect = dialect};
	guint cells = 0;
	gsize at = 0;
	parser_start(&rows);
	while (at < length && cells < column &&
		   csv_parse(&rows.parser, record + at, 1, count_cell, ignore_row, &cells) == 1)
		at++;
	csv_free(&rows.parser);
	return at;
}

void ds_rows_locate(const DsDialect *dialect, const char *record, gsize length, guint column, guint *line,
					guint *byte_column)
{
	gsize at = 0;
	if (ds_dialect_is_odd(dialect)) {
		DsOdd odd = {.dialect = dialect, .at = record, .end = record + length, .last = TRUE};
		g_autoptr(GString) text = g_string_new(NULL);
		for (guint i = 0; i < column && ds_odd_cell(&odd, text); i++)
			;
		at = (gsize)(odd.at - record);
	} else if (column > 0) {
		at = offset_of(dialect, record, length, column);
	}
	/* a record's own line end is not a place */
	while (at > 0 && at == length && (record[at - 1] == '\n' || record[at - 1] == '\r'))
		length = --at;
	*line = 0;
	gsize line_start = 0;
	for (gsize i = 0; i < at; i++) {
		if (record[i] != '\n' && !(record[i] == '\r' && i + 1 < length && record[i + 1] != '\n'))
			continue;
		++*line;
		line_start = i + 1;
	}
	*byte_column = (guint)(at - line_start) + 1;
}
