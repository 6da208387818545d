#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs a fuzz target for some seconds, on inputs that it begins with. libwireshark
# itself isn't instrumented: its crashes are found, but not the way to them.
# Assertions are off, as in the programs that are shipped.
#
# Arguments: the target's program, inputs. FUZZ_SECONDS says for how long.
set -euo pipefail

seconds="${FUZZ_SECONDS:-20}"
program="$(realpath "$1")"
shift

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus"
cp -L "$@" "$work/corpus/"

# Memory of libwireshark is never given back, and GLib's own allocator hides
# what is wrong with it.
cd "$work"
if ! ASAN_OPTIONS=detect_leaks=0 G_SLICE=always-malloc HOME="$work" \
  "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 \
  -print_final_stats=1 corpus >output 2>&1; then
  tail -n 60 output
  for input in crash-* timeout-* oom-*; do
    [[ ! -e $input ]] || base64 "$input"
  done
  exit 1
fi
tail -n 8 output
