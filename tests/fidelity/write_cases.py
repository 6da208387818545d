# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases of writing that dissectctl and tshark must handle alike."""

import collections.abc
import dataclasses
import pathlib
import re
import struct

from cases import FILTER, Instead

# The file types that `tshark -F` lists.
FILE_TYPES = (
    *("pcap", "pcapng", "5views", "btsnoop", "commview-ncf", "commview-ncfx"),
    *("dct2000", "erf", "eyesdn", "k12text", "lanalyzer", "logcat"),
    *("logcat-brief", "logcat-long", "logcat-process", "logcat-tag"),
    *("logcat-thread", "logcat-threadtime", "logcat-time", "modpcap"),
    *("netmon1", "netmon2", "nettl", "ngsniffer", "ngwsniffer_1_1"),
    *("ngwsniffer_2_0", "nokiapcap", "nsecpcap", "nstrace10", "nstrace20"),
    *("nstrace30", "nstrace35", "observer", "rf5", "rh6_1pcap", "snoop"),
    *("suse6_3pcap", "visual"),
)

# Captures of different link-layer types, and one with all features of pcapng.
IN_ALL_TYPES = (
    "cooked-any.pcap",
    "dns.pcap",
    "interfaces-comments.pcapng",
    "merged-encapsulations.pcapng",
    "raw-ip-lossy.pcap",
)

# Variants to write as pcapng, for every capture.
VARIANTS: dict[str, tuple[str, ...]] = {
    "as it is": (),
    "two passes": ("-2",),
    "filter": ("-Y", FILTER),
    "filter, two passes": ("-2", "-Y", FILTER),
    "read filter": ("-2", "-R", FILTER, "-Y", "frame.number > 2"),
    "the first three": ("-c", "3"),
}


@dataclasses.dataclass(frozen=True)
class WriteCase:
    """A file to write."""

    capture: str
    name: str
    # Options after `tshark -r FILE` and `dissectctl write FILE`.
    options: tuple[str, ...] = ()
    # The file to write to; empty for a file in the test's folder.
    output: str = ""
    # Whether to compare with the compressed file, by dissectctl only.
    compressed: bool = False
    instead: Instead | None = None


# Single combinations of files and options.
SINGLE = (
    WriteCase(
        "dns.pcap",
        "no such path",
        output="/nonexistent/out.pcap",
        instead=Instead(
            "dissectctl has an exit status of its own for outputs",
            'The path to the file "/nonexistent/out.pcap" doesn\'t exist.',
            exit_code=4,
        ),
    ),
    WriteCase(
        "dns.pcap",
        "a full disk",
        ("-F", "pcap"),
        output="/dev/full",
        instead=Instead(
            "dissectctl has an exit status of its own for outputs",
            'Not all the packets could be written to the file "/dev/full"'
            " because there is no space left on the file system.",
            exit_code=4,
        ),
    ),
    WriteCase("dns.pcap", "names", ("-W", "n", "-N", "dn", "-Y", "dns")),
    WriteCase("dns.pcap", "names in a pcap", ("-W", "n", "-F", "pcap")),
    WriteCase(
        "dns.pcap",
        "comments",
        ("--capture-comment", "one", "--capture-comment", "two"),
    ),
    # The second comment has a byte that isn't UTF-8.
    WriteCase(
        "dns.pcap",
        "comments as bytes",
        ("--capture-comment", "one", "--capture-comment", "caf\udce9"),
    ),
    WriteCase(
        "interfaces-comments.pcapng", "a comment", ("--capture-comment", "one")
    ),
    WriteCase(
        "dns.pcap",
        "comments in a pcap",
        ("--capture-comment", "one", "-F", "pcap"),
        instead=Instead(
            "tshark doesn't name the type that was asked for",
            "Capture comments can't be written to files of the type pcap.\n"
            "Capture comments can only be written to files of the following "
            "types:\n"
            "    pcapng - Wireshark/... - pcapng\n"
            "    erf - Endace ERF capture",
        ),
    ),
    WriteCase(
        "dns.pcap",
        "unknown file type",
        ("-F", "nosuch"),
    ),
    WriteCase("dns.pcap", "a type without a writer", ("-F", "ascend")),
    WriteCase("dns.pcap", "bad -Y", ("-Y", "ip.adr")),
    WriteCase("dns.pcap", "bad -R", ("-2", "-R", "ip.adr")),
    WriteCase("dns.pcap", "-R without -2", ("-R", "ip")),
    WriteCase("http2-tls-dsb.pcapng", "decrypted", ("-Y", "http2")),
    WriteCase("text.pcap", "no capture"),
    WriteCase("cut-header.pcapng", "cut in the file's header"),
    WriteCase("folder/cut.pcap", "cut, in a folder"),
    WriteCase("folder/cut.pcap", "cut, two passes", ("-2", "-Y", "dns")),
    WriteCase("cut.pcapng", "cut", ("-F", "pcap")),
    WriteCase("cut.pcap.gz", "cut"),
    WriteCase("damaged.pcap", "damaged"),
    WriteCase("unsupported.pcap", "unknown link type"),
    WriteCase("dns.pcap", "compressed", compressed=True),
    WriteCase("http2-tls-dsb.pcapng", "compressed", compressed=True),
    WriteCase("dns.pcap", "compressed pcap", ("-F", "pcap"), compressed=True),
)


