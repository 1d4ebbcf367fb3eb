#include "stet/base.h"

#include <math.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uchar.h>
#include <unicode/uloc.h>
#include <unicode/unorm2.h>
#include <unicode/unumberformatter.h>
#include <unicode/ustring.h>
#include <unicode/uscript.h>
#include <unicode/utrans.h>

#define TEXT_MAX 256          /* UChars of one formatted value */
#define PERIODS_MAX 20000     /* formatted periods remembered */

struct StetLocale {
	char *tag;
	char *id;                 /* ICU's own spelling */
	guint serial;             /* tells locales apart that lived at one address */
	UCollator *collator;      /* frozen: safe to share */
	GMutex lock;              /* guards the two tables; the formatters themselves are const */
	GHashTable *numbers;      /* skeleton -> UNumberFormatter */
	GHashTable *periods;      /* "2025Q4" -> "Q4 2025" */
};

static char *to_utf8(const UChar *text, int32_t length)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t need = 0;
	u_strToUTF8(NULL, 0, &need, text, length, &status);
	status = U_ZERO_ERROR;
	char *out = g_malloc((gsize)need + 1);
	u_strToUTF8(out, need + 1, NULL, text, length, &status);
	return out;
}

static void close_number(gpointer data)
{
	unumf_close(data);
}

StetLocale *stet_locale_new(const char *tag, GError **error)
{
	char id[ULOC_FULLNAME_CAPACITY], language[ULOC_LANG_CAPACITY];
	UErrorCode status = U_ZERO_ERROR;
	int32_t parsed = 0;
	uloc_forLanguageTag(tag, id, sizeof id, &parsed, &status);
	uloc_getLanguage(id, language, sizeof language, &status);
	UErrorCode opened = U_ZERO_ERROR;
	UCollator *collator = U_SUCCESS(status) && (gsize)parsed == strlen(tag) && *language
		? ucol_open(id, &opened) : NULL;
	if (!collator || U_FAILURE(opened) || !*uloc_getISO3Language(id)) {
		if (collator)
			ucol_close(collator);
		g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_NO_CONVERSION,
		            "'%s' is no language tag (write it as BCP 47 has it: en, de-CH)", tag);
		return NULL;
	}
	StetLocale *locale = g_new0(StetLocale, 1);
	static guint serials;
	locale->serial = __atomic_add_fetch(&serials, 1, __ATOMIC_RELAXED);
	locale->tag = g_strdup(tag);
	locale->id = g_strdup(id);
	locale->collator = collator;
	g_mutex_init(&locale->lock);
	locale->numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, close_number);
	locale->periods = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return locale;
}

void stet_locale_free(StetLocale *locale)
{
	if (!locale)
		return;
	g_hash_table_unref(locale->numbers);
	g_hash_table_unref(locale->periods);
	ucol_close(locale->collator);
	g_mutex_clear(&locale->lock);
	g_free(locale->tag);
	g_free(locale->id);
	g_free(locale);
}

const char *stet_locale_tag(const StetLocale *locale)
{
	return locale->tag;
}

/* The tables behind a const locale are memory of work done, not state. */
static StetLocale *memory_of(const StetLocale *locale)
{
	union { const StetLocale *in; StetLocale *out; } cast = {locale};
	return cast.out;
}

/* ---- numbers ------------------------------------------------------------------------------- */

static const UNumberFormatter *formatter_for(const StetLocale *locale, const char *skeleton)
{
	StetLocale *memory = memory_of(locale);
	g_mutex_lock(&memory->lock);
	UNumberFormatter *formatter = g_hash_table_lookup(memory->numbers, skeleton);
	if (!formatter) {
		UChar text[TEXT_MAX];
		UErrorCode status = U_ZERO_ERROR;
		int32_t length = 0;
		u_strFromUTF8(text, TEXT_MAX, &length, skeleton, -1, &status);
		formatter = unumf_openForSkeletonAndLocale(text, length, locale->id, &status);
		if (U_FAILURE(status)) {
			unumf_close(formatter);
			formatter = NULL;
		} else {
			g_hash_table_insert(memory->numbers, g_strdup(skeleton), formatter);
		}
	}
	g_mutex_unlock(&memory->lock);
	return formatter;
}

