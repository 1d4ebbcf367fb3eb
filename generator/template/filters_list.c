/* Filters on lists. */
#include "liquid.h"

/* ---- items and properties ------------------------------------------------------------------ */

static gsize count_flat(const StetValue *items, gsize n)
{
	gsize count = 0;
	for (gsize i = 0; i < n; i++)
		count += items[i].kind == STET_VALUE_LIST ? count_flat(items[i].v.list.items, items[i].v.list.n) : 1;
	return count;
}

static StetValue *copy_flat(const StetValue *items, gsize n, StetValue *to)
{
	for (gsize i = 0; i < n; i++) {
		if (items[i].kind == STET_VALUE_LIST)
			to = copy_flat(items[i].v.list.items, items[i].v.list.n, to);
		else
			*to++ = items[i];
	}
	return to;
}

/* Room for `n` values, counted against the limits; a list of none where they do not fit. */
static StetValue list_of_size(StetRender *r, gsize n, StetValue **items)
{
	static const StetValue none;
	StetValue list = stet_value_nil();
	list.kind = STET_VALUE_LIST;
	*items = NULL;
	if (n > 0 && n < G_MAXSIZE / sizeof(StetValue) &&
		(*items = (StetValue *)(gpointer)render_buffer(r, n * sizeof(StetValue))))
		list.v.list.n = n;
	list.v.list.items = *items ? *items : &none;
	return list;
}

static StetValue flat_list(StetRender *r, const StetValue *list)
{
	gsize i = 0, n = list->v.list.n;
	StetValue *items;
	while (i < n && list->v.list.items[i].kind != STET_VALUE_LIST)
		i++;
	if (i == n)
		return *list;
	StetValue flat = list_of_size(r, count_flat(list->v.list.items, n), &items);
	if (items)
		copy_flat(list->v.list.items, list->v.list.n, items);
	return flat;
}

static StetValue range_list(StetRender *r, const StetValue *range)
{
	Sequence sequence = sequence_of(r, range);
	StetValue *items;
	if (sequence.n > LIQUID_RANGE_MAX) {
		stet_render_fail(r, "liquid-size", NULL, "a range of more than %d numbers as a list",
						 LIQUID_RANGE_MAX);
		sequence.n = 0;
	}
	StetValue list = list_of_size(r, (gsize)sequence.n, &items);
	for (gsize i = 0; i < list.v.list.n; i++)
		items[i] = stet_value_int(sequence.first + (gint64)i);
	return list;
}

StetValue stet_value_items(StetRender *r, const StetValue *value)
{
	StetValue list, *items;
	if (value->kind == STET_VALUE_OBJECT && value->v.object.class_->list &&
		value->v.object.class_->list(value->v.object.self, r, &list) && list.kind == STET_VALUE_LIST)
		return flat_list(r, &list);
	switch (value->kind) {
	case STET_VALUE_LIST:
		return flat_list(r, value);
	case STET_VALUE_RANGE:
		return range_list(r, value);
	case STET_VALUE_NIL:
		return list_of_size(r, 0, &items);
	default:
		list = list_of_size(r, 1, &items);
		if (items)
			*items = *value;
		return list;
	}
}

static Property text_property(StetRender *r, const StetValue *item, const StetValue *key, StetValue *out)
{
	StetText text = stet_value_string(r, item);
	*out = stet_value_nil();
	if (key->kind == STET_VALUE_INT) {
		StetValue one = stet_value_int(1), args[2] = {*key, one};
		return filter_slice(r, item, args, 2, NULL, out, NULL) ? PROPERTY_OK : PROPERTY_WRONG;
	}
	if (key->kind != STET_VALUE_TEXT)
		return PROPERTY_WRONG;
	StetText part = stet_value_string(r, key);
	const char *found = memmem(text.ptr, text.len, part.ptr, part.len);
	if (found)
		*out = value_text_of((StetText){found, part.len});
	return PROPERTY_OK;
}

