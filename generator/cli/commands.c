/* The command line: which commands there are, which options they take, and their help. */
#include "cli/commands.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

/* Which commands an option belongs to. */
enum {
	ALL = 1,
	BUILDS = 2,
	LIQUID = 4,
	REPORTS = 8,
	QUIET = 16,
	SERVE = 32,
	MAKES = 64,
	TABLES = 128,
	THREADS = 256,
	ENGINES = 512,
	LOADS = 1024,
	CSV = 2048,
	INFER = 4096,
	PLACE = 8192,
	BUNDLES = 16384,
	INIT = 32768
};

static const StetOptionEntry option_table[] = {
	{"jobs", 'j', G_OPTION_ARG_INT, G_STRUCT_OFFSET(StetOptions, jobs), "N",
	 "use N threads (default: one a processor)", BUILDS | SERVE | THREADS},
	{"out", 'o', G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET(StetOptions, out), "FOLDER",
	 "put the site there (default: DIR/out)", MAKES | SERVE | PLACE},
	{"out", 'o', G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET(StetOptions, out), "FILE",
	 "write this file (.html or .zip)", BUNDLES},
	{"force", 'f', G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, force), NULL,
	 "build even if nothing has changed", MAKES},
	{"profile", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, profile), NULL, "say where the time went",
	 BUILDS},
	{"quiet", 'q', G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, quiet), NULL,
	 "print nothing but warnings and errors", REPORTS | QUIET},
	{"verbose", 'v', G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, verbose), NULL,
	 "say what is done and how long it takes", BUILDS},
	{"all", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, all), NULL,
	 "show every fault, not the first 20 of a kind in a file", REPORTS},
	{"format", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET(StetOptions, format_name), "human|json|github",
	 "how faults are printed", REPORTS},
	{"dialect", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET(StetOptions, dialect), "JSON",
	 "how the file is written: {\"delimiter\": \";\"}; what is not said is sniffed", CSV},
	{"encoding", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET(StetOptions, encoding), "NAME",
	 "the file's encoding (default: UTF-8)", CSV},
	{"strict", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, strict), NULL,
	 "refuse a data file with any fault, and say where it is (the default)", CSV | BUILDS},
	{"lenient", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, lenient), NULL,
	 "take what is certain of the data files, leave the rest out and say so", CSV | BUILDS},
	{"write", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, write), NULL,
	 "put the description beside the files", INFER},
	{"charts", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, charts), NULL,
	 "write the gallery: every type of chart with the lines that ask for it", INIT},
	{"partials", 0, G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET(StetOptions, partials), "FOLDER",
	 "where {% render %} finds its templates", LIQUID},
	{"lax", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, lax), NULL,
	 "unknown variables and filters are no errors", LIQUID},
	{"as", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET(StetOptions, as), "table|csv|json",
	 "how the answer is printed", TABLES},
	{"engine", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET(StetOptions, engine), "embedded|warehouse",
	 "the engine to ask (default: embedded)", ENGINES},
	{"only", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET(StetOptions, only), "NAME,...",
	 "load these datasets alone", LOADS},
	{"replace", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, replace), NULL,
	 "delete the rows that are there first", LOADS},
	{"csv", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, as_csv), NULL, "the same as --as csv", TABLES},
	{"json", 0, G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, as_json), NULL, "the same as --as json", TABLES},
	{"port", 'p', G_OPTION_ARG_INT, G_STRUCT_OFFSET(StetOptions, port), "N",
	 "listen on this port (default: a free one, from 8300)", SERVE},
	{"host", 0, G_OPTION_ARG_STRING, G_STRUCT_OFFSET(StetOptions, host), "ADDRESS",
	 "listen on this address (default: 127.0.0.1)", SERVE},
	{"directory", 'C', G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET(StetOptions, directory), "DIR",
	 "go to DIR first", ALL},
	{"help", 'h', G_OPTION_ARG_NONE, G_STRUCT_OFFSET(StetOptions, help), NULL, "print this help", ALL},
};

static StetStatus command_help(const StetOptions *options, char **args);

