/* Diagnostics as a person, a program or GitHub reads them. */
#include "cli/private.h"

#include <string.h>
#include <unistd.h>

#define SHOWN_COLUMNS 110 /* of a source line; longer ones are cut around the caret */
#define TAB_COLUMNS 4
#define RULES_FROM 10 /* so many diagnostics end with a count by rule */
#define LINE_MAX_BYTES (1u << 20)

static const struct {
	const char *name, *colour, *github;
} severities[] = {
	[STET_NOTE] = {"note", "\033[1;36m", "notice"},
	[STET_WARNING] = {"warning", "\033[1;35m", "warning"},
	[STET_ERROR] = {"error", "\033[1;31m", "error"},
};

gboolean stet_is_terminal(FILE *stream)
{
	const char *term = g_getenv("TERM");
	return isatty(fileno(stream)) && term && strcmp(term, "dumb") != 0;
}

gboolean stet_wants_colour(FILE *stream)
{
	const char *no = g_getenv("NO_COLOR");
	return stet_is_terminal(stream) && !(no && *no);
}

char *stet_counts_text(guint errors, guint warnings)
{
	g_autofree char *e = errors ? g_strdup_printf("%u error%s", errors, errors == 1 ? "" : "s") : NULL;
	g_autofree char *w =
		warnings ? g_strdup_printf("%u warning%s", warnings, warnings == 1 ? "" : "s") : NULL;
	return e && w ? g_strconcat(e, ", ", w, NULL)
		   : e    ? g_steal_pointer(&e)
		   : w    ? g_steal_pointer(&w)
				  : g_strdup("");
}

/* ---- text for terminals -------------------------------------------------------------------- */

