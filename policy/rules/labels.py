"""Which labels every object has."""

from collections.abc import Iterator

from policy.rule import ResourceRule
from policy.violation import Violation, shown
from rendering.resource import Path, Resource

RECOMMENDED = (
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/component",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/managed-by",
)
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"""


def violations(resource: Resource) -> Iterator[Violation]:
    """Yield objects and pods of which nobody could tell to what they belong."""
    if not resource.is_object:
        return
    places: dict[Path, dict[str, str]] = {("metadata", "labels"): resource.labels}
    if resource.pod:
        places[*resource.template_path, "metadata", "labels"] = resource.pod_labels
    for place, labels in places.items():
        if missing := [label for label in RECOMMENDED if not labels.get(label)]:
            yield Violation(
                resource=resource,
                path=place,
                given=shown(", ".join(labels)),
                allowed=f"values of {', '.join(missing)} too",
            )


RULE = ResourceRule(
    name="objects-labelled",
    asks="Objects and pods have the recommended Kubernetes labels.",
    find=violations,
)
