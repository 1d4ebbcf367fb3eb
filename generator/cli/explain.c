/* `stet explain`: where a figure comes from - its SQL, the data it rests on, the rows it needs. */
#include "cli/private.h"

#include <math.h>
#include <string.h>

#define SAMPLE 10u /* source rows shown of each dataset, unless all are asked for */
#define SAME 1e-9  /* relative: a figure computed anew is the same up to this */

/* One cell of a metric's result, under explanation. */
typedef struct {
	StetAsking *asking;
	const StetMetric *metric;
	gsize row;
	guint measure;
	gboolean all_rows; /* as CSV, nothing else */
} Subject;

/* ---- which rows a figure needs ------------------------------------------------------------- */

/* A column of the figure's key that a dataset has too. */
typedef struct {
	guint column; /* of the dataset */
	char *text;   /* what it must hold */
} Condition;

typedef struct {
	const StetDataset *dataset;
	guint n;
	Condition conditions[16];
	char *sql;
} Filter;

typedef enum { BY_KEY, BY_PERIOD, BY_DIMENSIONS, BY_NOTHING } Width;

static const char *const width_names[] = {
	[BY_KEY] = "rows of its period and dimensions",
	[BY_PERIOD] = "rows of its period",
	[BY_DIMENSIONS] = "rows of its dimensions, of all periods",
	[BY_NOTHING] = "all rows",
};

static int dataset_column(const StetDataset *dataset, const char *name)
{
	for (guint c = 0; c < dataset->n_columns; c++)
		if (strcmp(dataset->columns[c].name, name) == 0)
			return (int)c;
	return -1;
}

static void add_condition(const Subject *subject, Filter *filter, guint column, const char *name)
{
	int own = dataset_column(filter->dataset, name);
	if (own < 0 || filter->n == G_N_ELEMENTS(filter->conditions))
		return;
	const StetCell *cell = stet_table_cell(subject->metric->table, subject->row, column);
	filter->conditions[filter->n++] = (Condition){(guint)own, stet_cell_text(cell)};
}

static Filter filter_of(const Subject *subject, const StetDataset *dataset, Width width)
{
	const StetMetric *metric = subject->metric;
	Filter filter = {.dataset = dataset};
	if (metric->period && (width == BY_KEY || width == BY_PERIOD))
		add_condition(subject, &filter, (guint)metric->period_column, metric->period);
	for (guint d = 0; d < metric->n_dimensions && (width == BY_KEY || width == BY_DIMENSIONS); d++)
		add_condition(subject, &filter, metric->dimension_columns[d], metric->dimensions[d]);
	g_autoptr(GString) sql = g_string_new(filter.n > 0 ? "" : "true");
	for (guint i = 0; i < filter.n; i++) {
		g_auto(GStrv) parts = g_strsplit(filter.conditions[i].text, "'", -1);
		g_autofree char *literal = g_strjoinv("''", parts);
		g_string_append_printf(sql, "%scast(\"%s\" as varchar) = '%s'", i > 0 ? " and " : "",
							   dataset->columns[filter.conditions[i].column].name, literal);
	}
	filter.sql = g_string_free(g_steal_pointer(&sql), FALSE);
	return filter;
}

static void filters_clear(Filter *filters, guint n)
{
	for (guint i = 0; i < n; i++) {
		for (guint c = 0; c < filters[i].n; c++)
			g_free(filters[i].conditions[c].text);
		g_free(filters[i].sql);
	}
}

static gboolean same_cell(const StetCell *a, const StetCell *b)
{
	g_autofree char *x = stet_cell_text(a), *y = stet_cell_text(b);
	return strcmp(x, y) == 0;
}

/* TRUE if `table` has the figure's row with the figure's value. */
static gboolean gives_the_figure(const Subject *subject, const StetTable *table)
{
	const StetMetric *metric = subject->metric;
	guint value = metric->measures[subject->measure].column;
	double wanted = stet_cell_number(stet_table_cell(metric->table, subject->row, value));
	for (gsize r = 0; r < table->n_rows; r++) {
		gboolean key = metric->period_column < 0 ||
					   same_cell(stet_table_cell(table, r, (guint)metric->period_column),
								 stet_table_cell(metric->table, subject->row, (guint)metric->period_column));
		for (guint d = 0; key && d < metric->n_dimensions; d++)
			key = same_cell(stet_table_cell(table, r, metric->dimension_columns[d]),
							stet_table_cell(metric->table, subject->row, metric->dimension_columns[d]));
		if (!key)
			continue;
		double found = stet_cell_number(stet_table_cell(table, r, value));
		return (isnan(found) && isnan(wanted)) || fabs(found - wanted) <= SAME * fmax(fabs(wanted), 1);
	}
	return FALSE;
}

