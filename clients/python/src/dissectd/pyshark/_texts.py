# SPDX-License-Identifier: Apache-2.0
"""Values as the texts that tshark writes into PDML and JSON."""

from __future__ import annotations

import math
import socket
import time
from collections.abc import Callable
from typing import Any

from dissectd.v1 import common_pb2 as common
from dissectd.values import oid_text, relative_oid_text, system_id_text

_T = common.FieldType
_D = common.FieldDisplay

# Stands for nanoseconds that a time doesn't have.
_NO_NANOS = 0x7FFFFFFF
_MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
_UTC = {
    _D.FIELD_DISPLAY_TIME_UTC,
    _D.FIELD_DISPLAY_TIME_DOY_UTC,
    _D.FIELD_DISPLAY_TIME_NTP_UTC,
}
_HEXADECIMAL = {_D.FIELD_DISPLAY_HEX, _D.FIELD_DISPLAY_HEX_DEC}
# libwireshark cuts durations to the longest of regular ones.
_LONGEST_DURATION = 30
_NOT_REPRESENTABLE = "Not representable"
# C's letters for characters that can't be printed.
_ESCAPES = dict(zip(b"\0\a\b\t\n\v\f\r\\'", "0abtnvfr\\'", strict=True))
_SPECIAL_FLOATS = ("+INFINITY", "NaN", "NRes", "RFU", "-INFINITY")

_DIGITS: dict[int, int] = {
    _T.FIELD_TYPE_UINT8: 2,
    _T.FIELD_TYPE_UINT16: 4,
    _T.FIELD_TYPE_UINT24: 6,
    _T.FIELD_TYPE_UINT40: 16,
    _T.FIELD_TYPE_UINT48: 16,
    _T.FIELD_TYPE_UINT56: 16,
    _T.FIELD_TYPE_UINT64: 16,
}
_LONG = 16
UNSIGNED = {_T.FIELD_TYPE_UINT32, _T.FIELD_TYPE_FRAMENUM, *_DIGITS}
_STRINGS = {
    _T.FIELD_TYPE_STRING,
    _T.FIELD_TYPE_STRINGZ,
    _T.FIELD_TYPE_UINT_STRING,
    _T.FIELD_TYPE_STRINGZPAD,
    _T.FIELD_TYPE_STRINGZTRUNC,
}
_BYTES = {
    _T.FIELD_TYPE_ETHER,
    _T.FIELD_TYPE_BYTES,
    _T.FIELD_TYPE_UINT_BYTES,
    _T.FIELD_TYPE_AX25,
    _T.FIELD_TYPE_VINES,
    _T.FIELD_TYPE_FCWWN,
}
_SEPARATORS = {_D.FIELD_DISPLAY_SEP_DOT: ".", _D.FIELD_DISPLAY_SEP_DASH: "-"}


def hex_digits(field_type: int) -> int:
    """Returns the number of hexadecimal digits of an unsigned type."""
    return _DIGITS.get(field_type, 8)


def _broken_down(seconds: int, utc: bool) -> time.struct_time | None:
    try:
        return time.gmtime(seconds) if utc else time.localtime(seconds)
    except (OverflowError, OSError, ValueError):
        return None


def absolute_time_text(display: int, moment: tuple[int, int]) -> str:
    """Returns a point in time, for example `Jan  2, 2020 03:04:05.0 UTC`."""
    seconds, nanos = moment
    ntp = display == _D.FIELD_DISPLAY_TIME_NTP_UTC
    if ntp and seconds == 0 and nanos in (0, _NO_NANOS):
        return "NULL"
    utc = display in _UTC
    parts = _broken_down(seconds, utc)
    if parts is None:
        return _NOT_REPRESENTABLE
    if display == _D.FIELD_DISPLAY_TIME_DOY_UTC:
        date = f"{parts.tm_year:04}/{parts.tm_yday:03}:"
    else:
        month = _MONTHS[parts.tm_mon - 1]
        gap = "  " if parts.tm_mday < 10 else " "
        date = f"{month}{gap}{parts.tm_mday}, {parts.tm_year} "
    fraction = "" if nanos == _NO_NANOS else f".{nanos:09}"
    clock = f"{parts.tm_hour:02}:{parts.tm_min:02}:{parts.tm_sec:02}"
    return f"{date}{clock}{fraction} {'UTC' if utc else parts.tm_zone}"


