#!/bin/bash
# Installs what a build or a test run needs: `packages NAME...` from Debian, `node DIR` the test-only npm
# packages of DIR/package.json, `duckdb DIR` the engine's library and header. Does nothing where all is there.
set -euo pipefail

packages() {
	local missing=()
	for name in "$@"; do
		dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
	done
	command -v npm >/dev/null || missing+=(nodejs npm)
	[ ${#missing[@]} -eq 0 ] && return
	local as_root=()
	if [ "$(id -u)" != 0 ]; then
		if sudo -n true 2>/dev/null; then as_root=(sudo); else
			echo "stet needs Debian packages that are not installed; run this, then make again:" >&2
			echo "  sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
			exit 1
		fi
	fi
	echo "installing ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	local log; log=$(mktemp)
	if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
		tail -20 "$log" >&2; rm -f "$log"; exit 1
	fi
	rm -f "$log"
}

node() {
	(cd "$1" && npm ci --silent --no-audit --no-fund --ignore-scripts)
}

# One file out of an npm package, checked against its pinned SHA-256: package version file sum target
fetch() {
	local work; work=$(mktemp -d)
	(cd "$work" && npm pack --silent "$1@$2" >/dev/null)
	echo "$4  $(echo "$work"/*.tgz)" | sha256sum --check --quiet
	mkdir -p "$(dirname "$5")"
	tar -xzf "$work"/*.tgz -C "$work" "package/$3"
	touch "$work/package/$3" && mv "$work/package/$3" "$5"
	rm -rf "$work"
}

duckdb() {
	local arch version sum
	case "$(uname -m)" in
	x86_64) arch=x64 version=1.5.6-r.1 sum=1b9f82478539bb9a1d1df44bd103121a12ae52142c07158dc52b97d2ec1d69ff ;;
	aarch64) arch=arm64 version=1.5.5-r.5 sum=3b85f3ea438f7dc3691d7b5e6e4222ffe9127fd17885f96ca72e0c99925c348e ;;
	*) echo "no DuckDB library is published for $(uname -m); set DUCKDB_PREFIX to an installed one" >&2; exit 1 ;;
	esac
	echo "fetching DuckDB"
	fetch duckdb 1.4.4 src/duckdb/src/include/duckdb.h 5bb967dcbcd517670ba5f169f238fb9d6787e53752c60ebe24386169d76941ed "$1/include/duckdb.h"
	fetch "@duckdb/node-bindings-linux-$arch" "$version" libduckdb.so "$sum" "$1/lib/libduckdb.so"
}

"$@"
