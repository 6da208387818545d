# SPDX-License-Identifier: GPL-2.0-or-later
"""Natural mistakes on the command line, with what dissectctl says.

In the current folder are `local.pcap` and `trace.pcap`, and in the store
`dns.pcap`, `one/once.pcap`, `one/twice.pcap` and `two/twice.pcap`. FOLDER is
the folder of both.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Case:
    """A command for the shell and the expected result."""

    command: str
    errors: str = ""
    exit_code: int = 0
    # None for any.
    output: str | None = None
    # Whether `localhost` doesn't resolve.
    without_localhost: bool = False


def _says(command: str, message: str, exit_code: int = 1) -> Case:
    """Returns a case without output."""
    return Case(command, f"dissectctl: {message}\n", exit_code, "")


def _misspells(command: str, message: str, see: str = "") -> Case:
    return _says(command, f'{message}\nSee "dissectctl {see}--help".')


def _filter_says(option: str) -> Case:
    return _says(
        f"dissectctl capture -i lo {option}",
        """Invalid capture filter "tcp.port == 80" for interface 'Loopback'.

That string looks like a valid display filter; however, it isn't a valid
capture filter (can't parse filter expression: syntax error).

Note that display filters and capture filters don't have the same syntax,
so you can't use most display filter expressions as capture filters.

See the User's Guide for a description of the capture filter syntax.""",
    )


_OTHER = (
    "Name another one with --server=HOST:PORT or the variable DISSECTD_SERVER."
)
_START = "Start one with: dissectd --store=DIR"
_ADDRESSES = "Give HOST:PORT, HOST (with port 50051), or unix:/PATH."
_WITH_LOCAL = "This machine has a file of that name: add --local to use it."
_NOT_A_NAME = (
    "is a path of a file system; names in the daemon's store don't begin with "
    '"/" (dissectctl files list).'
)
_TWICE = """The store has files of that name in folders:
    one/twice.pcap
    two/twice.pcap"""

_USING_ONCE = "dissectctl: Using files/one/once.pcap.\n"
_ONE_FRAME = "-c 1 -T fields -e frame.number"

_NAMES = (
    _says(
        "dissectctl read local.pcap",
        f'There is no file "files/local.pcap".\n{_WITH_LOCAL}',
        2,
    ),
    _says(
        "dissectctl read ./local.pcap",
        '"files/./local.pcap" isn\'t a file name: a part starts with a dot.\n'
        f"{_WITH_LOCAL}",
    ),
    _says(
        'dissectctl read "$PWD/local.pcap"',
        f'"FOLDER/current/local.pcap" {_NOT_A_NAME}\n{_WITH_LOCAL}',
    ),
    _says("dissectctl read /no/such", f'"/no/such" {_NOT_A_NAME}'),
    _says(
        "dissectctl write local.pcap -w copy.pcap",
        f'There is no file "files/local.pcap".\n{_WITH_LOCAL}',
        2,
    ),
    _says(
        "dissectctl capinfos local.pcap",
        f'There is no file "files/local.pcap".\n{_WITH_LOCAL}',
        2,
    ),
    _says(
        "dissectctl files get local.pcap",
        'There is no file "files/local.pcap".\n'
        "This machine has a file of that name: upload it with: dissectctl "
        "files upload local.pcap",
        2,
    ),
    _says(
        "dissectctl read twice.pcap",
        f'There is no file "files/twice.pcap".\n{_TWICE}',
        2,
    ),
    # Only the command that deletes doesn't search.
    _says(
        "dissectctl files delete once.pcap",
        'There is no file "files/once.pcap".\n'
        "The store has files of that name in folders:\n    one/once.pcap",
        2,
    ),
    Case(f"dissectctl read once.pcap {_ONE_FRAME}", _USING_ONCE, output="1\n"),
    Case(
        f"dissectctl read files/once.pcap {_ONE_FRAME}",
        _USING_ONCE,
        output="1\n",
    ),
    # The current folder has another file of that name.
    _says(
        "echo x > once.pcap; dissectctl read once.pcap || "
        "(rm once.pcap; false)",
        'There is no file "files/once.pcap".\n'
        "The store has files of that name in folders:\n    one/once.pcap\n"
        f"{_WITH_LOCAL}",
    ),
    Case(f"dissectctl read two/twice.pcap {_ONE_FRAME}", output="1\n"),
    Case("dissectctl files upload local.pcap > name"),
    Case(f"dissectctl read local.pcap {_ONE_FRAME} 2>/dev/null", output="1\n"),
    Case(
        "dissectctl write local.pcap -w copy.pcap 2>/dev/null; "
        "cmp local.pcap copy.pcap",
        output=None,
        exit_code=1,
    ),
    Case(
        "dissectctl capinfos -T -r -c local.pcap 2>/dev/null",
        output="local.pcap\t26\n",
    ),
    Case("dissectctl files download local.pcap 2>/dev/null | cmp - local.pcap"),
    Case('dissectctl files delete "$(cat name)"'),
)

