/* load: the .sql files of data/metrics, cut into header and SQL. */
#include "metric/private.h"

#include <string.h>

/* A metric's name is a table's name in both engines: lower case, no quoting ever needed. */
static gboolean is_metric_name(const char *name)
{
	if (!g_ascii_islower(name[0]) || strlen(name) > 60)
		return FALSE;
	for (const char *c = name; *c; c++)
		if (!g_ascii_islower(*c) && !g_ascii_isdigit(*c) && *c != '_')
			return FALSE;
	return TRUE;
}

static void metric_file_free(MetricFile *file)
{
	stet_document_free(file->document);
	g_strfreev(file->tables);
	g_free(file->name);
	g_free(file->file);
	g_free(file->text);
	g_free(file->written);
	g_free(file->sql);
	if (file->shifts)
		g_array_unref(file->shifts);
	g_free(file);
}

void metric_run_free(MetricRun *run)
{
	metric_header_clear(&run->metric);
	rows_free(run->metric.rows);
	stet_table_free(run->metric.table);
	g_ptr_array_unref(run->inputs);
	g_free(run->table_name);
	g_free(run);
}

/* Line and column of byte `offset` of `text`, counted on from `*line`, `*column`. */
static void count_on(const char *text, gsize offset, guint *line, guint *column)
{
	for (gsize i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			(*line)++;
			*column = 1;
		} else {
			(*column)++;
		}
	}
}

StetPlace metric_sql_place(const MetricFile *file, const StetMetric *metric, gsize offset)
{
	StetPlace place = {file->file, metric->sql_line, file->sql_column};
	if (offset != G_MAXSIZE)
		count_on(metric->sql, offset, &place.line, &place.column);
	return place;
}

StetPlace metric_key_place(const StetMetric *metric, const char *key)
{
	const StetNode *node = key ? stet_node_get(metric->header, key) : NULL;
	if (node)
		return node->place;
	return (StetPlace){metric->file, 1, 1};
}

static gboolean fault(const MetricFile *file, guint line, guint column, const char *mend, const char *message,
					  StetDiagnostics *diags)
{
	stet_diagnose(diags, STET_ERROR, "metric-header", (StetPlace){file->file, line, column}, mend, "%s",
				  message);
	return FALSE;
}

/* Keeps the SQL that stands at `place`, and writes out what it has of the market pack. Takes `sql`. */
static gboolean take_sql(MetricFile *file, StetMetric *metric, char *sql, StetPlace place, StetDiagnostics *diags)
{
	StetFault wrong = {0};
	gsize offset = 0;
	file->written = sql;
	file->sql_column = place.column;
	file->shifts = g_array_new(FALSE, FALSE, sizeof(PackShift));
	metric->sql = sql;
	metric->sql_line = place.line;
	file->sql = pack_expand(sql, file->shifts, &offset, &wrong);
	gboolean whole = file->sql != NULL;
	if (!whole) {
		stet_diagnose(diags, STET_ERROR, "metric-pack", metric_sql_place(file, metric, offset), wrong.mend, "%s",
					  wrong.message);
		stet_fault_clear(&wrong);
		file->sql = g_strdup(sql);
	}
	metric->full_sql = file->sql;
	file->sql_hash = stet_hash(file->sql, strlen(file->sql));
	return whole;
}

/* Cuts the text at the end of its leading comment and trims the SQL; spaces and a final semicolon are
 * no part of it, because it may become a subquery. */
