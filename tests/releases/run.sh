#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests one daemon with the real engines of two releases of Debian: compares what each
# engine dissects with its own release's tshark. Runs as root.
#
#   tests/releases/run.sh [--built] [OPTION...] [FOLDER...]
#
# Builds the engine of trixie there, and the rest here; with --built, takes both as they
# were built before. Compares the project's captures, one case each, or the captures of
# folders in all cases, and a part of DISSECTD_EXTRA_CAPTURES. Options are those of
# tests/fidelity/fidelity.py, as --NAME=VALUE: --full for all cases, or --part for one a
# capture. Fails if anything differs.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
system="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd/debian/trixie"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

engine=/usr/libexec/dissectd/dissectd-engine
if [[ ${1:-} == --built ]]; then
  shift
  [[ -x $system$engine ]] || die "there is no $system$engine: leave --built out"
else
  "$root/dev" in-debian trixie bazel build //core/engine:dissectd-engine
  "$root/dev" in-debian --shell trixie \
    install -D bazel-bin/core/engine/dissectd-engine "$engine"
  need test
  "$root/dev" build
fi

programs="$(mktemp -d)"
trap 'rm -rf "$programs"' EXIT
# Writes a program that is one of the other release.
wrap() {
  printf '#!/bin/sh\nexec "%s" "%s" %s "$@"\n' \
    "$here/enter_release.sh" "$system" "$2" >"$programs/$1"
  chmod +x "$programs/$1"
}
wrap dissectd-engine "$engine"
wrap tshark tshark

# Compares one engine of the daemon with a tshark.
compare() {
  local id="$1" tshark="$2"
  shift 2
  say "comparing $id with $("$tshark" --version 2>/dev/null | head -n 1)"
  DISSECTD_ENGINE="$id" /usr/bin/python3 "$root/tests/fidelity/fidelity.py" \
    --dissectd="$root/bazel-bin/server/dissectd" \
    --dissectctl="$root/bazel-bin/clients/cli/dissectctl" \
    --engine="$root/bazel-bin/core/engine/dissectd-engine" \
    --engine="$programs/dissectd-engine" --tshark="$tshark" "$@"
}

failed=0
compare_both() {
  compare wireshark-4.0 tshark "$@" || failed=1
  compare wireshark-4.4 "$programs/tshark" "$@" || failed=1
}

options=()
while [[ ${1:-} == -* ]]; do
  options+=("$1")
  shift
done
if [[ $# -gt 0 ]]; then
  compare_both "${options[@]}" "$@"
elif [[ ${#options[@]} -gt 0 ]]; then
  compare_both "${options[@]}" "$root/tests/captures"
else
  compare_both --part "$root/tests/captures"
fi
if [[ -n ${DISSECTD_EXTRA_CAPTURES:-} ]]; then
  compare_both --part "$DISSECTD_EXTRA_CAPTURES"
fi
exit "$failed"
