/* Texts of a certain shape: what a type that is kept as text asks of its cells. */
#include "private.h"

#include <string.h>

/* ---- texts of a certain shape -------------------------------------------------------------- */

/* `shape`: 9 stands for a digit, anything else for itself. */
static gboolean has_shape(StetText text, const char *shape)
{
	if (text.len != strlen(shape))
		return FALSE;
	for (gsize i = 0; i < text.len; i++)
		if (shape[i] == '9' ? !g_ascii_isdigit(text.ptr[i]) : text.ptr[i] != shape[i])
			return FALSE;
	return TRUE;
}

gboolean ds_is_quarter(StetText text)
{
	return has_shape(text, "9999Q9") && text.ptr[5] >= '1' && text.ptr[5] <= '4';
}

gboolean ds_is_yearmonth(StetText text)
{
	if (!has_shape(text, "9999-99"))
		return FALSE;
	int month = (text.ptr[5] - '0') * 10 + text.ptr[6] - '0';
	return month >= 1 && month <= 12;
}

/* XML Schema duration: -P1Y2M3DT4H5M6.7S, units in this order, at least one. */
gboolean ds_parse_duration(StetText text, double *months, double *seconds)
{
	static const struct {
		char unit;
		gboolean time;
		double months, seconds;
	} units[] = {{'Y', FALSE, 12, 0}, {'M', FALSE, 1, 0},  {'D', FALSE, 0, 86400},
				 {'H', TRUE, 0, 3600}, {'M', TRUE, 0, 60}, {'S', TRUE, 0, 1}};
	const char *p = text.ptr, *end = p + text.len, *unit = "YMD";
	gboolean any = FALSE, time = FALSE, negative = p < end && *p == '-';
	*months = *seconds = 0;
	p += negative;
	if (p == end || *p++ != 'P')
		return FALSE;
	while (p < end) {
		if (*p == 'T' && !time) {
			time = TRUE;
			any = FALSE;
			unit = "HMS";
			p++;
			continue;
		}
		const char *start = p;
		while (p < end && (g_ascii_isdigit(*p) || (time && *p == '.' && p > start)))
			p++;
		const char *found = p < end && p > start ? strchr(unit, *p) : NULL;
		if (found == NULL)
			return FALSE;
		double number = 0;
		if (!ds_parse_double((StetText){start, (gsize)(p - start)}, &number))
			return FALSE;
		for (guint i = 0; i < G_N_ELEMENTS(units); i++)
			if (units[i].unit == *p && units[i].time == time) {
				*months += (negative ? -number : number) * units[i].months;
				*seconds += (negative ? -number : number) * units[i].seconds;
			}
		unit = found + 1;
		any = TRUE;
		p++;
	}
	return any;
}

gboolean ds_is_duration(StetText text)
{
	double months, seconds;
	return ds_parse_duration(text, &months, &seconds);
}

static StetText trimmed(StetText text)
{
	while (text.len > 0 && g_ascii_isspace(*text.ptr))
		text = (StetText){text.ptr + 1, text.len - 1};
	while (text.len > 0 && g_ascii_isspace(text.ptr[text.len - 1]))
		text.len--;
	return text;
}

static gboolean is_between(StetText text, double limit)
{
	double value;
	return ds_parse_double(trimmed(text), &value) && value >= -limit && value <= limit;
}

/* "lon, lat", degrees. */
gboolean ds_is_geopoint(StetText text)
{
	const char *comma = memchr(text.ptr, ',', text.len);
	if (comma == NULL)
		return FALSE;
	StetText a = {text.ptr, (gsize)(comma - text.ptr)},
			 b = {comma + 1, text.len - (gsize)(comma - text.ptr) - 1};
	return is_between(a, 180) && is_between(b, 90);
}

/* "[lon, lat]" */
gboolean ds_is_geopoint_array(StetText text)
{
	StetText inside = trimmed(text);
	return inside.len > 2 && *inside.ptr == '[' && inside.ptr[inside.len - 1] == ']' &&
		   ds_is_geopoint((StetText){inside.ptr + 1, inside.len - 2});
}

