# SPDX-License-Identifier: Apache-2.0
"""What mypy says of filters, with the stubs that the package has."""

import pathlib
import re
import subprocess
import sys

import pytest

FOLDER = pathlib.Path(__file__).parent / "typing"
LINE = re.compile(r"wrong\.py:(\d+): error: (.*)")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--strict",
            "--no-error-summary",
            "--hide-error-context",
            f"--cache-dir={tmp_path_factory.mktemp('mypy')}",
            "--config-file=",
            "right.py",
            "wrong.py",
        ],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not run.stderr
    return run.stdout


def test_right_filters_are_accepted(report: str) -> None:
    assert "right.py" not in report


def test_wrong_filters_are_refused(report: str) -> None:
    lines = (FOLDER / "wrong.py").read_text().splitlines()
    expected = {
        number: line.partition("# E: ")[2]
        for number, line in enumerate(lines, 1)
        if "# E: " in line
    }
    found = {int(line): text for line, text in LINE.findall(report)}
    assert found.keys() == expected.keys()
    for number, text in expected.items():
        assert text in found[number]
