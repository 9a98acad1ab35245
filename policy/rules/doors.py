"""What answers outside the cluster."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policy.rule import StackRule
from policy.selector import selects
from policy.violation import Violation
from rendering.resource import Resource

_OUTSIDE = {"NodePort", "LoadBalancer"}
_POD_NAME = "statefulset.kubernetes.io/pod-name"


def violations(resources: Sequence[Resource]) -> Iterator[Violation]:
    """Yield Services that open a port which no policy opens to addresses outside.

    A site declares its external listener, and with it comes a flow from every address to the pods
    behind it. A Service that leads anywhere else is nobody's declaration.
    """
    policies = [r for r in resources if r.is_object and r.kind == "NetworkPolicy"]
    if any(policy.is_unknown(("spec",)) for policy in policies):
        return
    workloads = [r for r in resources if r.pod]
    for service in resources:
        if not service.is_object or service.kind != "Service":
            continue
        spec = service.spec
        if spec.get("externalIPs"):
            yield Violation(
                resource=service,
                path=("spec", "externalIPs"),
                given=", ".join(spec["externalIPs"]),
                allowed="nothing",
            )
        if spec.get("type") in _OUTSIDE:
            for index, port in enumerate(spec.get("ports") or []):
                behind = _behind(service, workloads)
                if not _is_open(port, behind, policies):
                    yield Violation(
                        resource=service,
                        path=("spec", "ports", index),
                        given=f"{spec['type']} to port {port.get('targetPort', port.get('port'))}",
                        allowed="ClusterIP, or a port that a network policy of its pods opens to "
                        "addresses outside, as the external listener's does",
                        depends=tuple(
                            (workload, (*path, "ports"))
                            for workload in behind
                            for path, _ in workload.placed_containers
                        ),
                    )


RULE = StackRule(
    name="doors-declared",
    asks="Services answer outside the cluster only where a network policy lets the outside in.",
    find=violations,
)


def _behind(service: Resource, workloads: Sequence[Resource]) -> list[Resource]:
    """Return the workloads to whose pods a Service leads."""
    wanted = {k: v for k, v in (service.spec.get("selector") or {}).items() if k != _POD_NAME}
    return [
        workload
        for workload in workloads
        if wanted
        and workload.namespace == service.namespace
        and wanted.items() <= workload.pod_labels.items()
    ]


def _is_open(
    port: Mapping[str, Any], behind: Sequence[Resource], policies: Sequence[Resource]
) -> bool:
    """Tell whether every pod behind a Service takes connections from outside at this port."""
    return bool(behind) and all(
        _lets_in(policies, workload, _number(workload, port)) for workload in behind
    )


def _number(workload: Resource, port: Mapping[str, Any]) -> int | None:
    """Return the number of the port that a Service leads to, which may be named."""
    target = port.get("targetPort") or port.get("port")
    if isinstance(target, int):
        return target
    for container in workload.containers:
        for each in container.get("ports") or []:
            if each.get("name") == target:
                number = each.get("containerPort")
                return number if isinstance(number, int) else None
    return None


def _lets_in(policies: Sequence[Resource], workload: Resource, port: int | None) -> bool:
    return port is not None and any(
        _is_outside(rule.get("from")) and _has(rule.get("ports"), port)
        for policy in policies
        if policy.namespace == workload.namespace
        and selects(policy.spec.get("podSelector") or {}, workload.pod_labels)
        for rule in policy.spec.get("ingress") or []
    )


def _is_outside(peers: Sequence[Mapping[str, Any]] | None) -> bool:
    return not peers or any("ipBlock" in peer for peer in peers)


def _has(ports: Sequence[Mapping[str, Any]] | None, port: int) -> bool:
    return not ports or any(
        isinstance(each.get("port"), int)
        and each["port"] <= port <= each.get("endPort", each["port"])
        for each in ports
    )
