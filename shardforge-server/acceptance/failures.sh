#!/usr/bin/env bash
# Kills, pauses and empties nodes of a real demo under pgbench, and checks that nothing acknowledged is lost.
#
#   failures.sh [ready|kills|pauses|together|lost|ends]...      all of them without arguments
#
# Needs psql, pgbench and curl. Settings: LAUNCHER (./shardforge), WORK (a new temporary directory), PORT (25000; nine ports
# from there are used, and twenty above them for a run on other ports), KILLS (10), PAUSES (3), PAUSE_SECONDS (15), SCALE (5).
set -euo pipefail

# shellcheck source=shardforge-server/acceptance/cluster.bash
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/cluster.bash"

kills=${KILLS:-10}
pauses=${PAUSES:-3}
pause_seconds=${PAUSE_SECONDS:-15}
scale=${SCALE:-5}

# The seconds in which nothing was committed around the time $1, from pgbench logs $2...: the longest gap that ends after
# it, among those that begin within 12 s of it.
outage() {
  local at=$1
  shift
  cat "$@" | awk '$3 != "failed" { printf "%d.%06d\n", $5, $6 }' | sort -n |
    awk -v at="$at" '
      last != "" && $1 > at && last < at + 12 && $1 - last > worst { worst = $1 - last }
      { last = $1 }
      END { printf "%.2f", worst }'
}

committed() { cat "$@" | awk '$3 != "failed"' | wc -l; }

check_sums() {
  check "sums agree (node $1)" test "$(sql "$1" "select (select sum(abalance) from pgbench_accounts) = (select sum(delta) from pgbench_history)
    and (select sum(tbalance) from pgbench_tellers) = (select sum(delta) from pgbench_history)
    and (select sum(bbalance) from pgbench_branches) = (select sum(delta) from pgbench_history)")" = t
}

# ---- the cases ----

ready() {
  local start pid
  say "ready: how long one node and three take to start"
  start=$(now)
  start_demo --nodes 1
  check "one node ready after $(since "$start") s, 3 s at most" at_most "$(since "$start")" 3
  stop_demo
  start=$(now)
  start_demo --data "$work/ready"
  check "three nodes ready after $(since "$start") s, 8 s at most" at_most "$(since "$start")" 8
  stop_demo
  start=$(now)
  start_demo --data "$work/ready"
  check "three nodes ready again after $(since "$start") s, 8 s at most" at_most "$(since "$start")" 8
  stop_demo
}

# load NODE NAME: pgbench through a node, until end_load.
load() {
  rm -f "$work/$2".*
  pgbench -n -c 8 -j 2 -T 3600 -P 10 --verbose-errors -l --log-prefix="$work/$2" "$(url "$1")" >"$work/$2.out" 2>&1 &
  loading=$!
  background+=("$loading")
}

end_load() {
  # What -T does when its time is over.
  kill -ALRM "$loading" 2>/dev/null || true
  local code=0
  wait "$loading" || code=$?
  check "pgbench ended well" test "$code" = 0
  check "no client aborted" test "$(grep -c 'aborted' "$1")" = 0
  grep -E '^(number of (transactions actually|failed)|latency average|tps)' "$1" | sed 's/^/           /'
}

# Waits until a node leads something: who leads which shard depends on their load.
await_leader() {
  leads_any() { [ "$(($(leads "$1" data) + $(leads "$1" meta)))" -ge 1 ]; }
  await "node $1 leads a shard" 60 leads_any "$1"
}

kills() {
  local i victim at back meta=0 all=0 worst=0 median gap gaps=() gate=2
  say "kills: kill -9 of a leading node $kills times, pgbench through another"
  start_demo --data "$work/kills"
  [ "$(leads 2 meta)" = 0 ] || gate=1
  pgbench -q -i -s "$scale" "$(url "$gate")" >"$work/init.out" 2>&1
  load "$gate" kills
  sleep 5
  local times=()
  for i in $(seq "$kills"); do
    # In turn one of the two others, so the meta shard's leader too once it leads again.
    victim=$((i % 2 ? 3 : 3 - gate))
    await_leader "$victim" || break
    all=$((all + 1))
    [ "$(leads "$victim" meta)" = 0 ] || meta=$((meta + 1))
    at=$(now)
    times+=("$at")
    kill -9 "$(node_pid "$victim")"
    local killed
    killed=$(node_pid "$victim")
    restarted() { [ "$(node_pid "$1")" != "$2" ]; }
    await "node $victim is started again" 20 restarted "$victim" "$killed"
    await "node $victim is back" 60 is_ready "$victim" || break
    back=$(since "$at")
    sleep 3
    say "  kill $i: node $victim, back after $back s"
  done
  sleep 3
  end_load "$work/kills.out"
  for at in "${times[@]}"; do
    gap=$(outage "$at" "$work"/kills.[0-9]*)
    gaps+=("$gap")
  done
  worst=$(printf '%s\n' "${gaps[@]}" | sort -n | tail -n 1)
  median=$(printf '%s\n' "${gaps[@]}" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }')
  say "  outages: ${gaps[*]}"
  check "all $kills victims led a shard ($all); the meta shard $meta times" test "$all" = "$kills"
  check "worst outage $worst s, 5 s at most" at_most "$worst" 5
  check "median outage $median s, 3 s at most" at_most "$median" 3
  check_history "$gate" kills
  check_history "$((3 - gate))" kills
  check_history 3 kills
  stop_demo
}

