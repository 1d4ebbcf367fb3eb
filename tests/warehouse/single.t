#!/bin/bash
# One PostgreSQL server behind ODBC: values, faults, safety, and the same site as from the embedded engine.
. tests/warehouse/lib.sh
unset STET_WAREHOUSE
port=$(free_port)
start_server "$port"
there="$(connection "$port");Pwd=hush-7431"

case_study embedded
"$STET" build --quiet "$WORK/embedded" 2>/dev/null
case_study server warehouse

# ---- without a connection, and loading
stet build "$WORK/server"
is "no connection: status 1" "$status" 1
has "the mend names STET_WAREHOUSE" "$err" "STET_WAREHOUSE"
export STET_WAREHOUSE=$there
stet load --engine warehouse "$WORK/server"
is "load: status 0" "$status" 0
is "every row arrived" "$(sql "$port" -c 'select count(*), sum(spend_usd) from deployments')" \
	"$(awk -F, 'NR>1 {n++; s+=$8*100} END {printf "%d|%.2f", n, s/100}' data/deployments.csv)"
is "texts, booleans and missing values too" \
	"$(sql "$port" -c "select count(*) from hosting where frontier and since > '2023Q4'") $(sql "$port" -c 'select count(*) from commitments where amount is null')" \
	"$("$STET" -C "$WORK/embedded" query --as csv "select count(*) from hosting where frontier and since > '2023Q4'" | tail -1) 1"
stet load "$WORK/server"
has "what is there is not doubled" "$err" "has rows already"
stet load --replace --only claims,events "$WORK/server"
has "but replaced when asked" "$err" "loaded events: 6 rows"
stet load --only nosuch "$WORK/server"
has "an unknown dataset is named" "$err" "no dataset 'nosuch'"

# ---- the same site
stet build --jobs 2 "$WORK/server"
is "build: status 0" "$status" 0
is "the site is the embedded engine's, byte for byte" "$(diff -rq "$WORK/embedded/out" "$WORK/server/out")" ""
"$STET" build --quiet --force --jobs 1 "$WORK/server" 2>/dev/null
is "with one thread too" "$(diff -rq "$WORK/embedded/out" "$WORK/server/out")" ""

# ---- values
cd "$WORK/server" || exit 1
value() { "$STET" query --engine warehouse --as csv "select $1" 2>&1 | tail -n +2; }
is "small integers" "$(value '1::int2, -5::int4, 9007199254740993::int8')" "1,-5,9007199254740993"
is "decimals" "$(value '1.10::numeric(10,2), 10::numeric/3, -0.5::numeric(4,2), 0.1::numeric(38,20) + 0.2')" "1.1,3.33333333333,-0.5,0.3"
is "doubles" "$(value '0.1::float8 + 0.2, 1e300::float8, 1.5::float4')" "0.3,1e300,1.5"
is "large sums" "$(value '123456789012345678901234567890::numeric')" "1.23456789012e29"
is "no infinity, no NaN" "$(value "'NaN'::float8, 'Infinity'::float8, 'NaN'::numeric")" ",,"
is "texts" "$(value "'Zürich 漢字 😀', '', null::text, 'ab'::char(5)")" 'Zürich 漢字 😀,"",,ab'
is "long texts" "$(value "repeat('ä', 70000)" | wc -m)" 70001
is "booleans" "$(value 'true, false, null::boolean')" "true,false,"
is "dates" "$(value "date '2024-02-29', timestamp '2024-01-01 10:11:12.5', time '10:11:12'")" "2024-02-29,2024-01-01T10:11:12.500000,10:11:12"
is "time zones" "$(value "timestamptz '2024-01-01 10:00:00+02'")" "2024-01-01T08:00:00"
is "many rows" "$("$STET" query --engine warehouse --as csv 'select g, g * 2 as h from generate_series(1, 30000) g' | awk -F, '{n += $2 == 2 * $1} END {print NR, n}')" "30001 30000"

# ---- faults
ask() { stet query --engine warehouse "$1"; }
ask 'select nosuch from silicon'
is "a fault of the SQL: status 1" "$status" 1
has "the server's words and SQLSTATE" "$err" 'column "nosuch" does not exist (SQLSTATE 42703)'
has "the place" "$err" "(at 'nosuch from silicon')"
ask "delete from silicon"
has "only selects" "$err" "only a SELECT is allowed"
ask "with gone as (delete from silicon returning *) select * from gone"
has "in read-only transactions" "$err" "read-only transaction"
ask "select 1; drop table silicon"
has "one at a time" "$err" "several statements"
ask "select * from generate_series(1, 1200000)"
has "results too large for a report" "$err" "too many for a report"
sed -i '1a limits: {query_seconds: 1}' templates/site.yaml
started=$(date +%s%N)
ask "select pg_sleep(30)"
has "statements end in time" "$err" "SQLSTATE"
[ $(( ($(date +%s%N) - started) / 1000000 )) -lt 10000 ] && pass "within seconds" || fail "within seconds"
sed -i '2d' templates/site.yaml
closed=$(connection "$(free_port)")
STET_WAREHOUSE=$closed stet query --engine warehouse "select 1"
is "no server: status 3" "$status" 3
has "and why" "$err" "cannot connect to the warehouse"
timeout -s INT 1 "$STET" query --engine warehouse "select pg_sleep(30)" 2>"$WORK/.err"
has "Ctrl-C cancels" "$(cat "$WORK/.err")" "cancelled"
sleep 0.3
is "and nothing runs on" "$(sql "$port" -c "select count(*) from pg_stat_activity where query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()")" 0

