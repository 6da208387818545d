#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compares the dashboards of deploy/grafana with Grafana's schema. Needs Python's venv,
# for Go where there is none. The last line has counts.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"
# shellcheck source=tools/dev/go.sh
source "$root/tools/dev/go.sh"

passed=0 failed=0
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

cd "$root/tests/dashboards"
provide_go go.mod
if gofmt -l . | grep .; then
  echo 'FAILED: gofmt'
  failed=1
fi
# Also runs the checks of `go vet`.
go test -count=1 -v -vet=all . 2>&1 | tee "$log" || failed=$((failed + 1))
passed=$(grep -cE '^ *--- PASS' "$log" || true)
printf '%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
