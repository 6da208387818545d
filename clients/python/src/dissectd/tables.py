# SPDX-License-Identifier: Apache-2.0
"""Tables, which turn into those of Arrow, Polars and pandas."""

from __future__ import annotations

import datetime
import importlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dissectd.html import table_html

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

_PLAIN = (bool, int, float, str, datetime.datetime, datetime.timedelta)
_ROWS_SHOWN = 20
_CELL_SHOWN = 60


def _shown(value: object) -> str:
    text = str(value)
    if len(text) <= _CELL_SHOWN:
        return text
    return f"{text[: _CELL_SHOWN - 3]}..."


def need(module: str, extra: str) -> Any:
    """Imports a module that only some users have."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f"This needs {module}: pip install 'dissectd[{extra}]'."
        ) from error


class Table:
    """Named columns of equal length. Iterating yields rows as `dict`."""

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        self._columns = columns

    @classmethod
    def of_rows(
        cls, rows: Sequence[Mapping[str, Any]], names: Sequence[str]
    ) -> Table:
        """Returns a table with some columns of rows."""
        return cls({name: [row[name] for row in rows] for name in names})

    @property
    def column_names(self) -> list[str]:
        return list(self._columns)

    def __getitem__(self, name: str) -> Sequence[Any]:
        """Returns a column as a list of values."""
        return self._columns[name]

    def __len__(self) -> int:
        return max(map(len, self._columns.values()), default=0)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        names = self.column_names
        for row in zip(*map(self.__getitem__, names), strict=True):
            yield dict(zip(names, row, strict=True))

    def _first_rows(self, count: int) -> list[dict[str, Any]]:
        return list(itertools.islice(self, count))

    def to_arrow(self) -> pa.Table:
        """Returns a table of pyarrow, which must be installed."""
        pyarrow = need("pyarrow", "arrow")

        def plain(value: Any) -> Any:
            if value is None or isinstance(value, _PLAIN):
                return value
            return str(value)

        columns = {
            name: pyarrow.array(map(plain, self[name]))
            for name in self.column_names
        }
        table: pa.Table = pyarrow.table(columns)
        return table

    def to_polars(self) -> pl.DataFrame:
        """Returns a data frame of Polars, which must be installed."""
        polars = need("polars", "polars")
        frame: pl.DataFrame = polars.from_arrow(self.to_arrow())
        return frame

    def to_pandas(self) -> pd.DataFrame:
        """Returns a data frame of pandas, which must be installed."""
        need("pandas", "pandas")
        return self.to_arrow().to_pandas()

    def __repr__(self) -> str:
        first = self._first_rows(_ROWS_SHOWN)
        values = [list(map(_shown, row.values())) for row in first]
        rows = [self.column_names, *values]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows
        ]
        return "\n".join([*lines, f"({len(self)} rows)"])

    def _repr_html_(self) -> str:
        rows = self._first_rows(_ROWS_SHOWN)
        return table_html(self.column_names, rows, len(self))
