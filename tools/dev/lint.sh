#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Checks format, style, layers and API. Runs all checks even if one has findings;
# the exit status is 0 only if none has.
#
#   lint.sh           runs clang-tidy on targets that depend on sources other
#                     than those in tools/lint/checked_sources
#   lint.sh --all     runs clang-tidy on everything
#   lint.sh --record  like --all, and then writes the sources into that file
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"
cd "$root"

checked_sources=tools/lint/checked_sources
option="${1:-}"
case "$option" in
  '' | --all | --record) ;;
  *) die "unknown option: $option" ;;
esac

mapfile -d '' -t cpp < <(list_sources '*.cc' '*.h')
# The Python package is checked by its own test.sh, with the packages that it needs.
mapfile -d '' -t python < <(list_sources '*.py' ':!clients/python')
mapfile -d '' -t pages < <(list_sources '*.md')
# Scripts are found by their first line, as not all have an extension.
mapfile -t shell < <(list_sources | xargs -0 grep -lsE --max-count=1 \
  '^#!/(usr/bin/env bash|bin/sh)$|^# shellcheck shell=bash$')

# Compares the API with the frozen one, on which clients rely.
check_compatibility() {
  if [[ ! -e $frozen_api ]]; then
    echo "$frozen_api is missing: ./dev freeze-api makes it" >&2
    return 1
  fi
  buf breaking proto --against "$frozen_api"
}

# Checks that buf reports a field that is missing from a copy of the API.
# Without this, a check that looks at nothing would seem to pass.
check_compatibility_check() {
  local copy="$output/proto" found
  buf build proto -o "$output/api.binpb"
  cp -r proto "$copy"
  sed -i '0,/^  string [a-z_]* = [0-9]*;$/{//d}' \
    "$copy/dissectd/v1/server.proto"
  found="$(buf breaking "$copy" --against "$output/api.binpb")" &&
    found='nothing'
  [[ $found == *'was deleted.' ]] && return
  printf 'buf breaking finds this where a field is gone: %s\n' "$found" >&2
  return 1
}

