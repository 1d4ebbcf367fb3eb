/* A small report in a temporary folder, for the metric stage's tests. */
#ifndef METRIC_HELP_H
#define METRIC_HELP_H

#include "stet/metric.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct {
	const char *path, *text;
} HelpFile;

typedef struct {
	char *dir;
	StetDiagnostics *diags;
	StetProject *project;
	StetDataset **datasets;
	StetEngine *engine;
	StetMetrics *metrics;
	guint left; /* what restore left to be run */
} HelpReport;

static inline void help_write(const char *dir, const HelpFile *files)
{
	for (const HelpFile *file = files; file->path; file++) {
		g_autofree char *path = g_build_filename(dir, file->path, NULL);
		g_assert_true(stet_file_write(path, file->text, strlen(file->text), NULL));
	}
}

static inline char *help_folder(void)
{
	char *dir = g_dir_make_tmp("stet-metric-XXXXXX", NULL);
	g_assert_nonnull(dir);
	return dir;
}

/* Loads project and datasets; metrics are loaded but not run. */
static inline void help_load(HelpReport *report, const char *dir)
{
	*report = (HelpReport){.dir = g_strdup(dir), .diags = stet_diagnostics_new()};
	report->project = stet_project_load(dir, report->diags, NULL);
	g_assert_nonnull(report->project);
	guint n = report->project->n_resources;
	report->datasets = g_new0(StetDataset *, n + 1);
	report->metrics = stet_metrics_load(report->project, report->diags);
	g_autofree char *keep = g_build_filename(dir, ".stet", NULL);
	stet_metrics_keep_in(report->metrics, keep);
	for (guint i = 0; i < n; i++) {
		const StetResource *resource = &report->project->resources[i];
		StetDataset *dataset =
			stet_dataset_load(report->project, resource, &(StetLoadOptions){.jobs = 1}, report->diags);
		report->datasets[i] = dataset;
		if (dataset)
			stet_metrics_set_content(
				report->metrics, resource->name,
				stet_dataset_content(resource, dataset->sources, dataset->n_sources, FALSE));
	}
}

static inline StetDataset *help_dataset(const HelpReport *report, const char *name)
{
	for (guint i = 0; i < report->project->n_resources; i++)
		if (strcmp(report->project->resources[i].name, name) == 0)
			return report->datasets[i];
	return NULL;
}

/* Runs what is not restored, in an engine opened only where something is left. */
static inline void help_run(HelpReport *report, guint jobs)
{
	g_autoptr(GError) error = NULL;
	report->left = stet_metrics_restore(report->metrics, jobs, report->diags);
	if (report->left == 0)
		return;
	report->engine = stet_engine_open(&(StetEngineOptions){.threads = jobs}, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < report->project->n_resources; i++) {
		if (report->datasets[i])
			stet_engine_add(report->engine, report->datasets[i], &error);
		g_assert_no_error(error);
	}
	stet_engine_seal(report->engine, &error);
	g_assert_no_error(error);
	stet_metrics_run(report->metrics, report->engine, jobs, report->diags);
}

static inline void help_close(HelpReport *report)
{
	stet_metrics_free(report->metrics);
	stet_engine_close(report->engine);
	for (guint i = 0; i < report->project->n_resources; i++)
		stet_dataset_free(report->datasets[i]);
	g_free(report->datasets);
	stet_project_free(report->project);
	stet_diagnostics_free(report->diags);
	g_free(report->dir);
}

/* All diagnostics, one a line: file:line:column: message (mend) [code]. */
static inline char *help_diagnostics(const HelpReport *report)
{
	GString *out = g_string_new(NULL);
	const GPtrArray *list = stet_diagnostics_sorted(report->diags);
	for (guint i = 0; i < list->len; i++) {
		const StetDiagnostic *d = g_ptr_array_index(list, i);
		g_string_append_printf(out, "%s:%u:%u: %s", d->file ? d->file : "", d->line, d->column, d->message);
		if (d->mend)
			g_string_append_printf(out, " (%s)", d->mend);
		g_string_append_printf(out, " [%s]\n", d->code);
	}
	return g_string_free(out, FALSE);
}

static inline void help_expect_clean(const HelpReport *report)
{
	g_autofree char *text = help_diagnostics(report);
	g_assert_cmpstr(text, ==, "");
}

/* The table of a metric as CSV. */
static inline char *help_csv(const StetMetric *metric)
{
	GString *out = g_string_new(NULL);
	if (metric && metric->table)
		stet_table_write_csv(metric->table, FALSE, out);
	return g_string_free(out, FALSE);
}

#endif
