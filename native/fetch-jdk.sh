#!/usr/bin/env bash
# Puts a JDK 25 at .shardforge/jdk of this checkout for machines that have none: Debian trixie's packages, without root.
# On an older Debian they come with trixie's C library beside them, which the JDK's programs are then made to use.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=native/debian.sh
. "$root/native/debian.sh"

target=$root/.shardforge/jdk
[ ! -e "$target" ] || exit 0
mkdir -p "$root/.shardforge"
work=$(mktemp -d "$root/.shardforge/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT

cannot() {
  printf 'JDK 25: could not get it from Debian %s:\n%s\n' "$DEBIAN_SUITE" "$1" >&2
  exit 1
}

echo "JDK 25: downloading openjdk-25-jdk-headless of Debian $DEBIAN_SUITE (about 150 MB)"
packages=(openjdk-25-jdk-headless openjdk-25-jre-headless libc6 libgcc-s1 libstdc++6 zlib1g patchelf)
reason=$(debian_fetch "$work" "${packages[@]}" 2>&1) || cannot "${reason:-  the download failed.}"
for deb in "$work"/openjdk-25-*.deb; do
  dpkg-deb -x "$deb" "$work/jdk"
done
for package in libc6 libgcc-s1 libstdc++6 zlib1g patchelf; do
  dpkg-deb -x "$(find "$work" -maxdepth 1 -name "${package}_*.deb")" "$work/system"
done

# The configuration that the package links to lies beside it, not under the system's /etc.
jdk=$(find "$work/jdk/usr/lib/jvm" -maxdepth 1 -name 'java-25-openjdk-*' -type d)
find "$jdk" -type l | while IFS= read -r link; do
  case $(readlink "$link") in
    /etc/*) ln -sfn "$(realpath -m --relative-to="${link%/*}" "$work/jdk$(readlink "$link")")" "$link" ;;
  esac
done

if ! "$jdk/bin/java" -version >/dev/null 2>&1; then
  triplet=$(basename "$(dirname "$(find "$work/system/usr/lib" -name 'libc.so.6')")")
  libraries=$jdk/lib/$triplet
  mkdir -p "$libraries"
  cp -a "$work/system/usr/lib/$triplet/." "$libraries/"
  loader=$(basename "$(find "$libraries" -name 'ld-linux-*.so.*')")
  installed=$target/${jdk#"$work/jdk/"}/lib/$triplet
  patch() { "$libraries/$loader" --library-path "$libraries" "$work/system/usr/bin/patchelf" "$@"; }
  for program in "$jdk"/bin/* "$jdk/lib/jspawnhelper"; do
    if [ ! -L "$program" ] && [ -x "$program" ]; then
      # An old-style search path, because it must hold for what the libraries load in turn.
      # shellcheck disable=SC2016 # the loader expands $ORIGIN
      patch --force-rpath --set-rpath '$ORIGIN/../lib:$ORIGIN:'"$installed" --set-interpreter "$installed/$loader" "$program"
    fi
  done
fi
mv "$work/jdk" "$target"
java=$(echo "$target"/usr/lib/jvm/java-25-openjdk-*/bin/java)
if ! version=$("$java" -version 2>&1); then
  rm -rf "$target"
  cannot "$(printf '%s\n' "$version" | sed 's/^/  /')"
fi
# Debian makes the archive of ready classes when it installs the package; starting is slow without it.
"$java" -Xshare:dump >/dev/null 2>&1 || true
"$java" -XX:+UseCompactObjectHeaders -Xshare:dump >/dev/null 2>&1 || true
echo "JDK 25: ready"
