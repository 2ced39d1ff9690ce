#!/usr/bin/env bash
# Tries real server processes, each in a network namespace of its own, and judges what their clients saw. Needs root, iproute2 and
# iptables; faults of disks need loop devices and mkfs.ext4, those of clocks libfaketime.
#
#   process.sh [--workload append|wr|bank|register|set] [--isolation serializable|repeatable-read|read-committed]
#              [--nemesis KIND] [--ddl] [--seconds 60] [--calm 6] [--fault 8] [--nodes 3] [--clients 6] [--rate 60] [--seed N]
#              [--preload LIBRARY] [--overlay CLASSES]
#   process.sh --failover --nemesis KIND [--seconds 540] [--fault 60] [--calm 6]
#
# KIND is none, kill, kill-meta, kill-all, pause, pause-meta, partition-leader, partition-leader-in, partition-leader-out,
# partition-meta, partition-halves, partition-ring, partition-bridge, partition-one-way, partition, restart, membership, clock, clock-all,
# disk-full, disk-stall, disk-stall-meta, power-loss, power-loss-all or mixed. --failover measures instead how long clients of the other nodes wait.
# Settings: WORK (a new temporary directory) keeps logs and history. See docs/testing/process.md.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
work=${WORK:-$(mktemp -d "${TMPDIR:-/tmp}/shardforge-process.XXXXXX")}
java=$("$root/shardforge" java-home)/bin/java
# Builds, and makes the file of JVM arguments by which nodes start fast.
"$root/shardforge" version >&2
here=$root/shardforge-server/target
if [ ! -r "$here/process-class-path" ] ||
  [ -n "$(find "$root"/shardforge-{storage,raft,sql,server}/src -name '*.java' -newer "$here/process-class-path" -print -quit)" ]; then
  "$root/mvnw" -q -B -f "$root/pom.xml" -pl shardforge-server -am test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:build-classpath -Dmdep.includeScope=test \
    -Dmdep.outputFile=target/process-class-path >&2
fi
exec "$java" -Xmx1g --enable-native-access=ALL-UNNAMED "-Dshardforge.jvm.args=$root/.shardforge/app/jvm.args" \
  -cp "$here/test-classes:$here/classes:$(cat "$here/process-class-path")" \
  io.shardforge.server.process.ProcessTrials "$work" "$@"
