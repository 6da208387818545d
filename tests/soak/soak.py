#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Kills processes of a daemon at random while 16 clients call it.

The variables SOAK_SECONDS and SOAK_SEED choose another duration, other kills.
Each answer must be complete, or end before its end with a message and a status.
In the end, the daemon must use as little as before, and nothing may be left.
"""

import fcntl
import os
import pathlib
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import callers
import killer
import leftovers
import process_tree
import restartable

_CLIENTS = 16
_SECONDS = 20
# The part of the time in which the daemon itself is killed, too.
_DAEMON_PART = 0.4
# A daemon may keep this much more memory than after the warm-up.
_KILOBYTES = 64 << 10
# The number of threads that gRPC keeps varies.
_THREADS = 4
_SETTLE_SECONDS = 60

_ALONE = ["unshare", "--mount", "--net", "--propagation", "private"]
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1


def enter_namespace() -> None:
    """Runs this program again where only its own packets and files are.

    Ends the process if there can't be namespaces.
    """
    if sys.argv[1:] == ["alone"]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            request = struct.pack("16sH22x", b"lo", _IFF_UP)
            fcntl.ioctl(control, _SIOCSIFFLAGS, request)
        leftovers.mount_private_folders()
        return
    probe = subprocess.run(
        [*_ALONE, "true"], stderr=subprocess.PIPE, check=False, text=True
    )
    if probe.returncode != 0:
        print(f"SKIPPED, as there can't be namespaces: {probe.stderr}")
        sys.exit(0)
    command = [*_ALONE, sys.executable, sys.argv[0], "alone"]
    os.execvp(command[0], command)


class Soak:
    """One run."""

    def __init__(
        self, target: restartable.Server, seconds: float, seed: int
    ) -> None:
        self.faults: list[str] = []
        self._target = target
        self._seconds = seconds
        self._random = random.Random(seed)
        self._sent: set[str] = set()
        self._lost_uploads = 0

    def run(self) -> None:
        with callers.numbered_packets():
            expected = callers.Expected(self._target)
            baseline = self._warm_up(expected)
            print(f"baseline: {baseline}", flush=True)
            self._disturb(expected)
            self._check_use(baseline)
        self.faults += leftovers.faults_while_running(self._target, self._sent)
        self._target.stop()
        # The next daemon deletes notes about uploads that were deleted.
        self._target.start_again()
        self._target.stop()
        self.faults += leftovers.faults_after_the_end(
            self._target, self._lost_uploads
        )

    def _new_clients(
        self,
        expected: callers.Expected,
        tally: callers.Tally,
        rounds: int | None = None,
    ) -> list[callers.Client]:
        return [
            callers.Client(
                self._target,
                expected,
                tally,
                self._random.getrandbits(32),
                rounds=rounds,
            )
            for _ in range(_CLIENTS)
        ]

    def _warm_up(self, expected: callers.Expected) -> process_tree.Use:
        """Calls everything undisturbed, and returns what the daemon uses."""
        tally = callers.Tally()
        self._finish(self._new_clients(expected, tally, 1), None)
        if tally.faults or set(tally.ends) != {"complete"}:
            raise AssertionError(
                f"undisturbed calls fail: {tally.ends} {tally.statuses}"
                f" {tally.faults[:3]}"
            )
        return self._settled()

    def _settled(self) -> process_tree.Use:
        """Returns what the daemon uses when that changes no more."""
        last = process_tree.Use.of(self._target.pid)
        since = time.monotonic()
        deadline = since + _SETTLE_SECONDS
        while time.monotonic() < min(since + 2, deadline):
            time.sleep(0.1)
            use = process_tree.Use.of(self._target.pid)
            if use != last:
                last, since = use, time.monotonic()
        return last

    def _finish(
        self, started: list[callers.Client], stop_after: float | None
    ) -> None:
        for client in started:
            client.start()
        if stop_after is not None:
            time.sleep(stop_after)
            for client in started:
                client.stop()
        # A client ends its call first.
        deadline = time.monotonic() + 4 * restartable.PATIENCE_SECONDS
        for client in started:
            client.join(max(0, deadline - time.monotonic()))
            self._sent |= client.sent
            self._lost_uploads += client.lost_uploads
            if client.is_alive():
                self.faults.append("a client doesn't end")

    def _disturb(self, expected: callers.Expected) -> None:
        tally = callers.Tally()
        murderer = killer.Killer(
            self._target,
            self._random.getrandbits(32),
            self._seconds * _DAEMON_PART,
        )
        murderer.start()
        try:
            self._finish(self._new_clients(expected, tally), self._seconds)
        finally:
            murderer.stop()
        if murderer.fault is not None:
            raise murderer.fault
        self._target.check()
        self._report(murderer, tally)

    def _report(self, murderer: killer.Killer, tally: callers.Tally) -> None:
        print("killed:")
        for kind, count in murderer.kills.most_common():
            print(f"  {count:6} {kind}")
        print("calls:")
        for end in (
            "complete",
            "without crashed frames",
            "ended with a status",
            "lost with the daemon",
            "wrong",
            "without end",
        ):
            print(f"  {tally.ends[end]:6} {end}")
        print("messages of calls that ended with a status:")
        for message, count in tally.statuses.most_common(30):
            print(f"  {count:6} {message}")
        if not murderer.kills or not tally.ends["complete"]:
            self.faults.append("nothing was killed, or nothing was complete")
        self.faults += tally.faults

    def _check_use(self, baseline: process_tree.Use) -> None:
        bound = process_tree.Use(
            baseline.processes,
            baseline.descriptors,
            baseline.threads + _THREADS,
            baseline.kilobytes + _KILOBYTES,
        )
        use = process_tree.settled_use(self._target.pid, bound, _SETTLE_SECONDS)
        print(f"in the end: {use}", flush=True)
        if use.exceeds(bound):
            self.faults.append(f"the daemon uses {use}, more than {bound}")


def main() -> int:
    seconds = float(os.environ.get("SOAK_SECONDS") or _SECONDS)
    seed = int(
        os.environ.get("SOAK_SEED") or random.SystemRandom().randrange(1 << 32)
    )
    print(f"{seconds:g} seconds, seed {seed}", flush=True)
    process_tree.adopt_orphans()
    # The name is short because socket paths are limited to about 100 bytes.
    with tempfile.TemporaryDirectory(prefix="soak.") as folder:
        target = restartable.Server(pathlib.Path(folder))
        try:
            soak = Soak(target, seconds, seed)
            soak.run()
        finally:
            target.kill()
            if threading.active_count() > 1:
                print("threads are left", file=sys.stderr)
        if soak.faults:
            target.show_log()
    for fault in soak.faults[:20]:
        print(f"FAULT: {fault}", file=sys.stderr)
    print(f"{len(soak.faults)} faults")
    return int(bool(soak.faults))


if __name__ == "__main__":
    enter_namespace()
    sys.exit(main())
