#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the dashboards with the documentation of the metrics.

tests/dashboards compares them with Grafana's schema, and prometheus_test lets
Prometheus answer their queries.
"""

import json
import os
import pathlib
import re
import sys
import unittest
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

sys.path.insert(0, os.environ["TEST_SRCDIR"] + "/dissectd/tests/metrics")

import exposition

RUNFILES = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"
GRAFANA = RUNFILES / "deploy/grafana"
# What Prometheus adds to all metrics.
TARGET_LABELS = {"instance", "job"}
# Counters that move only while a daemon starts, before Prometheus reads them.
COUNTED_AT_START = {"dissectd_captures_inherited_total"}

_CALL = re.compile(r"\b(rate|increase|histogram_quantile)\(")
_AGGREGATION = re.compile(r"\bsum(?: by \(([\w, ]+)\))? ?\(")
_MATCHERS = re.compile(r"(\w+)\{([^}]*)\}")


class Query(NamedTuple):
    """A query, and how its results are named."""

    panel: str
    expression: str
    legend: str

    @property
    def names(self) -> set[str]:
        return exposition.names_in(self.expression)


def panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the panels that show something."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


class DashboardTest(unittest.TestCase):
    """All dashboards, and docs/metrics.md."""

    dashboards: ClassVar[list[dict[str, Any]]]
    metrics: ClassVar[dict[str, tuple[str, set[str]]]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.dashboards = [
            json.loads(path.read_text())
            for path in sorted(GRAFANA.glob("dashboards/*.json"))
        ]
        cls.metrics = exposition.documented(RUNFILES / "docs/metrics.md")

    def each_panel(self) -> Iterator[dict[str, Any]]:
        for dashboard in self.dashboards:
            yield from panels(dashboard)

    def each_query(self) -> Iterator[Query]:
        for panel in self.each_panel():
            for target in panel["targets"]:
                yield Query(
                    panel["title"], target["expr"], target["legendFormat"]
                )

    def family(self, name: str) -> str:
        """Returns the family of a metric, which must be documented."""
        family = re.sub(r"_(bucket|sum|count)$", "", name)
        found = name if name in self.metrics else family
        self.assertIn(found, self.metrics)
        return found

    def test_there_are_dashboards(self) -> None:
        self.assertNotEqual(self.dashboards, [])
        self.assertGreater(len(list(self.each_query())), 40)

    def test_each_panel_says_where_its_numbers_come_from(self) -> None:
        provisioned = (
            GRAFANA / "provisioning/datasources/prometheus.yml"
        ).read_text()
        for panel in self.each_panel():
            with self.subTest(panel["title"]):
                self.assertTrue(panel["fieldConfig"]["defaults"]["unit"])
                for source in (panel, *panel["targets"]):
                    kind, uid = (
                        source["datasource"][key] for key in ("type", "uid")
                    )
                    self.assertIn(f"\n    uid: {uid}\n", provisioned)
                    self.assertIn(f"\n    type: {kind}\n", provisioned)

    def test_panels_do_not_overlap(self) -> None:
        for dashboard in self.dashboards:
            ids = [panel["id"] for panel in dashboard["panels"]]
            self.assertEqual(len(ids), len(set(ids)))
            taken: set[tuple[int, int]] = set()
            for panel in dashboard["panels"]:
                place = panel["gridPos"]
                cells = {
                    (x, y)
                    for x in range(place["x"], place["x"] + place["w"])
                    for y in range(place["y"], place["y"] + place["h"])
                }
                self.assertFalse(cells & taken, panel["title"])
                self.assertLessEqual(place["x"] + place["w"], 24)
                taken |= cells

    def test_functions_fit_the_types_of_metrics(self) -> None:
        for query in self.each_query():
            functions = set(_CALL.findall(query.expression))
            for name in query.names:
                kind = self.metrics[self.family(name)][0]
                with self.subTest(query.panel, metric=name):
                    changes = bool(functions & {"rate", "increase"})
                    self.assertEqual(
                        changes,
                        kind in ("counter", "histogram")
                        and name not in COUNTED_AT_START,
                    )
                    self.assertEqual(
                        "histogram_quantile" in functions, kind == "histogram"
                    )

    def test_queries_use_labels_that_exist(self) -> None:
        for query in self.each_query():
            for name, matchers in _MATCHERS.findall(query.expression):
                labels = set(re.findall(r'(\w+)(?:=|!)~?=?"', matchers))
                known = self.metrics[self.family(name)][1] | TARGET_LABELS
                with self.subTest(query.panel, metric=name):
                    self.assertIn("instance", labels)
                    self.assertLessEqual(labels, known)
                    # Other programs have the same metrics.
                    if not name.startswith("dissectd_"):
                        self.assertIn("job", labels)

    def test_names_of_results_have_labels_that_are_left(self) -> None:
        for query in self.each_query():
            left = set.intersection(
                *(
                    self.metrics[self.family(name)][1] | TARGET_LABELS
                    for name in query.names
                )
            )
            kept = _AGGREGATION.search(query.expression)
            if kept:
                by = {label.strip() for label in (kept[1] or "").split(",")}
                self.assertLessEqual(by - {"", "le"}, left, query.panel)
                left &= by
            shown = set(re.findall(r"{{(\w+)}}", query.legend))
            self.assertLessEqual(shown, left, query.panel)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
