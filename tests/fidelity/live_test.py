#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares `dissectctl capture` with `tshark -i`, byte for byte.

Both capture the same packets at the same time: from two pipes that get the same
bytes, and from the interfaces of a network namespace. The allowances are those
of fidelity.py, tshark's empty error message at the end of each capture, and the
differences in live_cases.py.
"""

import collections.abc
import functools
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/fidelity")

import comparison
import daemon
import live_cases
import live_programs
import programs
import report
from cases import Case
from live_programs import END, LiveProgram, TwinPipes
from waiting import WaitError, wait_for

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"

TSHARK = "tshark"
DISSECTCTL = str(RUNFILES / "clients/cli/dissectctl")
# An odd size, so that records are cut at all places.
PIECE_BYTES = 1009

ALONE = ["unshare", "--mount", "--net", "--propagation", "private"]

Pair = tuple[LiveProgram, LiveProgram]


def folder_with_udpdump(folder: pathlib.Path) -> pathlib.Path:
    """Makes a folder of extcap programs that has only this one.

    To find an interface, the daemon asks all programs, and androiddump would
    cause traffic that only the capture of tshark sees.
    """
    programs_folder = folder / "extcap"
    programs_folder.mkdir()
    (program,) = pathlib.Path("/usr/lib").glob("*/wireshark/extcap/udpdump")
    (programs_folder / "udpdump").symlink_to(program)
    return programs_folder


class Place:
    """Runs both programs side by side."""

    def __init__(self, folder: pathlib.Path, results: report.Report) -> None:
        self._folder = folder
        self._results = results
        self._environment = programs.environment_of_both(folder / "home")
        (folder / "pipes").mkdir()
        (folder / "store").mkdir()
        self.server = daemon.Daemon(
            str(RUNFILES / "server/dissectd"),
            DISSECTCTL,
            folder / "store",
            folder / "daemon",
            self._environment,
            [
                f"--pipes={folder / 'pipes'}",
                "--extcap=udpdump",
                f"--extcap-folder={folder_with_udpdump(folder)}",
            ],
        )

    def compare(
        self,
        what: str,
        case: Case,
        meanwhile: collections.abc.Callable[[LiveProgram, LiveProgram], None],
        pipes: TwinPipes | None = None,
        tshark_first: bool = False,
        other_words: dict[str, str] | None = None,
    ) -> None:
        """Runs both programs and `meanwhile`, and compares the results.

        `other_words` has words of the command that are others for tshark.
        """
        began = time.monotonic()
        source = () if pipes is None else ("-i", pipes.path)
        theirs_words = [TSHARK, *source, *case.options]
        if pipes is not None:
            theirs_words = pipes.for_the_other(theirs_words)
        if other_words is not None:
            theirs_words = [
                other_words.get(word, word) for word in theirs_words
            ]
        theirs = self._start(theirs_words, "tshark")
        if tshark_first:
            # Before it captures, tshark causes traffic: it searches for Android
            # devices.
            wait_for(
                "tshark's capture",
                lambda: theirs.said(b" File: ") or not theirs.is_running,
            )
        ours = self._start(
            [
                *(DISSECTCTL, f"--server={self.server.address}", "capture"),
                *(*source, *case.options),
            ],
            "dissectctl",
        )
        problem = ""
        try:
            meanwhile(ours, theirs)
        except WaitError as error:
            problem = str(error)
            ours.interrupt()
            theirs.interrupt()
        self._judge(what, case, (ours, theirs), problem, began)

    def captures(self) -> str:
        """Returns the list of the daemon's captures, one per line."""
        return programs.output_of(
            [DISSECTCTL, f"--server={self.server.address}", "captures"],
            self._environment,
        ).decode()

    def _start(self, command: list[str], name: str) -> LiveProgram:
        return LiveProgram(
            command, self._folder / name, self._environment, self._folder
        )

    def _judge(
        self, what: str, case: Case, pair: Pair, problem: str, began: float
    ) -> None:
        ours, theirs = (program.finish() for program in pair)
        outcome, lines = comparison.judge(case, ours, theirs)
        if self.captures() != "":
            lines.append("the capture is left behind")
        if problem:
            lines.append(problem)
        if lines:
            outcome = comparison.Outcome.DIFFERENT
            lines[:0] = [shlex.join(theirs.command), shlex.join(ours.command)]
        self._results.add(
            comparison.Result(
                what,
                case.name,
                outcome,
                "\n".join(lines),
                time.monotonic() - began,
            )
        )


def pieces(data: bytes) -> list[bytes]:
    return [
        data[start : start + PIECE_BYTES]
        for start in range(0, len(data), PIECE_BYTES)
    ]


def read_capture(name: str) -> bytes:
    return (RUNFILES / "tests/captures" / name).read_bytes()


def compare_on_pipes(place: Place, folder: pathlib.Path) -> None:
    for number, (capture, case) in enumerate(live_cases.of_pipes()):
        pipes = TwinPipes(folder, str(number))
        write = functools.partial(write_in_pieces, pipes, capture)
        place.compare(f"a pipe with {capture}", case, write, pipes)
        pipes.remove()


