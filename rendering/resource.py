"""A resource as plain data: its type, its inputs, and what is asked of Kubernetes objects."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class Resource:
    """A resource of a stack, wherever it was learnt of."""

    urn: str
    """Its URN: the whole chain of parent types, then the name."""
    token: str
    """Its type, such as ``kubernetes:core/v1:Service``."""
    name: str
    """Its logical name."""
    inputs: dict[str, Any]
    """Its inputs in plain JSON."""
    protect: bool
    """Whether the engine refuses to delete it."""

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
    def template_path(self) -> Path:
        """Where the pod template of an object of this kind stands; a pod is its own."""
        match self.kind:
            case "Pod":
                return ()
            case "CronJob":
                return ("spec", "jobTemplate", "spec", "template")
            case _:
                return ("spec", "template")

    @property
    def pod_path(self) -> Path:
        """Where the pod specification of an object of this kind stands."""
        return (*self.template_path, "spec")

    @property
    def template(self) -> dict[str, Any]:
        """The pod template of a workload; empty for anything else."""
        value: Any = self.inputs if self.is_object else {}
        for key in self.template_path:
            value = value.get(key) or {}
        return dict(value)

    @property
    def pod(self) -> dict[str, Any]:
        """The pod specification of a workload; empty for anything else."""
        spec = self.template.get("spec") or {}
        return dict(spec) if "containers" in spec else {}

    @property
    def pod_labels(self) -> dict[str, str]:
        """The labels that the pods of a workload get."""
        return dict((self.template.get("metadata") or {}).get("labels") or {})

    @property
    def containers(self) -> list[dict[str, Any]]:
        """Every container of a workload, those of its start first."""
        return [container for _, container in self.placed_containers]

    @property
    def placed_containers(self) -> list[tuple[Path, dict[str, Any]]]:
        """Every container of a workload with its path, those of its start first."""
        return [
            ((*self.pod_path, field, index), container)
            for field in ("initContainers", "containers")
            for index, container in enumerate(self.pod.get(field) or [])
        ]

    def is_unknown(self, _path: Path) -> bool:
        """Whether what stands at a path is not known before a deployment; here all is known."""
        return False

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
