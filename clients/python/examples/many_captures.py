# SPDX-License-Identifier: Apache-2.0
"""Writes DNS queries of many captures as Parquet, and asks DuckDB about them.

many_captures.py 's3://captures/*.pcap' queries one:50051 two:50051
"""

from __future__ import annotations

import sys

import dask
import duckdb
from distributed import Client

from dissectd.dask import read_captures


def write(places: str, folder: str, daemons: list[str]) -> None:
    """Writes a file for each capture, and says what is missing."""
    captures = read_captures(
        places,
        fields=["frame.number", "frame.time", "ip.src", "dns.qry.name"],
        filter="dns.flags.response == 0",
        daemons=daemons,
        errors="report",
    )
    written = captures.frame.to_parquet(
        folder, write_index=False, compute=False
    )
    # Together, so that each capture is read once.
    _, report = dask.compute(written, captures.report)
    for failure in report.itertuples():
        print(f"{failure.file}: {failure.reason}: {failure.message}")


def most_asked(folder: str) -> list[tuple[str, int, int]]:
    """Returns names with how often, and in how many captures, they are."""
    asked = duckdb.connect().execute(
        f"""
        SELECT "dns.qry.name", count(*) AS queries, count(DISTINCT file)
        FROM '{folder}/*.parquet'
        GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10
        """
    )
    rows: list[tuple[str, int, int]] = asked.fetchall()
    return rows


def main(places: str, folder: str, *daemons: str) -> None:
    with Client():  # or Client("scheduler:8786")
        write(places, folder, list(daemons))
    for name, queries, files in most_asked(folder):
        print(f"{queries:6} {files:4} {name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
