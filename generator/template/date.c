/* Dates for the `date` filter: read from what people write, written in strftime's notation as Ruby
 * extends it (flags -, 0, ^, _, #, widths, %L, %N, %s, %P). English names, no locale, no time zone of
 * the machine: a date without an offset is UTC. */
#include "liquid.h"

#define DAY 86400

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
									 "July",    "August",   "September", "October", "November", "December"};
static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
									   "Thursday", "Friday", "Saturday"};

/* ---- reading ------------------------------------------------------------------------------- */

#define DATE_TEXT_MAX 128

/* A text being read: lower case, and blanked where something was understood. */
typedef struct {
	char text[DATE_TEXT_MAX];
	gsize len;
	int year, month, day, hour, minute, second;
	gint64 nanoseconds;
	int offset;
	gboolean has_date, has_zone, utc;
} Reading;

static gsize digits_at(const Reading *d, gsize i)
{
	gsize n = 0;
	while (i + n < d->len && g_ascii_isdigit(d->text[i + n]))
		n++;
	return n;
}

static int number_at(const Reading *d, gsize i, gsize n)
{
	gint64 value = 0;
	for (gsize k = 0; k < n && value < 1000000; k++)
		value = value * 10 + (d->text[i + k] - '0');
	return (int)value;
}

static void blank_out(Reading *d, gsize from, gsize to)
{
	for (gsize i = from; i < to; i++)
		d->text[i] = ' ';
}

static gsize skip_spaces(const Reading *d, gsize i)
{
	while (i < d->len && d->text[i] == ' ')
		i++;
	return i;
}

static gboolean word_at(const Reading *d, gsize i, const char *word)
{
	gsize n = strlen(word);
	return i + n <= d->len && memcmp(d->text + i, word, n) == 0 &&
		   !(i + n < d->len && g_ascii_isalpha(d->text[i + n]));
}

/* "+02:00", "-0500", "utc+2", "z", "est" from `i` on; the end of what was read. */
static gsize read_zone(Reading *d, gsize i)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = {
		{"utc", 0},  {"gmt", 0},  {"ut", 0},   {"z", 0},    {"est", -5}, {"edt", -4},
		{"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7},
	};
	gsize start = skip_spaces(d, i);
	for (gsize k = 0; k < G_N_ELEMENTS(zones); k++) {
		if (word_at(d, start, zones[k].name)) {
			d->has_zone = TRUE;
			d->utc = zones[k].hours == 0;
			d->offset = zones[k].hours * 3600;
			return start + strlen(zones[k].name);
		}
	}
	if (start >= d->len || (d->text[start] != '+' && d->text[start] != '-'))
		return i;
	gsize n = digits_at(d, start + 1), end = start + 1 + n;
	int hours = number_at(d, start + 1, MIN(n, 2)), minutes = n >= 4 ? number_at(d, start + 3, 2) : 0;
	if (n == 0 || n == 3 || n > 6)
		return i;
	if (n <= 2 && end < d->len && d->text[end] == ':' && digits_at(d, end + 1) == 2) {
		minutes = number_at(d, end + 1, 2);
		end += 3;
	}
	d->has_zone = TRUE;
	d->offset = (hours * 3600 + minutes * 60) * (d->text[start] == '-' ? -1 : 1);
	return end;
}

static gsize read_half(const Reading *d, gsize i, int *hour)
{
	static const char *const halves[] = {"am", "pm", "a.m.", "p.m."};
	gsize start = skip_spaces(d, i);
	for (gsize k = 0; k < G_N_ELEMENTS(halves); k++) {
		if (word_at(d, start, halves[k]) && *hour <= 12) {
			*hour = *hour % 12 + (k % 2 == 1 ? 12 : 0);
			return start + strlen(halves[k]);
		}
	}
	return i;
}

static gsize read_fraction(Reading *d, gsize i)
{
	gsize n = i < d->len && (d->text[i] == '.' || d->text[i] == ',') ? digits_at(d, i + 1) : 0;
	if (n == 0)
		return i;
	gint64 scale = 100000000;
	for (gsize k = 0; k < n && scale > 0; k++, scale /= 10)
		d->nanoseconds += (d->text[i + 1 + k] - '0') * scale;
	return i + 1 + n;
}

