#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Executes a program in a folder with the system of another release of Debian. The process
# stays the same, as do its descriptors; it sees the processes, devices and temporary files
# of this system, and the folder in which it is started. Runs as root. Arguments: the folder
# of the system, the program there, and its arguments.
set -euo pipefail

if [[ ${1:-} != --inside ]]; then
  exec unshare --mount --propagation=private "${BASH_SOURCE[0]}" --inside "$PWD" "$@"
fi
folder=$2
system=$3
shift 3
for shared in /proc /sys /dev /tmp; do
  mount --rbind "$shared" "$system$shared"
done
if [[ $folder != / && $folder != /tmp && $folder != /tmp/* ]]; then
  mkdir -p "$system$folder"
  mount --bind "$folder" "$system$folder"
  mount -o remount,bind,ro "$system$folder"
fi
# Only chroot keeps the process.
# shellcheck disable=SC2016 # The inner shell expands them.
exec chroot "$system" /bin/sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
