/* What is remembered of each page from build to build: what it was made from, and all that the site needs
 * of it where it is not made again.
 *
 * One text, opened and sealed by the publish stage. Numbers are LEB128, texts a length and their bytes,
 * hashes 32 bytes. Texts that many pages share stand once, in a table; a page names them by number, so the
 * bytes of a page that is kept are carried over as they are.
 *
 *     salt; table of texts; reads: text, hash; pages: address, source, plan's hash, reason, changed reads, ids, body;
 *     other files: path, what it was made from, hash, bytes
 *     body: reads; files: path, hash, bytes; charts, figures; links; uses; ledger lines; diagnostics;
 *     its object in sections.json; its day; its words for the search */
#include "site/form.h"
#include "site/private.h"

#include <string.h>

typedef struct {
	const char *url;
	const guint8 *plan; /* hash, 32 bytes */
	guint reason;
	GArray *changed; /* of guint: reads, or NULL */
	FormReader ids, body;
} Remembered;

/* A file that is no page's. */
typedef struct {
	const char *path;
	guint read; /* what it was made from; 0: it goes with another */
	StetHash hash;
	guint64 bytes;
} Lone;

/* A read's hash then and now. */
typedef struct {
	StetHash before, now;
	gboolean known, asked;
} Read;

struct Memory {
	GBytes *bytes;       /* of the last build, or NULL */
	gboolean stale;      /* there was a memory, but of another program or other settings */
	GMutex lock;         /* guards the three below */
	GPtrArray *texts;    /* char *, in the site's chunk; NULL: a free number */
	GHashTable *numbers; /* text -> number + 1 */
	GHashTable *reads;   /* number + 1 -> Read */
	GArray *free;        /* of guint: numbers that no page used at the last build */
	GHashTable *pages;   /* url -> Remembered, of the last build */
	GHashTable *files;   /* path -> Lone, of the last build */
	GPtrArray *lone;     /* Lone *, of this one; guarded too */
};

/* ---- the table of texts -------------------------------------------------------------------- */

static guint number_of(Site *site, const char *text)
{
	Memory *memory = site->memory;
	const char *kept = site_keep(site, text ? text : "");
	g_mutex_lock(&memory->lock);
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(memory->numbers, kept));
	if (number == 0) {
		if (memory->free->len > 0) {
			number = g_array_index(memory->free, guint, memory->free->len - 1) + 1;
			g_array_set_size(memory->free, memory->free->len - 1);
			memory->texts->pdata[number - 1] = (gpointer)kept;
		} else {
			g_ptr_array_add(memory->texts, (gpointer)kept);
			number = memory->texts->len;
		}
		g_hash_table_insert(memory->numbers, (gpointer)kept, GUINT_TO_POINTER(number));
	}
	g_mutex_unlock(&memory->lock);
	return number - 1;
}

static const char *text_at(Site *site, FormReader *in)
{
	Memory *memory = site->memory;
	guint64 number = form_get_number(in);
	g_mutex_lock(&memory->lock);
	const char *text = number < memory->texts->len ? memory->texts->pdata[number] : NULL;
	g_mutex_unlock(&memory->lock);
	in->bad = in->bad || !text;
	return text ? text : "";
}

/* ---- reads --------------------------------------------------------------------------------- */

/* The read's entry with its present hash. Entries live as long as the memory. */
static const Read *ask(Site *site, guint number)
{
	Memory *memory = site->memory;
	g_mutex_lock(&memory->lock);
	Read *read = g_hash_table_lookup(memory->reads, GUINT_TO_POINTER(number + 1));
	if (!read) {
		read = g_new0(Read, 1);
		g_hash_table_insert(memory->reads, GUINT_TO_POINTER(number + 1), read);
	}
	gboolean asked = read->asked;
	const char *text = memory->texts->pdata[number];
	g_mutex_unlock(&memory->lock);
	if (asked)
		return read;
	StetHash now = stet_book_hash(site->book, text);
	g_mutex_lock(&memory->lock);
	read->now = now; /* another thread may have written the same */
	read->asked = TRUE;
	g_mutex_unlock(&memory->lock);
	return read;
}