/* hh:mm[:ss[.fraction]] [am|pm] [zone] */
static void read_time(Reading *d)
{
	for (gsize i = 0; i < d->len; i++) {
		gsize n = digits_at(d, i);
		if (n == 0)
			continue;
		gsize end = i + n;
		gboolean clock = n <= 2 && end < d->len && d->text[end] == ':' && digits_at(d, end + 1) == 2;
		if (clock) {
			d->hour = number_at(d, i, n);
			d->minute = number_at(d, end + 1, 2);
			end += 3;
			if (end < d->len && d->text[end] == ':' && digits_at(d, end + 1) == 2) {
				d->second = number_at(d, end + 1, 2);
				end = read_fraction(d, end + 3);
			}
			end = read_zone(d, read_half(d, end, &d->hour));
			/* The T between date and time. */
			gsize from = i > 0 && d->text[i - 1] == 't' ? i - 1 : i;
			blank_out(d, from, end);
			return;
		}
		int hour = n <= 2 ? number_at(d, i, n) : 24;
		gsize half = read_half(d, end, &hour);
		if (half != end) {
			d->hour = hour;
			blank_out(d, i, read_zone(d, half));
			return;
		}
		i = end;
	}
}

static int full_year(int year, gsize digits)
{
	return digits > 2 ? year : year < 69 ? 2000 + year : 1900 + year;
}

/* The month whose name begins at `i`, 0 if none; *end after the word. */
static int month_at(const Reading *d, gsize i, gsize *end)
{
	if (i > 0 && g_ascii_isalpha(d->text[i - 1]))
		return 0;
	for (int m = 0; m < 12; m++) {
		if (i + 3 <= d->len && g_ascii_strncasecmp(d->text + i, months[m], 3) == 0) {
			*end = i + 3;
			while (*end < d->len && (g_ascii_isalpha(d->text[*end]) || d->text[*end] == '.'))
				(*end)++;
			return m + 1;
		}
	}
	return 0;
}

/* The number after `i` past blanks, commas, hyphens and "th"; its digits, 0 if none. */
static gsize number_after(const Reading *d, gsize i, int *value, gsize *end)
{
	while (i < d->len && (d->text[i] == ' ' || d->text[i] == ',' || d->text[i] == '-' || d->text[i] == '\''))
		i++;
	gsize n = digits_at(d, i);
	*value = number_at(d, i, n);
	*end = i + n;
	static const char *const endings[] = {"st", "nd", "rd", "th"};
	for (gsize k = 0; k < G_N_ELEMENTS(endings); k++)
		if (n > 0 && word_at(d, *end, endings[k]))
			*end += 2;
	return n;
}

/* The number just before `i`. */
static gsize number_before(const Reading *d, gsize i, int *value)
{
	while (i > 0 && (d->text[i - 1] == ' ' || d->text[i - 1] == '-' || d->text[i - 1] == ','))
		i--;
	if (i >= 2 && g_ascii_isalpha(d->text[i - 1]) && i >= 3 && g_ascii_isdigit(d->text[i - 3]))
		i -= 2;
	gsize n = 0;
	while (n < i && g_ascii_isdigit(d->text[i - n - 1]))
		n++;
	*value = number_at(d, i - n, n);
	return n;
}

/* "14 March 2016", "March 14, 2016", "March 2016". */
static gboolean read_named_month(Reading *d)
{
	gsize end = 0;
	for (gsize i = 0; i < d->len; i++) {
		int month = month_at(d, i, &end), first, second;
		if (month == 0)
			continue;
		gsize stop, before = number_before(d, i, &first);
		d->month = month;
		if (before > 0 && before <= 2) {
			gsize n = number_after(d, end, &second, &stop);
			d->day = first;
			d->year = full_year(second, n);
			return n > 0;
		}
		gsize n = number_after(d, end, &first, &stop);
		if (n > 2) {
			d->year = first;
			d->day = 1;
			return TRUE;
		}
		gsize m = n > 0 ? number_after(d, stop, &second, &stop) : 0;
		d->day = n > 0 ? first : 1;
		d->year = m > 0 ? full_year(second, m) : first;
		if (m == 0 && before > 2) {
			number_before(d, i, &d->year);
			m = before;
		}
		return m > 0;
	}
	return FALSE;
}

