#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Starts the daemon on the captures of this project and runs a few commands,
# each shown before its output. Needs the programs that `./dev build` makes.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=tools/dev/common.sh
source "$root/tools/dev/common.sh"

dissectd="$root/bazel-bin/server/dissectd"
dissectctl="$root/bazel-bin/clients/cli/dissectctl"
folder="$(mktemp -d)"
: >"$folder/log"
daemon=0

# Stops the daemon, and shows its log if a command failed.
clean_up() {
  local status=$?
  if [[ $daemon -ne 0 ]]; then
    kill -TERM "$daemon" 2>/dev/null || true
    wait "$daemon" || true
  fi
  [[ $status -eq 0 ]] || cat "$folder/log" >&2
  rm -rf "$folder"
}
trap clean_up EXIT

# Prints a command as a user would type it.
show() {
  local word
  printf '\n%s$' "$bold"
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_./:=%\&-]+$ ]]; then
      printf ' %s' "$word"
    else
      printf " '%s'" "$word"
    fi
  done
  printf '%s\n' "$plain"
}

ask() {
  show dissectctl "$@"
  "$dissectctl" "$@"
}

bold='' plain=''
if [[ -t 1 ]]; then bold=$'\e[1m' plain=$'\e[0m'; fi
export DISSECTD_SERVER="unix:$folder/socket"

options=("--listen=$DISSECTD_SERVER" --store=tests/captures)
show dissectd "${options[@]}" '&'
(cd "$root" && exec "$dissectd" "${options[@]}") 2>"$folder/log" &
daemon=$!
wait_for_daemon "$dissectctl" "$DISSECTD_SERVER" "$daemon"

# Asks for a packet list, for the tree of one frame, and for fields of frames
# that pass a filter. The last capture has HTTP/2 in TLS, and the keys for it.
ask read dns.pcap -c 10
ask read dns.pcap -c 2 -V -Y 'frame.number == 2'
ask read http2-tls-dsb.pcapng -T fields -E header=y \
  -e frame.number -e ip.src -e http2.headers.method -e http2.headers.path \
  -e http2.headers.status -Y 'http2.headers.path || http2.headers.status'

show kill %1
kill -TERM "$daemon"
wait "$daemon" || die "dissectd ended with status $?"
daemon=0
