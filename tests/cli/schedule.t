#!/bin/bash
# The files of `stet schedule`: well-formed, and their own lines build the report.
. tests/cli/lib.sh

report r
cd "$WORK" || exit 1
for host in github gitlab; do
	stet schedule $host
	is "$host: printed" "$status$err" 0
	printf '%s\n' "$out" >$host.yml
	# stet reads YAML: a key of one's own in site.yaml holds the file.
	cp -r r y && { echo "x-file:"; sed 's/^/  /' $host.yml; } >>y/templates/site.yaml
	stet check y
	is "$host: well-formed YAML" "$status" 0
	rm -r y
	rm -rf r/out
	sed -n -E 's#^ *(run:|-) \.stet-source/build/stet#"$STET"#p' $host.yml >lines
	said=$(cd r && REPORT=. && . ../lines 2>&1)
	has "$host: its lines build the report" "$said" "built "
	has "$host: and compare" "$said" "is what the report gives"
	[ -f r/out/index.html ] && pass "$host: there it is" || fail "$host: there it is" "$said"
done
stet schedule service && printf '%s\n' "$out" >report.service
stet schedule timer && printf '%s\n' "$out" >report.timer
if command -v systemd-analyze >/dev/null; then
	sed -i "s|^WorkingDirectory=.*|WorkingDirectory=$WORK/r|; s|/usr/local/bin/stet|$STET|" report.service
	is "systemd's own check finds nothing" "$(systemd-analyze verify "$WORK/report.timer" "$WORK/report.service" 2>&1 | grep -i report)" ""
	has "the times are times" "$(systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' report.timer)" 2>&1)" "Next elapse"
else
	skip "units" "no systemd"
fi
stet schedule jenkins
is "another host is wrong usage" "$status" 2
has "and those there are are named" "$err" "github, gitlab, service and timer, not for 'jenkins'"
finish
