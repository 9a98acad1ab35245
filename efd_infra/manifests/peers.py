"""The ends of a flow that are no workload of ours: namespaces and networks."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from efd_infra.manifests.workloads import Workload


@dataclass(frozen=True)
class Namespaces:
    """Every pod of some namespaces."""

    title: str
    names: tuple[str, ...]
    excluded: bool = False
    """Whether all namespaces but these are meant."""


@dataclass(frozen=True)
class Networks:
    """Addresses, in CIDR form."""

    title: str
    ranges: tuple[str, ...]


Peer = Workload | Namespaces | Networks

ANYWHERE = Networks("anywhere", ("0.0.0.0/0", "::/0"))
"""Every address. Most network plug-ins count pods' own among them."""


@dataclass(frozen=True)
class Ports:
    """Neighbouring ports of one protocol."""

    first: int
    last: int
    protocol: str = "TCP"

    def __str__(self) -> str:
        """Return the numbers, and the protocol where it is not TCP."""
        numbers = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return numbers if self.protocol == "TCP" else f"{numbers}/{self.protocol}"


def tcp(*ports: int) -> tuple[Ports, ...]:
    """Return single TCP ports."""
    return tuple(Ports(port, port) for port in ports)


def dialled(urls: Iterable[str]) -> tuple[Ports, ...]:
    """Return the ports at which addresses are dialled."""
    parts = [urlsplit(url) for url in urls]
    return tcp(*sorted({part.port or (443 if part.scheme == "https" else 80) for part in parts}))


def titles(peers: Iterable[Peer]) -> tuple[str, ...]:
    """Return what the ends of a flow are called, each once: workloads by their software."""
    named = (peer.identity.name if isinstance(peer, Workload) else peer.title for peer in peers)
    return tuple(dict.fromkeys(named))
