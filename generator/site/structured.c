/* What search engines read: schema.org descriptions as JSON-LD (JSON-LD 1.1, W3C), put into each page's head.
 */
#include "site/private.h"

#include <string.h>

#define QUESTIONS_MIN 2

typedef struct {
	Site *site;
	const StetPlan *plan;
	GString *out;
	gboolean first; /* of the members of the object that is open */
} Writer;

/* ---- JSON ---------------------------------------------------------------------------------- */

static void put_key(Writer *writer, const char *key)
{
	g_string_append_printf(writer->out, "%s\"%s\":", writer->first ? "" : ",", key);
	writer->first = FALSE;
}

static void open_object(Writer *writer, const char *type)
{
	g_string_append_printf(writer->out, "{\"@type\":\"%s\"", type);
	writer->first = FALSE;
}

static void put_text(Writer *writer, const char *key, const char *text)
{
	if (!text || !*text)
		return;
	put_key(writer, key);
	stet_json_string(writer->out, text);
}

/* The address of a page or file: whole where the site's is known, else relative to this page. */
static char *address(const Writer *writer, const char *url)
{
	const char *base = writer->site->world->project->site.url;
	if (base && *base) {
		g_autofree char *encoded = g_uri_escape_string(url, "/#", FALSE);
		return g_strconcat(base, g_str_has_suffix(base, "/") ? "" : "/", encoded, NULL);
	}
	GString *relative = g_string_new(NULL);
	for (const char *p = strchr(writer->plan->url, '/'); p; p = strchr(p + 1, '/'))
		g_string_append(relative, "../");
	g_autofree char *path = stet_url_path(url);
	g_string_append(relative, path);
	return g_string_free(relative, FALSE);
}

static void put_address(Writer *writer, const char *key, const char *url)
{
	g_autofree char *whole = address(writer, url);
	put_text(writer, key, whole);
}

static void put_person(Writer *writer, const char *key)
{
	const char *author = writer->site->world->project->site.author;
	if (!author)
		return;
	put_key(writer, key);
	open_object(writer, "Organization");
	put_text(writer, "name", author);
	g_string_append_c(writer->out, '}');
}

/* ---- data ---------------------------------------------------------------------------------- */

static void put_download(Writer *writer, const char *path, const char *format, gboolean first)
{
	g_string_append(writer->out, first ? "" : ",");
	open_object(writer, "DataDownload");
	put_text(writer, "encodingFormat", format);
	put_address(writer, "contentUrl", path);
	g_string_append_c(writer->out, '}');
}

static const char *site_licence(const Writer *writer)
{
	return stet_node_text(writer->site->world->project->site.node, "licence", NULL);
}

/* The resource's licence, or the package's: its address, else its name; else the site's. */
static const char *licence_of(const Writer *writer, const StetResource *resource)
{
	const StetNode *list = stet_node_get(resource->node, "licenses");
	if (!list)
		list = stet_node_get(resource->package, "licenses");
	const StetNode *first = list && list->kind == STET_NODE_LIST && list->n > 0 ? list->items[0] : NULL;
	return stet_node_text(first, "path", stet_node_text(first, "name", site_licence(writer)));
}

static void put_measured(Writer *writer, const char *name, const char *description, const char *unit,
						 gboolean first)
{
	g_string_append(writer->out, first ? "" : ",");
	open_object(writer, "PropertyValue");
	put_text(writer, "name", name);
	put_text(writer, "description", description);
	put_text(writer, "unitText", unit);
	g_string_append_c(writer->out, '}');
}

static void put_dataset(Writer *writer, const StetResource *resource)
{
	open_object(writer, "Dataset");
	put_text(writer, "name", resource->title);
	put_text(writer, "description", resource->description);
	put_address(writer, "url", writer->plan->url);
	put_text(writer, "license", licence_of(writer, resource));
	put_person(writer, "creator");
	g_string_append(writer->out, ",\"isAccessibleForFree\":true,\"variableMeasured\":[");
	for (guint i = 0; i < resource->n_fields; i++)
		put_measured(writer, resource->fields[i].name, resource->fields[i].description,
					 resource->fields[i].unit, i == 0);
	g_string_append(writer->out, "],\"distribution\":[");
	g_autofree char *path = g_strdup_printf("datasets/%s/%s.csv", resource->name, resource->name);
	put_download(writer, path, "text/csv", TRUE);
	g_string_append(writer->out, "]}");
}