check_history() {
  local logged history
  logged=$(committed "$work/$2".[0-9]*)
  history=$(sql "$1" 'select count(*) from pgbench_history')
  check "pgbench saw $logged transactions committed, pgbench_history has $history (node $1)" test "$logged" = "$history"
  check_sums "$1"
}

# A client of the paused node asks it before it wakes: the answer must have all that the others acknowledged meanwhile.
pauses() {
  local i victim other at pid acked answer gaps=() gap worst table times=() meta=0
  say "pauses: SIGSTOP for $pause_seconds s of a leading node $pauses times, pgbench through another"
  start_demo --data "$work/pauses"
  pgbench -q -i -s "$scale" "$(url 2)" >"$work/init.out" 2>&1
  for table in 1 2 3 4 5 6; do
    sql 2 "create table beat$table (n bigint primary key)"
  done
  load 2 pauses
  sleep 5
  for i in $(seq "$pauses"); do
    victim=$((i % 2 ? 1 : 3))
    other=$((victim == 1 ? 3 : 1))
    await_leader "$victim" || break
    [ "$(leads "$victim" meta)" = 0 ] || meta=$((meta + 1))
    mkfifo "$work/ask.$i"
    psql -X -q -A -t -F ' ' "$(url "$victim")" <"$work/ask.$i" >"$work/answer.$i" 2>&1 &
    local asker=$!
    background+=("$asker")
    exec 7>"$work/ask.$i"
    for table in 1 2 3 4 5 6; do
      echo "select 'before', count(*) from beat$table;" >&7
    done
    warm() { [ "$(grep -c before "$1")" = 6 ]; }
    await "node $victim answers its client" 20 warm "$work/answer.$i"
    pid=$(node_pid "$victim")
    at=$(now)
    times+=("$at")
    kill -STOP "$pid"
    background+=("$pid")
    acked=0
    until ! at_most "$(since "$at")" "$pause_seconds"; do
      for table in 1 2 3 4 5 6; do
        sql "$other" "insert into beat$table select $i * 1000000 + $acked" >>"$work/beats.out" 2>&1 || echo "beat failed" >>"$work/beats.out"
      done
      acked=$((acked + 1))
    done
    local expected
    expected=$(for table in 1 2 3 4 5 6; do sql "$other" "select 'after', count(*), max(n) from beat$table" | tr '|' ' '; done)
    for table in 1 2 3 4 5 6; do
      echo "select 'after', count(*), max(n) from beat$table;" >&7
    done
    kill -CONT "$pid"
    answered() { [ "$(grep -c after "$1")" = 6 ]; }
    await "the woken node answers" 30 answered "$work/answer.$i"
    answer=$(grep after "$work/answer.$i")
    exec 7>&-
    check "pause $i, node $victim, $acked rounds of writes: it reads them all when it wakes" test "$answer" = "$expected"
    [ "$answer" = "$expected" ] || { echo "$expected" >"$work/expected.$i"; }
    wait "$asker" || true
    await "node $victim is ready" 60 is_ready "$victim" || break
    sleep 3
  done
  check "no write through a running node failed" test "$(grep -c 'beat failed' "$work/beats.out")" = 0
  end_load "$work/pauses.out"
  for at in "${times[@]}"; do
    gap=$(outage "$at" "$work"/pauses.[0-9]*)
    gaps+=("$gap")
  done
  worst=$(printf '%s\n' "${gaps[@]}" | sort -n | tail -n 1)
  say "  outages: ${gaps[*]}; the meta shard's leader was paused $meta times"
  check "worst outage $worst s, 5 s at most" at_most "$worst" 5
  check_history 2 pauses
  stop_demo
}

