# SPDX-License-Identifier: Apache-2.0
"""tshark's options, as pyshark gives them, as a request to the daemon."""

from __future__ import annotations

import dataclasses
import getopt
import os
import pathlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from dissectd import options as requests
from dissectd.pyshark import _zone
from dissectd.v1 import dissection_pb2 as pb

_SHORT = "2b:c:C:d:f:F:H:i:K:lnN:o:PqQr:R:t:u:Vw:xX:Y:"
_LONG = (
    "disable-protocol=",
    "enable-protocol=",
    "disable-heuristic=",
    "enable-heuristic=",
    "no-duplicate-keys",
    "read-filter=",
    "display-filter=",
)
# They have no meaning here: what they ask for is done anyway, or nothing is
# printed.
_IGNORED = frozenset("bfilPqQrVx") | {"no-duplicate-keys"}
_NO_LIMIT = 0xFFFFFFFF
_UAT = "uat:"
_READ_FORMAT = "read_format:"
_FILES = ("file", "path")

_TIMES = {
    "r": pb.TimestampType.TIMESTAMP_TYPE_RELATIVE,
    "a": pb.TimestampType.TIMESTAMP_TYPE_ABSOLUTE,
    "ad": pb.TimestampType.TIMESTAMP_TYPE_ABSOLUTE_WITH_YMD,
    "adoy": pb.TimestampType.TIMESTAMP_TYPE_ABSOLUTE_WITH_YDOY,
    "d": pb.TimestampType.TIMESTAMP_TYPE_DELTA,
    "dd": pb.TimestampType.TIMESTAMP_TYPE_DELTA_DISPLAYED,
    "e": pb.TimestampType.TIMESTAMP_TYPE_EPOCH,
    "u": pb.TimestampType.TIMESTAMP_TYPE_UTC,
    "ud": pb.TimestampType.TIMESTAMP_TYPE_UTC_WITH_YMD,
    "udoy": pb.TimestampType.TIMESTAMP_TYPE_UTC_WITH_YDOY,
}
_SECONDS = {
    "s": pb.SecondsType.SECONDS_TYPE_SECONDS,
    "hms": pb.SecondsType.SECONDS_TYPE_HOUR_MIN_SEC,
}


_Choice = TypeVar("_Choice")


class UnsupportedParameter(NotImplementedError):
    """An option of tshark that this package can't do."""


@dataclasses.dataclass
class Command:
    """What to ask the daemon for, without the capture, and where to write."""

    request: pb.DissectRequest
    output_file: str = ""
    file_type: str = ""


def parse(parameters: Sequence[str], summaries: bool) -> Command:
    """Returns the meaning of tshark's parameters."""
    try:
        found, rest = getopt.gnu_getopt(list(parameters), _SHORT, _LONG)
    except getopt.GetoptError as error:
        raise UnsupportedParameter(
            f"dissectd.pyshark can't do what tshark's parameter asks for: "
            f"{error}."
        ) from None
    parser = _Parser(summaries)
    if rest:
        parser.view.display_filter = " ".join(rest)
    for option, value in found:
        parser.add(option.lstrip("-"), value)
    return parser.command


