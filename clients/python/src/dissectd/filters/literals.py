# SPDX-License-Identifier: Apache-2.0
"""Texts of Python's values in display filters.

A value of a type that a field can't have is a TypeError. A value of the right
type that is out of range, or a text that isn't an address, is a ValueError.
"""

from __future__ import annotations

import datetime
import decimal
import ipaddress
import math
import operator
import re
import uuid
from collections.abc import Callable
from typing import Any

from dissectd.filters.kinds import Group, Kind
from dissectd.values import Duration, Timestamp, seconds_text

_NANOS = 1_000_000_000
_HIGHEST_SECOND = (1 << 63) - 1
_SMALLEST_DOUBLE = 2.2250738585072014e-308
_LARGEST_FLOAT = 3.4028234663852886e38
_HIGHEST_PART = (1 << 32) - 1
_EXACT = decimal.Context(prec=400)
_ISO_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)",
    re.ASCII,
)
_OID = re.compile(r"[0-2](\.\d+)+", re.ASCII)
_RELATIVE_OID = re.compile(r"\.?\d+(\.\d+)+", re.ASCII)
_ESCAPES = {"\\": "\\\\", '"': '\\"'}


def quoted(text: str) -> str:
    """Returns a string in quotes."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{text!r} can't be written as UTF-8.") from error
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character < " " or character == "\x7f":
        return f"\\x{ord(character):02x}"
    return character


def hexadecimal(data: bytes) -> str:
    """Returns bytes as numbers with colons; one byte alone as a number.

    Without `0x` the text of one byte could be the name of a protocol.
    """
    if not data:
        return '""'
    return f"0x{data.hex()}" if len(data) == 1 else data.hex(":")


def wrong_type(value: object, wanted: str) -> TypeError:
    return TypeError(f"{value!r} is not {wanted}.")


def _integer_of(value: object, wanted: str) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise wrong_type(value, wanted)
    return operator.index(value)


def _integer(kind: Kind, value: object) -> str:
    number = _integer_of(value, f"an integer ({kind.name})")
    if not kind.lowest <= number <= kind.highest:
        raise ValueError(
            f"{number} is out of range for {kind.name}, which has "
            f"{kind.lowest} to {kind.highest}."
        )
    if kind.signed and number == kind.lowest:
        # libwireshark reads the sign last, and refuses the number before it.
        return f"{number + 1} - 1"
    return str(number)


def _char(kind: Kind, value: object) -> str:
    if isinstance(value, str):
        if len(value) != 1:
            raise ValueError(f"{value!r} is not one character.")
        value = ord(value)
    return _integer(kind, value)


def _eui64(kind: Kind, value: object) -> str:
    if isinstance(value, str | bytes):
        data = bytes_of(value)
        if len(data) != 8:
            raise ValueError(f"{value!r} is not an address of 8 bytes.")
        value = int.from_bytes(data, "big")
    return _integer(kind, value)


def _boolean(_kind: Kind, value: object) -> str:
    if isinstance(value, bool) or (isinstance(value, int) and value in {0, 1}):
        return str(bool(value))
    raise wrong_type(value, "True or False")


def _float(kind: Kind, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_type(value, "a number")
    number = float(value)
    highest = _LARGEST_FLOAT if kind.name == "float" else math.inf
    if not math.isfinite(number) or abs(number) > highest:
        raise ValueError(f"{value!r} is out of range for {kind.name}.")
    if 0 < abs(number) < _SMALLEST_DOUBLE:
        raise ValueError(f"{value!r} is too small for display filters.")
    return repr(number).replace("e+", "e")


def _time(_kind: Kind, value: object) -> str:
    if isinstance(value, str):
        if not _ISO_TIME.fullmatch(value):
            raise ValueError(
                f"{value!r} is not a time like 2026-01-31T08:00:00.5Z."
            )
        # Checks the numbers; the text keeps its nanoseconds.
        whole = re.sub(r"\.\d+", "", value).replace("Z", "+00:00")
        datetime.datetime.strptime(whole, f"%Y-%m-%d{value[10]}%H:%M:%S%z")
        return f'"{value}"'
    if not isinstance(value, datetime.datetime):
        raise wrong_type(value, "a datetime, or a time in ISO 8601")
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone.")
    nanos = (
        value.nanosecond
        if isinstance(value, Timestamp)
        else value.microsecond * 1000
    )
    utc = value.astimezone(datetime.timezone.utc)
    whole = utc.replace(tzinfo=None, microsecond=0).isoformat()
    return f'"{whole}.{nanos:09}Z"'


def _duration_nanos(value: object) -> int:
    if isinstance(value, Duration):
        return value.ns
    if isinstance(value, datetime.timedelta):
        return value // datetime.timedelta(microseconds=1) * 1000
    if isinstance(value, bool) or not isinstance(
        value, int | float | decimal.Decimal
    ):
        raise wrong_type(value, "a duration: a timedelta or seconds")
    if not math.isfinite(value):
        raise ValueError(f"{value!r} is not a duration.")
    return round(_EXACT.multiply(decimal.Decimal(str(value)), _NANOS))


def _duration(_kind: Kind, value: object) -> str:
    nanos = _duration_nanos(value)
    if abs(nanos) // _NANOS > _HIGHEST_SECOND:
        raise ValueError(f"{value!r} is too long for a duration.")
    whole, point, decimals = seconds_text(nanos).partition(".")
    decimals = decimals.rstrip("0")
    return whole + point + decimals if decimals else whole


def _string(_kind: Kind, value: object) -> str:
    if not isinstance(value, str):
        raise wrong_type(value, "a string")
    return quoted(value)


def bytes_of(value: str | bytes) -> bytes:
    """Returns the bytes of an address, which may be written as text."""
    if isinstance(value, bytes):
        return value
    digits = re.sub(r"(?<=[0-9a-fA-F])[:.-](?=[0-9a-fA-F])", "", value)
    try:
        if re.search(r"\s", digits):
            raise ValueError
        return bytes.fromhex(digits)
    except ValueError:
        raise ValueError(
            f"{value!r} is not an address like 00:11:22."
        ) from None


def address_bytes(value: object) -> bytes:
    if not isinstance(value, str | bytes):
        raise wrong_type(value, "an address: bytes, or a text like 00:11:22")
    return bytes_of(value)


def _address(kind: Kind, value: object) -> str:
    data = address_bytes(value)
    if len(data) != kind.size if kind.size else not data:
        length = f"{kind.size} bytes" if kind.size else "bytes"
        raise ValueError(f"{value!r} is not an address of {length}.")
    return hexadecimal(data)


def _bytes(_kind: Kind, value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    if not isinstance(value, bytes | bytearray):
        raise wrong_type(value, "bytes, or a text for its characters")
    return hexadecimal(bytes(value))


def _counted_bytes(kind: Kind, value: object) -> str:
    """Returns bytes of a type that libwireshark compares with no text."""
    if isinstance(value, str):
        value = value.encode()
    if value == b"":
        raise ValueError(f"No bytes can't be written for {kind.name}.")
    return _bytes(kind, value)


def _guid(_kind: Kind, value: object) -> str:
    if not isinstance(value, str | uuid.UUID):
        raise wrong_type(value, "a UUID")
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        raise ValueError(f"{value!r} is not a UUID.") from None


def _oid(kind: Kind, value: object) -> str:
    pattern = _OID if kind.name == "oid" else _RELATIVE_OID
    if not isinstance(value, str):
        raise wrong_type(value, "an object identifier like '1.3.6.1'")
    text = value
    parts = [int(part) for part in text.split(".") if part.isdecimal()]
    if not pattern.fullmatch(text) or max(parts) > _HIGHEST_PART:
        raise ValueError(f"{value!r} is not an object identifier.")
    if kind.name == "oid" and parts[0] < 2 and parts[1] >= 40:
        raise ValueError(f"{value!r} is not an object identifier.")
    return text.removeprefix(".")


def _ip(kind: Kind, value: object) -> str:
    version = 4 if kind.group is Group.IPV4 else 6
    name = f"an IPv{version} address or network"
    if isinstance(value, bool) or not isinstance(
        value,
        int
        | str
        | ipaddress.IPv4Address
        | ipaddress.IPv6Address
        | ipaddress.IPv4Network
        | ipaddress.IPv6Network,
    ):
        raise wrong_type(value, name)
    address, network = (
        (ipaddress.IPv4Address, ipaddress.IPv4Network)
        if version == 4
        else (ipaddress.IPv6Address, ipaddress.IPv6Network)
    )
    if isinstance(value, int):
        if not 0 <= value < 1 << (32 if version == 4 else 128):
            raise ValueError(f"{value} is out of range for {name}.")
        return str(address(value))
    text = str(value)
    try:
        if "%" in text:
            raise ValueError
        if "/" in text:
            return str(network(text, strict=False))
        return str(address(text))
    except ValueError:
        raise ValueError(f"{value!r} is not {name}.") from None


def _scaled(kind: Kind, value: object) -> str:
    raise TypeError(
        f"{value!r} can't be compared: libwireshark can't read most numbers as "
        f"{kind.name}. Use raw() or string()."
    )


def _nothing(_kind: Kind, value: object) -> str:
    raise TypeError(f"{value!r} can't be compared with a label.")


_BY_NAME: dict[str, Callable[[Kind, Any], str]] = {
    "char": _char,
    "eui64": _eui64,
    "uint_bytes": _counted_bytes,
    "bytes": _bytes,
    "slice": _bytes,
    "protocol": _bytes,
    "oid": _oid,
    "rel_oid": _oid,
}
_BY_GROUP: dict[Group, Callable[[Kind, Any], str]] = {
    Group.LABEL: _nothing,
    Group.BOOLEAN: _boolean,
    Group.INTEGER: _integer,
    Group.SHORT_SCALED: _scaled,
    Group.SCALED: _scaled,
    Group.FLOAT: _float,
    Group.TIME: _time,
    Group.DURATION: _duration,
    Group.STRING: _string,
    Group.BYTES: _address,
    Group.IPV4: _ip,
    Group.IPV6: _ip,
    Group.GUID: _guid,
}


def literal(kind: Kind, value: object) -> str:
    """Returns a value as a display filter has it after an operator."""
    convert = _BY_NAME.get(kind.name) or _BY_GROUP[kind.group]
    return convert(kind, value)