# A statement whose connection is lost is sent again.
"$STET" query --engine warehouse --as csv "select 7 as seven, pg_sleep(1) is null as no" >"$WORK/.out" 2>"$WORK/.err" &
query=$!
until [ "$(sql "$port" -c "select count(pg_terminate_backend(pid)) from pg_stat_activity where query like '%as seven%' and state = 'active' and pid <> pg_backend_pid()")" = 1 ]; do sleep 0.05; done
wait $query; status=$?
is "a connection that is lost: tried again" "$status $(tail -1 "$WORK/.out")" "0 7,false"

sed -i 's/sum(spend_usd)/sum(spend_eur)/' data/metrics/market_size.sql
stet build .
is "a fault in a metric: status 1" "$status" 1
has "at its line and column" "$err" "data/metrics/market_size.sql:$(grep -n spend_eur data/metrics/market_size.sql | head -1 | cut -d: -f1):"
is "the old site is whole" "$(diff -rq "$WORK/embedded/out" out)" ""
cp "$OLDPWD/data/metrics/market_size.sql" data/metrics/

# ---- secrets
stet build --verbose --force .
is "the password is nowhere" "$(grep -rl hush-7431 .stet out; printf '%s' "$out$err" | grep -c hush-7431)" 0
STET_WAREHOUSE="Driver=PostgreSQL Unicode;Server=127.0.0.1;Port=$port;Database=hush-7431;Uid=postgres;Pwd=hush-7431" stet query --engine warehouse "select 1"
lacks "not even in the server's own words" "$err" "hush-7431"
sed -i "1s/.*/engine: {name: warehouse, warehouse: \"$there\"}/" templates/site.yaml
stet build .
has "site.yaml is no place for it" "$err" "holds a secret"

# ---- engines side by side
mkdir -p "$WORK/both/data/metrics" "$WORK/both/templates/pages"
cd "$WORK/both" || exit 1
cp "$WORK/server/data/hosting.csv" data/
echo "title: Both
engine: {warehouse: \"$(connection "$port")\", connections: 2}
params: {least: 2.5}" >templates/site.yaml
metric() { printf '/*\ntitle: %s\nvalue: v\ndimensions: [k]\nengine: %s\n*/\n%s\n' "$1" "$2" "$3" >"data/metrics/$1.sql"; }
metric far warehouse "select platform as k, count(*) as v from deployments group by platform"
metric near embedded "select k, v * 2 as v from far"
metric back warehouse "select n.k, n.v + f.v as v from near n join far f on f.k = n.k where n.v > \$least"
metric own warehouse "select distinct on (k) k, v from (select 'x' as k, 1 as v) as t"
printf '# Both\n' >templates/pages/index.md
metric scaled warehouse 'select n.k, n.v * $least as v from far n'
sed -i '$a scenarios: {low: {params: {least: 1}}}' templates/site.yaml
unset STET_WAREHOUSE
stet build .
is "metrics of two engines: status 0" "$status" 0
is "scenarios are run there too" "$("$STET" metrics scaled@low --csv | tail -1) $("$STET" metrics scaled --csv | tail -1)" \
	"$(sql "$port" -F, -c "select platform, count(*) from deployments group by 1 order by platform collate \"C\" desc limit 1") $(sql "$port" -F, -c "select platform, count(*) * 2.5 from deployments group by 1 order by platform collate \"C\" desc limit 1")"
stet explain far k=Azure
has "explained: rows of the warehouse cannot be shown" "$out" "what the warehouse holds"
is "join up" "$("$STET" query --as csv 'select sum(b.v) / sum(f.v) as r from back b join far f on f.k = b.k' | tail -1)" 3
stet build .
has "data elsewhere may have changed: it is asked again" "$err" "built "
sed -i "s/connections: 2/connections: 2, version_query: \"select 1 as version\"/" templates/site.yaml
"$STET" build --quiet .
sql "$port" -c "insert into deployments select * from deployments limit 100"
"$STET" build --quiet .
is "unless the report can tell: same version, same results" "$(cat out/metrics/far/far.csv | awk -F, '{s += $2} END {print s}')" 61189
sed -i 's/select 1 as version/select count(*) as version from deployments/' templates/site.yaml
"$STET" build --quiet .
is "another version, other results" "$(awk -F, '{s += $2} END {print s}' out/metrics/far/far.csv)" 61289
finish
