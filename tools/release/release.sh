#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the artefacts of a release, and checks each of them as its user gets it. Needs the
# programs that `./dev build` makes. See usage() below.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"
# shellcheck source=tools/dev/node.sh
source "$root/tools/dev/node.sh"
# shellcheck source=tools/release/artefacts.sh
source "$root/tools/release/artefacts.sh"
# shellcheck source=tools/release/checks.sh
source "$root/tools/release/checks.sh"

usage() {
  cat <<'EOF'
Usage: ./dev release [OPTION...] FOLDER [ARTEFACT...]

Makes all artefacts of a release in a new folder, or only some, and checks them. Each
has a folder of its own there:

  sources      the files of the commit, as an archive
  debs         Debian packages, and the SBOM of the programs
  descriptors  the API as a descriptor set, for Envoy, grpcurl and generators
  python       the wheel and the source distribution of clients/python
  npm          the package of clients/typescript, and its SBOM
  page         the dashboard's page, and its SBOM
  docs         the documentation and the API's reference, as static pages
  image        the container image; takes up to an hour where Bazel has no results yet

  --snapshot   from sources that aren't those of a release: with changes that aren't
               committed, or without an entry in CHANGELOG.md

COMMIT has the commit, and SHA256SUMS the hashes of all files. The same commit and the same Debian packages give
the same bytes, apart from *.buildinfo and *.changes, which describe the build.
EOF
}

all_artefacts=(sources debs descriptors python npm page docs image)
snapshot=false folder='' artefacts=()
while [[ $# -gt 0 ]]; do
  case "$1" in
    --snapshot) snapshot=true ;;
    -h | --help)
      usage
      exit
      ;;
    -*) die "there is no option \"$1\"; see ./dev release --help" ;;
    *)
      if [[ -z $folder ]]; then
        folder="$1"
      else
        [[ " ${all_artefacts[*]} " == *" $1 "* ]] ||
          die "there is no artefact \"$1\", only: ${all_artefacts[*]}"
        artefacts+=("$1")
      fi
      ;;
  esac
  shift
done
[[ -n $folder ]] || die 'where to? See ./dev release --help'
[[ ! -e $folder ]] || die "$folder exists; name a new folder"
if [[ ${#artefacts[@]} -eq 0 ]]; then artefacts=("${all_artefacts[@]}"); fi

version="$("$root/tools/release/version.py")" ||
  die 'the version is not the same everywhere: ./tools/release/version.py writes it'

# Sources that nobody else has can't be a release.
require_release() {
  local changes section="## $version - [0-9]{4}-[0-9]{2}-[0-9]{2}"
  changes="$(git -C "$root" status --porcelain)"
  [[ -z $changes ]] || die "there are changes that aren't committed; commit them," \
    "or use --snapshot:"$'\n'"$changes"
  grep -qE "^$section\$" "$root/CHANGELOG.md" ||
    die "CHANGELOG.md has no section \"## $version - DATE\"; add it, or use --snapshot"
}
$snapshot || require_release

# Files get the time of the commit.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
umask 022
mkdir -p "$folder"
folder="$(realpath "$folder")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

for artefact in "${artefacts[@]}"; do
  # shellcheck disable=SC2034 # Used by the functions.
  out="$folder/$artefact"
  mkdir "$out"
  say "making $artefact"
  "make_$artefact"
  say "checking $artefact"
  "check_$artefact"
done
git -C "$root" rev-parse HEAD >"$folder/COMMIT"
(cd "$folder" && find COMMIT ./*/ -type f -printf '%p\n' | LC_ALL=C sort | xargs sha256sum) \
  >"$work/sums"
sed 's|  \./|  |' "$work/sums" >"$folder/SHA256SUMS"
say "version $version is in $folder:"
(cd "$folder" && find . -type f -printf '%9s  %P\n' | sort -k 2)
