#!/bin/bash
# The page of a metric is made whatever the metric's shape: with a chart where one can be read, else by its rows.
. tests/cli/lib.sh
mkdir -p "$WORK/r/data/metrics" "$WORK/r/templates/pages"
cd "$WORK/r" || exit 1
printf 'n,x\n1,2\n' >data/d.csv
printf 'title: Shapes\n' >templates/site.yaml
printf '# Home\n' >templates/pages/index.md
metric() { printf '/*\ntitle: %s\nvalue: v\n%s\n*/\nselect %s\n' "$1" "$2" "$3" >"data/metrics/$1.sql"; }
quarters="range(1, 4) s(q)" names="range(300) t(i)"
metric number '' "sum(x) as v from d"
metric missing '' "sum(x) as v from d where false"
metric no_rows 'dimensions: [n]' "n, x as v from d where false"
metric no_periods 'period: n' "n, x as v from d where false"
metric nulls 'dimensions: [n]' "n, nullif(x, x) as v from d"
metric one_period 'period: quarter' "'2025Q1' as quarter, 1 as v"
metric few_names 'dimensions: [n]' "'a' || i as n, i as v from $names where i < 5"
metric many_names 'dimensions: [n]' "'a' || i as n, i as v from $names"
metric few_series $'period: quarter\ndimensions: [n]' "'2025Q' || q as quarter, 'a' || i as n, i as v from $names, $quarters where i < 5"
metric many_series $'period: quarter\ndimensions: [n]' "'2025Q' || q as quarter, 'a' || i as n, i as v from $names, $quarters"
metric grid 'dimensions: [n, k]' "'a' || i as n, q as k, i as v from $names, $quarters where i < 5"
metric grids $'period: quarter\ndimensions: [n, k]' "'2025Q' || q as quarter, 'a' || i as n, i % 3 as k, i as v from $names, $quarters where i < 5"
metric vast_grid 'dimensions: [n, k]' "'a' || i as n, q as k, i as v from $names, $quarters"
metric cube 'dimensions: [n, k, z]' "'a' || i as n, q as k, 1 as z, i as v from $names, $quarters where i < 5"
metric below 'dimensions: [n]' "'a' || i as n, -i as v from $names where i < 5"
stet build .
is "every shape builds: status 0" "$status $(grep -c error: "$WORK/.err")" "0 0"; grep -A2 error: "$WORK/.err" | sed "s/^/# /"
chart_of() { # the type of the page's chart, or none
	grep -o 'class="chart-frame chart-[a-z-]*"' "out/metrics/$1/index.html" | sed 's/.*chart-frame chart-//; s/"//' | head -1
}
for case in number: missing: one_period:line few_names:bar many_names:bar few_series:line many_series:bar grid:heatmap \
	grids:heatmap vast_grid: cube: below:bar; do
	is "${case%%:*}: ${case#*:}" "$(chart_of "${case%%:*}")" "${case#*:}"
done
has "too many series: the largest of the last period, and it says so" "$(cat out/metrics/many_series/index.html)" "The 12 largest, Q3 2025"
has "one period of a grid says which" "$(cat out/metrics/grids/index.html)" '<p class="figure-subtitle">Q3 2025</p>'
for name in number missing no_rows no_periods nulls cube vast_grid; do
	has "$name: its rows" "$(cat "out/metrics/$name/index.html")" "$name, all rows</caption>"
done
finish
