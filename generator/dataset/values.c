/* Text to values: numbers, dates and the string formats of Table Schema. No locale, no rounding. */
#include "private.h"

#include <errno.h>
#include <string.h>

const gint64 ds_powers[19] = {1,
							  10,
							  100,
							  1000,
							  10000,
							  100000,
							  1000000,
							  10000000,
							  100000000,
							  1000000000,
							  10000000000,
							  100000000000,
							  1000000000000,
							  10000000000000,
							  100000000000000,
							  1000000000000000,
							  10000000000000000,
							  100000000000000000,
							  1000000000000000000};

/* ---- numbers ------------------------------------------------------------------------------- */

gboolean ds_parse_integer(StetText text, gint64 *value, gboolean *overflow)
{
	const char *p = text.ptr, *end = p + text.len;
	gboolean negative = p < end && *p == '-';
	gint64 sum = 0;
	*overflow = FALSE;
	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (p == end)
		return FALSE;
	for (; p < end; p++) {
		if (*p < '0' || *p > '9')
			return FALSE;
		if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_sub_overflow(sum, *p - '0', &sum))
			*overflow = TRUE;
	}
	/* summed below zero, where one more value fits */
	if (!negative && sum == G_MININT64)
		*overflow = TRUE;
	*value = *overflow ? 0 : negative ? sum : -sum;
	return !*overflow;
}

gboolean ds_parse_decimal(StetText text, gint64 *mantissa, int *scale)
{
	const char *p = text.ptr, *end = p + text.len;
	gboolean negative = p < end && *p == '-';
	gint64 sum = 0;
	const char *point = NULL;
	int digits = 0, significant = 0;
	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (; p < end; p++) {
		if (*p == '.' && point == NULL) {
			point = p;
			continue;
		}
		unsigned digit = (unsigned)(*p - '0');
		if (digit > 9)
			return FALSE;
		digits++;
		significant += significant > 0 || digit > 0;
		if (significant > DS_SCALE_MAX || digits > 2 * DS_SCALE_MAX)
			return FALSE;
		sum = sum * 10 + digit;
	}
	if (digits == 0)
		return FALSE;
	*scale = point == NULL ? 0 : (int)(end - point - 1);
	*mantissa = negative ? -sum : sum;
	return *scale <= DS_SCALE_MAX;
}

gboolean ds_rescale(gint64 *mantissa, int from, int to)
{
	return !__builtin_mul_overflow(*mantissa, ds_powers[to - from], mantissa) && *mantissa < ds_powers[18] &&
		   *mantissa > -ds_powers[18];
}

gboolean ds_parse_double(StetText text, double *value)
{
	char buffer[400];
	gsize digits = 0;
	if (text.len == 0 || text.len >= sizeof buffer)
		return FALSE;
	/* digits, one point, one exponent: g_ascii_strtod alone would also take hexadecimal, nan and inf */
	for (gsize i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		digits += g_ascii_isdigit(c);
		if (!g_ascii_isdigit(c) && strchr("+-.eE", c) == NULL)
			return FALSE;
	}
	if (digits == 0)
		return FALSE;
	memcpy(buffer, text.ptr, text.len);
	buffer[text.len] = 0;
	char *end = NULL;
	errno = 0;
	*value = g_ascii_strtod(buffer, &end);
	return *end == 0 && *value <= G_MAXDOUBLE && *value >= -G_MAXDOUBLE;
}

/* ---- dates and times ----------------------------------------------------------------------- */

typedef struct {
	const char *p, *end;
	int year, month, day, hour, minute, second, day_of_year;
	gint64 micros;
	int offset; /* minutes east of UTC */
	gboolean pm, has_pm;
} Moment;

/* Up to `most` digits, at least `least`. */
static gboolean digits(Moment *m, int least, int most, int *value)
{
	int n = 0, sum = 0;
	while (n < most && m->p < m->end && g_ascii_isdigit(*m->p)) {
		sum = sum * 10 + (*m->p++ - '0');
		n++;
	}
	*value = sum;
	return n >= least;
}

static gboolean fraction(Moment *m)
{
	gint64 unit = 100000;
	int n = 0;
	for (m->micros = 0; m->p < m->end && g_ascii_isdigit(*m->p); m->p++, n++, unit /= 10)
		m->micros += unit * (*m->p - '0');
	return n > 0;
}