/* CLDR writes a hyphen for minus in most languages; print has a sign of its own for it (U+2212). */
static char *with_minus(char *text)
{
	if (!strchr(text, '-'))
		return text;
	g_auto(GStrv) pieces = g_strsplit(text, "-", -1);
	g_free(text);
	return g_strjoinv("\u2212", pieces);
}

/* `skeleton` in ICU's language of number skeletons. What rounds to nought has no sign. */
static char *format_number(const StetLocale *locale, const char *skeleton, double value)
{
	char plain[STET_NUMBER_MAX];
	UChar text[TEXT_MAX];
	UErrorCode status = U_ZERO_ERROR;
	g_autofree char *whole = g_strconcat(skeleton, " rounding-mode-half-up sign-negative", NULL);
	const UNumberFormatter *formatter = formatter_for(locale, whole);
	UFormattedNumber *result = formatter ? unumf_openResult(&status) : NULL;
	if (!result)
		return g_strdup(stet_number_text(value, plain));
	unumf_formatDouble(formatter, value, result, &status);
	int32_t length = unumf_resultToString(result, text, TEXT_MAX, &status);
	unumf_closeResult(result);
	return U_SUCCESS(status) ? with_minus(to_utf8(text, length)) : g_strdup(stet_number_text(value, plain));
}

/* ICU's fraction precision: "." then a 0 for each decimal always shown, a # for each shown if needed. */
static void precision(GString *skeleton, int min_decimals, int max_decimals)
{
	int low = CLAMP(min_decimals, 0, 15), high = CLAMP(max_decimals, low, 15);
	if (high == 0) {
		g_string_append(skeleton, " precision-integer");
		return;
	}
	g_string_append(skeleton, " .");
	for (int i = 0; i < high; i++)
		g_string_append_c(skeleton, i < low ? '0' : '#');
}

char *stet_locale_number(const StetLocale *locale, double value, int min_decimals, int max_decimals)
{
	g_autoptr(GString) skeleton = g_string_new(NULL);
	precision(skeleton, min_decimals, max_decimals);
	return format_number(locale, skeleton->str, value);
}

/* What a unit does unless told: decimals[0] at least, decimals[1] at most. */
typedef struct {
	const char *unit;
	gboolean worded;          /* its name follows the number in prose */
	int least, most;
} UnitHabit;

static const UnitHabit habits[] = {
	{"percent", FALSE, 1, 1},
	{"percentage points", TRUE, 1, 1},
	{"ratio", FALSE, 2, 2},
	{"count", FALSE, 0, 0},
	{"index", FALSE, 1, 1},
};

static const UnitHabit *habit_of(const char *unit, double value)
{
	static const UnitHabit whole = {"", TRUE, 0, 0}, broken = {"", TRUE, 1, 2};
	for (guint i = 0; unit && i < G_N_ELEMENTS(habits); i++)
		if (strcmp(habits[i].unit, unit) == 0)
			return &habits[i];
	return value == floor(value) || fabs(value) >= 1000 ? &whole : &broken;
}

/* From here on a number is shortened ("1.2M") where there is little room. */
static gboolean shortened(double value, StetRoom room)
{
	return room != STET_FULL && fabs(value) >= 1e5;
}

/* The decimals of a shortened number, or those of a tick; else as they are. */
static void fit_decimals(double value, StetRoom room, gboolean given, int *least, int *most)
{
	if (shortened(value, room)) {
		*least = 0;
		*most = room == STET_AXIS ? 2 : 1;
	} else if (room == STET_AXIS && !given) {
		*least = 0;
		*most = 6;
	}
}

/* ---- money --------------------------------------------------------------------------------- */

