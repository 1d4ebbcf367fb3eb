/* A chart case: a YAML file with `columns`, `rows` and `chart`, as a table and a parsed chart. */
#ifndef CHART_CASE_H
#define CHART_CASE_H

#include "stet/chart.h"

#include <string.h>

/* Fontconfig keeps a few hundred bytes of its configuration to the end of the process. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}

typedef struct {
	StetDocument *document;
	StetTable *table;
	StetChartColumn *columns;
	StetLocale *locale;
	StetChart *chart; /* NULL where the spec is faulty */
	StetDiagnostics *diags;
	StetChartData data;
} ChartCase;

static inline StetCell case_cell(StetTable *table, const StetNode *node)
{
	if (node->kind == STET_NODE_INT)
		return (StetCell){.kind = STET_INT, .v.i = node->integer};
	if (node->kind == STET_NODE_NUMBER)
		return (StetCell){.kind = STET_NUMBER, .v.n = node->number};
	return node->kind == STET_NODE_NULL ? (StetCell){.kind = STET_NULL} : stet_table_text(table, node->text);
}

static inline void case_columns(ChartCase *c, const StetNode *columns)
{
	c->table = stet_table_new(columns->n);
	c->columns = g_new0(StetChartColumn, columns->n);
	for (guint i = 0; i < columns->n; i++) {
		const StetNode *node = columns->items[i];
		const StetNode *display = stet_node_get(node, "display");
		c->table->columns[i].name = g_strdup(node->text ? node->text : stet_node_text(node, "name", "?"));
		c->columns[i] = (StetChartColumn){.title = stet_node_text(node, "title", NULL),
										  .unit = stet_node_text(node, "unit", NULL),
										  .display = display ? (int)display->integer : -1,
										  .is_period = stet_node_bool(node, "period", FALSE)};
	}
}

static inline void case_rows(ChartCase *c, const StetNode *rows)
{
	for (guint r = 0; rows && r < rows->n; r++) {
		StetCell *cells = stet_table_append(c->table);
		for (guint i = 0; i < c->table->n_columns && i < rows->items[r]->n; i++) {
			StetKind *kind = &c->table->columns[i].kind;
			cells[i] = case_cell(c->table, rows->items[r]->items[i]);
			if (*kind == STET_NULL || (*kind == STET_INT && cells[i].kind == STET_NUMBER))
				*kind = cells[i].kind;
		}
	}
}

/* NULL where the file itself cannot be read. */
static inline ChartCase *case_parse(const char *name, const char *text)
{
	StetDiagnostics *diags = stet_diagnostics_new();
	StetDocument *document = stet_document_parse(name, 1, 1, stet_text(text), diags);
	const StetNode *root = document ? stet_document_root(document) : NULL;
	const StetNode *columns = stet_node_get(root, "columns"), *spec = stet_node_get(root, "chart");
	if (!columns || !spec) {
		stet_document_free(document);
		stet_diagnostics_free(diags);
		return NULL;
	}
	ChartCase *c = g_new0(ChartCase, 1);
	c->document = document;
	c->diags = diags;
	case_columns(c, columns);
	case_rows(c, stet_node_get(root, "rows"));
	c->locale = stet_locale_new(stet_node_text(root, "locale", "en"), NULL);
	c->chart = stet_chart_parse(spec, diags);
	c->data = (StetChartData){
		.table = c->table, .columns = c->columns, .locale = c->locale, .place = spec->place};
	return c;
}

static inline ChartCase *case_load(const char *path)
{
	g_autofree char *text = stet_file_read(path, NULL, NULL);
	return text ? case_parse(path, text) : NULL;
}

static inline void case_free(ChartCase *c)
{
	if (!c)
		return;
	stet_chart_free(c->chart);
	stet_table_free(c->table);
	g_free(c->columns);
	stet_locale_free(c->locale);
	stet_document_free(c->document);
	stet_diagnostics_free(c->diags);
	g_free(c);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChartCase, case_free)

#endif
