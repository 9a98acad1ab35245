"""What a stack says was deployed, and what the engine finds of it: `pulumi` is asked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drift.program import printed
from verify.plan import PROJECT

_KUBERNETES = "kubernetes:"
_SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 -- how Pulumi marks one in its state
_OWN = "__"
"""How what only the provider knows begins."""


@dataclass(frozen=True)
class Resource:
    """One resource of the stack, as it was deployed."""

    urn: str
    type: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]

    @property
    def is_object(self) -> bool:
        """Whether it is an object of the cluster."""
        return self.type.startswith(_KUBERNETES) and "metadata" in self.outputs

    @property
    def name(self) -> str:
        """`Kind/namespace/name`, or what the program calls it if it is no object."""
        if not self.is_object:
            return f"{self.type.rpartition(':')[2]}/{self.urn.rpartition('::')[2]}"
        metadata = self.outputs["metadata"]
        parts = (self.outputs["kind"], metadata.get("namespace"), metadata["name"])
        return "/".join(part for part in parts if part)

    @property
    def manager(self) -> str:
        """Under which name the provider holds its fields."""
        return str(self.outputs.get("__fieldManager", ""))

    @property
    def stub(self) -> dict[str, Any]:
        """Enough of it to ask for it."""
        metadata = self.outputs["metadata"]
        named = {key: metadata[key] for key in ("name", "namespace") if metadata.get(key)}
        told = {key: self.outputs[key] for key in ("apiVersion", "kind")}
        return {**told, "metadata": named}


@dataclass(frozen=True)
class Step:
    """What the engine would do to the state to bring it up to what it finds."""

    resource: Resource
    operation: str
    """`update` where it differs, `delete` where it is gone, else neither."""
    found: Mapping[str, Any]
    """What the inputs would be."""
    fields: tuple[str, ...]
    """Where it differs."""


@dataclass(frozen=True)
class Stack:
    """One site's."""

    name: str
    config_file: Path | None = None

    def refreshed(self) -> list[Step]:
        """Compare the state with what is there, and change neither.

        Raises
        ------
        UnaskedError
            When there is no such stack, or the cluster does not answer.
        """
        told = self._asked("refresh", "--preview-only", "--json", configured=True)
        return [_step(step) for step in told.get("steps", []) if "oldState" in step]

    def resources(self) -> list[Resource]:
        """Return what was deployed, with its secrets in clear.

        Raises
        ------
        UnaskedError
            When there is no such stack, or its secrets cannot be decrypted.
        """
        told = self._asked("stack", "export", "--show-secrets")
        return [_resource(state) for state in told["deployment"].get("resources", [])]

    def _asked(self, *words: str, configured: bool = False) -> dict[str, Any]:
        command = ["pulumi", *words, "--stack", self.name, "--non-interactive", "--color=never"]
        if configured and self.config_file:
            command.append(f"--config-file={self.config_file.resolve()}")
        said = printed(command, " ".join(command[:3]), folder=PROJECT)
        answer: dict[str, Any] = json.loads(said)
        return answer


def plain(value: Any) -> Any:
    """Return what was deployed, with secrets in clear and without what only the provider knows."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if _SECRET in value and "plaintext" in value:
        return plain(json.loads(value["plaintext"]))
    return {key: plain(item) for key, item in value.items() if not key.startswith(_OWN)}


def _step(step: Mapping[str, Any]) -> Step:
    return Step(
        resource=_resource(step["oldState"]),
        operation=step["op"],
        found=step.get("newState", {}).get("inputs", {}),
        fields=tuple(step.get("detailedDiff") or step.get("diffReasons") or ()),
    )


def _resource(state: Mapping[str, Any]) -> Resource:
    return Resource(state["urn"], state["type"], state.get("inputs", {}), state.get("outputs", {}))
