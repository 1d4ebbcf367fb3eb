# TAP for the shell tests of the command line; sourced by each. Run from the repository's root with BUILD set.
set -u
STET=$(realpath "${BUILD:-build}/stet")
WORK=$(mktemp -d)
cleanup=:
clear_up() {
	[ "$BASHPID" = $$ ] || return # a job killed before it became another program has this trap too
	$cleanup
	chmod -R u+rwX "$WORK" 2>/dev/null; rm -rf "$WORK"
}
trap clear_up EXIT
unset NO_COLOR GITHUB_ACTIONS
tests=0

pass() { tests=$((tests + 1)); echo "ok $tests - $1"; }
fail() {
	tests=$((tests + 1)); echo "not ok $tests - $1"; shift
	local line
	for line in "$@"; do printf '%s\n' "$line" | sed 's/^/# /'; done
}
skip() { tests=$((tests + 1)); echo "ok $tests - $1 # SKIP $2"; }
finish() { echo "1..$tests"; }

# is NAME GOT WANTED
is() { if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "got:    $2" "wanted: $3"; fi; }
# has NAME TEXT PART
has() { case "$2" in *"$3"*) pass "$1" ;; *) fail "$1" "no '$3' in:" "$2" ;; esac; }
# lacks NAME TEXT PART
lacks() { case "$2" in *"$3"*) fail "$1" "'$3' in:" "$2" ;; *) pass "$1" ;; esac; }

# Runs stet; its status in $status, standard output in $out, standard error in $err.
stet() {
	"$STET" "$@" >"$WORK/.out" 2>"$WORK/.err"; status=$?
	out=$(cat "$WORK/.out"); err=$(cat "$WORK/.err")
}

# One line for all names and contents of a folder.
tree() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum); }

# A report from the starter, built. report NAME
report() {
	"$STET" init --quiet "$WORK/$1" && "$STET" build --quiet "$WORK/$1"
}
