/* The search index: words to pages, sections, entities and metrics, in shards that the script loads when a word
 * asks for them. Shards are scripts that hand their data to a function, for a page opened from a disk may load
 * scripts but not fetch.
 *
 *     search/index.js          how many shards there are, and which metrics have figures
 *     search/t7.js             words: those whose first two characters hash to 7, each with its places
 *     search/d3.js             what is shown of places 384 to 511
 *     search/f-NAME-0.js       figures of a metric, of figures.c
 *
 * A place is a document's number times four plus how well it fits: 3 its title, 2 a heading or what it is about,
 * 1 series and measures of a metric's figures, 0 its text. The first documents are the files of figures, in the
 * order of index.js. Places of a word ascend and are told by their distances; a negative number before them says of
 * how many they are the best. */
#include "site/private.h"

#include <string.h>

#define SHARD_BYTES 16384 /* about, of a shard of words */
#define SHARDS_MAX 4096
#define SHARD_DOCUMENTS 128
#define PLACES_MAX 400   /* of one word */
#define CONTEXT_MAX 120  /* characters of a description under a result */
#define ENTITIES_MAX 20000

enum { FIT_TEXT, FIT_FIGURE, FIT_ABOUT, FIT_TITLE };

typedef struct {
	char *word;
	GArray *places; /* of guint32 */
	gsize bytes;
} Word;

typedef struct {
	Site *site;
	GHashTable *words; /* char * -> Word */
	GPtrArray *documents; /* char *: JSON */
	guint figures;     /* files of figures */
	guint32 document;  /* that words are added to now */
	guint32 fit;
} Index;

static void word_free(gpointer data)
{
	Word *word = data;
	g_free(word->word);
	g_array_unref(word->places);
	g_free(word);
}

/* ---- words --------------------------------------------------------------------------------- */

static void add_word(const char *text, gsize length, gpointer data)
{
	Index *index = data;
	Word *word = g_hash_table_lookup(index->words, text);
	guint32 place = index->document * 4 + index->fit;
	if (!word) {
		word = g_new0(Word, 1);
		word->word = g_strndup(text, length);
		word->places = g_array_sized_new(FALSE, FALSE, sizeof(guint32), 2);
		g_hash_table_insert(index->words, word->word, word);
	}
	/* Documents come in order: only the last may be this one. The better fit stands. */
	guint32 *last = word->places->len > 0 ? &g_array_index(word->places, guint32, word->places->len - 1) : NULL;
	if (last && *last / 4 == index->document)
		*last = MAX(*last, place);
	else
		g_array_append_val(word->places, place);
}

static void add_text(Index *index, guint32 fit, const char *text)
{
	index->fit = fit;
	site_tokens(text, add_word, index);
}

/* The site's path of a page or of a part of it, and what a result shows. */
static void begin_document(Index *index, const char *title, const char *url, const char *id, const char *context)
{
	g_autofree char *path = stet_url_path(url), *whole = id && *id ? g_strconcat(path, "#", id, NULL) : NULL;
	GString *json = g_string_new("[");
	stet_json_string(json, title);
	g_string_append_c(json, ',');
	stet_json_string(json, whole ? whole : path);
	if (context && *context) {
		g_string_append_c(json, ',');
		stet_json_string(json, context);
	}
	g_string_append_c(json, ']');
	index->document = index->figures + index->documents->len;
	g_ptr_array_add(index->documents, g_string_free(json, FALSE));
}

/* ---- pages --------------------------------------------------------------------------------- */

static void put_word(const char *text, gsize length, gpointer data)
{
	g_autofree char *word = g_strndup(text, length);
	g_hash_table_add(data, g_steal_pointer(&word));
}

