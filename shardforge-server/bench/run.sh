#!/usr/bin/env bash
# Measures ShardForge, PostgreSQL and a three-node etcd in one run on this machine, one after the other, on one disk, and
# prints a table of ratios. Only ratios of one run mean anything: all of them share the machine with their load driver.
#
#   shardforge-server/bench/run.sh [--quick] [--dir DIR] [--only postgres,one,three,etcd]
#
# Needs PostgreSQL's server and pgbench (Debian: postgresql, postgresql-client) and etcd (Debian: etcd-server or etcd); what
# is not there is left out of the table, by name. DIR is where all of them keep their data.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
seconds=30
warm_seconds=30
scale=10
copy_rows=1000000
parent=${TMPDIR:-/tmp}
only=postgres,one,three,etcd
while [ $# -gt 0 ]; do
  case $1 in
    --quick)
      seconds=8
      warm_seconds=15
      copy_rows=200000
      ;;
    --dir) parent=$2 && shift ;;
    --only) only=$2 && shift ;;
    *)
      sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 2
      ;;
  esac
  shift
done

clients=16
upsert_clients=64
upsert_keys=100000
value_bytes=100
work=$(mktemp -d "$parent/shardforge-bench.XXXXXX")
chmod 755 "$work"
pids=()
declare -A result

say() { printf '%s %s\n' "$(date +%T)" "$*" >&2; }
wants() { [[ ,$only, == *,$1,* ]]; }

