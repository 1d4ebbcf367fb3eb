#!/bin/bash
# The preview: shows the site, tells open pages of news, survives errors, gives away nothing but the site.
. tests/cli/lib.sh

report r
cd "$WORK" || exit 1
echo "secret" >secret.txt
"$STET" serve --quiet r >url 2>log & server=$!
cleanup="kill $server"
for _ in $(seq 100); do [ -s url ] && break; sleep 0.05; done
url=$(cat url) port=$(sed 's|.*:\([0-9]*\)/$|\1|' url)
has "prints the address" "$url" "http://127.0.0.1:"

# get PATH [HOST] [METHOD]: the whole answer, as the server sends it
get() {
	exec 8<>"/dev/tcp/127.0.0.1/$port" || return
	printf '%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "${3:-GET}" "$1" "${2:-127.0.0.1:$port}" >&8
	timeout 10 cat <&8 | tr -d '\r\0'
	exec 8>&-
}
page=$(get /)
has "the home page" "$page" "HTTP/1.1 200"
has "is HTML" "$page" "Content-Type: text/html; charset=utf-8"
has "comes with the script that reloads it" "$page" '<script src="/.stet/reload.js"'
has "under the policy of the site" "$page" "Content-Security-Policy: default-src 'none'; style-src 'self'"
has "the script" "$(get /.stet/reload.js)" "EventSource"
has "HEAD" "$(get / "127.0.0.1:$port" HEAD)" "HTTP/1.1 200"
mkdir r/out/sub r/out/.git && echo sub >r/out/sub/index.html && echo ref >r/out/.git/HEAD
has "a folder" "$(get /sub/)" "sub"
has "a folder without its slash" "$(get /sub)" "Location: /sub/"
has "its own name for this machine" "$(get / "localhost:$port")" "HTTP/1.1 200"
has "another's name for this machine" "$(get / "evil.example:$port")" "HTTP/1.1 403"
has "no writing" "$(get / "127.0.0.1:$port" PUT)" "HTTP/1.1 405"
ln -s "$WORK/secret.txt" r/out/link
for path in /../secret.txt /../../secret.txt /%2e%2e/secret.txt /..%2f..%2fsecret.txt /sub/../../../secret.txt //etc/passwd \
	"$WORK/secret.txt" /link /.git/HEAD /.stet/../../secret.txt /.stet/none; do
	answer=$(get "$path")
	lacks "$path gives nothing away" "$answer" "secret
"
	lacks "$path is not there" "$answer" "HTTP/1.1 200"
done
lacks "nobody else can reach it" "$(ss -ltnH 2>/dev/null | grep ":$port ")" "0.0.0.0:$port"
rm -r r/out/sub r/out/.git r/out/link

"$STET" serve --quiet --port "$port" r >/dev/null 2>second.log
is "a port that is taken and asked for: status 3" "$?" 3
has "and which" "$(cat second.log)" "cannot listen on 127.0.0.1 port $port"
report other
"$STET" serve --quiet other >second 2>/dev/null & beside=$!
cleanup="kill $server $beside"
for _ in $(seq 100); do [ -s second ] && break; sleep 0.05; done
[ "$(cat second)" != "$url" ] && has "a second preview finds a port of its own" "$(cat second)" "http://127.0.0.1:" || fail "a second preview finds a port of its own" "$(cat second)"
kill $beside; wait $beside
cleanup="kill $server"

# news NAME WORDS: waits for the next build's news on the open connection
exec 7<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /.stet/events HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n\r\n' "$port" >&7
news() {
	local line
	while IFS= read -r -t 10 line <&7; do
		case "$line" in *data:*) break ;; esac
	done
	has "$1" "${line:-nothing came}" "$2"
}
news "a page just opened hears how things stand" "good"
sed -i 's/^title: .*/title: Renamed/' r/templates/site.yaml
news "a saved file is news" "good"
has "and on the page" "$(get /)" "Renamed"
sed -i 's/^title: /titel: /' r/templates/site.yaml
news "an error is news" "failed"
has "the page is the last good one" "$(get /)" "Renamed"
has "what is wrong can be asked" "$(get /.stet/faults)" '"file":"templates/site.yaml","line":2'
sed -i 's/^titel: /title: /' r/templates/site.yaml
news "mended" "good"
mkdir -p r/templates/pages/new
sleep 0.3
printf -- '---\ntitle: New\n---\n\nFresh.\n' >r/templates/pages/new/index.md
news "a file in a new folder is news" "good"
mv r/templates gone
news "a part taken away is news" "good"
cp -r gone r/templates
news "so is another in its place" "good"
sleep 0.3
printf -- '---\ntitle: New\n---\n\nFresher.\n' >r/templates/pages/new/index.md
news "which is watched" "good"
has "and shown" "$(get /new/)" "Fresher"
exec 7>&-

kill -INT $server
wait $server
is "Ctrl-C ends it: status 0" "$?" 0
cleanup=:
is "nothing is left behind" "$(find r -name '.stage-*' | wc -l)" 0
finish
