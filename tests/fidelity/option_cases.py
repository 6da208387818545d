# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases with one or a few options, on captures of tests/captures."""

import wrong_cases
from cases import Case, Table

_FIELDS = (
    "-e frame.number -e ip.src -e tcp.port -e tcp.flags.syn "
    "-e _ws.col.Info -e http.host -e http.response.code"
)

_SMB2_FIELDS = "-e frame.number -e smb2.acct -e smb2.auth_frame"

# Fields of a postdissector, which needs fields of the frames in the first pass.
_TRANSUM = (
    "--enable-protocol transum -T fields -e frame.number -e transum.art "
    "-e transum.status"
)

_TABLES: dict[str, Table] = {
    "http1.pcap.gz": [
        *(
            (f"-t {kind}", f"-t {kind}")
            for kind in (
                "a",
                "ad",
                "adoy",
                "d",
                "dd",
                "e",
                "r",
                "u",
                "ud",
                "udoy",
            )
        ),
        ("-t ad, JSON", "-t ad -T json -c 3"),
        ("-t dd with a filter", "-t dd -Y http"),
        ("-t e, two passes", "-t e -2"),
        ("-u hms", "-u hms"),
        ("-u hms -t d", "-u hms -t d"),
        ("-t r -u s", "-t r -u s"),
        ("-n", "-n"),
        ("-N m", "-N m"),
        ("-N n", "-N n"),
        ("-N t", "-N t"),
        ("-N mnt", "-N mnt"),
        ("-N mntdv, details", "-N mntdv -V -c 8"),
        ("-n -N t", "-n -N t"),
        ("-N t -n", "-N t -n"),
        (
            "relative sequence numbers off",
            "-o tcp.relative_sequence_numbers:FALSE",
        ),
        (
            "preference twice",
            "-o tcp.relative_sequence_numbers:FALSE "
            "-o tcp.relative_sequence_numbers:TRUE",
        ),
        (
            "columns",
            '-o gui.column.format:"No.","%m","Time","%t",'
            '"Size","%L","Host","%Cus:http.host:0:R"',
        ),
        (
            "columns, PSML",
            '-T psml -o gui.column.format:"<&>","%m","From","%us",'
            '"To","%ud","What","%Cus:tcp.flags:0:R","How","%p"',
        ),
        (
            "columns, tabs",
            '-T tabs -o gui.column.format:"No.","%m","Delta","%Tt","Info","%i"',
        ),
        (
            "columns of several fields",
            '-o gui.column.format:"F","%Cus:http.request.method~or~'
            'http.response.code:0:R","P","%S","D","%D"',
        ),
        (
            "custom header fields",
            '-o uat:custom_http_header_fields:"ETag","a~tag" '
            "-T fields -e frame.number -e http.header.ETag",
        ),
        ("reassembly off", "-o tcp.desegment_tcp_streams:FALSE -V"),
        (
            "hidden items",
            "-o protocols.display_hidden_proto_items:TRUE -V -c 6",
        ),
        ("-d", "-d tcp.port==80,data"),
        ("-d, a range", "-d tcp.port==1-100,echo -V -c 6"),
        ("-d, a count", "-d tcp.port==80:1,rtsp"),
        ("--disable-protocol", "--disable-protocol http"),
        (
            "--disable-protocol twice",
            "--disable-protocol ipv6 --disable-protocol http -T json",
        ),
        ("--disable-heuristic", "--disable-heuristic http_tcp -V -c 8"),
        ("a postdissector", _TRANSUM),
        ("a postdissector, two passes", f"-2 {_TRANSUM}"),
        ("a postdissector, -Y", f"-2 -Y http {_TRANSUM}"),
        ("a postdissector, summary", "-2 --enable-protocol transum"),
        ("-c 1", "-c 1"),
        ("-c with a filter", "-c 12 -Y http"),
        ("-c, two passes", "-c 7 -2"),
        ("-c beyond the end", "-c 1000000"),
        ("-R -2", "-2 -R http"),
        ("-R -2 -Y", "-2 -R tcp.port==80 -Y http.request -t dd"),
        ("-R -2 -c", "-2 -R http -c 3"),
        ("-Y that passes nothing", "-Y udp"),
        ("-Y, nothing in JSON", "-Y udp -T json"),
        ("-Y, nothing in PDML", "-Y udp -T pdml"),
        (
            "-Y with strings",
            '-Y http.host~contains~"192"~&&~frame~matches~"g.t"',
        ),
        (
            "-Y with a function and a set",
            "-Y len(tcp.payload)~>~100~and~tcp.port~in~{80,~443,~8000..8100}",
        ),
        ("-Y with a slice", "-Y ip.src[3]==01~||~eth.addr[0:3]==02:00:00"),
        ("a positional filter", "http.request"),
        ("a positional filter of words", "tcp.flags.syn == 1 && ip.ttl > 1"),
        ("-q", "-q"),
        ("-q -V", "-q -V -c 2"),
        ("-q -T text", "-q -T text"),
        ("-Q", "-Q"),
        ("-l", "-l"),
        ("-P", "-P"),
        ("-P -V", "-P -V -c 8"),
        ("-P -x", "-P -x -c 8"),
        ("-x", "-x"),
        ("-T tabs", "-T tabs"),
        ("-T tabs -V", "-T tabs -V -c 2"),
        ("-T text", "-T text"),
        ("-S", "-V -S ====~next~==== -c 8"),
        ("-S without details", "-S ==== -c 4"),
        ("-S -x", "-x -S ==== -c 4"),
        ("-S -P -V -x", "-P -V -x -S ==== -c 4"),
        ("-O", "-O http,tcp"),
        ("-O, one", "-O http -Y http"),
        ("-O, unknown", "-O nonesuch -c 4"),
        ("-O -x", "-O ip -x -c 4"),
        ("--hexdump all", "--hexdump all"),
        ("--hexdump frames", "--hexdump frames"),
        ("--hexdump ascii", "--hexdump ascii -c 4"),
        ("--hexdump delimit", "--hexdump delimit -c 4"),
        ("--hexdump noascii", "--hexdump noascii -c 4"),
        ("--hexdump twice", "--hexdump frames --hexdump delimit"),
        ("--hexdump frames -V", "-V --hexdump frames --hexdump noascii"),
        ("-j", "-T json -j http~tcp"),
        ("-j, EK", "-T ek -j http~ip"),
        ("-j, PDML", "-T pdml -j http~tcp"),
        ("-J", "-T json -J http"),
        ("-J, EK", "-T ek -J tcp"),
        ("-J, PDML", "-T pdml -J tcp"),
        ("-j, raw", "-T jsonraw -j tcp -c 8"),
        ("-j, a field", "-T json -j ip~ip.src -c 4"),
        ("-T json -x", "-T json -x -c 8"),
        ("-T json -x -j", "-T json -x -j http"),
        ("-T json -P", "-T json -P -c 4"),
        ("-T ek -x", "-T ek -x -c 8"),
        ("-T ek -P", "-T ek -P"),
        ("-T ek -P -V", "-T ek -P -V -c 4"),
        ("-T pdml -P", "-T pdml -P -c 4"),
        ("-T psml -V", "-T psml -V -c 4"),
        ("--no-duplicate-keys", "-T json --no-duplicate-keys"),
        ("--no-duplicate-keys, raw", "-T jsonraw --no-duplicate-keys -c 8"),
        ("--no-duplicate-keys -x", "-T json -x --no-duplicate-keys -c 8"),
        ("-e", f"-T fields {_FIELDS}"),
        ("-e, JSON", f"-T json {_FIELDS}"),
        ("-e, raw", f"-T jsonraw {_FIELDS}"),
        ("-e -x, JSON", f"-T json -x {_FIELDS}"),
        ("-e, EK", f"-T ek {_FIELDS}"),
        ("-e, PDML", f"-T pdml {_FIELDS}"),
        ("-e, two passes", f"-T fields -2 {_FIELDS} -e http.response_in"),
        ("-e of protocols", "-T fields -e http -e tcp -e frame -e data"),
        ("-e of protocols, JSON", "-T json -e http -e ip -c 8"),
        ("-e of a text", "-T fields -e text -c 8"),
        ("-e of long values", "-T fields -e http.file_data -e tcp.segments"),
        (
            "-e of bytes and times",
            "-T fields -e tcp.payload -e frame.time -e frame.time_delta "
            "-e frame.time_relative -e tcp.time_delta -e http.time",
        ),
        (
            "-e of a column by its title",
            "-T fields -e _ws.col.No. -e _ws.col.Time -e _ws.col.Source "
            "-e _ws.col.Length",
        ),
        ("-e, the same twice", "-T fields -e ip.src -e ip.src -c 3"),
        ("-E header=y", f"-T fields -E header=y {_FIELDS}"),
        ("-E bom=y", f"-T fields -E bom=y -E header=y {_FIELDS}"),
        ("-E separator", f"-T fields -E separator=; {_FIELDS}"),
        ("-E separator=,", f"-T fields -E separator=, {_FIELDS}"),
        ("-E separator=/s", f"-T fields -E separator=/s {_FIELDS}"),
        ("-E separator=/t", f"-T fields -E separator=/t {_FIELDS}"),
        ("-E quote=d", f"-T fields -E quote=d {_FIELDS}"),
        ("-E quote=s", f"-T fields -E quote=s {_FIELDS}"),
        ("-E quote=n", f"-T fields -E quote=n {_FIELDS}"),
        ("-E occurrence=f", f"-T fields -E occurrence=f {_FIELDS}"),
        ("-E occurrence=l", f"-T fields -E occurrence=l {_FIELDS}"),
        ("-E occurrence=l, JSON", f"-T json -E occurrence=l {_FIELDS}"),
        ("-E occurrence=f, EK", f"-T ek -E occurrence=f {_FIELDS}"),
        ("-E occurrence=f, PDML", f"-T pdml -E occurrence=f {_FIELDS}"),
        ("-E aggregator", f"-T fields -E aggregator=| {_FIELDS}"),
        ("-E aggregator=/s", f"-T fields -E aggregator=/s {_FIELDS}"),
        (
            "-E, all",
            "-T fields -E header=y -E separator=, -E quote=d "
            f"-E occurrence=a -E aggregator=; {_FIELDS}",
        ),
    ],
    "http2-tls-dsb.pcapng": [
        ("-O http2", "-O http2"),
        (
            "-e of HTTP/2",
            "-T fields -e http2.streamid -e http2.header.name "
            "-e http2.header.value -E occurrence=a",
        ),
        ("-Y http2", "-Y http2 -2 -T json"),
        ("--disable-protocol", "--disable-protocol http2"),
        ("--hexdump all", "--hexdump all -V"),
        ("--no-duplicate-keys", "-T json --no-duplicate-keys"),
        ("-t ad -u hms", "-t ad -u hms"),
    ],
    "interfaces-comments.pcapng": [
        (
            "-e of comments",
            "-T fields -e frame.comment -e frame.interface_id "
            "-e frame.interface_name -e frame.encap_type",
        ),
        ("-t a", "-t a"),
        ("-t d", "-t d"),
        ("-t e", "-t e"),
        ("-t udoy -2", "-t udoy -2"),
        ("-c 3 -V", "-c 3 -V"),
        ("-Y of an interface", "-Y frame.interface_id==1 -T ek"),
        ("-J frame", "-T json -J frame"),
    ],
    "dns.pcap": [
        ("-N d", "-N d"),
        ("-N dn, details", "-N dn -V"),
        (
            "-e",
            "-T fields -e dns.qry.name -e dns.a -e dns.aaaa -e dns.txt "
            "-E occurrence=a -E aggregator=;",
        ),
        ("-e, JSON", "-T json -e dns.resp.name -e dns.resp.type"),
        ("--no-duplicate-keys", "-T json --no-duplicate-keys"),
        ("-j dns", "-T json -j dns"),
        ("-J dns", "-T ek -J dns"),
        ("-d", "-d udp.port==53,mdns"),
        ("--disable-protocol", "--disable-protocol dns -V"),
        ("-n -V", "-n -V"),
        ("-t e -T fields", "-t e -T fields -e _ws.col.Time -e frame.time"),
    ],
    "redis.pcap": [
        ("-d", "-d tcp.port==6379,data -T json -c 20"),
        ("--disable-protocol", "--disable-protocol resp"),
        ("-O resp", "-O resp -c 60"),
        ("-e", "-T fields -e resp.bulk_string -e resp.integer -c 60"),
        ("-x", "-x"),
    ],
    "icmp-fragments.pcap": [
        ("-o ip.defragment", "-o ip.defragment:FALSE -V"),
        ("-Y ip.fragment", "-Y ip.fragment~||~ipv6.fragment -T json"),
        ("--hexdump frames", "--hexdump frames"),
        ("-t dd", "-t dd -Y icmp"),
        (
            "-2 -e",
            "-2 -T fields -e ip.reassembled_in -e icmp.resp_in "
            "-e icmp.resptime",
        ),
        ("--enable-heuristic", "--enable-heuristic rtp_udp -V"),
    ],
    "raw-ip-lossy.pcap": [
        ("-Y tcp.analysis.flags", "-Y tcp.analysis.flags -V"),
        ("analysis off", "-o tcp.analyze_sequence_numbers:FALSE"),
        ("-2 -Y of the future", "-2 -Y tcp.analysis.retransmission"),
        (
            "-e of expert information",
            "-T fields -e _ws.expert.message -e _ws.expert.severity",
        ),
        ("-T ek -J tcp", "-T ek -J tcp"),
    ],
    "vxlan.pcap": [
        ("-e, occurrences", "-T fields -e ip.src -e eth.src -E occurrence=a"),
        ("-e, the last", "-T fields -e ip.src -e eth.src -E occurrence=l"),
        ("-d", "-d udp.port==4789,data"),
        ("-j", "-T json -j ip~vxlan"),
        ("-O ip", "-O ip"),
        ("--no-duplicate-keys", "-T json --no-duplicate-keys"),
    ],
    "nanoseconds.pcap": [
        *(
            (f"-t {kind}", f"-t {kind} -c 5")
            for kind in ("a", "adoy", "d", "e", "r", "ud")
        ),
        ("-u hms", "-u hms -c 5"),
    ],
    "cut-short.pcap": [
        ("-c before the cut", "-c 5"),
        ("-2 -T json", "-2 -T json"),
        ("-T ek -Y", "-T ek -Y dns"),
        ("-q", "-q"),
    ],
    "empty.pcap": [
        ("-c", "-c 1"),
        ("-e", "-T fields -E header=y -e ip.src"),
        ("-V -x -2", "-V -x -2"),
    ],
    "snapped.pcap": [
        ("-O tcp", "-O tcp"),
        ("-x -V", "-x -V"),
        ("-T jsonraw -Y http", "-T jsonraw -Y http"),
    ],
    "cooked-any.pcap": [
        ("-e", "-T fields -e sll.etype -e sll.src.eth -e sll.ifindex"),
        ("-N m", "-N m"),
    ],
    # Former names of protocols.
    "dhcp.pcap": [
        ("-d", "-d udp.port==67,bootp"),
        ("-d of a port", "-d tcp.port==9999,ssl"),
        ("-O", "-O bootp"),
        ("-O of several", "-O udp,bootp"),
        ("-O of a field", "-O bootp.option.type"),
        ("-Y", "-Y bootp"),
        ("-Y of a field", "-Y bootp.hw.type==1~&&~bootp"),
        ("-j", "-T json -j frame~bootp"),
        ("-J", "-T ek -J bootp"),
        (
            "a custom column",
            '-o gui.column.format:"A","%Cus:bootp.hw.type:0:R"',
        ),
    ],
    # SMB2 learns its names from the taps of another protocol.
    "smb2.pcap": [
        ("one pass", f"-T fields {_SMB2_FIELDS}"),
        ("-2", f"-2 -T fields {_SMB2_FIELDS}"),
        ("-2 -Y", "-2 -Y smb2.acct"),
        ("-2 -R", f"-2 -R smb2 -T fields {_SMB2_FIELDS}"),
        ("-2 -R -Y", "-2 -R smb2 -Y smb2.cmd==2 -V"),
        ("-2, JSON", "-2 -T json -Y smb2"),
        ("-2 -P -V -x", "-2 -P -V -x"),
    ],
    # A label that is the same text as the name of its protocol.
    "spanning-tree.pcap": [
        ("-e of protocols", "-T fields -e stp -e llc -e eth"),
        ("-e of protocols, JSON", "-T json -e stp -e llc"),
        ("-e of protocols, EK", "-T ek -e stp"),
        ("-e of protocols, PDML", "-T pdml -e stp"),
        ("-T pdml", "-T pdml"),
    ],
    # Items with an empty label.
    "ntp-control.pcap": [
        ("-T ek", "-T ek"),
        ("-T json", "-T json"),
        ("-T pdml", "-T pdml"),
        ("-V", "-V"),
        ("-e of a text", "-T fields -e text"),
    ],
    # No protocol `frame`, and therefore no `geninfo` in PDML.
    "sysdig.pcapng": [
        ("-T pdml", "-T pdml"),
        ("-T pdml -2", "-T pdml -2"),
        ("-T json", "-T json"),
        ("-T ek", "-T ek"),
        ("-V", "-V"),
        ("-e", "-T fields -e sysdig.cpu_id -e frame.number"),
    ],
    "merged-encapsulations.pcapng": [
        ("-e", "-T fields -e frame.encap_type -e frame.interface_id"),
        ("-Y sll", "-Y sll -T json -c 40"),
    ],
}