/* The narrowest filters under which the metric's SQL still gives the figure. FALSE where it cannot be run
 * here: then they are the key's, and nothing is known of whether they are enough. */
static gboolean find_filters(const Subject *subject, Filter *filters, guint n, Width *width)
{
	StetSession *session = &subject->asking->session;
	for (*width = BY_KEY; *width <= BY_NOTHING; (*width)++) {
		g_autofree StetRowFilter *rows = g_new0(StetRowFilter, n + 1);
		StetFault fault = {0};
		guint conditions = 0;
		for (guint i = 0; i < n; i++) {
			const StetDataset *dataset = filters[i].dataset;
			filters_clear(&filters[i], 1);
			filters[i] = filter_of(subject, dataset, *width);
			conditions += filters[i].n;
			rows[i] = (StetRowFilter){dataset->resource->name, filters[i].sql};
		}
		if (conditions == 0)
			*width = BY_NOTHING;
		g_autoptr(StetTable) table =
			stet_metric_recompute(session->metrics, subject->metric, session->engine, n, rows, &fault);
		stet_fault_clear(&fault);
		if (table && table->n_columns == subject->metric->table->n_columns &&
			gives_the_figure(subject, table))
			return TRUE;
	}
	*width = BY_NOTHING;
	return FALSE;
}

/* ---- source rows --------------------------------------------------------------------------- */

static gboolean row_meets(const Filter *filter, gsize row)
{
	for (guint i = 0; i < filter->n; i++) {
		g_autofree char *text = stet_dataset_cell_text(filter->dataset, filter->conditions[i].column, row);
		if (!text || strcmp(text, filter->conditions[i].text) != 0)
			return FALSE;
	}
	return TRUE;
}

static void put_record(const StetDataset *dataset, gsize row, GString *out)
{
	for (guint c = 0; c < dataset->n_columns; c++) {
		g_autofree char *text = stet_dataset_cell_text(dataset, c, row);
		gboolean quote = text && strpbrk(text, ",\"\r\n") != NULL;
		g_auto(GStrv) parts = g_strsplit(text ? text : "", "\"", -1);
		g_autofree char *doubled = g_strjoinv("\"\"", parts);
		g_string_append_printf(out, quote ? "%s\"%s\"" : "%s%s", c > 0 ? "," : "", doubled);
	}
}

/* Prints matching rows of one dataset, at most `most`; returns how many there are. */
static gsize print_rows(const Filter *filter, gsize most, gboolean csv)
{
	gsize found = 0;
	for (gsize row = 0; row < filter->dataset->rows && !stet_signal_seen(); row++) {
		if (!row_meets(filter, row) || found++ >= most)
			continue;
		StetPlace place = stet_dataset_place(filter->dataset, row);
		g_autoptr(GString) record = g_string_new(NULL);
		put_record(filter->dataset, row, record);
		g_autofree char *safe = csv ? g_strdup(record->str) : stet_printable(record->str, -1);
		printf(csv ? "%s,%u,%s\n" : "  %s:%u  %s\n", place.file, place.line, safe);
	}
	return found;
}

static gsize count_rows(const Filter *filter)
{
	gsize found = 0;
	for (gsize row = 0; row < filter->dataset->rows; row++)
		found += filter->n == 0 || row_meets(filter, row);
	return found;
}

static void explain_rows(const Subject *subject)
{
	const StetMetric *metric = subject->metric;
	StetSession *session = &subject->asking->session;
	guint n = 0, most = g_strv_length(metric->all_datasets);
	g_autofree Filter *filters = g_new0(Filter, most + 1);
	for (guint i = 0; i < most; i++) {
		const StetDataset *dataset = stet_session_dataset(session, metric->all_datasets[i]);
		if (dataset)
			filters[n++].dataset = dataset;
	}
	Width width = BY_KEY;
	gboolean known = find_filters(subject, filters, n, &width);
	if (!subject->all_rows)
		printf("\nSource rows: %s%s\n", width_names[width],
			   known ? "; the SQL run on these alone gives the same figure"
					 : "; which of them matter cannot be told, the SQL does not run here");
	for (guint i = 0; i < n; i++) {
		const Filter *filter = &filters[i];
		if (subject->all_rows) {
			printf("file,line");
			for (guint c = 0; c < filter->dataset->n_columns; c++)
				printf(",%s", filter->dataset->columns[c].name);
			printf("\n");
			print_rows(filter, G_MAXSIZE, TRUE);
			continue;
		}
		gsize total = count_rows(filter);
		printf("%s: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " rows%s%s\n", filter->dataset->resource->name,
			   total, filter->dataset->rows, filter->n > 0 ? ", where " : "",
			   filter->n > 0 ? filter->sql : "");
		print_rows(filter, SAMPLE, FALSE);
		if (total > SAMPLE)
			printf("  ... (--as csv prints all)\n");
	}
	filters_clear(filters, n);
}

