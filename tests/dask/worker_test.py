# SPDX-License-Identifier: GPL-2.0-or-later
"""A daemon for each worker."""

import os
import pathlib
import signal
import time
import unittest

from case import FIELDS, OWN_CAPTURES, by_file, cluster, of_one_daemon
from dask.distributed import Client, LocalCluster
from dissectd.dask import DaemonPlugin, read_captures

PATHS = [str(OWN_CAPTURES / name) for name in ("dns.pcap", "redis.pcap")]
PATIENCE_SECONDS = 60


def children(pid: int) -> list[int]:
    return [
        int(process.name)
        for process in pathlib.Path("/proc").iterdir()
        if process.name.isdigit() and parent(process) == pid
    ]


def parent(process: pathlib.Path) -> int:
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[1])


def is_daemon(pid: int) -> bool:
    try:
        command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return command.startswith(os.environ["DISSECTD"].encode() + b"\0")


def daemons_of(pid: int) -> list[int]:
    return [child for child in children(pid) if is_daemon(child)]


class WorkerTest(unittest.TestCase):
    def assert_ends(self, pid: int) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while is_daemon(pid):
            self.assertLess(time.monotonic(), deadline, "The daemon runs on.")
            time.sleep(0.05)

    def test_each_worker_has_a_daemon_that_ends_with_it(self) -> None:
        rows, _ = of_one_daemon(cluster().addresses[0], PATHS, FIELDS)
        with (
            LocalCluster(
                n_workers=2, threads_per_worker=1, dashboard_address=None
            ) as workers,
            Client(workers, set_as_default=True) as client,
        ):
            client.register_plugin(DaemonPlugin(os.environ["DISSECTD"]))
            pids = list(client.run(os.getpid).values())
            started = [daemons_of(pid) for pid in pids]
            self.assertEqual([len(daemons) for daemons in started], [1, 1])
            frame = read_captures(PATHS, FIELDS, daemon="worker")
            self.assertEqual(by_file(frame.compute()), rows)

            os.kill(pids[0], signal.SIGKILL)
            self.assert_ends(started[0][0])
            os.kill(started[1][0], signal.SIGKILL)
            again = read_captures(PATHS, FIELDS, daemon="worker")
            self.assertEqual(by_file(again.compute()), rows)
            client.wait_for_workers(2)
            pids = list(client.run(os.getpid).values())
            started = [daemons_of(pid) for pid in pids]
        for daemons in started:
            for daemon in daemons:
                self.assert_ends(daemon)
