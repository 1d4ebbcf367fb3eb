/* Table Schema constraints on one cell. required and unique are checked elsewhere. */
#include "private.h"

#include <string.h>

/* Steps of the matcher a pattern may take on one cell: past this it is refused, not waited for. */
#define PATTERN_LIMIT "(*LIMIT_MATCH=200000)"

static int compare_values(const DsColumn *column, const DsValue *a, const DsValue *b)
{
	if (column->field->type != STET_FIELD_NUMBER)
		return a->integer < b->integer ? -1 : a->integer > b->integer;
	if (a->scale >= 0 && b->scale >= 0) {
		__int128 x = a->integer, y = b->integer;
		x *= ds_powers[MAX(a->scale, b->scale) - a->scale];
		y *= ds_powers[MAX(a->scale, b->scale) - b->scale];
		return x < y ? -1 : x > y;
	}
	double x = a->scale >= 0 ? (double)a->integer / (double)ds_powers[a->scale] : a->number;
	double y = b->scale >= 0 ? (double)b->integer / (double)ds_powers[b->scale] : b->number;
	return x < y ? -1 : x > y;
}

static char *beyond(const char *code_name, const char *relation, const char *limit, const char **code)
{
	*code = code_name;
	return g_strdup_printf("is %s %s", relation, limit);
}

char *ds_limits_value(const DsColumn *column, const DsValue *value, StetText cell, const char **code,
					  char **mend)
{
	const DsLimits *limits = &column->limits;
	if (limits->has_min) {
		int order = compare_values(column, value, &limits->min);
		if (order < 0 || (order == 0 && limits->min_exclusive))
			return beyond("value-minimum", limits->min_exclusive ? "not above" : "below", limits->min_text,
						  code);
	}
	if (limits->has_max) {
		int order = compare_values(column, value, &limits->max);
		if (order > 0 || (order == 0 && limits->max_exclusive))
			return beyond("value-maximum", limits->max_exclusive ? "not below" : "above", limits->max_text,
						  code);
	}
	if (limits->pattern != NULL || limits->min_length >= 0 || limits->max_length >= 0)
		return ds_limits_text(column, cell, code, mend);
	if (limits->allowed == NULL)
		return NULL;
	for (guint i = 0; i < limits->n_allowed; i++)
		if (compare_values(column, value, &limits->allowed_values[i]) == 0)
			return NULL;
	*code = "value-enum";
	return g_strdup("is not one of the values allowed");
}

static char *check_enum(const DsLimits *limits, const char *text, const char **code, char **mend)
{
	if (limits->allowed == NULL || limits->n_allowed > 0 || g_hash_table_contains(limits->allowed, text))
		return NULL;
	const char *nearest = stet_nearest(text, (const char *const *)limits->allowed_list);
	*code = "value-enum";
	if (nearest != NULL) {
		*mend = g_strdup_printf("did you mean '%s'?", nearest);
	} else {
		g_autofree char *all = g_strjoinv("', '", limits->allowed_list);
		*mend = g_strdup_printf("one of '%s'", all);
	}
	return g_strdup("is not one of the values allowed");
}

static char *check_pattern(const DsLimits *limits, const char *text, const char **code)
{
	g_autoptr(GError) error = NULL;
	if (limits->pattern == NULL || g_regex_match_full(limits->pattern, text, -1, 0, 0, NULL, &error))
		return NULL;
	*code = error != NULL ? "pattern-cost" : "value-pattern";
	return g_strdup_printf(error != NULL ? "takes too many steps to match the pattern '%s'"
										 : "does not match the pattern '%s'",
						   limits->pattern_text);
}

/* Characters of a text, items of a list or an array, members of an object. */
static char *check_length(const DsColumn *column, StetText cell, const char *text, const char **code)
{
	const DsLimits *limits = &column->limits;
	const char *what = "characters";
	guint items = 0;
	gint64 length = 0;
	switch (column->field->type) {
	case STET_FIELD_LIST:
		ds_is_list(cell, column->item_delimiter, ds_item_type("string"), &items);
		break;
	case STET_FIELD_ARRAY:
		ds_is_json(cell, '[', &items);
		break;
	case STET_FIELD_OBJECT:
		ds_is_json(cell, '{', &items);
		break;
	default:
		length = g_utf8_strlen(text, -1);
	}
	if (column->field->type == STET_FIELD_LIST || column->field->type == STET_FIELD_ARRAY ||
		column->field->type == STET_FIELD_OBJECT) {
		length = items;
		what = "items";
	}
	*code = "value-length";
	if (limits->min_length >= 0 && length < limits->min_length)
		return g_strdup_printf("is shorter than %" G_GINT64_FORMAT " %s", limits->min_length, what);
	if (limits->max_length >= 0 && length > limits->max_length)
		return g_strdup_printf("is longer than %" G_GINT64_FORMAT " %s", limits->max_length, what);
	return NULL;
}

