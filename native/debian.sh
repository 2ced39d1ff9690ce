# shellcheck shell=bash
# Downloads packages of Debian trixie without root and without touching the system's own package state: the mirror, its
# options and its keys come from the machine's own apt sources, only the suite is changed. Sourced by the fetch scripts.

DEBIAN_SUITE=trixie

# Prints one apt source for $DEBIAN_SUITE, made from the machine's first source of the Debian archive itself.
debian_source() {
  local codename
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  local file
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -r "$file" ] || continue
    awk -v codename="$codename" -v suite="$DEBIAN_SUITE" '
      function wanted(    n, i, words) {
        n = split(suites, words, /[ \t]+/)
        for (i = 1; i <= n; i++)
          if (words[i] == codename || words[i] == "stable" || words[i] == "oldstable") return 1
        return 0
      }
      function finish() {
        if (!done && kind ~ /(^|[ \t])deb([ \t]|$)/ && components ~ /(^|[ \t])main([ \t]|$)/ && tolower(enabled) != "no" && uris ~ /debian/ && wanted()) {
          printf "Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n%s", uris, suite, rest
          done = 1
        }
        kind = uris = suites = components = enabled = rest = ""
      }
      /^[ \t]*#/ { next }
      /^[ \t]*$/ { finish(); next }
      /^[A-Za-z-]+:/ { field = tolower($0); sub(/:.*/, "", field); value = $0; sub(/^[^:]*:[ \t]*/, "", value) }
      field == "types" { kind = value; next }
      field == "uris" { uris = value; next }
      field == "suites" { suites = value; next }
      field == "components" { components = value; next }
      field == "enabled" { enabled = value; next }
      field == "architectures" { next }
      { rest = rest $0 "\n" }
      END { finish() }
    ' "$file" >"$1/source.sources"
    if [ -s "$1/source.sources" ]; then
      printf '%s\n' "$1/source.sources"
      return 0
    fi
    rm -f "$1/source.sources"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -r "$file" ] || continue
    awk -v codename="$codename" -v suite="$DEBIAN_SUITE" '
      $1 != "deb" { next }
      {
        line = $0
        options = ""
        if (match(line, /\[[^]]*\]/)) {
          options = substr(line, RSTART, RLENGTH)
          line = substr(line, 1, RSTART - 1) substr(line, RSTART + RLENGTH)
        }
        n = split(line, word, /[ \t]+/)
        if (word[2] !~ /debian/) next
        if (word[3] != codename && word[3] != "stable" && word[3] != "oldstable") next
        for (i = 4; i <= n; i++) if (word[i] == "main") { print "deb", options, word[2], suite, "main"; exit }
      }
    ' "$file" >"$1/source.list"
    if [ -s "$1/source.list" ]; then
      printf '%s\n' "$1/source.list"
      return 0
    fi
    rm -f "$1/source.list"
  done
  return 1
}

# debian_update DIRECTORY: reads the suite's list of packages into DIRECTORY and sets debian_options for what follows.
# Says what is wrong on standard error and returns 1 when it cannot.
debian_update() {
  local into=$1
  local tool
  for tool in apt-get dpkg-deb; do
    if ! command -v "$tool" >/dev/null 2>&1; then
      echo "  $tool is not here: this is not a Debian machine." >&2
      return 1
    fi
  done
  mkdir -p "$into/apt/lists/partial" "$into/apt/archives/partial"
  local source
  if ! source=$(debian_source "$into/apt"); then
    echo "  no source of the Debian archive in /etc/apt/sources.list or /etc/apt/sources.list.d." >&2
    return 1
  fi
  debian_options=(
    -q
    -o "Dir::State=$into/apt"
    -o "Dir::State::lists=$into/apt/lists"
    -o "Dir::State::status=/dev/null"
    -o "Dir::Cache=$into/apt"
    -o "Dir::Cache::archives=$into/apt/archives"
    -o "Dir::Etc::sourcelist=$source"
    -o "Dir::Etc::sourceparts=/dev/null"
    -o "Dir::Etc::preferences=/dev/null"
    -o "Dir::Etc::preferencesparts=/dev/null"
    -o "APT::Sandbox::User=$(id -un)"
    -o "Acquire::Languages=none"
    -o "Acquire::Retries=3"
    -o "Acquire::http::Timeout=30"
  )
  if ! apt-get "${debian_options[@]}" update >"$into/apt/log" 2>&1; then
    grep -E '^(E|Err)' "$into/apt/log" | sed 's/^/  /' >&2
    return 1
  fi
}

debian_download() {
  local into=$1
  shift
  if ! (cd "$into" && apt-get "${debian_options[@]}" download "$@") >>"$into/apt/log" 2>&1; then
    grep -E '^(E|Err)' "$into/apt/log" | sed 's/^/  /' >&2
    return 1
  fi
}

# debian_fetch DIRECTORY PACKAGE[=VERSION]...: leaves the packages' files (*.deb) in DIRECTORY. Says what is wrong on
# standard error and returns 1 when it cannot.
debian_fetch() {
  debian_update "$1" && debian_download "$@"
}

# debian_fetch_libraries DIRECTORY PACKAGE: the same for a package and all Java libraries that it needs, near or far.
debian_fetch_libraries() {
  local into=$1 package=$2 libraries
  debian_update "$into" || return 1
  mapfile -t libraries < <(
    apt-cache "${debian_options[@]}" depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
      --no-replaces --no-enhances "$package" | grep -E '^lib[^ ]*-java$' | sort -u
  )
  debian_download "$into" "$package" "${libraries[@]}"
}