# Prints the lines that match a pattern, and fails if there are any.
forbid() {
  local why=$1 pattern=$2
  shift 2
  [[ $# -gt 0 ]] || return 0
  local found
  found="$(grep -nE -- "$pattern" "$@" /dev/null)" || return 0
  printf '%s\n%s\n' "$why:" "$found" >&2
  return 1
}

# Checks includes of Debian's headers, which are on the compiler's default path:
# Bazel's visibility doesn't cover them.
check_layers() {
  local file engine=() outside_epan=() other_core=() rest=() failed=0
  for file in "${cpp[@]}"; do
    case "$file" in
      # Tests may include both, to compare them.
      tests/* | */testing/* | *_test.cc) ;;
      core/*) engine+=("$file") ;;
      # Needs GLib itself, as tshark prints in the order of GLib's tables.
      clients/cli/format/hash_order.cc) ;;
      *) rest+=("$file") ;;
    esac
    case "$file" in
      core/epan/*) ;;
      core/encode/* | core/dissection/* | core/session/* | core/analysis/* | \
        core/query/*)
        outside_epan+=("$file")
        ;;
      core/*)
        outside_epan+=("$file")
        other_core+=("$file")
        ;;
    esac
  done
  forbid "only core/epan/ may include Wireshark's and GLib's headers" \
    '#include [<"](epan|wiretap|wsutil|wireshark|ws_|glib|gmodule)' \
    "${rest[@]}" "${outside_epan[@]}" || failed=1
  forbid 'only core/{epan,encode,dissection,session,analysis,query}/ may use libwireshark itself' \
    '#include "core/epan/wireshark\.h"' "${other_core[@]}" || failed=1
  forbid 'core/ may not include headers of gRPC and protobuf' \
    '#include [<"](grpc|google/protobuf|dissectd/v1/[a-z]+\.(pb|grpc\.pb))' \
    "${engine[@]}" || failed=1
  return "$failed"
}

# Prints the names of files that aren't formatted.
check_format() {
  local output
  output="$(clang-format --dry-run -Werror "${cpp[@]}" 2>&1)" && return
  sed -nE 's/:[0-9]+:[0-9]+: error: .*/: not formatted/p' <<<"$output" |
    sort -u >&2
  say './dev fmt formats them'
  return 1
}

# Checks that each file has a licence, by itself or by REUSE.toml, and the one of its
# folder: clients can be linked with programs of other licences.
check_licences() {
  local failed=0 tag='SPDX-License-Identifier[:]'
  reuse lint --lines || failed=1
  if git grep --untracked -n "$tag Apache" -- ':!clients' ':!proto' ':!REUSE.toml'; then
    echo 'only clients/ and proto/ have the Apache License' >&2
    failed=1
  fi
  if git grep --untracked -n "$tag GPL" -- clients proto; then
    echo 'clients/ and proto/ have the Apache License' >&2
    failed=1
  fi
  return "$failed"
}

# Checks each folder separately, as its modules import each other by name. Those of
# tests/running, tests/captures, tests/command_line, tests/edge, tests/metrics,
# tests/replicas, bench, deploy/kubernetes and deploy/sbom are imported by others, too.
check_python() {
  local folder folders failed=0
  local imported=tests/running:tests/captures:tests/command_line:tests/edge
  imported+=:tests/metrics:deploy/kubernetes:deploy/sbom:bench:tests/replicas
  ruff check --quiet . || failed=1
  if ! ruff format --quiet --check .; then
    say './dev fmt formats them'
    failed=1
  fi
  mapfile -t folders < <(dirname "${python[@]}" | sort -u)
  for folder in "${folders[@]}"; do
    MYPYPATH="$folder:$imported" mypy --no-error-summary \
      --cache-dir="$cache/lint/mypy" "$folder"/*.py || failed=1
  done
  return "$failed"
}

# Prints what clang-tidy's findings depend on, as lines of a hash and a path.
# Unlike commits, hashes don't need the history, which a clone may lack.
source_hashes() {
  local paths
  paths="$(list_sources '*.cc' '*.h' '*.proto' .clang-tidy .bazelrc WORKSPACE \
    'tools/bazel/*.bzl' 'tools/schema/*' tools/packages/{build,lint}.txt |
    tr '\0' '\n' | sort)"
  paste -d ' ' <(git hash-object --stdin-paths <<<"$paths") - <<<"$paths"
}

# Prints the targets to check with clang-tidy: those that depend on sources other
# than the ones for which the whole tree had no findings.
cpp_targets() {
  local changed included compiled
  changed="$(comm -23 <(source_hashes | sort) <(sort "$checked_sources") |
    cut -d ' ' -f 2)"
  # Configuration, generators and the plugin can affect the findings in any source.
  if [[ -n $option ]] ||
    grep -qE 'own_code_scope|^tools/schema/' <<<"$changed" ||
    grep -qvE '^$|\.(cc|h|proto)$' <<<"$changed"; then
    echo //...
    return
  fi
  [[ -n $changed ]] || return 0
  included="$(sed -n '/\.cc$/!p' <<<"$changed" | tr '\n' ' ')"
  compiled="$(sed -n '/\.cc$/p' <<<"$changed" | tr '\n' ' ')"
  # --keep_going ignores sources that belong to no target.
  run_bazel query --keep_going "kind('^cc_', rdeps(//..., set($included)) +
    rdeps(//..., set($compiled), 1))" 2>/dev/null || [[ $? -eq 3 ]]
}

check_cpp() {
  local targets
  targets="$(cpp_targets)"
  if [[ -n $targets ]]; then
    mapfile -t targets <<<"$targets"
    run_bazel build --keep_going --output_groups=clang_tidy \
      --aspects=//tools/bazel:clang_tidy.bzl%clang_tidy -- "${targets[@]}" ||
      return 1
  fi
  run_bazel build //tools/lint:own_code_scope 2>/dev/null
  check_clang_tidy
}

# Checks that clang-tidy, with the options used above, finds the seeded faults.
check_clang_tidy() {
  local source=tools/lint/seeded_findings.cc found expected
  found="$(clang-tidy --quiet --load=bazel-bin/tools/lint/own_code_scope.so \
    "$source" -- -xc++ -std=c++17 -Wthread-safety 2>&1 |
    sed -nE "s|.*/$source:([0-9]+):.*\[([a-z-]+).*|\1: \2|p" | sort -u)"
  expected="$(grep -n '// finds ' "$source" |
    sed -E 's/^([0-9]+):.*finds ([a-z-]+)$/\1: \2/' | sort -u)"
  diff <(printf '%s\n' "$expected") <(printf '%s\n' "$found") >&2
}

# Checks run at the same time, and print in the order in which they started.
output="$(mktemp -d)"
trap 'rm -rf "$output"' EXIT
names=()
pids=()
check() {
  names+=("$1")
  shift
  "$@" >"$output/${#names[@]}" 2>&1 &
  pids+=($!)
}

install_buf
install_python_linters
check 'the API' buf lint proto
check 'the compatibility of the API' check_compatibility
check 'the check of compatibility' check_compatibility_check
check 'layers' check_layers
check 'the format of C++' check_format
check 'shell scripts' shellcheck --external-sources "${shell[@]}"
check 'Python' check_python
check 'licences' check_licences
check 'the version' tools/release/version.py
check 'documentation' python3 tools/dev/check_links.py "${pages[@]}"
check 'examples in documentation' \
  python3 tools/dev/fill_examples.py --check "${pages[@]}"
failures=()
say 'checking C++'
check_cpp || failures+=('C++')
for number in "${!names[@]}"; do
  say "checking ${names[number]}"
  wait "${pids[number]}" || failures+=("${names[number]}")
  cat "$output/$((number + 1))" >&2
done

[[ ${#failures[@]} -eq 0 ]] ||
  die "there are findings:$(printf ' %s;' "${failures[@]}")"
if [[ $option == --record ]]; then
  source_hashes >"$checked_sources"
fi
say 'no findings'
