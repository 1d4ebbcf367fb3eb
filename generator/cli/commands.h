/* The tables of commands and options: parsing, help, completion and the manual page all read them. */
#ifndef STET_CLI_COMMANDS_H
#define STET_CLI_COMMANDS_H

#include "cli/private.h"

typedef struct {
	const char *name;
	char letter; /* 0: none */
	GOptionArg arg;
	gsize offset;      /* in StetOptions */
	const char *value; /* what it takes: "N", or its words "human|json|github"; NULL: nothing */
	const char *help;
	guint groups;
} StetOptionEntry;

typedef struct {
	const char *name, *arguments, *line;
	const char *more; /* printed below the options; may be NULL */
	guint groups, min_args, max_args;
	StetStatus (*run)(const StetOptions *options, char **args);
} StetCommand;

const StetCommand *stet_commands(guint *n);
/* The next option `command` takes, from `*from` on (begin with 0); NULL after the last. */
const StetOptionEntry *stet_option_of(const StetCommand *command, guint *from);

#endif
