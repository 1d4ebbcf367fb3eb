#!/bin/bash
# Entity pages by stet and by Hugo, from the same data: Hugo has no SQL and reads no CSV of that size, so awk writes
# its content first, timed apart; no charts in either. Then stet with a chart beside each table.
. tests/bench/lib.sh
count=${HUGO_PAGES:-10000}
tests/deps.sh packages hugo

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
		END { done() }' "$2"
}
export -f hugo_content

panel "$count" >"$work/panel.csv"
report "$work/table" table
report "$work/chart" chart
hugo_site "$work/hugo"
heading "$count firms, a table each"
run "stet" "$work/table/out" "$stet" build --quiet "$work/table"
run "awk, content for Hugo" "$work/hugo/content" bash -c "hugo_content '$work/hugo' '$work/panel.csv'"
run "Hugo $(hugo version | grep -o 'v[0-9.]*' | head -1)" "$work/hugo/out" hugo --quiet --source "$work/hugo" --destination "$work/hugo/out"
heading "$count firms, a chart and a table each"
run "stet" "$work/chart/out" "$stet" build --profile "$work/chart"
sed -n '/looking/,/publishing/p' "$work/log"
