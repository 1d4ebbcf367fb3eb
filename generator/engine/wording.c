/* The engine's messages in our own form: what is wrong, and apart from it what to do. */
#include "engine/private.h"

#include <string.h>

/* "Binder Error: ": a class that a reader learns nothing from; the rest of the message says it. */
#define CLASS_END " Error: "
#define CLASS_LENGTH_MAX 24

/* Where advice begins, and how we put it; `%s` stands for the names that follow it. */
static const struct {
	const char *mark, *mend;
	gboolean names;
} advice[] = {
	{"Did you mean ", "did you mean %s?", TRUE},
	{"Candidate bindings: ", "did you mean %s?", TRUE},
	{"Candidate tables: ", "did you mean %s?", TRUE},
	{"You might need to add explicit type casts.", "convert the arguments: cast(... as ...)", FALSE},
	{"Either add it to the GROUP BY list", "add it to the GROUP BY list, or put any_value() around it", FALSE},
	{"Candidate functions:", "convert the arguments: cast(... as ...)", FALSE},
};

/* The first of the quoted names at `p`, in our quotes. */
static char *first_name(const char *p)
{
	const char *from = strchr(p, '"'), *to = from ? strchr(from + 1, '"') : NULL;
	return to ? g_strdup_printf("'%.*s'", (int)(to - from - 1), from + 1) : NULL;
}

static char *mend_of(char *text)
{
	char *found = NULL;
	gsize which = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(advice); i++) {
		char *at = strstr(text, advice[i].mark);
		if (at && (!found || at < found)) {
			found = at;
			which = i;
		}
	}
	if (!found || found == text)
		return NULL;
	g_autofree char *name = advice[which].names ? first_name(found + strlen(advice[which].mark)) : NULL;
	if (advice[which].names && !name)
		return NULL;
	*found = 0;
	if (!name)
		return g_strdup(advice[which].mend);
	GString *mend = g_string_new(advice[which].mend);
	g_string_replace(mend, "%s", name, 1);
	return g_string_free(mend, FALSE);
}

char *en_wording(const char *message, gsize length, char **mend)
{
	g_autofree char *whole = g_strndup(message, length);
	char *text = whole;
	g_strdelimit(text, "\n", ' ');
	char *colon = strstr(text, CLASS_END);
	if (colon && colon - text < CLASS_LENGTH_MAX)
		text = colon + strlen(CLASS_END);
	*mend = mend_of(text);
	g_strdelimit(g_strchomp(text), "\"", '\'');
	gsize end = strlen(text);
	while (end > 0 && strchr("!. ", text[end - 1]))
		text[--end] = 0;
	/* A sentence's capital, not that of a name or of NULL. */
	if (g_ascii_isupper(text[0]) && g_ascii_islower(text[1]))
		text[0] = g_ascii_tolower(text[0]);
	return g_strdup(text);
}
