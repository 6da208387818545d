# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the rights of pods with Pod Security Standards.

The rules are those of the standard "restricted", as Kubernetes' documentation
lists them, and the exceptions those that deploy/kubernetes/README.md names.
"""

import unittest
from collections.abc import Iterator

import rendering
from rendering import Key, Object

# Volumes that "restricted" allows.
VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}
HOST = ("hostNetwork", "hostPID", "hostIPC")


def violations(pod: Object) -> Iterator[str]:
    """Returns what the standard "restricted" forbids in a pod."""
    yield from (name for name in HOST if pod.get(name))
    for volume in pod["volumes"]:
        yield from (kind for kind in volume if kind not in {"name", *VOLUMES})
    shared = pod["securityContext"]
    if not shared.get("runAsNonRoot") or shared.get("runAsUser") == 0:
        yield "root"
    if shared.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "seccompProfile"
    for container in pod["containers"]:
        own = container["securityContext"]
        if own.get("allowPrivilegeEscalation") is not False:
            yield "allowPrivilegeEscalation"
        if own.get("privileged") or own.keys() & {"runAsUser", "procMount"}:
            yield "privileged"
        capabilities = own.get("capabilities", {})
        if capabilities.get("drop") != ["ALL"]:
            yield "drop"
        yield from capabilities.get("add", [])
        yield from (
            "hostPort" for port in container["ports"] if "hostPort" in port
        )


def pods(objects: dict[Key, Object]) -> list[tuple[Object, Object]]:
    """Returns the objects that make pods, each with the pod's specification."""
    return [
        (owner, template["spec"])
        for owner, template in rendering.pod_templates(objects)
    ]


class RightsTest(unittest.TestCase):
    def test_all_pods_but_those_of_agents_are_restricted(self) -> None:
        for name, objects in rendering.variants():
            for owner, pod in pods(objects):
                if owner["kind"] != "DaemonSet":
                    with self.subTest(name, owner=owner["metadata"]["name"]):
                        self.assertEqual(list(violations(pod)), [])

    def test_agents_have_only_the_exceptions_that_are_documented(self) -> None:
        documented = (rendering.KUBERNETES / "README.md").read_text()
        exceptions = {
            "hostNetwork",
            "hostPort",
            "allowPrivilegeEscalation",
            "NET_RAW",
            "NET_ADMIN",
        }
        for exception in exceptions:
            self.assertIn(f"`{exception}`", documented)
        for name, objects in rendering.variants():
            for owner, pod in pods(objects):
                if owner["kind"] == "DaemonSet":
                    with self.subTest(name):
                        found = set(violations(pod)) - {"hostPath"}
                        self.assertEqual(found, exceptions)

    def test_no_pod_talks_to_the_api_or_writes_to_its_root(self) -> None:
        everything = rendering.rendered(rendering.VARIANTS["everything"])
        for _, pod in pods(everything):
            self.assertIs(pod["automountServiceAccountToken"], False)
            self.assertIs(pod["enableServiceLinks"], False)
            for container in pod["containers"]:
                own = container["securityContext"]
                self.assertIs(own["readOnlyRootFilesystem"], True)
                self.assertIn("memory", container["resources"]["limits"])
                self.assertIn("cpu", container["resources"]["requests"])

    def test_namespaces_enforce_what_their_pods_need(self) -> None:
        base = rendering.rendered(rendering.VARIANTS["the base"])
        level = "pod-security.kubernetes.io/enforce"
        for namespace, standard in {
            "dissectd": "restricted",
            "dissectd-agents": "privileged",
        }.items():
            found = base["Namespace", "", namespace]["metadata"]["labels"]
            self.assertEqual(found[level], standard)


if __name__ == "__main__":
    unittest.main()
