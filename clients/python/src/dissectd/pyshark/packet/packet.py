# SPDX-License-Identifier: Apache-2.0
"""Packets with pyshark's names."""

from __future__ import annotations

import binascii
import datetime
import os
from collections.abc import Callable
from typing import Any

from dissectd.pyshark.packet import consts

# What is made of a packet's tree when somebody asks for it.
_LAZY = frozenset(
    {
        "captured_length",
        "frame_info",
        "interface_captured",
        "layers",
        "length",
        "number",
        "sniff_timestamp",
    }
)


class Packet:
    """A packet, whose layers are attributes and items."""

    def __init__(
        self,
        layers: list[Any] | None = None,
        frame_info: Any = None,
        number: Any = None,
        length: Any = None,
        captured_length: Any = None,
        sniff_time: Any = None,
        interface_captured: Any = None,
    ) -> None:
        self.layers = [] if layers is None else layers
        self.frame_info = frame_info
        self.number = number
        self.length = length
        self.captured_length = captured_length
        self.sniff_timestamp = sniff_time
        self.interface_captured = interface_captured

    @classmethod
    def when_needed(cls, make: Callable[[], Packet]) -> Packet:
        """Returns a packet whose contents are made at their first use."""
        packet = cls.__new__(cls)
        packet.__dict__["_make"] = make
        return packet

    def _complete(self) -> None:
        make = self.__dict__.pop("_make", None)
        if make is not None:
            self.__dict__.update(make().__dict__)

    def __getattr__(self, name: str) -> Any:
        if name in _LAZY and "_make" in self.__dict__:
            self._complete()
            return self.__dict__[name]
        if name.startswith("__") or name in _LAZY:
            # Asked by the interpreter, or while the object is being copied.
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"No attribute named {name}") from None

    def __getstate__(self) -> dict[str, Any]:
        self._complete()
        return self.__dict__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __getitem__(self, item: int | str) -> Any:
        """Returns the layer at an index, or the first with a name."""
        if isinstance(item, int):
            return self.layers[item]
        for layer in self.get_multiple_layers(item):
            return layer
        raise KeyError("Layer does not exist in packet")

    def __contains__(self, item: int | str) -> bool:
        try:
            self[item]
        except KeyError:
            return False
        return True

    def __dir__(self) -> list[str]:
        names = [layer.layer_name for layer in self.layers]
        return [*super().__dir__(), *names]

    def __len__(self) -> int:
        return int(self.length)

    def __bool__(self) -> bool:
        return True

    def get_raw_packet(self) -> bytes:
        """Returns the bytes; only with include_raw and use_json."""
        assert "FRAME_RAW" in self, (
            "The packet has no bytes: give FileCapture, or whatever captures, "
            "use_json=True and include_raw=True."
        )
        return binascii.unhexlify(self.frame_raw.value)

    @property
    def sniff_time(self) -> datetime.datetime:
        """When the packet was captured, in local time."""
        try:
            seconds = float(self.sniff_timestamp)
        except ValueError:
            # The decimals of a time before 1970 can have a sign of their own.
            seconds = float(self.sniff_timestamp.split(".")[0])
        return datetime.datetime.fromtimestamp(seconds)  # noqa: DTZ006

    @property
    def highest_layer(self) -> str:
        """The name of the last layer, in capitals."""
        name: str = self.layers[-1].layer_name
        return name.upper()

    @property
    def transport_layer(self) -> str | None:
        """`UDP`, `TCP`, or nothing."""
        found = (name for name in consts.TRANSPORT_LAYERS if name in self)
        return next(found, None)

    def get_multiple_layers(self, layer_name: str) -> list[Any]:
        """Returns all layers with a name, in upper or lower case."""
        wanted = layer_name.lower()
        return [
            each for each in self.layers if each.layer_name.lower() == wanted
        ]

    def pretty_print(self) -> None:
        """Prints all fields of all layers."""
        for layer in self.layers:
            layer.pretty_print()

    show = pretty_print

    def __repr__(self) -> str:
        transport, highest = self.transport_layer, self.highest_layer
        prefix = "" if transport in {None, highest} else f"{transport}/"
        return f"<{prefix}{highest} Packet>"

    @property
    def _packet_string(self) -> str:
        return f"Packet (Length: {self.length}){os.linesep}"

    def __str__(self) -> str:
        return self._packet_string + "".join(map(str, self.layers))
