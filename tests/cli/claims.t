#!/bin/bash
# Claims that differ: a build warns, a check fails, unless somebody has said why and until when.
. tests/cli/lib.sh
mkdir -p "$WORK/r/data/metrics" "$WORK/r/templates/pages"
cd "$WORK/r" || exit 1
printf 'quarter,amount\n2025Q1,10\n' >data/sales.csv
printf 'title: Claims\n' >templates/site.yaml
printf '# Home\n' >templates/pages/index.md
printf '/*\ntitle: Sold\nvalue: v\nperiod: quarter\n*/\nselect quarter, sum(amount) as v from sales group by quarter\n' >data/metrics/sold.sql
claim() { printf 'id,statement,operator,value,tolerance,metric,at,acknowledged,until\nten,"It sold so many.",equal,%s,,sold,2025Q1,%s,%s\n' "$1" "$2" "$3" >data/claims.csv; }

claim 10 '' ''
stet check .
is "agrees: check passes" "$status" 0
claim 12 '' ''
stet build .
is "differs: a build goes on" "$status" 0
has "with a warning" "$err" "warning: claim 'ten' differs: the data give 10, the claim says 12"
stet check .
is "a check fails" "$status" 1
has "at the claim" "$err" "data/claims.csv:2"
claim 12 'The source counts returns.' ''
stet check .
is "acknowledged without an end: check fails" "$status" 1
has "says so" "$err" "its acknowledgement has no end"
stet build .
is "a build goes on" "$status" 0
claim 12 'The source counts returns.' soon
stet build .
has "an end that is no day" "$err" "'soon' is no day"
claim 12 'The source counts returns.' 2030-06-30
SOURCE_DATE_EPOCH=1900000000 stet check .
is "until a day that has not come" "$status" 0
SOURCE_DATE_EPOCH=1910000000 stet check .
is "but not after it" "$status" 1
has "says so" "$err" "its acknowledgement ended on 2030-06-30"
SOURCE_DATE_EPOCH=1910000000 stet build --force .
is "a build does not depend on the day" "$status" 0

# ---- in a sentence
printf '# Home\n\nIt sold {%% claim ten %%}, says the source, or {%% claim many %%}.\n' >templates/pages/index.md
printf 'id,statement,operator,value,upper,tolerance,metric,at\nten,"It sold so many.",equal,12,,,sold,2025Q1\nmany,"It sold 9 to 11.",between,9,11,,sold,2025Q1\nopen,"Its owner has 3 cats.",equal,3,,,,\n' >data/claims.csv
stet build .
page=$(cat out/index.html)
has "a claim in a sentence leads to the claims page" "$page" '<a class="figure" href="claims/index.html#ten">'
has "its verdict is marked, in words too" "$page" 'aria-label="Differs from the data, which give 10" title="Differs from the data, which give 10">≠</sup>'
has "a range" "$(sed 's/<[^>]*>//g' out/index.html)" "or 9–11✓."
has "and is in the ledger" "$(cat out/ledger.json)" '{"figure": "claim:ten", "value": 12'
stet explain "claims/$(grep -o '"figure": "claim:ten"[^}]*' out/ledger.json | grep -o '#f[0-9]*' | head -1)"
has "explained: what was published" "$out" "claim ten = 12"
has "the verdict" "$out" "verdict: differs from the data"
has "where it stands" "$out" "data/claims.csv:2"
has "and the figure it is held against" "$out" "sold.v = 10"
sed -i 's/claim many/claim mny/' templates/pages/index.md
stet build .
has "a slip of the keys" "$err" "did you mean 'many'?"
finish
