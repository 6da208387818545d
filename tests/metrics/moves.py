# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a daemon do what its metrics count."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import daemon
import exposition
import place
import waiting

METRICS = "http://127.0.0.1:9464/metrics"
TLS_PORT = 50052
# What one host may have open.
CONNECTIONS = 4


def wait_for(what: str, condition: Callable[[], bool]) -> None:
    """Waits as waiting.wait_for, whose error it adds all metrics to."""
    try:
        waiting.wait_for(what, condition)
    except waiting.WaitError as error:
        text = exposition.read(METRICS).text
        raise waiting.WaitError(f"{error}:\n{text}") from None


def _command_of(process: str) -> str:
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        # The process has ended.
        return ""


class Moves:
    """A daemon whose metrics can be read, and what makes them move."""

    def __init__(self, there: place.Place) -> None:
        self._place = there
        # Families that were above 0 while this waited.
        self.moved: set[str] = set()
        self._folder = there.folder / "measured"
        self._folder.mkdir()
        self._store = self._folder / "store"
        shutil.copytree(there.store, self._store)
        self._audit = self._folder / "audit"
        self._audit.mkdir()
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", self._audit],
            check=True,
        )
        self._make_certificate()
        self.daemon = self._start_daemon()

    def _start_daemon(self) -> daemon.Daemon:
        return self._place.start_daemon(
            "measured-daemon",
            self._store,
            [
                "--metrics-listen=127.0.0.1:9464",
                f"--listen=127.0.0.1:{TLS_PORT}",
                f"--max-connections-per-peer={CONNECTIONS}",
                f"--tls-certificate={self._folder}/certificate.pem",
                f"--tls-key={self._folder}/key.pem",
                f"--audit-log={self._audit}/log",
                f"--keep-captures={waiting.PATIENCE_SECONDS}",
            ],
        )

    def _make_certificate(self) -> None:
        key = self._folder / "key.pem"
        command = "openssl req -x509 -newkey ec -nodes -days 30 -subj /CN=lo"
        command += " -pkeyopt ec_paramgen_curve:P-256"
        command += f" -keyout {key} -out {self._folder}/certificate.pem"
        subprocess.run(command.split(), check=True, capture_output=True)
        key.chmod(0o600)

    def wait_for_metric(self, name: str, least: float, **labels: str) -> None:
        """Waits until a metric has at least this value."""

        def has_moved() -> bool:
            metrics = exposition.read(METRICS)
            self.moved |= metrics.moved()
            return metrics.value(name, **labels) >= least

        wait_for(f"{name} {labels} to be {least}", has_moved)

    def end(self) -> None:
        """Kills the daemon if it still runs, and cleans up."""
        self.daemon.kill()
        subprocess.run(["umount", self._audit], check=True)

    def call(self, arguments: str, fails: bool = False) -> str:
        """Runs dissectctl, and returns what it prints."""
        done = self._place.run(
            f"DISSECTD_SERVER='{self.daemon.address}' dissectctl {arguments}"
        )
        if (done.returncode != 0) != fails:
            raise AssertionError(f"dissectctl {arguments}: {done.stderr}")
        return done.stdout

    def make_calls(self) -> None:
        """Calls methods of each kind."""
        self.call("read dns.pcap -c 1")
        self.call("read nothing.pcap", fails=True)
        self.call("filter dns.a")
        self.call("interfaces")
        trace = self._place.current / "trace.pcap"
        self.call(f"read --local '{trace}' -c 1")
        self.call(f"files upload '{trace}'")

    def fail_much(self) -> None:
        """Makes more calls that fail in a second than the log has room for."""
        names = " ".join(f"nothing{number}" for number in range(1000))
        self.call(f"capinfos {names}", fails=True)

    def use_sessions(self) -> None:
        """Opens a session, and another one whose processes are killed."""
        session = self.call("session open dns.pcap").split()[0]
        self.call(f"frame {session} 3")
        self.wait_for_metric("dissectd_session_memory_bytes", 1)
        self.crash_workers_until("dissectd_sessions_failed_total")

    def replace_daemon(self) -> None:
        """Kills the daemon while it captures, and starts the next one.

        One capture goes on meanwhile, one ends, and one is lost.
        """
        names = [self.call("capture -i lo --detach").strip() for _ in range(3)]
        keepers = [self._keeper_of(name) for name in names]
        self.daemon.kill()
        self._interrupt_dumpcap(keepers[1])
        os.kill(keepers[2], signal.SIGKILL)
        waiting.wait_for(
            "the end of two keepers",
            lambda: not any(_command_of(str(one)) for one in keepers[1:]),
        )
        self.daemon = self._start_daemon()
        for outcome in ("running", "ended", "lost"):
            self.wait_for_metric(
                "dissectd_captures_inherited_total", 1, outcome=outcome
            )
        with self._begin("watch", names[0]):
            self.wait_for_metric("dissectd_capture_watchers", 1)
            self.call(f"stop {names[0]}")

    def _keeper_of(self, capture: str) -> int:
        """Returns the process that holds the dumpcap of a capture."""
        [found] = [
            keeper
            for keeper in self._children(self.daemon.pid, "capture-keeper")
            if capture in _command_of(str(keeper))
        ]
        return found

    def _interrupt_dumpcap(self, keeper: int) -> None:
        [dumpcap] = self._children(keeper, "dumpcap")
        os.kill(dumpcap, signal.SIGINT)

    def use_captures(self) -> None:
        """Captures some packets, and ends the dumpcap of another capture."""
        with place.dns_traffic():
            self.call("capture -i lo -c 24")
            with self._begin("capture", "-i", "lo"):
                self.wait_for_metric("dissectd_captured_packets_total", 25)
                self.wait_for_metric("dissectd_captured_bytes_total", 25 * 60)
                self.wait_for_metric("dissectd_capture_followers", 1)
                [keeper] = self._children(self.daemon.pid, "capture-keeper")
                self._interrupt_dumpcap(keeper)
                # One has failed when the daemon was replaced.
                self.wait_for_metric(
                    "dissectd_captures_ended_total", 2, reason="failed"
                )
            with self._begin("capture", "-i", "lo"):
                self.wait_for_metric("dissectd_capture_followers", 1)
                self.crash_workers_until("dissectd_dissector_crashes_total")

    def _begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Runs dissectctl in the background until something ends."""
        command = [str(place.DISSECTCTL), f"--server={self.daemon.address}"]
        return subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def crash_workers_until(self, metric: str) -> None:
        """Ends workers, as if a dissector had crashed, until it is counted.

        The worker that is meant may not run yet.
        """

        def has_crashed() -> bool:
            engine = self._children(self.daemon.pid, "dissectd-engine")
            for worker in self._children(engine[0]):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGSEGV)
            metrics = exposition.read(METRICS)
            self.moved |= metrics.moved()
            return metrics.value(metric) > 0

        wait_for(f"{metric} to move", has_crashed)

    def connect_too_often(self) -> None:
        """Opens more connections than one host may have."""
        connections = [
            socket.create_connection(("127.0.0.1", TLS_PORT))
            for _ in range(CONNECTIONS + 1)
        ]
        self.wait_for_metric(
            "dissectd_connections_refused_total", 1, cause="limit"
        )
        for connection in connections:
            connection.close()

    def fill_audit_log(self) -> None:
        """Leaves no room for the audit log."""
        filler = os.open(self._audit / "filler", os.O_WRONLY | os.O_CREAT)
        with contextlib.suppress(OSError):
            while True:
                os.write(filler, bytes(4096))
        os.close(filler)

        def has_failed() -> bool:
            # There may be some room left in the last page of the log.
            self.call("read dns.pcap -c 1")
            metrics = exposition.read(METRICS)
            return metrics.value("dissectd_audit_log_failures_total") > 0

        wait_for("the audit log to fail", has_failed)

    def move_store(self) -> None:
        """Takes the store away for a moment."""
        away = self._folder / "away"
        self._store.rename(away)
        self.wait_for_metric("dissectd_degraded_total", 1, path="store_gone")
        away.rename(self._store)
        self.wait_for_metric("dissectd_store_available", 1)

    def stop_engine(self) -> None:
        """Stops the engine, which the daemon replaces."""
        engine = self._children(self.daemon.pid, "dissectd-engine")
        os.kill(engine[0], signal.SIGSTOP)
        self.wait_for_metric("dissectd_engine_hangs_total", 1)
        self.wait_for_metric("dissectd_engine_restarts_total", 1)
        self.wait_for_metric("dissectd_engine_ready", 1)

    @staticmethod
    def _children(parent: int, name: str = "") -> list[int]:
        children = []
        for task in pathlib.Path(f"/proc/{parent}/task").iterdir():
            children += (task / "children").read_text().split()
        return [int(child) for child in children if name in _command_of(child)]