/* The value of a member written as a plain number, which ends before a comma, a brace or a space. */
static StetText member(StetText text, const char *name)
{
	const char *end = text.ptr + text.len;
	const char *at = g_strstr_len(text.ptr, (gssize)text.len, name);
	at = at != NULL ? memchr(at + strlen(name), ':', (gsize)(end - at) - strlen(name)) : NULL;
	if (at == NULL)
		return (StetText){text.ptr, 0};
	for (at++; at < end && g_ascii_isspace(*at);)
		at++;
	const char *from = at;
	while (at < end && strchr(",} \t", *at) == NULL)
		at++;
	return (StetText){from, (gsize)(at - from)};
}

/* {"lon": 13.4, "lat": 52.5} */
gboolean ds_is_geopoint_object(StetText text)
{
	return ds_is_json(text, '{', NULL) && is_between(member(text, "\"lon\""), 180) &&
		   is_between(member(text, "\"lat\""), 90);
}

gboolean ds_is_email(StetText text)
{
	const char *at = memchr(text.ptr, '@', text.len);
	if (at == NULL || at == text.ptr || memchr(text.ptr, ' ', text.len) != NULL)
		return FALSE;
	StetText host = {at + 1, text.len - (gsize)(at - text.ptr) - 1};
	return host.len > 0 && memchr(host.ptr, '@', host.len) == NULL && host.ptr[0] != '.' &&
		   host.ptr[host.len - 1] != '.' && memchr(host.ptr, '.', host.len) != NULL;
}

gboolean ds_is_uri(StetText text)
{
	g_autofree char *uri = g_strndup(text.ptr, text.len);
	return g_uri_is_valid(uri, G_URI_FLAGS_NONE, NULL);
}

gboolean ds_is_uuid(StetText text)
{
	if (text.len != 36)
		return FALSE;
	for (gsize i = 0; i < 36; i++) {
		gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? text.ptr[i] != '-' : !g_ascii_isxdigit(text.ptr[i]))
			return FALSE;
	}
	return TRUE;
}

/* base64 (RFC 4648, 4), padded. */
gboolean ds_is_base64(StetText text)
{
	gsize n = text.len;
	while (n > 0 && text.len - n < 2 && text.ptr[n - 1] == '=')
		n--;
	for (gsize i = 0; i < n; i++)
		if (!g_ascii_isalnum(text.ptr[i]) && text.ptr[i] != '+' && text.ptr[i] != '/')
			return FALSE;
	return text.len % 4 == 0;
}

/* ---- JSON (RFC 8259) ----------------------------------------------------------------------- */

#define JSON_DEPTH 64

typedef struct {
	const char *at, *end;
	guint depth;
} Json;

static void pass_space(Json *json)
{
	while (json->at < json->end && strchr(" \t\r\n", *json->at) != NULL && *json->at != 0)
		json->at++;
}

static gboolean pass(Json *json, char c)
{
	pass_space(json);
	if (json->at == json->end || *json->at != c)
		return FALSE;
	json->at++;
	return TRUE;
}

static gboolean json_string(Json *json)
{
	if (!pass(json, '"'))
		return FALSE;
	for (; json->at < json->end && *json->at != '"'; json->at++) {
		if ((guchar)*json->at < 0x20)
			return FALSE;
		if (*json->at != '\\')
			continue;
		if (++json->at == json->end || strchr("\"\\/bfnrtu", *json->at) == NULL)
			return FALSE;
		for (int i = 0; *json->at == 'u' && i < 4; i++)
			if (json->end - json->at < 5 || !g_ascii_isxdigit(json->at[1 + i]))
				return FALSE;
	}
	return pass(json, '"');
}

