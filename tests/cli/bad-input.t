#!/bin/bash
# Every kind of bad input: the place, what is wrong, a mend where one can be guessed, status 1, out/ untouched.
. tests/cli/lib.sh

report good
cd "$WORK" || exit 1
whole=$(tree good/out)

# bad NAME CHANGE PLACE MESSAGE [MEND]: the change is a command run in a copy of a good report.
bad() {
	rm -rf r; cp -r good r
	(cd r && eval "$2")
	stet build r
	local wrong=()
	[ "$status" = 1 ] || wrong+=("status $status, not 1")
	[ -z "$out" ] || wrong+=("on standard output: $out")
	grep -qF "r/$3: error: " <<<"$err" || wrong+=("no error at r/$3")
	grep -qF -- "$4" <<<"$err" || wrong+=("nothing says: $4")
	[ -z "${5:-}" ] || grep -F '  mend: ' <<<"$err" | grep -qF -- "$5" || wrong+=("no mend says: $5")
	grep -qE 'error.*: r/out/ left as it was$' <<<"$err" || wrong+=("no closing line")
	[ "$(tree r/out)" = "$whole" ] || wrong+=("out/ has changed")
	[ -z "$(find r -name '.stage-*')" ] || wrong+=("a staging folder is left")
	if [ ${#wrong[@]} = 0 ]; then pass "$1"; else fail "$1" "${wrong[@]}" "$err"; fi
}
csv=data/sales.csv size=data/metrics/market_size.sql share=data/metrics/market_share.sql
home=templates/pages/index.md site=templates/site.yaml package=data/datapackage.json
end() { echo $(($(wc -l <"good/$1") + ${2:-1})); }

# data
bad "a missing file"           "rm $csv"                              "$csv" "No such file"
bad "an empty file"            ": >$csv"                              "$csv:1" "empty"
bad "a cell too many"          "sed -i '3s/\$/,x/' $csv"              "$csv:3:29" "5 cells, the header 4" "remove the cells"
bad "a cell too few"           "sed -i '3s/,[^,]*\$//' $csv"          "$csv:3:18" "3 cells, the header 4" "add the missing cells"
bad "no number"                "sed -i '3s/3744/many/' $csv"          "$csv:3:14" "'many'"
bad "a decimal comma"          "sed -i '3s/702000.00/\"702000,00\"/' $csv" "$csv:3:19" "702000,00" "decimalChar"
bad "no quarter"               "sed -i '3s/2024Q1/2024Q5/' $csv"      "$csv:3:1" "'2024Q5'"
bad "below the minimum"        "sed -i '3s/3744/-5/' $csv"            "$csv:3:14" "below 0"
bad "a missing value"          "sed -i '3s/Birch//' $csv"             "$csv:3:8" "'vendor'"
bad "a row twice"              "sed -i '3p' $csv"                     "$csv:4" "data/sales.csv:3"
bad "an open quote"            "sed -i '3s/Birch/\"Birch/' $csv"      "$csv:3:8" "never closed" "close the quote"
bad "bytes that are no UTF-8"  "printf '2026Q1,Ald\\xff,1,1\\n' >>$csv" "$csv:$(end $csv):8" "not UTF-8" "encoding"
bad "a renamed column"         "sed -i '1s/units/unit/' $csv"         "$csv:1:1" "'units'" "'unit'"
bad "broken JSON"              "sed -i 's/\"resources\": \\[/&,/' $package" "$package:4:17" "comma"
bad "an unknown type"          "sed -i 's/\"integer\"/\"intger\"/' $package" "$package:33:22" "'intger'" "did you mean 'integer'?"
bad "a path out of the report" "sed -i 's/\"sales.csv\"/\"..\\/..\\/sales.csv\"/' $package" "$package:7:16" "leads out of the report"

# metrics
bad "an unknown column"        "sed -i 's/s\\.revenue_usd/s.revenu_usd/' $share" "$share:11:37" "revenu_usd"
bad "an unknown table"         "sed -i 's/from sales s/from sale s/' $share" "$share:12:6" "'sale'" "did you mean 'sales'?"
bad "no SQL"                   "sed -i 's/^select/selct/' $share"     "$share:11:1" "selct"
bad "metrics in a circle"      "sed -i 's/from sales/from market_share/' $size" "$size:12:6" "market_share -> market_size -> market_share" "select from a dataset"
bad "an unknown key"           "sed -i 's/^unit:/unti:/' $size"       "$size:5:1" "'unti'" "did you mean 'unit'?"
bad "a wrong value"            "sed -i 's/^good: .*/good: great/' $size" "$size:8:7" "'great'" "neutral, up, down"
bad "no such result column"    "sed -i 's/^value: .*/value: sum/' $size" "$size:7:8" "'sum'" "quarter, revenue_usd"
bad "no header"                "sed -i '1,/\\*\\//d' $size"           "$size:1:1" "no header" "/* title"
bad "rows that are not told apart" "sed -i 's/^select quarter, sum.*/select quarter, revenue_usd/; s/^group by quarter\$//' $size" "$size:6:9" "repeat" "group by"
bad "SQL that reads files"     "sed -i \"s|from sales|from read_csv('/etc/passwd')|\" $size" "$size:12:6" "file system"
bad "SQL that changes things"  "sed -i 's/^select.*/drop table sales;&/' $size" "$size:11" "only a SELECT"
bad "a parameter without value" "sed -i 's/sum(revenue_usd)/\$factor * &/' $size" "$size:11:17" "'\$factor'" "templates/site.yaml"

# the site
bad "an open bracket"          "echo 'nav: [' >>$site"                "$site:$(end $site 1):6" "never closed"
bad "a key twice"              "echo 'title: Again' >>$site"          "$site:$(end $site):1" "'title' stands twice"
bad "an unknown setting"       "sed -i 's/^title:/titel:/' $site"     "$site:2:1" "'titel'" "did you mean 'title'?"
bad "no language"              "sed -i 's/^locale.*/locale: english/' $site" "$site:4:9" "'english'" "en, de"

# pages
at=$(end $home)
bad "front matter that is no YAML" "sed -i '3s/.*/title: [/' $home"   "$home:4:1" ""
bad "an open Liquid tag"       "echo '{% if size %}' >>$home"         "$home:$at:1" "if"
bad "an open Liquid output"    "echo '{{ size ' >>$home"              "$home:$at:1" ""
bad "an unknown tag"           "echo '{% fi size %}' >>$home"         "$home:$at:1" "fi"
bad "an unknown variable"      "echo '{{ sizes }}' >>$home"           "$home:$at:4" "'sizes'" "'size'"
bad "an unknown filter"        "echo '{{ size | rond }}' >>$home"     "$home:$at:11" "'rond'" "'round'"
bad "an unknown metric"        "echo '{{ metrics.market_sise }}' >>$home" "$home:$at:4" "market_sise" "market_size"
bad "a chart of no metric"     "sed -i '0,/^metric: market_share/s//metric: market_shar/' $home" "$home:$(grep -n -m1 '^metric:' good/$home | cut -d: -f1):9" "'market_shar'" "'market_share'"
bad "a chart of no type"       "sed -i 's/^type: line/type: lien/' $home" "$home:$(grep -n '^type: line' good/$home | cut -d: -f1):7" "'lien'" "'line'"
bad "a chart of no column"     "sed -i 's/^y: share/y: shard/' $home" "$home:$(grep -n '^y: share' good/$home | cut -d: -f1):4" "'shard'" "'share'"
bad "a block that is no YAML"  "sed -i 's/^y: share/y: [share/' $home" "$home:29:6" ""
bad "a link to nowhere"        "echo '[there](/metrics/market_sise/)' >>$home" "$home:$at:1" "market_sise" "market_size"
bad "a link to no anchor"      "echo '[there](/metrics/market_size/#nothing)' >>$home" "$home:$at:1" "nothing"
bad "an unknown layout"        "sed -i '2s/.*/layout: pgae/' $home"   "$home:2:9" "'pgae'" "'page'"
bad "a layout that is not well-formed" "mkdir templates/layouts && printf '<html>\\n<body>\\n<p>{{ content }}\\n</body></html>\\n' >templates/layouts/page.html" "templates/layouts/page.html:4:1" "body" "close every element"
bad "two pages at one place"   "printf -- '---\\ntitle: A\\npath: \"\"\\n---\\n\\nx\\n' >templates/pages/other.md" "templates/pages/other.md" "templates/pages/index.md" "path"

# all problems of a stage together
rm -rf r; cp -r good r
sed -i '3s/$/,x/; 5s/,[0-9]*,/,many,/' r/$csv; sed -i 's/^unit:/unti:/' r/$size; sed -i 's/^title:/titel:/' r/$site
stet build r
is "faults of data, metrics and settings in one run" "$(grep -c ': error: ' <<<"$err")" 4
has "counted" "$err" "4 errors: r/out/ left as it was"
rm -rf r; cp -r good r
printf '{{ nope }}\n\n{%% frob %%}\n' >>r/$home
printf -- '---\ntitle: B\n---\n\n{{ nope }}\n' >r/templates/pages/b.md
stet build r
has "faults of all pages in one run" "$err" "r/templates/pages/b.md:5:4: error: "
has "and of each" "$err" "r/$home:$((at + 2)):"
finish
