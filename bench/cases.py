# SPDX-License-Identifier: GPL-2.0-or-later
"""The measurements of capture files and what they are compared with."""

import json
import os
import pathlib
import statistics
import typing

from captures import Captures
from contest import (
    Comparison,
    Contest,
    Contestant,
    Sample,
    expect,
    timed,
)
from daemon import Daemon
from programs import (
    Command,
    Programs,
    Reader,
    Starter,
    digest,
    first_number,
    text,
)

FIELDS = (
    "frame.number",
    "frame.time_epoch",
    "ip.src",
    "ip.dst",
    "tcp.port",
    "udp.port",
)

ONE_PASS = "dissectctl -V -T none"
TWO_PASSES = "dissectctl -2 -V -T none"

LATENCY_CALLS = 200
PROCESSES = 20
CANCELLED_CALLS = 20
CLIENTS = 16
# Enough files that the last ones, which leave cores idle, hardly matter.
MIN_FILES = 200


class Cases(Starter):
    """Contests that use one input and one daemon."""

    def __init__(
        self,
        programs: Programs,
        captures: Captures,
        daemon: Daemon,
        work: pathlib.Path,
        environment: dict[str, str],
    ) -> None:
        super().__init__(programs, daemon.address, environment)
        self._captures = captures
        self._daemon = daemon
        self._work = work
        self._large = captures.path(captures.large)
        self._small = captures.path(captures.small)

    def all(self) -> list[Contest]:
        return [
            self._full_trees(),
            self._printed(
                "json",
                "dissectctl -T json",
                self._ask("-T", "json"),
                "tshark -T json",
                self._tshark("-T", "json"),
                2.5,
            ),
            self._printed(
                "six fields",
                "dissectctl -T fields",
                self._ask("-T", "fields", *self._fields()),
                "tshark -T fields",
                self._tshark("-T", "fields", *self._fields()),
                2,
            ),
            self._columnar(),
            self._printed(
                "filter count",
                "dissectctl -Y tcp -T none",
                self._ask("-Y", "tcp", "-T", "none"),
                "tshark -Y tcp | wc -l",
                self._count_lines("tcp"),
                2,
                first_number,
            ),
            self._printed(
                "packet list",
                "dissectctl",
                self._ask(),
                "tshark",
                self._tshark(),
                1,
            ),
            self._first_answer(),
            self._many_clients(),
        ]

    # Methods that make command lines.

    def _ask(self, *options: str, file: str | None = None) -> Command:
        return self._command(
            self._programs.dissectctl,
            self._server,
            "read",
            file or self._captures.large,
            *options,
        )

    def _tshark(self, *options: str, file: str | None = None) -> Command:
        return self._command(
            self._programs.tshark, "-r", file or self._large, *options
        )

    def _read(self, form: str, *fields: str) -> dict[str, float]:
        """Measures a C++ client that receives the input in a form."""
        return self._ask_load_client(
            "read", form, self._captures.large, *fields
        )

    def _columnar(self) -> Contest:
        """Measures six fields in the columnar form, without printing them."""
        facts: dict[str, float] = {}

        def measure_forms() -> str:
            facts.update(self._bytes_per_frame())
            return ""

        def read() -> Sample:
            return Sample(self._read("columnar", *FIELDS)["seconds"], facts)

        ours = "a call, columnar"
        peer = "tshark -T fields"
        return Contest(
            [
                Contestant(ours, read, measure_forms),
                timed(peer, self._tshark("-T", "fields", *self._fields())),
            ],
            [Comparison("columnar six fields", ours, peer, 6)],
        )

    def _bytes_per_frame(self) -> dict[str, float]:
        """Returns the mean size of a frame, and of a node, in each form."""
        contents = {"six fields": FIELDS, "full trees": ()}
        facts = {}
        for content, fields in contents.items():
            for form in ("plain", "compact", "columnar"):
                # The columnar form has no trees.
                if form == "columnar" and not fields:
                    continue
                answer = self._read(form, *fields)
                for part in ("frame", "node"):
                    if count := answer[f"{part}s"]:
                        name = f"bytes per {part}, {form}, {content}"
                        facts[name] = answer["bytes"] / count
        return facts

    def _fields(self) -> list[str]:
        return [word for field in FIELDS for word in ("-e", field)]

    def _count_lines(self, display_filter: str) -> Command:
        script = '"$1" -Y "$2" -r "$3" | wc -l'
        return self._command(
            *("sh", "-c", script, "sh"),
            *(self._programs.tshark, display_filter, self._large),
        )

    def _sharkd(self) -> Command:
        """Sends all requests at once, so that sharkd never waits."""
        requests: list[dict[str, typing.Any]] = [
            {"method": "load", "params": {"file": self._large}}
        ]
        for frame in range(1, self._captures.frames + 1):
            params = {"frame": frame, "proto": True}
            requests.append({"method": "frame", "params": params})
        requests.append({"method": "bye"})
        path = self._work / "sharkd.requests"
        with open(path, "w", encoding="ascii") as lines:
            for number, request in enumerate(requests, 1):
                line = {"jsonrpc": "2.0", "id": number, **request}
                lines.write(json.dumps(line) + "\n")
        return self._command(self._programs.sharkd, "-", stdin=path)

    # Methods that make contests.

    def _counted(
        self, name: str, command: Command, reader: Reader
    ) -> Contestant:
        """Returns a contestant that must process all frames."""
        contestant = timed(name, command)
        frames = str(self._captures.frames)
        contestant.warm_up = lambda: expect(
            f"{name}: frames", frames, command.read(reader)
        )
        return contestant

    def _printed(
        self,
        label: str,
        our_name: str,
        ours: Command,
        peer_name: str,
        peer: Command,
        target: float,
        reader: Reader = digest,
    ) -> Contest:
        """Returns a contest between two programs with equal output."""
        return Contest(
            [
                timed(our_name, ours, reader),
                timed(peer_name, peer, reader),
            ],
            [Comparison(label, our_name, peer_name, target, same_output=True)],
        )

    def _full_trees(self) -> Contest:
        json_, pdml, ek = "tshark -T json", "tshark -T pdml", "tshark -T ek"
        sharkd, alone = "sharkd, frame by frame", "dissection alone"
        contestants = [
            self._counted(
                ONE_PASS, self._ask("-V", "-T", "none"), first_number
            ),
            self._counted(
                TWO_PASSES, self._ask("-2", "-V", "-T", "none"), first_number
            ),
            timed(json_, self._tshark("-T", "json")),
            timed(pdml, self._tshark("-T", "pdml")),
            timed(ek, self._tshark("-T", "ek")),
            self._counted(sharkd, self._sharkd(), count_trees),
            Contestant(alone, self._dissect_only),
        ]
        targets = [
            ("full trees", json_, 6),
            ("full trees", pdml, 4),
            ("full trees", ek, 12),
            ("full trees", sharkd, 12),
            ("encoding", alone, 1.4),
        ]
        comparisons = [
            Comparison(label, ours, peer, target, label == "encoding")
            for label, peer, target in targets
            for ours in (ONE_PASS, TWO_PASSES)
        ]
        return Contest(contestants, comparisons)

    def _dissect_only(self) -> Sample:
        answer = json.loads(
            self._command(self._programs.dissect_only, self._large).read(text)
        )
        expect(
            "dissection alone: frames",
            str(self._captures.frames),
            str(answer["frames"]),
        )
        return Sample(
            answer["seconds"],
            {
                "dissection alone, with its start (s)": answer[
                    "seconds_with_start"
                ]
            },
        )

    def _first_answer(self) -> Contest:
        calls, process = "calls on an open channel", "dissectctl"
        peer = "tshark"
        contestants = [
            Contestant(calls, self._latency),
            self._started_often(process, self._ask(file=self._captures.small)),
            self._started_often(peer, self._tshark(file=self._small)),
        ]
        comparisons = [
            Comparison("first answer", calls, peer, 15),
            Comparison("first answer, from a new process", process, peer),
        ]
        return Contest(contestants, comparisons, "ms")

    def _latency(self) -> Sample:
        latency = self._ask_load_client(
            "latency", self._captures.small, f"--calls={LATENCY_CALLS}"
        )
        cancelled = self._ask_load_client(
            "cancel",
            self._captures.large,
            f"--calls={CANCELLED_CALLS}",
            f"--daemon-pid={self._daemon.pid}",
        )
        return Sample(
            latency["p50_seconds"],
            {
                "first answer, 99th percentile (ms)": 1000
                * latency["p99_seconds"],
                "from cancelling to the end of all processes (ms)": 1000
                * cancelled["p50_seconds"],
            },
        )

    def _started_often(self, name: str, command: Command) -> Contestant:
        def measure() -> Sample:
            return Sample(
                statistics.median(
                    command.run().seconds for _ in range(PROCESSES)
                )
            )

        return Contestant(name, measure, lambda: command.read(digest))

    def _many_clients(self) -> Contest:
        names = self._captures.files
        names = names * -(-MIN_FILES // len(names))
        in_store = self._work / "names"
        in_store.write_text("".join(f"{name}\n" for name in names))
        paths = self._work / "paths"
        paths.write_bytes(
            b"".join(
                os.fsencode(self._captures.path(name)) + b"\0" for name in names
            )
        )
        cores = str(os.cpu_count())
        xargs = self._command(
            *("xargs", "-0", "-P", cores, "-n", "1"),
            *(self._programs.tshark, "-r"),
            stdin=paths,
            # xargs exits with 123 if tshark rejects one of the captures.
            accepted=(0, 123),
        )

        def load() -> Sample:
            answer = self._ask_load_client(
                "files", str(in_store), f"--threads={CLIENTS}"
            )
            seconds = answer["seconds"]
            return Sample(
                seconds, {"files per second, dissectd": len(names) / seconds}
            )

        def start_tsharks() -> Sample:
            seconds = xargs.run().seconds
            return Sample(
                seconds, {"files per second, tshark": len(names) / seconds}
            )

        ours = f"{CLIENTS} clients, {len(names)} files"
        peer = f"xargs -P{cores} -n1 tshark"
        return Contest(
            [Contestant(ours, load), Contestant(peer, start_tsharks)],
            [Comparison("many clients", ours, peer, 10)],
            max_rounds=3,
        )


def count_trees(stream: typing.IO[bytes]) -> str:
    """Counts the answers of sharkd that have a tree."""
    return str(sum(b'"tree":[' in line for line in stream))
