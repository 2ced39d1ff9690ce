#!/usr/bin/env bash
# Damages files of a node that was killed, again and again, and checks that the node is whole again and nothing is lost.
#
#   damage.sh [TIMES]     20 without an argument
#
# Each time a node is killed under load and, before the demo starts it again, one file of its store is changed by lot: bytes of it
# are overwritten, it is cut short, or it is gone. Then the node must become ready, through a rebuilt store where need be; all rows
# must be in all replicas of all nodes; no client may have met another error than that of a connection that broke.
#
# Needs psql, pgbench and curl. Settings: LAUNCHER (./shardforge), WORK (a new temporary directory), PORT (25000; nine ports from
# there are used), SEED (1: what is damaged, where and how).
set -euo pipefail

# shellcheck source=shardforge-server/acceptance/cluster.bash
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/cluster.bash"

times=${1:-20}
RANDOM=${SEED:-1}

# pick WORDS...: one of them, by lot, in $picked.
pick() {
  local words=("$@")
  picked=${words[RANDOM % ${#words[@]}]}
}

# Changes one file below a store and says what was done.
damage() {
  local store=$1 kind how file size place files
  pick table log log log manifest current term
  kind=$picked
  case $kind in
    table) mapfile -t files < <(find "$store/db" -name '*.sst' -size +0 | sort) ;;
    log) mapfile -t files < <(find "$store/raft" -name 'log_*' -size +0 | sort) ;;
    manifest) mapfile -t files < <(find "$store/db" -name 'MANIFEST-*' | sort) ;;
    current) mapfile -t files < <(find "$store/db" -name CURRENT) ;;
    term) mapfile -t files < <(find "$store/raft" -name raft-meta | sort) ;;
  esac
  if [ ${#files[@]} -eq 0 ]; then
    echo "nothing: it has no $kind"
    return
  fi
  pick "${files[@]}"
  file=$picked
  size=$(stat -c %s "$file")
  place=$(((RANDOM * 32768 + RANDOM) % size))
  # An open log is mostly room for more: what counts is where it begins.
  case $file in *log_inprogress*) place=$((place % 4096)) ;; esac
  pick bytes bytes short gone
  how=$picked
  # Without its end or without itself an open log is like one that never had more.
  case $file in *log_inprogress*) how=bytes ;; esac
  case $how in
    bytes) head -c 32 /dev/urandom | dd of="$file" bs=1 seek="$place" conv=notrunc status=none ;;
    short) truncate -s "$place" "$file" ;;
    gone) rm "$file" ;;
  esac
  echo "$how at $place of $size: ${file#"$store/"}"
}

is_whole() {
  local wrong
  wrong=$(sql 1 "select count(*) from shardforge.verify_table('pgbench_accounts') where problem is not null" 2>/dev/null) &&
    [ "$wrong" = 0 ] && is_ready 1 && is_ready 2 && is_ready 3
}

restarted() { [ "$(node_pid "$1")" != "$2" ]; }

damages() {
  local i victim other pid was at
  say "damages: $times times, SEED=${SEED:-1}"
  start_demo --data "$work/damages"
  pgbench -q -i -s 2 "$(url 1)" >"$work/init.out" 2>&1
  sql 1 "select shardforge.split_at('pgbench_accounts', 100000)" >/dev/null
  for ((i = 1; i <= times; i++)); do
    victim=$((1 + RANDOM % 3))
    other=$((1 + victim % 3))
    pgbench -n -c 2 -T 5 --max-tries=100 "$(url "$other")" >"$work/load.out" 2>&1 &
    loading=$!
    background+=("$loading")
    sleep $((1 + RANDOM % 3))
    pid=$(node_pid "$victim")
    kill -9 "$pid"
    at=$(now)
    was=$(damage "$work/damages/node$victim")
    await "node $victim is started again" 30 restarted "$victim" "$pid" || true
    await "all nodes are whole after $was" 150 is_whole || true
    wait "$loading" || true
    check "$i: node $victim whole after $(since "$at") s; $was" is_ready "$victim"
    check "$i: every client went on" test -z "$(grep -E 'ERROR|FATAL|aborted' "$work/load.out")"
    check "$i: sums agree" test "$(sql "$victim" "select (select sum(abalance) from pgbench_accounts) = (select sum(delta) from pgbench_history)")" = t
    # One damaged store is kept aside, and not two.
    rm -rf "$work/damages/node$victim/damaged"
    [ "$failures" = 0 ] || break
  done
  stop_demo
}

run_cases damages
