/* Loading one dataset: passes over its files until every column's kind is settled. */
#include "kept.h"

#include <glob.h>
#include <string.h>

/* Kinds only widen, so passes end: one for quotes, one for each step of a column's type. */
#define PASSES_MAX 12

/* ---- sources ------------------------------------------------------------------------------- */

static void add_source(GArray *sources, char *path)
{
	StetSource source = {.path = path};
	g_array_append_val(sources, source);
}

/* The files a glob pattern names, in byte order. */
static void add_pattern(const StetProject *project, const char *pattern, GArray *sources)
{
	g_autofree char *full = stet_project_path(project, pattern);
	g_autofree char *prefix = stet_project_path(project, "");
	gsize skip = strlen(prefix);
	glob_t found = {0};
	/* glob sorts by the process's collation, which stet never sets: byte order */
	if (glob(full, 0, NULL, &found) == 0)
		for (gsize i = 0; i < found.gl_pathc; i++) {
			const char *path = found.gl_pathv[i];
			const char *inside = g_str_has_prefix(path, prefix) ? path + skip : path;
			add_source(sources, g_strdup(*inside == '/' ? inside + 1 : inside));
		}
	globfree(&found);
}

static gboolean find_sources(DsLoad *load)
{
	const StetResource *resource = load->resource;
	StetDataset *dataset = &load->dataset->public;
	GArray *sources = g_array_new(FALSE, TRUE, sizeof(StetSource));
	gboolean fine = TRUE;
	for (const char **path = resource->paths; *path != NULL; path++) {
		guint before = sources->len;
		if (strpbrk(*path, "*?[") != NULL)
			add_pattern(load->dataset->project, *path, sources);
		else
			add_source(sources, g_strdup(*path));
		if (sources->len > before)
			continue;
		stet_diagnose(load->diags, STET_ERROR, "csv-read", resource->place, NULL,
					  "no file matches '%s' of '%s'", *path, resource->name);
		fine = FALSE;
	}
	dataset->n_sources = sources->len;
	dataset->sources = (StetSource *)(void *)g_array_free(sources, FALSE);
	return fine && dataset->n_sources > 0;
}

/* ---- columns ------------------------------------------------------------------------------- */

static gboolean init_columns(DsLoad *load)
{
	const StetResource *resource = load->resource;
	gboolean fine = TRUE;
	load->n_columns = resource->n_fields;
	load->columns = g_new0(DsColumn, resource->n_fields + 1);
	for (guint c = 0; c < resource->n_fields; c++)
		fine = ds_column_init(&load->columns[c], &resource->fields[c], resource, load->diags) && fine;
	load->dataset->columns = load->columns;
	return fine;
}

static void clear_columns(DsLoad *load)
{
	for (guint c = 0; c < load->n_columns; c++)
		ds_column_clear(&load->columns[c]);
	g_free(load->columns);
	load->columns = NULL;
	load->dataset->columns = NULL;
	load->n_columns = 0;
}

/* ---- passes -------------------------------------------------------------------------------- */

/* Number columns with a value that no DECIMAL(18) holds become DOUBLE. TRUE if there was one. */
static gboolean settle_numbers(DsLoad *load)
{
	gboolean changed = FALSE;
	for (guint c = 0; c < load->n_columns; c++)
		for (guint p = 0; p < load->pieces->len && load->columns[c].kind == STET_COLUMN_DECIMAL; p++)
			if (((DsPiece *)g_ptr_array_index(load->pieces, p))->wants_double[c]) {
				load->columns[c].kind = STET_COLUMN_DOUBLE;
				changed = TRUE;
			}
	return changed;
}

static gboolean is_broken(const DsLoad *load)
{
	for (guint p = 0; p < load->pieces->len; p++)
		if (((DsPiece *)g_ptr_array_index(load->pieces, p))->broken)
			return TRUE;
	return FALSE;
}

static void report(DsLoad *load)
{
	for (guint p = 0; p < load->pieces->len; p++) {
		DsPiece *piece = g_ptr_array_index(load->pieces, p);
		ds_faults_report(&piece->faults, load->dataset->public.sources[piece->source].path, piece->first_line,
						 load->diags);
	}
}

