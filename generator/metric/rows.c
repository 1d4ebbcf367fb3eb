/* rows: a result's rows by period, by series and by id. */
#include "metric/private.h"

#include <math.h>
#include <string.h>

struct StetRowIndex {
	guint n_periods;
	gsize *period_start; /* n_periods + 1: first row of each; rows are in period order */
	gint64 *ordinal;     /* of each period, counted by the calendar where its format is known */
	char **period_text;
	guint year_length; /* periods in a year; 0 unknown */
	guint *row_period;
	guint n_series;
	guint *row_series;
	gsize *series_start; /* n_series + 1, into series_rows */
	gsize *series_rows;
	GMutex lock; /* of ids, made when first asked for */
	char **ids;
	GHashTable *row_by_id; /* id -> row + 1 */
};

/* ---- periods ---- */

/* `n` digits at `text` as a number, -1 if they are not all digits. */
static int digits(const char *text, int n)
{
	int value = 0;
	for (int i = 0; i < n; i++) {
		if (!g_ascii_isdigit(text[i]))
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* A period as written: the number of periods in its year, and its place in the count of such periods. */
static guint parse_period(const char *text, gint64 *ordinal)
{
	gsize length = strlen(text);
	int year = length >= 4 ? digits(text, 4) : -1;
	if (year < 0)
		return 0;
	if (length == 4) {
		*ordinal = year;
		return 1;
	}
	if (length == 6 && text[4] == 'Q' && text[5] >= '1' && text[5] <= '4') {
		*ordinal = (gint64)year * 4 + (text[5] - '1');
		return 4;
	}
	int month = length == 7 && text[4] == '-' ? digits(text + 5, 2) : -1;
	if (month >= 1 && month <= 12) {
		*ordinal = (gint64)year * 12 + month - 1;
		return 12;
	}
	return 0;
}

static gint64 greatest_divisor(gint64 a, gint64 b)
{
	while (b != 0) {
		gint64 rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static gboolean month_of_date(const char *text, gint64 *month, gboolean *first_day)
{
	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return FALSE;
	int y = digits(text, 4), m = digits(text + 5, 2), d = digits(text + 8, 2);
	if (y < 0 || m < 1 || d < 1 || !stet_date_valid(y, m, d))
		return FALSE;
	*month = (gint64)y * 12 + m - 1;
	*first_day = d == 1;
	return d == 1 || !stet_date_valid(y, m, d + 1);
}

/* Dates that all are first days of months, or all last days, count months, quarters or years: whichever
 * is the largest step that fits them. */
static guint count_dates(StetRowIndex *rows)
{
	gint64 step = 0;
	gboolean first_days = FALSE;
	for (guint p = 0; p < rows->n_periods; p++) {
		gboolean first_day = FALSE;
		if (!month_of_date(rows->period_text[p], &rows->ordinal[p], &first_day) ||
			(p > 0 && first_day != first_days))
			return 0;
		first_days = first_day;
		step = greatest_divisor(rows->ordinal[p] - rows->ordinal[0], step);
	}
	gint64 months = step == 0 ? 0 : step % 12 == 0 ? 12 : step % 3 == 0 ? 3 : 1;
	for (guint p = 0; months > 0 && p < rows->n_periods; p++)
		rows->ordinal[p] = (rows->ordinal[p] - first_days) / months;
	return months > 0 ? (guint)(12 / months) : 0;
}

static void count_periods(StetRowIndex *rows)
{
	guint length = 0;
	for (guint p = 0; p < rows->n_periods; p++) {
		guint mine = parse_period(rows->period_text[p], &rows->ordinal[p]);
		length = p == 0 || mine == length ? mine : 0;
		if (length == 0)
			break;
	}
	if (length == 0 && rows->n_periods > 0)
		length = count_dates(rows);
	rows->year_length = length;
	for (guint p = 0; length == 0 && p < rows->n_periods; p++)
		rows->ordinal[p] = p;
}

static const StetCell *period_cell(const StetMetric *metric, gsize row)
{
	return metric->period_column < 0 ? NULL
									 : stet_table_cell(metric->table, row, (guint)metric->period_column);
}

static void index_periods(const StetMetric *metric, StetRowIndex *rows)
{
	gsize n = metric->table->n_rows;
	g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(gsize));
	rows->row_period = g_new0(guint, n + 1);
	for (gsize r = 0; r < n; r++) {
		gboolean opens =
			r == 0 || (metric->period_column >= 0 &&
					   stet_cell_compare(period_cell(metric, r - 1), period_cell(metric, r)) != 0);
		if (opens)
			g_array_append_val(starts, r);
		rows->row_period[r] = starts->len - 1;
	}
	rows->n_periods = starts->len;
	g_array_append_val(starts, n);
	rows->period_start = (gsize *)(void *)g_array_free(g_steal_pointer(&starts), FALSE);
	rows->ordinal = g_new0(gint64, rows->n_periods + 1);
	rows->period_text = g_new0(char *, rows->n_periods + 1);
	for (guint p = 0; p < rows->n_periods; p++) {
		const StetCell *cell = period_cell(metric, rows->period_start[p]);
		rows->period_text[p] = cell ? stet_cell_text(cell) : g_strdup("");
	}
	if (metric->period_column >= 0)
		count_periods(rows);
}

/* ---- series ---- */

static int compare_dimensions(const StetMetric *metric, gsize a, gsize b)
{
	for (guint d = 0; d < metric->n_dimensions; d++) {
		guint column = metric->dimension_columns[d];
		int order = stet_cell_compare(stet_table_cell(metric->table, a, column),
									  stet_table_cell(metric->table, b, column));
		if (order != 0)
			return order;
	}
	return 0;
}

static int compare_series(gconstpointer a, gconstpointer b, gpointer data)
{
	gsize x = *(const gsize *)a, y = *(const gsize *)b;
	int order = compare_dimensions(data, x, y);
	return order != 0 ? order : (x < y ? -1 : x > y);
}

static void index_series(StetMetric *metric, StetRowIndex *rows)
{
	gsize n = metric->table->n_rows;
	rows->series_rows = g_new0(gsize, n + 1);
	rows->series_start = g_new0(gsize, n + 1);
	rows->row_series = g_new0(guint, n + 1);
	for (gsize r = 0; r < n; r++)
		rows->series_rows[r] = r;
	if (metric->n_dimensions > 0)
		g_qsort_with_data(rows->series_rows, (gint)n, sizeof(gsize), compare_series, metric);
	for (gsize i = 0; i < n; i++) {
		if (i == 0 || compare_dimensions(metric, rows->series_rows[i - 1], rows->series_rows[i]) != 0)
			rows->series_start[rows->n_series++] = i;
		rows->row_series[rows->series_rows[i]] = rows->n_series - 1;
	}
	rows->series_start[rows->n_series] = n;
}

void rows_index(StetMetric *metric)
{
	rows_free(metric->rows);
	StetRowIndex *rows = g_new0(StetRowIndex, 1);
	g_mutex_init(&rows->lock);
	index_periods(metric, rows);
	index_series(metric, rows);
	metric->rows = rows;
}

void rows_free(StetRowIndex *rows)
{
	if (!rows)
		return;
	g_strfreev(rows->period_text);
	g_strfreev(rows->ids);
	g_clear_pointer(&rows->row_by_id, g_hash_table_unref);
	g_mutex_clear(&rows->lock);
	g_free(rows->period_start);
	g_free(rows->ordinal);
	g_free(rows->row_period);
	g_free(rows->row_series);
	g_free(rows->series_start);
	g_free(rows->series_rows);
	g_free(rows);
}

/* ---- asking ---- */

guint stet_metric_year_length(const StetMetric *metric)
{
	return metric->rows ? metric->rows->year_length : 0;
}

/* Index of the period with `ordinal`, or -1. */
static int find_ordinal(const StetRowIndex *rows, gint64 ordinal)
{
	guint low = 0, high = rows->n_periods;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (rows->ordinal[middle] < ordinal)
			low = middle + 1;
		else
			high = middle;
	}
	return low < rows->n_periods && rows->ordinal[low] == ordinal ? (int)low : -1;
}

static int period_before(const StetMetric *metric, gsize row, guint steps)
{
	const StetRowIndex *rows = metric->rows;
	if (!rows || metric->period_column < 0 || row >= metric->table->n_rows)
		return -1;
	return find_ordinal(rows, rows->ordinal[rows->row_period[row]] - (gint64)steps);
}

gboolean rows_period_before(const StetMetric *metric, gsize row, guint steps, gsize *first, gsize *end)
{
	int period = period_before(metric, row, steps);
	if (period < 0)
		return FALSE;
	*first = metric->rows->period_start[period];
	*end = metric->rows->period_start[period + 1];
	return TRUE;
}

gsize stet_metric_row_before(const StetMetric *metric, gsize row, guint steps)
{
	int period = period_before(metric, row, steps);
	if (period < 0)
		return G_MAXSIZE;
	gsize n = 0;
	const gsize *series = stet_metric_series(metric, row, &n);
	gsize low = 0, high = n;
	while (low < high) {
		gsize middle = low + (high - low) / 2;
		if (metric->rows->row_period[series[middle]] < (guint)period)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && metric->rows->row_period[series[low]] == (guint)period ? series[low] : G_MAXSIZE;
}

const gsize *stet_metric_series(const StetMetric *metric, gsize row, gsize *n)
{
	*n = 0;
	const StetRowIndex *rows = metric->rows;
	if (!rows || row >= metric->table->n_rows)
		return NULL;
	guint series = rows->row_series[row];
	*n = rows->series_start[series + 1] - rows->series_start[series];
	return rows->series_rows + rows->series_start[series];
}

void rows_peers(const StetMetric *metric, gsize row, gsize *first, gsize *end)
{
	*first = *end = 0;
	if (!metric->rows || row >= metric->table->n_rows)
		return;
	guint period = metric->rows->row_period[row];
	*first = metric->rows->period_start[period];
	*end = metric->rows->period_start[period + 1];
}

guint rows_periods_between(const StetMetric *metric, gsize earlier, gsize later)
{
	const StetRowIndex *rows = metric->rows;
	gint64 distance = rows->ordinal[rows->row_period[later]] - rows->ordinal[rows->row_period[earlier]];
	return distance > 0 && distance < G_MAXINT ? (guint)distance : 0;
}

double rows_value(const StetMetric *metric, guint measure, gsize row)
{
	if (!metric->table || row >= metric->table->n_rows || measure >= metric->n_measures)
		return NAN;
	return stet_cell_number(stet_table_cell(metric->table, row, metric->measures[measure].column));
}

int stet_metric_measure(const StetMetric *metric, const char *name)
{
	if (!name || !*name)
		return metric->n_measures > 0 ? 0 : -1;
	for (guint i = 0; i < metric->n_measures; i++)
		if (strcmp(metric->measures[i].name, name) == 0)
			return (int)i;
	return -1;
}

gsize stet_metric_pick(const StetMetric *metric, guint measure, gsize row, const char *which)
{
	static const char *const kinds[] = {"first", "latest", "max", "min"};
	guint kind = 0;
	while (kind < G_N_ELEMENTS(kinds) && strcmp(which, kinds[kind]) != 0)
		kind++;
	gsize n = 0, best = G_MAXSIZE;
	const gsize *series = stet_metric_series(metric, row, &n);
	double held = NAN;
	for (gsize i = 0; i < n && kind < G_N_ELEMENTS(kinds); i++) {
		double value = rows_value(metric, measure, series[i]);
		gboolean better[] = {FALSE, TRUE, value > held, value < held};
		if (!isnan(value) && (best == G_MAXSIZE || better[kind])) {
			best = series[i];
			held = value;
		}
	}
	return best;
}

/* ---- finding ---- */

static gboolean cell_is(const StetCell *cell, const char *text)
{
	if (cell->kind == STET_TEXT)
		return strcmp(cell->v.s, text) == 0;
	g_autofree char *mine = stet_cell_text(cell);
	return strcmp(mine, text) == 0;
}

static gboolean row_meets(const StetMetric *metric, gsize row, guint n, const StetWhere *where,
						  const int *columns)
{
	for (guint i = 0; i < n; i++)
		if (!cell_is(stet_table_cell(metric->table, row, (guint)columns[i]), where[i].text))
			return FALSE;
	return TRUE;
}

/* The row of period `period` that meets the conditions; G_MAXSIZE if there is none or (`*several`) more. */
static gsize find_in_period(const StetMetric *metric, guint period, guint n, const StetWhere *where,
							const int *columns, gboolean *several)
{
	gsize found = G_MAXSIZE;
	const gsize *start = metric->rows->period_start;
	for (gsize row = start[period]; row < start[period + 1]; row++) {
		if (!row_meets(metric, row, n, where, columns))
			continue;
		if (found != G_MAXSIZE) {
			*several = TRUE;
			return G_MAXSIZE;
		}
		found = row;
	}
	return found;
}

gsize stet_metric_row_find(const StetMetric *metric, const char *at, guint n, const StetWhere *where,
						   const char **why_not)
{
	*why_not = "the metric has no result";
	if (!metric->rows)
		return G_MAXSIZE;
	g_autofree int *columns = g_new0(int, n + 1);
	for (guint i = 0; i < n; i++) {
		columns[i] = stet_table_column(metric->table, where[i].column);
		*why_not = "the metric has no such column";
		if (columns[i] < 0)
			return G_MAXSIZE;
	}
	gboolean latest = !at || !*at || strcmp(at, "latest") == 0, several = FALSE, known = FALSE;
	for (guint p = metric->rows->n_periods; p-- > 0;) {
		if (!latest && strcmp(metric->rows->period_text[p], at) != 0)
			continue;
		known = TRUE;
		gsize row = find_in_period(metric, p, n, where, columns, &several);
		*why_not = several ? "more than one row meets the conditions" : NULL;
		if (row != G_MAXSIZE || several)
			return row;
	}
	*why_not = known || latest ? "no row meets the conditions" : "the metric has no such period";
	return G_MAXSIZE;
}

/* ---- ids ---- */

/* The cells of a row's key: period, then dimensions. Returns their number. */
static guint key_cells(const StetMetric *metric, gsize row, const StetCell **cells)
{
	guint n = 0;
	if (metric->period_column >= 0)
		cells[n++] = period_cell(metric, row);
	for (guint d = 0; d < metric->n_dimensions; d++)
		cells[n++] = stet_table_cell(metric->table, row, metric->dimension_columns[d]);
	return n;
}

char *rows_key_text(const StetMetric *metric, gsize row)
{
	g_autofree const StetCell **cells = g_new0(const StetCell *, metric->n_dimensions + 1);
	guint n = key_cells(metric, row, cells);
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < n; i++) {
		g_autofree char *part = stet_cell_text(cells[i]);
		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", part);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *make_id(const StetMetric *metric, gsize row, GHashTable *slugs)
{
	g_autofree const StetCell **cells = g_new0(const StetCell *, metric->n_dimensions + 1);
	guint n = key_cells(metric, row, cells);
	if (n == 0)
		return g_strdup("value");
	g_autoptr(GString) id = g_string_new(NULL);
	for (guint i = 0; i < n; i++) {
		char *text = stet_cell_text(cells[i]);
		char *slug = g_hash_table_lookup(slugs, text);
		if (slug) {
			g_free(text);
		} else {
			slug = stet_anchor(text);
			g_hash_table_insert(slugs, text, slug);
		}
		g_string_append_printf(id, "%s%s", i > 0 ? "-" : "", slug);
	}
	return g_strndup(id->str, id->len); /* there may be a million of them: no room to grow */
}

/* Different keys may have one slug ("A B", "a-b"): the later ones get digits of their key's hash, which
 * stay as they are when rows come and go. */
static void make_ids(const StetMetric *metric, StetRowIndex *rows)
{
	gsize n = metric->table->n_rows;
	g_autoptr(GHashTable) slugs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	rows->row_by_id = g_hash_table_new(g_str_hash, g_str_equal);
	char **ids = g_new0(char *, n + 1);
	for (gsize r = 0; r < n; r++) {
		ids[r] = make_id(metric, r, slugs);
		if (g_hash_table_contains(rows->row_by_id, ids[r])) {
			g_autofree char *key = rows_key_text(metric, r);
			StetHash hash = stet_hash(key, strlen(key));
			char *longer = g_strdup_printf("%s-%.8s", ids[r], hash.hex);
			g_free(ids[r]);
			ids[r] = longer;
		}
		g_hash_table_insert(rows->row_by_id, ids[r], GSIZE_TO_POINTER(r + 1));
	}
	rows->ids = ids;
}

static void ensure_ids(const StetMetric *metric)
{
	g_mutex_lock(&metric->rows->lock);
	if (!metric->rows->ids)
		make_ids(metric, metric->rows);
	g_mutex_unlock(&metric->rows->lock);
}

char *stet_metric_row_id(const StetMetric *metric, gsize row)
{
	if (!metric->rows || row >= metric->table->n_rows)
		return g_strdup("value");
	ensure_ids(metric);
	return g_strdup(metric->rows->ids[row]);
}

gsize stet_metric_row_by_id(const StetMetric *metric, const char *id)
{
	if (!metric->rows)
		return G_MAXSIZE;
	ensure_ids(metric);
	return GPOINTER_TO_SIZE(g_hash_table_lookup(metric->rows->row_by_id, id)) - 1;
}
