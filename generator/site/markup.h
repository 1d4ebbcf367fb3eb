/* Finished pages read back a tag at a time: they are stet's own markup, so attributes are in double quotes. */
#ifndef STET_SITE_MARKUP_H
#define STET_SITE_MARKUP_H

#include "stet/base.h"

typedef struct {
	char name[16];
	gboolean closes, whole; /* </p>; <path/> */
	StetText inside;        /* attributes */
} MarkupTag;

/* The tag at `*at`, which stands at '<' and is moved behind it. */
MarkupTag markup_tag(const char **at, const char *end);
/* Passes over an element that was just opened, with all inside it. */
void markup_skip(const char **at, const char *end, const MarkupTag *opened);
/* NULL where there is none (g_free); references stay as they are. */
char *markup_attribute(const MarkupTag *tag, const char *name);
/* The character reference at `p` (after '&') appended as what it stands for; returns what follows it. */
const char *markup_reference(const char *p, const char *end, GString *text);

#endif
