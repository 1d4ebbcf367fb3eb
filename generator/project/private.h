/* What the files of the project stage share. */
#ifndef STET_PROJECT_PRIVATE_H
#define STET_PROJECT_PRIVATE_H

#include "stet/project.h"

/* The project with what it owns besides; the public part comes first. */
typedef struct {
	StetProject public;
	GPtrArray *kept;       /* blocks freed with the project */
	GPtrArray *documents;  /* StetDocument * */
} StetProjectWhole;

/* Hands `block` (g_malloc) to the project and returns it. */
gpointer stet_project_keep(StetProject *project, gpointer block);

/* Reads and parses a YAML or JSON file of the report. FALSE if there is no such file; TRUE with
 * `*document` NULL where it has faults (then in `diags`). The project owns the document. */
gboolean stet_project_read_yaml(StetProject *project, const char *relative, StetDocument **document,
                                StetDiagnostics *diags);

void stet_package_read(StetProject *project, StetDiagnostics *diags);

#endif
