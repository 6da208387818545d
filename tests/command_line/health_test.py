#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks daemons for their health: ready, ending, frozen and gone."""

import os
import signal
import sys
import time
import unittest
from typing import ClassVar

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import daemon
import place

# Longer than the test, which kills the daemon.
LAME_DUCK_SECONDS = 300


class HealthTest(unittest.TestCase):
    """Runs one daemon for the tests that don't end theirs."""

    here: ClassVar[place.Place]

    @classmethod
    def setUpClass(cls) -> None:
        cls.here = cls.enterClassContext(place.new_place())

    def check(self, script: str, expected: tuple[int, str, str]) -> None:
        run = self.here.run(script)
        self.assertEqual((run.returncode, run.stdout, run.stderr), expected)

    def second_daemon(self, *options: str) -> daemon.Daemon:
        store = self.here.folder / self.id()
        store.mkdir()
        name = f"d{len(list(self.here.folder.iterdir()))}"
        started = self.here.start_daemon(name, store, list(options))
        self.addCleanup(started.kill)
        return started

    def test_a_daemon_that_is_ready_serves(self) -> None:
        serving = (0, "SERVING\n", "")
        self.check("dissectctl health", serving)
        self.check("dissectctl health dissectd.v1.FileService", serving)

    def test_an_unknown_service_is_not_healthy(self) -> None:
        self.check(
            "dissectctl health dissectd.v1.Nothing",
            (
                1,
                "",
                'dissectctl: The daemon has no service "dissectd.v1.Nothing".'
                "\n",
            ),
        )

    def test_a_daemon_that_ends_does_not_serve(self) -> None:
        ending = self.second_daemon(f"--lame-duck={LAME_DUCK_SECONDS}")
        os.kill(ending.pid, signal.SIGTERM)
        deadline = time.monotonic() + place.PATIENCE_SECONDS
        question = f"dissectctl health --server={ending.address}"
        while self.here.run(question).returncode == 0:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        self.check(question, (1, "NOT_SERVING\n", ""))

    def test_a_daemon_that_hangs_is_not_healthy(self) -> None:
        frozen = self.second_daemon()
        os.kill(frozen.pid, signal.SIGSTOP)
        run = self.here.run(
            f"dissectctl health --timeout=0.5 --server={frozen.address}"
        )
        self.assertEqual((run.returncode, run.stdout), (1, ""))
        self.assertNotEqual(run.stderr, "")

    def test_a_daemon_that_is_not_there_is_not_healthy(self) -> None:
        run = self.here.run(f"dissectctl health --server=unix:{os.devnull}")
        self.assertEqual((run.returncode, run.stdout), (1, ""))
        self.assertIn(os.devnull, run.stderr)


if __name__ == "__main__":
    place.enter_namespace()
    unittest.main(argv=sys.argv[:1])
