/* The one script: its source without comments and spaces, with the words of the site's languages. */
#include "site/private.h"

#include <string.h>

static const char *const keys[] = {"search", "search_some", "search_none", "filter_rows", "rows_shown"};

static gboolean is_word(guchar c)
{
	return g_ascii_isalnum(c) || c == '_' || c == '$' || c >= 0x80;
}

/* Spaces go where they part nothing; those in '...' and `...` stay. Lines that begin with // are comments. */
static void append_tight(GString *out, const char *source)
{
	char quote = 0;
	for (const char *p = source; *p; p++) {
		if ((p == source || p[-1] == '\n') && !quote) {
			p += strspn(p, "\t");
			while (strncmp(p, "//", 2) == 0 && strchr(p, '\n')) {
				p = strchr(p, '\n') + 1;
				p += strspn(p, "\t");
			}
			if (!*p)
				break;
		}
		gboolean space = !quote && (*p == ' ' || *p == '\n');
		const char *next = p + 1 + (space ? strspn(p + 1, " \n\t") : 0);
		if (space && !(out->len > 0 && is_word((guchar)out->str[out->len - 1]) && is_word((guchar)*next)))
			continue;
		g_string_append_c(out, space ? ' ' : *p);
		if (quote && *p == '\\')
			g_string_append_c(out, *++p);
		else if (quote == *p)
			quote = 0;
		else if (!quote && (*p == '\'' || *p == '`'))
			quote = *p;
	}
	g_string_append_c(out, '\n');
}

static void append_words(const Site *site, const char *language, GString *out)
{
	const char *tag = language ? language : site->world->project->site.locale;
	gboolean first = TRUE;
	if (strstr(out->str, tag) && language)
		return;
	g_string_append(out, out->len > 0 ? "," : "");
	stet_json_string(out, tag);
	g_string_append(out, ":{");
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (!site_extra(site, SITE_SEARCH) && strncmp(keys[i], "search", 6) == 0)
			continue;
		g_string_append_printf(out, "%s%s:", first ? "" : ",", keys[i]);
		stet_json_string(out, stet_book_word(site->book, language, keys[i]));
		first = FALSE;
	}
	g_string_append_c(out, '}');
}

static char *words_of(const Site *site)
{
	GString *out = g_string_new(NULL);
	const StetNode *list = stet_node_get(site->world->project->site.node, "languages");
	append_words(site, NULL, out);
	for (guint i = 0; list && i < list->n; i++)
		if (list->items[i]->text)
			append_words(site, list->items[i]->text, out);
	return g_string_free(out, FALSE);
}

const char *site_script(Site *site)
{
	static const char mark[] = "/*words*/";
	g_autoptr(GBytes) bytes = site_own("stet.js");
	gsize length = 0;
	const char *data = g_bytes_get_data(bytes, &length);
	g_autofree char *source = g_strndup(data, length), *words = words_of(site);
	char *place = strstr(source, mark);
	GString *out = g_string_new(NULL);
	if (place) {
		g_autofree char *before = g_strndup(source, (gsize)(place - source));
		append_tight(out, before);
		g_string_truncate(out, out->len - 1);
		g_string_append(out, words);
		append_tight(out, place + strlen(mark));
	}
	StetHash hash = stet_hash(out->str, out->len);
	g_autofree char *path = g_strdup_printf("assets/stet-%.8s.js", hash.hex);
	site_emit_text(site, path, "built-in/stet.js", out);
	return site_keep(site, path);
}
