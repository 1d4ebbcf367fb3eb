#!/bin/bash
# Datasets in a build: checks, quarantine, what is kept between builds, packed files, queries that end.
. tests/cli/lib.sh
report r
cd "$WORK" || exit 1
package=r/data/datapackage.json csv=r/data/sales.csv

# set KEY JSON: a key of the only resource
set_key() { node -e '
	const fs = require("fs"), [file, key, value] = process.argv.slice(1);
	const json = JSON.parse(fs.readFileSync(file));
	json.resources.find(r => r.name === "sales")[key] = JSON.parse(value);
	fs.writeFileSync(file, JSON.stringify(json, null, 2));
' "$package" "$1" "$2"; }

# checks
set_key stet:checks '[{"name": "few", "title": "No vendor sells too much", "sql": "select vendor, units from sales where units > 7000"}]'
stet build r
is "a check that fails stops the build" "$status" 1
has "with its rows" "$err" "'No vendor sells too much' does not hold for 'sales': vendor "
has "at its place" "$err" "r/data/datapackage.json:"
set_key stet:checks '[{"check": "outliers", "value": "units", "limit": 0.1}, {"check": "freshness", "field": "quarter", "since": "2024Q1"}]'
stet build r
is "a warning lets it pass" "$status" 0
has "and is said" "$err" "warning: 'No value far from the others' does not hold"
echo >>r/templates/pages/index.md
stet build r
has "at the next build too" "$err" "warning: 'No value far from the others' does not hold"
stet -C r edition freeze 2024Q4
is "an edition" "$status" 0
set_key stet:checks '[{"check": "row-count", "change": 0.1}]'
stet build r
is "rows as in the last edition" "$status" 0
head -20 $csv >few.csv; cp $csv whole.csv; cp few.csv $csv
stet check r
has "rows lost since" "$err" "rows before 24"
cp whole.csv $csv

# quarantine
set_key stet:checks '[]'
set_key stet:onError '"quarantine"'
sed -i '3s/3744/many/' $csv
stet check r
lacks "a faulty row is no error" "$err" "'units' is not an integer"
rm -rf r/data/editions
stet build r
is "the site is built" "$status" 0
is "with the row and its reason" "$(sed -n 1,2p r/out/datasets/sales/quarantine.csv | cut -d, -f1-4)" "file,line,reason,record
data/sales.csv,3,'units' is not an integer: 'many',\"2024Q1"
has "counted on its page" "$(cat r/out/datasets/sales/index.html)" "Left out as faulty"
cp whole.csv $csv
set_key stet:onError '"fail"'

# kept between builds
stet build r
kept=$(find r/.stet/columns -type f | wc -l)
[ "$kept" -ge 1 ]; is "columns are kept" "$?" 0
before=$(tree r/out)
rm -rf r/.stet r/out; stet build r
is "the same site without them" "$(tree r/out)" "$before"

# packed
gzip -k $csv && rm $csv && set_key path '"sales.csv.gz"'
stet build r
is "a packed file" "$status" 0

# a query without end
echo 'limits: {query_seconds: 1}' >>r/templates/site.yaml
stet -C r query 'select count(*) from range(1000000000) a, range(1000000000) b where a.range + b.range = 7'
is "a query ends in time" "$status" 1
has "and says why" "$err" "stopped after 1 s"
finish
