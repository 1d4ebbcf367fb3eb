/* Words as the search knows them: lower case, without accents, in runs of letters and digits; scripts that write
 * without spaces in pairs of characters. stet.js cuts what a reader types in the same way. */
#include "site/private.h"

#include <string.h>

#define TOKEN_CHARS_MAX 24 /* characters of a word that count */

static gboolean is_dense(gunichar c)
{
	GUnicodeScript script = c < 0x2E80 ? G_UNICODE_SCRIPT_LATIN : g_unichar_get_script(c);
	return script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HIRAGANA || script == G_UNICODE_SCRIPT_KATAKANA;
}

static void take(GString *word, guint *chars, SiteToken token, gpointer data)
{
	if (word->len > 0)
		token(word->str, word->len, data);
	g_string_truncate(word, 0);
	*chars = 0;
}

/* A run of dense script as its pairs; a single character as it is. Returns what follows it. */
static const char *take_dense(const char *p, GString *word, guint *chars, SiteToken token, gpointer data)
{
	for (gunichar last = 0; *p && is_dense(g_utf8_get_char(p)); p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p), next = g_utf8_get_char(g_utf8_next_char(p));
		gboolean more = next && is_dense(next);
		if (!more && last)
			continue;
		g_string_append_unichar(word, c);
		if (more)
			g_string_append_unichar(word, next);
		take(word, chars, token, data);
		last = c;
	}
	return p;
}

/* Text with other letters than ASCII's: taken apart (NFKD), its marks dropped. */
static void take_run(const char *text, gsize length, GString *word, SiteToken token, gpointer data)
{
	g_autofree char *apart = g_utf8_normalize(text, (gssize)length, G_NORMALIZE_ALL);
	guint chars = 0;
	const char *p = apart;
	while (p && *p) {
		gunichar c = g_utf8_get_char(p);
		if (is_dense(c) && g_unichar_isalnum(c)) {
			take(word, &chars, token, data);
			p = take_dense(p, word, &chars, token, data);
			continue;
		}
		if (g_unichar_isalnum(c) && chars++ < TOKEN_CHARS_MAX)
			g_string_append_unichar(word, g_unichar_tolower(c));
		else if (!g_unichar_isalnum(c) && !g_unichar_ismark(c))
			take(word, &chars, token, data);
		p = g_utf8_next_char(p);
	}
	take(word, &chars, token, data);
}

void site_tokens(const char *text, SiteToken token, gpointer data)
{
	g_autoptr(GString) word = g_string_sized_new(64);
	for (const char *p = text ? text : ""; *p;) {
		const char *from = p;
		gboolean plain = TRUE;
		for (; g_ascii_isalnum(*p) || (guchar)*p >= 0x80; p++)
			plain = plain && (guchar)*p < 0x80;
		if (p == from) {
			p++;
		} else if (plain) {
			guint chars = 0;
			for (; from < p && chars < TOKEN_CHARS_MAX; from++, chars++)
				g_string_append_c(word, g_ascii_tolower(*from));
			take(word, &chars, token, data);
		} else {
			take_run(from, (gsize)(p - from), word, token, data);
		}
	}
}
