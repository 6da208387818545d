# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases that must fail, with the messages of dissectctl that differ."""

import pathlib
import struct

from cases import Instead, Table

# Invalid options and bad files; make_bad_files makes the latter.
TABLES: dict[str, Table] = {
    "dns.pcap": [
        ("unknown field in -e", "-T fields -e no.such.field"),
        ("unknown fields in -e", "-T json -e no.such -e ip.src -e nor.this"),
        ("unknown field in -Y", "-Y ip.adr==1"),
        ("unknown name in -Y", "-Y nosuchprotocol"),
        ("-Y that ends early", "-Y ip.src~=="),
        ("-Y without an operator", "-Y ip.src~1.2.3.4"),
        ("-Y with a bad value", "-Y ip.src~==~1.2.3.4.5"),
        ("-Y with a bad number", "-Y tcp.port~==~x80"),
        ("-Y with open brackets", "-Y (ip.src~==~1.2.3.4"),
        ("-Y with a bad set", "-Y tcp.port~in~{80~90}"),
        ("-Y with a bad expression", '-Y frame~matches~"(["'),
        ("-Y with an open quote", '-Y http.host~==~"x'),
        ("-Y with a bad slice", "-Y eth.src[x]==1"),
        ("-Y that is not ASCII", "-Y ip.src~==~Grüße"),
        ("empty -Y", "-Y "),
        ("bad -Y, two passes", "-2 -Y ip.adr"),
        ("bad -R", "-2 -R ip.adr"),
        ("-R without -2", "-R ip"),
        ("two filters", "-Y ip tcp"),
        ("a bad positional filter", "ip.src =="),
        ("unknown preference", "-o no.such.preference:1"),
        ("preference without a value", "-o tcp.relative_sequence_numbers"),
        ("empty preference", "-o tcp.relative_sequence_numbers:"),
        ("bad truth value", "-o tcp.relative_sequence_numbers:maybe"),
        ("bad number", "-o tcp.default_window_scaling:x"),
        ("bad range", "-o http.tcp.port:80-x"),
        ("bad uat", '-o uat:custom_http_header_fields:"x"'),
        ("unknown uat", '-o uat:nosuch:"x"'),
        ("bad column format", "-o gui.column.format:x"),
        ("unknown layer of -d", "-d nosuch.port==80,http"),
        ("unknown protocol of -d", "-d tcp.port==80,nosuch"),
        ("-d without a protocol", "-d tcp.port==80"),
        ("-d without a selector", "-d tcp.port,http"),
        ("-d with one equals sign", "-d tcp.port=80,http"),
        ("-d with a bad number", "-d tcp.port==x,http"),
        ("-d with a bad range", "-d tcp.port==80-x,http"),
        ("-d of a too large number", "-d tcp.port==123456,http"),
        ("unknown protocol to disable", "--disable-protocol nosuch"),
        ("unknown protocol to enable", "--enable-protocol nosuch"),
        ("older name in -e", "-T fields -e bootp.type"),
        ("older name to disable", "--disable-protocol bootp"),
        ("hosts without an entry", "-H empty.hosts"),
        ("an empty hosts file", "-H zero.pcap"),
        ("unknown heuristic", "--enable-heuristic nosuch"),
        ("unknown heuristic to disable", "--disable-heuristic nosuch"),
        ("bad -t", "-t x"),
        ("bad -u", "-u x"),
        ("bad -N", "-N x"),
        ("bad -T", "-T x"),
        ("bad -c", "-c x"),
        ("-c 0", "-c 0"),
        ("negative -c", "-c -1"),
        ("too large -c", "-c 99999999999"),
        ("bad -E", "-T fields -e ip.src -E x=y"),
        ("-E without a value", "-T fields -e ip.src -E header"),
        ("bad -E quote", "-T fields -e ip.src -E quote=x"),
        ("-T fields without -e", "-T fields"),
        ("-e without -T", "-e ip.src"),
        ("-e with -T text", "-T text -e ip.src"),
        ("-e with -T psml", "-T psml -e ip.src"),
        ("-x with -T fields", "-T fields -e ip.src -x"),
        ("-x with -T pdml", "-T pdml -x"),
        ("-x with -T psml", "-T psml -x"),
        ("--no-duplicate-keys with -T ek", "-T ek --no-duplicate-keys"),
        ("bad --hexdump", "--hexdump x"),
        ("unknown field of -j", "-T json -j nosuch"),
        ("unknown -J", "-T json -J nosuch"),
        ("-j and -J", "-T json -j dns -J ip"),
        ("unknown option", "--nosuch"),
        ("option without its value", "-T"),
    ],
    "http2-tls-dsb.pcapng": [
        ("a key log that is missing", "-o tls.keylog_file:any"),
    ],
    "missing.pcap": [("missing file", ""), ("missing file, JSON", "-T json")],
    "folder": [("folder", "")],
    "zero.pcap": [("no bytes", ""), ("no bytes, JSON", "-T json")],
    "text.pcap": [("no capture", ""), ("no capture, PDML", "-T pdml")],
    "cut-header.pcap": [("cut in the file's header", "")],
    "cut-header.pcapng": [("cut in the file's header", "")],
    "folder/cut.pcap": [("cut, in a folder", ""), ("cut, JSON", "-T json")],
    "folder/text.pcap": [("no capture, in a folder", "")],
    "cut-packet-header.pcap": [
        ("cut in a packet's header", ""),
        ("cut in a packet's header, JSON", "-T json"),
        ("cut in a packet's header, two passes", "-2 -V"),
    ],
    "cut.pcapng": [("cut", ""), ("cut, EK", "-T ek"), ("cut, -2", "-2")],
    "cut.pcap.gz": [("cut", ""), ("cut, PDML", "-T pdml"), ("cut, -2", "-2")],
    "damaged.pcap": [
        ("damaged", ""),
        ("damaged, JSON", "-T json"),
        ("damaged, two passes", "-2"),
        ("damaged, before it", "-c 1"),
    ],
    "damaged.pcap.gz": [("damaged", ""), ("damaged, -2", "-2 -T psml")],
    "unsupported.pcap": [("unknown link type", ""), ("details", "-V")],
    "name with blanks & <marks>.pcap": [
        ("in PDML", "-T pdml -c 1"),
        ("in text", "-c 1"),
    ],
}

