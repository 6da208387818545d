# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares Dask and Ray on one job: fields of many captures from some daemons.

    engines.py dask|ray --captures DIR [--count 200] [--workers 2] [--daemons 3]

Runs in an environment with that engine, pyarrow, psutil and dissectd, and needs
DISSECTD and DISSECTCTL, the paths of the programs.
"""

import argparse
import functools
import importlib.metadata
import os
import pathlib
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from running import FIELDS, captures, start_daemons

EMPTY_TASKS = 2000
MEBIBYTE = 1 << 20


def rows(path: str, address: str) -> Any:
    """The job of a task: a table of one capture, or none if it is damaged."""
    import dissectd  # noqa: PLC0415

    try:
        with dissectd.connect(address) as client:
            return client.fields(path, FIELDS).to_arrow()
    except dissectd.FileError:
        return None


def nothing(number: int) -> int:
    return number


def process_id(_number: int) -> int:
    return os.getpid()


class Engine(Protocol):
    def start(self, workers: int) -> None: ...

    def run(
        self, function: Callable[..., Any], arguments: list[tuple[Any, ...]]
    ) -> list[Any]: ...

    def worker_pids(self) -> list[int]: ...

    def stop(self) -> None: ...


class Dask:
    def start(self, workers: int) -> None:
        from distributed import Client, LocalCluster  # noqa: PLC0415

        self._cluster = LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None
        )
        self._client = Client(self._cluster)

    def run(
        self, function: Callable[..., Any], arguments: list[tuple[Any, ...]]
    ) -> list[Any]:
        columns = zip(*arguments, strict=True)
        futures = self._client.map(function, *columns, pure=False)
        found: list[Any] = self._client.gather(futures)
        return found

    def worker_pids(self) -> list[int]:
        return list(self._client.run(os.getpid).values())

    def stop(self) -> None:
        self._client.close()
        self._cluster.close()


class Ray:
    def start(self, workers: int) -> None:
        import ray  # noqa: PLC0415

        self._ray = ray
        ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False)

    def run(
        self, function: Callable[..., Any], arguments: list[tuple[Any, ...]]
    ) -> list[Any]:
        remote = self._ray.remote(function)
        found: list[Any] = self._ray.get([remote.remote(*a) for a in arguments])
        return found

    def worker_pids(self) -> list[int]:
        # Others of its processes have similar names.
        return list(set(self.run(process_id, [(n,) for n in range(20)])))

    def stop(self) -> None:
        self._ray.shutdown()


def memory() -> dict[str, float]:
    """Returns the private memory of this program's processes, in MiB."""
    import psutil  # noqa: PLC0415

    own = psutil.Process()
    found: dict[str, float] = {}
    for process in [own, *own.children(recursive=True)]:
        try:
            command = process.cmdline()
            if any("dissectd" in pathlib.Path(w).name for w in command[:1]):
                continue
            name = pathlib.Path(process.name().split("::")[0]).name
            found[f"{name} {process.pid}"] = round(
                process.memory_full_info().uss / MEBIBYTE, 1
            )
        except psutil.Error:
            continue
    return dict(found)


def seconds(action: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    action()
    return round(time.perf_counter() - begin, 3)


def kill_a_worker_later(engine: Engine, after: float) -> threading.Timer:
    def kill() -> None:
        os.kill(victims[0], signal.SIGKILL)

    victims = engine.worker_pids()
    timer = threading.Timer(after, kill)
    timer.start()
    return timer


def show(name: str, figure: object) -> None:
    print(f"{name}: {figure}", flush=True)


def measure(engine: Engine, jobs: dict[str, Any], workers: int) -> None:
    """Prints figures. Arguments: lists of jobs by their names."""
    show("start, s", seconds(lambda: engine.start(workers)))
    show("first task, s", seconds(lambda: engine.run(nothing, [(0,)])))
    engine.run(nothing, [(n,) for n in range(100)])
    empty = seconds(
        lambda: engine.run(nothing, [(n,) for n in range(EMPTY_TASKS)])
    )
    show("an empty task, ms", round(1000 * empty / EMPTY_TASKS, 3))
    for name, arguments in jobs.items():
        run = functools.partial(engine.run, rows, arguments)
        show(f"{name}, first time, s", seconds(run))
        usual = seconds(run)
        show(f"{name}, again, s", usual)
    expected = [t and t.num_rows for t in engine.run(rows, arguments)]
    show("memory of processes, MiB", memory())
    timer = kill_a_worker_later(engine, usual / 3)
    begin = time.perf_counter()
    again = [t and t.num_rows for t in engine.run(rows, arguments)]
    show("a worker killed, s", round(time.perf_counter() - begin, 3))
    timer.join()
    show("the same rows", (again == expected, sum(filter(None, expected))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=["dask", "ray"])
    parser.add_argument("--captures", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--daemons", type=int, default=3)
    chosen = parser.parse_args()
    paths = captures(chosen.captures, chosen.count)
    engine: Engine = Dask() if chosen.engine == "dask" else Ray()
    with tempfile.TemporaryDirectory() as name:
        running = list(start_daemons(pathlib.Path(name), chosen.daemons))
        addresses = [daemon.address for daemon in running]
        jobs = {
            f"{len(paths)} captures, {n} daemons": [
                (path, addresses[i % n]) for i, path in enumerate(paths)
            ]
            for n in (1, len(addresses))
        }
        print(chosen.engine, importlib.metadata.version(chosen.engine))
        measure(engine, jobs, chosen.workers)
        engine.stop()
        for daemon in running:
            daemon.stop()


if __name__ == "__main__":
    main()
