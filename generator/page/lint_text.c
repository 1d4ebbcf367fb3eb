/* Rules about English prose, each over one plain text. */
#include "page/lint.h"

#include <string.h>

/* The next word at `*p`, NULL at the end: letters, digits, hyphens and apostrophes; moves `*p` behind it. */
static const char *next_word(const char **p, gsize *length)
{
	const char *q = *p;
	while (*q && !g_unichar_isalnum(g_utf8_get_char(q)))
		q = g_utf8_next_char(q);
	const char *begin = q;
	while (*q) {
		gunichar c = g_utf8_get_char(q);
		if (!g_unichar_isalnum(c) && c != '-' && c != '\'' && c != 0x2019)
			break;
		q = g_utf8_next_char(q);
	}
	*p = q;
	*length = (gsize)(q - begin);
	return q > begin ? begin : NULL;
}

static gboolean word_is(const char *word, gsize length, const char *const *list)
{
	for (; *list; list++)
		if (strlen(*list) == length && g_ascii_strncasecmp(word, *list, length) == 0)
			return TRUE;
	return FALSE;
}

const char *lint_bare_pronoun(StetArena *arena, const char *text)
{
	static const char *const always[] = {"it", "they", "he", "she", "its", "their", NULL}, *const maybe[] = {"this", "that", "these", "those", NULL};
	static const char *const verbs[] = {"is", "was", "are", "were", "means", "meant", "has", "have", "had", "makes", "made", "shows", "showed", "can", "could",
		"will", "would", "may", "might", "does", "did", "leaves", "left", "gives", "gave", "lets", "explains", "matters", "suggests", "holds", NULL};
	gsize first = 0, second = 0;
	const char *p = text, *word = next_word(&p, &first), *next = word ? next_word(&p, &second) : NULL;
	if (!word || word != text)
		return NULL;
	if (word_is(word, first, always) || (word_is(word, first, maybe) && next && word_is(next, second, verbs)))
		return stet_arena_text(arena, word, (gssize)first);
	return NULL;
}

const char *lint_dangling(const char *text)
{
	static const char *const phrases[] = {"as above", "see above", "see below", "as below", "mentioned above", "mentioned earlier", "described above", "noted above",
		"noted earlier", "shown above", "shown below", "the above", "as discussed", "aforementioned", "previous section", "next section", "following section", NULL};
	g_autofree char *lower = g_ascii_strdown(text, -1);
	for (guint i = 0; phrases[i]; i++)
		if (strstr(lower, phrases[i]))
			return phrases[i];
	return NULL;
}

/* The end of the sentence at `p`: a full stop, question or exclamation mark before a blank, or the end. */
static const char *sentence_end(const char *p)
{
	for (; *p; p++)
		if (strchr(".?!", *p) && (!p[1] || g_ascii_isspace(p[1])))
			return p + 1;
	return p;
}

#define SENTENCE_WORDS 45

const char *lint_long_sentence(StetArena *arena, const char *text, guint *words)
{
	for (const char *p = text, *end; *p; p = end + strspn(end, " ")) {
		end = sentence_end(p);
		g_autofree char *sentence = g_strndup(p, (gsize)(end - p));
		const char *q = sentence;
		gsize length = 0;
		for (*words = 0; next_word(&q, &length);)
			++*words;
		if (*words > SENTENCE_WORDS) {
			const char *cut = g_utf8_strlen(sentence, -1) > 40 ? g_utf8_offset_to_pointer(sentence, 40) : sentence + strlen(sentence);
			return stet_arena_text(arena, sentence, cut - sentence);
		}
	}
	return NULL;
}

#define SMALL 100 /* numbers below are mostly counts that an author can answer for */

/* What makes the digits `number` an amount, by what stands before and behind them. */
static gboolean has_unit(const char *text, const char *number, gsize length)
{
	static const char *const signs[] = {"$", "€", "£", "¥", NULL};
	static const char *const units[] = {"%", " %", "\xC2\xA0%", " percent", " per cent", " Prozent", " pour cent", " por ciento", "bn", " bn", " billion", "m ",
	                                    " million", " Mio", " Mrd", " trillion", "k ", " €", "\xC2\xA0€", NULL};
	for (guint i = 0; signs[i]; i++) {
		gsize n = strlen(signs[i]);
		if ((gsize)(number - text) >= n && memcmp(number - n, signs[i], n) == 0)
			return TRUE;
	}
	for (guint i = 0; units[i]; i++)
		if (g_str_has_prefix(number + length, units[i]))
			return TRUE;
	return FALSE;
}

#define NAME_MIN 4 /* bytes of a word that begins with a capital and may be a name: "Maia 100", "RFC 4180" */

/* TRUE if the digits belong to the capitalised word before them, or to the one behind: "3.5 Sonnet". */
static gboolean is_of_name(const char *text, const char *number, gsize length)
{
	if (number[length] == ' ' && g_ascii_isupper(number[length + 1]))
		return TRUE;
	const char *end = number > text && number[-1] == ' ' ? number - 1 : number, *from = end;
	while (from > text && g_ascii_isalpha(from[-1]))
		from--;
	gboolean capitals = end - from > 1 && g_ascii_isupper(from[1]);
	return end < number && (end - from >= NAME_MIN || capitals) && g_ascii_isupper(*from);
}

