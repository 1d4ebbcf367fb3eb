/* Bars and heat in the cells of tables. */
#include "scene.h"

#include <math.h>

StetReach stet_reach(const double *values, guint n)
{
	StetReach reach = {INFINITY, -INFINITY, FALSE};
	for (guint i = 0; i < n; i++)
		if (isfinite(values[i])) {
			reach.low = fmin(reach.low, values[i]);
			reach.high = fmax(reach.high, values[i]);
		}
	if (reach.low > reach.high)
		reach.low = reach.high = 0;
	reach.diverging = reach.low < 0 && reach.high > 0;
	return reach;
}

const char *stet_heat_class(const StetReach *reach, double value)
{
	static const char *const classes[2 * CHART_STEPS] = {
		"heat s1", "heat s2", "heat s3", "heat s4", "heat s5", "heat s6", "heat s7", "heat s8", "heat s9",
		"heat d1", "heat d2", "heat d3", "heat d4", "heat d5", "heat d6", "heat d7", "heat d8", "heat d9",
	};
	double far = fmax(fabs(reach->low), fabs(reach->high)), span = reach->high - reach->low, at = 0.5;
	if (!isfinite(value))
		return "";
	if (reach->diverging)
		at = 0.5 + value / far / 2;
	else if (span > 0)
		at = (value - reach->low) / span;
	return classes[(reach->diverging ? CHART_STEPS : 0) + CLAMP((int)(at * CHART_STEPS), 0, CHART_STEPS - 1)];
}

void stet_cell_bar_write(const StetReach *reach, double value, GString *out)
{
	double low = fmin(reach->low, 0), high = fmax(reach->high, 0), span = high > low ? high - low : 1;
	if (!isfinite(value))
		return;
	double zero = low < 0 ? -low / span * 100 : 0, end = CLAMP((value - low) / span, 0, 1) * 100;
	char from[G_ASCII_DTOSTR_BUF_SIZE], width[G_ASCII_DTOSTR_BUF_SIZE], line[G_ASCII_DTOSTR_BUF_SIZE];
	g_ascii_formatd(from, sizeof from, "%.1f", fmin(zero, end));
	g_ascii_formatd(width, sizeof width, "%.1f", fabs(end - zero));
	g_ascii_formatd(line, sizeof line, "%.1f", zero);
	g_string_append(
		out,
		"<svg class=\"cell-bar\" viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
	g_string_append_printf(out, "<rect class=\"%s\" x=\"%s\" y=\"0\" width=\"%s\" height=\"12\"/>",
						   !reach->diverging ? "c1"
						   : value < 0       ? "down"
											 : "up",
						   from, width);
	if (low < 0)
		g_string_append_printf(out, "<path d=\"M%s 0v12\"/>", line);
	g_string_append(out, "</svg>");
}
