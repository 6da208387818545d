# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Functions for ./dev and the scripts in this folder. Needs $root and, for
# run_bazel, $cache.
: "${root:?}"

say() { printf '==> %s\n' "$*" >&2; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "not root and without sudo; run as root: $*"
  fi
}

# Prints the first of the packages "A|B|..." that this release of Debian has, or A.
first_available() {
  local package
  for package in ${1//|/ }; do
    if apt-cache show "$package" >/dev/null 2>&1; then
      echo "$package"
      return
    fi
  done
  echo "${1%%|*}"
}

# Installs the packages of the named lists that are missing. An entry "A|B" has the
# names of a package in several releases of Debian.
need() {
  command -v apt-get >/dev/null || return 0 # Not Debian: as it is.
  local list package program missing=() installed entry
  installed=" $(dpkg-query -W -f='${db:Status-Status} ${Package}\n' |
    sed -n 's/^installed //p' | tr '\n' ' ') "
  for list in "$@"; do
    while read -r package program; do
      [[ $package == '' || $package == '#' ]] && continue
      [[ $program != '' ]] && command -v "$program" >/dev/null && continue
      [[ $installed =~ \ (${package//+/\\+})\  ]] && continue
      missing+=("$package")
    done <"$root/tools/packages/$list.txt"
  done
  [[ ${#missing[@]} -eq 0 ]] && return
  as_root apt-get update -qq
  for entry in "${!missing[@]}"; do
    missing[entry]="$(first_available "${missing[entry]}")"
  done
  say "installing from Debian: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# Runs Bazel with a cache that outlives the checkout. Bazel doesn't see
# libraries outside the tree, so their versions are passed as an environment
# variable that all actions depend on.
run_bazel() {
  local verb=$1
  shift
  local versions
  versions="$(grep -v '^#' "$root/tools/packages/build.txt" |
    xargs dpkg-query -W 2>/dev/null | sha256sum | cut -c 1-16)"
  local flags=()
  if [[ $verb == build || $verb == test ]]; then
    flags+=(--disk_cache="$cache/bazel"
      --action_env="DISSECTD_LIBRARIES=$versions")
    [[ -t 2 ]] || flags+=(--curses=no --show_progress_rate_limit=30)
  fi
  if [[ $verb == test && -n ${DISSECTD_REPEAT_FAILURES:-} ]]; then
    flags+=(--flaky_test_attempts=2)
  fi
  (cd "$root" && exec bazel "$verb" "${flags[@]}" "$@")
}

# Prints the names of matching files of the tree, each followed by NUL.
list_sources() {
  (cd "$root" && git ls-files -z --cached --others --exclude-standard -- "$@")
}

# Waits until a daemon answers. Arguments: dissectctl, address, pid.
wait_for_daemon() {
  local tries
  for tries in {1..200}; do
    kill -0 "$3" 2>/dev/null || die 'dissectd has ended'
    "$1" --server="$2" files list >/dev/null 2>&1 && return
    sleep 0.05
  done
  die "dissectd doesn't answer after $tries tries"
}

# Prints a TCP port that is currently free.
free_port() {
  /usr/bin/python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}
