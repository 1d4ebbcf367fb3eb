/* claims: published statements held against the metrics that can check them. */
#include "metric/private.h"

#include <math.h>
#include <string.h>

#define CLAIM_MAX 10000u
#define WHERE_MAX 8u

typedef enum {
	FIELD_ID,
	FIELD_STATEMENT,
	FIELD_OPERATOR,
	FIELD_VALUE,
	FIELD_UPPER,
	FIELD_UNIT,
	FIELD_PERIOD,
	FIELD_TOLERANCE,
	FIELD_METRIC,
	FIELD_WHERE,
	FIELD_AT,
	FIELD_MEASURE,
	FIELD_SOURCE,
	FIELD_NOTE,
	FIELD_ACKNOWLEDGED,
	FIELD_UNTIL,
	N_FIELDS
} Field;

static const struct {
	const char *name;
	gboolean required; /* as a column */
} fields[N_FIELDS] = {
	{"id", TRUE},      {"statement", TRUE}, {"operator", FALSE},     {"value", TRUE},
	{"upper", FALSE},  {"unit", FALSE},     {"period", FALSE},       {"tolerance", FALSE},
	{"metric", FALSE}, {"where", FALSE},    {"at", FALSE},           {"measure", FALSE},
	{"source", FALSE}, {"note", FALSE},     {"acknowledged", FALSE}, {"until", FALSE},
};

static const char *const operators[] = {"equal", "at_least", "between", NULL};

typedef struct {
	StetClaim public;      /* first: what the public sees */
	char *texts[N_FIELDS]; /* NULL where missing */
	char *reason;
} Claim;

static void claim_free(Claim *claim)
{
	for (guint f = 0; f < N_FIELDS; f++)
		g_free(claim->texts[f]);
	g_free(claim->reason);
	g_free(claim);
}

void claims_free(StetMetrics *metrics)
{
	for (guint i = 0; i < metrics->claims->len; i++)
		claim_free(g_ptr_array_index(metrics->claims, i));
	g_ptr_array_unref(metrics->claims);
}

/* ---- tolerance ---- */

double stet_tolerance(const char *rule, double reference)
{
	if (!rule || !*rule)
		return 0;
	gboolean relative = g_str_has_prefix(rule, "relative:");
	if (!relative && !g_str_has_prefix(rule, "absolute:"))
		return NAN;
	const char *number = strchr(rule, ':') + 1;
	char *end = NULL;
	double size = g_ascii_strtod(number, &end);
	if (end == number || !isfinite(size) || size < 0)
		return NAN;
	if (relative && *end == '%') {
		size /= 100;
		end++;
	}
	if (*end != '\0')
		return NAN;
	return relative ? size * fabs(reference) : size;
}

/* ---- reading ---- */

/* Faults of a claim are collected here while it is read. */
typedef struct {
	StetMetrics *metrics;
	StetDiagnostics *diags;
	const Claim *claim;
	gboolean whole;
} Check;

