/* One reading of a dataset's files. Workers take turns at the file: whoever holds the lock reads and
 * cuts the next piece, then parses it while the others read on. */
#include "private.h"

#include <string.h>

/* A text column whose first piece repeats itself less than this is kept as text, not as codes. */
#define CODES_SHARE 0.5
#define CODES_ROWS 5000u

typedef struct DsWorker {
	DsWork *work; /* one a column */
	DsRows *rows;
	guint rows_columns;
	DsChunk chunk;
	guint *lines; /* of the piece's rows */
	gsize n_lines, lines_capacity;
	gboolean irregular;
	/* the piece being parsed */
	struct Source *source;
	DsPiece *piece;
	DsFaults cell_faults; /* of one batch, when rows are quarantined */
} Worker;

typedef struct Source {
	DsLoad *load;
	guint index;
	DsReader *reader;
	DsCut *cut;
	GMutex lock;
	DsHeader header;
	int *place; /* column of the file for each of the dataset's, -1: none */
	guint first_piece;
	gboolean over; /* a piece is broken: what is read of this file is in vain */
	GError *error;
} Source;

/* ---- one piece ----------------------------------------------------------------------------- */

static void keep_lines(Worker *worker, const DsBatch *batch)
{
	gsize want = worker->n_lines + batch->n;
	if (want > worker->lines_capacity) {
		worker->lines_capacity = MAX(want, worker->lines_capacity * 2);
		worker->lines = g_renew(guint, worker->lines, worker->lines_capacity);
	}
	for (guint row = 0; row < batch->n; row++) {
		if (batch->bad[row] && worker->source->load->quarantine)
			continue;
		worker->lines[worker->n_lines] = batch->line[row];
		worker->irregular |= batch->line[row] - worker->lines[0] != worker->n_lines;
		worker->n_lines++;
	}
}

/* Moves the batch's bad rows out of the columns and into the quarantine. */
static void quarantine_rows(Worker *worker, DsLoad *load, DsBatch *batch)
{
	GArray *faults = worker->cell_faults.list;
	gboolean any = FALSE;
	for (guint row = 0; row < batch->n; row++) {
		if (!batch->bad[row])
			continue;
		g_autoptr(GString) reason = g_string_new(NULL);
		const char *rule = NULL;
		for (guint f = 0; f < faults->len; f++) {
			const DsFault *fault = &g_array_index(faults, DsFault, f);
			if (fault->row != row)
				continue;
			g_string_append_printf(reason, "%s%s", reason->len > 0 ? "; " : "", fault->message);
			rule = rule != NULL ? rule : fault->code;
		}
		any = TRUE;
		ds_rejects_add(worker->piece->rejects, batch->line[row],
					   (StetText){batch->start[row], (gsize)(batch->end[row] - batch->start[row])},
					   rule != NULL ? rule : "value", rule != NULL ? reason->str : "one fault among too many to tell");
	}
	g_array_set_size(faults, 0);
	for (guint c = 0; any && c < load->n_columns; c++)
		ds_work_drop(&worker->work[c], load->columns[c].kind, batch);
}

static void all_missing(const DsColumn *column, DsWork *work, guint n)
{
	memset((char *)work->values + work->rows * ds_kind_size(column->kind), 0, n * ds_kind_size(column->kind));
	for (guint row = 0; row < n; row++)
		work->valid[(work->rows + row) / 64] &= ~(G_GUINT64_CONSTANT(1) << ((work->rows + row) % 64));
	if (column->kind == STET_COLUMN_TEXT)
		((guint64 *)work->values)[work->rows + n] = 0;
	work->missing += n;
}

static void take_batch(DsBatch *batch, gpointer data)
{
	Worker *worker = data;
	DsLoad *load = worker->source->load;
	for (guint c = 0; c < load->n_columns; c++) {
		const DsColumn *column = &load->columns[c];
		DsWork *work = &worker->work[c];
		int place = worker->source->place[c];
		work->faults = load->quarantine ? &worker->cell_faults : &worker->piece->faults;
		ds_work_grow(work, column->kind, batch->n);
		if (place >= 0)
			ds_parse_of(column->kind)(column, work, batch, (guint)place);
		else
			all_missing(column, work, batch->n);
		work->rows += batch->n;
	}
	keep_lines(worker, batch);
	if (load->quarantine)
		quarantine_rows(worker, load, batch);
}

