#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds, checks and tests the dashboard. Needs the programs that DISSECTD and DISSECTCTL
# name, the packages of tools/packages/clients-web.txt, and root for captures. Arguments
# are for vitest. The last line has the tests' counts.
set -euo pipefail

: "${DISSECTD:?}" "${DISSECTCTL:?}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
# shellcheck source=tools/dev/node.sh
source "$root/tools/dev/node.sh"

find_node
build_typescript_client
link_node_packages "$here"
cd "$here"
npm run --silent build
npm run --silent lint
run_vitest "$@"
print_summary "$vitest_passed" "$vitest_failed"
[[ $vitest_failed -eq 0 ]]
