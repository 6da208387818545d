# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that a site has all of the API, and loads nothing from other sites.

    check_site.py PROTO SITE

Reads the .proto files below PROTO as text, so that what the generator of the
pages overlooks is found. The last line has the counts of the checks.
"""

import html.parser
import pathlib
import re
import sys
from collections.abc import Iterator

_BLOCK = re.compile(r"^\s*(message|enum|service|oneof) (\w+) \{")
_RPC = re.compile(r"^\s*rpc (\w+)\(")
_MEMBER = re.compile(
    r"^\s*(?:(?:repeated|optional|map<[^>]*>|[\w.]+)\s+)*(\w+) = -?\d+"
)
_LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src"}


def elements_of(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yields the names of the elements of a file, and their comments."""
    scopes: list[str] = []
    comment: list[str] = []
    for line in lines:
        stripped = line.strip()
        if stripped.startswith("//"):
            comment.append(stripped.removeprefix("//"))
            continue
        name = ""
        if block := _BLOCK.match(line):
            # The names of fields don't contain those of their groups.
            is_group = block[1] == "oneof"
            name = "" if is_group else block[2]
            scopes.append(name)
        elif found := _RPC.match(line) or _MEMBER.match(line):
            name = found[1]
        if name:
            ids = [scope for scope in scopes if scope]
            if not block:
                ids.append(name)
            yield ".".join(ids), " ".join(comment)
        if stripped.endswith("}") and (block or "{" not in line):
            scopes.pop()
        comment = []


class Page(html.parser.HTMLParser):
    """A page's words, the names that links can lead to, and what it loads."""

    def __init__(self, path: pathlib.Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.loaded: list[str] = []
        self._text: list[str] = []
        self.feed(path.read_text())
        self.words = words_of("".join(self._text))

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        values = dict(attrs)
        self.ids.add(values.get("id") or "")
        is_name = tag == "link" and values.get("rel") in ("canonical", "next")
        address = values.get(_LOADED.get(tag, ""))
        if address and not is_name:
            self.loaded.append(address)

    def handle_data(self, data: str) -> None:
        self._text.append(data)


def words_of(text: str) -> str:
    """Returns the words of a text, without marks and layout."""
    return f" {' '.join(re.findall('[A-Za-z0-9_]+', text))} "


def problems_of(proto: pathlib.Path, page: Page) -> Iterator[str]:
    """Yields an empty text for each element that is in order."""
    for name, comment in elements_of(proto.read_text().splitlines()):
        if name not in page.ids:
            yield f"{proto.name}: {name} is missing"
        elif not comment:
            yield f"{proto.name}: {name} has no comment"
        elif words_of(comment) not in page.words:
            yield f"{proto.name}: the comment of {name} is missing or cut"
        else:
            yield ""


def main() -> int:
    root, site = (pathlib.Path(argument) for argument in sys.argv[1:])
    results: list[str] = []
    for proto in sorted(root.glob("dissectd/v1/*.proto")):
        page = site / "api" / f"{proto.stem}.html"
        if page.exists():
            results += problems_of(proto, Page(page))
        else:
            results.append(f"{proto.name} has no page")
    for path in sorted(site.rglob("*.html")):
        foreign = [
            address
            for address in Page(path).loaded
            if re.match(r"(?:[a-z]+:)?//", address)
        ]
        results.append(f"{path} loads {foreign}" if foreign else "")
    index = site / "search" / "search_index.json"
    has_index = index.exists() and "DissectRequest" in index.read_text()
    results.append("" if has_index else "the search doesn't find the API")
    problems = [result for result in results if result]
    for problem in problems:
        print(problem)
    print(f"{len(results) - len(problems)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
