# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases of capturing that tshark and dissectctl must handle alike."""

import cases
from cases import Case, Instead

# Captures that dumpcap reads from a pipe: of several link-layer types, and a
# pcapng with several interfaces.
CAPTURES = (
    "cooked-any.pcap",
    "cut-short.pcap",
    "dns.pcap",
    "empty.pcap",
    "http1-tls.pcap",
    "http2-tls-dsb.pcapng",
    "icmp-fragments.pcap",
    "interfaces-comments.pcapng",
    "ipv6.pcap",
    "merged-encapsulations.pcapng",
    "nanoseconds.pcap",
    "raw-ip-lossy.pcap",
    "snapped.pcap",
)

# The captures that are printed in all formats.
IN_ALL_FORMATS = (
    "http1-tls.pcap",
    "interfaces-comments.pcapng",
)

# Options that are tried one by one.
OPTIONS = (
    "-x",
    "-P -V",
    "-P -x",
    "-V -x -c 2",
    "-l",
    "-q",
    "-q -V",
    "-Q",
    "-Q -V",
    "-n",
    "-t ad",
    "-t dd -Y dns.flags.response==1",
    "-t e",
    "-u hms",
    "-Y dns.flags.response==1",
    "-Y dns.flags.response==1 -T json",
    "-Y tcp",
    "-Y tcp -T json",
    "-q -Y dns.flags.response==1",
    "-Q -Y dns",
    "-c 1",
    "-c 7 -V",
    "-c 7 -Y dns.flags.response==1",
    "-c 1000",
    "-a packets:5",
    "-a packets:5 -c 3",
    "-s 60 -V",
    "-O dns",
    "-S ====",
    "-T tabs",
    "-T json -x -c 3",
    "-T json --no-duplicate-keys",
    "-T ek -P",
    "-T fields -e frame.interface_name -e frame.time_relative -E header=y",
    "-T fields -e dns.qry.name -e frame.number -E quote=d -E separator=;",
    "-T pdml -e dns.id",
    "-T psml -t ad",
    "-F pcap -V",
    "-o udp.check_checksum:TRUE -V",
    "-d udp.port==53,echo",
    "--disable-protocol dns",
    "--enable-heuristic rtp_udp",
    "-z proto,colinfo,dns.id,dns.id",
    "-z proto,colinfo,dns.id,dns.id -z proto,colinfo,udp.port==53,udp.port -l",
    "-Y dns.id -z proto,colinfo,dns,dns.id",
    "-T fields -e _ws.col.Info -z proto,colinfo,dns.id,dns.id",
)

# Fields that don't depend on time stamps: both programs capture the same
# packets, but each gets its own times.
FIELDS = (
    "frame.number",
    "frame.len",
    "frame.cap_len",
    "frame.protocols",
    "frame.interface_id",
    "frame.interface_name",
    "frame.encap_type",
    "eth.src",
    "sll.pkttype",
    "ip.src",
    "ip.id",
    "ipv6.src",
    "tcp.srcport",
    "tcp.flags",
    "tcp.seq_raw",
    "tcp.analysis.flags",
    "tcp.segment_data",
    "udp.dstport",
    "http.host",
    "http.response_number",
    "dns.qry.name",
    "icmp.code",
    "data.data",
)

# Captures of live traffic on interfaces, ended by a signal.
LIVE = (
    "-i lo",
    "-i lo -p -B 4",
    "-i lo -Y udp",
    "-i lo -f udp",
    "-i lo -s 80",
    "-i any",
    "-i lo -i any -f udp~port~7777",
    "-i lo -f udp~port~7777 -i any -f udp~port~53",
    "udp",
)

# Captures that end by a stop condition.
COUNTED = (
    "-i lo -c 30 -f udp~port~9999",
    "-i lo -c 30 -s 60 -f udp~port~9999",
    "-i lo -a packets:12 -f udp~port~9999",
    "-i lo -c 30 -Y frame.number>10 udp port 9999",
)

# The ports of the udpdump of dissectctl and of that of tshark.
UDPDUMP_PORT = 5571
OTHER_UDPDUMP_PORT = 5572

# Captures of the same datagrams from udpdump, without what depends on the port.
_UDPDUMP = (
    "",
    "-f udp",
    "-Y frame.number>10",
    "-s 40",
    "-o extcap.udpdump.payload:udp",
)

_API = "the daemon's own words"
_NOTHING = "that nothing was captured needs no words"
_STRICT = "tshark ignores what is most likely a slip of the pen"


def _no_device(name: str) -> Instead:
    return Instead(
        _NOTHING,
        f'There is no device named "{name}".\n(No such device exists)',
        1,
    )


_FILTER = Instead(
    _NOTHING,
    "Invalid capture filter \"foo bar\" for interface 'Loopback'.\n\n"
    "That string isn't a valid capture filter (can't parse filter expression: "
    "syntax error).\n"
    "See the User's Guide for a description of the capture filter syntax.",
    1,
)

_DISPLAY_FILTER = Instead(
    _NOTHING,
    "Invalid capture filter \"tcp.port == 80\" for interface 'Loopback'.\n\n"
    "That string looks like a valid display filter; however, it isn't a valid\n"
    "capture filter (can't parse filter expression: syntax error).\n\n"
    "Note that display filters and capture filters don't have the same "
    "syntax,\n"
    "so you can't use most display filter expressions as capture filters.\n\n"
    "See the User's Guide for a description of the capture filter syntax.",
    1,
)

