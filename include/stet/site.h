/* site: every page of a report planned and made - the author's, and those stet writes by itself.
 *
 * In:     a StetWorld (project, datasets, metrics, theme). Out: files by path, handed to a sink.
 * Owns:   nothing after stet_site_make returns but the StetSiteSummary.
 * Threads: pages are made on up to `jobs` threads; the sink is called from them, one call at a time a
 *         path, in no fixed order. What is written does not depend on the number of threads.
 *
 * Pages come from templates/pages/ (Markdown with front matter; `foreach` makes one a row) and from
 * the built-in set: every metric, every dataset, claims, 404. An author's page at the same path wins.
 */
#ifndef STET_SITE_H
#define STET_SITE_H

#include "stet/page.h"

/* Takes one finished file; `path` is relative to out/. FALSE stops the build (the sink keeps why). */
typedef gboolean (*StetSink)(const char *path, GBytes *bytes, gpointer data);

typedef struct {
	guint pages, charts, figures, files;
	guint made;               /* of the pages: not taken over from the last build */
	guint64 bytes;
} StetSiteSummary;

typedef struct {
	guint jobs;
	StetSink sink;
	gpointer sink_data;
	/* Called as pages are finished; may be NULL. */
	void (*progress)(guint done, guint total, gpointer data);
	gpointer progress_data;
	/* Told what each page took to make, in us, from any thread; may be NULL. */
	void (*timed)(const char *url, const char *file, gint64 took, gpointer data);
	/* To make only what changed: `memory` is what the last build left in *remember, NULL to make all. Then
	 * `holds` tells whether a file of the last site is still as it was left, and `keep` takes it over; both
	 * with sink_data, from any thread. `salt` stands for all else that decides the pages: the program. */
	GBytes *memory;
	const char *salt;
	gboolean (*holds)(const char *path, gpointer data);
	gboolean (*keep)(const char *path, gpointer data);
	GBytes **remember;        /* out: to be kept with the site (g_bytes_unref); may be NULL */
} StetSiteOptions;

/* Makes everything. Faults go to `diags`, all pages' in one run; FALSE if there was an error or the
 * sink stopped it. */
gboolean stet_site_make(const StetWorld *world, const StetSiteOptions *options, StetSiteSummary *summary,
                        StetDiagnostics *diags);

/* The built site in the folder `dir` as one ZIP file at `path`, whole or not at all; the same bytes for the
 * same site. The file must not lie in `dir`. */
gboolean stet_site_bundle(const char *dir, const char *path, GError **error);

/* The addresses of all pages, in the site's order (char *; g_ptr_array_unref). */
GPtrArray *stet_site_urls(GBytes *memory);
/* The site in the folder `dir`, whose pages `memory` names, as one self-contained HTML document that opens
 * offline, appended to `html`. */
gboolean stet_site_document(const char *dir, GBytes *memory, GString *html, GError **error);

/* ---- why ----------------------------------------------------------------------------------- */

/* What the last build knows of one page. */
typedef struct {
	char *url, *file;         /* its address and source */
	const char *reason;       /* why it was made, or that it was not: "its own text or item had changed" */
	gboolean made;
	GPtrArray *reads;         /* char *: all it was made from, sorted: "metric hhi", "template page" */
	GPtrArray *changed;       /* char *: those that had changed */
} StetSiteWhy;

/* The pages at `page` - an address, a path in out/ or a source file, which may give many - as `memory` has
 * them (StetSiteWhy *; g_ptr_array_unref). Empty if there is none. */
GPtrArray *stet_site_why(GBytes *memory, const char *page);

#endif
