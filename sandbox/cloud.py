"""What a command asks of a cloud: which clusters and other things are there, and to remove one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Found:
    """One thing in the cloud that costs money as long as it is there."""

    kind: str
    """``cluster``, ``DNS record``, ``forwarding rule``, ``disk`` or ``address``; of what takes no
    labels ``firewall rule``, ``router``, ``subnetwork``, ``network`` or ``account``."""
    name: str
    place: str
    """How the cloud itself finds it."""
    labels: Mapping[str, str] = field(default_factory=dict)


class Cloud(Protocol):
    """Where sandboxes are.

    Every method raises ``UnaskedError`` where the cloud does not answer, or for a part only: in a
    list that is not whole, a thing that is there would look like one that is gone.
    """

    def clusters(self) -> Sequence[Found]:
        """Return every cluster, whoever made it."""
        ...

    def leftovers(self, site: str | None = None) -> Sequence[Found]:
        """Return disks, addresses and what leads to them, by the label of ``site`` or of any."""
        ...

    def unlabelled(self, cluster: str) -> Sequence[Found]:
        """Return what takes no labels, by its cluster's name, in the order in which it can go."""
        ...

    def delete(self, found: Found) -> None:
        """Remove it, and return when it is gone; one that is gone already is no error."""
        ...
