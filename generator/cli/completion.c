/* `stet completion`: scripts that shells complete by, made from the tables of commands and options. */
#include "cli/commands.h"

#include <string.h>

/* The words an option's value may be, where it is one of a few; NULL otherwise. Free with g_free. */
static char *words_of(const StetOptionEntry *option)
{
	return option->value && strchr(option->value, '|') ? g_strdelimit(g_strdup(option->value), "|", ' ')
													   : NULL;
}

static char *command_names(void)
{
	guint n;
	const StetCommand *commands = stet_commands(&n);
	GString *names = g_string_new(NULL);
	for (guint i = 0; i < n; i++)
		g_string_append_printf(names, "%s%s", i ? " " : "", commands[i].name);
	return g_string_free(names, FALSE);
}

/* The words a command's argument may be ("bash|zsh|fish", "[report]"); NULL where it is anything else. g_free. */
static char *argument_words(const StetCommand *command)
{
	if (strcmp(command->name, "help") == 0)
		return command_names();
	if (!*command->arguments || strspn(command->arguments, "abcdefghijklmnopqrstuvwxyz|[]") != strlen(command->arguments))
		return NULL;
	return g_strstrip(g_strdelimit(g_strdup(command->arguments), "|[]", ' '));
}

/* ---- bash ---------------------------------------------------------------------------------- */

static void bash_command(const StetCommand *command)
{
	printf("\t%s) words='", command->name);
	const StetOptionEntry *option;
	for (guint at = 0; (option = stet_option_of(command, &at));)
		printf("--%s%s ", option->name, option->value ? "=" : "");
	g_autofree char *words = argument_words(command);
	printf("%s' ;;\n", words ? words : "");
}

static void print_bash(void)
{
	guint n;
	const StetCommand *commands = stet_commands(&n);
	g_autofree char *names = command_names();
	printf("# bash completion of stet\n_stet() {\n\tlocal word=${COMP_WORDS[COMP_CWORD]} "
		   "before=${COMP_WORDS[COMP_CWORD-1]} "
		   "command=${COMP_WORDS[1]} words=\n\tif [ \"$COMP_CWORD\" = 1 ]; then COMPREPLY=($(compgen -W '%s' "
		   "-- \"$word\")); return; fi\n"
		   "\t[ \"$before\" = '=' ] && before=${COMP_WORDS[COMP_CWORD-2]}\n\t[ \"$word\" = '=' ] && "
		   "word=\n\tcase $before in\n",
		   names);
	const StetOptionEntry *option;
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < n; i++)
		for (guint at = 0; (option = stet_option_of(&commands[i], &at));) {
			g_autofree char *words = words_of(option);
			if (words && g_hash_table_add(seen, (gpointer)option->name))
				printf("\t--%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n", option->name,
					   words);
		}
	g_hash_table_unref(seen);
	puts("\tesac\n\tcase $command in");
	for (guint i = 0; i < n; i++)
		bash_command(&commands[i]);
	puts("\tesac\n"
		   "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\") $(compgen -f -- \"$word\"))\n"
		   "\t[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace\n}\ncomplete -o filenames -F _stet stet");
}

/* ---- zsh ----------------------------------------------------------------------------------- */

/* A text inside single quotes, with what _arguments reads as its own made plain. */
static char *zsh_text(const char *text)
{
	GString *out = g_string_new(NULL);
	for (; *text; text++) {
		if (*text == '\'')
			g_string_append(out, "'\\''");
		else if (strchr("[]:\\", *text))
			g_string_append_printf(out, "\\%c", *text);
		else
			g_string_append_c(out, *text);
	}
	return g_string_free(out, FALSE);
}

static void zsh_command(const StetCommand *command)
{
	const StetOptionEntry *option;
	printf("\t%s) _arguments", command->name);
	for (guint at = 0; (option = stet_option_of(command, &at));) {
		g_autofree char *help = zsh_text(option->help), *words = words_of(option);
		printf(" \\\n\t\t'--%s%s[%s]", option->name, option->value ? "=" : "", help);
		if (words)
			printf(":%s:(%s)", option->name, words);
		else if (option->value)
			printf(":%s:%s", option->name, option->arg == G_OPTION_ARG_FILENAME ? "_files" : " ");
		putchar('\'');
	}
	g_autofree char *words = argument_words(command);
	if (words)
		printf(" \\\n\t\t'1: :(%s)' ;;\n", words);
	else
		puts(" \\\n\t\t'*: :_files' ;;");
}

static void print_zsh(void)
{
	guint n;
	const StetCommand *commands = stet_commands(&n);
	puts("#compdef stet\nlocal -a subcommands\nsubcommands=(");
	for (guint i = 0; i < n; i++) {
		g_autofree char *line = zsh_text(commands[i].line);
		printf("\t'%s:%s'\n", commands[i].name, line);
	}
	puts(")\nif (( CURRENT == 2 )); then _describe command subcommands; return; fi\n"
		 "local command=$words[2]\nshift words; (( CURRENT-- ))\ncase $command in");
	for (guint i = 0; i < n; i++)
		zsh_command(&commands[i]);
	puts("esac");
}

/* ---- fish ---------------------------------------------------------------------------------- */

static char *fish_text(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "'", -1);
	return g_strjoinv("\\'", parts);
}

static void print_fish(void)
{
	guint n;
	const StetCommand *commands = stet_commands(&n);
	for (guint i = 0; i < n; i++) {
		g_autofree char *line = fish_text(commands[i].line);
		printf("complete -c stet -n __fish_use_subcommand -a %s -d '%s'\n", commands[i].name, line);
		g_autofree char *arguments = argument_words(&commands[i]);
		if (arguments)
			printf("complete -c stet -n '__fish_seen_subcommand_from %s' -f -a '%s'\n", commands[i].name, arguments);
		const StetOptionEntry *option;
		for (guint at = 0; (option = stet_option_of(&commands[i], &at));) {
			g_autofree char *help = fish_text(option->help), *words = words_of(option);
			printf("complete -c stet -n '__fish_seen_subcommand_from %s' -l %s -d '%s'", commands[i].name,
				   option->name, help);
			if (option->letter)
				printf(" -s %c", option->letter);
			if (words)
				printf(" -x -a '%s'", words);
			else if (option->value)
				fputs(" -r", stdout);
			putchar('\n');
		}
	}
}

StetStatus stet_command_completion(const StetOptions *options, char **args)
{
	static const struct {
		const char *shell;
		void (*print)(void);
	} shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
	(void)options;
	for (guint i = 0; i < G_N_ELEMENTS(shells); i++)
		if (strcmp(shells[i].shell, args[0]) == 0) {
			shells[i].print();
			return STET_STATUS_DONE;
		}
	return stet_complain(STET_STATUS_USAGE, "there is a completion for bash, zsh and fish, not for '%s'",
						 args[0]);
}