def write_in_pieces(
    pipes: TwinPipes, capture: str, ours: LiveProgram, theirs: LiveProgram
) -> None:
    if pipes.open(ours, theirs):
        for piece in pieces(read_capture(capture)):
            pipes.write(piece)
    pipes.close()


def compare_prompt_printing(place: Place, folder: pathlib.Path) -> None:
    """Checks that packets are printed before later ones arrive."""
    for options in ("-l", "-l -T ek", "-l -Y dns.flags.response==1"):
        pipes = TwinPipes(folder, "prompt")
        write = functools.partial(write_in_halves, pipes)
        case = Case(f"{options}, in two halves", live_cases.words(options))
        place.compare("a pipe with dns.pcap", case, write, pipes)
        pipes.remove()


def write_in_halves(
    pipes: TwinPipes, ours: LiveProgram, theirs: LiveProgram
) -> None:
    """Writes the second half once the first half's packets are printed."""
    if not pipes.open(ours, theirs):
        return
    # The file header has 24 bytes; packets follow.
    data = read_capture("dns.pcap")
    half = len(data) // 2
    pipes.write(data[:half])
    wait_for(
        "the first packets of both",
        lambda: ours.printed() != b"" and ours.printed() == theirs.printed(),
    )
    pipes.write(data[half:])
    pipes.close()


def compare_early_interrupt(place: Place, folder: pathlib.Path) -> None:
    """Interrupts captures before anything has come through their pipe."""
    pipes = TwinPipes(folder, "idle")

    def give_up(ours: LiveProgram, theirs: LiveProgram) -> None:
        pipes.open(ours, theirs)
        ours.interrupt()
        theirs.interrupt()

    case = Case("interrupted", instead=live_cases.nothing_came(pipes.path))
    place.compare("a pipe without packets", case, give_up, pipes)
    pipes.remove()


def await_capture(place: Place, ours: LiveProgram) -> None:
    """Waits until dissectctl captures; tshark was started before it."""
    wait_for(
        "dissectctl's capture",
        lambda: " running " in place.captures() or not ours.is_running,
    )


def compare_on_interfaces(place: Place) -> None:
    def talk(ours: LiveProgram, theirs: LiveProgram) -> None:
        await_capture(place, ours)
        live_programs.converse()
        end = END.hex().encode()
        wait_for(
            "the last packet of both",
            lambda: end in ours.printed() and end in theirs.printed(),
        )
        ours.interrupt()
        theirs.interrupt()

    def send(ours: LiveProgram, _: LiveProgram) -> None:
        await_capture(place, ours)
        live_programs.send_datagrams(30)

    for case in live_cases.of_interfaces():
        place.compare("interfaces", case, talk, tshark_first=True)
    for case in live_cases.counted():
        place.compare("interfaces, to an end", case, send, tshark_first=True)


def compare_extcap(place: Place) -> None:
    """Sends the same datagrams to a udpdump of each program."""
    ports = (live_cases.UDPDUMP_PORT, live_cases.OTHER_UDPDUMP_PORT)

    def send(ours: LiveProgram, theirs: LiveProgram) -> None:
        wait_for(
            "both udpdumps",
            lambda: (
                all(map(live_programs.is_bound, ports))
                or not ours.is_running
                or not theirs.is_running
            ),
        )
        for number in range(20):
            for port in ports:
                live_programs.send_datagram(port, b"datagram %d" % number)

    for case in live_cases.of_udpdump():
        place.compare(
            "udpdump",
            case,
            send,
            other_words={
                live_cases.udpdump_option(ports[0]): live_cases.udpdump_option(
                    ports[1]
                )
            },
        )


def compare_mistakes(place: Place) -> None:
    def await_end(ours: LiveProgram, theirs: LiveProgram) -> None:
        wait_for(
            "the end of both",
            lambda: not ours.is_running and not theirs.is_running,
        )

    for case in live_cases.wrong():
        place.compare("mistakes", case, await_end)


def compare_all(place: Place, folder: pathlib.Path) -> None:
    try:
        compare_on_pipes(place, folder)
        compare_prompt_printing(place, folder)
        compare_early_interrupt(place, folder)
        compare_on_interfaces(place)
        compare_extcap(place)
        compare_mistakes(place)
    finally:
        # Fails with the reason if the daemon has died.
        place.server.stop()


def run_all(folder: pathlib.Path, results: report.Report) -> None:
    place = Place(folder, results)
    try:
        compare_all(place, folder)
    finally:
        place.server.kill()


def main() -> int:
    if sys.argv[1:] != ["alone"]:
        probe = subprocess.run(
            [*ALONE, "true"], stderr=subprocess.PIPE, check=False, text=True
        )
        if probe.returncode != 0:
            print(f"SKIPPED, as there can't be namespaces: {probe.stderr}")
            return 0
        command = [*ALONE, sys.executable, __file__, "alone"]
        os.execvp(command[0], command)
    live_programs.set_interface_up("lo")
    programs.set_time_zone()
    results = report.Report(0)
    # The name is short because socket paths are limited to about 100 bytes.
    with tempfile.TemporaryDirectory(prefix="live.") as folder:
        run_all(pathlib.Path(folder), results)
    return results.finish("live")


if __name__ == "__main__":
    sys.exit(main())