_SERVERS = (
    Case("dissectctl filter ip --server=127.0.0.1", output="ok\n"),
    Case("dissectctl --server=127.0.0.1:50051 filter ip", output="ok\n"),
    Case("dissectctl filter ip --server localhost", output="ok\n"),
    Case("dissectctl files --server=localhost list nosuch", output=""),
    Case(
        "dissectctl --server=http://localhost:50051/ filter ip", output="ok\n"
    ),
    Case("DISSECTD_SERVER=localhost dissectctl filter ip", output="ok\n"),
    Case(
        "DISSECTD_SERVER=nosuch dissectctl filter ip --server=localhost",
        output="ok\n",
    ),
    Case("dissectctl filter ip", output="ok\n", without_localhost=True),
    Case(
        "dissectctl config set-context here --server=localhost; "
        "dissectctl config use-context here; dissectctl filter ip; "
        "DISSECTD_CONTEXT=here dissectctl filter ip; "
        "dissectctl config delete-context here",
        output="ok\nok\n",
    ),
    _says(
        "XDG_CONFIG_HOME=/nonexistent dissectctl --context=nosuch info",
        'There is no context "nosuch" in "/nonexistent/dissectd/config.json".',
    ),
    _says(
        "dissectctl --tls-ca=local.pcap info",
        '"local.pcap" has no certificates of authorities in PEM.',
    ),
    _says(
        "dissectctl --token-file=nosuch info",
        'Can\'t read a token from "nosuch": No such file or directory',
    ),
    _says(
        "DISSECTD_TOKEN=secret dissectctl info --server=192.0.2.1",
        "The token isn't sent to 192.0.2.1:50051 without TLS, as others could "
        "read it. Give --tls or --tls-ca=FILE.",
    ),
    _says(
        "dissectctl --server=localhost:http info",
        '"localhost:http" isn\'t the address of a daemon: "http" isn\'t a '
        f"port. {_ADDRESSES}",
    ),
    _says(
        "dissectctl --server=127.0.0.1:1 info",
        "No daemon answers at 127.0.0.1:1: Connection refused.\n"
        f"{_START}\n{_OTHER}",
        3,
    ),
    _says(
        "dissectctl --server=unix:/no/socket read dns.pcap",
        "No daemon answers at unix:/no/socket: No such file or directory.\n"
        f"{_START}\n{_OTHER}",
        3,
    ),
    _says(
        "mkdir -m 000 closed; setpriv --bounding-set="
        "-dac_override,-dac_read_search dissectctl --server=unix:closed/socket "
        "info",
        "You may not use the socket unix:closed/socket (permission denied).\n"
        "Ask the daemon's operator to let you, such as by membership of the "
        "socket's group.",
        3,
    ),
    _says(
        "dissectctl files list --server=no-such-host",
        "The name of the host in no-such-host:50051 can't be resolved: "
        f"Could not contact DNS servers.\n{_OTHER}",
        3,
    ),
)

_SET = "dissectctl config set-context wrong --server="

_CONTEXTS = (
    _says(
        f"{_SET}localhost:http",
        '"localhost:http" isn\'t the address of a daemon: "http" isn\'t a '
        f"port. {_ADDRESSES}",
    ),
    _says(
        f"{_SET}unix:",
        '"unix:" isn\'t the address of a daemon: the path is missing. '
        f"{_ADDRESSES}",
    ),
    _says(
        f"{_SET}localhost --tls-ca=nosuch.pem",
        "Can't read certificates of authorities from "
        '"FOLDER/current/nosuch.pem": No such file or directory',
    ),
    _says(
        f"{_SET}localhost --token-file=nosuch",
        'Can\'t read a token from "FOLDER/current/nosuch": No such file or '
        "directory",
    ),
    _says(
        f"{_SET}unix:/run/socket --tls",
        "TLS isn't for unix:/run/socket: a Unix socket doesn't leave this "
        "machine. Leave the options about TLS out.",
    ),
    _says(
        f"{_SET}http://localhost --tls",
        '"http://localhost" is an address without TLS: write https:// if the '
        "daemon speaks TLS; otherwise leave the options about TLS out.",
    ),
    _says(
        f"{_SET}localhost --tls-key=local.pcap",
        "A certificate and its key belong together: give both "
        "--tls-certificate and --tls-key.",
    ),
    # Nothing of these was stored.
    Case("dissectctl config get-contexts", output=""),
)

