/* The public face of every engine, and what they share. */
#include "private.h"

#include <math.h>
#include <string.h>

#define POWER_MAX 22
#define NEARLY 0x1p-50L /* relative: a few units in the last place of a double */

void stet_engine_close(StetEngine *engine)
{
	if (engine != NULL)
		engine->backend->close(engine);
}

static gboolean cannot(const StetEngine *engine, const char *what, GError **error)
{
	g_set_error(error, EN_ERROR, 0, "the %s engine cannot %s", engine->backend->name, what);
	return FALSE;
}

gboolean stet_engine_add(StetEngine *engine, const StetDataset *dataset, GError **error)
{
	return engine->backend->add != NULL ? engine->backend->add(engine, dataset, error)
										: cannot(engine, "scan a dataset in place", error);
}

gboolean stet_engine_add_table(StetEngine *engine, const char *name, const StetTable *table, GError **error)
{
	return engine->backend->add_table != NULL ? engine->backend->add_table(engine, name, table, error)
											  : cannot(engine, "take a result in", error);
}

gboolean stet_engine_seal(StetEngine *engine, GError **error)
{
	return engine->backend->seal == NULL || engine->backend->seal(engine, error);
}

char **stet_engine_tables(StetEngine *engine, const char *sql, StetFault *fault)
{
	stet_fault_clear(fault);
	if (engine->backend->tables != NULL)
		return engine->backend->tables(engine, sql, fault);
	fault->message = g_strdup_printf("the %s engine has no parser to ask", engine->backend->name);
	return NULL;
}

StetTable *stet_engine_query(StetEngine *engine, const char *sql, const StetQueryOptions *options,
							 StetFault *fault)
{
	stet_fault_clear(fault);
	return engine->backend->query(engine, sql, options, fault);
}

/* ---- shared -------------------------------------------------------------------------------- */

void stet_fault_clear(StetFault *fault)
{
	g_clear_pointer(&fault->message, g_free);
	g_clear_pointer(&fault->mend, g_free);
	fault->line = fault->column = 0;
}

void en_fault_place(StetFault *fault, const char *sql, gsize offset)
{
	fault->line = fault->column = 1;
	for (const char *p = sql; *p != 0 && p < sql + offset; p++) {
		fault->column = *p == '\n' ? 1 : fault->column + 1;
		fault->line += *p == '\n';
	}
}

/* Twelve significant digits, half away from zero. Engines add in different orders, so a value that stands
 * half-way in decimals comes a few units of the last binary place above or below it: what is that near
 * counts as half-way. */
static double twelve_digits(double value)
{
	if (value == 0 || (fabs(value) < 1e12 && value == rint(value)))
		return value;
	int places = 11 - (int)floor(log10(fabs(value)));
	if (places < -POWER_MAX || places > POWER_MAX)
		return stet_round_significant(value, 12);
	double power = 1;
	for (int i = 0; i < ABS(places); i++)
		power *= 10; /* exact: 5^22 has 52 bits */
	long double scaled = fabsl((long double)value);
	scaled = places < 0 ? scaled / power : scaled * power;
	/* two numbers that are held exactly: one rounding, to the double nearest to the decimal */
	double whole = (double)floorl(scaled + 0.5L + scaled * NEARLY);
	double rounded = places < 0 ? whole * power : whole / power;
	return value < 0 ? -rounded : rounded;
}

gboolean en_number(double value, int decimals, StetCell *cell)
{
	if (!isfinite(value))
		return FALSE;
	cell->v.n = decimals >= 0 ? stet_round_decimals(value, decimals) : twelve_digits(value);
	/* no minus zero */
	cell->v.n += 0.0;
	return TRUE;
}

gboolean en_too_many_rows(const StetEngine *engine, const StetTable *table, StetFault *fault)
{
	if (table->n_rows <= engine->row_cap)
		return FALSE;
	fault->message = g_strdup_printf("the result has more than %" G_GSIZE_FORMAT
									 " rows, too many for a report; group or filter it, or raise limits.rows",
									 engine->row_cap);
	return TRUE;
}

const StetCell *en_parameter(const StetQueryOptions *options, const char *name)
{
	for (guint i = 0; options != NULL && i < options->n_parameters; i++)
		if (strcmp(options->parameters[i].name, name) == 0)
			return &options->parameters[i].value;
	return NULL;
}
