# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Linters that Debian doesn't have. They are installed into the cache, once for
# each version of their lock files in tools/lint/. Needs $root and $cache.
: "${root:?}" "${cache:?}"

# The descriptor set of the API that clients rely on.
# shellcheck disable=SC2034 # Used by the scripts that source this one.
frozen_api=proto/frozen/dissectd.v1.binpb

# Prints the folder of a tool. Arguments: its name, its lock files.
_linter_folder() {
  local name=$1
  shift
  echo "$cache/lint/$name-$(cat "$@" | sha256sum | cut -c 1-16)"
}

install_buf() {
  local lock=("$root"/tools/lint/package*.json)
  _buf_folder="$(_linter_folder buf "${lock[@]}")"
  [[ -x $_buf_folder/node_modules/.bin/buf ]] && return
  mkdir -p "$_buf_folder"
  cp "${lock[@]}" "$_buf_folder/"
  npm ci --prefix "$_buf_folder" --ignore-scripts --no-audit --no-fund >&2
}

install_python_linters() {
  local requirements="$root/tools/lint/requirements.txt"
  _python_folder="$(_linter_folder python "$requirements")"
  [[ -e $_python_folder/complete ]] && return
  rm -rf "$_python_folder"
  /usr/bin/python3 -m venv "$_python_folder"
  "$_python_folder/bin/pip" install --quiet --disable-pip-version-check \
    --require-hashes --requirement "$requirements" >&2
  touch "$_python_folder/complete"
}

buf() { "${_buf_folder:?}/node_modules/.bin/buf" "$@"; }
ruff() { "${_python_folder:?}/bin/ruff" "$@"; }
mypy() { "${_python_folder:?}/bin/mypy" "$@"; }

# Stores the current API as the one that ./dev lint compares with.
freeze_api() {
  install_buf
  mkdir -p "$root/$(dirname "$frozen_api")"
  (cd "$root" && buf build proto --exclude-source-info -o "$frozen_api")
}
