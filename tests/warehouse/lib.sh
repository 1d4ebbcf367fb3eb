# PostgreSQL servers of a test's own: in a temporary folder, on loopback, stopped by process id.
. tests/cli/lib.sh
PG=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
PGROOT=$(mktemp -d /tmp/stet-pg-XXXXXX)
servers=()
stop_servers() {
	local port
	for port in "${servers[@]}"; do stop_server "$port"; done
	rm -rf "$PGROOT"
}
cleanup=stop_servers
[ -n "$PG" ] || { echo "1..0 # SKIP no PostgreSQL"; exit 0; }
if [ "$(id -u)" = 0 ]; then
	chown postgres "$PGROOT"
	as_postgres() { (cd / && su postgres -c "$1"); }
else
	as_postgres() { bash -c "$1"; }
fi

free_port() {
	perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'
}
# start_server PORT: makes the server where there is none yet
start_server() {
	local data=$PGROOT/$1
	[ -d "$data" ] || as_postgres "$PG/initdb -D $data -U postgres -A trust -E UTF8 --locale=C -N" >"$PGROOT/$1.init"
	as_postgres "$PG/pg_ctl -s -w -t 30 -D $data -l $PGROOT/$1.log -o '-p $1 -c listen_addresses=127.0.0.1 \
		-c unix_socket_directories=$PGROOT -c fsync=off -c synchronous_commit=off -c shared_buffers=32MB' start"
	servers+=("$1")
}
# stop_server PORT [SIGNAL]
stop_server() {
	local pid; pid=$(head -1 "$PGROOT/$1/postmaster.pid" 2>/dev/null) || return 0
	kill -"${2:-QUIT}" "$pid" 2>/dev/null
	while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
}
# sql PORT [ARGUMENT...]: psql, quiet and unaligned; SQL from -c or standard input
sql() { local port=$1; shift; psql -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U postgres "$@"; }
connection() { echo "Driver=PostgreSQL Unicode;Server=127.0.0.1;Port=$1;Database=postgres;Uid=postgres"; }
# case_study NAME [warehouse]: the repository's own report
case_study() {
	mkdir "$WORK/$1" && cp -r data templates "$WORK/$1/"
	[ "${2:-}" != warehouse ] || sed -i '1i engine: warehouse' "$WORK/$1/templates/site.yaml"
}
