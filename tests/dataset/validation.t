#!/bin/bash
# What a validation says, in each of its forms, and what loading leaves behind.
. tests/cli/lib.sh
mkdir -p "$WORK/r/data" "$WORK/r/templates"; cd "$WORK" || exit 1
echo 'title: t' >r/templates/site.yaml
package() { printf '{"resources": [%s]}' "$1" >r/data/datapackage.json; }

# thirty faults of one rule and three of another
{ echo a,b; for i in $(seq 30); do echo "x,y$i"; done; for i in 1 2 3; do echo "x,$i,z"; done; } >r/data/t.csv
package '{"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a"}, {"name": "b", "type": "integer"}]}}'
stet check r
is "faults end a check" "$status" 1
is "twenty of a rule are shown" "$(grep -c 'is not an integer' <<<"$err")" 20
has "the others counted" "$err" "10 more of this kind in this file (--all shows them)"
has "the last place" "$err" "r/data/t.csv:34:5: error: row has 3 cells, the header 2 [csv-ragged]"
has "rules are counted" "$err" "by rule: value-type 30, csv-ragged 3"
stet check r --all
is "all are shown when asked for" "$(grep -c 'is not an integer' <<<"$err")" 30
stet check r --format json
has "counts for programs" "$err" '{"rules":{"value-type":30,"csv-ragged":3}}'
is "each line is JSON" "$(node -e 'require("fs").readFileSync(0, "utf8").trim().split("\n").forEach(line => JSON.parse(line)); console.log("fine")' <<<"$err")" fine
stet check r --format github
has "counts for GitHub" "$err" "::notice title=by rule::value-type 30, csv-ragged 3"

# the same, leniently: a report of what is certain
mkdir -p r/templates/pages; echo '{{ datasets.t.row_count }} rows' >r/templates/pages/index.md
{ echo "A title"; echo; cat r/data/t.csv; echo "x,7"; echo "Total,"; } >r/data/messy.csv; mv r/data/messy.csv r/data/t.csv
stet build r
is "a messy file is refused" "$status" 1
stet build r --lenient
is "unless a build is lenient" "$status" 0
has "which says what it passed over" "$err" "r/data/t.csv:3:1: warning: the table begins here: 2 lines above it are passed over [csv-skipped]"
has "and how much it left out" "$err" "warning: 34 rows of 't' are left out, 1 kept: its page says why [rows-left-out]"
has "the row that is certain" "$(cat r/out/index.html)" "1 rows"
is "the others are published with their rules" "$(tail -n +2 r/out/datasets/t/quarantine.csv | wc -l)" 34
page=$(sed 's/<[^>]*>/ /g' r/out/datasets/t/index.html | tr -s ' \n' ' ')
has "and counted by rule" "$page" "type Every cell is of its column’s type all 30 rows left out"
stet build r
is "the next build is strict again" "$status" 1

# keys across datasets, names that are words of SQL
printf 'select,order,from\n1,x,\n2,y,\n' >r/data/t.csv
fields='"schema": {"fields": [{"name": "select", "type": "integer"}, {"name": "order"}, {"name": "from"}]'
package '{"name": "t", "path": "t.csv", '"$fields"', "foreignKeys": [{"fields": ["order"], "reference": {"resource": "places", "fields": ["id"]}}]}}'
stet check r
has "a foreign key to a dataset there is not" "$err" "a foreign key of 't' refers to 'places', which is not in the package"
package '{"name": "t", "path": "t.csv", '"$fields"'}}'
stet -C r query 'select sum("select") as n, max("order") as o from t'
has "columns called by words of SQL" "$(tr -s ' ' <<<"$out")" "3 y"

# what is kept of datasets that are gone
printf '{"resources": [{"name": "t", "path": "t.csv"}, {"name": "u", "path": "t.csv"}]}' >r/data/datapackage.json
stet check r
is "two datasets are kept" "$(find r/.stet/columns -type f ! -name keys | wc -l)" 2
touch -d '2 hours ago' r/.stet/columns/left.XYZ r/.stet/parquet.XYZ; touch r/.stet/columns/new.XYZ
package '{"name": "t", "path": "t.csv"}'
stet check r
is "one is not any more, nor what a killed load left" "$(ls r/.stet/columns | grep -vc keys) $(ls r/.stet/columns/*.XYZ r/.stet/parquet.* 2>/dev/null)" "2 r/.stet/columns/new.XYZ"
rm r/.stet/columns/new.XYZ

# Ctrl-C while a file is read
yes "1,a text of some length,2025-01-01" | head -1200000 >rows; { echo n,s,d; cat rows; } >r/data/t.csv
for wait in 0.03 0.08; do
	rm -rf r/.stet
	"$STET" check r >/dev/null 2>&1 & pid=$!
	sleep $wait; kill -INT $pid 2>/dev/null; wait $pid 2>/dev/null; ended=$?
	[ $ended = 130 ] && is "Ctrl-C after $wait s leaves nothing" "$(find r/.stet -type f -name '*.*' 2>/dev/null)" "" || pass "too late for Ctrl-C ($ended)"
done
stet -C r query 'select count(*) as n from t'
has "and the next load is right" "$out" 1200000
finish
