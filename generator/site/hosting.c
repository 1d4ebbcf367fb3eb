/* What a host wants beside the pages, on request (site.yaml's `hosting`): security headers in the words of
 * common servers, and text files compressed beforehand (FILE.gz, RFC 1952). */
#include "site/private.h"

#include <gio/gio.h>
#include <string.h>

#define COMPRESS_MIN 512 /* bytes; smaller files fit a packet in any case */
#define COMPRESS_LEVEL 6

/* One policy for all pages: nothing but the site's own files, and no script in a page. */
static const struct {
	const char *name, *value;
} headers[] = {
	{"Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
	                            "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
};
static const char forever[] = "public, max-age=31536000, immutable"; /* names made from the content */

/* ---- writers ------------------------------------------------------------------------------- */

/* Netlify, Cloudflare Pages. */
static void write_netlify(GString *out)
{
	g_string_append(out, "/*\n");
	for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
		g_string_append_printf(out, "  %s: %s\n", headers[i].name, headers[i].value);
	g_string_append_printf(out, "/assets/stet-*\n  Cache-Control: %s\n", forever);
}

static void write_nginx(GString *out)
{
	g_string_append(out, "# In the server block: include PATH/headers.nginx.conf;\n");
	for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
		g_string_append_printf(out, "add_header %s \"%s\" always;\n", headers[i].name, headers[i].value);
	g_string_append(out, "charset utf-8;\ngzip_static on;\ngzip_vary on;\nerror_page 404 /404.html;\n");
	/* A location's own add_header drops those of the server: `expires` sets what is wanted without one. */
	g_string_append(out, "location ~ /assets/stet-[0-9a-f]+\\.(css|js)$ { expires max; }\n");
}

static void write_caddy(GString *out)
{
	g_string_append(out, "# In the site block: import PATH/headers.caddy\nheader {\n");
	for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
		g_string_append_printf(out, "\t%s \"%s\"\n", headers[i].name, headers[i].value);
	g_string_append_printf(out, "}\nheader /assets/stet-* Cache-Control \"%s\"\nfile_server {\n\tprecompressed gzip\n}\n"
	                       "handle_errors {\n\trewrite * /404.html\n\tfile_server\n}\n", forever);
}

static const struct {
	const char *name, *path;
	void (*write)(GString *out);
} hosts[] = {
	{"netlify", "_headers", write_netlify},
	{"nginx", "headers.nginx.conf", write_nginx},
	{"caddy", "headers.caddy", write_caddy},
};

/* ---- site.yaml ----------------------------------------------------------------------------- */

static const StetKey hosting_keys[] = {
	{"headers", STET_NODE_LIST, FALSE}, {"compress", STET_NODE_BOOL, FALSE}, {NULL, 0, FALSE}};

static int host_named(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(hosts); i++)
		if (g_strcmp0(hosts[i].name, name) == 0)
			return (int)i;
	return -1;
}

void site_hosting(Site *site)
{
	const StetNode *node = stet_node_get(site->world->project->site.node, "hosting");
	if (!node || !stet_node_check(node, hosting_keys, "x-", "site-key", "'hosting'", site->diags))
		return;
	site->compress = stet_node_bool(node, "compress", FALSE);
	const StetNode *list = stet_node_get(node, "headers");
	for (guint i = 0; list && i < list->n; i++) {
		int host = host_named(list->items[i]->text);
		if (host < 0) {
			stet_diagnose(site->diags, STET_ERROR, "hosting-unknown", list->items[i]->place, "netlify, nginx or caddy",
			              "there are no headers for '%s'", list->items[i]->text ? list->items[i]->text : "");
			continue;
		}
		GString *out = g_string_new(NULL);
		hosts[host].write(out);
		site_emit_text(site, hosts[host].path, "templates/site.yaml", out);
	}
}

/* ---- compressing --------------------------------------------------------------------------- */

gboolean site_is_compressed(const Site *site, const char *path, guint64 bytes)
{
	static const char *const ends[] = {"html", "css", "js", "svg", "json", "xml", "txt", "csv", "md", NULL};
	const char *dot = strrchr(path, '.');
	return site->compress && bytes >= COMPRESS_MIN && dot && g_strv_contains(ends, dot + 1);
}

GBytes *site_compress(GBytes *bytes)
{
	g_autoptr(GZlibCompressor) zlib = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, COMPRESS_LEVEL);
	gsize length = 0, at = 0;
	const char *data = g_bytes_get_data(bytes, &length);
	g_autofree char *piece = g_malloc(65536);
	GByteArray *out = g_byte_array_sized_new((guint)MIN(length / 3 + 64, G_MAXINT));
	GConverterResult result;
	do {
		gsize read = 0, written = 0;
		result = g_converter_convert(G_CONVERTER(zlib), data + at, length - at, piece, 65536, G_CONVERTER_INPUT_AT_END, &read,
		                             &written, NULL);
		at += read;
		g_byte_array_append(out, (const guint8 *)piece, (guint)written);
	} while (result == G_CONVERTER_CONVERTED);
	return g_byte_array_free_to_bytes(out);
}
