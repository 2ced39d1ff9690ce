#!/usr/bin/env bash
# Runs queries of the shapes that applications live on (ranges of keys and indexes, joins of three tables, aggregates over a
# million rows) on a ShardForge and on a PostgreSQL in turn, prepared, one client, and prints the mean times and their ratios.
#
#   shardforge-server/bench/shapes/run.sh [--seconds 6] [--only NAME] [--loaded] SHARDFORGE_URL POSTGRESQL_URL
#
# Both are addresses as psql takes them, of databases of their own (with --loaded, of those of an earlier run). Needs psql
# and pgbench. What is read is in memory on both sides: each query runs a third of the time before it is measured.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
seconds=6 only='' loaded=''
while [[ ${1:-} == --* ]]; do
  case $1 in
    --seconds) seconds=$2 && shift ;;
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

# Prints the mean time of a query in milliseconds.
timed() { # address, query
  pgbench -n -M prepared -c 1 -T "$((seconds / 3 + 1))" -f "$2" "$1" >/dev/null 2>&1
  pgbench -n -M prepared -c 1 -T "$seconds" -f "$2" "$1" 2>/dev/null | awk '/latency average/ {print $4}'
}

if [ -z "$loaded" ]; then
  for address in "$ours" "$theirs"; do
    psql -X -q -v ON_ERROR_STOP=1 -f "$here/schema.sql" "$address" 2>/dev/null
  done
fi
printf '| query | ShardForge ms | PostgreSQL ms | ratio |\n|---|---|---|---|\n'
for query in "$here"/*.sql; do
  name=$(basename "$query" .sql)
  [ "$name" != schema ] || continue
  [ -z "$only" ] || [ "$only" = "$name" ] || continue
  a=$(timed "$ours" "$query")
  b=$(timed "$theirs" "$query")
  printf '| %s | %s | %s | %s |\n' "${name//_/ }" "$a" "$b" "$(awk -v a="$a" -v b="$b" 'BEGIN {printf "%.2f", a / b}')"
done
