/* base: what every stage stands on - diagnostics, files, hashes, the worker pool, locales.
 *
 * In:     bytes and paths. Out: text, diagnostics, formatted numbers.
 * Owns:   what a *_new or *_dup function returns is the caller's, to be freed with the function
 *         named beside it; a const pointer is borrowed until its owner is freed.
 * Threads: StetDiagnostics may be added to from any thread; everything else is either const after
 *         creation (StetLocale included) or private to one thread.
 *
 *     g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
 *     stet_diagnose(diags, STET_ERROR, "csv-ragged", (StetPlace){"data/a.csv", 7, 1},
 *                   "add the missing cells", "row has %u cells, the header %u", 3, 4);
 */
#ifndef STET_BASE_H
#define STET_BASE_H

#include <glib.h>
#include <stdio.h>

#define STET_VERSION "0.1.0"

/* ---- text ---------------------------------------------------------------------------------- */

/* A view of bytes owned by someone else; not NUL-terminated. */
typedef struct {
	const char *ptr;
	gsize len;
} StetText;

StetText stet_text(const char *string);
gboolean stet_text_equal(StetText a, const char *b);

/* The candidate nearest to `word` (Damerau-Levenshtein, at most a third of its length away), or
 * NULL. `candidates` is NULL-terminated. For "did you mean" in messages. */
const char *stet_nearest(const char *word, const char *const *candidates);

/* Longest text stet_number_text writes, with its NUL. */
#define STET_NUMBER_MAX 40

/* The canonical form of a number: shortest decimal text that reads back as `value` rounded to 15
 * significant digits; no exponent between 1e-7 and 1e15, never a locale's comma. NaN and the
 * infinities give "". Returns `buffer`. */
char *stet_number_text(double value, char buffer[STET_NUMBER_MAX]);

/* `value` rounded to `digits` significant decimal digits (1-17). */
double stet_round_significant(double value, int digits);
/* `value` rounded half away from zero to `decimals` places. */
double stet_round_decimals(double value, int decimals);

/* JSON string literal with its quotes, appended to `out`; invalid UTF-8 becomes U+FFFD. */
void stet_json_string(GString *out, const char *text);

/* ---- arenas -------------------------------------------------------------------------------- */

/* Memory handed out in pieces and given back all at once (one arena a render, one a parse). For one
 * thread at a time. */
typedef struct StetArena StetArena;
StetArena *stet_arena_new(void);
void stet_arena_free(StetArena *arena);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetArena, stet_arena_free)
gpointer stet_arena_alloc(StetArena *arena, gsize size);   /* zeroed, 16-byte aligned */
/* A NUL-terminated copy of `length` bytes, or of the whole string if `length` is -1. */
char *stet_arena_text(StetArena *arena, const char *text, gssize length);
/* Makes everything handed out invalid and keeps the first block for the next use. */
void stet_arena_reset(StetArena *arena);
/* Bytes handed out since it was made or reset. */
gsize stet_arena_used(const StetArena *arena);

/* ---- diagnostics --------------------------------------------------------------------------- */

typedef enum { STET_NOTE, STET_WARNING, STET_ERROR } StetSeverity;

/* A place in a file of the report. `file` is relative to the report's folder; line and column
 * count from 1, the column in bytes; 0 means unknown. */
typedef struct {
	const char *file;
	guint line;
	guint column;
} StetPlace;

typedef struct {
	StetSeverity severity;
	char *code;    /* stable, kebab-case: csv-ragged */
	char *file;    /* may be NULL */
	guint line, column;
	char *message; /* complete, lower case, no full stop */
	char *mend;    /* what to do, or NULL */
} StetDiagnostic;

/* The faults of one report. Each code keeps its first 20 entries a file (all are counted). */
typedef struct StetDiagnostics StetDiagnostics;

StetDiagnostics *stet_diagnostics_new(void);
void stet_diagnostics_free(StetDiagnostics *diags);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetDiagnostics, stet_diagnostics_free)

/* Keep all entries in place of the first 20 (`--all`). */
void stet_diagnostics_keep_all(StetDiagnostics *diags);