/* Three numbers with one separator; a long first or last one is the year. */
static gboolean read_numbers(Reading *d)
{
	for (gsize i = 0; i < d->len; i++) {
		gsize a = digits_at(d, i), p = i + a;
		if (a == 0)
			continue;
		char mark = p < d->len ? d->text[p] : ' ';
		if (a == 8 && !g_ascii_isdigit(mark)) {
			d->year = number_at(d, i, 4);
			d->month = number_at(d, i + 4, 2);
			d->day = number_at(d, i + 6, 2);
			return TRUE;
		}
		if (mark != '-' && mark != '/' && mark != '.')
			return FALSE;
		gsize b = digits_at(d, p + 1), q = p + 1 + b;
		gsize c = b > 0 && q < d->len && d->text[q] == mark ? digits_at(d, q + 1) : 0;
		d->month = number_at(d, p + 1, b);
		if (c == 0)
			return FALSE;
		gboolean year_last = c > 2 && a <= 2;
		d->year = year_last ? number_at(d, q + 1, c) : full_year(number_at(d, i, a), a);
		d->day = year_last ? number_at(d, i, a) : number_at(d, q + 1, c);
		return b <= 2;
	}
	return FALSE;
}

/* hhmmss after a compact date's T. */
static void read_compact_time(Reading *d)
{
	for (gsize i = 0; i + 15 <= d->len; i++) {
		if (digits_at(d, i) == 8 && d->text[i + 8] == 't' && digits_at(d, i + 9) == 6) {
			d->hour = number_at(d, i + 9, 2);
			d->minute = number_at(d, i + 11, 2);
			d->second = number_at(d, i + 13, 2);
			blank_out(d, i + 8, read_zone(d, i + 15));
		}
	}
}

gboolean moment_of_seconds(gint64 seconds, Moment *moment)
{
	*moment = (Moment){seconds, 0, 0, TRUE};
	return seconds > -62135596800 && seconds < 253402300800;
}

static gboolean read_seconds(StetText text, Moment *moment)
{
	if (text.len == 0 || text.len > 18)
		return FALSE;
	for (gsize i = 0; i < text.len; i++)
		if (!g_ascii_isdigit(text.ptr[i]))
			return FALSE;
	return moment_of_seconds(text_to_integer(text), moment);
}

gboolean moment_parse(StetText text, Moment *moment)
{
	Reading d = {.len = text.len};
	if (read_seconds(text, moment))
		return TRUE;
	if (text.len == 0 || text.len >= DATE_TEXT_MAX)
		return FALSE;
	for (gsize i = 0; i < text.len; i++)
		d.text[i] = g_ascii_isspace(text.ptr[i]) ? ' ' : g_ascii_tolower(text.ptr[i]);
	read_compact_time(&d);
	read_time(&d);
	if (!read_named_month(&d) && !read_numbers(&d))
		return FALSE;
	if (!stet_date_valid(d.year, d.month, d.day) || d.hour > 24 || d.minute > 59 || d.second > 60)
		return FALSE;
	gint64 seconds = (gint64)stet_date_days(d.year, d.month, d.day) * DAY;
	*moment = (Moment){seconds + (gint64)d.hour * 3600 + (gint64)d.minute * 60 + d.second - d.offset,
					   d.nanoseconds, d.offset, d.utc || !d.has_zone};
	return TRUE;
}

/* ---- writing ------------------------------------------------------------------------------- */

/* A moment taken apart, in its own offset. */
typedef struct {
	const Moment *moment;
	int year, month, day, hour, minute, second, weekday, yearday;
} Parts;

static Parts take_apart(const Moment *moment)
{
	Parts p = {.moment = moment};
	gint64 local = moment->seconds + moment->offset;
	gint64 days = local / DAY - (local % DAY < 0);
	int rest = (int)(local - days * DAY);
	stet_date_split((gint32)days, &p.year, &p.month, &p.day);
	p.hour = rest / 3600;
	p.minute = rest / 60 % 60;
	p.second = rest % 60;
	p.weekday = (int)(((days + 4) % 7 + 7) % 7);
	p.yearday = (int)(days - stet_date_days(p.year, 1, 1)) + 1;
	return p;
}

