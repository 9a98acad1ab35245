"""One recorded registration: everything the program told the engine about a resource."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Registration:
    """A resource as the program registered it; secrets are unwrapped but remembered."""

    urn: str
    """The URN that the engine would give it: the whole chain of parent types, then the name."""
    token: str
    """Its type, such as ``kubernetes:core/v1:Service``."""
    name: str
    """Its logical name."""
    inputs: dict[str, Any]
    """Its inputs in plain JSON; an auto-named object has the name that it was given."""
    secret_paths: frozenset[Path]
    """Where in ``inputs`` a secret was wrapped; everything below is secret too."""
    parent: str
    """URN of the parent; empty for the stack."""
    provider: str
    """``urn::id`` of an explicit provider, else empty."""
    custom: bool
    """Whether a provider manages it; components are not custom."""
    autonamed: bool
    """A Kubernetes object without a name of its own."""
    protect: bool
    retain_on_delete: bool
    dependencies: frozenset[str]
    """URNs of what must exist first."""
    aliases: tuple[str, ...]
    ignore_changes: tuple[str, ...]

    @property
    def is_object(self) -> bool:
        """Whether it is an object in a Kubernetes cluster."""
        return self.token.startswith("kubernetes:") and "kind" in self.inputs

    @property
    def kind(self) -> str:
        """The kind of a Kubernetes object; empty for anything else."""
        return str(self.inputs.get("kind", ""))

    @property
    def metadata(self) -> dict[str, Any]:
        """Metadata of a Kubernetes object."""
        return dict(self.inputs.get("metadata") or {})

    @property
    def spec(self) -> dict[str, Any]:
        """Specification of a Kubernetes object."""
        return dict(self.inputs.get("spec") or {})

    @property
    def object_name(self) -> str:
        """Name of a Kubernetes object."""
        return str(self.metadata.get("name", ""))

    @property
    def namespace(self) -> str:
        """Namespace of a Kubernetes object; empty where the kind has none."""
        return str(self.metadata.get("namespace", ""))

    @property
    def labels(self) -> dict[str, str]:
        """Labels of a Kubernetes object."""
        return dict(self.metadata.get("labels") or {})

    @property
    def annotations(self) -> dict[str, str]:
        """Annotations of a Kubernetes object."""
        return dict(self.metadata.get("annotations") or {})

    @property
    def template(self) -> dict[str, Any]:
        """The pod template of a workload; empty for anything else."""
        spec = self.spec
        if self.kind == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        return dict(spec.get("template") or {}) if self.is_object else {}

    @property
    def pod(self) -> dict[str, Any]:
        """The pod specification of a workload; empty for anything else."""
        return dict(self.template.get("spec") or {})

    @property
    def pod_labels(self) -> dict[str, str]:
        """The labels that the pods of a workload get."""
        return dict((self.template.get("metadata") or {}).get("labels") or {})

    @property
    def containers(self) -> list[dict[str, Any]]:
        """Every container of a workload, those of its start first."""
        return [*(self.pod.get("initContainers") or []), *(self.pod.get("containers") or [])]

    def is_secret(self, path: Path) -> bool:
        """Whether the value at ``path`` is secret, by itself or by something around it."""
        return any(path[:length] in self.secret_paths for length in range(1, len(path) + 1))

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield each text among the inputs, and each key, with its path."""
        return texts(self.inputs)

    def __repr__(self) -> str:
        """Return what is short enough for a failure's list: kind or type, and name."""
        where = f"{self.namespace}/{self.object_name}" if self.is_object else self.token
        return f"{self.kind or 'component'} {where} ({self.name})"


def texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield each text in a JSON value, keys of mappings included, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), key
            yield from texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*path, index))
