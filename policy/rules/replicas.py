"""What has several pods survives the loss of a node, and a drain."""

from collections.abc import Iterator, Sequence
from typing import Any

from policy.rule import ResourceRule, StackRule
from policy.selector import selects
from policy.violation import NOTHING, Violation, shown
from rendering.resource import Resource

_SETS = {"Deployment", "StatefulSet"}
_NODE = "kubernetes.io/hostname"


def gathered(resource: Resource) -> Iterator[Violation]:
    """Yield replicated sets whose pods may all end up on one node."""
    if not _is_replicated(resource):
        return
    spreads = resource.pod.get("topologySpreadConstraints") or []
    if not any(_spreads(each, resource) for each in spreads):
        yield Violation(
            resource=resource,
            path=(*resource.pod_path, "topologySpreadConstraints"),
            given=shown(spreads),
            allowed=f"one over {_NODE} that selects these pods",
        )


def interrupted(resources: Sequence[Resource]) -> Iterator[Violation]:
    """Yield sets without the one budget that lets a drain take one pod after the other."""
    budgets = [r for r in resources if r.is_object and r.kind == "PodDisruptionBudget"]
    if any(budget.is_unknown(("spec", "selector")) for budget in budgets):
        return
    for workload in resources:
        if not workload.is_object or workload.kind not in _SETS:
            continue
        own = [
            budget
            for budget in budgets
            if budget.namespace == workload.namespace
            and selects(budget.spec.get("selector") or {}, workload.pod_labels)
        ]
        if len(own) != int(_is_replicated(workload)):
            yield Violation(
                resource=workload,
                path=("spec", "replicas"),
                given=f"{_replicas(workload)} with {len(own)} PodDisruptionBudgets",
                allowed="one budget for several pods, none for one, which it could only hold up",
            )
    for budget in budgets:
        if (given := budget.spec.get("maxUnavailable")) != 1:
            yield Violation(
                resource=budget,
                path=("spec", "maxUnavailable"),
                given=shown(given) if given is not None else NOTHING,
                allowed="1, so that a drain goes on",
            )


SPREAD = ResourceRule(
    name="replicas-spread",
    asks="The pods of a replicated set are spread over nodes.",
    find=gathered,
)
BUDGET = StackRule(
    name="replicas-budgeted",
    asks="Each replicated set has one PodDisruptionBudget, which lets one pod go at a time.",
    find=interrupted,
)


def _replicas(resource: Resource) -> int:
    given = resource.spec.get("replicas")
    return 1 if given is None else int(given)


def _is_replicated(resource: Resource) -> bool:
    return resource.is_object and resource.kind in _SETS and _replicas(resource) > 1


def _spreads(constraint: dict[str, Any], resource: Resource) -> bool:
    selector = constraint.get("labelSelector")
    return (
        constraint.get("topologyKey") == _NODE
        and bool(selector)
        and selects(selector or {}, resource.pod_labels)
    )
