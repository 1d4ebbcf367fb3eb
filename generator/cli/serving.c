/* `stet serve`: build, show, watch, build again; no error ends it. */
#include "cli/private.h"
#include "cli/serve.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define LOOK 300 /* ms between two looks for a signal */

typedef struct {
	const StetOptions *options;
	const char *root;
	char *out;
	StetServer *server;
	guint built;
} Preview;

/* The faults as the overlay reads them: JSON lines (g_free). */
static char *faults_text(const Preview *preview, StetDiagnostics *diags)
{
	char *text = NULL;
	gsize length = 0;
	FILE *memory = open_memstream(&text, &length);
	if (!memory)
		return g_strdup("");
	StetPrinter printer = {STET_FORMAT_JSON, FALSE, preview->root, "."};
	stet_print_diagnostics(&printer, diags, memory);
	fclose(memory);
	char *copy = g_strdup(text);
	free(text); /* the C library's, not GLib's */
	return copy;
}

static void print_outcome(const Preview *preview, StetDiagnostics *diags, const StetBuildResult *result,
						  double seconds)
{
	const StetOptions *options = preview->options;
	g_autofree char *shown = stet_shown_path(options, preview->root);
	StetPrinter printer = {options->format, stet_wants_colour(stderr), preview->root, shown};
	stet_print_diagnostics(&printer, diags, stderr);
	g_autofree char *counts = stet_counts_text(stet_diagnostics_count(diags, STET_ERROR),
											   stet_diagnostics_count(diags, STET_WARNING));
	if (options->quiet || options->format == STET_FORMAT_JSON)
		return;
	if (result->status == STET_STATUS_DONE)
		fprintf(stderr, "built %u pages in %.0f ms%s%s\n", result->summary.pages, 1000 * seconds,
				*counts ? ", " : "", counts);
	else
		fprintf(stderr, "%s: the last good site stays\n", counts);
}

/* Open pages need not wait for the clearing up. */
static void announce(gpointer data)
{
	Preview *preview = data;
	stet_server_announce(preview->server, ++preview->built, NULL);
}

static void build_once(Preview *preview)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	StetProgress *progress = stet_progress_new(FALSE);
	StetBuildRequest request = {.root = preview->root,
								.out = preview->out,
								.jobs = (guint)preview->options->jobs,
								.hasty = TRUE,
								.published = announce,
								.published_data = preview,
								.progress = progress};
	StetBuildResult result;
	stet_build(&request, diags, &result);
	if (result.error)
		stet_diagnose(diags, STET_ERROR, "machine", (StetPlace){NULL, 0, 0}, NULL, "%s",
					  result.error->message);
	g_clear_error(&result.error);
	if (!result.interrupted && !result.nothing_to_do)
		print_outcome(preview, diags, &result, stet_progress_seconds(progress));
	stet_progress_free(progress);
	gboolean good = result.status == STET_STATUS_DONE;
	if (!good || result.nothing_to_do)
		stet_server_announce(preview->server, preview->built, good ? NULL : faults_text(preview, diags));
}

/* The server's threads must leave signals to this one. */
static StetServer *start_server(const Preview *preview, GError **error)
{
	sigset_t ours, before;
	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ours, &before);
	StetServer *server =
		stet_server_start(preview->out, preview->options->host ? preview->options->host : "127.0.0.1",
						  (guint)preview->options->port, error);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return server;
}

StetStatus stet_command_serve(const StetOptions *options, char **args)
{
	const char *root = args[0] ? args[0] : ".";
	g_autoptr(GError) error = NULL;
	if (options->port < 0 || options->port > 65535)
		return stet_complain(STET_STATUS_USAGE, "--port must be 1 to 65535, not %d", options->port);
	if (!stet_is_report(options, root))
		return STET_STATUS_USAGE;
	StetWatch *watch = stet_watch_new(root, &error);
	if (!watch)
		return stet_complain(STET_STATUS_MACHINE, "%s", error->message);
	Preview preview = {.options = options,
					   .root = root,
					   .out = options->out ? g_strdup(options->out) : g_build_filename(root, "out", NULL)};
	preview.server = start_server(&preview, &error);
	StetStatus status = STET_STATUS_DONE;
	if (preview.server) {
		stet_signals_watch();
		printf("%s\n", stet_server_url(preview.server));
		fflush(stdout);
		build_once(&preview);
		while (!stet_signal_seen())
			if (stet_watch_wait(watch, LOOK))
				build_once(&preview);
		stet_signals_forget();
		stet_server_stop(preview.server);
	} else {
		status = stet_complain(STET_STATUS_MACHINE, "%s", error->message);
	}
	stet_watch_free(watch);
	g_free(preview.out);
	return status;
}
