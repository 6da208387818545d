#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs clients_test.py and pyshark_test.py with buf and the Python packages that
# they need, which are installed into the cache. Needs the programs that
# `./dev build` makes, npm, and Python's venv.
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
"$python" "$root/tests/clients/pyshark_test.py"
exec "$python" "$root/tests/clients/clients_test.py" "$@"
