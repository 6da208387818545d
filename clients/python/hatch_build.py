# SPDX-License-Identifier: Apache-2.0
"""Makes the code that isn't written by hand.

The messages and stubs come from the `.proto` files of this repository, or of
the source distribution. The synchronous client is the asynchronous one without
the words that make it so: both have the same names because they are one text.
"""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import sysconfig
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SYNCHRONOUS_WORDS = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "aclose": "close",
    "AsyncGenerator": "Generator",
    "AsyncIterable": "Iterable",
    "AsyncIterator": "Iterator",
}
PHRASES = [
    (r"\basync (def|for|with)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\basyncio\.sleep\b", "time.sleep"),
    (r"\bimport asyncio\nimport os\nimport time\n", "import os\nimport time\n"),
    (r"\bimport asyncio\nimport time\n", "import time\n"),
    (r"\bimport asyncio\b", "import time"),
    (r"\basyncio\.to_thread\(([\w.]+), ", r"\1("),
    (r"\bimport grpc\.aio\n", ""),
    (r"\bgrpc\.aio\b", "grpc"),
    (r"\bdissectd\.aio\b", "dissectd.sync"),
]


def without_async(text: str) -> str:
    """Returns the synchronous form of an asynchronous module."""
    for pattern, replacement in PHRASES:
        text = re.sub(pattern, replacement, text)
    names = "|".join(map(re.escape, SYNCHRONOUS_WORDS))
    return re.sub(
        rf"\b(?:{names})\b", lambda word: SYNCHRONOUS_WORDS[word[0]], text
    )


def make_synchronous_client(package: pathlib.Path) -> None:
    target = package / "sync"
    target.mkdir(exist_ok=True)
    sources = sorted((package / "aio").glob("*.py"))
    for old in target.glob("*.py"):
        if not (package / "aio" / old.name).exists():
            old.unlink()
    for source in sources:
        text = without_async(source.read_text())
        (target / source.name).write_text(text)


def proto_folder(root: pathlib.Path) -> pathlib.Path:
    for folder in (root / "proto", root.parent.parent / "proto"):
        if (folder / "dissectd").is_dir():
            return folder
    raise FileNotFoundError("The folder proto/dissectd/v1 is missing.")


def make_stubs(root: pathlib.Path) -> None:
    proto = proto_folder(root)
    output = root / "src"
    files = sorted((proto / "dissectd" / "v1").glob("*.proto"))
    scripts = pathlib.Path(sysconfig.get_path("scripts"))
    path = os.pathsep.join([str(scripts), os.environ.get("PATH", os.defpath)])
    command = [
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"-I{proto}",
        f"--python_out={output}",
        f"--pyi_out={output}",
        f"--grpc_python_out={output}",
        f"--mypy_grpc_out=quiet:{output}",
        *(str(file.relative_to(proto)) for file in files),
    ]
    subprocess.run(command, check=True, env={**os.environ, "PATH": path})
    marker = '"""The messages and stubs of the API, version 1."""\n'
    (output / "dissectd" / "v1" / "__init__.py").write_text(marker)


def make_protocols(root: pathlib.Path) -> None:
    """Makes the stubs of protocols and fields, which editors complete."""
    command = [sys.executable, "-m", "dissectd.protocols.generate"]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    subprocess.run([*command, "--stubs-only"], check=True, env=environment)


class GeneratedCode(BuildHookInterface):  # type: ignore[type-arg]
    """Makes the generated code before anything is packaged."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del version, build_data
        root = pathlib.Path(self.root)
        make_stubs(root)
        make_synchronous_client(root / "src" / "dissectd")
        make_protocols(root)
