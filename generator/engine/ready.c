/* The ready checks, a table: adding one is one entry and one function. */
#include "checks.h"

#include <string.h>

/* ---- names and values ---------------------------------------------------------------------- */

static const StetColumn *find_column(const StetDataset *dataset, const char *name)
{
	for (guint c = 0; c < dataset->n_columns; c++)
		if (strcmp(dataset->columns[c].name, name) == 0)
			return &dataset->columns[c];
	return NULL;
}

static gboolean has_column(const EnReadyCheck *check, const StetDataset *dataset, const StetNode *at)
{
	const char *name = at->text != NULL ? at->text : "";
	if (find_column(dataset, name) != NULL)
		return TRUE;
	g_autofree const char **known = g_new0(const char *, dataset->n_columns + 1);
	for (guint c = 0; c < dataset->n_columns; c++)
		known[c] = dataset->columns[c].name;
	const char *near = stet_nearest(name, known);
	g_autofree char *mend = near != NULL ? g_strdup_printf("did you mean '%s'?", near) : NULL;
	stet_diagnose(check->diags, STET_ERROR, "check", at->place, mend, "'%s' has no column '%s'",
				  dataset->resource->name, name);
	return FALSE;
}

/* Column names under `key`, a text or a list, each quoted; NULL after a diagnostic. Empty if absent. */
static GPtrArray *columns_under(const EnReadyCheck *check, const StetDataset *dataset, const StetNode *map,
								const char *key)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const StetNode *node = stet_node_get(map, key);
	guint n = node == NULL ? 0 : node->kind == STET_NODE_LIST ? node->n : 1;
	for (guint i = 0; i < n; i++) {
		const StetNode *item = node->kind == STET_NODE_LIST ? node->items[i] : node;
		if (!has_column(check, dataset, item)) {
			g_ptr_array_unref(names);
			return NULL;
		}
		g_ptr_array_add(names, en_quoted(item->text, '"'));
	}
	return names;
}

/* "a, b, " or "". */
static char *listed(const GPtrArray *names)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < names->len; i++)
		g_string_append_printf(out, "%s, ", (const char *)names->pdata[i]);
	return g_string_free(out, FALSE);
}

static char *table_of(const StetDataset *dataset)
{
	return en_quoted(dataset->resource->name, '"');
}

static void append_number(GString *sql, double value)
{
	char buffer[STET_NUMBER_MAX];
	g_string_append(sql, stet_number_text(value, buffer));
}

/* ---- the checks ---------------------------------------------------------------------------- */

static gboolean write_row_count(const EnReadyCheck *check, GString *sql)
{
	const StetNode *least = stet_node_get(check->node, "minimum"),
				   *most = stet_node_get(check->node, "maximum");
	const StetNode *change = stet_node_get(check->node, "change");
	const StetCheckContext *context = check->context;
	const char *name = check->dataset->resource->name;
	gint64 before = context->rows_before != NULL ? context->rows_before(name, context->data) : -1;
	g_autofree char *table = table_of(check->dataset);
	g_string_append_printf(sql, "select count(*) as \"rows\"%s", "");
	if (change != NULL && before >= 0)
		g_string_append_printf(sql, ", %" G_GINT64_FORMAT " as \"rows before\"", before);
	g_string_append_printf(sql, " from %s having false", table);
	if (least != NULL)
		g_string_append_printf(sql, " or count(*) < %s", least->text);
	if (most != NULL)
		g_string_append_printf(sql, " or count(*) > %s", most->text);
	if (change != NULL && before >= 0) {
		g_string_append_printf(sql, " or abs(count(*) - %" G_GINT64_FORMAT ") > ", before);
		append_number(sql, change->number * (double)before);
	}
	if (least != NULL || most != NULL || change != NULL)
		return TRUE;
	stet_diagnose(check->diags, STET_ERROR, "check", check->node->place, NULL,
				  "the check row-count needs 'minimum', 'maximum' or 'change'");
	return FALSE;
}

static gboolean write_freshness(const EnReadyCheck *check, GString *sql)
{
	const StetNode *field = stet_node_get(check->node, "field"), *since = stet_node_get(check->node, "since");
	if (!has_column(check, check->dataset, field))
		return FALSE;
	g_autofree char *column = en_quoted(field->text, '"'), *least = en_quoted(since->text, '\'');
	g_autofree char *table = table_of(check->dataset);
	/* ISO dates, quarters, months and years order as texts do */
	g_string_append_printf(
		sql, "select max(%s)::varchar as newest from %s having max(%s) is null or max(%s)::varchar < %s",
		column, table, column, column, least);
	return TRUE;
}

