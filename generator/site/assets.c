/* The style sheet and the report's own assets. */
#include "site/private.h"

#include <stdlib.h>
#include <string.h>

#define OWN_CSS "templates/assets/site.css"
#define ICON "icon.svg"

static void append_bytes(GString *out, GBytes *bytes)
{
	gsize length = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
	if (length > 0)
		g_string_append_len(out, data, (gssize)length);
	if (out->len > 0 && out->str[out->len - 1] != '\n')
		g_string_append_c(out, '\n');
}

/* Our own sheets without comments, line ends and indents, which are for those who read the sources. No string in
 * them holds any. */
static void append_sheet(GString *out, GBytes *bytes)
{
	gsize length = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &length) : "", *end = data + length;
	for (const char *p = data; p < end; p++) {
		const char *close = *p == '/' && p + 1 < end && p[1] == '*' ? g_strstr_len(p + 2, end - p - 2, "*/") : NULL;
		if (close)
			p = close + 1;
		else if (*p == '\n' && out->len > 0 && !strchr("{};,", out->str[out->len - 1]))
			g_string_append_c(out, ' ');
		else if (*p != '\n' && *p != '\t')
			g_string_append_c(out, *p);
	}
	g_string_append_c(out, '\n');
}

/* One file: the theme's properties, charts, the house style, then the report's own rules, which win. */
static const char *emit_style(Site *site, gboolean has_own)
{
	g_autoptr(GBytes) own = has_own ? site_read(site, OWN_CSS) : NULL;
	GString *css = g_string_new(NULL);
	stet_theme_write_css(site->world->theme, css);
	g_autoptr(GBytes) charts = stet_builtin("assets/chart.css"), pages = stet_builtin("assets/stet.css");
	append_sheet(css, charts);
	append_sheet(css, pages);
	append_bytes(css, own);
	StetHash hash = stet_hash(css->str, css->len);
	g_autofree char *path = g_strdup_printf("assets/stet-%.8s.css", hash.hex);
	site_emit_text(site, path, has_own ? OWN_CSS : "built-in/stet.css", css);
	return site_keep(site, path);
}

/* A symbolic link must not carry files from elsewhere on the machine into the site. */
static gboolean is_within(const char *root, const char *path)
{
	g_autofree char *base = realpath(root, NULL), *real = realpath(path, NULL);
	gsize length = base ? strlen(base) : 0;
	return base && real && strncmp(base, real, length) == 0 &&
		   (real[length] == '/' || (length > 0 && base[length - 1] == '/'));
}

static void emit_asset(Site *site, const char *name)
{
	const StetProject *project = site->world->project;
	g_autofree char *relative = g_strconcat("templates/assets/", name, NULL);
	g_autofree char *target = g_strconcat("assets/", name, NULL);
	g_autofree char *path = stet_project_path(project, relative);
	if (!is_within(project->root, path)) {
		stet_diagnose(site->diags, STET_ERROR, "asset-outside", (StetPlace){site_keep(site, relative), 0, 0},
					  "put a copy in place of the link", "this asset is a link to a file outside the report");
		return;
	}
	g_autoptr(GBytes) bytes = site_read(site, relative);
	if (bytes && site_expect(site, target, relative))
		site_emit(site, target, relative, bytes, NULL);
}

/* Browsers ask for an icon whether a page names one or not; a report's own has the same name. */
static void emit_icon(Site *site)
{
	g_autoptr(GBytes) bytes = stet_builtin("assets/" ICON);
	if (site_expect(site, "assets/" ICON, "built-in/" ICON))
		site_emit(site, "assets/" ICON, "built-in/" ICON, bytes, NULL);
}

const char *site_assets(Site *site)
{
	g_autofree char *dir = stet_project_path(site->world->project, "templates/assets");
	g_autoptr(GPtrArray) names = stet_files_list(dir);
	gboolean has_own = FALSE, has_icon = FALSE;
	for (guint i = 0; i < names->len && !site_stopped(site); i++) {
		if (strcmp(names->pdata[i], "site.css") == 0)
			has_own = TRUE;
		else
			emit_asset(site, names->pdata[i]);
		has_icon = has_icon || strcmp(names->pdata[i], ICON) == 0;
	}
	if (!has_icon)
		emit_icon(site);
	return emit_style(site, has_own);
}
