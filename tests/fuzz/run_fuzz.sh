#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs a fuzz target for some seconds, starting from the inputs of its corpus.
# libwireshark itself isn't instrumented: crashes in it are found, but coverage
# doesn't guide the fuzzer to them. Assertions are off, as in released programs.
#
# Arguments: the target's program and its inputs. FUZZ_SECONDS is the duration. Without
# it, the fuzzer runs for some seconds from a fixed seed, so that what it finds comes
# from a change; `./dev fuzz` searches for older faults.
set -euo pipefail

search=(-max_total_time="${FUZZ_SECONDS:-20}")
if [[ -z ${FUZZ_SECONDS:-} ]]; then search+=(-seed=1); fi
program="$(realpath "$1")"
shift

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus"
cp -L "$@" "$work/corpus/"

# Leaks are ignored, as libwireshark never frees its global memory. GLib's own
# allocator is off, as it would hide errors.
cd "$work"
if ! ASAN_OPTIONS=detect_leaks=0 G_SLICE=always-malloc HOME="$work" \
  "$program" "${search[@]}" -timeout=10 -rss_limit_mb=4096 \
  -print_final_stats=1 corpus >output 2>&1; then
  tail -n 60 output
  for input in crash-* timeout-* oom-*; do
    [[ ! -e $input ]] || base64 "$input"
  done
  exit 1
fi
tail -n 8 output