_TOKENS = (
    _misspells(
        "dissectctl token create alice --expires ''",
        "--expires: the value is empty",
        "token create ",
    ),
    _misspells(
        "dissectctl token create --append= alice",
        'The option "--append" needs a value.',
        "token create ",
    ),
    _says(
        "dissectctl token create alice --expires 2020-01-01T00:00:00Z",
        'The time "2020-01-01T00:00:00Z" has passed.',
    ),
    _says(
        "dissectctl token create alice --output local.pcap",
        'Can\'t write "local.pcap": File exists',
    ),
    _says(
        "dissectctl token create alice --append /proc/no --output new || "
        "(cat new; false)",
        'Can\'t write "/proc/no": No such file or directory\n'
        "cat: new: No such file or directory",
    ),
    Case(
        "umask 0; dissectctl token create alice --output new > lines; "
        "grep -c '^alice sha256:' lines; grep -c '^dissectd_' new; "
        "stat -c %a new",
        output="1\n1\n600\n",
    ),
)

_WORDS = (
    _misspells("dissectctl", "A command is missing."),
    _misspells(
        "dissectctl raed dns.pcap -Y dns",
        'There is no command "raed"; did you mean "read"?',
    ),
    _misspells(
        "dissectctl list",
        'There is no command "list"; did you mean "files list"?',
    ),
    _misspells(
        "dissectctl files lst",
        'There is no command "files lst"; did you mean "files list"?',
        "files ",
    ),
    _misspells("dissectctl frobnicate", 'There is no command "frobnicate".'),
    _misspells(
        "dissectctl dns.pcap",
        'There is no command "dns.pcap"; to read a capture: dissectctl read '
        "dns.pcap",
    ),
    _misspells(
        "dissectctl local.pcap",
        'There is no command "local.pcap"; to read a capture: dissectctl read '
        "--local local.pcap",
    ),
    _misspells(
        "dissectctl -r dns.pcap",
        'There is no option "-r"; did you mean "read"?',
    ),
    _misspells(
        "dissectctl --nosuch info", 'There is no option "--nosuch".', "info "
    ),
    _misspells(
        "dissectctl --local read local.pcap",
        'The option "--local" belongs after "read".',
        "read ",
    ),
    _misspells(
        "dissectctl read dns.pcap --disply-filter=dns",
        'There is no option "--disply-filter"; did you mean '
        '"--display-filter"?',
        "read ",
    ),
    _misspells(
        "dissectctl read --nosuch", 'There is no option "--nosuch".', "read "
    ),
    _misspells("dissectctl read", "FILE is required", "read "),
    _misspells(
        "dissectctl read dns.pcap -T", 'The option "-T" needs a value.', "read "
    ),
    _misspells(
        "dissectctl files get dns.pcap redis.pcap",
        '"files get" takes no argument "redis.pcap" here.',
        "files get ",
    ),
    _misspells("dissectctl stop", "CAPTURE is required", "stop "),
    _misspells("dissectctl rates", "CAPTURE is required", "rates "),
    _misspells("dissectctl files get", "FILE is required", "files get "),
    _misspells("dissectctl files delete", "FILE is required", "files delete "),
    _misspells("dissectctl capinfos", "FILE is required", "capinfos "),
    _misspells("dissectctl filter", "FILTER is required", "filter "),
    _misspells("dissectctl write dns.pcap", "-w is required", "write "),
    _misspells(
        "dissectctl tshak -r dns.pcap",
        'There is no command "tshak"; did you mean "tshark"?',
    ),
    _says(
        "dissectctl --server=localhost tshark -r dns.pcap",
        '"tshark" must be the first word; the variable DISSECTD_SERVER has '
        "the daemon's address.",
    ),
    _misspells("dissectctl help nosuch", 'There is no command "nosuch".'),
    _misspells(
        "dissectctl help raed",
        'There is no command "raed"; did you mean "read"?',
    ),
    _misspells(
        "dissectctl raed --help",
        'There is no command "raed"; did you mean "read"?',
    ),
    _misspells(
        "dissectctl help files lst",
        'There is no command "files lst"; did you mean "files list"?',
        "files ",
    ),
    Case(
        "dissectctl --help | grep -c '^  tshark '; "
        "dissectctl help tshark | grep -c '^Usage: tshark '",
        output="1\n1\n",
    ),
    _misspells(
        "dissectctl version",
        'There is no command "version"; did you mean "--version"?',
    ),
    _misspells(
        "dissectctl info all", '"info" takes no argument "all" here.', "info "
    ),
    _misspells(
        "dissectctl interfaces lo",
        '"interfaces" takes no argument "lo" here.',
        "interfaces ",
    ),
    Case("dissectctl captures list", output=""),
    Case("dissectctl captures", output=""),
    Case("dissectctl files | head -n 0"),
)

