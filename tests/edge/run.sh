#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests deploy/envoy: calls of every kind through Envoy, which is installed into the
# cache. Needs root for live captures, the programs that `./dev build` makes, dumpcap and
# Python's venv. Arguments are for unittest, for example the names of tests. The variable
# IDLE_SECONDS says how long a stream is silent. The last line has the tests' counts.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"

python="$(install_python_packages edge "$root/tests/edge/requirements.txt")"
# shellcheck source=tests/running/programs.sh
source "$root/tests/running/programs.sh"
export PYTHONPATH="$root/tests/edge:$root/tests/running:$root/tests/clients"
exec "$python" "$root/tests/running/run_tests.py" "$root/tests/edge" "$@"
