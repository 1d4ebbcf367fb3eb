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

port=$(free_port); start_server "$port"
export STET_WAREHOUSE; STET_WAREHOUSE=$(connection "$port")
cp -r out "$WORK/embedded"
"$STET" load --quiet .
sed -i '1i engine: warehouse' templates/site.yaml
stet build .
is "on a server: status 0" "$status" 0
is "the same site" "$(diff -rq "$WORK/embedded" out)" ""
finish
