#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Renders the chart into the bases and components of Kustomize.

The chart is the one source of all objects. After a change of it, of
the API, of deploy/envoy or of deploy/policy:

    tests/kubernetes/run.sh --render

Needs Helm, whose path is the only argument, PyYAML and protoc.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
CHART = HERE / "chart"
# What the options of Envoy are in the chart's own configuration: callers have
# tokens of the daemons. The chart adds the other replicas.
DERIVE_OPTIONS = (
    "--listen=0.0.0.0:8443",
    "--replica=dissectd-0=dissectd-0.dissectd-replicas:50051",
    "--origin=none",
    "--without=jwt",
    "--without=client-certificates",
)
KUBERNETES = "1.37.0"
AGENT_NAMESPACE = "dissectd-agents"
# Values of the base: Kustomize makes both namespaces.
BASE_VALUES = ("namespaces.release=true",)
# Each component of Kustomize adds what these values add to the base.
COMPONENTS = {
    "cert-manager": "tls.certManager.enabled=true",
    "service-monitor": "serviceMonitor.enabled=true",
}
_HEADER = """\
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Rendered from the chart by render.py: change that.
"""

Object = dict[str, Any]


def derive_files() -> dict[str, bytes]:
    """Returns the files of the chart that are made of others, by name."""
    derived = subprocess.run(
        [HERE.parent / "envoy/derive.py", *DERIVE_OPTIONS],
        check=True,
        stdout=subprocess.PIPE,
    )
    proto = HERE.parents[1] / "proto"
    descriptors = subprocess.run(
        [
            "protoc",
            f"--proto_path={proto}",
            "--include_imports",
            "--descriptor_set_out=/dev/stdout",
            *sorted((proto / "dissectd/v1").glob("*.proto")),
        ],
        check=True,
        stdout=subprocess.PIPE,
    )
    return {
        "dissectd.binpb": descriptors.stdout,
        "envoy.yaml": derived.stdout,
        "policy.json": (HERE.parent / "policy/roles.json").read_bytes(),
    }


def helm_template(helm: str, values: tuple[str, ...]) -> str:
    """Returns what Helm renders with some values, in the namespace dissectd."""
    rendered = subprocess.run(
        [
            helm,
            "template",
            "dissectd",
            CHART,
            "--namespace=dissectd",
            f"--kube-version={KUBERNETES}",
            *(f"--set={value}" for value in values),
        ],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return rendered.stdout


def documents(rendered: str) -> list[str]:
    """Returns the documents with objects, with their comments."""
    parts = re.split(r"^---$\n?", rendered, flags=re.MULTILINE)
    bare = [
        re.sub(r"^# Source: .*\n", "", part, flags=re.MULTILINE).strip() + "\n"
        for part in parts
    ]
    return [part for part in bare if yaml.safe_load(part)]


def folder_of(found: Object) -> str:
    """Returns the folder of the base that an object belongs to."""
    metadata = found["metadata"]
    if AGENT_NAMESPACE in (metadata["name"], metadata.get("namespace")):
        return "agent"
    component = metadata["labels"]["app.kubernetes.io/component"]
    return component if component in ("edge", "fleet") else "dissection"


def kustomization(kind: str, resources: list[str]) -> str:
    version = "v1alpha1" if kind == "Component" else "v1beta1"
    lines = [
        f"apiVersion: kustomize.config.k8s.io/{version}",
        f"kind: {kind}",
        "resources:",
        *(f"  - {resource}" for resource in resources),
    ]
    return _HEADER + "\n".join(lines) + "\n"


def render(helm: str) -> dict[str, str]:
    """Returns the texts of all files, by their paths below this folder."""
    base = documents(helm_template(helm, BASE_VALUES))
    folders: dict[str, list[str]] = {}
    for text in base:
        folders.setdefault(folder_of(yaml.safe_load(text)), []).append(text)
    files = {
        "base/kustomization.yaml": kustomization(
            "Kustomization", sorted(folders)
        )
    }
    for folder, texts in folders.items():
        files[f"base/{folder}/kustomization.yaml"] = kustomization(
            "Kustomization", ["objects.yaml"]
        )
        files[f"base/{folder}/objects.yaml"] = (
            _HEADER + "---\n" + ("---\n".join(texts))
        )
    for name, value in COMPONENTS.items():
        more = documents(helm_template(helm, (*BASE_VALUES, value)))
        added = [text for text in more if text not in base]
        files[f"components/{name}/kustomization.yaml"] = kustomization(
            "Component", ["objects.yaml"]
        )
        files[f"components/{name}/objects.yaml"] = (
            _HEADER + "---\n" + ("---\n".join(added))
        )
    return files


def main() -> None:
    """Writes all files."""
    if len(sys.argv) != 2:
        sys.exit("Usage: render.py HELM")
    for name, content in derive_files().items():
        (CHART / "files" / name).write_bytes(content)
    for folder in ("base", "components"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
    for path, text in render(sys.argv[1]).items():
        (HERE / path).parent.mkdir(parents=True, exist_ok=True)
        (HERE / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
