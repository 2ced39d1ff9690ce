#!/usr/bin/env bash
# Runs what applications find PostgreSQL with, drivers, ORMs, migration tools and a pool, each a real program in the directory
# beside this script, and prints one line for each: passes, fails, or skipped and why.
#
#   clients.sh [PROGRAM...]      all of them without arguments
#
# The programs run against a demo of three nodes; with PGHOST set against whatever server is there, also PostgreSQL (PGPORT, PGUSER,
# PGPASSWORD as for psql), each in a database of its own. What they need is installed where it can be: Debian's packages as root, npm's
# and Maven's into WORK. Settings: LAUNCHER (./shardforge), WORK (a new temporary directory), PORT (25000; nine ports from there are used).
set -euo pipefail

# shellcheck source=shardforge-server/acceptance/cluster.bash
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/cluster.bash"

here=$root/shardforge-server/acceptance/clients
python=/usr/bin/python3
missing=
java=java

# Sets $missing to why a program cannot run, or to nothing. debian TEST PACKAGE...: where TEST fails the packages are installed.
debian() {
  local test=$1
  shift
  missing=
  eval "$test" >/dev/null 2>&1 && return
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    missing="$* not here, and only root can install Debian's packages"
    return
  fi
  DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "$@" >"$work/apt.out" 2>&1 || true
  eval "$test" >/dev/null 2>&1 || missing="$* cannot be installed: $(grep '^E:' "$work/apt.out" | head -n 1)"
}

node_modules() {
  debian 'command -v node && command -v npm' nodejs npm
  [ -z "$missing" ] || return 0
  [ -d "$work/node_modules" ] || npm install --prefix "$work" --no-fund --no-audit pg@8 postgres@3 >"$work/npm.out" 2>&1 ||
    missing="npm cannot install pg and postgres: $(grep -m 1 'ERR\|error' "$work/npm.out" || tail -n 1 "$work/npm.out")"
}

java_libraries() {
  missing=
  [ -s "$work/java.classpath" ] || "$root/mvnw" -B -ntp -f "$here/java/pom.xml" dependency:build-classpath \
    -Dmdep.outputFile="$work/java.classpath" >"$work/maven.out" 2>&1 ||
    missing="Maven cannot fetch the libraries: $(grep -m 1 ERROR "$work/maven.out")"
}

java_program() {
  java_libraries
  [ -z "$missing" ] || return 0
  "$java" -cp "$(cat "$work/java.classpath")" "$here/java/$1.java"
}

# ---- the programs: a function each, which sets $missing or runs with PGDATABASE set ----

psycopg() {
  debian "$python -c 'import psycopg2'" python3-psycopg2
  [ -n "$missing" ] || "$python" "$here/psycopg.py"
}

sqlalchemy() {
  debian "$python -c 'import sqlalchemy, psycopg2'" python3-sqlalchemy python3-psycopg2
  [ -n "$missing" ] || "$python" "$here/sqlalchemy_orm.py"
}

alembic() {
  debian "$python -c 'import alembic, psycopg2'" python3-alembic python3-psycopg2
  [ -n "$missing" ] || "$python" "$here/alembic_migrations.py"
}

django() {
  debian "$python -c 'import django, psycopg2'" python3-django python3-psycopg2
  [ -n "$missing" ] || "$python" "$here/django_project.py"
}

node_pg() {
  node_modules
  [ -n "$missing" ] || NODE_PATH=$work/node_modules node "$here/node_pg.js"
}

node_postgres() {
  node_modules
  [ -n "$missing" ] || NODE_PATH=$work/node_modules node "$here/node_postgres.js"
}

hibernate() { java_program HibernateProgram; }
flyway() { java_program FlywayProgram; }
liquibase() { java_program LiquibaseProgram; }

