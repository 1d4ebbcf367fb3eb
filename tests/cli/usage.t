#!/bin/bash
# What is typed wrong ends with status 2 and a word on what would be right; nothing is touched.
. tests/cli/lib.sh

cd "$WORK" || exit 1
mkdir empty

# wrong WORDS-OF-THE-MESSAGE ARGUMENT...
wrong() {
	local message=$1; shift
	stet "$@"
	is "'stet $*' is wrong usage" "$status" 2
	has "'stet $*' says why" "$err" "$message"
	is "'stet $*' prints nothing on standard output" "$out" ""
}
wrong "Usage: stet COMMAND"
wrong "did you mean 'build'?" biuld
wrong "'stet help' lists them" frobnicate
wrong "did you mean '--jobs'?" build --jbos 2
wrong "did you mean '--format'?" check --fromat=json
wrong "has no option '--out'" check --out x
wrong "--jobs must be 1 to 256, not -1" build --jobs=-1
wrong "cannot parse integer" build --jobs many
wrong "human, json or github, not 'xml'" build --format xml
wrong "no more than [DIR]" build a b
wrong "needs DIR" init
wrong "needs TEMPLATE" liquid
wrong "'empty' is no report" build empty
wrong "stet init" build empty
wrong "'none' is no report" build none
wrong "cannot go to 'none'" -C none build
wrong "cannot go to 'none'" build -C none
wrong "-C needs a folder" -C
wrong "unknown option '--frob'" --frob build
wrong "--port must be" serve --port 70000 empty
is "an empty folder stays empty" "$(ls -A empty)" ""

stet --version
is "--version" "$status $out" "0 stet $(sed -n 's/#define STET_VERSION "\(.*\)"/\1/p' "$OLDPWD/include/stet/base.h")"
"$STET" init --quiet short
stet build -qj2 -Cshort
is "short options may be joined only with their own value" "$status" 2
stet build -j1 -C short -q
is "-j1" "$status$err" 0
stet build -fqCshort -oother
is "flags, then a value" "$status" 2
stet build -fq -Cshort -oother
is "-oFOLDER, -CDIR" "$status$err$(ls short/other | grep -c index.html)" 01
rm -r short
for command in "" build check serve bundle verify why schedule explain edition diff load init metrics query csv infer liquid completion manual help; do
	stet help $command
	is "help $command" "$status $err" "0 "
	has "help $command explains" "$out" "Usage:"
done
for command in build check serve bundle verify why schedule explain edition diff load init metrics query csv infer liquid completion manual help; do
	stet help; has "help lists $command" "$out" "  $command "
	stet $command --help; has "$command --help" "$out" "stet $command"
done
stet help nothing
is "help on no command" "$status" 2
finish
