/* What a language says around numbers: plural forms, ordinals, number words, quotation marks, lists, dates. */
#include "stet/base.h"

#include <math.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/ulistformatter.h>
#include <unicode/uloc.h>
#include <unicode/ulocdata.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#define TEXT_MAX 512 /* UChars of one text */

/* ICU's own spelling of the locale. */
static const char *icu_id(const StetLocale *locale, char id[ULOC_FULLNAME_CAPACITY])
{
	UErrorCode status = U_ZERO_ERROR;
	uloc_forLanguageTag(stet_locale_tag(locale), id, ULOC_FULLNAME_CAPACITY, NULL, &status);
	return id;
}

static char *to_utf8(const UChar *text, int32_t length)
{
	UErrorCode status = U_ZERO_ERROR;
	gsize capacity = (gsize)MAX(length, 0) * 3 + 1;
	char *out = g_malloc(capacity);
	int32_t written = 0;
	u_strToUTF8(out, (int32_t)capacity, &written, text, length, &status);
	out[U_SUCCESS(status) ? written : 0] = 0;
	return out;
}

gboolean stet_locale_is_english(const StetLocale *locale)
{
	const char *tag = stet_locale_tag(locale);
	return strncmp(tag, "en", 2) == 0 && (tag[2] == 0 || tag[2] == '-');
}

gboolean stet_locale_is_rtl(const StetLocale *locale)
{
	char id[ULOC_FULLNAME_CAPACITY];
	return uloc_isRightToLeft(icu_id(locale, id)) != 0;
}

const char *stet_locale_plural(const StetLocale *locale, double number)
{
	static const char *const forms[] = {"zero", "one", "two", "few", "many", "other"};
	char id[ULOC_FULLNAME_CAPACITY], name[16] = "";
	UChar text[16];
	UErrorCode status = U_ZERO_ERROR;
	UPluralRules *rules = uplrules_openForType(icu_id(locale, id), UPLURAL_TYPE_CARDINAL, &status);
	int32_t n = U_SUCCESS(status) ? uplrules_select(rules, number, text, G_N_ELEMENTS(text), &status) : 0;
	if (U_SUCCESS(status) && n > 0 && n < (int32_t)sizeof name)
		u_UCharsToChars(text, name, n + 1);
	uplrules_close(rules);
	for (guint i = 0; i < G_N_ELEMENTS(forms); i++)
		if (strcmp(forms[i], name) == 0)
			return forms[i];
	return "other";
}

/* By ICU's rule-based formats (CLDR's RBNF). */
static char *by_rules(const StetLocale *locale, UNumberFormatStyle style, gint64 number)
{
	char id[ULOC_FULLNAME_CAPACITY];
	UChar text[TEXT_MAX];
	UErrorCode status = U_ZERO_ERROR;
	UNumberFormat *format = unum_open(style, NULL, 0, icu_id(locale, id), NULL, &status);
	int32_t n = U_SUCCESS(status) ? unum_formatInt64(format, number, text, TEXT_MAX, NULL, &status) : 0;
	unum_close(format);
	return U_SUCCESS(status) ? to_utf8(text, n) : g_strdup_printf("%" G_GINT64_FORMAT, number);
}

char *stet_locale_ordinal(const StetLocale *locale, gint64 number)
{
	return by_rules(locale, UNUM_ORDINAL, number);
}

char *stet_locale_number_words(const StetLocale *locale, gint64 number)
{
	return by_rules(locale, UNUM_SPELLOUT, number);
}

char *stet_locale_quote(const StetLocale *locale, const char *text)
{
	char id[ULOC_FULLNAME_CAPACITY];
	UChar open[8], close[8];
	UErrorCode status = U_ZERO_ERROR;
	ULocaleData *data = ulocdata_open(icu_id(locale, id), &status);
	int32_t opens = 0, closes = 0;
	if (U_SUCCESS(status)) {
		opens = ulocdata_getDelimiter(data, ULOCDATA_QUOTATION_START, open, G_N_ELEMENTS(open), &status);
		closes = ulocdata_getDelimiter(data, ULOCDATA_QUOTATION_END, close, G_N_ELEMENTS(close), &status);
	}
	ulocdata_close(data);
	if (U_FAILURE(status))
		return g_strconcat("\"", text, "\"", NULL);
	g_autofree char *before = to_utf8(open, opens), *after = to_utf8(close, closes);
	/* French sets guillemets off by a narrow space that does not break. */
	gboolean spaced = strcmp(before, "\xC2\xAB") == 0 && g_str_has_prefix(stet_locale_tag(locale), "fr") && !strstr(stet_locale_tag(locale), "CH");
	const char *space = spaced ? "\xE2\x80\xAF" : "";
	return g_strconcat(before, space, text, space, after, NULL);
}