Property value_property(StetRender *r, const StetValue *item, const StetValue *key, StetValue *out)
{
	*out = stet_value_nil();
	switch (item->kind) {
	case STET_VALUE_MAP: {
		const StetValue *found =
			key->kind == STET_VALUE_TEXT ? map_find(item, stet_value_string(r, key)) : NULL;
		if (found)
			*out = *found;
		return PROPERTY_OK;
	}
	case STET_VALUE_LIST: {
		if (key->kind != STET_VALUE_INT)
			return PROPERTY_WRONG;
		gint64 i = key->v.integer < 0 ? key->v.integer + (gint64)item->v.list.n : key->v.integer;
		if (i >= 0 && i < (gint64)item->v.list.n)
			*out = item->v.list.items[i];
		return PROPERTY_OK;
	}
	case STET_VALUE_OBJECT: {
		const StetClass *class_ = item->v.object.class_;
		StetText name = stet_value_string(r, key);
		if (!class_->get)
			return PROPERTY_NONE;
		if (!class_->get(item->v.object.self, name, r, out))
			*out = stet_value_nil();
		return PROPERTY_OK;
	}
	case STET_VALUE_TEXT:
		return text_property(r, item, key, out);
	case STET_VALUE_INT:
		return PROPERTY_WRONG;
	default:
		return PROPERTY_NONE;
	}
}

StetValue stet_value_get(StetRender *r, const StetValue *value, const char *key)
{
	StetValue out, name = stet_value_text(NULL, key, -1);
	if (value->kind != STET_VALUE_MAP && value->kind != STET_VALUE_OBJECT)
		return stet_value_nil();
	return value_property(r, value, &name, &out) == PROPERTY_OK ? out : stet_value_nil();
}

static gboolean fail_property_of(StetRender *r, const StetValue *item, const StetValue *key)
{
	StetText name = stet_value_string(r, key);
	stet_render_fail(r, "liquid-property", NULL, "cannot select the property '%.*s' of a %s",
					 (int)MIN(name.len, 60), name.ptr, value_kind_name(item));
	return FALSE;
}

/* ---- parts --------------------------------------------------------------------------------- */

FILTER(filter_join)
{
	StetValue items = stet_value_items(r, input);
	StetText glue = n > 0 ? stet_value_string(r, &args[0]) : (StetText){" ", 1};
	GString *text = g_string_new(NULL);
	g_autoptr(GPtrArray) parts = g_ptr_array_new();
	for (gsize i = 0; i < items.v.list.n; i++) {
		if (i > 0)
			g_string_append_len(text, glue.ptr, (gssize)glue.len);
		StetText part = stet_value_string(r, &items.v.list.items[i]);
		g_string_append_len(text, part.ptr, (gssize)part.len);
		g_ptr_array_add(parts, (gpointer)&items.v.list.items[i]);
		if (text->len > r->output_cap)
			break;
	}
	if (!give_text(r, text, out))
		return FALSE;
	out->origin = stet_origin_join(r, "join", (const StetValue *const *)parts->pdata, parts->len);
	return TRUE;
}

static gboolean end_item(StetRender *r, const StetValue *input, gboolean last, StetValue *out)
{
	*out = stet_value_nil();
	if (input->kind == STET_VALUE_TEXT) {
		*out = value_text_of(end_character(stet_value_string(r, input), last));
		return TRUE;
	}
	if (input->kind == STET_VALUE_MAP && last)
		return TRUE;
	Sequence sequence = sequence_of(r, input);
	if (sequence.n > 0)
		*out = sequence_item(r, &sequence, last ? sequence.n - 1 : 0);
	return TRUE;
}

FILTER(filter_first)
{
	return end_item(r, input, FALSE, out);
}

FILTER(filter_last)
{
	return end_item(r, input, TRUE, out);
}

FILTER(filter_reverse)
{
	StetValue items = stet_value_items(r, input), *to;
	*out = list_of_size(r, items.v.list.n, &to);
	for (gsize i = 0; to && i < out->v.list.n; i++)
		to[i] = items.v.list.items[items.v.list.n - 1 - i];
	return TRUE;
}

FILTER(filter_concat)
{
	StetValue items = stet_value_items(r, input), *to;
	if (args[0].kind != STET_VALUE_LIST &&
		!(args[0].kind == STET_VALUE_OBJECT && args[0].v.object.class_->list)) {
		stet_render_fail(r, "liquid-arguments", NULL, "filter 'concat' takes a list, not %s",
						 value_kind_name(&args[0]));
		return FALSE;
	}
	StetValue more = args[0].kind == STET_VALUE_LIST ? args[0] : stet_value_items(r, &args[0]);
	*out = list_of_size(r, items.v.list.n + more.v.list.n, &to);
	if (!to)
		return !r->stopped;
	if (items.v.list.n > 0)
		memcpy(to, items.v.list.items, sizeof *to * items.v.list.n);
	if (more.v.list.n > 0)
		memcpy(to + items.v.list.n, more.v.list.items, sizeof *to * more.v.list.n);
	return TRUE;
}

