/* store: results kept between builds, so that what has not changed is not computed again.
 *
 * DIR/tables       hash of the lines that follow; the table names of each SQL: its hash, tab, names
 * DIR/results/KEY  one result: magic, content hash (32 bytes), content
 * Content, all numbers little-endian: columns u32, rows u64; for each column its name (u32 length, bytes),
 * kind u8 and per row a byte 0 for null or 1 followed by the value: 1 byte for bool, 8 for numbers and
 * times, u32 length and bytes for text. A file that fails its hash or its bounds counts as absent. */
#include "metric/private.h"

#include <glib/gstdio.h>
#include <string.h>

#define RESULT_MAGIC "stetres1"
#define RESULT_HEAD (8 + STET_HASH_LEN) /* bytes before the content */
#define RESULT_COLUMNS_MAX 1024u
#define RESULT_BYTES_MAX ((gsize)1 << 30) /* larger results are not kept */

gboolean hash_is_set(const StetHash *hash)
{
	return hash->hex[0] != '\0';
}

/* ---- writing ---- */

static void put_u32(GByteArray *out, guint32 value)
{
	guint32 le = GUINT32_TO_LE(value);
	g_byte_array_append(out, (const guint8 *)&le, sizeof le);
}

static void put_u64(GByteArray *out, guint64 value)
{
	guint64 le = GUINT64_TO_LE(value);
	g_byte_array_append(out, (const guint8 *)&le, sizeof le);
}

static void put_text(GByteArray *out, const char *text)
{
	gsize length = strlen(text);
	put_u32(out, (guint32)length);
	g_byte_array_append(out, (const guint8 *)text, (guint)length);
}

static void put_cell(GByteArray *out, const StetCell *cell)
{
	guint8 flag = cell->kind != STET_NULL, bit = 0;
	guint64 bits = 0;
	g_byte_array_append(out, &flag, 1);
	switch (cell->kind) {
	case STET_NULL:
		break;
	case STET_BOOL:
		bit = cell->v.b ? 1 : 0;
		g_byte_array_append(out, &bit, 1);
		break;
	case STET_NUMBER:
		memcpy(&bits, &cell->v.n, sizeof bits);
		put_u64(out, bits);
		break;
	case STET_TEXT:
		put_text(out, cell->v.s);
		break;
	default:
		put_u64(out, (guint64)cell->v.i);
	}
}

static GByteArray *result_bytes(const StetTable *table)
{
	GByteArray *out = g_byte_array_new();
	put_u32(out, table->n_columns);
	put_u64(out, table->n_rows);
	for (guint c = 0; c < table->n_columns; c++) {
		guint8 kind = (guint8)table->columns[c].kind;
		put_text(out, table->columns[c].name);
		g_byte_array_append(out, &kind, 1);
		for (gsize r = 0; r < table->n_rows; r++) {
			const StetCell *cell = stet_table_cell(table, r, c);
			gsize more = cell->kind == STET_TEXT ? strlen(cell->v.s) : 0;
			if (more + out->len > RESULT_BYTES_MAX) {
				g_byte_array_unref(out);
				return NULL;
			}
			put_cell(out, cell);
		}
	}
	return out;
}

gboolean stet_result_save(const char *path, const StetTable *table, StetHash *content, GError **error)
{
	g_autoptr(GByteArray) bytes = result_bytes(table);
	if (!bytes) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the result for '%s' is over 1 GiB", path);
		return FALSE;
	}
	*content = stet_hash(bytes->data, bytes->len);
	g_autoptr(GByteArray) whole = g_byte_array_sized_new(bytes->len + RESULT_HEAD);
	g_byte_array_append(whole, (const guint8 *)RESULT_MAGIC, 8);
	g_byte_array_append(whole, (const guint8 *)content->hex, STET_HASH_LEN);
	g_byte_array_append(whole, bytes->data, bytes->len);
	return stet_file_write(path, (const char *)whole->data, whole->len, error);
}

/* ---- reading ---- */

typedef struct {
	const char *at, *end;
	gboolean bad;
} Reader;

static gboolean take(Reader *reader, void *to, gsize n)
{
	if (reader->bad || (gsize)(reader->end - reader->at) < n) {
		reader->bad = TRUE;
		memset(to, 0, n);
		return FALSE;
	}
	memcpy(to, reader->at, n);
	reader->at += n;
	return TRUE;
}