static void fail(Check *check, const char *code, const char *mend, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

static void fail(Check *check, const char *code, const char *mend, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *message = g_strdup_vprintf(format, args);
	va_end(args);
	stet_diagnose(check->diags, STET_ERROR, code, check->claim->public.place, mend, "claim '%s': %s",
				  check->claim->public.id, message);
	check->whole = FALSE;
}

static void fail_name(Check *check, const char *code, const char *what, const char *name,
					  const char *const *known)
{
	const char *near = stet_nearest(name, known);
	g_autofree char *all = g_strjoinv(", ", (char **)known);
	g_autofree char *mend = near                ? g_strdup_printf("did you mean '%s'?", near)
							: strlen(all) < 200 ? g_strdup_printf("one of: %s", all)
												: NULL;
	fail(check, code, mend, "there is no %s '%s'", what, name);
}

static double read_number(Check *check, const char *text, const char *name)
{
	if (!text)
		return NAN;
	char *end = NULL;
	double number = g_ascii_strtod(text, &end);
	if (end != text && *end == '\0' && isfinite(number))
		return number;
	fail(check, "claim-value", NULL, "'%s' is no number for '%s'", text, name);
	return NAN;
}

static void read_operator(Check *check, Claim *claim)
{
	const char *text = claim->texts[FIELD_OPERATOR] ? claim->texts[FIELD_OPERATOR] : "equal";
	guint op = 0;
	while (operators[op] && strcmp(operators[op], text) != 0)
		op++;
	if (!operators[op]) {
		fail_name(check, "claim-operator", "operator", text, operators);
		return;
	}
	claim->public.op = (StetClaimOperator)op;
	if (op == STET_CLAIM_BETWEEN && !(claim->public.upper >= claim->public.value))
		fail(check, "claim-value", "give the upper end under 'upper'",
			 "'between' needs an upper end not below the value");
}

/* "2026-12-31" */
static gboolean is_day(const char *text)
{
	if (strlen(text) != 10 || strspn(text, "0123456789-") != 10 || text[4] != '-' || text[7] != '-')
		return FALSE;
	guint year = (guint)g_ascii_strtoull(text, NULL, 10), month = (guint)g_ascii_strtoull(text + 5, NULL, 10),
		  day = (guint)g_ascii_strtoull(text + 8, NULL, 10);
	return g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

static Claim *read_claim(Check *check, const StetDataset *dataset, const int *columns, gsize row)
{
	Claim *claim = g_new0(Claim, 1);
	check->claim = claim;
	for (guint f = 0; f < N_FIELDS; f++) {
		if (columns[f] >= 0)
			claim->texts[f] = stet_dataset_cell_text(dataset, (guint)columns[f], row);
		if (claim->texts[f] && claim->texts[f][0] == '\0')
			g_clear_pointer(&claim->texts[f], g_free);
	}
	char **texts = claim->texts;
	claim->public = (StetClaim){
		.id = texts[FIELD_ID] ? texts[FIELD_ID] : "",
		.statement = texts[FIELD_STATEMENT] ? texts[FIELD_STATEMENT] : "",
		.unit = texts[FIELD_UNIT],
		.period = texts[FIELD_PERIOD],
		.source = texts[FIELD_SOURCE],
		.note = texts[FIELD_NOTE],
		.tolerance = texts[FIELD_TOLERANCE],
		.row = G_MAXSIZE,
		.actual = NAN,
		.verdict = STET_VERDICT_UNCHECKED,
		.acknowledged = texts[FIELD_ACKNOWLEDGED],
		.until = texts[FIELD_UNTIL],
		.place = stet_dataset_place(dataset, row),
	};
	claim->public.value = read_number(check, texts[FIELD_VALUE], "value");
	claim->public.upper = read_number(check, texts[FIELD_UPPER], "upper");
	if (!texts[FIELD_ID])
		fail(check, "claim-id", NULL, "it has no id");
	if (isnan(claim->public.value) && !texts[FIELD_VALUE])
		fail(check, "claim-value", NULL, "it has no value");
	if (isnan(stet_tolerance(claim->public.tolerance, 1)))
		fail(check, "claim-tolerance", "write absolute:1.5 or relative:5%", "'%s' is no tolerance",
			 claim->public.tolerance);
	if (texts[FIELD_UNTIL] && !is_day(texts[FIELD_UNTIL]))
		fail(check, "claim-until", "write it as 2026-12-31", "'%s' is no day", texts[FIELD_UNTIL]);
	read_operator(check, claim);
	return claim;
}

/* ---- finding the row ---- */

/* "platform=Azure; role=x" into conditions that point into `text`, which is cut up. */
static guint parse_where(Check *check, const StetMetric *metric, char *text, StetWhere *where)
{
	guint n = 0;
	char *rest = text;
	while (rest && *rest) {
		char *part = rest + strspn(rest, " \t"), *semicolon = strchr(rest, ';');
		rest = semicolon ? semicolon + 1 : NULL;
		if (semicolon)
			*semicolon = '\0';
		char *equals = strchr(part, '=');
		if (*part == '\0')
			continue;
		if (!equals || n == WHERE_MAX) {
			fail(check, "claim-where", "write column=value; column=value", "'%s' is no condition", part);
			return 0;
		}
		*equals = '\0';
		where[n] = (StetWhere){g_strchomp(part), g_strstrip(equals + 1)};
		if (!g_strv_contains(metric->dimensions ? metric->dimensions : (const char *const[]){NULL},
							 where[n].column)) {
			const char *const none[] = {NULL};
			fail_name(check, "claim-where", "dimension", where[n].column,
					  metric->dimensions ? metric->dimensions : none);
			return 0;
		}
		n++;
	}
	return n;
}

static const char **measure_names(const StetMetric *metric)
{
	const char **names = g_new0(const char *, metric->n_measures + 1);
	for (guint m = 0; m < metric->n_measures; m++)
		names[m] = metric->measures[m].name;
	return names;
}

/* The row that checks the claim; FALSE if the claim names something that is not there. */
static gboolean find_row(Check *check, Claim *claim)
{
	const StetMetric *metric = claim->public.metric;
	int measure = stet_metric_measure(metric, claim->texts[FIELD_MEASURE]);
	if (measure < 0) {
		g_autofree const char **names = measure_names(metric);
		fail_name(check, "claim-measure", "measure", claim->texts[FIELD_MEASURE], names);
		return FALSE;
	}
	claim->public.measure = (guint)measure;
	StetWhere where[WHERE_MAX];
	g_autofree char *text = g_strdup(claim->texts[FIELD_WHERE]);
	guint n = parse_where(check, metric, text, where);
	if (!check->whole)
		return FALSE;
	const char *why_not = NULL;
	claim->public.row = stet_metric_row_find(metric, claim->texts[FIELD_AT], n, where, &why_not);
	if (claim->public.row != G_MAXSIZE)
		return TRUE;
	fail(check, "claim-row", "name a row with 'where' and 'at'",
		 "%s in the metric '%s' (where '%s', at '%s')", why_not, metric->name,
		 claim->texts[FIELD_WHERE] ? claim->texts[FIELD_WHERE] : "",
		 claim->texts[FIELD_AT] ? claim->texts[FIELD_AT] : "");
	return FALSE;
}

/* ---- verdict ---- */

/* A currency unit as "currency:USD" or "USD bn": its code's place and its size in single units; 0 if none. */
static double currency_scale(const char *unit, const char **code)
{
	static const struct {
		const char *word;
		double size;
	} words[] = {{"", 1},      {" k", 1e3},       {" m", 1e6},  {" million", 1e6},
				 {" bn", 1e9}, {" billion", 1e9}, {" tn", 1e12}};
	*code = g_str_has_prefix(unit, "currency:") ? unit + 9 : unit;
	for (guint i = 0; i < 3; i++)
		if (!g_ascii_isupper((*code)[i]))
			return 0;
	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(*code + 3, words[i].word) == 0)
			return words[i].size;
	return 0;
}

/* What a value in unit `from` is multiplied with to be in unit `to`; NaN if they cannot be compared. */
static double unit_factor(const char *from, const char *to)
{
	if (!from || !to || strcmp(from, to) == 0)
		return 1;
	if (strcmp(from, "ratio") == 0 && strcmp(to, "percent") == 0)
		return 100;
	if (strcmp(from, "percent") == 0 && strcmp(to, "ratio") == 0)
		return 0.01;
	const char *a = NULL, *b = NULL;
	double one = currency_scale(from, &a), other = currency_scale(to, &b);
	if (one > 0 && other > 0 && strncmp(a, b, 3) == 0)
		return one / other;
	return NAN;
}

static gboolean holds(const StetClaim *claim)
{
	/* Twelve significant digits are what results keep; less than their last one is no difference. */
	double slack = fabs(claim->value) * 1e-12;
	double low = claim->value - stet_tolerance(claim->tolerance, claim->value) - slack;
	double high = claim->op == STET_CLAIM_AT_LEAST ? INFINITY
				  : claim->op == STET_CLAIM_BETWEEN
					  ? claim->upper + stet_tolerance(claim->tolerance, claim->upper) + slack
					  : claim->value + stet_tolerance(claim->tolerance, claim->value) + slack;
	return claim->actual >= low && claim->actual <= high;
}

/* A reason makes a difference acceptable, until the day it gives: every one is looked at again some time. */
static void report_difference(const Check *check, const StetClaim *claim)
{
	const char *today = *check->metrics->today ? check->metrics->today : NULL;
	gboolean expired = claim->acknowledged && claim->until && today && strcmp(claim->until, today) < 0;
	gboolean endless = claim->acknowledged && !claim->until && today;
	if (claim->acknowledged && !expired && !endless)
		return;
	stet_diagnose(check->diags, today ? STET_ERROR : STET_WARNING, "claim-differs", claim->place,
				  endless ? "say under 'until' on which day to look at it again: 2026-12-31"
						  : "mend the claim or the data, or say why under 'acknowledged' and until when",
				  "claim '%s' differs: %s%s%s", claim->id, claim->reason,
				  expired   ? "; its acknowledgement ended on "
				  : endless ? "; its acknowledgement has no end"
							: "",
				  expired ? claim->until : "");
}

static void judge(Check *check, Claim *claim)
{
	StetClaim *public = &claim->public;
	const StetMeasure *measure = &public->metric->measures[public->measure];
	double found = rows_value(public->metric, public->measure, public->row);
	double factor = unit_factor(measure->unit, public->unit);
	if (isnan(found) || isnan(factor)) {
		claim->reason = isnan(found) ? g_strdup("the metric has no value there")
									 : g_strdup_printf("the claim is in %s, the metric in %s", public->unit,
													   measure->unit);
		public->reason = claim->reason;
		stet_diagnose(check->diags, STET_WARNING, "claim-unchecked", public->place, NULL,
					  "claim '%s' is not checked: %s", public->id, claim->reason);
		return;
	}
	public->actual = stet_round_significant(found * factor, 12);
	public->verdict = holds(public) ? STET_VERDICT_AGREES : STET_VERDICT_DIFFERS;
	if (public->verdict == STET_VERDICT_AGREES)
		return;
	char actual[STET_NUMBER_MAX], value[STET_NUMBER_MAX];
	claim->reason = g_strdup_printf(
		"the data give %s, the claim says %s%s%s", stet_number_text(public->actual, actual),
		public->op == STET_CLAIM_AT_LEAST ? "at least " : "", stet_number_text(public->value, value),
		public->tolerance ? ", beyond its tolerance" : "");
	public->reason = claim->reason;
	report_difference(check, public);
}

static void check_claim(Check *check, Claim *claim)
{
	const char *name = claim->texts[FIELD_METRIC];
	if (!name) {
		claim->public.reason = claim->public.note ? claim->public.note : "no metric can check it";
		return;
	}
	claim->public.metric = stet_metrics_get(check->metrics, name);
	if (!claim->public.metric)
		fail_name(check, "claim-metric", "metric", name, stet_metrics_names(check->metrics));
	else if (!claim->public.metric->table) /* its own faults have been reported */
		claim->public.reason = "the metric has no result";
	else if (find_row(check, claim))
		judge(check, claim);
}

/* Columns of the dataset by field, -1 where it has none; FALSE where one that must be there is not. */
static gboolean find_fields(const StetDataset *dataset, int *columns, StetDiagnostics *diags)
{
	gboolean whole = TRUE;
	for (guint f = 0; f < N_FIELDS; f++) {
		columns[f] = -1;
		for (guint c = 0; c < dataset->n_columns; c++)
			if (strcmp(dataset->columns[c].name, fields[f].name) == 0)
				columns[f] = (int)c;
		if (columns[f] >= 0 || !fields[f].required)
			continue;
		stet_diagnose(diags, STET_ERROR, "claim-column", dataset->resource->place, NULL,
					  "the dataset 'claims' has no column '%s'", fields[f].name);
		whole = FALSE;
	}
	return whole;
}

void stet_claims_insist(StetMetrics *metrics, const char *today)
{
	g_strlcpy(metrics->today, today, sizeof metrics->today);
}

void stet_claims_check(StetMetrics *metrics, const StetDataset *claims, StetDiagnostics *diags)
{
	int columns[N_FIELDS];
	if (!claims || !find_fields(claims, columns, diags))
		return;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (gsize row = 0; row < claims->rows; row++) {
		Check check = {metrics, diags, NULL, TRUE};
		Claim *claim = read_claim(&check, claims, columns, row);
		g_ptr_array_add(metrics->claims, claim);
		if (!g_hash_table_add(seen, (gpointer)claim->public.id))
			fail(&check, "claim-id", "give each claim an id of its own", "the id is taken already");
		if (row >= CLAIM_MAX) {
			fail(&check, "claim-count", NULL, "there are more than %u claims", CLAIM_MAX);
			return;
		}
		if (check.whole)
			check_claim(&check, claim);
	}
}

guint stet_claims_count(const StetMetrics *metrics)
{
	return metrics->claims->len;
}

const StetClaim *stet_claims_at(const StetMetrics *metrics, guint index)
{
	return &((const Claim *)g_ptr_array_index(metrics->claims, index))->public;
}

const StetClaim *stet_claims_get(const StetMetrics *metrics, const char *id)
{
	for (guint i = 0; i < metrics->claims->len; i++)
		if (strcmp(stet_claims_at(metrics, i)->id, id) == 0)
			return stet_claims_at(metrics, i);
	return NULL;
}