_LOCAL_FILES = (
    # tshark takes an unknown time zone for UTC.
    Case(
        f"TZ=No/Zone dissectctl tshark -r trace.pcap {_ONE_FRAME}",
        output="1\n",
    ),
    # What another program has read isn't part of the capture.
    _says(
        "(dd bs=24 count=1 of=head 2>/dev/null; "
        "dissectctl read --local -) < trace.pcap",
        "The standard input isn't a capture file in a format dissectd "
        "understands.",
        2,
    ),
)

_CAPTURES = (
    _says(
        'dissectctl capture -i ""',
        "There is no interface with that adapter index",
    ),
    _says(
        "dissectctl capture -i lo --extcap-argument count=1",
        '--extcap-argument needs an interface of an extcap program; "lo" is '
        "none that the operator allows.",
    ),
)

_FILTERS = (
    Case("dissectctl filter tcp.port == 80", output="ok\n"),
    _says(
        "dissectctl filter tcp.port == 80 and ip.adr",
        "ip.adr is neither a field nor a protocol name.\n"
        "    tcp.port == 80 and ip.adr\n"
        "                       ^~~~~~",
        4,
    ),
    _filter_says("-f 'tcp.port == 80'"),
    _filter_says("tcp.port == 80"),
    _says(
        "dissectctl capture -i lo -f 'foo bar'",
        "Invalid capture filter \"foo bar\" for interface 'Loopback'.\n\n"
        "That string isn't a valid capture filter (can't parse filter "
        "expression: syntax error).\n"
        "See the User's Guide for a description of the capture filter syntax.",
    ),
)


def _means(command: str, word: str, meant: str, see: str) -> Case:
    kind = "option" if word.startswith("-") else "command"
    return _misspells(
        command, f'There is no {kind} "{word}"; did you mean "{meant}"?', see
    )


# Words of other programs.
_SYNONYMS = (
    _means("dissectctl files rm a", "files rm", "files delete", "files "),
    _means("dissectctl files put a", "files put", "files upload", "files "),
    _means("dissectctl files ls", "files ls", "files list", "files "),
    _means("dissectctl files cat a", "files cat", "files download", "files "),
    _means("dissectctl captures stop a", "captures stop", "stop", "captures "),
    _means(
        "dissectctl captures rm a",
        "captures rm",
        "captures delete",
        "captures ",
    ),
    _means("dissectctl read -r dns.pcap", "-r", "read FILE", "read "),
    _means("dissectctl read dns.pcap -w a", "-w", "write", "read "),
    _means("dissectctl read dns.pcap -f dns", "-f", "-Y", "read "),
    _means("dissectctl read dns.pcap --filter=a", "--filter", "-Y", "read "),
    _means("dissectctl read dns.pcap --json", "--json", "-T json", "read "),
    _means("dissectctl read -i lo", "-i", "capture -i", "read "),
    _means("dissectctl capture -r dns.pcap", "-r", "read", "capture "),
    _means("dissectctl capture --filter udp", "--filter", "-f", "capture "),
    _means("dissectctl write dns.pcap --output a", "--output", "-w", "write "),
    _means("dissectctl write dns.pcap -w a -V", "-V", "read -V", "write "),
)

