#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Starts systemd in a folder with a Debian system. Runs in new namespaces for
# mounts, processes, cgroups, the network, IPC and the host's name. Arguments: the
# folder, and a folder with Debian packages that have been downloaded before.
set -euo pipefail

root=$1
archives=$2

mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount --bind "$archives" "$root/var/cache/apt/archives"
cd "$root"
pivot_root . mnt
umount --lazy /mnt
# systemd doesn't look for hardware if it is in a container.
container="test" exec /lib/systemd/systemd systemd.unified_cgroup_hierarchy=1 \
  </dev/null >/dev/null 2>&1
