/* Inside dataset: from the bytes of a file to typed vectors.
 *
 *   reader     file -> hashed, unpacked, UTF-8 bytes
 *   cut        bytes -> pieces that end outside quotes
 *   rows       piece -> batches of cells (libcsv wherever a quote occurs)
 *   plan       schema -> what each column's cells must be
 *   cells      cells -> values, a batch of one column at a time
 *   load       runs pieces on workers, joins dictionaries and scales
 */
#ifndef STET_DATASET_PRIVATE_H
#define STET_DATASET_PRIVATE_H

#include "stet/dataset.h"

#define DS_PIECE_BYTES (2u << 20) /* bytes a piece aims at */
#define DS_RECORD_MAX (64u << 20) /* longest row, bytes */
#define DS_COLUMNS_MAX 20000u     /* most columns of a file */
#define DS_SNIFF_BYTES (64u << 10) /* of a file's start, to guess its dialect from */
#define DS_PAD 64                 /* readable bytes behind a piece */
#define DS_BATCH 1024u            /* rows parsed at a time */
#define DS_FAULTS_MAX 2000u       /* faults kept of one piece */
#define DS_SCALE_MAX 18
#define DS_ROWS_MAX (G_GUINT64_CONSTANT(1) << 32)

/* ---- arena --------------------------------------------------------------------------------- */

/* Copies of short texts, with 8 readable bytes behind each. */
typedef struct {
	GPtrArray *blocks;
	gsize used, capacity; /* of the last block */
} DsArena;
StetText ds_arena_copy(DsArena *arena, const char *bytes, gsize length);
/* Forgets all texts; keeps one block. */
void ds_arena_reset(DsArena *arena);
void ds_arena_clear(DsArena *arena);

/* ---- dialect ------------------------------------------------------------------------------- */

typedef struct {
	char delimiter[8]; /* NUL-terminated; "" until sniffed */
	char quote;        /* 0: none */
	char escape;       /* 0: quotes are doubled */
	char comment;      /* 0: none; rows that begin with it are skipped */
	char *encoding;    /* NULL: UTF-8 */
	gboolean header;
	gboolean skip_initial_space;
	guint header_row;  /* line of the header among the rows, from 1; 0: none */
	guint header_rows; /* how many rows make the header */
	guint comment_rows; /* rows below the header that are none of the data: units, descriptions */
	const char *header_join;
	gboolean declared; /* by the resource; otherwise all of it may be guessed */
	gboolean sniffed;
	gboolean records; /* the file was made from one without lines: its rows are counted, and its columns */
	gboolean keep;    /* 'stet:keep': rows that look like sums, notes or headers are rows */
	gboolean lenient; /* columns without a name, or with one twice, get one */
} DsDialect;

/* From a descriptor's `dialect` (NULL: RFC 4180). FALSE after a diagnostic. */
gboolean ds_dialect_read(DsDialect *dialect, const StetNode *node, const char *encoding,
						 StetDiagnostics *diags);
void ds_dialect_clear(DsDialect *dialect);
/* Guesses from the first bytes of a file what was not declared: the delimiter; with `all`, where nothing
 * was, also the quote, escapes, comments, and which rows are the header. */
void ds_dialect_sniff(DsDialect *dialect, const char *sample, gsize length, gboolean all);
/* Whether a cell looks like a number, a date or a period. */
gboolean ds_is_value(StetText cell);
/* Says, as a note, what is to be declared where a file's first bytes look like another dialect than `used`. */
void ds_dialect_suggest(const DsDialect *used, const char *sample, gsize length, const char *file,
						StetDiagnostics *diags);
/* Cells a file's name would have in the sample under `dialect`, row by row (elements are char **,
 * NULL-terminated; g_ptr_array_unref). Blank and comment lines are no rows. */
GPtrArray *ds_dialect_rows(const DsDialect *dialect, const char *sample, gsize length, guint most);

/* ---- reader -------------------------------------------------------------------------------- */