/* ISO 8601 week and its year. */
static int iso_week(const Parts *p, int *year)
{
	int monday = (p->weekday + 6) % 7;
	int week = (p->yearday - 1 - monday + 10) / 7;
	*year = p->year;
	if (week < 1) {
		(*year)--;
		int days = stet_date_days(p->year, 1, 1) - stet_date_days(p->year - 1, 1, 1);
		week = (p->yearday - 1 + days - monday + 10) / 7;
	} else if (week == 53) {
		int days = stet_date_days(p->year + 1, 1, 1) - stet_date_days(p->year, 1, 1);
		if (days - p->yearday < 3 - monday) {
			(*year)++;
			week = 1;
		}
	}
	return week;
}

/* How a directive is padded: `pad` 0 means its habit. */
typedef struct {
	char pad;
	gboolean none, upper, swap;
	int colons, width;
} Format;

static void put_number(GString *out, const Format *f, gint64 value, int width, char pad)
{
	char digits[FLOAT_TEXT_MAX];
	gsize n = integer_text(value < 0 ? -value : value, digits);
	int want = f->none ? 0 : f->width > 0 ? f->width : width;
	char with = f->pad ? f->pad : pad;
	want -= value < 0;
	if (value < 0 && with == '0')
		g_string_append_c(out, '-');
	for (int i = (int)n; i < want; i++)
		g_string_append_c(out, with);
	if (value < 0 && with != '0')
		g_string_append_c(out, '-');
	g_string_append_len(out, digits, (gssize)n);
}

static void put_text(GString *out, const Format *f, const char *text, gssize length)
{
	gsize n = length < 0 ? strlen(text) : (gsize)length;
	for (gsize i = n; !f->none && i < (gsize)f->width; i++)
		g_string_append_c(out, f->pad == '0' ? '0' : ' ');
	for (gsize i = 0; i < n; i++) {
		char c = text[i];
		g_string_append_c(out, f->upper ? g_ascii_toupper(c) : f->swap ? g_ascii_toupper(c) : c);
	}
}

static void put_half(GString *out, const Format *f, const Parts *p, gboolean lower)
{
	const char *text = p->hour < 12 ? (lower ? "am" : "AM") : (lower ? "pm" : "PM");
	if (f->swap)
		text = lower ? (p->hour < 12 ? "AM" : "PM") : p->hour < 12 ? "am" : "pm";
	Format plain = *f;
	plain.swap = FALSE;
	put_text(out, &plain, text, -1);
}

static void put_fraction(GString *out, const Format *f, const Parts *p, int habit)
{
	int width = f->width > 0 ? MIN(f->width, 100) : habit;
	gint64 rest = p->moment->nanoseconds, scale = 100000000;
	for (int i = 0; i < width; i++) {
		g_string_append_c(out, "0123456789"[scale > 0 ? rest / scale % 10 : 0]);
		rest = scale > 0 ? rest % scale : 0;
		scale /= 10;
	}
}

static void put_offset(GString *out, const Format *f, const Parts *p)
{
	int minutes = ABS(p->moment->offset) / 60;
	char text[24];
	char sign = p->moment->offset < 0 ? '-' : '+';
	if (f->colons == 3 && minutes % 60 == 0) /* as short as may be */
		g_snprintf(text, sizeof text, "%c%02d", sign, minutes / 60);
	else
		g_snprintf(text, sizeof text, "%c%02d%s%02d%s", sign, minutes / 60, f->colons > 0 ? ":" : "",
				   minutes % 60, f->colons == 2 ? ":00" : "");
	g_string_append(out, text);
}

static void put_numbers(GString *out, const Format *f, const Parts *p, char directive)
{
	int hour12 = p->hour % 12 == 0 ? 12 : p->hour % 12, iso_year, week = iso_week(p, &iso_year);
	const struct {
		gint64 value;
		int width;
		char directive, pad;
	} numbers[] = {
		{p->year, p->year < 0 ? 5 : 4, 'Y', '0'},
		{p->year / 100, 2, 'C', '0'},
		{p->year % 100, 2, 'y', '0'},
		{p->month, 2, 'm', '0'},
		{p->day, 2, 'd', '0'},
		{p->day, 2, 'e', ' '},
		{p->yearday, 3, 'j', '0'},
		{p->hour, 2, 'H', '0'},
		{p->hour, 2, 'k', ' '},
		{hour12, 2, 'I', '0'},
		{hour12, 2, 'l', ' '},
		{p->minute, 2, 'M', '0'},
		{p->second, 2, 'S', '0'},
		{p->moment->seconds, 1, 's', '0'},
		{p->weekday == 0 ? 7 : p->weekday, 1, 'u', '0'},
		{p->weekday, 1, 'w', '0'},
		{(p->yearday + 6 - p->weekday) / 7, 2, 'U', '0'},
		{(p->yearday + 6 - (p->weekday + 6) % 7) / 7, 2, 'W', '0'},
		{week, 2, 'V', '0'},
		{iso_year, 4, 'G', '0'},
		{iso_year % 100, 2, 'g', '0'},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(numbers); i++)
		if (numbers[i].directive == directive)
			put_number(out, f, numbers[i].value, numbers[i].width, numbers[i].pad);
}

