/* What a schema's field asks of its cells: a table of types, each with its storage and reader. */
#include "private.h"

#include <string.h>

/* ---- numbers ------------------------------------------------------------------------------- */

static StetText trimmed(StetText text)
{
	while (text.len > 0 && (*text.ptr == ' ' || *text.ptr == '\t'))
		text = (StetText){text.ptr + 1, text.len - 1};
	while (text.len > 0 && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t'))
		text.len--;
	return text;
}

#define NUMBER_BYTES 400u

/* Table Schema 'bareNumber: false': currency signs and percent marks around the digits go; a sign may
 * stand before or after the currency. */
static StetText bared(StetText text, gboolean *negative)
{
	*negative = FALSE;
	while (text.len > 0 && !g_ascii_isdigit(text.ptr[text.len - 1]))
		text.len--;
	while (text.len > 0 && !g_ascii_isdigit(*text.ptr)) {
		*negative |= *text.ptr == '-';
		text = (StetText){text.ptr + 1, text.len - 1};
	}
	return text;
}

/* Plain number text (digits, '.', sign, exponent) of a cell written with the column's characters. */
static gboolean plain_number(const DsColumn *column, StetText cell, char *buffer, StetText *plain)
{
	StetText text = trimmed(cell);
	gboolean negative = FALSE;
	gsize n = 0;
	if (!column->bare)
		text = bared(text, &negative);
	if (text.len + 1 >= NUMBER_BYTES)
		return FALSE;
	if (negative)
		buffer[n++] = '-';
	for (gsize i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		gboolean between =
			i > 0 && i + 1 < text.len && g_ascii_isdigit(text.ptr[i - 1]) && g_ascii_isdigit(text.ptr[i + 1]);
		if (column->group != 0 && c == column->group && between)
			continue;
		if (c == column->decimal)
			c = '.';
		else if (c == '.')
			return FALSE;
		buffer[n++] = c;
	}
	*plain = (StetText){buffer, n};
	return TRUE;
}

static gboolean is_one_of(StetText cell, const char *const *words)
{
	for (; *words != NULL; words++)
		if (cell.len == strlen(*words) && g_ascii_strncasecmp(cell.ptr, *words, cell.len) == 0)
			return TRUE;
	return FALSE;
}

static char *why_no_number(const DsColumn *column, StetText cell, const char **code, char **mend)
{
	static const char *const infinite[] = {"nan", "inf", "-inf", "+inf", "infinity", "-infinity", NULL};
	static const char *const absent[] = {"na", "n/a", "null", "none", "-", "--",
										 "..", "...", "#n/a", "nil",  "?", NULL};
	StetText text = trimmed(cell);
	*code = "value-type";
	if (is_one_of(text, infinite)) {
		*code = "value-not-finite";
		*mend = g_strdup("list it in 'missingValues'");
		return g_strdup("is not a finite number");
	}
	if (is_one_of(text, absent))
		*mend = g_strdup("a missing value? list it in 'missingValues'");
	else if (column->decimal == '.' && memchr(text.ptr, ',', text.len) != NULL)
		*mend = g_strdup(memchr(text.ptr, '.', text.len) != NULL
							 ? "thousands separator? set the field's 'groupChar' to \",\""
							 : "decimal comma? set the field's 'decimalChar' to \",\"");
	else if (column->bare && text.len > 0 && (text.ptr[text.len - 1] == '%' || !g_ascii_isdigit(*text.ptr)))
		*mend = g_strdup("a unit beside the number? set the field's 'bareNumber' to false");
	return g_strdup(column->field->type == STET_FIELD_NUMBER ? "is not a number" : "is not an integer");
}

static char *read_integer(const DsColumn *column, StetText cell, DsValue *value, const char **code,
						  char **mend)
{
	gboolean overflow = FALSE;
	char buffer[NUMBER_BYTES];
	StetText plain;
	if (ds_parse_integer(cell, &value->integer, &overflow))
		return NULL;
	if (plain_number(column, cell, buffer, &plain) && ds_parse_integer(plain, &value->integer, &overflow))
		return NULL;
	if (!overflow)
		return why_no_number(column, cell, code, mend);
	*code = "value-overflow";
	*mend = g_strdup("integers hold up to 9223372036854775807; make it a number or a string");
	return g_strdup("is too large for an integer");
}

static char *read_number(const DsColumn *column, StetText cell, DsValue *value, const char **code,
						 char **mend)
{
	char buffer[NUMBER_BYTES];
	StetText plain;
	if (!plain_number(column, cell, buffer, &plain))
		return why_no_number(column, cell, code, mend);
	gboolean exact = ds_parse_decimal(plain, &value->integer, &value->scale);
	if (!exact || column->kind == STET_COLUMN_DOUBLE) {
		if (!ds_parse_double(plain, &value->number))
			return why_no_number(column, cell, code, mend);
		if (!exact)
			value->scale = -1;
	}
	if (column->scale >= 0 && (value->scale > column->scale || value->scale < 0)) {
		gint64 cut = value->scale < 0 ? 1 : value->integer % ds_powers[value->scale - column->scale];
		if (cut == 0) {
			value->integer /= ds_powers[value->scale - column->scale];
			value->scale = column->scale;
			return NULL;
		}
		*code = "value-scale";
		*mend = g_strdup("round the value or raise 'stet:decimals'");
		return g_strdup_printf("has more than %d decimals", column->scale);
	}
	return NULL;
}

static char *read_boolean(const DsColumn *column, StetText cell, DsValue *value, const char **code,
						  char **mend)
{
	for (int truth = 0; truth < 2; truth++)
		for (char **word = truth ? column->true_values : column->false_values; *word != NULL; word++)
			if (stet_text_equal(cell, *word)) {
				value->integer = truth;
				return NULL;
			}
	*code = "value-type";
	*mend = g_strdup("list it in 'trueValues' or 'falseValues'");
	return g_strdup("is not a boolean");
}

/* ---- dates --------------------------------------------------------------------------------- */

static char *no_date(const DsColumn *column, StetText cell, const char *what, const char *iso,
					 const char **code, char **mend)
{
	gint64 unused;
	*code = "value-type";
	if (!g_str_equal(column->format, "any") && !g_str_equal(column->format, "default"))
		*mend = g_strdup_printf("the field's format is '%s'", column->format);
	else if (ds_parse_date(cell, "%d/%m/%Y", &unused) || ds_parse_date(cell, "%m/%d/%Y", &unused))
		*mend = g_strdup("set the field's format: '%d/%m/%Y' or '%m/%d/%Y'");
	else if (ds_parse_date(cell, "any", &unused))
		*mend = g_strdup("set the field's format, for instance 'any'");
	else
		*mend = g_strdup_printf("write it like %s", iso);
	return g_strdup_printf("is not a %s", what);
}

static char *read_date(const DsColumn *column, StetText cell, DsValue *value, const char **code, char **mend)
{
	return ds_parse_date(cell, column->format, &value->integer)
			   ? NULL
			   : no_date(column, cell, "date", "2025-12-31", code, mend);
}

static char *read_time(const DsColumn *column, StetText cell, DsValue *value, const char **code, char **mend)
{
	return ds_parse_time(cell, column->format, &value->integer)
			   ? NULL
			   : no_date(column, cell, "time", "23:59:00", code, mend);
}

static char *read_datetime(const DsColumn *column, StetText cell, DsValue *value, const char **code,
						   char **mend)
{
	return ds_parse_datetime(cell, column->format, &value->integer)
			   ? NULL
			   : no_date(column, cell, "date and time", "2025-12-31T23:59:00", code, mend);
}

static char *read_year(const DsColumn *column, StetText cell, DsValue *value, const char **code, char **mend)
{
	gboolean overflow;
	(void)column;
	gsize digits = cell.len > 0 && *cell.ptr == '-' ? cell.len - 1 : cell.len;
	if (digits == 4 && ds_parse_integer(cell, &value->integer, &overflow))
		return NULL;
	*code = "value-type";
	*mend = g_strdup("write it like 2025");
	return g_strdup("is not a year");
}

/* ---- text ---------------------------------------------------------------------------------- */

typedef struct {
	const char *name;
	gboolean (*test)(StetText text);
	const char *what, *mend;
} TextFormat;

static const TextFormat STRING_FORMATS[] = {
	{"email", ds_is_email, "is not an email address", "write it like name@example.org"},
	{"uri", ds_is_uri, "is not a URI", "write it like https://example.org/a"},
	{"binary", ds_is_base64, "is not base64", "write it as base64, padded with '='"},
	{"uuid", ds_is_uuid, "is not a UUID", "write it like 123e4567-e89b-12d3-a456-426614174000"},
	{NULL, NULL, NULL, NULL}};

static const TextFormat TYPE_FORMATS[] = {
	[STET_FIELD_QUARTER] = {"quarter", ds_is_quarter, "is not a quarter", "write it like 2025Q4"},
	[STET_FIELD_YEARMONTH] = {"yearmonth", ds_is_yearmonth, "is not a year and month",
							  "write it like 2025-12"},
	[STET_FIELD_DURATION] = {"duration", ds_is_duration, "is not a duration", "write it like P1Y2M or PT36H"},
	[STET_FIELD_GEOPOINT] = {"geopoint", ds_is_geopoint, "is not a point",
							 "write longitude and latitude like 13.4, 52.5"},
	[STET_FIELD_OBJECT] = {"object", ds_is_object, "is not a JSON object", "write it like {\"a\": 1}"},
	[STET_FIELD_ARRAY] = {"array", ds_is_array, "is not a JSON array", "write it like [1, 2]"},
	[STET_FIELD_ANY] = {NULL, NULL, NULL, NULL}};

static const TextFormat POINT_FORMATS[] = {
	{"array", ds_is_geopoint_array, "is not a point", "write it like [13.4, 52.5]"},
	{"object", ds_is_geopoint_object, "is not a point", "write it like {\"lon\": 13.4, \"lat\": 52.5}"},
	{NULL, NULL, NULL, NULL}};

static char *check_shape(const TextFormat *format, StetText cell, const char **code, char **mend)
{
	if (format == NULL || format->test == NULL || format->test(cell))
		return NULL;
	*code = "value-type";
	*mend = g_strdup(format->mend);
	return g_strdup(format->what);
}

static const TextFormat *format_of(const DsColumn *column)
{
	gboolean point = column->field->type == STET_FIELD_GEOPOINT;
	for (const TextFormat *f = point ? POINT_FORMATS : STRING_FORMATS; f->name != NULL; f++)
		if (g_str_equal(f->name, column->format) && (point || column->field->type == STET_FIELD_STRING))
			return f;
	return column->field->type != STET_FIELD_STRING ? &TYPE_FORMATS[column->field->type] : NULL;
}

static char *check_list(const DsColumn *column, StetText cell, const char **code)
{
	guint items;
	if (column->field->type != STET_FIELD_LIST ||
		ds_is_list(cell, column->item_delimiter, column->item_type, &items))
		return NULL;
	*code = "value-type";
	return g_strdup_printf("is not a list of %ss parted by '%s'", column->item_type->name,
						   column->item_delimiter);
}

static char *check_text(const DsColumn *column, StetText cell, const char **code, char **mend)
{
	if (memchr(cell.ptr, 0, cell.len) != NULL) {
		*code = "csv-nul";
		*mend = g_strdup("remove the NUL byte, or declare the file's encoding (UTF-16?)");
		return g_strdup("holds a NUL byte");
	}
	if (!g_utf8_validate_len(cell.ptr, cell.len, NULL)) {
		*code = "csv-encoding";
		*mend = g_strdup("declare the file's encoding, for instance \"encoding\": \"windows-1252\"");
		return g_strdup("is not UTF-8");
	}
	char *why = check_shape(format_of(column), cell, code, mend);
	if (why == NULL)
		why = check_list(column, cell, code);
	return why != NULL ? why : ds_limits_text(column, cell, code, mend);
}

/* ---- the table of types -------------------------------------------------------------------- */

typedef char *(*ReadValue)(const DsColumn *column, StetText cell, DsValue *value, const char **code,
						   char **mend);

static const struct {
	StetColumnKind kind;
	ReadValue read;
} TYPES[] = {
	[STET_FIELD_STRING] = {STET_COLUMN_CODES, NULL},
	[STET_FIELD_INTEGER] = {STET_COLUMN_INT, read_integer},
	[STET_FIELD_NUMBER] = {STET_COLUMN_DECIMAL, read_number},
	[STET_FIELD_BOOLEAN] = {STET_COLUMN_BOOL, read_boolean},
	[STET_FIELD_DATE] = {STET_COLUMN_DATE, read_date},
	[STET_FIELD_TIME] = {STET_COLUMN_TIME, read_time},
	[STET_FIELD_DATETIME] = {STET_COLUMN_TIMESTAMP, read_datetime},
	[STET_FIELD_YEAR] = {STET_COLUMN_INT, read_year},
	[STET_FIELD_YEARMONTH] = {STET_COLUMN_CODES, NULL},
	[STET_FIELD_QUARTER] = {STET_COLUMN_CODES, NULL},
	[STET_FIELD_DURATION] = {STET_COLUMN_CODES, NULL},
	[STET_FIELD_GEOPOINT] = {STET_COLUMN_CODES, NULL},
	[STET_FIELD_LIST] = {STET_COLUMN_CODES, NULL},
	[STET_FIELD_OBJECT] = {STET_COLUMN_CODES, NULL},
	[STET_FIELD_ARRAY] = {STET_COLUMN_CODES, NULL},
	[STET_FIELD_ANY] = {STET_COLUMN_CODES, NULL},
};

char *ds_value_read(const DsColumn *column, StetText cell, DsValue *value, const char **code, char **mend)
{
	ReadValue read = TYPES[column->field->type].read;
	return read != NULL ? read(column, cell, value, code, mend) : NULL;
}

gboolean ds_is_missing(const DsColumn *column, StetText cell)
{
	for (const char *const *m = column->missing; *m != NULL; m++)
		if (stet_text_equal(cell, *m))
			return TRUE;
	return FALSE;
}

/* ---- from the schema ----------------------------------------------------------------------- */

/* A list of texts under `key`, or `fallback` split at '|'. Items may be {value: ...} (Table Schema v2). */
static char **words(const StetNode *node, const char *key, const char *fallback)
{
	const StetNode *list = stet_node_get(node, key);
	if (list == NULL || list->kind != STET_NODE_LIST)
		return g_strsplit(fallback, "|", -1);
	GStrvBuilder *builder = g_strv_builder_new();
	for (guint i = 0; i < list->n; i++) {
		const StetNode *item =
			list->items[i]->kind == STET_NODE_MAP ? stet_node_get(list->items[i], "value") : list->items[i];
		if (item != NULL && item->text != NULL)
			g_strv_builder_add(builder, item->text);
	}
	char **result = g_strv_builder_end(builder);
	g_strv_builder_unref(builder);
	return result;
}

static char one_char(const StetNode *node, const char *key, char fallback, StetPlace place,
					 StetDiagnostics *diags)
{
	const char *text = stet_node_text(node, key, NULL);
	if (text == NULL)
		return fallback;
	if (strlen(text) == 1)
		return *text;
	if (*text != 0)
		stet_diagnose(diags, STET_ERROR, "schema-char", place, NULL, "'%s' must be one ASCII character: '%s'",
					  key, text);
	return *text == 0 ? 0 : fallback;
}

static gboolean read_number_options(DsColumn *column, StetDiagnostics *diags)
{
	const StetField *field = column->field;
	const StetNode *decimals = stet_node_get(field->node, "stet:decimals");
	column->decimal = one_char(field->node, "decimalChar", '.', field->place, diags);
	column->group = one_char(field->node, "groupChar", 0, field->place, diags);
	column->bare = stet_node_bool(field->node, "bareNumber", TRUE);
	if (decimals == NULL)
		return TRUE;
	if (decimals->kind != STET_NODE_INT || decimals->integer < 0 || decimals->integer > DS_SCALE_MAX) {
		stet_diagnose(diags, STET_ERROR, "schema-decimals", decimals->place, NULL,
					  "'stet:decimals' must be a whole number from 0 to %d", DS_SCALE_MAX);
		return FALSE;
	}
	column->scale = (int)decimals->integer;
	return TRUE;
}

/* Formats a field may name; patterns with '%' are for dates and times. */
static gboolean check_format(const DsColumn *column, StetDiagnostics *diags)
{
	static const char *const strings[] = {"default", "email", "uri", "uuid", "binary", NULL};
	static const char *const dates[] = {"default", "any", NULL}, *const points[] = {"default", "array", "object", NULL};
	StetFieldType type = column->field->type;
	gboolean is_date = type == STET_FIELD_DATE || type == STET_FIELD_TIME || type == STET_FIELD_DATETIME;
	gboolean is_point = type == STET_FIELD_GEOPOINT;
	const char *const *known = is_date ? dates : is_point ? points : strings;
	if ((is_date && strchr(column->format, '%') != NULL) || (!is_date && !is_point && type != STET_FIELD_STRING) ||
		g_strv_contains(known, column->format))
		return TRUE;
	const char *nearest = stet_nearest(column->format, known);
	g_autofree char *mend = nearest != NULL ? g_strdup_printf("did you mean '%s'?", nearest) : NULL;
	stet_diagnose(diags, STET_ERROR, "schema-format", column->field->place, mend,
				  "unknown format '%s' of field '%s'", column->format, column->field->name);
	return FALSE;
}

/* 'delimiter' and 'itemType' of a list (Table Schema v2). */
static gboolean read_list_options(DsColumn *column, StetDiagnostics *diags)
{
	const StetNode *node = column->field->node;
	const char *type = stet_node_text(node, "itemType", "string");
	const char *names[16] = {NULL};
	column->item_delimiter = stet_node_text(node, "delimiter", ",");
	column->item_delimiter = *column->item_delimiter == 0 ? "," : column->item_delimiter;
	column->item_type = ds_item_type(type);
	if (column->item_type != NULL)
		return TRUE;
	for (guint i = 0; ds_item_types[i].name != NULL && i + 1 < G_N_ELEMENTS(names); i++)
		names[i] = ds_item_types[i].name;
	const char *nearest = stet_nearest(type, names);
	g_autofree char *mend = nearest != NULL ? g_strdup_printf("did you mean '%s'?", nearest) : NULL;
	column->item_type = ds_item_type("string");
	stet_diagnose(diags, STET_ERROR, "schema-format", column->field->place, mend,
				  "unknown 'itemType' of field '%s': '%s'", column->field->name, type);
	return FALSE;
}

static void add_missing(DsColumn *column, const char *text)
{
	guint n = g_strv_length((char **)column->missing);
	column->missing = g_renew(const char *, column->missing, n + 2);
	column->missing[n] = g_strdup(text);
	column->missing[n + 1] = NULL;
}

gboolean ds_column_init(DsColumn *column, const StetField *field, const StetResource *resource,
						StetDiagnostics *diags)
{
	*column = (DsColumn){.field = field, .scale = -1, .bare = TRUE, .decimal = '.', .check = check_text};
	column->kind = TYPES[field->type].kind;
	column->format = g_strdup(field->format != NULL ? field->format : "default");
	/* deprecated spelling of Table Schema 0.x and Data Package v1: fmt:PATTERN */
	if (g_str_has_prefix(column->format, "fmt:"))
		memmove(column->format, column->format + 4, strlen(column->format + 4) + 1);
	column->true_values = words(field->node, "trueValues", "true|True|TRUE|1");
	column->false_values = words(field->node, "falseValues", "false|False|FALSE|0");
	if (stet_node_get(field->node, "missingValues") != NULL)
		column->missing = (const char **)words(field->node, "missingValues", "");
	else if (resource->missing_values != NULL)
		column->missing = (const char **)g_strdupv((char **)resource->missing_values);
	else
		column->missing = (const char **)g_strsplit("|", "|", 1);
	const char *null_sequence = stet_node_text(resource->dialect, "nullSequence", NULL);
	if (null_sequence != NULL && !g_strv_contains(column->missing, null_sequence))
		add_missing(column, null_sequence);
	column->only_empty_missing =
		column->missing[0] != NULL && *column->missing[0] == 0 && column->missing[1] == NULL;
	gboolean fine = check_format(column, diags);
	fine = read_number_options(column, diags) && fine;
	fine = read_list_options(column, diags) && fine;
	return ds_limits_init(column, diags) && fine;
}

void ds_column_clear(DsColumn *column)
{
	g_free(column->format);
	g_strfreev(column->true_values);
	g_strfreev(column->false_values);
	g_strfreev((char **)column->missing);
	ds_limits_clear(&column->limits);
}