/* The reads that are not as they were are added to `changed`; an unknown hash equals none. */
static gboolean reads_equal(Site *site, FormReader *in, GArray *changed)
{
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--) {
		guint64 number = form_get_number(in);
		if (number >= site->memory->texts->len) {
			in->bad = TRUE;
			break;
		}
		guint at = (guint)number;
		const Read *read = ask(site, at);
		if (!read->known || !read->now.hex[0] || strcmp(read->before.hex, read->now.hex) != 0)
			g_array_append_val(changed, at);
	}
	return !in->bad && changed->len == 0;
}

/* ---- the last build's ---------------------------------------------------------------------- */

static void remembered_free(gpointer data)
{
	Remembered *page = data;
	if (page->changed)
		g_array_unref(page->changed);
	g_free(page);
}

static void read_texts(Site *site, FormReader *in)
{
	Memory *memory = site->memory;
	for (guint n = form_get_count(in), i = 0; i < n && !in->bad; i++) {
		const char *text = form_get_text(in);
		/* The first text is the empty one and is used; any other empty one is free. */
		if (*text || i == 0) {
			text = site_keep(site, text);
			g_hash_table_insert(memory->numbers, (gpointer)text, GUINT_TO_POINTER(i + 1));
		} else {
			text = NULL;
			g_array_append_val(memory->free, i);
		}
		g_ptr_array_add(memory->texts, (gpointer)text);
	}
}

static void read_reads(Memory *memory, FormReader *in)
{
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--) {
		guint64 number = form_get_number(in);
		Read *read = g_new0(Read, 1);
		read->before = form_hash_of_raw(form_get_raw_hash(in));
		read->known = TRUE;
		g_hash_table_insert(memory->reads, GUINT_TO_POINTER((guint)number + 1), read);
	}
}

static void read_pages(Memory *memory, FormReader *in)
{
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--) {
		Remembered *page = g_new0(Remembered, 1);
		page->url = form_get_text(in);
		form_get_text(in); /* its source, for stet_site_why alone */
		page->plan = form_get_raw_hash(in);
		page->reason = (guint)form_get_number(in);
		guint changed = form_get_count(in);
		if (changed > 0)
			page->changed = g_array_new(FALSE, FALSE, sizeof(guint));
		for (; changed > 0; changed--) {
			guint number = (guint)form_get_number(in);
			g_array_append_val(page->changed, number);
		}
		page->ids = form_get_bytes(in);
		page->body = form_get_bytes(in);
		if (in->bad)
			remembered_free(page);
		else
			g_hash_table_replace(memory->pages, (gpointer)page->url, page);
	}
}

static void read_files(Memory *memory, FormReader *in)
{
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--) {
		Lone *file = g_new0(Lone, 1);
		file->path = form_get_text(in);
		file->read = (guint)form_get_number(in);
		file->hash = form_hash_of_raw(form_get_raw_hash(in));
		file->bytes = form_get_number(in);
		g_hash_table_replace(memory->files, (gpointer)file->path, file);
	}
}

static void forget(Memory *memory)
{
	g_hash_table_remove_all(memory->files);
	g_hash_table_remove_all(memory->pages);
	g_hash_table_remove_all(memory->reads);
	g_hash_table_remove_all(memory->numbers);
	g_ptr_array_set_size(memory->texts, 0);
	g_array_set_size(memory->free, 0);
}

void memory_open(Site *site, GBytes *bytes, const char *salt)
{
	Memory *memory = g_new0(Memory, 1);
	site->memory = memory;
	g_mutex_init(&memory->lock);
	memory->texts = g_ptr_array_new();
	memory->numbers = g_hash_table_new(g_str_hash, g_str_equal);
	memory->reads = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	memory->free = g_array_new(FALSE, FALSE, sizeof(guint));
	memory->pages = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, remembered_free);
	memory->files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	memory->lone = g_ptr_array_new_with_free_func(g_free);
	if (bytes) {
		gsize length = 0;
		const guint8 *data = g_bytes_get_data(bytes, &length);
		FormReader in = {data, data + length, FALSE};
		memory->bytes = g_bytes_ref(bytes);
		memory->stale = strcmp(form_get_text(&in), salt ? salt : "") != 0;
		if (!memory->stale) {
			read_texts(site, &in);
			read_reads(memory, &in);
			read_pages(memory, &in);
			read_files(memory, &in);
		}
		if (in.bad)
			forget(memory);
	}
	if (memory->texts->len == 0)
		number_of(site, "");
}

