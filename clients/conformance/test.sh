#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks that the daemon still sends the conformance vectors. Needs the paths of the
# programs in DISSECTD and DISSECTCTL, and Python's venv. The last line has counts.
# With the argument --record, records them again.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck disable=SC2034 # Used by linters.sh.
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"
: "${DISSECTD:?}" "${DISSECTCTL:?}"

python="$(install_python_packages conformance \
  "$root/clients/conformance/requirements.txt")"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$root/tests/running"
if [[ ${1:-} == --record ]]; then
  exec "$python" "$root/clients/conformance/record.py"
fi
exec "$python" "$root/clients/conformance/record.py" --check
