# SPDX-License-Identifier: GPL-2.0-or-later
"""A cluster of Dask's workers and three daemons, which all tests share."""

import atexit
import contextlib
import functools
import os
import pathlib
import signal
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

import dask
import dask.dataframe as dd
import dissectd
import pandas as pd
import pyarrow as pa
from daemon import Daemon, clean_environment
from distributed import Client, LocalCluster, futures_of
from waiting import wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
OWN_CAPTURES = ROOT / "tests" / "captures"
DAEMONS = 3
WORKERS = 2
# About this number of captures is taken of a larger folder.
MOST_EXTRA_CAPTURES = 150
# Some depend on earlier frames, and some have values in few captures only.
FIELDS = [
    "frame.number",
    "frame.time",
    "frame.time_delta",
    "ip.src",
    "ipv6.dst",
    "eth.src",
    "tcp.srcport",
    "tcp.analysis.initial_rtt",
    "udp.length",
    "dns.qry.name",
]


def start_daemon(folder: pathlib.Path, *options: str) -> Daemon:
    store = folder / "store"
    store.mkdir(parents=True, exist_ok=True)
    return Daemon(
        os.environ["DISSECTD"],
        os.environ["DISSECTCTL"],
        store,
        folder / "work",
        clean_environment(folder / "home"),
        list(options),
    )


def captures() -> list[str]:
    """Returns paths of the project's captures, and of extra ones."""
    found = sorted(OWN_CAPTURES.glob("*.pcap*"))
    if extra := os.environ.get("DISSECTD_EXTRA_CAPTURES"):
        more = sorted(p for p in pathlib.Path(extra).rglob("*.pcap*"))
        found += more[:: max(1, len(more) // MOST_EXTRA_CAPTURES)]
    return [str(path) for path in found if path.is_file()]


class Cluster:
    """Workers, and daemons in folders of their own."""

    def __init__(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(folder.name)
        self.daemons = [
            start_daemon(self.folder / str(number)) for number in range(DAEMONS)
        ]
        dask.config.set({"distributed.comm.timeouts.connect": "60s"})
        self._workers = LocalCluster(
            n_workers=WORKERS, threads_per_worker=2, dashboard_address=None
        )
        self.client = Client(self._workers)
        self._folder = folder
        atexit.register(self._stop)

    def _stop(self) -> None:
        self.client.close()
        self._workers.close()
        for daemon in self.daemons:
            daemon.kill()
        self._folder.cleanup()

    @property
    def addresses(self) -> list[str]:
        return [daemon.address for daemon in self.daemons]

    def kill_a_worker(self) -> None:
        pids = self.client.run(os.getpid)
        os.kill(next(iter(pids.values())), signal.SIGKILL)

    @contextlib.contextmanager
    def without_a_daemon(self) -> Iterator[None]:
        """Kills a daemon, and starts it again afterwards."""
        self.daemons[1].kill()
        yield
        self.daemons[1] = start_daemon(self.folder / "1")

    def wait_for_a_part(self, frame: dd.DataFrame) -> None:
        """Waits until a tenth of the partitions are there.

        If all are already, a worker that dies still takes some with it, which
        others must read again.
        """
        futures = futures_of(frame)

        def done() -> float:
            return sum(bool(each.done()) for each in futures) / len(futures)

        wait_for("a tenth of the partitions", lambda: done() > 0.1)

    def uploads(self) -> list[str]:
        """Returns the names of all files in the daemons' stores."""
        found = []
        for address in self.addresses:
            with dissectd.connect(address) as client:
                found += [file.name for file in client.files()]
        return found


@functools.cache
def cluster() -> Cluster:
    """Returns the cluster, which the first test that needs it starts."""
    return Cluster()


Rows = list[dict[str, Any]]


def of_one_daemon(
    address: str, paths: Sequence[str], fields: Sequence[str], wanted: str = ""
) -> tuple[dict[str, Rows], dict[str, str]]:
    """Returns the rows of captures, and the reasons why there aren't more.

    It uses nothing of dissectd.dask.
    """
    rows: dict[str, Rows] = {}
    reasons: dict[str, str] = {}
    with dissectd.connect(address) as client:
        for path in paths:
            rows[path] = []
            try:
                for part in client.file(path).field_batches(fields, wanted):
                    rows[path] += part.to_arrow().to_pylist()
            except dissectd.FileError as error:
                reasons[path] = error.reason
    return rows, reasons


def by_file(frame: pd.DataFrame) -> dict[str, Rows]:
    """Returns the rows of each capture that has some."""
    rows: dict[str, Rows] = {}
    for row in pa.Table.from_pandas(frame, preserve_index=False).to_pylist():
        rows.setdefault(row.pop("file"), []).append(row)
    return rows


def reasons(report: pd.DataFrame) -> dict[str, str]:
    return dict(zip(report["file"], report["reason"], strict=True))


def with_rows(rows: dict[str, Rows]) -> dict[str, Rows]:
    """Leaves out captures without rows."""
    return {path: found for path, found in rows.items() if found}
