#!/usr/bin/env bash
# Does something wrong on purpose in nodes that run nowhere else, and expects the trial that must notice to fail.
#
#   sabotage.sh [no-validation|no-sync|twice]...      all of them without arguments
#
# no-validation: commits do not look whether what was read still holds; an overlay of one class, made from its source.
# no-sync: nothing is synced to disk, by the library libeatmydata (Debian: libeatmydata1); then the power goes.
# twice: nothing is kept by which a commit that is sent again is recognized, so it is judged and applied like a new one; then leaders that hear nobody any more go on sending.
#
# That whoever has read looks whether he still may answer cannot be tried here: a leader that was stopped hears of the next one
# before it has fetched a timestamp for another read. The simulation does (RulesOffTest, rule 6).
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/shardforge-sabotage.XXXXXX")
trial=$root/shardforge-server/acceptance/process.sh
failures=0

# expect NAME ARGUMENTS...: a trial that must end with status 1.
expect() {
  local name=$1 status=0
  shift
  WORK=$work/$name "$trial" "$@" || status=$?
  if [ "$status" = 1 ]; then
    echo "$name: noticed"
  else
    echo "$name: NOT noticed (status $status)"
    failures=$((failures + 1))
  fi
}

# overlay NAME CLASS OLD NEW: compiles a class of shardforge-raft with one text in the place of another.
overlay() {
  local name=$1 class=$2 old=$3 new=$4 source
  source=$root/shardforge-raft/src/main/java/$class.java
  mkdir -p "$work/$name.source" "$work/$name.classes"
  grep -q -F "$old" "$source" || { echo "$name: $class has changed, this script must too"; exit 2; }
  local text
  text=$(<"$source")
  printf '%s\n' "${text/"$old"/"$new"}" >"$work/$name.source/${class##*/}.java"
  "$("$root/shardforge" java-home)/bin/javac" -nowarn -proc:none -d "$work/$name.classes" -cp "$(cat "$root/.shardforge/app/class-path")" \
    "$work/$name.source/${class##*/}.java"
}

no_validation() {
  overlay no-validation io/shardforge/raft/shard/Commits 'for (ValidatedRead read : reads) {' 'for (ValidatedRead read : List.<ValidatedRead>of()) {'
  expect no-validation --workload append --nemesis none --seconds 60 --overlay "$work/no-validation.classes"
}

no_sync() {
  local library
  library=$(find /usr/lib -name libeatmydata.so -print -quit)
  [ -n "$library" ] || { echo "no-sync: libeatmydata is not installed"; return; }
  expect no-sync --workload set --nemesis power-loss-all --seconds 60 --preload "$library"
}

twice() {
  overlay twice io/shardforge/raft/command/WriteCommand 'MvccStore.putOutcome(context.batch(), outcomeKey(writes), txn, commitTs);' ''
  expect twice --workload set --nemesis partition-leader-in --seconds 120 --fault 5 --calm 6 --overlay "$work/twice.classes"
}

for case in "${@:-no-validation no-sync twice}"; do
  for name in $case; do
    "${name//-/_}"
  done
done
[ "$failures" = 0 ]
