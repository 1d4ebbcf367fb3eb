/* Arithmetic as the language defines it: integers stay integers, decimal numbers are calculated exactly
 * in base ten (0.1 + 0.2 is 0.3) and only then rounded to a double. */
#include "liquid.h"
#include <errno.h>
#include <math.h>

__extension__ typedef __int128 Wide;

/* mantissa * 10^exponent */
typedef struct {
	Wide mantissa;
	int exponent;
} Decimal;

/* The largest power of ten a mantissa may be multiplied with. */
#define WIDE_DIGITS 38

double text_to_double(const char *text)
{
	return g_ascii_strtod(text, NULL);
}

/* Shortest digits that read back as `value`: "d.ddde+XX" in `buffer`. */
static void shortest(double value, char buffer[FLOAT_TEXT_MAX])
{
	static const char *const formats[] = {"%.14e", "%.15e", "%.16e"};
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_ascii_formatd(buffer, FLOAT_TEXT_MAX, formats[i], value);
		if (text_to_double(buffer) == value)
			break;
	}
}

static const double powers[] = {1,    10,   100,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
								1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* TRUE if `value` is the double nearest to *mantissa / 10^*places with few places: most numbers of a report.
 * Both are exact doubles, so the division rounds once, just as reading the decimal would; a mantissa below
 * 10^15 has the fewest digits. */
static gboolean short_decimal(double value, gint64 *mantissa, int *places)
{
	for (int n = 0; n <= 6; n++) {
		double scaled = nearbyint(value * powers[n]);
		if (fabs(scaled) >= 1e15)
			return FALSE;
		if (scaled / powers[n] == value) {
			*mantissa = (gint64)scaled;
			*places = n;
			return TRUE;
		}
	}
	return FALSE;
}

/* Digits without trailing zeros; returns how many, and the decimal point's place before digit *point. */
static gsize split_digits(double value, char digits[FLOAT_TEXT_MAX], int *point)
{
	char text[FLOAT_TEXT_MAX];
	gint64 mantissa;
	int places;
	if (short_decimal(fabs(value), &mantissa, &places) && mantissa > 0) {
		gsize n = integer_text(mantissa, digits);
		*point = (int)n - places;
		while (n > 1 && digits[n - 1] == '0')
			n--;
		return n;
	}
	shortest(fabs(value), text);
	gsize n = 0;
	const char *c = text;
	for (; *c && *c != 'e'; c++)
		if (g_ascii_isdigit(*c))
			digits[n++] = *c;
	*point = *c == 'e' ? (int)g_ascii_strtoll(c + 1, NULL, 10) + 1 : 1;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	digits[n] = '\0';
	return n;
}

gsize integer_text(gint64 value, char buffer[FLOAT_TEXT_MAX])
{
	char digits[24];
	gsize n = 0, at = 0;
	guint64 rest = value < 0 ? (guint64)0 - (guint64)value : (guint64)value;
	do {
		digits[n++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		buffer[at++] = '-';
	while (n > 0)
		buffer[at++] = digits[--n];
	buffer[at] = '\0';
	return at;
}

static gsize fixed_text(const char *digits, gsize n, int point, char *out)
{
	gsize at = 0;
	if (point <= 0) {
		out[at++] = '0';
		out[at++] = '.';
		for (int i = point; i < 0; i++)
			out[at++] = '0';
		memcpy(out + at, digits, n);
		at += n;
	} else {
		for (gsize i = 0; i < (gsize)point; i++)
			out[at++] = i < n ? digits[i] : '0';
		out[at++] = '.';
		if (n <= (gsize)point)
			out[at++] = '0';
		for (gsize i = (gsize)point; i < n; i++)
			out[at++] = digits[i];
	}
	out[at] = '\0';
	return at;
}

/* As the reference prints a float: 3.0, 0.0001, 1.0e-05, 1.0e+15. */
gsize float_text(double value, char buffer[FLOAT_TEXT_MAX])
{
	if (!isfinite(value))
		return g_strlcpy(buffer, isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity", FLOAT_TEXT_MAX);
	if (value == floor(value) && fabs(value) < 1e15 && !(value == 0 && signbit(value))) {
		gsize n = integer_text((gint64)value, buffer);
		memcpy(buffer + n, ".0", 3);
		return n + 2;
	}
	char digits[FLOAT_TEXT_MAX];
	int point = 0;
	gsize n = value == 0 ? (gsize)g_strlcpy(digits, "0", sizeof digits) : split_digits(value, digits, &point);
	gsize at = 0;
	if (signbit(value))
		buffer[at++] = '-';
	if (value == 0)
		return at + fixed_text("0", 1, 1, buffer + at);
	if (point > -4 && point <= 15)
		return at + fixed_text(digits, n, point, buffer + at);
	at += fixed_text(digits, n, 1, buffer + at);
	int exponent = point - 1;
	return at + (gsize)g_snprintf(buffer + at, (gulong)(FLOAT_TEXT_MAX - at), "e%c%02d",
								  exponent < 0 ? '-' : '+', ABS(exponent));
}

/* ---- decimals ------------------------------------------------------------------------------ */

static Decimal decimal_of(Number n)
{
	if (!n.decimal)
		return (Decimal){n.integer, 0};
	if (!isfinite(n.number) || n.number == 0)
		return (Decimal){0, 0};
	gint64 small;
	int places;
	if (short_decimal(n.number, &small, &places))
		return (Decimal){small, -places};
	char digits[FLOAT_TEXT_MAX];
	int point;
	gsize count = split_digits(n.number, digits, &point);
	Wide mantissa = 0;
	for (gsize i = 0; i < count; i++)
		mantissa = mantissa * 10 + (digits[i] - '0');
	return (Decimal){n.number < 0 ? -mantissa : mantissa, point - (int)count};
}

static Wide power_of_ten(int n)
{
	Wide power = 1;
	while (n-- > 0)
		power *= 10;
	return power;
}

static int wide_digits(Wide value)
{
	int n = 0;
	for (Wide rest = value < 0 ? -value : value; rest > 0; rest /= 10)
		n++;
	return n;
}

/* Both to the smaller exponent; FALSE if that is too wide. */
static gboolean align(Decimal *a, Decimal *b)
{
	if (a->exponent == b->exponent)
		return TRUE;
	Decimal *high = a->exponent > b->exponent ? a : b;
	int low = MIN(a->exponent, b->exponent), shift = high->exponent - low;
	if (high->mantissa == 0) {
		high->exponent = low;
		return TRUE;
	}
	if (shift + wide_digits(high->mantissa) >= WIDE_DIGITS)
		return FALSE;
	high->mantissa *= power_of_ten(shift);
	high->exponent = low;
	return TRUE;
}

/* `sticky`: the true value lies a little further from zero. */
static double decimal_double(Decimal d, gboolean sticky)
{
	char text[80], digits[48];
	gsize n = 0, at = 0;
	gboolean exact = d.mantissa < ((gint64)1 << 53) && d.mantissa > -((gint64)1 << 53);
	if (exact && !sticky && d.exponent <= 0 && d.exponent >= -22)
		return (double)(gint64)d.mantissa / powers[-d.exponent];
	for (Wide rest = d.mantissa < 0 ? -d.mantissa : d.mantissa; rest > 0; rest /= 10)
		digits[n++] = (char)('0' + (int)(rest % 10));
	if (n == 0)
		return 0;
	if (d.mantissa < 0)
		text[at++] = '-';
	while (n > 0)
		text[at++] = digits[--n];
	if (sticky) {
		text[at++] = '1';
		d.exponent--;
	}
	g_snprintf(text + at, (gulong)(sizeof text - at), "e%d", d.exponent);
	return text_to_double(text);
}

static double decimal_divide(Decimal a, Decimal b)
{
	int room = WIDE_DIGITS - 1 - wide_digits(a.mantissa);
	Wide scaled = a.mantissa * power_of_ten(room);
	Wide quotient = scaled / b.mantissa;
	Decimal out = {quotient, a.exponent - room - b.exponent};
	return decimal_double(out, scaled % b.mantissa != 0);
}

static double plain_apply(char op, double a, double b)
{
	switch (op) {
	case '+':
		return a + b;
	case '-':
		return a - b;
	case '*':
		return a * b;
	default:
		return a - b * floor(a / b);
	}
}

static double decimal_apply(char op, Number left, Number right)
{
	Decimal a = decimal_of(left), b = decimal_of(right);
	double x = left.decimal ? left.number : (double)left.integer,
		   y = right.decimal ? right.number : (double)right.integer;
	if (!isfinite(x) || !isfinite(y))
		return op == '/' ? x / y : plain_apply(op, x, y);
	if (op == '/')
		return decimal_divide(a, b);
	if (op == '*') {
		if (wide_digits(a.mantissa) + wide_digits(b.mantissa) >= WIDE_DIGITS)
			return x * y;
		return decimal_double((Decimal){a.mantissa * b.mantissa, a.exponent + b.exponent}, FALSE);
	}
	if (!align(&a, &b))
		return plain_apply(op, x, y);
	Wide value = op == '+'   ? a.mantissa + b.mantissa
				 : op == '-' ? a.mantissa - b.mantissa
							 : a.mantissa % b.mantissa;
	if (op == '%' && value != 0 && (value < 0) != (b.mantissa < 0))
		value += b.mantissa;
	return decimal_double((Decimal){value, a.exponent}, FALSE);
}

static gboolean integer_apply(char op, gint64 a, gint64 b, gint64 *out)
{
	switch (op) {
	case '+':
		return !__builtin_add_overflow(a, b, out);
	case '-':
		return !__builtin_sub_overflow(a, b, out);
	case '*':
		return !__builtin_mul_overflow(a, b, out);
	default:
		break;
	}
	if (b == -1) {
		*out = 0;
		return op == '%' || !__builtin_sub_overflow((gint64)0, a, out);
	}
	gint64 quotient = a / b, rest = a % b;
	if (rest != 0 && (rest < 0) != (b < 0)) {
		quotient--;
		rest += b;
	}
	*out = op == '/' ? quotient : rest;
	return TRUE;
}

gboolean number_apply(StetRender *r, char op, Number a, Number b, Number *out)
{
	gboolean zero = b.decimal ? b.number == 0 : b.integer == 0;
	if (zero && (op == '/' || op == '%')) {
		stet_render_fail(r, "liquid-zero", NULL, "divided by 0");
		return FALSE;
	}
	*out = (Number){a.decimal || b.decimal, 0, 0};
	if (out->decimal) {
		out->number = decimal_apply(op, a, b);
		return TRUE;
	}
	if (integer_apply(op, a.integer, b.integer, &out->integer))
		return TRUE;
	stet_render_fail(r, "liquid-number", NULL, "result too large for an integer");
	return FALSE;
}

/* ---- rounding ------------------------------------------------------------------------------ */

static gboolean to_integer(StetRender *r, Wide value, Number *out)
{
	if (value > G_MAXINT64 || value < G_MININT64) {
		stet_render_fail(r, "liquid-number", NULL, "result too large for an integer");
		return FALSE;
	}
	*out = (Number){FALSE, (gint64)value, 0};
	return TRUE;
}

/* `value` / 10^drop, to the nearest (direction 0, halves away from zero), down (-1) or up (1). */
static Wide drop_digits(Wide value, int drop, int direction)
{
	if (drop > WIDE_DIGITS)
		return direction == 0 || value == 0 || (value < 0) != (direction < 0) ? 0 : direction;
	Wide power = power_of_ten(drop), quotient = value / power, rest = value % power;
	if (direction == 0) {
		Wide size = rest < 0 ? -rest : rest;
		return size >= power - size && rest != 0 ? quotient + (value < 0 ? -1 : 1) : quotient;
	}
	if (direction < 0 && rest < 0)
		return quotient - 1;
	return direction > 0 && rest > 0 ? quotient + 1 : quotient;
}

static gboolean check_finite(StetRender *r, Number n)
{
	if (!n.decimal || isfinite(n.number))
		return TRUE;
	stet_render_fail(r, "liquid-number", NULL, "%s is not a number that can be rounded",
					 isnan(n.number) ? "NaN" : "infinity");
	return FALSE;
}

gboolean number_to_integer(StetRender *r, Number n, int direction, Number *out)
{
	*out = n;
	if (!n.decimal)
		return TRUE;
	if (!check_finite(r, n))
		return FALSE;
	Decimal d = decimal_of(n);
	if (d.exponent > 0) {
		if (wide_digits(d.mantissa) + d.exponent >= WIDE_DIGITS)
			return to_integer(r, (Wide)G_MAXINT64 + 1, out);
		return to_integer(r, d.mantissa * power_of_ten(d.exponent), out);
	}
	return to_integer(r, drop_digits(d.mantissa, -d.exponent, direction), out);
}

gboolean number_round(StetRender *r, Number n, gint64 digits, Number *out)
{
	*out = n;
	if (!check_finite(r, n))
		return FALSE;
	if (!n.decimal && digits >= 0)
		return TRUE;
	if (digits == 0)
		return number_to_integer(r, n, 0, out);
	digits = CLAMP(digits, -400, 400);
	Decimal d = decimal_of(n);
	int drop = -d.exponent - (int)digits;
	if (digits > 0) {
		if (drop > 0)
			out->number = decimal_double((Decimal){drop_digits(d.mantissa, drop, 0), (int)-digits}, FALSE);
		return TRUE;
	}
	Number whole;
	if (drop <= 0)
		return number_to_integer(r, n, 0, out);
	if (!to_integer(r, drop_digits(d.mantissa, drop, 0), &whole))
		return FALSE;
	if (whole.integer == 0)
		return to_integer(r, 0, out);
	return number_apply(r, '*', whole, (Number){FALSE, (gint64)power_of_ten((int)MIN(-digits, 18)), 0}, out);
}

/* ---- to and from values -------------------------------------------------------------------- */

/* Leading digits, as in "12 apples"; underscores between digits are skipped. 0 where there are none. */
gint64 text_to_integer(StetText text)
{
	gsize i = 0;
	while (i < text.len && g_ascii_isspace(text.ptr[i]))
		i++;
	gboolean minus = i < text.len && text.ptr[i] == '-';
	if (i < text.len && (text.ptr[i] == '-' || text.ptr[i] == '+'))
		i++;
	gint64 value = 0;
	for (; i < text.len; i++) {
		if (text.ptr[i] == '_' && i > 0 && g_ascii_isdigit(text.ptr[i - 1]))
			continue;
		if (!g_ascii_isdigit(text.ptr[i]))
			break;
		if (__builtin_mul_overflow(value, (gint64)10, &value) ||
			__builtin_add_overflow(value, (gint64)(text.ptr[i] - '0'), &value))
			return minus ? G_MININT64 : G_MAXINT64;
	}
	return minus ? -value : value;
}

/* -?digits.digits with blanks around it. */
static gboolean is_decimal(StetText text, char buffer[64])
{
	gsize from = 0, to = text.len, dots = 0;
	while (from < to && g_ascii_isspace(text.ptr[from]))
		from++;
	while (to > from && g_ascii_isspace(text.ptr[to - 1]))
		to--;
	gsize first = from < to && text.ptr[from] == '-' ? from + 1 : from;
	for (gsize i = first; i < to; i++) {
		if (text.ptr[i] == '.' && i > first && i + 1 < to)
			dots++;
		else if (!g_ascii_isdigit(text.ptr[i]))
			return FALSE;
	}
	if (dots != 1 || to - from >= 64)
		return FALSE;
	memcpy(buffer, text.ptr + from, to - from);
	buffer[to - from] = '\0';
	return TRUE;
}

Number number_of(StetRender *r, const StetValue *value)
{
	StetValue scratch;
	char buffer[64];
	value = value_plain(r, value, &scratch);
	switch (value->kind) {
	case STET_VALUE_INT:
		return (Number){FALSE, value->v.integer, 0};
	case STET_VALUE_FLOAT:
		return (Number){TRUE, 0, value->v.number};
	case STET_VALUE_TEXT: {
		StetText text = stet_value_string(r, value);
		if (is_decimal(text, buffer))
			return (Number){TRUE, 0, text_to_double(buffer)};
		return (Number){FALSE, text_to_integer(text), 0};
	}
	default:
		return (Number){FALSE, 0, 0};
	}
}

StetValue number_value(Number n)
{
	return n.decimal ? stet_value_float(n.number) : stet_value_int(n.integer);
}

int number_compare(Number a, Number b)
{
	if (!a.decimal && !b.decimal)
		return (a.integer > b.integer) - (a.integer < b.integer);
	double x = a.decimal ? a.number : (double)a.integer, y = b.decimal ? b.number : (double)b.integer;
	return (x > y) - (x < y);
}

gboolean stet_value_number(StetRender *r, const StetValue *value, double *number)
{
	StetValue scratch;
	value = value_plain(r, value, &scratch);
	if (value->kind == STET_VALUE_INT || value->kind == STET_VALUE_FLOAT) {
		*number = value->kind == STET_VALUE_INT ? (double)value->v.integer : value->v.number;
		return TRUE;
	}
	if (value->kind != STET_VALUE_TEXT)
		return FALSE;
	StetText text = stet_value_string(r, value);
	g_autofree char *copy = g_strndup(text.ptr, text.len);
	char *end = NULL;
	g_strstrip(copy);
	*number = g_ascii_strtod(copy, &end);
	return end != copy && *end == '\0' && isfinite(*number);
}

/* Integer(text) of the reference: a whole number and nothing else. */
gboolean render_integer(StetRender *r, const StetValue *value, gint64 *out)
{
	StetValue scratch;
	value = value_plain(r, value, &scratch);
	if (value->kind == STET_VALUE_INT) {
		*out = value->v.integer;
		return TRUE;
	}
	StetText text = stet_value_string(r, value);
	g_autofree char *copy = g_strndup(text.ptr, text.len);
	g_strstrip(copy);
	char *end = NULL;
	errno = 0;
	*out = g_ascii_strtoll(copy, &end, 10);
	if (*copy && *end == '\0')
		return TRUE;
	stet_render_fail(r, "liquid-number", NULL, "invalid integer: '%.40s'", copy);
	return FALSE;
}
