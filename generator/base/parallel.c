#include "stet/base.h"

#define JOBS_MAX 256

typedef struct {
	gsize n;
	gsize next;           /* taken with an atomic add */
	StetWork work;
	gpointer data;
} Queue;

typedef struct {
	Queue *queue;
	guint worker;
} Worker;

static gpointer run_worker(gpointer data)
{
	const Worker *worker = data;
	Queue *queue = worker->queue;
	for (;;) {
		gsize index = (gsize)__atomic_fetch_add(&queue->next, 1, __ATOMIC_RELAXED);
		if (index >= queue->n)
			return NULL;
		queue->work(index, worker->worker, queue->data);
	}
}

void stet_parallel(guint jobs, gsize n, StetWork work, gpointer data)
{
	Queue queue = {n, 0, work, data};
	guint count = (guint)CLAMP(MIN((gsize)jobs, n), 1, JOBS_MAX);
	Worker workers[JOBS_MAX] = {{NULL, 0}};
	GThread *threads[JOBS_MAX];
	for (guint i = 0; i < count; i++)
		workers[i] = (Worker){&queue, i};
	/* Threads are made afresh: a build has a handful of parallel stages, 20 us a thread. */
	for (guint i = 1; i < count; i++)
		threads[i] = g_thread_new("stet", run_worker, &workers[i]);
	run_worker(&workers[0]);
	for (guint i = 1; i < count; i++)
		g_thread_join(threads[i]);
}
