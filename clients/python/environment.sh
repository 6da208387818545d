#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs the package, and what its tests, linters and benchmarks need, into the
# cache. Prints the folder of the virtual environment. Argument: a lock file with
# other packages to install, instead of requirements.txt.
set -euo pipefail

lock="$(realpath "${1:-"$(dirname "${BASH_SOURCE[0]}")/requirements.txt"}")"
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd/clients-python"

# Installs a lock file into a virtual environment, and prints its folder. Argument:
# the lock file.
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
tools="$(environment "$lock")"

# The package has an environment of its own, which sees the tools: those are large,
# and other checkouts share them.
own="$cache/checkouts/$(sha256sum <<<"$here $lock" | cut -c 1-16)"
rm -rf "$own"
/usr/bin/python3 -m venv --without-pip "$own" >&2
packages="$(echo "$own"/lib/python*/site-packages)"
echo "$tools"/lib/python*/site-packages >"$packages/tools.pth"
for program in "$tools"/bin/*; do
  [[ -e $own/bin/${program##*/} ]] || ln -s "$program" "$own/bin/"
done

wheels="$(mktemp -d)"
trap 'rm -rf "$wheels"' EXIT
cd "$here"
PYTHONDONTWRITEBYTECODE=1 "$build/bin/python" -m hatchling build \
  --target wheel --directory "$wheels" >&2
"$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps \
  --target "$packages" "$wheels"/dissectd-*.whl >&2
printf '%s\n' "$own"
