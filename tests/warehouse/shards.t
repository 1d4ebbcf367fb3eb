#!/bin/bash
# A coordinator and two shards, the panel spread over the shards: the same site, and a shard that dies.
. tests/warehouse/lib.sh
coordinator=$(free_port); start_server "$coordinator"
shards=()
for i in 0 1; do shards[i]=$(free_port); start_server "${shards[i]}"; done
export STET_WAREHOUSE; STET_WAREHOUSE=$(connection "$coordinator")

# Text compares bytewise, as stet's own tables have it.
deployments='quarter text collate "C", enterprise_id text collate "C", platform text collate "C",
	developer text collate "C", model text collate "C", role text collate "C", tokens_m decimal(18, 1), spend_usd decimal(18, 2)'
retention='enterprise_id text collate "C", quarter text collate "C", churned bigint'
{
	echo "create extension postgres_fdw; alter database postgres set enable_partitionwise_aggregate = on;
		create table deployments ($deployments) partition by hash (enterprise_id);
		create table retention ($retention) partition by hash (enterprise_id);"
	for i in 0 1; do
		echo "create server shard$i foreign data wrapper postgres_fdw options (host '127.0.0.1', port '${shards[i]}',
				dbname 'postgres', async_capable 'true', batch_size '1000', fetch_size '10000');
			create user mapping for postgres server shard$i options (user 'postgres');"
		for table in deployments retention; do
			echo "create foreign table ${table}_$i partition of $table for values with (modulus 2, remainder $i)
				server shard$i options (table_name '$table');"
		done
	done
} >"$WORK/schema.sql"
for port in "${shards[@]}"; do sql "$port" -c "create table deployments ($deployments); create table retention ($retention)"; done
sql "$coordinator" -f "$WORK/schema.sql"

case_study embedded
"$STET" build --quiet "$WORK/embedded" 2>/dev/null
case_study sharded warehouse
stet load "$WORK/sharded"
is "tables that are there are filled as they are: status 0" "$status" 0
first=$(sql "${shards[0]}" -c 'select count(*) from deployments') second=$(sql "${shards[1]}" -c 'select count(*) from deployments')
is "the panel is spread" "$((first > 20000 && second > 20000)) $((first + second))" "1 $(($(wc -l <data/deployments.csv) - 1))"
has "groups by enterprise are formed on the shards, side by side" \
	"$(sql "$coordinator" -c 'explain select enterprise_id, quarter, sum(spend_usd) from deployments group by 1, 2')" "Async Foreign Scan"
stet build "$WORK/sharded"
is "build: status 0" "$status" 0
is "the site is the embedded engine's, byte for byte" "$(diff -rq "$WORK/embedded/out" "$WORK/sharded/out")" ""

# ---- a shard dies while its answers are awaited
before=$(tree "$WORK/sharded/out")
sql "${shards[1]}" -c 'begin; lock table deployments in access exclusive mode; select pg_sleep(60)' >/dev/null 2>&1 &
lock=$!
until [ "$(sql "${shards[1]}" -c "select count(*) from pg_locks where mode = 'AccessExclusiveLock' and relation = 'deployments'::regclass and granted")" = 1 ]; do sleep 0.05; done
"$STET" build --force "$WORK/sharded" >"$WORK/.out" 2>"$WORK/.err" &
build=$!
until [ "$(sql "${shards[1]}" -c "select count(*) from pg_locks where not granted")" -gt 0 ]; do sleep 0.05; done
stop_server "${shards[1]}"
wait "$build"; status=$?
wait "$lock" 2>/dev/null
err=$(cat "$WORK/.err")
is "a shard killed in mid-build: status 1" "$status" 1
has "the error names the shard" "$err" "shard1"
has "and the SQLSTATE" "$err" "SQLSTATE 08"
has "at a metric" "$err" "data/metrics/"
is "the old site is whole" "$(tree "$WORK/sharded/out")" "$before"
start_server "${shards[1]}"
stet build --force "$WORK/sharded"
is "once it is back, so is the site: status 0" "$status $(diff -rq "$WORK/embedded/out" "$WORK/sharded/out")" "0 "
finish
