/* A report's folder: site.yaml and what hangs on it. */
#include "project/private.h"

#include <string.h>

static const StetKey site_keys[] = {
	{"title", STET_NODE_TEXT, FALSE},
	{"description", STET_NODE_TEXT, FALSE},
	{"url", STET_NODE_TEXT, FALSE},
	{"author", STET_NODE_TEXT, FALSE},
	{"locale", STET_NODE_TEXT, FALSE},
	{"licence", STET_NODE_TEXT, FALSE},
	{"footer", STET_NODE_TEXT, FALSE},
	{"notice", STET_NODE_TEXT | STET_NODE_MAP, FALSE},
	{"params", STET_NODE_MAP, FALSE},
	{"scenarios", STET_NODE_MAP, FALSE},
	{"theme", STET_NODE_MAP, FALSE},
	{"categories", STET_NODE_MAP, FALSE},
	{"nav", STET_NODE_LIST, FALSE},
	{"engine", STET_NODE_TEXT | STET_NODE_MAP, FALSE},
	{"limits", STET_NODE_MAP, FALSE},
	{"downloads", STET_NODE_LIST, FALSE},
	{"hosting", STET_NODE_MAP, FALSE},
	{"extras", STET_NODE_LIST, FALSE},
	{"formula_guard", STET_NODE_BOOL, FALSE},
	{"lint", STET_NODE_MAP, FALSE},
	{"languages", STET_NODE_LIST, FALSE},
	{"words", STET_NODE_MAP, FALSE},
	{NULL, 0, FALSE},
};

gpointer stet_project_keep(StetProject *project, gpointer block)
{
	g_ptr_array_add(((StetProjectWhole *)project)->kept, block);
	return block;
}

char *stet_project_path(const StetProject *project, const char *relative)
{
	return g_build_filename(project->root, relative, NULL);
}

const StetResource *stet_project_resource(const StetProject *project, const char *name)
{
	for (guint i = 0; i < project->n_resources; i++)
		if (strcmp(project->resources[i].name, name) == 0)
			return &project->resources[i];
	return NULL;
}

gboolean stet_project_read_yaml(StetProject *project, const char *relative, StetDocument **document,
                                StetDiagnostics *diags)
{
	g_autofree char *path = stet_project_path(project, relative);
	g_autoptr(GError) error = NULL;
	gsize length = 0;
	*document = NULL;
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return FALSE;
	g_autofree char *text = stet_file_read(path, &length, &error);
	if (!text) {
		stet_diagnose(diags, STET_ERROR, "file-unreadable", (StetPlace){relative, 0, 0}, NULL, "%s", error->message);
		return TRUE;
	}
	*document = stet_document_parse(relative, 1, 1, (StetText){text, length}, diags);
	if (*document)
		g_ptr_array_add(((StetProjectWhole *)project)->documents, *document);
	return TRUE;
}

static void read_site(StetProject *project, StetDiagnostics *diags)
{
	StetDocument *document = NULL;
	stet_project_read_yaml(project, "templates/site.yaml", &document, diags);
	const StetNode *node = document ? stet_document_root(document) : NULL;
	if (node)
		stet_node_check(node, site_keys, "x-", "site-key", "site.yaml", diags);
	project->site = (StetSite){
		.title = stet_node_text(node, "title", "Untitled report"),
		.description = stet_node_text(node, "description", NULL),
		.url = stet_node_text(node, "url", NULL),
		.author = stet_node_text(node, "author", NULL),
		.locale = stet_node_text(node, "locale", "en"),
		.node = node,
	};
	g_autoptr(GError) error = NULL;
	project->locale = stet_locale_new(project->site.locale, &error);
	if (!project->locale) {
		const StetNode *at = stet_node_get(node, "locale");
		stet_diagnose(diags, STET_ERROR, "site-locale", at ? at->place : (StetPlace){"templates/site.yaml", 0, 0},
		              "write a language tag: en, de, fr-CA", "%s", error->message);
		project->locale = stet_locale_new("en", NULL);
	}
}

StetProject *stet_project_load(const char *dir, StetDiagnostics *diags, GError **error)
{
	if (!g_file_test(dir, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR, "'%s' is no folder", dir);
		return NULL;
	}
	StetProjectWhole *whole = g_new0(StetProjectWhole, 1);
	whole->kept = g_ptr_array_new_with_free_func(g_free);
	whole->documents = g_ptr_array_new_with_free_func((GDestroyNotify)stet_document_free);
	StetProject *project = &whole->public;
	project->root = g_strdup(dir);
	g_autofree char *data = stet_project_path(project, "data"), *templates = stet_project_path(project, "templates");
	if (!g_file_test(data, G_FILE_TEST_IS_DIR) && !g_file_test(templates, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
		            "'%s' is no report: it has neither a data nor a templates folder ('stet init DIR' makes a first one)", dir);
		stet_project_free(project);
		return NULL;
	}
	read_site(project, diags);
	stet_package_read(project, diags);
	return project;
}

void stet_project_free(StetProject *project)
{
	if (!project)
		return;
	StetProjectWhole *whole = (StetProjectWhole *)project;
	stet_locale_free(project->locale);
	g_ptr_array_unref(whole->documents);
	g_ptr_array_unref(whole->kept);
	g_free(project->root);
	g_free(whole);
}
