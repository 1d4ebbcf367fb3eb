/* A page's twin for machines: its text as Markdown (CommonMark with pipe tables). Figures are words, charts their
 * description and the links to their data. */
#include "site/markup.h"
#include "site/private.h"

#include <string.h>

#define DEPTH_MAX 200 /* elements inside each other */

typedef struct {
	const char *at, *end;
	GString *out;
	GString *line;   /* inline text of the block that is open */
	GString *prefix; /* what every line begins with: "> ", spaces of lists */
	char *marker;    /* of the next block: "- ", "## " */
	guint item;      /* number of the next item of an ordered list; 0: it is not ordered */
	gboolean in_cell, tight;
	guint depth;
} Twin;

typedef struct {
	const char *name;
	void (*write)(Twin *twin, const MarkupTag *tag);
} Element;

static void write_inside(Twin *twin, const char *name);

/* ---- text ---------------------------------------------------------------------------------- */

/* Characters that would be taken for Markdown. */
static void append_literal(GString *out, const char *text, gboolean in_cell)
{
	for (const char *p = text; *p; p++) {
		gboolean special = strchr("\\`*[]<", *p) || (*p == '|' && in_cell) || (*p == '&' && g_ascii_isalnum(p[1])) ||
						   (*p == '_' && (p == text || !g_ascii_isalnum(p[-1]) || !g_ascii_isalnum(p[1])));
		if (special)
			g_string_append_c(out, '\\');
		g_string_append_c(out, *p);
	}
}

static void put_space(GString *text)
{
	if (text->len > 0 && text->str[text->len - 1] != ' ')
		g_string_append_c(text, ' ');
}

static void read_text(Twin *twin)
{
	g_autoptr(GString) text = g_string_new(NULL);
	while (twin->at < twin->end && *twin->at != '<') {
		if (*twin->at == '&') {
			twin->at = markup_reference(twin->at + 1, twin->end, text);
		} else if (g_ascii_isspace(*twin->at)) {
			if (text->len > 0 ? text->str[text->len - 1] != ' ' : twin->line->len > 0 && twin->line->str[twin->line->len - 1] != ' ')
				g_string_append_c(text, ' ');
			twin->at++;
		} else {
			g_string_append_c(text, *twin->at++);
		}
	}
	append_literal(twin->line, text->str, twin->in_cell);
}

/* ---- blocks -------------------------------------------------------------------------------- */

/* "1. " or "# " at the beginning of a plain line would make it something else. */
static gboolean needs_escape(const char *line)
{
	gsize n = strspn(line, "0123456789");
	return (strchr("#+->=~", *line) && *line) || (n > 0 && n < 10 && (line[n] == '.' || line[n] == ')') && line[n + 1] == ' ');
}

static void end_block(Twin *twin)
{
	g_autofree char *text = g_strstrip(g_strdup(twin->line->str));
	g_string_truncate(twin->line, 0);
	if (!*text || twin->in_cell) {
		g_string_append(twin->line, twin->in_cell ? text : "");
		if (twin->in_cell)
			put_space(twin->line);
		return;
	}
	if (twin->out->len > 0 && !twin->tight) {
		g_autofree char *bare = g_strchomp(g_strdup(twin->prefix->str));
		g_string_append_printf(twin->out, "%s\n", bare);
	}
	twin->tight = FALSE;
	g_string_append(twin->out, twin->prefix->str);
	if (twin->marker) {
		/* The marker takes the place of the spaces that the item's other lines begin with. */
		gsize width = strlen(twin->marker);
		if (*twin->marker != '#' && twin->prefix->len >= width)
			g_string_truncate(twin->out, twin->out->len - width);
		g_string_append(twin->out, twin->marker);
		g_clear_pointer(&twin->marker, g_free);
	}
	if (needs_escape(text)) {
		gsize n = strspn(text, "0123456789");
		g_string_append_len(twin->out, text, (gssize)n);
		g_string_append_printf(twin->out, "\\%s\n", text + n);
	} else {
		g_string_append_printf(twin->out, "%s\n", text);
	}
}

static void write_block(Twin *twin, const MarkupTag *tag)
{
	end_block(twin);
	write_inside(twin, tag->name);
	end_block(twin);
}

static void write_heading(Twin *twin, const MarkupTag *tag)
{
	end_block(twin);
	g_free(twin->marker);
	twin->marker = g_strdup_printf("%.*s ", tag->name[1] - '0', "######");
	write_inside(twin, tag->name);
	end_block(twin);
	g_clear_pointer(&twin->marker, g_free);
}

static void write_indented(Twin *twin, const MarkupTag *tag, const char *prefix)
{
	gsize before = twin->prefix->len;
	end_block(twin);
	g_string_append(twin->prefix, prefix);
	write_inside(twin, tag->name);
	end_block(twin);
	g_string_truncate(twin->prefix, before);
}

