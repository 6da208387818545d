# SPDX-License-Identifier: GPL-2.0-or-later
"""How calls are spread over replicas that come, go, and hang."""

import os
import signal

from cluster_case import NAMES, ClusterCase
from load import CALLERS, Load
from waiting import wait_for

# How often each replica must have answered.
ANSWERS = 60


class BalanceTest(ClusterCase):
    """Callers that share one connection, on which they name no replica."""

    def wait_for_answers(self, load: Load, *replicas: str) -> None:
        """Waits until each of the replicas has answered more calls."""
        before = {name: load.answers_of(name) for name in replicas}
        wait_for(
            f"answers of {', '.join(replicas)}",
            lambda: (
                bool(load.failures)
                or all(
                    load.answers_of(name) >= before[name] + ANSWERS
                    for name in replicas
                )
            ),
        )

    def test_calls_are_spread(self) -> None:
        with Load(self.cluster) as load:
            self.wait_for_answers(load, *NAMES)
        self.assert_no_call_was_lost(load)
        fair = load.total() / len(NAMES)
        for name in NAMES:
            self.assertGreater(load.answers_of(name), fair / 2, name)

    def test_a_new_replica_takes_load(self) -> None:
        with Load(self.cluster) as load:
            self.wait_for_answers(load, *NAMES)
            self.cluster.add("d")
            self.assertFalse(load.answers_of("d"))
            self.cluster.write_replicas()
            self.wait_for_answers(load, *NAMES, "d")
            self.cluster.remove("d")
            self.wait_for_answers(load, *NAMES)
        self.assert_no_call_was_lost(load)

    def test_a_replica_that_hangs_is_ejected_and_comes_back(self) -> None:
        process = self.cluster.replicas["c"].daemon.pid
        with Load(self.cluster) as load:
            self.wait_for_answers(load, *NAMES)
            os.kill(process, signal.SIGSTOP)
            try:
                seconds = self.cluster.wait_without("c")
                self.wait_for_answers(load, "a", "b")
                answers = load.answers_of("c")
                self.wait_for_answers(load, "a", "b")
                self.assertEqual(load.answers_of("c"), answers)
            finally:
                os.kill(process, signal.SIGCONT)
            self.cluster.wait_for("c")
            self.wait_for_answers(load, *NAMES)
        print(f"ejected after {seconds:.1f} s", end=" ")
        # At most one stream of each caller had begun when the replica hung.
        self.assert_no_call_was_lost(load, cut_off=CALLERS)
