#include "scale.h"

#include <math.h>
#include <string.h>

#define NEARLY 0.01 /* steps */

/* ---- numbers -------------------------------------------------------------------------------- */

/* What counts against a step of 2.5 x 10^power: 25 and 250 are as good as any, but 2.5, 2.5K and 2.5M need a decimal
 * that every second tick does not. */
static double against_quarters(int power)
{
	return power < 1 || power % 3 == 0 ? 0.5 : 0.08;
}

/* The round step that cuts the domain into the number of pieces nearest to `target`, and gives 4 to 10 ticks; of more
 * than 8 pieces as many as it takes. */
static double nice_step(double low, double high, guint target)
{
	static const double nice[] = {0.5, 1, 2, 5, 10, 2.5};
	int power = (int)floor(log10((high - low) / target));
	double best = 0, least = INFINITY;
	for (guint i = 0; i < G_N_ELEMENTS(nice); i++) {
		double step = nice[i] * pow(10, power), pieces = (high - low) / step;
		double ticks = ceil(high / step - NEARLY) - floor(low / step + NEARLY) + 1;
		double off = fabs(log(pieces / target)) + (nice[i] == 2.5 ? against_quarters(power) : 0);
		if ((ticks > 10 && target < 9) || (ticks < 4 && target >= 4))
			off += 10;
		if (off < least) {
			least = off;
			best = step;
		}
	}
	return best;
}

static int decimals_of(double step)
{
	int decimals = 0;
	double scaled = fabs(step);
	while (decimals < 9 && fabs(scaled - round(scaled)) > 1e-6 * scaled) {
		scaled *= 10;
		decimals++;
	}
	return decimals;
}

/* An end that passes a tick by less than a hundredth of a step (under a pixel: sums of rounded shares,
 * floating sums) ends at the tick, not a whole empty step beyond it. */
static void linear_ticks(ChartScale *scale, gboolean fixed_low, gboolean fixed_high, guint target)
{
	double step = nice_step(scale->low, scale->high, target);
	double first = ceil(scale->low / step - (fixed_low ? 1e-9 : NEARLY));
	double last = floor(scale->high / step + (fixed_high ? 1e-9 : NEARLY));
	if (!fixed_low) {
		first -= first * step > scale->low + NEARLY * step ? 1 : 0;
		scale->low = stet_round_significant(first * step, 12);
	}
	if (!fixed_high) {
		last += last * step < scale->high - NEARLY * step ? 1 : 0;
		scale->high = stet_round_significant(last * step, 12);
	}
	guint n = (guint)CLAMP(last - first + 1, 0, CHART_TICKS_MAX);
	for (guint i = 0; i < n; i++)
		scale->ticks[scale->n_ticks++] = first + i == 0 ? 0 : stet_round_significant((first + i) * step, 12);
	scale->decimals = decimals_of(step);
}

static void log_ticks(ChartScale *scale, gboolean fixed_low, gboolean fixed_high)
{
	static const double within[3][3] = {{1}, {1, 3}, {1, 2, 5}};
	double first = floor(log10(scale->low) + 1e-9), last = ceil(log10(scale->high) - 1e-9);
	if (!fixed_low)
		scale->low = pow(10, first);
	if (!fixed_high)
		scale->high = pow(10, fmax(last, first + 1));
	double decades = log10(scale->high / scale->low);
	guint parts = decades > 4 ? 1 : decades > 2 ? 2 : 3;
	double every = ceil(decades / 8);
	guint n = (guint)((last - first) / every) + 1;
	for (guint k = 0; k < n; k++)
		for (guint i = 0; i < parts; i++) {
			double tick = within[parts - 1][i] * pow(10, first + k * every);
			if (tick >= scale->low * (1 - 1e-9) && tick <= scale->high * (1 + 1e-9) &&
				scale->n_ticks < CHART_TICKS_MAX)
				scale->ticks[scale->n_ticks++] = tick;
		}
	scale->decimals = first < 0 ? (int)fmin(-first, 9) : 0;
}

/* Zero and the powers of ten on each side of it, as far apart as leaves at most nine. */
static void symlog_ticks(ChartScale *scale)
{
	double far = fmax(fabs(scale->low), fabs(scale->high)), first = floor(log10(scale->linear)) + 1;
	double every = fmax(1, ceil((log10(far) - first + 1) / 4));
	int steps = (int)floor((log10(far) - first) / every + 1e-9);
	for (int k = steps; k >= 0 && scale->low < 0; k--) {
		double tick = -pow(10, first + k * every);
		if (tick >= scale->low && tick <= scale->high && scale->n_ticks < CHART_TICKS_MAX)
			scale->ticks[scale->n_ticks++] = tick;
	}
	if (scale->low <= 0 && scale->high >= 0)
		scale->ticks[scale->n_ticks++] = 0;
	for (int k = 0; k <= steps && scale->high > 0; k++) {
		double tick = pow(10, first + k * every);
		if (tick >= scale->low && tick <= scale->high * (1 + 1e-9) && scale->n_ticks < CHART_TICKS_MAX)
			scale->ticks[scale->n_ticks++] = tick;
	}
	scale->decimals = first < 0 ? (int)fmin(-first, 9) : 0;
}

