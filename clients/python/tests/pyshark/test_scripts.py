# SPDX-License-Identifier: Apache-2.0
"""Scripts for pyshark run unchanged but for the import, and print the same."""

import os
import pathlib
import subprocess
import sys

import pytest
from loopback_traffic import LoopbackTraffic

HERE = pathlib.Path(__file__).resolve().parent
CAPTURES = HERE.parents[3] / "tests" / "captures"
SCRIPTS = sorted((HERE / "scripts").glob("*.py"))
THEIRS = "\nimport pyshark\n"
OURS = "\nfrom dissectd import pyshark\n"
SECONDS = 120


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_script_prints_the_same_with_another_import(
    script: pathlib.Path, tmp_path: pathlib.Path, traffic: LoopbackTraffic
) -> None:
    text = script.read_text()
    assert text.count(THEIRS) == 1
    environment = {
        **os.environ,
        # pyshark prints the names of fields in the order of their hashes.
        "PYTHONHASHSEED": "0",
        "XDG_CACHE_HOME": str(tmp_path),
    }
    running = [
        subprocess.Popen(
            [
                *(sys.executable, "-W", "ignore", "-c", each),
                *(str(CAPTURES), str(traffic.ports[0])),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for each in (text.replace(THEIRS, OURS), text)
    ]
    try:
        (ours, complaints), (theirs, _) = (
            process.communicate(timeout=SECONDS) for process in running
        )
    finally:
        for process in running:
            process.kill()
            process.wait()
    assert [process.returncode for process in running] == [0, 0], complaints
    assert theirs
    assert ours == theirs
