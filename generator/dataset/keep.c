/* Writing loaded columns to disk. */
#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what the writer and the reader share -------------------------------------------------- */

static inline guint64 mix(guint64 a, guint64 b)
{
	unsigned __int128 product = (unsigned __int128)a * b;
	return (guint64)product ^ (guint64)(product >> 64);
}

#define KEY_0 G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)
#define KEY_1 G_GUINT64_CONSTANT(0xC2B2AE3D27D4EB4F)

void kept_sum_add(KeptSum *sum, const char *bytes, gsize length)
{
	KeptSum s = *sum;
	for (gsize i = 0; i + KEPT_ALIGN <= length; i += KEPT_ALIGN) {
		guint64 words[8];
		memcpy(words, bytes + i, sizeof words);
		for (int lane = 0; lane < 4; lane++)
			s.lanes[lane] = mix(s.lanes[lane] ^ words[2 * lane] ^ KEY_1, words[2 * lane + 1] ^ KEY_0);
	}
	*sum = s;
}

guint64 kept_sum_end(const KeptSum *sum)
{
	return mix(sum->lanes[0] ^ KEY_0, sum->lanes[1] ^ KEY_1) ^
		   mix(sum->lanes[2] ^ KEY_1, sum->lanes[3] ^ KEY_0);
}

char *kept_path(const char *dir, const char *name)
{
	StetHash hash = stet_hash(name, strlen(name));
	hash.hex[16] = 0;
	return g_build_filename(dir, hash.hex, NULL);
}

void kept_program(char program[32])
{
	struct stat self = {0};
	memset(program, 0, 32);
	if (stat("/proc/self/exe", &self) == 0)
		g_snprintf(program, 32, "%" G_GINT64_MODIFIER "x.%lx.%" G_GINT64_MODIFIER "x",
				   (gint64)self.st_mtim.tv_sec, self.st_mtim.tv_nsec, (gint64)self.st_size);
}

static void add_node(StetHasher *hasher, const StetNode *node)
{
	guint64 shape[2] = {(guint64)node->kind, node->n};
	stet_hasher_add(hasher, shape, sizeof shape);
	if (node->text != NULL)
		stet_hasher_add(hasher, node->text, strlen(node->text) + 1);
	for (guint i = 0; i < node->n; i++) {
		if (node->keys != NULL)
			add_node(hasher, node->keys[i]);
		add_node(hasher, node->items[i]);
	}
}

static void add_text(StetHasher *hasher, const char *text)
{
	stet_hasher_add(hasher, text != NULL ? text : "", text != NULL ? strlen(text) + 1 : 0);
	stet_hasher_add(hasher, ";", 1);
}

StetHash kept_plan(const StetResource *resource, gboolean quarantine)
{
	StetHasher *hasher = stet_hasher_new();
	add_text(hasher, resource->name);
	add_text(hasher, resource->encoding);
	add_text(hasher, quarantine ? "quarantine" : "fail");
	for (const char *const *m = (const char *const *)resource->missing_values; m != NULL && *m != NULL; m++)
		add_text(hasher, *m);
	for (const char *const *path = (const char *const *)resource->paths; *path != NULL; path++)
		add_text(hasher, *path);
	const StetNode *const nodes[] = {resource->node, resource->schema, resource->dialect};
	for (guint i = 0; i < G_N_ELEMENTS(nodes); i++)
		if (nodes[i] != NULL)
			add_node(hasher, nodes[i]);
	return stet_hasher_end(hasher);
}

/* ---- the head ------------------------------------------------------------------------------ */

typedef struct {
	const void *bytes;
	gsize length;
} Blob;

typedef struct {
	GByteArray *head;
	GArray *blobs;
	guint64 body; /* bytes so far, aligned */
} Keeper;

static void put(Keeper *keeper, guint64 value)
{
	value = GUINT64_TO_LE(value);
	g_byte_array_append(keeper->head, (const guint8 *)&value, sizeof value);
}

static void put_real(Keeper *keeper, double value)
{
	guint64 bits;
	memcpy(&bits, &value, sizeof bits);
	put(keeper, bits);
}

/* NULL is not the empty text. */
static void put_text(Keeper *keeper, const char *text)
{
	gsize length = text != NULL ? strlen(text) : 0;
	put(keeper, text != NULL ? length + 1 : 0);
	g_byte_array_append(keeper->head, (const guint8 *)(text != NULL ? text : ""), (guint)length);
}

static void put_blob(Keeper *keeper, const void *bytes, gsize length)
{
	Blob blob = {bytes, length};
	put(keeper, keeper->body);
	put(keeper, length);
	g_array_append_val(keeper->blobs, blob);
	keeper->body += (length + KEPT_ALIGN - 1) / KEPT_ALIGN * KEPT_ALIGN;
}

