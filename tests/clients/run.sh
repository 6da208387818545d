#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs clients_test.py with buf and the Python packages that it needs, which are
# installed into the cache. Needs the programs that `./dev build` makes, npm,
# and Python's venv.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"

install_buf
python="$(install_python_packages clients "$root/tests/clients/requirements.txt")"

BUF="$(buf_program)" \
  DISSECTD="$root/bazel-bin/server/dissectd" \
  DISSECTCTL="$root/bazel-bin/clients/cli/dissectctl" \
  PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$root/tests/running" \
  exec "$python" "$root/tests/clients/clients_test.py" "$@"
