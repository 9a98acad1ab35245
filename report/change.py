"""What happens to one resource of one site, in the words of either mode."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Operation = Literal["create", "update", "replace", "delete"]

PODS = ("StatefulSet", "Deployment", "DaemonSet")
"""Kinds whose pods run all the time."""
TEMPLATED = (*PODS, "Job", "CronJob")
"""Kinds that have a pod template."""

PROTECTED = "protected"
"""Among inputs: whether the engine protects the resource, where that differs."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One resource, before and after; no secret text is in it."""

    site: str
    urn: str
    operation: Operation
    old: Mapping[str, Any] = field(default_factory=dict)
    """Its inputs so far; empty where it is created."""
    new: Mapping[str, Any] = field(default_factory=dict)
    """Its inputs after the change; empty where it is deleted."""
    protected: bool = False
    """Whether the engine refuses to delete it."""
    retained: bool = False
    """Whether the cluster keeps it when the engine forgets it."""
    causes: tuple[str, ...] = ()
    """ConfigMaps and Secrets that its pods read and that get another content."""
    reasons: tuple[str, ...] = ()
    """Fields that the engine says differ; empty where no engine was asked."""

    @property
    def token(self) -> str:
        """Its type, such as ``kubernetes:core/v1:Service``."""
        return self.urn.split("::")[2].rpartition("$")[2]

    @property
    def owner(self) -> str:
        """Type of the component that it belongs to; empty where there is none."""
        return self.urn.split("::")[2].rpartition("$")[0].rpartition("$")[2]

    @property
    def name(self) -> str:
        """Its logical name."""
        return self.urn.split("::", 3)[3]

    @property
    def either(self) -> Mapping[str, Any]:
        """What it will be, or was where it goes."""
        return self.new or self.old

    @property
    def kind(self) -> str:
        """Kind of a Kubernetes object, else the last word of its type."""
        return str(self.either.get("kind") or self.token.rpartition(":")[2])

    @property
    def is_object(self) -> bool:
        """Whether it is an object in a cluster."""
        return self.token.startswith("kubernetes:")

    @property
    def restarts(self) -> bool:
        """Whether the pods of a workload that stays are replaced."""
        if self.kind not in PODS or not self.old or not self.new:
            return False
        return bool(self.causes) or template(self.old) != template(self.new)

    @property
    def is_autonamed(self) -> bool:
        """Whether its name is made up: by the engine's mark, or as the logical one and a suffix."""
        metadata = self.either.get("metadata") or {}
        if "pulumi.com/autonamed" in (metadata.get("annotations") or {}):
            return True
        return str(metadata.get("name")).rpartition("-")[0] == self.name

    @property
    def subject(self) -> str:
        """What people call it: namespace and name; the logical name where the other is made up.

        The same at every site, and in every run.
        """
        metadata = self.either.get("metadata") or {}
        named = metadata.get("name")
        if not self.is_object or not named or self.is_autonamed:
            named = self.name
        namespace = metadata.get("namespace")
        return f"{namespace}/{named}" if namespace else str(named)


def template(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the pod template among the inputs of a workload; empty for anything else."""
    spec: Any = inputs.get("spec") or {}
    if inputs.get("kind") == "CronJob":
        spec = (spec.get("jobTemplate") or {}).get("spec") or {}
    found: Mapping[str, Any] = spec.get("template") or {}
    return found


@dataclass(frozen=True, kw_only=True)
class SiteChanges:
    """Everything that a change does to one site, or why nobody can say."""

    site: str
    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    """How many resources stay as they are."""
    description: Mapping[str, Any] = field(default_factory=dict)
    """The value of ``efd:site`` after the change."""
    refusal: str = ""
    """Why the program refuses the site; empty where it does not."""
    unasked: str = ""
    """Why there is nothing to compare with; empty where there is."""
    notes: tuple[str, ...] = ()
    """What else is to be said of the site as a whole, such as new warnings."""
    rotated: tuple[str, ...] = ()
    """Names of secret configuration whose text differs."""

    @property
    def is_new(self) -> bool:
        """Whether everything is created."""
        made = {change.operation for change in self.changes}
        return made == {"create"} and not self.unchanged

    @property
    def is_touched(self) -> bool:
        """Whether anything about the site differs."""
        told = self.changes or self.notes or self.rotated
        return bool(told or self.refusal or self.unasked)