/* Decimals may still overflow when the pieces' scales are joined; then the columns were joined in vain. */
static gboolean joined_fits(DsLoad *load)
{
	return !settle_numbers(load);
}

static void clear_joined(StetDataset *dataset);

/* Reads until nothing changes any more; FALSE after a diagnostic. */
static gboolean run_passes(DsLoad *load)
{
	for (int pass = 0; pass < PASSES_MAX; pass++) {
		if (!ds_pass(load))
			return FALSE;
		if (!load->careful && is_broken(load)) {
			load->careful = TRUE;
		} else if (ds_infer_again(load)) {
			ds_pass_clear(load);
			clear_columns(load);
			if (!init_columns(load))
				return FALSE;
		} else if (!settle_numbers(load)) {
			report(load);
			ds_join(load);
			if (joined_fits(load))
				return TRUE;
			clear_joined(&load->dataset->public);
		}
		ds_pass_clear(load);
	}
	g_assert_not_reached();
}

/* ---- public -------------------------------------------------------------------------------- */

static void summaries_free(StetDataset *dataset)
{
	for (guint c = 0; dataset->summaries != NULL && c < dataset->n_columns; c++) {
		StetSummary *s = &dataset->summaries[c];
		g_free(s->minimum);
		g_free(s->maximum);
		for (guint i = 0; i < s->n_top; i++)
			g_free(s->top[i]);
	}
	g_free(dataset->summaries);
}

static void column_clear(StetColumn *column, guint n_pieces, gboolean own)
{
	for (guint p = 0; own && column->vectors != NULL && p < n_pieces; p++) {
		g_free(column->vectors[p].values);
		g_free(column->vectors[p].bytes);
		g_free(column->vectors[p].valid);
	}
	g_free(column->vectors);
	/* the texts are one block that begins at the first */
	if (own && column->dictionary != NULL)
		g_free(column->dictionary[0]);
	g_free(column->dictionary);
}

static void clear_joined(StetDataset *dataset)
{
	gboolean own = ((DsDataset *)dataset)->kept == NULL;
	for (guint c = 0; dataset->columns != NULL && c < dataset->n_columns; c++)
		column_clear(&dataset->columns[c], dataset->n_pieces, own);
	for (guint p = 0; own && p < dataset->n_pieces; p++)
		g_free(dataset->piece_lines[p]);
	g_clear_pointer(&dataset->columns, g_free);
	g_clear_pointer(&dataset->piece_rows, g_free);
	g_clear_pointer(&dataset->piece_lines, g_free);
	g_clear_pointer(&dataset->piece_first_line, g_free);
	g_clear_pointer(&dataset->piece_source, g_free);
	if (dataset->rejects != NULL)
		g_ptr_array_free(dataset->rejects, TRUE);
	dataset->rejects = NULL;
	dataset->n_pieces = 0;
	dataset->rows = 0;
}

void stet_dataset_free(StetDataset *dataset)
{
	DsDataset *whole = (DsDataset *)dataset;
	if (dataset == NULL)
		return;
	summaries_free(dataset);
	clear_joined(dataset);
	if (dataset->remarks != NULL)
		g_ptr_array_free(dataset->remarks, TRUE);
	for (guint i = 0; i < dataset->n_sources; i++)
		g_free(dataset->sources[i].path);
	g_free(dataset->sources);
	if (whole->kept != NULL)
		g_mapped_file_unref(whole->kept);
	g_free(whole->fields_json);
	g_free(whole->inferred.fields);
	if (whole->document != NULL)
		stet_document_free(whole->document);
	g_free(whole);
}

static DsDataset *dataset_new(const StetProject *project, const StetResource *resource, gboolean quarantine)
{
	DsDataset *dataset = g_new0(DsDataset, 1);
	dataset->project = project;
	dataset->public.resource = resource;
	dataset->plan = kept_plan(resource, quarantine);
	return dataset;
}

static gboolean be_lenient(DsLoad *load)
{
	load->dialect.lenient = load->quarantine;
	return TRUE;
}