static gboolean cut(MetricFile *file, StetMetric *metric, StetDiagnostics *diags)
{
	const char *open = file->text;
	guint line = 1, column = 1;
	gsize blank = strspn(open, " \t\r\n");
	if (g_str_has_prefix(open, "\xef\xbb\xbf"))
		blank = 3 + strspn(open + 3, " \t\r\n");
	count_on(open, blank, &line, &column);
	open += blank;
	if (!g_str_has_prefix(open, "/*"))
		return fault(file, line, column, "begin the file with a comment: /* title: ... */",
					 "no header: the file does not begin with a comment", diags);
	const char *close = strstr(open + 2, "*/");
	if (!close)
		return fault(file, line, column, "close it with */ before the SQL",
					 "the header comment is never closed", diags);
	const char *yaml = open + 2;
	guint yaml_line = line, yaml_column = column + 2;
	gsize first = strspn(yaml, " \t\r");
	if (yaml[first] == '\n') { /* the usual shape: the comment's first line is bare */
		yaml += first + 1;
		yaml_line++;
		yaml_column = 1;
	}
	gsize yaml_length = close > yaml ? (gsize)(close - yaml) : 0;
	file->document =
		stet_document_parse(file->file, yaml_line, yaml_column, (StetText){yaml, yaml_length}, diags);
	const char *sql = close + 2;
	sql += strspn(sql, " \t\r\n");
	count_on(open, (gsize)(sql - open), &line, &column);
	gsize length = strlen(sql);
	while (length > 0 && strchr(" \t\r\n;", sql[length - 1]))
		length--;
	if (length == 0)
		return fault(file, line, column, "write one select after the header",
					 "there is no SQL after the header", diags);
	return take_sql(file, metric, g_strndup(sql, length), (StetPlace){file->file, line, column}, diags) &&
		   file->document != NULL;
}

static gboolean read_text(StetMetrics *metrics, MetricFile *file, StetDiagnostics *diags)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = stet_project_path(metrics->project, file->file);
	gsize length = 0;
	file->text = stet_file_read(path, &length, &error);
	if (!file->text) {
		stet_diagnose(diags, STET_ERROR, "file-unreadable", (StetPlace){file->file, 0, 0}, NULL, "%s",
					  error->message);
		return FALSE;
	}
	if (length > METRIC_FILE_MAX)
		return fault(file, 0, 0, NULL, "the file is larger than 1 MiB", diags);
	const char *bad = NULL;
	if (!g_utf8_validate(file->text, (gssize)length, &bad)) {
		guint line = 1, column = 1;
		count_on(file->text, (gsize)(bad - file->text), &line, &column);
		return fault(file, line, column, "save the file as UTF-8", "the file is not UTF-8", diags);
	}
	file->hash = stet_hash(file->text, length);
	return TRUE;
}

static MetricRun *run_new(MetricFile *file)
{
	MetricRun *run = g_new0(MetricRun, 1);
	run->file = file;
	run->inputs = g_ptr_array_new();
	run->table_name = g_strdup(file->name);
	run->metric.name = file->name;
	run->metric.file = file->file;
	run->metric.title = file->name;
	run->metric.sql = run->metric.full_sql = "";
	run->metric.period_column = -1;
	return run;
}

static MetricRun *load_file(StetMetrics *metrics, MetricFile *file, StetDiagnostics *diags)
{
	MetricRun *run = run_new(file);
	gboolean whole = read_text(metrics, file, diags) && cut(file, &run->metric, diags);
	if (file->document)
		run->metric.header = stet_document_root(file->document);
	if (file->document)
		whole = metric_header_read(metrics, run, diags) && whole;
	if (stet_project_resource(metrics->project, file->name)) {
		stet_diagnose(diags, STET_ERROR, "metric-name", (StetPlace){file->file, 0, 0}, "rename the file",
					  "the metric '%s' has the name of a dataset", file->name);
		whole = FALSE;
	}
	file->broken = !whole;
	run->state = whole ? RUN_PENDING : RUN_FAILED;
	return run;
}

/* ---- SQL that stands in a page ---- */