static void write_quote(Twin *twin, const MarkupTag *tag)
{
	write_indented(twin, tag, "> ");
}

static void write_list(Twin *twin, const MarkupTag *tag)
{
	guint outer = twin->item;
	end_block(twin);
	twin->item = *tag->name == 'o' ? 1 : 0;
	write_inside(twin, tag->name);
	end_block(twin);
	twin->item = outer;
}

static void write_item(Twin *twin, const MarkupTag *tag)
{
	g_autofree char *marker = twin->item ? g_strdup_printf("%u. ", twin->item++) : g_strdup("- ");
	g_autofree char *spaces = g_strnfill(strlen(marker), ' ');
	end_block(twin);
	g_free(twin->marker);
	twin->marker = g_steal_pointer(&marker);
	write_indented(twin, tag, spaces);
	g_clear_pointer(&twin->marker, g_free);
}

/* A term and what is said of it are an item: "- **Spend**: $1.2 billion". */
static void write_term(Twin *twin, const MarkupTag *tag)
{
	end_block(twin);
	g_free(twin->marker);
	twin->marker = g_strdup("- ");
	g_string_append(twin->line, "**");
	write_inside(twin, tag->name);
	g_string_truncate(twin->line, strlen(g_strchomp(twin->line->str)));
	g_string_append(twin->line, "**");
}

static void write_detail(Twin *twin, const MarkupTag *tag)
{
	gsize before = twin->line->len;
	g_string_append(twin->line, before > 0 && g_str_has_suffix(twin->line->str, "**") ? ": " : before > 0 ? "; " : "");
	gsize begun = twin->line->len;
	write_inside(twin, tag->name);
	if (twin->line->len == begun)
		g_string_truncate(twin->line, before);
}

static void write_group(Twin *twin, const MarkupTag *tag)
{
	end_block(twin);
	write_inside(twin, tag->name);
	end_block(twin);
}

static void write_rule(Twin *twin, const MarkupTag *tag)
{
	(void)tag;
	end_block(twin);
	g_string_append_printf(twin->out, "%s\n%s---\n", twin->prefix->str, twin->prefix->str);
}

/* The text of an element that was just opened, as it is (g_string_free). */
static GString *plain_text(Twin *twin, const MarkupTag *tag)
{
	const char *from = twin->at;
	GString *text = g_string_new(NULL);
	markup_skip(&twin->at, twin->end, tag);
	for (const char *p = from; p < twin->at;) {
		if (*p == '<')
			markup_tag(&p, twin->at);
		else if (*p == '&')
			p = markup_reference(p + 1, twin->at, text);
		else
			g_string_append_c(text, *p++);
	}
	return text;
}

/* Between fences longer than any in it. */
static void write_code_block(Twin *twin, const MarkupTag *tag)
{
	end_block(twin);
	g_autoptr(GString) code = plain_text(twin, tag);
	const char *fence = strstr(code->str, "```") ? "``````" : "```";
	g_auto(GStrv) lines = g_strsplit(g_strchomp(code->str), "\n", -1);
	g_string_append_printf(twin->out, "%s\n%s%s\n", twin->prefix->str, twin->prefix->str, fence);
	for (guint i = 0; lines[i]; i++)
		g_string_append_printf(twin->out, "%s%s\n", twin->prefix->str, lines[i]);
	g_string_append_printf(twin->out, "%s%s\n", twin->prefix->str, fence);
}

/* ---- inline -------------------------------------------------------------------------------- */

static void write_marked(Twin *twin, const MarkupTag *tag, const char *mark)
{
	gsize before = twin->line->len;
	g_string_append(twin->line, mark);
	gsize begun = twin->line->len;
	write_inside(twin, tag->name);
	if (twin->line->len == begun)
		g_string_truncate(twin->line, before);
	else
		g_string_append(twin->line, mark);
}

static void write_emphasis(Twin *twin, const MarkupTag *tag)
{
	write_marked(twin, tag, "*");
}

static void write_strong(Twin *twin, const MarkupTag *tag)
{
	write_marked(twin, tag, "**");
}

static void write_code(Twin *twin, const MarkupTag *tag)
{
	g_autoptr(GString) code = plain_text(twin, tag);
	g_strdelimit(code->str, "\n", ' ');
	const char *mark = strchr(code->str, '`') ? "``" : "`";
	if (code->len > 0)
		g_string_append_printf(twin->line, "%s%s%s%s%s", mark, mark[1] ? " " : "", code->str, mark[1] ? " " : "", mark);
}

