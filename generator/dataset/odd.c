/* Cells of dialects with delimiters of several bytes, escape characters, or spaces before quotes. */
#include "odd.h"

#include <string.h>

gboolean ds_dialect_is_odd(const DsDialect *dialect)
{
	return strlen(dialect->delimiter) > 1 || dialect->escape != 0 || dialect->skip_initial_space ||
		   (dialect->quote != 0 && dialect->quote == dialect->delimiter[0]);
}

static gboolean at_delimiter(const DsOdd *odd)
{
	gsize n = strlen(odd->dialect->delimiter);
	return (gsize)(odd->end - odd->at) >= n && memcmp(odd->at, odd->dialect->delimiter, n) == 0;
}

/* Passes what ends a cell: a delimiter, a line end, the end of the file. FALSE if it stands at none. */
static gboolean pass_end(DsOdd *odd)
{
	if (odd->at == odd->end) {
		odd->ended = TRUE;
		return TRUE;
	}
	if (at_delimiter(odd)) {
		odd->at += strlen(odd->dialect->delimiter);
		return TRUE;
	}
	if (*odd->at != '\n' && *odd->at != '\r')
		return FALSE;
	if (*odd->at++ == '\r' && odd->at < odd->end && *odd->at == '\n')
		odd->at++;
	odd->lines++;
	odd->ended = TRUE;
	return TRUE;
}

static gboolean quoted_cell(DsOdd *odd, GString *text)
{
	const DsDialect *dialect = odd->dialect;
	for (odd->at++; odd->at < odd->end; odd->at++) {
		char c = *odd->at;
		odd->lines += c == '\n';
		if (dialect->escape != 0 && c == dialect->escape && odd->at + 1 < odd->end) {
			g_string_append_c(text, *++odd->at);
		} else if (c != dialect->quote) {
			g_string_append_c(text, c);
		} else if (dialect->escape == 0 && odd->at + 1 < odd->end && odd->at[1] == c) {
			g_string_append_c(text, c);
			odd->at++;
		} else {
			odd->at++;
			if (pass_end(odd))
				return TRUE;
			odd->state = DS_ODD_STRAY;
			return FALSE;
		}
	}
	odd->state = DS_ODD_OPEN;
	return FALSE;
}

gboolean ds_odd_cell(DsOdd *odd, GString *text)
{
	const DsDialect *dialect = odd->dialect;
	g_string_truncate(text, 0);
	if (odd->ended || odd->state != DS_ODD_FINE)
		return FALSE;
	while (dialect->skip_initial_space && odd->at < odd->end && *odd->at == ' ')
		odd->at++;
	if (dialect->quote != 0 && odd->at < odd->end && *odd->at == dialect->quote)
		return quoted_cell(odd, text);
	while (!pass_end(odd)) {
		if (dialect->escape != 0 && *odd->at == dialect->escape && odd->at + 1 < odd->end)
			odd->at++;
		g_string_append_c(text, *odd->at++);
	}
	/* without a line end the record may go on in the next bytes */
	if (odd->at == odd->end && odd->ended && !odd->last && (odd->at[-1] != '\n' && odd->at[-1] != '\r')) {
		odd->state = DS_ODD_OPEN;
		return FALSE;
	}
	return TRUE;
}