_VALUES = (
    _misspells(
        "dissectctl glossary field",
        'REPORT: "field" isn\'t a report; did you mean "fields"?',
        "glossary ",
    ),
    _misspells(
        "dissectctl glossary frobnicate",
        'REPORT: "frobnicate" isn\'t a report.',
        "glossary ",
    ),
    _misspells(
        "dissectctl rates a --interval 0",
        '--interval: "0" isn\'t a number from 0.1 to 3600',
        "rates ",
    ),
    _misspells(
        "dissectctl rates a --top ten",
        '--top: "ten" isn\'t a number from 1 to 1000',
        "rates ",
    ),
    _misspells(
        "dissectctl watch a --after x",
        'The option "--after" takes a number, not "x".',
        "watch ",
    ),
    _misspells(
        "dissectctl read --tls-ca= dns.pcap",
        'The option "--tls-ca" needs a value.',
        "read ",
    ),
    _misspells(
        "dissectctl --tls-ca= read dns.pcap",
        'The option "--tls-ca" needs a value.',
    ),
    _misspells(
        "dissectctl read dns.pcap --tls-ca ''",
        "--tls-ca: the value is empty",
        "read ",
    ),
    _misspells(
        "dissectctl read dns.pcap --nosuch=",
        'There is no option "--nosuch".',
        "read ",
    ),
    Case(
        "dissectctl read dns.pcap -Y '' -c 1 -T fields -e frame.number",
        output="1\n",
    ),
    _misspells(
        "dissectctl read dns.pcap --server",
        'The option "--server" needs a value.',
        "read ",
    ),
    _says(
        "dissectctl read dns.pcap -c ten",
        'The specified packet count "ten" isn\'t a decimal number',
    ),
    _says(
        "dissectctl read dns.pcap -T xml",
        'Invalid -T parameter "xml"; it must be one of: '
        "text|tabs|fields|json|jsonraw|ek|pdml|psml|none",
    ),
    _says(
        "dissectctl read dns.pcap -e ip.src",
        'Output fields were specified with "-e", but "-Tek, -Tfields, -Tjson '
        'or -Tpdml" was not specified.',
    ),
    _says(
        "dissectctl read dns.pcap -T fields",
        '"-Tfields" was specified, but no fields were specified with "-e".',
    ),
    _says("dissectctl read dns.pcap -o dns", 'Invalid -o flag "dns"'),
    _says("dissectctl capture -i lo -a 5", 'Invalid or unknown -a flag "5"'),
    _says(
        "dissectctl capture -i lo -F gzip",
        '"gzip" isn\'t a valid capture file type; it must be pcap or pcapng',
    ),
    _says(
        "dissectctl capture -w /tmp/a",
        "-w names a file in the daemon's store, without folders; it can't be "
        '"/tmp/a". To write to this machine: --output /tmp/a',
    ),
    _says(
        "dissectctl read -",
        'There is no file "files/-".\nTo read standard input, add --local.',
        2,
    ),
    _says(
        "dissectctl read --local nosuch.pcap",
        'The file "nosuch.pcap" doesn\'t exist.',
        2,
    ),
    _says(
        "dissectctl files upload nosuch.pcap",
        'The file "nosuch.pcap" doesn\'t exist.',
        2,
    ),
    _says(
        "dissectctl capture -i lo lo",
        "Invalid capture filter \"lo\" for interface 'Loopback'.\n\n"
        "That string isn't a valid capture filter (can't parse filter "
        "expression: syntax error).\n"
        "See the User's Guide for a description of the capture filter syntax."
        '\n\nTo capture from the interface "lo", use: -i lo',
    ),
)