/* What the worker gathered becomes the piece's. */
static void finish_piece(Worker *worker, DsLoad *load, DsPiece *piece)
{
	piece->rows = worker->n_lines;
	piece->vectors = g_new0(StetVector, load->n_columns);
	piece->scales = g_new0(int, load->n_columns);
	piece->wants_double = g_new0(gboolean, load->n_columns);
	for (guint c = 0; c < load->n_columns; c++) {
		piece->scales[c] = worker->work[c].scale;
		piece->wants_double[c] = worker->work[c].wants_double;
		worker->work[c].wants_double = FALSE;
		piece->vectors[c] = ds_work_take(&worker->work[c], load->columns[c].kind);
	}
	piece->first_row_line = piece->rows > 0 ? worker->lines[0] : 0;
	if (worker->irregular)
		piece->line_of = g_memdup2(worker->lines, worker->n_lines * sizeof *worker->lines);
	worker->n_lines = 0;
	worker->irregular = FALSE;
}

static void piece_free(gpointer data)
{
	DsPiece *piece = data;
	if (piece == NULL)
		return;
	g_free(piece->line_of);
	g_free(piece->scales);
	g_free(piece->wants_double);
	g_free(piece->vectors);
	ds_faults_clear(&piece->faults);
	if (piece->rejects != NULL)
		g_array_free(piece->rejects, TRUE);
	g_free(piece);
}

static DsPiece *piece_new(guint source, guint worker)
{
	DsPiece *piece = g_new0(DsPiece, 1);
	piece->source = source;
	piece->worker = worker;
	ds_faults_init(&piece->faults);
	piece->rejects = ds_rejects_new();
	return piece;
}

/* Parses the worker's chunk; returns the bytes used. */
static gsize parse_piece(Source *source, Worker *worker, DsPiece *piece, gsize skip)
{
	DsLoad *load = source->load;
	DsRowsMode mode = {.careful = load->careful, .last = worker->chunk.last, .lenient = load->quarantine};
	worker->source = source;
	worker->piece = piece;
	if (worker->rows == NULL || worker->rows_columns != source->header.n) {
		ds_rows_free(worker->rows);
		worker->rows = ds_rows_new(&load->dialect, source->header.n);
		worker->rows_columns = source->header.n;
	}
	if (load->dialect.header)
		ds_rows_set_names(worker->rows, (const char *const *)source->header.names);
	gsize used = ds_rows_parse(worker->rows, worker->chunk.bytes + skip, worker->chunk.length - skip, mode,
							   &piece->lines, &piece->faults, &piece->broken, take_batch, worker);
	GArray *rejects = ds_rows_rejects(worker->rows);
	g_array_append_vals(piece->rejects, rejects->data, rejects->len);
	g_array_set_clear_func(rejects, NULL);
	g_array_free(rejects, TRUE);
	finish_piece(worker, load, piece);
	return skip + used;
}

/* ---- one file ------------------------------------------------------------------------------ */

static void progress(const Source *source)
{
	const StetLoadOptions *options = source->load->options;
	if (options->progress != NULL)
		options->progress(source->load->resource->name, ds_reader_raw_bytes(source->reader),
						  ds_reader_size(source->reader), options->progress_data);
}

static gboolean is_stopped(const Source *source)
{
	const StetLoadOptions *options = source->load->options;
	return options->stop != NULL && options->stop(options->stop_data);
}