typedef struct {
	char code[4];             /* ISO 4217 */
	double factor;            /* currency units in one of the report's: 1e6 for "USD m" */
} Money;

/* "currency:USD", or a currency in thousands, millions, billions or trillions: "USD k", "USD m"... */
static gboolean read_money(const char *unit, Money *money)
{
	static const struct { const char *suffix; double factor; } scales[] = {
		{" k", 1e3}, {" m", 1e6}, {" bn", 1e9}, {" tn", 1e12},
	};
	gboolean plain = unit && g_str_has_prefix(unit, "currency:");
	const char *code = plain ? unit + strlen("currency:") : unit;
	for (guint i = 0; i < 3; i++)
		if (!code || !g_ascii_isupper(code[i]))
			return FALSE;
	g_strlcpy(money->code, code, sizeof money->code);
	money->factor = 1;
	if (plain)
		return code[3] == '\0';
	for (guint i = 0; i < G_N_ELEMENTS(scales); i++)
		if (strcmp(code + 3, scales[i].suffix) == 0)
			money->factor = scales[i].factor;
	return money->factor > 1;
}

gboolean stet_unit_is_money(const char *unit)
{
	Money money;
	return read_money(unit, &money);
}

static char *plain_money(const StetLocale *locale, double value, const char *code, int decimals, StetRoom room)
{
	gboolean cents = fabs(value) < 1000 && fabs(value - rint(value)) > 1e-6;
	int least = decimals >= 0 ? decimals : cents ? 2 : 0, most = least;
	g_autoptr(GString) skeleton = g_string_new(NULL);
	g_string_printf(skeleton, "currency/%s unit-width-narrow%s", code, shortened(value, room) ? " compact-short" : "");
	fit_decimals(value, room, decimals >= 0, &least, &most);
	precision(skeleton, least, most);
	return format_number(locale, skeleton->str, value);
}

/* "$6.77 billion". ICU has no long pattern for shortened currencies, so the words take the place of the
 * one in one dollar, which puts sign and symbol where the language wants them. */
static char *worded_money(const StetLocale *locale, double value, const char *code, const char *digits)
{
	g_autofree char *amount = g_strconcat("compact-long ", digits, NULL);
	g_autofree char *frame = g_strdup_printf("currency/%s unit-width-narrow precision-integer", code);
	g_autofree char *words = format_number(locale, amount, fabs(value));
	g_autofree char *one = format_number(locale, "precision-integer", 1);
	g_autofree char *single = format_number(locale, frame, value < 0 ? -1 : 1);
	const char *at = strstr(single, one);
	if (!at)
		return g_strconcat(single, " ", words, NULL);
	return g_strdup_printf("%.*s%s%s", (int)(at - single), single, words, at + strlen(one));
}

/* Large amounts show three significant digits unless told otherwise. */
static char *money_text(const StetLocale *locale, double value, const Money *money, int decimals, StetRoom room)
{
	double amount = value * money->factor;
	gboolean whole = money->factor <= 1 && (decimals >= 0 || room != STET_FULL || fabs(amount) < 1e6);
	if (whole || fabs(amount) < 1000)
		return plain_money(locale, amount, money->code, money->factor > 1 ? -1 : decimals, room);
	g_autoptr(GString) digits = g_string_new(NULL);
	if (room == STET_AXIS)
		precision(digits, 0, 2);
	else if (decimals >= 0)
		precision(digits, decimals, decimals);
	else
		g_string_assign(digits, " @@@/w");
	if (room == STET_FULL)
		return worded_money(locale, amount, money->code, digits->str);
	g_autofree char *skeleton = g_strdup_printf("compact-short currency/%s unit-width-narrow%s", money->code, digits->str);
	return format_number(locale, skeleton, amount);
}

