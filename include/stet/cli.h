/* cli: arguments in, the whole pipeline run, diagnostics and progress out.
 *
 * In:     the program's arguments. Out: an exit status; diagnostics and progress on stderr; on stdout
 *         only what a command was asked to print.
 * Threads: to be called once, from the main thread.
 *
 * Status: 0 done, 1 errors in the report, 2 wrong usage, 3 the machine failed us. A build that was
 * interrupted ends the process by the signal it got, as shells and make expect.
 */
#ifndef STET_CLI_H
#define STET_CLI_H

int stet_cli_run(int argc, char **argv);

#endif
