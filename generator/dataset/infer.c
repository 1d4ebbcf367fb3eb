/* Guessing a schema: for each column the narrowest type that all its first cells have. What later rows
 * refute is widened and read again, so a guess never loses or refuses a value. */
#include "private.h"

#include <string.h>

#define SAMPLE_ROWS 20000u

static const char *const MISSING_TOKENS[] = {"NA", "N/A", "n/a", "na",   "NULL", "null", "None",
											 "-",  "--",  "..",  "#N/A", "NaN",  "nan",  NULL};

/* ---- tests of one cell --------------------------------------------------------------------- */

static gboolean is_integer(StetText cell)
{
	gint64 value;
	gboolean overflow;
	gsize sign = cell.len > 0 && (*cell.ptr == '-' || *cell.ptr == '+');
	/* a code with leading zeros is a name, not a number */
	if (cell.len > sign + 1 && cell.ptr[sign] == '0')
		return FALSE;
	return ds_parse_integer(cell, &value, &overflow);
}

static gboolean is_number(StetText cell)
{
	double value;
	gsize sign = cell.len > 0 && (*cell.ptr == '-' || *cell.ptr == '+');
	if (cell.len > sign + 1 && cell.ptr[sign] == '0' && g_ascii_isdigit(cell.ptr[sign + 1]))
		return FALSE;
	return ds_parse_double(cell, &value);
}

/* A number with a decimal comma: 1.234,5 or 12,5. */
static gboolean is_comma_number(StetText cell)
{
	const char *comma = memchr(cell.ptr, ',', cell.len);
	char buffer[64];
	gsize n = 0;
	if (comma == NULL || cell.len >= sizeof buffer)
		return is_integer(cell);
	for (gsize i = 0; i < cell.len; i++) {
		const char *at = cell.ptr + i;
		if (*at == '.' && at < comma && comma - at >= 4 && i > 0)
			continue;
		if (*at == '.')
			return FALSE;
		buffer[n++] = *at == ',' ? '.' : *at;
	}
	return is_number((StetText){buffer, n});
}

/* Thousands separated by commas, each group of three digits: 1,234,567.8 */
static gboolean is_grouped_number(StetText cell)
{
	char buffer[64];
	gsize n = 0, digits = 0;
	gboolean seen = FALSE, point = FALSE;
	if (cell.len >= sizeof buffer)
		return FALSE;
	for (gsize i = 0; i < cell.len; i++) {
		char c = cell.ptr[i];
		if ((c == ',' || c == '.') && seen && digits != 3)
			return FALSE;
		if (c == ',' && (point || digits == 0 || digits > 3))
			return FALSE;
		seen |= c == ',';
		point |= c == '.';
		digits = g_ascii_isdigit(c) ? digits + 1 : 0;
		if (c != ',')
			buffer[n++] = c;
	}
	return !(seen && !point && digits != 3) && is_number((StetText){buffer, n});
}

static gboolean is_boolean(StetText cell)
{
	return stet_text_equal(cell, "true") || stet_text_equal(cell, "false") || stet_text_equal(cell, "TRUE") ||
		   stet_text_equal(cell, "FALSE") || stet_text_equal(cell, "True") || stet_text_equal(cell, "False");
}

static gboolean is_iso_date(StetText cell)
{
	gint64 days;
	return ds_parse_date(cell, "default", &days);
}

static gboolean is_iso_datetime(StetText cell)
{
	gint64 micros;
	return ds_parse_datetime(cell, "default", &micros);
}

static gboolean is_clock(StetText cell)
{
	gint64 micros;
	return ds_parse_time(cell, "default", &micros);
}

#define DATE_TEST(function, pattern)                                                                         \
	static gboolean function(StetText cell)                                                                  \
	{                                                                                                        \
		gint64 days;                                                                                         \
		return ds_parse_date(cell, pattern, &days);                                                          \
	}

DATE_TEST(is_day_first, "%d/%m/%Y")
DATE_TEST(is_month_first, "%m/%d/%Y")
DATE_TEST(is_dotted, "%d.%m.%Y")
DATE_TEST(is_slashed, "%Y/%m/%d")
DATE_TEST(is_named_month, "%d-%b-%Y")
DATE_TEST(is_day_month_name, "%d %B %Y")
DATE_TEST(is_month_name_day, "%B %d %Y")
DATE_TEST(is_month_name_comma, "%B %d, %Y")

