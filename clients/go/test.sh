#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Tests the Go client. Needs the paths of the programs in DISSECTD and DISSECTCTL, and
# the packages of tools/packages/clients-go.txt. The last line has counts.
# shellcheck disable=SC2317 # Functions that check() calls.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"
# shellcheck source=tools/dev/go.sh
source "$root/tools/dev/go.sh"
: "${DISSECTD:?}" "${DISSECTCTL:?}"

passed=0 failed=0

# Runs a check that passes or fails as a whole.
check() {
  local what="$1"
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    printf 'FAILED: %s\n' "$what"
    failed=$((failed + 1))
  fi
}

is_formatted() { [[ -z $(gofmt -l . | tee /dev/stderr) ]]; }

is_generated() {
  mkdir "$work/dissectdv1"
  # Versions of Go indent lists in comments in different ways.
  ./generate.sh "$work" &&
    diff --recursive --ignore-space-change --ignore-matching-lines='^\s*//$' \
      dissectdv1 "$work/dissectdv1"
}

run_tests() {
  local status=0
  go test -count=1 -v . >"$work/tests" 2>&1 || status=1
  grep -vE '^(=== |(    )?--- PASS)' "$work/tests" || true
  passed=$((passed + $(grep -cE '^ *--- PASS' "$work/tests")))
  failed=$((failed + $(grep -cE '^ *--- FAIL' "$work/tests")))
  return "$status"
}

run_jobs() {
  go build -o "$work/jobs" ./examples/jobs || return
  local status=0 counts
  /usr/bin/python3 ../jobs/run.py --program "$work/jobs" >"$work/log" 2>&1 ||
    status=1
  cat "$work/log"
  if counts="$(tail -n 1 "$work/log" | grep -E '^[0-9]+ passed, [0-9]+ failed$')"; then
    passed=$((passed + ${counts%% *}))
  fi
  return "$status"
}

provide_go "$root/clients/go/go.mod"
cd "$root/clients/go"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
check 'gofmt' is_formatted
check 'go vet' go vet ./...
check 'generate.sh makes what is in dissectdv1' is_generated
check 'go test' run_tests
check 'the jobs' run_jobs
printf '%d passed, %d failed\n' "$passed" "$failed"
exit "$((failed > 0))"
