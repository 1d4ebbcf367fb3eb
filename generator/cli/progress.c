/* The progress line and the clock of the stages. */
#include "cli/private.h"

#include <string.h>

#define STAGES_MAX 24
#define FIRST_SHOWN 150000 /* us: quick builds show nothing */
#define BETWEEN 50000      /* us between two rewritings */
#define RATED 500000       /* us after which a rate is worth saying */
#define SLOWEST 8          /* of a kind that a profile names */

/* What one thing of a kind took. */
typedef struct {
	const char *kind;
	const char *name; /* part of its key */
	gint64 took;      /* us */
	guint times;
} Note;

struct StetProgress {
	gboolean visible, on_line;
	gint64 began, next; /* us of the monotonic clock */
	gint64 counted;     /* when the count at hand began */
	guint64 last, total;
	GMutex mutex;
	GHashTable *notes; /* "kind\nname" -> Note */
	guint n;
	struct {
		const char *name;
		gint64 began;
	} stages[STAGES_MAX];
};

StetProgress *stet_progress_new(gboolean visible)
{
	StetProgress *progress = g_new0(StetProgress, 1);
	progress->visible = visible;
	progress->began = g_get_monotonic_time();
	progress->next = progress->began + FIRST_SHOWN;
	progress->notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_mutex_init(&progress->mutex);
	return progress;
}

void stet_progress_free(StetProgress *progress)
{
	g_hash_table_unref(progress->notes);
	g_mutex_clear(&progress->mutex);
	g_free(progress);
}

void stet_progress_stage(StetProgress *progress, const char *name)
{
	g_mutex_lock(&progress->mutex);
	if (progress->n < STAGES_MAX) {
		progress->stages[progress->n].name = name;
		progress->stages[progress->n++].began = g_get_monotonic_time();
	}
	g_mutex_unlock(&progress->mutex);
	stet_progress_count(progress, 0, 0);
}

/* "345/10000, 1200/s, 8 s left" once the rate is steady. */
static void print_count(guint64 done, guint64 total, const char *unit, gint64 passed)
{
	fprintf(stderr, " %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT "%s", done, total, unit);
	double rate = passed > RATED ? (double)done * 1e6 / (double)passed : 0;
	if (rate > 0 && done < total)
		fprintf(stderr, ", %.0f%s/s, %.0f s left", rate, unit, (double)(total - done) / rate + 0.5);
}

static void show_count(StetProgress *progress, guint64 done, guint64 total, const char *unit)
{
	if (!progress->visible)
		return;
	g_mutex_lock(&progress->mutex);
	gint64 now = g_get_monotonic_time();
	/* a count that begins anew has a rate of its own */
	if (done < progress->last || total == 0 || total != progress->total)
		progress->counted = now;
	progress->last = done;
	progress->total = total;
	if (now >= progress->next && progress->n > 0) {
		const char *name = progress->stages[progress->n - 1].name;
		progress->next = now + BETWEEN;
		progress->on_line = TRUE;
		fprintf(stderr, "\r\033[K%s", name);
		if (total > 0)
			print_count(done, total, unit, now - progress->counted);
		fflush(stderr);
	}
	g_mutex_unlock(&progress->mutex);
}

void stet_progress_count(StetProgress *progress, guint64 done, guint64 total)
{
	show_count(progress, done, total, "");
}

void stet_progress_bytes(StetProgress *progress, guint64 done, guint64 total)
{
	show_count(progress, done >> 20, total >> 20, " MiB");
}

void stet_progress_clear(StetProgress *progress)
{
	g_mutex_lock(&progress->mutex);
	if (progress->on_line)
		fputs("\r\033[K", stderr);
	progress->on_line = FALSE;
	g_mutex_unlock(&progress->mutex);
}

double stet_progress_seconds(const StetProgress *progress)
{
	return (double)(g_get_monotonic_time() - progress->began) / 1e6;
}

void stet_progress_print_times(StetProgress *progress)
{
	gint64 end = g_get_monotonic_time();
	double whole = (double)(end - progress->began) / 1e3;
	for (guint i = 0; i < progress->n; i++) {
		gint64 until = i + 1 < progress->n ? progress->stages[i + 1].began : end;
		double took = (double)(until - progress->stages[i].began) / 1e3;
		fprintf(stderr, "  %-20s %9.1f ms %4.0f %%\n", progress->stages[i].name, took,
				whole > 0 ? 100 * took / whole : 0);
	}
}

/* ---- what took how long -------------------------------------------------------------------- */

void stet_progress_note(StetProgress *progress, const char *kind, const char *name, gint64 took)
{
	char *key = g_strconcat(kind, "\n", name, NULL);
	g_mutex_lock(&progress->mutex);
	Note *note = g_hash_table_lookup(progress->notes, key);
	if (note) {
		g_free(key);
	} else {
		note = g_new0(Note, 1);
		*note = (Note){kind, key + strlen(kind) + 1, 0, 0};
		g_hash_table_insert(progress->notes, key, note);
	}
	note->took += took;
	note->times++;
	g_mutex_unlock(&progress->mutex);
}

/* By kind, the slowest first. */
static int compare_notes(gconstpointer a, gconstpointer b)
{
	const Note *x = *(Note *const *)a, *y = *(Note *const *)b;
	int order = strcmp(x->kind, y->kind);
	if (order == 0)
		order = x->took > y->took ? -1 : x->took < y->took;
	return order ? order : strcmp(x->name, y->name);
}

void stet_progress_print_notes(StetProgress *progress)
{
	const char *kind = NULL;
	g_autoptr(GPtrArray) notes = g_ptr_array_new();
	GHashTableIter each;
	gpointer entry;
	g_hash_table_iter_init(&each, progress->notes);
	while (g_hash_table_iter_next(&each, NULL, &entry))
		g_ptr_array_add(notes, entry);
	g_ptr_array_sort(notes, compare_notes);
	for (guint i = 0, shown = 0; i < notes->len; i++) {
		const Note *note = notes->pdata[i];
		if (!kind || strcmp(kind, note->kind) != 0) {
			kind = note->kind;
			shown = 0;
			fprintf(stderr, "slowest %s:\n", kind);
		}
		if (shown++ < SLOWEST)
			fprintf(stderr, "  %9.1f ms %4u x  %s\n", (double)note->took / 1e3, note->times, note->name);
	}
}
