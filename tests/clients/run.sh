#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs the tests of this folder with buf and the Python packages that they need,
# which are installed into the cache. Needs the programs that `./dev build` makes,
# npm, Python's venv, tshark and termshark. Arguments are for unittest, for example
# the names of tests. The last line has the tests' counts.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"

install_buf
python="$(install_python_packages clients "$root/tests/clients/requirements.txt")"

BUF="$(buf_program)"
export BUF
export DISSECTD="$root/bazel-bin/server/dissectd"
export DISSECTCTL="$root/bazel-bin/clients/cli/dissectctl"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$root/tests/running"
exec "$python" "$root/tests/running/run_tests.py" "$root/tests/clients" "$@"