/* A date and a time of day without seconds. */
static gboolean is_minute(StetText cell)
{
	gint64 micros;
	return ds_parse_datetime(cell, "%Y-%m-%d %H:%M", &micros);
}

static gboolean is_slashed_moment(StetText cell)
{
	gint64 micros;
	return ds_parse_datetime(cell, "%Y/%m/%d %H:%M:%S", &micros);
}

/* A year of our times; what it is called decides whether it is meant as one. */
static gboolean is_year(StetText cell)
{
	gint64 year;
	gboolean overflow;
	return cell.len == 4 && ds_parse_integer(cell, &year, &overflow) && year >= 1500 && year < 2200;
}

/* ---- the table of guesses, narrowest first ------------------------------------------------- */

typedef struct {
	gboolean (*test)(StetText cell);
	const char *type, *extra; /* further keys of the field, as JSON */
} Guess;

static const Guess GUESSES[] = {
	{is_integer, "integer", ""},
	{is_number, "number", ""},
	{is_grouped_number, "number", ", \"groupChar\": \",\""},
	{is_comma_number, "number", ", \"decimalChar\": \",\", \"groupChar\": \".\""},
	{is_boolean, "boolean", ""},
	{is_iso_date, "date", ""},
	{ds_is_quarter, "date", ", \"format\": \"quarter\""},
	{ds_is_yearmonth, "yearmonth", ""},
	{is_iso_datetime, "datetime", ""},
	{is_clock, "time", ""},
	{is_dotted, "date", ", \"format\": \"%d.%m.%Y\""},
	{is_slashed, "date", ", \"format\": \"%Y/%m/%d\""},
	{is_day_first, "date", ", \"format\": \"%d/%m/%Y\""},
	{is_month_first, "date", ", \"format\": \"%m/%d/%Y\""},
	{is_named_month, "date", ", \"format\": \"%d-%b-%Y\""},
	{is_day_month_name, "date", ", \"format\": \"%d %B %Y\""},
	{is_month_name_day, "date", ", \"format\": \"%B %d %Y\""},
	{is_month_name_comma, "date", ", \"format\": \"%B %d, %Y\""},
	{is_minute, "datetime", ", \"format\": \"%Y-%m-%d %H:%M\""},
	{is_slashed_moment, "datetime", ", \"format\": \"%Y/%m/%d %H:%M:%S\""},
	{is_year, "year", ""},
};
#define YEAR (G_N_ELEMENTS(GUESSES) - 1)
#define DAY_FIRST 12
#define MONTH_FIRST 13

typedef struct {
	gboolean called_year;
	guint alive; /* bit g: no cell refutes GUESSES[g] */
	gsize seen;
	gboolean tokens[G_N_ELEMENTS(MISSING_TOKENS)];
	char *example;
} Evidence;

typedef struct {
	guint columns;
	Evidence *evidence;
	gsize rows;
} Sample;

static int missing_token(StetText cell)
{
	for (int i = 0; MISSING_TOKENS[i] != NULL; i++)
		if (stet_text_equal(cell, MISSING_TOKENS[i]))
			return i;
	return -1;
}

static void weigh(Evidence *evidence, StetText cell)
{
	int token = missing_token(cell);
	if (cell.len == 0)
		return;
	if (token >= 0) {
		evidence->tokens[token] = TRUE;
		return;
	}
	evidence->seen++;
	if (evidence->example == NULL)
		evidence->example = g_strndup(cell.ptr, cell.len);
	for (guint g = 0; g < G_N_ELEMENTS(GUESSES); g++)
		if ((evidence->alive >> g & 1) && !GUESSES[g].test(cell))
			evidence->alive &= ~(1u << g);
}

static void weigh_batch(DsBatch *batch, gpointer data)
{
	Sample *sample = data;
	for (guint row = 0; row < batch->n && sample->rows < SAMPLE_ROWS; row++, sample->rows++)
		for (guint c = 0; c < sample->columns; c++)
			weigh(&sample->evidence[c], batch->cells[(gsize)c * DS_BATCH + row]);
}

/* ---- descriptors --------------------------------------------------------------------------- */

