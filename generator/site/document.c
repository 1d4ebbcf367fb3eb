/* The whole site as one HTML file that opens offline: every page an article of one document, links turned to
 * fragments, pictures and styles inside. The address's fragment shows the page it lies in, without a script. */
#include "site/form.h"
#include "site/private.h"

#include <string.h>

#define INSIDE_MAX (8u << 20) /* bytes of a picture that is put inside */

typedef struct {
	char *path; /* in out/: "faq/index.html" */
	char *id;   /* of its article: "p-faq" */
	char *html;
	gsize length;
} BundlePage;

typedef struct {
	const char *out_dir;
	GPtrArray *pages;    /* BundlePage *, in the site's order */
	GHashTable *by_path; /* path -> BundlePage */
	const BundlePage *page; /* the one being written */
	GString *html;
} Bundle;

static void page_free(gpointer data)
{
	BundlePage *page = data;
	g_free(page->path);
	g_free(page->id);
	g_free(page->html);
	g_free(page);
}

/* ---- addresses ----------------------------------------------------------------------------- */

/* What `link` on a page means as a path in out/, "" for what leaves the site (g_free). */
static char *resolve(const BundlePage *page, const char *link, gsize length)
{
	g_autofree char *raw = g_strndup(link, length), *plain = g_uri_unescape_string(raw, NULL);
	const char *colon = strchr(raw, ':'), *slash = strchr(raw, '/');
	if (!plain || (colon && (!slash || colon < slash)) || *raw == '/')
		return g_strdup("");
	g_autofree char *folder = g_path_get_dirname(page->path);
	g_autofree char *base = g_strconcat("/", strcmp(folder, ".") == 0 ? "" : folder, NULL);
	g_autofree char *whole = g_canonicalize_filename(plain, base);
	gboolean is_folder = g_str_has_suffix(plain, "/") || *plain == 0;
	return g_strconcat(whole + 1, !is_folder ? "" : whole[1] ? "/index.html" : "index.html", NULL);
}

static const char *type_of(const char *path)
{
	static const char *const types[][2] = {{"svg", "image/svg+xml"}, {"png", "image/png"}, {"jpg", "image/jpeg"},
	                                       {"jpeg", "image/jpeg"}, {"webp", "image/webp"}, {"gif", "image/gif"},
	                                       {"avif", "image/avif"}, {"woff2", "font/woff2"}};
	const char *dot = strrchr(path, '.');
	for (guint i = 0; dot && i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i][0], dot + 1) == 0)
			return types[i][1];
	return NULL;
}

/* A file of the site as a data URL (RFC 2397). FALSE where it is none that can be shown. */
static gboolean append_inside(const Bundle *bundle, const char *path)
{
	g_autofree char *file = g_build_filename(bundle->out_dir, path, NULL);
	const char *type = stet_path_is_inside(path) ? type_of(path) : NULL;
	gsize length = 0;
	g_autofree char *data = type ? stet_file_read(file, &length, NULL) : NULL;
	if (!data || length > INSIDE_MAX)
		return FALSE;
	g_autofree char *text = g_base64_encode((const guchar *)data, length);
	g_string_append_printf(bundle->html, "data:%s;base64,%s", type, text);
	return TRUE;
}

/* ---- attributes ---------------------------------------------------------------------------- */

static void append_id(const Bundle *bundle, const char *id, gsize length)
{
	g_string_append_printf(bundle->html, "%s--%.*s", bundle->page->id, (int)length, id);
}

static void append_ids(const Bundle *bundle, const char *value, gsize length)
{
	for (gsize at = 0; at < length;) {
		gsize word = strcspn(value + at, " \"");
		append_id(bundle, value + at, word);
		at += word;
		for (; at < length && value[at] == ' '; at++)
			g_string_append_c(bundle->html, ' ');
	}
}