void memory_close(Memory *memory)
{
	if (!memory)
		return;
	g_hash_table_unref(memory->files);
	g_ptr_array_unref(memory->lone);
	g_hash_table_unref(memory->pages);
	g_hash_table_unref(memory->reads);
	g_hash_table_unref(memory->numbers);
	g_ptr_array_unref(memory->texts);
	g_array_unref(memory->free);
	g_clear_pointer(&memory->bytes, g_bytes_unref);
	g_mutex_clear(&memory->lock);
	g_free(memory);
}

/* ---- a page kept --------------------------------------------------------------------------- */

static void note_lone(Site *site, const char *path, guint read)
{
	Lone *now = g_new0(Lone, 1);
	*now = (Lone){.path = site_keep(site, path), .read = read};
	g_mutex_lock(&site->memory->lock);
	g_ptr_array_add(site->memory->lone, now);
	g_mutex_unlock(&site->memory->lock);
}

void memory_note_file(Site *site, const char *path)
{
	note_lone(site, path, 0);
}

gboolean memory_holds(const Site *site, const char *path, guint64 bytes)
{
	if (!site->options->holds(path, site->options->sink_data))
		return FALSE;
	if (!site_is_compressed(site, path, bytes))
		return TRUE;
	g_autofree char *twin = g_strconcat(path, ".gz", NULL);
	return g_hash_table_contains(site->memory->files, twin) && site->options->holds(twin, site->options->sink_data);
}

/* The compressed twin of a file that was taken over. */
void memory_take_twin(Site *site, const char *path, const char *from)
{
	g_autofree char *twin = g_strconcat(path, ".gz", NULL);
	const Lone *before = g_hash_table_lookup(site->memory->files, twin);
	memory_note_file(site, twin);
	if (before)
		site_take_over(site, twin, from, &before->hash, before->bytes);
}

/* All of the page's files can be taken over; FALSE before any has been. */
static gboolean holds_files(Site *site, FormReader in)
{
	guint n = form_get_count(&in);
	for (guint i = 0; i < n && !in.bad; i++) {
		const char *path = form_get_text(&in);
		form_get_raw_hash(&in);
		guint64 bytes = form_get_number(&in);
		if (!in.bad && !memory_holds(site, path, bytes))
			return FALSE;
	}
	return !in.bad;
}

static void keep_files(Site *site, const StetPlan *plan, FormReader *in)
{
	for (guint n = form_get_count(in); n > 0 && !site_stopped(site); n--) {
		const char *path = form_get_text(in);
		StetHash hash = form_hash_of_raw(form_get_raw_hash(in));
		guint64 bytes = form_get_number(in);
		site_take_over(site, path, plan->file, &hash, bytes);
	}
}

static void keep_links(Site *site, SitePage *kept, FormReader *in)
{
	g_autoptr(GHashTable) own = site_id_set(kept);
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--) {
		SiteLink link = {.path = text_at(site, in)};
		const char *fragment = text_at(site, in);
		link.fragment = *fragment ? fragment : NULL;
		link.place.file = text_at(site, in);
		link.place.line = (guint)form_get_number(in);
		link.place.column = (guint)form_get_number(in);
		if (!in->bad)
			site_take_link(site, &link, own, kept);
	}
}

static void keep_uses(Site *site, SitePage *kept, FormReader *in)
{
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--) {
		const char *name = text_at(site, in);
		site_add_use(site, kept, name, (guint)form_get_number(in));
	}
}

static void keep_figures(Site *site, const StetPlan *plan, FormReader *in)
{
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--) {
		const char *id = form_get_text(in), *line = form_get_text(in);
		stet_ledger_put(site->ledger, line, plan->url, id);
	}
}

