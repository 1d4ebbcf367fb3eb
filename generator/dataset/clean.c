/* A messy table as clean CSV. */
#include "private.h"

#include <string.h>

/* ---- clean CSV ----------------------------------------------------------------------------- */

static void write_cell(StetText cell, GString *out)
{
	gboolean quote = cell.len > 0 && (cell.ptr[0] == ' ' || cell.ptr[cell.len - 1] == ' ');
	for (gsize i = 0; i < cell.len && !quote; i++)
		quote = strchr(",\"\r\n", cell.ptr[i]) != NULL;
	if (!quote) {
		g_string_append_len(out, cell.ptr, (gssize)cell.len);
		return;
	}
	g_string_append_c(out, '"');
	for (gsize i = 0; i < cell.len; i++) {
		if (cell.ptr[i] == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, cell.ptr[i]);
	}
	g_string_append_c(out, '"');
}

static void write_rows(DsBatch *batch, gpointer data)
{
	GString *out = data;
	for (guint row = 0; row < batch->n; row++) {
		for (guint c = 0; c < batch->columns; c++) {
			if (c > 0)
				g_string_append_c(out, ',');
			write_cell(batch->cells[(gsize)c * DS_BATCH + row], out);
		}
		g_string_append_c(out, '\n');
	}
}

typedef struct {
	const char *path;
	DsDialect dialect;
	gboolean lenient;
	GString *out;
	StetDiagnostics *diags;
	char *head; /* the first bytes, for a suggestion */
	gsize head_length;
	DsRows *rows;
	DsHeader header;
	guint line; /* of the next piece's first line */
} Clean;

static gboolean start(Clean *clean, const DsChunk *chunk, gsize *skip)
{
	DsHeader *header = &clean->header;
	clean->head_length = MIN(chunk->length, (gsize)DS_SNIFF_BYTES);
	clean->head = g_memdup2(chunk->bytes, clean->head_length);
	ds_dialect_sniff(&clean->dialect, chunk->bytes, chunk->length, clean->lenient);
	if (!clean->lenient &&
		ds_dialect_has_preamble(&clean->dialect, chunk->bytes, chunk->length, clean->path, clean->diags))
		return FALSE;
	if (!ds_header_read(header, &clean->dialect, chunk->bytes, chunk->length, clean->path, clean->diags))
		return FALSE;
	ds_header_note_skipped(header, &clean->dialect, clean->path, clean->diags);
	for (guint i = 0; clean->dialect.header && i < header->n; i++) {
		if (i > 0)
			g_string_append_c(clean->out, ',');
		write_cell(stet_text(header->names[i]), clean->out);
	}
	if (clean->dialect.header)
		g_string_append_c(clean->out, '\n');
	clean->rows = ds_rows_new(&clean->dialect, header->n);
	if (clean->dialect.header)
		ds_rows_set_names(clean->rows, (const char *const *)header->names);
	clean->line = header->lines + 1;
	*skip = header->bytes;
	return TRUE;
}

static void report_rejects(Clean *clean)
{
	GArray *rejects = ds_rows_rejects(clean->rows);
	for (guint i = 0; i < rejects->len; i++) {
		const DsReject *reject = &g_array_index(rejects, DsReject, i);
		g_autofree char *excerpt = ds_excerpt(stet_text(reject->record));
		stet_diagnose(clean->diags, STET_WARNING, "csv-left-out",
					  (StetPlace){clean->path, clean->line + reject->line, 0}, NULL, "row left out, %s: %s",
					  reject->reason, excerpt);
	}
	g_array_free(rejects, TRUE);
}

