# SPDX-License-Identifier: GPL-2.0-or-later
"""Copies the project's pages to where mkdocs takes them from.

    site_pages.py ROOT FOLDER PAGE.md...

ROOT is the project, FOLDER the empty folder to write to. Pages keep their
places, so that links between them hold. Adds the API's reference as `api/`.
Links to .proto files lead there; other links to what isn't a page become their
text.
"""

import pathlib
import re
import sys

from api_model import read_api
from api_pages import Pages

_CODE_OR_LINK = re.compile(
    r"^```.*?^```|`[^`\n]*`(?!\])|\[(?P<text>[^\]]*)\]\((?P<link>[^)\s]+)\)",
    re.MULTILINE | re.DOTALL,
)


class Site:
    """The pages of a site."""

    def __init__(self, root: pathlib.Path, pages: list[str]) -> None:
        self._root = root.resolve()
        self._pages = {(self._root / page).resolve() for page in pages}

    def write(self, folder: pathlib.Path) -> None:
        for page in sorted(self._pages):
            place = page.relative_to(self._root)
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self._with_links(page))
        Pages(read_api(self._root / "proto")).write(folder / "api")

    def _with_links(self, page: pathlib.Path) -> str:
        def replace(match: re.Match[str]) -> str:
            return self._link(page, match)

        return _CODE_OR_LINK.sub(replace, page.read_text())

    def _link(self, page: pathlib.Path, match: re.Match[str]) -> str:
        link = match["link"]
        if link is None or re.match(r"[a-z]+:|#", link):
            return match[0]
        target = (page.parent / link.partition("#")[0]).resolve()
        place = target.relative_to(self._root)
        up = "../" * (len(page.relative_to(self._root).parts) - 1)
        if place.parts[:1] == ("proto",) and "frozen" not in place.parts:
            name = place.stem if place.suffix == ".proto" else "index"
            return f"[{match['text']}]({up}api/{name}.md)"
        if target / "README.md" in self._pages:
            return f"[{match['text']}]({up}{place}/README.md)"
        if target in self._pages:
            return match[0]
        return match["text"]


def main() -> None:
    root, folder, *pages = sys.argv[1:]
    Site(pathlib.Path(root), pages).write(pathlib.Path(folder))


if __name__ == "__main__":
    main()
