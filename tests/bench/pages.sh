#!/bin/bash
# Pages a second: PAGES entity pages of a table each from one CSV, by stet and by Hugo (which has no SQL and no
# CSV of that size: awk writes its content first, timed apart); then stet with a chart beside each table.
set -euo pipefail
BUILD=${BUILD:-build} pages=${PAGES:-10000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tests/deps.sh packages hugo time

timed() { /usr/bin/time -f "$1: %e s wall, %U + %S CPU s, %M KB" "${@:2}"; }

# The same numbers every time: a linear congruential generator.
panel() {
	awk -v n="$1" 'BEGIN { print "firm,quarter,models,spend"; x = 1
		for (i = 1; i <= n; i++) for (q = 0; q < 8; q++) {
			x = (x * 16807) % 2147483647
			printf "Firm %d,%dQ%d,%d,%.2f\n", i, 2024 + int(q / 4), q % 4 + 1, x % 5 + 1, x % 100000 / 10
		} }'
}

report() {
	mkdir -p "$1/data/metrics" "$1/templates/pages"
	cp "$work/panel.csv" "$1/data/panel.csv"
	printf '%s\n' '/*' 'title: Spend' 'unit: "currency:USD"' 'period: quarter' 'dimensions: [firm]' 'value: spend' 'columns:' \
		'  models: {title: Models, unit: count}' '*/' 'select quarter, firm, spend, models from panel' >"$1/data/metrics/spend.sql"
	{
		printf '%s\n' '---' 'foreach: {metric: spend, by: firm}' 'as: firm' 'path: firms/{{ firm | slug }}/' 'title: "{{ firm }}"' 'nav: false' '---' \
			'{{ firm }} spent {{ metrics.spend | where: "firm", firm | latest }} in {{ metrics.spend | where: "firm", firm | latest | period }}.' ''
		[ "$2" = chart ] && printf '%s\n' '```chart' 'metric: spend' 'where: {firm: "{{ firm }}"}' 'type: column' 'x: quarter' 'y: spend' 'title: Spend by quarter' 'id: spend' '```' ''
		printf '%s\n' '```table' 'metric: spend' 'where: {firm: "{{ firm }}"}' 'columns: [quarter, models, spend]' '```'
	} >"$1/templates/pages/firm.md"
	printf '%s\n' 'title: Firms' 'downloads: []' >"$1/templates/site.yaml"
}

hugo_site() {
	mkdir -p "$1/content/firms" "$1/layouts/firms" "$1/layouts/_default"
	printf '%s\n' 'baseURL = "/"' 'title = "Firms"' 'disableKinds = ["taxonomy", "term", "RSS", "sitemap"]' >"$1/config.toml"
	printf '%s' '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><main><h1>{{ .Title }}</h1>{{ block "main" . }}{{ end }}</main></body></html>' >"$1/layouts/_default/baseof.html"
	printf '%s' '{{ define "main" }}{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}' >"$1/layouts/_default/list.html"
	printf '%s' '{{ define "main" }}{{ .Content }}<table><thead><tr><th>Quarter<th>Models<th>Spend</tr></thead><tbody>{{ range .Params.rows }}<tr><td>{{ .quarter }}<td>{{ .models }}<td>${{ lang.FormatNumber 0 .spend }}</tr>{{ end }}</tbody></table>{{ end }}' >"$1/layouts/firms/single.html"
}

hugo_content() {
	awk -F, -v dir="$1/content/firms" 'function done() { if (file) { print "]}\n\n" name " spent $" spend " in " quarter "." >file; close(file) } }
		NR == 1 { next }
		$1 != name { done(); name = $1; slug = tolower(name); gsub(/ /, "-", slug); file = dir "/" slug ".md"; printf "{\"title\": \"%s\", \"rows\": [", name >file; comma = "" }
		{ quarter = $2; spend = $4; printf "%s{\"quarter\": \"%s\", \"models\": %d, \"spend\": %s}", comma, $2, $3, $4 >file; comma = ", " }
		END { done() }' "$work/panel.csv"
}

echo "$pages entity pages, a table each"
panel "$pages" >"$work/panel.csv"
report "$work/table" table
timed "stet, cold" "$BUILD/stet" build --profile "$work/table"
timed "stet, nothing changed" "$BUILD/stet" build --quiet "$work/table"
hugo_site "$work/hugo"
timed "awk for Hugo" bash -c "$(declare -f hugo_content); work='$work'; hugo_content '$work/hugo'"
timed "Hugo" hugo --quiet --source "$work/hugo" --destination "$work/hugo/out"
echo "$(find "$work/table/out/firms" -name index.html | wc -l) pages by stet, $(find "$work/hugo/out/firms" -mindepth 2 -name index.html | wc -l) by Hugo"
echo "$((pages / 2)) entity pages, a chart and a table each"
panel "$((pages / 2))" >"$work/panel.csv"
report "$work/chart" chart
timed "stet, cold" "$BUILD/stet" build --profile "$work/chart"
