/* A finished page read back as text: its sections, for structured data and for machines that read. */
#include "site/markup.h"
#include "site/private.h"

#include <string.h>

/* Elements that hold no running text. Data tables have downloads of their own. */
static const char *const left_out[] = {"svg", "script", "style", "nav", "table", "details", "button", NULL};
/* Classes of what speaks about the page instead of its subject. */
static const char *const asides[] = {"figure-source", "downloads", "eyebrow", NULL};
/* Elements that end a word. */
static const char *const blocks[] = {
	"p",  "li", "dt", "dd", "div", "br", "pre", "blockquote", "figure", "figcaption", "aside", "section",
	"h1", "h2", "h3", "h4", "h5",  "h6", "ul",  "ol",         "dl",     "header",     NULL};

typedef struct {
	const char *at, *end;
	GPtrArray *sections;
	GString *text;  /* where text goes now: a heading's or a section's */
	GString *body;  /* of the section that is open */
	GString *title; /* of the heading that is open, or NULL */
} Reader;

void site_section_free(gpointer data)
{
	SiteSection *section = data;
	g_free(section->id);
	g_free(section->title);
	g_free(section->text);
	g_free(section);
}

/* ---- text ---------------------------------------------------------------------------------- */

static void put_space(GString *text)
{
	if (text->len > 0 && text->str[text->len - 1] != ' ')
		g_string_append_c(text, ' ');
}

/* A character reference at `p` (after '&'): appended; returns what follows it. */
const char *markup_reference(const char *p, const char *end, GString *text)
{
	static const struct {
		const char *name, *value;
	} known[] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}};
	const char *stop = memchr(p, ';', MIN((gsize)(end - p), 10));
	if (!stop) {
		g_string_append_c(text, '&');
		return p;
	}
	g_autofree char *name = g_strndup(p, (gsize)(stop - p));
	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		if (strcmp(known[i].name, name) == 0) {
			g_string_append(text, known[i].value);
			return stop + 1;
		}
	guint64 code = name[0] != '#'                    ? 0
				   : g_ascii_tolower(name[1]) == 'x' ? g_ascii_strtoull(name + 2, NULL, 16)
													 : g_ascii_strtoull(name + 1, NULL, 10);
	if (code > 0 && code <= 0x10FFFF && g_unichar_validate((gunichar)code))
		g_string_append_unichar(text, (gunichar)code);
	return stop + 1;
}

static void read_text(Reader *reader)
{
	const char *p = reader->at;
	while (p < reader->end && *p != '<') {
		if (g_ascii_isspace(*p)) {
			put_space(reader->text);
			p++;
		} else if (*p == '&') {
			p = markup_reference(p + 1, reader->end, reader->text);
		} else {
			g_string_append_c(reader->text, *p++);
		}
	}
	reader->at = p;
}

/* ---- tags ---------------------------------------------------------------------------------- */

/* A '>' in a quoted value does not end a tag. */
MarkupTag markup_tag(const char **at, const char *end)
{
	MarkupTag tag = {.closes = *at + 1 < end && (*at)[1] == '/'};
	const char *p = *at + 1 + (tag.closes ? 1 : 0);
	guint n = 0;
	char quote = 0;
	for (; p < end && (g_ascii_isalnum(*p) || *p == '-' || *p == '!'); p++)
		if (n + 1 < sizeof tag.name)
			tag.name[n++] = g_ascii_tolower(*p);
	tag.inside.ptr = p;
	for (; p < end && (quote || *p != '>'); p++) {
		if (quote && *p == quote)
			quote = 0;
		else if (!quote && (*p == '"' || *p == '\''))
			quote = *p;
	}
	tag.inside.len = (gsize)(p - tag.inside.ptr);
	tag.whole = tag.inside.len > 0 && tag.inside.ptr[tag.inside.len - 1] == '/';
	*at = p < end ? p + 1 : end;
	return tag;
}

