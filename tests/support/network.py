"""What network policies let through, decided as the Kubernetes API describes it.

https://kubernetes.io/docs/concepts/services-networking/network-policies/: a pod that some policy
selects for a direction may do in it what one of those policies allows, and nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any, Literal

from policy.selector import selects
from rendering.recording import Run
from rendering.registration import Registration

Direction = Literal["Ingress", "Egress"]

POD_ADDRESS = "10.42.0.7"
"""Any pod's: whether an address block means pods too is left to plug-ins, and most say yes."""


@dataclass(frozen=True)
class End:
    """A pod, with its labels; or an address outside, which is in no namespace."""

    namespace: str | None
    labels: tuple[tuple[str, str], ...] = ()
    address: str = POD_ADDRESS

    def __str__(self) -> str:
        """Name it for a failure's list."""
        name = dict(self.labels).get("app.kubernetes.io/instance", "unlabelled")
        return f"{self.namespace}/{name}" if self.namespace else self.address


def pod_of(workload: Registration) -> End:
    """Return one of a workload's pods."""
    return End(workload.namespace, tuple(sorted(workload.pod_labels.items())))


@dataclass(frozen=True)
class Network:
    """The policies of a cluster, and nothing else that could stop a packet."""

    policies: tuple[Registration, ...]
    _selecting: dict[End, list[Registration]] = field(default_factory=dict, repr=False)
    """By pod, what was found for it."""

    @classmethod
    def of(cls, run: Run) -> "Network":
        """Return the network that a program's policies make."""
        return cls(tuple(run.of_kind("NetworkPolicy")))

    def selecting(self, end: End) -> list[Registration]:
        """Return the policies that select a pod."""
        if end not in self._selecting:
            self._selecting[end] = [
                policy
                for policy in self.policies
                if policy.namespace == end.namespace
                and selects(policy.spec["podSelector"], dict(end.labels))
            ]
        return self._selecting[end]

    def passes(self, source: End, target: End, port: int, protocol: str = "TCP") -> bool:
        """Tell whether a connection from one end to the other comes about."""
        return self.leaves(source, target, port, protocol) and self.enters(
            source, target, port, protocol
        )

    def leaves(self, source: End, target: End, port: int, protocol: str = "TCP") -> bool:
        """Tell whether the source's own policies let the connection out."""
        return self._lets("Egress", source, target, port, protocol)

    def enters(self, source: End, target: End, port: int, protocol: str = "TCP") -> bool:
        """Tell whether the target's own policies let the connection in."""
        return self._lets("Ingress", target, source, port, protocol)

    def _lets(self, way: Direction, own: End, other: End, port: int, protocol: str) -> bool:
        if own.namespace is None:
            return True
        deciding = [p for p in self.selecting(own) if way in p.spec["policyTypes"]]
        return not deciding or any(
            _matches(rule.get("from" if way == "Ingress" else "to"), other)
            and _covers(rule.get("ports"), port, protocol)
            for policy in deciding
            for rule in policy.spec.get(way.lower()) or []
        )


def _matches(peers: Iterable[Mapping[str, Any]] | None, other: End) -> bool:
    """Tell whether one of a rule's peers is meant; a rule without peers means everybody."""
    return peers is None or any(_is_meant(peer, other) for peer in peers)


def _is_meant(peer: Mapping[str, Any], other: End) -> bool:
    if block := peer.get("ipBlock"):
        return holds(block["cidr"], other.address) and not any(
            holds(cidr, other.address) for cidr in block.get("except") or []
        )
    if other.namespace is None:
        return False
    assert "namespaceSelector" in peer, "every peer here says its namespace"
    place = {"kubernetes.io/metadata.name": other.namespace}
    return selects(peer["namespaceSelector"], place) and selects(
        peer.get("podSelector") or {}, dict(other.labels)
    )


@cache
def holds(cidr: str, address: str) -> bool:
    """Tell whether an address is in a network."""
    return ip_address(address) in ip_network(cidr)


def _covers(ports: Iterable[Mapping[str, Any]] | None, port: int, protocol: str) -> bool:
    return ports is None or any(
        each.get("protocol", "TCP") == protocol
        and each["port"] <= port <= each.get("endPort", each["port"])
        for each in ports
    )


def ports_of(workload: Registration) -> Iterator[int]:
    """Yield every port that a workload's containers declare."""
    for container in workload.containers:
        yield from (port["containerPort"] for port in container.get("ports") or [])
