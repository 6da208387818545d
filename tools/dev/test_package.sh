#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes two versions of the Debian packages from what `./dev build` made, and tests
# them in a bare system.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

[[ $EUID -eq 0 ]] || die "only root can start another system; run as root"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
for revision in 1 2; do
  DISSECTD_PACKAGE_REVISION=0upstream$revision \
    "$root/tools/dev/package.sh" "$work/$revision"
done
say "checking the packages with lintian"
lintian --allow-root --fail-on error,warning --tag-display-limit 0 \
  "$work/1"/*.changes
say "testing the packages"
/usr/bin/python3 "$root/tests/packages/package_test.py" \
  --old="$work/1" --new="$work/2" --cache="$cache/package-test"
