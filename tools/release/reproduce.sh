#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes a release once more, elsewhere, and compares the two. See usage() below.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

usage() {
  cat <<'EOF'
Usage: ./dev reproduce [OPTION...] FOLDER

Makes the artefacts that `./dev release` made in a folder once more from a clone of the
commit, in another folder, with another home, umask, time zone, locale and number of
processors, and lists what differs. Nothing is taken from a cache, so it takes as long as
a first build: up to an hour, and two with the image.

  --cached   take compiled objects from Bazel's cache, to check everything else quickly
EOF
}

cached=false folder=''
for argument; do
  case "$argument" in
    --cached) cached=true ;;
    -h | --help)
      usage
      exit
      ;;
    -*) die "there is no option \"$argument\"; see ./dev reproduce --help" ;;
    *) folder="$argument" ;;
  esac
done
[[ -e $folder/SHA256SUMS ]] ||
  die "\"$folder\" has no SHA256SUMS; ./dev release makes it: see ./dev reproduce --help"
mapfile -t artefacts < <(cd "$folder" && find . -mindepth 1 -maxdepth 1 -type d -printf '%P\n')

work="$(mktemp -d)"
clone="$work/another-folder/sources"
clean_up() {
  [[ ! -e $clone/dev ]] || (cd "$clone" && HOME="$work/home" bazel shutdown 2>/dev/null) || true
  rm -rf "$work"
}
trap clean_up EXIT
git clone --quiet --no-checkout "$root" "$clone"
git -C "$clone" checkout --quiet --detach "$(<"$folder/COMMIT")" ||
  die "$root doesn't have the commit $(<"$folder/COMMIT")"
mkdir -p "$work/home/.cache/dissectd"
if $cached; then ln -s "$cache/bazel" "$work/home/.cache/dissectd/bazel"; fi

say "making ${artefacts[*]} in $clone"
(
  umask 077
  export HOME="$work/home" TZ=Pacific/Chatham LC_ALL=C.UTF-8 LANGUAGE=fr
  unset XDG_CACHE_HOME
  taskset --cpu-list 0 "$clone/dev" release --snapshot "$work/again" "${artefacts[@]}"
)

# Those two describe the build, its time and the machine.
sums() { grep -vE '\.(buildinfo|changes)$' "$1/SHA256SUMS"; }
if ! diff <(sums "$folder") <(sums "$work/again") >"$work/differences"; then
  sed -n 's/^[<>] [0-9a-f]* //p' "$work/differences" | sort -u >&2
  die 'these files differ'
fi
say "all $(sums "$folder" | wc -l) files are the same, byte for byte"
