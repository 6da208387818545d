#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Measures in a browser how soon the dashboard is there, whether it keeps up with a capture,
# whose first minute isn't measured, and how it shows a file with many frames. Needs the
# programs that DISSECTD and DISSECTCTL name, the packages of tools/packages/clients-web.txt,
# and root for captures.
#
#   dashboard.sh [SECONDS [PACKETS_PER_SECOND [FRAMES]]]    300, 5000, 1000000 by default
set -euo pipefail

: "${DISSECTD:?}" "${DISSECTCTL:?}"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=tools/dev/node.sh
source "$root/tools/dev/node.sh"

export BENCH_SECONDS="${1:-300}" BENCH_RATE="${2:-5000}" BENCH_FRAMES="${3:-1000000}"
find_node
build_typescript_client
link_node_packages "$root/clients/web"
cd "$root/clients/web"
exec npx vitest run --config vitest.bench.config.ts