/* ---- what stands above them ---------------------------------------------------------------- */

static void print_sql(const StetMetric *metric)
{
	g_auto(GStrv) lines = g_strsplit(metric->sql, "\n", -1);
	printf("\nSQL (%s:%u)\n", metric->file, metric->sql_line);
	for (char **line = lines; *line; line++)
		printf("  %s\n", *line);
	if (strcmp(metric->sql, metric->full_sql) != 0)
		printf("\nSQL as it runs\n  %s\n", metric->full_sql);
}

static void print_parameters(const Subject *subject)
{
	const StetMetrics *metrics = subject->asking->session.metrics;
	guint scenario = subject->metric->scenario ? stet_scenarios_find(metrics, subject->metric->scenario) : 0;
	for (char **name = subject->metric->parameters; *name; name++) {
		const StetNode *value = stet_scenario_parameter(metrics, scenario, *name);
		printf("  $%s = %s\n", *name, value ? value->text : "");
	}
}

static void print_inputs(const Subject *subject)
{
	StetSession *session = &subject->asking->session;
	printf("\nInputs\n");
	for (char **name = subject->metric->metric_inputs; *name; name++)
		printf("  metric %s (%s)\n", *name, stet_metrics_get(session->metrics, *name)->file);
	for (char **name = subject->metric->all_datasets; *name; name++) {
		const StetDataset *dataset = stet_session_dataset(session, *name);
		for (guint s = 0; dataset && s < dataset->n_sources; s++)
			printf("  %s  %" G_GSIZE_FORMAT " rows  sha256 %s\n", dataset->sources[s].path,
				   dataset->sources[s].rows, dataset->sources[s].hash.hex);
	}
	if (subject->metric->warehouse)
		printf("  and what the warehouse holds\n");
}

static void print_value(const Subject *subject)
{
	const StetMetric *metric = subject->metric;
	const StetMeasure *measure = &metric->measures[subject->measure];
	g_autofree char *value = stet_cell_text(stet_table_cell(metric->table, subject->row, measure->column));
	printf("%s%s%s.%s = %s%s%s\n", metric->name, metric->scenario ? "@" : "",
		   metric->scenario ? metric->scenario : "", measure->name, *value ? value : "missing",
		   measure->unit ? " " : "", measure->unit ? measure->unit : "");
	if (metric->period_column >= 0) {
		g_autofree char *at =
			stet_cell_text(stet_table_cell(metric->table, subject->row, (guint)metric->period_column));
		printf("  %s: %s\n", metric->period, at);
	}
	for (guint d = 0; d < metric->n_dimensions; d++) {
		g_autofree char *text =
			stet_cell_text(stet_table_cell(metric->table, subject->row, metric->dimension_columns[d]));
		printf("  %s: %s\n", metric->dimensions[d], text);
	}
	printf("  %s%s%s\n", metric->title, metric->description ? ": " : "",
		   metric->description ? metric->description : "");
	if (metric->formula)
		printf("  formula: %s\n", metric->formula);
	if (metric->synthetic)
		printf("  rests on synthetic data\n");
}

static void explain_cell(const Subject *subject)
{
	if (!subject->all_rows) {
		print_value(subject);
		print_sql(subject->metric);
		print_parameters(subject);
		print_inputs(subject);
	}
	explain_rows(subject);
}

/* ---- finding the figure -------------------------------------------------------------------- */

