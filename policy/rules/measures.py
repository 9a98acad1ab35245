"""What a container may use of its node."""

from collections.abc import Iterator
from typing import Any

from policy.quantity import amount
from policy.rule import ResourceRule
from policy.violation import NOTHING, Violation
from rendering.resource import Resource

_ASKED = (("requests", "cpu"), ("requests", "memory"), ("limits", "cpu"), ("limits", "memory"))


def violations(resource: Resource) -> Iterator[Violation]:
    """Yield containers without requests or limits, or with limits below their requests."""
    for path, container in resource.placed_containers:
        given = container.get("resources") or {}
        missing = [each for each in _ASKED if not (given.get(each[0]) or {}).get(each[1])]
        for field, measure in missing:
            yield Violation(
                resource=resource,
                path=(*path, "resources", field, measure),
                given=NOTHING,
                allowed="an amount",
            )
        if not missing:
            for measure in _exceeded(given):
                yield Violation(
                    resource=resource,
                    path=(*path, "resources", "limits", measure),
                    given=str(given["limits"][measure]),
                    allowed=f"at least the request, {given['requests'][measure]}",
                )


RULE = ResourceRule(
    name="resources-limited",
    asks="Containers have requests and limits of processor and memory.",
    find=violations,
)


def _exceeded(given: dict[str, Any]) -> Iterator[str]:
    for measure in ("cpu", "memory"):
        request, limit = (amount(str(given[f][measure])) for f in ("requests", "limits"))
        if request is not None and limit is not None and limit < request:
            yield measure
