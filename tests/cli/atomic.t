#!/bin/bash
# Whatever happens to a build, out/ holds a whole site: the old one or the new one.
. tests/cli/lib.sh

report r
cd "$WORK" || exit 1
title() { sed -i "s/^title: .*/title: $1/" r/templates/site.yaml; }
build_title() { title "$1"; "$STET" build --quiet r; tree r/out; }
old=$(build_title Old) new=$(build_title New)
[ "$old" != "$new" ] && pass "two titles make two sites" || fail "two titles make two sites"
is "a site is the same when built again" "$(build_title Old)" "$old"

# kill -9 at random moments
whole=0 killed=0
for i in $(seq 50); do
	if [ $((i % 2)) = 0 ]; then title Old; else title New; fi
	"$STET" build --quiet r & pid=$!
	sleep "0.0$((RANDOM % 6))$((RANDOM % 10))"
	kill -9 $pid 2>/dev/null && killed=$((killed + 1))
	wait $pid 2>/dev/null
	now=$(tree r/out)
	if [ "$now" = "$old" ] || [ "$now" = "$new" ]; then whole=$((whole + 1)); fi
done 2>/dev/null
is "50 builds killed at any moment leave a whole site ($killed died)" "$whole" 50
is "the next build is right" "$(build_title Old)" "$old"
"$STET" build --quiet --force r
is "and has cleared up" "$(find r -name '.stage-*' | wc -l)" 0

# interrupted by hand
title New
"$STET" build --quiet r 2>/dev/null & pid=$!
sleep 0.01
kill -INT $pid 2>/dev/null; wait $pid; status=$?
now=$(tree r/out)
if [ $status = 130 ]; then is "Ctrl-C leaves the old site" "$now" "$old"; else is "too late for Ctrl-C" "$now" "$new"; fi
is "Ctrl-C leaves nothing behind" "$(find r -name '.stage-*' | wc -l)" 0

# two at once: one builds, the other is told, or finds nothing to do
title Old; build_title New >/dev/null; title Old
"$STET" build r 2>one & first=$!
"$STET" build r 2>two & second=$!
wait $first; a=$?
wait $second; b=$?
case "$a $b" in
"0 0") pass "two builds at once, one after the other" ;;
"0 3" | "3 0") has "two builds at once: one is turned away" "$(cat one two)" "another build of this report is at work" ;;
*) fail "two builds at once" "status $a and $b" "$(cat one two)" ;;
esac
is "two builds at once leave a whole site" "$(tree r/out)" "$old"

exec 9>r/.stet/lock
flock -n 9
title New
stet build r
is "a build under way turns others away: status 3" "$status" 3
has "and is named" "$err" "another build of this report is at work (process "
is "the site stays" "$(tree r/out)" "$old"
exec 9>&-

# what stet did not write
title Old; "$STET" build --quiet r
echo example.org >r/out/CNAME
mkdir r/out/.git && echo ref >r/out/.git/HEAD
title New
stet build r
is "files of others do not stop a build" "$status" 0
has "they are named" "$err" "out/CNAME: warning: "
has "whole folders by their name" "$err" "out/.git/: warning: "
is "and kept" "$(cat r/out/CNAME r/out/.git/HEAD)" "example.org
ref"
rm -r r/out/CNAME r/out/.git
is "the site is right beside them" "$(tree r/out)" "$new"
mkdir r/templates/pages/extra && printf -- '---\ntitle: Extra\n---\n\nMore.\n' >r/templates/pages/extra/index.md
"$STET" build --quiet r
[ -f r/out/extra/index.html ] && pass "a new page comes" || fail "a new page comes"
rm -r r/templates/pages/extra
"$STET" build --quiet r
is "a page that vanished goes" "$(tree r/out)" "$new"

# a folder of somebody's is no place for a site
mkdir mine && echo x >mine/file
stet build r --out mine
is "--out of a folder with files: status 3" "$status" 3
has "and why" "$err" "'mine' holds files that no build of this report wrote"
is "they are there still" "$(cat mine/file)" x
stet build r --out r
has "--out of the report itself" "$err" "the report itself is kept there"
stet build r --out r/data/site
has "--out among the data" "$err" "the report itself is kept there"
stet build r --out elsewhere/deep/site
is "--out of a new folder" "$status $(tree elsewhere/deep/site)" "0 $new"
stet build r --out elsewhere/deep/site
has "is known the next time" "$err" "nothing to do"

# folders that may not be written (root may write everything: then as nobody)
as_user=()
if [ "$(id -u)" = 0 ]; then as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups); chmod 755 .; fi
if [ "$(id -u)" = 0 ] && ! "${as_user[@]}" "$STET" --version >/dev/null 2>&1; then
	skip "a read-only out/" "stet cannot be run as another user here"
else
	cp -r r ro && { [ "$(id -u)" != 0 ] || chown -R 65534:65534 ro; }
	sed -i 's/^title: .*/title: Third/' ro/templates/site.yaml
	chmod 555 ro/out
	before=$(tree ro/out)
	"${as_user[@]}" "$STET" build ro >/dev/null 2>err; status=$?
	is "a read-only out/: status 3" "$status" 3
	has "says so" "$(cat err)" "cannot write to 'ro/out': Permission denied"
	is "and leaves the site" "$(tree ro/out)" "$before"
	chmod 755 ro/out; chmod 555 ro
	"${as_user[@]}" "$STET" build ro >/dev/null 2>err; status=$?
	is "a read-only report: status 3" "$status" 3
	is "leaves the site" "$(tree ro/out)" "$before"
	chmod 755 ro
fi

# a full disk
mkdir disk
if mount -t tmpfs -o size=4m stet-test disk 2>/dev/null; then
	cleanup="umount $WORK/disk"
	cp -r r disk/r; rm -rf disk/r/.stet disk/r/out
	"$STET" build --quiet disk/r
	before=$(tree disk/r/out)
	sed -i 's/^title: .*/title: Third/' disk/r/templates/site.yaml
	head -c 4m /dev/zero >disk/filler 2>/dev/null
	stet build disk/r
	is "a full disk: status 3" "$status" 3
	has "says so" "$err" "No space left on device"
	is "leaves the site" "$(tree disk/r/out)" "$before"
	rm disk/filler
	stet build disk/r
	is "with room again it builds" "$status" 0
else
	skip "a full disk" "file systems cannot be mounted here"
fi
finish
