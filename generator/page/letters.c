/* What the site stage tells of and asks from pages as a whole: the index from A to Z, words, former addresses. */
#include "page/private.h"

#include <string.h>

/* ---- the index ----------------------------------------------------------------------------- */

static StetValue entry_value(StetBook *book, const StetIndexEntry *entry)
{
	static const char *const names[] = {"title", "url", "note"};
	StetText keys[G_N_ELEMENTS(names)];
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		keys[i] = stet_text(names[i]);
	g_autofree char *url = g_strconcat("/", entry->url, NULL);
	StetValue values[] = {stet_value_text(book->arena, entry->title, -1), stet_value_text(book->arena, url, -1),
	                      entry->note ? stet_value_text(book->arena, entry->note, -1) : stet_value_nil()};
	return stet_value_map(book->arena, keys, values, G_N_ELEMENTS(names));
}

/* Unlike a slug never that of another letter: Latin V and Cyrillic В would share one (g_free). */
static char *letter_id(const char *letter)
{
	gunichar c = g_utf8_get_char(letter);
	if (g_ascii_isdigit(*letter))
		return g_strdup("letter-0-9");
	if (strcmp(letter, "#") == 0)
		return g_strdup("letter-other");
	return c < 0x80 ? g_strdup_printf("letter-%c", g_ascii_tolower((char)c)) : g_strdup_printf("letter-u%04x", c);
}

static StetValue letter_value(StetBook *book, const char *letter, const GArray *entries)
{
	static const char *const names[] = {"letter", "id", "entries"};
	StetText keys[G_N_ELEMENTS(names)];
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		keys[i] = stet_text(names[i]);
	g_autofree char *id = letter_id(letter);
	StetValue values[] = {stet_value_text(book->arena, letter, -1), stet_value_text(book->arena, id, -1),
	                      stet_value_list(book->arena, (const StetValue *)(gconstpointer)entries->data, entries->len)};
	return stet_value_map(book->arena, keys, values, G_N_ELEMENTS(names));
}

static void end_letter(StetBook *book, const char *letter, GArray *entries)
{
	StetValue *value = stet_arena_alloc(book->arena, sizeof *value);
	*value = letter_value(book, letter, entries);
	g_ptr_array_add(book->letters, value);
	g_array_set_size(entries, 0);
}

void stet_book_set_index(StetBook *book, const StetIndexEntry *entries, guint n)
{
	g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(StetValue));
	StetHasher *hasher = stet_hasher_new();
	if (!book->letters)
		book->letters = g_ptr_array_new();
	g_ptr_array_set_size(book->letters, 0);
	for (guint i = 0; i < n; i++) {
		const StetIndexEntry *entry = &entries[i];
		const char *const texts[] = {entry->letter, entry->title, entry->url, entry->note ? entry->note : ""};
		for (guint k = 0; k < G_N_ELEMENTS(texts); k++)
			stet_hasher_add(hasher, texts[k], strlen(texts[k]) + 1);
		StetValue value = entry_value(book, entry);
		g_array_append_val(list, value);
		if (i + 1 == n || strcmp(entries[i + 1].letter, entry->letter) != 0)
			end_letter(book, entry->letter, list);
	}
	book->index_hash = stet_hasher_end(hasher);
}

static gboolean letters_list(gconstpointer self, StetRender *render, StetValue *out)
{
	const StetBook *book = self;
	guint n = book->letters ? book->letters->len : 0;
	StetValue *items = stet_arena_alloc(stet_render_arena(render), (n + 1) * sizeof *items);
	note_read(stet_render_host(render), "index", NULL);
	for (guint i = 0; i < n; i++)
		items[i] = *(const StetValue *)book->letters->pdata[i];
	*out = stet_value_list(stet_render_arena(render), items, n);
	return TRUE;
}

static const StetClass letters_class = {.name = "index", .list = letters_list};

StetValue letters_value(const StetBook *book)
{
	return stet_value_object(&letters_class, book);
}

/* ---- words, addresses ---------------------------------------------------------------------- */

const char *stet_book_word(const StetBook *book, const char *language, const char *key)
{
	const StetLocale *locale = language ? g_hash_table_lookup(book->locales, language) : NULL;
	if (!locale)
		locale = book->world->project->locale;
	const StetNode *own = stet_node_get(stet_node_get(book->world->project->site.node, "words"), key);
	if (own && own->kind == STET_NODE_MAP)
		own = stet_node_get(own, stet_locale_tag(locale));
	const char *text = own && own->text ? own->text : catalogue_text(locale, key);
	return text ? text : key;
}

char **stet_plan_redirects(const StetPlan *plan)
{
	const StetNode *from = plan->previous ? NULL : stet_node_get(plan->source->front, "redirect_from");
	g_autoptr(GStrvBuilder) list = g_strv_builder_new();
	if (from && from->text)
		g_strv_builder_add(list, from->text + (*from->text == '/'));
	for (guint i = 0; from && i < from->n; i++)
		if (from->items[i]->text)
			g_strv_builder_add(list, from->items[i]->text + (*from->items[i]->text == '/'));
	return g_strv_builder_end(list);
}

char *stet_metric_row_url(const StetMetric *metric, gsize row)
{
	return origin_url(&(StetOrigin){.metric = metric, .row = row});
}
