# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes which software programs and images contain, as JSON of SPDX 2.3."""

import datetime
import json
import pathlib
import re
import subprocess
import urllib.parse
import uuid
from collections.abc import Iterable
from typing import Any

from debian_packages import Package, installed_packages

# The packages without a library: the programs contain them.
COMPILED_IN_PACKAGES = (
    "libasio-dev",
    "libcli11-dev",
    "libcpp-jwt-dev",
    "libprotozero-dev",
    "nlohmann-json3-dev",
)

_NAMESPACE = "https://spdx.org/spdxdocs/dissectd"
_UNKNOWN = "NOASSERTION"


def _identifier(name: str) -> str:
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def _package_url(package: Package) -> str:
    version = urllib.parse.quote(package.version)
    name = urllib.parse.quote(package.name)
    return (
        f"pkg:deb/debian/{name}@{version}"
        f"?arch={package.architecture}&distro=debian-12"
    )


def _described_package(package: Package) -> dict[str, Any]:
    described = {
        "SPDXID": _identifier(package.name),
        "name": package.name,
        "versionInfo": package.version,
        "supplier": f"Organization: {package.maintainer}",
        "downloadLocation": _UNKNOWN,
        "filesAnalyzed": False,
        "sourceInfo": f"built from the source package {package.source}",
        # Debian describes licences by file, in usr/share/doc/*/copyright.
        "licenseConcluded": _UNKNOWN,
        "licenseDeclared": _UNKNOWN,
        "copyrightText": _UNKNOWN,
        "externalRefs": [
            {
                "referenceCategory": "PACKAGE-MANAGER",
                "referenceType": "purl",
                "referenceLocator": _package_url(package),
            }
        ],
    }
    if package.homepage:
        described["homepage"] = package.homepage
    return described


def _relationship(kind: str, package: Package) -> dict[str, str]:
    return {
        "spdxElementId": _identifier("dissectd"),
        "relationshipType": kind,
        "relatedSpdxElement": _identifier(package.name),
    }


def spdx_document(
    version: str,
    runtime: Iterable[Package],
    compiled_in: Iterable[Package],
    created: datetime.datetime,
) -> str:
    """Returns the document.

    `runtime` are the packages whose libraries the programs load, `compiled_in`
    those whose headers have become a part of the programs.
    """
    runtime = sorted(runtime, key=lambda package: package.name)
    compiled_in = sorted(compiled_in, key=lambda package: package.name)
    dissectd = {
        "SPDXID": _identifier("dissectd"),
        "name": "dissectd",
        "versionInfo": version,
        "downloadLocation": _UNKNOWN,
        "filesAnalyzed": False,
        "licenseConcluded": _UNKNOWN,
        "licenseDeclared": "GPL-2.0-or-later",
        "copyrightText": _UNKNOWN,
        "primaryPackagePurpose": "APPLICATION",
    }
    packages = [dissectd, *map(_described_package, [*runtime, *compiled_in])]
    relationships = [
        {
            "spdxElementId": "SPDXRef-DOCUMENT",
            "relationshipType": "DESCRIBES",
            "relatedSpdxElement": _identifier("dissectd"),
        },
        *(_relationship("DEPENDS_ON", package) for package in runtime),
        *(_relationship("STATIC_LINK", package) for package in compiled_in),
    ]
    # Documents with other contents need other names.
    content = json.dumps([packages, relationships], sort_keys=True)
    unique = uuid.uuid5(uuid.NAMESPACE_URL, content)
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"dissectd-{version}",
        "documentNamespace": f"{_NAMESPACE}-{version}-{unique}",
        "creationInfo": {
            "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Organization: The dissectd authors"],
        },
        "packages": packages,
        "relationships": relationships,
    }
    return json.dumps(document, indent=1) + "\n"


def programs_document(
    dissectd: pathlib.Path,
    runtime: Iterable[Package],
    created: datetime.datetime,
) -> str:
    """Returns the document of dissectd's programs.

    `dissectd` is the daemon, which tells its version, `runtime` the packages
    whose libraries and data the programs use.
    """
    version = subprocess.run(
        [dissectd, "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    installed = installed_packages()
    compiled_in = [installed[name] for name in COMPILED_IN_PACKAGES]
    return spdx_document(version, runtime, compiled_in, created)
