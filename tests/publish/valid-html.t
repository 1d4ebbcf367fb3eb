#!/bin/bash
# The Nu HTML checker (HTML, ARIA, SVG in pages) over every page of every kind of report: the case study, the reports of
# the components and of the charts, and what `stet init` writes.
. tests/cli/lib.sh

jar=$PWD/tests/node_modules/vnu-jar/build/dist/vnu.jar
command -v java >/dev/null || { echo "1..0 # SKIP no java"; exit 0; }
[ -f "$jar" ] || { echo "1..0 # SKIP no vnu-jar"; exit 0; }
report starter
for name in case-study components gallery; do
	from=tests/reports/$name; [ $name = case-study ] && from=.
	mkdir "$WORK/$name" && cp -r "$from/data" "$from/templates" "$WORK/$name"
	stet build --quiet "$WORK/$name"
	is "$name builds" "$status" 0
done
mkdir "$WORK/all"
for name in starter case-study components gallery; do mv "$WORK/$name/out" "$WORK/all/$name"; done
pages=$(find "$WORK/all" -name '*.html' | wc -l)
# The schema's automata go deeper than the virtual machine's usual stack.
said=$(java -Xss8m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "$jar" --skip-non-html --format gnu "$WORK/all" 2>&1)
is "$pages pages: no error, no warning" "$(head -20 <<<"${said//$WORK/}")" ""
[ "$pages" -gt 120 ] && pass "that is all of them" || fail "that is all of them" "$pages pages"
finish
