"""One image: its name, its layers, and how a container of it starts by default."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devkit.images import archive, sources
from devkit.images.layer import Layer

REGISTRY = "efd.test"
"""No such host exists or can (RFC 6761), so nobody pulls one of these from anywhere."""

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Image:
    """Layers, lowest first, and what to run."""

    name: str
    version: str
    layers: tuple[Layer, ...]
    user: int
    command: tuple[str, ...]

    @property
    def reference(self) -> str:
        """What a pod names it by."""
        return f"{REGISTRY}/{self.name}:{self.version}"

    @property
    def key(self) -> str:
        """Names one content: changes with any layer."""
        return sources.digest(
            self.reference,
            str(self.config),
            *(layer.key for layer in self.layers),
            files=(Path(__file__), Path(archive.__file__)),
        )

    @property
    def config(self) -> dict[str, Any]:
        """What a container has that says nothing else."""
        return {
            "Env": [f"PATH={PATH}", "LANG=C.UTF-8"],
            "Entrypoint": list(self.command),
            "User": f"{self.user}:{self.user}",
            "WorkingDir": "/",
        }