/* The text after its optional header comment; what the header does not say is read off the result. */
static gboolean cut_local(MetricFile *file, MetricRun *run, const StetLocalQuery *query, StetDiagnostics *diags)
{
	StetMetric *metric = &run->metric;
	gsize blank = strspn(file->text, " \t\r\n");
	if (g_str_has_prefix(file->text + blank, "/*")) {
		if (!cut(file, metric, diags))
			return FALSE;
		metric->header = stet_document_root(file->document);
		metric->sql_line += query->line - 1;
		return stet_node_get(metric->header, "value") ? TRUE : local_header_read(run, diags);
	}
	gsize length = strlen(file->text);
	while (length > blank && strchr(" \t\r\n;", file->text[length - 1]))
		length--;
	if (length == blank)
		return fault(file, query->line, 1, "write one select", "the query is empty", diags);
	guint line = query->line, column = 1;
	count_on(file->text, blank, &line, &column);
	file->document = stet_document_parse(file->file, query->line, 1, (StetText){"", 0}, diags);
	if (!take_sql(file, metric, g_strndup(file->text + blank, length - blank), (StetPlace){file->file, line, column}, diags))
		return FALSE;
	metric->header = stet_document_root(file->document);
	return local_header_read(run, diags);
}

static int compare_files(gconstpointer a, gconstpointer b)
{
	return strcmp((*(MetricFile *const *)a)->name, (*(MetricFile *const *)b)->name);
}

static int compare_runs(gconstpointer a, gconstpointer b)
{
	return strcmp((*(MetricRun *const *)a)->metric.name, (*(MetricRun *const *)b)->metric.name);
}

static void name_all(StetMetrics *metrics);

gboolean stet_metrics_add(StetMetrics *metrics, const StetLocalQuery *query, StetDiagnostics *diags)
{
	StetPlace place = {query->file, query->line, 1};
	if (!is_metric_name(query->name) || metric_base(metrics, query->name) ||
		stet_project_resource(metrics->project, query->name)) {
		stet_diagnose(diags, STET_ERROR, "metric-name", place, "use another name: lower-case letters, digits and '_'",
					  "'%s' cannot be the name of this query", query->name);
		return FALSE;
	}
	if (metrics->files->len >= METRIC_COUNT_MAX) {
		stet_diagnose(diags, STET_ERROR, "metric-count", place, NULL, "there are more than %u metrics and queries",
					  METRIC_COUNT_MAX);
		return FALSE;
	}
	MetricFile *file = g_new0(MetricFile, 1);
	file->name = g_strdup(query->name);
	file->file = g_strdup(query->file);
	file->text = g_strndup(query->sql.ptr, query->sql.len);
	file->hash = stet_hash(file->text, query->sql.len);
	MetricRun *run = run_new(file);
	run->metric.local = TRUE;
	run->metric.title = g_intern_string(query->title);
	gboolean whole = cut_local(file, run, query, diags);
	if (whole && stet_node_get(run->metric.header, "value"))
		whole = metric_header_read(metrics, run, diags);
	else if (whole) {
		run->metric.parameters = sql_parameters(run->metric.sql);
		whole = parameters_check(metrics, run, diags);
	}
	file->broken = !whole;
	run->state = whole ? RUN_PENDING : RUN_FAILED;
	g_ptr_array_add(metrics->files, file);
	g_ptr_array_add(metrics->base, run);
	g_ptr_array_sort(metrics->files, compare_files);
	g_ptr_array_sort(metrics->base, compare_runs);
	g_clear_pointer(&metrics->names, g_free);
	g_clear_pointer(&metrics->tables_known, g_free);
	name_all(metrics);
	return whole;
}

static void add_file(StetMetrics *metrics, const char *relative, StetDiagnostics *diags)
{
	g_autofree char *file = g_strconcat("data/metrics/", relative, NULL);
	g_autofree char *name = g_strndup(relative, strlen(relative) - 4);
	if (!is_metric_name(name)) {
		stet_diagnose(diags, STET_ERROR, "metric-name", (StetPlace){file, 0, 0},
					  "use lower-case letters, digits and '_', right under data/metrics",
					  "'%s' cannot be a metric's name", name);
		return;
	}
	MetricFile *made = g_new0(MetricFile, 1);
	made->name = g_steal_pointer(&name);
	made->file = g_steal_pointer(&file);
	g_ptr_array_add(metrics->files, made);
	g_ptr_array_add(metrics->base, load_file(metrics, made, diags));
}

