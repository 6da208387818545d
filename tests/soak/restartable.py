# SPDX-License-Identifier: GPL-2.0-or-later
"""A daemon that can be killed and started again on the same store."""

import json
import os
import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")

import daemon
import process_tree

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"
DISSECTCTL = str(RUNFILES / "clients/cli/dissectctl")

# More than all clients need at a time.
_OPTIONS = [
    "--max-workers=64",
    "--pass-workers=2",
    "--identify-unix-users",
]

# Its capture filter is compiled for each capture.
_ROLE = {
    "permissions": ["*"],
    "paths": ["*"],
    "interfaces": ["*"],
    "capture_filter": "udp",
}

# dns.pcap is repeated so often in the capture that clients dissect.
_REPETITIONS = 200
# The header of a pcap file has 24 bytes.
_HEADER_BYTES = 24
_LISTED_FILES = 300

# The time limit of a call, which includes that of a stopped engine.
PATIENCE_SECONDS = 60


class Server:
    """A daemon with a store, and the times at which it was killed."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        self._lock = threading.Lock()
        # The times of the monotonic clock between which it didn't answer.
        self._absences: list[tuple[float, float]] = []
        self._killed_at: float | None = None
        self._make_store()
        self.environment = daemon.clean_environment(folder / "home")
        self._make_policy()
        self._daemon = self._start()
        self.environment["DISSECTD_SERVER"] = self._daemon.address

    def _make_store(self) -> None:
        names = self.store / "names"
        names.mkdir(parents=True)
        dns = (RUNFILES / "tests/captures/dns.pcap").read_bytes()
        packets = dns[_HEADER_BYTES:] * _REPETITIONS
        (self.store / "big.pcap").write_bytes(dns[:_HEADER_BYTES] + packets)
        for number in range(_LISTED_FILES):
            (names / f"{number}.pcap").write_bytes(dns)
        self.given = frozenset(self.files())

    def _make_policy(self) -> None:
        """Permits everything to this user."""
        binding = {"principals": [f"unix:{os.getuid()}"], "roles": ["all"]}
        policy = {"roles": {"all": _ROLE}, "bindings": [binding]}
        (self.folder / "policy.json").write_text(json.dumps(policy))

    def files(self) -> list[pathlib.Path]:
        return [path for path in self.store.rglob("*") if path.is_file()]

    def _start(self) -> daemon.Daemon:
        return daemon.Daemon(
            str(RUNFILES / "server/dissectd"),
            DISSECTCTL,
            self.store,
            self.folder / "daemon",
            self.environment,
            [*_OPTIONS, f"--policy={self.folder}/policy.json"],
        )

    @property
    def pid(self) -> int:
        return self._daemon.pid

    def check(self) -> None:
        """Raises an exception if the daemon has ended by itself."""
        if not process_tree.is_alive(self.pid):
            self.show_log()
            raise daemon.DaemonError("the daemon died")

    def show_log(self) -> None:
        log = self.folder / "daemon/dissectd.log"
        print(log.read_text(errors="replace")[-4000:], file=sys.stderr)

    def kill(self) -> None:
        self._daemon.kill()

    def stop(self) -> None:
        self._daemon.stop()

    def start_again(self) -> None:
        self._daemon = self._start()

    def kill_and_restart(self) -> None:
        with self._lock:
            self._killed_at = time.monotonic()
        self.kill()
        self._daemon = self._start()
        with self._lock:
            assert self._killed_at is not None
            self._absences.append((self._killed_at, time.monotonic()))
            self._killed_at = None

    def await_restart(self) -> None:
        deadline = time.monotonic() + daemon.START_SECONDS
        while self._killed_at is not None and time.monotonic() < deadline:
            time.sleep(0.05)

    def was_killed_since(self, began: float) -> bool:
        """Tells whether a call that began then may have missed the daemon."""
        with self._lock:
            return self._killed_at is not None or any(
                end >= began for _, end in self._absences
            )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Runs dissectctl. Raises TimeoutExpired if it doesn't end."""
        return subprocess.run(
            [DISSECTCTL, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=self.environment,
            cwd=self.folder,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
