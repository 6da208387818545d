# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks what schemas can't: that objects fit each other."""

import functools
import re
import unittest
from collections.abc import Callable, Iterator
from typing import TypeVar

import rendering
import yaml
from rendering import KUBERNETES, Key, Object


def matches(selector: Object, labels: Object) -> bool:
    assert set(selector) <= {"matchLabels"}, "only labels are compared here"
    wanted: Object = selector.get("matchLabels", {})
    return wanted.items() <= labels.items()


def volume_sources(pod: Object) -> Iterator[tuple[str, str]]:
    """Returns the kinds and names of what the volumes of a pod show."""
    for volume in pod["volumes"]:
        sources = volume.get("projected", {}).get("sources", [volume])
        for source in sources:
            if "secret" in source:
                secret = source["secret"]
                yield "Secret", secret.get("secretName") or secret["name"]
            if "configMap" in source:
                yield "ConfigMap", source["configMap"]["name"]


class Cluster:
    """Objects that belong together, and what can be asked about them."""

    def __init__(self, objects: dict[Key, Object]) -> None:
        self.objects = objects
        # Workloads with their namespaces and the templates of their pods.
        self.pods = [
            (owner, owner["metadata"]["namespace"], template)
            for owner, template in rendering.pod_templates(objects)
        ]

    def of_kind(self, kind: str) -> list[Object]:
        return [found for key, found in self.objects.items() if key[0] == kind]

    def selected(self, namespace: str, selector: Object) -> list[Object]:
        """Returns the templates of the pods that a selector finds."""
        return [
            template
            for _, place, template in self.pods
            if place == namespace
            and matches(selector, template["metadata"]["labels"])
        ]


def port_names(template: Object) -> dict[str, int]:
    return {
        port["name"]: port["containerPort"]
        for container in template["spec"]["containers"]
        for port in container["ports"]
    }


Case = TypeVar("Case", bound=unittest.TestCase)


def each_variant(
    test: Callable[[Case, Cluster], None],
) -> Callable[[Case], None]:
    """Makes a test of one that is true for all variants of the values."""

    @functools.wraps(test)
    def run(self: Case) -> None:
        for name, objects in rendering.variants():
            with self.subTest(name):
                test(self, Cluster(objects))

    return run


