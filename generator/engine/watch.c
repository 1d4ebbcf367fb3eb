/* A watch over running queries: one thread that interrupts what takes longer than it may, or what
 * nobody waits for any more. It sleeps while nothing runs. */
#include "private.h"

#define LOOK_EVERY (50 * G_TIME_SPAN_MILLISECOND)

static void look(EnWatch *watch)
{
	gboolean stopped = watch->stop != NULL && watch->stop(watch->stop_data);
	gint64 now = g_get_monotonic_time();
	for (guint i = 0; i < watch->running->len; i++) {
		EnRunning *query = watch->running->pdata[i];
		if (stopped)
			query->end = EN_STOPPED;
		else if (watch->timeout > 0 && now > query->began + (gint64)watch->timeout * G_TIME_SPAN_SECOND)
			query->end = EN_TOO_LONG;
		if (query->end != EN_UNTOUCHED)
			watch->lib->interrupt(query->connection);
	}
}

static gpointer keep_watch(gpointer data)
{
	EnWatch *watch = data;
	g_mutex_lock(&watch->lock);
	while (!watch->closing) {
		if (watch->running->len == 0)
			g_cond_wait(&watch->wake, &watch->lock);
		else if (!g_cond_wait_until(&watch->wake, &watch->lock, g_get_monotonic_time() + LOOK_EVERY))
			look(watch);
	}
	g_mutex_unlock(&watch->lock);
	return NULL;
}

void en_watch_init(EnWatch *watch, const EnLibrary *lib, const StetEngineOptions *options)
{
	watch->lib = lib;
	watch->timeout = options->timeout;
	watch->stop = options->stop;
	watch->stop_data = options->stop_data;
	watch->running = g_ptr_array_new();
	g_mutex_init(&watch->lock);
	g_cond_init(&watch->wake);
}

void en_watch_begin(EnWatch *watch, EnRunning *query)
{
	if (watch->timeout == 0 && watch->stop == NULL)
		return;
	query->began = g_get_monotonic_time();
	g_mutex_lock(&watch->lock);
	if (watch->thread == NULL)
		watch->thread = g_thread_new("queries", keep_watch, watch);
	g_ptr_array_add(watch->running, query);
	if (watch->running->len == 1)
		g_cond_signal(&watch->wake);
	g_mutex_unlock(&watch->lock);
}

void en_watch_end(EnWatch *watch, EnRunning *query)
{
	g_mutex_lock(&watch->lock);
	g_ptr_array_remove_fast(watch->running, query);
	g_mutex_unlock(&watch->lock);
}

void en_watch_clear(EnWatch *watch)
{
	if (watch->thread != NULL) {
		g_mutex_lock(&watch->lock);
		watch->closing = TRUE;
		g_cond_signal(&watch->wake);
		g_mutex_unlock(&watch->lock);
		g_thread_join(watch->thread);
	}
	g_ptr_array_free(watch->running, TRUE);
	g_mutex_clear(&watch->lock);
	g_cond_clear(&watch->wake);
}
