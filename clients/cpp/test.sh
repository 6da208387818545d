#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the client with CMake, and runs the ten jobs. The other tests are Bazel's:
# //tests/decoding:conformance_test and //tests/e2e:cpp_client_test. Needs the paths
# of the programs in DISSECTD and DISSECTCTL, and the packages of
# tools/packages/clients-cpp.txt. The last line has counts.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
build="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd/cpp-build"
: "${DISSECTD:?}" "${DISSECTCTL:?}"

# A folder of another checkout can't be built again.
if ! grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$here" "$build/CMakeCache.txt"; then
  rm -rf "$build"
fi
cmake -S "$here" -B "$build" -G Ninja -D CMAKE_CXX_FLAGS=-O1 >&2
cmake --build "$build" --parallel 2 >&2
exec /usr/bin/python3 "$here/../jobs/run.py" --program "$build/jobs"
