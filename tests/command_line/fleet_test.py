#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Uses the commands on a fleet of two daemons, and one that isn't there."""

import json
import os
import re
import sys
import time
import unittest
from typing import ClassVar

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/running")
sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/command_line")

import daemon
import place

_CAPTURE = "dissectctl fleet capture -i lo -f 'udp port 53'"
_NAME = "(lab|roof)/captures/[0-9a-f]{32}"


class FleetTest(unittest.TestCase):
    """Runs one fleet for all tests."""

    here: ClassVar[place.Place]
    second: ClassVar[daemon.Daemon]

    @classmethod
    def setUpClass(cls) -> None:
        cls.here = cls.enterClassContext(place.new_place())
        store = cls.here.folder / "second store"
        store.mkdir()
        cls.second = cls.here.start_daemon("second", store, [])
        cls.addClassCleanup(cls.second.stop)
        nodes = {"lab": "127.0.0.1:50051", "roof": cls.second.address}
        cls.enterClassContext(cls.here.fleet(nodes))

    def check(self, script: str, status: int = 0, errors: str = "") -> str:
        """Runs a script, and returns what it prints."""
        run = self.here.run(script)
        self.assertEqual((run.returncode, run.stderr), (status, errors), script)
        return run.stdout

    def with_traffic(self, script: str) -> tuple[str, str]:
        """Runs a script while there are packets; returns both outputs."""
        with place.dns_traffic():
            run = self.here.run(script)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout, run.stderr

    def expect_no_captures(self) -> None:
        """Waits until nothing is left on the nodes."""
        for _ in range(place.PATIENCE_SECONDS * 10):
            left = self.check("dissectctl fleet captures --no-headers")
            if not left:
                return
            time.sleep(0.1)
        self.fail(f"these captures stay: {left}")

    def delete(self, name: str) -> None:
        """Deletes a capture at its node."""
        node, _, capture = name.partition("/")
        server = self.second.address if node == "roof" else "127.0.0.1:50051"
        self.check(
            f"dissectctl --server={server} captures delete --files {capture}"
        )

    def test_nodes_have_states_and_clocks(self) -> None:
        version = r"\d+\.\d+\.\d+\S*"
        row = rf"ready  {version} +{version} +[+-]\d+\.\d{{3}}±\d+\.\d{{3}}"
        self.assertRegex(
            self.check("dissectctl fleet nodes"),
            r"^NODE  STATE  VERSION +WIRESHARK +CLOCK \(SECONDS\)  ADDRESS\n"
            rf"lab   {row}  127\.0\.0\.1:50051\n"
            rf"roof  {row}  unix:\S+\n$",
        )
        self.assertEqual(
            self.check("dissectctl fleet nodes --node roof | wc -l"), "2\n"
        )
        self.check(
            "dissectctl fleet nodes --node attic",
            2,
            'dissectctl: The fleet has no node with the name "nodes/attic".\n',
        )

    def test_interfaces_have_their_nodes(self) -> None:
        rows = self.check("dissectctl fleet interfaces --no-headers")
        for node in ("lab", "roof"):
            self.assertRegex(rows, rf"(?m)^{node} +lo +Loopback$")

    def test_frames_are_merged_with_the_node_in_each_line(self) -> None:
        lines, errors = self.with_traffic(f"{_CAPTURE} -c 3")
        frames = lines.splitlines()
        for node in ("lab ", "roof"):
            self.assertEqual(sum(f.startswith(node) for f in frames), 3, lines)
        times = []
        for frame in frames:
            match = re.fullmatch(
                r"(?:lab |roof)   +\d (\d\d:\d\d:\d\d\.\d{9}) .* DNS .*", frame
            )
            assert match, frame
            times.append(match[1])
        self.assertEqual(times, sorted(times))
        self.assertEqual(errors, "6 packets captured\n")
        self.expect_no_captures()

    def test_every_line_of_details_has_the_node(self) -> None:
        lines, _ = self.with_traffic(f"{_CAPTURE} -c 1 -O dns --node lab")
        self.assertRegex(lines, r"(?m)^lab  Domain Name System \(query\)$")
        for line in lines.splitlines():
            self.assertRegex(line, "^(lab  .*)?$")

    def test_fields_and_json_have_the_node_as_a_value(self) -> None:
        fields, _ = self.with_traffic(
            f"{_CAPTURE} -c 2 -T fields -E header=y -e dns.qry.name"
        )
        self.assertEqual(
            sorted(fields.splitlines()),
            ["lab\texample.org"] * 2
            + ["node\tdns.qry.name"]
            + ["roof\texample.org"] * 2,
        )
        documents, _ = self.with_traffic(
            f"{_CAPTURE} -c 1 -T ek -e dns.qry.name"
        )
        frames = [json.loads(line) for line in documents.splitlines()][1::2]
        self.assertEqual(
            sorted(frame["node"] for frame in frames), ["lab", "roof"]
        )
        self.check(
            f"{_CAPTURE} -T json",
            1,
            "dissectctl: -T json is one document, which frames of many nodes "
            "can't be; use -T ek\n",
        )

    def test_captures_that_stay_can_be_listed_dissected_and_stopped(
        self,
    ) -> None:
        names, _ = self.with_traffic(
            f"{_CAPTURE} --detach -c 5 | tee names;"
            "dissectctl fleet rates $(cat names) >&2"
        )
        self.assertRegex(names, rf"^({_NAME}\n){{2}}$")
        listed = self.check("dissectctl fleet captures --no-headers")
        self.assertEqual(len(listed.splitlines()), 2)
        self.assertRegex(listed, rf"^({_NAME} +stopped  +5  \S+ +1\n){{2}}$")
        run = self.here.run(
            "dissectctl fleet dissect $(cat names) -T fields -e frame.number"
        )
        self.assertEqual(
            sorted(run.stdout.splitlines()),
            [f"{node}\t{i}" for node in ("lab", "roof") for i in range(1, 6)],
        )
        self.assertEqual(run.stderr, "10 packets captured\n")
        stopped = self.check("dissectctl fleet stop $(cat names)")
        self.assertRegex(
            stopped,
            rf"^NAME +STATE +PACKETS  CREATED +FILES\n"
            rf"({_NAME} +stopped  +5  \S+ +1\n){{2}}$",
        )
        for name in names.splitlines():
            self.delete(name)

    def test_rates_end_with_those_of_all_captures(self) -> None:
        rates, _ = self.with_traffic(
            f"dissectctl fleet rates $({_CAPTURE} --detach -c 20 | tee names)"
            " --interval 0.2"
        )
        head, *rows = rates.splitlines()
        self.assertRegex(
            head, r"^CAPTURE +TIME +SECONDS +PACKETS +BYTES +DROPPED  PROTOCOLS"
        )
        counts = [int(row.split()[3]) for row in rows]
        self.assertEqual(rows[-1].split()[0], "all")
        self.assertEqual(counts[-1], 40)
        for name in self.check("cat names").splitlines():
            self.delete(name)

    def test_a_signal_ends_a_capture_well(self) -> None:
        with place.dns_traffic():
            run = self.here.run(
                f"timeout --preserve-status -s INT 5 {_CAPTURE} | wc -l"
            )
        self.assertEqual(run.returncode, 0)
        self.assertEqual(run.stderr, f"{run.stdout.strip()} packets captured\n")
        self.expect_no_captures()

    def test_a_wrong_filter_is_told_once(self) -> None:
        run = self.here.run(f"{_CAPTURE} -Y ip.adr")
        self.assertEqual(run.returncode, 2)
        self.assertRegex(
            run.stderr,
            r"^dissectctl: (lab|roof): ip\.adr is neither a field nor a "
            r"protocol name\.\n    ip\.adr\n    \^~+\n$",
        )
        self.expect_no_captures()

    def test_mistakes_are_told_before_anything_begins(self) -> None:
        self.check(
            "dissectctl fleet capture",
            1,
            "dissectctl: -i INTERFACE is missing, as each node has a list of "
            'its own; "any" is all interfaces of Linux\n',
        )
        self.check(
            "dissectctl --server=127.0.0.1:50051 fleet nodes",
            3,
            "dissectctl: The server isn't dissectd-fleet.\n"
            "Name the fleet's address with --server=HOST:PORT or the variable "
            "DISSECTD_SERVER.\n",
        )
        run = self.here.run("dissectctl --server=127.0.0.1:9 fleet nodes")
        self.assertEqual(run.returncode, 3)
        self.assertRegex(
            run.stderr,
            r"^dissectctl: No fleet answers at 127\.0\.0\.1:9: .*\n"
            r"Start one with: dissectd-fleet --nodes=FILE\n",
        )

    def test_words_are_completed(self) -> None:
        for line, word in {
            "fleet nodes --node r": "roof",
            "fleet capture -i l": "lo",
        }.items():
            words = self.check(f"dissectctl complete fish {line}")
            self.assertIn(
                word, [row.split("\t")[0] for row in words.split("\n")]
            )


class MissingNodeTest(unittest.TestCase):
    """What the commands tell about a node that isn't there."""

    def test_others_answer_and_the_failure_is_told(self) -> None:
        with (
            place.new_place() as here,
            here.fleet({"lab": "127.0.0.1:50051", "gone": "127.0.0.1:9"}),
        ):
            nodes = here.run("dissectctl fleet nodes --no-headers")
            self.assertEqual(nodes.returncode, 3)
            self.assertRegex(
                nodes.stdout,
                r"^gone  unavailable  -  .*-  127\.0\.0\.1:9\nlab   ready ",
            )
            self.assertRegex(
                nodes.stderr, "^dissectctl: gone: The node can't be reached"
            )
            with place.dns_traffic():
                frames = here.run(f"timeout -s INT 5 {_CAPTURE} || true")
            self.assertRegex(frames.stdout, "(?m)^lab  ")
            self.assertRegex(
                frames.stderr,
                r"dissectctl: gone: The node can't be reached.*"
                r"; trying again\.\n",
            )


if __name__ == "__main__":
    place.enter_namespace()
    unittest.main(argv=sys.argv[:1])
