/* `stet liquid`: a template file, a JSON context, a folder of partials. */
#include "liquid.h"

typedef struct {
	char *dir;             /* NULL: no partials */
	GHashTable *templates; /* name -> StetTemplate *, NULL where it has faults or is missing */
	GPtrArray *names;      /* of partials, NULL-terminated; made when first asked for */
	StetDiagnostics *diags;
} Folder;

static void free_template(gpointer t)
{
	stet_template_free(t);
}

static StetTemplate *read_partial(Folder *folder, const char *name)
{
	static const char *const endings[] = {"", ".liquid", ".html", ".md"};
	if (!folder->dir || !stet_path_is_inside(name))
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *file = g_strconcat(name, endings[i], NULL);
		g_autofree char *path = g_build_filename(folder->dir, file, NULL);
		if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
			continue;
		gsize length;
		g_autofree char *text = stet_file_read(path, &length, NULL);
		if (text)
			return stet_template_parse(path, 1, (StetText){text, length}, NULL, folder->diags);
	}
	return NULL;
}

static const StetTemplate *find_partial(const char *name, gpointer data)
{
	Folder *folder = data;
	gpointer found;
	if (g_hash_table_lookup_extended(folder->templates, name, NULL, &found))
		return found;
	StetTemplate *t = read_partial(folder, name);
	g_hash_table_insert(folder->templates, g_strdup(name), t);
	return t;
}

static const char *const *partial_names(gpointer data)
{
	Folder *folder = data;
	if (!folder->names) {
		folder->names = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GPtrArray) files = folder->dir ? stet_files_list(folder->dir) : g_ptr_array_new();
		for (guint i = 0; i < files->len; i++) {
			char *name = g_strdup(g_ptr_array_index(files, i));
			char *dot = strrchr(name, '.');
			if (dot && dot != name)
				*dot = '\0';
			g_ptr_array_add(folder->names, name);
		}
		g_ptr_array_add(folder->names, NULL);
	}
	return (const char *const *)folder->names->pdata;
}

/* The context's root: an empty map without a path; NULL after an error. */
static StetDocument *read_context(const char *path, StetDiagnostics *diags, GError **error)
{
	gsize length = 0;
	g_autofree char *text = path ? stet_file_read(path, &length, error) : g_strdup("");
	if (!text)
		return NULL;
	StetDocument *document =
		stet_document_parse(path ? path : "context", 1, 1, (StetText){text, length}, diags);
	if (document && stet_document_root(document)->kind != STET_NODE_MAP) {
		stet_diagnose(diags, STET_ERROR, "liquid-context", (StetPlace){path, 1, 1}, NULL,
					  "the context must be a JSON object");
		stet_document_free(document);
		document = NULL;
	}
	return document;
}

static gboolean render_with(const StetTemplate *t, const StetNode *root, Folder *folder, gboolean lax,
							GString *out)
{
	StetHost host = {.partial = find_partial, .partial_names = partial_names, .lax = lax, .host = folder};
	host.now = g_get_real_time() / G_USEC_PER_SEC;
	g_autoptr(StetArena) arena = stet_arena_new();
	g_autoptr(StetOutput) output = stet_output_new();
	g_autofree const char **names = g_new0(const char *, root->n + 1);
	g_autofree StetValue *values = g_new0(StetValue, root->n + 1);
	for (guint i = 0; i < root->n; i++) {
		names[i] = root->keys[i]->text;
		values[i] = stet_value_node(arena, root->items[i]);
	}
	gboolean good = stet_template_render(t, &host, arena, root->n, names, values, output, folder->diags);
	g_string_append_len(out, output->text->str, (gssize)output->text->len);
	return good;
}

gboolean stet_liquid_run(const char *template_path, const char *context_path, const char *partials,
						 gboolean lax, GString *out, StetDiagnostics *diags, GError **error)
{
	gsize length;
	GError *cause = NULL;
	g_autofree char *text = stet_file_read(template_path, &length, error);
	if (!text)
		return FALSE;
	g_autoptr(StetDocument) context = read_context(context_path, diags, &cause);
	if (cause) {
		g_propagate_error(error, cause);
		return FALSE;
	}
	g_autoptr(StetTemplate) t = stet_template_parse(template_path, 1, (StetText){text, length}, NULL, diags);
	if (!t || !context)
		return FALSE;
	Folder folder = {.dir = g_strdup(partials), .diags = diags};
	folder.templates = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_template);
	gboolean good = render_with(t, stet_document_root(context), &folder, lax, out);
	g_hash_table_destroy(folder.templates);
	if (folder.names)
		g_ptr_array_free(folder.names, TRUE);
	g_free(folder.dir);
	return good && stet_diagnostics_count(diags, STET_ERROR) == 0;
}
