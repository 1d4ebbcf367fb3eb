/* What the last edition knows of the datasets: how many rows each had. */
#include "cli/private.h"

#include <string.h>

#define BEGINS "\"datasets\": ["
#define ENDS "\n],\n"

/* Only the ledger's list of datasets is parsed: the figures may be many. */
static StetDocument *read_datasets(const StetProject *project)
{
	g_autoptr(GPtrArray) editions = stet_editions_list(project);
	if (editions->len == 0)
		return NULL;
	g_autofree char *file =
		g_strdup_printf("data/editions/%s.json", (char *)editions->pdata[editions->len - 1]);
	g_autofree char *path = stet_project_path(project, file), *text = stet_file_read(path, NULL, NULL);
	const char *from = text ? strstr(text, BEGINS) : NULL, *to = from ? strstr(from, ENDS) : NULL;
	if (!to)
		return NULL;
	g_autofree char *list = g_strdup_printf("{%.*s\n]}", (int)(to - from), from);
	g_autoptr(StetDiagnostics) unheard = stet_diagnostics_new();
	return stet_document_parse(file, 1, 1, stet_text(list), unheard);
}

gint64 stet_rows_before(const char *name, gpointer project)
{
	StetDocument *document = read_datasets(project);
	const StetNode *list = document ? stet_node_get(stet_document_root(document), "datasets") : NULL;
	gint64 rows = -1;
	for (guint i = 0; list && i < list->n; i++) {
		const StetNode *count = stet_node_get(list->items[i], "rows");
		if (count && strcmp(stet_node_text(list->items[i], "name", ""), name) == 0)
			rows = count->integer;
	}
	if (document)
		stet_document_free(document);
	return rows;
}
