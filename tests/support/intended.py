"""What the flows of a site are meant to connect, read without any policy."""

from collections.abc import Iterable

from efd_infra.manifests.flow import Flow
from efd_infra.manifests.peers import Namespaces, Networks, Peer
from efd_infra.manifests.workloads import Workload
from tests.support.network import End, holds


def means(peer: Peer, end: End) -> bool:
    """Tell whether an end of a flow means this pod, or this address."""
    match peer:
        case Workload():
            selected = peer.identity.selector.items() <= dict(end.labels).items()
            return end.namespace == peer.namespace and selected
        case Namespaces():
            return end.namespace is not None and (end.namespace in peer.names) != peer.excluded
        case Networks():
            return any(holds(cidr, end.address) for cidr in peer.ranges)


def is_named(
    flows: Iterable[Flow], source: End, target: End, port: int, own: set[str | None]
) -> bool:
    """Tell whether a flow is meant to connect two ends at a TCP port."""
    return has_port(between(flows, source, target, own), port)


def between(
    flows: Iterable[Flow], source: End, target: End, own: set[str | None]
) -> tuple[Flow, ...]:
    """Return the flows that are meant to connect two ends, at whatever port.

    Between two pods of ours only a flow that names both will do: one that may dial the world and
    another that the world may dial do not make a third.
    """
    both_ours = {source.namespace, target.namespace} <= own
    return tuple(
        flow
        for flow in flows
        if any(means(peer, source) for peer in flow.sources)
        and any(means(peer, target) for peer in flow.targets)
        and (not both_ours or all(isinstance(p, Workload) for p in (*flow.sources, *flow.targets)))
    )


def has_port(flows: Iterable[Flow], port: int) -> bool:
    """Tell whether one of some flows is for a TCP port."""
    return any(
        ports.first <= port <= ports.last
        for flow in flows
        for ports in flow.ports
        if ports.protocol == "TCP"
    )
