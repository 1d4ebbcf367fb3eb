#!/bin/bash
# The market pack's SQL against values worked out by hand; the same on a server.
. tests/warehouse/lib.sh
unset STET_WAREHOUSE
cp -r tests/metrics/pack "$WORK/pack"; cd "$WORK/pack" || exit 1
stet build .
is "build: status 0" "$status" 0

# Largest vendors: 2024Q4 a Elm, b Elm, c Fir; 2025Q1 a Fir, b Elm, d Elm; 2025Q2 a Fir, b Fir, d Elm.
is "switch matrix" "$("$STET" metrics switch_matrix --csv)" "quarter,vendor_before,vendor,buyers,share
2025Q1,Elm,Elm,1,50
2025Q1,Elm,Fir,1,50
2025Q2,Elm,Elm,1,50
2025Q2,Elm,Fir,1,50
2025Q2,Fir,Fir,1,100"
# 2024Q4: a and c buy from Fir at once, b a quarter later. 2025Q1: d never does.
is "cohort adoption" "$("$STET" metrics cohort_adoption --csv)" "cohort,age,adoption,adopters
2024Q4,0,66.6666666667,2
2024Q4,1,100,3
2024Q4,2,100,3
2025Q1,0,0,0
2025Q1,1,0,0"
is "vendors per buyer" "$("$STET" metrics vendors_per_buyer --csv)" "quarter,vendors,share,buyers
2024Q4,1,66.6666666667,2
2024Q4,2,33.3333333333,1
2025Q1,1,66.6666666667,2
2025Q1,2,33.3333333333,1
2025Q2,1,66.6666666667,2
2025Q2,2,33.3333333333,1"
# 28.5 -> 23: c lost 8.5, d won 3, a 14 -> 12, b 6 -> 8. 23 -> 24.5: a 12 -> 13.5, b 8 -> 9, d 3 -> 2.
is "bridge" "$("$STET" metrics spend_bridge --csv)" "quarter,step,amount,buyers
2025Q1,contracted,-2,1
2025Q1,expanded,2,1
2025Q1,lost,-8.5,1
2025Q1,won,3,1
2025Q2,contracted,-1,1
2025Q2,expanded,2.5,2"

# 2024Q4: Elm 16, Fir 12.5 of 28.5; HHI 100^2 (16^2 + 12.5^2) / 28.5^2; Gini (16 - 12.5) / (2 x 28.5)
# 2025Q2: Elm 3.5, Fir 21 of 24.5; HHI 100^2 (3.5^2 + 21^2) / 24.5^2 = 7551.02; entropy -(1/7 ln 1/7 + 6/7 ln 6/7)
is "concentration" "$("$STET" metrics concentration --csv)" "quarter,entities,cr1,cr2,cr3,cr4,cr5,hhi,hhi_change,entropy,effective_number,effective_entropy,gini
2024Q4,2,56.140350877,100,100,100,100,5075.40781779,,0.685587329,1.970285021,1.984937305,0.061403509
2025Q1,2,56.52173913,100,100,100,100,5085.066162571,9.658345,0.684616278,1.966542751,1.983010764,0.065217391
2025Q2,2,85.714285714,100,100,100,100,7551.020408163,2465.954246,0.410116318,1.324324324,1.506993066,0.357142857"
has "the same by the pages' own arithmetic" "$(sed 's/<[^>]*>//g; s/\xc2\xa0/ /g' out/index.html)" "7,551.020, 0.357143,
0.410116 nats, 2,465.954 points."
# 2025Q2: b 9, d 2, a 13.5 of 24.5, ascending 2, 11, 24.5
is "Lorenz curve" "$("$STET" metrics lorenz_of_buyers --csv | tail -4)" "2025Q2,0,0,0
2025Q2,1,0.333333333333,0.0816326530612
2025Q2,2,0.666666666667,0.448979591837
2025Q2,3,1,1"
# above 1: 2025Q1 a 12, b 7, d 3; the source a query, the call over two lines, under a name
is "any number of the largest" "$("$STET" metrics largest_buyers --csv)" "quarter,cr
2024Q4,78.9473684211
2025Q1,86.3636363636
2025Q2,91.8367346939"
is "in a query too" "$("$STET" query --csv 'select cr from pack.cr(uses, quarter, buyer, spend, 1) where period = $$2025Q2$$' | tail -1)" "55.1020408163"
stet explain spend_bridge period=2025Q1 step=lost
has "explained: the SQL as written" "$out" "from pack.bridge(uses, quarter, buyer, spend)"
has "and as it runs" "$out" "SQL as it runs"
has "and its rows" "$out" "data/uses.csv:5  2024Q4,c,Fir,8.5"

# ---- faults
cp -r data data.good
fault() { sed -i "s/$1/$2/" data/metrics/largest_buyers.sql; stet build .; cp data.good/metrics/largest_buyers.sql data/metrics/; }
fault pack.cr pack.cro
has "no such function" "$err" "data/metrics/largest_buyers.sql:8:6: error: the market pack has no 'pack.cro'"
has "and the nearest one" "$err" "did you mean 'pack.cr'?"
fault ', 2) l' ') l'
has "too few arguments" "$err" "data/metrics/largest_buyers.sql:8:6: error: pack.cr takes (source, period, entity, value, n), 5 arguments; here are 4"
fault 'quarter, buyer' 'quartre, buyer'
has "a fault inside is told at the argument" "$err" "data/metrics/largest_buyers.sql:8:52: error: "
sed -i 's/) l$/) l\nwhere l.no_such > 1/' data/metrics/largest_buyers.sql
stet build .
has "a fault behind it at its own place" "$err" "data/metrics/largest_buyers.sql:10:7: error: "
rm -r data; mv data.good data; "$STET" build --quiet .

port=$(free_port); start_server "$port"
export STET_WAREHOUSE; STET_WAREHOUSE=$(connection "$port")
cp -r out "$WORK/embedded"
"$STET" load --quiet .
sed -i '1i engine: warehouse' templates/site.yaml
stet build .
is "on a server: status 0" "$status" 0
is "the same site" "$(diff -rq "$WORK/embedded" out)" ""
finish