# Options that have no effect together.
_CONTRADICTIONS = (
    *(
        _misspells(
            f"dissectctl {command} dns.pcap --session a",
            "FILE excludes --session",
            f"{command} ",
        )
        for command in ("follow", "objects list", "objects save", "tls-secrets")
    ),
    _misspells(
        "dissectctl stat dns.pcap --session a -z io,phs",
        "FILE excludes --session",
        "stat ",
    ),
    _misspells(
        "dissectctl follow dns.pcap dns",
        '"follow" takes no argument "dns" here.',
        "follow ",
    ),
    _misspells(
        "dissectctl tls-secrets dns.pcap -Y dns",
        'There is no option "-Y".',
        "tls-secrets ",
    ),
    _means(
        "dissectctl stat dns.pcap -z io,phs -Y dns",
        "-Y",
        "-z REPORT,FILTER",
        "stat ",
    ),
    _means(
        "dissectctl session open dns.pcap -Y dns",
        "-Y",
        "read --session -Y",
        "session open ",
    ),
    _says(
        "dissectctl stat a --watch -z io,phs --until 5",
        "--until can't be used with --watch.",
    ),
    _says(
        "dissectctl stat a --watch -z io,stat,1 --plot-size 9x9",
        "--plot-size can't be used with --watch.",
    ),
    _misspells("dissectctl frame a 1 -q", 'There is no option "-q".', "frame "),
    _means(
        "dissectctl frame a 1 -d tcp.port==1,http",
        "-d",
        "session open -d",
        "frame ",
    ),
    _means("dissectctl frame a 1 -t ad", "-t", "session open -t", "frame "),
    _says(
        "dissectctl read --session a --local dns",
        "--local is about FILE; it can't be combined with --session.",
    ),
    _says(
        "dissectctl stat --session a -z io,phs -2",
        "-2 can't be combined with --session: sessions always read their "
        "captures in two passes.",
    ),
    _says(
        "dissectctl stat --session a -z io,phs -t ad",
        "-t has no effect on a session, which has its own options: give it to "
        '"dissectctl session open".',
    ),
    _says(
        "dissectctl read --session a dns.pcap",
        '"dns.pcap" can\'t be combined with --session, which takes the place '
        "of FILE.",
    ),
    _misspells(
        "dissectctl stat dns.pcap -z tcp,graph,0 --plot rtt",
        '"stat" takes no argument "rtt" here; did you mean "--plot=rtt"?',
        "stat ",
    ),
    _says(
        "dissectctl session edit a --comment 3:x --no-comments 1-4",
        "Frame 3 is named by both --comment and --no-comments; --comment "
        "replaces the comments that a frame has.",
    ),
    _says(
        "dissectctl session edit a --shift=1 --shift=2",
        "--shift is given more than once; a session has one shift of all "
        "times.",
    ),
    _misspells(
        "dissectctl session close", "SESSION is required", "session close "
    ),
    _misspells(
        "dissectctl session close a --all",
        "SESSION excludes --all",
        "session close ",
    ),
    _says(
        "dissectctl split dns.pcap -w a.pcapng -c 10 -i 2",
        "Only one of these can be given: -c, -i.",
    ),
    _says(
        "dissectctl split dns.pcap -w a.pcapng",
        "One of -c, -i, --bytes and --stream is required.",
    ),
    _misspells(
        "dissectctl session edit a --capture-comment x --no-capture-comments",
        "--capture-comment excludes --no-capture-comments",
        "session edit ",
    ),
    _says(
        "dissectctl split dns.pcap -w a.pcapng -c 1 -d tcp.port==1,http",
        "-d needs --stream: otherwise nothing is dissected.",
    ),
    _says(
        "dissectctl capture -i lo --detach -V",
        "-V is about packets that are printed; it can't be combined with "
        "--detach.",
    ),
    _says(
        "dissectctl capture -i lo --detach -Y dns",
        "--display-filter is about packets that are printed; it can't be "
        "combined with --detach.",
    ),
    _says(
        "dissectctl glossary fields -C Default",
        "-C has an effect on currentprefs only.",
    ),
)


_OPEN = "session=$(dissectctl session open dns.pcap)"
_CLOSE = 'dissectctl session close "$session"'

_NO_FRAMES = (
    "dissectctl: There is no frame 999; the session has 26.\n"
    "dissectctl: There is no frame 998; the session has 26.\n"
)

