# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares all objects with the schemas of Kubernetes.

The schemas of the package kubernetes-validate are those of Kubernetes' own
OpenAPI. Strictly, a field that they don't have is an error.
"""

import copy
import functools
import json
import subprocess
import unittest

import kubernetes_validate
import rendering
from kubernetes_validate import utils
from rendering import Object

# The oldest that the chart is for, and those that are current.
VERSIONS = ("1.30", "1.35", "1.36", "1.37")
# Kinds of others, with which custom_resources_test.go deals.
CUSTOM = ("cert-manager.io/", "monitoring.coreos.com/")


# The package would read the same schemas again for each object.
utils.schema_contents = functools.cache(utils.schema_contents)


def distinct_objects() -> list[Object]:
    """Returns the objects of all variants, but those of other projects."""
    texts = {
        json.dumps(found, sort_keys=True)
        for _, objects in rendering.variants()
        for found in objects.values()
        if not found["apiVersion"].startswith(CUSTOM)
    }
    return [json.loads(text) for text in sorted(texts)]


def check(found: Object, version: str) -> None:
    kubernetes_validate.validate(found, version, strict=True)


class SchemaTest(unittest.TestCase):
    def test_all_objects_fit_the_schemas(self) -> None:
        for found in distinct_objects():
            for version in VERSIONS:
                key = rendering.key_of(found)
                with self.subTest(key=key, version=version):
                    check(found, version)

    def test_objects_of_other_projects_fit_their_types(self) -> None:
        folder = rendering.ROOT / "tests/kubernetes"
        for command in (
            ["gofmt", "-l", "."],
            ["go", "test", "-count=1", "-vet=all", "."],
        ):
            told = subprocess.run(
                command,
                cwd=folder,
                check=False,
                capture_output=True,
                text=True,
            )
            self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
            self.assertNotIn("custom_resources_test.go", told.stdout)

    def test_a_wrong_field_is_found_at_any_depth(self) -> None:
        key = ("StatefulSet", "dissectd", "dissectd")
        right = rendering.rendered(rendering.VARIANTS["the base"])[key]
        pod = right["spec"]["template"]["spec"]
        self.assertIn("terminationGracePeriodSeconds", pod)
        for path, value in {
            ("spec", "replica"): 3,
            ("spec", "template", "spec", "hostNetworking"): True,
            ("spec", "template", "spec", "shareProcessNamespace"): "yes",
            ("spec", "template", "spec", "containers"): [{"image": "x"}],
            ("spec", "template", "spec", "securityContext", "fsgroup"): 1,
        }.items():
            with self.subTest(path):
                wrong = copy.deepcopy(right)
                place = wrong
                for step in path[:-1]:
                    place = place[step]
                place[path[-1]] = value
                with self.assertRaises(kubernetes_validate.ValidationError):
                    check(wrong, VERSIONS[-1])


if __name__ == "__main__":
    unittest.main()
