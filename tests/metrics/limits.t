#!/bin/bash
# How many rows a result may have, how long it may take, and where it goes when memory is short.
. tests/cli/lib.sh
mkdir -p "$WORK/r/data/metrics" "$WORK/r/templates/pages"
cd "$WORK/r" || exit 1
printf 'n,x\n1,2\n' >data/d.csv
printf '# Home\n' >templates/pages/index.md
limits() { printf 'title: Limits\n%s\n' "$1" >templates/site.yaml; }
printf '/*\ntitle: Many\nvalue: v\ndimensions: [n]\n*/\nselect i as n, i as v from range(500) t(i)\n' >data/metrics/many.sql
limits ''
stet build .
is "without limits: status 0" "$status" 0
limits 'limits: {rows: 100}'
stet build .
is "too many rows of a kept result: status 1" "$status" 1
has "at the metric" "$err" "data/metrics/many.sql:6:1: error: the result has 500 rows, more than the report allows (100)"
rm -r .stet
stet build .
has "too many rows of a new one" "$err" "data/metrics/many.sql:6: error: the result has more than 100 rows"
limits 'limits: {row: 100}'
stet build .
has "a slip of the keys" "$err" "did you mean 'rows'?"
limits 'limits: {query_seconds: 0}'
stet build .
has "no number of seconds" "$err" "'query_seconds' cannot be 0"
limits 'limits: {query_seconds: 1}'
stet query "select count(*) from range(1000000000) a, range(1000000000) b where a.range + b.range = 7"
has "too long" "$err" "stopped after 1 s"

limits 'limits: {memory_mb: 48}'
"$STET" query --csv "select count(*) as n from (select distinct md5(i::varchar) from range(1500000) t(i)) x" >"$WORK/.out" 2>"$WORK/.err" &
query=$!
spilled=
while kill -0 $query 2>/dev/null; do
	spilled="$spilled$(find .stet/spill -type f 2>/dev/null | head -1)"
	sleep 0.01
done
wait $query
is "more than memory holds: the same answer" "$(tail -1 "$WORK/.out")" 1500000
has "by way of files in .stet" "$spilled" ".stet/spill/"
is "which are gone after" "$(find . -path './.stet/spill/*' -o -name '*.tmp')" ""
finish