static const Guess *best(const Evidence *evidence)
{
	if (evidence->seen == 0)
		return NULL;
	if (evidence->called_year && (evidence->alive >> YEAR & 1))
		return &GUESSES[YEAR];
	for (guint g = 0; g < G_N_ELEMENTS(GUESSES); g++)
		if (evidence->alive >> g & 1)
			return &GUESSES[g];
	return NULL;
}

/* A text column's "NA" may be a name (Namibia's code), so tokens count only beside another type. */
static void write_missing(const Evidence *evidence, GString *json)
{
	GString *list = g_string_new(NULL);
	for (guint i = 0; MISSING_TOKENS[i] != NULL; i++)
		if (evidence->tokens[i])
			g_string_append_printf(list, ", \"%s\"", MISSING_TOKENS[i]);
	if (list->len > 0)
		g_string_append_printf(json, ", \"missingValues\": [\"\"%s]", list->str);
	g_string_free(list, TRUE);
}

static void write_field(const char *name, const Evidence *evidence, GString *json)
{
	const Guess *guess = best(evidence);
	g_string_append(json, "{\"name\": ");
	stet_json_string(json, name);
	g_string_append_printf(json, ", \"type\": \"%s\"%s", guess != NULL ? guess->type : "string",
						   guess != NULL ? guess->extra : "");
	if (guess != NULL)
		write_missing(evidence, json);
	g_string_append_c(json, '}');
}

static void warn_ambiguous(const char *file, const DsHeader *header, guint c, const Evidence *evidence,
						   StetDiagnostics *diags)
{
	if (best(evidence) != &GUESSES[DAY_FIRST] || !(evidence->alive >> MONTH_FIRST & 1))
		return;
	stet_diagnose(diags, STET_WARNING, "date-ambiguous", (StetPlace){file, header->line, 1},
				  "declare the field's format: '%d/%m/%Y' or '%m/%d/%Y'",
				  "dates of '%s' may be day or month first: '%s' was read as day first", header->names[c],
				  evidence->example);
}

/* ---- fields from the descriptor ------------------------------------------------------------ */

static StetFieldType type_of(const char *name, const char *format)
{
	static const struct {
		const char *name;
		StetFieldType type;
	} types[] = {{"integer", STET_FIELD_INTEGER},     {"number", STET_FIELD_NUMBER},
				 {"boolean", STET_FIELD_BOOLEAN},     {"date", STET_FIELD_DATE},
				 {"datetime", STET_FIELD_DATETIME},   {"time", STET_FIELD_TIME},
				 {"yearmonth", STET_FIELD_YEARMONTH}, {"year", STET_FIELD_YEAR}};
	if (g_str_equal(name, "date") && g_str_equal(format, "quarter"))
		return STET_FIELD_QUARTER;
	for (guint i = 0; i < G_N_ELEMENTS(types); i++)
		if (g_str_equal(types[i].name, name))
			return types[i].type;
	return STET_FIELD_STRING;
}

/* The inferred resource is the declared one with fields added. */
gboolean ds_adopt(DsDataset *dataset, StetDiagnostics *diags)
{
	const char *file = dataset->public.sources[0].path;
	dataset->document = stet_document_parse(file, 0, 0, stet_text(dataset->fields_json), diags);
	if (dataset->document == NULL)
		return FALSE;
	const StetNode *fields = stet_node_get(stet_document_root(dataset->document), "fields");
	dataset->inferred = *dataset->public.resource;
	dataset->inferred.n_fields = fields->n;
	dataset->inferred.fields = g_new0(StetField, fields->n + 1);
	for (guint i = 0; i < fields->n; i++) {
		const StetNode *node = fields->items[i];
		StetField *field = &dataset->inferred.fields[i];
		field->name = stet_node_text(node, "name", "");
		field->format = stet_node_text(node, "format", "default");
		field->type = type_of(stet_node_text(node, "type", "string"), field->format);
		field->node = node;
		field->place = (StetPlace){file, 1, 0};
	}
	dataset->public.resource = &dataset->inferred;
	return TRUE;
}

/* ---- sampling ------------------------------------------------------------------------------ */

