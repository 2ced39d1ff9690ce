#!/usr/bin/env bash
# Runs the 22 queries of TPC-H on a ShardForge and on a PostgreSQL, compares the answers to the byte, and prints the times
# and their ratios. Each query runs once to warm up and then --runs times; the best time counts.
#
#   shardforge-server/bench/tpch/run.sh [--scale 1] [--runs 2] [--only 01,05] [--loaded] SHARDFORGE_URL POSTGRESQL_URL
#
# Both are addresses as psql takes them, of empty databases (with --loaded, of those of an earlier run). A query is stopped
# after --limit seconds (120) and then counts for as many. Needs psql; the data comes from the library io.trino.tpch:tpch.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
scale=1 runs=2 limit=120 only='' loaded=''
while [[ ${1:-} == --* ]]; do
  case $1 in
    --scale) scale=$2 && shift ;;
    --runs) runs=$2 && shift ;;
    --limit) limit=$2 && shift ;;
    --only) only=$2 && shift ;;
    --loaded) loaded=yes ;;
    *) break ;;
  esac
  shift
done
if [ $# -ne 2 ]; then
  sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 2
fi
ours=$1 theirs=$2
tables=(region nation supplier part partsupp customer orders lineitem)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf '%s %s\n' "$(date +%T)" "$*" >&2; }

data() {
  local version=1.4 repository jdk
  jdk=$("$root/shardforge" java-home)
  (cd "$root" && ./mvnw -B -ntp -q dependency:get -Dartifact=io.trino.tpch:tpch:$version >&2)
  repository=$(cd "$root" && ./mvnw -B -ntp -q help:evaluate -Dexpression=settings.localRepository -DforceStdout)
  "$jdk/bin/java" -cp "$repository/io/trino/tpch/tpch/$version/tpch-$version.jar:$(find "$repository/com/google/guava/guava" -name 'guava-*-jre.jar' | sort | tail -1)" \
    "$here/TpchRows.java" "$scale" "$work"
}

load() { # name, address
  local began table
  began=$(date +%s)
  psql -X -q -v ON_ERROR_STOP=1 -f "$here/schema.sql" "$2"
  for table in "${tables[@]}"; do
    say "$1: $table"
    psql -X -q -v ON_ERROR_STOP=1 -c "\\copy $table from '$work/$table.tbl' with (delimiter '|')" "$2"
  done
  psql -X -q -c 'analyze' "$2"
  say "$1: loaded and analyzed in $(($(date +%s) - began)) s"
}

# Prints the best time in milliseconds; the answer goes into a file.
timed() { # address, query, answer
  local best=$((limit * 1000)) run began took
  for ((run = 0; run <= runs; run++)); do
    began=$(date +%s%N)
    PGOPTIONS="-c statement_timeout=${limit}s" psql -X -A -t -f "$2" "$1" >"$3" 2>&1 || true
    took=$((($(date +%s%N) - began) / 1000000))
    [ "$took" -ge "$best" ] || [ "$run" = 0 ] || best=$took
    [ "$took" -lt $((limit * 1000)) ] || break
  done
  printf '%s\n' "$best"
}

if [ -z "$loaded" ]; then
  say "making the data, scale $scale"
  data
  load ShardForge "$ours"
  load PostgreSQL "$theirs"
fi
printf '| query | ShardForge ms | PostgreSQL ms | ratio | answer |\n|---|---|---|---|---|\n'
sum_ours=0 sum_theirs=0 wrong=0
for query in "$here"/q??.sql; do
  number=$(basename "$query" .sql)
  number=${number#q}
  [ -z "$only" ] || [[ ,$only, == *,$number,* ]] || continue
  a=$(timed "$ours" "$query" "$work/ours.out")
  b=$(timed "$theirs" "$query" "$work/theirs.out")
  answer=same
  if [ "$b" -ge $((limit * 1000)) ]; then
    answer="PostgreSQL was stopped"
  elif ! cmp -s "$work/ours.out" "$work/theirs.out"; then
    answer=different
    wrong=$((wrong + 1))
  fi
  sum_ours=$((sum_ours + a))
  sum_theirs=$((sum_theirs + b))
  printf '| %s | %s | %s | %s | %s |\n' "$number" "$a" "$b" "$(awk -v a="$a" -v b="$b" 'BEGIN {printf "%.2f", a / b}')" "$answer"
done
printf '| all | %s | %s | %s | %s different |\n' "$sum_ours" "$sum_theirs" \
  "$(awk -v a="$sum_ours" -v b="$sum_theirs" 'BEGIN {printf "%.2f", a / b}')" "$wrong"
[ "$wrong" = 0 ]