static void keep_diagnostics(Site *site, FormReader *in)
{
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--) {
		StetSeverity severity = (StetSeverity)MIN(form_get_number(in), STET_WARNING);
		const char *code = text_at(site, in), *file = text_at(site, in);
		guint line = (guint)form_get_number(in), column = (guint)form_get_number(in);
		const char *message = form_get_text(in), *mend = form_get_text(in);
		stet_diagnose(site->diags, severity, code, (StetPlace){*file ? file : NULL, line, column},
					  *mend ? mend : NULL, "%s", message);
	}
}

static gboolean is_same(Site *site, const StetPlan *plan, const Remembered *page, SitePage *kept,
						FormReader *body)
{
	StetHash now = form_hash_of_raw(page->plan);
	kept->reason = SITE_MADE_PLAN;
	if (strcmp(kept->plan.hex, now.hex) != 0)
		return FALSE;
	kept->reason = SITE_MADE_READS;
	kept->changed = g_array_new(FALSE, FALSE, sizeof(guint));
	if (!reads_equal(site, body, kept->changed))
		return FALSE;
	kept->reason = SITE_MADE_FILES;
	(void)plan;
	return holds_files(site, *body);
}

gboolean memory_recall(Site *site, guint index)
{
	const StetPlan *plan = site->plans->pdata[index];
	SitePage *kept = &site->pages[index];
	Memory *memory = site->memory;
	const Remembered *page = g_hash_table_lookup(memory->pages, plan->url);
	kept->plan = site_page_hash(site, plan);
	kept->reason = memory->stale ? SITE_MADE_PROGRAM : memory->bytes ? SITE_MADE_NEW : SITE_MADE_FIRST;
	FormReader body = page ? page->body : (FormReader){NULL, NULL, TRUE};
	if (!page || !is_same(site, plan, page, kept, &body))
		return FALSE;
	kept->reason = SITE_KEPT;
	kept->made = TRUE;
	kept->body = page->body.at;
	kept->body_length = (gsize)(page->body.end - page->body.at);
	kept->ids_length = (gsize)(page->ids.end - page->ids.at);
	kept->ids = g_memdup2(page->ids.at, kept->ids_length);
	keep_files(site, plan, &body);
	kept->charts = (guint)form_get_number(&body);
	kept->figures = (guint)form_get_number(&body);
	keep_links(site, kept, &body);
	keep_uses(site, kept, &body);
	keep_figures(site, plan, &body);
	keep_diagnostics(site, &body);
	const char *sections = form_get_text(&body);
	kept->sections = *sections ? g_strdup(sections) : NULL;
	const char *updated = form_get_text(&body);
	kept->updated = *updated ? site_keep(site, updated) : NULL;
	const char *search = form_get_text(&body);
	kept->search = *search ? g_strdup(search) : NULL;
	return TRUE;
}