def iso_time_text(moment: tuple[int, int]) -> str:
    """Returns a point in time as Elasticsearch reads it."""
    parts = _broken_down(moment[0], utc=True)
    text = (
        _NOT_REPRESENTABLE
        if parts is None
        else time.strftime("%Y-%m-%dT%H:%M:%S", parts)
    )
    return f"{text}.{moment[1] & 0xFFFFFFFF:09}Z"


def relative_time_text(duration: tuple[int, int]) -> str:
    """Returns a duration in seconds.

    Both parts of a negative one are negative; of zero seconds only the
    nanoseconds have a sign.
    """
    seconds, nanos = duration
    sign = "-" if nanos < 0 <= seconds else ""
    return f"{sign}{seconds}.{abs(nanos):09}"[:_LONGEST_DURATION]


def _character_text(value: int, hexadecimal: bool) -> str:
    if value in _ESCAPES:
        return f"'\\{_ESCAPES[value]}'"
    if 0x20 <= value < 0x7F:
        return f"'{chr(value)}'"
    return f"'\\x{value:02x}'" if hexadecimal else f"'\\{value:03o}'"


def _floating_text(digits: int) -> Callable[[float], str]:
    def text(value: float) -> str:
        if math.isnan(value):
            return "-nan" if math.copysign(1, value) < 0 else "nan"
        return f"{value:.{digits}g}"

    return text


def _scaled_text(digits: str, width: int, exponent: int) -> str:
    """Returns a mantissa times a power of ten, without an exponent.

    `width` is the number of digits of the mantissa, which may be one more than
    `digits` has: libwireshark 4.0 loses the eighth digit of a mantissa, and
    then all that would follow it.
    """
    if exponent >= 0:
        return digits + ("0" * exponent if len(digits) == width else "")
    if -exponent < width:
        whole = width + exponent
        return f"{digits[:whole]}.{digits[whole:]}"
    return f"0.{'0' * (-exponent - width)}{digits}"


def _signed(value: int, bits: int) -> int:
    top = 1 << (bits - 1)
    return (value & (top - 1)) - (value & top)


def _short_medical_text(value: int) -> str:
    """Returns a short float of IEEE 11073."""
    if 0x7FE <= value <= 0x802:
        return _SPECIAL_FLOATS[value - 0x7FE]
    mantissa = _signed(value, 12)
    if mantissa == 0:
        return "0"
    digits = str(abs(mantissa))
    text = _scaled_text(digits, len(digits), _signed(value >> 12, 4))
    return f"-{text}" if mantissa < 0 else text


def _medical_text(value: int) -> str:
    """Returns a float of IEEE 11073."""
    if 0x7FFFFE <= value <= 0x800002:
        return _SPECIAL_FLOATS[value - 0x7FFFFE]
    # For a negative mantissa, libwireshark 4.0 drops the sign bit before it
    # takes the complement of the rest in 32 bits.
    mantissa, sign = value & 0x7FFFFF, ""
    if value & 0x800000:
        mantissa, sign = -(mantissa | 0xFF000000) & 0xFFFFFFFF, "-"
    if mantissa == 0:
        return "0"
    digits = str(mantissa)
    exponent = _signed(value >> 24, 8)
    return sign + _scaled_text(digits[:7], len(digits), exponent)


def _sized(data: bytes, size: int) -> bytes:
    return data if len(data) == size else bytes(size)


def _ipv4_text(data: bytes) -> str:
    return socket.inet_ntoa(_sized(data, 4))


def _ipv6_text(data: bytes) -> str:
    return socket.inet_ntop(socket.AF_INET6, _sized(data, 16))


def _guid_text(data: bytes) -> str:
    digits = _sized(data, 16).hex()
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20])
    return "-".join((*parts, digits[20:]))


