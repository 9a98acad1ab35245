"""What one run of a program left behind, and the questions that are asked of it."""

from dataclasses import dataclass
from typing import Any

from rendering.registration import Registration
from rendering.resource import Path


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run of a program registered, said and returned."""

    resources: tuple[Registration, ...]
    """In no particular order: registrations overtake each other."""
    outputs: dict[str, Any]
    """The stack's outputs, unwrapped."""
    secret_outputs: frozenset[Path]
    """Where in ``outputs`` a secret was wrapped."""
    component_outputs: dict[str, dict[str, Any]]
    """What each component registered as its outputs, by its URN; without what is secret."""
    warnings: tuple[str, ...]
    """What the program warned of."""

    @property
    def objects(self) -> list[Registration]:
        """The Kubernetes objects, sorted."""
        objects = [resource for resource in self.resources if resource.is_object]
        return sorted(objects, key=lambda o: (o.namespace, o.kind, o.object_name, o.name))

    @property
    def workloads(self) -> list[Registration]:
        """The Kubernetes objects that make pods."""
        return [resource for resource in self.objects if resource.pod]

    @property
    def components(self) -> list[Registration]:
        """The component resources."""
        return [resource for resource in self.resources if not resource.custom]

    def of_kind(self, *kinds: str) -> list[Registration]:
        """Return the Kubernetes objects of some kinds."""
        return [resource for resource in self.objects if resource.kind in kinds]

    def one(self, kind: str, name: str, namespace: str | None = None) -> Registration:
        """Return the one object of a kind whose own or logical name is ``name``."""
        found = [
            resource
            for resource in self.of_kind(kind)
            if name in (resource.object_name, resource.name)
            and namespace in (None, resource.namespace)
        ]
        have = ", ".join(f"{r.namespace}/{r.object_name}" for r in self.of_kind(kind))
        if len(found) != 1:
            raise LookupError(f"{len(found)} of {kind} {name}; there are: {have}")
        return found[0]

    def parents(self, resource: Registration) -> list[Registration]:
        """Return what a resource belongs to, outermost first, without the stack."""
        by_urn = {candidate.urn: candidate for candidate in self.resources}
        chain: list[Registration] = []
        while parent := by_urn.get(resource.parent):
            chain.insert(0, parent)
            resource = parent
        return chain

    def texts(self, kind: str, name: str, namespace: str | None = None) -> dict[str, str]:
        """Return the files of a ConfigMap."""
        return dict(self.one(kind, name, namespace).inputs["data"])
