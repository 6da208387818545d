#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks the model of capacity with figures whose answers are known.

    capacity_test.py FOLDER

FOLDER is bench/capacity, whose measured figures and scenarios are used, too.
"""

import contextlib
import dataclasses
import io
import json
import pathlib
import sys
import tempfile
import typing
import unittest

import bursts
import figures
import plots
import predictions
import scenario
import simulate
from arithmetic import line_through, wire_bytes
from model import FLEET_SIZES, Model

FOLDER = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else ".")

FIGURES = {
    "dumpcap.packet": 1e-6,
    "dumpcap.byte": 1e-9,
    "kernel.packet.64": 1e-6,
    "kernel.packet.1400": 1e-6,
    "kernel.rejected": 2e-7,
    "kernel.buffer.64": 10_000.0,
    "kernel.buffer.1400": 10_000.0,
    "disk.overhead": 32.0,
    "daemon.memory": float(1 << 30),
    "daemon.call": 1e-3,
    "capture.memory": 0.0,
    "stream.memory": 0.0,
    "stream.memory.shared": 0.0,
    "fleet.idle": 0.0,
    "fleet.memory": 0.0,
    "fleet.memory.stream": 0.0,
    "edge.memory": float(1 << 26),
    "edge.call": 1e-3,
    "edge.message": 1e-5,
    "edge.byte": 1e-8,
    "edge.connection": 2e-3,
    "file.call": 5e-3,
    "file.memory": 0.0,
    "session.question": 1e-2,
    "session.memory": float(1 << 20),
    "session.frame": 1024.0,
    **{f"fleet.frame.{n}": 5e-5 + n * 1e-6 for n in FLEET_SIZES},
    **{f"fleet.thread.{n}": 2e-5 + n * 5e-7 for n in FLEET_SIZES},
    **{f"skipped.{form}.worker": 1e-5 for form in scenario.FORMS},
    **{f"client.{form}.processor": 2e-6 for form in scenario.FORMS},
    **{f"file.{form}.bytes": 100.0 for form in scenario.FORMS},
    **{f"file.{form}.processor": 1e-5 for form in scenario.FORMS},
}
for kind in ("live", "single"):
    for form in scenario.FORMS:
        FIGURES[f"{kind}.{form}.worker"] = 3e-5
        FIGURES[f"{kind}.{form}.daemon"] = 2e-5
        FIGURES[f"{kind}.{form}.thread"] = 1e-5
        FIGURES[f"{kind}.{form}.bytes"] = 200.0

MACHINE = scenario.Machine(4, 8, 10)


def known(**changes: float) -> figures.Figures:
    """Returns figures, some of them changed, with `_` for a dot."""
    values = dict(FIGURES)
    for name, value in changes.items():
        values[name.replace("_", ".")] = value
    return figures.Figures(
        {},
        {
            name: figures.Figure("", "", (value,))
            for name, value in values.items()
        },
    )


def example(**changes: typing.Any) -> scenario.Scenario:
    made = scenario.Scenario(
        "an example", 1, scenario.Traffic(10_000, 1000), MACHINE
    )
    return dataclasses.replace(made, **changes)


def follower(**changes: typing.Any) -> scenario.Followers:
    made = scenario.Followers("list", 1, 1, "node")
    return dataclasses.replace(made, **changes)


def used(model: Model, place: str, name: str) -> float:
    for resource in model.resources():
        if (resource.place, resource.name) == (place, name):
            return resource.used
    raise KeyError(name)


class ModelTest(unittest.TestCase):
    def test_processors_of_a_node_are_the_sum_of_its_programs(self) -> None:
        made = example(followers=(follower(clients=2, passing_share=0.5),))
        # The kernel 1 µs, dumpcap 2, the worker 10 + 20 / 2, dissectd 20.
        self.assertAlmostEqual(
            used(Model(known(), made), "node", "processors"),
            10_000 * (1 + 2 + 20 + 20) * 1e-6,
        )

    def test_bursts_count_for_the_mean(self) -> None:
        traffic = scenario.Traffic(1000, 500, 11, 1, 10)
        model = Model(known(), example(traffic=traffic))
        self.assertAlmostEqual(model.captured(), 2000)

    def test_filters_that_split_show_each_packet_to_each_capture(self) -> None:
        whole = Model(known(), example()).kernel_per_packet()
        split = Model(
            known(), example(captures_per_node=8, split_by_filter=True)
        ).kernel_per_packet()
        self.assertAlmostEqual(split - whole, 7 * 2e-7)

    def test_captures_that_share_packets_have_a_thread_and_a_buffer(
        self,
    ) -> None:
        made = example(
            captures_per_node=4, buffer_mib=256, followers=(follower(),)
        )
        model = Model(known(), made)
        self.assertAlmostEqual(used(model, "node", "memory"), 1 + 1)
        available = {
            resource.name: resource.available for resource in model.resources()
        }
        self.assertEqual(available["dumpcap, a thread"], 4)
        self.assertEqual(available["slowest worker, a thread"], 4)
        self.assertEqual(available["dissectd, a thread"], 1)

    def test_packets_that_a_filter_drops_cost_the_kernel_only(self) -> None:
        traffic = scenario.Traffic(10_000, 1000, captured_share=0.1)
        model = Model(known(), example(traffic=traffic))
        self.assertAlmostEqual(
            used(model, "node", "processors"),
            1000 * (1 + 2) * 1e-6 + 9000 * 2e-7,
        )

    def test_merging_costs_more_with_more_nodes(self) -> None:
        group = follower(via="fleet", passing_share=0.01)
        made = example(nodes=100, followers=(group,))
        model = Model(known(), made)
        self.assertAlmostEqual(model.merged(), 10_000)
        self.assertAlmostEqual(
            used(model, "fleet", "processors"), 10_000 * 1.5e-4
        )
        self.assertAlmostEqual(
            used(model, "fleet", "its loop, a thread"), 10_000 * 7e-5
        )
        halves = Model(known(), dataclasses.replace(made, fleets=2))
        self.assertAlmostEqual(
            used(halves, "fleet", "its loop, a thread"), 5000 * 7e-5
        )

    def test_a_client_of_a_fleet_gets_the_frames_of_all_nodes(self) -> None:
        group = follower(via="fleet", clients=3, passing_share=0.1)
        model = Model(known(), example(nodes=10, followers=(group,)))
        self.assertAlmostEqual(
            used(model, "client", "a thread, to decode and print"),
            10_000 * 2e-6,
        )
        self.assertAlmostEqual(
            used(model, "client", "network, received"),
            10_000 * wire_bytes(200, 1) * 8 / 1e9,
        )

    def test_disks_keep_packets_for_the_time_of_retention(self) -> None:
        made = example(retention_seconds=100)
        self.assertAlmostEqual(
            used(Model(known(), made), "node", "disk, kept"),
            10_000 * 1032 * 100 / 1e9,
        )

    def test_sessions_take_memory_by_their_frames(self) -> None:
        questions = scenario.Questions(
            replicas=2, sessions=4, frames_per_session=1023 * 1024
        )
        model = Model(known(), example(questions=questions))
        self.assertAlmostEqual(used(model, "replica", "memory"), 1 + 2)

    def test_envoy_pays_for_calls_messages_bytes_and_connections(self) -> None:
        model = Model(known(), example())
        self.assertAlmostEqual(
            model.edge_seconds(1000, 1000, 1e6, 1000), 1 + 0.01 + 0.01 + 2
        )

    def test_the_first_to_break_is_used_most(self) -> None:
        made = example(
            node_machine=scenario.Machine(400, 800, 1000, 1, 1e9),
        )
        first = simulate.first_to_break(Model(known(), made).resources())
        self.assertEqual(first.name, "disk, written")
        self.assertAlmostEqual(first.utilisation, 10.32)

    def test_sums_count_each_machine(self) -> None:
        made = example(nodes=100, questions=scenario.Questions(replicas=3))
        processors, memory = simulate.sums(
            made, Model(known(), made).resources()
        )
        # Each node needs 0.03 processors, and each daemon a gibibyte.
        self.assertIn("nodes 100 × 0.03 = 3", processors)
        self.assertIn("replicas 3 × 1 = 3", memory)

    def test_a_line_goes_through_points_on_a_line(self) -> None:
        start, slope = line_through([(1, 5), (2, 7), (10, 23)])
        self.assertAlmostEqual(start, 3)
        self.assertAlmostEqual(slope, 2)

    def test_messages_are_larger_on_the_network(self) -> None:
        self.assertGreater(wire_bytes(1000, 10), wire_bytes(1000, 1))
        self.assertGreater(wire_bytes(1000, 0), 1000)


class BurstTest(unittest.TestCase):
    def simulate(
        self, made: scenario.Scenario, **changes: float
    ) -> bursts.Outcome:
        model = Model(known(**changes), made)
        return bursts.simulate(model, made, 20)

    def test_steady_traffic_below_the_limit_loses_nothing(self) -> None:
        outcome = self.simulate(example())
        self.assertAlmostEqual(outcome.packets, 200_000)
        self.assertEqual(outcome.lost, 0)

    def test_dumpcap_loses_what_its_thread_cannot_write(self) -> None:
        # dumpcap writes 500,000 packets of 1000 bytes a second.
        traffic = scenario.Traffic(1_000_000, 1000)
        outcome = self.simulate(example(traffic=traffic))
        self.assertAlmostEqual(outcome.lost_share, 0.5, delta=0.01)

    def test_a_burst_loses_what_the_buffer_cannot_hold(self) -> None:
        # Each of two bursts leaves 50,000 packets, of which 10,000 wait.
        traffic = scenario.Traffic(100_000, 1000, 10, 0.125, 10)
        made = example(traffic=traffic)
        outcome = self.simulate(made)
        expected = 2 * (0.125 * 500_000 - 10_000)
        self.assertAlmostEqual(outcome.lost, expected, delta=0.05 * expected)
        larger = dataclasses.replace(made, buffer_mib=20)
        self.assertEqual(self.simulate(larger).lost, 0)

    def test_the_buffer_outlasts_a_short_stall_of_dumpcap(self) -> None:
        traffic = scenario.Traffic(20_000, 1000, 5, 0.5, 10, stall_seconds=0.09)
        made = example(traffic=traffic)
        self.assertEqual(self.simulate(made).lost, 0)
        longer = dataclasses.replace(traffic, stall_seconds=0.2)
        outcome = self.simulate(dataclasses.replace(made, traffic=longer))
        # There are two bursts, each with 20,000 packets in that time.
        self.assertAlmostEqual(outcome.lost, 2 * 10_000, delta=2000)

    def test_a_worker_that_is_too_slow_falls_behind_without_loss(self) -> None:
        made = example(
            traffic=scenario.Traffic(50_000, 1000), followers=(follower(),)
        )
        outcome = self.simulate(made)
        self.assertEqual(outcome.lost, 0)
        self.assertTrue(outcome.node_falls_behind)
        # It dissects 33,333 of 50,000 frames a second, for 20 seconds.
        self.assertAlmostEqual(outcome.node_delay, 10, delta=0.5)

    def test_a_worker_catches_up_after_a_burst(self) -> None:
        traffic = scenario.Traffic(5000, 1000, 10, 1, 10)
        outcome = self.simulate(
            example(traffic=traffic, followers=(follower(),))
        )
        self.assertFalse(outcome.node_falls_behind)
        self.assertAlmostEqual(outcome.node_delay, 0.5, delta=0.05)

    def test_a_fleet_falls_behind_by_its_loop(self) -> None:
        group = follower(via="fleet", passing_share=0.5)
        made = example(nodes=10, followers=(group,))
        # 25 µs a frame: 40,000 of 50,000 a second.
        outcome = self.simulate(made)
        self.assertTrue(outcome.fleet_falls_behind)
        two = dataclasses.replace(made, fleets=2)
        self.assertFalse(self.simulate(two).fleet_falls_behind)

    def test_programs_share_processors_fairly(self) -> None:
        self.assertEqual(bursts.shares(3, [1, 0, 4, 4]), [1, 0, 1, 1])
        self.assertEqual(bursts.shares(9, [1, 2, 4]), [1, 2, 4])
        self.assertEqual(bursts.shares(0, [1, 1]), [0, 0])


class FileTest(unittest.TestCase):
    def test_scenarios_with_faults_are_refused(self) -> None:
        good = {
            "title": "t",
            "nodes": 1,
            "traffic": {"packets_per_second": 1, "mean_bytes": 64},
            "node_machine": {
                "cores": 1,
                "memory_gib": 1,
                "network_gbit_per_second": 1,
            },
        }
        scenario.parse(good, "it")
        group = {"clients": 1, "passing_share": 1}
        for fault, message in {
            '{"nodes": 0}': "there must be a node",
            '{"nodes": "1"}': '"nodes" isn\'t a number',
            '{"nodes": true}': '"nodes" isn\'t a number',
            '{"fleets": 0}': "there must be a fleet",
            '{"node": 1}': 'it has no "node"',
            '{"traffic": {"mean_bytes": 1}}': "packets_per_second",
            '{"traffic": 1}': "traffic isn't an object",
            '{"split_by_filter": 1}': "neither true nor false",
            json.dumps(
                {"followers": [{"form": "x", "via": "node", **group}]}
            ): '"x" is no form',
            json.dumps(
                {"followers": [{"form": "list", "via": "x", **group}]}
            ): '"x" is no way',
        }.items():
            with (
                self.subTest(fault),
                self.assertRaisesRegex(scenario.ScenarioError, message),
            ):
                scenario.parse({**good, **json.loads(fault)}, "it")

    def test_figures_are_read_as_they_were_written(self) -> None:
        recorder = figures.Recorder()
        for value in (3.0, 1.0, 2.0):
            recorder.add("a.b", value, "s", "a meaning")
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name, "figures.json")
            figures.Figures({"cores": 2}, recorder.figures()).write(path)
            found = figures.load(path)
            self.assertEqual(found["a.b"], 2)
            self.assertEqual(found.machine, {"cores": 2})
            with self.assertRaisesRegex(figures.FigureError, '"a.c"'):
                found["a.c"]
            path.write_text('{"machine": {}, "figures": {"a": {}}}')
            with self.assertRaises(figures.FigureError):
                figures.load(path)

    def test_an_error_is_that_of_the_prediction(self) -> None:
        row = predictions.row("a run", "Envoy, s", 3, 2)
        self.assertEqual(row[2:], ("3 s", "2 s", "+50 %"))

    def test_committed_files_fit_each_other(self) -> None:
        found = figures.load(FOLDER / "measured.json")
        titles = []
        for path in sorted((FOLDER / "scenarios").glob("*.json")):
            made = scenario.load(path)
            titles.append(made.title)
            self.assertTrue(Model(found, made).resources(), path)
        self.assertEqual(len(titles), len(set(titles)))
        table = predictions.compare(found, FOLDER / "validation.json")
        kinds = {row[0] for row in table[1:]}
        self.assertGreaterEqual(len(kinds), 3)
        for chart in (plots.packet_chart(found), plots.fleet_chart(found)):
            self.assertIn("<polyline", chart.svg())

    def test_a_missing_file_is_an_error(self) -> None:
        sys.argv[1:] = ["--figures=/nonexistent"]
        with contextlib.redirect_stderr(io.StringIO()) as errors:
            self.assertEqual(simulate.main(), 1)
        self.assertIn("/nonexistent", errors.getvalue())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
