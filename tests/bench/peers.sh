#!/bin/bash
# Two tasks done by stet and by others from one CSV of deployments: a report of metrics and charts (SIZES, of S, M and
# L: 10,000, 1,000,000 and 10,000,000 rows), and a page an enterprise with a chart and a table (ENTITIES: 500 5000).
# The others: Hugo from Debian, its charts drawn by templates; a Node script on DuckDB, Vega and markdown-it.
. tests/bench/lib.sh
tests/deps.sh packages hugo
node=$PWD/.deps/bench/node
[ -d "$node/node_modules" ] || { mkdir -p "$node" && cp tests/bench/peers/node/package.json "$node/" && (cd "$node" && npm install --silent --no-audit --no-fund --no-package-lock); }
cp -r tests/bench/peers/node/. "$node/"
cp -r tests/bench/peers/sql "$node/../"
cp -r tests/bench/peers/hugo "$work/hugo"
declare -A enterprises=([S]=500 [M]=20000 [L]=100000 [500]=500 [5000]=5000) rows=([S]=10000 [M]=1000000 [L]=10000000 [500]=10000 [5000]=100000)

# by_stet LABEL REPORT: one of the reports beside this script, cold and with nothing changed.
by_stet() {
	rm -rf "$work/report"
	cp -r "tests/bench/$2" "$work/report"
	cp "$csv" "$work/report/data/deployments.csv"
	run "$1, stet" "$work/report/out" "$stet" build --quiet "$work/report"
	run "$1, stet, unchanged" "$work/report/out" "$stet" build --quiet "$work/report"
}

csv=$work/deployments.csv
for size in ${SIZES:-S M}; do
	"$bench/deployments" "${enterprises[$size]}" "${rows[$size]}" >"$csv"
	heading "report of ${rows[$size]} rows"
	by_stet "report $size" report
	run "report $size, Node script" "$work/out-node" node "$node/build.mjs" report "$csv" "$work/out-node"
	[ "$size" = L ] || run "report $size, Hugo" "$work/out-hugo" bash -c \
		"mkdir -p '$work/hugo/report/assets' && cp '$csv' '$work/hugo/report/assets/' && hugo --quiet -s '$work/hugo/report' -d '$work/out-hugo'"
	rm -rf "$work"/out-*
done
for size in ${ENTITIES:-500 5000}; do
	"$bench/deployments" "${enterprises[$size]}" "${rows[$size]}" >"$csv"
	heading "$size enterprises, a page each"
	by_stet "$size pages" entities
	run "$size pages, Node script" "$work/out-node" node "$node/build.mjs" pages "$csv" "$work/out-node"
	run "$size pages, Hugo" "$work/out-hugo" bash -c \
		"node '$work/hugo/entities.js' '$csv' '$work/hugo/pages' && hugo --quiet -s '$work/hugo/pages' -d '$work/out-hugo'"
	rm -rf "$work"/out-*
done