static void clean_pieces(Clean *clean, DsCut *cut, GError **error)
{
	DsChunk chunk = {0};
	while (ds_cut_next(cut, &chunk, error)) {
		DsFaults faults;
		gsize skip = 0;
		guint lines = 0;
		gboolean broken = FALSE;
		if (clean->rows == NULL && !start(clean, &chunk, &skip))
			break;
		DsRowsMode mode = {.careful = TRUE, .last = chunk.last, .lenient = clean->lenient};
		ds_faults_init(&faults);
		gsize used = skip + ds_rows_parse(clean->rows, chunk.bytes + skip, chunk.length - skip, mode, &lines,
										  &faults, &broken, write_rows, clean->out);
		ds_faults_report(&faults, clean->path, clean->line, clean->diags);
		report_rejects(clean);
		ds_faults_clear(&faults);
		clean->line += lines;
		if (broken)
			break;
		if (used < chunk.length)
			ds_cut_return(cut, chunk.bytes + used, chunk.length - used);
	}
	ds_chunk_clear(&chunk);
}

/* Bytes that are no UTF-8 and no encoding declared: most often Windows-1252, which any bytes are. */
static const char *guess_encoding(const char *path, StetDiagnostics *diags)
{
	g_autoptr(DsReader) reader = ds_reader_open(path, NULL, NULL);
	g_autofree char *head = g_malloc(DS_PIECE_BYTES);
	gssize n = reader != NULL ? ds_reader_read(reader, head, DS_PIECE_BYTES, NULL) : 0;
	const char *bad = NULL;
	if (n <= 0 || g_utf8_validate_len(head, (gsize)n, &bad) || memchr(head, 0, (gsize)n) != NULL ||
		(n == DS_PIECE_BYTES && head + n - bad < 4)) /* a character cut in two */
		return NULL;
	stet_diagnose(diags, STET_WARNING, "csv-encoding", (StetPlace){path, 1, 0},
				  "declare the encoding if it is another",
				  "the file is not UTF-8 and is read as windows-1252");
	return "windows-1252";
}

gboolean stet_csv_clean(const char *path, const StetNode *dialect, const char *encoding, gboolean lenient,
						GString *out, StetDiagnostics *diags)
{
	Clean clean = {.path = path, .lenient = lenient, .out = out, .diags = diags};
	guint errors = stet_diagnostics_count(diags, STET_ERROR);
	g_autoptr(GError) error = NULL;
	if (encoding == NULL && lenient)
		encoding = guess_encoding(path, diags);
	if (ds_dialect_read(&clean.dialect, dialect, encoding, diags)) {
		g_autoptr(DsReader) reader = ds_reader_open(path, clean.dialect.encoding, &error);
		clean.dialect.lenient = lenient;
		if (reader != NULL) {
			DsCut *cut = ds_cut_new(reader, 0);
			clean_pieces(&clean, cut, &error);
			ds_cut_free(cut);
		}
		if (error != NULL)
			stet_diagnose(diags, STET_ERROR, "csv-read", (StetPlace){path, 0, 0}, NULL, "%s", error->message);
		else if (clean.rows == NULL && stet_diagnostics_count(diags, STET_ERROR) == errors)
			stet_diagnose(diags, STET_ERROR, "csv-empty", (StetPlace){path, 1, 0}, NULL, "the file is empty");
	}
	if (clean.head != NULL && stet_diagnostics_count(diags, STET_ERROR) > errors)
		ds_dialect_suggest(&clean.dialect, clean.head, clean.head_length, path, diags);
	g_free(clean.head);
	ds_rows_free(clean.rows);
	ds_dialect_clear(&clean.dialect);
	ds_header_clear(&clean.header);
	return stet_diagnostics_count(diags, STET_ERROR) == errors;
}

/* ---- quarantine ---------------------------------------------------------------------------- */

void stet_dataset_quarantine(const StetDataset *dataset, GString *out)
{
	g_string_append(out, "file,line,reason,record\n");
	for (guint i = 0; i < dataset->rejects->len; i++) {
		const StetReject *reject = dataset->rejects->pdata[i];
		write_cell(stet_text(dataset->sources[reject->source].path), out);
		g_string_append_printf(out, ",%u,", reject->line);
		write_cell(stet_text(reject->reason != NULL ? reject->reason : ""), out);
		g_string_append_c(out, ',');
		g_autofree char *record = g_utf8_make_valid(reject->record != NULL ? reject->record : "", -1);
		write_cell(stet_text(record), out);
		g_string_append_c(out, '\n');
	}
}
