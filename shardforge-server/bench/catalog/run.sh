#!/usr/bin/env bash
# Times CREATE TABLE and DROP TABLE in databases with more and more tables, in turn, one client, and prints the mean times.
#
#   shardforge-server/bench/catalog/run.sh [--tables "10 1000 4000"] [--rounds 5] URL
#
# The address is that of a superuser as psql takes it (postgresql://…/database); databases bench_catalog_N are made beside
# it, and left for the next run. The first round is not counted.
set -euo pipefail

tables='10 1000 4000' rounds=5 each=40
while [[ ${1:-} == --* ]]; do
  case $1 in
    --tables) tables=$2 && shift ;;
    --rounds) rounds=$2 && shift ;;
    *) break ;;
  esac
  shift
done
if [ $# -ne 1 ]; then
  sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 2
fi
url=$1

# Statements over a range of numbers, each in the place of %d.
each_of() { # first, last, statement
  seq "$1" "$2" | xargs printf "$3;\n"
}

run() { # database
  psql -X -q -v ON_ERROR_STOP=1 -f - "${url%/*}/$1" >/dev/null
}

columns='(id int primary key, a text not null, b int, c numeric default 1)'
for count in $tables; do
  name=bench_catalog_$count
  if [ -z "$(psql -X -tAc "select 1 from pg_database where datname = '$name'" "$url")" ]; then
    psql -X -q -c "create database $name" "$url"
    for ((from = 1; from <= count; from += 200)); do
      to=$((from + 199 < count ? from + 199 : count))
      { echo 'begin;' && each_of $from $to "create table t%d $columns" && echo 'commit;'; } | run "$name"
    done
  fi
done

declare -A create drop
for ((round = 0; round <= rounds; round++)); do
  for count in $tables; do
    for what in create drop; do
      [ $what = create ] && statement="create table x%d $columns" || statement='drop table x%d'
      start=$(date +%s%N)
      each_of 1 $each "$statement" | run "bench_catalog_$count"
      spent=$((($(date +%s%N) - start) / each / 1000))
      [ $round = 0 ] && continue
      declare -n sum=$what
      sum[$count]=$((${sum[$count]:-0} + spent))
    done
  done
done
printf '| tables | CREATE TABLE µs | DROP TABLE µs |\n|---|---|---|\n'
for count in $tables; do
  printf '| %d | %d | %d |\n' "$count" $((create[$count] / rounds)) $((drop[$count] / rounds))
done