cleanup() {
  local pid
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT

stop() { # pid
  local pid kept=()
  kill "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
  for pid in "${pids[@]}"; do [ "$pid" = "$1" ] || kept+=("$pid"); done
  pids=("${kept[@]}")
}

is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Prints the first of $1 ports in a row that nobody uses.
free_ports() {
  local first try port
  for try in {1..50}; do
    first=$((20000 + RANDOM % 12000))
    for ((port = first; port < first + $1; port++)); do
      ! is_open "$port" || continue 2
    done
    printf '%s\n' "$first"
    return
  done
  say "no $1 free ports in a row after $try tries"
  exit 1
}

await() { # seconds, what, command...
  local limit=$(($1 * 10)) what=$2
  shift 2
  while ! "$@" >/dev/null 2>&1; do
    limit=$((limit - 1))
    [ "$limit" -gt 0 ] || { say "$what did not come up" && return 1; }
    sleep 0.1
  done
}

# Prints the newest installed PostgreSQL's directory of programs.
postgres_programs() {
  local directory newest=''
  for directory in /usr/lib/postgresql/*/bin; do [ ! -x "$directory/pgbench" ] || newest=$directory; done
  printf '%s\n' "$newest"
}

pgbench=$(command -v pgbench || printf '%s/pgbench\n' "$(postgres_programs)")
if [ ! -x "$pgbench" ] || ! command -v psql >/dev/null; then
  echo "psql and pgbench are needed (Debian: apt install postgresql-client postgresql)" >&2
  exit 1
fi

sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$1" -c "$2"; }

# One pgbench run: $1 the address, the rest its options. Prints transactions per second; failures are an error.
run_pgbench() {
  local url=$1 log=$work/pgbench.log
  shift
  if ! "$pgbench" -n "$@" "$url" >"$log" 2>&1; then
    say "pgbench failed: $(grep -v '^pgbench (' "$log" | tail -3 | tr '\n' ' ')"
    echo 0
    return
  fi
  local failed
  failed=$(awk '/number of failed transactions/ {print $5}' "$log")
  [ "${failed:-0}" = 0 ] || say "$failed transactions failed"
  awk '/^tps = /{printf "%.0f\n", $3}' "$log"
}

# All single-database measurements: $1 the name in the results, $2 the address, $3 "full" or "short".
measure() {
  local name=$1 url=$2 kind=$3
  say "$name: loading pgbench tables, scale $scale"
  "$pgbench" -i -q -s "$scale" -I dtgp "$url" >"$work/init.log" 2>&1 || {
    say "$name: pgbench -i failed: $(tail -2 "$work/init.log" | tr '\n' ' ')"
    return 0
  }
  local common=(-M prepared -j 2 -c "$clients")
  # Each is run once before it is measured: caches fill, compilers learn.
  say "$name: -S"
  run_pgbench "$url" "${common[@]}" -S -T "$warm_seconds" >/dev/null
  result[$name.S]=$(run_pgbench "$url" "${common[@]}" -S -T "$seconds")
  say "$name: -N"
  run_pgbench "$url" "${common[@]}" -N -T "$warm_seconds" >/dev/null
  result[$name.N]=$(run_pgbench "$url" "${common[@]}" -N -T "$seconds")
  [ "$kind" = full ] || return 0
  say "$name: TPC-B"
  run_pgbench "$url" "${common[@]}" -T "$warm_seconds" >/dev/null
  result[$name.B]=$(run_pgbench "$url" "${common[@]}" -T "$seconds")
  say "$name: point reads by one client"
  (cd "$work" && rm -f pgbench_log.* &&
    "$pgbench" -n -M prepared -S -c 1 -l -T $((seconds / 2)) "$url" >/dev/null 2>&1) || true
  result[$name.p50]=$(cat "$work"/pgbench_log.* 2>/dev/null | awk '{print $3}' | sort -n | awk '{a[NR]=$1} END {print NR ? a[int((NR + 1) / 2)] : 0}')
  say "$name: COPY of $copy_rows rows"
  local began ended
  sql "$url" 'create table bench_copy (id bigint primary key, n int, filler text)' || return 0
  began=$(date +%s.%N)
  if psql -X -q -v ON_ERROR_STOP=1 "$url" -c "\\copy bench_copy from '$work/copy.csv' csv"; then
    ended=$(date +%s.%N)
    result[$name.copy]=$(awk -v a="$began" -v b="$ended" -v n="$copy_rows" 'BEGIN {printf "%.0f", n / (b - a)}')
  fi
}

# Upserts by 64 clients spread over the addresses given: $1 the name, the rest addresses. Prints upserts a second.
measure_upserts() {
  local name=$1 url tps total=0 index=0
  shift
  printf '\\set k random(1, %d)\ninsert into bench_upsert values (:k, '"'%s'"') on conflict (k) do update set v = excluded.v;\n' \
    "$upsert_keys" "$(head -c "$value_bytes" /dev/zero | tr '\0' x)" >"$work/upsert.sql"
  sql "$1" 'create table bench_upsert (k bigint primary key, v text)' || return 0
  say "$name: upserts by $upsert_clients clients"
  local length
  for length in "$warm_seconds" "$seconds"; do
    local drivers=() count share=$((upsert_clients / $#))
    index=0
    for url in "$@"; do
      count=$share
      [ "$index" -gt 0 ] || count=$((upsert_clients - share * ($# - 1)))
      "$pgbench" -n -M prepared -f "$work/upsert.sql" -c "$count" -j 1 -T "$length" "$url" >"$work/upsert.$index.log" 2>&1 &
      drivers+=($!)
      index=$((index + 1))
    done
    wait "${drivers[@]}" || say "$name: a driver failed: $(tail -2 "$work"/upsert.*.log | tr '\n' ' ')"
  done
  for ((index = 0; index < $#; index++)); do
    tps=$(awk '/^tps = /{printf "%.0f", $3}' "$work/upsert.$index.log")
    total=$((total + ${tps:-0}))
  done
  result[$name.upsert]=$total
}

# Processor share and memory of idle processes: $1 the name, the rest their ids.
measure_idle() {
  local name=$1 pid
  shift
  ticks() { cat "${@/%//stat}" | awk '{sub(/.*\) /, ""); sum += $12 + $13} END {print sum}'; }
  say "$name: idle"
  sleep 10
  local before after most=0 rss
  before=$(ticks "${@/#//proc/}")
  sleep 20
  after=$(ticks "${@/#//proc/}")
  result[$name.cpu]=$(awk -v t="$((after - before))" -v hz="$(getconf CLK_TCK)" 'BEGIN {printf "%.1f", 100 * t / hz / 20}')
  for pid in "$@"; do
    rss=$(awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/$pid/status")
    [ "$rss" -le "$most" ] || most=$rss
  done
  result[$name.rss]=$most
}

postgres() {
  local bin user=() port
  bin=$(postgres_programs)
  [ -x "$bin/initdb" ] || { say "no PostgreSQL server here: left out" && return 0; }
  port=$(free_ports 1)
  mkdir "$work/postgres"
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$work/postgres"
    user=(runuser -u postgres --)
  fi
  "${user[@]}" "$bin/initdb" -D "$work/postgres/data" -A trust -U postgres -E UTF8 --locale=C >"$work/postgres.init.log"
  # The caches of ShardForge get a quarter of memory each, so this one gets a quarter too.
  local buffers
  buffers=$(awk '/^MemTotal/ {print int($2 / 4 / 1024)}' /proc/meminfo)
  "${user[@]}" "$bin/postgres" -D "$work/postgres/data" -p "$port" -k "$work/postgres" -c listen_addresses=127.0.0.1 -c synchronous_commit=on \
    -c fsync=on -c shared_buffers="${buffers}MB" -c max_wal_size=4GB -c max_connections=200 >"$work/postgres.log" 2>&1 &
  local pid=$!
  pids+=("$pid")
  local url=postgresql://postgres@127.0.0.1:$port/postgres
  await 30 PostgreSQL sql "$url" 'select 1'
  result[postgres.version]=$(sql "$url" 'show server_version')
  measure postgres "$url" full
  measure_upserts postgres "$url"
  # The server is the child of runuser, which does not pass the signal on.
  kill -INT "$(head -1 "$work/postgres/data/postmaster.pid")"
  stop "$pid"
}

one_node() {
  local ports
  ports=$(free_ports 3)
  "$root/shardforge" start-single-node --insecure --store "$work/one" --listen "127.0.0.1:$ports" --pg "127.0.0.1:$((ports + 1))" \
    --http "127.0.0.1:$((ports + 2))" >"$work/one.log" 2>&1 &
  local pid=$!
  pids+=("$pid")
  local url=postgresql://shardforge@127.0.0.1:$((ports + 1))/shardforge
  await 600 "one node" sql "$url" 'select 1' || { tail -5 "$work/one.log" >&2 && return 0; }
  measure one "$url" full
  stop "$pid"
}

three_nodes() {
  local ports urls=() nodes=() i
  ports=$(free_ports 9)
  "$root/shardforge" demo --data "$work/three" --node-port "$ports" --pg-port $((ports + 3)) --http-port $((ports + 6)) >"$work/three.log" 2>&1 &
  local pid=$!
  pids+=("$pid")
  await 600 "three nodes" grep -q '^ready' "$work/three.log" || { tail -5 "$work/three.log" >&2 && return 0; }
  mapfile -t nodes < <(awk '$1 == "node" && $3 == "pid" {print $4}' "$work/three.log")
  for i in 0 1 2; do urls+=("postgresql://shardforge@127.0.0.1:$((ports + 3 + i))/shardforge"); done
  measure three "${urls[0]}" short
  measure_upserts three "${urls[@]}"
  measure_idle three "${nodes[@]}"
  stop "$pid"
}

etcd_nodes() {
  command -v etcd >/dev/null || { say "no etcd here: left out" && return 0; }
  local ports i members='' own=() endpoints=''
  ports=$(free_ports 6)
  for i in 0 1 2; do
    members+=${members:+,}n$i=http://127.0.0.1:$((ports + 3 + i))
    endpoints+=${endpoints:+,}127.0.0.1:$((ports + i))
  done
  for i in 0 1 2; do
    etcd --name "n$i" --data-dir "$work/etcd$i" --listen-client-urls "http://127.0.0.1:$((ports + i))" \
      --advertise-client-urls "http://127.0.0.1:$((ports + i))" --listen-peer-urls "http://127.0.0.1:$((ports + 3 + i))" \
      --initial-advertise-peer-urls "http://127.0.0.1:$((ports + 3 + i))" --initial-cluster "$members" \
      --initial-cluster-state new --logger zap >"$work/etcd$i.log" 2>&1 &
    own+=($!)
    pids+=($!)
  done
  for i in 0 1 2; do await 30 etcd is_open $((ports + i)); done
  sleep 3
  local jdk path line rate best=0 target
  jdk=$("$root/shardforge" java-home)
  # Without a logging backend the driver's gRPC says nothing.
  path=$(tr ':' '\n' <"$root/.shardforge/app/class-path" | grep -v /logback- | paste -s -d:)
  say "etcd: puts by $upsert_clients clients"
  # Spread over the nodes and against each alone, the leader among them: the best of these counts.
  for target in "$endpoints" ${endpoints//,/ }; do
    line=$("$jdk/bin/java" -cp "$path" -XX:TieredStopAtLevel=1 --sun-misc-unsafe-memory-access=allow "$root/shardforge-server/bench/EtcdPuts.java" \
      "$target" "$upsert_clients" "$warm_seconds" "$seconds" "$upsert_keys" "$value_bytes" 2>"$work/puts.log") || { tail -5 "$work/puts.log" >&2 && continue; }
    say "etcd: $target: $line"
    rate=$(awk '{print $2}' <<<"$line")
    [ "$rate" -le "$best" ] || best=$rate
  done
  result[etcd.upsert]=$best
  result[etcd.version]=$(etcd --version | awk 'NR == 1 {print $3}')
  for i in "${own[@]}"; do stop "$i"; done
}

row() { # title, ours, theirs, inverse (for latencies)
  local ours=${result[$2]:-} theirs=${result[$3]:-}
  awk -v title="$1" -v ours="${ours:-0}" -v theirs="${theirs:-0}" -v floor="$4" 'BEGIN {
    printf "| %s | %s | %s | %s | %s |\n", title, ours ? ours : "-", theirs ? theirs : "-", (ours && theirs) ? sprintf("%.2f", ours / theirs) : "-", floor }'
}

say "data in $work on $(df --output=fstype "$work" | tail -1), $(nproc) processors, $seconds s a measurement"
if wants postgres || wants one; then
  filler=$(head -c 80 /dev/zero | tr '\0' f)
  awk -v n="$copy_rows" -v f="$filler" 'BEGIN {for (i = 1; i <= n; i++) print i "," (i * 7919) % 1000003 "," f}' >"$work/copy.csv"
  chmod 644 "$work/copy.csv"
fi
! wants postgres || postgres
! wants one || one_node
! wants three || three_nodes
! wants etcd || etcd_nodes

cat <<TABLE

$(nproc) processors, $(awk '/^MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo), PostgreSQL ${result[postgres.version]:-not measured}, etcd ${result[etcd.version]:-not measured}; scale $scale, $seconds s a measurement.

| measurement | ShardForge | other | ratio | wanted |
|---|---|---|---|---|
$(row "one node, -S prepared, $clients clients, tps" one.S postgres.S "≥ 0.5")
$(row "one node, -N prepared, $clients clients, tps" one.N postgres.N "≥ 0.6")
$(row "one node, TPC-B prepared, $clients clients, tps" one.B postgres.B "≥ 0.4")
$(row "one node, COPY of $copy_rows rows, rows/s" one.copy postgres.copy "≥ 0.3")
$(row "one node, point read by one client, p50 µs" one.p50 postgres.p50 "≤ 2")
$(row "three nodes, -S prepared, $clients clients, tps" three.S postgres.S "≥ 0.25")
$(row "three nodes, -N prepared, $clients clients, tps" three.N postgres.N "≥ 0.25")
$(row "three nodes, upserts by $upsert_clients clients, /s (other: etcd)" three.upsert etcd.upsert "≥ 1.0")
$(row "three nodes, upserts by $upsert_clients clients, /s (other: one PostgreSQL)" three.upsert postgres.upsert "")

Three nodes idle: ${result[three.cpu]:--} % of a processor together (wanted ≤ 10), the largest ${result[three.rss]:--} MB resident (wanted ≤ 600).
TABLE