/* Adds one entry; `mend` may be NULL. Texts are copied. The same words about the same line and column are said
 * and counted once. */
void stet_diagnose(StetDiagnostics *diags, StetSeverity severity, const char *code, StetPlace place,
                   const char *mend, const char *format, ...) G_GNUC_PRINTF(6, 7);

/* Moves all of `from` into `into`. A worker that must know whether its own work is sound reports to a list of
 * its own and hands it over at the end: counts on a shared list also count other threads' faults. */
void stet_diagnostics_take(StetDiagnostics *into, StetDiagnostics *from);

/* Entries reported with this severity, those beyond the cap included. */
guint stet_diagnostics_count(StetDiagnostics *diags, StetSeverity severity);

/* Entries reported with this code in all files, those beyond the cap included. */
guint stet_diagnostics_count_code(StetDiagnostics *diags, const char *code);

/* The kept entries sorted by file, line, column, code; then one note a capped code with the number
 * left out. Borrowed until the next call on `diags`. Elements are StetDiagnostic *. */
const GPtrArray *stet_diagnostics_sorted(StetDiagnostics *diags);

/* ---- files --------------------------------------------------------------------------------- */

/* The whole file; `*length` excludes the NUL that is added. NULL and `error` on failure.
 * Directories and files over 2 GiB are errors. */
char *stet_file_read(const char *path, gsize *length, GError **error);

/* Writes `path` whole or not at all (temporary file beside it, then rename); folders are made. */
gboolean stet_file_write(const char *path, const char *data, gsize length, GError **error);

/* Every regular file below `dir`, relative to it, sorted bytewise, '/' between folders. Hidden
 * names (leading dot) are left out. Elements are char *; a missing folder gives an empty list. */
GPtrArray *stet_files_list(const char *dir);

/* TRUE if `path` is relative and stays inside its folder: no "..", no leading '/', no NUL. */
gboolean stet_path_is_inside(const char *path);

/* Removes a folder and all in it; symbolic links are removed, not followed. */
gboolean stet_folder_remove(const char *dir, GError **error);

/* ---- hashes -------------------------------------------------------------------------------- */

#define STET_HASH_LEN 64 /* SHA-256 in hexadecimal, without the NUL */

typedef struct {
	char hex[STET_HASH_LEN + 1];
} StetHash;

StetHash stet_hash(const void *data, gsize length);
/* Reads the file in pieces. FALSE and `error` on failure. */
gboolean stet_hash_file(const char *path, StetHash *hash, guint64 *bytes, GError **error);

/* A hash fed in pieces: stet_hasher_new, any number of _add, then _end which also frees. */
typedef struct StetHasher StetHasher;
StetHasher *stet_hasher_new(void);
void stet_hasher_add(StetHasher *hasher, const void *data, gsize length);
StetHash stet_hasher_end(StetHasher *hasher);

/* ---- worker pool --------------------------------------------------------------------------- */

/* One item's work: `index` 0..n-1, `worker` 0..jobs-1 (for per-thread scratch). */
typedef void (*StetWork)(gsize index, guint worker, gpointer data);

/* Runs `work` for every index on up to `jobs` threads and returns when all are done. Items are
 * handed out in order; results must go to slots by index so that thread count never shows. */
void stet_parallel(guint jobs, gsize n, StetWork work, gpointer data);

/* ---- time ---------------------------------------------------------------------------------- */

/* Days since 1970-01-01 of a proleptic Gregorian date, and back. */
gint32 stet_date_days(int year, int month, int day);
void stet_date_split(gint32 days, int *year, int *month, int *day);
gboolean stet_date_valid(int year, int month, int day);
/* The last day of a period, ISO (g_free): "2025Q4" and "2025" give "2025-12-31", "2024-02" "2024-02-29", a day
 * itself, also with a time behind it. NULL: it is no period of these. */
char *stet_period_end(const char *period);

/* ---- locales ------------------------------------------------------------------------------- */

/* Number, date, currency and plural formats and sort order of one language, by ICU. Const and
 * usable from all threads. Strings returned are the caller's (g_free). */
typedef struct StetLocale StetLocale;

