/* The tokens of SQL, as far as finding names, parameters and their places needs them. The engine's own
 * parser decides what the SQL means; this only says where a name stands. */
#include "private.h"

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
static StetSqlToken next_dollar(const char *sql, gsize at, gsize *offset)
{
	gsize end = skip_dollar_string(sql, at);
	StetSqlToken token = {STET_SQL_STRING, sql + at, end - at, at};
	if (end == 0) {
		end = at + 1;
		while (is_word(sql[end]) && sql[end] != '$')
			end++;
		token = (StetSqlToken){end > at + 1 ? STET_SQL_PARAMETER : STET_SQL_OTHER, sql + at + 1, end - at - 1, at};
	}
	*offset = end;
	return token;
}

StetSqlToken stet_sql_next(const char *sql, gsize *offset)
{
	gsize at = skip_blank(sql, *offset), end = at;
	char c = sql[at];
	StetSqlToken token = {STET_SQL_OTHER, sql + at, 0, at};
	if (c == '\0') {
		token.kind = STET_SQL_END;
	} else if (c == '\'') {
		token.kind = STET_SQL_STRING;
		end = skip_quoted(sql, at, '\'');
	} else if (c == '"') {
		end = skip_quoted(sql, at, '"');
		gboolean closed = end > at + 1 && sql[end - 1] == '"';
		token = (StetSqlToken){STET_SQL_QUOTED_WORD, sql + at + 1, end - at - 1 - (closed ? 1 : 0), at};
		*offset = end;
		return token;
	} else if (c == '$') {
		return next_dollar(sql, at, offset);
	} else if (is_word_start(c)) {
		token.kind = STET_SQL_WORD;
		while (is_word(sql[end]))
			end++;
	} else if (g_ascii_isdigit(c)) {
		token.kind = STET_SQL_NUMBER;
		while (is_word(sql[end]) || sql[end] == '.')
			end++;
	} else {
		end++;
	}
	token.len = end - at;
	*offset = end;
	return token;
}