FILTER(filter_map)
{
	StetValue items = stet_value_items(r, input), *to;
	*out = list_of_size(r, items.v.list.n, &to);
	for (gsize i = 0; i < out->v.list.n; i++)
		if (value_property(r, &items.v.list.items[i], &args[0], &to[i]) == PROPERTY_WRONG)
			return fail_property_of(r, &items.v.list.items[i], &args[0]);
	return TRUE;
}

/* ---- sorting ------------------------------------------------------------------------------- */

typedef struct {
	StetValue key;
	const StetValue *item;
} Keyed;
typedef struct {
	StetRender *r;
	gboolean natural, failed;
	const StetValue *a, *b;
} Sorting;

static int compare_keyed(gconstpointer left, gconstpointer right, gpointer data)
{
	const StetValue *a = &((const Keyed *)left)->key, *b = &((const Keyed *)right)->key;
	Sorting *sorting = data;
	gboolean no_a = a->kind == STET_VALUE_NIL, no_b = b->kind == STET_VALUE_NIL;
	if (no_a || no_b)
		return no_a - no_b;
	if (sorting->natural) {
		StetText x = stet_value_string(sorting->r, a), y = stet_value_string(sorting->r, b);
		int order = g_ascii_strncasecmp(x.ptr, y.ptr, MIN(x.len, y.len));
		return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
	}
	int order = value_compare(sorting->r, a, b);
	if (order != 2)
		return order;
	if (!sorting->failed) {
		sorting->a = a;
		sorting->b = b;
	}
	sorting->failed = TRUE;
	return 0;
}

static gboolean sort_items(StetRender *r, const StetValue *input, const StetValue *key, gboolean natural,
						   StetValue *out)
{
	StetValue items = stet_value_items(r, input), *to;
	gsize count = items.v.list.n;
	g_autofree Keyed *keyed = g_new0(Keyed, count + 1);
	for (gsize i = 0; i < count; i++) {
		keyed[i].item = &items.v.list.items[i];
		keyed[i].key = *keyed[i].item;
		Property found = key ? value_property(r, keyed[i].item, key, &keyed[i].key) : PROPERTY_OK;
		if (found == PROPERTY_WRONG && count == 1)
			break;
		if (found == PROPERTY_WRONG)
			return fail_property_of(r, keyed[i].item, key);
		if (found == PROPERTY_NONE) {
			*out = stet_value_nil();
			return TRUE;
		}
	}
	Sorting sorting = {r, natural, FALSE, NULL, NULL};
	if (count > 0 && count <= G_MAXINT)
		g_qsort_with_data(keyed, (gint)count, sizeof *keyed, compare_keyed, &sorting);
	if (sorting.failed) {
		stet_render_fail(r, "liquid-sort", NULL, "cannot sort a %s with a %s", value_kind_name(sorting.a),
						 value_kind_name(sorting.b));
		return FALSE;
	}
	*out = list_of_size(r, count, &to);
	for (gsize i = 0; to && i < out->v.list.n; i++)
		to[i] = keyed[i].item ? *keyed[i].item : to[i];
	return TRUE;
}

FILTER(filter_sort)
{
	return sort_items(r, input, n > 0 && args[0].kind != STET_VALUE_NIL ? &args[0] : NULL, FALSE, out);
}

FILTER(filter_sort_natural)
{
	return sort_items(r, input, n > 0 && args[0].kind != STET_VALUE_NIL ? &args[0] : NULL, TRUE, out);
}

/* ---- choosing ------------------------------------------------------------------------------ */

/* A hash that equal values share. */
static guint value_hash(StetRender *r, const StetValue *value)
{
	StetText text = stet_value_string(r, value);
	guint hash = 5381;
	for (gsize i = 0; i < text.len; i++)
		hash = hash * 33 + (guchar)text.ptr[i];
	return hash;
}

static gboolean seen_before(StetRender *r, GHashTable *seen, const StetValue *key)
{
	guint hash = value_hash(r, key);
	GArray *same = g_hash_table_lookup(seen, GUINT_TO_POINTER(hash));
	for (guint i = 0; same && i < same->len; i++)
		if (value_same(r, &g_array_index(same, StetValue, i), key))
			return TRUE;
	if (!same) {
		same = g_array_new(FALSE, FALSE, sizeof(StetValue));
		g_hash_table_insert(seen, GUINT_TO_POINTER(hash), same);
	}
	g_array_append_val(same, *key);
	return FALSE;
}

static void free_array(gpointer array)
{
	g_array_free(array, TRUE);
}