static int compare_words(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void append_tidy(GString *out, const char *text)
{
	for (const char *p = text; *p; p++)
		g_string_append_c(out, g_ascii_iscntrl(*p) ? ' ' : *p);
}

/* One line a section: its id, heading and words, set apart by tabs. This is what is remembered of a page. */
char *site_search_text(const GPtrArray *sections)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < sections->len; i++) {
		const SiteSection *section = sections->pdata[i];
		g_autoptr(GHashTable) words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		g_autoptr(GPtrArray) list = g_ptr_array_new();
		site_tokens(section->text, put_word, words);
		GHashTableIter each;
		gpointer word;
		g_hash_table_iter_init(&each, words);
		while (g_hash_table_iter_next(&each, &word, NULL))
			g_ptr_array_add(list, word);
		g_ptr_array_sort(list, compare_words);
		append_tidy(out, section->id ? section->id : "");
		g_string_append_c(out, '\t');
		append_tidy(out, section->title ? section->title : "");
		g_string_append_c(out, '\t');
		for (guint k = 0; k < list->len; k++) {
			g_string_append(out, k > 0 ? " " : "");
			g_string_append(out, list->pdata[k]);
		}
		g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

/* The beginning of a text, cut between words. */
static char *shortened(const char *text)
{
	if (!text || g_utf8_strlen(text, -1) <= CONTEXT_MAX)
		return g_strdup(text);
	const char *end = g_utf8_offset_to_pointer(text, CONTEXT_MAX), *space = g_strrstr_len(text, end - text, " ");
	g_autofree char *part = g_strndup(text, (gsize)((space ? space : end) - text));
	return g_strconcat(part, "…", NULL);
}

/* The opening's words go to the page itself. */
static void add_page(Index *index, guint number)
{
	const StetPlan *plan = index->site->plans->pdata[number];
	g_autofree char *context = shortened(plan->description);
	g_auto(GStrv) lines = g_strsplit(index->site->pages[number].search ? index->site->pages[number].search : "", "\n", -1);
	begin_document(index, plan->title, plan->url, NULL, context ? context : plan->section);
	add_text(index, FIT_TITLE, plan->title);
	add_text(index, FIT_TEXT, plan->description);
	for (guint i = 0; lines[i]; i++) {
		g_auto(GStrv) parts = g_strsplit(lines[i], "\t", 3);
		if (g_strv_length(parts) < 3)
			continue;
		if (*parts[0]) {
			begin_document(index, parts[1], plan->url, parts[0], plan->title);
			add_text(index, FIT_ABOUT, parts[1]);
			add_text(index, FIT_TEXT, plan->title);
		}
		add_text(index, FIT_TEXT, parts[2]);
	}
}

/* ---- figures and entities ------------------------------------------------------------------ */

static void add_cell(Index *index, const StetMetric *metric, gsize row, guint column)
{
	const StetCell *cell = stet_table_cell(metric->table, row, column);
	g_autofree char *text = cell->kind != STET_NULL ? stet_cell_text(cell) : NULL;
	add_text(index, FIT_FIGURE, text);
}

static void add_figures(Index *index, const StetMetric *metric)
{
	g_autoptr(GPtrArray) files = site_figure_files(metric);
	for (guint i = 0; i < files->len; i++) {
		const GArray *series = files->pdata[i];
		index->document = index->figures++;
		add_text(index, FIT_ABOUT, metric->title);
		for (guint m = 0; m < metric->n_measures; m++)
			add_text(index, FIT_FIGURE, metric->measures[m].title ? metric->measures[m].title : metric->measures[m].name);
		for (guint s = 0; s < series->len; s++)
			for (guint d = 0; d < metric->n_dimensions; d++)
				add_cell(index, metric, g_array_index(series, gsize, s), metric->dimension_columns[d]);
	}
}

/* A value of a dimension that has no page of its own: shown where it last has a figure. */
static void add_entity(Index *index, const StetMetric *metric, guint dimension, gsize row, GHashTable *known)
{
	const StetCell *cell = stet_table_cell(metric->table, row, metric->dimension_columns[dimension]);
	g_autofree char *name = cell->kind == STET_TEXT ? stet_cell_text(cell) : NULL;
	if (!name || !*name || g_hash_table_contains(known, name) || g_hash_table_size(known) >= ENTITIES_MAX)
		return;
	g_autofree char *url = stet_metric_row_url(metric, row);
	char *hash = strchr(url, '#');
	if (hash)
		*hash++ = 0;
	g_autofree char *context = g_strdup_printf("%s · %s", metric->dimensions[dimension], metric->title);
	g_strdelimit(context, "_", ' ');
	begin_document(index, name, url, hash, context);
	add_text(index, FIT_ABOUT, name);
	g_hash_table_add(known, g_steal_pointer(&name));
}

static void add_entities(Index *index)
{
	const Site *site = index->site;
	g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < site->plans->len; i++)
		g_hash_table_add(known, g_strdup(((const StetPlan *)site->plans->pdata[i])->title));
	for (guint m = 0; m < stet_metrics_count(site->world->metrics); m++) {
		const StetMetric *metric = stet_metrics_at(site->world->metrics, m);
		g_autoptr(GPtrArray) files = site_has_figures(site, metric) ? site_figure_files(metric) : g_ptr_array_new();
		for (guint i = 0; i < files->len; i++) {
			const GArray *series = files->pdata[i];
			for (guint s = 0; s < series->len; s++)
				for (guint d = 0; d < metric->n_dimensions; d++)
					add_entity(index, metric, d, g_array_index(series, gsize, s), known);
		}
	}
}

/* ---- shards -------------------------------------------------------------------------------- */

static int by_fit(gconstpointer a, gconstpointer b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
	return x % 4 != y % 4 ? (int)(y % 4) - (int)(x % 4) : (x > y) - (x < y);
}

static int by_number(gconstpointer a, gconstpointer b)
{
	guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
	return (x > y) - (x < y);
}