static void append_address(GString *out, const char *escaped)
{
	g_autoptr(GString) url = g_string_new(NULL);
	for (const char *p = escaped, *end = p + strlen(p); p < end;) {
		if (*p == '&')
			p = markup_reference(p + 1, end, url);
		else
			g_string_append_c(url, *p++);
	}
	g_string_append_printf(out, strpbrk(url->str, " ()<>") ? "(<%s>)" : "(%s)", url->str);
}

/* A figure's link says where it comes from, not what is said: its number alone is text. */
static void write_anchor(Twin *twin, const MarkupTag *tag)
{
	g_autofree char *href = markup_attribute(tag, "href"), *class_ = markup_attribute(tag, "class");
	if (!href || (class_ && strstr(class_, "figure"))) {
		write_inside(twin, tag->name);
		return;
	}
	gsize before = twin->line->len;
	g_string_append_c(twin->line, '[');
	write_inside(twin, tag->name);
	if (twin->line->len == before + 1) {
		g_string_truncate(twin->line, before);
		return;
	}
	g_string_append_c(twin->line, ']');
	append_address(twin->line, href);
}

static void write_image(Twin *twin, const MarkupTag *tag)
{
	g_autofree char *alt = markup_attribute(tag, "alt"), *src = markup_attribute(tag, "src");
	if (!src)
		return;
	g_string_append(twin->line, "![");
	append_literal(twin->line, alt ? alt : "", twin->in_cell);
	g_string_append_c(twin->line, ']');
	append_address(twin->line, src);
}

static void write_break(Twin *twin, const MarkupTag *tag)
{
	(void)tag;
	put_space(twin->line);
}

/* ---- charts -------------------------------------------------------------------------------- */

/* The wide layout's description; the narrow one says the same, a sparkline nothing. */
static void write_chart(Twin *twin, const MarkupTag *tag)
{
	const char *from = twin->at;
	g_autofree char *class_ = markup_attribute(tag, "class");
	markup_skip(&twin->at, twin->end, tag);
	const char *open = class_ && strstr(class_, "wide") ? memmem(from, (gsize)(twin->at - from), "<desc", 5) : NULL;
	const char *begin = open ? memchr(open, '>', (gsize)(twin->at - open)) : NULL;
	const char *end = begin ? memmem(begin, (gsize)(twin->at - begin), "</desc>", 7) : NULL;
	if (!end)
		return;
	Twin inside = *twin;
	inside.at = begin + 1;
	inside.end = end;
	end_block(twin);
	read_text(&inside);
	end_block(twin);
}

/* ---- tables -------------------------------------------------------------------------------- */

static char *read_cell(Twin *twin, const MarkupTag *tag)
{
	g_autoptr(GString) outer = twin->line;
	twin->line = g_string_new(NULL);
	twin->in_cell = TRUE;
	write_inside(twin, tag->name);
	twin->in_cell = FALSE;
	char *text = g_strstrip(g_string_free(twin->line, FALSE));
	twin->line = g_steal_pointer(&outer);
	return text;
}

static void append_row(Twin *twin, const GPtrArray *cells, guint columns)
{
	g_string_append(twin->out, twin->prefix->str);
	for (guint i = 0; i < MAX(columns, cells->len); i++)
		g_string_append_printf(twin->out, "| %s ", i < cells->len ? (const char *)cells->pdata[i] : "");
	g_string_append(twin->out, "|\n");
}

static void append_separator(Twin *twin, const GArray *numbers)
{
	g_string_append(twin->out, twin->prefix->str);
	for (guint i = 0; i < numbers->len; i++)
		g_string_append(twin->out, g_array_index(numbers, gboolean, i) ? "| ---: " : "| --- ");
	g_string_append(twin->out, "|\n");
}

static gboolean is_number(const MarkupTag *tag)
{
	g_autofree char *class_ = markup_attribute(tag, "class");
	return class_ && g_str_has_prefix(class_, "num");
}

static void write_caption(Twin *twin, const MarkupTag *tag)
{
	end_block(twin);
	write_marked(twin, tag, "**");
	end_block(twin);
}

/* The first row heads the table. */
static void write_table(Twin *twin, const MarkupTag *tag)
{
	g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) numbers = g_array_new(FALSE, TRUE, sizeof(gboolean));
	guint rows = 0;
	if (twin->in_cell) { /* a table in a table's cell */
		write_inside(twin, tag->name);
		return;
	}
	end_block(twin);
	while (twin->at < twin->end) {
		const char *next = memchr(twin->at, '<', (gsize)(twin->end - twin->at));
		twin->at = next ? next : twin->end;
		MarkupTag inner = markup_tag(&twin->at, twin->end);
		gboolean cell = strcmp(inner.name, "td") == 0 || strcmp(inner.name, "th") == 0;
		if (inner.closes && strcmp(inner.name, "table") == 0)
			break;
		if (!inner.closes && strcmp(inner.name, "caption") == 0) {
			write_caption(twin, &inner);
		} else if (!inner.closes && cell) {
			gboolean number = is_number(&inner);
			if (rows == 0)
				g_array_append_val(numbers, number);
			g_ptr_array_add(cells, read_cell(twin, &inner));
		} else if (inner.closes && strcmp(inner.name, "tr") == 0) {
			if (rows == 0)
				g_string_append_printf(twin->out, "%s\n", twin->prefix->str);
			append_row(twin, cells, numbers->len);
			if (rows++ == 0)
				append_separator(twin, numbers);
			g_ptr_array_set_size(cells, 0);
		}
	}
}

