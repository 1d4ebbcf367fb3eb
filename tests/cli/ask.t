#!/bin/bash
# Commands that answer on standard output: query, metrics, csv, infer, liquid, completion, manual.
. tests/cli/lib.sh

"$STET" init --quiet "$WORK/r"
root=$PWD
cd "$WORK" || exit 1

stet -C r query "select vendor, sum(units) as units from sales group by vendor order by vendor" --as csv
is "query: CSV" "$status|$out|$err" "0|vendor,units
Alder,47380
Birch,38200
Cedar,18735|"
echo "select count(*) as n from market_share" | (cd r && "$STET" query - --as json) >.json
is "query: a metric, from standard input, as JSON" "$(node -p 'JSON.stringify(JSON.parse(require("fs").readFileSync(".json")))')" '[{"n":24}]'
stet -C r query "select vendor, units from sales where quarter = '2024Q1' order by vendor"
is "query: aligned" "$out" "vendor  units
Alder    4992
Birch    3744
Cedar    1344"
stet -C r query "select nope from sales"
is "query: an unknown column" "$status$out" 1
has "is named" "$err" "nope"
for sql in "drop table sales" "select 1; select 2" "select * from read_csv('/etc/passwd')" "attach 'x.db'" "copy sales to 'x.csv'" \
	"pragma version" "set threads = 1" ""; do
	stet -C r query "$sql"
	is "query refuses '$sql'" "$status$out" 1
done
is "and wrote nothing" "$(find . -name 'x.*')" ""
stet query "select 1"
is "query outside a report: status 2" "$status" 2

stet metrics r --as csv
is "metrics" "$(sed -n '1p;$p' <<<"$out")" "metric,title,unit,period,dimensions,rows,datasets
market_size,Market size,currency:USD,quarter,,8,sales"
stet metrics r --as xml
is "no such form" "$status" 2

printf 'a;b\n"1,5";x\n2;"say ""hi"""\n' >semi.csv
stet csv semi.csv
is "csv: a clean file" "$out" 'a,b
"1,5",x
2,"say ""hi"""'
printf 'a,b\n1,2\n3\n' >bad.csv
stet csv bad.csv
is "csv: a broken row: status 1" "$status" 1
has "its place" "$err" "bad.csv:3:2: error: "
is "and nothing printed" "$out" ""
stet csv --lenient bad.csv
is "csv --lenient leaves it out" "$status $out" "0 a,b
1,2"
has "and says so" "$err" "bad.csv:3: warning: row left out"
printf 'a::b\n1::2\n' >odd.csv
stet csv --dialect '{"delimiter": "::"}' odd.csv
is "csv --dialect" "$out" "a,b
1,2"
stet csv --dialect '{"delimitr": 1' odd.csv
is "a dialect that is no JSON: status 1" "$status" 1
stet csv --strict --lenient odd.csv
is "both modes: status 2" "$status" 2
stet csv none.csv
is "csv: no file: status 1" "$status" 1

stet infer r --write
is "infer leaves a description alone" "$status" 2
rm r/data/datapackage.json
stet infer r --write
is "infer writes one" "$status" 0
is "with the types" "$(node -p 'JSON.parse(require("fs").readFileSync("r/data/datapackage.json")).resources[0].schema.fields.map(f => f.name + ":" + (f.format || f.type)).join(" ")')" \
	"quarter:quarter vendor:string units:integer revenue_usd:number"
stet check r
is "that is right" "$status" 0

printf 'Hello {{ name | upcase }}{%% render "more" %%}\n' >t.liquid
mkdir parts && printf '!' >parts/more.liquid
echo '{"name": "ada"}' >t.json
stet liquid t.liquid t.json --partials parts
is "liquid" "$status $out" "0 Hello ADA!"
printf '{{ nobody }}\n' >t.liquid
stet liquid t.liquid
is "liquid: an unknown variable: status 1" "$status" 1
has "its place" "$err" "t.liquid:1:4: error: "
stet liquid t.liquid --lax
is "liquid --lax" "$status" 0
stet liquid none.liquid
[ "$status" != 0 ] && pass "liquid: no file" || fail "liquid: no file"

for shell in bash zsh fish; do
	stet completion $shell
	has "completion of $shell" "$out" "completion"
	command -v $shell >/dev/null || { skip "$shell reads it" "no $shell here"; continue; }
	printf '%s\n' "$out" >script
	$shell -n script 2>err; is "$shell reads it" "$?$(cat err)" 0
done
stet completion bash
complete_bash() { bash -c "$out"$'\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _stet 2>/dev/null; echo "${COMPREPLY[*]}"' - "$@"; }
is "bash completes commands" "$(complete_bash stet bui)" build
is "bash completes options" "$(complete_bash stet build --for)" "--force --format="
is "bash completes values" "$(complete_bash stet build --format = gi)" github
stet completion tcsh
is "no such shell" "$status" 2

stet manual; cp .out stet.1
for command in $("$STET" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do has "the manual explains $command" "$out" "stet $command"; done
stet manual report; cp .out stet-report.5
has "the manual of reports" "$out" "STET-REPORT 5"
stet manual metrics; cp .out stet-metrics.7
for form in change growth yoy cagr index cumulative moving_average share rank rank_change contribution difference scenario concentration \
	pack.concentration pack.cr pack.lorenz pack.switch_matrix pack.cohort_adoption pack.repertoire pack.bridge acknowledged; do
	has "the manual of metrics explains $form" "$out" "$form"
done
stet manual charts; cp .out stet-charts.7
for type in $(sed -n 's/^\t{"\([a-z-]*\)", .*chart_draw_.*/\1/p' "$root/generator/chart/types.c"); do
	has "the manual of charts knows $type" "$out" "$type"
done
stet manual warehouse; cp .out stet-warehouse.7
for server in Citus Redshift Snowflake Databricks Trino ClickHouse; do has "the manual of warehouses knows $server" "$out" "$server"; done
stet init --quiet --charts gallery; stet build --quiet gallery
is "init --charts writes the gallery, which builds without a word" "$status|$out|$err|$(ls gallery/out/index.html)" "0|||gallery/out/index.html"
stet manual nosuch
has "no such page" "$err" "there is no manual page 'nosuch'"
if command -v groff >/dev/null; then
	is "roff reads both" "$(groff -man -ww -Tutf8 stet.1 stet-report.5 stet-charts.7 2>&1 >/dev/null)" ""
else
	skip "roff reads both" "no groff here"
fi
finish