# Invalid options, with what dissectctl does if it differs.
WRONG: dict[str, Instead | None] = {
    "-i nosuch": _no_device("nosuch"),
    "-i nosuch -T json": _no_device("nosuch"),
    "-i lo -i nosuch": _no_device("nosuch"),
    "-i /nosuch": Instead(_API, 'There is no interface "/nosuch".', 1),
    "-i 99": None,
    "-i lo -f foo~bar": _FILTER,
    "-i lo foo bar": _FILTER,
    "-i lo tcp.port == 80": _DISPLAY_FILTER,
    "-i lo -i lo -f foo~bar": _FILTER,
    "-i lo -f udp udp": None,
    "-i lo -Y foo~bar": None,
    "-i lo -Y nosuch": None,
    "-i lo -Y nosuch -T json": None,
    "-i lo -Y ip.src~==": None,
    "-i lo -Y nosuch -q": None,
    "-i lo -Y nosuch -Q": None,
    "-i lo -Y ip -w x": Instead(
        "with -P they are",
        "Display filters aren't supported when capturing and saving the "
        "captured packets, unless they are printed, too (-P).",
    ),
    "-i lo -2": None,
    "-i lo -R ip": None,
    "-i lo -c x": None,
    "-i lo -c 0": None,
    "-i lo -c -1": None,
    "-i lo -a x": None,
    "-i lo -a nosuch:1": None,
    "-i lo -a :1": None,
    "-i lo -a packets:0": None,
    "-i lo -a duration:x": Instead(
        _STRICT,
        'The specified autostop duration "x" isn\'t a floating point number',
        1,
    ),
    "-i lo -a duration:0": Instead(
        _STRICT, "The specified autostop duration is zero", 1
    ),
    "-i lo -b x": None,
    "-i lo -b files:2 -w x": None,
    "-i lo -s x": None,
    "-i lo -B 0": None,
    "-i lo -M x": None,
    "-i lo -M 0": None,
    "-i lo -y NOSUCH": None,
    "-i lo -y IEEE802_11": Instead(
        _NOTHING,
        "Unable to set data link type on interface 'lo' (IEEE802_11 is not "
        "one of the DLTs supported by this device).",
        1,
    ),
    "-i lo -I": Instead(
        _NOTHING,
        'Capturing in monitor mode is not supported on device "lo".\n'
        "(That device doesn't support monitor mode)",
        1,
    ),
    "-i lo --time-stamp-type nosuch": Instead(
        _NOTHING, "Invalid argument to option: --time-stamp-type=nosuch", 1
    ),
    "-i lo -T fields": None,
    "-i lo -e ip.src": None,
    "-i lo -T fields -e nosuch": Instead(
        _API, '"nosuch" isn\'t a field or protocol.', 1
    ),
    "-i lo -o nosuch:1": Instead(_API, 'There is no preference "nosuch".', 1),
}


def nothing_came(pipe: str) -> Instead:
    """Returns the result of a capture that is interrupted before any packet."""
    return Instead(
        "tshark takes the signal for an error",
        f"Capturing on '{pipe}'\n0 packets captured",
        0,
    )


def words(options: str) -> tuple[str, ...]:
    """Splits options at blanks; a '~' stands for a blank within an option."""
    return tuple(word.replace("~", " ") for word in options.split())


def of_pipes() -> list[tuple[str, Case]]:
    """Returns captures with the cases for each."""
    pairs = []
    for capture in CAPTURES:
        for name, options in cases.FORMATS.items():
            if name == "details" or capture in IN_ALL_FORMATS:
                pairs.append((capture, Case(name, options, xml=_is_xml(name))))
    pairs += [
        ("dns.pcap", Case(text, words(text), xml=_is_xml(text)))
        for text in OPTIONS
    ]
    return pairs


def _is_xml(text: str) -> bool:
    return "pdml" in text or "psml" in text


def _of_interfaces(text: str) -> Case:
    fields = [word for field in FIELDS for word in ("-e", field)]
    # The text may end with a capture filter.
    return Case(text, ("-T", "fields", "-l", *fields, *words(text)))


def of_interfaces() -> list[Case]:
    return [_of_interfaces(text) for text in LIVE]


def counted() -> list[Case]:
    return [_of_interfaces(text) for text in COUNTED]


def udpdump_option(port: int) -> str:
    return f"extcap.udpdump.port:{port}"


def of_udpdump() -> list[Case]:
    fields = (
        *("frame.number", "frame.len", "frame.cap_len", "frame.protocols"),
        *("frame.interface_name", "frame.interface_description"),
        *("exported_pdu.ipv4_src", "data.data", "udp.srcport"),
    )
    words_of_fields = [word for field in fields for word in ("-e", field)]
    return [
        Case(
            f"udpdump {text}",
            (
                *("-i", "udpdump", "-o", udpdump_option(UDPDUMP_PORT)),
                *("-c", "20", "-l", "-T", "fields"),
                *(*words_of_fields, *words(text)),
            ),
        )
        for text in _UDPDUMP
    ]


def wrong() -> list[Case]:
    return [
        Case(text, words(text), instead=instead)
        for text, instead in WRONG.items()
    ]