/* A file with faults of syntax may be written in another dialect: its first bytes tell. */
static void suggest_dialect(DsLoad *load)
{
	StetDataset *dataset = &load->dataset->public;
	const GPtrArray *all = stet_diagnostics_sorted(load->diags);
	gboolean syntax = FALSE;
	for (guint i = 0; i < all->len && !syntax; i++) {
		const StetDiagnostic *d = all->pdata[i];
		syntax = d->severity == STET_ERROR && g_str_has_prefix(d->code, "csv-") && strcmp(d->code, "csv-read") != 0;
	}
	for (guint i = 0; syntax && i < dataset->n_sources; i++) {
		g_autofree char *path = ds_source_path(load, i), *head = g_malloc(DS_SNIFF_BYTES);
		g_autoptr(DsReader) reader = ds_reader_open(path, load->dialect.encoding, NULL);
		gssize n = reader != NULL ? ds_reader_read(reader, head, DS_SNIFF_BYTES, NULL) : 0;
		if (n > 0)
			ds_dialect_suggest(&load->dialect, head, (gsize)n, dataset->sources[i].path, load->diags);
	}
}

/* 'bytes' and 'hash' of the resource: whoever described the file may have had another one before them. Hashes
 * other than SHA-256 are not looked at. */
static void check_described(const DsLoad *load)
{
	const StetDataset *dataset = &load->dataset->public;
	const StetNode *bytes = stet_node_get(load->resource->node, "bytes"), *at = stet_node_get(load->resource->node, "hash");
	const char *hash = at != NULL && at->text != NULL ? at->text : "";
	const StetSource *source = &dataset->sources[0];
	if (dataset->n_sources != 1)
		return;
	hash += g_ascii_strncasecmp(hash, "sha256:", 7) == 0 ? 7 : 0;
	if (bytes != NULL && bytes->kind == STET_NODE_INT && (guint64)bytes->integer != source->bytes)
		stet_diagnose(load->diags, STET_ERROR, "package-bytes", bytes->place, "describe the new file, or bring back the old one",
					  "'%s' has %" G_GUINT64_FORMAT " bytes, the package says %" G_GINT64_FORMAT, source->path,
					  source->bytes, bytes->integer);
	else if (at != NULL && strlen(hash) == STET_HASH_LEN && g_ascii_strcasecmp(hash, source->hash.hex) != 0)
		stet_diagnose(load->diags, STET_ERROR, "package-hash", at->place, "describe the new file, or bring back the old one",
					  "'%s' is not the file that the package describes: its SHA-256 is %s", source->path, source->hash.hex);
}

/* Faults go to the load's own list, so that loads side by side do not take each other's for theirs. */
static StetDataset *load_files(DsLoad *load)
{
	DsDataset *dataset = load->dataset;
	const StetResource *resource = load->resource;
	gboolean fine = ds_dialect_read(&load->dialect, resource->dialect,
									resource->encoding, load->diags) &&
					be_lenient(load) && find_sources(load) && ds_convert(load) &&
					(resource->has_schema || dataset->fields_json != NULL || ds_infer(load)) &&
					init_columns(load) && run_passes(load);
	if (stet_diagnostics_count(load->diags, STET_ERROR) > 0)
		suggest_dialect(load);
	ds_convert_end(load, fine);
	if (load->n_workers > 0)
		ds_pass_clear(load);
	clear_columns(load);
	g_strlcpy(dataset->delimiter, load->dialect.delimiter, sizeof dataset->delimiter);
	ds_dialect_clear(&load->dialect);
	if (fine) {
		ds_check_unique(&dataset->public, load->diags);
		check_described(load);
	}
	if (fine && stet_diagnostics_count(load->diags, STET_ERROR) == 0)
		return &dataset->public;
	stet_dataset_free(&dataset->public);
	return NULL;
}

static StetDataset *load_kept(DsLoad *load, const char *dir)
{
	StetDiagnostics *own = load->diags;
	load->diags = stet_diagnostics_new();
	gboolean kept = find_sources(load) && ds_kept(load->dataset, dir, own);
	stet_diagnostics_free(load->diags);
	load->diags = own;
	if (kept)
		return &load->dataset->public;
	stet_dataset_free(&load->dataset->public);
	return NULL;
}

static StetHash content_of(const DsDataset *dataset)
{
	StetHasher *hasher = stet_hasher_new();
	stet_hasher_add(hasher, dataset->plan.hex, STET_HASH_LEN);
	for (guint i = 0; i < dataset->public.n_sources; i++)
		stet_hasher_add(hasher, dataset->public.sources[i].hash.hex, STET_HASH_LEN);
	return stet_hasher_end(hasher);
}

