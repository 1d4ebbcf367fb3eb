/* sql: where the names and parameters of a metric's SQL stand. */
#include "metric/private.h"

#include <string.h>

static gboolean token_is(const StetSqlToken *token, const char *word)
{
	return strlen(word) == token->len && g_ascii_strncasecmp(token->ptr, word, token->len) == 0;
}

gsize sql_find_name(const char *sql, const char *name)
{
	gsize offset = 0, anywhere = G_MAXSIZE;
	gboolean table_next = FALSE;
	for (;;) {
		StetSqlToken token = stet_sql_next(sql, &offset);
		if (token.kind == STET_SQL_END)
			return anywhere;
		gboolean word = token.kind == STET_SQL_WORD || token.kind == STET_SQL_QUOTED_WORD;
		if (word && token_is(&token, name)) {
			if (table_next)
				return token.offset;
			if (anywhere == G_MAXSIZE)
				anywhere = token.offset;
		}
		table_next = (token.kind == STET_SQL_WORD && (token_is(&token, "from") || token_is(&token, "join"))) ||
					 (token.kind == STET_SQL_OTHER && token.ptr[0] == ',');
	}
}

int compare_text_pointers(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **sql_parameters(const char *sql)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	gsize offset = 0;
	for (StetSqlToken token = stet_sql_next(sql, &offset); token.kind != STET_SQL_END; token = stet_sql_next(sql, &offset)) {
		if (token.kind != STET_SQL_PARAMETER)
			continue;
		char *name = g_strndup(token.ptr, token.len);
		if (g_hash_table_add(seen, name))
			g_ptr_array_add(found, name);
		else
			g_free(name);
	}
	g_ptr_array_sort(found, compare_text_pointers);
	g_ptr_array_add(found, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&found), FALSE);
}

gsize sql_find_parameter(const char *sql, const char *name)
{
	gsize offset = 0;
	for (StetSqlToken token = stet_sql_next(sql, &offset); token.kind != STET_SQL_END; token = stet_sql_next(sql, &offset)) {
		if (token.kind == STET_SQL_PARAMETER && strlen(name) == token.len &&
			memcmp(token.ptr, name, token.len) == 0)
			return token.offset;
	}
	return G_MAXSIZE;
}