static void work_on_file(gsize index, guint number, gpointer data)
{
	Source *source = data;
	DsLoad *load = source->load;
	Worker *worker = &load->workers[index];
	(void)number;
	for (;;) {
		g_mutex_lock(&source->lock);
		gboolean more = source->error == NULL && !source->over && ds_cut_next(source->cut, &worker->chunk, &source->error);
		DsPiece *piece = NULL;
		if (more && is_stopped(source)) {
			more = FALSE;
			g_set_error(&source->error, G_FILE_ERROR, G_FILE_ERROR_INTR, "stopped before the file was read");
		}
		if (more) {
			piece = piece_new(source->index, (guint)index);
			g_ptr_array_add(load->pieces, piece);
			progress(source);
		}
		g_mutex_unlock(&source->lock);
		if (!more)
			return;
		gsize used = parse_piece(source, worker, piece, 0);
		if (piece->broken) {
			g_mutex_lock(&source->lock);
			source->over = TRUE;
			g_mutex_unlock(&source->lock);
			return;
		}
		if (load->careful && used < worker->chunk.length)
			ds_cut_return(source->cut, worker->chunk.bytes + used, worker->chunk.length - used);
	}
}

static int find_name(const DsHeader *header, const char *name)
{
	for (guint i = 0; i < header->n; i++)
		if (g_str_equal(header->names[i], name))
			return (int)i;
	return -1;
}

/* Table Schema 'fieldsMatch'; NULL: not declared, columns may stand in any order. */
static const char *match_rule(const StetResource *resource)
{
	const StetNode *rule = stet_node_get(resource->schema, "fieldsMatch");
	/* v2 once wrote a list of one */
	if (rule != NULL && rule->kind == STET_NODE_LIST && rule->n > 0)
		rule = rule->items[0];
	return rule != NULL ? rule->text : NULL;
}

static gboolean missing_column(const Source *source, const char *name, const char *file)
{
	const char *nearest = stet_nearest(name, (const char *const *)source->header.names);
	g_autofree char *mend = nearest != NULL ? g_strdup_printf("the file has '%s'", nearest) : NULL;
	stet_diagnose(source->load->diags, STET_ERROR, "csv-header", (StetPlace){file, source->header.line, 1},
				  mend, "the column '%s' of the schema is not in the file", name);
	return FALSE;
}

/* A column of the file that the schema does not have. */
static gboolean unknown_column(const Source *source, const char *name, const char *file)
{
	stet_diagnose(source->load->diags, STET_ERROR, "csv-header", (StetPlace){file, source->header.line, 1},
				  "add it to the schema's fields, or set 'fieldsMatch' to \"subset\"",
				  "the schema has no field for the column '%s'", name);
	return FALSE;
}

/* 'exact', where it is declared, is about order, too; of 'partial', one column at least is both's. */
static gboolean check_order(const Source *source, const char *rule, guint found, const char *file)
{
	const DsLoad *load = source->load;
	StetPlace place = {file, source->header.line, 1};
	if (g_strcmp0(rule, "partial") == 0 && found == 0) {
		stet_diagnose(load->diags, STET_ERROR, "csv-header", place, NULL, "no column of the file is in the schema");
		return FALSE;
	}
	for (guint c = 0; g_strcmp0(rule, "exact") == 0 && c < load->n_columns; c++)
		if (source->place[c] != (int)c) {
			stet_diagnose(load->diags, STET_ERROR, "csv-header", place, "set 'fieldsMatch' to \"equal\" for any order",
						  "the schema has the field '%s' here, the file the column '%s'",
						  load->columns[c].field->name, source->header.names[c]);
			return FALSE;
		}
	return TRUE;
}

