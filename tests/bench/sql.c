/* Statements from standard input, one a line, run by the engine's library as it comes; what fails is told on
 * standard output as "LINE: why". */
#include <dlfcn.h>
#include <duckdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL(name) ((__typeof__(duckdb_##name) *)dlsym(library, "duckdb_" #name))

int main(void)
{
	void *library = dlopen(STET_DUCKDB_LIB, RTLD_NOW);
	duckdb_database database;
	duckdb_connection connection;
	char *line = NULL;
	size_t room = 0;
	if (library == NULL || CALL(open)(NULL, &database) != DuckDBSuccess ||
		CALL(connect)(database, &connection) != DuckDBSuccess)
		return 1;
	for (unsigned number = 1; getline(&line, &room, stdin) > 0; number++) {
		duckdb_result result;
		if (CALL(query)(connection, line, &result) != DuckDBSuccess) {
			const char *why = CALL(result_error)(&result);
			printf("%u: %.*s\n", number, (int)strcspn(why, "\n"), why);
		}
		CALL(destroy_result)(&result);
	}
	free(line);
	CALL(disconnect)(&connection);
	CALL(close)(&database);
	return 0;
}
