#!/bin/bash
# The synthetic panel: the committed CSVs are what the generator writes, and larger panels hold what was asked for.
set -u
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
ok() { count=$((count + 1)); if "${@:2}"; then echo "ok $count - $1"; else echo "not ok $count - $1"; fi; }
same() { cmp -s "$work/$1" "data/$1"; }
rows() { [ "$(($(wc -l <"$1") - 1))" = "$2" ]; }

"$build/panel" "$work"
for file in enterprises deployments platform_revenue infrastructure_cost retention; do
	ok "$file.csv is as committed, byte for byte" same "$file.csv"
done
ok "nothing else is written" test "$(ls "$work" | wc -l)" = 5
ok "the committed synthetic files are under 10 MB in all" test "$(cat "$work"/*.csv | wc -c)" -lt 10000000
mkdir "$work/large" "$work/again"
"$build/panel" "$work/large" 250000
"$build/panel" "$work/again" 250000
ok "a panel of 250,000 rows has as many" rows "$work/large/deployments.csv" 250000
ok "and is the same when written again" diff -r "$work/large" "$work/again"
ok "a row count that is none is refused" bash -c "! '$build/panel' '$work' many 2>/dev/null"
echo "1..$count"
