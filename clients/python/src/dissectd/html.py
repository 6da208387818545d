# SPDX-License-Identifier: Apache-2.0
"""Packets and tables in notebooks."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dissectd.fields import Field
    from dissectd.packet import Packet

_TREE_STYLE = "font-family: monospace; line-height: 1.3"
_LEAF_STYLE = "padding-left: 1em; white-space: pre-wrap"


def _text(field: Field) -> str:
    text = field.label or f"{field.name}: {field.value!s}"
    title = html.escape(field.name, quote=True)
    shown = f"[{text}]" if field.generated else text
    return f'<span title="{title}">{html.escape(shown)}</span>'


def packet_html(packet: Packet) -> str:
    """Returns the tree of a packet, whose parts fold."""
    parts = [f'<div style="{_TREE_STYLE}">']
    tree = packet.tree
    # The depths of the parts that are still open.
    opened: list[int] = []
    for order, field in enumerate(tree):
        depth = field.depth
        while opened and opened[-1] >= depth:
            opened.pop()
            parts.append("</details>")
        following = tree[order + 1].depth if order + 1 < len(tree) else 0
        if following > depth:
            opened.append(depth)
            parts.append(
                f'<details style="padding-left: {int(depth > 0)}em">'
                f"<summary>{_text(field)}</summary>"
            )
        else:
            parts.append(f'<div style="{_LEAF_STYLE}">{_text(field)}</div>')
    parts.extend("</details>" for _ in opened)
    parts.append("</div>")
    return "".join(parts)


def table_html(
    names: Sequence[str], rows: Sequence[Mapping[str, Any]], count: int
) -> str:
    """Returns the first rows of a table, which has `count` rows."""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    lines = [
        "<tr>"
        + "".join(f"<td>{html.escape(str(row[name]))}</td>" for name in names)
        + "</tr>"
        for row in rows
    ]
    more = count - len(rows)
    note = f"<p>{more} more rows</p>" if more > 0 else ""
    return (
        f"<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(lines)}</tbody></table>{note}"
    )
