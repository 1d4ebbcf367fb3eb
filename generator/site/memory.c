/* What is remembered of each page from build to build: what it was made from, and all that the site needs
 * of it where it is not made again.
 *
 * One text, opened and sealed by the publish stage. Numbers are LEB128, texts a length and their bytes,
 * hashes 32 bytes. Texts that many pages share stand once, in a table; a page names them by number, so the
 * bytes of a page that is kept are carried over as they are.
 *
 *     salt; table of texts; reads: text, hash; pages: address, plan's hash, reason, changed reads, ids, body;
 *     other files: path, what it was made from, hash, bytes
 *     body: reads; files: path, hash, bytes; charts, figures; links; uses; ledger lines; diagnostics;
 *     its object in sections.json */
#include "site/private.h"

#include <string.h>

typedef struct {
	const guint8 *at, *end;
	gboolean bad; /* once set, everything reads as nothing */
} Reader;

typedef struct {
	const char *url;
	const guint8 *plan; /* hash, 32 bytes */
	guint reason;
	GArray *changed; /* of guint: reads, or NULL */
	Reader ids, body;
} Remembered;

/* A file that is no page's. */
typedef struct {
	const char *path;
	guint read; /* what it was made from; 0: its hash tells */
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

/* ---- writing and reading numbers ----------------------------------------------------------- */

static void put_number(GByteArray *out, guint64 value)
{
	guint8 bytes[10];
	guint n = 0;
	do {
		bytes[n++] = (guint8)((value & 127) | (value > 127 ? 128 : 0));
		value >>= 7;
	} while (value > 0);
	g_byte_array_append(out, bytes, n);
}

static void put_bytes(GByteArray *out, const void *data, gsize length)
{
	put_number(out, length);
	if (length > 0)
		g_byte_array_append(out, data, (guint)length);
}

static void put_text(GByteArray *out, const char *text)
{
	put_bytes(out, text ? text : "", text ? strlen(text) + 1 : 1); /* with its NUL: read in place */
}

static void put_hash(GByteArray *out, const StetHash *hash)
{
	guint8 bytes[STET_HASH_LEN / 2];
	for (guint i = 0; i < sizeof bytes; i++)
		bytes[i] = (guint8)(g_ascii_xdigit_value(hash->hex[2 * i]) << 4 |
							g_ascii_xdigit_value(hash->hex[2 * i + 1]));
	g_byte_array_append(out, bytes, sizeof bytes);
}

static guint64 get_number(Reader *in)
{
	guint64 value = 0;
	for (guint shift = 0; shift < 64 && in->at < in->end; shift += 7) {
		guint8 byte = *in->at++;
		value |= (guint64)(byte & 127) << shift;
		if (byte < 128)
			return value;
	}
	in->bad = TRUE;
	return 0;
}

/* A count of things that take at least a byte each. */
static guint get_count(Reader *in)
{
	guint64 n = get_number(in);
	in->bad = in->bad || n > (guint64)(in->end - in->at);
	return in->bad ? 0 : (guint)n;
}

static Reader get_bytes(Reader *in)
{
	guint length = get_count(in);
	Reader part = {in->at, in->at + length, in->bad};
	in->at += length;
	return part;
}

static const char *get_text(Reader *in)
{
	Reader part = get_bytes(in);
	if (part.at == part.end || part.end[-1] != 0)
		in->bad = TRUE;
	return in->bad ? "" : (const char *)part.at;
}

static const guint8 *get_raw_hash(Reader *in)
{
	static const guint8 none[STET_HASH_LEN / 2];
	in->bad = in->bad || in->end - in->at < STET_HASH_LEN / 2;
	const guint8 *hash = in->bad ? none : in->at;
	in->at += in->bad ? 0 : STET_HASH_LEN / 2;
	return hash;
}

static StetHash hash_of_raw(const guint8 *raw)
{
	static const char digits[] = "0123456789abcdef";
	StetHash hash = {{0}};
	for (guint i = 0; i < STET_HASH_LEN / 2; i++) {
		hash.hex[2 * i] = digits[raw[i] >> 4];
		hash.hex[2 * i + 1] = digits[raw[i] & 15];
	}
	return hash;
}

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

static const char *text_at(Site *site, Reader *in)
{
	Memory *memory = site->memory;
	guint64 number = get_number(in);
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
static gboolean reads_equal(Site *site, Reader *in, GArray *changed)
{
	for (guint n = get_count(in); n > 0 && !in->bad; n--) {
		guint64 number = get_number(in);
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

static void read_texts(Site *site, Reader *in)
{
	Memory *memory = site->memory;
	for (guint n = get_count(in), i = 0; i < n && !in->bad; i++) {
		const char *text = get_text(in);
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

static void read_reads(Memory *memory, Reader *in)
{
	for (guint n = get_count(in); n > 0 && !in->bad; n--) {
		guint64 number = get_number(in);
		Read *read = g_new0(Read, 1);
		read->before = hash_of_raw(get_raw_hash(in));
		read->known = TRUE;
		g_hash_table_insert(memory->reads, GUINT_TO_POINTER((guint)number + 1), read);
	}
}

static void read_pages(Memory *memory, Reader *in)
{
	for (guint n = get_count(in); n > 0 && !in->bad; n--) {
		Remembered *page = g_new0(Remembered, 1);
		page->url = get_text(in);
		page->plan = get_raw_hash(in);
		page->reason = (guint)get_number(in);
		guint changed = get_count(in);
		if (changed > 0)
			page->changed = g_array_new(FALSE, FALSE, sizeof(guint));
		for (; changed > 0; changed--) {
			guint number = (guint)get_number(in);
			g_array_append_val(page->changed, number);
		}
		page->ids = get_bytes(in);
		page->body = get_bytes(in);
		if (in->bad)
			remembered_free(page);
		else
			g_hash_table_replace(memory->pages, (gpointer)page->url, page);
	}
}

static void read_files(Memory *memory, Reader *in)
{
	for (guint n = get_count(in); n > 0 && !in->bad; n--) {
		Lone *file = g_new0(Lone, 1);
		file->path = get_text(in);
		file->read = (guint)get_number(in);
		file->hash = hash_of_raw(get_raw_hash(in));
		file->bytes = get_number(in);
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
		Reader in = {data, data + length, FALSE};
		memory->bytes = g_bytes_ref(bytes);
		memory->stale = strcmp(get_text(&in), salt ? salt : "") != 0;
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

/* All of the page's files can be taken over; FALSE before any has been. */
static gboolean holds_files(Site *site, Reader in)
{
	guint n = get_count(&in);
	for (guint i = 0; i < n && !in.bad; i++) {
		const char *path = get_text(&in);
		get_raw_hash(&in);
		get_number(&in);
		if (!in.bad && !site->options->holds(path, site->options->sink_data))
			return FALSE;
	}
	return !in.bad;
}

static void keep_files(Site *site, const StetPlan *plan, Reader *in)
{
	for (guint n = get_count(in); n > 0 && !site_stopped(site); n--) {
		const char *path = get_text(in);
		StetHash hash = hash_of_raw(get_raw_hash(in));
		guint64 bytes = get_number(in);
		site_take_over(site, path, plan->file, &hash, bytes);
	}
}

static void keep_links(Site *site, SitePage *kept, Reader *in)
{
	g_autoptr(GHashTable) own = site_id_set(kept);
	for (guint n = get_count(in); n > 0 && !in->bad; n--) {
		SiteLink link = {.path = text_at(site, in)};
		const char *fragment = text_at(site, in);
		link.fragment = *fragment ? fragment : NULL;
		link.place.file = text_at(site, in);
		link.place.line = (guint)get_number(in);
		link.place.column = (guint)get_number(in);
		if (!in->bad)
			site_take_link(site, &link, own, kept);
	}
}

static void keep_uses(Site *site, SitePage *kept, Reader *in)
{
	for (guint n = get_count(in); n > 0 && !in->bad; n--) {
		const char *name = text_at(site, in);
		site_add_use(site, kept, name, (guint)get_number(in));
	}
}

static void keep_figures(Site *site, const StetPlan *plan, Reader *in)
{
	for (guint n = get_count(in); n > 0 && !in->bad; n--) {
		const char *id = get_text(in), *line = get_text(in);
		stet_ledger_put(site->ledger, line, plan->url, id);
	}
}

static void keep_diagnostics(Site *site, Reader *in)
{
	for (guint n = get_count(in); n > 0 && !in->bad; n--) {
		StetSeverity severity = (StetSeverity)MIN(get_number(in), STET_WARNING);
		const char *code = text_at(site, in), *file = text_at(site, in);
		guint line = (guint)get_number(in), column = (guint)get_number(in);
		const char *message = get_text(in), *mend = get_text(in);
		stet_diagnose(site->diags, severity, code, (StetPlace){*file ? file : NULL, line, column},
					  *mend ? mend : NULL, "%s", message);
	}
}

static gboolean is_same(Site *site, const StetPlan *plan, const Remembered *page, SitePage *kept,
						Reader *body)
{
	StetHash now = hash_of_raw(page->plan);
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
	Reader body = page ? page->body : (Reader){NULL, NULL, TRUE};
	if (!page || !is_same(site, plan, page, kept, &body))
		return FALSE;
	kept->reason = SITE_KEPT;
	kept->made = TRUE;
	kept->body = page->body.at;
	kept->body_length = (gsize)(page->body.end - page->body.at);
	kept->ids_length = (gsize)(page->ids.end - page->ids.at);
	kept->ids = g_memdup2(page->ids.at, kept->ids_length);
	keep_files(site, plan, &body);
	kept->charts = (guint)get_number(&body);
	kept->figures = (guint)get_number(&body);
	keep_links(site, kept, &body);
	keep_uses(site, kept, &body);
	keep_figures(site, plan, &body);
	keep_diagnostics(site, &body);
	const char *sections = get_text(&body);
	kept->sections = *sections ? g_strdup(sections) : NULL;
	return TRUE;
}

/* ---- a page made --------------------------------------------------------------------------- */

static void put_shared(Site *site, GByteArray *out, const char *text)
{
	put_number(out, number_of(site, text));
}

static void put_reads(Site *site, const StetPage *page, GByteArray *out)
{
	put_number(out, page->reads->len);
	for (guint i = 0; i < page->reads->len; i++) {
		guint number = number_of(site, page->reads->pdata[i]);
		ask(site, number);
		put_number(out, number);
	}
}

static void put_file(Site *site, const char *path, GByteArray *out)
{
	guint64 bytes = 0;
	StetHash hash = site_file_hash(site, path, &bytes);
	put_text(out, path);
	put_hash(out, &hash);
	put_number(out, bytes);
}

static void put_links(Site *site, const StetPage *page, GByteArray *out)
{
	put_number(out, page->links->len);
	for (guint i = 0; i < page->links->len; i++) {
		const StetLink *link = page->links->pdata[i];
		put_shared(site, out, link->path);
		put_shared(site, out, link->fragment);
		put_shared(site, out, link->place.file);
		put_number(out, link->place.line);
		put_number(out, link->place.column);
	}
}

static void put_figures(Site *site, const StetPage *page, GByteArray *out)
{
	guint n = 0;
	for (guint i = 0; i < page->figures->len; i++)
		n += ((const StetFigure *)page->figures->pdata[i])->origin != NULL;
	put_number(out, n);
	for (guint i = 0; i < page->figures->len; i++) {
		const StetFigure *figure = page->figures->pdata[i];
		if (!figure->origin)
			continue;
		StetLedgerEntry entry = {
			.origin = figure->origin, .text = figure->text, .value = figure->value, .unit = figure->unit};
		g_autofree char *line = stet_ledger_line(&entry);
		put_text(out, figure->id);
		put_text(out, line);
		stet_ledger_put(site->ledger, line, page->plan->url, figure->id);
	}
}

static void put_diagnostics(Site *site, StetDiagnostics *diags, GByteArray *out)
{
	const GPtrArray *list = stet_diagnostics_sorted(diags);
	put_number(out, list->len);
	for (guint i = 0; i < list->len; i++) {
		const StetDiagnostic *entry = list->pdata[i];
		put_number(out, entry->severity);
		put_shared(site, out, entry->code);
		put_shared(site, out, entry->file);
		put_number(out, entry->line);
		put_number(out, entry->column);
		put_text(out, entry->message);
		put_text(out, entry->mend);
	}
}

void memory_store(Site *site, guint index, const StetPage *page, StetDiagnostics *diags)
{
	SitePage *kept = &site->pages[index];
	GByteArray *out = g_byte_array_new();
	put_reads(site, page, out);
	put_number(out, 1 + page->assets->len);
	put_file(site, page->path, out);
	for (guint i = 0; i < page->assets->len; i++)
		put_file(site, ((const StetAsset *)page->assets->pdata[i])->path, out);
	put_number(out, page->n_charts);
	put_number(out, page->figures->len);
	put_links(site, page, out);
	guint uses = page->plan->metric ? 0 : page->metric_uses->len;
	put_number(out, uses);
	for (guint i = 0; i < uses; i++) {
		const StetMetricUse *use = &g_array_index(page->metric_uses, StetMetricUse, i);
		put_shared(site, out, use->metric);
		put_number(out, use->count);
	}
	put_figures(site, page, out);
	put_diagnostics(site, diags, out);
	put_text(out, kept->sections);
	kept->body_length = out->len;
	kept->own_body = g_byte_array_free(out, FALSE);
	kept->body = kept->own_body;
}

/* ---- files that are no page's -------------------------------------------------------------- */

gboolean memory_recall_file(Site *site, const char *path, const char *from, const char *read,
							const StetHash *hash)
{
	Memory *memory = site->memory;
	if (!memory)
		return FALSE;
	guint number = read ? number_of(site, read) : 0;
	const Read *made_of = read ? ask(site, number) : NULL;
	Lone *now = g_new0(Lone, 1);
	*now = (Lone){.path = site_keep(site, path), .read = number};
	g_mutex_lock(&memory->lock);
	g_ptr_array_add(memory->lone, now);
	g_mutex_unlock(&memory->lock);
	const Lone *before = g_hash_table_lookup(memory->files, path);
	gboolean same = before && (made_of ? made_of->known && made_of->now.hex[0] &&
											 strcmp(made_of->before.hex, made_of->now.hex) == 0
									   : strcmp(before->hash.hex, hash->hex) == 0);
	if (!same || !site->options->holds(path, site->options->sink_data))
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
	put_number(out, files->len);
	g_ptr_array_sort(site->memory->lone, compare_lone);
	for (guint i = 0; i < files->len; i++) {
		const Lone *file = files->pdata[i];
		put_text(out, file->path);
		put_number(out, file->read);
		guint64 bytes = 0;
		StetHash hash = site_file_hash(site, file->path, &bytes);
		put_hash(out, &hash);
		put_number(out, bytes);
	}
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* Walks a list whose entries have this shape - t: a shared text, p: a plain one, h: a hash, n: a number - and
 * marks the texts it names. */
static void mark_list(Reader *in, const char *shape, guint8 *used, guint texts)
{
	for (guint n = get_count(in); n > 0 && !in->bad; n--)
		for (const char *part = shape; *part; part++) {
			guint64 number = *part == 't' || *part == 'n' ? get_number(in) : 0;
			if (*part == 't' && number < texts)
				used[number] = 1;
			else if (*part == 'p')
				get_text(in);
			else if (*part == 'h')
				get_raw_hash(in);
		}
}

/* Marks the texts that a page's body names. */
static void mark_used(const Site *site, const SitePage *page, guint8 *used)
{
	Reader in = {page->body, page->body + page->body_length, FALSE};
	guint texts = site->memory->texts->len;
	mark_list(&in, "t", used, texts);
	mark_list(&in, "phn", used, texts);
	get_number(&in);
	get_number(&in);
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
	put_text(out, plan->url);
	put_hash(out, &page->plan);
	put_number(out, page->reason);
	put_number(out, changed);
	for (guint i = 0; i < changed; i++)
		put_number(out, g_array_index(page->changed, guint, i));
	put_bytes(out, page->ids, page->ids_length);
	put_bytes(out, page->body, page->body_length);
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
	put_text(out, salt);
	put_number(out, memory->texts->len);
	for (guint i = 0; i < memory->texts->len; i++) {
		const char *text = memory->texts->pdata[i];
		const Read *read = g_hash_table_lookup(memory->reads, GUINT_TO_POINTER(i + 1));
		put_text(out, used[i] && text ? text : "");
		if (!used[i] || !read || !read->asked || !read->now.hex[0])
			continue;
		put_number(reads, i);
		put_hash(reads, &read->now);
		n_reads++;
	}
	put_number(out, n_reads);
	g_byte_array_append(out, reads->data, reads->len);
	g_byte_array_unref(reads);
	put_number(out, site->plans->len);
	for (guint i = 0; i < site->plans->len; i++)
		put_page(site, i, out);
	put_lone(site, out);
	return g_byte_array_free_to_bytes(out);
}
