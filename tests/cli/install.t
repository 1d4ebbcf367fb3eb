#!/bin/bash
# What `make install` leaves: a program that finds its engine, manual pages without a flaw, completions that complete.
. tests/cli/lib.sh

to=$WORK/usr
make -s install BUILD="${BUILD:-build}" DESTDIR="$WORK" PREFIX=/usr >"$WORK/said" 2>&1
is "make install: no fault" "$? $(grep -v '^  CC' "$WORK/said")" "0 "
cd / || exit 1
"$to/bin/stet" init --quiet "$WORK/r" && "$to/bin/stet" build --quiet "$WORK/r"
is "the installed program builds a report" "$?$(ls "$WORK/r/out/index.html")" "0$WORK/r/out/index.html"
used=$(LD_DEBUG=files "$to/bin/stet" -C "$WORK/r" query "select 1" 2>&1 | grep -o '/[^ ]*libduckdb.so' | sort -u)
is "with the engine that was installed" "$(realpath $used)" "$to/lib/stet/libduckdb.so"
mv "$to/bin/stet" "$to/bin/moved" && ln -s moved "$to/bin/stet"
"$to/bin/stet" build --quiet --force "$WORK/r"
is "through a link, too" "$?" 0

for page in man1/stet.1 man5/stet-report.5 man7/stet-data.7 man7/stet-metrics.7 man7/stet-charts.7 man7/stet-site.7 man7/stet-warehouse.7; do
	said=$(man --warnings -E UTF-8 -l "$to/share/man/$page" 2>&1 >"$WORK/page")
	is "$page is set without a warning" "$said" ""
	has "$page has its name" "$(cat "$WORK/page")" "$(basename "${page%.*}") - "
done
is "pages: one, and those of the manual" "$(ls "$to"/share/man/man*/* | wc -l)" "$((1 + $(grep -c "alias=" "$OLDPWD/generator/cli/manual.gresource.xml")))"
missing=
for word in $("$STET" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do grep -q "stet $word" "$to/share/man/man1/stet.1" || missing="$missing $word"; done
is "stet(1) knows every command" "$missing" ""

# bash_words LINE: what bash offers at the end of the line
bash_words() {
	bash -c '. "$1"; COMP_WORDS=($2); [ "${2% }" = "$2" ] || COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		compopt() { :; }; _stet; printf "%s\n" "${COMPREPLY[@]}"' - "$to/share/bash-completion/completions/stet" "$1" | sort | tr '\n' ' '
}
is "bash: commands" "$(bash_words 'stet se')" "serve "
is "bash: options" "$(bash_words 'stet build --f')" "--force --format= "
is "bash: an option's words" "$(bash_words 'stet build --format = g')" "github "
is "bash: an argument's words" "$(bash_words 'stet schedule gi')" "github gitlab "
if command -v zsh >/dev/null; then
	# zsh_words WORD...: what the script hands to zsh for the last word
	zsh_words() {
		zsh -f -c 'script=$1; shift; words=("$@"); CURRENT=$#words
			_describe() { print -rl -- $subcommands }; _arguments() { print -r -- "$words[1], $CURRENT:"; print -rl -- "$@" }
			compinit() { }; _stet() { source $script }; _stet' - "$to/share/zsh/site-functions/_stet" "$@" 2>&1
	}
	has "zsh: commands" "$(zsh_words stet se)" "serve:show the site in a browser"
	has "zsh: an argument's words" "$(zsh_words stet schedule tim)" "1: :(github gitlab service timer)"
	has "zsh: seen from the command" "$(zsh_words stet build --prof)" "build, 2:
"
	has "zsh: options" "$(zsh_words stet build --prof)" "--profile[say where the time went]"
	has "zsh: an option's words" "$(zsh_words stet build --format=)" "--format=[how faults are printed]:format:(human json github)"
else
	skip "zsh" "no zsh"
fi
if command -v fish >/dev/null; then
	fish_words() {
		HOME=$WORK fish --no-config -c "source $to/share/fish/vendor_completions.d/stet.fish; complete -C '$1'" | cut -f1 | sort | tr '\n' ' '
	}
	is "fish: commands" "$(fish_words 'stet se')" "serve "
	is "fish: options" "$(fish_words 'stet build --f')" "--force --format "
	is "fish: an option's words" "$(fish_words 'stet build --format=g')" "--format=github "
	is "fish: an argument's words" "$(fish_words 'stet schedule gi')" "github gitlab "
else
	skip "fish" "no fish"
fi
finish