typedef struct DsReader DsReader;
DsReader *ds_reader_open(const char *path, const char *encoding, GError **error);
/* Fills as much of `buffer` as there is; 0 at the end, -1 on error. */
gssize ds_reader_read(DsReader *reader, char *buffer, gsize size, GError **error);
guint64 ds_reader_raw_bytes(const DsReader *reader);
guint64 ds_reader_size(const DsReader *reader);
/* After the last read: hash of the raw file. Reports a file that changed meanwhile. */
gboolean ds_reader_end(DsReader *reader, StetHash *hash, GError **error);
void ds_reader_free(DsReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DsReader, ds_reader_free)

/* ---- faults -------------------------------------------------------------------------------- */

typedef struct {
	guint line, byte_column; /* line within the piece, from 0, until the piece's place is known */
	StetSeverity severity;
	const char *code; /* static */
	guint row;        /* of the batch, for quarantine */
	int column;       /* of the file, -1: none */
	char *message, *mend;
} DsFault;

typedef struct {
	GArray *list; /* of DsFault, at most DS_FAULTS_MAX */
	guint more;   /* errors beyond them */
} DsFaults;

void ds_faults_init(DsFaults *faults);
void ds_faults_clear(DsFaults *faults);
/* `message` and `mend` (may be NULL) become the list's. Returns the entry, or NULL past the cap. */
DsFault *ds_fault(DsFaults *faults, StetSeverity severity, const char *code, guint line, guint column,
				  char *message, char *mend);
/* Hands all to `diags` in the order of lines. */
void ds_faults_report(DsFaults *faults, const char *file, guint first_line, StetDiagnostics *diags);
/* At most 60 bytes of a cell, control characters and bad bytes made visible (g_free). */
char *ds_excerpt(StetText cell);

/* ---- rows ---------------------------------------------------------------------------------- */

/* Rows of a piece, cells by column: cells[column * DS_BATCH + row]. */
typedef struct {
	guint n;
	guint columns;
	StetText *cells;
	const char *start[DS_BATCH], *end[DS_BATCH]; /* the record in the piece, with its line end */
	guint line[DS_BATCH];                        /* within the piece, from 0 */
	gboolean bad[DS_BATCH];                      /* to be left out */
	DsArena texts;                               /* cells that had to be unquoted */
} DsBatch;

typedef struct DsRows DsRows;
typedef void (*DsSink)(DsBatch *batch, gpointer data);

typedef struct {
	gboolean careful; /* one piece after another: go on after faults of syntax */
	gboolean last;    /* no more bytes follow */
	gboolean lenient; /* rows in doubt are quarantined */
	gboolean ragged;  /* for guessing: rows of any length pass, cut or filled to `columns` */
} DsRowsMode;

DsRows *ds_rows_new(const DsDialect *dialect, guint columns);
void ds_rows_free(DsRows *rows);
/* The header's names, borrowed, so that the header can be told from rows where it stands again. */
void ds_rows_set_names(DsRows *rows, const char *const *names);
/* Another file begins: what the last one ended with is forgotten. */
void ds_rows_begin(DsRows *rows);
/* Parses whole records; returns the bytes used. `*line` is advanced by the line ends passed. A fault
 * of syntax without `careful`, or a record without end, stops and sets `*broken`. */
gsize ds_rows_parse(DsRows *rows, const char *bytes, gsize length, DsRowsMode mode, guint *line,
					DsFaults *faults, gboolean *broken, DsSink sink, gpointer data);
/* Where cell `column` of a record begins: lines below the record's first and byte column from 1. */
void ds_rows_locate(const DsDialect *dialect, const char *record, gsize length, guint column, guint *line,
					guint *byte_column);
/* Rows left out for their syntax since the last call: text and reason, for quarantine. */
typedef struct {
	guint line;
	char *rule, *record, *reason;
} DsReject;
GArray *ds_rejects_new(void);
void ds_rejects_add(GArray *rejects, guint line, StetText record, const char *rule, const char *reason);
GArray *ds_rows_rejects(DsRows *rows);

