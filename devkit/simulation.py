"""What kwok plays: its own stages for nodes and pods, ours for storage and addresses."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devkit import ports
from devkit.control_plane import ControlPlane
from devkit.daemon import Daemon
from devkit.nodes import Wait
from devkit.offers import Offers

OURS = Path(__file__).parent / "stages"

INGRESS_CLASS = "INGRESS_CLASS"
"""Placeholder in our files for the one class that the simulated ingress controller serves."""

KWOK_STAGES = (
    "node/fast/node-initialize.yaml",
    "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
    "pod/fast/pod-ready.yaml",
    "pod/fast/pod-complete.yaml",
    "pod/fast/pod-delete.yaml",
)
"""Files of kwok's module, under `kustomize/stage`; the program itself carries none."""


def write(path: Path, from_kwok: Path, ingress_class: str) -> None:
    """Write one file with every stage of a cluster."""
    files = [*sorted(from_kwok.glob("*.yaml")), *sorted(OURS.glob("*.yaml"))]
    documents = [file.read_text().strip() for file in files]
    path.write_text("\n---\n".join(documents).replace(INGRESS_CLASS, ingress_class) + "\n")


@dataclass(frozen=True)
class SimulatedNodes:
    """Nodes that kwok plays, as many as the site has."""

    daemons = ("kwok",)

    def plane(self, folder: Path, tools: Path, *, is_running: bool) -> ControlPlane:
        """Listen on free ports of loopback, the same as at the last start where possible."""
        noted = folder / "ports.json"
        chosen = ports.noted(noted) if is_running else ports.choose(noted)
        return ControlPlane(tools / "bin", folder, chosen)

    def prepare(self, plane: ControlPlane, offers: Offers) -> None:
        """Write the stages."""
        write(plane.stages, plane.tools.parent / "stages", offers.ingress_class)

    def launch(self, argv: Sequence[str]) -> list[str]:
        """Run it here."""
        return list(argv)

    def start(self, plane: ControlPlane, daemons: Mapping[str, Daemon], wait: Wait) -> None:  # noqa: ARG002 - nothing to wait for
        """Start kwok."""
        daemons["kwok"].start(plane.kwok(), {"PATH": os.defpath, "HOME": str(plane.folder)})

    def objects(self, offers: Offers) -> list[dict[str, Any]]:
        """Classes, and the nodes themselves."""
        return offers.objects()

    def names(self, offers: Offers) -> set[str]:
        """Every simulated node."""
        return set(offers.node_names())

    def remove(self, folder: Path) -> None:
        """Do nothing: kwok leaves nothing."""