static const StetDataset *find_dataset(const EnReadyCheck *check, const StetNode *at)
{
	const StetCheckContext *context = check->context;
	g_autofree const char **known = g_new0(const char *, context->n + 1);
	for (guint i = 0, n = 0; i < context->n; i++) {
		const StetDataset *dataset = context->datasets[i];
		if (dataset == NULL)
			continue;
		if (g_strcmp0(at->text, dataset->resource->name) == 0)
			return dataset;
		known[n++] = dataset->resource->name;
	}
	const char *near = stet_nearest(at->text, known);
	g_autofree char *mend = near != NULL ? g_strdup_printf("did you mean '%s'?", near) : NULL;
	stet_diagnose(check->diags, STET_ERROR, "check", at->place, mend, "there is no dataset '%s'", at->text);
	return NULL;
}

/* Values of the other dataset that this one never uses, or with "missing" the other way round. */
static gboolean write_references(const EnReadyCheck *check, GString *sql)
{
	const StetDataset *other = find_dataset(check, stet_node_get(check->node, "resource"));
	g_autoptr(GPtrArray) mine = columns_under(check, check->dataset, check->node, "fields");
	g_autoptr(GPtrArray) theirs =
		other != NULL ? columns_under(check, other, check->node, "reference_fields") : NULL;
	if (mine == NULL || theirs == NULL)
		return FALSE;
	if (mine->len != theirs->len || mine->len == 0) {
		stet_diagnose(check->diags, STET_ERROR, "check", check->node->place, NULL,
					  "'fields' and 'reference_fields' must name as many columns");
		return FALSE;
	}
	gboolean reverse = stet_node_bool(check->node, "every", FALSE);
	g_autofree char *table = table_of(check->dataset), *reference = table_of(other);
	const GPtrArray *from = reverse ? theirs : mine, *to = reverse ? mine : theirs;
	g_string_append(sql, "select distinct ");
	for (guint i = 0; i < from->len; i++)
		g_string_append_printf(sql, "%sa.%s", i > 0 ? ", " : "", (char *)from->pdata[i]);
	g_string_append_printf(sql, " from %s a where ", reverse ? reference : table);
	for (guint i = 0; i < from->len; i++)
		g_string_append_printf(sql, "a.%s is not null and ", (char *)from->pdata[i]);
	g_string_append_printf(sql, "not exists (select 1 from %s b where ", reverse ? table : reference);
	for (guint i = 0; i < from->len; i++)
		g_string_append_printf(sql, "%sb.%s = a.%s", i > 0 ? " and " : "", (char *)to->pdata[i],
							   (char *)from->pdata[i]);
	g_string_append(sql, ") order by all");
	return TRUE;
}

static gboolean write_shares(const EnReadyCheck *check, GString *sql)
{
	const StetNode *value = stet_node_get(check->node, "value");
	g_autoptr(GPtrArray) by = columns_under(check, check->dataset, check->node, "by");
	if (by == NULL || !has_column(check, check->dataset, value))
		return FALSE;
	g_autofree char *column = en_quoted(value->text, '"'), *groups = listed(by),
					*table = table_of(check->dataset);
	g_string_append_printf(sql, "select %ssum(%s) as total from %s%s having abs(sum(%s) - ", groups, column,
						   table, by->len > 0 ? " group by all" : "", column);
	append_number(sql, stet_node_number(check->node, "total", 100));
	g_string_append(sql, ") > ");
	append_number(sql, stet_node_number(check->node, "tolerance", 0.05));
	g_string_append(sql, " order by all");
	return TRUE;
}

/* A period as a number that grows by one from each to the next. */
static char *period_number(const EnReadyCheck *check, const StetColumn *period, const char *name)
{
	static const char *const steps[] = {"day", "week", "month", "quarter", "year", NULL};
	const StetNode *step = stet_node_get(check->node, "step");
	switch (period->field->type) {
	case STET_FIELD_QUARTER:
		return g_strdup_printf("(substr(%s, 1, 4)::bigint * 4 + substr(%s, 6, 1)::bigint)", name, name);
	case STET_FIELD_YEARMONTH:
		return g_strdup_printf("(substr(%s, 1, 4)::bigint * 12 + substr(%s, 6, 2)::bigint)", name, name);
	case STET_FIELD_YEAR:
	case STET_FIELD_INTEGER:
		return g_strdup(name);
	case STET_FIELD_DATE:
		if (step == NULL || g_strv_contains(steps, step->text))
			return g_strdup_printf("date_diff('%s', date '1970-01-01', %s)",
								   step != NULL ? step->text : "day", name);
		stet_diagnose(check->diags, STET_ERROR, "check", step->place, NULL,
					  "'step' is day, week, month, quarter or year, not '%s'", step->text);
		return NULL;
	default:
		stet_diagnose(check->diags, STET_ERROR, "check", stet_node_get(check->node, "period")->place, NULL,
					  "'%s' is no period: dates, quarters, months and years are", period->name);
		return NULL;
	}
}