def all_cases(captures: pathlib.Path) -> collections.abc.Iterator[WriteCase]:
    """Returns all cases for the captures of a folder."""
    yield from SINGLE
    for capture in IN_ALL_TYPES:
        for file_type in FILE_TYPES:
            yield WriteCase(capture, file_type, ("-F", file_type))
    for path in sorted(captures.glob("*.pcap*")):
        yield WriteCase(path.name, "a pcap", ("-F", "pcap"))
        for name, options in VARIANTS.items():
            yield WriteCase(path.name, name, options)


# Bytes that differ between two runs of the same program, by file type: the time
# of writing, and bytes that wiretap doesn't initialise. In the file's header:
_CHANCE_IN_HEADER = {
    "5views": (slice(40, 44),),
    "observer": (slice(81, 103), slice(107, 111)),
}
# In the header of each record, the first of which is at byte 24:
_CHANCE_IN_RECORD = {"suse6_3pcap": slice(25, 28)}

_RECORDS = 24
_RECORD_HEADER = 28

_BLOCK_SECTION = 0x0A0D0D0A
_OPTION_APPLICATION = 4
_TSHARK = re.compile(rb"TShark \(Wireshark\) (\S+)")


def _option(code: int, value: bytes) -> bytes:
    padding = bytes(-len(value) % 4)
    return struct.pack("<HH", code, len(value)) + value + padding


def with_our_name(content: bytes) -> bytes:
    """Replaces tshark's name by dissectd's in a pcapng file."""
    if len(content) < 28:
        return content
    kind, length = struct.unpack_from("<II", content)
    if kind != _BLOCK_SECTION:
        return content
    # 24 bytes precede the options, and the block's length follows them.
    options = content[24 : length - 4]
    changed = b""
    place = 0
    while place < len(options):
        code, size = struct.unpack_from("<HH", options, place)
        value = options[place + 4 : place + 4 + size]
        match = _TSHARK.match(value)
        if code == _OPTION_APPLICATION and match is not None:
            value = b"dissectd (Wireshark " + match[1] + b")"
        changed += _option(code, value)
        place += 4 + size + -size % 4
    total = struct.pack("<I", 24 + len(changed) + 4)
    begin = content[:4] + total + content[8:24]
    return begin + changed + total + content[length:]


def _blank(content: bytearray, place: slice) -> None:
    content[place] = bytes(place.stop - place.start)


def without_chance(content: bytes, file_type: str) -> bytes:
    """Blanks the bytes that differ between runs."""
    changed = bytearray(content)
    for header_place in _CHANCE_IN_HEADER.get(file_type, ()):
        _blank(changed, header_place)
    chance = _CHANCE_IN_RECORD.get(file_type)
    place = _RECORDS
    while chance is not None and place < len(content):
        _blank(changed, slice(place + chance.start, place + chance.stop))
        (length,) = struct.unpack_from("<I", content, place + 8)
        place += _RECORD_HEADER + length
    return bytes(changed)
