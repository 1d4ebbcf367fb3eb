/* errata: the guard that lets no published figure change without a word. */
#include "metric/private.h"

#include <math.h>
#include <string.h>

typedef enum { ERRATUM_METRIC, ERRATUM_KEY, ERRATUM_EDITION, ERRATUM_REASON, N_ERRATUM } ErratumField;

static const char *const erratum_fields[N_ERRATUM] = {"metric", "key", "edition", "reason"};

/* One row of the dataset `errata`. */
typedef struct {
	char *texts[N_ERRATUM];
	StetPlace place;
	gboolean used;
} Erratum;

typedef struct {
	StetRestatement public;
	const StetMetric *metric;
	gsize row;
	guint measure;
	char *edition, *reason;
} Restated;

static void erratum_clear(gpointer data)
{
	Erratum *erratum = data;
	for (guint f = 0; f < N_ERRATUM; f++)
		g_free(erratum->texts[f]);
}

static void restated_clear(gpointer data)
{
	Restated *restated = data;
	g_free(restated->edition);
	g_free(restated->reason);
}

void restated_free(StetMetrics *metrics)
{
	g_clear_pointer(&metrics->restated, g_array_unref);
}

static gboolean read_erratum(const StetMetrics *metrics, const StetDataset *dataset, const int *columns,
							 gsize row, Erratum *erratum, StetDiagnostics *diags)
{
	*erratum = (Erratum){.place = stet_dataset_place(dataset, row)};
	gboolean whole = TRUE;
	for (guint f = 0; f < N_ERRATUM; f++) {
		erratum->texts[f] = stet_dataset_cell_text(dataset, (guint)columns[f], row);
		if (erratum->texts[f] && erratum->texts[f][0])
			continue;
		stet_diagnose(diags, STET_ERROR, "erratum", erratum->place, NULL, "the erratum has no '%s'",
					  erratum_fields[f]);
		whole = FALSE;
	}
	if (whole && !stet_metrics_get(metrics, erratum->texts[ERRATUM_METRIC])) {
		const char *near = stet_nearest(erratum->texts[ERRATUM_METRIC], stet_metrics_names(metrics));
		g_autofree char *mend = near ? g_strdup_printf("did you mean '%s'?", near) : NULL;
		stet_diagnose(diags, STET_ERROR, "erratum", erratum->place, mend, "there is no metric '%s'",
					  erratum->texts[ERRATUM_METRIC]);
		whole = FALSE;
	}
	return whole;
}

static GArray *read_errata(const StetMetrics *metrics, const StetDataset *dataset, StetDiagnostics *diags)
{
	GArray *errata = g_array_new(FALSE, TRUE, sizeof(Erratum));
	g_array_set_clear_func(errata, erratum_clear);
	int columns[N_ERRATUM];
	for (guint f = 0; dataset && f < N_ERRATUM; f++) {
		columns[f] = -1;
		for (guint c = 0; c < dataset->n_columns; c++)
			if (strcmp(dataset->columns[c].name, erratum_fields[f]) == 0)
				columns[f] = (int)c;
		if (columns[f] >= 0)
			continue;
		stet_diagnose(diags, STET_ERROR, "erratum", dataset->resource->place, NULL,
					  "the dataset '%s' has no column '%s'", dataset->resource->name, erratum_fields[f]);
		return errata;
	}
	for (gsize row = 0; dataset && row < dataset->rows; row++) {
		Erratum erratum;
		if (read_erratum(metrics, dataset, columns, row, &erratum, diags))
			g_array_append_val(errata, erratum);
		else
			erratum_clear(&erratum);
	}
	return errata;
}

/* The erratum that explains the difference, or NULL. */
static Erratum *explain(GArray *errata, const StetEdition *edition, const StetDifference *difference)
{
	g_autofree char *id = stet_metric_row_id(difference->metric, difference->row);
	for (guint i = 0; i < errata->len; i++) {
		Erratum *erratum = &g_array_index(errata, Erratum, i);
		const char *key = erratum->texts[ERRATUM_KEY];
		if (strcmp(erratum->texts[ERRATUM_METRIC], difference->metric->name) == 0 &&
			strcmp(erratum->texts[ERRATUM_EDITION], stet_edition_name(edition)) == 0 &&
			(strcmp(key, "*") == 0 || strcmp(key, id) == 0))
			return erratum;
	}
	return NULL;
}

