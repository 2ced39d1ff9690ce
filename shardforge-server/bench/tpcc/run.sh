#!/usr/bin/env bash
# Runs TPC-C through pgjdbc's prepared statements and counts what breaks its consistency conditions afterwards.
#
#   shardforge-server/bench/tpcc/run.sh [--warehouses 2] [--terminals 4] [--seconds 60] [--isolation serializable] [--loaded] ADDRESS...
#
# Each address is a JDBC one of an empty database (with --loaded, of that of an earlier run), of ShardForge or PostgreSQL:
# jdbc:postgresql://127.0.0.1:15432/shardforge?user=shardforge&password=... They are measured one after the other.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
warehouses=2 terminals=4 seconds=60 isolation=serializable data=load
while [[ ${1:-} == --* ]]; do
  case $1 in
    --warehouses) warehouses=$2 && shift ;;
    --terminals) terminals=$2 && shift ;;
    --seconds) seconds=$2 && shift ;;
    --isolation) isolation=$2 && shift ;;
    --loaded) data=loaded ;;
    *) break ;;
  esac
  shift
done
if [ $# = 0 ]; then
  sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit 2
fi
version=$(sed -n 's:.*<pgjdbc.version>\(.*\)</pgjdbc.version>.*:\1:p' "$root/pom.xml")
jdk=$("$root/shardforge" java-home)
(cd "$root" && ./mvnw -B -ntp -q dependency:get -Dartifact="org.postgresql:postgresql:$version" >&2)
repository=$(cd "$root" && ./mvnw -B -ntp -q help:evaluate -Dexpression=settings.localRepository -DforceStdout)
for address in "$@"; do
  printf '%s\n' "${address%%\?*}"
  "$jdk/bin/java" -cp "$repository/org/postgresql/postgresql/$version/postgresql-$version.jar" \
    "$here/Tpcc.java" "$address" "$here" "$warehouses" "$terminals" "$seconds" "$isolation" "$data"
done