/* A bent scale over less than a decade or two may hold no power of ten. */
static void ensure_ticks(ChartScale *scale, guint target)
{
	if (scale->n_ticks >= 2)
		return;
	scale->n_ticks = 0;
	linear_ticks(scale, TRUE, TRUE, target);
}

ChartScale chart_scale_new(ChartScaleKind kind, double low, double high, gboolean fixed_low,
						   gboolean fixed_high, guint target)
{
	ChartScale scale = {.kind = kind, .from = 0, .to = 1};
	low = isfinite(low) ? CLAMP(low, -1e15, 1e15) : 0;
	high = isfinite(high) ? CLAMP(high, -1e15, 1e15) : low + 1;
	if (high < low) {
		double swap = low;
		low = high;
		high = swap;
	}
	if (kind == SCALE_LOG) {
		/* No zero on a log scale, and fifteen decades are as many as a double tells apart from nothing. */
		high = high > 0 ? fmax(high, 1e-90) : 10;
		low = fmax(low > 0 ? low : fmin(high / 1000, 1), high * 1e-15);
	}
	if (high - low <= 1e-9 * fmax(fabs(low), fabs(high)) || high - low < 1e-12) {
		double half = low == 0 ? 1 : fabs(low) / 2;
		high = low + half;
		low = kind == SCALE_LOG ? low : low - half;
	}
	scale.low = low;
	scale.high = high;
	scale.linear = fmax(fmax(fabs(low), fabs(high)) / 1e4, 1e-9);
	if (fmax(fabs(low), fabs(high)) > 10)
		scale.linear = fmax(scale.linear, 1);
	if (kind == SCALE_LOG)
		log_ticks(&scale, fixed_low, fixed_high);
	else if (kind == SCALE_SYMLOG)
		symlog_ticks(&scale);
	else
		linear_ticks(&scale, fixed_low, fixed_high, MAX(target, 2));
	if (kind != SCALE_LINEAR)
		ensure_ticks(&scale, 4);
	return scale;
}

static double bend(const ChartScale *scale, double value)
{
	if (scale->kind == SCALE_LOG)
		return log10(fmax(value, 1e-300));
	if (scale->kind == SCALE_SYMLOG)
		return copysign(log1p(fabs(value) / scale->linear), value);
	return value;
}

/* Values outside the domain land on its edge. */
double chart_scale_at(const ChartScale *scale, double value)
{
	double low = bend(scale, scale->low), high = bend(scale, scale->high);
	double share = (bend(scale, value) - low) / (high - low);
	/* A comparison with NaN fails: such a value lands on the low edge. */
	share = share > 0 ? fmin(share, 1) : 0;
	return scale->from + (scale->to - scale->from) * share;
}

/* ---- periods -------------------------------------------------------------------------------- */

static gboolean digits(const char *text, guint from, guint n, int *out)
{
	*out = 0;
	for (guint i = from; i < from + n; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		*out = *out * 10 + (text[i] - '0');
	}
	return TRUE;
}

ChartXKind chart_period_read(const char *text, double *at)
{
	int year, part, day;
	gsize length = strlen(text);
	if (length < 4 || !digits(text, 0, 4, &year))
		return X_CATEGORY;
	if (length == 4) {
		*at = year;
		return X_YEAR;
	}
	if (length == 6 && text[4] == 'Q' && text[5] >= '1' && text[5] <= '4') {
		*at = year * 4 + (text[5] - '1');
		return X_QUARTER;
	}
	if (length < 7 || text[4] != '-' || !digits(text, 5, 2, &part) || part < 1 || part > 12)
		return X_CATEGORY;
	if (length == 7) {
		*at = year * 12 + part - 1;
		return X_MONTH;
	}
	if (length < 10 || text[7] != '-' || !digits(text, 8, 2, &day) || !stet_date_valid(year, part, day))
		return X_CATEGORY;
	*at = stet_date_days(year, part, day);
	return X_DATE;
}

void chart_period_split(ChartXKind kind, double at, int *year, int *part)
{
	int month, day;
	double in_year = kind == X_QUARTER ? 4 : kind == X_MONTH ? 12 : 1;
	if (kind == X_DATE) {
		stet_date_split((gint32)at, year, &month, &day);
		*part = (int)at - stet_date_days(*year, 1, 1) + 1;
		return;
	}
	*year = (int)floor(at / in_year);
	*part = (int)(at - *year * in_year) + 1;
}

char *chart_period_write(ChartXKind kind, double at)
{
	int year, part, day;
	if (kind == X_DATE) {
		stet_date_split((gint32)at, &year, &part, &day);
		return g_strdup_printf("%04d-%02d-%02d", year, part, day);
	}
	chart_period_split(kind, at, &year, &part);
	return kind == X_YEAR      ? g_strdup_printf("%04d", year)
		   : kind == X_QUARTER ? g_strdup_printf("%04dQ%d", year, part)
							   : g_strdup_printf("%04d-%02d", year, part);
}