typedef enum { KEEP_NO, KEEP_YES, KEEP_LAST } Kept; /* KEEP_LAST: yes, and look no further */
typedef Kept (*Keep)(StetRender *r, const StetValue *property, gpointer data);

/* Keeps the items `keep` says; `out` is nil where an item has no properties at all. */

static gboolean choose(StetRender *r, const StetValue *input, const StetValue *key, Keep keep, gpointer data,
					   StetValue *out)
{
	StetValue items = stet_value_items(r, input), *to;
	gsize kept = 0;
	StetValue list = list_of_size(r, items.v.list.n, &to);
	for (gsize i = 0; to && i < list.v.list.n; i++) {
		const StetValue *item = &items.v.list.items[i];
		StetValue property = *item;
		Property found = key ? value_property(r, item, key, &property) : PROPERTY_OK;
		if (found == PROPERTY_WRONG)
			return fail_property_of(r, item, key);
		if (found == PROPERTY_NONE) {
			*out = stet_value_nil();
			return TRUE;
		}
		Kept verdict = keep(r, &property, data);
		if (verdict != KEEP_NO)
			to[kept++] = *item;
		if (verdict == KEEP_LAST)
			break;
	}
	list.v.list.n = kept;
	*out = list;
	return TRUE;
}

static Kept keep_new(StetRender *r, const StetValue *property, gpointer data)
{
	return seen_before(r, data, property) ? KEEP_NO : KEEP_YES;
}

static Kept keep_given(StetRender *r, const StetValue *property, gpointer data)
{
	(void)r;
	(void)data;
	return property->kind != STET_VALUE_NIL ? KEEP_YES : KEEP_NO;
}

FILTER(filter_uniq)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(NULL, NULL, NULL, free_array);
	*out = stet_value_items(r, input);
	if (out->v.list.n <= 1)
		return TRUE;
	return choose(r, input, n > 0 && args[0].kind != STET_VALUE_NIL ? &args[0] : NULL, keep_new, seen, out);
}

FILTER(filter_compact)
{
	return choose(r, input, n > 0 && args[0].kind != STET_VALUE_NIL ? &args[0] : NULL, keep_given, NULL, out);
}

/* `at` counts the items seen. */
typedef struct {
	const StetValue *target;
	gboolean reject, single;
	gint64 at;
} Match;

static Kept keep_match(StetRender *r, const StetValue *property, gpointer data)
{
	Match *match = data;
	StetValue scratch;
	gboolean hit = match->target ? value_equal(r, property, match->target)
								 : stet_value_truthy(value_plain(r, property, &scratch));
	match->at++;
	return hit == match->reject ? KEEP_NO : match->single ? KEEP_LAST : KEEP_YES;
}

static gboolean match_items(StetRender *r, const StetValue *input, const StetValue *args, guint n,
							Match *match, StetValue *out)
{
	match->target = n > 1 && args[1].kind != STET_VALUE_NIL ? &args[1] : NULL;
	return choose(r, input, &args[0], keep_match, match, out);
}

/* The first match as a list of one, its index + 1 in match->at; an empty list; or nil. */
static gboolean first_match(StetRender *r, const StetValue *input, const StetValue *args, guint n,
							Match *match, StetValue *out)
{
	match->single = TRUE;
	return match_items(r, input, args, n, match, out);
}

FILTER(filter_where)
{
	Match match = {.reject = FALSE};
	return match_items(r, input, args, n, &match, out);
}

FILTER(filter_reject)
{
	Match match = {.reject = TRUE};
	return match_items(r, input, args, n, &match, out);
}

FILTER(filter_find)
{
	Match match = {.reject = FALSE};
	StetValue found;
	if (!first_match(r, input, args, n, &match, &found))
		return FALSE;
	*out = found.kind == STET_VALUE_LIST && found.v.list.n > 0 ? found.v.list.items[0] : stet_value_nil();
	return TRUE;
}

FILTER(filter_find_index)
{
	Match match = {.reject = FALSE};
	StetValue found;
	if (!first_match(r, input, args, n, &match, &found))
		return FALSE;
	*out =
		found.kind == STET_VALUE_LIST && found.v.list.n > 0 ? stet_value_int(match.at - 1) : stet_value_nil();
	return TRUE;
}

FILTER(filter_has)
{
	Match match = {.reject = FALSE};
	StetValue found;
	if (!first_match(r, input, args, n, &match, &found))
		return FALSE;
	*out = found.kind == STET_VALUE_LIST ? stet_value_bool(found.v.list.n > 0) : stet_value_nil();
	return TRUE;
}
