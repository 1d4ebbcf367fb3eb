/* Rows a second that a query brings through ODBC: `warehouse CONNECTION SQL` prints seconds and rows of the best
 * of three. */
#include "stet/engine.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	g_autoptr(GError) error = NULL;
	StetWarehouseOptions options = {.row_cap = 100000000};
	g_autoptr(StetEngine) engine = stet_warehouse_open(argv[1], &options, &error);
	if (engine == NULL) {
		fprintf(stderr, "%s\n", error->message);
		return 1;
	}
	double best = 1e9;
	gsize rows = 0;
	for (int i = 0; i < 3; i++) {
		StetFault fault = {0};
		gint64 started = g_get_monotonic_time();
		g_autoptr(StetTable) table = stet_engine_query(engine, argv[2], NULL, &fault);
		if (table == NULL) {
			fprintf(stderr, "%s\n", fault.message);
			return 1;
		}
		rows = table->n_rows;
		best = MIN(best, (double)(g_get_monotonic_time() - started) / G_USEC_PER_SEC);
	}
	printf("%.3f %" G_GSIZE_FORMAT "\n", best, rows);
	return 0;
}
