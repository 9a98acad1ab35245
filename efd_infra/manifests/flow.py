"""One flow: who dials whom, on which ports, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from efd_infra.manifests.peers import Peer, Ports, tcp
from efd_infra.manifests.workloads import Workload


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One arrow of the architecture: connections from each source to each target."""

    name: str
    sources: tuple[Peer, ...]
    targets: tuple[Peer, ...]
    ports: tuple[Ports, ...]
    why: str

    def among(self, present: frozenset[Workload]) -> "Flow | None":
        """Return the flow without workloads that are absent; None where a side has nobody left."""
        sources = tuple(_among(self.sources, present))
        targets = tuple(_among(self.targets, present))
        return replace(self, sources=sources, targets=targets) if sources and targets else None


def _among(peers: Iterable[Peer], present: frozenset[Workload]) -> Iterator[Peer]:
    return (peer for peer in peers if not isinstance(peer, Workload) or peer in present)


def arrow(name: str, sources: tuple[Peer, ...], target: Workload, port: int, why: str) -> Flow:
    """Return a flow to one port of one workload."""
    return Flow(name=name, sources=sources, targets=(target,), ports=tcp(port), why=why)
