/* Ctrl-C and kill: a build stops at the next file it would write, clears up, and then obeys. */
#include "cli/private.h"

#include <signal.h>

/* The one thing a handler may touch (C11 7.14.1.1). */
static volatile sig_atomic_t seen;

static void note(int signal_number)
{
	seen = signal_number;
}

void stet_signals_watch(void)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

int stet_signal_seen(void)
{
	return seen;
}

void stet_signals_forget(void)
{
	seen = 0;
}

void stet_signals_obey(void)
{
	if (!seen)
		return;
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigemptyset(&action.sa_mask);
	sigaction(seen, &action, NULL);
	raise(seen);
}