static const StetCommand commands[] = {
	{"build", "[DIR]", "build the report in DIR into DIR/out",
	 "DIR is a folder with data/ and templates/; without it, the current folder. The site is swapped in\n"
	 "whole when every page is right; otherwise the last one stays as it was.",
	 ALL | BUILDS | MAKES | REPORTS, 0, 1, stet_command_build},
	{"check", "[DIR]", "go through the whole build without writing a site",
	 "Reads the data, runs the metrics and makes every page, and reports what is wrong.",
	 ALL | BUILDS | REPORTS, 0, 1, stet_command_check},
	{"serve", "[DIR]", "show the site in a browser and rebuild it as files change",
	 "Prints the address to open. Pages reload when a build is done; what is wrong is shown on them.",
	 ALL | SERVE | REPORTS, 0, 1, stet_command_serve},
	{"bundle", "[DIR]", "build the site and put it into one file",
	 "FILE.html opens in any browser, offline, without a server; FILE.zip holds the site as it is. Without\n"
	 "--out it is DIR/bundle.html.",
	 ALL | THREADS | BUNDLES | QUIET | REPORTS, 0, 1, stet_command_bundle},
	{"verify", "[DIR]", "make the site anew and hold every file in DIR/out against it",
	 "Nothing is written, and nothing of earlier builds is used: for whoever wants proof that a site is\n"
	 "what its data, SQL and text give.",
	 ALL | THREADS | PLACE | QUIET | REPORTS, 0, 1, stet_command_verify},
	{"why", "PAGE", "say what a page is made from, and why the last build made it or did not",
	 "PAGE is an address, a file of out/ or a source file. Use -C for a report in another folder.",
	 ALL | TABLES | PLACE, 1, 1, stet_command_why},
	{"init", "DIR", "write a small report to start from into a new folder",
	 "With --charts it is the gallery: every type of chart, each with its spec beside it.", ALL | QUIET | INIT, 1, 1,
	 stet_command_init},
	{"metrics", "[NAME|DIR]", "list the metrics of a report, or print one",
	 "Name, title, unit, period, dimensions, rows, and the datasets each rests on; with a name, its result;\n"
	 "with NAME@SCENARIO, its result in that scenario.",
	 ALL | TABLES | THREADS | REPORTS, 0, 1, stet_command_metrics},
	{"query", "SQL", "ask the data and the metrics of a report",
	 "SQL is one SELECT over the names of datasets and metrics; - reads it from standard input.\n"
	 "Use -C for a report in another folder.",
	 ALL | TABLES | THREADS | REPORTS | ENGINES, 1, 1, stet_command_query},
	{"explain", "PAGE#FIGURE | METRIC [KEY=VALUE...]", "say where a figure comes from",
	 "Its value, SQL, parameters, the data it rests on with their hashes, and the source rows: the fewest of\n"
	 "its period and dimensions on which the SQL still gives the same figure. --csv prints them all.\n"
	 "  stet explain advantages/#f9      stet explain consolidation_rate period=2025Q4 platform=Azure",
	 ALL | TABLES | THREADS | REPORTS, 1, 16, stet_command_explain},
	{"edition", "freeze NAME | list", "freeze what was published, or list what was",
	 "Freezing keeps the ledger of the site in out/ as data/editions/NAME.json, to be committed. Builds are\n"
	 "held against the last edition from then on.",
	 ALL | TABLES | QUIET | REPORTS, 1, 2, stet_command_edition},
	{"diff", "EDITION [EDITION]", "list what changed between two editions",
	 "New, moved, restated and gone figures, the largest changes first. The second one is, unless\n"
	 "named, the report as it stands: 'now'.",
	 ALL | TABLES | THREADS | REPORTS, 1, 2, stet_command_diff},
	{"load", "[DIR]", "put the datasets of a report into its warehouse",
	 "Each dataset becomes a table of its name, filled in one transaction. A table that is there already,\n"
	 "partitioned or over other servers, is filled as it is. The connection is site.yaml's engine.warehouse\n"
	 "and the environment's STET_WAREHOUSE.",
	 ALL | THREADS | QUIET | REPORTS | ENGINES | LOADS, 0, 1, stet_command_load},
	{"csv", "FILE", "print a messy CSV file as a clean one",
	 "The table goes to standard output as RFC 4180 CSV, what is wrong with it to standard error.",
	 ALL | REPORTS | CSV, 1, 1, stet_command_csv},
	{"infer", "[FILE...]", "describe undescribed data files",
	 "Types, date formats, missing values and keys are guessed; the description, a datapackage.json, goes to\n"
	 "standard output, what speaks for it to standard error. A folder stands for the files in it.",
	 ALL | THREADS | QUIET | REPORTS | INFER, 0, 1000, stet_command_infer},
	{"liquid", "TEMPLATE [CONTEXT.json]", "render one Liquid template with the values of a JSON file",
	 "The text goes to standard output. Nothing is escaped.", ALL | LIQUID | REPORTS, 1, 2,
	 stet_command_liquid},
	{"schedule", "github|gitlab|service|timer", "print a file that has the report built again and again",
	 "github: .github/workflows/report.yml; gitlab: .gitlab-ci.yml; service and timer: units of systemd. Each\n"
	 "says in its first lines where it goes and what it needs, and where a step that renews the data goes.",
	 ALL, 1, 1, stet_command_schedule},
	{"completion", "bash|zsh|fish", "print the completion script of a shell",
	 "bash: source <(stet completion bash)    fish: stet completion fish | source\n"
	 "zsh: write it to a file _stet in a folder of $fpath\n"
	 "`make install` puts all three where the shells look.",
	 ALL, 1, 1, stet_command_completion},
	{"manual", "[report|data|metrics|charts|site|warehouse]", "print the manual page stet(1), or another", "stet manual metrics | man -l -", ALL,
	 0, 1, stet_command_manual},
	{"help", "[COMMAND|RULE]", "explain a command, or an editorial rule of stet check", NULL, ALL, 0, 1, command_help},
};

