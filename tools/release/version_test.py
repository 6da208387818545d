#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests that the version is the same everywhere, on copies of real files."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ["TEST_SRCDIR"]) / "dissectd"
TOOL = ROOT / "tools/release/version.py"
sys.path.insert(0, str(TOOL.parent))

import version  # noqa: E402 - found in Bazel's folder


class VersionTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for path in {place.path for place in version.PLACES}:
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, self.root / path)

    def run_tool(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, TOOL, f"--root={self.root}", *arguments],
            capture_output=True,
            text=True,
            check=False,
        )

    def test_all_places_of_this_project_agree(self) -> None:
        result = self.run_tool()
        self.assertEqual(result.stderr, "")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stdout, (ROOT / "VERSION").read_text())

    def test_each_place_that_differs_is_named(self) -> None:
        (self.root / "VERSION").write_text("98.0.1\n")
        result = self.run_tool()
        self.assertEqual(result.returncode, 1)
        for place in version.PLACES[1:]:
            self.assertIn(f"{place.path}: has ", result.stderr)

    def test_a_new_version_is_written_to_all_places(self) -> None:
        self.assertEqual(self.run_tool("98.7.65").returncode, 0)
        result = self.run_tool()
        self.assertEqual(result.stdout, "98.7.65\n", result.stderr)
        for path in {place.path for place in version.PLACES}:
            before = (ROOT / path).read_text()
            after = (self.root / path).read_text()
            count = sum(p.count for p in version.PLACES if p.path == path)
            self.assertEqual(after.count("98.7.65"), count, path)
            old = (ROOT / "VERSION").read_text().strip()
            self.assertEqual(
                len(after), len(before) + count * (len("98.7.65") - len(old))
            )

    def test_nothing_is_written_if_a_place_is_missing(self) -> None:
        (self.root / "clients/rust/Cargo.toml").write_text("[package]\n")
        result = self.run_tool("98.7.65")
        self.assertEqual(result.returncode, 1)
        self.assertIn("clients/rust/Cargo.toml", result.stderr)
        self.assertEqual(
            (self.root / "VERSION").read_text(), (ROOT / "VERSION").read_text()
        )

    def test_other_forms_of_versions_are_refused(self) -> None:
        for wrong in ("1.2", "v1.2.3", "1.2.3-rc1", "1.02.3", "", "1.2.3\n"):
            with self.subTest(wrong):
                result = self.run_tool(wrong)
                self.assertEqual(result.returncode, 2)
                self.assertIn("three numbers", result.stderr)


if __name__ == "__main__":
    unittest.main()
