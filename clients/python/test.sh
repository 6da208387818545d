#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the package, lints it, and runs its tests against a real daemon. Needs
# DISSECTD and DISSECTCTL, the paths of the programs, tshark, and root's rights for
# captures; arguments are for pytest. The last line has the tests' counts.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd/clients-python"
: "${DISSECTD:?}" "${DISSECTCTL:?}"

tools="$("$here/environment.sh")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$here"
export PATH="$tools/bin:$PATH" PYTHONDONTWRITEBYTECODE=1

ruff check --no-cache . >&2
ruff format --no-cache --check . >&2
mypy --cache-dir "$cache/mypy" >&2

passed=0 failed=0 skipped=0
status=0
# Adds the counts of a report's last line. Arguments: the report.
add() {
  local kind count
  while read -r count kind; do
    case $kind in
      passed) passed=$((passed + count)) ;;
      failed | error*) failed=$((failed + count)) ;;
      skipped) skipped=$((skipped + count)) ;;
    esac
  done < <(tail -n 1 "$1" | grep -oE '[0-9]+ [a-z]+')
}

python -m pytest -p no:cacheprovider -q "$@" >"$work/tests" || status=$?
cat "$work/tests" >&2
add "$work/tests"
if [[ $# -eq 0 ]]; then
  /usr/bin/python3 "$here/../jobs/run.py" \
    --program "$tools/bin/python $here/examples/jobs.py" >"$work/jobs" ||
    status=$?
  cat "$work/jobs" >&2
  add "$work/jobs"
fi
# A run that broke off has failed, too.
((status == 0 || failed > 0)) || failed=1
line="$passed passed, $failed failed"
((skipped == 0)) || line+=", $skipped skipped"
echo "$line"
exit "$status"