/* ---- cutting ------------------------------------------------------------------------------- */

typedef struct {
	char *bytes; /* DS_PAD readable bytes behind `length` */
	gsize length, capacity;
	guint index; /* pieces count from 0 in one file */
	gboolean last;
} DsChunk;

typedef struct DsCut DsCut;
DsCut *ds_cut_new(DsReader *reader, char quote);
void ds_cut_free(DsCut *cut);
/* Gives back bytes of the last piece that were not used; they begin the next one. */
void ds_cut_return(DsCut *cut, const char *bytes, gsize length);
/* The next piece, cut at the last line end outside quotes. FALSE at the end or on error. Called by
 * one thread at a time. */
gboolean ds_cut_next(DsCut *cut, DsChunk *chunk, GError **error);
void ds_chunk_clear(DsChunk *chunk);

/* ---- dictionaries -------------------------------------------------------------------------- */

enum { DS_FINE, DS_MISSING, DS_WRONG };

typedef struct {
	guint n, capacity, mask;
	guint64 *slots; /* hash in the upper half, code + 1 in the lower */
	StetText *texts;
	guint8 *verdicts;
	DsArena bytes;
} DsDictionary;

void ds_dictionary_init(DsDictionary *dictionary);
void ds_dictionary_clear(DsDictionary *dictionary);
/* The code of `text`; sets `*fresh` if it was not known. At least 8 bytes must be readable behind it. */
guint32 ds_dictionary_code(DsDictionary *dictionary, StetText text, gboolean *fresh);

/* ---- plan ---------------------------------------------------------------------------------- */

/* What the items of a list may be. */
typedef struct {
	const char *name;
	gboolean (*test)(StetText item);
} DsItemType;

typedef struct DsColumn DsColumn;
typedef struct DsWork DsWork;

/* A cell's value by type, for constraints and comparison. */
typedef struct {
	gint64 integer; /* integers, dates, times, booleans; mantissa of a decimal */
	int scale;
	double number;
} DsValue;

typedef struct {
	gboolean has_min, has_max, min_exclusive, max_exclusive;
	DsValue min, max;
	char *min_text, *max_text;
	gint64 min_length, max_length; /* -1: none; characters */
	GRegex *pattern;
	char *pattern_text;
	GHashTable *allowed; /* enum as written, for text */
	char **allowed_list;
	DsValue *allowed_values;
	guint n_allowed;
} DsLimits;

struct DsColumn {
	const StetField *field;
	StetColumnKind kind;
	int scale;            /* declared; -1: found from the data */
	const char **missing; /* NULL-terminated */
	gboolean only_empty_missing;
	DsLimits limits;
	char decimal, group; /* group 0: none */
	gboolean bare;
	char **true_values, **false_values;
	char *format;
	const char *item_delimiter;  /* of lists */
	const DsItemType *item_type;
	/* Why a text cell is wrong (g_free), or NULL. */
	char *(*check)(const DsColumn *column, StetText cell, const char **code, char **mend);
};

/* Prepares a column from its field. Faults of the schema go to `diags`. */
gboolean ds_column_init(DsColumn *column, const StetField *field, const StetResource *resource,
						StetDiagnostics *diags);
void ds_column_clear(DsColumn *column);
/* Reads one cell by the column's type, without constraints. NULL or why not (g_free). */
char *ds_value_read(const DsColumn *column, StetText cell, DsValue *value, const char **code, char **mend);
/* Whether a cell is a missing value. */
gboolean ds_is_missing(const DsColumn *column, StetText cell);
/* Why a text is outside the column's limits (g_free), or NULL. */
char *ds_limits_text(const DsColumn *column, StetText cell, const char **code, char **mend);
char *ds_limits_value(const DsColumn *column, const DsValue *value, StetText cell, const char **code,
					  char **mend);
gboolean ds_limits_init(DsColumn *column, StetDiagnostics *diags);
void ds_limits_clear(DsLimits *limits);

/* ---- values -------------------------------------------------------------------------------- */

