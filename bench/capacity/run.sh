#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Measures what dissectd, Envoy and dissectd-fleet need, and predicts what larger
# installations do. Needs the programs that `./dev build` makes.
#
#   run.sh measure FOLDER [OPTION...]   options of measure.py
#   run.sh validate FOLDER [OPTION...]  options of validate.py
#   run.sh simulate [OPTION...]         options of simulate.py; needs no programs
#
# The first two need root, dumpcap, ip and Python's venv.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/linters.sh
source "$root/tools/dev/linters.sh"

task="${1:-}"
case "$task" in
  measure | validate) ;;
  simulate)
    shift
    exec /usr/bin/python3 "$root/bench/capacity/simulate.py" "$@"
    ;;
  *)
    sed -n 's/^#   //p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
shift

python="$(install_python_packages edge "$root/tests/edge/requirements.txt")"
# shellcheck source=tests/running/programs.sh
source "$root/tests/running/programs.sh"
export PYTHONPATH="$root/bench:$root/tests/replicas:$root/tests/edge:$root/tests/running"
PYTHONPATH+=":$root/tests/captures"
# shellcheck disable=SC2016 # It is the inner shell that expands them.
exec unshare --net sh -c 'ip link set lo up && exec "$@"' sh \
  "$python" "$root/bench/capacity/$task.py" "$@"
