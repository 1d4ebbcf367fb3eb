/* CSV Dialect (Data Package v1 and v2 keys), delimiter sniffing, and the header row. */
#include "odd.h"

#include <string.h>

static gboolean fault(const StetNode *at, const char *key, const char *why, StetDiagnostics *diags)
{
	stet_diagnose(diags, STET_ERROR, "dialect", at->place, NULL, "dialect key '%s' %s", key, why);
	return FALSE;
}

/* A key that holds one byte; "" and null mean none. */
static gboolean read_char(const StetNode *node, const char *key, char *value, StetDiagnostics *diags)
{
	const StetNode *at = stet_node_get(node, key);
	if (at == NULL)
		return TRUE;
	if (at->kind == STET_NODE_NULL || (at->text != NULL && *at->text == 0)) {
		*value = 0;
		return TRUE;
	}
	if (at->text == NULL || strlen(at->text) != 1)
		return fault(at, key, "must be one ASCII character", diags);
	*value = *at->text;
	return TRUE;
}

static gboolean read_delimiter(DsDialect *dialect, const StetNode *node, StetDiagnostics *diags)
{
	const StetNode *at = stet_node_get(node, "delimiter");
	if (at == NULL)
		return TRUE;
	if (at->text == NULL || *at->text == 0 || strlen(at->text) >= sizeof dialect->delimiter ||
		strpbrk(at->text, "\r\n") != NULL)
		return fault(at, "delimiter", "must be one to seven characters without line ends", diags);
	g_strlcpy(dialect->delimiter, at->text, sizeof dialect->delimiter);
	return TRUE;
}

static gboolean read_header_rows(DsDialect *dialect, const StetNode *node, StetDiagnostics *diags)
{
	const StetNode *rows = stet_node_get(node, "headerRows");
	if (rows == NULL)
		return TRUE;
	if (rows->kind != STET_NODE_LIST)
		return fault(rows, "headerRows", "must be a list of row numbers", diags);
	for (guint i = 0; i < rows->n; i++) {
		const StetNode *row = rows->items[i];
		if (row->kind != STET_NODE_INT || row->integer < 1 || row->integer > 10000)
			return fault(row, "headerRows", "must hold row numbers from 1", diags);
		if (i > 0 && row->integer != dialect->header_row + i)
			return fault(row, "headerRows", "must name rows that follow each other", diags);
		if (i == 0)
			dialect->header_row = (guint)row->integer;
	}
	dialect->header = rows->n > 0;
	dialect->header_rows = rows->n;
	return TRUE;
}

/* 'commentRows' may name rows above the header, which are none of the data anyhow, and those right below it. */
static gboolean read_comment_rows(DsDialect *dialect, const StetNode *node, StetDiagnostics *diags)
{
	const StetNode *rows = stet_node_get(node, "commentRows");
	if (rows == NULL)
		return TRUE;
	if (rows->kind != STET_NODE_LIST)
		return fault(rows, "commentRows", "must be a list of row numbers", diags);
	for (guint i = 0; i < rows->n; i++) {
		const StetNode *row = rows->items[i];
		guint next = dialect->header_row + dialect->header_rows + dialect->comment_rows;
		if (row->kind != STET_NODE_INT || row->integer < 1)
			return fault(row, "commentRows", "must hold row numbers from 1", diags);
		if (row->integer == next)
			dialect->comment_rows++;
		else if (row->integer > next)
			return fault(row, "commentRows", "can name rows above the header and right below it alone", diags);
	}
	return TRUE;
}

/* Keys of one's own are allowed, so those that look like a known one alone are spoken of. */
static void check_names(const StetNode *node, StetDiagnostics *diags)
{
	static const char *const known[] = {"delimiter",        "quoteChar",   "escapeChar",  "commentChar",
										"header",           "headerRows",  "headerJoin",  "skipInitialSpace",
										"lineTerminator",   "doubleQuote", "commentRows", "nullSequence",
										"csvddfVersion",    "$schema",     "stet:keep",   "caseSensitiveHeader",
										"type",             "table",       NULL};
	for (guint i = 0; node != NULL && node->kind == STET_NODE_MAP && i < node->n; i++) {
		const char *key = node->keys[i]->text, *near = g_strv_contains(known, key) ? NULL : stet_nearest(key, known);
		g_autofree char *mend = near != NULL ? g_strdup_printf("did you mean '%s'?", near) : NULL;
		if (near != NULL)
			stet_diagnose(diags, STET_WARNING, "dialect-key", node->keys[i]->place, mend,
						  "a dialect has no key '%s': it changes nothing", key);
	}
}

