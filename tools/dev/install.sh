#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs the programs that `./dev build` made, and what they and
# //tools/manual:write_man_pages generate. Argument: the prefix. If DESTDIR is set,
# the files go below that folder instead, for packaging.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

prefix="${DESTDIR:-}${1:?the prefix}"

# Succeeds if the user may create the folder or write to it.
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
  bazel-bin/server/dissectd bazel-bin/server/fleet/dissectd-fleet \
  bazel-bin/clients/cli/dissectctl
# These are not in bin/, as only dissectd starts them.
put -D -m 755 -t "$prefix/libexec/dissectd" bazel-bin/core/engine/dissectd-engine \
  bazel-bin/server/capture_filter/capture-filter-compiler \
  bazel-bin/server/capture_keeper/capture-keeper \
  bazel-bin/server/extcap/extcap-launcher
# The sources of clients, named as they import each other.
put -D -m 644 -t "$prefix/share/dissectd/proto/dissectd/v1" \
  proto/dissectd/v1/*.proto
put -D -m 644 -t "$prefix/share/doc/dissectd" \
  LICENSE LICENSES/*.txt docs/errors.md

# What dissectctl and the definitions of options generate.
generated="$(mktemp -d)"
trap 'rm -rf "$generated"' EXIT
dissectctl=bazel-bin/clients/cli/dissectctl
"$dissectctl" completion bash >"$generated/dissectctl"
"$dissectctl" completion zsh >"$generated/_dissectctl"
"$dissectctl" completion fish >"$generated/dissectctl.fish"
put -D -m 644 -t "$prefix/share/bash-completion/completions" \
  "$generated/dissectctl"
put -D -m 644 -t "$prefix/share/zsh/site-functions" "$generated/_dissectctl"
put -D -m 644 -t "$prefix/share/fish/vendor_completions.d" \
  "$generated/dissectctl.fish"
# Packages that can be built again give SOURCE_DATE_EPOCH.
bazel-bin/tools/manual/write_man_pages "$generated" \
  "$(date --utc --date="@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%F)"
put -D -m 644 -t "$prefix/share/man/man1" "$generated"/*.1
put -D -m 644 -t "$prefix/share/man/man8" "$generated"/*.8
say "installed in $prefix"
