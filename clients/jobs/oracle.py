# SPDX-License-Identifier: Apache-2.0
"""What the jobs must print, as tshark and dumpcap tell it."""

import collections
import json
import os
import pathlib
import re
import subprocess


class Oracle:
    """Asks programs of Wireshark about captures of a folder."""

    def __init__(self, captures: pathlib.Path) -> None:
        self._captures = captures

    def _tshark(self, file: str, *options: str) -> list[str]:
        run = subprocess.run(
            ["tshark", "-r", self._captures / file, *options],
            env={**os.environ, "TZ": "UTC"},
            capture_output=True,
            check=True,
            text=True,
        )
        return run.stdout.splitlines()

    def _rows(
        self, file: str, *fields: str, passing: str = ""
    ) -> list[list[str]]:
        options = [word for field in fields for word in ("-e", field)]
        lines = self._tshark(file, "-Y", passing, "-T", "fields", *options)
        return [line.split("\t") for line in lines]

    def count(self, file: str) -> str:
        rows = self._rows(file, "_ws.col.Protocol")
        counts = collections.Counter(name for (name,) in rows)
        return "".join(
            f"{name} {count}\n" for name, count in sorted(counts.items())
        )

    def dns(self, file: str) -> str:
        titles = ["Source", "Destination", "Info"]
        columns = [f"_ws.col.{title}" for title in titles]
        return "".join(
            json.dumps(
                dict(zip(("src", "dst", "info"), row, strict=True)),
                ensure_ascii=False,
                separators=(",", ":"),
            )
            + "\n"
            for row in self._rows(file, *columns, passing="dns")
        )

    def http(self, file: str) -> str:
        fields = ["frame.time_epoch", "http.host", "http.request.uri"]
        rows = self._rows(file, *fields, passing="http.request")
        return "".join(" ".join(row) + "\n" for row in rows)

    def tree(self, file: str, number: int) -> str:
        """Returns the labels, without the brackets of generated nodes.

        A display filter would change the time since the last displayed frame.
        """
        lines = self._tshark(file, "-V", "-c", str(number))
        first = max(
            i for i, line in enumerate(lines) if line.startswith("Frame ")
        )
        labels = []
        for line in lines[first:]:
            label = line.lstrip(" ")
            depth = (len(line) - len(label)) // 4
            if label:
                bare = re.fullmatch(r"\[(.*)\]", label)
                labels.append("  " * depth + (bare[1] if bare else label))
        return "".join(f"{label}\n" for label in labels)

    def server_bytes(self, file: str, stream: int) -> str:
        lines = self._tshark(file, "-q", "-z", f"follow,tcp,raw,{stream}")
        return (
            "".join(line.strip() for line in lines if line.startswith("\t"))
            + "\n"
        )

    def passing(self, file: str, display_filter: str) -> str:
        rows = self._rows(file, "frame.number", passing=display_filter)
        return f"{len(rows)}\n"

    @staticmethod
    def interfaces() -> str:
        run = subprocess.run(
            ["dumpcap", "-D", "-M"], capture_output=True, check=True, text=True
        )
        rows = [line.split("\t") for line in run.stdout.splitlines()]
        return "".join(
            f"{row[0].partition('. ')[2]} {row[4]}".rstrip() + "\n"
            for row in rows
        )
