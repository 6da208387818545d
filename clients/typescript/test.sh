#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Generates, builds, checks and tests the client for TypeScript. Needs the programs that
# DISSECTD and DISSECTCTL name, the packages of tools/packages/clients-typescript.txt,
# and root for the jobs. Arguments are for vitest. The last line has the tests' counts.
set -euo pipefail

: "${DISSECTD:?}" "${DISSECTCTL:?}"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
# shellcheck source=tools/dev/node.sh
source "$root/tools/dev/node.sh"

find_node
build_typescript_client
cd "$here"
npm run --silent lint
run_vitest "$@"

status=0
jobs="$(mktemp)"
trap 'rm -f "$jobs"' EXIT
"$root/clients/jobs/run.py" --program "$(command -v node) $here/dist/examples/jobs.js" |
  tee "$jobs" || status=1
read -r jobs_passed _ jobs_failed _ < <(tail -n 1 "$jobs")
[[ $jobs_passed =~ ^[0-9]+$ ]] || { jobs_passed=0 jobs_failed=1 status=1; }
[[ $vitest_failed -eq 0 ]] || status=1

print_summary "$((vitest_passed + jobs_passed))" "$((vitest_failed + jobs_failed))"
exit "$status"
