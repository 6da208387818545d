#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds broken links in the documentation.

    check_links.py PAGE.md...

Checks links to files and to headings, but not to other sites. Exit status: 1 if
there are findings.
"""

import functools
import pathlib
import re
import sys

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
_CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")


@functools.cache
def anchors(page: pathlib.Path) -> frozenset[str]:
    """Returns the anchors of a page's headings."""
    text = _CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))
    return frozenset(
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in _HEADING.findall(text)
    )


def leads_nowhere(page: pathlib.Path, link: str) -> bool:
    if re.match(r"[a-z]+:", link):
        return False
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    if not target.exists():
        return True
    return bool(anchor) and anchor not in anchors(target)


def main() -> int:
    found = False
    for name in sys.argv[1:]:
        page = pathlib.Path(name)
        text = _CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))
        for link in _LINK.findall(_CODE.sub("", text)):
            if leads_nowhere(page, link):
                print(f"{page}: {link} leads nowhere")
                found = True
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
