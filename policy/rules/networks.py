"""Who guards pods from each other."""

from collections.abc import Iterator, Sequence

from policy.rule import StackRule
from policy.selector import selects
from policy.violation import NOTHING, Violation
from rendering.resource import Resource

_BOTH_WAYS = {"Ingress", "Egress"}


def undenied(resources: Sequence[Resource]) -> Iterator[Violation]:
    """Yield namespaces that do not begin with nothing."""
    policies = _policies(resources)
    if any(policy.is_unknown(("spec",)) for policy in policies):
        return
    denied = {policy.namespace for policy in policies if _denies(policy)}
    for space in resources:
        if space.is_object and space.kind == "Namespace" and space.object_name not in denied:
            yield Violation(
                resource=space,
                path=(),
                given=NOTHING,
                allowed="a network policy that selects every pod and lets nothing pass, both ways",
            )


def unguarded(resources: Sequence[Resource]) -> Iterator[Violation]:
    """Yield workloads of whose pods no policy says what they may dial and who may dial them."""
    policies = _policies(resources)
    if any(policy.is_unknown(("spec",)) for policy in policies):
        return
    for workload in resources:
        if not workload.pod:
            continue
        guards = [
            policy
            for policy in policies
            if policy.namespace == workload.namespace
            and policy.spec.get("podSelector")
            and selects(policy.spec["podSelector"], workload.pod_labels)
        ]
        ways = {way for guard in guards for way in guard.spec.get("policyTypes") or []}
        if missing := sorted(_BOTH_WAYS - ways):
            yield Violation(
                resource=workload,
                path=(*workload.template_path, "metadata", "labels"),
                given=f"labels that no network policy selects for {' and '.join(missing)}",
                allowed="labels that one selects for both",
            )


DENIED = StackRule(
    name="namespaces-closed",
    asks="Each namespace has a network policy that selects every pod and lets nothing pass.",
    find=undenied,
)
GUARDED = StackRule(
    name="pods-guarded",
    asks="Each pod is selected by a network policy that says what passes, both ways.",
    find=unguarded,
)


def _policies(resources: Sequence[Resource]) -> list[Resource]:
    return [r for r in resources if r.is_object and r.kind == "NetworkPolicy"]


def _denies(policy: Resource) -> bool:
    spec = policy.spec
    return (
        not spec.get("podSelector")
        and set(spec.get("policyTypes") or []) == _BOTH_WAYS
        and not spec.get("ingress")
        and not spec.get("egress")
    )
