#!/usr/bin/env bash
# Puts Maven at .shardforge/maven of this checkout for machines that have none, without root: from the Maven repository
# that MVNW_REPOURL or a mirror in ~/.m2/settings.xml names, else Debian trixie's package and what it needs.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=native/debian.sh
. "$root/native/debian.sh"

version=3.9.11
sha512=bcfe4fe305c962ace56ac7b5fc7a08b87d5abd8b7e89027ab251069faebee516b0ded8961445d6d91ec1985dfe30f8153268843c89aa392733d1a3ec956c9978
target=$root/.shardforge/maven

mkdir -p "$root/.shardforge"
work=$(mktemp -d "$root/.shardforge/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Prints the address of the repository that this machine is set up to use in place of Maven's default.
repository() {
  if [ -n "${MVNW_REPOURL:-}" ]; then
    printf '%s\n' "${MVNW_REPOURL%/}"
    return 0
  fi
  local settings="${HOME:-/}/.m2/settings.xml"
  [ -r "$settings" ] || return 1
  tr '\n' ' ' <"$settings" | sed -e 's/<!--/\n<!--/g' -e 's/-->/-->\n/g' | grep -v '^<!--' | tr -d '\n' |
    sed 's/<mirror>/\n&/g' | grep -E '^<mirror>.*<mirrorOf>[^<]*(central|\*)[^<]*</mirrorOf>' |
    grep -v '<blocked>true' | sed -n 's:.*<url> *\([^< ]*\) *</url>.*:\1:p' | head -n 1 | sed 's:/$::' | grep .
}

download() {
  if command -v curl >/dev/null 2>&1; then
    curl -fsSL --retry 3 -o "$2" "$1"
  elif command -v wget >/dev/null 2>&1; then
    wget -q -O "$2" "$1"
  else
    echo "neither curl nor wget is here" >&2
    return 1
  fi
}

from_repository() {
  local from
  if ! from=$(repository); then
    echo "  no repository is named by MVNW_REPOURL or a mirror in ~/.m2/settings.xml."
    return 1
  fi
  local reason archive=$work/maven.tar.gz
  if ! reason=$(download "$from/org/apache/maven/apache-maven/$version/apache-maven-$version-bin.tar.gz" "$archive" 2>&1); then
    echo "  the repository of this machine's settings does not give it: $reason"
    return 1
  fi
  if ! echo "$sha512  $archive" | sha512sum -c --status; then
    echo "  the checksum of what this machine's repository gave is wrong, so it is not used."
    return 1
  fi
  tar -xzf "$archive" -C "$work"
  mv "$work/apache-maven-$version" "$target"
}

from_debian() {
  local reason names
  if ! reason=$(debian_fetch_libraries "$work" maven 2>&1); then
    printf '%s\n' "${reason:-  the download failed.}"
    return 1
  fi
  for deb in "$work"/*.deb; do
    dpkg-deb -x "$deb" "$work/maven"
  done
  # What the packages link to under the system's directories lies beside them.
  find "$work/maven" -type l | while IFS= read -r link; do
    case $(readlink "$link") in
      /*) ln -sfn "$(realpath -m --relative-to="${link%/*}" "$work/maven$(readlink "$link")")" "$link" ;;
    esac
  done
  mv "$work/maven" "$target"
}

rm -rf "$target"
echo "Maven: none of version 3.8.7 or newer is here, fetching one"
if reasons=$(from_repository) || reasons=$reasons$'\n'$(from_debian); then
  echo "Maven: ready"
  exit 0
fi
cat >&2 <<MESSAGE
ShardForge is built with Maven 3.8.7 or newer, found none and could not get it:
$reasons
Install it, for example
  on Debian:  apt install maven
  anywhere:   unpack Maven 3.9 and put its bin directory on PATH
or name a Maven repository to take it from: export MVNW_REPOURL=https://your.repository/path
MESSAGE
exit 1
