# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Tools that Debian doesn't have. They are installed into the cache, once for each
# version of their lock files. Needs $root and $cache.
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

# Installs the packages of a lock file into a virtual environment, and prints the
# path of its Python. Arguments: a name for the environment, the lock file.
install_python_packages() {
  local folder
  folder="$(_linter_folder "$1" "$2")" || return
  if [[ ! -e $folder/complete ]]; then
    rm -rf "$folder"
    {
      /usr/bin/python3 -m venv "$folder" &&
        "$folder/bin/pip" install --quiet --disable-pip-version-check \
          --require-hashes --requirement "$2" &&
        touch "$folder/complete"
    } >&2 || return
  fi
  printf '%s\n' "$folder/bin/python"
}

install_python_linters() {
  _python="$(install_python_packages python "$root/tools/lint/requirements.txt")"
}

buf_program() { printf '%s\n' "${_buf_folder:?}/node_modules/.bin/buf"; }
buf() { "$(buf_program)" "$@"; }
ruff() { "${_python%/*}/ruff" "$@"; }
mypy() { "${_python%/*}/mypy" "$@"; }

# Stores the current API as the one that ./dev lint compares with.
freeze_api() {
  install_buf
  mkdir -p "$root/$(dirname "$frozen_api")"
  (cd "$root" && buf build proto --exclude-source-info -o "$frozen_api")
}
