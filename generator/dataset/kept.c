/* Columns kept from an earlier load: used where nothing they rest on has changed. A file whose sums are
 * right was written by this very program, so what it holds is trusted; any other counts as absent. */
#include "kept.h"

#include <string.h>
#include <sys/stat.h>

typedef struct {
	const char *at, *end; /* in the head */
	const char *body;
	guint64 body_length, body_sum;
	gboolean bad;
} Head;

static guint64 take(Head *head)
{
	guint64 value = 0;
	if (head->bad || head->end - head->at < (gssize)sizeof value) {
		head->bad = TRUE;
		return 0;
	}
	memcpy(&value, head->at, sizeof value);
	head->at += sizeof value;
	return GUINT64_FROM_LE(value);
}

/* A number of things of which each takes a byte of the head or more. */
static guint take_count(Head *head)
{
	guint64 n = take(head);
	if (n > (guint64)(head->end - head->at) || n > G_MAXUINT32) {
		head->bad = TRUE;
		return 0;
	}
	return (guint)n;
}

static double take_real(Head *head)
{
	guint64 bits = take(head);
	double value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

static char *take_text(Head *head)
{
	guint64 length = take(head);
	if (length == 0)
		return NULL;
	if (--length > (guint64)(head->end - head->at)) {
		head->bad = TRUE;
		return NULL;
	}
	char *text = g_strndup(head->at, length);
	head->at += length;
	return text;
}

/* Bytes of the body; NULL where they do not lie in it or are not as many as wanted. */
static gpointer take_blob(Head *head, gsize wanted)
{
	guint64 offset = take(head), length = take(head);
	if (head->bad || offset > head->body_length || length > head->body_length - offset || length < wanted) {
		head->bad = TRUE;
		return NULL;
	}
	return (gpointer)(head->body + offset);
}

/* ---- what the columns rest on -------------------------------------------------------------- */

/* TRUE if the file is the one that was read. Size and time tell; where the time differs, its hash does. */
static gboolean same_file(const StetProject *project, const StetSource *source, gint64 seconds, gint64 nanos,
						  guint64 inode)
{
	g_autofree char *path = stet_project_path(project, source->path);
	struct stat info;
	StetHash hash;
	guint64 bytes;
	if (stat(path, &info) != 0 || (guint64)info.st_size != source->bytes)
		return FALSE;
	if (seconds != 0 && info.st_mtim.tv_sec == seconds && info.st_mtim.tv_nsec == nanos &&
		info.st_ino == inode)
		return TRUE;
	return stet_hash_file(path, &hash, &bytes, NULL) && strcmp(hash.hex, source->hash.hex) == 0;
}

/* The sources as kept; FALSE where they are not those of `dataset`, or no longer what they were. */
static gboolean take_sources(Head *head, DsDataset *whole)
{
	StetDataset *dataset = &whole->public;
	guint n = take_count(head);
	gboolean same = n == dataset->n_sources;
	for (guint i = 0; i < n && same; i++) {
		StetSource *source = &dataset->sources[i];
		g_autofree char *path = take_text(head), *hash = take_text(head);
		source->bytes = take(head);
		source->rows = take(head);
		gint64 seconds = (gint64)take(head), nanos = (gint64)take(head);
		guint64 inode = take(head);
		same =
			path != NULL && hash != NULL && strlen(hash) == STET_HASH_LEN && strcmp(path, source->path) == 0;
		if (!same)
			break;
		memcpy(source->hash.hex, hash, sizeof source->hash.hex);
		same = same_file(whole->project, source, seconds, nanos, inode);
	}
	return same && !head->bad;
}

/* ---- the dataset --------------------------------------------------------------------------- */

static void take_pieces(Head *head, StetDataset *dataset)
{
	guint n = take_count(head);
	dataset->piece_rows = g_new0(gsize, n + 1);
	dataset->piece_lines = g_new0(guint *, n + 1);
	dataset->piece_first_line = g_new0(guint, n + 1);
	dataset->piece_source = g_new0(guint, n + 1);
	dataset->n_pieces = n;
	for (guint p = 0; p < n && !head->bad; p++) {
		dataset->piece_rows[p] = take(head);
		dataset->piece_first_line[p] = (guint)take(head);
		dataset->piece_source[p] = (guint)take(head);
		head->bad |= dataset->piece_rows[p] > DS_ROWS_MAX || dataset->piece_source[p] >= dataset->n_sources;
		if (take(head) != 0)
			dataset->piece_lines[p] = take_blob(head, dataset->piece_rows[p] * sizeof(guint));
	}
}

static void take_dictionary(Head *head, StetColumn *column)
{
	guint n = (guint)take(head);
	if (n == 0 || head->bad)
		return;
	guint64 before = take(head), length = take(head);
	if (head->bad || before > head->body_length || length > head->body_length - before || n > length) {
		head->bad = TRUE;
		return;
	}
	char *text = (char *)(gpointer)(head->body + before), *end = text + length;
	column->dictionary = g_new0(char *, (gsize)n + 1);
	for (guint i = 0; i < n; i++) {
		char *nul = text < end ? memchr(text, 0, (gsize)(end - text)) : NULL;
		if (nul == NULL) {
			head->bad = TRUE;
			return;
		}
		column->dictionary[i] = text;
		text = nul + 1;
	}
	column->dictionary_size = n;
}

static void take_column(Head *head, StetDataset *dataset, StetColumn *column)
{
	column->kind = (StetColumnKind)take(head);
	column->scale = (int)take(head);
	StetFieldType type = (StetFieldType)take(head);
	head->bad |= column->kind > STET_COLUMN_TIMESTAMP || column->scale > DS_SCALE_MAX;
	if (head->bad)
		return;
	/* a guess that later rows refuted was widened after the fields were written down */
	StetField *field = (StetField *)(gpointer)column->field;
	if (dataset->resource == &((DsDataset *)dataset)->inferred && field->type != type) {
		field->type = type;
		field->format = "default";
	}
	column->name = field->name;
	column->title = field->title;
	column->unit = field->unit;
	take_dictionary(head, column);
	column->vectors = g_new0(StetVector, dataset->n_pieces + 1);
	for (guint p = 0; p < dataset->n_pieces && !head->bad; p++) {
		StetVector *vector = &column->vectors[p];
		gsize text = column->kind == STET_COLUMN_TEXT; /* one more offset */
		gboolean has_valid = take(head) != 0;
		vector->rows = dataset->piece_rows[p];
		vector->values = take_blob(head, (vector->rows + text) * ds_kind_size(column->kind));
		if (text && !head->bad)
			vector->bytes = take_blob(head, ((const guint64 *)vector->values)[vector->rows]);
		if (has_valid)
			vector->valid = take_blob(head, (vector->rows + 63) / 64 * 8);
	}
}

static void take_summary(Head *head, StetSummary *summary)
{
	summary->count = take(head);
	summary->missing = take(head);
	summary->distinct = take(head);
	summary->minimum = take_text(head);
	summary->maximum = take_text(head);
	summary->mean = take_real(head);
	for (guint i = 0; i < G_N_ELEMENTS(summary->quantiles); i++)
		summary->quantiles[i] = take_real(head);
	guint n = (guint)take(head);
	head->bad |= n > G_N_ELEMENTS(summary->top);
	for (guint i = 0; i < n && !head->bad; i++) {
		summary->top[i] = take_text(head);
		summary->top_count[i] = take(head);
		summary->n_top++;
	}
	for (guint i = 0; i < G_N_ELEMENTS(summary->histogram); i++)
		summary->histogram[i] = (guint)take(head);
}

static void take_rejects(Head *head, StetDataset *dataset)
{
	guint n = take_count(head);
	dataset->rejects = ds_rejects_list_new();
	for (guint i = 0; i < n && !head->bad; i++) {
		StetReject *reject = g_new0(StetReject, 1);
		reject->source = (guint)take(head);
		reject->line = (guint)take(head);
		reject->rule = take_text(head);
		reject->record = take_text(head);
		reject->reason = take_text(head);
		head->bad |= reject->source >= dataset->n_sources;
		g_ptr_array_add(dataset->rejects, reject);
	}
	dataset->quarantined = dataset->rejects->len;
}

/* What the load had to say is said again. */
static void repeat_warnings(Head *head, StetDiagnostics *diags)
{
	guint n = take_count(head);
	for (guint i = 0; i < n && !head->bad; i++) {
		StetSeverity severity = (StetSeverity)take(head);
		g_autofree char *code = take_text(head), *file = take_text(head);
		guint line = (guint)take(head), column = (guint)take(head);
		g_autofree char *mend = take_text(head), *message = take_text(head);
		if (!head->bad && severity <= STET_WARNING && code != NULL && message != NULL)
			stet_diagnose(diags, severity, code, (StetPlace){file, line, column}, mend, "%s", message);
	}
}

static gboolean body_is_whole(const Head *head)
{
	KeptSum sum = {{0}};
	kept_sum_add(&sum, head->body, head->body_length);
	return kept_sum_end(&sum) == head->body_sum;
}

static gboolean take_dataset(Head *head, DsDataset *whole, StetDiagnostics *diags)
{
	StetDataset *dataset = &whole->public;
	g_autofree char *plan = take_text(head);
	if (g_strcmp0(plan, whole->plan.hex) != 0 || !take_sources(head, whole) || !body_is_whole(head))
		return FALSE;
	g_autofree char *delimiter = take_text(head);
	g_strlcpy(whole->delimiter, delimiter != NULL ? delimiter : ",", sizeof whole->delimiter);
	whole->fields_json = take_text(head);
	if (whole->fields_json != NULL && !ds_adopt(whole, diags))
		return FALSE;
	dataset->rows = take(head);
	take_pieces(head, dataset);
	guint n = take_count(head);
	if (head->bad || n != dataset->resource->n_fields)
		return FALSE;
	dataset->columns = g_new0(StetColumn, n + 1);
	dataset->summaries = g_new0(StetSummary, n + 1);
	dataset->n_columns = n;
	for (guint c = 0; c < n && !head->bad; c++) {
		dataset->columns[c].field = &dataset->resource->fields[c];
		take_column(head, dataset, &dataset->columns[c]);
	}
	for (guint c = 0; c < n && !head->bad; c++)
		take_summary(head, &dataset->summaries[c]);
	take_rejects(head, dataset);
	repeat_warnings(head, diags);
	return !head->bad;
}

/* ---- the file ------------------------------------------------------------------------------ */

static gboolean open_head(const GMappedFile *file, Head *head)
{
	const char *bytes = g_mapped_file_get_contents((GMappedFile *)file);
	gsize length = g_mapped_file_get_length((GMappedFile *)file);
	KeptHeader header;
	char program[32];
	if (length < sizeof header)
		return FALSE;
	memcpy(&header, bytes, sizeof header);
	kept_program(program);
	gsize room = length - sizeof header;
	gsize head_room = (header.head_length + KEPT_ALIGN - 1) / KEPT_ALIGN * KEPT_ALIGN;
	if (memcmp(header.magic, KEPT_MAGIC, sizeof header.magic) != 0 ||
		memcmp(header.program, program, sizeof program) != 0 || header.head_length > KEPT_HEAD_MAX ||
		head_room > room || header.body_length != room - head_room)
		return FALSE;
	const char *start = bytes + sizeof header;
	StetHash hash = stet_hash(start, header.head_length);
	*head = (Head){start, start + header.head_length, start + head_room, header.body_length, header.body_sum,
				   FALSE};
	return memcmp(hash.hex, header.head_hash, STET_HASH_LEN) == 0;
}

gboolean ds_kept(DsDataset *whole, const char *dir, StetDiagnostics *diags)
{
	g_autofree char *path = kept_path(dir, whole->public.resource->name);
	Head head;
	whole->kept = g_mapped_file_new(path, FALSE, NULL);
	return whole->kept != NULL && open_head(whole->kept, &head) && take_dataset(&head, whole, diags);
}