StetStatus stet_complain(StetStatus status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_autofree char *safe = stet_printable(text, -1);
	fprintf(stderr, "stet: %s\n", safe);
	return status;
}

char *stet_shown_path(const StetOptions *options, const char *path)
{
	while (g_str_has_prefix(path, "./"))
		path += 2;
	if (g_path_is_absolute(path) || !*options->seen_from)
		return g_strdup(path);
	return strcmp(path, ".") == 0 ? g_strdup(options->seen_from)
								  : g_build_filename(options->seen_from, path, NULL);
}

const StetCommand *stet_commands(guint *n)
{
	*n = G_N_ELEMENTS(commands);
	return commands;
}

const StetOptionEntry *stet_option_of(const StetCommand *command, guint *from)
{
	while (*from < G_N_ELEMENTS(option_table)) {
		const StetOptionEntry *option = &option_table[(*from)++];
		if (option->groups & command->groups)
			return option;
	}
	return NULL;
}

/* ---- parsing ------------------------------------------------------------------------------- */

static const StetCommand *find_command(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static GOptionContext *make_context(const StetCommand *command, StetOptions *options)
{
	GOptionContext *context = g_option_context_new(command->arguments);
	GOptionEntry entries[G_N_ELEMENTS(option_table) + 1];
	guint n = 0;
	for (guint i = 0; i < G_N_ELEMENTS(option_table); i++)
		if (option_table[i].groups & command->groups)
			entries[n++] = (GOptionEntry){option_table[i].name,
										  option_table[i].letter,
										  0,
										  option_table[i].arg,
										  G_STRUCT_MEMBER_P(options, option_table[i].offset),
										  option_table[i].help,
										  option_table[i].value};
	entries[n] = (GOptionEntry){0};
	g_option_context_add_main_entries(context, entries, NULL); /* copies them */
	g_option_context_set_help_enabled(context, FALSE);         /* GLib's own --help calls exit */
	g_autofree char *summary = g_strdup_printf("%c%s.", g_ascii_toupper(command->line[0]), command->line + 1);
	g_option_context_set_summary(context, summary);
	if (command->more)
		g_option_context_set_description(context, command->more);
	return context;
}

static void print_help(const StetCommand *command)
{
	StetOptions unused = {0};
	GOptionContext *context = make_context(command, &unused);
	g_autofree char *name = g_strconcat("stet ", command->name, NULL);
	g_set_prgname(name);
	g_autofree char *text = g_option_context_get_help(context, TRUE, NULL);
	fputs(text, stdout);
	g_option_context_free(context);
}

static void print_overview(FILE *to)
{
	fputs("Usage: stet COMMAND [OPTION...] [DIR]\n\n"
		  "stet turns a folder of market datasets, SQL and Markdown into a report site.\n\nCommands:\n",
		  to);
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].line);
	fputs("\n'stet help COMMAND' explains one; 'stet --version' prints the version.\n", to);
}