/* "10,000": the end of a scale. */
static gboolean is_round(const char *number, gsize length)
{
	return *number == '1' && strspn(number + 1, "0,") + 1 >= length;
}

/* "3,200", "3.2" or "640": neither a year, nor a version, nor a part of a name. */
static gboolean is_measured(const char *text, const char *number, gsize length)
{
	gsize whole = strspn(number, "0123456789"), rest = length > whole ? strspn(number + whole + 1, "0123456789") : 0;
	const char *after = number + length;
	if (number > text && strchr("-/#_:", number[-1]))
		return FALSE;
	if (g_ascii_isalpha(*after) || (strchr("-/_:", *after) && *after))
		return FALSE;
	if (is_of_name(text, number, length) || is_round(number, length))
		return FALSE;
	if (length > whole)
		return rest > 0 && (number[whole] == '.' ? whole + 1 + rest == length : rest == 3);
	guint64 value = g_ascii_strtoull(number, NULL, 10);
	return value >= SMALL && !(length == 4 && value >= 1500 && value < 2200);
}

/* "12%", "$12", "12 million", "3.2", "3,200", "640". Years, dates, small counts and names with digits are no matter. */
const char *lint_typed_number(StetArena *arena, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (!g_ascii_isdigit(*p) || (p > text && (g_ascii_isalnum(p[-1]) || p[-1] == '.' || p[-1] == ',')))
			continue;
		gsize n = strspn(p, "0123456789.,"), digits = n;
		while (digits > 1 && !g_ascii_isdigit(p[digits - 1]))
			digits--;
		if (has_unit(text, p, digits) || is_measured(text, p, digits)) {
			gsize before = p > text && p[-1] == '$' ? 1 : 0;
			return stet_arena_text(arena, p - before, (gssize)(before + digits));
		}
		p += n - 1;
	}
	return NULL;
}

gboolean lint_says_period(const char *text)
{
	static const char *const words[] = {"year", "quarter", "month", "today", "latest", "period", NULL};
	for (const char *p = text; *p; p++)
		if ((g_str_has_prefix(p, "19") || g_str_has_prefix(p, "20")) && g_ascii_isdigit(p[2]) && g_ascii_isdigit(p[3]) && !g_ascii_isdigit(p[4]))
			return TRUE;
	g_autofree char *lower = g_ascii_strdown(text, -1);
	for (guint i = 0; words[i]; i++)
		if (strstr(lower, words[i]))
			return TRUE;
	return FALSE;
}

/* The first letters, by which "consolidate" takes up "consolidation". */
#define STEM 5

static gboolean shares_stem(const char *word, gsize length, const char *sentence)
{
	const char *p = sentence, *other;
	gsize n = 0;
	while ((other = next_word(&p, &n)))
		if (n >= MIN(length, STEM) && g_ascii_strncasecmp(word, other, MIN(length, STEM)) == 0)
			return TRUE;
	return FALSE;
}

gboolean lint_names_subject(const char *heading, const char *text)
{
	g_autofree char *sentence = g_strndup(text, (gsize)(sentence_end(text) - text));
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const char *p = heading, *word;
	gsize length = 0;
	while ((word = next_word(&p, &length)))
		if (length >= 3 && shares_stem(word, length, sentence))
			return TRUE;
	lint_names(sentence, names);
	/* A sentence may well begin with the name. */
	p = sentence;
	word = next_word(&p, &length);
	return g_hash_table_size(names) > 0 || (word && length > 2 && g_unichar_isupper(g_utf8_get_char(word)) && strchr(" ,'", *p));
}

gboolean lint_empty_link(const char *text)
{
	static const char *const words[] = {"here", "click here", "this", "more", "read more", "link", "this page", "this link", "page", NULL};
	g_autofree char *lower = g_strstrip(g_ascii_strdown(text, -1));
	return g_strv_contains(words, lower) || g_str_has_prefix(lower, "http://") || g_str_has_prefix(lower, "https://");
}

static gboolean is_capital(const char *word)
{
	return word && g_unichar_isupper(g_utf8_get_char(word));
}

void lint_names(const char *text, GHashTable *names)
{
	const char *p = text, *word, *begin = NULL, *end = NULL;
	gsize length = 0;
	gboolean opens = TRUE;
	while ((word = next_word(&p, &length))) {
		gboolean joined = end && word == end + 1;
		if (begin && !(is_capital(word) && joined)) {
			g_hash_table_add(names, g_strndup(begin, (gsize)(end - begin)));
			begin = NULL;
		}
		/* A capital at a sentence's beginning says nothing, unless more capitals stand in the word: "OpenAI". */
		gboolean inner = FALSE;
		for (const char *q = g_utf8_next_char(word); q < word + length; q = g_utf8_next_char(q))
			inner = inner || g_unichar_isupper(g_utf8_get_char(q));
		if (is_capital(word) && (!opens || inner || begin)) {
			begin = begin ? begin : word;
			end = word + length;
		}
		opens = *p && strchr(".?!:", *p) != NULL;
	}
	if (begin)
		g_hash_table_add(names, g_strndup(begin, (gsize)(end - begin)));
}