class FactsTest(unittest.TestCase):
    @each_variant
    def test_selectors_of_workloads_find_their_own_pods_only(
        self, cluster: Cluster
    ) -> None:
        for owner, namespace, template in cluster.pods:
            found = cluster.selected(namespace, owner["spec"]["selector"])
            self.assertEqual(found, [template])

    @each_variant
    def test_services_select_pods_and_name_their_ports(
        self, cluster: Cluster
    ) -> None:
        for service in cluster.of_kind("Service"):
            found = cluster.selected(
                service["metadata"]["namespace"],
                {"matchLabels": service["spec"]["selector"]},
            )
            self.assertEqual(len(found), 1, service["metadata"]["name"])
            for port in service["spec"]["ports"]:
                self.assertIn(port["targetPort"], port_names(found[0]))

    @each_variant
    def test_budgets_select_pods_that_can_be_evicted(
        self, cluster: Cluster
    ) -> None:
        for budget in cluster.of_kind("PodDisruptionBudget"):
            (template,) = cluster.selected(
                budget["metadata"]["namespace"], budget["spec"]["selector"]
            )
            self.assertEqual(budget["spec"]["maxUnavailable"], 1)
            owner = next(o for o, _, t in cluster.pods if t is template)
            self.assertNotEqual(owner["kind"], "DaemonSet")

    @each_variant
    def test_the_autoscaler_has_a_target_whose_replicas_it_owns(
        self, cluster: Cluster
    ) -> None:
        scaled = set()
        for scaler in cluster.of_kind("HorizontalPodAutoscaler"):
            target = scaler["spec"]["scaleTargetRef"]
            key = (
                target["kind"],
                scaler["metadata"]["namespace"],
                target["name"],
            )
            self.assertIn(key, cluster.objects)
            scaled.add(key)
            container = cluster.objects[key]["spec"]["template"]["spec"][
                "containers"
            ][0]
            # Percentages of the processor are those of the request.
            self.assertIn("cpu", container["resources"]["requests"])
        for owner, _, _ in cluster.pods:
            fixed = "replicas" in owner["spec"]
            is_scaled = rendering.key_of(owner) in scaled
            if owner["kind"] != "DaemonSet":
                self.assertNotEqual(fixed, is_scaled)

    @each_variant
    def test_envoy_knows_each_replica_that_there_can_be(
        self, cluster: Cluster
    ) -> None:
        key = ("ConfigMap", "dissectd", "dissectd-edge")
        if key not in cluster.objects:
            return
        text = cluster.objects[key]["data"]["envoy.yaml"]
        clusters = yaml.safe_load(text)["static_resources"]["clusters"]
        (daemons,) = (one for one in clusters if one["name"] == "dissectd")
        (group,) = daemons["load_assignment"]["endpoints"]
        hosts = [
            endpoint["endpoint"]["address"]["socket_address"]["address"]
            for endpoint in group["lb_endpoints"]
        ]
        names = [
            endpoint["metadata"]["filter_metadata"]["envoy.lb"]["replica"]
            for endpoint in group["lb_endpoints"]
        ]
        owner = cluster.objects["StatefulSet", "dissectd", "dissectd"]
        service = owner["spec"]["serviceName"]
        scalers = cluster.of_kind("HorizontalPodAutoscaler")
        count = (
            scalers[0]["spec"]["maxReplicas"]
            if scalers
            else owner["spec"]["replicas"]
        )
        expected = [f"dissectd-{number}" for number in range(count)]
        self.assertEqual(names, expected)
        self.assertEqual(hosts, [f"{name}.{service}" for name in expected])

    def test_metrics_of_the_autoscaler_are_made_by_the_adapter(self) -> None:
        rules = yaml.safe_load(
            (KUBERNETES / "prometheus-adapter.yaml").read_text()
        )
        made = {rule["name"]["as"] for rule in rules["rules"]["custom"]}
        base = Cluster(rendering.rendered(rendering.VARIANTS["the base"]))
        (scaler,) = base.of_kind("HorizontalPodAutoscaler")
        asked = {
            metric["pods"]["metric"]["name"]
            for metric in scaler["spec"]["metrics"]
            if metric["type"] == "Pods"
        }
        self.assertEqual(asked, made)

    @each_variant
    def test_each_pod_is_denied_everything_by_default(
        self, cluster: Cluster
    ) -> None:
        policies = cluster.of_kind("NetworkPolicy")
        if not policies:
            return
        denying = [
            (policy["metadata"]["namespace"], policy["spec"]["podSelector"])
            for policy in policies
            if set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
            and "ingress" not in policy["spec"]
            and "egress" not in policy["spec"]
        ]
        for _, namespace, template in cluster.pods:
            labels = template["metadata"]["labels"]
            self.assertTrue(
                any(
                    place == namespace and matches(selector, labels)
                    for place, selector in denying
                )
            )

    @each_variant
    def test_what_policies_allow_is_there(self, cluster: Cluster) -> None:
        for policy in cluster.of_kind("NetworkPolicy"):
            spec = policy["spec"]
            namespace = policy["metadata"]["namespace"]
            pods = cluster.selected(namespace, spec["podSelector"])
            self.assertTrue(pods)
            for rule in spec.get("ingress", []):
                for port in rule["ports"]:
                    self.assertIn(port["port"], port_names(pods[0]))
            for peer in self._pod_peers(spec):
                self.assertTrue(
                    cluster.selected(namespace, peer["podSelector"])
                )

    @staticmethod
    def _pod_peers(spec: Object) -> list[Object]:
        """Returns the peers that are pods of the same namespace."""
        rules = [*spec.get("ingress", []), *spec.get("egress", [])]
        return [
            peer
            for rule in rules
            for peer in [*rule.get("from", []), *rule.get("to", [])]
            if "podSelector" in peer and "namespaceSelector" not in peer
        ]

    def test_only_the_edge_may_call_daemons_and_ask_for_names(self) -> None:
        base = rendering.rendered(rendering.VARIANTS["the base"])
        daemon = base["NetworkPolicy", "dissectd", "dissectd"]["spec"]
        edge = base["NetworkPolicy", "dissectd", "dissectd-edge"]["spec"]
        callers = {
            str(port["port"]): rule["from"]
            for rule in daemon["ingress"]
            for port in rule["ports"]
        }
        (caller,) = callers["grpc"]
        self.assertEqual(
            caller["podSelector"]["matchLabels"],
            edge["podSelector"]["matchLabels"],
        )
        (scraper,) = callers["metrics"]
        self.assertEqual(
            scraper["namespaceSelector"]["matchLabels"],
            {"kubernetes.io/metadata.name": "monitoring"},
        )
        # A daemon opens no connection.
        self.assertNotIn("Egress", daemon["policyTypes"])
        ports = [
            (port["protocol"], port["port"])
            for rule in edge["egress"]
            for port in rule["ports"]
        ]
        self.assertEqual(ports, [("UDP", 53), ("TCP", 53), ("TCP", "grpc")])

    @each_variant
    def test_prometheus_alone_reads_metrics_and_names_their_programs(
        self, cluster: Cluster
    ) -> None:
        policies = cluster.of_kind("NetworkPolicy")
        monitors = cluster.of_kind("ServiceMonitor")
        for _, namespace, template in cluster.pods:
            if "metrics" not in port_names(template):
                continue
            labels = template["metadata"]["labels"]
            component = labels["app.kubernetes.io/component"]
            readers = [
                rule.get("from")
                for policy in policies
                if policy["metadata"]["namespace"] == namespace
                and matches(policy["spec"]["podSelector"], labels)
                for rule in policy["spec"].get("ingress", [])
                for port in rule["ports"]
                if port["port"] == "metrics"
            ]
            prometheus = {"kubernetes.io/metadata.name": "monitoring"}
            selector = {"namespaceSelector": {"matchLabels": prometheus}}
            self.assertEqual(readers, [[selector]] if policies else [])
            services = [
                service
                for service in cluster.of_kind("Service")
                if matches({"matchLabels": service["spec"]["selector"]}, labels)
                and "metrics" in [p["name"] for p in service["spec"]["ports"]]
            ]
            # Nobody reaches them from outside.
            self.assertEqual(
                [service["spec"]["clusterIP"] for service in services], ["None"]
            )
            if not monitors:
                continue
            (monitor,) = (
                found["spec"]
                for found in monitors
                if matches(found["spec"]["selector"], labels)
            )
            (endpoint,) = monitor["endpoints"]
            self.assertEqual(endpoint["port"], "metrics")
            program = {"dissection": "dissectd", "fleet": "dissectd-fleet"}
            self.assertEqual(
                endpoint["relabelings"],
                [{"targetLabel": "job", "replacement": program[component]}],
            )

    def test_daemons_and_the_fleet_have_metrics(self) -> None:
        base = Cluster(rendering.rendered(rendering.VARIANTS["the base"]))
        measured = {
            template["metadata"]["labels"]["app.kubernetes.io/component"]
            for _, _, template in base.pods
            if "metrics" in port_names(template)
        }
        self.assertEqual(measured, {"dissection", "fleet"})

    @each_variant
    def test_everything_that_pods_name_is_there(self, cluster: Cluster) -> None:
        for _, namespace, template in cluster.pods:
            pod = template["spec"]
            account = ("ServiceAccount", namespace)
            self.assertIn(
                (*account, pod["serviceAccountName"]), cluster.objects
            )
            for kind, name in volume_sources(pod):
                if kind == "ConfigMap":
                    self.assertIn((kind, namespace, name), cluster.objects)
            mounted = {
                mount["name"]
                for container in pod["containers"]
                for mount in container["volumeMounts"]
            }
            there = {volume["name"] for volume in pod["volumes"]}
            self.assertEqual(mounted - there - {"store"}, set())
            self.assertEqual(there - mounted, set())

    @each_variant
    def test_probes_name_ports_of_their_container(
        self, cluster: Cluster
    ) -> None:
        for _, _, template in cluster.pods:
            for container in template["spec"]["containers"]:
                names = {port["name"] for port in container["ports"]}
                for kind in ("startup", "readiness", "liveness"):
                    probe = container[f"{kind}Probe"]
                    action = probe.get("tcpSocket") or probe.get("httpGet")
                    if action:
                        self.assertIn(action["port"], names)
                    else:
                        self.assertEqual(
                            probe["exec"]["command"],
                            ["dissectctl", "health"],
                        )

    def test_all_daemons_have_the_one_image(self) -> None:
        values = ("image.repository=registry.example/d", "image.tag=v7")
        images = [
            container["image"]
            for _, template in rendering.pod_templates(
                rendering.rendered(values)
            )
            for container in template["spec"]["containers"]
            if container["name"] != "envoy"
        ]
        self.assertEqual(set(images), {"registry.example/d:v7"})
        self.assertGreater(len(images), 1)

    @each_variant
    def test_pods_have_time_to_end(self, cluster: Cluster) -> None:
        for _, _, template in cluster.pods:
            (container,) = template["spec"]["containers"]
            grace = template["spec"]["terminationGracePeriodSeconds"]
            if container["name"] == "envoy":
                sleep = container["lifecycle"]["preStop"]["sleep"]
                self.assertGreater(grace, sleep["seconds"] + 5)
                continue
            seconds = sum(
                int(argument.split("=")[1])
                for argument in container["args"]
                if re.match("--(lame-duck|drain-timeout)=", argument)
            )
            # deploy/README.md says what a daemon needs.
            self.assertGreater(grace, seconds + 40)

    def test_stores_are_larger_than_what_daemons_put_there(self) -> None:
        base = rendering.rendered(rendering.VARIANTS["the base"])
        for key, field in {
            ("StatefulSet", "dissectd", "dissectd"): "--upload-quota",
            (
                "DaemonSet",
                "dissectd-agents",
                "dissectd-agent",
            ): "--capture-quota",
        }.items():
            spec = base[key]["spec"]
            text = yaml.safe_dump(spec)
            (room,) = re.findall(r"(?:storage|sizeLimit): (\d+)Gi\n", text)
            (quota,) = re.findall(rf"{field}=(\d+)GB\n", text)
            self.assertGreater(int(room), int(quota))


if __name__ == "__main__":
    unittest.main()