/* ---- elements ------------------------------------------------------------------------------ */

static void skip(Twin *twin, const MarkupTag *tag)
{
	markup_skip(&twin->at, twin->end, tag);
}

/* The table below a chart: its data are linked. */
static void write_details(Twin *twin, const MarkupTag *tag)
{
	g_autofree char *class_ = markup_attribute(tag, "class");
	(class_ && strstr(class_, "figure-data") ? skip : write_block)(twin, tag);
}

static void write_paragraph(Twin *twin, const MarkupTag *tag)
{
	g_autofree char *class_ = markup_attribute(tag, "class");
	if (class_ && (strcmp(class_, "figure-title") == 0 || strcmp(class_, "aside-title") == 0))
		write_caption(twin, tag);
	else if (class_ && strcmp(class_, "eyebrow") == 0)
		skip(twin, tag);
	else
		write_block(twin, tag);
}

static const Element elements[] = {
	{"a", write_anchor}, {"aside", write_quote}, {"b", write_strong}, {"blockquote", write_quote}, {"br", write_break},
	{"button", skip}, {"code", write_code}, {"dd", write_detail}, {"details", write_details}, {"div", write_group},
	{"dl", write_block}, {"dt", write_term}, {"em", write_emphasis}, {"figcaption", write_block}, {"figure", write_block},
	{"h1", write_heading}, {"h2", write_heading}, {"h3", write_heading}, {"h4", write_heading}, {"h5", write_heading},
	{"h6", write_heading}, {"header", write_block}, {"hr", write_rule}, {"i", write_emphasis}, {"img", write_image},
	{"li", write_item}, {"nav", skip}, {"ol", write_list}, {"p", write_paragraph}, {"pre", write_code_block},
	{"script", skip}, {"section", write_block}, {"strong", write_strong}, {"style", skip}, {"summary", write_caption},
	{"svg", write_chart}, {"table", write_table}, {"ul", write_list},
};

static int compare_names(const void *name, const void *element)
{
	return strcmp(name, ((const Element *)element)->name);
}

static void write_element(Twin *twin, const MarkupTag *tag)
{
	const Element *element = bsearch(tag->name, elements, G_N_ELEMENTS(elements), sizeof *elements, compare_names);
	static const char *const empty[] = {"br", "hr", "img", "input", "wbr", "source", NULL};
	gboolean bare = tag->whole || g_strv_contains(empty, tag->name);
	if (bare && element && (element->write == write_image || element->write == write_break || element->write == write_rule))
		element->write(twin, tag);
	else if (!bare && twin->depth >= DEPTH_MAX)
		skip(twin, tag);
	else if (!bare && element)
		element->write(twin, tag);
	else if (!bare)
		write_inside(twin, tag->name);
}

/* What is inside the element `name`, which was just opened, to behind its end. */
static void write_inside(Twin *twin, const char *name)
{
	twin->depth++;
	while (twin->at < twin->end) {
		if (*twin->at != '<') {
			read_text(twin);
			continue;
		}
		MarkupTag tag = markup_tag(&twin->at, twin->end);
		if (tag.closes && strcmp(tag.name, name) == 0)
			break;
		if (!tag.closes && *tag.name != '!')
			write_element(twin, &tag);
	}
	twin->depth--;
}

GString *site_markdown(GBytes *html)
{
	gsize length = 0;
	const char *data = g_bytes_get_data(html, &length);
	const char *from = length > 0 ? memmem(data, length, "<main", 5) : NULL;
	const char *to = from ? memmem(from, length - (gsize)(from - data), "</main>", 7) : NULL;
	if (!to)
		return NULL;
	g_autoptr(GString) prefix = g_string_new(NULL);
	Twin twin = {.at = from, .end = to, .out = g_string_new(NULL), .line = g_string_new(NULL), .prefix = prefix};
	markup_tag(&twin.at, twin.end);
	write_inside(&twin, "main");
	end_block(&twin);
	g_free(twin.marker);
	g_string_free(twin.line, TRUE);
	return twin.out;
}
