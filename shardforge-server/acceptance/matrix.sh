#!/usr/bin/env bash
# Tries every load with every nemesis, as process.sh does, and goes on where it was stopped.
#
#   matrix.sh RESULTS      a file with a line for each pair that has been tried; those are not tried again
#
# Ends with 1 if any pair was found wrong. Settings: LOADS and NEMESES (words, all by default), LENGTH (120: seconds for each),
# MORE (further words for process.sh, such as --isolation repeatable-read), WORK (a new temporary directory) for logs and histories.
set -euo pipefail

results=$(readlink -f "${1:?the first argument is the file of results}")
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
work=${WORK:-$(mktemp -d "${TMPDIR:-/tmp}/shardforge-matrix.XXXXXX")}
loads=${LOADS:-append bank wr register set}
nemeses=${NEMESES:-none mixed kill kill-meta pause pause-meta partition partition-leader partition-meta restart membership clock clock-all disk-full disk-stall power-loss-all}
length=${LENGTH:-120}
wrong=0

mkdir -p "$work"
touch "$results"
for load in $loads; do
  for nemesis in $nemeses; do
    pair="$load $nemesis${MORE:+ $MORE}"
    if grep -q -F "$pair:" "$results"; then
      continue
    fi
    log=$work/$load-$nemesis.log
    status=0
    # shellcheck disable=SC2086 # several words
    WORK=$work/$load-$nemesis "$here/process.sh" --workload "$load" --nemesis "$nemesis" --seconds "$length" ${MORE:-} >"$log" 2>&1 || status=$?
    verdict=$(grep -o -m 1 -E '(VALID|INVALID|UNKNOWN):.*without success [0-9.]+ s' "$log" || tail -n 1 "$log")
    # What cannot be run on this machine is tried again on another one.
    case $status in
      2) echo "$pair: $verdict" ;;
      *) echo "$pair: status $status; $verdict" | tee -a "$results" ;;
    esac
    [ "$status" = 0 ] || [ "$status" = 2 ] || wrong=$((wrong + 1))
  done
done
echo "$(wc -l <"$results") pairs in $results, $wrong wrong just now"
[ "$wrong" = 0 ]