static gboolean zone(Moment *m)
{
	int hours = 0, minutes = 0;
	if (m->p < m->end && (*m->p == 'Z' || *m->p == 'z')) {
		m->p++;
		return TRUE;
	}
	if (m->p == m->end || (*m->p != '+' && *m->p != '-'))
		return FALSE;
	int sign = *m->p++ == '-' ? -1 : 1;
	if (!digits(m, 2, 2, &hours))
		return FALSE;
	if (m->p < m->end && *m->p == ':')
		m->p++;
	if (m->p < m->end && !digits(m, 2, 2, &minutes))
		return FALSE;
	m->offset = sign * (hours * 60 + minutes);
	return hours <= 14 && minutes < 60;
}

static const char *const MONTHS[] = {"january",  "february", "march",  "april",     "may",
									 "june",     "july",     "august", "september", "october",
									 "november", "december", NULL};
static const char *const DAYS[] = {"sunday",   "monday", "tuesday",  "wednesday",
								   "thursday", "friday", "saturday", NULL};

/* A name from the list, whole or its first three letters; 1-based. */
static int name(Moment *m, const char *const *names)
{
	gsize left = (gsize)(m->end - m->p);
	for (int i = 0; names[i] != NULL; i++) {
		gsize n = strlen(names[i]);
		if (left < n || g_ascii_strncasecmp(m->p, names[i], n) != 0)
			n = 3;
		if (left >= n && g_ascii_strncasecmp(m->p, names[i], n) == 0) {
			m->p += n;
			return i + 1;
		}
	}
	return 0;
}

/* One directive of strptime (POSIX.1-2017), English names only. */
static gboolean directive(Moment *m, char c)
{
	switch (c) {
	case 'Y':
		return digits(m, 4, 4, &m->year);
	case 'y':
		if (!digits(m, 2, 2, &m->year))
			return FALSE;
		m->year += m->year < 69 ? 2000 : 1900;
		return TRUE;
	case 'm':
		return digits(m, 1, 2, &m->month);
	case 'd':
	case 'e':
		return digits(m, 1, 2, &m->day);
	case 'j':
		return digits(m, 1, 3, &m->day_of_year);
	case 'H':
	case 'I':
		return digits(m, 1, 2, &m->hour);
	case 'M':
		return digits(m, 2, 2, &m->minute);
	case 'S':
		return digits(m, 2, 2, &m->second);
	case 'f':
		return fraction(m);
	case 'z':
	case 'Z':
		return zone(m);
	case 'b':
	case 'B':
	case 'h':
		return (m->month = name(m, MONTHS)) > 0;
	case 'a':
	case 'A':
		return name(m, DAYS) > 0;
	case 'p':
		if (m->end - m->p < 2 || g_ascii_tolower(m->p[1]) != 'm' || strchr("aApP", m->p[0]) == NULL)
			return FALSE;
		m->has_pm = TRUE;
		m->pm = g_ascii_tolower(*m->p) == 'p';
		m->p += 2;
		return TRUE;
	default:
		return FALSE;
	}
}

/* A pattern; %F and %T stand for %Y-%m-%d and %H:%M:%S. */
static gboolean match(Moment *m, const char *format)
{
	for (const char *f = format; *f != 0; f++) {
		if (*f == '%' && f[1] == 'F') {
			f++;
			if (!match(m, "%Y-%m-%d"))
				return FALSE;
		} else if (*f == '%' && f[1] == 'T') {
			f++;
			if (!match(m, "%H:%M:%S"))
				return FALSE;
		} else if (*f == '%' && f[1] != 0 && f[1] != '%') {
			if (!directive(m, *++f))
				return FALSE;
		} else {
			f += *f == '%';
			if (m->p == m->end || *m->p++ != *f)
				return FALSE;
		}
	}
	return TRUE;
}

static gboolean finish_clock(Moment *m)
{
	if (m->has_pm) {
		if (m->hour < 1 || m->hour > 12)
			return FALSE;
		m->hour = m->hour % 12 + (m->pm ? 12 : 0);
	}
	/* ISO 8601-1:2019 removed 24:00; leap seconds have no place in a count of microseconds */
	return m->hour < 24 && m->minute < 60 && m->second < 60;
}

/* Both patterns of ISO 8601 and what spreadsheets write, most certain first. */
static const char *const ANY_DATE[] = {"%Y-%m-%d", "%Y/%m/%d",  "%Y.%m.%d", "%Y%m%d",   "%d.%m.%Y",
									   "%d %B %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", NULL};
