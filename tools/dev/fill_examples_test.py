#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests the parts of programs that the documentation shows."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parent / "fill_examples.py"

PROGRAM = """import x
def count():
    # [job count]
    for a in b:

        print(a)
    # [end]
# [job tree]
tree()
# [end]
"""

PAGE = """# Page

<!-- examples/jobs.py: count -->
```python
for a in b:

    print(a)
```

Text.

<!-- examples/jobs.py: tree -->
```python
tree()
```
"""


class FillExamplesTest(unittest.TestCase):
    """Works in a project of its own."""

    def setUp(self) -> None:
        root = self.enterContext(tempfile.TemporaryDirectory())
        self.root = pathlib.Path(root)
        self.tool = self.root / "tools" / "dev" / TOOL.name
        self.tool.parent.mkdir(parents=True)
        # A copy, as the tool finds the project by its own place.
        self.tool.write_bytes(TOOL.read_bytes())
        self.program = self.root / "examples" / "jobs.py"
        self.program.parent.mkdir()
        self.program.write_text(PROGRAM)
        self.page = self.root / "page.md"
        self.page.write_text(PAGE)

    def run_tool(self, *arguments: str) -> tuple[int, str]:
        run = subprocess.run(
            [sys.executable, str(self.tool), *arguments, self.page.name],
            cwd=self.root,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return run.returncode, run.stdout + run.stderr

    def check_finding(self, text: str) -> None:
        status, output = self.run_tool("--check")
        self.assertEqual(status, 1)
        self.assertIn(text, output)

    def test_a_right_page_has_no_findings(self) -> None:
        self.assertEqual(self.run_tool("--check"), (0, ""))
        self.assertEqual(self.run_tool(), (0, ""))
        self.assertEqual(self.page.read_text(), PAGE)

    def test_a_stale_block_is_found_and_filled(self) -> None:
        self.page.write_text(PAGE.replace("print(a)", "print(b)"))
        self.check_finding("page.md is stale")
        self.assertIn("print(b)", self.page.read_text())
        self.assertEqual(self.run_tool(), (0, ""))
        self.assertEqual(self.page.read_text(), PAGE)

    def test_a_missing_block_is_filled(self) -> None:
        self.page.write_text(PAGE.replace("```python\ntree()\n```\n", ""))
        self.check_finding("page.md is stale")
        self.run_tool()
        self.assertEqual(self.page.read_text(), PAGE)

    def test_all_parts_must_be_shown(self) -> None:
        start = PAGE.index("<!-- examples/jobs.py: tree")
        self.page.write_text(PAGE[:start])
        self.check_finding("['tree'] isn't shown")

    def test_wrong_names_are_found(self) -> None:
        self.page.write_text(PAGE.replace("jobs.py: tree", "jobs.py: forest"))
        self.check_finding("examples/jobs.py has no job forest")
        self.page.write_text(PAGE.replace("examples/", "nowhere/"))
        self.check_finding("nowhere/jobs.py doesn't exist")

    def test_wrong_marks_in_programs_are_found(self) -> None:
        for wrong, finding in {
            PROGRAM.replace("[end]", "end"): "job count has no end",
            PROGRAM.replace("# [job count]", ""): "this ends no job",
            PROGRAM.replace("job tree", "job count"): "job count is twice",
            PROGRAM + "# [job last]\n": "job last has no end",
        }.items():
            self.program.write_text(wrong)
            self.check_finding(finding)


if __name__ == "__main__":
    unittest.main()
