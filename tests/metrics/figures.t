#!/bin/bash
# Figures set against each other: differences, concentration, and those that have no value.
. tests/cli/lib.sh
mkdir -p "$WORK/r/data/metrics" "$WORK/r/templates/pages"
cd "$WORK/r" || exit 1
printf 'quarter,shop,size,amount\n2025Q1,A,s,50\n2025Q1,B,s,30\n2025Q1,C,l,20\n2025Q2,A,s,60\n2025Q2,B,s,30\n2025Q2,C,l,10\n2025Q2,D,l,0\n' >data/sales.csv
printf 'title: Figures\n' >templates/site.yaml
metric() { printf '/*\ntitle: %s\nvalue: v\nperiod: quarter\ndimensions: [%s]\nunit: %s\n*/\n%s\n' "$1" "$2" "$3" "$4" >"data/metrics/$1.sql"; }
metric sold shop 'currency:USD' 'select quarter, shop, amount as v from sales'
metric part shop percent 'select quarter, shop, amount as v from sales'
metric sized 'size, shop' count 'select quarter, size, shop, amount as v from sales'
line() { printf '%s: {{ %s }}.\n\n' "$1" "$2" >>templates/pages/index.md; }
at() { printf 'metrics.%s | at: "2025Q%s" | where: "shop", "%s"' "$1" "$2" "$3"; }
printf '{%% assign other = %s %%}{%% assign then = %s %%}\n' "$(at part 2 B)" "$(at part 1 A)" >templates/pages/index.md
line D1 "$(at part 2 A) | difference: other"
line D2 "$(at part 2 A) | difference: then"
for form in cr1 cr2 hhi hhi_change entropy effective_number effective_entropy gini; do line "C-$form" "metrics.sold | latest | concentration: \"$form\""; done
line C-over 'metrics.sized | latest | concentration: "cr1", over: "shop"'
line N1 "$(at sold 1 A) | growth"
line N2 "$(at sold 2 D) | yoy"
line N3 "$(at part 2 A) | cumulative"
line N4 'metrics.sold | at: "2025Q1" | concentration: "hhi_change"'
for pair in X:100 G:107 H:400 I:230 J:201 K:190 L:50 M:31 N:97 O:0; do
	printf '2025Q1,%s,z,100\n2025Q2,%s,z,%s\n' "${pair%:*}" "${pair%:*}" "${pair#*:}" >>data/changes.csv
done
sed -i '1i quarter,shop,size,amount' data/changes.csv
metric changed shop count 'select quarter, shop, amount as v from changes'
for shop in X G H I J K L M N O; do line "G-$shop" "$(at changed 2 $shop) | grew"; done
for share in 66.7 64 70 50 33.2 5 1 0 99 100 90.4 25; do line "F-$share" "$share | divided_by: 100.0 | fraction"; done
stet build .
is "build: status 0" "$status" 0
page=$(sed 's/\xc2\xa0/ /g' out/index.html)
text() { printf '%s' "$page" | sed 's/<[^>]*>//g' | sed -n "s/^$1: \(.*\)\.$/\1/p"; }
title() { printf '%s' "$page" | grep "^<p>$1: " | grep -o 'title="[^"]*"' | sed 's/title="//; s/"//'; }
is "one dimension less another: percentages to points" "$(text D1)" "30.0 percentage points"
is "one period less another" "$(text D2)" "10.0 percentage points"
is "with its formula" "$(title D1)" "difference = value - other value"
# shares 0.6, 0.3, 0.1, 0 after 0.5, 0.3, 0.2
is "CR1" "$(text C-cr1)" "60.0%"
is "CR2" "$(text C-cr2)" "90.0%"
is "HHI: 3600 + 900 + 100" "$(text C-hhi)" "4,600.0"
is "its change: 4600 - 3800" "$(text C-hhi_change)" "800 points"
is "entropy: -(0.6 ln 0.6 + 0.3 ln 0.3 + 0.1 ln 0.1)" "$(text C-entropy)" "0.9 nats"
is "1 / 0.46" "$(text C-effective_number)" "2.17"
is "Gini: (-3*0 - 1*10 + 1*30 + 3*60) / (4 * 100)" "$(text C-gini)" "0.50"
is "with its formula too" "$(title C-hhi)" "hhi = sum of (share in percent)^2"
is "over one dimension, the others as they are" "$(text C-over)" "100.0%"
is "no base: n/a" "$(text N1) $(text N2) $(text N3) $(text N4)" "n/a n/a n/a n/a"
is "and why" "$(title N1)
$(title N2)
$(title N3)
$(title N4)" "growth: no earlier period
yoy: no earlier period
cumulative: percentages cannot be added up
hhi_change: no earlier period"
words() { local name; for name; do printf '%s; ' "$(text "$name")"; done; }
is "moves by their size" "$(words G-X G-G G-H G-I G-J G-K G-L G-M G-N G-O)" \
	"held steady; rose; quadrupled; more than doubled; doubled; nearly doubled; halved; fell by more than half; fell; fell by more than half; "
is "shares as fractions" "$(words F-66.7 F-64 F-70 F-50 F-33.2 F-5 F-1 F-0 F-99 F-100 F-90.4 F-25)" \
	"two in three; almost two in three; more than two in three; half; one in three; one in twenty; hardly any; none; nearly all; all; nine in ten; one in four; "
lacks "never NaN or infinity" "$(tr 'A-Z' 'a-z' <<<"$page" | grep -E '^<p>[dcn]')" "inf"
stet explain "$(grep -o '"figure": "growth(.*"at": \["[^"]*"' out/ledger.json | sed 's/.*"at": \["//; s/"//')"
has "explained" "$out" "it has no value: no earlier period"
stet explain "$(grep -o '"figure": "difference(.*"at": \["[^"]*"' out/ledger.json | tail -1 | sed 's/.*"at": \["//; s/"//')"
has "a difference by both of its figures" "$out" "part.v = 60 percent"
has "the other too" "$out" "part.v = 30 percent"

# ---- faults
fault() { printf '%s\n' "$1" >templates/pages/index.md; stet build .; }
fault "{% assign b = $(at sold 2 B) %}{{ $(at part 2 A) | difference: b }}"
has "units that differ" "$err" "'percent' less 'currency:USD' has no meaning"
fault '{{ metrics.sold | latest | concentration: "hh" }}'
has "no such measure" "$err" "there is no measure of concentration 'hh'"
fault '{{ metrics.sold | concentration: "hhi" }}'
has "rows of many periods" "$err" "filter 'concentration' wants the rows of one period"
finish
