#!/usr/bin/env bash
# Measures the hot paths with JMH: jmh.sh [MODULE] [JMH OPTIONS]; MODULE is storage, sql or server, all by default.
# Builds first; then some two minutes on a quiet machine. Example: shardforge-server/bench/jmh.sh storage -f 2 KeyCodecBench
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
case ${1:-} in
  storage | sql | server)
    modules=("$1")
    shift
    ;;
  *) modules=(storage sql server) ;;
esac
java=$("$root/shardforge" java-home)/bin/java
"$root/native/fetch-libpg-query.sh" >&2
for module in "${modules[@]}"; do
  "$root/mvnw" -q -B -f "$root/pom.xml" -pl "shardforge-$module" -am test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:build-classpath -Dmdep.includeScope=test \
    -Dmdep.outputFile=target/jmh-class-path
  here=$root/shardforge-$module/target
  "$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    "-Dshardforge.libpgquery=$root/.shardforge/native/libpg_query.so" \
    -cp "$here/test-classes:$here/classes:$(cat "$here/jmh-class-path")" org.openjdk.jmh.Main "$@"
done
