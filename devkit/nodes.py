"""What carries a cluster's pods: simulated nodes, or a real one."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from devkit.control_plane import ControlPlane
from devkit.daemon import Daemon
from devkit.offers import Offers

Wait = Callable[[Callable[[], bool], str, list[Daemon]], None]
"""Waits for something to happen, and says what did not, or which process ended."""


class Nodes(Protocol):
    """One kind of nodes."""

    @property
    def daemons(self) -> Sequence[str]:
        """Names of their processes, which start after the control plane's, in this order."""
        ...

    def plane(self, folder: Path, tools: Path, *, is_running: bool) -> ControlPlane:
        """Choose where the control plane listens, or read where it does."""
        ...

    def prepare(self, plane: ControlPlane, offers: Offers) -> None:
        """Write what the processes read."""
        ...

    def launch(self, argv: Sequence[str]) -> list[str]:
        """Return the words that run a process where the nodes are."""
        ...

    def start(self, plane: ControlPlane, daemons: Mapping[str, Daemon], wait: Wait) -> None:
        """Start the processes."""
        ...

    def objects(self, offers: Offers) -> list[dict[str, Any]]:
        """Kubernetes objects that fulfil what a site expects, in the order they are made."""
        ...

    def names(self, offers: Offers) -> set[str]:
        """Names of the nodes that become ready."""
        ...

    def remove(self, folder: Path) -> None:
        """Take away what stays of them beside a cluster's folder, once their processes ended."""
        ...