static char *quantity_text(const StetLocale *locale, double value, const char *unit, int decimals, StetRoom room)
{
	Money money;
	if (read_money(unit, &money))
		return money_text(locale, value, &money, decimals, room);
	const UnitHabit *habit = habit_of(unit, value);
	int least = decimals >= 0 ? decimals : habit->least, most = decimals >= 0 ? decimals : habit->most;
	g_autoptr(GString) skeleton = g_string_new(shortened(value, room) ? "compact-short" : "");
	if (unit && strcmp(unit, "percent") == 0)
		g_string_append(skeleton, " percent");
	fit_decimals(value, room, decimals >= 0, &least, &most);
	precision(skeleton, least, most);
	char *number = format_number(locale, skeleton->str, value);
	if (!unit || room != STET_FULL || !habit->worded)
		return number;
	char *text = g_strconcat(number, "\u00a0", unit, NULL);
	g_free(number);
	return text;
}

/* A page writes one value many times: in a table, beside a bar, in its title, in the words under the chart.
 * Each thread remembers what it wrote last, each entry in the one place its hash gives. */
#define QUANTITIES 512        /* a power of two */
#define UNIT_MAX 24

typedef struct {
	double value;
	guint serial;
	int decimals;
	StetRoom room;
	char unit[UNIT_MAX];
	char *text;
} Quantity;

static void free_quantities(gpointer data)
{
	Quantity *quantities = data;
	for (guint i = 0; i < QUANTITIES; i++)
		g_free(quantities[i].text);
	g_free(quantities);
}

static Quantity *quantity_slot(double value, const char *unit, int decimals, StetRoom room)
{
	static GPrivate own = G_PRIVATE_INIT(free_quantities);
	Quantity *quantities = g_private_get(&own);
	if (!quantities) {
		quantities = g_new0(Quantity, QUANTITIES);
		g_private_set(&own, quantities);
	}
	guint64 bits;
	memcpy(&bits, &value, sizeof bits);
	bits ^= (guint64)g_str_hash(unit) << 16 ^ (guint64)(guint)(decimals + 2) << 8 ^ (guint64)room;
	bits *= G_GUINT64_CONSTANT(0x9E3779B97F4A7C15); /* 2^64 over the golden ratio: spreads neighbours (Knuth 6.4) */
	return &quantities[bits >> 55];
}

char *stet_locale_quantity(const StetLocale *locale, double value, const char *unit, int decimals, StetRoom room)
{
	if (!isfinite(value))
		return g_strdup("–");
	if (unit && (!*unit || strlen(unit) >= UNIT_MAX)) /* "" stands for no unit below */
		return quantity_text(locale, value, unit, decimals, room);
	Quantity *slot = quantity_slot(value, unit ? unit : "", decimals, room);
	gboolean found = slot->text && slot->value == value && slot->serial == locale->serial &&
	                 slot->decimals == decimals && slot->room == room && strcmp(slot->unit, unit ? unit : "") == 0;
	if (found)
		return g_strdup(slot->text);
	g_free(slot->text);
	*slot = (Quantity){value, locale->serial, decimals, room, "", quantity_text(locale, value, unit, decimals, room)};
	g_strlcpy(slot->unit, unit ? unit : "", sizeof slot->unit);
	return g_strdup(slot->text);
}

/* ---- periods ------------------------------------------------------------------------------- */

/* Reads "2025", "2025-03", "2025-03-31" or "2025Q4"; returns the pattern skeleton to show it with. */
static const char *read_period(const char *period, int *year, int *month, int *day)
{
	gsize length = strlen(period);
	for (gsize i = 0; i < length; i++)
		if (!g_ascii_isdigit(period[i]) && period[i] != ((i == 4 && length == 6) ? 'Q' : '-'))
			return NULL;
	if (length != 4 && length != 6 && length != 7 && length != 10)
		return NULL;
	*year = (int)g_ascii_strtoll(period, NULL, 10);
	*month = *day = 1;
	if (length == 6 && period[4] == 'Q' && period[5] >= '1' && period[5] <= '4')
		return *month = (period[5] - '1') * 3 + 1, "yQQQ";
	if (length == 4)
		return "y";
	if (length == 6 || period[4] != '-' || (length == 10 && period[7] != '-'))
		return NULL;
	*month = (int)g_ascii_strtoll(period + 5, NULL, 10);
	if (length == 10)
		*day = (int)g_ascii_strtoll(period + 8, NULL, 10);
	if (!stet_date_valid(*year, *month, *day))
		return NULL;
	return length == 7 ? "yMMMM" : "yMMMMd";
}

