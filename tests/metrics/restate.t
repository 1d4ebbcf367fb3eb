#!/bin/bash
# One past quarter restated in a CSV: `stet diff` lists exactly the figures that rest on it, the build stops until
# an erratum explains them, and a frozen edition that was touched is found out.
. tests/cli/lib.sh
mkdir -p "$WORK/r" && cp -r data templates "$WORK/r/"
cd "$WORK/r" || exit 1
rm -rf data/editions
"$STET" build --quiet . 2>/dev/null
stet edition freeze 2026Q1
is "freeze: status 0" "$status" 0
has "says where" "$err" "data/editions/2026Q1.json"
stet edition freeze 2026Q1
is "never over an edition" "$status" 1
stet edition list --csv
is "list gives the hash of the ledger" "$(echo "$out" | tail -1)" "2026Q1,$(sha256sum <out/ledger.json | cut -d' ' -f1)"
stet diff 2026Q1
is "nothing changed: no line" "$out" "$("$STET" diff 2026Q1 now | head -1)"
cp -r data before
cp out/ledger.json before.ledger

# Oracle's storage revenue of 2024Q3, and with it what rests on that platform in that quarter.
sed -i 's/^\(2024Q3,Oracle,storage,\)[0-9.]*$/\199.500/' data/platform_revenue.csv
is "one line of one file differs" "$(diff before/platform_revenue.csv data/platform_revenue.csv | grep -c '^[<>]')" 2
"$STET" metrics --csv | awk -F, 'NR > 1 && /platform_revenue/ {print $1}' | sort >"$WORK/rests"
stet diff 2026Q1 --csv
is "diff: status 0" "$status" 0
printf '%s\n' "$out" >"$WORK/diff.csv"
# The same by a second way: the results of both states of the data, cell by cell.
mkdir -p "$WORK/old" && cp -r before "$WORK/old/data" && cp -r templates "$WORK/old/"
for metric in $("$STET" metrics --csv | tail -n +2 | cut -d, -f1); do
	"$STET" -C "$WORK/old" metrics "$metric" --csv >"$WORK/a" && "$STET" metrics "$metric" --csv >"$WORK/b"
	awk -F, -v metric="$metric" 'NR == FNR { for (i = 1; i <= NF; i++) was[FNR, i] = $i; next }
		FNR == 1 { for (i = 1; i <= NF; i++) name[i] = $i }
		{ for (i = 1; i <= NF; i++) if (was[FNR, i] != $i) print metric "," name[i] "," was[FNR, i] "," $i }' "$WORK/a" "$WORK/b"
done | sort >"$WORK/expected"
awk -F, 'NR > 1 {n = split($0, f, ","); print f[2] "," f[n-3] "," f[n-2] "," f[n-1]}' "$WORK/diff.csv" | sort >"$WORK/found"
[ -s "$WORK/expected" ] && pass "figures changed: $(wc -l <"$WORK/expected")" || fail "figures changed"
is "diff lists exactly these" "$(diff "$WORK/expected" "$WORK/found")" ""
is "all restated" "$(tail -n +2 "$WORK/diff.csv" | cut -d, -f1 | sort -u)" "restated"
is "of metrics that rest on that file" "$(tail -n +2 "$WORK/diff.csv" | cut -d, -f2 | sort -u | comm -23 - "$WORK/rests")" ""
is "the largest changes first" "$(tail -n +2 "$WORK/diff.csv" | awk -F, '{v = $NF < 0 ? -$NF : $NF; if (NR > 1 && v > last + 0.01) bad++; last = v} END {print bad + 0}')" 0

# ---- the guard
site=$(tree out)
stet build .
is "a restatement nobody explains: status 1" "$status" 1
has "says which figure" "$err" "recurring_share"
is "the old site is whole" "$(tree out)" "$site"
{
	echo "metric,key,edition,reason"
	tail -n +2 "$WORK/diff.csv" | cut -d, -f2 | sort -u | sed 's/$/,*,2026Q1,Oracle reported storage late./'
} >data/errata.csv
node -e '
const fs = require("fs"), p = JSON.parse(fs.readFileSync("data/datapackage.json"));
p.resources.push({name: "errata", path: "errata.csv", title: "Errata", schema: {fields: ["metric", "key", "edition", "reason"].map(name => ({name, type: "string"}))}});
fs.writeFileSync("data/datapackage.json", JSON.stringify(p, null, 2));'
stet build .
is "with errata: status 0" "$status" 0

has "'What changed' counts them" "$(sed 's/<[^>]*>/ /g' out/changes/index.html | tr -s ' \n' ' ')" "Restated $(wc -l <"$WORK/expected")"
is "and gives each its reason" "$(grep -c '<tr>.*Oracle reported storage late.' out/changes/index.html)" "$(wc -l <"$WORK/expected")"
has "a restated figure has its mark" "$(grep -o '<data[^>]*class="restated"[^>]*>' out/changes/index.html | head -1)" "Restated, published as"
has "in tables too" "$(cat out/metrics/recurring_share/index.html)" 'class="num restated" title="Restated, published as'
has "and the page says why, for who cannot point" "$(sed 's/<[^>]*>/ /g' out/metrics/recurring_share/index.html | tr -s ' \n' ' ')" "Restated figures "
has "and the page says it of each" "$(cat out/metrics/recurring_share/index.html)" '<li>Recurring share of revenue, Q3 2024, Oracle. Restated, published as'
has "and where they are pivoted" "$(cat out/index.html out/*/index.html out/*/*/index.html | grep -B60 'class="num restated"' | grep -c '<details class="figure-data">' | sed 's/^[1-9].*/some/')" some
lacks "but the page of changes does not say it twice" "$(cat out/changes/index.html)" "class=\"restatements\""
has "the edition is in the archive" "$(cat out/editions/2026q1/index.html)" "$(sha256sum <before.ledger | cut -d' ' -f1)"

# ---- damage
sed -i '0,/2024Q3/s//2024Q4/' data/editions/2026Q1.json
stet edition list
is "a damaged edition: status 1" "$status" 1
has "is named" "$err" "2026Q1"
stet build --force .
is "and stops the build" "$status" 1
finish
