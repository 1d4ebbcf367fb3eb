#!/bin/bash
# Faults as a person, a program and GitHub read them; paths that can be clicked from where one stands.
. tests/cli/lib.sh

report r
cd "$WORK" || exit 1
mkdir -p deep
cp -r r deep/r
printf '2026Q1,Alder,many,1.00\n' >>r/data/sales.csv
cp r/data/sales.csv deep/r/data/
line=$(wc -l <r/data/sales.csv)

stet build r
is "an error in the report: status 1" "$status" 1
is "nothing on standard output" "$out" ""
has "place, severity, message and code" "$err" "r/data/sales.csv:$line:14: error: "
has "the source line" "$err" "$line | 2026Q1,Alder,many,1.00"
has "the caret under the fault" "$err" "
      |              ^"
has "the summary" "$err" "1 error: r/out/ left as it was"
lacks "no colours but on a terminal" "$err" $'\033'

(cd r && "$STET" build 2>"$WORK/.err")
has "from inside" " $(cat .err)" " data/sales.csv:$line:14: error: "
stet -C deep build r;        has "below -C" "$err" "deep/r/data/sales.csv:$line:14: error: "
stet -C deep -C r build;     has "below two -C" "$err" "deep/r/data/sales.csv:$line:14: error: "
stet build -C deep/r;        has "-C after the command" "$err" "deep/r/data/sales.csv:$line:14: error: "
stet build "$WORK/r";        has "an absolute folder" "$err" "$WORK/r/data/sales.csv:$line:14: error: "
stet build ./r/;             has "a folder with a slash" "$err" "r/data/sales.csv:$line:14: error: "

stet build r --format json
is "json: status 1" "$status" 1
node -e '
const lines = require("fs").readFileSync(0, "utf8").trim().split("\n").map(JSON.parse);
const [fault, last] = [lines[0], lines[lines.length - 1]];
console.log([fault.severity, fault.file, fault.line, fault.column, typeof fault.code, typeof fault.message,
	last.result, last.errors].join(" "));' <.err >.json 2>&1
is "json: one object a line" "$(cat .json)" "error r/data/sales.csv $line 14 string string errors 1"
stet build r --format github
has "github: a workflow command" "$err" "::error file=r/data/sales.csv,line=$line,col=14,title="

stet check r
is "check finds it too" "$status" 1
has "check: the summary" "$err" "1 error"
sed -i '$d' r/data/sales.csv
before=$(find r/out r/.stet -type f -printf '%p %T@\n' | sort)
stet check r
is "check of a good report" "$status" 0
has "check counts" "$err" "checked "
is "check writes no site" "$(find r/out -type f -printf '%p %T@\n' | sort)" "$(printf '%s\n' "$before" | grep '^r/out')"
stet build r --force --quiet
is "--quiet says nothing" "$status$out$err" "0"
stet build r --force --verbose
has "--verbose says where the time went" "$err" "making pages"
stet build r --force
has "the summary of a build" "$err" "built "
NO_COLOR=1 script -qec "'$STET' build r --force" /dev/null </dev/null >.tty 2>/dev/null
lacks "NO_COLOR" "$(cat .tty)" $'\033[1'

# Text of the data cannot command the terminal, and tabs and wide letters keep the caret in place.
printf '2026Q1,\033[31mred,1,1.00,x\n' >>r/data/sales.csv
stet build r
lacks "escape characters are not passed on" "$err" $'\033'
sed -i '$d' r/data/sales.csv
for i in $(seq 30); do printf '2026Q1,v%d,many,1\n' "$i"; done >>r/data/sales.csv
stet build r
is "20 faults of a kind are shown" "$(grep -c ': error: ' .err)" 20
has "the rest are counted" "$err" "10 more of this kind"
has "and summed up" "$err" "30 errors: "
stet build r --all
is "--all shows every one" "$(grep -c ': error: ' .err)" 30
finish