/* Pages become fragments; files that are not in the bundle are no links any more. */
static void append_href(const Bundle *bundle, const char *name, const char *value, gsize length)
{
	gsize plain = strcspn(value, "?#\"");
	const char *hash = memchr(value, '#', length);
	gsize fragment = hash ? length - (gsize)(hash + 1 - value) : 0;
	g_autofree char *path = plain > 0 ? resolve(bundle->page, value, plain) : g_strdup(bundle->page->path);
	const BundlePage *target = g_hash_table_lookup(bundle->by_path, path);
	if (target) {
		g_string_append_printf(bundle->html, " %s=\"#%s", name, target->id);
		if (fragment > 0)
			g_string_append_printf(bundle->html, "--%.*s", (int)fragment, hash + 1);
		g_string_append_c(bundle->html, '"');
	} else if (!*path) {
		g_string_append_printf(bundle->html, " %s=\"%.*s\"", name, (int)length, value);
	}
}

static void append_src(const Bundle *bundle, const char *name, const char *value, gsize length)
{
	g_autofree char *path = resolve(bundle->page, value, length);
	gsize before = bundle->html->len;
	g_string_append_printf(bundle->html, " %s=\"", name);
	if (*path && append_inside(bundle, path))
		g_string_append_c(bundle->html, '"');
	else
		g_string_truncate(bundle->html, before);
}

/* Paint servers and clips of a picture: url(#id). */
static void append_value(const Bundle *bundle, const char *name, const char *value, gsize length)
{
	static const char mark[] = "url(#";
	const char *end = value + length, *at = value, *found;
	g_string_append_printf(bundle->html, " %s=\"", name);
	while ((found = memmem(at, (gsize)(end - at), mark, sizeof mark - 1))) {
		g_string_append_len(bundle->html, at, found - at);
		g_string_append(bundle->html, mark);
		at = found + sizeof mark - 1;
		gsize id = strcspn(at, ")\"");
		append_id(bundle, at, id);
		at += id;
	}
	g_string_append_len(bundle->html, at, end - at);
	g_string_append_c(bundle->html, '"');
}

static void append_attribute(const Bundle *bundle, const char *name, const char *value, gsize length)
{
	static const char *const ids[] = {"id", "for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns",
	                                  "headers", "list", "popovertarget", "aria-details", NULL};
	/* Other sizes of a picture; names of downloads; the page one is on, which is another every time. */
	static const char *const left_out[] = {"srcset", "download", "aria-current", NULL};
	if (g_strv_contains(ids, name)) {
		g_string_append_printf(bundle->html, " %s=\"", name);
		append_ids(bundle, value, length);
		g_string_append_c(bundle->html, '"');
	} else if (strcmp(name, "href") == 0 || strcmp(name, "xlink:href") == 0) {
		append_href(bundle, name, value, length);
	} else if (strcmp(name, "src") == 0) {
		append_src(bundle, name, value, length);
	} else if (!g_strv_contains(left_out, name)) {
		append_value(bundle, name, value, length);
	}
}

/* ---- markup: our own, so tags are well-formed and values stand in double quotes ------------ */

/* A tag at `p`; returns what follows it. */
static const char *write_tag(const Bundle *bundle, const char *p, const char *end)
{
	gsize name = 1 + strcspn(p + 1, " \t\n/>");
	g_string_append_len(bundle->html, p, (gssize)name);
	p += name;
	while (p < end && *p != '>') {
		gsize space = strspn(p, " \t\n");
		p += space;
		gsize word = strcspn(p, "= \t\n>\"");
		if (word == 0 || *p == '/') {
			if (*p == '/')
				g_string_append(bundle->html, "/");
			p += *p == '>' || p == end ? 0 : 1;
			continue;
		}
		g_autofree char *attribute = g_strndup(p, word);
		p += word;
		if (p + 1 < end && p[0] == '=' && p[1] == '"') {
			gsize length = strcspn(p + 2, "\"");
			append_attribute(bundle, attribute, p + 2, length);
			p += 2 + length + (p[2 + length] == '"');
		} else {
			g_string_append_printf(bundle->html, " %s", attribute);
		}
	}
	g_string_append_c(bundle->html, '>');
	return p < end ? p + 1 : end;
}