static StetStatus unknown_command(const char *name)
{
	const char *names[G_N_ELEMENTS(commands) + 1] = {NULL};
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		names[i] = commands[i].name;
	const char *near = stet_nearest(name, names);
	g_autofree char *mend =
		near ? g_strdup_printf("did you mean '%s'?", near) : g_strdup("'stet help' lists them");
	return stet_complain(STET_STATUS_USAGE, "there is no command '%s' (%s)", name, mend);
}

/* An editorial rule by its code, as `stet check` prints it in brackets. */
static gboolean explain_rule(const char *code)
{
	gboolean ignorable = FALSE;
	const char *title = NULL, *why = stet_lint_explain(code, &title, &ignorable);
	if (why)
		printf("%s: %s\n\n%s\n", code, title, why);
	if (why && ignorable)
		printf("\nPut it aside for the block that follows: <!-- stet-ignore %s: reason -->\n"
			   "for a page, in its front matter:           lint: {%s: reason}\n",
			   code, code);
	return why != NULL;
}

static StetStatus command_help(const StetOptions *options, char **args)
{
	(void)options;
	const StetCommand *command = args[0] ? find_command(args[0]) : NULL;
	if (args[0] && !command && explain_rule(args[0]))
		return STET_STATUS_DONE;
	if (args[0] && !command)
		return unknown_command(args[0]);
	if (command)
		print_help(command);
	else
		print_overview(stdout);
	return STET_STATUS_DONE;
}

/* GLib names the option it does not know; the nearest one the command has is the likely mend. */
static StetStatus wrong_option(const StetCommand *command, char **argv, const GError *error)
{
	if (!g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION))
		return stet_complain(STET_STATUS_USAGE, "%c%s ('stet help %s' lists the options)",
							 g_ascii_tolower(*error->message), error->message + 1, command->name);
	const char *names[G_N_ELEMENTS(option_table) + 1] = {NULL}, *near = NULL, *wrong = "";
	for (guint i = 0, n = 0; i < G_N_ELEMENTS(option_table); i++)
		if (option_table[i].groups & command->groups)
			names[n++] = option_table[i].name;
	for (guint i = 1; argv[i] && !near; i++) {
		g_autofree char *word =
			g_str_has_prefix(argv[i], "-") ? g_strndup(argv[i], strcspn(argv[i], "=")) : NULL;
		if (!word || !strstr(error->message, word))
			continue;
		wrong = argv[i];
		near = stet_nearest(word + strspn(word, "-"), names);
	}
	if (near)
		return stet_complain(STET_STATUS_USAGE, "'%s' has no option '%s' (did you mean '--%s'?)",
							 command->name, wrong, near);
	return stet_complain(STET_STATUS_USAGE, "'%s' has no option '%s' ('stet help %s' lists them)",
						 command->name, wrong, command->name);
}

static gboolean go_to(StetOptions *options, const char *dir)
{
	if (chdir(dir) != 0) {
		stet_complain(STET_STATUS_USAGE, "cannot go to '%s': %s", dir, g_strerror(errno));
		return FALSE;
	}
	g_autofree char *before = options->seen_from;
	if (strcmp(dir, ".") == 0)
		options->seen_from = g_strdup(before);
	else if (g_path_is_absolute(dir) || !*before)
		options->seen_from = g_strdup(dir);
	else
		options->seen_from = g_build_filename(before, dir, NULL);
	return TRUE;
}

static gboolean check_values(StetOptions *options)
{
	static const char *const formats[] = {"human", "json", "github", NULL};
	if (options->jobs < 0 || options->jobs > 256) {
		stet_complain(STET_STATUS_USAGE, "--jobs must be 1 to 256, not %d", options->jobs);
		return FALSE;
	}
	if (options->jobs == 0)
		options->jobs = (gint)MIN(g_get_num_processors(), 256);
	if (!options->format_name)
		return TRUE;
	for (guint i = 0; formats[i]; i++)
		if (strcmp(formats[i], options->format_name) == 0) {
			options->format = (StetFormat)i;
			return TRUE;
		}
	stet_complain(STET_STATUS_USAGE, "--format must be human, json or github, not '%s'",
				  options->format_name);
	return FALSE;
}

