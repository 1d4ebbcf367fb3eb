/* Ready checks: SQL written from a few names. */
#ifndef STET_ENGINE_CHECKS_H
#define STET_ENGINE_CHECKS_H

#include "private.h"

#define EN_READY_KEYS 6

typedef struct {
	const StetNode *node;
	const StetDataset *dataset;
	const StetCheckContext *context;
	StetDiagnostics *diags;
} EnReadyCheck;

typedef struct {
	const char *name, *title;
	gboolean mild; /* a warning unless its severity says otherwise */
	/* Writes the query whose rows are the failures. FALSE after a diagnostic. */
	gboolean (*write)(const EnReadyCheck *check, GString *sql);
	StetKey keys[EN_READY_KEYS + 1];
} EnReady;

const EnReady *en_ready_find(const char *name);
/* NULL-terminated (g_free). */
const char **en_ready_names(void);

#endif
