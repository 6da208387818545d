#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Times dissectd and its peers side by side, as bench/README.md describes. Needs
# the programs that `./dev build` makes.
#
#   bench.sh [FOLDER] [OPTION...]  whole programs; options of bench/bench.py
#   bench.sh --micro [OPTION...]   single functions; options of Google Benchmark
#   bench.sh --dashboard [SECONDS [PACKETS_PER_SECOND [FRAMES]]]
#                                  the dashboard in a browser: bench/dashboard.sh
#   bench.sh --capacity TASK [ARGUMENT...]
#                                  what installations need: bench/capacity/run.sh
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

micro() {
  run_bazel build //bench/micro
  exec "$root/bazel-bin/bench/micro/micro" "$@"
}

if [[ ${1:-} == --micro ]]; then
  shift
  micro "$@"
fi

if [[ ${1:-} == --dashboard ]]; then
  shift
  need clients-web
  export DISSECTD="$root/bazel-bin/server/dissectd"
  export DISSECTCTL="$root/bazel-bin/clients/cli/dissectctl"
  exec "$root/bench/dashboard.sh" "$@"
fi

if [[ ${1:-} == --capacity ]]; then
  shift
  need clients-replicas
  exec "$root/bench/capacity/run.sh" "$@"
fi

folder="${DISSECTD_EXTRA_CAPTURES:-$root/tests/captures}"
if [[ $# -gt 0 && $1 != -* ]]; then
  folder=$1
  shift
fi

run_bazel build //bench:load_client //bench:dissect_only
# Only the cases in Python need packages from PyPI.
python=()
if tools="$("$root/clients/python/environment.sh")"; then
  python=(--python="$tools/bin/python")
fi
exec /usr/bin/python3 "$root/bench/bench.py" "$folder" \
  --small="$root/tests/captures/dns.pcap" \
  --dissectd="$root/bazel-bin/server/dissectd" \
  --dissectctl="$root/bazel-bin/clients/cli/dissectctl" \
  --load-client="$root/bazel-bin/bench/load_client" \
  --dissect-only="$root/bazel-bin/bench/dissect_only" "${python[@]}" "$@"
