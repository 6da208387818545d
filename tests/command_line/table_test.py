#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks tables: their heads, and names that contain control characters."""

import os
import re
import sys

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import place

# A name that changes the colour of a terminal and forges a line.
NASTY = "nasty\x1b[31m\n  1  2020-01-01  no  forged\t\x9b.pcap"
ESCAPED = r"nasty\x1b[31m\n  1  2020-01-01  no  forged\t\u009b.pcap"

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z"

FILES_HEAD = r"       BYTES  MODIFIED                        DELETABLE  NAME\n"
CAPTURES_HEAD = r"NAME {37}  STATE {4}     PACKETS  CREATED {23}  FILES\n"
ID = "captures/[0-9a-f]{32}"
CAPTURE = f"{ID}  stopped {{13}}5  {TIME}      1\\n"

# Commands with their whole output as a regular expression. $capture is a
# capture of five packets that has ended.
TABLES = {
    "dissectctl files list dns": FILES_HEAD
    + rf"        2981  {TIME}  no         files/dns\.pcap\n",
    "dissectctl files list dns --no-headers": (
        rf"        2981  {TIME}  no         files/dns\.pcap\n"
    ),
    "dissectctl files get dns.pcap": FILES_HEAD
    + rf"        2981  {TIME}  no         files/dns\.pcap\n",
    "dissectctl files list nothing": "",
    "dissectctl files list nasty": FILES_HEAD
    + rf"           5  {TIME}  no         files/{re.escape(ESCAPED)}\n",
    "dissectctl captures": CAPTURES_HEAD + CAPTURE,
    "dissectctl captures list --no-headers": CAPTURE,
    'dissectctl captures get "$capture"': CAPTURES_HEAD
    + CAPTURE
    + r"\nFIRST PACKET     PACKETS  FILE\n"
    rf"           1           5  files/{ID}/[^ ]+\.pcapng\n",
    'dissectctl watch "$capture"': (
        r" EVENT  TIME {26}  KIND {6}  DETAILS\n"
        rf"     1  {TIME}  started     process \d+\n"
        rf"     2  {TIME}  file        files/{ID}/[^ ]+\.pcapng\n"
        rf"(     \d  {TIME}  packets     \d new, \d in all\n)+"
        rf"     \d  {TIME}  dropped     0 packets from lo\n"
        rf"     \d  {TIME}  stopped     condition, 5 packets, 0 dropped\n"
    ),
    (
        "capture=$(dissectctl capture -i lo --detach -a duration:2);"
        'dissectctl rates "$capture" --interval 0.5 | head -n 2'
    ): (
        r"TIME {26}   SECONDS     PACKETS         BYTES   DROPPED  "
        r"PROTOCOLS \(PACKETS/BYTES\)\n"
        rf"{TIME}     0\.\d{{3}}  +\d+  +\d+ {{9}}0(  \w+ \d+/\d+.*)?\n"
    ),
    "timeout 3 dissectctl interfaces --statistics | head -n 2": (
        r"TIME {26}  INTERFACE {6}  STATE    CAPTURED  RX PACKETS {6}RX BYTES  "
        r"RX DROPS  RX ERRORS  TX PACKETS {6}TX BYTES  TX DROPS  TX ERRORS\n"
        rf"{TIME}  \w+ +(up|down)( +[\d-]+){{9}}\n"
    ),
}


def main() -> int:
    place.enter_namespace()
    problems = []
    with place.new_place() as here, place.dns_traffic():
        (here.store / NASTY).write_bytes(b"12345")
        capture = here.run(
            "capture=$(dissectctl capture -i lo --detach -c 5);"
            'dissectctl watch "$capture" >&2; echo "$capture"'
        ).stdout.strip()
        for command, expected in TABLES.items():
            result = here.run(f"capture={capture}; {command}")
            if result.stderr or not re.fullmatch(expected, result.stdout):
                problems.append(
                    f"{command} prints\n{result.stdout}{result.stderr}"
                )
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
