#!/bin/bash
# Pages that nothing leads to are errors of `stet check`; addresses outside the site are listed, never fetched.
. tests/cli/lib.sh

report r
cd "$WORK/r" || exit 1
stet check .
is "the starter has no such page" "$status$err" "0$err"
lacks "none is named" "$err" "page-orphan"
page=templates/pages/alone.md
printf -- '---\ntitle: Alone\nnav: false\n---\nSee [them](https://example.org/x) and [itself](/alone/).\n' >$page
stet check .
is "a page that only links to itself" "$status" 1
has "is named" "$err" "$page:1:1: error: no page leads to '/alone/' [page-orphan]"
has "an address outside" "$err" "$page:5:1: note: 'https://example.org/x' leads out of the site [link-outside]"
stet build .
is "a build goes on" "$status" 0
lacks "and lists nothing" "$err" "example.org"
cp $page kept && sed -i 's/^nav: false/&\nlint: {page-orphan: a landing page}/' $page
stet check .
is "with a reason" "$status" 0
cp kept $page && printf '\n[To it](/alone/).\n' >>templates/pages/index.md
stet check .
is "or with a link" "$status" 0
finish