/* "-j4" as "-j 4", which is all that GLib reads. */
static char **split_short_options(const StetCommand *command, char **argv)
{
	GStrvBuilder *words = g_strv_builder_new();
	gboolean options_end = FALSE;
	for (; *argv; argv++) {
		const StetOptionEntry *option = NULL;
		const char *word = *argv;
		options_end = options_end || strcmp(word, "--") == 0;
		gboolean joined = !options_end && word[0] == '-' && word[1] && word[1] != '-' && word[2];
		for (guint at = 0; joined && (option = stet_option_of(command, &at));)
			if (option->letter == word[1] && option->value)
				break;
		char letter[3] = {'-', word[0] ? word[1] : 0, 0};
		if (option)
			g_strv_builder_add_many(words, letter, word + 2, NULL);
		else
			g_strv_builder_add(words, word);
	}
	char **split = g_strv_builder_end(words);
	g_strv_builder_unref(words);
	return split;
}

static StetStatus run_command(const StetCommand *command, char **argv, StetOptions *options)
{
	GOptionContext *context = make_context(command, options);
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) rest = split_short_options(command, argv);
	gboolean parsed = g_option_context_parse_strv(context, &rest, &error);
	g_option_context_free(context);
	if (!parsed)
		return wrong_option(command, argv, error);
	char **args = rest + 1;
	if (args[0] && strcmp(args[0], "--") == 0)
		args++;
	if (options->help) {
		print_help(command);
		return STET_STATUS_DONE;
	}
	guint n = g_strv_length(args);
	if (n < command->min_args || n > command->max_args)
		return stet_complain(STET_STATUS_USAGE,
							 n < command->min_args ? "'%s' needs %s ('stet help %s' explains)"
												   : "'%s' takes no more than %s ('stet help %s' explains)",
							 command->name, command->arguments, command->name);
	if (!check_values(options) || (options->directory && !go_to(options, options->directory)))
		return STET_STATUS_USAGE;
	return command->run(options, args);
}

static void options_clear(StetOptions *options)
{
	g_free(options->out);
	g_free(options->format_name);
	g_free(options->partials);
	g_free(options->dialect);
	g_free(options->encoding);
	g_free(options->host);
	g_free(options->as);
	g_free(options->engine);
	g_free(options->only);
	g_free(options->directory);
	g_free(options->seen_from);
}

/* What stands before the command: -C DIR, --version, --help. */
static StetStatus run(char **argv, StetOptions *options)
{
	for (argv++; *argv; argv++) {
		const char *word = *argv;
		if (strcmp(word, "--version") == 0) {
			puts("stet " STET_VERSION);
			return STET_STATUS_DONE;
		}
		if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
			print_overview(stdout);
			return STET_STATUS_DONE;
		}
		if (g_str_has_prefix(word, "-C")) {
			const char *dir = word[2] ? word + 2 : *++argv;
			if (!dir)
				return stet_complain(STET_STATUS_USAGE, "-C needs a folder");
			if (!go_to(options, dir))
				return STET_STATUS_USAGE;
			continue;
		}
		if (word[0] == '-')
			return stet_complain(STET_STATUS_USAGE,
								 "unknown option '%s' before the command ('stet help' explains)", word);
		const StetCommand *command = find_command(word);
		return command ? run_command(command, argv, options) : unknown_command(word);
	}
	print_overview(stderr);
	return STET_STATUS_USAGE;
}

int stet_cli_run(int argc, char **argv)
{
	(void)argc;
	StetOptions options = {.seen_from = g_strdup("")};
	g_set_prgname("stet");
	StetStatus status = run(argv, &options);
	options_clear(&options);
	if (fflush(stdout) != 0 && status == STET_STATUS_DONE)
		status = stet_complain(STET_STATUS_MACHINE, "cannot write to standard output: %s", g_strerror(errno));
	stet_signals_obey();
	return (int)status;
}
