#!/usr/bin/env bash
# Lets a demo grow: more shards, more nodes, and fewer again.
#
#   growth.sh [idle|members]...      all of them without arguments
#
# idle: what three idle nodes with 30 and with 100 shards each take of a processor, and that all shards work.
# members: two nodes join three and two are emptied, under pgbench: no transaction fails, and p99 stays within five times its calm.
#
# Needs psql, pgbench and curl. Settings: LAUNCHER (./shardforge), WORK (a new temporary directory), PORT (25000; twenty ports
# from there are used), SCALE (5), CALM (30 seconds), SHARDS ("30 100").
set -euo pipefail

# shellcheck source=shardforge-server/acceptance/cluster.bash
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/cluster.bash"

scale=${SCALE:-5}
calm=${CALM:-30}
shards=${SHARDS:-30 100}

ticks() { cat "${@/%//stat}" | awk '{ sub(/.*\) /, ""); sum += $12 + $13 } END { print sum }'; }

shard_count() { sql 1 'select count(*) from shardforge.shards'; }

idle() {
  local wanted before after share next=1 processes
  say "idle: what many shards cost while nobody uses them"
  start_demo --data "$work/idle"
  processes=("/proc/$(node_pid 1)" "/proc/$(node_pid 2)" "/proc/$(node_pid 3)")
  sql 1 'create table spread (id int primary key, n int not null)'
  sql 1 'insert into spread select i, 0 from generate_series(1, 1000) as i'
  for wanted in $shards; do
    while [ "$(shard_count)" -lt "$wanted" ]; do
      sql 1 "select shardforge.split_at('spread', $((next * 9)))" >/dev/null
      next=$((next + 1))
    done
    check "$wanted shards on every node: all are written" test "$(sql 2 'update spread set n = n + 1 returning n' | wc -l)" = 1000
    # Lets flushes and collections that follow the work pass.
    sleep 20
    before=$(ticks "${processes[@]}")
    sleep 30
    after=$(ticks "${processes[@]}")
    share=$(awk -v t="$((after - before))" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.1f", 100 * t / hz / 30 }')
    if [ "$wanted" -le 30 ]; then
      check "$wanted shards: three idle nodes take $share % of a processor, 25 % at most" at_most "$share" 25
    else
      say "  $wanted shards: three idle nodes take $share % of a processor"
    fi
  done
  check "sums agree" test "$(sql 3 'select count(*), min(n), max(n) from spread')" = "1000|$(wc -w <<<"$shards")|$(wc -w <<<"$shards")"
  stop_demo
}

# p99 in milliseconds of the transactions that ended between two moments, from pgbench logs $3...
p99() {
  local from=$1 to=$2
  shift 2
  cat "$@" | awk -v from="$from" -v to="$to" '$3 != "failed" && $5 + $6 / 1e6 >= from && $5 + $6 / 1e6 < to { print $3 / 1000 }' |
    sort -n | awk '{ v[NR] = $1 } END { if (NR) printf "%.1f", v[int((NR * 99 + 99) / 100)]; else print "none" }'
}

# Starts a node beside the demo's.
join() {
  local number=$1 at=$((port + 10 + 3 * ($1 - 4)))
  "$launcher" start --insecure --memory-share 5 --store "$work/joined$number" --listen "127.0.0.1:$at" --pg "127.0.0.1:$((at + 1))" \
    --http "127.0.0.1:$((at + 2))" --join "127.0.0.1:$((port + 6)),127.0.0.1:$((port + 7)),127.0.0.1:$((port + 8))" \
    >"$work/joined$number.out" 2>&1 &
  background+=("$!")
  joined_ready() { curl -s -f -m 2 -o /dev/null "http://127.0.0.1:$1/health?ready=1"; }
  await "node $number is ready" 60 joined_ready "$((at + 2))"
}

moving() { sql 1 'select count(*) from shardforge.jobs'; }
settled() { [ "$(moving)" = 0 ]; }
# replicas NODE: how many replicas the node has.
replicas() { sql 1 "select replicas from shardforge.nodes where node_id = $1"; }
has_share() { [ "$(replicas "$1")" -ge 1 ] && settled; }

members() {
  local i began grown emptied calm99 moving99 loading code=0
  say "members: 3 nodes, 5, and 3 again"
  start_demo --data "$work/members"
  pgbench -q -i -s "$scale" "$(url 1)" >"$work/init.out" 2>&1
  for i in 1 2 3 4 5 6 7 8; do
    sql 1 "select shardforge.split_at('pgbench_accounts', $((i * scale * 100000 / 9)))" >/dev/null
  done
  rm -f "$work"/members.[0-9]*
  pgbench -n -c 4 -j 2 -T 3600 --max-tries=10 -P 10 --verbose-errors -l --log-prefix="$work/members" "$(url 1)" >"$work/members.out" 2>&1 &
  loading=$!
  background+=("$loading")
  # The first seconds belong to the compilers.
  sleep "$calm"
  began=$(now)
  sleep "$calm"
  calm99=$(p99 "$began" "$(now)" "$work"/members.[0-9]*)
  began=$(now)
  join 4
  join 5
  await "node 4 has its share" 300 has_share 4
  await "node 5 has its share" 300 has_share 5
  grown=$(now)
  say "  five nodes after $(since "$began") s: replicas $(sql 1 'select string_agg(replicas::text, $$ $$ order by node_id) from shardforge.nodes')"
  "$launcher" node decommission 2 --url "$(url 1)" >"$work/decommission2.out" 2>&1 || code=$?
  "$launcher" node decommission 4 --url "$(url 1)" >"$work/decommission4.out" 2>&1 || code=$?
  check "nodes 2 and 4 are empty after $(since "$grown") s" test "$code" = 0
  emptied=$(now)
  moving99=$(p99 "$began" "$emptied" "$work"/members.[0-9]*)
  sleep 5
  kill -ALRM "$loading"
  code=0
  wait "$loading" || code=$?
  check "pgbench ended well" test "$code" = 0
  check "no transaction failed" grep -q '^number of failed transactions: 0 ' "$work/members.out"
  check "p99 was $calm99 ms calm and $moving99 ms while replicas moved, five times as much at most" at_most "$moving99" \
    "$(awk -v c="$calm99" 'BEGIN { print 5 * c }')"
  check "pgbench saw as many transactions as there are in history" test "$(cat "$work"/members.[0-9]* | grep -v -c failed)" = \
    "$(sql 3 'select count(*) from pgbench_history')"
  check "sums agree" test "$(sql 3 "select (select sum(abalance) from pgbench_accounts) = (select sum(delta) from pgbench_history)")" = t
  check "replicas and indexes agree" test -z "$(sql 1 "select problem from shardforge.verify_table('pgbench_accounts') where problem is not null")"
  stop_demo
}

# shellcheck disable=SC2086 # several words
run_cases ${*:-idle members}
