/* The standard filters by name. */
#include "liquid.h"

#define ENTRY(name, least, most, trace)                                                                      \
	{                                                                                                        \
		{#name, filter_##name, least, most}, trace                                                           \
	}

static const StandardFilter filters[] = {
	ENTRY(append, 1, 1, TRACE_JOIN),
	ENTRY(prepend, 1, 1, TRACE_JOIN),
	ENTRY(upcase, 0, 0, TRACE_KEEP),
	ENTRY(downcase, 0, 0, TRACE_KEEP),
	ENTRY(capitalize, 0, 0, TRACE_KEEP),
	ENTRY(strip, 0, 0, TRACE_KEEP),
	ENTRY(lstrip, 0, 0, TRACE_KEEP),
	ENTRY(rstrip, 0, 0, TRACE_KEEP),
	ENTRY(strip_newlines, 0, 0, TRACE_KEEP),
	ENTRY(replace, 1, 2, TRACE_JOIN),
	ENTRY(replace_first, 1, 2, TRACE_JOIN),
	ENTRY(replace_last, 2, 2, TRACE_JOIN),
	ENTRY(remove, 1, 1, TRACE_KEEP),
	ENTRY(remove_first, 1, 1, TRACE_KEEP),
	ENTRY(remove_last, 1, 1, TRACE_KEEP),
	ENTRY(truncate, 0, 2, TRACE_KEEP),
	ENTRY(truncatewords, 0, 2, TRACE_KEEP),
	ENTRY(split, 1, 1, TRACE_NONE),
	ENTRY(slice, 1, 2, TRACE_KEEP),
	ENTRY(size, 0, 0, TRACE_NONE),
	ENTRY(default, 0, 2, TRACE_NONE),
	ENTRY(date, 1, 1, TRACE_KEEP),
	ENTRY(escape, 0, 0, TRACE_KEEP),
	{{"h", filter_escape, 0, 0}, TRACE_KEEP},
	ENTRY(escape_once, 0, 0, TRACE_KEEP),
	ENTRY(strip_html, 0, 0, TRACE_KEEP),
	ENTRY(newline_to_br, 0, 0, TRACE_KEEP),
	ENTRY(url_encode, 0, 0, TRACE_KEEP),
	ENTRY(url_decode, 0, 0, TRACE_KEEP),
	ENTRY(base64_encode, 0, 0, TRACE_KEEP),
	ENTRY(base64_decode, 0, 0, TRACE_KEEP),
	ENTRY(base64_url_safe_encode, 0, 0, TRACE_KEEP),
	ENTRY(base64_url_safe_decode, 0, 0, TRACE_KEEP),
	ENTRY(plus, 1, 1, TRACE_JOIN),
	ENTRY(minus, 1, 1, TRACE_JOIN),
	ENTRY(times, 1, 1, TRACE_JOIN),
	ENTRY(divided_by, 1, 1, TRACE_JOIN),
	ENTRY(modulo, 1, 1, TRACE_JOIN),
	ENTRY(abs, 0, 0, TRACE_KEEP),
	ENTRY(round, 0, 1, TRACE_KEEP),
	ENTRY(ceil, 0, 0, TRACE_KEEP),
	ENTRY(floor, 0, 0, TRACE_KEEP),
	ENTRY(at_least, 1, 1, TRACE_JOIN),
	ENTRY(at_most, 1, 1, TRACE_JOIN),
	ENTRY(sum, 0, 1, TRACE_NONE),
	ENTRY(join, 0, 1, TRACE_NONE),
	ENTRY(first, 0, 0, TRACE_NONE),
	ENTRY(last, 0, 0, TRACE_NONE),
	ENTRY(reverse, 0, 0, TRACE_NONE),
	ENTRY(sort, 0, 1, TRACE_NONE),
	ENTRY(sort_natural, 0, 1, TRACE_NONE),
	ENTRY(uniq, 0, 1, TRACE_NONE),
	ENTRY(compact, 0, 1, TRACE_NONE),
	ENTRY(map, 1, 1, TRACE_NONE),
	ENTRY(concat, 1, 1, TRACE_NONE),
	ENTRY(where, 1, 2, TRACE_NONE),
	ENTRY(reject, 1, 2, TRACE_NONE),
	ENTRY(find, 1, 2, TRACE_NONE),
	ENTRY(find_index, 1, 2, TRACE_NONE),
	ENTRY(has, 1, 2, TRACE_NONE),
};

const StandardFilter *standard_filter(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(filters); i++)
		if (strcmp(filters[i].entry.name, name) == 0)
			return &filters[i];
	return NULL;
}

