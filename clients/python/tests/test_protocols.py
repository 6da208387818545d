# SPDX-License-Identifier: Apache-2.0
"""The registry that the package has, against the daemon's."""

import importlib
import json
import lzma
import pathlib
import sys
import zipfile
from typing import Any

import pytest

import dissectd
from dissectd import protocols
from dissectd.protocols import _names
from dissectd.protocols._data import Data, archive, packed, unpacked
from dissectd.protocols._reading import read, wireshark_version
from dissectd.protocols.generate import generate

COMMITTED = pathlib.Path(protocols.__file__).parent / "registry.zip"


def contents(path: pathlib.Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as file:
        return {
            name: json.loads(lzma.decompress(file.read(name)))
            for name in file.namelist()
        }


def test_the_registry_is_the_daemons(w: dissectd.Client) -> None:
    if wireshark_version(w) != Data(COMMITTED).index["wireshark"]:
        pytest.skip("The daemon has another Wireshark.")
    found = json.loads(json.dumps(read(w)))
    # Compared part by part: the difference of all would take minutes to print.
    kept = contents(COMMITTED)
    assert found.keys() == kept.keys()
    assert not [name for name in kept if kept[name] != found[name]]


def test_equal_registries_have_equal_files() -> None:
    parts = {"index": {"namespaces": ["a"]}, "fields/a": {"a": [2]}}
    assert archive(parts) == archive(dict(reversed(parts.items())))


def test_one_command_makes_a_package(
    daemon: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own" / "wire"
    generate(folder, daemon.address)
    monkeypatch.syspath_prepend(str(folder.parent))
    wire: Any = importlib.import_module("wire")
    assert str(wire.tcp.dstport == 80) == "tcp.dstport == 80"
    stub = (folder / "_typed" / "tcp.pyi").read_text()
    assert "    dstport: _f.IntegerField\n" in stub
    assert (
        "from wire._typed.tcp import tcp as tcp"
        in (folder / "__init__.pyi").read_text()
    )
    del sys.modules["wire"]


def test_lists_of_values_survive_packing() -> None:
    values = [(0, 0, "a"), (1, 1, "b"), (7, 9, "c"), (10, 10, "d"), (2, 2, "e")]
    assert packed(values) == ["a", "b", [6, 8], "c", "d", -8, "e"]
    assert list(unpacked(packed(values))) == values


def test_names_that_python_lacks_are_changed() -> None:
    assert _names.identifiers(["a-b", "a_b", "in", "6lowpan", "isin"]) == {
        "a_b": "a_b",
        "_6lowpan": "6lowpan",
        "in_": "in",
        "isin_": "isin",
    }


def test_names_of_values_are_constants() -> None:
    values: list[tuple[int | range, str]] = [
        (1, "A (Host Address)"),
        (2, "Reserved"),
        (3, "Reserved"),
        (4, "802.1Q"),
        (5, "x (one)"),
        (6, "x (two)"),
        (7, "child"),
        (-1, "?"),
    ]
    assert [
        (name, value) for name, value, _ in _names.constants(values, ["CHILD"])
    ] == [
        ("A", 1),
        ("RESERVED_2", 2),
        ("RESERVED_3", 3),
        ("_802_1Q", 4),
        ("X_ONE", 5),
        ("X_TWO", 6),
        ("CHILD_", 7),
    ]