/* Finds each column of the schema in the file. */
static gboolean place_columns(Source *source, const char *file)
{
	static const char *const known[] = {"exact", "equal", "subset", "superset", "partial", NULL};
	DsLoad *load = source->load;
	const char *rule = match_rule(load->resource);
	gboolean more = g_strcmp0(rule, "subset") == 0, less = g_strcmp0(rule, "superset") == 0;
	gboolean partial = g_strcmp0(rule, "partial") == 0, fine = TRUE;
	g_autofree gboolean *used = g_new0(gboolean, source->header.n + 1);
	guint found = 0;
	if (rule != NULL && !g_strv_contains(known, rule)) {
		stet_diagnose(load->diags, STET_ERROR, "schema-match", load->resource->place,
					  "one of 'exact', 'equal', 'subset', 'superset', 'partial'", "unknown 'fieldsMatch': '%s'", rule);
		return FALSE;
	}
	source->place = g_new(int, load->n_columns + 1);
	for (guint c = 0; c < load->n_columns; c++) {
		const char *name = load->columns[c].field->name;
		int at = load->dialect.header ? find_name(&source->header, name) : c < source->header.n ? (int)c : -1;
		source->place[c] = at;
		found += at >= 0;
		if (at >= 0)
			used[at] = TRUE;
		else if (!less && !partial)
			fine = missing_column(source, name, file);
	}
	for (guint i = 0; i < source->header.n && !more && !partial; i++)
		if (!used[i])
			fine = unknown_column(source, source->header.names[i], file);
	return fine && check_order(source, rule, found, file);
}

/* Texts that hardly repeat are not worth a dictionary. Decided on the first piece, so that it does not
 * depend on the number of threads. TRUE if a column changed its kind. */
static gboolean settle_kinds(DsLoad *load, const DsPiece *piece)
{
	gboolean changed = FALSE;
	for (guint c = 0; c < load->n_columns; c++) {
		const DsDictionary *dictionary = &load->workers[0].work[c].dictionary;
		if (load->columns[c].kind != STET_COLUMN_CODES || piece->rows < CODES_ROWS ||
			dictionary->n < CODES_SHARE * (double)piece->rows)
			continue;
		load->columns[c].kind = STET_COLUMN_TEXT;
		changed = TRUE;
	}
	return changed;
}

static void drop_vectors(const DsLoad *load, DsPiece *piece)
{
	for (guint c = 0; piece->vectors != NULL && c < load->n_columns; c++) {
		g_free(piece->vectors[c].values);
		g_free(piece->vectors[c].bytes);
		g_free(piece->vectors[c].valid);
		piece->vectors[c] = (StetVector){0};
	}
}

/* The first piece is read alone: it holds the header and settles how texts are kept. */
static gboolean first_piece(Source *source, const char *file)
{
	DsLoad *load = source->load;
	Worker *worker = &load->workers[0];
	if (!ds_cut_next(source->cut, &worker->chunk, &source->error)) {
		if (source->error == NULL)
			stet_diagnose(load->diags, STET_ERROR, "csv-empty", (StetPlace){file, 1, 0}, NULL,
						  "the file is empty");
		return FALSE;
	}
	ds_dialect_sniff(&load->dialect, worker->chunk.bytes, worker->chunk.length, load->quarantine);
	if (!load->quarantine &&
		ds_dialect_has_preamble(&load->dialect, worker->chunk.bytes, worker->chunk.length, file, load->diags))
		return FALSE;
	if (!ds_header_read(&source->header, &load->dialect, worker->chunk.bytes, worker->chunk.length, file,
						load->diags) ||
		!place_columns(source, file))
		return FALSE;
	ds_header_note_skipped(&source->header, &load->dialect, file, load->diags);
	DsPiece *piece = piece_new(source->index, 0);
	if (worker->rows != NULL)
		ds_rows_begin(worker->rows);
	gsize used = parse_piece(source, worker, piece, source->header.bytes);
	if (source->index == 0 && settle_kinds(load, piece)) {
		drop_vectors(load, piece);
		piece_free(piece);
		for (guint c = 0; c < load->n_columns; c++) {
			g_free(worker->work[c].values);
			g_free(worker->work[c].valid);
			worker->work[c].values = NULL;
			worker->work[c].valid = NULL;
			worker->work[c].capacity = 0;
		}
		piece = piece_new(source->index, 0);
		used = parse_piece(source, worker, piece, source->header.bytes);
	}
	g_ptr_array_add(load->pieces, piece);
	source->over = piece->broken;
	if (load->careful && used < worker->chunk.length)
		ds_cut_return(source->cut, worker->chunk.bytes + used, worker->chunk.length - used);
	return TRUE;
}

