#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs a command of ./dev in another release of Debian, whose system it makes once from
# Debian's packages, in the cache folder. The checkout is the same there; packages,
# Bazel's results and $HOME are the system's own. Runs as root.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

usage() {
  cat <<'EOF'
Usage: ./dev in-debian [OPTION...] RELEASE COMMAND [ARGUMENT...]

Runs a command of ./dev, such as "test", in a release of Debian: trixie, for example.
The first run makes a system in the cache folder and installs what the command needs.

  --folder=DIR   make a folder visible under its own name, for reading only; may be
                 given several times. DISSECTD_EXTRA_CAPTURES and DISSECTD_REPEAT_FAILURES
                 are passed on, and the folder of the first is visible.
  --shell        run COMMAND as it is, and not as a command of ./dev
EOF
}

folders=() is_dev=true
while [[ ${1:-} == -* ]]; do
  case "$1" in
    --folder=*) folders+=("$(realpath "${1#*=}")") ;;
    --shell) is_dev=false ;;
    -h | --help)
      usage
      exit
      ;;
    *) die "there is no option \"$1\"; see ./dev in-debian --help" ;;
  esac
  shift
done
[[ $# -ge 2 ]] || die 'needs a release and a command; see ./dev in-debian --help'
release="$1"
shift
[[ $release =~ ^[a-z]+$ ]] || die "\"$release\" is no name of a release of Debian"
[[ $EUID -eq 0 ]] || die 'only root can enter another system; run as root'

# An interrupted run leaves no system that looks whole.
make_system() {
  local unfinished
  say "making a system of Debian's $release in $system"
  mkdir -p "$(dirname "$system")"
  unfinished="$(mktemp -d "$system.XXXXXX")"
  # shellcheck disable=SC2064 # The folder is known now.
  trap "rm -rf --one-file-system '$unfinished'" EXIT
  mmdebstrap --quiet --variant=apt --include=ca-certificates \
    --aptopt='APT::Install-Recommends "false"' "$release" "$unfinished"
  chmod 755 "$unfinished"
  mv --no-target-directory "$unfinished" "$system"
  trap - EXIT
}

system="$cache/debian/$release"
[[ -d $system ]] || {
  need in-debian
  make_system
}

# Bazel allows for one server at a time, and would not see that of another command.
exec 9>"$system.lock"
flock --nonblock 9 || {
  say "waiting for another command in $system"
  flock 9
}

environment=(HOME=/root "PATH=/usr/sbin:/usr/bin:/sbin:/bin" LC_ALL=C.UTF-8
  "TERM=${TERM:-dumb}" "http_proxy=${http_proxy:-}" "https_proxy=${https_proxy:-}")
if [[ -n ${DISSECTD_EXTRA_CAPTURES:-} ]]; then
  folders+=("$(realpath "$DISSECTD_EXTRA_CAPTURES")")
  environment+=("DISSECTD_EXTRA_CAPTURES=${folders[-1]}")
fi
if [[ -n ${DISSECTD_REPEAT_FAILURES:-} ]]; then
  environment+=("DISSECTD_REPEAT_FAILURES=$DISSECTD_REPEAT_FAILURES")
fi
command=("$@")
if $is_dev; then command=("$root/dev" "$@"); fi
# The system's processes are those of a namespace, so that none outlives the command.
exec unshare --mount --pid --ipc --fork --kill-child \
  "$root/tools/dev/enter_system.sh" "$system" "$root" "${folders[@]}" -- \
  env -i "${environment[@]}" "${command[@]}"