def _words(options: str) -> tuple[str, ...]:
    return tuple(
        word.replace("~", " ") for word in options.split(" ") if options
    )


def _case(capture: str, name: str, options: str) -> Case:
    words = _words(options)
    return Case(
        name=name,
        options=words,
        xml="pdml" in words or "psml" in words,
        instead=wrong_cases.INSTEAD.get((capture, name)),
    )


def _special() -> list[tuple[str, Case]]:
    """Returns cases with different options for the two programs."""
    cases = []
    # tshark reads the key log itself; dissectctl sends it with the request.
    for name, options in [
        ("TLS secrets", ""),
        ("TLS secrets, details", "-V"),
        ("TLS secrets, two passes, JSON", "-2 -T json"),
        ("TLS secrets, filter", "-Y http -T ek"),
        ("TLS secrets, bytes", "-x -Y http"),
    ]:
        cases.append(
            (
                "http1-tls.pcap",
                Case(
                    name,
                    _words(options),
                    ("-o", "tls.keylog_file:http1-tls.keys"),
                    ("--tls-keylog", "http1-tls.keys"),
                ),
            )
        )
    # Both programs read the file themselves.
    cases += [
        (
            "dns.pcap",
            Case(f"-H, {options}", ("-H", "names.hosts", *_words(options))),
        )
        for options in ("-N n", "-N n -2", "-N n -V -c 1", "-n")
    ]
    # The zones are given as rules, so that no zone files are needed.
    for zone in ("UTC", "IST-5:30", "<-03>3", "CET-1CEST,M3.5.0,M10.5.0/3"):
        cases += [
            (
                "dns.pcap",
                Case(
                    f"time zone {zone}, {options}",
                    _words(options),
                    time_zone=zone,
                ),
            )
            for options in ("-t ad", "-V -c 1", "-T ek -c 1", "-T json -c 1")
        ]
    return cases


def all_cases() -> list[tuple[str, Case]]:
    """Returns captures with the cases for each."""
    cases = [
        (capture, _case(capture, name, options))
        for tables in (_TABLES, wrong_cases.TABLES)
        for capture, table in tables.items()
        for name, options in table
    ]
    return cases + _special()
