"""Services under the names that clients dial."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes import core

from efd_infra.components.foundation.placement import Placement
from efd_infra.config.contract import ServiceAddress
from efd_infra.manifests.annotations import SKIP_AWAIT


def cluster_service(
    logical_name: str,
    address: ServiceAddress,
    target: str,
    placement: Placement,
    *,
    unready: bool = False,
) -> core.v1.Service:
    """Register one address inside the cluster for all pods; ``target`` is their port's name.

    ``unready`` pods are among them where they serve although they do not count yet.
    """
    return core.v1.Service(
        logical_name,
        metadata=placement.metadata(address.name, SKIP_AWAIT),
        spec=core.v1.ServiceSpecArgs(
            type="ClusterIP",
            # The API server drops a false; written out, each refresh would report it as drift.
            publish_not_ready_addresses=True if unready else None,
            selector=placement.identity.selector,
            ports=[core.v1.ServicePortArgs(name=target, port=address.port, target_port=target)],
        ),
        opts=placement.child,
    )


def headless_service(
    logical_name: str,
    address: ServiceAddress,
    ports: Mapping[str, int],
    placement: Placement,
    *,
    of_sidecar: bool = False,
) -> core.v1.Service:
    """Register a name for each pod, ready or not: peers must find each other to start.

    The ports of a sidecar are found by number: Kubernetes looks for names among main containers
    alone (``FindPort`` in ``pkg/api/v1/pod``).
    """
    return core.v1.Service(
        logical_name,
        metadata=placement.metadata(address.name, SKIP_AWAIT),
        spec=core.v1.ServiceSpecArgs(
            type="ClusterIP",
            cluster_ip="None",
            publish_not_ready_addresses=True,
            selector=placement.identity.selector,
            ports=[
                core.v1.ServicePortArgs(
                    name=name, port=port, target_port=port if of_sidecar else name
                )
                for name, port in ports.items()
            ],
        ),
        opts=placement.child,
    )


def load_balancer(  # noqa: PLR0913 -- what such a Service takes
    logical_name: str,
    address: ServiceAddress,
    pod: str,
    target: str,
    placement: Placement,
    *,
    pinned: pulumi.Input[str] | None,
) -> core.v1.Service:
    """Register a way from outside to one pod of a set, at ``pinned`` or where the cluster says.

    It leads to the pod, ready or not, as a node port does.
    """
    return core.v1.Service(
        logical_name,
        metadata=placement.metadata(address.name, SKIP_AWAIT),
        spec=core.v1.ServiceSpecArgs(
            type="LoadBalancer",
            load_balancer_ip=pinned,
            publish_not_ready_addresses=True,
            selector=_pod_of_a_set(pod, placement),
            ports=[core.v1.ServicePortArgs(name=target, port=address.port, target_port=target)],
        ),
        opts=placement.child,
    )


def node_port(
    logical_name: str, pod: str, target: str, ports: Mapping[int, int], placement: Placement
) -> core.v1.Service:
    """Register a way from every node to one pod of a set; ``ports`` are by the Service's own.

    It leads to the pod, ready or not: a broker that catches up leads partitions all the same.
    """
    return core.v1.Service(
        logical_name,
        metadata=placement.metadata(f"{pod}-nodeport", SKIP_AWAIT),
        spec=core.v1.ServiceSpecArgs(
            type="NodePort",
            publish_not_ready_addresses=True,
            selector=_pod_of_a_set(pod, placement),
            ports=[
                core.v1.ServicePortArgs(
                    name=target, port=port, target_port=target, node_port=number
                )
                for port, number in ports.items()
            ],
        ),
        opts=placement.child,
    )


def _pod_of_a_set(pod: str, placement: Placement) -> dict[str, str]:
    return {**placement.identity.selector, "statefulset.kubernetes.io/pod-name": pod}
