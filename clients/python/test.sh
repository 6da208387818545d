#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the package, lints it, and runs its tests against a real daemon. Needs
# DISSECTD and DISSECTCTL, the paths of the programs; arguments are for pytest. The
# last line has the tests' counts.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd/clients-python"
: "${DISSECTD:?}" "${DISSECTCTL:?}"

# Installs a lock file into a virtual environment, and prints the environment's
# folder. Arguments: the lock file.
environment() {
  local folder
  folder="$cache/$(sha256sum "$1" | cut -c 1-16)"
  if [[ ! -e $folder/complete ]]; then
    rm -rf "$folder"
    {
      /usr/bin/python3 -m venv "$folder" &&
        "$folder/bin/pip" install --quiet --disable-pip-version-check \
          --require-hashes --requirement "$1" &&
        touch "$folder/complete"
    } >&2 || return
  fi
  printf '%s\n' "$folder"
}

build="$(environment "$here/requirements-build.txt")"
tools="$(environment "$here/requirements.txt")"

cd "$here"
wheels="$(mktemp -d)"
trap 'rm -rf "$wheels"' EXIT
"$build/bin/python" -m hatchling build --target wheel --directory "$wheels" >&2
"$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps \
  --force-reinstall "$wheels"/dissectd-*.whl >&2

export PATH="$tools/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
ruff check --no-cache . >&2
ruff format --no-cache --check . >&2
mypy --cache-dir "$cache/mypy" >&2

status=0
python -m pytest -p no:cacheprovider -q "$@" >"$wheels/report" || status=$?
cat "$wheels/report" >&2
summary="$(tail -n 1 "$wheels/report")"
count() { grep -oE "[0-9]+ $1" <<<"$summary" | cut -d ' ' -f 1 || echo 0; }
line="$(count passed) passed, $(($(count failed) + $(count error))) failed"
skipped="$(count skipped)"
((skipped == 0)) || line+=", $skipped skipped"
# A run that ended before its first test has failed, too.
((status == 0)) || [[ $line != *" 0 failed"* ]] || line="0 passed, 1 failed"
echo "$line"
exit "$status"
