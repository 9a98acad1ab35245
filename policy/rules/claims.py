"""What a claim says of the store that it asks for."""

from collections.abc import Iterator

from policy.rule import ResourceRule
from policy.violation import Violation, shown
from rendering.resource import Resource

_MODES = ["ReadWriteOnce"]


def violations(resource: Resource) -> Iterator[Violation]:
    """Yield claims that leave size, class or mode to the cluster."""
    if resource.kind != "PersistentVolumeClaim" or not resource.is_object:
        return
    spec = resource.spec
    size = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    for path, given, allowed in (
        (("storageClassName",), spec.get("storageClassName"), "the name of a class"),
        (("resources", "requests", "storage"), size, "a size"),
    ):
        if not given:
            yield Violation(
                resource=resource, path=("spec", *path), given=shown(given), allowed=allowed
            )
    if (modes := spec.get("accessModes") or []) != _MODES:
        yield Violation(
            resource=resource,
            path=("spec", "accessModes"),
            given=shown(", ".join(map(str, modes))),
            allowed=", ".join(_MODES),
        )


RULE = ResourceRule(
    name="claims-complete",
    asks="Claims name their size and class, and one node writes at a time.",
    find=violations,
)