/* Days of a month, the least and the most that a run of months has on average: where the order of two
 * durations depends on which month they begin in, neither is held against the other. */
#define MONTH_LEAST (28.0 * 86400)
#define MONTH_MOST (31.0 * 86400)

/* -1, 0, 1; 2: it depends. */
static int compare_durations(StetText a, StetText b)
{
	double months[2], seconds[2];
	if (!ds_parse_duration(a, &months[0], &seconds[0]) || !ds_parse_duration(b, &months[1], &seconds[1]))
		return 2;
	double m = months[0] - months[1], s = seconds[0] - seconds[1];
	double low = m * (m > 0 ? MONTH_LEAST : MONTH_MOST) + s, high = m * (m > 0 ? MONTH_MOST : MONTH_LEAST) + s;
	return low > 0 ? 1 : high < 0 ? -1 : m == 0 && s == 0 ? 0 : 2;
}

static char *check_duration(const DsLimits *limits, StetText cell, const char **code)
{
	int order = limits->has_min ? compare_durations(cell, stet_text(limits->min_text)) : 1;
	if (order < 0 || (order == 0 && limits->min_exclusive))
		return beyond("value-minimum", limits->min_exclusive ? "not above" : "below", limits->min_text, code);
	order = limits->has_max ? compare_durations(cell, stet_text(limits->max_text)) : -1;
	if (order == 1 || (order == 0 && limits->max_exclusive))
		return beyond("value-maximum", limits->max_exclusive ? "not below" : "above", limits->max_text, code);
	return NULL;
}

char *ds_limits_text(const DsColumn *column, StetText cell, const char **code, char **mend)
{
	const DsLimits *limits = &column->limits;
	gboolean bounded = limits->min_length >= 0 || limits->max_length >= 0;
	gboolean ordered = limits->has_min || limits->has_max;
	if (!bounded && !ordered && limits->pattern == NULL && limits->allowed == NULL)
		return NULL;
	g_autofree char *text = g_strndup(cell.ptr, cell.len);
	char *unfit = bounded ? check_length(column, cell, text, code) : NULL;
	if (unfit != NULL)
		return unfit;
	if (column->field->type == STET_FIELD_DURATION) {
		unfit = ordered ? check_duration(limits, cell, code) : NULL;
		if (unfit != NULL)
			return unfit;
	} else if (column->kind == STET_COLUMN_CODES || column->kind == STET_COLUMN_TEXT) {
		if (limits->has_min && strcmp(text, limits->min_text) < (limits->min_exclusive ? 1 : 0))
			return beyond("value-minimum", "before", limits->min_text, code);
		if (limits->has_max && strcmp(text, limits->max_text) > (limits->max_exclusive ? -1 : 0))
			return beyond("value-maximum", "after", limits->max_text, code);
	}
	char *why = check_enum(limits, text, code, mend);
	return why != NULL ? why : check_pattern(limits, text, code);
}

/* ---- from the schema ----------------------------------------------------------------------- */

static gboolean schema_fault(const DsColumn *column, const StetNode *at, const char *why,
							 StetDiagnostics *diags)
{
	stet_diagnose(diags, STET_ERROR, "schema-constraint", at->place, NULL, "constraint of field '%s': %s",
				  column->field->name, why);
	return FALSE;
}

/* A limit is written like a cell, or as a JSON number. */
static gboolean read_limit(const DsColumn *column, const StetNode *node, DsValue *value,
						   StetDiagnostics *diags)
{
	const char *code = NULL;
	g_autofree char *mend = NULL;
	DsColumn plain = *column;
	plain.decimal = '.';
	plain.group = 0;
	plain.scale = -1;
	if (node->text == NULL)
		return schema_fault(column, node, "a single value is wanted", diags);
	g_autofree char *why = ds_value_read(&plain, stet_text(node->text), value, &code, &mend);
	if (why == NULL)
		return TRUE;
	g_autofree char *message = g_strdup_printf("'%s' %s", node->text, why);
	return schema_fault(column, node, message, diags);
}

