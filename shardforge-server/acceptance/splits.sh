#!/usr/bin/env bash
# Splits a table of a demo into sixteen shards and merges them again under pgbench.
#
#   splits.sh
#
# At each step: rows and sums are what they must be, now and as of a moment before the first step; verify_table finds all rows in
# every replica of the table and of its index, and all of them alike; no client has been ended.
#
# Needs psql, pgbench and curl. Settings: LAUNCHER (./shardforge), WORK (a new temporary directory), PORT (25000; nine ports from
# there are used), ROWS (10000000), PARTS (16), CLIENTS (4), RATE (transactions a second, 100).
set -euo pipefail

# shellcheck source=shardforge-server/acceptance/cluster.bash
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/cluster.bash"

rows=${ROWS:-10000000}
parts=${PARTS:-16}
clients=${CLIENTS:-4}
rate=${RATE:-100}

readonly sums='select count(*), sum(v), sum(w::bigint * id % 1000003) from big'
readonly digest='select count(*), sum(v), sum(w::bigint * id % 1000003), sum(v * id % 1000003) from big'

# as_of NODE TIME QUERY
as_of() { psql -X -q -A -t -v ON_ERROR_STOP=1 -c "set shardforge.read_at = '$2'" -c "$3" "$(url "$1")"; }

load() {
  local from step=100000
  sql 1 'create table big (id bigint primary key, v bigint not null, w int not null, filler text not null)'
  sql 1 'create index big_w on big (w)'
  for ((from = 1; from <= rows; from += step)); do
    sql 1 "insert into big select i, 1000, i % 1000, 'row ' || i from generate_series($from, least($from + $step - 1, $rows)) i"
  done
}

# What verify_table finds wrong, and replicas that do not have all rows.
wrong_replicas() {
  sql 1 "with found as (select * from shardforge.verify_table('big'))
         select relation, shard_id, node_id, entries, problem from found where problem is not null
         union all
         select relation, null, node_id, sum(entries), 'has not got all rows' from found where node_id is not null
         group by relation, node_id having sum(entries) <> $rows"
}

compare() {
  local wrong
  wrong=$(wrong_replicas)
  check "$1: $(sql 1 'select count(*) from shardforge.shards') shards, replicas and index agree $wrong" test -z "$wrong"
  check "$1: rows and sums agree" test "$(sql 2 "$sums")" = "$expected"
  check "$1: the past has not changed" test "$(as_of 3 "$began" "$digest")" = "$before"
  check "$1: clients go on" kill -0 "$loading"
}

split() { sql 2 "select shardforge.split_at('big', $1)" >/dev/null; }

# A leader that changes just then makes a merge fail, which changes nothing.
merge() {
  local try
  for try in 1 2 3 4 5; do
    if sql $((1 + try % 3)) "select shardforge.merge_at('big', $1)" >/dev/null; then
      return 0
    fi
    sleep 2
  done
  return 1
}

splits() {
  local i start code=0
  say "splits: $rows rows in one shard, in $parts, and in one again"
  start_demo --data "$work/splits"
  start=$(now)
  load
  say "  loaded in $(since "$start") s"
  expected=$(sql 1 "$sums")
  began=$(sql 1 'select now()')
  sleep 1
  before=$(as_of 1 "$began" "$digest")
  # Money moves between rows of all parts, so that most transactions touch two shards.
  cat >"$work/move.sql" <<'END'
\set a random(1, :rows)
\set b random(1, :rows)
begin;
update big set v = v - 1 where id = least(:a, :b);
update big set v = v + 1 where id = greatest(:a, :b);
end;
END
  rm -f "$work"/moves.[0-9]*
  pgbench -n -f "$work/move.sql" -D rows="$rows" -c "$clients" -j 2 -R "$rate" -T 86400 --max-tries=100 -P 10 --verbose-errors \
    -l --log-prefix="$work/moves" "$(url 1)" >"$work/moves.out" 2>&1 &
  loading=$!
  background+=("$loading")
  start=$(now)
  compare "before"
  for ((i = 1; i < parts; i++)); do
    check "split $i" split $((rows / parts * i + 1))
    compare "split $i"
  done
  for ((i = parts - 1; i >= 1; i--)); do
    check "merge $i" merge $((rows / parts * i + 1))
    compare "merge $i"
  done
  say "  split and merged in $(since "$start") s"
  kill -ALRM "$loading"
  wait "$loading" || code=$?
  check "pgbench ended well" test "$code" = 0
  check "no transaction failed" grep -q '^number of failed transactions: 0 ' "$work/moves.out"
  say "  $(cat "$work"/moves.[0-9]* | wc -l) transactions, the longest $(
    awk '$3 > worst { worst = $3 } END { printf "%.1f s", worst / 1e6 }' "$work"/moves.[0-9]*)"
  stop_demo
}

run_cases splits