gboolean ds_parse_integer(StetText text, gint64 *value, gboolean *overflow);
/* Mantissa and scale of plain decimal text; FALSE if it is none or has over 18 digits. */
gboolean ds_parse_decimal(StetText text, gint64 *mantissa, int *scale);
gboolean ds_parse_double(StetText text, double *value);
gboolean ds_parse_date(StetText text, const char *format, gint64 *days);
gboolean ds_parse_time(StetText text, const char *format, gint64 *micros);
gboolean ds_parse_datetime(StetText text, const char *format, gint64 *micros);
gboolean ds_is_quarter(StetText text);
gboolean ds_is_yearmonth(StetText text);
gboolean ds_is_duration(StetText text);
/* Months and seconds apart: how long a month is depends on where it begins. */
gboolean ds_parse_duration(StetText text, double *months, double *seconds);
gboolean ds_is_geopoint(StetText text);
gboolean ds_is_geopoint_array(StetText text);
gboolean ds_is_geopoint_object(StetText text);
gboolean ds_is_base64(StetText text);
/* A whole JSON value that begins with `open`, '{' or '['; `*items` (may be NULL): members it has. */
gboolean ds_is_json(StetText text, char open, guint *items);
gboolean ds_is_object(StetText text);
gboolean ds_is_array(StetText text);
/* A table that ends with a NULL name. */
extern const DsItemType ds_item_types[];
/* NULL: there is no such type. */
const DsItemType *ds_item_type(const char *name);
gboolean ds_is_list(StetText text, const char *delimiter, const DsItemType *type, guint *items);
gboolean ds_is_email(StetText text);
gboolean ds_is_uri(StetText text);
gboolean ds_is_uuid(StetText text);
extern const gint64 ds_powers[19];
/* FALSE on overflow. */
gboolean ds_rescale(gint64 *mantissa, int from, int to);

/* ---- work ---------------------------------------------------------------------------------- */

/* One worker's state for one column while a piece is parsed. */
struct DsWork {
	gsize rows, capacity;
	void *values;
	guint64 *valid;
	gsize missing;
	GByteArray *bytes;       /* STET_COLUMN_TEXT */
	int scale;               /* so far, STET_COLUMN_DECIMAL */
	gboolean wants_double;   /* a number that no DECIMAL holds */
	DsDictionary dictionary; /* lives for all the worker's pieces */
	StetText last;           /* cell above, to spare a lookup */
	guint32 last_code;
	const DsDialect *dialect;
	DsFaults *faults;
};

gsize ds_kind_size(StetColumnKind kind);
/* Room for `n` more rows. */
void ds_work_grow(DsWork *work, StetColumnKind kind, gsize n);
/* Drops the rows marked bad among the last batch->n. */
void ds_work_drop(DsWork *work, StetColumnKind kind, const DsBatch *batch);
/* The piece's vector; the work starts anew. */
StetVector ds_work_take(DsWork *work, StetColumnKind kind);
/* Parses column `at` of the batch; the work must have room for its rows. */
typedef void (*DsParse)(const DsColumn *column, DsWork *work, DsBatch *batch, guint at);
DsParse ds_parse_of(StetColumnKind kind);
/* Reports a faulty cell of the batch. */
void ds_cell_fault(DsWork *work, DsBatch *batch, guint column, guint row, const char *code, char *message,
				   char *mend);

/* ---- loading ------------------------------------------------------------------------------- */

typedef struct {
	guint n;
	char **names; /* as in the header, trimmed */
	guint line;   /* where it begins */
	guint lines;  /* lines before the first row of data */
	gsize bytes;  /* from the start of the file to the first row of data */
} DsHeader;
void ds_header_clear(DsHeader *header);
gboolean ds_dialect_has_preamble(const DsDialect *dialect, const char *bytes, gsize length, const char *file,
								 StetDiagnostics *diags);
/* Where a header that was guessed stands below other lines: a warning that they are passed over. */
void ds_header_note_skipped(const DsHeader *header, const DsDialect *dialect, const char *file,
							StetDiagnostics *diags);
