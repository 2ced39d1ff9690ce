#!/usr/bin/env bash
# Runs the command line's TPC-C against addresses, one after the other; what breaks its consistency conditions ends it with 1.
#
#   shardforge-server/bench/tpcc/run.sh [--warehouses 2] [--terminals 4] [--seconds 60] [--loaded] ADDRESS...
#
# Each address is the URL of a database of ShardForge or PostgreSQL: postgresql://shardforge@127.0.0.1:15432/shardforge. The schema
# workload_tpcc in it is made anew; with --loaded that of an earlier run is taken.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
warehouses=2 terminals=4 seconds=60 data=load
while [[ ${1:-} == --* ]]; do
  case $1 in
    --warehouses) warehouses=$2 && shift ;;
    --terminals) terminals=$2 && shift ;;
    --seconds) seconds=$2 && shift ;;
    --loaded) data=loaded ;;
    *) break ;;
  esac
  shift
done
if [ $# = 0 ]; then
  sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 2
fi
for address in "$@"; do
  printf '%s\n' "${address##*@}"
  if [ "$data" = load ]; then
    "$root/shardforge" workload init tpcc --drop --rows "$warehouses" --url "$address" >&2
  fi
  "$root/shardforge" workload run tpcc --rows "$warehouses" --clients "$terminals" --duration "$seconds" --url "$address"
done
