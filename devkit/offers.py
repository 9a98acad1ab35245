"""What a site file expects of its cluster, and the objects that fulfil it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from devkit.errors import DevkitError

OWN = {"app.kubernetes.io/managed-by": "efd-devkit"}
"""On every object that this package put into a cluster."""

PROVISIONER = "efd-devkit/simulated"
"""Storage provisioner that the kwok stages play."""

NODE_SIZE = {"cpu": "64", "memory": "512Gi", "ephemeral-storage": "2Ti", "pods": "250"}
"""Enough for the largest site, since a simulated node costs the same whatever its size."""

ZONES = ("a", "b", "c")


@dataclass(frozen=True)
class Offers:
    """What one site names: its kubeconfig context, how many nodes, the classes, node labels."""

    context: str
    nodes: int
    ingress_class: str
    storage_classes: tuple[str, ...]
    node_labels: dict[str, str]
    hosts: tuple[str, ...] = ()
    """Public names, of brokers first."""
    downloads: tuple[tuple[str, str], ...] = ()
    """Address and SHA-256 digest of each file that pods fetch."""

    @classmethod
    def from_site_file(cls, path: Path, site: str) -> "Offers":
        """Read a Pulumi site file; what it does not name gets a default."""
        try:
            document = yaml.safe_load(path.read_text()) or {}
        except yaml.YAMLError as error:
            where = getattr(error, "problem_mark", None)
            line = f", line {where.line + 1}" if where else ""
            raise DevkitError(
                f"{path}{line} is not YAML: {getattr(error, 'problem', error)}"
            ) from None
        description = (document.get("config") or {}).get("efd:site") or {}
        cluster = description.get("cluster") or {}
        nodes = cluster.get("nodes", 3)
        if not isinstance(nodes, int) or nodes < 1:
            raise DevkitError(
                f"{path}: efd:site.cluster.nodes is {nodes!r}", "it is a number of nodes, 1 or more"
            )
        return cls(
            context=str(cluster.get("context") or f"efd-{site}"),
            nodes=nodes,
            ingress_class=str(cluster.get("ingressClass") or "nginx"),
            storage_classes=tuple(
                sorted({str(v) for v in _values(description, "storageClass") if v})
            ),
            node_labels={
                str(key): str(value)
                for labels in _values(description, "nodeLabels")
                for key, value in labels.items()
            },
            hosts=tuple(_hosts(description)),
            downloads=tuple(
                (str(artifact["url"]), str(artifact["sha256"]))
                for artifact in _artifacts(description)
            ),
        )

    def classes(self, provisioner: str) -> list[dict[str, Any]]:
        """Every class that the site names, as Kubernetes objects."""
        storage = [self._storage_class(name, provisioner) for name in self.storage_classes]
        return [self._ingress_class(), *storage]

    def objects(self) -> list[dict[str, Any]]:
        """Kubernetes objects of a simulated cluster, in the order in which they are made."""
        nodes = [self._node(number) for number in range(self.nodes)]
        return [*self.classes(PROVISIONER), *nodes]

    def node_names(self) -> list[str]:
        """Names of the simulated nodes."""
        return [f"efd-node-{number}" for number in range(self.nodes)]

    def _ingress_class(self) -> dict[str, Any]:
        return {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "IngressClass",
            "metadata": {"name": self.ingress_class, "labels": OWN},
            "spec": {"controller": "efd-devkit/simulated"},
        }

    @staticmethod
    def _storage_class(name: str, provisioner: str) -> dict[str, Any]:
        return {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": name, "labels": OWN},
            "provisioner": provisioner,
            "reclaimPolicy": "Delete",
            "allowVolumeExpansion": provisioner == PROVISIONER,
            # As the observatory's local-path class: a claim that nothing uses stays pending.
            "volumeBindingMode": "WaitForFirstConsumer",
        }

    def _node(self, number: int) -> dict[str, Any]:
        name = self.node_names()[number]
        return {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": name,
                "labels": {
                    **OWN,
                    "kubernetes.io/hostname": name,
                    "kubernetes.io/os": "linux",
                    "kubernetes.io/arch": "amd64",
                    "topology.kubernetes.io/region": "simulated",
                    "topology.kubernetes.io/zone": ZONES[number % len(ZONES)],
                    **self.node_labels,
                },
            },
            "status": {
                "capacity": NODE_SIZE,
                "allocatable": NODE_SIZE,
                # TEST-NET-1 of RFC 5737: can be nobody's machine.
                "addresses": [
                    {"type": "InternalIP", "address": f"192.0.2.{number + 1}"},
                    {"type": "Hostname", "address": name},
                ],
            },
        }


def _hosts(description: dict[str, Any]) -> Iterator[str]:
    kafka = (description.get("streaming") or {}).get("kafka") or {}
    if external := kafka.get("external"):
        yield str(external.get("bootstrap"))
        pattern = str(external.get("advertised") or "")
        for broker in range(kafka.get("brokers", 3)) if pattern else ():
            yield pattern.replace("{broker}", str(broker))
    # An archive's host is somebody else's.
    own = {name: part for name, part in description.items() if name != "archive"}
    yield from (str(host) for host in _values(own, "host"))


def _artifacts(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    images = (description.get("images") or {}).values()
    yield from (each for each in images if isinstance(each, dict))
    connect = (description.get("streaming") or {}).get("connect") or {}
    yield from connect.get("plugins") or ()


def _values(tree: Any, key: str) -> Iterator[Any]:
    """Every value that stands under `key` anywhere in a tree of mappings and lists."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == key:
                yield value
            else:
                yield from _values(value, key)
    elif isinstance(tree, list):
        for each in tree:
            yield from _values(each, key)
