"""What must not be lost."""

from collections.abc import Iterator, Sequence

from policy.rule import StackRule
from policy.violation import Violation, title
from rendering.resource import Resource


def violations(resources: Sequence[Resource]) -> Iterator[Violation]:
    """Yield stores that are less protected than their neighbours.

    The stores of a durable site are protected, and the namespaces of its claims too, which would
    take them along; those of a passing site are not, or nobody could remove it. A site is the one
    or the other.
    """
    claims = [r for r in resources if r.is_object and r.kind == "PersistentVolumeClaim"]
    homes = {claim.namespace for claim in claims}
    spaces = [
        r for r in resources if r.is_object and r.kind == "Namespace" and r.object_name in homes
    ]
    stores = [*claims, *spaces]
    kept = [store for store in stores if store.protect]
    if not kept:
        return
    for store in stores:
        if not store.protect:
            yield Violation(
                resource=store,
                path=(),
                given="no protection",
                allowed=f"`protect`, which {title(kept[0])} has",
            )


RULE = StackRule(
    name="stores-protected",
    asks="Claims and their namespaces are protected, all of them as soon as one is.",
    find=violations,
)