static void put_source(Keeper *keeper, const StetProject *project, const StetSource *source)
{
	g_autofree char *path = stet_project_path(project, source->path);
	struct stat info = {0};
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	/* a file written in this very second may change without its time changing: its hash decides */
	gboolean settled =
		stat(path, &info) == 0 && (guint64)info.st_size == source->bytes && info.st_mtim.tv_sec < now - 1;
	put_text(keeper, source->path);
	put_text(keeper, source->hash.hex);
	put(keeper, source->bytes);
	put(keeper, source->rows);
	put(keeper, settled ? (guint64)info.st_mtim.tv_sec : 0);
	put(keeper, settled ? (guint64)info.st_mtim.tv_nsec : 0);
	put(keeper, settled ? (guint64)info.st_ino : 0);
}

static void put_pieces(Keeper *keeper, const StetDataset *dataset)
{
	put(keeper, dataset->n_pieces);
	for (guint p = 0; p < dataset->n_pieces; p++) {
		put(keeper, dataset->piece_rows[p]);
		put(keeper, dataset->piece_first_line[p]);
		put(keeper, dataset->piece_source[p]);
		put(keeper, dataset->piece_lines[p] != NULL);
		if (dataset->piece_lines[p] != NULL)
			put_blob(keeper, dataset->piece_lines[p], dataset->piece_rows[p] * sizeof(guint));
	}
}

static void put_column(Keeper *keeper, const StetDataset *dataset, const StetColumn *column)
{
	put(keeper, column->kind);
	put(keeper, (guint64)column->scale);
	put(keeper, column->field->type);
	put(keeper, column->dictionary_size);
	if (column->dictionary_size > 0) {
		const char *first = column->dictionary[0], *last = column->dictionary[column->dictionary_size - 1];
		put_blob(keeper, first, (gsize)(last - first) + strlen(last) + 1);
	}
	for (guint p = 0; p < dataset->n_pieces; p++) {
		const StetVector *vector = &column->vectors[p];
		gsize text = column->kind == STET_COLUMN_TEXT; /* one more offset */
		put(keeper, vector->valid != NULL);
		put_blob(keeper, vector->values, (vector->rows + text) * ds_kind_size(column->kind));
		if (text)
			put_blob(keeper, vector->bytes, ((const guint64 *)vector->values)[vector->rows]);
		if (vector->valid != NULL)
			put_blob(keeper, vector->valid, (vector->rows + 63) / 64 * 8);
	}
}

static void put_summary(Keeper *keeper, const StetSummary *summary)
{
	put(keeper, summary->count);
	put(keeper, summary->missing);
	put(keeper, summary->distinct);
	put_text(keeper, summary->minimum);
	put_text(keeper, summary->maximum);
	put_real(keeper, summary->mean);
	for (guint i = 0; i < G_N_ELEMENTS(summary->quantiles); i++)
		put_real(keeper, summary->quantiles[i]);
	put(keeper, summary->n_top);
	for (guint i = 0; i < summary->n_top; i++) {
		put_text(keeper, summary->top[i]);
		put(keeper, summary->top_count[i]);
	}
	for (guint i = 0; i < G_N_ELEMENTS(summary->histogram); i++)
		put(keeper, summary->histogram[i]);
}

static void put_rejects(Keeper *keeper, const StetDataset *dataset)
{
	put(keeper, dataset->rejects->len);
	for (guint i = 0; i < dataset->rejects->len; i++) {
		const StetReject *reject = dataset->rejects->pdata[i];
		put(keeper, reject->source);
		put(keeper, reject->line);
		put_text(keeper, reject->rule);
		put_text(keeper, reject->record);
		put_text(keeper, reject->reason);
	}
}

static void put_warnings(Keeper *keeper, StetDiagnostics *diags)
{
	const GPtrArray *all = stet_diagnostics_sorted(diags);
	put(keeper, all->len);
	for (guint i = 0; i < all->len; i++) {
		const StetDiagnostic *d = all->pdata[i];
		put(keeper, d->severity);
		put_text(keeper, d->code);
		put_text(keeper, d->file);
		put(keeper, d->line);
		put(keeper, d->column);
		put_text(keeper, d->mend);
		put_text(keeper, d->message);
	}
}

