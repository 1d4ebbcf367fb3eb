/* Dialects that libcsv does not speak. */
#ifndef STET_DATASET_ODD_H
#define STET_DATASET_ODD_H

#include "private.h"

typedef enum { DS_ODD_FINE, DS_ODD_STRAY, DS_ODD_OPEN } DsOddState;

typedef struct {
	const DsDialect *dialect;
	const char *at, *end;
	gboolean last;
	gboolean ended; /* the record is over */
	guint lines;    /* line ends passed */
	DsOddState state;
} DsOdd;

gboolean ds_dialect_is_odd(const DsDialect *dialect);
/* The record's next cell into `text`; FALSE at its end or when `state` tells why not. */
gboolean ds_odd_cell(DsOdd *odd, GString *text);

#endif
