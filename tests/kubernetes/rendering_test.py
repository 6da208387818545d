# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the two renderings, and both with what they are made of."""

import subprocess
import unittest

import render
import rendering
from rendering import KUBERNETES


class RenderingTest(unittest.TestCase):
    def test_the_bases_are_what_the_chart_renders_now(self) -> None:
        for path, text in render.render(rendering.HELM).items():
            with self.subTest(path):
                found = (KUBERNETES / path).read_text(encoding="utf-8")
                self.assertEqual(found, text, "run.sh --render")

    def test_the_files_of_the_chart_are_derived_from_those_of_others(
        self,
    ) -> None:
        for name, content in render.derive_files().items():
            found = (KUBERNETES / "chart/files" / name).read_bytes()
            self.assertEqual(found, content, "run.sh --render")

    def test_kustomize_builds_the_objects_of_helm(self) -> None:
        helm = rendering.rendered(render.BASE_VALUES)
        base = rendering.kustomized(KUBERNETES / "base")
        self.assertEqual(base.keys(), helm.keys())
        for key, found in base.items():
            with self.subTest(key):
                self.assertEqual(found, helm[key])

    def test_components_add_what_values_add(self) -> None:
        for name, value in render.COMPONENTS.items():
            with self.subTest(name):
                helm = rendering.rendered((*render.BASE_VALUES, value))
                self.assertEqual(rendering.with_component(name), helm)

    def test_each_part_of_the_base_can_be_used_alone(self) -> None:
        base = rendering.kustomized(KUBERNETES / "base")
        parts = {}
        for path in sorted((KUBERNETES / "base").glob("*/")):
            parts.update(rendering.kustomized(path))
        self.assertEqual(parts, base)

    def test_the_example_changes_images_and_sizes(self) -> None:
        objects = rendering.kustomized(KUBERNETES / "overlays/example")
        images = {
            container["image"]
            for _, template in rendering.pod_templates(objects)
            for container in template["spec"]["containers"]
        }
        self.assertEqual(
            {image.split("/")[0] for image in images}, {"registry.example"}
        )
        daemons = objects["StatefulSet", "dissectd", "dissectd"]
        (claim,) = daemons["spec"]["volumeClaimTemplates"]
        storage = claim["spec"]["resources"]["requests"]["storage"]
        self.assertEqual(storage, "100Gi")
        certificate = objects["Certificate", "dissectd", "dissectd-edge"]
        self.assertEqual(certificate["spec"]["dnsNames"], ["lab.example"])

    def test_helm_finds_nothing_to_complain_about(self) -> None:
        subprocess.run(
            [
                rendering.HELM,
                "lint",
                "--strict",
                "--quiet",
                f"--kube-version={render.KUBERNETES}",
                *(f"--set={each}" for each in rendering.VARIANTS["everything"]),
                str(KUBERNETES / "chart"),
            ],
            check=True,
        )

    def test_values_of_other_names_and_types_are_refused(self) -> None:
        for value, message in {
            "dissection.replica=3": "replica",
            "edge.replicas=many": "replicas",
            "agent.updateStrategy=Sometimes": "updateStrategy",
        }.items():
            with self.subTest(value):
                refused = subprocess.run(
                    [
                        rendering.HELM,
                        "template",
                        str(KUBERNETES / "chart"),
                        f"--set={value}",
                        f"--kube-version={render.KUBERNETES}",
                    ],
                    check=False,
                    capture_output=True,
                    text=True,
                )
                self.assertNotEqual(refused.returncode, 0)
                self.assertIn(message, refused.stderr)


if __name__ == "__main__":
    unittest.main()
