# SPDX-License-Identifier: Apache-2.0
"""Makes a package's attributes those of a registry."""

from __future__ import annotations

import pathlib
import sys
import types
from typing import Any

from dissectd.protocols._data import Data
from dissectd.protocols._members import Registry

FILE = "registry.zip"


class ProtocolsModule(types.ModuleType):
    """A module whose attributes are protocols, and whose items any fields."""

    __registry__: Registry

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self.__registry__.attribute(name)
        except FileNotFoundError as error:
            raise AttributeError(
                f"{self.__name__} has no {FILE}; "
                "python -m dissectd.protocols.generate makes it."
            ) from error

    def __getitem__(self, name: str) -> Any:
        return self.__registry__.find(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.__registry__.identifiers]


def install(name: str) -> None:
    """Gives a package the registry that is in its folder."""
    module = sys.modules[name]
    folder = pathlib.Path(str(module.__file__)).parent
    vars(module)["__registry__"] = Registry(Data(folder / FILE))
    module.__class__ = ProtocolsModule
