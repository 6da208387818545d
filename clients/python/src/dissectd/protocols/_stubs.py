# SPDX-License-Identifier: Apache-2.0
"""Stubs of a registry, so that editors and type checkers know its names.

Checkers such as mypy read all that a package's stub imports, which would take
minutes for all protocols. So only those that many people use are objects there.
The others are modules with the same attributes, which are read when they are
imported; `filters.protocol("s7comm")` has the operators of such a protocol.
"""

from __future__ import annotations

import functools
import itertools
import json
import pathlib
from collections.abc import Iterator

from dissectd.filters.fields import field_class
from dissectd.filters.kinds import KINDS
from dissectd.protocols import _names
from dissectd.protocols._data import (
    Data,
    Entry,
    entry_children,
    entry_list,
    entry_type,
)
from dissectd.protocols._members import fitting

FOLDER = "_typed"
COMMON = frozenset(
    """
    _ws arp bgp bootp cdp coap data data_text_lines dhcp dhcpv6 dns dtls eap
    eapol esp eth frame ftp ftp_data gre gtp http http2 http3 icmp icmpv6 igmp
    imap ip ipv6 isakmp isis json kerberos ldap lldp llc mdns modbus mpls mqtt
    nbns ntp ospf pim pop ppp pppoe quic rip rtcp rtp rtsp sctp sdp sip sll smb
    smb2 smtp snmp socks ssdp ssh stp stun syslog tcp telnet tftp tls udp
    urlencoded_form usb vlan vrrp vxlan websocket wg whois xml
    """.split()  # noqa: SIM905 - a list of strings would be much longer
)
_HEADER = "# Made by dissectd.protocols.generate.\n"


class _Stub:
    """The stub of one protocol."""

    def __init__(self, data: Data, namespace: str) -> None:
        self._data = data
        self._titles = iter(data.titles(namespace))
        self._numbers = itertools.count()
        self._classes: list[list[str]] = []
        self._lists: dict[tuple[str, ...], str] = {}
        self._attributes = functools.cache(self._make_attributes)
        name = _names.identifier(namespace)
        self.type, self._title = self._typed(data.entry(namespace), name)
        # A protocol without fields has no class of its own.
        self._own = self._classes[0] if self._classes else []

    def _new_class(self, name: str) -> tuple[str, list[str]]:
        lines: list[str] = []
        self._classes.append(lines)
        return f"_{next(self._numbers)}_{name}", lines

    def _make_attributes(
        self, number: int, type_number: int, taken: frozenset[str]
    ) -> tuple[str, ...]:
        values = fitting(self._data.values(number), KINDS[type_number])
        return tuple(
            f"    {constant}: {'range' if isinstance(value, range) else '_V'}"
            for constant, value, _ in _names.constants(values, taken)
        )

    def _values(self, entry: Entry, name: str, taken: dict[str, str]) -> str:
        """Returns the class that has the named values of a field."""
        number = entry_list(entry)
        if not number:
            return ""
        attributes = self._attributes(
            number, entry_type(entry), frozenset(taken)
        )
        if attributes and attributes not in self._lists:
            kind, lines = self._new_class(f"{name}_values")
            lines += [f"class {kind}:", *attributes]
            self._lists[attributes] = kind
        return self._lists.get(attributes, "")

    def _typed(self, entry: Entry, name: str) -> tuple[str, str]:
        """Returns the type and the title of an entry, and adds its class."""
        title = next(self._titles)
        children = entry_children(entry)
        by_identifier = _names.identifiers(children)
        values = self._values(entry, name, by_identifier)
        base = "_N"
        if entry_type(entry):
            base = f"_f.{field_class(KINDS[entry_type(entry)]).__name__}"
        if not children and not values:
            return base, title
        kind, lines = self._new_class(name)
        bases = f"{values}, {base}" if values else base
        lines.append(f"class {kind}({bases}):")
        identifiers = {name: key for key, name in by_identifier.items()}
        for child, below in children.items():
            attribute = identifiers.get(child)
            child_type, child_title = self._typed(
                below, attribute or _names.identifier(child)
            )
            if attribute:
                lines.append(f"    {attribute}: {child_type}")
                if child_title:
                    lines.append(f"    {_docstring(child_title)}")
        if len(lines) == 1:
            lines[0] += " ..."
        return kind, title

    def _lines(self) -> Iterator[str]:
        yield _HEADER
        yield "import dissectd.filters.fields as _f"
        yield "from dissectd.protocols._members import NamedValue as _V"
        yield "from dissectd.protocols._members import Namespace as _N"
        yield ""
        yield from itertools.chain.from_iterable(self._classes[1:])

    def as_object(self, name: str) -> str:
        """Returns the stub of a module that has the protocol."""
        kind = [f"{name}: {self.type}", _docstring(self._title)]
        return _text([*self._lines(), *self._own, *kind])

    def as_module(self) -> str:
        """Returns the stub of a module that is the protocol."""
        return _text(
            [*self._lines(), *(line.strip() for line in self._own[1:])]
        )


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _docstring(title: str) -> str:
    return json.dumps(title, ensure_ascii=False)


def _write_file(path: pathlib.Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def write(data: Data, package: pathlib.Path, module: str) -> None:
    """Writes stubs into the folder of a package that has a registry."""
    folder = package / FOLDER
    folder.mkdir(exist_ok=True)
    for old in [*package.glob("*.pyi"), *folder.glob("*.pyi")]:
        old.unlink()
    _write_file(folder / "__init__.pyi", _HEADER)
    imports = []
    names = _names.identifiers(data.namespaces())
    for name, namespace in sorted(names.items()):
        stub = _Stub(data, namespace)
        if name in COMMON:
            _write_file(folder / f"{name}.pyi", stub.as_object(name))
            imports.append(
                f"from {module}.{FOLDER}.{name} import {name} as {name}"
            )
        else:
            _write_file(package / f"{name}.pyi", stub.as_module())
    _write_file(package / "__init__.pyi", _text([_HEADER, *imports]))