/* `tag` is BCP 47: "en", "de-CH". Unknown tags are an error. */
StetLocale *stet_locale_new(const char *tag, GError **error);
void stet_locale_free(StetLocale *locale);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StetLocale, stet_locale_free)

const char *stet_locale_tag(const StetLocale *locale);

/* How much room a quantity has. FULL for prose ("$1.23 billion", "3.2 models"),
 * COMPACT for tables and headlines ("$1.2B"), AXIS for ticks (no unit word; "1.2B"). */
typedef enum { STET_FULL, STET_COMPACT, STET_AXIS } StetRoom;

/* A value with its unit: unit percent takes values 0-100 and prints "67.0%"; "currency:USD" prints
 * "$1,234", from a million on "$1.23 million" unless decimals are given; a currency with k, m, bn or
 * tn behind it ("USD m") counts in thousands to trillions and prints 6770 as "$6.77 billion" (FULL) or
 * "$6.77B"; "count", "ratio", "index" and NULL print the bare number; any other unit is a plain word
 * put after the number ("3.2 models") where there is room (FULL only). Negative numbers carry a minus
 * sign (U+2212), and none where they round to nought.
 * `decimals` is the number of decimals shown, -1 for the unit's habit. */
char *stet_locale_quantity(const StetLocale *locale, double value, const char *unit, int decimals,
                           StetRoom room);
/* Whether `unit` is an amount of money, whose symbol stands by every number. */
gboolean stet_unit_is_money(const char *unit);
char *stet_locale_number(const StetLocale *locale, double value, int min_decimals, int max_decimals);
/* An ISO date (2025-03-31), quarter (2025Q4), year or month as a reader writes it: "31 March 2025",
 * "Q4 2025", "2025", "March 2025". Anything else comes back unchanged. */
char *stet_locale_period(const StetLocale *locale, const char *period);
/* The same in running text, where a quarter is spelt out in most languages: "4. Quartal 2025" (g_free). */
char *stet_locale_period_words(const StetLocale *locale, const char *period);
/* An ISO date in the style "full", "long", "medium" or "short" (g_free); NULL if `iso` is no date or the
 * style none of these. */
char *stet_locale_date(const StetLocale *locale, const char *iso, const char *style);
/* TRUE for 2025-03-31, alone or with a time behind it. */
gboolean stet_is_iso_date(const char *text);
/* CLDR's plural form of a number: "zero", "one", "two", "few", "many" or "other". Static. */
const char *stet_locale_plural(const StetLocale *locale, double number);
/* "4th", "4."; "twelve", "zwölf"; a text in quotation marks; "A, B and C" (each g_free). */
char *stet_locale_ordinal(const StetLocale *locale, gint64 number);
char *stet_locale_number_words(const StetLocale *locale, gint64 number);
char *stet_locale_quote(const StetLocale *locale, const char *text);
char *stet_locale_list(const StetLocale *locale, const char *const *texts, guint n);
gboolean stet_locale_is_rtl(const StetLocale *locale);
gboolean stet_locale_is_english(const StetLocale *locale);
/* Like strcmp, in the language's order. */
int stet_locale_compare(const StetLocale *locale, const char *a, const char *b);
/* The letter under which an index in this language has `text`: "E" for "Élan" in French, "Å" for "Ålborg" in
 * Danish, where it is a letter of its own; "0–9" before a digit, "#" where there is neither (g_free). */
char *stet_locale_letter(const StetLocale *locale, const char *text);
/* Lower-case ASCII for paths and ids: "Mistral AI" -> "mistral-ai", "Société" -> "societe". Never
 * empty: text without letters or digits gives "x" and eight digits of its hash. */
char *stet_slug(const char *text);
/* The same for ids that nobody types: Chinese characters give their code points ("通" -> "u901a"), because
 * ICU's rules for reading them take 80 ms to set up. */
char *stet_anchor(const char *text);

/* ---- encodings ----------------------------------------------------------------------------- */

/* `data` in any ICU encoding as UTF-8. On failure NULL and `error`; `*bad` is the offset of the
 * first byte that could not be read. */
char *stet_utf8_from(const char *encoding, const char *data, gsize length, gsize *out_length,
                     gsize *bad, GError **error);

#endif
