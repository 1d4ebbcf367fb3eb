#!/bin/bash
# How fast results come from a warehouse: rows a second through ODBC against psql's COPY of the same result.
. tests/warehouse/lib.sh
rows=${WAREHOUSE_ROWS:-500000}
port=$(free_port)
start_server "$port"
make --no-print-directory --quiet BUILD="${BUILD:-build}" "${BUILD:-build}/bench/warehouse"
sql "$port" -c "create table panel as select '202' || (g % 6) || 'Q' || (1 + g % 4) as quarter, 'E' || lpad((g % 7000)::text, 5, '0') as enterprise,
	(array['Azure', 'AWS', 'Google Cloud', 'Oracle'])[1 + g % 4] as platform, g as n, (g * 1.37)::numeric(18, 2) as spend, sqrt(g) as score,
	date '2020-01-01' + g % 2000 as day from generate_series(1, $rows) g; analyze panel"
report() {
	echo "fetching $rows rows of $1"
	local copy=999 seconds start end
	for _ in 1 2 3; do
		start=$(date +%s%N); sql "$port" -c "copy ($2) to stdout" >/dev/null; end=$(date +%s%N)
		copy=$(awk -v a="$copy" -v b=$((end - start)) 'BEGIN { b /= 1e9; print a < b ? a : b }')
	done
	seconds=$("${BUILD:-build}/bench/warehouse" "$(connection "$port")" "$2" | cut -d' ' -f1)
	awk -v n="$rows" -v c="$copy" -v s="$seconds" 'BEGIN {
		printf "  psql COPY  %.2f s, %d rows a second\n  stet, ODBC %.2f s, %d rows a second: %.2f of COPY'"'"'s rate\n", c, n / c, s, n / s, c / s }'
}
report "seven columns: texts, an integer, a decimal, a double, a date" "select * from panel"
report "two numbers" "select n, score from panel"