static gboolean json_word(Json *json)
{
	static const char *const words[] = {"true", "false", "null"};
	const char *from = json->at;
	double number;
	while (json->at < json->end && (g_ascii_isalnum(*json->at) || strchr("+-.", *json->at) != NULL))
		json->at++;
	StetText word = {from, (gsize)(json->at - from)};
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (stet_text_equal(word, words[i]))
			return TRUE;
	return word.len > 0 && *from != '+' && *from != '.' && ds_parse_double(word, &number);
}

static gboolean json_value(Json *json, guint *items);

static gboolean json_items(Json *json, char close, guint *items)
{
	json->at++;
	if (json->depth++ == JSON_DEPTH)
		return FALSE;
	*items = 0;
	if (pass(json, close))
		return json->depth-- > 0;
	do {
		guint below;
		if ((close == '}' && !(json_string(json) && pass(json, ':'))) || !json_value(json, &below))
			return FALSE;
		++*items;
	} while (pass(json, ','));
	json->depth--;
	return pass(json, close);
}

static gboolean json_value(Json *json, guint *items)
{
	*items = 0;
	pass_space(json);
	if (json->at == json->end)
		return FALSE;
	switch (*json->at) {
	case '{':
		return json_items(json, '}', items);
	case '[':
		return json_items(json, ']', items);
	case '"':
		return json_string(json);
	default:
		return json_word(json);
	}
}

gboolean ds_is_json(StetText text, char open, guint *items)
{
	Json json = {text.ptr, text.ptr + text.len, 0};
	guint n = 0;
	pass_space(&json);
	if (json.at == json.end || *json.at != open || !json_value(&json, &n))
		return FALSE;
	pass_space(&json);
	if (items != NULL)
		*items = n;
	return json.at == json.end;
}

gboolean ds_is_object(StetText text)
{
	return ds_is_json(text, '{', NULL);
}

gboolean ds_is_array(StetText text)
{
	return ds_is_json(text, '[', NULL);
}

/* ---- lists (Table Schema v2) --------------------------------------------------------------- */

static gboolean is_integer_item(StetText item)
{
	gint64 value;
	gboolean overflow;
	return ds_parse_integer(item, &value, &overflow);
}

static gboolean is_number_item(StetText item)
{
	double value;
	return ds_parse_double(item, &value);
}

static gboolean is_boolean_item(StetText item)
{
	static const char *const words[] = {"true", "false", "True", "False", "TRUE", "FALSE", "1", "0"};
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (stet_text_equal(item, words[i]))
			return TRUE;
	return FALSE;
}

static gboolean is_date_item(StetText item)
{
	gint64 value;
	return ds_parse_date(item, "default", &value);
}

static gboolean is_time_item(StetText item)
{
	gint64 value;
	return ds_parse_time(item, "default", &value);
}

static gboolean is_datetime_item(StetText item)
{
	gint64 value;
	return ds_parse_datetime(item, "default", &value);
}

static gboolean is_any_item(StetText item)
{
	(void)item;
	return TRUE;
}

const DsItemType ds_item_types[] = {
	{"string", is_any_item},      {"integer", is_integer_item}, {"number", is_number_item},
	{"boolean", is_boolean_item}, {"date", is_date_item},       {"time", is_time_item},
	{"datetime", is_datetime_item}, {NULL, NULL}};

const DsItemType *ds_item_type(const char *name)
{
	for (const DsItemType *type = ds_item_types; type->name != NULL; type++)
		if (strcmp(type->name, name) == 0)
			return type;
	return NULL;
}

gboolean ds_is_list(StetText text, const char *delimiter, const DsItemType *type, guint *items)
{
	gsize width = strlen(delimiter);
	const char *at = text.ptr, *end = at + text.len;
	for (*items = 0; at <= end; ++*items) {
		const char *next = g_strstr_len(at, end - at, delimiter);
		const char *stop = next != NULL ? next : end;
		if (!type->test(trimmed((StetText){at, (gsize)(stop - at)})))
			return FALSE;
		at = stop + width;
		if (next == NULL) {
			++*items;
			break;
		}
	}
	return TRUE;
}