static void put_metric(Writer *writer, const StetMetric *metric)
{
	g_autofree char *csv = g_strdup_printf("metrics/%s/%s.csv", metric->name, metric->name);
	g_autofree char *json = g_strdup_printf("metrics/%s/%s.json", metric->name, metric->name);
	open_object(writer, "Dataset");
	put_text(writer, "name", metric->title);
	put_text(writer, "description", metric->description);
	put_address(writer, "url", writer->plan->url);
	put_text(writer, "measurementTechnique", metric->formula);
	put_text(writer, "license", site_licence(writer));
	put_person(writer, "creator");
	g_string_append(writer->out, ",\"isAccessibleForFree\":true,\"isBasedOn\":[");
	for (guint i = 0; metric->all_datasets && metric->all_datasets[i]; i++) {
		g_autofree char *url = g_strdup_printf("datasets/%s/", metric->all_datasets[i]),
						*whole = address(writer, url);
		g_string_append(writer->out, i > 0 ? "," : "");
		stet_json_string(writer->out, whole);
	}
	g_string_append(writer->out, "],\"variableMeasured\":[");
	for (guint i = 0; i < metric->n_measures; i++)
		put_measured(writer, metric->measures[i].title ? metric->measures[i].title : metric->measures[i].name,
					 NULL, metric->measures[i].unit, i == 0);
	g_string_append(writer->out, "],\"distribution\":[");
	put_download(writer, csv, "text/csv", TRUE);
	put_download(writer, json, "application/json", FALSE);
	g_string_append(writer->out, "]}");
}

static const StetDataset *dataset_named(const Site *site, const char *name)
{
	const StetProject *project = site->world->project;
	for (guint i = 0; i < project->n_resources; i++)
		if (strcmp(project->resources[i].name, name) == 0)
			return site->world->datasets[i];
	return NULL;
}

/* ---- pages --------------------------------------------------------------------------------- */

static void put_page(Writer *writer)
{
	const StetSite *site = &writer->site->world->project->site;
	gboolean home = *writer->plan->url == 0;
	open_object(writer, home ? "Report" : "WebPage");
	put_text(writer, "name", home ? site->title : writer->plan->title);
	put_text(writer, "description",
			 writer->plan->description ? writer->plan->description
			 : home                    ? site->description
									   : NULL);
	put_address(writer, "url", writer->plan->url);
	put_text(writer, "inLanguage", site->locale);
	put_text(writer, "license", stet_node_text(site->node, "licence", NULL));
	put_person(writer, "author");
	if (!home) {
		put_key(writer, "isPartOf");
		open_object(writer, "Report");
		put_text(writer, "name", site->title);
		put_address(writer, "url", "");
		g_string_append_c(writer->out, '}');
	}
	g_string_append_c(writer->out, '}');
}

static void put_crumb(Writer *writer, guint position, const char *name, const char *url)
{
	g_string_append(writer->out, position > 1 ? "," : "");
	open_object(writer, "ListItem");
	g_string_append_printf(writer->out, ",\"position\":%u", position);
	put_text(writer, "name", name);
	put_address(writer, "item", url);
	g_string_append_c(writer->out, '}');
}

/* Home, those of the folders above that are pages themselves, and the page. */
static void put_breadcrumbs(Writer *writer)
{
	const Site *site = writer->site;
	const char *url = writer->plan->url;
	guint position = 1;
	g_string_append(writer->out, ",");
	open_object(writer, "BreadcrumbList");
	g_string_append(writer->out, ",\"itemListElement\":[");
	put_crumb(writer, position++, site->world->project->site.title, "");
	for (const char *p = strchr(url, '/'); p; p = strchr(p + 1, '/')) {
		g_autofree char *above = g_strndup(url, (gsize)(p - url) + 1), *path = stet_url_path(above);
		guint number = GPOINTER_TO_UINT(g_hash_table_lookup(site->numbers, path));
		if (number)
			put_crumb(writer, position++, ((const StetPlan *)site->plans->pdata[number - 1])->title, above);
	}
	g_string_append(writer->out, "]}");
}

