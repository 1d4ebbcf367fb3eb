/* `stet build` and `stet check`: a build, and what is said about it. */
#include "cli/private.h"

#include <unistd.h>

typedef struct {
	const StetOptions *options;
	StetBuildRequest request;
	StetDiagnostics *diags;
	StetBuildResult result;
	char *out_shown;
	double seconds;
} Job;

static const char *plural(guint n)
{
	return n == 1 ? "" : "s";
}

static char *success_text(const Job *job)
{
	const StetSiteSummary *s = &job->result.summary;
	guint warnings = stet_diagnostics_count(job->diags, STET_WARNING);
	g_autofree char *counts = stet_counts_text(0, warnings);
	if (job->result.nothing_to_do)
		return g_strdup_printf("nothing to do: %s is up to date", job->out_shown);
	return g_strdup_printf("%s %u page%s, %u chart%s, %u figure%s in %.2f s%s%s",
						   job->request.check ? "checked" : "built", s->pages, plural(s->pages), s->charts,
						   plural(s->charts), s->figures, plural(s->figures), job->seconds,
						   warnings ? ", " : "", counts);
}

static char *failure_text(const Job *job)
{
	g_autofree char *counts = stet_counts_text(stet_diagnostics_count(job->diags, STET_ERROR),
											   stet_diagnostics_count(job->diags, STET_WARNING));
	const char *what = job->result.interrupted ? "interrupted" : *counts ? counts : "no site was made";
	if (job->request.check)
		return g_strdup(what);
	if (!g_file_test(job->request.out, G_FILE_TEST_IS_DIR))
		return g_strdup_printf("%s: nothing was built", what);
	return g_strdup_printf("%s: %s left as it was", what, job->out_shown);
}

/* The last line for programs: what came of it, as one more object. */
static void print_json_summary(const Job *job)
{
	const StetSiteSummary *s = &job->result.summary;
	static const char *const outcomes[] = {"built", "errors", "usage", "machine"};
	const char *outcome = job->result.interrupted     ? "interrupted"
						  : job->result.nothing_to_do ? "current"
						  : job->request.check && job->result.status == STET_STATUS_DONE
							  ? "checked"
							  : outcomes[job->result.status];
	fprintf(stderr,
			"{\"result\":\"%s\",\"errors\":%u,\"warnings\":%u,\"pages\":%u,\"charts\":%u,\"figures\":%u,"
			"\"files\":%u,\"bytes\":%" G_GUINT64_FORMAT ",\"seconds\":%s}\n",
			outcome, stet_diagnostics_count(job->diags, STET_ERROR),
			stet_diagnostics_count(job->diags, STET_WARNING), s->pages, s->charts, s->figures, s->files,
			s->bytes, stet_number_text(stet_round_decimals(job->seconds, 3), (char[STET_NUMBER_MAX]){0}));
}

static void print_outcome(const Job *job)
{
	const StetOptions *options = job->options;
	g_autofree char *shown = stet_shown_path(options, job->request.root);
	StetPrinter printer = {options->format, stet_wants_colour(stderr), job->request.root, shown};
	stet_progress_clear(job->request.progress);
	if (job->result.error)
		stet_diagnose(job->diags, STET_ERROR, "machine", (StetPlace){NULL, 0, 0}, NULL, "%s",
					  job->result.error->message);
	stet_print_diagnostics(&printer, job->diags, stderr);
	if (options->format == STET_FORMAT_JSON) {
		print_json_summary(job);
		return;
	}
	gboolean failed = job->result.status != STET_STATUS_DONE;
	g_autofree char *line = failed ? failure_text(job) : success_text(job);
	if (failed || !options->quiet)
		fprintf(stderr, "%s\n", line);
	if (options->profile || options->verbose)
		stet_progress_print_times(job->request.progress);
	if (options->profile)
		stet_progress_print_notes(job->request.progress);
}

gboolean stet_is_report(const StetOptions *options, const char *root)
{
	g_autofree char *data = g_build_filename(root, "data", NULL),
					*templates = g_build_filename(root, "templates", NULL);
	if (g_file_test(data, G_FILE_TEST_IS_DIR) || g_file_test(templates, G_FILE_TEST_IS_DIR))
		return TRUE;
	g_autofree char *shown = stet_shown_path(options, root);
	stet_complain(STET_STATUS_USAGE,
				  "'%s' is no report: it has neither a data nor a templates folder "
				  "('stet init DIR' writes a first one)",
				  shown);
	return FALSE;
}

static StetStatus run_job(const StetOptions *options, const char *root, gboolean check)
{
	if (!stet_is_report(options, root))
		return STET_STATUS_USAGE;
	if (options->strict && options->lenient)
		return stet_complain(STET_STATUS_USAGE, "--strict and --lenient exclude each other");
	g_autofree char *out = options->out ? g_strdup(options->out) : g_build_filename(root, "out", NULL);
	Job job = {.options = options, .diags = stet_diagnostics_new()};
	gboolean live = !options->quiet && options->format == STET_FORMAT_HUMAN && stet_is_terminal(stderr);
	job.request = (StetBuildRequest){.root = root,
									 .out = out,
									 .jobs = (guint)options->jobs,
									 .check = check,
									 .force = options->force,
									 .lenient = options->lenient,
									 .profile = options->profile,
									 .progress = stet_progress_new(live)};
	g_autofree char *shown = stet_shown_path(options, out);
	job.out_shown = g_strconcat(shown, g_str_has_suffix(shown, "/") ? "" : "/", NULL);
	if (options->all)
		stet_diagnostics_keep_all(job.diags);
	stet_signals_watch();
	stet_build(&job.request, job.diags, &job.result);
	job.seconds = stet_progress_seconds(job.request.progress);
	print_outcome(&job);
	g_clear_error(&job.result.error);
	stet_progress_free(job.request.progress);
	stet_diagnostics_free(job.diags);
	g_free(job.out_shown);
	return job.result.status;
}

StetStatus stet_command_build(const StetOptions *options, char **args)
{
	return run_job(options, args[0] ? args[0] : ".", FALSE);
}

StetStatus stet_command_check(const StetOptions *options, char **args)
{
	return run_job(options, args[0] ? args[0] : ".", TRUE);
}
