#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the client, and runs its linters, its tests and the ten jobs. Needs the paths
# of the programs in DISSECTD and DISSECTCTL, and the packages of
# tools/packages/clients-rust.txt. The last line has counts.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
: "${DISSECTD:?}" "${DISSECTCTL:?}"

# rustup's cargo looks for its toolchains in the home of the caller, which may not be
# the one that it is installed in.
program="$(command -v cargo)"
if ! "$program" --version >/dev/null 2>&1; then
  export RUSTUP_HOME="${program%/.cargo/bin/cargo}/.rustup"
fi
export CARGO_HOME="$cache/cargo" CARGO_TARGET_DIR="$cache/rust-target"
export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_TEST_DEBUG=0
export CARGO_BUILD_JOBS="${CARGO_BUILD_JOBS:-2}"
cd "$here"

# Prints the number of tests with a result. Arguments: the result, the output.
sum() {
  grep -E '^(test result: |[0-9]+ passed, )' "$2" | grep -oE "[0-9]+ $1" |
    awk '{ total += $1 } END { print total + 0 }'
}

cargo fmt --check >&2
cargo clippy --locked --quiet --all-targets -- -D warnings >&2
RUSTDOCFLAGS='-D warnings' cargo doc --locked --quiet --no-deps >&2
output="$(mktemp)"
trap 'rm -f "$output"' EXIT
status=0
cargo test --locked --quiet --no-fail-fast 2>&1 | tee "$output" >&2 || status=1
cargo build --locked --quiet --example jobs >&2
/usr/bin/python3 "$here/../jobs/run.py" \
  --program "$CARGO_TARGET_DIR/debug/examples/jobs" 2>&1 |
  tee -a "$output" >&2 || status=1
echo "$(sum passed "$output") passed, $(sum failed "$output") failed"
exit "$status"
