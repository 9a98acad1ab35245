"""Sandboxes whose states are a mapping, on the project that the stand-in of Google serves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sandbox.engine import Engine
from sandbox.errors import BusyError, SandboxError
from sandbox.google import GoogleCloud
from sandbox.marks import Marks


@dataclass
class States:
    """What the reaper asks of stacks."""

    marked: dict[str, dict[str, str]]
    """Tags by stack."""
    resources: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)
    """Stacks of which something in the cluster does not go."""
    done: list[str] = field(default_factory=list)

    def stacks(self) -> list[str]:
        """Return every stack."""
        return sorted(self.marked)

    def tags(self, stack: str) -> dict[str, str]:
        """Return the tags of a stack."""
        return self.marked.get(stack, {})

    def destroy(self, stack: str, _patience: float) -> None:
        """Destroy what a stack has, unless it is busy or stuck."""
        if stack in self.busy:
            raise BusyError("another run")
        objects = [r for r in self.resources.get(stack, []) if r["type"].startswith("kubernetes:")]
        if stack in self.stuck and objects:
            raise SandboxError("a namespace does not go")
        self.resources[stack] = []
        self.done.append(f"destroy {stack}")

    def state(self, stack: str) -> dict[str, Any]:
        """Return what a stack has."""
        return {"deployment": {"resources": self.resources.get(stack, [])}}

    def replace_state(self, stack: str, state: dict[str, Any]) -> None:
        """Put another state in its place."""
        self.resources[stack] = state["deployment"]["resources"]

    def unlock(self, stack: str) -> None:
        """Note that it was unlocked."""
        self.done.append(f"unlock {stack}")

    def remove(self, stack: str) -> None:
        """Forget a stack."""
        self.marked.pop(stack, None)


@dataclass
class GoogleGround:
    """A project of the cloud and the states of its sandboxes."""

    cloud: GoogleCloud
    states: States

    @property
    def engine(self) -> Engine:
        """The states."""
        return cast("Engine", self.states)

    simulated = False

    def command(self, marks: Marks) -> Sequence[str]:
        """Nothing runs here."""
        raise NotImplementedError

    def prepare(self, marks: Marks, site: dict[str, Any]) -> None:
        """Nothing is brought up here."""
        raise NotImplementedError

    def kubectl(self, marks: Marks, arguments: Sequence[str], given: str = "") -> str:
        """Nothing runs here."""
        raise NotImplementedError

    def forget(self, marks: Marks) -> None:
        """Note that it was forgotten."""
        self.states.done.append(f"forget {marks.stack}")
