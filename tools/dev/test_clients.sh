#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests clients: each folder of clients/ with a test.sh, with `programs` other people's
# programs (tests/clients), with `edge` what is between clients and daemon (tests/edge),
# with `replicas` several daemons behind that (tests/replicas), with `dashboards` what
# Grafana shows (tests/dashboards), with `dask` the Python client's data frames of many
# captures (tests/dask), and with `kubernetes` the objects for Kubernetes
# (tests/kubernetes). Arguments are names of these; all by default.
# Two run at a time, as they wait for downloads and live traffic. With
# DISSECTD_REPEAT_FAILURES, those that failed run once more in the end. The last line
# has the tests' counts.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

parallel=2

script_of() {
  case "$1" in
    programs) echo "$root/tests/clients/run.sh" ;;
    dashboards | dask | edge | kubernetes | replicas) echo "$root/tests/$1/run.sh" ;;
    *) echo "$root/clients/$1/test.sh" ;;
  esac
}

all_parts() {
  printf '%s\n' programs edge replicas dashboards dask kubernetes
  local script
  for script in "$root"/clients/*/test.sh; do
    basename "$(dirname "$script")"
  done
}

install_packages() {
  local part
  for part; do
    [[ -x $(script_of "$part") ]] ||
      die "no clients are called \"$part\", only: $(all_parts | xargs)"
    if [[ $part == programs ]]; then
      need lint clients
    elif [[ -e $root/tools/packages/clients-$part.txt ]]; then
      need "clients-$part"
    fi
  done
}

# Runs the tests of one part. Its output is printed at once, so that parts don't mix.
run_part() {
  local log="$logs/$1" status=0
  "$(script_of "$1")" >"$log" 2>&1 </dev/null || status=$?
  # The last line is that of the counts, or the test ended before.
  if [[ $(tail -n 1 "$log") =~ ^([0-9]+)' passed, '([0-9]+)' failed' ]]; then
    local passed="${BASH_REMATCH[1]}" failed="${BASH_REMATCH[2]}"
    [[ $status -ne 0 && $failed -eq 0 ]] && failed=1
  else
    local passed=0 failed=1
  fi
  echo "$passed $failed" >"$log.counts"
  {
    flock 9
    say "clients: $1"
    if [[ $failed -eq 0 ]]; then tail -n 1 "$log"; else cat "$log"; fi
  } 9>"$logs/lock"
}

parts=("$@")
if [[ ${#parts[@]} -eq 0 ]]; then mapfile -t parts < <(all_parts); fi
install_packages "${parts[@]}"

logs="$(mktemp -d)"
repeated=()
trap 'rm -rf "$logs"' EXIT
export DISSECTD="$root/bazel-bin/server/dissectd"
export DISSECTCTL="$root/bazel-bin/clients/cli/dissectctl"
for part in "${parts[@]}"; do
  while [[ $(jobs -rp | wc -l) -ge $parallel ]]; do wait -n; done
  run_part "$part" &
done
wait

if [[ -n ${DISSECTD_REPEAT_FAILURES:-} ]]; then
  for part in "${parts[@]}"; do
    read -r _ failed <"$logs/$part.counts"
    if [[ $failed -eq 0 ]]; then continue; fi
    say "clients: $part has failed, and runs once more"
    run_part "$part"
    read -r _ failed <"$logs/$part.counts"
    if [[ $failed -eq 0 ]]; then repeated+=("$part"); fi
  done
fi

passed=0
failed=0
if [[ ${#repeated[@]} -gt 0 ]]; then
  printf '%s: failed first, and passed when it was repeated\n' "${repeated[@]}"
fi
for part in "${parts[@]}"; do
  read -r more_passed more_failed <"$logs/$part.counts"
  printf '%s: %s passed, %s failed\n' "$part" "$more_passed" "$more_failed"
  passed=$((passed + more_passed))
  failed=$((failed + more_failed))
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