# The programs above through a pool that gives a server connection to a transaction, not to a client.
pgbouncer() {
  # The program, not this function of the same name.
  debian 'type -P pgbouncer || test -x /usr/sbin/pgbouncer' pgbouncer
  [ -z "$missing" ] || return 0
  debian "$python -c 'import sqlalchemy, psycopg2'" python3-sqlalchemy python3-psycopg2
  [ -z "$missing" ] || return 0
  local pool=$work/pgbouncer program
  mkdir -p "$pool"
  cat >"$pool/pgbouncer.ini" <<EOF
[databases]
* = host=$PGHOST port=$PGPORT
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $((port + 9))
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
ignore_startup_parameters = extra_float_digits,options
logfile = $pool/log
EOF
  echo "\"$PGUSER\" \"${PGPASSWORD:-}\"" >"$pool/users"
  sed -i "s|^\* = .*|& user=$PGUSER${PGPASSWORD:+ password=$PGPASSWORD}|" "$pool/pgbouncer.ini"
  chmod -R go+rX "$work" && chown -R nobody "$pool"
  local bouncer
  bouncer=$(type -P pgbouncer || echo /usr/sbin/pgbouncer)
  "$bouncer" -u nobody "$pool/pgbouncer.ini" >"$pool/out" 2>&1 &
  local pid=$!
  background+=("$pid")
  until psql -X -q -p "$((port + 9))" -h 127.0.0.1 -c 'select 1' >/dev/null 2>&1; do
    kill -0 "$pid" 2>/dev/null || { cat "$pool/out" "$pool/log"; return 1; }
    sleep 0.1
  done
  PGHOST=127.0.0.1 PGPORT=$((port + 9)) "$python" "$here/sqlalchemy_orm.py"
  debian 'command -v pgbench' postgresql-client postgresql-contrib
  [ -z "$missing" ] || return 0
  pgbench -q -i -s 1 >"$pool/init" 2>&1
  PGHOST=127.0.0.1 PGPORT=$((port + 9)) pgbench -n -c 40 -j 2 -T 5 --max-tries=100 >"$pool/bench" 2>&1
  ! grep -E 'ERROR|FATAL|aborted' "$pool/bench"
  kill "$pid"
}

# ---- running them ----

# run PROGRAM: prints its line.
run() {
  local name=$1 started
  started=$(now)
  export PGDATABASE=$admin
  psql -X -q -v ON_ERROR_STOP=1 -c "drop database if exists client_$name" -c "create database client_$name" >"$work/$name.out" 2>&1
  export PGDATABASE=client_$name
  export JDBC_URL="jdbc:postgresql://$PGHOST:$PGPORT/$PGDATABASE?user=$PGUSER&password=${PGPASSWORD:-}"
  # In a shell of its own that stops at the first failure; why it was skipped comes back by a file.
  rm -f "$work/missing"
  set +e
  (
    set -e
    "$name"
    printf '%s' "$missing" >"$work/missing"
  ) >>"$work/$name.out" 2>&1
  local status=$?
  set -e
  if [ "$status" = 0 ] && [ -s "$work/missing" ]; then
    echo "$name: skipped: $(cat "$work/missing")"
  elif [ "$status" = 0 ]; then
    echo "$name: passes ($(since "$started") s)"
  else
    failures=$((failures + 1))
    echo "$name: fails ($work/$name.out)"
    tail -n 15 "$work/$name.out" | sed 's/^/  /'
  fi
}

# The first Java that runs programs of one file as classes that can be found by name.
for candidate in "${JAVA_HOME:-}" "$root"/.shardforge/jdk/usr/lib/jvm/* /usr/lib/jvm/*; do
  if grep -q '^JAVA_VERSION="25' "$candidate/release" 2>/dev/null; then
    java=$candidate/bin/java
    break
  fi
done

if [ -z "${PGHOST:-}" ]; then
  start_demo --data "$work/demo"
  export PGHOST=127.0.0.1 PGPORT=$port PGUSER=shardforge
fi
export PGPORT=${PGPORT:-5432}
admin=${PGDATABASE:-$PGUSER}

programs=("$@")
[ $# -gt 0 ] || programs=(psycopg sqlalchemy alembic django node_pg node_postgres hibernate flyway liquibase pgbouncer)
for program in "${programs[@]}"; do
  run "$program"
done
[ "$failures" = 0 ]
