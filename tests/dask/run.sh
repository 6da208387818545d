#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests dissectd.dask: workers of a local cluster, three daemons, and a server of S3, all
# real. Needs the programs that `./dev build` makes, and Python's venv.
# DISSECTD_EXTRA_CAPTURES names a folder of captures besides the project's own. Arguments
# are for unittest, for example the names of tests. The last line has the tests' counts.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
tools="$("$root/clients/python/environment.sh" "$root/tests/dask/requirements.txt")"
# shellcheck source=tests/running/programs.sh
source "$root/tests/running/programs.sh"
export PYTHONPATH="$root/tests/dask:$root/tests/running:$root/tests/captures"

exec "$tools/bin/python" "$root/tests/running/run_tests.py" "$root/tests/dask" "$@"