static const char *const ANY_CLOCK[] = {"%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", NULL};
static const char *const ISO_DATETIME[] = {
	"%Y-%m-%dT%H:%M:%S",      "%Y-%m-%dT%H:%M:%S%z",    "%Y-%m-%dT%H:%M:%S.%f",
	"%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S",      "%Y-%m-%d %H:%M:%S%z",
	"%Y-%m-%d %H:%M:%S.%f",   "%Y-%m-%d %H:%M:%S.%f%z", NULL};
static const char *const ANY_DATETIME[] = {"%Y-%m-%dT%H:%M:%S",
										   "%Y-%m-%dT%H:%M:%S%z",
										   "%Y-%m-%dT%H:%M:%S.%f",
										   "%Y-%m-%dT%H:%M:%S.%f%z",
										   "%Y-%m-%d %H:%M:%S",
										   "%Y-%m-%d %H:%M:%S%z",
										   "%Y-%m-%d %H:%M:%S.%f",
										   "%Y-%m-%d %H:%M:%S.%f%z",
										   "%Y-%m-%d %H:%M",
										   "%Y-%m-%dT%H:%M",
										   "%Y/%m/%d %H:%M:%S",
										   "%d.%m.%Y %H:%M:%S",
										   "%d.%m.%Y %H:%M",
										   "%Y-%m-%d",
										   NULL};

static gboolean match_whole(Moment *m, StetText text, const char *format)
{
	*m = (Moment){.p = text.ptr, .end = text.ptr + text.len, .month = 1, .day = 1};
	return match(m, format) && m->p == m->end;
}

static gboolean match_one_of(Moment *m, StetText text, const char *const *formats)
{
	for (; *formats != NULL; formats++)
		if (match_whole(m, text, *formats))
			return TRUE;
	return FALSE;
}

static gboolean match_format(Moment *m, StetText text, const char *format, const char *const *iso,
							 const char *const *any)
{
	if (g_str_equal(format, "default"))
		return match_one_of(m, text, iso);
	if (g_str_equal(format, "any"))
		return match_one_of(m, text, any);
	return match_whole(m, text, format);
}

static gboolean to_days(const Moment *m, gint64 *days)
{
	if (m->day_of_year > 0) {
		gint64 first = stet_date_days(m->year, 1, 1);
		*days = first + m->day_of_year - 1;
		return *days < stet_date_days(m->year + 1, 1, 1);
	}
	if (!stet_date_valid(m->year, m->month, m->day))
		return FALSE;
	*days = stet_date_days(m->year, m->month, m->day);
	return TRUE;
}

gboolean ds_parse_date(StetText text, const char *format, gint64 *days)
{
	static const char *const iso[] = {"%Y-%m-%d", NULL};
	const char *p = text.ptr;
	Moment m;
	if (g_str_equal(format, "default") && text.len == 10 && p[4] == '-' && p[7] == '-') {
		/* the usual case, without the automaton */
		int d[8];
		static const guint8 place[8] = {0, 1, 2, 3, 5, 6, 8, 9};
		for (int i = 0; i < 8; i++)
			if ((unsigned)(d[i] = p[place[i]] - '0') > 9)
				return FALSE;
		m = (Moment){.year = d[0] * 1000 + d[1] * 100 + d[2] * 10 + d[3],
					 .month = d[4] * 10 + d[5],
					 .day = d[6] * 10 + d[7]};
		return to_days(&m, days);
	}
	return match_format(&m, text, format, iso, ANY_DATE) && to_days(&m, days);
}

gboolean ds_parse_time(StetText text, const char *format, gint64 *micros)
{
	static const char *const iso[] = {"%H:%M:%S", "%H:%M:%S.%f", NULL};
	Moment m;
	if (!match_format(&m, text, format, iso, ANY_CLOCK) || !finish_clock(&m))
		return FALSE;
	*micros = (gint64)(m.hour * 3600 + m.minute * 60 + m.second) * G_USEC_PER_SEC + m.micros;
	return TRUE;
}

gboolean ds_parse_datetime(StetText text, const char *format, gint64 *micros)
{
	Moment m;
	gint64 days;
	if (!match_format(&m, text, format, ISO_DATETIME, ANY_DATETIME) || !finish_clock(&m) ||
		!to_days(&m, &days))
		return FALSE;
	gint64 seconds = days * 86400 + (gint64)m.hour * 3600 + m.minute * 60 + m.second - m.offset * 60;
	*micros = seconds * G_USEC_PER_SEC + m.micros;
	return TRUE;
}