static const char *behind_tag(const char *tag)
{
	const char *end = strchr(tag, '>');
	return end ? end + 1 : tag + strlen(tag);
}

static void write_markup(const Bundle *bundle, const char *p, const char *end)
{
	while (p < end) {
		const char *tag = memchr(p, '<', (gsize)(end - p));
		g_string_append_len(bundle->html, p, (tag ? tag : end) - p);
		if (!tag)
			return;
		const char *close = NULL;
		if (g_str_has_prefix(tag, "<!--"))
			close = strstr(tag, "-->") ? strstr(tag, "-->") + 3 : end;
		else if (g_str_has_prefix(tag, "<script"))
			close = strstr(tag, "</script>") ? strstr(tag, "</script>") + strlen("</script>") : end;
		else if (tag[1] == '/') {
			close = behind_tag(tag);
			g_string_append_len(bundle->html, tag, MIN(close, end) - tag);
		}
		p = close ? MIN(close, end) : write_tag(bundle, tag, end);
	}
}

/* ---- parts of a page ----------------------------------------------------------------------- */

/* From the first `open` on to before the last `close` after it. */
static gboolean find_part(const BundlePage *page, const char *open, const char *close, const char **begin, const char **end)
{
	*begin = strstr(page->html, open);
	*end = *begin ? g_strrstr(*begin, close) : NULL;
	return *end != NULL;
}

/* url(...) of a style sheet. */
static void write_style(const Bundle *bundle, const BundlePage *sheet)
{
	Bundle inside = *bundle;
	inside.page = sheet;
	const char *at = sheet->html, *found;
	while ((found = strstr(at, "url("))) {
		g_string_append_len(bundle->html, at, found + 4 - at);
		at = found + 4;
		gsize quote = *at == '"' || *at == '\'' ? 1 : 0, length = strcspn(at + quote, "\"')");
		g_autofree char *path = *(at + quote) == '#' ? g_strdup("") : resolve(sheet, at + quote, length);
		if (*path && append_inside(&inside, path))
			at += 2 * quote + length;
	}
	g_string_append(bundle->html, at);
}

static void write_styles(const Bundle *bundle)
{
	static const char mark[] = "<link rel=\"stylesheet\" href=\"";
	const char *at = bundle->page->html;
	while ((at = strstr(at, mark))) {
		at += sizeof mark - 1;
		BundlePage sheet = {.path = resolve(bundle->page, at, strcspn(at, "\""))};
		g_autofree char *file = g_build_filename(bundle->out_dir, sheet.path, NULL);
		sheet.html = stet_file_read(file, &sheet.length, NULL);
		if (sheet.html && !strstr(sheet.html, "</style"))
			write_style(bundle, &sheet);
		g_free(sheet.html);
		g_free(sheet.path);
	}
}

static const char own_style[] =
	"\n.bundle-page{display:none}\n.bundle-page:target,.bundle-page:has(:target){display:block}\n"
	"body:not(:has(.bundle-page:target,.bundle-page :target)) .bundle-page:first-of-type{display:block}\n"
	".downloads:not(:has([href])){display:none}\n"
	"@supports not selector(:has(*)){.bundle-page{display:block}}\n"
	"@media print{.bundle-page{display:block;break-before:page}}\n";

/* The menu of a narrow screen would stay over the page it leads to: no other page is loaded here. */
static const char own_script[] =
	"<script>addEventListener('hashchange',function(){var m=document.querySelector(':popover-open');"
	"if(m)m.hidePopover()})</script>\n";

