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
    Case(f"dissectctl read once.pcap {_ONE_FRAME}", output="1\n"),
    Case(f"dissectctl read files/once.pcap {_ONE_FRAME}", output="1\n"),
    Case(f"dissectctl read two/twice.pcap {_ONE_FRAME}", output="1\n"),
    Case("dissectctl files upload local.pcap > name"),
    Case(f"dissectctl read local.pcap {_ONE_FRAME}", output="1\n"),
    Case(
        "dissectctl write local.pcap -w copy.pcap; cmp local.pcap copy.pcap",
        output=None,
        exit_code=1,
    ),
    Case("dissectctl capinfos -T -r -c local.pcap", output="local.pcap\t26\n"),
    Case("dissectctl files download local.pcap | cmp - local.pcap"),
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
    _says(
        "dissectctl --server=https://localhost:50051 info",
        '"https://localhost:50051" isn\'t the address of a daemon: the daemon '
        f"has no TLS. {_ADDRESSES}",
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
        "dissectctl files list --server=no-such-host",
        "The name of the host in no-such-host:50051 can't be resolved: "
        f"Could not contact DNS servers.\n{_OTHER}",
        3,
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
    Case("dissectctl captures list", output=""),
    Case("dissectctl captures", output=""),
    Case("dissectctl files | head -n 0"),
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

CASES = (*_NAMES, *_SERVERS, *_WORDS, *_FILTERS)
