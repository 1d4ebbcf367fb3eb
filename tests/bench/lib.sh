# Shared by the timings of whole builds: one measured command a line of a table, and the reports to build.
set -euo pipefail
export BUILD=${BUILD:-build}
stet=$(realpath "$BUILD/stet")
bench=$(realpath -m "$BUILD/bench")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make --no-print-directory --quiet BUILD="$BUILD" "$BUILD/bench/measure" "$BUILD/bench/deployments"

heading() { printf '\n%-34s %9s %9s %9s %9s %8s\n' "$1" 'wall s' 'CPU s' 'peak MB' 'out MB' 'files'; }

# run LABEL OUT COMMAND...: one line of the table; `wall`, `cpu` and `peak` hold its figures. A failure is a line too.
run() {
	local label=$1 out=$2 code
	rm -f "$work/figures"
	"$bench/measure" "$work/figures" "${@:3}" >"$work/log" 2>&1 || true
	read -r wall cpu peak code <"$work/figures"
	if [ "$code" != 0 ]; then printf '%-34s failed: %s\n' "$label" "$(tail -1 "$work/log")"; return 0; fi
	printf '%-34s %9.3f %9.3f %9.1f %9s %8s\n' "$label" "$(awk "BEGIN { print $wall / 1000 }")" "$(awk "BEGIN { print $cpu / 1000 }")" \
		"$(awk "BEGIN { print $peak / 1024 }")" "$(du -sb --apparent-size "$out" | awk '{ printf "%.1f", $1 / 1e6 }')" "$(find "$out" -type f | wc -l)"
}

# four LABEL DIR PROSE CSV SED: the four builds of a report; PROSE gets a sentence more, CSV an edit.
four() {
	rm -rf "$2/out" "$2/.stet"
	run "$1, cold" "$2/out" "$stet" build --quiet "$2"
	cold=$cpu
	run "$1, unchanged" "$2/out" "$stet" build --quiet "$2"
	printf '\nOne more sentence.\n' >>"$2/$3"
	run "$1, one prose edit" "$2/out" "$stet" build --quiet "$2"
	sed -i "$5" "$2/$4"
	run "$1, one CSV edit" "$2/out" "$stet" build --quiet "$2"
}

# panel N: firms by quarter, the same numbers every time (Lehmer's generator, MINSTD).
panel() {
	awk -v n="$1" 'BEGIN { print "firm,quarter,models,spend"; x = 1
		for (i = 1; i <= n; i++) for (q = 0; q < 8; q++) {
			x = (x * 16807) % 2147483647
			printf "Firm %d,%dQ%d,%d,%.2f\n", i, 2024 + int(q / 4), q % 4 + 1, x % 5 + 1, x % 100000 / 10
		} }'
}

# report DIR table|chart: a page a firm of $work/panel.csv, with a table, or with a chart as well, and nothing beside the pages.
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
	printf '%s\n' '---' 'title: About' '---' 'What the firms spend.' >"$1/templates/pages/about.md"
	printf '%s\n' 'title: Firms' 'downloads: []' 'extras: []' >"$1/templates/site.yaml"
}
