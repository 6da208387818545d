#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds a fuzz target with clang, and runs it for some seconds, on inputs that
# it begins with. libwireshark itself isn't instrumented: its crashes are found,
# but not the way to them. Assertions are off, as in the programs that are
# shipped.
#
# Arguments: inputs, --, all sources of the target. Run in the folder that the
# names of the sources begin at. FUZZ_SECONDS says for how long.
set -euo pipefail

seconds="${FUZZ_SECONDS:-20}"
inputs=()
while [[ $1 != -- ]]; do
  inputs+=("$1")
  shift
done
shift
units=()
for source in "$@"; do
  [[ $source != *.cc ]] || units+=("$source")
done

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus"
cp -L "${inputs[@]}" "$work/corpus/"

packages=(absl_status absl_statusor absl_strings absl_hash absl_synchronization
  spdlog wireshark)
read -ra flags < <(pkg-config --cflags "${packages[@]}")
read -ra libraries < <(pkg-config --libs "${packages[@]}")
clang++ -std=c++17 -O1 -g -DNDEBUG -I. -fsanitize=fuzzer,address \
  "${flags[@]}" "${units[@]}" "${libraries[@]}" -lwiretap -o "$work/fuzz"

# Memory of libwireshark is never given back, and GLib's own allocator hides
# what is wrong with it.
cd "$work"
if ! ASAN_OPTIONS=detect_leaks=0 G_SLICE=always-malloc HOME="$work" \
  ./fuzz -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 \
  -print_final_stats=1 corpus >output 2>&1; then
  tail -n 60 output
  for input in crash-* timeout-* oom-*; do
    [[ ! -e $input ]] || base64 "$input"
  done
  exit 1
fi
tail -n 8 output
