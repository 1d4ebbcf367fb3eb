/* Single figures for the search: each metric's values as they are shown, by series, with the rows they link to. A
 * metric's files are made again only where the metric has changed. */
#include "site/private.h"

#include <math.h>
#include <string.h>

#define FILE_ROWS 600        /* rows of one file, about */
#define METRIC_ROWS_MAX 200000 /* of a metric whose figures can be searched for */
#define MEASURED_ROWS_MAX 2000 /* of a metric all of whose measures can be, not the main one alone */

/* Where the metric has a page to lead to. */
gboolean site_has_figures(const Site *site, const StetMetric *metric)
{
	g_autofree char *path = g_strdup_printf("metrics/%s/index.html", metric->name);
	return metric->table && !metric->local && metric->n_measures > 0 && metric->table->n_rows > 0 &&
		   metric->table->n_rows <= METRIC_ROWS_MAX && g_hash_table_contains(site->numbers, path);
}

/* The last row of each series, in the order in which the series end: series that live on come last. */
static GArray *series_of(const StetMetric *metric)
{
	GArray *ends = g_array_new(FALSE, FALSE, sizeof(gsize));
	for (gsize row = 0; row < metric->table->n_rows; row++) {
		gsize n = 1;
		const gsize *series = metric->period_column >= 0 ? stet_metric_series(metric, row, &n) : &row;
		if (n == 0 || series[n - 1] == row)
			g_array_append_val(ends, row);
	}
	return ends;
}

GPtrArray *site_figure_files(const StetMetric *metric)
{
	g_autoptr(GArray) ends = series_of(metric);
	GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
	gsize room = 0;
	for (guint i = 0; i < ends->len; i++) {
		gsize row = g_array_index(ends, gsize, i), n = 1;
		if (metric->period_column >= 0)
			stet_metric_series(metric, row, &n);
		if (files->len == 0 || room < n) {
			g_ptr_array_add(files, g_array_new(FALSE, FALSE, sizeof(gsize)));
			room = FILE_ROWS;
		}
		g_array_append_val((GArray *)files->pdata[files->len - 1], row);
		room -= MIN(room, n);
	}
	return files;
}

/* ---- one file ------------------------------------------------------------------------------ */

typedef struct {
	const StetMetric *metric;
	const StetLocale *locale;
	GString *out;
	GPtrArray *periods; /* char *: as shown, those of the file */
	GHashTable *numbers; /* period -> its number + 1 */
} Writer;

static guint period_number(Writer *writer, gsize row)
{
	g_autofree char *text = writer->metric->period_column < 0 ? g_strdup("")
		: stet_cell_text(stet_table_cell(writer->metric->table, row, (guint)writer->metric->period_column));
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(writer->numbers, text));
	if (number == 0) {
		g_ptr_array_add(writer->periods, stet_locale_period(writer->locale, text));
		number = writer->periods->len;
		g_hash_table_insert(writer->numbers, g_steal_pointer(&text), GUINT_TO_POINTER(number));
	}
	return number - 1;
}

static char *series_label(const StetMetric *metric, gsize row)
{
	GString *label = g_string_new(NULL);
	for (guint d = 0; d < metric->n_dimensions; d++) {
		g_autofree char *text = stet_cell_text(stet_table_cell(metric->table, row, metric->dimension_columns[d]));
		if (text && *text) {
			g_string_append(label, label->len > 0 ? " · " : "");
			g_string_append(label, text);
		}
	}
	return g_string_free(label, FALSE);
}

/* Period, value as shown, and the row's id where the metric's page shows the row. */
static void append_row(Writer *writer, const StetMeasure *measure, gsize row, gboolean *first)
{
	double value = stet_cell_number(stet_table_cell(writer->metric->table, row, measure->column));
	if (isnan(value))
		return;
	g_autofree char *shown = stet_locale_quantity(writer->locale, value, measure->unit, measure->display, STET_FULL);
	g_autofree char *url = stet_metric_row_url(writer->metric, row);
	const char *id = strchr(url, '#');
	g_string_append_printf(writer->out, "%s%u,", *first ? "" : ",", period_number(writer, row));
	stet_json_string(writer->out, shown);
	g_string_append_c(writer->out, ',');
	stet_json_string(writer->out, id ? id + 1 : "");
	*first = FALSE;
}

static void append_series(Writer *writer, guint measure, gsize end, gboolean *first)
{
	const StetMetric *metric = writer->metric;
	const StetMeasure *of = &metric->measures[measure];
	g_autofree char *label = series_label(metric, end);
	gsize n = 1;
	const gsize *rows = metric->period_column >= 0 ? stet_metric_series(metric, end, &n) : &end;
	gboolean first_row = TRUE;
	g_string_append(writer->out, *first ? "\n[" : ",\n[");
	stet_json_string(writer->out, label);
	g_string_append_c(writer->out, ',');
	stet_json_string(writer->out, measure == 0 ? "" : of->title ? of->title : of->name);
	g_string_append(writer->out, ",[");
	for (gsize i = 0; i < n; i++)
		append_row(writer, of, rows[i], &first_row);
	g_string_append(writer->out, "]]");
	*first = FALSE;
}

static GString *figure_file(const Site *site, const StetMetric *metric, const GArray *series, guint number)
{
	g_autoptr(GPtrArray) periods = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GString) rows = g_string_new(NULL);
	Writer writer = {metric, site->world->project->locale, rows, periods, numbers};
	guint measures = metric->table->n_rows <= MEASURED_ROWS_MAX ? metric->n_measures : 1;
	gboolean first = TRUE;
	for (guint m = 0; m < measures; m++)
		for (guint s = 0; s < series->len; s++)
			append_series(&writer, m, g_array_index(series, gsize, s), &first);
	GString *out = g_string_new(NULL);
	g_string_printf(out, "stet(\"f-%s-%u\",{\"t\":", metric->name, number);
	stet_json_string(out, metric->title);
	g_string_append_printf(out, ",\"u\":\"metrics/%s/index.html\",\"p\":[", metric->name);
	for (guint i = 0; i < periods->len; i++) {
		g_string_append(out, i > 0 ? "," : "");
		stet_json_string(out, periods->pdata[i]);
	}
	g_string_append_printf(out, "],\"s\":[%s]})\n", rows->str);
	return out;
}

void site_write_figures(Site *site, const StetMetric *metric)
{
	if (!site_extra(site, SITE_SEARCH) || !site_has_figures(site, metric))
		return;
	g_autoptr(GPtrArray) files = site_figure_files(metric);
	g_autofree char *read = g_strconcat("figures ", metric->name, NULL);
	for (guint i = 0; i < files->len && !site_stopped(site); i++) {
		g_autofree char *path = g_strdup_printf("search/f-%s-%u.js", metric->name, i);
		if (!memory_recall_file(site, path, metric->file, read))
			site_emit_text(site, path, metric->file, figure_file(site, metric, files->pdata[i], i));
	}
}
