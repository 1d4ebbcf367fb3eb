/* Every dataset of a report: small files side by side, large ones one after another with all threads. */
#include "cli/private.h"

#include <sys/stat.h>

#define LARGE (4u << 20) /* bytes from which cutting a file is worth more than loading others beside it */

typedef struct {
	const StetProject *project;
	const char *state_dir, *keep_dir; /* for what is unpacked; for the columns */
	gboolean large;                   /* one file at a time */
	StetDataset **datasets;
	guint *small; /* indices of the resources loaded side by side */
	guint done;
	GMutex mutex;
	StetProgress *progress;
	StetDiagnostics *diags;
} Loading;

static guint64 bytes_of(const StetProject *project, const StetResource *resource)
{
	guint64 bytes = 0;
	for (guint i = 0; resource->paths[i]; i++) {
		g_autofree char *path = stet_project_path(project, resource->paths[i]);
		struct stat info;
		bytes += stat(path, &info) == 0 ? (guint64)info.st_size : 0;
	}
	return bytes;
}

static gboolean stop_seen(gpointer data)
{
	(void)data;
	return stet_signal_seen() != 0;
}

/* Bytes of one large file: those loaded side by side are counted as datasets. */
static void count_bytes(const char *name, guint64 done, guint64 total, gpointer data)
{
	const Loading *loading = data;
	(void)name;
	if (loading->large)
		stet_progress_bytes(loading->progress, done, total);
}

static void load_one(Loading *loading, guint index, guint jobs)
{
	const StetProject *project = loading->project;
	StetLoadOptions options = {.jobs = jobs,
							   .convert = stet_engine_unpack,
							   .convert_data = (gpointer)loading->state_dir,
							   .stop = stop_seen,
							   .progress = count_bytes,
							   .progress_data = loading,
							   .keep_dir = loading->keep_dir};
	if (stet_signal_seen())
		return;
	loading->datasets[index] =
		stet_dataset_load(project, &project->resources[index], &options, loading->diags);
	g_mutex_lock(&loading->mutex);
	guint done = ++loading->done;
	g_mutex_unlock(&loading->mutex);
	stet_progress_count(loading->progress, done, project->n_resources);
}

static void load_small(gsize index, guint worker, gpointer data)
{
	(void)worker;
	Loading *loading = data;
	load_one(loading, loading->small[index], 1);
}

StetDataset **stet_datasets_load(const StetProject *project, const char *state_dir, const gboolean *wanted,
								 guint jobs, StetProgress *progress, StetDiagnostics *diags)
{
	guint n = project->n_resources, n_small = 0;
	g_autofree char *keep_dir = g_build_filename(state_dir, "columns", NULL);
	g_autofree guint *small = g_new(guint, n + 1);
	Loading loading = {.project = project,
					   .state_dir = state_dir,
					   .keep_dir = keep_dir,
					   .datasets = g_new0(StetDataset *, n + 1),
					   .small = small,
					   .progress = progress,
					   .diags = diags};
	g_mutex_init(&loading.mutex);
	for (guint i = 0; i < n; i++) {
		if (wanted && !wanted[i])
			continue;
		if (bytes_of(project, &project->resources[i]) < LARGE) {
			small[n_small++] = i;
			continue;
		}
		loading.large = TRUE;
		load_one(&loading, i, jobs);
		loading.large = FALSE;
	}
	stet_parallel(jobs, n_small, load_small, &loading);
	if (!wanted && !stet_signal_seen())
		stet_datasets_prune(project, keep_dir);
	g_mutex_clear(&loading.mutex);
	return loading.datasets;
}
