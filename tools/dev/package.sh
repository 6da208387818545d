#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes Debian packages of the programs that `./dev build` made, and of what
# //tools/manual:write_man_pages generates. Argument: the folder for the packages.
# DISSECTD_PACKAGE_REVISION is the last part of their version. By default, packages
# that Debian makes of the same sources would be newer.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

folder="$(realpath --canonicalize-missing "${1:?the folder for the packages}")"
revision="${DISSECTD_PACKAGE_REVISION:-0upstream1}"
[[ $revision =~ ^[0-9][0-9a-z.+~]*$ ]] ||
  die "DISSECTD_PACKAGE_REVISION must be like 0upstream2, not \"$revision\""

# The same sources give the same packages.
date_of_sources() {
  git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s
}
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(date_of_sources)}"
export SOURCE_DATE_EPOCH

# Prints the changelog of the packages, from which dpkg takes their version.
changelog() {
  local version maintainer
  version="$("$root/bazel-bin/server/dissectd" --version)"
  maintainer="$(sed -n 's/^Maintainer: //p' "$root/deploy/debian/control")"
  cat <<END
dissectd (${version#dissectd }-$revision) unstable; urgency=medium

  * CHANGELOG.md of the sources has the changes.

 -- $maintainer  $(date --utc --date="@$SOURCE_DATE_EPOCH" --rfc-email)
END
}

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
# dpkg-buildpackage wants debian/ at the top of the tree, where it writes to it. So
# it gets a folder with a copy of ours, and links to all else.
tree="$work/tree"
mkdir "$tree"
ln -s "$root"/* "$tree/"
cp -r "$root/deploy/debian" "$tree/debian"
changelog >"$tree/debian/changelog"
(cd "$tree" && dpkg-buildpackage --build=binary --no-sign >"$work/log" 2>&1) || {
  cat "$work/log" >&2
  die "dpkg-buildpackage has failed"
}
mkdir -p "$folder"
mv "$work"/*.deb "$work"/*.changes "$work"/*.buildinfo "$folder/"
for package in "$folder"/*_*-"$revision"_*.deb; do say "made $package"; done