static guint32 take_u32(Reader *reader)
{
	guint32 le = 0;
	take(reader, &le, sizeof le);
	return GUINT32_FROM_LE(le);
}

static guint64 take_u64(Reader *reader)
{
	guint64 le = 0;
	take(reader, &le, sizeof le);
	return GUINT64_FROM_LE(le);
}

static char *take_text(Reader *reader)
{
	guint32 length = take_u32(reader);
	if (reader->bad || (gsize)(reader->end - reader->at) < length) {
		reader->bad = TRUE;
		return g_strdup("");
	}
	char *text = g_strndup(reader->at, length);
	reader->at += length;
	return text;
}

static StetCell take_cell(Reader *reader, StetTable *table, StetKind kind)
{
	StetCell cell = {STET_NULL, {0}};
	guint8 flag = 0;
	if (!take(reader, &flag, 1) || flag == 0)
		return cell;
	cell.kind = kind;
	if (kind == STET_BOOL) {
		take(reader, &flag, 1);
		cell.v.b = flag != 0;
	} else if (kind == STET_TEXT) {
		g_autofree char *text = take_text(reader);
		cell = stet_table_text(table, text);
	} else if (kind == STET_NUMBER) {
		guint64 bits = take_u64(reader);
		memcpy(&cell.v.n, &bits, sizeof bits);
	} else {
		cell.v.i = (gint64)take_u64(reader);
	}
	return cell;
}

static StetTable *take_table(Reader *reader)
{
	guint32 columns = take_u32(reader);
	guint64 rows = take_u64(reader);
	/* Each cell takes a byte or more, so a damaged count cannot ask for more than the file's length. */
	guint64 room = (guint64)(reader->end - reader->at);
	if (reader->bad || columns == 0 || columns > RESULT_COLUMNS_MAX || rows > room / columns)
		return NULL;
	StetTable *table = stet_table_new(columns);
	for (guint64 r = 0; r < rows; r++)
		stet_table_append(table);
	for (guint32 c = 0; c < columns && !reader->bad; c++) {
		guint8 kind = 0;
		g_free(table->columns[c].name);
		table->columns[c].name = take_text(reader);
		reader->bad = !take(reader, &kind, 1) || kind > STET_TIMESTAMP;
		table->columns[c].kind = (StetKind)kind;
		for (guint64 r = 0; r < rows && !reader->bad; r++) {
			StetCell cell = take_cell(reader, table, (StetKind)kind);
			table->cells[r * columns + c] = cell;
		}
	}
	if (!reader->bad && reader->at == reader->end)
		return table;
	stet_table_free(table);
	return NULL;
}

StetTable *stet_result_load(const char *path, StetHash *content, GError **error)
{
	gsize length = 0;
	g_autofree char *data = stet_file_read(path, &length, error);
	if (!data)
		return NULL;
	StetTable *table = NULL;
	if (length > RESULT_HEAD && memcmp(data, RESULT_MAGIC, 8) == 0) {
		StetHash found = stet_hash(data + RESULT_HEAD, length - RESULT_HEAD);
		Reader reader = {data + RESULT_HEAD, data + length, FALSE};
		if (memcmp(found.hex, data + 8, STET_HASH_LEN) == 0)
			table = take_table(&reader);
		*content = found;
	}
	if (!table)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "'%s' is damaged", path);
	return table;
}

/* ---- keys ---- */

static void add_part(StetHasher *hasher, const char *name, const char *text)
{
	stet_hasher_add(hasher, name, strlen(name) + 1); /* the NUL keeps parts apart */
	stet_hasher_add(hasher, text, strlen(text) + 1);
}

