#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Times dissectd and its peers side by side.

    ./dev bench [FOLDER] [OPTION...]

The input is one file with all captures of a folder. Every case runs our program
and its peer in turn, and prints medians, their ratio, and whether the target is
met. bench/README.md says how each figure is obtained.

Exit status: 0 if everything could be measured, even if targets are missed; 1
if a program failed or its output differs from its peer's; 2 if there is nothing
to measure.
"""

import argparse
import contextlib
import dataclasses
import json
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Iterator

sys.path.insert(
    0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/running")
)

import captures
import cases
import catalog
import contest
import daemon
import live
import memory
import programs
import python_cases
import report
import sessions
import waiting


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="FOLDER", type=pathlib.Path)
    parser.add_argument(
        "--small",
        required=True,
        type=pathlib.Path,
        metavar="FILE",
        help="a capture of a few packets",
    )
    for name in ("dissectd", "dissectctl", "load-client", "dissect-only"):
        parser.add_argument(f"--{name}", required=True, metavar="PATH")
    parser.add_argument(
        "--python",
        metavar="PATH",
        help="a Python with the package dissectd, pyshark and pandas",
    )
    for name in ("tshark", "sharkd"):
        parser.add_argument(f"--{name}", default=name, metavar="PATH")
    parser.add_argument(
        "--rounds",
        type=int,
        default=5,
        metavar="N",
        help="how often each case runs (%(default)s)",
    )
    parser.add_argument(
        "--min-frames",
        type=int,
        default=captures.MIN_FRAMES,
        metavar="N",
        help="repeat the captures until they have N frames (%(default)s)",
    )
    parser.add_argument(
        "--only",
        default="*",
        metavar="GLOB",
        help="only cases whose name matches, or `NAME: OURS vs PEER` does",
    )
    parser.add_argument(
        "--json", type=pathlib.Path, metavar="FILE", help="write results there"
    )
    parser.add_argument(
        "--markdown", action="store_true", help="print tables as Markdown"
    )
    parsed = parser.parse_args(arguments)
    if parsed.rounds < 1:
        parser.error("there must be a round")
    return parsed


def find_programs(arguments: argparse.Namespace) -> programs.Programs:
    paths = {}
    for field in dataclasses.fields(programs.Programs):
        name = field.name
        wanted = getattr(arguments, name)
        path = shutil.which(wanted)
        if path is None:
            raise programs.ProgramError(f"{wanted}: not found")
        paths[name] = str(pathlib.Path(path).absolute())
    return programs.Programs(**paths)


class Bench:
    """Runs the selected cases and collects their results."""

    def __init__(
        self, arguments: argparse.Namespace, work: pathlib.Path
    ) -> None:
        self._arguments = arguments
        self._work = work
        self._environment = daemon.clean_environment(work / "home")
        self._programs = find_programs(arguments)
        self._say(f"merging the captures of {arguments.folder}")
        self._captures = captures.prepare(
            arguments.folder.resolve(),
            arguments.small,
            work / "store",
            arguments.min_frames,
        )

    def run(self) -> list[contest.Result]:
        # _live comes last, as it moves this process into another network.
        return (
            self._timed()
            + self._python()
            + self._memory()
            + self._sessions()
            + self._live()
        )

    def report(self, results: list[contest.Result]) -> None:
        arguments = self._arguments
        rounds = arguments.rounds
        print(report.text(self._captures, rounds, results, arguments.markdown))
        if arguments.json is not None:
            content = report.as_json(self._captures, rounds, results)
            arguments.json.write_text(
                json.dumps(content, indent=2, ensure_ascii=False) + "\n"
            )

    def _say(self, text: str) -> None:
        print(f"==> {text}", file=sys.stderr, flush=True)

    @contextlib.contextmanager
    def _daemon(self, name: str, *options: str) -> Iterator[daemon.Daemon]:
        work = self._work / name
        server = daemon.Daemon(
            self._programs.dissectd,
            self._programs.dissectctl,
            self._captures.store,
            work,
            daemon.clean_environment(work / "home"),
            list(options),
        )
        try:
            yield server
            server.stop()
        finally:
            server.kill()

    def _hold(self, whole: contest.Contest) -> list[contest.Result]:
        selected = whole.select(self._arguments.only)
        if not selected.comparisons:
            return []
        labels = dict.fromkeys(c.label for c in selected.comparisons)
        self._say(", ".join(labels))
        return [contest.hold(selected, self._arguments.rounds)]

    def _hold_all(
        self, contests: list[contest.Contest]
    ) -> list[contest.Result]:
        return [result for one in contests for result in self._hold(one)]

    def _timed(self) -> list[contest.Result]:
        with self._daemon("daemon") as server:
            all_cases = cases.Cases(
                self._programs,
                self._captures,
                server,
                self._work,
                self._environment,
            )
            known = catalog.CatalogCases(
                self._programs, server.address, self._environment
            )
            return self._hold_all([*all_cases.all(), *known.all()])

    def _python(self) -> list[contest.Result]:
        if self._arguments.python is None:
            return []
        with self._daemon("python") as server:
            all_cases = python_cases.PythonCases(
                self._arguments.python,
                self._programs,
                self._captures,
                server.address,
                self._environment,
            )
            return self._hold_all(all_cases.all())

    def _memory(self) -> list[contest.Result]:
        if not any(c.matches(self._arguments.only) for c in memory.COMPARISONS):
            return []
        with self._daemon("memory", "--pass-workers=1") as server:
            all_cases = memory.MemoryCases(
                self._programs, self._captures, server, self._environment
            )
            return self._hold(all_cases.contest())

    def _sessions(self) -> list[contest.Result]:
        if not any(
            c.matches(self._arguments.only) for c in sessions.COMPARISONS
        ):
            return []
        workers = 4 * sessions.CLIENTS
        with self._daemon(
            "sessions",
            f"--max-workers={workers}",
            f"--max-workers-per-principal={workers}",
            "--session-memory=16GB",
        ) as server:
            all_cases = sessions.SessionCases(
                self._programs,
                self._captures,
                server.address,
                self._environment,
            )
            return self._hold_all(all_cases.all())

    def _live(self) -> list[contest.Result]:
        if not any(
            comparison.matches(self._arguments.only)
            for comparisons in live.COMPARISONS.values()
            for comparison in comparisons
        ):
            return []
        live.enter_network()
        with self._daemon(
            "live", "--max-workers=40", "--max-workers-per-principal=40"
        ) as server:
            all_cases = live.LiveCases(
                self._programs, server, self._work, self._environment
            )
            return self._hold_all(all_cases.all())


def main() -> int:
    arguments = parse_arguments(sys.argv[1:])
    # The name is short because socket paths are limited to about 100 bytes.
    with tempfile.TemporaryDirectory(prefix="bench.") as work:
        try:
            bench = Bench(arguments, pathlib.Path(work))
            results = bench.run()
        except captures.CaptureError as error:
            print(error, file=sys.stderr)
            return 2
        except (
            programs.ProgramError,
            daemon.DaemonError,
            waiting.WaitError,
        ) as error:
            print(error, file=sys.stderr)
            return 1
        if not results:
            print(f"no case matches {arguments.only}", file=sys.stderr)
            return 2
        bench.report(results)
    rows = [row for result in results for row in result.rows]
    return 1 if any(row.outputs_differ for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
