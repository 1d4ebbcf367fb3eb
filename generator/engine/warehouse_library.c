/* Finding and loading unixODBC: nothing links against it, so a report without a warehouse never pays. */
#include "engine/warehouse.h"

#include <gmodule.h>

const WhLibrary *wh_library(GError **error)
{
	static GMutex lock;
	static WhLibrary library;
	static gboolean loaded;
	static const struct {
		const char *name;
		gsize offset;
	} functions[] = {
#define WH_ENTRY(name) {"SQL" #name, G_STRUCT_OFFSET(WhLibrary, name)},
		WH_FUNCTIONS(WH_ENTRY)
#undef WH_ENTRY
	};
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&lock);
	(void)locker;
	if (loaded)
		return &library;
	g_autoptr(GError) cause = NULL;
	GModule *module = g_module_open_full("libodbc.so.2", G_MODULE_BIND_LOCAL, &cause);
	if (module == NULL) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
					"the warehouse engine needs unixODBC (Debian: libodbc2): %s", cause->message);
		return NULL;
	}
	g_module_make_resident(module);
	for (gsize i = 0; i < G_N_ELEMENTS(functions); i++) {
		gpointer *slot = G_STRUCT_MEMBER_P(&library, functions[i].offset);
		if (g_module_symbol(module, functions[i].name, slot) && *slot != NULL)
			continue;
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSYS, "unixODBC has no function '%s'",
					functions[i].name);
		return NULL;
	}
	loaded = TRUE;
	return &library;
}