static void note(StetMetrics *metrics, const StetEdition *edition, const StetDifference *difference,
				 Erratum *erratum, StetDiagnostics *diags)
{
	Restated restated = {
		.metric = difference->metric,
		.row = difference->row,
		.measure = difference->measure,
		.edition = g_strdup(stet_edition_name(edition)),
		.reason = erratum ? g_strdup(erratum->texts[ERRATUM_REASON]) : NULL,
	};
	restated.public = (StetRestatement){restated.edition, difference->before, restated.reason};
	g_array_append_val(metrics->restated, restated);
	if (erratum) {
		erratum->used = TRUE;
		return;
	}
	const StetMetric *metric = difference->metric;
	char before[STET_NUMBER_MAX], after[STET_NUMBER_MAX];
	g_autofree char *id = stet_metric_row_id(metric, difference->row);
	g_autofree char *key = rows_key_text(metric, difference->row);
	g_autofree char *mend =
		g_strdup_printf("explain it in data/errata.csv: %s,%s,%s,reason", metric->name, id, restated.edition);
	stet_diagnose(diags, STET_ERROR, "figure-restated", (StetPlace){metric->file, metric->sql_line, 0}, mend,
				  "'%s' of %s at '%s' was published as %s in the edition '%s' and is %s now",
				  metric->measures[difference->measure].name, metric->name, key,
				  stet_number_text(difference->before, before), restated.edition,
				  isnan(difference->after) ? "missing" : stet_number_text(difference->after, after));
}

/* TRUE if the change is within what the metric's header allows. */
static gboolean is_tolerated(const StetDifference *difference)
{
	double allowed = stet_tolerance(difference->metric->tolerance, difference->before);
	return fabs(difference->after - difference->before) <= allowed;
}

static int compare_restated(gconstpointer x, gconstpointer y)
{
	const Restated *a = x, *b = y;
	int names = strcmp(a->metric->name, b->metric->name);
	if (names != 0)
		return names;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->measure < b->measure ? -1 : a->measure > b->measure;
}

void stet_restatements_check(StetMetrics *metrics, const StetEdition *edition, const StetDataset *errata,
							 StetDiagnostics *diags)
{
	g_autoptr(GArray) known = read_errata(metrics, errata, diags);
	g_autoptr(StetEdition) now = stet_edition_now(metrics);
	g_autoptr(GArray) differences = stet_diff(edition, now);
	restated_free(metrics);
	metrics->restated = g_array_new(FALSE, TRUE, sizeof(Restated));
	g_array_set_clear_func(metrics->restated, restated_clear);
	for (guint i = 0; i < differences->len; i++) {
		const StetDifference *difference = &g_array_index(differences, StetDifference, i);
		if (difference->kind == STET_DIFF_RESTATED && !is_tolerated(difference))
			note(metrics, edition, difference, explain(known, edition, difference), diags);
	}
	g_array_sort(metrics->restated, compare_restated);
	for (guint i = 0; i < known->len; i++) {
		const Erratum *erratum = &g_array_index(known, Erratum, i);
		if (!erratum->used && strcmp(erratum->texts[ERRATUM_EDITION], stet_edition_name(edition)) == 0)
			stet_diagnose(diags, STET_WARNING, "erratum-unused", erratum->place,
						  "check its metric, key and edition", "the erratum explains no restated figure");
	}
}

const StetRestatement *stet_restatement_of(const StetMetrics *metrics, const StetMetric *metric, gsize row,
										   guint measure)
{
	guint low = 0, high = metrics->restated ? metrics->restated->len : 0;
	Restated wanted = {.metric = metric, .row = row, .measure = measure};
	while (low < high) {
		guint middle = low + (high - low) / 2;
		const Restated *found = &g_array_index(metrics->restated, Restated, middle);
		int order = compare_restated(&wanted, found);
		if (order == 0)
			return found->metric == metric ? &found->public : NULL;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
