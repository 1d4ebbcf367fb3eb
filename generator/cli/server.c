/* The preview's web server: files of out/, the two files that make pages reload, and their news. */
#include "cli/serve.h"
#include "stet/base.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USUAL_PORT 8300
#define PORTS_TRIED 20

/* The policy the published site is made to run under, and the one connection the preview adds. */
#define POLICY                                                                                               \
	"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src " \
	"'self'"

GResource *stet_preview_get_resource(void);

typedef struct {
	struct StetServer *server;
	struct MHD_Connection *connection;
	guint told;       /* number of the last news sent */
	gboolean waiting; /* suspended */
} Listener;

struct StetServer {
	struct MHD_Daemon *daemon;
	char *out_dir, *url, *host;
	guint port;
	GMutex mutex; /* guards all below */
	guint news, built;
	char *faults;
	gboolean stopping;
	GPtrArray *listeners;
};

static const struct {
	const char *suffix, *type;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".json", "application/json"},
	{".csv", "text/csv; charset=utf-8"},
	{".svg", "image/svg+xml"},
	{".png", "image/png"},
	{".pdf", "application/pdf"},
	{".xml", "application/xml"},
	{".txt", "text/plain; charset=utf-8"},
	{".md", "text/markdown; charset=utf-8"},
	{".woff2", "font/woff2"},
	{".ico", "image/x-icon"},
	{".jpg", "image/jpeg"},
	{".webp", "image/webp"},
	{".zip", "application/zip"},
	{".webmanifest", "application/manifest+json"},
};

static const char *type_of(const char *path)
{
	for (guint i = 0; i < G_N_ELEMENTS(types); i++)
		if (g_str_has_suffix(path, types[i].suffix))
			return types[i].type;
	return "application/octet-stream";
}

/* ---- answers ------------------------------------------------------------------------------- */

static enum MHD_Result send_response(struct MHD_Connection *connection, guint status, const char *type,
									 struct MHD_Response *response)
{
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Content-Security-Policy", POLICY);
	enum MHD_Result result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

/* Takes `text` (g_malloc) over. */
static enum MHD_Result send_text(struct MHD_Connection *connection, guint status, const char *type,
								 char *text, gsize length)
{
	return send_response(connection, status, type,
						 MHD_create_response_from_buffer_with_free_callback(length, text, g_free));
}

static enum MHD_Result send_plain(struct MHD_Connection *connection, guint status, const char *text)
{
	return send_text(connection, status, "text/plain; charset=utf-8", g_strdup(text), strlen(text));
}

static enum MHD_Result send_redirect(struct MHD_Connection *connection, const char *target)
{
	g_autofree char *escaped = g_uri_escape_string(target, "/", FALSE);
	struct MHD_Response *response = MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, escaped);
	return send_response(connection, MHD_HTTP_MOVED_PERMANENTLY, "text/plain", response);
}

/* A page with the preview's style sheet and script put before its end. */
static enum MHD_Result send_page(StetServer *server, struct MHD_Connection *connection, guint status,
								 const char *html, gsize length)
{
	const char *end = g_strrstr_len(html, (gssize)length, "</body>");
	gsize head = end ? (gsize)(end - html) : length;
	g_mutex_lock(&server->mutex);
	guint built = server->built;
	g_mutex_unlock(&server->mutex);
	GString *page = g_string_new_len(html, (gssize)head);
	g_string_append_printf(page,
						   "<link rel=\"stylesheet\" href=\"/.stet/faults.css\">"
						   "<script src=\"/.stet/reload.js\" data-build=\"%u\"></script>",
						   built);
	g_string_append_len(page, html + head, (gssize)(length - head));
	gsize whole = page->len;
	return send_text(connection, status, "text/html; charset=utf-8", g_string_free(page, FALSE), whole);
}

static enum MHD_Result send_no_site(StetServer *server, struct MHD_Connection *connection)
{
	static const char page[] =
		"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>No site yet</title></head>"
		"<body><p>There is no site yet. It appears here when a build succeeds.</p></body></html>";
	return send_page(server, connection, MHD_HTTP_SERVICE_UNAVAILABLE, page, sizeof page - 1);
}

/* ---- files --------------------------------------------------------------------------------- */

/* The real path of `relative` in out/ (g_free); NULL if there is none or it lies elsewhere. */
static char *find_file(const StetServer *server, const char *relative)
{
	g_autofree char *wanted = g_build_filename(server->out_dir, relative, NULL);
	char *base = realpath(server->out_dir, NULL), *real = realpath(wanted, NULL), *found = NULL;
	gsize n = base ? strlen(base) : 0;
	if (base && real && strncmp(real, base, n) == 0 && (real[n] == '/' || real[n] == 0))
		found = g_strdup(real);
	free(base);
	free(real);
	return found;
}

