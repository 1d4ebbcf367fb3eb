#!/bin/bash
# `stet infer` on the data files of vega-datasets, and a report built from three of them.
. tests/cli/lib.sh
data=$PWD/tests/node_modules/vega-datasets/data golden=$PWD/tests/golden/dataset
cd "$WORK" || exit 1

types() { node -e '
	const text = require("fs").readFileSync(0, "utf8");
	const schema = JSON.parse(text).resources[0].schema;
	console.log(schema.fields.map(f => f.format ? f.type + "(" + f.format + ")" : f.type).join(" ") + " | " + (schema.primaryKey || "none"));
'; }

# infers FILE "TYPES | KEY"
infers() { is "$1" "$("$STET" infer --quiet "$data/$1" 2>/dev/null | types)" "$2"; }
infers airports.csv "string string string string string number number | iata"
infers co2-concentration.csv "date number number | Date"
infers disasters.csv "string year integer | Entity,Year"
infers flights-airport.csv "string string integer | origin,destination"
infers github.csv "datetime(%Y/%m/%d %H:%M:%S) integer | time"
infers global-temp.csv "year number | year"
infers iowa-electricity.csv "date string integer | year,source"
infers seattle-weather.csv "date number number number number string | date"
infers seattle-weather-hourly-normals.csv "datetime number number number | date"
infers sp500.csv "date(%B %d %Y) number | date"
infers stocks.csv "string date(%B %d %Y) number | symbol,date"
infers unemployment.tsv "integer number | id"
infers zipcodes.csv "string number number string string string | zip_code"
infers flights-3m.parquet "string integer integer string string | none"

# all of them load
failed=
for file in "$data"/*.csv "$data"/*.tsv; do
	"$STET" infer --quiet "$file" >/dev/null 2>"$WORK/.err" || failed="$failed $(basename "$file")"
done
is "every text file is described" "$failed" ""

stet infer "$data/la-riots.csv"
has "evidence goes to standard error" "$err" "death_date"
printf 'day,n\n03/04/2025,1\n05/06/2025,2\n' >dates.csv
stet infer dates.csv
has "ambiguous dates are told" "$err" "dates.csv:1:1: warning: dates of 'day' may be day or month first: '03/04/2025'"
printf 'n,parent\n1,a\n2,a\n3,b\n4,b\n' >children.csv; printf 'id,name\na,x\nb,y\nc,z\n' >parent.csv
printf 'n,parent_id\n1,a\n2,a\n3,b\n4,b\n' >children.csv
stet infer children.csv parent.csv
has "foreign keys where values and names agree" "$(tr -d '\n ' <<<"$out")" \
	'"foreignKeys":[{"fields":["parent_id"],"reference":{"resource":"parent","fields":["id"]}}]'

# Parquet: places are rows and columns, rows without a value are rows, and nothing is left behind
mkdir -p p/data p/templates; echo 'title: t' >p/templates/site.yaml
cp "$golden"/{one,many}.parquet p/data
stet infer p/data/one.parquet p/data/many.parquet
is "one column of Parquet, some of it missing" "$(grep -c '"name": "n", "type": "integer"' <<<"$out")" 1
is "leaves nothing behind" "$(ls -A p/data | tr '\n' ' ')" "many.parquet one.parquet "
stet -C p query "select count(*) as rows, count(n) as n from one"
has "rows without a value" "$(tr -s ' ' <<<"$out")" "10 6"
printf '{"resources": [{"name": "many", "path": "many.parquet", "schema": {"fieldsMatch": "subset", "fields": [{"name": "id", "type": "integer"}, {"name": "lim", "type": "integer", "constraints": {"minimum": 0}}]}}]}' >p/data/datapackage.json
stet check p
has "a fault in Parquet is at its row and column" "$err" "p/data/many.parquet:9:5: error: 'lim' is below 0: '-1'"

# a report of three
mkdir -p r/data/metrics r/templates/pages
cp "$data/airports.csv" "$data/flights-airport.csv" "$data/seattle-weather.csv" r/data/
mv r/data/flights-airport.csv r/data/flights.csv; mv r/data/seattle-weather.csv r/data/weather.csv
stet infer r/data/*.csv --write
is "described" "$status" 0
echo 'title: Three datasets' >r/templates/site.yaml
printf '/*\ntitle: Flights by state\nunit: count\ndimensions: [state]\nvalue: flights\n*/\nselect a.state, sum(f.count) as flights from flights f join airports a on a.iata = f.origin group by a.state\n' >r/data/metrics/flights_by_state.sql
printf '/*\ntitle: Rain\nunit: mm\nperiod: year\nvalue: rain\n*/\nselect year(date) as year, sum(precipitation) as rain from weather group by 1\n' >r/data/metrics/rain.sql
printf -- '---\ntitle: Home\n---\n\nIt rained {{ metrics.rain | latest }} in the last year.\n' >r/templates/pages/index.md
stet build r
is "and built" "$status" 0
[ -f r/out/index.html ] && grep -q 'It rained' r/out/index.html
is "with its figure" "$?" 0
[ -f r/out/datasets/airports/index.html ] && [ -f r/out/metrics/rain/index.html ]
is "with pages of its datasets and metrics" "$?" 0
finish