static gboolean is_question(const SiteSection *section)
{
	return section->title && g_str_has_suffix(section->title, "?") && section->text && *section->text;
}

/* A page most of whose sections are questions is a FAQ. */
static void put_questions(Writer *writer, const GPtrArray *sections)
{
	guint questions = 0;
	for (guint i = 1; i < sections->len; i++)
		questions += is_question(sections->pdata[i]) ? 1 : 0;
	if (questions < QUESTIONS_MIN || questions * 2 < sections->len - 1)
		return;
	g_string_append(writer->out, ",");
	open_object(writer, "FAQPage");
	g_string_append(writer->out, ",\"mainEntity\":[");
	gboolean first = TRUE;
	for (guint i = 1; i < sections->len; i++) {
		const SiteSection *section = sections->pdata[i];
		if (!is_question(section))
			continue;
		g_string_append(writer->out, first ? "" : ",");
		first = FALSE;
		open_object(writer, "Question");
		put_text(writer, "name", section->title);
		put_key(writer, "acceptedAnswer");
		open_object(writer, "Answer");
		put_text(writer, "text", section->text);
		g_string_append(writer->out, "}}");
	}
	g_string_append(writer->out, "]}");
}

/* Inside a script element "</" would end it, and "<!--" hide what follows (HTML Standard, 4.12.1.3). */
static void append_guarded(GString *out, const GString *json)
{
	for (gsize i = 0; i < json->len; i++) {
		if (json->str[i] == '<')
			g_string_append(out, "\\u003c");
		else
			g_string_append_c(out, json->str[i]);
	}
}

/* All but what is read off the page itself. */
static GString *describe(Site *site, const StetPlan *plan)
{
	GString *json = g_string_new("{\"@context\":\"https://schema.org\",\"@graph\":[");
	Writer writer = {site, plan, json, TRUE};
	const StetMetric *metric = plan->metric ? stet_metrics_get(site->world->metrics, plan->metric) : NULL;
	const StetDataset *dataset = plan->dataset ? dataset_named(site, plan->dataset) : NULL;
	put_page(&writer);
	if (metric || dataset)
		g_string_append_c(json, ',');
	if (metric)
		put_metric(&writer, metric);
	else if (dataset)
		put_dataset(&writer, dataset->resource);
	if (*plan->url)
		put_breadcrumbs(&writer);
	return json;
}

StetHash site_page_hash(Site *site, const StetPlan *plan)
{
	StetHash own = stet_book_plan_hash(site->book, plan);
	g_autoptr(GString) json = describe(site, plan), head = g_string_new(NULL);
	StetHasher *hasher = stet_hasher_new();
	stet_hasher_add(hasher, own.hex, sizeof own.hex);
	stet_hasher_add(hasher, site_has_sections(site) ? "1" : "0", 1);
	stet_hasher_add(hasher, site->extras, sizeof site->extras);
	site_head(site, plan, NULL, head);
	stet_hasher_add(hasher, head->str, head->len);
	stet_hasher_add(hasher, json->str, json->len);
	return stet_hasher_end(hasher);
}

static void append_description(Site *site, const StetPlan *plan, const GPtrArray *sections, GString *out)
{
	g_autoptr(GString) json = describe(site, plan);
	Writer writer = {site, plan, json, TRUE};
	put_questions(&writer, sections);
	g_string_append(json, "]}");
	g_string_append(out, "<script type=\"application/ld+json\">");
	append_guarded(out, json);
	g_string_append(out, "</script>\n");
}

GBytes *site_add_structured(Site *site, const StetPlan *plan, GBytes *html, const GPtrArray *sections, const char *card)
{
	gsize length = 0;
	const char *data = g_bytes_get_data(html, &length), *end = data + length;
	const char *stop = length > 0 ? memmem(data, length, "</head>", 7) : NULL;
	if (!stop)
		return g_bytes_ref(html);
	GString *whole = g_string_sized_new(length + 4096);
	g_string_append_len(whole, data, stop - data);
	site_head(site, plan, card, whole);
	if (site_is_listed(plan))
		append_description(site, plan, sections, whole);
	g_string_append_len(whole, stop, end - stop);
	return g_string_free_to_bytes(whole);
}