static void remarks_free(gpointer data)
{
	StetRemarks *remarks = data;
	g_ptr_array_free(remarks->first, TRUE);
	g_free(remarks);
}

static void diagnostic_free(gpointer data)
{
	StetDiagnostic *d = data;
	g_free(d->code);
	g_free(d->file);
	g_free(d->message);
	g_free(d->mend);
	g_free(d);
}

static StetRemarks *remarks_of(StetDataset *dataset, const StetDiagnostic *d)
{
	guint at = 0;
	if (dataset->remarks == NULL)
		dataset->remarks = g_ptr_array_new_with_free_func(remarks_free);
	for (; at < dataset->remarks->len; at++) {
		StetRemarks *known = dataset->remarks->pdata[at];
		int order = strcmp(((const StetDiagnostic *)known->first->pdata[0])->code, d->code);
		if (order == 0)
			return known;
		if (order > 0)
			break;
	}
	StetRemarks *remarks = g_new0(StetRemarks, 1);
	remarks->first = g_ptr_array_new_with_free_func(diagnostic_free);
	g_ptr_array_insert(dataset->remarks, (gint)at, remarks);
	return remarks;
}

static void remark(StetDataset *dataset, const StetDiagnostic *d)
{
	StetRemarks *remarks = remarks_of(dataset, d);
	remarks->count++;
	remarks->severity = MAX(remarks->severity, d->severity);
	if (remarks->first->len == STET_REMARKS_SHOWN)
		return;
	StetDiagnostic *copy = g_new(StetDiagnostic, 1);
	*copy = (StetDiagnostic){d->severity, g_strdup(d->code), g_strdup(d->file),   d->line,
							 d->column,   g_strdup(d->message), g_strdup(d->mend)};
	g_ptr_array_add(remarks->first, copy);
}

/* To the list of all; the dataset, if there is one, keeps in mind what was said of it. */
static void forward(StetDiagnostics *from, StetDiagnostics *to, StetDataset *dataset)
{
	const GPtrArray *all = stet_diagnostics_sorted(from);
	for (guint i = 0; i < all->len; i++) {
		const StetDiagnostic *d = all->pdata[i];
		if (dataset != NULL)
			remark(dataset, d);
		stet_diagnose(to, d->severity, d->code, (StetPlace){d->file, d->line, d->column}, d->mend, "%s",
					  d->message);
	}
}

StetDataset *stet_dataset_load(const StetProject *project, const StetResource *resource,
							   const StetLoadOptions *options, StetDiagnostics *diags)
{
	const char *on_error = stet_node_text(resource->node, "stet:onError", "fail");
	gboolean quarantine = options->lenient || resource->lenient || g_str_equal(on_error, "quarantine");
	g_autoptr(StetDiagnostics) own = stet_diagnostics_new();
	DsLoad load = {.dataset = dataset_new(project, resource, quarantine),
				   .resource = resource,
				   .options = options,
				   .diags = own,
				   .quarantine = quarantine};
	stet_diagnostics_keep_all(own);
	StetDataset *dataset = options->keep_dir != NULL ? load_kept(&load, options->keep_dir) : NULL;
	if (dataset == NULL) {
		if (options->keep_dir != NULL)
			load.dataset = dataset_new(project, resource, quarantine);
		dataset = load_files(&load);
		if (dataset != NULL && options->keep_dir != NULL) {
			stet_dataset_summarise(dataset, options->jobs);
			ds_keep((DsDataset *)dataset, options->keep_dir, own);
		}
	}
	forward(own, diags, dataset);
	if (dataset == NULL)
		return NULL;
	dataset->content = content_of((DsDataset *)dataset);
	if (dataset->quarantined > 0)
		stet_diagnose(diags, STET_WARNING, "rows-left-out", (StetPlace){dataset->sources[0].path, 0, 0}, NULL,
					  "%" G_GSIZE_FORMAT " row%s of '%s' %s left out, %" G_GSIZE_FORMAT " kept: its page says why",
					  dataset->quarantined, dataset->quarantined == 1 ? "" : "s", resource->name,
					  dataset->quarantined == 1 ? "is" : "are", dataset->rows);
	return dataset;
}
