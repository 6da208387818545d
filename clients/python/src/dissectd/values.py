# SPDX-License-Identifier: Apache-2.0
"""Values of fields as Python's types."""

from __future__ import annotations

import datetime
import functools
import ipaddress
import socket
import uuid
from collections.abc import Callable
from typing import TypeAlias

from dissectd.v1 import common_pb2 as common

NANOS_PER_SECOND = 1_000_000_000
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_FIRST_SECOND = -62_135_596_800
_LAST_SECOND = 253_402_300_799


class Mac(bytes):
    """A MAC address or another one that is written as bytes with colons."""

    __slots__ = ()

    def __new__(cls, address: bytes | str) -> Mac:
        if isinstance(address, str):
            address = bytes.fromhex(address.translate(_WITHOUT_SEPARATORS))
        return super().__new__(cls, address)

    @property
    def oui(self) -> bytes:
        """The three bytes that belong to the vendor."""
        return bytes(self[:3])

    def __str__(self) -> str:
        return self.hex(":")

    def __repr__(self) -> str:
        return f"Mac('{self}')"


_WITHOUT_SEPARATORS = str.maketrans("", "", ":-.")


class Timestamp(datetime.datetime):
    """A point in time in UTC that knows its nanoseconds.

    Beyond the years 1 to 9999 it is the nearest time that `datetime` has, but
    `epoch_ns` is right. Comparisons see only microseconds, as `datetime` does:
    compare `epoch_ns` where nanoseconds matter.
    """

    _ns: int

    @classmethod
    def from_parts(cls, seconds: int, nanos: int) -> Timestamp:
        total = seconds * NANOS_PER_SECOND + nanos
        whole, rest = divmod(total, NANOS_PER_SECOND)
        within = min(max(whole, _FIRST_SECOND), _LAST_SECOND)
        moment = _EPOCH + datetime.timedelta(
            seconds=within, microseconds=rest // 1000
        )
        result = cls(
            moment.year,
            moment.month,
            moment.day,
            moment.hour,
            moment.minute,
            moment.second,
            moment.microsecond,
            tzinfo=datetime.timezone.utc,
        )
        result._ns = total
        return result

    @property
    def epoch_ns(self) -> int:
        """The nanoseconds since 1970."""
        try:
            return self._ns
        except AttributeError:
            # Arithmetic makes an object that has only what datetime has.
            passed = datetime.datetime.__sub__(self, _EPOCH)
            return passed // datetime.timedelta(microseconds=1) * 1000

    @property
    def nanosecond(self) -> int:
        """The nanoseconds of the second."""
        return self.epoch_ns % NANOS_PER_SECOND

    def epoch_text(self) -> str:
        """Returns the seconds since 1970 with nine decimals."""
        return seconds_text(self.epoch_ns)

    def __repr__(self) -> str:
        text = self.strftime("%Y-%m-%dT%H:%M:%S")
        return f"Timestamp('{text}.{self.nanosecond:09}Z')"

    def __reduce_ex__(self, _protocol: object) -> tuple[object, ...]:
        return (Timestamp.from_parts, divmod(self.epoch_ns, NANOS_PER_SECOND))