static void name_all(StetMetrics *metrics)
{
	guint n = metrics->files->len, resources = metrics->project->n_resources;
	metrics->names = g_new0(char *, n + 1);
	metrics->tables_known = g_new0(const char *, n + resources + 1);
	for (guint i = 0; i < n; i++) {
		metrics->names[i] = ((MetricFile *)g_ptr_array_index(metrics->files, i))->name;
		metrics->tables_known[i] = metrics->names[i];
	}
	for (guint i = 0; i < resources; i++)
		metrics->tables_known[n + i] = metrics->project->resources[i].name;
}

StetMetrics *stet_metrics_load(const StetProject *project, StetDiagnostics *diags)
{
	StetMetrics *metrics = g_new0(StetMetrics, 1);
	metrics->project = project;
	metrics->files = g_ptr_array_new_with_free_func((GDestroyNotify)metric_file_free);
	metrics->base = g_ptr_array_new_with_free_func((GDestroyNotify)metric_run_free);
	metrics->variants = g_ptr_array_new_with_free_func((GDestroyNotify)metric_run_free);
	metrics->order = g_ptr_array_new();
	metrics->claims = g_ptr_array_new();
	metrics->contents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	metrics->row_counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_mutex_init(&metrics->lock);
	g_cond_init(&metrics->done);
	scenarios_read(metrics, diags);
	g_autofree char *dir = stet_project_path(project, "data/metrics");
	g_autoptr(GPtrArray) list = stet_files_list(dir);
	for (guint i = 0; i < list->len; i++) {
		const char *relative = g_ptr_array_index(list, i);
		if (!g_str_has_suffix(relative, ".sql"))
			continue;
		if (metrics->files->len == METRIC_COUNT_MAX) {
			stet_diagnose(diags, STET_ERROR, "metric-count", (StetPlace){"data/metrics", 0, 0}, NULL,
						  "there are more than %u metrics", METRIC_COUNT_MAX);
			break;
		}
		add_file(metrics, relative, diags);
	}
	name_all(metrics);
	return metrics;
}

void stet_metrics_free(StetMetrics *metrics)
{
	if (!metrics)
		return;
	claims_free(metrics);
	restated_free(metrics);
	g_ptr_array_unref(metrics->order);
	g_ptr_array_unref(metrics->variants);
	g_ptr_array_unref(metrics->base);
	g_ptr_array_unref(metrics->files);
	g_array_unref(metrics->scenarios);
	g_hash_table_unref(metrics->contents);
	g_hash_table_unref(metrics->row_counts);
	g_mutex_clear(&metrics->lock);
	g_cond_clear(&metrics->done);
	g_free(metrics->names);
	g_free(metrics->tables_known);
	g_free(metrics->keep_dir);
	g_free(metrics);
}

guint stet_metrics_count(const StetMetrics *metrics)
{
	return metrics->base->len;
}

const StetMetric *stet_metrics_at(const StetMetrics *metrics, guint index)
{
	return &((MetricRun *)g_ptr_array_index(metrics->base, index))->metric;
}

/* The files are sorted bytewise with their ".sql", which sorts before every letter, digit and '_', so
 * the names are in strcmp's order. */
MetricRun *metric_base(const StetMetrics *metrics, const char *name)
{
	guint low = 0, high = metrics->base->len;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		int order = strcmp(name, metrics->names[middle]);
		if (order == 0)
			return g_ptr_array_index(metrics->base, middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const StetMetric *stet_metrics_get(const StetMetrics *metrics, const char *name)
{
	const MetricRun *run = metric_base(metrics, name);
	return run ? &run->metric : NULL;
}

const char *const *stet_metrics_names(const StetMetrics *metrics)
{
	return (const char *const *)metrics->names;
}