/* Lines of the file for each piece, and what there is to report of it. */
static void finish_file(Source *source)
{
	DsLoad *load = source->load;
	StetSource *out = &load->dataset->public.sources[source->index];
	guint line = source->header.lines + 1;
	for (guint p = source->first_piece; p < load->pieces->len; p++) {
		DsPiece *piece = g_ptr_array_index(load->pieces, p);
		piece->first_line = line;
		line += piece->lines;
		out->rows += piece->rows;
	}
	out->bytes = ds_reader_raw_bytes(source->reader);
	if (!source->over)
		ds_reader_end(source->reader, &out->hash, &source->error);
}

static gboolean read_file(DsLoad *load, guint index)
{
	Source source = {.load = load, .index = index, .first_piece = load->pieces->len};
	const char *file = load->dataset->public.sources[index].path;
	g_autofree char *path = ds_source_path(load, index);
	gboolean fine = FALSE;
	g_mutex_init(&source.lock);
	source.reader = ds_reader_open(path, load->dialect.encoding, &source.error);
	if (source.reader != NULL) {
		source.cut = ds_cut_new(source.reader, load->careful ? 0 : load->dialect.quote);
		fine = first_piece(&source, file);
		if (fine)
			stet_parallel(load->n_workers, load->n_workers, work_on_file, &source);
		if (source.error == NULL && fine)
			finish_file(&source);
	}
	if (source.error != NULL)
		stet_diagnose(load->diags, STET_ERROR, "csv-read", (StetPlace){file, 0, 0}, NULL, "%s",
					  source.error->message);
	fine = fine && source.error == NULL;
	g_clear_error(&source.error);
	ds_cut_free(source.cut);
	ds_reader_free(source.reader);
	ds_header_clear(&source.header);
	g_free(source.place);
	g_mutex_clear(&source.lock);
	return fine;
}

/* ---- all files ----------------------------------------------------------------------------- */

static void workers_new(DsLoad *load)
{
	load->n_workers = load->careful ? 1 : MAX(1, load->options->jobs);
	load->workers = g_new0(Worker, load->n_workers);
	for (guint w = 0; w < load->n_workers; w++) {
		Worker *worker = &load->workers[w];
		worker->work = g_new0(DsWork, load->n_columns);
		ds_faults_init(&worker->cell_faults);
		for (guint c = 0; c < load->n_columns; c++) {
			worker->work[c].dialect = &load->dialect;
			if (load->columns[c].kind == STET_COLUMN_CODES)
				ds_dictionary_init(&worker->work[c].dictionary);
		}
	}
}

static void worker_clear(const DsLoad *load, Worker *worker)
{
	for (guint c = 0; c < load->n_columns; c++) {
		DsWork *work = &worker->work[c];
		g_free(work->values);
		g_free(work->valid);
		if (work->bytes != NULL)
			g_byte_array_free(work->bytes, TRUE);
		ds_dictionary_clear(&work->dictionary);
	}
	g_free(worker->work);
	ds_rows_free(worker->rows);
	ds_chunk_clear(&worker->chunk);
	g_free(worker->lines);
	ds_faults_clear(&worker->cell_faults);
}

gboolean ds_pass(DsLoad *load)
{
	gboolean fine = TRUE;
	load->pieces = g_ptr_array_new_with_free_func(piece_free);
	workers_new(load);
	for (guint i = 0; i < load->dataset->public.n_sources; i++) {
		load->dataset->public.sources[i].rows = 0;
		fine = read_file(load, i) && fine;
	}
	return fine;
}

void ds_pass_clear(DsLoad *load)
{
	for (guint w = 0; w < load->n_workers; w++)
		worker_clear(load, &load->workers[w]);
	g_free(load->workers);
	load->workers = NULL;
	load->n_workers = 0;
	for (guint p = 0; load->pieces != NULL && p < load->pieces->len; p++)
		drop_vectors(load, g_ptr_array_index(load->pieces, p));
	if (load->pieces != NULL)
		g_ptr_array_free(load->pieces, TRUE);
	load->pieces = NULL;
}

DsDictionary *ds_pass_dictionary(DsLoad *load, guint worker, guint column)
{
	return &load->workers[worker].work[column].dictionary;
}
