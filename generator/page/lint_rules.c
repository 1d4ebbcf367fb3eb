/* The editorial rules: their codes, and why each is one. The one place that knows them all. */
#include "page/lint.h"

#include <string.h>

const LintRule lint_rules[] = {
	[LINT_DANGLING] = {"lint-dangling", "a reference that only works in place",
	                   "'As above' and 'see below' point to nothing once a section is lifted out, quoted or read aloud. Name what is meant, and link to it."},
	[LINT_ENTITIES] = {"lint-entities", "too few names",
	                   "The front matter asks for a number of distinct named people, firms and products (entities: 15). A page that names fewer is about nobody."},
	[LINT_HEADING] = {"lint-heading-order", "a heading level left out",
	                  "Screen readers and tables of contents go by levels: after a second-level heading comes a third, not a fourth."},
	[LINT_ALT] = {"lint-image-alt", "an image without a text",
	              "Who cannot see the image reads its alternative text. Write what it says; alt=\"\" if it says nothing."},
	[LINT_LINK] = {"lint-link-text", "a link that does not say where it leads",
	               "Links are read on their own, in lists. 'Here' and 'more' say nothing there: let the link be the name of its page."},
	[LINT_SENTENCE] = {"lint-long-sentence", "a sentence of more than 45 words", "Cut it in two. The second half usually had something to say."},
	[LINT_PAIRS] = {"lint-pairs", "lists that should be as long as each other",
	                "The front matter declares sections as a pair (pairs: [advantages, disadvantages]): each must have as many entries as the others."},
	[LINT_PERIOD] = {"lint-figure-period", "figures without a time",
	                 "A value of a metric with a period means nothing without it. Say the quarter or year in the same paragraph: {{ figure | period }}."},
	[LINT_SOURCE] = {"lint-figure-source", "numbers without a source",
	                 "A table typed by hand, or one whose source line is turned off, says where its numbers come from in the paragraph after it: {% cite ID %}, or a sentence with 'Source'."},
	[LINT_PRONOUN] = {"lint-pronoun", "a paragraph that opens with a bare pronoun",
	                  "'It', 'they' and 'this is' lean on the paragraph before. Name the subject, so that the paragraph stands alone."},
	[LINT_REASON] = {"lint-reason", "a rule put aside without a reason", "Write why: <!-- stet-ignore lint-long-sentence: a quotation -->, or in the front matter lint: {lint-long-sentence: quotations}."},
	[LINT_SUBJECT] = {"lint-subject", "a section whose first sentence does not name its subject",
	                  "Every section can be lifted out alone: its first sentence takes up a word of the heading, or names who it is about."},
	[LINT_TYPED] = {"lint-typed-number", "a number typed by hand",
	                "Percentages, amounts and measured numbers come from metrics or claims, so that they follow the data: {{ metrics.NAME | where: ... }} or {{ claims.ID.value }}. "
	                "Dates, names and small counts are let be; thresholds and quotations are put aside: <!-- stet-ignore lint-typed-number: a threshold of the guidelines -->."},
	/* Told by the site, which knows all pages. */
	[LINT_ORPHAN] = {"page-orphan", "a page that nothing leads to",
	                 "Neither the navigation nor any other page links to it; only search and the index from A to Z find it. Link to it, or say in its front matter why it stands alone: lint: {page-orphan: a landing page}."},
};

const char *const *lint_codes(void)
{
	static const char *codes[LINT_RULES + 1];
	static gsize once;
	if (g_once_init_enter(&once)) {
		for (guint i = 0; i < LINT_RULES; i++)
			codes[i] = lint_rules[i].code;
		g_once_init_leave(&once, 1);
	}
	return codes;
}

/* Faults of pages that no one may put aside, but may well ask about. */
static const LintRule faults[] = {
	{"figure-ambiguous", "a metric printed where it has more rows than one, or none",
	 "A figure is one row. Narrow the metric: {{ metrics.NAME | where: \"dimension\", \"value\" | latest }}, or at: \"2025Q4\"."},
	{"front-matter", "a key of the front matter that is not known, or not what it should be",
	 "The keys are listed in stet-report(5), 'Pages'. Keys of your own begin with x-."},
	{"html-malformed", "HTML that is not well-formed",
	 "Pages and layouts are read as XML, so that links, headings and values in them can be checked: close every element, void ones as <br />."},
	{"id-duplicate", "one id twice on a page", "Links and references lead to the first of them only. Headings get ids of their own; give others one that is free."},
	{"inline-script", "a script inside the page",
	 "The site runs under a content security policy without inline scripts, and every page works without any. Put scripts into templates/assets and load them by src."},
	{"inline-style", "a style attribute or element",
	 "The site runs under a content security policy without inline styles, and follows the reader's colours and sizes. Give the element a class, and style it in templates/assets/site.css."},
	{"liquid-undefined", "a variable or property that is not there",
	 "A misspelt name would print nothing. Where a value may be missing, say what stands for it: {{ x | default: '' }}."},
	{"link-outside", "an address outside the site", "`stet check` lists each, so that someone follows it now and then: stet never asks the network."},
	{"raw-used", "a use of the filter raw", "raw is the one way by which data become markup. `stet check` lists each use, so that someone looks at where its text comes from."},
	{"url-scheme", "an address that is left out", "Links lead to http, https, mailto or a path of the site. Others, such as javascript:, could run a program."},
	{"url-taken", "two pages with one address", "Put into 'path' what tells the items of a foreach apart, or give one of the pages another path."},
};

const char *stet_lint_explain(const char *code, const char **title, gboolean *ignorable)
{
	for (guint i = 0; i < LINT_RULES + G_N_ELEMENTS(faults); i++) {
		const LintRule *rule = i < LINT_RULES ? &lint_rules[i] : &faults[i - LINT_RULES];
		if (strcmp(rule->code, code) == 0) {
			*title = rule->title;
			*ignorable = i < LINT_RULES;
			return rule->why;
		}
	}
	return NULL;
}

const char *const *stet_lint_codes(void)
{
	return lint_codes();
}