/* Reads the header from the first bytes of a file. */
gboolean ds_header_read(DsHeader *header, const DsDialect *dialect, const char *bytes, gsize length,
						const char *file, StetDiagnostics *diags);

/* One parsed piece. */
typedef struct {
	guint source, worker;
	gsize rows;
	guint lines, first_line;
	guint *line_of; /* per row, from 0 in the piece; NULL if regular */
	guint first_row_line;
	StetVector *vectors;
	int *scales;
	gboolean *wants_double;
	gboolean broken;
	DsFaults faults;
	GArray *rejects; /* of DsReject */
} DsPiece;

/* A dataset and what it was loaded with. */
typedef struct {
	StetDataset public;
	const StetProject *project;
	DsColumn *columns;
	StetResource inferred;  /* the resource with the fields that were guessed */
	StetDocument *document; /* of those fields */
	char *fields_json;      /* its text; NULL: the schema is declared */
	char delimiter[8];      /* as declared or sniffed */
	StetHash plan;          /* what decides the columns besides the files */
	GMappedFile *kept;      /* columns, dictionaries and lines lie in it; NULL: they are the dataset's own */
} DsDataset;

typedef struct {
	DsDataset *dataset;
	const StetResource *resource;
	const StetLoadOptions *options;
	StetDiagnostics *diags;
	DsDialect dialect;
	char **converted; /* for each source the CSV made from it, or NULL */
	gboolean careful, quarantine;
	guint n_columns;
	DsColumn *columns;
	GPtrArray *pieces; /* of DsPiece */
	guint n_workers;
	struct DsWorker *workers;
} DsLoad;

/* Parquet sources are turned into CSV files. FALSE after a diagnostic. */
gboolean ds_convert(DsLoad *load);
/* Deletes those files; the sources' hashes and sizes become those of the Parquet files. */
void ds_convert_end(DsLoad *load, gboolean loaded);
/* The file to read for a source (g_free). */
char *ds_source_path(const DsLoad *load, guint source);

/* One reading of all the resource's files into load->pieces. FALSE after a diagnostic that ends it. */
gboolean ds_pass(DsLoad *load);
void ds_pass_clear(DsLoad *load);
/* The dictionaries of worker `worker` for column `column`. */
DsDictionary *ds_pass_dictionary(DsLoad *load, guint worker, guint column);
/* Joins the pieces into the dataset's columns. */
void ds_join(DsLoad *load);

/* The resource with the fields of whole->fields_json. */
gboolean ds_adopt(DsDataset *whole, StetDiagnostics *diags);
/* Gives load->resource fields guessed from the first rows of its first file. FALSE after a diagnostic. */
gboolean ds_infer(DsLoad *load);
/* After a pass: columns whose guess later rows refuted get a wider type. TRUE if there was one. */
gboolean ds_infer_again(DsLoad *load);

/* For dataset->rejects. */
GPtrArray *ds_rejects_list_new(void);

/* Writes a summarised dataset to `dir`, with what its load had to say. What cannot be kept is parsed again
 * next time: no fault of the report's. */
void ds_keep(const DsDataset *dataset, const char *dir, StetDiagnostics *diags);
/* Fills a dataset, its sources named, from `dir`. FALSE where it must be loaded; then it is not to be used.
 */
gboolean ds_kept(DsDataset *dataset, const char *dir, StetDiagnostics *diags);

/* Like stet_dataset_cell_text, by piece. */
char *ds_cell_text(const StetColumn *column, guint piece, gsize row);

/* Whether no two rows have the same values in these columns, and none lacks one. */
gboolean ds_is_key(const StetDataset *dataset, const char *const *names);
/* Whether every value of column `name` is one of `key` of the other dataset. */
gboolean ds_is_within(const StetDataset *dataset, const char *name, const StetDataset *other, const char *key);

/* Unique and primary keys of a loaded dataset. */
void ds_check_unique(StetDataset *dataset, StetDiagnostics *diags);

#endif
