/* Datasets known without being read: where every file is as it was at the last build, heads - resource,
 * sources, counts - stand for the datasets, and only those whose cells are asked for are loaded.
 *
 * What is kept of them, a text beside the site, from a build that found nothing to say of its data:
 *     stet data 1 / SALT / "name content rows quarantined sources" and its "rows path" lines, a resource each */
#include "cli/private.h"

#include <string.h>

#define FACTS_VERSION "stet data 1"

gboolean stet_is_head(const StetDataset *dataset)
{
	return dataset->n_columns == 0;
}

static void head_free(StetDataset *head)
{
	for (guint i = 0; i < head->n_sources; i++)
		g_free(head->sources[i].path);
	g_free(head->sources);
	if (head->rejects)
		g_ptr_array_unref(head->rejects);
	g_free(head);
}

/* Lines of the facts, taken one after the other. */
typedef struct {
	char **line;
	StetState *state;
} Facts;

static gboolean read_source(Facts *facts, StetSource *source)
{
	char *rest = NULL;
	if (!*facts->line)
		return FALSE;
	source->rows = (gsize)g_ascii_strtoull(*facts->line, &rest, 10);
	if (*rest != ' ')
		return FALSE;
	source->path = g_strcompress(rest + 1);
	facts->line++;
	return stet_state_hash(facts->state, source->path, &source->hash, &source->bytes);
}

/* The head of the next resource, if its description and files are those that were loaded. */
static StetDataset *read_head(Facts *facts, const StetResource *resource)
{
	g_auto(GStrv) words = *facts->line ? g_strsplit(*facts->line, " ", 5) : NULL;
	if (!words || g_strv_length(words) != 5 || strcmp(words[0], resource->name) != 0)
		return NULL;
	facts->line++;
	StetDataset *head = g_new0(StetDataset, 1);
	guint64 n = g_ascii_strtoull(words[4], NULL, 10);
	head->resource = resource;
	head->rows = (gsize)g_ascii_strtoull(words[2], NULL, 10);
	head->quarantined = (gsize)g_ascii_strtoull(words[3], NULL, 10);
	head->rejects = g_ptr_array_new();
	head->n_sources = (guint)MIN(n, g_strv_length(facts->line));
	head->sources = g_new0(StetSource, head->n_sources + 1);
	gboolean known = n > 0 && n == head->n_sources;
	for (guint i = 0; known && i < head->n_sources; i++)
		known = read_source(facts, &head->sources[i]);
	StetHash now = {{0}};
	if (known)
		now = stet_dataset_content(resource, head->sources, head->n_sources, FALSE);
	if (known && strcmp(now.hex, words[1]) == 0)
		return head;
	head_free(head);
	return NULL;
}

gboolean stet_heads_read(StetSession *session)
{
	const StetProject *project = session->project;
	gsize length = 0;
	const char *data = session->facts ? g_bytes_get_data(session->facts, &length) : NULL;
	g_autofree char *text = g_strndup(data ? data : "", length);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint n = g_strv_length(lines);
	if (!session->state || n < 3 || strcmp(lines[0], FACTS_VERSION) != 0 ||
		strcmp(lines[1], session->salt) != 0)
		return FALSE;
	Facts facts = {lines + 2, session->state};
	StetDataset **heads = g_new0(StetDataset *, project->n_resources + 1);
	for (guint i = 0; i < project->n_resources; i++) {
		heads[i] = read_head(&facts, &project->resources[i]);
		if (!heads[i]) {
			stet_datasets_free(heads, project->n_resources);
			return FALSE;
		}
	}
	session->datasets = heads;
	return TRUE;
}

GBytes *stet_heads_write(const StetSession *session)
{
	GString *out = g_string_new(FACTS_VERSION "\n");
	g_string_append_printf(out, "%s\n", session->salt);
	for (guint i = 0; i < session->project->n_resources; i++) {
		const StetDataset *dataset = session->datasets[i];
		const StetResource *resource = &session->project->resources[i];
		StetHash content = stet_dataset_content(resource, dataset->sources, dataset->n_sources, FALSE);
		g_string_append_printf(out, "%s %s %" G_GSIZE_FORMAT " %" G_GSIZE_FORMAT " %u\n", resource->name,
							   content.hex, dataset->rows, dataset->quarantined, dataset->n_sources);
		for (guint k = 0; k < dataset->n_sources; k++) {
			g_autofree char *path = g_strescape(dataset->sources[k].path, NULL);
			g_string_append_printf(out, "%" G_GSIZE_FORMAT " %s\n", dataset->sources[k].rows, path);
		}
	}
	return g_string_free_to_bytes(out);
}

void stet_datasets_free(StetDataset **datasets, guint n)
{
	for (guint i = 0; datasets && i < n; i++) {
		if (datasets[i] && stet_is_head(datasets[i]))
			head_free(datasets[i]);
		else if (datasets[i])
			stet_dataset_free(datasets[i]);
	}
	g_free(datasets);
}
