/* `stet edition` and `stet diff`: what was published, and what has changed since. */
#include "cli/private.h"

#include <math.h>
#include <string.h>

/* ---- edition ------------------------------------------------------------------------------- */

static StetCell text_cell(StetTable *table, const char *text)
{
	return text && *text ? stet_table_text(table, text) : (StetCell){.kind = STET_NULL};
}

/* What is frozen is what was published: the ledger of the site in out/. */
static void freeze(StetAsking *asking, const char *name)
{
	StetSession *session = &asking->session;
	g_autofree char *path = g_build_filename(asking->options->out ? asking->options->out : session->root,
											 asking->options->out ? "ledger.json" : "out/ledger.json", NULL);
	g_autofree char *ledger = stet_file_read(path, NULL, NULL);
	if (!ledger) {
		stet_diagnose(session->diags, STET_ERROR, "edition-ledger", (StetPlace){NULL, 0, 0},
					  "build the site first", "there is no ledger of a site to freeze: '%s'", path);
		return;
	}
	g_autoptr(GError) error = NULL;
	if (!stet_edition_freeze(session->project, name, ledger, &error)) {
		stet_diagnose(session->diags, STET_ERROR, "edition-freeze", (StetPlace){NULL, 0, 0}, NULL, "%s",
					  error->message);
		return;
	}
	if (!asking->options->quiet)
		fprintf(stderr, "froze %s as data/editions/%s.json; commit it with its .sha256\n", path, name);
}

static void list(StetAsking *asking, StetTableForm form)
{
	static const char *const names[] = {"edition", "sha256", NULL};
	static const StetKind kinds[] = {STET_TEXT, STET_TEXT};
	StetSession *session = &asking->session;
	g_autoptr(GPtrArray) editions = stet_editions_list(session->project);
	g_autoptr(StetTable) table = stet_table_of(names, kinds);
	for (guint i = 0; i < editions->len; i++) {
		g_autoptr(StetEdition) edition =
			stet_edition_load(session->project, editions->pdata[i], session->diags);
		StetCell *cells = stet_table_append(table);
		cells[0] = text_cell(table, editions->pdata[i]);
		cells[1] = text_cell(table, edition ? stet_edition_hash(edition) : "damaged");
	}
	stet_table_print(table, form, stdout);
}

StetStatus stet_command_edition(const StetOptions *options, char **args)
{
	StetTableForm form;
	gboolean freezing = strcmp(args[0], "freeze") == 0;
	if (!freezing && strcmp(args[0], "list") != 0)
		return stet_complain(STET_STATUS_USAGE, "edition is followed by freeze NAME or list, not by '%s'",
							 args[0]);
	if (freezing != (args[1] != NULL))
		return stet_complain(STET_STATUS_USAGE, freezing ? "edition freeze needs a name: 2025Q4"
														 : "edition list takes nothing more");
	if (!stet_table_form(options, &form) || !stet_is_report(options, "."))
		return STET_STATUS_USAGE;
	StetAsking asking;
	stet_asking_init(&asking, options, ".");
	StetSession *session = &asking.session;
	session->project = stet_project_load(session->root, session->diags, &asking.error);
	if (session->project && freezing)
		freeze(&asking, args[1]);
	else if (session->project)
		list(&asking, form);
	return stet_asking_end(&asking);
}

/* ---- diff ---------------------------------------------------------------------------------- */

static StetEdition *open_edition(StetAsking *asking, const char *name)
{
	StetSession *session = &asking->session;
	return strcmp(name, "now") == 0 ? stet_edition_now(session->metrics)
									: stet_edition_load(session->project, name, session->diags);
}

static void put_key(StetTable *table, StetCell *cells, const StetDifference *difference)
{
	const StetMetric *metric = difference->metric;
	g_autoptr(GString) key = g_string_new(NULL);
	if (metric->period_column >= 0) {
		g_autofree char *at =
			stet_cell_text(stet_table_cell(metric->table, difference->row, (guint)metric->period_column));
		cells[2] = text_cell(table, at);
	}
	for (guint d = 0; d < metric->n_dimensions; d++) {
		g_autofree char *text =
			stet_cell_text(stet_table_cell(metric->table, difference->row, metric->dimension_columns[d]));
		g_string_append_printf(key, "%s%s=%s", d > 0 ? "; " : "", metric->dimensions[d], text);
	}
	cells[3] = text_cell(table, key->str);
}

static StetCell number_cell(double value)
{
	return isfinite(value) ? (StetCell){STET_NUMBER, {.n = value}} : (StetCell){.kind = STET_NULL};
}

static void print_differences(const GArray *differences, StetTableForm form)
{
	static const char *const names[] = {"change", "metric", "period",  "key", "measure",
										"before", "after",  "percent", NULL};
	static const StetKind kinds[] = {STET_TEXT, STET_TEXT,   STET_TEXT,   STET_TEXT,
									 STET_TEXT, STET_NUMBER, STET_NUMBER, STET_NUMBER};
	static const char *const words[] = {[STET_DIFF_RESTATED] = "restated",
										[STET_DIFF_MOVED] = "moved",
										[STET_DIFF_NEW] = "new",
										[STET_DIFF_GONE] = "gone"};
	g_autoptr(StetTable) table = stet_table_of(names, kinds);
	for (guint i = 0; i < differences->len; i++) {
		const StetDifference *difference = &g_array_index(differences, StetDifference, i);
		StetCell *cells = stet_table_append(table);
		cells[0] = text_cell(table, words[difference->kind]);
		cells[1] = text_cell(table, difference->metric->name);
		put_key(table, cells, difference);
		cells[4] = text_cell(table, difference->metric->measures[difference->measure].name);
		cells[5] = number_cell(difference->before);
		cells[6] = number_cell(difference->after);
		cells[7] = number_cell(stet_round_decimals(
			100 * (difference->after - difference->before) / fabs(difference->before), 2));
	}
	stet_table_print(table, form, stdout);
}

StetStatus stet_command_diff(const StetOptions *options, char **args)
{
	const char *to = args[1] ? args[1] : "now";
	StetTableForm form;
	if (!stet_table_form(options, &form) || !stet_is_report(options, "."))
		return STET_STATUS_USAGE;
	StetAsking asking;
	stet_asking_init(&asking, options, ".");
	StetSession *session = &asking.session;
	gboolean now = strcmp(args[0], "now") == 0 || strcmp(to, "now") == 0, ready = FALSE;
	if (now) {
		ready = stet_asking_prepare(&asking);
	} else {
		session->project = stet_project_load(session->root, session->diags, &asking.error);
		ready = session->project != NULL;
	}
	if (ready) {
		g_autoptr(StetEdition) a = open_edition(&asking, args[0]);
		g_autoptr(StetEdition) b = a ? open_edition(&asking, to) : NULL;
		g_autoptr(GArray) differences = b ? stet_diff(a, b) : NULL;
		if (differences)
			print_differences(differences, form);
	}
	return stet_asking_end(&asking);
}
