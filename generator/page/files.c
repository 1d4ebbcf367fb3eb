/* Files that come with a page: the data of its charts and tables, and the picture that a link to it shows. */
#include "page/private.h"

#include <string.h>

#define CARD_WIDTH 1200 /* px, as Open Graph's readers ask for */
#define CARD_HEIGHT 630

void stet_book_set_files(StetBook *book, gboolean data, gboolean cards)
{
	book->data_files = data;
	book->cards = cards;
}

gboolean stet_book_guards(const StetBook *book)
{
	return stet_node_bool(book->world->project->site.node, "formula_guard", TRUE);
}

char *path_beside(const Maker *maker, const char *name, const char *extension)
{
	g_autofree char *path = stet_url_path(maker->plan->url);
	const char *slash = strrchr(path, '/');
	return g_strdup_printf("%.*s%s.%s", slash ? (int)(slash - path) + 1 : 0, path, name, extension);
}

static gboolean is_taken(const Maker *maker, const char *path)
{
	for (guint i = 0; i < maker->page->assets->len; i++)
		if (strcmp(((const StetAsset *)maker->page->assets->pdata[i])->path, path) == 0)
			return TRUE;
	return FALSE;
}

void add_asset(Maker *maker, char *path, GBytes *bytes)
{
	StetAsset *asset = g_new0(StetAsset, 1);
	*asset = (StetAsset){path, bytes};
	g_ptr_array_add(maker->page->assets, asset);
}

/* ---- data ---------------------------------------------------------------------------------- */

/* The metric's own file has the very same rows. */
static gboolean is_whole(const ComponentData *data)
{
	return data->metric && data->metric->table && data->table->n_rows == data->metric->table->n_rows &&
		data->table->n_columns == data->metric->table->n_columns;
}

/* "data.json" beside index.html, "about.json" beside about.html. */
static char *json_path(const Maker *maker)
{
	g_autofree char *path = stet_url_path(maker->plan->url), *name = g_path_get_basename(path);
	char *dot = strrchr(name, '.');
	if (dot)
		*dot = 0;
	return path_beside(maker, strcmp(name, "index") == 0 ? "data" : name, "json");
}

static void put_rows(Maker *maker, const ComponentData *data, const char *kind, const char *name, const char *title)
{
	GString *out = maker->data;
	g_string_append_printf(out, "%s{\"%s\": ", out->len > 0 ? ",\n" : "", kind);
	stet_json_string(out, name);
	g_string_append(out, ", \"title\": ");
	stet_json_string(out, title ? title : "");
	g_string_append(out, data->metric ? ", \"metric\": " : ", \"dataset\": ");
	stet_json_string(out, data->metric ? data->metric->name : data->dataset->resource->name);
	g_string_append(out, ", \"rows\": ");
	stet_table_write_json(data->table, out);
	g_string_append_c(out, '}');
}

static void append_file(Maker *maker, const char *path, const char *label, GString *links)
{
	g_string_append(links, g_str_has_suffix(links->str, "downloads\">") ? "<a href=\"" : " <a href=\"");
	append_link(maker, links, path);
	g_string_append_printf(links, "\">%s</a>", label);
}

void append_data_links(Maker *maker, const ComponentData *data, const char *kind, const char *wanted, const char *title, GString *links)
{
	if (data->metric && (!maker->book->data_files || !maker->page || is_whole(data))) {
		g_autofree char *csv = g_strdup_printf("metrics/%s/%s.csv", data->metric->name, data->metric->name);
		append_file(maker, csv, "CSV", links);
	} else if (!maker->book->data_files || !maker->page) {
		g_autofree char *page = g_strdup_printf("datasets/%s/", data->dataset->resource->name);
		append_file(maker, page, say(maker, "data"), links);
	} else {
		g_autofree char *name = short_slug(wanted), *json = json_path(maker);
		char *path = path_beside(maker, name, "csv");
		for (guint n = 2; is_taken(maker, path); n++) {
			g_autofree char *other = g_strdup_printf("%s-%u", name, n);
			g_free(path);
			path = path_beside(maker, other, "csv");
		}
		GString *csv = g_string_new(NULL);
		stet_table_write_csv(data->table, stet_book_guards(maker->book), csv);
		add_asset(maker, path, g_string_free_to_bytes(csv));
		put_rows(maker, data, kind, name, title);
		append_file(maker, path, "CSV", links);
		append_file(maker, json, "JSON", links);
	}
}

static void end_data(Maker *maker)
{
	if (maker->data->len == 0)
		return;
	GString *out = g_string_new("{\"stet\": \"data\", \"schema\": 1, \"page\": ");
	stet_json_string(out, maker->plan->url);
	g_string_append(out, ", \"title\": ");
	stet_json_string(out, maker->plan->title);
	g_string_append_printf(out, ", \"data\": [\n%s\n]}\n", maker->data->str);
	add_asset(maker, json_path(maker), g_string_free_to_bytes(out));
}

/* ---- the card ------------------------------------------------------------------------------ */

static void take_card(Maker *maker, GBytes *bytes)
{
	if (!bytes)
		return;
	maker->page->card = path_beside(maker, "card", "png");
	add_asset(maker, g_strdup(maker->page->card), bytes);
}

static gboolean wants_card(const Maker *maker)
{
	return maker->page && maker->book->cards && !maker->page->card && strcmp(maker->plan->url, "404.html") != 0 &&
		!stet_node_get(maker->plan->source->front, "image");
}

void add_chart_card(Maker *maker, const StetChart *chart, const StetChartData *data, const char *title)
{
	if (wants_card(maker))
		take_card(maker, stet_chart_picture(chart, data, book_theme(maker->book, maker->plan->language), maker->pen, CARD_WIDTH, CARD_HEIGHT, title,
		                                    maker->book->world->project->site.title, NULL));
}

/* A page without a chart has its title in place of one; an author's own picture comes before both. */
static void end_card(Maker *maker)
{
	const char *image = stet_node_text(maker->plan->source->front, "image", NULL);
	if (image && maker->book->cards)
		maker->page->card = g_strdup(image + (*image == '/'));
	if (!wants_card(maker))
		return;
	note_read(maker, "theme", NULL);
	take_card(maker, stet_title_picture(maker->book->world->theme, maker->pen, CARD_WIDTH, CARD_HEIGHT, maker->plan->title,
	                                    maker->plan->description, maker->book->world->project->site.title, NULL));
}

void end_files(Maker *maker)
{
	if (maker->book->cards)
		note_read(maker, "site", "title");
	end_data(maker);
	end_card(maker);
}
