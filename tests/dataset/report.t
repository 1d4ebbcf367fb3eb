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

# words FILE: the text of a page
words() { sed "s/<[^>]*>/ /g; s/&quot;/'/g" "$1" | tr -s ' \n' ' '; }

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
has "on its page, too" "$(words r/out/datasets/sales/index.html)" "outliers No value far from the others 22 rows against it freshness"
has "beside what holds" "$(words r/out/datasets/sales/index.html)" "freshness The newest value is recent holds"
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
set_key keywords '["licences", "invented"]'
printf "\n{%% include 'left-out' %%}\n" >>r/templates/pages/index.md
set_key stet:onError '"quarantine"'
sed -i '3s/3744/many/' $csv
stet check r
lacks "a faulty row is no error" "$err" "'units' is not an integer"
rm -rf r/data/editions
stet build r
is "the site is built" "$status" 0
is "with the row and its reason" "$(sed -n 1,2p r/out/datasets/sales/quarantine.csv | cut -d, -f1-4)" "file,line,reason,record
data/sales.csv,3,'units' is not an integer: 'many',\"2024Q1"
page=$(words r/out/datasets/sales/index.html)
has "counted on its page" "$page" "Left out as faulty 1 row "
has "by rule" "$page" "type Every cell is of its column’s type all 1 row left out"
has "with its place and reason" "$page" "data/sales.csv:3 value-type 'units' is not an integer: 'many'"
has "and a link to all" "$(cat r/out/datasets/sales/index.html)" 'href="../../datasets/sales/quarantine.csv"'
has "and among the datasets" "$(words r/out/datasets/index.html)" "1 row of the data broke a rule and is in no figure: 1 of 24 in"
has "and where an author asks for it" "$(words r/out/index.html)" "1 row of the data broke a rule"
has "other rules hold" "$page" "primary-key Every row has a key of its own quarter , vendor holds"
before=$(tree r/out)
stet build r
is "the same from what is kept" "$(tree r/out)" "$before"
has "keys that mean nothing to stet are shown" "$page" "dataset keywords ['licences', 'invented']"
cp whole.csv $csv
set_key stet:onError '"fail"'

# remarks
printf ',,,\n' >>$csv
stet build r
has "what there is to remark stands there" "$(words r/out/datasets/sales/index.html)" "data/sales.csv:26:1 csv-blank-row a row of delimiters alone is passed over"
cp whole.csv $csv

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
