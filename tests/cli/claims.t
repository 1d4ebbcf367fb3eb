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
is "acknowledged: check passes" "$status" 0
claim 12 'The source counts returns.' 2030-06-30
SOURCE_DATE_EPOCH=1900000000 stet check .
is "until a day that has not come" "$status" 0
SOURCE_DATE_EPOCH=1910000000 stet check .
is "but not after it" "$status" 1
has "says so" "$err" "its acknowledgement ended on 2030-06-30"
SOURCE_DATE_EPOCH=1910000000 stet build --force .
is "a build does not depend on the day" "$status" 0
finish