# The daemon's errors are part of its API, and written for users of any client.
_API = "the daemon's own words"
# Only the first line is the same as tshark's.
_HELP = "what follows is a help text of our own"
_PARSER = "the command line is parsed by another library"
_STRICT = "tshark ignores what is most likely a slip of the pen"


def _api(stderr: str) -> Instead:
    return Instead(_API, stderr)


_RAW_ONLY = Instead(
    "there is no PostScript",
    "Raw packet hex data can only be printed as text, JSON, JSONRAW or EK JSON",
)

# The intended differences, by capture and name of the case.
INSTEAD: dict[tuple[str, str], Instead] = {
    ("dns.pcap", name): instead
    for name, instead in {
        "unknown field in -e": _api(
            '"no.such.field" isn\'t a field or protocol.'
        ),
        "unknown fields in -e": _api('"no.such" isn\'t a field or protocol.'),
        "unknown preference": _api(
            'There is no preference "no.such.preference".'
        ),
        "bad range": _api(
            '"80-x" isn\'t a value of the preference "http.tcp.port".'
        ),
        "bad uat": _api(
            '""x"" isn\'t a value of the preference '
            '"uat:custom_http_header_fields" '
            "(custom_http_header_fields:1: expecting field header_desc)."
        ),
        "unknown uat": _api(
            '""x"" isn\'t a value of the preference "uat:nosuch" '
            "(Unknown preference)."
        ),
        "bad column format": _api(
            '"x" isn\'t a value of the preference "gui.column.format".'
        ),
        "unknown layer of -d": _api(
            'There is no dissector table "nosuch.port".'
        ),
        "unknown protocol of -d": _api(
            'The table "tcp.port" has no protocol "nosuch".'
        ),
        "-d without a protocol": Instead(
            "a list of all protocols follows in tshark",
            'Parameter "tcp.port==80" doesn\'t follow the template '
            '"<layer_type>==<selector>,<decode_as_protocol>"',
        ),
        "-d without a selector": _api(
            '"" isn\'t a selector of the table "tcp.port".'
        ),
        "-d with a bad number": _api(
            '"x" isn\'t a selector of the table "tcp.port".'
        ),
        "-d with a bad range": _api(
            '"80-x" isn\'t a selector of the table "tcp.port".'
        ),
        "unknown protocol to disable": Instead(
            _STRICT, 'There is no protocol "nosuch".', 1
        ),
        "unknown protocol to enable": Instead(
            _STRICT, 'There is no protocol "nosuch".', 1
        ),
        "older name in -e": _api(
            '"bootp.type" isn\'t a field or protocol; its name is "dhcp.type" '
            "today."
        ),
        "older name to disable": Instead(
            "tshark ignores names that libwireshark doesn't know here",
            'There is no protocol "bootp"; its name is "dhcp" today.',
            1,
        ),
        "hosts without an entry": _api("The hosts file has no entry."),
        "unknown heuristic": _api('There is no heuristic dissector "nosuch".'),
        "unknown heuristic to disable": _api(
            'There is no heuristic dissector "nosuch".'
        ),
        "bad -t": Instead(
            _HELP, 'Invalid time stamp type "x"; it must be one of:'
        ),
        "bad -N": Instead(
            _HELP,
            "-N specifies unknown resolving option 'x'; valid options are:",
        ),
        "bad -T": Instead(
            _HELP,
            'Invalid -T parameter "x"; it must be one of: '
            "text|tabs|fields|json|jsonraw|ek|pdml|psml|none",
        ),
        "bad -E": Instead(
            _HELP, '"x" is not a valid field output option=value pair.'
        ),
        "-E without a value": Instead(
            _HELP, '"header" is not a valid field output option=value pair.'
        ),
        "bad -E quote": Instead(
            _HELP, '"quote" is not a valid field output option=value pair.'
        ),
        "bad --hexdump": Instead(
            _HELP,
            '"x" is an invalid value for --hexdump; it must be one of: '
            "all|frames|ascii|delimit|noascii",
        ),
        "-x with -T fields": _RAW_ONLY,
        "-x with -T pdml": _RAW_ONLY,
        "-x with -T psml": _RAW_ONLY,
        "unknown option": Instead(
            _PARSER,
            'There is no option "--nosuch".\nSee "dissectctl read --help".',
        ),
        "option without its value": Instead(
            _PARSER,
            'The option "-T" needs a value.\nSee "dissectctl read --help".',
        ),
    }.items()
} | {
    ("http2-tls-dsb.pcapng", "a key log that is missing"): Instead(
        "a missing file is most likely a slip of the pen",
        'Can\'t read data from "any": No such file or directory',
        1,
    ),
    ("missing.pcap", "missing file"): _api(
        'There is no file "files/missing.pcap".'
    ),
    ("missing.pcap", "missing file, JSON"): _api(
        'There is no file "files/missing.pcap".'
    ),
    ("folder", "folder"): _api('"files/folder" is a directory.'),
    # An empty file is probably a failed copy, not a capture without a header.
    ("zero.pcap", "no bytes"): Instead(
        _STRICT, 'The file "zero.pcap" is empty.', 2
    ),
    ("zero.pcap", "no bytes, JSON"): Instead(
        _STRICT, 'The file "zero.pcap" is empty.', 2
    ),
}