gboolean run_key(const StetMetrics *metrics, MetricRun *run)
{
	run->key = (StetHash){{0}};
	if (run->metric.warehouse && !hash_is_set(&metrics->warehouse_version))
		return FALSE;
	for (char **name = run->metric.dataset_inputs; name && *name && !run->metric.warehouse; name++)
		if (!g_hash_table_contains(metrics->contents, *name))
			return FALSE;
	for (guint i = 0; i < run->inputs->len; i++)
		if (!hash_is_set(&((MetricRun *)g_ptr_array_index(run->inputs, i))->content))
			return FALSE;
	StetHasher *hasher = stet_hasher_new();
	add_part(hasher, "stet", STET_VERSION);
	add_part(hasher, "file", run->file->hash.hex);
	add_part(hasher, "sql", run->file->sql_hash.hex);
	add_part(hasher, "engine", run->metric.warehouse ? "warehouse" : "embedded");
	for (char **name = run->metric.parameters; name && *name; name++) {
		const StetNode *value = stet_scenario_parameter(metrics, run->scenario, *name);
		guint8 kind = (guint8)value->kind;
		stet_hasher_add(hasher, &kind, 1);
		add_part(hasher, *name, value->text);
	}
	add_part(hasher, "version", run->metric.warehouse ? metrics->warehouse_version.hex : "");
	for (char **name = run->metric.dataset_inputs; name && *name && !run->metric.warehouse; name++)
		add_part(hasher, *name, ((StetHash *)g_hash_table_lookup(metrics->contents, *name))->hex);
	for (guint i = 0; i < run->inputs->len; i++) {
		const MetricRun *input = g_ptr_array_index(run->inputs, i);
		add_part(hasher, input->metric.name, input->content.hex);
	}
	run->key = stet_hasher_end(hasher);
	return TRUE;
}

StetHash stet_metric_key(const StetMetrics *metrics, const StetMetric *metric)
{
	for (guint i = 0; i < metrics->order->len; i++) {
		MetricRun *run = g_ptr_array_index(metrics->order, i);
		if (&run->metric == metric)
			return run->key;
	}
	return (StetHash){{0}};
}

static char *result_path(const StetMetrics *metrics, const MetricRun *run)
{
	return g_build_filename(metrics->keep_dir, "results", run->key.hex, NULL);
}

StetTable *result_restore(const StetMetrics *metrics, const MetricRun *run, StetHash *content)
{
	if (!metrics->keep_dir || !hash_is_set(&run->key))
		return NULL;
	g_autofree char *path = result_path(metrics, run);
	return stet_result_load(path, content, NULL);
}

/* A result that cannot be kept is computed again next time: no fault of the report's. */
void result_keep(const StetMetrics *metrics, MetricRun *run)
{
	if (metrics->keep_dir && hash_is_set(&run->key)) {
		g_autofree char *path = result_path(metrics, run);
		stet_result_save(path, run->metric.table, &run->content, NULL);
		return;
	}
	g_autoptr(GByteArray) bytes = result_bytes(run->metric.table);
	if (bytes)
		run->content = stet_hash(bytes->data, bytes->len);
}

void stet_metrics_prune(const StetMetrics *metrics)
{
	if (!metrics->keep_dir)
		return;
	g_autofree char *dir = g_build_filename(metrics->keep_dir, "results", NULL);
	g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < metrics->order->len; i++)
		g_hash_table_add(used, ((MetricRun *)g_ptr_array_index(metrics->order, i))->key.hex);
	g_autoptr(GPtrArray) names = stet_files_list(dir);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(dir, g_ptr_array_index(names, i), NULL);
		if (!g_hash_table_contains(used, g_ptr_array_index(names, i)))
			g_unlink(path);
	}
}

/* ---- what datasets hold ---- */

static void add_node(StetHasher *hasher, const StetNode *node)
{
	guint8 kind = (guint8)node->kind;
	stet_hasher_add(hasher, &kind, 1);
	stet_hasher_add(hasher, &node->n, sizeof node->n);
	if (node->text)
		stet_hasher_add(hasher, node->text, strlen(node->text) + 1);
	for (guint i = 0; i < node->n; i++) {
		if (node->keys)
			add_node(hasher, node->keys[i]);
		add_node(hasher, node->items[i]);
	}
}

StetHash stet_dataset_content(const StetResource *resource, const StetSource *sources, guint n,
							  gboolean lenient)
{
	StetHasher *hasher = stet_hasher_new();
	guint8 flag = lenient || resource->lenient ? 1 : 0;
	stet_hasher_add(hasher, &flag, 1);
	add_part(hasher, "resource", resource->name);
	const StetNode *const nodes[] = {resource->node, resource->schema, resource->dialect};
	for (guint i = 0; i < G_N_ELEMENTS(nodes); i++)
		if (nodes[i])
			add_node(hasher, nodes[i]);
	for (const char **text = resource->missing_values; text && *text; text++)
		add_part(hasher, "missing", *text);
	for (guint i = 0; i < n; i++)
		add_part(hasher, sources[i].path, sources[i].hash.hex);
	return stet_hasher_end(hasher);
}