gboolean ds_dialect_read(DsDialect *dialect, const StetNode *node, const char *encoding,
						 StetDiagnostics *diags)
{
	*dialect = (DsDialect){.quote = '"', .header = TRUE, .header_row = 1, .header_rows = 1};
	dialect->declared = node != NULL;
	dialect->encoding = g_strdup(encoding);
	dialect->header_join = stet_node_text(node, "headerJoin", " ");
	dialect->header = stet_node_bool(node, "header", TRUE);
	dialect->keep = stet_node_bool(node, "stet:keep", FALSE);
	dialect->skip_initial_space = stet_node_bool(node, "skipInitialSpace", FALSE);
	gboolean fine = read_delimiter(dialect, node, diags);
	fine = read_char(node, "quoteChar", &dialect->quote, diags) && fine;
	fine = read_char(node, "escapeChar", &dialect->escape, diags) && fine;
	fine = read_char(node, "commentChar", &dialect->comment, diags) && fine;
	if (dialect->escape != 0 && dialect->escape == dialect->quote)
		dialect->escape = 0; /* that is a doubled quote */
	check_names(node, diags);
	return read_header_rows(dialect, node, diags) && read_comment_rows(dialect, node, diags) && fine;
}

void ds_dialect_clear(DsDialect *dialect)
{
	g_free(dialect->encoding);
	dialect->encoding = NULL;
}

/* ---- header -------------------------------------------------------------------------------- */

void ds_header_clear(DsHeader *header)
{
	g_strfreev(header->names);
	*header = (DsHeader){0};
}

static void join_names(GPtrArray *names, guint i, const char *text, const char *join)
{
	g_autofree char *name = g_strstrip(g_strdup(text));
	if (i >= names->len) {
		g_ptr_array_add(names, g_steal_pointer(&name));
		return;
	}
	char **known = (char **)&names->pdata[i];
	if (*name == 0)
		return;
	char *joined = **known == 0 ? g_strdup(name) : g_strconcat(*known, join, name, NULL);
	g_free(*known);
	*known = joined;
}

/* Blank and comment lines are no rows. */
static void pass_blank(const DsDialect *dialect, const char **at, const char *end, guint *line)
{
	while (*at < end &&
		   (**at == '\n' || **at == '\r' || (dialect->comment != 0 && **at == dialect->comment))) {
		while (*at < end && **at != '\n' && **at != '\r')
			++*at;
		if (*at < end && *(*at)++ == '\r' && *at < end && **at == '\n')
			++*at;
		++*line;
	}
}

/* One record of the head; FALSE if it is not whole or broken. */
static gboolean header_record(const DsDialect *dialect, const char **at, const char *end, guint *line,
							  GPtrArray *names, gboolean keep, gboolean last)
{
	g_autoptr(GString) text = g_string_new(NULL);
	DsOdd odd = {.dialect = dialect, .at = *at, .end = end, .last = last};
	for (guint i = 0; ds_odd_cell(&odd, text); i++)
		if (keep && i < DS_COLUMNS_MAX)
			join_names(names, i, text->str, dialect->header_join);
	if (odd.state != DS_ODD_FINE || odd.at == *at)
		return FALSE;
	*at = odd.at;
	*line += odd.lines;
	return TRUE;
}

/* A name of its own for column `i`: its number, or the name it has with a number behind. */
static void rename_column(const DsHeader *header, guint i, GHashTable *seen, StetPlace place,
						  StetDiagnostics *diags)
{
	const char *old = header->names[i];
	char *name = *old == 0 ? g_strdup_printf("column %u", i + 1) : NULL;
	for (guint n = 2; name == NULL || g_hash_table_contains(seen, name); n++) {
		g_free(name);
		name = g_strdup_printf("%s %u", *old == 0 ? "column" : old, *old == 0 ? i + n : n);
	}
	stet_diagnose(diags, STET_WARNING, "csv-header", place, NULL, "column %u is called '%s'", i + 1, name);
	g_free(header->names[i]);
	header->names[i] = name;
	g_hash_table_add(seen, name);
}