static guint width_of(gunichar c)
{
	return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

/* The next character, U+FFFD for bytes that are none and for control characters. */
static const char *next_char(const char *at, const char *end, gunichar *c)
{
	*c = g_utf8_get_char_validated(at, end - at);
	if (*c == (gunichar)-1 || *c == (gunichar)-2) {
		*c = 0xFFFD;
		return at + 1;
	}
	const char *next = g_utf8_next_char(at);
	if (g_unichar_iscntrl(*c) && *c != '\t')
		*c = 0xFFFD;
	return next;
}

char *stet_printable(const char *text, gssize length)
{
	GString *out = g_string_new(NULL);
	const char *end = text + (length < 0 ? strlen(text) : (gsize)length);
	gunichar c;
	for (const char *at = text; at < end;) {
		at = next_char(at, end, &c);
		g_string_append_unichar(out, c == '\t' ? ' ' : c);
	}
	return g_string_free(out, FALSE);
}

/* ---- source lines -------------------------------------------------------------------------- */

/* Reads forward through a file: diagnostics come sorted by file and line. */
typedef struct {
	const StetPrinter *printer;
	FILE *file;
	char *name;
	guint line; /* of `text` */
	char *text;
	gsize length;
} Lines;

static void lines_close(Lines *lines)
{
	if (lines->file)
		fclose(lines->file);
	g_free(lines->text);
	g_free(lines->name);
	*lines = (Lines){.printer = lines->printer};
}

/* A line may be as long as a file: only so much of it is kept as shows that it is too long. FALSE at the end. */
static gboolean next_line(Lines *lines)
{
	gsize n = 0;
	int c;
	if (!lines->text)
		lines->text = g_malloc(LINE_MAX_BYTES + 2);
	while ((c = getc_unlocked(lines->file)) != EOF && c != '\n')
		if (n <= LINE_MAX_BYTES)
			lines->text[n++] = (char)c;
	lines->text[n] = 0;
	lines->length = n;
	return c != EOF || n > 0;
}

/* Line `line` of `name` without its end; NULL if it cannot be shown. */
static const char *lines_get(Lines *lines, const char *name, guint line)
{
	if (!lines->name || strcmp(lines->name, name) != 0 || line < lines->line) {
		lines_close(lines);
		g_autofree char *path =
			g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(lines->printer->root, name, NULL);
		lines->name = g_strdup(name);
		/* a row of Parquet is no line */
		lines->file = g_str_has_suffix(name, ".parquet") ? NULL : fopen(path, "re");
	}
	while (lines->file && lines->line < line) {
		if (!next_line(lines))
			return NULL;
		lines->line++;
	}
	if (!lines->file || lines->length > LINE_MAX_BYTES || memchr(lines->text, 0, lines->length))
		return NULL;
	if (lines->length > 0 && lines->text[lines->length - 1] == '\r')
		lines->text[--lines->length] = 0;
	return lines->text;
}

/* The line as shown and the column the caret goes to, both in terminal columns. */
static guint lay_line(const char *text, gsize length, guint column, GString *shown)
{
	const char *end = text + length, *mark = text + MIN(column > 0 ? column - 1 : 0, length);
	guint place = 0, at_mark = 0, from = 0;
	gunichar c;
	for (const char *at = text; at < mark;) {
		at = next_char(at, end, &c);
		at_mark += c == '\t' ? TAB_COLUMNS : width_of(c);
	}
	if (at_mark > SHOWN_COLUMNS * 3 / 4)
		from = at_mark - SHOWN_COLUMNS / 2;
	if (from > 0)
		g_string_append(shown, "…");
	for (const char *at = text; at < end && place < from + SHOWN_COLUMNS;) {
		at = next_char(at, end, &c);
		guint width = c == '\t' ? TAB_COLUMNS : width_of(c);
		if (place >= from && c == '\t')
			g_string_append_printf(shown, "%*s", TAB_COLUMNS, "");
		else if (place >= from)
			g_string_append_unichar(shown, c);
		else if (place + width > from) /* the rest of a tab, or half of a wide letter */
			g_string_append_printf(shown, "%*s", (int)(place + width - from), "");
		place += width;
		if (at >= end)
			return at_mark - from + (from > 0);
	}
	if (length > 0)
		g_string_append(shown, "…");
	return at_mark - from + (from > 0);
}

static void print_source(const StetPrinter *printer, Lines *lines, const StetDiagnostic *d, FILE *to)
{
	const char *text = d->file && d->line ? lines_get(lines, d->file, d->line) : NULL;
	if (!text)
		return;
	g_autoptr(GString) shown = g_string_new(NULL);
	guint caret = lay_line(text, lines->length, d->column, shown);
	fprintf(to, "%5u | %s\n", d->line, shown->str);
	if (d->column > 0)
		fprintf(to, "      | %*s%s^%s\n", (int)caret, "",
				printer->colour ? severities[d->severity].colour : "", printer->colour ? "\033[0m" : "");
}

/* ---- the three forms ----------------------------------------------------------------------- */

/* As the user would write it. Pages built into stet are no files of the report. */
static char *shown_file(const StetPrinter *printer, const char *file)
{
	if (g_path_is_absolute(file) || strcmp(printer->shown, ".") == 0 || !*printer->shown ||
		g_str_has_prefix(file, "built-in/"))
		return g_strdup(file);
	return g_build_filename(printer->shown, file, NULL);
}

static void print_human(const StetPrinter *printer, Lines *lines, const StetDiagnostic *d, FILE *to)
{
	g_autofree char *message = stet_printable(d->message, -1),
					*mend = d->mend ? stet_printable(d->mend, -1) : NULL;
	g_autofree char *file = d->file ? shown_file(printer, d->file) : g_strdup("stet");
	g_autofree char *safe = stet_printable(file, -1);
	const char *bold = printer->colour ? "\033[1m" : "", *plain = printer->colour ? "\033[0m" : "";
	fprintf(to, "%s%s:", bold, safe);
	if (d->line > 0)
		fprintf(to, "%u:", d->line);
	if (d->line > 0 && d->column > 0)
		fprintf(to, "%u:", d->column);
	fprintf(to, "%s %s%s:%s %s%s%s [%s]\n", plain, printer->colour ? severities[d->severity].colour : "",
			severities[d->severity].name, plain, bold, message, plain, d->code);
	if (d->severity != STET_NOTE)
		print_source(printer, lines, d, to);
	if (mend)
		fprintf(to, "  mend: %s\n", mend);
}

static void json_field(GString *out, const char *name, const char *text)
{
	if (!text)
		return;
	g_string_append_printf(out, ",\"%s\":", name);
	stet_json_string(out, text);
}

static void print_json(const StetPrinter *printer, Lines *lines, const StetDiagnostic *d, FILE *to)
{
	(void)lines;
	g_autofree char *file = d->file ? shown_file(printer, d->file) : NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	g_string_append_printf(out, "{\"severity\":\"%s\"", severities[d->severity].name);
	json_field(out, "code", d->code);
	json_field(out, "file", file);
	if (d->line > 0)
		g_string_append_printf(out, ",\"line\":%u", d->line);
	if (d->line > 0 && d->column > 0)
		g_string_append_printf(out, ",\"column\":%u", d->column);
	json_field(out, "message", d->message);
	json_field(out, "mend", d->mend);
	fprintf(to, "%s}\n", out->str);
}

/* Workflow commands escape '%' and line ends, and in properties ':' and ',' too. */
static char *github_text(const char *text, gboolean property)
{
	GString *out = g_string_new(NULL);
	for (; *text; text++) {
		if (strchr("%\r\n", *text) || (property && strchr(":,", *text)))
			g_string_append_printf(out, "%%%02X", (guint)(guchar)*text);
		else
			g_string_append_c(out, *text);
	}
	return g_string_free(out, FALSE);
}

static void print_github(const StetPrinter *printer, Lines *lines, const StetDiagnostic *d, FILE *to)
{
	(void)lines;
	g_autofree char *whole = d->mend ? g_strconcat(d->message, "\n", d->mend, NULL) : g_strdup(d->message);
	g_autofree char *message = github_text(whole, FALSE), *code = github_text(d->code, TRUE);
	g_autofree char *file = d->file ? shown_file(printer, d->file) : NULL,
					*safe = file ? github_text(file, TRUE) : NULL;
	g_autoptr(GString) where = g_string_new(NULL);
	if (safe)
		g_string_append_printf(where, "file=%s,", safe);
	if (safe && d->line > 0)
		g_string_append_printf(where, "line=%u,", d->line);
	if (safe && d->line > 0 && d->column > 0)
		g_string_append_printf(where, "col=%u,", d->column);
	fprintf(to, "::%s %stitle=%s::%s\n", severities[d->severity].github, where->str, code, message);
}

/* The codes of all that is said, the most frequent first. */
static GPtrArray *codes_by_count(StetDiagnostics *diags, const GPtrArray *sorted)
{
	GPtrArray *codes = g_ptr_array_new();
	for (guint i = 0; i < sorted->len; i++) {
		const char *code = ((const StetDiagnostic *)sorted->pdata[i])->code;
		guint count = stet_diagnostics_count_code(diags, code), at = 0;
		if (g_ptr_array_find_with_equal_func(codes, code, g_str_equal, NULL))
			continue;
		while (at < codes->len && stet_diagnostics_count_code(diags, codes->pdata[at]) >= count)
			at++;
		g_ptr_array_insert(codes, (gint)at, (gpointer)code);
	}
	return codes;
}

/* Which rules were broken how often, those counted in that are not shown: where there is much to read, a way in. */
static void print_rules(StetFormat format, StetDiagnostics *diags, const GPtrArray *sorted, FILE *to)
{
	static const char *const begins[] = {"by rule: ", "{\"rules\":{", "::notice title=by rule::"};
	static const char *const ends[] = {"", "}}", ""};
	g_autoptr(GPtrArray) codes = codes_by_count(diags, sorted);
	guint at = format == STET_FORMAT_JSON ? 1 : format == STET_FORMAT_GITHUB ? 2 : 0;
	fputs(begins[at], to);
	for (guint i = 0; i < codes->len; i++) {
		const char *code = codes->pdata[i], *comma = i == 0 ? "" : at == 1 ? "," : ", ";
		guint count = stet_diagnostics_count_code(diags, code);
		g_autofree char *entry = at == 1 ? g_strdup_printf("%s\"%s\":%u", comma, code, count)
										 : g_strdup_printf("%s%s %u", comma, code, count);
		fputs(entry, to);
	}
	fprintf(to, "%s\n", ends[at]);
}

void stet_print_diagnostics(const StetPrinter *printer, StetDiagnostics *diags, FILE *to)
{
	static void (*const forms[])(const StetPrinter *, Lines *, const StetDiagnostic *, FILE *) = {
		[STET_FORMAT_HUMAN] = print_human,
		[STET_FORMAT_JSON] = print_json,
		[STET_FORMAT_GITHUB] = print_github,
	};
	const GPtrArray *sorted = stet_diagnostics_sorted(diags);
	Lines lines = {.printer = printer};
	for (guint i = 0; i < sorted->len; i++)
		forms[printer->format](printer, &lines, sorted->pdata[i], to);
	lines_close(&lines);
	if (sorted->len > RULES_FROM)
		print_rules(printer->format, diags, sorted, to);
}