/* "azure":[4,3,9] */
static char *word_json(const Word *word)
{
	GString *out = g_string_new(NULL);
	guint n = word->places->len;
	stet_json_string(out, word->word);
	g_string_append(out, ":[");
	if (n > PLACES_MAX) {
		g_string_append_printf(out, "-%u,", n);
		g_array_sort(word->places, by_fit);
		g_array_set_size(word->places, PLACES_MAX);
		g_array_sort(word->places, by_number);
	}
	guint32 last = 0;
	for (guint i = 0; i < word->places->len; i++) {
		guint32 place = g_array_index(word->places, guint32, i);
		g_string_append_printf(out, "%s%u", i > 0 ? "," : "", place - last);
		last = place;
	}
	g_string_append_c(out, ']');
	return g_string_free(out, FALSE);
}

/* By the first two characters, so that the beginning of a word finds its shard; stet.js counts alike. */
static guint32 shard_of(const char *word, guint shards)
{
	guint32 hash = 0;
	for (guint i = 0; i < 2 && *word; i++, word = g_utf8_next_char(word))
		hash = hash * 131 + g_utf8_get_char(word);
	return hash % shards;
}

static int compare_terms(gconstpointer a, gconstpointer b)
{
	return strcmp((*(Word *const *)a)->word, (*(Word *const *)b)->word);
}

static guint write_words(Index *index, StetHasher *version)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new(), texts = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter each;
	gpointer word;
	gsize bytes = 0;
	g_hash_table_iter_init(&each, index->words);
	while (g_hash_table_iter_next(&each, NULL, &word))
		g_ptr_array_add(all, word);
	g_ptr_array_sort(all, compare_terms);
	for (guint i = 0; i < all->len; i++) {
		g_ptr_array_add(texts, word_json(all->pdata[i]));
		bytes += strlen(texts->pdata[i]) + 1;
	}
	guint shards = (guint)CLAMP(bytes / SHARD_BYTES + 1, 1, SHARDS_MAX);
	g_autofree GString **out = g_new0(GString *, shards);
	for (guint i = 0; i < all->len; i++) {
		guint at = shard_of(((const Word *)all->pdata[i])->word, shards);
		if (!out[at]) {
			out[at] = g_string_new(NULL);
			g_string_printf(out[at], "stet(\"t%u\",{\n", at);
		} else {
			g_string_append(out[at], ",\n");
		}
		g_string_append(out[at], texts->pdata[i]);
	}
	for (guint at = 0; at < shards; at++) {
		g_autofree char *path = g_strdup_printf("search/t%u.js", at);
		if (!out[at]) {
			out[at] = g_string_new(NULL);
			g_string_printf(out[at], "stet(\"t%u\",{", at);
		}
		g_string_append(out[at], "})\n");
		stet_hasher_add(version, out[at]->str, out[at]->len);
		site_emit_text(index->site, path, "search", out[at]);
	}
	return shards;
}

static void write_documents(Index *index, StetHasher *version)
{
	for (guint from = 0; from < index->documents->len; from += SHARD_DOCUMENTS) {
		guint number = from / SHARD_DOCUMENTS;
		g_autofree char *path = g_strdup_printf("search/d%u.js", number);
		GString *out = g_string_new(NULL);
		g_string_printf(out, "stet(\"d%u\",[\n", number);
		for (guint i = from; i < index->documents->len && i < from + SHARD_DOCUMENTS; i++)
			g_string_append_printf(out, "%s%s", i > from ? ",\n" : "", (const char *)index->documents->pdata[i]);
		g_string_append(out, "])\n");
		stet_hasher_add(version, out->str, out->len);
		site_emit_text(index->site, path, "search", out);
	}
}

static void write_index(Index *index, guint shards, const GString *figures, StetHasher *version)
{
	GString *out = g_string_new(NULL);
	StetHash hash = stet_hasher_end(version);
	g_string_printf(out, "stet(\"index\",{\"v\":\"%.8s\",\"t\":%u,\"n\":%u,\"d\":%u,\"f\":[%s]})\n", hash.hex, shards,
	                index->documents->len, SHARD_DOCUMENTS, figures->str);
	site_emit_text(index->site, "search/index.js", "search", out);
}

void site_search(Site *site)
{
	g_autoptr(GHashTable) words = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, word_free);
	g_autoptr(GPtrArray) documents = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) figures = g_string_new(NULL);
	Index index = {.site = site, .words = words, .documents = documents};
	if (!site_extra(site, SITE_SEARCH))
		return;
	for (guint m = 0; m < stet_metrics_count(site->world->metrics); m++) {
		const StetMetric *metric = stet_metrics_at(site->world->metrics, m);
		guint before = index.figures;
		if (site_has_figures(site, metric))
			add_figures(&index, metric);
		if (index.figures == before)
			continue;
		g_string_append(figures, figures->len > 0 ? ",[" : "[");
		stet_json_string(figures, metric->name);
		g_string_append_printf(figures, ",%u]", index.figures - before);
	}
	for (guint i = 0; i < site->plans->len; i++)
		if (site_is_text(site->plans->pdata[i]))
			add_page(&index, i);
	add_entities(&index);
	StetHasher *version = stet_hasher_new();
	guint shards = write_words(&index, version);
	write_documents(&index, version);
	write_index(&index, shards, figures, version);
}
