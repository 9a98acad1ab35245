"""How a node learns that a server has started, can serve, and lives."""

from collections.abc import Iterator

from policy.rule import ResourceRule
from policy.violation import NOTHING, Violation
from rendering.resource import Resource

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_ENDING = {"Job", "CronJob"}
"""Kinds whose main containers are no servers."""


def violations(resource: Resource) -> Iterator[Violation]:
    """Yield servers that do not answer three different questions."""
    for path, container in resource.placed_containers:
        main = path[-2] == "containers" and resource.kind not in _ENDING
        if not main and container.get("restartPolicy") != "Always":
            continue
        missing = [probe for probe in PROBES if not container.get(probe)]
        for probe in missing:
            yield Violation(
                resource=resource, path=(*path, probe), given=NOTHING, allowed="a probe"
            )
        asked = [probe for probe in PROBES if probe not in missing]
        for index, probe in enumerate(asked):
            twins = [other for other in asked[:index] if container[other] == container[probe]]
            if twins:
                yield Violation(
                    resource=resource,
                    path=(*path, probe),
                    given=f"the same as {twins[0]}",
                    allowed="a question of its own",
                    depends=tuple((resource, (*path, twin)) for twin in twins),
                )


RULE = ResourceRule(
    name="servers-probed",
    asks="Servers have three different probes: of start-up, readiness and liveness.",
    find=violations,
)
