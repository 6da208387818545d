# SPDX-License-Identifier: Apache-2.0
"""Random filters, each with the text that a person might write for it."""

import datetime
import ipaddress
import random
import string as strings
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from dissectd import filters
from dissectd.protocols import dns, eth, frame, http, ip, ipv6, tcp, udp


class Pair(NamedTuple):
    """An expression, and its text in another style."""

    expression: Any
    text: str


# Wireshark's own protocol that has a field of each type.
_ALL_TYPES = filters.protocol("_ws.ftypes")
TYPES = [
    getattr(_ALL_TYPES, name)
    for name in sorted({*dir(_ALL_TYPES)} - {*dir(filters.Protocol)})
    if not name.startswith("_")
]
REAL = [
    ip,
    tcp,
    frame,
    ip.ttl,
    ip.src,
    ip.addr,
    ip.id,
    ip.proto,
    ipv6.dst,
    eth.src,
    eth.addr,
    eth.type,
    tcp.len,
    tcp.port,
    tcp.srcport,
    tcp.seq,
    tcp.flags,
    tcp.flags.syn,
    tcp.payload,
    tcp.time_delta,
    udp.length,
    udp.port,
    dns.qry.name,
    dns.qry.type,
    dns.flags.response,
    http.host,
    http.request.method,
    frame.len,
    frame.time,
    frame.time_epoch,
    frame.time_delta,
    frame.protocols,
]
_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)