static gboolean has_hidden_part(const char *path)
{
	return path[0] == '.' || strstr(path, "/.") != NULL;
}

static enum MHD_Result send_file(StetServer *server, struct MHD_Connection *connection, guint status,
								 const char *path)
{
	gsize length = 0;
	char *data = stet_file_read(path, &length, NULL);
	if (!data)
		return send_plain(connection, MHD_HTTP_NOT_FOUND, "not found\n");
	if (!g_str_has_suffix(path, ".html"))
		return send_text(connection, status, type_of(path), data, length);
	enum MHD_Result result = send_page(server, connection, status, data, length);
	g_free(data);
	return result;
}

static enum MHD_Result send_site(StetServer *server, struct MHD_Connection *connection, const char *url)
{
	const char *relative = url + 1;
	gboolean allowed = !*relative || (stet_path_is_inside(relative) && !has_hidden_part(relative));
	if (!g_file_test(server->out_dir, G_FILE_TEST_IS_DIR))
		return send_no_site(server, connection);
	g_autofree char *path = allowed ? find_file(server, relative) : NULL;
	if (path && g_file_test(path, G_FILE_TEST_IS_DIR)) {
		if (*relative && !g_str_has_suffix(relative, "/")) {
			g_autofree char *target = g_strconcat(url, "/", NULL);
			return send_redirect(connection, target);
		}
		g_autofree char *index = g_build_filename(relative, "index.html", NULL);
		g_free(path);
		path = find_file(server, index);
	}
	if (path && g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return send_file(server, connection, MHD_HTTP_OK, path);
	g_autofree char *lost = find_file(server, "404.html");
	return lost ? send_file(server, connection, MHD_HTTP_NOT_FOUND, lost)
				: send_plain(connection, MHD_HTTP_NOT_FOUND, "not found\n");
}

/* ---- news ---------------------------------------------------------------------------------- */

/* Writes the latest news, or lets the connection sleep until there are some. */
static ssize_t read_news(void *data, uint64_t position, char *buffer, size_t room)
{
	(void)position;
	Listener *listener = data;
	StetServer *server = listener->server;
	ssize_t written = 0;
	g_mutex_lock(&server->mutex);
	if (server->stopping) {
		written = MHD_CONTENT_READER_END_OF_STREAM;
	} else if (listener->told == server->news) {
		listener->waiting = TRUE;
		MHD_suspend_connection(listener->connection);
	} else {
		listener->told = server->news;
		written = g_snprintf(buffer, room, "event: build\ndata: %u %s\n\n", server->built,
							 server->faults ? "failed" : "good");
	}
	g_mutex_unlock(&server->mutex);
	return written;
}

static void forget_listener(void *data)
{
	Listener *listener = data;
	g_mutex_lock(&listener->server->mutex);
	g_ptr_array_remove_fast(listener->server->listeners, listener);
	g_mutex_unlock(&listener->server->mutex);
	g_free(listener);
}

static enum MHD_Result send_events(StetServer *server, struct MHD_Connection *connection)
{
	Listener *listener = g_new0(Listener, 1);
	listener->server = server;
	listener->connection = connection;
	g_mutex_lock(&server->mutex);
	listener->told = server->news - 1; /* what holds now is news to a page just opened */
	g_ptr_array_add(server->listeners, listener);
	g_mutex_unlock(&server->mutex);
	return send_response(
		connection, MHD_HTTP_OK, "text/event-stream",
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 512, read_news, listener, forget_listener));
}

/* Called with the mutex held. */
static void wake_listeners(StetServer *server)
{
	for (guint i = 0; i < server->listeners->len; i++) {
		Listener *listener = server->listeners->pdata[i];
		if (listener->waiting)
			MHD_resume_connection(listener->connection);
		listener->waiting = FALSE;
	}
}

void stet_server_announce(StetServer *server, guint built, char *faults)
{
	g_mutex_lock(&server->mutex);
	g_free(server->faults);
	server->faults = faults;
	server->built = built;
	server->news++;
	wake_listeners(server);
	g_mutex_unlock(&server->mutex);
}

/* ---- requests ------------------------------------------------------------------------------ */

