/* measure FILE COMMAND...: runs the command and appends "wall cpu peak status" to FILE: milliseconds, milliseconds
 * of user and system time, kilobytes resident at most (of the largest process), exit status. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double milliseconds(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
	struct timespec from, to;
	struct rusage used;
	int status = 0;
	if (argc < 3)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &from);
	pid_t child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &used) != child)
		return 3;
	clock_gettime(CLOCK_MONOTONIC, &to);
	FILE *out = fopen(argv[1], "a");
	if (out == NULL)
		return 3;
	double wall = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
	fprintf(out, "%.1f %.1f %ld %d\n", wall, milliseconds(used.ru_utime) + milliseconds(used.ru_stime), used.ru_maxrss,
			WIFEXITED(status) ? WEXITSTATUS(status) : 128);
	return fclose(out) == 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}
