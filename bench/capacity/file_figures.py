# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures what calls about files cost, sessions, and connections."""

import os
import resource
import shutil
import subprocess
from collections.abc import Callable

import calls
import memory
from api import (
    ROOT,
    dissection,
    server,
    server_service,
    session,
    session_service,
)
from figures import Recorder
from lab import Lab, Node, settle

FORMS = ("list", "fields", "columnar", "trees")
SMALL_CALLS = 100
UNARY_CALLS = 500
CONNECTIONS = 100
SESSIONS = 4
QUESTIONS = 100
_SMALL = "dns.pcap"
_SMALL_FRAMES = 26

Task = Callable[[], None]


class FileFigures:
    """Figures of one daemon and its clients."""

    def __init__(self, lab: Lab, node: Node, recorder: Recorder) -> None:
        self._lab = lab
        self._node = node
        self._recorder = recorder
        shutil.copyfile(lab.traffic, node.store / "large.pcap")
        shutil.copyfile(ROOT / "tests/captures" / _SMALL, node.store / _SMALL)

    def measure(self) -> None:
        self._idle()
        call = self._small_calls()
        for form in FORMS:
            self._file(form, call)
        for form in ("list", "fields", "trees"):
            self._client(form)
        self._unary_calls()
        self._connections()
        self._sessions()

    def _add(self, name: str, value: float, unit: str, meaning: str) -> None:
        self._recorder.add(name, value, unit, meaning)

    def _spent(self, task: Task) -> float:
        """Returns the processor time of the daemon for a task."""
        return self._times(task)[0]

    def _times(self, task: Task) -> tuple[float, float]:
        """Returns that time, and how much of it dissectd itself took."""
        self._node.wait_until_idle()
        before = self._node.times()
        task()
        self._node.wait_until_idle()
        spent = self._node.times() - before
        return spent.dissection, spent.daemon

    def _idle(self) -> None:
        self._add(
            "daemon.memory",
            self._node.memory(),
            "bytes",
            "dissectd and dissectd-engine, idle (PSS)",
        )

    def _request(self, form: str, file: str) -> calls.Message:
        return dissection.DissectRequest(
            file=f"files/{file}", view=calls.view(form)
        )

    def _dissect(self, form: str, file: str) -> calls.Stream:
        stream = calls.Stream(
            self._node.channel, calls.DISSECT, self._request(form, file)
        )
        stream.finish()
        return stream

    def _small_calls(self) -> float:
        """Measures calls about a few frames, which are mostly their start."""

        def dissect() -> None:
            for _ in range(SMALL_CALLS):
                self._dissect("list", _SMALL)

        seconds = self._spent(dissect) / SMALL_CALLS
        self._add(
            "file.call",
            seconds,
            "s/call",
            f"a Dissect call about a file of {_SMALL_FRAMES} frames",
        )
        return seconds

    def _file(self, form: str, call_seconds: float) -> None:
        found: list[calls.Stream] = []
        self._node.wait_until_idle()
        idle = self._node.memory()
        with memory.Watch(self._node.daemon.pid) as watch:
            whole, daemon = self._times(
                lambda: found.append(self._dissect(form, "large.pcap"))
            )
        (stream,) = found
        frames = stream.frames()
        what = f"in a Dissect call about a file, view `{form}`"
        self._add(
            f"file.{form}.processor",
            (whole - call_seconds) / frames,
            "s/frame",
            f"all processes of the daemon, {what}",
        )
        if form == "trees":
            self._add(
                "file.memory",
                watch.peak_of_all - idle,
                "bytes",
                f"the most {what} of {frames} frames (PSS)",
            )
        self._add(
            f"file.{form}.daemon",
            daemon / frames,
            "s/frame",
            f"dissectd itself, which passes messages on, {what}",
        )
        self._add(
            f"file.{form}.bytes",
            stream.bytes / frames,
            "bytes/frame",
            f"messages without gRPC's and TLS's headers, {what}",
        )

    def _client(self, form: str) -> None:
        """Measures dissectctl, which decodes what it gets and prints it."""
        arguments = {
            "list": [],
            "fields": [
                *("-T", "fields"),
                *(word for field in calls.FIELDS for word in ("-e", field)),
            ],
            "trees": ["-V", "-T", "none"],
        }[form]

        def read(file: str) -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                [
                    os.environ["DISSECTCTL"],
                    f"--server={self._node.daemon.address}",
                    *("read", file, *arguments),
                ],
                stdout=subprocess.DEVNULL,
                check=True,
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return (
                after.ru_utime
                + after.ru_stime
                - before.ru_utime
                - before.ru_stime
            )

        frames = self._dissect(form, "large.pcap").frames()
        seconds = read("large.pcap") - read(_SMALL)
        self._add(
            f"client.{form}.processor",
            seconds / frames,
            "s/frame",
            f"dissectctl, which decodes and prints, view `{form}`; "
            "`trees` are decoded and not printed",
        )

    def _unary_calls(self) -> None:
        stub = server_service.ServerServiceStub(self._node.channel)

        def ask() -> None:
            for _ in range(UNARY_CALLS):
                stub.GetServerInfo(server.GetServerInfoRequest())

        self._add(
            "daemon.call",
            self._spent(ask) / UNARY_CALLS,
            "s/call",
            "the daemon, for a call that dissects nothing (GetServerInfo)",
        )

    def _connections(self) -> None:
        def connect() -> None:
            for _ in range(CONNECTIONS):
                with calls.connect(
                    f"localhost:{self._node.port}", self._lab.authority
                ) as channel:
                    server_service.ServerServiceStub(channel).GetServerInfo(
                        server.GetServerInfoRequest()
                    )

        self._add(
            "daemon.connection",
            self._spent(connect) / CONNECTIONS,
            "s/connection",
            "the daemon, for a connection with TLS 1.3 (ECDSA P-256) and "
            "one call",
        )

    def _sessions(self) -> None:
        stub = session_service.SessionServiceStub(self._node.channel)
        small_memory, _, small_frames = self._open(stub, _SMALL)
        large_memory, seconds, frames = self._open(stub, "large.pcap")
        frame = (large_memory - small_memory) / (frames - small_frames)
        self._add(
            "session.open",
            seconds / frames,
            "s/frame",
            "the daemon, for the first pass of a session",
        )
        self._add(
            "session.frame",
            frame,
            "bytes/frame",
            f"an open session (PSS), from {small_frames} and {frames} frames",
        )
        self._add(
            "session.memory",
            small_memory - frame * small_frames,
            "bytes",
            "an open session without its frames (PSS)",
        )

    def _open(
        self, stub: session_service.SessionServiceStub, file: str
    ) -> tuple[float, float, int]:
        """Returns the memory of a session, the time to open it, its frames."""
        self._node.wait_until_idle()
        before = self._node.memory()
        start = self._node.times()
        opened = []
        for _ in range(SESSIONS):
            request = session.OpenSessionRequest(file=f"files/{file}")
            *_, last = stub.OpenSession(request)
            opened.append(last.session)
        seconds = (
            settle(lambda: self._node.times().dissection) - start.dissection
        )
        used = self._node.memory() - before
        if file != _SMALL:
            self._ask(stub, opened[0].name)
        for each in opened:
            stub.CloseSession(session.CloseSessionRequest(name=each.name))
        return used / SESSIONS, seconds / SESSIONS, opened[0].frames

    def _ask(self, stub: session_service.SessionServiceStub, name: str) -> None:
        before = settle(lambda: self._node.times().dissection)
        for number in range(QUESTIONS):
            stub.GetFrame(
                session.GetFrameRequest(
                    session=name,
                    frame_number=number + 1,
                    view=calls.view("trees"),
                )
            )
        after = settle(lambda: self._node.times().dissection)
        self._add(
            "session.question",
            (after - before) / QUESTIONS,
            "s/call",
            "the daemon, for the details of a frame of a session (GetFrame)",
        )
