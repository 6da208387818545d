#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Simulates an unreliable cable between two network namespaces.

Makes an interface `lossy0` for IP packets in each namespace and carries packets
between them. Some packets, chosen by number, are lost, swapped or repeated, so
that recordings are reproducible.

Usage: lossy_link.py NAMESPACE NAMESPACE     (paths as /proc/PID/ns/net)
"""

import contextlib
import ctypes
import fcntl
import os
import select
import struct
import sys

# Constants from linux/if_tun.h and linux/sched.h.
TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000
CLONE_NEWNET = 0x40000000

LOSE_EVERY = 13
SWAP_EVERY = 7
REPEAT_EVERY = 11


def open_interface(namespace: str) -> int:
    """Makes the interface in a namespace, and returns its descriptor."""
    with open(namespace, "rb") as file:
        if ctypes.CDLL(None).setns(file.fileno(), CLONE_NEWNET) != 0:
            raise OSError("setns failed")
    tun = os.open("/dev/net/tun", os.O_RDWR)
    request = struct.pack("16sH22x", b"lossy0", IFF_TUN | IFF_NO_PI)
    fcntl.ioctl(tun, TUNSETIFF, request)
    return tun


def write(end: int, packet: bytes) -> None:
    """Writes a packet, which is lost while the interface is down."""
    with contextlib.suppress(OSError):
        os.write(end, packet)


def main() -> None:
    ends = [open_interface(path) for path in sys.argv[1:3]]
    counts = [0, 0]
    held: list[bytes | None] = [None, None]
    while True:
        ready, _, _ = select.select(ends, [], [], 0.05)
        for side, end in enumerate(ends):
            other = ends[1 - side]
            late = held[side]
            if end not in ready:
                # No later packet can overtake it any more.
                if late is not None:
                    write(other, late)
                    held[side] = None
                continue
            packet = os.read(end, 65536)
            counts[side] += 1
            number = counts[side]
            if number % LOSE_EVERY == 0:
                continue
            if number % SWAP_EVERY == 0 and late is None:
                held[side] = packet
                continue
            write(other, packet)
            if number % REPEAT_EVERY == 0:
                write(other, packet)
            if late is not None:
                write(other, late)
                held[side] = None


if __name__ == "__main__":
    main()