def make_bad_files(folder: pathlib.Path) -> None:
    """Makes damaged files from the captures in a folder."""

    def make(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)

    def read(name: str) -> bytes:
        return (folder / name).read_bytes()

    pcap = read("dns.pcap")
    pcapng = read("interfaces-comments.pcapng")
    packed = read("http1.pcap.gz")
    (folder / "folder").mkdir()
    make("zero.pcap", b"")
    for place in ("text.pcap", "folder/text.pcap"):
        make(place, b"This is no capture, whatever its name says.\n")
    make("cut-header.pcap", pcap[:10])
    make("cut-header.pcapng", pcapng[:20])
    # The file header has 24 bytes, and each packet header 16.
    first_length = struct.unpack_from("<I", pcap, 24 + 8)[0]
    second = 24 + 16 + first_length
    make("cut-packet-header.pcap", pcap[: second + 7])
    make("folder/cut.pcap", pcap[:-1])
    make("cut.pcapng", pcapng[:-100])
    make("cut.pcap.gz", packed[: len(packed) // 2])
    # The second packet claims to have 4 GB.
    make(
        "damaged.pcap",
        pcap[: second + 8] + b"\xff\xff\xff\xff" + pcap[second + 12 :],
    )
    middle = len(packed) // 2
    make(
        "damaged.pcap.gz",
        packed[:middle] + bytes(64) + packed[middle + 64 :],
    )
    make("unsupported.pcap", pcap[:20] + b"\xe7\x03\x00\x00" + pcap[24:])
    make("name with blanks & <marks>.pcap", pcap)
