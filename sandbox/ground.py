"""What sandboxes stand on: Google Cloud, or embedded clusters of this machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sandbox.cloud import Cloud
from sandbox.engine import Engine
from sandbox.marks import Marks


class Ground(Protocol):
    """One kind of clusters, and where the states of the sandboxes in them are."""

    @property
    def cloud(self) -> Cloud:
        """What is there."""
        ...

    @property
    def engine(self) -> Engine:
        """The stacks."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether nodes are simulated: pods look ready there, and no container runs."""
        ...

    def prepare(self, marks: Marks, site: dict[str, Any]) -> None:
        """Make what must be there before the stack is brought up, and renew its labels."""
        ...

    def command(self, marks: Marks) -> Sequence[str]:
        """Return how a command line of kubectl begins that is about the sandbox's cluster."""
        ...

    def kubectl(self, marks: Marks, arguments: Sequence[str], given: str = "") -> str:
        """Run kubectl on the sandbox's cluster with an input, and return what it prints."""
        ...

    def forget(self, marks: Marks) -> None:
        """Remove what is left of a sandbox on this machine."""
        ...


@dataclass(frozen=True)
class Folders:
    """Where things are on this machine."""

    project: Path
    """The program."""
    home: Path
    """What commands leave behind; nothing that could not be lost."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Folders":
        """Read EFD_SANDBOX_DIR; without it, `.sandbox` beside the program."""
        project = Path(__file__).resolve().parent.parent
        return cls(project, Path(environ.get("EFD_SANDBOX_DIR") or project / ".sandbox").resolve())
