#include "stet/base.h"

static gboolean is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

gboolean stet_date_valid(int year, int month, int day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (month < 1 || month > 12 || day < 1)
		return FALSE;
	return day <= days[month - 1] + (month == 2 && is_leap(year));
}

/* Counts in 400-year eras of 146,097 days with the year beginning in March, so that the leap day
 * comes last. */
gint32 stet_date_days(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int year_of_era = y - era * 400;
	int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

void stet_date_split(gint32 days, int *year, int *month, int *day)
{
	gint64 z = (gint64)days + 719468;
	gint64 era = (z >= 0 ? z : z - 146096) / 146097;
	int day_of_era = (int)(z - era * 146097);
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int shifted = (5 * day_of_year + 2) / 153;
	*day = day_of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = (int)(year_of_era + era * 400) + (*month <= 2);
}

/* `n` digits at `text` as a number, -1 if they are none. */
static int digits(const char *text, guint n)
{
	int number = 0;
	for (guint i = 0; i < n; i++) {
		if (!g_ascii_isdigit(text[i]))
			return -1;
		number = number * 10 + text[i] - '0';
	}
	return number;
}

char *stet_period_end(const char *period)
{
	int year = digits(period, 4), month = -1, day = 0;
	if (year < 0)
		return NULL;
	const char *rest = period + 4;
	if (*rest == 0)
		month = 12;
	else if ((rest[0] == 'Q' || rest[0] == 'q') && rest[1] >= '1' && rest[1] <= '4' && rest[2] == 0)
		month = 3 * (rest[1] - '0');
	else if (rest[0] == '-')
		month = digits(rest + 1, 2);
	if (month > 0 && *rest == '-' && rest[3] == '-' && (day = digits(rest + 4, 2)) >= 0 && (rest[6] == 0 || rest[6] == 'T' || rest[6] == ' '))
		return stet_date_valid(year, month, day) ? g_strdup_printf("%04d-%02d-%02d", year, month, day) : NULL;
	if (month < 1 || month > 12 || day != 0 || (*rest == '-' && rest[3] != 0))
		return NULL;
	for (day = 31; !stet_date_valid(year, month, day);)
		day--;
	return g_strdup_printf("%04d-%02d-%02d", year, month, day);
}
