#!/bin/bash
# Where a figure comes from, as stet explain tells it.
. tests/cli/lib.sh
mkdir -p "$WORK/r/data/metrics" "$WORK/r/templates/pages"
cd "$WORK/r" || exit 1
printf 'quarter,shop,amount\n2025Q1,North,10.5\n2025Q1,South,4\n2025Q2,North,11\n2025Q2,"South, old",5\n2025Q2,North,1\n' >data/sales.csv
printf 'title: Shops\nparams: {factor: 2}\n' >templates/site.yaml
metric() { printf '/*\ntitle: %s\nvalue: v\nperiod: quarter\n%s\n*/\n%s\n' "$1" "$2" "$3" >"data/metrics/$1.sql"; }
metric sold 'dimensions: [shop]' 'select quarter, shop, sum(amount) as v from sales group by quarter, shop'
metric share 'dimensions: [shop]' "select s.quarter, s.shop, \$factor * 50 * s.v / t.v as v from sold s join (select quarter, sum(v) as v from sold group by quarter) t on t.quarter = s.quarter"
metric before '' 'select quarter, lag(sum(amount), 1, 0) over (order by quarter) as v from sales group by quarter'
printf -- '---\ntitle: Home\n---\nSold: {{ metrics.sold | where: "shop", "North" | latest }}, up {{ metrics.sold | where: "shop", "North" | latest | growth }}.\n' >templates/pages/index.md
"$STET" build --quiet .

stet explain sold period=2025Q2 shop=North
is "a figure: status 0" "$status" 0
has "its value" "$out" "sold.v = 12"
has "its SQL with its place" "$out" "SQL (data/metrics/sold.sql:"
has "its inputs, with their hashes" "$out" "data/sales.csv  5 rows  sha256 $(sha256sum <data/sales.csv | cut -d' ' -f1)"
has "how many rows it needs" "$out" "sales: 2 of 5 rows"
has "and which: file:line" "$out" "data/sales.csv:6  2025Q2,North,1"
lacks "no others" "$out" "data/sales.csv:5"
stet explain share period=2025Q2 shop=North
has "a share needs its whole period" "$out" "sales: 3 of 5 rows"
has "parameters have their values" "$out" '$factor = 2'
has "metrics between are named" "$out" "metric sold"
stet explain before period=2025Q2
has "a look back needs all periods" "$out" "all rows; the SQL run on these alone gives the same figure"
stet explain share period=2025Q2 shop=North --csv
is "every row as CSV" "$out" 'file,line,quarter,shop,amount
data/sales.csv,4,2025Q2,North,11
data/sales.csv,5,2025Q2,"South, old",5
data/sales.csv,6,2025Q2,North,1'
stet explain sold shop=North
has "without a period the latest" "$out" "quarter: 2025Q2"
stet explain sold period=2025Q3 shop=North
is "no such figure: status 1" "$status" 1
stet explain solt
has "a slip of the keys" "$err" "did you mean 'sold'?"
stet explain sold North
has "no condition" "$err" "'North' is no condition"

at=$(grep -o '"figure": "sold.v\[[^"]*", .*"at": \["[^"]*"' out/ledger.json | head -1 | sed 's/.*"at": \["//; s/"$//')
stet explain "$at"
has "a figure on a page" "$out" "sold.v = 12"
stet explain "out/index.html#${at#*#}"
has "by the page's file too" "$out" "sold.v = 12"
at=$(grep -o '"figure": "growth(.*"at": \["[^"]*"' out/ledger.json | head -1 | sed 's/.*"at": \["//; s/"$//')
stet explain "$at"
has "a derived one: its form and formula" "$out" "derived: growth = "
has "and the figures it is made of" "$out" "sold.v = 12"
stet explain "#f999"
has "no figure there" "$err" "no figure stands at '#f999'"

stet metrics sold --csv
is "a metric's result" "$out" 'quarter,shop,v
2025Q1,North,10.5
2025Q1,South,4
2025Q2,North,12
2025Q2,"South, old",5'
stet metrics solt
has "of an unknown metric" "$err" "did you mean 'sold'?"
finish