static void put_dataset(Keeper *keeper, const DsDataset *whole, StetDiagnostics *diags)
{
	const StetDataset *dataset = &whole->public;
	put_text(keeper, whole->plan.hex);
	put(keeper, dataset->n_sources);
	for (guint i = 0; i < dataset->n_sources; i++)
		put_source(keeper, whole->project, &dataset->sources[i]);
	put_text(keeper, whole->delimiter);
	put_text(keeper, whole->fields_json);
	put(keeper, dataset->rows);
	put_pieces(keeper, dataset);
	put(keeper, dataset->n_columns);
	for (guint c = 0; c < dataset->n_columns; c++)
		put_column(keeper, dataset, &dataset->columns[c]);
	for (guint c = 0; c < dataset->n_columns; c++)
		put_summary(keeper, &dataset->summaries[c]);
	put_rejects(keeper, dataset);
	put_warnings(keeper, diags);
}

/* ---- the file ------------------------------------------------------------------------------ */

static gboolean write_all(int fd, const void *bytes, gsize length)
{
	const char *at = bytes;
	while (length > 0) {
		gssize n = write(fd, at, MIN(length, (gsize)1 << 30));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return FALSE;
		at += n;
		length -= (gsize)n;
	}
	return TRUE;
}

/* The bytes, filled up with zeros to the next multiple; `*sum` goes on. */
static gboolean write_blob(int fd, const void *bytes, gsize length, KeptSum *sum)
{
	gsize whole = length / KEPT_ALIGN * KEPT_ALIGN;
	char rest[KEPT_ALIGN] = {0};
	kept_sum_add(sum, bytes, whole);
	if (!write_all(fd, bytes, whole))
		return FALSE;
	if (whole == length)
		return TRUE;
	memcpy(rest, (const char *)bytes + whole, length - whole);
	kept_sum_add(sum, rest, sizeof rest);
	return write_all(fd, rest, sizeof rest);
}

static gboolean write_file(int fd, const Keeper *keeper)
{
	StetHash hash = stet_hash(keeper->head->data, keeper->head->len);
	KeptHeader header = {.head_length = keeper->head->len, .body_length = keeper->body};
	KeptSum unused = {{0}}, sum = {{0}};
	memcpy(header.magic, KEPT_MAGIC, sizeof header.magic);
	memcpy(header.head_hash, hash.hex, sizeof header.head_hash);
	kept_program(header.program);
	if (!write_all(fd, &header, sizeof header) ||
		!write_blob(fd, keeper->head->data, keeper->head->len, &unused))
		return FALSE;
	for (guint i = 0; i < keeper->blobs->len; i++) {
		const Blob *blob = &g_array_index(keeper->blobs, Blob, i);
		if (!write_blob(fd, blob->bytes, blob->length, &sum))
			return FALSE;
	}
	header.body_sum = kept_sum_end(&sum);
	return pwrite(fd, &header, sizeof header, 0) == sizeof header;
}

#define LEFT_AFTER 3600 /* s: a temporary file as old as this is nobody's any more */

/* A file that is being written has a dot in its name. */
static gboolean is_in_vain(const char *path, const char *name, GHashTable *wanted)
{
	struct stat info;
	if (strchr(name, '.') == NULL)
		return !g_hash_table_contains(wanted, name);
	return stat(path, &info) == 0 && info.st_mtim.tv_sec < g_get_real_time() / G_USEC_PER_SEC - LEFT_AFTER;
}

static void prune(const char *folder, const char *prefix, GHashTable *wanted)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		if (g_str_has_prefix(name, prefix) && is_in_vain(path, name, wanted))
			g_unlink(path);
	}
}

void stet_datasets_prune(const StetProject *project, const char *keep_dir)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *beside = g_path_get_dirname(keep_dir);
	g_hash_table_add(wanted, g_strdup("keys"));
	for (guint i = 0; i < project->n_resources; i++) {
		g_autofree char *path = kept_path(keep_dir, project->resources[i].name);
		g_hash_table_add(wanted, g_path_get_basename(path));
	}
	prune(keep_dir, "", wanted);
	prune(beside, "parquet.", wanted);
}

/* No fsync: what a power cut leaves behind fails its sum and is read anew. */
void ds_keep(const DsDataset *dataset, const char *dir, StetDiagnostics *diags)
{
	Keeper keeper = {g_byte_array_new(), g_array_new(FALSE, FALSE, sizeof(Blob)), 0};
	g_autofree char *path = kept_path(dir, dataset->public.resource->name);
	g_autofree char *temporary = g_strconcat(path, ".XXXXXX", NULL);
	put_dataset(&keeper, dataset, diags);
	int fd =
		g_mkdir_with_parents(dir, 0777) == 0 && keeper.head->len < KEPT_HEAD_MAX ? g_mkstemp(temporary) : -1;
	if (fd >= 0) {
		gboolean fine = write_file(fd, &keeper);
		fine = close(fd) == 0 && fine;
		if (!fine || g_rename(temporary, path) != 0)
			g_unlink(temporary);
	}
	g_byte_array_unref(keeper.head);
	g_array_free(keeper.blobs, TRUE);
}
