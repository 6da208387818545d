# SPDX-License-Identifier: GPL-2.0-or-later
"""Renders the objects of deploy/kubernetes, by Helm and by Kustomize."""

from __future__ import annotations

import functools
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import render
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
KUBERNETES = ROOT / "deploy/kubernetes"
HELM = os.environ["HELM"]
KUBECTL = pathlib.Path(sys.executable).with_name("kubectl")

Object = dict[str, Any]

# Values with which the chart is tested, by what they are about.
VARIANTS: dict[str, tuple[str, ...]] = {
    "the base": render.BASE_VALUES,
    "no values": (),
    "everything": (
        *render.BASE_VALUES,
        *render.COMPONENTS.values(),
        "image.digest=sha256:0123",
        "imagePullSecrets[0].name=registry",
        "dissection.options[0]=--log-level=debug",
        "dissection.store.storageClass=fast",
        "dissection.nodeSelector.disk=fast",
        "dissection.tolerations[0].operator=Exists",
        "edge.service.annotations.cloud=internal",
        "edge.from[0].ipBlock.cidr=10.0.0.0/8",
        "agent.hostPath=/var/lib/dissectd",
        "fleet.service.type=LoadBalancer",
        "fleet.service.annotations.cloud=internal",
        "fleet.from[0].ipBlock.cidr=10.0.0.0/8",
        "networkPolicy.nodes[0]=192.0.2.0/24",
        "agent.updateStrategy=RollingUpdate",
        "serviceMonitor.labels.release=prometheus",
    ),
    "fixed replicas that keep nothing": (
        "dissection.autoscaling.enabled=false",
        "dissection.store.persistent=false",
    ),
    "the processor as the only metric": (
        "dissection.autoscaling.customMetrics=false",
    ),
    "no edge": ("edge.enabled=false", "edge.service.type=ClusterIP"),
    "no agents": ("agent.enabled=false",),
    "no fleet": ("fleet.enabled=false",),
    "no network policies": ("networkPolicy.enabled=false",),
}

Key = tuple[str, str, str]


def key_of(found: Object) -> Key:
    """Returns the kind, namespace and name of an object."""
    metadata = found["metadata"]
    return found["kind"], metadata.get("namespace", ""), metadata["name"]


def by_key(text: str) -> dict[Key, Object]:
    """Returns the objects of a stream of YAML, of which each is there once."""
    objects = [found for found in yaml.safe_load_all(text) if found]
    keyed = {key_of(found): found for found in objects}
    assert len(keyed) == len(objects), "an object is there twice"
    return keyed


@functools.cache
def rendered(values: tuple[str, ...]) -> dict[Key, Object]:
    """Returns what Helm makes of the chart."""
    return by_key(render.helm_template(HELM, values))


def variants() -> Iterator[tuple[str, dict[Key, Object]]]:
    for name, values in VARIANTS.items():
        yield name, rendered(values)


def kustomized(folder: pathlib.Path) -> dict[Key, Object]:
    """Returns what `kubectl kustomize` makes of a folder."""
    built = subprocess.run(
        [KUBECTL, "kustomize", folder],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return by_key(built.stdout)


def with_component(name: str) -> dict[Key, Object]:
    """Returns the base with a component, as an overlay of a user has it."""
    with tempfile.TemporaryDirectory(dir=KUBERNETES) as folder:
        overlay = {
            "resources": ["../base"],
            "components": [f"../components/{name}"],
        }
        path = pathlib.Path(folder)
        (path / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
        return kustomized(path)


def pod_templates(
    objects: dict[Key, Object],
) -> Iterator[tuple[Object, Object]]:
    """Returns the objects that make pods, each with its template."""
    for found in objects.values():
        if "template" in found.get("spec", {}):
            yield found, found["spec"]["template"]
