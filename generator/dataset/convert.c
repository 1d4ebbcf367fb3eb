/* Files that are no text, read by way of CSV. */
#include "private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Parquet begins with four letters (Apache Parquet, File Format). */
static gboolean is_parquet(const char *path)
{
	char head[4] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return FALSE;
	gboolean is = read(fd, head, sizeof head) == sizeof head && memcmp(head, "PAR1", sizeof head) == 0;
	close(fd);
	return is;
}

char *ds_source_path(const DsLoad *load, guint source)
{
	return load->converted != NULL && load->converted[source] != NULL
			   ? g_strdup(load->converted[source])
			   : stet_project_path(load->dataset->project, load->dataset->public.sources[source].path);
}

static gboolean convert_one(DsLoad *load, guint index)
{
	const StetLoadOptions *options = load->options;
	const char *file = load->dataset->public.sources[index].path;
	g_autofree char *path = stet_project_path(load->dataset->project, file), *fields = NULL;
	g_autoptr(GError) error = NULL;
	if (!is_parquet(path))
		return TRUE;
	if (options->convert == NULL)
		g_set_error(&error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "'%s' is a Parquet file, not CSV", path);
	else if (options->convert(path, &load->converted[index], &fields, options->convert_data, &error) &&
			 load->dataset->fields_json == NULL)
		load->dataset->fields_json = g_steal_pointer(&fields);
	if (error != NULL)
		stet_diagnose(load->diags, STET_ERROR, "parquet-read", (StetPlace){file, 0, 0}, NULL, "%s",
					  error->message);
	return error == NULL;
}

gboolean ds_convert(DsLoad *load)
{
	gboolean fine = TRUE, any = FALSE;
	guint n = load->dataset->public.n_sources;
	load->converted = g_new0(char *, n + 1);
	for (guint i = 0; i < n; i++) {
		fine = convert_one(load, i) && fine;
		any |= load->converted[i] != NULL;
	}
	if (!fine || !any)
		return fine;
	/* what was unpacked is plain CSV, whatever the resource says of its CSV files */
	ds_dialect_clear(&load->dialect);
	if (!ds_dialect_read(&load->dialect, NULL, NULL, load->diags))
		return FALSE;
	g_strlcpy(load->dialect.delimiter, ",", sizeof load->dialect.delimiter);
	load->dialect.records = load->dialect.keep = TRUE;
	if (load->resource->has_schema) {
		g_clear_pointer(&load->dataset->fields_json, g_free);
		return TRUE;
	}
	fine = ds_adopt(load->dataset, load->diags);
	load->resource = load->dataset->public.resource;
	return fine;
}

void ds_convert_end(DsLoad *load, gboolean loaded)
{
	StetDataset *dataset = &load->dataset->public;
	for (guint i = 0; load->converted != NULL && i < dataset->n_sources; i++) {
		StetSource *source = &dataset->sources[i];
		g_autofree char *path = stet_project_path(load->dataset->project, source->path);
		if (load->converted[i] == NULL)
			continue;
		g_unlink(load->converted[i]);
		g_free(load->converted[i]);
		if (loaded)
			stet_hash_file(path, &source->hash, &source->bytes, NULL);
	}
	g_clear_pointer(&load->converted, g_free);
}
