# SPDX-License-Identifier: Apache-2.0
"""The file with protocols, fields and named values.

It is an archive of JSON, so that little of it is read. `index` has the names
of all protocols, `fields/L` the fields of those that begin with a letter,
`titles/L` their titles, and `values/N` lists of named values.

The entry of a field is a list of its type, the number of its list of values,
and the entries below it by name; zeros at its end are left out. Titles are in
the order of the entries, and empty if they say no more than the name. In a list
of values each text stands for the number after the last one, unless the
difference is before the text: a number, or a pair for a range.
"""

from __future__ import annotations

import functools
import io
import json
import lzma
import pathlib
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

FORMAT = 1
LISTS_IN_A_MEMBER = 4096
# These settings suit text: they take a tenth off the size.
_FILTERS = [
    {
        "id": lzma.FILTER_LZMA2,
        "preset": 6,
        "lc": 4,
        "pb": 0,
    }
]
# The time that each member of the archive has, so that equal registries have
# equal files.
_TIME = (1980, 1, 1, 0, 0, 0)

Entry: TypeAlias = "list[Any]"
# The first and the last value that have a text, and the text.
Value: TypeAlias = tuple[int, int, str]


def letter(name: str) -> str:
    """Returns the part of the data that has a protocol."""
    first = name[:1].lower()
    return first if first.isascii() and first.isalnum() else "_"


def entry_type(entry: Entry) -> int:
    return int(entry[0]) if entry else 0


def entry_list(entry: Entry) -> int:
    return int(entry[1]) if len(entry) > 1 else 0


def entry_children(entry: Entry) -> dict[str, Entry]:
    return entry[2] if len(entry) > 2 else {}


def packed(values: Iterable[Value]) -> list[Any]:
    """Returns a list of values as the file has it."""
    items: list[Any] = []
    previous = -1
    for first, last, text in values:
        if first != last:
            items.append([first - previous, last - previous])
        elif first != previous + 1:
            items.append(first - previous)
        items.append(text)
        previous = last
    return items


def unpacked(items: Iterable[Any]) -> Iterator[Value]:
    """Yields the values of a list of the file."""
    previous = -1
    first = last = 1
    for item in items:
        if isinstance(item, str):
            yield previous + first, previous + last, item
            previous += last
            first = last = 1
        else:
            first, last = item if isinstance(item, list) else (item, item)


class Data:
    """What a file has, which is read when it is needed."""

    def __init__(self, path: pathlib.Path) -> None:
        self._path = path
        self.part = functools.cache(self._part)

    def _part(self, member: str) -> Any:
        with zipfile.ZipFile(self._path) as archive:
            return json.loads(lzma.decompress(archive.read(member)))

    @property
    def index(self) -> dict[str, Any]:
        index: dict[str, Any] = self.part("index")
        return index

    def namespaces(self) -> list[str]:
        """Returns the first parts of all names."""
        names: list[str] = self.index["namespaces"]
        return names

    def entry(self, namespace: str) -> Entry:
        entry: Entry = self.part(f"fields/{letter(namespace)}")[namespace]
        return entry

    def titles(self, namespace: str) -> list[str]:
        titles: list[str] = self.part(f"titles/{letter(namespace)}")[namespace]
        return titles

    def values(self, number: int) -> Iterator[Value]:
        """Yields a list of named values; the first is number 1."""
        block, place = divmod(number - 1, LISTS_IN_A_MEMBER)
        yield from unpacked(self.part(f"values/{block}")[place])


def members(
    index: dict[str, Any],
    fields: dict[str, Entry],
    titles: dict[str, list[str]],
    lists: list[list[Any]],
) -> dict[str, Any]:
    """Returns the contents of a file, by the names of its members."""
    parts: dict[str, Any] = {
        "index": {"format": FORMAT, **index, "namespaces": sorted(fields)}
    }
    for name in sorted(fields):
        parts.setdefault(f"fields/{letter(name)}", {})[name] = fields[name]
        parts.setdefault(f"titles/{letter(name)}", {})[name] = titles[name]
    for start in range(0, len(lists), LISTS_IN_A_MEMBER):
        block = start // LISTS_IN_A_MEMBER
        parts[f"values/{block}"] = lists[start : start + LISTS_IN_A_MEMBER]
    return parts


def archive(parts: dict[str, Any]) -> bytes:
    """Returns a file; equal contents make equal files."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as target:
        for name in sorted(parts):
            member = zipfile.ZipInfo(name, _TIME)
            # By default, this is the number of the system that writes the file.
            member.create_system = 3
            target.writestr(member, _compressed(parts[name]))
    return output.getvalue()


def _compressed(content: Any) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return lzma.compress(text.encode(), lzma.FORMAT_XZ, filters=_FILTERS)
