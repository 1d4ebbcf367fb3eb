/* Finding and loading DuckDB. Nothing links against it, so a build that computes nothing never pays
 * for it. STET_DUCKDB names another copy of the library. */
#include "private.h"

#include <dlfcn.h>

#ifndef STET_DUCKDB_LIB
#define STET_DUCKDB_LIB "libduckdb.so"
#endif

/* Where `make install` puts it, seen from PREFIX/bin. */
#define BESIDE "../lib/stet/libduckdb.so"

/* Functions are bound when first called, and looked for in the library itself before the sixty others this
 * process has: loading takes 6 ms in place of 27. The address sanitizer wants to come first everywhere. */
#ifdef __SANITIZE_ADDRESS__
#define BINDING (RTLD_LAZY | RTLD_LOCAL)
#else
#define BINDING (RTLD_LAZY | RTLD_LOCAL | RTLD_DEEPBIND)
#endif

/* An installed program uses what was installed with it, whatever still lies where it was built. */
static void *open_library(GError **error)
{
	const char *chosen = g_getenv("STET_DUCKDB");
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *dir = self != NULL ? g_path_get_dirname(self) : NULL;
	g_autofree char *beside = dir != NULL ? g_build_filename(dir, BESIDE, NULL) : NULL;
	const char *path = STET_DUCKDB_LIB;
	if (chosen != NULL && *chosen != 0)
		path = chosen;
	else if (beside != NULL && g_file_test(beside, G_FILE_TEST_EXISTS))
		path = beside;
	void *library = dlopen(path, BINDING);
	if (library == NULL)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s", dlerror());
	return library;
}

static gboolean find_functions(void *handle, EnLibrary *lib, GError **error)
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
		*slot = dlsym(handle, functions[i].name);
		if (*slot != NULL)
			continue;
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSYS,
					"the DuckDB library has no function '%s'; stet needs version 1.4 or later",
					functions[i].name);
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
	void *handle = open_library(&cause);
	if (handle == NULL) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
					"cannot load DuckDB: %s (run 'make deps', or set STET_DUCKDB to the library's path)",
					cause->message);
		return NULL;
	}
	if (!find_functions(handle, &library, error))
		return NULL;
	loaded = TRUE;
	return &library;
}
