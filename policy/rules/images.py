"""Which image runs is said once and for all."""

import re
from collections.abc import Iterator

from policy.rule import ResourceRule
from policy.violation import Violation, shown
from rendering.resource import Resource

_MOVING = re.compile(r"(latest|master|main|edge|nightly|dev|stable)\b")
"""Tags that mean another image tomorrow."""


def violations(resource: Resource) -> Iterator[Violation]:
    """Yield images of which another may run after the next restart."""
    for path, container in resource.placed_containers:
        image, digest, _ = str(container.get("image") or "").partition("@sha256:")
        tag = image.rpartition("/")[2].partition(":")[2]
        if not digest and (not tag or _MOVING.match(tag)):
            yield Violation(
                resource=resource,
                path=(*path, "image"),
                given=shown(image),
                allowed="a digest, or a tag that names one version",
            )


RULE = ResourceRule(
    name="images-pinned",
    asks="Images have a digest or a tag that names one version.",
    find=violations,
)
