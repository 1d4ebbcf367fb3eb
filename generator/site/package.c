/* The Data Package as published: the report's own descriptor, its paths turned to where the files are. */
#include "site/private.h"

#include <string.h>

static void indent(GString *out, guint depth)
{
	g_string_append_c(out, '\n');
	for (guint i = 0; i < depth; i++)
		g_string_append(out, "  ");
}

static void append_scalar(GString *out, const StetNode *node)
{
	switch (node->kind) {
	case STET_NODE_NULL:
		g_string_append(out, "null");
		break;
	case STET_NODE_BOOL:
		g_string_append(out, node->boolean ? "true" : "false");
		break;
	case STET_NODE_INT:
		g_string_append_printf(out, "%" G_GINT64_FORMAT, node->integer);
		break;
	case STET_NODE_NUMBER: {
		char buffer[STET_NUMBER_MAX];
		stet_number_text(node->number, buffer);
		g_string_append(out, buffer[0] ? buffer : "null");
		break;
	}
	default:
		stet_json_string(out, node->text ? node->text : "");
	}
}

static void append_list_of_paths(GString *out, const Site *site, guint index)
{
	const StetDataset *dataset = site->world->datasets[index];
	const gsize prefix = strlen("datasets/"); /* the descriptor lies there itself */
	g_string_append(out, dataset->n_sources == 1 ? "" : "[");
	for (guint s = 0; s < dataset->n_sources; s++) {
		g_autofree char *path = site_source_path(dataset, s, site->plain[index]);
		g_string_append(out, s > 0 ? ", " : "");
		stet_json_string(out, path + prefix);
	}
	g_string_append(out, dataset->n_sources == 1 ? "" : "]");
}

/* The dataset whose descriptor `node` is, or -1. */
static int dataset_of(const Site *site, const StetNode *node)
{
	const StetProject *project = site->world->project;
	for (guint i = 0; i < project->n_resources; i++)
		if (project->resources[i].node == node && site->world->datasets[i])
			return (int)i;
	return -1;
}

static void append_node(GString *out, const Site *site, const StetNode *node, guint depth)
{
	gboolean is_map = node->kind == STET_NODE_MAP, nested = is_map || node->kind == STET_NODE_LIST;
	int dataset = is_map ? dataset_of(site, node) : -1;
	if (!nested || node->n == 0) {
		nested ? (void)g_string_append(out, is_map ? "{}" : "[]") : append_scalar(out, node);
		return;
	}
	g_string_append_c(out, is_map ? '{' : '[');
	for (guint i = 0; i < node->n; i++) {
		g_string_append(out, i > 0 ? "," : "");
		indent(out, depth + 1);
		if (is_map) {
			stet_json_string(out, node->keys[i]->text);
			g_string_append(out, ": ");
		}
		if (dataset >= 0 && strcmp(node->keys[i]->text, "path") == 0)
			append_list_of_paths(out, site, (guint)dataset);
		else
			append_node(out, site, node->items[i], depth + 1);
	}
	indent(out, depth);
	g_string_append_c(out, is_map ? '}' : ']');
}

void site_package(const Site *site, GString *out)
{
	append_node(out, site, site->world->project->package, 0);
	g_string_append_c(out, '\n');
}
