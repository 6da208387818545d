#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests several daemons behind Envoy, each in a network namespace of its own: balancing,
# the routing of calls by the names in them, and what becomes of calls when a daemon dies,
# hangs or is restarted. Needs root, the programs that `./dev build` makes, dumpcap, ip and
# Python's venv. Arguments are for unittest, for example the names of tests. The last line
# has the tests' counts.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"

python="$(install_python_packages edge "$root/tests/edge/requirements.txt")"
# shellcheck source=tests/running/programs.sh
source "$root/tests/running/programs.sh"
export PYTHONPATH="$root/tests/replicas:$root/tests/edge:$root/tests/running:$root/tests/clients"
# shellcheck disable=SC2016 # It is the inner shell that expands them.
exec unshare --net sh -c 'ip link set lo up && exec "$@"' sh \
  "$python" "$root/tests/running/run_tests.py" "$root/tests/replicas" "$@"
