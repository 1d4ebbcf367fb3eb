/* Finding and loading DuckDB. Nothing links against it, so a build that computes nothing never pays
 * for it. STET_DUCKDB names another copy of the library. */
#include "private.h"

#include <gmodule.h>

#ifndef STET_DUCKDB_LIB
#define STET_DUCKDB_LIB "libduckdb.so"
#endif

/* Where `make install` puts it, seen from PREFIX/bin. */
#define BESIDE "../lib/stet/libduckdb.so"

static GModule *open_library(GError **error)
{
	const char *chosen = g_getenv("STET_DUCKDB");
	if (chosen != NULL && *chosen != 0)
		return g_module_open_full(chosen, G_MODULE_BIND_LOCAL, error);
	GModule *module = g_module_open_full(STET_DUCKDB_LIB, G_MODULE_BIND_LOCAL, error);
	if (module != NULL)
		return module;
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = self != NULL ? g_path_get_dirname(self) : NULL;
	g_autofree char *beside = dir != NULL ? g_build_filename(dir, BESIDE, NULL) : NULL;
	return beside != NULL ? g_module_open_full(beside, G_MODULE_BIND_LOCAL, NULL) : NULL;
}

static gboolean find_functions(GModule *module, EnLibrary *lib, GError **error)
{
	static const struct {
		const char *name;
		gsize offset;
	} functions[] = {
#define EN_ENTRY(name) {"duckdb_" #name, G_STRUCT_OFFSET(EnLibrary, name)},
		EN_FUNCTIONS(EN_ENTRY)
#undef EN_ENTRY
	};
	for (gsize i = 0; i < G_N_ELEMENTS(functions); i++) {
		gpointer *slot = G_STRUCT_MEMBER_P(lib, functions[i].offset);
		if (g_module_symbol(module, functions[i].name, slot) && *slot != NULL)
			continue;
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSYS,
					"the DuckDB library '%s' has no function '%s'; stet needs version 1.4 or later",
					g_module_name(module), functions[i].name);
		return FALSE;
	}
	return TRUE;
}

const EnLibrary *en_library(GError **error)
{
	static GMutex lock;
	static EnLibrary library;
	static gboolean loaded;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);
	(void)locker;
	if (loaded)
		return &library;
	g_autoptr(GError) cause = NULL;
	GModule *module = open_library(&cause);
	if (module == NULL) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
					"cannot load DuckDB: %s (run 'make deps', or set STET_DUCKDB to the library's path)",
					cause->message);
		return NULL;
	}
	g_module_make_resident(module);
	if (!find_functions(module, &library, error))
		return NULL;
	loaded = TRUE;
	return &library;
}
