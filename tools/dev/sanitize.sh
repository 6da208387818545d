#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs tests with sanitizers: AddressSanitizer and UndefinedBehaviorSanitizer
# for all of our code, ThreadSanitizer for the daemon, as no other program has
# threads. The last line has the counts.
#
#   sanitize.sh          all unit tests and end-to-end tests
#   sanitize.sh --part   all unit tests, and those end-to-end tests that cover
#                        most of the code
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

address=(//clients/... //core/... //server/... //tests/value_text/...)
thread=(//server/...)
case "${1:-}" in
  '')
    address+=(//tests/e2e/...)
    thread+=(//tests/e2e/...)
    ;;
  --part)
    address+=(//tests/e2e:capture_sharing_test //tests/e2e:dissect_test
      //tests/e2e:export_test //tests/e2e:failure_test
      //tests/e2e:file_summary_test //tests/e2e:preference_test
      //tests/e2e:value_test)
    thread+=(//tests/e2e:capture_sharing_test //tests/e2e:failure_test
      //tests/e2e:file_service_test //tests/e2e:operation_test)
    ;;
  *) die "unknown option: $1" ;;
esac

results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
passed=0
failed=0
good=true
# Arguments: a configuration of .bazelrc, the tests. Counts the results at once, as
# the next run writes its own into the same files.
run() {
  local config=$1
  shift
  say "running tests with --config=$config"
  run_bazel test --keep_going --build_tests_only --config="$config" \
    --build_event_json_file="$results/events.json" "$@" || true
  /usr/bin/python3 "$root/tools/dev/test_summary.py" "$results/events.json" |
    tee "$results/summary" | sed "s/^/$config: /" || good=false
  local pattern='^([0-9]+) passed, ([0-9]+) failed'
  [[ $(tail -n 1 "$results/summary") =~ $pattern ]] || die "$config: no counts"
  passed=$((passed + BASH_REMATCH[1]))
  failed=$((failed + BASH_REMATCH[2]))
}
run asan "${address[@]}"
run tsan "${thread[@]}"
echo "$passed passed, $failed failed"
$good