static void refuse(StetAsking *asking, const char *mend, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void refuse(StetAsking *asking, const char *mend, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	stet_diagnose(asking->session.diags, STET_ERROR, "explain", (StetPlace){NULL, 0, 0}, mend, "%s", text);
}

/* METRIC[@SCENARIO] key=value...: `period`, `at` or the period's own name, dimensions, and `measure`. */
static void explain_metric(StetAsking *asking, char **args, gboolean all_rows)
{
	Subject subject = {.asking = asking, .metric = stet_asked_metric(asking, args[0]), .all_rows = all_rows};
	const char *at = NULL, *measure = NULL, *why_not = NULL;
	g_autofree StetWhere *where = g_new0(StetWhere, g_strv_length(args));
	guint n = 0;
	if (!subject.metric)
		return;
	for (char **arg = args + 1; *arg; arg++) {
		char *sign = strchr(*arg, '=');
		if (!sign) {
			refuse(asking, "write conditions as platform=Azure", "'%s' is no condition", *arg);
			return;
		}
		*sign = 0;
		if (strcmp(*arg, "period") == 0 || g_strcmp0(*arg, subject.metric->period) == 0)
			at = sign + 1;
		else if (strcmp(*arg, "measure") == 0)
			measure = sign + 1;
		else
			where[n++] = (StetWhere){*arg, sign + 1};
	}
	int index = stet_metric_measure(subject.metric, measure);
	subject.row = index < 0 ? G_MAXSIZE : stet_metric_row_find(subject.metric, at, n, where, &why_not);
	if (subject.row == G_MAXSIZE) {
		refuse(asking, "'stet metrics NAME' prints its rows", "there is no such figure of '%s': %s", args[0],
			   index < 0 ? "the metric has no such measure" : why_not);
		return;
	}
	subject.measure = (guint)index;
	explain_cell(&subject);
}

/* "out/advantages/index.html#f9", "/advantages#f9" -> "advantages/#f9", as the ledger has it (g_free). */
static char *ledger_place(const char *argument)
{
	const char *hash = strchr(argument, '#');
	g_autofree char *page = g_strndup(argument, (gsize)(hash - argument));
	const char *from = page + (g_str_has_prefix(page, "./") ? 2 : 0);
	from += g_str_has_prefix(from, "out/") ? 4 : 0;
	from += *from == '/';
	g_autofree char *stem = g_strdup(from);
	if (strcmp(stem, "index") == 0)
		stem[strlen(stem) - strlen("index")] = 0;
	if (g_str_has_suffix(stem, "index.html"))
		stem[strlen(stem) - strlen("index.html")] = 0;
	gboolean bare = *stem && !g_str_has_suffix(stem, "/") && !g_str_has_suffix(stem, ".html");
	return g_strconcat(stem, bare ? "/" : "", hash, NULL);
}

/* The ledger has one figure a line. */
static char *ledger_line(const char *ledger, const char *place)
{
	g_autofree char *quoted = g_strdup_printf("\"%s\"", place);
	const char *figures = strstr(ledger, "\"figures\": [");
	const char *found = figures ? strstr(figures, quoted) : NULL;
	if (!found)
		return NULL;
	const char *start = found, *end = found + strcspn(found, "\n");
	while (start > ledger && start[-1] != '\n')
		start--;
	char *line = g_strndup(start, (gsize)(end - start));
	if (g_str_has_suffix(line, ","))
		line[strlen(line) - 1] = 0;
	return line;
}

static void explain_form(const char *figure)
{
	g_autofree char *form = g_strndup(figure, strcspn(figure, "("));
	const char *formula = stet_form_formula(form);
	if (strlen(form) < strlen(figure))
		printf("  derived: %s%s%s\n", form, formula ? " = " : "", formula ? formula : "");
}

/* ---- claims -------------------------------------------------------------------------------- */

static void print_claim(const StetClaim *claim)
{
	static const char *const verdicts[] = {"agrees with the data", "differs from the data", "not checked"};
	static const char *const operators[] = {"", "at least ", ""};
	char value[STET_NUMBER_MAX], upper[STET_NUMBER_MAX], actual[STET_NUMBER_MAX];
	const char *to = stet_number_text(claim->upper, upper);
	g_autofree char *statement = stet_printable(claim->statement, -1);
	printf("claim %s = %s%s%s%s%s%s\n  %s\n", claim->id, operators[claim->op], stet_number_text(claim->value, value),
		   *to ? " to " : "", to, claim->unit ? " " : "", claim->unit ? claim->unit : "", statement);
	printf("  published: %s%s%s (%s:%u)\n", claim->source ? claim->source : "source unknown", claim->period ? ", for " : "",
		   claim->period ? claim->period : "", claim->place.file, claim->place.line);
	printf("  verdict: %s%s%s\n", verdicts[claim->verdict], claim->reason ? ": " : "", claim->reason ? claim->reason : "");
	if (claim->tolerance)
		printf("  tolerance: %s\n", claim->tolerance);
	if (*stet_number_text(claim->actual, actual))
		printf("  the data give: %s\n", actual);
	if (claim->acknowledged)
		printf("  acknowledged%s%s: %s\n", claim->until ? " until " : "", claim->until ? claim->until : "", claim->acknowledged);
}

/* What was claimed, and the figure that it is held against. */
static void explain_claim(StetAsking *asking, const char *id, gboolean all_rows)
{
	StetMetrics *metrics = asking->session.metrics;
	const StetDataset *claims = stet_session_dataset(&asking->session, "claims");
	g_autoptr(StetDiagnostics) said = stet_diagnostics_new(); /* a build says it */
	if (claims)
		stet_claims_check(metrics, claims, said);
	const StetClaim *claim = stet_claims_get(metrics, id);
	if (!claim) {
		refuse(asking, "build the site anew", "there is no claim '%s' any more", id);
		return;
	}
	if (!all_rows)
		print_claim(claim);
	if (!claim->metric || claim->row == G_MAXSIZE)
		return;
	if (!all_rows)
		printf("\n");
	explain_cell(&(Subject){asking, claim->metric, claim->row, claim->measure, all_rows});
}

/* Every "metric.measure[row]" or "metric@scenario.measure[row]" in a figure's origin. */
static void explain_origin(StetAsking *asking, const char *figure, gboolean all_rows)
{
	g_autoptr(GRegex) regex = g_regex_new("([a-z][a-z0-9_]*(?:@[A-Za-z0-9_]+)?)\\.([^.()\\[\\]]+)\\[([^\\]]*)\\]", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	if (g_str_has_prefix(figure, "claim:"))
		explain_claim(asking, figure + strlen("claim:"), all_rows);
	else if (!g_regex_match(regex, figure, 0, &match))
		refuse(asking, NULL, "'%s' is text, not computed from data", figure);
	for (; match && g_match_info_matches(match); g_match_info_next(match, NULL)) {
		g_autofree char *name = g_match_info_fetch(match, 1), *measure = g_match_info_fetch(match, 2),
						*id = g_match_info_fetch(match, 3);
		Subject subject = {.asking = asking,
						   .metric = stet_asked_metric(asking, name),
						   .all_rows = all_rows};
		int index =
			subject.metric ? stet_metric_measure(subject.metric, measure) : -1;
		subject.row = index < 0 ? G_MAXSIZE : stet_metric_row_by_id(subject.metric, id);
		subject.measure = index < 0 ? 0 : (guint)index;
		if (!all_rows)
			printf("\n");
		if (subject.row == G_MAXSIZE)
			refuse(asking, "build the site anew", "the metrics no longer have '%s.%s[%s]'", name, measure,
				   id);
		else
			explain_cell(&subject);
	}
}

static void explain_place(StetAsking *asking, const char *argument, gboolean all_rows)
{
	g_autofree char *path = g_build_filename(asking->session.root, "out/ledger.json", NULL);
	g_autofree char *ledger = stet_file_read(path, NULL, NULL);
	g_autofree char *place = ledger_place(argument);
	g_autofree char *line = ledger ? ledger_line(ledger, place) : NULL;
	if (!line) {
		refuse(asking,
			   ledger ? "figures have ids such as f12; see the page's source" : "build the site first",
			   ledger ? "no figure stands at '%s'" : "there is no ledger to find '%s' in", place);
		return;
	}
	g_autoptr(StetDocument) document =
		stet_document_parse("out/ledger.json", 1, 1, stet_text(line), asking->session.diags);
	const StetNode *root = document ? stet_document_root(document) : NULL;
	const char *figure = stet_node_text(root, "figure", NULL);
	if (!figure)
		return;
	if (!all_rows) {
		g_autofree char *safe = stet_printable(stet_node_text(root, "text", ""), -1);
		printf("%s on %s\n  %s\n", safe, place, figure);
		explain_form(figure);
		if (stet_node_get(root, "why"))
			printf("  it has no value: %s\n", stet_node_text(root, "why", ""));
	}
	explain_origin(asking, figure, all_rows);
}

StetStatus stet_command_explain(const StetOptions *options, char **args)
{
	StetTableForm form;
	if (!stet_table_form(options, &form) || !stet_is_report(options, "."))
		return STET_STATUS_USAGE;
	if (form == STET_FORM_JSON)
		return stet_complain(STET_STATUS_USAGE, "explain prints text, or with --as csv every source row");
	StetAsking asking;
	stet_asking_init(&asking, options, ".");
	if (stet_asking_prepare(&asking) && stet_session_open_engine(&asking.session, &asking.error)) {
		if (strchr(args[0], '#'))
			explain_place(&asking, args[0], form == STET_FORM_CSV);
		else
			explain_metric(&asking, args, form == STET_FORM_CSV);
	}
	return stet_asking_end(&asking);
}
