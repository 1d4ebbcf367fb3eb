/* sql: the tokens of SQL, as far as finding names, parameters and their places needs them. The engine's
 * own parser decides what the SQL means; this only says where a name stands. */
#include "metric/private.h"

#include <string.h>

static gboolean is_word_start(char c)
{
	return g_ascii_isalpha(c) || c == '_' || (guchar)c >= 0x80;
}

static gboolean is_word(char c)
{
	return is_word_start(c) || g_ascii_isdigit(c) || c == '$';
}

/* Behind a block comment, which may nest (SQL:1999; both engines do so). */
static gsize skip_block_comment(const char *sql, gsize at)
{
	guint depth = 0;
	while (sql[at]) {
		if (sql[at] == '/' && sql[at + 1] == '*') {
			depth++;
			at += 2;
		} else if (sql[at] == '*' && sql[at + 1] == '/') {
			at += 2;
			if (--depth == 0)
				return at;
		} else {
			at++;
		}
	}
	return at;
}

static gsize skip_blank(const char *sql, gsize at)
{
	for (;;) {
		if (g_ascii_isspace(sql[at])) {
			at++;
		} else if (sql[at] == '-' && sql[at + 1] == '-') {
			at += strcspn(sql + at, "\n");
		} else if (sql[at] == '/' && sql[at + 1] == '*') {
			at = skip_block_comment(sql, at);
		} else {
			return at;
		}
	}
}

/* Behind the closing quote; a doubled quote stands for itself. */
static gsize skip_quoted(const char *sql, gsize at, char quote)
{
	for (at++; sql[at]; at++) {
		if (sql[at] != quote)
			continue;
		if (sql[at + 1] != quote)
			return at + 1;
		at++;
	}
	return at;
}

/* Behind $tag$ ... $tag$; 0 if no such string begins at `at`. */
static gsize skip_dollar_string(const char *sql, gsize at)
{
	gsize end = at + 1;
	while (is_word(sql[end]) && sql[end] != '$')
		end++;
	if (sql[end] != '$')
		return 0;
	g_autofree char *tag = g_strndup(sql + at, end - at + 1);
	const char *close = strstr(sql + end + 1, tag);
	return close ? (gsize)(close - sql) + strlen(tag) : strlen(sql);
}

/* A token that begins with '$': a parameter, a dollar-quoted string, or just the sign. */
static SqlToken next_dollar(const char *sql, gsize at, gsize *offset)
{
	gsize end = skip_dollar_string(sql, at);
	SqlToken token = {SQL_STRING, sql + at, end - at, at};
	if (end == 0) {
		end = at + 1;
		while (is_word(sql[end]) && sql[end] != '$')
			end++;
		token = (SqlToken){end > at + 1 ? SQL_PARAMETER : SQL_OTHER, sql + at + 1, end - at - 1, at};
	}
	*offset = end;
	return token;
}

SqlToken sql_next(const char *sql, gsize *offset)
{
	gsize at = skip_blank(sql, *offset), end = at;
	char c = sql[at];
	SqlToken token = {SQL_OTHER, sql + at, 0, at};
	if (c == '\0') {
		token.kind = SQL_END;
	} else if (c == '\'') {
		token.kind = SQL_STRING;
		end = skip_quoted(sql, at, '\'');
	} else if (c == '"') {
		end = skip_quoted(sql, at, '"');
		gboolean closed = end > at + 1 && sql[end - 1] == '"';
		token = (SqlToken){SQL_QUOTED_WORD, sql + at + 1, end - at - 1 - (closed ? 1 : 0), at};
		*offset = end;
		return token;
	} else if (c == '$') {
		return next_dollar(sql, at, offset);
	} else if (is_word_start(c)) {
		token.kind = SQL_WORD;
		while (is_word(sql[end]))
			end++;
	} else if (g_ascii_isdigit(c)) {
		token.kind = SQL_NUMBER;
		while (is_word(sql[end]) || sql[end] == '.')
			end++;
	} else {
		end++;
	}
	token.len = end - at;
	*offset = end;
	return token;
}

static gboolean token_is(const SqlToken *token, const char *word)
{
	return strlen(word) == token->len && g_ascii_strncasecmp(token->ptr, word, token->len) == 0;
}

gsize sql_find_name(const char *sql, const char *name)
{
	gsize offset = 0, anywhere = G_MAXSIZE;
	gboolean table_next = FALSE;
	for (;;) {
		SqlToken token = sql_next(sql, &offset);
		if (token.kind == SQL_END)
			return anywhere;
		gboolean word = token.kind == SQL_WORD || token.kind == SQL_QUOTED_WORD;
		if (word && token_is(&token, name)) {
			if (table_next)
				return token.offset;
			if (anywhere == G_MAXSIZE)
				anywhere = token.offset;
		}
		table_next = (token.kind == SQL_WORD && (token_is(&token, "from") || token_is(&token, "join"))) ||
					 (token.kind == SQL_OTHER && token.ptr[0] == ',');
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
	for (SqlToken token = sql_next(sql, &offset); token.kind != SQL_END; token = sql_next(sql, &offset)) {
		if (token.kind != SQL_PARAMETER)
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
	for (SqlToken token = sql_next(sql, &offset); token.kind != SQL_END; token = sql_next(sql, &offset)) {
		if (token.kind == SQL_PARAMETER && strlen(name) == token.len &&
			memcmp(token.ptr, name, token.len) == 0)
			return token.offset;
	}
	return G_MAXSIZE;
}
