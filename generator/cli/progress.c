/* The progress line and the clock of the stages. */
#include "cli/private.h"

#define STAGES_MAX 24
#define FIRST_SHOWN 150000 /* us: quick builds show nothing */
#define BETWEEN 50000      /* us between two rewritings */

struct StetProgress {
	gboolean visible, on_line;
	gint64 began, next; /* us of the monotonic clock */
	GMutex mutex;
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
	g_mutex_init(&progress->mutex);
	return progress;
}

void stet_progress_free(StetProgress *progress)
{
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

void stet_progress_count(StetProgress *progress, guint64 done, guint64 total)
{
	if (!progress->visible)
		return;
	g_mutex_lock(&progress->mutex);
	gint64 now = g_get_monotonic_time();
	if (now >= progress->next && progress->n > 0) {
		const char *name = progress->stages[progress->n - 1].name;
		progress->next = now + BETWEEN;
		progress->on_line = TRUE;
		if (total > 0)
			fprintf(stderr, "\r\033[K%s %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, name, done, total);
		else
			fprintf(stderr, "\r\033[K%s", name);
		fflush(stderr);
	}
	g_mutex_unlock(&progress->mutex);
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
