#!/usr/bin/env bash
# Puts PostgreSQL's parser, libpg_query 17, at .shardforge/native/libpg_query.so of this checkout. Needs no root: takes
# SHARDFORGE_LIBPGQUERY if it is set, else a library that the system has, else Debian trixie's package. The version is
# pinned, because the parse tree in shardforge-sql/src/main/proto must match it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=native/debian.sh
. "$root/native/debian.sh"

package=libpg-query1706.0
version=17-6.1.0-1
target=$root/.shardforge/native/libpg_query.so

if [ -n "${SHARDFORGE_LIBPGQUERY:-}" ]; then
  if [ ! -r "$SHARDFORGE_LIBPGQUERY" ]; then
    echo "SHARDFORGE_LIBPGQUERY names $SHARDFORGE_LIBPGQUERY, which cannot be read." >&2
    exit 1
  fi
  mkdir -p "${target%/*}"
  [ "$SHARDFORGE_LIBPGQUERY" -ef "$target" ] || ln -sfn "$SHARDFORGE_LIBPGQUERY" "$target"
  exit 0
fi
[ ! -r "$target" ] || exit 0
mkdir -p "${target%/*}"
for installed in /usr/lib/*/libpg_query.so.1706.* /usr/lib/libpg_query.so.1706.* /usr/local/lib/libpg_query.so.1706.*; do
  if [ -r "$installed" ]; then
    ln -sfn "$installed" "$target"
    echo "libpg_query: using $installed"
    exit 0
  fi
done

cannot() {
  cat >&2 <<MESSAGE
ShardForge needs PostgreSQL's parser, the library libpg_query 17 (Debian trixie: $package $version), and could not get it:
$1
Either let this machine reach its Debian mirror and try again, or put the library on the machine yourself and name it:
  export SHARDFORGE_LIBPGQUERY=/path/to/libpg_query.so.1706.0.0
MESSAGE
  exit 1
}

case $(uname -m) in
  x86_64) sha256=598b52a7dcc13198e3465c7376ea6e9f72bb643f52df360cfab92be49097df4b ;;
  aarch64) sha256=e2045844b5449a781e7a9c6b5c5d382a2dccee91dae992c9506c988184114681 ;;
  *) cannot "  there is no known package for the processor $(uname -m)." ;;
esac
work=$(mktemp -d "$root/.shardforge/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "libpg_query: downloading $package $version of Debian $DEBIAN_SUITE"
reason=$(debian_fetch "$work" "$package=$version" 2>&1) || cannot "${reason:-  the download failed.}"
deb=$(find "$work" -maxdepth 1 -name "$package"'_*.deb')
found=$(sha256sum "$deb" | cut -d' ' -f1)
[ "$found" = "$sha256" ] || cannot "  the package's checksum is $found, not $sha256, so it is not used."
dpkg-deb -x "$deb" "$work/root"
library=$(find "$work/root/usr/lib" -name 'libpg_query.so.*' -type f)
mv "$library" "$work/libpg_query.so"
mv -f "$work/libpg_query.so" "$target"
echo "libpg_query: ready (checksum verified)"
