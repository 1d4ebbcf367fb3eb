/* Filters on numbers. A number's unit goes on where the result has the same one. */
#include "liquid.h"
#include <math.h>

static const char *unit_of(StetRender *r, const StetValue *value, int *display)
{
	StetValue scratch;
	value = value_plain(r, value, &scratch);
	*display = value->display;
	return value->unit;
}

/* The unit of a result: of the input where the other has none or the same, else none. A product or
 * quotient with two units has neither. */
static void carry_unit(StetRender *r, char op, const StetValue *input, const StetValue *other, StetValue *out)
{
	int display, other_display;
	const char *unit = unit_of(r, input, &display), *other_unit = unit_of(r, other, &other_display);
	gboolean scales = op == '*' || op == '/';
	if (unit && other_unit && (scales || strcmp(unit, other_unit) != 0))
		return;
	if (!unit && other_unit && op == '/')
		return;
	out->unit = unit ? unit : other_unit;
	out->display = unit ? display : other_display;
}

static gboolean apply(StetRender *r, char op, const StetValue *input, const StetValue *other, StetValue *out)
{
	Number result;
	if (!number_apply(r, op, number_of(r, input), number_of(r, other), &result))
		return FALSE;
	*out = number_value(result);
	carry_unit(r, op, input, other, out);
	return TRUE;
}

FILTER(filter_plus)
{
	return apply(r, '+', input, &args[0], out);
}

FILTER(filter_minus)
{
	return apply(r, '-', input, &args[0], out);
}

FILTER(filter_times)
{
	return apply(r, '*', input, &args[0], out);
}

FILTER(filter_divided_by)
{
	return apply(r, '/', input, &args[0], out);
}

FILTER(filter_modulo)
{
	return apply(r, '%', input, &args[0], out);
}

static gboolean give_number(StetRender *r, Number number, const StetValue *input, StetValue *out)
{
	*out = number_value(number);
	out->unit = unit_of(r, input, &out->display);
	return TRUE;
}

FILTER(filter_abs)
{
	Number number = number_of(r, input);
	number.number = fabs(number.number);
	if (!number.decimal && number.integer < 0 &&
		!number_apply(r, '-', (Number){FALSE, 0, 0}, number, &number))
		return FALSE;
	return give_number(r, number, input, out);
}

FILTER(filter_round)
{
	Number number, digits = n > 0 ? number_of(r, &args[0]) : (Number){FALSE, 0, 0};
	if (!number_to_integer(r, digits, -1, &digits) ||
		!number_round(r, number_of(r, input), digits.integer, &number))
		return FALSE;
	give_number(r, number, input, out);
	out->display = (int)CLAMP(digits.integer, 0, 17);
	return TRUE;
}

FILTER(filter_ceil)
{
	Number number;
	return number_to_integer(r, number_of(r, input), 1, &number) && give_number(r, number, input, out);
}

FILTER(filter_floor)
{
	Number number;
	return number_to_integer(r, number_of(r, input), -1, &number) && give_number(r, number, input, out);
}

static gboolean bounded(StetRender *r, const StetValue *input, const StetValue *bound, int side,
						StetValue *out)
{
	Number a = number_of(r, input), b = number_of(r, bound);
	return give_number(r, number_compare(a, b) * side > 0 ? b : a, input, out);
}

FILTER(filter_at_least)
{
	return bounded(r, input, &args[0], -1, out);
}

FILTER(filter_at_most)
{
	return bounded(r, input, &args[0], 1, out);
}

/* One item's share of a sum; FALSE after a complaint. */
static gboolean add_item(StetRender *r, const StetValue *item, StetValue *total, gboolean first)
{
	StetValue scratch, sum;
	const StetValue *plain = value_plain(r, item, &scratch);
	if (first) {
		*total = number_value(number_of(r, plain));
		total->unit = plain->unit;
		total->display = plain->display;
		return TRUE;
	}
	if (!apply(r, '+', total, plain, &sum))
		return FALSE;
	*total = sum;
	return TRUE;
}

FILTER(filter_sum)
{
	StetValue items = stet_value_items(r, input), picked;
	g_autoptr(GPtrArray) parts = g_ptr_array_new();
	*out = stet_value_int(0);
	gboolean first = TRUE;
	for (gsize i = 0; i < items.v.list.n; i++) {
		const StetValue *item = &items.v.list.items[i];
		if (n > 0 && args[0].kind != STET_VALUE_NIL) {
			Property found = value_property(r, item, &args[0], &picked);
			if (found == PROPERTY_WRONG) {
				stet_render_fail(r, "liquid-property", NULL, "a %s has no properties to sum",
								 value_kind_name(item));
				return FALSE;
			}
			item = found == PROPERTY_OK ? &picked : NULL;
		}
		if (!item)
			continue;
		StetValue inner = stet_value_items(r, item);
		for (gsize j = 0; j < inner.v.list.n; j++) {
			if (!add_item(r, &inner.v.list.items[j], out, first))
				return FALSE;
			g_ptr_array_add(parts, (gpointer)&inner.v.list.items[j]);
			first = FALSE;
		}
	}
	out->origin = stet_origin_join(r, "sum", (const StetValue *const *)parts->pdata, parts->len);
	return TRUE;
}
