# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the API's reference as pages in Markdown, one for each .proto file."""

import pathlib
import re
import textwrap

from api_model import Element, File

# Names in comments that may be those of elements: of two words or more, so that
# a sentence that begins with "File" has no link.
_NAME = re.compile(
    r"`[^`]*`|\b[A-Z][a-z0-9]+[A-Z]\w*(?:\.\w+)?|\b[A-Z]\w+\.\w+"
)

_KINDS = {
    "service": "Services",
    "message": "Messages",
    "enum": "Enumerations",
}


class Pages:
    """The pages of an API."""

    def __init__(self, files: list[File]) -> None:
        self._files = files
        # The page of each element.
        self._pages = {}
        for file in files:
            for element in file.elements:
                for part in (element, *element.members):
                    self._pages[part.name] = f"{file.name}.md"

    def write(self, folder: pathlib.Path) -> None:
        folder.mkdir(parents=True)
        (folder / "index.md").write_text(self._index())
        for file in self._files:
            (folder / f"{file.name}.md").write_text(self._page(file))

    def _link(self, name: str, text: str) -> str:
        page = self._pages.get(name)
        return f"[{text}]({page}#{name})" if page else text

    def _text(self, comment: str) -> str:
        """Returns a comment with links to the elements that it names."""

        def replace(match: re.Match[str]) -> str:
            name = match[0].strip("`")
            return self._link(name, match[0])

        # A list needs an empty line before it.
        lines: list[str] = []
        for line in comment.splitlines():
            if (
                line.startswith("- ")
                and lines
                and lines[-1]
                and not re.match(r"- |  ", lines[-1])
            ):
                lines.append("")
            lines.append(line)
        return _NAME.sub(replace, "\n".join(lines))

    def _index(self) -> str:
        parts = [
            "# API reference\n",
            "The services, messages and enumerations of `dissectd.v1`, with "
            "the comments of their `.proto` files. "
            "[Clients](../docs/clients.md) shows how programs use them.\n",
        ]
        for file in self._files:
            parts.append(f"## [{file.name}]({file.name}.md)\n")
            parts.append(f"{self._text(file.comment)}\n")
            for service in file.elements:
                if service.kind == "service":
                    parts += self._summary(service)
        return "\n".join(parts)

    def _summary(self, service: Element) -> list[str]:
        rows = [
            f"| {self._link(rpc.name, f'`{rpc.short_name}`')} "
            f"| {first_sentence(self._text(rpc.comment))} |"
            for rpc in service.members
        ]
        return [f"| {service.name} | |", "|---|---|", *rows, ""]

    def _page(self, file: File) -> str:
        parts = [f"# {file.name}.proto\n", f"{self._text(file.comment)}\n"]
        for kind, title in _KINDS.items():
            elements = [e for e in file.elements if e.kind == kind]
            if elements:
                parts.append(f"## {title}\n")
            for element in elements:
                parts += self._element(element)
        return "\n".join(parts)

    def _element(self, element: Element) -> list[str]:
        parts = [
            f"### {element.name} {{ #{element.name} }}\n",
            f"{self._text(element.comment)}\n",
        ]
        for member in element.members:
            if member.kind == "rpc":
                parts += [
                    f"#### {member.short_name} {{ #{member.name} }}\n",
                    f"{self._rpc(member)}\n",
                    f"{self._text(member.comment)}\n",
                ]
            else:
                comment = textwrap.indent(self._text(member.comment), "    ")
                parts += [
                    self._member(member),
                    f":   {comment.removeprefix('    ')}\n",
                ]
        return parts

    def _rpc(self, rpc: Element) -> str:
        request, response = (
            f"{label} {self._link(name, f'`{name}`')}".strip()
            for label, name in zip(rpc.labels, rpc.types, strict=True)
        )
        return f"Request: {request}. Response: {response}."

    def _member(self, member: Element) -> str:
        name = f"`{member.short_name}`{{ #{member.name} }}"
        if member.kind == "value":
            return f"{name} = {member.number}"
        labels = "".join(f"{label} " for label in member.labels)
        kind = self._link(member.types[0], f"`{member.types[0]}`")
        return f"{name} ({labels}{kind}, {member.number})"


def first_sentence(text: str) -> str:
    """Returns the first sentence of a comment, on one line."""
    paragraph = " ".join(text.partition("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s+(?=[A-Z`\[])", paragraph)[0]
