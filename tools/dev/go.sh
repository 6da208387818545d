# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Go with its caches. Needs $root, $cache and tools/dev/linters.sh.
: "${root:?}" "${cache:?}"

export GOTOOLCHAIN=local GOFLAGS="-buildvcs=false -modcacherw"
export GOPATH="$cache/go" GOCACHE="$cache/go-build" GOMODCACHE="$cache/go/pkg/mod"

# Adds Go to PATH unless one is there that a go.mod accepts. Argument: its path.
provide_go() {
  local needed found
  needed="$(sed -n 's/^go //p' "$1")"
  if found="$(go env GOVERSION 2>/dev/null)" &&
    printf '%s\n' "$needed" "${found#go}" | sort --check=silent --version-sort; then
    return
  fi
  local python
  python="$(install_python_packages go "$root/clients/go/requirements.txt")"
  found="$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
  export PATH="$found/go/bin:$PATH" GOROOT="$found/go"
}
