# SPDX-License-Identifier: GPL-2.0-or-later
"""The Python package beside pyshark, and beside tshark read by pandas."""

import pathlib

from captures import Captures
from contest import Comparison, Contest, Contestant, Sample, timed
from programs import Command, Programs, Starter, text

CLIENT = pathlib.Path(__file__).resolve().parent / "python_client.py"
OURS, PYSHARK, PANDAS = "Python package", "pyshark", "tshark, pandas"


class PythonCases(Starter):
    """Measures whole programs in Python, with their start."""

    def __init__(
        self,
        python: str,
        programs: Programs,
        captures: Captures,
        address: str,
        environment: dict[str, str],
    ) -> None:
        super().__init__(programs, address, environment)
        self._python = python
        self._address = address
        self._captures = captures

    def all(self) -> list[Contest]:
        return [
            self._contest("fields", "python, six fields", PYSHARK, 50),
            self._contest("trees", "python, whole trees", PYSHARK, 10),
            self._contest("table", "python, table", PANDAS, 5),
            self._memory("fields", "python, memory, six fields"),
            self._memory("trees", "python, memory, whole trees"),
        ]

    def _ours(self, case: str, file: str) -> Command:
        return self._command(
            *(self._python, str(CLIENT), case, "dissectd"),
            *(self._address, file),
        )

    def _contest(
        self, case: str, label: str, peer: str, target: float
    ) -> Contest:
        large = self._captures.large
        theirs = self._command(
            *(self._python, str(CLIENT), case, peer.rpartition(" ")[2]),
            self._captures.path(large),
        )
        contestants = [
            timed(OURS, self._ours(case, large), text),
            timed(peer, theirs, text),
        ]
        comparison = Comparison(label, OURS, peer, target, same_output=True)
        return Contest(contestants, [comparison], max_rounds=3)

    def _memory(self, case: str, label: str) -> Contest:
        def measure(file: str) -> Sample:
            usage = self._ours(case, file).run()
            return Sample(usage.peak_resident_bytes)

        tenfold = f"{OURS}, 10×"
        contestants = [
            Contestant(OURS, lambda: measure(self._captures.large)),
            Contestant(tenfold, lambda: measure(self._captures.tenfold())),
        ]
        comparison = Comparison(label, tenfold, OURS, 1.2, at_most=True)
        return Contest(contestants, [comparison], "MiB", max_rounds=1)
