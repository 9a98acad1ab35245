"""What a rule finds: a place in a resource, what was given there and what is allowed."""

from dataclasses import dataclass
from typing import Any

from rendering.resource import Path, Resource

NOTHING = "nothing"
"""What is given where a value is missing."""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One place in one resource that is not as it must be."""

    resource: Resource
    path: Path
    """Where in its inputs."""
    given: str
    """What stands there; never the text of a secret."""
    allowed: str
    """What may stand there."""
    depends: tuple[tuple[Resource, Path], ...] = ()
    """What else decides about it: places that would make it right if they said something else."""

    @property
    def is_known(self) -> bool:
        """Whether all that decides about it is known, which in a preview need not be."""
        decides = ((self.resource, self.path), *self.depends)
        return not any(resource.is_unknown(path) for resource, path in decides)

    @property
    def place(self) -> str:
        """The path as people write it, with the names of list entries instead of numbers."""
        words, value = "", self.resource.inputs
        for step in self.path:
            value = _inside(value, step)
            if isinstance(step, int):
                words += f"[{_entry(value, step)}]"
            else:
                words += f".{step}" if words and "." not in step else f"[{step}]" if words else step
        return words

    def __str__(self) -> str:
        """Return one sentence for people."""
        where = f"{title(self.resource)} at {self.place}" if self.path else title(self.resource)
        return f"{where}: given {self.given}, allowed {self.allowed}"


def title(resource: Resource) -> str:
    """Return what people call a resource: kind, namespace and name of an object, else its type."""
    if not resource.is_object:
        return f"{resource.token} {resource.name}"
    place = "/".join(filter(None, (resource.namespace, resource.object_name or resource.name)))
    return f"{resource.kind} {place}"


def shown(value: Any) -> str:
    """Return a value as a violation tells it."""
    if value is None or value in ({}, [], ""):
        return NOTHING
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _entry(value: Any, index: int) -> str:
    return str(value.get("name") or index) if isinstance(value, dict) else str(index)