StetHash stet_metric_content(const StetMetrics *metrics, const StetMetric *metric)
{
	const MetricRun *run = (const MetricRun *)metric; /* its first member */
	StetHasher *hasher = stet_hasher_new();
	add_part(hasher, "file", run->file->hash.hex);
	add_part(hasher, "synthetic", metric->synthetic ? "yes" : "no");
	for (char **name = metric->parameters; name && *name; name++) {
		const StetNode *value = stet_scenario_parameter(metrics, run->scenario, *name);
		add_part(hasher, *name, value && value->text ? value->text : "");
	}
	for (char **name = metric->all_datasets; name && *name; name++) {
		const StetResource *resource = stet_project_resource(metrics->project, *name);
		add_part(hasher, *name, resource && resource->title ? resource->title : "");
	}
	add_part(hasher, "result", run->content.hex);
	StetHash hash = stet_hasher_end(hasher);
	static const StetHash unknown;
	return metric->table && !hash_is_set(&run->content) ? unknown : hash;
}

void stet_metrics_set_content(StetMetrics *metrics, const char *name, StetHash content)
{
	g_hash_table_insert(metrics->contents, g_strdup(name), g_memdup2(&content, sizeof content));
}

void stet_metrics_set_rows(StetMetrics *metrics, const char *name, gsize rows)
{
	g_hash_table_insert(metrics->row_counts, g_strdup(name), g_memdup2(&rows, sizeof rows));
}

void stet_metrics_keep_in(StetMetrics *metrics, const char *dir)
{
	g_free(metrics->keep_dir);
	metrics->keep_dir = g_strdup(dir);
}

/* ---- table names of each SQL ---- */

static gboolean is_hash(const char *text)
{
	return strlen(text) == STET_HASH_LEN && strspn(text, "0123456789abcdef") == STET_HASH_LEN;
}

void tables_restore(StetMetrics *metrics)
{
	if (!metrics->keep_dir || metrics->base->len == 0)
		return;
	g_autofree char *path = g_build_filename(metrics->keep_dir, "tables", NULL);
	g_autofree char *text = stet_file_read(path, NULL, NULL);
	if (!text)
		return;
	const char *body = strchr(text, '\n') ? strchr(text, '\n') + 1 : "";
	StetHash found = stet_hash(body, strlen(body));
	if (strncmp(text, found.hex, STET_HASH_LEN) != 0)
		return;
	g_autoptr(GHashTable) lines = g_hash_table_new(g_str_hash, g_str_equal);
	g_auto(GStrv) split = g_strsplit(text, "\n", -1);
	for (char **line = split; *line; line++) {
		char *tab = strchr(*line, '\t');
		if (!tab)
			continue;
		*tab = '\0';
		if (is_hash(*line))
			g_hash_table_insert(lines, *line, tab + 1);
	}
	for (guint i = 0; i < metrics->files->len; i++) {
		MetricFile *file = g_ptr_array_index(metrics->files, i);
		const char *names =
			file->broken || file->tables ? NULL : g_hash_table_lookup(lines, file->sql_hash.hex);
		if (names)
			file->tables = g_strsplit(names, "\t", -1);
	}
}

void tables_keep(StetMetrics *metrics)
{
	if (!metrics->keep_dir)
		return;
	g_autoptr(GString) out = g_string_new(NULL);
	for (guint i = 0; i < metrics->files->len; i++) {
		const MetricFile *file = g_ptr_array_index(metrics->files, i);
		if (!file->tables)
			continue;
		g_autofree char *names = g_strjoinv("\t", file->tables);
		g_string_append_printf(out, "%s\t%s\n", file->sql_hash.hex, names);
	}
	StetHash hash = stet_hash(out->str, out->len);
	g_string_prepend_c(out, '\n');
	g_string_prepend(out, hash.hex);
	g_autofree char *path = g_build_filename(metrics->keep_dir, "tables", NULL);
	stet_file_write(path, out->str, out->len, NULL);
	metrics->tables_changed = FALSE;
}
