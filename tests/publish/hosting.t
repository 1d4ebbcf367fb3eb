#!/bin/bash
# What a host wants: headers in its words, compressed twins; kept, renewed and dropped with what they belong to.
. tests/cli/lib.sh

cp -r tests/reports/components "$WORK/r" && cd "$WORK" && rm -rf r/out r/.stet
echo 'hosting: {headers: [netlify, nginx, caddy], compress: true}' >>r/templates/site.yaml
stet build r
is "it builds" "$status" 0
for file in _headers headers.nginx.conf headers.caddy; do
	has "$file holds the policy" "$(cat r/out/$file)" "default-src 'none'"
done
for file in headers.nginx.conf headers.caddy; do has "$file shows the page for what is not there" "$(cat r/out/$file)" /404.html; done
wrong=
while read -r twin; do gzip -dc "$twin" | cmp -s - "${twin%.gz}" || wrong="$wrong $twin"; done < <(find r/out -name '*.gz')
is "every twin holds its file" "$wrong" ""
is "pages have one" "$(find r/out -name '*.html' -size +1k ! -exec test -e {}.gz \; -print)" ""
is "pictures have none" "$(find r/out -name '*.png.gz')" ""
cp -r r/out first
echo "Another word." >>r/templates/pages/index.md
stet build r && cp -r r/out after
stet build --force r
is "an edit renews the twins it should" "$(diff -r after r/out)" ""
rm r/out/filters/index.html.gz
stet build r
is "a lost twin comes back" "$(diff -r after r/out)" ""
sed -i 's/, compress: true//' r/templates/site.yaml
stet build r
is "not asked for, they go" "$(find r/out -name '*.gz')" ""
sed -i 's/caddy/apache/' r/templates/site.yaml
stet build r
has "an unknown host is an error" "$err" "there are no headers for 'apache'"
finish
