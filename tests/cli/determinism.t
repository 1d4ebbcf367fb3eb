#!/bin/bash
# The same inputs give the same bytes, and an unchanged report gives no work.
. tests/cli/lib.sh

report a
cd "$WORK" || exit 1
mkdir -p some/other
cp -r a some/other/folder; rm -rf some/other/folder/out some/other/folder/.stet
"$STET" build --quiet --jobs 1 some/other/folder
is "another folder, one thread" "$(diff -r a/out some/other/folder/out 2>&1)" ""
"$STET" build --quiet --force --jobs 2 some/other/folder
is "two threads" "$(diff -r a/out some/other/folder/out 2>&1)" ""
(cd some/other && LC_ALL=C TZ=Asia/Tokyo LANG=de_DE.UTF-8 "$STET" -C folder build --quiet --force --jobs 7 .)
is "another working folder, time zone and language" "$(diff -r a/out some/other/folder/out 2>&1)" ""
"$STET" build --quiet --force a --out again
is "another out/" "$(diff -r a/out again 2>&1)" ""

before=$(find a/out -type f -printf '%p %i %T@\n' | sort)
stet build a
is "an unchanged report: status 0" "$status" 0
has "says so" "$err" "nothing to do"
is "touches no file" "$(find a/out -type f -printf '%p %i %T@\n' | sort)" "$before"
touch a/data/sales.csv a/templates/pages/index.md
stet build a
has "new times alone are no change" "$err" "nothing to do"
mv a b
stet build b
has "a moved report is no change" "$err" "nothing to do"
rm b/out/index.html
stet build b
has "a lost page is made again" "$err" "built "
is "as it was" "$(diff -r b/out again 2>&1)" ""
echo '<p>edited</p>' >>b/out/index.html
stet build b
is "an edited page is made again" "$(diff -r b/out again 2>&1)" ""
echo garbage >b/.stet/state
stet build b
is "damaged memory is no harm: status 0" "$status" 0
is "the site is the same" "$(diff -r b/out again 2>&1)" ""
rm -rf b/.stet
stet build b
is "lost memory is no harm" "$status $(diff -r b/out again 2>&1)" "0 "
lacks "and no file of the site is taken for another's" "$err" "warning"

# One number changes what rests on it and nothing else.
cp -r b/out before
sed -i '0,/,Alder,\([0-9]*\),/s//,Alder,1\1,/' b/data/sales.csv
"$STET" build --quiet b
changed=$(diff -rq before b/out)
has "a changed number shows" "$changed" "sales"
kept=$(comm -12 <(cd before && find . -type f -exec sha256sum {} + | sort) <(cd b/out && find . -type f -exec sha256sum {} + | sort) | wc -l)
[ "$kept" -gt 0 ] && pass "pages that do not use it stay as they are" || fail "pages that do not use it stay as they are" "$changed"
finish