static int compare_reads(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *memory_reads(Site *site, guint index)
{
	const SitePage *page = &site->pages[index];
	FormReader in = {page->body, page->body + page->body_length, FALSE};
	GPtrArray *reads = g_ptr_array_new();
	for (guint n = form_get_count(&in); n > 0 && !in.bad; n--)
		g_ptr_array_add(reads, (gpointer)text_at(site, &in));
	g_ptr_array_sort(reads, compare_reads);
	return reads;
}

/* ---- a page made --------------------------------------------------------------------------- */

static void put_shared(Site *site, GByteArray *out, const char *text)
{
	form_put_number(out, number_of(site, text));
}

static void put_reads(Site *site, const StetPage *page, GByteArray *out)
{
	form_put_number(out, page->reads->len);
	for (guint i = 0; i < page->reads->len; i++) {
		guint number = number_of(site, page->reads->pdata[i]);
		ask(site, number);
		form_put_number(out, number);
	}
}

static void put_file(Site *site, const char *path, GByteArray *out)
{
	guint64 bytes = 0;
	StetHash hash = site_file_hash(site, path, &bytes);
	form_put_text(out, path);
	form_put_hash(out, &hash);
	form_put_number(out, bytes);
}

static void put_links(Site *site, const StetPage *page, GByteArray *out)
{
	form_put_number(out, page->links->len);
	for (guint i = 0; i < page->links->len; i++) {
		const StetLink *link = page->links->pdata[i];
		put_shared(site, out, link->path);
		put_shared(site, out, link->fragment);
		put_shared(site, out, link->place.file);
		form_put_number(out, link->place.line);
		form_put_number(out, link->place.column);
	}
}

static void put_figures(Site *site, const StetPage *page, GByteArray *out)
{
	guint n = 0;
	for (guint i = 0; i < page->figures->len; i++)
		n += ((const StetFigure *)page->figures->pdata[i])->origin != NULL;
	form_put_number(out, n);
	for (guint i = 0; i < page->figures->len; i++) {
		const StetFigure *figure = page->figures->pdata[i];
		if (!figure->origin)
			continue;
		StetLedgerEntry entry = {
			.origin = figure->origin, .text = figure->text, .value = figure->value, .unit = figure->unit};
		g_autofree char *line = stet_ledger_line(&entry);
		form_put_text(out, figure->id);
		form_put_text(out, line);
		stet_ledger_put(site->ledger, line, page->plan->url, figure->id);
	}
}

static void put_diagnostics(Site *site, StetDiagnostics *diags, GByteArray *out)
{
	const GPtrArray *list = stet_diagnostics_sorted(diags);
	form_put_number(out, list->len);
	for (guint i = 0; i < list->len; i++) {
		const StetDiagnostic *entry = list->pdata[i];
		form_put_number(out, entry->severity);
		put_shared(site, out, entry->code);
		put_shared(site, out, entry->file);
		form_put_number(out, entry->line);
		form_put_number(out, entry->column);
		form_put_text(out, entry->message);
		form_put_text(out, entry->mend);
	}
}

void memory_store(Site *site, guint index, const StetPage *page, StetDiagnostics *diags)
{
	SitePage *kept = &site->pages[index];
	GByteArray *out = g_byte_array_new();
	put_reads(site, page, out);
	form_put_number(out, 1 + page->assets->len);
	put_file(site, page->path, out);
	for (guint i = 0; i < page->assets->len; i++)
		put_file(site, ((const StetAsset *)page->assets->pdata[i])->path, out);
	form_put_number(out, page->n_charts);
	form_put_number(out, page->figures->len);
	put_links(site, page, out);
	guint uses = page->plan->metric ? 0 : page->metric_uses->len;
	form_put_number(out, uses);
	for (guint i = 0; i < uses; i++) {
		const StetMetricUse *use = &g_array_index(page->metric_uses, StetMetricUse, i);
		put_shared(site, out, use->metric);
		form_put_number(out, use->count);
	}
	put_figures(site, page, out);
	put_diagnostics(site, diags, out);
	form_put_text(out, kept->sections);
	form_put_text(out, kept->updated);
	form_put_text(out, kept->search);
	kept->body_length = out->len;
	kept->own_body = g_byte_array_free(out, FALSE);
	kept->body = kept->own_body;
}

/* ---- files that are no page's -------------------------------------------------------------- */

gboolean memory_had_file(Site *site, const char *path, const char *read)
{
	const Lone *before = site->memory ? g_hash_table_lookup(site->memory->files, path) : NULL;
	guint number = before ? number_of(site, read) : 0;
	const Read *made_of = before && before->read == number ? ask(site, number) : NULL;
	return made_of && made_of->known && made_of->now.hex[0] && strcmp(made_of->before.hex, made_of->now.hex) == 0;
}

gboolean memory_recall_file(Site *site, const char *path, const char *from, const char *read)
{
	if (!site->memory)
		return FALSE;
	guint number = number_of(site, read);
	ask(site, number);
	note_lone(site, path, number);
	const Lone *before = g_hash_table_lookup(site->memory->files, path);
	if (!memory_had_file(site, path, read) || !memory_holds(site, path, before->bytes))
		return FALSE;
	site_take_over(site, path, from, &before->hash, before->bytes);
	return TRUE;
}

static int compare_lone(gconstpointer a, gconstpointer b)
{
	return strcmp((*(Lone *const *)a)->path, (*(Lone *const *)b)->path);
}

static void put_lone(Site *site, GByteArray *out)
{
	const GPtrArray *files = site->memory->lone;
	form_put_number(out, files->len);
	g_ptr_array_sort(site->memory->lone, compare_lone);
	for (guint i = 0; i < files->len; i++) {
		const Lone *file = files->pdata[i];
		form_put_text(out, file->path);
		form_put_number(out, file->read);
		guint64 bytes = 0;
		StetHash hash = site_file_hash(site, file->path, &bytes);
		form_put_hash(out, &hash);
		form_put_number(out, bytes);
	}
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* Walks a list whose entries have this shape - t: a shared text, p: a plain one, h: a hash, n: a number - and
 * marks the texts it names. */
static void mark_list(FormReader *in, const char *shape, guint8 *used, guint texts)
{
	for (guint n = form_get_count(in); n > 0 && !in->bad; n--)
		for (const char *part = shape; *part; part++) {
			guint64 number = *part == 't' || *part == 'n' ? form_get_number(in) : 0;
			if (*part == 't' && number < texts)
				used[number] = 1;
			else if (*part == 'p')
				form_get_text(in);
			else if (*part == 'h')
				form_get_raw_hash(in);
		}
}

/* Marks the texts that a page's body names. */
static void mark_used(const Site *site, const SitePage *page, guint8 *used)
{
	FormReader in = {page->body, page->body + page->body_length, FALSE};
	guint texts = site->memory->texts->len;
	mark_list(&in, "t", used, texts);
	mark_list(&in, "phn", used, texts);
	form_get_number(&in);
	form_get_number(&in);
	mark_list(&in, "tttnn", used, texts);
	mark_list(&in, "tn", used, texts);
	mark_list(&in, "pp", used, texts);
	mark_list(&in, "nttnnpp", used, texts);
	for (guint i = 0; page->changed && i < page->changed->len; i++)
		used[g_array_index(page->changed, guint, i)] = 1;
}

static void put_page(const Site *site, guint index, GByteArray *out)
{
	const StetPlan *plan = site->plans->pdata[index];
	const SitePage *page = &site->pages[index];
	guint changed = page->changed ? page->changed->len : 0;
	form_put_text(out, plan->url);
	form_put_text(out, plan->file);
	form_put_hash(out, &page->plan);
	form_put_number(out, page->reason);
	form_put_number(out, changed);
	for (guint i = 0; i < changed; i++)
		form_put_number(out, g_array_index(page->changed, guint, i));
	form_put_bytes(out, page->ids, page->ids_length);
	form_put_bytes(out, page->body, page->body_length);
}

GBytes *memory_write(Site *site, const char *salt)
{
	Memory *memory = site->memory;
	GByteArray *out = g_byte_array_new(), *reads = g_byte_array_new();
	g_autofree guint8 *used = g_new0(guint8, memory->texts->len + 1);
	guint n_reads = 0;
	used[0] = 1;
	for (guint i = 0; i < site->plans->len; i++)
		mark_used(site, &site->pages[i], used);
	for (guint i = 0; i < memory->lone->len; i++)
		used[((const Lone *)memory->lone->pdata[i])->read] = 1;
	form_put_text(out, salt);
	form_put_number(out, memory->texts->len);
	for (guint i = 0; i < memory->texts->len; i++) {
		const char *text = memory->texts->pdata[i];
		const Read *read = g_hash_table_lookup(memory->reads, GUINT_TO_POINTER(i + 1));
		form_put_text(out, used[i] && text ? text : "");
		if (!used[i] || !read || !read->asked || !read->now.hex[0])
			continue;
		form_put_number(reads, i);
		form_put_hash(reads, &read->now);
		n_reads++;
	}
	form_put_number(out, n_reads);
	g_byte_array_append(out, reads->data, reads->len);
	g_byte_array_unref(reads);
	form_put_number(out, site->plans->len);
	for (guint i = 0; i < site->plans->len; i++)
		put_page(site, i, out);
	put_lone(site, out);
	return g_byte_array_free_to_bytes(out);
}