# Rows that one session inserts one after the other: the log of pgbench says how many were acknowledged.
numbered() {
  printf '%s\n' "\\set n :n + 1" "insert into numbered values (:gate, :client_id, :n);" >"$work/numbered.sql"
  local gate
  numbering=()
  rm -f "$work"/numbered?.[0-9]*
  for gate in 1 2 3; do
    pgbench -n -c 4 -T 3600 -D n=0 -D gate="$1$gate" -f "$work/numbered.sql" -l --log-prefix="$work/numbered$gate" "$(url "$gate")" \
      >"$work/numbered$gate.out" 2>&1 &
    numbering+=($!)
    background+=($!)
  done
}

check_numbered() {
  local gate lost
  for gate in 1 2 3; do
    sql "$2" "select client, n from numbered where gate = $1$gate" | tr '|' ' ' >"$work/rows"
    # The last line of a pgbench that was ended may be cut off.
    cat "$work/numbered$gate".[0-9]* | awk 'NF >= 6 && $3 != "failed" { print $1, $2 }' >"$work/acknowledged"
    lost=$(awk 'NR == FNR { there[$1, $2] = 1; next } !(($1, $2) in there)' "$work/rows" "$work/acknowledged" | wc -l)
    check "of $(wc -l <"$work/acknowledged") rows acknowledged by node $gate, $lost are missing at node $2" test "$lost" = 0
  done
}

together() {
  local round pids
  say "together: kill -9 of all nodes at once, then a start on the same data, the second time on other ports"
  start_demo --data "$work/together"
  sql 1 'create table numbered (gate int, client int, n bigint, primary key (gate, client, n))'
  for round in 1 2; do
    numbered "$round"
    sleep 8
    pids="$(node_pid 1) $(node_pid 2) $(node_pid 3)"
    # shellcheck disable=SC2086 # several
    kill -9 "$demo" $pids
    wait "$demo" "${numbering[@]}" 2>/dev/null || true
    [ "$round" = 1 ] || port=$((port + 20))
    start_demo --data "$work/together"
    check_numbered "$round" 1
    check_numbered "$round" 3
  done
  stop_demo
  port=$((port - 20))
}

lost() {
  local at victim=3 killed pid rebuilt
  say "lost: the store of a node is deleted"
  start_demo --data "$work/lost"
  sql 1 'create table numbered (gate int, client int, n bigint, primary key (gate, client, n))'
  pgbench -q -i -s "$scale" "$(url 1)" >"$work/init.out" 2>&1
  numbered 1
  load 2 lost
  sleep 6
  killed=$(node_pid "$victim")
  at=$(now)
  kill -9 "$killed"
  rm -rf "$work/lost/node$victim"
  restarted() { [ "$(node_pid "$1")" != "$2" ]; }
  await "node $victim is started again" 20 restarted "$victim" "$killed"
  await "node $victim is ready" 60 is_ready "$victim"
  rebuilt=$(since "$at")
  # Beside twenty clients on the processors that the rebuilt node starts and copies on.
  check "node $victim is a member of every shard again after $rebuilt s (2 of them the demo's pause), 30 s at most" at_most "$rebuilt" 30
  sleep 2
  end_load "$work/lost.out"
  kill "${numbering[@]}" 2>/dev/null || true
  wait "${numbering[@]}" 2>/dev/null || true
  # Without node 1 every answer and every write needs the rebuilt one.
  pid=$(node_pid 1)
  kill -STOP "$pid"
  background+=("$pid")
  check "a write without node 1" sql "$victim" "insert into numbered values (0, 0, 0)"
  check_history "$victim" lost
  check_numbered 1 "$victim"
  kill -CONT "$pid"
  stop_demo
}

ends() {
  local pids pid start
  say "ends: the nodes end with the demo"
  alive() { local p; for p in "$@"; do ! kill -0 "$p" 2>/dev/null || return 0; done; return 1; }
  gone() { ! alive "$@"; }
  start_demo --data "$work/ends"
  sql 1 'create table kept (id int primary key)'
  sql 1 'insert into kept values (1)'
  pids="$(node_pid 1) $(node_pid 2) $(node_pid 3)"
  start=$(now)
  kill -TERM "$demo"
  wait "$demo" || true
  # shellcheck disable=SC2086 # several
  check "SIGTERM: all nodes ended after $(since "$start") s" gone $pids
  start_demo --data "$work/ends"
  pids="$(node_pid 1) $(node_pid 2) $(node_pid 3)"
  check "the data is there" test "$(sql 3 'select count(*) from kept')" = 1
  start=$(now)
  kill -9 "$demo"
  wait "$demo" 2>/dev/null || true
  # shellcheck disable=SC2086 # several
  await "the nodes end" 20 gone $pids && say "  ok    kill -9 of the demo: all nodes ended after $(since "$start") s"
}

# shellcheck disable=SC2086 # several words
run_cases ${*:-ready kills pauses together lost ends}
