"""Services under the names that clients dial."""

from collections.abc import Mapping

from pulumi_kubernetes import core

from efd_infra.components.foundation.placement import Placement
from efd_infra.config.contract import ServiceAddress
from efd_infra.manifests.annotations import SKIP_AWAIT


def cluster_service(
    logical_name: str, address: ServiceAddress, target: str, placement: Placement
) -> core.v1.Service:
    """Register one address inside the cluster for all pods; ``target`` is their port's name."""
    return core.v1.Service(
        logical_name,
        metadata=placement.metadata(address.name, SKIP_AWAIT),
        spec=core.v1.ServiceSpecArgs(
            type="ClusterIP",
            selector=placement.identity.selector,
            ports=[core.v1.ServicePortArgs(name=target, port=address.port, target_port=target)],
        ),
        opts=placement.child,
    )


def headless_service(
    logical_name: str, address: ServiceAddress, ports: Mapping[str, int], placement: Placement
) -> core.v1.Service:
    """Register a name for each pod, ready or not: peers must find each other to start."""
    return core.v1.Service(
        logical_name,
        metadata=placement.metadata(address.name, SKIP_AWAIT),
        spec=core.v1.ServiceSpecArgs(
            type="ClusterIP",
            cluster_ip="None",
            publish_not_ready_addresses=True,
            selector=placement.identity.selector,
            ports=[
                core.v1.ServicePortArgs(name=name, port=port, target_port=name)
                for name, port in ports.items()
            ],
        ),
        opts=placement.child,
    )
