#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs a command in a folder with a Debian system. Runs in new namespaces for mounts and
# processes. Arguments: the folder of the system, the checkout, folders that the command
# may read, "--", and the command, which runs in the checkout.
set -euo pipefail

system=$1
checkout=$2
shift 2

mount --make-rprivate /
mount --bind "$system" "$system"
mount -t proc proc "$system/proc"
mount --rbind /sys "$system/sys"
mount --rbind /dev "$system/dev"
# Programs tell whether they are in a container by what is in /run.
mount -t tmpfs -o mode=755 tmpfs "$system/run"
touch "$system/etc/resolv.conf"
mount --bind "$(realpath /etc/resolv.conf)" "$system/etc/resolv.conf"
mkdir -p "$system$checkout"
mount --bind "$checkout" "$system$checkout"
while [[ $1 != -- ]]; do
  mkdir -p "$system$1"
  mount --bind "$1" "$system$1"
  mount -o remount,bind,ro "$system$1"
  shift
done
shift
cd "$system"
pivot_root . mnt
umount --lazy /mnt
cd "$checkout"
# Stays as process 1, which ends what the command has left running.
"$@"