static gboolean sample_rows(DsLoad *load, const DsHeader *header, const DsChunk *chunk, Sample *sample)
{
	DsFaults faults;
	DsRows *rows = ds_rows_new(&load->dialect, header->n);
	guint line = 0;
	gboolean broken = FALSE;
	ds_faults_init(&faults);
	ds_rows_parse(rows, chunk->bytes + header->bytes, chunk->length - header->bytes,
				  (DsRowsMode){.careful = TRUE, .last = TRUE, .ragged = TRUE, .lenient = TRUE}, &line,
				  &faults, &broken, weigh_batch, sample);
	ds_rows_free(rows);
	ds_faults_clear(&faults);
	return TRUE;
}

static gboolean infer_chunk(DsLoad *load, const DsChunk *chunk)
{
	const char *file = load->dataset->public.sources[0].path;
	DsHeader header = {0};
	ds_dialect_sniff(&load->dialect, chunk->bytes, chunk->length, load->quarantine);
	if ((!load->quarantine &&
		 ds_dialect_has_preamble(&load->dialect, chunk->bytes, chunk->length, file, load->diags)) ||
		!ds_header_read(&header, &load->dialect, chunk->bytes, chunk->length, file, load->diags)) {
		ds_header_clear(&header);
		return FALSE;
	}
	Sample sample = {header.n, g_new0(Evidence, header.n + 1), 0};
	for (guint c = 0; c < header.n; c++) {
		g_autofree char *lower = g_ascii_strdown(header.names[c], -1);
		sample.evidence[c].called_year = strstr(lower, "year") != NULL || strcmp(lower, "jahr") == 0;
		sample.evidence[c].alive = (1u << G_N_ELEMENTS(GUESSES)) - 1;
	}
	sample_rows(load, &header, chunk, &sample);
	g_autoptr(GString) json = g_string_new("{\"fields\": [");
	for (guint c = 0; c < header.n; c++) {
		g_string_append(json, c > 0 ? ",\n" : "\n");
		write_field(header.names[c], &sample.evidence[c], json);
		warn_ambiguous(file, &header, c, &sample.evidence[c], load->diags);
		g_free(sample.evidence[c].example);
	}
	g_string_append(json, "\n]}\n");
	g_free(sample.evidence);
	ds_header_clear(&header);
	load->dataset->fields_json = g_strndup(json->str, json->len);
	gboolean fine = ds_adopt(load->dataset, load->diags);
	load->resource = load->dataset->public.resource;
	return fine;
}

gboolean ds_infer(DsLoad *load)
{
	const char *file = load->dataset->public.sources[0].path;
	g_autofree char *path = ds_source_path(load, 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(DsReader) reader = ds_reader_open(path, load->dialect.encoding, &error);
	DsChunk chunk = {0};
	gboolean fine = FALSE;
	if (reader != NULL) {
		DsCut *cut = ds_cut_new(reader, load->dialect.quote);
		if (ds_cut_next(cut, &chunk, &error))
			fine = infer_chunk(load, &chunk);
		else if (error == NULL)
			stet_diagnose(load->diags, STET_ERROR, "csv-empty", (StetPlace){file, 1, 0}, NULL,
						  "the file is empty");
		ds_cut_free(cut);
		ds_chunk_clear(&chunk);
	}
	if (error != NULL)
		stet_diagnose(load->diags, STET_ERROR, "csv-read", (StetPlace){file, 0, 0}, NULL, "%s",
					  error->message);
	return fine;
}

gboolean ds_infer_again(DsLoad *load)
{
	StetField *fields = load->dataset->inferred.fields;
	gboolean changed = FALSE;
	if (fields == NULL)
		return FALSE;
	for (guint p = 0; p < load->pieces->len; p++) {
		const GArray *faults = ((DsPiece *)g_ptr_array_index(load->pieces, p))->faults.list;
		for (guint i = 0; i < faults->len; i++) {
			const DsFault *fault = &g_array_index(faults, DsFault, i);
			if (fault->column < 0 || (guint)fault->column >= load->n_columns ||
				!g_str_has_prefix(fault->code, "value-"))
				continue;
			StetField *field = &fields[fault->column];
			if (field->type == STET_FIELD_STRING)
				continue;
			field->type = STET_FIELD_STRING;
			field->format = "default";
			changed = TRUE;
		}
	}
	return changed;
}
