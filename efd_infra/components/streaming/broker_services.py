"""The ways in to Kafka's brokers: a Service for each listener that clients dial.

Owns the Services and the limit to how many brokers may be away. Stops before the brokers.
"""

from collections.abc import Sequence

import pulumi

from efd_infra.components.foundation.disruption import one_at_a_time
from efd_infra.components.foundation.placement import Placement
from efd_infra.components.foundation.service import (
    cluster_service,
    headless_service,
    load_balancer,
    node_port,
)
from efd_infra.config.contract import KAFKA_BROKERS, KAFKA_VIP
from efd_infra.config.kafka import ExternalListener, KafkaSection
from efd_infra.config.listener import Listener
from efd_infra.manifests.kafka import CONTROLLER_PORT, pod_name


def broker_services(
    name: str,
    section: KafkaSection,
    placement: Placement,
    reserved: Sequence[pulumi.Input[str]] = (),
) -> None:
    """Register the Services of the brokers that ``section`` describes.

    Load balancers answer at the ``reserved`` addresses, else at those that the section names.
    """
    inside = {
        listener.name.lower(): listener.port
        for listener in section.listeners
        if not listener.encrypted
    }
    headless_service(
        f"{name}-headless", KAFKA_BROKERS, {**inside, "controller": CONTROLLER_PORT}, placement
    )
    internal = section.internal.listener.name.lower()
    # A broker that catches up answers like any other, and after an outage none may count yet.
    cluster_service(f"{name}-service", KAFKA_VIP, internal, placement, unready=True)
    if section.brokers > 1:
        one_at_a_time(f"{name}-budget", KAFKA_VIP.name, placement)
    if section.external and section.external.type == "LoadBalancer":
        addresses = reserved or section.external.addresses
        _load_balancers(name, section.external, section.brokers, addresses, placement)
    elif section.external:
        _node_ports(name, section.external.listener, section.brokers, placement)


def _load_balancers(
    name: str,
    external: ExternalListener,
    brokers: int,
    addresses: Sequence[pulumi.Input[str]],
    placement: Placement,
) -> None:
    for broker in range(brokers):
        load_balancer(
            f"{name}-loadbalancer-{broker}",
            external.balancer(broker),
            pod_name(broker),
            external.listener.name.lower(),
            placement,
            pinned=addresses[broker] if addresses else None,
        )


def _node_ports(name: str, listener: Listener, brokers: int, placement: Placement) -> None:
    for broker in range(brokers):
        node_port(
            f"{name}-nodeport-{broker}",
            pod_name(broker),
            listener.name.lower(),
            {listener.port: listener.broker_port(broker)},
            placement,
        )