char *stet_locale_list(const StetLocale *locale, const char *const *texts, guint n)
{
	char id[ULOC_FULLNAME_CAPACITY];
	UErrorCode status = U_ZERO_ERROR;
	g_autoptr(GPtrArray) wide = g_ptr_array_new_with_free_func(g_free);
	int32_t room = 1;
	for (guint i = 0; i < n; i++) {
		int32_t length = 0;
		gsize bytes = strlen(texts[i]);
		UChar *text = g_new0(UChar, bytes + 1);
		u_strFromUTF8WithSub(text, (int32_t)bytes + 1, &length, texts[i], (int32_t)bytes, 0xFFFD, NULL, &status);
		room += length + 16;
		g_ptr_array_add(wide, text);
	}
	UListFormatter *format = ulistfmt_open(icu_id(locale, id), &status);
	g_autofree UChar *out = g_new(UChar, (gsize)room);
	int32_t length = U_SUCCESS(status) ? ulistfmt_format(format, (const UChar *const *)(gpointer)wide->pdata, NULL, (int32_t)n, out, room, &status) : 0;
	ulistfmt_close(format);
	return U_SUCCESS(status) ? to_utf8(out, length) : g_strjoinv(", ", (char **)texts);
}

/* ---- dates --------------------------------------------------------------------------------- */

static char *with_format(UDateFormat *format, const char *iso)
{
	UChar text[TEXT_MAX];
	UErrorCode status = U_ZERO_ERROR;
	int year = (int)g_ascii_strtoll(iso, NULL, 10), month = (int)g_ascii_strtoll(iso + 5, NULL, 10), day = (int)g_ascii_strtoll(iso + 8, NULL, 10);
	int32_t n = udat_format(format, stet_date_days(year, month, day) * 86400000.0, text, TEXT_MAX, NULL, &status);
	return U_SUCCESS(status) ? to_utf8(text, n) : g_strdup(iso);
}

gboolean stet_is_iso_date(const char *text)
{
	if (strlen(text) < 10 || text[4] != '-' || text[7] != '-' || (text[10] && text[10] != 'T' && text[10] != ' '))
		return FALSE;
	for (guint i = 0; i < 10; i++)
		if (i != 4 && i != 7 && !g_ascii_isdigit(text[i]))
			return FALSE;
	return stet_date_valid((int)g_ascii_strtoll(text, NULL, 10), (int)g_ascii_strtoll(text + 5, NULL, 10), (int)g_ascii_strtoll(text + 8, NULL, 10));
}

char *stet_locale_date(const StetLocale *locale, const char *iso, const char *style)
{
	static const struct {
		const char *name;
		UDateFormatStyle style;
	} styles[] = {{"full", UDAT_FULL}, {"long", UDAT_LONG}, {"medium", UDAT_MEDIUM}, {"short", UDAT_SHORT}};
	char id[ULOC_FULLNAME_CAPACITY];
	UErrorCode status = U_ZERO_ERROR;
	for (guint i = 0; stet_is_iso_date(iso) && i < G_N_ELEMENTS(styles); i++) {
		if (strcmp(styles[i].name, style) != 0)
			continue;
		UDateFormat *format = udat_open(UDAT_NONE, styles[i].style, icu_id(locale, id), u"UTC", -1, NULL, 0, &status);
		char *text = U_SUCCESS(status) ? with_format(format, iso) : g_strdup(iso);
		udat_close(format);
		return text;
	}
	return NULL;
}

char *stet_locale_period_words(const StetLocale *locale, const char *period)
{
	gboolean quarter = strlen(period) == 6 && period[4] == 'Q' && period[5] >= '1' && period[5] <= '4';
	for (guint i = 0; quarter && i < 4; i++)
		quarter = g_ascii_isdigit(period[i]) != 0;
	if (!quarter || stet_locale_is_english(locale))
		return stet_locale_period(locale, period);
	char id[ULOC_FULLNAME_CAPACITY];
	UChar pattern[64];
	UErrorCode status = U_ZERO_ERROR;
	UDateTimePatternGenerator *generator = udatpg_open(icu_id(locale, id), &status);
	int32_t n = udatpg_getBestPattern(generator, u"yQQQQ", -1, pattern, G_N_ELEMENTS(pattern), &status);
	udatpg_close(generator);
	UDateFormat *format = udat_open(UDAT_PATTERN, UDAT_PATTERN, id, u"UTC", -1, pattern, n, &status);
	g_autofree char *first = g_strdup_printf("%.4s-%02d-01", period, (period[5] - '1') * 3 + 1);
	char *text = U_SUCCESS(status) ? with_format(format, first) : g_strdup(period);
	udat_close(format);
	return text;
}