static enum MHD_Result send_preview(StetServer *server, struct MHD_Connection *connection, const char *name)
{
	if (strcmp(name, "events") == 0)
		return send_events(server, connection);
	if (strcmp(name, "faults") == 0) {
		g_mutex_lock(&server->mutex);
		char *faults = g_strdup(server->faults ? server->faults : "");
		g_mutex_unlock(&server->mutex);
		return send_text(connection, MHD_HTTP_OK, "application/x-ndjson", faults, strlen(faults));
	}
	g_autofree char *path = g_strconcat("/stet/preview/", name, NULL);
	g_autoptr(GBytes) bytes =
		g_resource_lookup_data(stet_preview_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	if (!bytes)
		return send_plain(connection, MHD_HTTP_NOT_FOUND, "not found\n");
	gsize length = 0;
	const char *data = g_bytes_get_data(bytes, &length);
	return send_text(connection, MHD_HTTP_OK, type_of(name), g_memdup2(data, length), length);
}

/* A page elsewhere could have its own name resolve to this machine (DNS rebinding): only the names this
 * server goes by are answered. */
static gboolean is_our_host(const StetServer *server, const char *host)
{
	const char *const names[] = {server->host, "localhost", "127.0.0.1", "[::1]"};
	if (strcmp(server->host, "0.0.0.0") == 0 || strcmp(server->host, "::") == 0)
		return TRUE;
	for (guint i = 0; host && i < G_N_ELEMENTS(names); i++) {
		g_autofree char *whole = g_strdup_printf(
			strchr(names[i], ':') && names[i][0] != '[' ? "[%s]:%u" : "%s:%u", names[i], server->port);
		if (g_ascii_strcasecmp(host, whole) == 0)
			return TRUE;
	}
	return FALSE;
}

static enum MHD_Result answer(void *data, struct MHD_Connection *connection, const char *url,
							  const char *method, const char *version, const char *upload,
							  size_t *upload_size, void **request)
{
	(void)version;
	(void)upload;
	(void)request;
	StetServer *server = data;
	if (*upload_size > 0) {
		*upload_size = 0;
		return MHD_YES;
	}
	if (!is_our_host(server, MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST)))
		return send_plain(connection, MHD_HTTP_FORBIDDEN, "this preview answers to its own address only\n");
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return send_plain(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
	if (url[0] != '/')
		return send_plain(connection, MHD_HTTP_BAD_REQUEST, "no path\n");
	if (g_str_has_prefix(url, "/.stet/"))
		return send_preview(server, connection, url + strlen("/.stet/"));
	return send_site(server, connection, url);
}

/* ---- starting and stopping ----------------------------------------------------------------- */

static int listen_on(const char *host, guint port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((guint16)port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((guint16)port)};
	gboolean is_v4 = inet_pton(AF_INET, host, &v4.sin_addr) == 1;
	if (!is_v4 && inet_pton(AF_INET6, host, &v6.sin6_addr) != 1) {
		errno = EINVAL;
		return -1;
	}
	int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	int bound =
		is_v4 ? bind(fd, (struct sockaddr *)&v4, sizeof v4) : bind(fd, (struct sockaddr *)&v6, sizeof v6);
	if (bound == 0 && listen(fd, 64) == 0)
		return fd;
	int code = errno;
	close(fd);
	errno = code;
	return -1;
}

static guint port_of(int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address = {.v6 = {0}};
	socklen_t length = sizeof address;
	if (getsockname(fd, &address.any, &length) != 0)
		return 0;
	return ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
}

/* The usual port and its neighbours keep a browser's address good from one run to the next. */
static int find_port(const char *host, guint port, GError **error)
{
	int fd = -1;
	for (guint i = 0; port == 0 && fd < 0 && i < PORTS_TRIED; i++)
		fd = listen_on(host, USUAL_PORT + i);
	if (fd < 0)
		fd = listen_on(host, port);
	if (fd < 0)
		g_set_error(error, G_IO_ERROR, (gint)g_io_error_from_errno(errno), "cannot listen on %s port %u: %s",
					host, port, g_strerror(errno));
	return fd;
}

StetServer *stet_server_start(const char *out_dir, const char *host, guint port, GError **error)
{
	int fd = find_port(host, port, error);
	if (fd < 0)
		return NULL;
	StetServer *server = g_new0(StetServer, 1);
	server->out_dir = g_strdup(out_dir);
	server->host = g_strdup(host);
	server->port = port_of(fd);
	server->url =
		g_strdup_printf(strchr(host, ':') ? "http://[%s]:%u/" : "http://%s:%u/", host, server->port);
	server->listeners = g_ptr_array_new();
	server->news = 1;
	g_mutex_init(&server->mutex);
	server->daemon = MHD_start_daemon(
		MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer,
		server, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, 256u, MHD_OPTION_END);
	if (server->daemon)
		return server;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot start the preview's server");
	close(fd);
	stet_server_stop(server);
	return NULL;
}

void stet_server_stop(StetServer *server)
{
	g_mutex_lock(&server->mutex);
	server->stopping = TRUE;
	wake_listeners(server);
	g_mutex_unlock(&server->mutex);
	if (server->daemon)
		MHD_stop_daemon(server->daemon);
	g_mutex_clear(&server->mutex);
	g_ptr_array_unref(server->listeners);
	g_free(server->faults);
	g_free(server->out_dir);
	g_free(server->host);
	g_free(server->url);
	g_free(server);
}

const char *stet_server_url(const StetServer *server)
{
	return server->url;
}
