"""What kwok plays: its own stages for nodes and pods, ours for storage and addresses."""

from pathlib import Path

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