static gboolean check_header(const DsHeader *header, const DsDialect *dialect, const char *record,
							gsize length, const char *file, StetDiagnostics *diags)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	gboolean fine = TRUE;
	for (guint i = 0; i < header->n; i++) {
		gboolean empty = *header->names[i] == 0;
		if (!empty && g_utf8_validate(header->names[i], -1, NULL) && g_hash_table_add(seen, header->names[i]))
			continue;
		guint line, column;
		ds_rows_locate(dialect, record, length, i, &line, &column);
		StetPlace place = {file, header->line + line, column};
		if (dialect->lenient && g_utf8_validate(header->names[i], -1, NULL)) {
			rename_column(header, i, seen, place, diags);
			continue;
		}
		if (empty)
			stet_diagnose(diags, STET_ERROR, "csv-header", place, "give every column a name",
						  "column %u has no name", i + 1);
		else if (!g_utf8_validate(header->names[i], -1, NULL))
			stet_diagnose(diags, STET_ERROR, "csv-encoding", place,
						  "declare the file's encoding, for instance \"encoding\": \"windows-1252\"",
						  "the name of column %u is not UTF-8", i + 1);
		else
			stet_diagnose(diags, STET_ERROR, "csv-header", place, "rename one of them",
						  "two columns are called '%s'", header->names[i]);
		fine = FALSE;
	}
	return fine;
}

gboolean ds_header_read(DsHeader *header, const DsDialect *dialect, const char *bytes, gsize length,
						const char *file, StetDiagnostics *diags)
{
	const char *at = bytes, *end = bytes + length, *record = bytes, *record_end;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	guint line = 1, last = dialect->header ? dialect->header_row + dialect->header_rows - 1 : 1;
	*header = (DsHeader){.line = 1};
	for (guint row = 1; row <= last; row++) {
		pass_blank(dialect, &at, end, &line);
		if (row == dialect->header_row || !dialect->header) {
			header->line = line;
			record = at;
		}
		if (header_record(dialect, &at, end, &line, names, !dialect->header || row >= dialect->header_row,
						  TRUE))
			continue;
		stet_diagnose(diags, STET_ERROR, at == end ? "csv-empty" : "csv-quote", (StetPlace){file, line, 1},
					  at == end ? NULL : "check the quotes of the header",
					  at == end ? "the file ends before its header" : "the header cannot be read");
		return FALSE;
	}
	record_end = at;
	for (guint i = 0; dialect->header && i < dialect->comment_rows; i++)
		header_record(dialect, &at, end, &line, names, FALSE, TRUE);
	header->n = names->len;
	g_ptr_array_add(names, NULL);
	header->names = (char **)g_ptr_array_steal(names, NULL);
	if (!dialect->header) {
		/* the first record is data; columns are named by number until a schema names them */
		for (guint i = 0; i < header->n; i++) {
			g_free(header->names[i]);
			header->names[i] = g_strdup_printf("field%u", i + 1);
		}
		header->lines = 0;
		return TRUE;
	}
	header->bytes = (gsize)(at - bytes);
	header->lines = dialect->records ? 0 : line - 1;
	if (header->n >= DS_COLUMNS_MAX) {
		stet_diagnose(diags, STET_ERROR, "csv-header", (StetPlace){file, header->line, 1}, NULL,
					  "the file has %u columns or more", DS_COLUMNS_MAX);
		return FALSE;
	}
	return check_header(header, dialect, record, (gsize)(record_end - record), file, diags);
}

void ds_header_note_skipped(const DsHeader *header, const DsDialect *dialect, const char *file,
							StetDiagnostics *diags)
{
	if (dialect->lenient && !dialect->declared && dialect->header && dialect->header_row > 1)
		stet_diagnose(diags, STET_WARNING, "csv-skipped", (StetPlace){file, header->line, 1},
					  "declare the dialect's 'headerRows' if it begins elsewhere",
					  "the table begins here: %u line%s above it %s passed over", header->line - 1,
					  header->line == 2 ? "" : "s", header->line == 2 ? "is" : "are");
}