void markup_skip(const char **at, const char *end, const MarkupTag *opened)
{
	guint depth = opened->whole ? 0 : 1;
	while (depth > 0 && *at < end) {
		const char *next = memchr(*at, '<', (gsize)(end - *at));
		*at = next ? next : end;
		if (!next)
			return;
		MarkupTag tag = markup_tag(at, end);
		if (strcmp(tag.name, opened->name) == 0 && !tag.whole)
			depth = tag.closes ? depth - 1 : depth + 1;
	}
}

char *markup_attribute(const MarkupTag *tag, const char *name)
{
	g_autofree char *wanted = g_strconcat(" ", name, "=\"", NULL);
	const char *found =
		tag->inside.len > 0 ? memmem(tag->inside.ptr, tag->inside.len, wanted, strlen(wanted)) : NULL;
	if (!found)
		return NULL;
	const char *from = found + strlen(wanted),
			   *stop = memchr(from, '"', (gsize)(tag->inside.ptr + tag->inside.len - from));
	return stop ? g_strndup(from, (gsize)(stop - from)) : NULL;
}

/* ---- sections ------------------------------------------------------------------------------ */

static void end_section(Reader *reader)
{
	SiteSection *section = reader->sections->pdata[reader->sections->len - 1];
	section->text = g_strstrip(g_strdup(reader->body->str));
	g_string_truncate(reader->body, 0);
}

static void begin_section(Reader *reader, guint level, char *id)
{
	SiteSection *section = g_new0(SiteSection, 1);
	if (reader->sections->len > 0)
		end_section(reader);
	*section = (SiteSection){.level = level, .id = id};
	g_ptr_array_add(reader->sections, section);
}

static gboolean is_heading(const MarkupTag *tag)
{
	return tag->name[0] == 'h' && (tag->name[1] == '2' || tag->name[1] == '3') && tag->name[2] == 0;
}

static gboolean is_left_out(const MarkupTag *tag)
{
	g_autofree char *class_ = markup_attribute(tag, "class");
	return g_strv_contains(left_out, tag->name) || strcmp(tag->name, "h1") == 0 ||
		   (class_ && g_strv_contains(asides, class_));
}

static void take_tag(Reader *reader, const MarkupTag *tag)
{
	if (is_heading(tag) && !tag->closes) {
		begin_section(reader, (guint)(tag->name[1] - '0'), markup_attribute(tag, "id"));
		g_string_truncate(reader->title, 0);
		reader->text = reader->title;
	} else if (is_heading(tag)) {
		SiteSection *section = reader->sections->pdata[reader->sections->len - 1];
		g_free(section->title);
		section->title = g_strstrip(g_strdup(reader->title->str));
		reader->text = reader->body;
	} else if (!tag->closes && is_left_out(tag)) {
		markup_skip(&reader->at, reader->end, tag);
	} else if (g_strv_contains(blocks, tag->name)) {
		put_space(reader->text);
	}
}

GPtrArray *site_read_sections(GBytes *html)
{
	gsize length = 0;
	const char *data = g_bytes_get_data(html, &length);
	GPtrArray *sections = g_ptr_array_new_with_free_func(site_section_free);
	const char *from = length > 0 ? memmem(data, length, "<main", 5) : NULL;
	const char *to = from ? memmem(from, length - (gsize)(from - data), "</main>", 7) : NULL;
	if (!to)
		return sections;
	g_autoptr(GString) body = g_string_new(NULL), title = g_string_new(NULL);
	Reader reader = {.at = from, .end = to, .sections = sections, .text = body, .body = body, .title = title};
	begin_section(&reader, 1, NULL);
	while (reader.at < reader.end) {
		if (*reader.at == '<') {
			MarkupTag tag = markup_tag(&reader.at, reader.end);
			take_tag(&reader, &tag);
		} else {
			read_text(&reader);
		}
	}
	end_section(&reader);
	return sections;
}
