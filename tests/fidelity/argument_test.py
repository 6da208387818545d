#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Gives dissectctl arguments that aren't UTF-8, and older names of settings.

Arguments that tshark takes as bytes are taken as bytes here, too; all others
are refused with a message of the programs' own. No library writes to the
terminal or breaks the daemon's log, whose lines are JSON.
"""

import dataclasses
import json
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import daemon
import programs
import protocol_captures

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"

DISSECTCTL = str(RUNFILES / "clients/cli/dissectctl")
FILTER = b'frame contains "\xfc"'
FIELDS = b"-T fields -e frame.number -e frame.protocols".split()


@dataclasses.dataclass(frozen=True)
class Case:
    """A command and the expected result."""

    arguments: tuple[bytes, ...]
    output: bytes = b""
    # The lines of standard error, without the program's name at the beginning.
    errors: tuple[bytes, ...] = ()
    exit_code: int = 0


def not_utf8(name: bytes, value: bytes, command: bytes) -> tuple[bytes, ...]:
    return (
        name + b': "' + value + b"\" isn't valid UTF-8",
        b'See "dissectctl ' + command + b' --help".',
    )


def no_such_name(name: bytes) -> tuple[bytes, ...]:
    return (b'"' + name + b"\" isn't valid UTF-8, as names on the server are.",)


READ = b"read latin1.pcap".split()
CASES = (
    Case((*READ, b"-Y", FILTER, *FIELDS), b"1\teth:ethertype:ip:udp:data\n"),
    Case((*READ, FILTER, *FIELDS), b"1\teth:ethertype:ip:udp:data\n"),
    Case(
        (*READ, b"-2", b"-R", FILTER, *FIELDS),
        b"1\teth:ethertype:ip:udp:data\n",
    ),
    Case((*READ, b"-Y", b'frame contains "\xfd"', *FIELDS)),
    Case((b"filter", FILTER), b"ok\n"),
    Case(
        (b"filter", b'nosuch contains "\xfc"'),
        errors=(
            b"Left side of contains expression must be a field or function, "
            b"not nosuch.",
            b'    nosuch contains "\xef\xbf\xbd"',
            b"    ^~~~~~",
        ),
        exit_code=4,
    ),
    Case(
        (b"filter", b'frame contains "\xfc\xfc" && nosuch'),
        errors=(
            b"nosuch is neither a field nor a protocol name.",
            b'    frame contains "\xef\xbf\xbd\xef\xbf\xbd" && nosuch',
            b"                           ^~~~~~",
        ),
        exit_code=4,
    ),
    Case(
        (*READ, b"-c", b"1", b"-o", b'gui.column.format:"\xfc","%m"'),
        b"    1\n",
    ),
    Case(
        (*READ, b"-o", b"\xfc.x:1"),
        errors=no_such_name(b"\xfc.x"),
        exit_code=1,
    ),
    Case(
        (*READ, b"-d", b"udp.port==1,\xfc"),
        errors=no_such_name(b"\xfc"),
        exit_code=1,
    ),
    Case(
        (*READ, b"-T", b"fields", b"-e", b"\xfc"),
        errors=not_utf8(b"-e", b"\xfc", b"read"),
        exit_code=1,
    ),
    Case(
        (*READ, b"--enable-protocol", b"\xfc"),
        errors=not_utf8(b"--enable-protocol", b"\xfc", b"read"),
        exit_code=1,
    ),
    Case(
        (b"read", b"\xfc.pcap"),
        errors=no_such_name(b"\xfc.pcap"),
        exit_code=1,
    ),
    Case(
        (b"files", b"get", b"\xfc.pcap"),
        errors=not_utf8(b"FILE", b"\xfc.pcap", b"files get"),
        exit_code=1,
    ),
    Case(
        (b"capinfos", b"\xfc.pcap"),
        errors=no_such_name(b"\xfc.pcap"),
        exit_code=2,
    ),
    Case(
        (b"capture", b"-i", b"\xfc"),
        errors=not_utf8(b"--interface", b"\xfc", b"capture"),
        exit_code=1,
    ),
    # An uploaded file has a name on the server, which replaces the bytes.
    Case(
        (b"read", b"--local", b"./\xfc.pcap", *FIELDS, b"-c", b"1"),
        b"1\teth:ethertype:ip:udp:data\n",
    ),
    # libwireshark converts the older name of this setting.
    Case(
        (
            *READ,
            *(b"-o", b"bootp.novellserverstring:TRUE", b"-c", b"1"),
            *FIELDS,
        ),
        b"1\teth:ethertype:ip:udp:data\n",
        (
            b'Preference "bootp.novellserverstring" has been converted to '
            b'"dhcp.novellserverstring"',
        ),
    ),
)


def problem_of(case: Case, command: list[bytes], run: programs.Run) -> str:
    errors = tuple(
        line.removeprefix(b"dissectctl: ") for line in run.stderr.splitlines()
    )
    output = run.output.read_bytes()
    if (output, errors, run.exit_code) == (
        case.output,
        case.errors,
        case.exit_code,
    ):
        return ""
    return (
        f"{command}: {run.outcome()}\n"
        f"  it prints {output!r}, not {case.output!r}\n"
        f"  it says {errors!r}, not {case.errors!r}\n"
    )


def broken_lines(log: pathlib.Path) -> str:
    """Returns the lines of a log that aren't the daemon's own."""
    broken = []
    for line in log.read_bytes().splitlines():
        try:
            entry = json.loads(line)
            if entry["program"] in ("dissectd", "dissectd-engine"):
                continue
        except (ValueError, KeyError):
            pass
        broken.append(repr(line))
    return "\n".join(broken)


def run_all(folder: pathlib.Path) -> list[str]:
    store = folder / "store"
    store.mkdir()
    protocol_captures.make(store)
    latin1 = (store / "latin1.pcap").read_bytes()
    (folder / os.fsdecode(b"\xfc.pcap")).write_bytes(latin1)
    environment = programs.environment_of_both(folder / "home")
    server = daemon.Daemon(
        str(RUNFILES / "server/dissectd"),
        DISSECTCTL,
        store,
        folder / "daemon",
        environment,
        ["--log-format=json", "--log-level=debug"],
    )
    problems = []
    try:
        for number, case in enumerate(CASES):
            command = [
                os.fsencode(DISSECTCTL),
                os.fsencode(f"--server={server.address}"),
                *case.arguments,
            ]
            run = programs.Program(
                [os.fsdecode(word) for word in command],
                folder / str(number),
                environment,
                folder,
            ).finish(programs.PATIENCE_SECONDS)
            problems.append(problem_of(case, command[2:], run))
        server.stop()
    finally:
        server.kill()
    problems.append(broken_lines(folder / "daemon/dissectd.log"))
    return [problem for problem in problems if problem]


def main() -> int:
    programs.set_time_zone()
    # The name is short because socket paths are limited to about 100 bytes.
    with tempfile.TemporaryDirectory(prefix="argument.") as folder:
        problems = run_all(pathlib.Path(folder))
    print("\n".join(problems))
    print(f"{len(CASES) - len(problems)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
