#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Checks format, style, layers and API. Changes nothing in the tree. Runs all
# checks even if one has findings; the exit status is 0 only if none has.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"
cd "$root"

mapfile -d '' -t cpp < <(list_sources '*.cc' '*.h')
mapfile -d '' -t python < <(list_sources '*.py')
# By their first lines, as not all scripts have an extension.
mapfile -t shell < <(list_sources | xargs -0 grep -lsE --max-count=1 \
  '^#!/usr/bin/env bash$|^# shellcheck shell=bash$')

# Downloads buf once for each version of the lock.
buf() {
  local folder
  folder="$cache/lint/$(cat tools/lint/*.json | sha256sum | cut -c 1-16)"
  if [[ ! -x $folder/node_modules/.bin/buf ]]; then
    mkdir -p "$folder"
    cp tools/lint/*.json "$folder/"
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund >&2
  fi
  "$folder/node_modules/.bin/buf" "$@"
}

# Prints what a pattern finds in the named files, which is a finding.
forbid() {
  local why=$1 pattern=$2
  shift 2
  [[ $# -gt 0 ]] || return 0
  local found
  found="$(grep -nE -- "$pattern" "$@" /dev/null)" || return 0
  printf '%s\n%s\n' "$why:" "$found" >&2
  return 1
}

# What the visibility of Bazel's targets can't see: Debian's headers are on
# the compiler's default path, open to everyone.
check_layers() {
  local file engine=() rest=() failed=0
  for file in "${cpp[@]}"; do
    case "$file" in
      # These may use both sides, to compare them.
      tests/* | */testing/* | *_test.cc) ;;
      core/*) engine+=("$file") ;;
      *) rest+=("$file") ;;
    esac
  done
  forbid "only core/ may include Wireshark's and GLib's headers" \
    '#include [<"](epan|wiretap|wsutil|wireshark|ws_|glib|gmodule)' \
    "${rest[@]}" || failed=1
  forbid 'core/ may not include headers of gRPC and protobuf' \
    '#include [<"](grpc|google/protobuf|dissectd/v1)' \
    "${engine[@]}" || failed=1
  return "$failed"
}

# Names the files only: ./dev fmt does the rest.
check_format() {
  local output
  output="$(clang-format --dry-run -Werror "${cpp[@]}" 2>&1)" && return
  sed -nE 's/:[0-9]+:[0-9]+: error: .*/: not formatted/p' <<<"$output" |
    sort -u >&2
  say './dev fmt formats them'
  return 1
}

# Without writing compiled files beside the sources.
check_python() {
  [[ ${#python[@]} -gt 0 ]] || return 0
  /usr/bin/python3 - "${python[@]}" <<'SCRIPT'
import sys

failed = False
for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as source:
        try:
            compile(source.read(), name, "exec")
        except SyntaxError as error:
            print(f"{name}:{error.lineno}: {error.msg}", file=sys.stderr)
            failed = True
sys.exit(failed)
SCRIPT
}

check_cpp() {
  run_bazel build --keep_going --output_groups=clang_tidy \
    --aspects=//tools/bazel:clang_tidy.bzl%clang_tidy //...
}

failures=()
check() {
  local name=$1
  shift
  say "checking $name"
  "$@" || failures+=("$name")
}

check 'the API' buf lint proto
check 'layers' check_layers
check 'the format of C++' check_format
check 'shell scripts' shellcheck --external-sources "${shell[@]}"
check 'Python' check_python
check 'C++' check_cpp

[[ ${#failures[@]} -eq 0 ]] ||
  die "there are findings:$(printf ' %s;' "${failures[@]}")"
say 'no findings'
