/* `stet liquid`: one template, one JSON file, the text on standard output. */
#include "cli/private.h"

StetStatus stet_command_liquid(const StetOptions *options, char **args)
{
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	if (options->all)
		stet_diagnostics_keep_all(diags);
	gboolean done = stet_liquid_run(args[0], args[1], options->partials, options->lax, out, diags, &error);
	StetPrinter printer = {options->format, stet_wants_colour(stderr), ".",
						   *options->seen_from ? options->seen_from : "."};
	stet_print_diagnostics(&printer, diags, stderr);
	if (error)
		return stet_complain(STET_STATUS_MACHINE, "%s", error->message);
	if (!done)
		return STET_STATUS_ERRORS;
	fwrite(out->str, 1, out->len, stdout);
	return STET_STATUS_DONE;
}
