#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints one SBOM of those that `npm sbom` made.

The first one's package contains those of the others, which npm doesn't know as
they are linked from other folders. The same packages give the same bytes: npm
itself writes the time and a random number.
"""

import argparse
import datetime
import json
import os
import pathlib
import uuid
from typing import Any


def merged(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """Returns the first document with what the others list."""
    first, *others = documents
    root = first["documentDescribes"][0]
    packages = {package["SPDXID"]: package for package in first["packages"]}
    relationships = list(first["relationships"])
    for other in others:
        for package in other["packages"]:
            packages.setdefault(package["SPDXID"], package)
        described = set(other["documentDescribes"])
        relationships += [
            {
                "spdxElementId": root,
                "relatedSpdxElement": name,
                "relationshipType": "CONTAINS",
            }
            for name in sorted(described)
        ]
        relationships += [
            relationship
            for relationship in other["relationships"]
            if relationship["relationshipType"] != "DESCRIBES"
            and relationship not in relationships
        ]
    return {
        **first,
        "packages": list(packages.values()),
        "relationships": relationships,
    }


def reproducible(document: dict[str, Any], seconds: int) -> dict[str, Any]:
    """Returns a document whose time and name depend on nothing else."""
    created = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    content = [document["packages"], document["relationships"]]
    unique = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(content, sort_keys=True))
    name = document["name"].strip("@").replace("@", "-").replace("/", "-")
    return {
        **document,
        "documentNamespace": f"https://spdx.org/spdxdocs/{name}-{unique}",
        "creationInfo": {
            **document["creationInfo"],
            "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("sboms", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    documents = [json.loads(path.read_text()) for path in arguments.sboms]
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    print(json.dumps(reproducible(merged(documents), seconds), indent=1))


if __name__ == "__main__":
    main()
