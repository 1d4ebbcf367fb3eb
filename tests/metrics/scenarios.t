#!/bin/bash
# Scenarios: a metric's result under other parameters, on pages, in the ledger and on the command line.
. tests/cli/lib.sh
mkdir -p "$WORK/r/data/metrics" "$WORK/r/templates/pages"
cd "$WORK/r" || exit 1
printf 'quarter,shop,amount\n2025Q1,North,10\n2025Q1,South,4\n2025Q2,North,12\n2025Q2,South,5\n' >data/sales.csv
cat >templates/site.yaml <<'Y'
title: Shops
params: {factor: {value: 2, title: Growth factor}, other: 1}
scenarios:
  base: {title: Plan}
  low: {title: Cautious, description: Slower than planned., params: {factor: 1}}
  high: {title: Bold, params: {factor: 3}}
Y
metric() { printf '/*\ntitle: %s\nvalue: v\n%s\n*/\n%s\n' "$1" "$2" "$3" >"data/metrics/$1.sql"; }
metric planned 'period: quarter' 'select quarter, $factor * sum(amount) as v from sales group by quarter'
metric doubled $'period: quarter\nunit: percent' 'select quarter, 2 * v as v from planned'
metric shops $'period: quarter\ndimensions: [shop]' 'select quarter, shop, $factor * sum(amount) as v from sales group by quarter, shop'
metric untouched 'period: quarter' 'select quarter, $other * count(*) as v from sales group by quarter'
cat >templates/pages/index.md <<'M'
# Home

Plan {{ metrics.doubled | latest }}, low {{ metrics.doubled | latest | scenario: "low" }}, high {{ metrics.doubled | scenario: "high" | latest }},
up {{ metrics.doubled | scenario: "high" | latest | change }}, untouched {{ metrics.untouched | scenario: "low" | latest }}.
{% for s in scenarios %}{{ s.title }}/{{ s.params[0].value }}; {% endfor %}

```chart
metric: planned
scenarios: [low, high]
title: Band
id: band
```

```table
metric: shops
scenarios: true
at: latest
caption: Shops in each
```

```figures
- metric: planned
  scenario: high
  label: Bold plan
```
M
stet build .
is "build: status 0" "$status" 0
page=$(sed "s/<[^>]*>//g; s/\xc2\xa0/ /g" out/index.html)
has "figures of scenarios" "$page" "Plan 68.0%, low 34.0%, high 102.0%,"
has "and what is derived from them" "$page" "up 18.0 percentage points, untouched 2."
has "the list of scenarios" "$page" "Plan/2; Cautious/1; Bold/3;"
has "low and high are a band" "$(cat out/index.html)" 'class="ch-band'
is "every scenario in a column" "$(xmllint --html --xpath '//table[caption="Shops in each"]//th|//table[caption="Shops in each"]//td' out/index.html 2>/dev/null | sed 's/<[^>]*>/ /g' | xargs)" \
	"Quarter Shop Plan Cautious Bold Q2 2025 North 24 12 36 Q2 2025 South 10 5 15"
has "headline figures too" "$page" "Bold plan51"
has "figures link to the scenarios of their metric" "$(cat out/index.html)" 'href="metrics/doubled/index.html#scenarios"'
has "where they stand" "$(cat out/metrics/doubled/index.html)" '<h2 id="scenarios">'
lacks "a metric that no scenario reaches has none" "$(cat out/metrics/untouched/index.html)" 'id="scenarios"'
has "a page of all of them" "$(sed 's/<[^>]*>//g' out/scenarios/index.html)" "Growth factor213"
is "the ledger has figures with their scenario" "$(grep -o '"figure": "[a-z(]*doubled@[^"]*", "value": [0-9]*' out/ledger.json)" \
	'"figure": "change(doubled@high.v[2025q2])", "value": 18
"figure": "doubled@high.v[2025q2]", "value": 102
"figure": "doubled@low.v[2025q2]", "value": 34'
has "and the scenarios with parameters and results" "$(cat out/ledger.json)" '{"name": "low", "title": "Cautious", "parameters": {"factor": "1", "other": "1"}, "metrics": ['
is "the command line too" "$("$STET" metrics planned@low --csv)" "quarter,v
2025Q1,14
2025Q2,17"
stet explain doubled@high period=2025Q1
has "explained: the value" "$out" "doubled@high.v = 84"
has "and that its rows give it under the scenario's parameters" "$out" "the SQL run on these alone gives the same figure"
stet metrics planned@hihg
has "an unknown scenario" "$err" "there is no scenario 'hihg'"

# ---- what is built again
sed -i 's/params: {factor: 3}/params: {factor: 4}/' templates/site.yaml
stet build .
has "another parameter: other pages" "$(sed 's/<[^>]*>//g' out/index.html)" "high 136.0%"
"$STET" build --quiet --force . && before=$(tree out)
rm -rf .stet && "$STET" build --quiet --jobs 1 .
is "the same bytes from nothing" "$(tree out)" "$before"

# ---- faults
sed -i 's/scenario: "low"/scenario: "lwo"/' templates/pages/index.md
stet build .
has "a slip of the keys: place and mend" "$err" "templates/pages/index.md:3:"
has "and the mend" "$err" "did you mean 'low'?"
sed -i 's/"lwo"/"low"/; s/scenarios: \[low, high\]/scenarios: [low, hgih]/' templates/pages/index.md
stet build .
has "in a chart too" "$err" "there is no scenario 'hgih'"
sed -i 's/hgih/high/' templates/pages/index.md
sed -i 's/params: {factor: 1}/params: {facotr: 1}/' templates/site.yaml
stet build .
has "a parameter that is none" "$err" "the scenario overrides 'facotr', which params does not define"
finish
