/* Queries that stand in pages: ```sql NAME blocks and `foreach: {sql: ...}`, told to the metric stage
 * before any page is made. */
#include "page/private.h"

#include <string.h>

#define PAGE_PART_MAX 36 /* bytes of a page's path in its queries' names; longer ones are cut and hashed */
#define PAGE_FILE_MAX (16u << 20)

/* "templates/pages/how/top-ten.md" -> "how_top_ten__": what a page's queries are called among all metrics
 * (g_free). A letter comes first, for the name is a table's too. */
static char *query_prefix(const char *file)
{
	const char *relative = g_str_has_prefix(file, PAGES_FOLDER) ? file + strlen(PAGES_FOLDER) : file;
	const char *dot = strrchr(relative, '.');
	g_autofree char *stem = g_strndup(relative, dot ? (gsize)(dot - relative) : strlen(relative));
	g_autofree char *slug = stet_slug(stem);
	g_strdelimit(slug, "-", '_');
	if (strlen(slug) > PAGE_PART_MAX) {
		StetHash hash = stet_hash(stem, strlen(stem));
		g_strlcpy(slug + PAGE_PART_MAX - 9, "_", 2);
		g_strlcpy(slug + PAGE_PART_MAX - 8, hash.hex, 9);
	}
	return g_strconcat(g_ascii_isalpha(*slug) ? "" : "p", slug, "__", NULL);
}

char *page_queries(const StetMetrics *metrics, const char *file)
{
	g_autofree char *prefix = g_str_has_prefix(file, PAGES_FOLDER) ? query_prefix(file) : NULL;
	for (const char *const *name = stet_metrics_names(metrics); prefix && *name; name++)
		if (g_str_has_prefix(*name, prefix))
			return g_steal_pointer(&prefix);
	return NULL;
}

/* ---- fences -------------------------------------------------------------------------------- */

gboolean sql_fence_name(const char *info, char name[QUERY_NAME_MAX])
{
	if (!g_str_has_prefix(info, "sql") || !g_ascii_isspace(info[3]))
		return FALSE;
	const char *p = info + 3 + strspn(info + 3, " \t");
	gsize n = strcspn(p, " \t\r\n`");
	if (n == 0 || n >= QUERY_NAME_MAX)
		return FALSE;
	memcpy(name, p, n);
	name[n] = 0;
	return TRUE;
}

/* A line that opens or closes a fenced block: its mark and how many of them; what follows in `*info`. */
static guint fence_mark(const char *line, gsize length, char *mark, const char **info)
{
	gsize i = 0, n = 0;
	while (i < length && i < 3 && line[i] == ' ')
		i++;
	if (i == length || (line[i] != '`' && line[i] != '~'))
		return 0;
	*mark = line[i];
	while (i + n < length && line[i + n] == *mark)
		n++;
	*info = line + i + n + strspn(line + i + n, " \t");
	return n >= 3 ? (guint)n : 0;
}

typedef struct {
	StetMetrics *metrics;
	const char *file;
	StetDiagnostics *diags;
} Collector;

static void add_query(const Collector *collector, const char *name, guint line, StetText sql)
{
	g_autofree char *prefix = query_prefix(collector->file), *full = g_strconcat(prefix, name, NULL), *title = g_strdelimit(g_strdup(name), "_", ' ');
	title[0] = g_ascii_toupper(title[0]);
	StetLocalQuery query = {.name = full, .file = collector->file, .title = title, .line = line, .sql = sql};
	stet_metrics_add(collector->metrics, &query, collector->diags);
}

static void collect_fences(const Collector *collector, const char *text)
{
	char open = 0, mark = 0, name[QUERY_NAME_MAX];
	guint width = 0, line = 1, begins = 0;
	const char *info = "", *body = NULL;
	for (const char *p = text, *next; *p; p = next, line++) {
		gsize length = strcspn(p, "\n");
		next = p + length + (p[length] == '\n');
		guint n = fence_mark(p, length, &mark, &info);
		if (!open && n > 0) {
			open = mark, width = n;
			g_autofree char *rest = g_strndup(info, (gsize)(p + length - info));
			body = sql_fence_name(rest, name) ? next : NULL;
			begins = line + 1;
		} else if (open && n >= width && mark == open && strspn(info, " \t\r") >= (gsize)(p + length - info)) {
			if (body)
				add_query(collector, name, begins, (StetText){body, (gsize)(p - body)});
			open = 0, body = NULL;
		}
	}
}

/* ---- front matter -------------------------------------------------------------------------- */

/* Faults of the front matter are reported when the page is planned, not here. */
static void collect_foreach(const Collector *collector, StetText text)
{
	StetText inner = {"", 0};
	g_autoptr(StetDiagnostics) unheard = stet_diagnostics_new();
	if (front_matter(text, &inner) == 0)
		return;
	g_autoptr(StetDocument) front = stet_document_parse(collector->file, 2, 1, inner, unheard);
	const StetNode *sql = front ? stet_node_get(stet_node_get(stet_document_root(front), "foreach"), "sql") : NULL;
	if (sql && sql->text)
		add_query(collector, FOREACH_QUERY, sql->place.line, stet_text(sql->text));
}

static void collect_file(const StetProject *project, Collector *collector)
{
	g_autofree char *path = stet_project_path(project, collector->file);
	gsize length = 0;
	g_autofree char *text = stet_file_read(path, &length, NULL);
	/* What cannot be read, or is no text, is reported when the page is planned. */
	if (!text || length > PAGE_FILE_MAX || !strstr(text, "sql") || !g_utf8_validate(text, (gssize)length, NULL))
		return;
	collect_foreach(collector, (StetText){text, length});
	collect_fences(collector, text);
}

void stet_queries_collect(const StetProject *project, StetMetrics *metrics, StetDiagnostics *diags)
{
	g_autofree char *dir = stet_project_path(project, PAGES_FOLDER);
	g_autoptr(GPtrArray) files = stet_files_list(dir);
	for (guint i = 0; i < files->len; i++) {
		if (!g_str_has_suffix(files->pdata[i], ".md"))
			continue;
		g_autofree char *file = g_strconcat(PAGES_FOLDER, files->pdata[i], NULL);
		Collector collector = {metrics, file, diags};
		collect_file(project, &collector);
	}
}

/* ---- names --------------------------------------------------------------------------------- */

const StetMetric *find_metric(const Maker *maker, const char *name)
{
	const StetMetrics *metrics = maker->book->world->metrics;
	const char *queries = maker->plan && maker->plan->source ? maker->plan->source->queries : NULL;
	g_autofree char *own = queries ? g_strconcat(queries, name, NULL) : NULL;
	const StetMetric *metric = own ? stet_metrics_get(metrics, own) : NULL;
	if (metric)
		return metric;
	return stet_metrics_get(metrics, name);
}

void report_metric(Maker *maker, StetPlace place, const char *name)
{
	const char *prefix = maker->plan && maker->plan->source && maker->plan->source->queries ? maker->plan->source->queries : "\n";
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (const char *const *each = stet_metrics_names(maker->book->world->metrics); *each; each++)
		g_ptr_array_add(names, (gpointer)(g_str_has_prefix(*each, prefix) ? *each + strlen(prefix) : *each));
	g_ptr_array_add(names, NULL);
	const char *near = stet_nearest(name, (const char *const *)names->pdata);
	g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : g_strdup("see data/metrics for the names");
	stet_diagnose(maker->diags, STET_ERROR, "metric-unknown", place, mend, "there is no metric '%s'", name);
}