/* ISO 8601 counts days by the Gregorian calendar before 1582 too; ICU turns to the Julian one there. */
static void make_proleptic(UDateFormat *format, UErrorCode *status)
{
	UErrorCode other = U_ZERO_ERROR; /* of a language with another calendar */
	UCalendar *calendar = U_SUCCESS(*status) ? ucal_clone(udat_getCalendar(format), status) : NULL;
	if (!calendar)
		return;
	ucal_setGregorianChange(calendar, -184303902528000000.0, &other); /* the first day ICU knows */
	if (U_SUCCESS(other))
		udat_setCalendar(format, calendar);
	ucal_close(calendar);
}

static char *format_period(const StetLocale *locale, const char *period)
{
	int year, month, day;
	const char *wanted = read_period(period, &year, &month, &day);
	if (!wanted || *wanted == 0)
		return g_strdup(period);
	if (strcmp(wanted, "y") == 0)
		return g_strdup(period);
	UChar skeleton[16], pattern[64], text[TEXT_MAX];
	UErrorCode status = U_ZERO_ERROR;
	u_uastrcpy(skeleton, wanted);
	UDateTimePatternGenerator *generator = udatpg_open(locale->id, &status);
	int32_t n = udatpg_getBestPattern(generator, skeleton, -1, pattern, G_N_ELEMENTS(pattern), &status);
	udatpg_close(generator);
	UDateFormat *format = udat_open(UDAT_PATTERN, UDAT_PATTERN, locale->id, u"UTC", -1, pattern, n, &status);
	make_proleptic(format, &status);
	int32_t length = U_SUCCESS(status)
		? udat_format(format, stet_date_days(year, month, day) * 86400000.0, text, TEXT_MAX, NULL, &status) : 0;
	udat_close(format);
	return U_SUCCESS(status) ? to_utf8(text, length) : g_strdup(period);
}

char *stet_locale_period(const StetLocale *locale, const char *period)
{
	StetLocale *memory = memory_of(locale);
	g_mutex_lock(&memory->lock);
	char *text = g_strdup(g_hash_table_lookup(memory->periods, period));
	if (!text) {
		text = format_period(locale, period);
		if (g_hash_table_size(memory->periods) < PERIODS_MAX)
			g_hash_table_insert(memory->periods, g_strdup(period), g_strdup(text));
	}
	g_mutex_unlock(&memory->lock);
	return text;
}

int stet_locale_compare(const StetLocale *locale, const char *a, const char *b)
{
	UErrorCode status = U_ZERO_ERROR;
	UCollationResult order = ucol_strcollUTF8(locale->collator, a, -1, b, -1, &status);
	return U_SUCCESS(status) && order != UCOL_EQUAL ? (int)order : strcmp(a, b);
}

/* Whether the language takes the two for the same letter, with or without an accent: equal primary weights
 * (Unicode Technical Standard 10, section 3). */
static gboolean same_letter(const StetLocale *locale, gunichar a, gunichar b)
{
	uint8_t keys[2][64];
	const gunichar letters[2] = {a, b};
	for (guint i = 0; i < 2; i++) {
		UChar text[2];
		int32_t n = 0;
		U16_APPEND_UNSAFE(text, n, letters[i]);
		int32_t length = ucol_getSortKey(locale->collator, text, n, keys[i], sizeof keys[i]);
		/* Primary weights end where the first 01 stands. */
		uint8_t *end = length <= (int32_t)sizeof keys[i] ? memchr(keys[i], 1, (gsize)length) : NULL;
		if (!end)
			return FALSE;
		*end = 0;
	}
	return strcmp((const char *)keys[0], (const char *)keys[1]) == 0;
}

