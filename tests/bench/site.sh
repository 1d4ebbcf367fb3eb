#!/bin/bash
# Builds of the case study and of reports of 100, 1,000 and 10,000 entity pages, each a chart and a table: cold,
# nothing changed, one prose edit, one CSV edit. PAGES="100000" for other sizes.
. tests/bench/lib.sh
heading "case study"
mkdir "$work/case"
cp -r data templates "$work/case/"
four "case study" "$work/case" templates/pages/faq.md data/deployments.csv '2s/5$/6/;2s/[0-4]$/5/'
heading "a page a firm: chart and table"
for pages in ${PAGES:-100 1000 10000}; do
	panel "$pages" >"$work/panel.csv"
	report "$work/firms-$pages" chart
	four "$pages firms" "$work/firms-$pages" templates/pages/about.md data/panel.csv '2s/[0-9]$/5/;3s/[0-9]$/6/'
	printf '  %.3f CPU ms a page of the cold build\n' "$(awk "BEGIN { print $cold / $pages }")"
	rm -rf "$work/firms-$pages"
done