static void put_composite(GString *out, const Format *f, const Parts *p, char directive)
{
	static const struct {
		char directive;
		const char *format;
	} composites[] = {
		{'c', "%a %b %e %H:%M:%S %Y"},
		{'D', "%m/%d/%y"},
		{'F', "%Y-%m-%d"},
		{'T', "%H:%M:%S"},
		{'X', "%H:%M:%S"},
		{'x', "%m/%d/%y"},
		{'R', "%H:%M"},
		{'r', "%I:%M:%S %p"},
		{'v', "%e-%^b-%Y"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(composites); i++) {
		if (composites[i].directive == directive) {
			GString *text = g_string_new(NULL);
			moment_format(p->moment, stet_text(composites[i].format), text);
			put_text(out, f, text->str, (gssize)text->len);
			g_string_free(text, TRUE);
		}
	}
}

/* FALSE for a letter that is no directive. */
static gboolean put_directive(GString *out, const Format *f, const Parts *p, char directive)
{
	if (strchr("YCymdejHkIlMSsuwUWVGg", directive))
		put_numbers(out, f, p, directive);
	else if (strchr("cDFTXxRrv", directive))
		put_composite(out, f, p, directive);
	else if (directive == 'A' || directive == 'a')
		put_text(out, f, weekdays[p->weekday], directive == 'a' ? 3 : -1);
	else if (directive == 'B' || directive == 'b' || directive == 'h')
		put_text(out, f, months[p->month - 1], directive == 'B' ? -1 : 3);
	else if (directive == 'p' || directive == 'P')
		put_half(out, f, p, directive == 'P');
	else if (directive == 'L' || directive == 'N')
		put_fraction(out, f, p, directive == 'L' ? 3 : 9);
	else if (directive == 'z')
		put_offset(out, f, p);
	else if (directive == 'Z')
		put_text(out, &(Format){.width = f->width}, !p->moment->utc ? "" : f->swap ? "utc" : "UTC", -1);
	else if (strchr("nt%", directive))
		g_string_append_c(out, directive == 'n' ? '\n' : directive == 't' ? '\t' : '%');
	else
		return FALSE;
	return TRUE;
}

/* Flags and width from `i` on; the place of the directive. */
static gsize read_format(StetText format, gsize i, Format *f)
{
	for (; i < format.len; i++) {
		char c = format.ptr[i];
		if (c == '-')
			f->none = TRUE;
		else if (c == '^')
			f->upper = TRUE;
		else if (c == '#')
			f->swap = TRUE;
		else if (c == '_')
			f->pad = ' ';
		else if (c == '0')
			f->pad = '0';
		else if (c == ':')
			f->colons++;
		else
			break;
	}
	for (; i < format.len && g_ascii_isdigit(format.ptr[i]); i++)
		f->width = MIN(f->width * 10 + (format.ptr[i] - '0'), 1024);
	/* E and O ask for another calendar or other digits, which this locale has not. */
	if (i + 1 < format.len && ((format.ptr[i] == 'E' && strchr("cCxXyY", format.ptr[i + 1])) ||
							   (format.ptr[i] == 'O' && strchr("deHkIlmMSuUVwWy", format.ptr[i + 1]))))
		i++;
	return i;
}

void moment_format(const Moment *moment, StetText format, GString *out)
{
	Parts parts = take_apart(moment);
	for (gsize i = 0; i < format.len; i++) {
		if (format.ptr[i] != '%') {
			g_string_append_c(out, format.ptr[i]);
			continue;
		}
		Format f = {0};
		gsize at = read_format(format, i + 1, &f);
		if (at < format.len && format.ptr[at] != '\0' && put_directive(out, &f, &parts, format.ptr[at])) {
			i = at;
		} else {
			g_string_append_c(out, '%');
		}
	}
}