static void write_head(const Bundle *bundle)
{
	const char *head = strstr(bundle->page->html, "<head>"), *title = strstr(bundle->page->html, "<title>");
	const char *end = title ? strstr(title, "</title>") : NULL, *html = strstr(bundle->page->html, "<html");
	g_string_append(bundle->html, "<!doctype html>\n");
	g_string_append_len(bundle->html, html && head ? html : "<html>", html && head ? head - html : 6);
	g_string_append(bundle->html, "<head>\n<meta charset=\"utf-8\">\n"
	                              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	                              "<meta name=\"color-scheme\" content=\"light dark\">\n");
	if (end)
		g_string_append_len(bundle->html, title, end + strlen("</title>") - title);
	g_string_append(bundle->html, "\n<style>\n");
	write_styles(bundle);
	g_string_append(bundle->html, own_style);
	g_string_append(bundle->html, "</style>\n</head>\n");
}

static void write_article(Bundle *bundle, const BundlePage *page)
{
	const char *begin, *end;
	bundle->page = page;
	if (!find_part(page, "<main", "</main>", &begin, &end))
		return;
	g_string_append_printf(bundle->html, "<article class=\"bundle-page\" id=\"%s\">\n", page->id);
	write_markup(bundle, behind_tag(begin), end);
	g_string_append(bundle->html, "</article>\n");
}

/* The home page gives the frame: what stands before and after its text. */
static gboolean write_all(Bundle *bundle)
{
	const BundlePage *home = bundle->pages->pdata[0];
	const char *body = strstr(home->html, "<body"), *main_begin, *main_end, *end = strstr(home->html, "</body>");
	bundle->page = home;
	if (!body || !end || !find_part(home, "<main", "</main>", &main_begin, &main_end) || main_begin < body)
		return FALSE;
	write_head(bundle);
	write_markup(bundle, body, behind_tag(main_begin));
	g_string_append_c(bundle->html, '\n');
	for (guint i = 0; i < bundle->pages->len; i++)
		write_article(bundle, bundle->pages->pdata[i]);
	bundle->page = home;
	write_markup(bundle, main_end, end);
	g_string_append(bundle->html, own_script);
	g_string_append(bundle->html, "</body>\n</html>\n");
	return TRUE;
}

/* ---- pages --------------------------------------------------------------------------------- */

/* "metrics/hhi/" -> "p-metrics-hhi"; a number where another page has that already. */
static char *id_of(const Bundle *bundle, const char *url, GHashTable *taken)
{
	g_autofree char *slug = *url ? stet_slug(url) : g_strdup("home");
	char *id = g_strconcat("p-", slug, NULL);
	if (g_hash_table_contains(taken, id)) {
		g_free(id);
		id = g_strdup_printf("p%u-%s", bundle->pages->len, slug);
	}
	g_hash_table_add(taken, id);
	return id;
}

static gboolean add_page(Bundle *bundle, const char *url, GHashTable *taken, GError **error)
{
	BundlePage *page = g_new0(BundlePage, 1);
	page->path = stet_url_path(url);
	g_autofree char *file = g_build_filename(bundle->out_dir, page->path, NULL);
	page->html = stet_file_read(file, &page->length, error);
	page->id = id_of(bundle, url, taken);
	if (*url)
		g_ptr_array_add(bundle->pages, page);
	else
		g_ptr_array_insert(bundle->pages, 0, page);
	g_hash_table_insert(bundle->by_path, page->path, page);
	return page->html != NULL;
}

gboolean stet_site_document(const char *out_dir, GBytes *memory, GString *html, GError **error)
{
	g_autoptr(GPtrArray) urls = stet_site_urls(memory), pages = g_ptr_array_new_with_free_func(page_free);
	g_autoptr(GHashTable) by_path = g_hash_table_new(g_str_hash, g_str_equal), taken = g_hash_table_new(g_str_hash, g_str_equal);
	Bundle bundle = {out_dir, pages, by_path, NULL, html};
	for (guint i = 0; i < urls->len; i++)
		if (strcmp(urls->pdata[i], "404.html") != 0 && !add_page(&bundle, urls->pdata[i], taken, error))
			return FALSE;
	if (pages->len > 0 && write_all(&bundle))
		return TRUE;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	            "the home page's layout has no <main> inside its <body>: there is no frame to put the pages in");
	return FALSE;
}
