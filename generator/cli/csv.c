/* `stet csv`: one CSV file, however messy, as clean RFC 4180 on standard output. */
#include "cli/private.h"

#include <errno.h>
#include <string.h>

/* The dialect given on the command line. FALSE where it is no JSON object. */
static gboolean read_dialect(const StetOptions *options, StetDocument **document, StetDiagnostics *diags)
{
	if (!options->dialect)
		return TRUE;
	*document = stet_document_parse("--dialect", 1, 1, stet_text(options->dialect), diags);
	if (*document && stet_document_root(*document)->kind != STET_NODE_MAP)
		stet_diagnose(diags, STET_ERROR, "dialect", (StetPlace){"--dialect", 1, 1},
					  "write it like {\"delimiter\": \";\"}", "a dialect is a JSON object");
	return *document && stet_diagnostics_count(diags, STET_ERROR) == 0;
}

static StetStatus write_out(const GString *text)
{
	if (fwrite(text->str, 1, text->len, stdout) == text->len)
		return STET_STATUS_DONE;
	return stet_complain(STET_STATUS_MACHINE, "cannot write to standard output: %s", g_strerror(errno));
}

StetStatus stet_command_csv(const StetOptions *options, char **args)
{
	if (options->strict && options->lenient)
		return stet_complain(STET_STATUS_USAGE, "--strict and --lenient exclude each other");
	g_autoptr(StetDiagnostics) diags = stet_diagnostics_new();
	g_autoptr(GString) text = g_string_new(NULL);
	StetDocument *document = NULL;
	StetStatus status = STET_STATUS_ERRORS;
	if (options->all)
		stet_diagnostics_keep_all(diags);
	if (read_dialect(options, &document, diags)) {
		const StetNode *dialect = document ? stet_document_root(document) : NULL;
		if (stet_csv_clean(args[0], dialect, options->encoding, options->lenient, text, diags))
			status = write_out(text);
	}
	StetPrinter printer = {options->format, stet_wants_colour(stderr), ".", options->seen_from};
	stet_print_diagnostics(&printer, diags, stderr);
	if (document)
		stet_document_free(document);
	return status;
}