_SESSIONS = (
    # Each occurrence of an option counts, in the order of the command line.
    Case(
        f'{_OPEN}; dissectctl session edit "$session" --mark 1 --mark 2,9 '
        "--unmark 1 --mark 20-26 --unmark 20-24 --ignore 3 --ignore 5 "
        "--no-comments 4 --no-comments 6 --unmark 8 --mark 8; "
        f'dissectctl session edit "$session"; {_CLOSE}',
        output="--no-comments 4\n--no-comments 6\n--ignore 3,5\n"
        "--mark 2,8-9,25-26\n",
    ),
    # What is printed is the arguments that make the same edits.
    Case(
        f"{_OPEN}; copy=$(dissectctl session open dns.pcap); "
        'dissectctl session edit "$session" --comment "3:it\'s lost" '
        '--comment "2:a\n\'b" --capture-comment "a # b" --shift=-0.5; '
        'dissectctl session edit "$session" | tee edits; '
        'bash -c "dissectctl session edit $copy $(tr "\\n" " " < edits)"; '
        'dissectctl session edit "$copy" | cmp - edits; '
        f'dissectctl session close "$copy"; {_CLOSE}',
        output="--comment $'2:a\\n\\'b'\n--comment '3:it'\\''s lost'\n"
        "--capture-comment 'a # b'\n--shift -0.500000000\n",
    ),
    # The other frames are printed.
    Case(
        f'{_OPEN}; dissectctl frame "$session" 999 3 998 1 -T fields '
        f"-e frame.number || code=$?; {_CLOSE}; exit $code",
        _NO_FRAMES,
        2,
        "3\n1\n",
    ),
    Case(
        f'{_OPEN}; dissectctl frame "$session" 999 998 -T json || code=$?; '
        f"{_CLOSE}; exit $code",
        _NO_FRAMES,
        2,
        "",
    ),
    Case(
        f'{_OPEN}; dissectctl frame "$session" 3 999 -T json 2>/dev/null '
        f"| tail -n 1; {_CLOSE}",
        output="]\n",
    ),
    Case(
        f'{_OPEN}; dissectctl frame "$session" 3 999 -T pdml 2>/dev/null '
        f"| grep -c '^</pdml>'; {_CLOSE}",
        output="1\n",
    ),
    # The format of times is one of the options of a session.
    Case(
        "session=$(dissectctl session open dns.pcap -t ud); "
        'dissectctl frame "$session" 1 | grep -c "20..-..-.. ..:..:.."; '
        'dissectctl session reload "$session" -t e; '
        'dissectctl read --session "$session" | head -n 1 '
        f"| grep -c '^ *1 [0-9]*[.][0-9]* '; {_CLOSE}",
        output="1\n1\n",
    ),
    # Edits name frames by numbers.
    Case(
        f'{_OPEN}; dissectctl session reload "$session" -R udp; '
        'dissectctl session edit "$session" --mark 2; '
        'dissectctl session reload "$session" -R udp -n; '
        f'dissectctl session reload "$session" -R tcp; {_CLOSE}',
        "dissectctl: Warning: another -R numbers the frames differently, but "
        "the edits of the session stay with the numbers.\n",
        output="",
    ),
    Case(
        f"{_OPEN}; dissectctl session open dns.pcap > name; "
        'dissectctl session close nosuch "$session" || echo $?; '
        "dissectctl session list --no-headers | wc -l; "
        "dissectctl session close --all; dissectctl session list",
        'dissectctl: You have no open session "sessions/nosuch".\n',
        output="2\n1\n",
    ),
    Case(
        "session=$(dissectctl session open dns.pcap -R 'udp && dns'); "
        f'dissectctl session show "$session" | tail -n 3; {_CLOSE}',
        output="\nREAD FILTER\nudp && dns\n",
    ),
    _says(
        "dissectctl session open dns.pcap --idle-timeout soon",
        'The specified idle time-out "soon" isn\'t a floating point number',
    ),
    _says(
        "dissectctl session open dns.pcap --idle-timeout 0",
        "The specified idle time-out is zero",
    ),
    _says(
        "dissectctl session open dns.pcap --idle-timeout 99999999999",
        'The specified idle time-out "99999999999" is too large (greater than '
        "2147483647)",
    ),
    Case(
        "session=$(dissectctl session open dns.pcap --idle-timeout 1e9); "
        f"{_CLOSE}",
    ),
    _says(
        "dissectctl session edit a --mark 1-",
        '"1-" isn\'t a list of frames: numbers and ranges, such as 3,7-9.',
    ),
)

