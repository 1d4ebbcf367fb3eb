/* `stet manual`: stet(1), made from the tables of commands and options; those written by hand. */
#include "cli/commands.h"

#include <gio/gio.h>
#include <string.h>

GResource *stet_manual_get_resource(void);

/* Text for roff: a backslash and a hyphen are told apart from roff's own, a line never begins with a dot. */
static void put_text(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else
			putchar(*text);
	}
}

static void put_option(const StetOptionEntry *option)
{
	fputs(".TP\n", stdout);
	if (option->letter)
		printf("\\fB\\-%c\\fR, ", option->letter);
	fputs("\\fB\\-\\-", stdout);
	put_text(option->name);
	fputs("\\fR", stdout);
	if (option->value)
		printf("=\\fI%s\\fR", option->value);
	putchar('\n');
	put_text(option->help);
	putchar('\n');
}

static void put_command(const StetCommand *command)
{
	printf(".SS \"stet %s %s\"\n", command->name, command->arguments);
	printf("%c", g_ascii_toupper(command->line[0]));
	put_text(command->line + 1);
	fputs(".\n", stdout);
	if (command->more) {
		put_text(command->more);
		putchar('\n');
	}
	const StetOptionEntry *option;
	for (guint at = 0; (option = stet_option_of(command, &at));)
		if (strcmp(option->name, "help") != 0 && strcmp(option->name, "directory") != 0)
			put_option(option);
}

static const char head[] =
	".TH STET 1 \"\" \"stet " STET_VERSION
	"\" \"User commands\"\n.SH NAME\nstet \\- turn market datasets, SQL and Markdown into a report site\n"
	".SH SYNOPSIS\n.B stet\n[\\fB\\-C\\fR \\fIDIR\\fR] \\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIDIR\\fR]\n"
	".SH DESCRIPTION\nA report is a folder with data/ and templates/, see\n.BR stet\\-report (5).\n"
	"The site made from it goes to out/ in the same folder. It is swapped in whole when every page is "
	"right;\n"
	"otherwise the last one stays as it was.\n.SH OPTIONS\n.TP\n\\fB\\-C\\fR, "
	"\\fB\\-\\-directory\\fR=\\fIDIR\\fR\n"
	"Go to \\fIDIR\\fR first; every command takes it.\n.TP\n\\fB\\-\\-version\\fR\nPrint the version.\n.SH "
	"COMMANDS\n";

static const char tail[] =
	".SH \"EXIT STATUS\"\n.TP\n0\ndone\n.TP\n1\nthere are errors in the report\n.TP\n2\nwrong "
	"usage\n.TP\n3\nthe machine failed: a full disk, "
	"a folder that may not be written, another build at work\n"
	".SH ENVIRONMENT\n.TP\nNO_COLOR\nIf set, nothing is coloured.\n.TP\nSOURCE_DATE_EPOCH\nThe time (seconds "
	"since 1970 UTC) written where a "
	"format must have one.\n"
	".SH FILES\n.TP\nDIR/out/\nThe site.\n.TP\nDIR/.stet/\nWhat stet remembers between builds; may be "
	"removed at any time.\n"
	".SH \"SEE ALSO\"\n.BR stet\\-report (5),\n.BR stet\\-data (7),\n.BR stet\\-metrics (7),\n.BR stet\\-charts (7),\n.BR stet\\-site (7),\n.BR stet\\-warehouse (7)\n";

/* Pages written by hand. */
static const struct {
	const char *name, *file;
} pages[] = {
	{"report", "stet-report.5"},
	{"data", "stet-data.7"},
	{"metrics", "stet-metrics.7"},
	{"charts", "stet-charts.7"},
	{"site", "stet-site.7"},
	{"warehouse", "stet-warehouse.7"},
};

static StetStatus print_page(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(pages); i++) {
		if (strcmp(pages[i].name, name) != 0)
			continue;
		g_autofree char *path = g_strconcat("/stet/manual/", pages[i].file, NULL);
		g_autoptr(GBytes) page =
			g_resource_lookup_data(stet_manual_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
		fwrite(g_bytes_get_data(page, NULL), 1, g_bytes_get_size(page), stdout);
		return STET_STATUS_DONE;
	}
	return stet_complain(STET_STATUS_USAGE,
						 "there is no manual page '%s' ('stet manual', with report, data, metrics, charts, site or warehouse behind it)", name);
}

StetStatus stet_command_manual(const StetOptions *options, char **args)
{
	(void)options;
	if (args[0])
		return print_page(args[0]);
	guint n;
	const StetCommand *commands = stet_commands(&n);
	fputs(head, stdout);
	for (guint i = 0; i < n; i++)
		put_command(&commands[i]);
	fputs(tail, stdout);
	return STET_STATUS_DONE;
}
