#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs what `./dev build` made. Argument: the prefix. With DESTDIR set, the
# files go below that folder instead, for packages.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

prefix="${DESTDIR:-}${1:?the prefix}"

# Whether a folder can be made or written by the user who runs this.
is_writable() {
  local folder=$1
  while [[ ! -e $folder ]]; do folder="$(dirname "$folder")"; done
  [[ -w $folder ]]
}

put() {
  if is_writable "$prefix"; then install "$@"; else as_root install "$@"; fi
}

cd "$root"
put -D -m 755 -t "$prefix/bin" \
  bazel-bin/server/dissectd bazel-bin/clients/cli/dissectctl
# Not in bin/: only dissectd starts them, and finds them from there.
put -D -m 755 -t "$prefix/libexec/dissectd" bazel-bin/core/engine/dissectd-engine \
  bazel-bin/server/capture_filter/capture-filter-compiler
put -D -m 644 -t "$prefix/share/doc/dissectd" \
  LICENSE LICENSES/*.txt docs/errors.md
say "installed in $prefix"