class Generator:
    """Makes random filters of some fields."""

    def __init__(self, seed: int, fields: list[Any]) -> None:
        self.random = random.Random(seed)
        self.fields = [found for found in fields if hasattr(found, "_kind")]

    def filter(self, depth: int = 3) -> Pair:
        choice = self.random.random()
        if depth == 0 or choice < 0.4:
            return self.test()
        left, right = self.filter(depth - 1), self.filter(depth - 1)
        if choice < 0.6:
            return Pair(
                left.expression & right.expression,
                f"({left.text}) and ({right.text})",
            )
        if choice < 0.85:
            return Pair(
                left.expression | right.expression,
                f"({left.text}) or ({right.text})",
            )
        return Pair(~left.expression, f"not ({left.text})")

    def test(self) -> Pair:
        while True:
            make = self.random.choice(
                [
                    self.comparison,
                    self.comparison,
                    self.existence,
                    self.membership,
                    self.search,
                    self.function,
                    self.arithmetic,
                    self.slice,
                    self.quantified,
                    self.mask,
                ]
            )
            pair = make(self.field())
            if pair is not None:
                return pair

    def field(self) -> Pair:
        found = self.random.choice(self.fields)
        if self.random.random() < 0.2:
            layer = self.random.choice([1, 2, -1])
            return Pair(found.layer(layer), f"{found}#[{layer}]")
        return Pair(found, str(found))

    def like(self, wanted: Any, exact: bool = False) -> Pair | None:
        fitting = [
            found
            for found in self.fields
            if found._kind.group is wanted._kind.group
            and (not exact or found._kind == wanted._kind)
        ]
        if not fitting:
            return None
        found = self.random.choice(fitting)
        return Pair(found, str(found))

    def value(self, of: Any) -> Pair | None:
        """Returns a random value of the type of a field."""
        kind = of._kind
        make = getattr(self, f"_{kind.name}", None) or getattr(
            self, f"_{kind.group.name.lower()}", None
        )
        return make(kind) if make else None

    def operator(self, of: Any) -> tuple[str, Callable[[Any, Any], Any]]:
        signs: list[tuple[str, Callable[[Any, Any], Any]]] = [
            ("eq", lambda a, b: a == b),
            ("ne", lambda a, b: a != b),
        ]
        if of._kind.group.name != "BOOLEAN":
            signs += [
                ("lt", lambda a, b: a < b),
                ("le", lambda a, b: a <= b),
                ("gt", lambda a, b: a > b),
                ("ge", lambda a, b: a >= b),
            ]
        return self.random.choice(signs)

    def compared(self, left: Pair, other: Pair | None) -> Pair | None:
        if other is None or left.expression._kind.group.name == "LABEL":
            return None
        word, compare = self.operator(left.expression)
        return Pair(
            compare(left.expression, other.expression),
            f"{left.text} {word} {other.text}",
        )

    def comparison(self, field: Pair) -> Pair | None:
        other = (
            self.like(field.expression)
            if self.random.random() < 0.2
            else self.value(field.expression)
        )
        return self.compared(field, other)

    def existence(self, field: Pair) -> Pair:
        return field

    def membership(self, field: Pair) -> Pair | None:
        values = [self.value(field.expression) for _ in range(3)]
        if None in values or not hasattr(type(field.expression), "isin"):
            return None
        plain, low, high = (value for value in values if value)
        if any(" - " in value.text for value in (plain, low, high)):
            return None
        if "/" in low.text + high.text:
            return None
        items = [
            plain.expression,
            filters.between(low.expression, high.expression),
        ]
        return Pair(
            field.expression.isin(items),
            f"{field.text} in {{{plain.text}, {low.text} .. {high.text}}}",
        )

    def search(self, field: Pair) -> Pair | None:
        kind = type(field.expression)
        if hasattr(kind, "matches") and self.random.random() < 0.5:
            pattern = self.random.choice(
                ["a.*e", "^G", "\\d{2}", "[^\\x00]\\.", 'é|"']
            )
            escaped = pattern.replace("\\", "\\\\").replace('"', '\\"')
            return Pair(
                field.expression.matches(pattern),
                f'{field.text} matches "{escaped}"',
            )
        if not hasattr(kind, "contains"):
            return None
        value = self.value(field.expression)
        if value is None:
            return None
        return Pair(
            field.expression.contains(value.expression),
            f"{field.text} contains {value.text}",
        )

    def function(self, field: Pair) -> Pair | None:
        name = self.random.choice(
            ["len", "count", "string", "upper", "lower", "max", "min", "abs"]
        )
        arguments = [field]
        if name in {"max", "min"}:
            other = self.like(field.expression, exact=True)
            arguments += [other] if other else []
        try:
            result = getattr(filters, name)(
                *(one.expression for one in arguments)
            )
        except TypeError:
            return None
        text = f"{name}({','.join(one.text for one in arguments)})"
        return self.compared(Pair(result, text), self.value(result))

    def arithmetic(self, field: Pair) -> Pair | None:
        left: Pair | None = field
        for _ in range(self.random.randint(1, 2)):
            if left is None:
                return None
            left = self.computed(left, field.expression)
        if left is None or self.random.random() < 0.2:
            return left
        return self.compared(left, self.value(field.expression))

    def computed(self, left: Pair, field: Any) -> Pair | None:
        sign, compute = self.random.choice(
            [
                ("+", lambda a, b: a + b),
                ("-", lambda a, b: a - b),
                ("*", lambda a, b: a * b),
                ("/", lambda a, b: a // b if field._kind.size else a / b),
                ("%", lambda a, b: a % b),
            ]
        )
        other = (
            self.like(field)
            if self.random.random() < 0.3
            else self.value(field)
        )
        if other is None or isinstance(other.expression, str):
            return None
        try:
            result = compute(left.expression, other.expression)
        except (TypeError, ZeroDivisionError):
            return None
        braced = left.text if left.expression is field else f"{{{left.text}}}"
        return Pair(
            result,
            f"{braced} {sign} {{{other.text}}}"
            if " " in other.text
            else f"{braced} {sign} {other.text}",
        )

    def slice(self, field: Pair) -> Pair | None:
        try:
            start = self.random.randint(0, 3)
            length = self.random.randint(1, 3)
            part = field.expression[start : start + length]
        except TypeError:
            return None
        text = (
            f"{field.text}[{start}-{start + length - 1}]"
            if length > 1
            else f"{field.text}[{start}]"
        )
        data = self.random.randbytes(length)
        if self.random.random() < 0.3:
            masked = Pair(
                part & data,
                f"{text} & {data.hex('-')}"
                if length > 1
                else f"{text} & 0x{data.hex()}",
            )
            if self.random.random() < 0.5:
                return masked
            return self.compared(
                masked,
                Pair(data, data.hex(".") if length > 1 else f"0x{data.hex()}"),
            )
        return self.compared(
            Pair(part, text),
            Pair(data, data.hex(".") if length > 1 else f"0x{data.hex()}"),
        )

    def quantified(self, field: Pair) -> Pair | None:
        word = self.random.choice(["any", "all"])
        try:
            value = getattr(filters, word)(field.expression)
        except TypeError:
            return None
        return self.compared(
            Pair(value, f"{word} {field.text}"), self.value(field.expression)
        )

    def mask(self, field: Pair) -> Pair | None:
        value = self.value(field.expression)
        if (
            value is None
            or field.expression._kind.group.name
            in {"STRING", "PROTOCOL", "TIME"}
            or isinstance(value.expression, bool)
        ):
            return None
        try:
            masked = field.expression & value.expression
        except (TypeError, ValueError):
            return None
        text = (
            f"{field.text} & {{{value.text}}}"
            if " " in value.text
            else f"{field.text} & {value.text}"
        )
        return Pair(masked, text)

    def _integer(self, kind: Any) -> Pair:
        number = self.random.choice(
            [
                self.random.randint(kind.lowest, kind.highest),
                self.random.randint(0, 100),
                kind.lowest,
                kind.highest,
            ]
        )
        if kind.signed and number == kind.lowest:
            return Pair(number, f"-{-number - 1} - 1")
        return Pair(number, hex(number))

    def _boolean(self, _kind: Any) -> Pair:
        value = self.random.random() < 0.5
        return Pair(value, "1" if value else "0")

    def _float(self, _kind: Any) -> Pair:
        number = self.random.choice([0.5, -1.25, 1e-7, 3.0, 1e30])
        return Pair(number, repr(number).replace("+", ""))

    def _time(self, _kind: Any) -> Pair:
        seconds = self.random.randint(0, 10**9)
        moment = _EPOCH + datetime.timedelta(
            seconds=seconds, microseconds=seconds % 999
        )
        return Pair(moment, f'"{moment:%Y-%m-%d %H:%M:%S.%f}Z"')

    def _duration(self, _kind: Any) -> Pair:
        nanos = self.random.choice(
            [0, 1, -1, 1500, self.random.randint(-(10**12), 10**12)]
        )
        sign = "-" if nanos < 0 else ""
        seconds, rest = divmod(abs(nanos), 10**9)
        micros = nanos // 1000 * 1000
        if micros == nanos:
            value: Any = datetime.timedelta(microseconds=nanos // 1000)
        else:
            value = float(f"{sign}{seconds}.{rest:09}")
        return Pair(value, f"{sign}{seconds}.{rest:09}")

    def _string(self, _kind: Any) -> Pair:
        text = "".join(
            self.random.choices(
                strings.printable + "é日", k=self.random.randint(0, 4)
            )
        )
        escaped = "".join(
            f"\\x{ord(c):02x}" if ord(c) < 128 else c for c in text
        )
        return Pair(text, f'"{escaped}"')

    def _address(self, size: int) -> Pair:
        data = self.random.randbytes(size)
        return Pair(self.random.choice([data, data.hex(":")]), data.hex("-"))

    def _bytes(self, kind: Any) -> Pair:
        if kind.name == "slice":
            return Pair(b"\x01\x02", "01.02")
        return self._address(kind.size or self.random.randint(2, 6))

    def _ether(self, _kind: Any) -> Pair:
        return self._address(6)

    def _characters(self, kind: Any) -> Pair:
        if self.random.random() < 0.5:
            return self._string(kind)
        data = self.random.randbytes(self.random.randint(2, 4))
        return Pair(data, data.hex("."))

    def _protocol(self, kind: Any) -> Pair:
        return self._characters(kind)

    def _uint_bytes(self, _kind: Any) -> Pair:
        data = self.random.randbytes(3)
        return Pair(data, data.hex("."))

    def _ipv4(self, _kind: Any) -> Pair:
        address = ipaddress.IPv4Address(self.random.getrandbits(32))
        if self.random.random() < 0.2:
            return Pair(f"{address}/20", f"{address}/20")
        return Pair(address, str(address))

    def _ipv6(self, _kind: Any) -> Pair:
        address = ipaddress.IPv6Address(self.random.getrandbits(128))
        return Pair(int(address), address.exploded)

    def _guid(self, _kind: Any) -> Pair:
        value = uuid.UUID(int=self.random.getrandbits(128))
        return Pair(value, str(value).upper())

    def _oid(self, _kind: Any) -> Pair:
        text = f"1.{self.random.randint(0, 39)}.{self.random.getrandbits(31)}"
        return Pair(text, text)

    def _rel_oid(self, _kind: Any) -> Pair:
        text = f"{self.random.getrandbits(20)}.{self.random.getrandbits(31)}"
        return Pair(text, text)