_REPORTS = (
    _says(
        "dissectctl stat dns.pcap -z nosuch",
        'There is no report "nosuch".\n"dissectctl reports" lists them.',
    ),
    Case(
        "dissectctl objects list dns.pcap --type nosuch",
        'dissectctl: There is no type of objects "nosuch".\n'
        "dissectctl: There are: dicom, ftp-data, http, imf, smb, tftp\n",
        1,
    ),
    Case(
        "dissectctl follow dns.pcap --follower nosuch 2>&1 "
        "| sed 's/: DCCP, .*TCP, TLS.*/: .../'",
        output='dissectctl: There is no follower "nosuch".\n'
        "dissectctl: There are: ...\n",
    ),
    _says(
        "dissectctl follow dns.pcap --follower HTTP2 --stream 0",
        "A stream of HTTP2 needs --sub-stream, too.",
    ),
    _says(
        "dissectctl stat dns.pcap -z io,stat,1,ip.adr",
        'Couldn\'t register io,stat tap: Filter "ip.adr" is invalid - '
        "ip.adr is neither a field nor a protocol name.",
        2,
    ),
    _says(
        "dissectctl stat dns.pcap -z 'io,stat,1,COUNT(x)x'",
        "There is no field named 'x'.",
    ),
    Case(
        "dissectctl tshark -r trace.pcap -q -z 'io,stat,1,COUNT(x)x'",
        "tshark: There is no field named 'x'.\n",
        10,
    ),
    _says(
        "dissectctl stat dns.pcap -z io,stat,1 --plot-size 1x1",
        '"1x1" isn\'t the size of a plot; it is written as 100x30, in '
        "characters, from 30x8 to 1000x1000.",
    ),
    Case(
        "dissectctl stat dns.pcap -z io,stat,1 --plot-svg - | grep -c '^<svg '",
        output="1\n",
    ),
    Case(
        "dissectctl merge dns.pcap dns.pcap -w both.pcapng > name; "
        "dissectctl merge dns.pcap dns.pcap -w both.pcapng",
        'dissectctl: There is a file "files/exports/both.pcapng" already.\n',
        4,
    ),
)


def _no_capture(command: str) -> Case:
    return _says(
        f"dissectctl {command} nosuch",
        'There is no capture "captures/nosuch".\n'
        "To list them: dissectctl captures",
        2,
    )


_NAMES_OF_CAPTURES = (
    _no_capture("stop"),
    _no_capture("watch"),
    _no_capture("captures get"),
    _no_capture("captures delete"),
    Case(
        "dissectctl capture -i lo --detach -w mine.pcapng > id; "
        "dissectctl stop $(cut -c 10-17 id) > totals; "
        "dissectctl captures get mine.pcapng --no-headers | grep -c $(cat id)",
        output="2\n",
    ),
    _says(
        "dissectctl session open captures/nosuch",
        'There is no capture "captures/nosuch".\n'
        "To list them: dissectctl captures",
        2,
    ),
    Case(
        'session=$(dissectctl session open "$(cut -c 1-17 id)"); '
        'dissectctl session show "$session" --no-headers | grep -c $(cat id); '
        'dissectctl session close "$session"',
        output="1\n",
    ),
    # Only the command that deletes doesn't search.
    Case(
        'dissectctl captures delete mine.pcapng 2>&1 | sed "s=$(cat id)=ID="',
        output='dissectctl: There is no capture "captures/mine.pcapng".\n'
        "These have a file of that name, or a name that begins so:\n    ID\n",
    ),
    Case('dissectctl captures delete --files "$(cat id)"', output=""),
)

# As tshark, dissectctl prints colors on some terminals only. `script` runs a
# command on one.
_COLOR = "script -qec 'dissectctl tshark -r trace.pcap --color -c 1' /dev/null"

_COLORS = (
    Case(f"COLORTERM=truecolor {_COLOR} | grep -c '48;2;'", output="1\n"),
    Case(
        f"COLORTERM=256 {_COLOR} | grep -c '48;2;'",
        output="0\n",
        exit_code=1,
    ),
    Case("dissectctl tshark -r trace.pcap --color -c 1 > frames"),
)

_MISSING_DATA = (
    _says(
        "dissectctl stat dns.pcap -z tcp,graph,99 --plot",
        "There is nothing to draw: the capture has no stream for "
        '"tcp,graph,99".',
        2,
    ),
    _says(
        ": > empty.pcap; dissectctl read --local empty.pcap",
        'The file "empty.pcap" is empty.',
        2,
    ),
)

CASES = (
    *_NAMES,
    *_SERVERS,
    *_CONTEXTS,
    *_TOKENS,
    *_WORDS,
    *_LOCAL_FILES,
    *_FILTERS,
    *_SYNONYMS,
    *_VALUES,
    *_CONTRADICTIONS,
    *_SESSIONS,
    *_REPORTS,
    *_CAPTURES,
    *_NAMES_OF_CAPTURES,
    *_COLORS,
    *_MISSING_DATA,
)
