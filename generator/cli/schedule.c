/* `stet schedule`: ready files for building a report again and again, by the hosts that do. */
#include "cli/private.h"

#include <gio/gio.h>
#include <string.h>

/* Made by glib-compile-resources from schedule.gresource.xml. */
GResource *stet_schedule_get_resource(void);

StetStatus stet_command_schedule(const StetOptions *options, char **args)
{
	(void)options;
	g_autofree char *name = g_strconcat("/stet/schedule/", args[0], NULL);
	g_autoptr(GBytes) file =
		strchr(args[0], '/')
			? NULL
			: g_resource_lookup_data(stet_schedule_get_resource(), name, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	if (!file)
		return stet_complain(STET_STATUS_USAGE,
							 "there are files for github, gitlab, service and timer, not for '%s'", args[0]);
	fwrite(g_bytes_get_data(file, NULL), 1, g_bytes_get_size(file), stdout);
	return STET_STATUS_DONE;
}
