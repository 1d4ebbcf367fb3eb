#include "stet/base.h"

#include <math.h>
#include <string.h>

StetText stet_text(const char *string)
{
	return (StetText){string, strlen(string)};
}

gboolean stet_text_equal(StetText a, const char *b)
{
	return strlen(b) == a.len && memcmp(a.ptr, b, a.len) == 0;
}

/* ---- nearest word -------------------------------------------------------------------------- */

#define WORD_MAX 64

/* Damerau-Levenshtein distance (optimal string alignment); words are cut at WORD_MAX bytes. */
static guint edit_distance(const char *a, const char *b)
{
	guint rows[3][WORD_MAX + 1];
	gsize n = MIN(strlen(a), WORD_MAX), m = MIN(strlen(b), WORD_MAX);
	for (guint j = 0; j <= m; j++)
		rows[0][j] = j;
	for (guint i = 1; i <= n; i++) {
		guint *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
		now[0] = i;
		for (guint j = 1; j <= m; j++) {
			guint cost = g_ascii_tolower(a[i - 1]) != g_ascii_tolower(b[j - 1]);
			guint best = MIN(MIN(last[j] + 1, now[j - 1] + 1), last[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = MIN(best, before[j - 2] + 1);
			now[j] = best;
		}
	}
	return rows[n % 3][m];
}

const char *stet_nearest(const char *word, const char *const *candidates)
{
	const char *best = NULL;
	guint best_distance = (guint)MIN(strlen(word), WORD_MAX) / 3 + 1;
	for (gsize i = 0; candidates && candidates[i]; i++) {
		guint distance = edit_distance(word, candidates[i]);
		if (distance < best_distance) {
			best = candidates[i];
			best_distance = distance;
		}
	}
	return best;
}

/* ---- numbers ------------------------------------------------------------------------------- */

#define DIGITS 15 /* every decimal of 15 significant digits survives a double */

/* Powers of ten that doubles hold exactly, as far as a report's numbers go. */
#define POWERS 16
static const double powers[POWERS] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
#define DECIMALS_MAX 12

/* Most numbers of a report are short decimals: w / 10^k for a whole w of at most 15 digits. A quotient of two
 * doubles that are exact is correctly rounded, so the first k that gives back the value gives the digits that
 * 15 significant ones would, without their zeros (a decimal of 15 digits survives a double, C11 DBL_DIG).
 * Returns k, or -1; the size must be below `limit` once it is whole. */
static int decimals_of(double size, double limit, double *whole)
{
	for (int k = 0; k <= DECIMALS_MAX && size * powers[k] < limit; k++) {
		*whole = rint(size * powers[k]);
		if (*whole / powers[k] == size)
			return k;
	}
	return -1;
}

double stet_round_significant(double value, int digits)
{
	char text[STET_NUMBER_MAX];
	double whole;
	if (!isfinite(value) || value == 0)
		return value == 0 ? 0 : value;
	int known = CLAMP(digits, 1, POWERS - 1);
	if (digits == known && decimals_of(fabs(value), powers[known], &whole) >= 0)
		return value;
	char format[8];
	g_snprintf(format, sizeof format, "%%.%de", CLAMP(digits, 1, 17) - 1);
	g_ascii_formatd(text, sizeof text, format, value);
	return g_ascii_strtod(text, NULL);
}

double stet_round_decimals(double value, int decimals)
{
	/* 15 digits first, so that 1.005 held as 1.00499999999999989 rounds as it was written. */
	double exact = stet_round_significant(value, DIGITS);
	double power = pow(10, CLAMP(decimals, -300, 300));
	double scaled = stet_round_significant(exact * power, DIGITS);
	if (!isfinite(scaled) || fabs(scaled) > 1e15)
		return exact;
	double rounded = round(scaled) / power;
	return rounded == 0 ? 0 : rounded;
}

/* Writes digits d (no point) times 10^exponent as plain decimal text. */
static void plain_decimal(char *out, const char *digits, int count, int point)
{
	char *p = out;
	if (point <= 0) {
		*p++ = '0';
		*p++ = '.';
		for (int i = point; i < 0; i++)
			*p++ = '0';
	}
	for (int i = 0; i < count || i < point; i++) {
		if (i == point && point > 0)
			*p++ = '.';
		*p++ = i < count ? digits[i] : '0';
	}
	*p = 0;
}

static gboolean short_decimal(double value, char *out)
{
	double size = fabs(value), whole = 0;
	if (size != 0 && (size < 1e-6 || size >= 1e14))
		return FALSE;
	int k = decimals_of(size, 1e15, &whole);
	if (k < 0)
		return FALSE;
	char digits[24];
	int n = 0;
	for (guint64 rest = (guint64)whole; rest > 0 || n <= k; rest /= 10)
		digits[n++] = (char)('0' + rest % 10);
	if (value < 0)
		*out++ = '-';
	for (int i = n; i-- > 0;) {
		*out++ = digits[i];
		if (i == k && k > 0)
			*out++ = '.';
	}
	*out = 0;
	return TRUE;
}

char *stet_number_text(double value, char buffer[STET_NUMBER_MAX])
{
	if (!isfinite(value)) {
		buffer[0] = 0;
		return buffer;
	}
	if (short_decimal(value, buffer))
		return buffer;
	char text[STET_NUMBER_MAX], digits[DIGITS + 1];
	g_ascii_formatd(text, sizeof text, "%.14e", fabs(value));
	int exponent = (int)g_ascii_strtoll(strchr(text, 'e') + 1, NULL, 10);
	digits[0] = text[0];
	memcpy(digits + 1, text + 2, DIGITS - 1);
	int count = DIGITS;
	while (count > 1 && digits[count - 1] == '0')
		count--;
	char *p = buffer;
	if (value == 0)
		return memcpy(buffer, "0", 2);
	if (value < 0)
		*p++ = '-';
	if (exponent < -7 || exponent >= 15) {
		digits[count] = 0;
		gsize room = STET_NUMBER_MAX - (gsize)(p - buffer);
		if (count > 1)
			g_snprintf(p, room, "%c.%se%d", digits[0], digits + 1, exponent);
		else
			g_snprintf(p, room, "%ce%d", digits[0], exponent);
		return buffer;
	}
	plain_decimal(p, digits, count, exponent + 1);
	return buffer;
}

/* ---- JSON ---------------------------------------------------------------------------------- */

void stet_json_string(GString *out, const char *text)
{
	g_autofree char *valid = g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
	const char *run = valid ? valid : text, *p = run;
	g_string_append_c(out, '"');
	for (; *p; p++) {
		guchar c = (guchar)*p;
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		g_string_append_len(out, run, p - run);
		run = p + 1;
		if (c == '\n')
			g_string_append(out, "\\n");
		else if (c == '\t')
			g_string_append(out, "\\t");
		else if (c < 0x20)
			g_string_append_printf(out, "\\u%04x", c);
		else
			g_string_append_printf(out, "\\%c", c);
	}
	g_string_append_len(out, run, p - run);
	g_string_append_c(out, '"');
}