static gboolean write_periods(const EnReadyCheck *check, GString *sql)
{
	const StetNode *period = stet_node_get(check->node, "period");
	g_autoptr(GPtrArray) by = columns_under(check, check->dataset, check->node, "by");
	if (by == NULL || !has_column(check, check->dataset, period))
		return FALSE;
	g_autofree char *column = en_quoted(period->text, '"'), *groups = listed(by),
					*table = table_of(check->dataset);
	g_autofree char *number = period_number(check, find_column(check->dataset, period->text), column);
	if (number == NULL)
		return FALSE;
	g_autofree char *partition =
		by->len > 0 ? g_strdup_printf("partition by %.*s ", (int)strlen(groups) - 2, groups) : g_strdup("");
	g_string_append_printf(sql,
						   "select %sbefore as \"after\", %s as \"before\" from (select *, lag(%s) over "
						   "(%sorder by number) as before, "
						   "number - lag(number) over (%sorder by number) as step from (select distinct "
						   "%s%s, %s as number from %s "
						   "where %s is not null)) where step > 1 order by all",
						   groups, column, column, partition, partition, groups, column, number, table,
						   column);
	return TRUE;
}

/* Modified z-scores: distance from the median over 1.4826 times the median distance (Iglewicz and Hoaglin).
 */
static gboolean write_outliers(const EnReadyCheck *check, GString *sql)
{
	const StetNode *value = stet_node_get(check->node, "value");
	g_autoptr(GPtrArray) by = columns_under(check, check->dataset, check->node, "by");
	if (by == NULL || !has_column(check, check->dataset, value))
		return FALSE;
	g_autofree char *column = en_quoted(value->text, '"'), *groups = listed(by),
					*table = table_of(check->dataset);
	g_autofree char *partition =
		by->len > 0 ? g_strdup_printf("partition by %.*s", (int)strlen(groups) - 2, groups) : g_strdup("");
	g_string_append_printf(
		sql,
		"select * exclude (middle, spread) from (select *, median(abs(%s - middle)) over (%s) as "
		"spread from (select *, median(%s) over (%s) as middle from %s)) where spread > 0 and "
		"abs(%s - middle) > spread * 1.4826 * ",
		column, partition, column, partition, table, column);
	append_number(sql, stet_node_number(check->node, "limit", 3.5));
	g_string_append(sql, " order by all");
	return TRUE;
}

/* ---- the table ----------------------------------------------------------------------------- */

#define NUMBER (STET_NODE_INT | STET_NODE_NUMBER)
#define NAMES (STET_NODE_TEXT | STET_NODE_LIST)

static const EnReady READY[] = {
	{"row-count",
	 "As many rows as expected",
	 FALSE,
	 write_row_count,
	 {{"minimum", STET_NODE_INT, FALSE}, {"maximum", STET_NODE_INT, FALSE}, {"change", NUMBER, FALSE}}},
	{"freshness",
	 "The newest value is recent",
	 FALSE,
	 write_freshness,
	 {{"field", STET_NODE_TEXT, TRUE}, {"since", STET_NODE_SCALAR, TRUE}}},
	{"references",
	 "No value without its counterpart",
	 FALSE,
	 write_references,
	 {{"fields", NAMES, TRUE},
	  {"resource", STET_NODE_TEXT, TRUE},
	  {"reference_fields", NAMES, TRUE},
	  {"every", STET_NODE_BOOL, FALSE}}},
	{"shares",
	 "Shares sum up to the whole",
	 FALSE,
	 write_shares,
	 {{"value", STET_NODE_TEXT, TRUE},
	  {"by", NAMES, FALSE},
	  {"total", NUMBER, FALSE},
	  {"tolerance", NUMBER, FALSE}}},
	{"periods",
	 "No gap between periods",
	 FALSE,
	 write_periods,
	 {{"period", STET_NODE_TEXT, TRUE}, {"by", NAMES, FALSE}, {"step", STET_NODE_TEXT, FALSE}}},
	{"outliers",
	 "No value far from the others",
	 TRUE,
	 write_outliers,
	 {{"value", STET_NODE_TEXT, TRUE}, {"by", NAMES, FALSE}, {"limit", NUMBER, FALSE}}},
};

const EnReady *en_ready_find(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(READY); i++)
		if (strcmp(READY[i].name, name) == 0)
			return &READY[i];
	return NULL;
}

const char *stet_check_title(const char *name)
{
	const EnReady *ready = en_ready_find(name);
	return ready != NULL ? ready->title : name;
}

const char **en_ready_names(void)
{
	const char **names = g_new0(const char *, G_N_ELEMENTS(READY) + 1);
	for (guint i = 0; i < G_N_ELEMENTS(READY); i++)
		names[i] = READY[i].name;
	return names;
}
