/* site.yaml's `limits`: how long, how large and how hungry queries may be. */
#include "cli/private.h"

#define QUERY_SECONDS 300 /* a query may take, unless limits say otherwise */
#define SECONDS_MAX 86400
#define ROWS_MAX 50000000
#define MEMORY_MAX (16 << 20) /* MiB */

static const StetKey limit_keys[] = {
	{"query_seconds", STET_NODE_INT, FALSE},
	{"rows", STET_NODE_INT, FALSE},
	{"memory_mb", STET_NODE_INT, FALSE},
	{NULL, 0, FALSE},
};

/* The number under `key`, or `fallback`. */
static gint64 read_limit(const StetNode *limits, const char *key, gint64 least, gint64 most, gint64 fallback,
						 StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(limits, key);
	if (!node || node->kind != STET_NODE_INT)
		return fallback;
	if (node->integer >= least && node->integer <= most)
		return node->integer;
	g_autofree char *mend = g_strdup_printf("write a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, least, most);
	stet_diagnose(diags, STET_ERROR, "limit", node->place, mend, "'%s' cannot be %s", key, node->text);
	return fallback;
}

gboolean stet_limits_read(const StetProject *project, StetLimits *limits, StetDiagnostics *diags)
{
	guint before = stet_diagnostics_count(diags, STET_ERROR);
	const StetNode *node = stet_node_get(project->site.node, "limits");
	if (node)
		stet_node_check(node, limit_keys, "x-", "limit", "'limits'", diags);
	*limits = (StetLimits){
		.seconds = (guint)read_limit(node, "query_seconds", 1, SECONDS_MAX, QUERY_SECONDS, diags),
		.rows = (gsize)read_limit(node, "rows", 1, ROWS_MAX, 0, diags),
		.memory = (guint64)read_limit(node, "memory_mb", 32, MEMORY_MAX, 0, diags) << 20,
	};
	return stet_diagnostics_count(diags, STET_ERROR) == before;
}
