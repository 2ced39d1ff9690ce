# What the scripts here share: a demo that is started and looked at, checks that are counted, and an end to everything.
# Settings: LAUNCHER (./shardforge), WORK (a new temporary directory), PORT (25000; nine ports from there are used).

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
launcher=${LAUNCHER:-$root/shardforge}
work=${WORK:-$(mktemp -d "${TMPDIR:-/tmp}/shardforge-${0##*/}.XXXXXX")}
port=${PORT:-25000}
demo=
background=()
failures=0

mkdir -p "$work"

say() { printf '%s %s\n' "$(date +%T)" "$*"; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }

# check WORDS COMMAND...: runs a test and reports it.
check() {
  local words=$1
  shift
  if "$@"; then
    say "  ok    $words"
  else
    say "  WRONG $words"
    failures=$((failures + 1))
  fi
}

at_most() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a + 0 <= b + 0) }'; }

pg_port() { echo $((port + $1 - 1)); }
http_port() { echo $((port + 3 + $1 - 1)); }
node_pid() { sed -n "s/^node $1 pid \([0-9]*\) .*/\1/p" "$work/demo.out" | tail -n 1; }
url() { echo "postgresql://shardforge@127.0.0.1:$(pg_port "$1")/shardforge?connect_timeout=20"; }
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -c "$2" "$(url "$1")"; }
metrics() { curl -s -m 2 "http://127.0.0.1:$(http_port "$1")/metrics"; }
is_ready() { curl -s -f -m 2 -o /dev/null "http://127.0.0.1:$(http_port "$1")/health?ready=1"; }
# leads NODE meta|data: how many shards of that kind the node leads now.
leads() { metrics "$1" | awk -v kind="holds=\"$2\"" '/^shardforge_shard_leader/ && index($0, kind) { n += $2 } END { print n + 0 }'; }

await() {
  local words=$1 seconds=$2 start
  shift 2
  start=$(now)
  until "$@"; do
    if ! at_most "$(since "$start")" "$seconds"; then
      say "  WRONG waited $seconds s in vain: $words"
      failures=$((failures + 1))
      return 1
    fi
    sleep 0.05
  done
}

start_demo() {
  : >"$work/demo.out"
  "$launcher" demo "$@" --pg-port "$port" --http-port "$((port + 3))" --node-port "$((port + 6))" \
    >"$work/demo.out" 2>&1 &
  demo=$!
  background+=("$demo")
  until grep -q '^ready' "$work/demo.out"; do
    if ! kill -0 "$demo" 2>/dev/null; then
      cat "$work/demo.out"
      say "the demo did not start"
      exit 1
    fi
    sleep 0.02
  done
}

stop_demo() {
  kill -TERM "$demo" 2>/dev/null || true
  wait "$demo" 2>/dev/null || true
}

cleanup() {
  local pid
  for pid in "${background[@]}"; do
    kill -CONT "$pid" 2>/dev/null || true
    kill -TERM "$pid" 2>/dev/null || true
  done
  wait 2>/dev/null || true
}
trap cleanup EXIT

# Runs the cases that are named, functions of the script, and says how it went.
run_cases() {
  local name
  say "working in $work"
  for name in "$@"; do
    "$name"
  done
  if [ "$failures" -gt 0 ]; then
    say "$failures checks failed"
    exit 1
  fi
  say "all checks passed"
}