class _Parser:
    """Collects the meanings of options, of which later ones win."""

    def __init__(self, summaries: bool) -> None:
        request = pb.DissectRequest()
        self.command = Command(request)
        self.view, self.options = request.view, request.options
        self.view.form = pb.Form.FORM_COMPACT
        if summaries:
            self.view.columns.use_profile_columns = True
        else:
            self._ask_for_tree()
        # pyshark gives -n, so that no names are resolved.
        self.options.name_resolution.SetInParent()
        self.options.time_zone = _zone.local_time_zone()
        self._setters: dict[str, Callable[[str], None]] = {
            "2": self._set_two_pass,
            "c": self._set_count,
            "C": self._set_profile,
            "d": self._add_decode_as,
            "H": self._add_hosts,
            "K": self._set_keytab,
            "N": self._add_names,
            "n": self._clear_names,
            "o": self._add_preference,
            "R": self._set_read_filter,
            "read-filter": self._set_read_filter,
            "t": self._set_time,
            "u": self._set_seconds,
            "w": self._set_output,
            "X": self._set_read_format,
            "Y": self._set_display_filter,
            "display-filter": self._set_display_filter,
            "disable-protocol": self.options.disabled_protocols.append,
            "enable-protocol": self.options.enabled_protocols.append,
            "disable-heuristic": self.options.disabled_heuristics.append,
            "enable-heuristic": self.options.enabled_heuristics.append,
            "F": self._set_file_type,
        }

    def _ask_for_tree(self) -> None:
        view = self.view
        view.tree = pb.TreeDetail.TREE_DETAIL_FULL
        view.labels = True
        view.include_hidden = True
        view.bytes = pb.ByteDetail.BYTE_DETAIL_ALL_SOURCES
        view.max_bytes_per_source = view.max_value_bytes = _NO_LIMIT

    def add(self, option: str, value: str) -> None:
        if option in self._setters:
            self._setters[option](value)
        elif option not in _IGNORED:
            raise UnsupportedParameter(f"tshark's parameter {option}")

    def _set_two_pass(self, _value: str) -> None:
        self.options.two_pass = True

    def _set_count(self, value: str) -> None:
        self.view.range.last_frame = int(value)

    def _set_profile(self, value: str) -> None:
        self.options.profile = value

    def _set_read_filter(self, value: str) -> None:
        self.options.read_filter = value

    def _set_display_filter(self, value: str) -> None:
        self.view.display_filter = value

    def _set_output(self, value: str) -> None:
        self.command.output_file = value

    def _set_file_type(self, value: str) -> None:
        self.command.file_type = value

    def _set_read_format(self, value: str) -> None:
        if not value.startswith(_READ_FORMAT):
            raise UnsupportedParameter(f"tshark's parameter -X {value}")
        self.command.request.read_format = value.removeprefix(_READ_FORMAT)

    def _set_time(self, value: str) -> None:
        self.options.timestamp_format.type = _known(_TIMES, "-t", value)

    def _set_seconds(self, value: str) -> None:
        self.options.timestamp_format.seconds_type = _known(
            _SECONDS, "-u", value
        )

    def _add_hosts(self, value: str) -> None:
        self.options.hosts += pathlib.Path(value).read_bytes()

    def _set_keytab(self, value: str) -> None:
        self.options.kerberos_keytab = pathlib.Path(value).read_bytes()

    def _clear_names(self, _value: str) -> None:
        self.options.name_resolution.Clear()
        self.options.name_resolution.SetInParent()

    def _add_names(self, value: str) -> None:
        given = requests.dissection_options({"name_resolution": value})
        if given is not None:
            self.options.name_resolution.MergeFrom(given.name_resolution)

    def _add_decode_as(self, value: str) -> None:
        rule, _, protocol = value.rpartition(",")
        table, _, selector = rule.partition("==")
        first, colon, count = selector.partition(":")
        if colon and first.isdigit() and count.isdigit():
            # tshark's other way to write a range.
            selector = f"{first}-{int(first) + int(count) - 1}"
        self.options.decode_as.add(
            table=table.strip(),
            selector=selector.strip(),
            protocol=protocol.strip(),
        )

    def _add_preference(self, value: str) -> None:
        # The name of a table has a colon itself.
        table = _UAT if value.startswith(_UAT) else ""
        name, colon, text = value.removeprefix(table).partition(":")
        if not colon:
            raise UnsupportedParameter(f'tshark\'s parameter -o "{value}"')
        text = text.lstrip()
        attach = self._attach_in_row if table else self._attach
        self.options.preferences.add(
            name=table + name, value=attach(name, text)
        )

    def _attach_in_row(self, name: str, row: str) -> str:
        """Replaces the names of files in a row such as `"a.pem",""`."""
        cells = row.split('"')
        cells[1::2] = [self._attach(name, cell) for cell in cells[1::2]]
        return '"'.join(cells)

    def _attach(self, name: str, value: str) -> str:
        """Returns a value, or the name of an attachment if it is a file."""
        names_file = os.sep in value or name.endswith(_FILES)
        if not names_file or not pathlib.Path(value).is_file():
            return value
        path = pathlib.Path(value)
        attachments = self.options.attachments
        attached = f"{len(attachments)}{path.suffix}"
        attachments.add(name=attached, content=path.read_bytes())
        return f"attachment:{attached}"


def _known(table: dict[str, _Choice], option: str, value: str) -> _Choice:
    if value not in table:
        raise UnsupportedParameter(
            f"tshark's parameter {option} {value}: give one of "
            f"{', '.join(table)}"
        )
    return table[value]
