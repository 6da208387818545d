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

# Runs a command that fills a folder of the cache, whose path is its last argument,
# unless this has been done. Others may want the same folder at the same time.
# Arguments: the folder, the command.
fill_cache_folder() {
  local folder=$1
  shift
  mkdir -p "$(dirname "$folder")"
  (
    flock 9
    if [[ -e $folder/complete ]]; then exit; fi
    rm -rf "$folder"
    mkdir "$folder"
    "$@" "$folder" >&2 && touch "$folder/complete"
  ) 9>"$folder.lock"
}

# Arguments: the folder with a package.json and its lock file, where to install.
install_node_packages() {
  cp "$1"/package*.json "$2/"
  npm ci --prefix "$2" --ignore-scripts --no-audit --no-fund
}

install_buf() {
  _buf_folder="$(_linter_folder buf "$root"/tools/lint/package*.json)"
  fill_cache_folder "$_buf_folder" install_node_packages "$root/tools/lint"
}

# Arguments: the lock file, where to install.
_make_python_environment() {
  /usr/bin/python3 -m venv "$2" &&
    "$2/bin/pip" install --quiet --disable-pip-version-check --require-hashes \
      --requirement "$1"
}

# Installs the packages of a lock file into a virtual environment, and prints the
# path of its Python. Arguments: a name for the environment, the lock file.
install_python_packages() {
  local folder
  folder="$(_linter_folder "$1" "$2")" || return
  fill_cache_folder "$folder" _make_python_environment "$2" || return
  printf '%s\n' "$folder/bin/python"
}

install_python_linters() {
  _python="$(install_python_packages python "$root/tools/lint/requirements.txt")"
}

buf_program() { printf '%s\n' "${_buf_folder:?}/node_modules/.bin/buf"; }
buf() { "$(buf_program)" "$@"; }
ruff() { "${_python%/*}/ruff" "$@"; }
mypy() { "${_python%/*}/mypy" "$@"; }
reuse() { "${_python%/*}/reuse" "$@"; }

# Stores the current API as the one that ./dev lint compares with.
freeze_api() {
  install_buf
  mkdir -p "$root/$(dirname "$frozen_api")"
  (cd "$root" && buf build proto --exclude-source-info -o "$frozen_api")
}