static gboolean read_bound(DsColumn *column, const StetNode *constraints, const char *key, gboolean upper,
						   gboolean exclusive, StetDiagnostics *diags)
{
	const StetNode *node = stet_node_get(constraints, key);
	DsLimits *limits = &column->limits;
	DsValue value = {0};
	if (node == NULL)
		return TRUE;
	if (!read_limit(column, node, &value, diags))
		return FALSE;
	*(upper ? &limits->has_max : &limits->has_min) = TRUE;
	*(upper ? &limits->max_exclusive : &limits->min_exclusive) = exclusive;
	*(upper ? &limits->max : &limits->min) = value;
	char **text = upper ? &limits->max_text : &limits->min_text;
	g_free(*text);
	*text = g_strdup(node->text);
	return TRUE;
}

static gboolean read_enum(DsColumn *column, const StetNode *list, StetDiagnostics *diags)
{
	DsLimits *limits = &column->limits;
	gboolean texts = column->kind == STET_COLUMN_CODES, fine = TRUE;
	if (list == NULL)
		return TRUE;
	if (list->kind != STET_NODE_LIST || list->n == 0)
		return schema_fault(column, list, "'enum' must be a list of values", diags);
	limits->allowed = g_hash_table_new(g_str_hash, g_str_equal);
	limits->allowed_list = g_new0(char *, list->n + 1);
	limits->allowed_values = g_new0(DsValue, list->n);
	for (guint i = 0; i < list->n; i++) {
		/* a category may come with its label */
		const StetNode *item = list->items[i]->kind == STET_NODE_MAP ? stet_node_get(list->items[i], "value")
																	  : list->items[i];
		if (item == NULL)
			return schema_fault(column, list->items[i], "a category needs a 'value'", diags);
		limits->allowed_list[i] = g_strdup(item->text != NULL ? item->text : "");
		g_hash_table_add(limits->allowed, limits->allowed_list[i]);
		if (!texts)
			fine = read_limit(column, item, &limits->allowed_values[i], diags) && fine;
	}
	limits->n_allowed = texts ? 0 : list->n;
	return fine;
}

static gboolean read_pattern(DsColumn *column, const StetNode *node, StetDiagnostics *diags)
{
	g_autoptr(GError) error = NULL;
	if (node == NULL)
		return TRUE;
	if (node->text == NULL)
		return schema_fault(column, node, "'pattern' must be a text", diags);
	/* XML Schema regular expressions match the whole value */
	g_autofree char *whole = g_strdup_printf(PATTERN_LIMIT "^(?:%s)\\z", node->text);
	column->limits.pattern = g_regex_new(whole, G_REGEX_DOLLAR_ENDONLY, 0, &error);
	column->limits.pattern_text = g_strdup(node->text);
	return column->limits.pattern != NULL || schema_fault(column, node, error->message, diags);
}

static gint64 read_length(const StetNode *constraints, const char *key)
{
	const StetNode *node = stet_node_get(constraints, key);
	return node != NULL && node->kind == STET_NODE_INT ? node->integer : -1;
}

gboolean ds_limits_init(DsColumn *column, StetDiagnostics *diags)
{
	const StetNode *constraints = stet_node_get(column->field->node, "constraints");
	column->limits.min_length = read_length(constraints, "minLength");
	column->limits.max_length = read_length(constraints, "maxLength");
	gboolean fine = read_bound(column, constraints, "minimum", FALSE, FALSE, diags);
	fine = read_bound(column, constraints, "maximum", TRUE, FALSE, diags) && fine;
	fine = read_bound(column, constraints, "exclusiveMinimum", FALSE, TRUE, diags) && fine;
	fine = read_bound(column, constraints, "exclusiveMaximum", TRUE, TRUE, diags) && fine;
	const StetNode *allowed = stet_node_get(constraints, "enum");
	/* Table Schema v2: 'categories' restrict as an enum does */
	fine = read_enum(column, allowed != NULL ? allowed : stet_node_get(column->field->node, "categories"), diags) && fine;
	return read_pattern(column, stet_node_get(constraints, "pattern"), diags) && fine;
}

void ds_limits_clear(DsLimits *limits)
{
	g_free(limits->min_text);
	g_free(limits->max_text);
	g_free(limits->pattern_text);
	if (limits->pattern != NULL)
		g_regex_unref(limits->pattern);
	if (limits->allowed != NULL)
		g_hash_table_unref(limits->allowed);
	g_strfreev(limits->allowed_list);
	g_free(limits->allowed_values);
	*limits = (DsLimits){0};
}