char *stet_locale_letter(const StetLocale *locale, const char *text)
{
	const char *p = text;
	while (*p && g_utf8_get_char_validated(p, -1) < (gunichar)-2 && !g_unichar_isalnum(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	gunichar c = *p ? g_utf8_get_char_validated(p, -1) : 0;
	if (c == 0 || c >= (gunichar)-2)
		return g_strdup("#");
	if (g_unichar_isdigit(c))
		return g_strdup("0–9");
	gunichar apart[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
	c = g_unichar_toupper(c);
	gsize n = c < 0x80 ? 0 : g_unichar_fully_decompose(c, FALSE, apart, G_N_ELEMENTS(apart));
	if (n > 1 && apart[0] != c && same_letter(locale, c, apart[0]))
		c = apart[0];
	GString *letter = g_string_new(NULL);
	g_string_append_unichar(letter, c);
	return g_string_free(letter, FALSE);
}

/* ---- slugs --------------------------------------------------------------------------------- */

/* Latin letters that do not come apart into a base and a mark. */
static const struct {
	UChar letter;
	const char *ascii;
} latin_letters[] = {
	{0xDF, "ss"}, {0xE6, "ae"}, {0xC6, "ae"}, {0xF8, "o"}, {0xD8, "o"}, {0x153, "oe"}, {0x152, "oe"}, {0x142, "l"},
	{0x141, "l"}, {0x111, "d"}, {0x110, "d"}, {0xF0, "d"}, {0xD0, "d"}, {0xFE, "th"}, {0xDE, "th"}, {0x131, "i"},
};

static const char *latin_letter(UChar c)
{
	for (guint i = 0; i < G_N_ELEMENTS(latin_letters); i++)
		if (latin_letters[i].letter == c)
			return latin_letters[i].ascii;
	return NULL;
}

/* The same for text in Latin letters alone, without a transliterator (whose rules take up to 80 ms to load);
 * NULL if another script's letter is met. */
static char *latin_to_ascii(const char *text)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar whole[512], apart[1024];
	int32_t n = 0;
	u_strFromUTF8WithSub(whole, G_N_ELEMENTS(whole), &n, text, -1, ' ', NULL, &status);
	const UNormalizer2 *decompose = unorm2_getNFKDInstance(&status);
	n = U_SUCCESS(status) ? unorm2_normalize(decompose, whole, n, apart, G_N_ELEMENTS(apart), &status) : 0;
	if (U_FAILURE(status))
		return NULL;
	GString *ascii = g_string_new(NULL);
	for (int32_t i = 0; i < n; i++) {
		const char *letter = apart[i] < 0x80 ? NULL : latin_letter(apart[i]);
		if (letter)
			g_string_append(ascii, letter);
		else if (apart[i] < 0x80)
			g_string_append_c(ascii, (char)apart[i]);
		else if (U16_IS_SURROGATE(apart[i]) || u_isalnum(apart[i]))
			return g_string_free(ascii, TRUE);
		else if (u_charType(apart[i]) != U_NON_SPACING_MARK)
			g_string_append_c(ascii, ' ');
	}
	return g_string_free(ascii, FALSE);
}

/* Any script to ASCII letters. One transliterator for the process, made when first needed (it takes
 * milliseconds) and used under a lock, as ICU asks. */
static char *to_ascii(const char *text)
{
	static GMutex lock;
	static UTransliterator *shared;
	UErrorCode status = U_ZERO_ERROR;
	gsize bytes = strlen(text);
	if (bytes > 4096)
		bytes = 4096;
	int32_t capacity = (int32_t)bytes * 8 + 64, length = 0;
	g_autofree UChar *buffer = g_new(UChar, (gsize)capacity);
	u_strFromUTF8WithSub(buffer, capacity, &length, text, (int32_t)bytes, ' ', NULL, &status);
	int32_t limit = length;
	g_mutex_lock(&lock);
	if (!shared) {
		static const UChar id[] = u"Any-Latin; Latin-ASCII; Lower";
		shared = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	}
	if (U_SUCCESS(status))
		utrans_transUChars(shared, buffer, &length, capacity, 0, &limit, &status);
	g_mutex_unlock(&lock);
	return U_SUCCESS(status) ? to_utf8(buffer, length) : g_strdup("");
}

/* ASCII in the alphabet of addresses: `plain` in lower case, runs of anything else one hyphen. */
static char *hyphenated(const char *plain, const char *text)
{
	GString *slug = g_string_new(NULL);
	for (const char *p = plain; *p; p++) {
		if (g_ascii_isalnum(*p))
			g_string_append_c(slug, g_ascii_tolower(*p));
		else if (*p != '\'' && slug->len && slug->str[slug->len - 1] != '-')
			g_string_append_c(slug, '-');
	}
	if (slug->len && slug->str[slug->len - 1] == '-')
		g_string_truncate(slug, slug->len - 1);
	if (slug->len == 0)
		g_string_printf(slug, "x%.8s", stet_hash(text, strlen(text)).hex);
	return g_string_free(slug, FALSE);
}

char *stet_slug(const char *text)
{
	g_autofree char *plain = g_str_is_ascii(text) ? g_strdup(text) : latin_to_ascii(text);
	if (!plain)
		plain = to_ascii(text);
	return hyphenated(plain, text);
}

char *stet_anchor(const char *text)
{
	if (g_str_is_ascii(text))
		return hyphenated(text, text);
	g_autoptr(GString) bare = g_string_new(NULL);
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char_validated(p, -1);
		if (c >= (gunichar)-2) /* no UTF-8: stet_slug knows what to do */
			return stet_slug(text);
		if (uscript_hasScript((UChar32)c, USCRIPT_HAN))
			g_string_append_printf(bare, "u%x", c);
		else
			g_string_append_unichar(bare, c);
	}
	g_autofree char *slug = stet_slug(bare->str);
	return g_steal_pointer(&slug);
}

/* ---- encodings ----------------------------------------------------------------------------- */

char *stet_utf8_from(const char *encoding, const char *data, gsize length, gsize *out_length, gsize *bad,
                     GError **error)
{
	UErrorCode status = U_ZERO_ERROR;
	UConverter *from = ucnv_open(encoding, &status), *to = ucnv_open("UTF-8", &status);
	if (U_FAILURE(status)) {
		ucnv_close(from);
		ucnv_close(to);
		g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_NO_CONVERSION, "unknown encoding '%s'", encoding);
		return NULL;
	}
	ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
	GString *out = g_string_sized_new(length + length / 2);
	UChar pivot[1024], *source = pivot;
	UChar *target = pivot;
	const char *p = data, *end = data + length;
	gboolean more = TRUE, reset = TRUE;
	while (more && U_SUCCESS(status)) {
		char piece[4096], *q = piece;
		ucnv_convertEx(to, from, &q, piece + sizeof piece, &p, end, pivot, &source, &target,
		               pivot + G_N_ELEMENTS(pivot), (UBool)reset, TRUE, &status);
		reset = FALSE;
		g_string_append_len(out, piece, q - piece);
		more = status == U_BUFFER_OVERFLOW_ERROR;
		if (more)
			status = U_ZERO_ERROR;
	}
	ucnv_close(from);
	ucnv_close(to);
	if (U_FAILURE(status)) {
		if (bad)
			*bad = p > data ? (gsize)(p - data) - 1 : 0;
		g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_ILLEGAL_SEQUENCE, "bytes that are no %s", encoding);
		g_string_free(out, TRUE);
		return NULL;
	}
	*out_length = out->len;
	return g_string_free(out, FALSE);
}