const char *const *filter_names(void)
{
	static const char *names[G_N_ELEMENTS(filters) + 1];
	static gsize ready;
	if (g_once_init_enter(&ready)) {
		for (gsize i = 0; i < G_N_ELEMENTS(filters); i++)
			names[i] = filters[i].entry.name;
		g_once_init_leave(&ready, 1);
	}
	return names;
}

gboolean give_text(StetRender *r, GString *text, StetValue *out)
{
	*out = value_take_text(r, text);
	return out->kind == STET_VALUE_TEXT;
}

/* Numbers have a size too: the reference counts the bytes of a machine word. */
FILTER(filter_size)
{
	StetValue scratch;
	Sequence sequence;
	const StetValue *plain = value_plain(r, input, &scratch);
	switch (plain->kind) {
	case STET_VALUE_TEXT: {
		StetText text = stet_value_string(r, plain);
		*out = stet_value_int(g_utf8_strlen(text.ptr, (gssize)text.len));
		return TRUE;
	}
	case STET_VALUE_INT:
		*out = stet_value_int(8);
		return TRUE;
	default:
		sequence = sequence_of(r, input);
		*out = stet_value_int(sequence.n);
		return TRUE;
	}
}

FILTER(filter_default)
{
	StetValue scratch;
	const StetValue *plain = value_plain(r, input, &scratch);
	const StetValue *allow = named ? map_find(named, stet_text("allow_false")) : NULL;
	gboolean missing =
		allow && stet_value_truthy(allow) ? plain->kind == STET_VALUE_NIL : !stet_value_truthy(plain);
	StetValue empty = stet_value_nil();
	empty.kind = STET_VALUE_EMPTY;
	if (missing || value_equal(r, plain, &empty))
		*out = n > 0 ? args[0] : stet_value_text(NULL, "", 0);
	else
		*out = *input;
	return TRUE;
}

/* 'now' is what SOURCE_DATE_EPOCH says: the same report, built again, reads the same. */
static gboolean read_now(StetRender *r, Moment *moment)
{
	const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
	if (epoch && *epoch && moment_parse(stet_text(epoch), moment))
		return TRUE;
	if (r->host->now != 0)
		return moment_of_seconds(r->host->now, moment);
	stet_render_fail(r, "liquid-clock", "set SOURCE_DATE_EPOCH, or use a date of the data",
					 "'now' would make every build differ");
	return FALSE;
}

FILTER(filter_date)
{
	StetValue scratch;
	Moment moment;
	const StetValue *plain = value_plain(r, input, &scratch);
	StetText format = stet_value_string(r, &args[0]);
	*out = *input;
	if (format.len == 0 || (plain->kind != STET_VALUE_TEXT && plain->kind != STET_VALUE_INT))
		return TRUE;
	StetText text = stet_value_string(r, plain);
	if (plain->kind == STET_VALUE_INT) {
		if (!moment_of_seconds(plain->v.integer, &moment))
			return TRUE;
	} else if ((text.len == 3 && g_ascii_strncasecmp(text.ptr, "now", 3) == 0) ||
			   (text.len == 5 && g_ascii_strncasecmp(text.ptr, "today", 5) == 0)) {
		if (!read_now(r, &moment))
			return FALSE;
	} else if (!moment_parse(text, &moment)) {
		return TRUE;
	}
	GString *formatted = g_string_new(NULL);
	moment_format(&moment, format, formatted);
	return give_text(r, formatted, out);
}

const StetFilterEntry *stet_filter_standard(const char *name)
{
	const StandardFilter *filter = standard_filter(name);
	return filter ? &filter->entry : NULL;
}
