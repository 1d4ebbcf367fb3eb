/* The state of a parse, shared by rows.c and mess.c. */
#ifndef STET_DATASET_ROWS_H
#define STET_DATASET_ROWS_H

#include "odd.h"

#include <csv.h>

struct DsRows {
	const DsDialect *dialect;
	guint columns;
	const char *const *names; /* of the header; NULL: not known */
	DsBatch *batch;
	struct csv_parser parser;
	gboolean odd; /* the dialect is not libcsv's */
	/* the record being parsed */
	guint cells;
	gboolean done;
	GArray *rejects; /* of DsReject */
	/* what came before */
	guint blank_line;           /* the last blank line, as its number + 1; 0: none */
	guint other_cells, other_n; /* rows of another width since a blank line: cells of each, how many */
	gboolean was_blank;         /* the row before had delimiters alone */
	gboolean other_table;       /* the rows are those of another table (lenient mode) */
	/* this call of ds_rows_parse */
	const char *bytes, *end;
	DsRowsMode mode;
	guint line;
	DsFaults *faults;
	gboolean *broken;
	DsSink sink;
	gpointer data;
};

/* Leaves a record out: an error, or in lenient mode a row for the quarantine. Takes the texts over. */
void ds_rows_refuse(DsRows *rows, const char *record, const char *next, const char *code, guint line,
					guint column, char *message, char *mend);
/* Reads a record of the wrong width in the one other way that gives the right one - with another delimiter or
 * quote, without quotes, or without empty cells behind the last: the cells become the batch's. Says how (g_free);
 * NULL: there is no such way. */
char *ds_rows_other_way(DsRows *rows, const char *record, const char *next);
/* The same, with a warning, in lenient mode. */
gboolean ds_rows_rescue(DsRows *rows, const char *record, const char *next);
/* Whether a whole row is none of the table's: the header once more, or a sum of the rows above. It is
 * reported, and in lenient mode left out: TRUE. */
gboolean ds_rows_is_extra(DsRows *rows, const char *record, const char *next);
/* Takes note of a row of the wrong width: where a blank line and rows of one other width follow the table,
 * another table begins. */
void ds_rows_note_width(DsRows *rows, guint cells);

#endif
