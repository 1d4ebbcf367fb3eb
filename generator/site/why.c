/* What a page was made from, read back from what the last build remembered. */
#include "site/form.h"
#include "site/private.h"

#include <string.h>

static const char *const reasons[] = {
	[SITE_KEPT] = "taken over as it was: nothing it is made from had changed",
	[SITE_MADE_FIRST] = "made: the whole site was",
	[SITE_MADE_PROGRAM] = "made: by another program than the time before",
	[SITE_MADE_NEW] = "made: the page was new",
	[SITE_MADE_PLAN] = "made: its own text, title, address or item had changed",
	[SITE_MADE_READS] = "made: something it is made from had changed",
	[SITE_MADE_FILES] = "made: its files in out/ were gone or had been touched",
};

static void why_free(gpointer data)
{
	StetSiteWhy *why = data;
	g_free(why->url);
	g_free(why->file);
	g_ptr_array_unref(why->reads);
	g_ptr_array_unref(why->changed);
	g_free(why);
}

static int compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A list of numbers as the texts they stand for. */
static GPtrArray *get_shared(FormReader *in, const GPtrArray *texts)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--) {
		guint64 number = form_get_number(in);
		if (number < texts->len)
			g_ptr_array_add(list, g_strdup(texts->pdata[number]));
	}
	g_ptr_array_sort(list, compare_texts);
	return list;
}

static gboolean is_asked_for(const char *page, const char *url, const char *file)
{
	g_autofree char *path = stet_url_path(url), *in_out = g_strconcat("out/", path, NULL);
	const char *plain = *page == '/' ? page + 1 : page;
	plain = strcmp(plain, "index") == 0 ? "" : plain;
	gsize length = strlen(url);
	gboolean folder = length > 0 && strncmp(plain, url, length - 1) == 0 && plain[length - 1] == 0;
	return strcmp(plain, url) == 0 || folder || strcmp(plain, path) == 0 || strcmp(plain, in_out) == 0 ||
		strcmp(plain, file) == 0;
}

static void read_page(FormReader *in, const GPtrArray *texts, const char *page, GPtrArray *found)
{
	const char *url = form_get_text(in), *file = form_get_text(in);
	form_get_raw_hash(in);
	guint64 reason = form_get_number(in);
	GPtrArray *changed = get_shared(in, texts);
	form_get_bytes(in);
	FormReader body = form_get_bytes(in);
	if (in->bad || !is_asked_for(page, url, file)) {
		g_ptr_array_unref(changed);
		return;
	}
	StetSiteWhy *why = g_new0(StetSiteWhy, 1);
	*why = (StetSiteWhy){.url = g_strdup(url), .file = g_strdup(file), .made = reason != SITE_KEPT, .changed = changed};
	why->reason = reasons[reason < G_N_ELEMENTS(reasons) ? reason : SITE_MADE_FIRST];
	why->reads = get_shared(&body, texts);
	g_ptr_array_add(found, why);
}

/* The table of texts; `in` then stands before the pages. */
static GPtrArray *open_memory(GBytes *memory, FormReader *in)
{
	gsize length = 0;
	const guint8 *data = g_bytes_get_data(memory, &length);
	GPtrArray *texts = g_ptr_array_new();
	*in = (FormReader){data, data + length, FALSE};
	form_get_text(in);
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--)
		g_ptr_array_add(texts, (gpointer)form_get_text(in));
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--) {
		form_get_number(in);
		form_get_raw_hash(in);
	}
	return texts;
}

GPtrArray *stet_site_why(GBytes *memory, const char *page)
{
	FormReader in;
	g_autoptr(GPtrArray) texts = open_memory(memory, &in);
	GPtrArray *found = g_ptr_array_new_with_free_func(why_free);
	for (guint n = form_get_count(&in); n > 0 && !in.bad; n--)
		read_page(&in, texts, page, found);
	return found;
}

GPtrArray *stet_site_urls(GBytes *memory)
{
	FormReader in;
	g_ptr_array_unref(open_memory(memory, &in));
	GPtrArray *urls = g_ptr_array_new_with_free_func(g_free);
	for (guint n = form_get_count(&in); n > 0 && !in.bad; n--) {
		g_ptr_array_add(urls, g_strdup(form_get_text(&in)));
		form_get_text(&in);
		form_get_raw_hash(&in);
		form_get_number(&in);
		for (guint changed = form_get_count(&in); changed > 0 && !in.bad; changed--)
			form_get_number(&in);
		form_get_bytes(&in);
		form_get_bytes(&in);
	}
	return urls;
}