def _eui64_text(value: int) -> str:
    return value.to_bytes(8, "big").hex(":")


def _string_text(text: str) -> str:
    return text.replace("\0", "\\0")


def _no_text(_value: object) -> str:
    return ""


_BY_TYPE: dict[int, Callable[[Any], str]] = {
    _T.FIELD_TYPE_BOOLEAN: lambda value: "1" if value else "0",
    _T.FIELD_TYPE_IEEE_11073_SFLOAT: _short_medical_text,
    _T.FIELD_TYPE_IEEE_11073_FLOAT: _medical_text,
    _T.FIELD_TYPE_FLOAT: _floating_text(6),
    _T.FIELD_TYPE_DOUBLE: _floating_text(15),
    _T.FIELD_TYPE_RELATIVE_TIME: relative_time_text,
    _T.FIELD_TYPE_IPV4: _ipv4_text,
    _T.FIELD_TYPE_IPV6: _ipv6_text,
    _T.FIELD_TYPE_IPXNET: lambda value: f"0x{value:08x}",
    _T.FIELD_TYPE_GUID: _guid_text,
    _T.FIELD_TYPE_OID: oid_text,
    _T.FIELD_TYPE_REL_OID: relative_oid_text,
    _T.FIELD_TYPE_EUI64: _eui64_text,
    _T.FIELD_TYPE_SYSTEM_ID: system_id_text,
    **dict.fromkeys(_STRINGS, _string_text),
    **dict.fromkeys(
        (
            _T.FIELD_TYPE_INT8,
            _T.FIELD_TYPE_INT16,
            _T.FIELD_TYPE_INT24,
            _T.FIELD_TYPE_INT32,
            _T.FIELD_TYPE_INT40,
            _T.FIELD_TYPE_INT48,
            _T.FIELD_TYPE_INT56,
            _T.FIELD_TYPE_INT64,
        ),
        str,
    ),
}


def value_text(field: common.Field) -> Callable[[Any], str]:
    """Returns the function that writes the values of a field."""
    kind, display = field.type, field.display
    if kind in UNSIGNED:
        digits = hex_digits(kind)
        # Long integers are decimal if the display has any flag.
        if display in _HEXADECIMAL and (
            digits < _LONG or field.display_flags == 0
        ):
            return f"0x{{:0{digits}x}}".format
        return str
    if kind in _BYTES:
        separator = _SEPARATORS.get(display, ":")
        return lambda data: data.hex(separator) if data else ""
    if kind == _T.FIELD_TYPE_ABSOLUTE_TIME:
        return lambda moment: absolute_time_text(display, moment)
    if kind == _T.FIELD_TYPE_CHAR:
        plain = field.display_flags == 0
        hexadecimal = plain and display == _D.FIELD_DISPLAY_HEX
        return lambda value: _character_text(value, hexadecimal)
    return _BY_TYPE.get(kind, _no_text)


def number_text(field: common.Field) -> Callable[[int], str]:
    """Returns the function that writes numbers in labels of a field.

    They have the field's display, even if values show only half of it.
    """
    hexadecimal = f"0x{{0:0{hex_digits(field.type)}x}}"
    forms = {
        _D.FIELD_DISPLAY_HEX: hexadecimal,
        _D.FIELD_DISPLAY_HEX_DEC: f"{hexadecimal} ({{0}})",
        _D.FIELD_DISPLAY_DEC_HEX: f"{{0}} ({hexadecimal})",
    }
    return forms.get(field.display, "{0}").format


def masked_text(field: common.Field) -> Callable[[int], str]:
    """Returns the function that writes values of a field with a bitmask."""
    narrow = {
        _T.FIELD_TYPE_INT8,
        _T.FIELD_TYPE_INT16,
        _T.FIELD_TYPE_INT24,
        _T.FIELD_TYPE_INT32,
    }
    mask = 0xFFFFFFFF if field.type in narrow else 0xFFFFFFFFFFFFFFFF
    return lambda value: f"{(value or 0) & mask:X}"
