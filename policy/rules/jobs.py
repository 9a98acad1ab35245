"""What runs to an end reaches it."""

from collections.abc import Iterator

from policy.rule import ResourceRule
from policy.violation import Violation, shown
from rendering.resource import Resource


def violations(resource: Resource) -> Iterator[Violation]:
    """Yield Jobs that could go on for ever."""
    if resource.kind not in {"Job", "CronJob"} or not resource.is_object:
        return
    above = resource.template_path[:-1]
    spec = resource.spec
    for key in above[1:]:
        spec = spec.get(str(key)) or {}
    if not spec.get("activeDeadlineSeconds"):
        yield Violation(
            resource=resource,
            path=(*above, "activeDeadlineSeconds"),
            given=shown(spec.get("activeDeadlineSeconds")),
            allowed="a number of seconds",
        )


RULE = ResourceRule(
    name="jobs-end",
    asks="Jobs end after a time that they name.",
    find=violations,
)