class Duration(datetime.timedelta):
    """A duration that knows its nanoseconds."""

    ns: int

    @classmethod
    def from_parts(cls, seconds: int, nanos: int) -> Duration:
        total = seconds * NANOS_PER_SECOND + nanos
        try:
            result = cls(microseconds=total // 1000)
        except OverflowError:
            limit = datetime.timedelta.max if total > 0 else cls.min
            result = cls(limit.days, limit.seconds, limit.microseconds)
        result.ns = total
        return result

    def seconds_text(self) -> str:
        """Returns the seconds with nine decimals."""
        return seconds_text(self.ns)

    def __repr__(self) -> str:
        return f"Duration('{self.seconds_text()}')"

    def __reduce__(self) -> tuple[object, ...]:
        return (Duration.from_parts, (0, self.ns))


def seconds_text(nanos: int) -> str:
    sign = "-" if nanos < 0 else ""
    seconds, rest = divmod(abs(nanos), NANOS_PER_SECOND)
    return f"{sign}{seconds}.{rest:09}"


Value: TypeAlias = (
    bool
    | int
    | float
    | str
    | bytes
    | Mac
    | Timestamp
    | Duration
    | uuid.UUID
    | ipaddress.IPv4Address
    | ipaddress.IPv6Address
    | None
)


def _sized(data: bytes, size: int) -> bytes:
    return data if len(data) == size else bytes(size)


def _ipv4(data: bytes) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(_sized(data, 4))


def _ipv6(data: bytes) -> ipaddress.IPv6Address:
    return ipaddress.IPv6Address(_sized(data, 16))


def _guid(data: bytes) -> uuid.UUID:
    return uuid.UUID(bytes=_sized(data, 16))


def _identifier_parts(ber: bytes) -> list[int]:
    parts, part = [], 0
    for byte in ber:
        part = part << 7 | byte & 0x7F
        if not byte & 0x80:
            parts.append(part)
            part = 0
    return parts


def oid_text(ber: bytes) -> str:
    """Returns an object identifier in dotted form.

    It is empty if a part doesn't fit 32 bits, as in Wireshark.
    """
    parts = _identifier_parts(ber)
    if not parts:
        return "0"
    root = min(parts[0] // 40, 2)
    parts[0] -= root * 40
    if max(parts) > 0xFFFFFFFF:
        return ""
    return ".".join(map(str, [root, *parts]))


def relative_oid_text(ber: bytes) -> str:
    parts = _identifier_parts(ber)
    if parts and max(parts) > 0xFFFFFFFF:
        return ""
    return "".join(f".{part}" for part in parts)


def system_id_text(data: bytes) -> str:
    """Returns an OSI system identifier as Wireshark writes it."""
    size = len(data)
    if not 0 < size <= 15:
        return "<Invalid length of SYSTEM ID>"
    if 6 <= size <= 8:
        text = ".".join(data[i : i + 2].hex() for i in range(0, 6, 2))
        if size > 6:
            text += "." + data[6:7].hex()
        return text + ("-" + data[7:].hex() if size > 7 else "")
    text = data[:4].hex()
    return text + ("." + data[4:].hex() if size >= 4 else "")


def _scaled(value: int, bits: int) -> float:
    """Returns a number of IEEE 11073 with a mantissa of some bits."""
    top = 1 << (bits - 1)
    special = {
        top - 2: float("inf"),
        top - 1: float("nan"),
        top: float("nan"),
        top + 1: float("nan"),
        top + 2: float("-inf"),
    }
    mantissa = value & (2 * top - 1)
    if mantissa in special and value < 2 * top:
        return special[mantissa]
    exponent = value >> bits
    exponent_top = 1 << (3 if bits == 12 else 7)
    if exponent & exponent_top:
        exponent -= 2 * exponent_top
    if mantissa & top:
        mantissa -= 2 * top
    return float(f"{mantissa}e{exponent}")


def _eui64(value: int) -> Mac:
    return Mac(value.to_bytes(8, "big"))


_T = common.FieldType
_CONVERTERS: dict[int, Callable[..., Value]] = {
    _T.FIELD_TYPE_BOOLEAN: bool,
    _T.FIELD_TYPE_IEEE_11073_SFLOAT: functools.partial(_scaled, bits=12),
    _T.FIELD_TYPE_IEEE_11073_FLOAT: functools.partial(_scaled, bits=24),
    _T.FIELD_TYPE_ABSOLUTE_TIME: Timestamp.from_parts,
    _T.FIELD_TYPE_RELATIVE_TIME: Duration.from_parts,
    _T.FIELD_TYPE_ETHER: Mac,
    _T.FIELD_TYPE_AX25: Mac,
    _T.FIELD_TYPE_VINES: Mac,
    _T.FIELD_TYPE_FCWWN: Mac,
    _T.FIELD_TYPE_EUI64: _eui64,
    _T.FIELD_TYPE_IPV4: _ipv4,
    _T.FIELD_TYPE_IPV6: _ipv6,
    _T.FIELD_TYPE_GUID: _guid,
    _T.FIELD_TYPE_OID: oid_text,
    _T.FIELD_TYPE_REL_OID: relative_oid_text,
    _T.FIELD_TYPE_SYSTEM_ID: system_id_text,
}


def converter(field_type: int) -> Callable[..., Value] | None:
    """Returns what makes a value of a field from the transferred one.

    Nothing if the transferred one is the value already. For times the function
    takes seconds and nanoseconds.
    """
    return _CONVERTERS.get(field_type)


def text(value: Value) -> str:
    """Returns a value as Wireshark writes it."""
    if isinstance(value, ipaddress.IPv6Address):
        # Python has another form for addresses that contain one of IPv4.
        return socket.inet_ntop(socket.AF_INET6, value.packed)
    return str(value)
